/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A catalogue that was read, as rows: each offering with the charges and tiers that its prices are.
 *
 * A price that several offerings refer to is a charge of each. One that an offering reaches by several ways
 * is one charge. Pure; one thread.
 */
#include "tmf/catalogue-private.h"
#include "text-hash.h"

#include <string.h>

/* Prices that are tiers of one charge. */
typedef struct
{
  const DdCataloguePrice *parent; /* (nullable) */
  GPtrArray *prices;              /* const DdCataloguePrice* */
} Tiers;

/* One offering on its way into the tables. */
typedef struct
{
  DdCatalogueReading *reading;
  DdCatalogue *catalogue;
  const DdCatalogueOffering *offering;
  GHashTable *seen;  /* key of a price to BEING_READ or DONE */
  GHashTable *used;  /* keys of prices, of all offerings */
  GPtrArray *tiers;  /* Tiers* */
  const char *unit;  /* (nullable): of what isn't usage */
  const char *usage; /* (nullable): of usage */
  guint n_charges;
} Join;

enum
{
  UNSEEN,
  BEING_READ,
  DONE
};

static void
tiers_free (gpointer data)
{
  Tiers *tiers = data;

  g_ptr_array_unref (tiers->prices);
  g_free (tiers);
}

static gboolean complain (const Join *join, guint32 line, GError **error, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

static gboolean
complain (const Join *join, guint32 line, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%u: offering “%.64s”: %s", line, join->offering->id,
                  message);
}

/* --- rows --- */

static void
put_cell (GString *csv, const char *text, gboolean last)
{
  gboolean quoted = text != NULL && strpbrk (text, ",\"\r\n") != NULL;

  if (quoted)
    g_string_append_c (csv, '"');
  for (; text != NULL && *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *text);
    }
  if (quoted)
    g_string_append_c (csv, '"');
  g_string_append_c (csv, last ? '\n' : ',');
}

static void
put_row (const Join *join, DdCatalogueTableKind kind, guint32 line, const char *const *cells, guint n_cells)
{
  DdCatalogueTable *table = &join->catalogue->tables[kind];

  for (guint i = 0; i < n_cells; i++)
    put_cell (table->csv, cells[i], i + 1 == n_cells);
  g_array_append_val (table->lines, line);
}

static void
put_headers (const DdCatalogueReading *reading, DdCatalogue *catalogue)
{
  g_string_append (catalogue->tables[DD_CATALOGUE_OFFERINGS].csv,
                   "id,name,category,unit,valid_from,valid_to\n");
  g_string_append_printf (catalogue->tables[DD_CATALOGUE_CHARGES].csv,
                          "offering,charge,name,type,period,currency,price,mode%s%s\n",
                          reading->has_per ? ",per" : "", reading->has_days ? ",valid_from,valid_to" : "");
  g_string_append (catalogue->tables[DD_CATALOGUE_TIERS].csv, "offering,charge,from,price\n");
}

/* @id, @mode: the charge's; with tiers, @price is the first. */
static void
put_charge (Join *join, const DdCataloguePrice *price, const char *id, const char *name, guint8 mode)
{
  g_autofree char *amount =
    mode == DD_TIER_FLAT ? dd_decimal_format (price->price, DD_NANOS_SCALE, 0) : g_strdup ("");
  g_autofree char *per = price->per != 0 ? dd_quantity_format (price->per) : NULL;
  const char *cells[11] = { join->offering->id,
                            id,
                            name,
                            dd_charge_type_name (price->type),
                            price->type == DD_CHARGE_RECURRING ? dd_period_name (price->period) : "",
                            price->currency.code,
                            amount,
                            dd_tier_mode_name (mode) };
  guint n = 8;

  if (join->reading->has_per)
    cells[n++] = per;
  if (join->reading->has_days)
    {
      cells[n++] = price->days.from;
      cells[n++] = price->days.to;
    }
  put_row (join, DD_CATALOGUE_CHARGES, price->line, cells, n);
  join->n_charges++;
}

static void
take_units (Join *join, const DdCataloguePrice *price)
{
  const char **place = price->type == DD_CHARGE_USAGE ? &join->usage : &join->unit;

  if (*place == NULL)
    *place = price->units;
  else if (price->units != NULL && strcmp (*place, price->units) != 0)
    dd_catalogue_note (join->reading, join->offering->id, "further units of an offering's prices");
}

static void
put_offering (Join *join)
{
  const DdCatalogueOffering *offering = join->offering;
  const char *cells[] = { offering->id,        offering->name,
                          offering->category,  join->unit != NULL ? join->unit : join->usage,
                          offering->days.from, offering->days.to };

  if (join->n_charges == 0)
    dd_catalogue_note (join->reading, offering->id, "the price of offerings that have none here");
  put_row (join, DD_CATALOGUE_OFFERINGS, offering->line, cells, G_N_ELEMENTS (cells));
}

/* --- tiers --- */

static gboolean
are_alike (const DdCataloguePrice *a, const DdCataloguePrice *b)
{
  return a->type == b->type && a->period == b->period && a->per == b->per &&
         dd_currency_equal (a->currency, b->currency);
}

static gboolean
add_tier (Join *join, const DdCataloguePrice *price, const DdCataloguePrice *parent, GError **error)
{
  Tiers *tiers;

  for (guint i = 0; i < join->tiers->len; i++)
    {
      tiers = g_ptr_array_index (join->tiers, i);
      if (tiers->parent != parent)
        continue;
      if (are_alike (g_ptr_array_index (tiers->prices, 0), price))
        {
          g_ptr_array_add (tiers->prices, (gpointer)price);
          return TRUE;
        }
      if (parent != NULL && !parent->charged)
        return complain (join, price->line, error,
                         "price “%.64s” is a tier of “%.64s” of another type, period, currency or unit than "
                         "the others; all of its tiers have the same",
                         price->id, parent->id);
    }
  tiers = g_new0 (Tiers, 1);
  tiers->parent = parent;
  tiers->prices = g_ptr_array_new ();
  g_ptr_array_add (tiers->prices, (gpointer)price);
  g_ptr_array_add (join->tiers, tiers);
  return TRUE;
}

static int
compare_first (gconstpointer left, gconstpointer right)
{
  const DdCataloguePrice *a = *(const DdCataloguePrice *const *)left;
  const DdCataloguePrice *b = *(const DdCataloguePrice *const *)right;

  return (a->first > b->first) - (a->first < b->first);
}

/* The next tier begins where one ends, or a unit above. */
static gboolean
check_joint (const Join *join, const DdCataloguePrice *a, const DdCataloguePrice *b, GError **error)
{
  g_autofree char *end = NULL;
  g_autofree char *begin = dd_quantity_format (b->first);

  if (a->last == G_MAXINT64 ? FALSE : b->first == (a->exclusive ? a->last : a->last + DD_MICROS))
    return TRUE;
  end = a->last == G_MAXINT64 ? g_strdup ("never") : dd_quantity_format (a->last);
  return complain (join, b->line, error,
                   "price “%.64s” is a tier from %s, and the one before it, “%.64s” on line %u, ends %s%s; a "
                   "tier begins a unit above the end of the one before, or, with closedBottom, there",
                   b->id, begin, a->id, a->line, a->last == G_MAXINT64 ? "" : "at ", end);
}

static gboolean
put_tiers (Join *join, const Tiers *tiers, GError **error)
{
  const DdCataloguePrice *first;
  const DdCataloguePrice *named;
  guint8 mode = DD_TIER_VOLUME;

  g_ptr_array_sort (tiers->prices, compare_first);
  first = g_ptr_array_index (tiers->prices, 0);
  named = tiers->parent != NULL && !tiers->parent->charged ? tiers->parent : first;
  if (tiers->parent != NULL && tiers->parent->mode != DD_TIER_FLAT)
    mode = tiers->parent->mode;
  else
    dd_catalogue_note (join->reading, named->id, "how tiers count, which isn't said: they are by volume");
  put_charge (join, first, named->id, named->name, mode);
  for (guint i = 0; i < tiers->prices->len; i++)
    {
      const DdCataloguePrice *price = g_ptr_array_index (tiers->prices, i);
      g_autofree char *from = dd_quantity_format (price->first);
      g_autofree char *amount = dd_decimal_format (price->price, DD_NANOS_SCALE, 0);
      const char *cells[] = { join->offering->id, named->id, from, amount };

      if (i > 0 && !check_joint (join, g_ptr_array_index (tiers->prices, i - 1), price, error))
        return FALSE;
      put_row (join, DD_CATALOGUE_TIERS, price->line, cells, G_N_ELEMENTS (cells));
    }
  if (((const DdCataloguePrice *)g_ptr_array_index (tiers->prices, tiers->prices->len - 1))->last !=
      G_MAXINT64)
    dd_catalogue_note (join->reading, named->id, "the end of the last tier, which goes on");
  return TRUE;
}

/* --- joining --- */

/* (nullable): what the offering means by @id; @key: of what was found, or of what there would be. */
static const DdCataloguePrice *
find_price (const Join *join, const char *id, const char **key)
{
  const char *scoped = dd_catalogue_scoped (join->reading, join->offering->id, id);
  const DdCataloguePrice *price = g_hash_table_lookup (join->reading->prices, scoped);

  *key = price != NULL || g_hash_table_contains (join->reading->left_out, scoped) ? scoped : id;
  return price != NULL ? price : g_hash_table_lookup (join->reading->prices, *key);
}

static gboolean
add_price (Join *join, const char *id, const DdCataloguePrice *parent, GError **error)
{
  const char *key;
  const DdCataloguePrice *price = find_price (join, id, &key);
  guint state = GPOINTER_TO_UINT (g_hash_table_lookup (join->seen, key));

  if (price == NULL && !g_hash_table_contains (join->reading->left_out, key))
    {
      g_autofree char *place = g_strdup_printf ("%s of offering %s", id, join->offering->id);

      dd_catalogue_note (join->reading, place, "prices that the file doesn't have");
    }
  if (price == NULL || state == DONE)
    return TRUE;
  if (state == BEING_READ)
    return complain (join, price->line, error,
                     "price “%.64s” is a part of itself; parts lead to prices that have amounts", price->id);
  g_hash_table_insert (join->seen, (gpointer)key, GUINT_TO_POINTER (BEING_READ));
  g_hash_table_add (join->used, (gpointer)key);
  if (price->charged)
    take_units (join, price);
  if (price->ranged && !add_tier (join, price, parent, error))
    return FALSE;
  if (price->charged && !price->ranged)
    put_charge (join, price, price->id, price->name, DD_TIER_FLAT);
  for (guint i = 0; i < price->parts->len; i++)
    if (!add_price (join, g_ptr_array_index (price->parts, i), price, error))
      return FALSE;
  g_hash_table_insert (join->seen, (gpointer)key, GUINT_TO_POINTER (DONE));
  return TRUE;
}

static gboolean
join_offering (Join *join, GError **error)
{
  for (guint i = 0; i < join->offering->prices->len; i++)
    if (!add_price (join, g_ptr_array_index (join->offering->prices, i), NULL, error))
      return FALSE;
  for (guint i = 0; i < join->tiers->len; i++)
    if (!put_tiers (join, g_ptr_array_index (join->tiers, i), error))
      return FALSE;
  put_offering (join);
  return TRUE;
}

static int
compare_keys (gconstpointer left, gconstpointer right)
{
  return strcmp (*(const char *const *)left, *(const char *const *)right);
}

/* In order of their ids: a hash table has none. */
static void
note_unused (DdCatalogueReading *reading, GHashTable *used)
{
  g_autoptr (GPtrArray) unused = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, reading->prices);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!g_hash_table_contains (used, key))
      g_ptr_array_add (unused, key);
  g_ptr_array_sort (unused, compare_keys);
  for (guint i = 0; i < unused->len; i++)
    dd_catalogue_note (reading, g_ptr_array_index (unused, i), "prices that no offering refers to");
}

gboolean
dd_catalogue_write (DdCatalogueReading *reading,
                    const char *file_name,
                    DdCatalogue *catalogue,
                    GError **error)
{
  g_autoptr (GHashTable) used = g_hash_table_new (dd_text_hash, g_str_equal);

  put_headers (reading, catalogue);
  for (guint i = 0; i < reading->offerings->len; i++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new (dd_text_hash, g_str_equal);
      g_autoptr (GPtrArray) tiers = g_ptr_array_new_with_free_func (tiers_free);
      Join join = { .reading = reading,
                    .catalogue = catalogue,
                    .offering = g_ptr_array_index (reading->offerings, i),
                    .seen = seen,
                    .used = used,
                    .tiers = tiers };

      if (!join_offering (&join, error))
        {
          g_prefix_error (error, "%s:", file_name);
          return FALSE;
        }
    }
  note_unused (reading, used);
  return TRUE;
}
