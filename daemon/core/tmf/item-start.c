/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The day on which an item's product starts or ends.
 *
 * TMF622 has two more dates, of the whole order: requestedStartDate, before which fulfilment must not begin,
 * and requestedCompletionDate. Neither is the day from which a line is charged, and lines may differ, so the
 * day is the product's. A quote has what the line itself states, so that reading it gives the line back; an
 * order has no other place for the proposal's day, and repeats it on each line. Pure; any thread.
 */
#include "tmf/item-start.h"

#include <string.h>

/* Of "2026-12-31", with which every moment begins. */
#define DATE_BYTES 10

const char *
dd_tmf_start_member (const DdLine *line)
{
  if (line->action == DD_ACTION_NO_CHANGE)
    return NULL;
  return line->action == DD_ACTION_DELETE ? "terminationDate" : "startDate";
}

/* The day is the one that is written, whatever the clock's offset: who starts on the first means the first
 * there. */
gboolean
dd_tmf_read_start (const DdJsonNode *product, DdLine *line, GError **error)
{
  const char *name = dd_tmf_start_member (line);
  const char *text = NULL;
  g_autofree char *day = NULL;

  if (product == NULL || name == NULL)
    return TRUE;
  if (!dd_json_get_text (product, name, FALSE, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  if (!dd_time_is_valid (text))
    return dd_json_complain (dd_json_member (product, name), error,
                             "“%.40s” is no moment; it should look like 2026-12-31T12:00:00Z or 2026-12-31",
                             text);
  day = g_strndup (text, DATE_BYTES);
  if (dd_date_is_valid (day))
    line->start = g_steal_pointer (&day);
  return TRUE;
}

const char *
dd_tmf_write_start (const DdProposal *proposal, const DdLine *line, DdTmfKind kind, DdJsonWriter *writer)
{
  const char *name = dd_tmf_start_member (line);
  const char *day = line->start != NULL || kind == DD_TMF_QUOTE ? line->start : proposal->effective_from;
  g_autofree char *moment = NULL;

  if (name == NULL || day == NULL)
    return NULL;
  moment = g_strconcat (day, "T00:00:00Z", NULL);
  dd_json_put_string (writer, name, moment);
  return name;
}
