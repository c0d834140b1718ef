/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The whole way over the bus: from a real request to delivered orders.
 */
#include "moves.h"

#include <string.h>

static Rig *
rig_with_samples (void)
{
  Rig *rig = rig_new ();

  rig_start (rig);
  rig_import_samples (rig);
  return rig;
}

/* Opens the request in @text; @map: (nullable) a{ss}. */
static char *
open_request (Rig *rig, const char *text, GVariant *map)
{
  g_autoptr (Call) call = call_as (call_document (call_new ("manager", "Open"), text, -1), "anna");
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = NULL;
  char *deal;

  if (map != NULL)
    call_option (call, "map", map);
  answer = call_send (call, rig->connection, &error);
  g_assert_no_error (error);
  g_variant_get_child (answer->value, 0, "s", &deal);
  return deal;
}

static char *export(Rig *rig, const char *deal, const char *format, guint revision, gboolean request)
{
  g_autoptr (Call) call = call_number (call_text (call_new (deal, "Export"), format), revision);
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = NULL;

  if (request)
    call_option (call, "request", g_variant_new_boolean (TRUE));
  answer = call_send (call, rig->connection, &error);
  g_assert_no_error (error);
  return answer_text (answer, NULL);
}

/* The quote of @deal is valid against TM Forum's schema, where that is at hand. */
static void
check_quote (Rig *rig, const char *deal, guint revision)
{
  g_autofree char *schema = shared_path ("tmf/TMF648-Quote-v4.0.0.swagger.json");
  g_autofree char *quote = export(rig, deal, "tmf648", revision, FALSE);
  int status;

  g_assert_nonnull (strstr (quote, "\"quoteItem\""));
  if (schema == NULL)
    return;
  status = validate_tmf ("tmf/TMF648-Quote-v4.0.0.swagger.json", "Quote", quote);
  g_assert_true (status == 0 || status == 77);
}

/* The first deal-level discount that the customer wants: @percent off all recurring and one-time charges. */
static char *
with_discount (const char *offer, const char *percent)
{
  g_autofree char *head =
    g_strdup_printf ("{\"spread\":[{\"type\":\"recurring\",\"period\":\"month\",\"kind\":\"percent-off\","
                     "\"currency\":\"EUR\",\"value\":\"%s\"}],",
                     percent);

  g_assert_cmpint (offer[0], ==, '{');
  return g_strconcat (head, offer + 1, NULL);
}

static void
check_files (Rig *rig, const char *deal)
{
  g_autoptr (GPtrArray) names = list_spool (rig);
  g_autoptr (DdJson) orders = call_must (call_new (deal, "Orders"), rig->connection);
  const DdJsonNode *list = at (dd_json_root (orders), "orders");

  g_assert_cmpuint (dd_json_length (list), ==, 2);
  g_assert_cmpuint (names->len, ==, 2);
  for (const DdJsonNode *order = dd_json_first (list); order != NULL; order = dd_json_next (order))
    {
      const char *key = dd_json_text (dd_json_member (order, "key"));
      guint found = 0;

      g_assert_cmpstr (dd_json_text (dd_json_member (order, "state")), ==, "delivered");
      for (guint i = 0; i < names->len; i++)
        found += strstr (names->pdata[i], key) != NULL;
      g_assert_cmpuint (found, ==, 1);
    }
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (rig->spool, names->pdata[i], NULL);
      g_autofree char *schema = shared_path ("tmf/TMF622-ProductOrder-v4.0.0.swagger.json");
      g_autofree char *text = NULL;
      int status;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      if (schema == NULL)
        continue;
      status = validate_tmf ("tmf/TMF622-ProductOrder-v4.0.0.swagger.json", "ProductOrder", text);
      g_assert_true (status == 0 || status == 77);
    }
}

/* Carla, a manager, decides what anna couldn't; anna herself and her colleague can't. */
static void
approve (Rig *rig, const char *deal, guint revision)
{
  g_autoptr (DdJson) state = call_must (call_new (deal, "Get"), rig->connection);
  const char *sheet = text_at (state, "requests/0/sheet");
  static const char *const refused[] = { "anna", "ben" };

  g_assert_nonnull (sheet);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      Call *call = call_text (call_number (call_number (call_new (deal, "Approve"), revision), 0), sheet);
      g_autofree char *message = call_must_fail (call_as (call, refused[i]), rig->connection, "NoAuthority");

      g_assert_nonnull (strstr (message, refused[i]));
    }
  Call *call = call_text (call_number (call_number (call_new (deal, "Approve"), revision), 0), sheet);
  g_autoptr (DdJson) done = call_must (call_as (call, "carla"), rig->connection);
  g_assert_cmpstr (text_at (done, "state"), ==, "agreed");
}

static void
test_request_to_orders (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *request = source_text ("data/samples/request-linden.json", NULL);
  g_autofree char *deal = open_request (rig, request, NULL);
  g_autofree char *asked = export(rig, deal, "proposal", 0, TRUE);
  g_autofree char *offer = with_terms_and_orders (asked);
  g_autofree char *wanted = with_discount (offer, "18%");

  g_autoptr (DdJson) tabled = propose (rig, deal, offer, "anna");
  g_assert_cmpstr (text_at (tabled, "proposalState"), ==, "tabled");
  g_autoptr (DdJson) question =
    call_must (call_customer (call_text (call_text (call_new (deal, "Ask"), "clause:liability"),
                                         "Is lost profit covered?"),
                              "J. Linden"),
               rig->connection);
  g_autofree char *open_question = call_must_fail (
    call_customer (call_text (call_number (call_new (deal, "Acknowledge"), 1), "liability"), "J. Linden"),
    rig->connection, "Incomplete");
  g_autoptr (DdJson) answered = call_must (
    call_as (call_text (call_number (call_new (deal, "Answer"), 1), "Only in gross negligence."), "anna"),
    rig->connection);

  Call *counter = call_document (call_number (call_new (deal, "Counter"), 1), wanted, -1);
  g_autoptr (DdJson) countered = call_must (call_customer (counter, "J. Linden"), rig->connection);
  g_assert_cmpstr (text_at (countered, "revision"), ==, "2");
  g_autoptr (DdJson) waiting = accept (rig, deal, 2, FALSE);
  g_assert_cmpstr (text_at (waiting, "state"), ==, "negotiating");
  g_assert_nonnull (at (dd_json_root (waiting), "requirements/0"));
  approve (rig, deal, 2);

  sign_both (rig, deal, 2);
  rig_wait_state (rig, deal, "closed");
  check_files (rig, deal);
  check_quote (rig, deal, 2);
  g_autoptr (DdJson) verified = rig_verify (rig);
  g_assert_cmpstr (text_at (verified, "deals"), ==, "1");
}

/* The same bytes, before and after a restart. */
static void
test_views_survive_a_restart (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *deal = open_small (rig, 3, NULL);
  g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");
  g_autofree char *before = export(rig, deal, "view", 1, FALSE);
  g_autofree char *fingerprint = g_compute_checksum_for_string (G_CHECKSUM_SHA256, before, -1);

  g_assert_cmpstr (text_at (tabled, "fingerprint"), ==, fingerprint);
  g_assert_cmpint (rig_stop (rig), ==, 0);
  rig_start (rig);
  g_autofree char *after = export(rig, deal, "view", 1, FALSE);
  g_autofree char *named = fingerprint_of (rig, deal, 1);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (named, ==, fingerprint);
}

/* --- MEF Sonata --- */

#define PAYLOAD "payloads/mef-sonata/MEF_125_0_1_Use_Case_4_Quote_-_new_EPL.json"

static char *
sonata_request (void)
{
  g_autofree char *path = shared_path (PAYLOAD);
  char *text = NULL;

  if (path == NULL)
    g_test_skip ("MEF's payloads aren't part of the source: ../shared/" PAYLOAD);
  else
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static GVariant *
sonata_map (void)
{
  return g_variant_new_parsed ("{'000073': 'epl-100', '000074': 'uni-1g'}");
}

static void
propose_sonata (Rig *rig, const char *deal)
{
  g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");

  g_assert_cmpstr (text_at (tabled, "proposalState"), ==, "tabled");
  check_quote (rig, deal, 1);
}

static void
test_sonata_by_map (void)
{
  g_autofree char *request = sonata_request ();

  if (request == NULL)
    return;
  g_autoptr (Rig) rig = rig_with_samples ();
  rig_import (rig, "aliases", "alias,offering\n", -1);
  g_autofree char *deal = open_request (rig, request, sonata_map ());
  propose_sonata (rig, deal);
}

static void
test_sonata_by_aliases (void)
{
  g_autofree char *request = sonata_request ();

  if (request == NULL)
    return;
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *deal = open_request (rig, request, NULL);
  propose_sonata (rig, deal);
}

/* Kept, not priced, and said how to map; then mapped in the proposal. */
static void
test_sonata_unmapped (void)
{
  g_autofree char *request = sonata_request ();

  if (request == NULL)
    return;
  g_autoptr (Rig) rig = rig_with_samples ();
  rig_import (rig, "aliases", "alias,offering\n", -1);
  g_autofree char *deal = open_request (rig, request, NULL);
  g_autofree char *message =
    call_must_fail (call_document (call_new (deal, "Propose"), NULL, 0), rig->connection, "Unmapped");
  g_autoptr (DdJson) kept = call_must (call_new (deal, "Get"), rig->connection);

  g_assert_nonnull (strstr (message, "000073"));
  g_assert_nonnull (strstr (message, "map"));
  g_assert_nonnull (at (dd_json_root (kept), "remarks/0"));
  g_autoptr (DdJson) tabled = call_must (
    call_as (call_option (call_document (call_new (deal, "Propose"), NULL, 0), "map", sonata_map ()), "anna"),
    rig->connection);
  g_assert_cmpstr (text_at (tabled, "proposalState"), ==, "tabled");
}

/* The other requests are taken whole or refused with one error; none is half made. */
static void
test_sonata_all (void)
{
  g_autofree char *folder = shared_path ("payloads/mef-sonata");
  guint opened = 0;

  if (folder == NULL)
    {
      g_test_skip ("MEF's payloads aren't part of the source: ../shared/payloads/mef-sonata");
      return;
    }
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  for (const char *name = g_dir_read_name (files); name != NULL; name = g_dir_read_name (files))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_autoptr (Call) call = call_document (call_new ("manager", "Open"), text, -1);
      call_option (call, "customer", g_variant_new_string ("buyer-co"));
      g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
      g_autofree char *refused = error != NULL ? error_name (error) : NULL;
      g_test_message ("%s: %s", name, answer != NULL ? "opened" : error->message);
      g_assert_true (answer != NULL || g_str_equal (refused, "InvalidArgument"));
      opened += answer != NULL;
    }
  g_autoptr (DdJson) status = call_must (call_new ("manager", "Status"), rig->connection);
  g_assert_cmpint (g_ascii_strtoll (text_at (status, "store/deals"), NULL, 10), ==, opened);
  g_assert_cmpuint (opened, >=, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/way/a-request-becomes-delivered-orders", test_request_to_orders);
  g_test_add_func ("/way/a-view-has-the-same-bytes-after-a-restart", test_views_survive_a_restart);
  g_test_add_func ("/way/sonata-is-mapped-by-the-call", test_sonata_by_map);
  g_test_add_func ("/way/sonata-is-mapped-by-a-dataset", test_sonata_by_aliases);
  g_test_add_func ("/way/an-unmapped-offering-is-kept-and-named", test_sonata_unmapped);
  g_test_add_func ("/way/every-sonata-payload-is-taken-or-refused-whole", test_sonata_all);
  return g_test_run ();
}
