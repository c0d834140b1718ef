/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Differences between two customer views, and the word diff under them.
 */
#include "view/diff.h"
#include "view/words.h"

#include <string.h>

/* Joins the runs whose kinds are in @kinds. */
static char *
join (const GArray *runs, const char *kinds)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < runs->len; i++)
    {
      const DdWordRun *run = &g_array_index (runs, DdWordRun, i);

      if (strchr (kinds, run->kind) != NULL)
        g_string_append (text, run->text);
    }
  return g_strdup (text->str);
}

static void
assert_faithful (const char *before, const char *after)
{
  g_autoptr (GArray) runs = dd_words_compare (before, after);
  g_autofree char *old = join (runs, "=-");
  g_autofree char *new = join (runs, "=+");

  g_assert_cmpstr (old, ==, before);
  g_assert_cmpstr (new, ==, after);
  for (guint i = 0; i < runs->len; i++)
    {
      const DdWordRun *run = &g_array_index (runs, DdWordRun, i);

      g_assert_true (g_utf8_validate (run->text, -1, NULL));
      g_assert_cmpstr (run->text, !=, "");
      if (i > 0)
        g_assert_cmpint (run->kind, !=, (run - 1)->kind);
      if (i > 0 && run->kind == '-')
        g_assert_cmpint ((run - 1)->kind, ==, '=');
    }
}

static char *
random_text (guint max_words, const char *const *words, guint n_words)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint n = (guint)g_test_rand_int_range (0, (gint32)max_words + 1); n > 0; n--)
    g_string_append (text, words[g_test_rand_int_range (0, (gint32)n_words)]);
  return g_strdup (text->str);
}

static void
test_runs_give_both_texts_back (void)
{
  static const char *const words[] = { "a", "b", " ", "  ", "\n", ".", "ä", "€", "days", ",", "30" };

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *before = random_text (12, words, 2 + i % 10);
      g_autofree char *after = random_text (12, words, 2 + i % 10);

      assert_faithful (before, after);
    }
}

/* The longest common subsequence of the characters of two texts, the slow way. */
static gsize
common (const char *a, const char *b)
{
  gsize table[16][16] = { { 0 } };

  for (gsize i = 1; i <= strlen (a); i++)
    for (gsize k = 1; k <= strlen (b); k++)
      table[i][k] = a[i - 1] == b[k - 1] ? table[i - 1][k - 1] + 1 : MAX (table[i - 1][k], table[i][k - 1]);
  return table[strlen (a)][strlen (b)];
}

static void
test_no_more_is_marked_than_must_be (void)
{
  static const char *const marks[] = { ".", ",", ";" };

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *before = random_text (14, marks, G_N_ELEMENTS (marks));
      g_autofree char *after = random_text (14, marks, G_N_ELEMENTS (marks));
      g_autoptr (GArray) runs = dd_words_compare (before, after);
      g_autofree char *same = join (runs, "=");

      g_assert_cmpuint (strlen (same), ==, common (before, after));
    }
}

static void
test_changed_words_are_marked (void)
{
  g_autoptr (GArray) runs =
    dd_words_compare ("due within 30 days of receipt", "due within 60 days of receipt");

  g_assert_cmpuint (runs->len, ==, 4);
  g_assert_cmpstr (g_array_index (runs, DdWordRun, 0).text, ==, "due within ");
  g_assert_cmpstr (g_array_index (runs, DdWordRun, 1).text, ==, "30");
  g_assert_cmpint (g_array_index (runs, DdWordRun, 1).kind, ==, '-');
  g_assert_cmpstr (g_array_index (runs, DdWordRun, 2).text, ==, "60");
  g_assert_cmpint (g_array_index (runs, DdWordRun, 2).kind, ==, '+');
  g_assert_cmpstr (g_array_index (runs, DdWordRun, 3).text, ==, " days of receipt");
}

/* Two texts of @n words without a word in common, between common ends. */
static void
compare_disjoint (guint n, gboolean numbered)
{
  g_autoptr (GString) before = g_string_new ("head ");
  g_autoptr (GString) after = g_string_new ("head ");

  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (before, "a%u ", numbered ? i : 0);
      g_string_append_printf (after, "b%u ", numbered ? i : 0);
    }
  g_string_append (before, "tail");
  g_string_append (after, "tail");
  assert_faithful (before->str, after->str);
}

static void
test_huge_differences_are_replaced_whole (void)
{
  g_autoptr (GArray) runs = NULL;
  g_autoptr (GString) before = g_string_new ("x");
  g_autoptr (GString) after = g_string_new ("y");

  compare_disjoint (1500, TRUE);
  compare_disjoint (3000, FALSE);
  compare_disjoint (40000, TRUE);
  for (guint i = 0; i < 5000; i++)
    {
      g_string_append_printf (before, ".p%u", i);
      g_string_append_printf (after, ".p%u", i + 1);
    }
  runs = dd_words_compare (before->str, after->str);
  g_assert_cmpuint (runs->len, ==, 2);
}

#define BEFORE                                                                                               \
  "{\"revision\":1,\"commitment\":36,\"effective\":{\"from\":\"2027-01-01\"},\"precedence\":[\"terms\"],"    \
  "\"contractValue\":[{\"currency\":\"EUR\",\"value\":\"EUR 100.00\"}],"                                     \
  "\"lines\":[{\"id\":\"1\",\"quantity\":\"1\",\"charges\":[{\"id\":\"rental\",\"net\":\"EUR 10.00\"}]},"    \
  "{\"id\":\"2\",\"quantity\":\"5\",\"charges\":[]},{\"id\":\"3\",\"quantity\":\"5\",\"charges\":[]}],"      \
  "\"orders\":[{\"id\":\"1\",\"lines\":[\"1\"]}],"                                                           \
  "\"terms\":[{\"clause\":\"payment\",\"text\":\"in 30 days\"},{\"clause\":\"law\",\"text\":\"ours\"}],"     \
  "\"totals\":[{\"currency\":\"EUR\",\"type\":\"recurring\",\"period\":\"month\",\"net\":\"EUR 10.00\"},"    \
  "{\"currency\":\"EUR\",\"type\":\"oneTime\",\"net\":\"EUR 5.00\"}]}"

#define AFTER                                                                                                \
  "{\"revision\":2,\"commitment\":24,\"effective\":{\"from\":\"2027-01-01\"},\"precedence\":[\"terms\"],"    \
  "\"contractValue\":[{\"currency\":\"EUR\",\"value\":\"EUR 80.00\"}],"                                      \
  "\"lines\":[{\"id\":\"3\",\"quantity\":\"5\",\"charges\":[]},{\"id\":\"1\",\"quantity\":\"2\","            \
  "\"charges\":["                                                                                            \
  "{\"id\":\"rental\",\"net\":\"EUR 9.50\"},{\"id\":\"care\",\"net\":\"EUR 1.00\"}]},{\"id\":\"4\","         \
  "\"quantity\":\"1\",\"charges\":[]}],"                                                                     \
  "\"orders\":[{\"id\":\"1\",\"lines\":[\"1\",\"4\"]},{\"id\":\"2\",\"lines\":[\"3\"]}],"                    \
  "\"terms\":[{\"clause\":\"payment\",\"text\":\"in 60 days\"},{\"clause\":\"exit\",\"text\":\"free\"}],"    \
  "\"totals\":[{\"currency\":\"EUR\",\"type\":\"recurring\",\"period\":\"month\",\"net\":\"EUR 10.50\"}]}"

static DdJson *
parse (const char *text)
{
  GError *error = NULL;
  DdJson *json = dd_json_parse (text, strlen (text), NULL, &error);

  g_assert_no_error (error);
  return json;
}

static char *
compare (const char *before, const char *after)
{
  g_autoptr (DdJson) old = parse (before);
  g_autoptr (DdJson) new = parse (after);
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_diff_write (dd_json_root (old), dd_json_root (new), writer);
  return dd_json_writer_finish (writer, NULL);
}

static void
test_views_are_compared_part_by_part (void)
{
  g_autofree char *text = compare (BEFORE, AFTER);
  static const char *const parts[] = {
    "\"from\":1,",
    "\"to\":2,",
    "\"fields\":[{\"after\":24,\"before\":36,\"name\":\"commitment\"}],",
    "{\"change\":\"changed\",\"fields\":[{\"after\":\"2\",\"before\":\"1\",\"name\":\"quantity\"},"
    "{\"after\":\"EUR 9.50\",\"before\":\"EUR 10.00\",\"name\":\"charges.rental.net\"},"
    "{\"after\":\"EUR 1.00\",\"before\":null,\"name\":\"charges.care.net\"}],\"id\":\"1\"}",
    "{\"change\":\"added\",\"fields\":[{\"after\":\"1\",\"before\":null,\"name\":\"quantity\"}],\"id\":"
    "\"4\"}",
    "{\"change\":\"removed\",\"fields\":[{\"after\":null,\"before\":\"5\",\"name\":\"quantity\"}],\"id\":"
    "\"2\"}",
    "\"orders\":[{\"change\":\"changed\",\"id\":\"1\"},{\"change\":\"added\",\"id\":\"2\"}]",
    "{\"change\":\"changed\",\"clause\":\"payment\",\"fields\":[],"
    "\"words\":[[\"=\",\"in \"],[\"-\",\"30\"],[\"+\",\"60\"],[\"=\",\" days\"]]}",
    "{\"change\":\"added\",\"clause\":\"exit\",\"fields\":[],\"words\":[[\"+\",\"free\"]]}",
    "{\"change\":\"removed\",\"clause\":\"law\",\"fields\":[],\"words\":[[\"-\",\"ours\"]]}",
    "{\"after\":\"EUR 10.50\",\"before\":\"EUR 10.00\",\"currency\":\"EUR\",\"difference\":\"EUR 0.50\","
    "\"period\":\"month\",\"type\":\"recurring\"}",
    "{\"after\":null,\"before\":\"EUR 5.00\",\"currency\":\"EUR\",\"difference\":\"EUR "
    "-5.00\",\"type\":\"oneTime\"}",
    "{\"after\":\"EUR 80.00\",\"before\":\"EUR 100.00\",\"currency\":\"EUR\",\"difference\":\"EUR -20.00\","
    "\"type\":\"contractValue\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (text, parts[i]) == NULL)
      g_error ("%s\nisn't in\n%s", parts[i], text);
  g_assert_null (strstr (text, "\"id\":\"3\"")); /* it only moved */
}

static void
test_equal_views_differ_in_nothing (void)
{
  g_autofree char *text = compare (BEFORE, BEFORE);

  g_assert_cmpstr (
    text, ==, "{\"fields\":[],\"from\":1,\"lines\":[],\"orders\":[],\"terms\":[],\"to\":1,\"totals\":[]}");
}

/* One charge at one price in the first year and another later, and when its line starts. */
#define YEARS(later, start)                                                                                  \
  "{\"billingDay\":1,\"lines\":[{\"id\":\"1\",\"start\":\"" start "\",\"charges\":["                         \
  "{\"id\":\"rental\",\"firstYear\":1,\"lastYear\":1,\"net\":\"EUR 10.00\"},"                                \
  "{\"id\":\"rental\",\"firstYear\":2,\"net\":\"EUR " later "\"}]}],"                                        \
  "\"totals\":[{\"currency\":\"EUR\",\"type\":\"recurring\",\"period\":\"month\",\"firstYear\":1,"           \
  "\"lastYear\":1,\"net\":\"EUR 10.00\"},{\"currency\":\"EUR\",\"type\":\"recurring\",\"period\":"           \
  "\"month\",\"firstYear\":2,\"net\":\"EUR " later "\"}]}"

static void
test_prices_are_compared_year_by_year (void)
{
  g_autofree char *text = compare (YEARS ("12.00", "2027-01-01"), YEARS ("12.50", "2027-02-01"));

  g_assert_cmpstr (text, ==,
                   "{\"fields\":[],\"from\":null,\"lines\":[{\"change\":\"changed\",\"fields\":["
                   "{\"after\":\"2027-02-01\",\"before\":\"2027-01-01\",\"name\":\"start\"},"
                   "{\"after\":\"EUR 12.50\",\"before\":\"EUR 12.00\",\"name\":\"charges.rental.2.net\"}],"
                   "\"id\":\"1\"}],\"orders\":[],\"terms\":[],\"to\":null,\"totals\":["
                   "{\"after\":\"EUR 12.50\",\"before\":\"EUR 12.00\",\"currency\":\"EUR\",\"difference\":"
                   "\"EUR 0.50\",\"firstYear\":2,\"period\":\"month\",\"type\":\"recurring\"}]}");
}

static void
test_views_without_parts_are_compared (void)
{
  g_autofree char *text =
    compare ("{}", "{\"lines\":[{}],\"terms\":[{\"clause\":1}],\"totals\":[{\"net\":\"x\"}]}");

  g_assert_nonnull (strstr (text, "\"change\":\"added\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diff/words/runs-give-both-texts-back", test_runs_give_both_texts_back);
  g_test_add_func ("/diff/words/no-more-is-marked-than-must-be", test_no_more_is_marked_than_must_be);
  g_test_add_func ("/diff/words/changed-words-are-marked", test_changed_words_are_marked);
  g_test_add_func ("/diff/words/huge-differences-are-replaced-whole",
                   test_huge_differences_are_replaced_whole);
  g_test_add_func ("/diff/views-are-compared-part-by-part", test_views_are_compared_part_by_part);
  g_test_add_func ("/diff/prices-are-compared-year-by-year", test_prices_are_compared_year_by_year);
  g_test_add_func ("/diff/equal-views-differ-in-nothing", test_equal_views_differ_in_nothing);
  g_test_add_func ("/diff/views-without-parts-are-compared", test_views_without_parts_are_compared);
  return g_test_run ();
}
