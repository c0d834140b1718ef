/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pairs (see pair.h). The things of both sides are brought in one order, in which those that are alike lie
 * together. Pure.
 */
#include "price/pair.h"

typedef struct
{
  DdPairCompare compare;
  gpointer data;
} Order;

/* What is alike stays in order: of one side before of the other. */
static int
compare_items (gconstpointer a, gconstpointer b, gpointer data)
{
  const Order *order = data;
  const DdPairItem *one = a;
  const DdPairItem *other = b;
  int keys = order->compare (one, other, order->data);

  if (keys != 0)
    return keys;
  if (one->side != other->side)
    return one->side < other->side ? -1 : 1;
  return (one->index > other->index) - (one->index < other->index);
}

void
dd_pair_add (GArray *items, guint32 side, guint32 first, guint32 n)
{
  for (guint32 i = 0; i < n; i++)
    {
      DdPairItem item = { first + i, side };
      g_array_append_val (items, item);
    }
}

/* Items from @begin to before @end have one key: first then's, followed by now's. */
static void
pair_alike (const GArray *items, guint begin, guint end, GArray *pairs)
{
  const DdPairItem *all = (const DdPairItem *)(gconstpointer)items->data;
  guint middle = begin;

  while (middle < end && all[middle].side == 0)
    middle++;
  for (guint i = 0; begin + i < middle || middle + i < end; i++)
    {
      DdPair pair = { begin + i < middle ? all[begin + i].index : DD_NOWHERE,
                      middle + i < end ? all[middle + i].index : DD_NOWHERE };
      g_array_append_val (pairs, pair);
    }
}

GArray *
dd_pair_up (GArray *items, DdPairCompare compare, gpointer data)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (DdPair));
  Order order = { compare, data };

  g_array_sort_with_data (items, compare_items, &order);
  for (guint begin = 0, end; begin < items->len; begin = end)
    {
      const DdPairItem *first = &g_array_index (items, DdPairItem, begin);

      for (end = begin + 1; end < items->len; end++)
        if (compare (first, &g_array_index (items, DdPairItem, end), data) != 0)
          break;
      pair_alike (items, begin, end, pairs);
    }
  return pairs;
}
