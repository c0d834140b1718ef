/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Answers as text, one thing a line, whole: two that are the same bytes are the same answer. Any thread.
 */
#include "drive.h"

#include <string.h>

#define SHOWN 200

void
dd_answer_clear (DdAnswer *answer)
{
  g_free (answer->text);
  g_free (answer->fault);
  *answer = (DdAnswer){ 0 };
}

static void
append_charge (GString *text, const DdAnswers *answers, const DdCharge *charge)
{
  g_string_append_printf (
    text,
    "charge line %u id %s name %s source %s type %u period %u mode %u %.3s price %" G_GINT64_FORMAT
    " fee %" G_GINT64_FORMAT " free %" G_GINT64_FORMAT " package %" G_GINT64_FORMAT
    " minimum %" G_GINT64_FORMAT " maximum %" G_GINT64_FORMAT "\n",
    charge->line, dd_answers_text (answers, charge->id), dd_answers_text (answers, charge->name),
    dd_answers_text (answers, charge->source), charge->type, charge->period, charge->mode,
    charge->currency.code, charge->price, charge->fee, charge->free_units, charge->package_size,
    charge->minimum, charge->maximum);
  for (guint i = 0; i < charge->n_tiers; i++)
    {
      const DdTier *tier = &g_array_index (answers->tiers, DdTier, charge->first_tier + i);

      g_string_append_printf (text,
                              "tier from %" G_GINT64_FORMAT " bound %" G_GINT64_FORMAT
                              " price %" G_GINT64_FORMAT " fee %" G_GINT64_FORMAT "\n",
                              tier->from, tier->bound, tier->price, tier->fee);
    }
}

static void
append_adjustment (GString *text, const DdAnswers *answers, const DdAdjustment *adjustment)
{
  const char *group = dd_answers_text (answers, adjustment->group);

  g_string_append_printf (
    text,
    "adjustment charge %u kind %u rule %s label %s source %s group %s mode %u priorities %d %d "
    "%.3s value %" G_GINT64_FORMAT "\n",
    adjustment->charge, adjustment->kind, dd_answers_text (answers, adjustment->id),
    dd_answers_text (answers, adjustment->label), dd_answers_text (answers, adjustment->source),
    group != NULL ? group : "none", adjustment->mode, adjustment->group_priority, adjustment->priority,
    adjustment->currency.code, adjustment->value);
}

char *
dd_text_of_answers (const DdAnswers *answers)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < answers->charges->len; i++)
    append_charge (text, answers, &g_array_index (answers->charges, DdCharge, i));
  for (guint i = 0; i < answers->adjustments->len; i++)
    append_adjustment (text, answers, &g_array_index (answers->adjustments, DdAdjustment, i));
  return g_string_free (text, FALSE);
}

char *
dd_text_of_requirements (const GPtrArray *requirements)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < requirements->len; i++)
    {
      const DdRequirement *requirement = requirements->pdata[i];

      g_string_append_printf (text,
                              "requirement level %u need %u rule %s measure %s value %s limit %s worse %u:",
                              requirement->level, requirement->need, requirement->rule, requirement->measure,
                              requirement->value, requirement->limit, requirement->higher_is_worse);
      for (guint j = 0; j < requirement->candidates->len; j++)
        g_string_append_printf (text, " %s", (const char *)requirement->candidates->pdata[j]);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

char *
dd_text_of_advice (guint action, gint64 total, const char *reason)
{
  return g_strdup_printf ("advice %u total %" G_GINT64_FORMAT " because %s\n", action, total, reason);
}

char *
dd_text_of_delivery (guint delivery, const char *receipt)
{
  static const char *const names[] = { "DELIVERED", "RETRY", "REJECTED", "UNKNOWN" };

  return g_strdup_printf ("%s: %s\n", delivery < G_N_ELEMENTS (names) ? names[delivery] : "?", receipt);
}

static char *
line_at (const char *text, gsize offset, guint *out_number)
{
  gsize begin = offset;

  *out_number = 1;
  for (gsize i = 0; i < offset; i++)
    *out_number += text[i] == '\n';
  while (begin > 0 && text[begin - 1] != '\n')
    begin--;
  return g_strndup (text + begin, MIN (strcspn (text + begin, "\n"), SHOWN));
}

char *
dd_answer_compare (const char *before, const char *after)
{
  gsize same = 0;
  guint number;

  while (before[same] != '\0' && before[same] == after[same])
    same++;
  if (before[same] == after[same])
    return NULL;

  g_autofree char *first = line_at (before, same, &number);
  g_autofree char *second = line_at (after, same, &number);

  return g_strdup_printf ("part %u of the answer was \"%s\", and then \"%s\"", number, first, second);
}
