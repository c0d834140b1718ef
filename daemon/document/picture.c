/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealdesk-picture: reads the description of a waterfall (waterfall.h) from standard input, and writes it as
 * SVG to standard output, whole or not at all. A program of its own, so that neither the daemon nor dealctl
 * has a drawing library in its memory. One thread.
 */
#include "draw.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>

#include <errno.h>
#include <stdio.h>

#define READ_STEP 65536

static int
fail (const char *message)
{
  fprintf (stderr, "dealdesk-picture: %s\n", message);
  return 1;
}

/* Somewhat more than the reader's limit, which then says what is wrong. */
static gboolean
read_all (GString *text)
{
  char buffer[READ_STEP];
  gsize got;

  while (text->len <= dd_json_limits_default.max_bytes && (got = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    g_string_append_len (text, buffer, (gssize)got);
  return ferror (stdin) == 0;
}

static int
draw (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdWaterfall) waterfall = NULL;
  g_autoptr (GString) document = NULL;
  gboolean written;

  if (!read_all (text))
    return fail (g_strerror (errno));
  waterfall = dd_waterfall_read (text->str, text->len, &error);
  document = waterfall == NULL ? NULL : dd_waterfall_draw (waterfall, &error);
  if (document == NULL)
    return fail (error->message);
  written = fwrite (document->str, 1, document->len, stdout) == document->len && fflush (stdout) == 0;
  return written ? 0 : fail (g_strerror (errno));
}

int
main (int argc, char **argv)
{
  int status;

  if (argc > 1)
    return fail ("it takes no words: a description comes in, a picture goes out");
  status = draw ();
  /* What both keep of fonts for more text would look like leaks of ours. */
  cairo_debug_reset_static_data ();
  FcFini ();
  return status;
}
