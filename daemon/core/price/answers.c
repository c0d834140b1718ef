/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What pricing plugins answer (see answers.h): its container, its interned text, and the names of its kinds.
 *
 * The name tables are parallel to their enumerations; a static assert holds each to its length. Pure; answers
 * belong to one thread until a sheet owns them.
 */
#include "price/answers.h"

#include <string.h>

#include "text-hash.h"

static void
clear_source (gpointer data)
{
  DdSource *source = data;

  g_free (source->name);
  g_free (source->plugin_version);
}

DdAnswers *
dd_answers_new (void)
{
  DdAnswers *answers = g_new0 (DdAnswers, 1);

  answers->labels = g_ptr_array_new_with_free_func (g_free);
  answers->charges = g_array_new (FALSE, TRUE, sizeof (DdCharge));
  answers->tiers = g_array_new (FALSE, TRUE, sizeof (DdTier));
  answers->adjustments = g_array_new (FALSE, TRUE, sizeof (DdAdjustment));
  answers->spreads = g_array_new (FALSE, TRUE, sizeof (DdSpread));
  answers->installed = g_array_new (FALSE, TRUE, sizeof (DdInstalledNet));
  answers->contracts = g_array_new (FALSE, TRUE, sizeof (DdContract));
  answers->shares = g_array_new (FALSE, TRUE, sizeof (DdShare));
  answers->rates = g_array_new (FALSE, TRUE, sizeof (DdRate));
  answers->expiries = g_array_new (FALSE, TRUE, sizeof (DdExpiry));
  answers->sources = g_array_new (FALSE, TRUE, sizeof (DdSource));
  g_array_set_clear_func (answers->sources, clear_source);
  answers->label_index = g_hash_table_new (dd_text_hash, g_str_equal);
  return answers;
}

void
dd_answers_free (DdAnswers *answers)
{
  if (answers == NULL)
    return;
  g_hash_table_unref (answers->label_index);
  g_ptr_array_unref (answers->labels);
  g_array_unref (answers->charges);
  g_array_unref (answers->tiers);
  g_array_unref (answers->adjustments);
  g_array_unref (answers->spreads);
  g_array_unref (answers->installed);
  g_array_unref (answers->contracts);
  g_array_unref (answers->shares);
  g_array_unref (answers->rates);
  g_array_unref (answers->expiries);
  g_array_unref (answers->sources);
  g_free (answers);
}

static void
copy_records (GArray *to, const GArray *from)
{
  g_array_append_vals (to, from->data, from->len);
}

DdAnswers *
dd_answers_copy (const DdAnswers *answers)
{
  DdAnswers *copy = dd_answers_new ();

  for (guint i = 0; i < answers->labels->len; i++)
    dd_answers_label (copy, g_ptr_array_index (answers->labels, i));
  copy_records (copy->charges, answers->charges);
  copy_records (copy->tiers, answers->tiers);
  copy_records (copy->adjustments, answers->adjustments);
  copy_records (copy->spreads, answers->spreads);
  copy_records (copy->installed, answers->installed);
  copy_records (copy->contracts, answers->contracts);
  copy_records (copy->shares, answers->shares);
  copy_records (copy->rates, answers->rates);
  copy_records (copy->expiries, answers->expiries);
  copy->interest = answers->interest;
  copy->offer_end = answers->offer_end;
  for (guint i = 0; i < answers->sources->len; i++)
    {
      const DdSource *source = &g_array_index (answers->sources, DdSource, i);

      dd_answers_add_source (copy, source->name, source->version, source->plugin_version);
    }
  return copy;
}

/* Beside a label's text: its block, its place and its slot in the index. */
#define LABEL_OVERHEAD 48

gsize
dd_array_bytes (gsize bytes)
{
  return bytes > 0 ? (gsize)1 << g_bit_storage (bytes - 1) : 0;
}

gsize
dd_answers_bytes (const DdAnswers *answers)
{
  const GArray *const arrays[] = {
    answers->charges,   answers->tiers,  answers->adjustments, answers->spreads,  answers->installed,
    answers->contracts, answers->shares, answers->rates,       answers->expiries, answers->sources,
  };
  gsize bytes = sizeof *answers;

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    bytes += dd_array_bytes ((gsize)arrays[i]->len * g_array_get_element_size ((GArray *)arrays[i]));
  for (guint i = 0; i < answers->labels->len; i++)
    bytes += strlen (g_ptr_array_index (answers->labels, i)) + LABEL_OVERHEAD;
  return bytes;
}

guint32
dd_answers_label (DdAnswers *answers, const char *text)
{
  gpointer found;

  if (text == NULL)
    return DD_NO_LABEL;
  if (g_hash_table_lookup_extended (answers->label_index, text, NULL, &found))
    return GPOINTER_TO_UINT (found);

  char *copy = g_strdup (text);
  guint32 label = answers->labels->len;

  g_ptr_array_add (answers->labels, copy);
  g_hash_table_insert (answers->label_index, copy, GUINT_TO_POINTER (label));
  return label;
}

const char *
dd_answers_text (const DdAnswers *answers, guint32 label)
{
  return label < answers->labels->len ? g_ptr_array_index (answers->labels, label) : NULL;
}

void
dd_answers_add_source (DdAnswers *answers, const char *name, gint64 version, const char *plugin_version)
{
  DdSource source = { .name = g_strdup (name),
                      .version = version,
                      .plugin_version = g_strdup (plugin_version) };

  g_array_append_val (answers->sources, source);
}

static const char *const stage_names[] = {
  "base", "commitment", "location", "promotion", "negotiated", "spread", "guard", "tax",
};
static const char *const charge_type_names[] = { "oneTime", "recurring", "usage" };
static const char *const period_names[] = { "none", "day", "week", "month", "quarter", "year" };
static const char *const tier_mode_names[] = { "flat", "volume", "graduated", "block", "package", "share" };
static const char *const adjust_kind_names[] = {
  "percent-off",   "percent-on", "unit-off", "unit-on",   "line-off", "line-on",
  "unit-override", "factor",     "cost",     "cost-plus", "floor",    "tax",
};
static const char *const group_mode_names[] = { "compound", "add", "best" };

G_STATIC_ASSERT (G_N_ELEMENTS (stage_names) == DD_N_STAGES);
G_STATIC_ASSERT (G_N_ELEMENTS (charge_type_names) == DD_N_CHARGE_TYPES);
G_STATIC_ASSERT (G_N_ELEMENTS (period_names) == DD_N_PERIODS);
G_STATIC_ASSERT (G_N_ELEMENTS (tier_mode_names) == DD_N_TIER_MODES);
G_STATIC_ASSERT (G_N_ELEMENTS (adjust_kind_names) == DD_N_ADJUST_KINDS);
G_STATIC_ASSERT (G_N_ELEMENTS (group_mode_names) == DD_GROUP_BEST + 1);

static const char *
name_of (const char *const *names, guint n_names, guint value)
{
  return value < n_names ? names[value] : NULL;
}

static int
value_of (const char *const *names, guint n_names, const char *text)
{
  for (guint i = 0; text != NULL && i < n_names; i++)
    if (strcmp (names[i], text) == 0)
      return (int)i;
  return -1;
}

#define DEFINE_NAMES(Type, name, names)                                                                      \
  const char *dd_##name##_name (Type value)                                                                  \
  {                                                                                                          \
    return name_of (names, G_N_ELEMENTS (names), (guint)value);                                              \
  }                                                                                                          \
                                                                                                             \
  int dd_##name##_from_name (const char *text)                                                               \
  {                                                                                                          \
    return value_of (names, G_N_ELEMENTS (names), text);                                                     \
  }

DEFINE_NAMES (DdStage, stage, stage_names)
DEFINE_NAMES (DdChargeType, charge_type, charge_type_names)
DEFINE_NAMES (DdPeriod, period, period_names)
DEFINE_NAMES (DdTierMode, tier_mode, tier_mode_names)
DEFINE_NAMES (DdAdjustKind, adjust_kind, adjust_kind_names)
DEFINE_NAMES (DdGroupMode, group_mode, group_mode_names)
