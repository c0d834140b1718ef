/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Restore while the daemon runs: exactly the copy, nothing else lost; what isn't a sound copy of such a store
 * is refused and changes nothing; a crash at any step leaves one whole store.
 */
#include "copies.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static Rig *
started_rig (void)
{
  Rig *rig = rig_new ();

  rig_start (rig);
  rig_import_samples (rig);
  return rig;
}

static char *
log_text (const Rig *rig, const char *deal)
{
  g_autoptr (GPtrArray) pages = read_log (rig->connection, deal);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pages->len; i++)
    {
      g_autofree char *page = node_text (dd_json_root (pages->pdata[i]));

      g_string_append (text, page);
    }
  return g_string_free (text, FALSE);
}

static void
on_unwatched (GDBusConnection *connection,
              const char *sender,
              const char *path,
              const char *interface,
              const char *name,
              GVariant *parameters,
              gpointer data)
{
  const char *deal;

  g_variant_get (parameters, "(&s)", &deal);
  g_assert_cmpstr (deal, ==, "");
  *(gboolean *)data = TRUE;
}

/* Waits for the Unwatched that a restore sends a watcher of all deals. */
static void
wait_unwatched (Rig *rig, const char *path, DdJson **out_reply, char **out_head)
{
  gboolean told = FALSE;
  guint signal =
    g_dbus_connection_signal_subscribe (rig->connection, NULL, "org.dealdesk1.Manager", "Unwatched", NULL,
                                        NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_unwatched, &told, NULL);
  g_autoptr (DdJson) watched = call_must (call_text (call_new ("manager", "Watch"), ""), rig->connection);

  *out_reply = restore (rig, path, FALSE, out_head);
  while (!told)
    rig_iterate ();
  g_dbus_connection_signal_unsubscribe (rig->connection, signal);
}

static void
test_exactly (void)
{
  g_autoptr (Rig) rig = started_rig ();
  g_autofree char *first = open_small (rig, 2, NULL);
  g_autofree char *before = log_text (rig, first);
  g_autoptr (Copy) copy = copy_take (rig, rig->connection, "copy");
  g_autofree char *lost = open_small (rig, 2, NULL);
  g_autoptr (DdJson) tabled = propose (rig, first, NULL, "anna");
  g_autofree char *lost_head = head_of (rig);
  g_autoptr (DdJson) told = restore (rig, copy->path, TRUE, NULL);
  g_autofree char *unchanged = head_of (rig);
  g_autoptr (DdJson) done = NULL;
  g_autofree char *head = NULL;

  /* Opened; drafted and tabled. */
  g_assert_cmpstr (text_at (told, "lost/events"), ==, "3");
  g_assert_cmpstr (text_at (told, "lost/deals"), ==, "1");
  g_assert_cmpstr (text_at (told, "lost/head"), ==, lost_head);
  g_assert_cmpstr (unchanged, ==, lost_head);
  wait_unwatched (rig, copy->path, &done, &head);
  g_autofree char *now = head_of (rig);
  g_autofree char *after = log_text (rig, first);
  g_autofree char *gone = call_must_fail (call_new (lost, "Get"), rig->connection, "NotFound");
  g_autofree char *next = open_small (rig, 2, NULL);
  g_autofree char *said = rig_said (rig);

  g_assert_cmpstr (now, ==, head);
  g_assert_cmpstr (head, !=, copy->head);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (has_head (rig, copy->head));
  g_assert_true (has_head (rig, head));
  g_assert_false (has_head (rig, lost_head));
  /* D-2 may be on paper somewhere. */
  g_assert_cmpstr (lost, ==, "D-2");
  g_assert_cmpstr (next, ==, "D-3");
  g_assert_nonnull (strstr (said, "The store was restored by"));

  /* The replaced store is whole, and can be restored in its turn. */
  const char *kept = text_at (done, "kept");
  g_autoptr (DdJson) back = restore (rig, kept, FALSE, NULL);
  g_autoptr (DdJson) found = call_must (call_new (lost, "Get"), rig->connection);
  g_assert_true (has_head (rig, lost_head));
  g_assert_false (has_head (rig, head));
  g_assert_cmpuint (count_files (rig, ".before-restore"), ==, 2);
  g_assert_cmpint (rig_stop (rig), ==, 0);
  rig_start (rig);
  g_autoptr (DdJson) verified = rig_verify (rig);
}

/* Equal versions of a dataset hold other rows afterwards: nothing remembered may answer. */
static void
test_datasets (void)
{
  static const char old_rows[] = "person,group\nanna,sales\n";
  static const char new_rows[] = "person,group\nanna,sales\nbert,sales\n";
  g_autoptr (Rig) rig = rig_new ();

  rig_start (rig);
  rig_import_samples (rig);
  g_autoptr (Copy) copy = copy_take (rig, rig->connection, "copy");
  g_autofree char *cheap = source_text ("data/samples/charges.csv", NULL);
  g_autoptr (GString) dear = g_string_new (cheap);

  rig_import (rig, "members", new_rows, -1);
  g_string_replace (dear, "420.00", "777.00", 0);
  g_assert_cmpstr (dear->str, !=, cheap);
  rig_import (rig, "charges", dear->str, -1);
  g_autofree char *before = open_small (rig, 1, NULL);
  g_autoptr (DdJson) dear_sheet = propose (rig, before, NULL, "anna");
  g_autoptr (DdJson) done = restore (rig, copy->path, FALSE, NULL);

  rig_import (rig, "members", old_rows, -1);
  rig_import (rig, "charges", cheap, -1);
  g_autofree char *after = open_small (rig, 1, NULL);
  g_autoptr (DdJson) cheap_sheet = propose (rig, after, NULL, "anna");
  g_assert_cmpstr (text_at (dear_sheet, "sheet"), !=, text_at (cheap_sheet, "sheet"));
}

/* --- under load --- */

#define N_CLIENTS 4

typedef struct
{
  const Rig *rig;
  GThread *thread;
  gint *stage;        /* atomic: 0 before the copy, 1 until the restore, 2 after it, 3 the end */
  GPtrArray *early;   /* deals answered before the copy was asked for */
  GPtrArray *late;    /* deals asked for after the restore was answered */
  guint n_unanswered; /* of the time between: refused, "ask again" */
} Client;

static gpointer
open_deals (gpointer data)
{
  Client *client = data;
  g_autoptr (GDBusConnection) connection = rig_connect (client->rig);
  g_autofree char *offer = small_offer (2, NULL);
  gint stage;

  while ((stage = g_atomic_int_get (client->stage)) < 3)
    {
      g_autoptr (Call) call = call_document (call_new ("manager", "Open"), offer, -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (Answer) answer = NULL;
      char *deal;

      call_option (call, "format", g_variant_new_string ("proposal"));
      call_option (call, "customer", g_variant_new_string ("linden"));
      answer = call_send (call, connection, &error);
      if (answer == NULL)
        {
          g_autofree char *name = error_name (error);

          g_assert_cmpstr (name, ==, "Unavailable");
          g_assert_nonnull (strstr (error->message, "ask again"));
          client->n_unanswered++;
          continue;
        }
      g_variant_get_child (answer->value, 0, "s", &deal);
      if (stage == 0 && g_atomic_int_get (client->stage) == 0)
        g_ptr_array_add (client->early, deal);
      else if (stage == 2)
        g_ptr_array_add (client->late, deal);
      else
        g_free (deal);
    }
  g_dbus_connection_close_sync (connection, NULL, NULL);
  return NULL;
}

static guint
count_found (const Rig *rig, GPtrArray *deals)
{
  guint n = 0;

  for (guint i = 0; i < deals->len; i++)
    {
      g_autoptr (DdJson) deal = call_must (call_new (deals->pdata[i], "Get"), rig->connection);

      n++;
    }
  return n;
}

/* Waits until every client has answers of this stage. */
static void
wait_answers (Client *clients, gsize list)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    while (((GPtrArray *)G_STRUCT_MEMBER (gpointer, &clients[i], list))->len < 5)
      g_usleep (1000);
}

static void
test_under_load (void)
{
  g_autoptr (Rig) rig = started_rig ();
  Client clients[N_CLIENTS];
  gint stage = 0;
  guint n_early = 0, n_late = 0, n_unanswered = 0;

  for (guint i = 0; i < N_CLIENTS; i++)
    {
      clients[i] = (Client){ .rig = rig,
                             .stage = &stage,
                             .early = g_ptr_array_new_with_free_func (g_free),
                             .late = g_ptr_array_new_with_free_func (g_free) };
      clients[i].thread = g_thread_new ("client", open_deals, &clients[i]);
    }
  wait_answers (clients, G_STRUCT_OFFSET (Client, early));
  g_atomic_int_set (&stage, 1);
  g_autoptr (Copy) copy = copy_take (rig, rig->connection, "copy");
  g_autoptr (DdJson) done = restore (rig, copy->path, FALSE, NULL);
  g_atomic_int_set (&stage, 2);
  wait_answers (clients, G_STRUCT_OFFSET (Client, late));
  g_atomic_int_set (&stage, 3);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_thread_join (clients[i].thread);
      n_early += count_found (rig, clients[i].early);
      n_late += count_found (rig, clients[i].late);
      n_unanswered += clients[i].n_unanswered;
      g_ptr_array_unref (clients[i].early);
      g_ptr_array_unref (clients[i].late);
    }
  g_autoptr (DdJson) verified = rig_verify (rig);
  g_test_message ("%u deals from before the copy, %u from after the restore, %u calls refused meanwhile, %s "
                  "events lost",
                  n_early, n_late, n_unanswered, text_at (done, "lost/events"));
}

/* --- what is refused --- */

/* Wherever @text is in the file, it is another one afterwards, as long as it was. */
static void
spoil (const char *path, const char *text)
{
  g_autofree char *bytes = NULL;
  gsize length;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (char *found = bytes;
       (found = memmem (found, length - (gsize)(found - bytes), text, strlen (text))) != NULL; n++)
    found[0] ^= 1;
  g_assert_cmpuint (n, >, 0);
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length, NULL));
}

static char *
other_copy (const Rig *rig, const Copy *copy, const char *name)
{
  char *path = g_build_filename (rig->folder, name, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (copy->path, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length, NULL));
  return path;
}

static void
refused_after (const Rig *rig, const Copy *copy, const char *sql, const char *error, const char *words)
{
  g_autofree char *path = other_copy (rig, copy, "spoilt");

  change_copy (path, sql);
  restore_refused (rig, path, error, words);
}

static void
test_refusals (void)
{
  g_autoptr (Rig) rig = started_rig ();
  g_autofree char *deal = open_small (rig, 3, NULL);
  g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");
  g_autoptr (DdJson) asked = call_must (
    call_text (call_text (call_new (deal, "Ask"), ""), "a question that is nowhere else"), rig->connection);
  g_autoptr (Copy) copy = copy_take (rig, rig->connection, "copy");
  g_autofree char *damaged = other_copy (rig, copy, "damaged");
  g_autofree char *truncated = other_copy (rig, copy, "truncated");
  g_autofree char *short_one = other_copy (rig, copy, "short");
  g_autofree char *foreign = g_build_filename (rig->folder, "foreign", NULL);
  g_autofree char *text = g_build_filename (rig->folder, "text", NULL);

  spoil (damaged, "a question that is nowhere else");
  restore_refused (rig, damaged, "StoreDamaged", "the copy: ");
  g_assert_cmpint (truncate (truncated, (off_t)(copy->bytes / 2 / 4096 * 4096)), ==, 0);
  restore_refused (rig, truncated, "StoreDamaged", "the copy: ");
  g_assert_cmpint (truncate (short_one, 50), ==, 0);
  restore_refused (rig, short_one, "StoreDamaged", "too short");
  change_copy (foreign, "CREATE TABLE event (a); INSERT INTO event VALUES (1)");
  restore_refused (rig, foreign, "StoreDamaged", "not dealdesk's");
  g_assert_true (g_file_set_contents (text, "id,name\n", -1, NULL));
  restore_refused (rig, text, "StoreDamaged", "the copy");
  restore_refused (rig, rig->database, "InvalidArgument", "own store");
  restore_refused (rig, "/dev/zero", "InvalidArgument", "regular file");
  refused_after (rig, copy, "PRAGMA user_version = 99", "StoreNewer", "schema version 99");
  refused_after (rig, copy, "UPDATE property SET value = 0 WHERE name = 'development'", "InvalidArgument",
                 "no development store");
  refused_after (rig, copy, "UPDATE event_body SET body = replace (body, '\"', '''') WHERE sequence = 1",
                 "StoreDamaged", "the copy: ");
  refused_after (rig, copy, "UPDATE deal SET title = 'another'", "StoreDamaged", "D-1");
  refused_after (rig, copy, "UPDATE counter SET deals = 7", "StoreDamaged", "the copy: its counters");
  /* The control: what nobody touched is taken. */
  g_autofree char *same = other_copy (rig, copy, "same");
  g_autoptr (DdJson) done = restore (rig, same, FALSE, NULL);
}

/* A full disk while the copy comes in: an ordinary error. */
static void
test_full_disk (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Faults *faults = rig_faults (rig);

  rig_start (rig);
  rig_import_samples (rig);
  g_autoptr (Copy) copy = copy_take (rig, rig->connection, "copy");
  faults->limit = 65536;
  restore_refused (rig, copy->path, "StoreFull", "");
  faults->limit = 0;
  g_autoptr (DdJson) done = restore (rig, copy->path, FALSE, NULL);
}

/* --- crashes --- */

/* Whether it was killed. */
static gboolean
restore_and_die (Rig *rig, const char *path)
{
  g_autoptr (Call) call = restore_call (path, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);

  if (answer != NULL)
    return FALSE;
  g_assert_cmpint (rig_wait_end (rig), ==, -SIGKILL);
  return TRUE;
}

static void
test_crashes (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Faults *faults = rig_faults (rig);
  guint n_old = 0, n_new = 0;
  gboolean killed = TRUE;

  rig_start (rig);
  rig_import_samples (rig);
  g_autofree char *deal = open_small (rig, 2, NULL);
  g_autoptr (Copy) copy = copy_take (rig, rig->connection, "copy");
  for (guint step = 1; killed; step++)
    {
      g_autofree char *lost = open_small (rig, 2, NULL);
      g_autofree char *before = head_of (rig);
      gboolean old;

      faults->n_steps = 0;
      faults->kill_at = step;
      faults->count_steps = 1;
      killed = restore_and_die (rig, copy->path);
      faults->count_steps = 0;
      if (killed)
        rig_start (rig);
      g_autoptr (DdJson) verified = rig_verify (rig);
      old = has_head (rig, before);
      /* The lost deals of earlier rounds are in neither; that of this one is in exactly one. */
      g_assert_true (has_head (rig, copy->head));
      g_assert_cmpuint (count_files (rig, "dealdesk.db.restore"), ==, 0);
      n_old += old;
      n_new += !old;
      if (!old)
        g_assert_cmpuint (count_files (rig, ".before-restore"), >, 0);
    }
  g_test_message ("killed before each of %u steps: %u times the old store, then %u times the new one",
                  n_old + n_new - 1, n_old, n_new);
  g_assert_cmpuint (n_old, >, 3);
  g_assert_cmpuint (n_new, >, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/restore/gives-exactly-the-copy-and-keeps-the-store-that-it-replaces", test_exactly);
  g_test_add_func ("/restore/nothing-remembered-of-the-old-store-answers", test_datasets);
  g_test_add_func ("/restore/under-load-loses-nothing-but-what-came-after-the-copy", test_under_load);
  g_test_add_func ("/restore/what-is-no-sound-copy-of-such-a-store-is-refused", test_refusals);
  g_test_add_func ("/restore/a-full-disk-is-an-ordinary-error", test_full_disk);
  g_test_add_func ("/restore/kill-9-before-any-step-leaves-one-whole-store", test_crashes);
  return g_test_run ();
}
