/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A deal made anew from its events, with its chain checked on the way: for verify and for rebuilding.
 */
#include "internal.h"

#include <string.h>

static gboolean
damaged (gint64 number, gint64 version, GError **error, const char *what)
{
  return dd_fail (error, DD_ERROR_STORE_DAMAGED,
                  "deal D-%" G_GINT64_FORMAT ", event %" G_GINT64_FORMAT ": %s", number, version, what);
}

/* The row's own header and digests against the chain; @head goes from the event before to this one. */
static gboolean
check_link (DdConnection *connection,
            DdStatement *row,
            gint64 number,
            gint64 version,
            guint8 head[DD_DIGEST_SIZE],
            GError **error)
{
  DdEventHeader header = { .deal = number,
                           .version = version,
                           .type = dd_column_text (row, 1),
                           .time = sqlite3_column_int64 (row, 2),
                           .occurred_at = sqlite3_column_int64 (row, 3),
                           .actor = dd_column_text (row, 4),
                           .caller = dd_column_text (row, 5) };
  guint8 body_digest[DD_DIGEST_SIZE];
  guint8 stored[DD_DIGEST_SIZE];

  if (sqlite3_column_int64 (row, 0) != version)
    return damaged (number, version, error, "it is missing");
  if (!dd_column_digest (connection, row, 6, body_digest, error) ||
      !dd_column_digest (connection, row, 7, stored, error))
    return FALSE;
  dd_chain_event_head (head, &header, body_digest, head);
  if (memcmp (head, stored, DD_DIGEST_SIZE) != 0)
    return damaged (number, version, error, "it or one before it was changed: its link of the chain differs");
  return TRUE;
}

/* The body against its digest. @out_erased when it isn't there, together with its salt. */
static gboolean
check_body (DdConnection *connection,
            DdStatement *row,
            gint64 number,
            gint64 version,
            gboolean *out_erased,
            GError **error)
{
  guint8 stored[DD_DIGEST_SIZE];
  guint8 digest[DD_DIGEST_SIZE];
  gboolean no_salt = sqlite3_column_type (row, 8) == SQLITE_NULL;
  gboolean no_body = sqlite3_column_type (row, 9) == SQLITE_NULL;

  if (sqlite3_column_type (row, 10) == SQLITE_NULL)
    return damaged (number, version, error, "its body's row is missing");
  *out_erased = no_salt && no_body;
  if (*out_erased)
    return TRUE;
  if (no_salt || no_body || sqlite3_column_bytes (row, 8) != DD_SALT_SIZE)
    return damaged (number, version, error, "its body was changed: half of it is missing");
  if (!dd_column_digest (connection, row, 6, stored, error))
    return FALSE;
  dd_chain_body_digest (sqlite3_column_blob (row, 8), (const char *)sqlite3_column_text (row, 9),
                        (gsize)sqlite3_column_bytes (row, 9), digest);
  if (memcmp (digest, stored, DD_DIGEST_SIZE) != 0)
    return damaged (number, version, error, "its body was changed: it hasn't its digest");
  return TRUE;
}

static gboolean
apply (DdStatement *row, DdDeal *deal, DdReplayFunc each, gpointer data, const guint8 *head, GError **error)
{
  gint64 version = deal->version + 1;
  int type = dd_event_type_from_name (dd_column_text (row, 1));
  g_autoptr (DdJson) body =
    dd_json_parse (dd_column_text (row, 9), (gsize)sqlite3_column_bytes (row, 9), NULL, error);

  if (body == NULL)
    return FALSE;
  if (type < 0)
    return damaged (deal->number, version, error, "no event has its type");
  if (!dd_deal_apply (deal, (DdEventType)type, dd_json_root (body), sqlite3_column_int64 (row, 2), error) ||
      (each != NULL && !each (head, (DdEventType)type, dd_json_root (body), data, error)))
    {
      g_prefix_error (error, "deal D-%" G_GINT64_FORMAT ", event %" G_GINT64_FORMAT ": ", deal->number,
                      version);
      return FALSE;
    }
  return TRUE;
}

gboolean
dd_replay_deal (DdConnection *connection,
                gint64 number,
                DdReplayFunc each,
                gpointer data,
                DdDeal **out_deal,
                guint8 out_head[DD_DIGEST_SIZE],
                gboolean *out_erased,
                GError **error)
{
  static const char sql[] =
    "SELECT version, type, time, occurred_at, actor, caller, body_digest, head,"
    " salt, body, event_body.sequence"
    " FROM event LEFT JOIN event_body USING (sequence) WHERE deal = ?1 ORDER BY version";
  g_autoptr (DdStatement) row = dd_connection_prepare (connection, sql, error);
  g_autoptr (DdDeal) deal = dd_deal_new (number);
  guint8 head[DD_DIGEST_SIZE] = { 0 };
  gboolean erased = FALSE;
  gint64 version = 0;
  int step;

  if (row == NULL)
    return FALSE;
  sqlite3_bind_int64 (row, 1, number);
  while ((step = dd_step (connection, row, error)) > 0)
    {
      gboolean body_erased;

      version++;
      if (!check_link (connection, row, number, version, head, error) ||
          !check_body (connection, row, number, version, &body_erased, error))
        return FALSE;
      erased = erased || body_erased;
      if (!erased && !apply (row, deal, each, data, head, error))
        return FALSE;
      /* The state can't be known any more, but heads still count. */
      if (erased && each != NULL && !each (head, DD_N_EVENT_TYPES, NULL, data, error))
        return FALSE;
    }
  if (step < 0)
    return FALSE;
  *out_deal = erased ? NULL : g_steal_pointer (&deal);
  *out_erased = erased;
  memcpy (out_head, head, DD_DIGEST_SIZE);
  return TRUE;
}

/* One row of the tail: its link to the event before, and its body. */
static gboolean
check_tail_row (DdConnection *connection, DdStatement *row, GError **error)
{
  gint64 number = sqlite3_column_int64 (row, 11);
  gint64 version = sqlite3_column_int64 (row, 0);
  guint8 head[DD_DIGEST_SIZE] = { 0 };
  gboolean erased;

  if ((version > 1) != (sqlite3_column_type (row, 12) != SQLITE_NULL))
    return damaged (number, version, error, "the one before it is missing");
  if (version > 1 && !dd_column_digest (connection, row, 12, head, error))
    return FALSE;
  return check_link (connection, row, number, version, head, error) &&
         check_body (connection, row, number, version, &erased, error);
}

gboolean
dd_verify_tail_events (DdVerify *verify, gint64 first, GError **error)
{
  static const char sql[] = "SELECT version, type, time, occurred_at, actor, caller, body_digest, head,"
                            " salt, body, event_body.sequence, deal,"
                            " (SELECT head FROM event AS previous"
                            "  WHERE previous.deal = event.deal AND previous.version = event.version - 1)"
                            " FROM event LEFT JOIN event_body USING (sequence)"
                            " WHERE event.sequence >= ?1 ORDER BY event.sequence";
  g_autoptr (DdStatement) row = dd_connection_prepare (verify->connection, sql, error);
  int step;

  if (row == NULL)
    return FALSE;
  sqlite3_bind_int64 (row, 1, first);
  while ((step = dd_step (verify->connection, row, error)) > 0)
    if (!check_tail_row (verify->connection, row, error))
      return FALSE;
  return step == 0;
}
