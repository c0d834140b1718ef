/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Finding deals by words. What a person writes is never FTS5's syntax: it is taken apart here, and each word
 * or phrase goes in as a string. A reader's thread.
 */
#include "search.h"

#include <string.h>

#define MAX_QUERY_BYTES 512
#define MAX_WORDS       16

/* What one search may take, unless the store's options say otherwise. */
#define BUDGET_MICROSECONDS 100000

/* Of SQLite's machine, between two looks at the clock: each page that FTS5 reads of its index is some. */
#define STEPS 64

/* Around words that matched, and how many stand about them. */
#define SNIPPET "snippet (search, -1, '\xe2\x80\xb9', '\xe2\x80\xba', '\xe2\x80\xa6', 12)"

/* What the tokenizer makes words of; a word without any would match nothing. */
static gboolean
has_word (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    switch (g_unichar_type (g_utf8_get_char (at)))
      {
      case G_UNICODE_LOWERCASE_LETTER:
      case G_UNICODE_MODIFIER_LETTER:
      case G_UNICODE_OTHER_LETTER:
      case G_UNICODE_TITLECASE_LETTER:
      case G_UNICODE_UPPERCASE_LETTER:
      case G_UNICODE_DECIMAL_NUMBER:
      case G_UNICODE_LETTER_NUMBER:
      case G_UNICODE_OTHER_NUMBER:
      case G_UNICODE_PRIVATE_USE:
        return TRUE;
      default:
        break;
      }
  return FALSE;
}

/* A word stands for all that begin so; what was quoted for itself. */
static void
add_string (GString *query, const char *start, gsize length, gboolean quoted, guint *count)
{
  g_autofree char *text = g_strndup (start, length);

  if (!has_word (text))
    return;
  g_string_append_printf (query, "%s\"%s\"%s", query->len > 0 ? " AND " : "", text, quoted ? "" : "*");
  (*count)++;
}

/* (transfer full) (nullable): @text as an FTS5 query. */
static char *
build_query (const char *text, GError **error)
{
  g_autoptr (GString) query = g_string_new (NULL);
  gboolean quoted = FALSE;
  guint count = 0;

  if (strlen (text) > MAX_QUERY_BYTES)
    {
      dd_fail (error, DD_ERROR_TOO_LARGE, "what is searched for has %zu bytes; at most %d are taken",
               strlen (text), MAX_QUERY_BYTES);
      return NULL;
    }
  for (const char *at = text; *at != '\0';)
    {
      const char *end = at;

      if (*at == '"')
        {
          quoted = !quoted;
          at++;
          continue;
        }
      if (!quoted && g_unichar_isspace (g_utf8_get_char (at)))
        {
          at = g_utf8_next_char (at);
          continue;
        }
      while (*end != '\0' && *end != '"' && (quoted || !g_unichar_isspace (g_utf8_get_char (end))))
        end = g_utf8_next_char (end);
      add_string (query, at, (gsize)(end - at), quoted, &count);
      at = end;
    }
  if (quoted)
    dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
             "what is searched for opens a phrase with \" and doesn't close it");
  else if (count == 0)
    dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
             "nothing is searched for: give a word, the beginning of one, or a \"phrase\"");
  else if (count > MAX_WORDS)
    dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%u words are searched for; at most %d are taken", count,
             MAX_WORDS);
  else
    return g_string_free (g_steal_pointer (&query), FALSE);
  return NULL;
}

/* A text a line, in one line. (transfer full) */
static char *
join_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  return g_strjoinv (" \xc2\xb7 ", lines);
}

/* Not 0: stop. @data: the monotonic microsecond when the search must be over. */
static int
is_late (void *data)
{
  return g_get_monotonic_time () >= *(const gint64 *)data;
}

static gboolean
fail_too_broad (GError **error)
{
  return dd_fail (
    error, DD_ERROR_TOO_LARGE,
    "the search is too broad: too many deals hold what begins so; give more letters of the words, "
    "a \"phrase\", or a smaller limit");
}

/* FALSE: it was late, or failed. */
static gboolean
give_rows (DdConnection *connection,
           DdStatement *statement,
           gint64 end,
           DdFoundRowFunc func,
           gpointer data,
           GError **error)
{
  g_autoptr (GError) local = NULL;
  int step;

  while ((step = dd_step (connection, statement, &local)) > 0)
    {
      g_autofree char *where = join_lines (dd_column_text (statement, 6));
      DdFoundRow row = { .number = sqlite3_column_int64 (statement, 0),
                         .version = sqlite3_column_int64 (statement, 1),
                         .state = (guint8)sqlite3_column_int (statement, 2),
                         .title = dd_column_text (statement, 3),
                         .customer = dd_column_text (statement, 4),
                         .owner = dd_column_text (statement, 5),
                         .where = where };

      /* A text that is shown is long to look through, without a step of SQLite's machine. */
      if (is_late (&end))
        return fail_too_broad (error);
      if (!func (&row, data))
        return TRUE;
    }
  if (step < 0 && sqlite3_errcode (connection->db) == SQLITE_INTERRUPT)
    return fail_too_broad (error);
  if (step < 0)
    g_propagate_error (error, g_steal_pointer (&local));
  return step == 0;
}

gboolean
dd_reader_search (
  DdReader *reader, const char *text, guint limit, DdFoundRowFunc func, gpointer data, GError **error)
{
  static const char sql[] =
    "SELECT deal.number, deal.version, deal.state, deal.title, deal.customer, deal.owner, " SNIPPET
    " FROM search CROSS JOIN deal ON deal.number = search.rowid"
    " WHERE search MATCH ?1 ORDER BY search.rowid DESC LIMIT ?2";
  DdConnection *connection = reader->connection;
  g_autofree char *query = build_query (text, error);
  g_autoptr (DdStatement) statement = query != NULL ? dd_connection_prepare (connection, sql, error) : NULL;
  gint64 budget = reader->store->options.search_microseconds;
  gint64 end = g_get_monotonic_time () + (budget > 0 ? budget : BUDGET_MICROSECONDS);
  gboolean done;

  if (statement == NULL)
    return FALSE;
  dd_bind_text (statement, 1, query);
  sqlite3_bind_int64 (statement, 2, limit);
  sqlite3_progress_handler (connection->db, STEPS, is_late, &end);
  done = give_rows (connection, statement, end, func, data, error);
  sqlite3_progress_handler (connection->db, 0, NULL, NULL);
  return done;
}
