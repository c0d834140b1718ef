/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealctl: finds the verb and runs it. What fails is one line on standard error and an exit status (fault.h).
 * One thread.
 */
#include "complete.h"
#include "fault.h"
#include "help.h"
#include "i18n.h"
#include "options.h"
#include "terminal.h"
#include "text.h"
#include "verbs.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

/* A signal's end, as of any program whose reader has seen enough: nothing is said, and a shell's status is
 * 141. */
static void
end_with_reader (void)
{
  signal (SIGPIPE, SIG_DFL);
  raise (SIGPIPE);
}

static int
fail (GError *error)
{
  g_autofree char *line = ctl_text_clean (error->message);
  int status = ctl_fault_exit_status (error);

  if (ctl_terminal_reader_left (error))
    end_with_reader ();
  else
    ctl_terminal_complain (line);
  g_error_free (error);
  return status;
}

/* Where in @arguments the verb stands; 0 when there is none. Options may precede it. */
static guint
find_verb (char **arguments)
{
  for (guint i = 1; arguments[i] != NULL; i++)
    {
      if (arguments[i][0] != '-')
        return i;
      if (ctl_option_takes_word (arguments[i]) && arguments[i + 1] != NULL)
        i++;
    }
  return 0;
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
  if (!ctl_run_parse (run, rest, error))
    return FALSE;
  return run->help ? ctl_help_print_verb (verb, error) : verb->run (run, error);
}

/* "--" may stand before the words that are to be completed, so that none of them is taken for ours. */
static char **
skip_dashes (char **words)
{
  return *words != NULL && g_str_equal (*words, "--") ? words + 1 : words;
}

static gboolean
start (char **arguments, GError **error)
{
  static char *nothing[] = { NULL };
  guint index = find_verb (arguments);
  const CtlVerb *verb;

  if (index == 0)
    {
      if (arguments[1] != NULL && strcmp (arguments[1], "--version") == 0)
        return ctl_run_print_text ("dealctl " DEALDESK_VERSION "\n", error);
      if (arguments[1] == NULL || strcmp (arguments[1], "--help") == 0 || strcmp (arguments[1], "-h") == 0)
        return ctl_help_run (nothing, error);
      return ctl_usage (error, _ ("which verb? dealctl help lists them"));
    }
  if (g_str_equal (arguments[index], "complete"))
    return ctl_complete (skip_dashes (arguments + index + 1), error);
  if (strcmp (arguments[index], "help") == 0)
    return ctl_help_run (arguments + index + 1, error);
  verb = ctl_verb_find (arguments[index]);
  return verb == NULL ? ctl_help_unknown_verb (arguments[index], error)
                      : run_verb (verb, arguments, index, error);
}

/* Arguments in the locale's character set are as good as those in UTF-8. (transfer full) (nullable) */
static char **
read_arguments (char **argv, GError **error)
{
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();

  for (guint i = 0; argv[i] != NULL; i++)
    {
      g_autofree char *text = g_utf8_validate (argv[i], -1, NULL)
                                ? g_strdup (argv[i])
                                : g_locale_to_utf8 (argv[i], -1, NULL, NULL, NULL);

      if (text == NULL)
        {
          ctl_usage (error, _ ("argument %u isn't UTF-8"), i);
          return NULL;
        }
      g_strv_builder_add (arguments, text);
    }
  return g_strv_builder_end (arguments);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = NULL;
  GError *error = NULL;
  gboolean done;

  setlocale (LC_ALL, "");
  ctl_i18n_start ();
  g_set_prgname ("dealctl");
  /* A closed pipe is an error of writing: what is half done is undone, or finished, before the end. */
  signal (SIGPIPE, SIG_IGN);
  ctl_fault_register ();
  arguments = read_arguments (argv, &error);
  done = arguments != NULL && start (arguments, &error);
  /* What was printed before an error is shown before it is told. */
  if (!ctl_terminal_end (done ? &error : NULL))
    done = FALSE;
  return done ? CTL_EXIT_DONE : fail (error);
}
