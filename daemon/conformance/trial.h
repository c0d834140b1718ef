/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One check in a process of its own: a plugin that crashes, hangs or exits is a finding, never the end of the
 * report.
 *
 * The child says what it does before it does it, so that a crash has a place; what it says goes through a
 * pipe, one line a remark. The parent forks with one thread and never maps a plugin.
 */
#pragma once

#include "report.h"

G_BEGIN_DECLS

typedef struct _DdSubject DdSubject;

/* The child's end. Any of its threads. */
typedef struct
{
  int pipe;
} DdTrial;

/* Where the child is: "pricing, small input". Names a crash that comes next. */
void dd_trial_at (DdTrial *trial, const char *format, ...) G_GNUC_PRINTF (2, 3);
void dd_trial_fail (DdTrial *trial, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* A failure: a call never returned. */
void dd_trial_hang (DdTrial *trial, const char *format, ...) G_GNUC_PRINTF (2, 3);
void dd_trial_warn (DdTrial *trial, const char *format, ...) G_GNUC_PRINTF (2, 3);
void dd_trial_skip (DdTrial *trial, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* A figure or a fact. */
void dd_trial_note (DdTrial *trial, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* An answer, for the parent to compare with another child's. */
void dd_trial_give (DdTrial *trial, const char *what, const char *answer);

/* Ends the child at once, as if its check had returned: for threads that can't. Safe in a signal's handler.
 */
G_NORETURN void dd_trial_end (DdTrial *trial);
/* A failure from a signal's handler: @text holds no backslash and no line feed. */
void dd_trial_fail_plainly (DdTrial *trial, const char *text);

typedef void (*DdTrialFunc) (DdTrial *trial, const DdSubject *subject, gconstpointer data);

/* Runs @func in a child for at most @seconds, and adds what it says to @result. @out_given: (nullable)
 * (transfer full) (element-type utf8 utf8): what it gave. */
void dd_trial_run (DdResult *result,
                   DdTrialFunc func,
                   const DdSubject *subject,
                   gconstpointer data,
                   guint seconds,
                   GHashTable **out_given);

G_END_DECLS
