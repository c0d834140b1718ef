/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Finding the plugin under test, and what it is tested with (see subject.h). The main thread.
 */
#include "subject.h"

#include <string.h>

#include "host.h"
#include "plugin.h"
#include "stage.h"

#define SUFFIX ".plugin"

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

/* --- the subject --- */

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
  if (!dd_subject_stage (subject, error))
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
  else if (!dd_subject_bring_inside (subject, error))
    return NULL;
  dd_subject_give_directories (subject);
  return g_steal_pointer (&subject);
}

void
dd_subject_free (DdSubject *subject)
{
  dd_subject_unstage (subject);
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

/* What stands behind the "=" of @text, borrowed; NULL: it has none. */
static const char *
split (const char *text, const char *form, char **out_name, GError **error)
{
  const char *equals = strchr (text, '=');

  if (equals == NULL || equals == text)
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "\"%s\" should be %s", text, form);
      return NULL;
    }
  *out_name = g_strndup (text, (gsize)(equals - text));
  return equals + 1;
}

gboolean
dd_subject_set_option (DdSubject *subject, const char *text, GError **error)
{
  g_autofree char *group = g_strconcat (DD_HOST_OPTIONS_GROUP, subject->id, NULL);
  g_autofree char *name = NULL;
  g_autoptr (GError) reason = NULL;
  const char *value = split (text, "--option NAME=VALUE", &name, error);
  gint64 number;

  if (value == NULL)
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
  const char *file = split (text, "--dataset NAME=FILE.csv", &name, error);
  gsize length;

  if (file == NULL)
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
