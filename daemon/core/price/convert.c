/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Amounts that are in another currency than their charge, or for another quantity than one unit.
 *
 * They enter the waterfall as exact fractions of the extended amount; whoever takes one rounds once. Only the
 * stated rates convert: nothing is inverted, and nothing goes by way of a third currency. Most charges have
 * no such amount and never come here. Pure.
 */
#include "price/pricing.h"

#include <stdlib.h>
#include <string.h>

/* So that a rate's divisor, per times 10^9, fits in 64 bits with room. */
#define MAX_RATE_PER DD_NANOS

static int
compare_pairs (const DdRate *a, const DdRate *b)
{
  int order = memcmp (a->from.code, b->from.code, sizeof a->from.code);

  return order != 0 ? order : memcmp (a->to.code, b->to.code, sizeof a->to.code);
}

int
dd_rate_compare (gconstpointer a, gconstpointer b)
{
  return compare_pairs (a, b);
}

static gboolean
check_rate (DdPricing *pricing, const DdRate *rate, guint index, GError **error)
{
  const char *reason = NULL;

  if (!dd_pricing_knows_currency (pricing, rate->from) || !dd_pricing_knows_currency (pricing, rate->to))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "exchange rate %u: its currencies aren't of ISO 4217",
                    index + 1);
  if (dd_currency_equal (rate->from, rate->to))
    reason = "it is of a currency to itself";
  else if (rate->rate <= 0)
    reason = "it isn't positive";
  else if (rate->per <= 0 || rate->per > MAX_RATE_PER)
    reason = "the amount that it is for isn't from 1 to 1000000000";
  if (reason != NULL)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "exchange rate from %s to %s: %s", rate->from.code,
                    rate->to.code, reason);
  return TRUE;
}

gboolean
dd_pricing_place_rates (DdPricing *pricing, GError **error)
{
  const GArray *rates = pricing->answers->rates;

  if (rates->len == 0)
    return TRUE;
  for (guint i = 0; i < rates->len; i++)
    if (!check_rate (pricing, &g_array_index (rates, DdRate, i), i, error))
      return FALSE;
  pricing->rates = g_memdup2 (rates->data, rates->len * sizeof (DdRate));
  pricing->n_rates = rates->len;
  qsort (pricing->rates, pricing->n_rates, sizeof (DdRate), dd_rate_compare);
  for (guint i = 1; i < pricing->n_rates; i++)
    if (dd_rate_compare (&pricing->rates[i - 1], &pricing->rates[i]) == 0)
      return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the exchange rate from %s to %s is stated twice",
                      pricing->rates[i].from.code, pricing->rates[i].to.code);
  return TRUE;
}

static const DdRate *
find_rate (const DdPricing *pricing, DdCurrency from, DdCurrency to)
{
  DdRate wanted = { .from = from, .to = to };

  if (pricing->n_rates == 0)
    return NULL;
  return bsearch (&wanted, pricing->rates, pricing->n_rates, sizeof (DdRate), dd_rate_compare);
}

gboolean
dd_pricing_check_convertible (
  DdPricing *pricing, guint32 charge, const char *what, DdCurrency from, GError **error)
{
  DdCurrency to = pricing->charges[charge].currency;

  if (dd_currency_equal (from, to) || find_rate (pricing, from, to) != NULL)
    return TRUE;
  if (!dd_pricing_knows_currency (pricing, from))
    return dd_pricing_fail (pricing, charge, DD_ERROR_INVALID_ARGUMENT, error,
                            "%s, and not in one of ISO 4217", what);
  return dd_pricing_fail (pricing, charge, DD_ERROR_UNPRICED, error, "%s, and there is no rate from %s to %s",
                          what, from.code, to.code);
}

gboolean
dd_pricing_convert (
  const DdPricing *pricing, DdCurrency from, DdCurrency to, DdFraction *amount, GError **error)
{
  const DdRate *rate = dd_currency_equal (from, to) ? NULL : find_rate (pricing, from, to);

  return rate == NULL || dd_fraction_scale (amount, rate->rate, rate->per * DD_NANOS, error);
}

DdFraction
dd_pricing_convert_amount (const DdPricing *pricing, DdCurrency from, DdCurrency to, gint64 amount)
{
  DdFraction converted = { amount, 1 };
  /* The product of two numbers of 64 bits has 126. */
  gboolean fits = dd_pricing_convert (pricing, from, to, &converted, NULL);

  g_assert (fits);
  return converted;
}

gboolean
dd_run_rule_amount (
  const DdRun *run, const DdAdjustment *rule, gint64 units, DdFraction *out_amount, GError **error)
{
  gboolean line = rule->kind == DD_ADJUST_LINE_OFF || rule->kind == DD_ADJUST_LINE_ON;
  DdFraction amount = { (DdWide)rule->value * (line ? 1 : units), line ? 1 : run->per };

  if (!dd_pricing_convert (run->pricing, rule->currency, run->charge->currency, &amount, error))
    return FALSE;
  *out_amount = amount;
  return TRUE;
}
