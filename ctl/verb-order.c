/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs after the agreement: sign, orders, handoff. One thread.
 */
#include "verbs.h"
#include "fault.h"
#include "i18n.h"
#include "move.h"
#include "shapes.h"

static char *sign_fingerprint;

const GOptionEntry ctl_sign_options[] = { { "fingerprint", 0, 0, G_OPTION_ARG_STRING, &sign_fingerprint,
                                            N_ ("Of the agreement that was read; without it, of the deal's"),
                                            "HEX" },
                                          G_OPTION_ENTRY_NULL };

gboolean
ctl_verb_sign (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Sign", error);
  const char *fingerprint = sign_fingerprint;
  g_autoptr (DdJson) deal = NULL;

  if (request == NULL)
    return FALSE;
  if (fingerprint == NULL)
    {
      deal = ctl_run_get (run, 0, error);
      if (deal == NULL)
        return FALSE;
      fingerprint = ctl_shape_text (dd_json_root (deal), "agreement");
      if (*fingerprint == '\0')
        return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, _ ("%s has no agreement to sign: it is %s"),
                        ctl_shape_text (dd_json_root (deal), "id"),
                        ctl_shape_text (dd_json_root (deal), "state"));
    }
  ctl_request_add (request, g_variant_new_string (fingerprint));
  return ctl_move_run (run, request, error);
}

static gboolean orders_documents;

const GOptionEntry ctl_orders_options[] = { { "documents", 0, 0, G_OPTION_ARG_NONE, &orders_documents,
                                              N_ ("With the TMF622 documents"), NULL },
                                            G_OPTION_ENTRY_NULL };

static const CtlField document_fields[] = {
  { "id", NULL, CTL_CELL_TEXT, NULL },
  { "state", NULL, CTL_CELL_STATE, NULL },
  { "attempts", NULL, CTL_CELL_NUMBER, NULL },
  { "note", NULL, CTL_CELL_PROSE, NULL },
  { "key", NULL, CTL_CELL_TEXT, NULL },
  { "document", NULL, CTL_CELL_DATA, NULL },
  CTL_FIELD_END,
};

static const CtlSection order_sections[] = {
  { "orders", NULL, CTL_SHAPE_ROWS, ctl_order_fields, NULL, N_ ("No orders.") },
  CTL_SECTION_END,
};

static const CtlSection document_sections[] = {
  { "orders", NULL, CTL_SHAPE_ROWS, document_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_orders_forms[] = { { "", order_sections },
                                     { "documents", document_sections },
                                     CTL_FORM_END };

/* For people too a document is JSON: one a line, below the table. */
static gboolean
print_documents (const DdJsonNode *root, GError **error)
{
  const DdJsonNode *orders = NULL;

  if (!dd_json_get_array (root, "orders", TRUE, &orders, error))
    return FALSE;
  for (const DdJsonNode *each = dd_json_first (orders); each != NULL; each = dd_json_next (each))
    {
      const DdJsonNode *document = dd_json_member (each, "document");
      g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
      g_autofree char *text = NULL;
      g_autofree char *line = NULL;

      if (document == NULL)
        continue;
      dd_json_write_node (writer, document);
      text = dd_json_writer_finish (writer, NULL);
      line = g_strconcat ("\n", text, "\n", NULL);
      if (!ctl_run_print_document (line, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
ctl_verb_orders (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Orders", error);
  g_autoptr (DdJson) json = request == NULL ? NULL : ctl_run_fetch (run, request, error);

  if (json == NULL)
    return FALSE;
  if (run->json)
    return ctl_run_print (run, orders_documents ? document_sections : order_sections, dd_json_root (json),
                          error);
  return ctl_run_print (run, order_sections, dd_json_root (json), error) &&
         (!orders_documents || print_documents (dd_json_root (json), error));
}

static gboolean handoff_retry;
static char *handoff_delivered;

const GOptionEntry ctl_handoff_options[] = { { "retry", 0, 0, G_OPTION_ARG_NONE, &handoff_retry,
                                               N_ ("Send it, again if need be"), NULL },
                                             { "delivered", 0, 0, G_OPTION_ARG_STRING, &handoff_delivered,
                                               N_ ("A person saw it arrive; how"), "REASON" },
                                             G_OPTION_ENTRY_NULL };

gboolean
ctl_verb_handoff (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "ResolveOrder", error);

  if (request == NULL)
    return FALSE;
  if (handoff_retry == (handoff_delivered != NULL))
    return ctl_usage (error, _ ("say what becomes of the order: --retry, or --delivered REASON"));
  ctl_request_add (request, g_variant_new_string (run->words[1]));
  ctl_request_add (request, g_variant_new_string (handoff_retry ? "retry" : "delivered"));
  ctl_request_add (request, g_variant_new_string (handoff_retry ? "" : handoff_delivered));
  return ctl_move_run (run, request, error);
}
