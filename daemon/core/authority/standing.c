/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Approvals that were given (see standing.h). Any thread.
 */
#include "authority/standing.h"

#include "deal/record.h"
#include "text-hash.h"

/* What isn't one value: a proposal may give a parameter twice. */
static const DdMeasure ambiguous = { .name = "" };

static DdStanding *
standing_alloc (void)
{
  DdStanding *standing = g_new0 (DdStanding, 1);

  standing->governed = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_governed_free);
  return standing;
}

DdStanding *
dd_standing_new (const DdRequirement *requirement, guint revision, const char *person, gint64 time)
{
  DdStanding *standing = standing_alloc ();

  standing->revision = revision;
  standing->person = g_strdup (person);
  standing->plugin = g_strdup (requirement->plugin);
  standing->measure = g_strdup (requirement->measure);
  standing->subject = g_strdup (requirement->subject);
  standing->time = time;
  for (guint i = 0; i < requirement->governed->len; i++)
    g_ptr_array_add (standing->governed, dd_governed_copy (g_ptr_array_index (requirement->governed, i)));
  return standing;
}

void
dd_standing_free (DdStanding *standing)
{
  if (standing == NULL)
    return;
  g_free (standing->person);
  g_free (standing->plugin);
  g_free (standing->measure);
  g_free (standing->subject);
  g_ptr_array_unref (standing->governed);
  g_free (standing);
}

void
dd_standing_write (const DdStanding *standing, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_governed_write_all (standing->governed, writer);
  dd_json_put_string (writer, "measure", standing->measure);
  dd_json_put_string (writer, "person", standing->person);
  dd_json_put_string (writer, "plugin", standing->plugin);
  dd_json_put_int64 (writer, "revision", standing->revision);
  dd_json_put_string (writer, "subject", standing->subject);
  dd_record_put_number (writer, "time", standing->time);
  dd_json_write_end_object (writer);
}

DdStanding *
dd_standing_read (const DdJsonNode *node, GError **error)
{
  DdStanding *standing = standing_alloc ();

  standing->revision = (guint)dd_record_number (node, "revision");
  standing->person = dd_record_text (node, "person");
  standing->plugin = dd_record_text (node, "plugin");
  standing->measure = dd_record_text (node, "measure");
  standing->subject = dd_record_text (node, "subject");
  standing->time = dd_record_number (node, "time");
  if (standing->revision > 0 && standing->person != NULL && standing->measure != NULL &&
      dd_governed_read_all (node, standing->governed))
    return standing;
  dd_standing_free (standing);
  dd_fail (error, DD_ERROR_STORE_DAMAGED,
           "a recorded approval lacks its revision, person, measure or what it governs");
  return NULL;
}

/* --- dimensions --- */

static guint
dimension_hash (gconstpointer data)
{
  const DdMeasure *measure = data;

  return dd_text_hash (measure->name) ^
         (measure->subject != NULL ? dd_text_hash (measure->subject) * 31 : 0) ^
         dd_text_hash (measure->currency.code);
}

static gboolean
dimension_equal (gconstpointer a, gconstpointer b)
{
  const DdMeasure *first = a;
  const DdMeasure *second = b;

  return g_str_equal (first->name, second->name) && g_strcmp0 (first->subject, second->subject) == 0 &&
         dd_currency_equal (first->currency, second->currency);
}

/* Its name alone, which borrows its texts. */
static DdMeasure
dimension_of (const DdGoverned *governed)
{
  return (
    DdMeasure){ .name = governed->measure, .subject = governed->subject, .currency = governed->currency };
}

GHashTable *
dd_standing_index (const GArray *measures)
{
  GHashTable *index = g_hash_table_new (dimension_hash, dimension_equal);

  for (guint i = 0; i < measures->len; i++)
    {
      const DdMeasure *measure = &g_array_index (measures, DdMeasure, i);
      gboolean twice = g_hash_table_contains (index, measure);

      g_hash_table_insert (index, (gpointer)measure, (gpointer)(twice ? &ambiguous : measure));
    }
  return index;
}

/* The dimensions of some governed, for looking them up; it borrows their texts. */
typedef struct
{
  GHashTable *set;
  DdMeasure *dimensions;
} Dimensions;

static Dimensions
dimensions_take (const GPtrArray *governed)
{
  Dimensions taken = { g_hash_table_new (dimension_hash, dimension_equal), g_new (DdMeasure, governed->len) };

  for (guint i = 0; i < governed->len; i++)
    {
      taken.dimensions[i] = dimension_of (g_ptr_array_index (governed, i));
      g_hash_table_add (taken.set, &taken.dimensions[i]);
    }
  return taken;
}

static void
dimensions_clear (Dimensions *taken)
{
  g_hash_table_unref (taken->set);
  g_free (taken->dimensions);
}

/* The first of @wanted, by its index, that is in @all, or isn't: its length when there is none such. */
static guint
find_first (const GPtrArray *all, const GPtrArray *wanted, gboolean is_in)
{
  Dimensions known = dimensions_take (all);
  guint n = 0;

  for (; n < wanted->len; n++)
    {
      const DdMeasure dimension = dimension_of (g_ptr_array_index (wanted, n));

      if (g_hash_table_contains (known.set, &dimension) == is_in)
        break;
    }
  dimensions_clear (&known);
  return n;
}

static gboolean
is_of_the_same (const DdStanding *a, const DdStanding *b)
{
  return g_strcmp0 (a->person, b->person) == 0 && g_strcmp0 (a->plugin, b->plugin) == 0 &&
         g_strcmp0 (a->measure, b->measure) == 0;
}

gboolean
dd_standing_replaces (const DdStanding *later, const DdStanding *earlier)
{
  return is_of_the_same (later, earlier) &&
         find_first (later->governed, earlier->governed, FALSE) == earlier->governed->len;
}

gboolean
dd_standing_ends (const DdStanding *refused, const DdStanding *earlier)
{
  return is_of_the_same (refused, earlier) &&
         (refused->governed->len == 0 ||
          find_first (earlier->governed, refused->governed, TRUE) < refused->governed->len);
}

gboolean
dd_standing_concerns (const DdStanding *standing, const DdRequirement *requirement)
{
  return g_strcmp0 (standing->plugin, requirement->plugin) == 0 &&
         g_strcmp0 (standing->measure, requirement->measure) == 0 &&
         (requirement->governed->len == 0 ||
          find_first (standing->governed, requirement->governed, TRUE) < requirement->governed->len);
}

/* --- what it covers --- */

static char *
name_of (const DdGoverned *governed)
{
  return governed->subject != NULL ? g_strconcat (governed->measure, " of ", governed->subject, NULL)
                                   : g_strdup (governed->measure);
}

static char *
describe (const DdGoverned *governed, const DdMeasure *now)
{
  g_autofree char *name = name_of (governed);
  g_autofree char *then = dd_governed_format (governed);
  g_autofree char *value = now != NULL && now != &ambiguous ? dd_measure_format (now) : NULL;

  if (now == &ambiguous)
    return g_strdup_printf ("%s is there more than once now", name);
  if (governed->text != NULL && now != NULL && now->text != NULL)
    return g_strdup_printf ("%s changed", name);
  if (now == NULL)
    return g_strdup_printf ("%s was %s, and isn't there any more", name, then);
  return g_strdup_printf ("%s was %s, and is %s now", name, then, value);
}

char *
dd_standing_worse (const DdStanding *standing, const DdRequirement *requirement, GHashTable *index)
{
  guint missing;

  if (standing->governed->len == 0 || requirement->governed->len == 0)
    return g_strdup ("what it was for isn't recorded");
  for (guint i = 0; i < standing->governed->len; i++)
    {
      const DdGoverned *governed = g_ptr_array_index (standing->governed, i);
      const DdMeasure dimension = dimension_of (governed);
      const DdMeasure *now = g_hash_table_lookup (index, &dimension);

      if (now == &ambiguous || !dd_governed_covers (governed, now))
        return describe (governed, now);
    }
  missing = find_first (standing->governed, requirement->governed, FALSE);
  if (missing < requirement->governed->len)
    {
      g_autofree char *name = name_of (g_ptr_array_index (requirement->governed, missing));

      return g_strdup_printf ("%s was no part of it", name);
    }
  return NULL;
}
