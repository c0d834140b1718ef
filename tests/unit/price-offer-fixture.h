/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Random deals as descriptions, for tests that edit them: an edit is a change of the description, and the
 * price of a line comes from the line's own seed and so stays the same wherever the line is.
 */
#pragma once

#include "number/day.h"
#include "price-fixture.h"

#define MAX_LINES  12
#define N_SPREADS  3
#define N_PADDINGS 5

#define USD ((DdCurrency){ "USD" })

enum
{
  WITH_YEARS = 1 << 0,
  WITH_SHARES = 1 << 1,
  WITH_AGGREGATES = 1 << 2,
  WITH_ALL = (1 << 3) - 1
};

typedef struct
{
  guint number; /* id and seed are of it */
  gint64 quantity;
  gint64 discount; /* nanos; 0: no rule at all */
  gint64 installed;
  gboolean counted;
  guint8 action;
} Line;

typedef struct
{
  guint features;
  guint32 seed;
  GArray *lines;             /* Line */
  gint64 spreads[N_SPREADS]; /* nanos off, micros on, micros off; 0: none */
  const char *rate;          /* of a dollar */
  guint paddings;            /* labels that come before all others, and move them */
  guint order;               /* in which rules come: by charge, by stage, any */
  gint64 interest;
} Offer;

static inline void
offer_clear (Offer *offer)
{
  g_clear_pointer (&offer->lines, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Offer, offer_clear)

static inline Offer
offer_copy (const Offer *offer)
{
  Offer copy = *offer;

  copy.lines = g_array_copy (offer->lines);
  return copy;
}

/* --- A line --- */

static inline void
add_rules (Deal *deal, GRand *rand)
{
  static const DdAdjustKind kinds[] = { DD_ADJUST_PERCENT_OFF, DD_ADJUST_PERCENT_ON, DD_ADJUST_FACTOR,
                                        DD_ADJUST_UNIT_ON, DD_ADJUST_LINE_ON };
  static const char *const groups[] = { NULL, "alpha", "beta2", "beta10" };
  gboolean rate =
    g_array_index (deal->answers->charges, DdCharge, deal->answers->charges->len - 1).type == DD_CHARGE_USAGE;

  for (gint i = g_rand_int_range (rand, 0, 7); i > 0; i--)
    {
      DdAdjustKind kind = kinds[g_rand_int_range (rand, 0, rate ? 4 : 5)];
      DdStage stage = (DdStage)g_rand_int_range (rand, DD_STAGE_BASE, DD_STAGE_SPREAD);
      gint group = g_rand_int_range (rand, 0, G_N_ELEMENTS (groups));
      g_autofree char *id = g_strdup_printf ("id-%d", i);
      DdAdjustment *rule = deal_rule (deal, stage, kind, g_rand_int_range (rand, 0, 30000000));

      rule->value += kind == DD_ADJUST_FACTOR ? 900000000 : 0;
      rule->id = rule->label = dd_answers_label (deal->answers, id);
      rule->group = dd_answers_label (deal->answers, groups[group]);
      rule->mode = (guint8)(((guint)group + stage) % 3);
      rule->group_priority = group;
      rule->priority = g_rand_int_range (rand, 0, 3);
      rule->threshold = !rate && g_rand_int_range (rand, 0, 8) == 0 ? 50000000 : 0;
      if (kind == DD_ADJUST_UNIT_ON && g_rand_int_range (rand, 0, 3) == 0)
        rule->currency = USD;
    }
}

static inline void
add_records (Deal *deal, GRand *rand)
{
  if (g_rand_boolean (rand))
    deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, g_rand_int_range (rand, 0, 200000000));
  if (g_rand_boolean (rand))
    {
      deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, g_rand_int_range (rand, 0, 90000000))->currency =
        g_rand_int_range (rand, 0, 4) == 0 ? USD : EUR;
      if (g_rand_int_range (rand, 0, 4) == 0)
        deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, percent ("30"));
    }
  if (g_rand_boolean (rand))
    deal_rule (deal, DD_STAGE_TAX, DD_ADJUST_TAX, percent ("21"));
  if (g_rand_int_range (rand, 0, 5) == 0)
    deal_rule (deal, DD_STAGE_COMMITMENT, DD_ADJUST_TAX, percent ("3"));
}

static inline void
add_tiers (Deal *deal, GRand *rand)
{
  static const DdTierMode modes[] = { DD_TIER_GRADUATED, DD_TIER_VOLUME, DD_TIER_BLOCK };
  DdTierMode mode = modes[g_rand_int_range (rand, 0, G_N_ELEMENTS (modes))];

  deal_tier (deal, mode, "1", "10", "99.5", "1");
  deal_tier (deal, mode, "11", NULL, "80.123456", "0");
}

static inline void
add_contract (Deal *deal, GRand *rand)
{
  DdCharge *price = deal_contract (deal, "77.7");

  price->free_units = g_rand_boolean (rand) ? 2000000 : 0;
  if (g_rand_boolean (rand))
    price->source_currency = USD;
}

static inline void
add_rental (Deal *deal, GRand *rand)
{
  DdCharge *charge = deal_charge (deal, "rental", "0");

  charge->price = g_rand_int_range (rand, 0, 900000000);
  charge->free_units = g_rand_boolean (rand) ? g_rand_int_range (rand, 0, 3000000) : 0;
  charge->minimum = g_rand_boolean (rand) ? g_rand_int_range (rand, 0, 400000000) : DD_NO_LIMIT;
  if (g_rand_int_range (rand, 0, 4) == 0)
    charge->source_currency = USD;
  if (g_rand_int_range (rand, 0, 4) == 0)
    charge->per = 100 * DD_MICROS;
  if (g_rand_int_range (rand, 0, 3) == 0)
    add_tiers (deal, rand);
  if (g_rand_int_range (rand, 0, 4) == 0)
    add_contract (deal, rand);
  add_rules (deal, rand);
  add_records (deal, rand);
}

/* Apart from each other; rules hold in some of the years. */
static inline void
add_ramp (Deal *deal, GRand *rand)
{
  guint year = 1;

  for (gint i = g_rand_int_range (rand, 1, 4); i > 0; i--)
    {
      guint length = 1 + (guint)g_rand_int_range (rand, 0, 2);
      DdCharge *charge = deal_charge (deal, "support", "0");
      DdAdjustment *rule;

      charge->price = g_rand_int_range (rand, 0, 900000000);
      charge->first_year = (guint8)year;
      charge->last_year = i == 1 ? 0 : (guint8)(year + length - 1);
      charge->free_months = (guint16)g_rand_int_range (rand, 0, 7);
      year += length;
      rule =
        deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, g_rand_int_range (rand, 0, 300000000));
      rule->first_year = (guint8)g_rand_int_range (rand, 0, 4);
      rule->last_year = rule->first_year;
      add_records (deal, rand);
    }
}

static inline void
add_setup (Deal *deal, GRand *rand)
{
  DdCharge *charge = deal_charge (deal, "setup", "0");

  charge->type = DD_CHARGE_ONE_TIME;
  charge->period = DD_PERIOD_NONE;
  charge->price = g_rand_int_range (rand, 0, 900000000);
  if (g_rand_int_range (rand, 0, 3) == 0)
    {
      charge->mode = DD_TIER_PACKAGE;
      charge->package_size = 7 * DD_MICROS;
    }
  add_records (deal, rand);
}

static inline void
add_together (Deal *deal, const Offer *offer, GRand *rand)
{
  guint n_charges = deal->answers->charges->len;

  if (offer->features & WITH_AGGREGATES && g_rand_boolean (rand))
    {
      guint32 aggregate = dd_answers_label (deal->answers, "seats") + 1;

      deal_charge (deal, "seat", "0")->aggregate = aggregate;
      deal_tier (deal, DD_TIER_GRADUATED, "1", "10", "99.5", "1");
      deal_tier (deal, DD_TIER_GRADUATED, "11", NULL, "80.123456", "0");
      add_rules (deal, rand);
    }
  if (offer->features & WITH_SHARES && g_rand_boolean (rand))
    {
      DdCharge *charge = deal_charge (deal, "maintenance", "0");

      charge->mode = DD_TIER_SHARE;
      charge->price = percent ("15");
      add_rules (deal, rand);
      for (guint i = 0; i < n_charges; i += 2)
        if (g_array_index (deal->answers->charges, DdCharge, i).type != DD_CHARGE_USAGE)
          deal_share (deal, deal->answers->charges->len - 1, i);
    }
}

static inline void
add_charges (Deal *deal, const Offer *offer, const Line *line, GRand *rand)
{
  guint first = deal->answers->charges->len;

  add_rental (deal, rand);
  if (line->discount != 0)
    deal_rule (deal, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, line->discount)->id =
      dd_answers_label (deal->answers, "agreed");
  if (g_rand_boolean (rand))
    add_setup (deal, rand);
  if (g_rand_int_range (rand, 0, 4) == 0)
    {
      deal_rate (deal, "traffic", 1234567);
      add_rules (deal, rand);
    }
  if (offer->features & WITH_YEARS && g_rand_boolean (rand))
    add_ramp (deal, rand);
  add_together (deal, offer, rand);
  /* Each rule's id is its place in its charge, so that a rule more elsewhere doesn't rename it. */
  for (guint i = 0; i < deal->answers->adjustments->len; i++)
    {
      DdAdjustment *rule = &g_array_index (deal->answers->adjustments, DdAdjustment, i);

      if (rule->charge >= first && g_str_has_prefix (dd_answers_text (deal->answers, rule->id), "rule-"))
        {
          g_autofree char *id = g_strdup_printf ("%s-%s", dd_stage_name ((DdStage)rule->stage),
                                                 dd_adjust_kind_name ((DdAdjustKind)rule->kind));

          rule->id = dd_answers_label (deal->answers, id);
        }
    }
}

static inline void
add_line (Deal *deal, const Offer *offer, const Line *line)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (offer->seed + line->number * 7919);
  g_autofree char *id = g_strdup_printf ("line-%u", line->number);
  DdPriceLine *added = deal_line (deal, id, "1");

  added->quantity = line->quantity;
  added->counted = (guint8)line->counted;
  added->action = line->action;
  added->commitment = (guint16)g_rand_int_range (rand, 12, 61);
  if (g_rand_boolean (rand))
    {
      added->start = (gint32)dd_day_from_date (2026, 1, 1) + g_rand_int_range (rand, 0, 2000);
      added->billing_day = (guint8)g_rand_int_range (rand, 0, 29);
    }
  if (line->action == DD_ACTION_MODIFY || line->action == DD_ACTION_DELETE)
    {
      static const char *const charges[] = { "rental", "support", "seat", "maintenance", "old" };

      for (guint i = 0; i < G_N_ELEMENTS (charges); i++)
        {
          deal_installed (deal, charges[i], "1");
          g_array_index (deal->answers->installed, DdInstalledNet, deal->answers->installed->len - 1).net =
            (line->installed >> i) / 10000 * 10000;
        }
    }
  add_charges (deal, offer, line, rand);
}

/* --- A deal --- */

static inline int
compare_stages (gconstpointer a, gconstpointer b)
{
  const DdAdjustment *a_rule = a;
  const DdAdjustment *b_rule = b;

  if (a_rule->stage != b_rule->stage)
    return a_rule->stage < b_rule->stage ? -1 : 1;
  return (a_rule->charge > b_rule->charge) - (a_rule->charge < b_rule->charge);
}

static inline int
compare_values (gconstpointer a, gconstpointer b)
{
  const DdAdjustment *a_rule = a;
  const DdAdjustment *b_rule = b;

  return (a_rule->value > b_rule->value) - (a_rule->value < b_rule->value);
}

static inline Deal *
offer_build (const Offer *offer)
{
  static const DdAdjustKind kinds[N_SPREADS] = { DD_ADJUST_PERCENT_OFF, DD_ADJUST_LINE_ON,
                                                 DD_ADJUST_LINE_OFF };
  Deal *deal = deal_new ();

  for (guint i = 0; i < offer->paddings; i++)
    {
      g_autofree char *text = g_strdup_printf ("padding %u", i);

      dd_answers_label (deal->answers, text);
    }
  for (guint i = 0; i < offer->lines->len; i++)
    add_line (deal, offer, &g_array_index (offer->lines, Line, i));
  if (offer->order == 1)
    g_array_sort (deal->answers->adjustments, compare_stages);
  else if (offer->order == 2)
    g_array_sort (deal->answers->adjustments, compare_values);
  for (guint i = 0; i < N_SPREADS; i++)
    if (offer->spreads[i] != 0)
      deal_spread (deal, kinds[i], offer->spreads[i]);
  if (offer->rate != NULL)
    deal_exchange (deal, "USD", "EUR", offer->rate);
  deal_exchange (deal, "GBP", "EUR", "1.17");
  deal->answers->interest = offer->interest;
  return deal;
}

static inline Line
random_line (GRand *rand, guint number)
{
  static const guint8 actions[] = { DD_ACTION_ADD,    DD_ACTION_ADD,    DD_ACTION_ADD,      DD_ACTION_ADD,
                                    DD_ACTION_MODIFY, DD_ACTION_DELETE, DD_ACTION_NO_CHANGE };

  return (Line){
    .number = number,
    .quantity = g_rand_int_range (rand, 1, 60000000),
    .discount = g_rand_boolean (rand) ? g_rand_int_range (rand, 1, 300000000) : 0,
    .installed = g_rand_int_range (rand, 0, 900000000),
    .counted = g_rand_int_range (rand, 0, 8) != 0,
    .action = actions[g_rand_int_range (rand, 0, G_N_ELEMENTS (actions))],
  };
}

static inline Offer
random_offer (GRand *rand, guint features)
{
  Offer offer = {
    .features = features,
    .seed = g_rand_int (rand),
    .lines = g_array_new (FALSE, TRUE, sizeof (Line)),
    .spreads = { g_rand_boolean (rand) ? g_rand_int_range (rand, 1, 400000000) : 0,
                 g_rand_boolean (rand) ? g_rand_int_range (rand, 1, 200000) * (gint64)10000 : 0,
                 g_rand_boolean (rand) ? g_rand_int_range (rand, 1, 2000000) * (gint64)10000 : 0 },
    .rate = "0.92",
    .order = (guint)g_rand_int_range (rand, 0, 3),
    .interest = g_rand_boolean (rand) ? percent ("7.5") : 0,
  };

  for (gint n = g_rand_int_range (rand, 1, MAX_LINES + 1), i = 0; i < n; i++)
    {
      Line line = random_line (rand, (guint)i);

      g_array_append_val (offer.lines, line);
    }
  return offer;
}
