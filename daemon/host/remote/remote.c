/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Questions to a runner and their answers (see remote.h).
 */
#include "remote/remote-private.h"

#include <errno.h>
#include <sys/random.h>

#include <poll.h>
#include <unistd.h>

#include "error.h"
#include "remote/image.h"
#include "remote/wire-layout.h"

/* How long a plugin may take to close. */
#define CLOSE_USEC (2 * G_USEC_PER_SEC)

/* How long one that can't be started isn't tried again. */
#define REST_USEC (2 * G_USEC_PER_SEC)

DdRemote *
dd_remote_new (const DdRemoteOptions *options)
{
  DdRemote *remote = g_new0 (DdRemote, 1);

  remote->id = g_strdup (options->id);
  remote->path = g_strdup (options->path);
  remote->digest = g_strdup (options->digest);
  remote->runner_path = g_strdup (options->runner_path);
  remote->runner_dir = g_strdup (options->runner_dir);
  remote->voice = dd_voice_new (options->id);
  remote->network = options->network;
  remote->deadline_usec = options->deadline_usec;
  remote->grace_usec = options->grace_usec;
  remote->idle_usec = options->idle_usec;
  remote->socket = -1;
  remote->answer.descriptor = -1;
  remote->n_images = options->n_datasets;
  remote->images = g_new0 (DdRemoteImage, options->n_datasets + 1);
  for (guint i = 0; i < remote->n_images; i++)
    remote->images[i].image = -1;
  g_mutex_init (&remote->lock);
  g_cond_init (&remote->left);
  return remote;
}

static void
forget_image (DdRemoteImage *image)
{
  if (image->image >= 0)
    close (image->image);
  g_clear_pointer (&image->dataset, dd_dataset_unref);
  *image = (DdRemoteImage){ .image = -1, .held = image->held };
}

static void
forget_images (DdRemote *remote)
{
  for (guint i = 0; i < remote->n_images; i++)
    forget_image (&remote->images[i]);
}

void
dd_remote_free (DdRemote *remote)
{
  dd_remote_close (remote);
  dd_wire_clear (&remote->hello);
  dd_wire_clear (&remote->question);
  dd_frame_clear (&remote->answer);
  dd_voice_unref (remote->voice);
  g_clear_error (&remote->rests_for);
  g_free (remote->images);
  g_free (remote->id);
  g_free (remote->path);
  g_free (remote->digest);
  g_free (remote->runner_path);
  g_free (remote->runner_dir);
  g_mutex_clear (&remote->lock);
  g_cond_clear (&remote->left);
  g_free (remote);
}

static void
write_hello (DdRemote *remote, const DealdeskOption *options, guint n_options)
{
  DdWireWriter *writer = &remote->hello;

  dd_wire_begin (writer);

  guint32 path = dd_wire_add_text (writer, remote->path, G_MAXUINT32);
  guint32 digest = dd_wire_add_text (writer, remote->digest, G_MAXUINT32);
  DdWireHello *hello = dd_wire_add (writer, sizeof *hello);

  *hello = (DdWireHello){
    .protocol = DD_WIRE_PROTOCOL,
    .abi = DEALDESK_ABI,
    .path = path,
    .digest = digest,
    .network = remote->network,
    .n_options = n_options,
    .idle_usec = remote->idle_usec,
  };
  for (guint i = 0; i < n_options; i++)
    {
      guint32 text = dd_wire_add_text (writer, options[i].text, G_MAXUINT32);
      DdWireOption *option = dd_wire_add (writer, sizeof *option);

      *option = (DdWireOption){ .text = text, .number = options[i].number };
    }
}

gboolean
dd_remote_open (DdRemote *remote,
                const DealdeskOption *options,
                guint n_options,
                gint64 until,
                DdRemoteFacts *out_facts,
                GError **error)
{
  gboolean started;

  dd_remote_enter (remote, G_MAXINT64);
  write_hello (remote, options, n_options);
  remote->opened = FALSE;
  remote->failed = FALSE;
  remote->rests_until = 0;
  started = dd_remote_start (remote, until, error);
  if (started)
    {
      remote->opened = TRUE;
      *out_facts = remote->facts;
    }
  dd_remote_leave (remote);
  return started;
}

void
dd_remote_close (DdRemote *remote)
{
  dd_remote_enter (remote, G_MAXINT64);
  dd_remote_let_end (remote, g_get_monotonic_time () + CLOSE_USEC);
  forget_images (remote);
  dd_remote_leave (remote);
}

gint64
dd_remote_deadline (const DdRemote *remote, gint64 started)
{
  return started + remote->deadline_usec;
}

gint64
dd_remote_end (const DdRemote *remote, gint64 started)
{
  return started + remote->deadline_usec + remote->grace_usec / 2;
}

gboolean
dd_remote_enter (DdRemote *remote, gint64 until)
{
  gboolean entered;

  g_mutex_lock (&remote->lock);
  while (remote->busy && g_get_monotonic_time () < until)
    g_cond_wait_until (&remote->left, &remote->lock, MIN (until, g_get_monotonic_time () + G_USEC_PER_SEC));
  entered = !remote->busy && g_get_monotonic_time () < until;
  if (entered)
    remote->busy = TRUE;
  g_mutex_unlock (&remote->lock);
  return entered;
}

void
dd_remote_leave (DdRemote *remote)
{
  dd_wire_trim (&remote->question);
  dd_frame_trim (&remote->answer);
  g_mutex_lock (&remote->lock);
  remote->busy = FALSE;
  g_cond_signal (&remote->left);
  g_mutex_unlock (&remote->lock);
}

gboolean
dd_remote_rests (const DdRemote *remote, GError **error)
{
  if (g_get_monotonic_time () >= remote->rests_until)
    return FALSE;
  g_propagate_error (error, g_error_copy (remote->rests_for));
  return TRUE;
}

void
dd_remote_keep (DdRemote *remote, DdDataset *const *datasets)
{
  for (guint i = 0; i < remote->n_images; i++)
    if (remote->images[i].dataset != datasets[i])
      forget_image (&remote->images[i]);
}

gboolean
dd_remote_offer (
  DdRemote *remote, guint index, DdDataset *dataset, const guint *columns, guint n_columns, GError **error)
{
  DdRemoteImage *image = &remote->images[index];
  guint64 taken = 0;

  if (image->dataset == dataset)
    return TRUE;
  forget_image (image);
  for (guint i = 0; i < remote->n_images; i++)
    taken += remote->images[i].size;
  image->image = dd_image_make (dataset, columns, n_columns, taken, &image->size, error);
  if (image->image < 0)
    return FALSE;
  image->dataset = dd_dataset_ref (dataset);
  return TRUE;
}

DdWireWriter *
dd_remote_begin (DdRemote *remote)
{
  dd_wire_begin (&remote->question);
  return &remote->question;
}

/* The process may have ended between two calls, by itself or not; it must not have said anything else. */
static gboolean
look (DdRemote *remote, GError **error)
{
  struct pollfd poll_fd = { .fd = remote->socket, .events = POLLIN };
  g_autoptr (GError) cause = NULL;
  DdWireResult result;

  if (remote->socket < 0 || poll (&poll_fd, 1, 0) <= 0)
    return TRUE;
  result = dd_frame_receive (remote->socket, &remote->answer, FALSE, g_get_monotonic_time (), &cause);
  if (result == DD_WIRE_CLOSED || (result == DD_WIRE_DONE && remote->answer.type == DD_FRAME_BYE))
    {
      remote->failed = result == DD_WIRE_CLOSED;
      dd_remote_let_end (remote, g_get_monotonic_time () + remote->grace_usec / 4);
      return TRUE;
    }
  dd_remote_kill (remote);
  remote->failed = TRUE;
  return dd_fail (error, DD_ERROR_PLUGIN_FAILED,
                  "its process said something that nobody asked for, and was ended");
}

static DdWireResult
send_images (DdRemote *remote, gint64 until, GError **error)
{
  DdWireResult result = DD_WIRE_DONE;
  DdWireWriter *writer = NULL;

  for (guint i = 0; i < remote->n_images && result == DD_WIRE_DONE; i++)
    {
      DdRemoteImage *image = &remote->images[i];

      if (image->sent || image->image < 0)
        continue;
      if (writer == NULL)
        writer = g_new0 (DdWireWriter, 1);
      dd_wire_begin (writer);
      *(DdWireImage *)dd_wire_add (writer, sizeof (DdWireImage)) = (DdWireImage){ .dataset = i };
      result = dd_frame_send (remote->socket, DD_FRAME_IMAGE, 0, writer, image->image, until, error);
      image->sent = result == DD_WIRE_DONE;
      image->held = image->size;
    }
  if (writer != NULL)
    dd_wire_clear (writer);
  g_free (writer);
  return result;
}

/* Images are replaced one after the other: whether a process that runs has room for each new one beside the
 * old ones that are still there. */
static gboolean
has_room (const DdRemote *remote)
{
  guint64 held = 0;

  for (guint i = 0; i < remote->n_images; i++)
    held += remote->images[i].held;
  for (guint i = 0; i < remote->n_images; i++)
    if (!remote->images[i].sent && remote->images[i].image >= 0)
      {
        held += remote->images[i].size - remote->images[i].held;
        if (held > DD_IMAGES_MAX_BYTES)
          return FALSE;
      }
  return TRUE;
}

/* A start that nobody was asked for is the machine's trouble, and isn't over with the next call. */
static gboolean
start (DdRemote *remote, gint64 until, GError **error)
{
  g_autoptr (GError) cause = NULL;

  g_clear_error (&remote->rests_for);
  remote->rests_until = 0;
  if (dd_remote_start (remote, until, &cause))
    return TRUE;
  if (g_error_matches (cause, DD_ERROR, DD_ERROR_UNAVAILABLE))
    {
      remote->rests_for = g_error_copy (cause);
      remote->rests_until = g_get_monotonic_time () + REST_USEC;
    }
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* Not to be guessed, so that nothing can be answered before it is asked. */
static guint32
make_serial (void)
{
  guint32 serial;

  if (getrandom (&serial, sizeof serial, 0) != (gssize)sizeof serial)
    g_error ("no random number can be had: %s", g_strerror (errno));
  return serial;
}

/* Whether it went or not, what the process said decides: it may have said farewell before the question came.
 */
static DdWireResult
exchange (DdRemote *remote, gint64 end, gboolean *out_sent, GError **error)
{
  g_autoptr (GError) cause = NULL;
  DdWireResult result = send_images (remote, end, &cause);

  if (result == DD_WIRE_DONE)
    {
      *out_sent = TRUE;
      remote->serial = make_serial ();
      result =
        dd_frame_send (remote->socket, DD_FRAME_CALL, remote->serial, &remote->question, -1, end, &cause);
    }
  if (result == DD_WIRE_DONE || result == DD_WIRE_CLOSED)
    return dd_frame_receive (remote->socket, &remote->answer, FALSE, end, error);
  g_propagate_error (error, g_steal_pointer (&cause));
  return result;
}

static gboolean
open_answer (DdRemote *remote, DdWireReader *out_answer, GError **error)
{
  const DdFrame *answer = &remote->answer;

  if (answer->type != DD_FRAME_ANSWER || answer->serial != remote->serial)
    return dd_fail (error, DD_ERROR_PLUGIN_FAILED,
                    "a frame of type %u with number %u isn't the answer to question %u", answer->type,
                    answer->serial, remote->serial);
  return dd_wire_open (out_answer, answer->body.data, answer->body.length, error);
}

gboolean
dd_remote_ask (DdRemote *remote, gint64 end, DdWireReader *out_answer, gboolean *out_sent, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean resent = FALSE;

  *out_sent = FALSE;
  if (!look (remote, error))
    return FALSE;
  if (!has_room (remote))
    dd_remote_let_end (remote, g_get_monotonic_time () + remote->grace_usec / 4);
  for (;;)
    {
      if (remote->socket < 0 && !start (remote, end, error))
        return FALSE;

      DdWireResult result = exchange (remote, end, out_sent, &cause);

      if (result == DD_WIRE_DONE && remote->answer.type == DD_FRAME_BYE && !resent)
        {
          /* It was idle, and ended without reading the question. */
          dd_remote_let_end (remote, g_get_monotonic_time () + remote->grace_usec / 4);
          *out_sent = FALSE;
          resent = TRUE;
          continue;
        }
      if (result == DD_WIRE_DONE && !open_answer (remote, out_answer, &cause))
        result = DD_WIRE_WRONG;
      return result == DD_WIRE_DONE || dd_remote_fail (remote, result, end, cause, error);
    }
}

void
dd_remote_break (DdRemote *remote)
{
  dd_remote_kill (remote);
  remote->failed = TRUE;
}

void
dd_remote_describe (DdRemote *remote, pid_t *out_pid, guint *out_restarts)
{
  *out_pid = (pid_t)g_atomic_int_get (&remote->pid);
  *out_restarts = (guint)g_atomic_int_get (&remote->restarts);
}
