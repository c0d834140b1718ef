/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Distances of words, and the nearest of many.
 */
#include "text/distance.h"

#include <string.h>

static void
test_distance (void)
{
  static const struct
  {
    const char *a, *b;
    guint distance;
  } cases[] = {
    { "", "", 0 },
    { "", "abc", 3 },
    { "abc", "abc", 0 },
    { "abc", "abd", 1 },
    { "abc", "abcd", 1 },
    { "abcd", "abd", 1 },
    { "abcd", "abdc", 1 },
    { "ab", "ba", 1 },
    { "ca", "abc", 3 },
    { "kitten", "sitting", 3 },
    { "propose", "porpose", 1 },
    { "müller", "muller", 1 },
    { "größe", "grösse", 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpuint (dd_text_distance (cases[i].a, cases[i].b), ==, cases[i].distance);
      g_assert_cmpuint (dd_text_distance (cases[i].b, cases[i].a), ==, cases[i].distance);
    }
}

/* The definition itself, of short words over few letters. */
static guint
slow_distance (const char *a, gsize n, const char *b, gsize m)
{
  guint least;

  if (n == 0 || m == 0)
    return (guint)(n + m);
  least = MIN (slow_distance (a, n - 1, b, m), slow_distance (a, n, b, m - 1)) + 1;
  least = MIN (least, slow_distance (a, n - 1, b, m - 1) + (a[n - 1] != b[m - 1]));
  if (n > 1 && m > 1 && a[n - 1] == b[m - 2] && a[n - 2] == b[m - 1])
    least = MIN (least, slow_distance (a, n - 2, b, m - 2) + 1);
  return least;
}

static void
test_random (void)
{
  for (guint i = 0; i < 3000; i++)
    {
      char a[7] = "", b[7] = "";
      gsize n = (gsize)g_test_rand_int_range (0, 7), m = (gsize)g_test_rand_int_range (0, 7);

      for (gsize k = 0; k < n; k++)
        a[k] = (char)('a' + g_test_rand_int_range (0, 3));
      for (gsize k = 0; k < m; k++)
        b[k] = (char)('a' + g_test_rand_int_range (0, 3));
      g_assert_cmpuint (dd_text_distance (a, b), ==, slow_distance (a, n, b, m));
    }
}

static void
test_long (void)
{
  g_autofree char *fits = g_strnfill (DD_DISTANCE_MAX_LENGTH, 'x');
  g_autofree char *longer = g_strnfill (DD_DISTANCE_MAX_LENGTH + 1, 'x');

  g_assert_cmpuint (dd_text_distance (fits, ""), ==, DD_DISTANCE_MAX_LENGTH);
  g_assert_cmpuint (dd_text_distance (fits, fits), ==, 0);
  g_assert_cmpuint (dd_text_distance (longer, fits), ==, G_MAXUINT);
  g_assert_cmpuint (dd_text_distance (fits, longer), ==, G_MAXUINT);
  g_assert_cmpuint (dd_text_distance ("\xff", "x"), ==, G_MAXUINT);
}

static char *
ask (const char *wanted, const char *const *texts)
{
  g_auto (DdNearest) nearest = { 0 };

  dd_nearest_init (&nearest, wanted);
  for (; *texts != NULL; texts++)
    dd_nearest_offer (&nearest, *texts, *texts);
  return dd_nearest_question (&nearest);
}

static void
test_nearest (void)
{
  static const char *const texts[] = { "epl-1000", "dia-100", "epl-10",  "epl-200",
                                       "dia-1000", "epl-100", "epl-100", NULL };
  g_autofree char *none = ask ("sip-trunk", texts);
  g_autofree char *one = ask ("dai-100", texts);
  g_autofree char *case_ignored = ask ("EPL-200", texts);
  g_autofree char *many = ask ("epl-100", texts);
  g_autofree char *beginning = ask ("dia", texts);

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (one, ==, "; did you mean dia-100?");
  g_assert_cmpstr (case_ignored, ==, "; did you mean epl-200 or epl-100?");
  g_assert_cmpstr (many, ==, "; did you mean epl-100, epl-1000 or epl-10?");
  g_assert_cmpstr (beginning, ==, "; did you mean dia-100 or dia-1000?");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/distance/counts-slips-of-characters-either-way-round", test_distance);
  g_test_add_func ("/distance/is-that-of-the-definition", test_random);
  g_test_add_func ("/distance/long-words-are-near-nothing", test_long);
  g_test_add_func ("/distance/the-three-nearest-are-named-nearest-first", test_nearest);
  return g_test_run ();
}
