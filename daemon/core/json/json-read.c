/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading a parsed document (see json.h). Pure; any thread.
 */
#include "json/json-index.h"
#include "number/decimal.h"
#include "number/quoted.h"

#include <string.h>

DdJsonType
dd_json_type (const DdJsonNode *node)
{
  return node->type;
}

const char *
dd_json_type_name (DdJsonType type)
{
  static const char *const names[] = { "null", "boolean", "number", "string", "array", "object" };

  return (guint)type < G_N_ELEMENTS (names) ? names[type] : "?";
}

guint
dd_json_length (const DdJsonNode *node)
{
  return dd_json_is_container (node) ? node->length : 0;
}

const DdJsonNode *
dd_json_first (const DdJsonNode *node)
{
  if (!dd_json_is_container (node))
    return NULL;
  return node->indexed ? node->value.index->first : node->value.first;
}

const DdJsonNode *
dd_json_next (const DdJsonNode *node)
{
  return node->next;
}

const char *
dd_json_name (const DdJsonNode *node)
{
  return node->name;
}

const DdJsonNode *
dd_json_member (const DdJsonNode *node, const char *name)
{
  if (node == NULL || node->type != DD_JSON_OBJECT)
    return NULL;
  if (node->indexed)
    return dd_json_index_find (node->value.index, name, strlen (name));
  for (const DdJsonNode *member = node->value.first; member != NULL; member = member->next)
    if (strcmp (member->name, name) == 0)
      return member;
  return NULL;
}

const char *
dd_json_text (const DdJsonNode *node)
{
  return node->type == DD_JSON_STRING || node->type == DD_JSON_NUMBER ? node->value.text : NULL;
}

gboolean
dd_json_boolean (const DdJsonNode *node)
{
  return node->type == DD_JSON_BOOLEAN && node->value.boolean;
}

static const char *
with_article (DdJsonType type)
{
  static const char *const names[] = { "null", "a boolean", "a number", "a string", "an array", "an object" };

  return names[type];
}

static gboolean
complain_type (const DdJsonNode *node, const char *wanted, GError **error)
{
  return dd_json_complain (node, error, "is %s; it must be %s", with_article (node->type), wanted);
}

/* Writes the member, or NULL when it is absent and may be. */
static gboolean
look_up (const DdJsonNode *object,
         const char *name,
         gboolean required,
         const char *wanted,
         const DdJsonNode **out_member,
         GError **error)
{
  if (object != NULL && object->type != DD_JSON_OBJECT)
    return complain_type (object, "an object", error);

  const DdJsonNode *member = dd_json_member (object, name);

  if (member == NULL && required)
    return dd_json_complain (object, error, "lacks the member \"%s\", which must be %s", name, wanted);
  *out_member = member;
  return TRUE;
}

/* The same for members that must be of one type. */
static gboolean
look_up_typed (const DdJsonNode *object,
               const char *name,
               gboolean required,
               DdJsonType type,
               const DdJsonNode **out_member,
               GError **error)
{
  const DdJsonNode *member = NULL;

  if (!look_up (object, name, required, with_article (type), &member, error))
    return FALSE;
  if (member != NULL && member->type != type)
    return complain_type (member, with_article (type), error);
  *out_member = member;
  return TRUE;
}

gboolean
dd_json_get_text (
  const DdJsonNode *object, const char *name, gboolean required, const char **out_text, GError **error)
{
  const DdJsonNode *member = NULL;

  if (!look_up_typed (object, name, required, DD_JSON_STRING, &member, error))
    return FALSE;
  if (member != NULL)
    *out_text = member->value.text;
  return TRUE;
}

gboolean
dd_json_get_boolean (
  const DdJsonNode *object, const char *name, gboolean required, gboolean *out_value, GError **error)
{
  const DdJsonNode *member = NULL;

  if (!look_up_typed (object, name, required, DD_JSON_BOOLEAN, &member, error))
    return FALSE;
  if (member != NULL)
    *out_value = member->value.boolean;
  return TRUE;
}

gboolean
dd_json_get_int64 (const DdJsonNode *object,
                   const char *name,
                   gboolean required,
                   gint64 min,
                   gint64 max,
                   gint64 *out_value,
                   GError **error)
{
  const DdJsonNode *member = NULL;
  gint64 value;

  if (!look_up_typed (object, name, required, DD_JSON_NUMBER, &member, error))
    return FALSE;
  if (member == NULL)
    return TRUE;
  if (!dd_decimal_parse (member->value.text, member->length, 0, &value, NULL) || value < min || value > max)
    return dd_json_complain (
      member, error, "is %s; it must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
      member->value.text, min, max);
  *out_value = value;
  return TRUE;
}

gboolean
dd_json_get_decimal (const DdJsonNode *object,
                     const char *name,
                     gboolean required,
                     guint scale,
                     gint64 *out_value,
                     GError **error)
{
  static const char *const wanted = "a decimal, as a number or a string";
  const DdJsonNode *member = NULL;
  g_autoptr (GError) reason = NULL;

  if (!look_up (object, name, required, wanted, &member, error))
    return FALSE;
  if (member == NULL)
    return TRUE;
  if (member->type != DD_JSON_NUMBER && member->type != DD_JSON_STRING)
    return complain_type (member, wanted, error);
  if (!dd_decimal_parse (member->value.text, member->length, scale, out_value, &reason))
    {
      g_autofree char *path = dd_json_path (member);

      /* The code stays: a number beyond the exact range is an overflow here too. */
      return dd_fail (error, (DdErrorCode)reason->code, "%s: %s", path, reason->message);
    }
  return TRUE;
}

gboolean
dd_json_get_array (
  const DdJsonNode *object, const char *name, gboolean required, const DdJsonNode **out_array, GError **error)
{
  const DdJsonNode *member = NULL;

  if (!look_up_typed (object, name, required, DD_JSON_ARRAY, &member, error))
    return FALSE;
  if (member != NULL)
    *out_array = member;
  return TRUE;
}

gboolean
dd_json_get_object (const DdJsonNode *object,
                    const char *name,
                    gboolean required,
                    const DdJsonNode **out_object,
                    GError **error)
{
  const DdJsonNode *member = NULL;

  if (!look_up_typed (object, name, required, DD_JSON_OBJECT, &member, error))
    return FALSE;
  if (member != NULL)
    *out_object = member;
  return TRUE;
}

gboolean
dd_json_only_members (const DdJsonNode *object, const char *const *known, GError **error)
{
  if (object->type != DD_JSON_OBJECT)
    return complain_type (object, "an object", error);
  for (const DdJsonNode *member = dd_json_first (object); member != NULL; member = member->next)
    if (!g_strv_contains (known, member->name))
      {
        g_autofree char *list = g_strjoinv (", ", (char **)known);

        return dd_json_complain (member, error, "isn't a known member; known here are: %s", list);
      }
  return TRUE;
}
