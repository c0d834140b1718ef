/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Open approval steps: a row for each candidate that may still decide.
 */
#include "internal.h"

#include <string.h>

/* A person that said something already isn't asked again. */
static gboolean
has_decided (const DdRequirement *requirement, const char *candidate)
{
  if (!g_str_has_prefix (candidate, "user:"))
    return FALSE;
  for (guint i = 0; i < requirement->decisions->len; i++)
    {
      const DdApprovalDecision *decision = requirement->decisions->pdata[i];

      if (strcmp (decision->person, candidate + strlen ("user:")) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
insert_row (DdConnection *connection,
            gint64 deal,
            const DdApprovalRequest *request,
            const DdRequirement *requirement,
            const char *candidate,
            GError **error)
{
  static const char sql[] =
    "INSERT INTO approval VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, deal);
  sqlite3_bind_int64 (statement, 2, request->revision);
  sqlite3_bind_int64 (statement, 3, requirement->step);
  dd_bind_text (statement, 4, candidate);
  dd_bind_text (statement, 5, requirement->measure != NULL ? requirement->measure : "");
  dd_bind_text (statement, 6, requirement->value != NULL ? requirement->value : "");
  dd_bind_text (statement, 7, request->requester != NULL ? request->requester : "");
  sqlite3_bind_int64 (statement, 8, request->time);
  return dd_step_done (connection, statement, error);
}

static gboolean
insert_request (DdConnection *connection, gint64 deal, const DdApprovalRequest *request, GError **error)
{
  for (guint i = 0; i < request->steps->len; i++)
    {
      const DdRequirement *requirement = request->steps->pdata[i];

      if (!dd_requirement_open (request, requirement))
        continue;
      for (guint j = 0; j < requirement->candidates->len; j++)
        {
          const char *candidate = requirement->candidates->pdata[j];

          if (!has_decided (requirement, candidate) &&
              !insert_row (connection, deal, request, requirement, candidate, error))
            return FALSE;
        }
    }
  return TRUE;
}

gboolean
dd_project_approvals (DdConnection *connection, const DdDeal *deal, GError **error)
{
  static const char sql[] = "DELETE FROM approval WHERE deal = ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, deal->number);
  if (!dd_step_done (connection, statement, error))
    return FALSE;
  for (guint i = 0; i < deal->requests->len; i++)
    if (!insert_request (connection, deal->number, deal->requests->pdata[i], error))
      return FALSE;
  return TRUE;
}
