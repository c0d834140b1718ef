/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Plugins that hang, are late or fail cost their own answer, and nothing else.
 *
 * Time decides how long a test waits, never what it finds.
 */
#include "fixture.h"

#include <gmodule.h>
#include <string.h>

#define SHORT_USEC (20 * 1000)

typedef struct
{
  GModule *module;
  int *release;
  int *inside;
} Hang;

static void
start_with_hang (Fixture *fixture, Hang *hang, const char *kinds)
{
  gpointer symbol;

  fixture->deadline_usec = SHORT_USEC;
  fixture->grace_usec = SHORT_USEC;
  fixture_add (fixture, "hang", kinds);
  fixture_start (fixture, FALSE);
  hang->module = g_module_open (ZOO_DIR "/hang.so", G_MODULE_BIND_LOCAL);
  g_assert_nonnull (hang->module);
  g_assert_true (g_module_symbol (hang->module, "zoo_release", &symbol));
  hang->release = symbol;
  g_assert_true (g_module_symbol (hang->module, "zoo_inside", &symbol));
  hang->inside = symbol;
  g_atomic_int_set (hang->release, FALSE);
}

/* Lets the stranded calls return, and waits until their threads have ended. */
static void
release (Fixture *fixture, const Hang *hang)
{
  g_autoptr (GError) error = NULL;

  g_atomic_int_set (hang->release, TRUE);
  g_assert_true (dd_host_disable (fixture->host, "hang", &error));
  while (!dd_host_enable (fixture->host, "hang", &error))
    {
      assert_error (&error, DD_ERROR_UNAVAILABLE, "never returned", NULL);
      g_usleep (1000);
    }
}

static void
a_hung_call_fails_its_job (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GError) error = NULL;
  Hang hang;

  start_with_hang (fixture, &hang, "Kinds=pricing;handoff\nStage=base\n");
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "plugin hang", "did not return", NULL);
  g_assert_cmpint (g_atomic_int_get (hang.inside), ==, 1);

  g_autofree char *state = fixture_state (fixture, "hang");

  g_assert_true (g_str_has_prefix (state, "failing: "));

  /* the breaker answers at once, without another thread in there */
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "plugin hang is failing", "did not return", NULL);
  g_assert_cmpint (g_atomic_int_get (hang.inside), ==, 1);

  /* what the stranded call reads outlives the caller's own reference */
  g_clear_pointer (&proposal, dd_proposal_unref);
  release (fixture, &hang);

  g_autofree char *again = fixture_state (fixture, "hang");

  g_assert_cmpstr (again, ==, "enabled: ");
}

static void
do_nothing (gpointer data)
{
  *(gboolean *)data = TRUE;
}

static void
stranded_threads_are_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  Hang hang;

  /* more hung calls than the pool has threads */
  start_with_hang (fixture, &hang, "Kinds=pricing;handoff\nStage=base\n");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean done = FALSE;

      g_assert_null (fixture_price (fixture, proposal, &error));
      g_assert_true (fixture_run (fixture, do_nothing, &done, &error));
      g_assert_true (done);
    }
  release (fixture, &hang);
}

static void
a_host_ends_with_a_call_that_hangs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GError) error = NULL;
  Hang hang;

  start_with_hang (fixture, &hang, "Kinds=pricing;handoff\nStage=base\n");
  g_assert_null (fixture_price (fixture, proposal, &error));
  dd_host_free (g_steal_pointer (&fixture->host));
  g_assert_cmpint (g_atomic_int_get (hang.inside), ==, 1);
  g_atomic_int_set (hang.release, TRUE);
  while (g_atomic_int_get (hang.inside) > 0)
    g_usleep (1000);
}

static void
a_late_answer_is_not_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GError) error = NULL;

  fixture->deadline_usec = SHORT_USEC;
  fixture->grace_usec = 600 * G_USEC_PER_SEC;
  fixture_add (fixture, "late", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "plugin late", "was late", NULL);
}

static void
three_faults_open_the_breaker (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");

  fixture_add (fixture, "fail", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *state = fixture_state (fixture, "fail");

      g_assert_cmpstr (state, ==, "enabled: ");
      g_assert_null (fixture_price (fixture, proposal, &error));
      assert_error (&error, DD_ERROR_PLUGIN_FAILED, "plugin fail", "didn't say why", NULL);
    }

  g_autofree char *state = fixture_state (fixture, "fail");

  g_assert_true (g_str_has_prefix (state, "failing: "));

  /* an administrator needn't wait for its rest to be over */
  g_assert_true (dd_host_enable (fixture->host, "fail", NULL));

  g_autofree char *again = fixture_state (fixture, "fail");

  g_assert_cmpstr (again, ==, "enabled: ");
}

/* The count of zoo_opened and zoo_closed in a plugin of the zoo. */
static int
count_of (const char *name, const char *what)
{
  g_autofree char *path = g_strdup_printf (ZOO_DIR "/%s.so", name);
  GModule *module = g_module_open (path, G_MODULE_BIND_LOCAL);
  gpointer symbol;
  int count;

  g_assert_nonnull (module);
  g_assert_true (g_module_symbol (module, what, &symbol));
  count = *(int *)symbol;
  g_module_close (module);
  return count;
}

static void
disabling_closes_and_enabling_opens (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GError) error = NULL;

  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  g_assert_cmpint (count_of ("alpha", "zoo_opened"), ==, 1);
  g_assert_true (dd_host_disable (fixture->host, "alpha", &error));
  g_assert_true (dd_host_disable (fixture->host, "alpha", &error));
  g_assert_cmpint (count_of ("alpha", "zoo_closed"), ==, 1);
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_UNAVAILABLE, "stage base", NULL);
  g_assert_true (dd_host_enable (fixture->host, "alpha", &error));
  g_assert_cmpint (count_of ("alpha", "zoo_opened"), ==, 2);
  g_assert_false (dd_host_disable (fixture->host, "omega", &error));
  assert_error (&error, DD_ERROR_NOT_FOUND, "omega", NULL);
}

typedef struct
{
  Fixture *fixture;
  DdProposal *proposal;
  DdAnswers *answers;
} Pricing;

static gpointer
price_in_thread (gpointer data)
{
  Pricing *pricing = data;

  pricing->answers = fixture_price (pricing->fixture, pricing->proposal, NULL);
  return NULL;
}

static void
disabling_waits_for_calls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  Pricing pricing = { fixture, proposal, NULL };
  Hang hang;

  start_with_hang (fixture, &hang, "Kinds=pricing;handoff\nStage=base\n");
  dd_host_free (g_steal_pointer (&fixture->host));
  fixture->deadline_usec = fixture->grace_usec = 600 * G_USEC_PER_SEC;
  g_ptr_array_set_size (fixture->disabled, 0);
  fixture_start (fixture, FALSE);

  GThread *thread = g_thread_new ("price", price_in_thread, &pricing);

  while (g_atomic_int_get (hang.inside) == 0)
    g_usleep (1000);
  g_atomic_int_set (hang.release, TRUE);
  g_assert_true (dd_host_disable (fixture->host, "hang", NULL));
  g_assert_cmpint (g_atomic_int_get (hang.inside), ==, 0);
  g_thread_join (thread);
  g_assert_nonnull (pricing.answers);
  dd_answers_free (pricing.answers);
}

/* What is written to the journal while @host is set; each time the host must answer, so it holds no lock. */
static struct
{
  DdHost *host;
  gint warnings; /* atomic */
} journal;

static void
ignore_plugin (const DdPluginInfo *info, gpointer data)
{
}

static GLogWriterOutput
write_journal (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  DdHost *host = g_atomic_pointer_get (&journal.host);

  if (host == NULL || (level & G_LOG_LEVEL_WARNING) == 0)
    return g_log_writer_default (level, fields, n_fields, data);
  dd_host_list (host, ignore_plugin, NULL);
  g_atomic_int_inc (&journal.warnings);
  return G_LOG_WRITER_HANDLED;
}

static void
the_journal_is_told_without_the_lock (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  Hang hang;

  g_atomic_int_set (&journal.warnings, 0);
  start_with_hang (fixture, &hang, "Kinds=pricing;handoff\nStage=base\n");
  g_atomic_pointer_set (&journal.host, fixture->host);
  g_assert_null (fixture_price (fixture, proposal, NULL));
  g_assert_cmpint (g_atomic_int_get (&journal.warnings), ==, 1);
  g_atomic_pointer_set (&journal.host, NULL);
  release (fixture, &hang);
  dd_host_free (g_steal_pointer (&fixture->host));

  fixture->deadline_usec = fixture->grace_usec = 0;
  g_ptr_array_set_size (fixture->disabled, 0);
  g_ptr_array_add (fixture->disabled, (gpointer) "hang");
  fixture_add (fixture, "fail", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  g_atomic_pointer_set (&journal.host, fixture->host);
  for (guint i = 0; i < 3; i++)
    g_assert_null (fixture_price (fixture, proposal, NULL));
  g_assert_cmpint (g_atomic_int_get (&journal.warnings), ==, 2);
  g_atomic_pointer_set (&journal.host, NULL);
}

static void
count_call (gpointer data)
{
  g_atomic_int_inc ((gint *)data);
}

static void
take_failure (gpointer data, const GError *error)
{
  *(GError **)data = g_error_copy (error);
}

static void
never_runs (gpointer data)
{
  g_assert_not_reached ();
}

static void
stopping_ends_what_was_taken_and_refuses_more (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint done = 0;
  int closed;

  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  closed = count_of ("alpha", "zoo_closed");
  for (guint i = 0; i < 100; i++)
    dd_host_run (fixture->host, count_call, take_failure, &done);
  dd_host_stop (fixture->host);
  g_assert_cmpint (done, ==, 100);
  dd_host_run (fixture->host, never_runs, take_failure, &error);
  assert_error (&error, DD_ERROR_UNAVAILABLE, "stopping", NULL);

  /* what isn't a job's still answers, and so does a second stop */
  dd_host_stop (fixture->host);

  g_autofree char *state = fixture_state (fixture, "alpha");

  g_assert_cmpstr (state, ==, "enabled: ");
  g_assert_cmpstr (dd_host_sink (fixture->host), ==, "");
  g_assert_cmpuint (dd_host_datasets (fixture->host)->len, ==, 0);
  g_assert_cmpint (count_of ("alpha", "zoo_closed"), ==, closed);
}

static void
a_host_stops_with_a_call_that_hangs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GError) error = NULL;
  Pricing pricing = { fixture, proposal, NULL };
  Hang hang;

  start_with_hang (fixture, &hang, "Kinds=pricing;handoff\nStage=base\n");

  GThread *thread = g_thread_new ("price", price_in_thread, &pricing);

  while (g_atomic_int_get (hang.inside) == 0)
    g_usleep (1000);
  dd_host_stop (fixture->host);

  /* its job has failed: nobody waits for it */
  g_thread_join (thread);
  g_assert_null (pricing.answers);
  dd_host_run (fixture->host, never_runs, take_failure, &error);
  assert_error (&error, DD_ERROR_UNAVAILABLE, NULL);
  dd_host_free (g_steal_pointer (&fixture->host));
  g_atomic_int_set (hang.release, TRUE);
  while (g_atomic_int_get (hang.inside) > 0)
    g_usleep (1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_journal, NULL, NULL);
  fixture_test ("/containment/a-hung-call-fails-its-job-and-opens-the-breaker", a_hung_call_fails_its_job);
  fixture_test ("/containment/stranded-threads-are-replaced", stranded_threads_are_replaced);
  fixture_test ("/containment/a-host-ends-with-a-call-that-hangs", a_host_ends_with_a_call_that_hangs);
  fixture_test ("/containment/a-late-answer-is-not-taken", a_late_answer_is_not_taken);
  fixture_test ("/containment/three-faults-open-the-breaker-and-enabling-closes-it",
                three_faults_open_the_breaker);
  fixture_test ("/containment/disabling-closes-and-enabling-opens", disabling_closes_and_enabling_opens);
  fixture_test ("/containment/disabling-waits-for-calls", disabling_waits_for_calls);
  fixture_test ("/containment/the-journal-is-told-without-the-lock", the_journal_is_told_without_the_lock);
  fixture_test ("/containment/stopping-ends-what-was-taken-and-refuses-more",
                stopping_ends_what_was_taken_and_refuses_more);
  fixture_test ("/containment/a-host-stops-with-a-call-that-hangs", a_host_stops_with_a_call_that_hangs);
  return g_test_run ();
}
