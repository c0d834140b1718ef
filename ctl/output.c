/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Tables and JSON from the same sections (see output.h). Pure; one thread at a time.
 */
#include "output.h"
#include "i18n.h"
#include "record.h"
#include "table.h"
#include "text.h"
#include "json/writer.h"

/* (transfer full): fit to be printed */
static char *
field_text (const CtlField *field, const DdJsonNode *row, gboolean whole, const CtlStyle *style)
{
  CtlCellKind kind = CTL_CELL_KIND (field->kind);
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;

  if (field->format != NULL)
    text = field->format (row);
  /* A plain row is the value of the one field. */
  else if (dd_json_type (row) != DD_JSON_OBJECT)
    text = ctl_cell_format (kind, row, whole);
  else
    text = ctl_cell_format (kind, dd_json_member (row, field->key), whole);
  clean = ctl_text_clean (text);
  return ctl_text_for_charset (clean, style->charset);
}

static char *
own_text (const char *text, const CtlStyle *style)
{
  return ctl_text_for_charset (ctl_translate (text), style->charset);
}

static void
clear_entry (gpointer data)
{
  CtlEntry *entry = data;

  g_free ((char *)entry->label);
  g_free ((char *)entry->value);
}

static void
print_record (const CtlSection *section, const DdJsonNode *record, const CtlStyle *style, GString *out)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (CtlEntry));

  g_array_set_clear_func (entries, clear_entry);
  for (const CtlField *field = section->fields; field->key != NULL; field++)
    {
      CtlEntry entry;

      if (field->heading == NULL)
        continue;
      entry.label = own_text (field->heading, style);
      entry.value = field_text (field, record, TRUE, style);
      entry.tone =
        CTL_CELL_KIND (field->kind) == CTL_CELL_STATE ? ctl_colour_of_state (entry.value) : CTL_TONE_PLAIN;
      g_array_append_val (entries, entry);
    }
  ctl_record_append (out, (const CtlEntry *)(void *)entries->data, entries->len,
                     ctl_record_label_width ((const CtlEntry *)(void *)entries->data, entries->len), 0,
                     style);
}

static void
add_columns (const CtlSection *section, guint level, const CtlStyle *style, CtlTable *table)
{
  for (const CtlField *field = section->fields; field->key != NULL; field++)
    {
      CtlCellKind kind = CTL_CELL_KIND (field->kind);
      g_autofree char *heading = NULL;

      if (field->heading == NULL)
        continue;
      heading = own_text (field->heading, style);
      ctl_table_add_column (table, heading,
                            (ctl_cell_is_right (kind) ? CTL_COLUMN_RIGHT : 0) |
                              (ctl_cell_wraps (kind) ? CTL_COLUMN_WRAPS : 0) |
                              (kind == CTL_CELL_STATE ? CTL_COLUMN_STATE : 0) |
                              CTL_COLUMN_GIVES_WAY (CTL_CELL_RANK (field->kind)),
                            level);
    }
  if (section->nested != NULL)
    add_columns (section->nested, level + 1, style, table);
}

static guint
fill_cells (
  const CtlSection *section, const DdJsonNode *row, guint column, const CtlStyle *style, CtlTable *table)
{
  for (const CtlField *field = section->fields; field->key != NULL; field++)
    {
      g_autofree char *text = NULL;

      if (field->heading == NULL)
        continue;
      text = field_text (field, row, FALSE, style);
      ctl_table_set (table, column++, text);
    }
  return column;
}

/* The first inner row stands in its outer row's line. */
static void
add_rows (const CtlSection *section,
          const DdJsonNode *rows,
          guint column,
          gboolean first_is_begun,
          const CtlStyle *style,
          CtlTable *table)
{
  for (const DdJsonNode *row = dd_json_first (rows); row != NULL; row = dd_json_next (row))
    {
      guint next;

      if (!first_is_begun)
        ctl_table_add_row (table);
      first_is_begun = FALSE;
      next = fill_cells (section, row, column, style, table);
      if (section->nested != NULL)
        {
          const DdJsonNode *inner = dd_json_member (row, section->nested->key);

          if (inner != NULL && dd_json_type (inner) == DD_JSON_ARRAY)
            add_rows (section->nested, inner, next, TRUE, style, table);
        }
    }
}

static const DdJsonNode *
section_node (const CtlSection *section, const DdJsonNode *root)
{
  const DdJsonNode *node = section->key == NULL ? root : dd_json_member (root, section->key);
  DdJsonType wanted = section->shape == CTL_SHAPE_RECORD ? DD_JSON_OBJECT : DD_JSON_ARRAY;

  return node != NULL && dd_json_type (node) == wanted ? node : NULL;
}

static void
begin_section (const CtlSection *section, const CtlStyle *style, GString *out)
{
  g_autofree char *title = NULL;

  if (out->len > 0)
    g_string_append_c (out, '\n');
  if (section->title == NULL)
    return;
  title = own_text (section->title, style);
  ctl_colour_append (out, title, CTL_TONE_HEADING, style->colour);
  g_string_append_c (out, '\n');
}

static void
print_rows (const CtlSection *section, const DdJsonNode *rows, const CtlStyle *style, GString *out)
{
  g_autoptr (CtlTable) table = ctl_table_new ();

  add_columns (section, 0, style, table);
  if (ctl_table_n_columns (table) == 0)
    return;
  add_rows (section, rows, 0, FALSE, style, table);
  begin_section (section, style, out);
  ctl_table_print (table, style, out);
}

void
ctl_output_text (const CtlSection *sections, const DdJsonNode *root, const CtlStyle *style, GString *out)
{
  for (const CtlSection *section = sections; section->fields != NULL; section++)
    {
      const DdJsonNode *node = section_node (section, root);

      if (section->shape == CTL_SHAPE_RECORD)
        {
          g_autoptr (GString) record = g_string_new (NULL);

          if (node != NULL)
            print_record (section, node, style, record);
          if (record->len == 0)
            continue;
          begin_section (section, style, out);
          g_string_append (out, record->str);
        }
      else if (node != NULL && dd_json_length (node) > 0)
        print_rows (section, node, style, out);
      else if (section->none != NULL)
        {
          g_autofree char *none = own_text (section->none, style);

          g_string_append_printf (out, "%s\n", none);
        }
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

      if (section->shape != CTL_SHAPE_RECORD)
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
