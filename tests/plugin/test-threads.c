/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A daemon that gets no more threads goes on with those that it has, and says so.
 *
 * The kernel refuses threads for good, so each case is a process of its own; its exit status is the result.
 */
#include "fixture.h"
#include "lesser-kernel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contain/pool.h"
#include "remote/child.h"

typedef struct
{
  gint ran;    /* atomic */
  gint failed; /* atomic: the error's code + 1 */
} Outcome;

static void
run (gpointer data)
{
  g_atomic_int_inc (&((Outcome *)data)->ran);
}

static void
fail (gpointer data, const GError *error)
{
  g_atomic_int_set (&((Outcome *)data)->failed, error->code + 1);
}

static int
a_pool_without_a_watchdog_is_an_error (void)
{
  g_autoptr (GError) error = NULL;
  GMutex lock;

  g_mutex_init (&lock);
  if (!lesser_kernel_without_threads () || dd_pool_new (&lock, 2, 1, 1, &error) != NULL)
    return 1;
  return g_error_matches (error, DD_ERROR, DD_ERROR_UNAVAILABLE) ? 0 : 2;
}

static int
a_job_without_a_worker_fails (void)
{
  Outcome outcome = { 0 };
  GMutex lock;
  DdPool *pool;

  g_mutex_init (&lock);
  pool = dd_pool_new (&lock, 2, G_USEC_PER_SEC, G_USEC_PER_SEC, NULL);
  if (pool == NULL || !lesser_kernel_without_threads ())
    return 1;
  dd_pool_run (pool, run, fail, &outcome);
  if (outcome.failed != DD_ERROR_UNAVAILABLE + 1 || !dd_pool_free (pool))
    return 2;
  return outcome.ran == 0 ? 0 : 3;
}

/* Stays until it is told to go on, so that the next job would have a thread of its own. */
typedef struct
{
  Outcome outcome;
  gint go_on; /* atomic */
} Long;

static void
run_long (gpointer data)
{
  Long *job = data;

  run (&job->outcome);
  while (!g_atomic_int_get (&job->go_on))
    g_usleep (1000);
}

static int
a_job_waits_for_the_worker_that_there_is (void)
{
  Outcome outcome = { 0 };
  Long first = { 0 };
  GMutex lock;
  DdPool *pool;

  g_mutex_init (&lock);
  pool = dd_pool_new (&lock, 2, G_USEC_PER_SEC, G_USEC_PER_SEC, NULL);
  dd_pool_run (pool, run_long, fail, &first);
  while (!g_atomic_int_get (&first.outcome.ran))
    g_usleep (1000);
  if (!lesser_kernel_without_threads ())
    return 1;
  dd_pool_run (pool, run, fail, &outcome);
  if (outcome.failed != 0 || g_atomic_int_get (&outcome.ran) != 0)
    return 2;
  g_atomic_int_set (&first.go_on, TRUE);
  dd_pool_free (pool);
  return outcome.ran == 1 && outcome.failed == 0 ? 0 : 3;
}

static int
a_process_that_nobody_can_wait_for_is_ended (void)
{
  g_autoptr (GError) error = NULL;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0 || !lesser_kernel_without_threads ())
    return 1;
  if (dd_child_spawn (RUNNER_PATH, ends[1], NULL, &error) != NULL)
    return 2;
  if (!g_error_matches (error, DD_ERROR, DD_ERROR_UNAVAILABLE) || strstr (error->message, "thread") == NULL)
    return 3;

  /* it is gone, and reaped */
  return waitpid (-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : 4;
}

static void
check (gconstpointer data)
{
  int (*body) (void) = (int (*) (void))data;
  pid_t child = fork ();
  int status;

  if (child == 0)
    _exit (body ());
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/threads/a-pool-without-a-watchdog-is-an-error",
                        a_pool_without_a_watchdog_is_an_error, check);
  g_test_add_data_func ("/threads/a-job-without-a-worker-fails", a_job_without_a_worker_fails, check);
  g_test_add_data_func ("/threads/a-job-waits-for-the-worker-that-there-is",
                        a_job_waits_for_the_worker_that_there_is, check);
  g_test_add_data_func ("/threads/a-process-that-nobody-can-wait-for-is-ended",
                        a_process_that_nobody_can_wait_for_is_ended, check);
  return g_test_run ();
}
