/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The currencies: ISO 4217's active codes with the digits of their minor units.
 *
 * Source: ISO 4217 list one as of its amendments of 2025. Left out are the codes in which nobody is paid:
 * precious metals, bond market units, XDR, XSU, XUA, XTS and XXX. The table is in order of its codes, which
 * the unit test holds. Pure; any thread.
 */
#include "number/money.h"
#include "number/quoted.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  char code[4];
  guint8 minor_digits;
} Currency;

/* clang-format off */
static const Currency currencies[] = {
  { "AED", 2 }, { "AFN", 2 }, { "ALL", 2 }, { "AMD", 2 }, { "AOA", 2 }, { "ARS", 2 },
  { "AUD", 2 }, { "AWG", 2 }, { "AZN", 2 }, { "BAM", 2 }, { "BBD", 2 }, { "BDT", 2 },
  { "BHD", 3 }, { "BIF", 0 }, { "BMD", 2 }, { "BND", 2 }, { "BOB", 2 },
  { "BOV", 2 }, { "BRL", 2 }, { "BSD", 2 }, { "BTN", 2 }, { "BWP", 2 }, { "BYN", 2 },
  { "BZD", 2 }, { "CAD", 2 }, { "CDF", 2 }, { "CHE", 2 }, { "CHF", 2 }, { "CHW", 2 },
  { "CLF", 4 }, { "CLP", 0 }, { "CNY", 2 }, { "COP", 2 }, { "COU", 2 }, { "CRC", 2 },
  { "CUP", 2 }, { "CVE", 2 }, { "CZK", 2 }, { "DJF", 0 }, { "DKK", 2 }, { "DOP", 2 },
  { "DZD", 2 }, { "EGP", 2 }, { "ERN", 2 }, { "ETB", 2 }, { "EUR", 2 }, { "FJD", 2 },
  { "FKP", 2 }, { "GBP", 2 }, { "GEL", 2 }, { "GHS", 2 }, { "GIP", 2 }, { "GMD", 2 },
  { "GNF", 0 }, { "GTQ", 2 }, { "GYD", 2 }, { "HKD", 2 }, { "HNL", 2 }, { "HTG", 2 },
  { "HUF", 2 }, { "IDR", 2 }, { "ILS", 2 }, { "INR", 2 }, { "IQD", 3 }, { "IRR", 2 },
  { "ISK", 0 }, { "JMD", 2 }, { "JOD", 3 }, { "JPY", 0 }, { "KES", 2 }, { "KGS", 2 },
  { "KHR", 2 }, { "KMF", 0 }, { "KPW", 2 }, { "KRW", 0 }, { "KWD", 3 }, { "KYD", 2 },
  { "KZT", 2 }, { "LAK", 2 }, { "LBP", 2 }, { "LKR", 2 }, { "LRD", 2 }, { "LSL", 2 },
  { "LYD", 3 }, { "MAD", 2 }, { "MDL", 2 }, { "MGA", 2 }, { "MKD", 2 }, { "MMK", 2 },
  { "MNT", 2 }, { "MOP", 2 }, { "MRU", 2 }, { "MUR", 2 }, { "MVR", 2 }, { "MWK", 2 },
  { "MXN", 2 }, { "MXV", 2 }, { "MYR", 2 }, { "MZN", 2 }, { "NAD", 2 }, { "NGN", 2 },
  { "NIO", 2 }, { "NOK", 2 }, { "NPR", 2 }, { "NZD", 2 }, { "OMR", 3 }, { "PAB", 2 },
  { "PEN", 2 }, { "PGK", 2 }, { "PHP", 2 }, { "PKR", 2 }, { "PLN", 2 }, { "PYG", 0 },
  { "QAR", 2 }, { "RON", 2 }, { "RSD", 2 }, { "RUB", 2 }, { "RWF", 0 }, { "SAR", 2 },
  { "SBD", 2 }, { "SCR", 2 }, { "SDG", 2 }, { "SEK", 2 }, { "SGD", 2 }, { "SHP", 2 },
  { "SLE", 2 }, { "SOS", 2 }, { "SRD", 2 }, { "SSP", 2 }, { "STN", 2 }, { "SVC", 2 },
  { "SYP", 2 }, { "SZL", 2 }, { "THB", 2 }, { "TJS", 2 }, { "TMT", 2 }, { "TND", 3 },
  { "TOP", 2 }, { "TRY", 2 }, { "TTD", 2 }, { "TWD", 2 }, { "TZS", 2 }, { "UAH", 2 },
  { "UGX", 0 }, { "USD", 2 }, { "USN", 2 }, { "UYI", 0 }, { "UYU", 2 }, { "UYW", 4 },
  { "UZS", 2 }, { "VED", 2 }, { "VES", 2 }, { "VND", 0 }, { "VUV", 0 }, { "WST", 2 },
  { "XAF", 0 }, { "XCD", 2 }, { "XCG", 2 }, { "XOF", 0 }, { "XPF", 0 }, { "YER", 2 },
  { "ZAR", 2 }, { "ZMW", 2 }, { "ZWG", 2 },
};
/* clang-format on */

static int
compare_code (gconstpointer code, gconstpointer currency)
{
  return memcmp (code, ((const Currency *)currency)->code, sizeof (((const Currency *)currency)->code));
}

static const Currency *
find (const char code[4])
{
  return bsearch (code, currencies, G_N_ELEMENTS (currencies), sizeof currencies[0], compare_code);
}

gboolean
dd_currency_parse (const char *text, DdCurrency *out_currency, GError **error)
{
  DdCurrency currency = { "" };

  if (strlen (text) == 3)
    memcpy (currency.code, text, sizeof currency.code);
  if (find (currency.code) == NULL)
    {
      g_autofree char *quoted = dd_quote (text, -1);

      return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                      "%s isn't a currency; use an active code of ISO 4217 in capitals, like EUR", quoted);
    }
  *out_currency = currency;
  return TRUE;
}

gboolean
dd_currency_equal (DdCurrency a, DdCurrency b)
{
  return memcmp (a.code, b.code, sizeof a.code) == 0;
}

guint
dd_currency_minor_digits (DdCurrency currency)
{
  const Currency *found = find (currency.code);

  /* No currency has no minor unit: nothing is rounded. */
  return found == NULL ? DD_MICROS_SCALE : found->minor_digits;
}

gint64
dd_currency_minor_micros (DdCurrency currency)
{
  static const gint64 micros[DD_MICROS_SCALE + 1] = { 1000000, 100000, 10000, 1000, 100, 10, 1 };

  return micros[dd_currency_minor_digits (currency)];
}
