/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See valgrind.h. Of each error: its text, and the innermost place in the module on its first stack.
 */
#include "checks/valgrind.h"

#include <string.h>

typedef struct
{
  const char *module;
  GPtrArray *findings;
  char *what;   /* of the error that is being read */
  char *place;  /* (nullable): in the module */
  char *object; /* of the frame that is being read */
  char *function;
  char *file;
  char *line;
} Reader;

static void
forget_frame (Reader *reader)
{
  g_clear_pointer (&reader->object, g_free);
  g_clear_pointer (&reader->function, g_free);
  g_clear_pointer (&reader->file, g_free);
  g_clear_pointer (&reader->line, g_free);
}

static void
forget_error (Reader *reader)
{
  g_clear_pointer (&reader->what, g_free);
  g_clear_pointer (&reader->place, g_free);
  forget_frame (reader);
}

static void
take_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
  static const char *const names[] = { "obj", "fn", "file", "line", "what", "text" };
  Reader *reader = data;
  char **places[] = { &reader->object, &reader->function, &reader->file,
                      &reader->line,   &reader->what,     &reader->what };
  const char *element = g_markup_parse_context_get_element (context);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (element, names[i]) == 0 && *places[i] == NULL)
      *places[i] = g_strndup (text, length);
}

/* The other process stages the module elsewhere: its name tells. */
static gboolean
is_module (const Reader *reader)
{
  g_autofree char *name = g_path_get_basename (reader->object);

  return strcmp (name, reader->module) == 0;
}

static void
end_element (GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
  Reader *reader = data;

  if (strcmp (element, "frame") == 0)
    {
      if (reader->place == NULL && reader->object != NULL && is_module (reader))
        reader->place = g_strdup_printf (
          "%s%s%s%s%s%s", reader->function != NULL ? reader->function : "?", reader->file != NULL ? " (" : "",
          reader->file != NULL ? reader->file : "", reader->line != NULL ? ":" : "",
          reader->line != NULL ? reader->line : "", reader->file != NULL ? ")" : "");
      forget_frame (reader);
    }
  else if (strcmp (element, "error") == 0)
    {
      if (reader->place != NULL)
        g_ptr_array_add (reader->findings, g_strdup_printf ("%s, in %s", reader->what, reader->place));
      forget_error (reader);
    }
}

GPtrArray *
dd_valgrind_read (const char *xml, gsize length, const char *module, GError **error)
{
  static const GMarkupParser parser = { .end_element = end_element, .text = take_text };
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  Reader reader = { .module = module, .findings = findings };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &reader, NULL);
  gboolean good = g_markup_parse_context_parse (context, xml, (gssize)length, error) &&
                  g_markup_parse_context_end_parse (context, error);

  forget_error (&reader);
  return good ? g_steal_pointer (&findings) : NULL;
}
