/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Text for a terminal: its width in columns, its lines, and text of others made safe to print; and which text
 * is a digest. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Columns that @text (valid UTF-8) takes: wide characters two, marks that combine none. */
guint ctl_text_width (const char *text);

/* @text on one line and without what could steer a terminal or reorder what stands there: white space of any
 * kind becomes a space, control and format characters U+FFFD. (transfer full) */
char *ctl_text_clean (const char *text);

/* Whether @text is a SHA-256 as the daemon writes it: 64 lower-case hexadecimal digits. */
gboolean ctl_text_is_digest (const char *text);

/* @text (valid UTF-8), still in UTF-8, of characters that @charset has: what it hasn't is written with others
 * where there is a custom ("..." for an ellipsis), else as "?". NULL: Unicode. (transfer full) */
char *ctl_text_for_charset (const char *text, const char *charset);

/* @text in lines of @width columns at most, without spaces at their ends; at least one line. It is broken at
 * spaces, after / and , and between wide characters; an amount of money, an id or a word is never broken, so
 * a line that is one such piece may be wider. (transfer full): NULL-terminated */
char **ctl_text_wrap (const char *text, guint width);

/* The width of the widest piece that isn't broken. */
guint ctl_text_widest_piece (const char *text);

/* @text, paragraphs of lines, filled to @width columns: an empty line ends a paragraph, lines that begin with
 * a space stay as they are. 0: as it is. (transfer full) */
char *ctl_text_fill (const char *text, guint width);

G_END_DECLS
