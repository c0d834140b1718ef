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

/* What an error is about: "--price", and its whole text. */
typedef struct
{
  const char *option;
  const char *text;
} CtlEditSaid;

/* (nullable), borrowed; DD_ERROR_NOT_FOUND names @option. */
DdLine *ctl_edit_find_line (DdProposal *proposal, const char *option, const char *id, GError **error);

/* (nullable), borrowed. @name: "LINE[:CHARGE]"; @out_charge: (nullable) (transfer full). */
DdLine *ctl_edit_find_target (
  DdProposal *proposal, const CtlEditSaid *said, const char *name, char **out_charge, GError **error);

/* One edit each. @line: (nullable) of a discount: all that are added or modified; @charge: (nullable): every
 * charge, or the only one. */
gboolean ctl_edit_discount (const CtlEditContext *context,
                            DdProposal *proposal,
                            const CtlEditSaid *said,
                            DdLine *line,
                            const char *charge,
                            const char *value,
                            GError **error);
gboolean ctl_edit_price (const CtlEditContext *context,
                         const CtlEditSaid *said,
                         DdLine *line,
                         const char *charge,
                         const char *value,
                         GError **error);
gboolean ctl_edit_quantity (const CtlEditSaid *said, DdLine *line, const char *value, GError **error);
gboolean ctl_edit_choose (const char *option, DdLine *line, guint8 choice, GError **error);
gboolean ctl_edit_months (const CtlEditSaid *said, gint64 months, guint16 *out_months, GError **error);
gboolean ctl_edit_term (DdProposal *proposal, const CtlEditSaid *said, gint64 months, GError **error);

/* @value: "[+]AMOUNT"; @charges: (nullable): monthly ones. The first @n_old of the proposal's spreads, and
 * what it lost of them, are those that this one may take the place of. */
gboolean ctl_edit_spread (DdProposal *proposal,
                          const CtlEditSaid *said,
                          const char *charges,
                          const char *value,
                          guint *n_old,
                          GError **error);

/* A @value that is NULL changes nothing. */
gboolean ctl_edit_moment (const CtlEditSaid *said, const char *value, gint64 *out_time, GError **error);
gboolean ctl_edit_date (const CtlEditSaid *said, const char *value, char **date, GError **error);
void ctl_edit_replace (char **text, const char *with);

gboolean ctl_edit_apply_head (const CtlEdit *edit, DdProposal *proposal, GError **error);
gboolean ctl_edit_apply_spreads (const CtlEdit *edit, DdProposal *proposal, GError **error);

/* The orders that are given take the place of those that were there. */
gboolean ctl_edit_apply_orders (const CtlEdit *edit, DdProposal *proposal, GError **error);

gboolean ctl_edit_apply_settings (const CtlEdit *edit,
                                  const CtlEditContext *context,
                                  DdProposal *proposal,
                                  GError **error);

G_END_DECLS
