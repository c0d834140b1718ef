/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Plugins' processes (see fixture-runner.h). The test's thread.
 */
#include "fixture-runner.h"

#include <signal.h>

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
