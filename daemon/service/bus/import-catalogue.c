/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * ImportCatalogue: a TMF620 catalogue as the next versions of the datasets offerings, charges and tiers, of
 * all or of none. Main thread -> the background thread reads and checks -> the writer stores, in one
 * transaction -> main thread.
 */
#include "bus/import.h"

#include "background.h"
#include "bus/progress.h"
#include "completion.h"
#include "tmf/catalogue.h"

typedef struct
{
  DdBusCall *call;
  GBytes *document;
  gboolean dry_run;
  const DdDatasetDeclaration *declarations[DD_N_CATALOGUE_TABLES];
  DdDataset *datasets[DD_N_CATALOGUE_TABLES];
  gint64 versions[DD_N_CATALOGUE_TABLES];
  DdCatalogue *catalogue;
  GError *error;
} Import;

static void
import_free (Import *import)
{
  for (guint i = 0; i < DD_N_CATALOGUE_TABLES; i++)
    g_clear_pointer (&import->datasets[i], dd_dataset_unref);
  g_clear_pointer (&import->catalogue, dd_catalogue_free);
  g_clear_error (&import->error);
  g_bytes_unref (import->document);
  g_free (import);
}

static GVariant *
make_reply (const Import *import)
{
  GVariantBuilder datasets;
  GVariantBuilder remarks;

  g_variant_builder_init (&datasets, G_VARIANT_TYPE ("a(stt)"));
  for (guint i = 0; i < DD_N_CATALOGUE_TABLES; i++)
    g_variant_builder_add (&datasets, "(stt)", import->declarations[i]->name, (guint64)import->versions[i],
                           (guint64)dd_dataset_n_rows (import->datasets[i]));
  g_variant_builder_init (&remarks, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < import->catalogue->remarks->len; i++)
    g_variant_builder_add (&remarks, "s", g_ptr_array_index (import->catalogue->remarks, i));
  return g_variant_new ("(a(stt)as)", &datasets, &remarks);
}

static void
finish_on_main (gpointer data)
{
  Import *import = data;

  if (import->error != NULL)
    dd_bus_call_fail (import->call, import->error);
  else
    dd_bus_call_return (import->call, make_reply (import));
  import_free (import);
}

static void
finish (Import *import)
{
  dd_completion_push (import->call->service->completion, finish_on_main, import);
}

static gboolean
store_work (DdTransaction *transaction, gpointer data, GError **error)
{
  Import *import = data;
  DdAppend details = { dd_service_now (), 0, import->call->actor, import->call->caller };

  for (guint i = 0; i < DD_N_CATALOGUE_TABLES; i++)
    if (!dd_transaction_import (transaction, import->datasets[i], &details, &import->versions[i], error))
      return FALSE;
  return TRUE;
}

static void
store_done (gpointer data, const GError *error)
{
  Import *import = data;

  if (error != NULL)
    import->error = g_error_copy (error);
  finish (import);
}

static gboolean
read_catalogue (Import *import)
{
  const char *name = dd_options_text (import->call->options, "file-name");
  const char *file = name != NULL ? name : "catalogue";
  DdProgress progress = dd_progress_of (import->call);
  gsize size = 0;
  const char *text = g_bytes_get_data (import->document, &size);

  import->catalogue =
    dd_catalogue_read (file, text != NULL ? text : "", size, dd_progress_tell, &progress, &import->error);
  for (guint i = 0; import->catalogue != NULL && i < DD_N_CATALOGUE_TABLES; i++)
    {
      const DdCatalogueTable *table = &import->catalogue->tables[i];

      import->datasets[i] =
        dd_dataset_parse_made (import->declarations[i], file, table->csv->str, table->csv->len,
                               (const guint32 *)(const void *)table->lines->data, &import->error);
      if (import->datasets[i] == NULL)
        return FALSE;
    }
  return import->catalogue != NULL;
}

static void
read_all (gpointer data)
{
  Import *import = data;

  if (read_catalogue (import) && !import->dry_run)
    dd_store_write (import->call->service->store, store_work, store_done, import);
  else
    finish (import);
}

static gboolean
find_declarations (Import *import, GError **error)
{
  for (guint i = 0; i < DD_N_CATALOGUE_TABLES; i++)
    {
      const char *name = dd_catalogue_table_name (i);

      import->declarations[i] = dd_service_dataset (import->call->service, name);
      if (import->declarations[i] == NULL)
        return dd_fail (
          error, DD_ERROR_NOT_FOUND,
          "there is no dataset %s for the catalogue's prices: enable a plugin that declares it, "
          "such as pricing-catalogue",
          name);
    }
  return TRUE;
}

void
dd_serve_import_catalogue (DdBusCall *call)
{
  g_autoptr (GError) error = NULL;
  GBytes *document = dd_bus_call_document (call, 0, DD_MAX_TABLE, TRUE, &error);
  Import *import;

  if (document == NULL)
    {
      dd_bus_call_fail (call, error);
      return;
    }
  import = g_new0 (Import, 1);
  import->call = call;
  import->document = document;
  import->dry_run = dd_options_flag (call->options, "dry-run");
  if (find_declarations (import, &error))
    {
      dd_background_run (call->service->background, read_all, import);
      return;
    }
  dd_bus_call_fail (call, error);
  import_free (import);
}
