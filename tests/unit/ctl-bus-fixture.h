/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A daemon of canned answers on a private bus, and dealctl run against it. All in one thread: the daemon
 * answers from the main loop that waits for the program.
 */
#pragma once

#include "interface-xml.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEAD  "3434343434343434343434343434343434343434343434343434343434343434"
#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

/* The dealctl that is tested. */
static const char *program;

typedef struct
{
  GTestDBus *bus;
  GDBusNodeInfo *interfaces;
  GDBusConnection *connection;
  char *folder;

  guint coming; /* the source of its leaving or coming back; 0: none */

  /* What it does. */
  guint deaths;       /* calls that it leaves unanswered, by leaving the bus */
  gboolean unknown;   /* before it leaves, it says that the outcome is unknown */
  const char *error;  /* (nullable): a bus error's name, instead of an answer */
  const char *answer; /* the document of its answers */
  gboolean unsealed;  /* answers come in a memfd that could change */
  gboolean tells;     /* an answer is printed before what is wrong with it is told */

  /* What it saw. */
  guint n_calls;
  GPtrArray *keys;   /* (element-type utf8) */
  GVariant *options; /* (nullable): of the last call */
  guint revision;    /* the first argument of the last call, where that is a number */
  GBytes *document;  /* (nullable): of the last call that had one */
  int seals;         /* of that document; -1: it came in the message */

  int exit_status;
  char *out;
  char *err;
} Daemon;

static inline void start_daemon (Daemon *daemon);

static inline gboolean
on_return (gpointer data)
{
  Daemon *daemon = data;

  daemon->coming = 0;
  start_daemon (daemon);
  return G_SOURCE_REMOVE;
}

static inline gboolean
on_leave (gpointer data)
{
  Daemon *daemon = data;

  g_assert_true (g_dbus_connection_close_sync (daemon->connection, NULL, NULL));
  g_clear_object (&daemon->connection);
  daemon->coming = g_timeout_add (100, on_return, daemon);
  return G_SOURCE_REMOVE;
}

static inline void
note_document (Daemon *daemon, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  for (gsize i = 0; i < g_variant_n_children (parameters); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (parameters, i);
      g_autoptr (GVariant) inner = NULL;

      if (!g_variant_is_of_type (child, G_VARIANT_TYPE_VARIANT))
        continue;
      inner = g_variant_get_variant (child);
      g_clear_pointer (&daemon->document, g_bytes_unref);
      daemon->seals = -1;
      if (g_variant_is_of_type (inner, G_VARIANT_TYPE_BYTESTRING))
        daemon->document = g_variant_get_data_as_bytes (inner);
      else
        {
          GUnixFDList *fds =
            g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
          int fd = g_unix_fd_list_get (fds, g_variant_get_handle (inner), NULL);
          g_autoptr (GMappedFile) mapped = g_mapped_file_new_from_fd (fd, FALSE, NULL);

          daemon->document = g_mapped_file_get_bytes (mapped);
          daemon->seals = fcntl (fd, F_GET_SEALS);
          close (fd);
        }
    }
}

static inline GVariant *
answer_document (Daemon *daemon, GUnixFDList *fds)
{
  gsize length = strlen (daemon->answer);
  int fd, handle;

  if (length <= 64 * 1024 && !daemon->unsealed)
    return g_variant_new_variant (g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, daemon->answer, length, 1));
  fd = memfd_create ("answer", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  g_assert_cmpint (write (fd, daemon->answer, length), ==, (gssize)length);
  if (!daemon->unsealed)
    g_assert_cmpint (fcntl (fd, F_ADD_SEALS, SEALS), ==, 0);
  handle = g_unix_fd_list_append (fds, fd, NULL);
  close (fd);
  return g_variant_new_variant (g_variant_new_handle (handle));
}

/* The method's out arguments: a document, 8 as a version, HEAD, and D-1. */
static inline void
answer (Daemon *daemon, GDBusMethodInvocation *invocation)
{
  const GDBusMethodInfo *method = g_dbus_method_invocation_get_method_info (invocation);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariantBuilder values;

  g_variant_builder_init (&values, G_VARIANT_TYPE_TUPLE);
  for (guint i = 0; method->out_args[i] != NULL; i++)
    {
      const char *type = method->out_args[i]->signature;

      if (g_str_equal (type, "v"))
        g_variant_builder_add_value (&values, answer_document (daemon, fds));
      else if (g_str_equal (type, "t"))
        g_variant_builder_add (&values, "t", G_GUINT64_CONSTANT (8));
      else
        g_variant_builder_add (&values, "s", g_str_equal (method->out_args[i]->name, "deal") ? "D-1" : HEAD);
    }
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_builder_end (&values), fds);
}

static inline void
on_call (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer data)
{
  Daemon *daemon = data;
  const char *key = NULL;

  daemon->n_calls++;
  g_clear_pointer (&daemon->options, g_variant_unref);
  daemon->options = g_variant_get_child_value (parameters, g_variant_n_children (parameters) - 1);
  daemon->revision = 0;
  if (g_str_has_prefix (g_variant_get_type_string (parameters), "(u"))
    g_variant_get_child (parameters, 0, "u", &daemon->revision);
  if (g_variant_lookup (daemon->options, "idempotency-key", "&s", &key))
    g_ptr_array_add (daemon->keys, g_strdup (key));
  note_document (daemon, parameters, invocation);
  if (daemon->deaths > 0)
    {
      daemon->deaths--;
      if (daemon->unknown)
        g_dbus_method_invocation_return_dbus_error (invocation, "org.dealdesk1.Error.OutcomeUnknown",
                                                    "sync failed");
      else
        g_object_unref (invocation);
      daemon->coming = g_timeout_add (50, on_leave, daemon);
    }
  else if (daemon->error != NULL)
    g_dbus_method_invocation_return_dbus_error (invocation, daemon->error,
                                                "line 3: not\nso; it should be so");
  else
    answer (daemon, invocation);
}

static const GDBusInterfaceVTable vtable = { on_call, NULL, NULL, { 0 } };

static inline void
start_daemon (Daemon *daemon)
{
  static const struct
  {
    const char *path;
    const char *interface;
  } objects[] = {
    { "/org/dealdesk1", "org.dealdesk1.Manager" },
    { "/org/dealdesk1/deal/D_1", "org.dealdesk1.Deal" },
    { "/org/dealdesk1/catalog", "org.dealdesk1.Catalog" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) owned = NULL;

  daemon->connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (daemon->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
    NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_dbus_connection_register_object (
        daemon->connection, objects[i].path,
        g_dbus_node_info_lookup_interface (daemon->interfaces, objects[i].interface), &vtable, daemon, NULL,
        &error);
      g_assert_no_error (error);
    }
  owned = g_dbus_connection_call_sync (daemon->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.dealdesk1", 4u), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static inline void
set_up (Daemon *daemon, gconstpointer data)
{
  daemon->answer = "{\"proposalState\":\"tabled\",\"revision\":2,\"state\":\"negotiating\"}";
  daemon->keys = g_ptr_array_new_with_free_func (g_free);
  daemon->interfaces = g_dbus_node_info_new_for_xml (dd_interface_xml, NULL);
  daemon->folder = g_dir_make_tmp ("dealctl-XXXXXX", NULL);
  daemon->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (daemon->bus);
  if (data == NULL)
    start_daemon (daemon);
}

static inline void
tear_down (Daemon *daemon, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (daemon->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (daemon->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (daemon->folder), ==, 0);
  if (daemon->coming != 0)
    g_source_remove (daemon->coming);
  if (daemon->connection != NULL)
    g_dbus_connection_close_sync (daemon->connection, NULL, NULL);
  g_clear_object (&daemon->connection);
  g_test_dbus_down (daemon->bus);
  g_object_unref (daemon->bus);
  g_dbus_node_info_unref (daemon->interfaces);
  g_ptr_array_unref (daemon->keys);
  g_clear_pointer (&daemon->options, g_variant_unref);
  g_clear_pointer (&daemon->document, g_bytes_unref);
  g_free (daemon->folder);
  g_free (daemon->out);
  g_free (daemon->err);
}

static inline void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Daemon *daemon = data;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &daemon->out, &daemon->err, &error);
  g_assert_no_error (error);
  daemon->exit_status = g_subprocess_get_exit_status (G_SUBPROCESS (source));
}

/* Runs dealctl with these arguments (NULL-terminated) and checks what every end has in common. */
static inline void
run (Daemon *daemon, const char *first, ...)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  va_list list;

  g_ptr_array_add (arguments, (gpointer)program);
  va_start (list, first);
  for (const char *each = first; each != NULL; each = va_arg (list, const char *))
    g_ptr_array_add (arguments, (gpointer)each);
  va_end (list);
  g_ptr_array_add (arguments, NULL);
  g_clear_pointer (&daemon->out, g_free);
  g_clear_pointer (&daemon->err, g_free);
  g_subprocess_launcher_setenv (launcher, "DEALDESK_BUS", g_test_dbus_get_bus_address (daemon->bus), TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *)arguments->pdata, &error);
  g_assert_no_error (error);
  daemon->exit_status = -1;
  g_subprocess_communicate_utf8_async (process, NULL, NULL, on_ended, daemon);
  while (daemon->exit_status < 0)
    g_main_context_iteration (NULL, TRUE);
  if (daemon->exit_status == 0)
    {
      g_assert_cmpstr (daemon->err, ==, "");
      return;
    }
  if (!daemon->tells)
    g_assert_cmpstr (daemon->out, ==, "");
  g_assert_true (g_str_has_prefix (daemon->err, "dealctl: "));
  g_assert_true (strchr (daemon->err, '\n') == daemon->err + strlen (daemon->err) - 1);
}

/* (transfer full): the path of a file of the test with @content */
static inline char *
make_file (Daemon *daemon, const char *content)
{
  char *path = g_build_filename (daemon->folder, "file", NULL);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  return path;
}

static inline void
assert_file (const char *path, const char *content)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, content);
}
