/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Price, of a deal and of the Manager, and Reprice: a pricing run without a move. In a job; what is in the
 * making hangs on the query. The Manager has a document alone: no deal, and a customer only if one is named.
 */
#include "queries/queries.h"

#include "contents.h"
#include "pricing.h"
#include "queries/price-goal.h"
#include "queries/price-json.h"

#define CUSTOMER_NAME      1
#define OFFERINGS_CATEGORY 2

static gboolean
is_of_deal (const DdQuery *query)
{
  return query->call->deal != 0;
}

static gboolean
load (DdReader *reader, gpointer data, GError **error)
{
  DdQuery *query = data;
  const DdRevision *revision = NULL;
  guint number;

  if (is_of_deal (query))
    {
      query->deal = dd_reader_deal (reader, query->call->deal, error);
      if (query->deal == NULL)
        return FALSE;
    }
  query->pins = dd_pins_new (query->call->service, reader, error);
  if (query->pins == NULL)
    return FALSE;
  if (query->proposal != NULL)
    return TRUE;
  number = dd_query_number (query, 0);
  if (number != 0 || dd_query_has_tabled (query->deal))
    {
      revision = dd_query_revision (query->deal, number, error);
      if (revision == NULL)
        return FALSE;
      query->mapped = TRUE;
    }
  query->proposal = dd_contents_proposal (
    reader, revision != NULL ? revision->proposal : query->deal->request, revision != NULL, error);
  return query->proposal != NULL;
}

/* A deal's customer is whoever asked for it; that of a document alone is a word of the caller's, and one that
 * is misspelt would get everybody's prices. */
static gboolean
find_customer (const DdQuery *query, const char **out_customer, GError **error)
{
  const char *customer = dd_options_text (query->call->options, "customer");

  if (is_of_deal (query))
    customer = query->deal->customer;
  else if (customer != NULL && dd_pins_get (query->pins, "customers") != NULL &&
           dd_pins_text (query->pins, "customers", customer, CUSTOMER_NAME) == NULL)
    return dd_fail (error, DD_ERROR_NOT_FOUND,
                    "the dataset customers has no “%.60s”; name one that it has, or import it", customer);
  *out_customer = customer;
  return TRUE;
}

static gboolean
run (DdQuery *query, GError **error)
{
  DdPricingRequest request = { .now = query->now };
  g_autoptr (GHashTable) map = dd_options_map (query->call->options, "map");
  const char *asked;

  if (!dd_store_read_here (query->call->service->store, load, query, error))
    return FALSE;
  if (map != NULL && g_hash_table_size (map) > 0 && query->mapped)
    return dd_fail (
      error, DD_ERROR_INVALID_ARGUMENT,
      "map goes with a document or a request; a revision's lines have offerings of the catalogue "
      "already");
  if (!find_customer (query, &request.customer, error))
    return FALSE;
  request.map = map;
  request.deal = query->call->deal;
  asked = dd_options_text (query->call->options, "why-not");
  if (asked != NULL)
    request.misses = query->misses = dd_misses_new ();
  if (asked != NULL && *asked != '\0')
    request.asked_rule = asked;
  query->sheet =
    dd_pricing_run (query->call->service, query->pins, &request, query->proposal, query->mapped, error);
  return query->sheet != NULL;
}

/* --- Price --- */

static DdProposal *
read_document (GBytes *bytes, GError **error)
{
  gsize size = 0;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autoptr (DdJson) json = dd_json_parse (text, size, NULL, error);

  return json != NULL ? dd_proposal_read (dd_json_root (json), error) : NULL;
}

/* What @line is counted under by @by; (nullable). */
static const char *
breakdown_key (const DdPins *pins, const DdLine *line, const char *by)
{
  if (g_str_equal (by, "line"))
    return line->id;
  if (g_str_equal (by, "site"))
    return line->site;
  return dd_pins_text (pins, "offerings", line->offering, OFFERINGS_CATEGORY);
}

static gboolean
check_by (const char *by, GError **error)
{
  static const char *const known[] = { "line", "site", "category", NULL };

  if (by == NULL || g_strv_contains (known, by))
    return TRUE;
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "by “%.40s” should be line, site or category", by);
}

static gboolean
write_breakdown (DdQuery *query, DdJsonWriter *writer, const char *by, GError **error)
{
  const GPtrArray *lines = query->proposal->lines;
  g_autofree const char **keys = g_new0 (const char *, lines->len + 1);

  for (guint i = 0; i < lines->len; i++)
    keys[i] = breakdown_key (query->pins, g_ptr_array_index (lines, i), by);
  return dd_price_write_breakdown (writer, query->sheet, keys, error);
}

/* "misses" and, of the rule that was asked about, where it did apply: "applied". */
static void
write_misses (const DdQuery *query, DdJsonWriter *writer, const char *rule)
{
  const DdProposal *proposal = query->proposal;

  dd_json_write_key (writer, "misses");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < query->misses->len; i++)
    {
      const DdMiss *miss = g_ptr_array_index (query->misses, i);

      dd_json_write_begin_object (writer);
      if (miss->line < proposal->lines->len)
        dd_json_put_string (writer, "line",
                            ((const DdLine *)g_ptr_array_index (proposal->lines, miss->line))->id);
      dd_json_put_string (writer, "plugin", miss->plugin);
      dd_put_text (writer, "reason", miss->reason);
      dd_json_put_string (writer, "rule", miss->rule);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
  dd_price_write_applied (writer, proposal, query->sheet, rule);
}

static gboolean
read_goal (DdQuery *query, GError **error)
{
  const char *text = dd_options_text (query->call->options, "goal");

  if (text == NULL)
    return TRUE;
  if (dd_options_text (query->call->options, "why-not") != NULL)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "goal and why-not exclude each other: a rule is asked about on a price as it stands");
  query->goal = dd_price_goal_read (text, error);
  return query->goal != NULL;
}

static gboolean
read_offer (DdQuery *query, GError **error)
{
  if (query->in == NULL && !is_of_deal (query))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the document is empty; it should be a proposal");
  if (query->in != NULL)
    query->proposal = read_document (query->in, error);
  return query->in == NULL || query->proposal != NULL;
}

gboolean
dd_query_price (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (DdJsonWriter) writer = NULL;
  const char *by = dd_options_text (query->call->options, "by");

  if (!check_by (by, error) || !read_goal (query, error) || !read_offer (query, error) || !run (query, error))
    return FALSE;
  if (query->goal != NULL && !dd_price_goal_find (query->goal, query->proposal, &query->sheet, error))
    return FALSE;

  g_autofree char *sha256 = dd_price_sha256 (query->sheet);
  writer = dd_json_writer_new ();
  dd_json_write_begin_object (writer);
  if (by != NULL && !write_breakdown (query, writer, by, error))
    return FALSE;
  dd_price_write_figures (writer, query->sheet);
  if (query->goal != NULL)
    dd_price_goal_write (query->goal, query->proposal, writer);
  dd_price_write_lines (writer, query->proposal, query->sheet);
  if (query->misses != NULL)
    write_misses (query, writer, dd_options_text (query->call->options, "why-not"));
  dd_json_put_string (writer, "sheet", sha256);
  dd_price_write_totals (writer, query->sheet);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}

/* --- Reprice --- */

static GVariant *
flat_results (const DdSheet *sheet)
{
  g_autoptr (GArray) flat = g_array_sized_new (FALSE, FALSE, sizeof (gint64), sheet->results->len * 4);

  for (guint i = 0; i < sheet->results->len; i++)
    {
      const DdChargeResult *result = &g_array_index (sheet->results, DdChargeResult, i);
      gint64 row[] = { g_array_index (sheet->answers->charges, DdCharge, i).line, result->list, result->net,
                       result->tax };
      g_array_append_vals (flat, row, G_N_ELEMENTS (row));
    }
  return g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, flat->data, flat->len, sizeof (gint64));
}

gboolean
dd_query_reprice (DdQuery *query, DdReader *reader, GError **error)
{
  if (!run (query, error))
    return FALSE;
  g_variant_builder_open (&query->values, G_VARIANT_TYPE ("a(sssxxx)"));
  for (guint i = 0; i < query->sheet->totals->len; i++)
    {
      const DdTotal *total = &g_array_index (query->sheet->totals, DdTotal, i);
      g_variant_builder_add (&query->values, "(sssxxx)", total->currency.code,
                             dd_charge_type_name (total->type), dd_period_name (total->period), total->list,
                             total->net, total->tax);
    }
  g_variant_builder_close (&query->values);
  if (dd_options_flag (query->call->options, "flat"))
    g_variant_builder_add_value (&query->values, flat_results (query->sheet));
  else
    g_variant_builder_add_value (&query->values,
                                 g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, NULL, 0, sizeof (gint64)));
  return TRUE;
}
