/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How the charges of a price sheet came about: as tables, as bars, and as the description of a picture.
 *
 * The sheet is as Price answers it, or what ctl_explain_select() left of it. One thread.
 */
#pragma once

#include "output.h"
#include "json/writer.h"

G_BEGIN_DECLS

extern const CtlSection ctl_explain_sections[];

/* Writes of @sheet the line and the charge that are named; NULL: all. Errors: DD_ERROR_NOT_FOUND, which says
 * what there is. */
gboolean ctl_explain_select (
  const DdJsonNode *sheet, const char *line, const char *charge, DdJsonWriter *writer, GError **error);

/* Whether @sheet has @line, or that is NULL. Errors: DD_ERROR_NOT_FOUND. */
gboolean ctl_explain_check_line (const DdJsonNode *sheet, const char *line, GError **error);

/* Adds the rules of @sheet's steps that @rules hasn't. (element-type utf8) (owned) */
void ctl_explain_add_rules (const DdJsonNode *sheet, GPtrArray *rules);

/* For people: what each charge's steps do, then what it comes to. */
gboolean ctl_explain_text (
  const DdJsonNode *sheet, gboolean as_bars, const CtlStyle *style, GString *out, GError **error);

/* What dealdesk-picture reads (daemon/document/waterfall.h). @title: of the picture. (transfer full)
 * (nullable) */
char *ctl_explain_describe (const DdJsonNode *sheet, const char *title, GError **error);

G_END_DECLS
