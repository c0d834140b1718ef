/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Documents on the bus: bytes up to 64 KiB travel in the message, larger ones in a sealed memfd.
 * One thread at a time.
 */
#pragma once

#include "error.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

#define CTL_DOCUMENT_INLINE_MAX (64 * 1024)

/* A floating variant "v" that holds @document; a memfd is added to @fds. */
GVariant *ctl_document_send (GBytes *document, GUnixFDList *fds, GError **error);

/* @value: a "v" of a reply. @fds: (nullable): what came with it. (transfer full) */
GBytes *ctl_document_receive (GVariant *value, GUnixFDList *fds, GError **error);

/* All of the file @name, or of standard input for "-". DD_ERROR_TOO_LARGE above 256 MiB. (transfer full) */
GBytes *ctl_document_load (const char *name, GError **error);

/* Writes @document to the file @name whole or not at all: until all is on disk the file is what it was.
 * "-" is standard output. */
gboolean ctl_document_save (const char *name, GBytes *document, GError **error);

G_END_DECLS
