/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Plugins.Info and Plugins.Why: all about one plugin, and which plugins had a part in a deal. On a reader.
 *
 * What a revision's figures came from is read from its sheet, which lasts; the calls are what the host
 * remembers.
 */
#include "queries/queries.h"

#include "contents.h"

#include <string.h>

/* --- Info --- */

typedef struct
{
  DdJsonWriter *writer;
  GHashTable *versions; /* dataset name to its current version */
} Info;

static gboolean
take_version (const DdDatasetRow *row, gpointer data)
{
  guint64 *version = g_new (guint64, 1);

  *version = row->version;
  g_hash_table_insert (data, g_strdup (row->name), version);
  return TRUE;
}

/* A path may be of any bytes. */
static void
put_path (DdJsonWriter *writer, const char *key, const char *path)
{
  g_autofree char *text = g_filename_display_name (path);

  dd_json_put_string (writer, key, text);
}

static void
write_datasets (const Info *info, const GPtrArray *datasets)
{
  dd_json_write_key (info->writer, "datasets");
  dd_json_write_begin_array (info->writer);
  for (guint i = 0; i < datasets->len; i++)
    {
      const DdDatasetDeclaration *declaration = g_ptr_array_index (datasets, i);
      const guint64 *version = g_hash_table_lookup (info->versions, declaration->name);
      g_autofree char *columns = dd_describe_columns (declaration);

      dd_json_write_begin_object (info->writer);
      dd_json_put_string (info->writer, "columns", columns);
      dd_json_put_string (info->writer, "name", declaration->name);
      dd_json_put_int64 (info->writer, "version", version != NULL ? (gint64)*version : 0);
      dd_json_write_end_object (info->writer);
    }
  dd_json_write_end_array (info->writer);
}

static void
write_options (DdJsonWriter *writer, const GPtrArray *options)
{
  dd_json_write_key (writer, "options");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < options->len; i++)
    {
      const DdPluginOption *option = g_ptr_array_index (options, i);

      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "default", option->fallback);
      dd_put_text (writer, "description", option->description);
      dd_json_put_string (writer, "name", option->name);
      dd_json_put_string (writer, "type", option->type);
      dd_json_put_string (writer, "value", option->value);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_detail (const DdPluginDetail *detail, gpointer data)
{
  const Info *info = data;
  const DdPluginInfo *plugin = &detail->info;
  DdJsonWriter *writer = info->writer;

  dd_json_write_begin_object (writer);
  dd_json_put_int64 (writer, "calls", (gint64)plugin->calls);
  write_datasets (info, detail->datasets);
  dd_json_put_int64 (writer, "failures", (gint64)plugin->failures);
  dd_json_put_string (writer, "id", plugin->id);
  dd_json_put_string (writer, "isolation", detail->isolation);
  dd_json_put_string (writer, "kinds", plugin->kinds);
  dd_put_text (writer, "lastFault", detail->last_fault);
  dd_json_put_int64 (writer, "microseconds", (gint64)plugin->total_usec);
  put_path (writer, "module", detail->module);
  dd_json_put_boolean (writer, "network", detail->network);
  write_options (writer, detail->options);
  put_path (writer, "path", plugin->path);
  if (detail->pid != 0)
    dd_json_put_int64 (writer, "pid", detail->pid);
  dd_put_text (writer, "reason", plugin->reason);
  dd_json_put_int64 (writer, "restarts", detail->restarts);
  dd_put_text (writer, "stage", plugin->stage);
  dd_json_put_string (writer, "state", plugin->state);
  dd_put_text (writer, "version", plugin->version);
  dd_json_write_end_object (writer);
}

gboolean
dd_query_plugin_info (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (GHashTable) versions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  Info info = { writer, versions };
  const char *id;

  g_variant_get_child (query->call->parameters, 0, "&s", &id);
  if (!dd_reader_list_datasets (reader, take_version, versions, error) ||
      !dd_host_describe (query->call->service->host, id, write_detail, &info, error))
    return FALSE;
  dd_query_finish (query, writer);
  return TRUE;
}

/* --- Why --- */

static void
write_sum (const DdCallSum *sum, gpointer data)
{
  DdJsonWriter *writer = data;

  dd_json_write_begin_object (writer);
  dd_json_put_int64 (writer, "calls", (gint64)sum->calls);
  dd_json_put_int64 (writer, "failures", (gint64)sum->failures);
  dd_json_put_string (writer, "kind", sum->kind);
  dd_put_time (writer, "lastAt", sum->last_at);
  dd_json_put_string (writer, "lastFault", sum->last_fault);
  dd_json_put_int64 (writer, "microseconds", (gint64)sum->total_usec);
  dd_json_put_string (writer, "plugin", sum->plugin);
  dd_json_write_end_object (writer);
}

/* The revision that is asked about, with its sheet; before anything was tabled there is none to ask about
 * without a number. */
static gboolean
load_sheet (DdQuery *query, DdReader *reader, guint *out_revision, GError **error)
{
  guint number = dd_options_number (query->call->options, "revision");
  const DdRevision *revision;

  *out_revision = 0;
  if (number == 0 && !dd_query_has_tabled (query->deal))
    return TRUE;
  revision = dd_query_revision (query->deal, number, error);
  if (revision == NULL)
    return FALSE;
  query->proposal = dd_contents_proposal (reader, revision->proposal, TRUE, error);
  if (query->proposal == NULL)
    return FALSE;
  query->sheet = dd_contents_sheet (reader, query->proposal, revision->sheet, error);
  *out_revision = revision->revision;
  return query->sheet != NULL;
}

gboolean
dd_query_plugin_why (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdJsonWriter) writer = NULL;
  g_autofree char *id = NULL;
  const char *text;
  guint revision;
  gint64 deal;

  g_variant_get_child (query->call->parameters, 0, "&s", &text);
  if (!dd_deal_id_parse (text, &deal, error))
    return FALSE;
  query->deal = dd_reader_deal (reader, deal, error);
  if (query->deal == NULL || !load_sheet (query, reader, &revision, error))
    return FALSE;
  id = dd_deal_id_format (deal);
  writer = dd_json_writer_new ();
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "calls");
  dd_json_write_begin_array (writer);
  dd_host_calls (query->call->service->host, id, write_sum, writer);
  dd_json_write_end_array (writer);
  dd_put_sources (writer, query->sheet, FALSE);
  dd_json_put_string (writer, "deal", id);
  if (revision != 0)
    dd_json_put_int64 (writer, "revision", revision);
  dd_put_sources (writer, query->sheet, TRUE);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}
