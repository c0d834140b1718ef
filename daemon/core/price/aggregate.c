/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Tiers that several lines reach together.
 *
 * The counted charges of one aggregate, in one class of contract years, are priced as if they were one line
 * with the sum of their charged units, flat fees once; that price, converted and rounded to micros, is
 * divided by charged units (by quantity where all are free), by largest remainder, ties to the line that
 * comes first by id. Minimum and maximum stay each line's own. Prices contracted are aggregated among the
 * charges whose contracts say the same. A line that isn't counted opens alone: what it would cost if it were
 * the only one. Deals without any never come here. Pure.
 */
#include "price/pricing.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  guint32 charge;
  guint32 aggregate;
  guint32 year;
  gint64 weight; /* charged units, or the quantity */
  gint64 remainder;
  gboolean done; /* with its contract */
} Member;

typedef struct
{
  DdPricing *pricing;
  gboolean contracted;
} Kind;

static const DdCharge *
price_of (const Kind *kind, const Member *member)
{
  return kind->contracted ? &kind->pricing->contracts[member->charge]->price
                          : &kind->pricing->charges[member->charge];
}

static gint64 *
part_of (const Kind *kind, const Member *member)
{
  DdPart *part = &kind->pricing->parts[member->charge];

  return kind->contracted ? &part->contracted : &part->list;
}

static gint64
quantity_of (const Kind *kind, const Member *member)
{
  return kind->pricing->lines[kind->pricing->charges[member->charge].line].quantity;
}

static int
compare_members (gconstpointer a, gconstpointer b, gpointer data)
{
  const DdPricing *pricing = data;
  const Member *a_member = a;
  const Member *b_member = b;
  guint32 a_line = pricing->charges[a_member->charge].line;
  guint32 b_line = pricing->charges[b_member->charge].line;
  int order = 0;

  if (a_member->aggregate != b_member->aggregate)
    return a_member->aggregate < b_member->aggregate ? -1 : 1;
  if (a_member->year != b_member->year)
    return a_member->year < b_member->year ? -1 : 1;
  if (a_line != b_line)
    order = dd_id_compare (pricing->lines[a_line].id, pricing->lines[b_line].id);
  return order != 0 ? order : (a_member->charge > b_member->charge) - (a_member->charge < b_member->charge);
}

static gboolean
same_tiers (const DdPricing *pricing, const DdCharge *a, const DdCharge *b)
{
  const DdTier *tiers = (const DdTier *)(gconstpointer)pricing->answers->tiers->data;

  return a->n_tiers == b->n_tiers && (a->n_tiers == 0 || memcmp (tiers + a->first_tier, tiers + b->first_tier,
                                                                 a->n_tiers * sizeof (DdTier)) == 0);
}

static gboolean
same_terms (const DdPricing *pricing, const DdCharge *a, const DdCharge *b)
{
  return a->mode == b->mode && a->price == b->price && a->fee == b->fee && a->per == b->per &&
         a->package_size == b->package_size && dd_currency_equal (a->source_currency, b->source_currency) &&
         same_tiers (pricing, a, b);
}

/* Charges of one aggregate are the same charge of the same offering. */
static gboolean
check_same (DdPricing *pricing, const Member *first, const Member *member, GError **error)
{
  const DdCharge *a = &pricing->charges[first->charge];
  const DdCharge *b = &pricing->charges[member->charge];

  if (a->id == b->id && a->type == b->type && a->period == b->period &&
      dd_currency_equal (a->currency, b->currency) && same_terms (pricing, a, b))
    return TRUE;
  return dd_pricing_fail (pricing, member->charge, DD_ERROR_INVALID_ARGUMENT, error,
                          "it is to reach tiers together with charge \"%s\" of line \"%s\", but their kinds, "
                          "prices or tiers differ",
                          dd_answers_text (pricing->answers, a->id), pricing->lines[a->line].id);
}

static int
compare_remainders (gconstpointer a, gconstpointer b)
{
  const Member *a_member = *(const Member *const *)a;
  const Member *b_member = *(const Member *const *)b;

  /* They lie in order of line id, and the sort is stable. */
  return (a_member->remainder < b_member->remainder) - (a_member->remainder > b_member->remainder);
}

static void
divide (const Kind *kind, GPtrArray *members, gint64 value, gint64 weights)
{
  gint64 rest = value;

  for (guint i = 0; i < members->len; i++)
    {
      Member *member = g_ptr_array_index (members, i);
      DdWide product = (DdWide)value * member->weight;

      *part_of (kind, member) = (gint64)(product / weights);
      member->remainder = (gint64)(product % weights);
      rest -= (gint64)(product / weights);
    }
  g_ptr_array_sort (members, compare_remainders);
  for (guint i = 0; i < (guint)rest; i++)
    ++*part_of (kind, g_ptr_array_index (members, i));
}

static gboolean
weigh (const Kind *kind, GPtrArray *members, gboolean by_units, gint64 *out_weights, GError **error)
{
  gint64 weights = 0;

  for (guint i = 0; i < members->len; i++)
    {
      Member *member = g_ptr_array_index (members, i);

      member->weight = quantity_of (kind, member);
      if (by_units)
        member->weight = MAX (member->weight - price_of (kind, member)->free_units, 0);
      if (!dd_checked_add (weights, member->weight, &weights, error))
        return FALSE;
    }
  *out_weights = weights;
  return TRUE;
}

/* @members: (element-type Member): priced as one; one alone is left to open by itself, which is the same. */
static gboolean
price_together (const Kind *kind, GPtrArray *members, GError **error)
{
  const Member *first = g_ptr_array_index (members, 0);
  DdRun run = {
    .pricing = kind->pricing,
    .charge = &kind->pricing->charges[first->charge],
    .result = &kind->pricing->results[first->charge],
    .index = first->charge,
  };
  gint64 weights = 0;
  gint64 value = 0;

  if (members->len == 1)
    return TRUE;
  if (!weigh (kind, members, TRUE, &weights, error) ||
      !dd_run_price (&run, price_of (kind, first), weights, &value, error) ||
      (weights == 0 && !weigh (kind, members, FALSE, &weights, error)))
    return dd_pricing_place_error (kind->pricing, run.index, error);
  divide (kind, members, value, weights);
  return TRUE;
}

static gboolean
price_contracts (DdPricing *pricing, Member *members, guint n, GError **error)
{
  const Kind kind = { pricing, TRUE };
  g_autoptr (GPtrArray) alike = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_set_size (alike, 0);
      if (members[i].done || pricing->contracts[members[i].charge] == NULL)
        continue;
      for (guint j = i; j < n; j++)
        if (!members[j].done && pricing->contracts[members[j].charge] != NULL &&
            same_terms (pricing, price_of (&kind, &members[i]), price_of (&kind, &members[j])))
          {
            members[j].done = TRUE;
            g_ptr_array_add (alike, &members[j]);
          }
      if (!price_together (&kind, alike, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
price_aggregate (DdPricing *pricing, Member *members, guint n, GError **error)
{
  const Kind kind = { pricing, FALSE };
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    {
      if (!check_same (pricing, &members[0], &members[i], error))
        return FALSE;
      g_ptr_array_add (all, &members[i]);
    }
  return price_together (&kind, all, error) &&
         (pricing->contracts == NULL || price_contracts (pricing, members, n, error));
}

static gboolean
gather (DdPricing *pricing, GArray *members, GError **error)
{
  for (guint32 i = 0; i < pricing->answers->charges->len; i++)
    {
      const DdCharge *charge = &pricing->charges[i];
      const DdPriceLine *line = &pricing->lines[charge->line];
      Member member = { .charge = i, .aggregate = charge->aggregate, .year = MAX (charge->first_year, 1) };

      if (charge->aggregate == 0 || !line->counted || line->action == DD_ACTION_NO_CHANGE ||
          line->action == DD_ACTION_DELETE)
        continue;
      if (!dd_pricing_check_charge (pricing, i, error))
        return FALSE;
      g_array_append_val (members, member);
    }
  g_array_sort_with_data (members, compare_members, pricing);
  return TRUE;
}

gboolean
dd_pricing_aggregate (DdPricing *pricing, GError **error)
{
  g_autoptr (GArray) gathered = NULL;
  Member *members;
  guint next = 0;

  if (!pricing->has_aggregates)
    return TRUE;
  gathered = g_array_new (FALSE, FALSE, sizeof (Member));
  pricing->parts = g_new (DdPart, pricing->answers->charges->len);
  for (guint i = 0; i < pricing->answers->charges->len; i++)
    pricing->parts[i] = (DdPart){ DD_NO_LIMIT, DD_NO_LIMIT };
  if (!gather (pricing, gathered, error))
    return FALSE;
  members = (Member *)(gpointer)gathered->data;
  for (guint i = 0; i < gathered->len; i = next)
    {
      for (next = i; next < gathered->len && members[next].aggregate == members[i].aggregate &&
                     members[next].year == members[i].year;)
        next++;
      if (!price_aggregate (pricing, &members[i], next - i, error))
        return FALSE;
    }
  return TRUE;
}
