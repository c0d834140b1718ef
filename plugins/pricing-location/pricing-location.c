/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The location stage: what building access to a site costs, and what comes off where a site lies.
 *
 * A line has up to four places: its site, and the site's zone, tax region and country. Of the rows for these
 * the most specific ones count, charge by charge; contributions, which are to the cost of access, are chosen
 * apart from the rest. The instance is the id of the charge that carries the cost where a location names
 * none; it never changes. Any thread.
 */
#include "effect.h"

enum
{
  LOCATION_SITE,
  LOCATION_VALID_FROM,
  LOCATION_ZONE,
  LOCATION_REGION,
  LOCATION_COST,
  LOCATION_CURRENCY,
  LOCATION_CHARGE,
  LOCATION_VALID_TO
};

enum
{
  PLACE,
  SCOPE,
  OFFERING,
  CHARGE,
  KIND,
  VALID_FROM,
  ID,
  PERCENT,
  VALUE,
  CURRENCY,
  MINIMUM,
  VALID_TO,
  LABEL
};

#define LOCATIONS    0
#define ALLOWANCES   1
#define SITES        2
#define SITE_COUNTRY 1

/* From the most specific. */
enum
{
  SCOPE_SITE,
  SCOPE_ZONE,
  SCOPE_REGION,
  SCOPE_COUNTRY,
  N_SCOPES
};

static const char *const scope_names[N_SCOPES] = { "site", "zone", "region", "country" };

/* The cost comes behind the allowances, which are on the price, and before the contribution to it. */
#define COST_PRIORITY         1
#define CONTRIBUTION_PRIORITY 2

/* Rows of one scope, for the line's offering and then for all. */
#define N_SPANS (N_SCOPES * 2)

typedef struct
{
  const DealdeskRows *rows;
  uint32_t begin;
  uint32_t end;
} Span;

/* What the datasets say of one line. */
typedef struct
{
  const PriceRun *run;
  const DealdeskLine *line;
  uint32_t index;
  const DealdeskCell *location; /* cells; NULL: the site isn't in dataset locations */
  const char *access_charge;
  const char *names[N_SCOPES]; /* of its places; "": unknown */
  DealdeskRows rows[N_SCOPES]; /* of these names, in any scope */
  Span spans[N_SPANS];         /* from the most specific */
} Place;

static Rule
allowance_of (const Place *place, const DealdeskCell *cells)
{
  return (Rule){ place->run, "allowances", cells[PLACE].text, cells[ID].text, place->index };
}

static const DealdeskChargeView *
charge_at (const Place *place, uint32_t i)
{
  return dealdesk_charge (place->run->input, place->line->first_charge + i);
}

static int
is_contribution (const DealdeskCell *cells)
{
  return strcmp (cells[KIND].text, "contribution") == 0;
}

static int
carries_access (const Place *place, const DealdeskChargeView *charge)
{
  return charge->type == DEALDESK_CHARGE_ONE_TIME && strcmp (charge->id, place->access_charge) == 0;
}

/* How specific a row of the span is for a charge, more than 0; 0: it isn't for it. */
static uint32_t
rank (const Place *place, uint32_t span, const DealdeskCell *cells, const DealdeskChargeView *charge)
{
  if (!dealdesk_valid_on (&cells[VALID_FROM], &cells[VALID_TO], place->run->input->date) ||
      !names_text (&cells[CHARGE], charge->id) ||
      (is_contribution (cells) && !carries_access (place, charge)))
    return 0;
  return 1 + (N_SPANS - 1 - span) * 2 + !names_everything (&cells[CHARGE]);
}

static uint32_t
find_highest (const Place *place, const DealdeskChargeView *charge, int contribution)
{
  uint32_t highest = 0;

  for (uint32_t i = 0; i < N_SPANS && highest == 0; i++)
    for (uint32_t row = place->spans[i].begin; row < place->spans[i].end; row++)
      {
        const DealdeskCell *cells = dealdesk_cell (place->spans[i].rows, row, 0);
        uint32_t found = is_contribution (cells) == contribution ? rank (place, i, cells, charge) : 0;

        highest = found > highest ? found : highest;
      }
  return highest;
}

/* Does with each of the most specific rows, contributions or not, what take says. */
static int
take_highest (const Place *place,
              uint32_t charge,
              int contribution,
              int (*take) (const Place *place, const DealdeskCell *cells, uint32_t charge))
{
  const DealdeskChargeView *view = charge_at (place, charge);
  uint32_t highest = find_highest (place, view, contribution);

  for (uint32_t i = 0; highest > 0 && i < N_SPANS; i++)
    for (uint32_t row = place->spans[i].begin; row < place->spans[i].end; row++)
      {
        const DealdeskCell *cells = dealdesk_cell (place->spans[i].rows, row, 0);

        if (is_contribution (cells) == contribution && rank (place, i, cells, view) == highest &&
            !take (place, cells, charge))
          return 0;
      }
  return 1;
}

/* --- the cost of access --- */

static void
add_money (const Rule *rule,
           uint32_t charge,
           DealdeskAdjustKind kind,
           int64_t money,
           const char *currency,
           int32_t priority,
           const char *label)
{
  DealdeskAdjustment adjustment = dealdesk_adjustment (charge, kind, money, rule->id, label, rule->dataset);

  price_copy_currency (adjustment.currency, currency);
  adjustment.priority = priority;
  rule->run->host->add_adjustment (rule->run->call, &adjustment);
}

/* What building access costs, micros; 0 after a message. */
static int
read_cost (const Place *place, int64_t *out_cost)
{
  const DealdeskCell *location = place->location;
  Rule rule = { place->run, "locations", place->line->site, place->access_charge, place->index };
  char day[16];

  if (location == NULL)
    {
      price_format_date (day, sizeof day, place->run->input->date);
      PRICE_FAIL (
        place->run, place->index,
        "offering %.64s has the charge %.64s, and its site \"%.64s\" isn't in dataset locations on %s: "
        "import a row for it",
        place->line->offering, place->access_charge, place->line->site, day);
      return 0;
    }
  if (location[LOCATION_COST].number == DEALDESK_NONE || location[LOCATION_CURRENCY].text[0] == '\0')
    return rule_fail (
      &rule,
      "offering %.64s has that charge, and the site no access_cost with access_currency: give "
      "both, such as 0 in EUR where nothing is to be built",
      place->line->offering);
  if (location[LOCATION_COST].number < 0)
    return rule_fail (&rule, "access_cost %.32s is below zero", location[LOCATION_COST].text);
  return money_for_charge (&rule, &location[LOCATION_COST], DEALDESK_CHARGE_ONE_TIME, out_cost);
}

/* The provider takes as much of the cost as the row says, and leaves the customer its minimum. */
static int
contribute (const Place *place, const DealdeskCell *cells, uint32_t charge)
{
  Rule rule = allowance_of (place, cells);
  int64_t cost = 0;
  int64_t value = 0;
  int64_t minimum = 0;

  if (cells[VALUE].number == DEALDESK_NONE || cells[PERCENT].number != DEALDESK_NONE)
    return rule_fail (&rule, "kind contribution takes a value, such as 1500.00, and no percent");
  if (strcmp (cells[CURRENCY].text, place->location[LOCATION_CURRENCY].text) != 0)
    return rule_fail (
      &rule,
      "its currency is \"%.3s\", and the access cost of site %.64s is in %.3s: give both in the "
      "same",
      cells[CURRENCY].text, place->line->site, place->location[LOCATION_CURRENCY].text);
  if (!read_cost (place, &cost) ||
      !money_for_charge (&rule, &cells[VALUE], DEALDESK_CHARGE_ONE_TIME, &value) ||
      !money_for_charge (&rule, &cells[MINIMUM], DEALDESK_CHARGE_ONE_TIME, &minimum))
    return 0;
  if (value < 0 || minimum < 0)
    return rule_fail (&rule, "its value or its minimum is below zero");
  if (cost <= minimum)
    {
      price_miss (place->run, place->index, rule.id, "the access cost of %s isn't above its minimum, %s",
                  place->location[LOCATION_COST].text, cells[MINIMUM].text);
      return 1;
    }
  value = value < cost - minimum ? value : cost - minimum;
  add_money (&rule, place->line->first_charge + charge, DEALDESK_LINE_OFF, value, cells[CURRENCY].text,
             CONTRIBUTION_PRIORITY, text_or (&cells[LABEL], "Contribution to access"));
  return 1;
}

static int
add_access (const Place *place, uint32_t charge)
{
  Rule rule = { place->run, "locations", place->line->site, "access-cost", place->index };
  int64_t cost = 0;

  if (!read_cost (place, &cost))
    return 0;
  add_money (&rule, place->line->first_charge + charge, DEALDESK_LINE_ON, cost,
             place->location[LOCATION_CURRENCY].text, COST_PRIORITY, "Access to the site");
  return take_highest (place, charge, 1, contribute);
}

static int
allow (const Place *place, const DealdeskCell *cells, uint32_t i)
{
  const EffectCells effect_cells = { .charge = &cells[CHARGE],
                                     .kind = &cells[KIND],
                                     .percent = &cells[PERCENT],
                                     .value = &cells[VALUE],
                                     .currency = &cells[CURRENCY] };
  Rule rule = allowance_of (place, cells);
  DealdeskAdjustKind kind = cells[KIND].text[0] == 'p'   ? DEALDESK_PERCENT_OFF
                            : cells[KIND].text[0] == 'u' ? DEALDESK_UNIT_OFF
                                                         : DEALDESK_LINE_OFF;
  DealdeskAdjustment adjustment;
  Effect effect = { .kind = DEALDESK_FACTOR };

  if (cells[MINIMUM].number != DEALDESK_NONE)
    return rule_fail (&rule, "minimum %.32s goes with kind contribution only: leave it empty",
                      cells[MINIMUM].text);
  if (!effect_read_as (&rule, kind, &effect_cells, &effect) ||
      !effect_on (&rule, &effect, place->line->first_charge + i, text_or (&cells[LABEL], "Location"),
                  &adjustment))
    return 0;
  place->run->host->add_adjustment (place->run->call, &adjustment);
  return 1;
}

static void
tell_miss (const Place *place, uint32_t scope, const DealdeskCell *cells)
{
  uint32_t span = scope * 2 + names_everything (&cells[OFFERING]);
  Rule rule = allowance_of (place, cells);
  int found = 0;

  if (!rule_is_valid (&rule, &cells[VALID_FROM], &cells[VALID_TO]) ||
      !rule_has_text (&rule, "the offering", &cells[OFFERING], place->line->offering))
    return;
  for (uint32_t i = 0; i < place->line->n_charges; i++)
    {
      uint32_t own = rank (place, span, cells, charge_at (place, i));

      found |= own > 0;
      if (own > 0 && own < find_highest (place, charge_at (place, i), is_contribution (cells)))
        price_miss (place->run, place->index, rule.id,
                    "it is for %s %.64s, and charge %.64s has a more specific allowance", cells[SCOPE].text,
                    cells[PLACE].text, charge_at (place, i)->id);
    }
  if (!found)
    price_miss (place->run, place->index, rule.id, "the line has no %scharge %.64s",
                is_contribution (cells) ? "one-time " : "",
                is_contribution (cells) ? place->access_charge : cells[CHARGE].text);
}

static void
tell_misses (const Place *place)
{
  for (uint32_t scope = 0; scope < N_SCOPES; scope++)
    for (uint32_t row = 0; row < place->rows[scope].n_rows; row++)
      {
        const DealdeskCell *cells = dealdesk_cell (&place->rows[scope], row, 0);

        if (strcmp (cells[SCOPE].text, scope_names[scope]) == 0)
          tell_miss (place, scope, cells);
      }
}

static int
price_place (const Place *place)
{
  if (place->run->explaining)
    tell_misses (place);
  for (uint32_t i = 0; i < place->line->n_charges; i++)
    if (!take_highest (place, i, 0, allow) ||
        (carries_access (place, charge_at (place, i)) && !add_access (place, i)))
      return 0;
  return 1;
}

static void
find_spans (Place *place)
{
  place->run->host->lookup (place->run->call, ALLOWANCES, place->names, N_SCOPES, place->rows);
  for (uint32_t i = 0; i < N_SPANS; i++)
    {
      const DealdeskRows *rows = &place->rows[i / 2];
      Span *span = &place->spans[i];

      *span = (Span){ rows, 0, rows->n_rows };
      price_narrow (rows, SCOPE, scope_names[i / 2], &span->begin, &span->end);
      price_narrow (rows, OFFERING, i % 2 == 0 ? place->line->offering : "*", &span->begin, &span->end);
    }
}

/* What holds for every line. */
typedef struct
{
  const PriceRun *run;
  const char *access_charge; /* where a location names none */
  int has_allowances;
  int has_locations;
} Sheet;

/* Without allowances only access costs something, and only a site can have another charge carry it. */
static int
concerns (const Sheet *sheet, const DealdeskLine *line)
{
  if (sheet->has_allowances)
    return 1;
  for (uint32_t i = 0; i < line->n_charges; i++)
    {
      const DealdeskChargeView *charge = dealdesk_charge (sheet->run->input, line->first_charge + i);

      if (charge->type == DEALDESK_CHARGE_ONE_TIME &&
          ((sheet->has_locations && line->site[0] != '\0') || strcmp (charge->id, sheet->access_charge) == 0))
        return 1;
    }
  return 0;
}

static void
find_location (const Sheet *sheet, Place *place)
{
  const PriceRun *run = sheet->run;
  DealdeskRows rows = dealdesk_find (run->host, run->call, LOCATIONS, place->line->site);

  place->location = find_valid (run, &rows, LOCATION_VALID_FROM, LOCATION_VALID_TO);
  if (place->location == NULL)
    return;
  place->access_charge = text_or (&place->location[LOCATION_CHARGE], sheet->access_charge);
  place->names[SCOPE_ZONE] = place->location[LOCATION_ZONE].text;
  place->names[SCOPE_REGION] = place->location[LOCATION_REGION].text;
}

static void
find_allowances (const PriceRun *run, Place *place)
{
  DealdeskRows sites = dealdesk_find (run->host, run->call, SITES, place->line->site);
  const char *country = sites.n_rows > 0 ? dealdesk_text (&sites, 0, SITE_COUNTRY) : "";

  place->names[SCOPE_COUNTRY] = country[0] != '\0' ? country : run->input->country;
  find_spans (place);
}

static int
price_line (const Sheet *sheet, uint32_t index)
{
  const PriceRun *run = sheet->run;
  const DealdeskLine *line = dealdesk_line (run->input, index);
  Place place = { .run = run,
                  .line = line,
                  .index = index,
                  .access_charge = sheet->access_charge,
                  .names = { [SCOPE_SITE] = line->site, [SCOPE_ZONE] = "", [SCOPE_REGION] = "" } };

  find_location (sheet, &place);
  if (sheet->has_allowances)
    find_allowances (run, &place);
  return price_place (&place);
}

static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  PriceRun run = price_run (host, call, input);
  Sheet sheet = { .run = &run,
                  .access_charge = instance,
                  .has_allowances = !dataset_is_empty (&run, ALLOWANCES),
                  .has_locations = !dataset_is_empty (&run, LOCATIONS) };

  for (uint32_t i = 0; i < input->n_lines; i++)
    {
      const DealdeskLine *line = dealdesk_line (input, i);

      if (!price_goes_on (&run, i))
        return DEALDESK_FAILED;
      if (line_changes (line) && concerns (&sheet, line) && !price_line (&sheet, i))
        return DEALDESK_FAILED;
    }
  return DEALDESK_OK;
}

static DealdeskResult
open_plugin (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  char *access_charge = strdup (dealdesk_option_text (options, n_options, "access-charge"));

  if (access_charge == NULL)
    {
      snprintf (message, 256, "out of memory");
      return DEALDESK_FAILED;
    }
  *instance = access_charge;
  return DEALDESK_OK;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "pricing-location",
  .version = "1",
  .open = open_plugin,
  .close = free,
  .pricing = &pricing,
};
