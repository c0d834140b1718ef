/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A price contracted with this customer: it replaces the whole charge.
 *
 * The catalogue's price opens first and stays the reference for discount.list; the contracted one then
 * becomes the running value, with its own tiers, fees, free units, minimum and maximum. What it leaves of
 * units is what the rules after it count. A mark-up on cost gives way to it. Pure.
 */
#include "price/pricing.h"

gboolean
dd_pricing_place_contracts (DdPricing *pricing, GError **error)
{
  const GArray *contracts = pricing->answers->contracts;
  guint n_charges = pricing->answers->charges->len;

  if (contracts->len == 0)
    return TRUE;
  pricing->contracts = g_new0 (const DdContract *, n_charges + 1);
  for (guint i = 0; i < contracts->len; i++)
    {
      const DdContract *contract = &g_array_index (contracts, DdContract, i);

      if (contract->charge >= n_charges)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "contracted price %u: its charge isn't there; the answers have %u charges", i + 1,
                        n_charges);
      if (pricing->contracts[contract->charge] != NULL)
        return dd_pricing_fail (pricing, contract->charge, DD_ERROR_INVALID_ARGUMENT, error,
                                "two prices are contracted for it; one can replace the catalogue's");
      pricing->contracts[contract->charge] = contract;
    }
  return TRUE;
}

gboolean
dd_run_contract (DdRun *run, GError **error)
{
  const DdCharge *price;
  const DdPart *part;
  gint64 value = 0;

  if (G_LIKELY (run->contract == NULL))
    return TRUE;
  price = &run->contract->price;
  part = run->pricing->parts != NULL ? &run->pricing->parts[run->index] : NULL;
  if (!run->result->rate)
    run->units = MAX (run->quantity - price->free_units, 0);
  if (part != NULL && part->contracted != DD_NO_LIMIT)
    value = part->contracted;
  else if (!dd_run_price (run, price, run->units, &value, error))
    return FALSE;
  dd_run_note (run, DD_NO_ADJUSTMENT, DD_STAGE_BASE, DD_STEP_CONTRACT, value);
  if (!dd_run_limit (run, price, error))
    return FALSE;
  /* Both are at least zero. As with any rule, what is above the list raises the reference. */
  run->result->surcharge = MAX (run->value - run->result->list, 0);
  return TRUE;
}
