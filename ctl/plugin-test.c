/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealctl plugin test: dealdesk-plugin-check, which this program becomes, so that its exit status is this
 * one's. One thread.
 */
#include "plugin.h"
#include "i18n.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#define CHECK "dealdesk-plugin-check"

/* Where it is from the folder of this program: beside it when both are installed, otherwise in the build
 * tree. */
static const char *const places[] = { CHECK, "../daemon/conformance/" CHECK };

/* For the schema alone: the document is another program's. */
static const CtlField verdict_fields[] = {
  { "conforms", N_ ("Conforms"), CTL_CELL_YES, NULL },
  { "path", N_ ("File"), CTL_CELL_TEXT, NULL },
  { "plugin", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField check_fields[] = {
  { "claim", N_ ("Claim"), CTL_CELL_PROSE, NULL },
  { "name", N_ ("Name"), CTL_CELL_TEXT, NULL },
  { "outcome", N_ ("Outcome"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField remark_fields[] = {
  { "outcome", N_ ("Outcome"), CTL_CELL_TEXT, NULL },
  { "text", N_ ("Remark"), CTL_CELL_PROSE, NULL },
  CTL_FIELD_END,
};

static const CtlField summary_fields[] = {
  { "passed", N_ ("Passed"), CTL_CELL_NUMBER, NULL },
  { "warnings", N_ ("With warnings"), CTL_CELL_NUMBER, NULL },
  { "skipped", N_ ("Skipped"), CTL_CELL_NUMBER, NULL },
  { "failed", N_ ("Failed"), CTL_CELL_NUMBER, NULL },
  CTL_FIELD_END,
};

static const CtlSection remark_rows = { "remarks", NULL, CTL_SHAPE_ROWS, remark_fields, NULL, NULL };

const CtlSection ctl_plugin_test_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, verdict_fields, NULL, NULL },
  { "checks", NULL, CTL_SHAPE_ROWS, check_fields, &remark_rows, NULL },
  { "summary", N_ ("Summary"), CTL_SHAPE_RECORD, summary_fields, NULL, NULL },
  CTL_SECTION_END,
};

/* (transfer full) (nullable) */
static char *
find_check (GError **error)
{
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = own == NULL ? NULL : g_path_get_dirname (own);

  for (guint i = 0; folder != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  dd_fail (error, DD_ERROR_FAILED, _ ("%s isn't beside dealctl, where it is installed with dealdesk"), CHECK);
  return NULL;
}

gboolean
ctl_plugin_test (CtlRun *run, GError **error)
{
  g_autofree char *check = find_check (error);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();

  if (check == NULL)
    return FALSE;
  g_ptr_array_add (arguments, (gpointer)CHECK);
  if (run->json)
    g_ptr_array_add (arguments, (gpointer) "--json");
  for (guint i = 1; i < run->n_words; i++)
    if (!g_str_equal (run->words[i], "--"))
      g_ptr_array_add (arguments, run->words[i]);
  g_ptr_array_add (arguments, NULL);
  /* as a program expects it */
  signal (SIGPIPE, SIG_DFL);
  execv (check, (char **)arguments->pdata);
  return dd_fail (error, DD_ERROR_FAILED, _ ("%s can't be started: %s"), check, g_strerror (errno));
}
