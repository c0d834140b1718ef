/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealctl plugin new: the folder of a plugin, from the example of its kind (plugins/examples), under another
 * id.
 *
 * The folder is made whole under a hidden name beside its place, then renamed, which never replaces what is
 * there: after a failure or a signal there is nothing half-made. One thread.
 */
#include "plugin.h"
#include "fault.h"
#include "i18n.h"
#include "rename.h"
#include "json/writer.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define EXAMPLES "/org/dealdesk1/examples/"

#define MAX_NAME 64 /* as the daemon allows */

static char *new_kind;
static char *new_directory;
gint ctl_plugin_revision;

const GOptionEntry ctl_plugin_options[] = { { "kind", 0, 0, G_OPTION_ARG_STRING, &new_kind,
                                              N_ ("new: pricing, approval, negotiation or handoff"), "KIND" },
                                            { "directory", 0, 0, G_OPTION_ARG_FILENAME, &new_directory,
                                              N_ ("new: make the folder in this one, not here"), "DIR" },
                                            { "revision", 0, 0, G_OPTION_ARG_INT, &ctl_plugin_revision,
                                              N_ ("why: of this revision"), "N" },
                                            G_OPTION_ENTRY_NULL };

static const CtlField new_fields[] = {
  { "plugin", N_ ("Plugin"), CTL_CELL_TEXT, NULL },
  { "kind", N_ ("Kind"), CTL_CELL_TEXT, NULL },
  { "directory", N_ ("Folder"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField file_fields[] = {
  { "file", N_ ("Files"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

const CtlSection ctl_plugin_new_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, new_fields, NULL, NULL },
  { "files", NULL, CTL_SHAPE_VALUES, file_fields, NULL, NULL },
  CTL_SECTION_END,
};

/* A folder to be. */
typedef struct
{
  const char *name; /* the plugin's id */
  const char *kind;
  char *example; /* the example's id */
  char **files;  /* of the example; "Makefile" */
  char *target;  /* the folder */
  char *half;    /* where it is made; (nullable) before and after that */
} Folder;

static void
folder_clear (Folder *folder)
{
  g_free (folder->example);
  g_strfreev (folder->files);
  g_free (folder->target);
  g_free (folder->half);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Folder, folder_clear)

static gboolean
check_name (const char *name, GError **error)
{
  gsize length = strlen (name);

  if (g_ascii_islower (name[0]) && length <= MAX_NAME &&
      strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length)
    return TRUE;
  return ctl_usage (
    error,
    _ ("“%s” can't be a plugin's name: it should begin with a to z, have only a to z, 0 to 9 and -, "
       "and at most %d characters"),
    name, MAX_NAME);
}

/* Installed, it would be written over the one that dealdesk has under that id. */
static gboolean
check_not_shipped (const char *name, GError **error)
{
  g_auto (GStrv) shipped = g_strsplit (DEALDESK_SHIPPED_PLUGINS, " ", -1);

  if (!g_strv_contains ((const char *const *)shipped, name))
    return TRUE;
  return ctl_usage (error, _ ("“%s” is a plugin of dealdesk's own: choose another name"), name);
}

/* @text with the plugin's id instead of the example's. (transfer full) */
static char *
adapt (const Folder *folder, const char *text, gsize length)
{
  g_autoptr (GString) adapted = g_string_new_len (text, (gssize)length);

  g_string_replace (adapted, folder->example, folder->name, 0);
  return g_string_free (g_steal_pointer (&adapted), FALSE);
}

/* The example of the kind: its files, and its id, which its .plugin file has as its name. */
static gboolean
find_example (Folder *folder, GError **error)
{
  g_autofree char *path = g_strconcat (EXAMPLES, folder->kind, NULL);

  if (folder->kind[0] != '\0' && strchr (folder->kind, '/') == NULL)
    folder->files = g_resources_enumerate_children (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  for (guint i = 0; folder->files != NULL && folder->files[i] != NULL; i++)
    if (g_str_has_suffix (folder->files[i], ".plugin"))
      {
        folder->example = g_strndup (folder->files[i], strlen (folder->files[i]) - strlen (".plugin"));
        return TRUE;
      }
  return ctl_usage (error,
                    _ ("“%s” is no kind of plugin; it should be pricing, approval, negotiation or handoff"),
                    folder->kind);
}

static gboolean
write_file (const Folder *folder, const char *file, GError **error)
{
  g_autofree char *resource = g_strconcat (EXAMPLES, folder->kind, "/", file, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (resource, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char *name = adapt (folder, file, strlen (file));
  g_autofree char *path = g_build_filename (folder->half, name, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (bytes == NULL)
    return FALSE;

  const char *data = g_bytes_get_data (bytes, &length);

  text = adapt (folder, data, length);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0644, error);
}

static gboolean
write_files (const Folder *folder, GError **error)
{
  for (guint i = 0; folder->files[i] != NULL; i++)
    if (!write_file (folder, folder->files[i], error))
      return FALSE;
  return TRUE;
}

/* The folder for others to read, as the umask allows; and to its place, where nothing is. */
static gboolean
put_in_place (Folder *folder, GError **error)
{
  mode_t mask = umask (0);

  umask (mask);
  if (g_chmod (folder->half, (int)(0755 & ~mask)) != 0)
    return dd_fail (error, DD_ERROR_FAILED, _ ("%s: %s"), folder->target, g_strerror (errno));
  if (ctl_rename_new (folder->half, folder->target))
    {
      g_clear_pointer (&folder->half, g_free);
      return TRUE;
    }
  if (errno == EEXIST)
    return dd_fail (error, DD_ERROR_FAILED,
                    _ ("%s is there already; choose another name, or remove it first"), folder->target);
  return dd_fail (error, DD_ERROR_FAILED, _ ("%s can't be made: %s"), folder->target, g_strerror (errno));
}

/* What was made of a folder that can't be finished. */
static void
remove_half (const Folder *folder)
{
  for (guint i = 0; folder->files[i] != NULL; i++)
    {
      g_autofree char *name = adapt (folder, folder->files[i], strlen (folder->files[i]));
      g_autofree char *path = g_build_filename (folder->half, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder->half);
}

static gboolean
make_folder (Folder *folder, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder->target);
  g_autofree char *hidden = g_strconcat (".", folder->name, "-XXXXXX", NULL);
  struct stat status;

  if (g_lstat (folder->target, &status) == 0)
    return dd_fail (error, DD_ERROR_FAILED,
                    _ ("%s is there already; choose another name, or remove it first"), folder->target);
  folder->half = g_build_filename (parent, hidden, NULL);
  if (g_mkdtemp (folder->half) == NULL)
    return dd_fail (error, DD_ERROR_FAILED, _ ("no folder can be made in %s: %s"), parent,
                    g_strerror (errno));
  if (write_files (folder, error) && put_in_place (folder, error))
    return TRUE;
  remove_half (folder);
  return FALSE;
}

/* Signals that end the program wait until the folder is whole or gone. */
static gboolean
make_undisturbed (Folder *folder, GError **error)
{
  sigset_t ending;
  sigset_t before;
  gboolean made;

  sigemptyset (&ending);
  sigaddset (&ending, SIGHUP);
  sigaddset (&ending, SIGINT);
  sigaddset (&ending, SIGTERM);
  sigprocmask (SIG_BLOCK, &ending, &before);
  made = make_folder (folder, error);
  sigprocmask (SIG_SETMASK, &before, NULL);
  return made;
}

static gboolean
print_json (CtlRun *run, const Folder *folder, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "directory", folder->target);
  dd_json_write_key (writer, "files");
  dd_json_write_begin_array (writer);
  for (guint i = 0; folder->files[i] != NULL; i++)
    {
      g_autofree char *name = adapt (folder, folder->files[i], strlen (folder->files[i]));

      dd_json_write_string (writer, name);
    }
  dd_json_write_end_array (writer);
  dd_json_put_string (writer, "kind", folder->kind);
  dd_json_put_string (writer, "plugin", folder->name);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, ctl_plugin_new_sections, writer, error);
}

static gboolean
print_next (const Folder *folder, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *quoted = g_shell_quote (folder->target);
  const char *shown =
    strpbrk (folder->target, " '\"\\$`!*?[](){}<>|&;~#\t\n") == NULL ? folder->target : quoted;

  g_string_append_printf (text, _ ("%s is a plugin of kind %s that builds and conforms as it is. Next:\n"),
                          folder->target, folder->kind);
  g_string_append_printf (text, "\n    cd %s\n    make\n    make check\n    sudo make install\n\n", shown);
  g_string_append_printf (
    text,
    _ ("Then restart dealdesk. %s.c is the plugin, %s.plugin what dealdesk reads before it loads it; "
       "README.md says what it does so far. The manual is dealdesk-plugin(7).\n"),
    folder->name, folder->name);
  return ctl_run_print_text (text->str, error);
}

gboolean
ctl_plugin_new (CtlRun *run, GError **error)
{
  g_auto (Folder) folder = { .name = run->words[1], .kind = new_kind };

  if (new_kind == NULL)
    return ctl_usage (error, _ ("--kind says what it will be: pricing, approval, negotiation or handoff"));
  if (!ctl_run_choice ("--kind", new_kind, CTL_KINDS, error) || !check_name (folder.name, error) ||
      !check_not_shipped (folder.name, error) || !find_example (&folder, error))
    return FALSE;
  folder.target =
    new_directory == NULL ? g_strdup (folder.name) : g_build_filename (new_directory, folder.name, NULL);
  if (!make_undisturbed (&folder, error))
    return FALSE;
  return run->json ? print_json (run, &folder, error) : print_next (&folder, error);
}
