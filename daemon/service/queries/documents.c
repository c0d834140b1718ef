/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * View, Export, Orders and Diff: documents of a deal. On a reader.
 */
#include "queries/queries.h"

#include "contents.h"
#include "tmf/quote.h"
#include "view/diff.h"

gboolean
dd_query_view (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdDeal) deal = dd_reader_deal (reader, query->call->deal, error);
  const DdRevision *revision =
    deal != NULL ? dd_query_revision (deal, dd_query_number (query, 0), error) : NULL;

  if (revision == NULL || !dd_query_check_shown (revision, query->call->options, error))
    return FALSE;
  query->document = dd_reader_document (reader, revision->view, error);
  if (query->document == NULL)
    return FALSE;
  g_variant_builder_add (&query->values, "s", revision->view);
  return TRUE;
}

static gboolean
export_quote (
  DdQuery *query, DdReader *reader, const DdDeal *deal, const DdRevision *revision, GError **error)
{
  g_autoptr (DdProposal) proposal = dd_contents_proposal (
    reader, revision != NULL ? revision->proposal : deal->request, revision != NULL, error);
  g_autoptr (DdSheet) sheet = NULL;
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  DdQuoteExport quote = { .deal = deal,
                          .revision = revision,
                          .development = query->call->service->development };

  if (proposal == NULL)
    return FALSE;
  if (revision != NULL && (sheet = dd_contents_sheet (reader, proposal, revision->sheet, error)) == NULL)
    return FALSE;
  quote.proposal = proposal;
  quote.sheet = sheet;
  dd_quote_write (&quote, writer);
  dd_query_finish (query, writer);
  return TRUE;
}

gboolean
dd_query_export (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdDeal) deal = dd_reader_deal (reader, query->call->deal, error);
  const DdRevision *revision = NULL;
  const char *format;
  guint number = dd_query_number (query, 1);
  gboolean request;

  if (deal == NULL)
    return FALSE;
  g_variant_get_child (query->call->parameters, 0, "&s", &format);
  request = number == 0 && (!dd_query_has_tabled (deal) || dd_options_flag (query->call->options, "request"));
  if (!request && (revision = dd_query_revision (deal, number, error)) == NULL)
    return FALSE;

  if (revision != NULL && (g_str_equal (format, "tmf648") || g_str_equal (format, "view")) &&
      !dd_query_check_shown (revision, query->call->options, error))
    return FALSE;
  if (g_str_equal (format, "tmf648"))
    return export_quote (query, reader, deal, revision, error);
  if (g_str_equal (format, "proposal"))
    query->document =
      dd_reader_document (reader, revision != NULL ? revision->proposal : deal->request, error);
  else if (revision == NULL && (g_str_equal (format, "view") || g_str_equal (format, "sheet")))
    return dd_fail (error, DD_ERROR_NOT_FOUND,
                    "the request has no %s; name a revision of D-%" G_GINT64_FORMAT, format, deal->number);
  else if (g_str_equal (format, "view"))
    query->document = dd_reader_document (reader, revision->view, error);
  else if (g_str_equal (format, "sheet"))
    query->document = dd_reader_document (reader, revision->sheet, error);
  else
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "format “%.40s” should be tmf648, view, proposal or sheet", format);
  return query->document != NULL;
}

gboolean
dd_query_orders (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdDeal) deal = dd_reader_deal (reader, query->call->deal, error);
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  if (deal == NULL)
    return FALSE;
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "orders");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < deal->orders->len; i++)
    {
      const DdOrder *order = g_ptr_array_index (deal->orders, i);
      dd_json_write_begin_object (writer);
      dd_json_put_int64 (writer, "attempts", order->attempts);
      if (!dd_put_document (writer, "document", reader, order->document, error))
        return FALSE;
      dd_json_put_string (writer, "id", order->id);
      dd_json_put_string (writer, "key", order->key);
      dd_json_put_string (writer, "note", order->note);
      dd_json_put_string (writer, "state", dd_order_state_name (order->state));
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}

gboolean
dd_query_diff (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdDeal) deal = dd_reader_deal (reader, query->call->deal, error);
  const DdRevision *from = deal != NULL ? dd_query_revision (deal, dd_query_number (query, 0), error) : NULL;
  const DdRevision *to = from != NULL ? dd_query_revision (deal, dd_query_number (query, 1), error) : NULL;
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  if (to == NULL)
    return FALSE;
  g_autoptr (DdJson) before = dd_contents_json (reader, from->view, error);
  g_autoptr (DdJson) after = before != NULL ? dd_contents_json (reader, to->view, error) : NULL;
  if (after == NULL)
    return FALSE;
  dd_diff_write (dd_json_root (before), dd_json_root (after), writer);
  dd_query_finish (query, writer);
  return TRUE;
}
