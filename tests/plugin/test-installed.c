/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Dataset installed: which rows count for which lines, what is recorded, and what is refused.
 */
#include "fixture-price.h"

#include <string.h>

#define INSTALLED "customer,offering,site,charge,type,period,net,currency,valid_from,valid_to\n"
#define A_RENTAL  "linden,a,s1,rental,recurring,month,80,EUR,,\n"

static const DdDataset *installed;

static void
start (Fixture *fixture, const char *rows)
{
  fixture_table (fixture, "charges",
                 "offering,charge,name,type,period,currency,price,mode\n"
                 "a,rental,Rental,recurring,month,EUR,100,flat\na,setup,Set-up,oneTime,,EUR,30,flat\n");
  fixture_start (fixture, TRUE);
  installed = NULL;
  if (rows != NULL)
    installed = fixture_installed (fixture, rows);
}

/* Lines of offering a, all at @site (nullable). */
static DdProposal *
change_at (const char *site, DdLineAction action, guint n)
{
  DdProposal *proposal =
    n == 1 ? fixture_proposal (DD_MICROS, "a", NULL) : fixture_proposal (DD_MICROS, "a", "a", NULL);

  for (guint i = 0; i < n; i++)
    {
      DdLine *line = proposal->lines->pdata[i];

      line->site = g_strdup (site);
      line->action = action;
    }
  return proposal;
}

static void
state (DdProposal *proposal, guint line, const char *charge, gint64 net)
{
  DdInstalled stated = { .charge = g_strdup (charge),
                         .type = DD_CHARGE_RECURRING,
                         .period = DD_PERIOD_MONTH,
                         .net = { net * DD_MICROS, { "EUR" } } };

  g_array_append_val (((DdLine *)proposal->lines->pdata[line])->installed, stated);
}

static DdSheet *
try_sheet (Fixture *fixture, DdProposal *proposal, GError **error)
{
  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);
  g_autoptr (GArray) lines = dd_proposal_price_lines (proposal);

  dd_proposal_add_installed (proposal, answers);
  if (!dd_host_add_installed (installed, fixture->context.customer, fixture->context.now, proposal, answers,
                              error))
    return NULL;
  return dd_sheet_compute ((const DdPriceLine *)(void *)lines->data, lines->len, g_steal_pointer (&answers),
                           error);
}

static DdSheet *
sheet_of (Fixture *fixture, DdProposal *proposal)
{
  g_autoptr (GError) error = NULL;
  DdSheet *sheet = try_sheet (fixture, proposal, &error);

  g_assert_no_error (error);
  return sheet;
}

/* The sum of the recurring nets. */
static void
assert_recurring (const DdSheet *sheet, gint64 units)
{
  gint64 sum = 0;

  for (guint i = 0; i < sheet->results->len; i++)
    if (g_array_index (sheet->answers->charges, DdCharge, i).type == DD_CHARGE_RECURRING)
      sum += g_array_index (sheet->results, DdChargeResult, i).net;
  g_assert_cmpint (sum, ==, units * DD_MICROS);
}

static const DdSource *
find_source (const DdSheet *sheet)
{
  for (guint i = 0; i < sheet->answers->sources->len; i++)
    {
      const DdSource *source = &g_array_index (sheet->answers->sources, DdSource, i);

      if (strcmp (source->name, "installed") == 0)
        return source;
    }
  return NULL;
}

static char *
text_of (const DdSheet *sheet)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_sheet_write (sheet, writer);
  return dd_json_writer_finish (writer, NULL);
}

static void
refused (Fixture *fixture, DdProposal *proposal, ...)
{
  g_autoptr (GError) error = NULL;
  const char *text;
  va_list texts;

  g_assert_null (try_sheet (fixture, proposal, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_UNPRICED);
  va_start (texts, proposal);
  while ((text = va_arg (texts, const char *)) != NULL)
    if (strstr (error->message, text) == NULL)
      g_error ("\"%s\" does not say \"%s\"", error->message, text);
  va_end (texts);
}

static void
a_row_comes_off_what_modifies_it (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = change_at ("s1", DD_ACTION_MODIFY, 1);

  start (fixture, INSTALLED A_RENTAL);

  g_autoptr (DdSheet) sheet = sheet_of (fixture, proposal);
  const DdInstalledNet *net = &g_array_index (sheet->answers->installed, DdInstalledNet, 0);

  assert_recurring (sheet, 20);
  g_assert_cmpuint (sheet->answers->installed->len, ==, 1);
  g_assert_cmpstr (dd_answers_text (sheet->answers, net->source - 1), ==, "installed");
  g_assert_nonnull (find_source (sheet));
  g_assert_null (find_source (sheet)->plugin_version);
}

static void
what_goes_is_minus_the_row (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = change_at ("s1", DD_ACTION_DELETE, 1);

  start (fixture, INSTALLED A_RENTAL);

  g_autoptr (DdSheet) sheet = sheet_of (fixture, proposal);

  assert_recurring (sheet, -80);
}

/* Another customer, offering or site; and a line at a site takes no row without one. */
static void
only_the_lines_own_row_counts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) at_site = change_at ("s1", DD_ACTION_MODIFY, 1);
  g_autoptr (DdProposal) without = change_at (NULL, DD_ACTION_MODIFY, 1);

  start (fixture, INSTALLED "kiln,a,s1,rental,recurring,month,1,EUR,,\n"
                            "linden,a,,rental,recurring,month,70,EUR,,\n"
                            "linden,a,s0,rental,recurring,month,1,EUR,,\n"
                            "linden,a,s10,rental,recurring,month,1,EUR,,\n"
                            "linden,b,s1,rental,recurring,month,1,EUR,,\n");
  refused (fixture, at_site, "line \"1\"", "charge \"rental\"", "dataset installed", NULL);

  g_autoptr (DdSheet) sheet = sheet_of (fixture, without);

  assert_recurring (sheet, 30);
}

/* Prices are asked for on 2026-06-09. */
static void
the_row_of_the_day_counts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = change_at ("s1", DD_ACTION_MODIFY, 1);

  start (fixture, INSTALLED "linden,a,s1,rental,recurring,month,1,EUR,,2026-06-08\n"
                            "linden,a,s1,rental,recurring,month,80,EUR,2026-06-09,2026-06-09\n"
                            "linden,a,s1,rental,recurring,month,2,EUR,2026-06-10,\n");

  g_autoptr (DdSheet) sheet = sheet_of (fixture, proposal);

  assert_recurring (sheet, 20);
}

static void
what_the_line_states_counts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = change_at ("s1", DD_ACTION_MODIFY, 1);

  start (fixture, INSTALLED A_RENTAL "linden,a,s1,backup,recurring,month,5,EUR,,\n");
  state (proposal, 0, "rental", 60);

  g_autoptr (DdSheet) sheet = sheet_of (fixture, proposal);

  /* 100 less 60, and less the backup that the offering doesn't have any more. */
  assert_recurring (sheet, 35);
  g_assert_cmpuint (g_array_index (sheet->answers->installed, DdInstalledNet, 0).source, ==, 0);
  g_assert_cmpuint (g_array_index (sheet->answers->installed, DdInstalledNet, 1).source, !=, 0);
}

static void
without_row_it_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = change_at ("s1", DD_ACTION_MODIFY, 1);

  start (fixture, NULL);
  refused (fixture, proposal, "line \"1\"", "charge \"rental\"", "dataset installed", "state it on the line",
           NULL);
}

static void
two_lines_dont_take_one_row (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = change_at ("s1", DD_ACTION_MODIFY, 2);

  start (fixture, INSTALLED A_RENTAL);
  refused (fixture, proposal, "lines \"1\" and \"2\"", "offering a at site s1", "charge \"rental\"",
           "dataset installed", "state on each", NULL);
  state (proposal, 1, "rental", 10);

  g_autoptr (DdSheet) one_states = sheet_of (fixture, proposal);

  assert_recurring (one_states, 110);
}

/* Types and amounts of a row that the columns alone can't refuse. */
static void
a_row_that_cant_be_is_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const rows[] = { "linden,a,s1,rental,recurring,,80,EUR,,\n",
                                      "linden,a,s1,rental,oneTime,month,80,EUR,,\n",
                                      "linden,a,s1,rental,usage,,80,EUR,,\n",
                                      "linden,a,s1,rental,recurring,never,80,EUR,,\n",
                                      "linden,a,s1,rental,recurring,month,80.001,EUR,,\n",
                                      "linden,a,s1,rental,recurring,month,80.5,JPY,,\n",
                                      "linden,a,s1,rental,recurring,month,-1,EUR,,\n" };
  g_autoptr (DdProposal) proposal = change_at ("s1", DD_ACTION_MODIFY, 1);

  start (fixture, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *table = g_strconcat (INSTALLED, rows[i], NULL);

      installed = fixture_installed (fixture, table);
      refused (fixture, proposal, "line \"1\"", "charge \"rental\"", "dataset installed",
               "offering a, site s1", NULL);
    }
}

static const DdDatasetDeclaration *
declaration_of_it (void)
{
  const GPtrArray *own = dd_core_datasets ();

  for (guint i = 0; i < own->len; i++)
    if (strcmp (((const DdDatasetDeclaration *)own->pdata[i])->name, "installed") == 0)
      return own->pdata[i];
  g_error ("there is no dataset installed");
}

static void
the_samples_are_imported (void)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (SAMPLES_DIR "/installed.csv", &text, &length, &error));

  g_autoptr (DdDataset) dataset =
    dd_dataset_parse_csv (declaration_of_it (), "installed.csv", text, length, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (dd_dataset_n_rows (dataset), >, 0);
}

static void
importing_checks_each_row (void)
{
  static const struct
  {
    const char *row;
    const char *says;
  } cases[] = {
    { "linden,a,s1,rental,usage,,80,EUR,,\n", "installed.csv:2: column 5 \"type\"" },
    { "linden,a,s1,rental,recurring,moon,80,EUR,,\n", "installed.csv:2: column 6 \"period\"" },
    { "linden,a,s1,rental,recurring,month,-1,EUR,,\n", "installed.csv:2: column 7 \"net\"" },
    { "linden,a,s1,rental,recurring,month,1,EU,,\n", "installed.csv:2: column 8 \"currency\"" },
    { A_RENTAL "linden,a,s1,rental,recurring,month,1,EUR,2026-01-01,\n", "installed.csv:3: " },
  };
  const DdDatasetDeclaration *declaration = declaration_of_it ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *table = g_strconcat (INSTALLED, cases[i].row, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (dd_dataset_parse_csv (declaration, "installed.csv", table, strlen (table), &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_str_has_prefix (error->message, cases[i].says));
    }
}

/* What isn't sold any more has no charges, and goes nevertheless. */
static void
what_isnt_sold_any_more_can_go (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (DD_MICROS, "gone", NULL);

  ((DdLine *)proposal->lines->pdata[0])->action = DD_ACTION_DELETE;
  start (fixture, INSTALLED A_RENTAL);
  refused (fixture, proposal, "line \"1\"", "offering gone", "2026-06-09", "dataset installed", NULL);
  installed = fixture_installed (fixture, INSTALLED "linden,gone,,rental,recurring,month,40,EUR,,\n");

  g_autoptr (DdSheet) sheet = sheet_of (fixture, proposal);

  assert_recurring (sheet, -40);
}

static void
replaying_gives_the_same_bytes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = change_at ("s1", DD_ACTION_MODIFY, 1);
  g_autoptr (GArray) lines = dd_proposal_price_lines (proposal);
  g_autoptr (GError) error = NULL;

  start (fixture, INSTALLED A_RENTAL);

  g_autoptr (DdSheet) sheet = sheet_of (fixture, proposal);
  g_autofree char *text = text_of (sheet);
  g_autoptr (DdJson) recorded = dd_json_parse (text, strlen (text), NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "\"installedSources\""));

  g_autoptr (DdSheet) again =
    dd_sheet_replay ((const DdPriceLine *)(void *)lines->data, lines->len, dd_json_root (recorded), &error);

  g_assert_no_error (error);

  g_autofree char *same = text_of (again);

  g_assert_cmpstr (same, ==, text);
}

/* Rows that no line takes leave no trace: sheets are as they were before there was this dataset. */
static void
rows_that_arent_taken_leave_the_bytes (Fixture *fixture, gconstpointer data)
{
  start (fixture, NULL);

  const DdDataset *rows = fixture_installed (
    fixture, INSTALLED A_RENTAL "linden,a,,rental,recurring,month,7,EUR,,\nlinden,b,s1,x,oneTime,,3,EUR,,\n");

  for (guint i = 0; i < 200; i++)
    {
      DdLineAction action = (DdLineAction)g_test_rand_int_range (0, DD_N_ACTIONS);
      gboolean takes = action == DD_ACTION_MODIFY || action == DD_ACTION_DELETE;
      g_autoptr (DdProposal) proposal =
        change_at (g_test_rand_bit () ? "s1" : NULL, action, (guint)g_test_rand_int_range (1, 3));

      for (guint line = 0; line < proposal->lines->len; line++)
        if (takes || g_test_rand_bit ())
          state (proposal, line, "rental", g_test_rand_int_range (0, 200));
      installed = NULL;

      g_autoptr (DdSheet) before = sheet_of (fixture, proposal);

      installed = rows;

      g_autoptr (DdSheet) after = sheet_of (fixture, proposal);
      g_autofree char *text_before = text_of (before);
      g_autofree char *text_after = text_of (after);

      g_assert_cmpstr (text_after, ==, text_before);
      g_assert_null (strstr (text_before, "installedSources"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/installed/a-row-comes-off-what-modifies-it", a_row_comes_off_what_modifies_it);
  fixture_test ("/installed/what-goes-is-minus-the-row", what_goes_is_minus_the_row);
  fixture_test ("/installed/only-the-lines-own-row-counts", only_the_lines_own_row_counts);
  fixture_test ("/installed/the-row-of-the-day-counts", the_row_of_the_day_counts);
  fixture_test ("/installed/what-the-line-states-counts", what_the_line_states_counts);
  fixture_test ("/installed/without-row-it-is-refused", without_row_it_is_refused);
  fixture_test ("/installed/two-lines-dont-take-one-row", two_lines_dont_take_one_row);
  fixture_test ("/installed/a-row-that-cant-be-is-refused", a_row_that_cant_be_is_refused);
  g_test_add_func ("/installed/the-samples-are-imported", the_samples_are_imported);
  g_test_add_func ("/installed/importing-checks-each-row", importing_checks_each_row);
  fixture_test ("/installed/what-isnt-sold-any-more-can-go", what_isnt_sold_any_more_can_go);
  fixture_test ("/installed/replaying-gives-the-same-bytes", replaying_gives_the_same_bytes);
  fixture_test ("/installed/rows-that-arent-taken-leave-the-bytes", rows_that_arent_taken_leave_the_bytes);
  return g_test_run ();
}
