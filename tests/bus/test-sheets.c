/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The last sheets by deal: they save computing, are bounded, and no answer shows whether one was kept.
 */
#include "fixture.h"

#include "sheets.h"

#define N_THREADS 4

/* Sheets are kept up to these (sheets.c). */
#define MOST_BYTES (8 << 20)
#define FEW_LINES  100
#define MANY_LINES 20000

typedef struct
{
  DdPriceLine *lines;
  guint n_lines;
} Offer;

/* A line of one charge each; the first has @quantity. */
static Offer
offer_new (guint n_lines, gint64 quantity)
{
  Offer offer = { g_new0 (DdPriceLine, n_lines), n_lines };

  for (guint i = 0; i < n_lines; i++)
    offer.lines[i] = (DdPriceLine){ .id = g_strdup_printf ("%u", i), .quantity = DD_MICROS, .counted = TRUE };
  offer.lines[0].quantity = quantity * DD_MICROS;
  return offer;
}

static void
offer_clear (Offer *offer)
{
  for (guint i = 0; i < offer->n_lines; i++)
    g_free ((gpointer)offer->lines[i].id);
  g_free (offer->lines);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Offer, offer_clear)

static DdAnswers *
answer (const Offer *offer)
{
  DdAnswers *answers = dd_answers_new ();
  DdCharge charge = {
    .id = dd_answers_label (answers, "rental"),
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .currency = { "EUR" },
    .minimum = DD_NO_LIMIT,
    .maximum = DD_NO_LIMIT,
  };

  for (charge.line = 0; charge.line < offer->n_lines; charge.line++)
    {
      charge.price = (1 + charge.line) * DD_MICROS;
      g_array_append_val (answers->charges, charge);
    }
  return answers;
}

static char *
text_of (const DdSheet *sheet)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_sheet_write (sheet, writer);
  return dd_json_writer_finish (writer, NULL);
}

/* As if nothing were kept. Returns: how many charges were computed. */
static guint
compute (gint64 deal, guint n_lines, gint64 quantity)
{
  g_auto (Offer) offer = offer_new (n_lines, quantity);
  g_autoptr (GError) error = NULL;
  guint n_computed = 0;
  g_autoptr (DdSheet) sheet =
    dd_sheets_compute (deal, offer.lines, n_lines, answer (&offer), &n_computed, &error);
  g_autoptr (DdSheet) expected = dd_sheet_compute (offer.lines, n_lines, answer (&offer), NULL);
  g_autofree char *text = text_of (sheet);
  g_autofree char *expected_text = text_of (expected);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected_text);
  return n_computed;
}

static void
test_an_edit_computes_what_it_touches (void)
{
  dd_sheets_forget ();
  g_assert_cmpuint (compute (1, FEW_LINES, 2), ==, FEW_LINES);
  g_assert_cmpuint (compute (1, FEW_LINES, 3), ==, 1);
  g_assert_cmpuint (compute (1, FEW_LINES + 1, 3), ==, 1);
  g_assert_cmpuint (compute (1, FEW_LINES + 1, 3), ==, 0);
  /* Another deal's is its own. */
  g_assert_cmpuint (compute (2, FEW_LINES, 3), ==, FEW_LINES);
  dd_sheets_forget ();
  g_assert_cmpuint (dd_sheets_bytes (), ==, 0);
  g_assert_cmpuint (compute (1, FEW_LINES, 3), ==, FEW_LINES);
}

static void
test_a_refused_offer_leaves_what_is_kept (void)
{
  g_auto (Offer) offer = offer_new (FEW_LINES, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdSheet) sheet = NULL;

  dd_sheets_forget ();
  compute (1, FEW_LINES, 2);
  offer.lines[1].quantity = 0;
  sheet = dd_sheets_compute (1, offer.lines, FEW_LINES, answer (&offer), NULL, &error);
  g_assert_null (sheet);
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (compute (1, FEW_LINES, 3), ==, 1);
}

/* Those priced last stay; one deal's sheets take each other's place. */
static void
test_what_is_kept_is_bounded (void)
{
  gsize bytes;
  gint64 deal = 2;

  dd_sheets_forget ();
  compute (1, FEW_LINES, 2);
  bytes = dd_sheets_bytes ();
  compute (1, FEW_LINES, 3);
  g_assert_cmpuint (dd_sheets_bytes (), ==, bytes);
  for (; (gsize)deal * bytes <= 2 * MOST_BYTES; deal++)
    {
      compute (deal, FEW_LINES, 2);
      g_assert_cmpuint (dd_sheets_bytes (), <=, MOST_BYTES);
    }
  g_assert_cmpuint (dd_sheets_bytes (), >, MOST_BYTES - 2 * bytes);
  g_assert_cmpuint (compute (deal - 1, FEW_LINES, 3), ==, 1);
  g_assert_cmpuint (compute (1, FEW_LINES, 4), ==, FEW_LINES);
  dd_sheets_forget ();
}

static void
test_one_deal_displaces_no_others (void)
{
  dd_sheets_forget ();
  compute (1, FEW_LINES, 2);
  g_assert_cmpuint (compute (2, MANY_LINES, 2), ==, MANY_LINES);
  g_assert_cmpuint (compute (2, MANY_LINES, 3), ==, MANY_LINES);
  g_assert_cmpuint (compute (1, FEW_LINES, 3), ==, 1);
  dd_sheets_forget ();
}

static gpointer
compute_many (gpointer data)
{
  guint thread = GPOINTER_TO_UINT (data);

  for (guint i = 0; i < 300; i++)
    {
      compute (1 + (i * (thread + 1)) % 5, FEW_LINES + (i + thread) % 3, 1 + i % 7);
      if (i % 50 == 49)
        dd_sheets_forget ();
    }
  return NULL;
}

static void
test_any_thread_may_price (void)
{
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("price", compute_many, GUINT_TO_POINTER (i));
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  dd_sheets_forget ();
}

/* --- Over the bus --- */

static void
setup (DealFixture *f, gconstpointer data)
{
  dd_sheets_forget ();
  deal_set_up (f, data);
}

/* (transfer full) */
static char *
price (DealFixture *f, const char *discount)
{
  g_autoptr (GVariant) reply =
    call_good (f->caller, f->server, f->deal, DEAL, "Price",
               g_variant_new ("(u@v@a{sv})", 0, proposal (discount), g_variant_new_parsed ("@a{sv} {}")));

  return document_text (reply, NULL);
}

static void
test_no_answer_shows_what_was_kept (DealFixture *f, gconstpointer data)
{
  g_autofree char *alone = price (f, "12%");
  g_autofree char *first = NULL;
  g_autofree char *after = NULL;

  g_assert_cmpuint (dd_sheets_bytes (), >, 0);
  dd_sheets_forget ();
  first = price (f, "10%");
  after = price (f, "12%");
  g_assert_cmpstr (after, ==, alone);
  g_assert_cmpstr (first, !=, alone);
}

static void
test_nothing_is_kept_of_another_store (DealFixture *f, gconstpointer data)
{
  g_autofree char *text = price (f, "10%");

  g_assert_cmpuint (dd_sheets_bytes (), >, 0);
  dd_service_forget (f->server->service);
  g_assert_cmpuint (dd_sheets_bytes (), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sheets/an-edit", test_an_edit_computes_what_it_touches);
  g_test_add_func ("/sheets/refused", test_a_refused_offer_leaves_what_is_kept);
  g_test_add_func ("/sheets/bounded", test_what_is_kept_is_bounded);
  g_test_add_func ("/sheets/one-deal", test_one_deal_displaces_no_others);
  g_test_add_func ("/sheets/any-thread", test_any_thread_may_price);
  g_test_add ("/sheets/no-answer-shows", DealFixture, NULL, setup, test_no_answer_shows_what_was_kept,
              deal_tear_down);
  g_test_add ("/sheets/another-store", DealFixture, NULL, setup, test_nothing_is_kept_of_another_store,
              deal_tear_down);
  return g_test_run ();
}
