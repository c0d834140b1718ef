/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a sheet comes to by line, site, category or any other key of its lines.
 *
 * Each figure is a sum of the same amounts that the deal's is a sum of, so that they add up to it. Pure.
 */
#include "price/pricing.h"
#include "text-hash.h"

#include <string.h>

enum
{
  SUM_ONCE,
  SUM_MONTHLY,
  SUM_VALUE,
  SUM_LIST,
  SUM_COST,
  N_SUMS
};

typedef struct Part
{
  const char *key;
  DdCurrency currency;
  DdWide sums[N_SUMS];
  struct Part *next; /* of the same key, in another currency */
} Part;

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  const Part *a_part = *(const Part *const *)a;
  const Part *b_part = *(const Part *const *)b;
  int order = dd_id_compare (a_part->key, b_part->key);

  return order != 0 ? order : memcmp (a_part->currency.code, b_part->currency.code, sizeof (DdCurrency));
}

/* @parts finds the first of a key; @ordered owns them all. */
static Part *
find_part (GHashTable *parts, GPtrArray *ordered, const char *key, DdCurrency currency)
{
  Part *first = g_hash_table_lookup (parts, key);
  Part *part = first;

  while (part != NULL && !dd_currency_equal (part->currency, currency))
    part = part->next;
  if (part != NULL)
    return part;
  part = g_new0 (Part, 1);
  *part = (Part){ .key = key, .currency = currency, .next = first };
  g_hash_table_insert (parts, (gpointer)part->key, part);
  g_ptr_array_add (ordered, part);
  return part;
}

static void
add_charge (const DdSheet *sheet, guint32 index, Part *part)
{
  const DdCharge *charge = &g_array_index (sheet->answers->charges, DdCharge, index);
  const DdChargeResult *result = &g_array_index (sheet->results, DdChargeResult, index);
  const DdWorth *worth = &g_array_index (sheet->worths, DdWorth, index);

  if (charge->type == DD_CHARGE_ONE_TIME)
    part->sums[SUM_ONCE] += result->net;
  else if (charge->first_year <= 1)
    part->sums[SUM_MONTHLY] +=
      dd_period_monthly (result->net, charge->period, dd_currency_minor_micros (charge->currency));
  part->sums[SUM_VALUE] += worth->value;
  part->sums[SUM_LIST] += worth->list;
  part->sums[SUM_COST] += worth->cost;
}

static gboolean
narrow_part (const Part *part, GArray *breakdown, GError **error)
{
  DdBreakdown narrow = { .key = part->key, .currency = part->currency };
  gint64 *const targets[N_SUMS] = {
    &narrow.once, &narrow.monthly, &narrow.contract_value, &narrow.contract_list, &narrow.cost,
  };

  for (guint i = 0; i < N_SUMS; i++)
    if (!dd_wide_to_int64 (part->sums[i], targets[i], error))
      {
        g_prefix_error (error, "the totals of \"%s\": ", part->key);
        return FALSE;
      }
  g_array_append_val (breakdown, narrow);
  return TRUE;
}

GArray *
dd_sheet_break_down (const DdSheet *sheet, const char *const *keys, GError **error)
{
  g_autoptr (GPtrArray) ordered = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) parts = g_hash_table_new (dd_text_hash, g_str_equal);
  g_autoptr (GArray) breakdown = g_array_new (FALSE, TRUE, sizeof (DdBreakdown));

  for (guint32 i = 0; i < sheet->answers->charges->len; i++)
    {
      const DdCharge *charge = &g_array_index (sheet->answers->charges, DdCharge, i);
      const DdChargeResult *result = &g_array_index (sheet->results, DdChargeResult, i);
      const char *key = keys[charge->line] != NULL ? keys[charge->line] : "";

      if (result->counted && !result->rate)
        add_charge (sheet, i, find_part (parts, ordered, key, charge->currency));
    }
  g_ptr_array_sort (ordered, compare_parts);
  for (guint i = 0; i < ordered->len; i++)
    if (!narrow_part (g_ptr_array_index (ordered, i), breakdown, error))
      return NULL;
  return g_steal_pointer (&breakdown);
}
