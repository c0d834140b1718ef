/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Text from outside, made fit to be quoted in an error message. Pure; any thread.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

/* The first bytes of @text in double quotes: always valid UTF-8, without control characters, and short
 * whatever @text is; "…" stands for what was cut. @length: bytes, or -1. (transfer full). */
char *dd_quote (const char *text, gssize length);

G_END_DECLS
