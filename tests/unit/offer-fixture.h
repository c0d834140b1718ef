/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A priced offer with a secret in every place that a customer must not read, for the tests of what customers
 * do read.
 */
#pragma once

#include "deal/deal.h"
#include "price/sheet.h"

#include <string.h>

/* In every internal text. */
#define SECRET "zqsecret"

/* Internal figures, chosen so that no other figure of the offer has their digits. */
static const char *const secret_figures[] = {
  "71.31",  "713.1", /* unit and extended cost */
  "60.77",  "607.7", /* floor */
  "0.0031",          /* cost of the usage rate */
};

typedef struct
{
  DdProposal *proposal;
  DdSheet *sheet;
  DdDeal *deal;
  DdRevision *revision; /* of the deal */
} Offer;

static inline DdCurrency
euro (void)
{
  return (DdCurrency){ "EUR" };
}

static inline DdLine *
offer_line (Offer *offer, const char *id, const char *offering, gint64 quantity)
{
  DdLine *line = dd_line_new ();

  line->id = g_strdup (id);
  line->offering = g_strdup (offering);
  line->quantity = quantity;
  g_ptr_array_add (offer->proposal->lines, line);
  return line;
}

static inline void
offer_charge (DdAnswers *answers, guint line, const char *id, DdChargeType type, gint64 price)
{
  DdCharge charge = {
    .line = line,
    .id = dd_answers_label (answers, id),
    .name = dd_answers_label (answers, id),
    .source = dd_answers_label (answers, SECRET "-charges@3"),
    .type = type,
    .period = type == DD_CHARGE_RECURRING ? DD_PERIOD_MONTH : DD_PERIOD_NONE,
    .mode = DD_TIER_FLAT,
    .currency = euro (),
    .price = price,
    .minimum = DD_NO_LIMIT,
    .maximum = DD_NO_LIMIT,
  };

  g_array_append_val (answers->charges, charge);
}

static inline void
offer_adjust (DdAnswers *answers, guint charge, DdStage stage, DdAdjustKind kind, gint64 value)
{
  gboolean amount = kind == DD_ADJUST_COST || kind == DD_ADJUST_FLOOR;
  DdAdjustment adjustment = {
    .charge = charge,
    .id = dd_answers_label (answers, SECRET "-rule"),
    .label = dd_answers_label (answers, SECRET "-why"),
    .source = dd_answers_label (answers, SECRET "-costs@9"),
    .group = DD_NO_LABEL,
    .stage = stage,
    .kind = kind,
    .currency = amount ? euro () : (DdCurrency){ "" },
    .value = value,
  };

  g_array_append_val (answers->adjustments, adjustment);
}

static inline DdAnswers *
offer_answers (void)
{
  DdAnswers *answers = dd_answers_new ();

  offer_charge (answers, 0, "install", DD_CHARGE_ONE_TIME, 250 * DD_MICROS);
  offer_charge (answers, 0, "rental", DD_CHARGE_RECURRING, 100 * DD_MICROS);
  offer_charge (answers, 1, "minutes", DD_CHARGE_USAGE, 12345000); /* EUR 0.012345 a minute, in nanos */
  offer_charge (answers, 2, "care", DD_CHARGE_RECURRING, 20 * DD_MICROS);
  offer_charge (answers, 3, "metre", DD_CHARGE_ONE_TIME, 8 * DD_MICROS);
  offer_adjust (answers, 1, DD_STAGE_BASE, DD_ADJUST_COST, 71310000);
  offer_adjust (answers, 1, DD_STAGE_GUARD, DD_ADJUST_FLOOR, 60770000);
  offer_adjust (answers, 1, DD_STAGE_NEGOTIATED, DD_ADJUST_PERCENT_OFF, 100 * DD_MICROS);
  offer_adjust (answers, 2, DD_STAGE_BASE, DD_ADJUST_COST, 3100000);
  for (guint i = 0; i < 5; i++)
    offer_adjust (answers, i, DD_STAGE_TAX, DD_ADJUST_TAX, 190 * DD_MICROS);
  dd_answers_add_source (answers, SECRET "-costs", 9, NULL);
  return answers;
}

static inline void
offer_alter (Offer *offer, DdLine *line)
{
  DdAlteration alteration = { .charge = g_strdup ("rental"),
                              .kind = DD_ADJUST_PERCENT_OFF,
                              .value = 100 * DD_MICROS,
                              .label = g_strdup (SECRET "-concession") };
  DdDealAlteration spread = { .type = DD_CHARGE_ONE_TIME,
                              .kind = DD_ADJUST_PERCENT_OFF,
                              .currency = euro (),
                              .value = 0,
                              .label = g_strdup (SECRET "-spread") };

  g_array_append_val (line->alterations, alteration);
  g_array_append_val (offer->proposal->spread, spread);
}

static inline void
offer_terms (Offer *offer)
{
  DdTerm *term = dd_term_new ();
  DdParameter parameter = { .name = g_strdup ("days"), .value = g_strdup ("30") };
  DdOrderPart *part = dd_order_part_new ();

  term->clause = g_strdup ("payment");
  term->version = g_strdup ("2");
  term->rung = g_strdup (SECRET "-walk-away");
  term->title = g_strdup ("Payment");
  term->text = g_strdup ("Invoices are due within 30 days.");
  term->acknowledge = TRUE;
  g_array_append_val (term->parameters, parameter);
  g_ptr_array_add (offer->proposal->terms, term);
  part->id = g_strdup ("1");
  g_ptr_array_add (part->lines, g_strdup ("1"));
  g_ptr_array_add (part->lines, g_strdup ("4"));
  part->requested_date = g_strdup ("2027-03-01");
  g_ptr_array_add (offer->proposal->orders, part);
  g_ptr_array_add (offer->proposal->precedence, g_strdup ("terms"));
}

/* The deal around it, with requests for approval and people of the provider's. */
static inline void
offer_deal (Offer *offer)
{
  DdApprovalRequest *request = dd_approval_request_new ();
  DdRevision *revision = g_new0 (DdRevision, 1);
  DdDeal *deal = dd_deal_new (1042);

  revision->revision = 1;
  revision->state = DD_PROPOSAL_TABLED;
  revision->author = g_strdup (SECRET "-author");
  revision->sheet = g_strdup (SECRET "-sheet");
  revision->tabled_at = G_GINT64_CONSTANT (1800000000000000);
  revision->asks = g_ptr_array_new ();
  g_ptr_array_add (deal->revisions, revision);
  request->requester = g_strdup (SECRET "-requester");
  request->sheet = g_strdup (SECRET "-digest");
  request->revision = 1;
  g_ptr_array_add (deal->requests, request);
  g_free (deal->title);
  g_free (deal->customer);
  g_free (deal->owner);
  deal->title = g_strdup ("Branch network");
  deal->customer = g_strdup ("linden");
  deal->customer_name = g_strdup ("Linden Market");
  deal->external_id = g_strdup ("LM-1");
  deal->owner = g_strdup (SECRET "-owner");
  offer->deal = deal;
  offer->revision = revision;
}

/* Lines: 1 ten accesses at EUR 100 less 10%, with installation; 2 a usage rate; 3 an open option; 4 a
 * fractional quantity, asked for by another id. */
static inline Offer *
offer_new (void)
{
  Offer *offer = g_new0 (Offer, 1);
  DdLine *line;
  GError *error = NULL;

  offer->proposal = dd_proposal_new ();
  offer->proposal->currency = euro ();
  offer->proposal->commitment = 36;
  offer->proposal->effective_from = g_strdup ("2027-01-01");
  offer->proposal->valid_until = G_GINT64_CONSTANT (1810000000000000);
  line = offer_line (offer, "1", "epl-100", 10 * DD_MICROS);
  line->site = g_strdup ("berlin-1");
  offer_alter (offer, line);
  offer_line (offer, "2", "voice", 1 * DD_MICROS);
  offer_line (offer, "3", "care", 1 * DD_MICROS)->optional = TRUE;
  line = offer_line (offer, "4", "fibre", 2500000);
  line->asked_offering = g_strdup ("000073");
  offer_terms (offer);

  g_autoptr (GArray) lines = dd_proposal_price_lines (offer->proposal);

  offer->sheet =
    dd_sheet_compute ((const DdPriceLine *)(gpointer)lines->data, lines->len, offer_answers (), &error);
  g_assert_no_error (error);
  offer_deal (offer);
  return offer;
}

static inline void
offer_free (Offer *offer)
{
  dd_proposal_unref (offer->proposal);
  g_clear_pointer (&offer->sheet, dd_sheet_unref);
  dd_deal_free (offer->deal);
  g_free (offer);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Offer, offer_free)

static inline char *
find_secret (const char *text)
{
  if (strstr (text, SECRET) != NULL)
    return g_strdup (SECRET);
  for (guint i = 0; i < G_N_ELEMENTS (secret_figures); i++)
    if (strstr (text, secret_figures[i]) != NULL)
      return g_strdup (secret_figures[i]);
  return NULL;
}

/* Fails when @text holds a secret. */
static inline void
assert_no_secret (const char *text)
{
  g_autofree char *found = find_secret (text);

  g_assert_cmpstr (found, ==, NULL);
}

/* The control: the internal documents do hold every secret, so a search that finds none means something. */
static inline void
assert_secrets_are_planted (const Offer *offer)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *sheet = NULL;
  g_autofree char *proposal = NULL;
  g_autofree char *deal = NULL;

  dd_sheet_write (offer->sheet, writer);
  sheet = dd_json_writer_finish (writer, NULL);
  dd_proposal_write (offer->proposal, writer);
  proposal = dd_json_writer_finish (writer, NULL);
  dd_deal_write (offer->deal, writer);
  deal = dd_json_writer_finish (writer, NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *found = find_secret (((const char *[]){ sheet, proposal, deal })[i]);

      g_assert_cmpstr (found, !=, NULL);
    }
}
