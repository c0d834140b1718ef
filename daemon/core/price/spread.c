/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage spread: a deal-level discount or surcharge, divided over the charges that it names.
 *
 * Shares are in proportion to the nets, by largest remainder, ties to the line that comes first by id. A
 * share beyond a charge's capacity (down to its floor) is fixed there and the rest is divided anew by the
 * same nets. Fixing one raises what the others take, never lowers it, so a fixed share stays right and the
 * order of fixing doesn't matter. Until the last division shares are exact fractions, compared by their
 * products. All in minor units.
 *
 * A recurring spread is divided in each class of contract years by itself: its amount is that of each year. A
 * class in which nothing of its kind is charged has nothing to divide. Pure.
 */
#include "price/pricing.h"

/* So many passes settle almost all deals; then ordering by capacity settles the rest in one. */
#define UNORDERED_PASSES 4

typedef struct
{
  guint32 charge;
  guint32 fixed;
  gint64 weight; /* the net; 1 where all nets are zero */
  gint64 capacity;
  gint64 share;
  gint64 remainder;
} Share;

typedef struct
{
  DdPricing *pricing;
  const DdSpread *spread;
  guint first_year; /* of the class of contract years; 0: all */
  GArray *shares;   /* Share, in order of line id */
  gint64 minor;
  gint64 rest;    /* still to be divided */
  gint64 weights; /* sum over the shares that aren't fixed */
  gboolean off;
} Division;

gboolean
dd_spread_matches (const DdSpread *spread, const DdCharge *charge)
{
  return spread->type == charge->type && spread->period == charge->period &&
         dd_currency_equal (spread->currency, charge->currency);
}

static int
compare_shares (gconstpointer a, gconstpointer b, gpointer data)
{
  const DdPricing *pricing = data;
  guint32 a_charge = ((const Share *)a)->charge;
  guint32 b_charge = ((const Share *)b)->charge;
  guint32 a_line = pricing->charges[a_charge].line;
  guint32 b_line = pricing->charges[b_charge].line;
  int order = 0;

  if (a_line != b_line)
    order = dd_id_compare (pricing->lines[a_line].id, pricing->lines[b_line].id);
  else
    order = dd_id_compare (dd_answers_text (pricing->answers, pricing->charges[a_charge].id),
                           dd_answers_text (pricing->answers, pricing->charges[b_charge].id));
  return order != 0 ? order : (a_charge > b_charge) - (a_charge < b_charge);
}

static gint64
capacity (const DdChargeResult *result, gint64 minor)
{
  gint64 above = result->net + result->installed - result->floor;

  return MAX (MIN (above, result->net), 0) / minor;
}

static gboolean
gather (Division *division, GError **error)
{
  DdPricing *pricing = division->pricing;
  gboolean ordered = TRUE;

  for (guint32 i = 0; i < pricing->answers->charges->len; i++)
    {
      const DdChargeResult *result = &pricing->results[i];
      Share share = { .charge = i };

      if (!result->counted || result->net < 0 ||
          !dd_spread_matches (division->spread, &pricing->charges[i]) ||
          (division->first_year != 0 && pricing->charges[i].first_year != division->first_year))
        continue;
      share.weight = result->net / division->minor;
      share.capacity = division->off ? capacity (result, division->minor) : G_MAXINT64;
      if (!dd_checked_add (division->weights, share.weight, &division->weights, error))
        return FALSE;
      if (division->shares->len > 0)
        ordered =
          ordered && compare_shares (&g_array_index (division->shares, Share, division->shares->len - 1),
                                     &share, pricing) < 0;
      g_array_append_val (division->shares, share);
    }
  if (!ordered)
    g_array_sort_with_data (division->shares, compare_shares, pricing);
  return TRUE;
}

/* Over charges that are all zero, a surcharge is divided equally. */
static void
weigh_equally (Division *division)
{
  for (guint i = 0; i < division->shares->len; i++)
    g_array_index (division->shares, Share, i).weight = 1;
  division->weights = division->shares->len;
}

/* By capacity over weight, ascending: those first that are fixed first. */
static int
compare_capacity (gconstpointer a, gconstpointer b)
{
  const Share *a_share = *(const Share *const *)a;
  const Share *b_share = *(const Share *const *)b;
  DdWide a_product = (DdWide)a_share->capacity * b_share->weight;
  DdWide b_product = (DdWide)b_share->capacity * a_share->weight;

  return (a_product > b_product) - (a_product < b_product);
}

static guint
fix_share (Division *division, Share *share)
{
  if (share->fixed || (DdWide)division->rest * share->weight <= (DdWide)share->capacity * division->weights)
    return 0;
  share->fixed = TRUE;
  share->share = share->capacity;
  division->rest -= share->capacity;
  division->weights -= share->weight;
  return 1;
}

static void
fix_all (Division *division)
{
  Share *shares = (Share *)(gpointer)division->shares->data;
  g_autoptr (GPtrArray) by_capacity = NULL;
  guint n_fixed = 1;

  for (guint pass = 0; pass < UNORDERED_PASSES && n_fixed > 0; pass++)
    {
      n_fixed = 0;
      for (guint i = 0; i < division->shares->len; i++)
        n_fixed += fix_share (division, &shares[i]);
    }
  if (n_fixed == 0)
    return;
  by_capacity = g_ptr_array_new ();
  for (guint i = 0; i < division->shares->len; i++)
    if (!shares[i].fixed && shares[i].weight > 0)
      g_ptr_array_add (by_capacity, &shares[i]);
  g_ptr_array_sort (by_capacity, compare_capacity);
  for (guint i = 0; i < by_capacity->len; i++)
    fix_share (division, g_ptr_array_index (by_capacity, i));
}

/* The @rank-th largest remainder, found digit by digit in base 256; *@rank becomes how many of those that
 * equal it belong to the first ones. */
static gint64
select_remainder (const Division *division, guint *rank)
{
  const Share *shares = (const Share *)(gconstpointer)division->shares->data;
  guint64 prefix = 0;
  guint64 mask = 0;
  int shift = 0;

  while (shift < 56 && (guint64)division->weights >> (shift + 8) != 0)
    shift += 8;
  for (; shift >= 0; shift -= 8)
    {
      guint counts[256] = { 0 };
      guint digit = 255;

      for (guint i = 0; i < division->shares->len; i++)
        if (!shares[i].fixed && ((guint64)shares[i].remainder & mask) == prefix)
          counts[(guint64)shares[i].remainder >> shift & 255]++;
      for (; *rank > counts[digit]; digit--)
        *rank -= counts[digit];
      prefix |= (guint64)digit << shift;
      mask |= G_GUINT64_CONSTANT (255) << shift;
    }
  return (gint64)prefix;
}

static void
divide_rest (Division *division)
{
  Share *shares = (Share *)(gpointer)division->shares->data;
  gint64 residue = division->rest;

  if (division->weights == 0)
    return;
  for (guint i = 0; i < division->shares->len; i++)
    {
      if (shares[i].fixed)
        continue;

      DdWide product = (DdWide)division->rest * shares[i].weight;

      if (product == (gint64)product)
        {
          shares[i].share = (gint64)product / division->weights;
          shares[i].remainder = (gint64)product % division->weights;
        }
      else
        {
          shares[i].share = (gint64)(product / division->weights);
          shares[i].remainder = (gint64)(product % division->weights);
        }
      residue -= shares[i].share;
    }
  division->rest = 0;
  if (residue == 0)
    return;

  guint n_equal = (guint)residue;
  gint64 threshold = select_remainder (division, &n_equal);

  for (guint i = 0; i < division->shares->len; i++)
    if (!shares[i].fixed &&
        (shares[i].remainder > threshold || (shares[i].remainder == threshold && n_equal > 0)))
      {
        shares[i].share++;
        n_equal -= shares[i].remainder == threshold;
      }
}

static gboolean
apply_share (const Division *division, guint spread, const Share *share, GError **error)
{
  DdPricing *pricing = division->pricing;
  DdChargeResult *result = &pricing->results[share->charge];
  DdRun run = {
    .pricing = pricing,
    .charge = &pricing->charges[share->charge],
    .result = result,
    .index = share->charge,
    .value = result->net,
  };
  DdWide amount = (DdWide)share->share * division->minor;
  gint64 after = 0;

  if (share->share == 0)
    return TRUE;
  if (!dd_wide_to_int64 (result->net + (division->off ? -amount : amount), &after, error) ||
      !dd_run_step (&run, spread, DD_STAGE_SPREAD, division->spread->kind, after, error))
    return dd_pricing_place_error (pricing, share->charge, error);
  result->net = after;
  return TRUE;
}

/* *@out_rest: what no charge could take, micros; all of an amount when there are no charges. */
static gboolean
run_spread (
  DdPricing *pricing, guint index, guint first_year, GArray *shares, gint64 *out_rest, GError **error)
{
  const DdSpread *spread = &g_array_index (pricing->answers->spreads, DdSpread, index);
  Division division = {
    .pricing = pricing,
    .spread = spread,
    .first_year = first_year,
    .shares = shares,
    .minor = dd_pricing_minor (pricing, spread->currency),
    .off = spread->kind == DD_ADJUST_PERCENT_OFF || spread->kind == DD_ADJUST_LINE_OFF,
  };

  g_array_set_size (shares, 0);
  if (!gather (&division, error))
    return FALSE;
  if (spread->kind == DD_ADJUST_LINE_OFF || spread->kind == DD_ADJUST_LINE_ON)
    division.rest = spread->value / division.minor;
  else if (!dd_divide ((DdWide)division.weights * spread->value, DD_NANOS, &division.rest, error))
    return FALSE;
  if (division.weights == 0 && !division.off)
    weigh_equally (&division);
  if (division.off)
    fix_all (&division);
  divide_rest (&division);
  for (guint i = 0; i < shares->len; i++)
    if (!apply_share (&division, index, &g_array_index (shares, Share, i), error))
      return FALSE;
  *out_rest = division.rest * division.minor;
  return TRUE;
}

static gboolean
run_classes (DdPricing *pricing, guint index, GArray *shares, GError **error)
{
  gint64 *unspread = &pricing->unspread[(gsize)index * pricing->n_classes];
  gboolean once = g_array_index (pricing->answers->spreads, DdSpread, index).type == DD_CHARGE_ONE_TIME;
  gboolean charged = FALSE;
  gint64 rest = 0;

  if (once || pricing->n_classes == 1)
    return run_spread (pricing, index, 0, shares, unspread, error);
  for (guint k = 0; k < pricing->n_classes; k++)
    {
      if (!run_spread (pricing, index, pricing->classes[k], shares, &rest, error))
        return FALSE;
      unspread[k] = shares->len > 0 ? rest : 0;
      charged = charged || shares->len > 0;
    }
  if (!charged)
    unspread[0] = rest;
  return TRUE;
}

gboolean
dd_pricing_spread (DdPricing *pricing, GError **error)
{
  guint n_spreads = pricing->answers->spreads->len;
  g_autoptr (GArray) shares = NULL;

  if (n_spreads == 0)
    return TRUE;
  shares = g_array_sized_new (FALSE, FALSE, sizeof (Share), pricing->answers->charges->len);
  for (guint i = 0; i < n_spreads; i++)
    if (!run_classes (pricing, i, shares, error))
      {
        g_prefix_error (error, "deal-level alteration %u: ", i + 1);
        return FALSE;
      }
  return TRUE;
}
