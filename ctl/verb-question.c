/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs about being understood: ask, answer, acknowledge. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "move.h"
#include "shapes.h"

static char *ask_clause;
static char *ask_line;

const GOptionEntry dd_ask_options[] = {
  { "clause", 0, 0, G_OPTION_ARG_STRING, &ask_clause, "About this clause", "CLAUSE" },
  { "line", 0, 0, G_OPTION_ARG_STRING, &ask_line, "About this line", "LINE" },
  G_OPTION_ENTRY_NULL
};

gboolean
dd_verb_ask (DdRun *run, GError **error)
{
  g_autoptr (DdRequest) request = dd_run_deal_request (run, "Ask", error);
  g_autofree char *subject = NULL;

  if (request == NULL)
    return FALSE;
  if (ask_clause != NULL && ask_line != NULL)
    return dd_usage (error, "a question is about a clause or about a line, not both");
  if (ask_clause != NULL)
    subject = g_strconcat ("clause:", ask_clause, NULL);
  else if (ask_line != NULL)
    subject = g_strconcat ("line:", ask_line, NULL);
  dd_request_add (request, g_variant_new_string (subject == NULL ? "" : subject));
  dd_request_add (request, g_variant_new_string (run->words[1]));
  return dd_move_run (run, request, error);
}

gboolean
dd_verb_answer (DdRun *run, GError **error)
{
  g_autoptr (DdRequest) request = dd_run_deal_request (run, "Answer", error);
  guint question;

  if (request == NULL || !dd_run_number (run, 1, "question", &question, error))
    return FALSE;
  dd_request_add (request, g_variant_new_uint32 (question));
  dd_request_add (request, g_variant_new_string (run->words[2]));
  return dd_move_run (run, request, error);
}

static gint acknowledge_revision;
static gboolean acknowledge_all;

const GOptionEntry dd_acknowledge_options[] = {
  { "revision", 0, 0, G_OPTION_ARG_INT, &acknowledge_revision, "Of this revision", "N" },
  { "all", 0, 0, G_OPTION_ARG_NONE, &acknowledge_all, "Every clause that still waits for it", NULL },
  G_OPTION_ENTRY_NULL
};

static const DdField all_fields[] = {
  { "deal", "Deal", DD_CELL_TEXT, NULL },
  { "revision", "Revision", DD_CELL_TEXT, NULL },
  { "version", "Version", DD_CELL_TEXT, NULL },
  { "head", "Chain head", DD_CELL_DIGEST, NULL },
  { "acknowledged", "Acknowledged", DD_CELL_LIST, NULL },
  DD_FIELD_END,
};

static const DdSection all_sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, all_fields, NULL, NULL },
  DD_SECTION_END,
};

static DdRequest *
acknowledge_request (DdRun *run, guint revision, const char *clause, GError **error)
{
  DdRequest *request = dd_run_deal_request (run, "Acknowledge", error);

  if (request == NULL)
    return NULL;
  dd_request_add (request, g_variant_new_uint32 (revision));
  dd_request_add (request, g_variant_new_string (clause));
  return request;
}

/* Each clause is a move of its own, under the command's key with the clause's name to it; an expected version
 * moves along. */
static gboolean
acknowledge_each (DdRun *run, const DdJsonNode *asks, guint revision, DdJsonWriter *writer, GError **error)
{
  g_autofree char *key = run->key == NULL ? g_uuid_string_random () : g_strdup (run->key);
  g_autofree char *head = NULL;
  guint64 version = 0;

  dd_json_write_key (writer, "acknowledged");
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *each = dd_json_first (asks); each != NULL; each = dd_json_next (each))
    {
      const DdJsonNode *done = dd_json_member (each, "acknowledged");
      const char *clause = dd_shape_text (each, "clause");
      g_autoptr (DdRequest) request = NULL;
      g_autoptr (DdReply) reply = NULL;

      if (done != NULL && dd_json_type (done) == DD_JSON_BOOLEAN && dd_json_boolean (done))
        continue;
      request = acknowledge_request (run, revision, clause, error);
      if (request == NULL)
        return FALSE;
      g_free (run->key);
      run->key = g_strconcat (key, ":", clause, NULL);
      dd_run_add_change (run, request);
      reply = dd_run_send (run, request, error);
      if (reply == NULL)
        return FALSE;
      g_clear_pointer (&head, g_free);
      g_variant_get (dd_reply_value (reply), "(tsv)", &version, &head, NULL);
      if (run->expected_version > 0)
        run->expected_version = (gint64)version;
      dd_json_write_string (writer, clause);
    }
  dd_json_write_end_array (writer);
  if (version > 0)
    dd_json_put_int64 (writer, "version", (gint64)version);
  dd_json_put_string (writer, "head", head);
  return TRUE;
}

static gboolean
acknowledge_open (DdRun *run, const DdJsonNode *deal, guint revision, GError **error)
{
  const DdJsonNode *revisions = dd_json_member (deal, "revisions");
  const DdJsonNode *each = revisions == NULL ? NULL : dd_json_first (revisions);
  const DdJsonNode *asks = NULL;
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  while (each != NULL && dd_shape_number (each, "revision") != revision)
    each = dd_json_next (each);
  if (each == NULL)
    return dd_fail (error, DD_ERROR_NOT_FOUND, "the deal has no revision %u", revision);
  if (!dd_json_get_array (each, "asks", TRUE, &asks, error))
    return FALSE;
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "deal", dd_shape_text (deal, "id"));
  dd_json_put_int64 (writer, "revision", revision);
  if (!acknowledge_each (run, asks, revision, writer, error))
    return FALSE;
  dd_json_write_end_object (writer);
  return dd_run_print_written (run, all_sections, writer, error);
}

/* The accepted revision, or the only one on the table. */
static gboolean
pick_revision (DdRun *run, const DdJsonNode *deal, guint *out_revision, GError **error)
{
  static const char *const states[] = { "tabled", NULL };
  DdRun bare = *run;

  *out_revision = dd_shape_number (deal, "accepted");
  if (*out_revision > 0)
    return TRUE;
  bare.n_words = 1;
  return dd_move_pick (&bare, deal, NULL, states, out_revision, error);
}

gboolean
dd_verb_acknowledge (DdRun *run, GError **error)
{
  guint revision = (guint)MAX (acknowledge_revision, 0);
  g_autoptr (DdRequest) request = NULL;
  g_autoptr (DdJson) deal = NULL;

  if (acknowledge_all == (run->n_words > 1))
    return dd_usage (error, "name one clause, or --all");
  if (acknowledge_all || revision == 0)
    {
      deal = dd_run_get (run, 0, error);
      if (deal == NULL || (revision == 0 && !pick_revision (run, dd_json_root (deal), &revision, error)))
        return FALSE;
    }
  if (acknowledge_all)
    return acknowledge_open (run, dd_json_root (deal), revision, error);
  request = acknowledge_request (run, revision, run->words[1], error);
  return request != NULL && dd_move_run (run, request, error);
}
