/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Random sequences of commands on a deal, watched by a small model of its own that knows DESIGN.md's promises
 * and none of the code: what it holds against an event is a breach. That it does notice breaches is tested,
 * too.
 */
#include "deal-fixture.h"

#define MAX_REVISIONS 64
#define MAX_STEPS     3

/* What the model knows of one revision. */
typedef struct
{
  const char *state;
  gboolean provider;
  gboolean cleared; /* it left, or was accepted, with everything approved that was asked for */
  guint n_steps;    /* of the open request; 0: none is open */
  guint need[MAX_STEPS];
  GHashTable *approvers[MAX_STEPS];
} Seen;

typedef struct
{
  Seen seen[MAX_REVISIONS + 1];
  guint accepted;
  gboolean understood; /* the clause that asks for it was acknowledged */
  GHashTable *keys;    /* of confirmed orders */
  gboolean signed_by[DD_N_SIDES];
} Model;

/* The command that an event came of. */
typedef struct
{
  DdCommandType type;
  DdSide side;
  guint n_needs;       /* approvals that its content asks for */
  gboolean wrong_gate; /* requirements were computed for somebody else */
} Cause;

static void
forget_request (Seen *seen)
{
  for (guint i = 0; i < seen->n_steps; i++)
    g_hash_table_unref (seen->approvers[i]);
  seen->n_steps = 0;
}

static void
model_clear (Model *model)
{
  for (guint i = 0; i <= MAX_REVISIONS; i++)
    forget_request (&model->seen[i]);
  g_clear_pointer (&model->keys, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Model, model_clear)

static const char *
text_of (const DdJsonNode *body, const char *name)
{
  const DdJsonNode *node = dd_json_member (body, name);

  return node != NULL ? dd_json_text (node) : "";
}

static guint
number_of (const DdJsonNode *body, const char *name)
{
  return (guint)g_ascii_strtoull (text_of (body, name), NULL, 10);
}

static gboolean
flag_of (const DdJsonNode *body, const char *name)
{
  const DdJsonNode *node = dd_json_member (body, name);

  return node != NULL && dd_json_boolean (node);
}

static gboolean
all_approved (const Seen *seen)
{
  for (guint i = 0; i < seen->n_steps; i++)
    if (g_hash_table_size (seen->approvers[i]) < seen->need[i])
      return FALSE;
  return seen->n_steps > 0;
}

/* Whether the provider's move on @seen may happen: nothing was asked for, or all of it was given. */
static gboolean
gate_is_open (const Seen *seen, const Cause *cause)
{
  if (cause->type == DD_COMMAND_APPROVE)
    return all_approved (seen);
  return cause->n_needs == 0 && !cause->wrong_gate;
}

static const char *
see_requested (Seen *seen, const DdJsonNode *body)
{
  const DdJsonNode *steps = dd_json_member (body, "steps");

  if (seen->n_steps > 0)
    return "a second request on one revision";
  if (g_str_equal (text_of (body, "kind"), "table"))
    seen->state = "awaiting-approval";
  for (const DdJsonNode *n = dd_json_first (steps); n != NULL; n = dd_json_next (n))
    {
      g_assert_cmpuint (seen->n_steps, <, MAX_STEPS);
      seen->need[seen->n_steps] = number_of (n, "need");
      seen->approvers[seen->n_steps++] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    }
  return NULL;
}

static const char *
see_decided (Seen *seen, const DdJsonNode *body)
{
  guint step = number_of (body, "step");

  if (step < 1 || step > seen->n_steps)
    return "a decision on a step that nobody asked for";
  if (!flag_of (body, "approved"))
    return NULL;
  if (g_str_equal (text_of (body, "person"), "maria"))
    return "an approval by the requester";
  return g_hash_table_add (seen->approvers[step - 1], g_strdup (text_of (body, "person")))
           ? NULL
           : "a person approved one step twice";
}

static const char *
see_closed (Seen *seen, const DdJsonNode *body)
{
  gboolean approved = flag_of (body, "approved");

  if (seen->n_steps == 0)
    return "a request closed that isn't open";
  if (approved != all_approved (seen))
    return approved ? "a request closed as approved that isn't" : NULL;
  if (!approved)
    forget_request (seen);
  seen->state = g_intern_string (text_of (body, "state"));
  return NULL;
}

static const char *
see_tabled (Seen *seen, const Cause *cause)
{
  static const char *const from[] = { "draft",     "refused", "superseded", "declined",
                                      "withdrawn", "lapsed",  NULL };

  if (!g_strv_contains (from, seen->state))
    return "what was tabled can't be";
  if (seen->provider && !gate_is_open (seen, cause))
    return "a provider's offer left without what it needs";
  forget_request (seen);
  seen->cleared = seen->provider;
  seen->state = "tabled";
  return NULL;
}

static const char *
see_agreed (Model *model, guint revision, const DdJsonNode *body, const DdDeal *deal, const Cause *cause)
{
  Seen *seen = &model->seen[revision];
  const DdRevision *accepted = dd_deal_revision (deal, revision);

  if (model->accepted != 0)
    return "two revisions are accepted";
  if (!g_str_equal (seen->state, "tabled") && !g_str_equal (seen->state, "lapsed"))
    return "what was accepted wasn't on the table";
  if (seen->provider ? !seen->cleared : !gate_is_open (seen, cause))
    return "an agreement without what it needs";
  if (g_strcmp0 (text_of (body, "fingerprint"), accepted->view) != 0)
    return "the agreement isn't what was accepted";
  forget_request (seen);
  seen->state = "accepted";
  model->accepted = revision;
  return NULL;
}

static const char *
see_signed (Model *model, const DdJsonNode *body)
{
  DdSide side = g_str_equal (text_of (body, "side"), "customer") ? DD_SIDE_CUSTOMER : DD_SIDE_PROVIDER;

  if (model->accepted == 0 || model->signed_by[side])
    return "a signature on nothing, or the second of one side";
  if (side == DD_SIDE_CUSTOMER && !model->understood)
    return "a customer signed what wasn't acknowledged";
  model->signed_by[side] = TRUE;
  return NULL;
}

static const char *
see_reopened (Model *model, const DdJsonNode *body)
{
  if (!flag_of (body, "complete"))
    return NULL;
  model->seen[model->accepted].state = "lapsed";
  model->accepted = 0;
  model->signed_by[0] = model->signed_by[1] = FALSE;
  return NULL;
}

static const char *
see_drafted (Seen *seen, const DdJsonNode *body)
{
  if (seen->state != NULL)
    return "a revision was made twice";
  seen->state = "draft";
  seen->provider = g_str_equal (text_of (body, "side"), "provider");
  return NULL;
}

static const char *
see_ended (Seen *seen, const DdJsonNode *body)
{
  const char *state = text_of (body, "state");

  if (!g_str_equal (seen->state, "tabled") &&
      !(g_str_equal (seen->state, "draft") && g_str_equal (state, "withdrawn")))
    return "what ended wasn't on the table";
  if (seen->n_steps > 0)
    return "an offer ended, and a request on it stayed";
  seen->state = g_intern_string (state);
  return NULL;
}

/* What the model holds against one event; NULL: nothing. */
static const char *
see (Model *model, const DdDeal *deal, DdEventType type, const DdJsonNode *body, const Cause *cause)
{
  guint revision = number_of (body, "revision");
  Seen *seen = &model->seen[MIN (revision, MAX_REVISIONS)];

  switch (type)
    {
    case DD_EVENT_DRAFTED:
      return see_drafted (seen, body);
    case DD_EVENT_APPROVAL_REQUESTED:
      return see_requested (seen, body);
    case DD_EVENT_APPROVAL_DECIDED:
      return see_decided (seen, body);
    case DD_EVENT_APPROVAL_CLOSED:
      return see_closed (seen, body);
    case DD_EVENT_TABLED:
      return see_tabled (seen, cause);
    case DD_EVENT_PROPOSAL_ENDED:
      return see_ended (seen, body);
    case DD_EVENT_AGREED:
      return see_agreed (model, revision, body, deal, cause);
    case DD_EVENT_REOPENED:
      return see_reopened (model, body);
    case DD_EVENT_ACKNOWLEDGED:
      model->understood = TRUE;
      return NULL;
    case DD_EVENT_SIGNED:
      return see_signed (model, body);
    case DD_EVENT_CONCLUDED:
      return model->signed_by[0] && model->signed_by[1] ? NULL : "concluded without both signatures";
    case DD_EVENT_ORDER_CONFIRMED:
      return g_hash_table_add (model->keys, g_strdup (text_of (body, "key"))) ? NULL : "a key came twice";
    default:
      return NULL;
    }
}

/* What holds after every command. */
static const char *
compare_states (const Model *model, const DdDeal *deal)
{
  guint n_accepted = 0, n_tabled = 0;

  for (guint i = 0; i < deal->revisions->len; i++)
    {
      const DdRevision *revision = deal->revisions->pdata[i];
      const char *state = dd_proposal_state_name (revision->state);

      if (!g_str_equal (state, model->seen[i + 1].state))
        return "a revision isn't in the state that its events say";
      if ((dd_deal_request_for (deal, i + 1) != NULL) != (model->seen[i + 1].n_steps > 0))
        return "a request is open on one side only";
      n_accepted += revision->state == DD_PROPOSAL_ACCEPTED;
      n_tabled += revision->state == DD_PROPOSAL_TABLED;
    }
  gboolean after =
    deal->state == DD_DEAL_AGREED || deal->state == DD_DEAL_SIGNED || deal->state == DD_DEAL_CLOSED;
  if (n_accepted != (after ? 1 : 0))
    return "an agreement has one accepted revision, and nothing else has";
  if ((n_tabled > 0 || deal->requests->len > 0) && deal->state != DD_DEAL_NEGOTIATING &&
      !(n_tabled == 0 && deal->state == DD_DEAL_PREPARING))
    return "something is open in a deal that doesn't negotiate";
  return NULL;
}

static void
hold (const char *breach, const Play *play)
{
  if (breach == NULL)
    return;
  for (guint i = 0; i < play->log->len; i++)
    {
      const Logged *logged = play->log->pdata[i];
      g_printerr ("%s %s\n", dd_event_type_name (logged->type), logged->body);
    }
  g_error ("%s", breach);
}

static void
assert_state_reads_back (const Play *play)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *written = play_state (play->deal);
  g_autoptr (DdJson) json = dd_json_parse (written, strlen (written), NULL, &error);

  g_assert_no_error (error);
  g_autoptr (DdDeal) read = dd_deal_read (dd_json_root (json), &error);
  g_assert_no_error (error);
  g_autofree char *again = play_state (read);
  g_assert_cmpstr (written, ==, again);
}

static void
assert_events_give_the_state (const Play *play)
{
  g_autoptr (DdDeal) replayed = dd_deal_new (play->deal->number);

  for (guint i = 0; i < play->log->len; i++)
    {
      const Logged *logged = play->log->pdata[i];
      apply_one (replayed, logged->type, logged->body, logged->time);
    }
  g_autofree char *state = play_state (play->deal);
  g_autofree char *again = play_state (replayed);
  g_assert_cmpstr (state, ==, again);
}

/* --- random commands --- */

static const char *const offers[] = {
  OFFER (""),
  OFFER (",\"note\":\"n\""),
  OFFER (",\"validUntil\":\"2027-03-01\""),
  OFFER (",\"irrevocableUntil\":\"2027-02-01\",\"validUntil\":\"2027-02-10\""),
};

static const char *const people[] = { "maria", "ann", "ben", "cem" };

static guint
below (guint n)
{
  return (guint)g_test_rand_int_range (0, (gint)n);
}

static void
random_order (const Play *play, DdCommand *command)
{
  command->order = g_strdup_printf ("%u", below (3));
  command->order_state = below (2) ? DD_ORDER_DELIVERED : below (DD_N_ORDER_STATES);
  command->attempt =
    command->order_state == DD_ORDER_PENDING && below (2) ? DD_ATTEMPT_BEGINS : DD_ATTEMPT_KNOWN;
  command->attempts = below (3);
  command->next_attempt = play->now + 1;
}

/* Often one that leads on: pure chance would hardly ever get to the last delivery. */
static DdCommandType
random_type (const Play *play)
{
  if (play->deal->requests->len > 0 && below (3) == 0)
    return DD_COMMAND_APPROVE;
  if (play->deal->state == DD_DEAL_NEGOTIATING && below (6) == 0)
    return DD_COMMAND_ACCEPT;
  if (play->deal->state == DD_DEAL_AGREED && below (4))
    return below (2) ? DD_COMMAND_SIGN : DD_COMMAND_ACKNOWLEDGE;
  if (play->deal->state == DD_DEAL_SIGNED && below (4))
    return below (2) ? DD_COMMAND_RECORD_HANDOFF : DD_COMMAND_RESOLVE_ORDER;
  return 1 + below (DD_N_COMMANDS - 1);
}

static DdCommand *
random_command (const Play *play)
{
  DdCommandType type = random_type (play);
  guint n_revisions = play->deal->revisions->len;
  guint revision = below (8) == 0 ? below (n_revisions + 2) : n_revisions - below (MIN (n_revisions, 3) + 1);
  DdCommand *command = command_on (play, type, below (2), revision);

  if (type == DD_COMMAND_APPROVE && play->deal->requests->len > 0 && below (4))
    command->revision = ((DdApprovalRequest *)play->deal->requests->pdata[0])->revision;
  const DdRevision *named = dd_deal_revision (play->deal, command->revision);

  if (type == DD_COMMAND_COUNTER || (type == DD_COMMAND_PROPOSE && below (2)))
    command->proposal = proposal_of (offers[below (G_N_ELEMENTS (offers))]);
  /* The engine would price the request's lines; here a proposal is always given. */
  if (type == DD_COMMAND_PROPOSE && command->proposal == NULL && revision == 0)
    command->proposal = proposal_of (offers[0]);
  if ((type == DD_COMMAND_DECLINE || type == DD_COMMAND_WITHDRAW) && revision == 0 && below (60) != 0)
    command->revision = MAX (n_revisions, 1);
  command->variant = below (3) == 0;
  command->draft = type == DD_COMMAND_PROPOSE && below (4) == 0;
  command->occurred_at = below (6) == 0 ? play->now - below (40) * DAY : 0;
  command->evidence = below (2) ? g_strdup ("letter") : NULL;
  if (type == DD_COMMAND_SIGN)
    command->fingerprint = g_strdup (play->deal->agreement);
  else
    command->fingerprint = g_strdup (named != NULL ? named->view : "none");
  command->sheet = g_strdup (named != NULL && below (10) != 0 ? named->sheet : "none");
  command->subject = g_strdup (below (4) ? "liability" : "payment");
  command->question = below (play->deal->questions->len + 2);
  command->text = below (5) ? g_strdup ("text") : NULL;
  command->valid_until = play->now + below (50) * DAY;
  random_order (play, command);
  if (type == DD_COMMAND_APPROVE || type == DD_COMMAND_REFUSE)
    {
      g_free (command->actor);
      command->actor = g_strdup (people[below (G_N_ELEMENTS (people))]);
      command->step = below (3) == 0 ? below (MAX_STEPS) : 0;
    }
  return command;
}

static const Need pool[][MAX_STEPS] = {
  { { 1, 1, "user:maria,user:ann,user:ben" } },
  { { 1, 2, "user:ann,user:ben,user:cem" }, { 2, 1, "user:cem,user:maria" } },
  { { 3, 1, "group:board" }, { 1, 1, "user:ann" }, { 1, 1, "user:ben,user:ann" } },
};
static const guint pool_steps[] = { 1, 2, 3 };

static void
random_needs (Play *play)
{
  guint which = below (6);

  play->needs = which < G_N_ELEMENTS (pool) ? pool[which] : NULL;
  play->n_needs = which < G_N_ELEMENTS (pool) ? pool_steps[which] : 0;
  play->asked_for = below (10) == 0 ? "nobody" : NULL;
  play->group = below (2) ? "board" : NULL;
}

static void
look_at_events (Play *play, Model *model, guint first, const Cause *cause)
{
  for (guint i = first; i < play->log->len; i++)
    {
      const Logged *logged = play->log->pdata[i];
      g_autoptr (DdJson) json = dd_json_parse (logged->body, strlen (logged->body), NULL, NULL);
      hold (see (model, play->deal, logged->type, dd_json_root (json), cause), play);
    }
}

static void
assert_views_are_named_by_digest (const Play *play)
{
  for (guint i = 0; i < play->last->events->len; i++)
    {
      const DdEvent *event = play->last->events->pdata[i];
      const DdDocument *view;

      if (event->type != DD_EVENT_DRAFTED)
        continue;
      view = event->documents->pdata[event->documents->len - 1];
      g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, view->bytes);
      g_assert_cmpstr (dd_deal_revision (play->deal, play->last->revision)->view, ==, sha256);
    }
}

/* One command; TRUE when it was legal. */
static gboolean
step (Play *play, Model *model)
{
  g_autofree char *before = play_state (play->deal);
  g_autoptr (GError) error = NULL;
  DdCommand *command;
  guint first = play->log->len;

  random_needs (play);
  command = random_command (play);
  Cause cause = { command->type, command->side, play->n_needs, play->asked_for != NULL };
  if (play_try (play, command, &error))
    {
      look_at_events (play, model, first, &cause);
      assert_views_are_named_by_digest (play);
      assert_state_reads_back (play);
    }
  else
    {
      g_autofree char *after = play_state (play->deal);
      g_assert_cmpstr (before, ==, after);
      g_assert_true (error != NULL || play->asked_for != NULL);
    }
  hold (compare_states (model, play->deal), play);
  return play->log->len > first;
}

static void
test_no_sequence_of_commands_breaks_a_promise (void)
{
  guint ended_in[DD_N_DEAL_STATES] = { 0 };

  for (guint game = 0; game < 400; game++)
    {
      g_autoptr (Play) play = play_new ();
      g_auto (Model) model = { .keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };

      for (guint i = 0; i < 120 && play->deal->revisions->len < MAX_REVISIONS; i++)
        {
          if (step (play, &model))
            play->now += below (8) == 0 ? DAY : 1;
        }
      assert_events_give_the_state (play);
      ended_in[play->deal->state]++;
    }
  /* The walk gets everywhere that matters. */
  g_test_message ("agreed %u, signed %u, closed %u, declined %u, withdrawn %u", ended_in[DD_DEAL_AGREED],
                  ended_in[DD_DEAL_SIGNED], ended_in[DD_DEAL_CLOSED], ended_in[DD_DEAL_DECLINED],
                  ended_in[DD_DEAL_WITHDRAWN]);
  g_assert_cmpuint (ended_in[DD_DEAL_AGREED] + ended_in[DD_DEAL_SIGNED], >, 0);
  g_assert_cmpuint (ended_in[DD_DEAL_CLOSED], >, 0);
}

/* --- controls: what the model must notice --- */

typedef struct
{
  DdEventType type;
  const char *body;
} Planted;

/* Whether the model notices something in @planted, of which all but the last is in order. */
static const char *
notices (const Planted *planted, guint n_planted, const Cause *cause)
{
  g_autoptr (Play) play = play_new ();
  g_auto (Model) model = { .keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  const char *breach = NULL;

  play_do (play, propose (play, OFFER ("")));
  for (guint i = 0; i < n_planted; i++)
    {
      g_autoptr (DdJson) json = dd_json_parse (planted[i].body, strlen (planted[i].body), NULL, NULL);
      g_assert_null (breach);
      breach = see (&model, play->deal, planted[i].type, dd_json_root (json), cause);
    }
  return breach;
}

#define DRAFT(side)                                                                                          \
  {                                                                                                          \
    DD_EVENT_DRAFTED, "{\"revision\":1,\"side\":\"" side "\"}"                                               \
  }
#define TABLED                                                                                               \
  {                                                                                                          \
    DD_EVENT_TABLED, "{\"revision\":1}"                                                                      \
  }
#define REQUESTED                                                                                            \
  {                                                                                                          \
    DD_EVENT_APPROVAL_REQUESTED, "{\"kind\":\"table\",\"revision\":1,\"steps\":[{\"need\":2}]}"              \
  }
#define DECIDED(person)                                                                                      \
  {                                                                                                          \
    DD_EVENT_APPROVAL_DECIDED, "{\"approved\":true,\"person\":\"" person "\",\"revision\":1,\"step\":1}"     \
  }
#define CLOSED                                                                                               \
  {                                                                                                          \
    DD_EVENT_APPROVAL_CLOSED, "{\"approved\":true,\"revision\":1,\"state\":\"draft\"}"                       \
  }

static void
test_the_model_notices_what_it_should (void)
{
  static const Cause needs = { DD_COMMAND_PROPOSE, DD_SIDE_PROVIDER, 1, FALSE };
  static const Cause wrong = { DD_COMMAND_PROPOSE, DD_SIDE_PROVIDER, 0, TRUE };
  static const Cause free_to_go = { DD_COMMAND_PROPOSE, DD_SIDE_PROVIDER, 0, FALSE };
  static const Cause approve = { DD_COMMAND_APPROVE, DD_SIDE_PROVIDER, 1, FALSE };
  static const Planted leaves[] = { DRAFT ("provider"), TABLED };
  static const Planted one_of_two[] = { DRAFT ("provider"), REQUESTED, DECIDED ("ann"), CLOSED };
  static const Planted same_twice[] = { DRAFT ("provider"), REQUESTED, DECIDED ("ann"), DECIDED ("ann") };
  static const Planted own[] = { DRAFT ("provider"), REQUESTED, DECIDED ("maria") };
  static const Planted other[] = { DRAFT ("provider"),
                                   TABLED,
                                   { DD_EVENT_AGREED, "{\"fingerprint\":\"00\",\"revision\":1}" } };
  static const Planted unread[] = { { DD_EVENT_SIGNED, "{\"side\":\"customer\"}" } };
  static const Planted again[] = { { DD_EVENT_ORDER_CONFIRMED, "{\"key\":\"k\"}" },
                                   { DD_EVENT_ORDER_CONFIRMED, "{\"key\":\"k\"}" } };
  static const Planted good[] = { DRAFT ("provider"), REQUESTED, DECIDED ("ann"),
                                  DECIDED ("ben"),    CLOSED,    TABLED };

  g_assert_null (notices (leaves, 2, &free_to_go));
  g_assert_null (notices (good, 6, &approve));
  g_assert_nonnull (notices (leaves, 2, &needs));
  g_assert_nonnull (notices (leaves, 2, &wrong));
  g_assert_nonnull (notices (one_of_two, 4, &approve));
  g_assert_nonnull (notices (same_twice, 4, &approve));
  g_assert_nonnull (notices (own, 3, &approve));
  g_assert_nonnull (notices (other, 3, &free_to_go));
  g_assert_nonnull (notices (unread, 1, &free_to_go));
  g_assert_nonnull (notices (again, 2, &free_to_go));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deal-random/no-sequence-of-commands-breaks-a-promise",
                   test_no_sequence_of_commands_breaks_a_promise);
  g_test_add_func ("/deal-random/the-model-notices-what-it-should", test_the_model_notices_what_it_should);
  return g_test_run ();
}
