/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Values as people read them (see cell.h). Pure; any thread.
 */
#include "cell.h"
#include "i18n.h"
#include "text.h"
#include "deal/proposal.h"
#include "number/decimal.h"

#include <string.h>

#define DIGEST_SHOWN 12

/* 0.01% in nanos: people see no smaller part. */
#define PERCENT_STEP (DD_NANOS / 10000)

gboolean
ctl_cell_is_right (CtlCellKind kind)
{
  return kind == CTL_CELL_NUMBER || kind == CTL_CELL_QUANTITY || kind == CTL_CELL_MONEY ||
         kind == CTL_CELL_PERCENT;
}

gboolean
ctl_cell_wraps (CtlCellKind kind)
{
  return kind == CTL_CELL_PROSE || kind == CTL_CELL_LIST || kind == CTL_CELL_MEMBERS || kind == CTL_CELL_TIME;
}

static gboolean
is_plain (const DdJsonNode *value)
{
  return dd_json_type (value) != DD_JSON_ARRAY && dd_json_type (value) != DD_JSON_OBJECT;
}

static char *
format_plain (const DdJsonNode *value)
{
  switch (dd_json_type (value))
    {
    case DD_JSON_STRING:
    case DD_JSON_NUMBER:
      return g_strdup (dd_json_text (value));
    case DD_JSON_BOOLEAN:
      return g_strdup (dd_json_boolean (value) ? _ ("yes") : _ ("no"));
    case DD_JSON_NULL:
    case DD_JSON_ARRAY:
    case DD_JSON_OBJECT:
    default:
      return g_strdup ("");
    }
}

/* "2026-11-24T05:09:13.250000Z" reads "2026-11-24 06:09:13+01:00" in Paris; what has another shape stays. */
static char *
format_time (const char *text)
{
  g_autoptr (GDateTime) time = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (strlen (text) < 20 || text[10] != 'T')
    return g_strdup (text);
  time = g_date_time_new_from_iso8601 (text, NULL);
  local = time == NULL ? NULL : g_date_time_to_local (time);
  if (local == NULL)
    return g_strdup (text);
  return g_date_time_format (local, g_date_time_get_utc_offset (local) == 0 ? "%Y-%m-%d %H:%M:%SZ"
                                                                            : "%Y-%m-%d %H:%M:%S%:z");
}

/* A percentage is rounded, half away from zero; money has its digits already. */
static char *
format_amount (const DdJsonNode *value)
{
  g_autofree char *text = format_plain (value);
  gint64 nanos;
  gint64 rest;

  if (!g_str_has_suffix (text, "%") || !dd_percent_parse (text, &nanos, NULL))
    return g_steal_pointer (&text);
  rest = nanos % PERCENT_STEP;
  nanos -= rest;
  if (rest >= PERCENT_STEP / 2 && nanos <= G_MAXINT64 - PERCENT_STEP)
    nanos += PERCENT_STEP;
  else if (rest <= -PERCENT_STEP / 2 && nanos >= G_MININT64 + PERCENT_STEP)
    nanos -= PERCENT_STEP;
  return dd_percent_format (nanos);
}

static char *
format_list (const DdJsonNode *value)
{
  GString *text = g_string_new (NULL);

  for (const DdJsonNode *each = dd_json_first (value); each != NULL; each = dd_json_next (each))
    {
      g_autofree char *one = format_plain (each);

      g_string_append_printf (text, "%s%s", text->len == 0 ? "" : ", ", one);
    }
  return g_string_free (text, FALSE);
}

/* A member with such a name, in an event's body. */
static gboolean
is_moment (const char *name, const DdJsonNode *value)
{
  return dd_json_type (value) == DD_JSON_STRING &&
         (g_str_has_suffix (name, "Until") || g_str_has_suffix (name, "At") ||
          g_str_equal (name, "expires") || g_str_equal (name, "nextAttempt"));
}

/* In quotes where it isn't plain where it ends. */
static void
append_value (const char *value, GString *text)
{
  gboolean quoted = strchr (value, ' ') != NULL;

  g_string_append_printf (text, quoted ? "\"%s\"" : "%s", value);
}

static void
append_members (const DdJsonNode *object, GString *text)
{
  for (const DdJsonNode *each = dd_json_first (object); each != NULL; each = dd_json_next (each))
    {
      g_autofree char *plain = NULL;

      if (!is_plain (each))
        continue;
      plain = is_moment (dd_json_name (each), each) ? format_time (dd_json_text (each)) : format_plain (each);
      g_string_append_printf (text, "%s%s=", text->len == 0 ? "" : " ", dd_json_name (each));
      if (ctl_text_is_digest (plain))
        plain[DIGEST_SHOWN] = '\0';
      append_value (plain, text);
    }
}

static char *
format_members (const DdJsonNode *value)
{
  GString *text = g_string_new (NULL);

  if (dd_json_type (value) == DD_JSON_OBJECT)
    append_members (value, text);
  else if (dd_json_type (value) == DD_JSON_ARRAY)
    for (const DdJsonNode *each = dd_json_first (value); each != NULL; each = dd_json_next (each))
      if (dd_json_type (each) == DD_JSON_OBJECT)
        append_members (each, text);
  return g_string_free (text, FALSE);
}

char *
ctl_cell_format (CtlCellKind kind, const DdJsonNode *value, gboolean whole)
{
  if (value == NULL || dd_json_type (value) == DD_JSON_NULL)
    return g_strdup ("");
  switch (kind)
    {
    case CTL_CELL_YES:
      return g_strdup (dd_json_type (value) == DD_JSON_BOOLEAN && dd_json_boolean (value) ? _ ("yes") : "");
    case CTL_CELL_TIME:
      return dd_json_type (value) == DD_JSON_STRING ? format_time (dd_json_text (value))
                                                    : format_plain (value);
    case CTL_CELL_LIST:
      return dd_json_type (value) == DD_JSON_ARRAY ? format_list (value) : format_plain (value);
    case CTL_CELL_DIGEST:
      if (dd_json_type (value) == DD_JSON_STRING && !whole)
        return g_strndup (dd_json_text (value), DIGEST_SHOWN);
      return format_plain (value);
    case CTL_CELL_MEMBERS:
      return is_plain (value) ? format_plain (value) : format_members (value);
    case CTL_CELL_DATA:
      return g_strdup ("");
    case CTL_CELL_MONEY:
    case CTL_CELL_PERCENT:
      return format_amount (value);
    case CTL_CELL_TEXT:
    case CTL_CELL_PROSE:
    case CTL_CELL_STATE:
    case CTL_CELL_NUMBER:
    case CTL_CELL_QUANTITY:
    default:
      return format_plain (value);
    }
}
