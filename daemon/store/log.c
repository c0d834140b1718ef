/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The log: appending events to a deal's chain, and reading them. Appending is the one way in which a deal
 * changes: event, documents, rows and counters go together or not at all (the savepoint's doing). Writer's
 * thread; reading also on readers.
 */
#include "search.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

gboolean
dd_store_read_last_deal (DdConnection *connection, gint64 *out_number, GError **error)
{
  static const char sql[] = "SELECT last_deal FROM counter WHERE number = 1";

  return dd_connection_query_number (connection, sql, out_number, error);
}

gboolean
dd_transaction_next_deal (DdTransaction *transaction, gint64 *out_number, GError **error)
{
  static const char sql[] =
    "UPDATE counter SET last_deal = last_deal + 1 WHERE number = 1 RETURNING last_deal";
  DdConnection *connection = transaction->reader.connection;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int row = statement != NULL ? dd_step (connection, statement, error) : -1;

  if (row == 0)
    return dd_fail (error, DD_ERROR_STORE_DAMAGED, "the store's counters are missing");
  if (row < 0)
    return FALSE;
  *out_number = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* Version 0 and a head of zeros: there is none yet. */
static gboolean
read_head (DdConnection *connection, gint64 number, gint64 *out_version, guint8 *out_head, GError **error)
{
  static const char sql[] = "SELECT version, head FROM deal WHERE number = ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int row;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  row = dd_step (connection, statement, error);
  if (row < 0)
    return FALSE;
  *out_version = row > 0 ? sqlite3_column_int64 (statement, 0) : 0;
  memset (out_head, 0, DD_DIGEST_SIZE);
  return row == 0 || dd_column_digest (connection, statement, 1, out_head, error);
}

static gboolean
insert_event (DdConnection *connection,
              gint64 sequence,
              const DdEventHeader *header,
              const guint8 body_digest[DD_DIGEST_SIZE],
              const guint8 head[DD_DIGEST_SIZE],
              GError **error)
{
  static const char sql[] = "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, sequence);
  sqlite3_bind_int64 (statement, 2, header->deal);
  sqlite3_bind_int64 (statement, 3, header->version);
  dd_bind_text (statement, 4, header->type);
  sqlite3_bind_int64 (statement, 5, header->time);
  sqlite3_bind_int64 (statement, 6, header->occurred_at);
  dd_bind_text (statement, 7, header->actor);
  dd_bind_text (statement, 8, header->caller);
  dd_bind_digest (statement, 9, body_digest);
  dd_bind_digest (statement, 10, head);
  return dd_step_done (connection, statement, error);
}

static gboolean
insert_body (DdConnection *connection,
             gint64 sequence,
             const guint8 salt[DD_SALT_SIZE],
             const DdEvent *event,
             GError **error)
{
  static const char sql[] = "INSERT INTO event_body VALUES (?1, ?2, ?3)";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, sequence);
  sqlite3_bind_blob (statement, 2, salt, DD_SALT_SIZE, SQLITE_STATIC);
  sqlite3_bind_text64 (statement, 3, event->body, event->body_length, SQLITE_STATIC, SQLITE_UTF8);
  return dd_step_done (connection, statement, error);
}

/* Its body and the documents that it names; applied to @deal. */
static gboolean
take_content (DdConnection *connection,
              DdDeal *deal,
              DdSearchText *text,
              const DdEvent *event,
              gint64 time,
              GError **error)
{
  g_autoptr (DdJson) body = dd_json_parse (event->body, event->body_length, NULL, error);

  if (body == NULL)
    return FALSE;
  for (guint i = 0; event->documents != NULL && i < event->documents->len; i++)
    if (!dd_document_store (connection, event->documents->pdata[i], error))
      return FALSE;
  return dd_documents_check_named (connection, dd_json_root (body), DD_ERROR_FAILED, error) &&
         dd_deal_apply (deal, event->type, dd_json_root (body), time, error) &&
         dd_search_text_add_event (text, connection, event->type, dd_json_root (body), event->documents,
                                   error);
}

static gboolean
append_event (DdTransaction *transaction,
              DdDeal *deal,
              DdSearchText *text,
              const DdEvent *event,
              const DdAppend *append,
              guint8 head[DD_DIGEST_SIZE],
              GError **error)
{
  DdConnection *connection = transaction->reader.connection;
  DdEventHeader header = { .deal = deal->number,
                           .version = deal->version + 1,
                           .time = append->time,
                           .occurred_at = append->occurred_at != 0 ? append->occurred_at : append->time,
                           .type = dd_event_type_name (event->type),
                           .actor = append->actor,
                           .caller = append->caller };
  gint64 sequence = transaction->mark.next_sequence;
  guint8 salt[DD_SALT_SIZE];
  guint8 body_digest[DD_DIGEST_SIZE];

  if (getrandom (salt, sizeof salt, 0) != (gssize)sizeof salt)
    return dd_fail (error, DD_ERROR_FAILED, "no random bytes: %s", g_strerror (errno));
  dd_chain_body_digest (salt, event->body, event->body_length, body_digest);
  dd_chain_event_head (head, &header, body_digest, head);
  if (!take_content (connection, deal, text, event, append->time, error) ||
      !insert_event (connection, sequence, &header, body_digest, head, error) ||
      !insert_body (connection, sequence, salt, event, error))
    return FALSE;
  dd_chain_link_event (transaction->event_links, sequence, header.deal, header.version, head);
  transaction->mark.next_sequence++;
  return TRUE;
}

gboolean
dd_transaction_append (DdTransaction *transaction,
                       DdDeal *deal,
                       const GPtrArray *events,
                       const DdAppend *append,
                       guint8 out_head[32],
                       GError **error)
{
  DdConnection *connection = transaction->reader.connection;
  g_auto (DdDealRowBefore) before = { 0 };
  g_autoptr (DdSearchText) text = dd_search_text_new (deal->number, deal->version > 0);
  DdCounters *counters = &transaction->mark.counters;
  guint8 head[DD_DIGEST_SIZE];
  gint64 version;

  g_return_val_if_fail (events->len > 0 && append->actor != NULL && append->caller != NULL, FALSE);
  if (!read_head (connection, deal->number, &version, head, error))
    return FALSE;
  if (version != deal->version)
    return dd_fail (error, DD_ERROR_CONFLICT,
                    "deal D-%" G_GINT64_FORMAT " is at version %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT
                    "; read it again",
                    deal->number, version, deal->version);
  dd_deal_row_before (&before, deal);
  dd_counters_add_deal (counters, deal, -1);
  deal->changed = 0;
  for (guint i = 0; i < events->len; i++)
    if (!append_event (transaction, deal, text, events->pdata[i], append, head, error))
      return FALSE;
  dd_counters_add_deal (counters, deal, 1);
  counters->deals += version == 0;
  counters->events += events->len;
  transaction->mark.time = append->time;
  if (!dd_project (connection, &before, deal, head, error) || !dd_project_search (connection, text, error))
    return FALSE;
  memcpy (out_head, head, DD_DIGEST_SIZE);
  return TRUE;
}

gboolean
dd_reader_log (DdReader *reader,
               gint64 number,
               gint64 after,
               guint limit,
               DdLogRowFunc func,
               gpointer data,
               GError **error)
{
  static const char sql[] = "SELECT version, time, occurred_at, type, actor, caller, head, body"
                            " FROM event LEFT JOIN event_body USING (sequence)"
                            " WHERE deal = ?1 AND version > ?2 ORDER BY version LIMIT ?3";
  DdConnection *connection = reader->connection;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  sqlite3_bind_int64 (statement, 2, after);
  sqlite3_bind_int64 (statement, 3, limit);
  while ((step = dd_step (connection, statement, error)) > 0)
    {
      guint8 head[DD_DIGEST_SIZE];
      int type = dd_event_type_from_name (dd_column_text (statement, 3));
      DdLogRow row = { .version = sqlite3_column_int64 (statement, 0),
                       .time = sqlite3_column_int64 (statement, 1),
                       .occurred_at = sqlite3_column_int64 (statement, 2),
                       .type = (DdEventType)type,
                       .actor = dd_column_text (statement, 4),
                       .caller = dd_column_text (statement, 5),
                       .body = (const char *)sqlite3_column_text (statement, 7),
                       .head = head };

      if (!dd_column_digest (connection, statement, 6, head, error))
        return FALSE;
      if (type < 0)
        return dd_fail (error, DD_ERROR_STORE_DAMAGED,
                        "deal D-%" G_GINT64_FORMAT ", version %" G_GINT64_FORMAT
                        ": no event is called \"%s\"",
                        number, row.version, dd_column_text (statement, 3));
      if (!func (&row, data))
        return TRUE;
    }
  return step == 0;
}
