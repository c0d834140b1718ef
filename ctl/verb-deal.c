/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs about deals as they are: open, list, show, log, export. One thread.
 */
#include "verbs.h"
#include "document.h"
#include "fault.h"
#include "i18n.h"
#include "move.h"
#include "saved.h"
#include "shapes.h"
#include "terminal.h"
#include "word.h"

#define PAGE         1000
#define LIST_DEFAULT 50

static char *open_from;
static char *open_format;
static char *open_title;
static char *open_customer;
static char *open_expires;
static char **open_map;

const GOptionEntry ctl_open_options[] = {
  { "from", 0, 0, G_OPTION_ARG_FILENAME, &open_from, N_ ("The request; - is standard input"), "FILE" },
  { "format", 0, 0, G_OPTION_ARG_STRING, &open_format,
    N_ ("tmf648, also MEF Sonata (the default), or proposal"), "FORMAT" },
  { "map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &open_map, N_ ("The customer's offering A is our B"), "A=B" },
  { "title", 0, 0, G_OPTION_ARG_STRING, &open_title, N_ ("A title, instead of the request's"), "TEXT" },
  { "customer", 0, 0, G_OPTION_ARG_STRING, &open_customer, N_ ("The customer's id, instead of the request's"),
    "ID" },
  { "expires", 0, 0, G_OPTION_ARG_STRING, &open_expires, N_ ("When the deal ends by itself"), "TIME" },
  G_OPTION_ENTRY_NULL
};

gboolean
ctl_verb_open (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Open");
  g_autoptr (GBytes) document = NULL;

  if (open_from == NULL)
    return ctl_usage (error, _ ("open needs the request: --from FILE"));
  if (!ctl_run_choice ("--format", open_format, CTL_REQUEST_FORMATS, error) ||
      !ctl_run_moment ("--expires", open_expires, error))
    return FALSE;
  document = ctl_document_load (open_from, error);
  if (document == NULL || !ctl_request_add_document (request, document, error))
    return FALSE;
  run->map = g_steal_pointer (&open_map);
  if (!ctl_run_add_map (run, request, error))
    return FALSE;
  ctl_request_option_text (request, "format", open_format);
  ctl_request_option_text (request, "title", open_title);
  ctl_request_option_text (request, "customer", open_customer);
  ctl_request_option_text (request, "expires", open_expires);
  if (ctl_move_run (run, request, error))
    return TRUE;
  ctl_run_name_file (open_from, error);
  return FALSE;
}

static char *list_state;
static char *list_customer;
static gboolean list_all;
static gint list_limit = LIST_DEFAULT;

const GOptionEntry ctl_list_options[] = {
  { "state", 0, 0, G_OPTION_ARG_STRING, &list_state, N_ ("Only deals in this state"), "STATE" },
  { "customer", 0, 0, G_OPTION_ARG_STRING, &list_customer, N_ ("Only this customer's"), "ID" },
  { "limit", 0, 0, G_OPTION_ARG_INT, &list_limit, N_ ("At most so many, newest first (50)"), "N" },
  { "all", 0, 0, G_OPTION_ARG_NONE, &list_all, N_ ("All of them"), NULL },
  G_OPTION_ENTRY_NULL
};

static const CtlField list_fields[] = {
  { "id", N_ ("Deal"), CTL_CELL_TEXT, NULL },
  { "state", N_ ("State"), CTL_CELL_STATE, NULL },
  { "title", N_ ("Title"), CTL_CELL_PROSE, NULL },
  { "customer", N_ ("Customer"), CTL_CELL_TEXT, NULL },
  { "owner", N_ ("Owner"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER | CTL_GIVES_WAY (3), NULL },
  { "updated", N_ ("Updated"), CTL_CELL_TIME | CTL_GIVES_WAY (1), NULL },
  CTL_FIELD_END,
};

static const CtlField next_fields[] = {
  { "next", N_ ("More (--all) below"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlSection list_sections[] = {
  { "deals", NULL, CTL_SHAPE_ROWS, list_fields, NULL, N_ ("No deals.") },
  { NULL, NULL, CTL_SHAPE_RECORD, next_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_list_forms[] = { { "", list_sections }, CTL_FORM_END };

/* One page into @writer; @next is where it ended, "" at the end. */
static gboolean
list_page (CtlRun *run, guint limit, DdJsonWriter *writer, char **next, guint *n_deals, GError **error)
{
  static const char *const keys[] = { "id", "state", "version", "title", "customer", "owner", "updated" };
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "List");
  g_autoptr (CtlReply) reply = NULL;
  g_autoptr (GVariant) deals = NULL;

  ctl_request_add (request, g_variant_new_string (*next));
  ctl_request_add (request, g_variant_new_uint32 (limit));
  ctl_request_option_text (request, "state", list_state);
  ctl_request_option_text (request, "customer", list_customer);
  reply = ctl_run_send (run, request, error);
  if (reply == NULL)
    return FALSE;
  g_free (*next);
  g_variant_get (ctl_reply_value (reply), "(@a(sstsssx)s)", &deals, next);
  ctl_shape_write_rows (writer, keys, deals);
  *n_deals += (guint)g_variant_n_children (deals);
  return TRUE;
}

/* The customers of the newest deals. (transfer full) (nullable) */
static char **
known_customers (CtlRun *run)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "List");
  g_autoptr (CtlReply) reply = NULL;
  g_autoptr (GVariantIter) deals = NULL;
  g_autoptr (GStrvBuilder) customers = g_strv_builder_new ();
  const char *customer;

  ctl_request_add (request, g_variant_new_string (""));
  ctl_request_add (request, g_variant_new_uint32 (PAGE));
  reply = ctl_run_send (run, request, NULL);
  if (reply == NULL)
    return NULL;
  g_variant_get (ctl_reply_value (reply), "(a(sstsssx)s)", &deals, NULL);
  while (g_variant_iter_next (deals, "(&s&st&s&s&sx)", NULL, NULL, NULL, NULL, &customer, NULL, NULL))
    g_strv_builder_add (customers, customer);
  return g_strv_builder_end (customers);
}

/* No deal may be the answer, or the customer's id a slip: it is told beside the answer. */
static void
suggest_customer (CtlRun *run)
{
  g_auto (GStrv) customers = known_customers (run);
  const char *nearest =
    customers == NULL ? NULL : ctl_word_nearest (list_customer, (const char *const *)customers);
  g_autofree char *line = NULL;

  if (nearest == NULL || g_str_equal (nearest, list_customer))
    return;
  line = g_strdup_printf (_ ("no deal is of a customer “%s”; did you mean %s?"), list_customer, nearest);
  ctl_terminal_complain (line);
}

gboolean
ctl_verb_list (CtlRun *run, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *next = g_strdup ("");
  guint limit = list_all ? G_MAXUINT : (guint)list_limit;
  guint n_deals = 0;

  if (list_limit < 1)
    return ctl_usage (error, _ ("--limit is a number from 1"));
  if (!ctl_run_choice ("--state", list_state, CTL_STATES, error))
    return FALSE;
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
  if (n_deals == 0 && list_customer != NULL)
    suggest_customer (run);
  return ctl_run_print_written (run, list_sections, writer, error);
}

static gint log_after;

const GOptionEntry ctl_log_options[] = { { "after", 0, 0, G_OPTION_ARG_INT, &log_after,
                                           N_ ("Only events after this version"), "N" },
                                         G_OPTION_ENTRY_NULL };

/* "" when it was recorded as it happened: the column Time has it. */
static char *
format_happened (const DdJsonNode *row)
{
  g_autofree char *recorded = ctl_cell_format (CTL_CELL_TIME, dd_json_member (row, "time"), FALSE);
  g_autofree char *happened = ctl_cell_format (CTL_CELL_TIME, dd_json_member (row, "occurredAt"), FALSE);

  return g_strdup (g_str_equal (recorded, happened) ? "" : happened);
}

static const CtlField event_fields[] = {
  { "version", N_ ("Version"), CTL_CELL_NUMBER, NULL },
  { "time", N_ ("Time"), CTL_CELL_TIME, NULL },
  { "occurredAt", N_ ("Happened"), CTL_CELL_TIME | CTL_GIVES_WAY (2), format_happened },
  { "type", N_ ("Event"), CTL_CELL_TEXT, NULL },
  { "actor", N_ ("Who"), CTL_CELL_TEXT, NULL },
  { "caller", N_ ("Through"), CTL_CELL_TEXT | CTL_GIVES_WAY (3), NULL },
  { "body", N_ ("What"), CTL_CELL_MEMBERS, NULL },
  { "head", N_ ("Chain head"), CTL_CELL_DIGEST | CTL_GIVES_WAY (4), NULL },
  CTL_FIELD_END,
};

static const CtlSection log_sections[] = {
  { "events", NULL, CTL_SHAPE_ROWS, event_fields, NULL, N_ ("No events.") },
  CTL_SECTION_END,
};

const CtlForm ctl_log_forms[] = { { "", log_sections }, CTL_FORM_END };

/* Events after *@after into @writer; *@after moves on. @n_events: how many they were. */
static gboolean
log_page (CtlRun *run, DdJsonWriter *writer, guint64 *after, guint *n_events, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Log", error);
  g_autoptr (DdJson) json = NULL;
  const DdJsonNode *events = NULL;

  if (request == NULL)
    return FALSE;
  ctl_request_add (request, g_variant_new_uint64 (*after));
  ctl_request_add (request, g_variant_new_uint32 (PAGE));
  json = ctl_run_fetch (run, request, error);
  if (json == NULL || !dd_json_get_array (dd_json_root (json), "events", TRUE, &events, error))
    return FALSE;
  *n_events = dd_json_length (events);
  for (const DdJsonNode *each = dd_json_first (events); each != NULL; each = dd_json_next (each))
    {
      dd_json_write_node (writer, each);
      *after = ctl_shape_number (each, "version");
    }
  return TRUE;
}

gboolean
ctl_verb_log (CtlRun *run, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  guint64 after = (guint64)MAX (log_after, 0);
  guint n_events;

  if (log_after < 0)
    return ctl_usage (error, _ ("--after is a version, from 0"));
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "events");
  dd_json_write_begin_array (writer);
  do
    if (!log_page (run, writer, &after, &n_events, error))
      return FALSE;
  while (n_events == PAGE);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, log_sections, writer, error);
}

static char *export_format;
static char *export_output;
static gint export_revision;
static gboolean export_request;

const GOptionEntry ctl_export_options[] = {
  { "format", 0, 0, G_OPTION_ARG_STRING, &export_format,
    N_ ("tmf648 and view for the customer; proposal, to edit; sheet, internal"), "FORMAT" },
  { "revision", 0, 0, G_OPTION_ARG_INT, &export_revision,
    N_ ("Of this revision, not of what the deal stands at"), "N" },
  { "request", 0, 0, G_OPTION_ARG_NONE, &export_request, N_ ("Of the customer's request, not of a revision"),
    NULL },
  { "output", 0, 0, G_OPTION_ARG_FILENAME, &export_output, N_ ("Write to this file, whole or not at all"),
    "FILE" },
  G_OPTION_ENTRY_NULL
};

const CtlForm ctl_export_forms[] = { { "", ctl_saved_sections }, CTL_FORM_END };

gboolean
ctl_verb_export (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Export", error);
  g_autoptr (CtlReply) reply = NULL;
  g_autoptr (GBytes) document = NULL;

  if (request == NULL)
    return FALSE;
  if (export_format == NULL)
    return ctl_usage (error, _ ("export needs --format tmf648, view, proposal or sheet"));
  if (!ctl_run_choice ("--format", export_format, "tmf648|view|proposal|sheet", error))
    return FALSE;
  if (export_revision < 0 || (export_revision > 0 && export_request))
    return ctl_usage (error, _ ("--revision is a revision, from 1, and excludes --request"));
  if (export_request)
    ctl_request_option (request, "request", g_variant_new_boolean (TRUE));
  ctl_request_add (request, g_variant_new_string (export_format));
  ctl_request_add (request, g_variant_new_uint32 ((guint32)export_revision));
  reply = ctl_run_send (run, request, error);
  document = reply == NULL ? NULL : ctl_reply_document (reply, 0, error);
  return document != NULL && ctl_save (run, export_format, export_output, document, error);
}
