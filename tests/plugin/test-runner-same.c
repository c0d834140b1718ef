/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A plugin in a runner answers as it does inside, to the byte: the shipped plugins over the sample catalogue.
 */
#include "fixture-runner.h"

#include <string.h>

#define N_ROUNDS 60

static const char *const shipped[] = { "approval-authority", "handoff-spool",      "negotiation-timed",
                                       "pricing-catalogue",  "pricing-commitment", "pricing-guard",
                                       "pricing-location",   "pricing-negotiated", "pricing-promotion",
                                       "pricing-tax" };

typedef struct
{
  Fixture inside;
  Fixture outside;
  GRand *rand;
} Pair;

static void
add_samples (Fixture *fixture)
{
  const char *const names[] = { "charges",   "tiers",      "costs",      "authority", "commitments",
                                "locations", "allowances", "promotions", "floors",    "taxes" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.csv", SAMPLES_DIR, names[i]);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      fixture_table (fixture, names[i], text);
    }
}

static void
set_up_one (Fixture *fixture, gboolean isolated)
{
  fixture_set_up (fixture, NULL);
  add_samples (fixture);
  for (guint i = 0; isolated && i < G_N_ELEMENTS (shipped); i++)
    g_ptr_array_add (fixture->isolated, (gpointer)shipped[i]);
  g_key_file_set_string (fixture->options, "plugin handoff-spool", "directory", fixture->directory);
  fixture_start (fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (shipped); i++)
    {
      g_autofree char *state = fixture_state (fixture, shipped[i]);

      g_assert_cmpstr (state, ==, "enabled: ");
      g_assert_cmpstr (fixture_describe (fixture, shipped[i]).isolation, ==, isolated ? "process" : "daemon");
    }
}

static void
set_up_pair (Pair *pair, gconstpointer data)
{
  set_up_one (&pair->inside, FALSE);
  set_up_one (&pair->outside, TRUE);
  pair->rand = g_rand_new_with_seed (20260601);
}

static void
tear_down_pair (Pair *pair, gconstpointer data)
{
  fixture_tear_down (&pair->inside, NULL);
  fixture_tear_down (&pair->outside, NULL);
  g_rand_free (pair->rand);
}

static const char *
label (const DdAnswers *answers, guint32 number)
{
  const char *text = dd_answers_text (answers, number);

  return text != NULL ? text : "(none)";
}

static void
write_charges (GString *text, const DdAnswers *answers)
{
  for (guint i = 0; i < answers->charges->len; i++)
    {
      const DdCharge *c = &g_array_index (answers->charges, DdCharge, i);

      g_string_append_printf (
        text,
        "charge %u %u=%s %u=%s %u=%s %u %u %u %.3s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
        " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %u %u\n",
        c->line, c->id, label (answers, c->id), c->name, label (answers, c->name), c->source,
        label (answers, c->source), c->type, c->period, c->mode, c->currency.code, c->price, c->fee,
        c->free_units, c->package_size, c->minimum, c->maximum, c->first_tier, c->n_tiers);
    }
  for (guint i = 0; i < answers->tiers->len; i++)
    {
      const DdTier *t = &g_array_index (answers->tiers, DdTier, i);

      g_string_append_printf (
        text, "tier %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
        t->from, t->bound, t->price, t->fee);
    }
}

/* All of the answers, with the numbers of the labels. */
static char *
write_answers (const DdAnswers *answers)
{
  g_autoptr (GString) text = g_string_new (NULL);

  write_charges (text, answers);
  for (guint i = 0; i < answers->adjustments->len; i++)
    {
      const DdAdjustment *a = &g_array_index (answers->adjustments, DdAdjustment, i);

      g_string_append_printf (
        text, "adjustment %u %u=%s %u=%s %u=%s %u=%s %d %d %u %u %u %.3s %" G_GINT64_FORMAT "\n", a->charge,
        a->id, label (answers, a->id), a->label, label (answers, a->label), a->source,
        label (answers, a->source), a->group, label (answers, a->group), a->group_priority, a->priority,
        a->stage, a->kind, a->mode, a->currency.code, a->value);
    }
  for (guint i = 0; i < answers->sources->len; i++)
    {
      const DdSource *s = &g_array_index (answers->sources, DdSource, i);

      g_string_append_printf (text, "source %s %" G_GINT64_FORMAT " %s\n", s->name, s->version,
                              s->plugin_version != NULL ? s->plugin_version : "");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
price_as_text (Fixture *fixture, DdProposal *proposal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdAnswers) answers = fixture_price (fixture, proposal, &error);

  return answers != NULL ? write_answers (answers) : g_strdup_printf ("%d %s", error->code, error->message);
}

static DdProposal *
make_proposal (GRand *rand, char **offerings)
{
  const DdAdjustKind kinds[] = { DD_ADJUST_PERCENT_OFF, DD_ADJUST_FACTOR, DD_ADJUST_UNIT_OFF };
  gint32 n_offerings = (gint32)g_strv_length (offerings);
  DdProposal *proposal = fixture_proposal (DD_MICROS, NULL);

  for (gint32 n = g_rand_int_range (rand, 1, 40); n > 0; n--)
    {
      g_autoptr (DdProposal) one =
        fixture_proposal ((gint64)g_rand_int_range (rand, 1, 200) * DD_MICROS,
                          offerings[g_rand_int_range (rand, 0, n_offerings)], NULL);
      DdLine *line = g_ptr_array_steal_index (one->lines, 0);

      g_free (line->id);
      line->id = g_strdup_printf ("%u", proposal->lines->len + 1);
      g_ptr_array_add (proposal->lines, line);
      if (g_rand_int_range (rand, 0, 4) == 0)
        fixture_alter (proposal, proposal->lines->len - 1, g_rand_boolean (rand) ? "rental" : NULL,
                       kinds[g_rand_int_range (rand, 0, G_N_ELEMENTS (kinds))], "EUR",
                       g_rand_int_range (rand, 1, 200) * DD_MICROS);
    }
  return proposal;
}

/* Of the sample catalogue, and one that isn't in it. */
static char **
list_offerings (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (SAMPLES_DIR "/offerings.csv", &text, NULL, NULL));

  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);

  for (guint i = 1; rows[i] != NULL && rows[i][0] != '\0'; i++)
    {
      g_auto (GStrv) cells = g_strsplit (rows[i], ",", 2);

      for (guint copies = 0; copies < 8; copies++)
        g_strv_builder_add (builder, cells[0]);
    }
  g_strv_builder_add (builder, "unheard-of");
  return g_strv_builder_end (builder);
}

static void
prices_are_the_same (Pair *pair, gconstpointer data)
{
  g_auto (GStrv) offerings = list_offerings ();
  guint n_priced = 0;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (DdProposal) proposal = make_proposal (pair->rand, offerings);
      g_autofree char *inside = price_as_text (&pair->inside, proposal);
      g_autofree char *outside = price_as_text (&pair->outside, proposal);

      g_assert_cmpstr (outside, ==, inside);
      n_priced += g_str_has_prefix (inside, "charge");
    }

  /* both that can be priced and that can't */
  g_assert_cmpuint (n_priced, >, 0);
  g_assert_cmpuint (n_priced, <, N_ROUNDS);
}

static char *
require_as_text (Fixture *fixture, const DdMeasure *measures, guint n, const char *const *groups)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) requirements = fixture_require (fixture, measures, n, "anna", groups, &error);
  gsize length = 0;

  if (requirements == NULL)
    return g_strdup_printf ("%d %s", error->code, error->message);
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < requirements->len; i++)
    dd_requirement_write (requirements->pdata[i], writer);
  dd_json_write_end_array (writer);
  return dd_json_writer_finish (writer, &length);
}

static void
approvals_are_the_same (Pair *pair, gconstpointer data)
{
  const char *const groups[] = { "sales", NULL };
  guint n_required = 0;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      const DdMeasure measures[] = {
        { .name = "discount.discretionary",
          .value = (gint64)g_rand_int_range (pair->rand, 0, 50) * DD_NANOS / 100,
          .currency = { "EUR" },
          .percent = TRUE },
        { .name = "margin",
          .value = (gint64)g_rand_int_range (pair->rand, -20, 60) * DD_NANOS / 100,
          .currency = { "EUR" },
          .percent = TRUE,
          .worse = DD_WORSE_LOWER },
        { .name = "currency", .currency = { "EUR" }, .text = "EUR", .worse = DD_WORSE_CHANGED },
        { .name = "clause.rung", .subject = "liability", .value = g_rand_int_range (pair->rand, 0, 5) },
        { .name = "line.discount.list",
          .subject = "1",
          .category = "equipment",
          .value = (gint64)g_rand_int_range (pair->rand, 0, 50) * DD_NANOS / 100,
          .currency = { "EUR" },
          .percent = TRUE },
        { .name = "contract.value",
          .value = g_rand_int_range (pair->rand, 0, 2000000) * DD_MICROS,
          .currency = { "EUR" },
          .percent = FALSE },
        { .name = "commitment.months", .value = g_rand_int_range (pair->rand, 0, 80) },
      };
      g_autofree char *inside =
        require_as_text (&pair->inside, measures, G_N_ELEMENTS (measures), i % 2 ? groups : NULL);
      g_autofree char *outside =
        require_as_text (&pair->outside, measures, G_N_ELEMENTS (measures), i % 2 ? groups : NULL);

      g_assert_cmpstr (outside, ==, inside);
      n_required += strstr (inside, "group:") != NULL;
    }
  g_assert_cmpuint (n_required, >, 0);
}

static char *
advise_as_text (Fixture *fixture, const DdOffer *offers, guint n_offers, gint64 list_total)
{
  const gint64 opened = G_GINT64_CONSTANT (1780000000) * G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;
  DdAdvice *advice = fixture_advise (fixture, offers, n_offers, list_total, opened,
                                     opened + (gint64)30 * 86400 * G_USEC_PER_SEC, &error);
  char *text;

  if (advice == NULL)
    return g_strdup_printf ("%d %s", error->code, error->message);
  text = g_strdup_printf ("%s %u %" G_GINT64_FORMAT " %s", advice->plugin, advice->action, advice->total,
                          advice->reason);
  dd_advice_free (advice);
  return text;
}

static void
advice_is_the_same (Pair *pair, gconstpointer data)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      DdOffer offers[5];
      guint n_offers = (guint)g_rand_int_range (pair->rand, 0, G_N_ELEMENTS (offers) + 1);
      gint64 list_total = g_rand_int_range (pair->rand, 1, 1000000) * DD_MICROS;

      for (guint j = 0; j < n_offers; j++)
        offers[j] = (DdOffer){ j % 2, j + 1, (1780000000 + (gint64)j * 86400) * G_USEC_PER_SEC,
                               list_total / 100 * g_rand_int_range (pair->rand, 50, 101) };

      g_autofree char *inside = advise_as_text (&pair->inside, offers, n_offers, list_total);
      g_autofree char *outside = advise_as_text (&pair->outside, offers, n_offers, list_total);

      g_assert_cmpstr (outside, ==, inside);
    }
}

static char *
deliver_as_text (Fixture *fixture, const char *order, const char *key, const char *document)
{
  g_autofree char *receipt = NULL;
  DdDelivery delivery = fixture_deliver (fixture, order, key, document, FALSE, &receipt);
  g_autofree char *file = g_strdup_printf ("%s/D-7-%s-%s.json", fixture->directory, order, key);
  g_autofree char *content = NULL;

  g_file_get_contents (file, &content, NULL, NULL);
  return g_strdup_printf ("%d %s %s", delivery, receipt, content != NULL ? content : "(nothing)");
}

static void
deliveries_are_the_same (Pair *pair, gconstpointer data)
{
  g_autofree char *large = g_strnfill (3 << 20, 'x');
  const struct
  {
    const char *order;
    const char *key;
    const char *document;
  } orders[] = { { "1", "k-1", "{}" }, { "1", "k-1", "{}" },  { "1", "k-1", "{\"other\":1}" },
                 { "2", "k/2", "{}" }, { "2", "k-2", large }, { "3", "k-3", "" } };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *inside =
        deliver_as_text (&pair->inside, orders[i].order, orders[i].key, orders[i].document);
      g_autofree char *outside =
        deliver_as_text (&pair->outside, orders[i].order, orders[i].key, orders[i].document);

      g_assert_cmpstr (outside, ==, inside);
    }
}

#define pair_test(path, function) g_test_add (path, Pair, NULL, set_up_pair, function, tear_down_pair)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (skip_without_landlock ())
    return 0;
  pair_test ("/runner/prices-are-the-same-as-inside", prices_are_the_same);
  pair_test ("/runner/approvals-are-the-same-as-inside", approvals_are_the_same);
  pair_test ("/runner/advice-is-the-same-as-inside", advice_is_the_same);
  pair_test ("/runner/deliveries-are-the-same-as-inside", deliveries_are_the_same);
  return g_test_run ();
}
