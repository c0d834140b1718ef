/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Rules between a dataset's rows, and bounds of its cells: what an import refuses, and by which words.
 */
#include "dataset-fixture.h"

static const char *const promotion_columns[] = { "promotion key text",
                                                 "valid_from key date optional",
                                                 "valid_to date optional",
                                                 "segment text optional",
                                                 "priority integer min 0",
                                                 "discount percent min 0 max 100%",
                                                 NULL };
static const char *const same_segment[] = { "segment", NULL };

#define HEADER "promotion,valid_from,valid_to,segment,priority,discount\n"

static DdDatasetDeclaration *
declare_promotions (void)
{
  DdDatasetDeclaration *declaration = declare ("promotions", promotion_columns);

  g_assert_true (dd_dataset_declaration_set_validity (declaration, "valid_from", "valid_to", NULL));
  g_assert_true (dd_dataset_declaration_set_unique (declaration, same_segment, "priority", NULL));
  return declaration;
}

static void
test_errors (void)
{
  static const struct
  {
    const char *rows;
    const char *words;
  } cases[] = {
    { "a,2026-01-01,2026-01-31,x,1,5%\na,2026-01-31,,x,2,5%\n",
      "rates.csv:3: promotion \"a\", valid from 2026-01-31 meets line 2, valid from 2026-01-01 to "
      "2026-01-31" },
    { "a,2026-02-01,,x,1,5%\na,,2026-03-01,x,2,5%\n",
      "rates.csv:3: promotion \"a\", valid to 2026-03-01 meets line 2, valid from 2026-02-01" },
    { "a,2026-01-01,,x,1,5%\nb,2026-01-01,,x,1,5%\n",
      "rates.csv:3: segment \"x\", priority \"1\", valid from 2026-01-01 meets line 2, valid from "
      "2026-01-01; "
      "which of the two comes first must be certain: give them different priorities" },
    { "a,2026-02-01,2026-01-31,x,1,5%\n",
      "rates.csv:2: column \"valid_to\": 2026-01-31 is before 2026-02-01, the row's \"valid_from\"" },
    { "a,,,x,-1,5%\n", "rates.csv:2: column 5 \"priority\": -1 is below 0, the least that it may be" },
    { "a,,,x,1,100.5%\n",
      "rates.csv:2: column 6 \"discount\": 100.5% is above 100%, the most that it may be" },
  };
  DdDatasetDeclaration *declaration = declare_promotions ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (HEADER, cases[i].rows, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (declaration, text, &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("“%s” isn't “%s”", error->message, cases[i].words);
    }
  dd_dataset_declaration_free (declaration);
}

static void
test_neighbours (void)
{
  DdDatasetDeclaration *declaration = declare_promotions ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset = parse (declaration,
                                         HEADER "a,2026-02-01,,x,1,0%\na,,2026-01-31,x,1,100%\n"
                                                "b,2026-01-01,,x,2,5%\nc,2026-01-01,,,1,5%\n",
                                         &error);
  g_autofree char *rules = dd_dataset_describe_rules (declaration);
  g_autofree char *type = dd_column_describe_type (&g_array_index (declaration->columns, DdColumn, 5));

  g_assert_no_error (error);
  g_assert_cmpuint (dd_dataset_n_rows (dataset), ==, 4);
  g_assert_cmpstr (rules, ==, "validity valid_from to valid_to; unique segment by priority");
  g_assert_cmpstr (type, ==, "percent min 0% max 100%");
  dd_dataset_declaration_free (declaration);
}

/* What a version holds was checked when it was imported, by the rules of then. */
static void
test_stored (void)
{
  DdDatasetDeclaration *free_one = declare ("promotions", promotion_columns);
  DdDatasetDeclaration *strict = declare_promotions ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset = NULL;
  g_autoptr (DdDataset) again = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *text = HEADER "a,,,x,1,5%\nb,,,x,1,5%\n";

  g_assert_null (parse (strict, text, NULL));
  dataset = parse (free_one, text, &error);
  g_assert_no_error (error);
  bytes = dd_dataset_pack (dataset);
  again = dd_dataset_unpack (strict, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dd_dataset_n_rows (again), ==, 2);
  dd_dataset_declaration_free (free_one);
  dd_dataset_declaration_free (strict);
}

static void
test_declarations (void)
{
  DdDatasetDeclaration *declaration = declare ("promotions", promotion_columns);
  static const char *const unknown[] = { "segments", NULL };
  static const char *const none[] = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (dd_dataset_declaration_set_validity (declaration, "valid_from", "segment", &error));
  g_assert_nonnull (strstr (error->message, "two columns of type date"));
  g_clear_error (&error);
  g_assert_false (dd_dataset_declaration_set_validity (declaration, "valid_from", "valid_from", &error));
  g_clear_error (&error);
  g_assert_false (dd_dataset_declaration_set_unique (declaration, unknown, NULL, &error));
  g_assert_nonnull (strstr (error->message, "Unique= names column \"segments\", which isn't in Columns="));
  g_clear_error (&error);
  g_assert_false (dd_dataset_declaration_set_unique (declaration, none, NULL, &error));
  g_clear_error (&error);
  g_assert_false (dd_dataset_declaration_set_unique (declaration, same_segment, "order", &error));
  g_assert_nonnull (strstr (error->message, "Priority= names column \"order\""));
  dd_dataset_declaration_free (declaration);
}

/* --- against the definition, pair by pair --- */

typedef struct
{
  int promotion, from, to, segment, priority; /* from, to: days of January; 0: empty */
} Row;

static gboolean
meet (const Row *a, const Row *b)
{
  int a_to = a->to != 0 ? a->to : 99;
  int b_to = b->to != 0 ? b->to : 99;

  return a->from <= b_to && b->from <= a_to &&
         (a->promotion == b->promotion || (a->segment == b->segment && a->priority == b->priority));
}

static gboolean
is_good (const Row *rows, guint n)
{
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < i; k++)
      if (meet (&rows[i], &rows[k]))
        return FALSE;
  return TRUE;
}

static void
append_row (GString *text, const Row *row)
{
  g_autofree char *from = row->from != 0 ? g_strdup_printf ("2026-01-%02d", row->from) : g_strdup ("");
  g_autofree char *to = row->to != 0 ? g_strdup_printf ("2026-01-%02d", row->to) : g_strdup ("");

  g_string_append_printf (text, "p%d,%s,%s,s%d,%d,1%%\n", row->promotion, from, to, row->segment,
                          row->priority);
}

static void
test_random (void)
{
  DdDatasetDeclaration *declaration = declare_promotions ();
  guint good = 0;

  for (guint round = 0; round < 4000; round++)
    {
      guint n = (guint)g_test_rand_int_range (1, 8);
      g_autoptr (GString) text = g_string_new (HEADER);
      g_autoptr (GError) error = NULL;
      g_autoptr (DdDataset) dataset = NULL;
      Row rows[8];

      for (guint i = 0; i < n; i++)
        {
          Row *row = &rows[i];

          row->promotion = g_test_rand_int_range (0, 4);
          row->from = g_test_rand_int_range (0, 28);
          row->to = g_test_rand_int_range (0, 4) == 0 ? 0 : g_test_rand_int_range (MAX (row->from, 1), 29);
          row->segment = g_test_rand_int_range (0, 4);
          row->priority = g_test_rand_int_range (0, 3);
          append_row (text, row);
        }
      dataset = parse (declaration, text->str, &error);
      if ((dataset != NULL) != is_good (rows, n))
        g_error ("%s%s", text->str, error != NULL ? error->message : "was taken");
      good += dataset != NULL;
    }
  g_assert_cmpuint (good, >, 400);
  g_assert_cmpuint (good, <, 3600);
  dd_dataset_declaration_free (declaration);
}

/* A conflict is found wherever it is among many rows. */
static void
test_many (void)
{
  DdDatasetDeclaration *declaration = declare_promotions ();
  g_autoptr (GString) text = g_string_new (HEADER);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "p%u,2026-%02u-01,2026-%02u-28,s%u,%u,1%%\n", (i * 7919) % 100000 / 4,
                            i % 12 + 1, i % 12 + 1, i, i % 5);
  dataset = parse (declaration, text->str, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dd_dataset_n_rows (dataset), ==, 100000);
  /* Row 50005 is on line 50007, of February, with priority 0. */
  g_string_append (text, "new,2026-02-28,2026-03-01,s50005,0,1%\n");
  g_assert_null (parse (declaration, text->str, &error));
  g_assert_nonnull (strstr (error->message,
                            "rates.csv:100002: segment \"s50005\", priority \"0\", valid from "
                            "2026-02-28 to 2026-03-01 meets line 50007, "));
  dd_dataset_declaration_free (declaration);
}

static gboolean
tell_difference (const DdCell *from, const DdCell *to, gpointer data)
{
  g_string_append_printf (data, "%s>%s ", from != NULL ? from[0].text : "", to != NULL ? to[0].text : "");
  return TRUE;
}

static void
test_differences (void)
{
  static const char *const columns[] = { "id key text", "price decimal", NULL };
  DdDatasetDeclaration *declaration = declare ("prices", columns);
  g_autoptr (DdDataset) from = parse (declaration, "id,price\nb,2\nc,3\na,1.50\nz,9\n", NULL);
  g_autoptr (DdDataset) to = parse (declaration, "id,price\na,1.5\nc,4\nd,5\n", NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  dd_dataset_diff (from, to, tell_difference, text);
  g_assert_cmpstr (text->str, ==, "b> c>c >d z> ");
  g_string_truncate (text, 0);
  dd_dataset_diff (to, to, tell_difference, text);
  g_assert_cmpstr (text->str, ==, "");
  dd_dataset_declaration_free (declaration);
}

/* A row that was made of something else is named by the line of that. */
static void
test_made (void)
{
  DdDatasetDeclaration *declaration = declare_promotions ();
  static const guint32 lines[] = { 700, 40 };
  static const struct
  {
    const char *rows;
    const char *words;
  } cases[] = {
    { "a,,,x,1,5%\nb,,,y,1,500%\n",
      "c.json:40: dataset promotions, column \"discount\": 500% is above 100%" },
    { "a,,,x,1,5%\nb,,,x,1,5%\n", "c.json:40: segment \"x\", priority \"1\" meets line 700; " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (HEADER, cases[i].rows, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (dd_dataset_parse_made (declaration, "c.json", text, strlen (text), lines, &error));
      if (!g_str_has_prefix (error->message, cases[i].words))
        g_error ("“%s” isn't “%s”", error->message, cases[i].words);
    }
  dd_dataset_declaration_free (declaration);
}

/* --- tiers, contract years, rows that agree; and what an empty cell counts as --- */

static const char *const tier_columns[] = { "charge key text",
                                            "from key quantity optional",
                                            "up_to key quantity optional",
                                            "year key integer optional min 1 max 9 default 1",
                                            "valid_from key date optional",
                                            "last integer optional",
                                            "group text optional",
                                            "mode enum(add|best) optional default add",
                                            "valid_to date optional",
                                            NULL };
static const char *const tier_rule[] = { "from", "up_to", NULL };
static const char *const year_rule[] = { "year", "last", NULL };
static const char *const agree_rule[] = { "group", "mode", NULL };

#define TIER_HEADER "charge,from,up_to,year,last,group,mode,valid_from,valid_to\n"

static void
check_words (DdDatasetDeclaration *declaration, const char *rows, const char *words)
{
  g_autofree char *text = g_strconcat (TIER_HEADER, rows, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset = parse (declaration, text, &error);

  if ((words == NULL) != (dataset != NULL) || (words != NULL && strstr (error->message, words) == NULL))
    g_error ("%s: “%s” isn't “%s”", rows, error != NULL ? error->message : "taken", words);
}

static void
test_further_rules (void)
{
  static const struct
  {
    const char *rows;
    const char *words; /* (nullable): it is taken */
  } cases[] = {
    { "a,1,,,,,,,\na,,10,,,,,,\n", "rates.csv:3: charge \"a\" meets line 2; one names its tier" },
    { "a,1,10,,,,,,\n", "rates.csv:2: column \"up_to\": 10 beside \"from\" 1 could leave a gap" },
    { "a,,10,,,,,,\na,,,,,,,,\n", NULL },
    { "a,1,,,,,,,2026-01-31\na,,10,,,,,2026-02-01,\n", NULL },
    { "a,1,,,,,,,2026-02-01\na,,10,,,,,2026-02-01,\n", "meets line 2, valid to 2026-02-01; one names" },
    { "a,1,,1,3,,,,\na,1,,3,,,,,\n",
      "rates.csv:3: charge \"a\", from \"1\" meets line 2; both count for one contract year" },
    { "a,1,,5,,,,,\na,1,,,9,,,,\n", "both count for one contract year" },
    { "a,1,,1,2,,,,\na,1,,3,,,,,\na,1,,,9,,,2027-01-01,\n", "end the earlier one before" },
    { "a,1,,1,2,,,,2026-12-31\na,1,,3,,,,,2026-12-31\na,1,,,9,,,2027-01-01,\n", NULL },
    { "a,1,,4,2,,,,\n", "rates.csv:2: column \"last\": 2 is before 4, the row's \"year\"" },
    { "a,1,,1,,,,,\na,1,,,,,,,\n", "rates.csv:3: charge \"a\", from \"1\", year \"1\" meets line 2" },
    { "a,1,,,,g,,,\nb,1,,,,g,best,,\n",
      "rates.csv:3: group \"g\" meets line 2; give all of a group the same mode" },
    { "a,1,,,,g,,,\nb,1,,,,g,add,,\nc,1,,,,h,best,,\nd,1,,,,,best,,\ne,1,,,,,add,,\n", NULL },
  };
  DdDatasetDeclaration *declaration = declare ("tiers", tier_columns);
  g_autofree char *described = NULL;

  g_assert_true (dd_dataset_declaration_set_validity (declaration, "valid_from", "valid_to", NULL));
  g_assert_true (dd_dataset_declaration_set_rule (declaration, DD_RULE_TIERS, tier_rule, NULL));
  g_assert_true (dd_dataset_declaration_set_rule (declaration, DD_RULE_YEARS, year_rule, NULL));
  g_assert_true (dd_dataset_declaration_set_rule (declaration, DD_RULE_AGREE, agree_rule, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check_words (declaration, cases[i].rows, cases[i].words);
  described = dd_dataset_describe_rules (declaration);
  g_assert_cmpstr (
    described, ==,
    "validity valid_from to valid_to; tiers from or up_to; years year to last; agree group, mode");
  dd_dataset_declaration_free (declaration);
}

static void
test_further_declarations (void)
{
  static const char *const columns[][3] = {
    { "from", NULL, NULL }, { "from", "from", NULL }, { "from", "charge", NULL }, { "from", "to", NULL }
  };
  static const char *const defaults[] = { "a integer default 1", "a integer optional default",
                                          "a integer optional default x", "a enum(b|c) optional default d",
                                          "a integer optional default 1 default 2" };
  DdDatasetDeclaration *declaration = declare ("tiers", tier_columns);

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (dd_dataset_declaration_set_rule (declaration, DD_RULE_TIERS, columns[i], &error));
      g_assert_nonnull (strstr (error->message, "Tiers= names "));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (defaults); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (dd_dataset_declaration_add (declaration, defaults[i], &error));
      g_assert_nonnull (strstr (error->message, "default"));
    }
  dd_dataset_declaration_free (declaration);
}

/* Years against their definition, pair by pair. */
typedef struct
{
  int year, last, from, to; /* 0: empty */
} YearRow;

static gboolean
years_meet (const YearRow *a, const YearRow *b)
{
  int a_last = a->last != 0 ? a->last : a->year;
  int b_last = b->last != 0 ? b->last : b->year;
  int a_to = a->to != 0 ? a->to : 99;
  int b_to = b->to != 0 ? b->to : 99;

  return a->year <= b_last && b->year <= a_last && a->from <= b_to && b->from <= a_to;
}

static void
test_random_years (void)
{
  DdDatasetDeclaration *declaration = declare ("tiers", tier_columns);
  guint n_good = 0;

  dd_dataset_declaration_set_validity (declaration, "valid_from", "valid_to", NULL);
  dd_dataset_declaration_set_rule (declaration, DD_RULE_YEARS, year_rule, NULL);
  for (guint round = 0; round < 4000; round++)
    {
      guint n = (guint)g_test_rand_int_range (2, 6);
      g_autoptr (GString) text = g_string_new (TIER_HEADER);
      g_autoptr (DdDataset) dataset = NULL;
      gboolean good = TRUE;
      YearRow rows[6];

      for (guint i = 0; i < n; i++)
        {
          YearRow *row = &rows[i];

          row->year = g_test_rand_int_range (1, 10);
          row->last = g_test_rand_int_range (0, 2) == 0 ? 0 : g_test_rand_int_range (row->year, 10);
          row->from = g_test_rand_int_range (1, 28);
          row->to = g_test_rand_int_range (0, 4) == 0 ? 0 : g_test_rand_int_range (row->from, 29);
          g_string_append_printf (text, "a,1,,%d,", row->year);
          if (row->last != 0)
            g_string_append_printf (text, "%d", row->last);
          g_string_append_printf (text, ",,,2026-01-%02d,", row->from);
          if (row->to != 0)
            g_string_append_printf (text, "2026-01-%02d", row->to);
          g_string_append_c (text, '\n');
          for (guint k = 0; k < i; k++)
            good = good && !years_meet (row, &rows[k]);
        }
      dataset = parse (declaration, text->str, NULL);
      if ((dataset != NULL) != good)
        g_error ("%s%s", text->str, good ? "wasn't taken" : "was taken");
      n_good += good;
    }
  g_assert_cmpuint (n_good, >, 400);
  g_assert_cmpuint (n_good, <, 3600);
  dd_dataset_declaration_free (declaration);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/datasets/rows-that-meet-are-refused-and-both-named", test_errors);
  g_test_add_func ("/datasets/rows-that-follow-each-other-are-taken", test_neighbours);
  g_test_add_func ("/datasets/rules-and-bounds-hold-for-imports-and-not-for-what-is-stored", test_stored);
  g_test_add_func ("/datasets/a-rule-over-columns-that-cannot-be-is-refused", test_declarations);
  g_test_add_func ("/datasets/the-rules-say-what-comparing-all-pairs-says", test_random);
  g_test_add_func ("/datasets/tiers-years-and-groups-that-meet-are-refused-and-both-named",
                   test_further_rules);
  g_test_add_func ("/datasets/a-rule-or-default-that-cannot-be-is-refused", test_further_declarations);
  g_test_add_func ("/datasets/years-meet-as-comparing-all-pairs-says", test_random_years);
  g_test_add_func ("/datasets/one-conflict-among-many-rows-is-found", test_many);
  g_test_add_func ("/datasets/two-versions-differ-in-rows-and-cells", test_differences);
  g_test_add_func ("/datasets/a-made-row-is-named-by-the-line-that-it-was-made-of", test_made);
  return g_test_run ();
}
