/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A deal that the engine prices, and the plain __int128 loop of as many steps that it is measured beside, in
 * the same run.
 *
 * Rounds of both alternate, so that a change of the machine's pace meets both; each figure is a median of the
 * thread's own time: the engine only computes, so time that other programs got isn't its. Single-threaded;
 * failures end the program.
 */
#pragma once

#include "measure.h"
#include "price/sheet.h"

#include <malloc.h>
#include <math.h>
#include <string.h>

#define ENGINE_LINES_A_FIGURE 600000
#define ENGINE_MIN_ROUNDS     41
#define ENGINE_KEPT_BYTES     (32 << 20)

typedef struct
{
  guint n_lines;
  DdPriceLine *lines;
  DdAnswers *answers; /* as the plugins would give them; each round prices a copy */
  guint n_steps;      /* of the plain loop, a line */
  gint64 *amounts;    /* the plain loop's */
  gint64 *factors;    /* n_steps a line */
} EngineDeal;

/* Fills in lines and answers of a deal of n_lines. */
typedef void (*EngineBuild) (EngineDeal *deal);

static inline double
engine_now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* As the daemon: memory that one sheet gave back serves the next, without a page fault for each page. */
static inline void
engine_keep_memory (void)
{
  mallopt (M_MMAP_THRESHOLD, ENGINE_KEPT_BYTES);
  mallopt (M_TRIM_THRESHOLD, ENGINE_KEPT_BYTES);
}

static inline DdSheet *
engine_price (const EngineDeal *deal, double *out_elapsed)
{
  g_autoptr (GError) error = NULL;
  DdAnswers *answers = dd_answers_copy (deal->answers);
  double begin = engine_now ();
  DdSheet *sheet = dd_sheet_compute (deal->lines, deal->n_lines, answers, &error);

  *out_elapsed = engine_now () - begin;
  measure_require (sheet != NULL, "the bench's deal", error);
  return sheet;
}

static inline void
engine_make_loop (EngineDeal *deal)
{
  deal->amounts = g_new (gint64, deal->n_lines);
  deal->factors = g_new (gint64, (gsize)deal->n_lines * deal->n_steps);
  for (guint i = 0; i < deal->n_lines * deal->n_steps; i++)
    deal->factors[i] = 930000000 + i % 97 * 1000000;
}

/* Other amounts each round: of a hundred lines that never change the processor would learn every branch. */
static inline double
engine_time_loop (const EngineDeal *deal, guint round)
{
  double begin = engine_now ();

  for (guint i = 0; i < deal->n_lines; i++)
    {
      gint64 value = (100 + (i + round) % 900) * DD_MICROS * (1 + i % 15);

      for (guint step = 0; step < deal->n_steps; step++)
        {
          DdWide product = (DdWide)value * deal->factors[i * deal->n_steps + step];
          DdWide quotient = product / DD_NANOS;

          if (product % DD_NANOS >= DD_NANOS / 2)
            quotient++;
          if (quotient > G_MAXINT64)
            abort ();
          value = (gint64)quotient;
        }
      deal->amounts[i] = value;
    }

  double elapsed = engine_now () - begin;

  /* Reads what was computed, so that it has to be. */
  if (deal->amounts[deal->n_lines - 1] < 0)
    abort ();
  return elapsed;
}

static inline void
engine_free_deal (EngineDeal *deal)
{
  for (guint i = 0; i < deal->n_lines; i++)
    g_free ((gpointer)deal->lines[i].id);
  g_free (deal->lines);
  g_free (deal->amounts);
  g_free (deal->factors);
  dd_answers_free (deal->answers);
}

static inline void
engine_print (const char *name, double value, const char *unit, double limit)
{
  printf ("{\"name\":\"%s\",\"value\":%.4f,\"unit\":\"%s\",\"limit\":%.4f,\"ratio\":%.3f}\n", name, value,
          unit, limit, value / limit);
}

/* PREFIX.n_lines, microseconds a line, of a loop of as many steps as a line has. Returns the microseconds of
 * the whole deal. @out_steps: a line's. */
static inline double
engine_measure (const char *prefix, EngineBuild build, guint n_lines, double *out_steps)
{
  guint n_rounds = MAX (ENGINE_MIN_ROUNDS, ENGINE_LINES_A_FIGURE / n_lines);
  g_autofree double *engine = g_new (double, n_rounds);
  g_autofree double *loop = g_new (double, n_rounds);
  g_autofree char *name = g_strdup_printf ("%s.%u", prefix, n_lines);
  EngineDeal deal = { .n_lines = n_lines };
  double first = 0;

  deal.lines = g_new0 (DdPriceLine, n_lines);
  deal.answers = dd_answers_new ();
  build (&deal);

  g_autoptr (DdSheet) sheet = engine_price (&deal, &first);

  *out_steps = (double)sheet->steps->len / n_lines;
  deal.n_steps = (guint)(*out_steps + 0.5);
  engine_make_loop (&deal);
  for (guint round = 0; round < n_rounds; round++)
    {
      loop[round] = engine_time_loop (&deal, round);
      dd_sheet_unref (engine_price (&deal, &engine[round]));
    }
  engine_free_deal (&deal);
  measure_sort (engine, n_rounds);
  measure_sort (loop, n_rounds);
  engine_print (name, measure_at (engine, n_rounds, 0.5) / n_lines, "us/line",
                measure_at (loop, n_rounds, 0.5) / n_lines);
  return measure_at (engine, n_rounds, 0.5);
}
