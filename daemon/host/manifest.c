/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading NAME.plugin (see manifest.h). Each error names the file, the group and the key. Any thread.
 */
#include "manifest.h"

#include <string.h>

#include "number/decimal.h"
#include "number/quoted.h"
#include "dealdesk-plugin.h"
#include "price/answers.h"

#define MAX_FILE_BYTES (64 * 1024)
#define MAX_DATASETS   32
#define MAX_OPTIONS    64

static const char *const kind_names[DD_N_KINDS] = { "pricing", "approval", "negotiation", "handoff" };
static const char *const type_names[DD_N_OPTION_TYPES] = { "text",    "integer", "percent",
                                                           "decimal", "boolean", "directory" };

static const char *const plugin_keys[] = { "Id",     "Module",    "Abi",     "Kinds",     "Stage",   "After",
                                           "Before", "Conflicts", "Version", "Isolation", "Network", NULL };
static const char *const dataset_keys[] = { "Columns", "Validity", "Unique", "Priority",
                                            "Tiers",   "Years",    "Agree",  NULL };
static const char *const option_keys[] = { "Type", "Default", "Description", "Required", NULL };

static int
index_of (const char *const *names, guint n_names, const char *text)
{
  for (guint i = 0; i < n_names; i++)
    if (strcmp (names[i], text) == 0)
      return (int)i;
  return -1;
}

const char *
dd_kind_name (DdKind kind)
{
  return kind_names[kind];
}

const char *
dd_option_type_name (DdOptionType type)
{
  return type_names[type];
}

char *
dd_kinds_format (guint kinds)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint kind = 0; kind < DD_N_KINDS; kind++)
    if (kinds & (1U << kind))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ";" : "", kind_names[kind]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
dd_option_parse (DdOptionType type, const char *text, gint64 *out_number, GError **error)
{
  *out_number = G_MININT64;
  switch (type)
    {
    case DD_OPTION_INTEGER:
      return dd_decimal_parse (text, -1, 0, out_number, error);
    case DD_OPTION_PERCENT:
      return dd_percent_parse (text, out_number, error);
    case DD_OPTION_DECIMAL:
      return dd_decimal_parse (text, -1, DD_NANOS_SCALE, out_number, error);
    case DD_OPTION_BOOLEAN:
      if (strcmp (text, "true") != 0 && strcmp (text, "false") != 0)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a boolean is \"true\" or \"false\"");
      *out_number = text[0] == 't';
      return TRUE;
    case DD_OPTION_DIRECTORY:
      if (text[0] != '\0' && (text[0] != '/' || !g_file_test (text, G_FILE_TEST_IS_DIR)))
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "a directory is the absolute path of one that is there, or empty");
      return TRUE;
    case DD_OPTION_TEXT:
    case DD_N_OPTION_TYPES:
    default:
      return TRUE;
    }
}

static void
option_spec_free (gpointer data)
{
  DdOptionSpec *spec = data;

  g_free (spec->name);
  g_free (spec->value);
  g_free (spec->description);
  g_free (spec);
}

static void
declaration_free (gpointer data)
{
  dd_dataset_declaration_free (data);
}

void
dd_manifest_free (DdManifest *manifest)
{
  g_free (manifest->path);
  g_free (manifest->module_path);
  g_free (manifest->id);
  g_free (manifest->version);
  g_strfreev (manifest->after);
  g_strfreev (manifest->before);
  g_strfreev (manifest->conflicts);
  g_free (manifest->digest);
  g_clear_pointer (&manifest->datasets, g_ptr_array_unref);
  g_clear_pointer (&manifest->options, g_ptr_array_unref);
  g_free (manifest);
}

/* Lower-case words, as ids and names of datasets and options are: they appear in paths, commands and logs. */
static gboolean
name_is_plain (const char *name)
{
  gsize length = strlen (name);

  if (length == 0 || length > 64 || !g_ascii_islower (name[0]))
    return FALSE;
  return strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static gboolean
check_keys (GKeyFile *file, const char *group, const char *const *known, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!g_strv_contains (known, keys[i]))
      {
        g_autofree char *quoted = dd_quote (keys[i], -1);
        g_autofree char *all = g_strjoinv (", ", (char **)known);

        return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] has an unknown key %s: known are %s", group,
                        quoted, all);
      }
  return TRUE;
}

static gboolean
get_text (GKeyFile *file, const char *group, const char *key, char **out_text, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, group, key, NULL);

  if (text == NULL || text[0] == '\0')
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] needs %s=", group, key);
  *out_text = g_steal_pointer (&text);
  return TRUE;
}

static char **
get_list (GKeyFile *file, const char *key)
{
  char **list = g_key_file_get_string_list (file, "Plugin", key, NULL, NULL);

  return list != NULL ? list : g_new0 (char *, 1);
}

static gboolean
read_kinds (DdManifest *manifest, GKeyFile *file, GError **error)
{
  g_auto (GStrv) kinds = get_list (file, "Kinds");
  g_autofree char *stage = g_key_file_get_string (file, "Plugin", "Stage", NULL);

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      int kind = index_of (kind_names, DD_N_KINDS, kinds[i]);
      g_autofree char *quoted = dd_quote (kinds[i], -1);

      if (kind < 0)
        return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                        "Kinds= has %s: known are pricing, approval, negotiation, handoff", quoted);
      manifest->kinds |= 1U << kind;
    }
  if (manifest->kinds == 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "[Plugin] needs Kinds= with one or more of pricing, approval, negotiation, handoff");

  gboolean pricing = (manifest->kinds & (1U << DD_KIND_PRICING)) != 0;

  manifest->stage = -1;
  if (!pricing && stage != NULL)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "Stage= is only for plugins of kind pricing");
  if (!pricing)
    return TRUE;

  int number = stage != NULL ? dd_stage_from_name (stage) : -1;

  if (number < 0 || number == DD_STAGE_SPREAD)
    {
      g_autofree char *quoted = stage != NULL ? dd_quote (stage, -1) : g_strdup ("missing");

      return dd_fail (
        error, DD_ERROR_PLUGIN_REFUSED,
        "Stage= is %s: a pricing plugin needs one of base, commitment, location, promotion, negotiated, "
        "guard, tax",
        quoted);
    }
  manifest->stage = number;
  return TRUE;
}

/* One of two words, the first where the key isn't there. */
static gboolean
read_choice (GKeyFile *file,
             const char *key,
             const char *first,
             const char *second,
             gboolean *out_second,
             GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, "Plugin", key, NULL);

  if (text != NULL && strcmp (text, first) != 0 && strcmp (text, second) != 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s= must be %s or %s", key, first, second);
  *out_second = text != NULL && strcmp (text, second) == 0;
  return TRUE;
}

static gboolean
read_isolation (DdManifest *manifest, GKeyFile *file, GError **error)
{
  if (!read_choice (file, "Isolation", "process", "daemon", &manifest->in_daemon, error) ||
      !read_choice (file, "Network", "no", "yes", &manifest->network, error))
    return FALSE;
  if (manifest->network && manifest->kinds != 1U << DD_KIND_HANDOFF)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "Network=yes is only for plugins of kind handoff, and no other");
  if (manifest->network && manifest->in_daemon)
    return dd_fail (
      error, DD_ERROR_PLUGIN_REFUSED,
      "Network=yes and Isolation=daemon exclude each other: what talks to others has a process of its "
      "own");
  return TRUE;
}

static gboolean
read_plugin (DdManifest *manifest, GKeyFile *file, GError **error)
{
  g_autofree char *module = NULL;
  g_autofree char *abi = NULL;
  g_autofree char *place = g_path_get_dirname (manifest->path);
  g_autofree char *file_name = g_path_get_basename (manifest->path);
  gint64 number = 0;

  if (!g_key_file_has_group (file, "Plugin"))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "the group [Plugin] is missing");
  if (!check_keys (file, "Plugin", plugin_keys, error) ||
      !get_text (file, "Plugin", "Id", &manifest->id, error) ||
      !get_text (file, "Plugin", "Module", &module, error) || !get_text (file, "Plugin", "Abi", &abi, error))
    return FALSE;

  g_autofree char *expected = g_strconcat (manifest->id, ".plugin", NULL);

  if (!name_is_plain (manifest->id) || strcmp (expected, file_name) != 0)
    {
      g_autofree char *quoted = dd_quote (manifest->id, -1);

      return dd_fail (
        error, DD_ERROR_PLUGIN_REFUSED,
        "Id= is %s and its file is %s: Id= must be the file's name without .plugin, of a-z, 0-9 and "
        "-, at most 64 characters",
        quoted, file_name);
    }
  if (!dd_decimal_parse (abi, -1, 0, &number, NULL) || number != DEALDESK_ABI)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "it was made for ABI %.20s, and this dealdesk has ABI %d",
                    abi, DEALDESK_ABI);
  if (strchr (module, '/') != NULL)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "Module= must be the name of a file beside it, without /");
  manifest->module_path = g_build_filename (place, module, NULL);
  manifest->version = g_key_file_get_string (file, "Plugin", "Version", NULL);
  manifest->after = get_list (file, "After");
  manifest->before = get_list (file, "Before");
  manifest->conflicts = get_list (file, "Conflicts");
  return read_kinds (manifest, file, error) && read_isolation (manifest, file, error);
}

/* What must hold between rows. */
static gboolean
read_rules (DdDatasetDeclaration *declaration, GKeyFile *file, const char *group, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_auto (GStrv) validity = g_key_file_get_string_list (file, group, "Validity", NULL, NULL);
  g_auto (GStrv) unique = g_key_file_get_string_list (file, group, "Unique", NULL, NULL);
  g_autofree char *priority = g_key_file_get_string (file, group, "Priority", NULL);

  if (validity != NULL && g_strv_length (validity) != 2)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "[%s] Validity= names two columns of type date, such as valid_from;valid_to", group);
  if (priority != NULL && unique == NULL)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] Priority= needs Unique=", group);
  if (validity != NULL && !dd_dataset_declaration_set_validity (declaration, g_strstrip (validity[0]),
                                                                g_strstrip (validity[1]), &reason))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] %s", group, reason->message);
  for (guint i = 0; unique != NULL && unique[i] != NULL; i++)
    g_strstrip (unique[i]);
  if (unique != NULL &&
      !dd_dataset_declaration_set_unique (declaration, (const char *const *)unique, priority, &reason))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] %s", group, reason->message);
  for (guint rule = 0; rule < DD_N_DATASET_RULES; rule++)
    {
      g_auto (GStrv) names = g_key_file_get_string_list (file, group, dd_dataset_rule_key (rule), NULL, NULL);

      for (guint i = 0; names != NULL && names[i] != NULL; i++)
        g_strstrip (names[i]);
      if (names != NULL &&
          !dd_dataset_declaration_set_rule (declaration, rule, (const char *const *)names, &reason))
        return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] %s", group, reason->message);
    }
  return TRUE;
}

static gboolean
read_dataset (DdManifest *manifest, GKeyFile *file, const char *group, const char *name, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_auto (GStrv) columns = g_key_file_get_string_list (file, group, "Columns", NULL, NULL);

  if (!check_keys (file, group, dataset_keys, error))
    return FALSE;
  if (columns == NULL || columns[0] == NULL)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] needs Columns=", group);
  if (manifest->datasets->len == MAX_DATASETS)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "it has more than %d datasets", MAX_DATASETS);

  DdDatasetDeclaration *declaration = dd_dataset_declaration_new (name);

  g_ptr_array_add (manifest->datasets, declaration);
  for (guint i = 0; columns[i] != NULL; i++)
    if (!dd_dataset_declaration_add (declaration, g_strstrip (columns[i]), &reason))
      return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] column %u: %s", group, i + 1, reason->message);
  if (!g_array_index (declaration->columns, DdColumn, 0).key)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] must begin with a key column", group);
  return read_rules (declaration, file, group, error);
}

/* Whether the configuration must set it; then there is no default that would do. */
static gboolean
read_required (GKeyFile *file, const char *group, const char *value, gboolean *out_required, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, group, "Required", NULL);
  gboolean required = g_strcmp0 (text, "yes") == 0;

  if (text != NULL && !required && strcmp (text, "no") != 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] Required= must be no or yes", group);
  if (required && value[0] != '\0')
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "[%s] is Required=yes, so Default= must be empty: what is required has no default",
                    group);
  *out_required = required;
  return TRUE;
}

static gboolean
read_option (DdManifest *manifest, GKeyFile *file, const char *group, const char *name, GError **error)
{
  g_autofree char *type = NULL;
  g_autofree char *value = NULL;
  g_autoptr (GError) reason = NULL;
  gboolean required = FALSE;
  gint64 number;

  if (!check_keys (file, group, option_keys, error) || !get_text (file, group, "Type", &type, error))
    return FALSE;

  int type_number = index_of (type_names, DD_N_OPTION_TYPES, type);

  if (type_number < 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "[%s] needs Type= with one of text, integer, percent, decimal, boolean, directory",
                    group);
  value = g_key_file_get_string (file, group, "Default", NULL);
  if (value == NULL)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] needs Default=", group);
  if (!read_required (file, group, value, &required, error))
    return FALSE;
  if (!required && !dd_option_parse (type_number, value, &number, &reason))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "[%s] Default=: %s%s", group, reason->message,
                    type_number == DD_OPTION_PERCENT ? "; a percentage is such as 12.5%" : "");
  if (manifest->options->len == MAX_OPTIONS)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "it has more than %d options", MAX_OPTIONS);

  DdOptionSpec *spec = g_new0 (DdOptionSpec, 1);

  spec->name = g_strdup (name);
  spec->type = (guint8)type_number;
  spec->required = (guint8)required;
  spec->value = g_steal_pointer (&value);
  spec->description = g_key_file_get_string (file, group, "Description", NULL);
  g_ptr_array_add (manifest->options, spec);
  return TRUE;
}

static gboolean
read_groups (DdManifest *manifest, GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      const char *group = groups[i];
      gboolean dataset = g_str_has_prefix (group, "Dataset ");
      const char *name = dataset ? group + strlen ("Dataset ") : group + strlen ("Option ");

      if (strcmp (group, "Plugin") == 0)
        continue;
      if ((!dataset && !g_str_has_prefix (group, "Option ")) || !name_is_plain (name))
        {
          g_autofree char *quoted = dd_quote (group, -1);

          return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                          "there is an unknown group %s: known are [Plugin], [Dataset NAME], [Option NAME]",
                          quoted);
        }
      if (!(dataset ? read_dataset : read_option) (manifest, file, group, name, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_file (DdManifest *manifest, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) reason = NULL;
  gsize length = 0;

  if (!dd_rights_check (manifest->path, error))
    return FALSE;
  if (!g_file_get_contents (manifest->path, &text, &length, &reason))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s", reason->message);
  if (length > MAX_FILE_BYTES)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "it is larger than %d bytes", MAX_FILE_BYTES);
  if (!g_utf8_validate (text, (gssize)length, NULL) ||
      !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &reason))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "it is not a key file: %s",
                    reason != NULL ? reason->message : "it is not UTF-8");
  manifest->digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, (gssize)length);
  if (!read_plugin (manifest, file, error) || !read_groups (manifest, file, error))
    return FALSE;
  return dd_rights_check (manifest->module_path, error);
}

guint
dd_manifest_peek_kinds (const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) kinds = NULL;
  guint all = 0;

  if (!dd_rights_check (path, NULL) || !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return 0;
  kinds = get_list (file, "Kinds");
  for (guint i = 0; kinds[i] != NULL; i++)
    {
      int kind = index_of (kind_names, DD_N_KINDS, kinds[i]);

      if (kind < 0)
        return 0;
      all |= 1U << kind;
    }
  return all;
}

DdManifest *
dd_manifest_read (const char *path, GError **error)
{
  g_autoptr (DdManifest) manifest = g_new0 (DdManifest, 1);

  manifest->path = g_strdup (path);
  manifest->datasets = g_ptr_array_new_with_free_func (declaration_free);
  manifest->options = g_ptr_array_new_with_free_func (option_spec_free);
  if (!read_file (manifest, error))
    return NULL;
  return g_steal_pointer (&manifest);
}
