/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A revision as a TMF648 quote.
 *
 * Customer-facing, so built member by member like the customer view: net, tax and the customer's own words;
 * no alteration, label, cost, approval or person of the provider's. A quote's version is the revision. That
 * an approval was refused is no customer's matter: such a revision is in progress. Pure; one thread at a
 * time.
 */
#include "tmf/quote.h"

#include "tmf/item-write.h"
#include "tmf/prices.h"

static const char *
quote_state (const DdRevision *revision)
{
  static const char *const states[] = {
    [DD_PROPOSAL_DRAFT] = "inProgress",    [DD_PROPOSAL_AWAITING_APPROVAL] = "pending",
    [DD_PROPOSAL_REFUSED] = "inProgress",  [DD_PROPOSAL_TABLED] = "approved",
    [DD_PROPOSAL_SUPERSEDED] = "rejected", [DD_PROPOSAL_ACCEPTED] = "accepted",
    [DD_PROPOSAL_DECLINED] = "rejected",   [DD_PROPOSAL_WITHDRAWN] = "cancelled",
    [DD_PROPOSAL_LAPSED] = "cancelled",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (states) == DD_N_PROPOSAL_STATES);
  return revision != NULL && revision->state < G_N_ELEMENTS (states) ? states[revision->state] : "inProgress";
}

static void
put_time (DdJsonWriter *writer, const char *key, gint64 time)
{
  g_autofree char *text = time != 0 ? dd_time_format (time) : NULL;

  dd_json_put_string (writer, key, text);
}

static void
write_item (const DdQuoteExport *export,
            const DdTmfPrices *prices,
            guint index,
            const char *state,
            DdJsonWriter *writer)
{
  const DdLine *line = g_ptr_array_index (export->proposal->lines, index);
  gboolean left_out = line->optional && line->chosen == DD_CHOICE_LEFT_OUT;

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "action", dd_action_name (line->action));
  dd_json_put_string (writer, "id", line->id);
  dd_json_put_string (writer, "state", left_out ? "rejected" : state);
  dd_tmf_write_item_content (export->proposal, line, DD_TMF_QUOTE, writer);
  if (export->sheet != NULL)
    {
      dd_json_write_key (writer, "quoteItemPrice");
      dd_tmf_write_line_prices (prices, index, writer);
    }
  dd_json_write_end_object (writer);
}

static void
write_items (const DdQuoteExport *export, const char *state, DdJsonWriter *writer)
{
  DdTmfPrices prices;

  dd_tmf_prices_init (&prices, export->sheet, export->proposal->lines->len);
  dd_json_write_key (writer, "quoteItem");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < export->proposal->lines->len; i++)
    write_item (export, &prices, i, state, writer);
  dd_json_write_end_array (writer);
  if (export->sheet != NULL)
    {
      dd_json_write_key (writer, "quoteTotalPrice");
      dd_tmf_write_totals (&prices, writer);
    }
  dd_tmf_prices_clear (&prices);
}

static void
write_notes (const DdQuoteExport *export, DdJsonWriter *writer)
{
  const char *note = export->proposal->note;

  if (note == NULL && !export->development)
    return;
  dd_json_write_key (writer, "note");
  dd_json_write_begin_array (writer);
  if (note != NULL)
    dd_tmf_write_note ("note", export->revision != NULL ? dd_side_name (export->revision->side) : NULL, note,
                       writer);
  if (export->development)
    dd_tmf_write_development_note (writer);
  dd_json_write_end_array (writer);
}

static void
write_validity (const DdQuoteExport *export, DdJsonWriter *writer)
{
  const DdRevision *revision = export->revision;
  gint64 until =
    revision != NULL && revision->valid_until != 0 ? revision->valid_until : export->proposal->valid_until;

  if (until == 0)
    return;
  dd_json_write_key (writer, "validFor");
  dd_json_write_begin_object (writer);
  put_time (writer, "endDateTime", until);
  put_time (writer, "startDateTime", revision != NULL ? revision->tabled_at : 0);
  dd_json_write_end_object (writer);
}

static void
write_agreement (const DdQuoteExport *export, const char *id, DdJsonWriter *writer)
{
  if (export->revision == NULL || export->deal->agreement == NULL ||
      export->deal->accepted != export->revision->revision)
    return;
  dd_json_write_key (writer, "agreement");
  dd_json_write_begin_array (writer);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "@referredType", "Agreement");
  dd_json_put_string (writer, "fingerprint", export->deal->agreement);
  dd_json_put_string (writer, "id", id);
  dd_json_write_end_object (writer);
  dd_json_write_end_array (writer);
}

void
dd_quote_write (const DdQuoteExport *export, DdJsonWriter *writer)
{
  const DdDeal *deal = export->deal;
  const DdRevision *revision = export->revision;
  const char *state = quote_state (revision);
  g_autofree char *id = dd_deal_id_format (deal->number);
  g_autofree char *version = revision != NULL ? g_strdup_printf ("%u", revision->revision) : NULL;

  dd_json_write_begin_object (writer);
  write_agreement (export, id, writer);
  dd_json_put_string (writer, "description", deal->title);
  if (export->development)
    dd_json_put_boolean (writer, "development", TRUE);
  dd_json_put_string (writer, "externalId", deal->external_id);
  dd_json_put_string (writer, "id", id);
  write_notes (export, writer);
  put_time (writer, "quoteDate",
            revision != NULL && revision->tabled_at != 0 ? revision->tabled_at : deal->opened_at);
  write_items (export, state, writer);
  dd_tmf_write_parties (deal, writer);
  dd_json_put_string (writer, "state", state);
  write_validity (export, writer);
  dd_json_put_string (writer, "version", version);
  dd_json_write_end_object (writer);
}
