/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whole requests as TMF648 quotes in: our own sample, and real ones where they are present.
 */
#include "tmf-fixture.h"

static void
test_sample_request_maps_whole (void)
{
  g_autofree char *path = source_file ("data/samples/request-linden.json");
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  g_autoptr (DdQuoteRequest) request = read_good_quote (text);

  g_assert_cmpuint (request->proposal->lines->len, >=, 100);
  g_assert_cmpstr (request->customer, ==, "linden-market");
  g_assert_cmpuint (request->remarks->len, <, 12);
  for (guint i = 0; i < request->proposal->lines->len; i++)
    g_assert_nonnull (line_of (request, i)->asked_offering);
  assert_reads_back (request->proposal);
}

/* The body of @json: FIWARE's files wrap it in the HTTP request that carried it. */
static const DdJsonNode *
body_of (const DdJson *json)
{
  const DdJsonNode *body = dd_json_member (dd_json_root (json), "body");

  return body != NULL ? body : dd_json_root (json);
}

/* Returns whether @path maps; if not, its error is one clear sentence with a place. */
static gboolean
try_payload (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  g_autoptr (DdJson) json = parse_json (text);
  g_autoptr (DdQuoteRequest) request = dd_quote_request_read (body_of (json), &error);

  if (request == NULL)
    {
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, ": "));
      g_test_message ("%s: %s", path, error->message);
      return FALSE;
    }
  g_assert_no_error (error);
  assert_reads_back (request->proposal);

  g_autofree char *schema = shared_file ("tmf/TMF648-Quote-v4.0.0.swagger.json");
  g_autofree char *quote = export_request (request);

  for (guint i = 0; i < request->remarks->len; i++)
    g_test_message ("%s: %s", path, (char *)g_ptr_array_index (request->remarks, i));
  if (schema != NULL)
    assert_valid (schema, "Quote", quote);
  return TRUE;
}

static guint
try_folder (const char *folder, guint *out_refused)
{
  g_autofree char *full = shared_file (folder);
  const char *name;
  guint mapped = 0;

  *out_refused = 0;
  if (full == NULL)
    return 0;

  g_autoptr (GDir) dir = g_dir_open (full, 0, NULL);

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (full, name, NULL);

      if (!g_str_has_suffix (name, ".json"))
        continue;
      if (try_payload (path))
        mapped++;
      else
        (*out_refused)++;
    }
  return mapped;
}

static void
test_sonata_payloads_map_or_say_why_not (void)
{
  guint refused;
  guint mapped = try_folder ("payloads/mef-sonata", &refused);

  if (mapped + refused == 0)
    return;
  g_assert_cmpuint (mapped, ==, 6);
  g_assert_cmpuint (refused, ==, 6); /* product orders */
}

static void
test_fiware_payloads_map_or_say_why_not (void)
{
  guint refused;
  guint mapped = try_folder ("payloads/fiware-negotiation", &refused);

  if (mapped + refused == 0)
    return;
  g_assert_cmpuint (mapped, ==, 2);
  g_assert_cmpuint (refused, ==, 7); /* catalogue and party, changes of state, and one with an id twice */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tmf/payloads/sample-request-maps-whole", test_sample_request_maps_whole);
  g_test_add_func ("/tmf/payloads/sonata-payloads-map-or-say-why-not",
                   test_sonata_payloads_map_or_say_why_not);
  g_test_add_func ("/tmf/payloads/fiware-payloads-map-or-say-why-not",
                   test_fiware_payloads_map_or_say_why_not);
  return g_test_run ();
}
