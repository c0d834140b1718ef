/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The proposal that a verb sends (see offer.h). One thread.
 */
#include "offer.h"
#include "document.h"
#include "i18n.h"
#include "shapes.h"
#include "usage.h"
#include "json/writer.h"

/* What an edit may ask about its base. */
typedef struct
{
  CtlRun *run;
  guint base;
  GBytes *file;  /* (nullable), borrowed: the base is a file */
  DdJson *price; /* (nullable) until asked */
} Base;

gboolean
ctl_offer_is_changed (const CtlRun *run)
{
  return run->file != NULL || run->terms != NULL || !ctl_edit_is_empty (&run->edit);
}

static DdJson *
price_base (Base *base, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (base->run, "Price", error);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  if (request == NULL)
    return NULL;
  ctl_request_add (request, g_variant_new_uint32 (base->base));
  if (!ctl_request_add_document (request, base->file == NULL ? nothing : base->file, error) ||
      !ctl_run_add_map (base->run, request, error))
    return NULL;
  return ctl_run_fetch (base->run, request, error);
}

static char **
charges_of (const char *id, gpointer data, GError **error)
{
  Base *base = data;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  const DdJsonNode *line;

  if (base->price == NULL)
    base->price = price_base (base, error);
  if (base->price == NULL)
    return NULL;
  line = dd_json_member (dd_json_root (base->price), "lines");
  line = line == NULL ? NULL : dd_json_first (line);
  while (line != NULL && !g_str_equal (ctl_shape_text (line, "id"), id))
    line = dd_json_next (line);
  line = line == NULL ? NULL : dd_json_member (line, "charges");
  if (line != NULL)
    for (const DdJsonNode *each = dd_json_first (line); each != NULL; each = dd_json_next (each))
      g_ptr_array_add (ids, g_strdup (ctl_shape_text (each, "id")));
  g_ptr_array_add (ids, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&ids), FALSE);
}

static GBytes *
export_base (CtlRun *run, guint base, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Export", error);
  g_autoptr (CtlReply) reply = NULL;

  if (request == NULL)
    return NULL;
  ctl_request_add (request, g_variant_new_string ("proposal"));
  ctl_request_add (request, g_variant_new_uint32 (base));
  reply = ctl_run_send (run, request, error);
  return reply == NULL ? NULL : ctl_reply_document (reply, 0, error);
}

static DdJson *
parse_file (GBytes *bytes, const char *name, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  DdJson *json = dd_json_parse (text == NULL ? "" : text, length, NULL, error);

  if (json == NULL && name != NULL)
    g_prefix_error (error, "%s: ", name);
  return json;
}

static gboolean
merge_terms (CtlRun *run, DdProposal *proposal, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (DdJson) json = NULL;

  if (run->terms == NULL)
    return TRUE;
  bytes = ctl_document_load (run->terms, error);
  json = bytes == NULL ? NULL : parse_file (bytes, run->terms, error);
  if (json == NULL)
    return FALSE;
  if (ctl_edit_merge_terms (dd_json_root (json), proposal, error))
    return TRUE;
  g_prefix_error (error, "%s: ", run->terms);
  return FALSE;
}

/* (transfer full) (nullable): @bytes with the edits on it */
static GBytes *
edit_bytes (CtlRun *run, guint base, GBytes *bytes, GError **error)
{
  Base about = { .run = run, .base = base, .file = run->file == NULL ? NULL : bytes };
  g_autoptr (DdJson) json = parse_file (bytes, run->file, error);
  g_autoptr (DdProposal) proposal = json == NULL ? NULL : dd_proposal_read (dd_json_root (json), error);
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  gboolean edited;

  if (proposal == NULL)
    {
      if (json != NULL && run->file != NULL)
        g_prefix_error (error, "%s: ", run->file);
      return NULL;
    }
  edited =
    merge_terms (run, proposal, error) && ctl_edit_apply (&run->edit, proposal, charges_of, &about, error);
  g_clear_pointer (&about.price, dd_json_unref);
  if (!edited)
    return NULL;
  dd_proposal_write (proposal, writer);
  return dd_json_writer_finish_bytes (writer);
}

gboolean
ctl_offer_add (CtlRun *run, CtlRequest *request, guint base, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (!ctl_run_add_map (run, request, error))
    return FALSE;
  if (run->file != NULL)
    bytes = ctl_document_load (run->file, error);
  else if (ctl_offer_is_changed (run))
    bytes = export_base (run, base, error);
  else
    bytes = g_bytes_new_static ("", 0);
  if (bytes != NULL && (run->terms != NULL || !ctl_edit_is_empty (&run->edit)))
    {
      g_autoptr (GBytes) edited = edit_bytes (run, base, bytes, error);

      return edited != NULL && ctl_request_add_document (request, edited, error);
    }
  return bytes != NULL && ctl_request_add_document (request, bytes, error);
}

gboolean
ctl_offer_refused (const CtlRun *run, GError **error)
{
  /* The daemon alone knows whether the deal stands at its request or at a revision. */
  if (run->map != NULL && run->file == NULL && g_str_has_prefix ((*error)->message, "map goes with"))
    {
      g_clear_error (error);
      return ctl_usage (error, _ ("--map goes with --file or with the request: a revision's lines have "
                                  "offerings of the catalogue already"));
    }
  if (run->terms == NULL && ctl_edit_is_empty (&run->edit))
    ctl_run_name_file (run->file, error);
  return FALSE;
}
