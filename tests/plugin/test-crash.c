/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A plugin that ends the daemon is known at the next start, and nothing else is taken for one.
 *
 * Each daemon is a process: this program again, as `--child`, with a host that does one thing. The control is
 * what must not be noted: deaths from outside, exits, and crashes beside plugins.
 */
#include "fixture.h"
#include "contain/crash.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

#define PLUGIN                                                                                               \
  "Kinds=pricing;approval\nStage=base\n[Option how]\nType=text\nDefault=\n[Option "                          \
  "where]\nType=text\nDefault=call\n"

static const char *self;

/* --- the child --- */

static void
price (Fixture *fixture)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;
  DdAnswers *answers = fixture_price (fixture, proposal, &error);

  g_print ("%s\n", answers != NULL ? "priced" : error->message);
  g_clear_pointer (&answers, dd_answers_free);
}

static void
require (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) steps = fixture_require (fixture, NULL, 0, "anna", NULL, &error);

  g_print ("%s\n", steps != NULL ? "asked" : error->message);
}

static void
fault_in_a_job (gpointer data)
{
  *(volatile int *)data = 1;
}

static void
tell_state (Fixture *fixture)
{
  g_autofree char *state = fixture_state (fixture, "mortal");

  g_print ("%s\n", state);
}

static void
act (Fixture *fixture, const char *action)
{
  if (strcmp (action, "price") == 0)
    price (fixture);
  else if (strcmp (action, "require") == 0)
    require (fixture);
  else if (strcmp (action, "state") == 0)
    tell_state (fixture);
  else if (strcmp (action, "enable") == 0)
    g_assert_true (dd_host_enable (fixture->host, "mortal", NULL));
  else if (strcmp (action, "disable") == 0)
    g_assert_true (dd_host_disable (fixture->host, "mortal", NULL));
  else if (strcmp (action, "exit") == 0)
    _exit (0);
  else if (strcmp (action, "abort") == 0)
    abort ();
  else if (strcmp (action, "fault") == 0)
    fixture_run (fixture, fault_in_a_job, GSIZE_TO_POINTER (4096), NULL);
  else
    g_assert_not_reached ();
}

/* --child DIRECTORY CRASH-FILE HOW WHERE ACTION… */
static int
run_child (char **arguments)
{
  Fixture fixture = { .directory = arguments[0], .crash_file = arguments[1] };
  const struct rlimit no_core = { 0, 0 };

  setrlimit (RLIMIT_CORE, &no_core);
  fixture.options = g_key_file_new ();
  g_key_file_set_string (fixture.options, "plugin mortal", "how", arguments[2]);
  g_key_file_set_string (fixture.options, "plugin mortal", "where", arguments[3]);
  fixture.tables = g_hash_table_new (g_str_hash, g_str_equal);
  fixture.compiled = g_hash_table_new (g_str_hash, g_str_equal);
  fixture.disabled = g_ptr_array_new ();
  fixture.in_daemon = g_ptr_array_new ();
  fixture.isolated = g_ptr_array_new ();
  fixture.network = g_ptr_array_new ();
  g_ptr_array_add (fixture.in_daemon, (gpointer) "mortal");
  fixture.deadline_usec = 600 * G_USEC_PER_SEC;
  fixture_start (&fixture, FALSE);
  for (char **action = arguments + 4; *action != NULL; action++)
    act (&fixture, *action);
  dd_host_free (fixture.host);
  g_key_file_unref (fixture.options);
  g_hash_table_unref (fixture.tables);
  g_hash_table_unref (fixture.compiled);
  g_ptr_array_unref (fixture.disabled);
  g_ptr_array_unref (fixture.in_daemon);
  g_ptr_array_unref (fixture.isolated);
  g_ptr_array_unref (fixture.network);
  return 0;
}

/* --- the parent --- */

static void
end_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static char *
crash_file (const Fixture *fixture)
{
  return g_build_filename (fixture->directory, "plugin-crashes", NULL);
}

static GPtrArray *
child_command (const Fixture *fixture, const char *how, const char *where)
{
  GPtrArray *command = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (command, g_strdup (self));
  g_ptr_array_add (command, g_strdup ("--child"));
  g_ptr_array_add (command, g_strdup (fixture->directory));
  g_ptr_array_add (command, crash_file (fixture));
  g_ptr_array_add (command, g_strdup (how));
  g_ptr_array_add (command, g_strdup (where));
  return command;
}

/* Runs a daemon; its wait status, and what it said in @out_said. */
static int
run (const Fixture *fixture, const char *how, const char *where, const char *actions, char **out_said)
{
  g_autoptr (GPtrArray) command = child_command (fixture, how, where);
  g_auto (GStrv) list = g_strsplit (actions, " ", -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;
  g_autofree char *complaints = NULL;
  int status = 0;

  for (guint i = 0; list[i] != NULL; i++)
    g_ptr_array_add (command, g_strdup (list[i]));
  g_ptr_array_add (command, NULL);
  g_spawn_sync (NULL, (char **)command->pdata, NULL, G_SPAWN_DEFAULT, end_with_parent, NULL, &said,
                &complaints, &status, &error);
  g_assert_no_error (error);
  g_test_message ("%s in %s: %s: %s", how, where, actions, complaints);
  if (out_said != NULL)
    *out_said = g_strdup (g_strchomp (said));
  return status;
}

/* A daemon that must end well, and say just @expected. */
static void
run_well (const Fixture *fixture, const char *how, const char *actions, const char *expected)
{
  g_autofree char *said = NULL;
  int status = run (fixture, how, "call", actions, &said);

  g_assert_cmpint (status, ==, 0);
  if (strstr (said, expected) == NULL)
    g_error ("“%s” does not say “%s”", said, expected);
}

/* A daemon that must die by @signal; a sanitizer reports most of them, and exits or aborts. */
static void
run_badly (const Fixture *fixture, const char *how, const char *where, const char *actions, int signal)
{
  int status = run (fixture, how, where, actions, NULL);

  if (SANITIZED && WIFEXITED (status))
    g_assert_cmpint (WEXITSTATUS (status), !=, 0);
  else if (SANITIZED && WIFSIGNALED (status) && WTERMSIG (status) == SIGABRT)
    return;
  else
    g_assert_cmpint (WIFSIGNALED (status) ? WTERMSIG (status) : -1, ==, signal);
}

static guint
noted (const Fixture *fixture, int *out_signal)
{
  g_autofree char *path = crash_file (fixture);
  g_autoptr (GError) error = NULL;
  DdCrashNotes *notes = dd_crash_notes_open (path, &error);
  gint64 time = 0;
  guint count;

  g_assert_no_error (error);
  *out_signal = 0;
  count = dd_crash_note_count (dd_crash_notes_get (notes, "mortal"), out_signal, &time);
  if (count > 0)
    g_assert_cmpint (time, >, 0);
  dd_crash_notes_free (notes);
  return count;
}

static void
assert_noted (const Fixture *fixture, guint count)
{
  int signal;

  g_assert_cmpuint (noted (fixture, &signal), ==, count);
}

static void
forget (const Fixture *fixture)
{
  g_autofree char *path = crash_file (fixture);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
a_crash_is_noted (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *how;
    int signal;
  } ways[] = {
    { "segv", SIGSEGV }, { "stack", SIGSEGV }, { "abort", SIGABRT },
    { "bus", SIGBUS },   { "ill", SIGILL },    { "fpe", SIGFPE },
  };

  fixture_add (fixture, "mortal", PLUGIN);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      int signal = 0;

      run_badly (fixture, ways[i].how, "call", "price", ways[i].signal);
      g_assert_cmpuint (noted (fixture, &signal), ==, 1);
      g_assert_cmpint (signal, ==, ways[i].signal);
      forget (fixture);
    }
}

static void
opening_and_closing_count (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "mortal", PLUGIN);
  run_badly (fixture, "segv", "open", "price", SIGSEGV);
  assert_noted (fixture, 1);
  run_badly (fixture, "abort", "close", "price", SIGABRT);
  assert_noted (fixture, 2);
  run_well (fixture, "segv", "state", "quarantined:");
}

static void
twice_in_a_row_quarantines (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "mortal", PLUGIN);
  run_badly (fixture, "segv", "call", "price", SIGSEGV);
  run_well (fixture, "", "state", "enabled:");
  assert_noted (fixture, 0);

  run_badly (fixture, "segv", "call", "price", SIGSEGV);
  run_well (fixture, "", "state exit", "enabled:");
  run_badly (fixture, "abort", "call", "require", SIGABRT);
  run_well (fixture, "segv", "state", "quarantined: it ended the daemon 2 times in a row, last by signal 6");

  /* an orderly end without it proves nothing of it */
  run_well (fixture, "segv", "price", "pricing plugin mortal is quarantined");
  run_well (fixture, "segv", "require", "approval plugin mortal is quarantined");
  assert_noted (fixture, 2);
}

static void
enabling_lifts_it (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "mortal", PLUGIN);
  run_badly (fixture, "segv", "call", "price", SIGSEGV);
  run_badly (fixture, "segv", "call", "price", SIGSEGV);
  run_well (fixture, "", "state enable state price exit", "enabled: \npriced");
  assert_noted (fixture, 0);
  run_well (fixture, "", "state", "enabled:");

  /* it begins anew: twice again */
  run_badly (fixture, "segv", "call", "price", SIGSEGV);
  run_well (fixture, "", "state exit", "enabled:");
}

static void
disabling_goes_on_without_it (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "mortal", PLUGIN);
  run_badly (fixture, "segv", "call", "price", SIGSEGV);
  run_badly (fixture, "segv", "call", "price", SIGSEGV);
  run_well (fixture, "segv", "disable state price", "disabled:");
  run_well (fixture, "segv", "disable price", "no pricing plugin of stage base is enabled");

  /* for as long as the daemon runs */
  run_well (fixture, "segv", "state", "quarantined:");
}

static void
an_orderly_end_forgets (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "mortal", PLUGIN);
  for (guint i = 0; i < 3; i++)
    {
      run_badly (fixture, "segv", "call", "price", SIGSEGV);
      assert_noted (fixture, 1);
      run_well (fixture, "", "price", "priced");
      assert_noted (fixture, 0);
    }
}

static void
a_death_from_outside_is_no_crash (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) command = child_command (fixture, "wait", "call");
  g_autoptr (GError) error = NULL;
  char said[32] = "";
  GPid pid, thread;
  int output, status;

  fixture_add (fixture, "mortal", PLUGIN);
  status = run (fixture, "kill", "call", "price", NULL);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  assert_noted (fixture, 0);
  status = run (fixture, "exit", "call", "price", NULL);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 7);
  assert_noted (fixture, 0);

  /* a signal of the same kind, to a thread that is inside, but another process's */
  g_ptr_array_add (command, g_strdup ("price"));
  g_ptr_array_add (command, NULL);
  g_spawn_async_with_pipes (NULL, (char **)command->pdata, NULL,
                            G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, end_with_parent, NULL,
                            &pid, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (output, said, sizeof said - 1), >, 0);
  thread = (pid_t)g_ascii_strtoll (said, NULL, 10);
  g_assert_cmpint (thread, >, pid);
  g_assert_cmpint (syscall (SYS_tgkill, pid, thread, SIGSEGV), ==, 0);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, !=, 0);
  close (output);
  assert_noted (fixture, 0);
}

static void
a_crash_beside_plugins_is_not_theirs (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "mortal", PLUGIN);
  run_badly (fixture, "", "call", "price abort", SIGABRT);
  assert_noted (fixture, 0);
  run_badly (fixture, "", "call", "price fault", SIGSEGV);
  assert_noted (fixture, 0);
}

/* What the file is after a start that found @length bytes of @bytes there, with @mode. */
static void
assert_replaced (const Fixture *fixture, const char *bytes, gsize length, mode_t mode)
{
  g_autofree char *path = crash_file (fixture);
  struct stat status;

  g_unlink (path);
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length, NULL));
  g_chmod (path, mode);
  run_well (fixture, "", "state", "enabled:");
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  assert_noted (fixture, 0);
}

static void
a_file_that_is_not_ours_is_replaced (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = crash_file (fixture);
  g_autofree char *good = NULL;
  gsize length, id;

  fixture_add (fixture, "mortal", PLUGIN);
  run_badly (fixture, "segv", "call", "price", SIGSEGV);
  run_badly (fixture, "segv", "call", "price", SIGSEGV);
  g_assert_true (g_file_get_contents (path, &good, &length, NULL));

  /* the control: those very bytes quarantine */
  g_assert_true (g_file_set_contents (path, good, (gssize)length, NULL));
  g_chmod (path, 0600);
  run_well (fixture, "", "state", "quarantined:");

  assert_replaced (fixture, good, length, 0644);
  assert_replaced (fixture, good, length - 1, 0600);
  assert_replaced (fixture, "", 0, 0600);
  assert_replaced (fixture, "a file of somebody", 18, 0600);
  id = (gsize)((char *)memmem (good, length, "mortal", 7) - good);
  for (guint i = 0; i < 4; i++)
    {
      /* magic, version, an id that can't be, a count that can't be */
      const gsize places[] = { 0, 8, id, id + 72 };
      g_autofree char *damaged = g_memdup2 (good, length);

      damaged[places[i]] ^= 0x20;
      assert_replaced (fixture, damaged, length, 0600);
    }
}

static void
a_link_is_not_followed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = crash_file (fixture);
  g_autofree char *target = g_build_filename (fixture->directory, "target", NULL);
  g_autofree char *text = NULL;

  fixture_add (fixture, "mortal", PLUGIN);
  fixture_write (fixture, "target", "a file of somebody");
  fixture_link (fixture, "plugin-crashes", target);
  run_well (fixture, "", "price", "priced");
  g_assert_false (g_file_test (path, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_get_contents (target, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "a file of somebody");
}

static void
without_a_file_plugins_run (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = crash_file (fixture);

  fixture_add (fixture, "mortal", PLUGIN);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  run_well (fixture, "", "price", "priced");
}

int
main (int argc, char **argv)
{
  self = argv[0];
  if (argc > 6 && strcmp (argv[1], "--child") == 0)
    return run_child (argv + 2);
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/crash/a-crash-in-a-call-is-noted-with-its-signal", a_crash_is_noted);
  fixture_test ("/crash/opening-and-closing-count", opening_and_closing_count);
  fixture_test ("/crash/twice-in-a-row-quarantines-and-fails-closed", twice_in_a_row_quarantines);
  fixture_test ("/crash/enabling-lifts-the-quarantine", enabling_lifts_it);
  fixture_test ("/crash/disabling-goes-on-without-the-plugin", disabling_goes_on_without_it);
  fixture_test ("/crash/an-orderly-end-forgets", an_orderly_end_forgets);
  fixture_test ("/crash/a-death-from-outside-is-no-crash", a_death_from_outside_is_no_crash);
  fixture_test ("/crash/a-crash-beside-plugins-is-not-theirs", a_crash_beside_plugins_is_not_theirs);
  fixture_test ("/crash/a-file-that-is-not-ours-is-replaced", a_file_that_is_not_ours_is_replaced);
  fixture_test ("/crash/a-link-is-not-followed", a_link_is_not_followed);
  fixture_test ("/crash/without-a-file-plugins-run", without_a_file_plugins_run);
  return g_test_run ();
}
