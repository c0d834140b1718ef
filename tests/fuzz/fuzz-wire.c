/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Fuzzing what a runner answers: a frame's body is read and given to the host's functions, or refused with
 * one error in UTF-8; every text that they get lies inside the body, and none in another.
 */
#include "remote/remote-calls.h"
#include "remote/wire-layout.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const char *begin;
static const char *end;

static void
check_text (const char *text)
{
  if (text != NULL && (text < begin || text + strlen (text) >= end))
    g_error ("a text lies outside the body");
}

/* No byte belongs to two texts. */
static void
check_places (DdWireReader *reader)
{
  const char *at = reader->texts;

  for (guint32 i = 0; i < reader->n_texts; i++)
    {
      const char *text = dd_wire_text (reader, i);

      check_text (text);
      if (text != at)
        g_error ("a text doesn't begin where the one before ends");
      at += strlen (text) + 1;
    }
  if (at != end)
    g_error ("something lies behind the last text");
}

static uint32_t
add_charge (DealdeskCall *call, const DealdeskCharge *charge)
{
  check_text (charge->id);
  check_text (charge->name);
  check_text (charge->source);
  check_text (charge->aggregate);
  return 0;
}

static void
add_contract (DealdeskCall *call, uint32_t charge, const DealdeskCharge *contract)
{
  add_charge (call, contract);
}

static void
add_share (DealdeskCall *call, const DealdeskShare *share)
{
  check_text (share->line);
  check_text (share->offering);
  check_text (share->category);
  check_text (share->id);
}

static void
add_expiry (DealdeskCall *call, const DealdeskExpiry *expiry)
{
  check_text (expiry->label);
}

static void
add_miss (DealdeskCall *call, const DealdeskMiss *miss)
{
  check_text (miss->rule);
  check_text (miss->reason);
}

static void
add_tier (DealdeskCall *call, const DealdeskTier *tier)
{
}

static void
add_adjustment (DealdeskCall *call, const DealdeskAdjustment *adjustment)
{
  check_text (adjustment->rule);
  check_text (adjustment->label);
  check_text (adjustment->source);
  check_text (adjustment->group);
}

static void
add_requirement (DealdeskCall *call, const DealdeskRequirement *requirement)
{
  check_text (requirement->rule);
  check_text (requirement->measure);
  check_text (requirement->value);
  check_text (requirement->limit);
  for (uint32_t i = 0; requirement->n_candidates <= DD_WIRE_MAX_CANDIDATES && i < requirement->n_candidates;
       i++)
    check_text (requirement->candidates[i]);
}

static void
fail (DealdeskCall *call, uint32_t line, const char *message)
{
  check_text (message);
}

static void
look_up (DealdeskCall *call, uint32_t dataset, const char *const *keys, uint32_t n, DealdeskRows *rows)
{
}

static const DealdeskHost host = {
  .size = sizeof host,
  .lookup = look_up,
  .add_charge = add_charge,
  .add_tier = add_tier,
  .add_adjustment = add_adjustment,
  .add_requirement = add_requirement,
  .fail = fail,
  .add_contract = add_contract,
  .add_share = add_share,
  .add_expiry = add_expiry,
  .add_miss = add_miss,
};

static void
replay (const guint8 *body, gsize size)
{
  g_autofree DealdeskCall *call = g_new0 (DealdeskCall, 1);
  g_autoptr (GError) error = NULL;
  DdWireReader reader;

  begin = (const char *)body;
  end = begin + size;
  if (!dd_wire_open (&reader, body, size, &error))
    {
      if (error == NULL || !g_utf8_validate (error->message, -1, NULL))
        g_error ("a refusal without an error in UTF-8");
      return;
    }
  check_places (&reader);
  dd_arena_init (&call->arena, 512);
  if (dd_wire_take (&reader, 1, sizeof (DdWireAnswer)) != NULL &&
      dd_answer_replay (&reader, &host, call, G_MAXINT64) && !dd_wire_at_end (&reader))
    g_error ("an answer was taken that goes on");
  dd_arena_clear (&call->arena);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree guint8 *body = g_malloc (size + 1);

  memcpy (body, data, size);
  replay (body, size);
  return 0;
}
