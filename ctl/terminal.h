/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the standard streams are, and text written to them: in the locale's character set, and through a pager
 * when it is long and a person reads it. One thread.
 */
#pragma once

#include "colour.h"
#include "style.h"

#include <stdio.h>

G_BEGIN_DECLS

/* Columns of the terminal @fd: those that COLUMNS says, else those that it has; 0 when it is no terminal. */
guint ctl_terminal_columns (int fd);

/* Of standard output, under --color @when. */
CtlStyle ctl_terminal_style (CtlColourWhen when);

/* Whether and how text of people reaches standard output: held until ctl_terminal_end(), which knows how long
 * it is, or at once, which is how it begins. */
void ctl_terminal_hold (gboolean may_page);

/* @text, UTF-8, in the locale's character set. */
gboolean ctl_terminal_print (const char *text, GError **error);

/* @text as it is: a document, which is UTF-8 in every locale. */
gboolean ctl_terminal_print_document (const char *text, GError **error);

/* Shows what was held. */
gboolean ctl_terminal_end (GError **error);

/* Sets @error from errno, of a write to standard output that failed; returns FALSE. */
gboolean ctl_terminal_fail (GError **error);

/* Whether @error is no more than that: who read standard output has seen enough. */
gboolean ctl_terminal_reader_left (const GError *error);

/* One line on standard error. */
void ctl_terminal_complain (const char *line);

/* Asks @question on standard error, and again until the answer on standard input is a yes or a no, of the
 * language or of English. Nothing, or the end, is no. */
gboolean ctl_terminal_ask (const char *question);

/* Puts @line, which is no wider than the terminal, in the place of the line on standard error that the cursor
 * stands in; "" clears it. */
void ctl_terminal_rewrite (const char *line);

G_END_DECLS
