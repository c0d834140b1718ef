/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a pricing plugin answers, checked and put straight into the answers.
 *
 * Labels are interned by address first and verified by content: the same few texts come for every line.
 */
#include "call.h"
#include "first-sizes.h"

#include <string.h>

#define MAX_CHARGES     (1U << 20)
#define MAX_TIERS       (1U << 22)
#define MAX_ADJUSTMENTS (1U << 22)

/* Of labels that weren't there before: 100000 lines with three of their own each need a third. */
#define MAX_LABEL_BYTES (64U << 20)

G_STATIC_ASSERT ((int)DEALDESK_CHARGE_USAGE == (int)DD_CHARGE_USAGE);
G_STATIC_ASSERT ((int)DEALDESK_PERIOD_YEAR == (int)DD_PERIOD_YEAR);
G_STATIC_ASSERT ((int)DEALDESK_TIER_SHARE == (int)DD_TIER_SHARE);
G_STATIC_ASSERT ((int)DEALDESK_TAX == (int)DD_ADJUST_TAX);
G_STATIC_ASSERT ((int)DEALDESK_GROUP_BEST == (int)DD_GROUP_BEST);
G_STATIC_ASSERT (DEALDESK_NONE == DD_NO_LIMIT);

guint32
dd_call_label (DealdeskCall *call, const char *text, const char *what)
{
  const GPtrArray *labels = call->answers->labels;

  if (G_UNLIKELY (text == NULL))
    {
      dd_call_lie (call, "it gave no %s", what);
      return 0;
    }

  guint32 *slot = &call->labels[dd_call_slot (text, 10)];

  if (*slot < labels->len && strcmp (labels->pdata[*slot], text) == 0)
    return *slot;
  if (!dd_call_check_text (call, text, what))
    return 0;

  guint n_labels = labels->len;

  *slot = dd_answers_label (call->answers, text);
  if (labels->len > n_labels)
    dd_call_count_text (call, text, MAX_LABEL_BYTES, "labels");
  return *slot;
}

static DdCurrency
check_currency (DealdeskCall *call, const char code[4], const char *what)
{
  DdCurrency currency;

  memcpy (currency.code, code, sizeof currency.code);
  if (memcmp (&currency, &call->last_currency, sizeof currency) == 0 && code[0] != '\0')
    return currency;
  if (code[3] != '\0' || !dd_currency_parse (code, &currency, NULL))
    dd_call_lie (call, "it gave a %s without a currency of ISO 4217", what);
  else
    call->last_currency = currency;
  return currency;
}

static const char *
line_id (const DealdeskCall *call, guint32 line)
{
  return line < call->n_lines ? call->lines[line].id : "?";
}

/* Contract years, of which last 0 is the end of all. */
static gboolean
years_meet (const DdCharge *a, const DdCharge *b)
{
  return (a->last_year == 0 || b->first_year <= a->last_year) &&
         (b->last_year == 0 || a->first_year <= b->last_year);
}

static gboolean
charge_is_new (const DealdeskCall *call, const DdCharge *charge)
{
  const GArray *charges = call->answers->charges;

  for (guint i = charges->len; i-- > call->first_charge;)
    {
      const DdCharge *earlier = &g_array_index (charges, DdCharge, i);

      if (earlier->line != charge->line)
        break;
      if (earlier->id == charge->id && years_meet (earlier, charge))
        return FALSE;
    }
  return TRUE;
}

static gboolean
limits_are_sound (const DealdeskCharge *charge)
{
  if (charge->minimum != DEALDESK_NONE && charge->minimum < 0)
    return FALSE;
  if (charge->maximum != DEALDESK_NONE && charge->maximum < 0)
    return FALSE;
  return charge->minimum == DEALDESK_NONE || charge->maximum == DEALDESK_NONE ||
         charge->minimum <= charge->maximum;
}

/* What is wrong with @charge's numbers, or NULL. @whole: its type and period count too. */
static const char *
find_charge_flaw (const DealdeskCharge *charge, gboolean whole)
{
  gboolean recurring = charge->type == DEALDESK_CHARGE_RECURRING;

  if (whole && charge->type >= DD_N_CHARGE_TYPES)
    return "an unknown type";
  if (whole && (charge->period >= DD_N_PERIODS || recurring != (charge->period != DEALDESK_PERIOD_NONE)))
    return "a period that doesn't go with its type";
  if (charge->mode >= DD_N_TIER_MODES)
    return "an unknown tier mode";
  if (charge->price < 0 || charge->fee < 0 || charge->free_units < 0 || charge->package_size < 0)
    return "a negative price, fee or quantity";
  if (charge->mode == DEALDESK_TIER_PACKAGE && charge->package_size == 0)
    return "packages without a size";
  if (charge->mode == DEALDESK_TIER_SHARE && charge->type == DEALDESK_CHARGE_USAGE)
    return "a share in place of a usage rate";
  if (!limits_are_sound (charge))
    return "a minimum and maximum that can't be";
  return NULL;
}

static gboolean
check_opening (DealdeskCall *call, guint32 size, guint32 line)
{
  const GArray *charges = call->answers != NULL ? call->answers->charges : NULL;

  if (charges == NULL || call->plugin->manifest->stage != DD_STAGE_BASE)
    dd_call_lie (call, "it opened a charge outside the base stage");
  else if (size < DD_FIRST_CHARGE_SIZE)
    dd_call_lie (call, "it gave a charge of %u bytes, short of %u", size, (guint)DD_FIRST_CHARGE_SIZE);
  else if (line >= call->n_lines)
    dd_call_lie (call, "it opened a charge on line %u of %u", line, call->n_lines);
  else if (charges->len > call->first_charge &&
           g_array_index (charges, DdCharge, charges->len - 1).line > line)
    dd_call_lie (call, "it opened a charge on line %s after a later line's", line_id (call, line));
  else if (charges->len >= MAX_CHARGES)
    dd_call_lie (call, "it opened more than %u charges", MAX_CHARGES);
  else
    return TRUE;
  return FALSE;
}

/* What was appended to the struct since it began; 0 where the plugin's ends before. */
static const char *
read_appended (DealdeskCall *call, const DealdeskCharge *charge, DdCharge *answer)
{
  DealdeskCharge known = { 0 };

  memcpy (&known, charge, MIN (charge->size, sizeof known));
  answer->per = known.per;
  if (known.aggregate != NULL)
    answer->aggregate = dd_call_label (call, known.aggregate, "aggregate") + 1;
  if (known.per < 0)
    return "a price for a negative quantity";
  if (known.free_months > DD_MAX_FREE_MONTHS)
    return "more free months than a hundred years have";
  if (known.free_months > 0 && charge->type != DEALDESK_CHARGE_RECURRING)
    return "free months, though nothing recurs";
  if (known.first_year > DD_MAX_YEAR || known.last_year > DD_MAX_YEAR ||
      (known.last_year != 0 && known.last_year < known.first_year))
    return "contract years that can't be";
  answer->free_months = (guint16)known.free_months;
  answer->first_year = (guint8)known.first_year;
  answer->last_year = (guint8)known.last_year;
  return NULL;
}

gboolean
dd_call_read_charge (DealdeskCall *call,
                     const DealdeskCharge *charge,
                     const DdCharge *replaced,
                     DdCharge *out_answer)
{
  guint32 line = replaced != NULL ? replaced->line : charge->line;
  const char *flaw = NULL;

  if (charge->size < DD_FIRST_CHARGE_SIZE)
    {
      dd_call_lie (call, "it gave a charge of %u bytes, short of %u", charge->size,
                   (guint)DD_FIRST_CHARGE_SIZE);
      return FALSE;
    }

  DdCharge answer = {
    .line = line,
    .id = replaced != NULL ? replaced->id : dd_call_label (call, charge->id, "charge id"),
    .name = replaced != NULL ? replaced->name : dd_call_label (call, charge->name, "charge name"),
    .source = dd_call_label (call, charge->source, "source"),
    .type = replaced != NULL ? replaced->type : (guint8)charge->type,
    .period = replaced != NULL ? replaced->period : (guint8)charge->period,
    .mode = (guint8)charge->mode,
    .currency = check_currency (call, charge->currency, "charge"),
    .price = charge->price,
    .fee = charge->fee,
    .free_units = charge->free_units,
    .package_size = charge->package_size,
    .minimum = charge->minimum,
    .maximum = charge->maximum,
    .first_tier = call->answers->tiers->len,
  };

  flaw = find_charge_flaw (charge, replaced == NULL);
  if (flaw == NULL && charge->size > DD_FIRST_CHARGE_SIZE)
    flaw = read_appended (call, charge, &answer);
  if (flaw == NULL && replaced == NULL && call->lie == NULL &&
      (charge->id[0] == '\0' || !charge_is_new (call, &answer)))
    flaw = "an id that is empty or there already";
  if (flaw == NULL && replaced != NULL && answer.mode == DD_TIER_SHARE)
    flaw = "a share in place of a contracted price";
  if (flaw != NULL)
    dd_call_lie (call, "it opened a charge on line %s with %s", line_id (call, line), flaw);
  if (call->lie != NULL)
    return FALSE;
  *out_answer = answer;
  return TRUE;
}

uint32_t
dd_call_add_charge (DealdeskCall *call, const DealdeskCharge *charge)
{
  DdCharge answer;

  if (call->lie != NULL || !check_opening (call, charge->size, charge->line) ||
      !dd_call_read_charge (call, charge, NULL, &answer))
    return UINT32_MAX;
  g_array_append_val (call->answers->charges, answer);
  call->tiered = &g_array_index (call->answers->charges, DdCharge, call->answers->charges->len - 1);
  return call->answers->charges->len - 1;
}

static const char *
find_tier_flaw (const DdCharge *charge, const DealdeskTier *tier, const DdTier *before)
{
  if (charge->mode == DD_TIER_FLAT || charge->mode == DD_TIER_PACKAGE || charge->mode == DD_TIER_SHARE)
    return "though its mode has none";
  if (tier->from < 0 || tier->price < 0 || tier->fee < 0)
    return "with a negative number";
  if (before != NULL && tier->from <= before->from)
    return "that doesn't begin after the tier before";
  if (charge->mode == DD_TIER_GRADUATED &&
      (tier->bound < tier->from || tier->bound <= (before != NULL ? before->bound : 0)))
    return "that ends before it begins, or before the tier before";
  return NULL;
}

void
dd_call_add_tier (DealdeskCall *call, const DealdeskTier *tier)
{
  if (call->lie != NULL)
    return;
  if (call->answers == NULL || call->tiered == NULL)
    {
      dd_call_lie (call, "it gave a tier before a charge");
      return;
    }

  GArray *tiers = call->answers->tiers;
  DdCharge *charge = call->tiered;
  const DdTier *before = charge->n_tiers > 0 ? &g_array_index (tiers, DdTier, tiers->len - 1) : NULL;
  const char *flaw =
    tier->size < DD_FIRST_TIER_SIZE ? "that is too short" : find_tier_flaw (charge, tier, before);

  if (flaw == NULL && tiers->len >= MAX_TIERS)
    flaw = "too many";
  if (flaw != NULL)
    {
      dd_call_lie (call, "it gave a tier of a charge on line %s %s", line_id (call, charge->line), flaw);
      return;
    }

  DdTier answer = { tier->from, tier->bound, tier->price, tier->fee };

  g_array_append_val (tiers, answer);
  charge->n_tiers++;
}

static gboolean
kind_is_amount (guint32 kind)
{
  const guint32 amounts = 1U << DEALDESK_UNIT_OFF | 1U << DEALDESK_UNIT_ON | 1U << DEALDESK_LINE_OFF |
                          1U << DEALDESK_LINE_ON | 1U << DEALDESK_UNIT_OVERRIDE | 1U << DEALDESK_COST |
                          1U << DEALDESK_FLOOR;

  return (amounts >> kind) & 1;
}

static const char *
find_adjustment_flaw (const DealdeskCall *call, const DealdeskAdjustment *adjustment)
{
  gboolean base = call->plugin->manifest->stage == DD_STAGE_BASE;
  gboolean tax = call->plugin->manifest->stage == DD_STAGE_TAX;

  if (adjustment->kind >= DD_N_ADJUST_KINDS)
    return "of an unknown kind";
  if (adjustment->mode >= DD_N_GROUP_MODES)
    return "of an unknown group mode";
  if (adjustment->value < 0)
    return "with a negative value";
  if (adjustment->kind == DEALDESK_PERCENT_OFF && adjustment->value > DEALDESK_NANOS)
    return "of more than 100% off";
  if (adjustment->kind == DEALDESK_COST_PLUS && !base)
    return "of cost plus mark-up outside the base stage";
  if ((adjustment->kind == DEALDESK_TAX) != tax)
    return "of tax outside the tax stage, or of another kind inside it";
  return NULL;
}

static gboolean
check_adjusting (DealdeskCall *call, const DealdeskAdjustment *adjustment)
{
  if (call->answers == NULL)
    dd_call_lie (call, "it adjusted a charge, but prices nothing now");
  else if (adjustment->size < DD_FIRST_ADJUSTMENT_SIZE)
    dd_call_lie (call, "it gave an adjustment of %u bytes, short of %u", adjustment->size,
                 (guint)DD_FIRST_ADJUSTMENT_SIZE);
  else if (adjustment->charge >= call->answers->charges->len)
    dd_call_lie (call, "it adjusted charge %u of %u", adjustment->charge, call->answers->charges->len);
  else if (call->answers->adjustments->len >= MAX_ADJUSTMENTS)
    dd_call_lie (call, "it gave more than %u adjustments", MAX_ADJUSTMENTS);
  else
    return TRUE;
  return FALSE;
}

static void
read_adjustment_more (DealdeskCall *call, const DealdeskAdjustment *adjustment, DdAdjustment *answer)
{
  DealdeskAdjustment known = { 0 };

  memcpy (&known, adjustment, MIN (adjustment->size, sizeof known));
  if (known.first_year > DD_MAX_YEAR || known.last_year > DD_MAX_YEAR ||
      (known.last_year != 0 && known.last_year < known.first_year))
    dd_call_lie (call, "rule %s has contract years that can't be, %u to %u", adjustment->rule,
                 known.first_year, known.last_year);
  if (known.threshold < 0)
    dd_call_lie (call, "rule %s has a negative threshold", adjustment->rule);
  answer->first_year = (guint8)known.first_year;
  answer->last_year = (guint8)known.last_year;
  answer->threshold = known.threshold;
}

void
dd_call_add_adjustment (DealdeskCall *call, const DealdeskAdjustment *adjustment)
{
  if (call->lie != NULL || !check_adjusting (call, adjustment))
    return;

  const char *flaw = find_adjustment_flaw (call, adjustment);

  if (flaw != NULL)
    {
      guint32 line = g_array_index (call->answers->charges, DdCharge, adjustment->charge).line;

      dd_call_lie (call, "it gave an adjustment of a charge on line %s %s", line_id (call, line), flaw);
      return;
    }

  DdAdjustment answer = {
    .charge = adjustment->charge,
    .id = dd_call_label (call, adjustment->rule, "rule id"),
    .label = dd_call_label (call, adjustment->label, "label"),
    .source = dd_call_label (call, adjustment->source, "source"),
    .group = adjustment->group != NULL ? dd_call_label (call, adjustment->group, "group") : DD_NO_LABEL,
    .group_priority = adjustment->group_priority,
    .priority = adjustment->priority,
    .stage = (guint8)call->plugin->manifest->stage,
    .kind = (guint8)adjustment->kind,
    .mode = (guint8)adjustment->mode,
    .value = adjustment->value,
  };

  if (kind_is_amount (adjustment->kind))
    answer.currency = check_currency (call, adjustment->currency, "amount");
  if (adjustment->size > DD_FIRST_ADJUSTMENT_SIZE)
    read_adjustment_more (call, adjustment, &answer);
  if (call->lie == NULL)
    g_array_append_val (call->answers->adjustments, answer);
}
