/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SHA-256 digests as text: 64 lower-case hexadecimal digits. Pure; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DD_DIGEST_SIZE 32

/* (transfer full) */
char *dd_digest_format (const guint8 digest[DD_DIGEST_SIZE]);

/* FALSE unless @text is what dd_digest_format() gives. */
gboolean dd_digest_parse (const char *text, guint8 out_digest[DD_DIGEST_SIZE]);

G_END_DECLS
