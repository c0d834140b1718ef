/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A deal played by hand, for the tests of moves: answers dd_decide()'s questions with what the test says,
 * applies the events, and keeps them, so that the deal can be built again from them.
 */
#pragma once

#include "deal/decide.h"

#include <string.h>

#define DAY   G_TIME_SPAN_DAY
#define START G_GINT64_CONSTANT (1800000000000000)

/* An approval that the next offer needs; candidates are separated by commas. */
typedef struct
{
  guint level;
  guint need;
  const char *candidates;
} Need;

typedef struct
{
  DdEventType type;
  char *body;
  gint64 time;
} Logged;

typedef struct
{
  DdProposal *proposal;
  DdSheet *sheet;
} Content;

typedef struct
{
  DdDeal *deal;
  gint64 now;
  GPtrArray *log;      /* Logged */
  GPtrArray *contents; /* Content, revision n at n - 1 */
  const Need *needs;
  guint n_needs;
  const char *asked_for; /* (nullable): requirements are answered for this requester, whoever was asked for */
  const char *group;     /* (nullable): the group that every actor is in */
  const DdMeasure *measures; /* (nullable): of the next offer: need n is of measure n, and governs those of
                              * its name; without any, approvals are of nothing that could stand */
  guint n_measures;
  DdDecision *last;
} Play;

static inline void
logged_free (gpointer data)
{
  g_free (((Logged *)data)->body);
  g_free (data);
}

static inline void
content_free (gpointer data)
{
  Content *content = data;

  dd_proposal_unref (content->proposal);
  dd_sheet_unref (content->sheet);
  g_free (content);
}

static inline DdProposal *
proposal_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse (text, strlen (text), NULL, &error);

  g_assert_no_error (error);
  DdProposal *proposal = dd_proposal_read (dd_json_root (json), &error);
  g_assert_no_error (error);
  return proposal;
}

/* Two lines, two orders, and two clauses of which “liability” asks to be acknowledged. */
#define OFFER(members)                                                                                       \
  "{\"lines\":[{\"id\":\"1\",\"offering\":\"epl\"},{\"id\":\"2\",\"offering\":\"care\"}],\"orders\":[{"      \
  "\"id\":\"1\",\"lines\":[\"1\"]},{\"id\":\"2\",\"lines\":[\"2\"]}],\"terms\":[{\"acknowledge\":true,"      \
  "\"clause\":\"liability\",\"text\":\"Twelve months.\",\"title\":\"Liability\"},{\"clause\":\"payment\","   \
  "\"text\":\"30 days.\",\"title\":\"Payment\"}]" members "}"

static inline DdSheet *
sheet_of (const DdProposal *proposal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) lines = dd_proposal_price_lines (proposal);
  DdAnswers *answers = dd_answers_new ();

  for (guint i = 0; i < lines->len; i++)
    {
      DdCharge charge = {
        .line = i,
        .id = dd_answers_label (answers, "rental"),
        .name = DD_NO_LABEL,
        .source = DD_NO_LABEL,
        .type = DD_CHARGE_RECURRING,
        .period = DD_PERIOD_MONTH,
        .currency = { "EUR" },
        .price = 100 * DD_MICROS,
        .minimum = DD_NO_LIMIT,
        .maximum = DD_NO_LIMIT,
      };
      g_array_append_val (answers->charges, charge);
    }
  DdSheet *sheet =
    dd_sheet_compute ((const DdPriceLine *)(gconstpointer)lines->data, lines->len, answers, &error);
  g_assert_no_error (error);
  return sheet;
}

static inline GPtrArray *
requirements_of (const Need *needs, guint n_needs)
{
  GPtrArray *requirements = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_requirement_free);

  for (guint i = 0; i < n_needs; i++)
    {
      DdRequirement *requirement = dd_requirement_new ();
      g_auto (GStrv) candidates = g_strsplit (needs[i].candidates, ",", -1);

      for (char **c = candidates; *c != NULL; c++)
        g_ptr_array_add (requirement->candidates, g_strdup (*c));
      requirement->step = i + 1;
      requirement->plugin = g_strdup ("approval-test");
      requirement->rule = g_strdup_printf ("rule-%u", i + 1);
      requirement->measure = g_strdup ("discount.list");
      requirement->value = g_strdup ("20%");
      requirement->limit = g_strdup ("10%");
      requirement->level = needs[i].level;
      requirement->need = needs[i].need;
      g_ptr_array_add (requirements, requirement);
    }
  return requirements;
}

/* What the requirements are of, when the test measures. */
static inline void
govern (const Play *play, GPtrArray *requirements)
{
  for (guint i = 0; i < requirements->len && i < play->n_measures; i++)
    {
      DdRequirement *requirement = g_ptr_array_index (requirements, i);
      const DdMeasure *measure = &play->measures[i];

      g_free (requirement->measure);
      requirement->measure = g_strdup (measure->name);
      requirement->subject = g_strdup (measure->subject);
      g_ptr_array_add (requirement->governed, dd_governed_new (measure, measure->worse));
    }
}

static inline void
answer_measures (const Play *play, DdFacts *facts)
{
  g_clear_pointer (&facts->measures, dd_measures_free);
  g_clear_pointer (&facts->approvers, g_hash_table_unref);
  facts->measures = g_new0 (DdMeasures, 1);
  facts->measures->texts = g_string_chunk_new (16);
  facts->measures->list = g_array_new (FALSE, FALSE, sizeof (DdMeasure));
  g_array_append_vals (facts->measures->list, play->measures, play->n_measures);
  facts->approvers =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  for (guint i = 0; i < play->deal->approvals->len; i++)
    {
      GPtrArray *groups = g_ptr_array_new_with_free_func (g_free);

      if (play->group != NULL)
        g_ptr_array_add (groups, g_strdup (play->group));
      g_hash_table_insert (facts->approvers,
                           g_strdup (((DdStanding *)play->deal->approvals->pdata[i])->person), groups);
    }
}

static inline char *
play_state (const DdDeal *deal)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_deal_write (deal, writer);
  return dd_json_writer_finish (writer, NULL);
}

static inline DdCommand *
command_new (const Play *play, DdCommandType type, DdSide side)
{
  DdCommand *command = dd_command_new (type);

  command->side = side;
  command->actor = g_strdup ("maria");
  command->now = play->now;
  if (side == DD_SIDE_CUSTOMER)
    {
      command->person = g_strdup ("lena");
      command->channel = g_strdup ("mail");
    }
  return command;
}

static inline DdCommand *
command_on (const Play *play, DdCommandType type, DdSide side, guint revision)
{
  DdCommand *command = command_new (play, type, side);

  command->revision = revision;
  return command;
}

static inline void
answer_content (Play *play, DdFacts *facts, DdProposal *proposal, DdSheet *sheet, guint revision)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  gsize length = 0;

  dd_facts_clear (facts);
  facts->proposal = dd_proposal_ref (proposal);
  facts->sheet = dd_sheet_ref (sheet);
  dd_sheet_write (sheet, writer);
  char *text = dd_json_writer_finish (writer, &length);
  facts->sheet_bytes = g_bytes_new_take (text, length);
  facts->parties.provider = g_strdup ("Provider");
  facts->parties.customer_name = g_strdup ("Customer");
  facts->revision = revision;
  facts->has_content = TRUE;
}

/* Answers what is asked, as the engine would. */
static inline void
answer (Play *play, const DdCommand *command, const DdDecision *decision, DdFacts *facts)
{
  if (decision->questions & DD_QUESTION_PRICE)
    {
      g_autoptr (DdSheet) sheet = sheet_of (command->proposal);
      answer_content (play, facts, command->proposal, sheet, 0);
    }
  if (decision->questions & DD_QUESTION_CONTENT)
    {
      g_assert_cmpuint (decision->content_revision, <=, play->contents->len);
      const Content *content = play->contents->pdata[decision->content_revision - 1];
      answer_content (play, facts, content->proposal, content->sheet, decision->content_revision);
    }
  if (decision->questions & DD_QUESTION_REQUIREMENTS)
    {
      g_clear_pointer (&facts->requirements, g_ptr_array_unref);
      g_free (facts->requester);
      facts->requirements = requirements_of (play->needs, play->n_needs);
      facts->requester = g_strdup (play->asked_for != NULL ? play->asked_for : decision->requester);
      govern (play, facts->requirements);
      if (play->measures != NULL)
        answer_measures (play, facts);
    }
  if (decision->questions & DD_QUESTION_GROUPS)
    {
      facts->groups = g_ptr_array_new_with_free_func (g_free);
      if (play->group != NULL)
        g_ptr_array_add (facts->groups, g_strdup (play->group));
    }
}

static inline void
apply_one (DdDeal *deal, DdEventType type, const char *body, gint64 time)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse (body, strlen (body), NULL, &error);

  g_assert_no_error (error);
  dd_deal_apply (deal, type, dd_json_root (json), time, &error);
  g_assert_no_error (error);
}

static inline void
apply_events (Play *play, const DdCommand *command, const DdFacts *facts)
{
  for (guint i = 0; i < play->last->events->len; i++)
    {
      const DdEvent *event = play->last->events->pdata[i];
      Logged *logged = g_new (Logged, 1);

      if (event->type == DD_EVENT_DRAFTED)
        {
          Content *content = g_new (Content, 1);
          content->proposal = dd_proposal_ref (facts->proposal);
          content->sheet = dd_sheet_ref (facts->sheet);
          g_ptr_array_add (play->contents, content);
        }
      *logged = (Logged){ event->type, g_strndup (event->body, event->body_length), command->now };
      g_ptr_array_add (play->log, logged);
      apply_one (play->deal, event->type, logged->body, command->now);
    }
}

/* Rounds of questions after which a decision will never come. */
#define MAX_ROUNDS 6

/* @command: (transfer full). FALSE with an error, or without one when the same was asked again and again. */
static inline gboolean
play_try (Play *play, DdCommand *command, GError **error)
{
  DdFacts facts = { 0 };
  gboolean done = FALSE;

  g_clear_pointer (&play->last, dd_decision_free);
  for (guint round = 0; round < MAX_ROUNDS && !done; round++)
    {
      g_autofree char *before = play_state (play->deal);

      g_clear_pointer (&play->last, dd_decision_free);
      play->last = dd_decide (play->deal, command, &facts, error);
      g_autofree char *after = play_state (play->deal);
      g_assert_cmpstr (before, ==, after);
      if (play->last == NULL)
        break;
      done = play->last->questions == 0;
      if (!done)
        {
          g_assert_cmpuint (play->last->events->len, ==, 0);
          answer (play, command, play->last, &facts);
        }
    }
  if (done)
    apply_events (play, command, &facts);
  dd_facts_clear (&facts);
  dd_command_free (command);
  return done;
}

static inline void
play_do (Play *play, DdCommand *command)
{
  g_autoptr (GError) error = NULL;
  gboolean done = play_try (play, command, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static inline void
play_refused (Play *play, DdCommand *command, DdErrorCode code, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (play_try (play, command, &error));
  g_assert_error (error, DD_ERROR, (gint)code);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” doesn't say “%s”", error->message, says);
}

static inline Play *
play_new (void)
{
  Play *play = g_new0 (Play, 1);
  DdCommand *command;

  play->now = START;
  play->deal = dd_deal_new (1042);
  play->log = g_ptr_array_new_with_free_func (logged_free);
  play->contents = g_ptr_array_new_with_free_func (content_free);
  command = command_new (play, DD_COMMAND_OPEN, DD_SIDE_PROVIDER);
  command->opening = g_new0 (DdOpening, 1);
  command->opening->title = g_strdup ("Branch network");
  command->opening->customer = g_strdup ("linden");
  command->opening->request = proposal_of (OFFER (""));
  command->opening->expires = START + 100 * DAY;
  play_do (play, command);
  return play;
}

static inline void
play_free (Play *play)
{
  dd_deal_free (play->deal);
  g_ptr_array_unref (play->log);
  g_ptr_array_unref (play->contents);
  g_clear_pointer (&play->last, dd_decision_free);
  g_free (play);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Play, play_free)

/* --- commands that many tests give -------------------------------------------------------------------------
 */

static inline DdCommand *
propose (const Play *play, const char *offer)
{
  DdCommand *command = command_new (play, DD_COMMAND_PROPOSE, DD_SIDE_PROVIDER);

  command->proposal = proposal_of (offer);
  return command;
}

static inline DdCommand *
counter (const Play *play, DdSide side, guint revision)
{
  DdCommand *command = command_on (play, DD_COMMAND_COUNTER, side, revision);

  command->proposal = proposal_of (OFFER (""));
  return command;
}

static inline DdCommand *
accept_of (const Play *play, DdSide side, guint revision)
{
  DdCommand *command = command_on (play, DD_COMMAND_ACCEPT, side, revision);

  command->fingerprint = g_strdup (dd_deal_revision (play->deal, revision)->view);
  return command;
}

static inline DdCommand *
decide_as (const Play *play, DdCommandType type, const char *person, guint revision)
{
  DdCommand *command = command_on (play, type, DD_SIDE_PROVIDER, revision);
  const DdRevision *of = dd_deal_revision (play->deal, revision);

  g_free (command->actor);
  command->actor = g_strdup (person);
  command->sheet = g_strdup (of != NULL ? of->sheet : NULL);
  command->text = g_strdup ("because");
  return command;
}

static inline DdCommand *
acknowledge (const Play *play, guint revision)
{
  DdCommand *command = command_on (play, DD_COMMAND_ACKNOWLEDGE, DD_SIDE_CUSTOMER, revision);

  command->subject = g_strdup ("liability");
  return command;
}

static inline DdCommand *
sign (const Play *play, DdSide side)
{
  DdCommand *command = command_new (play, DD_COMMAND_SIGN, side);

  command->fingerprint = g_strdup (play->deal->agreement);
  return command;
}

static inline DdCommand *
say (const Play *play, DdCommandType type, DdSide side, const char *clause)
{
  DdCommand *command = command_new (play, type, side);

  command->subject = g_strdup (clause);
  command->question = 1;
  command->text = g_strdup ("What of it?");
  return command;
}

static inline void
assert_deal (const Play *play, DdDealState state)
{
  g_assert_cmpstr (dd_deal_state_name (play->deal->state), ==, dd_deal_state_name (state));
}

static inline void
assert_revision (const Play *play, guint revision, DdProposalState state)
{
  g_assert_cmpstr (dd_proposal_state_name (dd_deal_revision (play->deal, revision)->state), ==,
                   dd_proposal_state_name (state));
}

/* The events of the last command, as "drafted tabled". */
static inline void
assert_events (const Play *play, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < play->last->events->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            dd_event_type_name (((DdEvent *)play->last->events->pdata[i])->type));
  g_assert_cmpstr (text->str, ==, expected);
}
