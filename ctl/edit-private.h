/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the files of the edit module share.
 */
#pragma once

#include "edit.h"

G_BEGIN_DECLS

typedef struct
{
  DdEditCharges charges;
  gpointer data;
} DdEditContext;

/* (nullable), borrowed; DD_ERROR_NOT_FOUND names @option. */
DdLine *dd_edit_find_line (DdProposal *proposal, const char *option, const char *id, GError **error);

gboolean dd_edit_apply_spreads (const DdEdit *edit, DdProposal *proposal, GError **error);

/* The orders that are given take the place of those that were there. */
gboolean dd_edit_apply_orders (const DdEdit *edit, DdProposal *proposal, GError **error);

G_END_DECLS
