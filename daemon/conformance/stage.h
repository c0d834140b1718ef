/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Staging: the plugin's files in a private directory, where they have the right rights and no company, and
 * directories for it to write to. For subject.c.
 */
#pragma once

#include "subject.h"

G_BEGIN_DECLS

/* Makes the private directory and its files, of what there is of the author's. */
gboolean dd_subject_stage (DdSubject *subject, GError **error);

/* Each option of type directory gets a directory of its own. */
void dd_subject_give_directories (DdSubject *subject);

/* The author's file was read as it is; here it runs where it is looked at, and without its network. */
gboolean dd_subject_bring_inside (DdSubject *subject, GError **error);

/* Removes all of it, where it was made. */
void dd_subject_unstage (DdSubject *subject);

G_END_DECLS
