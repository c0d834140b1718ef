/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * sign: each side signs the agreed fingerprint; the last signature concludes the deal and confirms its orders
 * in the same append. Any thread.
 */
#include "deal/move.h"

#include "agreement/orders.h"
#include "deal/record.h"

static gboolean
is_acknowledged (const DdDeal *deal, const DdAsk *ask)
{
  for (guint i = 0; i < deal->acknowledgements->len; i++)
    {
      const DdAcknowledgement *given = g_ptr_array_index (deal->acknowledgements, i);
      if (g_str_equal (given->clause, ask->clause) && g_str_equal (given->sha256, ask->sha256))
        return TRUE;
    }
  return FALSE;
}

/* Every clause that asks for it was acknowledged in exactly this text. */
static gboolean
check_understood (const DdDeal *deal, const DdRevision *revision, GError **error)
{
  g_autoptr (GString) missing = g_string_new (NULL);

  for (guint i = 0; i < revision->asks->len; i++)
    {
      const DdAsk *ask = g_ptr_array_index (revision->asks, i);
      if (!is_acknowledged (deal, ask))
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", ask->clause);
    }
  if (missing->len == 0)
    return TRUE;
  return dd_fail (error, DD_ERROR_INCOMPLETE, "the customer hasn't acknowledged: %s", missing->str);
}

static gboolean
has_signed (const DdDeal *deal, DdSide side)
{
  for (guint i = 0; i < deal->signatures->len; i++)
    if (((DdSignature *)g_ptr_array_index (deal->signatures, i))->side == side)
      return TRUE;
  return FALSE;
}

static void
emit_order (DdMove *move, const DdAgreedOrder *order)
{
  DdDocument *document = dd_document_new (order->document);
  GPtrArray *documents = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_document_free);
  DdJsonWriter *body = dd_json_writer_new ();

  g_ptr_array_add (documents, document);
  dd_json_write_begin_object (body);
  dd_json_put_string (body, "document", document->sha256);
  dd_json_put_string (body, "id", order->id);
  dd_json_put_string (body, "key", order->key);
  dd_emit (move, DD_EVENT_ORDER_CONFIRMED, body)->documents = documents;
}

static void
conclude (DdMove *move, const DdRevision *revision)
{
  const DdFacts *facts = move->facts;
  g_autoptr (GPtrArray) orders =
    dd_agreement_orders (move->deal, revision, facts->proposal, facts->sheet, facts->parties.development);
  DdJsonWriter *body = dd_json_writer_new ();

  dd_json_write_begin_object (body);
  dd_json_put_string (body, "fingerprint", revision->view);
  dd_json_put_int64 (body, "revision", revision->revision);
  dd_emit (move, DD_EVENT_CONCLUDED, body);
  for (guint i = 0; i < orders->len; i++)
    emit_order (move, g_ptr_array_index (orders, i));
  if (orders->len == 0)
    dd_emit_deal_ended (move, DD_DEAL_CLOSED, "no orders");
}

gboolean
dd_move_sign (DdMove *move, GError **error)
{
  const DdCommand *command = move->command;
  const DdRevision *revision = dd_deal_revision (move->deal, move->deal->accepted);
  gboolean last =
    has_signed (move->deal, command->side == DD_SIDE_PROVIDER ? DD_SIDE_CUSTOMER : DD_SIDE_PROVIDER);
  DdJsonWriter *body;

  if (revision == NULL || !revision->approved || g_strcmp0 (revision->view, move->deal->agreement) != 0)
    return dd_fail (error, DD_ERROR_NO_AUTHORITY, "D-%" G_GINT64_FORMAT " has no agreement that was approved",
                    move->deal->number);
  if (g_strcmp0 (command->fingerprint, move->deal->agreement) != 0)
    return dd_fail (error, DD_ERROR_CONFLICT,
                    "the fingerprint isn't the agreement's, which is %s; read it again",
                    move->deal->agreement);
  if (has_signed (move->deal, command->side))
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "the %s has signed already", dd_side_name (command->side));
  if (command->side == DD_SIDE_CUSTOMER && !check_understood (move->deal, revision, error))
    return FALSE;
  if (last && (!move->facts->has_content || move->facts->revision != revision->revision))
    {
      move->decision->questions |= DD_QUESTION_CONTENT;
      move->decision->content_revision = revision->revision;
      return TRUE;
    }

  move->decision->revision = revision->revision;
  body = dd_emit_begin (move);
  dd_json_put_string (body, "fingerprint", revision->view);
  if (command->side == DD_SIDE_PROVIDER)
    dd_json_put_string (body, "person", command->actor);
  dd_json_put_string (body, "side", dd_side_name (command->side));
  dd_emit (move, DD_EVENT_SIGNED, body);
  if (last)
    conclude (move, revision);
  return TRUE;
}
