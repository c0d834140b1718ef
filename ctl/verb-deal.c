/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs about deals as they are: open, list, show, log, export. One thread.
 */
#include "verbs.h"
#include "document.h"
#include "fault.h"
#include "move.h"
#include "shapes.h"

#include <string.h>

#define PAGE         1000
#define LIST_DEFAULT 50

static char *open_from;
static char *open_format;
static char *open_title;
static char *open_customer;
static char *open_expires;
static char **open_map;

const GOptionEntry dd_open_options[] = {
  { "from", 0, 0, G_OPTION_ARG_FILENAME, &open_from, "The request; - is standard input", "FILE" },
  { "format", 0, 0, G_OPTION_ARG_STRING, &open_format, "tmf648, also MEF Sonata (the default), or proposal",
    "FORMAT" },
  { "map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &open_map, "The customer's offering A is our B", "A=B" },
  { "title", 0, 0, G_OPTION_ARG_STRING, &open_title, "A title, instead of the request's", "TEXT" },
  { "customer", 0, 0, G_OPTION_ARG_STRING, &open_customer, "The customer's id, instead of the request's",
    "ID" },
  { "expires", 0, 0, G_OPTION_ARG_STRING, &open_expires, "When the deal ends by itself", "TIME" },
  G_OPTION_ENTRY_NULL
};

gboolean
dd_verb_open (DdRun *run, GError **error)
{
  g_autoptr (DdRequest) request = dd_request_new (DD_PATH_MANAGER, "Manager", "Open");
  g_autoptr (GBytes) document = NULL;

  if (open_from == NULL)
    return dd_usage (error, "open needs the request: --from FILE");
  document = dd_document_load (open_from, error);
  if (document == NULL || !dd_request_add_document (request, document, error))
    return FALSE;
  run->map = g_steal_pointer (&open_map);
  if (!dd_run_add_map (run, request, error))
    return FALSE;
  dd_request_option_text (request, "format", open_format);
  dd_request_option_text (request, "title", open_title);
  dd_request_option_text (request, "customer", open_customer);
  dd_request_option_text (request, "expires", open_expires);
  return dd_move_run (run, request, error);
}

static char *list_state;
static char *list_customer;
static gboolean list_all;
static gint list_limit = LIST_DEFAULT;

const GOptionEntry dd_list_options[] = {
  { "state", 0, 0, G_OPTION_ARG_STRING, &list_state, "Only deals in this state", "STATE" },
  { "customer", 0, 0, G_OPTION_ARG_STRING, &list_customer, "Only this customer's", "ID" },
  { "limit", 0, 0, G_OPTION_ARG_INT, &list_limit, "At most so many, newest first (50)", "N" },
  { "all", 0, 0, G_OPTION_ARG_NONE, &list_all, "All of them", NULL },
  G_OPTION_ENTRY_NULL
};

static const DdField list_fields[] = {
  { "id", "Deal", DD_CELL_TEXT, NULL },         { "state", "State", DD_CELL_TEXT, NULL },
  { "title", "Title", DD_CELL_TEXT, NULL },     { "customer", "Customer", DD_CELL_TEXT, NULL },
  { "owner", "Owner", DD_CELL_TEXT, NULL },     { "version", "Version", DD_CELL_NUMBER, NULL },
  { "updated", "Updated", DD_CELL_TIME, NULL }, DD_FIELD_END,
};

static const DdField next_fields[] = {
  { "next", "More (--all) below", DD_CELL_TEXT, NULL },
  DD_FIELD_END,
};

static const DdSection list_sections[] = {
  { "deals", NULL, DD_SHAPE_ROWS, list_fields, NULL, "No deals." },
  { NULL, NULL, DD_SHAPE_RECORD, next_fields, NULL, NULL },
  DD_SECTION_END,
};

/* One page into @writer; @next is where it ended, "" at the end. */
static gboolean
list_page (DdRun *run, guint limit, DdJsonWriter *writer, char **next, guint *n_deals, GError **error)
{
  static const char *const keys[] = { "id", "state", "version", "title", "customer", "owner", "updated" };
  g_autoptr (DdRequest) request = dd_request_new (DD_PATH_MANAGER, "Manager", "List");
  g_autoptr (DdReply) reply = NULL;
  g_autoptr (GVariant) deals = NULL;

  dd_request_add (request, g_variant_new_string (*next));
  dd_request_add (request, g_variant_new_uint32 (limit));
  dd_request_option_text (request, "state", list_state);
  dd_request_option_text (request, "customer", list_customer);
  reply = dd_run_send (run, request, error);
  if (reply == NULL)
    return FALSE;
  g_free (*next);
  g_variant_get (dd_reply_value (reply), "(@a(sstsssx)s)", &deals, next);
  dd_shape_write_rows (writer, keys, deals);
  *n_deals += (guint)g_variant_n_children (deals);
  return TRUE;
}

gboolean
dd_verb_list (DdRun *run, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *next = g_strdup ("");
  guint limit = list_all ? G_MAXUINT : (guint)list_limit;
  guint n_deals = 0;

  if (list_limit < 1)
    return dd_usage (error, "--limit is a number from 1");
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "deals");
  dd_json_write_begin_array (writer);
  do
    if (!list_page (run, MIN (limit - n_deals, PAGE), writer, &next, &n_deals, error))
      return FALSE;
  while (*next != '\0' && n_deals < limit);
  dd_json_write_end_array (writer);
  if (*next != '\0')
    dd_json_put_string (writer, "next", next);
  dd_json_write_end_object (writer);
  return dd_run_print_written (run, list_sections, writer, error);
}

static gint log_after;

const GOptionEntry dd_log_options[] = {
  { "after", 0, 0, G_OPTION_ARG_INT, &log_after, "Only events after this version", "N" }, G_OPTION_ENTRY_NULL
};

static const DdField event_fields[] = {
  { "version", "Version", DD_CELL_NUMBER, NULL },
  { "time", "Time", DD_CELL_TIME, NULL },
  { "occurredAt", "Happened", DD_CELL_TIME, NULL },
  { "type", "Event", DD_CELL_TEXT, NULL },
  { "actor", "Who", DD_CELL_TEXT, NULL },
  { "caller", "Through", DD_CELL_TEXT, NULL },
  { "body", "What", DD_CELL_MEMBERS, NULL },
  { "head", "Chain head", DD_CELL_DIGEST, NULL },
  DD_FIELD_END,
};

static const DdSection log_sections[] = {
  { "events", NULL, DD_SHAPE_ROWS, event_fields, NULL, "No events." },
  DD_SECTION_END,
};

/* Events after *@after into @writer; *@after moves on. @n_events: how many they were. */
static gboolean
log_page (DdRun *run, DdJsonWriter *writer, guint64 *after, guint *n_events, GError **error)
{
  g_autoptr (DdRequest) request = dd_run_deal_request (run, "Log", error);
  g_autoptr (DdReply) reply = NULL;
  g_autoptr (DdJson) json = NULL;
  const DdJsonNode *events = NULL;

  if (request == NULL)
    return FALSE;
  dd_request_add (request, g_variant_new_uint64 (*after));
  dd_request_add (request, g_variant_new_uint32 (PAGE));
  reply = dd_run_send (run, request, error);
  json = reply == NULL ? NULL : dd_reply_json (reply, 0, error);
  if (json == NULL || !dd_json_get_array (dd_json_root (json), "events", TRUE, &events, error))
    return FALSE;
  *n_events = dd_json_length (events);
  for (const DdJsonNode *each = dd_json_first (events); each != NULL; each = dd_json_next (each))
    {
      dd_json_write_node (writer, each);
      *after = dd_shape_number (each, "version");
    }
  return TRUE;
}

gboolean
dd_verb_log (DdRun *run, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  guint64 after = (guint64)MAX (log_after, 0);
  guint n_events;

  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "events");
  dd_json_write_begin_array (writer);
  do
    if (!log_page (run, writer, &after, &n_events, error))
      return FALSE;
  while (n_events == PAGE);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return dd_run_print_written (run, log_sections, writer, error);
}

static char *export_format;
static char *export_output;
static gint export_revision;
static gboolean export_request;

const GOptionEntry dd_export_options[] = {
  { "format", 0, 0, G_OPTION_ARG_STRING, &export_format,
    "tmf648 and view for the customer; proposal, to edit; sheet, internal", "FORMAT" },
  { "revision", 0, 0, G_OPTION_ARG_INT, &export_revision, "Of this revision, not of the newest on the table",
    "N" },
  { "request", 0, 0, G_OPTION_ARG_NONE, &export_request, "Of the customer's request, not of a revision",
    NULL },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &export_output, "Write to this file, whole or not at all",
    "FILE" },
  G_OPTION_ENTRY_NULL
};

static const DdField export_fields[] = {
  { "deal", "Deal", DD_CELL_TEXT, NULL },       { "format", "Format", DD_CELL_TEXT, NULL },
  { "bytes", "Bytes", DD_CELL_NUMBER, NULL },   { "sha256", "SHA-256", DD_CELL_DIGEST, NULL },
  { "file", "Written to", DD_CELL_TEXT, NULL }, DD_FIELD_END,
};

static const DdSection export_sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, export_fields, NULL, NULL },
  DD_SECTION_END,
};

static gboolean
print_exported (DdRun *run, GBytes *document, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, document);
  g_autofree char *deal = dd_run_deal (run, NULL);
  g_autofree char *file = g_filename_display_name (export_output);

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "deal", deal);
  dd_json_put_string (writer, "format", export_format);
  dd_json_put_int64 (writer, "bytes", (gint64)g_bytes_get_size (document));
  dd_json_put_string (writer, "sha256", sha256);
  dd_json_put_string (writer, "file", file);
  dd_json_write_end_object (writer);
  return dd_run_print_written (run, export_sections, writer, error);
}

gboolean
dd_verb_export (DdRun *run, GError **error)
{
  g_autoptr (DdRequest) request = dd_run_deal_request (run, "Export", error);
  g_autoptr (DdReply) reply = NULL;
  g_autoptr (GBytes) document = NULL;

  if (request == NULL)
    return FALSE;
  if (export_format == NULL)
    return dd_usage (error, "export needs --format tmf648, view, proposal or sheet");
  if (export_revision < 0 || (export_revision > 0 && export_request))
    return dd_usage (error, "--revision is a revision, from 1, and excludes --request");
  if (export_request)
    dd_request_option (request, "request", g_variant_new_boolean (TRUE));
  dd_request_add (request, g_variant_new_string (export_format));
  dd_request_add (request, g_variant_new_uint32 ((guint32)export_revision));
  reply = dd_run_send (run, request, error);
  document = reply == NULL ? NULL : dd_reply_document (reply, 0, error);
  if (document == NULL)
    return FALSE;
  if (export_output == NULL || strcmp (export_output, "-") == 0)
    return dd_document_save ("-", document, error);
  return dd_document_save (export_output, document, error) && print_exported (run, document, error);
}
