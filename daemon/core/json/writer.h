/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writing JSON, in the canonical form of RFC 8785 (JCS).
 *
 * Members may be written in any order: an object is put in order of its keys (by UTF-16 code units)
 * when it ends, which costs nothing when they came in order. Numbers are integers within
 * ±(2^53-1); everything exact beyond that (money, rates) is a string, but for
 * dd_json_write_number_text(), which foreign formats need. No white space. Pure; one thread at a time.
 */
#pragma once

#include "json/json.h"

G_BEGIN_DECLS

typedef struct _DdJsonWriter DdJsonWriter;

DdJsonWriter *dd_json_writer_new (void);
void dd_json_writer_free (DdJsonWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdJsonWriter, dd_json_writer_free)

/* Ends the document: (transfer full), NUL-terminated; the writer is empty again. It is a programmer's
 * error (an abort) to finish with something open, to write a key twice, or a value without key. */
char *dd_json_writer_finish (DdJsonWriter *writer, gsize *out_length);
/* The same as bytes. (transfer full) */
GBytes *dd_json_writer_finish_bytes (DdJsonWriter *writer);

void dd_json_write_key (DdJsonWriter *writer, const char *key);
void dd_json_write_begin_object (DdJsonWriter *writer);
void dd_json_write_end_object (DdJsonWriter *writer);
void dd_json_write_begin_array (DdJsonWriter *writer);
void dd_json_write_end_array (DdJsonWriter *writer);
void dd_json_write_null (DdJsonWriter *writer);
void dd_json_write_boolean (DdJsonWriter *writer, gboolean value);
void dd_json_write_int64 (DdJsonWriter *writer, gint64 value);      /* aborts beyond ±(2^53-1) */
void dd_json_write_string (DdJsonWriter *writer, const char *text); /* valid UTF-8 */

/* A JSON number's text as it is, for formats whose numbers are decimals (TMF). */
void dd_json_write_number_text (DdJsonWriter *writer, const char *text);

/* @node and all below it; numbers keep their text. */
void dd_json_write_node (DdJsonWriter *writer, const DdJsonNode *node);

/* Canonical text that this writer made before, put in as one value. */
void dd_json_write_canonical (DdJsonWriter *writer, const char *canonical, gsize length);

/* Key and value in one; a NULL text writes nothing at all. */
void dd_json_put_string (DdJsonWriter *writer, const char *key, const char *text);
void dd_json_put_int64 (DdJsonWriter *writer, const char *key, gint64 value);
void dd_json_put_boolean (DdJsonWriter *writer, const char *key, gboolean value);

G_END_DECLS
