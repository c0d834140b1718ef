/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The deal's row: what lists show and find by, and the state itself.
 */
#include "internal.h"

/* Each move reads and writes the state whole. */
#define MAX_STATE_BYTES (8 * 1024 * 1024)

static const char *
text_or_empty (const char *text)
{
  return text != NULL ? text : "";
}

void
dd_deal_row_before (DdDealRowBefore *before, const DdDeal *deal)
{
  *before = (DdDealRowBefore){ .version = deal->version,
                               .state = deal->state,
                               .next_timer = deal->version > 0 ? dd_deal_next_timer (deal) : 0,
                               .title = g_strdup (deal->title),
                               .customer = g_strdup (deal->customer),
                               .owner = g_strdup (deal->owner) };
}

void
dd_deal_row_before_clear (DdDealRowBefore *before)
{
  g_clear_pointer (&before->title, g_free);
  g_clear_pointer (&before->customer, g_free);
  g_clear_pointer (&before->owner, g_free);
}

/* Setting an indexed column rewrites its index even when the value stays. */
static const char *
update_sql (const DdDealRowBefore *before, const DdDeal *deal, gint64 timer)
{
  static const char insert[] = "INSERT INTO deal (number, version, updated_at, head, body, state, next_timer,"
                               " title, customer, owner) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
  static const char update_all[] = "UPDATE deal SET version = ?2, updated_at = ?3, head = ?4, body = ?5,"
                                   " state = ?6, next_timer = ?7, title = ?8, customer = ?9, owner = ?10"
                                   " WHERE number = ?1";
  static const char update_few[] =
    "UPDATE deal SET version = ?2, updated_at = ?3, head = ?4, body = ?5 WHERE number = ?1";

  if (before->version == 0)
    return insert;
  if (before->state == deal->state && before->next_timer == timer &&
      g_strcmp0 (before->title, deal->title) == 0 && g_strcmp0 (before->customer, deal->customer) == 0 &&
      g_strcmp0 (before->owner, deal->owner) == 0)
    return update_few;
  return update_all;
}

gboolean
dd_project_deal (DdConnection *connection,
                 const DdDealRowBefore *before,
                 const DdDeal *deal,
                 const guint8 head[DD_DIGEST_SIZE],
                 GError **error)
{
  gint64 timer = dd_deal_next_timer (deal);
  g_autoptr (DdStatement) statement =
    dd_connection_prepare (connection, update_sql (before, deal, timer), error);
  g_autoptr (DdJsonWriter) writer = NULL;
  g_autofree char *body = NULL;
  gsize length;

  if (statement == NULL)
    return FALSE;
  writer = dd_json_writer_new ();
  dd_deal_write (deal, writer);
  body = dd_json_writer_finish (writer, &length);
  if (length > MAX_STATE_BYTES)
    return dd_fail (error, DD_ERROR_TOO_LARGE,
                    "deal D-%" G_GINT64_FORMAT ": its state would have %" G_GSIZE_FORMAT
                    " bytes; a deal has at most %d: go on in another deal",
                    deal->number, length, MAX_STATE_BYTES);
  sqlite3_bind_int64 (statement, 1, deal->number);
  sqlite3_bind_int64 (statement, 2, deal->version);
  sqlite3_bind_int64 (statement, 3, deal->updated_at);
  dd_bind_digest (statement, 4, head);
  sqlite3_bind_text64 (statement, 5, body, length, SQLITE_STATIC, SQLITE_UTF8);
  if (sqlite3_bind_parameter_count (statement) > 5)
    {
      sqlite3_bind_int (statement, 6, deal->state);
      if (timer != 0)
        sqlite3_bind_int64 (statement, 7, timer);
      dd_bind_text (statement, 8, text_or_empty (deal->title));
      dd_bind_text (statement, 9, text_or_empty (deal->customer));
      dd_bind_text (statement, 10, text_or_empty (deal->owner));
    }
  return dd_step_done (connection, statement, error);
}

gboolean
dd_project (DdConnection *connection,
            const DdDealRowBefore *before,
            const DdDeal *deal,
            const guint8 head[DD_DIGEST_SIZE],
            GError **error)
{
  return dd_project_deal (connection, before, deal, head, error) &&
         ((deal->changed & DD_CHANGED_APPROVALS) == 0 || dd_project_approvals (connection, deal, error)) &&
         ((deal->changed & DD_CHANGED_ORDERS) == 0 || dd_project_outbox (connection, deal, error));
}
