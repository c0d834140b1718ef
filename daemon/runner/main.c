/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealdesk-runner: one plugin, in a process that gives up all that it doesn't need.
 *
 * Descriptor 3 is a connection to the daemon, or, started by systemd, the socket that it connects to. All
 * else comes over the connection; whoever may connect decides what is loaded. One thread, one connection, one
 * plugin; it ends with the connection.
 */
#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

#define SOCKET 3

/* systemd starts us because somebody connects. */
#define CONNECT_MSEC 20000

static gboolean
accept_one (GError **error)
{
  struct pollfd poll_fd = { .fd = SOCKET, .events = POLLIN };
  int connection;

  if (poll (&poll_fd, 1, CONNECT_MSEC) <= 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "nobody connected");
  connection = accept4 (SOCKET, NULL, NULL, SOCK_CLOEXEC);
  if (connection < 0)
    return dd_fail (error, DD_ERROR_FAILED, "the connection can't be taken: %s", g_strerror (errno));

  /* In the place of the listening socket: no other descriptor stays open. */
  if (dup3 (connection, SOCKET, O_CLOEXEC) < 0)
    return dd_fail (error, DD_ERROR_FAILED, "the connection can't be moved: %s", g_strerror (errno));
  close (connection);
  return TRUE;
}

/* systemd names us where it gives us its socket; the daemon only ever gives us a connection. */
static gboolean
is_for_us (const char *pid)
{
  return pid != NULL && g_ascii_strtoll (pid, NULL, 10) == getpid ();
}

static gboolean
connect_daemon (DdRunner *runner, GError **error)
{
  int listening = 0;
  socklen_t size = sizeof listening;

  if (getsockopt (SOCKET, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "descriptor %d is no socket: dealdeskd or systemd starts this program", SOCKET);
  if (listening)
    {
      runner->in_unit = is_for_us (g_getenv ("LISTEN_PID"));
      return accept_one (error);
    }
  fcntl (SOCKET, F_SETFD, FD_CLOEXEC);
  return TRUE;
}

static int
fail (const GError *error)
{
  g_printerr ("dealdesk-runner: %s\n", error->message);
  return EXIT_FAILURE;
}

static void
clear (DdRunner *runner)
{
  for (guint i = 0; runner->plugin != NULL && i < runner->plugin->manifest->datasets->len; i++)
    g_clear_pointer (&runner->images[i], dd_image_free);
  g_free (runner->images);
  g_clear_pointer (&runner->plugin, dd_plugin_free);
  dd_wire_clear (&runner->answer);
  dd_frame_clear (&runner->question);
}

int
main (int argc, char **argv)
{
  static DdRunner runner = { .socket = SOCKET, .question = { .descriptor = -1 } };
  g_autoptr (GError) error = NULL;
  int status;

  if (argc > 1 && strcmp (argv[1], "--version") == 0)
    {
      g_print ("dealdesk-runner %s\n", DD_VERSION);
      return EXIT_SUCCESS;
    }

  /* As in the daemon. */
  setlocale (LC_ALL, "");
  umask (0077);
  mallopt (M_MMAP_THRESHOLD, 32 * 1024 * 1024);
  mallopt (M_TRIM_THRESHOLD, 32 * 1024 * 1024);
  if (!dd_runner_make_alarm (&error) || !connect_daemon (&runner, &error) ||
      !dd_runner_load (&runner, &error))
    status = fail (error);
  else
    status = dd_runner_serve (&runner);
  clear (&runner);
  return status;
}
