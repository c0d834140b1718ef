/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Totals by currency, type and period, and the deal's figures by currency.
 *
 * Everything is a sum of amounts that were rounded before, so the parts add up to the whole. Sums are wide
 * and narrowed once: whether they fit doesn't depend on the order of lines. Recurring totals are those of
 * each class of contract years; figures cover the commitment (worth.c), and normalised to a month they are
 * those of the first contract year. Pure.
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
  guint8 first_year;
  guint8 last_year;
  DdWide sums[N_SUMS];
} Total;

typedef struct
{
  DdCurrency currency;
  DdWide contract;
  DdWide contract_list;
  DdWide monthly;
  DdWide cost;
  DdWide costed_value; /* weighed, as is the next */
  DdWide costed_cost;
  DdPrices prices;
  GArray *flows; /* by month; NULL until there is a charge that counts */
  gboolean has_cost;
} Figures;

static void
figures_clear (gpointer data)
{
  g_clear_pointer (&((Figures *)data)->flows, g_array_unref);
}

static Total *
find_total (GArray *totals, const Total *key)
{
  for (guint i = 0; i < totals->len; i++)
    {
      Total *known = &g_array_index (totals, Total, i);

      if (known->type == key->type && known->period == key->period && known->first_year == key->first_year &&
          dd_currency_equal (known->currency, key->currency))
        return known;
    }
  g_array_append_vals (totals, key, 1);
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
  gboolean once = charge->type == DD_CHARGE_ONE_TIME;
  Total key = {
    .currency = charge->currency,
    .type = charge->type,
    .period = charge->period,
    .first_year = once ? 0 : charge->first_year,
    .last_year = once ? 0 : charge->last_year,
  };
  Total *total = find_total (totals, &key);

  total->sums[SUM_LIST] += (DdWide)result->list - result->installed;
  total->sums[SUM_STANDING] += (DdWide)result->standing - result->installed;
  total->sums[SUM_NET] += result->net;
  total->sums[SUM_TAX] += result->tax;
  total->sums[SUM_COST] += result->cost;
}

static void
add_unspread (const DdPricing *pricing, guint index, GArray *totals)
{
  const DdSpread *spread = &g_array_index (pricing->answers->spreads, DdSpread, index);
  const gint64 *unspread = &pricing->unspread[(gsize)index * pricing->n_classes];
  gboolean once = spread->type == DD_CHARGE_ONE_TIME;
  Total key = { .currency = spread->currency, .type = spread->type, .period = spread->period };

  for (guint k = 0; k < pricing->n_classes; k++)
    {
      if (unspread[k] == 0)
        continue;
      if (!once && pricing->n_classes > 1)
        {
          key.first_year = pricing->classes[k];
          key.last_year = dd_pricing_class_end (pricing, k);
        }
      find_total (totals, &key)->sums[SUM_UNSPREAD] += unspread[k];
    }
}

static void
add_figures (DdPricing *pricing, GArray *all, guint32 index, const DdSpan *span)
{
  const DdCharge *charge = &pricing->charges[index];
  const DdChargeResult *result = &pricing->results[index];
  const DdWorth *worth = &g_array_index (pricing->sheet->worths, DdWorth, index);
  Figures *figures = find_figures (all, charge->currency);
  DdWide gross = dd_prices_add (&figures->prices, result, span);

  figures->contract += worth->value;
  figures->contract_list += worth->list;
  if (charge->first_year <= 1)
    figures->monthly +=
      dd_period_monthly (result->net, charge->period, dd_pricing_minor (pricing, charge->currency));
  if (figures->flows == NULL)
    figures->flows = dd_flows_new ();
  dd_flows_add (figures->flows, charge, result, span);
  if (!result->has_cost)
    return;
  figures->has_cost = TRUE;
  figures->cost += worth->cost;
  figures->costed_value += gross;
  figures->costed_cost += dd_weigh (result->cost, span);
}

static int
compare_totals (gconstpointer a, gconstpointer b)
{
  const Total *a_total = a;
  const Total *b_total = b;
  int order = memcmp (a_total->currency.code, b_total->currency.code, sizeof a_total->currency.code);

  if (order == 0)
    order = a_total->type - b_total->type;
  if (order == 0)
    order = a_total->period - b_total->period;
  return order != 0 ? order : a_total->first_year - b_total->first_year;
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
      DdTotal total = {
        .currency = wide->currency,
        .type = wide->type,
        .period = wide->period,
        .first_year = wide->first_year,
        .last_year = wide->last_year,
      };
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
  return dd_share_off (figures->costed_value, figures->costed_cost);
}

/* Without cost there is nothing that value could be compared with. */
static gboolean
value_over_time (const Figures *wide, gint64 interest, DdDealFigures *figures, GError **error)
{
  figures->payback = -1;
  if (!wide->has_cost)
    return TRUE;
  figures->payback = dd_flows_payback (wide->flows);
  return interest == 0 || dd_flows_present_value (wide->flows, interest, &figures->present_value, error);
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
          !dd_wide_to_int64 (wide->cost, &figures.cost, error) ||
          !value_over_time (wide, sheet->answers->interest, &figures, error))
        return FALSE;
      figures.margin = margin (wide);
      dd_prices_measure (&wide->prices, sheet->arithmetic, &figures.discount_list, &figures.discount_standing,
                         &figures.discount_discretionary);
      g_array_append_val (sheet->figures, figures);
    }
  return TRUE;
}

static gboolean
add_charges (DdPricing *pricing, GArray *totals, GArray *figures, GError **error)
{
  guint n_charges = pricing->answers->charges->len;
  DdSpan *spans = g_new0 (DdSpan, MAX (n_charges, 1));

  pricing->sheet->spans = spans;
  pricing->sheet->worths = g_array_sized_new (FALSE, TRUE, sizeof (DdWorth), n_charges);
  g_array_set_size (pricing->sheet->worths, n_charges);
  if (!dd_pricing_count_worths (pricing, spans, error))
    return FALSE;
  for (guint i = 0; i < n_charges; i++)
    {
      const DdCharge *charge = &pricing->charges[i];
      const DdChargeResult *result = &pricing->results[i];

      /* A currency that counts for nothing yet has its figures too: no offer is without a measure. */
      find_figures (figures, charge->currency);
      if (result->counted && result->rate)
        dd_prices_add_rate (&find_figures (figures, charge->currency)->prices, result);
      else if (result->counted)
        {
          add_total (totals, charge, result);
          add_figures (pricing, figures, i, &spans[i]);
        }
    }
  return TRUE;
}

gboolean
dd_pricing_total (DdPricing *pricing, GError **error)
{
  g_autoptr (GArray) totals = g_array_new (FALSE, FALSE, sizeof (Total));
  g_autoptr (GArray) figures = g_array_new (FALSE, FALSE, sizeof (Figures));

  g_array_set_clear_func (figures, figures_clear);
  if (pricing->answers->interest < 0 || pricing->answers->interest > DD_MAX_INTEREST)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "the interest of the present value should be from 0 to 100000%% a year");
  if (!add_charges (pricing, totals, figures, error))
    return FALSE;
  for (guint i = 0; i < pricing->answers->spreads->len; i++)
    add_unspread (pricing, i, totals);
  if (!narrow_totals (pricing->sheet, totals, error) || !narrow_figures (pricing->sheet, figures, error))
    {
      g_prefix_error (error, "the deal's totals: ");
      return FALSE;
    }
  return TRUE;
}
