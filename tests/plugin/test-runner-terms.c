/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All that a base plugin can answer beside plain charges crosses to a runner and back as inside, to the byte:
 * contract years, contracted prices, shares, expiries, misses, and what it is asked.
 */
#include "fixture-price.h"
#include "fixture-runner.h"

#include <string.h>

#define FIRST "Kinds=pricing\nStage=base\n[Option sizes]\nType=text\nDefault=now\n"
#define LATER "Kinds=pricing\nStage=base\nAfter=terms\n[Option sizes]\nType=text\nDefault=now\n"
#define LIAR                                                                                                 \
  "Kinds=pricing;approval;negotiation;handoff\nStage=base\n[Dataset d]\nColumns=k key text\n"                \
  "[Option lie]\nType=text\nDefault=truth\n"

static const char *
label (const DdAnswers *answers, guint32 number)
{
  const char *text = dd_answers_text (answers, number);

  return text != NULL ? text : "(none)";
}

static void
write_charge (GString *text, const char *what, const DdAnswers *answers, const DdCharge *c)
{
  g_string_append_printf (text, "%s %u %s|%s|%s|%s %u %u %u %.3s %.3s", what, c->line, label (answers, c->id),
                          label (answers, c->name), label (answers, c->source),
                          c->aggregate != 0 ? label (answers, c->aggregate - 1) : "", c->type, c->period,
                          c->mode, c->currency.code, c->source_currency.code);
  g_string_append_printf (text,
                          " %" G_GINT64_FORMAT " per %" G_GINT64_FORMAT " %u months, years %u-%u, tiers",
                          c->price, c->per, c->free_months, c->first_year, c->last_year);
  for (guint i = 0; i < c->n_tiers; i++)
    g_string_append_printf (text, " %" G_GINT64_FORMAT,
                            g_array_index (answers->tiers, DdTier, c->first_tier + i).price);
  g_string_append_c (text, '\n');
}

/* (transfer full) */
static char *
write_answers (const DdAnswers *answers)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < answers->charges->len; i++)
    write_charge (text, "charge", answers, fixture_charge (answers, i));
  for (guint i = 0; i < answers->contracts->len; i++)
    {
      const DdContract *contract = &g_array_index (answers->contracts, DdContract, i);

      g_string_append_printf (text, "of %u: ", contract->charge);
      write_charge (text, "contract", answers, &contract->price);
    }
  for (guint i = 0; i < answers->adjustments->len; i++)
    {
      const DdAdjustment *a = fixture_adjustment (answers, i);

      g_string_append_printf (text, "adjustment %u %s years %u-%u threshold %" G_GINT64_FORMAT "\n",
                              a->charge, label (answers, a->id), a->first_year, a->last_year, a->threshold);
    }
  for (guint i = 0; i < answers->shares->len; i++)
    {
      const DdShare *share = &g_array_index (answers->shares, DdShare, i);

      g_string_append_printf (text, "share %u of %u\n", share->charge, share->target);
    }
  for (guint i = 0; i < answers->expiries->len; i++)
    {
      const DdExpiry *expiry = &g_array_index (answers->expiries, DdExpiry, i);

      g_string_append_printf (text, "expiry %u %s %d\n", expiry->charge, label (answers, expiry->label),
                              expiry->last);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
start_terms (Fixture *fixture, gboolean isolated, const char *sizes)
{
  void (*add) (Fixture *, const char *, const char *) = isolated ? fixture_add_isolated : fixture_add;

  fixture_set_up (fixture, NULL);
  add (fixture, "terms", FIRST);
  add (fixture, "terms-later", LATER);
  g_key_file_set_string (fixture->options, "plugin terms", "sizes", sizes);
  g_key_file_set_string (fixture->options, "plugin terms-later", "sizes", sizes);
  fixture_start (fixture, FALSE);
  fixture_offerings (fixture, "id,name,category,unit\nline-a,A,access,metre\nline-b,B,,\nline-c,C,care,\n");
}

static DdProposal *
make_proposal (void)
{
  DdProposal *proposal =
    fixture_proposal (3 * DD_MICROS, "line-a", "line-b", "line-c", "line-a", "unheard-of", NULL);

  proposal->valid_until = G_GINT64_CONSTANT (1785000000) * G_USEC_PER_SEC;
  proposal->effective_from = g_strdup ("2026-07-15");
  ((DdLine *)proposal->lines->pdata[1])->start = g_strdup ("2026-09-01");
  return proposal;
}

static void
check_same (const char *sizes, const char *const *expected)
{
  char *texts[2] = { NULL, NULL };
  g_autoptr (DdProposal) proposal = make_proposal ();

  for (guint isolated = 0; isolated < 2; isolated++)
    {
      Fixture fixture = { 0 };

      start_terms (&fixture, isolated != 0, sizes);

      g_autoptr (DdAnswers) answers = fixture_answers (&fixture, proposal);

      texts[isolated] = write_answers (answers);
      fixture_tear_down (&fixture, NULL);
    }
  g_assert_cmpstr (texts[1], ==, texts[0]);
  for (; *expected != NULL; expected++)
    if (strstr (texts[1], *expected) == NULL)
      g_error ("\"%s\" does not say \"%s\"", texts[1], *expected);
  g_free (texts[0]);
  g_free (texts[1]);
}

/* start 2026-07-15 is day 20649, 2026-09-01 day 20697; the offer ends on 2026-07-25, day 20659 */
static void
terms_are_the_same_as_inside (void)
{
  const char *const expected[] = {
    "access, metre, 20649, 20659|terms|", /* what it is asked arrives */
    ", , 20697, 20659|terms|volume",
    "years 3-0",
    "contract 0 rental|",
    "share ",
    "expiry 0 quote of V 20656",
    "years 2-2 threshold 7000000",
    NULL,
  };

  check_same ("now", expected);
}

/* A plugin that was built before has none of what was appended. */
static void
earlier_structs_are_the_same_as_inside (void)
{
  const char *const expected[] = { "per 0 0 months, years 0-0", "years 0-0 threshold 0", NULL };

  check_same ("first", expected);
}

static void
misses_are_the_same_as_inside (void)
{
  const char *const asked[] = { NULL, "summer" };

  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (DdProposal) proposal = make_proposal ();
      g_autofree char *inside = NULL;
      g_autofree char *outside = NULL;

      for (guint isolated = 0; isolated < 2; isolated++)
        {
          Fixture fixture = { 0 };

          start_terms (&fixture, isolated != 0, "now");
          *(isolated ? &outside : &inside) = fixture_misses (&fixture, proposal, asked[i]);
          fixture_tear_down (&fixture, NULL);
        }
      g_assert_cmpstr (outside, ==, inside);
      g_assert_nonnull (strstr (outside, "2 late: its last day was 2026-05-31"));
      g_assert_nonnull (strstr (outside, i == 0 ? " any: " : " summer: "));
    }
}

/* A miss counts while somebody asks. */
static void
wrong_misses_are_faults (void)
{
  const char *const rows[][2] = {
    { "miss-size", "a miss of 8 bytes" },
    { "miss-line", "a miss of line 7 of 2" },
    { "miss-reason", "no reason" },
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++)
    {
      const char *const *row = rows[i / 2];
      g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "line-a", "line-b", NULL);
      g_autoptr (GPtrArray) misses = dd_misses_new ();
      g_autoptr (GError) error = NULL;
      Fixture fixture = { 0 };

      fixture_set_up (&fixture, NULL);
      (i % 2 ? fixture_add_isolated : fixture_add) (&fixture, "liar", LIAR);
      g_key_file_set_string (fixture.options, "plugin liar", "lie", row[0]);
      fixture_start (&fixture, FALSE);
      fixture.context.misses = misses;
      g_assert_null (fixture_price (&fixture, proposal, &error));
      assert_error (&error, DD_ERROR_PLUGIN_FAILED, "liar", row[1], NULL);
      fixture_tear_down (&fixture, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (skip_without_landlock ())
    return 0;
  g_test_add_func ("/runner-terms/terms-are-the-same-as-inside", terms_are_the_same_as_inside);
  g_test_add_func ("/runner-terms/earlier-structs-are-the-same-as-inside",
                   earlier_structs_are_the_same_as_inside);
  g_test_add_func ("/runner-terms/misses-are-the-same-as-inside", misses_are_the_same_as_inside);
  g_test_add_func ("/runner-terms/wrong-misses-are-faults", wrong_misses_are_faults);
  return g_test_run ();
}
