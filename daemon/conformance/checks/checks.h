/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The checks: one row each, in the order of the report. Each runs in a child of its own, and says what it
 * found through its trial; one that says nothing has passed.
 */
#pragma once

#include "cases/cases.h"
#include "subject.h"
#include "trial.h"

G_BEGIN_DECLS

/* For any kind. */
#define DD_ANY_KIND (-1)

/* Runs every check that applies to @subject. @quiet: prints nothing. */
void dd_checks_run (const DdSubject *subject, DdReport *report, gboolean quiet);

/* Whether there is a check of this name, or one that begins so. */
gboolean dd_checks_know (const char *name);
/* The names of all, with ", " between. (transfer full) */
char *dd_checks_list (void);

/* A few calls of every kind without a child, for a tool that watches this process. FALSE: it can't be loaded.
 */
gboolean dd_checks_call_few (const DdSubject *subject);

/* --- load.c: mapping, tables, opening; data: none --- */
void dd_check_load (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_abi (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_tables (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_exports (DdTrial *trial, const DdSubject *subject, gconstpointer data);

/* --- open.c; data: none --- */
void dd_check_open (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_reopen (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_options (DdTrial *trial, const DdSubject *subject, gconstpointer data);

/* --- answers.c; data: DdAnswersOf --- */
typedef struct
{
  DdKind kind;
  DdCaseGroup group;
} DdAnswersOf;

void dd_check_answers (DdTrial *trial, const DdSubject *subject, gconstpointer data);

/* --- same.c; data: none --- */
void dd_check_repeated (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_reopened (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_threads (DdTrial *trial, const DdSubject *subject, gconstpointer data);
/* data: whether it is the other process; gives its answers, for the caller to compare. */
void dd_check_elsewhere (DdTrial *trial, const DdSubject *subject, gconstpointer data);

/* --- runner.c; data: none --- */
void dd_check_runner (DdTrial *trial, const DdSubject *subject, gconstpointer data);

/* --- inputs.c; data: none --- */
void dd_check_untouched (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_kept (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_appended (DdTrial *trial, const DdSubject *subject, gconstpointer data);

/* --- time.c; data: none --- */
void dd_check_cancelled_before (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_cancelled_midway (DdTrial *trial, const DdSubject *subject, gconstpointer data);

/* --- leak.c, valgrind.c; data: none --- */
void dd_check_memory (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_handles (DdTrial *trial, const DdSubject *subject, gconstpointer data);
void dd_check_valgrind (DdTrial *trial, const DdSubject *subject, gconstpointer data);

/* --- order.c; data: none --- */
void dd_check_order_again (DdTrial *trial, const DdSubject *subject, gconstpointer data);

/* --- usage.c: what this process holds --- */
gsize dd_usage_memory (void); /* bytes allocated, of all threads */
guint dd_usage_files (void);
guint dd_usage_threads (void);
gboolean dd_usage_is_sanitized (void);
/* Before the first thread: so that dd_usage_memory() sees all of it. */
void dd_usage_prepare (void);

G_END_DECLS
