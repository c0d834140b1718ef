/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * sign: each side signs the agreed fingerprint; the last signature concludes the deal and confirms its orders
 * in the same append. Any thread.
 */
#include "deal/move.h"

#include "deal/record.h"
#include "tmf/quote.h"

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

/* The same for ever for this order of this agreement. */
static char *
order_key (const DdDeal *deal, const DdRevision *revision, const DdOrderPart *part)
{
  g_autofree char *seed = g_strdup_printf ("%s/%s", revision->view, part->id);
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);

  return g_strdup_printf ("D-%" G_GINT64_FORMAT "-%.24s", deal->number, sha256);
}

static void
emit_order (DdMove *move, const DdRevision *revision, const DdOrderPart *part)
{
  g_autofree char *key = order_key (move->deal, revision, part);
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  DdJsonWriter *body = dd_json_writer_new ();
  gsize length = 0;

  dd_order_write (move->deal, revision, move->facts->proposal, move->facts->sheet, part, key,
                  move->facts->parties.development, writer);
  char *text = dd_json_writer_finish (writer, &length);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, length);
  DdDocument *document = dd_document_new (bytes);
  GPtrArray *documents = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_document_free);
  g_ptr_array_add (documents, document);

  dd_json_write_begin_object (body);
  dd_json_put_string (body, "document", document->sha256);
  dd_json_put_string (body, "id", part->id);
  dd_json_put_string (body, "key", key);
  dd_emit (move, DD_EVENT_ORDER_CONFIRMED, body)->documents = documents;
}

/* Optional lines that were left out may leave nothing of an order. */
static gboolean
has_counted_line (const DdProposal *proposal, const DdOrderPart *part)
{
  for (guint i = 0; i < part->lines->len; i++)
    {
      const DdLine *line = dd_proposal_line (proposal, g_ptr_array_index (part->lines, i));
      if (line != NULL && dd_line_counted (line))
        return TRUE;
    }
  return FALSE;
}

static void
conclude (DdMove *move, const DdRevision *revision)
{
  const GPtrArray *orders = move->facts->proposal->orders;
  guint confirmed = 0;
  DdJsonWriter *body = dd_json_writer_new ();

  dd_json_write_begin_object (body);
  dd_json_put_string (body, "fingerprint", revision->view);
  dd_json_put_int64 (body, "revision", revision->revision);
  dd_emit (move, DD_EVENT_CONCLUDED, body);
  for (guint i = 0; i < orders->len; i++)
    if (has_counted_line (move->facts->proposal, g_ptr_array_index (orders, i)))
      {
        emit_order (move, revision, g_ptr_array_index (orders, i));
        confirmed++;
      }
  if (confirmed == 0)
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
