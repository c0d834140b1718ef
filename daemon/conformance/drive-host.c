/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asking through the host's own functions (see drive.h). A worker of the host's pool.
 */
#include "drive.h"

#include <unistd.h>

typedef struct
{
  DdSession *session;
  DdWorld world;
} Source;

static DdDataset *
give_dataset (const DdDatasetDeclaration *declaration, gpointer data, GError **error)
{
  const Source *source = data;

  return dd_tables_get (source->session->tables, source->world, declaration->name);
}

/* The breaker counts faults: a fresh one tells whether the next call is one, and lets it through. */
static void
reset_breaker (DdSession *session)
{
  g_mutex_lock (&session->host->lock);
  session->plugin->breaker = (DdBreaker){ 0 };
  g_mutex_unlock (&session->host->lock);
}

static gboolean
was_fault (DdSession *session)
{
  gboolean fault;

  g_mutex_lock (&session->host->lock);
  fault = session->plugin->breaker.faults > 0;
  g_mutex_unlock (&session->host->lock);
  return fault;
}

char *
dd_drive_new_key (void)
{
  static gint number;

  return g_strdup_printf ("check-%d-%d", (int)getpid (), g_atomic_int_add (&number, 1));
}

static char *
take_advice (DdAdvice *advice)
{
  char *text;

  if (advice == NULL)
    return NULL;
  text = dd_text_of_advice (advice->action, advice->total, advice->reason);
  dd_advice_free (advice);
  return text;
}

/* The answer's text, or NULL with @error. */
static char *
ask (DdSession *session, const DdCallContext *context, const DdCase *asked, GError **error)
{
  g_autoptr (DdAnswers) answers = NULL;
  g_autoptr (GPtrArray) requirements = NULL;

  switch (asked->kind)
    {
    case DD_KIND_PRICING:
      answers = dd_host_price (session->host, context, asked->proposal, error);
      return answers != NULL ? dd_text_of_answers (answers) : NULL;
    case DD_KIND_APPROVAL:
      requirements =
        dd_host_require (session->host, context, (const DdMeasure *)(const void *)asked->measures->data,
                         asked->measures->len, asked->requester, asked->groups, error);
      return requirements != NULL ? dd_text_of_requirements (requirements) : NULL;
    case DD_KIND_NEGOTIATION:
      return take_advice (dd_host_advise (
        session->host, context, session->plugin->id, (const DdOffer *)(const void *)asked->offers->data,
        asked->offers->len, asked->list_total, asked->currency, asked->opened, asked->deadline, error));
    case DD_KIND_HANDOFF:
    case DD_N_KINDS:
    default:
      g_assert_not_reached ();
    }
}

/* @answer has its text; @error: (nullable): why there is none. */
static void
judge (DdSession *session, gint64 began, const GError *error, DdAnswer *answer)
{
  answer->usec = g_get_monotonic_time () - began;
  answer->refused = error != NULL;
  if (was_fault (session))
    answer->fault = g_strdup (error != NULL ? error->message : answer->text);
  if (error != NULL)
    answer->text = g_strdup_printf ("refused: %s\n", error->message);
}

void
dd_drive_order (DdSession *session, const DdCase *asked, const char *key, gboolean again, DdAnswer *answer)
{
  Source source = { session, asked->world };
  DdCallContext context = asked->context;
  g_autofree char *receipt = NULL;
  gint64 began = g_get_monotonic_time ();

  dd_answer_clear (answer);
  context.datasets = give_dataset;
  context.datasets_data = &source;
  reset_breaker (session);
  answer->delivery = dd_host_deliver (session->host, &context, key, asked->deal, asked->order,
                                      asked->document, again, FALSE, &receipt);
  answer->text = dd_text_of_delivery (answer->delivery, receipt);
  judge (session, began, NULL, answer);
  answer->refused = answer->delivery != DD_DELIVERY_DELIVERED;
}

/* @misses: (nullable): gets the rules that didn't apply. */
static void
drive (DdSession *session, const DdCase *asked, GPtrArray *misses, DdAnswer *answer)
{
  Source source = { session, asked->world };
  DdCallContext context = asked->context;
  g_autoptr (GError) error = NULL;
  gint64 began = g_get_monotonic_time ();

  if (asked->kind == DD_KIND_HANDOFF)
    {
      g_autofree char *key = dd_drive_new_key ();

      dd_drive_order (session, asked, key, FALSE, answer);
      return;
    }
  dd_answer_clear (answer);
  context.datasets = give_dataset;
  context.datasets_data = &source;
  context.misses = misses;
  reset_breaker (session);
  answer->text = ask (session, &context, asked, &error);
  judge (session, began, error, answer);
}

void
dd_drive_host (DdSession *session, const DdCase *asked, DdAnswer *answer)
{
  drive (session, asked, NULL, answer);
}

void
dd_drive_explained (DdSession *session, const DdCase *asked, DdAnswer *answer)
{
  g_autoptr (GPtrArray) misses = dd_misses_new ();

  drive (session, asked, misses, answer);
}
