/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealctl against a daemon of canned answers on a private bus: lost replies, documents, errors, exit
 * statuses. The program under test is the first argument.
 */
#include "ctl-bus-fixture.h"

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
