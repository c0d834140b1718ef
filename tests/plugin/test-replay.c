/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a runner answers takes no more time and memory than a call may: the deadline ends it, and what it
 * makes of texts is bounded.
 */
#include "call.h"

#include <string.h>

#include "remote/remote-calls.h"
#include "remote/wire-layout.h"

/* --- time --- */

static guint n_calls;

static void
count_call (DealdeskCall *call, uint32_t line, const char *message)
{
  g_assert_cmpstr (message, ==, "no");
  n_calls++;
}

static const DealdeskHost counting = { .size = sizeof counting, .fail = count_call };

/* The records of @n operations, as a reader has them. */
static DdWireFailOperation *
make_operations (guint n)
{
  DdWireFailOperation *operations = g_new0 (DdWireFailOperation, n);

  for (guint i = 0; i < n; i++)
    operations[i].head.operation = DD_WIRE_FAIL;
  return operations;
}

static char *
replay (guint n, gint64 until)
{
  static const guint32 place = 0;
  g_autofree DdWireFailOperation *operations = make_operations (n);
  g_autofree DealdeskCall *call = g_new0 (DealdeskCall, 1);
  DdWireReader reader = {
    .at = (const guint8 *)operations,
    .end = (const guint8 *)(operations + n),
    .offsets = &place,
    .n_texts = 1,
    .texts = "no",
  };

  n_calls = 0;
  g_assert_true (dd_answer_replay (&reader, &counting, call, until));
  return g_steal_pointer (&call->lie);
}

static void
an_answer_without_end_ends_at_the_deadline (void)
{
  g_autofree char *late = replay (100000, g_get_monotonic_time ());

  g_assert_nonnull (strstr (late, "until the deadline"));
  g_assert_cmpuint (n_calls, ==, 256);
  g_assert_null (replay (100000, G_MAXINT64));
  g_assert_cmpuint (n_calls, ==, 100000);

  /* a short one is taken: it costs less than looking twice */
  g_assert_null (replay (255, g_get_monotonic_time ()));
  g_assert_cmpuint (n_calls, ==, 255);
}

/* --- texts --- */

typedef struct
{
  DealdeskCall *call;
  DdManifest manifest;
  DdPlugin plugin;
  char text[1001]; /* changes with every use */
  guint n_texts;
} Taking;

static void
set_up (Taking *taking, gconstpointer data)
{
  taking->manifest.stage = DD_STAGE_BASE;
  taking->plugin.id = (char *)"alpha";
  taking->plugin.manifest = &taking->manifest;
  memset (taking->text, 'x', sizeof taking->text - 1);
  taking->call = g_new0 (DealdeskCall, 1);
  taking->call->plugin = &taking->plugin;
  taking->call->n_lines = 1;
  taking->call->lines = g_new0 (DealdeskLine, 1);
  taking->call->lines[0].id = "1";
}

static void
tear_down (Taking *taking, gconstpointer data)
{
  g_clear_pointer (&taking->call->lie, g_free);
  dd_call_free (taking->call);
}

/* One of a thousand bytes that wasn't there before. */
static const char *
next_text (Taking *taking)
{
  g_snprintf (taking->text + 990, 11, "%010u", taking->n_texts++);
  return taking->text;
}

static void
open_charge (Taking *taking)
{
  const DealdeskCharge charge = {
    .size = sizeof charge,
    .id = "rental",
    .name = "Rental",
    .source = "s",
    .currency = "EUR",
    .minimum = DEALDESK_NONE,
    .maximum = DEALDESK_NONE,
  };

  dd_call_add_charge (taking->call, &charge);
  g_assert_null (taking->call->lie);
}

static void
adjust (Taking *taking, const char *label)
{
  const DealdeskAdjustment adjustment = {
    .size = sizeof adjustment,
    .kind = DEALDESK_PERCENT_OFF,
    .rule = "r",
    .label = label,
    .source = "s",
  };

  dd_call_add_adjustment (taking->call, &adjustment);
}

static void
labels_are_bounded (Taking *taking, gconstpointer data)
{
  const guint fit = (64U << 20) / (1000 + 32);

  taking->call->answers = dd_answers_new ();
  open_charge (taking);
  for (guint i = 0; i < fit - 1; i++)
    adjust (taking, next_text (taking));
  g_assert_null (taking->call->lie);

  /* the same once more takes no room, however often */
  for (guint i = 0; i < fit; i++)
    adjust (taking, "r");
  g_assert_null (taking->call->lie);
  for (guint i = 0; i < 2; i++)
    adjust (taking, next_text (taking));
  g_assert_cmpstr (taking->call->lie, ==, "it gave labels of more than 64 MiB in one call");
}

/* The same text counts each time: each share keeps its own. */
static void
names_of_shares_are_bounded (Taking *taking, gconstpointer data)
{
  const guint fit = (64U << 20) / (1000 + 32);
  DealdeskShare share = { .size = sizeof share, .id = next_text (taking) };
  guint32 others = 0;
  DdCharge charge;

  taking->call->answers = dd_answers_new ();
  open_charge (taking);
  charge = g_array_index (taking->call->answers->charges, DdCharge, 0);
  charge.mode = DD_TIER_SHARE;
  g_array_set_size (taking->call->answers->charges, 0);
  for (guint i = 0; i < 64; i++)
    g_array_append_val (taking->call->answers->charges, charge);
  while (taking->call->lie == NULL && others <= fit)
    {
      share.charge = others++ % 64;
      dd_call_add_share (taking->call, &share);
    }
  g_assert_cmpstr (taking->call->lie, ==, "it gave names of shares of more than 64 MiB in one call");
}

/* The same text counts each time: each requirement keeps its own. */
static void
candidates_are_bounded (Taking *taking, gconstpointer data)
{
  g_autofree char *name = g_strconcat ("user:", next_text (taking), NULL);
  const char *candidates[10];
  const DealdeskRequirement requirement = {
    .size = sizeof requirement,
    .level = 1,
    .need = 1,
    .rule = "r",
    .measure = "m",
    .value = "1",
    .limit = "2",
    .candidates = candidates,
    .n_candidates = G_N_ELEMENTS (candidates),
  };
  const guint fit = (1U << 20) / ((1005 + 32) * G_N_ELEMENTS (candidates));

  taking->call->requirements = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_requirement_free);
  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    candidates[i] = name;
  for (guint i = 0; i < fit; i++)
    dd_call_add_requirement (taking->call, &requirement);
  g_assert_null (taking->call->lie);
  dd_call_add_requirement (taking->call, &requirement);
  g_assert_cmpstr (taking->call->lie, ==, "it gave candidates of more than 1 MiB in one call");
}

#define taking_test(path, function) g_test_add (path, Taking, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/replay/an-answer-without-end-ends-at-the-deadline",
                   an_answer_without_end_ends_at_the_deadline);
  taking_test ("/replay/labels-are-bounded", labels_are_bounded);
  taking_test ("/replay/names-of-shares-are-bounded", names_of_shares_are_bounded);
  taking_test ("/replay/candidates-are-bounded", candidates_are_bounded);
  return g_test_run ();
}
