/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Edits on top of a proposal, as the command line says them.
 *
 * An edit either applies whole or leaves an error that names the option and says what would be right; the
 * proposal that it was half made on is then thrown away by the caller. Pure; one thread at a time.
 */
#pragma once

#include "deal/proposal.h"

G_BEGIN_DECLS

/* The options' texts, borrowed from the command line; NULL where an option wasn't given. */
/* No option gave one; what a person gives is judged, a negative one too. */
#define CTL_NO_TERM G_MININT

typedef struct
{
  char **discounts;  /* "12%", or "LINE[:CHARGE]=12%" */
  char **lines;      /* LINE: what a discount without a line is about, else all that are added or modified */
  char **prices;     /* "LINE[:CHARGE]=EUR 380": a price a unit */
  char **quantities; /* "LINE=20" */
  char **chosen;     /* LINE, optional */
  char **left_out;   /* LINE, optional */
  char *
    *spreads; /* "[CHARGES=][+]AMOUNT"; CHARGES oneTime, usage or a period; AMOUNT "EUR 1000" or "[EUR ]5%" */
  char **orders;     /* "ID[@DATE]=LINE,FIRST..LAST,rest" */
  int term;          /* months; CTL_NO_TERM */
  char *valid_until; /* RFC 3339 */
  char *irrevocable_until;
  char *effective_from; /* YYYY-MM-DD */
  char *effective_to;
  char *note;
  char **settings; /* "PATH=VALUE" (edit-set.c): made after all others, in order */
} CtlEdit;

/* The charges of a line of the offer, by id: needed where a price is for one of them and the option
 * doesn't say which. (transfer full) (nullable) */
typedef char **(*CtlEditCharges) (const char *line, gpointer data, GError **error);

gboolean ctl_edit_is_empty (const CtlEdit *edit);

/* Changes @proposal. Errors: DD_ERROR_INVALID_ARGUMENT, DD_ERROR_NOT_FOUND (a line), what @charges says. */
gboolean ctl_edit_apply (
  const CtlEdit *edit, DdProposal *proposal, CtlEditCharges charges, gpointer data, GError **error);

/* Replaces in @proposal the clauses that @root's "terms" has, and adds the others. Places in errors are those
 * of @root. */
gboolean ctl_edit_merge_terms (const DdJsonNode *root, DdProposal *proposal, GError **error);

G_END_DECLS
