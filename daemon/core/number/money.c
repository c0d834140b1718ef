/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Money and its text form (see money.h). Pure; any thread.
 */
#include "number/money.h"
#include "number/quoted.h"

#include <string.h>

gboolean
dd_money_parse (const char *text, DdMoney *out_money, GError **error)
{
  const char *space = strchr (text, ' ');
  DdMoney money = { 0 };

  if (space == NULL)
    {
      g_autofree char *quoted = dd_quote (text, -1);

      return dd_fail (
        error, DD_ERROR_INVALID_ARGUMENT,
        "%s isn't an amount of money; write a currency, one space and a decimal, like EUR 1234.50", quoted);
    }

  g_autofree char *code = g_strndup (text, (gsize)(space - text));

  if (!dd_currency_parse (code, &money.currency, error))
    return FALSE;
  if (!dd_decimal_parse (space + 1, -1, DD_MICROS_SCALE, &money.micros, error))
    {
      g_prefix_error (error, "after %s: ", money.currency.code);
      return FALSE;
    }
  *out_money = money;
  return TRUE;
}

void
dd_money_append (GString *out, gint64 micros, DdCurrency currency)
{
  /* An amount that is no whole number of minor units shows every digit, so that it can't be
   * mistaken for one that is. */
  gboolean whole = micros % dd_currency_minor_micros (currency) == 0;

  if (currency.code[0] != '\0')
    {
      g_string_append (out, currency.code);
      g_string_append_c (out, ' ');
    }
  dd_decimal_append (out, micros, DD_MICROS_SCALE,
                     whole ? dd_currency_minor_digits (currency) : DD_MICROS_SCALE);
}

char *
dd_money_format (gint64 micros, DdCurrency currency)
{
  GString *out = g_string_sized_new (32);

  dd_money_append (out, micros, currency);
  return g_string_free (out, FALSE);
}

gboolean
dd_money_round_minor (gint64 micros, DdCurrency currency, gint64 *out_micros, GError **error)
{
  return dd_checked_round_to (micros, dd_currency_minor_micros (currency), out_micros, error);
}
