/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One part of an agreement as a TMF622 product order.
 *
 * It goes to the provider's order handling and on to those who deliver, so it holds what was agreed and
 * nothing of how: net and tax, no cost and no discount. Options that weren't chosen are no part of it. Pure.
 */
#include "tmf/quote.h"

#include "text-hash.h"
#include "tmf/item-write.h"
#include "tmf/prices.h"

typedef struct
{
  const DdProposal *proposal;
  const DdTmfPrices *prices;
  const char *deal; /* "D-1042": id of the quote and of the agreement */
} Order;

static void
write_term (const DdProposal *proposal, const DdLine *line, DdJsonWriter *writer)
{
  guint months = dd_line_commitment (proposal, line);

  if (months == 0)
    return;
  dd_json_write_key (writer, "itemTerm");
  dd_json_write_begin_array (writer);
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "duration");
  dd_json_write_begin_object (writer);
  dd_json_put_int64 (writer, "amount", months);
  dd_json_put_string (writer, "units", "month");
  dd_json_write_end_object (writer);
  dd_json_put_string (writer, "name", "commitment");
  dd_json_write_end_object (writer);
  dd_json_write_end_array (writer);
}

static void
write_item (const Order *order, guint index, DdJsonWriter *writer)
{
  const DdLine *line = g_ptr_array_index (order->proposal->lines, index);

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "action", dd_action_name (line->action));
  dd_json_put_string (writer, "id", line->id);
  if (order->prices->sheet != NULL)
    {
      dd_json_write_key (writer, "itemPrice");
      dd_tmf_write_line_prices (order->prices, index, writer);
    }
  write_term (order->proposal, line, writer);
  dd_tmf_write_item_content (order->proposal, line, DD_TMF_ORDER, writer);
  dd_json_write_key (writer, "quoteItem");
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "@referredType", "QuoteItem");
  dd_json_put_string (writer, "id", line->id);
  dd_json_put_string (writer, "quoteId", order->deal);
  dd_json_write_end_object (writer);
  dd_json_write_end_object (writer);
}

/* A reference to the deal in one of its two roles. */
static void
write_reference (const char *key,
                 const char *type,
                 const char *id,
                 const char *extra,
                 const char *value,
                 DdJsonWriter *writer)
{
  dd_json_write_key (writer, key);
  dd_json_write_begin_array (writer);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "@referredType", type);
  dd_json_put_string (writer, extra, value);
  dd_json_put_string (writer, "id", id);
  dd_json_write_end_object (writer);
  dd_json_write_end_array (writer);
}

/* Indices of @part's counted lines, in the proposal's order. (transfer full) */
static GArray *
lines_of (const DdProposal *proposal, const DdOrderPart *part)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (dd_text_hash, g_str_equal);
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < part->lines->len; i++)
    g_hash_table_add (wanted, g_ptr_array_index (part->lines, i));
  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const DdLine *line = g_ptr_array_index (proposal->lines, i);

      if (g_hash_table_contains (wanted, line->id) && dd_line_counted (line))
        g_array_append_val (lines, i);
    }
  return lines;
}

static void
write_body (const Order *order, const DdOrderPart *part, DdJsonWriter *writer)
{
  g_autoptr (GArray) lines = lines_of (order->proposal, part);

  dd_json_write_key (writer, "productOrderItem");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < lines->len; i++)
    write_item (order, g_array_index (lines, guint, i), writer);
  dd_json_write_end_array (writer);
  if (order->prices->sheet != NULL)
    {
      dd_json_write_key (writer, "orderTotalPrice");
      dd_tmf_write_totals_of (order->prices, (const guint *)(gpointer)lines->data, lines->len, writer);
    }
  if (part->requested_date != NULL)
    {
      g_autofree char *date = g_strconcat (part->requested_date, "T00:00:00Z", NULL);

      dd_json_put_string (writer, "requestedCompletionDate", date);
    }
}

void
dd_order_write (const DdDeal *deal,
                const DdRevision *revision,
                const DdProposal *proposal,
                const DdSheet *sheet,
                const DdOrderPart *part,
                const char *key,
                gboolean development,
                DdJsonWriter *writer)
{
  g_autofree char *id = dd_deal_id_format (deal->number);
  g_autofree char *description = g_strdup_printf ("Order %s of %s", part->id, id);
  g_autofree char *version = g_strdup_printf ("%u", revision->revision);
  DdTmfPrices prices;
  Order order = { proposal, &prices, id };

  dd_tmf_prices_init (&prices, sheet, proposal->lines->len);
  dd_json_write_begin_object (writer);
  write_reference ("agreement", "Agreement", id, "fingerprint", deal->agreement, writer);
  dd_json_put_string (writer, "description", description);
  if (development)
    {
      dd_json_put_boolean (writer, "development", TRUE);
      dd_json_write_key (writer, "note");
      dd_json_write_begin_array (writer);
      dd_tmf_write_development_note (writer);
      dd_json_write_end_array (writer);
    }
  dd_json_put_string (writer, "externalId", key);
  write_body (&order, part, writer);
  write_reference ("quote", "Quote", id, "version", version, writer);
  dd_tmf_write_parties (deal, writer);
  dd_json_write_end_object (writer);
  dd_tmf_prices_clear (&prices);
}
