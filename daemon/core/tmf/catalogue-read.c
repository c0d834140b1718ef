/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Offerings of a catalogue, and what prices have in common with them. Pure; one thread.
 */
#include "tmf/catalogue-private.h"

#include "deal/proposal.h"
#include "tmf/kept.h"

#include <string.h>

gboolean
dd_catalogue_read_id (DdCatalogueReading *reading,
                      const DdJsonNode *object,
                      const char **out_id,
                      const char **out_name,
                      GError **error)
{
  const char *id = NULL;
  const char *name = NULL;

  if (!dd_tmf_get_id (object, "id", &id, error) || !dd_json_get_text (object, "name", FALSE, &name, error))
    return FALSE;
  if (id == NULL && (name == NULL || name[0] == '\0'))
    return dd_json_complain (object, error, "has neither id nor name; give it an id such as \"epl-100\"");
  if (id == NULL && !dd_tmf_get_id (object, "name", &id, error))
    return FALSE;
  *out_id = g_string_chunk_insert_const (reading->texts, id);
  *out_name = name != NULL && name[0] != '\0' ? g_string_chunk_insert_const (reading->texts, name) : *out_id;
  return TRUE;
}

gboolean
dd_catalogue_in_use (DdCatalogueReading *reading,
                     const DdJsonNode *object,
                     const char *of,
                     const char *id,
                     gboolean *out_used,
                     GError **error)
{
  const char *status = "";

  if (!dd_json_get_text (object, "lifecycleStatus", FALSE, &status, error))
    return FALSE;
  *out_used = status[0] == '\0' || g_ascii_strcasecmp (status, "active") == 0 ||
              g_ascii_strcasecmp (status, "launched") == 0;
  if (!*out_used)
    dd_catalogue_note (reading, id, "%s with lifecycleStatus “%.40s”", of, status);
  return TRUE;
}

/* Whether the time of @text, a valid moment, is midnight. */
static gboolean
is_midnight (const char *text)
{
  const char *time = strpbrk (text, "Tt");

  if (time == NULL)
    return FALSE;
  for (time++; *time != '\0' && strchr ("Zz+-", *time) == NULL; time++)
    if (*time >= '1' && *time <= '9')
      return FALSE;
  return TRUE;
}

static gboolean
read_day (const DdJsonNode *period, const char *name, gboolean end, char day[DD_DAY_SIZE], GError **error)
{
  const char *text = NULL;
  GDate date;

  if (!dd_json_get_text (period, name, FALSE, &text, error))
    return FALSE;
  if (text == NULL || text[0] == '\0')
    return TRUE;
  if (!dd_time_is_valid (text) || strlen (text) < DD_DAY_SIZE - 1)
    return dd_json_complain (dd_json_member (period, name), error,
                             "“%.40s” is no moment; it should look like 2026-12-31T23:59:59Z or 2026-12-31",
                             text);
  memcpy (day, text, DD_DAY_SIZE - 1);
  day[DD_DAY_SIZE - 1] = '\0';
  if (!end || !is_midnight (text))
    return TRUE;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay)atoi (day + 8), (GDateMonth)atoi (day + 5), (GDateYear)atoi (day));
  if (!g_date_valid (&date) || g_date_get_julian (&date) <= 1)
    return dd_json_complain (dd_json_member (period, name), error, "“%.40s” is no day of the calendar", text);
  g_date_subtract_days (&date, 1);
  g_snprintf (day, DD_DAY_SIZE, "%04u-%02u-%02u", (guint)g_date_get_year (&date),
              (guint)g_date_get_month (&date), (guint)g_date_get_day (&date));
  return TRUE;
}

gboolean
dd_catalogue_read_days (const DdJsonNode *object, DdCatalogueDays *out_days, GError **error)
{
  const DdJsonNode *period = NULL;
  DdCatalogueDays days = { "", "" };

  if (dd_catalogue_member (object, "validFor") != NULL &&
      (!dd_json_get_object (object, "validFor", FALSE, &period, error) ||
       !read_day (period, "startDateTime", FALSE, days.from, error) ||
       !read_day (period, "endDateTime", TRUE, days.to, error)))
    return FALSE;
  if (days.from[0] != '\0' && days.to[0] != '\0' && strcmp (days.from, days.to) > 0)
    return dd_json_complain (period, error, "its last day, %s, is before its first, %s", days.to, days.from);
  *out_days = days;
  return TRUE;
}

static void
add_id (DdCatalogueReading *reading, const char *id, GPtrArray *ids)
{
  const char *kept = g_string_chunk_insert_const (reading->texts, id);

  if (!g_ptr_array_find (ids, kept, NULL))
    g_ptr_array_add (ids, (gpointer)kept);
}

static gboolean
add_reference (DdCatalogueReading *reading, const DdJsonNode *reference, GPtrArray *ids, GError **error)
{
  const char *id = NULL;

  if (dd_json_type (reference) != DD_JSON_OBJECT)
    return dd_json_complain (reference, error, "must be an object with the id of a price");
  if (!dd_tmf_get_id (reference, "id", &id, error))
    return FALSE;
  if (id == NULL)
    return dd_json_complain (reference, error, "has no id; a reference names its price by id");
  add_id (reading, id, ids);
  return TRUE;
}

gboolean
dd_catalogue_read_references (DdCatalogueReading *reading,
                              const DdJsonNode *array,
                              GPtrArray *ids,
                              GError **error)
{
  if (dd_json_type (array) != DD_JSON_ARRAY)
    return dd_json_complain (array, error, "must be an array of references to prices");
  for (const DdJsonNode *each = dd_json_first (array); each != NULL; each = dd_json_next (each))
    if (!add_reference (reading, each, ids, error))
      return FALSE;
  return TRUE;
}

/* A price may be written out where it is referred to. */
static gboolean
is_written_out (const DdJsonNode *price)
{
  static const char *const members[] = { "price",
                                         "priceType",
                                         "percentage",
                                         "recurringChargePeriod",
                                         "recurringChargePeriodType",
                                         "bundledPopRelationship",
                                         NULL };

  for (guint i = 0; members[i] != NULL; i++)
    if (dd_catalogue_member (price, members[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
read_prices (DdCatalogueReading *reading,
             const DdJsonNode *object,
             DdCatalogueOffering *offering,
             GError **error)
{
  const DdJsonNode *array = dd_catalogue_member (object, "productOfferingPrice");
  const char *id = NULL;

  if (array == NULL)
    return TRUE;
  if (dd_json_type (array) != DD_JSON_ARRAY)
    return dd_json_complain (array, error, "must be an array of prices, or of references to them");
  for (const DdJsonNode *each = dd_json_first (array); each != NULL; each = dd_json_next (each))
    {
      if (dd_json_type (each) == DD_JSON_OBJECT && is_written_out (each))
        {
          if (!dd_catalogue_read_price (reading, each, offering->id, offering->line, &id, error))
            return FALSE;
          add_id (reading, id, offering->prices);
        }
      else if (!add_reference (reading, each, offering->prices, error))
        return FALSE;
    }
  return TRUE;
}

/* The first category, by what people call it. */
static gboolean
read_category (DdCatalogueReading *reading,
               const DdJsonNode *object,
               DdCatalogueOffering *offering,
               GError **error)
{
  const DdJsonNode *array = dd_catalogue_member (object, "category");
  const char *id = NULL;
  const char *name = NULL;

  if (array == NULL)
    return TRUE;
  if (dd_json_type (array) != DD_JSON_ARRAY || dd_json_type (dd_json_first (array)) != DD_JSON_OBJECT)
    return dd_json_complain (array, error, "must be an array of objects with id and name");
  if (!dd_json_get_text (dd_json_first (array), "id", FALSE, &id, error) ||
      !dd_json_get_text (dd_json_first (array), "name", FALSE, &name, error))
    return FALSE;
  name = name != NULL && name[0] != '\0' ? name : id;
  offering->category = name != NULL ? g_string_chunk_insert_const (reading->texts, name) : NULL;
  if (dd_json_length (array) > 1)
    dd_catalogue_note (reading, offering->id, "offerings' further categories");
  return TRUE;
}

void
dd_catalogue_offering_free (gpointer offering)
{
  g_ptr_array_unref (((DdCatalogueOffering *)offering)->prices);
  g_free (offering);
}

gboolean
dd_catalogue_read_offering (DdCatalogueReading *reading,
                            const DdJsonNode *object,
                            guint32 line,
                            GError **error)
{
  static const char *const known[] = { "category",
                                       "href",
                                       "id",
                                       "isBundle",
                                       "isSellable",
                                       "lastUpdate",
                                       "lifecycleStatus",
                                       "name",
                                       "productOfferingPrice",
                                       "statusReason",
                                       "validFor",
                                       "version",
                                       NULL };
  g_autoptr (DdCatalogueOffering) offering = g_new0 (DdCatalogueOffering, 1);
  gpointer before;
  gboolean used;

  offering->prices = g_ptr_array_new ();
  offering->line = line;
  if (!dd_catalogue_read_id (reading, object, &offering->id, &offering->name, error) ||
      !dd_catalogue_in_use (reading, object, "offerings", offering->id, &used, error))
    return FALSE;
  if (!used)
    return TRUE;
  before = g_hash_table_lookup (reading->ids, offering->id);
  if (before != NULL)
    return dd_json_complain (
      object, error, "the offering is on line %u already; give one of the two another id, or retire it",
      GPOINTER_TO_UINT (before));
  if (!dd_catalogue_read_days (object, &offering->days, error) ||
      !read_category (reading, object, offering, error) || !read_prices (reading, object, offering, error))
    return FALSE;
  dd_catalogue_note_members (reading, object, "offerings'", offering->id, known);
  g_hash_table_insert (reading->ids, (gpointer)offering->id, GUINT_TO_POINTER (line));
  g_ptr_array_add (reading->offerings, g_steal_pointer (&offering));
  return TRUE;
}
