/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Declared rules between a dataset's rows: which columns they name, and that they can. Any thread; a
 * declaration isn't changed once it is used.
 */
#include "datasets/datasets.h"
#include "number/quoted.h"

#include <string.h>

static const DdColumn *
find_column (const DdDatasetDeclaration *declaration, const char *name, const char *rule, GError **error)
{
  int index = dd_dataset_declaration_find (declaration, name);

  if (index >= 0)
    return &g_array_index (declaration->columns, DdColumn, index);
  g_autofree char *quoted = dd_quote (name, -1);

  dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
           "dataset %s: %s= names column %s, which isn't in Columns=", declaration->name, rule, quoted);
  return NULL;
}

gboolean
dd_dataset_declaration_set_validity (DdDatasetDeclaration *declaration,
                                     const char *from,
                                     const char *to,
                                     GError **error)
{
  const DdColumn *first = find_column (declaration, from, "Validity", error);
  const DdColumn *last = first != NULL ? find_column (declaration, to, "Validity", error) : NULL;

  if (last == NULL)
    return FALSE;
  if (first == last || first->type != DD_COLUMN_DATE || last->type != DD_COLUMN_DATE)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "dataset %s: Validity= names two columns of type date, such as valid_from;valid_to",
                    declaration->name);
  g_free (declaration->valid_from);
  g_free (declaration->valid_to);
  declaration->valid_from = g_strdup (from);
  declaration->valid_to = g_strdup (to);
  return TRUE;
}

gboolean
dd_dataset_declaration_set_unique (DdDatasetDeclaration *declaration,
                                   const char *const *columns,
                                   const char *priority,
                                   GError **error)
{
  for (guint i = 0; columns[i] != NULL; i++)
    if (find_column (declaration, columns[i], "Unique", error) == NULL)
      return FALSE;
  if (columns[0] == NULL)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "dataset %s: Unique= names no column",
                    declaration->name);
  if (priority != NULL && find_column (declaration, priority, "Priority", error) == NULL)
    return FALSE;
  g_strfreev (declaration->unique);
  g_free (declaration->priority);
  declaration->unique = g_strdupv ((char **)columns);
  declaration->priority = g_strdup (priority);
  return TRUE;
}

static const struct
{
  const char *key;  /* in a plugin's file */
  const char *word; /* in a description */
  const char *joint;
  guint least; /* columns */
  guint most;
  DdColumnType type; /* of all of them; DD_N_COLUMN_TYPES: any */
  const char *right;
} rules[DD_N_DATASET_RULES] = {
  [DD_RULE_TIERS] = { "Tiers", "tiers", " or ", 2, 2, DD_COLUMN_QUANTITY,
                      "two columns of type quantity, such as from;up_to" },
  [DD_RULE_YEARS] = { "Years", "years", " to ", 2, 2, DD_COLUMN_INTEGER,
                      "two columns of type integer, such as first_year;last_year" },
  [DD_RULE_AGREE] = { "Agree", "agree", ", ", 2, G_MAXUINT, DD_N_COLUMN_TYPES,
                      "a column and those that are the same wherever it is, such as group;mode" },
};

const char *
dd_dataset_rule_key (DdDatasetRule rule)
{
  return rules[rule].key;
}

gboolean
dd_dataset_declaration_set_rule (DdDatasetDeclaration *declaration,
                                 DdDatasetRule rule,
                                 const char *const *columns,
                                 GError **error)
{
  guint n = g_strv_length ((char **)columns);

  if (n < rules[rule].least || n > rules[rule].most)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "dataset %s: %s= names %s", declaration->name,
                    rules[rule].key, rules[rule].right);
  for (guint i = 0; i < n; i++)
    {
      const DdColumn *column = find_column (declaration, columns[i], rules[rule].key, error);

      if (column == NULL)
        return FALSE;
      if (g_strv_contains (columns + i + 1, columns[i]) ||
          (rules[rule].type != DD_N_COLUMN_TYPES && column->type != rules[rule].type))
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "dataset %s: %s= names %s", declaration->name,
                        rules[rule].key, rules[rule].right);
    }
  g_strfreev (declaration->rules[rule]);
  declaration->rules[rule] = g_strdupv ((char **)columns);
  return TRUE;
}

char *
dd_dataset_describe_rules (const DdDatasetDeclaration *declaration)
{
  g_autofree char *unique = declaration->unique != NULL ? g_strjoinv (", ", declaration->unique) : NULL;
  GString *text = g_string_new (NULL);

  if (declaration->valid_from != NULL)
    g_string_append_printf (text, "validity %s to %s", declaration->valid_from, declaration->valid_to);
  if (unique != NULL)
    g_string_append_printf (text, "%sunique %s%s%s", text->len > 0 ? "; " : "", unique,
                            declaration->priority != NULL ? " by " : "",
                            declaration->priority != NULL ? declaration->priority : "");
  for (guint i = 0; i < DD_N_DATASET_RULES; i++)
    if (declaration->rules[i] != NULL)
      {
        g_autofree char *columns = g_strjoinv (rules[i].joint, declaration->rules[i]);

        g_string_append_printf (text, "%s%s %s", text->len > 0 ? "; " : "", rules[i].word, columns);
      }
  return g_string_free (text, FALSE);
}
