/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Open approval steps, in pages by deal, revision and step.
 *
 * The table has a row for each candidate. A candidate's steps are one range of an index; the ranges of
 * several are merged here, so that a step is given once, and a page has as many as were asked for.
 */
#include "internal.h"

/* What was found, until all ranges are in one order. */
typedef struct
{
  GArray *rows; /* DdApprovalRow, whose text is in texts */
  GStringChunk *texts;
} Page;

static int
compare (gconstpointer left, gconstpointer right)
{
  const DdApprovalRow *a = left;
  const DdApprovalRow *b = right;

  if (a->deal != b->deal)
    return a->deal < b->deal ? -1 : 1;
  if (a->revision != b->revision)
    return a->revision < b->revision ? -1 : 1;
  return a->step < b->step ? -1 : a->step > b->step;
}

static gboolean
collect (DdConnection *connection, DdStatement *statement, Page *page, GError **error)
{
  int step;

  while ((step = dd_step (connection, statement, error)) > 0)
    {
      DdApprovalRow row = { .deal = sqlite3_column_int64 (statement, 0),
                            .revision = (guint)sqlite3_column_int64 (statement, 1),
                            .step = (guint)sqlite3_column_int64 (statement, 2),
                            .since = sqlite3_column_int64 (statement, 3),
                            .measure = g_string_chunk_insert (page->texts, dd_column_text (statement, 4)),
                            .value = g_string_chunk_insert (page->texts, dd_column_text (statement, 5)),
                            .title = g_string_chunk_insert (page->texts, dd_column_text (statement, 6)),
                            .requester = g_string_chunk_insert (page->texts, dd_column_text (statement, 7)) };

      g_array_append_val (page->rows, row);
    }
  return step == 0;
}

/* What a step shows is the same in each candidate's row. */
#define SELECT                                                                                               \
  "SELECT deal, revision, step, since, measure, value, title, requester"                                     \
  " FROM approval JOIN deal ON deal.number = approval.deal WHERE (deal, revision, step) > (?1, ?2, ?3)"
#define ORDER " ORDER BY deal, revision, step LIMIT ?4"

static gboolean
collect_range (DdConnection *connection,
               const char *candidate,
               const DdApprovalRow *after,
               guint limit,
               Page *page,
               GError **error)
{
  static const char sql_all[] = SELECT " GROUP BY deal, revision, step" ORDER;
  static const char sql_candidate[] = SELECT " AND candidate = ?5" ORDER;
  g_autoptr (DdStatement) statement =
    dd_connection_prepare (connection, candidate != NULL ? sql_candidate : sql_all, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, after->deal);
  sqlite3_bind_int64 (statement, 2, after->revision);
  sqlite3_bind_int64 (statement, 3, after->step);
  sqlite3_bind_int64 (statement, 4, limit);
  if (candidate != NULL)
    dd_bind_text (statement, 5, candidate);
  return collect (connection, statement, page, error);
}

static void
give (const Page *page, guint limit, DdApprovalRowFunc func, gpointer data)
{
  const DdApprovalRow *last = NULL;
  guint given = 0;

  for (guint i = 0; i < page->rows->len && given < limit; i++)
    {
      const DdApprovalRow *row = &g_array_index (page->rows, DdApprovalRow, i);

      if (last != NULL && compare (last, row) == 0)
        continue;
      if (!func (row, data))
        return;
      given++;
      last = row;
    }
}

gboolean
dd_reader_list_approvals (DdReader *reader,
                          const char *const *candidates,
                          gint64 after_deal,
                          guint after_revision,
                          guint after_step,
                          guint limit,
                          DdApprovalRowFunc func,
                          gpointer data,
                          GError **error)
{
  const DdApprovalRow after = { .deal = after_deal, .revision = after_revision, .step = after_step };
  Page page = { .rows = g_array_new (FALSE, FALSE, sizeof (DdApprovalRow)),
                .texts = g_string_chunk_new (1024) };
  gboolean found = TRUE;

  if (candidates == NULL)
    found = collect_range (reader->connection, NULL, &after, limit, &page, error);
  else
    for (guint i = 0; found && candidates[i] != NULL; i++)
      found = collect_range (reader->connection, candidates[i], &after, limit, &page, error);
  if (found)
    {
      g_array_sort (page.rows, compare);
      give (&page, limit, func, data);
    }
  g_array_unref (page.rows);
  g_string_chunk_free (page.texts);
  return found;
}
