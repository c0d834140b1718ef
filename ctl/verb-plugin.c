/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The verb plugin: one table of subcommands. Those that need no daemon are in plugin-new.c and plugin-test.c.
 * One thread.
 */
#include "fault.h"
#include "i18n.h"
#include "plugin.h"
#include "shapes.h"
#include "verbs.h"
#include "word.h"

/* --- list, enable, disable --- */

static const CtlField plugin_fields[] = {
  { "id", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_TEXT, NULL },
  { "kinds", N_ ("Kinds"), CTL_CELL_PROSE, NULL },
  { "stage", N_ ("Stage"), CTL_CELL_TEXT, NULL },
  { "state", N_ ("State"), CTL_CELL_STATE, NULL },
  { "calls", N_ ("Calls"), CTL_CELL_NUMBER, NULL },
  { "failures", N_ ("Failures"), CTL_CELL_NUMBER, NULL },
  { "microseconds", N_ ("µs spent"), CTL_CELL_NUMBER, NULL },
  { "reason", N_ ("Reason"), CTL_CELL_PROSE, NULL },
  { "path", N_ ("File"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlSection plugin_sections[] = {
  { "plugins", NULL, CTL_SHAPE_ROWS, plugin_fields, NULL, N_ ("No plugins.") },
  CTL_SECTION_END,
};

/* For people: what fits into a line. plugin info has the rest. */
static const CtlField line_fields[] = {
  { "id", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "kinds", N_ ("Kinds"), CTL_CELL_PROSE, NULL },
  { "stage", N_ ("Stage"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "state", N_ ("State"), CTL_CELL_STATE, NULL },
  { "failures", N_ ("Failures"), CTL_CELL_NUMBER | CTL_GIVES_WAY (1), NULL },
  { "reason", N_ ("Reason"), CTL_CELL_PROSE, NULL },
  CTL_FIELD_END,
};

static const CtlSection line_sections[] = {
  { "plugins", NULL, CTL_SHAPE_ROWS, line_fields, NULL, N_ ("No plugins.") },
  CTL_SECTION_END,
};

static gboolean
list_plugins (CtlRun *run, GError **error)
{
  static const char *const keys[] = { "id",     "version", "kinds", "stage",    "state",
                                      "reason", "path",    "calls", "failures", "microseconds" };
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_PLUGINS, "Plugins", "List");

  return ctl_run_print_array (run, request, keys, run->json ? plugin_sections : line_sections, error);
}

static void
suggest_plugin (CtlRun *run, GError **error)
{
  static const CtlNames plugins = { CTL_PATH_PLUGINS, "Plugins", "List", NULL };

  ctl_run_suggest (run, &plugins, run->words[1], error);
}

/* People get one line, that it's done; programs all plugins, as they are now. */
static gboolean
switch_plugin (CtlRun *run, const char *method, const char *done, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_PLUGINS, "Plugins", method);
  g_autoptr (CtlReply) reply = NULL;
  g_autofree char *line = NULL;

  ctl_request_add (request, g_variant_new_string (run->words[1]));
  reply = ctl_run_send (run, request, error);
  if (reply == NULL)
    {
      suggest_plugin (run, error);
      return FALSE;
    }
  if (run->json)
    return list_plugins (run, error);
  line = g_strconcat (run->words[1], ": ", done, "\n", NULL);
  return ctl_run_print_text (line, error);
}

static gboolean
enable_plugin (CtlRun *run, GError **error)
{
  return switch_plugin (run, "Enable", _ ("enabled"), error);
}

static gboolean
disable_plugin (CtlRun *run, GError **error)
{
  return switch_plugin (run, "Disable", _ ("disabled"), error);
}

/* --- info --- */

/* One that was refused has never run: (transfer full) "" for what only a run has. */
static char *
format_of_run (const DdJsonNode *row, const char *key)
{
  if (g_str_equal (ctl_shape_text (row, "state"), "refused"))
    return g_strdup ("");
  return g_strdup (ctl_shape_text (row, key));
}

static char *
format_isolation (const DdJsonNode *row)
{
  return format_of_run (row, "isolation");
}

static char *
format_restarts (const DdJsonNode *row)
{
  return format_of_run (row, "restarts");
}

static char *
format_calls (const DdJsonNode *row)
{
  return format_of_run (row, "calls");
}

static char *
format_failures (const DdJsonNode *row)
{
  return format_of_run (row, "failures");
}

static char *
format_microseconds (const DdJsonNode *row)
{
  return format_of_run (row, "microseconds");
}

static const CtlField info_fields[] = {
  { "id", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_TEXT, NULL },
  { "kinds", N_ ("Kinds"), CTL_CELL_PROSE, NULL },
  { "stage", N_ ("Stage"), CTL_CELL_TEXT, NULL },
  { "state", N_ ("State"), CTL_CELL_STATE, NULL },
  { "reason", N_ ("Reason"), CTL_CELL_PROSE, NULL },
  { "isolation", N_ ("Runs in"), CTL_CELL_TEXT, format_isolation },
  { "network", N_ ("Network"), CTL_CELL_YES, NULL },
  { "pid", N_ ("Process"), CTL_CELL_NUMBER, NULL },
  { "restarts", N_ ("Restarts"), CTL_CELL_NUMBER, format_restarts },
  { "calls", N_ ("Calls"), CTL_CELL_NUMBER, format_calls },
  { "failures", N_ ("Failures"), CTL_CELL_NUMBER, format_failures },
  { "lastFault", N_ ("Last fault"), CTL_CELL_PROSE, NULL },
  { "microseconds", N_ ("µs spent"), CTL_CELL_NUMBER, format_microseconds },
  { "path", N_ ("File"), CTL_CELL_TEXT, NULL },
  { "module", N_ ("Module"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField info_option_fields[] = {
  { "name", N_ ("Option"), CTL_CELL_TEXT, NULL },
  { "type", N_ ("Type"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "value", N_ ("Value"), CTL_CELL_PROSE, NULL },
  { "default", N_ ("Default"), CTL_CELL_PROSE | CTL_GIVES_WAY (1), NULL },
  { "description", N_ ("Description"), CTL_CELL_PROSE, NULL },
  CTL_FIELD_END,
};

static const CtlField info_dataset_fields[] = {
  { "name", N_ ("Dataset"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, ctl_shape_format_imported },
  { "columns", N_ ("Columns"), CTL_CELL_PROSE, ctl_shape_format_columns },
  CTL_FIELD_END,
};

static const CtlSection info_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, info_fields, NULL, NULL },
  { "options", N_ ("Options"), CTL_SHAPE_ROWS, info_option_fields, NULL, NULL },
  { "datasets", N_ ("Datasets that it reads"), CTL_SHAPE_ROWS, info_dataset_fields, NULL, NULL },
  CTL_SECTION_END,
};

static gboolean
describe_plugin (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_PLUGINS, "Plugins", "Info");

  ctl_request_add (request, g_variant_new_string (run->words[1]));
  if (ctl_run_print_reply (run, request, info_sections, error))
    return TRUE;
  suggest_plugin (run, error);
  return FALSE;
}

/* --- why --- */

static const CtlField why_fields[] = {
  { "deal", N_ ("Deal"), CTL_CELL_TEXT, NULL },
  { "revision", N_ ("Revision"), CTL_CELL_NUMBER, NULL },
  CTL_FIELD_END,
};

static const CtlField why_source_fields[] = {
  { "plugin", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField why_dataset_fields[] = {
  { "name", N_ ("Dataset"), CTL_CELL_TEXT, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, ctl_shape_format_imported },
  CTL_FIELD_END,
};

static const CtlField why_call_fields[] = {
  { "plugin", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "kind", N_ ("Kind"), CTL_CELL_TEXT | CTL_GIVES_WAY (1), NULL },
  { "calls", N_ ("Calls"), CTL_CELL_NUMBER, NULL },
  { "failures", N_ ("Failures"), CTL_CELL_NUMBER, NULL },
  { "microseconds", N_ ("µs spent"), CTL_CELL_NUMBER | CTL_GIVES_WAY (3), NULL },
  { "lastAt", N_ ("Last"), CTL_CELL_TIME | CTL_GIVES_WAY (2), NULL },
  { "lastFault", N_ ("Last fault"), CTL_CELL_PROSE, NULL },
  CTL_FIELD_END,
};

static const CtlSection why_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, why_fields, NULL, NULL },
  { "sources", N_ ("Plugins behind its price sheet"), CTL_SHAPE_ROWS, why_source_fields, NULL,
    N_ ("No plugin has priced a revision that was tabled.") },
  { "datasets", N_ ("Datasets behind its price sheet"), CTL_SHAPE_ROWS, why_dataset_fields, NULL, NULL },
  { "calls", N_ ("Calls since the daemon started"), CTL_SHAPE_ROWS, why_call_fields, NULL,
    N_ ("No calls for it since the daemon started.") },
  CTL_SECTION_END,
};

static gboolean
explain_deal (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = NULL;
  g_autofree char *deal = ctl_run_deal_word (run->words[1], error);

  if (deal == NULL)
    return FALSE;
  if (ctl_plugin_revision < 0)
    return ctl_usage (error, _ ("--revision is a revision, from 1"));
  request = ctl_request_new (CTL_PATH_PLUGINS, "Plugins", "Why");
  ctl_request_add (request, g_variant_new_string (deal));
  if (ctl_plugin_revision > 0)
    ctl_request_option (request, "revision", g_variant_new_uint32 ((guint32)ctl_plugin_revision));
  return ctl_run_print_reply (run, request, why_sections, error);
}

/* --- the table --- */

const CtlForm ctl_plugin_forms[] = {
  { "", plugin_sections },
  { "info", info_sections },
  { "why", why_sections },
  { "new", ctl_plugin_new_sections },
  { "test", ctl_plugin_test_sections },
  CTL_FORM_END,
};

typedef struct
{
  const char *name;
  const char *usage; /* the words after it */
  guint min_words;
  guint max_words;
  gboolean (*run) (CtlRun *run, GError **error);
} Subcommand;

static const Subcommand subcommands[] = {
  { "list", "", 0, 0, list_plugins },
  { "info", "PLUGIN", 1, 1, describe_plugin },
  { "enable", "PLUGIN", 1, 1, enable_plugin },
  { "disable", "PLUGIN", 1, 1, disable_plugin },
  { "why", "DEAL [--revision N]", 1, 1, explain_deal },
  { "test", "PATH [ARGUMENT...]", 1, G_MAXUINT, ctl_plugin_test },
  { "new", "NAME --kind KIND [--directory DIR]", 1, 1, ctl_plugin_new },
};

static gboolean
fail_unknown (const char *word, GError **error)
{
  const char *names[G_N_ELEMENTS (subcommands) + 1] = { NULL };
  g_autofree char *known = NULL;
  const char *nearest;

  for (guint i = 0; i < G_N_ELEMENTS (subcommands); i++)
    names[i] = subcommands[i].name;
  nearest = ctl_word_nearest (word, names);
  if (nearest != NULL)
    return ctl_usage (error, _ ("plugin knows no “%s”; did you mean %s?"), word, nearest);
  known = g_strjoinv (", ", (char **)names);
  return ctl_usage (error, _ ("plugin knows no “%s”; it knows %s"), word, known);
}

gboolean
ctl_verb_plugin (CtlRun *run, GError **error)
{
  guint n_words = run->n_words - 1;

  for (guint i = 0; i < G_N_ELEMENTS (subcommands); i++)
    {
      const Subcommand *subcommand = &subcommands[i];

      if (!g_str_equal (subcommand->name, run->words[0]))
        continue;
      if (n_words < subcommand->min_words || n_words > subcommand->max_words)
        return ctl_usage (error, _ ("it should be dealctl plugin %s%s%s"), subcommand->name,
                          *subcommand->usage == '\0' ? "" : " ", subcommand->usage);
      if (ctl_plugin_revision != 0 && subcommand->run != explain_deal)
        return ctl_usage (error, _ ("--revision belongs to plugin why"));
      return subcommand->run (run, error);
    }
  return fail_unknown (run->words[0], error);
}
