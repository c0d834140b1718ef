/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the customer has today: the nets that modify and delete lines take off.
 *
 * A net belongs to the charge of its line with the same id, type, period and currency. One that no charge
 * matches (the new offering has no such charge) becomes a charge of its own whose price is zero, so that it
 * still comes off; a recurring charge for which the line states nothing is an error. Pure.
 */
#include "price/pricing.h"

static const DdInstalledNet *
installed_at (const DdPricing *pricing, guint32 place)
{
  return &g_array_index (pricing->answers->installed, DdInstalledNet, pricing->installed_order[place]);
}

/* Both of one line. */
static gboolean
belongs (const DdInstalledNet *installed, const DdCharge *charge)
{
  return installed->id == charge->id && installed->type == charge->type &&
         installed->period == charge->period && dd_currency_equal (installed->currency, charge->currency);
}

static gboolean
check_installed (DdPricing *pricing, const DdInstalledNet *installed, GError **error)
{
  const char *id = dd_answers_text (pricing->answers, installed->id);
  const char *reason = NULL;

  if (installed->line >= pricing->n_lines || id == NULL)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "an installed net names no line or no charge");
  if (installed->type >= DD_N_CHARGE_TYPES || installed->period >= DD_N_PERIODS ||
      (installed->type == DD_CHARGE_RECURRING) != (installed->period != DD_PERIOD_NONE))
    reason = "a recurring one has a period, and no other has";
  else if (!dd_pricing_knows_currency (pricing, installed->currency))
    reason = "its currency isn't one of ISO 4217";
  else if (installed->net < 0)
    reason = "it is negative";
  else if (installed->type != DD_CHARGE_USAGE &&
           installed->net % dd_pricing_minor (pricing, installed->currency) != 0)
    reason = "it isn't a whole number of the currency's minor units";
  if (reason != NULL)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "line \"%s\": installed net of charge \"%s\": %s",
                    pricing->lines[installed->line].id, id, reason);
  return TRUE;
}

static gboolean
changes_installed (const DdPriceLine *line)
{
  return line->action == DD_ACTION_MODIFY || line->action == DD_ACTION_DELETE;
}

/* Appends to @charges what line @line has installed beyond the charges from @first on. */
static void
add_unmatched (DdPricing *pricing, guint32 line, GArray *charges, guint first)
{
  guint n_answered = charges->len;

  for (guint32 place = pricing->first_installed[line]; place < pricing->first_installed[line + 1]; place++)
    {
      const DdInstalledNet *installed = installed_at (pricing, place);
      DdCharge charge = {
        .line = line,
        .id = installed->id,
        .name = installed->id,
        .source = dd_answers_label (pricing->answers, "installed"),
        .type = installed->type,
        .period = installed->period,
        .mode = DD_TIER_FLAT,
        .currency = installed->currency,
        .minimum = DD_NO_LIMIT,
        .maximum = DD_NO_LIMIT,
      };
      gboolean matched = installed->type == DD_CHARGE_USAGE;

      for (guint i = first; i < n_answered && !matched; i++)
        matched = belongs (installed, &g_array_index (charges, DdCharge, i));
      if (!matched)
        g_array_append_val (charges, charge);
    }
}

/* Where a record's charge went. One that there isn't must not come to mean an added charge. */
static void
move_reference (guint32 *charge, const guint32 *moved_to, guint n_charges)
{
  *charge = *charge < n_charges ? moved_to[*charge] : G_MAXUINT32;
}

/* Records of @array begin with their charge. */
static void
move_records (GArray *array, const guint32 *moved_to, guint n_charges)
{
  guint size = g_array_get_element_size (array);

  for (guint i = 0; i < array->len; i++)
    move_reference ((guint32 *)(gpointer)(array->data + (gsize)i * size), moved_to, n_charges);
}

/* Builds the charges anew with the unmatched ones at the end of their lines, and points what names charges at
 * them. */
static void
insert_unmatched (DdPricing *pricing)
{
  GArray *old = pricing->answers->charges;
  g_autoptr (GArray) charges =
    g_array_sized_new (FALSE, FALSE, sizeof (DdCharge), old->len + pricing->answers->installed->len);
  g_autofree guint32 *moved_to = g_new (guint32, MAX (old->len, 1));
  guint next = 0;

  for (guint32 line = 0; line < pricing->n_lines; line++)
    {
      guint first = charges->len;

      for (; next < old->len && g_array_index (old, DdCharge, next).line == line; next++)
        {
          moved_to[next] = charges->len;
          g_array_append_val (charges, g_array_index (old, DdCharge, next));
        }
      if (changes_installed (&pricing->lines[line]))
        add_unmatched (pricing, line, charges, first);
    }
  /* Charges out of order stay, for their error. */
  for (; next < old->len; next++)
    {
      moved_to[next] = charges->len;
      g_array_append_val (charges, g_array_index (old, DdCharge, next));
    }
  move_records (pricing->answers->adjustments, moved_to, old->len);
  move_records (pricing->answers->contracts, moved_to, old->len);
  move_records (pricing->answers->shares, moved_to, old->len);
  move_records (pricing->answers->expiries, moved_to, old->len);
  for (guint i = 0; i < pricing->answers->shares->len; i++)
    move_reference (&g_array_index (pricing->answers->shares, DdShare, i).target, moved_to, old->len);
  g_array_unref (old);
  pricing->answers->charges = g_steal_pointer (&charges);
}

gboolean
dd_pricing_place_installed (DdPricing *pricing, GError **error)
{
  GArray *installed = pricing->answers->installed;

  if (installed->len == 0)
    return TRUE;
  for (guint i = 0; i < installed->len; i++)
    if (!check_installed (pricing, &g_array_index (installed, DdInstalledNet, i), error))
      return FALSE;
  pricing->installed_order = dd_bucket (installed->data, sizeof (DdInstalledNet), installed->len,
                                        pricing->n_lines, &pricing->first_installed);
  insert_unmatched (pricing);
  return TRUE;
}

gboolean
dd_run_installed (DdRun *run, gint64 *out_net, GError **error)
{
  DdPricing *pricing = run->pricing;
  guint32 line = run->charge->line;
  const DdInstalledNet *found = NULL;
  gboolean named = FALSE;

  for (guint32 place = pricing->first_installed != NULL ? pricing->first_installed[line] : 0;
       pricing->first_installed != NULL && place < pricing->first_installed[line + 1]; place++)
    {
      const DdInstalledNet *installed = installed_at (pricing, place);

      named = named || installed->id == run->charge->id;
      if (!belongs (installed, run->charge))
        continue;
      if (found != NULL)
        return dd_pricing_fail (pricing, run->index, DD_ERROR_INVALID_ARGUMENT, error,
                                "its installed net is stated twice");
      found = installed;
    }
  if (!named && run->charge->type == DD_CHARGE_RECURRING)
    return dd_pricing_fail (pricing, run->index, DD_ERROR_UNPRICED, error,
                            "the line changes what the customer has, but its installed net isn't stated, and "
                            "dataset installed has none for it; state it on the line, zero if there was "
                            "none, or import a row for it");
  *out_net = found != NULL ? found->net : 0;
  return TRUE;
}
