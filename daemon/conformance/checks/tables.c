/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See tables.h. Made on the child's main thread.
 */
#include "checks/tables.h"

#include <string.h>

#include "number/quoted.h"
#include "words.h"

#define ROWS_PER_KEY 3
/* More in one remark help nobody. */
#define MAX_DESCRIBED 4

/* Values that a column takes in turn. */
typedef struct
{
  const char *column; /* (nullable): a name that is likely to mean this */
  const char *const *values;
} Vocabulary;

#define VALUES(...)                                                                                          \
  (const char *const[])                                                                                      \
  {                                                                                                          \
    __VA_ARGS__, NULL                                                                                        \
  }

/* Words of the trade, and times that hold today, for columns that are likely to want them: anything else
 * would only ever be refused. */
static const Vocabulary named_values[] = {
  { "type", VALUES ("oneTime", "recurring", "usage") },
  { "period", VALUES ("", "month", "") },
  { "mode", VALUES ("flat") },
  { "who", VALUES ("group:sales", "user:anna", "group:managers") },
  { "above", VALUES ("0%", "10%", "") },
  { "up_to", VALUES ("10%", "40%", "") },
  { "charge", VALUES ("setup", "rental", "traffic") },
  { "segment", VALUES ("", "retail", "enterprise") },
  { "country", VALUES ("DE", "US", "AT") },
  { "customer", VALUES ("customer-1", "customer-2", "customer-3") },
  { "valid_from", VALUES ("2020-01-01", "2021-06-30", "2022-02-28") },
  { "valid_to", VALUES ("2037-12-31", "2038-01-01", "2039-12-31") },
};

static const char *const *const ordinary[DD_N_COLUMN_TYPES] = {
  [DD_COLUMN_TEXT] = VALUES ("first", "second", "third"),
  [DD_COLUMN_INTEGER] = VALUES ("1", "12", "36"),
  [DD_COLUMN_DECIMAL] = VALUES ("10", "12.5", "1234.56"),
  [DD_COLUMN_QUANTITY] = VALUES ("1", "10", "100"),
  [DD_COLUMN_PERCENT] = VALUES ("5%", "12.5%", "0%"),
  [DD_COLUMN_CURRENCY] = VALUES ("EUR"),
  [DD_COLUMN_DATE] = VALUES ("2020-01-01", "2021-06-30", "2039-12-31"),
  [DD_COLUMN_BOOLEAN] = VALUES ("true", "false"),
};

static const char *const *const odd[DD_N_COLUMN_TYPES] = {
  [DD_COLUMN_TEXT] = VALUES (DD_WORD_ODD_UTF8, DD_WORD_CONTROLS, DD_WORD_LONG, "%s%n%p", "0", "-1", "NULL"),
  [DD_COLUMN_INTEGER] = VALUES ("999999999999999999", "-999999999999999999", "0", "-1"),
  [DD_COLUMN_DECIMAL] = VALUES ("9223372036.854775807", "-9223372036.854775807", "0", "0.000000001", "-0.5"),
  [DD_COLUMN_QUANTITY] = VALUES ("9223372036854.775807", "-9223372036854.775807", "0", "0.000001"),
  [DD_COLUMN_PERCENT] =
    VALUES ("922337203685.4775807%", "-922337203685.4775807%", "0%", "100.0000001%", "-5%"),
  [DD_COLUMN_CURRENCY] = VALUES ("JPY", "BHD", "EUR", "USD"),
  [DD_COLUMN_DATE] = VALUES ("0001-01-01", "9999-12-31", "1970-01-01", "1969-12-31"),
  [DD_COLUMN_BOOLEAN] = VALUES ("false", "true"),
};

static const char *const *
choose_values (const DdColumn *column)
{
  gboolean named = column->type == DD_COLUMN_TEXT || column->type == DD_COLUMN_DATE;

  for (guint i = 0; named && i < G_N_ELEMENTS (named_values); i++)
    if (strcmp (named_values[i].column, column->name) == 0)
      return named_values[i].values;
  if (column->values != NULL)
    return (const char *const *)column->values;
  return ordinary[column->type];
}

static void
append_quoted (GString *csv, const char *text)
{
  g_string_append_c (csv, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *text);
    }
  g_string_append_c (csv, '"');
}

/* A cell of row @row; those of key columns after the first differ within a key. */
static void
append_value (GString *csv, const DdColumn *column, guint row)
{
  const char *const *values = choose_values (column);
  gboolean empty = column->optional && !column->key && row % 3 == 2;
  const char *value = empty ? "" : values[row % g_strv_length ((char **)values)];

  if (value[0] == '\0' && !column->optional)
    value = ordinary[column->type][0];
  append_quoted (csv, value);
}

/* @turn: which of the column's odd values. */
static const char *
choose_odd (const DdColumn *column, guint turn)
{
  const char *const *values = odd[column->type];
  guint n_values = g_strv_length ((char **)values) + column->optional;

  turn %= n_values;
  return values[turn] != NULL ? values[turn] : "";
}

static void
append_leading (GString *csv, const DdColumn *column, guint key)
{
  g_autofree char *number = g_strdup_printf ("%u", key + 1);

  switch (column->type)
    {
    case DD_COLUMN_TEXT:
      append_quoted (csv, dd_words_keys[key]);
      break;
    case DD_COLUMN_PERCENT:
      g_string_append_printf (csv, "%s%%", number);
      break;
    case DD_COLUMN_DATE:
      g_string_append_printf (csv, "20%02u-01-01", key + 10);
      break;
    case DD_COLUMN_CURRENCY:
    case DD_COLUMN_BOOLEAN:
      g_string_append (csv, ordinary[column->type][key % g_strv_length ((char **)ordinary[column->type])]);
      break;
    default:
      g_string_append (csv, number);
    }
}

/* How many leading keys, and rows a key, give no key twice. */
static void
find_size (const DdDatasetDeclaration *declaration, guint *out_n_keys, guint *out_n_rows)
{
  const DdColumn *columns = (const DdColumn *)(const void *)declaration->columns->data;
  guint n_keys = dd_words_n_keys;
  guint n_rows = ROWS_PER_KEY;
  guint n_key_columns = 0;

  while (n_key_columns < declaration->columns->len && columns[n_key_columns].key)
    n_key_columns++;
  if (columns[0].type == DD_COLUMN_CURRENCY || columns[0].type == DD_COLUMN_BOOLEAN)
    n_keys = g_strv_length ((char **)ordinary[columns[0].type]);
  if (n_key_columns < 2)
    n_rows = 1;
  for (guint i = 1; i < n_key_columns; i++)
    if (g_strv_length ((char **)choose_values (&columns[i])) < ROWS_PER_KEY)
      n_rows = 1;
  *out_n_keys = n_keys;
  *out_n_rows = n_rows;
}

/* Whether this cell is its row's odd one, and which of the odd values it has. */
static gboolean
is_odd (DdWorld world, guint key, guint column, guint n_columns, guint *out_turn)
{
  guint place = key + (world - DD_WORLD_ODD);

  if (world < DD_WORLD_ODD || n_columns < 2)
    return FALSE;
  *out_turn = place / (n_columns - 1) + (world - DD_WORLD_ODD);
  return column == 1 + place % (n_columns - 1);
}

static void
append_row (GString *csv, const DdDatasetDeclaration *declaration, DdWorld world, guint row, guint n_rows)
{
  guint n_columns = declaration->columns->len;
  guint key = row / n_rows;
  guint turn = 0;

  for (guint i = 0; i < n_columns; i++)
    {
      const DdColumn *column = &g_array_index (declaration->columns, DdColumn, i);

      if (i == 0)
        append_leading (csv, column, key);
      else if (row % n_rows == n_rows - 1 && is_odd (world, key, i, n_columns, &turn))
        append_quoted (csv, choose_odd (column, turn));
      else
        append_value (csv, column, row);
      g_string_append_c (csv, i + 1 < n_columns ? ',' : '\n');
    }
}

static char *
make_csv (const DdDatasetDeclaration *declaration, DdWorld world)
{
  const GArray *columns = declaration->columns;
  GString *csv = g_string_new (NULL);
  guint n_keys;
  guint n_rows;

  find_size (declaration, &n_keys, &n_rows);
  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (csv, "%s%s", i > 0 ? "," : "", g_array_index (columns, DdColumn, i).name);
  g_string_append_c (csv, '\n');
  for (guint row = 0; world != DD_WORLD_EMPTY && row < n_keys * n_rows; row++)
    append_row (csv, declaration, world, row, n_rows);
  return g_string_free (csv, FALSE);
}

/* The odd cell of row @key of one dataset. FALSE: there is none, or its key is another. */
static gboolean
describe_row (
  GString *text, const DdDatasetDeclaration *declaration, DdWorld world, guint key, const char *only)
{
  const DdColumn *columns = (const DdColumn *)(const void *)declaration->columns->data;
  guint turn = 0;

  if (only != NULL && columns[0].type == DD_COLUMN_TEXT && strcmp (only, dd_words_keys[key]) != 0)
    return FALSE;
  for (guint i = 1; i < declaration->columns->len; i++)
    if (is_odd (world, key, i, declaration->columns->len, &turn))
      {
        g_autofree char *quoted = dd_quote (choose_odd (&columns[i], turn), -1);

        g_string_append_printf (text, "%sdataset %s, column %s: %s", text->len > 0 ? "; " : "",
                                declaration->name, columns[i].name, quoted);
        return TRUE;
      }
  return FALSE;
}

char *
dd_tables_describe (const DdTables *tables, DdWorld world, const char *key)
{
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < tables->declarations->len; i++)
    {
      guint n_keys;
      guint n_rows;

      find_size (tables->declarations->pdata[i], &n_keys, &n_rows);
      for (guint k = 0; k < n_keys && n < MAX_DESCRIBED; k++)
        n += describe_row (text, tables->declarations->pdata[i], world, k, key);
    }
  return g_string_free (text, n == 0);
}

/* A table of an earlier version may hold what importing refuses today: no column has only certain values, or
 * bounds, texts are as long as they are, and rows may meet. (transfer full) */
static DdDatasetDeclaration *
without_rules (const DdDatasetDeclaration *declaration)
{
  DdDatasetDeclaration *copy = dd_dataset_declaration_new (declaration->name);

  for (guint i = 0; i < declaration->columns->len; i++)
    {
      DdColumn column = g_array_index (declaration->columns, DdColumn, i);

      column.values = NULL;
      column.has_min = column.has_max = FALSE;
      column.max_bytes = 0;
      dd_dataset_declaration_copy_column (copy, &column);
    }
  return copy;
}

static DdDataset *
make_own (const DdDatasetDeclaration *declaration, DdWorld world, GError **error)
{
  DdDatasetDeclaration *any = without_rules (declaration);
  g_autofree char *csv = make_csv (declaration, world);
  DdDataset *dataset = dd_dataset_parse_csv (any, declaration->name, csv, strlen (csv), error);

  dd_dataset_declaration_free (any);
  return dataset;
}

static DdDataset *
make_dataset (const DdDatasetDeclaration *declaration,
              DdWorld world,
              const DdSubject *subject,
              GError **error)
{
  const char *file = g_hash_table_lookup (subject->csv, declaration->name);
  g_autofree char *csv = NULL;
  gsize length;

  if (file == NULL || world != DD_WORLD_ORDINARY)
    return make_own (declaration, world, error);
  if (!g_file_get_contents (file, &csv, &length, error))
    return NULL;
  return dd_dataset_parse_csv (declaration, file, csv, length, error);
}

static void
collect_keys (DdTables *tables, const DdDataset *dataset)
{
  for (guint row = 0; row < dd_dataset_n_rows (dataset) && tables->keys->len < 64; row++)
    {
      const char *key = dd_dataset_row (dataset, row)[0].text;

      if (key[0] != '\0' && !g_ptr_array_find_with_equal_func (tables->keys, key, g_str_equal, NULL))
        g_ptr_array_add (tables->keys, g_strdup (key));
    }
}

DdTables *
dd_tables_new (const GPtrArray *declarations, const DdSubject *subject, GError **error)
{
  DdTables *tables = g_new0 (DdTables, 1);

  tables->declarations = declarations;
  tables->keys = g_ptr_array_new_with_free_func (g_free);
  for (guint world = 0; world < DD_N_WORLDS; world++)
    tables->datasets[world] =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)dd_dataset_unref);
  for (guint i = 0; i < declarations->len; i++)
    for (guint world = 0; world < DD_N_WORLDS; world++)
      {
        const DdDatasetDeclaration *declaration = declarations->pdata[i];
        DdDataset *dataset = make_dataset (declaration, world, subject, error);

        if (dataset == NULL)
          {
            dd_tables_free (tables);
            return NULL;
          }
        g_hash_table_insert (tables->datasets[world], declaration->name, dataset);
        if (world == DD_WORLD_ORDINARY)
          collect_keys (tables, dataset);
      }
  /* without datasets, lines name what nobody looks up */
  for (guint i = 0; tables->keys->len == 0 && i < dd_words_n_keys; i++)
    g_ptr_array_add (tables->keys, g_strdup (dd_words_keys[i]));
  return tables;
}

void
dd_tables_free (DdTables *tables)
{
  for (guint world = 0; world < DD_N_WORLDS; world++)
    g_hash_table_unref (tables->datasets[world]);
  g_ptr_array_unref (tables->keys);
  g_free (tables);
}

DdDataset *
dd_tables_get (const DdTables *tables, DdWorld world, const char *name)
{
  return g_hash_table_lookup (tables->datasets[world], name);
}
