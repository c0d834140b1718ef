/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The customer view: what is in it, and what never is.
 */
#include "view/view.h"

#include "offer-fixture.h"

static const DdParties parties = {
  .deal = "D-1042",
  .revision = 1,
  .side = DD_SIDE_PROVIDER,
  .provider = "Northern Carrier",
  .customer = "linden",
  .customer_name = "Linden Market",
};

static DdJson *
build (const Offer *offer, const DdParties *who)
{
  g_autoptr (GBytes) bytes = dd_view_build (who, offer->proposal, offer->sheet);
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  GError *error = NULL;
  DdJson *json = dd_json_parse (text, length, NULL, &error);

  g_assert_no_error (error);
  return json;
}

static const DdJsonNode *
element (const DdJsonNode *array, guint index)
{
  const DdJsonNode *node = dd_json_first (array);

  for (; index > 0; index--)
    node = dd_json_next (node);
  g_assert_nonnull (node);
  return node;
}

static const char *
text_of (const DdJsonNode *object, const char *name)
{
  const DdJsonNode *member = dd_json_member (object, name);

  return member != NULL ? dd_json_text (member) : NULL;
}

static void
assert_members (const DdJsonNode *object, const char *const *allowed)
{
  for (const DdJsonNode *node = dd_json_first (object); node != NULL; node = dd_json_next (node))
    if (!g_strv_contains (allowed, dd_json_name (node)))
      g_error ("“%s” isn't on the allow-list", dd_json_name (node));
}

static void
test_view_holds_no_secret (void)
{
  g_autoptr (Offer) offer = offer_new ();
  DdLine *line = g_ptr_array_index (offer->proposal->lines, 0);

  line->kept = g_strdup ("{\"note\":\"" SECRET "-kept\"}");
  offer->proposal->note = g_strdup (SECRET "-note");
  assert_secrets_are_planted (offer);

  g_autoptr (GBytes) bytes = dd_view_build (&parties, offer->proposal, offer->sheet);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  assert_no_secret (text);
}

static void
test_view_has_only_what_is_allowed (void)
{
  static const char *const top[] = { "commitment", "contractValue",
                                     "currency",   "customer",
                                     "deal",       "effective",
                                     "format",     "irrevocableUntil",
                                     "lines",      "orders",
                                     "precedence", "provider",
                                     "revision",   "side",
                                     "terms",      "totals",
                                     "validUntil", NULL };
  static const char *const line[] = { "action", "asked",    "charges",  "chosen",   "commitment", "id",
                                      "name",   "offering", "optional", "quantity", "site",       NULL };
  static const char *const charge[] = { "currency", "id",     "list", "name", "net",
                                        "per",      "period", "tax",  "type", NULL };
  static const char *const term[] = { "acknowledge", "clause", "origin",  "parameters",
                                      "text",        "title",  "version", NULL };
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (DdJson) json = build (offer, &parties);
  const DdJsonNode *lines = dd_json_member (dd_json_root (json), "lines");

  assert_members (dd_json_root (json), top);
  g_assert_cmpuint (dd_json_length (lines), ==, 4);
  for (const DdJsonNode *node = dd_json_first (lines); node != NULL; node = dd_json_next (node))
    {
      const DdJsonNode *charges = dd_json_member (node, "charges");

      assert_members (node, line);
      g_assert_cmpuint (dd_json_length (charges), >, 0);
      for (const DdJsonNode *one = dd_json_first (charges); one != NULL; one = dd_json_next (one))
        assert_members (one, charge);
    }
  assert_members (element (dd_json_member (dd_json_root (json), "terms"), 0), term);
}

static void
test_view_has_prices_terms_and_orders (void)
{
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (DdJson) json = build (offer, &parties);
  const DdJsonNode *root = dd_json_root (json);
  const DdJsonNode *line = element (dd_json_member (root, "lines"), 0);
  const DdJsonNode *rental = element (dd_json_member (line, "charges"), 1);
  const DdJsonNode *term = element (dd_json_member (root, "terms"), 0);
  const DdJsonNode *order = element (dd_json_member (root, "orders"), 0);

  g_assert_cmpstr (text_of (root, "format"), ==, "dealdesk-agreement/1");
  g_assert_cmpstr (text_of (root, "side"), ==, "provider");
  g_assert_cmpstr (text_of (root, "commitment"), ==, "36");
  g_assert_cmpstr (text_of (dd_json_member (root, "provider"), "name"), ==, "Northern Carrier");
  g_assert_cmpstr (text_of (dd_json_member (root, "customer"), "id"), ==, "linden");
  g_assert_cmpstr (text_of (dd_json_member (root, "effective"), "from"), ==, "2027-01-01");
  g_assert_cmpstr (text_of (line, "quantity"), ==, "10");
  g_assert_cmpstr (text_of (rental, "id"), ==, "rental");
  g_assert_cmpstr (text_of (rental, "list"), ==, "EUR 1000.00");
  g_assert_cmpstr (text_of (rental, "net"), ==, "EUR 900.00");
  g_assert_cmpstr (text_of (rental, "tax"), ==, "EUR 171.00");
  g_assert_cmpstr (text_of (rental, "period"), ==, "month");
  g_assert_cmpstr (text_of (term, "text"), ==, "Invoices are due within 30 days.");
  g_assert_cmpstr (text_of (element (dd_json_member (term, "parameters"), 0), "value"), ==, "30");
  g_assert_cmpstr (text_of (order, "requestedDate"), ==, "2027-03-01");
  g_assert_cmpuint (dd_json_length (dd_json_member (order, "lines")), ==, 2);
}

static void
test_totals_leave_open_options_out (void)
{
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (DdJson) json = build (offer, &parties);
  const DdJsonNode *totals = dd_json_member (dd_json_root (json), "totals");
  gboolean found = FALSE;

  for (const DdJsonNode *node = dd_json_first (totals); node != NULL; node = dd_json_next (node))
    if (g_strcmp0 (text_of (node, "type"), "recurring") == 0)
      {
        found = TRUE;
        g_assert_cmpstr (text_of (node, "net"), ==, "EUR 900.00");
        g_assert_cmpstr (text_of (node, "tax"), ==, "EUR 171.00");
      }
  g_assert_true (found);
}

static void
test_usage_rate_keeps_its_digits (void)
{
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (DdJson) json = build (offer, &parties);
  const DdJsonNode *line = element (dd_json_member (dd_json_root (json), "lines"), 1);
  const DdJsonNode *charge = element (dd_json_member (line, "charges"), 0);

  g_assert_cmpstr (text_of (charge, "net"), ==, "EUR 0.012345");
  g_assert_cmpstr (text_of (charge, "per"), ==, "unit");
}

static void
test_view_is_canonical (void)
{
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (GBytes) bytes = dd_view_build (&parties, offer->proposal, offer->sheet);
  g_autoptr (DdJson) json = build (offer, &parties);
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  gsize length;

  dd_json_write_node (writer, dd_json_root (json));

  g_autofree char *again = dd_json_writer_finish (writer, &length);

  g_assert_cmpmem (again, length, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
fingerprint_of (const Offer *offer, const DdParties *who, char out_hex[65])
{
  g_autoptr (GBytes) bytes = dd_view_build (who, offer->proposal, offer->sheet);

  dd_fingerprint (bytes, out_hex);
}

static void
test_fingerprint_moves_with_what_binds_only (void)
{
  g_autoptr (Offer) offer = offer_new ();
  DdTerm *term = g_ptr_array_index (offer->proposal->terms, 0);
  char before[65];
  char after[65];

  fingerprint_of (offer, &parties, before);
  g_assert_cmpuint (strlen (before), ==, 64);
  offer->proposal->note = g_strdup ("See you on Monday.");
  g_free (term->rung);
  term->rung = g_strdup ("preferred");
  fingerprint_of (offer, &parties, after);
  g_assert_cmpstr (before, ==, after);

  g_free (term->text);
  term->text = g_strdup ("Invoices are due within 60 days.");
  fingerprint_of (offer, &parties, after);
  g_assert_cmpstr (before, !=, after);
}

static void
test_fingerprint_is_sha256 (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abc", 3);
  char hex[65];

  dd_fingerprint (bytes, hex);
  g_assert_cmpstr (hex, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
test_development_view_says_so (void)
{
  g_autoptr (Offer) offer = offer_new ();
  DdParties marked = parties;
  g_autoptr (DdJson) plain = build (offer, &parties);

  marked.development = TRUE;

  g_autoptr (DdJson) development = build (offer, &marked);

  g_assert_null (dd_json_member (dd_json_root (plain), "development"));
  g_assert_true (dd_json_boolean (dd_json_member (dd_json_root (development), "development")));
}

/* A line with a start of its own whose rental rises after the first year and whose first two months are free.
 */
static DdSheet *
price_over_time (const DdProposal *proposal)
{
  g_autoptr (GArray) lines = dd_proposal_price_lines (proposal);
  g_autoptr (GError) error = NULL;
  DdAnswers *answers = dd_answers_new ();
  DdCharge charge = {
    .id = dd_answers_label (answers, "rental"),
    .name = dd_answers_label (answers, "Rental"),
    .source = DD_NO_LABEL,
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .currency = { "EUR" },
    .price = 10 * DD_MICROS,
    .minimum = DD_NO_LIMIT,
    .maximum = DD_NO_LIMIT,
    .free_months = 2,
    .last_year = 1,
  };
  DdSheet *sheet;

  g_array_append_val (answers->charges, charge);
  charge.price = 12 * DD_MICROS;
  charge.free_months = 0;
  charge.first_year = 2;
  charge.last_year = 0;
  g_array_append_val (answers->charges, charge);
  sheet = dd_sheet_compute ((const DdPriceLine *)(gconstpointer)lines->data, lines->len, answers, &error);
  g_assert_no_error (error);
  return sheet;
}

static void
test_view_says_when_each_price_holds (void)
{
  g_autoptr (DdProposal) proposal = dd_proposal_new ();
  DdLine *line = dd_line_new ();
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  static const char *const parts[] = {
    "{\"billingDay\":1,\"commitment\":36,",
    "\"firstYear\":1,\"freeMonths\":2,\"id\":\"rental\",\"lastYear\":1,\"list\":\"EUR 10.00\"",
    "{\"currency\":\"EUR\",\"firstYear\":2,\"id\":\"rental\",\"list\":\"EUR 12.00\"",
    "\"start\":\"2027-04-01\"}",
    "\"totals\":[{\"currency\":\"EUR\",\"firstYear\":1,\"lastYear\":1,\"net\":\"EUR 10.00\"",
    "{\"currency\":\"EUR\",\"firstYear\":2,\"net\":\"EUR 12.00\"",
    "\"value\":\"EUR 388.00\"",
  };

  line->id = g_strdup ("1");
  line->quantity = DD_MICROS;
  line->start = g_strdup ("2027-04-01");
  g_ptr_array_add (proposal->lines, line);
  proposal->commitment = 36;
  proposal->billing_day = 1;
  sheet = price_over_time (proposal);
  bytes = dd_view_build (&parties, proposal, sheet);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (text, parts[i]) == NULL)
      g_error ("%s\nisn't in\n%s", parts[i], text);
}

static void
test_choice_is_said_once_it_is_made (void)
{
  g_autoptr (Offer) offer = offer_new ();
  DdLine *option = g_ptr_array_index (offer->proposal->lines, 2);
  g_autoptr (DdJson) open = build (offer, &parties);

  g_assert_null (dd_json_member (element (dd_json_member (dd_json_root (open), "lines"), 2), "chosen"));
  option->chosen = DD_CHOICE_TAKEN;

  g_autoptr (DdJson) taken = build (offer, &parties);

  g_assert_true (
    dd_json_boolean (dd_json_member (element (dd_json_member (dd_json_root (taken), "lines"), 2), "chosen")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/view/holds-no-secret", test_view_holds_no_secret);
  g_test_add_func ("/view/has-only-what-is-allowed", test_view_has_only_what_is_allowed);
  g_test_add_func ("/view/has-prices-terms-and-orders", test_view_has_prices_terms_and_orders);
  g_test_add_func ("/view/totals-leave-open-options-out", test_totals_leave_open_options_out);
  g_test_add_func ("/view/usage-rate-keeps-its-digits", test_usage_rate_keeps_its_digits);
  g_test_add_func ("/view/says-when-each-price-holds", test_view_says_when_each_price_holds);
  g_test_add_func ("/view/is-canonical", test_view_is_canonical);
  g_test_add_func ("/view/fingerprint-moves-with-what-binds-only",
                   test_fingerprint_moves_with_what_binds_only);
  g_test_add_func ("/view/fingerprint-is-sha256", test_fingerprint_is_sha256);
  g_test_add_func ("/view/development-says-so", test_development_view_says_so);
  g_test_add_func ("/view/choice-is-said-once-it-is-made", test_choice_is_said_once_it_is_made);
  return g_test_run ();
}
