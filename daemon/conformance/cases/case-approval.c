/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Measures of proposals to be approved (see cases.h).
 */
#include "cases/cases.h"
#include "words.h"

static DdCase *
add_case (GPtrArray *cases, const char *name, DdCaseGroup group)
{
  return dd_case_add (cases, name, DD_KIND_APPROVAL, group);
}

static void
measure (DdCase *self, const char *name, gint64 value, const char *currency, gboolean percent)
{
  gboolean lower = g_str_equal (name, "margin") || g_str_equal (name, "contract.value");
  DdMeasure measured = {
    .name = name, .value = value, .percent = percent, .worse = lower ? DD_WORSE_LOWER : DD_WORSE_HIGHER
  };

  g_strlcpy (measured.currency.code, currency, sizeof measured.currency.code);
  g_array_append_val (self->measures, measured);
}

static void
measure_text (DdCase *self, const char *name, const char *subject, const char *text)
{
  DdMeasure measured = { .name = name, .subject = subject, .text = text, .worse = DD_WORSE_CHANGED };

  g_array_append_val (self->measures, measured);
}

/* The measures that the daemon takes; @scale from 0. */
static void
fill (DdCase *self, gint64 scale)
{
  measure (self, "discount.list", scale * DD_NANOS / 100, "EUR", TRUE);
  measure (self, "discount.standing", 0, "EUR", TRUE);
  measure (self, "discount.discretionary", scale * DD_NANOS / 100, "EUR", TRUE);
  measure (self, "margin", (50 - scale) * DD_NANOS / 100, "EUR", TRUE);
  measure (self, "contract.value", scale * 10000 * DD_MICROS, "EUR", FALSE);
  measure (self, "commitment.months", scale, "", FALSE);
  measure (self, "payment.days", scale, "", FALSE);
  measure_text (self, "currency", NULL, "EUR");
  measure_text (self, "clause.own", "liability", "5f7b2b4d");
  g_ptr_array_add (self->groups, (gpointer) "sales");
}

static void
add_hostile_numbers (GPtrArray *cases)
{
  static const gint64 numbers[] = { G_MININT64 + 1, -1, 0, G_MAXINT64 };
  static const char *const names[] = { "the least values", "values below zero", "values of zero",
                                       "the greatest values" };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      DdCase *self = add_case (cases, names[i], DD_GROUP_HOSTILE);

      measure (self, "discount.discretionary", numbers[i], "EUR", TRUE);
      measure (self, "discount.list", numbers[i], "JPY", TRUE);
      measure (self, "margin", numbers[i], "", TRUE);
      measure (self, "contract.value", numbers[i], "BHD", FALSE);
      measure (self, "commitment.months", numbers[i], "", FALSE);
    }
}

static void
add_hostile_texts (GPtrArray *cases, const char *name, const char *text)
{
  DdCase *self = add_case (cases, name, DD_GROUP_HOSTILE);

  self->requester = text;
  self->context.customer = text;
  self->context.segment = text;
  self->context.country = text;
  fill (self, 12);
  measure (self, text, 1, "EUR", FALSE);
  for (guint i = 0; i < 8; i++)
    g_ptr_array_add (self->groups, (gpointer)text);
}

static void
add_sizes (GPtrArray *cases, const GPtrArray *keys)
{
  static const char *const small[] = { "nothing given", "10% off", "30% off", "60% off, below cost" };
  DdCase *self = add_case (cases, "no measures, no groups", DD_GROUP_EMPTY);

  self->requester = "";
  for (guint i = 0; i < G_N_ELEMENTS (small); i++)
    fill (add_case (cases, small[i], DD_GROUP_SMALL), (gint64)i * i * 7);
  self = add_case (cases, "1,000 measures, 1,000 groups", DD_GROUP_HUGE);
  for (guint i = 0; i < DD_HUGE_MEASURES; i++)
    {
      g_autofree char *group = g_strdup_printf ("group-%u", i);
      /* what a dataset governs, too, so that rows are gone through */
      const char *name = i % 10 == 0 ? "discount.discretionary"
                                     : g_string_chunk_insert_const (self->texts, dd_case_key (keys, i));

      measure (self, name, (gint64)i * DD_NANOS / 1000, "EUR", TRUE);
      g_ptr_array_add (self->groups, g_string_chunk_insert (self->texts, group));
    }
}

void
dd_cases_add_approval (GPtrArray *cases, const GPtrArray *keys)
{
  DdCase *self;

  add_sizes (cases, keys);
  add_hostile_numbers (cases);
  add_hostile_texts (cases, "odd UTF-8", DD_WORD_ODD_UTF8);
  add_hostile_texts (cases, "control characters", DD_WORD_CONTROLS);
  add_hostile_texts (cases, "the longest texts", DD_WORD_LONG);
  add_hostile_texts (cases, "formats", "%s%n%s%n%2147483647d$(id)';--");
  add_hostile_texts (cases, "empty texts", "");
  self = add_case (cases, "one measure a hundred times", DD_GROUP_HOSTILE);
  for (guint i = 0; i < 100; i++)
    measure (self, "discount.discretionary", DD_NANOS / 5, "EUR", TRUE);
  self = add_case (cases, "on 0001-01-01", DD_GROUP_DATES);
  dd_case_at (self, 1, 1, 1);
  fill (self, 12);
  self = add_case (cases, "on 9999-12-31", DD_GROUP_DATES);
  dd_case_at (self, 9999, 12, 31);
  fill (self, 12);
  self = add_case (cases, "on 1969-12-31", DD_GROUP_DATES);
  dd_case_at (self, 1969, 12, 31);
  fill (self, 12);
  self = add_case (cases, "empty datasets", DD_GROUP_DATA);
  self->world = DD_WORLD_EMPTY;
  fill (self, 12);
  for (guint world = DD_WORLD_ODD; world < DD_N_WORLDS; world++)
    {
      self = add_case (cases, "a dataset with an extreme value", DD_GROUP_DATA);
      self->world = world;
      fill (self, 12);
    }
}
