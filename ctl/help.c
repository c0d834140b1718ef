/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Help (see help.h). One thread.
 */
#include "help.h"
#include "fault.h"
#include "i18n.h"
#include "options.h"
#include "schema.h"
#include "terminal.h"
#include "text.h"
#include "topic.h"
#include "word.h"

#include <string.h>

#define INDENT     2
#define TERM_WIDTH 28 /* a longer term has its explanation below it */
#define PIPED      80 /* columns of what isn't for a terminal: text, which is there to be read */

static guint
columns_of (const CtlStyle *style)
{
  return style->columns == 0 ? PIPED : MIN (style->columns, 100);
}

/* One term, and what it is. */
static void
append_term (GString *out, const char *term, const char *text, guint width, const CtlStyle *style)
{
  guint start = INDENT + width + 2;
  g_auto (GStrv) lines = ctl_text_wrap (text, columns_of (style) - MIN (start, columns_of (style) - 1));
  guint used = ctl_text_width (term);

  g_string_append_printf (out, "%*s%s", INDENT, "", term);
  if (*text == '\0' || used > width)
    g_string_append_c (out, '\n');
  if (*text == '\0')
    return;
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (out, "%*s%s\n", (int)(i > 0 || used > width ? start : width - used + 2), "",
                            lines[i]);
}

static void
append_heading (GString *out, const char *text, const CtlStyle *style)
{
  g_autofree char *heading = g_strconcat (text, _ (":"), NULL);

  g_string_append (out, out->len == 0 ? "" : "\n");
  ctl_colour_append (out, heading, CTL_TONE_HEADING, style->colour);
  g_string_append_c (out, '\n');
}

static void
append_paragraph (GString *out, const char *text, const CtlStyle *style)
{
  g_autofree char *filled = ctl_text_fill (text, columns_of (style));

  g_string_append_printf (out, "\n%s", filled);
}

static guint
widest (char **words)
{
  guint width = 0;

  for (guint i = 0; words[i] != NULL; i++)
    width = MAX (width, ctl_text_width (words[i]));
  return MIN (width, TERM_WIDTH);
}

/* (transfer container) */
static char **
verb_names (void)
{
  GPtrArray *names = g_ptr_array_new ();

  for (const CtlVerb *verb = ctl_verbs; verb->name != NULL; verb++)
    g_ptr_array_add (names, (char *)verb->name);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (names, FALSE);
}

static void
append_verbs (GString *out, const CtlStyle *style)
{
  g_autofree char **names = verb_names ();
  const char *group = NULL;

  for (const CtlVerb *verb = ctl_verbs; verb->name != NULL; verb++)
    {
      if (g_strcmp0 (group, verb->group) != 0)
        append_heading (out, _ (verb->group), style);
      group = verb->group;
      append_term (out, verb->name, _ (verb->help), widest (names), style);
    }
}

static void
append_topics (GString *out, const CtlStyle *style)
{
  g_auto (GStrv) names = ctl_topic_names ();

  append_heading (out, _ ("Topics"), style);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *title = ctl_topic_title (names[i]);

      append_term (out, names[i], title, widest (names), style);
    }
}

static void
append_overview (GString *out, const CtlStyle *style)
{
  append_heading (out, _ ("Usage"), style);
  append_term (out, "dealctl VERB [OPTION…]", "", 0, style);
  append_term (out, "dealctl help VERB|TOPIC", "", 0, style);
  append_verbs (out, style);
  append_topics (out, style);
  append_paragraph (out,
                    _ ("Every verb takes --json, --as PERSON, --session, --system and --address ADDRESS. "
                       "dealctl(1) has everything."),
                    style);
}

/* "-h, --help", "--as=PERSON" */
static char *
option_term (const GOptionEntry *entry)
{
  char letter[] = { '-', entry->short_name, ',', ' ', '\0' };

  return g_strconcat (entry->short_name == 0 ? "" : letter, "--", entry->long_name,
                      entry->arg_description == NULL ? "" : "=",
                      entry->arg_description == NULL ? "" : entry->arg_description, NULL);
}

static void
append_verb (GString *out, const CtlVerb *verb, const CtlStyle *style)
{
  g_autoptr (CtlRun) run = ctl_run_new (verb);
  g_autofree GOptionEntry *entries = ctl_options_list (run);
  g_autofree char *usage =
    g_strconcat ("dealctl ", verb->name, *verb->usage == '\0' ? "" : " ", verb->usage, " [OPTION…]", NULL);
  g_autofree char *summary = g_strconcat (_ (verb->help), ".", NULL);
  g_autoptr (GPtrArray) terms = g_ptr_array_new_with_free_func (g_free);

  append_heading (out, _ ("Usage"), style);
  append_term (out, usage, "", 0, style);
  append_paragraph (out, summary, style);
  append_heading (out, _ ("Options"), style);
  for (guint i = 0; entries[i].long_name != NULL; i++)
    g_ptr_array_add (terms, option_term (&entries[i]));
  g_ptr_array_add (terms, NULL);
  for (guint i = 0; entries[i].long_name != NULL; i++)
    append_term (out, terms->pdata[i], _ (entries[i].description), widest ((char **)terms->pdata), style);
}

gboolean
ctl_help_print_verb (const CtlVerb *verb, GError **error)
{
  CtlStyle style = ctl_terminal_style (CTL_COLOUR_AUTO);
  g_autoptr (GString) out = g_string_new (NULL);

  append_verb (out, verb, &style);
  return ctl_run_print_text (out->str, error);
}

/* Verbs and topics. (transfer full) */
static char **
all_names (void)
{
  g_autofree char **verbs = verb_names ();
  g_auto (GStrv) topics = ctl_topic_names ();
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  g_strv_builder_addv (all, (const char **)verbs);
  g_strv_builder_addv (all, (const char **)topics);
  return g_strv_builder_end (all);
}

/* Verbs and topics whose line says something of @word, ", " between them. (transfer full) */
static char *
about (const char *word)
{
  g_autofree char *wanted = g_utf8_casefold (word, -1);
  g_auto (GStrv) topics = ctl_topic_names ();
  GString *found = g_string_new (NULL);

  for (const CtlVerb *verb = ctl_verbs; verb->name != NULL; verb++)
    {
      g_autofree char *line = g_utf8_casefold (_ (verb->help), -1);

      if (strstr (line, wanted) != NULL)
        g_string_append_printf (found, "%s%s", found->len == 0 ? "" : ", ", verb->name);
    }
  for (guint i = 0; topics[i] != NULL; i++)
    {
      g_autofree char *title = ctl_topic_title (topics[i]);
      g_autofree char *line = g_utf8_casefold (title, -1);

      if (strstr (line, wanted) != NULL)
        g_string_append_printf (found, "%s%s", found->len == 0 ? "" : ", ", topics[i]);
    }
  return g_string_free (found, FALSE);
}

gboolean
ctl_help_unknown_verb (const char *word, GError **error)
{
  g_autofree char **names = verb_names ();
  const char *nearest = ctl_word_nearest (word, (const char *const *)names);
  g_autofree char *related = NULL;

  if (nearest != NULL)
    return ctl_usage (error, _ ("there is no verb “%s”; did you mean %s?"), word, nearest);
  related = strlen (word) < 3 ? g_strdup ("") : about (word);
  if (*related != '\0')
    return ctl_usage (error, _ ("there is no verb “%s”; dealctl help has something about it under: %s"), word,
                      related);
  return ctl_usage (error, _ ("there is no verb “%s”; dealctl help lists verbs and topics"), word);
}

/* Of `dealctl help WORD`. */
static gboolean
fail_unknown (const char *word, GError **error)
{
  g_auto (GStrv) names = all_names ();
  const char *nearest = ctl_word_nearest (word, (const char *const *)names);
  g_autofree char *related = NULL;

  if (*word == '-')
    return ctl_usage (error, _ ("help has no option %s; dealctl help lists verbs and topics"), word);
  if (nearest != NULL)
    return ctl_usage (error, _ ("there is no verb or topic “%s”; did you mean %s?"), word, nearest);
  related = strlen (word) < 3 ? g_strdup ("") : about (word);
  if (*related != '\0')
    return ctl_usage (error, _ ("there is no verb or topic “%s”; there is something about it under: %s"),
                      word, related);
  return ctl_usage (error, _ ("there is no verb or topic “%s”; dealctl help lists them"), word);
}

/* Without a verb, "VERB" or "VERB FORM" of all schemas, a line each: what can be asked for. */
static gboolean
print_schemas (char **words, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const CtlVerb *verb = ctl_verbs; verb->name != NULL; verb++)
    for (const CtlForm *form = verb->forms; form != NULL && form->name != NULL; form++)
      {
        g_autofree char *name = g_strconcat (verb->name, *form->name == '\0' ? "" : " ", form->name, NULL);

        if (words[0] == NULL)
          g_string_append_printf (out, "%s\n", name);
        else if (g_str_equal (words[0], verb->name) &&
                 g_str_equal (words[1] == NULL ? "" : words[1], form->name))
          ctl_schema_append (name, verb->help, form->sections, out);
      }
  if (out->len == 0)
    return ctl_usage (error, _ ("there is no such schema; dealctl help --schema lists them"));
  return ctl_run_print_document (out->str, error);
}

static gboolean
print_topic (const char *text, const CtlStyle *style, GError **error)
{
  g_autofree char *filled = ctl_text_fill (text, columns_of (style));
  char *rest = strchr (filled, '\n');
  g_autoptr (GString) out = g_string_new (NULL);

  if (rest != NULL)
    *rest++ = '\0';
  ctl_colour_append (out, filled, CTL_TONE_HEADING, style->colour);
  g_string_append_printf (out, "\n%s", rest == NULL ? "" : rest);
  return ctl_run_print_text (out->str, error);
}

gboolean
ctl_help_run (char **words, GError **error)
{
  CtlStyle style = ctl_terminal_style (CTL_COLOUR_AUTO);
  const CtlVerb *verb = words[0] == NULL ? NULL : ctl_verb_find (words[0]);
  g_autofree char *topic = NULL;
  g_autoptr (GString) out = NULL;

  ctl_terminal_hold (TRUE);
  for (guint i = 0; verb != NULL && words[i] != NULL; i++)
    if (*words[i] == '-')
      return fail_unknown (words[i], error);
  if (verb != NULL)
    return ctl_help_print_verb (verb, error);
  if (words[0] != NULL && g_str_equal (words[0], "--schema"))
    return print_schemas (words + 1, error);
  topic = words[0] == NULL ? NULL : ctl_topic_text (words[0]);
  if (topic != NULL)
    return print_topic (topic, &style, error);
  if (words[0] != NULL)
    return fail_unknown (words[0], error);
  out = g_string_new (NULL);
  append_overview (out, &style);
  return ctl_run_print_text (out->str, error);
}
