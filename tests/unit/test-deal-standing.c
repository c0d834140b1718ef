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
  /* nobody read it, so it is no approval */
  g_assert_cmpuint (play->deal->last_approved, ==, 1);
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
propose_as (Play *play, const char *person)
{
  DdCommand *command = propose (play, OFFER (""));

  g_free (command->actor);
  command->actor = g_strdup (person);
  play_do (play, command);
}

/* What carla wrote after her approval was approved by others: hers doesn't come to life again by that. */
static void
an_author_since_stays_one_when_others_approve (void)
{
  static const Need needed[] = { { 1, 1, "user:carla,user:ines" } };
  g_autoptr (Play) play = play_measured ();

  play->needs = needed;
  play->n_needs = 1;
  play_do (play, propose (play, OFFER ("")));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "carla", 1));
  measure (30, 60, "aa");
  propose_as (play, "carla");
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "ines", 2));
  measure (35, 60, "aa");
  play_do (play, propose (play, OFFER ("")));
  assert_revision (play, 3, DD_PROPOSAL_AWAITING_APPROVAL);
  play_do (play, decide_as (play, DD_COMMAND_REFUSE, "ines", 3));
  measure (20, 60, "aa");
  play_do (play, propose (play, OFFER ("")));
  assert_open (play, 4, 0, "carla approved revision 1, but wrote or asked for what came after");
}

/* Revision 3 passed by what stood, and nobody read it: carla's revision 2 is still unread. */
static void
what_stands_hides_no_author (void)
{
  g_autoptr (Play) play = play_approved ();
  DdCommand *draft = propose (play, OFFER (""));

  g_free (draft->actor);
  draft->actor = g_strdup ("otto");
  draft->draft = TRUE;
  play_do (play, draft);
  play->n_needs = 1;
  play_do (play, propose (play, OFFER ("")));
  assert_revision (play, 3, DD_PROPOSAL_TABLED);
  play->n_needs = G_N_ELEMENTS (needs);
  measure (20, 90, "aa");
  play_do (play, propose (play, OFFER ("")));
  play_refused (play, decide_as (play, DD_COMMAND_APPROVE, "otto", 4), DD_ERROR_NO_AUTHORITY,
                "nobody approves what they wrote");
}

/* 60 days, and 60%, which is more as a number is. */
static void
another_kind_of_value_is_changed (void)
{
  g_autoptr (Play) play = play_measured ();

  measures[DAYS].worse = DD_WORSE_LOWER;
  play_do (play, propose (play, OFFER ("")));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "otto", 1));
  measures[DAYS].percent = TRUE;
  measures[DAYS].value = 60 * PERCENT;
  play_do (play, propose (play, OFFER ("")));
  assert_open (play, 2, DAYS, "payment.days was 60, and is 60% now");
}

/* The first of two values says nothing of the second. */
static void
what_is_there_twice_is_asked_again (void)
{
  DdMeasure twice[N_MEASURES + 1];
  g_autoptr (Play) play = play_approved ();

  memcpy (twice, measures, sizeof measures);
  twice[N_MEASURES] = measures[DAYS];
  twice[N_MEASURES].value = 90;
  play->measures = twice;
  play->n_measures = G_N_ELEMENTS (twice);
  play_do (play, propose (play, OFFER ("")));
  assert_open (play, 2, DAYS, "payment.days is there more than once now");
  assert_stands (play, 2, DISCOUNT);
}

/* Two figures of one name: an approval of the one doesn't replace that of the other. */
static void
each_currency_stands_for_itself (void)
{
  static const Need needed[] = { { 1, 1, "user:carla" }, { 1, 1, "user:carla" } };
  DdMeasure both[] = {
    { .name = "discount.list", .value = 20 * PERCENT, .currency = { "EUR" }, .percent = TRUE },
    { .name = "discount.list", .value = 30 * PERCENT, .currency = { "USD" }, .percent = TRUE },
  };
  g_autoptr (Play) play = play_new ();

  play->measures = both;
  play->n_measures = G_N_ELEMENTS (both);
  play->needs = needed;
  play->n_needs = G_N_ELEMENTS (needed);
  play_do (play, propose (play, OFFER ("")));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "carla", 1));
  g_assert_cmpuint (play->deal->approvals->len, ==, 2);
  play_do (play, propose (play, OFFER ("")));
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
  both[0].value = 30 * PERCENT;
  play_do (play, propose (play, OFFER ("")));
  assert_open (play, 3, 0, "discount.list was 20%, and is 30% now");
  assert_stands (play, 3, 1);
}

/* A step of several lines names the worst: whichever it names, a refusal is of all that it governs. */
static void
a_refusal_is_of_all_that_is_governed (void)
{
  g_autoptr (Play) play = play_approved ();

  play_do (play, propose (play, OFFER ("")));
  measure (25, 60, "aa");
  measures[TEXT].text = "ab";
  play_do (play, propose (play, OFFER ("")));
  g_free (((DdStanding *)play->deal->approvals->pdata[DISCOUNT])->subject);
  ((DdStanding *)play->deal->approvals->pdata[DISCOUNT])->subject = g_strdup ("7");
  play_do (play, decide_as (play, DD_COMMAND_REFUSE, "carla", 3));
  measure (20, 60, "aa");
  play_do (play, propose (play, OFFER ("")));
  assert_open (play, 4, DISCOUNT, NULL);
}

/* Each revision is of another subject: the state keeps so many, and the oldest is asked again. */
static void
what_is_kept_is_bounded (void)
{
  static const Need needed[] = { { 1, 1, "user:carla" } };
  g_autoptr (Play) play = play_new ();
  DdMeasure one = { .name = "clause.own", .text = "aa", .worse = DD_WORSE_CHANGED };
  char subject[16];

  one.subject = subject;
  play->measures = &one;
  play->n_measures = 1;
  play->needs = needed;
  play->n_needs = 1;
  for (guint i = 0; i < 1030; i++)
    {
      DdStanding *standing = g_new0 (DdStanding, 1);

      g_snprintf (subject, sizeof subject, "%u", i);
      standing->revision = 1;
      standing->person = g_strdup ("carla");
      standing->plugin = g_strdup ("approval-test");
      standing->measure = g_strdup ("clause.own");
      standing->governed = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_governed_free);
      g_ptr_array_add (standing->governed, dd_governed_new (&one, DD_WORSE_CHANGED));
      g_ptr_array_add (play->deal->approvals, standing);
    }
  g_snprintf (subject, sizeof subject, "last");
  play_do (play, propose (play, OFFER ("")));
  play_do (play, decide_as (play, DD_COMMAND_APPROVE, "carla", 1));
  g_assert_cmpuint (play->deal->approvals->len, ==, 1024);
  play_do (play, propose (play, OFFER ("")));
  assert_revision (play, 2, DD_PROPOSAL_TABLED);
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
  g_test_add_func ("/standing/an-author-since-stays-one-when-others-approve",
                   an_author_since_stays_one_when_others_approve);
  g_test_add_func ("/standing/what-stands-hides-no-author", what_stands_hides_no_author);
  g_test_add_func ("/standing/another-kind-of-value-is-changed", another_kind_of_value_is_changed);
  g_test_add_func ("/standing/what-is-there-twice-is-asked-again", what_is_there_twice_is_asked_again);
  g_test_add_func ("/standing/each-currency-stands-for-itself", each_currency_stands_for_itself);
  g_test_add_func ("/standing/a-refusal-is-of-all-that-is-governed", a_refusal_is_of_all_that_is_governed);
  g_test_add_func ("/standing/what-is-kept-is-bounded", what_is_kept_is_bounded);
  g_test_add_func ("/standing/what-stands-is-part-of-the-state", what_stands_is_part_of_the_state);
  g_test_add_func ("/standing/without-measures-everything-is-asked-again",
                   without_measures_everything_is_asked_again);
  return g_test_run ();
}
