/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading our own records (see record.h). Any thread.
 */
#include "deal/record.h"

char *
dd_record_text (const DdJsonNode *object, const char *name)
{
  const DdJsonNode *node = dd_json_member (object, name);

  return node != NULL && dd_json_type (node) == DD_JSON_STRING ? g_strdup (dd_json_text (node)) : NULL;
}

gint64
dd_record_number (const DdJsonNode *object, const char *name)
{
  const DdJsonNode *node = dd_json_member (object, name);

  return node != NULL && dd_json_type (node) == DD_JSON_NUMBER
           ? g_ascii_strtoll (dd_json_text (node), NULL, 10)
           : 0;
}

gboolean
dd_record_flag (const DdJsonNode *object, const char *name)
{
  const DdJsonNode *node = dd_json_member (object, name);

  return node != NULL && dd_json_type (node) == DD_JSON_BOOLEAN && dd_json_boolean (node);
}

char *
dd_record_fragment (const DdJsonNode *object, const char *name)
{
  const DdJsonNode *node = dd_json_member (object, name);

  if (node == NULL)
    return NULL;
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  dd_json_write_node (writer, node);
  return dd_json_writer_finish (writer, NULL);
}

guint8
dd_record_word (const DdJsonNode *object, const char *name, int (*from_name) (const char *), guint8 fallback)
{
  const DdJsonNode *node = dd_json_member (object, name);
  int word = node != NULL && dd_json_type (node) == DD_JSON_STRING ? from_name (dd_json_text (node)) : -1;

  return word < 0 ? fallback : (guint8)word;
}

const DdJsonNode *
dd_record_elements (const DdJsonNode *object, const char *name)
{
  const DdJsonNode *node = dd_json_member (object, name);

  return node != NULL && dd_json_type (node) == DD_JSON_ARRAY ? dd_json_first (node) : NULL;
}

void
dd_record_put_number (DdJsonWriter *writer, const char *key, gint64 value)
{
  if (value != 0)
    dd_json_put_int64 (writer, key, value);
}

void
dd_record_put_flag (DdJsonWriter *writer, const char *key, gboolean value)
{
  if (value)
    dd_json_put_boolean (writer, key, TRUE);
}

void
dd_record_put_fragment (DdJsonWriter *writer, const char *key, const char *canonical)
{
  if (canonical == NULL)
    return;
  dd_json_write_key (writer, key);
  dd_json_write_canonical (writer, canonical, strlen (canonical));
}
