/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Fuzzing TMF648 requests: a request is read whole or refused with one error, and what is read is a proposal
 * that can be written and read.
 */
#include "tmf/quote.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse ((const char *)data, size, NULL, NULL);
  g_autoptr (DdQuoteRequest) request = NULL;
  g_autoptr (DdJsonWriter) writer = NULL;
  gsize length = 0;

  if (json == NULL)
    return 0;
  request = dd_quote_request_read (dd_json_root (json), &error);
  if ((request == NULL) != (error != NULL))
    g_error ("neither a request nor an error, or both");
  if (request == NULL)
    return 0;
  writer = dd_json_writer_new ();
  dd_proposal_write (request->proposal, writer);
  g_autofree char *text = dd_json_writer_finish (writer, &length);
  g_autoptr (DdJson) again = dd_json_parse (text, length, NULL, &error);
  g_autoptr (DdProposal) proposal = again != NULL ? dd_proposal_read (dd_json_root (again), &error) : NULL;
  if (proposal == NULL)
    g_error ("a request's proposal isn't read again: %s", error->message);
  return 0;
}
