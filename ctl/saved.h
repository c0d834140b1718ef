/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A document of the deal written to a file that the user named, and what is said of it. One thread.
 */
#pragma once

#include "run.h"

G_BEGIN_DECLS

/* What is printed: deal (where there is one), format, bytes, sha256, file. */
extern const CtlSection ctl_saved_sections[];

/* Writes @document to @file whole or not at all, and prints what that was. NULL and "-" are standard output,
 * which then has the document and nothing else. */
gboolean ctl_save (CtlRun *run, const char *format, const char *file, GBytes *document, GError **error);

G_END_DECLS
