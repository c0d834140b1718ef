/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Open approval steps, in pages by deal and step. A page never ends inside a step, so it may be longer than
 * asked.
 */
#include "internal.h"

/* One row of several ranges, kept until they are in one order. */
typedef struct
{
  gint64 deal;
  guint revision;
  guint step;
  gint64 since;
  const char *candidate; /* text in the page's chunk */
  const char *measure;
  const char *value;
  const char *title;
  const char *requester;
} Found;

typedef struct
{
  GArray *rows; /* Found */
  GStringChunk *texts;
} Page;

static int
compare (gconstpointer left, gconstpointer right)
{
  const Found *a = left;
  const Found *b = right;

  if (a->deal != b->deal)
    return a->deal < b->deal ? -1 : 1;
  if (a->step != b->step)
    return a->step < b->step ? -1 : 1;
  if (a->revision != b->revision)
    return a->revision < b->revision ? -1 : 1;
  return g_strcmp0 (a->candidate, b->candidate);
}

/* Rows of one range up to @limit, and then to the end of the last one's step. */
static gboolean
collect (DdConnection *connection, DdStatement *statement, guint limit, Page *page, GError **error)
{
  guint n = 0;
  const Found *last = NULL;
  int step;

  while ((step = dd_step (connection, statement, error)) > 0)
    {
      Found found = { .deal = sqlite3_column_int64 (statement, 0),
                      .step = (guint)sqlite3_column_int64 (statement, 1),
                      .revision = (guint)sqlite3_column_int64 (statement, 2),
                      .since = sqlite3_column_int64 (statement, 3) };

      if (n >= limit && (last == NULL || last->deal != found.deal || last->step != found.step))
        return TRUE;
      found.candidate = g_string_chunk_insert_const (page->texts, dd_column_text (statement, 4));
      found.measure = g_string_chunk_insert_const (page->texts, dd_column_text (statement, 5));
      found.value = g_string_chunk_insert_const (page->texts, dd_column_text (statement, 6));
      found.title = g_string_chunk_insert_const (page->texts, dd_column_text (statement, 7));
      found.requester = g_string_chunk_insert_const (page->texts, dd_column_text (statement, 8));
      g_array_append_val (page->rows, found);
      last = &g_array_index (page->rows, Found, page->rows->len - 1);
      n++;
    }
  return step == 0;
}

#define COLUMNS                                                                                              \
  "SELECT deal, step, revision, since, candidate, measure, value, title, requester"                          \
  " FROM approval JOIN deal ON deal.number = approval.deal WHERE (deal, step) > (?1, ?2)"
#define ORDER " ORDER BY deal, step, revision, candidate"

static gboolean
collect_range (DdConnection *connection,
               const char *candidate,
               gint64 after_deal,
               guint after_step,
               guint limit,
               Page *page,
               GError **error)
{
  static const char sql_all[] = COLUMNS ORDER;
  static const char sql_candidate[] = COLUMNS " AND candidate = ?3" ORDER;
  g_autoptr (DdStatement) statement =
    dd_connection_prepare (connection, candidate != NULL ? sql_candidate : sql_all, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, after_deal);
  sqlite3_bind_int64 (statement, 2, after_step);
  if (candidate != NULL)
    dd_bind_text (statement, 3, candidate);
  return collect (connection, statement, limit, page, error);
}

static void
give (const Page *page, guint limit, DdApprovalRowFunc func, gpointer data)
{
  const Found *last = NULL;
  guint given = 0;

  for (guint i = 0; i < page->rows->len; i++)
    {
      const Found *found = &g_array_index (page->rows, Found, i);
      DdApprovalRow row = { .deal = found->deal,
                            .revision = found->revision,
                            .step = found->step,
                            .candidate = found->candidate,
                            .measure = found->measure,
                            .value = found->value,
                            .title = found->title,
                            .requester = found->requester,
                            .since = found->since };

      if (given >= limit && (last == NULL || last->deal != found->deal || last->step != found->step))
        return;
      /* A candidate that was named twice. */
      if (last != NULL && compare (last, found) == 0)
        continue;
      if (!func (&row, data))
        return;
      given++;
      last = found;
    }
}

gboolean
dd_reader_list_approvals (DdReader *reader,
                          const char *const *candidates,
                          gint64 after_deal,
                          guint after_step,
                          guint limit,
                          DdApprovalRowFunc func,
                          gpointer data,
                          GError **error)
{
  Page page = { .rows = g_array_new (FALSE, FALSE, sizeof (Found)), .texts = g_string_chunk_new (1024) };
  gboolean found = TRUE;

  if (candidates == NULL)
    found = collect_range (reader->connection, NULL, after_deal, after_step, limit, &page, error);
  else
    for (guint i = 0; found && candidates[i] != NULL; i++)
      found = collect_range (reader->connection, candidates[i], after_deal, after_step, limit, &page, error);
  if (found)
    {
      g_array_sort (page.rows, compare);
      give (&page, limit, func, data);
    }
  g_array_unref (page.rows);
  g_string_chunk_free (page.texts);
  return found;
}
