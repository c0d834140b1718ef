/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Bars of a waterfall: where they lie, and how rows look on terminals of several widths.
 */
#include "bars.h"
#include "error.h"
#include "text.h"

#include <locale.h>
#include <string.h>

/* (transfer full) */
static CtlBars *
make (const char *const *afters)
{
  CtlBars *bars = ctl_bars_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; afters[i] != NULL; i++)
    {
      ctl_bars_add (bars, "step", "EUR +1.00", afters[i], &error);
      g_assert_no_error (error);
    }
  return bars;
}

static void
assert_place (const CtlBars *bars, guint index, guint width, guint first, guint length)
{
  guint own_first = G_MAXUINT, own_length = G_MAXUINT;

  ctl_bars_place (bars, index, width, &own_first, &own_length);
  g_assert_cmpuint (own_first, ==, first);
  g_assert_cmpuint (own_length, ==, length);
}

static void
a_bar_reaches_from_before_to_after (void)
{
  const char *const afters[] = { "EUR 100.00", "EUR 75.00", "EUR 80.00", NULL };
  g_autoptr (CtlBars) bars = make (afters);

  assert_place (bars, 0, 40, 0, 40);
  assert_place (bars, 1, 40, 30, 10);
  assert_place (bars, 2, 40, 30, 2);
}

static void
below_zero_there_is_room_too (void)
{
  const char *const afters[] = { "EUR -50.00", "EUR 50.00", NULL };
  g_autoptr (CtlBars) bars = make (afters);

  assert_place (bars, 0, 10, 0, 5);
  assert_place (bars, 1, 10, 0, 10);
}

static void
the_least_change_is_seen_and_none_is_not (void)
{
  const char *const afters[] = { "EUR 1000000.00", "EUR 1000000.00", "EUR 1000000.01", "EUR 1000000", NULL };
  g_autoptr (CtlBars) bars = make (afters);

  assert_place (bars, 0, 10, 0, 9);
  assert_place (bars, 1, 10, 0, 0);
  assert_place (bars, 2, 10, 9, 1);
  assert_place (bars, 3, 10, 9, 1);
}

static void
all_zero_has_no_bars (void)
{
  const char *const afters[] = { "EUR 0.00", "EUR 0", NULL };
  g_autoptr (CtlBars) bars = make (afters);

  assert_place (bars, 0, 10, 0, 0);
  assert_place (bars, 1, 10, 0, 0);
}

/* The ends of int64 micros, beside a rate's nanos. */
static void
places_are_exact_at_the_ends_of_the_range (void)
{
  const char *const afters[] = { "EUR 9223372036854.775807", "EUR -9223372036854.775808", "EUR 0.000000001",
                                 NULL };
  g_autoptr (CtlBars) bars = make (afters);

  assert_place (bars, 0, G_MAXINT32, G_MAXINT32 / 2, G_MAXINT32 / 2 + 1);
  assert_place (bars, 1, G_MAXINT32, 0, G_MAXINT32);
  assert_place (bars, 2, 10, 0, 5);
}

static void
what_is_no_amount_is_an_error (void)
{
  static const char *const wrong[] = {
    "", "EUR", "EUR x", "EUR 1.2.3", "EUR 1.0000000001", "EUR 99999999999999"
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (CtlBars) bars = ctl_bars_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GString) out = g_string_new (NULL);
      const CtlStyle style = { 80, FALSE, NULL };

      g_assert_false (ctl_bars_add (bars, "base", "EUR 1", wrong[i], &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == DD_ERROR);
      ctl_bars_print (bars, &style, out);
      g_assert_null (strstr (out->str, "base"));
    }
}

/* --- rows --- */

/* (transfer full) */
static char *
print (guint columns, gboolean colour, const char *charset)
{
  g_autoptr (CtlBars) bars = ctl_bars_new ();
  const CtlStyle style = { columns, colour, charset };
  GString *out = g_string_new (NULL);

  g_assert_true (ctl_bars_add (bars, "base", "EUR +100.00", "EUR 100.00", NULL));
  g_assert_true (ctl_bars_add (bars, "promotion: Summer", "EUR -40.00", "EUR 60.00", NULL));
  ctl_bars_print (bars, &style, out);
  return g_string_free (out, FALSE);
}

static void
sixty_columns_have_a_row_a_step (void)
{
  g_autofree char *text = print (60, FALSE, "ANSI_X3.4-1968");

  g_assert_cmpstr (text, ==,
                   "Step                    Effect    After it\n"
                   "base               EUR +100.00  EUR 100.00  ################\n"
                   "promotion: Summer   EUR -40.00   EUR 60.00           #######\n");
}

static void
a_narrow_terminal_has_bars_below_their_texts (void)
{
  g_autofree char *text = print (40, FALSE, "ANSI_X3.4-1968");
  g_autofree char *least = print (20, FALSE, "ANSI_X3.4-1968");

  g_assert_cmpstr (text, ==,
                   "base\n"
                   "  EUR +100.00  EUR 100.00\n"
                   "  ######################################\n"
                   "promotion: Summer\n"
                   "  EUR -40.00  EUR 60.00\n"
                   "                        ################\n");
  g_assert_cmpstr (least, ==,
                   "base\n"
                   "  EUR +100.00\n"
                   "  EUR 100.00\n"
                   "  ##################\n"
                   "promotion: Summer\n"
                   "  EUR -40.00\n"
                   "  EUR 60.00\n"
                   "            ########\n");
}

static void
no_row_is_wider_than_the_terminal (void)
{
  for (guint columns = 20; columns <= 300; columns++)
    {
      g_autofree char *text = print (columns, FALSE, NULL);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

      for (guint i = 0; lines[i] != NULL; i++)
        g_assert_cmpuint (ctl_text_width (lines[i]), <=, columns);
      /* As wide as there is room for: the last bar ends where the first does unless it fell, and this one
       * did. */
      g_assert_nonnull (strstr (text, "█"));
    }
}

static void
a_pipe_gets_rows_of_eighty_columns (void)
{
  g_autofree char *piped = print (0, FALSE, NULL);
  g_autofree char *shown = print (80, FALSE, NULL);

  g_assert_cmpstr (piped, ==, shown);
}

/* Without escapes it is the same text, and the amounts say where to it goes. */
static void
colour_adds_nothing_but_colour (void)
{
  g_autofree char *coloured = print (80, TRUE, NULL);
  g_autofree char *plain = print (80, FALSE, NULL);
  g_autoptr (GRegex) escape = g_regex_new ("\033\\[[0-9;]*m", 0, 0, NULL);
  g_autofree char *without = g_regex_replace_literal (escape, coloured, -1, 0, "", 0, NULL);

  g_assert_cmpstr (coloured, !=, plain);
  g_assert_cmpstr (without, ==, plain);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bars/a bar reaches from before to after", a_bar_reaches_from_before_to_after);
  g_test_add_func ("/bars/below zero there is room too", below_zero_there_is_room_too);
  g_test_add_func ("/bars/the least change is seen, and none isn't",
                   the_least_change_is_seen_and_none_is_not);
  g_test_add_func ("/bars/all zero has no bars", all_zero_has_no_bars);
  g_test_add_func ("/bars/places are exact at the ends of the range",
                   places_are_exact_at_the_ends_of_the_range);
  g_test_add_func ("/bars/what is no amount is an error", what_is_no_amount_is_an_error);
  g_test_add_func ("/bars/sixty columns have a row a step", sixty_columns_have_a_row_a_step);
  g_test_add_func ("/bars/a narrow terminal has bars below their texts",
                   a_narrow_terminal_has_bars_below_their_texts);
  g_test_add_func ("/bars/no row is wider than the terminal", no_row_is_wider_than_the_terminal);
  g_test_add_func ("/bars/a pipe gets rows of eighty columns", a_pipe_gets_rows_of_eighty_columns);
  g_test_add_func ("/bars/colour adds nothing but colour", colour_adds_nothing_but_colour);
  return g_test_run ();
}
