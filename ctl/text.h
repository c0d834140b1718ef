/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Text for a terminal: its width in columns, and text of others made safe to print. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Columns that @text (valid UTF-8) takes: wide characters two, marks that combine none. */
guint ctl_text_width (const char *text);

/* @text on one line and without what could steer a terminal or reorder what stands there: white space of any
 * kind becomes a space, control and format characters U+FFFD. (transfer full) */
char *ctl_text_clean (const char *text);

/* @text in @width columns at most, with … where something was cut off. (transfer full) */
char *ctl_text_cut (const char *text, guint width);

G_END_DECLS
