/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verbs about the store as a whole: verify, backup, restore. One thread.
 */
#include "verbs.h"
#include "copy.h"
#include "fault.h"
#include "i18n.h"
#include "terminal.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

/* These work through as much as there is. */
#define NO_TIMEOUT G_MAXINT

/* --- verify --- */

static char *verify_head;

const GOptionEntry ctl_verify_options[] = { { "head", 0, 0, G_OPTION_ARG_STRING, &verify_head,
                                              N_ ("A chain head that has to be found"), "HEX" },
                                            G_OPTION_ENTRY_NULL };

static const CtlField verify_fields[] = {
  { "deals", N_ ("Deals"), CTL_CELL_NUMBER, NULL },
  { "events", N_ ("Events"), CTL_CELL_NUMBER, NULL },
  { "documents", N_ ("Documents"), CTL_CELL_NUMBER, NULL },
  { "batches", N_ ("Batches"), CTL_CELL_NUMBER, NULL },
  { "head", N_ ("Chain head"), CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlSection verify_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, verify_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_verify_forms[] = { { "", verify_sections }, CTL_FORM_END };

gboolean
ctl_verb_verify (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Verify");

  if (verify_head != NULL && !ctl_text_is_digest (verify_head))
    return ctl_usage (error, _ ("--head “%s”: it should be 64 lower-case hexadecimal digits"), verify_head);
  ctl_request_option_text (request, "head", verify_head);
  ctl_request_set_timeout (request, NO_TIMEOUT);
  ctl_request_set_progress (request, _ ("Verifying"), _ ("checks"));
  return ctl_run_print_reply (run, request, verify_sections, error);
}

/* --- backup --- */

static gboolean backup_force;

const GOptionEntry ctl_backup_options[] = { { "force", 0, 0, G_OPTION_ARG_NONE, &backup_force,
                                              N_ ("Put it in the place of a file that is there"), NULL },
                                            G_OPTION_ENTRY_NULL };

static const CtlField backup_fields[] = {
  { "file", N_ ("File"), CTL_CELL_TEXT, NULL },
  { "bytes", N_ ("Bytes"), CTL_CELL_NUMBER, NULL },
  { "events", N_ ("Events"), CTL_CELL_NUMBER, NULL },
  { "head", N_ ("Chain head"), CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlSection backup_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, backup_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_backup_forms[] = { { "", backup_sections }, CTL_FORM_END };

static gboolean
print_backup (CtlRun *run, const CtlReply *reply, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *file = g_filename_display_name (run->words[0]);
  guint64 bytes, events;
  const char *head;

  g_variant_get (ctl_reply_value (reply), "(htt&s)", NULL, &bytes, &events, &head);
  dd_json_write_begin_object (writer);
  dd_json_put_int64 (writer, "bytes", (gint64)bytes);
  dd_json_put_int64 (writer, "events", (gint64)events);
  dd_json_put_string (writer, "file", file);
  dd_json_put_string (writer, "head", head);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, backup_sections, writer, error);
}

gboolean
ctl_verb_backup (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Backup");
  g_autoptr (CtlCopy) copy = ctl_copy_begin (run->words[0], backup_force, error);
  g_autoptr (CtlReply) reply = NULL;
  guint64 bytes;
  int descriptor;

  if (copy == NULL)
    return FALSE;
  ctl_request_set_timeout (request, NO_TIMEOUT);
  ctl_request_set_progress (request, _ ("Copying and verifying"), "bytes");
  reply = ctl_run_send (run, request, error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (ctl_reply_value (reply), "(htts)", NULL, &bytes, NULL, NULL);
  descriptor = ctl_reply_descriptor (reply, 0, error);
  if (descriptor < 0)
    return FALSE;
  if (!ctl_copy_take (copy, descriptor, bytes, error) || !ctl_copy_finish (copy, error))
    {
      close (descriptor);
      return FALSE;
    }
  close (descriptor);
  return print_backup (run, reply, error);
}

/* --- restore --- */

static gboolean restore_dry_run;
static gboolean restore_yes;

const GOptionEntry ctl_restore_options[] = {
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &restore_dry_run,
    N_ ("Verify it, say what would be lost, and change nothing"), NULL },
  { "yes", 0, 0, G_OPTION_ARG_NONE, &restore_yes, N_ ("Don't ask whether it is meant"), NULL },
  G_OPTION_ENTRY_NULL
};

static const CtlField restore_fields[] = {
  { "dryRun", N_ ("Only checked"), CTL_CELL_YES, NULL },
  { "head", N_ ("Chain head"), CTL_CELL_DIGEST, NULL },
  { "kept", N_ ("Replaced store"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField restore_copy_fields[] = {
  { "deals", N_ ("Deals"), CTL_CELL_NUMBER, NULL },
  { "events", N_ ("Events"), CTL_CELL_NUMBER, NULL },
  { "head", N_ ("Newest head"), CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlField restore_lost_fields[] = {
  { "sameStore", N_ ("Copy of this store"), CTL_CELL_YES, NULL },
  { "after", N_ ("After"), CTL_CELL_TIME, NULL },
  { "deals", N_ ("Deals"), CTL_CELL_NUMBER, NULL },
  { "events", N_ ("Events"), CTL_CELL_NUMBER, NULL },
  { "head", N_ ("Newest head"), CTL_CELL_DIGEST, NULL },
  CTL_FIELD_END,
};

static const CtlSection restore_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, restore_fields, NULL, NULL },
  { "copy", N_ ("The copy"), CTL_SHAPE_RECORD, restore_copy_fields, NULL, NULL },
  { "lost", N_ ("Not in the copy"), CTL_SHAPE_RECORD, restore_lost_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_restore_forms[] = { { "", restore_sections }, CTL_FORM_END };

static CtlReply *
send_restore (CtlRun *run, int descriptor, gboolean dry_run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new (CTL_PATH_MANAGER, "Manager", "Restore");

  if (!ctl_request_add_descriptor (request, descriptor, error))
    return NULL;
  if (dry_run)
    ctl_request_option (request, "dry-run", g_variant_new_boolean (TRUE));
  else
    ctl_request_set_once (request);
  ctl_request_set_timeout (request, NO_TIMEOUT);
  ctl_request_set_progress (request, dry_run ? _ ("Verifying the copy") : _ ("Verifying and restoring"),
                            "bytes");
  return ctl_run_send (run, request, error);
}

static gboolean
print_restore (CtlRun *run, const CtlReply *reply, gboolean dry_run, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (DdJson) json = ctl_reply_json (reply, 1, error);
  const DdJsonNode *root = json != NULL ? dd_json_root (json) : NULL;
  const DdJsonNode *kept = root != NULL ? dd_json_member (root, "kept") : NULL;
  const char *head;

  if (root == NULL)
    return FALSE;
  g_variant_get_child (ctl_reply_value (reply), 0, "&s", &head);
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "copy");
  dd_json_write_node (writer, dd_json_member (root, "copy"));
  dd_json_put_boolean (writer, "dryRun", dry_run);
  dd_json_put_string (writer, "head", head);
  if (kept != NULL)
    {
      dd_json_write_key (writer, "kept");
      dd_json_write_node (writer, kept);
    }
  dd_json_write_key (writer, "lost");
  dd_json_write_node (writer, dd_json_member (root, "lost"));
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, restore_sections, writer, error);
}

/* Says what would be lost, and asks. @out_yes: whether it is meant. */
static gboolean
ask (CtlRun *run, int descriptor, gboolean *out_yes, GError **error)
{
  g_autoptr (CtlReply) reply = send_restore (run, descriptor, TRUE, error);
  g_autoptr (DdJson) json = reply != NULL ? ctl_reply_json (reply, 1, error) : NULL;
  const DdJsonNode *lost = json != NULL ? dd_json_member (dd_json_root (json), "lost") : NULL;
  g_autofree char *question = NULL;
  gint64 deals = 0, events = 0;

  if (lost == NULL || !dd_json_get_int64 (lost, "deals", TRUE, 0, G_MAXINT64, &deals, error) ||
      !dd_json_get_int64 (lost, "events", TRUE, 0, G_MAXINT64, &events, error))
    return FALSE;
  question = g_strdup_printf (_ ("The copy is sound. Not in it are %" PRId64 " events of the store, %" PRId64
                                 " deals among them.\nRestore it? [y/N] "),
                              events, deals);
  *out_yes = ctl_terminal_ask (question);
  return TRUE;
}

static gboolean
restore (CtlRun *run, int descriptor, GError **error)
{
  g_autoptr (CtlReply) reply = NULL;
  gboolean yes = restore_yes || restore_dry_run;

  if (!yes && !ask (run, descriptor, &yes, error))
    return FALSE;
  if (!yes)
    return dd_fail (error, DD_ERROR_FAILED, _ ("nothing was restored"));
  reply = send_restore (run, descriptor, restore_dry_run, error);
  return reply != NULL && print_restore (run, reply, restore_dry_run, error);
}

/* A database that was copied while it was written, or that someone has open: its newest moves are in the log
 * beside it, which doesn't come along. */
static gboolean
check_whole (const char *name, GError **error)
{
  g_autofree char *log = g_strconcat (name, "-wal", NULL);
  struct stat status;

  if (stat (log, &status) != 0 || status.st_size == 0)
    return TRUE;
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                  _ ("%s isn't a whole copy: %s beside it has moves of its own; give a copy that “dealctl "
                     "backup” made"),
                  name, log);
}

static gboolean
check_asked (GError **error)
{
  if (restore_yes || restore_dry_run || isatty (STDIN_FILENO))
    return TRUE;
  return ctl_usage (error, _ ("restore replaces the store: where nobody can be asked, it needs --yes"));
}

/* The daemon has only the file's descriptor, and says "the copy". */
static gboolean
is_about_copy (const GError *error)
{
  return g_str_has_prefix (error->message, "the copy");
}

gboolean
ctl_verb_restore (CtlRun *run, GError **error)
{
  const char *name = run->words[0];
  gboolean done;
  int descriptor;

  descriptor = open (name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return dd_fail (error, errno == ENOENT ? DD_ERROR_NOT_FOUND : DD_ERROR_INVALID_ARGUMENT,
                    _ ("can't open %s: %s"), name, g_strerror (errno));
  done = check_asked (error) && check_whole (name, error) && restore (run, descriptor, error);
  close (descriptor);
  if (!done && error != NULL && is_about_copy (*error))
    g_prefix_error (error, "%s: ", name);
  return done;
}
