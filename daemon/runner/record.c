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
count_rows (DealdeskCall *call, uint32_t dataset)
{
  const DdRecord *record = record_of (call);
  const DdImage *image = NULL;

  if (dataset < record->runner->plugin->manifest->datasets->len)
    image = record->runner->images[dataset];
  else
    note_lookup (record, dataset, FALSE);
  return image != NULL ? dd_image_n_rows (image) : 0;
}

/* What of @given, a plugin's struct of @size bytes, is known here, into @known (zeroed). Nothing of one that
 * is shorter than its first: the daemon refuses that for its size. */
static void
take_known (gpointer known, gsize known_size, gconstpointer given, guint32 size, gsize first_size)
{
  if (size >= first_size)
    memcpy (known, given, MIN (size, known_size));
}

/* @contracted: it is a contracted price, whose id and name aren't read. */
static DdWireChargeOperation *
write_charge (const DdRecord *record, const DealdeskCharge *given, gboolean contracted)
{
  DealdeskCharge charge = { 0 };
  DdWireChargeOperation *operation =
    begin (record, contracted ? DD_WIRE_CONTRACT : DD_WIRE_CHARGE, given->size, sizeof *operation);

  if (operation == NULL)
    return NULL;
  take_known (&charge, sizeof charge, given, given->size, DD_FIRST_CHARGE_SIZE);
  operation->line = charge.line;
  operation->id = add_text (record, contracted ? NULL : charge.id);
  operation->name = add_text (record, contracted ? NULL : charge.name);
  operation->source = add_text (record, charge.source);
  memcpy (operation->currency, charge.currency, sizeof operation->currency);
  operation->type = charge.type;
  operation->period = charge.period;
  operation->mode = charge.mode;
  operation->price = charge.price;
  operation->fee = charge.fee;
  operation->free_units = charge.free_units;
  operation->package_size = charge.package_size;
  operation->minimum = charge.minimum;
  operation->maximum = charge.maximum;
  operation->per = charge.per;
  operation->aggregate = add_text (record, charge.aggregate);
  operation->free_months = charge.free_months;
  operation->first_year = charge.first_year;
  operation->last_year = charge.last_year;
  return operation;
}

static uint32_t
add_charge (DealdeskCall *call, const DealdeskCharge *charge)
{
  DdRecord *record = record_of (call);

  if (write_charge (record, charge, FALSE) == NULL || charge->size < DD_FIRST_CHARGE_SIZE)
    return UINT32_MAX;
  return record->next_charge++;
}

static void
add_contract (DealdeskCall *call, uint32_t charge, const DealdeskCharge *contract)
{
  DdWireChargeOperation *operation = write_charge (record_of (call), contract, TRUE);

  if (operation != NULL)
    operation->charge = charge;
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
add_adjustment (DealdeskCall *call, const DealdeskAdjustment *given)
{
  const DdRecord *record = record_of (call);
  DealdeskAdjustment adjustment = { 0 };
  DdWireAdjustmentOperation *operation = begin (record, DD_WIRE_ADJUSTMENT, given->size, sizeof *operation);

  if (operation == NULL)
    return;
  take_known (&adjustment, sizeof adjustment, given, given->size, DD_FIRST_ADJUSTMENT_SIZE);
  operation->charge = adjustment.charge;
  operation->kind = adjustment.kind;
  operation->mode = adjustment.mode;
  operation->rule = add_text (record, adjustment.rule);
  operation->label = add_text (record, adjustment.label);
  operation->source = add_text (record, adjustment.source);
  operation->group = add_text (record, adjustment.group);
  operation->group_priority = adjustment.group_priority;
  operation->priority = adjustment.priority;
  memcpy (operation->currency, adjustment.currency, sizeof operation->currency);
  operation->value = adjustment.value;
  operation->first_year = adjustment.first_year;
  operation->last_year = adjustment.last_year;
  operation->threshold = adjustment.threshold;
}

static void
add_share (DealdeskCall *call, const DealdeskShare *given)
{
  const DdRecord *record = record_of (call);
  DealdeskShare share = { 0 };
  DdWireShareOperation *operation = begin (record, DD_WIRE_SHARE, given->size, sizeof *operation);

  if (operation == NULL)
    return;
  take_known (&share, sizeof share, given, given->size, DD_FIRST_SHARE_SIZE);
  operation->charge = share.charge;
  operation->type = share.type;
  operation->period = share.period;
  operation->line = add_text (record, share.line);
  operation->offering = add_text (record, share.offering);
  operation->category = add_text (record, share.category);
  operation->id = add_text (record, share.id);
}

static void
add_expiry (DealdeskCall *call, const DealdeskExpiry *given)
{
  const DdRecord *record = record_of (call);
  DealdeskExpiry expiry = { 0 };
  DdWireExpiryOperation *operation = begin (record, DD_WIRE_EXPIRY, given->size, sizeof *operation);

  if (operation == NULL)
    return;
  take_known (&expiry, sizeof expiry, given, given->size, DD_FIRST_EXPIRY_SIZE);
  operation->charge = expiry.charge;
  operation->last = expiry.last;
  operation->label = add_text (record, expiry.label);
}

static int
explaining (DealdeskCall *call, const char **rule)
{
  const DdRecord *record = record_of (call);

  if (record->explaining && rule != NULL)
    *rule = record->asked_rule;
  return record->explaining;
}

static void
add_miss (DealdeskCall *call, const DealdeskMiss *given)
{
  DdRecord *record = record_of (call);
  DealdeskMiss miss = { 0 };
  DdWireMissOperation *operation;

  if (!record->explaining || record->n_misses >= DD_WIRE_MAX_MISSES)
    return;
  operation = begin (record, DD_WIRE_MISS, given->size, sizeof *operation);
  if (operation == NULL)
    return;
  record->n_misses++;
  take_known (&miss, sizeof miss, given, given->size, DD_FIRST_MISS_SIZE);
  operation->line = miss.line;
  operation->rule = add_text (record, miss.rule);
  operation->reason = add_text (record, miss.reason);
}

static void
add_names (const DdRecord *record, const char *const *given, guint32 n)
{
  DdWireName *names = n <= DD_WIRE_MAX_CANDIDATES ? dd_wire_add (record->writer, sizeof *names * n) : NULL;

  for (guint32 i = 0; names != NULL && i < n; i++)
    names[i].text = add_text (record, given[i]);
}

static void
add_governed (const DdRecord *record, const DealdeskGoverned *given, guint32 n)
{
  DdWireGoverned *governed =
    n <= DD_WIRE_MAX_GOVERNED ? dd_wire_add (record->writer, sizeof *governed * n) : NULL;

  for (guint32 i = 0; governed != NULL && i < n; i++)
    governed[i] = (DdWireGoverned){ given[i].measure, given[i].worse };
}

static void
add_requirement (DealdeskCall *call, const DealdeskRequirement *given)
{
  const DdRecord *record = record_of (call);
  DealdeskRequirement requirement = { 0 };
  DdWireRequirementOperation *operation = begin (record, DD_WIRE_REQUIREMENT, given->size, sizeof *operation);

  if (operation == NULL)
    return;
  take_known (&requirement, sizeof requirement, given, given->size, DD_FIRST_REQUIREMENT_SIZE);
  operation->level = requirement.level;
  operation->need = requirement.need;
  operation->higher_is_worse = requirement.higher_is_worse;
  operation->n_candidates = requirement.n_candidates;
  operation->n_informed = requirement.n_informed;
  operation->n_governed = requirement.n_governed;
  operation->rule = add_text (record, requirement.rule);
  operation->measure = add_text (record, requirement.measure);
  operation->value = add_text (record, requirement.value);
  operation->limit = add_text (record, requirement.limit);
  operation->subject = add_text (record, requirement.subject);
  add_names (record, requirement.candidates, requirement.n_candidates);
  add_names (record, requirement.informed, requirement.n_informed);
  add_governed (record, requirement.governed, requirement.n_governed);
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
  .add_contract = add_contract,
  .add_share = add_share,
  .add_expiry = add_expiry,
  .explaining = explaining,
  .add_miss = add_miss,
  .count_rows = count_rows,
};
