/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs of administrators: import, dataset, plugin, verify, status. One thread.
 */
#include "verbs.h"
#include "document.h"
#include "fault.h"
#include "shapes.h"

#include <string.h>

/* These work through as much as there is. */
#define NO_TIMEOUT G_MAXINT

static gboolean import_dry_run;

const GOptionEntry dd_import_options[] = { { "dry-run", 0, 0, G_OPTION_ARG_NONE, &import_dry_run,
                                             "Check every row and store nothing", NULL },
                                           G_OPTION_ENTRY_NULL };

static const DdField import_fields[] = {
  { "dataset", "Dataset", DD_CELL_TEXT, NULL },
  { "version", "Version", DD_CELL_TEXT, NULL },
  { "rows", "Rows", DD_CELL_TEXT, NULL },
  { "dryRun", "Only checked", DD_CELL_YES, NULL },
  DD_FIELD_END,
};

static const DdSection import_sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, import_fields, NULL, NULL },
  DD_SECTION_END,
};

gboolean
dd_verb_import (DdRun *run, GError **error)
{
  g_autoptr (DdRequest) request = dd_request_new (DD_PATH_CATALOG, "Catalog", "Import");
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (GBytes) document = dd_document_load (run->words[1], error);
  g_autofree char *name = g_filename_display_basename (run->words[1]);
  g_autoptr (DdReply) reply = NULL;
  guint64 version;
  guint64 rows;

  if (document == NULL)
    return FALSE;
  dd_request_add (request, g_variant_new_string (run->words[0]));
  if (!dd_request_add_document (request, document, error))
    return FALSE;
  dd_request_option_text (request, "file-name", strcmp (run->words[1], "-") == 0 ? "standard input" : name);
  if (import_dry_run)
    dd_request_option (request, "dry-run", g_variant_new_boolean (TRUE));
  /* Without a key: a second try could store a second version. */
  dd_request_set_once (request);
  dd_request_set_timeout (request, NO_TIMEOUT);
  reply = dd_run_send (run, request, error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (dd_reply_value (reply), "(tt)", &version, &rows);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "dataset", run->words[0]);
  dd_json_put_boolean (writer, "dryRun", import_dry_run);
  dd_json_put_int64 (writer, "rows", (gint64)rows);
  dd_json_put_int64 (writer, "version", (gint64)version);
  dd_json_write_end_object (writer);
  return dd_run_print_written (run, import_sections, writer, error);
}

/* Prints the one out argument of @request, an array, under @keys. */
static gboolean
print_array (
  DdRun *run, DdRequest *request, const char *const *keys, const DdSection *sections, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (DdReply) reply = dd_run_send (run, request, error);
  g_autoptr (GVariant) rows = reply == NULL ? NULL : g_variant_get_child_value (dd_reply_value (reply), 0);

  if (rows == NULL)
    return FALSE;
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, sections[0].key);
  dd_json_write_begin_array (writer);
  dd_shape_write_rows (writer, keys, rows);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return dd_run_print_written (run, sections, writer, error);
}

static const DdField dataset_fields[] = {
  { "name", "Dataset", DD_CELL_TEXT, NULL },
  { "version", "Version", DD_CELL_NUMBER, NULL },
  { "rows", "Rows", DD_CELL_NUMBER, NULL },
  { "importedAt", "Imported", DD_CELL_TIME, NULL },
  { "importedBy", "By", DD_CELL_TEXT, NULL },
  { "columns", "Columns", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdSection dataset_sections[] = {
  { "datasets", NULL, DD_SHAPE_ROWS, dataset_fields, NULL, "No datasets." },
  DD_SECTION_END,
};

gboolean
dd_verb_dataset (DdRun *run, GError **error)
{
  static const char *const keys[] = { "name", "version", "rows", "importedAt", "importedBy", "columns" };
  g_autoptr (DdRequest) request = dd_request_new (DD_PATH_CATALOG, "Catalog", "Datasets");

  if (!g_str_equal (run->words[0], "list"))
    return dd_usage (error, "dataset list is all that there is; dealctl import stores a dataset");
  return print_array (run, request, keys, dataset_sections, error);
}

static const DdField plugin_fields[] = {
  { "id", "Plugin", DD_CELL_TEXT, NULL },
  { "version", "Version", DD_CELL_TEXT, NULL },
  { "kinds", "Kinds", DD_CELL_TEXT, NULL },
  { "stage", "Stage", DD_CELL_TEXT, NULL },
  { "state", "State", DD_CELL_TEXT, NULL },
  { "calls", "Calls", DD_CELL_NUMBER, NULL },
  { "failures", "Failures", DD_CELL_NUMBER, NULL },
  { "microseconds", "µs spent", DD_CELL_NUMBER, NULL },
  { "reason", "Reason", DD_CELL_TEXT, NULL },
  { "path", "File", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdSection plugin_sections[] = {
  { "plugins", NULL, DD_SHAPE_ROWS, plugin_fields, NULL, "No plugins." },
  DD_SECTION_END,
};

static gboolean
list_plugins (DdRun *run, GError **error)
{
  static const char *const keys[] = { "id",     "version", "kinds", "stage",    "state",
                                      "reason", "path",    "calls", "failures", "microseconds" };
  g_autoptr (DdRequest) request = dd_request_new (DD_PATH_PLUGINS, "Plugins", "List");

  return print_array (run, request, keys, plugin_sections, error);
}

gboolean
dd_verb_plugin (DdRun *run, GError **error)
{
  gboolean enable = g_str_equal (run->words[0], "enable");
  g_autoptr (DdRequest) request = NULL;
  g_autoptr (DdReply) reply = NULL;

  if (g_str_equal (run->words[0], "list") && run->n_words == 1)
    return list_plugins (run, error);
  if ((!enable && !g_str_equal (run->words[0], "disable")) || run->n_words != 2)
    return dd_usage (error, "it should be dealctl plugin list, plugin enable ID or plugin disable ID");
  request = dd_request_new (DD_PATH_PLUGINS, "Plugins", enable ? "Enable" : "Disable");
  dd_request_add (request, g_variant_new_string (run->words[1]));
  reply = dd_run_send (run, request, error);
  return reply != NULL && list_plugins (run, error);
}

static char *verify_head;

const GOptionEntry dd_verify_options[] = { { "head", 0, 0, G_OPTION_ARG_STRING, &verify_head,
                                             "A chain head that has to be found", "HEX" },
                                           G_OPTION_ENTRY_NULL };

static const DdField verify_fields[] = {
  { "deals", "Deals", DD_CELL_TEXT, NULL },         { "events", "Events", DD_CELL_TEXT, NULL },
  { "documents", "Documents", DD_CELL_TEXT, NULL }, { "batches", "Batches", DD_CELL_TEXT, NULL },
  { "head", "Chain head", DD_CELL_DIGEST, NULL },   DD_FIELD_END,
};

static const DdSection verify_sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, verify_fields, NULL, NULL },
  DD_SECTION_END,
};

static gboolean
print_document (DdRun *run, DdRequest *request, const DdSection *sections, GError **error)
{
  g_autoptr (DdReply) reply = dd_run_send (run, request, error);
  g_autoptr (DdJson) json = reply == NULL ? NULL : dd_reply_json (reply, 0, error);

  return json != NULL && dd_run_print (run, sections, dd_json_root (json), error);
}

gboolean
dd_verb_verify (DdRun *run, GError **error)
{
  g_autoptr (DdRequest) request = dd_request_new (DD_PATH_MANAGER, "Manager", "Verify");

  dd_request_option_text (request, "head", verify_head);
  dd_request_set_timeout (request, NO_TIMEOUT);
  return print_document (run, request, verify_sections, error);
}

static const DdField status_fields[] = {
  { "version", "Daemon", DD_CELL_TEXT, NULL },
  { "bus", "Bus", DD_CELL_TEXT, NULL },
  { "provider", "Provider", DD_CELL_TEXT, NULL },
  { "sink", "Orders go to", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdField store_fields[] = {
  { "deals", "Deals", DD_CELL_TEXT, NULL },
  { "events", "Events", DD_CELL_TEXT, NULL },
  { "openApprovals", "Open approvals", DD_CELL_TEXT, NULL },
  { "pendingOrders", "Pending orders", DD_CELL_TEXT, NULL },
  { "heldOrders", "Held orders", DD_CELL_TEXT, NULL },
  { "databaseBytes", "Database bytes", DD_CELL_TEXT, NULL },
  { "walBytes", "Log bytes", DD_CELL_TEXT, NULL },
  { "development", "Development", DD_CELL_YES, NULL },
  { "head", "Chain head", DD_CELL_DIGEST, NULL },
  DD_FIELD_END,
};

static const DdSection status_sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, status_fields, NULL, NULL },
  { "store", "Store", DD_SHAPE_RECORD, store_fields, NULL, NULL },
  DD_SECTION_END,
};

gboolean
dd_verb_status (DdRun *run, GError **error)
{
  g_autoptr (DdRequest) request = dd_request_new (DD_PATH_MANAGER, "Manager", "Status");

  return print_document (run, request, status_sections, error);
}
