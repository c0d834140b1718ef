/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An item's content, from a line's own values.
 *
 * The offering that a quote names is the one that the customer asked for, by the customer's id; ours is
 * beside it as a characteristic. An order names ours, and the customer's is beside it. Pure; one thread at a
 * time.
 */
#include "tmf/item-write.h"

#include <string.h>

#include "tmf/given-back.h"
#include "tmf/product-write.h"

/* Names that TMF648's or TMF622's items give a meaning, and ours. */
static const char *const item_names[] = { "@baseType",
                                          "@schemaLocation",
                                          "@type",
                                          "action",
                                          "appointment",
                                          "attachment",
                                          "billingAccount",
                                          "id",
                                          "itemPrice",
                                          "itemTerm",
                                          "itemTotalPrice",
                                          "note",
                                          "payment",
                                          "product",
                                          "productOffering",
                                          "productOfferingQualificationItem",
                                          "productOrderItem",
                                          "productOrderItemRelationship",
                                          "qualification",
                                          "quantity",
                                          "quoteItem",
                                          "quoteItemAuthorization",
                                          "quoteItemPrice",
                                          "quoteItemRelationship",
                                          "relatedParty",
                                          "requested",
                                          "state",
                                          NULL };

static const DdGivenBack item_rows[] = {
  { "@baseType", DD_JSON_STRING, { NULL } },
  { "@schemaLocation", DD_JSON_STRING, { NULL } },
  { "@type", DD_JSON_STRING, { NULL } },
  { "note", DD_JSON_ARRAY, { "id", "text", NULL } },
  { "productOfferingQualificationItem", DD_JSON_OBJECT, { "id", "productOfferingQualificationId", NULL } },
  { "quoteItemRelationship", DD_JSON_ARRAY, { NULL } },
  { "relatedParty", DD_JSON_ARRAY, { "id", "@referredType", NULL } },
  { NULL, DD_JSON_NULL, { NULL } },
};

static void
write_offering (const DdLine *line, DdTmfKind kind, DdJsonWriter *writer)
{
  const char *first = kind == DD_TMF_QUOTE ? line->asked_offering : line->offering;
  const char *second = kind == DD_TMF_QUOTE ? line->offering : line->asked_offering;

  if (first == NULL && second == NULL)
    return;
  dd_json_write_key (writer, "productOffering");
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "id", first != NULL ? first : second);
  dd_json_put_string (writer, "name", line->name);
  dd_json_write_end_object (writer);
}

/* An order says what was agreed: what was only wished for stays out. */
static void
write_kept (const DdJsonNode *kept, DdTmfKind kind, DdJsonWriter *writer)
{
  static const char *const quote_written[] = { "product", "productOffering", NULL };
  static const char *const order_written[] = { "product", "productOffering", "requestedQuoteItemTerm",
                                               "quoteItemTerm", NULL };
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();

  dd_tmf_give_back (kept, item_rows, item_names, kind == DD_TMF_QUOTE ? quote_written : order_written, rest,
                    writer);
  if (kind == DD_TMF_QUOTE)
    dd_tmf_write_requested (rest, writer);
}

void
dd_tmf_write_item_content (const DdProposal *proposal,
                           const DdLine *line,
                           DdTmfKind kind,
                           DdJsonWriter *writer)
{
  g_autoptr (DdJson) json =
    line->kept != NULL ? dd_json_parse (line->kept, strlen (line->kept), NULL, NULL) : NULL;
  const DdJsonNode *kept = json != NULL ? dd_json_root (json) : NULL;

  if (kept != NULL && dd_json_type (kept) != DD_JSON_OBJECT)
    kept = NULL;
  write_kept (kept, kind, writer);
  write_offering (line, kind, writer);
  if (line->quantity % DD_MICROS == 0)
    dd_json_put_int64 (writer, "quantity", line->quantity / DD_MICROS);
  dd_json_write_key (writer, "product");
  dd_tmf_write_product (proposal, line, dd_json_member (kept, "product"), kind, writer);
}

void
dd_tmf_write_parties (const DdDeal *deal, DdJsonWriter *writer)
{
  if (deal->customer == NULL)
    return;
  dd_json_write_key (writer, "relatedParty");
  dd_json_write_begin_array (writer);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "@referredType", "Organization");
  dd_json_put_string (writer, "id", deal->customer);
  dd_json_put_string (writer, "name", deal->customer_name);
  dd_json_put_string (writer, "role", "customer");
  dd_json_write_end_object (writer);
  dd_json_write_end_array (writer);
}

void
dd_tmf_write_note (const char *id, const char *author, const char *text, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "author", author);
  dd_json_put_string (writer, "id", id);
  dd_json_put_string (writer, "text", text);
  dd_json_write_end_object (writer);
}

void
dd_tmf_write_development_note (DdJsonWriter *writer)
{
  dd_tmf_write_note ("development", NULL, "Made by a development store: it binds nobody.", writer);
}
