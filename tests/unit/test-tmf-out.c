/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * TMF648 quotes and TMF622 orders out: shape, prices, what is given back, and what never leaves.
 */
#include "offer-fixture.h"
#include "tmf-fixture.h"

static char *
write_quote (const Offer *offer, gboolean development)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  DdQuoteExport export = { .deal = offer->deal,
                           .revision = offer->revision,
                           .proposal = offer->proposal,
                           .sheet = offer->sheet,
                           .development = development };

  dd_quote_write (&export, writer);
  return dd_json_writer_finish (writer, NULL);
}

static char *
write_order (const Offer *offer, gboolean development)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_order_write (offer->deal, offer->revision, offer->proposal, offer->sheet,
                  g_ptr_array_index (offer->proposal->orders, 0), "key-1", development, writer);
  return dd_json_writer_finish (writer, NULL);
}

static void
assert_parts (const char *text, const char *const *parts)
{
  for (guint i = 0; parts[i] != NULL; i++)
    if (strstr (text, parts[i]) == NULL)
      g_error ("%s\nisn't in\n%s", parts[i], text);
}

static void
test_nothing_internal_leaves (void)
{
  g_autoptr (Offer) offer = offer_new ();
  g_autofree char *quote = write_quote (offer, TRUE);
  g_autofree char *order = write_order (offer, TRUE);

  assert_secrets_are_planted (offer);
  assert_no_secret (quote);
  assert_no_secret (order);
}

static void
test_quote_has_its_shape (void)
{
  static const char *const parts[] = {
    "\"id\":\"D-1042\"",
    "\"version\":\"1\"",
    "\"state\":\"approved\"",
    "\"externalId\":\"LM-1\"",
    "\"relatedParty\":[{\"@referredType\":\"Organization\",\"id\":\"linden\",\"name\":\"Linden "
    "Market\",\"role\":"
    "\"customer\"}]",
    "\"validFor\":{\"endDateTime\":\"2027-05-11T01:46:40Z\",\"startDateTime\":\"2027-01-15T08:00:00Z\"}",
    "{\"name\":\"rental\",\"price\":{\"dutyFreeAmount\":{\"unit\":\"EUR\",\"value\":900.00},"
    "\"taxIncludedAmount\":"
    "{\"unit\":\"EUR\",\"value\":1071.00},\"taxRate\":19},\"priceType\":\"recurring\","
    "\"productOfferingPrice\":{\"id\":"
    "\"rental\"},\"recurringChargePeriod\":\"month\"}",
    "{\"unit\":\"EUR\",\"value\":0.012345}",
    "\"unitOfMeasure\":\"1 unit\"",
    "{\"name\":\"Recurring total\",\"price\":{\"dutyFreeAmount\":{\"unit\":\"EUR\",\"value\":900.00},"
    "\"taxIncludedAmount\":{\"unit\":\"EUR\",\"value\":1071.00}},\"priceType\":\"recurring\","
    "\"recurringChargePeriod\":\"month\"}",
    "\"productTerm\":[{\"duration\":{\"amount\":36,\"units\":\"month\"},\"name\":\"commitment\"}]",
    "\"place\":[{\"id\":\"berlin-1\",\"role\":\"installation\"}]",
    "{\"name\":\"optional\",\"value\":\"open\",\"valueType\":\"string\"}",
    NULL,
  };
  g_autoptr (Offer) offer = offer_new ();
  g_autofree char *text = write_quote (offer, FALSE);
  g_autoptr (DdJson) json = parse_json (text);

  assert_parts (text, parts);
  g_assert_cmpuint (dd_json_length (dd_json_member (dd_json_root (json), "quoteItem")), ==, 4);
  g_assert_null (strstr (text, "development"));
}

/* An integer in the schema can't be 2.5, and rounding would be a lie. */
static void
test_fractional_quantity_is_a_characteristic (void)
{
  static const char *const parts[] = { "{\"name\":\"quantity\",\"value\":\"2.5\",\"valueType\":\"decimal\"}",
                                       NULL };
  g_autoptr (Offer) offer = offer_new ();
  g_autofree char *text = write_quote (offer, FALSE);
  g_autoptr (DdJson) json = parse_json (text);
  const DdJsonNode *item = dd_json_first (dd_json_member (dd_json_root (json), "quoteItem"));

  assert_parts (text, parts);
  g_assert_cmpstr (dd_json_text (dd_json_member (item, "quantity")), ==, "10");
  for (guint i = 0; i < 3; i++)
    item = dd_json_next (item);
  g_assert_null (dd_json_member (item, "quantity"));
}

static void
test_each_side_reads_its_own_offering_id (void)
{
  static const char *const quote_parts[] = {
    "\"productOffering\":{\"id\":\"000073\"}",
    "{\"name\":\"catalogueOffering\",\"value\":\"fibre\",\"valueType\":\"string\"}", NULL
  };
  static const char *const order_parts[] = {
    "\"productOffering\":{\"id\":\"fibre\"}",
    "{\"name\":\"customerOffering\",\"value\":\"000073\",\"valueType\":\"string\"}", NULL
  };
  g_autoptr (Offer) offer = offer_new ();
  g_autofree char *quote = write_quote (offer, FALSE);
  g_autofree char *order = write_order (offer, FALSE);

  assert_parts (quote, quote_parts);
  assert_parts (order, order_parts);
}

static void
test_states_follow_the_proposals (void)
{
  static const char *const states[DD_N_PROPOSAL_STATES] = { "inProgress", "pending",   "inProgress",
                                                            "approved",   "rejected",  "accepted",
                                                            "rejected",   "cancelled", "cancelled" };
  g_autoptr (Offer) offer = offer_new ();

  for (guint i = 0; i < DD_N_PROPOSAL_STATES; i++)
    {
      offer->revision->state = (guint8)i;

      g_autofree char *text = write_quote (offer, FALSE);
      g_autoptr (DdJson) json = parse_json (text);
      const DdJsonNode *root = dd_json_root (json);
      const DdJsonNode *item = dd_json_first (dd_json_member (root, "quoteItem"));

      g_assert_cmpstr (dd_json_text (dd_json_member (root, "state")), ==, states[i]);
      g_assert_cmpstr (dd_json_text (dd_json_member (item, "state")), ==, states[i]);
    }
}

static void
test_development_documents_say_so (void)
{
  static const char *const parts[] = { "\"development\":true", "\"id\":\"development\"", NULL };
  g_autoptr (Offer) offer = offer_new ();
  g_autofree char *quote = write_quote (offer, TRUE);
  g_autofree char *order = write_order (offer, TRUE);

  assert_parts (quote, parts);
  assert_parts (order, parts);
}

static void
test_order_has_its_lines_only (void)
{
  static const char *const parts[] = {
    "\"externalId\":\"key-1\"",
    "\"requestedCompletionDate\":\"2027-03-01T00:00:00Z\"",
    "\"agreement\":[{\"@referredType\":\"Agreement\",\"fingerprint\":\"abcd\",\"id\":\"D-1042\"}]",
    "\"quote\":[{\"@referredType\":\"Quote\",\"id\":\"D-1042\",\"version\":\"1\"}]",
    "\"quoteItem\":{\"@referredType\":\"QuoteItem\",\"id\":\"1\",\"quoteId\":\"D-1042\"}",
    /* 2500 and 2.5 × 8; the installation of ten accesses and the fibre */
    "{\"name\":\"One-time total\",\"price\":{\"dutyFreeAmount\":{\"unit\":\"EUR\",\"value\":2520.00}",
    "{\"name\":\"Recurring total\",\"price\":{\"dutyFreeAmount\":{\"unit\":\"EUR\",\"value\":900.00}",
    NULL,
  };
  g_autoptr (Offer) offer = offer_new ();

  offer->deal->agreement = g_strdup ("abcd");

  g_autofree char *text = write_order (offer, FALSE);
  g_autoptr (DdJson) json = parse_json (text);

  assert_parts (text, parts);
  g_assert_cmpuint (dd_json_length (dd_json_member (dd_json_root (json), "productOrderItem")), ==, 2);
}

static void
test_option_that_was_not_taken_is_not_ordered (void)
{
  g_autoptr (Offer) offer = offer_new ();
  DdOrderPart *part = g_ptr_array_index (offer->proposal->orders, 0);

  g_ptr_array_add (part->lines, g_strdup ("3"));

  g_autofree char *open = write_order (offer, FALSE);
  g_autoptr (DdJson) json = parse_json (open);

  g_assert_cmpuint (dd_json_length (dd_json_member (dd_json_root (json), "productOrderItem")), ==, 2);
  ((DdLine *)g_ptr_array_index (offer->proposal->lines, 2))->chosen = DD_CHOICE_TAKEN;

  g_autofree char *taken = write_order (offer, FALSE);
  g_autoptr (DdJson) after = parse_json (taken);

  g_assert_cmpuint (dd_json_length (dd_json_member (dd_json_root (after), "productOrderItem")), ==, 3);
}

static void
set_start (Offer *offer, guint index, DdLineAction action, const char *start)
{
  DdLine *line = g_ptr_array_index (offer->proposal->lines, index);

  line->action = (guint8)action;
  g_free (line->start);
  line->start = g_strdup (start);
}

/* (nullable): member @name of the product of item @index of the list @items. */
static const char *
product_date (const DdJson *json, const char *items, guint index, const char *name)
{
  const DdJsonNode *item = dd_json_first (dd_json_member (dd_json_root (json), items));

  for (guint i = 0; i < index; i++)
    item = dd_json_next (item);

  const DdJsonNode *date = dd_json_member (dd_json_member (item, "product"), name);

  return date != NULL ? dd_json_text (date) : NULL;
}

#define ORDERED(index, name) product_date (json, "productOrderItem", index, name)

static void
test_order_says_from_when_each_line_is_charged (void)
{
  g_autofree char *schema = shared_file ("tmf/TMF622-ProductOrder-v4.0.0.swagger.json");
  g_autoptr (Offer) offer = offer_new ();
  DdOrderPart *part = g_ptr_array_index (offer->proposal->orders, 0);

  g_ptr_array_set_size (part->lines, 0);
  for (guint i = 0; i < 4; i++)
    {
      DdLine *line = g_ptr_array_index (offer->proposal->lines, i);

      g_ptr_array_add (part->lines, g_strdup (line->id));
      line->chosen = DD_CHOICE_TAKEN;
    }
  g_free (offer->proposal->effective_from);
  offer->proposal->effective_from = g_strdup ("2027-02-01");
  set_start (offer, 0, DD_ACTION_ADD, "2027-03-15");
  set_start (offer, 1, DD_ACTION_MODIFY, NULL);
  set_start (offer, 2, DD_ACTION_DELETE, "2027-04-30");
  set_start (offer, 3, DD_ACTION_NO_CHANGE, "2027-05-01");

  g_autofree char *text = write_order (offer, FALSE);
  g_autoptr (DdJson) json = parse_json (text);

  g_assert_cmpstr (ORDERED (0, "startDate"), ==, "2027-03-15T00:00:00Z");
  g_assert_cmpstr (ORDERED (1, "startDate"), ==, "2027-02-01T00:00:00Z");
  g_assert_cmpstr (ORDERED (2, "startDate"), ==, NULL);
  g_assert_cmpstr (ORDERED (2, "terminationDate"), ==, "2027-04-30T00:00:00Z");
  g_assert_cmpstr (ORDERED (3, "startDate"), ==, NULL);
  g_assert_null (strstr (text, "requestedStartDate"));
  if (schema != NULL)
    assert_valid (schema, "ProductOrder_Create", text);
}

/* The proposal's own day is no line's, so that reading the quote gives the lines as they were. */
static void
test_quote_keeps_the_starts_of_lines (void)
{
  static const char *const starts[] = { "2027-03-15", NULL, "2027-04-30", NULL };
  g_autofree char *schema = shared_file ("tmf/TMF648-Quote-v4.0.0.swagger.json");
  g_autoptr (Offer) offer = offer_new ();
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&offer->sheet, dd_sheet_unref);
  g_free (offer->proposal->effective_from);
  offer->proposal->effective_from = g_strdup ("2027-02-01");
  set_start (offer, 0, DD_ACTION_MODIFY, starts[0]);
  set_start (offer, 2, DD_ACTION_DELETE, starts[2]);

  g_autofree char *text = write_quote (offer, FALSE);
  g_autoptr (DdJson) json = parse_json (text);
  g_autoptr (DdQuoteRequest) request = dd_quote_request_read (dd_json_root (json), &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    g_assert_cmpstr (line_of (request, i)->start, ==, starts[i]);
  if (schema != NULL)
    assert_valid (schema, "Quote", text);
}

/* A request's day is given back once, as the line has it now. */
static void
test_start_that_was_changed_replaces_the_requests (void)
{
  g_autoptr (DdQuoteRequest) request =
    read_good_quote ("{\"quoteItem\":[{\"id\":\"i\",\"action\":\"add\",\"product\":{\"startDate\":\"2027-03-"
                     "15T09:30:00+02:00\"}}"
                     ",{\"id\":\"j\",\"action\":\"noChange\",\"product\":{\"startDate\":\"2020-01-01\"}}]}");
  DdLine *line = line_of (request, 0);

  g_assert_cmpstr (line->start, ==, "2027-03-15");
  g_assert_cmpstr (line_of (request, 1)->start, ==, NULL);
  g_free (line->start);
  line->start = g_strdup ("2027-04-01");

  g_autofree char *text = export_request (request);

  g_assert_nonnull (strstr (text, "\"startDate\":\"2027-04-01T00:00:00Z\""));
  g_assert_null (strstr (text, "2027-03-15"));
  g_assert_nonnull (strstr (text, "\"requested\":{\"startDate\":\"2020-01-01\"}"));
}

static void
test_start_that_is_no_moment_is_refused (void)
{
  g_autoptr (DdJson) json =
    parse_json ("{\"quoteItem\":[{\"id\":\"i\",\"product\":{\"startDate\":\"soon\"}}]}");
  g_autoptr (GError) error = NULL;

  g_assert_null (dd_quote_request_read (dd_json_root (json), &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "quoteItem[0].product.startDate: “soon” is no moment"));
}

#define SONATA_ITEM                                                                                          \
  "{\"quoteItem\":[{\"id\":\"i\",\"state\":\"draft\",\"policy\":[1],\"note\":[{\"id\":\"n\",\"text\":"       \
  "\"weekly, please\"}],"                                                                                    \
  "\"quoteItemRelationship\":[{\"id\":\"j\",\"relationshipType\":\"UNI\"}],"                                 \
  "\"requestedQuoteItemTerm\":{\"name\":\"Yearly\",\"duration\":{\"amount\":12,\"units\":"                   \
  "\"calendarMonths\"}},"                                                                                    \
  "\"quoteItemPrice\":[{\"name\":\"wish\"}],"                                                                \
  "\"product\":{\"id\":\"P-1\",\"productOffering\":{\"id\":\"000073\"},\"productConfiguration\":{\"cir\":"   \
  "20.50},"                                                                                                  \
  "\"place\":[{\"id\":\"ny\",\"role\":\"INSTALL_LOCATION\",\"@type\":\"GeographicAddressRef\"}],"            \
  "\"productRelationship\":[{\"relationshipType\":\"ENNI\",\"id\":\"P-2\"}]}}]}"

static void
test_what_was_said_is_given_back_in_its_place (void)
{
  static const char *const parts[] = {
    "\"policy\":[1]",
    "\"note\":[{\"id\":\"n\",\"text\":\"weekly, please\"}]",
    "\"quoteItemRelationship\":[{\"id\":\"j\",\"relationshipType\":\"UNI\"}]",
    "\"requestedQuoteItemTerm\":{\"duration\":{\"amount\":12,\"units\":\"calendarMonths\"},\"name\":"
    "\"Yearly\"}",
    "\"requested\":{\"quoteItemPrice\":[{\"name\":\"wish\"}],\"state\":\"draft\"}",
    "\"productConfiguration\":{\"cir\":20.50}",
    "\"productOffering\":{\"id\":\"000073\"},\"productRelationship\"",
    "\"id\":\"P-1\"",
    "\"place\":[{\"@type\":\"GeographicAddressRef\",\"id\":\"ny\",\"role\":\"INSTALL_LOCATION\"}]",
    "\"productRelationship\":[{\"id\":\"P-2\",\"product\":{\"id\":\"P-2\"},\"relationshipType\":\"ENNI\"}]",
    NULL,
  };
  g_autoptr (DdQuoteRequest) request = read_good_quote (SONATA_ITEM);
  g_autofree char *text = export_request (request);
  g_autofree char *schema = shared_file ("tmf/TMF648-Quote-v4.0.0.swagger.json");

  assert_parts (text, parts);
  if (schema != NULL)
    assert_valid (schema, "Quote", text);
}

/* Order handling gets the configuration, but no wish that the agreement may not have granted. */
static void
test_order_has_what_was_agreed_not_what_was_wished (void)
{
  static const char *const parts[] = {
    "\"productConfiguration\":{\"cir\":20.50}", "\"productOffering\":{\"id\":\"epl-100\"}",
    "\"itemTerm\":[{\"duration\":{\"amount\":36,\"units\":\"month\"},\"name\":\"commitment\"}]", NULL
  };
  g_autoptr (DdQuoteRequest) request = read_good_quote (SONATA_ITEM);
  g_autoptr (Offer) offer = offer_new ();
  DdLine *line = g_ptr_array_index (offer->proposal->lines, 0);

  line->kept = g_strdup (line_of (request, 0)->kept);

  g_autofree char *text = write_order (offer, FALSE);

  assert_parts (text, parts);
  g_assert_null (strstr (text, "wish"));
  g_assert_null (strstr (text, "Yearly"));
  g_assert_null (strstr (text, "draft"));
}

static void
test_site_that_was_changed_replaces_the_place (void)
{
  g_autoptr (DdQuoteRequest) request = read_good_quote (SONATA_ITEM);
  DdLine *line = line_of (request, 0);

  g_free (line->site);
  line->site = g_strdup ("boston");

  g_autofree char *text = export_request (request);

  g_assert_nonnull (strstr (text, "\"place\":[{\"id\":\"boston\",\"role\":\"installation\"}]"));
}

/* The control of the tests below. */
static void
test_validation_finds_what_is_wrong (void)
{
  g_autofree char *schema = shared_file ("tmf/TMF648-Quote-v4.0.0.swagger.json");
  g_autofree char *problems = NULL;

  if (schema == NULL)
    return;

  int status = validate (schema, "Quote", "{\"quoteItem\":[{\"quantity\":2.5}]}", &problems);

  g_assert_cmpint (status, ==, 1);
  g_assert_nonnull (strstr (problems, "quoteItem/0/quantity"));
}

static void
test_quote_is_valid (void)
{
  g_autofree char *schema = shared_file ("tmf/TMF648-Quote-v4.0.0.swagger.json");
  g_autoptr (Offer) offer = offer_new ();

  if (schema == NULL)
    return;
  offer->proposal->note = g_strdup ("With pleasure.");
  offer->deal->agreement = g_strdup ("abcd");
  offer->deal->accepted = 1;

  g_autofree char *text = write_quote (offer, TRUE);

  assert_valid (schema, "Quote", text);
}

static void
test_order_is_valid (void)
{
  g_autofree char *schema = shared_file ("tmf/TMF622-ProductOrder-v4.0.0.swagger.json");
  g_autoptr (Offer) offer = offer_new ();

  if (schema == NULL)
    return;

  g_autofree char *text = write_order (offer, TRUE);

  assert_valid (schema, "ProductOrder_Create", text);
}

/* A kept member of every name that the schemas know, and each as something it must not be. */
static void
plant_wrong_members (Offer *offer)
{
  static const char *const names[] = { "@baseType",
                                       "@schemaLocation",
                                       "@type",
                                       "action",
                                       "appointment",
                                       "attachment",
                                       "id",
                                       "itemPrice",
                                       "itemTerm",
                                       "itemTotalPrice",
                                       "note",
                                       "payment",
                                       "product",
                                       "productOffering",
                                       "qualification",
                                       "quantity",
                                       "quoteItem",
                                       "quoteItemPrice",
                                       "quoteItemRelationship",
                                       "relatedParty",
                                       "state",
                                       "requested",
                                       "productOfferingQualificationItem",
                                       "productOrderItem",
                                       "productOrderItemRelationship",
                                       "billingAccount",
                                       "quoteItemAuthorization",
                                       "isBundle",
                                       "place",
                                       "productCharacteristic",
                                       "productRelationship",
                                       "productSpecification",
                                       "status",
                                       "productTerm",
                                       "href",
                                       "name",
                                       "productPrice",
                                       "productSerialNumber" };
  static const char *const values[] = {
    "\"\"",         "5",          "null", "[\"\"]", "[{}]",
    "[{\"id\":5}]", "{\"id\":5}", "[[]]", "{}",     "[{\"relationshipType\":\"x\"}]",
    "true"
  };

  g_ptr_array_set_size (offer->proposal->lines, 0);
  for (guint v = 0; v < G_N_ELEMENTS (values); v++)
    {
      g_autoptr (GString) members = g_string_new (NULL);
      g_autofree char *id = g_strdup_printf ("v%u", v);
      DdLine *line = offer_line (offer, id, "x", DD_MICROS);

      for (guint n = 0; n < G_N_ELEMENTS (names); n++)
        if (strcmp (names[n], "product") != 0)
          g_string_append_printf (members, "%s\"%s\":%s", members->len > 0 ? "," : "", names[n], values[v]);
      line->kept = g_strdup_printf ("{%s,\"product\":{%s}}", members->str, members->str);
      g_ptr_array_add (((DdOrderPart *)g_ptr_array_index (offer->proposal->orders, 0))->lines, g_strdup (id));
    }
}

static void
test_no_kept_member_breaks_the_schema (void)
{
  g_autofree char *quotes = shared_file ("tmf/TMF648-Quote-v4.0.0.swagger.json");
  g_autofree char *orders = shared_file ("tmf/TMF622-ProductOrder-v4.0.0.swagger.json");
  g_autoptr (Offer) offer = offer_new ();

  g_clear_pointer (&offer->sheet, dd_sheet_unref);
  plant_wrong_members (offer);

  g_autofree char *quote = write_quote (offer, FALSE);
  g_autofree char *order = write_order (offer, FALSE);

  g_assert_nonnull (strstr (quote, "\"requested\":{"));
  if (quotes != NULL)
    assert_valid (quotes, "Quote", quote);
  if (orders != NULL)
    assert_valid (orders, "ProductOrder_Create", order);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tmf/out/nothing-internal-leaves", test_nothing_internal_leaves);
  g_test_add_func ("/tmf/out/quote-has-its-shape", test_quote_has_its_shape);
  g_test_add_func ("/tmf/out/fractional-quantity-is-a-characteristic",
                   test_fractional_quantity_is_a_characteristic);
  g_test_add_func ("/tmf/out/each-side-reads-its-own-offering-id", test_each_side_reads_its_own_offering_id);
  g_test_add_func ("/tmf/out/states-follow-the-proposals", test_states_follow_the_proposals);
  g_test_add_func ("/tmf/out/development-documents-say-so", test_development_documents_say_so);
  g_test_add_func ("/tmf/out/order-has-its-lines-only", test_order_has_its_lines_only);
  g_test_add_func ("/tmf/out/order-says-from-when-each-line-is-charged",
                   test_order_says_from_when_each_line_is_charged);
  g_test_add_func ("/tmf/out/quote-keeps-the-starts-of-lines", test_quote_keeps_the_starts_of_lines);
  g_test_add_func ("/tmf/out/start-that-was-changed-replaces-the-requests",
                   test_start_that_was_changed_replaces_the_requests);
  g_test_add_func ("/tmf/out/start-that-is-no-moment-is-refused", test_start_that_is_no_moment_is_refused);
  g_test_add_func ("/tmf/out/option-that-was-not-taken-is-not-ordered",
                   test_option_that_was_not_taken_is_not_ordered);
  g_test_add_func ("/tmf/out/what-was-said-is-given-back-in-its-place",
                   test_what_was_said_is_given_back_in_its_place);
  g_test_add_func ("/tmf/out/site-that-was-changed-replaces-the-place",
                   test_site_that_was_changed_replaces_the_place);
  g_test_add_func ("/tmf/out/order-has-what-was-agreed-not-what-was-wished",
                   test_order_has_what_was_agreed_not_what_was_wished);
  g_test_add_func ("/tmf/out/validation-finds-what-is-wrong", test_validation_finds_what_is_wrong);
  g_test_add_func ("/tmf/out/quote-is-valid", test_quote_is_valid);
  g_test_add_func ("/tmf/out/order-is-valid", test_order_is_valid);
  g_test_add_func ("/tmf/out/no-kept-member-breaks-the-schema", test_no_kept_member_breaks_the_schema);
  return g_test_run ();
}
