/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writing down what the plugin calls (see record.h).
 */
#include "record.h"

#include <string.h>

#include "first-sizes.h"
#include "remote/wire-layout.h"

static DdRecord *
record_of (DealdeskCall *call)
{
  return (DdRecord *)(void *)call;
}

static guint32
add_text (const DdRecord *record, const char *text)
{
  return dd_wire_add_text (record->writer, text, DD_WIRE_TEXT_LIMIT);
}

static gpointer
begin (const DdRecord *record, DdWireOperation operation, guint32 size, gsize record_size)
{
  DdWireOperationHead *head = dd_wire_add (record->writer, record_size);

  if (head != NULL)
    *head = (DdWireOperationHead){ operation, size };
  return head;
}

static void
note_lookup (const DdRecord *record, guint32 dataset, gboolean null_key)
{
  DdWireLookupOperation *operation = begin (record, DD_WIRE_LOOKUP, 0, sizeof *operation);

  if (operation == NULL)
    return;
  operation->dataset = dataset;
  operation->null_key = null_key;
}

static void
look_up (DealdeskCall *call, uint32_t dataset, const char *const *keys, uint32_t n, DealdeskRows *rows)
{
  const DdRecord *record = record_of (call);
  gboolean known = dataset < record->runner->plugin->manifest->datasets->len;
  DdImage *image = known ? record->runner->images[dataset] : NULL;

  if (!known)
    note_lookup (record, dataset, FALSE);
  for (uint32_t i = 0; i < n; i++)
    {
      const char *key = keys[i];

      if (i > 0 && key == keys[i - 1] && key != NULL)
        rows[i] = rows[i - 1];
      else if (image != NULL && key != NULL)
        rows[i] = dd_image_find (image, key);
      else
        rows[i] = (DealdeskRows){ 0 };
      if (key == NULL)
        note_lookup (record, dataset, TRUE);
    }
}

static uint32_t
add_charge (DealdeskCall *call, const DealdeskCharge *charge)
{
  DdRecord *record = record_of (call);
  DdWireChargeOperation *operation = begin (record, DD_WIRE_CHARGE, charge->size, sizeof *operation);

  if (operation == NULL || charge->size < DD_FIRST_CHARGE_SIZE)
    return UINT32_MAX;
  operation->line = charge->line;
  operation->id = add_text (record, charge->id);
  operation->name = add_text (record, charge->name);
  operation->source = add_text (record, charge->source);
  memcpy (operation->currency, charge->currency, sizeof operation->currency);
  operation->type = charge->type;
  operation->period = charge->period;
  operation->mode = charge->mode;
  operation->price = charge->price;
  operation->fee = charge->fee;
  operation->free_units = charge->free_units;
  operation->package_size = charge->package_size;
  operation->minimum = charge->minimum;
  operation->maximum = charge->maximum;
  return record->next_charge++;
}

static void
add_tier (DealdeskCall *call, const DealdeskTier *tier)
{
  const DdRecord *record = record_of (call);
  DdWireTierOperation *operation = begin (record, DD_WIRE_TIER, tier->size, sizeof *operation);

  if (operation == NULL || tier->size < DD_FIRST_TIER_SIZE)
    return;
  operation->from = tier->from;
  operation->bound = tier->bound;
  operation->price = tier->price;
  operation->fee = tier->fee;
}

static void
add_adjustment (DealdeskCall *call, const DealdeskAdjustment *adjustment)
{
  const DdRecord *record = record_of (call);
  DdWireAdjustmentOperation *operation =
    begin (record, DD_WIRE_ADJUSTMENT, adjustment->size, sizeof *operation);

  if (operation == NULL || adjustment->size < DD_FIRST_ADJUSTMENT_SIZE)
    return;
  operation->charge = adjustment->charge;
  operation->kind = adjustment->kind;
  operation->mode = adjustment->mode;
  operation->rule = add_text (record, adjustment->rule);
  operation->label = add_text (record, adjustment->label);
  operation->source = add_text (record, adjustment->source);
  operation->group = add_text (record, adjustment->group);
  operation->group_priority = adjustment->group_priority;
  operation->priority = adjustment->priority;
  memcpy (operation->currency, adjustment->currency, sizeof operation->currency);
  operation->value = adjustment->value;
}

static void
add_requirement (DealdeskCall *call, const DealdeskRequirement *requirement)
{
  const DdRecord *record = record_of (call);
  DdWireRequirementOperation *operation =
    begin (record, DD_WIRE_REQUIREMENT, requirement->size, sizeof *operation);

  if (operation == NULL || requirement->size < DD_FIRST_REQUIREMENT_SIZE)
    return;
  operation->level = requirement->level;
  operation->need = requirement->need;
  operation->higher_is_worse = requirement->higher_is_worse;
  operation->n_candidates = requirement->n_candidates;
  operation->rule = add_text (record, requirement->rule);
  operation->measure = add_text (record, requirement->measure);
  operation->value = add_text (record, requirement->value);
  operation->limit = add_text (record, requirement->limit);
  if (requirement->n_candidates > DD_WIRE_MAX_CANDIDATES)
    return;

  DdWireName *names = dd_wire_add (record->writer, sizeof *names * requirement->n_candidates);

  for (guint32 i = 0; names != NULL && i < requirement->n_candidates; i++)
    names[i].text = add_text (record, requirement->candidates[i]);
}

static int
cancelled (DealdeskCall *call)
{
  return g_get_monotonic_time () >= record_of (call)->deadline;
}

static void
fail (DealdeskCall *call, uint32_t line, const char *message)
{
  const DdRecord *record = record_of (call);
  DdWireFailOperation *operation = begin (record, DD_WIRE_FAIL, 0, sizeof *operation);

  if (operation == NULL)
    return;
  operation->line = line;
  operation->message = add_text (record, message);
}

const DealdeskHost dd_record_functions = {
  .size = sizeof (DealdeskHost),
  .lookup = look_up,
  .add_charge = add_charge,
  .add_tier = add_tier,
  .add_adjustment = add_adjustment,
  .add_requirement = add_requirement,
  .cancelled = cancelled,
  .fail = fail,
};
