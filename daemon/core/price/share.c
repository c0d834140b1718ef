/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Percent-of-total charges: maintenance at 15% of equipment.
 *
 * Such a charge opens at its percentage of the sum of its targets' nets after negotiated, before spread, and
 * then runs through the stages as any other. Only counted targets count; of a line that changes what the
 * customer has, the new charge in full. A charge whose targets are all not counted comes to its fee alone.
 * Targets may be shares themselves: each is priced after all that it names, and a circle is refused. The
 * shares wait until all other charges are priced; deals without any never come here. Pure.
 */
#include "price/pricing.h"

#include <string.h>

/* Lines of a circle that a message names. */
#define MAX_NAMED 8

typedef struct
{
  DdPricing *pricing;
  guint n_charges;
  const DdShare *shares;
  guint32 *order; /* shares by charge */
  guint32 *first;
  guint32 *pending; /* of each share: its targets that are shares and wait too */
} Sharing;

typedef struct
{
  DdCurrency currency;
  DdWide sum;
} Sum;

static const DdShare *
share_at (const Sharing *sharing, guint32 place)
{
  return &sharing->shares[sharing->order[place]];
}

static gboolean
is_share (const Sharing *sharing, guint32 charge)
{
  return sharing->pricing->charges[charge].mode == DD_TIER_SHARE;
}

static gboolean
check_share (const Sharing *sharing, guint index, GError **error)
{
  const DdPricing *pricing = sharing->pricing;
  const DdShare *share = &sharing->shares[index];
  const char *reason = NULL;

  if (share->charge >= sharing->n_charges || share->target >= sharing->n_charges)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "share %u: its charges aren't there; the answers have %u charges", index + 1,
                    sharing->n_charges);
  if (!is_share (sharing, share->charge))
    reason = "it is said to take a share of another charge, but its mode isn't share";
  else if (share->charge == share->target)
    reason = "it takes a share of itself";
  else if (pricing->charges[share->target].type == DD_CHARGE_USAGE)
    reason = "it takes a share of a usage rate, which without committed volume comes to nothing";
  if (reason != NULL)
    return dd_pricing_fail (pricing, share->charge, DD_ERROR_INVALID_ARGUMENT, error, "%s", reason);
  return TRUE;
}

static gboolean
check_shares (const Sharing *sharing, GError **error)
{
  g_autofree guint32 *named_by = g_new0 (guint32, sharing->n_charges); /* the charge + 1 that last did */

  for (guint32 place = 0; place < sharing->first[sharing->n_charges]; place++)
    {
      const DdShare *share = share_at (sharing, place);

      if (named_by[share->target] == share->charge + 1)
        return dd_pricing_fail (sharing->pricing, share->charge, DD_ERROR_INVALID_ARGUMENT, error,
                                "it takes a share of the same charge twice");
      named_by[share->target] = share->charge + 1;
    }
  return TRUE;
}

static void
append_place (GString *text, const Sharing *sharing, guint32 charge)
{
  const DdCharge *found = &sharing->pricing->charges[charge];

  g_string_append_printf (text, "line \"%s\", charge \"%s\"", sharing->pricing->lines[found->line].id,
                          dd_answers_text (sharing->pricing->answers, found->id));
}

static guint32
waiting_target (const Sharing *sharing, guint32 charge)
{
  guint32 place = sharing->first[charge];

  while (sharing->pending[share_at (sharing, place)->target] == 0)
    place++;
  return share_at (sharing, place)->target;
}

/* Every share that still waits has a target that does: following them comes round. */
static gboolean
fail_circle (const Sharing *sharing, guint32 waiting, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint32 begin = waiting;
  guint32 charge;
  guint n_named = 0;

  for (guint i = 0; i < sharing->n_charges; i++)
    begin = waiting_target (sharing, begin);
  charge = begin;
  do
    {
      if (n_named < MAX_NAMED)
        append_place (text, sharing, charge);
      else if (n_named == MAX_NAMED)
        g_string_append (text, "…");
      if (n_named <= MAX_NAMED)
        g_string_append (text, " takes a share of ");
      n_named++;
      charge = waiting_target (sharing, charge);
    }
  while (charge != begin);
  append_place (text, sharing, begin);
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s: a circle, which has no price", text->str);
}

/* Per currency, since all of one currency is converted at once. */
static void
add_target (const Sharing *sharing, guint32 target, GArray *sums)
{
  const DdChargeResult *result = &sharing->pricing->results[target];
  Sum sum = { sharing->pricing->charges[target].currency, result->negotiated };

  if (!result->counted)
    return;
  for (guint i = 0; i < sums->len; i++)
    if (dd_currency_equal (g_array_index (sums, Sum, i).currency, sum.currency))
      {
        g_array_index (sums, Sum, i).sum += sum.sum;
        return;
      }
  g_array_append_val (sums, sum);
}

static gboolean
sum_targets (const Sharing *sharing, guint32 charge, DdFraction *out_sum, GError **error)
{
  DdPricing *pricing = sharing->pricing;
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (Sum));
  DdFraction total = { 0, 1 };

  for (guint32 place = sharing->first[charge]; place < sharing->first[charge + 1]; place++)
    add_target (sharing, share_at (sharing, place)->target, sums);
  for (guint i = 0; i < sums->len; i++)
    {
      const Sum *sum = &g_array_index (sums, Sum, i);
      DdFraction amount = { sum->sum, 1 };

      if (!dd_pricing_check_convertible (pricing, charge, "it takes a share of charges in another currency",
                                         sum->currency, error) ||
          !dd_pricing_convert (pricing, sum->currency, pricing->charges[charge].currency, &amount, error) ||
          !dd_fraction_add (&total, amount, error))
        return dd_pricing_place_error (pricing, charge, error);
    }
  *out_sum = total;
  return TRUE;
}

static void
count_pending (Sharing *sharing)
{
  sharing->pending = g_new0 (guint32, sharing->n_charges);
  for (guint32 place = 0; place < sharing->first[sharing->n_charges]; place++)
    sharing->pending[share_at (sharing, place)->charge] +=
      is_share (sharing, share_at (sharing, place)->target);
}

/* The places where shares name other shares, by the one that is named. */
static guint32 *
reverse (const Sharing *sharing, GArray *named, guint32 **out_first)
{
  for (guint32 place = 0; place < sharing->first[sharing->n_charges]; place++)
    {
      const DdShare *share = share_at (sharing, place);
      DdShare reversed = { .charge = share->target, .target = share->charge };

      if (is_share (sharing, share->target))
        g_array_append_val (named, reversed);
    }
  return dd_bucket (named->data, sizeof (DdShare), named->len, sharing->n_charges, out_first);
}

/* @queue takes each share when nothing that it names waits any more. */
static gboolean
price_in_order (Sharing *sharing, GArray *queue, GError **error)
{
  g_autoptr (GArray) named = g_array_new (FALSE, FALSE, sizeof (DdShare));
  g_autofree guint32 *first = NULL;
  g_autofree guint32 *order = reverse (sharing, named, &first);

  for (guint32 i = 0; i < sharing->n_charges; i++)
    if (is_share (sharing, i) && sharing->pending[i] == 0)
      g_array_append_val (queue, i);
  for (guint i = 0; i < queue->len; i++)
    {
      guint32 charge = g_array_index (queue, guint32, i);
      DdFraction sum;

      if (!sum_targets (sharing, charge, &sum, error) ||
          !dd_pricing_price_share (sharing->pricing, charge, &sum, error))
        return FALSE;
      for (guint32 place = first[charge]; place < first[charge + 1]; place++)
        {
          guint32 waiting = g_array_index (named, DdShare, order[place]).target;

          if (--sharing->pending[waiting] == 0)
            g_array_append_val (queue, waiting);
        }
    }
  return TRUE;
}

static gboolean
run_shares (Sharing *sharing, GError **error)
{
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < sharing->pricing->answers->shares->len; i++)
    if (!check_share (sharing, i, error))
      return FALSE;
  sharing->order = dd_bucket (sharing->shares, sizeof (DdShare), sharing->pricing->answers->shares->len,
                              sharing->n_charges, &sharing->first);
  count_pending (sharing);
  if (!check_shares (sharing, error) || !price_in_order (sharing, queue, error))
    return FALSE;
  for (guint32 i = 0; i < sharing->n_charges; i++)
    if (sharing->pending[i] != 0)
      return fail_circle (sharing, i, error);
  return TRUE;
}

gboolean
dd_pricing_run_shares (DdPricing *pricing, GError **error)
{
  Sharing sharing = {
    .pricing = pricing,
    .n_charges = pricing->answers->charges->len,
    .shares = (const DdShare *)(gconstpointer)pricing->answers->shares->data,
  };
  gboolean priced;

  if (!pricing->has_shares && pricing->answers->shares->len == 0)
    return TRUE;
  priced = run_shares (&sharing, error);
  g_free (sharing.order);
  g_free (sharing.first);
  g_free (sharing.pending);
  return priced;
}
