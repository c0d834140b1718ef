/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Exchange rates for what plugins answered: the offer's currency settles the charges', and each pair that the
 * answers need is looked up once in dataset rates, on the day that prices are asked for. A worker of the
 * pool.
 *
 * There is no rate through a third currency, and none the other way round: both would be somebody else's
 * price.
 */
#include "call.h"

#include <string.h>

enum
{
  RATE_FROM,
  RATE_TO,
  RATE_VALID_FROM,
  RATE_RATE,
  RATE_PER,
  RATE_VALID_TO,
  N_RATE_COLUMNS
};

typedef struct
{
  DealdeskCall *call;
  const DdDataset *dataset; /* (nullable) */
  gboolean asked;
  GArray *ends; /* DdExpiry of each rate of the answers, but for its charge; label DD_NO_LABEL: no end */
} Rates;

static gboolean
holds (const DdCell *row, const char *to, gint32 date)
{
  return strcmp (row[RATE_TO].text, to) == 0 &&
         (row[RATE_VALID_FROM].number == G_MININT64 || row[RATE_VALID_FROM].number <= date) &&
         (row[RATE_VALID_TO].number == G_MININT64 || date <= row[RATE_VALID_TO].number);
}

static gboolean
fail_missing (const Rates *rates, guint32 charge, DdCurrency from, DdCurrency to, GError **error)
{
  const DealdeskCall *call = rates->call;
  const DdCharge *asking = &g_array_index (call->answers->charges, DdCharge, charge);
  g_autofree char *date = dd_call_format_date (call);

  return dd_fail (error, DD_ERROR_UNPRICED,
                  "line %s, charge %s of offering %s: dataset rates has no rate from %s to %s on %s: import "
                  "one that is valid then",
                  call->lines[asking->line].id, dd_answers_text (call->answers, asking->id),
                  call->lines[asking->line].offering, from.code, to.code, date);
}

/* The row that counts: of those valid on the day, the one that began last. */
static gboolean
find_rate (
  Rates *rates, guint32 charge, DdCurrency from, DdCurrency to, const DdCell **out_row, GError **error)
{
  const DdCell *found = NULL;
  guint first = 0;
  guint n_rows = rates->dataset != NULL ? dd_dataset_find (rates->dataset, from.code, &first) : 0;

  rates->asked = TRUE;
  for (guint i = 0; i < n_rows; i++)
    {
      const DdCell *row = dd_dataset_row (rates->dataset, first + i);

      if (holds (row, to.code, rates->call->date) &&
          (found == NULL || row[RATE_VALID_FROM].number > found[RATE_VALID_FROM].number))
        found = row;
    }
  if (found == NULL)
    return fail_missing (rates, charge, from, to, error);
  *out_row = found;
  return TRUE;
}

/* Once for each charge in a row that rests on the rate. */
static void
note_expiry (const Rates *rates, guint32 charge, guint index)
{
  GArray *expiries = rates->call->answers->expiries;
  DdExpiry expiry = g_array_index (rates->ends, DdExpiry, index);

  if (expiry.label == DD_NO_LABEL)
    return;
  expiry.charge = charge;
  if (expiries->len == 0 ||
      memcmp (&g_array_index (expiries, DdExpiry, expiries->len - 1), &expiry, sizeof expiry) != 0)
    g_array_append_val (expiries, expiry);
}

static void
add_rate (Rates *rates, const DdRate *rate, gint64 last)
{
  DdExpiry end = { .label = DD_NO_LABEL };

  if (last != G_MININT64)
    {
      g_autofree char *label = g_strdup_printf ("rate from %s to %s", rate->from.code, rate->to.code);

      end.label = dd_answers_label (rates->call->answers, label);
      end.last = (gint32)last;
    }
  g_array_append_vals (rates->call->answers->rates, rate, 1);
  g_array_append_val (rates->ends, end);
}

static gboolean
need_rate (Rates *rates, guint32 charge, DdCurrency from, DdCurrency to, GError **error)
{
  GArray *known = rates->call->answers->rates;
  const DdCell *row = NULL;
  DdRate rate = { .from = from, .to = to, .per = 1 };

  if (from.code[0] == '\0' || dd_currency_equal (from, to))
    return TRUE;
  for (guint i = 0; i < known->len; i++)
    {
      const DdRate *earlier = &g_array_index (known, DdRate, i);

      if (dd_currency_equal (earlier->from, from) && dd_currency_equal (earlier->to, to))
        {
          note_expiry (rates, charge, i);
          return TRUE;
        }
    }
  if (!find_rate (rates, charge, from, to, &row, error))
    return FALSE;
  rate.rate = row[RATE_RATE].number;
  if (row[RATE_PER].number != G_MININT64)
    rate.per = row[RATE_PER].number;
  if (rate.rate <= 0 || rate.per <= 0)
    return dd_fail (error, DD_ERROR_UNPRICED,
                    "dataset rates, from %s to %s: the rate or its per isn't positive", from.code, to.code);
  rate.source = dd_answers_label (rates->call->answers, "rates");
  add_rate (rates, &rate, row[RATE_VALID_TO].number);
  note_expiry (rates, charge, known->len - 1);
  return TRUE;
}

static gboolean
settle_charge (Rates *rates, guint32 index, DdCurrency offered, GError **error)
{
  DdCharge *charge = &g_array_index (rates->call->answers->charges, DdCharge, index);

  if (offered.code[0] == '\0' || dd_currency_equal (charge->currency, offered))
    return TRUE;
  charge->source_currency = charge->currency;
  charge->currency = offered;
  return need_rate (rates, index, charge->source_currency, offered, error);
}

static gboolean
settle_contract (Rates *rates, DdContract *contract, GError **error)
{
  const DdCharge *charge = &g_array_index (rates->call->answers->charges, DdCharge, contract->charge);
  DdCurrency from = contract->price.currency;

  contract->price.currency = charge->currency;
  if (!dd_currency_equal (from, charge->currency))
    contract->price.source_currency = from;
  return need_rate (rates, contract->charge, contract->price.source_currency, charge->currency, error);
}

static gboolean
settle_adjustment (Rates *rates, const DdAdjustment *adjustment, GError **error)
{
  const DdCharge *charge = &g_array_index (rates->call->answers->charges, DdCharge, adjustment->charge);

  return need_rate (rates, adjustment->charge, adjustment->currency, charge->currency, error);
}

static gboolean
settle_share (Rates *rates, const DdShare *share, GError **error)
{
  const GArray *charges = rates->call->answers->charges;

  return need_rate (rates, share->charge, g_array_index (charges, DdCharge, share->target).currency,
                    g_array_index (charges, DdCharge, share->charge).currency, error);
}

static gboolean
settle_all (Rates *rates, GError **error)
{
  DdAnswers *answers = rates->call->answers;

  for (guint32 i = 0; i < answers->charges->len; i++)
    if (!settle_charge (rates, i, rates->call->proposal->currency, error))
      return FALSE;
  for (guint i = 0; i < answers->contracts->len; i++)
    if (!settle_contract (rates, &g_array_index (answers->contracts, DdContract, i), error))
      return FALSE;
  for (guint i = 0; i < answers->adjustments->len; i++)
    if (!settle_adjustment (rates, &g_array_index (answers->adjustments, DdAdjustment, i), error))
      return FALSE;
  for (guint i = 0; i < answers->shares->len; i++)
    if (!settle_share (rates, &g_array_index (answers->shares, DdShare, i), error))
      return FALSE;
  return TRUE;
}

gboolean
dd_call_settle_currencies (DealdeskCall *call, GError **error)
{
  Rates rates = { .call = call,
                  .dataset = call->context.rates,
                  .ends = g_array_new (FALSE, FALSE, sizeof (DdExpiry)) };
  gboolean settled = settle_all (&rates, error);

  if (settled && rates.asked)
    dd_answers_add_source (call->answers, "rates", dd_dataset_version (rates.dataset), NULL);
  g_array_unref (rates.ends);
  return settled;
}
