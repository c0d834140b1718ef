/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checks of how inputs are read: nothing written, nothing kept, nothing assumed of their size. A child's main
 * thread; calls on the host's.
 */
#include "checks/checks.h"
#include "drive.h"

#include <string.h>

/* Bytes appended to each struct: as if it had three fields more. */
#define APPENDED 24

typedef struct
{
  const DdCase *asked;
  DdManner manner;
  DdAnswer answer;
} Ask;

static void
ask (DdSession *session, gpointer data)
{
  Ask *ask = data;

  dd_drive_direct (session, ask->asked, &ask->manner, &ask->answer);
}

typedef void (*Visit) (DdSession *session, const DdCase *asked);

static void
visit_all (DdSession *session, Visit visit)
{
  for (DdKind kind = 0; kind < DD_N_KINDS; kind++)
    {
      g_autoptr (GPtrArray) cases = NULL;

      if (!dd_subject_has (session->subject, kind))
        continue;
      cases = dd_cases_new (kind, session->tables->keys);
      for (guint i = 0; i < cases->len; i++)
        {
          const DdCase *asked = cases->pdata[i];

          dd_trial_at (session->trial, "%s, %s", dd_kind_name (kind), asked->name);
          visit (session, asked);
        }
    }
}

static void
ask_guarded (DdSession *session, const DdCase *asked)
{
  Ask one = { .asked = asked, .manner = DD_MANNER_PLAIN };

  one.manner.copy_rows = asked->group != DD_GROUP_HUGE;
  dd_session_run (session, ask, &one);
  if (one.answer.fault != NULL)
    dd_trial_fail (session->trial, "%s: %s", asked->name, one.answer.fault);
  dd_answer_clear (&one.answer);
}

void
dd_check_untouched (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);

  if (session == NULL)
    return;
  dd_pages_watch (trial);
  visit_all (session, ask_guarded);
}

/* --- nothing kept --- */

/* Opens it with options that are gone afterwards. */
static gboolean
open_guarded (DdSession *session)
{
  DdPlugin *plugin = session->plugin;
  g_autoptr (DdPages) pages = dd_pages_new ();
  guint n = plugin->options->len;
  DealdeskOption *options = dd_pages_take (pages, n * sizeof *options, "the options");
  char message[256] = "";
  void *instance = NULL;

  for (guint i = 0; i < n; i++)
    {
      options[i] = g_array_index (plugin->options, DealdeskOption, i);
      options[i].name = dd_pages_text (pages, options[i].name);
      options[i].text = dd_pages_text (pages, options[i].text);
    }
  dd_pages_seal (pages);
  if (plugin->table.open != NULL && plugin->table.open (options, n, &instance, message) != DEALDESK_OK)
    return FALSE;
  plugin->instance = instance;
  return TRUE;
}

static void
ask_twice (DdSession *session, const DdCase *asked)
{
  if (asked->group == DD_GROUP_HUGE)
    return;
  ask_guarded (session, asked);
  ask_guarded (session, asked);
}

void
dd_check_kept (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);

  if (session == NULL)
    return;
  dd_pages_watch (trial);
  dd_plugin_close (session->plugin);
  dd_trial_at (trial, "opening it");
  if (!open_guarded (session))
    {
      dd_trial_fail (trial, "it opened once, and the same options did not open it again");
      session->plugin->state = DD_PLUGIN_DISABLED;
      return;
    }
  visit_all (session, ask_twice);
}

/* --- fields appended --- */

/* Of an order only the outcome: its receipt may name the key. */
static void
cut_receipt (const DdCase *asked, DdAnswer *answer)
{
  if (asked->kind == DD_KIND_HANDOFF && answer->text != NULL)
    answer->text[strcspn (answer->text, ":")] = '\0';
}

static void
ask_appended (DdSession *session, const DdCase *asked)
{
  Ask now = { .asked = asked, .manner = DD_MANNER_PLAIN };
  Ask later = { .asked = asked, .manner = DD_MANNER_PLAIN };
  g_autofree char *difference = NULL;

  if (asked->group == DD_GROUP_HUGE)
    return;
  later.manner.extra = APPENDED;
  dd_session_run (session, ask, &now);
  dd_session_run (session, ask, &later);
  cut_receipt (asked, &now.answer);
  cut_receipt (asked, &later.answer);
  if (now.answer.fault == NULL && later.answer.fault != NULL)
    dd_trial_fail (session->trial, "%s: %s", asked->name, later.answer.fault);
  else if (now.answer.text != NULL && later.answer.text != NULL)
    difference = dd_answer_compare (now.answer.text, later.answer.text);
  if (difference != NULL)
    dd_trial_fail (session->trial,
                   "%s: with fields appended to the structs %s: step through arrays by their stride, with "
                   "dealdesk_line() and the other readers",
                   asked->name, difference);
  dd_answer_clear (&now.answer);
  dd_answer_clear (&later.answer);
}

void
dd_check_appended (DdTrial *trial, const DdSubject *subject, gconstpointer data)
{
  g_autoptr (DdSession) session = dd_session_new (trial, subject, 1);

  if (session == NULL)
    return;
  dd_pages_watch (trial);
  visit_all (session, ask_appended);
}
