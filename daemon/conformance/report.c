/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See report.h. The main thread.
 */
#include "report.h"

#include "json/writer.h"

#include <string.h>

static const char *const outcome_names[DD_N_OUTCOMES] = { "pass", "warning", "skipped", "fail" };
static const char *const outcome_marks[DD_N_OUTCOMES] = { "pass", "warn", "skip", "FAIL" };

#define NAME_WIDTH 24

static void
remark_free (gpointer data)
{
  DdRemark *remark = data;

  g_free (remark->text);
  g_free (remark);
}

DdResult *
dd_result_new (const char *name, const char *claim)
{
  DdResult *result = g_new0 (DdResult, 1);

  result->name = g_strdup (name);
  result->claim = claim;
  result->remarks = g_ptr_array_new_with_free_func (remark_free);
  return result;
}

/* Texts of a plugin go to a terminal: whatever they hold, they stay on their line. */
static char *
make_visible (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *visible = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (g_unichar_isprint (character))
        g_string_append_unichar (visible, character);
      else
        g_string_append_printf (visible, "\\u{%x}", character);
    }
  return g_string_free (visible, FALSE);
}

void
dd_result_add (DdResult *result, DdOutcome outcome, const char *text)
{
  DdRemark *remark = g_new0 (DdRemark, 1);

  remark->outcome = outcome;
  remark->text = make_visible (text);
  g_ptr_array_add (result->remarks, remark);
}

DdOutcome
dd_result_outcome (const DdResult *result)
{
  DdOutcome worst = DD_OUTCOME_PASS;

  for (guint i = 0; i < result->remarks->len; i++)
    worst = MAX (worst, ((const DdRemark *)result->remarks->pdata[i])->outcome);
  return worst;
}

void
dd_result_free (DdResult *result)
{
  g_free (result->name);
  g_ptr_array_unref (result->remarks);
  g_free (result);
}

DdReport *
dd_report_new (const char *plugin, const char *path)
{
  DdReport *report = g_new0 (DdReport, 1);

  report->plugin = g_strdup (plugin);
  report->path = g_strdup (path);
  report->results = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_result_free);
  return report;
}

void
dd_report_free (DdReport *report)
{
  g_free (report->plugin);
  g_free (report->path);
  g_ptr_array_unref (report->results);
  g_free (report);
}

/* Two are alike when they say the same of different inputs, which come before it, or with other
 * numbers. Facts are all worth their line. */
static gboolean
are_alike (const DdRemark *remark, const DdRemark *other)
{
  const char *a = strstr (remark->text, ": plugin ");
  const char *b = strstr (other->text, ": plugin ");

  if (remark->outcome != other->outcome || remark->outcome == DD_OUTCOME_PASS)
    return FALSE;
  if (a == NULL || b == NULL)
    return strcmp (remark->text, other->text) == 0;
  while (*a != '\0' && *b != '\0' && (*a == *b || (g_ascii_isdigit (*a) && g_ascii_isdigit (*b))))
    {
      gboolean number = g_ascii_isdigit (*a);

      for (a++; number && g_ascii_isdigit (*a);)
        a++;
      for (b++; number && g_ascii_isdigit (*b);)
        b++;
    }
  return *a == *b;
}

/* How many are like the one at @index: those after it, or 0 when there is one before. */
static guint
count_alike (const DdResult *result, guint index, gboolean *out_first)
{
  guint n = 0;

  *out_first = TRUE;
  for (guint i = 0; i < result->remarks->len; i++)
    if (i != index && are_alike (result->remarks->pdata[index], result->remarks->pdata[i]))
      {
        *out_first = *out_first && i > index;
        n++;
      }
  return n;
}

static void
print_remark (const DdResult *result, guint index)
{
  const DdRemark *remark = result->remarks->pdata[index];
  gboolean first;
  guint n_alike = count_alike (result, index, &first);

  if (!first)
    return;
  g_print ("      %s%s\n", remark->outcome == DD_OUTCOME_WARN ? "warning: " : "", remark->text);
  if (n_alike > 0)
    g_print ("      and %u more like it\n", n_alike);
}

static void
print_result (const DdResult *result)
{
  DdOutcome outcome = dd_result_outcome (result);

  g_print ("%s  %-*s %s\n", outcome_marks[outcome], NAME_WIDTH, result->name, result->claim);
  for (guint i = 0; i < result->remarks->len; i++)
    print_remark (result, i);
}

void
dd_report_add (DdReport *report, DdResult *result, gboolean quiet)
{
  g_ptr_array_add (report->results, result);
  if (!quiet)
    print_result (result);
}

static guint
count (const DdReport *report, DdOutcome outcome)
{
  guint n = 0;

  for (guint i = 0; i < report->results->len; i++)
    n += dd_result_outcome (report->results->pdata[i]) == outcome;
  return n;
}

gboolean
dd_report_conforms (const DdReport *report)
{
  return count (report, DD_OUTCOME_FAIL) == 0;
}

void
dd_report_print_summary (const DdReport *report)
{
  guint n_failed = count (report, DD_OUTCOME_FAIL);

  g_print ("%s %s: %u passed, %u failed, %u with warnings, %u skipped\n", report->plugin,
           n_failed == 0 ? "conforms" : "does not conform", count (report, DD_OUTCOME_PASS), n_failed,
           count (report, DD_OUTCOME_WARN), count (report, DD_OUTCOME_SKIP));
}

static void
write_result (DdJsonWriter *writer, const DdResult *result)
{
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "claim", result->claim);
  dd_json_put_string (writer, "name", result->name);
  dd_json_put_string (writer, "outcome", outcome_names[dd_result_outcome (result)]);
  dd_json_write_key (writer, "remarks");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < result->remarks->len; i++)
    {
      const DdRemark *remark = result->remarks->pdata[i];

      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "outcome", outcome_names[remark->outcome]);
      dd_json_put_string (writer, "text", remark->text);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
}

char *
dd_report_json (const DdReport *report)
{
  static const char *const keys[DD_N_OUTCOMES] = { "passed", "warnings", "skipped", "failed" };
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "checks");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < report->results->len; i++)
    write_result (writer, report->results->pdata[i]);
  dd_json_write_end_array (writer);
  dd_json_put_boolean (writer, "conforms", dd_report_conforms (report));
  dd_json_put_string (writer, "path", report->path);
  dd_json_put_string (writer, "plugin", report->plugin);
  dd_json_write_key (writer, "summary");
  dd_json_write_begin_object (writer);
  for (guint outcome = 0; outcome < DD_N_OUTCOMES; outcome++)
    dd_json_put_int64 (writer, keys[outcome], count (report, outcome));
  dd_json_write_end_object (writer);
  dd_json_write_end_object (writer);
  return dd_json_writer_finish (writer, NULL);
}
