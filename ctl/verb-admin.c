/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs of administrators: status. One thread.
 */
#include "verbs.h"
#include "i18n.h"
#include "shapes.h"

/* "handoff-spool", or "handoff-spool (disabled; 3 orders wait)". */
static char *
format_sink (const DdJsonNode *row)
{
  const char *sink = ctl_shape_text (row, "sink");
  const char *state = ctl_shape_text (row, "sinkState");

  if (state[0] == '\0' || g_str_equal (state, "enabled"))
    return g_strdup (sink);
  return g_strdup_printf (_ ("%s (%s; orders that wait: %s)"), sink, state,
                          ctl_shape_text (dd_json_member (row, "store"), "pendingOrders"));
}

static const CtlField status_fields[] = {
  { "version", N_ ("Daemon"), CTL_CELL_TEXT, NULL },
  { "bus", N_ ("Bus"), CTL_CELL_TEXT, NULL },
  { "provider", N_ ("Provider"), CTL_CELL_TEXT, NULL },
  { "sink", N_ ("Orders go to"), CTL_CELL_PROSE, format_sink },
  { "sinkState", NULL, CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField store_fields[] = {
  { "deals", N_ ("Deals"), CTL_CELL_NUMBER, NULL },
  { "events", N_ ("Events"), CTL_CELL_NUMBER, NULL },
  { "openApprovals", N_ ("Open approvals"), CTL_CELL_NUMBER, NULL },
  { "pendingOrders", N_ ("Pending orders"), CTL_CELL_NUMBER, NULL },
  { "heldOrders", N_ ("Held orders"), CTL_CELL_NUMBER, NULL },
  { "databaseBytes", N_ ("Database bytes"), CTL_CELL_NUMBER, NULL },
  { "walBytes", N_ ("Log bytes"), CTL_CELL_NUMBER, NULL },
  { "development", N_ ("Development"), CTL_CELL_YES, NULL },
  { "head", N_ ("Chain head"), CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlSection status_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, status_fields, NULL, NULL },
  { "store", N_ ("Store"), CTL_SHAPE_RECORD, store_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_status_forms[] = { { "", status_sections }, CTL_FORM_END };

gboolean
ctl_verb_status (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Status");

  return ctl_run_print_reply (run, request, status_sections, error);
}
