/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Replies of mutating commands (see reply.h). Any thread.
 */
#include "reply.h"

#include "digest.h"

static void
put_revision (DdJsonWriter *writer, const DdDeal *deal, const DdRevision *revision)
{
  const DdApprovalRequest *request = dd_deal_request_for (deal, revision->revision);

  dd_json_put_string (writer, "fingerprint", revision->view);
  dd_json_put_string (writer, "proposalState", dd_proposal_state_name (revision->state));
  dd_json_put_int64 (writer, "revision", revision->revision);
  dd_json_put_string (writer, "sheet", revision->sheet);
  if (request == NULL)
    return;
  dd_json_write_key (writer, "requirements");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < request->steps->len; i++)
    dd_requirement_write (g_ptr_array_index (request->steps, i), writer);
  dd_json_write_end_array (writer);
}

/* Of "requirements" or, once that is closed, of what was read before: these steps alone are decided now. */
static void
put_decided (DdJsonWriter *writer, const GArray *steps)
{
  dd_json_write_key (writer, "decided");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < steps->len; i++)
    dd_json_write_int64 (writer, g_array_index (steps, guint, i));
  dd_json_write_end_array (writer);
}

static GBytes *
finish (DdJsonWriter *writer)
{
  return dd_json_writer_finish_bytes (writer);
}

GBytes *
dd_reply_build (const DdDeal *deal, const DdDecision *decision)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  const DdRevision *revision = dd_deal_revision (deal, decision->revision);

  dd_json_write_begin_object (writer);
  if (decision->decided != NULL)
    put_decided (writer, decision->decided);
  if (decision->question != 0)
    dd_json_put_int64 (writer, "question", decision->question);
  if (decision->remarks != NULL)
    {
      dd_json_write_key (writer, "remarks");
      dd_json_write_begin_array (writer);
      for (guint i = 0; i < decision->remarks->len; i++)
        dd_json_write_string (writer, g_ptr_array_index (decision->remarks, i));
      dd_json_write_end_array (writer);
    }
  if (revision != NULL)
    put_revision (writer, deal, revision);
  dd_json_put_string (writer, "state", dd_deal_state_name (deal->state));
  if (decision->unordered > 0)
    dd_json_put_int64 (writer, "unorderedLines", decision->unordered);
  dd_json_write_end_object (writer);
  return finish (writer);
}

GBytes *
dd_reply_record (const DdReply *reply)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *id = dd_deal_id_format (reply->deal);

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "deal", id);
  dd_json_put_string (writer, "head", reply->head);
  dd_json_write_key (writer, "reply");
  dd_json_write_canonical (writer, g_bytes_get_data (reply->document, NULL),
                           g_bytes_get_size (reply->document));
  dd_json_put_int64 (writer, "version", reply->version);
  dd_json_write_end_object (writer);
  return finish (writer);
}

gboolean
dd_reply_recall (DdReply *reply, GBytes *recorded, GError **error)
{
  gsize size = 0;
  const char *text = g_bytes_get_data (recorded, &size);
  g_autoptr (DdJson) json = dd_json_parse (text, size, NULL, error);
  const DdJsonNode *root = json != NULL ? dd_json_root (json) : NULL;
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  const char *id = NULL;
  const char *head = NULL;
  const DdJsonNode *document = NULL;

  if (root == NULL || !dd_json_get_int64 (root, "version", TRUE, 0, G_MAXINT64, &reply->version, error) ||
      !dd_json_get_text (root, "deal", TRUE, &id, error) || !dd_deal_id_parse (id, &reply->deal, error) ||
      !dd_json_get_text (root, "head", TRUE, &head, error) ||
      !dd_json_get_object (root, "reply", TRUE, &document, error))
    return FALSE;
  dd_json_write_node (writer, document);
  dd_reply_clear (reply);
  reply->head = g_strdup (head);
  reply->document = finish (writer);
  return TRUE;
}

void
dd_reply_clear (DdReply *reply)
{
  g_clear_pointer (&reply->head, g_free);
  g_clear_pointer (&reply->document, g_bytes_unref);
}
