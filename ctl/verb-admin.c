/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs of administrators: import, dataset, status. One thread.
 */
#include "verbs.h"
#include "document.h"
#include "fault.h"
#include "i18n.h"
#include "shapes.h"

#include <string.h>

/* These work through as much as there is. */
#define NO_TIMEOUT G_MAXINT

static gboolean import_dry_run;

const GOptionEntry ctl_import_options[] = { { "dry-run", 0, 0, G_OPTION_ARG_NONE, &import_dry_run,
                                              N_ ("Check every row and store nothing"), NULL },
                                            G_OPTION_ENTRY_NULL };

static const CtlField import_fields[] = {
  { "dataset", N_ ("Dataset"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, NULL },
  { "rows", N_ ("Rows"), CTL_CELL_NUMBER, NULL },
  { "dryRun", N_ ("Only checked"), CTL_CELL_YES, NULL },
  CTL_FIELD_END,
};

static const CtlSection import_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, import_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_import_forms[] = { { "", import_sections }, CTL_FORM_END };

gboolean
ctl_verb_import (CtlRun *run, GError **error)
{
  static const CtlNames datasets = { CTL_PATH_CATALOG, "Catalog", "Datasets", NULL };
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
  ctl_request_set_progress (request, _ ("Importing"), "bytes");
  reply = ctl_run_send (run, request, error);
  if (reply == NULL)
    {
      ctl_run_suggest (run, &datasets, run->words[0], error);
      return FALSE;
    }
  g_variant_get (ctl_reply_value (reply), "(tt)", &version, &rows);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "dataset", run->words[0]);
  dd_json_put_boolean (writer, "dryRun", import_dry_run);
  dd_json_put_int64 (writer, "rows", (gint64)rows);
  dd_json_put_int64 (writer, "version", (gint64)version);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, import_sections, writer, error);
}

static const CtlField dataset_fields[] = {
  { "name", N_ ("Dataset"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, ctl_shape_format_imported },
  { "rows", N_ ("Rows"), CTL_CELL_NUMBER, NULL },
  { "importedAt", N_ ("Imported"), CTL_CELL_TIME | CTL_GIVES_WAY (1), NULL },
  { "importedBy", N_ ("By"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "columns", N_ ("Columns"), CTL_CELL_PROSE, ctl_shape_format_columns },
  CTL_FIELD_END,
};

static const CtlSection dataset_sections[] = {
  { "datasets", NULL, CTL_SHAPE_ROWS, dataset_fields, NULL, N_ ("No datasets.") },
  CTL_SECTION_END,
};

const CtlForm ctl_dataset_forms[] = { { "", dataset_sections }, CTL_FORM_END };

gboolean
ctl_verb_dataset (CtlRun *run, GError **error)
{
  static const char *const keys[] = { "name", "version", "rows", "importedAt", "importedBy", "columns" };
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_CATALOG, "Catalog", "Datasets");

  if (!g_str_equal (run->words[0], "list"))
    return ctl_usage (error, _ ("dataset list is all that there is; dealctl import stores a dataset"));
  return ctl_run_print_array (run, request, keys, dataset_sections, error);
}

/* "handoff-spool", or "handoff-spool (disabled; 3 orders wait)". */
static char *
format_sink (const DdJsonNode *row)
{
  const char *sink = ctl_shape_text (row, "sink");
  const char *state = ctl_shape_text (row, "sinkState");

  if (state[0] == '\0' || g_str_equal (state, "enabled"))
    return g_strdup (sink);
  return g_strdup_printf (_ ("%s (%s; orders that wait: %s)"), sink, state,
                          ctl_shape_text (dd_json_member (row, "store"), "pendingOrders"));
}

static const CtlField status_fields[] = {
  { "version", N_ ("Daemon"), CTL_CELL_TEXT, NULL },
  { "bus", N_ ("Bus"), CTL_CELL_TEXT, NULL },
  { "provider", N_ ("Provider"), CTL_CELL_TEXT, NULL },
  { "sink", N_ ("Orders go to"), CTL_CELL_PROSE, format_sink },
  { "sinkState", NULL, CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField store_fields[] = {
  { "deals", N_ ("Deals"), CTL_CELL_NUMBER, NULL },
  { "events", N_ ("Events"), CTL_CELL_NUMBER, NULL },
  { "openApprovals", N_ ("Open approvals"), CTL_CELL_NUMBER, NULL },
  { "pendingOrders", N_ ("Pending orders"), CTL_CELL_NUMBER, NULL },
  { "heldOrders", N_ ("Held orders"), CTL_CELL_NUMBER, NULL },
  { "databaseBytes", N_ ("Database bytes"), CTL_CELL_NUMBER, NULL },
  { "walBytes", N_ ("Log bytes"), CTL_CELL_NUMBER, NULL },
  { "development", N_ ("Development"), CTL_CELL_YES, NULL },
  { "head", N_ ("Chain head"), CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlSection status_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, status_fields, NULL, NULL },
  { "store", N_ ("Store"), CTL_SHAPE_RECORD, store_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_status_forms[] = { { "", status_sections }, CTL_FORM_END };

gboolean
ctl_verb_status (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Status");

  return ctl_run_print_reply (run, request, status_sections, error);
}
