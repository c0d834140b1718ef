/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A proposal as canonical JSON; the mirror of proposal-read.c. A member that has its default isn't written.
 * Any thread.
 */
#include "deal/proposal.h"

static void
put_value (DdJsonWriter *writer, guint8 kind, gint64 value, DdCurrency currency)
{
  g_autofree char *text = NULL;

  if (kind == DD_ADJUST_PERCENT_OFF || kind == DD_ADJUST_PERCENT_ON)
    text = dd_percent_format (value);
  else if (kind == DD_ADJUST_FACTOR)
    text = dd_decimal_format (value, DD_NANOS_SCALE, 0);
  else
    text = dd_money_format (value, currency);
  dd_json_put_string (writer, "value", text);
}

static void
put_moment (DdJsonWriter *writer, const char *key, gint64 time)
{
  if (time == 0)
    return;
  g_autofree char *text = dd_time_format (time);
  dd_json_put_string (writer, key, text);
}

static void
write_alterations (const DdLine *line, DdJsonWriter *writer)
{
  if (line->alterations->len == 0)
    return;
  dd_json_write_key (writer, "alterations");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < line->alterations->len; i++)
    {
      const DdAlteration *alteration = &g_array_index (line->alterations, DdAlteration, i);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "charge", alteration->charge);
      dd_json_put_string (writer, "kind", dd_adjust_kind_name (alteration->kind));
      dd_json_put_string (writer, "label", alteration->label);
      put_value (writer, alteration->kind, alteration->value, alteration->currency);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_installed (const DdLine *line, DdJsonWriter *writer)
{
  if (line->installed->len == 0)
    return;
  dd_json_write_key (writer, "installed");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < line->installed->len; i++)
    {
      const DdInstalled *installed = &g_array_index (line->installed, DdInstalled, i);
      g_autofree char *net = dd_money_format (installed->net.micros, installed->net.currency);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "charge", installed->charge);
      dd_json_put_string (writer, "net", net);
      if (installed->period != DD_PERIOD_NONE)
        dd_json_put_string (writer, "period", dd_period_name (installed->period));
      dd_json_put_string (writer, "type", dd_charge_type_name (installed->type));
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_line (const DdLine *line, DdJsonWriter *writer)
{
  g_autofree char *quantity = dd_quantity_format (line->quantity);

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "action", dd_action_name (line->action));
  write_alterations (line, writer);
  dd_json_put_string (writer, "askedOffering", line->asked_offering);
  if (line->optional && line->chosen != DD_CHOICE_OPEN)
    dd_json_put_boolean (writer, "chosen", line->chosen == DD_CHOICE_TAKEN);
  if (line->commitment > 0)
    dd_json_put_int64 (writer, "commitment", line->commitment);
  dd_json_put_string (writer, "id", line->id);
  write_installed (line, writer);
  if (line->kept != NULL)
    {
      dd_json_write_key (writer, "kept");
      dd_json_write_canonical (writer, line->kept, strlen (line->kept));
    }
  dd_json_put_string (writer, "name", line->name);
  dd_json_put_string (writer, "offering", line->offering);
  if (line->optional)
    dd_json_put_boolean (writer, "optional", TRUE);
  dd_json_put_string (writer, "quantity", quantity);
  dd_json_put_string (writer, "site", line->site);
  dd_json_put_string (writer, "start", line->start);
  dd_json_write_end_object (writer);
}

static void
write_term (const DdTerm *term, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  if (term->acknowledge)
    dd_json_put_boolean (writer, "acknowledge", TRUE);
  dd_json_put_string (writer, "clause", term->clause);
  dd_json_put_string (writer, "origin", dd_side_name (term->origin));
  if (term->parameters->len > 0)
    {
      dd_json_write_key (writer, "parameters");
      dd_json_write_begin_array (writer);
      for (guint i = 0; i < term->parameters->len; i++)
        {
          const DdParameter *parameter = &g_array_index (term->parameters, DdParameter, i);
          dd_json_write_begin_object (writer);
          dd_json_put_string (writer, "name", parameter->name);
          dd_json_put_string (writer, "value", parameter->value);
          dd_json_write_end_object (writer);
        }
      dd_json_write_end_array (writer);
    }
  dd_json_put_string (writer, "rung", term->rung);
  dd_json_put_string (writer, "text", term->text);
  dd_json_put_string (writer, "title", term->title);
  dd_json_put_string (writer, "version", term->version);
  dd_json_write_end_object (writer);
}

static void
write_deal_alteration (const DdDealAlteration *alteration, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "currency", alteration->currency.code);
  dd_json_put_string (writer, "kind", dd_adjust_kind_name (alteration->kind));
  dd_json_put_string (writer, "label", alteration->label);
  if (alteration->period != DD_PERIOD_NONE)
    dd_json_put_string (writer, "period", dd_period_name (alteration->period));
  dd_json_put_string (writer, "type", dd_charge_type_name (alteration->type));
  put_value (writer, alteration->kind, alteration->value, alteration->currency);
  dd_json_write_end_object (writer);
}

static void
write_texts (DdJsonWriter *writer, const GPtrArray *texts)
{
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < texts->len; i++)
    dd_json_write_string (writer, g_ptr_array_index (texts, i));
  dd_json_write_end_array (writer);
}

static void
write_orders (const DdProposal *proposal, DdJsonWriter *writer)
{
  if (proposal->orders->len == 0)
    return;
  dd_json_write_key (writer, "orders");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < proposal->orders->len; i++)
    {
      const DdOrderPart *part = g_ptr_array_index (proposal->orders, i);
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "id", part->id);
      dd_json_write_key (writer, "lines");
      write_texts (writer, part->lines);
      dd_json_put_string (writer, "requestedDate", part->requested_date);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

void
dd_proposal_write (const DdProposal *proposal, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  if (proposal->billing_day > 0)
    dd_json_put_int64 (writer, "billingDay", proposal->billing_day);
  if (proposal->commitment > 0)
    dd_json_put_int64 (writer, "commitment", proposal->commitment);
  if (proposal->currency.code[0] != '\0')
    dd_json_put_string (writer, "currency", proposal->currency.code);
  dd_json_put_string (writer, "effectiveFrom", proposal->effective_from);
  dd_json_put_string (writer, "effectiveTo", proposal->effective_to);
  put_moment (writer, "irrevocableUntil", proposal->irrevocable_until);
  dd_json_write_key (writer, "lines");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < proposal->lines->len; i++)
    write_line (g_ptr_array_index (proposal->lines, i), writer);
  dd_json_write_end_array (writer);
  dd_json_put_string (writer, "note", proposal->note);
  write_orders (proposal, writer);
  if (proposal->precedence->len > 0)
    {
      dd_json_write_key (writer, "precedence");
      write_texts (writer, proposal->precedence);
    }
  if (proposal->spread->len > 0)
    {
      dd_json_write_key (writer, "spread");
      dd_json_write_begin_array (writer);
      for (guint i = 0; i < proposal->spread->len; i++)
        write_deal_alteration (&g_array_index (proposal->spread, DdDealAlteration, i), writer);
      dd_json_write_end_array (writer);
    }
  if (proposal->terms->len > 0)
    {
      dd_json_write_key (writer, "terms");
      dd_json_write_begin_array (writer);
      for (guint i = 0; i < proposal->terms->len; i++)
        write_term (g_ptr_array_index (proposal->terms, i), writer);
      dd_json_write_end_array (writer);
    }
  put_moment (writer, "validUntil", proposal->valid_until);
  dd_json_write_end_object (writer);
}
