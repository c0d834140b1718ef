/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the names of shares find: the same as comparing each name with each charge, in far less time on
 * deals with a share on each line.
 */
#include "call.h"

#include <string.h>

static DealdeskCall *
make_call (guint n_lines)
{
  DealdeskCall *call = g_new0 (DealdeskCall, 1);

  dd_arena_init (&call->arena, 4096);
  call->answers = dd_answers_new ();
  call->n_lines = n_lines;
  call->lines = g_new0 (DealdeskLine, n_lines);
  call->shares = g_array_new (FALSE, FALSE, sizeof (DealdeskShare));
  return call;
}

static void
free_call (DealdeskCall *call)
{
  g_array_unref (call->shares);
  dd_answers_free (call->answers);
  g_free (call->lines);
  dd_arena_clear (&call->arena);
  g_free (call);
}

static const char *
numbered (DealdeskCall *call, const char *prefix, guint number)
{
  g_autofree char *text = g_strdup_printf ("%s%u", prefix, number);

  return dd_call_text (call, text);
}

static void
add_line (DealdeskCall *call, guint index, const char *offering, const char *category)
{
  call->lines[index] =
    (DealdeskLine){ .id = numbered (call, "", index + 1), .offering = offering, .category = category };
}

static void
add_charge (DealdeskCall *call, guint32 line, const char *id, DdChargeType type, DdPeriod period)
{
  DdCharge charge = {
    .line = line, .id = dd_answers_label (call->answers, id), .type = (guint8)type, .period = (guint8)period
  };

  g_array_append_val (call->answers->charges, charge);
}

static void
add_share (DealdeskCall *call, DealdeskShare share)
{
  g_array_append_val (call->shares, share);
}

static gboolean
matches (const DealdeskCall *call, const DealdeskShare *share, const DdCharge *target)
{
  const DealdeskLine *line = &call->lines[target->line];

  return target->type == share->type && target->period == share->period &&
         (share->line == NULL || strcmp (share->line, line->id) == 0) &&
         (share->offering == NULL || strcmp (share->offering, line->offering) == 0) &&
         (share->category == NULL || strcmp (share->category, line->category) == 0) &&
         (share->id == NULL || strcmp (share->id, dd_answers_text (call->answers, target->id)) == 0);
}

/* Every charge with a share, every other line's charge, every name: as it is defined. */
static GArray *
compare_all (const DealdeskCall *call)
{
  const GArray *charges = call->answers->charges;
  GArray *shares = g_array_new (FALSE, FALSE, sizeof (DdShare));

  for (guint32 charge = 0; charge < charges->len; charge++)
    for (guint32 target = 0; target < charges->len; target++)
      {
        const DdCharge *other = &g_array_index (charges, DdCharge, target);
        DdShare share = { charge, target };
        gboolean named = FALSE;

        if (other->line == g_array_index (charges, DdCharge, charge).line)
          continue;
        for (guint i = 0; i < call->shares->len && !named; i++)
          {
            const DealdeskShare *name = &g_array_index (call->shares, DealdeskShare, i);

            named = name->charge == charge && matches (call, name, other);
          }
        if (named)
          g_array_append_val (shares, share);
      }
  return shares;
}

static void
resolve (DealdeskCall *call)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (dd_call_resolve_shares (call, &error));
  g_assert_no_error (error);
}

static void
assert_same (const DealdeskCall *call, const GArray *expected)
{
  const GArray *found = call->answers->shares;

  g_assert_cmpuint (found->len, ==, expected->len);
  g_assert_cmpmem (found->data, found->len * sizeof (DdShare), expected->data,
                   expected->len * sizeof (DdShare));
}

static const char *
any_of (const char *const *texts, guint n)
{
  return texts[g_test_rand_int_range (0, (gint)n)];
}

static const char *const offerings[] = { "a", "b", "c", "access", "" };
static const char *const categories[] = { "x", "y", "", "access" };
static const char *const ids[] = { "rental", "setup", "a", "x", "1" };
static const char *const line_ids[] = { "1", "2", "3", "x" };

/* Half of the fields are left out, and some names are of another field. */
#define ANY_NAME(texts)                                                                                      \
  (g_test_rand_bit () ? NULL                                                                                 \
                      : any_of (g_test_rand_int_range (0, 8) == 0 ? ids : (texts), G_N_ELEMENTS (texts)))

static void
make_random (DealdeskCall *call)
{
  for (guint line = 0; line < call->n_lines; line++)
    {
      guint n_charges = (guint)g_test_rand_int_range (0, 4);

      add_line (call, line, any_of (offerings, G_N_ELEMENTS (offerings)),
                any_of (categories, G_N_ELEMENTS (categories)));
      for (guint i = 0; i < n_charges; i++)
        {
          gboolean recurring = g_test_rand_bit ();

          add_charge (call, line, any_of (ids, G_N_ELEMENTS (ids)),
                      recurring ? DD_CHARGE_RECURRING : DD_CHARGE_ONE_TIME,
                      recurring ? (DdPeriod)g_test_rand_int_range (DD_PERIOD_MONTH, DD_N_PERIODS)
                                : DD_PERIOD_NONE);
        }
    }
  for (guint i = (guint)g_test_rand_int_range (0, 30); i-- > 0 && call->answers->charges->len > 0;)
    {
      gboolean recurring = g_test_rand_bit ();

      add_share (call, (DealdeskShare){
                         .charge = (guint32)g_test_rand_int_range (0, (gint)call->answers->charges->len),
                         .type = recurring ? DEALDESK_CHARGE_RECURRING : DEALDESK_CHARGE_ONE_TIME,
                         .period = recurring ? (guint32)g_test_rand_int_range (DD_PERIOD_MONTH, DD_N_PERIODS)
                                             : DD_PERIOD_NONE,
                         .line = ANY_NAME (line_ids),
                         .offering = ANY_NAME (offerings),
                         .category = ANY_NAME (categories),
                         .id = ANY_NAME (ids),
                       });
    }
}

static void
names_find_what_comparing_all_finds (void)
{
  guint n_found = 0;

  for (guint i = 0; i < 3000; i++)
    {
      DealdeskCall *call = make_call ((guint)g_test_rand_int_range (1, 12));
      g_autoptr (GArray) expected = NULL;

      make_random (call);
      expected = compare_all (call);
      resolve (call);
      assert_same (call, expected);
      n_found += expected->len;
      free_call (call);
    }
  g_assert_cmpuint (n_found, >, 3000);
}

/* Half of @n lines are equipment, and of each the other half has a support line, whose share names it. */
static DealdeskCall *
make_large (guint n)
{
  DealdeskCall *call = make_call (n);

  for (guint i = 0; i < n; i++)
    {
      gboolean support = i % 2 != 0;

      add_line (call, i, support ? "support" : numbered (call, "router-", i % 100),
                support ? "services" : "equipment");
      add_charge (call, i, "rental", DD_CHARGE_RECURRING, DD_PERIOD_MONTH);
      add_charge (call, i, "device", DD_CHARGE_ONE_TIME, DD_PERIOD_NONE);
      if (support)
        add_share (call, (DealdeskShare){ .charge = 2 * i,
                                          .type = DEALDESK_CHARGE_ONE_TIME,
                                          .line = numbered (call, "", i),
                                          .id = "device" });
    }
  return call;
}

static void
each_of_two_thousand_lines_finds_its_own (void)
{
  DealdeskCall *call = make_large (2000);
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (DdShare));

  for (guint32 i = 1; i < 2000; i += 2)
    {
      DdShare share = { 2 * i, 2 * (i - 1) + 1 };

      g_array_append_val (expected, share);
    }
  resolve (call);
  assert_same (call, expected);
  free_call (call);
}

/* 10,000 shares of 20,000 charges: more pairs than could be compared. */
static void
twenty_thousand_lines_are_priced (void)
{
  DealdeskCall *call = make_large (20000);

  resolve (call);
  g_assert_cmpuint (call->answers->shares->len, ==, 10000);
  free_call (call);
}

/* Each share names all equipment: what is produced has a bound, whatever is looked for. */
static void
too_many_pairs_are_refused (void)
{
  DealdeskCall *call = make_large (6000);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < call->shares->len; i++)
    {
      g_array_index (call->shares, DealdeskShare, i).line = NULL;
      g_array_index (call->shares, DealdeskShare, i).category = "equipment";
    }
  g_assert_false (dd_call_resolve_shares (call, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "more than 4194304 charges"));
  free_call (call);
}

/* All on one line: nothing is found however much is looked at, which has a bound, too. */
static void
too_much_to_look_at_is_refused (void)
{
  const guint n = 12000;
  DealdeskCall *call = make_call (1);
  g_autoptr (GError) error = NULL;

  add_line (call, 0, "a", "x");
  for (guint32 i = 0; i < n; i++)
    {
      add_charge (call, 0, "c", DD_CHARGE_ONE_TIME, DD_PERIOD_NONE);
      add_share (call, (DealdeskShare){ .charge = i, .type = DEALDESK_CHARGE_ONE_TIME });
    }
  g_assert_false (dd_call_resolve_shares (call, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "12000 names of shares over 12000 charges"));
  free_call (call);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shares/names-find-what-comparing-all-finds", names_find_what_comparing_all_finds);
  g_test_add_func ("/shares/each-of-two-thousand-lines-finds-its-own",
                   each_of_two_thousand_lines_finds_its_own);
  g_test_add_func ("/shares/twenty-thousand-lines-are-priced", twenty_thousand_lines_are_priced);
  g_test_add_func ("/shares/too-many-pairs-are-refused", too_many_pairs_are_refused);
  g_test_add_func ("/shares/too-much-to-look-at-is-refused", too_much_to_look_at_is_refused);
  return g_test_run ();
}
