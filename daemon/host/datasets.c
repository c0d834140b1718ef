/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One declaration a dataset from all plugins that read it.
 *
 * Plugins that read the same dataset agree on its key, and on type and necessity of every column that both
 * name, and on what both restrict; the declaration has the key and all other columns, in order of calling,
 * and all restrictions. The core's own datasets have the columns that they have: plugins see some of them. At
 * start, one thread.
 */
#include "plugin.h"

#include <string.h>

#include "error.h"

static const DdColumn *
column_at (const DdDatasetDeclaration *declaration, guint index)
{
  return &g_array_index (declaration->columns, DdColumn, index);
}

static guint
count_keys (const DdDatasetDeclaration *declaration)
{
  guint n_keys = 0;

  while (n_keys < declaration->columns->len && column_at (declaration, n_keys)->key)
    n_keys++;
  return n_keys;
}

static DdDatasetDeclaration *
find_declaration (const GPtrArray *merged, const char *name)
{
  for (guint i = 0; i < merged->len; i++)
    {
      DdDatasetDeclaration *declaration = merged->pdata[i];

      if (strcmp (declaration->name, name) == 0)
        return declaration;
    }
  return NULL;
}

static char *
list_keys (const DdDatasetDeclaration *declaration)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < count_keys (declaration); i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", column_at (declaration, i)->name);
  return g_string_free (list, FALSE);
}

/* One that names none takes what the other takes. */
static gboolean
same_values (const DdColumn *a, const DdColumn *b)
{
  return a->values == NULL || b->values == NULL ||
         g_strv_equal ((const char *const *)a->values, (const char *const *)b->values);
}

static gboolean
same_bounds (const DdColumn *a, const DdColumn *b)
{
  return (!a->has_min || !b->has_min || a->min == b->min) &&
         (!a->has_max || !b->has_max || a->max == b->max) &&
         (a->empty == NULL || b->empty == NULL || strcmp (a->empty, b->empty) == 0);
}

static gboolean
same_rules (const DdDatasetDeclaration *a, const DdDatasetDeclaration *b)
{
  if (a->valid_from != NULL && b->valid_from != NULL &&
      (strcmp (a->valid_from, b->valid_from) != 0 || strcmp (a->valid_to, b->valid_to) != 0))
    return FALSE;
  for (guint i = 0; i < DD_N_DATASET_RULES; i++)
    if (a->rules[i] != NULL && b->rules[i] != NULL &&
        !g_strv_equal ((const char *const *)a->rules[i], (const char *const *)b->rules[i]))
      return FALSE;
  return a->unique == NULL || b->unique == NULL ||
         (g_strv_equal ((const char *const *)a->unique, (const char *const *)b->unique) &&
          g_strcmp0 (a->priority, b->priority) == 0);
}

static gboolean
check_agrees (const DdDatasetDeclaration *own, const DdDatasetDeclaration *merged, GError **error)
{
  guint n_keys = count_keys (merged);

  if (count_keys (own) != n_keys)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "dataset %s has %u key columns for another plugin, %u here", own->name, n_keys,
                    count_keys (own));
  for (guint i = 0; i < own->columns->len; i++)
    {
      const DdColumn *column = column_at (own, i);
      int place = dd_dataset_declaration_find (merged, column->name);

      if ((place < 0 && i < n_keys) || (place >= 0 && i < n_keys && place != (int)i))
        return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                        "dataset %s: key column %u is %s for another plugin, %s here", own->name, i + 1,
                        column_at (merged, i)->name, column->name);
      if (place < 0)
        continue;

      const DdColumn *other = column_at (merged, (guint)place);

      if (other->type != column->type || other->key != column->key || other->optional != column->optional ||
          !same_values (other, column) || !same_bounds (other, column))
        return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                        "dataset %s: another plugin declares column %s with another type or necessity",
                        own->name, column->name);
    }
  if (!same_rules (own, merged))
    return dd_fail (
      error, DD_ERROR_PLUGIN_REFUSED,
      "dataset %s: another plugin declares it with another Validity=, Unique=, Priority=, Tiers=, Years= or "
      "Agree=",
      own->name);
  return TRUE;
}

/* What @other restricts and @column doesn't. */
static void
add_restrictions (DdColumn *column, const DdColumn *other)
{
  if (column->values == NULL)
    column->values = g_strdupv (other->values);
  if (other->has_min)
    column->min = other->min;
  if (other->has_max)
    column->max = other->max;
  if (column->empty == NULL && other->empty != NULL)
    {
      column->empty = g_strdup (other->empty);
      column->empty_number = other->empty_number;
    }
  column->has_min |= other->has_min;
  column->has_max |= other->has_max;
}

/* Its columns are in @merged. */
static void
add_rules (DdDatasetDeclaration *merged, const DdDatasetDeclaration *own)
{
  if (own->valid_from != NULL)
    dd_dataset_declaration_set_validity (merged, own->valid_from, own->valid_to, NULL);
  if (own->unique != NULL)
    dd_dataset_declaration_set_unique (merged, (const char *const *)own->unique, own->priority, NULL);
  for (guint i = 0; i < DD_N_DATASET_RULES; i++)
    if (own->rules[i] != NULL)
      dd_dataset_declaration_set_rule (merged, i, (const char *const *)own->rules[i], NULL);
}

static void
add_columns (DdDatasetDeclaration *merged, const DdDatasetDeclaration *own)
{
  for (guint i = 0; i < own->columns->len; i++)
    {
      const DdColumn *column = column_at (own, i);
      int place = dd_dataset_declaration_find (merged, column->name);

      if (place < 0)
        dd_dataset_declaration_copy_column (merged, column);
      else
        add_restrictions (&g_array_index (merged->columns, DdColumn, place), column);
    }
  add_rules (merged, own);
}

static void
make_view (DdDatasetView *view, const DdDatasetDeclaration *own, const DdDatasetDeclaration *merged)
{
  gboolean same = own->columns->len == merged->columns->len;

  view->declaration = merged;
  view->n_columns = own->columns->len;
  view->columns = g_new (guint, own->columns->len);
  for (guint i = 0; i < own->columns->len; i++)
    {
      view->columns[i] = (guint)dd_dataset_declaration_find (merged, column_at (own, i)->name);
      same = same && view->columns[i] == i;
    }
  if (same)
    g_clear_pointer (&view->columns, g_free);
}

static gboolean
check_has_all (const DdDatasetDeclaration *own, const DdDatasetDeclaration *core, GError **error)
{
  for (guint i = 0; i < own->columns->len; i++)
    if (dd_dataset_declaration_find (core, column_at (own, i)->name) < 0)
      return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "dataset %s is dealdesk's own, and has no column %s",
                      own->name, column_at (own, i)->name);
  return TRUE;
}

/* What is wrong is told in terms of what the author may do about it. */
static gboolean
check_own (const DdDatasetDeclaration *own, const DdDatasetDeclaration *core, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *keys = NULL;

  if (check_agrees (own, core, &reason))
    return check_has_all (own, core, error);
  keys = list_keys (core);
  return dd_fail (
    error, DD_ERROR_PLUGIN_REFUSED,
    "dataset %s is dealdesk's own, with key %s; a plugin that reads it lists this key, and of its "
    "other columns those that it needs, each as `dealctl dataset list` shows it; a dataset of the "
    "plugin's own needs another name",
    own->name, keys);
}

gboolean
dd_datasets_check (const GPtrArray *datasets, const GPtrArray *own, GError **error)
{
  for (guint i = 0; i < datasets->len; i++)
    {
      const DdDatasetDeclaration *declaration = datasets->pdata[i];
      const DdDatasetDeclaration *known = find_declaration (own, declaration->name);

      if (known != NULL && !check_own (declaration, known, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_datasets (const GPtrArray *merged, const GPtrArray *core, const DdPlugin *plugin, GError **error)
{
  const GPtrArray *datasets = plugin->manifest->datasets;

  if (!dd_datasets_check (datasets, core, error))
    return FALSE;
  for (guint i = 0; i < datasets->len; i++)
    {
      const DdDatasetDeclaration *own = datasets->pdata[i];
      const DdDatasetDeclaration *known = find_declaration (merged, own->name);

      if (known != NULL && !check_agrees (own, known, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
merge_plugin (GPtrArray *merged, const GPtrArray *core, const DdPlugin *plugin, GError **error)
{
  const GPtrArray *datasets = plugin->manifest->datasets;

  if (!check_datasets (merged, core, plugin, error))
    return FALSE;
  for (guint i = 0; i < datasets->len; i++)
    {
      const DdDatasetDeclaration *own = datasets->pdata[i];
      DdDatasetDeclaration *known = find_declaration (merged, own->name);

      if (find_declaration (core, own->name) != NULL)
        continue;
      if (known == NULL)
        {
          known = dd_dataset_declaration_new (own->name);
          g_ptr_array_add (merged, known);
        }
      add_columns (known, own);
    }
  return TRUE;
}

static void
declaration_free (gpointer data)
{
  dd_dataset_declaration_free (data);
}

static void
make_views (DdPlugin *plugin, const GPtrArray *merged, const GPtrArray *core)
{
  const GPtrArray *datasets = plugin->manifest->datasets;

  plugin->views = g_new0 (DdDatasetView, datasets->len + 1);
  for (guint i = 0; i < datasets->len; i++)
    {
      const DdDatasetDeclaration *own = datasets->pdata[i];
      const DdDatasetDeclaration *of_core = find_declaration (core, own->name);

      make_view (&plugin->views[i], own, of_core != NULL ? of_core : find_declaration (merged, own->name));
    }
}

GPtrArray *
dd_plugins_merge_datasets (GPtrArray *plugins, const GPtrArray *own)
{
  GPtrArray *merged = g_ptr_array_new_with_free_func (declaration_free);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  const GPtrArray *core = own != NULL ? own : none;

  for (guint i = 0; i < plugins->len; i++)
    {
      DdPlugin *plugin = plugins->pdata[i];
      g_autoptr (GError) error = NULL;

      if (plugin->state != DD_PLUGIN_REFUSED && !merge_plugin (merged, core, plugin, &error))
        dd_plugin_refuse (plugin, error->message);
    }

  /* Views last: a later plugin may have added columns. */
  for (guint i = 0; i < plugins->len; i++)
    {
      DdPlugin *plugin = plugins->pdata[i];

      if (plugin->state != DD_PLUGIN_REFUSED)
        make_views (plugin, merged, core);
    }
  return merged;
}
