/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The trace says which plugins were called for a deal, and how it went.
 */
#include "fixture.h"
#include "contain/trace.h"

#include <string.h>

/* "plugin kind calls/failures last-fault; " of each sum. */
static void
take_sum (const DdCallSum *sum, gpointer data)
{
  g_string_append_printf (data, "%s %s %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT " %s; ", sum->plugin,
                          sum->kind, sum->calls, sum->failures,
                          sum->last_fault != NULL ? sum->last_fault : "-");
}

static void
assert_sums (const DdTrace *trace, const char *deal, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  dd_trace_sum (trace, deal, take_sum, text);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
add (DdTrace *trace, const char *deal, const char *plugin, DdKind kind, const char *fault)
{
  DdTraceCall call = { .deal = deal, .plugin = plugin, .kind = kind, .when = 1, .usec = 2, .fault = fault };

  dd_trace_add (trace, &call);
}

static void
calls_are_summed (void)
{
  DdTrace *trace = dd_trace_new ();

  add (trace, "D-1", "one", DD_KIND_PRICING, NULL);
  add (trace, "D-1", "two", DD_KIND_APPROVAL, "it was late");
  add (trace, "D-2", "one", DD_KIND_PRICING, "another deal's");
  add (trace, NULL, "one", DD_KIND_PRICING, "no deal's");
  add (trace, "D-1", "one", DD_KIND_PRICING, "first");
  add (trace, "D-1", "one", DD_KIND_PRICING, "second");
  add (trace, "D-1", "one", DD_KIND_HANDOFF, NULL);
  assert_sums (trace, "D-1", "one pricing 3/2 second; two approval 1/1 it was late; one handoff 1/0 -; ");
  assert_sums (trace, "D-10", "");
  dd_trace_free (trace);
}

static void
the_oldest_makes_room (void)
{
  DdTrace *trace = dd_trace_new ();

  add (trace, "D-1", "one", DD_KIND_PRICING, "the oldest");
  for (guint i = 0; i < DD_TRACE_CALLS - 1; i++)
    add (trace, "D-2", "two", DD_KIND_PRICING, NULL);
  assert_sums (trace, "D-1", "one pricing 1/1 the oldest; ");
  add (trace, "D-2", "two", DD_KIND_PRICING, NULL);
  assert_sums (trace, "D-1", "");
  assert_sums (trace, "D-2", "two pricing 4096/0 -; ");
  dd_trace_free (trace);
}

static void
take_call (const DdCallSum *sum, gpointer data)
{
  g_assert_cmpint (sum->last_at, >, 0);
  take_sum (sum, data);
}

static void
the_host_traces_its_calls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) other = g_string_new (NULL);

  fixture_add (fixture, "fail", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  fixture->context.deal = "D-7";
  for (guint i = 0; i < 2; i++)
    g_assert_null (fixture_price (fixture, proposal, NULL));
  fixture->context.deal = NULL;
  g_assert_null (fixture_price (fixture, proposal, NULL));
  dd_host_calls (fixture->host, "D-7", take_call, text);
  g_assert_cmpstr (text->str, ==, "fail pricing 2/2 it failed and didn't say why; ");
  dd_host_calls (fixture->host, "D-8", take_call, other);
  g_assert_cmpstr (other->str, ==, "");
}

static void
a_call_that_was_given_up_is_traced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GString) text = g_string_new (NULL);

  fixture->deadline_usec = fixture->grace_usec = 20 * 1000;
  fixture_add (fixture, "mortal",
               "Kinds=pricing;approval\nStage=base\n[Option how]\nType=text\nDefault=hang\n"
               "[Option where]\nType=text\nDefault=call\n");
  fixture_start (fixture, FALSE);
  fixture->context.deal = "D-7";
  g_assert_null (fixture_price (fixture, proposal, NULL));
  dd_host_calls (fixture->host, "D-7", take_call, text);
  g_assert_true (g_str_has_prefix (text->str, "mortal pricing 1/1 a call did not return within"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/calls-are-summed-by-plugin-and-kind", calls_are_summed);
  g_test_add_func ("/trace/the-oldest-call-makes-room", the_oldest_makes_room);
  fixture_test ("/trace/the-host-traces-its-calls-by-deal", the_host_traces_its_calls);
  fixture_test ("/trace/a-call-that-was-given-up-is-traced", a_call_that_was_given_up_is_traced);
  return g_test_run ();
}
