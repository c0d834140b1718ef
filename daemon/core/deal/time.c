/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Moments as text: RFC 3339, read leniently where real requests are lenient (no seconds, a date alone),
 * written in one form, in UTC. Any thread.
 */
#include "deal/proposal.h"

#include <stdlib.h>

/* A date alone means its end in UTC: an offer "until 2026-12-31" stands on that day. */
#define LAST_MICROSECOND_OF_DAY (G_TIME_SPAN_DAY - 1)

/* Moments are integers in canonical JSON, which ends at 2^53-1: in the year 2255. 0 means none. */
#define LAST_MOMENT G_GINT64_CONSTANT (9007199254740991)

static gboolean
date_parse (const char *text, gint64 *out_time)
{
  int year, month, day;

  if (strlen (text) != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;
  for (guint i = 0; i < 10; i++)
    if (i != 4 && i != 7 && !g_ascii_isdigit (text[i]))
      return FALSE;
  year = atoi (text);
  month = atoi (text + 5);
  day = atoi (text + 8);

  g_autoptr (GDateTime) date = g_date_time_new_utc (year, month, day, 0, 0, 0);
  if (date == NULL)
    return FALSE;
  *out_time = g_date_time_to_unix (date) * G_USEC_PER_SEC + LAST_MICROSECOND_OF_DAY;
  return TRUE;
}

/* "2026-12-31T12:00Z" lacks the seconds that GLib wants. */
static char *
with_seconds (const char *text)
{
  gsize length = strlen (text);

  if (length < 16 || text[10] != 'T' || text[13] != ':' || text[16] == ':')
    return g_strdup (text);
  return g_strdup_printf ("%.16s:00%s", text, text + 16);
}

gboolean
dd_date_is_valid (const char *text)
{
  gint64 ignored;

  return date_parse (text, &ignored);
}

static gboolean
moment_parse (const char *text, gint64 *out_time)
{
  g_autofree char *full = with_seconds (text);
  g_autoptr (GDateTime) moment = strlen (full) <= 40 ? g_date_time_new_from_iso8601 (full, NULL) : NULL;

  if (moment == NULL)
    return FALSE;
  *out_time = g_date_time_to_unix (moment) * G_USEC_PER_SEC + g_date_time_get_microsecond (moment);
  return TRUE;
}

gboolean
dd_time_is_valid (const char *text)
{
  gint64 ignored;

  return date_parse (text, &ignored) || moment_parse (text, &ignored);
}

gboolean
dd_time_parse (const char *text, gint64 *out_time, GError **error)
{
  gint64 time = 0;

  if (!date_parse (text, &time) && !moment_parse (text, &time))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "“%.40s” is no moment; it should look like 2026-12-31T12:00:00Z or 2026-12-31", text);
  if (time <= 0 || time > LAST_MOMENT)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "“%.40s” should lie between the years 1970 and 2255",
                    text);
  *out_time = time;
  return TRUE;
}

char *
dd_time_format (gint64 time)
{
  gint64 seconds = time / G_USEC_PER_SEC, fraction = time % G_USEC_PER_SEC;
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (seconds);

  g_return_val_if_fail (moment != NULL, g_strdup (""));
  g_autofree char *text = g_date_time_format (moment, "%Y-%m-%dT%H:%M:%S");
  if (fraction == 0)
    return g_strconcat (text, "Z", NULL);
  return g_strdup_printf ("%s.%06" G_GINT64_FORMAT "Z", text, fraction);
}
