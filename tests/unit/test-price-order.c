/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The order of a charge's rules is theirs alone: whatever order plugins answer in, the steps are the same.
 */
#include "price-fixture.h"

/* A rule of any kind, on the charge @charge. */
typedef struct
{
  const char *id; /* NULL: none */
  const char *group;
  gint32 group_priority;
  gint32 priority;
  DdAdjustKind kind;
  gint64 value;
} Rule;

static void
add_rule (Deal *deal, guint32 charge, const Rule *row)
{
  DdAdjustment *rule = deal_rule (deal, DD_STAGE_LOCATION, row->kind, row->value);

  rule->charge = charge;
  rule->id = dd_answers_label (deal->answers, row->id);
  rule->group = dd_answers_label (deal->answers, row->group);
  rule->group_priority = row->group_priority;
  rule->priority = row->priority;
}

/* A charge of EUR 100 with @rules in every order: the first step of each is the base, then come @expected. */
static void
assert_steps (const Rule *rules, guint n, const char *const *expected)
{
  static const guint orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                     { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

  for (guint order = 0; order < G_N_ELEMENTS (orders); order++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;

      deal_line (deal, "1", "1");
      deal_charge (deal, "rental", "100");
      for (guint i = 0; i < 3; i++)
        if (orders[order][i] < n)
          add_rule (deal, 0, &rules[orders[order][i]]);
      sheet = deal_price (deal);
      for (guint i = 0; i < n; i++)
        assert_amount (sheet_step (sheet, 0, i + 1)->after, expected[i]);
    }
}

/* 100 + 10 = 110 in group "b", which has the lower priority; half of it in group "a"; and one more at last.
 */
static void
test_groups_go_by_priority_and_rules_without_one_last (void)
{
  static const Rule rules[] = {
    { "1", NULL, 0, 0, DD_ADJUST_LINE_ON, 1000000 },
    { "2", "a", 2, 0, DD_ADJUST_PERCENT_OFF, 500000000 },
    { "3", "b", 1, 0, DD_ADJUST_LINE_ON, 10000000 },
  };

  assert_steps (rules, 3, (const char *const[]){ "110.00", "55.00", "56.00" });
}

/* Of one priority by id, and an id is a number where it can be: "a2" before "a10". */
static void
test_groups_of_one_priority_go_by_natural_id (void)
{
  static const Rule rules[] = {
    { "1", "a10", 1, 0, DD_ADJUST_LINE_ON, 10000000 },
    { "2", "a2", 1, 0, DD_ADJUST_PERCENT_OFF, 500000000 },
  };

  assert_steps (rules, 2, (const char *const[]){ "50.00", "60.00" });
}

static void
test_rules_go_by_priority_then_id_and_those_without_an_id_last (void)
{
  static const Rule by_priority[] = {
    { "1", NULL, 0, 2, DD_ADJUST_LINE_ON, 10000000 },
    { "2", NULL, 0, 1, DD_ADJUST_PERCENT_OFF, 500000000 },
  };
  static const Rule by_id[] = {
    { NULL, NULL, 0, 0, DD_ADJUST_LINE_ON, 1000000 },
    { "10", NULL, 0, 0, DD_ADJUST_LINE_ON, 10000000 },
    { "2", NULL, 0, 0, DD_ADJUST_PERCENT_OFF, 500000000 },
  };

  assert_steps (by_priority, 2, (const char *const[]){ "50.00", "60.00" });
  assert_steps (by_id, 3, (const char *const[]){ "50.00", "60.00", "61.00" });
}

/* Rules of one id, as two plugins may name them, still have one order: by kind, then by value. */
static void
test_rules_of_one_id_go_by_kind_then_value (void)
{
  static const Rule kinds[] = {
    { "1", NULL, 0, 0, DD_ADJUST_UNIT_ON, 10000000 },
    { "1", NULL, 0, 0, DD_ADJUST_PERCENT_OFF, 500000000 },
  };
  static const Rule values[] = {
    { "1", NULL, 0, 0, DD_ADJUST_PERCENT_OFF, 100000000 },
    { "1", NULL, 0, 0, DD_ADJUST_PERCENT_OFF, 50000000 },
    { "1", NULL, 0, 0, DD_ADJUST_PERCENT_OFF, 50000000 },
  };

  assert_steps (kinds, 2, (const char *const[]){ "50.00", "60.00" });
  /* 95% of 100, of 95, and 90% of 90.25. */
  assert_steps (values, 3, (const char *const[]){ "95.00", "90.25", "81.225" });
}

/* One euro and then two, up to n, in order of id, which plugins answered backwards. */
static void
assert_counted (const DdSheet *sheet, guint32 charge, guint n)
{
  gint64 expected = 100 * DD_MICROS;

  for (guint i = 0; i < n; i++)
    {
      expected += (i + 1) * DD_MICROS;
      g_assert_cmpint (sheet_step (sheet, charge, i + 1)->after, ==, expected);
    }
}

static void
add_counted (Deal *deal, guint32 charge, guint number)
{
  g_autofree char *id = g_strdup_printf ("rule-%u", number);
  const Rule rule = { id, NULL, 0, 0, DD_ADJUST_LINE_ON, number * DD_MICROS };

  add_rule (deal, charge, &rule);
}

static void
test_a_charge_may_have_very_many_rules (void)
{
  static const guint numbers[] = { 32, 33, 500 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;

      deal_line (deal, "1", "1");
      deal_charge (deal, "rental", "100");
      for (guint number = numbers[i]; number > 0; number--)
        add_counted (deal, 0, number);
      sheet = deal_price (deal);
      assert_counted (sheet, 0, numbers[i]);
    }
}

/* Plugins answer stage by stage, each in order of charge; but a runner may answer charge by charge, to and
 * fro. */
static void
test_answers_may_go_to_and_fro_between_charges (void)
{
  static const guint numbers[] = { 47, 48, 49, 200 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (Deal) deal = deal_new ();
      g_autoptr (DdSheet) sheet = NULL;

      deal_line (deal, "1", "1");
      deal_charge (deal, "rental", "100");
      deal_charge (deal, "support", "100");
      for (guint number = 1; number <= numbers[i]; number++)
        {
          add_counted (deal, 1, number);
          add_counted (deal, 0, number);
        }
      sheet = deal_price (deal);
      assert_counted (sheet, 0, numbers[i]);
      assert_counted (sheet, 1, numbers[i]);
    }
}

/* So many ids that comparisons which are remembered displace each other: "m" comes between "a" and "z", whose
 * labels are 64 apart. */
static void
test_many_ids_are_told_apart (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;
  static const Rule middle = { "m", NULL, 0, 0, DD_ADJUST_LINE_ON, 10000000 };
  static const Rule before = { "a", NULL, 0, 0, DD_ADJUST_PERCENT_OFF, 500000000 };
  static const Rule after = { "z", NULL, 0, 0, DD_ADJUST_PERCENT_OFF, 500000000 };
  guint32 first;

  dd_answers_label (deal->answers, "m");
  first = dd_answers_label (deal->answers, "a");
  for (guint i = 1; i < 64; i++)
    {
      g_autofree char *filler = g_strdup_printf ("filler %u", i);

      dd_answers_label (deal->answers, filler);
    }
  g_assert_cmpuint (dd_answers_label (deal->answers, "z"), ==, first + 64);
  deal_line (deal, "1", "1");
  for (guint32 i = 0; i < 8; i++)
    {
      g_autofree char *id = g_strdup_printf ("charge-%u", i);

      deal_charge (deal, id, "100");
      add_rule (deal, i, &middle);
      add_rule (deal, i, i % 2 == 0 ? &before : &after);
    }
  sheet = deal_price (deal);
  /* 50 + 10, and half of 110. */
  for (guint i = 0; i < 8; i++)
    assert_amount (sheet_result (sheet, i)->net, i % 2 == 0 ? "60.00" : "55.00");
}

/* Half of what 20 units cost at EUR 100 for ten. */
static void
test_a_factor_works_on_a_price_for_many_units (void)
{
  for (guint mode = DD_GROUP_COMPOUND; mode < DD_N_GROUP_MODES; mode++)
    {
      g_autoptr (Deal) deal = deal_new ();

      deal_line (deal, "1", "20");
      deal_charge (deal, "rental", "100")->per = micros ("10");
      deal_grouped (deal, DD_STAGE_LOCATION, (DdGroupMode)mode, DD_ADJUST_FACTOR, DD_NANOS / 2);
      deal_grouped (deal, DD_STAGE_LOCATION, (DdGroupMode)mode, DD_ADJUST_PERCENT_OFF, 0);
      assert_net (deal, "100.00");
    }
}

/* An override by itself needs its threshold too: at 100 one of EUR 10 from 200 on does nothing. */
static void
test_an_override_by_itself_needs_its_threshold (void)
{
  static const char *const thresholds[] = { "200", "100" };
  static const char *const nets[] = { "100.00", "10.00" };

  for (guint i = 0; i < G_N_ELEMENTS (nets); i++)
    {
      g_autoptr (Deal) deal = deal_new ();

      deal_line (deal, "1", "1");
      deal_charge (deal, "rental", "100");
      deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_UNIT_OVERRIDE, micros ("10"))->threshold =
        micros (thresholds[i]);
      assert_net (deal, nets[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order/groups-by-priority", test_groups_go_by_priority_and_rules_without_one_last);
  g_test_add_func ("/order/groups-by-natural-id", test_groups_of_one_priority_go_by_natural_id);
  g_test_add_func ("/order/rules-by-priority-then-id",
                   test_rules_go_by_priority_then_id_and_those_without_an_id_last);
  g_test_add_func ("/order/rules-of-one-id", test_rules_of_one_id_go_by_kind_then_value);
  g_test_add_func ("/order/very-many-rules", test_a_charge_may_have_very_many_rules);
  g_test_add_func ("/order/to-and-fro", test_answers_may_go_to_and_fro_between_charges);
  g_test_add_func ("/order/many-ids", test_many_ids_are_told_apart);
  g_test_add_func ("/order/factor-on-many-units", test_a_factor_works_on_a_price_for_many_units);
  g_test_add_func ("/order/an-override-by-itself", test_an_override_by_itself_needs_its_threshold);
  return g_test_run ();
}
