/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Bad input: one error that names the place and the reason, no deal half made, and the daemon serves on.
 */
#include "moves.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

static Rig *rig;

static void
check_nothing_made (void)
{
  g_autoptr (DdJson) status = call_must (call_new ("manager", "Status"), rig->connection);

  g_assert_cmpstr (text_at (status, "store/deals"), ==, "0");
  g_assert_cmpstr (text_at (status, "store/events"), ==, "0");
}

static Call *
open_call (const char *text, gssize length, const char *format)
{
  Call *call = call_document (call_new ("manager", "Open"), text, length);

  call_option (call, "format", g_variant_new_string (format));
  return call_option (call, "customer", g_variant_new_string ("linden-market"));
}

/* The message must say every one of @words, "|" between them. */
static void
check_words (const char *message, const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, "|", -1);

  g_assert_null (strchr (message, '\n'));
  for (guint i = 0; parts[i] != NULL; i++)
    if (strstr (message, parts[i]) == NULL)
      g_error ("“%s” doesn't say “%s”", message, parts[i]);
}

static void
refused (const char *text, gssize length, const char *format, const char *name, const char *words)
{
  g_autofree char *message = call_must_fail (open_call (text, length, format), rig->connection, name);

  check_words (message, words);
  check_nothing_made ();
}

/* --- documents --- */

#define ITEM(members)                                                                                        \
  "{\"quoteItem\":[{\"id\":\"1\",\"action\":\"add\",\"productOffering\":{\"id\":\"epl-100\"}," members "}]}"

static void
test_quantities (void)
{
  static const char *const bad[] = { "-1",       "0",  "0.0000001", "1e400", "1e12", "99999999999999999999",
                                     "\"many\"", "{}", "true" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = g_strdup_printf (ITEM ("\"quantity\":%s"), bad[i]);

      refused (text, -1, "tmf648", "InvalidArgument", "quoteItem[0].quantity");
    }
}

static void
test_money (void)
{
  static const char *const bad[] = { "EUR 1.2345678", "EUR 99999999999999999999", "1 EUR", "EUR", "eur 1",
                                     "EUR NaN" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = g_strdup_printf (
        "{\"lines\":[{\"id\":\"1\",\"offering\":\"epl-100\",\"alterations\":[{\"charge\":\"rental\","
        "\"kind\":\"unit-off\",\"value\":\"%s\"}]}]}",
        bad[i]);

      refused (text, -1, "proposal", "InvalidArgument", "lines[0].alterations[0]");
    }
}

static void
test_json (void)
{
  g_autoptr (GString) deep = g_string_new ("{\"lines\":");

  refused ("{\"description\":\"Linden\x92s\",\"quoteItem\":[]}", -1, "tmf648", "InvalidArgument", "UTF-8");
  refused ("{\"quoteItem\":[],\"quoteItem\":[]}", -1, "tmf648", "InvalidArgument", "quoteItem");
  refused ("{\"quoteItem\":[{\"id\":\"1\",\"product\":\"\"}]}", -1, "tmf648", "InvalidArgument",
           "quoteItem[0].product|object");
  refused ("{\"quoteItem\":[{\"id\":\"1\",\"productOffering\":\"\"}]}", -1, "tmf648", "InvalidArgument",
           "quoteItem[0].productOffering|object");
  refused ("{\"quoteItem\":[", -1, "tmf648", "InvalidArgument", "");
  refused ("[]", -1, "tmf648", "InvalidArgument", "object");
  refused ("{\"quoteItem\":[]} x", -1, "tmf648", "InvalidArgument", "");
  refused ("{\"lines\":[{\"id\":\"1\",\"offering\":\"epl-100\",\"colour\":\"red\"}]}", -1, "proposal",
           "InvalidArgument", "lines[0]|colour");
  refused ("{\"lines\":[]}", -1, "proposal", "InvalidArgument", "lines");
  for (guint i = 0; i < 100; i++)
    g_string_append_c (deep, '[');
  for (guint i = 0; i < 100; i++)
    g_string_append_c (deep, ']');
  g_string_append_c (deep, '}');
  refused (deep->str, -1, "tmf648", "TooLarge", "64");
}

static void
test_nul_and_empty (void)
{
  static const char nul[] = "{\"lines\":[{\"id\":\"1\0\"}]}";

  refused (nul, sizeof nul - 1, "proposal", "InvalidArgument", "");
  refused ("{\"lines\":[{\"id\":\"1\\u0000\",\"offering\":\"epl-100\"}]}", -1, "proposal", "InvalidArgument",
           "");
  refused (NULL, 0, "proposal", "InvalidArgument", "empty");
}

/* --- descriptors --- */

static void
refused_descriptor (int descriptor, const char *name, const char *words)
{
  Call *call = call_descriptor (call_new ("manager", "Open"), descriptor);
  g_autofree char *message = call_must_fail (call, rig->connection, name);

  close (descriptor);
  check_words (message, words);
  check_nothing_made ();
}

static void
test_huge (void)
{
  int descriptor = memfd_create ("huge", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (ftruncate (descriptor, 200 * 1000 * 1000), ==, 0);
  g_assert_cmpint (fcntl (descriptor, F_ADD_SEALS, SEALS), ==, 0);
  refused_descriptor (descriptor, "TooLarge", "200000000|at most");
}

/* One that its sender could still change, or that isn't a memfd at all. */
static void
test_unsealed (void)
{
  int descriptor = memfd_create ("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  int pipes[2];

  g_assert_cmpint (write (descriptor, "{}", 2), ==, 2);
  refused_descriptor (descriptor, "InvalidArgument", "sealed");
  descriptor = memfd_create ("half", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  g_assert_cmpint (write (descriptor, "{}", 2), ==, 2);
  g_assert_cmpint (fcntl (descriptor, F_ADD_SEALS, SEALS & ~F_SEAL_GROW), ==, 0);
  refused_descriptor (descriptor, "InvalidArgument", "sealed");
  refused_descriptor (open ("/dev/zero", O_RDONLY | O_CLOEXEC), "InvalidArgument", "sealed");
  g_assert_cmpint (pipe2 (pipes, O_CLOEXEC), ==, 0);
  close (pipes[1]);
  refused_descriptor (pipes[0], "InvalidArgument", "sealed");
}

static void
test_handle_without_descriptor (void)
{
  Call *call = call_value (call_new ("manager", "Open"), g_variant_new_variant (g_variant_new_handle (7)));
  g_autofree char *message = call_must_fail (call, rig->connection, "InvalidArgument");

  check_words (message, "descriptor");
  check_nothing_made ();
}

/* --- calls --- */

static void
refused_call (Call *call, const char *words)
{
  g_autofree char *message = call_must_fail (call, rig->connection, "InvalidArgument");

  check_words (message, words);
  check_nothing_made ();
}

static void
test_options (void)
{
  static const char good[] = "{\"lines\":[{\"id\":\"1\",\"offering\":\"epl-100\"}]}";
  g_autofree char *long_key = g_strnfill (129, 'k');

  refused_call (call_option (open_call (good, -1, "proposal"), "colour", g_variant_new_string ("red")),
                "colour|it knows");
  refused_call (call_option (open_call (good, -1, "proposal"), "title", g_variant_new_uint32 (7)),
                "title|type s");
  refused_call (call_key (open_call (good, -1, "proposal"), ""), "1 to 128");
  refused_call (call_key (open_call (good, -1, "proposal"), long_key), "1 to 128");
  refused_call (call_as (open_call (good, -1, "proposal"), ""), "nobody");
  refused_call (call_option (open_call (good, -1, "proposal"), "channel", g_variant_new_string ("mail")),
                "customer-person");
  refused_call (
    call_option (open_call (good, -1, "proposal"), "occurred-at", g_variant_new_string ("yesterday")),
    "occurred-at");
  refused_call (open_call (good, -1, "pdf"), "format|pdf");
  refused_call (
    call_value (call_new ("manager", "Open"), g_variant_new_variant (g_variant_new_string (good))),
    "ay or h");
}

static void
test_wrong_types_and_ids (void)
{
  static const char *const paths[] = { "D-0", "D--1", "D-x", "D-99999999999999999999" };
  g_autoptr (GError) error = NULL;
  g_autoptr (Call) call = call_number (call_new ("manager", "Open"), 7);
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);

  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) refused = NULL;
      g_autoptr (Call) get = NULL;
      g_autoptr (Answer) none = NULL;

      if (strchr (paths[i] + 2, '-') != NULL)
        continue; /* no object path */
      get = call_new (paths[i], "Get");
      none = call_send (get, rig->connection, &refused);
      g_assert_null (none);
    }
  g_autofree char *missing = call_must_fail (call_new ("D-7", "Get"), rig->connection, "NotFound");
  check_words (missing, "D-7");
  check_nothing_made ();
}

/* A table is taken whole or not at all. */
static void
test_tables (void)
{
  static const struct
  {
    const char *csv;
    const char *words;
  } bad[] = {
    { "id,name\nx,Name\ny,Linden\x92s\n", "3" }, { "id,name\nx,\"open\n", "" },
    { "id,colour\nx,red\n", "colour" },          { "id\nx\n", "name" },
    { "id,name\nx,One\nx,Two\n", "3" },          { "id,name,valid_from\nx,One,yesterday\n", "valid_from" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      Call *call = call_document (call_text (call_new ("catalog", "Import"), "offerings"), bad[i].csv, -1);
      g_autofree char *message = call_must_fail (call, rig->connection, "InvalidArgument");

      check_words (message, bad[i].words);
    }
  g_autofree char *unknown =
    call_must_fail (call_document (call_text (call_new ("catalog", "Import"), "colours"), "id\nx\n", -1),
                    rig->connection, "NotFound");
  check_words (unknown, "colours");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  rig = rig_new ();
  rig_start (rig);
  g_test_add_func ("/input/impossible-quantities-are-refused-at-their-place", test_quantities);
  g_test_add_func ("/input/money-beyond-exactness-is-refused-at-its-place", test_money);
  g_test_add_func ("/input/broken-json-is-refused-with-its-reason", test_json);
  g_test_add_func ("/input/nul-and-nothing-are-refused", test_nul_and_empty);
  g_test_add_func ("/input/two-hundred-megabytes-are-refused-unread", test_huge);
  g_test_add_func ("/input/an-unsealed-descriptor-is-refused", test_unsealed);
  g_test_add_func ("/input/a-handle-without-descriptor-is-refused", test_handle_without_descriptor);
  g_test_add_func ("/input/unknown-and-mistyped-options-are-refused-by-name", test_options);
  g_test_add_func ("/input/wrong-types-and-ids-are-refused", test_wrong_types_and_ids);
  g_test_add_func ("/input/a-table-is-taken-whole-or-not-at-all", test_tables);
  status = g_test_run ();
  rig_free (rig);
  return status;
}
