/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Datasets as files: what CSV may hold, and what its errors say.
 */
#include "dataset-fixture.h"

static void
test_types (void)
{
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset = parse (
    declaration,
    RATES_HEADER
    "b,11,4.5,12.5%,EUR,2026-12-31,true,-3\r\nb,2.5,5,,USD,,,\na,,0.000000001,0%,JPY,1970-01-02,false,0\n",
    &error);
  const DdCell *row;

  g_assert_no_error (error);
  g_assert_cmpuint (dd_dataset_n_rows (dataset), ==, 3);
  g_assert_cmpuint (dd_dataset_n_columns (dataset), ==, 8);
  row = dd_dataset_row (dataset, 0);
  g_assert_cmpstr (row[0].text, ==, "a");
  g_assert_cmpint (row[1].number, ==, G_MININT64);
  g_assert_cmpstr (row[1].text, ==, "");
  g_assert_cmpint (row[2].number, ==, 1);
  g_assert_cmpint (row[5].number, ==, 1);
  g_assert_cmpint (row[6].number, ==, 0);
  /* By number, not by text: 2.5 comes before 11. */
  row = dd_dataset_row (dataset, 1);
  g_assert_cmpint (row[1].number, ==, 2500000);
  row = dd_dataset_row (dataset, 2);
  g_assert_cmpint (row[1].number, ==, 11000000);
  g_assert_cmpint (row[2].number, ==, G_GINT64_CONSTANT (4500000000));
  g_assert_cmpint (row[3].number, ==, 125000000);
  g_assert_cmpint (row[5].number, ==, 20818);
  g_assert_cmpint (row[6].number, ==, 1);
  g_assert_cmpint (row[7].number, ==, -3);
  dd_dataset_declaration_free (declaration);
}

/* Every day from 1583 to 2499 against GLib's calendar. */
static void
test_dates (void)
{
  DdColumn column = { .name = (char *)"day", .type = DD_COLUMN_DATE };
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, 1, 1583);
  for (gint64 days = (gint64)g_date_get_julian (&date) - 719163; g_date_get_year (&date) < 2500; days++)
    {
      g_autoptr (GError) error = NULL;
      char text[16];
      DdCell cell;

      g_date_strftime (text, sizeof text, "%Y-%m-%d", &date);
      g_assert_true (dd_cell_read (&column, text, strlen (text), &cell, &error));
      g_assert_cmpint (cell.number, ==, days);
      g_date_add_days (&date, 1);
    }
}

static void
test_find (void)
{
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);
  GString *text = g_string_new (RATES_HEADER);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset = NULL;
  guint first;

  for (guint i = 1000; i > 0; i--)
    for (guint j = 0; j < i % 3 + 1; j++)
      g_string_append_printf (text, "offering-%u,%u,1,,EUR,,,\n", i, j);
  dataset = parse (declaration, text->str, &error);
  g_assert_no_error (error);
  for (guint i = 1; i <= 1000; i++)
    {
      g_autofree char *key = g_strdup_printf ("offering-%u", i);
      guint n = dd_dataset_find (dataset, key, &first);

      g_assert_cmpuint (n, ==, i % 3 + 1);
      for (guint j = 0; j < n; j++)
        {
          g_assert_cmpstr (dd_dataset_row (dataset, first + j)[0].text, ==, key);
          g_assert_cmpint (dd_dataset_row (dataset, first + j)[1].number, ==, j * 1000000);
        }
    }
  g_assert_cmpuint (dd_dataset_find (dataset, "offering-1001", &first), ==, 0);
  g_assert_cmpuint (dd_dataset_find (dataset, "", &first), ==, 0);
  g_string_free (text, TRUE);
  dd_dataset_declaration_free (declaration);
}

static void
test_enumerations (void)
{
  static const char *const columns[] = { "id key text", "mode enum(flat|per-site)",
                                         "period optional enum(month|year)", NULL };
  static const char *const bad[] = { "mode enum()", "mode enum(a||b)", "mode enum(a|a)", "mode enum(a",
                                     NULL };
  DdDatasetDeclaration *declaration = declare ("modes", columns);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset = parse (declaration, "id,mode,period\n1,flat,month\n2,per-site,\n", &error);
  g_autofree char *type = dd_column_describe_type (&g_array_index (declaration->columns, DdColumn, 1));

  g_assert_no_error (error);
  g_assert_cmpuint (dd_dataset_n_rows (dataset), ==, 2);
  g_assert_cmpstr (type, ==, "enum(flat|per-site)");
  g_assert_null (parse (declaration, "id,mode,period\n1,flat,month\n2,flatt,\n", &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, ":3: column 2"));
  g_assert_nonnull (strstr (error->message, "flatt"));
  g_assert_nonnull (strstr (error->message, "isn't one of flat, per-site"));
  dd_dataset_declaration_free (declaration);

  for (guint i = 0; bad[i] != NULL; i++)
    {
      DdDatasetDeclaration *wrong = dd_dataset_declaration_new ("wrong");
      g_autoptr (GError) why = NULL;

      g_assert_true (dd_dataset_declaration_add (wrong, "id key text", NULL));
      g_assert_false (dd_dataset_declaration_add (wrong, bad[i], &why));
      g_assert_error (why, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      dd_dataset_declaration_free (wrong);
    }
}

static void
test_quoting (void)
{
  static const char *const columns[] = { "id key text", "name text", "note optional text", NULL };
  DdDatasetDeclaration *declaration = declare ("names", columns);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset =
    parse (declaration, "\xef\xbb\xbfname,\"id\"\r\n\"a \"\"b\"\", c\r\nd\",1\r\n\"\xc3\xa9\",\"2\"", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (dd_dataset_n_rows (dataset), ==, 2);
  g_assert_cmpstr (dd_dataset_row (dataset, 0)[0].text, ==, "1");
  g_assert_cmpstr (dd_dataset_row (dataset, 0)[1].text, ==, "a \"b\", c\r\nd");
  g_assert_cmpstr (dd_dataset_row (dataset, 0)[2].text, ==, "");
  g_assert_cmpstr (dd_dataset_row (dataset, 1)[1].text, ==, "\xc3\xa9");
  dd_dataset_declaration_free (declaration);
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    const char *words;
  } cases[] = {
    { "", "rates.csv:1: the file is empty" },
    { "offering,price\n", "rates.csv:1: column 3: column \"currency\" (currency) is missing" },
    { "offering,cost,price,currency\n",
      "rates.csv:1: column 2: dataset rates has no column \"cost\"; its columns are" },
    { "offering,price,offering\n", "rates.csv:1: column 3: \"offering\" is column 1 already" },
    { RATES_HEADER "a,1,x,,EUR,,,\n", "rates.csv:2: column 3 \"price\": \"x\"" },
    { RATES_HEADER "a,1,1,,EUR,,,\nb,1,,,EUR,,,\n",
      "rates.csv:3: column 3 \"price\": it is empty; a decimal is required" },
    { RATES_HEADER ",1,1,,EUR,,,\n", "rates.csv:2: column 1 \"offering\": it is empty; a text is required" },
    { RATES_HEADER "a,1,1.0000000001,,EUR,,,\n", "rates.csv:2: column 3 \"price\"" },
    { RATES_HEADER "a,1,99999999999999,,EUR,,,\n", "rates.csv:2: column 3 \"price\"" },
    { RATES_HEADER "a,1,1,12,EUR,,,\n",
      "column 4 \"discount\": \"12\" isn't a percentage; write one such as 12.5%" },
    { RATES_HEADER "a,1,1,,eur,,,\n", "column 5 \"currency\"" },
    { RATES_HEADER "a,1,1,,EUR,31.12.2026,,\n",
      "column 6 \"valid_to\": \"31.12.2026\" isn't a date; write one such as 2026-12-31" },
    { RATES_HEADER "a,1,1,,EUR,2026-02-30,,\n", "\"2026-02-30\" isn't a day that exists" },
    { RATES_HEADER "a,1,1,,EUR,1900-02-29,,\n", "\"1900-02-29\" isn't a day that exists" },
    { RATES_HEADER "a,1,1,,EUR,2026-13-01,,\n", "\"2026-13-01\" isn't a day that exists" },
    { RATES_HEADER "a,1,1,,EUR,,yes,\n",
      "column 7 \"active\": \"yes\" isn't a boolean; write true or false" },
    { RATES_HEADER "a,1,1,,EUR,,,1.5\n", "column 8 \"count\": \"1.5\" isn't an integer" },
    { RATES_HEADER "a,1,1,,EUR,,,007\n", "\"007\" isn't an integer" },
    { RATES_HEADER "a,1,1,,EUR,,,-0\n", "\"-0\" isn't an integer" },
    { RATES_HEADER "a,1,1,,EUR,,,-\n", "\"-\" isn't an integer" },
    { RATES_HEADER "a,1,1,,EUR,,,1234567890123456789\n", "at most 18 digits" },
    { RATES_HEADER "a,1,1,,EUR,,\n",
      "rates.csv:2: column 8 \"count\": it is missing; the row has 7 cells and the header 8" },
    { RATES_HEADER "a,1,1,,EUR,,,,\n", "rates.csv:2: column 9: a cell too many; the header has 8" },
    { RATES_HEADER "a,1,1,,EUR,,,\n\nb,1,1,,EUR,,,\n", "rates.csv:3: column 1 \"offering\"" },
    { RATES_HEADER "a,1,1,,EUR,,,\nb,1,1,,EUR,,,\na,1.0,2,,EUR,,,\n",
      "rates.csv:4: column 1 \"offering\": the key \"a\" (with its further key columns) is on line 2 "
      "already" },
    { RATES_HEADER "a\"b,1,1,,EUR,,,\n", "column 1 \"offering\": a quote inside an unquoted cell" },
    { RATES_HEADER "\"a\"b,1,1,,EUR,,,\n", "text after the closing quote" },
    { RATES_HEADER "a,1,1,,EUR,,,\n\"b,1,1,,EUR,,,\nc,1",
      "rates.csv:3: column 1 \"offering\": the quote that opens here is never closed" },
    { RATES_HEADER "a,1,1,,EUR,,,\r", "a carriage return without a line feed" },
    /* A row after a cell of two lines is on the line where it begins. */
    { RATES_HEADER "\"a\nb\",1,1,,EUR,,,\nc,1,x,,EUR,,,\n", "rates.csv:4: column 3" },
    { RATES_HEADER "a\x92,1,1,,EUR,,,\n", "rates.csv:2: byte 2 of the line, 0x92, isn't UTF-8" },
  };
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DdDataset) dataset = parse (declaration, cases[i].text, &error);

      if (dataset != NULL)
        g_error ("accepted: %s", cases[i].text);
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("\"%s\" says nothing of \"%s\"", error->message, cases[i].words);
    }
  dd_dataset_declaration_free (declaration);
}

static void
test_nul (void)
{
  static const char text[] = RATES_HEADER "a,1,1,,E\0R,,,\n";
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);
  g_autoptr (GError) error = NULL;

  g_assert_null (dd_dataset_parse_csv (declaration, "rates.csv", text, sizeof text - 1, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "rates.csv:2: byte 9 of the line is NUL"));
  dd_dataset_declaration_free (declaration);
}

/* Bytes, not characters; words of an enumeration and numbers have rules of their own. */
static void
test_texts_have_a_bound (void)
{
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < DD_DATASET_MAX_TEXT / 2; i++)
    g_string_append (name, "\xc3\xa9");

  g_autofree char *longest = g_strdup_printf (RATES_HEADER "a,1,1,,EUR,,,\n\"%s\",1,1,,EUR,,,\n", name->str);
  g_autofree char *longer = g_strdup_printf (RATES_HEADER "a,1,1,,EUR,,,\n%s.,1,1,,EUR,,,\n", name->str);
  g_autoptr (DdDataset) dataset = parse (declaration, longest, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (dd_dataset_n_rows (dataset), ==, 2);
  g_assert_null (parse (declaration, longer, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==,
                   "rates.csv:3: column 1 \"offering\": it has 513 bytes; a text has at most 512");
  dd_dataset_declaration_free (declaration);
}

static void
test_declarations (void)
{
  static const struct
  {
    const char *first;
    const char *second;
    const char *words;
  } cases[] = {
    { "id text", NULL, "must be a key" },
    { "id key", NULL, "has no type" },
    { "id key money", NULL, "one type" },
    { "Id key text", NULL, "lower-case" },
    { "price key decimal", NULL, "can't be of type decimal" },
    { "id key text", "id text", "declared twice" },
    { "", NULL, "has no type" },
    { "id key key text", NULL, "one type" },
    { "id key text min 0", NULL, "only integer, decimal, quantity and percent have bounds" },
    { "id key integer min", NULL, "min: a number follows it" },
    { "id key integer min x", NULL, "min: \"x\" isn't an integer" },
    { "id key integer min 3 max 2", NULL, "min is above max" },
    { "id key integer min 1 min 2", NULL, "one type" },
    { "id key min 1 integer", NULL, "one type" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DdDatasetDeclaration *declaration = dd_dataset_declaration_new ("d");
      g_autoptr (GError) error = NULL;
      gboolean added = dd_dataset_declaration_add (declaration, cases[i].first, &error);

      if (cases[i].second != NULL)
        {
          g_assert_no_error (error);
          added = dd_dataset_declaration_add (declaration, cases[i].second, &error);
        }
      g_assert_false (added);
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("\"%s\" says nothing of \"%s\"", error->message, cases[i].words);
      dd_dataset_declaration_free (declaration);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/datasets/cells-are-typed-and-rows-sorted-by-key", test_types);
  g_test_add_func ("/datasets/dates-count-days-as-the-calendar-does", test_dates);
  g_test_add_func ("/datasets/rows-are-found-by-their-leading-key", test_find);
  g_test_add_func ("/datasets/quotes-line-ends-and-byte-order-mark-are-read", test_quoting);
  g_test_add_func ("/datasets/an-error-names-file-line-column-and-the-right-form", test_errors);
  g_test_add_func ("/datasets/a-nul-byte-is-refused", test_nul);
  g_test_add_func ("/datasets/a-text-has-at-most-512-bytes", test_texts_have_a_bound);
  g_test_add_func ("/datasets/a-bad-declaration-is-refused", test_declarations);
  g_test_add_func ("/datasets/an-enumeration-takes-its-values-only-and-lists-them", test_enumerations);
  return g_test_run ();
}
