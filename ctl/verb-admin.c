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

const GOptionEntry ctl_import_options[] = { { "dry-run", 0, 0, G_OPTION_ARG_NONE, &import_dry_run,
                                              "Check every row and store nothing", NULL },
                                            G_OPTION_ENTRY_NULL };

static const CtlField import_fields[] = {
  { "dataset", "Dataset", CTL_CELL_TEXT, NULL },
  { "version", "Version", CTL_CELL_TEXT, NULL },
  { "rows", "Rows", CTL_CELL_TEXT, NULL },
  { "dryRun", "Only checked", CTL_CELL_YES, NULL },
  CTL_FIELD_END,
};

static const CtlSection import_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, import_fields, NULL, NULL },
  CTL_SECTION_END,
};

gboolean
ctl_verb_import (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_CATALOG, "Catalog", "Import");
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (GBytes) document = ctl_document_load (run->words[1], error);
  g_autofree char *name = g_filename_display_basename (run->words[1]);
  g_autoptr (CtlReply) reply = NULL;
  guint64 version;
  guint64 rows;

  if (document == NULL)
    return FALSE;
  ctl_request_add (request, g_variant_new_string (run->words[0]));
  if (!ctl_request_add_document (request, document, error))
    return FALSE;
  ctl_request_option_text (request, "file-name", strcmp (run->words[1], "-") == 0 ? "standard input" : name);
  if (import_dry_run)
    ctl_request_option (request, "dry-run", g_variant_new_boolean (TRUE));
  /* Without a key: a second try could store a second version. */
  ctl_request_set_once (request);
  ctl_request_set_timeout (request, NO_TIMEOUT);
  reply = ctl_run_send (run, request, error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (ctl_reply_value (reply), "(tt)", &version, &rows);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "dataset", run->words[0]);
  dd_json_put_boolean (writer, "dryRun", import_dry_run);
  dd_json_put_int64 (writer, "rows", (gint64)rows);
  dd_json_put_int64 (writer, "version", (gint64)version);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, import_sections, writer, error);
}

/* Prints the one out argument of @request, an array, under @keys. */
static gboolean
print_array (
  CtlRun *run, CtlRequest *request, const char *const *keys, const CtlSection *sections, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (CtlReply) reply = ctl_run_send (run, request, error);
  g_autoptr (GVariant) rows = reply == NULL ? NULL : g_variant_get_child_value (ctl_reply_value (reply), 0);

  if (rows == NULL)
    return FALSE;
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, sections[0].key);
  dd_json_write_begin_array (writer);
  ctl_shape_write_rows (writer, keys, rows);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, sections, writer, error);
}

static const CtlField dataset_fields[] = {
  { "name", "Dataset", CTL_CELL_TEXT, NULL },
  { "version", "Version", CTL_CELL_NUMBER, NULL },
  { "rows", "Rows", CTL_CELL_NUMBER, NULL },
  { "importedAt", "Imported", CTL_CELL_TIME, NULL },
  { "importedBy", "By", CTL_CELL_TEXT, NULL },
  { "columns", "Columns", CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlSection dataset_sections[] = {
  { "datasets", NULL, CTL_SHAPE_ROWS, dataset_fields, NULL, "No datasets." },
  CTL_SECTION_END,
};

gboolean
ctl_verb_dataset (CtlRun *run, GError **error)
{
  static const char *const keys[] = { "name", "version", "rows", "importedAt", "importedBy", "columns" };
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_CATALOG, "Catalog", "Datasets");

  if (!g_str_equal (run->words[0], "list"))
    return ctl_usage (error, "dataset list is all that there is; dealctl import stores a dataset");
  return print_array (run, request, keys, dataset_sections, error);
}

static const CtlField plugin_fields[] = {
  { "id", "Plugin", CTL_CELL_TEXT, NULL },
  { "version", "Version", CTL_CELL_TEXT, NULL },
  { "kinds", "Kinds", CTL_CELL_TEXT, NULL },
  { "stage", "Stage", CTL_CELL_TEXT, NULL },
  { "state", "State", CTL_CELL_TEXT, NULL },
  { "calls", "Calls", CTL_CELL_NUMBER, NULL },
  { "failures", "Failures", CTL_CELL_NUMBER, NULL },
  { "microseconds", "µs spent", CTL_CELL_NUMBER, NULL },
  { "reason", "Reason", CTL_CELL_TEXT, NULL },
  { "path", "File", CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlSection plugin_sections[] = {
  { "plugins", NULL, CTL_SHAPE_ROWS, plugin_fields, NULL, "No plugins." },
  CTL_SECTION_END,
};

static gboolean
list_plugins (CtlRun *run, GError **error)
{
  static const char *const keys[] = { "id",     "version", "kinds", "stage",    "state",
                                      "reason", "path",    "calls", "failures", "microseconds" };
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_PLUGINS, "Plugins", "List");

  return print_array (run, request, keys, plugin_sections, error);
}

gboolean
ctl_verb_plugin (CtlRun *run, GError **error)
{
  gboolean enable = g_str_equal (run->words[0], "enable");
  g_autoptr (CtlRequest) request = NULL;
  g_autoptr (CtlReply) reply = NULL;

  if (g_str_equal (run->words[0], "list") && run->n_words == 1)
    return list_plugins (run, error);
  if ((!enable && !g_str_equal (run->words[0], "disable")) || run->n_words != 2)
    return ctl_usage (error, "it should be dealctl plugin list, plugin enable ID or plugin disable ID");
  request = ctl_request_new (CTL_PATH_PLUGINS, "Plugins", enable ? "Enable" : "Disable");
  ctl_request_add (request, g_variant_new_string (run->words[1]));
  reply = ctl_run_send (run, request, error);
  return reply != NULL && list_plugins (run, error);
}

static char *verify_head;

const GOptionEntry ctl_verify_options[] = { { "head", 0, 0, G_OPTION_ARG_STRING, &verify_head,
                                              "A chain head that has to be found", "HEX" },
                                            G_OPTION_ENTRY_NULL };

static const CtlField verify_fields[] = {
  { "deals", "Deals", CTL_CELL_TEXT, NULL },         { "events", "Events", CTL_CELL_TEXT, NULL },
  { "documents", "Documents", CTL_CELL_TEXT, NULL }, { "batches", "Batches", CTL_CELL_TEXT, NULL },
  { "head", "Chain head", CTL_CELL_DIGEST, NULL },   CTL_FIELD_END,
};

static const CtlSection verify_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, verify_fields, NULL, NULL },
  CTL_SECTION_END,
};

gboolean
ctl_verb_verify (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Verify");

  ctl_request_option_text (request, "head", verify_head);
  ctl_request_set_timeout (request, NO_TIMEOUT);
  return ctl_run_print_reply (run, request, verify_sections, error);
}

static const CtlField status_fields[] = {
  { "version", "Daemon", CTL_CELL_TEXT, NULL },
  { "bus", "Bus", CTL_CELL_TEXT, NULL },
  { "provider", "Provider", CTL_CELL_TEXT, NULL },
  { "sink", "Orders go to", CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField store_fields[] = {
  { "deals", "Deals", CTL_CELL_TEXT, NULL },
  { "events", "Events", CTL_CELL_TEXT, NULL },
  { "openApprovals", "Open approvals", CTL_CELL_TEXT, NULL },
  { "pendingOrders", "Pending orders", CTL_CELL_TEXT, NULL },
  { "heldOrders", "Held orders", CTL_CELL_TEXT, NULL },
  { "databaseBytes", "Database bytes", CTL_CELL_TEXT, NULL },
  { "walBytes", "Log bytes", CTL_CELL_TEXT, NULL },
  { "development", "Development", CTL_CELL_YES, NULL },
  { "head", "Chain head", CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlSection status_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, status_fields, NULL, NULL },
  { "store", "Store", CTL_SHAPE_RECORD, store_fields, NULL, NULL },
  CTL_SECTION_END,
};

gboolean
ctl_verb_status (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Status");

  return ctl_run_print_reply (run, request, status_sections, error);
}
