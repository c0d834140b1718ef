/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs of datasets: import, and dataset with its table of subcommands. One thread.
 */
#include "document.h"
#include "fault.h"
#include "i18n.h"
#include "shapes.h"
#include "verbs.h"
#include "word.h"

#include <string.h>

/* These work through as much as there is. */
#define NO_TIMEOUT G_MAXINT

/* Rows of a call, and of all that is printed of a difference. */
#define PAGE 10000

#define NO_VERSION G_MININT64

static gboolean import_dry_run;
/* NO_VERSION: the current one */
static gint64 at_version = NO_VERSION;

const GOptionEntry ctl_import_options[] = { { "dry-run", 0, 0, G_OPTION_ARG_NONE, &import_dry_run,
                                              N_ ("Check every row and store nothing"), NULL },
                                            G_OPTION_ENTRY_NULL };

const GOptionEntry ctl_dataset_options[] = { { "at", 0, 0, G_OPTION_ARG_INT64, &at_version,
                                               N_ ("show: this version, not the current one"), "VERSION" },
                                             G_OPTION_ENTRY_NULL };

static const CtlNames all_datasets = { CTL_PATH_CATALOG, "Catalog", "Datasets", NULL };

/* Adds the dataset that @word may have been meant for; a version, too, can be one that there isn't. */
static void
suggest_dataset (CtlRun *run, const char *word, GError **error)
{
  if (error != NULL && strstr ((*error)->message, "no dataset") != NULL)
    ctl_run_suggest (run, &all_datasets, word, error);
}

/* --- import --- */

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

static const CtlField checked_fields[] = {
  { "dryRun", N_ ("Only checked"), CTL_CELL_YES, NULL },
  CTL_FIELD_END,
};

static const CtlField stored_fields[] = {
  { "dataset", N_ ("Dataset"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, NULL },
  { "rows", N_ ("Rows"), CTL_CELL_NUMBER, NULL },
  CTL_FIELD_END,
};

static const CtlSection catalogue_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, checked_fields, NULL, NULL },
  { "datasets", NULL, CTL_SHAPE_ROWS, stored_fields, NULL, NULL },
  { "remarks", N_ ("What has no place"), CTL_SHAPE_VALUES, ctl_remark_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_import_forms[] = { { "", import_sections },
                                     { "catalogue", catalogue_sections },
                                     CTL_FORM_END };

/* Sends @request with the file and the options that every import has. (nullable) */
static CtlReply *
send_import (CtlRun *run, CtlRequest *request, GError **error)
{
  g_autoptr (GBytes) document = ctl_document_load (run->words[1], error);
  g_autofree char *name = g_filename_display_basename (run->words[1]);

  if (document == NULL || !ctl_request_add_document (request, document, error))
    return NULL;
  ctl_request_option_text (request, "file-name", strcmp (run->words[1], "-") == 0 ? "standard input" : name);
  if (import_dry_run)
    ctl_request_option (request, "dry-run", g_variant_new_boolean (TRUE));
  /* Without a key: a second try could store a second version. */
  ctl_request_set_once (request);
  ctl_request_set_timeout (request, NO_TIMEOUT);
  ctl_request_set_progress (request, _ ("Importing"), "bytes");
  return ctl_run_send (run, request, error);
}

static gboolean
import_catalogue (CtlRun *run, GError **error)
{
  static const char *const keys[] = { "dataset", "version", "rows" };
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_CATALOG, "Catalog", "ImportCatalogue");
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (CtlReply) reply = send_import (run, request, error);
  g_autoptr (GVariant) datasets = NULL;
  g_auto (GStrv) remarks = NULL;

  if (reply == NULL)
    return FALSE;
  g_variant_get (ctl_reply_value (reply), "(@a(stt)^as)", &datasets, &remarks);
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "datasets");
  dd_json_write_begin_array (writer);
  ctl_shape_write_rows (writer, keys, datasets);
  dd_json_write_end_array (writer);
  dd_json_put_boolean (writer, "dryRun", import_dry_run);
  dd_json_write_key (writer, "remarks");
  dd_json_write_begin_array (writer);
  for (guint i = 0; remarks[i] != NULL; i++)
    dd_json_write_string (writer, remarks[i]);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, catalogue_sections, writer, error);
}

static gboolean
import_dataset (CtlRun *run, GError **error)
{
  static const char *const other_words[] = { "catalogue", NULL };
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_CATALOG, "Catalog", "Import");
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (CtlReply) reply = NULL;
  guint64 version;
  guint64 rows;

  ctl_request_add (request, g_variant_new_string (run->words[0]));
  reply = send_import (run, request, error);
  if (reply == NULL)
    {
      if (g_error_matches (*error, DD_ERROR, DD_ERROR_NOT_FOUND) &&
          ctl_word_nearest (run->words[0], other_words) != NULL)
        ctl_word_suggest (other_words, run->words[0], error);
      else
        suggest_dataset (run, run->words[0], error);
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

gboolean
ctl_verb_import (CtlRun *run, GError **error)
{
  return g_str_equal (run->words[0], "catalogue") ? import_catalogue (run, error)
                                                  : import_dataset (run, error);
}

/* --- dataset list --- */

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

static gboolean
list_datasets (CtlRun *run, GError **error)
{
  static const char *const keys[] = { "name", "version", "rows", "importedAt", "importedBy", "columns" };
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_CATALOG, "Catalog", "Datasets");

  return ctl_run_print_array (run, request, keys, dataset_sections, error);
}

/* --- dataset show --- */

static const CtlField version_fields[] = {
  { "dataset", N_ ("Dataset"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, ctl_shape_format_imported },
  { "count", N_ ("Rows"), CTL_CELL_NUMBER, NULL },
  CTL_FIELD_END,
};

static const CtlField name_fields[] = { { "column", N_ ("Column"), CTL_CELL_TEXT, NULL }, CTL_FIELD_END };

static const CtlField row_fields[] = { { "cells", N_ ("Cells"), CTL_CELL_LIST, NULL }, CTL_FIELD_END };

static const CtlSection show_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, version_fields, NULL, NULL },
  { "columns", NULL, CTL_SHAPE_VALUES, name_fields, NULL, NULL },
  { "rows", NULL, CTL_SHAPE_ROWS, row_fields, NULL, NULL },
  CTL_SECTION_END,
};

/* What a version is shown from: its columns from the first page, and its rows. */
typedef struct
{
  DdJsonWriter *writer;
  GPtrArray *columns; /* char* */
  guint64 version;
  guint64 count;
  gboolean people; /* rows are objects, for a table with the dataset's own columns */
} Rows;

static void
write_row (const Rows *rows, const DdJsonNode *cells)
{
  guint i = 0;

  dd_json_write_begin_object (rows->writer);
  if (!rows->people)
    {
      dd_json_write_key (rows->writer, "cells");
      dd_json_write_node (rows->writer, cells);
    }
  for (const DdJsonNode *cell = dd_json_first (cells); rows->people && cell != NULL && i < rows->columns->len;
       cell = dd_json_next (cell))
    dd_json_put_string (rows->writer, g_ptr_array_index (rows->columns, i++), dd_json_text (cell));
  dd_json_write_end_object (rows->writer);
}

/* Writes the rows from @first on. @out_n: how many came. */
static gboolean
fetch_page (CtlRun *run, Rows *rows, guint64 first, guint *out_n, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_CATALOG, "Catalog", "Rows");
  g_autoptr (CtlReply) reply = NULL;
  g_autoptr (DdJson) json = NULL;
  const DdJsonNode *columns;

  ctl_request_add (request, g_variant_new_string (run->words[1]));
  ctl_request_add (request, g_variant_new_uint64 (rows->version));
  ctl_request_add (request, g_variant_new_uint64 (first));
  ctl_request_add (request, g_variant_new_uint32 (PAGE));
  if (run->n_words == 3)
    ctl_request_option_text (request, "key", run->words[2]);
  reply = ctl_run_send (run, request, error);
  json = reply == NULL ? NULL : ctl_reply_json (reply, 2, error);
  if (json == NULL)
    return FALSE;
  g_variant_get_child (ctl_reply_value (reply), 0, "t", &rows->version);
  g_variant_get_child (ctl_reply_value (reply), 1, "t", &rows->count);
  columns = dd_json_member (dd_json_root (json), "columns");
  for (const DdJsonNode *each = dd_json_first (columns); first == 0 && each != NULL;
       each = dd_json_next (each))
    g_ptr_array_add (rows->columns, g_strdup (dd_json_text (each)));
  *out_n = 0;
  for (const DdJsonNode *row = dd_json_first (dd_json_member (dd_json_root (json), "rows")); row != NULL;
       row = dd_json_next (row), ++*out_n)
    write_row (rows, row);
  return TRUE;
}

static gboolean
fetch_rows (CtlRun *run, Rows *rows, GError **error)
{
  guint64 first = 0;
  guint n;

  dd_json_write_key (rows->writer, "rows");
  dd_json_write_begin_array (rows->writer);
  do
    {
      if (!fetch_page (run, rows, first, &n, error))
        return FALSE;
      first += n;
    }
  while (n > 0 && first < rows->count);
  dd_json_write_end_array (rows->writer);
  return TRUE;
}

static gboolean
print_table (CtlRun *run, const Rows *rows, GError **error)
{
  g_autofree CtlField *fields = g_new0 (CtlField, rows->columns->len + 1);
  const CtlSection sections[] = {
    { NULL, NULL, CTL_SHAPE_RECORD, version_fields, NULL, NULL },
    { "rows", NULL, CTL_SHAPE_ROWS, fields, NULL, NULL },
    CTL_SECTION_END,
  };

  for (guint i = 0; i < rows->columns->len; i++)
    fields[i] = (CtlField){ g_ptr_array_index (rows->columns, i), g_ptr_array_index (rows->columns, i),
                            CTL_CELL_TEXT, NULL };
  return ctl_run_print_written (run, sections, rows->writer, error);
}

static gboolean
show_dataset (CtlRun *run, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
  Rows rows = { .writer = writer, .columns = columns, .people = !run->json };

  if (at_version != NO_VERSION && at_version <= 0)
    return ctl_usage (error, _ ("--at is a version, from 1"));
  rows.version = at_version == NO_VERSION ? 0 : (guint64)at_version;
  dd_json_write_begin_object (writer);
  if (!fetch_rows (run, &rows, error))
    {
      suggest_dataset (run, run->words[1], error);
      return FALSE;
    }
  dd_json_write_key (writer, "columns");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < columns->len; i++)
    dd_json_write_string (writer, g_ptr_array_index (columns, i));
  dd_json_write_end_array (writer);
  dd_json_put_int64 (writer, "count", (gint64)rows.count);
  dd_json_put_string (writer, "dataset", run->words[1]);
  dd_json_put_int64 (writer, "version", (gint64)rows.version);
  dd_json_write_end_object (writer);
  return run->json ? ctl_run_print_written (run, show_sections, writer, error)
                   : print_table (run, &rows, error);
}

/* --- dataset diff --- */

static const CtlField diff_fields[] = {
  { "dataset", N_ ("Dataset"), CTL_CELL_TEXT, NULL },
  { "from", N_ ("From"), CTL_CELL_NUMBER, NULL },
  { "to", N_ ("To"), CTL_CELL_NUMBER, NULL },
  { "added", N_ ("Rows added"), CTL_CELL_NUMBER, NULL },
  { "removed", N_ ("Rows removed"), CTL_CELL_NUMBER, NULL },
  { "changed", N_ ("Rows changed"), CTL_CELL_NUMBER, NULL },
  CTL_FIELD_END,
};

static const CtlField difference_fields[] = {
  { "kind", N_ ("Change"), CTL_CELL_TEXT, NULL },   { "key", N_ ("Key"), CTL_CELL_TEXT, NULL },
  { "column", N_ ("Column"), CTL_CELL_TEXT, NULL }, { "from", N_ ("From"), CTL_CELL_PROSE, NULL },
  { "to", N_ ("To"), CTL_CELL_PROSE, NULL },        CTL_FIELD_END,
};

static const CtlSection diff_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, diff_fields, NULL, NULL },
  { "differences", NULL, CTL_SHAPE_ROWS, difference_fields, NULL, N_ ("No differences.") },
  CTL_SECTION_END,
};

static gboolean
diff_dataset (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_CATALOG, "Catalog", "Differences");
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (CtlReply) reply = NULL;
  g_autoptr (DdJson) json = NULL;
  guint64 to, added, removed, changed;
  guint versions[2] = { 0, 0 };

  for (guint i = 2; i < run->n_words; i++)
    if (!ctl_run_number (run->words[i], N_ ("version"), &versions[i - 2], error))
      return FALSE;
  ctl_request_add (request, g_variant_new_string (run->words[1]));
  ctl_request_add (request, g_variant_new_uint64 (versions[0]));
  ctl_request_add (request, g_variant_new_uint64 (versions[1]));
  ctl_request_add (request, g_variant_new_uint32 (PAGE));
  reply = ctl_run_send (run, request, error);
  if (reply == NULL)
    suggest_dataset (run, run->words[1], error);
  json = reply == NULL ? NULL : ctl_reply_json (reply, 4, error);
  if (json == NULL)
    return FALSE;
  g_variant_get (ctl_reply_value (reply), "(tttt@*)", &to, &added, &removed, &changed, NULL);
  dd_json_write_begin_object (writer);
  dd_json_put_int64 (writer, "added", (gint64)added);
  dd_json_put_int64 (writer, "changed", (gint64)changed);
  dd_json_put_string (writer, "dataset", run->words[1]);
  dd_json_write_key (writer, "differences");
  dd_json_write_node (writer, dd_json_member (dd_json_root (json), "differences"));
  dd_json_put_int64 (writer, "from", versions[0]);
  dd_json_put_int64 (writer, "removed", (gint64)removed);
  dd_json_put_int64 (writer, "to", (gint64)to);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, diff_sections, writer, error);
}

/* --- dataset --- */

const CtlForm ctl_dataset_forms[] = {
  { "", dataset_sections }, { "show", show_sections }, { "diff", diff_sections }, CTL_FORM_END
};

gboolean
ctl_verb_dataset (CtlRun *run, GError **error)
{
  static const struct
  {
    const char *name;
    guint min_words;
    guint max_words;
    gboolean (*run) (CtlRun *run, GError **error);
  } subcommands[] = {
    { "list", 1, 1, list_datasets },
    { "show", 2, 3, show_dataset },
    { "diff", 3, 4, diff_dataset },
  };

  for (guint i = 0; i < G_N_ELEMENTS (subcommands); i++)
    if (g_str_equal (subcommands[i].name, run->words[0]) && run->n_words >= subcommands[i].min_words &&
        run->n_words <= subcommands[i].max_words)
      {
        if (at_version != NO_VERSION && !g_str_equal (run->words[0], "show"))
          return ctl_usage (error, _ ("--at belongs to dataset show"));
        return subcommands[i].run (run, error);
      }
  return ctl_usage (error, _ ("%s takes other words: dealctl %s %s"), run->verb->name, run->verb->name,
                    run->verb->usage);
}
