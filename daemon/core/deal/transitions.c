/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The legal transitions: one row a command. Anything else is an error that says what would be legal, and
 * nothing changes. Any thread.
 */
#include "deal/move.h"

#define DEAL(state)     (1u << DD_DEAL_##state)
#define PROPOSAL(state) (1u << DD_PROPOSAL_##state)
#define OPEN_DEAL       (DEAL (PREPARING) | DEAL (NEGOTIATING))
#define ANY_PROPOSAL    ((1u << DD_N_PROPOSAL_STATES) - 1)

typedef enum
{
  BY_MAKER, /* the side that made the revision */
  BY_OTHER, /* the side that received it */
  BY_ANYONE
} Mover;

typedef struct
{
  guint deal_states;
  guint proposal_states; /* of the revision that the command names */
  Mover mover;
} Transition;

static const Transition transitions[DD_N_COMMANDS] = {
  [DD_COMMAND_OPEN] = { 0, 0, BY_ANYONE },
  [DD_COMMAND_PROPOSE] = { OPEN_DEAL,
                           PROPOSAL (DRAFT) | PROPOSAL (REFUSED) | PROPOSAL (SUPERSEDED) |
                             PROPOSAL (DECLINED) | PROPOSAL (WITHDRAWN) | PROPOSAL (LAPSED),
                           BY_MAKER },
  [DD_COMMAND_COUNTER] = { DEAL (NEGOTIATING), PROPOSAL (TABLED), BY_OTHER },
  [DD_COMMAND_ACCEPT] = { DEAL (NEGOTIATING) | DEAL (EXPIRED), PROPOSAL (TABLED) | PROPOSAL (LAPSED),
                          BY_OTHER },
  [DD_COMMAND_DECLINE] = { OPEN_DEAL, PROPOSAL (TABLED), BY_OTHER },
  [DD_COMMAND_WITHDRAW] = { OPEN_DEAL | DEAL (AGREED),
                            PROPOSAL (DRAFT) | PROPOSAL (AWAITING_APPROVAL) | PROPOSAL (TABLED), BY_MAKER },
  [DD_COMMAND_EXTEND] = { DEAL (NEGOTIATING), PROPOSAL (TABLED), BY_MAKER },
  [DD_COMMAND_ASK] = { OPEN_DEAL | DEAL (AGREED), ANY_PROPOSAL, BY_ANYONE },
  [DD_COMMAND_ANSWER] = { OPEN_DEAL | DEAL (AGREED), ANY_PROPOSAL, BY_ANYONE },
  [DD_COMMAND_ACKNOWLEDGE] = { DEAL (NEGOTIATING) | DEAL (AGREED), PROPOSAL (TABLED) | PROPOSAL (ACCEPTED),
                               BY_ANYONE },
  [DD_COMMAND_APPROVE] = { OPEN_DEAL, PROPOSAL (AWAITING_APPROVAL) | PROPOSAL (TABLED), BY_ANYONE },
  [DD_COMMAND_REFUSE] = { OPEN_DEAL, PROPOSAL (AWAITING_APPROVAL) | PROPOSAL (TABLED), BY_ANYONE },
  [DD_COMMAND_SIGN] = { DEAL (AGREED), PROPOSAL (ACCEPTED), BY_ANYONE },
  [DD_COMMAND_RECORD_HANDOFF] = { DEAL (SIGNED), 0, BY_ANYONE },
  [DD_COMMAND_RESOLVE_ORDER] = { DEAL (SIGNED), 0, BY_ANYONE },
  [DD_COMMAND_TIMER] = { ~0u, 0, BY_ANYONE },
};

/* "negotiating or agreed" */
static char *
list_states (guint states, guint n_states, const char *(*name) (guint))
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_states; i++)
    if (states & (1u << i))
      g_ptr_array_add (names, (gpointer)name (i));
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s",
                            i == 0                ? ""
                            : i + 1 == names->len ? " or "
                                                  : ", ",
                            (char *)g_ptr_array_index (names, i));
  return g_string_free (text, FALSE);
}

static const char *
deal_state_name (guint state)
{
  return dd_deal_state_name (state);
}

static const char *
proposal_state_name (guint state)
{
  return dd_proposal_state_name (state);
}

/* An open deal whose deadline passed is expired, even where its timer hasn't come yet. */
static DdDealState
state_now (const DdDeal *deal, gint64 now)
{
  gboolean open = OPEN_DEAL & (1u << deal->state);

  return open && deal->expires != 0 && deal->expires <= now ? DD_DEAL_EXPIRED : (DdDealState)deal->state;
}

gboolean
dd_transition_check_deal (const DdDeal *deal, const DdCommand *command, GError **error)
{
  guint states = transitions[command->type].deal_states;
  DdDealState state = state_now (deal, command->now);

  if (command->type == DD_COMMAND_OPEN)
    return deal->version == 0 ||
           dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "D-%" G_GINT64_FORMAT " is open already", deal->number);
  if (states & (1u << state))
    return TRUE;

  g_autofree char *legal = list_states (states, DD_N_DEAL_STATES, deal_state_name);
  return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "D-%" G_GINT64_FORMAT " is %s; “%s” needs a deal that is %s",
                  deal->number, dd_deal_state_name (state), dd_command_name (command->type), legal);
}

const DdRevision *
dd_transition_revision (const DdMove *move, GError **error)
{
  const DdCommand *command = move->command;
  const Transition *transition = &transitions[command->type];
  const DdRevision *revision = dd_deal_revision (move->deal, command->revision);

  if (revision == NULL)
    {
      dd_fail (error, DD_ERROR_NOT_FOUND, "D-%" G_GINT64_FORMAT " has no revision %u; it has %u",
               move->deal->number, command->revision, move->deal->revisions->len);
      return NULL;
    }
  if (transition->mover != BY_ANYONE && (transition->mover == BY_MAKER) != (revision->side == command->side))
    {
      dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
               "revision %u of D-%" G_GINT64_FORMAT " was made by the %s; “%s” is for the %s",
               revision->revision, move->deal->number, dd_side_name (revision->side),
               dd_command_name (command->type),
               transition->mover == BY_MAKER ? "side that made it" : "side that received it");
      return NULL;
    }
  if (!(transition->proposal_states & (1u << revision->state)))
    {
      g_autofree char *legal =
        list_states (transition->proposal_states, DD_N_PROPOSAL_STATES, proposal_state_name);
      dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
               "revision %u of D-%" G_GINT64_FORMAT " is %s; “%s” needs one that is %s", revision->revision,
               move->deal->number, dd_proposal_state_name (revision->state), dd_command_name (command->type),
               legal);
      return NULL;
    }
  return revision;
}
