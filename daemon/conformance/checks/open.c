/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checks of open and close. A child's main thread.
 */
#include "checks/checks.h"
#include "checks/pages.h"
#include "session.h"
#include "words.h"

#include <string.h>

#define TIMES     100
#define MESSAGE   256
#define TOLERANCE 16 /* bytes that a cycle may keep: far below one lost allocation */

void
dd_check_open (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);

  if (session == NULL && subject->manifest->options->len > 0 && !subject->own_options)
    dd_trial_note (trial, "its options have their defaults; if one needs a value, give --option NAME=VALUE");
}

void
dd_check_reopen (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  dd_usage_prepare ();

  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);
  gsize memory[3] = { 0 }; /* before the second hundred, before the third, after it */
  guint files = 0;
  guint threads = 0;

  if (session == NULL)
    return;
  for (guint i = 0; i < 3 * TIMES; i++)
    {
      g_autoptr (GError) error = NULL;

      /* the first hundred fills caches */
      if (i == 2 * TIMES)
        memory[1] = dd_usage_memory ();
      if (i == TIMES)
        {
          memory[0] = dd_usage_memory ();
          files = dd_usage_files ();
          threads = dd_usage_threads ();
        }
      dd_plugin_close (session->plugin);
      if (!dd_plugin_open (session->plugin, &error))
        {
          dd_trial_fail (trial, "opened again after being closed %u times: %s", i + 1, error->message);
          session->plugin->state = DD_PLUGIN_DISABLED;
          return;
        }
    }
  memory[2] = dd_usage_memory ();

  /* What the plugin keeps it keeps every time; a thread of the host that begins meanwhile takes once. */
  if (memory[1] > memory[0] + TIMES * TOLERANCE && memory[2] > memory[1] + TIMES * TOLERANCE)
    dd_trial_fail (
      trial, "%d times open() and close() keep %" G_GSIZE_FORMAT " bytes: close() must free what open() made",
      TIMES, memory[2] - memory[1]);
  if (dd_usage_files () > files)
    dd_trial_fail (trial, "%d times open() and close() keep %u files open: close() must close them", TIMES,
                   dd_usage_files () - files);
  if (dd_usage_threads () > threads)
    dd_trial_fail (trial, "%d times open() and close() keep %u threads: close() must end them", TIMES,
                   dd_usage_threads () - threads);
}

/* --- options of any value --- */

static const char *const odd_texts[] = {
  "", DD_WORD_LONG, DD_WORD_CONTROLS, DD_WORD_ODD_UTF8, "%s%n%p", "/nowhere", NULL
};
static const char *const odd_integers[] = { "0", "-1", "9223372036854775807", "-9223372036854775807", NULL };
static const char *const odd_percents[] = { "0%", "-1%", "922337203685.4775807%", "-922337203685.4775807%",
                                            NULL };
static const char *const odd_decimals[] = { "0", "-1", "0.000000001", "9223372036.854775807", NULL };
static const char *const odd_booleans[] = { "true", "false", NULL };

static const char *const *
odd_values (guint type)
{
  switch (type)
    {
    case DD_OPTION_INTEGER:
      return odd_integers;
    case DD_OPTION_PERCENT:
      return odd_percents;
    case DD_OPTION_DECIMAL:
      return odd_decimals;
    case DD_OPTION_BOOLEAN:
      return odd_booleans;
    default:
      return odd_texts;
    }
}

/* Opens it with one option odd; it must open, or say why it can't. */
static void
try_value (DdSession *session, guint index, const char *value)
{
  DdPlugin *plugin = session->plugin;
  const DdOptionSpec *spec = plugin->manifest->options->pdata[index];
  g_autoptr (DdPages) pages = dd_pages_new ();
  guint n = plugin->options->len;
  DealdeskOption *options = dd_pages_take (pages, n * sizeof *options, "the options");
  char *message = dd_pages_take_open (pages, MESSAGE, "the message of open()");
  void *instance = NULL;
  gint64 number;

  /* what the host itself refuses never comes here */
  if (!dd_option_parse (spec->type, value, &number, NULL))
    return;
  for (guint i = 0; i < n; i++)
    {
      options[i] = g_array_index (plugin->options, DealdeskOption, i);
      options[i].name = dd_pages_text (pages, options[i].name);
      options[i].text = dd_pages_text (pages, i == index ? value : options[i].text);
    }
  options[index].number = number;
  dd_pages_seal (pages);
  dd_trial_at (session->trial, "opening it with the option %s=%.64s", spec->name, value);
  if (plugin->table.open (options, n, &instance, message) == DEALDESK_OK)
    {
      if (plugin->table.close != NULL)
        plugin->table.close (instance);
    }
  else if (memchr (message, '\0', MESSAGE) == NULL)
    dd_trial_fail (session->trial, "option %s=%.64s: the message of open() has no end in its 256 bytes",
                   spec->name, value);
  else if (message[0] == '\0' || !g_utf8_validate (message, -1, NULL))
    dd_trial_fail (session->trial, "option %s=%.64s: open() failed and %s: write why into message",
                   spec->name, value, message[0] == '\0' ? "gave no message" : "its message isn't UTF-8");
}

void
dd_check_options (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);

  if (session == NULL)
    return;
  if (session->plugin->table.open == NULL || subject->manifest->options->len == 0)
    {
      dd_trial_skip (trial, "it has no options, or no open()");
      return;
    }
  dd_plugin_close (session->plugin);
  session->plugin->state = DD_PLUGIN_DISABLED;
  dd_pages_watch (trial);
  for (guint i = 0; i < subject->manifest->options->len; i++)
    {
      const DdOptionSpec *spec = subject->manifest->options->pdata[i];
      const char *const *values = odd_values (spec->type);

      for (guint j = 0; values[j] != NULL; j++)
        try_value (session, i, values[j]);
    }
}
