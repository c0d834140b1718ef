/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pricing runs and the questions to approval plugins (see pricing.h). From a job.
 */
#include "pricing.h"

#include "offerings.h"
#include "sheets.h"

#define CUSTOMER_SEGMENT      2
#define CUSTOMER_COUNTRY      3
#define CUSTOMER_CREDIT_CLASS 4
#define OFFERING_CATEGORY     2

#define DEAL_ID_BYTES 24

DdCallContext
dd_pricing_context (const DdPins *pins, const char *customer, const char *deal, gint64 now)
{
  const char *segment = dd_pins_text (pins, "customers", customer, CUSTOMER_SEGMENT);
  const char *country = dd_pins_text (pins, "customers", customer, CUSTOMER_COUNTRY);

  return (DdCallContext){
    .datasets = dd_pins_source,
    .datasets_data = (gpointer)pins,
    .customer = customer != NULL ? customer : "",
    .segment = segment != NULL ? segment : "",
    .country = country != NULL ? country : "",
    .offerings = dd_pins_get (pins, "offerings"),
    .rates = dd_pins_get (pins, "rates"),
    .deal = deal,
    .now = now,
  };
}

/* @deal: what its id is written to: on the stack, since a plugin may never return. */
static DdCallContext
request_context (const DdPins *pins, const DdPricingRequest *request, char deal[static DEAL_ID_BYTES])
{
  g_snprintf (deal, DEAL_ID_BYTES, "D-%" G_GINT64_FORMAT, request->deal);

  DdCallContext context =
    dd_pricing_context (pins, request->customer, request->deal != 0 ? deal : NULL, request->now);
  context.owner = request->owner;
  context.misses = request->misses;
  context.asked_rule = request->asked_rule;
  return context;
}

/* An offer whose charges are all in one currency is in that currency. */
static void
settle_currency (DdProposal *proposal, const DdSheet *sheet)
{
  if (proposal->currency.code[0] == '\0' && sheet->figures->len == 1)
    proposal->currency = g_array_index (sheet->figures, DdDealFigures, 0).currency;
}

DdSheet *
dd_pricing_run (const DdService *service,
                const DdPins *pins,
                const DdPricingRequest *request,
                DdProposal *proposal,
                gboolean mapped,
                GError **error)
{
  char deal[DEAL_ID_BYTES];
  DdCallContext context = request_context (pins, request, deal);
  DdAnswers *answers;
  DdSheet *sheet;

  if (!mapped &&
      !dd_offerings_map (pins, request->map, (gint32)(request->now / G_TIME_SPAN_DAY), proposal, error))
    return NULL;
  answers = dd_host_price (service->host, &context, proposal, error);
  if (answers == NULL)
    return NULL;
  answers->interest = service->interest;
  dd_proposal_add_spreads (proposal, answers);
  dd_proposal_add_installed (proposal, answers);
  if (!dd_host_add_installed (dd_pins_get (pins, "installed"), request->customer, request->now, proposal,
                              answers, error))
    {
      dd_answers_free (answers);
      return NULL;
    }

  g_autoptr (GArray) lines = dd_proposal_price_lines (proposal);
  const DdPriceLine *price_lines = (const DdPriceLine *)(void *)lines->data;

  if (request->deal != 0)
    sheet = dd_sheets_compute (request->deal, price_lines, lines->len, answers, NULL, error);
  else
    sheet = dd_sheet_compute (price_lines, lines->len, answers, error);
  if (sheet != NULL && !mapped)
    settle_currency (proposal, sheet);
  return sheet;
}

static void
add_lines (DdMeasures *measures, const DdPins *pins, const DdProposal *proposal, const DdSheet *sheet)
{
  g_autofree const char **categories = g_new0 (const char *, proposal->lines->len + 1);

  for (guint i = 0; i < proposal->lines->len; i++)
    categories[i] = dd_pins_text (pins, "offerings", ((const DdLine *)proposal->lines->pdata[i])->offering,
                                  OFFERING_CATEGORY);
  dd_measures_add_lines (measures, proposal, sheet, categories);
}

GPtrArray *
dd_pricing_requirements (const DdService *service,
                         const DdPins *pins,
                         const DdPricingRequest *request,
                         const DdProposal *proposal,
                         const DdSheet *sheet,
                         const char *requester,
                         DdMeasures **out_measures,
                         GError **error)
{
  char deal[DEAL_ID_BYTES];
  DdCallContext context = request_context (pins, request, deal);
  g_autoptr (DdMeasures) measures = dd_measures_take (
    proposal, sheet, dd_pins_text (pins, "customers", request->customer, CUSTOMER_CREDIT_CLASS));
  g_autoptr (GPtrArray) groups = dd_pins_groups (pins, requester);

  add_lines (measures, pins, proposal, sheet);

  GPtrArray *requirements =
    dd_host_require (service->host, &context, (const DdMeasure *)(void *)measures->list->data,
                     measures->list->len, requester, groups, error);

  if (requirements != NULL)
    *out_measures = g_steal_pointer (&measures);
  return requirements;
}
