/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs of approvers: approvals, approve, refuse. One thread.
 *
 * A decision names the sheet that was read. dealctl takes its digest from the deal in the same run, so what
 * it prints as decided is what was decided: if the sheet changes in between, the daemon refuses.
 */
#include "verbs.h"
#include "fault.h"
#include "move.h"
#include "shapes.h"

#define PAGE 1000

static gboolean approvals_all;

const GOptionEntry dd_approvals_options[] = {
  { "all", 0, 0, G_OPTION_ARG_NONE, &approvals_all, "Everybody's, not only yours", NULL }, G_OPTION_ENTRY_NULL
};

static const DdField approval_fields[] = {
  { "deal", "Deal", DD_CELL_TEXT, NULL },
  { "revision", "Revision", DD_CELL_NUMBER, NULL },
  { "step", "Step", DD_CELL_NUMBER, NULL },
  { "measure", "Measure", DD_CELL_TEXT, NULL },
  { "value", "Value", DD_CELL_MONEY, NULL },
  { "title", "Title", DD_CELL_TEXT, NULL },
  { "requester", "Asked by", DD_CELL_TEXT, NULL },
  { "since", "Since", DD_CELL_TIME, NULL },
  DD_FIELD_END,
};

static const DdSection approval_sections[] = {
  { "steps", NULL, DD_SHAPE_ROWS, approval_fields, NULL, "Nothing waits for a decision." },
  DD_SECTION_END,
};

static gboolean
approvals_page (DdRun *run, DdJsonWriter *writer, char **next, GError **error)
{
  static const char *const keys[] = { "deal",  "revision", "step",      "measure",
                                      "value", "title",    "requester", "since" };
  g_autoptr (DdRequest) request = dd_request_new (DD_PATH_APPROVALS, "Approvals", "List");
  g_autoptr (DdReply) reply = NULL;
  g_autoptr (GVariant) steps = NULL;

  dd_request_add (request, g_variant_new_string (*next));
  dd_request_add (request, g_variant_new_uint32 (PAGE));
  if (approvals_all)
    dd_request_option (request, "all", g_variant_new_boolean (TRUE));
  reply = dd_run_send (run, request, error);
  if (reply == NULL)
    return FALSE;
  g_free (*next);
  g_variant_get (dd_reply_value (reply), "(@a(suussssx)s)", &steps, next);
  dd_shape_write_rows (writer, keys, steps);
  return TRUE;
}

gboolean
dd_verb_approvals (DdRun *run, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *next = g_strdup ("");

  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "steps");
  dd_json_write_begin_array (writer);
  do
    if (!approvals_page (run, writer, &next, error))
      return FALSE;
  while (*next != '\0');
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return dd_run_print_written (run, approval_sections, writer, error);
}

/* The request that is to be decided: of the revision that word 1 names, or the only one. Borrowed. */
static const DdJsonNode *
pick_request (DdRun *run, const DdJsonNode *deal, GError **error)
{
  const DdJsonNode *requests = NULL;
  const DdJsonNode *found = NULL;
  guint revision = 0;
  guint n_found = 0;

  if (run->n_words > 1 && !dd_run_number (run, 1, "revision", &revision, error))
    return NULL;
  if (!dd_json_get_array (deal, "requests", FALSE, &requests, error))
    return NULL;
  for (const DdJsonNode *each = requests == NULL ? NULL : dd_json_first (requests); each != NULL;
       each = dd_json_next (each))
    if (revision == 0 || dd_shape_number (each, "revision") == revision)
      {
        found = each;
        n_found++;
      }
  if (n_found == 1)
    return found;
  if (n_found > 1)
    dd_usage (error, "%u revisions wait for approval: say which", n_found);
  else if (revision > 0)
    dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "revision %u waits for no approval", revision);
  else
    dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "%s waits for no approval", dd_shape_text (deal, "id"));
  return NULL;
}

/* The document {"steps":[…]}: what of @approval is decided with @step (0: all that are open). */
static DdJson *
decided_steps (const DdJsonNode *approval, guint step, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *text = NULL;
  const DdJsonNode *steps = NULL;
  gsize length;

  if (!dd_json_get_array (approval, "steps", FALSE, &steps, error))
    return NULL;
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *each = steps == NULL ? NULL : dd_json_first (steps); each != NULL;
       each = dd_json_next (each))
    {
      const DdJsonNode *open = dd_json_member (each, "open");
      gboolean is_open = open != NULL && dd_json_type (open) == DD_JSON_BOOLEAN && dd_json_boolean (open);

      if (step == 0 ? is_open : dd_shape_number (each, "step") == step)
        dd_json_write_node (writer, each);
    }
  dd_json_write_end_array (writer);
  text = dd_json_writer_finish (writer, &length);
  return dd_json_parse (text, length, NULL, error);
}

/* @reason: of a refusal, NULL approves. */
static gboolean
decide (DdRun *run, gint step, const char *reason, const char *comment, GError **error)
{
  g_autoptr (DdRequest) request = dd_run_deal_request (run, reason == NULL ? "Approve" : "Refuse", error);
  g_autoptr (DdJson) deal = NULL;
  g_autoptr (DdJson) decided = NULL;
  const DdJsonNode *approval;

  if (request == NULL)
    return FALSE;
  if (step < 0)
    return dd_usage (error, "--step is a step's number, from 1");
  deal = dd_run_get (run, 0, error);
  approval = deal == NULL ? NULL : pick_request (run, dd_json_root (deal), error);
  decided = approval == NULL ? NULL : decided_steps (approval, (guint)step, error);
  if (decided == NULL)
    return FALSE;
  dd_request_add (request, g_variant_new_uint32 (dd_shape_number (approval, "revision")));
  dd_request_add (request, g_variant_new_uint32 ((guint32)step));
  dd_request_add (request, g_variant_new_string (dd_shape_text (approval, "sheet")));
  if (reason != NULL)
    dd_request_add (request, g_variant_new_string (reason));
  dd_request_option_text (request, "comment", comment);
  return dd_move_run_deciding (run, request, dd_json_root (decided), error);
}

static gint decide_step;
static char *approve_comment;
static char *refuse_reason;

const GOptionEntry dd_approve_options[] = {
  { "step", 0, 0, G_OPTION_ARG_INT, &decide_step, "This step, not all that are yours", "N" },
  { "comment", 0, 0, G_OPTION_ARG_STRING, &approve_comment, "A remark to it", "TEXT" },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry dd_refuse_options[] = {
  { "step", 0, 0, G_OPTION_ARG_INT, &decide_step, "This step, not all that are yours", "N" },
  { "reason", 0, 0, G_OPTION_ARG_STRING, &refuse_reason, "Why; has to be given", "TEXT" },
  G_OPTION_ENTRY_NULL
};

gboolean
dd_verb_approve (DdRun *run, GError **error)
{
  return decide (run, decide_step, NULL, approve_comment, error);
}

gboolean
dd_verb_refuse (DdRun *run, GError **error)
{
  if (refuse_reason == NULL || *refuse_reason == '\0')
    return dd_usage (error, "a refusal says why: --reason TEXT");
  return decide (run, decide_step, refuse_reason, NULL, error);
}
