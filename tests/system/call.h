/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Calls to the daemon as a client makes them, and their answers. A call can be sent again and is then the
 * same message, with the same key. Any thread, each call in one at a time.
 */
#pragma once

#include "json/json.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

typedef struct _Call Call;

/* @where: "manager", "approvals", "catalog", "plugins", or a deal's id. (transfer full) */
Call *call_new (const char *where, const char *method);
void call_free (Call *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

/* Arguments, in the method's order; each returns @call. */
Call *call_text (Call *call, const char *text);
Call *call_number (Call *call, guint number);
Call *call_value (Call *call, GVariant *value);
/* In the message, or above 64 KiB in a sealed memfd. @length: -1 for a text; @text: (nullable): no document.
 */
Call *call_document (Call *call, const char *text, gssize length);
Call *call_descriptor (Call *call, int descriptor);
/* The same as a plain h. */
Call *call_handle (Call *call, int descriptor);

Call *call_option (Call *call, const char *key, GVariant *value);
Call *call_as (Call *call, const char *person);
Call *call_key (Call *call, const char *key);
/* A move of the customer's. */
Call *call_customer (Call *call, const char *person);

typedef struct
{
  GVariant *value;
  GUnixFDList *fds;
} Answer;

void answer_free (Answer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

/* Blocks until there is an answer or nobody who could give one; nothing but that ends the wait. */
Answer *call_send (Call *call, GDBusConnection *connection, GError **error);

/* The answer's document, NUL-terminated; @out_length: (nullable). */
char *answer_text (const Answer *answer, gsize *out_length);
DdJson *answer_json (const Answer *answer);

/* Sends and frees @call: it must succeed; its document. */
DdJson *call_must (Call *call, GDBusConnection *connection);
/* Sends and frees @call: it must be refused with org.dealdesk1.Error.@name; its message. */
char *call_must_fail (Call *call, GDBusConnection *connection, const char *name);

/* The bus error's name without its prefix, such as "StoreFull"; "" when the daemon didn't say it. */
char *error_name (const GError *error);

/* "revisions/0/state"; NULL when it isn't there. */
const DdJsonNode *at (const DdJsonNode *node, const char *path);
const char *text_at (const DdJson *json, const char *path);
/* The node as canonical JSON. */
char *node_text (const DdJsonNode *node);

G_END_DECLS
