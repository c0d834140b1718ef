/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What measuring programs share: a clock, percentiles, and one JSON object a line on standard output, which
 * run.py reads. Single-threaded; failures end the program.
 */
#pragma once

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Microseconds with a fraction, from an arbitrary start. */
static inline double
measure_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static inline int
measure_compare (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* Sorts @samples; afterwards measure_at (samples, n, 0.5) is the median. */
static inline void
measure_sort (double *samples, guint n)
{
  qsort (samples, n, sizeof *samples, measure_compare);
}

static inline double
measure_at (const double *sorted, guint n, double part)
{
  guint index = (guint)(part * n);

  return sorted[MIN (index, n - 1)];
}

static inline void
measure_print (const char *name, double value, const char *unit)
{
  printf ("{\"name\":\"%s\",\"value\":%.4f,\"unit\":\"%s\"}\n", name, value, unit);
  fflush (stdout);
}

static inline void
measure_require (gboolean holds, const char *what, const GError *error)
{
  if (holds)
    return;
  fprintf (stderr, "%s: %s\n", what, error != NULL ? error->message : "failed");
  exit (1);
}
