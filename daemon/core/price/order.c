/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The order in which the adjustments of a charge apply.
 *
 * Plugins answer stage by stage, each in order of charge, so that a counting sort by charge leaves almost
 * every charge's rules in order already; only those that aren't are sorted. Equal rules stay as they came.
 * Pure.
 */
#include "price/pricing.h"

#include <string.h>

guint32 *
dd_bucket (gconstpointer records, gsize size, guint n, guint n_keys, guint32 **out_first)
{
  guint32 *first = g_new0 (guint32, (gsize)n_keys + 1);
  guint32 *order = g_new (guint32, MAX (n, 1));
  guint32 sum = 0;

  for (guint i = 0; i < n; i++)
    first[*(const guint32 *)(gconstpointer)((const char *)records + i * size)]++;
  for (guint key = 0; key <= n_keys; key++)
    {
      guint32 count = first[key];

      first[key] = sum;
      sum += count;
    }
  for (guint i = 0; i < n; i++)
    order[first[*(const guint32 *)(gconstpointer)((const char *)records + i * size)]++] = i;
  /* Each first is now the next key's: move them back by one. */
  memmove (first + 1, first, n_keys * sizeof *first);
  first[0] = 0;
  *out_first = first;
  return order;
}

/* Rules of the same few ids meet at every charge: the last comparisons are remembered, so that text is hardly
 * ever read. A pair has one place. */
#define N_MEMORIES 64

typedef struct
{
  guint32 a;
  guint32 b;
  int order;
} Memory;

/* Records from next to end are in order of charge. */
typedef struct
{
  guint32 next;
  guint32 end;
} Sequence;

/* Beyond so many, asking each for every charge costs more than counting. */
#define MAX_SEQUENCES 48

/* Slices up to here are sorted by insertion, which costs nothing when they are in order. */
#define MAX_INSERTION 32

struct DdOrdering
{
  const DdAnswers *answers;
  const DdAdjustment *adjustments;
  guint n_sequences; /* 0: counted instead */
  guint32 place;     /* where the next charge's slice begins */
  guint32 *first;    /* when counted: the first place of each charge */
  gboolean kept;     /* slices are there already */
  Sequence sequences[MAX_SEQUENCES];
  Memory memories[N_MEMORIES];
};

static int
compare_text (struct DdOrdering *ordering, guint32 a, guint32 b)
{
  Memory *memory = &ordering->memories[(a * 31 + b) % N_MEMORIES];

  if (a == b)
    return 0;
  if (memory->a != a || memory->b != b)
    {
      const char *a_text = dd_answers_text (ordering->answers, a);
      const char *b_text = dd_answers_text (ordering->answers, b);

      memory->a = a;
      memory->b = b;
      if (a_text == NULL || b_text == NULL)
        memory->order = (a_text == NULL) - (b_text == NULL);
      else
        memory->order = dd_id_compare (a_text, b_text);
    }
  return memory->order;
}

static int
compare_groups (struct DdOrdering *ordering, const DdAdjustment *a, const DdAdjustment *b)
{
  gboolean a_alone = a->group == DD_NO_LABEL;

  /* Rules without a group are a stage's last one. */
  if (a_alone != (b->group == DD_NO_LABEL))
    return a_alone ? 1 : -1;
  if (a->group_priority != b->group_priority)
    return a->group_priority < b->group_priority ? -1 : 1;
  return compare_text (ordering, a->group, b->group);
}

/* Rules that are alike in all else still have one order, whatever order they came in. */
static int
compare_rules (struct DdOrdering *ordering, guint32 a_index, guint32 b_index)
{
  const DdAdjustment *a = &ordering->adjustments[a_index];
  const DdAdjustment *b = &ordering->adjustments[b_index];
  int order = 0;

  if (a->stage != b->stage)
    return a->stage < b->stage ? -1 : 1;
  if (a->group != b->group)
    order = compare_groups (ordering, a, b);
  if (order == 0 && a->priority != b->priority)
    order = a->priority < b->priority ? -1 : 1;
  if (order == 0)
    order = compare_text (ordering, a->id, b->id);
  if (order == 0 && a->kind != b->kind)
    order = a->kind < b->kind ? -1 : 1;
  if (order == 0 && a->value != b->value)
    order = a->value < b->value ? -1 : 1;
  return order != 0 ? order : (a_index > b_index) - (a_index < b_index);
}

static int
compare_places (gconstpointer a, gconstpointer b, gpointer ordering)
{
  return compare_rules (ordering, *(const guint32 *)a, *(const guint32 *)b);
}

static void
sort_slice (struct DdOrdering *ordering, guint32 *order, guint n)
{
  if (n > MAX_INSERTION)
    {
      g_qsort_with_data (order, (gint)n, sizeof *order, compare_places, ordering);
      return;
    }
  for (guint i = 1; i < n; i++)
    {
      guint32 moved = order[i];
      guint j = i;

      for (; j > 0 && compare_rules (ordering, order[j - 1], moved) > 0; j--)
        order[j] = order[j - 1];
      order[j] = moved;
    }
}

/* One look at every record: its charge exists, and where the order of charges breaks. */
static gboolean
find_sequences (struct DdOrdering *ordering, guint n, guint n_charges, GError **error)
{
  guint32 before = 0;
  guint n_sequences = 0;

  for (guint32 i = 0; i < n; i++)
    {
      guint32 charge = ordering->adjustments[i].charge;

      if (G_UNLIKELY (charge >= n_charges))
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "adjustment %u: charge %u isn't there; the answers have %u charges", i, charge,
                        n_charges);
      if (i == 0 || charge < before)
        {
          if (n_sequences < MAX_SEQUENCES)
            ordering->sequences[n_sequences].next = i;
          if (n_sequences > 0 && n_sequences <= MAX_SEQUENCES)
            ordering->sequences[n_sequences - 1].end = i;
          n_sequences++;
        }
      before = charge;
    }
  if (n_sequences > 0 && n_sequences <= MAX_SEQUENCES)
    ordering->sequences[n_sequences - 1].end = n;
  ordering->n_sequences = n_sequences;
  return TRUE;
}

gboolean
dd_pricing_begin_order (DdPricing *pricing, GError **error)
{
  guint n_charges = pricing->answers->charges->len;
  guint n_adjustments = pricing->answers->adjustments->len;
  struct DdOrdering *ordering = g_new (struct DdOrdering, 1);

  pricing->ordering = ordering;
  ordering->answers = pricing->answers;
  ordering->adjustments = pricing->adjustments;
  ordering->place = 0;
  ordering->first = NULL;
  /* No pair is of the same label, so these match nothing. */
  memset (ordering->memories, 0, sizeof ordering->memories);
  ordering->kept = dd_pricing_keep_order (pricing);
  if (ordering->kept)
    return TRUE;
  if (!find_sequences (ordering, n_adjustments, n_charges, error))
    return FALSE;
  pricing->slices = pricing->sheet->slices = g_new (DdSlice, MAX (n_charges, 1));
  if (ordering->n_sequences <= MAX_SEQUENCES)
    pricing->order = g_new (guint32, MAX (n_adjustments, 1));
  else
    pricing->order =
      dd_bucket (pricing->adjustments, sizeof (DdAdjustment), n_adjustments, n_charges, &ordering->first);
  pricing->sheet->order = pricing->order;
  return TRUE;
}

static int
compare_indexes (gconstpointer a, gconstpointer b, gpointer data)
{
  guint32 a_index = *(const guint32 *)a;
  guint32 b_index = *(const guint32 *)b;

  return (a_index > b_index) - (a_index < b_index);
}

/* Rules that stayed are in order. Others are sorted as they came, since rules of one group that differ in its
 * priority have no order of their own, and their error must not depend on an earlier one. */
static void
sort_kept (DdPricing *pricing, guint32 charge)
{
  const DdSlice *slice = &pricing->slices[charge];
  guint32 *order = pricing->order + slice->begin;
  guint n = slice->end - slice->begin;

  if (dd_pricing_rules_stay (pricing, charge))
    return;
  g_qsort_with_data (order, (gint)n, sizeof *order, compare_indexes, NULL);
  sort_slice (pricing->ordering, order, n);
}

void
dd_pricing_order_charge (DdPricing *pricing, guint32 charge)
{
  struct DdOrdering *ordering = pricing->ordering;
  DdSlice *slice = &pricing->slices[charge];
  guint32 place = ordering->place;

  if (ordering->kept)
    {
      sort_kept (pricing, charge);
      return;
    }
  slice->begin = place;
  if (ordering->first != NULL)
    place = ordering->first[charge + 1];
  else
    for (guint i = 0; i < ordering->n_sequences; i++)
      {
        Sequence *sequence = &ordering->sequences[i];

        for (; sequence->next < sequence->end && ordering->adjustments[sequence->next].charge == charge;
             sequence->next++)
          pricing->order[place++] = sequence->next;
      }
  slice->end = place;
  slice->first_tax = place;
  ordering->place = place;
  sort_slice (ordering, pricing->order + slice->begin, place - slice->begin);
}

void
dd_pricing_end_order (DdPricing *pricing)
{
  if (pricing->ordering != NULL)
    g_free (pricing->ordering->first);
  g_free (pricing->ordering);
}
