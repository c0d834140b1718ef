/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verb advise: what a negotiation plugin would do next. One thread.
 */
#include "verbs.h"
#include "i18n.h"
#include "shapes.h"

static char *advise_plugin;

const GOptionEntry ctl_advise_options[] = { { "plugin", 0, 0, G_OPTION_ARG_STRING, &advise_plugin,
                                              N_ ("Ask this plugin"), "PLUGIN" },
                                            G_OPTION_ENTRY_NULL };

static const CtlField advice_fields[] = {
  { "plugin", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "action", N_ ("Would"), CTL_CELL_TEXT, NULL },
  { "total", N_ ("Total"), CTL_CELL_MEMBERS, NULL },
  { "discount", N_ ("Off list"), CTL_CELL_PERCENT, NULL },
  { "reason", N_ ("Because"), CTL_CELL_PROSE, NULL },
  { "refused", N_ ("But"), CTL_CELL_PROSE, NULL },
  CTL_FIELD_END,
};

static const CtlSection advice_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, advice_fields, NULL, NULL },
  { "needs", N_ ("Approvals it would take"), CTL_SHAPE_ROWS, ctl_step_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_advise_forms[] = { { "", advice_sections }, CTL_FORM_END };

gboolean
ctl_verb_advise (CtlRun *run, GError **error)
{
  static const CtlNames advisers = { CTL_PATH_PLUGINS, "Plugins", "List", "negotiation" };
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Advise", error);

  if (request == NULL)
    return FALSE;
  ctl_request_option_text (request, "plugin", advise_plugin);
  if (ctl_run_print_reply (run, request, advice_sections, error))
    return TRUE;
  if (advise_plugin != NULL)
    ctl_run_suggest (run, &advisers, advise_plugin, error);
  return FALSE;
}
