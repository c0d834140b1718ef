/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The orders of an agreement (see orders.h). Any thread.
 */
#include "agreement/orders.h"

#include "tmf/quote.h"

void
dd_agreed_order_free (DdAgreedOrder *order)
{
  g_free (order->id);
  g_free (order->key);
  g_bytes_unref (order->document);
  g_free (order);
}

static char *
order_key (const DdDeal *deal, const DdRevision *revision, const DdOrderPart *part)
{
  g_autofree char *seed = g_strdup_printf ("%s/%s", revision->view, part->id);
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);

  return g_strdup_printf ("D-%" G_GINT64_FORMAT "-%.24s", deal->number, sha256);
}

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

GPtrArray *
dd_agreement_orders (const DdDeal *deal,
                     const DdRevision *revision,
                     const DdProposal *proposal,
                     const DdSheet *sheet,
                     gboolean development)
{
  GPtrArray *orders = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_agreed_order_free);

  for (guint i = 0; i < proposal->orders->len; i++)
    {
      const DdOrderPart *part = g_ptr_array_index (proposal->orders, i);
      g_autoptr (DdJsonWriter) writer = NULL;
      DdAgreedOrder *order;

      if (!has_counted_line (proposal, part))
        continue;
      writer = dd_json_writer_new ();
      order = g_new0 (DdAgreedOrder, 1);
      order->id = g_strdup (part->id);
      order->key = order_key (deal, revision, part);
      dd_order_write (deal, revision, proposal, sheet, part, order->key, development, writer);
      order->document = dd_json_writer_finish_bytes (writer);
      g_ptr_array_add (orders, order);
    }
  return orders;
}
