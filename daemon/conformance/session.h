/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A real host that holds the plugin under test, in a child, and what it takes to call it there.
 *
 * Where a pricing plugin needs others around it (a base stage before it, or a base plugin before one that is
 * called after others, a negotiated stage for lines with alterations), stand-ins of ours are among the host's
 * plugins.
 */
#pragma once

#include "host-private.h"
#include "checks/tables.h"
#include "trial.h"

G_BEGIN_DECLS

/* After host->cancelled() says yes, so soon must a call return. */
#define DD_SOON_USEC ((gint64)G_USEC_PER_SEC)

typedef struct
{
  const DdSubject *subject;
  DdTrial *trial;
  DdHost *host;
  DdPlugin *plugin; /* the one under test */
  DdTables *tables;
} DdSession;

/* NULL: it can't be loaded or opened, and @trial was told. */
DdSession *dd_session_new (DdTrial *trial, const DdSubject *subject, guint threads);
/* The same in a runner of its own, confined, as an isolated plugin is called. */
DdSession *dd_session_new_isolated (DdTrial *trial, const DdSubject *subject);
void dd_session_free (DdSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdSession, dd_session_free)

/* Runs @job (session, data[i]) for each of @n at once, and waits. A call that hangs is told, and ends the
 * child. */
typedef void (*DdSessionJob) (DdSession *session, gpointer data);
void dd_session_run (DdSession *session, DdSessionJob job, gpointer data);
void dd_session_run_each (DdSession *session, DdSessionJob job, gpointer *data, guint n);

/* Whether no charges are there when it is called: it is a base plugin that names none to be called after. */
gboolean dd_session_opens_first (const DdSession *session);

/* A pricing charge of each line, as the stand-in opens them: a set-up, a rental, and for each third line
 * usage. */
void dd_session_stand_in (DdAnswers *answers, guint n_lines);

G_END_DECLS
