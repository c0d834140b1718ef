/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Fuzzing decimal, percent and money text: whatever is read must be written and read back as the same number.
 */
#include "number/money.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
require (gboolean condition, const char *what)
{
  if (!condition)
    g_error ("%s", what);
}

static void
try_decimal (const char *text, gsize size, guint scale)
{
  gint64 value;
  gint64 again;
  g_autoptr (GError) error = NULL;

  if (!dd_decimal_parse (text, (gssize)size, scale, &value, &error))
    {
      require (error != NULL && g_utf8_validate (error->message, -1, NULL), "an error that isn't UTF-8");
      return;
    }

  g_autofree char *written = dd_decimal_format (value, scale, scale / 2);

  require (dd_decimal_parse (written, -1, scale, &again, NULL) && again == value, "a decimal changed");
}

static void
try_text (const char *text)
{
  gint64 nanos;
  gint64 nanos_again;
  DdMoney money;
  DdMoney money_again;

  if (dd_percent_parse (text, &nanos, NULL))
    {
      g_autofree char *written = dd_percent_format (nanos);

      require (dd_percent_parse (written, &nanos_again, NULL) && nanos_again == nanos,
               "a percentage changed");
    }
  if (dd_money_parse (text, &money, NULL))
    {
      g_autofree char *written = dd_money_format (money.micros, money.currency);

      require (dd_money_parse (written, &money_again, NULL) && money_again.micros == money.micros &&
                 dd_currency_equal (money_again.currency, money.currency),
               "an amount of money changed");
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size == 0)
    return 0;

  /* A copy of the exact size, so that reading past its end is seen. */
  g_autofree char *exact = g_memdup2 (data + 1, size - 1);
  g_autofree char *text = g_strndup ((const char *)data + 1, size - 1);

  if (exact != NULL)
    try_decimal (exact, size - 1, data[0] % 19);
  try_text (text);
  return 0;
}
