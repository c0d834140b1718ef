/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Orders after a restore: the sink may have got since the copy was made what the copy says is pending. A sink
 * that tells duplicates gets it again; for one that can't a person decides.
 */
#include "copies.h"

#include <glib/gstdio.h>
#include <string.h>

/* An order that the copy has as pending, and that the spool has got since. */
static char *
delivered_since (Rig *rig, Copy **out_copy)
{
  g_autofree char *fingerprint = NULL;
  g_autofree char *deal = agreed_deal (rig, &fingerprint);
  g_autoptr (DdJson) watched = call_must (call_text (call_new ("manager", "Watch"), deal), rig->connection);

  g_assert_cmpint (g_rmdir (rig->spool), ==, 0);
  g_autoptr (DdJson) signed_now = call_must (last_signature (deal, fingerprint), rig->connection);
  for (;;)
    {
      g_autoptr (DdJson) orders = call_must (call_new (deal, "Orders"), rig->connection);
      const char *note = text_at (orders, "orders/0/note");
      guint seen = rig->n_moved;

      if (note != NULL && strstr (note, "directory") != NULL)
        break;
      while (rig->n_moved == seen)
        rig_iterate ();
    }
  *out_copy = copy_take (rig, rig->connection, "copy");
  g_assert_cmpint (g_mkdir (rig->spool, 0700), ==, 0);
  rig_wait_state (rig, deal, "closed");
  return g_steal_pointer (&deal);
}

static void
test_a_sink_that_tells (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (Copy) copy = NULL;

  rig_start (rig);
  rig_import_samples (rig);
  g_autofree char *deal = delivered_since (rig, &copy);
  g_autoptr (GPtrArray) before = list_spool (rig);
  g_autoptr (DdJson) done = restore (rig, copy->path, FALSE, NULL);
  rig_wait_state (rig, deal, "closed");
  g_autoptr (GPtrArray) after = list_spool (rig);
  g_autoptr (GPtrArray) pages = read_log (rig->connection, deal);
  g_autofree char *log = node_text (dd_json_root (pages->pdata[0]));

  g_assert_cmpuint (before->len, ==, 1);
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_cmpstr (before->pdata[0], ==, after->pdata[0]);
  g_assert_nonnull (strstr (log, "restored from a copy"));
}

/* --- a sink that can't tell --- */

static void
copy_module (const Rig *rig)
{
  g_autofree char *module = g_build_filename (rig->folder, "plugins", "plain-sink.so", NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (PLAIN_SINK, &bytes, &length, NULL));
  g_assert_true (
    g_file_set_contents_full (module, bytes, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0755, NULL));
}

/* The shipped plugins are found in the configuration's directories. */
static Rig *
rig_with_plain_sink (void)
{
  Rig *rig = rig_new ();
  g_autofree char *folder = g_build_filename (rig->folder, "plugins", NULL);
  g_autofree char *file = g_build_filename (folder, "plain-sink.plugin", NULL);
  g_autofree char *config =
    g_strdup_printf ("[Provider]\nName=Sample Telecom AG\n[Plugins]\nDirectories=%s\nInDaemon=plain-sink\n"
                     "[Handoff]\nPlugin=plain-sink\n[plugin plain-sink]\ndirectory=%s\n"
                     "[plugin handoff-spool]\ndirectory=%s\n",
                     folder, rig->spool, rig->spool);

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  copy_module (rig);
  g_assert_true (g_file_set_contents_full (
    file,
    "[Plugin]\nId=plain-sink\nModule=plain-sink.so\nAbi=1\nKinds=handoff\n[Option directory]\nType=text\n"
    "Default=\n",
    -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, NULL));
  g_assert_true (g_file_set_contents (rig->config, config, -1, NULL));
  rig_start (rig);
  rig_import_samples (rig);
  return rig;
}

static void
wait_held (Rig *rig, const char *deal)
{
  g_autoptr (DdJson) watched = call_must (call_text (call_new ("manager", "Watch"), deal), rig->connection);

  for (;;)
    {
      g_autoptr (DdJson) orders = call_must (call_new (deal, "Orders"), rig->connection);
      guint seen = rig->n_moved;

      if (g_strcmp0 (text_at (orders, "orders/0/state"), "held") == 0)
        return;
      g_assert_cmpstr (text_at (orders, "orders/0/state"), ==, "pending");
      while (rig->n_moved == seen)
        rig_iterate ();
    }
}

static void
test_a_sink_that_cannot_tell (void)
{
  g_autoptr (Rig) rig = rig_with_plain_sink ();
  g_autoptr (Copy) copy = NULL;
  g_autofree char *deal = delivered_since (rig, &copy);
  g_autoptr (DdJson) done = restore (rig, copy->path, FALSE, NULL);

  wait_held (rig, deal);
  g_autoptr (GPtrArray) names = list_spool (rig);
  g_assert_cmpuint (names->len, ==, 1);
  g_autoptr (DdJson) verified = rig_verify (rig);

  /* A copy of the store with the held order holds it too, also where a person had it sent meanwhile. */
  g_autoptr (Copy) second = copy_take (rig, rig->connection, "second");
  g_autoptr (DdJson) sent =
    call_must (call_value (call_text (call_text (call_new (deal, "ResolveOrder"), "1"), "retry"),
                           g_variant_new_string ("it never came")),
               rig->connection);
  rig_wait_state (rig, deal, "closed");
  g_autoptr (DdJson) again = restore (rig, second->path, FALSE, NULL);
  g_autoptr (DdJson) orders = call_must (call_new (deal, "Orders"), rig->connection);
  g_assert_cmpstr (text_at (orders, "orders/0/state"), ==, "held");
  g_autoptr (GPtrArray) after = list_spool (rig);
  g_assert_cmpuint (after->len, ==, 2);
}

/* --- confirmed after the copy was made --- */

/* A deal whose order the sink got, and a copy from before its last signature. */
static char *
confirmed_since (Rig *rig, Copy **out_copy, char **out_fingerprint)
{
  g_autofree char *deal = agreed_deal (rig, out_fingerprint);

  *out_copy = copy_take (rig, rig->connection, "copy");
  g_autoptr (DdJson) signed_now = call_must (last_signature (deal, *out_fingerprint), rig->connection);
  /* The control: nothing was restored, and it is sent. */
  rig_wait_state (rig, deal, "closed");
  g_autoptr (GPtrArray) names = list_spool (rig);
  g_assert_cmpuint (names->len, ==, 1);
  return g_steal_pointer (&deal);
}

static void
test_confirmed_again (void)
{
  g_autoptr (Rig) rig = rig_with_plain_sink ();
  g_autoptr (Copy) copy = NULL;
  g_autofree char *fingerprint = NULL;
  g_autofree char *deal = confirmed_since (rig, &copy, &fingerprint);
  g_autoptr (DdJson) done = restore (rig, copy->path, FALSE, NULL);
  g_autoptr (DdJson) signed_again = call_must (last_signature (deal, fingerprint), rig->connection);

  wait_held (rig, deal);
  g_autoptr (GPtrArray) names = list_spool (rig);
  g_assert_cmpuint (names->len, ==, 1);

  /* A deal that began after the restore is in no doubt. */
  g_autofree char *next_fingerprint = NULL;
  g_autofree char *next = agreed_deal (rig, &next_fingerprint);
  g_autoptr (DdJson) signed_next = call_must (last_signature (next, next_fingerprint), rig->connection);
  rig_wait_state (rig, next, "closed");

  /* The first is sent when a person says so. */
  g_autoptr (DdJson) sent =
    call_must (call_value (call_text (call_text (call_new (deal, "ResolveOrder"), "1"), "retry"),
                           g_variant_new_string ("it never came")),
               rig->connection);
  rig_wait_state (rig, deal, "closed");
  g_autoptr (GPtrArray) after = list_spool (rig);
  g_assert_cmpuint (after->len, ==, 3);
}

/* A sink that tells duplicates gets it under the same key. */
static void
test_confirmed_again_told (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (Copy) copy = NULL;
  g_autofree char *fingerprint = NULL;

  rig_start (rig);
  rig_import_samples (rig);
  g_autofree char *deal = confirmed_since (rig, &copy, &fingerprint);
  g_autoptr (DdJson) done = restore (rig, copy->path, FALSE, NULL);
  g_autoptr (DdJson) signed_again = call_must (last_signature (deal, fingerprint), rig->connection);
  rig_wait_state (rig, deal, "closed");
}

/* The control: the same copy put in place by hand sends the order a second time. */
static void
test_by_hand (void)
{
  g_autoptr (Rig) rig = rig_with_plain_sink ();
  g_autoptr (Copy) copy = NULL;
  g_autofree char *deal = delivered_since (rig, &copy);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_cmpint (rig_stop (rig), ==, 0);
  g_assert_true (g_file_get_contents (copy->path, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents_full (rig->database, bytes, (gssize)length,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  rig_start (rig);
  rig_wait_state (rig, deal, "closed");
  g_autoptr (GPtrArray) names = list_spool (rig);
  g_assert_cmpuint (names->len, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doubt/a-sink-that-tells-duplicates-gets-an-order-again", test_a_sink_that_tells);
  g_test_add_func ("/doubt/an-order-for-a-sink-that-cannot-tell-is-held", test_a_sink_that_cannot_tell);
  g_test_add_func ("/doubt/an-order-confirmed-again-after-a-restore-is-held", test_confirmed_again);
  g_test_add_func ("/doubt/or-sent-to-a-sink-that-tells-duplicates", test_confirmed_again_told);
  g_test_add_func ("/doubt/a-copy-put-in-place-by-hand-sends-it-twice", test_by_hand);
  return g_test_run ();
}
