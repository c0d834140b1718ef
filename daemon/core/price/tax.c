/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage tax: each rate on the net of one charge of one line, rounded there. A credit's tax is a credit.
 *
 * A tax in any stage is taken here. Pure.
 */
#include "price/pricing.h"

gboolean
dd_run_tax (DdRun *run, GError **error)
{
  DdPricing *pricing = run->pricing;
  const DdSlice *slice = &pricing->slices[run->index];
  gint64 net = slice->first_tax < slice->end ? run->result->net / run->minor : 0; /* whole */

  for (guint32 place = slice->first_tax; place < slice->end; place++)
    {
      const DdAdjustment *rule = &pricing->adjustments[pricing->order[place]];
      gint64 steps = 0;
      gint64 tax = 0;
      gint64 gross = 0;

      if (rule->kind != DD_ADJUST_TAX)
        continue;
      if (!dd_divide ((DdWide)net * rule->value, DD_NANOS, &steps, error) ||
          !dd_wide_to_int64 ((DdWide)steps * run->minor, &tax, error) ||
          !dd_checked_add (run->value, tax, &gross, error))
        return FALSE;
      run->result->tax += tax; /* of the net's sign, so no farther from zero than the gross */
      dd_run_note (run, pricing->order[place], DD_STAGE_TAX, DD_ADJUST_TAX, gross);
    }
  return TRUE;
}
