/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What an isolated plugin is asked, as records (see wire-layout.h). A worker of the pool.
 *
 * Arrays are taken whole and filled in place; texts lie elsewhere, so filling never moves them. A body that
 * is full gives NULL: the question isn't sent then.
 */
#include "remote/remote-calls.h"

#include <string.h>

#include "remote/wire-layout.h"

static guint32
add_text (DdWireWriter *writer, const char *text)
{
  return dd_wire_add_text (writer, text, G_MAXUINT32);
}

static guint32
count_alterations (const DealdeskPricingInput *input)
{
  guint32 n = 0;

  for (guint32 i = 0; i < input->n_lines; i++)
    n += dealdesk_line (input, i)->n_alterations;
  return n;
}

static void
add_lines (DdWireWriter *writer, const DealdeskPricingInput *input)
{
  DdWireLine *written = dd_wire_add (writer, sizeof *written * input->n_lines);

  for (guint32 i = 0; written != NULL && i < input->n_lines; i++)
    {
      const DealdeskLine *line = dealdesk_line (input, i);

      written[i] = (DdWireLine){
        .id = add_text (writer, line->id),
        .offering = add_text (writer, line->offering),
        .site = add_text (writer, line->site),
        .action = line->action,
        .commitment = line->commitment,
        .n_alterations = line->n_alterations,
        .first_charge = line->first_charge,
        .n_charges = line->n_charges,
        .quantity = line->quantity,
        .category = add_text (writer, line->category),
        .unit = add_text (writer, line->unit),
        .start = line->start,
      };
    }
}

static void
add_alterations (DdWireWriter *writer, const DealdeskPricingInput *input, guint32 n_alterations)
{
  DdWireAlteration *written = dd_wire_add (writer, sizeof *written * n_alterations);

  for (guint32 i = 0; written != NULL && i < input->n_lines; i++)
    {
      const DealdeskLine *line = dealdesk_line (input, i);

      for (guint32 j = 0; j < line->n_alterations; j++, written++)
        {
          const DealdeskAlteration *alteration = dealdesk_alteration (line, j);

          written->charge = add_text (writer, alteration->charge);
          written->label = add_text (writer, alteration->label);
          written->kind = alteration->kind;
          memcpy (written->currency, alteration->currency, sizeof written->currency);
          written->value = alteration->value;
        }
    }
}

static void
add_charges (DdWireWriter *writer, const DealdeskPricingInput *input)
{
  DdWireChargeView *written = dd_wire_add (writer, sizeof *written * input->n_charges);

  for (guint32 i = 0; written != NULL && i < input->n_charges; i++, written++)
    {
      const DealdeskChargeView *charge = dealdesk_charge (input, i);

      written->line = charge->line;
      written->type = charge->type;
      written->period = charge->period;
      memcpy (written->currency, charge->currency, sizeof written->currency);
      written->id = add_text (writer, charge->id);
    }
}

void
dd_question_price (DdWireWriter *writer,
                   const DealdeskPricingInput *input,
                   guint32 first_charge,
                   gboolean explaining,
                   const char *asked_rule)
{
  guint32 n_alterations = count_alterations (input);
  DdWirePricing *pricing = dd_wire_add (writer, sizeof *pricing);

  if (pricing == NULL)
    return;
  *pricing = (DdWirePricing){
    .n_lines = input->n_lines,
    .n_charges = input->n_charges,
    .n_alterations = n_alterations,
    .date = input->date,
    .customer = add_text (writer, input->customer),
    .segment = add_text (writer, input->segment),
    .country = add_text (writer, input->country),
    .first_charge = first_charge,
    .offer_end = input->offer_end,
    .explaining = explaining,
    .asked_rule = add_text (writer, asked_rule),
  };
  memcpy (pricing->currency, input->currency, sizeof pricing->currency);
  add_lines (writer, input);
  add_alterations (writer, input, n_alterations);
  add_charges (writer, input);
}

void
dd_question_require (DdWireWriter *writer, const DealdeskApprovalInput *input)
{
  DdWireApproval *approval = dd_wire_add (writer, sizeof *approval);

  if (approval == NULL)
    return;
  *approval = (DdWireApproval){
    .n_measures = input->n_measures,
    .n_groups = input->n_groups,
    .requester = add_text (writer, input->requester),
    .customer = add_text (writer, input->customer),
    .segment = add_text (writer, input->segment),
    .country = add_text (writer, input->country),
    .date = input->date,
    .owner = add_text (writer, input->owner),
  };

  DdWireMeasure *measures = dd_wire_add (writer, sizeof *measures * input->n_measures);

  for (guint32 i = 0; measures != NULL && i < input->n_measures; i++)
    {
      const DealdeskMeasure *measure = dealdesk_measure (input, i);

      measures[i].name = add_text (writer, measure->name);
      memcpy (measures[i].currency, measure->currency, sizeof measures[i].currency);
      measures[i].percent = measure->percent;
      measures[i].worse = measure->worse;
      measures[i].value = measure->value;
      measures[i].subject = add_text (writer, measure->subject);
      measures[i].category = add_text (writer, measure->category);
      measures[i].text = add_text (writer, measure->text);
    }

  DdWireName *groups = dd_wire_add (writer, sizeof *groups * input->n_groups);

  for (guint32 i = 0; groups != NULL && i < input->n_groups; i++)
    groups[i].text = add_text (writer, input->groups[i]);
}

void
dd_question_advise (DdWireWriter *writer, const DealdeskNegotiationInput *input)
{
  DdWireNegotiation *negotiation = dd_wire_add (writer, sizeof *negotiation);

  if (negotiation == NULL)
    return;
  negotiation->n_offers = input->n_offers;
  memcpy (negotiation->currency, input->currency, sizeof negotiation->currency);
  negotiation->list_total = input->list_total;
  negotiation->opened = input->opened;
  negotiation->now = input->now;
  negotiation->deadline = input->deadline;

  DealdeskOffer *offers = dd_wire_add (writer, sizeof *offers * input->n_offers);

  for (guint32 i = 0; offers != NULL && i < input->n_offers; i++)
    offers[i] = *dealdesk_offer (input, i);
}

void
dd_question_deliver (DdWireWriter *writer, const DealdeskOrder *order)
{
  DdWireOrder *written = dd_wire_add (writer, sizeof *written);

  if (written == NULL)
    return;
  *written = (DdWireOrder){
    .key = add_text (writer, order->key),
    .deal = add_text (writer, order->deal),
    .order = add_text (writer, order->order),
    .length = order->length,
  };

  char *document = dd_wire_add (writer, dd_wire_round ((guint64)order->length + 1));

  if (document != NULL && order->length > 0)
    memcpy (document, order->document, order->length);
}
