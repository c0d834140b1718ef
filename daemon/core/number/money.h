/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Money: micros of an ISO 4217 currency's unit, and its text form "EUR 1234.50".
 * Pure; any thread.
 */
#pragma once

#include "number/checked.h"
#include "number/decimal.h"

G_BEGIN_DECLS

/* A currency code as four bytes, NUL-terminated; "" is none. */
typedef struct
{
  char code[4];
} DdCurrency;

typedef struct
{
  gint64 micros;
  DdCurrency currency;
} DdMoney;

/* One of ISO 4217's active codes, upper case; otherwise DD_ERROR_INVALID_ARGUMENT. */
gboolean dd_currency_parse (const char *text, DdCurrency *out_currency, GError **error);
gboolean dd_currency_equal (DdCurrency a, DdCurrency b);

/* Digits after the point of @currency's minor unit: 2 for EUR, 0 for JPY, 3 for BHD. */
guint dd_currency_minor_digits (DdCurrency currency);

/* The minor unit in micros: 10000 for EUR, 1000000 for JPY. */
gint64 dd_currency_minor_micros (DdCurrency currency);

/* "EUR 1234.50": code, one space, decimal with up to six digits. */
gboolean dd_money_parse (const char *text, DdMoney *out_money, GError **error);

/* At least the minor unit's digits: "EUR 1234.50", "JPY 1235", "EUR 0.001250". */
void dd_money_append (GString *out, gint64 micros, DdCurrency currency);
char *dd_money_format (gint64 micros, DdCurrency currency);

/* Rounds to the minor unit, half away from zero. */
gboolean dd_money_round_minor (gint64 micros, DdCurrency currency, gint64 *out_micros, GError **error);

G_END_DECLS
