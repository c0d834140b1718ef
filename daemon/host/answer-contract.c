/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a pricing plugin answers beside charges and adjustments: contracted prices, shares, what ends early,
 * and why a rule didn't apply. Checked as it comes.
 *
 * Whose charges a share names is known when every base plugin has answered: until then the names are kept
 * (shares.c).
 */
#include "call.h"
#include "first-sizes.h"

#include <string.h>

#define MAX_EXPIRIES (1U << 20)
#define MAX_MISSES   4096U

/* Of what is kept of names of targets, each time it is given. */
#define MAX_NAME_BYTES (64U << 20)

/* How many names of targets one charge may have. */
#define MAX_SHARE_NAMES 64U

static gboolean
knows_charge (DealdeskCall *call, guint32 charge, const char *what)
{
  if (call->answers == NULL)
    dd_call_lie (call, "it gave %s, but prices nothing now", what);
  else if (charge >= call->answers->charges->len)
    dd_call_lie (call, "it gave %s of charge %u of %u", what, charge, call->answers->charges->len);
  else
    return TRUE;
  return FALSE;
}

static gboolean
is_base (DealdeskCall *call, const char *what)
{
  if (call->plugin->manifest->stage == DD_STAGE_BASE)
    return TRUE;
  dd_call_lie (call, "it gave %s outside the base stage", what);
  return FALSE;
}

/* --- contracted prices --- */

/* Contracts come in order of charge, as a rule: then nothing is looked for. */
static gboolean
is_contracted (const DealdeskCall *call, guint32 charge)
{
  const DdAnswers *answers = call->answers;

  if (charge >= call->next_contract)
    return FALSE;
  for (guint i = answers->contracts->len; i-- > 0;)
    if (g_array_index (answers->contracts, DdContract, i).charge == charge)
      return TRUE;
  return FALSE;
}

void
dd_call_add_contract (DealdeskCall *call, uint32_t charge, const DealdeskCharge *contract)
{
  DdContract answer = { .charge = charge };
  const DdCharge *replaced;

  if (call->lie != NULL || !is_base (call, "a contracted price") ||
      !knows_charge (call, charge, "a contracted price"))
    return;
  if (is_contracted (call, charge))
    {
      dd_call_lie (call, "it gave charge %u a second contracted price", charge);
      return;
    }
  replaced = &g_array_index (call->answers->charges, DdCharge, charge);
  if (!dd_call_read_charge (call, contract, replaced, &answer.price))
    return;
  g_array_append_val (call->answers->contracts, answer);
  call->next_contract = MAX (call->next_contract, charge + 1);
  call->tiered =
    &g_array_index (call->answers->contracts, DdContract, call->answers->contracts->len - 1).price;
}

/* --- shares --- */

static guint
count_names (const DealdeskCall *call, guint32 charge)
{
  guint n = 0;

  for (guint i = call->shares != NULL ? call->shares->len : 0; i-- > 0;)
    {
      if (g_array_index (call->shares, DealdeskShare, i).charge != charge)
        break;
      n++;
    }
  return n;
}

static const char *
find_share_flaw (const DealdeskCall *call, const DealdeskShare *share)
{
  const DdCharge *charge = &g_array_index (call->answers->charges, DdCharge, share->charge);
  gboolean recurring = share->type == DEALDESK_CHARGE_RECURRING;

  if (charge->mode != DD_TIER_SHARE)
    return "though its mode isn't share";
  if (share->type != DEALDESK_CHARGE_ONE_TIME && !recurring)
    return "of a type that has no share";
  if (share->period >= DD_N_PERIODS || recurring != (share->period != DEALDESK_PERIOD_NONE))
    return "of a period that doesn't go with its type";
  if (count_names (call, share->charge) >= MAX_SHARE_NAMES)
    return "more often than 64 times";
  return NULL;
}

static gboolean
check_name (DealdeskCall *call, const char **name)
{
  if (*name == NULL)
    return TRUE;
  if (!dd_call_check_text (call, *name, "share's name") ||
      !dd_call_count_text (call, *name, MAX_NAME_BYTES, "names of shares"))
    return FALSE;
  *name = dd_call_text (call, *name);
  return TRUE;
}

void
dd_call_add_share (DealdeskCall *call, const DealdeskShare *share)
{
  DealdeskShare kept = { 0 };
  const char *flaw;

  if (call->lie != NULL)
    return;
  if (share->size < DD_FIRST_SHARE_SIZE)
    {
      dd_call_lie (call, "it gave a share of %u bytes, short of %u", share->size, (guint)DD_FIRST_SHARE_SIZE);
      return;
    }
  if (!is_base (call, "a share") || !knows_charge (call, share->charge, "a share"))
    return;
  flaw = find_share_flaw (call, share);
  if (flaw != NULL)
    {
      dd_call_lie (call, "it gave charge %u a share %s", share->charge, flaw);
      return;
    }
  memcpy (&kept, share, DD_FIRST_SHARE_SIZE);
  if (!check_name (call, &kept.line) || !check_name (call, &kept.offering) ||
      !check_name (call, &kept.category) || !check_name (call, &kept.id))
    return;
  if (call->shares == NULL)
    call->shares = g_array_new (FALSE, FALSE, sizeof (DealdeskShare));
  g_array_append_val (call->shares, kept);
}

/* --- what ends early, and what was missed --- */

void
dd_call_add_expiry (DealdeskCall *call, const DealdeskExpiry *expiry)
{
  DdExpiry answer;

  if (call->lie != NULL)
    return;
  if (expiry->size < DD_FIRST_EXPIRY_SIZE)
    {
      dd_call_lie (call, "it gave an expiry of %u bytes, short of %u", expiry->size,
                   (guint)DD_FIRST_EXPIRY_SIZE);
      return;
    }
  if (!knows_charge (call, expiry->charge, "an expiry"))
    return;
  answer = (DdExpiry){ expiry->charge, dd_call_label (call, expiry->label, "label"), expiry->last };
  if (call->lie != NULL)
    return;
  if (call->answers->expiries->len >= MAX_EXPIRIES)
    {
      dd_call_lie (call, "it gave more than %u expiries", MAX_EXPIRIES);
      return;
    }
  g_array_append_val (call->answers->expiries, answer);
}

int
dd_call_explaining (DealdeskCall *call, const char **rule)
{
  if (call->misses == NULL)
    return 0;
  if (rule != NULL)
    *rule = call->asked_rule;
  return 1;
}

static void
free_miss (gpointer data)
{
  DdMiss *miss = data;

  g_free (miss->plugin);
  g_free (miss->rule);
  g_free (miss->reason);
  g_free (miss);
}

GPtrArray *
dd_misses_new (void)
{
  return g_ptr_array_new_with_free_func (free_miss);
}

void
dd_call_add_miss (DealdeskCall *call, const DealdeskMiss *miss)
{
  DdMiss *kept;

  if (call->lie != NULL || call->misses == NULL || call->misses->len >= MAX_MISSES)
    return;
  if (miss->size < DD_FIRST_MISS_SIZE)
    {
      dd_call_lie (call, "it gave a miss of %u bytes, short of %u", miss->size, (guint)DD_FIRST_MISS_SIZE);
      return;
    }
  if (miss->line != UINT32_MAX && miss->line >= call->n_lines)
    {
      dd_call_lie (call, "it gave a miss of line %u of %u", miss->line, call->n_lines);
      return;
    }
  if (!dd_call_check_text (call, miss->rule, "rule id") || !dd_call_check_text (call, miss->reason, "reason"))
    return;
  kept = g_new (DdMiss, 1);
  kept->plugin = g_strdup (call->plugin->id);
  kept->line = miss->line;
  kept->rule = g_strdup (miss->rule);
  kept->reason = g_strdup (miss->reason);
  g_ptr_array_add (call->misses, kept);
}
