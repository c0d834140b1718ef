/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs about being understood: ask, answer, acknowledge. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "i18n.h"
#include "move.h"
#include "shapes.h"

static char *ask_clause;
static char *ask_line;

const GOptionEntry ctl_ask_options[] = {
  { "clause", 0, 0, G_OPTION_ARG_STRING, &ask_clause, N_ ("About this clause"), "CLAUSE" },
  { "line", 0, 0, G_OPTION_ARG_STRING, &ask_line, N_ ("About this line"), "LINE" },
  G_OPTION_ENTRY_NULL
};

gboolean
ctl_verb_ask (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Ask", error);
  g_autofree char *subject = NULL;

  if (request == NULL)
    return FALSE;
  if (ask_clause != NULL && ask_line != NULL)
    return ctl_usage (error, _ ("a question is about a clause or about a line, not both"));
  if (ask_clause != NULL)
    subject = g_strconcat ("clause:", ask_clause, NULL);
  else if (ask_line != NULL)
    subject = g_strconcat ("line:", ask_line, NULL);
  ctl_request_add (request, g_variant_new_string (subject == NULL ? "" : subject));
  ctl_request_add (request, g_variant_new_string (run->words[1]));
  return ctl_move_run (run, request, error);
}

gboolean
ctl_verb_answer (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Answer", error);
  guint question;

  if (request == NULL || !ctl_run_number (run->words[1], N_ ("question"), &question, error))
    return FALSE;
  ctl_request_add (request, g_variant_new_uint32 (question));
  ctl_request_add (request, g_variant_new_string (run->words[2]));
  return ctl_move_run (run, request, error);
}

static gint acknowledge_revision;
static gboolean acknowledge_all;

const GOptionEntry ctl_acknowledge_options[] = {
  { "revision", 0, 0, G_OPTION_ARG_INT, &acknowledge_revision, N_ ("Of this revision"), "N" },
  { "all", 0, 0, G_OPTION_ARG_NONE, &acknowledge_all, N_ ("Every clause that still waits for it"), NULL },
  G_OPTION_ENTRY_NULL
};

static const CtlField all_fields[] = {
  { "deal", N_ ("Deal"), CTL_CELL_TEXT, NULL },
  { "revision", N_ ("Revision"), CTL_CELL_NUMBER, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, NULL },
  { "head", N_ ("Chain head"), CTL_CELL_DIGEST, NULL },
  { "dryRun", N_ ("Dry run"), CTL_CELL_YES, NULL },
  { "acknowledged", N_ ("Acknowledged"), CTL_CELL_LIST, NULL },
  CTL_FIELD_END,
};

static const CtlSection all_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, all_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_acknowledge_forms[] = { { "", ctl_move_sections }, { "all", all_sections }, CTL_FORM_END };

static CtlRequest *
acknowledge_request (CtlRun *run, guint revision, const char *clause, GError **error)
{
  CtlRequest *request = ctl_run_deal_request (run, "Acknowledge", error);

  if (request == NULL)
    return NULL;
  ctl_request_add (request, g_variant_new_uint32 (revision));
  ctl_request_add (request, g_variant_new_string (clause));
  return request;
}

/* Each clause is a move of its own, under the command's key with the clause's name to it; an expected version
 * moves along. */
static gboolean
acknowledge_each (CtlRun *run, const DdJsonNode *asks, guint revision, DdJsonWriter *writer, GError **error)
{
  g_autofree char *key = run->key == NULL ? g_uuid_string_random () : g_strdup (run->key);
  g_autofree char *head = NULL;
  guint64 version = 0;

  dd_json_write_key (writer, "acknowledged");
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *each = dd_json_first (asks); each != NULL; each = dd_json_next (each))
    {
      const char *clause = ctl_shape_text (each, "clause");
      g_autoptr (CtlRequest) request = NULL;
      g_autoptr (CtlReply) reply = NULL;

      if (ctl_shape_is_true (each, "acknowledged"))
        continue;
      request = acknowledge_request (run, revision, clause, error);
      if (request == NULL)
        return FALSE;
      g_free (run->key);
      run->key = g_strconcat (key, ":", clause, NULL);
      ctl_run_add_change (run, request);
      reply = ctl_run_send (run, request, error);
      if (reply == NULL)
        return FALSE;
      g_clear_pointer (&head, g_free);
      g_variant_get (ctl_reply_value (reply), "(tsv)", &version, &head, NULL);
      if (run->expected_version > 0 && !run->dry_run)
        run->expected_version = (gint64)version;
      dd_json_write_string (writer, clause);
    }
  dd_json_write_end_array (writer);
  if (version > 0)
    dd_json_put_int64 (writer, "version", (gint64)version);
  ctl_move_put_head (run, head, writer);
  return TRUE;
}

static gboolean
acknowledge_open (CtlRun *run, guint revision, GError **error)
{
  g_autoptr (DdJson) deal = ctl_run_get (run, 0, error);
  const DdJsonNode *revisions = NULL;
  const DdJsonNode *asks = NULL;
  const DdJsonNode *each;
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  if (deal == NULL || !dd_json_get_array (dd_json_root (deal), "revisions", TRUE, &revisions, error))
    return FALSE;
  each = dd_json_first (revisions);
  while (each != NULL && ctl_shape_number (each, "revision") != revision)
    each = dd_json_next (each);
  if (each == NULL)
    return dd_fail (error, DD_ERROR_NOT_FOUND, _ ("the deal has no revision %u"), revision);
  if (!dd_json_get_array (each, "asks", TRUE, &asks, error))
    return FALSE;
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "deal", ctl_shape_text (dd_json_root (deal), "id"));
  dd_json_put_int64 (writer, "revision", revision);
  if (!acknowledge_each (run, asks, revision, writer, error))
    return FALSE;
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, all_sections, writer, error);
}

gboolean
ctl_verb_acknowledge (CtlRun *run, GError **error)
{
  static const char *const states[] = { "accepted", "tabled", NULL };
  guint revision = (guint)MAX (acknowledge_revision, 0);
  g_autoptr (CtlRequest) request = NULL;

  if (acknowledge_all == (run->n_words > 1))
    return ctl_usage (error, _ ("name one clause, or --all"));
  if (revision == 0 && !ctl_move_pick (run, NULL, NULL, states, &revision, error))
    return FALSE;
  if (acknowledge_all)
    return acknowledge_open (run, revision, error);
  request = acknowledge_request (run, revision, run->words[1], error);
  return request != NULL && ctl_move_run (run, request, error);
}
