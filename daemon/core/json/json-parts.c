/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Cutting JSON into parts (see json-parts.h). A value ends where its brackets are even again, or where its
 * text ends: whether it is one is found by parsing it. Pure; any thread.
 */
#include "json/json-parts.h"

#include "json/json-node.h"
#include "json/json-text.h"
#include "number/quoted.h"

#include <string.h>

typedef struct
{
  const char *cursor;
  const char *end;
  const char *line_start; /* of the cursor's line, within the text */
  guint line;
  guint first_column; /* of the text's first byte, whose line is that of line_start at the beginning */
  const char *text;
  const char *counted; /* so many characters lie between the start of its line and here */
  guint n_counted;
} Scan;

/* Goes on from where it was asked last: a whole catalogue may be one line. */
static guint
column_of (Scan *scan)
{
  guint column;

  if (scan->counted < scan->line_start)
    {
      scan->counted = scan->line_start;
      scan->n_counted = 0;
    }
  scan->n_counted += (guint)g_utf8_strlen (scan->counted, scan->cursor - scan->counted);
  scan->counted = scan->cursor;
  column = scan->n_counted + 1;
  return scan->line_start == scan->text ? column + scan->first_column - 1 : column;
}

static gboolean
complain (Scan *scan, const char *right, GError **error)
{
  g_autofree char *found =
    scan->cursor < scan->end ? dd_quote (scan->cursor, 1) : g_strdup ("the end of the text");

  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "line %u, column %u: %s, where %s should be", scan->line,
                  column_of (scan), found, right);
}

static void
skip_space (Scan *scan)
{
  for (; scan->cursor < scan->end; scan->cursor++)
    if (*scan->cursor == '\n')
      {
        scan->line++;
        scan->line_start = scan->cursor + 1;
      }
    else if (*scan->cursor != ' ' && *scan->cursor != '\t' && *scan->cursor != '\r')
      return;
}

/* From the opening quote to behind the closing one. */
static void
skip_string (Scan *scan)
{
  for (scan->cursor++; scan->cursor < scan->end && *scan->cursor != '"'; scan->cursor++)
    if (*scan->cursor == '\\' && scan->cursor + 1 < scan->end)
      scan->cursor++;
    else if (*scan->cursor == '\n')
      {
        scan->line++;
        scan->line_start = scan->cursor + 1;
      }
  if (scan->cursor < scan->end)
    scan->cursor++;
}

static void
skip_container (Scan *scan)
{
  guint depth = 0;

  while (scan->cursor < scan->end)
    {
      switch (*scan->cursor)
        {
        case '"':
          skip_string (scan);
          continue;
        case '{':
        case '[':
          depth++;
          break;
        case '}':
        case ']':
          depth--;
          break;
        case '\n':
          scan->line++;
          scan->line_start = scan->cursor + 1;
          break;
        default:
          break;
        }
      scan->cursor++;
      if (depth == 0)
        return;
    }
}

static void
skip_value (Scan *scan)
{
  if (*scan->cursor == '{' || *scan->cursor == '[')
    skip_container (scan);
  else if (*scan->cursor == '"')
    skip_string (scan);
  else
    while (scan->cursor < scan->end && strchr (",]} \t\r\n", *scan->cursor) == NULL)
      scan->cursor++;
}

static gboolean
take_name (Scan *scan, DdJsonPart *part, GError **error)
{
  if (scan->cursor == scan->end || *scan->cursor != '"')
    return complain (scan, "a member's name in quotes", error);
  part->name = scan->cursor + 1;
  skip_string (scan);
  part->name_length = (gsize)(scan->cursor - 1 - part->name);
  skip_space (scan);
  if (scan->cursor == scan->end || *scan->cursor != ':')
    return complain (scan, "a colon", error);
  scan->cursor++;
  skip_space (scan);
  return TRUE;
}

static gboolean
take_part (Scan *scan, gboolean member, DdJsonPart *part, GError **error)
{
  if (member && !take_name (scan, part, error))
    return FALSE;
  if (scan->cursor == scan->end || strchr (",]}:", *scan->cursor) != NULL)
    return complain (scan, "a value", error);
  part->text = scan->cursor;
  part->line = scan->line;
  part->column = column_of (scan);
  skip_value (scan);
  part->length = (gsize)(scan->cursor - part->text);
  return TRUE;
}

/* Behind a part: TRUE in @out_more when another follows. */
static gboolean
take_separator (Scan *scan, char closing, gboolean *out_more, GError **error)
{
  skip_space (scan);
  if (scan->cursor == scan->end || (*scan->cursor != ',' && *scan->cursor != closing))
    return complain (scan, closing == ']' ? "a comma or ]" : "a comma or }", error);
  *out_more = *scan->cursor++ == ',';
  skip_space (scan);
  return TRUE;
}

DdJsonPart
dd_json_part_whole (const char *text, gsize length)
{
  return (DdJsonPart){ .text = text, .length = length, .line = 1, .column = 1 };
}

gboolean
dd_json_part_is (const DdJsonPart *part, DdJsonType type)
{
  Scan scan = { .cursor = part->text, .end = part->text + part->length };

  skip_space (&scan);
  return scan.cursor < scan.end && *scan.cursor == (type == DD_JSON_ARRAY ? '[' : '{');
}

gboolean
dd_json_each_part (const DdJsonPart *outer, DdJsonPartFunc func, gpointer data, GError **error)
{
  Scan scan = { .cursor = outer->text,
                .end = outer->text + outer->length,
                .line_start = outer->text,
                .line = outer->line,
                .first_column = outer->column,
                .text = outer->text,
                .counted = outer->text };
  gboolean member;
  gboolean more;
  char closing;

  skip_space (&scan);
  if (scan.cursor == scan.end || (*scan.cursor != '[' && *scan.cursor != '{'))
    return complain (&scan, "an array or object", error);
  member = *scan.cursor++ == '{';
  closing = member ? '}' : ']';
  skip_space (&scan);
  more = scan.cursor == scan.end || *scan.cursor != closing;
  if (!more)
    {
      scan.cursor++;
      skip_space (&scan);
    }
  for (guint i = 0; more; i++)
    {
      DdJsonPart part = { .index = i };

      if (!take_part (&scan, member, &part, error) || !func (&part, data, error) ||
          !take_separator (&scan, closing, &more, error))
        return FALSE;
    }
  return scan.cursor == scan.end || complain (&scan, "the end of the text", error);
}

DdJson *
dd_json_part_parse (const DdJsonPart *part, const DdJsonLimits *limits, GError **error)
{
  return dd_json_parse_from (part->text, part->length, part->line, part->column, limits, error);
}
