/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The library's terse complaints in our words; for the files of this folder only. Pure; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was wrong and what would be right, for the library's message @library_message. @text, @length: the
 * document; @offset: where the library stopped. (transfer full). */
char *dd_json_explain_fault (const char *library_message, const char *text, gsize length, gsize offset);

/* The same for the byte at @offset, which isn't valid UTF-8. */
char *dd_json_explain_bad_byte (const char *text, gsize offset);

G_END_DECLS
