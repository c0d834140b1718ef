/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Starting and ending a runner's process (see remote.h).
 */
#include "remote/remote-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "error.h"
#include "remote/wire-layout.h"

/* --- the connection --- */

static gboolean
check_owner (const char *path, const struct stat *status, GError **error)
{
  if (status->st_uid != 0 && status->st_uid != geteuid ())
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "%s belongs to user %u: it must belong to root or to user %u", path,
                    (guint)status->st_uid, (guint)geteuid ());
  return TRUE;
}

/* Only root and we may have made the socket: nobody else's program is a runner. */
static gboolean
check_socket (const char *directory, const char *path, const struct stat *status, GError **error)
{
  struct stat place;

  if (!S_ISSOCK (status->st_mode))
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "%s is not a socket", path);
  if (stat (directory, &place) != 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "%s: %s", directory, g_strerror (errno));
  if (place.st_mode & (S_IWGRP | S_IWOTH))
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "%s can be written by others (mode %04o)", directory,
                    (guint)(place.st_mode & 07777));
  return check_owner (directory, &place, error) && check_owner (path, status, error);
}

static int
connect_to (const char *path, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int connection;

  if (strlen (path) >= sizeof address.sun_path)
    {
      dd_fail (error, DD_ERROR_UNAVAILABLE, "%s is too long for a socket's path", path);
      return -1;
    }
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  connection = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (connection >= 0 && connect (connection, (struct sockaddr *)&address, sizeof address) == 0)
    return connection;
  dd_fail (error, DD_ERROR_UNAVAILABLE, "%s can't be connected to: %s", path, g_strerror (errno));
  if (connection >= 0)
    close (connection);
  return -1;
}

static gboolean
spawn (DdRemote *remote, GError **error)
{
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "no socket can be made: %s", g_strerror (errno));
  remote->child = dd_child_spawn (remote->runner_path, ends[1], remote->voice, error);
  close (ends[1]);
  if (remote->child == NULL)
    {
      close (ends[0]);
      return FALSE;
    }
  remote->socket = ends[0];
  g_atomic_int_set (&remote->pid, (gint)dd_child_pid (remote->child));
  return TRUE;
}

/* Where systemd's sockets may be, a daemon has no network, and so hasn't what it starts. */
static gboolean
spawn_instead (DdRemote *remote, const char *path, GError **error)
{
  if (remote->network)
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "it uses the network, which only systemd can give it here, and %s isn't there: "
                    "systemctl enable --now dealdesk-network-runner@%s.socket",
                    path, remote->id);
  if (!remote->told)
    g_message ("Plugin %s is started without systemd: %s isn't there", remote->id, path);
  remote->told = TRUE;
  return spawn (remote, error);
}

static gboolean
begin (DdRemote *remote, GError **error)
{
  g_autofree char *path = NULL;
  struct stat status;

  if (remote->runner_dir == NULL)
    return spawn (remote, error);
  path = g_strdup_printf ("%s/%s.sock", remote->runner_dir, remote->id);
  if (lstat (path, &status) != 0)
    return errno == ENOENT ? spawn_instead (remote, path, error)
                           : dd_fail (error, DD_ERROR_UNAVAILABLE, "%s: %s", path, g_strerror (errno));
  if (!check_socket (remote->runner_dir, path, &status, error))
    return FALSE;
  remote->socket = connect_to (path, error);
  return remote->socket >= 0;
}

/* --- ending --- */

void
dd_remote_drop (DdRemote *remote)
{
  if (remote->socket >= 0)
    close (remote->socket);
  remote->socket = -1;
  g_clear_pointer (&remote->child, dd_child_unref);
  g_atomic_int_set (&remote->pid, 0);
  for (guint i = 0; i < remote->n_images; i++)
    {
      remote->images[i].sent = FALSE;
      remote->images[i].held = 0;
    }
}

void
dd_remote_kill (DdRemote *remote)
{
  if (remote->child != NULL)
    dd_child_kill (remote->child);
  dd_remote_drop (remote);
}

void
dd_remote_let_end (DdRemote *remote, gint64 until)
{
  if (remote->socket < 0)
    return;

  /* The connection's end asks it to end, unless it does anyway. */
  close (remote->socket);
  remote->socket = -1;
  if (remote->child != NULL)
    dd_child_wait (remote->child, until);
  dd_remote_kill (remote);
}

/* What became of a process that closed its connection. */
static char *
describe_end (DdRemote *remote, gint64 until)
{
  until = MIN (until, g_get_monotonic_time () + G_USEC_PER_SEC);
  if (remote->child == NULL)
    return g_strdup ("closed the connection");
  if (!dd_child_wait (remote->child, until))
    return g_strdup ("closed the connection, and was killed");
  return dd_child_describe_end (remote->child);
}

gboolean
dd_remote_fail (DdRemote *remote, DdWireResult result, gint64 until, const GError *cause, GError **error)
{
  if (result == DD_WIRE_LATE)
    dd_fail (error, DD_ERROR_PLUGIN_FAILED, "its process didn't answer in time, and was ended");
  else if (result == DD_WIRE_CLOSED)
    {
      g_autofree char *end = describe_end (remote, until + remote->grace_usec / 4);

      dd_fail (error, DD_ERROR_PLUGIN_FAILED, "its process %s", end);
    }
  else
    dd_fail (error, DD_ERROR_PLUGIN_FAILED, "its process said what can't be right, and was ended: %s",
             cause->message);
  dd_remote_kill (remote);
  remote->failed = TRUE;
  return FALSE;
}

/* --- settling what it is --- */

static gboolean
read_refusal (DdWireReader *reader, GError **error)
{
  const DdWireRefused *refused = dd_wire_take (reader, 1, sizeof *refused);
  const char *text = refused != NULL ? dd_wire_text (reader, refused->reason) : NULL;
  g_autofree char *reason = text != NULL ? g_utf8_make_valid (text, (gssize)strnlen (text, 1024)) : NULL;

  return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s",
                  reason != NULL ? reason : "its process gave no reason");
}

static gboolean
read_facts (DdWireReader *reader, DdRemoteFacts *facts, GError **error)
{
  const DdWireReady *ready = dd_wire_take (reader, 1, sizeof *ready);
  const char *version = ready != NULL ? dd_wire_text (reader, ready->version) : NULL;
  gsize length = version != NULL ? strnlen (version, sizeof facts->version) : 0;

  if (ready != NULL && ready->protocol != DD_WIRE_PROTOCOL)
    return dd_fail (
      error, DD_ERROR_PLUGIN_REFUSED,
      "the runner is of another release of dealdesk (protocol %u, the daemon has %u): restart both",
      ready->protocol, DD_WIRE_PROTOCOL);
  if (length == 0 || length == sizeof facts->version || !g_utf8_validate (version, -1, NULL))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "its process gave no version of 1 to 64 characters");
  memset (facts, 0, sizeof *facts);
  facts->kinds = ready->kinds;
  facts->dedupe = ready->dedupe;
  memcpy (facts->module, ready->module.bytes, sizeof facts->module);
  memcpy (facts->version, version, length);
  return TRUE;
}

static gboolean
settle (DdRemote *remote, GError **error)
{
  DdRemoteFacts facts;
  DdWireReader reader;

  if (!dd_wire_open (&reader, remote->answer.body.data, remote->answer.body.length, error))
    return FALSE;
  if (remote->answer.type == DD_FRAME_REFUSED)
    return read_refusal (&reader, error);
  if (remote->answer.type != DD_FRAME_READY)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "its process began with a frame of type %u",
                    remote->answer.type);
  if (!read_facts (&reader, &facts, error))
    return FALSE;
  if (remote->opened && memcmp (&facts, &remote->facts, sizeof facts) != 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "its module is another now (version %s) than when it was opened (version %s): disable "
                    "and enable it",
                    facts.version, remote->facts.version);
  remote->facts = facts;
  return TRUE;
}

/* What of the HELLO differs from start to start. */
static void
renew_hello (DdRemote *remote, gint64 until)
{
  DdWireHello *hello = (DdWireHello *)(void *)remote->hello.records.data;

  hello->kill = until;
  memset (&hello->module, 0, sizeof hello->module);
  if (remote->opened)
    memcpy (hello->module.bytes, remote->facts.module, sizeof hello->module.bytes);
}

gboolean
dd_remote_start (DdRemote *remote, gint64 until, GError **error)
{
  g_autoptr (GError) cause = NULL;
  DdWireResult result;

  if (remote->failed)
    g_atomic_int_inc (&remote->restarts);
  if (!begin (remote, error))
    return FALSE;
  renew_hello (remote, until);
  result = dd_frame_send (remote->socket, DD_FRAME_HELLO, 0, &remote->hello, -1, until, &cause);
  if (result == DD_WIRE_DONE)
    result = dd_frame_receive (remote->socket, &remote->answer, FALSE, until, &cause);
  if (result != DD_WIRE_DONE)
    return dd_remote_fail (remote, result, until, cause, error);
  if (!settle (remote, error))
    {
      dd_remote_kill (remote);
      remote->failed = TRUE;
      return FALSE;
    }
  remote->failed = FALSE;
  return TRUE;
}
