/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Tables and JSON from the same sections (see output.h). Pure; one thread at a time.
 */
#include "output.h"
#include "table.h"
#include "text.h"
#include "json/writer.h"

#define LABEL_GAP 2

static char *
field_text (const CtlField *field, const DdJsonNode *row, gboolean whole)
{
  if (field->format != NULL)
    return field->format (row);
  /* A row that is no object is the value of every field; it has one. */
  if (dd_json_type (row) != DD_JSON_OBJECT)
    return ctl_cell_format (field->kind, row, whole);
  return ctl_cell_format (field->kind, dd_json_member (row, field->key), whole);
}

static void
print_record (const CtlSection *section, const DdJsonNode *record, GString *out)
{
  guint width = 0;

  for (const CtlField *field = section->fields; field->key != NULL; field++)
    if (field->heading != NULL)
      width = MAX (width, ctl_text_width (field->heading));
  for (const CtlField *field = section->fields; field->key != NULL; field++)
    {
      g_autofree char *text = NULL;
      g_autofree char *clean = NULL;

      if (field->heading == NULL)
        continue;
      text = field_text (field, record, TRUE);
      if (*text == '\0')
        continue;
      clean = ctl_text_clean (text);
      g_string_append_printf (out, "%s:%*s%s\n", field->heading,
                              (int)(width - ctl_text_width (field->heading) + LABEL_GAP), "", clean);
    }
}

static void
add_columns (const CtlSection *section, CtlTable *table)
{
  for (const CtlField *field = section->fields; field->key != NULL; field++)
    if (field->heading != NULL)
      {
        ctl_table_add_column (table, field->heading, ctl_cell_is_right (field->kind));
        if (field->kind == CTL_CELL_TITLE)
          ctl_table_let_yield (table);
      }
  if (section->nested != NULL)
    add_columns (section->nested, table);
}

static guint
fill_cells (const CtlSection *section, const DdJsonNode *row, guint column, CtlTable *table)
{
  for (const CtlField *field = section->fields; field->key != NULL; field++)
    {
      g_autofree char *text = NULL;

      if (field->heading == NULL)
        continue;
      text = field_text (field, row, FALSE);
      ctl_table_set (table, column++, text);
    }
  return column;
}

/* The first inner row stands in its outer row's line. */
static void
add_rows (
  const CtlSection *section, const DdJsonNode *rows, guint column, gboolean first_is_begun, CtlTable *table)
{
  for (const DdJsonNode *row = dd_json_first (rows); row != NULL; row = dd_json_next (row))
    {
      guint next;

      if (!first_is_begun)
        ctl_table_add_row (table);
      first_is_begun = FALSE;
      next = fill_cells (section, row, column, table);
      if (section->nested != NULL)
        {
          const DdJsonNode *inner = dd_json_member (row, section->nested->key);

          if (inner != NULL && dd_json_type (inner) == DD_JSON_ARRAY)
            add_rows (section->nested, inner, next, TRUE, table);
        }
    }
}

static const DdJsonNode *
section_node (const CtlSection *section, const DdJsonNode *root)
{
  const DdJsonNode *node = section->key == NULL ? root : dd_json_member (root, section->key);
  DdJsonType wanted = section->shape == CTL_SHAPE_ROWS ? DD_JSON_ARRAY : DD_JSON_OBJECT;

  return node != NULL && dd_json_type (node) == wanted ? node : NULL;
}

static void
begin_section (const CtlSection *section, gboolean bold, GString *out)
{
  if (out->len > 0)
    g_string_append_c (out, '\n');
  if (section->title != NULL)
    g_string_append_printf (out, bold ? "\033[1m%s\033[0m\n" : "%s\n", section->title);
}

void
ctl_output_text (const CtlSection *sections, const DdJsonNode *root, guint columns, GString *out)
{
  for (const CtlSection *section = sections; section->fields != NULL; section++)
    {
      const DdJsonNode *node = section_node (section, root);
      g_autoptr (CtlTable) table = NULL;

      if (section->shape == CTL_SHAPE_RECORD)
        {
          g_autoptr (GString) record = g_string_new (NULL);

          if (node != NULL)
            print_record (section, node, record);
          if (record->len == 0)
            continue;
          begin_section (section, columns > 0, out);
          g_string_append (out, record->str);
          continue;
        }
      if (node == NULL || dd_json_length (node) == 0)
        {
          if (section->none != NULL)
            g_string_append_printf (out, "%s\n", section->none);
          continue;
        }
      table = ctl_table_new ();
      add_columns (section, table);
      if (ctl_table_n_columns (table) == 0)
        continue;
      add_rows (section, node, 0, FALSE, table);
      begin_section (section, columns > 0, out);
      ctl_table_print (table, columns, out);
    }
}

static void write_rows (const CtlSection *section, const DdJsonNode *rows, DdJsonWriter *writer);

static void
write_fields (const CtlSection *section, const DdJsonNode *object, DdJsonWriter *writer)
{
  for (const CtlField *field = section->fields; field->key != NULL; field++)
    {
      const DdJsonNode *value = dd_json_member (object, field->key);

      if (value == NULL)
        continue;
      dd_json_write_key (writer, field->key);
      dd_json_write_node (writer, value);
    }
  if (section->nested != NULL)
    {
      const DdJsonNode *inner = dd_json_member (object, section->nested->key);

      dd_json_write_key (writer, section->nested->key);
      write_rows (section->nested, inner, writer);
    }
}

/* @rows: (nullable). The array is there even when it is empty, so a program needn't ask. */
static void
write_rows (const CtlSection *section, const DdJsonNode *rows, DdJsonWriter *writer)
{
  dd_json_write_begin_array (writer);
  if (rows != NULL && dd_json_type (rows) == DD_JSON_ARRAY)
    for (const DdJsonNode *row = dd_json_first (rows); row != NULL; row = dd_json_next (row))
      {
        if (dd_json_type (row) != DD_JSON_OBJECT)
          {
            dd_json_write_node (writer, row);
            continue;
          }
        dd_json_write_begin_object (writer);
        write_fields (section, row, writer);
        dd_json_write_end_object (writer);
      }
  dd_json_write_end_array (writer);
}

void
ctl_output_json (const CtlSection *sections, const DdJsonNode *root, GString *out)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *text = NULL;

  dd_json_write_begin_object (writer);
  for (const CtlSection *section = sections; section->fields != NULL; section++)
    {
      const DdJsonNode *node = section_node (section, root);

      if (section->shape == CTL_SHAPE_ROWS)
        {
          dd_json_write_key (writer, section->key);
          write_rows (section, node, writer);
        }
      else if (node != NULL && section->key == NULL)
        write_fields (section, node, writer);
      else if (node != NULL)
        {
          dd_json_write_key (writer, section->key);
          dd_json_write_begin_object (writer);
          write_fields (section, node, writer);
          dd_json_write_end_object (writer);
        }
    }
  dd_json_write_end_object (writer);
  text = dd_json_writer_finish (writer, NULL);
  g_string_append_printf (out, "%s\n", text);
}
