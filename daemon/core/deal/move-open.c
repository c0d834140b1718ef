/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * open: a deal begins with what the customer asked for. Any thread.
 */
#include "deal/move.h"

#include "deal/record.h"

static GBytes *
proposal_bytes (const DdProposal *proposal)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_proposal_write (proposal, writer);
  return dd_json_writer_finish_bytes (writer);
}

gboolean
dd_move_open (DdMove *move, GError **error)
{
  const DdOpening *opening = move->command->opening;
  g_autoptr (GPtrArray) documents = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_document_free);
  g_autoptr (GBytes) request = proposal_bytes (opening->request);
  DdDocument *document = dd_document_new (request);
  DdJsonWriter *body;

  g_ptr_array_add (documents, document);
  if (opening->expires != 0 && opening->expires <= move->command->now)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "the deal's expiry lies in the past; it must be later than now");

  move->decision->remarks = opening->remarks;
  body = dd_emit_begin (move);
  dd_json_put_string (body, "customer", opening->customer);
  dd_json_put_string (body, "customerName", opening->customer_name);
  dd_record_put_number (body, "expires", opening->expires);
  dd_json_put_string (body, "externalId", opening->external_id);
  dd_record_put_fragment (body, "kept", opening->kept);
  dd_json_put_string (body, "owner", move->command->actor);
  if (opening->remarks != NULL && opening->remarks->len > 0)
    {
      dd_json_write_key (body, "remarks");
      dd_json_write_begin_array (body);
      for (guint i = 0; i < opening->remarks->len; i++)
        dd_json_write_string (body, g_ptr_array_index (opening->remarks, i));
      dd_json_write_end_array (body);
    }
  dd_json_put_string (body, "request", document->sha256);
  if (opening->source != NULL)
    {
      DdDocument *source = dd_document_new (opening->source);
      g_ptr_array_add (documents, source);
      dd_json_put_string (body, "source", source->sha256);
    }
  dd_json_put_string (body, "title", opening->title);
  dd_emit (move, DD_EVENT_OPENED, body)->documents = g_steal_pointer (&documents);
  return TRUE;
}
