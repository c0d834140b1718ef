/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a price of a catalogue is: its period, amount, unit and range, read exactly or refused. Pure; one
 * thread.
 */
#include "tmf/catalogue-private.h"

#include <string.h>

/* Nanos of money that a micro has: what isn't usage is priced in micros. */
#define NANOS_PER_MICRO 1000

#define MAX_PERIODS 1200

char *
dd_catalogue_fold (const char *text)
{
  GString *folded = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (g_ascii_isalnum (*text))
      g_string_append_c (folded, g_ascii_tolower (*text));
  return g_string_free (folded, FALSE);
}

int
dd_catalogue_find_folded (const char *const *groups, guint n_groups, const char *text)
{
  g_autofree char *folded = dd_catalogue_fold (text);

  for (guint i = 0; i < n_groups; i++)
    {
      g_auto (GStrv) names = g_strsplit (groups[i], "|", -1);

      if (g_strv_contains ((const char *const *)names, folded))
        return (int)i;
    }
  return -1;
}

gboolean
dd_catalogue_read_period (const DdJsonNode *object, DdCataloguePrice *price, GError **error)
{
  static const char *const names[] = { "none",
                                       "day|days|daily",
                                       "week|weeks|weekly",
                                       "month|months|monthly",
                                       "quarter|quarters|quarterly",
                                       "year|years|yearly|annual|annually" };
  static const struct
  {
    gint64 length;
    guint8 of;
    guint8 is;
  } longer[] = { { 7, DD_PERIOD_DAY, DD_PERIOD_WEEK },
                 { 3, DD_PERIOD_MONTH, DD_PERIOD_QUARTER },
                 { 12, DD_PERIOD_MONTH, DD_PERIOD_YEAR },
                 { 4, DD_PERIOD_QUARTER, DD_PERIOD_YEAR } };
  const char *member = dd_json_member (object, "recurringChargePeriodType") != NULL
                         ? "recurringChargePeriodType"
                         : "recurringChargePeriod";
  const char *text = NULL;
  gint64 length = 1;
  int period;

  if (!dd_json_get_text (object, member, FALSE, &text, error) ||
      !dd_json_get_int64 (object, "recurringChargePeriodLength", FALSE, 0, MAX_PERIODS, &length, error))
    return FALSE;
  if (text == NULL)
    return dd_json_complain (object, error,
                             "price “%.64s” is recurring and has no recurringChargePeriodType; it is day, "
                             "week, month, quarter or year",
                             price->id);
  period = dd_catalogue_find_folded (names, G_N_ELEMENTS (names), text);
  if (period <= DD_PERIOD_NONE)
    return dd_json_complain (dd_json_member (object, member), error,
                             "“%.40s” is no period; it is day, week, month, quarter or year", text);
  price->period = (guint8)period;
  if (length <= 1)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (longer); i++)
    if (longer[i].of == period && longer[i].length == length)
      {
        price->period = longer[i].is;
        return TRUE;
      }
  return dd_json_complain (dd_json_member (object, "recurringChargePeriodLength"), error,
                           "there is no period of %" G_GINT64_FORMAT
                           " %ss; a price is for a day, week, month, "
                           "quarter (3 months) or year (12 months)",
                           length, dd_period_name ((DdPeriod)period));
}

/* --- what it costs --- */

/* Money, or a price that has it without tax. (nullable) */
static const DdJsonNode *
find_money (const DdJsonNode *object, GError **error)
{
  const DdJsonNode *money = NULL;
  const DdJsonNode *duty_free = NULL;

  if (!dd_json_get_object (object, "price", TRUE, &money, error))
    return NULL;
  if (dd_catalogue_member (money, "dutyFreeAmount") != NULL)
    return dd_json_get_object (money, "dutyFreeAmount", TRUE, &duty_free, error) ? duty_free : NULL;
  if (dd_catalogue_member (money, "taxIncludedAmount") != NULL)
    {
      dd_json_complain (money, error, "has only an amount with tax; prices are without: give dutyFreeAmount");
      return NULL;
    }
  return money;
}

gboolean
dd_catalogue_read_amount (const DdJsonNode *object, DdCataloguePrice *price, GError **error)
{
  const DdJsonNode *money = find_money (object, error);
  const char *unit = NULL;
  g_autoptr (GError) reason = NULL;

  if (money == NULL || !dd_json_get_text (money, "unit", TRUE, &unit, error) ||
      !dd_json_get_decimal (money, "value", TRUE, DD_NANOS_SCALE, &price->price, error))
    return FALSE;
  if (!dd_currency_parse (unit, &price->currency, &reason))
    return dd_json_complain (dd_json_member (money, "unit"), error, "%s", reason->message);
  if (price->price < 0)
    return dd_json_complain (
      dd_json_member (money, "value"), error,
      "a price isn't negative; what reduces one is an alteration (priceType discount)");
  if (price->type != DD_CHARGE_USAGE && price->price % NANOS_PER_MICRO != 0)
    return dd_json_complain (dd_json_member (money, "value"), error,
                             "only a usage price has more than six digits after the point");
  return TRUE;
}

gboolean
dd_catalogue_read_unit (DdCatalogueReading *reading,
                        const DdJsonNode *object,
                        DdCataloguePrice *price,
                        GError **error)
{
  const DdJsonNode *unit = NULL;
  const char *units = NULL;
  gint64 amount = DD_MICROS;

  if (dd_catalogue_member (object, "unitOfMeasure") == NULL)
    return TRUE;
  if (!dd_json_get_object (object, "unitOfMeasure", FALSE, &unit, error) ||
      !dd_json_get_text (unit, "units", FALSE, &units, error) ||
      !dd_json_get_decimal (unit, "amount", FALSE, DD_MICROS_SCALE, &amount, error))
    return FALSE;
  if (amount <= 0)
    return dd_json_complain (dd_json_member (unit, "amount"), error,
                             "a price is for more than nothing; write 1000 for a price of a thousand units");
  price->per = amount != DD_MICROS ? amount : 0;
  price->units =
    units != NULL && units[0] != '\0' ? g_string_chunk_insert_const (reading->texts, units) : NULL;
  reading->has_per |= price->per != 0;
  return TRUE;
}

/* --- for which quantities --- */

const DdJsonNode *
dd_catalogue_find_range (const DdJsonNode *uses)
{
  static const char *const quantities[] = { "quantity|volume|tier|units|usage|numberofunits" };
  const DdJsonNode *use = dd_json_type (uses) == DD_JSON_ARRAY ? dd_json_first (uses) : NULL;
  const DdJsonNode *name = dd_json_member (use, "name");
  const DdJsonNode *values = dd_json_member (use, "productSpecCharacteristicValue");

  if (use == NULL || dd_json_next (use) != NULL || name == NULL || dd_json_type (name) != DD_JSON_STRING ||
      dd_catalogue_find_folded (quantities, 1, dd_json_text (name)) < 0 || values == NULL ||
      dd_json_type (values) != DD_JSON_ARRAY || dd_json_length (values) != 1)
    return NULL;
  return dd_json_member (dd_json_first (values), "valueFrom") != NULL ? dd_json_first (values) : NULL;
}

gboolean
dd_catalogue_read_range (const DdJsonNode *range, DdCataloguePrice *price, GError **error)
{
  const char *interval = "closed";
  g_autofree char *folded = NULL;

  price->last = G_MAXINT64;
  if (!dd_json_get_decimal (range, "valueFrom", TRUE, DD_MICROS_SCALE, &price->first, error) ||
      !dd_json_get_decimal (range, "valueTo", FALSE, DD_MICROS_SCALE, &price->last, error) ||
      !dd_json_get_text (range, "rangeInterval", FALSE, &interval, error))
    return FALSE;
  folded = dd_catalogue_fold (interval);
  price->exclusive = strcmp (folded, "closedbottom") == 0;
  if (!price->exclusive && strcmp (folded, "closed") != 0 && folded[0] != '\0')
    return dd_json_complain (dd_json_member (range, "rangeInterval"), error,
                             "a tier begins at its lowest quantity; its interval is closed or closedBottom");
  if (price->first < 0 || price->last < price->first || (price->exclusive && price->last == price->first))
    return dd_json_complain (range, error, "a tier is from a quantity, not negative, to one that isn't less");
  price->ranged = TRUE;
  return TRUE;
}
