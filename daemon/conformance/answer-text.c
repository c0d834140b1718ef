/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Answers as text, one thing a line, its fields with tabs between, whole: two that are the same bytes are the
 * same answer. Any thread.
 */
#include "drive.h"

#include <string.h>

#define SHOWN    200
#define N_NAMING 3 /* fields that say what a line is about */

void
dd_answer_clear (DdAnswer *answer)
{
  g_free (answer->text);
  g_free (answer->fault);
  *answer = (DdAnswer){ 0 };
}

/* What most charges have nothing of. */
static void
append_terms (GString *text, const DdAnswers *answers, const DdCharge *charge)
{
  if (charge->per != 0)
    g_string_append_printf (text, "\tper %" G_GINT64_FORMAT, charge->per);
  if (charge->aggregate != 0)
    g_string_append_printf (text, "\taggregate %s", dd_answers_text (answers, charge->aggregate - 1));
  if (charge->free_months != 0)
    g_string_append_printf (text, "\tfree months %u", charge->free_months);
  if (charge->first_year != 0 || charge->last_year != 0)
    g_string_append_printf (text, "\tyears %u to %u", charge->first_year, charge->last_year);
  if (charge->source_currency.code[0] != '\0')
    g_string_append_printf (text, "\tfrom currency %.3s", charge->source_currency.code);
}

/* @what: "charge", or "contract" for the price of one. */
static void
append_charge (GString *text, const char *what, const DdAnswers *answers, const DdCharge *charge)
{
  g_string_append_printf (
    text,
    "%s\tline %u\tid %s\tname %s\tsource %s\ttype %u\tperiod %u\tmode %u\tcurrency %.3s"
    "\tprice %" G_GINT64_FORMAT "\tfee %" G_GINT64_FORMAT "\tfree units %" G_GINT64_FORMAT
    "\tpackage size %" G_GINT64_FORMAT "\tminimum %" G_GINT64_FORMAT "\tmaximum %" G_GINT64_FORMAT,
    what, charge->line, dd_answers_text (answers, charge->id), dd_answers_text (answers, charge->name),
    dd_answers_text (answers, charge->source), charge->type, charge->period, charge->mode,
    charge->currency.code, charge->price, charge->fee, charge->free_units, charge->package_size,
    charge->minimum, charge->maximum);
  append_terms (text, answers, charge);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < charge->n_tiers; i++)
    {
      const DdTier *tier = &g_array_index (answers->tiers, DdTier, charge->first_tier + i);

      g_string_append_printf (
        text,
        "tier\tof line %u\tof charge %s\tfrom %" G_GINT64_FORMAT "\tbound %" G_GINT64_FORMAT
        "\tprice %" G_GINT64_FORMAT "\tfee %" G_GINT64_FORMAT "\n",
        charge->line, dd_answers_text (answers, charge->id), tier->from, tier->bound, tier->price, tier->fee);
    }
}

static void
append_adjustment (GString *text, const DdAnswers *answers, const DdAdjustment *adjustment)
{
  const char *group = dd_answers_text (answers, adjustment->group);

  g_string_append_printf (text,
                          "adjustment\tof charge %u\trule %s\tkind %u\tlabel %s\tsource %s\tgroup %s\tmode %u"
                          "\tgroup priority %d\tpriority %d\tcurrency %.3s\tvalue %" G_GINT64_FORMAT
                          "\tyears %u to %u\tthreshold %" G_GINT64_FORMAT "\n",
                          adjustment->charge, dd_answers_text (answers, adjustment->id), adjustment->kind,
                          dd_answers_text (answers, adjustment->label),
                          dd_answers_text (answers, adjustment->source), group != NULL ? group : "none",
                          adjustment->mode, adjustment->group_priority, adjustment->priority,
                          adjustment->currency.code, adjustment->value, adjustment->first_year,
                          adjustment->last_year, adjustment->threshold);
}

static void
append_more (GString *text, const DdAnswers *answers)
{
  for (guint i = 0; i < answers->contracts->len; i++)
    append_charge (text, "contract", answers, &g_array_index (answers->contracts, DdContract, i).price);
  for (guint i = 0; i < answers->shares->len; i++)
    {
      const DdShare *share = &g_array_index (answers->shares, DdShare, i);

      g_string_append_printf (text, "share\tof charge %u\ttarget %u\n", share->charge, share->target);
    }
  for (guint i = 0; i < answers->expiries->len; i++)
    {
      const DdExpiry *expiry = &g_array_index (answers->expiries, DdExpiry, i);

      g_string_append_printf (text, "expiry\tof charge %u\tlabel %s\tlast day %d\n", expiry->charge,
                              dd_answers_text (answers, expiry->label), expiry->last);
    }
}

char *
dd_text_of_answers (const DdAnswers *answers)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < answers->charges->len; i++)
    append_charge (text, "charge", answers, &g_array_index (answers->charges, DdCharge, i));
  for (guint i = 0; i < answers->adjustments->len; i++)
    append_adjustment (text, answers, &g_array_index (answers->adjustments, DdAdjustment, i));
  append_more (text, answers);
  return g_string_free (text, FALSE);
}

char *
dd_text_of_requirements (const GPtrArray *requirements)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < requirements->len; i++)
    {
      g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
      g_autofree char *json = NULL;
      gsize length = 0;

      dd_requirement_write (requirements->pdata[i], writer);
      json = dd_json_writer_finish (writer, &length);
      g_string_append_printf (text, "requirement\t%s\n", json);
    }
  return g_string_free (text, FALSE);
}

char *
dd_text_of_advice (guint action, gint64 total, const char *reason)
{
  return g_strdup_printf ("advice\taction %u\ttotal %" G_GINT64_FORMAT "\treason %s\n", action, total,
                          reason);
}

char *
dd_text_of_delivery (guint delivery, const char *receipt)
{
  static const char *const names[] = { "DELIVERED", "RETRY", "REJECTED", "UNKNOWN" };

  return g_strdup_printf ("%s: %s\n", delivery < G_N_ELEMENTS (names) ? names[delivery] : "?", receipt);
}

/* The line around @offset, cut for people. (transfer full) */
static char *
line_at (const char *text, gsize offset)
{
  while (offset > 0 && text[offset - 1] != '\n')
    offset--;
  return g_strndup (text + offset, strcspn (text + offset, "\n"));
}

static void
shorten (char *text)
{
  for (char *tab = text; (tab = strchr (tab, '\t')) != NULL;)
    *tab = ' ';
  if (strlen (text) > SHOWN)
    text[SHOWN] = '\0';
}

/* Of two lines about the same: which it is by its first fields, and the field that differs. (nullable) NULL:
 * they are about different things, and are shown whole. */
static char *
compare_fields (const char *before, const char *after)
{
  g_auto (GStrv) olds = g_strsplit (before, "\t", -1);
  g_auto (GStrv) news = g_strsplit (after, "\t", -1);
  g_autoptr (GString) place = g_string_new (NULL);
  guint field = 0;

  while (olds[field] != NULL && g_strcmp0 (olds[field], news[field]) == 0)
    {
      if (field < N_NAMING)
        g_string_append_printf (place, "%s%s", field > 0 ? ", " : "", olds[field]);
      field++;
    }
  if (field == 0 || olds[field] == NULL || news[field] == NULL)
    return NULL;
  shorten (olds[field]);
  shorten (news[field]);
  return g_strdup_printf ("%s: it was \"%s\", and then \"%s\"", place->str, olds[field], news[field]);
}

char *
dd_answer_compare (const char *before, const char *after)
{
  gsize same = 0;
  guint number = 1;

  while (before[same] != '\0' && before[same] == after[same])
    number += before[same++] == '\n';
  if (before[same] == after[same])
    return NULL;

  g_autofree char *first = line_at (before, same);
  g_autofree char *second = line_at (after, same);
  g_autofree char *fields = compare_fields (first, second);

  if (fields != NULL)
    return g_strdup_printf ("part %u of the answer, %s", number, fields);
  shorten (first);
  shorten (second);
  return g_strdup_printf ("part %u of the answer was \"%s\", and then \"%s\"", number, first, second);
}
