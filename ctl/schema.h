/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The JSON Schema of what --json prints, from the same sections that print it. Pure.
 */
#pragma once

#include "output.h"

G_BEGIN_DECLS

/* Appends a schema (draft 7) of one document, indented, with a line end. @name: such as "list" or "price
 * lines";
 * @description: what the verb does, a sentence without its end, in English. */
void ctl_schema_append (const char *name, const char *description, const CtlSection *sections, GString *out);

G_END_DECLS
