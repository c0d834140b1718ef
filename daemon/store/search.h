/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Searching deals, within the store: the texts that a deal is found by (projections/search.c), and the
 * index's check (search-check.c). Each connection's thread.
 */
#pragma once

#include "internal.h"

G_BEGIN_DECLS

typedef enum
{
  DD_SEARCH_FACTS, /* the deal's id, title, customer, owner, and the request's own number */
  DD_SEARCH_LINES, /* offerings, names and sites of lines, of all revisions */
  DD_SEARCH_WORDS, /* notes, questions, answers, reasons */
  DD_N_SEARCH_COLUMNS
} DdSearchColumn;

typedef struct _DdSearchText DdSearchText;

/* The texts of one deal. @stored: it may have a row already, which is read when there is something to add. */
DdSearchText *dd_search_text_new (gint64 deal, gboolean stored);
void dd_search_text_free (DdSearchText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdSearchText, dd_search_text_free)

/* What an event adds. @documents: (nullable) (element-type DdDocument): those at hand; others are read. */
gboolean dd_search_text_add_event (DdSearchText *text,
                                   DdConnection *connection,
                                   DdEventType type,
                                   const DdJsonNode *body,
                                   const GPtrArray *documents,
                                   GError **error);

const char *dd_search_text_column (const DdSearchText *text, DdSearchColumn column);

/* The row alone, without the index: for rebuilding, and for verify's temporary table. */
gboolean dd_search_text_write_row (const DdSearchText *text, DdConnection *connection, GError **error);

/* Row and index, if anything was added. */
gboolean dd_project_search (DdConnection *connection, const DdSearchText *text, GError **error);

/* --- the check of the index --- */

typedef struct _DdSearchCheck DdSearchCheck;

DdSearchCheck *dd_search_check_new (DdConnection *connection, GError **error);
void dd_search_check_free (DdSearchCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdSearchCheck, dd_search_check_free)

/* Counts the words that a deal's row gives. */
gboolean dd_search_check_add (DdSearchCheck *check, gint64 deal, GError **error);

/* Goes on through the index until verify's slice is over; @out_end: it is through. */
gboolean dd_search_check_scan (DdSearchCheck *check, DdVerify *verify, gboolean *out_end, GError **error);

/* DD_ERROR_STORE_DAMAGED unless the index holds exactly the words of the rows. */
gboolean dd_search_check_compare (const DdSearchCheck *check, GError **error);

G_END_DECLS
