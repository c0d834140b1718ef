/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See session.h. The child's main thread, but for jobs.
 */
#include "session.h"

#include <string.h>

/* Calls are given so many threads at once at most. */
#define MAX_THREADS 8

/* --- stand-ins --- */

static const DealdeskCharge stand_in_charges[] = {
  { .size = sizeof (DealdeskCharge),
    .id = "setup",
    .name = "Set-up",
    .source = "stand-in",
    .currency = "EUR",
    .type = DEALDESK_CHARGE_ONE_TIME,
    .price = 100 * DEALDESK_MICROS,
    .minimum = DEALDESK_NONE,
    .maximum = DEALDESK_NONE },
  { .size = sizeof (DealdeskCharge),
    .id = "rental",
    .name = "Rental",
    .source = "stand-in",
    .currency = "EUR",
    .type = DEALDESK_CHARGE_RECURRING,
    .period = DEALDESK_PERIOD_MONTH,
    .price = 50 * DEALDESK_MICROS,
    .minimum = DEALDESK_NONE,
    .maximum = DEALDESK_NONE },
  { .size = sizeof (DealdeskCharge),
    .id = "traffic",
    .name = "Traffic",
    .source = "stand-in",
    .currency = "EUR",
    .type = DEALDESK_CHARGE_USAGE,
    .price = 5,
    .minimum = DEALDESK_NONE,
    .maximum = DEALDESK_NONE },
};

static guint
count_charges (guint line)
{
  return line % 3 == 0 ? 3 : 2;
}

static DealdeskResult
price_base (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  for (uint32_t line = 0; line < input->n_lines; line++)
    for (guint i = 0; i < count_charges (line); i++)
      {
        DealdeskCharge charge = stand_in_charges[i];

        charge.line = line;
        host->add_charge (call, &charge);
      }
  return DEALDESK_OK;
}

static DealdeskResult
price_nothing (void *instance,
               const DealdeskHost *host,
               DealdeskCall *call,
               const DealdeskPricingInput *input)
{
  return DEALDESK_OK;
}

void
dd_session_stand_in (DdAnswers *answers, guint n_lines)
{
  for (guint line = 0; line < n_lines; line++)
    for (guint i = 0; i < count_charges (line); i++)
      {
        const DealdeskCharge *stand_in = &stand_in_charges[i];
        DdCharge charge = { .line = line,
                            .id = dd_answers_label (answers, stand_in->id),
                            .name = dd_answers_label (answers, stand_in->name),
                            .source = dd_answers_label (answers, stand_in->source),
                            .type = (guint8)stand_in->type,
                            .period = (guint8)stand_in->period,
                            .currency = { "EUR" },
                            .price = stand_in->price,
                            .minimum = DD_NO_LIMIT,
                            .maximum = DD_NO_LIMIT };

        g_array_append_val (answers->charges, charge);
      }
}

gboolean
dd_session_opens_first (const DdSession *session)
{
  const DdManifest *manifest = session->plugin->manifest;

  return manifest->stage == DD_STAGE_BASE && manifest->after[0] == NULL;
}

static DdPlugin *
make_stand_in (const char *file, DdStage stage)
{
  DdPlugin *plugin = dd_plugin_new (file);
  DdManifest *manifest = g_new0 (DdManifest, 1);

  manifest->id = g_strdup (plugin->id);
  manifest->kinds = 1U << DD_KIND_PRICING;
  manifest->stage = (int)stage;
  manifest->after = g_new0 (char *, 1);
  manifest->before = g_new0 (char *, 1);
  manifest->conflicts = g_new0 (char *, 1);
  manifest->datasets = g_ptr_array_new ();
  manifest->options = g_ptr_array_new ();
  plugin->manifest = manifest;
  plugin->views = g_new0 (DdDatasetView, 1);
  plugin->table.version = "1";
  plugin->pricing.price = stage == DD_STAGE_BASE ? price_base : price_nothing;
  plugin->state = DD_PLUGIN_ENABLED;
  return plugin;
}

static void
add_stand_ins (DdSession *session)
{
  int stage = session->plugin->manifest->stage;

  if (stage < 0)
    return;
  if (!dd_session_opens_first (session))
    g_ptr_array_insert (session->host->plugins, 0, make_stand_in ("stand-in-base.plugin", DD_STAGE_BASE));
  if (stage != DD_STAGE_NEGOTIATED)
    g_ptr_array_add (session->host->plugins,
                     make_stand_in ("stand-in-negotiated.plugin", DD_STAGE_NEGOTIATED));
}

/* --- the host --- */

static DdPlugin *
find_plugin (DdHost *host, const char *id)
{
  for (guint i = 0; i < host->plugins->len; i++)
    if (strcmp (((const DdPlugin *)host->plugins->pdata[i])->id, id) == 0)
      return host->plugins->pdata[i];
  return NULL;
}

static DdHost *
make_host (const DdSubject *subject, guint threads, gboolean isolated)
{
  const char *directories[] = { isolated ? subject->copies : subject->directory, NULL };
  const char *ids[] = { subject->id, NULL };
  /* Network=yes: a file that doesn't say so may not be named, and one that does must be */
  gboolean network = isolated && subject->network;
  DdHostOptions options = { .directories = directories,
                            .options = subject->options,
                            .in_daemon = isolated ? NULL : ids,
                            .isolated = isolated ? ids : NULL,
                            .network = network ? ids : NULL,
                            .runner_path = subject->runner,
                            .threads = threads,
                            .deadline_usec = subject->deadline_usec,
                            .grace_usec = MIN (subject->deadline_usec, DD_SOON_USEC) };

  return dd_host_new (&options, NULL);
}

static DdSession *
start (DdTrial *trial, const DdSubject *subject, guint threads, gboolean isolated)
{
  g_autoptr (DdSession) session = g_new0 (DdSession, 1);
  g_autoptr (GError) error = NULL;

  session->subject = subject;
  session->trial = trial;
  dd_trial_at (trial, "loading and opening it%s", isolated ? " in a runner" : "");
  session->host = make_host (subject, threads, isolated);
  session->plugin = find_plugin (session->host, subject->id);
  if (session->plugin == NULL || session->plugin->state != DD_PLUGIN_ENABLED)
    {
      dd_trial_fail (trial, "%s would not load it: %s", isolated ? "a runner" : "the daemon",
                     session->plugin != NULL ? session->plugin->reason : "it isn't found");
      return NULL;
    }
  session->tables = dd_tables_new (dd_host_datasets (session->host), subject, &error);
  if (session->tables == NULL)
    {
      dd_trial_fail (trial, "its datasets: %s", error->message);
      return NULL;
    }
  add_stand_ins (session);
  return g_steal_pointer (&session);
}

DdSession *
dd_session_new (DdTrial *trial, const DdSubject *subject, guint threads)
{
  return start (trial, subject, threads, FALSE);
}

DdSession *
dd_session_new_isolated (DdTrial *trial, const DdSubject *subject)
{
  return start (trial, subject, 1, TRUE);
}

void
dd_session_free (DdSession *session)
{
  if (session->host != NULL)
    {
      dd_trial_at (session->trial, "closing it");
      dd_host_free (session->host);
    }
  g_clear_pointer (&session->tables, dd_tables_free);
  g_free (session);
}

/* --- jobs --- */

typedef struct
{
  GMutex lock;
  GCond changed;
  guint n_left;
} Round;

typedef struct
{
  DdSession *session;
  Round *round;
  DdSessionJob job;
  gpointer data;
} Work;

static void
work (gpointer data)
{
  Work *work = data;
  Round *round = work->round;

  work->job (work->session, work->data);
  g_mutex_lock (&round->lock);
  round->n_left--;
  g_cond_signal (&round->changed);
  g_mutex_unlock (&round->lock);
}

static void
give_up (gpointer data, const GError *error)
{
  const Work *work = data;

  dd_trial_hang (work->session->trial, "%s: return soon once host->cancelled() says so", error->message);
  dd_trial_end (work->session->trial);
}

void
dd_session_run_each (DdSession *session, DdSessionJob job, gpointer *data, guint n)
{
  Work works[MAX_THREADS];
  Round round = { .n_left = n };

  g_assert (n <= MAX_THREADS);
  g_mutex_init (&round.lock);
  g_cond_init (&round.changed);
  for (guint i = 0; i < n; i++)
    {
      works[i] = (Work){ session, &round, job, data[i] };
      dd_host_run (session->host, work, give_up, &works[i]);
    }
  g_mutex_lock (&round.lock);
  while (round.n_left > 0)
    g_cond_wait (&round.changed, &round.lock);
  g_mutex_unlock (&round.lock);
  g_mutex_clear (&round.lock);
  g_cond_clear (&round.changed);
}

void
dd_session_run (DdSession *session, DdSessionJob job, gpointer data)
{
  dd_session_run_each (session, job, &data, 1);
}
