/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Long work on the store: who hears how far it is, how it is interrupted, and the door that a restore closes.
 */
#include "fixture.h"

#include "background.h"
#include "door.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct
{
  GTestDBus *bus;
  Server *server;
  GDBusConnection *caller;
  GDBusConnection *other;
  char *deal;
  guint n_told; /* Progress signals that the caller got */
  guint n_other;
  guint64 last;
} Fixture;

static void
on_progress (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer data)
{
  Fixture *f = data;
  guint64 done, total;
  guint job;

  g_variant_get (parameters, "(utt)", &job, &done, &total);
  if (connection == f->other)
    {
      f->n_other++;
      return;
    }
  g_assert_cmpuint (job, ==, 7);
  g_assert_cmpuint (total, >, 0);
  g_assert_cmpuint (done, <=, total);
  g_assert_cmpuint (done, >=, f->last);
  f->last = done;
  f->n_told++;
}

static void
hear (Fixture *f, GDBusConnection *connection)
{
  g_dbus_connection_signal_subscribe (connection, NULL, "org.dealdesk1.Manager", "Progress", NULL, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_progress, f, NULL);
}

static void
setup (Fixture *f, gconstpointer data)
{
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);
  f->server = server_start (bus_connect (), TRUE);
  f->caller = bus_connect ();
  f->other = bus_connect ();
  hear (f, f->caller);
  hear (f, f->other);
  import_samples (f->caller, f->server, "carla");
  f->deal = open_deal (f->caller, f->server);
}

static void
teardown (Fixture *f, gconstpointer data)
{
  bus_disconnect (f->caller);
  bus_disconnect (f->other);
  server_stop (f->server);
  g_test_dbus_down (f->bus);
  g_object_unref (f->bus);
  g_free (f->deal);
}

/* --- progress --- */

static GVariant *
options (gboolean progress)
{
  return progress ? g_variant_new_parsed ("{'progress': <uint32 7>}") : g_variant_new_parsed ("@a{sv} {}");
}

static void
expect_progress (Fixture *f, gboolean told)
{
  settle (f->caller);
  settle (f->other);
  g_assert_cmpint (f->n_told > 0, ==, told);
  g_assert_cmpuint (f->n_other, ==, 0);
  f->n_told = 0;
  f->last = 0;
}

static GUnixFDList *
take_copy (Fixture *f, gboolean progress)
{
  Pending *call =
    call_start (f->caller, f->server, MANAGER, "Backup", g_variant_new ("(@a{sv})", options (progress)), NULL,
                G_DBUS_MESSAGE_FLAGS_NONE);
  GUnixFDList *fds;

  call_wait (call);
  g_assert_no_error (call->error);
  fds = g_object_ref (call->fds);
  call_free (call);
  return fds;
}

static Pending *
start_restore (Fixture *f, GUnixFDList *fds, gboolean dry_run, gboolean progress)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "dry-run", "b", dry_run);
  if (progress)
    g_variant_dict_insert (&dict, "progress", "u", 7);
  return call_start (f->caller, f->server, MANAGER, "Restore",
                     g_variant_new ("(h@a{sv})", 0, g_variant_dict_end (&dict)), fds,
                     G_DBUS_MESSAGE_FLAGS_NONE);
}

/* 20000 rows: told a few times. */
static GUnixFDList *
large_table (void)
{
  g_autoptr (GString) csv = g_string_new ("alias,offering\n");
  int fd = memfd_create ("table", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (csv, "alias-%u,dia-1000\n", i);
  g_assert_cmpint (write (fd, csv->str, csv->len), ==, csv->len);
  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL), ==, 0);
  return g_unix_fd_list_new_from_array (&fd, 1);
}

static void
import_table (Fixture *f, gboolean progress)
{
  g_autoptr (GUnixFDList) fds = large_table ();
  Pending *call =
    call_start (f->caller, f->server, CATALOG, "Import",
                g_variant_new ("(sv@a{sv})", "aliases", g_variant_new_handle (0), options (progress)), fds,
                G_DBUS_MESSAGE_FLAGS_NONE);

  call_wait (call);
  g_assert_no_error (call->error);
  call_free (call);
}

static void
test_progress (Fixture *f, gconstpointer data)
{
  for (guint told = 0; told < 2; told++)
    {
      g_autoptr (GVariant) verified =
        call_good (f->caller, f->server, MANAGER, "Verify", g_variant_new ("(@a{sv})", options (told)));
      expect_progress (f, told);
      g_autoptr (GUnixFDList) copy = take_copy (f, told);
      expect_progress (f, told);
      Pending *checked = start_restore (f, copy, TRUE, told);
      call_wait (checked);
      g_assert_no_error (checked->error);
      call_free (checked);
      expect_progress (f, told);
      import_table (f, told);
      expect_progress (f, told);
    }
}

/* --- interrupting --- */

static void
test_interrupted (Fixture *f, gconstpointer data)
{
  static const char *const methods[] = { "Verify", "Backup" };
  g_autoptr (GUnixFDList) copy = take_copy (f, FALSE);

  dd_background_interrupt (f->server->service->background, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autofree char *said = call_bad (f->caller, f->server, MANAGER, methods[i],
                                        g_variant_new ("(@a{sv})", options (FALSE)), "Unavailable");
      g_assert_nonnull (strstr (said, "interrupted"));
    }
  Pending *restoring = start_restore (f, copy, FALSE, FALSE);
  g_assert_nonnull (strstr (must_have_failed (restoring, "Unavailable"), "interrupted"));
  call_free (restoring);
  dd_background_interrupt (f->server->service->background, FALSE);
  g_autoptr (GVariant) verified =
    call_good (f->caller, f->server, MANAGER, "Verify", g_variant_new ("(@a{sv})", options (FALSE)));
}

/* --- the door --- */

/* With somebody inside it stays closed, and who asks is sent away; the restore waits. */
static void
test_door (Fixture *f, gconstpointer data)
{
  DdDoor *door = f->server->service->door;
  g_autoptr (GUnixFDList) copy = take_copy (f, FALSE);
  Pending *first, *second;

  g_assert_true (dd_door_enter (door, NULL));
  first = start_restore (f, copy, FALSE, FALSE);
  while (!dd_door_is_closed (door))
    g_main_context_iteration (NULL, TRUE);
  second = start_restore (f, copy, FALSE, FALSE);
  must_have_failed (second, "Unavailable");
  call_free (second);
  g_autofree char *said = call_bad (f->caller, f->server, MANAGER, "Status",
                                    g_variant_new ("(@a{sv})", options (FALSE)), "Unavailable");
  g_assert_nonnull (strstr (said, "being restored: ask again"));
  g_assert_false (first->done);
  dd_door_leave (door);
  call_wait (first);
  g_assert_no_error (first->error);
  call_free (first);
  g_assert_false (dd_door_is_closed (door));
  g_assert_cmpuint (dd_door_inside (door), ==, 0);
  g_autoptr (GVariant) status =
    call_good (f->caller, f->server, MANAGER, "Status", g_variant_new ("(@a{sv})", options (FALSE)));
}

/* Two at once: what comes in has one place. */
static void
test_two_at_once (Fixture *f, gconstpointer data)
{
  DdDoor *door = f->server->service->door;
  g_autoptr (GUnixFDList) copy = take_copy (f, FALSE);
  Pending *first, *second;

  g_assert_true (dd_door_enter (door, NULL));
  first = start_restore (f, copy, FALSE, FALSE);
  while (!dd_door_is_closed (door))
    g_main_context_iteration (NULL, TRUE);
  dd_door_open (door);
  second = start_restore (f, copy, TRUE, FALSE);
  g_assert_nonnull (strstr (must_have_failed (second, "Unavailable"), "another restore"));
  call_free (second);
  dd_door_close (door);
  dd_door_leave (door);
  call_wait (first);
  g_assert_no_error (first->error);
  call_free (first);
}

static void
test_no_descriptor (Fixture *f, gconstpointer data)
{
  Pending *call = start_restore (f, NULL, FALSE, FALSE);

  must_have_failed (call, "InvalidArgument");
  call_free (call);
}

#define CASE(path, function) g_test_add (path, Fixture, NULL, setup, function, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* The journal is told of a restore as of something to look at. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  CASE ("/backup/progress-is-told-to-the-caller-that-asks-and-to-nobody-else", test_progress);
  CASE ("/backup/long-work-ends-when-it-is-asked-to", test_interrupted);
  CASE ("/restore/calls-are-refused-until-it-is-done", test_door);
  CASE ("/restore/there-is-one-at-a-time", test_two_at_once);
  CASE ("/restore/without-a-descriptor-is-refused", test_no_descriptor);
  return g_test_run ();
}
