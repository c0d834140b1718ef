/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The word that was probably meant. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which of @words (NULL-terminated) @word begins, or is a slip of; (nullable). Borrowed. */
const char *ctl_word_nearest (const char *word, const char *const *words);

/* Of @error, that there is no @word: adds to it the one of @names (NULL-terminated) that was probably meant,
 * or all when they are few. */
void ctl_word_suggest (const char *const *names, const char *word, GError **error);

G_END_DECLS
