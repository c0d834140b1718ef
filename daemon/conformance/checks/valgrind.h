/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What valgrind found, from its XML. Any thread.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

/* Those of the report's errors in whose stack the file name @module has a place: what, and where in the
 * module. (transfer full) (element-type utf8). */
GPtrArray *dd_valgrind_read (const char *xml, gsize length, const char *module, GError **error);

G_END_DECLS
