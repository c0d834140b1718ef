/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Going through a catalogue's file piece by piece (see catalogue.h). Pure; any thread.
 */
#include "tmf/catalogue-private.h"

#include "json/json-parts.h"
#include "text-hash.h"

#include <string.h>

typedef enum
{
  ANY,
  OFFERING,
  PRICE
} Expected;

typedef struct
{
  DdCatalogueReading *reading;
  const char *file_name;
  const char *start;
  gsize length;
  DdCatalogueProgress progress; /* (nullable) */
  gpointer progress_data;
  Expected expected;
  const char *array; /* the member that the elements are in; "" for the document itself */
} Walk;

const char *
dd_catalogue_table_name (DdCatalogueTableKind kind)
{
  static const char *const names[] = { "offerings", "charges", "tiers" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == DD_N_CATALOGUE_TABLES);
  return names[kind];
}

/* By what it says that it is, or else by what only one of the two has. */
static Expected
recognise (const DdJsonNode *object)
{
  static const char *const of_price[] = {
    "price",         "priceType", "recurringChargePeriodType", "bundledPopRelationship", "percentage",
    "unitOfMeasure", NULL
  };
  static const char *const of_offering[] = {
    "productOfferingPrice", "bundledProductOffering", "productSpecification", "isSellable", "category", NULL
  };
  static const char *const names[] = { "@type", "@baseType", NULL };

  for (guint i = 0; names[i] != NULL; i++)
    {
      const DdJsonNode *type = dd_json_member (object, names[i]);
      const char *text = type != NULL && dd_json_type (type) == DD_JSON_STRING ? dd_json_text (type) : "";

      if (strstr (text, "ProductOfferingPrice") != NULL)
        return PRICE;
      if (strstr (text, "ProductOffering") != NULL)
        return OFFERING;
    }
  for (guint i = 0; of_price[i] != NULL; i++)
    if (dd_json_member (object, of_price[i]) != NULL)
      return PRICE;
  for (guint i = 0; of_offering[i] != NULL; i++)
    if (dd_json_member (object, of_offering[i]) != NULL)
      return OFFERING;
  return ANY;
}

static gboolean
read_object (const Walk *walk, const DdJsonNode *object, guint32 line, GError **error)
{
  Expected kind = walk->expected != ANY ? walk->expected : recognise (object);
  const char *id;

  if (dd_json_type (object) != DD_JSON_OBJECT)
    return dd_json_complain (object, error, "must be an object: a product offering or a price of one");
  if (kind == OFFERING)
    return dd_catalogue_read_offering (walk->reading, object, line, error);
  if (kind == PRICE)
    return dd_catalogue_read_price (walk->reading, object, NULL, line, &id, error);
  return dd_json_complain (
    object, error,
    "is neither a product offering nor a price of one; give it @type ProductOffering or "
    "ProductOfferingPrice");
}

/* Where @part is: "[3]", "productOffering[3]". (transfer full) */
static char *
place_of (const Walk *walk, const DdJsonPart *part)
{
  return walk->array == NULL ? g_strdup ("$") : g_strdup_printf ("%s[%u]", walk->array, part->index);
}

static gboolean
read_part (const DdJsonPart *part, gpointer data, GError **error)
{
  const Walk *walk = data;
  g_autoptr (DdJson) json = NULL;

  if (walk->progress != NULL &&
      !walk->progress (part->text - walk->start, (gint64)walk->length, walk->progress_data))
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "reading was interrupted: the daemon stops or restores; nothing was stored, ask again");
  json = dd_json_part_parse (part, NULL, error);
  if (json != NULL && read_object (walk, dd_json_root (json), part->line, error))
    return TRUE;

  g_autofree char *place = place_of (walk, part);

  g_prefix_error (error, "%u: %s: ", part->line, place);
  return FALSE;
}

static gboolean
is_named (const DdJsonPart *part, const char *name)
{
  return part->name_length == strlen (name) && memcmp (part->name, name, part->name_length) == 0;
}

/* --- an object that isn't a thing, but has arrays of them --- */

/* Which members the file's object has. */
typedef struct
{
  gboolean offerings; /* an array */
  gboolean prices;
  gboolean others; /* but those that begin with "@" */
} Members;

static gboolean
look (const DdJsonPart *part, gpointer data, GError **error)
{
  Members *members = data;

  (void)error;
  if (is_named (part, "productOffering") && dd_json_part_is (part, DD_JSON_ARRAY))
    members->offerings = TRUE;
  else if (is_named (part, "productOfferingPrice"))
    members->prices = TRUE;
  else if (part->name_length > 0 && part->name[0] != '@')
    members->others = TRUE;
  return TRUE;
}

/* With productOffering; or with nothing but productOfferingPrice, which an offering has, too. */
static gboolean
is_envelope (const DdJsonPart *whole, gboolean *out_envelope, GError **error)
{
  Members members = { 0 };

  if (!dd_json_each_part (whole, look, &members, error))
    return FALSE;
  *out_envelope = members.offerings || (members.prices && !members.others);
  return TRUE;
}

static gboolean
open_member (const DdJsonPart *part, gpointer data, GError **error)
{
  Walk walk = *(const Walk *)data;
  g_autofree char *name = g_strndup (part->name, MIN (part->name_length, 64));
  gboolean offerings = is_named (part, "productOffering");

  if (!offerings && !is_named (part, "productOfferingPrice"))
    {
      if (part->name_length > 0 && part->name[0] != '@' && g_utf8_validate (name, -1, NULL))
        dd_catalogue_note (walk.reading, name, "other members of the file");
      return TRUE;
    }
  walk.expected = offerings ? OFFERING : PRICE;
  walk.array = name;
  if (!dd_json_part_is (part, DD_JSON_ARRAY))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "line %u, column %u: %s must be an array", part->line,
                    part->column, name);
  return dd_json_each_part (part, read_part, &walk, error);
}

static gboolean
walk_file (Walk *walk, GError **error)
{
  const DdJsonPart whole = dd_json_part_whole (walk->start, walk->length);
  gboolean envelope = FALSE;

  if (dd_json_part_is (&whole, DD_JSON_ARRAY))
    {
      walk->array = "";
      return dd_json_each_part (&whole, read_part, walk, error);
    }
  if (!is_envelope (&whole, &envelope, error))
    return FALSE;
  return envelope ? dd_json_each_part (&whole, open_member, walk, error) : read_part (&whole, walk, error);
}

/* --- all of it --- */

static void
reading_clear (DdCatalogueReading *reading)
{
  g_hash_table_unref (reading->prices);
  g_hash_table_unref (reading->left_out);
  g_ptr_array_unref (reading->offerings);
  g_hash_table_unref (reading->ids);
  g_clear_pointer (&reading->by_what, g_hash_table_unref);
  g_clear_pointer (&reading->notes, g_ptr_array_unref);
  g_string_chunk_free (reading->texts);
}

static DdCatalogue *
catalogue_new (void)
{
  DdCatalogue *catalogue = g_new0 (DdCatalogue, 1);

  for (guint i = 0; i < DD_N_CATALOGUE_TABLES; i++)
    {
      catalogue->tables[i].csv = g_string_new (NULL);
      catalogue->tables[i].lines = g_array_new (FALSE, FALSE, sizeof (guint32));
    }
  catalogue->remarks = g_ptr_array_new_with_free_func (g_free);
  return catalogue;
}

void
dd_catalogue_free (DdCatalogue *catalogue)
{
  for (guint i = 0; i < DD_N_CATALOGUE_TABLES; i++)
    {
      g_string_free (catalogue->tables[i].csv, TRUE);
      g_array_unref (catalogue->tables[i].lines);
    }
  g_ptr_array_unref (catalogue->remarks);
  g_free (catalogue);
}

static gboolean
read_all (Walk *walk, DdCatalogue *catalogue, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!walk_file (walk, &wrong))
    {
      /* "FILE:LINE: " of a part; "FILE: line …" between parts. */
      g_prefix_error (&wrong, g_ascii_isdigit (wrong->message[0]) ? "%s:" : "%s: ", walk->file_name);
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (walk->reading->offerings->len == 0)
    return dd_fail (
      error, DD_ERROR_INVALID_ARGUMENT,
      "%s: there is no product offering in use in it; prices alone have nothing to be prices of",
      walk->file_name);
  if (!dd_catalogue_write (walk->reading, walk->file_name, catalogue, error))
    return FALSE;
  dd_catalogue_tell (walk->reading, catalogue->remarks);
  return TRUE;
}

DdCatalogue *
dd_catalogue_read (const char *file_name,
                   const char *text,
                   gsize length,
                   DdCatalogueProgress progress,
                   gpointer progress_data,
                   GError **error)
{
  g_autoptr (DdCatalogue) catalogue = catalogue_new ();
  DdCatalogueReading reading = { .texts = g_string_chunk_new (4096),
                                 .prices = g_hash_table_new_full (dd_text_hash, g_str_equal, NULL,
                                                                  dd_catalogue_price_free),
                                 .left_out = g_hash_table_new (dd_text_hash, g_str_equal),
                                 .offerings = g_ptr_array_new_with_free_func (dd_catalogue_offering_free),
                                 .ids = g_hash_table_new (dd_text_hash, g_str_equal) };
  Walk walk = { .reading = &reading,
                .file_name = file_name,
                .start = text,
                .length = length,
                .progress = progress,
                .progress_data = progress_data };
  gboolean good = read_all (&walk, catalogue, error);

  reading_clear (&reading);
  return good ? g_steal_pointer (&catalogue) : NULL;
}
