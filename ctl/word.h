/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The word that was probably meant. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which of @words (NULL-terminated) @word begins, or is a slip of; (nullable). Borrowed. */
const char *ctl_word_nearest (const char *word, const char *const *words);

G_END_DECLS
