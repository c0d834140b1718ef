/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Results on their way to the main thread: any thread pushes, one wake-up serves all that wait.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DdCompletion DdCompletion;

typedef void (*DdCompletionFunc) (gpointer data);

/* Main thread. */
DdCompletion *dd_completion_new (void);
void dd_completion_free (DdCompletion *completion);

/* @func runs with @data on the main thread, in order of pushing. Any thread. */
void dd_completion_push (DdCompletion *completion, DdCompletionFunc func, gpointer data);

G_END_DECLS
