/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How a plugin's process is started, by whom, with which module, and what of it others hear.
 */
#include "fixture-runner.h"
#include "lesser-kernel.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remote/child.h"

#define BASE  "Kinds=pricing\nStage=base\n"
#define STALL BASE "[Option flag]\nType=text\nDefault=\n"

static void
assert_state (Fixture *fixture, const char *id, const char *says)
{
  g_autofree char *state = fixture_state (fixture, id);

  if (strstr (state, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", state, says);
}

static void
price_well (Fixture *fixture)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;
  g_autoptr (DdAnswers) answers = fixture_price (fixture, proposal, &error);

  g_assert_no_error (error);
  g_assert_nonnull (answers);
}

static void
price_badly (Fixture *fixture, DdErrorCode code, const char *says)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;

  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, code, says, NULL);
}

/* --- the module --- */

/* The same plugin of the same version, in another file. */
static void
change_module (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpint (g_unlink (path), ==, 0);

  /* the byte behind its end is there, and zero */
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length + 1, NULL));
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
}

static void
a_module_that_changed_is_not_loaded_until_it_is_opened_again (Fixture *fixture, gconstpointer data)
{
  fixture_add_isolated (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  price_well (fixture);
  change_module (fixture, "alpha.so");
  price_well (fixture);
  fixture_kill (fixture, "alpha");
  price_badly (fixture, DD_ERROR_PLUGIN_FAILED, "alpha.so has changed since the plugin was opened");
  g_assert_true (dd_host_disable (fixture->host, "alpha", NULL));
  g_assert_true (dd_host_enable (fixture->host, "alpha", NULL));
  price_well (fixture);
}

/* --- who starts it --- */

static void
without_a_socket_the_daemon_starts_it (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->directory, "nowhere", NULL);

  fixture->runner_dir = nowhere;
  fixture_add_isolated (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  price_well (fixture);
  g_assert_cmpint (fixture_describe (fixture, "alpha").pid, >, 0);
}

static void
a_socket_that_cannot_be_looked_for_is_an_error (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->directory, "file", NULL);

  fixture_write (fixture, "file", "");
  fixture->runner_dir = file;
  fixture_add_isolated (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  assert_state (fixture, "alpha", "file/alpha.sock: Not a directory");
}

static void
a_socket_that_nobody_serves_is_an_error (Fixture *fixture, gconstpointer data)
{
  close (fixture_listen (fixture, "alpha"));
  fixture_add_isolated (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  assert_state (fixture, "alpha", "can't be connected to");
}

/* The daemon has no network where systemd's sockets may be. */
static void
the_network_needs_a_socket_where_there_may_be_one (Fixture *fixture, gconstpointer data)
{
  fixture->runner_dir = fixture->directory;
  g_ptr_array_add (fixture->network, (gpointer) "handoff-spool");
  fixture_write (fixture, "handoff-spool.plugin",
                 "[Plugin]\nId=handoff-spool\nModule=handoff-spool.so\nAbi=1\nKinds=handoff\nNetwork=yes\n"
                 "[Option directory]\nType=directory\nDefault=\n");
  fixture_link (fixture, "handoff-spool.so", PLUGIN_DIR "/handoff-spool.so");
  g_key_file_set_string (fixture->options, "plugin handoff-spool", "directory", fixture->directory);
  fixture_start (fixture, FALSE);
  assert_state (fixture, "handoff-spool",
                "systemctl enable --now dealdesk-network-runner@handoff-spool.socket");
}

/* --- a kernel without Landlock --- */

/* As systemd does it. */
static pid_t
start_as_a_unit (int listener)
{
  pid_t pid = fork ();
  g_autofree char *self = NULL;

  if (pid != 0)
    return pid;
  self = g_strdup_printf ("%d", getpid ());
  g_setenv ("LISTEN_PID", self, TRUE);
  dup2 (listener, DD_CHILD_SOCKET);
  fcntl (DD_CHILD_SOCKET, F_SETFD, 0);
  execl (RUNNER_PATH, RUNNER_PATH, NULL);
  _exit (127);
}

/* In processes of their own, which have less of a kernel. */
static void
run_without_landlock (void)
{
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
without_landlock_the_daemon_starts_nothing (Fixture *fixture, gconstpointer data)
{
  if (!g_test_subprocess ())
    {
      run_without_landlock ();
      return;
    }
  g_assert_true (lesser_kernel_without_landlock ());
  fixture_add_isolated (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  assert_state (fixture, "alpha", "refused: this kernel has no Landlock");
}

static void
without_landlock_a_listening_socket_alone_is_no_unit (Fixture *fixture, gconstpointer data)
{
  DdChild *child;
  int listener;

  if (!g_test_subprocess ())
    {
      run_without_landlock ();
      return;
    }
  g_assert_true (lesser_kernel_without_landlock ());
  listener = fixture_listen (fixture, "alpha");
  child = dd_child_spawn (RUNNER_PATH, listener, NULL, NULL);
  fixture_add_isolated (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  assert_state (fixture, "alpha", "refused: this kernel has no Landlock");
  g_assert_true (dd_child_wait (child, G_MAXINT64));
  dd_child_unref (child);
  close (listener);
}

static void
without_landlock_systemd_starts_it (Fixture *fixture, gconstpointer data)
{
  pid_t pid;
  int listener;

  if (!g_test_subprocess ())
    {
      run_without_landlock ();
      return;
    }
  g_assert_true (lesser_kernel_without_landlock ());
  listener = fixture_listen (fixture, "alpha");
  pid = start_as_a_unit (listener);
  fixture_add_isolated (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  assert_state (fixture, "alpha", "enabled: ");
  price_well (fixture);
  g_assert_true (dd_host_disable (fixture->host, "alpha", NULL));
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  close (listener);
}

/* --- what hangs behind a socket, whose process isn't the daemon's to end --- */

/* A plugin that hangs while the file of the result exists. (transfer full) */
static char *
add_stall (Fixture *fixture)
{
  char *flag = g_build_filename (fixture->directory, "flag", NULL);

  fixture_add_isolated (fixture, "stall", STALL);
  g_key_file_set_string (fixture->options, "plugin stall", "flag", flag);
  return flag;
}

static void
ends_by_its_alarm (DdChild *child)
{
  g_autofree char *end = NULL;

  g_assert_true (dd_child_wait (child, G_MAXINT64));
  end = dd_child_describe_end (child);
  g_assert_cmpstr (end, ==, "ended by signal 9 (Killed)");
  dd_child_unref (child);
}

static void
one_that_hangs_when_it_is_opened_ends_itself (Fixture *fixture, gconstpointer data)
{
  int listener = fixture_listen (fixture, "stall");
  DdChild *first = dd_child_spawn (RUNNER_PATH, listener, NULL, NULL);
  DdChild *second;

  g_free (add_stall (fixture));
  fixture->deadline_usec = 50 * 1000;
  fixture->grace_usec = 2 * G_USEC_PER_SEC;
  fixture->idle_usec = 1;
  fixture_start (fixture, FALSE);
  assert_state (fixture, "stall", "enabled: ");
  price_well (fixture);

  /* it was idle, and ends well; the call after it starts the next one, which hangs */
  g_assert_true (dd_child_wait (first, G_MAXINT64));
  g_assert_true (dd_child_ended_well (first));
  dd_child_unref (first);
  fixture_write (fixture, "flag", "");
  second = dd_child_spawn (RUNNER_PATH, listener, NULL, NULL);
  price_badly (fixture, DD_ERROR_PLUGIN_FAILED, "didn't answer in time");
  ends_by_its_alarm (second);
  close (listener);
}

static void
one_that_hangs_when_it_is_closed_ends_itself (Fixture *fixture, gconstpointer data)
{
  int listener = fixture_listen (fixture, "stall");
  DdChild *child = dd_child_spawn (RUNNER_PATH, listener, NULL, NULL);

  g_free (add_stall (fixture));
  fixture_start (fixture, FALSE);
  assert_state (fixture, "stall", "enabled: ");
  fixture_write (fixture, "flag", "");
  g_assert_true (dd_host_disable (fixture->host, "stall", NULL));
  ends_by_its_alarm (child);
  close (listener);
}

/* --- waiting for another call of the same process --- */

typedef struct
{
  Fixture *fixture;
  GError *error; /* (nullable) */
  gint done;     /* atomic */
} Pricing;

static gpointer
price_in_thread (gpointer data)
{
  Pricing *pricing = data;
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  DdAnswers *answers = fixture_price (pricing->fixture, proposal, &pricing->error);

  g_clear_pointer (&answers, dd_answers_free);
  g_atomic_int_set (&pricing->done, TRUE);
  return NULL;
}

/* Whichever of the two comes second: it waits until its time is over, and isn't the plugin's failure. */
static void
a_call_that_waits_for_another_is_no_fault (Fixture *fixture, gconstpointer data)
{
  Pricing pricings[2] = { { .fixture = fixture }, { .fixture = fixture } };
  g_autofree char *flag = add_stall (fixture);
  GThread *threads[2];
  guint waited;

  fixture->deadline_usec = 300 * 1000;
  fixture->grace_usec = 120 * G_USEC_PER_SEC;
  fixture_start (fixture, FALSE);
  fixture_write (fixture, "flag", "");
  for (guint i = 0; i < 2; i++)
    threads[i] = g_thread_new ("price", price_in_thread, &pricings[i]);
  while (!g_atomic_int_get (&pricings[0].done) && !g_atomic_int_get (&pricings[1].done))
    g_usleep (1000);
  waited = g_atomic_int_get (&pricings[0].done) ? 0 : 1;
  g_assert_cmpint (g_unlink (flag), ==, 0);
  for (guint i = 0; i < 2; i++)
    g_thread_join (threads[i]);
  assert_error (&pricings[waited].error, DD_ERROR_UNAVAILABLE, "plugin stall", "busy with other calls", NULL);
  assert_error (&pricings[!waited].error, DD_ERROR_PLUGIN_FAILED, "it was late", NULL);
  g_assert_cmpuint (fixture_describe (fixture, "stall").info.failures, ==, 1);
}

/* --- what it writes --- */

typedef struct
{
  GMutex lock;
  GPtrArray *lines;
} Journal;

static void
take_line (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  Journal *journal = data;

  g_mutex_lock (&journal->lock);
  g_ptr_array_add (journal->lines, g_strdup (message));
  g_mutex_unlock (&journal->lock);
}

static void
assert_lines (const GPtrArray *lines)
{
  g_autofree char *cut = g_strnfill (DD_VOICE_MAX_LINE, 'x');
  g_autofree char *long_line = g_strconcat ("Plugin talk writes: ", cut, NULL);

  g_assert_cmpuint (lines->len, ==, DD_VOICE_LINES + 1);
  g_assert_cmpstr (lines->pdata[0], ==, "Plugin talk writes: one line");
  g_assert_cmpstr (lines->pdata[1], ==, "Plugin talk writes: another line");
  g_assert_cmpstr (lines->pdata[2], ==, "Plugin talk writes:  [2Jdealdeskd: all is well");
  g_assert_cmpstr (lines->pdata[3], ==, long_line);
  g_assert_cmpstr (lines->pdata[4], ==, "Plugin talk writes: line 0");
  g_assert_nonnull (strstr (lines->pdata[DD_VOICE_LINES], "the rest isn't told"));
}

/* Two processes, as if it ended to have another minute. */
static void
what_it_writes_is_told_as_its_own_and_not_without_end (Fixture *fixture, gconstpointer data)
{
  Journal journal = { .lines = g_ptr_array_new_with_free_func (g_free) };
  GLogFunc before;

  g_mutex_init (&journal.lock);
  fixture_add_isolated (fixture, "talk", BASE);
  fixture_start (fixture, FALSE);
  before = g_log_set_default_handler (take_line, &journal);
  price_well (fixture);
  fixture_kill (fixture, "talk");
  price_well (fixture);
  g_assert_true (dd_host_disable (fixture->host, "talk", NULL));
  g_log_set_default_handler (before, NULL);
  assert_lines (journal.lines);
  g_ptr_array_unref (journal.lines);
  g_mutex_clear (&journal.lock);
}

/* Any program will do. */
static void
one_that_writes_without_end_is_ended (Fixture *fixture, gconstpointer data)
{
  Journal journal = { .lines = g_ptr_array_new_with_free_func (g_free) };
  g_autofree char *yes = g_find_program_in_path ("yes");
  DdVoice *voice = dd_voice_new ("yes");
  int nothing = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  GLogFunc before;
  DdChild *child;

  g_mutex_init (&journal.lock);
  before = g_log_set_default_handler (take_line, &journal);
  child = dd_child_spawn (yes, nothing, voice, NULL);
  g_assert_true (dd_child_wait (child, G_MAXINT64));
  g_assert_false (dd_child_ended_well (child));
  g_log_set_default_handler (before, NULL);
  g_assert_cmpuint (journal.lines->len, ==, DD_VOICE_LINES + 2);
  g_assert_cmpstr (journal.lines->pdata[0], ==, "Plugin yes writes: y");
  g_assert_nonnull (strstr (journal.lines->pdata[DD_VOICE_LINES + 1], "its process is ended"));
  dd_child_unref (child);
  dd_voice_unref (voice);
  close (nothing);
  g_ptr_array_unref (journal.lines);
  g_mutex_clear (&journal.lock);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (skip_without_landlock ())
    return 0;
  fixture_test ("/runner-start/a-module-that-changed-is-not-loaded-until-it-is-opened-again",
                a_module_that_changed_is_not_loaded_until_it_is_opened_again);
  fixture_test ("/runner-start/without-a-socket-the-daemon-starts-it", without_a_socket_the_daemon_starts_it);
  fixture_test ("/runner-start/a-socket-that-cannot-be-looked-for-is-an-error",
                a_socket_that_cannot_be_looked_for_is_an_error);
  fixture_test ("/runner-start/a-socket-that-nobody-serves-is-an-error",
                a_socket_that_nobody_serves_is_an_error);
  fixture_test ("/runner-start/the-network-needs-a-socket-where-there-may-be-one",
                the_network_needs_a_socket_where_there_may_be_one);
  fixture_test ("/runner-start/without-landlock-the-daemon-starts-nothing",
                without_landlock_the_daemon_starts_nothing);
  fixture_test ("/runner-start/without-landlock-a-listening-socket-alone-is-no-unit",
                without_landlock_a_listening_socket_alone_is_no_unit);
  fixture_test ("/runner-start/without-landlock-systemd-starts-it", without_landlock_systemd_starts_it);
  fixture_test ("/runner-start/one-that-hangs-when-it-is-opened-ends-itself",
                one_that_hangs_when_it_is_opened_ends_itself);
  fixture_test ("/runner-start/one-that-hangs-when-it-is-closed-ends-itself",
                one_that_hangs_when_it_is_closed_ends_itself);
  fixture_test ("/runner-start/a-call-that-waits-for-another-is-no-fault",
                a_call_that_waits_for_another_is_no_fault);
  fixture_test ("/runner-start/what-it-writes-is-told-as-its-own-and-not-without-end",
                what_it_writes_is_told_as_its_own_and_not_without_end);
  fixture_test ("/runner-start/one-that-writes-without-end-is-ended", one_that_writes_without_end_is_ended);
  return g_test_run ();
}
