/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Import (see import.h): main thread -> the background thread parses and checks -> the writer stores -> main
 * thread.
 */
#include "bus/import.h"

#include "background.h"
#include "bus/progress.h"
#include "completion.h"

typedef struct
{
  DdBusCall *call;
  const DdDatasetDeclaration *declaration;
  GBytes *table;
  gboolean dry_run;
  DdDataset *dataset;
  gint64 version;
  GError *error;
} Import;

static void
finish_on_main (gpointer data)
{
  Import *import = data;

  if (import->error != NULL)
    dd_bus_call_fail (import->call, import->error);
  else
    dd_bus_call_return (import->call, g_variant_new ("(tt)", (guint64)import->version,
                                                     (guint64)dd_dataset_n_rows (import->dataset)));
  g_clear_pointer (&import->dataset, dd_dataset_unref);
  g_clear_error (&import->error);
  g_bytes_unref (import->table);
  g_free (import);
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

  return dd_transaction_import (transaction, import->dataset, &details, &import->version, error);
}

static void
store_done (gpointer data, const GError *error)
{
  Import *import = data;

  if (error != NULL)
    import->error = g_error_copy (error);
  finish (import);
}

/* Of a dry run: the version that it would become, were it imported now. */
static gboolean
read_version (DdReader *reader, gpointer data, GError **error)
{
  Import *import = data;

  if (!dd_reader_dataset_version (reader, import->declaration->name, &import->version, error))
    return FALSE;
  import->version++;
  return TRUE;
}

static void
parse (gpointer data)
{
  Import *import = data;
  const char *file = dd_options_text (import->call->options, "file-name");
  DdProgress progress = dd_progress_of (import->call);
  gsize size = 0;
  const char *text = g_bytes_get_data (import->table, &size);

  import->dataset =
    dd_dataset_parse_csv_slowly (import->declaration, file != NULL ? file : import->declaration->name, text,
                                 size, dd_progress_tell, &progress, &import->error);
  if (import->dataset != NULL && !import->dry_run)
    {
      dd_store_write (import->call->service->store, store_work, store_done, import);
      return;
    }
  if (import->dataset != NULL)
    dd_store_read_here (import->call->service->store, read_version, import, &import->error);
  finish (import);
}

void
dd_serve_import (DdBusCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) table = dd_bus_call_document (call, 1, DD_MAX_TABLE, TRUE, &error);
  const DdDatasetDeclaration *declaration;
  const char *name;

  if (table == NULL)
    {
      dd_bus_call_fail (call, error);
      return;
    }
  g_variant_get_child (call->parameters, 0, "&s", &name);
  declaration = dd_service_find_dataset (call->service, name, &error);
  if (declaration == NULL)
    {
      dd_bus_call_fail (call, error);
      return;
    }
  Import *import = g_new0 (Import, 1);
  import->call = call;
  import->declaration = declaration;
  import->table = g_steal_pointer (&table);
  import->dry_run = dd_options_flag (call->options, "dry-run");
  dd_background_run (call->service->background, parse, import);
}
