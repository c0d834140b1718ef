/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The hash of text is SipHash-2-4, and nobody can foresee it.
 */
#include "text-hash.h"

#include <string.h>

#include "price/answers.h"

/* Of the bytes 0, 1, 2, … with the key 0, 1, … 15: vectors_sip64 of the authors' reference implementation,
 * https://github.com/veorq/SipHash. */
static void
test_vectors (void)
{
  static const guint64 vectors[] = {
    0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d, 0xcf2794e0277187b7,
    0x18765564cd99a68d, 0xcbc9466e58fee3ce, 0xab0200f58b01d137, 0x93f5f5799a932462, 0x9e0082df0ba9e4b0,
    0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7, 0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee,
    0xa129ca6149be45e5, 0x3f2acc7f57c29bdb, 0x699ae9f52cbe4794, 0x4bc1b3f0968dd39c, 0xbb6dc91da77961bd,
    0xbed65cf21aa2ee98, 0xd0f2cbb02e3b67c7, 0x93536795e3a33e88, 0xa80c038ccd5ccec8, 0xb8ad50c6f649af94,
    0xbce192de8a85b8ea, 0x17d835b85bbb15f3, 0x2f2e6163076bcfad, 0xde4daaaca71dc9a5, 0xa6a2506687956571,
    0xad87a3535c49ef28, 0x32d892fad841c342, 0x7127512f72f27cce, 0xa7f32346f95978e3, 0x12e0b01abb051238,
    0x15e034d40fa197ae, 0x314dffbe0815a3b4, 0x027990f029623981, 0xcadcd4e59ef40c4d, 0x9abfd8766a33735c,
    0x0e3ea96b5304a7d0, 0xad0c42d6fc585992, 0x187306c89bc215a9, 0xd4a60abcf3792b95, 0xf935451de4f21df2,
    0xa9538f0419755787, 0xdb9acddff56ca510, 0xd06c98cd5c0975eb, 0xe612a3cb9ecba951, 0xc766e62cfcadaf96,
    0xee64435a9752fe72, 0xa192d576b245165a, 0x0a8787bf8ecb74b2, 0x81b3e73d20b49b6f, 0x7fa8220ba3b2ecea,
    0x245731c13ca42499, 0xb78dbfaf3a8d83bd, 0xea1ad565322a1a0b, 0x60e61c23a3795013, 0x6606d7e446282b93,
    0x6ca4ecb15c5f91e1, 0x9f626da15c9625f3, 0xe51b38608ef25f57, 0x958a324ceb064572,
  };
  const DdHashKey key = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };
  guint8 bytes[G_N_ELEMENTS (vectors)];

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      bytes[i] = (guint8)i;
      g_assert_cmphex (dd_sip_hash (&key, bytes, i), ==, vectors[i]);
    }
}

static void
test_keys_differ (void)
{
  const DdHashKey first = dd_hash_key_make ();
  const DdHashKey second = dd_hash_key_make ();

  g_assert_true (dd_hash_key () == dd_hash_key ());
  g_assert_true (first.low != second.low && first.high != second.high);
  g_assert_true (dd_sip_hash (&first, "key", 3) != dd_sip_hash (&second, "key", 3));
}

#define N_PAIRS 16

/* "Ez" and "FY" are the same to g_str_hash(), and so is whatever is put together from them. */
static void
collide (guint number, char text[2 * N_PAIRS + 1])
{
  for (guint i = 0; i < N_PAIRS; i++)
    memcpy (text + 2 * i, number >> i & 1 ? "FY" : "Ez", 2);
  text[2 * N_PAIRS] = '\0';
}

/* In a table with g_str_hash() this takes minutes. */
static void
test_labels_do_not_fall_together (void)
{
  g_autoptr (DdAnswers) answers = dd_answers_new ();
  g_autoptr (GHashTable) hashes = g_hash_table_new (NULL, NULL);
  char text[2 * N_PAIRS + 1];
  guint known;

  collide (0, text);
  known = g_str_hash (text);
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < 1U << N_PAIRS; i++)
      {
        collide (i, text);
        g_assert_cmpuint (g_str_hash (text), ==, known);
        g_hash_table_add (hashes, GUINT_TO_POINTER (dd_text_hash (text)));

        /* in the order in which they came, whatever the hash */
        g_assert_cmpuint (dd_answers_label (answers, text), ==, i);
      }
  g_assert_cmpuint (g_hash_table_size (hashes), >, (1U << N_PAIRS) - 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text-hash/is-siphash-2-4", test_vectors);
  g_test_add_func ("/text-hash/keys-differ", test_keys_differ);
  g_test_add_func ("/text-hash/labels-do-not-fall-together", test_labels_do_not_fall_together);
  return g_test_run ();
}
