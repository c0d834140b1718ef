/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The price engine's figures, one JSON object a line: the whole waterfall with its trace kept, beside a plain
 * __int128 loop over as many steps, measured in the same run.
 *
 * Rounds of both alternate, so that a change of the machine's pace meets both; each figure is a median.
 */
#include "price/sheet.h"

#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define N_STEPS        12
#define LINES_A_FIGURE 600000
#define MIN_ROUNDS     41
#define KEPT_BYTES     (32 << 20)
#define EXPONENT_LIMIT 1.0

static const guint sizes[] = { 100, 1000, 10000 };

typedef struct
{
  guint n_lines;
  DdPriceLine *lines;
  DdAnswers *answers; /* as the plugins would give them; each round prices a copy */
  gint64 *amounts;    /* the plain loop's */
  gint64 *factors;    /* N_STEPS a line */
} Deal;

static void
add_rules (Deal *deal, const char *id, DdStage stage, DdAdjustKind kind, gint64 value, const char *group)
{
  DdAdjustment rule = {
    .id = dd_answers_label (deal->answers, id),
    .label = dd_answers_label (deal->answers, id),
    .source = dd_answers_label (deal->answers, "rules@3"),
    .group = dd_answers_label (deal->answers, group),
    .stage = (guint8)stage,
    .kind = (guint8)kind,
    .mode = DD_GROUP_ADD,
    .currency = { "EUR" },
  };

  /* A plugin answers for a whole sheet at a time, in order of charge. */
  for (guint i = 0; i < deal->n_lines; i++)
    {
      rule.charge = i;
      rule.value = value + i % 7 * (value / 100);
      g_array_append_val (deal->answers->adjustments, rule);
    }
}

static void
add_charges (Deal *deal)
{
  DdCharge charge = {
    .id = dd_answers_label (deal->answers, "rental"),
    .name = dd_answers_label (deal->answers, "Rental"),
    .source = dd_answers_label (deal->answers, "charges@3"),
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .mode = DD_TIER_GRADUATED,
    .currency = { "EUR" },
    .minimum = DD_NO_LIMIT,
    .maximum = DD_NO_LIMIT,
    .n_tiers = 3,
  };

  for (guint i = 0; i < deal->n_lines; i++)
    {
      gint64 price = (100 + i % 900) * DD_MICROS;
      const DdTier tiers[] = {
        { .from = DD_MICROS, .bound = 10 * DD_MICROS, .price = price },
        { .from = 11 * DD_MICROS, .bound = 50 * DD_MICROS, .price = price * 9 / 10 },
        { .from = 51 * DD_MICROS, .bound = G_MAXINT64, .price = price * 8 / 10 },
      };

      charge.line = i;
      charge.first_tier = deal->answers->tiers->len;
      g_array_append_vals (deal->answers->tiers, tiers, G_N_ELEMENTS (tiers));
      g_array_append_val (deal->answers->charges, charge);
      deal->lines[i] = (DdPriceLine){
        .id = g_strdup_printf ("%u", i + 1),
        .quantity = (1 + i % 15) * DD_MICROS,
        .commitment = 36,
        .counted = TRUE,
      };
    }
}

static void
build_deal (Deal *deal, guint n_lines)
{
  DdSpread spread = {
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .kind = DD_ADJUST_LINE_OFF,
    .label = DD_NO_LABEL,
    .currency = { "EUR" },
    .value = n_lines * 7 * DD_MICROS + 10000,
  };

  deal->n_lines = n_lines;
  deal->lines = g_new0 (DdPriceLine, n_lines);
  deal->answers = dd_answers_new ();
  add_charges (deal);
  add_rules (deal, "cost", DD_STAGE_BASE, DD_ADJUST_COST, 40 * DD_MICROS, NULL);
  add_rules (deal, "bound", DD_STAGE_COMMITMENT, DD_ADJUST_PERCENT_OFF, 50000000, NULL);
  add_rules (deal, "volume", DD_STAGE_COMMITMENT, DD_ADJUST_UNIT_OFF, DD_MICROS, NULL);
  add_rules (deal, "island", DD_STAGE_LOCATION, DD_ADJUST_PERCENT_ON, 30000000, NULL);
  add_rules (deal, "region", DD_STAGE_LOCATION, DD_ADJUST_FACTOR, 1020000000, NULL);
  add_rules (deal, "spring", DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, 100000000, "campaign");
  add_rules (deal, "loyal", DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, 50000000, "campaign");
  add_rules (deal, "bundle", DD_STAGE_PROMOTION, DD_ADJUST_UNIT_OFF, DD_MICROS, "campaign");
  add_rules (deal, "agreed", DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, 70000000, NULL);
  add_rules (deal, "floor", DD_STAGE_GUARD, DD_ADJUST_FLOOR, 70 * DD_MICROS, NULL);
  add_rules (deal, "vat", DD_STAGE_TAX, DD_ADJUST_TAX, 210000000, NULL);
  g_array_append_val (deal->answers->spreads, spread);

  deal->amounts = g_new (gint64, n_lines);
  deal->factors = g_new (gint64, (gsize)n_lines * N_STEPS);
  for (guint i = 0; i < n_lines * N_STEPS; i++)
    deal->factors[i] = 930000000 + i % 97 * 1000000;
}

static void
free_deal (Deal *deal)
{
  for (guint i = 0; i < deal->n_lines; i++)
    g_free ((gpointer)deal->lines[i].id);
  g_free (deal->lines);
  g_free (deal->amounts);
  g_free (deal->factors);
  dd_answers_free (deal->answers);
}

static void
copy_records (GArray *to, const GArray *from)
{
  if (from->len > 0)
    g_array_append_vals (to, from->data, from->len);
}

static DdAnswers *
copy_answers (const DdAnswers *answers)
{
  DdAnswers *copy = dd_answers_new ();

  for (guint i = 0; i < answers->labels->len; i++)
    dd_answers_label (copy, g_ptr_array_index (answers->labels, i));
  copy_records (copy->charges, answers->charges);
  copy_records (copy->tiers, answers->tiers);
  copy_records (copy->adjustments, answers->adjustments);
  copy_records (copy->spreads, answers->spreads);
  return copy;
}

/* The thread's own time: the engine only computes, so time that other programs got isn't its. */
static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double
time_engine (const Deal *deal, double *out_steps)
{
  g_autoptr (GError) error = NULL;
  DdAnswers *answers = copy_answers (deal->answers);
  double begin = now ();
  g_autoptr (DdSheet) sheet = dd_sheet_compute (deal->lines, deal->n_lines, answers, &error);
  double elapsed = now () - begin;

  if (sheet == NULL)
    g_error ("the deal of the bench can't be priced: %s", error->message);
  *out_steps = (double)sheet->steps->len / deal->n_lines;
  return elapsed;
}

/* Other amounts each round: of a hundred lines that never change the processor would learn every branch. */
static double
time_loop (const Deal *deal, guint round)
{
  double begin = now ();

  for (guint i = 0; i < deal->n_lines; i++)
    {
      gint64 value = (100 + (i + round) % 900) * DD_MICROS * (1 + i % 15);

      for (guint step = 0; step < N_STEPS; step++)
        {
          DdWide product = (DdWide)value * deal->factors[i * N_STEPS + step];

          DdWide quotient = product / DD_NANOS;

          if (product % DD_NANOS >= DD_NANOS / 2)
            quotient++;
          if (quotient > G_MAXINT64)
            abort ();
          value = (gint64)quotient;
        }
      deal->amounts[i] = value;
    }

  double elapsed = now () - begin;

  /* Reads what was computed, so that it has to be. */
  if (deal->amounts[deal->n_lines - 1] < 0)
    abort ();
  return elapsed;
}

static int
compare_doubles (const void *a, const void *b)
{
  double difference = *(const double *)a - *(const double *)b;

  return (difference > 0) - (difference < 0);
}

static double
median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return values[n / 2];
}

static void
print_figure (const char *name, double value, const char *unit, double limit)
{
  printf ("{\"name\":\"%s\",\"value\":%.4f,\"unit\":\"%s\",\"limit\":%.4f,\"ratio\":%.3f}\n", name, value,
          unit, limit, value / limit);
}

/* Microseconds of one whole deal. */
static double
measure (guint n_lines)
{
  guint n_rounds = MAX (MIN_ROUNDS, LINES_A_FIGURE / n_lines);
  g_autofree double *engine = g_new (double, n_rounds);
  g_autofree double *loop = g_new (double, n_rounds);
  g_autofree char *name = g_strdup_printf ("reprice.engine.%u", n_lines);
  Deal deal;
  double steps = 0;

  build_deal (&deal, n_lines);
  for (guint round = 0; round < n_rounds; round++)
    {
      loop[round] = time_loop (&deal, round);
      engine[round] = time_engine (&deal, &steps);
    }
  if (steps < N_STEPS - 0.5)
    g_error ("only %.2f steps a line; the loop takes %d", steps, N_STEPS);
  free_deal (&deal);

  double median_engine = median (engine, n_rounds);

  print_figure (name, median_engine / n_lines, "us/line", median (loop, n_rounds) / n_lines);
  return median_engine;
}

int
main (void)
{
  double first = 0;
  double last = 0;

  /* As the daemon: memory that one sheet gave back serves the next, without a page fault for each page. */
  mallopt (M_MMAP_THRESHOLD, KEPT_BYTES);
  mallopt (M_TRIM_THRESHOLD, KEPT_BYTES);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      last = measure (sizes[i]);
      if (i == 0)
        first = last;
    }
  print_figure ("reprice.engine.exponent",
                log (last / first) / log ((double)sizes[G_N_ELEMENTS (sizes) - 1] / sizes[0]), "exponent",
                EXPONENT_LIMIT);
  return 0;
}
