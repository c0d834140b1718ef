/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See subject.h. The main thread.
 */
#include "subject.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "number/quoted.h"
#include "plugin.h"

#define SUFFIX       ".plugin"
#define MAX_SIBLINGS 1000

/* --- finding --- */

/* The Module= of a .plugin file, however bad the rest is. (nullable) (transfer full) */
static char *
read_module (const char *manifest_path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, manifest_path, G_KEY_FILE_NONE, NULL))
    return NULL;
  return g_key_file_get_string (file, "Plugin", "Module", NULL);
}

/* Those of @directory, sorted by name; with @module (nullable) only those that name it. (transfer full) */
static GPtrArray *
list_manifests (const char *directory, const char *module)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) handle = g_dir_open (directory, 0, NULL);
  const char *name;

  while (handle != NULL && (name = g_dir_read_name (handle)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *named = g_str_has_suffix (name, SUFFIX) ? read_module (path) : NULL;

      if (g_str_has_suffix (name, SUFFIX) && (module == NULL || g_strcmp0 (named, module) == 0))
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  g_ptr_array_sort (paths, (GCompareFunc)g_strcmp0);
  return paths;
}

/* NAME.plugin beside NAME.so, whether it is there or not. */
static char *
beside (const char *module_path)
{
  g_autofree char *stem = g_strdup (module_path);
  char *dot = strrchr (stem, '.');

  if (dot != NULL && strchr (dot, '/') == NULL)
    *dot = '\0';
  return g_strconcat (stem, SUFFIX, NULL);
}

static char *
choose (const GPtrArray *paths, const char *directory, GError **error)
{
  if (paths->len == 1)
    return g_strdup (paths->pdata[0]);
  if (paths->len == 0)
    dd_fail (error, DD_ERROR_NOT_FOUND, "%s holds no file NAME.plugin", directory);
  else
    dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
             "%s holds %u plugins: name the .plugin file of one, such as %s", directory, paths->len,
             (const char *)paths->pdata[0]);
  return NULL;
}

static char *
find_manifest (const char *path, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_autoptr (GPtrArray) paths = list_manifests (path, NULL);

      return choose (paths, path, error);
    }
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      dd_fail (error, DD_ERROR_NOT_FOUND,
               "%s isn't there: name a .so, its .plugin or a directory that holds one", path);
      return NULL;
    }
  if (g_str_has_suffix (path, SUFFIX))
    return g_strdup (path);

  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *module = g_path_get_basename (path);
  g_autoptr (GPtrArray) paths = list_manifests (directory, module);

  return paths->len == 1 ? g_strdup (paths->pdata[0]) : beside (path);
}

/* --- staging --- */

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

static gboolean
stage (DdSubject *subject, GError **error)
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

/* Each option of type directory gets a directory of its own. */
static void
give_directories (DdSubject *subject)
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

/* The author's file was read as it is; here it runs where it is looked at, and without its network. */
static gboolean
bring_inside (DdSubject *subject, GError **error)
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

/* What is wrong is told of the author's files, not of their copies. */
static char *
explain_unread (const DdSubject *subject, const char *message)
{
  g_autofree char *staged = g_strconcat (subject->directory, "/", NULL);
  g_autofree char *place = g_path_get_dirname (subject->manifest_path);
  g_autofree char *own = g_strconcat (place, "/", NULL);
  g_autoptr (GString) text = g_string_new (message);

  if (g_str_has_prefix (message, staged) && subject->module_path != NULL &&
      !g_file_test (subject->module_path, G_FILE_TEST_EXISTS))
    return g_strdup_printf ("%s isn't there: build it first: make", subject->module_path);
  g_string_replace (text, staged, own, 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

DdSubject *
dd_subject_new (const char *path, GError **error)
{
  g_autoptr (DdSubject) subject = g_new0 (DdSubject, 1);
  g_autofree char *name = NULL;
  g_autofree char *place = NULL;
  g_autofree char *module = NULL;
  g_autoptr (GError) reason = NULL;

  subject->options = g_key_file_new ();
  subject->csv = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  subject->manifest_path = find_manifest (path, error);
  if (subject->manifest_path == NULL)
    return NULL;
  name = g_path_get_basename (subject->manifest_path);
  place = g_path_get_dirname (subject->manifest_path);
  subject->id = g_strndup (name, strlen (name) - strlen (SUFFIX));
  module = read_module (subject->manifest_path);
  if (module != NULL && module[0] != '\0' && strchr (module, '/') == NULL)
    subject->module_path = g_build_filename (place, module, NULL);
  if (!stage (subject, error))
    return NULL;
  if (!g_file_test (subject->manifest_path, G_FILE_TEST_EXISTS))
    subject->unread = g_strdup_printf ("%s isn't there: a plugin has a file NAME.plugin beside its module",
                                       subject->manifest_path);
  else if ((subject->manifest = dd_manifest_read (subject->staged_manifest, &reason)) == NULL)
    subject->unread = explain_unread (subject, reason->message);
  else if (!dd_datasets_check (subject->manifest->datasets, dd_core_datasets (), &reason))
    {
      g_clear_pointer (&subject->manifest, dd_manifest_free);
      subject->unread = g_strdup (reason->message);
    }
  else if (!bring_inside (subject, error))
    return NULL;
  give_directories (subject);
  return g_steal_pointer (&subject);
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
dd_subject_free (DdSubject *subject)
{
  if (subject->scratch != NULL)
    remove_tree (subject->scratch);
  g_free (subject->manifest_path);
  g_free (subject->module_path);
  g_free (subject->scratch);
  g_free (subject->directory);
  g_free (subject->copies);
  g_free (subject->staged_manifest);
  g_free (subject->id);
  g_clear_pointer (&subject->manifest, dd_manifest_free);
  g_free (subject->unread);
  g_key_file_unref (subject->options);
  g_hash_table_unref (subject->csv);
  g_free (subject);
}

/* --- what it is tested with --- */

static gboolean
split (const char *text, const char *form, char **out_name, const char **out_value, GError **error)
{
  const char *equals = strchr (text, '=');

  if (equals == NULL || equals == text)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "\"%s\" should be %s", text, form);
  *out_name = g_strndup (text, (gsize)(equals - text));
  *out_value = equals + 1;
  return TRUE;
}

gboolean
dd_subject_set_option (DdSubject *subject, const char *text, GError **error)
{
  g_autofree char *group = g_strconcat (DD_HOST_OPTIONS_GROUP, subject->id, NULL);
  g_autofree char *name = NULL;
  g_autoptr (GError) reason = NULL;
  const char *value;
  gint64 number;

  if (!split (text, "--option NAME=VALUE", &name, &value, error))
    return FALSE;
  for (guint i = 0; i < subject->manifest->options->len; i++)
    {
      const DdOptionSpec *spec = subject->manifest->options->pdata[i];

      if (strcmp (spec->name, name) != 0)
        continue;
      if (!dd_option_parse (spec->type, value, &number, &reason))
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "--option %s: %s", name, reason->message);
      g_key_file_set_string (subject->options, group, name, value);
      subject->own_options = TRUE;
      return TRUE;
    }
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "plugin %s declares no option %s", subject->id, name);
}

gboolean
dd_subject_set_dataset (DdSubject *subject, const char *text, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *csv = NULL;
  g_autoptr (DdDataset) dataset = NULL;
  const char *file;
  gsize length;

  if (!split (text, "--dataset NAME=FILE.csv", &name, &file, error))
    return FALSE;
  for (guint i = 0; i < subject->manifest->datasets->len; i++)
    {
      const DdDatasetDeclaration *declaration = subject->manifest->datasets->pdata[i];

      if (strcmp (declaration->name, name) != 0)
        continue;
      if (!g_file_get_contents (file, &csv, &length, error))
        return FALSE;
      dataset = dd_dataset_parse_csv (declaration, file, csv, length, error);
      if (dataset != NULL)
        g_hash_table_insert (subject->csv, g_steal_pointer (&name), g_canonicalize_filename (file, NULL));
      return dataset != NULL;
    }
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "plugin %s declares no dataset %s", subject->id, name);
}

gboolean
dd_subject_has (const DdSubject *subject, DdKind kind)
{
  return subject->manifest != NULL && subject->manifest->kinds & (1U << kind);
}
