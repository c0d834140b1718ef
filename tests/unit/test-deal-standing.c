/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Approvals of earlier revisions: what they still cover, and what is asked again.
 */
#include "deal-fixture.h"

#define PERCENT (DD_NANOS / 100)

enum
{
  DISCOUNT,
  DAYS,
  TEXT,
  N_MEASURES
};

/* What carla, otto and lena are asked about. */
static const Need needs[] = { { 1, 1, "user:carla,group:managers" },
                              { 1, 1, "user:otto" },
                              { 1, 1, "user:lena" } };

static DdMeasure measures[N_MEASURES];

static void
measure (gint64 discount, gint64 days, const char *text)
{
  measures[DISCOUNT] = (DdMeasure){
    .name = "discount.list", .value = discount * PERCENT, .currency = { "EUR" }, .percent = TRUE
  };
  measures[DAYS] = (DdMeasure){ .name = "payment.days", .value = days };
  measures[TEXT] =
    (DdMeasure){ .name = "clause.own", .subject = "audit", .text = text, .worse = DD_WORSE_CHANGED };
}

static Play *
play_measured (void)
{
  Play *play = play_new ();

  measure (20, 60, "aa");
  play->measures = measures;
  play->n_measures = N_MEASURES;
  play->needs = needs;
  play->n_needs = G_N_ELEMENTS (needs);
  return play;
}

/* Revision 1, approved by all three. */
static Play *
play_approved (void)
{
  Play *play = play_measured ();

  play_do (play, propose (play, OFFER ("")));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "carla", 1));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "otto", 1));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "lena", 1));
  assert_revision (play, 1, DD_PROPOSAL_TABLED);
  return play;
}

static const DdRequirement *
step_of (const Play *play, guint revision, guint step)
{
  const DdApprovalRequest *request = dd_deal_request_for (play->deal, revision);

  g_assert_nonnull (request);
  return request->steps->pdata[step];
}

static void
assert_open (const Play *play, guint revision, guint step, const char *note)
{
  const DdRequirement *requirement = step_of (play, revision, step);

  g_assert_false (dd_requirement_met (requirement));
  if (note == NULL)
    g_assert_null (requirement->note);
  else if (requirement->note == NULL || strstr (requirement->note, note) == NULL)
    g_error ("“%s” doesn't say “%s”", requirement->note, note);
}

static void
assert_stands (const Play *play, guint revision, guint step)
{
  const DdRequirement *requirement = step_of (play, revision, step);

  g_assert_true (dd_requirement_met (requirement));
  g_assert_true (g_str_has_prefix (requirement->note, "not asked again"));
}

static void
unchanged_is_not_asked_again (void)
{
  g_autoptr (Play) play = play_approved ();

  play_do (play, propose (play, OFFER ("")));
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
  g_assert_true (dd_deal_revision (play->deal, 2)->approved);
  g_assert_cmpuint (play->deal->last_approved, ==, 2);
  g_assert_cmpuint (play->deal->requests->len, ==, 0);
}

static void
better_is_not_asked_again_and_worse_is (void)
{
  g_autoptr (Play) play = play_approved ();

  measure (19, 90, "aa");
  play_do (play, propose (play, OFFER ("")));
  assert_revision (play, 2, DD_PROPOSAL_AWAITING_APPROVAL);
  assert_stands (play, 2, DISCOUNT);
  assert_open (play, 2, DAYS, "otto approved revision 1, but payment.days was 60, and is 90 now");
  assert_stands (play, 2, TEXT);

  /* the one that is open completes it */
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "otto", 2));
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
}

static void
one_changed_word_is_asked_again (void)
{
  g_autoptr (Play) play = play_approved ();

  measure (20, 60, "ab");
  play_do (play, propose (play, OFFER ("")));
  assert_stands (play, 2, DISCOUNT);
  assert_stands (play, 2, DAYS);
  assert_open (play, 2, TEXT, "clause.own of audit changed");
}

/* 60 days were approved; what was approved later, 90, holds from then on. */
static void
the_last_approval_counts (void)
{
  g_autoptr (Play) play = play_approved ();

  measure (20, 90, "aa");
  play_do (play, propose (play, OFFER ("")));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "otto", 2));
  measure (20, 80, "aa");
  play_do (play, propose (play, OFFER ("")));
  assert_revision (play, 3, DD_PROPOSAL_TABLED);
  g_assert_cmpuint (play->deal->approvals->len, ==, 3);
}

static void
an_approver_must_still_be_a_candidate (void)
{
  static const Need others[] = { { 1, 1, "user:ines" }, { 1, 1, "user:otto" }, { 1, 1, "user:lena" } };
  g_autoptr (Play) play = play_approved ();

  play->needs = others;
  play_do (play, propose (play, OFFER ("")));
  assert_open (play, 2, DISCOUNT, "carla approved revision 1, but may not decide this");
  assert_stands (play, 2, DAYS);
}

static void
a_group_that_was_left_does_not_count (void)
{
  static const Need managers[] = { { 1, 1, "group:managers" }, { 1, 1, "user:otto" }, { 1, 1, "user:lena" } };
  g_autoptr (Play) play = play_measured ();

  play->needs = managers;
  play->group = "managers";
  play_do (play, propose (play, OFFER ("")));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "carla", 1));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "otto", 1));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "lena", 1));
  play_do (play, propose (play, OFFER ("")));
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
  play->group = NULL;
  play_do (play, propose (play, OFFER ("")));
  assert_open (play, 3, DISCOUNT, "may not decide this");
}

/* Whoever writes what comes after has no approval of it any more. */
static void
an_author_approves_nothing_by_having_approved (void)
{
  g_autoptr (Play) play = play_approved ();
  DdCommand *command = propose (play, OFFER (""));

  g_free (command->actor);
  command->actor = g_strdup ("carla");
  play_do (play, command);
  assert_open (play, 2, DISCOUNT, "wrote or asked for what came after");
  assert_stands (play, 2, DAYS);
}

static void
a_refusal_ends_what_was_approved (void)
{
  g_autoptr (Play) play = play_approved ();

  measure (25, 60, "aa");
  play_do (play, propose (play, OFFER ("")));
  play_do (play, decide_as (play, DD_COMMAND_REFUSE, "carla", 2));
  measure (20, 60, "aa");
  play_do (play, propose (play, OFFER ("")));
  assert_open (play, 3, DISCOUNT, NULL);
  assert_stands (play, 3, DAYS);
}

static void
what_stands_is_part_of_the_state (void)
{
  g_autoptr (Play) play = play_approved ();
  g_autofree char *text = play_state (play->deal);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse (text, strlen (text), NULL, &error);
  g_autoptr (DdDeal) again = dd_deal_read (dd_json_root (json), &error);
  g_autofree char *text_again = NULL;

  g_assert_no_error (error);
  text_again = play_state (again);
  g_assert_cmpstr (text_again, ==, text);
  g_assert_cmpuint (again->approvals->len, ==, 3);
}

/* Requirements that govern nothing are those of before: nothing is known of what was approved. */
static void
without_measures_everything_is_asked_again (void)
{
  g_autoptr (Play) play = play_approved ();

  play->measures = NULL;
  play->n_measures = 0;
  play_do (play, propose (play, OFFER ("")));
  assert_revision (play, 2, DD_PROPOSAL_AWAITING_APPROVAL);
  for (guint i = 0; i < G_N_ELEMENTS (needs); i++)
    assert_open (play, 2, i, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/standing/unchanged-is-not-asked-again", unchanged_is_not_asked_again);
  g_test_add_func ("/standing/better-is-not-asked-again-and-worse-is",
                   better_is_not_asked_again_and_worse_is);
  g_test_add_func ("/standing/one-changed-word-is-asked-again", one_changed_word_is_asked_again);
  g_test_add_func ("/standing/the-last-approval-counts", the_last_approval_counts);
  g_test_add_func ("/standing/an-approver-must-still-be-a-candidate", an_approver_must_still_be_a_candidate);
  g_test_add_func ("/standing/a-group-that-was-left-does-not-count", a_group_that_was_left_does_not_count);
  g_test_add_func ("/standing/an-author-approves-nothing-by-having-approved",
                   an_author_approves_nothing_by_having_approved);
  g_test_add_func ("/standing/a-refusal-ends-what-was-approved", a_refusal_ends_what_was_approved);
  g_test_add_func ("/standing/what-stands-is-part-of-the-state", what_stands_is_part_of_the_state);
  g_test_add_func ("/standing/without-measures-everything-is-asked-again",
                   without_measures_everything_is_asked_again);
  return g_test_run ();
}
