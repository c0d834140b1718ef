/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * CSV as RFC 4180 has it, in UTF-8, against a declaration. Lines end with LF or CRLF; a byte order mark is
 * skipped.
 *
 * The text is copied once; cells are unquoted and ended in place, there. Every complaint names file, line and
 * column. Pure; any thread.
 */
#include "datasets/datasets.h"
#include "number/quoted.h"

#include <string.h>

#define MAX_COLUMNS 1024

/* 2 GiB of them: rows are counted, and looked up, in 32 bits. */
#define MAX_CELLS (1u << 27)

/* Rows between two looks whether to go on: some milliseconds. */
#define ROWS_BETWEEN 8192

typedef struct
{
  const DdDatasetDeclaration *declaration;
  const char *file_name;
  char *cursor;
  char *end;        /* a NUL stands there */
  guint32 line;     /* of the cursor, from 1 */
  guint32 row_line; /* on which the row began */
  guint n_header;
  guint target[MAX_COLUMNS]; /* of each column of the file: the declared one's index */
  GArray *cells;             /* DdCell */
  GArray *lines;             /* guint32 */
  const char *start;
  const guint32 *made_of;   /* (nullable): of each row, the line to name */
  DdStoreProgress progress; /* (nullable) */
  gpointer progress_data;
} Parser;

static gboolean complain (const Parser *parser, guint column, GError **error, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

/* @column: from 0, as in the file. */
static gboolean
complain (const Parser *parser, guint column, GError **error, const char *format, ...)
{
  const char *name = NULL;
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (parser->made_of != NULL && column < parser->n_header)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s:%u: dataset %s, column \"%s\": %s",
                    parser->file_name, parser->row_line, parser->declaration->name,
                    g_array_index (parser->declaration->columns, DdColumn, parser->target[column]).name,
                    message);
  if (column < parser->n_header)
    name = g_array_index (parser->declaration->columns, DdColumn, parser->target[column]).name;
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s:%u: column %u%s%s%s: %s", parser->file_name,
                  parser->row_line, column + 1, name != NULL ? " \"" : "", name != NULL ? name : "",
                  name != NULL ? "\"" : "", message);
}

/* A cell's text, and whether another follows in its row. */
typedef struct
{
  char *text;
  gsize length;
  gboolean last;
} Token;

/* The cursor is behind a cell: takes what separates it from the next. */
static gboolean
take_separator (Parser *parser, guint column, Token *token, GError **error)
{
  char *at = parser->cursor;

  if (at == parser->end)
    {
      token->last = TRUE;
      return TRUE;
    }
  switch (*at)
    {
    case ',':
      parser->cursor++;
      token->last = FALSE;
      return TRUE;
    case '\r':
      if (at[1] != '\n')
        return complain (parser, column, error,
                         "a carriage return without a line feed; lines end with LF or CRLF");
      parser->cursor += 2;
      break;
    case '\n':
      parser->cursor++;
      break;
    case '\0':
      return complain (parser, column, error, "a NUL byte; CSV is text");
    case '"':
      return complain (parser, column, error,
                       "a quote inside an unquoted cell; put the cell in quotes and write the quote twice");
    default:
      return complain (parser, column, error,
                       "text after the closing quote; a quote inside a quoted cell is written twice");
    }
  parser->line++;
  token->last = TRUE;
  return TRUE;
}

/* From behind the opening quote; doubled quotes become one, in place. */
static gboolean
take_quoted (Parser *parser, guint column, Token *token, GError **error)
{
  char *read = parser->cursor;
  char *write = read;

  token->text = write;
  for (;;)
    {
      if (read == parser->end)
        return complain (parser, column, error, "the quote that opens here is never closed");
      if (*read == '"' && read[1] == '"')
        read++;
      else if (*read == '"')
        break;
      else if (*read == '\0')
        return complain (parser, column, error, "a NUL byte; CSV is text");
      else if (*read == '\n')
        parser->line++;
      *write++ = *read++;
    }
  parser->cursor = read + 1;
  token->length = (gsize)(write - token->text);
  if (!take_separator (parser, column, token, error))
    return FALSE;
  *write = '\0';
  return TRUE;
}

static gboolean
take_cell (Parser *parser, guint column, Token *token, GError **error)
{
  static const guint8 ends[256] = { ['\0'] = 1, [','] = 1, ['\n'] = 1, ['\r'] = 1, ['"'] = 1 };
  char *cursor = parser->cursor;

  if (*cursor == '"' && cursor < parser->end)
    {
      parser->cursor++;
      return take_quoted (parser, column, token, error);
    }
  token->text = cursor;
  while (!ends[(guint8)*cursor])
    cursor++;
  token->length = (gsize)(cursor - token->text);
  parser->cursor = cursor;
  if (!take_separator (parser, column, token, error))
    return FALSE;
  *cursor = '\0';
  return TRUE;
}

static char *
list_columns (const DdDatasetDeclaration *declaration)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < declaration->columns->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "",
                            g_array_index (declaration->columns, DdColumn, i).name);
  return g_string_free (list, FALSE);
}

static gboolean
take_name (Parser *parser, const Token *token, guint column, GError **error)
{
  const GArray *columns = parser->declaration->columns;
  g_autofree char *quoted = NULL;
  g_autofree char *list = NULL;

  for (guint i = 0; i < columns->len; i++)
    {
      if (strcmp (g_array_index (columns, DdColumn, i).name, token->text) != 0)
        continue;
      for (guint j = 0; j < column; j++)
        if (parser->target[j] == i)
          return complain (parser, column, error, "\"%s\" is column %u already", token->text, j + 1);
      parser->target[column] = i;
      return TRUE;
    }
  quoted = dd_quote (token->text, (gssize)token->length);
  list = list_columns (parser->declaration);
  return complain (parser, column, error, "dataset %s has no column %s; its columns are %s",
                   parser->declaration->name, quoted, list);
}

static gboolean
check_missing (const Parser *parser, guint n_header, GError **error)
{
  const GArray *columns = parser->declaration->columns;

  for (guint i = 0; i < columns->len; i++)
    {
      const DdColumn *column = &g_array_index (columns, DdColumn, i);
      gboolean found = column->optional;

      for (guint j = 0; j < n_header && !found; j++)
        found = parser->target[j] == i;
      if (!found)
        return complain (parser, n_header, error, "column \"%s\" (%s) is missing from the header",
                         column->name, dd_column_type_name (column->type));
    }
  return TRUE;
}

static gboolean
take_header (Parser *parser, GError **error)
{
  Token token = { .last = FALSE };
  guint column = 0;

  parser->row_line = parser->line;
  for (; !token.last; column++)
    {
      if (column >= MIN (MAX_COLUMNS, parser->declaration->columns->len + 1))
        return complain (parser, column, error, "more columns than dataset %s has; it has %u",
                         parser->declaration->name, parser->declaration->columns->len);
      if (!take_cell (parser, column, &token, error) || !take_name (parser, &token, column, error))
        return FALSE;
    }
  if (!check_missing (parser, column, error))
    return FALSE;
  parser->n_header = column;
  return TRUE;
}

/* The text ends with NUL: dd_cell_read() took it. */
static gboolean
check_allowed (Parser *parser, const DdColumn *declared, guint column, const char *text, GError **error)
{
  g_autofree char *quoted = NULL;
  g_autofree char *allowed = NULL;

  if (declared->values == NULL || text[0] == '\0' ||
      g_strv_contains ((const char *const *)declared->values, text))
    return TRUE;
  quoted = dd_quote (text, -1);
  allowed = g_strjoinv (", ", declared->values);
  return complain (parser, column, error, "%s isn't one of %s", quoted, allowed);
}

static gboolean
check_bounds (Parser *parser, const DdColumn *declared, guint column, const DdCell *cell, GError **error)
{
  gboolean low = declared->has_min && cell->number < declared->min;
  g_autofree char *bound = NULL;

  if (cell->number == G_MININT64 || (!low && !(declared->has_max && cell->number > declared->max)))
    return TRUE;
  bound = dd_cell_format_number (declared->type, low ? declared->min : declared->max);
  return complain (parser, column, error, "%s is %s %s, %s", cell->text, low ? "below" : "above", bound,
                   low ? "the least that it may be" : "the most that it may be");
}

static gboolean
take_value (Parser *parser, const Token *token, guint column, DdCell *row, GError **error)
{
  guint target = parser->target[column];
  const DdColumn *declared = &g_array_index (parser->declaration->columns, DdColumn, target);
  g_autoptr (GError) wrong = NULL;

  if (declared->type == DD_COLUMN_TEXT && declared->max_bytes != 0 && token->length > declared->max_bytes)
    return complain (parser, column, error, "it has %" G_GSIZE_FORMAT " bytes; a text has at most %u",
                     token->length, declared->max_bytes);
  if (dd_cell_read (declared, token->text, token->length, &row[target], &wrong))
    return check_allowed (parser, declared, column, row[target].text, error) &&
           check_bounds (parser, declared, column, &row[target], error);
  return complain (parser, column, error, "%s", wrong->message);
}

static gboolean
take_row (Parser *parser, GError **error)
{
  guint n = parser->declaration->columns->len;
  guint at = parser->cells->len;
  Token token = { .last = FALSE };

  parser->row_line = parser->made_of != NULL ? parser->made_of[parser->lines->len] : parser->line;
  if (at > MAX_CELLS - n)
    return complain (parser, 0, error, "more cells than a dataset holds; it holds %u", MAX_CELLS);
  g_array_set_size (parser->cells, at + n);
  /* Optional columns that the file leaves out. */
  if (parser->n_header < n)
    for (guint i = 0; i < n; i++)
      g_array_index (parser->cells, DdCell, at + i) = (DdCell){ .number = G_MININT64, .text = "" };
  for (guint column = 0; !token.last; column++)
    {
      if (column >= parser->n_header)
        return complain (parser, column, error, "a cell too many; the header has %u columns",
                         parser->n_header);
      if (!take_cell (parser, column, &token, error) ||
          !take_value (parser, &token, column, &g_array_index (parser->cells, DdCell, at), error))
        return FALSE;
      if (token.last && column + 1 < parser->n_header)
        return complain (parser, column + 1, error,
                         "it is missing; the row has %u cells and the header %u columns", column + 1,
                         parser->n_header);
    }
  g_array_append_val (parser->lines, parser->row_line);
  return TRUE;
}

/* The text must be UTF-8 throughout; names line and column of the first byte that isn't. */
static gboolean
check_encoding (const char *file_name, const char *text, gsize length, GError **error)
{
  const char *wrong;
  const char *nul;
  const char *line_start = text;
  guint line = 1;

  if (g_utf8_validate_len (text, length, &wrong))
    return TRUE;
  nul = memchr (text, '\0', length);
  for (const char *cursor = text; cursor < wrong; cursor++)
    if (*cursor == '\n')
      {
        line++;
        line_start = cursor + 1;
      }
  if (nul == wrong)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s:%u: byte %u of the line is NUL; CSV is text",
                    file_name, line, (guint)(wrong - line_start) + 1);
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                  "%s:%u: byte %u of the line, 0x%02x, isn't UTF-8; save the file as UTF-8", file_name, line,
                  (guint)(wrong - line_start) + 1, (guint)(guint8)*wrong);
}

/* A line is a row, but for those in quotes; reserving what they need costs less than growing. */
static guint
count_lines (const char *text, gsize length)
{
  const char *end = text + length;
  guint n = 0;

  while ((text = memchr (text, '\n', (gsize)(end - text))) != NULL)
    {
      text++;
      n++;
    }
  return n + 1;
}

static gboolean
tell (const Parser *parser, GError **error)
{
  if (parser->progress == NULL ||
      parser->progress (parser->cursor - parser->start, parser->end - parser->start, parser->progress_data))
    return TRUE;
  return dd_fail (
    error, DD_ERROR_UNAVAILABLE,
    "%s: reading it was interrupted: the daemon stops or restores; nothing was stored, ask again",
    parser->file_name);
}

static gboolean
take_all (Parser *parser, GError **error)
{
  if (parser->cursor == parser->end)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "%s:1: the file is empty; its first line names the columns", parser->file_name);
  if (!take_header (parser, error))
    return FALSE;
  while (parser->cursor < parser->end)
    if (!take_row (parser, error) || (parser->lines->len % ROWS_BETWEEN == 0 && !tell (parser, error)))
      return FALSE;
  return TRUE;
}

/* @made_of: see the parser's. */
static DdDataset *
parse_table (const DdDatasetDeclaration *declaration,
             const char *file_name,
             const char *text,
             gsize length,
             const guint32 *made_of,
             DdStoreProgress progress,
             gpointer progress_data,
             GError **error)
{
  g_autofree Parser *parser = g_new0 (Parser, 1);
  g_autofree char *arena = NULL;
  DdDataset *dataset = NULL;
  guint n_lines;
  gsize mark = length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

  g_return_val_if_fail (declaration->columns->len > 0 && declaration->columns->len < MAX_COLUMNS, NULL);
  if (!check_encoding (file_name, text, length, error))
    return NULL;
  arena = g_malloc (length + 1);
  memcpy (arena, text, length);
  arena[length] = '\0';
  n_lines = count_lines (text, length);
  *parser = (Parser){ .declaration = declaration,
                      .file_name = file_name,
                      .cursor = arena + mark,
                      .end = arena + length,
                      .line = 1,
                      .row_line = 1,
                      .cells = g_array_sized_new (
                        FALSE, FALSE, sizeof (DdCell),
                        (guint)MIN ((guint64)n_lines * declaration->columns->len, MAX_CELLS)),
                      .lines = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n_lines),
                      .start = arena,
                      .made_of = made_of,
                      .progress = progress,
                      .progress_data = progress_data };
  if (take_all (parser, error))
    {
      guint n_rows = parser->lines->len;

      dataset =
        dd_dataset_compile (declaration, g_steal_pointer (&arena), length + 1,
                            (DdCell *)(void *)g_array_free (g_steal_pointer (&parser->cells), FALSE), n_rows,
                            (const guint32 *)(const void *)parser->lines->data, file_name, error);
    }
  g_clear_pointer (&parser->cells, g_array_unref);
  g_array_unref (parser->lines);
  return dataset;
}

DdDataset *
dd_dataset_parse_csv (const DdDatasetDeclaration *declaration,
                      const char *file_name,
                      const char *text,
                      gsize length,
                      GError **error)
{
  return dd_dataset_parse_csv_slowly (declaration, file_name, text, length, NULL, NULL, error);
}

DdDataset *
dd_dataset_parse_csv_slowly (const DdDatasetDeclaration *declaration,
                             const char *file_name,
                             const char *text,
                             gsize length,
                             DdStoreProgress progress,
                             gpointer progress_data,
                             GError **error)
{
  return parse_table (declaration, file_name, text, length, NULL, progress, progress_data, error);
}

DdDataset *
dd_dataset_parse_made (const DdDatasetDeclaration *declaration,
                       const char *file_name,
                       const char *text,
                       gsize length,
                       const guint32 *lines,
                       GError **error)
{
  return parse_table (declaration, file_name, text, length, lines, NULL, NULL, error);
}
