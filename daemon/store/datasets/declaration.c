/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Declarations of datasets: columns, their types and which are keys. Any thread; a declaration isn't changed
 * once it is used.
 */
#include "datasets/datasets.h"
#include "number/quoted.h"

#include <string.h>

static const char *const type_names[] = { "text",    "integer",  "decimal", "quantity",
                                          "percent", "currency", "date",    "boolean" };
G_STATIC_ASSERT (G_N_ELEMENTS (type_names) == DD_N_COLUMN_TYPES);

int
dd_column_type_from_name (const char *text)
{
  for (int i = 0; i < DD_N_COLUMN_TYPES; i++)
    if (strcmp (type_names[i], text) == 0)
      return i;
  return -1;
}

const char *
dd_column_type_name (DdColumnType type)
{
  return type < DD_N_COLUMN_TYPES ? type_names[type] : NULL;
}

static void
clear_column (gpointer data)
{
  DdColumn *column = data;

  g_free (column->name);
  g_strfreev (column->values);
}

static GArray *
new_columns (void)
{
  GArray *columns = g_array_new (FALSE, TRUE, sizeof (DdColumn));

  g_array_set_clear_func (columns, clear_column);
  return columns;
}

GArray *
dd_columns_copy (const GArray *columns)
{
  GArray *copy = new_columns ();

  for (guint i = 0; i < columns->len; i++)
    {
      DdColumn column = g_array_index (columns, DdColumn, i);

      column.name = g_strdup (column.name);
      column.values = g_strdupv (column.values);
      g_array_append_val (copy, column);
    }
  return copy;
}

void
dd_dataset_declaration_copy_column (DdDatasetDeclaration *declaration, const DdColumn *column)
{
  DdColumn copy = *column;

  copy.name = g_strdup (column->name);
  copy.values = g_strdupv (column->values);
  g_array_append_val (declaration->columns, copy);
}

char *
dd_column_describe_type (const DdColumn *column)
{
  g_autofree char *values = column->values != NULL ? g_strjoinv ("|", column->values) : NULL;

  return values != NULL ? g_strdup_printf ("enum(%s)", values) : g_strdup (type_names[column->type]);
}

void
dd_columns_describe (const GArray *columns, GString *out)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const DdColumn *column = &g_array_index (columns, DdColumn, i);

      g_string_append_printf (out, "%s%s%s %s\n", column->name, column->key ? " key" : "",
                              column->optional ? " optional" : "", type_names[column->type]);
    }
}

DdDatasetDeclaration *
dd_dataset_declaration_new (const char *name)
{
  DdDatasetDeclaration *declaration = g_new0 (DdDatasetDeclaration, 1);

  declaration->name = g_strdup (name);
  declaration->columns = new_columns ();
  return declaration;
}

void
dd_dataset_declaration_free (DdDatasetDeclaration *declaration)
{
  if (declaration == NULL)
    return;
  g_free (declaration->name);
  g_array_unref (declaration->columns);
  g_free (declaration);
}

/* What column files and spreadsheets have in common. */
static gboolean
is_column_name (const char *text)
{
  if (!g_ascii_islower (text[0]))
    return FALSE;
  for (const char *cursor = text; *cursor != '\0'; cursor++)
    if (!g_ascii_islower (*cursor) && !g_ascii_isdigit (*cursor) && *cursor != '_' && *cursor != '-' &&
        *cursor != '.')
      return FALSE;
  return TRUE;
}

/* Finding by the leading key is by its text: a type in which one value has several spellings can't lead. */
static gboolean
may_lead (DdColumnType type)
{
  return type != DD_COLUMN_DECIMAL && type != DD_COLUMN_QUANTITY && type != DD_COLUMN_PERCENT;
}

static gboolean
check_place (const DdDatasetDeclaration *declaration, const DdColumn *column, GError **error)
{
  const GArray *columns = declaration->columns;

  for (guint i = 0; i < columns->len; i++)
    if (strcmp (g_array_index (columns, DdColumn, i).name, column->name) == 0)
      return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "dataset %s: column \"%s\" is declared twice",
                      declaration->name, column->name);
  if (columns->len == 0 && !column->key)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "dataset %s: column \"%s\" comes first, so it must be a key", declaration->name,
                    column->name);
  if (columns->len == 0 && !may_lead (column->type))
    return dd_fail (
      error, DD_ERROR_INVALID_ARGUMENT,
      "dataset %s: the leading key \"%s\" can't be of type %s; text, integer, currency, date or "
      "boolean can lead",
      declaration->name, column->name, type_names[column->type]);
  if (columns->len > 0 && column->key && !g_array_index (columns, DdColumn, columns->len - 1).key)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "dataset %s: key column \"%s\" comes after a value; keys come first", declaration->name,
                    column->name);
  return TRUE;
}

#define ENUM "enum("

/* Of "enum(a|b)" the values; NULL of what isn't so, or has an empty or double one. (transfer full) */
static char **
read_enum (const char *word)
{
  gsize length = strlen (word);
  g_autofree char *inner = NULL;
  g_auto (GStrv) values = NULL;

  if (!g_str_has_prefix (word, ENUM) || word[length - 1] != ')')
    return NULL;
  inner = g_strndup (word + strlen (ENUM), length - strlen (ENUM) - 1);
  values = g_strsplit (inner, "|", -1);
  for (guint i = 0; values[i] != NULL; i++)
    {
      if (values[i][0] == '\0' || strpbrk (values[i], "()") != NULL)
        return NULL;
      for (guint k = 0; k < i; k++)
        if (strcmp (values[i], values[k]) == 0)
          return NULL;
    }
  return values[0] != NULL ? g_steal_pointer (&values) : NULL;
}

gboolean
dd_dataset_declaration_add (DdDatasetDeclaration *declaration, const char *column, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (column, " \t", -1);
  g_autofree char *quoted = dd_quote (column, -1);
  g_auto (GStrv) values = NULL;
  DdColumn parsed = { 0 };
  int type = -1;

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (words[i][0] == '\0')
        continue;
      if (parsed.name == NULL)
        parsed.name = words[i];
      else if (strcmp (words[i], "key") == 0 && !parsed.key)
        parsed.key = TRUE;
      else if (strcmp (words[i], "optional") == 0 && !parsed.optional)
        parsed.optional = TRUE;
      else if (type < 0 && dd_column_type_from_name (words[i]) >= 0)
        type = dd_column_type_from_name (words[i]);
      else if (type < 0 && (values = read_enum (words[i])) != NULL)
        type = DD_COLUMN_TEXT;
      else
        return dd_fail (
          error, DD_ERROR_INVALID_ARGUMENT,
          "dataset %s: column %s: write its name, then any of key and optional, and one type: text, "
          "integer, decimal, quantity, percent, currency, date, boolean or enum(a|b|c)",
          declaration->name, quoted);
    }
  if (parsed.name == NULL || type < 0)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "dataset %s: column %s has no type; write name and type, such as \"country text\"",
                    declaration->name, quoted);
  if (!is_column_name (parsed.name))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "dataset %s: column %s: a name has lower-case letters, digits, \"_\", \"-\" and \".\"",
                    declaration->name, quoted);
  parsed.type = (guint8)type;
  if (!check_place (declaration, &parsed, error))
    return FALSE;
  parsed.values = values;
  dd_dataset_declaration_copy_column (declaration, &parsed);
  return TRUE;
}
