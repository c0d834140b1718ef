/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The moves of a deal: what each does, and what each refuses.
 */
#include "deal-fixture.h"

#define P DD_SIDE_PROVIDER
#define C DD_SIDE_CUSTOMER

static const Need one[] = { { 1, 1, "user:ann" } };

/* One provider's offer on the table. */
static Play *
tabled (void)
{
  Play *play = play_new ();

  play_do (play, propose (play, OFFER ("")));
  return play;
}

static Play *
agreed (void)
{
  Play *play = tabled ();

  play_do (play, acknowledge (play, 1));
  play_do (play, accept_of (play, C, 1));
  assert_deal (play, DD_DEAL_AGREED);
  return play;
}

/* A customer's counter-offer, revision 2, on the table. */
static Play *
countered (void)
{
  Play *play = tabled ();

  play_do (play, counter (play, C, 1));
  return play;
}

/* The next offers need @needs. */
static void
need (Play *play, const Need *needs, guint n_needs)
{
  play->needs = needs;
  play->n_needs = n_needs;
}

/* --- the table of transitions, from DESIGN.md section 2 --- */

typedef enum
{
  MAKER = 1,    /* the side that made the revision */
  RECEIVER = 2, /* the other one */
  BOTH = 3
} Who;

typedef struct
{
  DdCommandType command;
  gboolean on_deal;
  const char *deals;
  const char *proposals;
  Who who;
  int only; /* a side, or -1 */
} Legal;

static const Legal legal[] = {
  { DD_COMMAND_PROPOSE, TRUE, "preparing negotiating", NULL, BOTH, P },
  { DD_COMMAND_PROPOSE, FALSE, "preparing negotiating", "draft refused superseded declined withdrawn lapsed",
    MAKER, P },
  { DD_COMMAND_COUNTER, FALSE, "negotiating", "tabled", RECEIVER, -1 },
  { DD_COMMAND_ACCEPT, FALSE, "negotiating", "tabled lapsed", RECEIVER, -1 },
  { DD_COMMAND_ACCEPT, FALSE, "expired", "lapsed", RECEIVER, -1 },
  { DD_COMMAND_DECLINE, TRUE, "preparing negotiating", NULL, BOTH, -1 },
  { DD_COMMAND_DECLINE, FALSE, "negotiating", "tabled", RECEIVER, -1 },
  { DD_COMMAND_WITHDRAW, TRUE, "preparing negotiating", NULL, BOTH, -1 },
  { DD_COMMAND_WITHDRAW, FALSE, "preparing negotiating", "draft awaiting-approval tabled", MAKER, -1 },
  { DD_COMMAND_WITHDRAW, FALSE, "agreed", "draft", MAKER, -1 },
  { DD_COMMAND_WITHDRAW, FALSE, "agreed", "accepted", BOTH, -1 },
  { DD_COMMAND_EXTEND, FALSE, "negotiating", "tabled", MAKER, -1 },
  { DD_COMMAND_ASK, TRUE, "preparing negotiating agreed", NULL, BOTH, -1 },
  { DD_COMMAND_ANSWER, TRUE, "preparing negotiating agreed", NULL, RECEIVER, -1 },
  { DD_COMMAND_ACKNOWLEDGE, FALSE, "negotiating", "tabled", BOTH, C },
  { DD_COMMAND_ACKNOWLEDGE, FALSE, "agreed", "accepted", BOTH, C },
  { DD_COMMAND_APPROVE, FALSE, "preparing negotiating", "awaiting-approval", MAKER, P },
  { DD_COMMAND_REFUSE, FALSE, "preparing negotiating", "awaiting-approval", MAKER, P },
  { DD_COMMAND_APPROVE, FALSE, "negotiating", "tabled", RECEIVER, P },
  { DD_COMMAND_REFUSE, FALSE, "negotiating", "tabled", RECEIVER, P },
  { DD_COMMAND_SIGN, TRUE, "agreed", "accepted", BOTH, -1 },
  { DD_COMMAND_RECORD_HANDOFF, TRUE, "signed", NULL, BOTH, P },
  { DD_COMMAND_RESOLVE_ORDER, TRUE, "signed", NULL, BOTH, P },
};

static gboolean
has_word (const char *words, const char *word)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  return g_strv_contains ((const char *const *)list, word);
}

/* Which states come together: an offer stands only in a negotiation, an accepted one only in what follows. */
static gboolean
can_be (DdDealState deal, DdProposalState proposal)
{
  if (proposal == DD_PROPOSAL_TABLED)
    return deal == DD_DEAL_NEGOTIATING;
  if (proposal == DD_PROPOSAL_AWAITING_APPROVAL)
    return deal == DD_DEAL_PREPARING || deal == DD_DEAL_NEGOTIATING;
  return (proposal == DD_PROPOSAL_ACCEPTED) ==
           (deal == DD_DEAL_AGREED || deal == DD_DEAL_SIGNED || deal == DD_DEAL_CLOSED) ||
         proposal == DD_PROPOSAL_DRAFT;
}

static gboolean
expected (DdCommandType command,
          gboolean on_deal,
          DdDealState deal,
          DdProposalState proposal,
          DdSide maker,
          DdSide side)
{
  for (guint i = 0; i < G_N_ELEMENTS (legal); i++)
    {
      const Legal *row = &legal[i];
      if (row->command == command && row->on_deal == on_deal && (row->only < 0 || row->only == (int)side) &&
          (row->who & (side == maker ? MAKER : RECEIVER)) &&
          has_word (row->deals, dd_deal_state_name (deal)) &&
          (row->proposals == NULL || has_word (row->proposals, dd_proposal_state_name (proposal))))
        return TRUE;
    }
  return FALSE;
}

/* A deal put into these states by hand, with all that a move could want but what the states forbid. */
static Play *
put_into (DdDealState state, DdProposalState proposal, DdSide maker, gboolean held)
{
  Play *play = tabled ();
  DdRevision *revision = dd_deal_revision (play->deal, 1);
  DdQuestionState *question = g_new0 (DdQuestionState, 1);
  DdOrder *order = g_new0 (DdOrder, 1);

  play->now += DAY;
  play->deal->state = (guint8)state;
  revision->side = (guint8)maker;
  revision->state = (guint8)proposal;
  revision->valid_until = START + 50 * DAY;
  if (proposal != DD_PROPOSAL_TABLED)
    revision->ended_at = play->now;
  if (proposal == DD_PROPOSAL_ACCEPTED)
    {
      play->deal->accepted = 1;
      play->deal->agreement = g_strdup (revision->view);
    }
  question->number = 1;
  question->side = (guint8)maker;
  question->subject = g_strdup ("payment");
  g_ptr_array_add (play->deal->questions, question);
  order->id = g_strdup ("1");
  order->key = g_strdup ("k");
  order->state = held ? DD_ORDER_HELD : DD_ORDER_PENDING;
  g_ptr_array_add (play->deal->orders, order);
  return play;
}

static void
put_request (Play *play, DdRequestKind kind)
{
  DdApprovalRequest *request = dd_approval_request_new ();

  request->kind = (guint8)kind;
  request->revision = 1;
  request->requester = g_strdup ("maria");
  request->sheet = g_strdup (dd_deal_revision (play->deal, 1)->sheet);
  g_ptr_array_unref (request->steps);
  request->steps = requirements_of (one, 1);
  g_ptr_array_add (play->deal->requests, request);
}

static DdCommand *
full_command (Play *play, DdCommandType type, gboolean on_deal, DdSide side)
{
  DdCommand *command = command_on (play, type, side, on_deal ? 0 : 1);

  if (type == DD_COMMAND_COUNTER || (type == DD_COMMAND_PROPOSE && on_deal))
    command->proposal = proposal_of (OFFER (""));
  if (type == DD_COMMAND_ACCEPT)
    command->occurred_at = START + 1;
  if (type == DD_COMMAND_APPROVE || type == DD_COMMAND_REFUSE)
    {
      g_free (command->actor);
      command->actor = g_strdup ("ann");
    }
  command->evidence = g_strdup ("letter.pdf");
  command->fingerprint = g_strdup (dd_deal_revision (play->deal, 1)->view);
  command->sheet = g_strdup (dd_deal_revision (play->deal, 1)->sheet);
  command->text = g_strdup ("because");
  command->subject = g_strdup ("liability");
  command->question = 1;
  command->order = g_strdup ("1");
  command->order_state = DD_ORDER_DELIVERED;
  command->valid_until = START + 60 * DAY;
  return command;
}

static gboolean
is_legal (
  DdCommandType type, gboolean on_deal, DdDealState deal, DdProposalState proposal, DdSide maker, DdSide side)
{
  g_autoptr (Play) play = put_into (deal, proposal, maker, type == DD_COMMAND_RESOLVE_ORDER);
  g_autoptr (GError) error = NULL;

  if (proposal == DD_PROPOSAL_AWAITING_APPROVAL)
    put_request (play, DD_REQUEST_TABLE);
  else if (proposal == DD_PROPOSAL_TABLED && maker == C &&
           (type == DD_COMMAND_APPROVE || type == DD_COMMAND_REFUSE))
    put_request (play, DD_REQUEST_ACCEPT);
  if (type == DD_COMMAND_SIGN && deal == DD_DEAL_AGREED)
    play_do (play, acknowledge (play, 1));

  g_autofree char *before = play_state (play->deal);
  gboolean done = play_try (play, full_command (play, type, on_deal, side), &error);
  g_autofree char *after = play_state (play->deal);

  g_assert_cmpint (done, ==, error == NULL);
  g_assert_cmpint (done, ==, strcmp (before, after) != 0);
  if (error != NULL)
    g_assert_error (error, DD_ERROR, DD_ERROR_ILLEGAL_MOVE);
  return done;
}

static void
compare (DdCommandType type, gboolean on_deal, DdDealState deal, DdProposalState proposal, guint *legal_moves)
{
  for (guint sides = 0; sides < 4; sides++)
    {
      DdSide maker = sides & 1, side = sides >> 1;
      gboolean should = expected (type, on_deal, deal, proposal, maker, side);

      /* A proposal that waits for the provider's approval is the provider's, and an agreed deal has an
       * agreement. */
      if ((maker == C && proposal == DD_PROPOSAL_AWAITING_APPROVAL) ||
          (type == DD_COMMAND_SIGN && deal == DD_DEAL_AGREED && proposal != DD_PROPOSAL_ACCEPTED))
        continue;
      if (should != is_legal (type, on_deal, deal, proposal, maker, side))
        g_error ("%s%s by the %s on a %s revision of the %s in a deal that is %s should be %s",
                 dd_command_name (type), on_deal ? " (deal)" : "", dd_side_name (side),
                 dd_proposal_state_name (proposal), dd_side_name (maker), dd_deal_state_name (deal),
                 should ? "legal" : "refused");
      *legal_moves += should;
    }
}

static void
test_only_the_legal_moves_are_possible (void)
{
  static const DdCommandType on_deals[] = { DD_COMMAND_PROPOSE,        DD_COMMAND_DECLINE,
                                            DD_COMMAND_WITHDRAW,       DD_COMMAND_ASK,
                                            DD_COMMAND_ANSWER,         DD_COMMAND_SIGN,
                                            DD_COMMAND_RECORD_HANDOFF, DD_COMMAND_RESOLVE_ORDER };
  static const DdCommandType on_revisions[] = {
    DD_COMMAND_PROPOSE, DD_COMMAND_COUNTER,     DD_COMMAND_ACCEPT,  DD_COMMAND_DECLINE, DD_COMMAND_WITHDRAW,
    DD_COMMAND_EXTEND,  DD_COMMAND_ACKNOWLEDGE, DD_COMMAND_APPROVE, DD_COMMAND_REFUSE
  };
  guint legal_moves = 0;

  for (DdDealState deal = 0; deal < DD_N_DEAL_STATES; deal++)
    for (DdProposalState proposal = 0; proposal < DD_N_PROPOSAL_STATES; proposal++)
      {
        if (!can_be (deal, proposal))
          continue;
        for (guint i = 0; i < G_N_ELEMENTS (on_deals); i++)
          compare (on_deals[i], TRUE, deal, proposal, &legal_moves);
        for (guint i = 0; i < G_N_ELEMENTS (on_revisions); i++)
          compare (on_revisions[i], FALSE, deal, proposal, &legal_moves);
      }
  g_assert_cmpuint (legal_moves, >, 100);
}

static void
test_a_deal_is_opened_once (void)
{
  g_autoptr (Play) play = play_new ();
  DdCommand *command = command_new (play, DD_COMMAND_OPEN, P);

  assert_events (play, "opened");
  assert_deal (play, DD_DEAL_PREPARING);
  command->opening = g_new0 (DdOpening, 1);
  command->opening->title = g_strdup ("T");
  command->opening->customer = g_strdup ("linden");
  command->opening->request = proposal_of (OFFER (""));
  play_refused (play, command, DD_ERROR_ILLEGAL_MOVE, "open already");
}

static void
test_a_move_that_rests_on_another_version_is_refused (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = propose (play, OFFER (""));

  command->expected_version = play->deal->version - 1;
  play_refused (play, command, DD_ERROR_CONFLICT, "version");
}

static void
test_a_customers_move_names_person_and_channel (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = counter (play, C, 1);

  g_clear_pointer (&command->person, g_free);
  play_refused (play, command, DD_ERROR_INVALID_ARGUMENT, "channel");
}

static void
test_what_happened_later_or_before_the_deal_is_refused (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = accept_of (play, C, 1);

  command->occurred_at = play->now + 1;
  play_refused (play, command, DD_ERROR_INVALID_ARGUMENT, "future");
  command = accept_of (play, C, 1);
  command->occurred_at = START - 1;
  play_refused (play, command, DD_ERROR_INVALID_ARGUMENT, "before the deal");
}

static void
test_a_revision_that_is_not_there_is_named (void)
{
  g_autoptr (Play) play = tabled ();

  play_refused (play, counter (play, C, 7), DD_ERROR_NOT_FOUND, "no revision 7");
}

/* --- offers --- */

static void
test_a_draft_is_tabled_only_by_proposing_it (void)
{
  g_autoptr (Play) play = play_new ();
  DdCommand *command = propose (play, OFFER (""));

  command->draft = TRUE;
  play_do (play, command);
  assert_events (play, "drafted");
  assert_deal (play, DD_DEAL_PREPARING);
  assert_revision (play, 1, DD_PROPOSAL_DRAFT);
  command = command_on (play, DD_COMMAND_PROPOSE, P, 1);
  command->draft = TRUE;
  play_refused (play, command, DD_ERROR_INVALID_ARGUMENT, "draft");
  play_do (play, command_on (play, DD_COMMAND_PROPOSE, P, 1));
  assert_events (play, "tabled");
  assert_deal (play, DD_DEAL_NEGOTIATING);
}

static void
test_a_new_offer_replaces_the_last_but_a_variant_stands_beside_it (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = propose (play, OFFER (""));

  command->variant = TRUE;
  play_do (play, command);
  assert_revision (play, 1, DD_PROPOSAL_TABLED);
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
  play_do (play, propose (play, OFFER ("")));
  assert_events (play, "drafted proposal-ended proposal-ended tabled");
  assert_revision (play, 1, DD_PROPOSAL_SUPERSEDED);
  assert_revision (play, 2, DD_PROPOSAL_SUPERSEDED);
  assert_revision (play, 3, DD_PROPOSAL_TABLED);
}

static void
test_accepting_a_variant_supersedes_the_others (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = propose (play, OFFER (""));

  command->variant = TRUE;
  play_do (play, command);
  play_do (play, accept_of (play, C, 1));
  assert_deal (play, DD_DEAL_AGREED);
  assert_revision (play, 1, DD_PROPOSAL_ACCEPTED);
  assert_revision (play, 2, DD_PROPOSAL_SUPERSEDED);
  g_assert_cmpstr (play->deal->agreement, ==, dd_deal_revision (play->deal, 1)->view);
}

static void
test_a_counter_ends_what_it_answers_and_tabling_again_revives_it (void)
{
  g_autoptr (Play) play = countered ();

  assert_revision (play, 1, DD_PROPOSAL_SUPERSEDED);
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
  play_refused (play, accept_of (play, C, 1), DD_ERROR_ILLEGAL_MOVE, "superseded");
  play_do (play, command_on (play, DD_COMMAND_PROPOSE, P, 1));
  assert_revision (play, 1, DD_PROPOSAL_TABLED);
  play_do (play, accept_of (play, C, 1));
  assert_deal (play, DD_DEAL_AGREED);
  assert_revision (play, 2, DD_PROPOSAL_SUPERSEDED);
}

static void
test_a_counter_prepared_again_still_ends_what_it_answers (void)
{
  g_autoptr (Play) play = countered ();

  need (play, one, 1);
  play_do (play, counter (play, P, 2));
  play_do (play, command_on (play, DD_COMMAND_WITHDRAW, P, 3));
  assert_revision (play, 3, DD_PROPOSAL_DRAFT);
  need (play, NULL, 0);
  play_do (play, command_on (play, DD_COMMAND_PROPOSE, P, 3));
  assert_revision (play, 2, DD_PROPOSAL_SUPERSEDED);
  assert_revision (play, 3, DD_PROPOSAL_TABLED);
}

static void
test_a_wrong_fingerprint_is_not_accepted (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = accept_of (play, C, 1);

  command->fingerprint[0] ^= 1;
  play_refused (play, command, DD_ERROR_CONFLICT, "fingerprint");
  command = accept_of (play, C, 1);
  g_clear_pointer (&command->fingerprint, g_free);
  play_refused (play, command, DD_ERROR_INVALID_ARGUMENT, "fingerprint");
}

static void
test_an_open_choice_blocks_acceptance (void)
{
  g_autoptr (Play) play = play_new ();

  play_do (play, propose (play, "{\"lines\":[{\"id\":\"1\"},{\"id\":\"2\",\"optional\":true}]}"));
  play_refused (play, accept_of (play, C, 1), DD_ERROR_INCOMPLETE, "optional");
}

static void
test_declining_or_withdrawing_one_offer_leaves_the_deal_negotiating (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = propose (play, OFFER (""));

  command->variant = TRUE;
  play_do (play, command);
  play_do (play, command_on (play, DD_COMMAND_DECLINE, C, 1));
  assert_revision (play, 1, DD_PROPOSAL_DECLINED);
  play_do (play, command_on (play, DD_COMMAND_WITHDRAW, P, 2));
  assert_revision (play, 2, DD_PROPOSAL_WITHDRAWN);
  assert_deal (play, DD_DEAL_NEGOTIATING);
}

static void
test_ending_the_deal_ends_all_that_is_open_in_it (void)
{
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (Play) play = countered ();
      DdCommandType type = i & 1 ? DD_COMMAND_DECLINE : DD_COMMAND_WITHDRAW;
      DdSide side = i & 2 ? C : P;

      play_do (play, propose (play, OFFER ("")));
      need (play, one, 1);
      play_do (play, propose (play, OFFER ("")));
      play_do (play, accept_of (play, P, 2));
      g_assert_cmpuint (play->deal->requests->len, ==, 2);
      play_do (play, command_new (play, type, side));
      assert_deal (play, i & 1 ? DD_DEAL_DECLINED : DD_DEAL_WITHDRAWN);
      g_assert_cmpuint (play->deal->requests->len, ==, 0);
      assert_revision (play, 2, side == C ? DD_PROPOSAL_WITHDRAWN : DD_PROPOSAL_DECLINED);
      assert_revision (play, 3, side == P ? DD_PROPOSAL_WITHDRAWN : DD_PROPOSAL_DECLINED);
      assert_revision (play, 4, DD_PROPOSAL_DRAFT);
    }
}

#define FIRM OFFER (",\"irrevocableUntil\":\"2027-01-20\",\"validUntil\":\"2027-02-20\"")

static void
test_an_irrevocable_offer_is_ended_by_a_counter_alone (void)
{
  g_autoptr (Play) play = play_new ();
  DdCommand *command;

  play_do (play, propose (play, FIRM));
  play_refused (play, command_on (play, DD_COMMAND_WITHDRAW, P, 1), DD_ERROR_ILLEGAL_MOVE, "irrevocable");
  play_refused (play, command_new (play, DD_COMMAND_WITHDRAW, P), DD_ERROR_ILLEGAL_MOVE, "irrevocable");
  play_refused (play, command_new (play, DD_COMMAND_DECLINE, P), DD_ERROR_ILLEGAL_MOVE, "irrevocable");
  play_do (play, propose (play, OFFER ("")));
  assert_revision (play, 1, DD_PROPOSAL_TABLED);
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
  play_do (play, counter (play, C, 1));
  assert_revision (play, 1, DD_PROPOSAL_SUPERSEDED);

  play_do (play, command_on (play, DD_COMMAND_PROPOSE, P, 1));
  play->now = START + 10 * DAY;
  command = command_on (play, DD_COMMAND_WITHDRAW, P, 1);
  play_do (play, command);
  assert_revision (play, 1, DD_PROPOSAL_WITHDRAWN);
}

/* --- time --- */

/* Valid for ten days from START (2027-01-15T08:00Z). */
#define TEN_DAYS OFFER (",\"validUntil\":\"2027-01-25T08:00Z\"")

static void
run_timer (Play *play, gint64 now)
{
  DdCommand *command = dd_command_new (DD_COMMAND_TIMER);

  play->now = now;
  command->actor = g_strdup ("timer");
  command->now = now;
  play_do (play, command);
}

static Play *
ten_days (void)
{
  Play *play = play_new ();

  play_do (play, propose (play, TEN_DAYS));
  g_assert_cmpint (dd_deal_revision (play->deal, 1)->valid_until, ==, START + 10 * DAY);
  return play;
}

static void
test_the_timer_ends_what_is_over_and_nothing_else (void)
{
  g_autoptr (Play) play = ten_days ();

  g_assert_cmpint (dd_deal_next_timer (play->deal), ==, START + 10 * DAY + 1);
  run_timer (play, START + 10 * DAY);
  assert_events (play, "");
  run_timer (play, dd_deal_next_timer (play->deal));
  assert_events (play, "proposal-ended");
  assert_revision (play, 1, DD_PROPOSAL_LAPSED);
  assert_deal (play, DD_DEAL_NEGOTIATING);
  g_assert_cmpint (dd_deal_next_timer (play->deal), ==, START + 100 * DAY);
  run_timer (play, dd_deal_next_timer (play->deal));
  assert_events (play, "deal-ended");
  assert_deal (play, DD_DEAL_EXPIRED);
  g_assert_cmpint (dd_deal_next_timer (play->deal), ==, 0);
}

static void
test_a_lapse_closes_the_requests_that_rest_on_it (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = command_on (play, DD_COMMAND_COUNTER, C, 1);

  command->proposal = proposal_of (TEN_DAYS);
  play_do (play, command);
  need (play, one, 1);
  play_do (play, accept_of (play, P, 2));
  play_do (play, counter (play, P, 2));
  run_timer (play, START + 11 * DAY);
  assert_events (play, "approval-closed approval-closed proposal-ended");
  g_assert_cmpuint (play->deal->requests->len, ==, 0);
  assert_revision (play, 2, DD_PROPOSAL_LAPSED);
  assert_revision (play, 3, DD_PROPOSAL_DRAFT);
}

static void
test_past_its_deadline_a_deal_is_expired_before_its_timer (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command;

  play->now = START + 101 * DAY;
  play_refused (play, propose (play, OFFER ("")), DD_ERROR_ILLEGAL_MOVE, "expired");
  play_refused (play, accept_of (play, C, 1), DD_ERROR_ILLEGAL_MOVE, "occurred-at");
  command = accept_of (play, C, 1);
  command->occurred_at = START + 99 * DAY;
  command->evidence = g_strdup ("letter.pdf");
  play_do (play, command);
  assert_deal (play, DD_DEAL_AGREED);
}

static DdCommand *
accept_late (Play *play, gint64 occurred_at, const char *evidence)
{
  DdCommand *command = accept_of (play, C, 1);

  command->occurred_at = occurred_at;
  command->evidence = g_strdup (evidence);
  return command;
}

static void
test_a_late_acceptance_needs_its_time_and_its_evidence (void)
{
  for (guint timer = 0; timer < 2; timer++)
    {
      g_autoptr (Play) play = play_new ();

      play->now = START + DAY;
      play_do (play, propose (play, TEN_DAYS));
      if (timer)
        run_timer (play, START + 20 * DAY);
      play->now = START + 21 * DAY;
      play_refused (play, accept_late (play, 0, "letter"), DD_ERROR_ILLEGAL_MOVE, "occurred-at");
      play_refused (play, accept_late (play, START + 1, "letter"), DD_ERROR_ILLEGAL_MOVE, "occurred-at");
      play_refused (play, accept_late (play, START + 10 * DAY + 1, "letter"), DD_ERROR_ILLEGAL_MOVE,
                    "occurred-at");
      play_refused (play, accept_late (play, START + 9 * DAY, NULL), DD_ERROR_INCOMPLETE, "evidence");
      play_do (play, accept_late (play, START + 10 * DAY, "letter"));
      assert_deal (play, DD_DEAL_AGREED);
      assert_revision (play, 1, DD_PROPOSAL_ACCEPTED);
    }
}

static void
test_a_late_acceptance_is_too_late_once_something_was_tabled (void)
{
  g_autoptr (Play) play = ten_days ();

  run_timer (play, START + 20 * DAY);
  play_do (play, propose (play, OFFER ("")));
  play_refused (play, accept_late (play, START + DAY, "letter"), DD_ERROR_ILLEGAL_MOVE, "revision 2");
}

static void
test_the_deals_expiry_is_the_lapse_of_longer_offers (void)
{
  g_autoptr (Play) play = play_new ();

  play_do (play, propose (play, OFFER (",\"validUntil\":\"2028-01-01\"")));
  run_timer (play, START + 102 * DAY);
  assert_deal (play, DD_DEAL_EXPIRED);
  play_refused (play, accept_late (play, START + 101 * DAY, "letter"), DD_ERROR_ILLEGAL_MOVE, "occurred-at");
  play_do (play, accept_late (play, START + 100 * DAY, "letter"));
  assert_deal (play, DD_DEAL_AGREED);
}

static void
test_a_late_acceptance_that_needs_approval_is_refused (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = command_on (play, DD_COMMAND_COUNTER, C, 1);

  command->proposal = proposal_of (TEN_DAYS);
  play_do (play, command);
  run_timer (play, START + 11 * DAY);
  need (play, one, 1);
  for (guint i = 0; i < 2; i++)
    {
      command = accept_of (play, P, 2);
      command->occurred_at = START + DAY;
      command->evidence = g_strdup ("letter");
      if (i == 0)
        play_refused (play, command, DD_ERROR_NO_AUTHORITY, "lapsed");
      else
        play_do (play, command);
      need (play, NULL, 0);
    }
  assert_deal (play, DD_DEAL_AGREED);
}

static DdCommand *
extend (Play *play, gint64 until)
{
  DdCommand *command = command_on (play, DD_COMMAND_EXTEND, P, 1);

  command->valid_until = until;
  return command;
}

static void
test_an_offer_is_extended_but_never_shortened (void)
{
  g_autoptr (Play) play = ten_days ();
  g_autoptr (Play) endless = tabled ();

  play_refused (play, extend (play, START + 9 * DAY), DD_ERROR_INVALID_ARGUMENT, "extended");
  play_do (play, extend (play, START + 12 * DAY));
  g_assert_cmpint (dd_deal_next_timer (play->deal), ==, START + 12 * DAY + 1);
  play->now = START + 13 * DAY;
  play_refused (play, extend (play, START + 12 * DAY), DD_ERROR_INVALID_ARGUMENT, "past");
  play_refused (play, extend (play, START + 14 * DAY), DD_ERROR_ILLEGAL_MOVE, "no longer valid");
  play_refused (endless, extend (endless, START + DAY), DD_ERROR_INVALID_ARGUMENT, "without end");
}

/* --- approvals --- */

static void
test_the_last_approval_performs_the_move_in_the_same_events (void)
{
  g_autoptr (Play) play = play_new ();

  need (play, one, 1);
  play_do (play, propose (play, OFFER ("")));
  assert_events (play, "drafted approval-requested");
  assert_revision (play, 1, DD_PROPOSAL_AWAITING_APPROVAL);
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 1));
  assert_events (play, "approval-decided approval-closed tabled");
  assert_revision (play, 1, DD_PROPOSAL_TABLED);
  g_assert_cmpuint (play->deal->requests->len, ==, 0);

  play_do (play, counter (play, C, 1));
  play_do (play, accept_of (play, P, 2));
  assert_events (play, "approval-requested");
  assert_deal (play, DD_DEAL_NEGOTIATING);
  play_refused (play, accept_of (play, P, 2), DD_ERROR_ILLEGAL_MOVE, "already");
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 2));
  assert_events (play, "approval-decided approval-closed agreed");
  assert_deal (play, DD_DEAL_AGREED);
}

static void
test_an_approved_counter_ends_what_it_answers (void)
{
  g_autoptr (Play) play = countered ();

  need (play, one, 1);
  play_do (play, counter (play, P, 2));
  play_do (play, accept_of (play, P, 2));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 3));
  assert_events (play, "approval-decided approval-closed approval-closed proposal-ended tabled");
  assert_revision (play, 2, DD_PROPOSAL_SUPERSEDED);
  assert_revision (play, 3, DD_PROPOSAL_TABLED);
  g_assert_cmpuint (play->deal->requests->len, ==, 0);
}

static void
test_requirements_for_another_requester_open_no_gate (void)
{
  g_autoptr (Play) play = countered ();
  g_autoptr (GError) error = NULL;

  play->asked_for = "nobody";
  g_assert_false (play_try (play, propose (play, OFFER ("")), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (play->last->questions, ==, DD_QUESTION_REQUIREMENTS);
  g_assert_false (play_try (play, accept_of (play, P, 2), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (play->last->questions, ==, DD_QUESTION_REQUIREMENTS);
}

static void
test_a_decision_names_the_sheet_that_was_read (void)
{
  g_autoptr (Play) play = play_new ();
  DdCommand *command;

  need (play, one, 1);
  play_do (play, propose (play, OFFER ("")));
  command = decide_as (play, DD_COMMAND_APPROVE, "ann", 1);
  command->sheet[0] ^= 1;
  play_refused (play, command, DD_ERROR_CONFLICT, "sheet");
  command = decide_as (play, DD_COMMAND_REFUSE, "ann", 1);
  g_clear_pointer (&command->sheet, g_free);
  play_refused (play, command, DD_ERROR_CONFLICT, "sheet");
}

static DdCommand *
propose_by (Play *play, const char *person, gboolean draft)
{
  DdCommand *command = propose (play, OFFER (""));

  g_free (command->actor);
  command->actor = g_strdup (person);
  command->draft = draft;
  return command;
}

static const Need team[] = { { 1, 1, "user:ann,user:ben,user:maria" } };

static void
test_nobody_approves_what_they_wrote_or_asked_for (void)
{
  g_autoptr (Play) play = play_new ();
  DdCommand *command;

  need (play, team, 1);
  play_do (play, propose_by (play, "ann", TRUE));
  play_do (play, propose_by (play, "ben", TRUE));
  command = command_on (play, DD_COMMAND_PROPOSE, P, 2);
  play_do (play, command);
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "maria", 2), DD_ERROR_NO_AUTHORITY, "wrote");
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 2), DD_ERROR_NO_AUTHORITY, "wrote");
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "ben", 2), DD_ERROR_NO_AUTHORITY, "wrote");
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "eve", 2), DD_ERROR_NO_AUTHORITY, "user:ann");
}

static void
test_nobody_approves_what_they_called_for_another (void)
{
  g_autoptr (Play) play = play_new ();
  DdCommand *command;

  need (play, team, 1);
  command = propose (play, OFFER (""));
  command->recorder = g_strdup ("ann");
  play_do (play, command);
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 1), DD_ERROR_NO_AUTHORITY, "wrote");
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ben", 1));
}

static void
test_who_recorded_the_customers_offer_does_not_approve_its_acceptance (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = counter (play, C, 1);

  g_free (command->actor);
  command->actor = g_strdup ("ann");
  play_do (play, command);
  need (play, team, 1);
  play_do (play, accept_of (play, P, 2));
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 2), DD_ERROR_NO_AUTHORITY, "wrote");
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ben", 2));
  assert_deal (play, DD_DEAL_AGREED);
}

static void
test_tabling_within_authority_is_no_approval_of_what_was_written (void)
{
  g_autoptr (Play) play = play_new ();

  play_do (play, propose_by (play, "ann", FALSE));
  assert_revision (play, 1, DD_PROPOSAL_TABLED);
  need (play, team, 1);
  play_do (play, propose (play, OFFER ("")));
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 2), DD_ERROR_NO_AUTHORITY, "wrote");
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ben", 2));
  play_do (play, propose (play, OFFER ("")));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 3));
  assert_revision (play, 3, DD_PROPOSAL_TABLED);
}

static void
test_levels_decide_in_order (void)
{
  static const Need levels[] = { { 2, 1, "user:ceo" }, { 1, 1, "user:ann" }, { 1, 1, "user:ben" } };
  g_autoptr (Play) play = play_new ();

  need (play, levels, 3);
  play_do (play, propose (play, OFFER ("")));
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "ceo", 1), DD_ERROR_NO_AUTHORITY, "no open step");
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ben", 1));
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "ceo", 1), DD_ERROR_NO_AUTHORITY, "no open step");
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 1));
  assert_revision (play, 1, DD_PROPOSAL_AWAITING_APPROVAL);
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ceo", 1));
  assert_revision (play, 1, DD_PROPOSAL_TABLED);
}

static void
test_all_any_or_some_of_the_candidates_are_needed (void)
{
  static const struct
  {
    guint need;
    guint n_people;
  } cases[] = { { 1, 1 }, { 2, 2 }, { 3, 3 }, { DD_NEED_ALL, 3 } };
  static const char *const people[] = { "ann", "ben", "cem" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Play) play = play_new ();
      const Need needs[] = { { 1, cases[i].need, "user:ann,user:ben,user:cem" } };

      need (play, needs, 1);
      play_do (play, propose (play, OFFER ("")));
      for (guint person = 0; person < cases[i].n_people; person++)
        {
          assert_revision (play, 1, DD_PROPOSAL_AWAITING_APPROVAL);
          play_do (play, decide_as (play, DD_COMMAND_APPROVE, people[person], 1));
          if (person + 1 < cases[i].n_people)
            play_refused (play, decide_as (play, DD_COMMAND_APPROVE, people[person], 1),
                          DD_ERROR_NO_AUTHORITY, "no open step");
        }
      assert_revision (play, 1, DD_PROPOSAL_TABLED);
    }
}

static void
test_a_requirement_that_nobody_could_meet_is_refused_at_once (void)
{
  static const Need impossible[] = { { 1, 3, "user:ann,user:ben" },
                                     { 1, DD_NEED_ALL, "user:ann,group:board" } };

  for (guint i = 0; i < G_N_ELEMENTS (impossible); i++)
    {
      g_autoptr (Play) play = play_new ();

      need (play, &impossible[i], 1);
      play_refused (play, propose (play, OFFER ("")), DD_ERROR_NO_AUTHORITY, "rule-1");
    }
}

static void
test_a_group_decides_through_its_members (void)
{
  static const Need board[] = { { 1, 2, "group:board" } };
  g_autoptr (Play) play = play_new ();

  need (play, board, 1);
  play_do (play, propose (play, OFFER ("")));
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 1), DD_ERROR_NO_AUTHORITY, "group:board");
  play->group = "board";
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 1));
  assert_revision (play, 1, DD_PROPOSAL_AWAITING_APPROVAL);
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ben", 1));
  assert_revision (play, 1, DD_PROPOSAL_TABLED);
}

static void
test_one_step_can_be_decided_alone (void)
{
  static const Need two[] = { { 1, 1, "user:ann" }, { 1, 1, "user:ann" } };
  g_autoptr (Play) play = play_new ();
  DdCommand *command;

  need (play, two, 2);
  play_do (play, propose (play, OFFER ("")));
  command = decide_as (play, DD_COMMAND_APPROVE, "ann", 1);
  command->step = 3;
  play_refused (play, command, DD_ERROR_NOT_FOUND, "no step 3");
  command = decide_as (play, DD_COMMAND_APPROVE, "ann", 1);
  command->step = 2;
  play_do (play, command);
  assert_events (play, "approval-decided");
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 1));
  assert_events (play, "approval-decided approval-closed tabled");
}

static void
assert_decided (const Play *play, guint step)
{
  g_assert_nonnull (play->last->decided);
  g_assert_cmpuint (play->last->decided->len, ==, 1);
  g_assert_cmpuint (g_array_index (play->last->decided, guint, 0), ==, step);
}

static void
test_a_decision_is_on_the_actors_steps_and_no_others (void)
{
  static const Need two[] = { { 1, 1, "user:ann" }, { 1, 1, "user:ben" } };
  g_autoptr (Play) play = play_new ();
  const DdApprovalRequest *request;

  need (play, two, 2);
  play_do (play, propose (play, OFFER ("")));
  g_assert_null (play->last->decided);
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 1));
  assert_events (play, "approval-decided");
  assert_decided (play, 1);
  request = dd_deal_request_for (play->deal, 1);
  g_assert_nonnull (request);
  g_assert_true (dd_requirement_met (g_ptr_array_index (request->steps, 0)));
  g_assert_false (dd_requirement_met (g_ptr_array_index (request->steps, 1)));
  assert_revision (play, 1, DD_PROPOSAL_AWAITING_APPROVAL);
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 1), DD_ERROR_NO_AUTHORITY, "user:ben");
  play_do (play, decide_as (play, DD_COMMAND_REFUSE, "ben", 1));
  assert_decided (play, 2);
  assert_revision (play, 1, DD_PROPOSAL_REFUSED);
}

static void
test_a_refusal_needs_a_reason_and_closes_the_request (void)
{
  g_autoptr (Play) play = countered ();
  DdCommand *command;

  need (play, one, 1);
  play_do (play, propose (play, OFFER ("")));
  command = decide_as (play, DD_COMMAND_REFUSE, "ann", 3);
  g_clear_pointer (&command->text, g_free);
  play_refused (play, command, DD_ERROR_INVALID_ARGUMENT, "reason");
  play_do (play, decide_as (play, DD_COMMAND_REFUSE, "ann", 3));
  assert_events (play, "approval-decided approval-closed");
  assert_revision (play, 3, DD_PROPOSAL_REFUSED);
  play_do (play, accept_of (play, P, 2));
  play_do (play, decide_as (play, DD_COMMAND_REFUSE, "ann", 2));
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
  g_assert_cmpuint (play->deal->requests->len, ==, 0);
}

static void
test_a_counter_closes_requests_and_returns_a_draft (void)
{
  g_autoptr (Play) play = countered ();

  need (play, one, 1);
  play_do (play, counter (play, P, 2));
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
  play_do (play, accept_of (play, P, 2));
  g_assert_cmpuint (play->deal->requests->len, ==, 2);
  play_do (play, command_on (play, DD_COMMAND_WITHDRAW, C, 2));
  assert_events (play, "approval-closed approval-closed proposal-ended");
  assert_revision (play, 2, DD_PROPOSAL_WITHDRAWN);
  assert_revision (play, 3, DD_PROPOSAL_DRAFT);
  g_assert_cmpuint (play->deal->requests->len, ==, 0);
}

static void
test_a_request_is_recalled_by_withdrawing (void)
{
  g_autoptr (Play) play = countered ();

  need (play, one, 1);
  play_do (play, propose (play, OFFER ("")));
  play_do (play, command_on (play, DD_COMMAND_WITHDRAW, P, 3));
  assert_revision (play, 3, DD_PROPOSAL_DRAFT);
  play_do (play, accept_of (play, P, 2));
  play_do (play, command_on (play, DD_COMMAND_WITHDRAW, P, 2));
  assert_events (play, "approval-closed");
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
  g_assert_cmpuint (play->deal->requests->len, ==, 0);
}

static void
test_an_agreement_closes_every_other_request (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = propose (play, OFFER (""));

  command->variant = TRUE;
  play_do (play, command);
  play_do (play, counter (play, C, 1));
  need (play, one, 1);
  play_do (play, accept_of (play, P, 3));
  play_do (play, propose (play, OFFER ("")));
  g_assert_cmpuint (play->deal->requests->len, ==, 2);
  play_do (play, accept_of (play, C, 2));
  assert_events (play, "approval-closed approval-closed proposal-ended agreed");
  g_assert_cmpuint (play->deal->requests->len, ==, 0);
  assert_revision (play, 3, DD_PROPOSAL_SUPERSEDED);
  assert_revision (play, 4, DD_PROPOSAL_DRAFT);
}

static void
test_an_approval_of_what_is_no_longer_valid_performs_nothing (void)
{
  g_autoptr (Play) play = play_new ();

  need (play, one, 1);
  play_do (play, propose (play, TEN_DAYS));
  play->now = START + 11 * DAY;
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "ann", 1), DD_ERROR_ILLEGAL_MOVE,
                "no longer valid");
  run_timer (play, play->now);
  assert_revision (play, 1, DD_PROPOSAL_DRAFT);
}

/* --- understanding and signing --- */

static void
test_an_open_question_blocks_acknowledgement (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command;

  play_do (play, say (play, DD_COMMAND_ASK, C, "liability"));
  g_assert_cmpuint (play->last->question, ==, 1);
  play_refused (play, acknowledge (play, 1), DD_ERROR_INCOMPLETE, "question 1");
  play_refused (play, say (play, DD_COMMAND_ANSWER, C, NULL), DD_ERROR_ILLEGAL_MOVE, "other side");
  play_do (play, say (play, DD_COMMAND_ANSWER, P, NULL));
  play_refused (play, say (play, DD_COMMAND_ANSWER, P, NULL), DD_ERROR_ILLEGAL_MOVE, "already");
  command = say (play, DD_COMMAND_ASK, C, "liability");
  command->on_line = TRUE;
  play_do (play, command);
  play_do (play, say (play, DD_COMMAND_ASK, C, "payment"));
  play_do (play, acknowledge (play, 1));
}

static void
test_what_asks_for_nothing_is_not_acknowledged (void)
{
  g_autoptr (Play) play = tabled ();
  static const char *const subjects[] = { "payment", "nothing", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      DdCommand *command = acknowledge (play, 1);
      g_free (command->subject);
      command->subject = g_strdup (subjects[i]);
      play_refused (play, command, DD_ERROR_NOT_FOUND, "no clause");
    }
  DdCommand *command = say (play, DD_COMMAND_ANSWER, P, NULL);
  command->question = 3;
  play_refused (play, command, DD_ERROR_NOT_FOUND, "no question 3");
  command = say (play, DD_COMMAND_ASK, C, NULL);
  command->text[0] = '\0';
  play_refused (play, command, DD_ERROR_INVALID_ARGUMENT, "no text");
}

static void
test_a_customer_signs_only_what_was_acknowledged (void)
{
  g_autoptr (Play) play = tabled ();

  play_do (play, accept_of (play, C, 1));
  play_refused (play, sign (play, C), DD_ERROR_INCOMPLETE, "liability");
  play_do (play, sign (play, P));
  play_refused (play, sign (play, C), DD_ERROR_INCOMPLETE, "liability");
  play_do (play, acknowledge (play, 1));
  play_do (play, sign (play, C));
  assert_deal (play, DD_DEAL_SIGNED);
}

static void
test_an_acknowledgement_is_of_one_text (void)
{
  g_autoptr (Play) play = tabled ();

  play_do (play, acknowledge (play, 1));
  play_do (play, propose (play, "{\"lines\":[{\"id\":\"1\"}],\"terms\":[{\"acknowledge\":true,\"clause\":"
                                "\"liability\",\"text\":\"Six months.\",\"title\":\"Liability\"}]}"));
  play_do (play, accept_of (play, C, 2));
  play_refused (play, sign (play, C), DD_ERROR_INCOMPLETE, "liability");
}

static void
test_an_acknowledgement_is_of_its_parameters_too (void)
{
  g_autoptr (Play) play = tabled ();

  play_do (play, acknowledge (play, 1));
  play_do (play,
           propose (play, "{\"lines\":[{\"id\":\"1\"}],\"terms\":[{\"acknowledge\":true,\"clause\":"
                          "\"liability\",\"text\":\"Twelve months.\",\"title\":\"Liability\",\"parameters\":"
                          "[{\"name\":\"cap\",\"value\":\"EUR 1.00\"}]}]}"));
  play_do (play, accept_of (play, C, 2));
  play_refused (play, sign (play, C), DD_ERROR_INCOMPLETE, "liability");
}

static void
test_the_last_signature_concludes_and_confirms_each_order_once (void)
{
  g_autoptr (Play) play = agreed ();
  DdCommand *command = sign (play, C);

  command->fingerprint[0] ^= 1;
  play_refused (play, command, DD_ERROR_CONFLICT, "fingerprint");
  play_do (play, sign (play, C));
  play_refused (play, sign (play, C), DD_ERROR_ILLEGAL_MOVE, "already");
  play_do (play, sign (play, P));
  assert_events (play, "signed concluded order-confirmed order-confirmed");
  assert_deal (play, DD_DEAL_SIGNED);
  g_assert_cmpuint (play->deal->orders->len, ==, 2);
  const DdOrder *first = play->deal->orders->pdata[0], *second = play->deal->orders->pdata[1];
  g_assert_cmpstr (first->key, !=, second->key);
}

static void
test_a_deal_without_orders_closes_when_it_is_signed (void)
{
  g_autoptr (Play) play = play_new ();

  play_do (play,
           propose (play, "{\"lines\":[{\"id\":\"1\"},{\"chosen\":false,\"id\":\"2\",\"optional\":true}],"
                          "\"orders\":[{\"id\":\"1\",\"lines\":[\"2\"]}]}"));
  play_do (play, accept_of (play, C, 1));
  play_do (play, sign (play, P));
  play_do (play, sign (play, C));
  assert_events (play, "signed concluded deal-ended");
  assert_deal (play, DD_DEAL_CLOSED);
}

static void
test_before_a_signature_either_side_reopens (void)
{
  for (DdSide side = P; side <= C; side++)
    {
      g_autoptr (Play) play = agreed ();

      play_refused (play, command_new (play, DD_COMMAND_WITHDRAW, side), DD_ERROR_ILLEGAL_MOVE, "agreed");
      play_do (play, command_on (play, DD_COMMAND_WITHDRAW, side, 1));
      assert_deal (play, DD_DEAL_NEGOTIATING);
      assert_revision (play, 1, DD_PROPOSAL_LAPSED);
      g_assert_null (play->deal->agreement);
    }
}

static void
test_after_a_signature_both_sides_reopen (void)
{
  g_autoptr (Play) play = agreed ();

  play_do (play, sign (play, C));
  play_do (play, command_on (play, DD_COMMAND_WITHDRAW, C, 1));
  assert_deal (play, DD_DEAL_AGREED);
  play_refused (play, command_on (play, DD_COMMAND_WITHDRAW, C, 1), DD_ERROR_ILLEGAL_MOVE, "already");
  play->now += DAY;
  play_do (play, command_on (play, DD_COMMAND_WITHDRAW, P, 1));
  assert_deal (play, DD_DEAL_NEGOTIATING);
  g_assert_cmpuint (play->deal->signatures->len, ==, 0);
  play->now += DAY;
  play_refused (play, accept_late (play, play->now, "letter"), DD_ERROR_ILLEGAL_MOVE, "occurred-at");
}

static void
test_no_variant_revives_when_an_agreement_reopens (void)
{
  g_autoptr (Play) play = tabled ();
  DdCommand *command = propose (play, OFFER (""));

  command->variant = TRUE;
  play_do (play, command);
  play_do (play, accept_of (play, C, 2));
  play_do (play, command_on (play, DD_COMMAND_WITHDRAW, C, 2));
  assert_revision (play, 1, DD_PROPOSAL_SUPERSEDED);
  assert_revision (play, 2, DD_PROPOSAL_LAPSED);
}

/* --- orders --- */

static DdCommand *
handoff (Play *play, DdCommandType type, const char *order, DdOrderState state, gboolean begins)
{
  DdCommand *command = command_new (play, type, P);

  command->order = g_strdup (order);
  command->order_state = state;
  command->attempt = begins ? DD_ATTEMPT_BEGINS : DD_ATTEMPT_KNOWN;
  command->text = begins ? NULL : g_strdup ("receipt");
  return command;
}

static void
test_the_last_delivery_closes_the_deal (void)
{
  g_autoptr (Play) play = agreed ();

  play_do (play, sign (play, C));
  play_do (play, sign (play, P));
  play_refused (play, handoff (play, DD_COMMAND_RECORD_HANDOFF, "9", DD_ORDER_DELIVERED, FALSE),
                DD_ERROR_NOT_FOUND, "no order");
  play_do (play, handoff (play, DD_COMMAND_RECORD_HANDOFF, "1", DD_ORDER_PENDING, TRUE));
  g_assert_true (dd_deal_order (play->deal, "1")->trying);
  g_assert_cmpuint (dd_deal_order (play->deal, "1")->attempts, ==, 1);
  play_do (play, handoff (play, DD_COMMAND_RECORD_HANDOFF, "1", DD_ORDER_DELIVERED, FALSE));
  g_assert_false (dd_deal_order (play->deal, "1")->trying);
  g_assert_cmpuint (dd_deal_order (play->deal, "1")->attempts, ==, 1);
  assert_deal (play, DD_DEAL_SIGNED);
  play_refused (play, handoff (play, DD_COMMAND_RECORD_HANDOFF, "1", DD_ORDER_DELIVERED, FALSE),
                DD_ERROR_ILLEGAL_MOVE, "delivered");
  play_do (play, handoff (play, DD_COMMAND_RECORD_HANDOFF, "2", DD_ORDER_HELD, FALSE));
  play_refused (play, handoff (play, DD_COMMAND_RECORD_HANDOFF, "2", DD_ORDER_DELIVERED, FALSE),
                DD_ERROR_ILLEGAL_MOVE, "held");
  play_refused (play, handoff (play, DD_COMMAND_RESOLVE_ORDER, "1", DD_ORDER_PENDING, FALSE),
                DD_ERROR_ILLEGAL_MOVE, "held");
  play_do (play, handoff (play, DD_COMMAND_RESOLVE_ORDER, "2", DD_ORDER_DELIVERED, FALSE));
  assert_events (play, "handoff-recorded deal-ended");
  assert_deal (play, DD_DEAL_CLOSED);
}

static void
test_an_attempt_begins_only_on_what_was_read (void)
{
  g_autoptr (Play) play = agreed ();

  play_do (play, sign (play, C));
  play_do (play, sign (play, P));
  play_do (play, handoff (play, DD_COMMAND_RECORD_HANDOFF, "1", DD_ORDER_PENDING, TRUE));
  play_refused (play, handoff (play, DD_COMMAND_RECORD_HANDOFF, "1", DD_ORDER_PENDING, TRUE),
                DD_ERROR_CONFLICT, "had 1 attempts");
  g_assert_cmpuint (dd_deal_order (play->deal, "1")->attempts, ==, 1);
}

static void
test_a_released_order_keeps_its_doubt (void)
{
  g_autoptr (Play) play = agreed ();
  DdCommand *unknown;
  DdCommand *again;

  play_do (play, sign (play, C));
  play_do (play, sign (play, P));
  play_do (play, handoff (play, DD_COMMAND_RECORD_HANDOFF, "1", DD_ORDER_PENDING, TRUE));
  unknown = handoff (play, DD_COMMAND_RECORD_HANDOFF, "1", DD_ORDER_HELD, FALSE);
  unknown->attempt = DD_ATTEMPT_UNKNOWN;
  play_do (play, unknown);
  play_do (play, handoff (play, DD_COMMAND_RESOLVE_ORDER, "1", DD_ORDER_PENDING, FALSE));
  g_assert_true (dd_deal_order (play->deal, "1")->trying);
  g_assert_true (dd_deal_order (play->deal, "1")->released);
  /* The person's word is for one attempt: what is left after a crash is held again, never resent. */
  again = handoff (play, DD_COMMAND_RECORD_HANDOFF, "1", DD_ORDER_PENDING, TRUE);
  again->attempts = 1;
  play_do (play, again);
  g_assert_true (dd_deal_order (play->deal, "1")->trying);
  g_assert_false (dd_deal_order (play->deal, "1")->released);
}

static void
test_ids_read_back (void)
{
  static const char *const wrong[] = { "",     "D-",   "D-0",
                                       "D-01", "D-+1", "d-1",
                                       "D-1 ", "D--1", "D-9223372036854775808" };
  g_autofree char *id = dd_deal_id_format (1042);
  gint64 number = 0;

  g_assert_cmpstr (id, ==, "D-1042");
  g_assert_true (dd_deal_id_parse (id, &number, NULL));
  g_assert_cmpint (number, ==, 1042);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (dd_deal_id_parse (wrong[i], &number, NULL));
}

static void
add_offers (void)
{
#define ADD(name, function) g_test_add_func ("/deal/" name, function)
  ADD ("only-the-legal-moves-are-possible", test_only_the_legal_moves_are_possible);
  ADD ("is-opened-once", test_a_deal_is_opened_once);
  ADD ("a-move-that-rests-on-another-version-is-refused",
       test_a_move_that_rests_on_another_version_is_refused);
  ADD ("a-customers-move-names-person-and-channel", test_a_customers_move_names_person_and_channel);
  ADD ("what-happened-later-or-before-the-deal-is-refused",
       test_what_happened_later_or_before_the_deal_is_refused);
  ADD ("a-revision-that-is-not-there-is-named", test_a_revision_that_is_not_there_is_named);
  ADD ("a-draft-is-tabled-only-by-proposing-it", test_a_draft_is_tabled_only_by_proposing_it);
  ADD ("a-new-offer-replaces-the-last-but-a-variant-stands-beside-it",
       test_a_new_offer_replaces_the_last_but_a_variant_stands_beside_it);
  ADD ("accepting-a-variant-supersedes-the-others", test_accepting_a_variant_supersedes_the_others);
  ADD ("a-counter-ends-what-it-answers-and-tabling-again-revives-it",
       test_a_counter_ends_what_it_answers_and_tabling_again_revives_it);
  ADD ("a-counter-prepared-again-still-ends-what-it-answers",
       test_a_counter_prepared_again_still_ends_what_it_answers);
  ADD ("a-wrong-fingerprint-is-not-accepted", test_a_wrong_fingerprint_is_not_accepted);
  ADD ("an-open-choice-blocks-acceptance", test_an_open_choice_blocks_acceptance);
  ADD ("declining-or-withdrawing-one-offer-leaves-the-deal-negotiating",
       test_declining_or_withdrawing_one_offer_leaves_the_deal_negotiating);
  ADD ("ending-the-deal-ends-all-that-is-open-in-it", test_ending_the_deal_ends_all_that_is_open_in_it);
  ADD ("an-irrevocable-offer-is-ended-by-a-counter-alone",
       test_an_irrevocable_offer_is_ended_by_a_counter_alone);
}

static void
add_time (void)
{
  ADD ("the-timer-ends-what-is-over-and-nothing-else", test_the_timer_ends_what_is_over_and_nothing_else);
  ADD ("a-lapse-closes-the-requests-that-rest-on-it", test_a_lapse_closes_the_requests_that_rest_on_it);
  ADD ("past-its-deadline-a-deal-is-expired-before-its-timer",
       test_past_its_deadline_a_deal_is_expired_before_its_timer);
  ADD ("a-late-acceptance-needs-its-time-and-its-evidence",
       test_a_late_acceptance_needs_its_time_and_its_evidence);
  ADD ("a-late-acceptance-is-too-late-once-something-was-tabled",
       test_a_late_acceptance_is_too_late_once_something_was_tabled);
  ADD ("the-deals-expiry-is-the-lapse-of-longer-offers", test_the_deals_expiry_is_the_lapse_of_longer_offers);
  ADD ("a-late-acceptance-that-needs-approval-is-refused",
       test_a_late_acceptance_that_needs_approval_is_refused);
  ADD ("an-offer-is-extended-but-never-shortened", test_an_offer_is_extended_but_never_shortened);
}

static void
add_approvals (void)
{
  ADD ("the-last-approval-performs-the-move-in-the-same-events",
       test_the_last_approval_performs_the_move_in_the_same_events);
  ADD ("an-approved-counter-ends-what-it-answers", test_an_approved_counter_ends_what_it_answers);
  ADD ("requirements-for-another-requester-open-no-gate",
       test_requirements_for_another_requester_open_no_gate);
  ADD ("a-decision-names-the-sheet-that-was-read", test_a_decision_names_the_sheet_that_was_read);
  ADD ("nobody-approves-what-they-wrote-or-asked-for", test_nobody_approves_what_they_wrote_or_asked_for);
  ADD ("nobody-approves-what-they-called-for-another", test_nobody_approves_what_they_called_for_another);
  ADD ("who-recorded-the-customers-offer-does-not-approve-its-acceptance",
       test_who_recorded_the_customers_offer_does_not_approve_its_acceptance);
  ADD ("tabling-within-authority-is-no-approval-of-what-was-written",
       test_tabling_within_authority_is_no_approval_of_what_was_written);
  ADD ("levels-decide-in-order", test_levels_decide_in_order);
  ADD ("all-any-or-some-of-the-candidates-are-needed", test_all_any_or_some_of_the_candidates_are_needed);
  ADD ("a-requirement-that-nobody-could-meet-is-refused-at-once",
       test_a_requirement_that_nobody_could_meet_is_refused_at_once);
  ADD ("a-group-decides-through-its-members", test_a_group_decides_through_its_members);
  ADD ("one-step-can-be-decided-alone", test_one_step_can_be_decided_alone);
  ADD ("a-decision-is-on-the-actors-steps-and-no-others",
       test_a_decision_is_on_the_actors_steps_and_no_others);
  ADD ("a-refusal-needs-a-reason-and-closes-the-request",
       test_a_refusal_needs_a_reason_and_closes_the_request);
  ADD ("the-end-of-what-is-answered-closes-requests-and-returns-a-draft",
       test_a_counter_closes_requests_and_returns_a_draft);
  ADD ("a-request-is-recalled-by-withdrawing", test_a_request_is_recalled_by_withdrawing);
  ADD ("an-agreement-closes-every-other-request", test_an_agreement_closes_every_other_request);
  ADD ("an-approval-of-what-is-no-longer-valid-performs-nothing",
       test_an_approval_of_what_is_no_longer_valid_performs_nothing);
}

static void
add_signing (void)
{
  ADD ("an-open-question-blocks-acknowledgement", test_an_open_question_blocks_acknowledgement);
  ADD ("what-asks-for-nothing-is-not-acknowledged", test_what_asks_for_nothing_is_not_acknowledged);
  ADD ("a-customer-signs-only-what-was-acknowledged", test_a_customer_signs_only_what_was_acknowledged);
  ADD ("an-acknowledgement-is-of-one-text", test_an_acknowledgement_is_of_one_text);
  ADD ("an-acknowledgement-is-of-its-parameters-too", test_an_acknowledgement_is_of_its_parameters_too);
  ADD ("the-last-signature-concludes-and-confirms-each-order-once",
       test_the_last_signature_concludes_and_confirms_each_order_once);
  ADD ("one-without-orders-closes-when-it-is-signed", test_a_deal_without_orders_closes_when_it_is_signed);
  ADD ("before-a-signature-either-side-reopens", test_before_a_signature_either_side_reopens);
  ADD ("after-a-signature-both-sides-reopen", test_after_a_signature_both_sides_reopen);
  ADD ("no-variant-revives-when-an-agreement-reopens", test_no_variant_revives_when_an_agreement_reopens);
  ADD ("the-last-delivery-closes-it", test_the_last_delivery_closes_the_deal);
  ADD ("an-attempt-begins-only-on-what-was-read", test_an_attempt_begins_only_on_what_was_read);
  ADD ("a-released-order-keeps-its-doubt", test_a_released_order_keeps_its_doubt);
  ADD ("ids-read-back", test_ids_read_back);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_offers ();
  add_time ();
  add_approvals ();
  add_signing ();
  return g_test_run ();
}
