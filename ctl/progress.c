/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How far long work is (see progress.h). One thread.
 */
#include "progress.h"
#include "i18n.h"
#include "terminal.h"
#include "text.h"

#include <string.h>
#include <unistd.h>

#define STEP         (100 * 1000)            /* µs between two lines */
#define SETTLED      (500 * 1000)            /* µs before a rate means something */
#define LONGEST_REST ((gint64)100 * 60 * 60) /* s: what takes longer isn't worth a figure */

struct _CtlProgress
{
  char *what;
  char *unit;
  gint64 started; /* µs, monotonic */
  gint64 shown;   /* when, or 0 */
};

/* "600 events", or "1.5 MB" */
static char *
format_count (guint64 count, const char *unit)
{
  if (strcmp (unit, "bytes") == 0)
    return g_format_size (count);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %s", count, unit);
}

/* "45 s", "3 min 20 s", "2 h 5 min" */
static char *
format_rest (gint64 seconds)
{
  if (seconds < 60)
    return g_strdup_printf (_ ("%d s left"), (int)seconds);
  if (seconds < 60 * 60)
    return g_strdup_printf (_ ("%d min %d s left"), (int)(seconds / 60), (int)(seconds % 60));
  return g_strdup_printf (_ ("%d h %d min left"), (int)(seconds / 3600), (int)(seconds / 60 % 60));
}

static guint64
per_second (guint64 count, gint64 elapsed)
{
  return (guint64)((double)count * G_USEC_PER_SEC / (double)elapsed);
}

static char *
format_done (const char *what, const char *unit, guint64 done, guint64 total)
{
  g_autofree char *counted = format_count (total == 0 ? done : total, unit);
  g_autofree char *begun = NULL;

  if (total == 0)
    return g_strdup_printf ("%s: %s", what, counted);
  begun = strcmp (unit, "bytes") == 0 ? g_format_size (done) : g_strdup_printf ("%" G_GUINT64_FORMAT, done);
  /* Translators: "Verifying: 1200 of 4800 events" */
  return g_strdup_printf (_ ("%s: %s of %s"), what, begun, counted);
}

static void
append_part (GString *line, char *part, guint columns)
{
  if (ctl_text_width (line->str) + 2 + ctl_text_width (part) < columns)
    g_string_append_printf (line, ", %s", part);
  g_free (part);
}

char *
ctl_progress_line (
  const char *what, const char *unit, guint64 done, guint64 total, gint64 elapsed, guint columns)
{
  g_autofree char *begin = format_done (what, unit, done, total);
  GString *line = g_string_new (NULL);

  if (ctl_text_width (begin) >= columns)
    return g_string_free (line, FALSE);
  g_string_append (line, begin);
  if (total > 0)
    append_part (line, g_strdup_printf ("%d%%", (int)((double)MIN (done, total) * 100 / (double)total)),
                 columns);
  if (elapsed >= SETTLED && done > 0)
    {
      g_autofree char *rate = format_count (per_second (done, elapsed), unit);
      double rest =
        total > done ? (double)(total - done) * (double)elapsed / (double)done / G_USEC_PER_SEC : 0;

      append_part (line, g_strdup_printf (_ ("%s/s"), rate), columns);
      if (total > done && rest < (double)LONGEST_REST)
        append_part (line, format_rest ((gint64)rest + 1), columns);
    }
  return g_string_free (line, FALSE);
}

CtlProgress *
ctl_progress_new (const char *what, const char *unit)
{
  CtlProgress *progress = g_new0 (CtlProgress, 1);

  progress->what = g_strdup (what);
  progress->unit = g_strdup (unit);
  progress->started = g_get_monotonic_time ();
  return progress;
}

void
ctl_progress_update (CtlProgress *progress, guint64 done, guint64 total)
{
  gint64 now = g_get_monotonic_time ();
  guint columns = ctl_terminal_columns (STDERR_FILENO);
  g_autofree char *line = NULL;

  if (columns == 0 || (progress->shown != 0 && now - progress->shown < STEP && done < total))
    return;
  progress->shown = now;
  line = ctl_progress_line (progress->what, progress->unit, done, total, now - progress->started, columns);
  ctl_terminal_rewrite (line);
}

void
ctl_progress_free (CtlProgress *progress)
{
  if (progress == NULL)
    return;
  if (progress->shown != 0)
    ctl_terminal_rewrite ("");
  g_free (progress->what);
  g_free (progress->unit);
  g_free (progress);
}
