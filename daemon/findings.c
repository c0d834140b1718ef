/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Looking for what is wrong (see findings.h): every group and key, not only the first bad one.
 *
 * GKeyFile merges a group or key that comes twice without a word: the text is looked through for that.
 */
#include "findings.h"

#include "preview.h"
#include "configuration.h"
#include "service.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  const DdInspection *inspection;
  const char *file; /* the configuration's */
  GKeyFile *config;
  GPtrArray *findings;
} Search;

static void
finding_free (gpointer data)
{
  DdFinding *finding = data;

  g_free (finding->file);
  g_free (finding->group);
  g_free (finding->key);
  g_free (finding->message);
  g_free (finding);
}

/* @file: (nullable): the configuration's. A DdHostFinding. */
static void
add (const char *file, const char *group, const char *key, const char *message, gpointer data)
{
  Search *search = data;
  DdFinding *finding = g_new (DdFinding, 1);

  *finding = (DdFinding){ g_strdup (file != NULL ? file : search->file), g_strdup (group), g_strdup (key),
                          g_strdup (message) };
  g_ptr_array_add (search->findings, finding);
}

static void complain (Search *search, const char *group, const char *key, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

static void
complain (Search *search, const char *group, const char *key, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  add (NULL, group, key, message, search);
}

/* --- the text --- */

/* @seen: (element-type utf8): "group" and "group\nkey" to the line. */
static void
note_line (Search *search, GHashTable *seen, char **group, char *line, guint number)
{
  char *equals = strchr (line, '=');
  g_autofree char *name = NULL;
  g_autofree char *place = NULL;
  guint first;

  if (line[0] == '[' && strchr (line, ']') != NULL)
    {
      g_free (*group);
      *group = g_strndup (line + 1, (gsize)(strrchr (line, ']') - line - 1));
      place = g_strdup (*group);
    }
  else if (line[0] == '#' || line[0] == '\0' || equals == NULL || *group == NULL)
    return;
  else
    {
      name = g_strstrip (g_strndup (line, (gsize)(equals - line)));
      place = g_strconcat (*group, "\n", name, NULL);
    }
  first = GPOINTER_TO_UINT (g_hash_table_lookup (seen, place));
  if (first == 0)
    g_hash_table_insert (seen, g_steal_pointer (&place), GUINT_TO_POINTER (number));
  else if (name != NULL)
    complain (search, *group, name,
              "it is in line %u, and again in line %u, which is the one that counts; once is right", first,
              number);
  else
    complain (search, *group, NULL, "the group begins in line %u, and again in line %u; one is right", first,
              number);
}

static void
find_doubles (Search *search)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *group = NULL;

  if (!g_file_get_contents (search->file, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    note_line (search, seen, &group, g_strstrip (lines[i]), i + 1);
}

/* --- groups and keys --- */

static void
find_unknown (Search *search)
{
  g_auto (GStrv) groups = g_key_file_get_groups (search->config, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_auto (GStrv) keys = g_key_file_get_keys (search->config, groups[i], NULL, NULL);
      g_autofree char *known = dd_config_list_known (dd_config_knows_group (groups[i]) ? groups[i] : NULL);

      if (!dd_config_knows_group (groups[i]))
        {
          complain (search, groups[i], NULL, "there is no such group; there are %s and “plugin ID”", known);
          continue;
        }
      for (guint k = 0; keys != NULL && keys[k] != NULL; k++)
        if (!dd_config_knows_key (groups[i], keys[k]))
          complain (search, groups[i], keys[k], "there is no such key; there are %s", known);
    }
}

static void
check_provider (Search *search)
{
  g_autofree char *name = g_key_file_get_string (search->config, "Provider", "Name", NULL);

  if (name != NULL ? name[0] == '\0' : !search->inspection->development)
    complain (
      search, "Provider", "Name",
      "the provider's legal name, which both sides sign, is missing: the daemon doesn't start without");
}

static void
check_pricing (Search *search)
{
  g_autoptr (GError) error = NULL;
  gint64 interest;

  if (!dd_config_interest (search->config, &interest, &error))
    complain (search, "Pricing", "Interest", "%s", error->message);
}

static void
check_store (Search *search)
{
  g_autofree char *path = dd_config_store_path (search->config, search->inspection->state_dir);
  g_autofree char *directory = g_path_get_dirname (path);
  struct stat status;

  if (!g_path_is_absolute (path) && search->inspection->state_dir == NULL)
    complain (search, "Store", "Path", "%s should be an absolute path", path);
  else if (stat (directory, &status) != 0)
    {
      /* A folder that isn't there is made, with those above it. */
      if (errno != ENOENT)
        complain (search, "Store", "Path", "%s: %s", directory, g_strerror (errno));
    }
  else if (!S_ISDIR (status.st_mode))
    complain (search, "Store", "Path", "%s should be a directory", directory);
  else if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    complain (search, "Store", "Path", "%s can be written by others (mode %04o); it should have mode 0700",
              directory, (guint)(status.st_mode & 07777));
}

static void
check_directories (Search *search, char **directories, const char *file, const char *group, const char *key)
{
  for (guint i = 0; directories != NULL && directories[i] != NULL; i++)
    {
      g_autofree char *message = NULL;

      if (g_file_test (directories[i], G_FILE_TEST_IS_DIR))
        continue;
      message = g_strdup_printf ("%s is no directory, so no plugin of it would be found", directories[i]);
      add (file, group, key, message, search);
    }
}

static void
check_plugins (Search *search)
{
  GKeyFile *config = search->config;
  char **named = search->inspection->plugin_dirs;
  g_auto (GStrv) configured = g_key_file_get_string_list (config, "Plugins", "Directories", NULL, NULL);
  g_auto (DdConfigHost) host = { 0 };

  dd_config_host_init (&host, config, named);
  check_directories (search, named, "the command line", NULL, "--plugin-dir");
  check_directories (search, configured, NULL, "Plugins", "Directories");
  dd_host_check (&host.options, add, search);
}

/* The file that can't be read is the first finding, and doubles in it may be why. */
GPtrArray *
dd_findings_collect (const DdInspection *inspection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) config = dd_config_load (inspection->config_file, &error);
  Search search = { .inspection = inspection,
                    .file = inspection->config_file != NULL ? inspection->config_file : DD_CONFIG_FILE,
                    .config = config,
                    .findings = g_ptr_array_new_with_free_func (finding_free) };

  if (config == NULL)
    add (NULL, NULL, NULL, error->message, &search);
  find_doubles (&search);
  if (config == NULL)
    return search.findings;
  find_unknown (&search);
  check_provider (&search);
  check_pricing (&search);
  check_store (&search);
  check_plugins (&search);
  return search.findings;
}
