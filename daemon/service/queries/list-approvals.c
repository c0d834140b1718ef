/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Approvals.List: pages of open steps by key. On a reader.
 */
#include "queries/queries.h"

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
  if (!dd_query_check_limit (limit, DD_MAX_PAGE, error) ||
      !parse_cursor (after, &deal, &revision, &step, error))
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
