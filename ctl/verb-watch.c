/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The verb watch: a line for each move, until interrupted; none is left out (follow.h). One thread, in the
 * main loop.
 */
#include "verbs.h"
#include "fault.h"
#include "follow.h"
#include "i18n.h"
#include "shapes.h"
#include "terminal.h"

#include <errno.h>
#include <glib-unix.h>
#include <inttypes.h>
#include <unistd.h>

static gint watch_count = -1;
static gint64 watch_since = -1;

const GOptionEntry ctl_watch_options[] = {
  { "count", 0, 0, G_OPTION_ARG_INT, &watch_count, N_ ("End after so many moves"), "N" },
  { "since", 0, 0, G_OPTION_ARG_INT64, &watch_since, N_ ("Begin with the deal's events after this version"),
    "VERSION" },
  G_OPTION_ENTRY_NULL
};

/* A document a line; on a terminal it is a line of its own making. */
static const CtlField move_fields[] = {
  { "deal", N_ ("Deal"), CTL_CELL_TEXT, NULL },
  { "events", N_ ("Events"), CTL_CELL_LIST, NULL },
  { "state", N_ ("State"), CTL_CELL_STATE, NULL },
  { "version", N_ ("Version"), CTL_CELL_NUMBER, NULL },
  CTL_FIELD_END,
};

static const CtlSection watch_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, move_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_watch_forms[] = { { "", watch_sections }, CTL_FORM_END };

typedef struct
{
  CtlRun *run;
  GMainLoop *loop;
  gint seen;
  GError *error; /* (nullable): why it ended */
} Watch;

static char *
move_as_json (const CtlMove *move)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "deal", move->deal);
  dd_json_write_key (writer, "events");
  dd_json_write_begin_array (writer);
  for (guint i = 0; move->events[i] != NULL; i++)
    dd_json_write_string (writer, move->events[i]);
  dd_json_write_end_array (writer);
  if (move->state != NULL)
    dd_json_put_string (writer, "state", move->state);
  dd_json_put_int64 (writer, "version", (gint64)move->version);
  dd_json_write_end_object (writer);
  return dd_json_writer_finish (writer, NULL);
}

static char *
move_as_text (const CtlMove *move)
{
  g_autofree char *events = g_strjoinv (", ", (char **)move->events);

  /* Of what comes from the log the state isn't known. */
  return g_strdup_printf (_ ("%s  version %" PRIu64 "  %s  %s"), move->deal, move->version,
                          move->state != NULL ? move->state : "-", events);
}

/* FALSE at the last that was asked for. */
static gboolean
on_move (const CtlMove *move, gpointer data, GError **error)
{
  Watch *watch = data;
  g_autofree char *line = watch->run->json ? move_as_json (move) : move_as_text (move);
  g_autofree char *text = g_strconcat (line, "\n", NULL);

  if (!(watch->run->json ? ctl_run_print_document : ctl_run_print_text) (text, error))
    return FALSE;
  return watch_count < 0 || ++watch->seen < watch_count;
}

/* On standard error: what is printed are moves, and this is none. */
static void
on_restored (gpointer data)
{
  ctl_terminal_complain (_ ("the store was replaced by an older copy of it: deals go on from what that has"));
}

static void
on_ended (GError *error, gpointer data)
{
  Watch *watch = data;

  if (watch->error == NULL)
    watch->error = error;
  else
    g_clear_error (&error);
  g_main_loop_quit (watch->loop);
}

static gboolean
on_interrupt (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

/* Who reads the moves has left, perhaps long before the next one. */
static gboolean
on_reader_left (int descriptor, GIOCondition condition, gpointer data)
{
  Watch *watch = data;

  errno = condition & G_IO_NVAL ? EBADF : EPIPE;
  if (watch->error == NULL)
    ctl_terminal_fail (&watch->error);
  g_main_loop_quit (watch->loop);
  return G_SOURCE_CONTINUE;
}

/* A deal that isn't there is refused as by the other verbs, with the one that may have been meant. Takes
 * @wrong. */
static gboolean
fail (CtlRun *run, GError *wrong, GError **error)
{
  g_autoptr (GError) better = NULL;

  if (run->n_words > 0 && g_error_matches (wrong, DD_ERROR, DD_ERROR_NOT_FOUND))
    {
      g_autoptr (DdJson) deal = ctl_run_get (run, 0, &better);

      if (deal == NULL && g_error_matches (better, DD_ERROR, DD_ERROR_NOT_FOUND))
        {
          g_error_free (wrong);
          wrong = g_steal_pointer (&better);
        }
    }
  g_propagate_error (error, wrong);
  return FALSE;
}

gboolean
ctl_verb_watch (CtlRun *run, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *deal = run->n_words == 0 ? g_strdup ("") : ctl_run_deal (run, error);
  g_autoptr (CtlFollow) follow = NULL;
  Watch watch = { .run = run, .loop = loop };
  CtlFollower follower = { on_move, on_restored, on_ended, &watch };
  guint sources[3];

  if (deal == NULL)
    return FALSE;
  if (watch_count == 0 || watch_count < -1)
    return ctl_usage (error, _ ("--count is a number from 1; without it, watch goes on until interrupted"));
  if (watch_since < -1 || (watch_since >= 0 && run->n_words == 0))
    return ctl_usage (error, _ ("--since is a version of one deal: name the deal"));
  if (ctl_run_bus (run, error) == NULL)
    return FALSE;
  sources[0] = g_unix_signal_add (SIGINT, on_interrupt, loop);
  sources[1] = g_unix_signal_add (SIGTERM, on_interrupt, loop);
  sources[2] = g_unix_fd_add (STDOUT_FILENO, G_IO_ERR | G_IO_HUP, on_reader_left, &watch);
  follow = ctl_follow_new (run->bus, run->as, deal, watch_since, &follower);
  g_main_loop_run (loop);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  return watch.error == NULL || fail (run, watch.error, error);
}
