/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a shared object exports, read from its file. Any thread.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

/* The names of defined global and weak symbols. (transfer full) (element-type utf8).
 * DD_ERROR_INVALID_ARGUMENT: it is no shared object of this machine. */
GPtrArray *dd_exports_read (const char *path, GError **error);

G_END_DECLS
