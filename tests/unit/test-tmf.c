/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * TMF648 quotes in: what they become, what is kept, what is refused.
 */
#include "tmf-fixture.h"

static void
test_item_becomes_a_line (void)
{
  g_autoptr (DdQuoteRequest) request = read_good_quote (
    "{\"externalId\":\"LM-1\",\"description\":\"Network\",\"relatedParty\":[{\"id\":\"linden\",\"name\":"
    "\"Linden\","
    "\"role\":\"Customer\"}],\"quoteItem\":[{\"id\":\"a\",\"action\":\"modify\",\"quantity\":12,"
    "\"productOffering\":"
    "{\"id\":\"epl\",\"name\":\"EPL\"},\"product\":{\"place\":[{\"id\":\"x\",\"role\":\"billing\"},{\"id\":"
    "\"berlin\","
    "\"role\":\"INSTALL_LOCATION\"}]},\"requestedQuoteItemTerm\":{\"duration\":{\"amount\":3,\"units\":"
    "\"calendarYears\"}}}]}");
  const DdLine *line = line_of (request, 0);

  g_assert_cmpstr (request->title, ==, "Network");
  g_assert_cmpstr (request->external_id, ==, "LM-1");
  g_assert_cmpstr (request->customer, ==, "linden");
  g_assert_cmpstr (request->customer_name, ==, "Linden");
  g_assert_cmpstr (request->kept, ==, "{}");
  g_assert_cmpstr (line->id, ==, "a");
  g_assert_cmpint (line->action, ==, DD_ACTION_MODIFY);
  g_assert_cmpint (line->quantity, ==, 12 * DD_MICROS);
  g_assert_null (line->offering);
  g_assert_cmpstr (line->asked_offering, ==, "epl");
  g_assert_cmpstr (line->name, ==, "EPL");
  g_assert_cmpstr (line->site, ==, "berlin");
  g_assert_cmpint (line->commitment, ==, 36);
}

static void
test_sonata_item_becomes_a_line (void)
{
  g_autoptr (DdQuoteRequest) request =
    read_good_quote ("{\"projectId\":\"P\",\"relatedContactInformation\":[{\"role\":"
                     "\"buyerContactInformation\",\"organization\":"
                     "\"Buyer "
                     "Co.\",\"name\":\"J\"}],\"quoteItem\":[{\"id\":\"i\",\"product\":{\"productOffering\":{"
                     "\"id\":\"000073\"},"
                     "\"productConfiguration\":{\"deep\":[1.50]}}},{\"id\":\"j\",\"action\":\"delete\","
                     "\"product\":{\"id\":\"P-1\"}}]}");
  const DdLine *line = line_of (request, 0);
  const DdLine *other = line_of (request, 1);

  g_assert_cmpstr (request->customer_name, ==, "Buyer Co.");
  g_assert_cmpstr (request->title, ==, "Quote request");
  g_assert_cmpstr (line->asked_offering, ==, "000073");
  g_assert_cmpint (line->quantity, ==, DD_MICROS);
  g_assert_cmpint (line->action, ==, DD_ACTION_ADD);
  g_assert_cmpstr (
    line->kept, ==,
    "{\"product\":{\"productConfiguration\":{\"deep\":[1.50]},\"productOffering\":{\"id\":\"000073\"}}}");
  g_assert_null (other->asked_offering);
  g_assert_cmpstr (other->kept, ==, "{\"product\":{\"id\":\"P-1\"}}");
  g_assert_true (has_remark (request, "The offering of item j isn't named"));
  g_assert_true (has_remark (request, "product.productConfiguration of item i"));
  g_assert_true (has_remark (request, "projectId, relatedContactInformation"));
}

static void
test_remarks_are_grouped (void)
{
  g_autoptr (GString) text = g_string_new ("{\"quoteItem\":[");

  for (guint i = 0; i < 40; i++)
    g_string_append_printf (text, "%s{\"policy\":%u,\"productOffering\":{\"id\":\"x\"}}", i > 0 ? "," : "",
                            i);
  g_string_append (text, "]}");

  g_autoptr (DdQuoteRequest) request = read_good_quote (text->str);

  g_assert_cmpuint (request->remarks->len, ==, 2); /* the other says that no customer is named */
  g_assert_true (has_remark (request, "policy of items 1, 2, 3 and 37 more is kept, and not mapped."));
}

static void
test_unknown_members_cannot_flood_the_remarks (void)
{
  g_autoptr (GString) text = g_string_new ("{\"quoteItem\":[{\"id\":\"1\"");

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (text, ",\"m%u\":1", i);
  g_string_append (text, "}]}");

  g_autoptr (DdQuoteRequest) request = read_good_quote (text->str);

  g_assert_cmpuint (request->remarks->len, <, 30);
  g_assert_nonnull (strstr (line_of (request, 0)->kept, "\"m499\""));
}

static void
test_items_without_id_are_numbered (void)
{
  g_autoptr (DdQuoteRequest) request =
    read_good_quote ("{\"quoteItem\":[{},{\"id\":\"3\"},{},{\"id\":\"4\"},{}]}");
  static const char *const ids[] = { "1", "3", "5", "4", "6" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpstr (line_of (request, i)->id, ==, ids[i]);
}

static void
test_bundles_become_lines_of_their_own (void)
{
  g_autoptr (DdQuoteRequest) request =
    read_good_quote ("{\"quoteItem\":[{\"id\":\"a\",\"quoteItem\":[{\"id\":\"b\",\"quantity\":2,"
                     "\"quoteItem\":[{}]},{}]},{\"id\":\"c\"}]}");
  static const char *const ids[] = { "a", "a/b", "a/b/1", "a/2", "c" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpstr (line_of (request, i)->id, ==, ids[i]);
  g_assert_cmpint (line_of (request, 1)->quantity, ==, 2 * DD_MICROS);
  g_assert_true (has_remark (request, "The parts of items a, a/b are lines of their own"));
}

static void
test_terms_count_in_whole_months (void)
{
  static const struct
  {
    const char *duration;
    guint months; /* 0: kept */
  } rows[] = {
    { "{\"amount\":12,\"units\":\"calendarMonths\"}", 12 },
    { "{\"amount\":1.5,\"units\":\"calendarYears\"}", 18 },
    { "{\"amount\":2,\"units\":\"year\"}", 24 },
    { "{\"amount\":6,\"units\":\"calendarWeeks\"}", 0 },
    { "{\"amount\":0.1,\"units\":\"calendarYears\"}", 0 },
    { "{\"amount\":90,\"units\":\"calendarDays\"}", 0 },
    { "{\"amount\":100,\"units\":\"calendarYears\"}", 1200 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf (
        "{\"quoteItem\":[{\"id\":\"a\",\"requestedQuoteItemTerm\":{\"duration\":%s}}]}", rows[i].duration);
      g_autoptr (DdQuoteRequest) request = read_good_quote (text);
      const DdLine *line = line_of (request, 0);

      g_assert_cmpuint (line->commitment, ==, rows[i].months);
      g_assert_true ((line->kept == NULL) == (rows[i].months > 0));
      g_assert_true (has_remark (request, "whole number of months") == (rows[i].months == 0));
    }
}

static void
test_buyers_price_is_kept_and_said (void)
{
  g_autoptr (DdQuoteRequest) request =
    read_good_quote ("{\"quoteItem\":[{\"id\":\"a\",\"productOffering\":{\"id\":\"x\"},\"quoteItemPrice\":[{"
                     "\"priceType\":\"recurring\","
                     "\"recurringChargePeriod\":\"weekly\",\"price\":{\"taxIncludedAmount\":{\"unit\":"
                     "\"EUR\",\"value\":2.0}}}]}]}");

  g_assert_cmpuint (line_of (request, 0)->alterations->len, ==, 0);
  g_assert_nonnull (strstr (line_of (request, 0)->kept, "\"value\":2.0"));
  g_assert_true (has_remark (request, "quoteItemPrice, a price of the buyer's, of item a is kept"));
}

static void
test_long_descriptions_are_kept_whole (void)
{
  g_autoptr (DdQuoteRequest) request =
    read_good_quote ("{\"description\":\"First\\nSecond\",\"quoteItem\":[{\"id\":\"1\"}]}");

  g_assert_cmpstr (request->title, ==, "First");
  g_assert_cmpstr (request->kept, ==, "{\"description\":\"First\\nSecond\"}");
}

static void
test_dates_may_lack_seconds (void)
{
  g_autoptr (DdQuoteRequest) request =
    read_good_quote ("{\"requestedQuoteCompletionDate\":\"2026-12-18T17:00Z\",\"quoteItem\":[{}]}");

  g_assert_nonnull (strstr (request->kept, "2026-12-18T17:00Z"));
}

/* Each is one error that names the place; @path is part of the message. */
static void
test_impossible_requests_are_refused_with_their_place (void)
{
  static const struct
  {
    const char *text;
    const char *path;
  } rows[] = {
    { "[]", "must be an object" },
    { "{}", "quoteItem is missing" },
    { "{\"state\":\"cancelled\"}", "quoteItem is missing" },
    { "{\"productOrderItem\":[{\"id\":\"1\",\"action\":\"add\"}]}",
      "productOrderItem: this is a product order" },
    { "{\"quoteItem\":[]}", "quoteItem: must have at least one item" },
    { "{\"quoteItem\":\"\"}", "quoteItem: must be an array" },
    { "{\"quoteItem\":{}}", "quoteItem: must be an array" },
    { "{\"quoteItem\":[\"\"]}", "quoteItem[0]: must be an object" },
    { "{\"quoteItem\":[{\"quantity\":0}]}", "quoteItem[0].quantity: must be a whole number" },
    { "{\"quoteItem\":[{},{\"quantity\":-1}]}", "quoteItem[1].quantity: " },
    { "{\"quoteItem\":[{\"quantity\":1.5}]}", "quoteItem[0].quantity: " },
    { "{\"quoteItem\":[{\"quantity\":1000000001}]}", "quoteItem[0].quantity: " },
    { "{\"quoteItem\":[{\"quantity\":1e300}]}", "quoteItem[0].quantity: " },
    { "{\"quoteItem\":[{\"quantity\":\"3\"}]}", "quoteItem[0].quantity: " },
    { "{\"quoteItem\":[{\"quantity\":null}]}", "quoteItem[0].quantity: " },
    { "{\"quoteItem\":[{\"action\":\"remove\"}]}", "quoteItem[0].action: " },
    { "{\"quoteItem\":[{\"id\":\"a\"},{\"id\":\"a\"}]}", "quoteItem[1].id: " },
    { "{\"quoteItem\":[{\"id\":\"a/1\"},{\"id\":\"a\",\"quoteItem\":[{\"id\":\"1\"}]}]}",
      "quoteItem[1].quoteItem[0].id: " },
    { "{\"quoteItem\":[{\"id\":\"\"}]}", "quoteItem[0].id: " },
    { "{\"quoteItem\":[{\"id\":7}]}", "quoteItem[0].id: " },
    { "{\"quoteItem\":[{\"product\":\"\"}]}", "quoteItem[0].product: must be an object" },
    { "{\"quoteItem\":[{\"productOffering\":\"\"}]}", "quoteItem[0].productOffering: must be an object" },
    { "{\"quoteItem\":[{\"productOffering\":{\"id\":\"\"}}]}", "quoteItem[0].productOffering.id: " },
    { "{\"quoteItem\":[{\"product\":{\"place\":\"\"}}]}", "quoteItem[0].product.place: must be an array" },
    { "{\"quoteItem\":[{\"product\":{\"place\":[\"\"]}}]}",
      "quoteItem[0].product.place[0]: must be an object" },
    { "{\"quoteItem\":[{\"product\":{\"productConfiguration\":\"\"}}]}",
      "quoteItem[0].product.productConfiguration: " },
    { "{\"quoteItem\":[{\"note\":{}}]}", "quoteItem[0].note: must be an array" },
    { "{\"quoteItem\":[{\"requestedQuoteItemTerm\":{\"duration\":\"\"}}]}",
      "requestedQuoteItemTerm.duration: " },
    { "{\"quoteItem\":[{\"requestedQuoteItemTerm\":{\"duration\":{\"amount\":0,\"units\":\"calendarMonths\"}}"
      "}]}",
      "requestedQuoteItemTerm.duration.amount: " },
    { "{\"quoteItem\":[{\"requestedQuoteItemTerm\":{\"duration\":{\"amount\":1201,\"units\":"
      "\"calendarMonths\"}}}]}",
      "requestedQuoteItemTerm.duration.amount: " },
    { "{\"quoteItem\":[{\"quoteItemPrice\":[{\"price\":{\"dutyFreeAmount\":{\"value\":1.0000001}}}]}]}",
      "quoteItem[0].quoteItemPrice[0].price.dutyFreeAmount.value: " },
    { "{\"quoteItem\":[{\"quoteItemPrice\":[{\"price\":{\"taxIncludedAmount\":{\"value\":1e30}}}]}]}",
      "quoteItem[0].quoteItemPrice[0].price.taxIncludedAmount.value: " },
    { "{\"quoteItem\":[{\"quoteItemPrice\":[{\"price\":\"\"}]}]}", "quoteItem[0].quoteItemPrice[0].price: " },
    { "{\"quoteTotalPrice\":[{\"price\":{\"dutyFreeAmount\":{\"value\":0.00000001}}}],\"quoteItem\":[{}]}",
      "quoteTotalPrice[0].price.dutyFreeAmount.value: " },
    { "{\"quoteItem\":[{\"productOffering\":{\"id\":\"a\"},\"product\":{\"productOffering\":{\"id\":\"b\"}}}]"
      "}",
      "quoteItem[0].product.productOffering.id: " },
    { "{\"relatedParty\":\"\",\"quoteItem\":[{}]}", "relatedParty: must be an array" },
    { "{\"relatedParty\":[{\"id\":\"\",\"role\":\"buyer\"}],\"quoteItem\":[{}]}", "relatedParty[0].id: " },
    { "{\"requestedQuoteCompletionDate\":\"soon\",\"quoteItem\":[{}]}", "requestedQuoteCompletionDate: " },
    { "{\"validFor\":{\"endDateTime\":\"\"},\"quoteItem\":[{}]}", "validFor.endDateTime: " },
    { "{\"description\":7,\"quoteItem\":[{}]}", "description: " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DdQuoteRequest) request = read_quote (rows[i].text, &error);

      if (request != NULL || error == NULL)
        g_error ("%s was taken", rows[i].text);
      if (!g_error_matches (error, DD_ERROR, DD_ERROR_OVERFLOW))
        g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      if (strstr (error->message, rows[i].path) == NULL)
        g_error ("%s gave “%s”, not “%s”", rows[i].text, error->message, rows[i].path);
    }
}

#define WHOLE_REQUEST                                                                                        \
  "{\"externalId\":\"e\",\"description\":\"d\",\"quoteDate\":\"2026-12-18\",\"instantSyncQuote\":false,"     \
  "\"validFor\":{\"endDateTime\":\"2026-12-18T10:00Z\"},\"note\":[{\"id\":\"n\",\"text\":\"t\"}],"           \
  "\"relatedParty\":[{\"id\":\"c\",\"name\":\"n\",\"role\":\"buyer\",\"@referredType\":\"Organization\"}],"  \
  "\"relatedContactInformation\":[{\"role\":\"buyerContact\",\"organization\":\"o\"}],\"quoteItem\":[{"      \
  "\"id\":\"i\","                                                                                            \
  "\"action\":\"add\",\"quantity\":2,\"productOffering\":{\"id\":\"p\",\"name\":\"n\"},\"product\":{\"id\":" \
  "\"q\","                                                                                                   \
  "\"place\":[{\"id\":\"s\",\"role\":\"install\"}],\"productCharacteristic\":[{\"name\":\"a\",\"value\":[1]" \
  "}],"                                                                                                      \
  "\"productRelationship\":[{\"relationshipType\":\"r\",\"id\":\"x\"}],\"productOffering\":{\"id\":\"p\"}}," \
  "\"requestedQuoteItemTerm\":{\"name\":\"t\",\"duration\":{\"amount\":1,\"units\":\"calendarYears\"}},"     \
  "\"quoteItemRelationship\":[{\"id\":\"j\",\"relationshipType\":\"r\"}],\"quoteItemPrice\":[{\"name\":"     \
  "\"w\","                                                                                                   \
  "\"price\":{\"dutyFreeAmount\":{\"unit\":\"EUR\",\"value\":2.50}}}],\"quoteItem\":[{\"id\":\"k\"}]}]}"

/* Writes @node, but @value for the node number *@countdown. */
static void
write_mutated (const DdJsonNode *node, guint *countdown, const char *value, DdJsonWriter *writer)
{
  DdJsonType type = dd_json_type (node);

  if ((*countdown)-- == 0)
    {
      dd_json_write_canonical (writer, value, strlen (value));
      return;
    }
  if (type != DD_JSON_ARRAY && type != DD_JSON_OBJECT)
    {
      dd_json_write_node (writer, node);
      return;
    }
  if (type == DD_JSON_ARRAY)
    dd_json_write_begin_array (writer);
  else
    dd_json_write_begin_object (writer);
  for (const DdJsonNode *child = dd_json_first (node); child != NULL; child = dd_json_next (child))
    {
      if (type == DD_JSON_OBJECT)
        dd_json_write_key (writer, dd_json_name (child));
      write_mutated (child, countdown, value, writer);
    }
  if (type == DD_JSON_ARRAY)
    dd_json_write_end_array (writer);
  else
    dd_json_write_end_object (writer);
}

/* Whether it maps; what maps is a sound proposal, and what doesn't gives an error with a place. */
static gboolean
try_request (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdQuoteRequest) request = read_quote (text, &error);

  if (request == NULL)
    {
      g_assert_nonnull (error);
      g_assert_cmpint (error->code, !=, DD_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, ": "));
      return FALSE;
    }
  g_assert_no_error (error);
  assert_reads_back (request->proposal);

  g_autofree char *quote = export_request (request);
  g_autoptr (DdJson) json = parse_json (quote);

  g_assert_nonnull (dd_json_member (dd_json_root (json), "quoteItem"));
  return TRUE;
}

static void
test_any_member_may_be_anything_without_harm (void)
{
  static const char *const values[] = { "\"\"", "null", "0",    "-1.5",        "1e400",           "true",
                                        "[]",   "{}",   "[[]]", "\"\\u0001\"", "[{\"id\":\"i\"}]" };
  g_autoptr (DdJson) json = parse_json (WHOLE_REQUEST);
  guint mapped = 0;
  guint refused = 0;

  g_assert_true (try_request (WHOLE_REQUEST));
  for (guint v = 0; v < G_N_ELEMENTS (values); v++)
    for (guint n = 0; n < 90; n++)
      {
        g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
        g_autofree char *text = NULL;
        guint countdown = n;

        write_mutated (dd_json_root (json), &countdown, values[v], writer);
        text = dd_json_writer_finish (writer, NULL);
        if (try_request (text))
          mapped++;
        else
          refused++;
      }
  g_assert_cmpuint (mapped, >, 100);
  g_assert_cmpuint (refused, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tmf/in/item-becomes-a-line", test_item_becomes_a_line);
  g_test_add_func ("/tmf/in/sonata-item-becomes-a-line", test_sonata_item_becomes_a_line);
  g_test_add_func ("/tmf/in/remarks-are-grouped", test_remarks_are_grouped);
  g_test_add_func ("/tmf/in/unknown-members-cannot-flood-the-remarks",
                   test_unknown_members_cannot_flood_the_remarks);
  g_test_add_func ("/tmf/in/items-without-id-are-numbered", test_items_without_id_are_numbered);
  g_test_add_func ("/tmf/in/bundles-become-lines-of-their-own", test_bundles_become_lines_of_their_own);
  g_test_add_func ("/tmf/in/terms-count-in-whole-months", test_terms_count_in_whole_months);
  g_test_add_func ("/tmf/in/buyers-price-is-kept-and-said", test_buyers_price_is_kept_and_said);
  g_test_add_func ("/tmf/in/long-descriptions-are-kept-whole", test_long_descriptions_are_kept_whole);
  g_test_add_func ("/tmf/in/dates-may-lack-seconds", test_dates_may_lack_seconds);
  g_test_add_func ("/tmf/in/impossible-requests-are-refused-with-their-place",
                   test_impossible_requests_are_refused_with_their_place);
  g_test_add_func ("/tmf/in/any-member-may-be-anything-without-harm",
                   test_any_member_may_be_anything_without_harm);
  return g_test_run ();
}
