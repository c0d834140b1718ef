/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Datasets as stored: versions that never change, read by today's declaration through a bounded cache.
 */
#include "dataset-fixture.h"

typedef struct
{
  const DdDataset *dataset;
  gint64 version;
  gboolean fails;
} Import;

static gboolean
import_work (DdTransaction *transaction, gpointer data, GError **error)
{
  Import *import = data;
  const DdAppend how = { .time = START, .actor = "anna", .caller = "uid:1" };

  return dd_transaction_import (transaction, import->dataset, &how, &import->version, error) &&
         (!import->fails || dd_fail (error, DD_ERROR_FAILED, "as asked"));
}

static gint64
import_text (DdStore *store, const DdDatasetDeclaration *declaration, const char *text, gboolean fails)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset = parse (declaration, text, &error);
  Import import = { .dataset = dataset, .fails = fails };

  g_assert_no_error (error);
  g_assert_true (write_now (store, import_work, &import, &error) != fails);
  return import.version;
}

typedef struct
{
  const DdDatasetDeclaration *declaration;
  gint64 version;
  DdDataset *dataset;
} Get;

static gboolean
get_work (DdReader *reader, gpointer data, GError **error)
{
  Get *get = data;

  get->dataset = dd_reader_dataset (reader, get->declaration, get->version, error);
  return get->dataset != NULL;
}

static DdDataset *
get (DdStore *store, const DdDatasetDeclaration *declaration, gint64 version, GError **error)
{
  Get work = { .declaration = declaration, .version = version };

  read_now (store, get_work, &work, error);
  return work.dataset;
}

static void
test_versions (void)
{
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) none = NULL;
  g_autoptr (DdDataset) first = NULL;
  g_autoptr (DdDataset) second = NULL;
  g_autoptr (DdDataset) current = NULL;
  DdVerifyReport report;
  guint row;

  fixture_init (&f);
  none = get (f.store, declaration, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (dd_dataset_version (none), ==, 0);
  g_assert_cmpuint (dd_dataset_n_rows (none), ==, 0);
  g_assert_cmpuint (dd_dataset_find (none, "a", &row), ==, 0);
  g_assert_cmpint (import_text (f.store, declaration, RATES_HEADER "b,,1,,EUR,,,\na,,2,,EUR,,,\n", FALSE), ==,
                   1);
  g_assert_cmpint (import_text (f.store, declaration, RATES_HEADER "a,,3,,EUR,,,\n", FALSE), ==, 2);
  fixture_close (&f);
  fixture_open (&f);
  first = get (f.store, declaration, 1, &error);
  second = get (f.store, declaration, 2, &error);
  current = get (f.store, declaration, 0, &error);
  g_assert_no_error (error);
  /* From the cache: the same one. */
  g_assert_true (current == second);
  g_assert_cmpint (dd_dataset_version (first), ==, 1);
  g_assert_cmpuint (dd_dataset_n_rows (first), ==, 2);
  g_assert_cmpint (dd_dataset_row (first, 0)[2].number, ==, G_GINT64_CONSTANT (2000000000));
  g_assert_cmpint (dd_dataset_row (second, 0)[2].number, ==, G_GINT64_CONSTANT (3000000000));
  g_assert_null (get (f.store, declaration, 3, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
  dd_dataset_declaration_free (declaration);
}

/* A version that was rolled back isn't remembered for the one that takes its number. */
static gboolean
import_and_read (DdTransaction *transaction, gpointer data, GError **error)
{
  Import *import = data;
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);
  g_autoptr (DdDataset) read = NULL;

  g_assert_true (import_work (transaction, import, error));
  read = dd_reader_dataset (dd_transaction_reader (transaction), declaration, 0, error);
  dd_dataset_declaration_free (declaration);
  g_assert_cmpint (dd_dataset_row (read, 0)[2].number, ==, G_GINT64_CONSTANT (7000000000));
  return dd_fail (error, DD_ERROR_FAILED, "as asked");
}

static void
test_rolled_back (void)
{
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) undone = parse (declaration, RATES_HEADER "a,,7,,EUR,,,\n", &error);
  g_autoptr (DdDataset) current = NULL;
  Import import = { .dataset = undone };

  fixture_init (&f);
  g_assert_false (write_now (f.store, import_and_read, &import, &error));
  g_clear_error (&error);
  g_assert_cmpint (import_text (f.store, declaration, RATES_HEADER "a,,8,,EUR,,,\n", FALSE), ==, 1);
  current = get (f.store, declaration, 0, &error);
  g_assert_cmpint (dd_dataset_version (current), ==, 1);
  g_assert_cmpint (dd_dataset_row (current, 0)[2].number, ==, G_GINT64_CONSTANT (8000000000));
  dd_dataset_declaration_free (declaration);
}

static void
test_other_declaration (void)
{
  static const char *const later_columns[] = { "offering key text", "price text", "region optional text",
                                               "currency currency", NULL };
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);
  DdDatasetDeclaration *later = declare ("rates", later_columns);
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset = NULL;

  fixture_init (&f);
  import_text (f.store, declaration, RATES_HEADER "b,,1.50,,EUR,,,\na,,2,,USD,,,\n", FALSE);
  dataset = get (f.store, later, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dd_dataset_n_columns (dataset), ==, 4);
  g_assert_cmpstr (dd_dataset_row (dataset, 1)[1].text, ==, "1.50");
  g_assert_cmpstr (dd_dataset_row (dataset, 1)[2].text, ==, "");
  g_assert_cmpint (dd_dataset_row (dataset, 1)[2].number, ==, G_MININT64);
  g_assert_cmpstr (dd_dataset_row (dataset, 0)[3].text, ==, "USD");
  dd_dataset_declaration_free (declaration);
  dd_dataset_declaration_free (later);
}

static gboolean
change_version (DdTransaction *transaction, gpointer data, GError **error)
{
  DdConnection *connection = transaction->reader.connection;
  int code = sqlite3_exec (connection->db, data, NULL, NULL, NULL);

  return code == SQLITE_OK ? TRUE : dd_connection_fail (connection, code, error);
}

static void
test_immutable (void)
{
  static const char *const changes[] = { "UPDATE dataset_version SET row_count = 9",
                                         "DELETE FROM dataset_version",
                                         "UPDATE dataset_blob SET bytes = x'00'",
                                         "DELETE FROM dataset_blob",
                                         "UPDATE event SET actor = 'x'",
                                         "DELETE FROM event",
                                         "DELETE FROM batch",
                                         "UPDATE batch SET time = 0" };
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);
  g_auto (Fixture) f = { 0 };

  fixture_init (&f);
  open_deal (f.store, "a");
  import_text (f.store, declaration, RATES_HEADER "b,,1,,EUR,,,\n", FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (write_now (f.store, change_version, (gpointer)changes[i], &error));
      g_assert_nonnull (strstr (error->message, "never"));
    }
  dd_dataset_declaration_free (declaration);
}

static gboolean
see_dataset (const DdDatasetRow *row, gpointer data)
{
  g_string_append_printf (data, "%s@%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s; ", row->name, row->version,
                          row->rows, row->actor);
  return TRUE;
}

static gboolean
list_work (DdReader *reader, gpointer data, GError **error)
{
  return dd_reader_list_datasets (reader, see_dataset, data, error);
}

static void
test_list (void)
{
  DdDatasetDeclaration *rates = declare ("rates", rates_columns);
  DdDatasetDeclaration *other = declare ("other", rates_columns);
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) seen = g_string_new (NULL);

  fixture_init (&f);
  import_text (f.store, rates, RATES_HEADER "b,,1,,EUR,,,\n", FALSE);
  import_text (f.store, rates, RATES_HEADER "b,,1,,EUR,,,\nc,,1,,EUR,,,\n", FALSE);
  import_text (f.store, other, RATES_HEADER, FALSE);
  import_text (f.store, rates, RATES_HEADER, TRUE);
  read_now (f.store, list_work, seen, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->str, ==, "other@1 0 anna; rates@2 2 anna; ");
  dd_dataset_declaration_free (rates);
  dd_dataset_declaration_free (other);
}

static void
test_cache (void)
{
  DdDatasetDeclaration *declaration = declare ("rates", rates_columns);
  GString *text = g_string_new (RATES_HEADER);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdDataset) dataset = NULL;
  DdDatasetCache *cache;
  gsize one;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (text, "%u,,1,,EUR,,,\n", i);
  dataset = parse (declaration, text->str, &error);
  cache = dd_dataset_cache_new (1);
  dd_dataset_cache_add (cache, "a", dataset);
  one = dd_dataset_cache_bytes (cache);
  g_assert_cmpuint (one, >, 100 * 8 * sizeof (DdCell));
  dd_dataset_cache_free (cache);
  cache = dd_dataset_cache_new (2 * one);
  dd_dataset_cache_add (cache, "a", dataset);
  dd_dataset_cache_add (cache, "b", dataset);
  dd_dataset_unref (dd_dataset_cache_find (cache, "a"));
  dd_dataset_cache_add (cache, "c", dataset);
  g_assert_cmpuint (dd_dataset_cache_bytes (cache), ==, 2 * one);
  g_assert_null (dd_dataset_cache_find (cache, "b"));
  dd_dataset_unref (dd_dataset_cache_find (cache, "a"));
  dd_dataset_unref (dd_dataset_cache_find (cache, "c"));
  dd_dataset_cache_free (cache);
  g_string_free (text, TRUE);
  dd_dataset_declaration_free (declaration);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/datasets/each-import-is-a-version-that-stays", test_versions);
  g_test_add_func ("/datasets/a-rolled-back-version-is-not-cached-for-the-next", test_rolled_back);
  g_test_add_func ("/datasets/a-later-declaration-reads-what-is-stored", test_other_declaration);
  g_test_add_func ("/datasets/facts-refuse-to-be-changed", test_immutable);
  g_test_add_func ("/datasets/current-versions-are-listed", test_list);
  g_test_add_func ("/datasets/the-cache-is-bounded-by-bytes-and-drops-the-least-used", test_cache);
  return g_test_run ();
}
