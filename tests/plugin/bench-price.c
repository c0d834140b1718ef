/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What dd_host_price() costs a line: lines of 40 offerings with two charges each, one of them tiered, both
 * with costs.
 */
#include "fixture.h"

#include <stdlib.h>

#define N_OFFERINGS 40
#define N_ROUNDS    100

static void
make_tables (Fixture *fixture)
{
  g_autoptr (GString) charges =
    g_string_new ("offering,charge,name,type,period,currency,price,mode,fee,free,package,minimum,maximum\n");
  g_autoptr (GString) tiers = g_string_new ("offering,charge,from,price,fee\n");
  g_autoptr (GString) costs = g_string_new ("offering,charge,currency,cost\n");

  for (guint i = 0; i < N_OFFERINGS; i++)
    {
      g_string_append_printf (charges, "offering-%u,rental,Rental,recurring,month,EUR,,graduated,,,,,\n", i);
      g_string_append_printf (charges, "offering-%u,setup,Set-up,oneTime,,EUR,450,flat,,,,,\n", i);
      g_string_append_printf (
        tiers, "offering-%u,rental,1,19,\noffering-%u,rental,11,17,\noffering-%u,rental,51,14,\n", i, i, i);
      g_string_append_printf (costs, "offering-%u,rental,EUR,9\noffering-%u,setup,EUR,200\n", i, i);
    }
  fixture_table (fixture, "charges", charges->str);
  fixture_table (fixture, "tiers", tiers->str);
  fixture_table (fixture, "costs", costs->str);
}

static DdProposal *
make_proposal (guint n_lines)
{
  DdProposal *proposal = dd_proposal_new ();

  for (guint i = 0; i < n_lines; i++)
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

static gint64
best_of (Fixture *fixture, DdProposal *proposal)
{
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 begin = g_get_monotonic_time ();
      DdAnswers *answers = fixture_price (fixture, proposal, &error);

      best = MIN (best, g_get_monotonic_time () - begin);
      g_assert_no_error (error);
      dd_answers_free (answers);
    }
  return best;
}

int
main (void)
{
  const guint sizes[] = { 1, 100, 1000, 10000 };
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, NULL);
  make_tables (&fixture);
  fixture_start (&fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (DdProposal) proposal = make_proposal (sizes[i]);
      gint64 usec = best_of (&fixture, proposal);

      g_print ("host.price.%u: %" G_GINT64_FORMAT " us, %.0f ns a line\n", sizes[i], usec,
               (double)usec * 1000 / sizes[i]);
    }
  fixture_tear_down (&fixture, NULL);
  return EXIT_SUCCESS;
}
