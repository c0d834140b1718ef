/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The fixture of the tests of pricing plugins (see fixture-price.h). The test's thread.
 */
#include "fixture-price.h"

#include "number/decimal.h"

#include <string.h>

static DdDataset *
store_own (Fixture *fixture, const char *name, const char *csv)
{
  const GPtrArray *own = dd_core_datasets ();
  g_autoptr (GError) error = NULL;
  DdDataset *stored = NULL;

  fixture_table (fixture, name, csv);
  for (guint i = 0; i < own->len; i++)
    if (strcmp (((const DdDatasetDeclaration *)own->pdata[i])->name, name) == 0)
      stored = fixture_compile (own->pdata[i], fixture, &error);
  g_assert_no_error (error);
  g_assert_nonnull (stored);
  return stored;
}

void
fixture_rates (Fixture *fixture, const char *csv)
{
  fixture->context.rates = store_own (fixture, "rates", csv);
}

void
fixture_offerings (Fixture *fixture, const char *csv)
{
  fixture->context.offerings = store_own (fixture, "offerings", csv);
}

DdDataset *
fixture_installed (Fixture *fixture, const char *csv)
{
  return store_own (fixture, "installed", csv);
}

void
fixture_refuses (Fixture *fixture, const char *dataset, const char *csv, ...)
{
  const DdDatasetDeclaration *declared = dd_host_dataset (fixture->host, dataset);
  g_autoptr (GError) error = NULL;
  const char *text;
  va_list texts;

  g_assert_nonnull (declared);
  g_assert_null (dd_dataset_parse_csv (declared, dataset, csv, strlen (csv), &error));
  va_start (texts, csv);
  while ((text = va_arg (texts, const char *)) != NULL)
    if (strstr (error->message, text) == NULL)
      g_error ("\"%s\" does not say \"%s\"", error->message, text);
  va_end (texts);
}

DdAnswers *
fixture_answers (Fixture *fixture, DdProposal *proposal)
{
  g_autoptr (GError) error = NULL;
  DdAnswers *answers = fixture_price (fixture, proposal, &error);

  g_assert_no_error (error);
  return answers;
}

DdSheet *
fixture_sheet (Fixture *fixture, DdProposal *proposal)
{
  g_autofree DdPriceLine *lines = g_new0 (DdPriceLine, proposal->lines->len + 1);
  g_autoptr (GError) error = NULL;
  DdSheet *sheet;

  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const DdLine *line = proposal->lines->pdata[i];

      lines[i] = (DdPriceLine){ .id = line->id,
                                .quantity = line->quantity,
                                .commitment = (guint16)dd_line_commitment (proposal, line),
                                .action = line->action,
                                .counted = TRUE };
    }
  sheet = dd_sheet_compute (lines, proposal->lines->len, fixture_answers (fixture, proposal), &error);
  g_assert_no_error (error);
  return sheet;
}

void
fixture_unpriced (Fixture *fixture, DdProposal *proposal, ...)
{
  g_autoptr (GError) error = NULL;
  const char *text;
  va_list texts;

  g_assert_null (fixture_price (fixture, proposal, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_UNPRICED);
  va_start (texts, proposal);
  while ((text = va_arg (texts, const char *)) != NULL)
    if (strstr (error->message, text) == NULL)
      g_error ("\"%s\" does not say \"%s\"", error->message, text);
  va_end (texts);
}

char *
fixture_misses (Fixture *fixture, DdProposal *proposal, const char *rule)
{
  g_autoptr (GPtrArray) misses = dd_misses_new ();
  GString *text = g_string_new (NULL);

  fixture->context.misses = misses;
  fixture->context.asked_rule = rule;

  g_autoptr (DdAnswers) answers = fixture_answers (fixture, proposal);

  g_assert_nonnull (answers);
  fixture->context.misses = NULL;
  fixture->context.asked_rule = NULL;
  for (guint i = 0; i < misses->len; i++)
    {
      const DdMiss *miss = misses->pdata[i];

      g_string_append_printf (text, "%d %s: %s\n", miss->line == G_MAXUINT32 ? -1 : (int)miss->line,
                              miss->rule, miss->reason);
    }
  return g_string_free (text, FALSE);
}

const DdCharge *
fixture_charge (const DdAnswers *answers, guint index)
{
  g_assert_cmpuint (index, <, answers->charges->len);
  return &g_array_index (answers->charges, DdCharge, index);
}

const DdAdjustment *
fixture_adjustment (const DdAnswers *answers, guint index)
{
  g_assert_cmpuint (index, <, answers->adjustments->len);
  return &g_array_index (answers->adjustments, DdAdjustment, index);
}

char *
fixture_net (Fixture *fixture, const char *offering, const char *quantity, guint index)
{
  gint64 micros = 0;

  g_assert_true (dd_decimal_parse (quantity, -1, DD_MICROS_SCALE, &micros, NULL));

  g_autoptr (DdProposal) proposal = fixture_proposal (micros, offering, NULL);
  g_autoptr (DdSheet) sheet = fixture_sheet (fixture, proposal);

  g_assert_cmpuint (index, <, sheet->results->len);
  return dd_decimal_format (g_array_index (sheet->results, DdChargeResult, index).net, DD_MICROS_SCALE, 2);
}
