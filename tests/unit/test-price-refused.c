/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Answers that can't be: of an offer that has everything, one field at a time is put out of its range, and
 * the error says which.
 */
#include "price-fixture.h"

/* Indexes of what offer_new() makes. */
enum
{
  TIERED,
  SETUP,
  CALLS,
  BOXES,
  CARE,
  CHANGED,
  N_CHARGES
};

enum
{
  FIRST_OF_GROUP,
  SECOND_OF_GROUP,
  OF_CALLS,
  COST,
  MARK_UP
};

enum
{
  PERCENTAGE,
  AMOUNT
};

static void
add_second_line (Deal *deal)
{
  deal_line (deal, "2", "1")->action = DD_ACTION_MODIFY;
  deal_charge (deal, "rental", "5");
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST, micros ("4"));
  deal_rule (deal, DD_STAGE_BASE, DD_ADJUST_COST_PLUS, percent ("10"));
  deal_installed (deal, "rental", "4");
}

static Deal *
offer_new (void)
{
  Deal *deal = deal_new ();
  DdCharge *charge;

  deal_line (deal, "1", "25");
  deal_charge (deal, "rental", "0");
  deal_tier (deal, DD_TIER_GRADUATED, "1", "10", "5", "0");
  deal_tier (deal, DD_TIER_GRADUATED, "11", NULL, "4", "0");
  deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_PERCENT_OFF, percent ("10"));
  deal_grouped (deal, DD_STAGE_LOCATION, DD_GROUP_ADD, DD_ADJUST_PERCENT_OFF, percent ("5"));
  charge = deal_charge (deal, "setup", "1");
  charge->type = DD_CHARGE_ONE_TIME;
  charge->period = DD_PERIOD_NONE;
  charge->minimum = micros ("10");
  charge->maximum = micros ("100");
  deal_rate (deal, "calls", 5 * DD_MICROS);
  deal_rule (deal, DD_STAGE_LOCATION, DD_ADJUST_PERCENT_OFF, percent ("10"));
  charge = deal_charge (deal, "boxes", "3");
  charge->mode = DD_TIER_PACKAGE;
  charge->package_size = micros ("10");
  charge = deal_charge (deal, "care", "0");
  charge->mode = DD_TIER_SHARE;
  charge->price = percent ("15");
  deal_share (deal, CARE, TIERED);
  add_second_line (deal);
  deal_spread (deal, DD_ADJUST_PERCENT_OFF, percent ("1"));
  deal_spread (deal, DD_ADJUST_LINE_OFF, micros ("1"));
  return deal;
}

/* One member of one record: what it becomes, and what the error says. */
typedef struct
{
  gsize array; /* of DdAnswers */
  guint index;
  gsize offset;
  gsize size;
  gint64 value;
  const char *fragment;
} Spoilt;

#define SPOIL(array, Type, index, member, value, fragment)                                                   \
  {                                                                                                          \
    G_STRUCT_OFFSET (DdAnswers, array), index, G_STRUCT_OFFSET (Type, member),                               \
      sizeof (((Type *)NULL)->member), value, fragment                                                       \
  }
#define CHARGE(index, member, value, fragment) SPOIL (charges, DdCharge, index, member, value, fragment)
#define TIER(index, member, value, fragment)   SPOIL (tiers, DdTier, index, member, value, fragment)
#define RULE(index, member, value, fragment)   SPOIL (adjustments, DdAdjustment, index, member, value, fragment)
#define SPREAD(index, member, value, fragment) SPOIL (spreads, DdSpread, index, member, value, fragment)
#define INSTALLED(index, member, value, fragment)                                                            \
  SPOIL (installed, DdInstalledNet, index, member, value, fragment)
#define SHARE(index, member, value, fragment) SPOIL (shares, DdShare, index, member, value, fragment)

/* Errors of a charge begin with its place. */
#define AT(id) "line \"1\", charge \"" id "\": "

/* clang-format off */
static const Spoilt spoilt[] = {
  CHARGE (TIERED, id, DD_NO_LABEL, "line \"1\": a charge has no id"),
  CHARGE (CHANGED, line, 2, "names line 2; there are 2 lines"),
  CHARGE (TIERED, type, DD_N_CHARGE_TYPES, AT ("rental") "its type, period or tier mode"),
  CHARGE (TIERED, period, DD_N_PERIODS, AT ("rental") "its type, period or tier mode"),
  CHARGE (TIERED, mode, DD_N_TIER_MODES, AT ("rental") "its type, period or tier mode"),
  CHARGE (TIERED, period, DD_PERIOD_NONE, AT ("rental") "a recurring charge has a period, and no other has"),
  CHARGE (SETUP, period, DD_PERIOD_MONTH, AT ("setup") "a recurring charge has a period, and no other has"),
  CHARGE (SETUP, price, -1, AT ("setup") "its price, fee or free units are negative"),
  CHARGE (SETUP, fee, -1, AT ("setup") "its price, fee or free units are negative"),
  CHARGE (SETUP, free_units, -1, AT ("setup") "its price, fee or free units are negative"),
  CHARGE (SETUP, minimum, -1, AT ("setup") "its minimum is negative"),
  CHARGE (SETUP, maximum, -1, AT ("setup") "its maximum is negative or below its minimum"),
  CHARGE (SETUP, maximum, 9999999, AT ("setup") "its maximum is negative or below its minimum"),
  CHARGE (SETUP, per, -1, AT ("setup") "the quantity that its price is for isn't positive"),
  CHARGE (BOXES, package_size, 0, AT ("boxes") "the size of its package isn't positive"),
  CHARGE (SETUP, n_tiers, 1, AT ("setup") "a flat charge has no tiers"),
  CHARGE (TIERED, n_tiers, 0, AT ("rental") "its mode needs tiers, and it has none"),
  CHARGE (TIERED, n_tiers, 3, AT ("rental") "its tiers aren't among the answers"),
  CHARGE (TIERED, first_tier, 3, AT ("rental") "its tiers aren't among the answers"),
  TIER (1, price, -1, AT ("rental") "a tier has a negative price, fee or bound"),
  TIER (1, fee, -1, AT ("rental") "a tier has a negative price, fee or bound"),
  TIER (0, from, -1, AT ("rental") "a tier has a negative price, fee or bound"),
  TIER (1, from, 1000000, AT ("rental") "its tiers don't ascend"),
  TIER (1, bound, 10000000, AT ("rental") "the bounds of its tiers don't ascend"),
  CHARGE (CARE, n_tiers, 1, AT ("care") "a share of other charges has no units"),
  CHARGE (CARE, free_units, 1, AT ("care") "a share of other charges has no units"),
  CHARGE (CARE, per, 1, AT ("care") "a share of other charges has no units"),
  CHARGE (CARE, aggregate, 1, AT ("care") "a share of other charges has no units"),
  RULE (FIRST_OF_GROUP, kind, DD_N_ADJUST_KINDS, AT ("rental") "an adjustment's kind or stage"),
  RULE (FIRST_OF_GROUP, stage, DD_N_STAGES, AT ("rental") "an adjustment's kind or stage"),
  RULE (FIRST_OF_GROUP, value, -1, AT ("rental") "an adjustment's value is negative"),
  RULE (FIRST_OF_GROUP, value, DD_NANOS + 1, AT ("rental") "more than 100% can't come off"),
  RULE (FIRST_OF_GROUP, threshold, -1, AT ("rental") "an adjustment's threshold is negative"),
  RULE (OF_CALLS, threshold, 1, AT ("calls") "an adjustment's threshold is negative, or on a usage rate"),
  RULE (FIRST_OF_GROUP, mode, DD_N_GROUP_MODES, AT ("rental") "the mode of a stacking group"),
  RULE (FIRST_OF_GROUP, mode, DD_GROUP_BEST, AT ("rental") "rules of one stacking group differ"),
  RULE (FIRST_OF_GROUP, group_priority, 1, AT ("rental") "rules of one stacking group differ"),
  RULE (FIRST_OF_GROUP, stage, DD_STAGE_GUARD, AT ("rental") "only stages up to negotiated"),
  RULE (MARK_UP, stage, DD_STAGE_LOCATION, "line \"2\", charge \"rental\": a mark-up on cost belongs to stage base"),
  RULE (COST, kind, DD_ADJUST_COST_PLUS, "line \"2\", charge \"rental\": it has two mark-ups on cost"),
  RULE (COST, charge, N_CHARGES, "isn't there; the answers have 6 charges"),
  SPREAD (PERCENTAGE, kind, DD_ADJUST_UNIT_OFF, "deal-level alteration 1: it is neither a percentage nor an amount"),
  SPREAD (PERCENTAGE, type, DD_CHARGE_USAGE, "deal-level alteration 1: nothing can be spread over usage rates"),
  SPREAD (PERCENTAGE, type, DD_N_CHARGE_TYPES, "deal-level alteration 1: it must name oneTime"),
  SPREAD (PERCENTAGE, period, DD_N_PERIODS, "deal-level alteration 1: it must name oneTime"),
  SPREAD (PERCENTAGE, period, DD_PERIOD_NONE, "deal-level alteration 1: it must name oneTime"),
  SPREAD (PERCENTAGE, value, -1, "deal-level alteration 1: its value is negative"),
  SPREAD (PERCENTAGE, value, DD_NANOS + 1, "deal-level alteration 1: more than 100% can't come off"),
  SPREAD (AMOUNT, value, 10001, "deal-level alteration 2: its amount isn't a whole number of the currency's minor"),
  INSTALLED (0, line, 2, "an installed net names no line or no charge"),
  INSTALLED (0, id, DD_NO_LABEL, "an installed net names no line or no charge"),
  INSTALLED (0, type, DD_N_CHARGE_TYPES, "line \"2\": installed net of charge \"rental\": a recurring one has"),
  INSTALLED (0, period, DD_N_PERIODS, "line \"2\": installed net of charge \"rental\": a recurring one has"),
  INSTALLED (0, period, DD_PERIOD_NONE, "line \"2\": installed net of charge \"rental\": a recurring one has"),
  INSTALLED (0, net, -1, "line \"2\": installed net of charge \"rental\": it is negative"),
  INSTALLED (0, net, 10001, "line \"2\": installed net of charge \"rental\": it isn't a whole number"),
  SHARE (0, charge, N_CHARGES, "share 1: its charges aren't there; the answers have 6 charges"),
  SHARE (0, target, N_CHARGES, "share 1: its charges aren't there; the answers have 6 charges"),
};
/* clang-format on */

static void
spoil (DdAnswers *answers, const Spoilt *row)
{
  GArray *array = *(GArray **)((char *)answers + row->array);
  gpointer member = array->data + row->index * g_array_get_element_size (array) + row->offset;

  if (row->size == sizeof (guint8))
    *(guint8 *)member = (guint8)row->value;
  else if (row->size == sizeof (guint32))
    *(guint32 *)member = (guint32)row->value;
  else
    *(gint64 *)member = row->value;
}

static void
test_the_offer_itself_has_a_price (void)
{
  g_autoptr (Deal) deal = offer_new ();
  g_autoptr (DdSheet) sheet = deal_price (deal);

  g_assert_cmpuint (sheet->results->len, ==, N_CHARGES);
}

static void
test_each_field_out_of_its_range_is_refused_by_name (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (spoilt); i++)
    {
      g_autoptr (Deal) deal = offer_new ();

      spoil (deal->answers, &spoilt[i]);
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, spoilt[i].fragment);
    }
}

/* References by index stay wrong, and are refused, when charges move: where an installed net that nothing
 * matches becomes a charge, and where contract years make copies. */
static void
test_a_reference_that_is_wrong_never_comes_to_mean_another_charge (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (spoilt); i++)
    for (guint moved = 0; moved < 2; moved++)
      {
        g_autoptr (Deal) deal = offer_new ();
        gboolean refers = spoilt[i].array == G_STRUCT_OFFSET (DdAnswers, shares) ||
                          (spoilt[i].array == G_STRUCT_OFFSET (DdAnswers, adjustments) &&
                           spoilt[i].offset == G_STRUCT_OFFSET (DdAdjustment, charge));

        if (!refers)
          continue;
        spoil (deal->answers, &spoilt[i]);
        if (moved == 0)
          deal_installed (deal, "ringing", "1");
        else
          g_array_index (deal->answers->charges, DdCharge, TIERED).last_year = 2;
        deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, moved == 0 ? "the answers have 7 charges" : "there");
      }
}

static void
spoil_currency (DdCurrency *currency, const char code[4])
{
  memcpy (currency->code, code, sizeof currency->code);
}

/* Four letters, and three that are no currency. */
static void
test_what_is_no_currency_is_refused (void)
{
  static const char codes[][5] = { "EURO", "EUX" };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (Deal) charged = offer_new ();
      g_autoptr (Deal) spread = offer_new ();
      g_autoptr (Deal) installed = offer_new ();

      spoil_currency (&g_array_index (charged->answers->charges, DdCharge, SETUP).currency, codes[i]);
      deal_refused (charged, DD_ERROR_INVALID_ARGUMENT, AT ("setup") "its currency isn't one of ISO 4217");
      spoil_currency (&g_array_index (spread->answers->spreads, DdSpread, AMOUNT).currency, codes[i]);
      deal_refused (spread, DD_ERROR_INVALID_ARGUMENT, "deal-level alteration 2: it must name the currency");
      spoil_currency (&g_array_index (installed->answers->installed, DdInstalledNet, 0).currency, codes[i]);
      deal_refused (installed, DD_ERROR_INVALID_ARGUMENT, "its currency isn't one of ISO 4217");
    }
}

static void
test_text_of_answers_is_utf8 (void)
{
  g_autoptr (Deal) deal = offer_new ();
  g_autofree char *fragment =
    g_strdup_printf ("label %u of the answers isn't valid UTF-8", deal->answers->labels->len);

  dd_answers_label (deal->answers, "na\xefve");
  deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, fragment);
}

/* Of units that are priced each at its own tier, those below the first would have no price. */
static void
test_a_graduated_table_begins_with_the_first_unit (void)
{
  g_autoptr (Deal) deal = offer_new ();

  g_array_index (deal->answers->tiers, DdTier, 0).from = micros ("2");
  deal_refused (deal, DD_ERROR_UNPRICED, AT ("rental") "25 units are partly below the first tier");
}

static void
test_a_quantity_is_positive (void)
{
  static const gint64 quantities[] = { 0, -1 };

  for (guint i = 0; i < G_N_ELEMENTS (quantities); i++)
    {
      g_autoptr (Deal) deal = offer_new ();

      g_array_index (deal->lines, DdPriceLine, 1).quantity = quantities[i];
      deal_refused (deal, DD_ERROR_INVALID_ARGUMENT, "line \"2\": its quantity isn't positive");
    }
}

/* 64 alterations of a whole deal are taken, one more is refused. */
static void
test_alterations_of_a_deal_have_a_limit (void)
{
  g_autoptr (Deal) most = offer_new ();
  g_autoptr (Deal) beyond = offer_new ();
  g_autoptr (DdSheet) sheet = NULL;

  while (most->answers->spreads->len < 64)
    deal_spread (most, DD_ADJUST_PERCENT_OFF, percent ("1"));
  while (beyond->answers->spreads->len < 65)
    deal_spread (beyond, DD_ADJUST_PERCENT_OFF, percent ("1"));
  sheet = deal_price (most);
  g_assert_nonnull (sheet);
  deal_refused (beyond, DD_ERROR_TOO_LARGE, "65 deal-level alterations; at most 64 are taken");
}

/* Five steps of its own and one for each of 64 alterations: with so many charges 2^31 bytes don't hold them.
 */
static void
test_a_sheet_of_too_many_steps_is_refused_before_it_takes_memory (void)
{
  g_autoptr (Deal) deal = deal_new ();
  const guint n_charges = G_MAXINT32 / sizeof (DdStep) / (5 + 64) + 1;
  DdCharge charge;

  deal_line (deal, "1", "1");
  charge = *deal_charge (deal, "rental", "1");
  g_array_set_size (deal->answers->charges, n_charges);
  for (guint i = 0; i < n_charges; i++)
    g_array_index (deal->answers->charges, DdCharge, i) = charge;
  for (guint i = 0; i < 64; i++)
    deal_spread (deal, DD_ADJUST_PERCENT_OFF, percent ("1"));
  deal_refused (deal, DD_ERROR_TOO_LARGE, "1296790 charges and 0 adjustments are too many for one sheet");
}

/* A line that stays as it is needs no price; any other does. */
static void
test_only_a_line_that_stays_as_it_is_needs_no_charge (void)
{
  g_autoptr (Deal) deal = deal_new ();
  g_autoptr (DdSheet) sheet = NULL;

  deal_line (deal, "1", "1")->action = DD_ACTION_NO_CHANGE;
  sheet = deal_price (deal);
  g_assert_cmpuint (sheet->results->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/refused/the-offer-itself-has-a-price", test_the_offer_itself_has_a_price);
  g_test_add_func ("/refused/each-field-by-name", test_each_field_out_of_its_range_is_refused_by_name);
  g_test_add_func ("/refused/references-stay-wrong",
                   test_a_reference_that_is_wrong_never_comes_to_mean_another_charge);
  g_test_add_func ("/refused/what-is-no-currency", test_what_is_no_currency_is_refused);
  g_test_add_func ("/refused/text-that-is-not-utf8", test_text_of_answers_is_utf8);
  g_test_add_func ("/refused/a-graduated-table", test_a_graduated_table_begins_with_the_first_unit);
  g_test_add_func ("/refused/quantities", test_a_quantity_is_positive);
  g_test_add_func ("/refused/too-many-alterations", test_alterations_of_a_deal_have_a_limit);
  g_test_add_func ("/refused/too-many-steps",
                   test_a_sheet_of_too_many_steps_is_refused_before_it_takes_memory);
  g_test_add_func ("/refused/a-line-without-charge", test_only_a_line_that_stays_as_it_is_needs_no_charge);
  return g_test_run ();
}
