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

/* What is changed, and what an edit may ask about it. */
typedef struct
{
  CtlRun *run;
  guint base;           /* of a deal */
  gboolean dealless;    /* the first word is the file */
  const char *customer; /* (nullable), borrowed: without a deal */
  GBytes *file;         /* (nullable), borrowed: the base is a file */
  DdJson *price;        /* (nullable) until asked */
} Base;

gboolean
ctl_offer_is_changed (const CtlRun *run)
{
  return run->file != NULL || run->terms != NULL || !ctl_edit_is_empty (&run->edit);
}

/* Without its document. (transfer full) (nullable) */
static CtlRequest *
begin_price (const Base *base, GError **error)
{
  CtlRequest *request;

  if (base->dealless)
    {
      request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Price");
      ctl_request_option_text (request, "customer", base->customer);
      return request;
    }
  request = ctl_run_deal_request (base->run, "Price", error);
  if (request != NULL)
    ctl_request_add (request, g_variant_new_uint32 (base->base));
  return request;
}

static DdJson *
price_base (Base *base, GError **error)
{
  g_autoptr (CtlRequest) request = begin_price (base, error);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  if (request == NULL)
    return NULL;
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
edit_bytes (Base *about, GBytes *bytes, GError **error)
{
  CtlRun *run = about->run;
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
  about->file = run->file == NULL ? NULL : bytes;
  edited =
    merge_terms (run, proposal, error) && ctl_edit_apply (&run->edit, proposal, charges_of, about, error);
  g_clear_pointer (&about->price, dd_json_unref);
  if (!edited)
    return NULL;
  dd_proposal_write (proposal, writer);
  return dd_json_writer_finish_bytes (writer);
}

/* Once: standard input can't be read again. (transfer full) (nullable) */
static GBytes *
load_file (CtlRun *run, GError **error)
{
  if (run->offer == NULL)
    run->offer = ctl_document_load (run->file, error);
  return run->offer != NULL ? g_bytes_ref (run->offer) : NULL;
}

static gboolean
add_document (Base *base, CtlRequest *request, GError **error)
{
  CtlRun *run = base->run;
  g_autoptr (GBytes) bytes = NULL;

  if (!ctl_run_add_map (run, request, error))
    return FALSE;
  if (run->file != NULL)
    bytes = load_file (run, error);
  else if (ctl_offer_is_changed (run))
    bytes = export_base (run, base->base, error);
  else
    bytes = g_bytes_new_static ("", 0);
  if (bytes != NULL && (run->terms != NULL || !ctl_edit_is_empty (&run->edit)))
    {
      g_autoptr (GBytes) edited = edit_bytes (base, bytes, error);

      return edited != NULL && ctl_request_add_document (request, edited, error);
    }
  return bytes != NULL && ctl_request_add_document (request, bytes, error);
}

gboolean
ctl_offer_add (CtlRun *run, CtlRequest *request, guint base, GError **error)
{
  Base about = { .run = run, .base = base };

  return add_document (&about, request, error);
}

/* The first word becomes --file; a word that is neither a deal nor a file may have been meant as either. What
 * was read already is priced once more. */
static gboolean
take_file (CtlRun *run, gint revision, GError **error)
{
  const char *word = run->words[0];

  if (run->offer != NULL)
    return TRUE;
  if (revision != 0)
    return ctl_usage (error, _ ("--revision is a deal's; “%s” is a file"), word);
  if (run->file != NULL)
    return ctl_usage (error, _ ("“%s” is a file already, so there can't be another with --file"), word);
  if (!g_str_equal (word, "-") && !g_file_test (word, G_FILE_TEST_EXISTS))
    return dd_fail (error, DD_ERROR_NOT_FOUND,
                    _ ("“%s” is no deal, which would look like D-1042, and there is no file of that name"),
                    word);
  run->file = g_strdup (word);
  return TRUE;
}

CtlRequest *
ctl_offer_price (CtlRun *run, gint revision, const char *customer, GError **error)
{
  Base base = { .run = run, .customer = customer, .dealless = !ctl_run_is_deal (run->words[0]) };
  g_autoptr (CtlRequest) request = NULL;

  if (revision < 0)
    {
      ctl_usage (error, _ ("--revision is a revision, from 1"));
      return NULL;
    }
  if (!base.dealless && revision != 0 && run->file != NULL)
    {
      ctl_usage (error, _ ("--revision is a revision to start from, from 1, and excludes --file"));
      return NULL;
    }
  if (!base.dealless && customer != NULL)
    {
      ctl_usage (error, _ ("--customer goes with a file; the deal “%s” has its own"), run->words[0]);
      return NULL;
    }
  base.base = (guint)revision;
  if (base.dealless && !take_file (run, revision, error))
    return NULL;
  request = begin_price (&base, error);
  return request != NULL && add_document (&base, request, error) ? g_steal_pointer (&request) : NULL;
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
