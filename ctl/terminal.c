/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The standard streams (see terminal.h). One thread.
 */
#include "terminal.h"
#include "error.h"
#include "i18n.h"
#include "pager.h"
#include "text.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS 80 /* of a terminal that doesn't say */
#define DEFAULT_ROWS    24
#define LEAST_COLUMNS   20 /* nothing can be laid out in fewer */
#define MOST_COLUMNS    1000

/* A program has one standard output. */
static GString *held; /* (nullable): what waits for its end */
static gboolean held_may_page;

guint
ctl_terminal_columns (int fd)
{
  const char *set = g_getenv ("COLUMNS");
  struct winsize size;
  guint64 columns;

  if (!isatty (fd))
    return 0;
  if (set != NULL && g_ascii_string_to_unsigned (set, 10, 1, MOST_COLUMNS, &columns, NULL))
    return MAX ((guint)columns, LEAST_COLUMNS);
  if (ioctl (fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return CLAMP (size.ws_col, LEAST_COLUMNS, MOST_COLUMNS);
  return DEFAULT_COLUMNS;
}

static guint
terminal_rows (void)
{
  struct winsize size;

  return ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : DEFAULT_ROWS;
}

/* (nullable): the locale's, unless that is UTF-8 */
static const char *
locale_charset (void)
{
  const char *charset;

  return g_get_charset (&charset) ? NULL : charset;
}

CtlStyle
ctl_terminal_style (CtlColourWhen when)
{
  return (CtlStyle){
    .columns = ctl_terminal_columns (STDOUT_FILENO),
    .colour = ctl_colour_decide (when, isatty (STDOUT_FILENO), g_getenv ("NO_COLOR"), g_getenv ("TERM")),
    .charset = locale_charset (),
  };
}

/* (transfer full): bytes of the locale's character set */
static char *
encode (const char *text)
{
  const char *charset = locale_charset ();
  g_autofree char *plain = ctl_text_for_charset (text, charset);
  char *bytes = charset == NULL ? NULL : g_convert (plain, -1, charset, "UTF-8", NULL, NULL, NULL);

  return bytes == NULL ? g_steal_pointer (&plain) : bytes;
}

gboolean
ctl_terminal_fail (GError **error)
{
  int number = errno;

  if (number != EPIPE)
    return dd_fail (error, DD_ERROR_FAILED, _ ("can't write to standard output: %s"), g_strerror (number));
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_PIPE, g_strerror (number));
  return FALSE;
}

gboolean
ctl_terminal_reader_left (const GError *error)
{
  return g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_PIPE);
}

static gboolean
write_out (const char *bytes, GError **error)
{
  if (fputs (bytes, stdout) >= 0 && fflush (stdout) == 0)
    return TRUE;
  return ctl_terminal_fail (error);
}

void
ctl_terminal_hold (gboolean may_page)
{
  if (held == NULL)
    held = g_string_new (NULL);
  held_may_page = may_page;
}

gboolean
ctl_terminal_print_document (const char *text, GError **error)
{
  if (held == NULL)
    return write_out (text, error);
  g_string_append (held, text);
  return TRUE;
}

gboolean
ctl_terminal_print (const char *text, GError **error)
{
  g_autofree char *bytes = encode (text);

  return ctl_terminal_print_document (bytes, error);
}

gboolean
ctl_terminal_end (GError **error)
{
  g_autoptr (GString) all = g_steal_pointer (&held);
  guint n_lines = 0;

  if (all == NULL || all->len == 0)
    return TRUE;
  for (gsize i = 0; i < all->len; i++)
    n_lines += all->str[i] == '\n';
  /* The prompt takes a line. */
  if (held_may_page && isatty (STDOUT_FILENO) && n_lines >= terminal_rows () && ctl_pager_show (all->str))
    return TRUE;
  return write_out (all->str, error);
}

void
ctl_terminal_complain (const char *line)
{
  g_autofree char *bytes = encode (line);

  fprintf (stderr, "dealctl: %s\n", bytes);
}

/* One of @words, "y|yes", whatever the case. */
static gboolean
is_one_of (const char *answer, const char *words)
{
  g_auto (GStrv) each = g_strsplit (words, "|", -1);
  g_autofree char *folded = g_utf8_casefold (answer, -1);

  return g_strv_contains ((const char *const *)each, folded);
}

gboolean
ctl_terminal_ask (const char *question)
{
  g_autofree char *bytes = encode (question);
  char line[64];

  while (TRUE)
    {
      g_autofree char *answer = NULL;

      fputs (bytes, stderr);
      fflush (stderr);
      if (fgets (line, sizeof line, stdin) == NULL)
        return FALSE;
      answer = g_utf8_make_valid (g_strstrip (line), -1);
      /* Translators: what means yes in the language, in lower case, | between; y and yes always do. */
      if (is_one_of (answer, "y|yes") || is_one_of (answer, _ ("y|yes")))
        return TRUE;
      /* Translators: likewise what means no. */
      if (*answer == '\0' || is_one_of (answer, "n|no") || is_one_of (answer, _ ("n|no")))
        return FALSE;
    }
}

void
ctl_terminal_rewrite (const char *line)
{
  g_autofree char *bytes = encode (line);
  const char *term = g_getenv ("TERM");

  /* A terminal that can't clear a line gets spaces over the old one. */
  if (term == NULL || *term == '\0' || g_str_equal (term, "dumb"))
    {
      guint columns = ctl_terminal_columns (STDERR_FILENO);
      guint width = ctl_text_width (line);

      fprintf (stderr, "\r%s%*s\r", bytes, (int)(columns > width ? columns - width - 1 : 0), "");
    }
  else
    fprintf (stderr, "\r\033[K%s", bytes);
  fflush (stderr);
}
