/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Messages in the language of whoever reads them.
 *
 * _() translates where a text is printed; N_() marks one that stands in a static table, and is translated
 * where it is printed. What a program reads is never translated: keys and values of --json, states, measures,
 * names of options and the words in capitals that stand for their values. Until ctl_i18n_start() was called,
 * and in a locale without a catalogue, a text is its own translation. Texts are UTF-8 in every locale;
 * terminal.h turns them into what the locale can show.
 */
#pragma once

#include <glib.h>
#include <libintl.h>

G_BEGIN_DECLS

#define CTL_TEXT_DOMAIN "dealdesk"

#define _(text)  gettext (text)
#define N_(text) (text)

/* One of two forms, or more in other languages, by @count. */
#define CTL_N(one, many, count) ngettext (one, many, (unsigned long)(count))

/* @text of a table: gettext ("") would be the catalogue's own header. */
static inline const char *
ctl_translate (const char *text)
{
  return *text == '\0' ? text : gettext (text);
}

/* The catalogues of the tree that this program runs from: those beside an installed program, or those of the
 * build directory. Once, after setlocale (). */
void ctl_i18n_start (void);

G_END_DECLS
