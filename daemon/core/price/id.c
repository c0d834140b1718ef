/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Natural order of ids: runs of digits compare as numbers of any length. Pure; any thread.
 */
#include "price/sheet.h"

#include <string.h>

/* Compares the digit runs that both begin here by value, and moves both behind them. */
static int
compare_runs (const char **a, const char **b)
{
  while (**a == '0')
    (*a)++;
  while (**b == '0')
    (*b)++;

  const char *a_digits = *a;
  const char *b_digits = *b;

  while (g_ascii_isdigit (**a))
    (*a)++;
  while (g_ascii_isdigit (**b))
    (*b)++;

  gsize a_length = (gsize)(*a - a_digits);
  gsize b_length = (gsize)(*b - b_digits);

  if (a_length != b_length)
    return a_length < b_length ? -1 : 1;
  return memcmp (a_digits, b_digits, a_length);
}

int
dd_id_compare (const char *a, const char *b)
{
  const char *a_rest = a;
  const char *b_rest = b;

  while (*a_rest != '\0' && *b_rest != '\0')
    {
      if (g_ascii_isdigit (*a_rest) && g_ascii_isdigit (*b_rest))
        {
          int order = compare_runs (&a_rest, &b_rest);

          if (order != 0)
            return order;
        }
      else if (*a_rest != *b_rest)
        return (guchar)*a_rest < (guchar)*b_rest ? -1 : 1;
      else
        {
          a_rest++;
          b_rest++;
        }
    }
  if (*a_rest != *b_rest)
    return *a_rest == '\0' ? -1 : 1;
  /* "2" and "02" are the same number, but not the same id. */
  return strcmp (a, b);
}
