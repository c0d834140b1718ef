/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * From a question to the plugin's function, and from what it returned to the answer (see serve.h).
 *
 * The plugin sees the same structs as in the daemon; they live until the answer is sent.
 */
#include "record.h"

#include <string.h>

#include "error.h"
#include "json/arena.h"
#include "remote/wire-layout.h"

/* A question being read. */
typedef struct
{
  DdRunner *runner;
  DdWireReader *reader;
  DdArena *arena;
  const DdWireCall *head;
  DdRecord *record;
} Call;

static const char *
text (const Call *call, guint32 number)
{
  return dd_wire_needed_text (call->reader, number);
}

/* What was written first; it moves as the answer grows. */
static DdWireAnswer *
answer_of (const Call *call)
{
  return (DdWireAnswer *)(void *)call->record->writer->records.data;
}

static gboolean
take_alterations (const Call *call, DealdeskLine *line)
{
  const DdWireAlteration *given = dd_wire_take (call->reader, line->n_alterations, sizeof *given);
  DealdeskAlteration *made;

  if (given == NULL)
    return FALSE;
  made = dd_arena_take (call->arena, sizeof *made * line->n_alterations);
  for (guint32 i = 0; i < line->n_alterations; i++)
    {
      made[i] = (DealdeskAlteration){
        .charge = text (call, given[i].charge),
        .label = text (call, given[i].label),
        .kind = given[i].kind,
        .value = given[i].value,
      };
      memcpy (made[i].currency, given[i].currency, sizeof made[i].currency);
    }
  line->alterations = made;
  return TRUE;
}

static const DealdeskLine *
take_lines (const Call *call, guint32 n_lines)
{
  const DdWireLine *given = dd_wire_take (call->reader, n_lines, sizeof *given);
  DealdeskLine *lines;

  if (given == NULL)
    return NULL;
  lines = dd_arena_take (call->arena, sizeof *lines * (n_lines + (gsize)1));
  for (guint32 i = 0; i < n_lines; i++)
    lines[i] = (DealdeskLine){
      .id = text (call, given[i].id),
      .offering = text (call, given[i].offering),
      .site = text (call, given[i].site),
      .action = given[i].action,
      .commitment = given[i].commitment,
      .quantity = given[i].quantity,
      .n_alterations = given[i].n_alterations,
      .alteration_stride = sizeof (DealdeskAlteration),
      .first_charge = given[i].first_charge,
      .n_charges = given[i].n_charges,
      .category = text (call, given[i].category),
      .unit = text (call, given[i].unit),
      .start = given[i].start,
    };
  for (guint32 i = 0; i < n_lines; i++)
    if (lines[i].n_alterations > 0 && !take_alterations (call, &lines[i]))
      return NULL;
  return lines;
}

static const DealdeskChargeView *
take_charges (const Call *call, guint32 n_charges)
{
  const DdWireChargeView *given = dd_wire_take (call->reader, n_charges, sizeof *given);
  DealdeskChargeView *charges;

  if (given == NULL)
    return NULL;
  charges = dd_arena_take (call->arena, sizeof *charges * (n_charges + (gsize)1));
  for (guint32 i = 0; i < n_charges; i++)
    {
      charges[i] = (DealdeskChargeView){
        .line = given[i].line,
        .type = given[i].type,
        .period = given[i].period,
        .id = text (call, given[i].id),
      };
      memcpy (charges[i].currency, given[i].currency, sizeof charges[i].currency);
    }
  return charges;
}

static gboolean
price (const Call *call)
{
  const DdPlugin *plugin = call->runner->plugin;
  const DdWirePricing *given = dd_wire_take (call->reader, 1, sizeof *given);
  DealdeskPricingInput input = { .size = sizeof input };

  if (given == NULL || (input.lines = take_lines (call, given->n_lines)) == NULL ||
      (input.charges = take_charges (call, given->n_charges)) == NULL)
    return FALSE;
  input.n_lines = given->n_lines;
  input.line_stride = sizeof (DealdeskLine);
  input.charge_stride = sizeof (DealdeskChargeView);
  input.n_charges = given->n_charges;
  input.date = given->date;
  input.customer = text (call, given->customer);
  input.segment = text (call, given->segment);
  input.country = text (call, given->country);
  input.offer_end = given->offer_end;
  memcpy (input.currency, given->currency, sizeof input.currency);
  call->record->next_charge = given->first_charge;
  call->record->explaining = given->explaining != 0;
  call->record->asked_rule = dd_wire_text (call->reader, given->asked_rule);
  if (call->reader->bad)
    return FALSE;

  DealdeskResult result =
    plugin->pricing.price (plugin->instance, &dd_record_functions, dd_record_call (call->record), &input);

  answer_of (call)->result = result;
  return TRUE;
}

static const DealdeskMeasure *
take_measures (const Call *call, guint32 n_measures)
{
  const DdWireMeasure *given = dd_wire_take (call->reader, n_measures, sizeof *given);
  DealdeskMeasure *measures;

  if (given == NULL)
    return NULL;
  measures = dd_arena_take (call->arena, sizeof *measures * (n_measures + (gsize)1));
  for (guint32 i = 0; i < n_measures; i++)
    {
      measures[i] = (DealdeskMeasure){
        .name = text (call, given[i].name),
        .value = given[i].value,
        .percent = given[i].percent,
        .subject = text (call, given[i].subject),
        .category = text (call, given[i].category),
        .text = text (call, given[i].text),
        .worse = given[i].worse,
      };
      memcpy (measures[i].currency, given[i].currency, sizeof measures[i].currency);
    }
  return measures;
}

static const char *const *
take_names (const Call *call, guint32 n_names)
{
  const DdWireName *given = dd_wire_take (call->reader, n_names, sizeof *given);
  const char **names;

  if (given == NULL)
    return NULL;
  names = dd_arena_take (call->arena, sizeof *names * (n_names + (gsize)1));
  for (guint32 i = 0; i < n_names; i++)
    names[i] = text (call, given[i].text);
  return names;
}

static gboolean
require (const Call *call)
{
  const DdPlugin *plugin = call->runner->plugin;
  const DdWireApproval *given = dd_wire_take (call->reader, 1, sizeof *given);
  DealdeskApprovalInput input = { .size = sizeof input };

  if (given == NULL || (input.measures = take_measures (call, given->n_measures)) == NULL ||
      (input.groups = take_names (call, given->n_groups)) == NULL)
    return FALSE;
  input.n_measures = given->n_measures;
  input.measure_stride = sizeof (DealdeskMeasure);
  input.n_groups = given->n_groups;
  input.requester = text (call, given->requester);
  input.customer = text (call, given->customer);
  input.segment = text (call, given->segment);
  input.country = text (call, given->country);
  input.date = given->date;
  input.owner = text (call, given->owner);
  if (call->reader->bad)
    return FALSE;

  DealdeskResult result =
    plugin->approval.require (plugin->instance, &dd_record_functions, dd_record_call (call->record), &input);

  answer_of (call)->result = result;
  return TRUE;
}

static gboolean
advise (const Call *call)
{
  const DdPlugin *plugin = call->runner->plugin;
  const DdWireNegotiation *given = dd_wire_take (call->reader, 1, sizeof *given);
  DealdeskNegotiationInput input = { .size = sizeof input, .offer_stride = sizeof (DealdeskOffer) };
  DealdeskAdvice advice = { .size = sizeof advice };

  if (given == NULL ||
      (input.offers = dd_wire_take (call->reader, given->n_offers, sizeof (DealdeskOffer))) == NULL)
    return FALSE;
  input.n_offers = given->n_offers;
  input.list_total = given->list_total;
  input.opened = given->opened;
  input.now = given->now;
  input.deadline = given->deadline;
  memcpy (input.currency, given->currency, sizeof input.currency);

  DealdeskResult result = plugin->negotiation.advise (plugin->instance, &dd_record_functions,
                                                      dd_record_call (call->record), &input, &advice);
  DdWireAnswer *answer = answer_of (call);

  answer->result = result;
  answer->action = advice.action;
  answer->total = advice.total;
  memcpy (answer->text, advice.reason, sizeof advice.reason);
  return TRUE;
}

static gboolean
deliver (const Call *call)
{
  const DdPlugin *plugin = call->runner->plugin;
  const DealdeskHandoff *handoff = &plugin->handoff;
  const DdWireOrder *given = dd_wire_take (call->reader, 1, sizeof *given);
  DealdeskOrder order = { .size = sizeof order };
  char receipt[sizeof answer_of (call)->text] = "";

  if (given == NULL || (call->head->query && handoff->query == NULL))
    return FALSE;
  order.document = dd_wire_take (call->reader, dd_wire_round ((guint64)given->length + 1), 1);
  order.length = given->length;
  order.key = text (call, given->key);
  order.deal = text (call, given->deal);
  order.order = text (call, given->order);
  if (order.document == NULL || call->reader->bad)
    return FALSE;

  DealdeskDelivery delivery = (call->head->query ? handoff->query : handoff->deliver) (
    plugin->instance, &dd_record_functions, dd_record_call (call->record), &order, receipt, sizeof receipt);
  DdWireAnswer *answer = answer_of (call);

  answer->result = delivery;
  memcpy (answer->text, receipt, sizeof receipt);
  return TRUE;
}

static gboolean (*const kinds[DD_N_KINDS]) (const Call *call) = {
  [DD_KIND_PRICING] = price,
  [DD_KIND_APPROVAL] = require,
  [DD_KIND_NEGOTIATION] = advise,
  [DD_KIND_HANDOFF] = deliver,
};

gboolean
dd_runner_call (DdRunner *runner, GError **error)
{
  DdWireReader reader;
  DdRecord record = { .runner = runner, .writer = &runner->answer };
  DdArena arena;
  Call call = { runner, &reader, &arena, NULL, &record };

  if (!dd_wire_open (&reader, runner->question.body.data, runner->question.body.length, error))
    return FALSE;
  call.head = dd_wire_take (&reader, 1, sizeof *call.head);
  if (call.head == NULL || call.head->kind >= DD_N_KINDS ||
      (runner->plugin->manifest->kinds & (1U << call.head->kind)) == 0)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the daemon asked what the plugin doesn't offer");
  record.deadline = call.head->deadline;
  dd_wire_begin (&runner->answer);
  dd_wire_add (&runner->answer, sizeof (DdWireAnswer));
  dd_arena_init (&arena, 64 * 1024);

  gboolean done = kinds[call.head->kind](&call);

  dd_arena_clear (&arena);
  if (!done)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the daemon's question can't be read");
  answer_of (&call)->overflow = runner->answer.overflowed;
  return TRUE;
}
