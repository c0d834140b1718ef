/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Texts about concepts, embedded from ctl/topics/: NAME.txt, or LANGUAGE/NAME.txt where there is one. The
 * first line is the topic's title.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names, sorted. (transfer full) */
char **ctl_topic_names (void);

/* In the language of the locale, else in English. (transfer full) (nullable) */
char *ctl_topic_text (const char *name);

/* The first line of it. (transfer full) (nullable) */
char *ctl_topic_title (const char *name);

G_END_DECLS
