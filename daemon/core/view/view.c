/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Building the customer view.
 *
 * Each member is written by name: whatever is added to a proposal or sheet later stays inside until it is
 * written here. Left out on purpose: costs, floors, margins, marks, standing prices and discount measures;
 * alterations with their labels; a rung's name, which tells how far the ladder goes; the note to the other
 * side, which binds nobody; and what a request said that has no place (kept). Pure; any thread.
 */
#include "view/view.h"

#include <string.h>

#include "view/view-prices.h"

#define FORMAT "dealdesk-agreement/1"

static void
write_parties (const DdParties *parties, DdJsonWriter *writer)
{
  dd_json_write_key (writer, "customer");
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "id", parties->customer);
  dd_json_put_string (writer, "name", parties->customer_name);
  dd_json_write_end_object (writer);
  dd_json_write_key (writer, "provider");
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "name", parties->provider);
  dd_json_write_end_object (writer);
}

static void
write_line (
  const DdProposal *proposal, const DdLine *line, DdViewPrices *prices, guint index, DdJsonWriter *writer)
{
  g_autofree char *quantity = dd_quantity_format (line->quantity);

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "action", dd_action_name (line->action));
  dd_json_put_string (writer, "asked", line->asked_offering);
  dd_json_write_key (writer, "charges");
  dd_view_write_charges (prices, index, writer);
  if (line->optional && line->chosen != DD_CHOICE_OPEN)
    dd_json_put_boolean (writer, "chosen", line->chosen == DD_CHOICE_TAKEN);
  dd_json_put_int64 (writer, "commitment", dd_line_commitment (proposal, line));
  dd_json_put_string (writer, "id", line->id);
  dd_json_put_string (writer, "name", line->name);
  dd_json_put_string (writer, "offering", line->offering);
  dd_json_put_boolean (writer, "optional", line->optional);
  dd_json_put_string (writer, "quantity", quantity);
  dd_json_put_string (writer, "site", line->site);
  if (line->start != NULL)
    dd_json_put_string (writer, "start", line->start);
  dd_json_write_end_object (writer);
}

static void
write_lines (const DdProposal *proposal, const DdSheet *sheet, DdJsonWriter *writer)
{
  DdViewPrices prices = { .sheet = sheet };

  dd_json_write_key (writer, "lines");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < proposal->lines->len; i++)
    write_line (proposal, g_ptr_array_index (proposal->lines, i), &prices, i, writer);
  dd_json_write_end_array (writer);
}

static void
write_term (const DdTerm *term, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_json_put_boolean (writer, "acknowledge", term->acknowledge);
  dd_json_put_string (writer, "clause", term->clause);
  dd_json_put_string (writer, "origin", dd_side_name (term->origin));
  dd_json_write_key (writer, "parameters");
  dd_json_write_begin_array (writer);
  for (guint i = 0; term->parameters != NULL && i < term->parameters->len; i++)
    {
      const DdParameter *parameter = &g_array_index (term->parameters, DdParameter, i);

      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "name", parameter->name);
      dd_json_put_string (writer, "value", parameter->value);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
  dd_json_put_string (writer, "text", term->text);
  dd_json_put_string (writer, "title", term->title);
  dd_json_put_string (writer, "version", term->version);
  dd_json_write_end_object (writer);
}

static void
write_strings (const GPtrArray *texts, DdJsonWriter *writer)
{
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < texts->len; i++)
    dd_json_write_string (writer, g_ptr_array_index (texts, i));
  dd_json_write_end_array (writer);
}

static void
write_order (const DdOrderPart *part, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "id", part->id);
  dd_json_write_key (writer, "lines");
  write_strings (part->lines, writer);
  dd_json_put_string (writer, "requestedDate", part->requested_date);
  dd_json_write_end_object (writer);
}

static void
write_terms_and_orders (const DdProposal *proposal, DdJsonWriter *writer)
{
  dd_json_write_key (writer, "orders");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < proposal->orders->len; i++)
    write_order (g_ptr_array_index (proposal->orders, i), writer);
  dd_json_write_end_array (writer);

  dd_json_write_key (writer, "precedence");
  write_strings (proposal->precedence, writer);

  dd_json_write_key (writer, "terms");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < proposal->terms->len; i++)
    write_term (g_ptr_array_index (proposal->terms, i), writer);
  dd_json_write_end_array (writer);
}

static void
put_time (DdJsonWriter *writer, const char *key, gint64 time)
{
  g_autofree char *text = time != 0 ? dd_time_format (time) : NULL;

  dd_json_put_string (writer, key, text);
}

GBytes *
dd_view_build (const DdParties *parties, const DdProposal *proposal, const DdSheet *sheet)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_json_write_begin_object (writer);
  if (proposal->billing_day > 0)
    dd_json_put_int64 (writer, "billingDay", proposal->billing_day);
  dd_json_put_int64 (writer, "commitment", proposal->commitment);
  dd_json_write_key (writer, "contractValue");
  dd_view_write_contract_value (sheet, writer);
  dd_json_put_string (writer, "currency", proposal->currency.code);
  dd_json_put_string (writer, "deal", parties->deal);
  if (parties->development)
    dd_json_put_boolean (writer, "development", TRUE);
  dd_json_write_key (writer, "effective");
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "from", proposal->effective_from);
  dd_json_put_string (writer, "to", proposal->effective_to);
  dd_json_write_end_object (writer);
  dd_json_put_string (writer, "format", FORMAT);
  put_time (writer, "irrevocableUntil", proposal->irrevocable_until);
  dd_json_put_int64 (writer, "revision", parties->revision);
  dd_json_put_string (writer, "side", dd_side_name (parties->side));
  put_time (writer, "validUntil", proposal->valid_until);
  write_parties (parties, writer);
  write_lines (proposal, sheet, writer);
  write_terms_and_orders (proposal, writer);
  dd_json_write_key (writer, "totals");
  dd_view_write_totals (sheet, writer);
  dd_json_write_end_object (writer);

  return dd_json_writer_finish_bytes (writer);
}

void
dd_fingerprint (GBytes *bytes, char out_hex[65])
{
  g_autofree char *hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  memcpy (out_hex, hex, 65);
}
