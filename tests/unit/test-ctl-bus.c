/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealctl against a daemon of canned answers on a private bus: lost replies, documents, errors, exit
 * statuses.
 *
 * The program under test is the first argument. All in one thread: the daemon answers from the main loop that
 * waits for the program.
 */
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

static void start_daemon (Daemon *daemon);

static gboolean
on_return (gpointer data)
{
  Daemon *daemon = data;

  daemon->coming = 0;
  start_daemon (daemon);
  return G_SOURCE_REMOVE;
}

static gboolean
on_leave (gpointer data)
{
  Daemon *daemon = data;

  g_assert_true (g_dbus_connection_close_sync (daemon->connection, NULL, NULL));
  g_clear_object (&daemon->connection);
  daemon->coming = g_timeout_add (100, on_return, daemon);
  return G_SOURCE_REMOVE;
}

static void
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

static GVariant *
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
static void
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

static void
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

static void
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

static void
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

static void
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

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Daemon *daemon = data;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &daemon->out, &daemon->err, &error);
  g_assert_no_error (error);
  daemon->exit_status = g_subprocess_get_exit_status (G_SUBPROCESS (source));
}

/* Runs dealctl with these arguments (NULL-terminated) and checks what every end has in common. */
static void
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
static char *
make_file (Daemon *daemon, const char *content)
{
  char *path = g_build_filename (daemon->folder, "file", NULL);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  return path;
}

static void
assert_file (const char *path, const char *content)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, content);
}

static void
test_lost_once (Daemon *daemon, gconstpointer data)
{
  daemon->deaths = 1;
  run (daemon, "propose", "D-1", "--json", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 0);
  g_assert_cmpuint (daemon->n_calls, ==, 2);
  g_assert_cmpstr (daemon->keys->pdata[0], ==, daemon->keys->pdata[1]);
  g_assert_nonnull (strstr (daemon->out, "\"version\":8"));
}

static void
test_lost_twice (Daemon *daemon, gconstpointer data)
{
  daemon->deaths = 2;
  run (daemon, "propose", "D-1", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 7);
  g_assert_cmpuint (daemon->n_calls, ==, 2);
  g_assert_nonnull (strstr (daemon->err, daemon->keys->pdata[0]));
}

static void
test_outcome_unknown (Daemon *daemon, gconstpointer data)
{
  daemon->deaths = 1;
  daemon->unknown = TRUE;
  run (daemon, "propose", "D-1", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 0);
  g_assert_cmpuint (daemon->n_calls, ==, 2);
  g_assert_cmpstr (daemon->keys->pdata[0], ==, daemon->keys->pdata[1]);
}

static void
test_import_once (Daemon *daemon, gconstpointer data)
{
  g_autofree char *path = make_file (daemon, "id\n1\n");

  daemon->deaths = 1;
  run (daemon, "import", "sites", path, NULL);
  g_assert_cmpint (daemon->exit_status, ==, 7);
  g_assert_cmpuint (daemon->n_calls, ==, 1);
}

static void
test_no_daemon (Daemon *daemon, gconstpointer data)
{
  run (daemon, "propose", "D-1", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 6);
  g_assert_nonnull (strstr (daemon->err, "org.dealdesk1"));
}

static void
test_two_keys (Daemon *daemon, gconstpointer data)
{
  run (daemon, "propose", "D-1", NULL);
  run (daemon, "propose", "D-1", NULL);
  run (daemon, "propose", "D-1", "--key", "mine", NULL);
  g_assert_cmpuint (daemon->keys->len, ==, 3);
  g_assert_cmpstr (daemon->keys->pdata[0], !=, daemon->keys->pdata[1]);
  g_assert_cmpstr (daemon->keys->pdata[2], ==, "mine");
}

static void
test_options (Daemon *daemon, gconstpointer data)
{
  guint64 version = 0;
  const char *person = NULL;

  run (daemon, "accept", "1", "2", "--fingerprint", "ab", "--customer-person", "A. Buyer", "--channel",
       "mail", "--expected-version", "7", "--as", "anna", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 0);
  g_assert_cmpuint (daemon->n_calls, ==, 1);
  g_assert_true (g_variant_lookup (daemon->options, "expected-version", "t", &version));
  g_assert_true (g_variant_lookup (daemon->options, "customer-person", "&s", &person));
  g_assert_cmpuint (version, ==, 7);
  g_assert_cmpstr (person, ==, "A. Buyer");
  g_assert_cmpuint (g_variant_n_children (daemon->options), ==, 5);
}

static void
test_before_verb (Daemon *daemon, gconstpointer data)
{
  const char *person = NULL;

  run (daemon, "--as", "anna", "--json", "--key", "show", "propose", "D-1", NULL);
  g_assert_cmpuint (daemon->n_calls, ==, 1);
  g_assert_true (g_variant_lookup (daemon->options, "as", "&s", &person));
  g_assert_cmpstr (person, ==, "anna");
  g_assert_cmpstr (daemon->keys->pdata[0], ==, "show");
  g_assert_true (g_str_has_prefix (daemon->out, "{"));
}

static void
test_pick (Daemon *daemon, gconstpointer data)
{
  daemon->answer = "{\"id\":\"D-1\",\"revisions\":["
                   "{\"revision\":1,\"side\":\"customer\",\"state\":\"accepted\"},"
                   "{\"revision\":2,\"side\":\"customer\",\"state\":\"lapsed\"},"
                   "{\"revision\":3,\"side\":\"customer\",\"state\":\"tabled\"},"
                   "{\"revision\":4,\"side\":\"provider\",\"state\":\"tabled\"}]}";
  run (daemon, "decline", "D-1", NULL);
  g_assert_cmpuint (daemon->revision, ==, 3);
  run (daemon, "withdraw", "D-1", NULL);
  g_assert_cmpuint (daemon->revision, ==, 4);
  run (daemon, "acknowledge", "D-1", "liability", NULL);
  g_assert_cmpuint (daemon->revision, ==, 1);
}

static void
test_pick_refused (Daemon *daemon, gconstpointer data)
{
  daemon->answer = "{\"id\":\"D-1\",\"revisions\":["
                   "{\"revision\":1,\"side\":\"customer\",\"state\":\"tabled\"},"
                   "{\"revision\":2,\"side\":\"customer\",\"state\":\"tabled\"}]}";
  run (daemon, "decline", "D-1", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 2);
  g_assert_nonnull (strstr (daemon->err, "1, 2"));
  run (daemon, "withdraw", "D-1", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 1);
  g_assert_nonnull (strstr (daemon->err, "of the provider"));
  g_assert_cmpuint (daemon->n_calls, ==, 2);
}

/* A document that says so itself, and a status for those that don't read it. */
static void
test_replay (Daemon *daemon, gconstpointer data)
{
  gboolean again = FALSE;

  daemon->answer = "{\"arithmetic\":1,\"replayed\":\"ab\",\"revision\":2,\"same\":true,\"sheet\":\"ab\"}";
  run (daemon, "price", "--replay", "D-1", "2", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 0);
  g_assert_cmpuint (daemon->revision, ==, 2);
  g_assert_nonnull (strstr (daemon->out, "the same bytes"));
  g_assert_false (g_variant_lookup (daemon->options, "ask-again", "b", &again));

  daemon->tells = TRUE;
  daemon->answer =
    "{\"arithmetic\":1,\"now\":{\"refused\":\"no price\"},\"replayed\":\"cd\",\"revision\":2,\"same\":false,"
    "\"sheet\":\"ab\"}";
  run (daemon, "price", "--replay", "D-1", "2", "--ask-again", "--json", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 8);
  g_assert_true (g_variant_lookup (daemon->options, "ask-again", "b", &again));
  g_assert_nonnull (strstr (daemon->out, "\"replayed\":\"cd\""));
  g_assert_nonnull (strstr (daemon->out, "\"refused\":\"no price\""));
  g_assert_nonnull (strstr (daemon->out, "\"same\":false"));
  g_assert_nonnull (strstr (daemon->err, "other bytes"));
}

static void
test_remarks (Daemon *daemon, gconstpointer data)
{
  g_autofree char *path = make_file (daemon, "{}");

  daemon->answer = "{\"remarks\":[\"item 1: agreement\"],\"state\":\"negotiating\"}";
  run (daemon, "open", "--from", path, NULL);
  g_assert_true (g_str_has_prefix (daemon->out, "Deal: "));
  g_assert_true (g_str_has_suffix (daemon->out, "\n\nKept, and not understood\nRemark\nitem 1: agreement\n"));
}

static void
test_documents_out (Daemon *daemon, gconstpointer data)
{
  g_autofree char *large = g_strnfill (65537, 'x');
  g_autofree char *small = g_strnfill (65536, 'x');
  g_autofree char *path = make_file (daemon, small);

  run (daemon, "open", "--from", path, NULL);
  g_assert_cmpint (daemon->seals, ==, -1);
  g_assert_cmpuint (g_bytes_get_size (daemon->document), ==, 65536);
  g_free (path);
  path = make_file (daemon, large);
  run (daemon, "open", "--from", path, NULL);
  g_assert_cmpint (daemon->seals & SEALS, ==, SEALS);
  g_assert_cmpuint (g_bytes_get_size (daemon->document), ==, 65537);
}

static void
test_documents_in (Daemon *daemon, gconstpointer data)
{
  g_autofree char *large = g_strnfill (200000, 'y');
  g_autofree char *path = make_file (daemon, "old");

  daemon->answer = large;
  run (daemon, "export", "D-1", "--format", "view", "--output", path, NULL);
  g_assert_cmpint (daemon->exit_status, ==, 0);
  assert_file (path, large);
}

static void
test_unsealed (Daemon *daemon, gconstpointer data)
{
  g_autofree char *path = make_file (daemon, "old");

  daemon->unsealed = TRUE;
  run (daemon, "export", "D-1", "--format", "view", "--output", path, NULL);
  g_assert_cmpint (daemon->exit_status, ==, 1);
  g_assert_nonnull (strstr (daemon->err, "sealed"));
  assert_file (path, "old");
}

static void
test_export_fails (Daemon *daemon, gconstpointer data)
{
  g_autofree char *path = make_file (daemon, "old");
  g_autofree char *nowhere = g_build_filename (daemon->folder, "missing", "file", NULL);

  run (daemon, "export", "D-1", "--format", "view", "--output", nowhere, NULL);
  g_assert_cmpint (daemon->exit_status, ==, 1);
  daemon->error = "org.dealdesk1.Error.NotFound";
  run (daemon, "export", "D-1", "--format", "view", "--output", path, NULL);
  g_assert_cmpint (daemon->exit_status, ==, 4);
  assert_file (path, "old");
}

static void
test_errors (Daemon *daemon, gconstpointer data)
{
  static const struct
  {
    const char *name;
    int status;
  } cases[] = {
    { "org.dealdesk1.Error.Failed", 1 },
    { "org.dealdesk1.Error.InvalidArgument", 1 },
    { "org.dealdesk1.Error.IllegalMove", 1 },
    { "org.dealdesk1.Error.Conflict", 3 },
    { "org.dealdesk1.Error.KeyReused", 3 },
    { "org.dealdesk1.Error.NotFound", 4 },
    { "org.dealdesk1.Error.NotAuthorized", 5 },
    { "org.dealdesk1.Error.NoAuthority", 5 },
    { "org.freedesktop.DBus.Error.AccessDenied", 5 },
    { "org.dealdesk1.Error.Unavailable", 6 },
    { "org.dealdesk1.Error.StoreFull", 6 },
    { "org.dealdesk1.Error.StoreDamaged", 8 },
    { "org.example.Unheard", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      daemon->error = cases[i].name;
      run (daemon, "propose", "D-1", NULL);
      g_assert_cmpint (daemon->exit_status, ==, cases[i].status);
      if (g_str_has_prefix (cases[i].name, "org.dealdesk1."))
        g_assert_cmpstr (daemon->err, ==, "dealctl: line 3: not so; it should be so\n");
    }
  g_assert_cmpuint (daemon->n_calls, ==, G_N_ELEMENTS (cases));
}

static void
test_usage (Daemon *daemon, gconstpointer data)
{
  run (daemon, "shwo", "D-1", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 2);
  g_assert_nonnull (strstr (daemon->err, "did you mean show?"));
  run (daemon, "show", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 2);
  run (daemon, "show", "E-1", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 2);
  run (daemon, "show", "D-1", "--bogus", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 2);
  run (daemon, "counter", "D-1", "2", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 2);
  run (daemon, "refuse", "D-1", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 2);
  run (daemon, "decline", "D-1", "--channel", "mail", NULL);
  g_assert_cmpint (daemon->exit_status, ==, 2);
  g_assert_cmpuint (daemon->n_calls, ==, 0);
}

#define ADD(name, set, test) g_test_add ("/ctl/bus/" name, Daemon, set, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = argv[1];
  ADD ("a-lost-reply-is-asked-for-again-with-the-same-key", NULL, test_lost_once);
  ADD ("two-lost-replies-leave-it-open-and-name-the-key", NULL, test_lost_twice);
  ADD ("an-unknown-outcome-is-asked-for-after-the-daemon-left", NULL, test_outcome_unknown);
  ADD ("an-import-is-not-sent-again", NULL, test_import_once);
  ADD ("without-a-daemon-it-says-so", "no daemon", test_no_daemon);
  ADD ("each-run-has-its-own-key-unless-given", NULL, test_two_keys);
  ADD ("options-arrive-with-their-types", NULL, test_options);
  ADD ("options-may-stand-before-the-verb", NULL, test_before_verb);
  ADD ("the-revision-that-is-meant-is-found", NULL, test_pick);
  ADD ("a-revision-that-is-not-clear-is-asked-for", NULL, test_pick_refused);
  ADD ("a-replay-to-other-bytes-is-printed-and-fails", NULL, test_replay);
  ADD ("what-was-not-understood-is-under-its-heading", NULL, test_remarks);
  ADD ("large-documents-go-sealed", NULL, test_documents_out);
  ADD ("large-documents-come-whole", NULL, test_documents_in);
  ADD ("a-document-that-could-change-is-refused", NULL, test_unsealed);
  ADD ("a-failed-export-leaves-the-file", NULL, test_export_fails);
  ADD ("each-error-is-one-line-and-its-status", NULL, test_errors);
  ADD ("a-wrong-command-line-calls-nobody", NULL, test_usage);
  return g_test_run ();
}
