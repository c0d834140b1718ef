/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a rule of the shipped plugins does to a charge: a row's kind with its percentage, its factor or its
 * amount of money, read strictly. The call's thread.
 *
 * An amount belongs to one charge, as it would mean something else on each of several; so a rule by an amount
 * names its charge. A percentage or factor may be for all.
 */
#ifndef PRICE_EFFECT_H
#define PRICE_EFFECT_H

#include "conditions.h"

/* By DealdeskAdjustKind. */
static const char *const effect_names[] = { "percent-off", "percent-on", "unit-off",      "unit-on",
                                            "line-off",    "line-on",    "unit-override", "factor" };

/* The cells of a row that say what it does. */
typedef struct
{
  const DealdeskCell *charge;
  const DealdeskCell *kind;
  const DealdeskCell *percent;
  const DealdeskCell *value; /* decimal: money or a factor */
  const DealdeskCell *currency;
} EffectCells;

typedef struct
{
  DealdeskAdjustKind kind;
  const DealdeskCell *value; /* the percentage, the factor or the money */
  char currency[4];
} Effect;

static inline int
kind_is_amount (DealdeskAdjustKind kind)
{
  return kind >= DEALDESK_UNIT_OFF && kind <= DEALDESK_UNIT_OVERRIDE;
}

static inline int
effect_find_kind (const Rule *rule, const DealdeskCell *kind, DealdeskAdjustKind *out_kind)
{
  uint32_t found = 0;

  if (!price_find_name (effect_names, sizeof effect_names / sizeof *effect_names, kind->text, &found))
    return rule_fail (rule, "there is no kind \"%.32s\"", kind->text);
  *out_kind = (DealdeskAdjustKind)found;
  return 1;
}

/* What a row of that kind does. 0 after rule_fail(). */
static inline int
effect_read_as (const Rule *rule, DealdeskAdjustKind kind, const EffectCells *cells, Effect *out_effect)
{
  const char *name = cells->kind->text;
  int has_percent = cells->percent->number != DEALDESK_NONE;
  int has_value = cells->value->number != DEALDESK_NONE;
  int amount = kind_is_amount (kind);
  Effect effect = { .kind = kind, .value = cells->value };

  if (kind == DEALDESK_PERCENT_OFF || kind == DEALDESK_PERCENT_ON)
    {
      if (!has_percent || has_value)
        return rule_fail (rule, "kind %s takes a percent, such as 12.5%%, and no value", name);
      effect.value = cells->percent;
    }
  else if (!has_value || has_percent)
    return rule_fail (rule, "kind %s takes a value, such as %s, and no percent", name,
                      amount ? "12.50" : "0.9");
  if (amount && cells->currency->text[0] == '\0')
    return rule_fail (rule, "kind %s needs the currency of its value, such as EUR", name);
  if (amount && names_everything (cells->charge))
    return rule_fail (rule, "kind %s is an amount, and belongs to one charge: name it, such as rental", name);
  if (amount)
    price_copy_currency (effect.currency, cells->currency->text);
  if (effect.value->number < 0 || (kind == DEALDESK_PERCENT_OFF && effect.value->number > DEALDESK_NANOS))
    return rule_fail (rule, "%.32s is %s: write it without a sign, a percent off up to 100%%",
                      effect.value->text, effect.value->number < 0 ? "below zero" : "more than 100%");
  *out_effect = effect;
  return 1;
}

/* The same, of the kind that the row names. */
static inline int
effect_read (const Rule *rule, const EffectCells *cells, Effect *out_effect)
{
  DealdeskAdjustKind kind = DEALDESK_FACTOR;

  return effect_find_kind (rule, cells->kind, &kind) && effect_read_as (rule, kind, cells, out_effect);
}

/* Money of a row, for a charge of type: micros, and nanos for an amount a unit of a usage rate. 0 after
 * rule_fail(). */
static inline int
money_for_charge (const Rule *rule, const DealdeskCell *cell, uint32_t type, int64_t *out_money)
{
  return price_read_amount (cell, type, 0, out_money) ||
         rule_fail (rule, "%.32s has more than six digits after the point", cell->text);
}

/* The adjustment of charge that the effect is; its texts are borrowed. 0 after rule_fail(). */
static inline int
effect_on (const Rule *rule,
           const Effect *effect,
           uint32_t charge,
           const char *label,
           DealdeskAdjustment *out_adjustment)
{
  const DealdeskChargeView *view = dealdesk_charge (rule->run->input, charge);
  int64_t value = effect->value->number;

  if (view->type == DEALDESK_CHARGE_USAGE &&
      (effect->kind == DEALDESK_LINE_OFF || effect->kind == DEALDESK_LINE_ON))
    return rule_fail (rule,
                      "charge %.64s is a usage rate, which has no amount for the line: take unit-%s or "
                      "a percentage",
                      view->id, effect->kind == DEALDESK_LINE_OFF ? "off" : "on");
  if (kind_is_amount (effect->kind) && !money_for_charge (rule, effect->value, view->type, &value))
    return 0;
  *out_adjustment = dealdesk_adjustment (charge, effect->kind, value, rule->id, label, rule->dataset);
  memcpy (out_adjustment->currency, effect->currency, sizeof out_adjustment->currency);
  return 1;
}

#endif
