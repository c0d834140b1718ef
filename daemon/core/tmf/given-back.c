/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Giving back what a request said: in its place when the schema lets it stand there, otherwise under
 * "requested", a name that no schema uses. Pure; one thread at a time.
 */
#include "tmf/given-back.h"

#include <string.h>

gboolean
dd_tmf_object_fits (const DdJsonNode *object, const char *const required[3])
{
  static const char *const texts[] = { "@baseType",
                                       "@referredType",
                                       "@schemaLocation",
                                       "@type",
                                       "author",
                                       "date",
                                       "href",
                                       "id",
                                       "name",
                                       "productOfferingQualificationHref",
                                       "productOfferingQualificationId",
                                       "productOfferingQualificationName",
                                       "relationshipType",
                                       "role",
                                       "text",
                                       "valueType",
                                       "version",
                                       NULL };

  if (dd_json_type (object) != DD_JSON_OBJECT)
    return FALSE;
  for (guint i = 0; i < 3 && required[i] != NULL; i++)
    if (dd_json_member (object, required[i]) == NULL)
      return FALSE;
  if (dd_json_member (object, "targetProductSchema") !=
      NULL) /* has a shape of its own, which isn't checked here */
    return FALSE;
  for (const DdJsonNode *member = dd_json_first (object); member != NULL; member = dd_json_next (member))
    if (g_strv_contains (texts, dd_json_name (member)) && dd_json_type (member) != DD_JSON_STRING)
      return FALSE;
  return TRUE;
}

static gboolean
fits (const DdJsonNode *node, const DdGivenBack *row)
{
  if (dd_json_type (node) != row->type)
    return FALSE;
  if (row->type == DD_JSON_OBJECT)
    return dd_tmf_object_fits (node, row->required);
  if (row->type != DD_JSON_ARRAY)
    return TRUE;
  for (const DdJsonNode *child = dd_json_first (node); child != NULL; child = dd_json_next (child))
    if (!dd_tmf_object_fits (child, row->required))
      return FALSE;
  return TRUE;
}

static gboolean
may_stand (const DdJsonNode *member, const DdGivenBack *rows, const char *const *known)
{
  for (const DdGivenBack *row = rows; row->name != NULL; row++)
    if (strcmp (row->name, dd_json_name (member)) == 0)
      return fits (member, row);
  return !g_strv_contains (known, dd_json_name (member));
}

void
dd_tmf_give_back (const DdJsonNode *kept,
                  const DdGivenBack *rows,
                  const char *const *known,
                  const char *const *written,
                  GPtrArray *out_rest,
                  DdJsonWriter *writer)
{
  for (const DdJsonNode *member = kept != NULL ? dd_json_first (kept) : NULL; member != NULL;
       member = dd_json_next (member))
    if (g_strv_contains (written, dd_json_name (member)))
      continue;
    else if (may_stand (member, rows, known))
      {
        dd_json_write_key (writer, dd_json_name (member));
        dd_json_write_node (writer, member);
      }
    else if (out_rest != NULL)
      g_ptr_array_add (out_rest, (gpointer)member);
}

void
dd_tmf_write_requested (const GPtrArray *rest, DdJsonWriter *writer)
{
  if (rest->len == 0)
    return;
  dd_json_write_key (writer, "requested");
  dd_json_write_begin_object (writer);
  for (guint i = 0; i < rest->len; i++)
    {
      const DdJsonNode *member = g_ptr_array_index (rest, i);

      dd_json_write_key (writer, dd_json_name (member));
      dd_json_write_node (writer, member);
    }
  dd_json_write_end_object (writer);
}
