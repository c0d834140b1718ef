/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Computing a sheet again after an edit: what an edit doesn't touch is taken from the sheet before it.
 *
 * Plugins answer for the whole sheet anew, so nothing says what changed; it is found by comparing. A charge
 * takes its steps up to negotiated from one of the sheet before whose every input is equal: its line's
 * quantity and action, its record with tiers, contract and rules, the installed net, and the rates between
 * the currencies that any of these are in. Which charge that is can only decide how much is saved: equal
 * inputs give equal steps. Labels are compared as text, by a map of the two tables, since their indexes may
 * shift; what a step names it names by place among the charge's rules.
 *
 * All else is computed: charges that are shares of others or reach tiers together with others, and what sees
 * the whole deal. Nothing is refused here: what isn't equal goes the usual way and has its usual error. Pure.
 */
#include "price/reuse.h"

#include <stdlib.h>
#include <string.h>

#include "text-hash.h"

/* Rules that are compared at once. */
#define BLOCK 64

static void
map_labels (struct DdReuse *reuse, const DdAnswers *answers)
{
  const DdAnswers *before = reuse->before->answers;

  reuse->n_labels = answers->labels->len;
  reuse->n_before_labels = before->labels->len;
  reuse->labels = g_new (guint32, MAX (reuse->n_labels, 1));
  for (guint i = 0; i < reuse->n_labels; i++)
    {
      const char *text = g_ptr_array_index (answers->labels, i);
      gpointer found = NULL;

      if (i < reuse->n_before_labels && g_str_equal (text, g_ptr_array_index (before->labels, i)))
        reuse->labels[i] = i;
      else if (g_hash_table_lookup_extended (before->label_index, text, NULL, &found))
        reuse->labels[i] = GPOINTER_TO_UINT (found);
      else
        reuse->labels[i] = DD_REUSE_NONE;
    }
}

/* Most lines follow those that they followed before. */
static void
map_lines (struct DdReuse *reuse, const DdPriceLine *lines, guint n_lines)
{
  guint n_before = reuse->before->n_lines;
  g_autoptr (GHashTable) by_id = NULL;
  guint32 next = 0;

  reuse->lines = g_new (guint32, MAX (n_lines, 1));
  for (guint i = 0; i < n_lines; i++)
    {
      gpointer found = NULL;

      if (next >= n_before || !g_str_equal (reuse->before_lines[next].id, lines[i].id))
        {
          if (by_id == NULL)
            {
              by_id = g_hash_table_new (dd_text_hash, g_str_equal);
              for (guint j = 0; j < n_before; j++)
                g_hash_table_insert (by_id, (gpointer)reuse->before_lines[j].id, GUINT_TO_POINTER (j));
            }
          next = g_hash_table_lookup_extended (by_id, lines[i].id, NULL, &found) ? GPOINTER_TO_UINT (found)
                                                                                 : DD_REUSE_NONE;
        }
      reuse->lines[i] = next;
      next = next == DD_REUSE_NONE ? 0 : next + 1;
    }
}

static void
place_charges (struct DdReuse *reuse)
{
  const GArray *charges = reuse->before->answers->charges;
  const GArray *contracts = reuse->before->answers->contracts;
  guint32 charge = 0;

  reuse->first = g_new (guint32, (gsize)reuse->before->n_lines + 1);
  for (guint32 line = 0; line < reuse->before->n_lines; line++)
    {
      reuse->first[line] = charge;
      while (charge < charges->len && g_array_index (charges, DdCharge, charge).line == line)
        charge++;
    }
  reuse->first[reuse->before->n_lines] = charge;
  if (contracts->len == 0)
    return;
  reuse->contracts = g_new0 (const DdContract *, (gsize)charges->len + 1);
  for (guint i = 0; i < contracts->len; i++)
    {
      const DdContract *contract = &g_array_index (contracts, DdContract, i);

      reuse->contracts[contract->charge] = contract;
    }
}

/* Both are in order of pairs: what only one has, or both have at different rates. */
static void
find_changed_rates (struct DdReuse *reuse, const DdRate *rates, guint n_rates)
{
  const GArray *before = reuse->before->answers->rates;
  g_autofree DdRate *sorted = g_memdup2 (before->data, (gsize)before->len * sizeof (DdRate));
  guint i = 0;
  guint j = 0;

  if (before->len > 0)
    qsort (sorted, before->len, sizeof (DdRate), dd_rate_compare);
  reuse->changed = g_array_new (FALSE, FALSE, sizeof (DdRate));
  while (i < n_rates || j < before->len)
    {
      int order = i == n_rates ? 1 : j == before->len ? -1 : dd_rate_compare (&rates[i], &sorted[j]);

      if (order != 0 || rates[i].rate != sorted[j].rate || rates[i].per != sorted[j].per)
        g_array_append_vals (reuse->changed, order <= 0 ? &rates[i] : &sorted[j], 1);
      i += order <= 0;
      j += order >= 0;
    }
}

/* Labels that moved would make equal bytes say something else. */
static gboolean
labels_stay (const struct DdReuse *reuse)
{
  for (guint i = 0; i < reuse->n_labels; i++)
    if (reuse->labels[i] != i)
      return FALSE;
  return reuse->n_labels == reuse->n_before_labels;
}

/* Compares the rules one by one, each in its place, and marks the charges of those that changed. FALSE: one
 * is of another charge than before. */
static gboolean
touch_charges (struct DdReuse *reuse, const GArray *rules, guint n_charges)
{
  const DdAdjustment *now = (const DdAdjustment *)(gconstpointer)rules->data;
  const DdAdjustment *before = (const DdAdjustment *)(gconstpointer)reuse->before->answers->adjustments->data;

  reuse->touched = g_new0 (guint8, MAX (n_charges, 1));
  for (guint i = 0; i < rules->len;)
    {
      guint n = MIN (rules->len - i, BLOCK);

      if (memcmp (&now[i], &before[i], n * sizeof *now) == 0)
        {
          i += n;
          continue;
        }
      for (guint end = i + n; i < end; i++)
        {
          if (now[i].charge != before[i].charge)
            return FALSE;
          if (!dd_reuse_same_rule (reuse, &now[i], &before[i]))
            reuse->touched[now[i].charge] = TRUE;
        }
    }
  return TRUE;
}

gboolean
dd_pricing_keep_order (DdPricing *pricing)
{
  const GArray *rules = pricing->answers->adjustments;
  guint n_charges = pricing->answers->charges->len;
  const DdSheet *before;

  if (pricing->reuse == NULL)
    return FALSE;
  before = pricing->reuse->before;
  if (n_charges != before->answers->charges->len || rules->len != before->answers->adjustments->len ||
      !labels_stay (pricing->reuse) || !touch_charges (pricing->reuse, rules, n_charges))
    {
      g_clear_pointer (&pricing->reuse->touched, g_free);
      return FALSE;
    }
  pricing->order = pricing->sheet->order =
    g_memdup2 (before->order, MAX (rules->len, 1) * sizeof *before->order);
  pricing->slices = pricing->sheet->slices =
    g_memdup2 (before->slices, MAX (n_charges, 1) * sizeof *before->slices);
  for (guint i = 0; i < n_charges; i++)
    pricing->slices[i].first_tax = pricing->slices[i].end;
  return TRUE;
}

gboolean
dd_pricing_rules_stay (const DdPricing *pricing, guint32 charge)
{
  return !pricing->reuse->touched[charge];
}

/* A text that has two labels now could be one group before. */
static gboolean
is_usable (const struct DdReuse *reuse, const DdAnswers *answers)
{
  return reuse->before->arithmetic == DD_ARITHMETIC_VERSION &&
         g_hash_table_size (answers->label_index) == answers->labels->len;
}

void
dd_pricing_begin_reuse (DdPricing *pricing)
{
  if (pricing->reuse == NULL)
    return;
  if (!is_usable (pricing->reuse, pricing->answers))
    {
      pricing->reuse = NULL;
      return;
    }
  map_labels (pricing->reuse, pricing->answers);
  map_lines (pricing->reuse, pricing->lines, pricing->n_lines);
  place_charges (pricing->reuse);
  find_changed_rates (pricing->reuse, pricing->rates, pricing->n_rates);
}

DdSheet *
dd_sheet_recompute (const DdSheet *before,
                    const DdPriceLine *before_lines,
                    const DdPriceLine *lines,
                    guint n_lines,
                    DdAnswers *answers,
                    guint *out_n_computed,
                    GError **error)
{
  struct DdReuse reuse = { .before = before, .before_lines = before_lines };
  DdSheet *sheet = dd_pricing_compute (lines, n_lines, answers, DD_ARITHMETIC_VERSION,
                                       before != NULL ? &reuse : NULL, out_n_computed, error);

  g_free (reuse.labels);
  g_free (reuse.lines);
  g_free (reuse.first);
  g_free (reuse.contracts);
  g_free (reuse.touched);
  if (reuse.changed != NULL)
    g_array_unref (reuse.changed);
  return sheet;
}
