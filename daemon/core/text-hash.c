/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Hashing text with a secret key (see text-hash.h). The hash is SipHash-2-4: Aumasson and Bernstein,
 * "SipHash: a fast short-input PRF", 2012, https://www.aumasson.jp/siphash/siphash.pdf. Any thread.
 */
#include "text-hash.h"

#include <string.h>
#include <sys/random.h>

static inline guint64
rotate (guint64 word, guint by)
{
  return (word << by) | (word >> (64 - by));
}

static inline void
mix (guint64 v[4])
{
  v[0] += v[1];
  v[1] = rotate (v[1], 13) ^ v[0];
  v[0] = rotate (v[0], 32);
  v[2] += v[3];
  v[3] = rotate (v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = rotate (v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = rotate (v[1], 17) ^ v[2];
  v[2] = rotate (v[2], 32);
}

static inline void
take (guint64 v[4], guint64 word)
{
  v[3] ^= word;
  mix (v);
  mix (v);
  v[0] ^= word;
}

guint64
dd_sip_hash (const DdHashKey *key, gconstpointer bytes, gsize length)
{
  guint64 v[4] = { key->low ^ 0x736f6d6570736575ull, key->high ^ 0x646f72616e646f6dull,
                   key->low ^ 0x6c7967656e657261ull, key->high ^ 0x7465646279746573ull };
  const guint8 *at = bytes;
  gsize rest = length;
  guint64 word;

  for (; rest >= sizeof word; rest -= sizeof word, at += sizeof word)
    {
      memcpy (&word, at, sizeof word);
      take (v, GUINT64_FROM_LE (word));
    }
  word = 0;
  if (rest > 0)
    memcpy (&word, at, rest);
  take (v, GUINT64_FROM_LE (word) | (guint64)length << 56);
  v[2] ^= 0xff;
  for (guint i = 0; i < 4; i++)
    mix (v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

DdHashKey
dd_hash_key_make (void)
{
  DdHashKey key;

  if (getrandom (&key, sizeof key, 0) != (gssize)sizeof key)
    g_error ("the kernel gives no random bytes");
  return key;
}

const DdHashKey *
dd_hash_key (void)
{
  static DdHashKey key;
  static gsize made = 0;

  if (g_once_init_enter (&made))
    {
      key = dd_hash_key_make ();
      g_once_init_leave (&made, 1);
    }
  return &key;
}

guint
dd_text_hash (gconstpointer text)
{
  return (guint)dd_sip_hash (dd_hash_key (), text, strlen (text));
}
