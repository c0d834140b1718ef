/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the checks found, for people and as JSON.
 *
 * A check fails when it has one failure, whatever else it has; a warning never makes a plugin not conform.
 * Names of checks and keys of the JSON never change. The main thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DD_OUTCOME_PASS,
  DD_OUTCOME_WARN,
  DD_OUTCOME_SKIP,
  DD_OUTCOME_FAIL,
  DD_N_OUTCOMES
} DdOutcome;

/* One check's result. */
typedef struct
{
  char *name;
  const char *claim;  /* (transfer none): what holds when it passes */
  GPtrArray *remarks; /* DdRemark* */
  gboolean hung;      /* a call never returned */
} DdResult;

typedef struct
{
  DdOutcome outcome; /* PASS: a figure or a fact worth knowing */
  char *text;
} DdRemark;

typedef struct
{
  char *plugin; /* id, "" when it isn't known */
  char *path;   /* of its .plugin file */
  GPtrArray *results;
} DdReport;

DdResult *dd_result_new (const char *name, const char *claim);
/* @text: as it is; control characters and what isn't UTF-8 are made visible */
void dd_result_add (DdResult *result, DdOutcome outcome, const char *text);
DdOutcome dd_result_outcome (const DdResult *result);
void dd_result_free (DdResult *result);

DdReport *dd_report_new (const char *plugin, const char *path);
void dd_report_free (DdReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdReport, dd_report_free)

/* Takes @result over, and prints it at once unless @quiet. */
void dd_report_add (DdReport *report, DdResult *result, gboolean quiet);
gboolean dd_report_conforms (const DdReport *report);
void dd_report_print_summary (const DdReport *report);
/* {"checks":[{"claim","name","outcome","remarks":[{"outcome","text"}]}],"conforms","path","plugin","summary"}
 */
char *dd_report_json (const DdReport *report);

G_END_DECLS
