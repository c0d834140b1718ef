/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Measuring a priced proposal (see measure.h). Any thread.
 */
#include "authority/measure.h"

#include "number/decimal.h"

#include <string.h>

#define PAYMENT_CLAUSE    "payment"
#define PAYMENT_PARAMETER "days"
#define OWN_RUNG          "own"
#define WALK_AWAY         1000

static const char *const worse_names[] = { "higher", "lower", "changed" };
G_STATIC_ASSERT (G_N_ELEMENTS (worse_names) == DD_N_WORSE);

const char *
dd_worse_name (DdWorse worse)
{
  return worse_names[worse];
}

int
dd_worse_from_name (const char *text)
{
  for (guint i = 0; i < DD_N_WORSE; i++)
    if (g_strcmp0 (text, worse_names[i]) == 0)
      return (int)i;
  return -1;
}

char *
dd_measure_format (const DdMeasure *measure)
{
  if (measure->text != NULL)
    return g_strdup (measure->text);
  if (measure->percent)
    return dd_percent_format (measure->value);
  if (measure->currency.code[0] != '\0')
    return dd_money_format (measure->value, measure->currency);
  return g_strdup_printf ("%" G_GINT64_FORMAT, measure->value);
}

void
dd_measures_free (DdMeasures *measures)
{
  if (measures == NULL)
    return;
  g_array_unref (measures->list);
  g_string_chunk_free (measures->texts);
  g_free (measures);
}

static void
add (DdMeasures *measures, const DdMeasure *measure)
{
  g_array_append_vals (measures->list, measure, 1);
}

static void
add_text (DdMeasures *measures, const char *name, const char *subject, DdCurrency currency, const char *text)
{
  DdMeasure measure = {
    .name = name,
    .currency = currency,
    .subject = subject != NULL ? g_string_chunk_insert (measures->texts, subject) : NULL,
    .text = g_string_chunk_insert (measures->texts, text),
    .worse = DD_WORSE_CHANGED,
  };

  add (measures, &measure);
}

/* --- figures --- */

static void
add_figures (DdMeasures *measures, const DdDealFigures *figures)
{
  const DdMeasure all[] = {
    { .name = "discount.discretionary", .value = figures->discount_discretionary, .percent = TRUE },
    { .name = "discount.list", .value = figures->discount_list, .percent = TRUE },
    { .name = "discount.standing", .value = figures->discount_standing, .percent = TRUE },
    { .name = "contract.value", .value = figures->contract_value, .worse = DD_WORSE_LOWER },
    { .name = "margin", .value = figures->margin, .percent = TRUE, .worse = DD_WORSE_LOWER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      DdMeasure measure = all[i];

      measure.currency = figures->currency;
      if (measure.value != G_MININT64)
        add (measures, &measure);
    }
  add_text (measures, "currency", NULL, figures->currency, figures->currency.code);
}

/* What location rules take off one charge. */
static DdWide
contribution_of (const DdSheet *sheet, const DdChargeResult *result)
{
  const DdStep *steps = &g_array_index (sheet->steps, DdStep, result->first_step);
  gint64 before = 0;
  DdWide sum = 0;

  for (guint32 i = 0; i < result->n_steps; i++)
    {
      if (steps[i].stage == DD_STAGE_LOCATION && steps[i].after < before)
        sum += (DdWide)before - steps[i].after;
      before = steps[i].after;
    }
  return sum;
}

/* Sums of what was rounded before; one that doesn't fit is the largest there is, which nobody may agree to.
 */
static void
add_contribution (DdMeasures *measures, const DdSheet *sheet, DdCurrency currency)
{
  DdMeasure measure = { .name = "contribution", .currency = currency };
  DdWide sum = 0;

  for (guint i = 0; i < sheet->results->len; i++)
    {
      const DdCharge *charge = &g_array_index (sheet->answers->charges, DdCharge, i);
      const DdChargeResult *result = &g_array_index (sheet->results, DdChargeResult, i);

      if (charge->type == DD_CHARGE_ONE_TIME && result->counted &&
          dd_currency_equal (charge->currency, currency))
        sum += contribution_of (sheet, result);
    }
  measure.value = (gint64)MIN (sum, (DdWide)G_MAXINT64);
  if (sum != 0)
    add (measures, &measure);
}

/* --- lines --- */

void
dd_measures_add_lines (DdMeasures *measures,
                       const DdProposal *proposal,
                       const DdSheet *sheet,
                       const char *const *categories)
{
  g_autoptr (GArray) lines = dd_sheet_line_discounts (sheet);

  for (guint i = 0; i < lines->len; i++)
    {
      const DdLineDiscounts *line = &g_array_index (lines, DdLineDiscounts, i);
      const DdLine *of = g_ptr_array_index (proposal->lines, line->line);
      const char *category = categories[line->line];
      DdMeasure measure = {
        .name = "line.discount.discretionary",
        .value = line->discount_discretionary,
        .currency = line->currency,
        .percent = TRUE,
        .subject = g_string_chunk_insert (measures->texts, of->id),
        .category = category != NULL ? g_string_chunk_insert_const (measures->texts, category) : NULL,
      };

      add (measures, &measure);
      measure.name = "line.discount.list";
      measure.value = line->discount_list;
      add (measures, &measure);
      measure.name = "line.discount.standing";
      measure.value = line->discount_standing;
      add (measures, &measure);
    }
}

/* --- clauses --- */

static gboolean
rung_number (const char *rung, gint64 *out_number)
{
  const char *const fallback = "fallback-";
  guint64 number = 0;

  if (g_str_equal (rung, "preferred"))
    *out_number = 0;
  else if (g_str_equal (rung, "walk-away"))
    *out_number = WALK_AWAY;
  else if (g_str_has_prefix (rung, fallback) &&
           g_ascii_string_to_unsigned (rung + strlen (fallback), 10, 1, WALK_AWAY - 1, &number, NULL))
    *out_number = (gint64)number;
  else
    return FALSE;
  return TRUE;
}

static gboolean
is_own (const DdTerm *term)
{
  return term->origin == DD_SIDE_CUSTOMER || g_strcmp0 (term->rung, OWN_RUNG) == 0;
}

static void
add_rung (DdMeasures *measures, const DdTerm *term)
{
  DdMeasure measure = { .name = "clause.rung" };

  if (!rung_number (term->rung, &measure.value))
    {
      add_text (measures, measure.name, term->clause, (DdCurrency){ "" }, term->rung);
      return;
    }
  measure.subject = g_string_chunk_insert (measures->texts, term->clause);
  add (measures, &measure);
}

/* "30", "5%", "EUR 500000.00"; anything else is a text. */
static void
add_parameter (DdMeasures *measures, const DdTerm *term, const DdParameter *parameter)
{
  g_autofree char *subject = g_strconcat (term->clause, ".", parameter->name, NULL);
  DdMeasure measure = { .name = "clause.parameter", .worse = DD_WORSE_CHANGED };
  DdMoney money;

  if (g_str_has_suffix (parameter->value, "%") && dd_percent_parse (parameter->value, &measure.value, NULL))
    measure.percent = TRUE;
  else if (dd_money_parse (parameter->value, &money, NULL))
    {
      measure.value = money.micros;
      measure.currency = money.currency;
    }
  else if (!g_ascii_string_to_signed (parameter->value, 10, G_MININT64 + 1, G_MAXINT64, &measure.value, NULL))
    {
      add_text (measures, measure.name, subject, (DdCurrency){ "" }, parameter->value);
      return;
    }
  measure.subject = g_string_chunk_insert (measures->texts, subject);
  add (measures, &measure);
}

/* The days of the payment clause, whoever wrote it: what isn't a whole number is a text, within no limit. */
static void
add_payment_days (DdMeasures *measures, const DdTerm *term)
{
  DdMeasure measure = { .name = "payment.days" };

  for (guint i = 0; g_str_equal (term->clause, PAYMENT_CLAUSE) && i < term->parameters->len; i++)
    {
      const DdParameter *parameter = &g_array_index (term->parameters, DdParameter, i);

      if (!g_str_equal (parameter->name, PAYMENT_PARAMETER))
        continue;
      if (g_ascii_string_to_signed (parameter->value, 10, 0, G_MAXINT64, &measure.value, NULL))
        add (measures, &measure);
      else
        add_text (measures, measure.name, NULL, (DdCurrency){ "" }, parameter->value);
    }
}

static void
add_term (DdMeasures *measures, const DdTerm *term)
{
  add_payment_days (measures, term);
  if (is_own (term))
    {
      g_autofree char *sha256 = dd_term_sha256 (term);

      add_text (measures, "clause.own", term->clause, (DdCurrency){ "" }, sha256);
      return;
    }
  add_rung (measures, term);
  for (guint i = 0; i < term->parameters->len; i++)
    add_parameter (measures, term, &g_array_index (term->parameters, DdParameter, i));
}

/* The longest that the customer is bound for. */
static void
add_commitment (DdMeasures *measures, const DdProposal *proposal)
{
  DdMeasure measure = { .name = "commitment.months", .value = proposal->commitment };

  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const DdLine *line = g_ptr_array_index (proposal->lines, i);

      if (dd_line_counted (line))
        measure.value = MAX (measure.value, (gint64)dd_line_commitment (proposal, line));
    }
  add (measures, &measure);
}

static void
add_precedence (DdMeasures *measures, const GPtrArray *precedence)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < precedence->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ">" : "", (const char *)g_ptr_array_index (precedence, i));
  if (text->len > 0)
    add_text (measures, "precedence", NULL, (DdCurrency){ "" }, text->str);
}

DdMeasures *
dd_measures_take (const DdProposal *proposal, const DdSheet *sheet, const char *credit_class)
{
  DdMeasures *measures = g_new0 (DdMeasures, 1);

  measures->list = g_array_new (FALSE, FALSE, sizeof (DdMeasure));
  measures->texts = g_string_chunk_new (1024);
  for (guint i = 0; i < sheet->figures->len; i++)
    {
      const DdDealFigures *figures = &g_array_index (sheet->figures, DdDealFigures, i);

      add_figures (measures, figures);
      add_contribution (measures, sheet, figures->currency);
    }
  /* An offer whose lines all stay as they are has no figures, and gives nothing away. */
  if (sheet->figures->len == 0)
    add (measures,
         &(DdMeasure){ .name = "discount.discretionary", .currency = proposal->currency, .percent = TRUE });
  add_commitment (measures, proposal);
  for (guint i = 0; i < proposal->terms->len; i++)
    add_term (measures, g_ptr_array_index (proposal->terms, i));
  add_precedence (measures, proposal->precedence);
  if (credit_class != NULL && credit_class[0] != '\0')
    add_text (measures, "credit.class", NULL, (DdCurrency){ "" }, credit_class);
  return measures;
}
