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

GBytes *
dd_reply_build (const DdDeal *deal, const DdDecision *decision, const guint8 head[32])
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *id = dd_deal_id_format (deal->number);
  g_autofree char *hex = dd_digest_format (head);
  const DdRevision *revision = dd_deal_revision (deal, decision->revision);
  gsize length = 0;

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "deal", id);
  dd_json_put_string (writer, "head", hex);
  dd_json_write_key (writer, "reply");
  dd_json_write_begin_object (writer);
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
  dd_json_write_end_object (writer);
  dd_json_put_int64 (writer, "version", deal->version);
  dd_json_write_end_object (writer);

  char *text = dd_json_writer_finish (writer, &length);
  return g_bytes_new_take (text, length);
}
