/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A price of a catalogue (ProductOfferingPrice): what becomes a charge, and what has no place.
 *
 * A price whose condition or kind has no place is left out and counted. One that has a place and can't be
 * read exactly is an error: an offering would be sold without it. Pure; one thread.
 */
#include "tmf/catalogue-private.h"

#include <string.h>

/* --- what it is --- */

static int
type_of (const char *text)
{
  static const char *const types[] = {
    "onetime|onetimecharge|onetimefee|nonrecurring|nonrecurringcharge|once",
    "recurring|recurringcharge|recurringfee|rental",
    "usage|usagecharge|usagebased|metered",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (types) == DD_N_CHARGE_TYPES);
  return dd_catalogue_find_folded (types, G_N_ELEMENTS (types), text);
}

/* @left_out: it has no place. */
static gboolean
read_type (DdCatalogueReading *reading,
           const DdJsonNode *object,
           DdCataloguePrice *price,
           gboolean *left_out,
           GError **error)
{
  const char *text = "";
  int type;

  if (!dd_json_get_text (object, "priceType", FALSE, &text, error))
    return FALSE;
  if (text[0] == '\0' && dd_catalogue_member (object, "recurringChargePeriodType") == NULL &&
      dd_catalogue_member (object, "recurringChargePeriod") == NULL)
    return dd_json_complain (object, error,
                             "price “%.64s” has no priceType; it is oneTime, recurring or usage", price->id);
  type = text[0] == '\0' ? DD_CHARGE_RECURRING : type_of (text);
  *left_out = type < 0;
  if (type < 0)
    dd_catalogue_note (reading, price->id, "prices of priceType “%.40s”", text);
  else
    price->type = (guint8)type;
  return TRUE;
}

/* --- when it holds --- */

/* @left_out: it holds under a condition that no dataset has. */
static gboolean
read_conditions (DdCatalogueReading *reading,
                 const DdJsonNode *object,
                 DdCataloguePrice *price,
                 gboolean *left_out,
                 GError **error)
{
  static const char *const conditions[] = { "constraint", "place", "productOfferingTerm",
                                            "prodSpecCharValueUse" };
  const DdJsonNode *uses = dd_catalogue_member (object, "prodSpecCharValueUse");
  const DdJsonNode *range = uses != NULL ? dd_catalogue_find_range (uses) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (conditions) && !*left_out; i++)
    {
      if (dd_catalogue_member (object, conditions[i]) == NULL || (range != NULL && i == 3))
        continue;
      dd_catalogue_note (reading, price->id, "prices under a condition (%s)", conditions[i]);
      *left_out = TRUE;
    }
  return *left_out || range == NULL || dd_catalogue_read_range (range, price, error);
}

/* --- its parts --- */

static gboolean
follow_related (DdCatalogueReading *reading, const DdJsonNode *array, DdCataloguePrice *price, GError **error)
{
  static const char *const elsewhere[] = { "discount",   "allowance",   "alteration", "pricealteration",
                                           "override",   "overrides",   "replaces",   "replacement",
                                           "migration",  "exclusivity", "excludes",   "requires",
                                           "dependency", NULL };

  if (dd_json_type (array) != DD_JSON_ARRAY)
    return dd_json_complain (array, error, "must be an array of references to prices");
  for (const DdJsonNode *each = dd_json_first (array); each != NULL; each = dd_json_next (each))
    {
      const char *type = "";
      const char *id = NULL;
      g_autofree char *folded = NULL;

      if (dd_json_type (each) != DD_JSON_OBJECT)
        return dd_json_complain (each, error, "must be an object with id and relationshipType");
      if (!dd_json_get_text (each, "relationshipType", FALSE, &type, error) ||
          !dd_json_get_text (each, "id", TRUE, &id, error))
        return FALSE;
      folded = dd_catalogue_fold (type);
      if (g_strv_contains (elsewhere, folded))
        dd_catalogue_note (reading, price->id, "prices' relationships of type “%.40s”", type);
      else
        g_ptr_array_add (price->parts, (gpointer)g_string_chunk_insert_const (reading->texts, id));
    }
  return TRUE;
}

static gboolean
read_parts (DdCatalogueReading *reading, const DdJsonNode *object, DdCataloguePrice *price, GError **error)
{
  const DdJsonNode *bundled = dd_catalogue_member (object, "bundledPopRelationship");
  const DdJsonNode *related = dd_catalogue_member (object, "popRelationship");

  price->charged = bundled == NULL;
  price->parts = g_ptr_array_new ();
  return (bundled == NULL || dd_catalogue_read_references (reading, bundled, price->parts, error)) &&
         (related == NULL || follow_related (reading, related, price, error));
}

/* How its parts are tiers, where an algorithm says so. */
static void
read_mode (DdCatalogueReading *reading, const DdJsonNode *object, DdCataloguePrice *price)
{
  static const char *const modes[] = { "flat", "volume", "graduated", "block" };
  const DdJsonNode *algorithms = dd_catalogue_member (object, "pricingLogicAlgorithm");
  const DdJsonNode *first =
    algorithms != NULL && dd_json_type (algorithms) == DD_JSON_ARRAY ? dd_json_first (algorithms) : NULL;
  const DdJsonNode *name = dd_json_member (first, "name");
  int mode = name != NULL && dd_json_type (name) == DD_JSON_STRING
               ? dd_catalogue_find_folded (modes, G_N_ELEMENTS (modes), dd_json_text (name))
               : -1;

  price->mode = mode > DD_TIER_FLAT ? (guint8)mode : DD_TIER_FLAT;
  if (algorithms != NULL && mode <= DD_TIER_FLAT)
    dd_catalogue_note (reading, price->id, "prices' pricingLogicAlgorithm");
}

/* --- all of it --- */

/* @left_out: of a kind that has no place. */
static gboolean
read_kind (DdCatalogueReading *reading,
           const DdJsonNode *object,
           DdCataloguePrice *price,
           gboolean *left_out,
           GError **error)
{
  const DdJsonNode *money = dd_catalogue_member (object, "price");
  gboolean percentage = dd_catalogue_member (object, "percentage") != NULL ||
                        (money != NULL && dd_catalogue_member (money, "percentage") != NULL);

  if (!price->charged)
    {
      if (money != NULL)
        dd_catalogue_note (reading, price->id, "bundled prices' own amounts");
      return TRUE;
    }
  if (percentage)
    {
      dd_catalogue_note (reading, price->id, "prices that are percentages");
      *left_out = TRUE;
      return TRUE;
    }
  if (!read_type (reading, object, price, left_out, error) || *left_out)
    return *left_out;
  if (money == NULL && dd_catalogue_member (object, "pricingLogicAlgorithm") != NULL)
    {
      *left_out = TRUE;
      return TRUE;
    }
  return (price->type != DD_CHARGE_RECURRING || dd_catalogue_read_period (object, price, error)) &&
         dd_catalogue_read_amount (object, price, error) &&
         dd_catalogue_read_unit (reading, object, price, error);
}

static gboolean
fill (DdCatalogueReading *reading,
      const DdJsonNode *object,
      DdCataloguePrice *price,
      gboolean *left_out,
      GError **error)
{
  static const char *const known[] = { "bundledPopRelationship",
                                       "constraint",
                                       "href",
                                       "id",
                                       "isBundle",
                                       "lastUpdate",
                                       "lifecycleStatus",
                                       "name",
                                       "percentage",
                                       "place",
                                       "popRelationship",
                                       "price",
                                       "priceType",
                                       "pricingLogicAlgorithm",
                                       "prodSpecCharValueUse",
                                       "productOfferingTerm",
                                       "recurringChargePeriod",
                                       "recurringChargePeriodLength",
                                       "recurringChargePeriodType",
                                       "unitOfMeasure",
                                       "validFor",
                                       "version",
                                       NULL };
  gboolean used;

  if (!dd_catalogue_in_use (reading, object, "prices", price->id, &used, error))
    return FALSE;
  if (!used)
    {
      *left_out = TRUE;
      return TRUE;
    }
  read_mode (reading, object, price);
  if (!read_parts (reading, object, price, error) ||
      !read_conditions (reading, object, price, left_out, error) || *left_out)
    return *left_out;
  if (!read_kind (reading, object, price, left_out, error) ||
      !dd_catalogue_read_days (object, &price->days, error))
    return FALSE;
  reading->has_days |= price->days.from[0] != '\0' || price->days.to[0] != '\0';
  dd_catalogue_note_members (reading, object, "prices'", price->id, known);
  return TRUE;
}

void
dd_catalogue_price_free (gpointer price)
{
  g_clear_pointer (&((DdCataloguePrice *)price)->parts, g_ptr_array_unref);
  g_free (price);
}

const char *
dd_catalogue_scoped (DdCatalogueReading *reading, const char *offering, const char *id)
{
  g_autofree char *key = g_strconcat (offering, "\n", id, NULL);

  return g_string_chunk_insert_const (reading->texts, key);
}

gboolean
dd_catalogue_read_price (DdCatalogueReading *reading,
                         const DdJsonNode *object,
                         const char *inside,
                         guint32 line,
                         const char **out_id,
                         GError **error)
{
  g_autoptr (DdCataloguePrice) price = g_new0 (DdCataloguePrice, 1);
  const DdCataloguePrice *before;
  const char *key;
  gboolean left_out = FALSE;

  price->line = line;
  if (!dd_catalogue_read_id (reading, object, &price->id, &price->name, error))
    return FALSE;
  /* What is written inside an offering is that offering's: others may use the same id. */
  key = inside == NULL ? price->id : dd_catalogue_scoped (reading, inside, price->id);
  before = g_hash_table_lookup (reading->prices, key);
  if (!fill (reading, object, price, &left_out, error))
    return FALSE;
  *out_id = price->id;
  if (left_out)
    {
      g_hash_table_add (reading->left_out, (gpointer)key);
      return TRUE;
    }
  if (before != NULL)
    return dd_json_complain (
      object, error, "price “%.64s” is on line %u already; give one of the two another id, or retire it",
      price->id, before->line);
  g_hash_table_insert (reading->prices, (gpointer)key, g_steal_pointer (&price));
  return TRUE;
}
