/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The library's complaints in our words (see json-fault.h). Pure; any thread.
 */
#include "json/json-fault.h"

#include <string.h>

typedef struct
{
  const char *library; /* a part of yajl's message that no other message has */
  const char *ours;
} Fault;

static const Fault faults[] = {
  { "premature EOF", "the text ends too early; something is still open or its value is missing" },
  { "trailing garbage", "something follows the document; there must be one value and nothing else" },
  { "unallowed token",
    "unexpected here; a value must be an object, array, string, number, true, false or null" },
  { "invalid object key", "a member must begin with its name, a string in double quotes" },
  { "separated by a colon", "a colon is missing between a member's name and its value" },
  { "inside map", "after a member's value there must be a comma or \"}\"" },
  { "after array element", "after an array's element there must be a comma or \"]\"" },
  { "occurs before a character",
    "an escape that JSON doesn't have; it has \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX" },
  { "invalid character inside string",
    "a control character inside a string; it must be escaped, like \\n or \\u001f" },
  { "non-hex", "\\u must be followed by four hexadecimal digits" },
  { "invalid string in json text", "not a JSON word; the words are true, false and null" },
  { "invalid char in json text",
    "no JSON value begins like this; names and strings are put in double quotes" },
  { "after the exponent", "a number's exponent must have a digit" },
  { "after the minus sign", "a minus must be followed by a digit" },
  { "after the decimal point", "a number's point must be followed by a digit" },
  { "probable comment", "JSON has no comments" },
};

static gboolean
is_blank (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (strchr (" \t\r\n", text[i]) == NULL || text[i] == '\0')
      return FALSE;
  return TRUE;
}

char *
dd_json_explain_fault (const char *library_message, const char *text, gsize length, gsize offset)
{
  if (is_blank (text, length))
    return g_strdup ("the document is empty; it must hold one JSON value");
  if (offset < 3 && length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    return g_strdup ("the document begins with a byte order mark; it must be UTF-8 without one");
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    if (strstr (library_message, faults[i].library) != NULL)
      return g_strdup (faults[i].ours);
  return g_strstrip (g_strdup (library_message));
}

char *
dd_json_explain_bad_byte (const char *text, gsize offset)
{
  guint8 byte = (guint8)text[offset];

  if (byte == 0)
    return g_strdup ("a NUL byte; JSON text has none");
  return g_strdup_printf ("the byte 0x%02x isn't valid UTF-8 here; the document must be UTF-8%s", byte,
                          byte >= 0x80 && byte < 0xa0 ? " (this looks like Windows-1252)" : "");
}
