/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See layout.h.
 */
#include "checks/layout.h"
#include "call.h"

#include <string.h>

/* An array of @n structs of @size + @extra bytes. */
static char *
take_array (DdPages *pages, guint n, gsize size, guint extra, const char *what)
{
  char *array = dd_pages_take (pages, n * (size + extra), what);

  memset (array, DD_LATER, n * (size + extra));
  return array;
}

static gpointer
take_struct (DdPages *pages, gsize size, guint extra, const char *what)
{
  return take_array (pages, 1, size, extra, what);
}

/* All lines' alterations lie in one array, each line's in its part. */
static void
lay_alterations (DdPages *pages, guint extra, char *array, DealdeskLine *line)
{
  guint stride = sizeof (DealdeskAlteration) + extra;

  for (guint i = 0; i < line->n_alterations; i++)
    {
      DealdeskAlteration alteration = *dealdesk_alteration (line, i);

      alteration.charge = dd_pages_text (pages, alteration.charge);
      alteration.label = dd_pages_text (pages, alteration.label);
      memcpy (array + (gsize)i * stride, &alteration, sizeof alteration);
    }
  line->alterations = line->n_alterations > 0 ? (const DealdeskAlteration *)(gconstpointer)array : NULL;
  line->alteration_stride = stride;
}

static guint
count_alterations (const DealdeskLine *lines, guint n_lines)
{
  guint n = 0;

  for (guint i = 0; i < n_lines; i++)
    n += lines[i].n_alterations;
  return n;
}

static const char *
lay_lines (DdPages *pages, guint extra, const DealdeskLine *lines, guint n_lines)
{
  char *array = take_array (pages, n_lines, sizeof (DealdeskLine), extra, "the lines");
  char *alterations = take_array (pages, count_alterations (lines, n_lines), sizeof (DealdeskAlteration),
                                  extra, "the alterations");

  for (guint i = 0; i < n_lines; i++)
    {
      DealdeskLine line = lines[i];

      line.id = dd_pages_text (pages, line.id);
      line.offering = dd_pages_text (pages, line.offering);
      line.site = dd_pages_text (pages, line.site);
      line.category = dd_pages_text (pages, line.category);
      line.unit = dd_pages_text (pages, line.unit);
      lay_alterations (pages, extra, alterations, &line);
      alterations += (gsize)line.n_alterations * line.alteration_stride;
      memcpy (array + i * (sizeof line + extra), &line, sizeof line);
    }
  return array;
}

static const char *
lay_charges (DdPages *pages, guint extra, const DealdeskChargeView *views, guint n_views)
{
  char *array = take_array (pages, n_views, sizeof (DealdeskChargeView), extra, "the charges");

  for (guint i = 0; i < n_views; i++)
    {
      DealdeskChargeView view = views[i];

      view.id = dd_pages_text (pages, view.id);
      memcpy (array + i * (sizeof view + extra), &view, sizeof view);
    }
  return n_views > 0 ? array : NULL;
}

const DealdeskPricingInput *
dd_layout_pricing (DdPages *pages,
                   guint extra,
                   const DdCase *asked,
                   const DealdeskLine *lines,
                   const DealdeskChargeView *views,
                   guint n_views,
                   gint32 date)
{
  guint n_lines = asked->proposal->lines->len;
  DealdeskPricingInput *input = take_struct (pages, sizeof *input, extra, "the pricing input");

  *input = (DealdeskPricingInput){
    .size = sizeof *input + extra,
    .n_lines = n_lines,
    .lines = lay_lines (pages, extra, lines, n_lines),
    .line_stride = sizeof (DealdeskLine) + extra,
    .charge_stride = sizeof (DealdeskChargeView) + extra,
    .charges = lay_charges (pages, extra, views, n_views),
    .n_charges = n_views,
    .date = date,
    .customer = dd_pages_text (pages, asked->context.customer),
    .segment = dd_pages_text (pages, asked->context.segment),
    .country = dd_pages_text (pages, asked->context.country),
    .offer_end = dd_call_offer_end (asked->proposal),
  };
  memcpy (input->currency, asked->proposal->currency.code, sizeof input->currency);
  return input;
}

/* What plugins see of a text that isn't there. */
static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

const DealdeskApprovalInput *
dd_layout_approval (DdPages *pages, guint extra, const DdCase *asked, gint32 date)
{
  guint n_measures = asked->measures->len;
  guint stride = sizeof (DealdeskMeasure) + extra;
  DealdeskApprovalInput *input = take_struct (pages, sizeof *input, extra, "the approval input");
  char *measures = take_array (pages, n_measures, sizeof (DealdeskMeasure), extra, "the measures");
  const char **groups = dd_pages_take (pages, sizeof *groups * asked->groups->len, "the groups");

  for (guint i = 0; i < n_measures; i++)
    {
      const DdMeasure *measure = &g_array_index (asked->measures, DdMeasure, i);
      DealdeskMeasure made = { .name = dd_pages_text (pages, measure->name),
                               .value = measure->value,
                               .percent = measure->percent != FALSE,
                               .subject = dd_pages_text (pages, or_empty (measure->subject)),
                               .category = dd_pages_text (pages, or_empty (measure->category)),
                               .text = dd_pages_text (pages, or_empty (measure->text)),
                               .worse = measure->worse };

      memcpy (made.currency, measure->currency.code, sizeof made.currency);
      memcpy (measures + (gsize)i * stride, &made, sizeof made);
    }
  for (guint i = 0; i < asked->groups->len; i++)
    groups[i] = dd_pages_text (pages, asked->groups->pdata[i]);
  *input = (DealdeskApprovalInput){
    .size = sizeof *input + extra,
    .n_measures = n_measures,
    .measures = measures,
    .measure_stride = stride,
    .n_groups = asked->groups->len,
    .requester = dd_pages_text (pages, asked->requester),
    .groups = groups,
    .customer = dd_pages_text (pages, asked->context.customer),
    .segment = dd_pages_text (pages, asked->context.segment),
    .country = dd_pages_text (pages, asked->context.country),
    .date = date,
    .owner = dd_pages_text (pages, or_empty (asked->context.owner)),
  };
  return input;
}

const DealdeskNegotiationInput *
dd_layout_negotiation (DdPages *pages, guint extra, const DdCase *asked)
{
  guint n_offers = asked->offers->len;
  guint stride = sizeof (DealdeskOffer) + extra;
  DealdeskNegotiationInput *input = take_struct (pages, sizeof *input, extra, "the negotiation input");
  char *offers = take_array (pages, n_offers, sizeof (DealdeskOffer), extra, "the offers");

  for (guint i = 0; i < n_offers; i++)
    {
      const DdOffer *offer = &g_array_index (asked->offers, DdOffer, i);
      DealdeskOffer made = { .by_customer = offer->by_customer != FALSE,
                             .revision = offer->revision,
                             .time = offer->time,
                             .total = offer->total };

      memcpy (offers + (gsize)i * stride, &made, sizeof made);
    }
  *input = (DealdeskNegotiationInput){
    .size = sizeof *input + extra,
    .n_offers = n_offers,
    .offers = offers,
    .offer_stride = stride,
    .list_total = asked->list_total,
    .opened = asked->opened,
    .now = asked->context.now,
    .deadline = asked->deadline,
  };
  memcpy (input->currency, asked->currency.code, sizeof input->currency);
  return input;
}

const DealdeskOrder *
dd_layout_order (DdPages *pages, guint extra, const DdCase *asked, const char *key)
{
  DealdeskOrder *order = take_struct (pages, sizeof *order, extra, "the order");
  gsize length;
  const char *bytes = g_bytes_get_data (asked->document, &length);
  char *document = dd_pages_take (pages, length, "the document");

  if (length > 0)
    memcpy (document, bytes, length);
  *order = (DealdeskOrder){
    .size = sizeof *order + extra,
    .length = (uint32_t)length,
    .key = dd_pages_text (pages, key),
    .deal = dd_pages_text (pages, asked->deal),
    .order = dd_pages_text (pages, asked->order),
    .document = document,
  };
  return order;
}

DealdeskAdvice *
dd_layout_advice (DdPages *pages, guint extra)
{
  DealdeskAdvice *advice = dd_pages_take_open (pages, sizeof *advice + extra, "the advice");

  memset ((char *)advice + sizeof *advice, DD_LATER, extra);
  advice->size = sizeof *advice + extra;
  return advice;
}

const DealdeskHost *
dd_layout_host (DdPages *pages, guint extra, const DealdeskHost *host)
{
  DealdeskHost *copy = take_struct (pages, sizeof *copy, extra, "the host's table");

  *copy = *host;
  copy->size = sizeof *copy + extra;
  return copy;
}
