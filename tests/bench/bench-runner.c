/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What isolation costs: pricing 1000 lines with the catalogue and negotiated alterations in runners, beside
 * the same inside the daemon, in the same run. One JSON object a line.
 *
 * Rounds of both alternate, so that a change of the machine's pace meets both; each figure is a median.
 */
#include "plain-tables.h"
#include "measure.h"

#include <malloc.h>

#define N_LINES    1000
#define N_ROUNDS   201
#define KEPT_BYTES (32 << 20)

static DdProposal *
make_proposal (void)
{
  DdProposal *proposal = dd_proposal_new ();

  for (guint i = 0; i < N_LINES; i++)
    {
      DdLine *line = dd_line_new ();

      line->id = g_strdup_printf ("%u", i + 1);
      line->offering = g_strdup_printf ("offering-%u", i * 7 % N_OFFERINGS);
      line->quantity = 12 * DD_MICROS;
      g_ptr_array_add (proposal->lines, line);
      if (i % 10 == 0)
        fixture_alter (proposal, i, "rental", DD_ADJUST_PERCENT_OFF, "", DD_NANOS / 10);
    }
  return proposal;
}

static void
start (Fixture *fixture, gboolean isolated)
{
  fixture_set_up (fixture, NULL);
  import_plain (fixture);
  if (isolated)
    {
      g_ptr_array_add (fixture->isolated, (gpointer) "pricing-catalogue");
      g_ptr_array_add (fixture->isolated, (gpointer) "pricing-negotiated");
    }
  fixture_start (fixture, TRUE);
}

static double
time_price (Fixture *fixture, DdProposal *proposal)
{
  g_autoptr (GError) error = NULL;
  double begin = measure_now ();
  g_autoptr (DdAnswers) answers = fixture_price (fixture, proposal, &error);
  double elapsed = measure_now () - begin;

  measure_require (answers != NULL && answers->charges->len == 2 * N_LINES, "pricing", error);
  return elapsed / 1000;
}

int
main (void)
{
  g_autoptr (DdProposal) proposal = make_proposal ();
  double inside[N_ROUNDS];
  double outside[N_ROUNDS];
  Fixture daemon = { 0 };
  Fixture runners = { 0 };

  /* As the daemon. */
  mallopt (M_MMAP_THRESHOLD, KEPT_BYTES);
  mallopt (M_TRIM_THRESHOLD, KEPT_BYTES);
  start (&daemon, FALSE);
  start (&runners, TRUE);
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      inside[round] = time_price (&daemon, proposal);
      outside[round] = time_price (&runners, proposal);
    }
  measure_sort (inside, N_ROUNDS);
  measure_sort (outside, N_ROUNDS);

  double value = measure_at (outside, N_ROUNDS, 0.5);
  double limit = measure_at (inside, N_ROUNDS, 0.5);

  printf ("{\"name\":\"reprice.runner.1000\",\"value\":%.4f,\"unit\":\"ms\",\"limit\":%.4f}\n", value, limit);
  fixture_tear_down (&runners, NULL);
  fixture_tear_down (&daemon, NULL);
  return EXIT_SUCCESS;
}
