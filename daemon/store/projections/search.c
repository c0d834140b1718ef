/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a deal is found by: the texts of its events and of the proposals that they name, a text a line and
 * each once, in three columns. They only grow, so an event that says nothing new costs no write; most moves
 * have no text at all. A reader's or the writer's thread.
 *
 * search is an FTS5 table whose content is search_text: the texts are stored once, the index beside them can
 * be made anew, and what was found can be shown. FTS5 must be told the old texts to forget them.
 */
#include "search.h"

#include <string.h>

#include "text-hash.h"

/* What is beyond it can't be found by. Each new text indexes all of a deal's anew, so this bounds what a move
 * costs; each column has its own, so that a request of many lines leaves room for what is said about it. */
#define MAX_COLUMN_BYTES (16 * 1024)

struct _DdSearchText
{
  gint64 deal;
  GString *columns[DD_N_SEARCH_COLUMNS];
  GHashTable *known[DD_N_SEARCH_COLUMNS]; /* sets of texts */
  char *stored[DD_N_SEARCH_COLUMNS];      /* (nullable): what the row and the index hold */
  gboolean loaded;                        /* the stored row was read, or there is none */
  gboolean changed;
};

DdSearchText *
dd_search_text_new (gint64 deal, gboolean stored)
{
  DdSearchText *text = g_new0 (DdSearchText, 1);

  text->deal = deal;
  text->loaded = !stored;
  return text;
}

void
dd_search_text_free (DdSearchText *text)
{
  for (guint i = 0; i < DD_N_SEARCH_COLUMNS; i++)
    {
      if (text->columns[i] != NULL)
        g_string_free (text->columns[i], TRUE);
      g_clear_pointer (&text->known[i], g_hash_table_unref);
      g_free (text->stored[i]);
    }
  g_free (text);
}

const char *
dd_search_text_column (const DdSearchText *text, DdSearchColumn column)
{
  return text->columns[column] != NULL ? text->columns[column]->str : "";
}

/* @line: (transfer full): no line end, no line that is there. */
static void
add_line (DdSearchText *text, DdSearchColumn column, char *line)
{
  if (text->columns[column] == NULL)
    {
      text->columns[column] = g_string_new (NULL);
      text->known[column] = g_hash_table_new_full (dd_text_hash, g_str_equal, g_free, NULL);
    }
  if (text->columns[column]->len > 0)
    g_string_append_c (text->columns[column], '\n');
  g_string_append (text->columns[column], line);
  g_hash_table_add (text->known[column], line);
}

static gboolean
load (DdSearchText *text, DdConnection *connection, GError **error)
{
  static const char sql[] = "SELECT facts, lines, words FROM search_text WHERE number = ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int row;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, text->deal);
  row = dd_step (connection, statement, error);
  if (row < 0)
    return FALSE;
  text->loaded = TRUE;
  for (guint i = 0; row > 0 && i < DD_N_SEARCH_COLUMNS; i++)
    {
      g_autofree char **lines = NULL;

      text->stored[i] = g_strdup (dd_column_text (statement, (int)i));
      lines = g_strsplit (text->stored[i], "\n", -1);
      for (guint k = 0; lines[k] != NULL; k++)
        add_line (text, i, lines[k]);
    }
  return TRUE;
}

/* @value: (nullable) */
static gboolean
add (DdSearchText *text, DdConnection *connection, DdSearchColumn column, const char *value, GError **error)
{
  g_autofree char *line = NULL;

  if (value == NULL || value[0] == '\0')
    return TRUE;
  if (!text->loaded && !load (text, connection, error))
    return FALSE;
  line = g_strdelimit (g_strdup (value), "\n\r\t", ' ');
  if ((text->known[column] != NULL && g_hash_table_contains (text->known[column], line)) ||
      (text->columns[column] != NULL ? text->columns[column]->len : 0) + strlen (line) + 1 > MAX_COLUMN_BYTES)
    return TRUE;
  add_line (text, column, g_steal_pointer (&line));
  text->changed = TRUE;
  return TRUE;
}

static const char *
member_text (const DdJsonNode *object, const char *name)
{
  const DdJsonNode *member = dd_json_member (object, name);

  return member != NULL && dd_json_type (member) == DD_JSON_STRING ? dd_json_text (member) : NULL;
}

static gboolean
add_members (DdSearchText *text,
             DdConnection *connection,
             DdSearchColumn column,
             const DdJsonNode *object,
             const char *const *names,
             GError **error)
{
  for (; *names != NULL; names++)
    if (!add (text, connection, column, member_text (object, *names), error))
      return FALSE;
  return TRUE;
}

/* (transfer full): of an append they are at hand. */
static GBytes *
find_document (DdConnection *connection, const GPtrArray *documents, const char *sha256, GError **error)
{
  DdReader reader = { .connection = connection };

  for (guint i = 0; documents != NULL && i < documents->len; i++)
    {
      const DdDocument *document = documents->pdata[i];

      if (strcmp (document->sha256, sha256) == 0)
        return g_bytes_ref (document->bytes);
    }
  return dd_reader_document (&reader, sha256, error);
}

static gboolean
add_proposal (DdSearchText *text,
              DdConnection *connection,
              const GPtrArray *documents,
              const char *sha256,
              GError **error)
{
  static const char *const line_members[] = { "offering", "askedOffering", "name", "site", NULL };
  static const char *const note_members[] = { "note", NULL };
  g_autoptr (GBytes) bytes = sha256 != NULL ? find_document (connection, documents, sha256, error) : NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (DdJson) json = NULL;
  const DdJsonNode *lines;
  gsize length;
  const char *data;

  if (bytes == NULL)
    return sha256 == NULL;
  data = g_bytes_get_data (bytes, &length);
  json = dd_json_parse (data != NULL ? data : "", length, &dd_json_limits_own, &local);
  if (json == NULL)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED, "document %s is no proposal: %s", sha256, local->message);
  lines = dd_json_member (dd_json_root (json), "lines");
  for (const DdJsonNode *line = lines != NULL && dd_json_type (lines) == DD_JSON_ARRAY ? dd_json_first (lines)
                                                                                       : NULL;
       line != NULL; line = dd_json_next (line))
    if (!add_members (text, connection, DD_SEARCH_LINES, line, line_members, error))
      return FALSE;
  return add_members (text, connection, DD_SEARCH_WORDS, dd_json_root (json), note_members, error);
}

static gboolean
add_opened (DdSearchText *text, DdConnection *connection, const DdJsonNode *body, GError **error)
{
  static const char *const members[] = { "title", "customer", "customerName", "owner", "externalId", NULL };
  g_autofree char *id = dd_deal_id_format (text->deal);

  return add (text, connection, DD_SEARCH_FACTS, id, error) &&
         add_members (text, connection, DD_SEARCH_FACTS, body, members, error);
}

gboolean
dd_search_text_add_event (DdSearchText *text,
                          DdConnection *connection,
                          DdEventType type,
                          const DdJsonNode *body,
                          const GPtrArray *documents,
                          GError **error)
{
  static const char *const said[] = { "text", NULL };
  static const char *const reasons[] = { "reason", NULL };

  switch (type)
    {
    case DD_EVENT_OPENED:
      return add_opened (text, connection, body, error) &&
             add_proposal (text, connection, documents, member_text (body, "request"), error);
    case DD_EVENT_DRAFTED:
      return add_proposal (text, connection, documents, member_text (body, "proposal"), error);
    case DD_EVENT_ASKED:
    case DD_EVENT_ANSWERED:
      return add_members (text, connection, DD_SEARCH_WORDS, body, said, error);
    case DD_EVENT_APPROVAL_DECIDED:
    case DD_EVENT_PROPOSAL_ENDED:
    case DD_EVENT_REOPENED:
    case DD_EVENT_DEAL_ENDED:
      return add_members (text, connection, DD_SEARCH_WORDS, body, reasons, error);
    default:
      return TRUE;
    }
}

/* --- rows --- */

static void
bind_columns (DdStatement *statement, const DdSearchText *text)
{
  sqlite3_bind_int64 (statement, 1, text->deal);
  for (guint i = 0; i < DD_N_SEARCH_COLUMNS; i++)
    dd_bind_text (statement, (int)i + 2, dd_search_text_column (text, i));
}

gboolean
dd_search_text_write_row (const DdSearchText *text, DdConnection *connection, GError **error)
{
  static const char sql[] = "INSERT INTO search_text (number, facts, lines, words) VALUES (?1, ?2, ?3, ?4)"
                            " ON CONFLICT (number) DO UPDATE SET facts = ?2, lines = ?3, words = ?4";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  bind_columns (statement, text);
  return dd_step_done (connection, statement, error);
}

static gboolean
forget (const DdSearchText *text, DdConnection *connection, GError **error)
{
  static const char sql[] =
    "INSERT INTO search (search, rowid, facts, lines, words) VALUES ('delete', ?1, ?2, ?3, ?4)";
  g_autoptr (DdStatement) statement = NULL;

  if (text->stored[0] == NULL)
    return TRUE;
  statement = dd_connection_prepare (connection, sql, error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, text->deal);
  for (guint i = 0; i < DD_N_SEARCH_COLUMNS; i++)
    dd_bind_text (statement, (int)i + 2, text->stored[i]);
  return dd_step_done (connection, statement, error);
}

gboolean
dd_project_search (DdConnection *connection, const DdSearchText *text, GError **error)
{
  static const char sql[] = "INSERT INTO search (rowid, facts, lines, words) VALUES (?1, ?2, ?3, ?4)";
  g_autoptr (DdStatement) statement = NULL;

  if (!text->changed)
    return TRUE;
  if (!forget (text, connection, error) || !dd_search_text_write_row (text, connection, error))
    return FALSE;
  statement = dd_connection_prepare (connection, sql, error);
  if (statement == NULL)
    return FALSE;
  bind_columns (statement, text);
  return dd_step_done (connection, statement, error);
}
