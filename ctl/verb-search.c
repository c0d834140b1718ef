/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The verb search: deals by words. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "i18n.h"

#define DEFAULT_LIMIT 50
#define MAX_LIMIT     100

static gint search_limit = DEFAULT_LIMIT;

const GOptionEntry ctl_search_options[] = { { "limit", 0, 0, G_OPTION_ARG_INT, &search_limit,
                                              N_ ("At most so many, newest first (50)"), "N" },
                                            G_OPTION_ENTRY_NULL };

static const CtlField found_fields[] = {
  { "id", N_ ("Deal"), CTL_CELL_TEXT, NULL },
  { "state", N_ ("State"), CTL_CELL_STATE, NULL },
  { "title", N_ ("Title"), CTL_CELL_PROSE, NULL },
  { "customer", N_ ("Customer"), CTL_CELL_TEXT | CTL_GIVES_WAY (1), NULL },
  { "owner", N_ ("Owner"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "version", NULL, CTL_CELL_NUMBER, NULL },
  { "where", N_ ("Where"), CTL_CELL_PROSE, NULL },
  CTL_FIELD_END,
};

static const CtlSection search_sections[] = {
  { "deals", NULL, CTL_SHAPE_ROWS, found_fields, NULL, N_ ("No deals.") },
  CTL_SECTION_END,
};

const CtlForm ctl_search_forms[] = { { "", search_sections }, CTL_FORM_END };

gboolean
ctl_verb_search (CtlRun *run, GError **error)
{
  static const char *const keys[] = { "id", "state", "version", "title", "customer", "owner", "where" };
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Search");
  g_autofree char *text = g_strjoinv (" ", run->words);

  if (search_limit < 1 || search_limit > MAX_LIMIT)
    return ctl_usage (error, _ ("--limit is a number from 1 to %d"), MAX_LIMIT);
  ctl_request_add (request, g_variant_new_string (text));
  ctl_request_add (request, g_variant_new_uint32 ((guint32)search_limit));
  return ctl_run_print_array (run, request, keys, search_sections, error);
}
