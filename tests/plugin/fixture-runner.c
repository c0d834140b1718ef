/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Plugins' processes (see fixture-runner.h). The test's thread.
 */
#include "fixture-runner.h"

#include <linux/landlock.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

gboolean
skip_without_landlock (void)
{
  gboolean missing = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) <= 0;

  if (missing)
    g_print ("1..0 # SKIP this kernel has no Landlock\n");
  return missing;
}

static void
take_detail (const DdPluginDetail *detail, gpointer data)
{
  *(DdPluginDetail *)data = *detail;
}

DdPluginDetail
fixture_describe (Fixture *fixture, const char *id)
{
  DdPluginDetail detail = { 0 };

  g_assert_true (dd_host_describe (fixture->host, id, take_detail, &detail, NULL));
  return detail;
}

gboolean
process_is_gone (gint64 pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/status", pid);

  return !g_file_test (path, G_FILE_TEST_EXISTS);
}

void
fixture_kill (Fixture *fixture, const char *id)
{
  gint64 pid = fixture_describe (fixture, id).pid;

  g_assert_cmpint (pid, >, 0);
  g_assert_cmpint (kill ((pid_t)pid, SIGKILL), ==, 0);
  while (!process_is_gone (pid))
    g_usleep (1000);
}

int
fixture_listen (Fixture *fixture, const char *id)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_snprintf (address.sun_path, sizeof address.sun_path, "%s/%s.sock", fixture->directory, id);
  g_assert_cmpint (bind (listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (listener, 8), ==, 0);
  fixture->runner_dir = fixture->directory;
  return listener;
}
