/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The verb config: dealdeskd itself, which knows its keys and the plugins' options, reads the configuration
 * as a start would; this prints what it found. No bus. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "i18n.h"
#include "program.h"
#include "shapes.h"
#include "word.h"
#include "json/writer.h"

#include <string.h>

/* Where it is from the folder of this program, in the build tree. */
#define BESIDE "../daemon/dealdeskd"

static char **plugin_dirs;

const GOptionEntry ctl_config_options[] = { { "plugin-dir", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &plugin_dirs,
                                              N_ ("Where plugins are, as of dealdeskd; more than once"),
                                              "DIR" },
                                            G_OPTION_ENTRY_NULL };

static const CtlField file_fields[] = {
  { "file", N_ ("File"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

/* "dealdesk.conf:12" */
static char *
format_place (const DdJsonNode *row)
{
  const char *line = ctl_shape_text (row, "line");

  return g_strconcat (ctl_shape_text (row, "file"), *line == '\0' ? "" : ":", line, NULL);
}

static const CtlField finding_fields[] = {
  { "file", N_ ("File"), CTL_CELL_TEXT, format_place }, { "group", N_ ("Group"), CTL_CELL_TEXT, NULL },
  { "key", N_ ("Key"), CTL_CELL_TEXT, NULL },           { "line", NULL, CTL_CELL_NUMBER, NULL },
  { "message", N_ ("Finding"), CTL_CELL_PROSE, NULL },  CTL_FIELD_END,
};

static const CtlSection check_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, file_fields, NULL, NULL },
  { "findings", NULL, CTL_SHAPE_ROWS, finding_fields, NULL, N_ ("No findings.") },
  CTL_SECTION_END,
};

static const CtlField value_fields[] = {
  { "group", N_ ("Group"), CTL_CELL_TEXT, NULL },
  { "key", N_ ("Key"), CTL_CELL_TEXT, NULL },
  { "value", N_ ("Value"), CTL_CELL_PROSE, NULL },
  { "source", N_ ("From"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlSection show_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, file_fields, NULL, NULL },
  { "values", NULL, CTL_SHAPE_ROWS, value_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_config_forms[] = {
  { "check", check_sections },
  { "show", show_sections },
  CTL_FORM_END,
};

/* What it printed with @option, and its exit status. (transfer full) (nullable) */
static char *
run_daemon (const CtlRun *run, const char *option, int *out_status, GError **error)
{
  g_autofree char *daemon = ctl_program_find (BESIDE, DEALDESK_DAEMON);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) local = NULL;
  g_auto (GStrv) words = NULL;
  char *text = NULL;

  g_strv_builder_add_many (builder, daemon, option, "--json", NULL);
  if (run->session)
    g_strv_builder_add (builder, "--session");
  if (run->n_words > 1)
    g_strv_builder_add_many (builder, "--config", run->words[1], NULL);
  for (guint i = 0; plugin_dirs != NULL && plugin_dirs[i] != NULL; i++)
    g_strv_builder_add_many (builder, "--plugin-dir", plugin_dirs[i], NULL);
  words = g_strv_builder_end (builder);
  process = g_subprocess_newv ((const char *const *)words, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &local);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &text, NULL, &local))
    {
      dd_fail (error, DD_ERROR_FAILED, _ ("%s can't be run: %s"), daemon, local->message);
      return NULL;
    }
  *out_status =
    g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : CTL_EXIT_FAILED;
  return text;
}

static gboolean
fail_unknown (const char *word, GError **error)
{
  static const char *const known[] = { "check", "show", NULL };
  const char *nearest = ctl_word_nearest (word, known);

  if (nearest != NULL)
    return ctl_usage (error, _ ("config knows no “%s”; did you mean %s?"), word, nearest);
  return ctl_usage (error, _ ("it should be dealctl config check [FILE] or dealctl config show [FILE]"));
}

/* --- lines --- */

/* "[group]" in @line, or NULL. (transfer full) */
static char *
group_in (const char *line)
{
  const char *end = line[0] == '[' ? strrchr (line, ']') : NULL;

  return end == NULL ? NULL : g_strndup (line + 1, (gsize)(end - line - 1));
}

static gboolean
has_key (const char *line, const char *key)
{
  gsize length = strlen (key);

  return g_str_has_prefix (line, key) && line[length + strspn (line + length, " \t")] == '=';
}

/* Where @group, and in it @key (nullable), stands in @lines, from 1; 0: nowhere. What stands there twice is
 * wrong at the second place. */
static guint
line_of (char **lines, const char *group, const char *key)
{
  g_autofree char *current = NULL;
  guint found = 0;
  guint found_group = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *begun = group_in (g_strstrip (lines[i]));

      if (begun != NULL)
        {
          g_free (current);
          current = begun;
          if (g_str_equal (current, group))
            found_group = i + 1;
        }
      else if (key != NULL && g_strcmp0 (current, group) == 0 && has_key (lines[i], key))
        found = i + 1;
    }
  return found > 0 ? found : found_group;
}

static guint
line_of_finding (const DdJsonNode *finding)
{
  const char *group = ctl_shape_text (finding, "group");
  const char *key = ctl_shape_text (finding, "key");
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (*group == '\0' || !g_file_get_contents (ctl_shape_text (finding, "file"), &text, NULL, NULL))
    return 0;
  lines = g_strsplit (text, "\n", -1);
  return line_of (lines, group, *key == '\0' ? NULL : key);
}

/* The daemon's document with the line of each finding. */
static gboolean
print_checked (CtlRun *run, const DdJsonNode *root, GError **error)
{
  static const char *const rewritten[] = { "findings", NULL };
  static const char *const nothing[] = { NULL };
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  const DdJsonNode *findings = NULL;

  if (!dd_json_get_array (root, "findings", TRUE, &findings, error))
    return FALSE;
  dd_json_write_begin_object (writer);
  ctl_shape_copy_members (writer, root, rewritten);
  dd_json_write_key (writer, "findings");
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *each = dd_json_first (findings); each != NULL; each = dd_json_next (each))
    {
      guint line = line_of_finding (each);

      dd_json_write_begin_object (writer);
      ctl_shape_copy_members (writer, each, nothing);
      if (line > 0)
        dd_json_put_int64 (writer, "line", line);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, check_sections, writer, error);
}

gboolean
ctl_verb_config (CtlRun *run, GError **error)
{
  gboolean check = g_str_equal (run->words[0], "check");
  g_autofree char *text = NULL;
  g_autoptr (DdJson) json = NULL;
  int status = 0;

  if (!check && !g_str_equal (run->words[0], "show"))
    return fail_unknown (run->words[0], error);
  text = run_daemon (run, check ? "--check-config" : "--show-config", &status, error);
  if (text == NULL)
    return FALSE;
  if (*text == '\0')
    return dd_fail (error, DD_ERROR_FAILED, _ ("the configuration can't be read"));
  json = dd_json_parse (text, strlen (text), NULL, error);
  if (json == NULL)
    return FALSE;
  if (check ? !print_checked (run, dd_json_root (json), error)
            : !ctl_run_print (run, show_sections, dd_json_root (json), error))
    return FALSE;
  return status == 0 || dd_fail (error, DD_ERROR_FAILED, _ ("the configuration isn't right"));
}
