/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The three discount measures: off the catalogue's price, off the price contracted with the customer, and off
 * what there was before anything was negotiated or spread.
 *
 * Charges weigh by what they come to over the commitment, and a line without any by one period, so that
 * nothing escapes the measures. A surcharge raises the price that is measured against by what it added. Pure.
 */
#include "price/pricing.h"

DdWide
dd_weigh (DdWide amount, const DdSpan *span)
{
  if (span->parts == 0)
    return amount;
  return span->whole == 1 ? amount * span->parts : dd_wide_divide_rounded (amount * span->parts, span->whole);
}

gint64
dd_share_off (DdWide whole, DdWide part)
{
  DdWide nanos = whole <= 0 ? 0 : dd_wide_divide_rounded ((whole - part) * DD_NANOS, whole);

  /* No part is below zero, so no more than all can be off. */
  return (gint64)MAX (nanos, -(DdWide)G_MAXINT64);
}

/* What the charge would be without a discount, by each measure. */
static DdWide
at_list (const DdChargeResult *result)
{
  return (DdWide)result->list + result->surcharge;
}

static DdWide
at_contract (const DdChargeResult *result)
{
  return (DdWide)result->contracted + result->surcharge - result->surcharge_base;
}

static DdWide
at_standing (const DdChargeResult *result)
{
  return (DdWide)result->standing + result->surcharge_discretionary;
}

DdWide
dd_prices_add (DdPrices *prices, const DdChargeResult *result, const DdSpan *span)
{
  DdWide gross = dd_weigh ((DdWide)result->net + result->installed, span);

  prices->net += gross;
  prices->list += dd_weigh (at_list (result), span);
  prices->contracted += dd_weigh (at_contract (result), span);
  prices->standing += dd_weigh (at_standing (result), span);
  return gross;
}

void
dd_prices_add_rate (DdPrices *prices, const DdChargeResult *result)
{
  gint64 off_list = dd_share_off (at_list (result), result->net);
  gint64 off_contracted = dd_share_off (at_contract (result), result->net);
  gint64 off_standing = dd_share_off (at_standing (result), result->net);

  prices->rate_list = MAX (prices->rate_list, off_list);
  prices->rate_contracted = MAX (prices->rate_contracted, off_contracted);
  prices->rate_standing = MAX (prices->rate_standing, off_standing);
}

void
dd_prices_measure (
  const DdPrices *prices, guint arithmetic, gint64 *out_list, gint64 *out_standing, gint64 *out_discretionary)
{
  gint64 off_list = dd_share_off (prices->list, prices->net);
  gint64 off_contracted = dd_share_off (prices->contracted, prices->net);
  gint64 off_standing = dd_share_off (prices->standing, prices->net);

  *out_list = MAX (off_list, prices->rate_list);
  *out_discretionary = MAX (off_standing, prices->rate_standing);
  /* Arithmetic 1 took the discretionary one for both. */
  *out_standing = arithmetic == 1 ? *out_discretionary : MAX (off_contracted, prices->rate_contracted);
}

/* --- lines --- */

typedef struct
{
  DdCurrency currency;
  DdPrices prices;
} Part;

static Part *
find_part (GArray *parts, DdCurrency currency)
{
  Part part = { .currency = currency };

  for (guint i = 0; i < parts->len; i++)
    if (dd_currency_equal (g_array_index (parts, Part, i).currency, currency))
      return &g_array_index (parts, Part, i);
  g_array_append_val (parts, part);
  return &g_array_index (parts, Part, parts->len - 1);
}

static void
end_line (const DdSheet *sheet, guint32 line, GArray *parts, GArray *lines)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);
      DdLineDiscounts discounts = { .line = line, .currency = part->currency };

      dd_prices_measure (&part->prices, sheet->arithmetic, &discounts.discount_list,
                         &discounts.discount_standing, &discounts.discount_discretionary);
      g_array_append_val (lines, discounts);
    }
  g_array_set_size (parts, 0);
}

GArray *
dd_sheet_line_discounts (const DdSheet *sheet)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (DdLineDiscounts));
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));

  for (guint i = 0; i < sheet->results->len; i++)
    {
      const DdCharge *charge = &g_array_index (sheet->answers->charges, DdCharge, i);
      const DdChargeResult *result = &g_array_index (sheet->results, DdChargeResult, i);
      gboolean last = i + 1 == sheet->results->len ||
                      g_array_index (sheet->answers->charges, DdCharge, i + 1).line != charge->line;

      if (result->counted && result->rate)
        dd_prices_add_rate (&find_part (parts, charge->currency)->prices, result);
      else if (result->counted)
        dd_prices_add (&find_part (parts, charge->currency)->prices, result, &sheet->spans[i]);
      if (last)
        end_line (sheet, charge->line, parts, lines);
    }
  return lines;
}
