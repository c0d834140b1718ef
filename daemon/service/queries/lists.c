/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Lists of deals, open approvals and datasets: pages by key. On a reader.
 */
#include "queries/queries.h"

#define MAX_PAGE 1000

static gboolean
check_limit (guint limit, GError **error)
{
  if (limit >= 1 && limit <= MAX_PAGE)
    return TRUE;
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "limit is %u; it should be from 1 to %d", limit,
                  MAX_PAGE);
}

typedef struct
{
  GVariantBuilder rows;
  guint count;
  gint64 last;
} Deals;

static gboolean
add_deal (const DdDealRow *row, gpointer data)
{
  Deals *deals = data;
  g_autofree char *id = dd_deal_id_format (row->number);

  g_variant_builder_add (&deals->rows, "(sstsssx)", id, dd_deal_state_name (row->state),
                         (guint64)row->version, row->title, row->customer, row->owner, row->updated_at);
  deals->count++;
  deals->last = row->number;
  return TRUE;
}

gboolean
dd_query_list_deals (DdQuery *query, DdReader *reader, GError **error)
{
  const char *before_text, *state_text = dd_options_text (query->call->options, "state");
  guint limit = dd_query_number (query, 1);
  gint64 before = 0;
  int state = state_text != NULL ? dd_deal_state_from_name (state_text) : -1;
  Deals deals = { 0 };

  g_variant_get_child (query->call->parameters, 0, "&s", &before_text);
  if (!check_limit (limit, error) ||
      (before_text[0] != '\0' && !dd_deal_id_parse (before_text, &before, error)))
    return FALSE;
  if (state_text != NULL && state < 0)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "state “%.40s” should be preparing, negotiating, agreed, signed, closed, declined, "
                    "withdrawn or expired",
                    state_text);
  g_variant_builder_init (&deals.rows, G_VARIANT_TYPE ("a(sstsssx)"));
  if (!dd_reader_list_deals (reader, state, dd_options_text (query->call->options, "customer"), before, limit,
                             add_deal, &deals, error))
    {
      g_variant_builder_clear (&deals.rows);
      return FALSE;
    }
  g_autofree char *next = deals.count == limit ? dd_deal_id_format (deals.last) : g_strdup ("");
  g_variant_builder_add_value (&query->values, g_variant_builder_end (&deals.rows));
  g_variant_builder_add (&query->values, "s", next);
  return TRUE;
}

typedef struct
{
  GVariantBuilder rows;
  guint count;
  gint64 deal; /* the last one's place */
  guint revision;
  guint step;
} Steps;

static gboolean
add_step (const DdApprovalRow *row, gpointer data)
{
  Steps *steps = data;

  g_autofree char *id = dd_deal_id_format (row->deal);
  g_variant_builder_add (&steps->rows, "(suussssx)", id, row->revision, row->step, row->measure, row->value,
                         row->title, row->requester, row->since);
  steps->count++;
  steps->deal = row->deal;
  steps->revision = row->revision;
  steps->step = row->step;
  return TRUE;
}

/* "D-1042/REVISION/STEP" */
static gboolean
parse_cursor (const char *text, gint64 *out_deal, guint *out_revision, guint *out_step, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 3);
  guint64 revision = 0, step = 0;

  if (text[0] == '\0')
    return TRUE;
  if (g_strv_length (parts) != 3 ||
      !g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXUINT, &revision, NULL) ||
      !g_ascii_string_to_unsigned (parts[2], 10, 0, G_MAXUINT, &step, NULL))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "after “%.40s” should be what an earlier page gave as next", text);
  *out_revision = (guint)revision;
  *out_step = (guint)step;
  return dd_deal_id_parse (parts[0], out_deal, error);
}

/* Everything that names the person: themselves and their groups. */
static char **
candidates_of (const DdService *service, DdReader *reader, const char *person, GError **error)
{
  g_autoptr (DdPins) pins = dd_pins_new (service, reader, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (pins == NULL)
    return NULL;
  g_autoptr (GPtrArray) groups = dd_pins_groups (pins, person);
  g_autofree char *user = g_strconcat ("user:", person, NULL);
  g_strv_builder_add (builder, user);
  for (guint i = 0; i < groups->len; i++)
    {
      g_autofree char *group = g_strconcat ("group:", (char *)g_ptr_array_index (groups, i), NULL);
      g_strv_builder_add (builder, group);
    }
  return g_strv_builder_end (builder);
}

gboolean
dd_query_list_approvals (DdQuery *query, DdReader *reader, GError **error)
{
  const char *after;
  guint limit = dd_query_number (query, 1), revision = 0, step = 0;
  gint64 deal = 0;
  g_auto (GStrv) candidates = NULL;
  Steps steps = { 0 };

  g_variant_get_child (query->call->parameters, 0, "&s", &after);
  if (!check_limit (limit, error) || !parse_cursor (after, &deal, &revision, &step, error))
    return FALSE;
  if (!dd_options_flag (query->call->options, "all") &&
      (candidates = candidates_of (query->call->service, reader, query->call->actor, error)) == NULL)
    return FALSE;
  g_variant_builder_init (&steps.rows, G_VARIANT_TYPE ("a(suussssx)"));
  if (!dd_reader_list_approvals (reader, (const char *const *)candidates, deal, revision, step, limit,
                                 add_step, &steps, error))
    {
      g_variant_builder_clear (&steps.rows);
      return FALSE;
    }
  g_autofree char *next = steps.count == limit ? g_strdup_printf ("D-%" G_GINT64_FORMAT "/%u/%u", steps.deal,
                                                                  steps.revision, steps.step)
                                               : g_strdup ("");
  g_variant_builder_add_value (&query->values, g_variant_builder_end (&steps.rows));
  g_variant_builder_add (&query->values, "s", next);
  return TRUE;
}

/* --- datasets --- */

static gboolean
add_imported (const DdDatasetRow *row, gpointer data)
{
  DdDatasetRow *copy = g_new0 (DdDatasetRow, 1);

  *copy = *row;
  copy->name = g_strdup (row->name);
  copy->actor = g_strdup (row->actor);
  g_hash_table_insert (data, (gpointer)copy->name, copy);
  return TRUE;
}

static void
imported_free (gpointer data)
{
  DdDatasetRow *row = data;

  g_free ((char *)row->name);
  g_free ((char *)row->actor);
  g_free (row);
}

static char *
describe_columns (const DdDatasetDeclaration *declaration)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < declaration->columns->len; i++)
    {
      const DdColumn *column = &g_array_index (declaration->columns, DdColumn, i);
      g_string_append_printf (text, "%s%s %s%s%s", i > 0 ? "; " : "", column->name, column->key ? "key " : "",
                              dd_column_type_name (column->type), column->optional ? " optional" : "");
    }
  return g_string_free (text, FALSE);
}

static void
add_datasets (GVariantBuilder *rows, const GPtrArray *declarations, GHashTable *imported)
{
  for (guint i = 0; i < declarations->len; i++)
    {
      const DdDatasetDeclaration *declaration = g_ptr_array_index (declarations, i);
      const DdDatasetRow *row = g_hash_table_lookup (imported, declaration->name);
      g_autofree char *columns = describe_columns (declaration);
      g_variant_builder_add (rows, "(sttxss)", declaration->name, (guint64)(row != NULL ? row->version : 0),
                             (guint64)(row != NULL ? row->rows : 0), row != NULL ? row->time : (gint64)0,
                             row != NULL ? row->actor : "", columns);
    }
}

gboolean
dd_query_datasets (DdQuery *query, DdReader *reader, GError **error)
{
  g_autoptr (GHashTable) imported = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, imported_free);
  GVariantBuilder rows;

  if (!dd_reader_list_datasets (reader, add_imported, imported, error))
    return FALSE;
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(sttxss)"));
  add_datasets (&rows, dd_core_datasets (), imported);
  add_datasets (&rows, dd_host_datasets (query->call->service->host), imported);
  g_variant_builder_add_value (&query->values, g_variant_builder_end (&rows));
  return TRUE;
}
