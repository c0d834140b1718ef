/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asking directly (see drive.h): the plugin's function is called with an input of our own, inside a call of
 * the host, whose functions take and check the answer. A worker of the host's pool.
 */
#include "drive.h"
#include "call.h"
#include "checks/layout.h"

#include <string.h>

/* What a handoff plugin may count on at least. */
#define RECEIPT_SIZE 256

/* One direct call; found from the host's call by the datasets' data. */
typedef struct
{
  DdSession *session;
  const DdCase *asked;
  const DdManner *manner;
  DdPages *pages;
  GPtrArray *lookups; /* DdPages* */
  guint n_looks;
  gint64 began; /* monotonic, microseconds: the plugin was entered */
  gint64 ended;
  char *text;
} Direct;

static Direct *
direct_of (const DealdeskCall *call)
{
  return call->context.datasets_data;
}

static DdDataset *
give_dataset (const DdDatasetDeclaration *declaration, gpointer data, GError **error)
{
  const Direct *direct = data;

  return dd_tables_get (direct->session->tables, direct->asked->world, declaration->name);
}

/* --- the host's functions, as this call has them --- */

static int
cancelled (DealdeskCall *call)
{
  Direct *direct = direct_of (call);
  const DdManner *manner = direct->manner;

  if (manner->cancel_after >= 0 && direct->n_looks >= (guint)manner->cancel_after)
    return 1;
  direct->n_looks++;
  if (manner->cancel_usec != 0 && g_get_monotonic_time () >= direct->began + manner->cancel_usec)
    return 1;
  return dd_call_functions.cancelled (call);
}

static void
copy_cells (DdPages *pages, DealdeskRows *rows)
{
  gsize n_cells = (gsize)rows->n_rows * rows->n_columns;
  DealdeskCell *cells;

  if (n_cells == 0)
    return;
  cells = dd_pages_take (pages, n_cells * sizeof *cells, "the cells of a lookup");
  for (gsize i = 0; i < n_cells; i++)
    cells[i] = (DealdeskCell){ rows->cells[i].number, dd_pages_text (pages, rows->cells[i].text) };
  rows->cells = cells;
}

static void
lookup (DealdeskCall *call, uint32_t dataset, const char *const *keys, uint32_t n, DealdeskRows *rows)
{
  Direct *direct = direct_of (call);
  DdPages *pages;

  dd_call_functions.lookup (call, dataset, keys, n, rows);
  if (!direct->manner->copy_rows)
    return;
  pages = dd_pages_new ();
  for (uint32_t i = 0; i < n; i++)
    copy_cells (pages, &rows[i]);
  dd_pages_seal (pages);
  g_ptr_array_add (direct->lookups, pages);
}

/* --- each kind --- */

static void
show_charges (DealdeskCall *call)
{
  const GArray *charges = call->answers->charges;

  call->n_views = charges->len;
  call->views = g_new0 (DealdeskChargeView, charges->len + 1);
  for (guint i = 0; i < charges->len; i++)
    {
      const DdCharge *charge = &g_array_index (charges, DdCharge, i);
      DealdeskLine *line = &call->lines[charge->line];
      DealdeskChargeView *view = &call->views[i];

      if (line->n_charges++ == 0)
        line->first_charge = i;
      *view = (DealdeskChargeView){ .line = charge->line,
                                    .type = charge->type,
                                    .period = charge->period,
                                    .id = dd_answers_text (call->answers, charge->id) };
      memcpy (view->currency, charge->currency.code, sizeof view->currency);
    }
}

static const DealdeskAlteration *
make_alterations (DealdeskCall *call, const GArray *alterations)
{
  DealdeskAlteration *made = dd_arena_take (&call->arena, sizeof *made * (alterations->len + 1));

  for (guint i = 0; i < alterations->len; i++)
    {
      const DdAlteration *alteration = &g_array_index (alterations, DdAlteration, i);

      made[i] = (DealdeskAlteration){ .charge = alteration->charge != NULL ? alteration->charge : "*",
                                      .label = alteration->label != NULL ? alteration->label : "",
                                      .kind = alteration->kind,
                                      .value = alteration->value };
      memcpy (made[i].currency, alteration->currency.code, sizeof made[i].currency);
    }
  return made;
}

static void
make_lines (DealdeskCall *call, const DdProposal *proposal)
{
  call->n_lines = proposal->lines->len;
  call->lines = g_new0 (DealdeskLine, proposal->lines->len + 1);
  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const DdLine *line = proposal->lines->pdata[i];

      call->lines[i] = (DealdeskLine){ .id = line->id,
                                       .offering = line->offering,
                                       .site = line->site != NULL ? line->site : "",
                                       .action = line->action,
                                       .commitment = dd_line_commitment (proposal, line),
                                       .quantity = line->quantity,
                                       .alterations = make_alterations (call, line->alterations),
                                       .n_alterations = line->alterations->len,
                                       .alteration_stride = sizeof (DealdeskAlteration),
                                       .category = "",
                                       .unit = "",
                                       .start = dd_line_start (proposal, line) };
    }
}

static void
prepare_pricing (DealdeskCall *call, const DdCase *asked)
{
  call->proposal = dd_proposal_ref (asked->proposal);
  call->answers = dd_answers_new ();
  make_lines (call, asked->proposal);
  if (dd_session_opens_first (direct_of (call)->session))
    return;
  dd_session_stand_in (call->answers, call->n_lines);
  show_charges (call);
  call->first_charge = call->answers->charges->len;
}

/* --- calling it --- */

/* What the plugin is given besides its input. */
typedef struct
{
  const DealdeskHost *host;
  DealdeskAdvice *advice;
  char *receipt;
  gconstpointer input;
} Given;

static void
lay_out (DealdeskCall *call, Given *given)
{
  const Direct *direct = direct_of (call);
  DdPages *pages = direct->pages;
  guint extra = direct->manner->extra;
  DealdeskHost functions = dd_call_functions;
  g_autofree char *key = dd_drive_new_key ();

  functions.cancelled = cancelled;
  functions.lookup = lookup;
  given->host = dd_layout_host (pages, extra, &functions);
  if (call->kind == DD_KIND_PRICING)
    given->input =
      dd_layout_pricing (pages, extra, direct->asked, call->lines, call->views, call->n_views, call->date);
  else if (call->kind == DD_KIND_APPROVAL)
    {
      const DealdeskApprovalInput *input = dd_layout_approval (pages, extra, direct->asked, call->date);

      given->input = input;
      call->approval = *input; /* what requirements name measures of */
    }
  else if (call->kind == DD_KIND_NEGOTIATION)
    {
      given->input = dd_layout_negotiation (pages, extra, direct->asked);
      given->advice = dd_layout_advice (pages, extra);
    }
  else
    {
      given->input = dd_layout_order (pages, extra, direct->asked, key);
      given->receipt = dd_pages_take_open (pages, RECEIPT_SIZE, "the receipt");
    }
  dd_pages_seal (pages);
}

static void
take_advice (DealdeskCall *call, const DealdeskAdvice *advice)
{
  Direct *direct = direct_of (call);

  for (gsize i = sizeof *advice; i < sizeof *advice + direct->manner->extra; i++)
    if (((const guint8 *)advice)[i] != DD_LATER)
      dd_call_lie (call, "it wrote past the fields of the advice that it was compiled against");
  if (memchr (advice->reason, '\0', sizeof advice->reason) == NULL)
    dd_call_lie (call, "it gave a reason without an end");
  else
    direct->text = dd_text_of_advice (advice->action, advice->total, advice->reason);
}

static void
take_delivery (DealdeskCall *call, DealdeskDelivery delivery, const char *receipt)
{
  if (memchr (receipt, '\0', RECEIPT_SIZE) == NULL)
    dd_call_lie (call, "it gave a receipt without an end in the %d bytes that it has", RECEIPT_SIZE);
  else if (dd_call_check_text (call, receipt, "receipt"))
    direct_of (call)->text = dd_text_of_delivery (delivery, receipt);
}

static DealdeskResult
run (DealdeskCall *call)
{
  Direct *direct = direct_of (call);
  const DdPlugin *plugin = call->plugin;
  DealdeskDelivery delivery = DEALDESK_UNKNOWN;
  DealdeskResult result = DEALDESK_OK;
  Given given = { 0 };

  lay_out (call, &given);
  direct->began = g_get_monotonic_time ();
  if (call->kind == DD_KIND_PRICING)
    result = plugin->pricing.price (plugin->instance, given.host, call, given.input);
  else if (call->kind == DD_KIND_APPROVAL)
    result = plugin->approval.require (plugin->instance, given.host, call, given.input);
  else if (call->kind == DD_KIND_NEGOTIATION)
    result = plugin->negotiation.advise (plugin->instance, given.host, call, given.input, given.advice);
  else
    delivery =
      plugin->handoff.deliver (plugin->instance, given.host, call, given.input, given.receipt, RECEIPT_SIZE);
  direct->ended = g_get_monotonic_time ();
  if (call->kind == DD_KIND_NEGOTIATION && result == DEALDESK_OK)
    take_advice (call, given.advice);
  else if (call->kind == DD_KIND_HANDOFF)
    take_delivery (call, delivery, given.receipt);
  return result;
}

static void
free_requirement (gpointer data)
{
  dd_requirement_free (data);
}

/* Takes the answer from the ended @call. */
static void
judge (DealdeskCall *call, gboolean good, const GError *error, DdAnswer *answer)
{
  Direct *direct = direct_of (call);

  answer->n_looks = direct->n_looks;
  answer->usec = direct->ended - direct->began;
  answer->refused = !good;
  if (!good && (call->fault != NULL || !call->entered))
    answer->fault = g_strdup (error->message);
  if (!good)
    answer->text = g_strdup_printf ("refused: %s\n", error->message);
  else if (call->answers != NULL)
    answer->text = dd_text_of_answers (call->answers);
  else if (call->requirements != NULL)
    answer->text = dd_text_of_requirements (call->requirements);
  else
    answer->text = g_steal_pointer (&direct->text);
  g_free (direct->text);
}

void
dd_drive_direct (DdSession *session, const DdCase *asked, const DdManner *manner, DdAnswer *answer)
{
  Direct direct = { .session = session, .asked = asked, .manner = manner, .pages = dd_pages_new () };
  DdCallContext context = asked->context;
  g_autoptr (GError) error = NULL;
  gboolean good;

  dd_answer_clear (answer);
  direct.lookups = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_pages_retire);
  context.datasets = give_dataset;
  context.datasets_data = &direct;
  g_mutex_lock (&session->host->lock);
  session->plugin->breaker = (DdBreaker){ 0 };
  g_mutex_unlock (&session->host->lock);

  g_autoptr (DealdeskCall) call = dd_call_new (session->host, &context);

  if (asked->kind == DD_KIND_PRICING)
    prepare_pricing (call, asked);
  else if (asked->kind == DD_KIND_APPROVAL)
    call->requirements = g_ptr_array_new_with_free_func (free_requirement);
  good = dd_call_run (call, session->plugin, asked->kind, run, DD_ERROR_FAILED, &error) &&
         dd_call_resolve_shares (call, &error);
  judge (call, good, error, answer);
  g_ptr_array_unref (direct.lookups);
  dd_pages_retire (direct.pages);
}
