/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Staging the plugin under test (see stage.h). The main thread.
 */
#include "stage.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

#define SUFFIX       ".plugin"
#define MAX_SIBLINGS 1000

static gboolean
copy_file (const char *from, const char *to, int mode, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize length;

  return g_file_get_contents (from, &bytes, &length, error) &&
         g_file_set_contents_full (to, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, mode, error);
}

/* What lies beside the module, which may look for it there: libraries of its own, data. */
static void
link_siblings (const DdSubject *subject, const char *place)
{
  g_autoptr (GDir) handle = g_dir_open (place, 0, NULL);
  g_autofree char *real = g_canonicalize_filename (place, NULL);
  const char *name;
  guint n = 0;

  while (handle != NULL && n < MAX_SIBLINGS && (name = g_dir_read_name (handle)) != NULL)
    {
      g_autofree char *from = g_build_filename (real, name, NULL);
      g_autofree char *to = g_build_filename (subject->directory, name, NULL);

      if (name[0] == '.' || g_str_has_suffix (name, SUFFIX) || g_file_test (to, G_FILE_TEST_EXISTS))
        continue;
      n += symlink (from, to) == 0;
    }
}

/* The module is linked, so that debuggers find its sources, unless its rights would refuse it. */
static gboolean
stage_module (const DdSubject *subject, GError **error)
{
  g_autofree char *name = g_path_get_basename (subject->module_path);
  g_autofree char *staged = g_build_filename (subject->directory, name, NULL);
  g_autofree char *real = g_canonicalize_filename (subject->module_path, NULL);

  if (!dd_rights_check (real, NULL))
    return copy_file (real, staged, 0755, error);
  if (symlink (real, staged) != 0)
    return dd_fail (error, DD_ERROR_FAILED, "%s: %s", staged, g_strerror (errno));
  return TRUE;
}

/* A runner reads nothing but its plugin's own directory: no link leads out of there. */
static gboolean
stage_copies (DdSubject *subject, const char *name, GError **error)
{
  g_autofree char *manifest = g_build_filename (subject->copies, name, NULL);
  g_autofree char *module_name = g_path_get_basename (subject->module_path);
  g_autofree char *module = g_build_filename (subject->copies, module_name, NULL);

  return copy_file (subject->manifest_path, manifest, 0644, error) &&
         copy_file (subject->module_path, module, 0755, error);
}

gboolean
dd_subject_stage (DdSubject *subject, GError **error)
{
  g_autofree char *place = g_path_get_dirname (subject->manifest_path);
  g_autofree char *name = g_path_get_basename (subject->manifest_path);

  subject->scratch = g_dir_make_tmp ("dealdesk-check-XXXXXX", error);
  if (subject->scratch == NULL)
    return FALSE;
  subject->directory = g_build_filename (subject->scratch, "plugins", NULL);
  subject->staged_manifest = g_build_filename (subject->directory, name, NULL);
  subject->copies = g_build_filename (subject->scratch, "copies", NULL);
  if (g_mkdir (subject->directory, 0755) != 0 || g_mkdir (subject->copies, 0755) != 0)
    return dd_fail (error, DD_ERROR_FAILED, "%s: %s", subject->scratch, g_strerror (errno));
  if (!g_file_test (subject->manifest_path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!copy_file (subject->manifest_path, subject->staged_manifest, 0644, error))
    return FALSE;
  if (subject->module_path != NULL && g_file_test (subject->module_path, G_FILE_TEST_IS_REGULAR))
    {
      if (!stage_module (subject, error) || !stage_copies (subject, name, error))
        return FALSE;
      link_siblings (subject, place);
    }
  return TRUE;
}

void
dd_subject_give_directories (DdSubject *subject)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;
  g_autofree char *configured = g_strconcat (DD_HOST_OPTIONS_GROUP, subject->id, NULL);

  if (!g_key_file_load_from_file (file, subject->staged_manifest, G_KEY_FILE_NONE, NULL))
    return;
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *type = g_key_file_get_string (file, groups[i], "Type", NULL);
      g_autofree char *name = g_strdup_printf ("directory-%u", i);
      g_autofree char *path = g_build_filename (subject->scratch, name, NULL);

      if (!g_str_has_prefix (groups[i], "Option ") || g_strcmp0 (type, "directory") != 0)
        continue;
      if (g_mkdir (path, 0700) == 0)
        g_key_file_set_string (subject->options, configured, groups[i] + strlen ("Option "), path);
    }
}

gboolean
dd_subject_bring_inside (DdSubject *subject, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (DdManifest) inside = NULL;

  if (!g_key_file_load_from_file (file, subject->staged_manifest, G_KEY_FILE_NONE, error))
    return FALSE;
  subject->network = subject->manifest->network;
  g_key_file_set_string (file, "Plugin", "Isolation", "daemon");
  g_key_file_remove_key (file, "Plugin", "Network", NULL);
  if (!g_key_file_save_to_file (file, subject->staged_manifest, error) ||
      (inside = dd_manifest_read (subject->staged_manifest, error)) == NULL)
    return FALSE;
  dd_manifest_free (subject->manifest);
  subject->manifest = g_steal_pointer (&inside);
  return TRUE;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) directory = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
dd_subject_unstage (DdSubject *subject)
{
  if (subject->scratch != NULL)
    remove_tree (subject->scratch);
}
