/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A deal that isn't there: the error names those that are there and whose number differs by one slip of the
 * hand, a digit left out, put in, exchanged with its neighbour or mistyped. Each is looked up by its number,
 * some hundred at most. A reader's or the writer's thread.
 */
#include "internal.h"

#include <string.h>

#define MAX_NEAR   3
#define MAX_DIGITS 18 /* of a number */

typedef struct
{
  DdConnection *connection;
  gint64 last; /* the highest number that was given */
  gint64 numbers[MAX_NEAR];
  guint n;
} Near;

static gboolean
try_number (Near *near, const char *digits, GError **error)
{
  static const char sql[] = "SELECT 1 FROM deal WHERE number = ?1";
  g_autoptr (DdStatement) statement = NULL;
  gint64 number = g_ascii_strtoll (digits, NULL, 10);
  int row;

  if (near->n == MAX_NEAR || digits[0] == '0' || number < 1 || number > near->last)
    return TRUE;
  for (guint i = 0; i < near->n; i++)
    if (near->numbers[i] == number)
      return TRUE;
  statement = dd_connection_prepare (near->connection, sql, error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  row = dd_step (near->connection, statement, error);
  if (row > 0)
    near->numbers[near->n++] = number;
  return row >= 0;
}

static gboolean
try_exchanged (Near *near, const char *digits, GError **error)
{
  for (gsize i = 0; digits[i] != '\0' && digits[i + 1] != '\0'; i++)
    {
      g_autofree char *other = g_strdup (digits);

      other[i] = digits[i + 1];
      other[i + 1] = digits[i];
      if (!try_number (near, other, error))
        return FALSE;
    }
  return TRUE;
}

/* The digit at @at left out (@skip 1), replaced (1, with one in @put) or put in before it (0). */
static gboolean
try_edited (Near *near, const char *digits, gsize at, gsize skip, const char *put, GError **error)
{
  g_autofree char *other = g_strdup_printf ("%.*s%s%s", (int)at, digits, put, digits + at + skip);

  return try_number (near, other, error);
}

static gboolean
try_all (Near *near, const char *digits, GError **error)
{
  gsize length = strlen (digits);

  if (!try_exchanged (near, digits, error))
    return FALSE;
  for (gsize at = 0; at < length; at++)
    if (!try_edited (near, digits, at, 1, "", error))
      return FALSE;
  for (gsize skip = 0; skip <= 1; skip++)
    for (gsize at = 0; at + skip <= length; at++)
      for (char digit = '0'; digit <= '9'; digit++)
        {
          const char put[] = { digit, '\0' };

          if (!try_edited (near, digits, at, skip, put, error))
            return FALSE;
        }
  return TRUE;
}

gboolean
dd_fail_no_deal (DdConnection *connection, gint64 number, GError **error)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  g_autoptr (GString) question = g_string_new (NULL);
  Near near = { .connection = connection };

  if (number > 0 && strlen (digits) <= MAX_DIGITS &&
      (!dd_store_read_last_deal (near.connection, &near.last, error) || !try_all (&near, digits, error)))
    return FALSE;
  for (guint i = 0; i < near.n; i++)
    g_string_append_printf (question, "%sD-%" G_GINT64_FORMAT,
                            i == 0           ? "; did you mean "
                            : i + 1 < near.n ? ", "
                                             : " or ",
                            near.numbers[i]);
  return dd_fail (error, DD_ERROR_NOT_FOUND, "there is no deal D-%" G_GINT64_FORMAT "%s%s", number,
                  question->str, near.n > 0 ? "?" : "");
}
