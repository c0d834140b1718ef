/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What an isolated plugin answered, given to the host as the plugin did (see remote-calls.h). A worker of the
 * pool.
 *
 * Texts lie once in the frame, so the host's slots find them by address as they would a module's own.
 */
#include "remote/remote-calls.h"

#include <string.h>

#include "remote/wire-layout.h"

/* The clock is read once for so many operations. */
#define OPERATIONS_A_LOOK 256

typedef struct
{
  DdWireReader *reader;
  const DealdeskHost *host;
  DealdeskCall *call;
} Replay;

static DealdeskCharge
read_charge (const Replay *replay, const DdWireChargeOperation *operation)
{
  DealdeskCharge charge = {
    .size = operation->head.size,
    .line = operation->line,
    .id = dd_wire_text (replay->reader, operation->id),
    .name = dd_wire_text (replay->reader, operation->name),
    .source = dd_wire_text (replay->reader, operation->source),
    .type = operation->type,
    .period = operation->period,
    .mode = operation->mode,
    .price = operation->price,
    .fee = operation->fee,
    .free_units = operation->free_units,
    .package_size = operation->package_size,
    .minimum = operation->minimum,
    .maximum = operation->maximum,
    .per = operation->per,
    .aggregate = dd_wire_text (replay->reader, operation->aggregate),
    .free_months = operation->free_months,
    .first_year = operation->first_year,
    .last_year = operation->last_year,
  };

  memcpy (charge.currency, operation->currency, sizeof charge.currency);
  return charge;
}

static void
replay_charge (const Replay *replay, gconstpointer record)
{
  DealdeskCharge charge = read_charge (replay, record);

  if (!replay->reader->bad)
    replay->host->add_charge (replay->call, &charge);
}

static void
replay_contract (const Replay *replay, gconstpointer record)
{
  const DdWireChargeOperation *operation = record;
  DealdeskCharge contract = read_charge (replay, operation);

  if (!replay->reader->bad)
    replay->host->add_contract (replay->call, operation->charge, &contract);
}

static void
replay_tier (const Replay *replay, gconstpointer record)
{
  const DdWireTierOperation *operation = record;
  DealdeskTier tier = {
    .size = operation->head.size,
    .from = operation->from,
    .bound = operation->bound,
    .price = operation->price,
    .fee = operation->fee,
  };

  replay->host->add_tier (replay->call, &tier);
}

static void
replay_adjustment (const Replay *replay, gconstpointer record)
{
  const DdWireAdjustmentOperation *operation = record;
  DealdeskAdjustment adjustment = {
    .size = operation->head.size,
    .charge = operation->charge,
    .kind = operation->kind,
    .mode = operation->mode,
    .rule = dd_wire_text (replay->reader, operation->rule),
    .label = dd_wire_text (replay->reader, operation->label),
    .source = dd_wire_text (replay->reader, operation->source),
    .group = dd_wire_text (replay->reader, operation->group),
    .group_priority = operation->group_priority,
    .priority = operation->priority,
    .value = operation->value,
    .first_year = operation->first_year,
    .last_year = operation->last_year,
    .threshold = operation->threshold,
  };

  memcpy (adjustment.currency, operation->currency, sizeof adjustment.currency);
  if (!replay->reader->bad)
    replay->host->add_adjustment (replay->call, &adjustment);
}

static void
replay_share (const Replay *replay, gconstpointer record)
{
  const DdWireShareOperation *operation = record;
  DealdeskShare share = {
    .size = operation->head.size,
    .charge = operation->charge,
    .type = operation->type,
    .period = operation->period,
    .line = dd_wire_text (replay->reader, operation->line),
    .offering = dd_wire_text (replay->reader, operation->offering),
    .category = dd_wire_text (replay->reader, operation->category),
    .id = dd_wire_text (replay->reader, operation->id),
  };

  if (!replay->reader->bad)
    replay->host->add_share (replay->call, &share);
}

static void
replay_expiry (const Replay *replay, gconstpointer record)
{
  const DdWireExpiryOperation *operation = record;
  DealdeskExpiry expiry = {
    .size = operation->head.size,
    .charge = operation->charge,
    .last = operation->last,
    .label = dd_wire_text (replay->reader, operation->label),
  };

  if (!replay->reader->bad)
    replay->host->add_expiry (replay->call, &expiry);
}

static void
replay_miss (const Replay *replay, gconstpointer record)
{
  const DdWireMissOperation *operation = record;
  DealdeskMiss miss = {
    .size = operation->head.size,
    .line = operation->line,
    .rule = dd_wire_text (replay->reader, operation->rule),
    .reason = dd_wire_text (replay->reader, operation->reason),
  };

  if (!replay->reader->bad)
    replay->host->add_miss (replay->call, &miss);
}

/* Too many names weren't sent: how many there are refuses them. */
static const char *const *
replay_names (const Replay *replay, guint32 n_names)
{
  guint32 n = n_names <= DD_WIRE_MAX_CANDIDATES ? n_names : 0;
  const DdWireName *given = dd_wire_take (replay->reader, n, sizeof *given);
  const char **names = dd_arena_take (&replay->call->arena, sizeof *names * (n + (gsize)1));

  for (guint32 i = 0; given != NULL && i < n; i++)
    names[i] = dd_wire_text (replay->reader, given[i].text);
  return names;
}

static const DealdeskGoverned *
replay_governed (const Replay *replay, guint32 n_governed)
{
  guint32 n = n_governed <= DD_WIRE_MAX_GOVERNED ? n_governed : 0;
  const DdWireGoverned *given = dd_wire_take (replay->reader, n, sizeof *given);
  DealdeskGoverned *governed = dd_arena_take (&replay->call->arena, sizeof *governed * (n + (gsize)1));

  for (guint32 i = 0; given != NULL && i < n; i++)
    governed[i] = (DealdeskGoverned){ given[i].measure, given[i].worse };
  return governed;
}

static void
replay_requirement (const Replay *replay, gconstpointer record)
{
  const DdWireRequirementOperation *operation = record;
  const char *const *candidates = replay_names (replay, operation->n_candidates);
  const char *const *informed = replay_names (replay, operation->n_informed);
  DealdeskRequirement requirement = {
    .size = operation->head.size,
    .level = operation->level,
    .need = operation->need,
    .higher_is_worse = operation->higher_is_worse,
    .rule = dd_wire_text (replay->reader, operation->rule),
    .measure = dd_wire_text (replay->reader, operation->measure),
    .value = dd_wire_text (replay->reader, operation->value),
    .limit = dd_wire_text (replay->reader, operation->limit),
    .subject = dd_wire_text (replay->reader, operation->subject),
    .candidates = candidates,
    .n_candidates = operation->n_candidates,
    .informed = informed,
    .n_informed = operation->n_informed,
    .governed = replay_governed (replay, operation->n_governed),
    .n_governed = operation->n_governed,
  };

  if (!replay->reader->bad)
    replay->host->add_requirement (replay->call, &requirement);
}

static void
replay_fail (const Replay *replay, gconstpointer record)
{
  const DdWireFailOperation *operation = record;
  const char *message = dd_wire_text (replay->reader, operation->message);

  if (!replay->reader->bad)
    replay->host->fail (replay->call, operation->line, message);
}

/* Only what can't be answered comes here: the runner looks up by itself. */
static void
replay_lookup (const Replay *replay, gconstpointer record)
{
  const DdWireLookupOperation *operation = record;
  const char *key = operation->null_key ? NULL : "";
  DealdeskRows rows;

  replay->host->lookup (replay->call, operation->dataset, &key, 1, &rows);
}

static const struct
{
  gsize size;
  void (*replay) (const Replay *replay, gconstpointer record);
} operations[] = {
  [DD_WIRE_CHARGE] = { sizeof (DdWireChargeOperation), replay_charge },
  [DD_WIRE_TIER] = { sizeof (DdWireTierOperation), replay_tier },
  [DD_WIRE_ADJUSTMENT] = { sizeof (DdWireAdjustmentOperation), replay_adjustment },
  [DD_WIRE_REQUIREMENT] = { sizeof (DdWireRequirementOperation), replay_requirement },
  [DD_WIRE_FAIL] = { sizeof (DdWireFailOperation), replay_fail },
  [DD_WIRE_LOOKUP] = { sizeof (DdWireLookupOperation), replay_lookup },
  [DD_WIRE_CONTRACT] = { sizeof (DdWireChargeOperation), replay_contract },
  [DD_WIRE_SHARE] = { sizeof (DdWireShareOperation), replay_share },
  [DD_WIRE_EXPIRY] = { sizeof (DdWireExpiryOperation), replay_expiry },
  [DD_WIRE_MISS] = { sizeof (DdWireMissOperation), replay_miss },
};

gboolean
dd_answer_replay (DdWireReader *reader, const DealdeskHost *host, DealdeskCall *call, gint64 until)
{
  const Replay replay = { reader, host, call };
  guint n = 0;

  /* After the first answer that can't be right nothing counts any more. */
  while (!dd_wire_at_end (reader) && call->lie == NULL)
    {
      const DdWireOperationHead *head = (const DdWireOperationHead *)(const void *)reader->at;

      if (head->operation == 0 || head->operation >= G_N_ELEMENTS (operations))
        return FALSE;

      gconstpointer record = dd_wire_take (reader, 1, operations[head->operation].size);

      if (record == NULL)
        return FALSE;
      operations[head->operation].replay (&replay, record);
      if (reader->bad)
        return FALSE;
      if (++n % OPERATIONS_A_LOOK == 0 && g_get_monotonic_time () >= until)
        dd_call_lie (call, "it answered more than can be taken in until the deadline");
    }
  return TRUE;
}
