/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Declarations of datasets: columns, their types and which are keys. Any thread; a declaration isn't changed
 * once it is used.
 */
#include "datasets/datasets.h"
#include "number/decimal.h"
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
  g_free (column->empty);
  g_strfreev (column->values);
}

static GArray *
new_columns (void)
{
  GArray *columns = g_array_new (FALSE, TRUE, sizeof (DdColumn));

  g_array_set_clear_func (columns, clear_column);
  return columns;
}

static void
append_copy (GArray *columns, const DdColumn *column)
{
  DdColumn copy = *column;

  copy.name = g_strdup (column->name);
  copy.empty = g_strdup (column->empty);
  copy.values = g_strdupv (column->values);
  g_array_append_val (columns, copy);
}

GArray *
dd_columns_copy (const GArray *columns)
{
  GArray *copy = new_columns ();

  for (guint i = 0; i < columns->len; i++)
    append_copy (copy, &g_array_index (columns, DdColumn, i));
  return copy;
}

void
dd_dataset_declaration_copy_column (DdDatasetDeclaration *declaration, const DdColumn *column)
{
  append_copy (declaration->columns, column);
}

int
dd_dataset_declaration_find (const DdDatasetDeclaration *declaration, const char *name)
{
  for (guint i = 0; name != NULL && i < declaration->columns->len; i++)
    if (strcmp (g_array_index (declaration->columns, DdColumn, i).name, name) == 0)
      return (int)i;
  return -1;
}

char *
dd_column_describe_type (const DdColumn *column)
{
  g_autofree char *values = column->values != NULL ? g_strjoinv ("|", column->values) : NULL;
  g_autofree char *min = column->has_min ? dd_cell_format_number (column->type, column->min) : NULL;
  g_autofree char *max = column->has_max ? dd_cell_format_number (column->type, column->max) : NULL;

  GString *text = g_string_new (NULL);

  if (values != NULL)
    g_string_append_printf (text, "enum(%s)", values);
  else
    g_string_append_printf (text, "%s%s%s%s%s", type_names[column->type], min != NULL ? " min " : "",
                            min != NULL ? min : "", max != NULL ? " max " : "", max != NULL ? max : "");
  if (column->empty != NULL)
    g_string_append_printf (text, " default %s", column->empty);
  return g_string_free (text, FALSE);
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
  g_free (declaration->valid_from);
  g_free (declaration->valid_to);
  g_strfreev (declaration->unique);
  g_free (declaration->priority);
  for (guint i = 0; i < DD_N_DATASET_RULES; i++)
    g_strfreev (declaration->rules[i]);
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

  if (dd_dataset_declaration_find (declaration, column->name) >= 0)
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

/* As in a cell; here a percentage needs no sign. */
static gboolean
read_bound (const DdColumn *column, const char *text, gint64 *out_number, GError **error)
{
  DdCell cell;

  if (column->type == DD_COLUMN_PERCENT)
    return dd_percent_parse (text, out_number, error);
  if (!dd_cell_read (column, text, strlen (text), &cell, error))
    return FALSE;
  *out_number = cell.number;
  return TRUE;
}

/* "min 0" or "max 100%", behind the type, as a cell of that type. */
static gboolean
take_bound (const DdDatasetDeclaration *declaration,
            DdColumn *column,
            const char *which,
            const char *text,
            GError **error)
{
  gboolean max = which[1] == 'a';
  g_autoptr (GError) reason = NULL;
  gint64 number = 0;

  if (column->type != DD_COLUMN_INTEGER && column->type != DD_COLUMN_DECIMAL &&
      column->type != DD_COLUMN_QUANTITY && column->type != DD_COLUMN_PERCENT)
    return dd_fail (
      error, DD_ERROR_INVALID_ARGUMENT,
      "dataset %s: column \"%s\": only integer, decimal, quantity and percent have bounds, not %s",
      declaration->name, column->name, type_names[column->type]);
  if (text == NULL || text[0] == '\0' || !read_bound (column, text, &number, &reason))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "dataset %s: column \"%s\": %s: %s", declaration->name,
                    column->name, which, reason != NULL ? reason->message : "a number follows it");
  *(max ? &column->max : &column->min) = number;
  *(max ? &column->has_max : &column->has_min) = TRUE;
  if (column->has_min && column->has_max && column->min > column->max)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "dataset %s: column \"%s\": min is above max",
                    declaration->name, column->name);
  return TRUE;
}

/* "default 0", behind the type: see the column's. */
static gboolean
take_default (const DdDatasetDeclaration *declaration, DdColumn *column, const char *text, GError **error)
{
  g_autoptr (GError) reason = NULL;
  DdCell cell = { 0 };

  if (text == NULL || text[0] == '\0' || !dd_cell_read (column, text, strlen (text), &cell, &reason) ||
      (column->values != NULL && !g_strv_contains ((const char *const *)column->values, text)))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "dataset %s: column \"%s\": default: %s",
                    declaration->name, column->name,
                    reason != NULL ? reason->message : "a cell of the column follows it");
  column->empty = g_strdup (text);
  column->empty_number = cell.number;
  return TRUE;
}

/* What follows the name. @parsed owns what it points to from then on, whatever is returned. */
static gboolean
take_words (const DdDatasetDeclaration *declaration,
            char *const *words,
            const char *quoted,
            DdColumn *parsed,
            GError **error)
{
  int type = -1;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean bound = strcmp (words[i], "min") == 0 || strcmp (words[i], "max") == 0;

      if (words[i][0] == '\0')
        continue;
      if (strcmp (words[i], "key") == 0 && !parsed->key)
        parsed->key = TRUE;
      else if (strcmp (words[i], "optional") == 0 && !parsed->optional)
        parsed->optional = TRUE;
      else if (type < 0 && dd_column_type_from_name (words[i]) >= 0)
        parsed->type = (guint8)(type = dd_column_type_from_name (words[i]));
      else if (type < 0 && (parsed->values = read_enum (words[i])) != NULL)
        parsed->type = (guint8)(type = DD_COLUMN_TEXT);
      else if (type >= 0 && bound && !(words[i][1] == 'a' ? parsed->has_max : parsed->has_min))
        {
          if (!take_bound (declaration, parsed, words[i], words[i + 1], error))
            return FALSE;
          i++;
        }
      else if (type >= 0 && parsed->empty == NULL && strcmp (words[i], "default") == 0)
        {
          if (!take_default (declaration, parsed, words[i + 1], error))
            return FALSE;
          i++;
        }
      else
        return dd_fail (
          error, DD_ERROR_INVALID_ARGUMENT,
          "dataset %s: column %s: write its name, then any of key and optional, and one type: text, "
          "integer, decimal, quantity, percent, currency, date, boolean or enum(a|b|c); behind a number's, "
          "bounds such as min 0 max 100%%; behind an optional one's, what an empty cell counts as, such as "
          "default 0",
          declaration->name, quoted);
    }
  if (parsed->empty != NULL && !parsed->optional)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "dataset %s: column %s: only an optional column has a default", declaration->name,
                    quoted);
  if (type < 0)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "dataset %s: column %s has no type; write name and type, such as \"country text\"",
                    declaration->name, quoted);
  return TRUE;
}

gboolean
dd_dataset_declaration_add (DdDatasetDeclaration *declaration, const char *column, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (column, " \t", -1);
  g_autofree char *quoted = dd_quote (column, -1);
  DdColumn parsed = { .max_bytes = DD_DATASET_MAX_TEXT };
  guint first = 0;
  gboolean good;

  while (words[first] != NULL && words[first][0] == '\0')
    first++;
  parsed.name = words[first] != NULL ? words[first++] : words[first];
  if (parsed.name == NULL)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "dataset %s: column %s has no type; write name and type, such as \"country text\"",
                    declaration->name, quoted);
  good = take_words (declaration, words + first, quoted, &parsed, error);
  if (good && !is_column_name (parsed.name))
    good = dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "dataset %s: column %s: a name has lower-case letters, digits, \"_\", \"-\" and \".\"",
                    declaration->name, quoted);
  good = good && check_place (declaration, &parsed, error);
  if (good)
    dd_dataset_declaration_copy_column (declaration, &parsed);
  g_strfreev (parsed.values);
  g_free (parsed.empty);
  return good;
}
