/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading our own records: event bodies and stored states, which this code wrote itself.
 *
 * A member that is absent reads as nothing; what must be there is checked by who needs it. Internal to
 * core. Any thread.
 */
#pragma once

#include "json/json.h"
#include "json/writer.h"

G_BEGIN_DECLS

/* (transfer full) (nullable) */
char *dd_record_text (const DdJsonNode *object, const char *name);
gint64 dd_record_number (const DdJsonNode *object, const char *name);
gboolean dd_record_flag (const DdJsonNode *object, const char *name);

/* The member as canonical JSON; (transfer full) (nullable). */
char *dd_record_fragment (const DdJsonNode *object, const char *name);

/* A word by @from_name; @fallback when absent or unknown. */
guint8
dd_record_word (const DdJsonNode *object, const char *name, int (*from_name) (const char *), guint8 fallback);

/* The first element of the array @name; NULL when there is none. */
const DdJsonNode *dd_record_elements (const DdJsonNode *object, const char *name);

/* Written only when it says something. */
void dd_record_put_number (DdJsonWriter *writer, const char *key, gint64 value);
void dd_record_put_flag (DdJsonWriter *writer, const char *key, gboolean value);
void dd_record_put_fragment (DdJsonWriter *writer, const char *key, const char *canonical);

G_END_DECLS
