/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reads a description (see waterfall.h). Pure; any thread.
 */
#include "waterfall.h"

static void
clear_charge (gpointer data)
{
  DdWaterfallCharge *charge = data;

  g_array_unref (charge->steps);
}

void
dd_waterfall_free (DdWaterfall *waterfall)
{
  if (waterfall == NULL)
    return;
  g_clear_pointer (&waterfall->charges, g_array_unref);
  g_clear_pointer (&waterfall->json, dd_json_unref);
  g_free (waterfall);
}

static gboolean
read_headings (const DdJsonNode *root, DdWaterfall *waterfall, GError **error)
{
  const DdJsonNode *headings = NULL;
  guint i = 0;

  if (!dd_json_get_array (root, "headings", TRUE, &headings, error))
    return FALSE;
  if (dd_json_length (headings) != DD_WATERFALL_N_TEXTS)
    return dd_json_complain (headings, error, "there should be %d", DD_WATERFALL_N_TEXTS);
  for (const DdJsonNode *each = dd_json_first (headings); each != NULL; each = dd_json_next (each))
    {
      if (dd_json_type (each) != DD_JSON_STRING)
        return dd_json_complain (each, error, "should be a text");
      waterfall->headings[i++] = dd_json_text (each);
    }
  return TRUE;
}

static gboolean
read_step (const DdJsonNode *node, gint64 width, DdWaterfallStep *step, GError **error)
{
  static const char *const known[] = { "after", "effect", "falls", "first", "label", "length", NULL };

  if (!dd_json_only_members (node, known, error) ||
      !dd_json_get_text (node, "label", TRUE, &step->texts[DD_WATERFALL_LABEL], error) ||
      !dd_json_get_text (node, "effect", TRUE, &step->texts[DD_WATERFALL_EFFECT], error) ||
      !dd_json_get_text (node, "after", TRUE, &step->texts[DD_WATERFALL_AFTER], error) ||
      !dd_json_get_boolean (node, "falls", TRUE, &step->falls, error) ||
      !dd_json_get_int64 (node, "first", TRUE, 0, width, &step->first, error))
    return FALSE;
  return dd_json_get_int64 (node, "length", TRUE, 0, width - step->first, &step->length, error);
}

static gboolean
read_charge (const DdJsonNode *node, DdWaterfall *waterfall, GError **error)
{
  static const char *const known[] = { "steps", "summary", "title", NULL };
  DdWaterfallCharge charge = { 0 };
  const DdJsonNode *steps = NULL;

  if (!dd_json_only_members (node, known, error) ||
      !dd_json_get_text (node, "title", TRUE, &charge.title, error) ||
      !dd_json_get_text (node, "summary", TRUE, &charge.summary, error) ||
      !dd_json_get_array (node, "steps", TRUE, &steps, error))
    return FALSE;
  waterfall->n_rows += dd_json_length (steps) + 2;
  if (waterfall->n_rows > DD_WATERFALL_MAX_ROWS)
    return dd_fail (error, DD_ERROR_TOO_LARGE, "the picture would have more than %d rows; name a line",
                    DD_WATERFALL_MAX_ROWS);
  charge.steps = g_array_new (FALSE, FALSE, sizeof (DdWaterfallStep));
  /* From here on it is freed with the rest. */
  g_array_append_val (waterfall->charges, charge);
  for (const DdJsonNode *each = dd_json_first (steps); each != NULL; each = dd_json_next (each))
    {
      DdWaterfallStep step = { 0 };

      if (!read_step (each, waterfall->width, &step, error))
        return FALSE;
      g_array_append_val (charge.steps, step);
    }
  return TRUE;
}

DdWaterfall *
dd_waterfall_read (const char *text, gsize length, GError **error)
{
  static const char *const known[] = { "charges", "headings", "title", "width", NULL };
  g_autoptr (DdWaterfall) waterfall = g_new0 (DdWaterfall, 1);
  const DdJsonNode *charges = NULL;
  const DdJsonNode *root;

  waterfall->charges = g_array_new (FALSE, FALSE, sizeof (DdWaterfallCharge));
  g_array_set_clear_func (waterfall->charges, clear_charge);
  waterfall->json = dd_json_parse (text, length, NULL, error);
  if (waterfall->json == NULL)
    return NULL;
  root = dd_json_root (waterfall->json);
  if (!dd_json_only_members (root, known, error) ||
      !dd_json_get_text (root, "title", TRUE, &waterfall->title, error) ||
      !dd_json_get_int64 (root, "width", TRUE, 1, DD_WATERFALL_MAX_WIDTH, &waterfall->width, error) ||
      !read_headings (root, waterfall, error) || !dd_json_get_array (root, "charges", TRUE, &charges, error))
    return NULL;
  for (const DdJsonNode *each = dd_json_first (charges); each != NULL; each = dd_json_next (each))
    if (!read_charge (each, waterfall, error))
      return NULL;
  return g_steal_pointer (&waterfall);
}
