/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The JSON Schema of --json (see schema.h). Pure; one thread at a time.
 *
 * A section's members may come without a value, and then aren't there; arrays of rows always are. Members
 * that a later version adds are allowed: who reads today's keys reads tomorrow's documents.
 */
#include "schema.h"
#include "json/writer.h"

#include <string.h>

static void
write_type (DdJsonWriter *writer, const char *type)
{
  dd_json_put_string (writer, "type", type);
}

static void
write_types (DdJsonWriter *writer, const char *const *types)
{
  dd_json_write_key (writer, "type");
  dd_json_write_begin_array (writer);
  for (guint i = 0; types[i] != NULL; i++)
    dd_json_write_string (writer, types[i]);
  dd_json_write_end_array (writer);
}

static void
write_kind (DdJsonWriter *writer, CtlCellKind kind)
{
  static const char *const plain[] = { "array", "boolean", "integer", "object", "string", NULL };

  switch (kind)
    {
    case CTL_CELL_NUMBER:
      write_type (writer, "integer");
      return;
    case CTL_CELL_YES:
      write_type (writer, "boolean");
      return;
    case CTL_CELL_LIST:
      write_type (writer, "array");
      dd_json_write_key (writer, "items");
      dd_json_write_begin_object (writer);
      write_type (writer, "string");
      dd_json_write_end_object (writer);
      return;
    case CTL_CELL_DIGEST:
      write_type (writer, "string");
      dd_json_put_string (writer, "pattern", "^[0-9a-f]*$");
      return;
    case CTL_CELL_QUANTITY:
      write_type (writer, "string");
      dd_json_put_string (writer, "pattern", "^-?[0-9]+(\\.[0-9]+)?$");
      return;
    case CTL_CELL_MEMBERS:
    case CTL_CELL_DATA:
      write_types (writer, plain);
      return;
    case CTL_CELL_TEXT:
    case CTL_CELL_PROSE:
    case CTL_CELL_STATE:
    case CTL_CELL_MONEY:
    case CTL_CELL_PERCENT:
    case CTL_CELL_TIME:
    default:
      write_type (writer, "string");
    }
}

static void
write_field (DdJsonWriter *writer, const CtlField *field)
{
  dd_json_write_key (writer, field->key);
  dd_json_write_begin_object (writer);
  write_kind (writer, CTL_CELL_KIND (field->kind));
  if (field->heading != NULL)
    dd_json_put_string (writer, "description", field->heading);
  dd_json_write_end_object (writer);
}

static void write_rows (DdJsonWriter *writer, const CtlSection *section);

/* The members that @section's own object has. */
static void
write_fields (DdJsonWriter *writer, const CtlSection *section)
{
  for (const CtlField *field = section->fields; field->key != NULL; field++)
    write_field (writer, field);
  if (section->nested != NULL)
    {
      dd_json_write_key (writer, section->nested->key);
      write_rows (writer, section->nested);
    }
}

static void
write_object (DdJsonWriter *writer, const CtlSection *section)
{
  write_type (writer, "object");
  dd_json_write_key (writer, "properties");
  dd_json_write_begin_object (writer);
  write_fields (writer, section);
  dd_json_write_end_object (writer);
  if (section->nested == NULL)
    return;
  dd_json_write_key (writer, "required");
  dd_json_write_begin_array (writer);
  dd_json_write_string (writer, section->nested->key);
  dd_json_write_end_array (writer);
}

static void
write_rows (DdJsonWriter *writer, const CtlSection *section)
{
  dd_json_write_begin_object (writer);
  write_type (writer, "array");
  dd_json_write_key (writer, "items");
  dd_json_write_begin_object (writer);
  if (section->shape == CTL_SHAPE_VALUES)
    write_kind (writer, CTL_CELL_KIND (section->fields[0].kind));
  else
    write_object (writer, section);
  dd_json_write_end_object (writer);
  if (section->title != NULL)
    dd_json_put_string (writer, "description", section->title);
  dd_json_write_end_object (writer);
}

static void
write_section (DdJsonWriter *writer, const CtlSection *section)
{
  if (section->key == NULL)
    {
      write_fields (writer, section);
      return;
    }
  dd_json_write_key (writer, section->key);
  if (section->shape != CTL_SHAPE_RECORD)
    {
      write_rows (writer, section);
      return;
    }
  dd_json_write_begin_object (writer);
  write_object (writer, section);
  dd_json_write_end_object (writer);
}

static char *
write_document (const char *name, const char *description, const CtlSection *sections)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *title = g_strdup_printf ("dealctl %s --json", name);

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "$schema", "http://json-schema.org/draft-07/schema#");
  dd_json_put_string (writer, "title", title);
  dd_json_put_string (writer, "description", description);
  write_type (writer, "object");
  dd_json_write_key (writer, "properties");
  dd_json_write_begin_object (writer);
  for (const CtlSection *section = sections; section->fields != NULL; section++)
    write_section (writer, section);
  dd_json_write_end_object (writer);
  dd_json_write_key (writer, "required");
  dd_json_write_begin_array (writer);
  for (const CtlSection *section = sections; section->fields != NULL; section++)
    if (section->shape != CTL_SHAPE_RECORD)
      dd_json_write_string (writer, section->key);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return dd_json_writer_finish (writer, NULL);
}

static void
begin_line (GString *out, guint depth)
{
  g_string_append_printf (out, "\n%*s", (int)(2 * depth), "");
}

/* @json has no white space but in its strings. */
static void
append_indented (GString *out, const char *json)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (const char *at = json; *at != '\0'; at++)
    {
      gboolean is_empty = strchr ("[{", *at) != NULL && strchr ("]}", at[1]) != NULL;

      if (!in_string && strchr ("]}", *at) != NULL && strchr ("[{", at[-1]) == NULL)
        begin_line (out, --depth);
      g_string_append_c (out, *at);
      if (*at == '"' && at[-1] != '\\')
        in_string = !in_string;
      if (in_string)
        continue;
      if (*at == ':')
        g_string_append_c (out, ' ');
      else if (*at == ',')
        begin_line (out, depth);
      else if (strchr ("[{", *at) != NULL && !is_empty)
        begin_line (out, ++depth);
    }
}

void
ctl_schema_append (const char *name, const char *description, const CtlSection *sections, GString *out)
{
  g_autofree char *json = write_document (name, description, sections);

  append_indented (out, json);
  g_string_append_c (out, '\n');
}
