/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Price sheets replayed (see price-replay.h). What the daemon says of today is printed as one document with
 * what it says of then. One thread.
 */
#include "price-replay.h"
#include "usage.h"
#include "i18n.h"
#include "shapes.h"
#include "json/writer.h"

/* --- cells --- */

static char *
format_same (const DdJsonNode *row)
{
  return g_strdup (ctl_shape_is_true (row, "same") ? _ ("the same bytes")
                                                   : _ ("other bytes than are recorded"));
}

/* What asking again came to, in words. */
static char *
format_today (const DdJsonNode *row)
{
  const char *refused = ctl_shape_text (row, "refused");
  const DdJsonNode *charges = dd_json_member (row, "charges");
  guint n = charges != NULL ? dd_json_length (charges) : 0;

  if (refused[0] != '\0')
    return g_strdup_printf (_ ("no price: %s"), refused);
  if (g_str_equal (ctl_shape_text (row, "sheetNow"), ctl_shape_text (row, "sheet")))
    return g_strdup (_ ("the same sheet"));
  if (n == 0)
    return g_strdup (_ ("the same prices, from other versions"));
  return g_strdup_printf (CTL_N ("%u charge comes out otherwise", "%u charges come out otherwise", n), n);
}

/* A dataset's version, where there is one; (transfer full) */
static char *
format_version (const DdJsonNode *row, const char *key)
{
  const char *version = ctl_shape_text (row, key);

  return g_strdup (g_str_equal (version, "0") ? _ ("none imported") : version);
}

static char *
format_then (const DdJsonNode *row)
{
  return format_version (row, "then");
}

static char *
format_now (const DdJsonNode *row)
{
  return format_version (row, "now");
}

/* "charges@1 → charges@2", or the one that there is. (transfer full) */
static char *
format_pair (const DdJsonNode *row, const char *then_key, const char *now_key)
{
  const char *then = ctl_shape_text (row, then_key);
  const char *now = ctl_shape_text (row, now_key);

  if (then[0] == '\0' || now[0] == '\0' || g_str_equal (then, now))
    return g_strdup (then[0] != '\0' ? then : now);
  return g_strdup_printf ("%s → %s", then, now);
}

static char *
format_sources (const DdJsonNode *row)
{
  return format_pair (row, "sourceThen", "sourceNow");
}

static char *
format_effects (const DdJsonNode *row)
{
  return format_pair (row, "effectThen", "effectNow");
}

static char *
format_taxes (const DdJsonNode *row)
{
  return format_pair (row, "taxThen", "taxNow");
}

static char *
format_costs (const DdJsonNode *row)
{
  return format_pair (row, "costThen", "costNow");
}

/* A step that no rule made is known by its label or its kind. */
static char *
format_rule (const DdJsonNode *row)
{
  static const char *const keys[] = { "rule", "label", "kind" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (ctl_shape_text (row, keys[i])[0] != '\0')
      return g_strdup (ctl_shape_text (row, keys[i]));
  return g_strdup ("");
}

/* --- sections --- */

static const CtlField replay_fields[] = {
  { "revision", N_ ("Revision"), CTL_CELL_NUMBER, NULL },
  { "sheet", N_ ("Sheet"), CTL_CELL_DIGEST, NULL },
  { "same", N_ ("Computed again"), CTL_CELL_YES, format_same },
  { "replayed", NULL, CTL_CELL_DIGEST, NULL },
  { "arithmetic", NULL, CTL_CELL_NUMBER, NULL },
  CTL_FIELD_END,
};

static const CtlField plugin_fields[] = {
  { "plugin", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField dataset_fields[] = {
  { "name", N_ ("Dataset"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, ctl_shape_format_imported },
  CTL_FIELD_END,
};

static const CtlSection charge_rows = { "charges", NULL, CTL_SHAPE_ROWS, ctl_charge_fields, NULL, NULL };

const CtlSection ctl_replay_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, replay_fields, NULL, NULL },
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, ctl_total_fields, NULL, N_ ("No charges.") },
  { "figures", N_ ("Over the commitment"), CTL_SHAPE_ROWS, ctl_figure_fields, NULL, NULL },
  { "sources", N_ ("Plugins behind its price sheet"), CTL_SHAPE_ROWS, plugin_fields, NULL, NULL },
  { "datasets", N_ ("Datasets behind its price sheet"), CTL_SHAPE_ROWS, dataset_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlSection ctl_replay_line_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, replay_fields, NULL, NULL },
  { "lines", N_ ("Lines"), CTL_SHAPE_ROWS, ctl_line_fields, &charge_rows, N_ ("No lines.") },
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, ctl_total_fields, NULL, N_ ("No charges.") },
  { "figures", N_ ("Over the commitment"), CTL_SHAPE_ROWS, ctl_figure_fields, NULL, NULL },
  { "sources", N_ ("Plugins behind its price sheet"), CTL_SHAPE_ROWS, plugin_fields, NULL, NULL },
  { "datasets", N_ ("Datasets behind its price sheet"), CTL_SHAPE_ROWS, dataset_fields, NULL, NULL },
  CTL_SECTION_END,
};

static const CtlField ask_again_fields[] = {
  { "revision", N_ ("Revision"), CTL_CELL_NUMBER, NULL },
  { "sheet", N_ ("Sheet"), CTL_CELL_DIGEST, NULL },
  { "same", N_ ("Computed again"), CTL_CELL_YES, format_same },
  { "replayed", NULL, CTL_CELL_DIGEST, NULL },
  { "arithmetic", NULL, CTL_CELL_NUMBER, NULL },
  { "refused", N_ ("Asked again"), CTL_CELL_PROSE, format_today },
  { "sheetNow", N_ ("Sheet today"), CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlField changed_plugin_fields[] = {
  { "plugin", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "then", N_ ("Then"), CTL_CELL_TEXT, NULL },
  { "now", N_ ("Today"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField changed_dataset_fields[] = {
  { "name", N_ ("Dataset"), CTL_CELL_TEXT, NULL },
  { "then", N_ ("Then"), CTL_CELL_NUMBER, format_then },
  { "now", N_ ("Today"), CTL_CELL_NUMBER, format_now },
  CTL_FIELD_END,
};

static const CtlField reason_fields[] = {
  { "stage", N_ ("Stage"), CTL_CELL_TEXT | CTL_GIVES_WAY (4), NULL },
  { "rule", N_ ("Rule"), CTL_CELL_TEXT, format_rule },
  { "label", NULL, CTL_CELL_PROSE, NULL },
  { "kind", NULL, CTL_CELL_TEXT, NULL },
  { "change", N_ ("Change"), CTL_CELL_TEXT, NULL },
  { "sourceThen", N_ ("Source"), CTL_CELL_TEXT, format_sources },
  { "sourceNow", NULL, CTL_CELL_TEXT, NULL },
  { "effectThen", N_ ("Effect"), CTL_CELL_MONEY | CTL_GIVES_WAY (2), format_effects },
  { "effectNow", NULL, CTL_CELL_MONEY, NULL },
  CTL_FIELD_END,
};

static const CtlField changed_charge_fields[] = {
  { "line", N_ ("Line"), CTL_CELL_TEXT, NULL },
  { "charge", N_ ("Charge"), CTL_CELL_TEXT, NULL },
  { "name", NULL, CTL_CELL_PROSE, NULL },
  { "type", N_ ("Kind"), CTL_CELL_TEXT | CTL_GIVES_WAY (6), ctl_shape_charge_kind },
  { "period", NULL, CTL_CELL_TEXT, NULL },
  { "currency", NULL, CTL_CELL_TEXT, NULL },
  { "firstYear", N_ ("Years"), CTL_CELL_NUMBER, ctl_shape_years },
  { "lastYear", NULL, CTL_CELL_NUMBER, NULL },
  { "then", N_ ("Then"), CTL_CELL_MONEY, NULL },
  { "now", N_ ("Today"), CTL_CELL_MONEY, NULL },
  { "difference", N_ ("Difference"), CTL_CELL_MONEY | CTL_GIVES_WAY (5), NULL },
  { "taxThen", N_ ("Tax"), CTL_CELL_MONEY | CTL_GIVES_WAY (3), format_taxes },
  { "taxNow", NULL, CTL_CELL_MONEY, NULL },
  { "costThen", N_ ("Cost"), CTL_CELL_MONEY | CTL_GIVES_WAY (1), format_costs },
  { "costNow", NULL, CTL_CELL_MONEY, NULL },
  { "listThen", NULL, CTL_CELL_MONEY, NULL },
  { "listNow", NULL, CTL_CELL_MONEY, NULL },
  CTL_FIELD_END,
};

static const CtlField changed_total_fields[] = {
  { "type", N_ ("Charges"), CTL_CELL_TEXT, ctl_shape_charge_kind },
  { "period", NULL, CTL_CELL_TEXT, NULL },
  { "currency", NULL, CTL_CELL_TEXT, NULL },
  { "firstYear", N_ ("Years"), CTL_CELL_NUMBER, ctl_shape_years },
  { "lastYear", NULL, CTL_CELL_NUMBER, NULL },
  { "then", N_ ("Then"), CTL_CELL_MONEY, NULL },
  { "now", N_ ("Today"), CTL_CELL_MONEY, NULL },
  { "difference", N_ ("Difference"), CTL_CELL_MONEY, NULL },
  CTL_FIELD_END,
};

static const CtlSection reason_rows = { "why", NULL, CTL_SHAPE_ROWS, reason_fields, NULL, NULL };

const CtlSection ctl_ask_again_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, ask_again_fields, NULL, NULL },
  { "sources", N_ ("Plugins of another version"), CTL_SHAPE_ROWS, changed_plugin_fields, NULL, NULL },
  { "datasets", N_ ("Datasets of another version"), CTL_SHAPE_ROWS, changed_dataset_fields, NULL, NULL },
  { "charges", N_ ("Charges that come out otherwise"), CTL_SHAPE_ROWS, changed_charge_fields, &reason_rows,
    NULL },
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, changed_total_fields, NULL, NULL },
  CTL_SECTION_END,
};

/* --- the call --- */

/* Then's own members, and today's instead of those that both have. */
static void
write_both (DdJsonWriter *writer, const DdJsonNode *reply, const DdJsonNode *now)
{
  static const char *const of_now[] = { "now", "sources", "datasets", "lines", "totals", "figures", NULL };
  static const char *const renamed[] = { "sheet", NULL };
  const char *sheet = ctl_shape_text (now, "sheet");

  dd_json_write_begin_object (writer);
  ctl_shape_copy_members (writer, reply, of_now);
  ctl_shape_copy_members (writer, now, renamed);
  if (sheet[0] != '\0')
    dd_json_put_string (writer, "sheetNow", sheet);
  dd_json_write_end_object (writer);
}

static gboolean
print (CtlRun *run, const DdJsonNode *reply, gboolean lines, GError **error)
{
  const DdJsonNode *now = dd_json_member (reply, "now");
  g_autoptr (DdJsonWriter) writer = NULL;

  if (now == NULL || dd_json_type (now) != DD_JSON_OBJECT)
    return ctl_run_print (run, lines ? ctl_replay_line_sections : ctl_replay_sections, reply, error);
  writer = dd_json_writer_new ();
  write_both (writer, reply, now);
  return ctl_run_print_written (run, ctl_ask_again_sections, writer, error);
}

gboolean
ctl_price_replay (CtlRun *run, gboolean lines, gboolean ask_again, GError **error)
{
  g_autoptr (CtlRequest) request = NULL;
  g_autoptr (DdJson) json = NULL;
  guint revision;

  if (run->n_words < 2)
    return ctl_usage (error, _ ("a word is missing: it should be dealctl price --replay DEAL REVISION"));
  if (!ctl_run_number (run->words[1], N_ ("revision"), &revision, error))
    return FALSE;
  request = ctl_run_deal_request (run, "Replay", error);
  if (request == NULL)
    return FALSE;
  ctl_request_add (request, g_variant_new_uint32 (revision));
  if (ask_again)
    ctl_request_option (request, "ask-again", g_variant_new_boolean (TRUE));
  json = ctl_run_fetch (run, request, error);
  if (json == NULL || !print (run, dd_json_root (json), lines, error))
    return FALSE;
  if (ctl_shape_is_true (dd_json_root (json), "same"))
    return TRUE;
  return dd_fail (error, DD_ERROR_STORE_DAMAGED,
                  _ ("revision %u: computing its price sheet again gives other bytes than are recorded"),
                  revision);
}
