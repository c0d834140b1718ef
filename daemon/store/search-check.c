/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verify: whether the index of search holds exactly the words of its rows.
 *
 * Both sides are summed up, in any order, as FTS5's own check does it, which would need to write: each place
 * of a word is hashed, once as the tokenizer gives it from the row, once as it stands in the index. The
 * index's lists of prefixes are made in the same writes, and are not looked at.
 */
#include "search.h"

#include <string.h>

/* FTS5 cuts words there. */
#define MAX_WORD_BYTES 32768

/* Our SQL function; only this file's statements know it. */
#define PLACES "dealdesk_places"

static void add_places (const Fts5ExtensionApi *api,
                        Fts5Context *context,
                        sqlite3_context *result,
                        int n_values,
                        sqlite3_value **values);

static const char *const column_names[DD_N_SEARCH_COLUMNS] = { "facts", "lines", "words" };

struct _DdSearchCheck
{
  DdConnection *connection;
  fts5_tokenizer tokenizer;
  Fts5Tokenizer *instance;
  guint64 rows;  /* the sum of what the rows give */
  guint64 index; /* the sum of what the index holds */
  char *last;    /* (nullable): the last word of the index that is in the sum */
  char *rest; /* (nullable): it, where a slice ended within it: its deals after the next are still to come */
  gint64 doc; /* the last deal of it that is in the sum */
  /* Of the text that is being taken apart. */
  gint64 deal;
  guint column;
  guint position;
};

static guint64
hash_place (const char *word, gsize length, gint64 deal, guint column, guint position)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guint8)word[i]) * G_GUINT64_CONSTANT (0x100000001b3);
  hash ^= (guint64)deal * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  hash = (hash ^ (hash >> 31)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  hash ^= ((guint64)column << 32 | position) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (hash ^ (hash >> 29)) * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
}

/* The tokenizer of the schema's table, and the function that gives a word's places. */
static gboolean
set_up (DdSearchCheck *check, GError **error)
{
  static const char sql[] = "SELECT fts5 (?1)";
  static const char *arguments[] = { "remove_diacritics", "2" };
  g_autoptr (DdStatement) statement = dd_connection_prepare (check->connection, sql, error);
  fts5_api *api = NULL;
  void *data = NULL;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_pointer (statement, 1, &api, "fts5_api_ptr", NULL);
  if (dd_step (check->connection, statement, error) < 0)
    return FALSE;
  if (api == NULL || api->xFindTokenizer (api, "unicode61", &data, &check->tokenizer) != SQLITE_OK ||
      check->tokenizer.xCreate (data, arguments, G_N_ELEMENTS (arguments), &check->instance) != SQLITE_OK)
    return dd_fail (error, DD_ERROR_FAILED, "this SQLite has no tokenizer unicode61");
  if (api->xCreateFunction (api, PLACES, check, add_places, NULL) != SQLITE_OK)
    return dd_fail (error, DD_ERROR_FAILED, "this SQLite takes no function of FTS5");
  return TRUE;
}

DdSearchCheck *
dd_search_check_new (DdConnection *connection, GError **error)
{
  static const char sql[] = "CREATE VIRTUAL TABLE temp.search_place USING fts5vocab (main, search, instance)";
  g_autoptr (DdSearchCheck) check = g_new0 (DdSearchCheck, 1);

  check->connection = connection;
  if (!set_up (check, error) || !dd_connection_execute (connection, sql, error))
    return NULL;
  return g_steal_pointer (&check);
}

void
dd_search_check_free (DdSearchCheck *check)
{
  if (check->instance != NULL)
    check->tokenizer.xDelete (check->instance);
  g_free (check->last);
  g_free (check->rest);
  g_free (check);
}

static int
on_word (void *data, int flags, const char *word, int length, int start, int end)
{
  DdSearchCheck *check = data;

  check->rows +=
    hash_place (word, (gsize)MIN (length, MAX_WORD_BYTES), check->deal, check->column, check->position++);
  return SQLITE_OK;
}

gboolean
dd_search_check_add (DdSearchCheck *check, gint64 deal, GError **error)
{
  static const char sql[] = "SELECT facts, lines, words FROM main.search_text WHERE number = ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (check->connection, sql, error);
  int row;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, deal);
  row = dd_step (check->connection, statement, error);
  if (row < 0)
    return FALSE;
  check->deal = deal;
  for (check->column = 0; row > 0 && check->column < DD_N_SEARCH_COLUMNS; check->column++)
    {
      const char *text = dd_column_text (statement, (int)check->column);
      int code;

      check->position = 0;
      code = check->tokenizer.xTokenize (check->instance, check, FTS5_TOKENIZE_DOCUMENT, text,
                                         (int)strlen (text), on_word);
      if (code != SQLITE_OK)
        return dd_fail (error, DD_ERROR_FAILED, "deal D-%" G_GINT64_FORMAT ": its words can't be told apart",
                        deal);
    }
  return TRUE;
}

static gboolean
is_column (const char *name, guint *out_column)
{
  for (guint i = 0; i < DD_N_SEARCH_COLUMNS; i++)
    if (strcmp (column_names[i], name) == 0)
      {
        *out_column = i;
        return TRUE;
      }
  return FALSE;
}

/* --- the index's side --- */

/* A word can be searched for where the tokenizer makes of it what it is; then a slice may end within it. */
typedef struct
{
  const char *word;
  guint n;
  gboolean same;
} Own;

static int
on_own_word (void *data, int flags, const char *word, int length, int start, int end)
{
  Own *own = data;

  own->n++;
  own->same = strlen (own->word) == (gsize)length && memcmp (own->word, word, (gsize)length) == 0;
  return SQLITE_OK;
}

static gboolean
can_resume (const DdSearchCheck *check, const char *word)
{
  Own own = { .word = word };

  return check->tokenizer.xTokenize (check->instance, &own, FTS5_TOKENIZE_QUERY, word, (int)strlen (word),
                                     on_own_word) == SQLITE_OK &&
         own.n == 1 && own.same;
}

/* The SQL function of add_rest(): adds a deal's places of the word that is searched for. */
static void
add_places (const Fts5ExtensionApi *api,
            Fts5Context *context,
            sqlite3_context *result,
            int n_values,
            sqlite3_value **values)
{
  DdSearchCheck *check = api->xUserData (context);
  gint64 doc = api->xRowid (context);
  int n = 0;
  int code = api->xInstCount (context, &n);

  for (int i = 0; code == SQLITE_OK && i < n; i++)
    {
      int phrase = 0, column = 0, offset = 0;

      code = api->xInst (context, i, &phrase, &column, &offset);
      if (code == SQLITE_OK)
        check->index += hash_place (check->rest, strlen (check->rest), doc, (guint)column, (guint)offset);
    }
  if (code != SQLITE_OK)
    sqlite3_result_error_code (result, code);
}

/* Goes on within check->rest, at least one deal. */
static gboolean
add_rest (DdSearchCheck *check, const DdVerify *verify, GError **error)
{
  static const char sql[] = "SELECT rowid, " PLACES " (search) FROM main.search WHERE search MATCH ?1"
                            " AND rowid > ?2 ORDER BY rowid";
  g_autoptr (DdStatement) statement = dd_connection_prepare (check->connection, sql, error);
  g_autofree char *phrase = g_strdup_printf ("\"%s\"", check->rest);
  int step;

  if (statement == NULL)
    return FALSE;
  dd_bind_text (statement, 1, phrase);
  sqlite3_bind_int64 (statement, 2, check->doc);
  while ((step = dd_step (check->connection, statement, error)) > 0)
    {
      check->doc = sqlite3_column_int64 (statement, 0);
      if (dd_verify_slice_over (verify))
        return TRUE;
    }
  if (step == 0)
    g_clear_pointer (&check->rest, g_free);
  return step == 0;
}

/* Whether the slice ends before the place of @word in @doc: between two deals at the earliest. */
static gboolean
ends_before (DdSearchCheck *check, const DdVerify *verify, const char *word, gint64 doc)
{
  gboolean same = strcmp (check->last, word) == 0;

  if ((same && doc == check->doc) || !dd_verify_slice_over (verify) || (same && !can_resume (check, word)))
    return FALSE;
  if (same)
    check->rest = g_strdup (word);
  return TRUE;
}

/* From the word after check->last: no word has a byte below that of a space. */
static gboolean
add_words (DdSearchCheck *check, const DdVerify *verify, gboolean *out_end, GError **error)
{
  static const char sql[] = "SELECT term, doc, col, offset FROM temp.search_place WHERE term >= ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (check->connection, sql, error);
  g_autofree char *from = check->last != NULL ? g_strconcat (check->last, "\x01", NULL) : g_strdup ("");
  gboolean any = FALSE;
  int step;

  if (statement == NULL)
    return FALSE;
  dd_bind_text (statement, 1, from);
  while ((step = dd_step (check->connection, statement, error)) > 0)
    {
      const char *word = dd_column_text (statement, 0);
      gint64 doc = sqlite3_column_int64 (statement, 1);
      guint column = 0;

      if (any && ends_before (check, verify, word, doc))
        break;
      if (!is_column (dd_column_text (statement, 2), &column))
        return dd_fail (error, DD_ERROR_STORE_DAMAGED, "the index of search has a column that isn't its own");
      if (g_strcmp0 (check->last, word) != 0)
        {
          g_free (check->last);
          check->last = g_strdup (word);
        }
      check->doc = doc;
      check->index +=
        hash_place (word, strlen (word), doc, column, (guint)sqlite3_column_int64 (statement, 3));
      any = TRUE;
    }
  *out_end = step == 0;
  return step >= 0;
}

/* A word that many deals have is longer than a slice: it is gone on with by searching for it, since the
 * index's places can be sought by word only. */
gboolean
dd_search_check_scan (DdSearchCheck *check, DdVerify *verify, gboolean *out_end, GError **error)
{
  if (check->rest != NULL)
    {
      if (!add_rest (check, verify, error))
        return FALSE;
      if (check->rest != NULL || dd_verify_slice_over (verify))
        {
          *out_end = FALSE;
          return TRUE;
        }
    }
  return add_words (check, verify, out_end, error);
}

gboolean
dd_search_check_compare (const DdSearchCheck *check, GError **error)
{
  return check->rows == check->index ||
         dd_fail (error, DD_ERROR_STORE_DAMAGED,
                  "the index of search differs from the texts that deals are found by");
}
