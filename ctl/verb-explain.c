/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verb explain: how prices of a deal or a file came about, or why a rule had no part in them; nothing moves.
 * One thread.
 */
#include "verbs.h"
#include "explain.h"
#include "i18n.h"
#include "offer.h"
#include "program.h"
#include "saved.h"
#include "shapes.h"
#include "text.h"
#include "usage.h"
#include "word.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Where it is from the folder of this program, in the build tree. */
#define BESIDE "../daemon/document/dealdesk-picture"

static gint explain_revision;
static char *explain_charge;
static gboolean explain_bars;
static char *explain_svg;
static char *explain_why_not;
static char *explain_customer;

const GOptionEntry ctl_explain_options[] = {
  { "revision", 0, 0, G_OPTION_ARG_INT, &explain_revision, N_ ("This revision, not what the deal stands at"),
    "N" },
  { "customer", 0, 0, G_OPTION_ARG_STRING, &explain_customer, N_ ("Of a file: whose prices"), "CUSTOMER" },
  { "charge", 0, 0, G_OPTION_ARG_STRING, &explain_charge, N_ ("Only this charge"), "CHARGE" },
  { "bars", 0, 0, G_OPTION_ARG_NONE, &explain_bars, N_ ("Steps as bars, not as a table"), NULL },
  { "svg", 0, 0, G_OPTION_ARG_FILENAME, &explain_svg,
    N_ ("Draw the steps into this file, whole or not at all"), "FILE" },
  { "why-not", 0, 0, G_OPTION_ARG_STRING, &explain_why_not, N_ ("What this rule missed, or where it applied"),
    "RULE" },
  G_OPTION_ENTRY_NULL
};

static const CtlField rule_fields[] = { { "rule", N_ ("Rule"), CTL_CELL_TEXT, NULL }, CTL_FIELD_END };

static const CtlField applied_fields[] = {
  { "line", N_ ("Line"), CTL_CELL_TEXT, NULL },
  { "charge", N_ ("Charge"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField miss_fields[] = {
  { "line", N_ ("Line"), CTL_CELL_TEXT, NULL },
  { "plugin", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "rule", NULL, CTL_CELL_TEXT, NULL },
  { "reason", N_ ("Why not"), CTL_CELL_PROSE, NULL },
  CTL_FIELD_END,
};

static const CtlSection why_not_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, rule_fields, NULL, NULL },
  { "applied", N_ ("Applied to"), CTL_SHAPE_ROWS, applied_fields, NULL, N_ ("It applied nowhere.") },
  { "misses", N_ ("Missed"), CTL_SHAPE_ROWS, miss_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_explain_forms[] = {
  { "", ctl_explain_sections }, { "svg", ctl_saved_sections }, { "why-not", why_not_sections }, CTL_FORM_END
};

/* @why_not: (nullable). (transfer full) (nullable) */
static DdJson *
fetch (CtlRun *run, const char *why_not, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_offer_price (run, explain_revision, explain_customer, error);
  DdJson *json;

  if (request == NULL)
    return NULL;
  if (why_not != NULL)
    ctl_request_option (request, "why-not", g_variant_new_string (why_not));
  json = ctl_run_fetch (run, request, error);
  if (json == NULL)
    ctl_offer_refused (run, error);
  return json;
}

/* --- why not --- */

static guint
count (const DdJsonNode *reply, const char *key)
{
  const DdJsonNode *rows = dd_json_member (reply, key);

  return rows == NULL ? 0 : dd_json_length (rows);
}

/* Of @key's rows those of @line (nullable), and those of no line. */
static void
write_rows_of (const DdJsonNode *reply, const char *key, const char *line, DdJsonWriter *writer)
{
  const DdJsonNode *rows = dd_json_member (reply, key);

  dd_json_write_key (writer, key);
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *row = rows == NULL ? NULL : dd_json_first (rows); row != NULL;
       row = dd_json_next (row))
    {
      const char *own = ctl_shape_text (row, "line");

      if (line == NULL || *own == '\0' || g_str_equal (own, line))
        dd_json_write_node (writer, row);
    }
  dd_json_write_end_array (writer);
}

/* Of all that plugins know about this deal: rules that applied, and those that missed something. */
static gboolean
fail_rule (CtlRun *run, GError **error)
{
  g_autoptr (GError) ignored = NULL;
  g_autoptr (DdJson) json = fetch (run, "", &ignored);
  g_autoptr (GPtrArray) rules = g_ptr_array_new_with_free_func (g_free);
  const DdJsonNode *misses = json == NULL ? NULL : dd_json_member (dd_json_root (json), "misses");

  if (json != NULL)
    ctl_explain_add_rules (dd_json_root (json), rules);
  for (const DdJsonNode *each = misses == NULL ? NULL : dd_json_first (misses); each != NULL;
       each = dd_json_next (each))
    if (!g_ptr_array_find_with_equal_func (rules, ctl_shape_text (each, "rule"), g_str_equal, NULL))
      g_ptr_array_add (rules, g_strdup (ctl_shape_text (each, "rule")));
  g_ptr_array_add (rules, NULL);
  dd_fail (error, DD_ERROR_NOT_FOUND, _ ("--why-not: no plugin knows a rule “%s” for these lines"),
           explain_why_not);
  ctl_word_suggest ((const char *const *)rules->pdata, explain_why_not, error);
  return FALSE;
}

static gboolean
print_why_not (CtlRun *run, const char *line, GError **error)
{
  g_autoptr (DdJson) json = fetch (run, explain_why_not, error);
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  const DdJsonNode *reply;

  if (json == NULL)
    return FALSE;
  reply = dd_json_root (json);
  if (!ctl_explain_check_line (reply, line, error))
    return FALSE;
  if (count (reply, "misses") == 0 && count (reply, "applied") == 0)
    return fail_rule (run, error);
  dd_json_write_begin_object (writer);
  write_rows_of (reply, "applied", line, writer);
  write_rows_of (reply, "misses", line, writer);
  dd_json_put_string (writer, "rule", explain_why_not);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, why_not_sections, writer, error);
}

/* --- the picture --- */

/* @said: by dealdesk-picture, on its standard error. */
static void
fail_picture (GBytes *said, GError **error)
{
  gsize length;
  const char *bytes = g_bytes_get_data (said, &length);
  g_autofree char *valid = g_utf8_make_valid (length == 0 ? "" : bytes, (gssize)length);
  g_autofree char *clean = ctl_text_clean (g_strstrip (valid));

  dd_fail (error, DD_ERROR_FAILED, _ ("there is no picture: %s"),
           *clean == '\0' ? _ ("what draws it ended without a word") : clean);
}

/* A file of @text alone, to be read from its beginning, or -1. What is read from a pipe can't be written
 * whole when its reader ends early, and then nobody hears why it did. */
static int
open_text (const char *text)
{
  gsize length = strlen (text);
  int fd = memfd_create ("description", MFD_CLOEXEC);

  for (gsize done = 0; fd >= 0 && done < length;)
    {
      gssize written = write (fd, text + done, length - done);

      if (written > 0)
        done += (gsize)written;
      else if (errno != EINTR)
        {
          close (fd);
          return -1;
        }
    }
  if (fd >= 0)
    lseek (fd, 0, SEEK_SET);
  return fd;
}

/* What dealdesk-picture makes of @description. (transfer full) (nullable) */
static GBytes *
draw (const char *description, GError **error)
{
  g_autofree char *program = ctl_program_find (BESIDE, DEALDESK_PICTURE);
  const char *const words[] = { program, NULL };
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  int input = open_text (description);
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) said = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (GSubprocess) process = NULL;

  if (input < 0)
    {
      dd_fail (error, DD_ERROR_FAILED, _ ("%s can't be run: %s"), program, g_strerror (errno));
      return NULL;
    }
  g_subprocess_launcher_take_stdin_fd (launcher, input);
  process = g_subprocess_launcher_spawnv (launcher, words, &local);
  if (process == NULL || !g_subprocess_communicate (process, NULL, NULL, &output, &said, &local))
    {
      dd_fail (error, DD_ERROR_FAILED, _ ("%s can't be run: %s"), program, local->message);
      return NULL;
    }
  if (g_subprocess_get_successful (process))
    return g_steal_pointer (&output);
  fail_picture (said, error);
  return NULL;
}

/* The deal, or the file as people know it. (transfer full) */
static char *
name_offer (CtlRun *run)
{
  const char *word = run->words[0];
  g_autofree char *name = NULL;

  if (ctl_run_is_deal (word))
    return ctl_run_deal (run, NULL);
  if (g_str_equal (word, "-"))
    return g_strdup (_ ("standard input"));
  name = g_filename_display_basename (word);
  return ctl_text_clean (name);
}

static gboolean
save_picture (CtlRun *run, const DdJsonNode *sheet, GError **error)
{
  g_autofree char *name = name_offer (run);
  g_autofree char *title = g_strdup_printf (_ ("How the prices of %s came about"), name);
  g_autofree char *description = ctl_explain_describe (sheet, title, error);
  g_autoptr (GBytes) picture = description == NULL ? NULL : draw (description, error);

  return picture != NULL && ctl_save (run, "svg", explain_svg, picture, error);
}

/* --- the verb --- */

static gboolean
print_sheet (CtlRun *run, const DdJsonNode *sheet, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (explain_svg != NULL)
    return save_picture (run, sheet, error);
  if (run->json)
    return ctl_run_print (run, ctl_explain_sections, sheet, error);
  return ctl_explain_text (sheet, explain_bars, &run->style, out, error) &&
         ctl_run_print_text (out->str, error);
}

gboolean
ctl_verb_explain (CtlRun *run, GError **error)
{
  const char *line = run->n_words > 1 ? run->words[1] : NULL;
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (DdJson) json = NULL;
  g_autoptr (DdJson) part = NULL;

  if (explain_why_not != NULL && (explain_bars || explain_svg != NULL || explain_charge != NULL))
    return ctl_usage (error, _ ("--why-not excludes --bars, --svg and --charge"));
  if (explain_why_not != NULL && *explain_why_not == '\0')
    return ctl_usage (error, _ ("--why-not is the id of a rule, as a table of steps has it"));
  if (explain_why_not != NULL)
    return print_why_not (run, line, error);
  if (explain_bars && explain_svg != NULL)
    return ctl_usage (error, _ ("--bars and --svg exclude each other"));
  json = fetch (run, NULL, error);
  if (json == NULL || !ctl_explain_select (dd_json_root (json), line, explain_charge, writer, error))
    return FALSE;
  part = ctl_run_read_written (writer, error);
  return part != NULL && print_sheet (run, dd_json_root (part), error);
}
