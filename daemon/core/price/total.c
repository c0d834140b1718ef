/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Totals by currency, type and period, and the deal's figures by currency.
 *
 * Everything is a sum of amounts that were rounded before, so the parts add up to the whole. Sums are wide
 * and narrowed once: whether they fit doesn't depend on the order of lines. A period's length in months is
 * exact but for days and weeks, which count a year of 365 days. Pure.
 */
#include "price/pricing.h"

#include <string.h>

enum
{
  SUM_LIST,
  SUM_STANDING,
  SUM_NET,
  SUM_TAX,
  SUM_COST,
  SUM_UNSPREAD,
  N_SUMS
};

typedef struct
{
  DdCurrency currency;
  guint8 type;
  guint8 period;
  DdWide sums[N_SUMS];
} Total;

typedef struct
{
  DdCurrency currency;
  DdWide contract;
  DdWide contract_list;
  DdWide monthly;
  DdWide cost;
  DdWide costed_value; /* weighed, as are those below */
  DdWide costed_cost;
  DdWide net;
  DdWide list;
  DdWide standing;
  gint64 rate_list; /* the worst discount of a usage rate, nanos */
  gint64 rate_standing;
  gboolean has_cost;
} Figures;

/* How many periods a month has: numerator and divisor. */
static const struct
{
  gint64 numerator;
  gint64 divisor;
} periods_a_month[DD_N_PERIODS] = {
  [DD_PERIOD_NONE] = { 0, 1 },  [DD_PERIOD_DAY] = { 365, 12 },  [DD_PERIOD_WEEK] = { 365, 84 },
  [DD_PERIOD_MONTH] = { 1, 1 }, [DD_PERIOD_QUARTER] = { 1, 3 }, [DD_PERIOD_YEAR] = { 1, 12 },
};

static Total *
find_total (GArray *totals, DdCurrency currency, guint8 type, guint8 period)
{
  Total total = { .currency = currency, .type = type, .period = period };

  for (guint i = 0; i < totals->len; i++)
    {
      Total *known = &g_array_index (totals, Total, i);

      if (known->type == type && known->period == period && dd_currency_equal (known->currency, currency))
        return known;
    }
  g_array_append_val (totals, total);
  return &g_array_index (totals, Total, totals->len - 1);
}

static Figures *
find_figures (GArray *all, DdCurrency currency)
{
  Figures figures = { .currency = currency };

  for (guint i = 0; i < all->len; i++)
    if (dd_currency_equal (g_array_index (all, Figures, i).currency, currency))
      return &g_array_index (all, Figures, i);
  g_array_append_val (all, figures);
  return &g_array_index (all, Figures, all->len - 1);
}

static void
add_total (GArray *totals, const DdCharge *charge, const DdChargeResult *result)
{
  Total *total = find_total (totals, charge->currency, charge->type, charge->period);

  total->sums[SUM_LIST] += (DdWide)result->list - result->installed;
  total->sums[SUM_STANDING] += (DdWide)result->standing - result->installed;
  total->sums[SUM_NET] += result->net;
  total->sums[SUM_TAX] += result->tax;
  total->sums[SUM_COST] += result->cost;
}

/* An amount a period (a multiple of @step), over @months, rounded once to a multiple of @step. */
static DdWide
over_months (DdWide amount, guint period, guint months, gint64 step)
{
  DdWide numerator = amount * periods_a_month[period].numerator * months;
  gint64 divisor = periods_a_month[period].divisor;

  if (divisor == 1)
    return numerator;
  return dd_wide_divide_rounded (numerator, (DdWide)divisor * step) * step;
}

/* (@whole - @part) / @whole in nanos. Of nothing, nothing was taken off. */
static gint64
share_off (DdWide whole, DdWide part)
{
  DdWide nanos = whole <= 0 ? 0 : dd_wide_divide_rounded ((whole - part) * DD_NANOS, whole);

  return (gint64)CLAMP (nanos, -(DdWide)G_MAXINT64, (DdWide)G_MAXINT64);
}

static void
add_figures (DdPricing *pricing, GArray *all, const DdCharge *charge, const DdChargeResult *result)
{
  Figures *figures = find_figures (all, charge->currency);
  gboolean once = charge->type == DD_CHARGE_ONE_TIME;
  guint commitment = pricing->lines[charge->line].commitment;
  gint64 minor = dd_pricing_minor (pricing, charge->currency);
  gboolean weigh_one = once || commitment == 0;
  DdWide gross = (DdWide)result->net + result->installed;
  DdWide list = (DdWide)result->list + result->surcharge;
  DdWide standing = (DdWide)result->standing + result->surcharge_discretionary;
  guint period = charge->period;

  DdWide listed = (DdWide)result->list - result->installed;

  figures->contract += once ? result->net : over_months (result->net, period, commitment, minor);
  figures->contract_list += once ? listed : over_months (listed, period, commitment, minor);
  figures->monthly += over_months (result->net, period, 1, minor);
  figures->net += weigh_one ? gross : over_months (gross, period, commitment, 1);
  figures->list += weigh_one ? list : over_months (list, period, commitment, 1);
  figures->standing += weigh_one ? standing : over_months (standing, period, commitment, 1);
  if (!result->has_cost)
    return;
  figures->has_cost = TRUE;
  figures->cost += once ? result->cost : over_months (result->cost, period, commitment, 1);
  figures->costed_value += weigh_one ? gross : over_months (gross, period, commitment, 1);
  figures->costed_cost += weigh_one ? result->cost : over_months (result->cost, period, commitment, 1);
}

/* A rate without volume has no weight: its own discount is governed, the worst of all. */
static void
add_rate (GArray *all, const DdCharge *charge, const DdChargeResult *result)
{
  Figures *figures = find_figures (all, charge->currency);
  gint64 off_list = share_off ((DdWide)result->list + result->surcharge, result->net);
  gint64 off_standing = share_off ((DdWide)result->standing + result->surcharge_discretionary, result->net);

  figures->rate_list = MAX (figures->rate_list, off_list);
  figures->rate_standing = MAX (figures->rate_standing, off_standing);
}

static int
compare_totals (gconstpointer a, gconstpointer b)
{
  const Total *a_total = a;
  const Total *b_total = b;
  int order = memcmp (a_total->currency.code, b_total->currency.code, sizeof a_total->currency.code);

  if (order == 0)
    order = a_total->type - b_total->type;
  return order != 0 ? order : a_total->period - b_total->period;
}

static int
compare_figures (gconstpointer a, gconstpointer b)
{
  return memcmp (((const Figures *)a)->currency.code, ((const Figures *)b)->currency.code,
                 sizeof ((const Figures *)a)->currency.code);
}

static gboolean
narrow_totals (DdSheet *sheet, GArray *totals, GError **error)
{
  g_array_sort (totals, compare_totals);
  for (guint i = 0; i < totals->len; i++)
    {
      const Total *wide = &g_array_index (totals, Total, i);
      DdTotal total = { .currency = wide->currency, .type = wide->type, .period = wide->period };
      gint64 *const targets[N_SUMS] = {
        &total.list, &total.standing, &total.net, &total.tax, &total.cost, &total.unspread,
      };

      for (guint sum = 0; sum < N_SUMS; sum++)
        if (!dd_wide_to_int64 (wide->sums[sum], targets[sum], error))
          return FALSE;
      g_array_append_val (sheet->totals, total);
    }
  return TRUE;
}

static gint64
margin (const Figures *figures)
{
  if (!figures->has_cost)
    return G_MININT64;
  if (figures->costed_value <= 0)
    return figures->costed_cost > 0 ? -G_MAXINT64 : 0;
  return share_off (figures->costed_value, figures->costed_cost);
}

static gboolean
narrow_figures (DdSheet *sheet, GArray *all, GError **error)
{
  g_array_sort (all, compare_figures);
  for (guint i = 0; i < all->len; i++)
    {
      const Figures *wide = &g_array_index (all, Figures, i);
      DdDealFigures figures = { .currency = wide->currency };

      if (!dd_wide_to_int64 (wide->contract, &figures.contract_value, error) ||
          !dd_wide_to_int64 (wide->contract_list, &figures.contract_list, error) ||
          !dd_wide_to_int64 (wide->monthly, &figures.monthly, error) ||
          !dd_wide_to_int64 (wide->cost, &figures.cost, error))
        return FALSE;
      figures.margin = margin (wide);
      figures.discount_list = MAX (share_off (wide->list, wide->net), wide->rate_list);
      figures.discount_standing = MAX (share_off (wide->standing, wide->net), wide->rate_standing);
      figures.discount_discretionary = figures.discount_standing;
      g_array_append_val (sheet->figures, figures);
    }
  return TRUE;
}

gboolean
dd_pricing_total (DdPricing *pricing, GError **error)
{
  g_autoptr (GArray) totals = g_array_new (FALSE, FALSE, sizeof (Total));
  g_autoptr (GArray) figures = g_array_new (FALSE, FALSE, sizeof (Figures));

  for (guint i = 0; i < pricing->answers->charges->len; i++)
    {
      const DdCharge *charge = &pricing->charges[i];
      const DdChargeResult *result = &pricing->results[i];

      /* A currency that counts for nothing yet has its figures too: no offer is without a measure. */
      find_figures (figures, charge->currency);
      if (result->counted && result->rate)
        add_rate (figures, charge, result);
      else if (result->counted)
        {
          add_total (totals, charge, result);
          add_figures (pricing, figures, charge, result);
        }
    }
  for (guint i = 0; i < pricing->answers->spreads->len; i++)
    if (pricing->unspread[i] != 0)
      {
        const DdSpread *spread = &g_array_index (pricing->answers->spreads, DdSpread, i);

        find_total (totals, spread->currency, spread->type, spread->period)->sums[SUM_UNSPREAD] +=
          pricing->unspread[i];
      }
  if (!narrow_totals (pricing->sheet, totals, error) || !narrow_figures (pricing->sheet, figures, error))
    {
      g_prefix_error (error, "the deal's totals: ");
      return FALSE;
    }
  return TRUE;
}
