/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Frames over a socket (see wire.h): sent and received whole, until a time.
 *
 * The socket is used without blocking, whatever its own mode is; a closed end is a result, never a signal.
 */
#include "remote/wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "error.h"
#include "remote/wire-layout.h"

/* Read at a time before a frame's size is known to be real. */
#define CHUNK_BYTES (64U << 10)

static DdWireResult
say_late (GError **error)
{
  dd_fail (error, DD_ERROR_FAILED, "the time was over");
  return DD_WIRE_LATE;
}

/* After a part went or came: were only waiting timed, an end that goes on bit by bit would never be late. */
static gboolean
is_over (gint64 until)
{
  return until != G_MAXINT64 && g_get_monotonic_time () >= until;
}

static DdWireResult
wait_for (int socket, short events, gint64 until, GError **error)
{
  struct pollfd poll_fd = { .fd = socket, .events = events };

  for (;;)
    {
      gint64 left = until == G_MAXINT64 ? -1 : (until - g_get_monotonic_time () + 999) / 1000;
      int result = poll (&poll_fd, 1, until == G_MAXINT64 ? -1 : (int)CLAMP (left, 0, G_MAXINT));

      if (result > 0)
        return DD_WIRE_DONE;
      if (result < 0 && errno != EINTR)
        {
          dd_fail (error, DD_ERROR_FAILED, "a socket can't be waited for: %s", g_strerror (errno));
          return DD_WIRE_WRONG;
        }
      if (result == 0 && is_over (until))
        return say_late (error);
    }
}

static DdWireResult
say_closed (GError **error)
{
  dd_fail (error, DD_ERROR_FAILED, "the other end closed the connection");
  return DD_WIRE_CLOSED;
}

/* What a failed read or write means. DD_WIRE_DONE: try again. */
static DdWireResult
judge (int socket, short events, gint64 until, GError **error)
{
  if (errno == EINTR)
    return DD_WIRE_DONE;
  if (errno == EAGAIN)
    return wait_for (socket, events, until, error);
  if (errno == EPIPE || errno == ECONNRESET)
    return say_closed (error);
  dd_fail (error, DD_ERROR_FAILED, "the socket failed: %s", g_strerror (errno));
  return DD_WIRE_WRONG;
}

/* --- sending --- */

typedef union
{
  char bytes[CMSG_SPACE (sizeof (int))];
  struct cmsghdr align;
} Control;

static void
attach (struct msghdr *message, Control *control, int descriptor)
{
  memset (control, 0, sizeof *control);
  message->msg_control = control->bytes;
  message->msg_controllen = sizeof control->bytes;

  struct cmsghdr *head = CMSG_FIRSTHDR (message);

  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN (sizeof descriptor);
  memcpy (CMSG_DATA (head), &descriptor, sizeof descriptor);
}

/* Leaves out the first @n bytes. */
static void
advance (struct msghdr *message, gsize n)
{
  while (message->msg_iovlen > 0 && n >= message->msg_iov->iov_len)
    {
      n -= message->msg_iov->iov_len;
      message->msg_iov++;
      message->msg_iovlen--;
    }
  if (message->msg_iovlen > 0)
    {
      message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + n;
      message->msg_iov->iov_len -= n;
    }
}

static DdWireResult
send_all (int socket, struct msghdr *message, gint64 until, GError **error)
{
  advance (message, 0);
  while (message->msg_iovlen > 0)
    {
      ssize_t n = sendmsg (socket, message, MSG_NOSIGNAL | MSG_DONTWAIT);

      if (n >= 0)
        {
          advance (message, (gsize)n);
          message->msg_control = NULL;
          message->msg_controllen = 0;
          if (message->msg_iovlen > 0 && is_over (until))
            return say_late (error);
          continue;
        }

      DdWireResult result = judge (socket, POLLOUT, until, error);

      if (result != DD_WIRE_DONE)
        return result;
    }
  return DD_WIRE_DONE;
}

DdWireResult
dd_frame_send (int socket,
               DdFrameType type,
               guint32 serial,
               const DdWireWriter *body,
               int descriptor,
               gint64 until,
               GError **error)
{
  static const char padding[8];
  gsize places = dd_wire_round (body->offsets.length);
  DdWireBody head = {
    .records_size = (guint32)body->records.length,
    .n_texts = (guint32)(body->offsets.length / sizeof (guint32)),
    .texts_size = (guint32)body->texts.length,
  };
  DdWireHeader header = {
    .magic = DD_WIRE_MAGIC,
    .type = type,
    .serial = serial,
    .length = (guint32)(sizeof head + body->records.length + places + body->texts.length),
  };
  struct iovec parts[] = {
    { &header, sizeof header },
    { &head, sizeof head },
    { body->records.data, body->records.length },
    { body->offsets.data, body->offsets.length },
    { (void *)padding, places - body->offsets.length },
    { body->texts.data, body->texts.length },
  };
  struct msghdr message = { .msg_iov = parts, .msg_iovlen = G_N_ELEMENTS (parts) };
  Control control;

  if (descriptor >= 0)
    attach (&message, &control, descriptor);
  return send_all (socket, &message, until, error);
}

/* --- receiving --- */

static void
drop_descriptor (DdFrame *frame)
{
  if (frame->descriptor >= 0)
    close (frame->descriptor);
  frame->descriptor = -1;
}

/* FALSE: one that isn't expected; it is closed all the same. */
static gboolean
take_descriptors (struct msghdr *message, DdFrame *frame, gboolean expected)
{
  gboolean good = (message->msg_flags & MSG_CTRUNC) == 0;

  for (struct cmsghdr *head = CMSG_FIRSTHDR (message); head != NULL; head = CMSG_NXTHDR (message, head))
    {
      gsize n = head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS
                  ? (head->cmsg_len - CMSG_LEN (0)) / sizeof (int)
                  : 0;

      for (gsize i = 0; i < n; i++)
        {
          int descriptor;

          memcpy (&descriptor, CMSG_DATA (head) + i * sizeof descriptor, sizeof descriptor);
          good = good && expected && frame->descriptor < 0;
          if (good)
            frame->descriptor = descriptor;
          else
            close (descriptor);
        }
    }
  return good;
}

/* Reads exactly @length bytes. @started: whether the frame has begun, so that an end here cuts it. */
static DdWireResult
receive_all (int socket,
             DdFrame *frame,
             guint8 *to,
             gsize length,
             gboolean started,
             gboolean expected,
             gint64 until,
             GError **error)
{
  while (length > 0)
    {
      Control control;
      struct iovec part = { to, length };
      struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
      };
      ssize_t n = recvmsg (socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

      if (n < 0)
        {
          DdWireResult result = judge (socket, POLLIN, until, error);

          if (result != DD_WIRE_DONE)
            return result;
          continue;
        }
      if (!take_descriptors (&message, frame, expected))
        {
          dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a descriptor came that nobody asked for");
          return DD_WIRE_WRONG;
        }
      if (n == 0 && !started)
        return say_closed (error);
      if (n == 0)
        {
          dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the connection ended within a frame");
          return DD_WIRE_CLOSED;
        }
      to += n;
      length -= (gsize)n;
      started = TRUE;
      if (length > 0 && is_over (until))
        return say_late (error);
    }
  return DD_WIRE_DONE;
}

static gboolean
check_header (const DdWireHeader *header, GError **error)
{
  if (header->magic != DD_WIRE_MAGIC || header->type == 0 || header->type >= DD_N_FRAMES)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "what came is no frame");
  if (header->length > DD_WIRE_MAX_BYTES)
    return dd_fail (error, DD_ERROR_TOO_LARGE, "a frame says that it has %u bytes, above %u", header->length,
                    DD_WIRE_MAX_BYTES);
  return TRUE;
}

DdWireResult
dd_frame_receive (int socket, DdFrame *frame, gboolean descriptors, gint64 until, GError **error)
{
  DdWireHeader header = { 0 };
  DdWireBuffer *body = &frame->body;

  frame->descriptor = -1;

  DdWireResult result =
    receive_all (socket, frame, (guint8 *)&header, sizeof header, FALSE, descriptors, until, error);

  if (result == DD_WIRE_DONE && !check_header (&header, error))
    result = DD_WIRE_WRONG;
  frame->type = header.type;
  frame->serial = header.serial;
  if (body->capacity > 64 * CHUNK_BYTES && header.length < CHUNK_BYTES)
    dd_wire_release (body);
  body->length = 0;

  /* In steps that double: a size that is only claimed costs nothing. */
  while (result == DD_WIRE_DONE && body->length < header.length)
    {
      gsize step = MIN (header.length - body->length, MAX (body->capacity - body->length, CHUNK_BYTES));

      dd_wire_reserve (body, body->length + step);
      result = receive_all (socket, frame, body->data + body->length, step, TRUE, descriptors, until, error);
      body->length += result == DD_WIRE_DONE ? step : 0;
    }
  if (result != DD_WIRE_DONE)
    drop_descriptor (frame);
  return result;
}

void
dd_frame_trim (DdFrame *frame)
{
  dd_wire_empty (&frame->body);
}

void
dd_frame_clear (DdFrame *frame)
{
  dd_wire_release (&frame->body);
  drop_descriptor (frame);
}
