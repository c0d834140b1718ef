/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Documents in messages and in memfds, in both directions.
 */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

typedef struct
{
  GTestDBus *bus;
  Server *server;
  GDBusConnection *caller;
} Fixture;

static void
setup (Fixture *f, gconstpointer data)
{
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);
  f->server = server_start (bus_connect (), TRUE);
  f->caller = bus_connect ();
}

static void
teardown (Fixture *f, gconstpointer data)
{
  bus_disconnect (f->caller);
  server_stop (f->server);
  g_test_dbus_down (f->bus);
  g_object_unref (f->bus);
}

static GUnixFDList *
make_memfd (const char *text, gsize size, int seals)
{
  int fd = memfd_create ("document", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (fd, >=, 0);
  if (text != NULL)
    g_assert_cmpint (write (fd, text, size), ==, (gssize)size);
  else
    g_assert_cmpint (ftruncate (fd, (off_t)size), ==, 0);
  if (seals != 0)
    g_assert_cmpint (fcntl (fd, F_ADD_SEALS, seals), ==, 0);
  return g_unix_fd_list_new_from_array (&fd, 1);
}

static Pending *
import (Fixture *f, GVariant *value, GUnixFDList *fds)
{
  Pending *call =
    call_start (f->caller, f->server, CATALOG, "Import",
                g_variant_new ("(s@va{sv})", "members", g_variant_new_variant (value), NULL), fds, 0);

  call_wait (call);
  return call;
}

static void
must_refuse (Fixture *f, GVariant *value, GUnixFDList *fds, const char *error, const char *part)
{
  g_autoptr (GUnixFDList) list = fds;
  Pending *call = import (f, value, list);
  const char *message = must_have_failed (call, error);

  g_test_message ("%s", message);
  g_assert_nonnull (strstr (message, part));
  call_free (call);
}

static void
test_inline (Fixture *f, gconstpointer data)
{
  static const guint8 big[64 * 1024 + 1];

  must_refuse (f, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, big, sizeof big, 1), NULL, "TooLarge",
               "memfd");
  must_refuse (f, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, big, 0, 1), NULL, "InvalidArgument",
               "empty");
  must_refuse (f, g_variant_new_string ("group,person\n"), NULL, "InvalidArgument", "ay or h");
  must_refuse (f, g_variant_new_variant (g_variant_new_handle (0)), NULL, "InvalidArgument", "ay or h");
}

static void
test_seals (Fixture *f, gconstpointer data)
{
  static const char text[] = "group,person\na,b\n";
  static const int missing[] = {
    0, F_SEAL_WRITE, SEALS & ~F_SEAL_WRITE, SEALS & ~F_SEAL_SHRINK, SEALS & ~F_SEAL_GROW, SEALS & ~F_SEAL_SEAL
  };
  int pipe_fds[2], null;

  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    must_refuse (f, g_variant_new_handle (0), make_memfd (text, strlen (text), missing[i]), "InvalidArgument",
                 "sealed");
  g_assert_cmpint (pipe2 (pipe_fds, O_CLOEXEC), ==, 0);
  must_refuse (f, g_variant_new_handle (0), g_unix_fd_list_new_from_array (pipe_fds, 1), "InvalidArgument",
               "sealed");
  close (pipe_fds[1]);
  null = open ("/dev/zero", O_RDONLY | O_CLOEXEC);
  must_refuse (f, g_variant_new_handle (0), g_unix_fd_list_new_from_array (&null, 1), "InvalidArgument",
               "sealed");
}

static void
test_index (Fixture *f, gconstpointer data)
{
  static const char text[] = "group,person\na,b\n";

  must_refuse (f, g_variant_new_handle (0), NULL, "InvalidArgument", "no file descriptor");
  must_refuse (f, g_variant_new_handle (1), make_memfd (text, strlen (text), SEALS), "InvalidArgument",
               "no file descriptor");
  must_refuse (f, g_variant_new_handle (-1), make_memfd (text, strlen (text), SEALS), "InvalidArgument",
               "no file descriptor");
  must_refuse (f, g_variant_new_handle (G_MAXINT32), make_memfd (text, strlen (text), SEALS),
               "InvalidArgument", "no file descriptor");
}

/* Sparse: nothing of that size is in memory. */
static void
test_sizes (Fixture *f, gconstpointer data)
{
  must_refuse (f, g_variant_new_handle (0), make_memfd (NULL, 0, SEALS), "InvalidArgument", "empty");
  must_refuse (f, g_variant_new_handle (0), make_memfd (NULL, 512u * 1024 * 1024 + 1, SEALS), "TooLarge",
               "at most");
}

static void
test_good (Fixture *f, gconstpointer data)
{
  static const char text[] = "group,person\na,b\n";
  g_autoptr (GUnixFDList) fds = make_memfd (text, strlen (text), SEALS);
  Pending *call = import (f, g_variant_new_handle (0), fds);
  guint64 rows;

  g_assert_no_error (call->error);
  g_variant_get (call->reply, "(tt)", NULL, &rows);
  g_assert_cmpuint (rows, ==, 1);
  call_free (call);
}

static void
test_two_descriptors (Fixture *f, gconstpointer data)
{
  static const char text[] = "group,person\na,b\n";
  GUnixFDList *fds = make_memfd (text, strlen (text), SEALS);

  g_assert_cmpint (g_unix_fd_list_append (fds, STDIN_FILENO, NULL), ==, 1);
  must_refuse (f, g_variant_new_handle (0), fds, "Unavailable", "file descriptor");
}

static char *
long_proposal (void)
{
  GString *text = g_string_new ("{\"lines\":[");

  for (guint i = 1; i <= 1200; i++)
    g_string_append_printf (
      text, "%s{\"id\":\"%u\",\"offering\":\"dia-1000\",\"quantity\":\"1\",\"commitment\":36}",
      i > 1 ? "," : "", i);
  g_string_append (text, "],\"currency\":\"EUR\",\"commitment\":36,\"validUntil\":\"2099-01-01T00:00:00Z\"}");
  return g_string_free (text, FALSE);
}

static void
test_large_reply (Fixture *f, gconstpointer data)
{
  g_autofree char *text = long_proposal ();
  g_autofree char *path = NULL, *answer = NULL;
  g_autoptr (GUnixFDList) fds = make_memfd (text, strlen (text), SEALS);
  g_autoptr (GVariant) box = NULL, value = NULL;
  Pending *call;
  int fd;

  import_samples (f->caller, f->server, "carla");
  path = open_deal (f->caller, f->server);
  call = call_start (f->caller, f->server, path, DEAL, "Price",
                     g_variant_new ("(uva{sv})", 0u, g_variant_new_handle (0), NULL), fds, 0);
  call_wait (call);
  g_assert_no_error (call->error);
  box = g_variant_get_child_value (call->reply, 0);
  value = g_variant_get_variant (box);
  g_assert_cmpstr (g_variant_get_type_string (value), ==, "h");
  fd = g_unix_fd_list_peek_fds (call->fds, NULL)[g_variant_get_handle (value)];
  g_assert_cmpint (fcntl (fd, F_GET_SEALS) & SEALS, ==, SEALS);
  g_assert_cmpint (ftruncate (fd, 0), ==, -1);
  g_assert_cmpint (errno, ==, EPERM);
  answer = document_text (call->reply, call->fds);
  g_assert_cmpuint (strlen (answer), >, 64 * 1024);
  g_assert_true (g_str_has_prefix (answer, "{") && g_str_has_suffix (answer, "}"));
  call_free (call);
}

#define ADD(name, test) g_test_add ("/documents/" name, Fixture, NULL, setup, test, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("in-a-message-a-document-is-ay-of-1-byte-to-64-KiB", test_inline);
  ADD ("a-descriptor-without-every-seal-is-refused", test_seals);
  ADD ("a-handle-without-its-descriptor-is-refused", test_index);
  ADD ("an-empty-or-too-large-memfd-is-refused-unread", test_sizes);
  ADD ("a-sealed-memfd-is-taken", test_good);
  ADD ("a-call-with-two-descriptors-is-refused", test_two_descriptors);
  ADD ("a-large-reply-is-a-memfd-that-nobody-can-change", test_large_reply);
  return g_test_run ();
}
