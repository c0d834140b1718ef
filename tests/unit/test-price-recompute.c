/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Computing a sheet again after an edit gives what computing all of it gives, on random deals with random
 * edits; and what the edit doesn't touch isn't computed.
 */
#include "price-offer-fixture.h"

#define N_DEALS   1000
#define MAX_EDITS 3

static Line *
any_line (const Offer *offer, GRand *rand)
{
  return &g_array_index (offer->lines, Line, g_rand_int_range (rand, 0, (gint32)offer->lines->len));
}

/* Some of them make a deal that can't be priced: without a rate, or out of range. */
static void
edit_offer (Offer *offer, GRand *rand)
{
  Line *line = any_line (offer, rand);
  Line moved = *line;
  gint32 place = (gint32)(line - &g_array_index (offer->lines, Line, 0));

  switch (g_rand_int_range (rand, 0, 12))
    {
    case 0:
    case 1:
      line->quantity =
        g_rand_int_range (rand, 0, 20) == 0 ? G_MAXINT64 : g_rand_int_range (rand, 1, 60000000);
      break;
    case 2:
      line->discount = g_rand_boolean (rand) ? g_rand_int_range (rand, 1, 300000000) : 0;
      break;
    case 3:
      moved = random_line (rand, 100 + (guint)g_rand_int_range (rand, 0, 50));
      g_array_insert_val (offer->lines, (guint)g_rand_int_range (rand, 0, (gint32)offer->lines->len + 1),
                          moved);
      break;
    case 4:
      if (offer->lines->len > 1)
        g_array_remove_index (offer->lines, (guint)place);
      break;
    case 5:
      g_array_remove_index (offer->lines, (guint)place);
      g_array_insert_val (offer->lines, (guint)g_rand_int_range (rand, 0, (gint32)offer->lines->len + 1),
                          moved);
      break;
    case 6:
      offer->spreads[g_rand_int_range (rand, 0, N_SPREADS)] =
        g_rand_int_range (rand, 0, 40000) * (gint64)10000;
      break;
    case 7:
      offer->rate = g_rand_int_range (rand, 0, 6) == 0 ? NULL : "0.93";
      break;
    case 8:
      *line = random_line (rand, line->number);
      break;
    case 9:
      line->installed = g_rand_int_range (rand, 0, 900000000);
      break;
    case 10:
      offer->paddings = (guint)g_rand_int_range (rand, 0, N_PADDINGS);
      offer->order = (guint)g_rand_int_range (rand, 0, 3);
      break;
    default:
      line->counted = !line->counted;
    }
}

/* --- Comparing --- */

static const DdPriceLine *
lines_of (const Deal *deal)
{
  return (const DdPriceLine *)(gconstpointer)deal->lines->data;
}

static gboolean
same_figures (const DdSheet *a, const DdSheet *b)
{
  const GArray *const pairs[][2] = { { a->totals, b->totals },
                                     { a->figures, b->figures },
                                     { a->worths, b->worths } };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (pairs[i][0]->len != pairs[i][1]->len ||
        (pairs[i][0]->len > 0 &&
         memcmp (pairs[i][0]->data, pairs[i][1]->data,
                 pairs[i][0]->len * g_array_get_element_size ((GArray *)pairs[i][0])) != 0))
      return FALSE;
  return TRUE;
}

static gboolean
same_steps (const DdSheet *a, const DdSheet *b)
{
  if (a->steps->len != b->steps->len)
    return FALSE;
  for (guint i = 0; i < a->steps->len; i++)
    {
      const DdStep *x = &g_array_index (a->steps, DdStep, i);
      const DdStep *y = &g_array_index (b->steps, DdStep, i);

      if (x->charge != y->charge || x->adjustment != y->adjustment || x->after != y->after ||
          x->stage != y->stage || x->kind != y->kind)
        return FALSE;
    }
  return TRUE;
}

static gboolean
same_result (const DdChargeResult *a, const DdChargeResult *b)
{
  return a->first_step == b->first_step && a->n_steps == b->n_steps && a->list == b->list &&
         a->standing == b->standing && a->negotiated == b->negotiated && a->installed == b->installed &&
         a->net == b->net && a->tax == b->tax && a->cost == b->cost && a->floor == b->floor &&
         a->surcharge == b->surcharge && a->surcharge_discretionary == b->surcharge_discretionary &&
         a->has_cost == b->has_cost && a->rate == b->rate && a->counted == b->counted && a->marks == b->marks;
}

/* Bytes, and what isn't recorded: worths, and the order that the next edit rests on. */
static gboolean
same_sheets (const DdSheet *a, const DdSheet *b)
{
  g_autofree char *a_text = sheet_write (a);
  g_autofree char *b_text = sheet_write (b);

  if (!g_str_equal (a_text, b_text) || a->results->len != b->results->len || !same_steps (a, b) ||
      !same_figures (a, b))
    return FALSE;
  for (guint i = 0; i < a->results->len; i++)
    if (!same_result (sheet_result (a, i), sheet_result (b, i)))
      return FALSE;
  return memcmp (a->order, b->order, a->answers->adjustments->len * sizeof *a->order) == 0 &&
         memcmp (a->slices, b->slices, a->results->len * sizeof *a->slices) == 0;
}

/* Prices @after from @before; both ways when @whole. Returns: (nullable): its sheet. */
static DdSheet *
assert_same (const DdSheet *before, const Deal *before_deal, Deal *after, Deal *whole, guint *out_n_computed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) whole_error = NULL;
  g_autoptr (DdSheet) expected = deal_try (whole, &whole_error);
  DdSheet *sheet = dd_sheet_recompute (before, lines_of (before_deal), lines_of (after), after->lines->len,
                                       g_steal_pointer (&after->answers), out_n_computed, &error);

  g_assert_cmpstr (error != NULL ? error->message : NULL, ==,
                   whole_error != NULL ? whole_error->message : NULL);
  g_assert_true ((sheet == NULL) == (expected == NULL));
  if (sheet == NULL)
    g_assert_error (error, DD_ERROR, whole_error->code);
  else
    g_assert_true (same_sheets (sheet, expected));
  return sheet;
}

/* --- Tests --- */

static void
test_an_edited_deal_is_as_if_computed_whole (void)
{
  guint n_priced = 0;
  guint n_refused = 0;
  guint n_charges = 0;
  guint n_computed = 0;

  for (guint round = 0; round < N_DEALS; round++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32)g_test_rand_int ());
      g_auto (Offer) offer = random_offer (rand, round & WITH_ALL);
      g_autoptr (Deal) before_deal = offer_build (&offer);
      g_autoptr (DdSheet) before = deal_try (before_deal, NULL);

      /* Each from the sheet of the last edit that could be priced, itself computed so. */
      for (gint edit = 0; before != NULL && edit < MAX_EDITS; edit++)
        {
          g_auto (Offer) edited = offer_copy (&offer);
          g_autoptr (Deal) after = NULL;
          g_autoptr (Deal) whole = NULL;
          g_autoptr (DdSheet) sheet = NULL;
          guint n = 0;

          for (gint i = g_rand_int_range (rand, 0, 3); i >= 0; i--)
            edit_offer (&edited, rand);
          after = offer_build (&edited);
          whole = offer_build (&edited);
          sheet = assert_same (before, before_deal, after, whole, &n);
          n_refused += sheet == NULL;
          if (sheet == NULL)
            continue;
          n_priced++;
          n_computed += n;
          n_charges += sheet->results->len;
          dd_sheet_unref (before);
          deal_free (before_deal);
          before = g_steal_pointer (&sheet);
          before_deal = g_steal_pointer (&after);
          offer_clear (&offer);
          offer = offer_copy (&edited);
        }
    }
  g_test_message ("%u priced, %u refused; %u of %u charges computed", n_priced, n_refused, n_computed,
                  n_charges);
  g_assert_cmpuint (n_priced, >, N_DEALS);
  g_assert_cmpuint (n_refused, >, N_DEALS / 100);
  g_assert_cmpuint (n_computed, <, n_charges / 2);
}

/* Charges of line @number that are computed at all. */
static guint
count_charges (const DdSheet *sheet, const Deal *deal, guint number)
{
  g_autofree char *id = g_strdup_printf ("line-%u", number);
  guint n = 0;

  for (guint i = 0; i < sheet->results->len; i++)
    {
      const DdPriceLine *line = &lines_of (deal)[g_array_index (sheet->answers->charges, DdCharge, i).line];

      n += g_str_equal (line->id, id) && line->action != DD_ACTION_NO_CHANGE;
    }
  return n;
}

static gboolean
uses_dollars (const DdSheet *sheet, guint32 index)
{
  const DdAnswers *answers = sheet->answers;
  gboolean uses = dd_currency_equal (g_array_index (answers->charges, DdCharge, index).source_currency, USD);

  for (guint i = 0; i < answers->adjustments->len; i++)
    {
      const DdAdjustment *rule = &g_array_index (answers->adjustments, DdAdjustment, i);

      uses = uses || (rule->charge == index && dd_currency_equal (rule->currency, USD));
    }
  for (guint i = 0; i < answers->contracts->len; i++)
    {
      const DdContract *contract = &g_array_index (answers->contracts, DdContract, i);

      uses = uses || (contract->charge == index && dd_currency_equal (contract->price.source_currency, USD));
    }
  return uses;
}

static guint
count_dollars (const DdSheet *sheet, const Deal *deal)
{
  guint n = 0;

  for (guint32 i = 0; i < sheet->results->len; i++)
    n += uses_dollars (sheet, i) &&
         lines_of (deal)[g_array_index (sheet->answers->charges, DdCharge, i).line].action !=
           DD_ACTION_NO_CHANGE;
  return n;
}

typedef enum
{
  EDIT_QUANTITY,
  EDIT_DISCOUNT,
  EDIT_ADD,
  EDIT_REMOVE,
  EDIT_MOVE,
  EDIT_SPREAD,
  EDIT_CHOICE,
  EDIT_RATE,
  EDIT_LABELS,
  EDIT_NOTHING,
  N_EDITS
} Edit;

/* Returns: the number of the line that depends on it, or G_MAXUINT. */
static guint
make_edit (Offer *offer, Edit edit, GRand *rand)
{
  Line *line = any_line (offer, rand);
  Line moved = *line;
  guint place = (guint)(line - &g_array_index (offer->lines, Line, 0));

  switch (edit)
    {
    case EDIT_QUANTITY:
      line->quantity += 1 + g_rand_int_range (rand, 0, 5000000);
      return line->number;
    case EDIT_DISCOUNT:
      line->discount += 1000;
      return line->number;
    case EDIT_ADD:
      moved.number = 200;
      g_array_insert_val (offer->lines, place, moved);
      return moved.number;
    case EDIT_REMOVE:
    case EDIT_MOVE:
      g_array_remove_index (offer->lines, place);
      if (edit == EDIT_MOVE || offer->lines->len == 0)
        g_array_insert_val (offer->lines, (guint)g_rand_int_range (rand, 0, (gint32)offer->lines->len + 1),
                            moved);
      break;
    case EDIT_SPREAD:
      offer->spreads[0] += 1000000;
      break;
    case EDIT_CHOICE:
      line->counted = !line->counted;
      break;
    case EDIT_RATE:
      offer->rate = "0.93";
      break;
    case EDIT_LABELS:
      offer->paddings += 3;
      break;
    default:
      break;
    }
  return G_MAXUINT;
}

/* The parts of a discount go to the line's rental alone. */
static guint
expect_computed (const DdSheet *sheet, const Deal *deal, Edit edit, guint number)
{
  if (edit == EDIT_RATE)
    return count_dollars (sheet, deal);
  if (edit == EDIT_DISCOUNT)
    return MIN (count_charges (sheet, deal, number), 1);
  return number != G_MAXUINT ? count_charges (sheet, deal, number) : 0;
}

static void
test_only_what_depends_on_an_edit_is_computed (void)
{
  for (guint round = 0; round < N_DEALS; round++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32)g_test_rand_int ());
      g_auto (Offer) offer = random_offer (rand, 0);
      g_autoptr (Deal) before_deal = offer_build (&offer);
      g_autoptr (DdSheet) before = deal_try (before_deal, NULL);

      for (Edit edit = 0; before != NULL && edit < N_EDITS; edit++)
        {
          g_auto (Offer) edited = offer_copy (&offer);
          guint number = make_edit (&edited, edit, rand);
          g_autoptr (Deal) after = offer_build (&edited);
          g_autoptr (Deal) whole = offer_build (&edited);
          guint n = G_MAXUINT;
          g_autoptr (DdSheet) sheet = assert_same (before, before_deal, after, whole, &n);

          if (sheet != NULL)
            g_assert_cmpuint (n, ==, expect_computed (sheet, after, edit, number));
        }
    }
}

/* A quantity changes nothing about years: the other lines' copies all serve again. */
static void
test_contract_years_are_reused_one_by_one (void)
{
  guint n_years = 0;

  for (guint round = 0; round < N_DEALS / 3; round++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32)g_test_rand_int ());
      g_auto (Offer) offer = random_offer (rand, WITH_YEARS);
      g_auto (Offer) edited = offer_copy (&offer);
      guint number = make_edit (&edited, EDIT_QUANTITY, rand);
      g_autoptr (Deal) before_deal = offer_build (&offer);
      g_autoptr (DdSheet) before = deal_try (before_deal, NULL);
      g_autoptr (Deal) after = offer_build (&edited);
      g_autoptr (Deal) whole = offer_build (&edited);
      g_autoptr (DdSheet) sheet = NULL;
      guint n = 0;

      if (before == NULL)
        continue;
      sheet = assert_same (before, before_deal, after, whole, &n);
      if (sheet == NULL)
        continue;
      g_assert_cmpuint (n, ==, count_charges (sheet, after, number));
      for (guint i = 0; i < sheet->results->len; i++)
        n_years += g_array_index (sheet->answers->charges, DdCharge, i).first_year > 1;
    }
  g_assert_cmpuint (n_years, >, 0);
}

/* What isn't equal is computed, whatever it became: bytes of the answers change at random. */
static void
test_any_change_of_the_answers_is_noticed (void)
{
  guint n_priced = 0;

  for (guint round = 0; round < 4 * N_DEALS; round++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32)g_test_rand_int ());
      g_auto (Offer) offer = random_offer (rand, round & WITH_ALL);
      g_autoptr (Deal) before_deal = offer_build (&offer);
      g_autoptr (Deal) after = offer_build (&offer);
      g_autoptr (Deal) whole = offer_build (&offer);
      DdAnswers *both[] = { after->answers, whole->answers };
      g_autoptr (DdSheet) before = deal_try (before_deal, NULL);
      g_autoptr (DdSheet) sheet = NULL;
      guint which = (guint)g_rand_int_range (rand, 0, 6);
      guint32 at = g_rand_int (rand);
      char byte = (char)(1 << g_rand_int_range (rand, 0, 8));

      if (before == NULL)
        continue;
      for (guint i = 0; i < G_N_ELEMENTS (both); i++)
        {
          GArray *const arrays[] = { both[i]->adjustments, both[i]->charges,   both[i]->tiers,
                                     both[i]->contracts,   both[i]->installed, both[i]->rates };
          gsize size = arrays[which]->len * g_array_get_element_size (arrays[which]);

          if (size > 0)
            arrays[which]->data[at % size] ^= byte;
        }
      sheet = assert_same (before, before_deal, after, whole, NULL);
      n_priced += sheet != NULL;
    }
  g_assert_cmpuint (n_priced, >, N_DEALS);
}

/* An edit that isn't told: the old prices come out, which is what the comparing above would find. */
static void
test_control_an_edit_that_is_hidden_is_seen_in_the_sheet (void)
{
  g_autoptr (Deal) before_deal = deal_new ();
  g_autoptr (Deal) after = deal_new ();
  g_autoptr (Deal) whole = deal_new ();
  Deal *const deals[] = { before_deal, after, whole };
  g_autoptr (DdSheet) before = NULL;
  g_autoptr (DdSheet) expected = NULL;
  g_autoptr (DdSheet) stale = NULL;
  g_autoptr (DdSheet) fresh = NULL;
  guint n = G_MAXUINT;

  for (guint i = 0; i < G_N_ELEMENTS (deals); i++)
    {
      deal_line (deals[i], "1", i == 0 ? "2" : "3");
      deal_charge (deals[i], "rental", "10");
    }
  before = deal_price (before_deal);
  expected = deal_price (whole);
  fresh = dd_sheet_recompute (before, lines_of (before_deal), lines_of (after), 1,
                              dd_answers_copy (after->answers), &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (same_sheets (fresh, expected));
  stale = dd_sheet_recompute (before, lines_of (after), lines_of (after), 1, dd_answers_copy (after->answers),
                              &n, NULL);
  g_assert_cmpuint (n, ==, 0);
  g_assert_false (same_sheets (stale, expected));
  assert_amount (sheet_result (stale, 0)->net, "20.00");
  assert_amount (sheet_result (fresh, 0)->net, "30.00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/price/recompute/as-if-computed-whole", test_an_edited_deal_is_as_if_computed_whole);
  g_test_add_func ("/price/recompute/only-what-depends", test_only_what_depends_on_an_edit_is_computed);
  g_test_add_func ("/price/recompute/contract-years", test_contract_years_are_reused_one_by_one);
  g_test_add_func ("/price/recompute/any-change-is-noticed", test_any_change_of_the_answers_is_noticed);
  g_test_add_func ("/price/recompute/control-hidden-edit",
                   test_control_an_edit_that_is_hidden_is_seen_in_the_sheet);
  return g_test_run ();
}
