/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What holds of every price sheet, tried on random deals: parts add up, order changes nothing, replay gives
 * the same bytes.
 */
#include "price-fixture.h"

#define N_DEALS 150

/* Everything about a line comes from its own seed, so that it can be built at any place among the others. */
static void
add_random_rules (Deal *deal, GRand *rand)
{
  static const DdAdjustKind kinds[] = {
    DD_ADJUST_PERCENT_OFF, DD_ADJUST_PERCENT_ON, DD_ADJUST_FACTOR, DD_ADJUST_UNIT_ON, DD_ADJUST_LINE_ON,
  };
  static const char *const groups[] = { NULL, "alpha", "beta2", "beta10" };
  gint n_rules = g_rand_int_range (rand, 0, 9);

  for (gint i = 0; i < n_rules; i++)
    {
      DdAdjustKind kind = kinds[g_rand_int_range (rand, 0, G_N_ELEMENTS (kinds))];
      DdStage stage = (DdStage)g_rand_int_range (rand, DD_STAGE_BASE, DD_STAGE_SPREAD);
      gint group = g_rand_int_range (rand, 0, G_N_ELEMENTS (groups));
      DdAdjustment *rule = deal_rule (deal, stage, kind, g_rand_int_range (rand, 0, 300000000));
      g_autofree char *id = g_strdup_printf ("id-%d", i);

      if (kind == DD_ADJUST_FACTOR)
        rule->value += 800000000;
      rule->id = dd_answers_label (deal->answers, id);
      rule->label = rule->id;
      rule->group = dd_answers_label (deal->answers, groups[group]);
      rule->mode = (guint8)(((guint)group + stage) % 3);
      rule->group_priority = group;
      rule->priority = g_rand_int_range (rand, 0, 3);
      if (rule->mode == DD_GROUP_ADD && kind == DD_ADJUST_PERCENT_OFF)
        rule->value /= 10;
    }
}

static void
add_random_line (Deal *deal, guint32 seed, guint number)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed + number * 7919);
  g_autofree char *id = g_strdup_printf ("line-%u", number);
  DdPriceLine *line = deal_line (deal, id, "1");

  line->quantity = g_rand_int_range (rand, 1, 60000000);
  line->commitment = (guint16)g_rand_int_range (rand, 0, 61);
  line->counted = g_rand_int_range (rand, 0, 8) != 0;
  if (g_rand_int_range (rand, 0, 6) == 0)
    {
      g_autofree char *net =
        g_strdup_printf ("%d.%02d", g_rand_int_range (rand, 0, 5000), g_rand_int_range (rand, 0, 100));

      line->action = DD_ACTION_MODIFY;
      deal_installed (deal, "rental", net);
    }
  deal_charge (deal, "rental", "0")->price = g_rand_int_range (rand, 0, 900000000);
  if (g_rand_boolean (rand))
    {
      deal_tier (deal, DD_TIER_GRADUATED, "1", "10", "99.5", "1");
      deal_tier (deal, DD_TIER_GRADUATED, "11", NULL, "80.123456", "0");
    }
  add_random_rules (deal, rand);
  if (g_rand_boolean (rand))
    deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, g_rand_int_range (rand, 0, 200000000));
  if (g_rand_boolean (rand))
    deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, g_rand_int_range (rand, 0, 200000000));
  deal_rule (deal, DD_STAGE_TAX, DD_ADJUST_TAX, percent ("21"));
}

static void
add_random_spreads (Deal *deal, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  if (g_rand_boolean (rand))
    deal_spread (deal, DD_ADJUST_PERCENT_OFF, g_rand_int_range (rand, 0, 400000000));
  if (g_rand_boolean (rand))
    deal_spread (deal, DD_ADJUST_LINE_ON, g_rand_int_range (rand, 0, 200000) * (gint64)10000);
  if (g_rand_boolean (rand))
    deal_spread (deal, DD_ADJUST_LINE_OFF, g_rand_int_range (rand, 0, 2000000) * (gint64)10000);
}

/* @order: (nullable): the numbers of the lines, in the order in which they come. */
static Deal *
random_deal (guint32 seed, guint n_lines, const guint *order)
{
  Deal *deal = deal_new ();

  for (guint i = 0; i < n_lines; i++)
    add_random_line (deal, seed, order != NULL ? order[i] : i);
  add_random_spreads (deal, seed);
  return deal;
}

static guint
random_size (guint32 seed)
{
  return 1 + seed % 40;
}

static void
shuffle (guint *numbers, guint n, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (guint i = 0; i < n; i++)
    numbers[i] = i;
  for (guint i = n; i > 1; i--)
    {
      guint j = (guint)g_rand_int_range (rand, 0, (gint32)i);
      guint kept = numbers[i - 1];

      numbers[i - 1] = numbers[j];
      numbers[j] = kept;
    }
}

static void
test_parts_add_up (void)
{
  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      g_autoptr (Deal) deal = random_deal (seed, random_size (seed), NULL);
      g_autoptr (DdSheet) sheet = deal_price (deal);
      gint64 net = 0;
      gint64 tax = 0;
      guint n_steps = 0;

      for (guint i = 0; i < sheet->results->len; i++)
        {
          const DdChargeResult *result = sheet_result (sheet, i);

          g_assert_cmpuint (result->first_step, ==, n_steps);
          n_steps += result->n_steps;
          g_assert_cmpint (sheet_step (sheet, i, result->n_steps - 1)->after, ==, result->net + result->tax);
          g_assert_cmpint (result->net % 10000, ==, 0);
          net += result->counted ? result->net : 0;
          tax += result->counted ? result->tax : 0;
        }
      g_assert_cmpuint (n_steps, ==, sheet->steps->len);
      if (sheet->totals->len > 0)
        {
          g_assert_cmpint (sheet_total (sheet, 0)->net, ==, net);
          g_assert_cmpint (sheet_total (sheet, 0)->tax, ==, tax);
        }
    }
}

/* What one spread did to all charges, and that it took none below its floor. */
static gint64
effect_of_spread (const DdSheet *sheet, guint spread, gboolean off)
{
  gint64 effect = 0;

  for (guint i = 0; i < sheet->results->len; i++)
    for (guint s = 1; s < sheet_result (sheet, i)->n_steps; s++)
      {
        const DdStep *step = sheet_step (sheet, i, s);

        if (step->stage != DD_STAGE_SPREAD || step->adjustment != spread)
          continue;
        effect += step->after - (step - 1)->after;
        g_assert_true (sheet_result (sheet, i)->counted);
        if (off)
          g_assert_cmpint (step->after + sheet_result (sheet, i)->installed, >=,
                           sheet_result (sheet, i)->floor);
      }
  return effect;
}

static void
test_spread_loses_nothing (void)
{
  guint n_unspread = 0;

  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      guint n_lines = random_size (seed);
      gint64 value = g_test_rand_int_range (0, 3000000) * (gint64)10000;
      gboolean off = g_test_rand_bit ();
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      gint64 effect;

      for (guint i = 0; i < n_lines; i++)
        add_random_line (deal, seed, i);
      deal_spread (deal, off ? DD_ADJUST_LINE_OFF : DD_ADJUST_LINE_ON, value);
      sheet = deal_price (deal);
      effect = effect_of_spread (sheet, 0, off);
      if (value == 0)
        continue;
      g_assert_cmpint ((off ? -effect : effect) + sheet_total (sheet, 0)->unspread, ==, value);
      n_unspread += sheet_total (sheet, 0)->unspread > 0;
    }
  g_assert_cmpuint (n_unspread, >, 0);
}

/* Every charge has its exact share of what was placed, to less than one minor unit, unless it is at its
 * floor. */
static void
test_spread_is_in_proportion (void)
{
  for (guint round = 0; round < N_DEALS; round++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      guint n_lines = 2 + (guint)g_test_rand_int_range (0, 60);
      gint64 weights = 0;
      gint64 placed = 0;

      for (guint i = 0; i < n_lines; i++)
        {
          g_autofree char *id = g_strdup_printf ("%u", i);
          gint64 price = g_test_rand_int_range (0, 100000) * (gint64)10000;

          deal_line (deal, id, "1");
          deal_charge (deal, "rental", "0")->price = price;
          deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR,
                     price / 10000 * g_test_rand_int_range (0, 101) / 100 * 10000);
        }
      deal_spread (deal, DD_ADJUST_PERCENT_OFF, g_test_rand_int_range (0, 1000000000));
      sheet = deal_price (deal);
      for (guint i = 0; i < n_lines; i++)
        if (sheet_result (sheet, i)->net > sheet_result (sheet, i)->floor)
          {
            weights += sheet_result (sheet, i)->negotiated / 10000;
            placed += (sheet_result (sheet, i)->negotiated - sheet_result (sheet, i)->net) / 10000;
          }
      for (guint i = 0; i < n_lines; i++)
        {
          const DdChargeResult *result = sheet_result (sheet, i);
          DdWide share = (DdWide)(result->negotiated - result->net) / 10000 * weights;
          DdWide exact = (DdWide)placed * (result->negotiated / 10000);
          /* A share that rounding brought to its floor makes the others' sum differ by its remainder. */
          DdWide slack = (DdWide)weights * (1 + n_lines);

          if (result->net > result->floor)
            g_assert_true (share - exact < slack && exact - share < slack);
          else
            g_assert_true (result->net == result->floor);
        }
    }
}

/* Each line that is fixed at its floor brings just one other to its own, and those come in the worst order.
 */
static void
test_spread_settles_a_long_cascade (void)
{
  const guint n_lines = 12;
  const gint64 net = 100000000; /* minor units, of each line */
  gint64 rest = 600000000;
  gint64 capacities[12];
  guint n_fixed = 0;
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  gint64 sum = 0;

  for (gint64 next = rest / n_lines / 2; next * (n_lines - n_fixed) < rest && n_fixed < n_lines - 1;
       n_fixed++)
    {
      capacities[n_fixed] = next;
      next = rest / (n_lines - n_fixed) + 1;
      rest -= capacities[n_fixed];
    }
  g_assert_cmpuint (n_fixed, >, 5);
  for (guint i = n_fixed; i < n_lines; i++)
    capacities[i] = net;
  for (guint i = n_lines; i > 0; i--)
    {
      g_autofree char *id = g_strdup_printf ("%u", n_lines - i);

      deal_line (deal, id, "1");
      deal_charge (deal, "rental", "1000000");
      deal_rule (deal, DD_STAGE_GUARD, DD_ADJUST_FLOOR, (net - capacities[i - 1]) * 10000);
    }
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("6000000"));
  sheet = deal_price (deal);
  for (guint i = 0; i < n_lines; i++)
    {
      const DdChargeResult *result = sheet_result (sheet, n_lines - 1 - i);

      if (i < n_fixed)
        g_assert_cmpint (result->net, ==, result->floor);
      else
        g_assert_cmpint (ABS ((net * 10000 - result->net) / 10000 - rest / (n_lines - n_fixed)), <=, 1);
      sum += net * 10000 - result->net;
    }
  assert_amount (sum, "6000000.00");
}

static void
test_order_of_lines_changes_nothing (void)
{
  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      guint n = random_size (seed);
      g_autofree guint *order = g_new (guint, n);
      g_autoptr (Deal) deal = random_deal (seed, n, NULL);
      g_autoptr (Deal) shuffled = NULL;
      g_autoptr (DdSheet) sheet = deal_price (deal);
      g_autoptr (DdSheet) other = NULL;

      shuffle (order, n, seed);
      shuffled = random_deal (seed, n, order);
      other = deal_price (shuffled);
      for (guint i = 0; i < n; i++)
        {
          const DdChargeResult *a = sheet_result (sheet, order[i]);
          const DdChargeResult *b = sheet_result (other, i);

          g_assert_cmpint (a->net, ==, b->net);
          g_assert_cmpint (a->tax, ==, b->tax);
          g_assert_cmpuint (a->marks, ==, b->marks);
        }
      g_assert_cmpmem (sheet->totals->data, sheet->totals->len * sizeof (DdTotal), other->totals->data,
                       other->totals->len * sizeof (DdTotal));
      g_assert_cmpmem (sheet->figures->data, sheet->figures->len * sizeof (DdDealFigures),
                       other->figures->data, other->figures->len * sizeof (DdDealFigures));
    }
}

/* Shuffled rules come in many sequences, so the other way of ordering them is tried too. */
static void
test_order_of_rules_changes_nothing (void)
{
  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      g_autoptr (Deal) deal = random_deal (seed, 40, NULL);
      g_autoptr (Deal) shuffled = random_deal (seed, 40, NULL);
      GArray *rules = shuffled->answers->adjustments;
      g_autofree guint *order = g_new (guint, rules->len);
      g_autoptr (DdSheet) sheet = NULL;
      g_autoptr (DdSheet) other = NULL;

      shuffle (order, rules->len, seed);
      for (guint i = 0; i < rules->len; i++)
        g_array_index (rules, DdAdjustment, i) =
          g_array_index (deal->answers->adjustments, DdAdjustment, order[i]);
      sheet = deal_price (deal);
      other = deal_price (shuffled);
      g_assert_cmpmem (sheet->results->data, sheet->results->len * sizeof (DdChargeResult),
                       other->results->data, other->results->len * sizeof (DdChargeResult));
    }
}

static void
test_graduated_never_falls (void)
{
  gint64 before = 0;

  for (gint64 quantity = 100000; quantity < 40 * DD_MICROS; quantity += 100000)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;

      deal_line (deal, "1", "1")->quantity = quantity;
      deal_charge (deal, "rental", "0");
      deal_tier (deal, DD_TIER_GRADUATED, "1", "10", "50", "3");
      deal_tier (deal, DD_TIER_GRADUATED, "11", "20", "2", "0");
      deal_tier (deal, DD_TIER_GRADUATED, "21", NULL, "0.01", "0");
      sheet = deal_price (deal);
      g_assert_cmpint (sheet_result (sheet, 0)->net, >=, before);
      before = sheet_result (sheet, 0)->net;
    }
  assert_amount (before, "523.20");
}

static void
test_replay_gives_the_same_bytes (void)
{
  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      g_autoptr (GError) error = NULL;
      g_autoptr (Deal) deal = random_deal (seed, random_size (seed), NULL);
      g_autoptr (DdSheet) sheet = NULL;
      g_autoptr (DdSheet) again = NULL;
      g_autofree char *text = NULL;
      g_autofree char *text_again = NULL;

      dd_answers_add_source (deal->answers, "charges", 3, NULL);
      dd_answers_add_source (deal->answers, "pricing-catalogue", 0, "1.0");
      sheet = deal_price (deal);
      text = sheet_write (sheet);
      again = deal_replay (deal, text, &error);
      g_assert_no_error (error);
      text_again = sheet_write (again);
      g_assert_cmpstr (text, ==, text_again);
    }
}

static void
refuse_replay (const char *member, const char *instead, DdErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Deal) deal = random_deal (5, 3, NULL);
  g_autoptr (DdSheet) sheet = deal_price (deal);
  g_autoptr (DdSheet) again = NULL;
  g_autofree char *text = sheet_write (sheet);
  g_autoptr (GString) changed = g_string_new (text);

  g_assert_cmpuint (g_string_replace (changed, member, instead, 1), ==, 1);
  again = deal_replay (deal, changed->str, &error);
  g_assert_null (again);
  g_assert_error (error, DD_ERROR, (gint)code);
}

static void
test_replay_finds_every_change (void)
{
  refuse_replay ("\"results\":[0,", "\"results\":[1,", DD_ERROR_STORE_DAMAGED);
  refuse_replay ("\"steps\":[0,null,0,", "\"steps\":[0,null,1,", DD_ERROR_STORE_DAMAGED);
  refuse_replay ("\"figures\":[\"EUR\",\"", "\"figures\":[\"EUR\",\"1", DD_ERROR_STORE_DAMAGED);
  refuse_replay ("\"adjustments\":[0,", "\"adjustments\":[2,", DD_ERROR_STORE_DAMAGED);
  refuse_replay ("\"adjustments\":[0,", "\"adjustments\":[", DD_ERROR_STORE_DAMAGED);
  refuse_replay ("\"lines\":3", "\"lines\":4", DD_ERROR_STORE_DAMAGED);
  refuse_replay ("\"lines\":3", "\"lines\":3,\"more\":1", DD_ERROR_STORE_DAMAGED);
  refuse_replay ("\"arithmetic\":2", "\"arithmetic\":3", DD_ERROR_STORE_NEWER);
}

static void
test_random_answers_never_crash (void)
{
  guint n_priced = 0;

  for (guint round = 0; round < 20 * N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      g_autoptr (Deal) deal = random_deal (seed, 4, NULL);
      GArray *const arrays[] = { deal->answers->charges, deal->answers->adjustments, deal->answers->tiers,
                                 deal->answers->spreads, deal->answers->installed };
      GArray *array = arrays[round % G_N_ELEMENTS (arrays)];
      gsize size = array->len * g_array_get_element_size (array);
      g_autoptr (DdSheet) sheet = NULL;
      g_autoptr (GError) error = NULL;

      for (guint i = 0; size > 0 && i < 3; i++)
        array->data[g_test_rand_int_range (0, (gint32)size)] = (char)g_test_rand_int_range (0, 256);
      sheet = deal_try (deal, &error);
      g_assert_true ((sheet == NULL) == (error != NULL));
      if (sheet != NULL)
        {
          g_autoptr (GError) replay_error = NULL;
          g_autofree char *text = sheet_write (sheet);
          g_autoptr (DdSheet) again = deal_replay (deal, text, &replay_error);

          g_assert_no_error (replay_error);
          g_assert_nonnull (again);
          n_priced++;
        }
    }
  g_assert_cmpuint (n_priced, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/price/property/parts-add-up", test_parts_add_up);
  g_test_add_func ("/price/property/spread-loses-nothing", test_spread_loses_nothing);
  g_test_add_func ("/price/property/spread-is-in-proportion", test_spread_is_in_proportion);
  g_test_add_func ("/price/property/spread-settles-a-long-cascade", test_spread_settles_a_long_cascade);
  g_test_add_func ("/price/property/order-of-lines-changes-nothing", test_order_of_lines_changes_nothing);
  g_test_add_func ("/price/property/order-of-rules-changes-nothing", test_order_of_rules_changes_nothing);
  g_test_add_func ("/price/property/graduated-never-falls", test_graduated_never_falls);
  g_test_add_func ("/price/property/replay-gives-the-same-bytes", test_replay_gives_the_same_bytes);
  g_test_add_func ("/price/property/replay-finds-every-change", test_replay_finds_every_change);
  g_test_add_func ("/price/property/random-answers-never-crash", test_random_answers_never_crash);
  return g_test_run ();
}
