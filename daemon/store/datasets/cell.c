/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Cells: text to typed values, strictly, and their order. Pure; any thread.
 */
#include "datasets/datasets.h"
#include "number/day.h"
#include "number/money.h"
#include "number/quoted.h"

#include <string.h>

static gboolean
complain (const char *text, gsize length, const char *right, GError **error)
{
  g_autofree char *quoted = dd_quote (text, (gssize)length);

  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s isn't %s", quoted, right);
}

/* One spelling a value: leading keys are found by text. */
static gboolean
read_integer (const char *text, gsize length, gint64 *out_number, GError **error)
{
  const char *digits = text + (text[0] == '-');
  gsize n = length - (gsize)(digits - text);
  guint64 value = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint digit = (guint)(digits[i] - '0');

      if (digit > 9 || (i == 0 && digit == 0 && (n > 1 || digits != text)))
        return complain (text, length, "an integer; write one such as 12 or -3, without leading zeros",
                         error);
      if (i >= 18)
        return complain (text, length, "an integer of at most 18 digits", error);
      value = value * 10 + digit;
    }
  if (n == 0)
    return complain (text, length, "an integer; write one such as 12 or -3", error);
  *out_number = digits != text ? -(gint64)value : (gint64)value;
  return TRUE;
}

static guint
two_digits (const char *text)
{
  return (guint)(text[0] - '0') * 10 + (guint)(text[1] - '0');
}

static gboolean
read_date (const char *text, gsize length, gint64 *out_days, GError **error)
{
  static const guint8 month_days[] = { 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  static const char pattern[] = "dddd-dd-dd";
  gboolean fits = length == strlen (pattern);
  guint year;
  guint month;
  guint day;

  for (gsize i = 0; fits && i < length; i++)
    fits = pattern[i] == 'd' ? g_ascii_isdigit (text[i]) : text[i] == pattern[i];
  if (!fits)
    return complain (text, length, "a date; write one such as 2026-12-31", error);
  year = two_digits (text) * 100 + two_digits (text + 2);
  month = two_digits (text + 5);
  day = two_digits (text + 8);
  if (year == 0 || month == 0 || month > 12 || day == 0 || day > month_days[month] ||
      (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0))))
    return complain (text, length, "a day that exists; write one such as 2026-12-31", error);
  *out_days = dd_day_from_date (year, month, day);
  return TRUE;
}

static gboolean
read_boolean (const char *text, gsize length, gint64 *out_number, GError **error)
{
  if (strcmp (text, "true") != 0 && strcmp (text, "false") != 0)
    return complain (text, length, "a boolean; write true or false", error);
  *out_number = text[0] == 't';
  return TRUE;
}

static gboolean
read_percent (const char *text, gsize length, gint64 *out_number, GError **error)
{
  if (text[length - 1] != '%')
    return complain (text, length, "a percentage; write one such as 12.5%", error);
  return dd_percent_parse (text, out_number, error);
}

static gboolean
read_number (const DdColumn *column, const char *text, gsize length, gint64 *out_number, GError **error)
{
  DdCurrency currency;

  switch (column->type)
    {
    case DD_COLUMN_INTEGER:
      return read_integer (text, length, out_number, error);
    case DD_COLUMN_DECIMAL:
      return dd_decimal_parse (text, (gssize)length, DD_NANOS_SCALE, out_number, error);
    case DD_COLUMN_QUANTITY:
      return dd_decimal_parse (text, (gssize)length, DD_MICROS_SCALE, out_number, error);
    case DD_COLUMN_PERCENT:
      return read_percent (text, length, out_number, error);
    case DD_COLUMN_CURRENCY:
      *out_number = 0;
      return dd_currency_parse (text, &currency, error);
    case DD_COLUMN_DATE:
      return read_date (text, length, out_number, error);
    case DD_COLUMN_BOOLEAN:
      return read_boolean (text, length, out_number, error);
    default:
      *out_number = 0;
      return TRUE;
    }
}

gboolean
dd_cell_read (const DdColumn *column, const char *text, gsize length, DdCell *out_cell, GError **error)
{
  gint64 number = G_MININT64;

  if (length == 0 && !column->optional)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "it is empty; a %s is required here",
                    dd_column_type_name (column->type));
  if (length > 0 && !read_number (column, text, length, &number, error))
    return FALSE;
  out_cell->number = number;
  out_cell->text = length > 0 ? text : "";
  return TRUE;
}

int
dd_cell_compare (const DdColumn *column, const DdCell *a, const DdCell *b)
{
  if (column->type == DD_COLUMN_TEXT || column->type == DD_COLUMN_CURRENCY)
    return strcmp (a->text, b->text);
  return (a->number > b->number) - (a->number < b->number);
}

char *
dd_cell_format_number (DdColumnType type, gint64 number)
{
  if (type == DD_COLUMN_PERCENT)
    return dd_percent_format (number);
  return dd_decimal_format (number,
                            type == DD_COLUMN_DECIMAL    ? DD_NANOS_SCALE
                            : type == DD_COLUMN_QUANTITY ? DD_MICROS_SCALE
                                                         : 0,
                            0);
}
