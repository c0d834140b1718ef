/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What all moves share (see move.h). One thread.
 */
#include "move.h"
#include "fault.h"
#include "shapes.h"

static const DdField move_fields[] = {
  { "deal", "Deal", DD_CELL_TEXT, NULL },         { "state", "State", DD_CELL_TEXT, NULL },
  { "revision", "Revision", DD_CELL_TEXT, NULL }, { "proposalState", "Revision is", DD_CELL_TEXT, NULL },
  { "question", "Question", DD_CELL_TEXT, NULL }, { "fingerprint", "Fingerprint", DD_CELL_DIGEST, NULL },
  { "sheet", NULL, DD_CELL_DIGEST, NULL },        { "version", "Version", DD_CELL_TEXT, NULL },
  { "head", "Chain head", DD_CELL_DIGEST, NULL }, DD_FIELD_END,
};

static const DdField remark_fields[] = { { "remark", "Remark", DD_CELL_TEXT, NULL }, DD_FIELD_END };

static const DdSection move_sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, move_fields, NULL, NULL },
  { "requirements", "Approvals asked for", DD_SHAPE_ROWS, dd_step_fields, NULL, NULL },
  { "decided", "Decided", DD_SHAPE_ROWS, dd_step_fields, NULL, NULL },
  { "remarks", "Kept, and not understood", DD_SHAPE_ROWS, remark_fields, NULL, NULL },
  DD_SECTION_END,
};

static gboolean
print_move (DdRun *run, const DdReply *reply, const DdJsonNode *decided, GError **error)
{
  static const char *const written[] = { "deal", "version", "head", "decided", NULL };
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  GVariant *value = dd_reply_value (reply);
  guint first = g_variant_n_children (value) == 4 ? 1 : 0; /* of Open, the deal comes first */
  g_autoptr (DdJson) json = dd_reply_json (reply, first + 2, error);
  g_autofree char *deal = NULL;
  const char *head;
  guint64 version;

  if (json == NULL)
    return FALSE;
  if (first == 1)
    g_variant_get_child (value, 0, "s", &deal);
  else
    deal = dd_run_deal (run, NULL);
  g_variant_get_child (value, first, "t", &version);
  g_variant_get_child (value, first + 1, "&s", &head);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "deal", deal);
  dd_json_put_int64 (writer, "version", (gint64)version);
  dd_json_put_string (writer, "head", head);
  if (decided != NULL)
    {
      dd_json_write_key (writer, "decided");
      dd_json_write_node (writer, decided);
    }
  dd_shape_copy_members (writer, dd_json_root (json), written);
  dd_json_write_end_object (writer);
  return dd_run_print_written (run, move_sections, writer, error);
}

gboolean
dd_move_run_deciding (DdRun *run, DdRequest *request, const DdJsonNode *decided, GError **error)
{
  g_autoptr (DdReply) reply = NULL;

  dd_run_add_change (run, request);
  reply = dd_run_send (run, request, error);
  return reply != NULL && print_move (run, reply, decided, error);
}

gboolean
dd_move_run (DdRun *run, DdRequest *request, GError **error)
{
  return dd_move_run_deciding (run, request, NULL, error);
}

const char *
dd_move_side (const DdRun *run)
{
  return run->customer_person == NULL ? "provider" : "customer";
}

gboolean
dd_move_pick (DdRun *run,
              const DdJsonNode *deal,
              const char *maker,
              const char *const *states,
              guint *out_revision,
              GError **error)
{
  const DdJsonNode *revisions = dd_json_member (deal, "revisions");
  g_autoptr (GString) found = g_string_new (NULL);
  g_autofree char *wanted = g_strjoinv (" or ", (char **)states);
  guint n_found = 0;
  guint revision = 0;

  if (run->n_words > 1)
    return dd_run_number (run, 1, "revision", out_revision, error);
  if (revisions != NULL && dd_json_type (revisions) == DD_JSON_ARRAY)
    for (const DdJsonNode *each = dd_json_first (revisions); each != NULL; each = dd_json_next (each))
      {
        if (!g_strv_contains (states, dd_shape_text (each, "state")) ||
            (maker != NULL && !g_str_equal (dd_shape_text (each, "side"), maker)))
          continue;
        revision = dd_shape_number (each, "revision");
        g_string_append_printf (found, "%s%u", n_found++ == 0 ? "" : ", ", revision);
      }
  if (n_found > 1)
    return dd_usage (error, "revisions %s are all %s: say which", found->str, wanted);
  if (n_found == 0)
    return dd_fail (
      error, DD_ERROR_ILLEGAL_MOVE, "no revision%s%s is %s%s; dealctl show has them all",
      maker == NULL ? "" : " of the ", maker == NULL ? "" : maker, wanted,
      run->customer_person == NULL && maker != NULL ? " (a customer's move names --customer-person)" : "");
  *out_revision = revision;
  return TRUE;
}
