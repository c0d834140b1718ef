/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Proposals: strict reading, canonical writing, moments, and what the price engine gets of them.
 */
#include "deal/proposal.h"
#include "price/sheet.h"

#include <string.h>

static DdProposal *
read_text (const char *text, GError **error)
{
  g_autoptr (DdJson) json = dd_json_parse (text, strlen (text), NULL, error);

  return json != NULL ? dd_proposal_read (dd_json_root (json), error) : NULL;
}

static DdProposal *
read_good (const char *text)
{
  g_autoptr (GError) error = NULL;
  DdProposal *proposal = read_text (text, &error);

  g_assert_no_error (error);
  return proposal;
}

static char *
write_text (const DdProposal *proposal)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_proposal_write (proposal, writer);
  return dd_json_writer_finish (writer, NULL);
}

typedef struct
{
  const char *text;
  const char *path;
  const char *says;
} Bad;

#define LINE(members)   "{\"lines\":[{\"id\":\"1\"," members "}]}"
#define HEAD(members)   "{\"lines\":[{\"id\":\"1\"}]," members "}"
#define ALTER(members)  LINE ("\"alterations\":[{" members "}]")
#define TODAY(members)  LINE ("\"action\":\"modify\",\"installed\":[{" members "}]")
#define SPREAD(members) HEAD ("\"spread\":[{" members "}]")
#define TERM(members)   HEAD ("\"terms\":[{" members "}]")

static const Bad bad[] = {
  { "[]", "$", "object" },
  { "{}", "$", "at least one line" },
  { "{\"lines\":[]}", "$", "at least one line" },
  { "{\"lines\":{}}", "lines", "array" },
  { "{\"lines\":[7]}", "lines[0]", "object" },
  { "{\"lines\":[{}]}", "lines[0]", "\"id\"" },
  { "{\"lines\":[{\"id\":\"1\"}],\"colour\":1}", "colour", "known" },
  { "{\"lines\":[{\"id\":\"\"}]}", "lines[0].id", "bytes" },
  { "{\"lines\":[{\"id\":\"a\\nb\"}]}", "lines[0].id", "control" },
  { "{\"lines\":[{\"id\":7}]}", "lines[0].id", "string" },
  { "{\"lines\":[{\"id\":\"1\"},{\"id\":\"1\"}]}", "lines[1]", "twice" },
  { LINE ("\"price\":1"), "lines[0].price", "known" },
  { LINE ("\"quantity\":0"), "lines[0].quantity", "above 0" },
  { LINE ("\"quantity\":-1"), "lines[0].quantity", "above 0" },
  { LINE ("\"quantity\":\"1.0000001\""), "lines[0].quantity", "" },
  { LINE ("\"quantity\":1000000001"), "lines[0].quantity", "at most" },
  { LINE ("\"quantity\":true"), "lines[0].quantity", "" },
  { LINE ("\"action\":\"Add\""), "lines[0].action", "add, modify" },
  { LINE ("\"chosen\":true"), "lines[0].chosen", "optional" },
  { LINE ("\"optional\":1"), "lines[0].optional", "" },
  { LINE ("\"commitment\":-1"), "lines[0].commitment", "" },
  { LINE ("\"commitment\":1201"), "lines[0].commitment", "1200" },
  { LINE ("\"commitment\":1.5"), "lines[0].commitment", "" },
  { LINE ("\"kept\":[]"), "lines[0].kept", "object" },
  { LINE ("\"start\":\"2027-02-29\""), "lines[0].start", "no date" },
  { LINE ("\"start\":20270101"), "lines[0].start", "string" },
  { LINE ("\"alterations\":{}"), "lines[0].alterations", "array" },
  { ALTER ("\"kind\":\"percent-off\""), "lines[0].alterations[0]", "\"value\"" },
  { ALTER ("\"value\":\"1%\""), "lines[0].alterations[0]", "\"kind\"" },
  { ALTER ("\"kind\":\"floor\",\"value\":\"EUR 1\""), "lines[0].alterations[0].kind", "percent-off" },
  { ALTER ("\"kind\":\"percent-off\",\"value\":\"-1%\""), "lines[0].alterations[0].value", "negative" },
  { ALTER ("\"kind\":\"percent-off\",\"value\":\"100.1%\""), "lines[0].alterations[0].value", "100%" },
  { ALTER ("\"kind\":\"percent-off\",\"value\":\"EUR 5\""), "lines[0].alterations[0].value", "" },
  { ALTER ("\"kind\":\"unit-off\",\"value\":\"5%\""), "lines[0].alterations[0].value", "" },
  { ALTER ("\"kind\":\"unit-off\",\"value\":\"EUR -5\""), "lines[0].alterations[0].value", "negative" },
  { ALTER ("\"kind\":\"unit-off\",\"value\":5"), "lines[0].alterations[0].value", "string" },
  { ALTER ("\"kind\":\"factor\",\"value\":\"-1\""), "lines[0].alterations[0].value", "negative" },
  { ALTER ("\"kind\":\"factor\",\"value\":\"1\",\"why\":\"\""), "lines[0].alterations[0].why", "known" },
  { TODAY ("\"net\":\"EUR 1\""), "lines[0].installed[0]", "\"charge\"" },
  { TODAY ("\"charge\":\"r\""), "lines[0].installed[0]", "\"net\"" },
  { TODAY ("\"charge\":\"r\",\"net\":\"1\""), "lines[0].installed[0].net", "" },
  { TODAY ("\"charge\":\"r\",\"net\":\"EUR -1\""), "lines[0].installed[0].net", "negative" },
  { TODAY ("\"charge\":\"r\",\"net\":\"EUR 1\",\"type\":\"oneTime\",\"period\":\"month\""),
    "lines[0].installed[0].period", "recurring" },
  { TODAY ("\"charge\":\"r\",\"net\":\"EUR 1\",\"period\":\"none\""), "lines[0].installed[0].period",
    "month" },
  { SPREAD ("\"kind\":\"percent-off\",\"value\":\"1%\",\"currency\":\"EUR\""), "spread[0]", "\"type\"" },
  { SPREAD ("\"type\":\"recurring\",\"kind\":\"unit-off\",\"value\":\"EUR 1\""), "spread[0].kind",
    "line-off" },
  { SPREAD ("\"type\":\"recurring\",\"kind\":\"percent-off\",\"value\":\"1%\""), "spread[0]", "currency" },
  { SPREAD ("\"type\":\"recurring\",\"kind\":\"percent-off\",\"value\":\"1%\",\"currency\":\"XXQ\""),
    "spread[0].currency", "" },
  { SPREAD ("\"type\":\"recurring\",\"kind\":\"line-off\",\"value\":\"EUR 1\",\"currency\":\"USD\""),
    "spread[0].currency", "EUR" },
  { SPREAD ("\"type\":\"oneTime\",\"period\":\"year\",\"kind\":\"line-off\",\"value\":\"EUR 1\""),
    "spread[0].period", "recurring" },
  { SPREAD ("\"type\":\"recurring\",\"period\":\"none\",\"kind\":\"line-off\",\"value\":\"EUR 1\""),
    "spread[0].period", "month" },
  { SPREAD ("\"type\":\"recurring\",\"period\":\"fortnight\",\"kind\":\"line-off\",\"value\":\"EUR 1\""),
    "spread[0].period", "quarter" },
  { TERM ("\"title\":\"T\",\"text\":\"x\""), "terms[0]", "\"clause\"" },
  { TERM ("\"clause\":\"c\",\"text\":\"x\""), "terms[0]", "\"title\"" },
  { TERM ("\"clause\":\"c\",\"title\":\"T\""), "terms[0]", "\"text\"" },
  { TERM ("\"clause\":\"c\",\"title\":\"T\",\"text\":\"\""), "terms[0].text", "empty" },
  { TERM ("\"clause\":\"c\",\"title\":\"T\",\"text\":\"x\",\"origin\":\"us\""), "terms[0].origin",
    "customer" },
  { TERM ("\"clause\":\"c\",\"title\":\"T\",\"text\":\"x\",\"parameters\":[{\"name\":\"n\"}]"),
    "terms[0].parameters[0]", "\"value\"" },
  { HEAD ("\"terms\":[{\"clause\":\"c\",\"title\":\"T\",\"text\":\"x\"},"
          "{\"clause\":\"c\",\"title\":\"T\",\"text\":\"y\"}]"),
    "terms[1]", "twice" },
  { HEAD ("\"orders\":[{\"lines\":[\"1\"]}]"), "orders[0]", "\"id\"" },
  { HEAD ("\"orders\":[{\"id\":\"1\",\"lines\":[]}]"), "orders[0].lines", "at least one" },
  { HEAD ("\"orders\":[{\"id\":\"1\",\"lines\":[1]}]"), "orders[0].lines[0]", "line's id" },
  { HEAD ("\"orders\":[{\"id\":\"1\",\"lines\":[\"2\"]}]"), "orders", "isn't there" },
  { HEAD ("\"orders\":[{\"id\":\"1\",\"lines\":[\"1\"]},{\"id\":\"2\",\"lines\":[\"1\"]}]"), "orders",
    "at most one" },
  { HEAD ("\"orders\":[{\"id\":\"1\",\"lines\":[\"1\"],\"requestedDate\":\"2027-02-29\"}]"),
    "orders[0].requestedDate", "no date" },
  { HEAD ("\"precedence\":[1]"), "precedence[0]", "part" },
  { HEAD ("\"currency\":\"eur\""), "currency", "" },
  { HEAD ("\"commitment\":70000"), "commitment", "1200" },
  { HEAD ("\"billingDay\":0"), "billingDay", "28" },
  { HEAD ("\"billingDay\":29"), "billingDay", "28" },
  { HEAD ("\"billingDay\":\"1\""), "billingDay", "" },
  { HEAD ("\"effectiveFrom\":\"2027-1-1\""), "effectiveFrom", "no date" },
  { HEAD ("\"effectiveFrom\":\"2027-01-02\",\"effectiveTo\":\"2027-01-02\""), "effectiveTo", "after" },
  { HEAD ("\"validUntil\":\"soon\""), "validUntil", "moment" },
  { HEAD ("\"validUntil\":\"2027-01-01T12:00:00\""), "validUntil", "moment" },
  { HEAD ("\"validUntil\":\"1970-01-01T00:00:00Z\""), "validUntil", "1970" },
  { HEAD ("\"validUntil\":\"1960-12-31\""), "validUntil", "1970" },
  { HEAD ("\"validUntil\":\"9999-12-31\""), "validUntil", "2255" },
  { HEAD ("\"validUntil\":\"9999-12-31T23:59:59-14:00\""), "validUntil", "2255" },
  { HEAD ("\"validUntil\":\"2027-01-01\",\"irrevocableUntil\":\"2027-01-02\""), "irrevocableUntil", "after" },
};

static void
test_a_bad_document_names_its_place (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *place = g_strconcat (bad[i].path, ": ", NULL);
      g_autoptr (DdProposal) proposal = read_text (bad[i].text, &error);

      if (proposal != NULL)
        g_error ("accepted: %s", bad[i].text);
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      if (!g_str_has_prefix (error->message, place) || strstr (error->message, bad[i].says) == NULL)
        g_error ("%s\nshould say “%s” at “%s”: %s", bad[i].text, bad[i].says, bad[i].path, error->message);
    }
}

static const char full[] =
  "{\"billingDay\":28,"
  "\"commitment\":36,\"currency\":\"EUR\",\"effectiveFrom\":\"2027-01-01\",\"effectiveTo\":\"9999-12-31\","
  "\"irrevocableUntil\":\"2026-12-01T00:00:00Z\",\"lines\":[{\"action\":\"modify\",\"alterations\":[{"
  "\"charge\":"
  "\"rental\",\"kind\":\"percent-off\",\"label\":\"Loyal\",\"value\":\"12.5%\"},{\"kind\":\"factor\","
  "\"value\":"
  "\"1.25\"},{\"kind\":\"unit-override\",\"value\":\"JPY 380\"}],\"askedOffering\":\"73\",\"commitment\":12,"
  "\"id\":\"1\",\"installed\":[{\"charge\":\"rental\",\"net\":\"EUR 120.00\",\"period\":\"month\",\"type\":"
  "\"recurring\"},{\"charge\":\"install\",\"net\":\"EUR "
  "0.00\",\"type\":\"oneTime\"}],\"kept\":{\"a\":[1,null]},"
  "\"name\":\"Access\",\"offering\":\"epl-100\",\"quantity\":\"2.5\",\"site\":\"berlin-1\",\"start\":\"2028-"
  "02-29\"},{\"action\":"
  "\"add\","
  "\"chosen\":false,\"id\":\"2\",\"optional\":true,\"quantity\":\"1\"}],\"note\":\"Grüße\",\"orders\":[{"
  "\"id\":"
  "\"A\",\"lines\":[\"1\",\"2\"],\"requestedDate\":\"2027-03-01\"}],\"precedence\":[\"terms\",\"prices\"],"
  "\"spread\":[{\"currency\":\"EUR\",\"kind\":\"line-off\",\"label\":\"Deal\",\"period\":\"month\",\"type\":"
  "\"recurring\",\"value\":\"EUR 100.00\"},{\"currency\":\"USD\",\"kind\":\"percent-on\",\"type\":\"usage\","
  "\"value\":\"3%\"}],\"terms\":[{\"acknowledge\":true,\"clause\":\"liability\",\"origin\":\"customer\","
  "\"parameters\":[{\"name\":\"months\",\"value\":\"12\"}],\"rung\":\"fallback-1\",\"text\":\"T\",\"title\":"
  "\"L\","
  "\"version\":\"2\"}],\"validUntil\":\"2026-12-31T23:59:59.999999Z\"}";

static void
test_what_was_written_reads_back_to_the_same_bytes (void)
{
  g_autoptr (DdProposal) proposal = read_good (full);
  g_autofree char *written = write_text (proposal);

  g_assert_cmpstr (written, ==, full);
}

static void
test_a_default_is_not_written (void)
{
  g_autoptr (DdProposal) proposal = read_good (
    "{\"lines\":[{\"id\":\"1\",\"quantity\":1.0,\"action\":\"add\",\"optional\":false,\"commitment\":0,"
    "\"alterations\":[],\"installed\":[]}],\"spread\":[],\"terms\":[],\"orders\":[],\"commitment\":0}");
  g_autofree char *written = write_text (proposal);

  g_assert_cmpstr (written, ==, "{\"lines\":[{\"action\":\"add\",\"id\":\"1\",\"quantity\":\"1\"}]}");
}

/* --- random proposals --------------------------------------------------------------------------------------
 */

static gboolean
toss (void)
{
  return g_test_rand_bit () != 0;
}

static char *
random_text (void)
{
  static const char *const parts[] = { "a", "10", "é", "\"", "\\", "/", " ", "漢", "😀", "<", "Z" };
  GString *text = g_string_new ("t");

  for (int n = g_test_rand_int_range (0, 6); n > 0; n--)
    g_string_append (text, parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
  return g_string_free (text, FALSE);
}

static gint64
random_amount (void)
{
  gint64 amount = (gint64)g_test_rand_int_range (0, G_MAXINT32) * g_test_rand_int_range (1, 1000);

  return toss () ? amount : amount / 10000 * 10000;
}

static DdCurrency
random_currency (void)
{
  static const DdCurrency currencies[] = { { "EUR" }, { "JPY" }, { "BHD" }, { "USD" } };

  return currencies[g_test_rand_int_range (0, G_N_ELEMENTS (currencies))];
}

static void
random_alteration (DdLine *line)
{
  DdAlteration alteration = { .kind = (guint8)g_test_rand_int_range (0, DD_ADJUST_FACTOR + 1),
                              .charge = toss () ? random_text () : NULL,
                              .label = toss () ? random_text () : NULL };

  alteration.value = random_amount ();
  if (alteration.kind == DD_ADJUST_PERCENT_OFF)
    alteration.value %= DD_NANOS + 1;
  if (alteration.kind > DD_ADJUST_PERCENT_ON && alteration.kind != DD_ADJUST_FACTOR)
    alteration.currency = random_currency ();
  g_array_append_val (line->alterations, alteration);
}

static void
random_line (DdProposal *proposal, guint id)
{
  DdLine *line = dd_line_new ();

  line->id = g_strdup_printf ("%u", id);
  line->offering = toss () ? random_text () : NULL;
  line->asked_offering = toss () ? random_text () : NULL;
  line->name = toss () ? random_text () : NULL;
  line->site = toss () ? random_text () : NULL;
  line->quantity = 1 + random_amount () % (G_GINT64_CONSTANT (1000000000) * DD_MICROS);
  line->action = (guint8)g_test_rand_int_range (0, DD_N_ACTIONS);
  line->optional = toss ();
  line->chosen = line->optional ? (guint8)g_test_rand_int_range (0, 3) : 0;
  line->commitment = (guint16)g_test_rand_int_range (0, 1201);
  line->start = toss () ? g_strdup ("2027-03-31") : NULL;
  line->kept = toss () ? g_strdup ("{\"a\":1.50,\"b\":{}}") : NULL;
  for (int n = g_test_rand_int_range (0, 3); n > 0; n--)
    random_alteration (line);
  for (int n = g_test_rand_int_range (0, 3); n > 0; n--)
    {
      guint8 type = (guint8)g_test_rand_int_range (0, DD_N_CHARGE_TYPES);
      DdInstalled installed = {
        random_text (), type, DD_PERIOD_NONE, { random_amount (), random_currency () }
      };
      if (type == DD_CHARGE_RECURRING)
        installed.period = (guint8)g_test_rand_int_range (DD_PERIOD_DAY, DD_N_PERIODS);
      g_array_append_val (line->installed, installed);
    }
  g_ptr_array_add (proposal->lines, line);
}

static void
random_spread (DdProposal *proposal)
{
  static const guint8 kinds[] = { DD_ADJUST_PERCENT_OFF, DD_ADJUST_PERCENT_ON, DD_ADJUST_LINE_OFF,
                                  DD_ADJUST_LINE_ON };
  DdDealAlteration spread = { .type = (guint8)g_test_rand_int_range (0, DD_N_CHARGE_TYPES),
                              .kind = kinds[g_test_rand_int_range (0, 4)],
                              .currency = random_currency (),
                              .value = random_amount () % (DD_NANOS + 1),
                              .label = toss () ? random_text () : NULL };

  if (spread.type == DD_CHARGE_RECURRING)
    spread.period = (guint8)g_test_rand_int_range (DD_PERIOD_DAY, DD_N_PERIODS);
  g_array_append_val (proposal->spread, spread);
}

static void
random_term (DdProposal *proposal, guint id)
{
  DdTerm *term = dd_term_new ();

  term->clause = g_strdup_printf ("c%u", id);
  term->version = toss () ? random_text () : g_strdup ("");
  term->rung = random_text ();
  term->title = random_text ();
  term->text = random_text ();
  term->origin = (guint8)g_test_rand_int_range (0, DD_N_SIDES);
  term->acknowledge = toss ();
  for (int n = g_test_rand_int_range (0, 3); n > 0; n--)
    {
      DdParameter parameter = { random_text (), random_text () };
      g_array_append_val (term->parameters, parameter);
    }
  g_ptr_array_add (proposal->terms, term);
}

static DdProposal *
random_proposal (void)
{
  DdProposal *proposal = dd_proposal_new ();

  for (guint n = (guint)g_test_rand_int_range (1, 6), i = 0; i < n; i++)
    random_line (proposal, i + 1);
  for (int n = g_test_rand_int_range (0, 3); n > 0; n--)
    random_spread (proposal);
  for (guint n = (guint)g_test_rand_int_range (0, 4), i = 0; i < n; i++)
    random_term (proposal, i);
  if (toss ())
    {
      DdOrderPart *part = dd_order_part_new ();
      part->id = random_text ();
      g_ptr_array_add (part->lines, g_strdup ("1"));
      part->requested_date = toss () ? g_strdup ("2027-12-31") : NULL;
      g_ptr_array_add (proposal->orders, part);
    }
  if (toss ())
    g_ptr_array_add (proposal->precedence, random_text ());
  if (toss ())
    proposal->currency = random_currency ();
  proposal->commitment = (guint16)g_test_rand_int_range (0, 1201);
  proposal->billing_day = (guint8)g_test_rand_int_range (0, 29);
  proposal->effective_from = toss () ? g_strdup ("2027-01-01") : NULL;
  proposal->effective_to = toss () ? g_strdup ("2028-01-01") : NULL;
  proposal->irrevocable_until = toss () ? 1 + random_amount () : 0;
  proposal->valid_until = toss () ? proposal->irrevocable_until + 1 + random_amount () : 0;
  proposal->note = toss () ? random_text () : NULL;
  return proposal;
}

static void
test_any_proposal_reads_back_to_the_same_bytes (void)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (DdProposal) proposal = random_proposal ();
      g_autofree char *written = write_text (proposal);
      g_autoptr (DdProposal) again = read_good (written);
      g_autofree char *twice = write_text (again);

      g_assert_cmpstr (written, ==, twice);
    }
}

/* --- moments --- */

static void
test_moments_are_read_leniently_and_written_one_way (void)
{
  static const struct
  {
    const char *text;
    const char *written;
  } good[] = {
    { "2026-12-31", "2026-12-31T23:59:59.999999Z" },
    { "2026-12-31T12:00Z", "2026-12-31T12:00:00Z" },
    { "2026-12-31T12:00+02:00", "2026-12-31T10:00:00Z" },
    { "2026-12-31T12:00:00.5Z", "2026-12-31T12:00:00.500000Z" },
    { "2255-06-05T23:47:34Z", "2255-06-05T23:47:34Z" },
  };
  static const char *const wrong[] = { "",
                                       "2026",
                                       "2026-13-01",
                                       "2026-12-31T",
                                       "2026-12-31T12:00",
                                       "now",
                                       "2026-12-31 12:00:00Z trailing",
                                       "2255-06-06" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 time = 0;

      dd_time_parse (good[i].text, &time, &error);
      g_assert_no_error (error);
      g_autofree char *written = dd_time_format (time);
      g_assert_cmpstr (written, ==, good[i].written);
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 time = 7;

      g_assert_false (dd_time_parse (wrong[i], &time, &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      g_assert_cmpint (time, ==, 7);
    }
  g_assert_true (dd_time_is_valid ("9999-12-31T00:00Z"));
  g_assert_false (dd_date_is_valid ("9999-12-31T00:00Z"));
}

/* --- what the price engine gets --- */

/* Prices the one line of @text, whose plugin answers EUR 100 a month, or nothing. */
static DdSheet *
price (const char *text, gboolean charged, GError **error)
{
  g_autoptr (DdProposal) proposal = read_good (text);
  g_autoptr (GArray) lines = dd_proposal_price_lines (proposal);
  DdAnswers *answers = dd_answers_new ();
  DdCharge charge = {
    .id = dd_answers_label (answers, "rental"),
    .name = DD_NO_LABEL,
    .source = DD_NO_LABEL,
    .type = DD_CHARGE_RECURRING,
    .period = DD_PERIOD_MONTH,
    .currency = { "EUR" },
    .price = 100 * DD_MICROS,
    .minimum = DD_NO_LIMIT,
    .maximum = DD_NO_LIMIT,
  };

  if (charged)
    g_array_append_val (answers->charges, charge);
  dd_proposal_add_spreads (proposal, answers);
  dd_proposal_add_installed (proposal, answers);
  return dd_sheet_compute ((const DdPriceLine *)(gconstpointer)lines->data, lines->len, answers, error);
}

static void
assert_net (const char *text, gboolean charged, gint64 net)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdSheet) sheet = price (text, charged, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sheet->totals->len, ==, 1);
  g_assert_cmpint (g_array_index (sheet->totals, DdTotal, 0).net, ==, net);
}

#define PAYS(action, charge)                                                                                 \
  LINE ("\"action\":\"" action "\",\"installed\":[{\"charge\":\"" charge "\",\"net\":\"EUR 70.00\"}]")

static void
test_a_modified_line_is_the_new_net_less_the_installed_one (void)
{
  assert_net (LINE ("\"action\":\"add\""), TRUE, 100 * DD_MICROS);
  assert_net (PAYS ("modify", "rental"), TRUE, 30 * DD_MICROS);
}

static void
test_a_deleted_line_is_minus_the_installed_net (void)
{
  assert_net (PAYS ("delete", "rental"), TRUE, -70 * DD_MICROS);
  assert_net (PAYS ("delete", "rental"), FALSE, -70 * DD_MICROS);
}

static void
test_installed_nets_of_other_lines_change_nothing (void)
{
  assert_net (PAYS ("add", "rental"), TRUE, 100 * DD_MICROS);
}

static void
test_a_changed_line_without_its_installed_net_is_refused (void)
{
  static const char *const texts[] = { LINE ("\"action\":\"modify\""), LINE ("\"action\":\"delete\""),
                                       PAYS ("modify", "other") };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DdSheet) sheet = price (texts[i], TRUE, &error);

      g_assert_null (sheet);
      g_assert_error (error, DD_ERROR, DD_ERROR_UNPRICED);
      g_assert_nonnull (strstr (error->message, "installed"));
    }
}

static void
test_lines_start_on_their_own_day_or_the_proposals (void)
{
  g_autoptr (DdProposal) dated =
    read_good ("{\"billingDay\":15,\"effectiveFrom\":\"1970-01-31\",\"lines\":[{\"id\":\"1\"},{\"id\":\"2\","
               "\"start\":\"2000-02-29\"}]}");
  g_autoptr (DdProposal) undated = read_good (LINE ("\"quantity\":1"));
  g_autoptr (GArray) lines = dd_proposal_price_lines (dated);
  g_autoptr (GArray) none = dd_proposal_price_lines (undated);

  g_assert_cmpint (g_array_index (lines, DdPriceLine, 0).start, ==, 30);
  g_assert_cmpint (g_array_index (lines, DdPriceLine, 1).start, ==, 11016);
  g_assert_cmpuint (g_array_index (lines, DdPriceLine, 1).billing_day, ==, 15);
  g_assert_cmpint (g_array_index (none, DdPriceLine, 0).start, ==, DD_NO_DAY);
  g_assert_cmpuint (g_array_index (none, DdPriceLine, 0).billing_day, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/proposal/" name, function)
  ADD ("a-bad-document-names-its-place", test_a_bad_document_names_its_place);
  ADD ("what-was-written-reads-back-to-the-same-bytes", test_what_was_written_reads_back_to_the_same_bytes);
  ADD ("a-default-is-not-written", test_a_default_is_not_written);
  ADD ("lines-start-on-their-own-day-or-the-proposals", test_lines_start_on_their_own_day_or_the_proposals);
  ADD ("any-proposal-reads-back-to-the-same-bytes", test_any_proposal_reads_back_to_the_same_bytes);
  ADD ("moments-are-read-leniently-and-written-one-way", test_moments_are_read_leniently_and_written_one_way);
  ADD ("a-modified-line-is-the-new-net-less-the-installed-one",
       test_a_modified_line_is_the_new_net_less_the_installed_one);
  ADD ("a-deleted-line-is-minus-the-installed-net", test_a_deleted_line_is_minus_the_installed_net);
  ADD ("installed-nets-of-other-lines-change-nothing", test_installed_nets_of_other_lines_change_nothing);
  ADD ("a-changed-line-without-its-installed-net-is-refused",
       test_a_changed_line_without_its_installed_net_is_refused);
  return g_test_run ();
}
