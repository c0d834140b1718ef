/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Mapping offerings (see offerings.h). From a job.
 */
#include "offerings.h"

#include "text-hash.h"
#include "text/distance.h"

#define ALIAS_OFFERING 1

/* A request of a thousand unknown offerings tells that with the first of them. */
#define MAX_REMARKS 20

/* Each is compared with the whole catalogue. */
#define MAX_SUGGESTIONS 3

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

/* "; did you mean …?", or "": by what the catalogue calls its offerings, and by their names. (transfer full)
 */
static char *
suggest (const DdDataset *offerings, const char *unknown)
{
  g_auto (DdNearest) nearest = { 0 };

  dd_nearest_init (&nearest, unknown);
  for (guint i = 0; i < dd_dataset_n_rows (offerings); i++)
    {
      const DdCell *row = dd_dataset_row (offerings, i);

      dd_nearest_offer (&nearest, row[DD_OFFERING_ID].text, row[DD_OFFERING_ID].text);
      dd_nearest_offer (&nearest, row[DD_OFFERING_NAME].text, row[DD_OFFERING_ID].text);
    }
  return dd_nearest_question (&nearest);
}

static const char *
asked_of (const DdLine *line)
{
  return line->asked_offering != NULL ? line->asked_offering : line->offering;
}

static gboolean
fail_unmapped (const DdDataset *offerings, const DdLine *line, GHashTable *map, GError **error)
{
  const char *asked = asked_of (line);
  const char *mapped = map != NULL && asked != NULL ? g_hash_table_lookup (map, asked) : NULL;
  g_autofree char *question = NULL;

  if (asked == NULL)
    return dd_fail (error, DD_ERROR_UNMAPPED, "line %s names no offering; give it one in the proposal",
                    line->id);
  question = suggest (offerings, mapped != NULL ? mapped : asked);
  if (mapped != NULL)
    return dd_fail (
      error, DD_ERROR_UNMAPPED,
      "line %s: “%s” is mapped to “%s”, which the catalogue doesn't know%s%s give --map %s=OFFERING "
      "an offering of ours",
      line->id, asked, mapped, question, question[0] != '\0' ? "" : ";", asked);
  return dd_fail (
    error, DD_ERROR_UNMAPPED,
    "line %s: the catalogue knows no offering “%s”%s%s map it with --map %s=OFFERING, or import "
    "it into the dataset aliases",
    line->id, asked, question, question[0] != '\0' ? " If not," : ";", asked);
}

static gboolean
check_valid (const DdLine *line, const DdCell *row, gint32 date, GError **error)
{
  if ((row[DD_OFFERING_VALID_FROM].number == G_MININT64 || row[DD_OFFERING_VALID_FROM].number <= date) &&
      (row[DD_OFFERING_VALID_TO].number == G_MININT64 || date <= row[DD_OFFERING_VALID_TO].number))
    return TRUE;
  return dd_fail (error, DD_ERROR_UNPRICED,
                  "line %s: offering “%s” is sold from “%s” to “%s”, which doesn't cover the day of pricing",
                  line->id, row[DD_OFFERING_ID].text, row[DD_OFFERING_VALID_FROM].text,
                  row[DD_OFFERING_VALID_TO].text);
}

static void
set_offering (DdLine *line, const DdCell *row)
{
  if (line->offering != NULL && !g_str_equal (line->offering, row[DD_OFFERING_ID].text) &&
      line->asked_offering == NULL)
    line->asked_offering = g_steal_pointer (&line->offering);
  g_free (line->offering);
  line->offering = g_strdup (row[DD_OFFERING_ID].text);
  if (line->name == NULL)
    line->name = g_strdup (row[DD_OFFERING_NAME].text);
}

/* What lines ask for, by their words and by ours: a set, since map and proposal may both be long. Its texts
 * are the proposal's. (transfer full) */
static GHashTable *
collect_asked (const DdProposal *proposal)
{
  GHashTable *asked = g_hash_table_new (dd_text_hash, g_str_equal);

  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const DdLine *line = g_ptr_array_index (proposal->lines, i);

      if (line->asked_offering != NULL)
        g_hash_table_add (asked, line->asked_offering);
      if (line->offering != NULL)
        g_hash_table_add (asked, line->offering);
    }
  return asked;
}

/* "; did you mean …?", or "": by what the lines ask for. (transfer full) */
static char *
suggest_asked (const DdProposal *proposal, const char *unknown)
{
  g_auto (DdNearest) nearest = { 0 };

  dd_nearest_init (&nearest, unknown);
  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const char *asked = asked_of (g_ptr_array_index (proposal->lines, i));

      if (asked != NULL)
        dd_nearest_offer (&nearest, asked, asked);
    }
  return dd_nearest_question (&nearest);
}

/* Each id that @map (nullable) maps must be asked for by a line. */
static gboolean
check_map (GHashTable *map, const DdProposal *proposal, GError **error)
{
  g_autoptr (GHashTable) lines = NULL;
  GHashTableIter iter;
  gpointer asked, ours;

  if (map == NULL)
    return TRUE;
  lines = collect_asked (proposal);
  g_hash_table_iter_init (&iter, map);
  while (g_hash_table_iter_next (&iter, &asked, &ours))
    {
      g_autofree char *question = NULL;

      if (g_hash_table_contains (lines, asked))
        continue;
      if (ours != NULL && g_hash_table_contains (lines, ours))
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "--map %s=%s is the wrong way round: what a line asks for comes first: --map %s=%s",
                        (const char *)asked, (const char *)ours, (const char *)ours, (const char *)asked);
      question = suggest_asked (proposal, asked);
      return dd_fail (
        error, DD_ERROR_INVALID_ARGUMENT,
        "--map %s=%s: no line asks for “%s”%s%s write ASKED=OFFERING: what a line asks for, and what "
        "the catalogue calls it",
        (const char *)asked, (const char *)ours, (const char *)asked, question,
        question[0] != '\0' ? " Else" : ";");
    }
  return TRUE;
}

gboolean
dd_offerings_map (const DdPins *pins, GHashTable *map, gint32 date, DdProposal *proposal, GError **error)
{
  const DdDataset *offerings = dd_pins_get (pins, "offerings");

  if (dd_dataset_version (offerings) == 0)
    return dd_fail (error, DD_ERROR_UNPRICED,
                    "the dataset offerings is empty; import it with “dealctl import offerings FILE.csv”");
  if (!check_map (map, proposal, error))
    return FALSE;
  for (guint i = 0; i < proposal->lines->len; i++)
    {
      DdLine *line = g_ptr_array_index (proposal->lines, i);
      const DdCell *row = map_line (pins, offerings, map, line);
      if (row == NULL)
        return fail_unmapped (offerings, line, map, error);
      if (!check_valid (line, row, date, error))
        return FALSE;
      set_offering (line, row);
    }
  return TRUE;
}

void
dd_offerings_remark (const DdPins *pins, GHashTable *map, const DdProposal *proposal, GPtrArray *remarks)
{
  const DdDataset *offerings = dd_pins_get (pins, "offerings");
  g_autoptr (GHashTable) seen = g_hash_table_new (dd_text_hash, g_str_equal);

  if (dd_dataset_version (offerings) == 0)
    return;
  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const DdLine *line = g_ptr_array_index (proposal->lines, i);
      const char *asked = asked_of (line);
      g_autofree char *question = NULL;

      if (asked == NULL || map_line (pins, offerings, map, line) != NULL ||
          !g_hash_table_add (seen, (gpointer)asked))
        continue;
      if (g_hash_table_size (seen) > MAX_REMARKS)
        {
          g_ptr_array_add (remarks,
                           g_strdup ("the catalogue doesn't know other offerings of the request either"));
          return;
        }
      question = g_hash_table_size (seen) <= MAX_SUGGESTIONS ? suggest (offerings, asked) : g_strdup ("");
      g_ptr_array_add (remarks, g_strdup_printf ("line %s: the catalogue knows no offering “%s”%s", line->id,
                                                 asked, question));
    }
}
