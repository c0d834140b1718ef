/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verb price: figures without a move, of a deal or of a file. One thread.
 */
#include "verbs.h"
#include "goal.h"
#include "i18n.h"
#include "offer.h"
#include "price-replay.h"
#include "shapes.h"
#include "usage.h"

static gint price_revision;
static gboolean price_replay;
static gboolean price_ask_again;
static gboolean price_lines;
static char *price_by;
static char *price_customer;
static char *price_goal;

const GOptionEntry ctl_price_options[] = {
  { "revision", 0, 0, G_OPTION_ARG_INT, &price_revision, N_ ("This revision, not what the deal stands at"),
    "N" },
  { "lines", 0, 0, G_OPTION_ARG_NONE, &price_lines, N_ ("Every line's charges"), NULL },
  { "by", 0, 0, G_OPTION_ARG_STRING, &price_by, N_ ("What each line, site or category comes to"), "WHAT" },
  { "customer", 0, 0, G_OPTION_ARG_STRING, &price_customer, N_ ("Of a file: whose prices"), "CUSTOMER" },
  { "goal", 0, 0, G_OPTION_ARG_STRING, &price_goal,
    N_ ("Find the discount that reaches total=\"EUR 250000\" or margin=22%"), "GOAL" },
  { "replay", 0, 0, G_OPTION_ARG_NONE, &price_replay,
    N_ ("Compute REVISION's recorded sheet again, and compare the bytes"), NULL },
  { "ask-again", 0, 0, G_OPTION_ARG_NONE, &price_ask_again,
    N_ ("With --replay: what plugins would answer today, and why it differs"), NULL },
  G_OPTION_ENTRY_NULL
};

static const CtlField breakdown_fields[] = {
  { "key", N_ ("Of"), CTL_CELL_TEXT, NULL },
  { "currency", N_ ("Currency"), CTL_CELL_TEXT | CTL_GIVES_WAY (3), NULL },
  { "once", N_ ("Once"), CTL_CELL_MONEY, NULL },
  { "monthly", N_ ("A month"), CTL_CELL_MONEY, NULL },
  { "contractList", N_ ("Contract at list"), CTL_CELL_MONEY | CTL_GIVES_WAY (2), NULL },
  { "contractValue", N_ ("Contract value"), CTL_CELL_MONEY, NULL },
  { "cost", N_ ("Cost"), CTL_CELL_MONEY | CTL_GIVES_WAY (1), NULL },
  CTL_FIELD_END,
};

static const CtlField sheet_fields[] = { { "sheet", N_ ("Sheet"), CTL_CELL_DIGEST, NULL }, CTL_FIELD_END };

static const CtlSection charge_rows = { "charges", NULL, CTL_SHAPE_ROWS, ctl_charge_fields, NULL, NULL };

#define GOAL_SECTION                                                                                         \
  {                                                                                                          \
    "goal", NULL, CTL_SHAPE_RECORD, ctl_goal_fields, &ctl_goal_stops, NULL                                   \
  }

static const CtlSection total_sections[] = {
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, ctl_total_fields, NULL, N_ ("No charges.") },
  { "figures", N_ ("Over the commitment"), CTL_SHAPE_ROWS, ctl_figure_fields, NULL, NULL },
  GOAL_SECTION,
  { NULL, NULL, CTL_SHAPE_RECORD, sheet_fields, NULL, NULL },
  CTL_SECTION_END,
};

static const CtlSection line_sections[] = {
  { "lines", N_ ("Lines"), CTL_SHAPE_ROWS, ctl_line_fields, &charge_rows, N_ ("No lines.") },
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, ctl_total_fields, NULL, N_ ("No charges.") },
  { "figures", N_ ("Over the commitment"), CTL_SHAPE_ROWS, ctl_figure_fields, NULL, NULL },
  GOAL_SECTION,
  { NULL, NULL, CTL_SHAPE_RECORD, sheet_fields, NULL, NULL },
  CTL_SECTION_END,
};

static const CtlSection breakdown_sections[] = {
  { "breakdown", N_ ("Over the commitment"), CTL_SHAPE_ROWS, breakdown_fields, NULL, N_ ("No charges.") },
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, ctl_total_fields, NULL, N_ ("No charges.") },
  { "figures", N_ ("Over the commitment"), CTL_SHAPE_ROWS, ctl_figure_fields, NULL, NULL },
  GOAL_SECTION,
  { NULL, NULL, CTL_SHAPE_RECORD, sheet_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_price_forms[] = { { "", total_sections },
                                    { "lines", line_sections },
                                    { "by", breakdown_sections },
                                    { "replay", ctl_replay_sections },
                                    { "replay-lines", ctl_replay_line_sections },
                                    { "ask-again", ctl_ask_again_sections },
                                    CTL_FORM_END };

static const CtlSection *
sections_asked (void)
{
  return price_by != NULL ? breakdown_sections : price_lines ? line_sections : total_sections;
}

/* What a goal came to is read first, and what stopped it, which may be a long list, last. */
static gboolean
print (CtlRun *run, const DdJsonNode *price, GError **error)
{
  const DdJsonNode *goal = dd_json_member (price, "goal");

  if (goal == NULL)
    return ctl_run_print (run, sections_asked (), price, error);
  return (run->json || ctl_goal_print (goal, error)) &&
         ctl_run_print (run, sections_asked (), price, error) &&
         (run->json || ctl_goal_print_stops (run, goal, error)) && ctl_goal_reached (goal, error);
}

/* What was recorded is neither changed nor asked for otherwise. */
static gboolean
replay (CtlRun *run, GError **error)
{
  if (!price_replay)
    return ctl_usage (error, _ ("--ask-again goes with --replay"));
  if (price_revision != 0 || price_by != NULL || price_customer != NULL || price_goal != NULL ||
      run->map != NULL || ctl_offer_is_changed (run) || (price_lines && price_ask_again))
    return ctl_usage (error,
                      _ ("--replay is of what was recorded: it goes with --lines or --ask-again alone"));
  return ctl_price_replay (run, price_lines, price_ask_again, error);
}

gboolean
ctl_verb_price (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = NULL;
  g_autoptr (DdJson) json = NULL;

  if (price_replay || price_ask_again)
    return replay (run, error);
  if (run->n_words > 1)
    return ctl_usage (error,
                      _ ("a revision as second word goes with --replay; otherwise it is --revision %s"),
                      run->words[1]);
  if (price_lines && price_by != NULL)
    return ctl_usage (error, _ ("--lines and --by exclude each other"));
  if (!ctl_run_choice ("--by", price_by, CTL_PRICE_BY, error) || !ctl_goal_check (price_goal, error))
    return FALSE;
  request = ctl_offer_price (run, price_revision, price_customer, error);
  if (request == NULL)
    return FALSE;
  ctl_request_option_text (request, "by", price_by);
  ctl_request_option_text (request, "goal", price_goal);
  json = ctl_run_fetch (run, request, error);
  if (json == NULL)
    return ctl_offer_refused (run, error);
  return print (run, dd_json_root (json), error);
}
