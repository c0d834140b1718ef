/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What importing costs, one JSON object a line, through the shipped plugins' declarations and a store of its
 * own: parsed and checked, and then durable.
 *
 * import.csv is a vendor's list of 25,000 parts, import.json a TMF620 catalogue of 16 MiB; import.vendor.100k
 * and import.locations.30k are whole imports, in seconds. Their limits are one look at each byte, and the
 * same bytes written and synced. The store lies below the current folder (run.py: the build's), never on a
 * tmpfs, which knows no sync.
 */
#include "fixture.h"
#include "lists.h"
#include "measure.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tmf/catalogue.h"

#define N_ROUNDS   5
#define JSON_BYTES (16 * 1024 * 1024)
#define MAX_TABLES DD_N_CATALOGUE_TABLES

typedef struct
{
  Fixture fixture; /* for the plugins' declarations */
  char *folder;
  DdStore *store;
} Bench;

/* One import: what it is made of, and how long it took. */
typedef struct
{
  Bench *bench;
  const GString *text;
  const DdDatasetDeclaration *declarations[MAX_TABLES];
  DdDataset *datasets[MAX_TABLES];
  guint n_tables;
  double parse; /* microseconds */
  double store;
} Import;

static const DdDatasetDeclaration *
find_declaration (Bench *bench, const char *name)
{
  const DdDatasetDeclaration *declared = dd_host_dataset (bench->fixture.host, name);
  const GPtrArray *own = dd_core_datasets ();

  for (guint i = 0; declared == NULL && i < own->len; i++)
    if (strcmp (((const DdDatasetDeclaration *)own->pdata[i])->name, name) == 0)
      declared = own->pdata[i];
  measure_require (declared != NULL, name, NULL);
  return declared;
}

/* --- limits --- */

/* Keeps what it counts, so that it has to be counted. */
static volatile guint64 separators;

static double
time_look (const GString *text)
{
  double begin = measure_now ();
  guint64 n = 0;

  for (gsize i = 0; i < text->len; i++)
    n += text->str[i] == ',' || text->str[i] == '"' || text->str[i] == '\n';
  separators = n;
  return measure_now () - begin;
}

static double
time_write (const Bench *bench, const GString *text)
{
  g_autofree char *path = g_build_filename (bench->folder, "limit", NULL);
  double begin = measure_now ();
  int fd = open (path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  gsize done = 0;

  measure_require (fd >= 0, path, NULL);
  while (done < text->len)
    {
      ssize_t n = write (fd, text->str + done, text->len - done);

      measure_require (n > 0, path, NULL);
      done += (gsize)n;
    }
  measure_require (fdatasync (fd) == 0, path, NULL);
  close (fd);
  g_unlink (path);
  return measure_now () - begin;
}

/* --- one import --- */

static void
parse_csv (Import *import)
{
  g_autoptr (GError) error = NULL;

  import->datasets[0] =
    dd_dataset_parse_csv (import->declarations[0], "list.csv", import->text->str, import->text->len, &error);
  measure_require (import->datasets[0] != NULL, "parsing the list", error);
}

static void
parse_catalogue (Import *import)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdCatalogue) catalogue =
    dd_catalogue_read ("catalogue.json", import->text->str, import->text->len, NULL, NULL, &error);

  measure_require (catalogue != NULL, "reading the catalogue", error);
  for (guint i = 0; i < import->n_tables; i++)
    {
      const DdCatalogueTable *table = &catalogue->tables[i];

      import->datasets[i] =
        dd_dataset_parse_made (import->declarations[i], "catalogue.json", table->csv->str, table->csv->len,
                               (const guint32 *)(const void *)table->lines->data, &error);
      measure_require (import->datasets[i] != NULL, "parsing the catalogue", error);
    }
}

/* An import while it is stored. */
typedef struct
{
  const Import *import;
  GMutex mutex;
  GCond cond;
  gboolean over;
} Storing;

static gboolean
store_work (DdTransaction *transaction, gpointer data, GError **error)
{
  const DdAppend how = { .time = 1781000000000000, .actor = "anna", .caller = "uid:1000" };
  const Import *import = ((const Storing *)data)->import;
  gint64 version;

  for (guint i = 0; i < import->n_tables; i++)
    if (!dd_transaction_import (transaction, import->datasets[i], &how, &version, error))
      return FALSE;
  return TRUE;
}

static void
store_done (gpointer data, const GError *error)
{
  Storing *storing = data;

  measure_require (error == NULL, "storing", error);
  g_mutex_lock (&storing->mutex);
  storing->over = TRUE;
  g_cond_signal (&storing->cond);
  g_mutex_unlock (&storing->mutex);
}

static void
store (const Import *import)
{
  Storing storing = { .import = import };

  g_mutex_init (&storing.mutex);
  g_cond_init (&storing.cond);
  dd_store_write (import->bench->store, store_work, store_done, &storing);
  g_mutex_lock (&storing.mutex);
  while (!storing.over)
    g_cond_wait (&storing.cond, &storing.mutex);
  g_mutex_unlock (&storing.mutex);
  g_mutex_clear (&storing.mutex);
  g_cond_clear (&storing.cond);
}

static void
run_import (Import *import, void (*parse) (Import *import))
{
  double begin = measure_now ();

  parse (import);
  import->parse = measure_now () - begin;
  begin = measure_now ();
  store (import);
  import->store = measure_now () - begin;
  for (guint i = 0; i < import->n_tables; i++)
    g_clear_pointer (&import->datasets[i], dd_dataset_unref);
}

/* --- figures --- */

typedef struct
{
  double parse;
  double durable; /* both */
  double look;
  double write;
} Medians;

/* Microseconds; limits in turns with what they are limits of. */
static Medians
measure_import (Import *import, void (*parse) (Import *import))
{
  double samples[4][N_ROUNDS];

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      samples[2][round] = time_look (import->text);
      samples[3][round] = time_write (import->bench, import->text);
      run_import (import, parse);
      samples[0][round] = import->parse;
      samples[1][round] = import->parse + import->store;
    }
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    measure_sort (samples[i], N_ROUNDS);
  return (Medians){ measure_at (samples[0], N_ROUNDS, 0.5), measure_at (samples[1], N_ROUNDS, 0.5),
                    measure_at (samples[2], N_ROUNDS, 0.5), measure_at (samples[3], N_ROUNDS, 0.5) };
}

static void
print_throughput (const char *name, gsize bytes, double microseconds, double limit)
{
  printf ("{\"name\":\"%s\",\"value\":%.2f,\"unit\":\"MB/s\",\"limit\":%.2f}\n", name,
          (double)bytes / microseconds, (double)bytes / limit);
}

static void
print_both (const char *what, gsize bytes, const Medians *medians)
{
  g_autofree char *parse = g_strdup_printf ("%s.parse", what);
  g_autofree char *durable = g_strdup_printf ("%s.durable", what);

  print_throughput (parse, bytes, medians->parse, medians->look);
  print_throughput (durable, bytes, medians->durable, medians->look + medians->write);
}

static void
print_seconds (const char *name, const Medians *medians)
{
  printf ("{\"name\":\"%s\",\"value\":%.4f,\"unit\":\"s\",\"limit\":%.4f}\n", name, medians->durable / 1e6,
          (medians->look + medians->write) / 1e6);
}

static void
measure_lists (Bench *bench)
{
  g_autoptr (GString) costs = lists_vendor_costs ();
  g_autoptr (GString) locations = lists_locations ();
  Import vendor = {
    .bench = bench, .text = costs, .declarations = { find_declaration (bench, "vendor-costs") }, .n_tables = 1
  };
  Import sites = { .bench = bench,
                   .text = locations,
                   .declarations = { find_declaration (bench, "locations") },
                   .n_tables = 1 };
  Medians medians = measure_import (&vendor, parse_csv);

  print_seconds ("import.vendor.100k", &medians);
  print_both ("import.csv", costs->len, &medians);
  medians = measure_import (&sites, parse_csv);
  print_seconds ("import.locations.30k", &medians);
}

/* Offerings with a set-up, and a rental by two tiers. (transfer full) */
static GString *
make_catalogue (void)
{
  GString *offerings = g_string_new ("{\"productOffering\":[");
  g_autoptr (GString) prices = g_string_new ("],\"productOfferingPrice\":[");

  for (guint i = 0; offerings->len + prices->len < JSON_BYTES; i++)
    {
      const char *comma = i > 0 ? "," : "";

      g_string_append_printf (
        offerings,
        "%s{\"@type\":\"ProductOffering\",\"id\":\"wan-%u\",\"name\":\"Managed WAN %u Mbit/s\","
        "\"lifecycleStatus\":\"Active\",\"validFor\":{\"startDateTime\":\"2026-01-01T00:00:00Z\"},"
        "\"category\":[{\"id\":\"access\",\"name\":\"access\"}],"
        "\"productOfferingPrice\":[{\"id\":\"setup-%u\"},{\"id\":\"rental-%u\"}]}",
        comma, i, i % 1000, i, i);
      g_string_append_printf (
        prices,
        "%s{\"@type\":\"ProductOfferingPrice\",\"id\":\"setup-%u\",\"name\":\"Set-up\",\"lifecycleStatus\":"
        "\"Active\",\"priceType\":\"oneTime\",\"price\":{\"unit\":\"EUR\",\"value\":%u.50}},"
        "{\"@type\":\"ProductOfferingPrice\",\"id\":\"rental-%u\",\"name\":\"Rental\",\"lifecycleStatus\":"
        "\"Active\",\"priceType\":\"recurring\",\"recurringChargePeriodType\":\"month\","
        "\"recurringChargePeriodLength\":1,\"price\":{\"unit\":\"EUR\",\"value\":%u.%02u}}",
        comma, i, 90 + i % 900, i, 20 + i % 700, i % 100);
    }
  g_string_append (offerings, prices->str);
  g_string_append (offerings, "]}");
  return offerings;
}

static void
measure_catalogue (Bench *bench)
{
  g_autoptr (GString) text = make_catalogue ();
  Import import = { .bench = bench, .text = text, .n_tables = DD_N_CATALOGUE_TABLES };
  Medians medians;

  for (guint i = 0; i < DD_N_CATALOGUE_TABLES; i++)
    import.declarations[i] = find_declaration (bench, dd_catalogue_table_name (i));
  medians = measure_import (&import, parse_catalogue);
  print_both ("import.json", text->len, &medians);
}

static void
remove_store (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (void)
{
  const DdStoreOptions options = { .readers = 1 };
  g_autoptr (GError) error = NULL;
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *folder = g_build_filename (here, "bench-import-XXXXXX", NULL);
  g_autofree char *path = NULL;
  Bench bench = { .folder = folder };

  measure_require (g_mkdtemp (folder) != NULL, folder, NULL);
  path = g_build_filename (folder, "deals.db", NULL);
  fixture_set_up (&bench.fixture, NULL);
  fixture_start (&bench.fixture, TRUE);
  bench.store = dd_store_open (path, &options, &error);
  measure_require (bench.store != NULL, path, error);
  measure_lists (&bench);
  measure_catalogue (&bench);
  dd_store_close (bench.store);
  fixture_tear_down (&bench.fixture, NULL);
  remove_store (folder);
  return EXIT_SUCCESS;
}
