/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What time does by itself: offers lapse, deals expire, across restarts too. The tests wait for the daemon's
 * signals, however long they take; only that something happens at all depends on the clock.
 */
#include "moves.h"

#include "deal/proposal.h"

#include <string.h>

static Rig *
rig_with_samples (void)
{
  Rig *rig = rig_new ();

  rig_start (rig);
  rig_import_samples (rig);
  return rig;
}

/* An offer on the table until @until. */
static char *
offer_until (Rig *rig, const char *until)
{
  g_autofree char *deal = open_small (rig, 1, NULL);
  g_autofree char *head = g_strdup_printf ("\"validUntil\":\"%s\",", until);
  g_autofree char *offer = small_offer (1, head);
  g_autoptr (DdJson) tabled = propose (rig, deal, offer, "anna");

  g_assert_cmpstr (text_at (tabled, "proposalState"), ==, "tabled");
  return g_steal_pointer (&deal);
}

static char *
revision_state (Rig *rig, const char *deal, guint revision)
{
  g_autofree char *path = g_strdup_printf ("revisions/%u/state", revision - 1);
  g_autoptr (DdJson) state = call_must (call_new (deal, "Get"), rig->connection);

  return g_strdup (text_at (state, path));
}

/* Waits, by the signals of the deal, until its revision has lapsed. */
static void
wait_revision_lapsed (Rig *rig, const char *deal, guint revision)
{
  g_autoptr (DdJson) watched = call_must (call_text (call_new ("manager", "Watch"), deal), rig->connection);

  for (;;)
    {
      g_autofree char *state = revision_state (rig, deal, revision);
      guint seen = rig->n_moved;

      if (g_str_equal (state, "lapsed"))
        return;
      while (rig->n_moved == seen)
        rig_iterate ();
    }
}

static void
wait_lapsed (Rig *rig, const char *deal)
{
  wait_revision_lapsed (rig, deal, 1);
}

static Call *
late_acceptance (Rig *rig, const char *deal, const char *occurred, const char *evidence)
{
  g_autofree char *fingerprint = fingerprint_of (rig, deal, 1);
  Call *call =
    call_customer (call_text (call_number (call_new (deal, "Accept"), 1), fingerprint), "J. Linden");

  if (occurred != NULL)
    call_option (call, "occurred-at", g_variant_new_string (occurred));
  if (evidence != NULL)
    call_option (call, "evidence", g_variant_new_string (evidence));
  return call;
}

/* Lapses; then only an acceptance that happened in time, with evidence, counts. */
static void
test_lapse_and_late_acceptance (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *until = time_ahead (1);
  g_autofree char *deal = offer_until (rig, until);
  g_autoptr (DdJson) offered = call_must (call_new (deal, "Get"), rig->connection);
  g_autofree char *tabled = g_strdup (text_at (offered, "revisions/0/tabledAt"));

  wait_lapsed (rig, deal);
  g_autofree char *without =
    call_must_fail (late_acceptance (rig, deal, NULL, "a letter"), rig->connection, "IllegalMove");
  g_autofree char *unproven =
    call_must_fail (late_acceptance (rig, deal, tabled, NULL), rig->connection, "Incomplete");
  g_autofree char *before = call_must_fail (late_acceptance (rig, deal, "2020-01-01T00:00:00Z", "a letter"),
                                            rig->connection, "InvalidArgument");
  g_autoptr (GDateTime) moment = g_date_time_new_now_utc ();
  g_autofree char *now = g_date_time_format_iso8601 (moment);
  g_autofree char *after =
    call_must_fail (late_acceptance (rig, deal, now, "a letter"), rig->connection, "IllegalMove");

  g_assert_nonnull (strstr (without, "lapsed"));
  g_assert_nonnull (strstr (unproven, "evidence"));
  g_autoptr (DdJson) agreed = call_must (late_acceptance (rig, deal, tabled, "a letter"), rig->connection);
  g_assert_cmpstr (text_at (agreed, "state"), ==, "agreed");
}

/* The moment may come before the daemon is back: it lapses all the same, and once. */
static void
test_lapse_across_a_restart (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *until = time_ahead (1);
  g_autofree char *deal = offer_until (rig, until);
  guint n = 0;

  rig_kill (rig);
  rig_start (rig);
  wait_lapsed (rig, deal);
  g_assert_cmpint (rig_stop (rig), ==, 0);
  rig_start (rig);
  g_autoptr (GPtrArray) pages = read_log (rig->connection, deal);
  for (const DdJsonNode *event = dd_json_first (at (dd_json_root (pages->pdata[0]), "events")); event != NULL;
       event = dd_json_next (event))
    n += strcmp (dd_json_text (dd_json_member (event, "type")), "proposal-ended") == 0;
  g_assert_cmpuint (n, ==, 1);
}

/* An earlier timer is kept when a later one is set, and an extension moves it. */
static void
test_extension (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *soon = time_ahead (1);
  g_autofree char *soon_too = time_ahead (1);
  g_autofree char *late = time_ahead (3600);
  g_autofree char *first = offer_until (rig, soon);
  g_autofree char *second = offer_until (rig, soon_too);
  g_autoptr (DdJson) extended = call_must (
    call_as (call_text (call_number (call_new (second, "Extend"), 1), late), "anna"), rig->connection);

  wait_lapsed (rig, first);
  g_autofree char *state = revision_state (rig, second, 1);
  g_assert_cmpstr (state, ==, "tabled");
}

static void
test_expiry (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *offer = small_offer (1, NULL);
  g_autofree char *expires = time_ahead (1);
  g_autoptr (Call) call = call_document (call_new ("manager", "Open"), offer, -1);
  g_autoptr (GError) error = NULL;
  g_autofree char *deal = NULL;

  call_option (call, "format", g_variant_new_string ("proposal"));
  call_option (call, "customer", g_variant_new_string ("linden-market"));
  call_option (call, "expires", g_variant_new_string (expires));
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
  g_assert_no_error (error);
  g_variant_get_child (answer->value, 0, "s", &deal);
  rig_wait_state (rig, deal, "expired");
  g_autofree char *refused = call_must_fail (
    call_as (call_document (call_new (deal, "Propose"), NULL, 0), "anna"), rig->connection, "IllegalMove");
  g_assert_nonnull (strstr (refused, "expired"));
}

/* The time of the last event, in microseconds since 1970 UTC. */
static gint64
last_time (Rig *rig, const char *deal)
{
  g_autoptr (GPtrArray) pages = read_log (rig->connection, deal);
  const DdJsonNode *last = NULL;
  g_autoptr (GError) error = NULL;
  gint64 time = 0;

  for (const DdJsonNode *event = dd_json_first (at (dd_json_root (pages->pdata[0]), "events")); event != NULL;
       event = dd_json_next (event))
    last = event;
  dd_time_parse (dd_json_text (dd_json_member (last, "time")), &time, &error);
  g_assert_no_error (error);
  return time;
}

/* When the timer of one deal ran, the same deal's next isn't put off until some other timer. */
static void
test_two_variants (void)
{
  g_autoptr (Rig) rig = rig_with_samples ();
  g_autofree char *deal = open_small (rig, 1, NULL);
  g_autofree char *first = time_ahead (1);
  g_autofree char *second = time_ahead (2);
  const char *const until[] = { first, second };
  g_autoptr (GError) error = NULL;
  gint64 due = 0;

  for (guint i = 0; i < G_N_ELEMENTS (until); i++)
    {
      g_autofree char *head = g_strdup_printf ("\"validUntil\":\"%s\",", until[i]);
      g_autofree char *offer = small_offer (1, head);
      Call *call = call_as (call_document (call_new (deal, "Propose"), offer, -1), "anna");
      g_autoptr (DdJson) tabled =
        call_must (call_option (call, "variant", g_variant_new_boolean (TRUE)), rig->connection);
    }
  wait_revision_lapsed (rig, deal, 1);
  wait_revision_lapsed (rig, deal, 2);
  dd_time_parse (second, &due, &error);
  g_assert_no_error (error);
  /* A minute is the longest that the daemon sleeps without a reason. */
  g_assert_cmpint (last_time (rig, deal), <, due + 30 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timers/an-offer-lapses-and-only-a-proven-acceptance-in-time-counts",
                   test_lapse_and_late_acceptance);
  g_test_add_func ("/timers/an-offer-lapses-once-across-a-restart", test_lapse_across_a_restart);
  g_test_add_func ("/timers/an-extended-offer-stays", test_extension);
  g_test_add_func ("/timers/a-deal's-next-timer-isn't-put-off", test_two_variants);
  g_test_add_func ("/timers/a-deal-expires-by-itself", test_expiry);
  return g_test_run ();
}
