/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A pricing run: every enabled pricing plugin in order, over one whole proposal. A worker of the pool.
 *
 * Lines of one offering share its text's address, so that what plugins look up and answer for it is found by
 * address.
 */
#include "call.h"

#include <string.h>

#define OFFERING_SLOTS 256

G_STATIC_ASSERT ((int)DEALDESK_ACTION_ADD == (int)DD_ACTION_ADD);
G_STATIC_ASSERT ((int)DEALDESK_ACTION_MODIFY == (int)DD_ACTION_MODIFY);
G_STATIC_ASSERT ((int)DEALDESK_ACTION_DELETE == (int)DD_ACTION_DELETE);
G_STATIC_ASSERT ((int)DEALDESK_ACTION_NO_CHANGE == (int)DD_ACTION_NO_CHANGE);

static guint
hash_text (const char *text)
{
  guint hash = 5381;

  for (; *text != '\0'; text++)
    hash = hash * 33 + (guchar)*text;
  return hash ^ hash >> 8;
}

/* The call's own copy of @text: the proposal is the daemon's, and const doesn't keep a plugin from writing.
 */
static const char *
share_text (DealdeskCall *call, const char **slots, const char *text)
{
  const char **slot = &slots[hash_text (text) % OFFERING_SLOTS];

  if (*slot == NULL || strcmp (*slot, text) != 0)
    *slot = dd_call_text (call, text);
  return *slot;
}

static const DealdeskAlteration *
make_alterations (DealdeskCall *call, const GArray *alterations)
{
  DealdeskAlteration *made = dd_arena_take (&call->arena, sizeof *made * alterations->len);

  for (guint i = 0; i < alterations->len; i++)
    {
      const DdAlteration *alteration = &g_array_index (alterations, DdAlteration, i);

      made[i] = (DealdeskAlteration){
        .charge = dd_call_text (call, alteration->charge != NULL ? alteration->charge : "*"),
        .label = dd_call_text (call, alteration->label),
        .kind = alteration->kind,
        .value = alteration->value,
      };
      memcpy (made[i].currency, alteration->currency.code, sizeof made[i].currency);
    }
  return made;
}

/* What every line of one offering shares. */
typedef struct
{
  const char *id; /* NULL: none is known yet */
  const char *category;
  const char *unit;
} Offering;

/* Texts that lines share, by content. */
typedef struct
{
  const char *texts[OFFERING_SLOTS];
  Offering offerings[OFFERING_SLOTS];
} Shared;

static void
know_offering (DealdeskCall *call, Shared *shared, const char *id, Offering *offering)
{
  const DdDataset *offerings = call->context.offerings;
  const DdCell *row = NULL;
  guint first = 0;

  if (offerings != NULL && dd_dataset_find (offerings, id, &first) > 0)
    row = dd_dataset_row (offerings, first);
  offering->id = share_text (call, shared->texts, id);
  offering->category = row != NULL ? share_text (call, shared->texts, row[DD_OFFERING_CATEGORY].text) : "";
  offering->unit = row != NULL ? share_text (call, shared->texts, row[DD_OFFERING_UNIT].text) : "";
}

/* Looked up once an offering, unless many take turns. */
static const Offering *
share_offering (DealdeskCall *call, Shared *shared, const char *id)
{
  Offering *offering = &shared->offerings[hash_text (id) % OFFERING_SLOTS];

  if (offering->id == NULL || strcmp (offering->id, id) != 0)
    know_offering (call, shared, id, offering);
  return offering;
}

static gboolean
make_lines (DealdeskCall *call, gboolean *out_altered, GError **error)
{
  const GPtrArray *lines = call->proposal->lines;
  g_autofree Shared *shared = g_new0 (Shared, 1);
  gboolean altered = FALSE;

  call->n_lines = lines->len;
  call->lines = g_new (DealdeskLine, lines->len + 1);
  for (guint i = 0; i < lines->len; i++)
    {
      const DdLine *line = lines->pdata[i];
      const Offering *offering;

      if (line->offering == NULL)
        return dd_fail (error, DD_ERROR_UNMAPPED, "line %s has no offering of the catalogue: map it first",
                        line->id);
      offering = share_offering (call, shared, line->offering);
      call->lines[i] = (DealdeskLine){
        .id = dd_call_text (call, line->id),
        .offering = offering->id,
        .site = line->site != NULL ? share_text (call, shared->texts, line->site) : "",
        .action = line->action,
        .commitment = dd_line_commitment (call->proposal, line),
        .quantity = line->quantity,
        .alteration_stride = sizeof (DealdeskAlteration),
        .category = offering->category,
        .unit = offering->unit,
        .start = dd_line_start (call->proposal, line),
      };
      if (line->alterations != NULL && line->alterations->len > 0)
        {
          altered = TRUE;
          call->lines[i].alterations = make_alterations (call, line->alterations);
          call->lines[i].n_alterations = line->alterations->len;
        }
    }
  *out_altered = altered;
  return TRUE;
}

/* Growing by copies would touch every page twice, which costs more than the answers themselves. */
static void
reserve (GArray **array, guint element_size, guint n)
{
  g_array_unref (*array);
  *array = g_array_sized_new (FALSE, FALSE, element_size, n);
}

static DdAnswers *
make_answers (guint n_lines)
{
  DdAnswers *answers = dd_answers_new ();

  reserve (&answers->charges, sizeof (DdCharge), n_lines * 2);
  reserve (&answers->tiers, sizeof (DdTier), n_lines * 2);
  reserve (&answers->adjustments, sizeof (DdAdjustment), n_lines * 2);
  return answers;
}

/* What the plugins that come next see of the charges. */
static void
show_charges (DealdeskCall *call)
{
  const GArray *charges = call->answers->charges;

  for (guint i = 0; i < call->n_lines; i++)
    call->lines[i].n_charges = 0;
  call->n_views = charges->len;
  call->views = g_renew (DealdeskChargeView, call->views, charges->len + 1);
  for (guint i = 0; i < charges->len; i++)
    {
      const DdCharge *charge = &g_array_index (charges, DdCharge, i);
      DealdeskLine *line = &call->lines[charge->line];
      DealdeskChargeView *view = &call->views[i];

      if (line->n_charges++ == 0)
        line->first_charge = i;
      view->line = charge->line;
      view->type = charge->type;
      view->period = charge->period;
      memcpy (view->currency, charge->currency.code, sizeof view->currency);
      view->id = dd_answers_text (call->answers, charge->id);
    }
}

static gboolean
has_tiers (const DdCharge *charge)
{
  return charge->mode == DD_TIER_VOLUME || charge->mode == DD_TIER_GRADUATED || charge->mode == DD_TIER_BLOCK;
}

static void
check_tiers (DealdeskCall *call)
{
  const GArray *charges = call->answers->charges;

  for (guint i = call->first_charge; i < charges->len; i++)
    {
      const DdCharge *charge = &g_array_index (charges, DdCharge, i);

      if (charge->n_tiers == 0 && has_tiers (charge))
        dd_call_lie (call, "it opened charge %s on line %s with tier mode %s and gave no tiers",
                     dd_answers_text (call->answers, charge->id), call->lines[charge->line].id,
                     dd_tier_mode_name (charge->mode));
    }
  for (guint i = call->first_contract; i < call->answers->contracts->len; i++)
    {
      const DdCharge *price = &g_array_index (call->answers->contracts, DdContract, i).price;

      if (price->n_tiers == 0 && has_tiers (price))
        dd_call_lie (call, "it gave charge %s of line %s a contracted price with tier mode %s and no tiers",
                     dd_answers_text (call->answers, price->id), call->lines[price->line].id,
                     dd_tier_mode_name (price->mode));
    }
}

gint32
dd_call_offer_end (const DdProposal *proposal)
{
  return proposal->valid_until != 0 ? dd_day_of (proposal->valid_until) : DD_NO_DAY;
}

static DealdeskResult
price (DealdeskCall *call)
{
  const DdPlugin *plugin = call->plugin;
  DealdeskPricingInput input = {
    .size = sizeof input,
    .n_lines = call->n_lines,
    .lines = call->lines,
    .line_stride = sizeof (DealdeskLine),
    .charge_stride = sizeof (DealdeskChargeView),
    .charges = call->views,
    .n_charges = call->n_views,
    .date = call->date,
    .customer = call->context.customer,
    .segment = call->context.segment,
    .country = call->context.country,
    .offer_end = dd_call_offer_end (call->proposal),
  };

  memcpy (input.currency, call->proposal->currency.code, sizeof input.currency);
  call->first_charge = call->answers->charges->len;
  call->first_contract = call->answers->contracts->len;
  call->tiered = NULL;

  DealdeskResult result = plugin->pricing.price (plugin->instance, &dd_call_functions, call, &input);

  if (result == DEALDESK_OK && call->lie == NULL && call->said == NULL)
    check_tiers (call);
  return result;
}

static void
add_sources (const DealdeskCall *call)
{
  const DdPlugin *plugin = call->plugin;
  const GArray *sources = call->answers->sources;

  dd_answers_add_source (call->answers, plugin->id, 0, call->version);
  for (guint i = 0; i < plugin->manifest->datasets->len; i++)
    {
      const char *name = plugin->views[i].declaration->name;
      gboolean known = FALSE;

      for (guint j = 0; j < sources->len && !known; j++)
        {
          const DdSource *source = &g_array_index (sources, DdSource, j);

          known = source->plugin_version == NULL && strcmp (source->name, name) == 0;
        }
      if (!known)
        dd_answers_add_source (call->answers, name, dd_dataset_version (call->datasets[i]), NULL);
    }
}

static gboolean
has_stage (const GPtrArray *plugins, DdStage stage)
{
  for (guint i = 0; i < plugins->len; i++)
    if (((const DdPlugin *)plugins->pdata[i])->manifest->stage == (int)stage)
      return TRUE;
  return FALSE;
}

static gboolean
check_stages (DdHost *host, const GPtrArray *plugins, gboolean altered, GError **error)
{
  if (!dd_host_check_complete (host, DD_KIND_PRICING, error))
    return FALSE;
  if (!has_stage (plugins, DD_STAGE_BASE))
    return dd_fail (error, DD_ERROR_UNAVAILABLE,
                    "nothing can be priced: no pricing plugin of stage base is enabled");
  if (altered && !has_stage (plugins, DD_STAGE_NEGOTIATED))
    return dd_fail (
      error, DD_ERROR_UNAVAILABLE,
      "lines have negotiated alterations, and no pricing plugin of stage negotiated is enabled");
  return TRUE;
}

static int
compare_lines (gconstpointer a, gconstpointer b, gpointer data)
{
  const GArray *charges = data;
  guint32 first = *(const guint32 *)a;
  guint32 second = *(const guint32 *)b;
  guint32 first_line = g_array_index (charges, DdCharge, first).line;
  guint32 second_line = g_array_index (charges, DdCharge, second).line;

  if (first_line != second_line)
    return first_line < second_line ? -1 : 1;
  return first < second ? -1 : first > second;
}

/* Several base plugins each answer in order of line; together they must, too. */
static void
sort_charges (DealdeskCall *call)
{
  DdAnswers *answers = call->answers;
  GArray *shares = call->shares;
  guint n = answers->charges->len;
  g_autofree guint32 *order = g_new (guint32, n + 1);
  g_autofree guint32 *place = g_new (guint32, n + 1);
  GArray *sorted = g_array_sized_new (FALSE, FALSE, sizeof (DdCharge), n);

  for (guint32 i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint)n, sizeof *order, compare_lines, answers->charges);
  for (guint32 i = 0; i < n; i++)
    {
      g_array_append_val (sorted, g_array_index (answers->charges, DdCharge, order[i]));
      place[order[i]] = i;
    }
  for (guint i = 0; i < answers->adjustments->len; i++)
    {
      DdAdjustment *adjustment = &g_array_index (answers->adjustments, DdAdjustment, i);

      adjustment->charge = place[adjustment->charge];
    }
  for (guint i = 0; i < answers->contracts->len; i++)
    {
      DdContract *contract = &g_array_index (answers->contracts, DdContract, i);

      contract->charge = place[contract->charge];
      call->next_contract = MAX (call->next_contract, contract->charge + 1);
    }
  for (guint i = 0; i < answers->expiries->len; i++)
    {
      DdExpiry *expiry = &g_array_index (answers->expiries, DdExpiry, i);

      expiry->charge = place[expiry->charge];
    }
  for (guint i = 0; shares != NULL && i < shares->len; i++)
    {
      DealdeskShare *share = &g_array_index (shares, DealdeskShare, i);

      share->charge = place[share->charge];
    }
  g_array_unref (answers->charges);
  answers->charges = sorted;
}

/* The name of every dataset of the base stage's plugins, for who looks for a missing price. (transfer full)
 */
static char *
list_base_datasets (const GPtrArray *plugins)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < plugins->len; i++)
    {
      const DdPlugin *plugin = plugins->pdata[i];

      if (plugin->manifest->stage == DD_STAGE_BASE && plugin->manifest->datasets->len > 0)
        g_string_append_printf (list, "%s%s (%s)", list->len > 0 ? ", " : "",
                                plugin->views[0].declaration->name, plugin->id);
    }
  return g_string_free (list, FALSE);
}

/* What goes may be no longer sold: then what is installed says what it was. */
static gboolean
check_priced (const DealdeskCall *call, GError **error)
{
  for (guint i = 0; i < call->n_lines; i++)
    {
      const DealdeskLine *line = &call->lines[i];
      g_autofree char *datasets = NULL;
      g_autofree char *date = NULL;

      if (line->n_charges > 0 || line->action == DEALDESK_ACTION_NO_CHANGE ||
          line->action == DEALDESK_ACTION_DELETE)
        continue;
      datasets = list_base_datasets (call->plugins);
      date = dd_call_format_date (call);
      return dd_fail (
        error, DD_ERROR_UNPRICED,
        "line %s: offering %s has no charges on %s: import a row for each of its charges, valid then, "
        "into %s",
        line->id, line->offering, date, datasets[0] != '\0' ? datasets : "a base plugin's dataset");
    }
  return TRUE;
}

/* The base stage is over: every line has its charges, and they keep their places. */
static gboolean
end_base (DealdeskCall *call, GError **error)
{
  return check_priced (call, error) && dd_call_resolve_shares (call, error);
}

static gboolean
run_plugins (DealdeskCall *call, GError **error)
{
  gboolean base_ended = FALSE;

  for (guint i = 0; i < call->plugins->len; i++)
    {
      DdPlugin *plugin = call->plugins->pdata[i];

      if (plugin->manifest->stage != DD_STAGE_BASE && !base_ended)
        {
          if (!end_base (call, error))
            return FALSE;
          base_ended = TRUE;
        }

      guint n_charges = call->answers->charges->len;

      if (!dd_call_run (call, plugin, DD_KIND_PRICING, price, DD_ERROR_UNPRICED, error))
        return FALSE;
      add_sources (call);
      if (call->answers->charges->len == n_charges)
        continue;
      if (n_charges > 0)
        sort_charges (call);
      show_charges (call);
    }
  return base_ended || end_base (call, error);
}

DdAnswers *
dd_host_price (DdHost *host, const DdCallContext *context, const DdProposal *proposal, GError **error)
{
  g_autoptr (DealdeskCall) call = dd_call_new (host, context);
  GPtrArray *plugins = dd_host_enabled (host, DD_KIND_PRICING);
  gboolean altered = FALSE;

  call->plugins = plugins;
  call->proposal = dd_proposal_ref ((DdProposal *)proposal);
  call->answers = make_answers (proposal->lines->len);
  if (!make_lines (call, &altered, error) || !check_stages (host, plugins, altered, error) ||
      !run_plugins (call, error) || !dd_call_settle_currencies (call, error))
    return NULL;
  call->answers->offer_end = dd_call_offer_end (proposal);
  return g_steal_pointer (&call->answers);
}
