/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Digests as text (see digest.h). Any thread.
 */
#include "digest.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

char *
dd_digest_format (const guint8 digest[DD_DIGEST_SIZE])
{
  char *text = g_malloc (2 * DD_DIGEST_SIZE + 1);

  for (guint i = 0; i < DD_DIGEST_SIZE; i++)
    {
      text[2 * i] = digits[digest[i] >> 4];
      text[2 * i + 1] = digits[digest[i] & 15];
    }
  text[2 * DD_DIGEST_SIZE] = '\0';
  return text;
}

gboolean
dd_digest_parse (const char *text, guint8 out_digest[DD_DIGEST_SIZE])
{
  gsize length = strlen (text);

  if (length != 2 * DD_DIGEST_SIZE || strspn (text, digits) != length)
    return FALSE;
  for (guint i = 0; i < DD_DIGEST_SIZE; i++)
    out_digest[i] =
      (guint8)(g_ascii_xdigit_value (text[2 * i]) << 4 | g_ascii_xdigit_value (text[2 * i + 1]));
  return TRUE;
}
