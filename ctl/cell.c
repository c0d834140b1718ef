/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Values as people read them (see cell.h). Pure; any thread.
 */
#include "cell.h"
#include "number/decimal.h"

#include <string.h>

#define DIGEST_SHOWN 12
#define MEMBER_SHOWN 40 /* characters of a member's value */

/* 0.01% in nanos: people see no smaller part. */
#define PERCENT_STEP (DD_NANOS / 10000)

gboolean
ctl_cell_is_right (CtlCellKind kind)
{
  return kind == CTL_CELL_NUMBER || kind == CTL_CELL_MONEY || kind == CTL_CELL_PERCENT;
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
      return g_strdup (dd_json_boolean (value) ? "yes" : "no");
    case DD_JSON_NULL:
    case DD_JSON_ARRAY:
    case DD_JSON_OBJECT:
    default:
      return g_strdup ("");
    }
}

/* "2026-11-24T05:09:13.250000Z" reads "2026-11-24 05:09:13Z"; what has another shape stays. */
static char *
format_time (const char *text)
{
  const char *zone;

  if (strlen (text) < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':')
    return g_strdup (text);
  zone = text + 19;
  if (*zone == '.')
    zone += 1 + strspn (zone + 1, "0123456789");
  return g_strdup_printf ("%.10s %.8s%s", text, text + 11, zone);
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

static void
append_members (const DdJsonNode *object, GString *text)
{
  for (const DdJsonNode *each = dd_json_first (object); each != NULL; each = dd_json_next (each))
    {
      g_autofree char *plain = NULL;

      if (!is_plain (each))
        continue;
      plain = format_plain (each);
      g_string_append_printf (text, "%s%s=", text->len == 0 ? "" : " ", dd_json_name (each));
      if (g_utf8_strlen (plain, -1) > MEMBER_SHOWN)
        {
          const char *end = g_utf8_offset_to_pointer (plain, MEMBER_SHOWN);

          g_string_append_len (text, plain, end - plain);
          g_string_append (text, "…");
        }
      else
        g_string_append (text, plain);
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
      return g_strdup (dd_json_type (value) == DD_JSON_BOOLEAN && dd_json_boolean (value) ? "yes" : "");
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
    case CTL_CELL_TITLE:
    case CTL_CELL_NUMBER:
    default:
      return format_plain (value);
    }
}
