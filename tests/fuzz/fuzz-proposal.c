/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Fuzzing proposals: what is read must be written canonically, and reading that must write the same bytes.
 */
#include "deal/proposal.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static char *
written (const DdProposal *proposal, gsize *out_length)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_proposal_write (proposal, writer);
  return dd_json_writer_finish (writer, out_length);
}

static DdProposal *
read_text (const char *text, gsize length, GError **error)
{
  g_autoptr (DdJson) json = dd_json_parse (text, length, NULL, error);

  return json != NULL ? dd_proposal_read (dd_json_root (json), error) : NULL;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdProposal) first = read_text ((const char *)data, size, &error);
  gsize length = 0;
  gsize length_again = 0;

  if (first == NULL)
    {
      if (error == NULL || !g_utf8_validate (error->message, -1, NULL))
        g_error ("a refusal without an error in UTF-8");
      return 0;
    }
  g_autofree char *text = written (first, &length);
  g_autoptr (DdProposal) second = read_text (text, length, &error);
  if (second == NULL)
    g_error ("what was written isn't read: %s", error->message);
  g_autofree char *again = written (second, &length_again);
  if (length != length_again || memcmp (text, again, length) != 0)
    g_error ("read and written again, it differs");
  return 0;
}
