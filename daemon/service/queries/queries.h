/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What reading methods answer: one function a method. dbus/org.dealdesk1.xml documents the shapes.
 */
#pragma once

#include "bus/call.h"

G_BEGIN_DECLS

/* On a reader. */
gboolean dd_query_get (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_view (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_orders (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_export (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_log (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_diff (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_list_deals (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_search (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_status (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_list_approvals (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_datasets (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_rows (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_differences (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_plugin_info (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_plugin_why (DdQuery *query, DdReader *reader, GError **error);

/* In a job. */
gboolean dd_query_price (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_reprice (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_replay (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_advise (DdQuery *query, DdReader *reader, GError **error);

/* On the background thread. */
gboolean dd_query_verify (DdQuery *query, DdReader *reader, GError **error);
gboolean dd_query_backup (DdQuery *query, DdReader *reader, GError **error);

/* --- shared (common.c) --- */

/* What @writer holds becomes the query's document. */
void dd_query_finish (DdQuery *query, DdJsonWriter *writer);

/* The unsigned argument at @index. */
guint dd_query_number (DdQuery *query, guint index);

#define DD_MAX_PAGE 1000

/* From 1 to @max. */
gboolean dd_query_check_limit (guint limit, guint max, GError **error);

/* The revision @number of @deal; 0: the accepted one, else the newest that was tabled. A draft must be named.
 * NULL with DD_ERROR_NOT_FOUND. This is what revision 0 means everywhere; where a request serves too, it
 * comes last. */
const DdRevision *dd_query_revision (const DdDeal *deal, guint number, GError **error);
gboolean dd_query_has_tabled (const DdDeal *deal);

/* What is made for the customer shows no provider's revision that was never tabled, unless option "draft"
 * asks for it. */
gboolean dd_query_check_shown (const DdRevision *revision, const DdOptions *options, GError **error);

/* "offering key text; price money optional". (transfer full) */
char *dd_describe_columns (const DdDatasetDeclaration *declaration);

/* Nothing where there is no such time, or no text: what is absent has no member. */
void dd_put_time (DdJsonWriter *writer, const char *key, gint64 time);
void dd_put_text (DdJsonWriter *writer, const char *key, const char *text);
void dd_put_money (DdJsonWriter *writer, const char *key, gint64 micros, DdCurrency currency);
void dd_put_percent (DdJsonWriter *writer, const char *key, gint64 nanos);

/* "firstYear" and "lastYear"; 0: from the first, or to the end, has no member. */
void dd_put_years (DdJsonWriter *writer, guint first_year, guint last_year);

/* What @sheet (nullable) rests on: "sources", its @plugins, or "datasets", each with its version. */
void dd_put_sources (DdJsonWriter *writer, const DdSheet *sheet, gboolean plugins);

/* A JSON document put in as the value of @key. */
gboolean
dd_put_document (DdJsonWriter *writer, const char *key, DdReader *reader, const char *sha256, GError **error);

G_END_DECLS
