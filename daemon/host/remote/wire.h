/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What daemon and runner say to each other: frames over a stream socket.
 *
 * A frame is a header and a body; a body is records, one after the other, and the texts that they name by
 * number, each once. Numbers are as the machine has them: both ends are one release, on one machine. Nothing
 * that is read is trusted: a frame has an upper size, memory grows with what has really come, and every
 * number of a text and every size is checked. What the records are: wire-layout.h. Any thread, one at a time
 * for each object.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Raised with every change of what is said: ends of two releases refuse each other. */
#define DD_WIRE_PROTOCOL 4

/* Of one frame's body: answers for 100000 lines are some 50 MiB. */
#define DD_WIRE_MAX_BYTES (128U << 20)

/* Of one buffer, kept from one frame to the next: what is beyond was an exception. */
#define DD_WIRE_KEPT_BYTES (8U << 20)

/* The number of a text that is NULL. */
#define DD_WIRE_NO_TEXT G_MAXUINT32

typedef enum
{
  DD_FRAME_HELLO = 1, /* daemon: who the plugin is, and its options */
  DD_FRAME_READY,     /* runner: what it loaded */
  DD_FRAME_REFUSED,   /* runner: why it can't; then it ends */
  DD_FRAME_IMAGE,     /* daemon, with a descriptor: a dataset from now on */
  DD_FRAME_CALL,      /* daemon: a call of the plugin */
  DD_FRAME_ANSWER,    /* runner: what it gave */
  DD_FRAME_BYE,       /* runner, between calls: it ends, and reads nothing any more */
  DD_N_FRAMES
} DdFrameType;

/* --- writing a body --- */

#define DD_WIRE_TEXT_SLOTS 1024

typedef struct
{
  guint8 *data;
  gsize length;
  gsize capacity;
} DdWireBuffer;

typedef struct
{
  const char *address;
  guint32 number;
} DdWireSlot;

typedef struct
{
  DdWireBuffer records;
  DdWireBuffer offsets; /* guint32, one a text */
  DdWireBuffer texts;
  gboolean overflowed; /* more than a frame may hold: what came later isn't there */
  DdWireSlot slots[DD_WIRE_TEXT_SLOTS];
} DdWireWriter;

/* Zeroed memory is a writer. */
void dd_wire_clear (DdWireWriter *writer);

/* Its body is no longer needed: gives back what isn't kept for the next. */
void dd_wire_trim (DdWireWriter *writer);

/* Begins a new body; memory is kept for it. */
void dd_wire_begin (DdWireWriter *writer);

/* @size bytes (a multiple of 8) at the end, zeroed; valid until the next call. NULL when the body is full. */
gpointer dd_wire_add (DdWireWriter *writer, gsize size);

/* The number of @text (nullable). A text longer than @limit bytes is cut: whoever reads it refuses it for its
 * length. Found again by address. */
guint32 dd_wire_add_text (DdWireWriter *writer, const char *text, gsize limit);

/* --- reading a body --- */

typedef struct
{
  const guint8 *at; /* of the records */
  const guint8 *end;
  const guint32 *offsets;
  guint32 n_texts;
  const char *texts;
  gboolean bad; /* something asked for wasn't there */
} DdWireReader;

/* @body: aligned to 8, and kept as long as the reader and its texts. DD_ERROR_INVALID_ARGUMENT. */
gboolean dd_wire_open (DdWireReader *reader, gconstpointer body, gsize length, GError **error);

/* The next @n * @size bytes of records (@size a multiple of 8). NULL, and bad, when there aren't so many. */
gconstpointer dd_wire_take (DdWireReader *reader, gsize n, gsize size);

/* The text of @number, NULL for DD_WIRE_NO_TEXT; NULL, and bad, when there is no such text. */
const char *dd_wire_text (DdWireReader *reader, guint32 number);

/* As dd_wire_text(), but NULL is bad too, and gives "". */
const char *dd_wire_needed_text (DdWireReader *reader, guint32 number);

gboolean dd_wire_at_end (const DdWireReader *reader);

/* --- frames --- */

typedef struct
{
  guint32 type;   /* DdFrameType */
  guint32 serial; /* of the call; an answer has its call's */
  DdWireBuffer body;
  int descriptor; /* that came along, or -1; the receiver closes it */
} DdFrame;

typedef enum
{
  DD_WIRE_DONE,
  DD_WIRE_LATE,   /* @until came */
  DD_WIRE_CLOSED, /* the other end is gone, perhaps within a frame */
  DD_WIRE_WRONG   /* what came is no frame, or the socket failed */
} DdWireResult;

/* Sends a frame whole, until @until (monotonic, microseconds; G_MAXINT64: no end). @descriptor: to go along,
 * or -1. The error says why for every result but DD_WIRE_DONE. */
DdWireResult dd_frame_send (int socket,
                            DdFrameType type,
                            guint32 serial,
                            const DdWireWriter *body,
                            int descriptor,
                            gint64 until,
                            GError **error);

/* Receives one frame into @frame, whose memory is used again. At most one descriptor may come along, and only
 * where
 * @descriptors. */
DdWireResult
dd_frame_receive (int socket, DdFrame *frame, gboolean descriptors, gint64 until, GError **error);

/* Its body is no longer needed: gives back what isn't kept for the next. */
void dd_frame_trim (DdFrame *frame);

void dd_frame_clear (DdFrame *frame);

G_END_DECLS
