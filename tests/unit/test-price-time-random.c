/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What holds of every price over time, tried on random deals with contract years, free months and starts:
 * parts add up, the order of lines changes nothing, spread loses nothing in any year, a term is the sum of
 * its days, and replay gives the same bytes.
 */
#include "price-fixture.h"
#include "number/day.h"
#include "price/period.h"

#define N_DEALS    150
#define MAX_MONTHS 61

/* Years of one family's charges, apart from each other; at most three. */
static void
add_ramp (Deal *deal, GRand *rand)
{
  guint year = 1 + (guint)g_rand_int_range (rand, 0, 2);
  guint n = 1 + (guint)g_rand_int_range (rand, 0, 3);

  for (guint i = 0; i < n; i++)
    {
      DdCharge *charge = deal_charge (deal, "rental", "0");
      guint length = 1 + (guint)g_rand_int_range (rand, 0, 2);

      charge->price = g_rand_int_range (rand, 0, 900000000);
      charge->first_year = (guint8)year;
      charge->last_year = i + 1 < n || g_rand_boolean (rand) ? (guint8)(year + length - 1) : 0;
      charge->free_months = (guint16)g_rand_int_range (rand, 0, 7);
      if (g_rand_boolean (rand))
        deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, g_rand_int_range (rand, 0, 20000000));
      year += length + (guint)g_rand_int_range (rand, 0, 2);
    }
}

static void
add_plain (Deal *deal, GRand *rand)
{
  static const DdPeriod periods[] = { DD_PERIOD_MONTH, DD_PERIOD_QUARTER, DD_PERIOD_YEAR, DD_PERIOD_WEEK,
                                      DD_PERIOD_DAY };
  DdCharge *charge = deal_charge (deal, "support", "0");

  charge->price = g_rand_int_range (rand, 0, 900000000);
  charge->period = (guint8)periods[g_rand_int_range (rand, 0, G_N_ELEMENTS (periods))];
  charge->free_months = (guint16)(g_rand_boolean (rand) ? g_rand_int_range (rand, 0, 14) : 0);
  for (gint i = g_rand_int_range (rand, 0, 3); i > 0; i--)
    {
      DdAdjustment *rule = deal_rule (deal, (DdStage)g_rand_int_range (rand, DD_STAGE_BASE, DD_STAGE_SPREAD),
                                      DD_ADJUST_PERCENT_OFF, g_rand_int_range (rand, 0, 300000000));

      rule->first_year = (guint8)g_rand_int_range (rand, 0, 4);
      rule->last_year = g_rand_boolean (rand) ? (guint8)(MAX (rule->first_year, 1) + i) : 0;
    }
}

static void
add_setup (Deal *deal, GRand *rand)
{
  DdCharge *charge = deal_charge (deal, "setup", "0");

  charge->type = DD_CHARGE_ONE_TIME;
  charge->period = DD_PERIOD_NONE;
  charge->price = g_rand_int_range (rand, 0, 900000000);
  if (g_rand_boolean (rand))
    deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, g_rand_int_range (rand, 0, 20000000));
}

/* Everything about a line comes from its own seed, so that it can be built at any place among the others. */
static void
add_line (Deal *deal, guint32 seed, guint number)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed + number * 7919);
  g_autofree char *id = g_strdup_printf ("line-%u", number);
  DdPriceLine *line = deal_line (deal, id, "1");

  line->quantity = g_rand_int_range (rand, 1, 60000000);
  line->commitment = (guint16)g_rand_int_range (rand, 0, MAX_MONTHS);
  line->counted = g_rand_int_range (rand, 0, 8) != 0;
  if (g_rand_boolean (rand))
    {
      line->start = (gint32)dd_day_from_date (2026, 1, 1) + g_rand_int_range (rand, 0, 2000);
      line->billing_day = (guint8)g_rand_int_range (rand, 0, 29);
    }
  /* Every line has something in its first year. */
  add_setup (deal, rand);
  if (g_rand_boolean (rand))
    add_ramp (deal, rand);
  if (g_rand_boolean (rand))
    add_plain (deal, rand);
  deal_rule (deal, DD_STAGE_TAX, DD_ADJUST_TAX, percent ("21"));
}

/* @order: (nullable): the numbers of the lines, in the order in which they come. */
static Deal *
random_deal (guint32 seed, guint n_lines, const guint *order)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Deal *deal = deal_new ();

  for (guint i = 0; i < n_lines; i++)
    add_line (deal, seed, order != NULL ? order[i] : i);
  if (g_rand_boolean (rand))
    deal_spread (deal, DD_ADJUST_PERCENT_OFF, g_rand_int_range (rand, 0, 400000000));
  if (g_rand_boolean (rand))
    deal_spread (deal, DD_ADJUST_LINE_OFF, g_rand_int_range (rand, 0, 2000000) * (gint64)10000);
  deal->answers->interest = g_rand_boolean (rand) ? percent ("7.5") : 0;
  return deal;
}

static guint
random_size (guint32 seed)
{
  return 1 + seed % 20;
}

static void
assert_breakdown_adds_up (const DdSheet *sheet, const char *const *keys)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) parts = dd_sheet_break_down (sheet, keys, &error);
  DdBreakdown sum = { 0 };

  g_assert_no_error (error);
  for (guint i = 0; i < parts->len; i++)
    {
      const DdBreakdown *part = &g_array_index (parts, DdBreakdown, i);

      sum.monthly += part->monthly;
      sum.contract_value += part->contract_value;
      sum.contract_list += part->contract_list;
      sum.cost += part->cost;
    }
  for (guint i = 0; i < sheet->figures->len; i++)
    {
      const DdDealFigures *figures = &g_array_index (sheet->figures, DdDealFigures, i);

      sum.monthly -= figures->monthly;
      sum.contract_value -= figures->contract_value;
      sum.contract_list -= figures->contract_list;
      sum.cost -= figures->cost;
    }
  g_assert_cmpint (sum.monthly, ==, 0);
  g_assert_cmpint (sum.contract_value, ==, 0);
  g_assert_cmpint (sum.contract_list, ==, 0);
  g_assert_cmpint (sum.cost, ==, 0);
}

static void
test_parts_add_up_to_wholes (void)
{
  static const char *const sites[] = { "a", "b2", "b10", NULL };

  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      g_autoptr (Deal) deal = random_deal (seed, random_size (seed), NULL);
      g_autoptr (DdSheet) sheet = deal_price (deal);
      g_autofree const char **keys = g_new (const char *, deal->lines->len);
      gint64 net = 0;
      gint64 value = 0;

      for (guint i = 0; i < sheet->results->len; i++)
        {
          net += sheet_result (sheet, i)->counted ? sheet_result (sheet, i)->net : 0;
          value += g_array_index (sheet->worths, DdWorth, i).value;
        }
      for (guint i = 0; i < sheet->totals->len; i++)
        net -= sheet_total (sheet, i)->net;
      g_assert_cmpint (net, ==, 0);
      for (guint i = 0; i < sheet->figures->len; i++)
        value -= g_array_index (sheet->figures, DdDealFigures, i).contract_value;
      g_assert_cmpint (value, ==, 0);
      for (guint i = 0; i < deal->lines->len; i++)
        keys[i] = sites[(seed + i * i) % G_N_ELEMENTS (sites)];
      assert_breakdown_adds_up (sheet, keys);
      for (guint i = 0; i < deal->lines->len; i++)
        keys[i] = g_array_index (deal->lines, DdPriceLine, i).id;
      assert_breakdown_adds_up (sheet, keys);
    }
}

static void
test_order_of_lines_changes_nothing_over_time (void)
{
  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      guint n = random_size (seed);
      g_autofree guint *order = g_new (guint, n);
      g_autoptr (Deal) deal = random_deal (seed, n, NULL);
      g_autoptr (Deal) reversed = NULL;
      g_autoptr (DdSheet) sheet = deal_price (deal);
      g_autoptr (DdSheet) other = NULL;

      for (guint i = 0; i < n; i++)
        order[i] = (i + seed % n) % n;
      for (guint i = 0; i < n / 2; i += 2)
        {
          guint kept = order[i];

          order[i] = order[n - 1 - i];
          order[n - 1 - i] = kept;
        }
      reversed = random_deal (seed, n, order);
      other = deal_price (reversed);
      g_assert_cmpmem (sheet->totals->data, sheet->totals->len * sizeof (DdTotal), other->totals->data,
                       other->totals->len * sizeof (DdTotal));
      g_assert_cmpmem (sheet->figures->data, sheet->figures->len * sizeof (DdDealFigures),
                       other->figures->data, other->figures->len * sizeof (DdDealFigures));
    }
}

/* What a spread did to the charges of one class of years, and whether any were there. */
static gint64
effect_in_class (const DdSheet *sheet, guint first_year, gboolean *out_charged)
{
  gint64 effect = 0;

  *out_charged = FALSE;
  for (guint i = 0; i < sheet->results->len; i++)
    {
      const DdCharge *charge = &g_array_index (sheet->answers->charges, DdCharge, i);

      if (charge->first_year != first_year || charge->period != DD_PERIOD_MONTH ||
          !sheet_result (sheet, i)->counted)
        continue;
      *out_charged = TRUE;
      for (guint s = 1; s < sheet_result (sheet, i)->n_steps; s++)
        if (sheet_step (sheet, i, s)->stage == DD_STAGE_SPREAD)
          effect += sheet_step (sheet, i, s)->after - sheet_step (sheet, i, s - 1)->after;
    }
  return effect;
}

static void
test_spread_loses_nothing_in_any_year (void)
{
  guint n_classes = 0;

  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      gint64 value = g_test_rand_int_range (1, 1000000) * (gint64)10000;
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;

      for (guint i = 0; i < random_size (seed); i++)
        add_line (deal, seed, i);
      deal_spread (deal, DD_ADJUST_LINE_OFF, value);
      sheet = deal_price (deal);
      for (guint i = 0; i < sheet->totals->len; i++)
        {
          const DdTotal *total = sheet_total (sheet, i);
          gboolean charged = FALSE;

          if (total->period != DD_PERIOD_MONTH)
            continue;
          g_assert_cmpint (total->unspread - effect_in_class (sheet, total->first_year, &charged), ==, value);
          n_classes += charged && total->first_year > 1;
        }
    }
  g_assert_cmpuint (n_classes, >, 0);
}

/* A family over a term, a day at a time. */
typedef struct
{
  const DdSheet *sheet;
  const DdPriceLine *line;
  guint32 first;
  guint32 end;
  guint period_months;
} Family;

static GDate
date_of_day (gint64 at)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32)(at + 719163));
  return date;
}

static gint64
net_on (const Family *family, const GDate *start, const GDate *at)
{
  for (guint32 i = family->first; i < family->end; i++)
    {
      const DdCharge *charge = &g_array_index (family->sheet->answers->charges, DdCharge, i);
      GDate from = *start;
      GDate free_to = *start;
      GDate to = *start;

      g_date_add_months (&from, 12 * (MAX (charge->first_year, 1) - 1u));
      g_date_add_months (&free_to, charge->free_months);
      g_date_add_months (&to, charge->last_year == 0 ? 1200 : 12u * charge->last_year);
      if (g_date_compare (&from, at) <= 0 && g_date_compare (&free_to, at) <= 0 &&
          g_date_compare (at, &to) < 0)
        return sheet_result (family->sheet, i)->net;
    }
  return 0;
}

/* Rounded at the end of each period. The billing day is one that every month has. */
static gint64
value_by_days (const Family *family)
{
  GDate start = date_of_day (family->line->start);
  GDate end = start;
  GDate begin = start; /* of the month that the day is in */
  guint months = 0;    /* since the first that began on the billing day */
  DdWide numerator = 0;
  gint64 divisor = (gint64)DD_MONTH_PARTS * family->period_months;
  gint64 value = 0;

  g_date_add_months (&end, family->line->commitment);
  for (GDate at = start; g_date_compare (&at, &end) < 0; g_date_add_days (&at, 1))
    {
      if (g_date_get_day (&at) == family->line->billing_day)
        {
          if (months % family->period_months == 0)
            {
              value += (gint64)dd_wide_divide_rounded (numerator, (DdWide)divisor * 10000) * 10000;
              numerator = 0;
            }
          begin = at;
          months++;
        }
      numerator +=
        (DdWide)net_on (family, &start, &at) *
        (DD_MONTH_PARTS / g_date_get_days_in_month (g_date_get_month (&begin), g_date_get_year (&begin)));
    }
  return value + (gint64)dd_wide_divide_rounded (numerator, (DdWide)divisor * 10000) * 10000;
}

static void
test_a_term_is_the_sum_of_its_days (void)
{
  for (guint round = 0; round < 4 * N_DEALS; round++)
    {
      static const DdPeriod periods[] = { DD_PERIOD_MONTH, DD_PERIOD_QUARTER, DD_PERIOD_YEAR };
      static const guint months[] = { 1, 3, 12 };
      g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32)g_test_rand_int ());
      guint kind = (guint)g_rand_int_range (rand, 0, 3);
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      Family family = { .period_months = months[kind] };
      DdPriceLine *line = deal_line (deal, "1", "1");
      gint64 value = 0;

      line->start = (gint32)dd_day_from_date (2026, 1, 1) + g_rand_int_range (rand, 0, 2000);
      line->billing_day = (guint8)g_rand_int_range (rand, 1, 29);
      line->commitment = (guint16)g_rand_int_range (rand, 24, MAX_MONTHS);
      add_ramp (deal, rand);
      for (guint i = 0; i < deal->answers->charges->len; i++)
        g_array_index (deal->answers->charges, DdCharge, i).period = (guint8)periods[kind];
      sheet = deal_price (deal);
      family.sheet = sheet;
      family.line = &g_array_index (deal->lines, DdPriceLine, 0);
      family.end = sheet->results->len;
      for (guint i = 0; i < sheet->worths->len; i++)
        value += g_array_index (sheet->worths, DdWorth, i).value;
      g_assert_cmpint (value, ==, value_by_days (&family));
    }
}

static void
test_replay_of_years_gives_the_same_bytes (void)
{
  for (guint round = 0; round < N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      g_autoptr (GError) error = NULL;
      g_autoptr (Deal) deal = random_deal (seed, random_size (seed), NULL);
      DdExpiry expiry = { .charge = 0, .label = 0, .last = (gint32)(seed % 30000) };
      g_autoptr (DdSheet) sheet = NULL;
      g_autoptr (DdSheet) again = NULL;
      g_autofree char *text = NULL;
      g_autofree char *text_again = NULL;

      g_array_append_val (deal->answers->expiries, expiry);
      deal->answers->offer_end = (gint32)(seed % 20000);
      sheet = deal_price (deal);
      text = sheet_write (sheet);
      again = deal_replay (deal, text, &error);
      g_assert_no_error (error);
      text_again = sheet_write (again);
      g_assert_cmpstr (text, ==, text_again);
    }
}

static void
refuse_replay (const char *member, const char *instead)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (DdSheet) again = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;

  deal_line (deal, "1", "1")->commitment = 36;
  deal_charge (deal, "rental", "100")->free_months = 2;
  deal_rule (deal, DD_STAGE_PROMOTION, DD_ADJUST_PERCENT_OFF, percent ("10"))->last_year = 1;
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("60"));
  deal->answers->interest = percent ("5");
  deal->answers->offer_end = 20000;
  sheet = deal_price (deal);
  text = sheet_write (sheet);
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, member, instead, 1), ==, 1);
  again = deal_replay (deal, changed->str, &error);
  g_assert_null (again);
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_DAMAGED);
}

static void
test_replay_finds_every_change_over_time (void)
{
  refuse_replay ("\"terms\":[0,\"0\",\"\",0,2,", "\"terms\":[0,\"0\",\"\",0,3,");
  refuse_replay ("\"terms\":[0,", "\"terms\":[7,");
  refuse_replay ("\"terms\":[0,", "\"terms\":[");
  refuse_replay ("\"years\":[0,0,1", "\"years\":[9,0,1");
  refuse_replay ("\"totalYears\":[0,1,1", "\"totalYears\":[0,1,2");
  refuse_replay ("\"interest\":50000000,", "");
  refuse_replay ("\"interest\":50000000", "\"interest\":-1");
  refuse_replay ("\"offerEnd\":20000", "\"offerEnd\":99999999999");
  refuse_replay ("\"presentValues\":[\"EUR\",\"", "\"presentValues\":[\"EUR\",\"1");
}

static void
test_random_answers_over_time_never_crash (void)
{
  guint n_priced = 0;

  for (guint round = 0; round < 20 * N_DEALS; round++)
    {
      guint32 seed = (guint32)g_test_rand_int ();
      g_autoptr (Deal) deal = random_deal (seed, 4, NULL);
      DdExpiry expiry = { .charge = 1, .label = 0, .last = 9 };
      GArray *const arrays[] = { deal->answers->charges, deal->answers->adjustments, deal->answers->expiries,
                                 deal->lines };
      GArray *array = arrays[round % G_N_ELEMENTS (arrays)];
      gsize size;
      g_autoptr (DdSheet) sheet = NULL;
      g_autoptr (GError) error = NULL;

      g_array_append_val (deal->answers->expiries, expiry);
      deal->answers->offer_end = 10;
      size = array->len * g_array_get_element_size (array);
      for (guint i = 0; array != deal->lines && i < 3; i++)
        array->data[g_test_rand_int_range (0, (gint32)size)] = (char)g_test_rand_int_range (0, 256);
      for (guint i = 0; array == deal->lines && i < deal->lines->len; i++)
        {
          DdPriceLine *line = &g_array_index (deal->lines, DdPriceLine, i);

          line->start = (gint32)g_test_rand_int ();
          line->commitment = (guint16)g_test_rand_int_range (0, G_MAXUINT16);
          line->billing_day = (guint8)g_test_rand_int_range (0, 30);
        }
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

/* At the edges of the ranges every result is exact or an error. */
static void
test_overflow_over_time_is_noticed (void)
{
  for (guint round = 0; round < N_DEALS; round++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;
      g_autoptr (GError) error = NULL;
      DdPriceLine *line = deal_line (deal, "1", "1");
      gint64 price = (G_MAXINT64 >> g_test_rand_int_range (0, 12)) / 10000 * 10000;
      guint months = (guint)g_test_rand_int_range (1, 3000);
      DdCharge *charge;

      line->commitment = (guint16)months;
      line->start = g_test_rand_int_range (1, G_MAXINT32);
      charge = deal_charge (deal, "rental", "0");
      charge->price = price;
      deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, price);
      deal->answers->interest = g_test_rand_bit () ? percent ("100000") : percent ("1");
      sheet = deal_try (deal, &error);
      if ((DdWide)price * months > G_MAXINT64)
        {
          g_assert_null (sheet);
          g_assert_error (error, DD_ERROR, DD_ERROR_OVERFLOW);
        }
      else
        {
          g_assert_no_error (error);
          g_assert_cmpint (g_array_index (sheet->worths, DdWorth, 0).value, ==, price * months);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/price/over-time/parts-add-up", test_parts_add_up_to_wholes);
  g_test_add_func ("/price/over-time/order-of-lines", test_order_of_lines_changes_nothing_over_time);
  g_test_add_func ("/price/over-time/spread-loses-nothing", test_spread_loses_nothing_in_any_year);
  g_test_add_func ("/price/over-time/sum-of-days", test_a_term_is_the_sum_of_its_days);
  g_test_add_func ("/price/over-time/replay", test_replay_of_years_gives_the_same_bytes);
  g_test_add_func ("/price/over-time/replay-finds-changes", test_replay_finds_every_change_over_time);
  g_test_add_func ("/price/over-time/random-answers", test_random_answers_over_time_never_crash);
  g_test_add_func ("/price/over-time/overflow", test_overflow_over_time_is_noticed);
  return g_test_run ();
}
