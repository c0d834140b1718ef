/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the files of the edit module share.
 */
#pragma once

#include "edit.h"
#include "usage.h"

G_BEGIN_DECLS

typedef struct
{
  CtlEditCharges charges;
  gpointer data;
} CtlEditContext;

/* (nullable), borrowed; DD_ERROR_NOT_FOUND names @option. */
DdLine *ctl_edit_find_line (DdProposal *proposal, const char *option, const char *id, GError **error);

gboolean ctl_edit_apply_spreads (const CtlEdit *edit, DdProposal *proposal, GError **error);

/* The orders that are given take the place of those that were there. */
gboolean ctl_edit_apply_orders (const CtlEdit *edit, DdProposal *proposal, GError **error);

G_END_DECLS
