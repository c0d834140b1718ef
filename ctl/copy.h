/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A copy of the store on its way into a file: written beside it as FILE.partial, synced, and only then given
 * its name. Only its owner may read it. One thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CtlCopy CtlCopy;

/* @force: what is at @path may be replaced. (transfer full) */
CtlCopy *ctl_copy_begin (const char *path, gboolean force, GError **error);

/* Writes all that @descriptor has, which must be @bytes. */
gboolean ctl_copy_take (CtlCopy *copy, int descriptor, guint64 bytes, GError **error);

/* Synced, under its name, and that synced too. */
gboolean ctl_copy_finish (CtlCopy *copy, GError **error);

/* Removes what isn't finished. */
void ctl_copy_free (CtlCopy *copy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlCopy, ctl_copy_free)

G_END_DECLS
