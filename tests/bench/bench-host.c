/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What dd_host_price() costs a line, one JSON object a line: with all shipped plugins in the daemon.
 *
 * price.host: all sample datasets are imported, and lines take turns through offerings that every stage has
 * something to say of. price.unused: 1,000 lines of the catalogue alone, as a ratio of what they take beside
 * a vendor's list of 100,000 rows and 30,000 locations, none of which they use, to what they take without;
 * rounds of both alternate, so that a change of the machine's pace meets both. price.host.plain is the
 * latter, in microseconds a line. Usage: bench-host [host|unused]: only that part.
 */
#include "fixture-price.h"
#include "lists.h"
#include "measure.h"
#include "plain-tables.h"

#include <malloc.h>
#include <math.h>
#include <string.h>

#define KEPT_BYTES     (32 << 20)
#define LINES_A_FIGURE 400000
#define MIN_ROUNDS     41
#define N_PLAIN_LINES  1000
#define N_SITES        40 /* of the sample locations */
#define N_UNUSED       1001

static const guint sizes[] = { 1, 100, 1000, 10000 };

/* Of the samples: flat, block, volume, graduated and package prices, fees, free units, limits, contracted
 * prices, vendors' parts in two currencies, commitments, floors and promotions of their own. */
static const char *const offerings[] = {
  "epl-100",        "ip-addresses",       "router-branch",    "dia-100",        "sdwan-licence-base",
  "voice-channel",  "secure-web-gateway", "dia-1000",         "email-security", "contact-centre-agent",
  "soc-monitoring", "wifi-ap-7",          "reporting-portal",
};

/* Of the fixture's tables, and of the host's own. */
static const char *const tables[] = {
  "charges",          "tiers",       "costs",     "vendor-parts", "vendor-costs", "markups",    "contracted",
  "contracted-tiers", "commitments", "locations", "allowances",   "floors",       "promotions", "taxes",
};

static void
start (Fixture *fixture)
{
  fixture_set_up (fixture, NULL);
  fixture_start (fixture, TRUE);
}

static char *
read_sample (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%s/%s.csv", SAMPLES_DIR, name);
  char *text = NULL;

  measure_require (g_file_get_contents (path, &text, NULL, &error), path, error);
  return text;
}

/* The columns that plugins see. */
static void
import_sites (Fixture *fixture)
{
  g_autoptr (GString) sites = g_string_new ("id,country\n");

  for (guint i = 1; i <= N_SITES; i++)
    g_string_append_printf (sites, "lm-%03u,%s\n", i, i < 30 ? "DE" : "NL");
  fixture_table (fixture, "sites", sites->str);
}

static void
import_samples (Fixture *fixture)
{
  g_autofree char *rates = read_sample ("rates");
  g_autofree char *catalogue = read_sample ("offerings");

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *text = read_sample (tables[i]);

      fixture_table (fixture, tables[i], text);
    }
  import_sites (fixture);
  fixture_rates (fixture, rates);
  fixture_offerings (fixture, catalogue);
  fixture->context.customer = "nordhafen-logistik";
}

static void
add_line (DdProposal *proposal, const char *offering, const char *site, gint64 quantity)
{
  DdLine *line = dd_line_new ();

  line->id = g_strdup_printf ("%u", proposal->lines->len + 1);
  line->offering = g_strdup (offering);
  line->site = g_strdup (site);
  line->quantity = quantity;
  g_ptr_array_add (proposal->lines, line);
}

static DdProposal *
make_full_proposal (guint n_lines)
{
  DdProposal *proposal = dd_proposal_new ();

  proposal->commitment = 36;
  g_strlcpy (proposal->currency.code, "EUR", sizeof proposal->currency.code);
  for (guint i = 0; i < n_lines; i++)
    {
      g_autofree char *site = g_strdup_printf ("lm-%03u", i % N_SITES + 1);

      add_line (proposal, offerings[i % G_N_ELEMENTS (offerings)], site, (1 + i % 60) * DD_MICROS);
      fixture_alter (proposal, i, NULL, DD_ADJUST_PERCENT_OFF, "", DD_NANOS / 20);
    }
  return proposal;
}

/* The process's own time, of all its threads: time that other programs got isn't the host's. */
static double
own_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static DdAnswers *
price (Fixture *fixture, DdProposal *proposal, double *out_elapsed)
{
  g_autoptr (GError) error = NULL;
  double begin = own_time ();
  DdAnswers *answers = fixture_price (fixture, proposal, &error);

  *out_elapsed = own_time () - begin;
  measure_require (answers != NULL, "pricing", error);
  return answers;
}

/* A figure of fewer stages than it says would be a good one. */
static void
check_stages (const DdAnswers *answers)
{
  guint stages = 0;

  for (guint i = 0; i < answers->adjustments->len; i++)
    stages |= 1U << g_array_index (answers->adjustments, DdAdjustment, i).stage;
  measure_require (stages == (1U << DD_N_STAGES) - 1 - (1U << DD_STAGE_SPREAD), "a stage says nothing", NULL);
  measure_require (answers->contracts->len > 0 && answers->rates->len > 0 && answers->tiers->len > 0,
                   "contracts, rates or tiers are missing", NULL);
}

/* Microseconds of the whole. */
static double
measure_host (Fixture *fixture, guint n_lines)
{
  g_autoptr (DdProposal) proposal = make_full_proposal (n_lines);
  g_autofree char *name = g_strdup_printf ("price.host.%u", n_lines);
  guint n_rounds = MAX (MIN_ROUNDS, MIN (LINES_A_FIGURE / n_lines, 4000));
  g_autofree double *samples = g_new (double, n_rounds);

  for (guint round = 0; round < n_rounds; round++)
    {
      g_autoptr (DdAnswers) answers = price (fixture, proposal, &samples[round]);

      if (round == 0 && n_lines >= G_N_ELEMENTS (offerings))
        check_stages (answers);
    }
  measure_sort (samples, n_rounds);
  measure_print (name, measure_at (samples, n_rounds, 0.5) / n_lines, "us/line");
  return measure_at (samples, n_rounds, 0.5);
}

static void
measure_all_stages (void)
{
  Fixture fixture = { 0 };
  double first = 0;
  double last = 0;

  start (&fixture);
  import_samples (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      last = measure_host (&fixture, sizes[i]);
      if (sizes[i] == 100)
        first = last;
    }
  measure_print ("price.host.exponent", log (last / first) / log (sizes[G_N_ELEMENTS (sizes) - 1] / 100.0),
                 "exponent");
  fixture_tear_down (&fixture, NULL);
}

/* --- what isn't used --- */

static void
import_lists (Fixture *fixture)
{
  g_autoptr (GString) costs = lists_vendor_costs ();
  g_autoptr (GString) parts = lists_vendor_parts ();
  g_autoptr (GString) locations = lists_locations ();

  fixture_table (fixture, "vendor-costs", costs->str);
  fixture_table (fixture, "vendor-parts", parts->str);
  fixture_table (fixture, "markups", "vendor,part,valid_from,percent\n*,,,25%\n");
  fixture_table (fixture, "locations", locations->str);
}

/* Some lines are altered. */
static DdProposal *
make_plain_proposal (void)
{
  DdProposal *proposal = dd_proposal_new ();

  for (guint i = 0; i < N_PLAIN_LINES; i++)
    {
      g_autofree char *offering = g_strdup_printf ("offering-%u", i * 7 % N_OFFERINGS);

      add_line (proposal, offering, NULL, 12 * DD_MICROS);
      if (i % 10 == 0)
        fixture_alter (proposal, i, "rental", DD_ADJUST_PERCENT_OFF, "", DD_NANOS / 10);
    }
  return proposal;
}

/* Each goes first in every second round: what one leaves in the caches meets both. */
static void
time_both (Fixture fixtures[2], DdProposal *proposal, guint round, double elapsed[2])
{
  for (guint i = 0; i < 2; i++)
    {
      guint turn = (round + i) % 2;

      dd_answers_free (price (&fixtures[turn], proposal, &elapsed[turn]));
    }
}

static void
measure_unused (void)
{
  g_autoptr (DdProposal) proposal = make_plain_proposal ();
  Fixture fixtures[2] = { 0 }; /* without the lists, and with them */
  double plain[N_UNUSED];
  double ratios[N_UNUSED];

  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    {
      start (&fixtures[i]);
      import_plain (&fixtures[i]);
    }
  import_lists (&fixtures[1]);
  for (guint round = 0; round < N_UNUSED; round++)
    {
      double elapsed[2];

      time_both (fixtures, proposal, round, elapsed);
      plain[round] = elapsed[0];
      ratios[round] = elapsed[1] / elapsed[0];
    }
  measure_sort (plain, N_UNUSED);
  measure_sort (ratios, N_UNUSED);
  measure_print ("price.host.plain", measure_at (plain, N_UNUSED, 0.5) / N_PLAIN_LINES, "us/line");
  measure_print ("price.unused.1000", measure_at (ratios, N_UNUSED, 0.5), "");
  fixture_tear_down (&fixtures[1], NULL);
  fixture_tear_down (&fixtures[0], NULL);
}

int
main (int argc, char **argv)
{
  const char *only = argc == 2 ? argv[1] : NULL;

  /* As the daemon: memory that one sheet gave back serves the next. */
  mallopt (M_MMAP_THRESHOLD, KEPT_BYTES);
  mallopt (M_TRIM_THRESHOLD, KEPT_BYTES);
  if (only == NULL || strcmp (only, "host") == 0)
    measure_all_stages ();
  if (only == NULL || strcmp (only, "unused") == 0)
    measure_unused ();
  return EXIT_SUCCESS;
}
