/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealctl: finds the verb and runs it. What fails is one line on standard error and an exit status (fault.h).
 * One thread.
 */
#include "fault.h"
#include "text.h"
#include "verbs.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static int
fail (GError *error)
{
  g_autofree char *line = ctl_text_clean (error->message);
  int status = ctl_fault_exit_status (error);

  fprintf (stderr, "dealctl: %s\n", line);
  g_error_free (error);
  return status;
}

/* Options that many verbs take, and whose value is a word of its own. */
static const char *const with_value[] = {
  "--address", "--as",          "--channel", "--customer-person", "--evidence", "--expected-version",
  "--key",     "--occurred-at", NULL
};

/* Where in @arguments the verb stands; 0 when there is none. Options may precede it. */
static guint
find_verb (char **arguments)
{
  for (guint i = 1; arguments[i] != NULL; i++)
    {
      if (arguments[i][0] != '-')
        return i;
      if (g_strv_contains (with_value, arguments[i]) && arguments[i + 1] != NULL)
        i++;
    }
  return 0;
}

static const CtlVerb *
look_up (const char *name, GError **error)
{
  const CtlVerb *verb = ctl_verb_find (name);
  const CtlVerb *nearest;

  if (verb != NULL)
    return verb;
  nearest = ctl_verb_nearest (name);
  if (nearest != NULL)
    ctl_usage (error, "there is no verb “%s”; did you mean %s?", name, nearest->name);
  else
    ctl_usage (error, "there is no verb “%s”; dealctl help lists them", name);
  return NULL;
}

static gboolean
print_help (const char *name, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const CtlVerb *verb = name == NULL ? NULL : look_up (name, error);

  if (name != NULL && verb == NULL)
    return FALSE;
  if (verb == NULL)
    ctl_verbs_print (out);
  else
    {
      g_autoptr (CtlRun) run = ctl_run_new (verb);
      g_autoptr (GOptionContext) context = ctl_run_context (run);
      g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);

      g_string_append (out, text);
    }
  return ctl_run_print_text (out->str, error);
}

static gboolean
run_verb (const CtlVerb *verb, char **arguments, guint verb_index, GError **error)
{
  g_autoptr (CtlRun) run = ctl_run_new (verb);
  char **rest = g_strdupv (arguments);

  /* The verb is no word of its own command. */
  g_free (rest[verb_index]);
  for (guint i = verb_index; rest[i] != NULL; i++)
    rest[i] = rest[i + 1];
  return ctl_run_parse (run, rest, error) && verb->run (run, error);
}

static gboolean
start (char **arguments, GError **error)
{
  guint index = find_verb (arguments);
  const CtlVerb *verb;

  if (index == 0)
    {
      if (arguments[1] != NULL && strcmp (arguments[1], "--version") == 0)
        return ctl_run_print_text ("dealctl " DEALDESK_VERSION "\n", error);
      if (arguments[1] == NULL || strcmp (arguments[1], "--help") == 0 || strcmp (arguments[1], "-h") == 0)
        return print_help (NULL, error);
      return ctl_usage (error, "which verb? dealctl help lists them");
    }
  if (strcmp (arguments[index], "help") == 0)
    return print_help (arguments[index + 1], error);
  verb = look_up (arguments[index], error);
  return verb != NULL && run_verb (verb, arguments, index, error);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = NULL;
  GError *error = NULL;

  setlocale (LC_ALL, "");
  g_set_prgname ("dealctl");
  /* A closed pipe is an error of writing, told like any other. */
  signal (SIGPIPE, SIG_IGN);
  arguments = g_strdupv (argv);
  for (guint i = 1; arguments[i] != NULL; i++)
    if (!g_utf8_validate (arguments[i], -1, NULL))
      {
        ctl_usage (&error, "argument %u isn't UTF-8", i);
        return fail (error);
      }
  ctl_fault_register ();
  return start (arguments, &error) ? CTL_EXIT_DONE : fail (error);
}
