/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The short pass of a fuzz target, for builds without libFuzzer: the seeds as they are, then mutations of
 * them, the same at every run. `./dev fuzz` is the long one. Usage: fuzz-NAME SEED_DIR
 */
#include <glib.h>

#include <stdio.h>
#include <string.h>

#define MUTATIONS 3000
#define MAX_EDITS 4

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const char *const pieces[] = { "\"",
                                      "{",
                                      "}",
                                      "[",
                                      "]",
                                      ",",
                                      ":",
                                      "\\u0000",
                                      "\x92",
                                      "-",
                                      "0",
                                      "1e99",
                                      "null",
                                      "\r\n",
                                      "\xed\xa0\x80",
                                      "9223372036854775807",
                                      " " };

static void
mutate (GRand *rand, GByteArray *bytes)
{
  guint at = bytes->len > 0 ? (guint)g_rand_int_range (rand, 0, (gint32)bytes->len) : 0;
  const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];
  guint length = (guint)strlen (piece);

  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      if (bytes->len > 0)
        bytes->data[at] = (guint8)g_rand_int_range (rand, 0, 256);
      break;
    case 1:
      length = (guint)g_rand_int_range (rand, 1, 16);
      if (bytes->len > 0)
        g_byte_array_remove_range (bytes, at, MIN (length, bytes->len - at));
      break;
    case 2:
      g_byte_array_set_size (bytes, bytes->len + length);
      memmove (bytes->data + at + length, bytes->data + at, bytes->len - length - at);
      memcpy (bytes->data + at, piece, length);
      break;
    default:
      g_byte_array_set_size (bytes, at);
    }
}

static guint
run_seed (const char *path)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (path + strlen (path) / 2));
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL))
    g_error ("%s can't be read", path);
  LLVMFuzzerTestOneInput ((const guint8 *)text, length);
  for (guint i = 0; i < MUTATIONS; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, (const guint8 *)text, (guint)length);
      for (gint edits = g_rand_int_range (rand, 1, MAX_EDITS + 1); edits > 0; edits--)
        mutate (rand, bytes);
      LLVMFuzzerTestOneInput (bytes->data, bytes->len);
    }
  return 1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) dir = argc == 2 ? g_dir_open (argv[1], 0, NULL) : NULL;
  const char *name;
  guint seeds = 0;

  if (dir == NULL)
    g_error ("usage: %s SEED_DIR", argv[0]);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);
      seeds += run_seed (path);
    }
  printf ("1..1\n%s 1 - seeds-and-mutations-are-survived # %u seeds\n", seeds > 0 ? "ok" : "not ok", seeds);
  return seeds > 0 ? 0 : 1;
}
