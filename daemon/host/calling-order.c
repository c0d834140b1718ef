/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The order in which plugins are called: a topological sort of stages, After and Before; ties by id, so that
 * the same files always give the same order. Members of a cycle are refused, naming it; the rest runs. At
 * start, one thread.
 */
#include "plugin.h"

#include <string.h>

/* edges[a * n + b]: a comes before b */
typedef struct
{
  guint n;
  DdPlugin **plugins; /* those that aren't refused, by id */
  guint8 *edges;
  guint8 *placed;
} Graph;

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  const DdPlugin *first = *(DdPlugin *const *)a;
  const DdPlugin *second = *(DdPlugin *const *)b;

  return strcmp (first->id, second->id);
}

static gboolean
names (char **ids, const DdPlugin *plugin)
{
  return g_strv_contains ((const char *const *)ids, plugin->id);
}

static GPtrArray *
take_usable (const GPtrArray *plugins)
{
  GPtrArray *usable = g_ptr_array_new ();

  for (guint i = 0; i < plugins->len; i++)
    if (((const DdPlugin *)plugins->pdata[i])->state != DD_PLUGIN_REFUSED)
      g_ptr_array_add (usable, plugins->pdata[i]);
  g_ptr_array_sort (usable, compare_ids);
  return usable;
}

/* The one that names the conflict gives way; when both do, the later id. */
static void
refuse_conflicts (const GPtrArray *usable)
{
  for (guint i = 0; i < usable->len; i++)
    for (guint j = 0; j < usable->len; j++)
      {
        DdPlugin *plugin = usable->pdata[i];
        const DdPlugin *other = usable->pdata[j];

        if (i == j || plugin->state == DD_PLUGIN_REFUSED || other->state == DD_PLUGIN_REFUSED ||
            !names (plugin->manifest->conflicts, other) ||
            (i < j && names (other->manifest->conflicts, plugin)))
          continue;

        g_autofree char *reason = g_strdup_printf ("it conflicts with %s, which is there", other->id);

        dd_plugin_refuse (plugin, reason);
      }
}

static gboolean
comes_before (const DdPlugin *a, const DdPlugin *b)
{
  if (names (a->manifest->before, b) || names (b->manifest->after, a))
    return TRUE;
  return a->manifest->stage >= 0 && b->manifest->stage >= 0 && a->manifest->stage < b->manifest->stage;
}

static gboolean
has_open_predecessor (const Graph *graph, guint node, guint *out_predecessor)
{
  for (guint i = 0; i < graph->n; i++)
    if (!graph->placed[i] && graph->edges[i * graph->n + node])
      {
        *out_predecessor = i;
        return TRUE;
      }
  return FALSE;
}

/* Every open node has an open predecessor: walking back must meet a node again. */
static void
refuse_cycle (Graph *graph, guint start)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree guint8 *seen = g_new0 (guint8, graph->n);
  guint node = start;
  guint previous = 0;

  while (!seen[node] && has_open_predecessor (graph, node, &previous))
    {
      seen[node] = TRUE;
      node = previous;
    }

  /* node is on the cycle: name it from there on, in the order of calling */
  guint first = node;

  g_string_append (text, graph->plugins[first]->id);
  do
    {
      has_open_predecessor (graph, node, &previous);
      node = previous;

      g_autofree char *step = g_strdup_printf ("%s before ", graph->plugins[node]->id);

      g_string_prepend (text, step);
    }
  while (node != first);

  g_autofree char *reason = g_strdup_printf ("the order has a cycle: %s", text->str);

  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (guint));

  do
    {
      g_array_append_val (members, node);
      has_open_predecessor (graph, node, &previous);
      node = previous;
    }
  while (node != first);
  for (guint i = 0; i < members->len; i++)
    {
      guint member = g_array_index (members, guint, i);

      dd_plugin_refuse (graph->plugins[member], reason);
      graph->placed[member] = TRUE;
    }
}

static void
sort_graph (Graph *graph, GPtrArray *sorted)
{
  for (guint n_placed = 0; n_placed < graph->n;)
    {
      gboolean found = FALSE;
      guint open = graph->n;

      for (guint i = 0; i < graph->n && !found; i++)
        {
          guint predecessor;

          if (graph->placed[i])
            continue;
          open = i;
          if (has_open_predecessor (graph, i, &predecessor))
            continue;
          found = TRUE;
          graph->placed[i] = TRUE;
          g_ptr_array_add (sorted, graph->plugins[i]);
        }
      if (!found)
        refuse_cycle (graph, open);

      n_placed = 0;
      for (guint i = 0; i < graph->n; i++)
        n_placed += graph->placed[i];
    }
}

void
dd_plugins_order (GPtrArray *plugins)
{
  g_autoptr (GPtrArray) all = take_usable (plugins);

  refuse_conflicts (all);

  g_autoptr (GPtrArray) usable = take_usable (plugins);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  g_autofree guint8 *edges = g_new0 (guint8, usable->len * usable->len + 1);
  g_autofree guint8 *placed = g_new0 (guint8, usable->len + 1);
  Graph graph = { usable->len, (DdPlugin **)usable->pdata, edges, placed };

  for (guint i = 0; i < usable->len; i++)
    for (guint j = 0; j < usable->len; j++)
      edges[i * usable->len + j] = i != j && comes_before (usable->pdata[i], usable->pdata[j]);
  sort_graph (&graph, sorted);
  for (guint i = 0; i < plugins->len; i++)
    if (((const DdPlugin *)plugins->pdata[i])->state == DD_PLUGIN_REFUSED)
      g_ptr_array_add (sorted, plugins->pdata[i]);
  for (guint i = 0; i < sorted->len; i++)
    plugins->pdata[i] = sorted->pdata[i];
}
