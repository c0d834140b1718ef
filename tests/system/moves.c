/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Moves that most tests make (see moves.h).
 */
#include "moves.h"

#include <string.h>

char *
time_ahead (guint seconds)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_seconds (now, seconds + 0.999);

  return g_date_time_format (then, "%Y-%m-%dT%H:%M:%SZ");
}

char *
small_offer (guint n, const char *head)
{
  GString *text = g_string_new ("{");
  g_autoptr (GString) ids = g_string_new (NULL);

  g_string_append_printf (text, "%s\"lines\":[", head != NULL ? head : "");
  for (guint i = 1; i <= n; i++)
    {
      g_string_append_printf (text, "%s{\"id\":\"%u\",\"offering\":\"epl-100\",\"quantity\":1}",
                              i > 1 ? "," : "", i);
      g_string_append_printf (ids, "%s\"%u\"", i > 1 ? "," : "", i);
    }
  g_string_append_printf (text, "],\"orders\":[{\"id\":\"1\",\"lines\":[%s]}],\"commitment\":12}", ids->str);
  return g_string_free (text, FALSE);
}

char *
open_small (const Rig *rig, guint n, const char *key)
{
  g_autofree char *offer = small_offer (n, NULL);
  g_autoptr (Call) call = call_as (call_document (call_new ("manager", "Open"), offer, -1), "anna");
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = NULL;
  char *deal;

  call_option (call, "format", g_variant_new_string ("proposal"));
  call_option (call, "customer", g_variant_new_string ("linden-market"));
  if (key != NULL)
    call_key (call, key);
  answer = call_send (call, rig->connection, &error);
  g_assert_no_error (error);
  g_variant_get_child (answer->value, 0, "s", &deal);
  return deal;
}

DdJson *
propose (const Rig *rig, const char *deal, const char *document, const char *as)
{
  return call_must (call_as (call_document (call_new (deal, "Propose"), document, -1), as), rig->connection);
}

char *
fingerprint_of (const Rig *rig, const char *deal, guint revision)
{
  g_autoptr (Call) call = call_number (call_new (deal, "View"), revision);
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
  char *fingerprint;

  g_assert_no_error (error);
  g_variant_get_child (answer->value, 0, "s", &fingerprint);
  return fingerprint;
}

DdJson *
accept (const Rig *rig, const char *deal, guint revision, gboolean customer)
{
  g_autofree char *fingerprint = fingerprint_of (rig, deal, revision);
  Call *call = call_text (call_number (call_new (deal, "Accept"), revision), fingerprint);

  call_as (call, "anna");
  return call_must (customer ? call_customer (call, "J. Linden") : call, rig->connection);
}

void
sign_both (const Rig *rig, const char *deal, guint revision)
{
  g_autofree char *fingerprint = fingerprint_of (rig, deal, revision);
  g_autofree char *path = g_strdup_printf ("revisions/%u/asks", revision - 1);
  g_autoptr (DdJson) state = call_must (call_new (deal, "Get"), rig->connection);
  const DdJsonNode *asks = at (dd_json_root (state), path);

  for (const DdJsonNode *ask = dd_json_first (asks); ask != NULL; ask = dd_json_next (ask))
    {
      Call *call = call_number (call_new (deal, "Acknowledge"), revision);
      g_autoptr (DdJson) done = call_must (
        call_customer (call_text (call, dd_json_text (dd_json_member (ask, "clause"))), "J. Linden"),
        rig->connection);

      g_assert_nonnull (done);
    }
  g_autoptr (DdJson) first = call_must (
    call_customer (call_text (call_new (deal, "Sign"), fingerprint), "J. Linden"), rig->connection);
  g_autoptr (DdJson) second =
    call_must (call_as (call_text (call_new (deal, "Sign"), fingerprint), "dario"), rig->connection);
}

GPtrArray *
read_log (GDBusConnection *connection, const char *deal)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_json_unref);
  guint64 after = 0;

  for (;;)
    {
      Call *call = call_value (call_new (deal, "Log"), g_variant_new_uint64 (after));
      g_autoptr (DdJson) page = call_must (call_number (call, 1000), connection);
      guint n = dd_json_length (at (dd_json_root (page), "events"));

      after += n;
      g_ptr_array_add (pages, g_steal_pointer (&page));
      if (n < 1000)
        return pages;
    }
}

static int
compare_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
list_spool (const Rig *rig)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) spool = g_dir_open (rig->spool, 0, NULL);
  const char *name;

  while (spool != NULL && (name = g_dir_read_name (spool)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_text);
  return names;
}

/* The lines' ids of one half, as JSON. */
static void
add_half (GString *text, const DdJsonNode *lines, gboolean second)
{
  guint half = dd_json_length (lines) / 2, i = 0;
  const char *comma = "";

  for (const DdJsonNode *line = dd_json_first (lines); line != NULL; line = dd_json_next (line), i++)
    if ((i >= half) == second)
      {
        g_string_append_printf (text, "%s\"%s\"", comma, dd_json_text (dd_json_member (line, "id")));
        comma = ",";
      }
}

static void
add_member (GString *text, const DdJsonNode *member)
{
  g_autofree char *value = node_text (member);

  g_string_append_printf (text, "\"%s\":%s,", dd_json_name (member), value);
}

char *
with_terms_and_orders (const char *document)
{
  g_autofree char *sample = source_text ("data/samples/terms-standard.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) terms = dd_json_parse (sample, strlen (sample), NULL, &error);
  g_autoptr (DdJson) offer = dd_json_parse (document, strlen (document), NULL, &error);
  GString *text = g_string_new ("{");

  g_assert_no_error (error);
  for (const DdJsonNode *member = dd_json_first (dd_json_root (offer)); member != NULL;
       member = dd_json_next (member))
    if (strcmp (dd_json_name (member), "orders") != 0 && strcmp (dd_json_name (member), "terms") != 0)
      add_member (text, member);
  for (const DdJsonNode *member = dd_json_first (dd_json_root (terms)); member != NULL;
       member = dd_json_next (member))
    add_member (text, member);
  g_string_append (text, "\"orders\":[{\"id\":\"1\",\"lines\":[");
  add_half (text, at (dd_json_root (offer), "lines"), FALSE);
  g_string_append (text, "]},{\"id\":\"2\",\"lines\":[");
  add_half (text, at (dd_json_root (offer), "lines"), TRUE);
  g_string_append (text, "]}]}");
  return g_string_free (text, FALSE);
}

int
validate_tmf (const char *swagger, const char *definition, const char *document)
{
  g_autofree char *schema = shared_path (swagger);
  g_autofree char *tool = g_build_filename (SOURCE_DIR, "tests/tools/validate-tmf.py", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *said = NULL;

  g_assert_nonnull (schema);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
                              "/usr/bin/python3", tool, schema, definition, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, document, NULL, NULL, &said, &error);
  g_assert_no_error (error);
  if (said != NULL && said[0] != '\0')
    g_test_message ("%s: %s", definition, said);
  return g_subprocess_get_exit_status (process);
}

char *
agreed_deal (Rig *rig, char **out_fingerprint)
{
  g_autofree char *deal = open_small (rig, 1, NULL);
  g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");
  g_autoptr (DdJson) agreed = accept (rig, deal, 1, TRUE);

  *out_fingerprint = fingerprint_of (rig, deal, 1);
  g_autoptr (DdJson) signed_once = call_must (
    call_customer (call_text (call_new (deal, "Sign"), *out_fingerprint), "J. Linden"), rig->connection);
  return g_steal_pointer (&deal);
}

Call *
last_signature (const char *deal, const char *fingerprint)
{
  g_autofree char *key = g_strconcat ("sign-", deal, NULL);

  return call_key (call_as (call_text (call_new (deal, "Sign"), fingerprint), "dario"), key);
}
