/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Folders that a test made.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Removes @path and all below it; links aren't followed. */
void remove_tree (const char *path);

G_END_DECLS
