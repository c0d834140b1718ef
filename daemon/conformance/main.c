/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealdesk-plugin-check: whether a plugin keeps what dealdesk-plugin.h asks of it.
 *
 * Exit status: 0 it conforms, 1 it doesn't, 2 it couldn't be tested. One thread; a plugin's code runs in
 * children only.
 */
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "checks/checks.h"
#include "number/decimal.h"
#include "checks/tables.h"

#define STATUS_CONFORMS   0
#define STATUS_DOES_NOT   1
#define STATUS_NOT_TESTED 2
#define DEFAULT_DEADLINE  "5"
#define DEFAULT_RUNS      1000
#define MAX_DEADLINE      3600

static char **dataset_arguments;
static char **option_arguments;
static char **only_arguments;
static char **paths;
static char *deadline_argument;
static char *runner_argument;
static int runs_argument = DEFAULT_RUNS;
static gboolean json_wanted;
static gboolean call_few;

static const GOptionEntry entries[] = {
  { "dataset", 0, 0, G_OPTION_ARG_STRING_ARRAY, &dataset_arguments, "Rows of a dataset that it reads",
    "NAME=FILE.csv" },
  { "option", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_arguments, "Value of one of its options",
    "NAME=VALUE" },
  { "deadline", 0, 0, G_OPTION_ARG_STRING, &deadline_argument, "Of one call (" DEFAULT_DEADLINE ")",
    "SECONDS" },
  { "runs", 0, 0, G_OPTION_ARG_INT, &runs_argument, "How often the same is asked (1000)", "N" },
  { "only", 0, 0, G_OPTION_ARG_STRING_ARRAY, &only_arguments,
    "Make this check, or all that begin so; may be repeated", "CHECK" },
  { "runner", 0, 0, G_OPTION_ARG_FILENAME, &runner_argument, "Program for isolated plugins", "PROGRAM" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &json_wanted, "Print one JSON document", NULL },
  { "call-few", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &call_few, NULL, NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
  G_OPTION_ENTRY_NULL,
};

static gboolean
read_arguments (int argc, char **argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("PATH");

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context,
                                "Tests a dealdesk plugin: PATH is its .so, its .plugin, or the directory "
                                "of both.");
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  if (paths == NULL || paths[0] == NULL || paths[1] != NULL)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "name one plugin: its .so, its .plugin, or the directory of both");
  return TRUE;
}

static gboolean
read_limits (DdSubject *subject, GError **error)
{
  const char *deadline = deadline_argument != NULL ? deadline_argument : DEFAULT_DEADLINE;

  if (!dd_decimal_parse (deadline, -1, DD_MICROS_SCALE, &subject->deadline_usec, NULL) ||
      subject->deadline_usec <= 0 || subject->deadline_usec > MAX_DEADLINE * (gint64)G_USEC_PER_SEC)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "--deadline must be a number of seconds up to %d",
                    MAX_DEADLINE);
  if (runs_argument < 1)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "--runs must be 1 or more");
  for (guint i = 0; only_arguments != NULL && only_arguments[i] != NULL; i++)
    if (!dd_checks_know (only_arguments[i]))
      {
        g_autofree char *known = dd_checks_list ();

        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "there is no check \"%s\", and none begins so: there are %s", only_arguments[i],
                        known);
      }
  subject->only = only_arguments;
  subject->runner = runner_argument != NULL ? runner_argument : DD_RUNNER_PATH;
  subject->runs = (guint)runs_argument;
  return TRUE;
}

/* Rows that fit what it declares can be made: otherwise nothing could be tested, and that isn't the plugin's
 * fault. */
static gboolean
check_tables (const DdSubject *subject, GError **error)
{
  DdTables *tables = dd_tables_new (subject->manifest->datasets, subject, error);

  if (tables != NULL)
    dd_tables_free (tables);
  return tables != NULL;
}

static gboolean
read_inputs (DdSubject *subject, GError **error)
{
  if (!read_limits (subject, error))
    return FALSE;
  /* without its file nothing says what it reads: that is the finding */
  if (subject->manifest == NULL)
    return TRUE;
  for (guint i = 0; option_arguments != NULL && option_arguments[i] != NULL; i++)
    if (!dd_subject_set_option (subject, option_arguments[i], error))
      return FALSE;
  for (guint i = 0; dataset_arguments != NULL && dataset_arguments[i] != NULL; i++)
    if (!dd_subject_set_dataset (subject, dataset_arguments[i], error))
      return FALSE;
  return check_tables (subject, error);
}

static int
report_on (const DdSubject *subject)
{
  g_autoptr (DdReport) report = dd_report_new (subject->id, subject->manifest_path);

  if (call_few)
    return dd_checks_call_few (subject) ? STATUS_CONFORMS : STATUS_DOES_NOT;
  dd_checks_run (subject, report, json_wanted);
  if (json_wanted)
    {
      g_autofree char *json = dd_report_json (report);

      g_print ("%s\n", json);
    }
  else
    dd_report_print_summary (report);
  return dd_report_conforms (report) ? STATUS_CONFORMS : STATUS_DOES_NOT;
}

/* What the host tells a journal isn't for an author: the report has it. What is fatal still is said. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if (level & (G_LOG_FLAG_FATAL | G_LOG_LEVEL_ERROR))
    return g_log_writer_default (level, fields, n_fields, data);
  return G_LOG_WRITER_HANDLED;
}

int
main (int argc, char **argv)
{
  g_autoptr (DdSubject) subject = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) again = g_strdupv (argv + 1);
  int status = STATUS_NOT_TESTED;

  setlocale (LC_ALL, "");
  g_log_set_writer_func (write_log, NULL, NULL);
  /* What is staged may never be written by others, or the host refuses it: not the author's fault. */
  umask (022);
  if (read_arguments (argc, argv, &error))
    subject = dd_subject_new (paths[0], &error);
  if (subject != NULL && read_inputs (subject, &error))
    {
      subject->arguments = again;
      status = report_on (subject);
    }
  if (error != NULL)
    g_printerr ("dealdesk-plugin-check: %s\n", error->message);
  g_strfreev (dataset_arguments);
  g_strfreev (option_arguments);
  g_strfreev (only_arguments);
  g_strfreev (paths);
  g_free (deadline_argument);
  g_free (runner_argument);
  return status;
}
