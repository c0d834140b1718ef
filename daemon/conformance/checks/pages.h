/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Memory that tells who touches it: inputs that nobody may write to, with a forbidden page behind each, and
 * forbidden altogether once their call is over.
 *
 * What is touched wrongly ends the child with a failure that names it. In a child only: the fault's handler
 * is the process's. One thread makes and retires pages; any may touch them.
 */
#pragma once

#include "trial.h"

G_BEGIN_DECLS

typedef struct _DdPages DdPages;

/* From now on faults in pages are findings of @trial. */
void dd_pages_watch (DdTrial *trial);

DdPages *dd_pages_new (void);

/* @size bytes, zeroed, that end where a forbidden page begins; aligned to 8 when @size is a multiple of 8.
 * @what, for people, (transfer none), lives for ever: "the lines". */
gpointer dd_pages_take (DdPages *pages, gsize size, const char *what);

/* A copy of @text among others. "" for NULL. */
const char *dd_pages_text (DdPages *pages, const char *text);

/* Like dd_pages_take(), and stays writable: what the plugin fills in. */
gpointer dd_pages_take_open (DdPages *pages, gsize size, const char *what);

/* From now on only to be read. */
void dd_pages_seal (DdPages *pages);

/* From now on not to be touched at all; frees @pages, and keeps their addresses. */
void dd_pages_retire (DdPages *pages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdPages, dd_pages_retire)

G_END_DECLS
