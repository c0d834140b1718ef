/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Standing authority: who may agree to which value of a measure, by the rows of dataset authority.
 *
 * Fails closed: a value that no valid rule covers refuses the move, a rule that can't be read refuses it too,
 * and the discretionary discount and a customer's own texts are governed even when the dataset says nothing
 * of them. Stateless; any thread.
 */
#include "rules.h"

static const char *const always_governed[] = { "discount.discretionary", "clause.own" };

/* What is asked for: of all lines together that the same rules cover, otherwise of one measure. */
typedef struct
{
  const DealdeskMeasure *worst; /* the one that it names */
  char rules[512];
  char limit[64];
  uint32_t level;
  uint32_t need;
  uint32_t worse;
  uint32_t *rows; /* of the rules */
  const char **candidates;
  const char **informed;
  DealdeskGoverned *governed;
  uint32_t n_candidates;
  uint32_t n_informed;
  uint32_t n_governed;
  uint32_t n_rows;
} Step;

typedef struct
{
  Step *steps;
  uint32_t n_steps;
} Steps;

static void
free_steps (Steps *steps)
{
  for (uint32_t i = 0; i < steps->n_steps; i++)
    {
      free (steps->steps[i].candidates);
      free (steps->steps[i].informed);
      free (steps->steps[i].governed);
      free (steps->steps[i].rows);
    }
  free (steps->steps);
}

/* One more of @size behind @n in *@list, which grows by powers of two. */
static int
grow (void *list, uint32_t n, size_t size)
{
  void **items = list;
  void *grown;

  if ((n & (n - 1)) != 0)
    return 1;
  grown = realloc (*items, size * (n == 0 ? 1 : (size_t)n * 2));
  if (grown == NULL)
    return 0;
  *items = grown;
  return 1;
}

/* The furthest that the requester may go, as text; "none" without any rule of theirs. */
static void
find_limit (const Check *check, char *text, size_t size)
{
  const Rule *furthest = NULL;

  for (uint32_t i = 0; i < check->n_rules; i++)
    {
      const Rule *rule = &check->rules[i];

      if (!rule->theirs || check->measure->text[0] != '\0')
        continue;
      if (furthest == NULL ||
          (demanding (check->measure, rule) != DEALDESK_WORSE_LOWER ? rule->up_to > furthest->up_to
                                                                    : rule->above < furthest->above))
        furthest = rule;
    }
  if (furthest == NULL)
    snprintf (text, size, "none");
  else
    format_value (check->measure,
                  demanding (check->measure, furthest) != DEALDESK_WORSE_LOWER ? furthest->up_to
                                                                               : furthest->above,
                  text, size);
}

static void
append (char *text, size_t size, const char *more)
{
  size_t length = strlen (text);

  snprintf (text + length, size - length, "%s%.64s", length > 0 ? "," : "", more);
  dealdesk_mend (text + length);
}

static int
add_name (const char ***names, uint32_t *n_names, const char *name)
{
  for (uint32_t i = 0; i < *n_names; i++)
    if (strcmp ((*names)[i], name) == 0)
      return 1;
  if (!grow (names, *n_names, sizeof **names))
    return 0;
  (*names)[(*n_names)++] = name;
  return 1;
}

static int
add_governed (Step *step, uint32_t measure, uint32_t worse)
{
  for (uint32_t i = 0; i < step->n_governed; i++)
    if (step->governed[i].measure == measure)
      return 1;
  if (!grow (&step->governed, step->n_governed, sizeof *step->governed))
    return 0;
  step->governed[step->n_governed++] = (DealdeskGoverned){ measure, worse };
  return 1;
}

static int
is_of_a_line (const DealdeskMeasure *measure)
{
  return strncmp (measure->name, "line.", 5) == 0;
}

/* An earlier line's step of the very same rules, or a new one. It takes the model's rows. */
static Step *
find_step (const Check *check, Steps *steps, const Step *model)
{
  const DealdeskMeasure *measure = check->measure;

  for (uint32_t i = 0; is_of_a_line (measure) && i < steps->n_steps; i++)
    {
      Step *step = &steps->steps[i];

      if (step->need == model->need && strcmp (step->worst->name, measure->name) == 0 &&
          strncmp (step->worst->currency, measure->currency, 4) == 0 && step->n_rows == model->n_rows &&
          memcmp (step->rows, model->rows, sizeof *step->rows * step->n_rows) == 0)
        {
          free (model->rows);
          return step;
        }
    }
  if (!grow (&steps->steps, steps->n_steps, sizeof *steps->steps))
    {
      free (model->rows);
      return NULL;
    }
  steps->steps[steps->n_steps] = *model;
  return &steps->steps[steps->n_steps++];
}

/* Whether the rule is one of those that are asked together: any one of them, or the members of one rule. */
static int
is_asked (const Check *check, const Rule *rule, uint32_t level, const Rule *alone)
{
  if (alone != NULL)
    return rule == alone;
  return rule->need == 1 && rule->level == level && covers (check, rule);
}

/* Asks the rules of @level that any one person satisfies, or @alone (nullable), which needs more. */
static DealdeskResult
add_step (const Check *check, Steps *steps, uint32_t level, const Rule *alone)
{
  Step model = { .worst = check->measure,
                 .level = level,
                 .need = alone != NULL ? alone->need : 1,
                 .worse = check->measure->worse };
  Step *step;

  find_limit (check, model.limit, sizeof model.limit);
  model.rows = malloc ((check->n_rules + (size_t)1) * sizeof *model.rows);
  if (model.rows == NULL)
    return fail (check, "out of memory");
  for (uint32_t i = 0; i < check->n_rules; i++)
    {
      const Rule *rule = &check->rules[i];

      if (!is_asked (check, rule, level, alone))
        continue;
      append (model.rules, sizeof model.rules, rule->id);
      /* Rules that don't agree on what is worse: any change is. */
      model.worse =
        model.n_rows == 0 || model.worse == rule->worse ? rule->worse : (uint32_t)DEALDESK_WORSE_CHANGED;
      model.rows[model.n_rows++] = rule->row;
    }
  step = find_step (check, steps, &model);
  if (step == NULL || !add_governed (step, check->index, model.worse))
    return fail (check, "out of memory");
  if (model.worse == DEALDESK_WORSE_LOWER ? check->measure->value < step->worst->value
                                          : check->measure->value > step->worst->value)
    step->worst = check->measure;
  for (uint32_t i = 0; i < check->n_rules; i++)
    {
      const Rule *rule = &check->rules[i];

      if (!is_asked (check, rule, level, alone))
        continue;
      if (!add_name (&step->candidates, &step->n_candidates, rule->who) ||
          (rule->inform[0] != '\0' && !add_name (&step->informed, &step->n_informed, rule->inform)) ||
          (rule->band != UINT32_MAX &&
           !add_governed (step, rule->band, dealdesk_measure (check->input, rule->band)->worse)))
        return fail (check, "out of memory");
    }
  return DEALDESK_OK;
}

static DealdeskResult
refuse (const Check *check)
{
  const DealdeskMeasure *measure = check->measure;
  const char *subject = measure->subject;
  char value[128];

  format_measured (measure, value, sizeof value);
  return fail (
    check,
    "%.64s%s%.64s is %s, and nobody has authority for it: dataset authority needs a rule of measure %.64s "
    "%s%s%s that is valid today%s%.3s%s%.64s%s%.64s, at this contract value",
    measure->name, subject[0] != '\0' ? " of " : "", subject, value, measure->name,
    measure->text[0] != '\0' ? "whose column is has " : "with above < ", value,
    measure->text[0] != '\0' ? ", or is empty," : " <= up_to",
    measure->currency[0] != '\0' ? ", for currency " : "", measure->currency,
    check->input->segment[0] != '\0' ? ", for segment " : "", check->input->segment,
    check->input->country[0] != '\0' ? ", for country " : "", check->input->country);
}

/* Everybody at the lowest level whose rules cover the value: any one of them, and where a rule needs more of
 * its people, those besides. */
static DealdeskResult
decide (const Check *check, Steps *steps)
{
  uint32_t level = UINT32_MAX;
  int any = 0;

  for (uint32_t i = 0; i < check->n_rules; i++)
    {
      const Rule *rule = &check->rules[i];

      if (within (check, rule))
        return DEALDESK_OK;
      if (covers (check, rule) && rule->level < level)
        level = rule->level;
    }
  if (level == UINT32_MAX)
    return refuse (check);
  for (uint32_t i = 0; i < check->n_rules; i++)
    {
      const Rule *rule = &check->rules[i];

      if (rule->level != level || !covers (check, rule))
        continue;
      if (rule->need == 1)
        any = 1;
      else if (add_step (check, steps, level, rule) != DEALDESK_OK)
        return DEALDESK_FAILED;
    }
  return any ? add_step (check, steps, level, NULL) : DEALDESK_OK;
}

static int
is_always_governed (const char *name)
{
  for (size_t i = 0; i < sizeof always_governed / sizeof always_governed[0]; i++)
    if (strcmp (name, always_governed[i]) == 0)
      return 1;
  return 0;
}

static DealdeskResult
check_measure (Check *check, Steps *steps)
{
  DealdeskRows rows = { 0 };
  DealdeskResult result;
  int governed = 0;

  check->host->lookup (check->call, 0, &check->measure->name, 1, &rows);
  if (rows.n_rows == 0 && !is_always_governed (check->measure->name))
    return DEALDESK_OK;
  check->rules = malloc (((size_t)rows.n_rows + 1) * sizeof *check->rules);
  if (check->rules == NULL)
    return fail (check, "out of memory");
  result = read_rules (check, &rows, &governed);
  if (result == DEALDESK_OK && (governed || is_always_governed (check->measure->name)))
    result = decide (check, steps);
  free (check->rules);
  return result;
}

static int
is_measured_in (const DealdeskApprovalInput *input, const char *name, const char *currency)
{
  for (uint32_t i = 0; i < input->n_measures; i++)
    {
      const DealdeskMeasure *measure = dealdesk_measure (input, i);

      if (strcmp (measure->name, name) == 0 && strncmp (measure->currency, currency, 4) == 0)
        return 1;
    }
  return 0;
}

/* Whether rules of @rows are about figures in @currency. */
static int
is_governed_in (const DealdeskRows *rows, const char *currency)
{
  for (uint32_t row = 0; row < rows->n_rows; row++)
    {
      const char *only = dealdesk_cell (rows, row, COLUMN_CURRENCY)->text;

      if (only[0] == '\0' || strncmp (only, currency, 4) == 0)
        return 1;
    }
  return 0;
}

/* What wasn't measured can't be judged; where it is governed, that is no reason to let it pass. A margin that
 * is known in one currency says nothing of another's. */
static DealdeskResult
check_all_measured (const Check *check)
{
  const char *const margin = "margin";
  DealdeskRows rows = { 0 };

  if (dealdesk_measure_named (check->input, always_governed[0]) == NULL)
    return fail (check, "nobody can agree to it: %s wasn't measured, and it is always governed",
                 always_governed[0]);
  check->host->lookup (check->call, 0, &margin, 1, &rows);
  for (uint32_t i = 0; i < check->input->n_measures; i++)
    {
      const DealdeskMeasure *measure = dealdesk_measure (check->input, i);

      if (strcmp (measure->name, always_governed[0]) == 0 &&
          !is_measured_in (check->input, margin, measure->currency) &&
          is_governed_in (&rows, measure->currency))
        return fail (
          check, "dataset authority governs the margin, and in %.3s it isn't known: give the charges' costs",
          measure->currency);
    }
  return DEALDESK_OK;
}

static void
ask (const Check *check, const Step *step)
{
  char value[1024];
  DealdeskRequirement requirement = {
    .size = sizeof requirement,
    .level = step->level,
    .need = step->need,
    .higher_is_worse = step->worse == DEALDESK_WORSE_HIGHER,
    .rule = step->rules,
    .measure = step->worst->name,
    .value = value,
    .limit = step->limit,
    .candidates = step->candidates,
    .n_candidates = step->n_candidates,
    .subject = step->worst->subject,
    .governed = step->governed,
    .n_governed = step->n_governed,
    .informed = step->informed,
    .n_informed = step->n_informed,
  };

  format_measured (step->worst, value, sizeof value);
  check->host->add_requirement (check->call, &requirement);
}

static DealdeskResult
require (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskApprovalInput *input)
{
  Check check = { .host = host, .call = call, .input = input };
  Steps steps = { 0 };
  DealdeskResult result = DEALDESK_OK;

  (void)instance;
  if (!find_contract_values (&check))
    return fail (&check, "out of memory");
  for (uint32_t i = 0; i < input->n_measures && result == DEALDESK_OK; i++)
    {
      check.measure = dealdesk_measure (input, i);
      check.index = i;
      result = check_measure (&check, &steps);
    }
  if (result == DEALDESK_OK)
    result = check_all_measured (&check);
  for (uint32_t i = 0; i < steps.n_steps && result == DEALDESK_OK; i++)
    ask (&check, &steps.steps[i]);
  free_steps (&steps);
  free (check.values);
  return result;
}

static const DealdeskApproval approval = {
  .size = sizeof approval,
  .require = require,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "approval-authority",
  .version = "2",
  .approval = &approval,
};
