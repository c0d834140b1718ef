/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Completing a command line from the verb table (see complete.h). One thread.
 */
#include "complete.h"
#include "edit-set.h"
#include "i18n.h"
#include "options.h"
#include "topic.h"
#include "verbs.h"

#include <string.h>

void
ctl_completion_add (CtlCompletion *completion, const char *word, const char *help)
{
  if (!g_str_has_prefix (word, completion->prefix))
    return;
  g_string_append_printf (completion->out, "%s%s", completion->joined == NULL ? "" : completion->joined,
                          word);
  if (help != NULL && *help != '\0')
    g_string_append_printf (completion->out, "\t%s", help);
  g_string_append_c (completion->out, '\n');
}

static void
add_verbs (CtlCompletion *completion)
{
  for (const CtlVerb *verb = ctl_verbs; verb->name != NULL; verb++)
    ctl_completion_add (completion, verb->name, ctl_translate (verb->help));
  ctl_completion_add (completion, "help", _ ("Explain a verb or a concept"));
}

static void
add_topics (CtlCompletion *completion)
{
  g_auto (GStrv) names = ctl_topic_names ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *title = ctl_topic_title (names[i]);

      ctl_completion_add (completion, names[i], title);
    }
}

static gboolean
is_literal (const char *text)
{
  return g_ascii_islower (*text);
}

/* "one|two|three" */
static void
add_alternatives (CtlCompletion *completion, const char *alternatives)
{
  g_auto (GStrv) each = g_strsplit (alternatives, "|", -1);

  for (guint i = 0; each[i] != NULL; i++)
    if (is_literal (each[i]))
      ctl_completion_add (completion, each[i], NULL);
}

static void
add_set_paths (CtlCompletion *completion)
{
  g_auto (GStrv) paths = ctl_edit_set_paths ();

  for (guint i = 0; paths[i] != NULL; i++)
    ctl_completion_add (completion, paths[i], NULL);
}

/* @placeholder: as a usage or an option's description has it: "DEAL", "FILE", "tmf648|view" … */
static void
add_values (CtlCompletion *completion, const char *placeholder, const char *first)
{
  static const char *const files[] = { "FILE", "PATH", "DIR", "DIRECTORY", NULL };
  static const struct
  {
    const char *placeholder;
    const char *values;
  } known[] = {
    { "STATE", CTL_STATES },           { "WHEN", CTL_COLOURS },
    { "CHANNEL", CTL_CHANNELS },       { "KIND", CTL_KINDS },
    { "WHAT", CTL_PRICE_BY },          { "GOAL", CTL_GOALS },
    { "FORMAT", CTL_REQUEST_FORMATS }, /* of open; export's usage names its own */
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (placeholder, known[i].placeholder))
      {
        placeholder = known[i].values;
        break;
      }
  if (is_literal (placeholder))
    add_alternatives (completion, placeholder);
  else if (g_str_equal (placeholder, CTL_EDIT_SET_VALUE))
    add_set_paths (completion);
  else if (g_strv_contains (files, placeholder))
    g_string_append (completion->out, ":files\n");
  else
    ctl_complete_facts (completion, placeholder, first);
}

/* --- options --- */

static void
add_options (CtlCompletion *completion, const GOptionEntry *entries)
{
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    {
      g_autofree char *option = g_strconcat ("--", entry->long_name, NULL);

      if (!(entry->flags & G_OPTION_FLAG_HIDDEN))
        ctl_completion_add (completion, option,
                            entry->description == NULL ? NULL : ctl_translate (entry->description));
    }
}

/* The option in @word whose value is still to come, or NULL. */
static const GOptionEntry *
option_waiting (const GOptionEntry *entries, const char *word)
{
  const GOptionEntry *entry = strchr (word, '=') == NULL ? ctl_option_find (entries, word) : NULL;

  return entry != NULL && entry->arg != G_OPTION_ARG_NONE ? entry : NULL;
}

/* What @usage writes after --NAME, such as the "one|two" of "[--format one|two]"; else what the option says
 * of its value. (transfer full) (nullable) */
static char *
value_of (const GOptionEntry *option, const char *usage)
{
  g_autofree char *name = g_strdup_printf ("--%s ", option->long_name);
  const char *at = strstr (usage, name);

  if (option->arg == G_OPTION_ARG_FILENAME)
    return g_strdup ("FILE");
  if (at == NULL)
    return g_strdup (option->arg_description);
  at += strlen (name);
  return g_strndup (at, strcspn (at, " ]"));
}

/* --- words --- */

/* What stands at @position in @usage: of "DEAL|FILE [REVISION] --reason TEXT" first "DEAL|FILE", then
 * "REVISION"; or of "list|enable ID|why DEAL", whose first word is one of several. (transfer full) (nullable)
 */
static char *
placeholder_at (const char *usage, guint position, const char *first)
{
  g_auto (GStrv) words = NULL;
  g_auto (GStrv) forms = is_literal (usage) ? g_strsplit (usage, "|", -1) : NULL;
  g_autoptr (GPtrArray) places = g_ptr_array_new ();

  for (guint i = 0; forms != NULL && forms[i] != NULL; i++)
    if (position > 0 && g_str_has_prefix (forms[i], first) && strchr (" ", forms[i][strlen (first)]) != NULL)
      usage = forms[i];
  words = g_strsplit (usage, " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (g_str_has_prefix (g_strdelimit (words[i], "[]", ' '), "--"))
        i += words[i + 1] != NULL;
      else
        g_ptr_array_add (places, g_strstrip (words[i]));
    }
  if (position >= places->len)
    return NULL;

  char *place = places->pdata[position];

  return is_literal (place) ? g_strdup (place) : g_strndup (place, strcspn (place, ".…"));
}

static void
add_first_words (CtlCompletion *completion, const char *usage)
{
  g_auto (GStrv) forms = g_strsplit (usage, "|", -1);

  for (guint i = 0; forms[i] != NULL; i++)
    {
      forms[i][strcspn (forms[i], " ")] = '\0';
      if (is_literal (forms[i]))
        ctl_completion_add (completion, forms[i], NULL);
      else
        ctl_complete_facts (completion, forms[i], NULL);
    }
}

/* --- the line --- */

typedef struct
{
  const GOptionEntry *option; /* (nullable): it waits for its value */
  const char *first;          /* (nullable): the verb's first word */
  guint n_words;              /* after the verb */
} Line;

static gboolean
is_option (const char *word)
{
  return word[0] == '-' && word[1] != '\0';
}

/* Where the daemon is belongs to the line, too. */
static void
take_place (CtlRun *run, const char *word, const char *next)
{
  run->session = run->session || g_str_equal (word, "--session");
  run->system = run->system || g_str_equal (word, "--system");
  if (g_str_equal (word, "--address") && next != NULL && run->address == NULL)
    run->address = g_strdup (next);
}

static Line
read_line (char **words, guint n_words, CtlRun *run, const GOptionEntry *entries)
{
  Line line = { 0 };
  gboolean verb_seen = FALSE;

  for (guint i = 0; i + 1 < n_words; i++)
    {
      take_place (run, words[i], words[i + 1]);
      if (is_option (words[i]))
        {
          const GOptionEntry *option = option_waiting (entries, words[i]);

          /* What follows is its value: the word to complete, or one that is passed over. */
          if (option != NULL && i + 2 == n_words)
            line.option = option;
          else if (option != NULL)
            i++;
        }
      else if (!verb_seen)
        verb_seen = TRUE;
      else if (line.n_words++ == 0)
        line.first = words[i];
    }
  return line;
}

static const char *
find_verb_word (char **words, guint n_words)
{
  for (guint i = 0; i + 1 < n_words; i++)
    {
      if (!is_option (words[i]))
        return words[i];
      i += ctl_option_takes_word (words[i]);
    }
  return NULL;
}

/* "--NAME=beginning": candidates are whole words, too. */
static void
complete_joined (CtlCompletion *completion, const GOptionEntry *entries, const char *usage, const char *first)
{
  const char *word = completion->prefix;
  gsize length = strcspn (word, "=");
  const GOptionEntry *option = ctl_option_find (entries, word);
  g_autofree char *place =
    option == NULL || option->arg == G_OPTION_ARG_NONE ? NULL : value_of (option, usage);
  g_autofree char *joined = g_strndup (word, length + 1);

  if (place == NULL)
    return;
  completion->joined = joined;
  completion->prefix = word + length + 1;
  add_values (completion, place, first);
  completion->joined = NULL;
  completion->prefix = word;
}

/* @place: "DEAL", "DEAL|FILE", or literal words */
static void
add_either (CtlCompletion *completion, const char *place, const char *first)
{
  g_auto (GStrv) each = is_literal (place) ? NULL : g_strsplit (place, "|", -1);

  if (each == NULL)
    add_values (completion, place, first);
  for (guint i = 0; each != NULL && each[i] != NULL; i++)
    add_values (completion, each[i], first);
}

static void
complete_verb (CtlCompletion *completion, char **words, guint n_words, const GOptionEntry *entries)
{
  const CtlVerb *verb = completion->run->verb;
  Line line = read_line (words, n_words, completion->run, entries);
  const char *equals = is_option (completion->prefix) ? strchr (completion->prefix, '=') : NULL;
  g_autofree char *place = NULL;

  if (equals != NULL)
    {
      complete_joined (completion, entries, verb->usage, line.first);
      return;
    }
  if (line.option != NULL)
    {
      place = value_of (line.option, verb->usage);
      if (place != NULL)
        add_values (completion, place, line.first);
      return;
    }
  if (is_option (completion->prefix))
    {
      add_options (completion, entries);
      return;
    }
  if (line.n_words == 0 && is_literal (verb->usage))
    add_first_words (completion, verb->usage);
  else if ((place = placeholder_at (verb->usage, line.n_words, line.first)) != NULL)
    add_either (completion, place, line.first);
}

/* After "help" a verb or a topic; after "--schema" a verb that has one, and then one of its forms. */
static void
complete_help (CtlCompletion *completion, char **words, guint n_words)
{
  guint at = 0; /* of --schema */

  for (guint i = 0; i + 1 < n_words; i++)
    if (g_str_equal (words[i], "--schema"))
      at = i;
  if (at == 0 && n_words > 2)
    return;
  if (at == 0)
    {
      ctl_completion_add (completion, "--schema", _ ("Print the JSON Schema of what a verb prints"));
      add_verbs (completion);
      add_topics (completion);
      return;
    }
  for (const CtlVerb *verb = ctl_verbs; verb->name != NULL; verb++)
    for (const CtlForm *form = verb->forms; form != NULL && form->name != NULL; form++)
      {
        if (n_words == at + 2 && form == verb->forms)
          ctl_completion_add (completion, verb->name, ctl_translate (verb->help));
        else if (n_words == at + 3 && *form->name != '\0' && g_str_equal (words[at + 1], verb->name))
          ctl_completion_add (completion, form->name, NULL);
      }
}

/* Before the verb stand options of every verb. @entries: those. */
static void
complete_early (CtlCompletion *completion, char **words, guint n_words, const GOptionEntry *entries)
{
  Line line = read_line (words, n_words, completion->run, entries);
  g_autofree char *place = line.option == NULL ? NULL : value_of (line.option, "");

  if (strchr (completion->prefix, '=') != NULL)
    complete_joined (completion, entries, "", NULL);
  else if (place != NULL)
    add_values (completion, place, NULL);
  else if (*completion->prefix == '-')
    add_options (completion, entries);
  else if (line.option == NULL)
    add_verbs (completion);
}

gboolean
ctl_complete (char **words, GError **error)
{
  guint n_words = g_strv_length (words);
  g_autoptr (GString) out = g_string_new (NULL);
  CtlCompletion completion = { .prefix = n_words > 0 ? words[n_words - 1] : "", .out = out };
  const char *name = find_verb_word (words, n_words);
  const CtlVerb *verb = name == NULL ? NULL : ctl_verb_find (name);
  /* Before the verb stands what every verb takes; status takes nothing else. */
  g_autoptr (CtlRun) run = ctl_run_new (verb != NULL ? verb : ctl_verb_find ("status"));
  g_autofree GOptionEntry *entries = ctl_options_list (run);

  completion.run = run;
  if (verb != NULL)
    complete_verb (&completion, words, n_words, entries);
  else if (name != NULL && g_str_equal (name, "help"))
    complete_help (&completion, words, n_words);
  else if (name == NULL)
    complete_early (&completion, words, n_words, entries);
  return ctl_run_print_document (out->str, error);
}
