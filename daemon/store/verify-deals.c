/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verify: each deal's chain, the documents that its events name, and its rows.
 *
 * The rows are made anew in temporary tables of the same names, by the functions that make the real ones, and
 * compared there. A deal with an erased body can't be made anew: of it only the chain is checked.
 */
#include "search.h"

#include <string.h>

/* What one deal's events are checked with. */
typedef struct
{
  DdVerify *verify;
  DdConnection *connection;
  DdSearchText *text;
} Each;

/* What the deals add up to. */
typedef struct
{
  DdSearchCheck *search;
  DdCounters total;
  gint64 last;      /* the deal checked last */
  gboolean through; /* all deals were checked */
  gboolean erased;  /* one of them can't be made anew */
} Deals;

static gboolean
check_event (
  const guint8 head[DD_DIGEST_SIZE], DdEventType type, const DdJsonNode *body, gpointer data, GError **error)
{
  Each *each = data;

  dd_verify_note_head (each->verify, head);
  each->verify->done++;
  each->verify->report.events++;
  return body == NULL || (dd_documents_check_named (each->connection, body, DD_ERROR_STORE_DAMAGED, error) &&
                          dd_search_text_add_event (each->text, each->connection, type, body, NULL, error));
}

static gboolean
make_temporary_table (DdConnection *connection, const char *name, GError **error)
{
  static const char sql[] = "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  g_autofree char *create = NULL;
  const char *text;

  if (statement == NULL)
    return FALSE;
  dd_bind_text (statement, 1, name);
  if (dd_step (connection, statement, error) < 0)
    return FALSE;
  text = dd_column_text (statement, 0);
  if (!g_str_has_prefix (text, "CREATE TABLE "))
    return dd_fail (error, DD_ERROR_STORE_DAMAGED, "the store has no table %s", name);
  create = g_strconcat ("CREATE TEMP TABLE ", text + strlen ("CREATE TABLE "), NULL);
  return dd_connection_execute (connection, create, error);
}

/* The smallest number above @after that anything has; none: @out_any is FALSE. */
static gboolean
next_deal (DdConnection *connection, gint64 after, gint64 *out_number, gboolean *out_any, GError **error)
{
  static const char sql[] = "SELECT min (n) FROM (SELECT min (deal) AS n FROM event WHERE deal > ?1"
                            " UNION ALL SELECT min (number) FROM main.deal WHERE number > ?1"
                            " UNION ALL SELECT min (deal) FROM main.approval WHERE deal > ?1"
                            " UNION ALL SELECT min (deal) FROM main.outbox WHERE deal > ?1"
                            " UNION ALL SELECT min (number) FROM main.search_text WHERE number > ?1)";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, after);
  if (dd_step (connection, statement, error) < 0)
    return FALSE;
  *out_any = sqlite3_column_type (statement, 0) != SQLITE_NULL;
  *out_number = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static gboolean
clear_temporary (DdConnection *connection, GError **error)
{
  static const char sql_approval[] = "DELETE FROM temp.approval";
  static const char sql_outbox[] = "DELETE FROM temp.outbox";
  static const char sql_text[] = "DELETE FROM temp.search_text";
  static const char sql_deal[] = "DELETE FROM temp.deal";

  return dd_connection_run (connection, sql_approval, error) &&
         dd_connection_run (connection, sql_outbox, error) &&
         dd_connection_run (connection, sql_text, error) && dd_connection_run (connection, sql_deal, error);
}

#define DIFFERENCE(table, key)                                                                               \
  "SELECT 1 FROM (SELECT * FROM (SELECT * FROM main." table " WHERE " key " = ?1"                            \
  " EXCEPT SELECT * FROM temp." table ") UNION ALL SELECT * FROM (SELECT * FROM temp." table                 \
  " EXCEPT SELECT * FROM main." table " WHERE " key " = ?1)) LIMIT 1"

static gboolean
compare_rows (DdConnection *connection, gint64 number, GError **error)
{
  static const char sql_deal[] = DIFFERENCE ("deal", "number");
  static const char sql_approval[] = DIFFERENCE ("approval", "deal");
  static const char sql_outbox[] = DIFFERENCE ("outbox", "deal");
  static const char sql_text[] = DIFFERENCE ("search_text", "number");
  static const struct
  {
    const char *sql;
    const char *what;
  } comparisons[] = { { sql_deal, "its row differs" },
                      { sql_approval, "its open approvals differ" },
                      { sql_outbox, "its orders differ" },
                      { sql_text, "the texts that it is found by differ" } };

  for (gsize i = 0; i < G_N_ELEMENTS (comparisons); i++)
    {
      g_autoptr (DdStatement) statement = dd_connection_prepare (connection, comparisons[i].sql, error);
      int step;

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, number);
      step = dd_step (connection, statement, error);
      if (step < 0)
        return FALSE;
      if (step > 0)
        return dd_fail (error, DD_ERROR_STORE_DAMAGED,
                        "deal D-%" G_GINT64_FORMAT ": %s from what its events give", number,
                        comparisons[i].what);
    }
  return TRUE;
}

static gboolean
check_deal (DdVerify *verify, Deals *deals, gint64 number, GError **error)
{
  DdConnection *connection = verify->connection;
  g_autoptr (DdSearchText) text = dd_search_text_new (number, FALSE);
  Each each = { .verify = verify, .connection = connection, .text = text };
  g_auto (DdDealRowBefore) before = { 0 };
  g_autoptr (DdDeal) deal = NULL;
  guint8 head[DD_DIGEST_SIZE];
  gboolean erased;

  if (!dd_replay_deal (connection, number, check_event, &each, &deal, head, &erased, error))
    return FALSE;
  verify->report.deals++;
  deals->erased = deals->erased || erased;
  if (!dd_search_check_add (deals->search, number, error))
    return FALSE;
  if (erased)
    return TRUE;
  if (deal->version == 0)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED, "deal D-%" G_GINT64_FORMAT " has rows, but no events",
                    number);
  deals->total.deals++;
  deals->total.events += deal->version;
  dd_counters_add_deal (&deals->total, deal, 1);
  deal->changed = G_MAXUINT;
  return clear_temporary (connection, error) && dd_project (connection, &before, deal, head, error) &&
         dd_search_text_write_row (text, connection, error) && compare_rows (connection, number, error);
}

/* Whether nothing was written since: slices see different moments, and sums over all of them fit only then.
 */
static gboolean
is_unchanged (const DdVerify *verify, gboolean *out_unchanged, GError **error)
{
  static const char sql[] = "SELECT max (number) FROM batch";
  gint64 newest;

  if (!dd_connection_query_number (verify->connection, sql, &newest, error))
    return FALSE;
  *out_unchanged = newest == verify->report.batches;
  return TRUE;
}

static gboolean
check_counters (DdConnection *connection, const DdCounters *total, GError **error)
{
  static const char sql[] = "SELECT deals, events, pending_orders, held_orders, open_approvals FROM counter"
                            " WHERE number = 1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int step = statement != NULL ? dd_step (connection, statement, error) : -1;

  if (step < 0)
    return FALSE;
  if (step == 0 || sqlite3_column_int64 (statement, 0) != total->deals ||
      sqlite3_column_int64 (statement, 1) != total->events ||
      sqlite3_column_int64 (statement, 2) != total->pending_orders ||
      sqlite3_column_int64 (statement, 3) != total->held_orders ||
      sqlite3_column_int64 (statement, 4) != total->open_approvals)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED, "the store's counters differ from what its events give");
  return TRUE;
}

static gboolean
check_sums (DdVerify *verify, const Deals *deals, GError **error)
{
  gboolean unchanged;

  if (!is_unchanged (verify, &unchanged, error))
    return FALSE;
  if (!unchanged)
    return TRUE;
  return (deals->erased || check_counters (verify->connection, &deals->total, error)) &&
         dd_search_check_compare (deals->search, error);
}

/* Deal after deal, then the index of search, then the sums. */
static gboolean
run_slice (DdVerify *verify, Deals *deals, gboolean *out_end, GError **error)
{
  gint64 number;
  gboolean any = TRUE;

  *out_end = FALSE;
  while (!deals->through && !dd_verify_slice_over (verify))
    {
      if (!next_deal (verify->connection, deals->last, &number, &any, error) ||
          (any && !check_deal (verify, deals, number, error)))
        return FALSE;
      deals->through = !any;
      deals->last = any ? number : deals->last;
    }
  if (!deals->through || dd_verify_slice_over (verify))
    return TRUE;
  return dd_search_check_scan (deals->search, verify, out_end, error) &&
         (!*out_end || check_sums (verify, deals, error));
}

gboolean
dd_verify_deals (DdVerify *verify, GError **error)
{
  static const char *const tables[] = { "deal", "approval", "outbox", "search_text" };
  g_autoptr (DdSearchCheck) search = dd_search_check_new (verify->connection, error);
  Deals deals = { .last = G_MININT64, .search = search };
  gboolean end = FALSE;

  if (search == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!make_temporary_table (verify->connection, tables[i], error))
      return FALSE;
  while (!end)
    if (!dd_verify_begin_slice (verify, error) || !run_slice (verify, &deals, &end, error) ||
        !dd_verify_end_slice (verify, error))
      return FALSE;
  return TRUE;
}
