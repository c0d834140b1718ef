/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Calls that never reach their plugin: they count for nothing, spoil nothing for others, and cost little.
 */
#include "fixture-runner.h"

#include "call.h"
#include "remote/image.h"
#include "remote/remote-private.h"

#define BASE     "Kinds=pricing\nStage=base\n"
#define DATASETS "[Dataset d]\nColumns=k key text\n[Dataset e]\nColumns=k key text\n"

static DdPlugin *
first_plugin (Fixture *fixture)
{
  return fixture->host->plugins->pdata[0];
}

static void
price_well (Fixture *fixture)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GError) error = NULL;
  g_autoptr (DdAnswers) answers = fixture_price (fixture, proposal, &error);

  g_assert_no_error (error);
  g_assert_nonnull (answers);
}

static void
price_badly (Fixture *fixture, DdErrorCode code, const char *says)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GError) error = NULL;

  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, code, "plugin alpha", says, NULL);
}

/* --- the pool --- */

typedef struct
{
  Fixture *fixture;
  DdCallBody body;
} Calling;

static void
call_job (gpointer data)
{
  const Calling *calling = data;
  DdHost *host = calling->fixture->host;
  g_autoptr (DealdeskCall) call = dd_call_new (host, &calling->fixture->context);
  g_autoptr (GError) error = NULL;

  g_assert_false (dd_call_run (call, first_plugin (calling->fixture), DD_KIND_PRICING, calling->body,
                               DD_ERROR_FAILED, &error));
  assert_error (&error, DD_ERROR_UNAVAILABLE, "not now", NULL);
}

/* Meanwhile the breaker opens, its rest is over, and another call takes the trial. */
static DealdeskResult
be_unasked_during_a_trial (DealdeskCall *call)
{
  g_mutex_lock (&call->host->lock);
  call->plugin->breaker = (DdBreaker){ .faults = DD_BREAKER_FAULTS, .open_until = 1, .trial = TRUE };
  g_mutex_unlock (&call->host->lock);
  dd_call_unasked (call, DD_ERROR_UNAVAILABLE, "not now");
  return DEALDESK_FAILED;
}

static DealdeskResult
be_unasked (DealdeskCall *call)
{
  g_assert_true (call->plugin->breaker.trial);
  dd_call_unasked (call, DD_ERROR_UNAVAILABLE, "not now");
  return DEALDESK_FAILED;
}

static void
only_the_trial_ends_the_trial (Fixture *fixture, gconstpointer data)
{
  Calling calling = { fixture, be_unasked_during_a_trial };
  g_autoptr (GError) error = NULL;
  DdBreaker *breaker;

  fixture_add (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  breaker = &first_plugin (fixture)->breaker;
  g_assert_true (fixture_run (fixture, call_job, &calling, &error));
  g_assert_true (breaker->trial);

  /* the other one was the trial, and ends in the same way */
  breaker->trial = FALSE;
  calling.body = be_unasked;
  g_assert_true (fixture_run (fixture, call_job, &calling, &error));
  g_assert_false (breaker->trial);
  g_assert_true (dd_breaker_is_open (breaker));
}

static gint begun; /* atomic; 1: not yet */

static gboolean
is_stranded (DdHost *host, const DdPlugin *plugin)
{
  gboolean stranded;

  g_mutex_lock (&host->lock);
  stranded = plugin->stranded > 0;
  g_mutex_unlock (&host->lock);
  return stranded;
}

static DealdeskResult
begin_once_it_is_given_up (DealdeskCall *call)
{
  while (!is_stranded (call->host, call->plugin))
    g_usleep (1000);
  g_atomic_int_set (&begun, dd_pool_begin (call->host->pool, &call->watch) ? 2 : 0);
  return DEALDESK_FAILED;
}

static void
a_call_that_was_given_up_does_not_begin (Fixture *fixture, gconstpointer data)
{
  Calling calling = { fixture, begin_once_it_is_given_up };
  g_autoptr (GError) error = NULL;

  g_atomic_int_set (&begun, 1);
  fixture->deadline_usec = fixture->grace_usec = 20 * 1000;
  fixture_add (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  g_assert_false (fixture_run (fixture, call_job, &calling, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "did not return", NULL);
  while (is_stranded (fixture->host, first_plugin (fixture)))
    g_usleep (1000);
  g_assert_cmpint (g_atomic_int_get (&begun), ==, 0);
}

/* --- the process --- */

static void
a_turn_that_comes_too_late_is_none (Fixture *fixture, gconstpointer data)
{
  DdRemote *remote;

  fixture_add_isolated (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  remote = first_plugin (fixture)->remote;
  g_assert_false (dd_remote_enter (remote, g_get_monotonic_time ()));
  g_assert_true (dd_remote_enter (remote, G_MAXINT64));
  dd_remote_leave (remote);
}

static void
one_that_cannot_be_started_rests (Fixture *fixture, gconstpointer data)
{
  DdRemote *remote;
  char *runner;

  fixture_add_isolated (fixture, "alpha", BASE);
  fixture_start (fixture, FALSE);
  price_well (fixture);
  fixture_kill (fixture, "alpha");
  remote = first_plugin (fixture)->remote;
  runner = remote->runner_path;
  remote->runner_path = (char *)"/nowhere/runner";
  price_badly (fixture, DD_ERROR_UNAVAILABLE, "/nowhere/runner can't be run");
  g_assert_cmpint (remote->rests_until, >, 0);

  /* nobody tries, and nobody is told anything else */
  remote->runner_path = runner;
  remote->rests_until = G_MAXINT64;
  for (guint i = 0; i < 10; i++)
    price_badly (fixture, DD_ERROR_UNAVAILABLE, "/nowhere/runner can't be run");
  remote->rests_until = 1;
  price_well (fixture);
}

/* --- its datasets --- */

static void
import (Fixture *fixture, const char *dataset)
{
  g_hash_table_remove (fixture->compiled, dataset);
  fixture_table (fixture, dataset, "k\nx\n");
}

static DdRemote *
start_with_datasets (Fixture *fixture)
{
  fixture_add_isolated (fixture, "alpha", BASE DATASETS);
  import (fixture, "d");
  import (fixture, "e");
  fixture_start (fixture, FALSE);
  price_well (fixture);
  return first_plugin (fixture)->remote;
}

/* The old image of e fills all that there is. */
static void
what_an_import_replaced_takes_no_room (Fixture *fixture, gconstpointer data)
{
  DdRemote *remote = start_with_datasets (fixture);

  remote->images[1].size = DD_IMAGES_MAX_BYTES;
  import (fixture, "d");
  import (fixture, "e");
  price_well (fixture);

  /* nor does anything, once it is closed */
  g_assert_true (dd_host_disable (fixture->host, "alpha", NULL));
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (remote->images[i].image, ==, -1);
}

static void
what_is_too_large_is_no_fault_and_says_so (Fixture *fixture, gconstpointer data)
{
  DdRemote *remote = start_with_datasets (fixture);
  guint64 size = remote->images[0].size;

  remote->images[0].size = DD_IMAGES_MAX_BYTES;
  import (fixture, "e");
  for (guint i = 0; i < 10; i++)
    price_badly (fixture, DD_ERROR_TOO_LARGE, "dataset e is too large");
  remote->images[0].size = size;
  price_well (fixture);
}

/* Its old image of d would still be there beside the new one of e. */
static void
a_process_without_room_for_both_is_another_one (Fixture *fixture, gconstpointer data)
{
  DdRemote *remote = start_with_datasets (fixture);
  gint64 pid = fixture_describe (fixture, "alpha").pid;

  import (fixture, "e");
  price_well (fixture);
  g_assert_cmpint (fixture_describe (fixture, "alpha").pid, ==, pid);
  remote->images[0].held = DD_IMAGES_MAX_BYTES;
  import (fixture, "e");
  price_well (fixture);
  g_assert_cmpint (fixture_describe (fixture, "alpha").pid, !=, pid);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/unasked/only-the-trial-ends-the-trial", only_the_trial_ends_the_trial);
  fixture_test ("/unasked/a-call-that-was-given-up-does-not-begin", a_call_that_was_given_up_does_not_begin);
  if (skip_without_landlock ())
    return 0;
  fixture_test ("/unasked/a-turn-that-comes-too-late-is-none", a_turn_that_comes_too_late_is_none);
  fixture_test ("/unasked/one-that-cannot-be-started-rests", one_that_cannot_be_started_rests);
  fixture_test ("/unasked/what-an-import-replaced-takes-no-room", what_an_import_replaced_takes_no_room);
  fixture_test ("/unasked/what-is-too-large-is-no-fault-and-says-so",
                what_is_too_large_is_no_fault_and_says_so);
  fixture_test ("/unasked/a-process-without-room-for-both-is-another-one",
                a_process_without_room_for_both_is_another_one);
  return g_test_run ();
}
