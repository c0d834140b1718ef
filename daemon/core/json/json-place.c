/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A node's place in its document, and complaints that name it.
 *
 * "quoteItem[3].quantity"; a name that isn't a plain word is quoted: a["two words"]. Pure; any thread.
 */
#include "json/json-node.h"
#include "number/quoted.h"

#include <string.h>

static gboolean
is_plain_word (const char *name)
{
  return name[0] != '\0' && strlen (name) <= 48 &&
         name[strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@$:-")] == '\0';
}

static void
append_step (GString *out, const DdJsonNode *node)
{
  if (node->parent->type == DD_JSON_ARRAY)
    {
      guint n_before = 0;

      for (const DdJsonNode *sibling = dd_json_first (node->parent); sibling != node; sibling = sibling->next)
        n_before++;
      g_string_append_printf (out, "[%u]", n_before);
    }
  else if (is_plain_word (node->name))
    {
      if (node->parent->parent == NULL)
        g_string_truncate (out, 0);
      else
        g_string_append_c (out, '.');
      g_string_append (out, node->name);
    }
  else
    {
      g_autofree char *quoted = dd_quote (node->name, -1);

      g_string_append_printf (out, "[%s]", quoted);
    }
}

void
dd_json_append_path (GString *out, const DdJsonNode *node)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  g_autoptr (GString) path = g_string_new ("$");

  for (; node->parent != NULL; node = node->parent)
    g_ptr_array_add (steps, (gpointer)node);
  for (guint i = steps->len; i > 0; i--)
    append_step (path, steps->pdata[i - 1]);
  g_string_append (out, path->str);
}

char *
dd_json_path (const DdJsonNode *node)
{
  GString *path = g_string_new (NULL);

  dd_json_append_path (path, node);
  return g_string_free (path, FALSE);
}

gboolean
dd_json_complain (const DdJsonNode *node, GError **error, const char *format, ...)
{
  g_autoptr (GString) message = g_string_new (NULL);
  va_list arguments;

  if (node == NULL)
    g_string_append_c (message, '$');
  else
    dd_json_append_path (message, node);
  g_string_append (message, ": ");
  va_start (arguments, format);
  g_string_append_vprintf (message, format, arguments);
  va_end (arguments);
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s", message->str);
}
