/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Mapping offerings (see offerings.h). From a job.
 */
#include "offerings.h"

enum
{
  OFFERING_ID,
  OFFERING_NAME,
  OFFERING_CATEGORY,
  OFFERING_UNIT,
  OFFERING_VALID_FROM,
  OFFERING_VALID_TO
};

#define ALIAS_OFFERING 1

/* (nullable): the catalogue's row for @id. */
static const DdCell *
find_offering (const DdDataset *offerings, const char *id)
{
  guint first = 0;

  return id != NULL && dd_dataset_find (offerings, id, &first) > 0 ? dd_dataset_row (offerings, first) : NULL;
}

static const DdCell *
map_line (const DdPins *pins, const DdDataset *offerings, GHashTable *map, const DdLine *line)
{
  const char *known = line->offering != NULL ? line->offering : line->asked_offering;
  const DdCell *row = NULL;

  if (map != NULL && line->asked_offering != NULL && g_hash_table_contains (map, line->asked_offering))
    return find_offering (offerings, g_hash_table_lookup (map, line->asked_offering));
  if (map != NULL && known != NULL && g_hash_table_contains (map, known))
    return find_offering (offerings, g_hash_table_lookup (map, known));
  row = find_offering (offerings, known);
  return row != NULL ? row : find_offering (offerings, dd_pins_text (pins, "aliases", known, ALIAS_OFFERING));
}

static gboolean
fail_unmapped (const DdLine *line, GHashTable *map, GError **error)
{
  const char *asked = line->asked_offering != NULL ? line->asked_offering : line->offering;
  const char *mapped = map != NULL && asked != NULL ? g_hash_table_lookup (map, asked) : NULL;

  if (asked == NULL)
    return dd_fail (error, DD_ERROR_UNMAPPED, "line %s names no offering; give it one in the proposal",
                    line->id);
  if (mapped != NULL)
    return dd_fail (error, DD_ERROR_UNMAPPED,
                    "line %s: “%s” is mapped to “%s”, which the catalogue doesn't know", line->id, asked,
                    mapped);
  return dd_fail (error, DD_ERROR_UNMAPPED,
                  "line %s: the catalogue knows no offering “%s”; map it with --map %s=OFFERING, or import "
                  "it into the dataset aliases",
                  line->id, asked, asked);
}

static gboolean
check_valid (const DdLine *line, const DdCell *row, gint32 date, GError **error)
{
  if ((row[OFFERING_VALID_FROM].number == G_MININT64 || row[OFFERING_VALID_FROM].number <= date) &&
      (row[OFFERING_VALID_TO].number == G_MININT64 || date < row[OFFERING_VALID_TO].number))
    return TRUE;
  return dd_fail (error, DD_ERROR_UNPRICED,
                  "line %s: offering “%s” is sold from “%s” to “%s”, which doesn't cover the day of pricing",
                  line->id, row[OFFERING_ID].text, row[OFFERING_VALID_FROM].text,
                  row[OFFERING_VALID_TO].text);
}

static void
set_offering (DdLine *line, const DdCell *row)
{
  if (line->offering != NULL && !g_str_equal (line->offering, row[OFFERING_ID].text) &&
      line->asked_offering == NULL)
    line->asked_offering = g_steal_pointer (&line->offering);
  g_free (line->offering);
  line->offering = g_strdup (row[OFFERING_ID].text);
  if (line->name == NULL)
    line->name = g_strdup (row[OFFERING_NAME].text);
}

gboolean
dd_offerings_map (const DdPins *pins, GHashTable *map, gint32 date, DdProposal *proposal, GError **error)
{
  const DdDataset *offerings = dd_pins_get (pins, "offerings");

  if (dd_dataset_version (offerings) == 0)
    return dd_fail (error, DD_ERROR_UNPRICED,
                    "the dataset offerings is empty; import it with “dealctl import offerings FILE.csv”");
  for (guint i = 0; i < proposal->lines->len; i++)
    {
      DdLine *line = g_ptr_array_index (proposal->lines, i);
      const DdCell *row = map_line (pins, offerings, map, line);
      if (row == NULL)
        return fail_unmapped (line, map, error);
      if (!check_valid (line, row, date, error))
        return FALSE;
      set_offering (line, row);
    }
  return TRUE;
}
