/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Texts that inputs and datasets are made of: ordinary ones that both share, so that what is looked up is
 * found, and those that break careless code.
 */
#pragma once

#include <glib.h>

/* Valid UTF-8 that is seldom met: a byte order mark, a mark that turns the direction, combining marks, a
 * noncharacter, the last character there is, a flag, a zero-width joiner. */
#define DD_WORD_ODD_UTF8                                                                                     \
  "\xef\xbb\xbf\xe2\x80\xae"                                                                                 \
  "e\xcc\x81\xcc\xa3\xef\xbf\xbf\xf4\x8f\xbf\xbf\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xe2\x80\x8d"

/* All control characters that a text may hold, quotes and a backslash. */
#define DD_WORD_CONTROLS                                                                                     \
  "\001\002\003\004\005\006\a\b\t\n\v\f\r\016\017\020\021\022\023\024\025\026\027\030\031\032\033[31m\177"   \
  "\"'\\\302\200\302\237"

#define DD_WORD_64  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\xc3\xa9"
#define DD_WORD_512 DD_WORD_64 DD_WORD_64 DD_WORD_64 DD_WORD_64 DD_WORD_64 DD_WORD_64 DD_WORD_64 DD_WORD_64
/* More than an answer's text may hold (1024 bytes), ending in a character of several bytes. */
#define DD_WORD_LONG DD_WORD_512 DD_WORD_512 DD_WORD_512 DD_WORD_512

/* Leading keys of the datasets that are made up: offerings, customers, segments, countries, sites, measures.
 */
extern const char *const dd_words_keys[];
extern const guint dd_words_n_keys;
