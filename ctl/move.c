/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What all moves share (see move.h). One thread.
 */
#include "move.h"
#include "fault.h"
#include "i18n.h"
#include "shapes.h"
#include "terminal.h"

static const CtlField move_fields[] = {
  { "deal", N_ ("Deal"), CTL_CELL_TEXT, NULL },
  { "state", N_ ("State"), CTL_CELL_STATE, NULL },
  { "revision", N_ ("Revision"), CTL_CELL_NUMBER, NULL },
  { "proposalState", N_ ("Revision is"), CTL_CELL_STATE, NULL },
  { "unorderedLines", N_ ("Lines in no order"), CTL_CELL_NUMBER, NULL },
  { "question", N_ ("Question"), CTL_CELL_NUMBER, NULL },
  { "fingerprint", N_ ("Fingerprint"), CTL_CELL_DIGEST, NULL },
  { "sheet", NULL, CTL_CELL_DIGEST, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, NULL },
  { "head", N_ ("Chain head"), CTL_CELL_DIGEST, NULL },
  { "dryRun", N_ ("Dry run"), CTL_CELL_YES, NULL },
  CTL_FIELD_END,
};

/* As they were read; that they are decided is said by being here. */
static const CtlField decided_fields[] = {
  { "step", N_ ("Step"), CTL_CELL_NUMBER, NULL },
  { "measure", N_ ("Measure"), CTL_CELL_TEXT, NULL },
  { "value", N_ ("Value"), CTL_CELL_MONEY, NULL },
  { "limit", N_ ("Limit"), CTL_CELL_MONEY, NULL },
  { "level", N_ ("Level"), CTL_CELL_NUMBER, NULL },
  { "rule", N_ ("Rule"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

const CtlSection ctl_move_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, move_fields, NULL, NULL },
  { "requirements", N_ ("Approvals asked for"), CTL_SHAPE_ROWS, ctl_step_fields, NULL, NULL },
  { "decided", N_ ("Decided"), CTL_SHAPE_ROWS, decided_fields, NULL, NULL },
  { "remarks", N_ ("Kept, and not understood"), CTL_SHAPE_VALUES, ctl_remark_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_move_forms[] = { { "", ctl_move_sections }, CTL_FORM_END };

void
ctl_move_put_head (const CtlRun *run, const char *head, DdJsonWriter *writer)
{
  if (!run->dry_run)
    {
      dd_json_put_string (writer, "head", head);
      return;
    }
  ctl_terminal_complain (_ ("nothing was changed: --dry-run"));
  dd_json_put_boolean (writer, "dryRun", TRUE);
}

static gboolean
has_number (const DdJsonNode *numbers, const char *wanted)
{
  for (const DdJsonNode *each = numbers == NULL ? NULL : dd_json_first (numbers); each != NULL;
       each = dd_json_next (each))
    if (g_strcmp0 (dd_json_text (each), wanted) == 0)
      return TRUE;
  return FALSE;
}

/* The steps of @approval that @reply names: others may wait for somebody else. */
static gboolean
put_decided (DdJsonWriter *writer, const DdJsonNode *approval, const DdJsonNode *reply, GError **error)
{
  const DdJsonNode *steps = NULL;
  const DdJsonNode *numbers = NULL;

  if (!dd_json_get_array (approval, "steps", FALSE, &steps, error) ||
      !dd_json_get_array (reply, "decided", FALSE, &numbers, error))
    return FALSE;
  dd_json_write_key (writer, "decided");
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *each = steps == NULL ? NULL : dd_json_first (steps); each != NULL;
       each = dd_json_next (each))
    if (has_number (numbers, ctl_shape_text (each, "step")))
      dd_json_write_node (writer, each);
  dd_json_write_end_array (writer);
  return TRUE;
}

static gboolean
print_move (CtlRun *run, const CtlReply *reply, const DdJsonNode *approval, GError **error)
{
  static const char *const written[] = { "deal", "version", "head", "decided", NULL };
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  GVariant *value = ctl_reply_value (reply);
  guint first = g_variant_n_children (value) == 4 ? 1 : 0; /* of Open, the deal comes first */
  g_autoptr (DdJson) json = ctl_reply_json (reply, first + 2, error);
  g_autofree char *deal = NULL;
  const char *head;
  guint64 version;

  if (json == NULL)
    return FALSE;
  if (first == 1)
    g_variant_get_child (value, 0, "s", &deal);
  else
    deal = ctl_run_deal (run, NULL);
  g_variant_get_child (value, first, "t", &version);
  g_variant_get_child (value, first + 1, "&s", &head);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "deal", deal);
  dd_json_put_int64 (writer, "version", (gint64)version);
  ctl_move_put_head (run, head, writer);
  if (approval != NULL && !put_decided (writer, approval, dd_json_root (json), error))
    return FALSE;
  ctl_shape_copy_members (writer, dd_json_root (json), written);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, ctl_move_sections, writer, error);
}

gboolean
ctl_move_run_deciding (CtlRun *run, CtlRequest *request, const DdJsonNode *approval, GError **error)
{
  g_autoptr (CtlReply) reply = NULL;

  ctl_run_add_change (run, request);
  reply = ctl_run_send (run, request, error);
  return reply != NULL && print_move (run, reply, approval, error);
}

gboolean
ctl_move_run (CtlRun *run, CtlRequest *request, GError **error)
{
  return ctl_move_run_deciding (run, request, NULL, error);
}

const char *
ctl_move_side (const CtlRun *run)
{
  return run->customer_person == NULL ? "provider" : "customer";
}

gboolean
ctl_move_pick (CtlRun *run,
               const char *word,
               const char *maker,
               const char *const *states,
               guint *out_revision,
               GError **error)
{
  g_autoptr (GString) found = g_string_new (NULL);
  g_autofree char *wanted = g_strjoinv (_ (" or "), (char **)states);
  g_autoptr (DdJson) deal = NULL;
  const DdJsonNode *revisions = NULL;
  guint n_found = 0;
  guint revision = 0;

  if (word != NULL)
    return ctl_run_number (word, N_ ("revision"), out_revision, error);
  deal = ctl_run_get (run, 0, error);
  if (deal == NULL || !dd_json_get_array (dd_json_root (deal), "revisions", FALSE, &revisions, error))
    return FALSE;
  for (const DdJsonNode *each = revisions == NULL ? NULL : dd_json_first (revisions); each != NULL;
       each = dd_json_next (each))
    {
      const char *state = ctl_shape_text (each, "state");

      if (!g_strv_contains (states, state) ||
          (maker != NULL && !g_str_equal (ctl_shape_text (each, "side"), maker)))
        continue;
      revision = ctl_shape_number (each, "revision");
      if (g_str_equal (state, "accepted"))
        {
          *out_revision = revision;
          return TRUE;
        }
      g_string_append_printf (found, "%s%u", n_found++ == 0 ? "" : ", ", revision);
    }
  if (n_found > 1)
    return ctl_usage (error, _ ("revisions %s are all %s: say which"), found->str, wanted);
  if (n_found == 0 && maker == NULL)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, _ ("no revision is %s; dealctl show has them all"), wanted);
  if (n_found == 0)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    run->customer_person == NULL
                      ? _ ("no revision of the %s is %s (a customer's move names --customer-person); dealctl "
                           "show has them all")
                      : _ ("no revision of the %s is %s; dealctl show has them all"),
                    maker, wanted);
  *out_revision = revision;
  return TRUE;
}
