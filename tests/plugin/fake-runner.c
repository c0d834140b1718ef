/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A runner that lies: what it does wrong is the text of the plugin's first option. A program; started by the
 * host.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "remote/wire-layout.h"

#define SOCKET 3

static DdWireWriter writer;
static DdFrame frame = { .descriptor = -1 };

static void
receive (void)
{
  if (dd_frame_receive (SOCKET, &frame, TRUE, G_MAXINT64, NULL) != DD_WIRE_DONE)
    _exit (0);
}

static void
send_frame (DdFrameType type, guint32 serial, int descriptor)
{
  dd_frame_send (SOCKET, type, serial, &writer, descriptor, G_MAXINT64, NULL);
}

static void
send_bytes (gconstpointer bytes, gsize length)
{
  for (gsize sent = 0; sent < length;)
    {
      ssize_t n = send (SOCKET, (const char *)bytes + sent, length - sent, MSG_NOSIGNAL);

      if (n <= 0)
        _exit (0);
      sent += (gsize)n;
    }
}

static void
send_header (guint32 type, guint32 serial, guint32 length)
{
  DdWireHeader header = { DD_WIRE_MAGIC, type, serial, length };

  send_bytes (&header, sizeof header);
}

/* Claims all that a frame may have, and goes on and on. */
static void
flood (guint32 serial)
{
  static char zeros[1 << 16];

  send_header (DD_FRAME_ANSWER, serial, DD_WIRE_MAX_BYTES);
  for (;;)
    send_bytes (zeros, sizeof zeros);
}

static void
send_ready (const char *lie)
{
  gboolean long_version = strcmp (lie, "long-version") == 0;
  g_autofree char *version =
    long_version ? g_strnfill (65, 'v') : g_strdup (strcmp (lie, "no-version") ? "1" : "");
  DdWireReady *ready;

  dd_wire_begin (&writer);

  guint32 text = dd_wire_add_text (&writer, version, G_MAXUINT32);

  ready = dd_wire_add (&writer, sizeof *ready);
  *ready = (DdWireReady){
    .protocol = strcmp (lie, "other-protocol") == 0 ? 99 : DD_WIRE_PROTOCOL,
    .kinds = strcmp (lie, "other-kinds") == 0 ? 2 : 1,
    .dedupe = strcmp (lie, "other-dedupe") == 0 ? 7 : 0,
    .version = strcmp (lie, "version-beyond-the-texts") == 0 ? 1000 : text,
  };
  if (strcmp (lie, "another-module-each-time") == 0)
    memcpy (ready->module.bytes, &(pid_t){ getpid () }, sizeof (pid_t));
  send_frame (strcmp (lie, "answer-instead-of-ready") == 0 ? DD_FRAME_ANSWER : DD_FRAME_READY, 0, -1);
}

static void
refuse (const char *reason)
{
  dd_wire_begin (&writer);

  guint32 text = dd_wire_add_text (&writer, reason, G_MAXUINT32);

  ((DdWireRefused *)dd_wire_add (&writer, sizeof (DdWireRefused)))->reason = text;
  send_frame (DD_FRAME_REFUSED, 0, -1);
}

/* @names: a file that it makes, and those that it waits for. */
static void
meet (const char *names)
{
  g_auto (GStrv) paths = g_strsplit (names, " ", -1);

  g_file_set_contents (paths[0], "", 0, NULL);
  for (guint i = 1; paths[i] != NULL; i++)
    while (g_access (paths[i], F_OK) != 0)
      g_usleep (1000);
}

/* Lies that name files. TRUE: it was one of these. */
static gboolean
open_by_files (const char *lie)
{
  if (g_str_has_prefix (lie, "meets "))
    meet (lie + strlen ("meets "));
  else if (g_str_has_prefix (lie, "late-once "))
    {
      const char *path = lie + strlen ("late-once ");

      if (g_access (path, F_OK) != 0)
        return g_file_set_contents (path, "", 0, NULL);
    }
  else if (!g_str_has_prefix (lie, "unless "))
    return FALSE;
  else if (g_access (lie + strlen ("unless "), F_OK) != 0)
    {
      refuse ("not today");
      return TRUE;
    }
  send_ready ("none");
  return TRUE;
}

static void
open_plugin (const char *lie)
{
  if (open_by_files (lie) || strcmp (lie, "silent") == 0)
    return;
  if (strcmp (lie, "garbage-for-hello") == 0)
    send_bytes ("HTTP/1.1 400 Bad Request\r\n\r\n", 28);
  else if (strcmp (lie, "exits-at-hello") == 0)
    _exit (3);
  else if (strcmp (lie, "refuses") == 0)
    refuse ("not \xff today");
  else
    send_ready (lie);
}

static DdWireAnswer *
begin_answer (void)
{
  dd_wire_begin (&writer);
  return dd_wire_add (&writer, sizeof (DdWireAnswer));
}

static DdWireChargeOperation *
add_charge (void)
{
  guint32 id = dd_wire_add_text (&writer, "rental", G_MAXUINT32);
  DdWireChargeOperation *charge = dd_wire_add (&writer, sizeof *charge);

  *charge = (DdWireChargeOperation){
    .head = { DD_WIRE_CHARGE, sizeof (DealdeskCharge) },
    .id = id,
    .name = id,
    .source = id,
    .currency = "EUR",
    .minimum = DEALDESK_NONE,
    .maximum = DEALDESK_NONE,
  };
  return charge;
}

/* Lies within a well-formed frame. TRUE: it was one of these. */
static gboolean
answer_wrongly (const char *lie, guint32 serial)
{
  DdFrameType type = DD_FRAME_ANSWER;

  begin_answer ();
  if (strcmp (lie, "text-beyond-the-texts") == 0)
    add_charge ()->name = 7;
  else if (strcmp (lie, "line-beyond-the-lines") == 0)
    add_charge ()->line = 7;
  else if (strcmp (lie, "type-beyond-the-types") == 0)
    add_charge ()->type = 7;
  else if (strcmp (lie, "short-struct") == 0)
    add_charge ()->head.size = 8;
  else if (strcmp (lie, "unknown-operation") == 0)
    add_charge ()->head.operation = 99;
  else if (strcmp (lie, "cut-operation") == 0)
    ((DdWireOperationHead *)dd_wire_add (&writer, 8))->operation = DD_WIRE_CHARGE;
  else if (strcmp (lie, "not-utf-8") == 0)
    {
      guint32 text = dd_wire_add_text (&writer, "\xff\xfe", G_MAXUINT32);

      add_charge ()->name = text;
    }
  else if (strcmp (lie, "too-much") == 0)
    ((DdWireAnswer *)(void *)writer.records.data)->overflow = 1;
  else if (strcmp (lie, "no-answer-record") == 0)
    dd_wire_begin (&writer);
  else if (strcmp (lie, "another-serial") == 0)
    serial += 1;
  else if (strcmp (lie, "ready-instead-of-answer") == 0)
    type = DD_FRAME_READY;
  else if (strcmp (lie, "farewell-for-ever") == 0)
    type = DD_FRAME_BYE;
  else
    return FALSE;
  send_frame (type, serial, -1);
  return TRUE;
}

/* What isn't true only once it is late, and an answer that is large for nothing. */
static gboolean
answer_slowly (const char *lie, guint32 serial)
{
  const DdWireCall *call = (const DdWireCall *)(const void *)(frame.body.data + sizeof (DdWireBody));

  begin_answer ();
  if (strcmp (lie, "late") == 0)
    {
      add_charge ()->line = 7;
      while (g_get_monotonic_time () < call->deadline)
        g_usleep (1000);
    }
  else if (strcmp (lie, "large") == 0)
    {
      g_autofree char *text = g_strnfill (2 * DD_WIRE_KEPT_BYTES, 'x');

      dd_wire_add_text (&writer, text, G_MAXUINT32);
    }
  else
    return FALSE;
  send_frame (DD_FRAME_ANSWER, serial, -1);
  return TRUE;
}

/* Lies that aren't a frame, or not one alone. */
static void
answer_badly (const char *lie, guint32 serial)
{
  if (strcmp (lie, "garbage") == 0)
    send_bytes ("garbage, and more of it", 23);
  else if (strcmp (lie, "long-frame") == 0)
    send_header (DD_FRAME_ANSWER, serial, 0xffffffff);
  else if (strcmp (lie, "unknown-frame") == 0)
    send_header (77, serial, 0);
  else if (strcmp (lie, "body-without-head") == 0)
    {
      send_header (DD_FRAME_ANSWER, serial, 8);
      send_bytes ("12345678", 8);
    }
  else if (strcmp (lie, "parts-that-do-not-add-up") == 0)
    {
      send_header (DD_FRAME_ANSWER, serial, 16);
      send_bytes ("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16);
    }
  else if (strcmp (lie, "cut-frame") == 0)
    {
      send_header (DD_FRAME_ANSWER, serial, 1000);
      _exit (0);
    }
  else if (strcmp (lie, "closes") == 0)
    {
      close (SOCKET);
      for (;;)
        pause ();
    }
  else if (strcmp (lie, "exits") == 0)
    _exit (7);
  else if (strcmp (lie, "flood") == 0)
    flood (serial);
  else if (strcmp (lie, "half-a-frame") == 0)
    send_header (DD_FRAME_ANSWER, serial, 1000);
  else if (strcmp (lie, "descriptor") == 0)
    {
      begin_answer ();
      send_frame (DD_FRAME_ANSWER, serial, STDERR_FILENO);
    }
  else if (strcmp (lie, "answers-twice") == 0)
    {
      begin_answer ();
      send_frame (DD_FRAME_ANSWER, serial, -1);
      send_frame (DD_FRAME_ANSWER, serial + 1, -1);
    }
  else
    {
      begin_answer ();
      send_frame (DD_FRAME_ANSWER, serial, -1);
    }
}

int
main (void)
{
  g_autofree char *lie = NULL;
  DdWireReader reader;

  receive ();
  if (!dd_wire_open (&reader, frame.body.data, frame.body.length, NULL))
    return EXIT_FAILURE;
  dd_wire_take (&reader, 1, sizeof (DdWireHello));

  const DdWireOption *option = dd_wire_take (&reader, 1, sizeof *option);

  lie = g_strdup (dd_wire_needed_text (&reader, option->text));
  open_plugin (lie);
  for (;;)
    {
      receive ();
      if (frame.type == DD_FRAME_CALL && !answer_wrongly (lie, frame.serial) &&
          !answer_slowly (lie, frame.serial))
        answer_badly (lie, frame.serial);
    }
}
