/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Idempotency keys over the bus.
 */
#include "fixture.h"

#include <string.h>

static GVariant *
question (const char *text, const char *as)
{
  return g_variant_new_parsed ("('', %s, {'as': <%s>, 'idempotency-key': <'key-1'>})", text, as);
}

static guint64
version_of (DealFixture *f)
{
  g_autoptr (GVariant) reply = call_good (f->caller, f->server, f->deal, DEAL, "Log",
                                          g_variant_new_parsed ("(@t 0, @u 1000, @a{sv} {})"));
  g_autofree char *text = document_text (reply, NULL);
  guint64 n = 0;

  for (const char *at = text; (at = strstr (at, "\"head\"")) != NULL; at++)
    n++;
  return n;
}

static void
test_same_call (DealFixture *f, gconstpointer data)
{
  g_autoptr (GVariant) first =
    call_good (f->caller, f->server, f->deal, DEAL, "Ask", question ("Why?", "anna"));
  guint64 version = version_of (f);
  g_autoptr (GVariant) second =
    call_good (f->caller, f->server, f->deal, DEAL, "Ask", question ("Why?", "anna"));

  g_assert_cmpuint (version, >, 1);
  g_assert_true (g_variant_equal (first, second));
  g_assert_cmpuint (version_of (f), ==, version);
}

/* At once, on two connections. */
static void
test_same_calls_at_once (DealFixture *f, gconstpointer data)
{
  GDBusConnection *other = bus_connect ();
  guint64 version = version_of (f);
  Pending *first =
    call_start (f->caller, f->server, f->deal, DEAL, "Ask", question ("Why?", "anna"), NULL, 0);
  Pending *second = call_start (other, f->server, f->deal, DEAL, "Ask", question ("Why?", "anna"), NULL, 0);

  call_wait (first);
  call_wait (second);
  g_assert_no_error (first->error);
  g_assert_no_error (second->error);
  g_assert_true (g_variant_equal (first->reply, second->reply));
  g_assert_cmpuint (version_of (f), ==, version + 1);
  call_free (first);
  call_free (second);
  bus_disconnect (other);
}

static void
test_other_arguments (DealFixture *f, gconstpointer data)
{
  g_autoptr (GVariant) first =
    call_good (f->caller, f->server, f->deal, DEAL, "Ask", question ("Why?", "anna"));
  guint64 version = version_of (f);
  g_autofree char *text =
    call_bad (f->caller, f->server, f->deal, DEAL, "Ask", question ("When?", "anna"), "KeyReused");
  g_autofree char *person =
    call_bad (f->caller, f->server, f->deal, DEAL, "Ask", question ("Why?", "ben"), "KeyReused");

  g_assert_cmpuint (version_of (f), ==, version);
}

static void
test_other_document (DealFixture *f, gconstpointer data)
{
  const char *options = "{'as': <'anna'>, 'idempotency-key': <'key-1'>, 'draft': <true>}";
  g_autoptr (GVariant) all = g_variant_ref_sink (g_variant_new_parsed (options));
  g_autoptr (GVariant) first = call_good (f->caller, f->server, f->deal, DEAL, "Propose",
                                          g_variant_new ("(@v@a{sv})", proposal ("1%"), all));
  g_autofree char *message = call_bad (f->caller, f->server, f->deal, DEAL, "Propose",
                                       g_variant_new ("(@v@a{sv})", proposal ("2%"), all), "KeyReused");
}

static void
test_other_method (DealFixture *f, gconstpointer data)
{
  g_autoptr (GVariant) first =
    call_good (f->caller, f->server, f->deal, DEAL, "Ask", question ("Why?", "anna"));
  guint64 version = version_of (f);
  g_autofree char *message =
    call_bad (f->caller, f->server, f->deal, DEAL, "Withdraw",
              g_variant_new_parsed ("(@u 0, {'as': <'anna'>, 'idempotency-key': <'key-1'>})"), "KeyReused");

  g_assert_cmpuint (version_of (f), ==, version);
}

static void
test_lengths (DealFixture *f, gconstpointer data)
{
  g_autofree char *longest = g_strnfill (128, 'k');
  g_autofree char *longer = g_strnfill (129, 'k');
  g_autofree char *empty =
    call_bad (f->caller, f->server, f->deal, DEAL, "Ask",
              g_variant_new_parsed ("('', 'Why?', {'idempotency-key': <''>})"), "InvalidArgument");
  g_autofree char *too_long =
    call_bad (f->caller, f->server, f->deal, DEAL, "Ask",
              g_variant_new_parsed ("('', 'Why?', {'idempotency-key': <%s>})", longer), "InvalidArgument");
  g_autoptr (GVariant) good =
    call_good (f->caller, f->server, f->deal, DEAL, "Ask",
               g_variant_new_parsed ("('', 'Why?', {'idempotency-key': <%s>})", longest));
}

#define ADD(name, test) g_test_add ("/keys/" name, DealFixture, NULL, deal_set_up, test, deal_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("the-same-call-again-gets-the-first-reply-and-has-no-effect", test_same_call);
  ADD ("two-equal-calls-at-once-have-one-effect", test_same_calls_at_once);
  ADD ("a-key-with-other-arguments-or-another-person-is-refused", test_other_arguments);
  ADD ("a-key-with-another-document-is-refused", test_other_document);
  ADD ("a-key-of-another-method-is-refused", test_other_method);
  ADD ("a-key-has-1-to-128-characters", test_lengths);
  return g_test_run ();
}
