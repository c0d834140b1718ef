/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs of approvers: approvals, approve, refuse. One thread.
 *
 * A decision names the sheet that was read. dealctl takes its digest from the deal in the same run, so what
 * it prints is what was decided: if the sheet changes in between, the daemon refuses.
 */
#include "verbs.h"
#include "fault.h"
#include "i18n.h"
#include "move.h"
#include "shapes.h"

#define PAGE 1000

static gboolean approvals_all;

const GOptionEntry ctl_approvals_options[] = { { "all", 0, 0, G_OPTION_ARG_NONE, &approvals_all,
                                                 N_ ("Everybody's, not only yours"), NULL },
                                               G_OPTION_ENTRY_NULL };

static const CtlField approval_fields[] = {
  { "deal", N_ ("Deal"), CTL_CELL_TEXT, NULL },
  { "revision", N_ ("Revision"), CTL_CELL_NUMBER, NULL },
  { "step", N_ ("Step"), CTL_CELL_NUMBER | CTL_GIVES_WAY (3), NULL },
  { "measure", N_ ("Measure"), CTL_CELL_TEXT, NULL },
  { "value", N_ ("Value"), CTL_CELL_MONEY, NULL },
  { "title", N_ ("Title"), CTL_CELL_PROSE, NULL },
  { "requester", N_ ("Asked by"), CTL_CELL_TEXT | CTL_GIVES_WAY (1), NULL },
  { "since", N_ ("Since"), CTL_CELL_TIME | CTL_GIVES_WAY (2), NULL },
  CTL_FIELD_END,
};

static const CtlSection approval_sections[] = {
  { "steps", NULL, CTL_SHAPE_ROWS, approval_fields, NULL, N_ ("Nothing waits for a decision.") },
  CTL_SECTION_END,
};

const CtlForm ctl_approvals_forms[] = { { "", approval_sections }, CTL_FORM_END };

static gboolean
approvals_page (CtlRun *run, DdJsonWriter *writer, char **next, GError **error)
{
  static const char *const keys[] = { "deal",  "revision", "step",      "measure",
                                      "value", "title",    "requester", "since" };
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_APPROVALS, "Approvals", "List");
  g_autoptr (CtlReply) reply = NULL;
  g_autoptr (GVariant) steps = NULL;

  ctl_request_add (request, g_variant_new_string (*next));
  ctl_request_add (request, g_variant_new_uint32 (PAGE));
  if (approvals_all)
    ctl_request_option (request, "all", g_variant_new_boolean (TRUE));
  reply = ctl_run_send (run, request, error);
  if (reply == NULL)
    return FALSE;
  g_free (*next);
  g_variant_get (ctl_reply_value (reply), "(@a(suussssx)s)", &steps, next);
  ctl_shape_write_rows (writer, keys, steps);
  return TRUE;
}

gboolean
ctl_verb_approvals (CtlRun *run, GError **error)
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
  return ctl_run_print_written (run, approval_sections, writer, error);
}

/* The request that is to be decided: of the revision that word 1 names, or the only one. Borrowed. */
static const DdJsonNode *
pick_request (CtlRun *run, const DdJsonNode *deal, GError **error)
{
  const DdJsonNode *requests = NULL;
  const DdJsonNode *found = NULL;
  guint revision = 0;
  guint n_found = 0;

  if (run->n_words > 1 && !ctl_run_number (run->words[1], N_ ("revision"), &revision, error))
    return NULL;
  if (!dd_json_get_array (deal, "requests", FALSE, &requests, error))
    return NULL;
  for (const DdJsonNode *each = requests == NULL ? NULL : dd_json_first (requests); each != NULL;
       each = dd_json_next (each))
    if (revision == 0 || ctl_shape_number (each, "revision") == revision)
      {
        found = each;
        n_found++;
      }
  if (n_found == 1)
    return found;
  if (n_found > 1)
    ctl_usage (error, _ ("%u revisions wait for approval: say which"), n_found);
  else if (revision > 0)
    dd_fail (error, DD_ERROR_ILLEGAL_MOVE, _ ("revision %u waits for no approval"), revision);
  else
    dd_fail (error, DD_ERROR_ILLEGAL_MOVE, _ ("%s waits for no approval"), ctl_shape_text (deal, "id"));
  return NULL;
}

/* @reason: of a refusal, NULL approves. */
static gboolean
decide (CtlRun *run, gint step, const char *reason, const char *comment, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, reason == NULL ? "Approve" : "Refuse", error);
  g_autoptr (DdJson) deal = NULL;
  const DdJsonNode *approval;

  if (request == NULL)
    return FALSE;
  if (step < 0)
    return ctl_usage (error, _ ("--step is a step's number, from 1"));
  deal = ctl_run_get (run, 0, error);
  approval = deal == NULL ? NULL : pick_request (run, dd_json_root (deal), error);
  if (approval == NULL)
    return FALSE;
  ctl_request_add (request, g_variant_new_uint32 (ctl_shape_number (approval, "revision")));
  ctl_request_add (request, g_variant_new_uint32 ((guint32)step));
  ctl_request_add (request, g_variant_new_string (ctl_shape_text (approval, "sheet")));
  if (reason != NULL)
    ctl_request_add (request, g_variant_new_string (reason));
  ctl_request_option_text (request, "comment", comment);
  return ctl_move_run_deciding (run, request, approval, error);
}

static gint decide_step;
static char *approve_comment;
static char *refuse_reason;

const GOptionEntry ctl_approve_options[] = {
  { "step", 0, 0, G_OPTION_ARG_INT, &decide_step, N_ ("This step, not all that are yours"), "N" },
  { "comment", 0, 0, G_OPTION_ARG_STRING, &approve_comment, N_ ("A remark to it"), "TEXT" },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry ctl_refuse_options[] = {
  { "step", 0, 0, G_OPTION_ARG_INT, &decide_step, N_ ("This step, not all that are yours"), "N" },
  { "reason", 0, 0, G_OPTION_ARG_STRING, &refuse_reason, N_ ("Why; has to be given"), "TEXT" },
  G_OPTION_ENTRY_NULL
};

gboolean
ctl_verb_approve (CtlRun *run, GError **error)
{
  return decide (run, decide_step, NULL, approve_comment, error);
}

gboolean
ctl_verb_refuse (CtlRun *run, GError **error)
{
  if (refuse_reason == NULL || *refuse_reason == '\0')
    return ctl_usage (error, _ ("a refusal says why: --reason TEXT"));
  return decide (run, decide_step, refuse_reason, NULL, error);
}
