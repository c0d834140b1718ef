/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What changed between two customer views.
 *
 * Lines are matched by id, terms by clause, orders by id, charges by id within their line; lists come in the
 * order of the later view, what was removed at the end. A "before" or "after" of null: not there. A total of
 * type "contractValue" compares the contract values; a changed term has "fields" beside its words. Pure; any
 * thread.
 */
#include "view/diff.h"

#include <string.h>

#include "number/money.h"
#include "text-hash.h"
#include "view/words.h"

/* Members of a thing by key: NULL-terminated names of members whose texts make the key. */
static const DdJsonNode *
find (const DdJsonNode *array, const DdJsonNode *like, const char *const *key)
{
  for (const DdJsonNode *node = array != NULL ? dd_json_first (array) : NULL; node != NULL;
       node = dd_json_next (node))
    {
      gboolean same = TRUE;

      for (guint i = 0; same && key[i] != NULL; i++)
        {
          const DdJsonNode *a = dd_json_member (node, key[i]);
          const DdJsonNode *b = dd_json_member (like, key[i]);

          same = g_strcmp0 (a != NULL ? dd_json_text (a) : NULL, b != NULL ? dd_json_text (b) : NULL) == 0;
        }
      if (same)
        return node;
    }
  return NULL;
}

/* Things of a list by one text member; the first of its kind wins. (transfer full): borrows the nodes. */
static GHashTable *
index_by (const DdJsonNode *array, const char *key)
{
  GHashTable *index = g_hash_table_new (dd_text_hash, g_str_equal);

  for (const DdJsonNode *node = array != NULL ? dd_json_first (array) : NULL; node != NULL;
       node = dd_json_next (node))
    {
      const DdJsonNode *member = dd_json_member (node, key);
      const char *text = member != NULL ? dd_json_text (member) : NULL;

      if (text != NULL && !g_hash_table_contains (index, text))
        g_hash_table_insert (index, (gpointer)text, (gpointer)node);
    }
  return index;
}

/* Both are canonical, so equal values have their members in the same order. */
static gboolean
equal (const DdJsonNode *a, const DdJsonNode *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (dd_json_type (a) != dd_json_type (b))
    return FALSE;

  switch (dd_json_type (a))
    {
    case DD_JSON_NULL:
      return TRUE;
    case DD_JSON_BOOLEAN:
      return dd_json_boolean (a) == dd_json_boolean (b);
    case DD_JSON_NUMBER:
    case DD_JSON_STRING:
      return strcmp (dd_json_text (a), dd_json_text (b)) == 0;
    case DD_JSON_ARRAY:
    case DD_JSON_OBJECT:
    default:
      break;
    }
  a = dd_json_first (a);
  b = dd_json_first (b);
  for (; a != NULL && b != NULL; a = dd_json_next (a), b = dd_json_next (b))
    if (g_strcmp0 (dd_json_name (a), dd_json_name (b)) != 0 || !equal (a, b))
      return FALSE;
  return a == b;
}

static void
put_node (DdJsonWriter *writer, const char *key, const DdJsonNode *node)
{
  dd_json_write_key (writer, key);
  if (node == NULL)
    dd_json_write_null (writer);
  else
    dd_json_write_node (writer, node);
}

/* One entry when the member @name differs; @prefix goes before its name. */
static void
write_field (const char *prefix,
             const char *name,
             const DdJsonNode *before,
             const DdJsonNode *after,
             DdJsonWriter *writer)
{
  const DdJsonNode *old = dd_json_member (before, name);
  const DdJsonNode *new = dd_json_member (after, name);
  g_autofree char *full = g_strconcat (prefix, name, NULL);

  if (equal (old, new))
    return;
  dd_json_write_begin_object (writer);
  put_node (writer, "after", new);
  put_node (writer, "before", old);
  dd_json_put_string (writer, "name", full);
  dd_json_write_end_object (writer);
}

static void
write_fields (const char *prefix,
              const char *const *names,
              const DdJsonNode *before,
              const DdJsonNode *after,
              DdJsonWriter *writer)
{
  for (guint i = 0; names[i] != NULL; i++)
    write_field (prefix, names[i], before, after, writer);
}

/* "charges.rental.", or "charges.rental.3." of what holds from contract year 3. */
static char *
charge_prefix (const DdJsonNode *charge)
{
  const DdJsonNode *id = dd_json_member (charge, "id");
  const DdJsonNode *year = dd_json_member (charge, "firstYear");
  const char *id_text = id != NULL ? dd_json_text (id) : NULL;
  const char *year_text = year != NULL ? dd_json_text (year) : NULL;

  if (id_text == NULL)
    id_text = "";
  return year_text == NULL ? g_strdup_printf ("charges.%s.", id_text)
                           : g_strdup_printf ("charges.%s.%s.", id_text, year_text);
}

static void
write_charge_fields (const DdJsonNode *before, const DdJsonNode *after, DdJsonWriter *writer)
{
  static const char *const names[] = { "name", "type", "period",     "currency", "list",
                                       "net",  "tax",  "freeMonths", "lastYear", NULL };
  static const char *const key[] = { "id", "firstYear", NULL };
  const DdJsonNode *old = dd_json_member (before, "charges");
  const DdJsonNode *new = dd_json_member (after, "charges");

  for (guint removed = 0; removed < 2; removed++)
    {
      const DdJsonNode *list = removed ? old : new;

      for (const DdJsonNode *node = list != NULL ? dd_json_first (list) : NULL; node != NULL;
           node = dd_json_next (node))
        {
          const DdJsonNode *other = find (removed ? new : old, node, key);
          g_autofree char *prefix = charge_prefix (node);

          if (!removed)
            write_fields (prefix, names, other, node, writer);
          else if (other == NULL)
            write_fields (prefix, names, node, NULL, writer);
        }
    }
}

static void
write_line (const char *change, const DdJsonNode *before, const DdJsonNode *after, DdJsonWriter *writer)
{
  static const char *const names[] = { "offering",   "asked",    "name",   "quantity", "site", "action",
                                       "commitment", "optional", "chosen", "start",    NULL };

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "change", change);
  dd_json_write_key (writer, "fields");
  dd_json_write_begin_array (writer);
  write_fields ("", names, before, after, writer);
  write_charge_fields (before, after, writer);
  dd_json_write_end_array (writer);
  put_node (writer, "id", dd_json_member (after != NULL ? after : before, "id"));
  dd_json_write_end_object (writer);
}

static void
write_words (const DdJsonNode *before, const DdJsonNode *after, DdJsonWriter *writer)
{
  const DdJsonNode *old = dd_json_member (before, "text");
  const DdJsonNode *new = dd_json_member (after, "text");
  const char *old_text = old != NULL ? dd_json_text (old) : NULL;
  const char *new_text = new != NULL ? dd_json_text (new) : NULL;
  g_autoptr (GArray) runs =
    dd_words_compare (old_text != NULL ? old_text : "", new_text != NULL ? new_text : "");

  dd_json_write_begin_array (writer);
  for (guint i = 0; i < runs->len; i++)
    {
      const DdWordRun *run = &g_array_index (runs, DdWordRun, i);
      const char kind[2] = { run->kind, '\0' };

      dd_json_write_begin_array (writer);
      dd_json_write_string (writer, kind);
      dd_json_write_string (writer, run->text);
      dd_json_write_end_array (writer);
    }
  dd_json_write_end_array (writer);
}

static void
write_term (const char *change, const DdJsonNode *before, const DdJsonNode *after, DdJsonWriter *writer)
{
  static const char *const names[] = { "version", "title", "origin", "acknowledge", "parameters", NULL };

  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "change");
  dd_json_write_string (writer, change);
  put_node (writer, "clause", dd_json_member (after != NULL ? after : before, "clause"));
  dd_json_write_key (writer, "fields");
  dd_json_write_begin_array (writer);
  write_fields ("", names, before, after, writer);
  dd_json_write_end_array (writer);
  dd_json_write_key (writer, "words");
  write_words (before, after, writer);
  dd_json_write_end_object (writer);
}

static void
write_order (const char *change, const DdJsonNode *before, const DdJsonNode *after, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "change", change);
  put_node (writer, "id", dd_json_member (after != NULL ? after : before, "id"));
  dd_json_write_end_object (writer);
}

typedef void (*WriteThing) (const char *, const DdJsonNode *, const DdJsonNode *, DdJsonWriter *);

/* The things of list @name that @key matches, each that was added, removed or changed. */
static void
write_things (const char *name,
              const char *key,
              WriteThing write,
              const DdJsonNode *before,
              const DdJsonNode *after,
              DdJsonWriter *writer)
{
  const DdJsonNode *old = dd_json_member (before, name);
  const DdJsonNode *new = dd_json_member (after, name);
  g_autoptr (GHashTable) by_old = index_by (old, key);
  g_autoptr (GHashTable) by_new = index_by (new, key);

  dd_json_write_key (writer, name);
  dd_json_write_begin_array (writer);
  for (guint removed = 0; removed < 2; removed++)
    {
      const DdJsonNode *list = removed ? old : new;

      for (const DdJsonNode *node = list != NULL ? dd_json_first (list) : NULL; node != NULL;
           node = dd_json_next (node))
        {
          const DdJsonNode *id = dd_json_member (node, key);
          const char *text = id != NULL ? dd_json_text (id) : NULL;
          const DdJsonNode *other =
            text != NULL ? g_hash_table_lookup (removed ? by_new : by_old, text) : NULL;

          if (removed && other == NULL)
            write ("removed", node, NULL, writer);
          else if (!removed && other == NULL)
            write ("added", NULL, node, writer);
          else if (!removed && !equal (other, node))
            write ("changed", other, node, writer);
        }
    }
  dd_json_write_end_array (writer);
}

/* The money of @thing's member @name; FALSE when it can't be read. A missing thing is zero. */
static gboolean
money_of (const DdJsonNode *thing, const char *name, gint64 *out_micros)
{
  const DdJsonNode *member = dd_json_member (thing, name);
  const char *text = member != NULL ? dd_json_text (member) : NULL;
  DdMoney money = { 0 };

  if (text != NULL && !dd_money_parse (text, &money, NULL))
    return FALSE;
  *out_micros = money.micros;
  return TRUE;
}

/* @amount: the member that holds the money; @type: for things that have none of their own. */
static void
write_total (const DdJsonNode *before,
             const DdJsonNode *after,
             const char *amount,
             const char *type,
             DdJsonWriter *writer)
{
  static const char *const places[] = { "firstYear", "lastYear", "period" };
  const DdJsonNode *either = after != NULL ? after : before;
  const DdJsonNode *currency = dd_json_member (either, "currency");
  const char *code = currency != NULL ? dd_json_text (currency) : NULL;
  g_autofree char *difference = NULL;
  DdCurrency parsed;
  gint64 old;
  gint64 new;
  gint64 micros;

  if (equal (dd_json_member (before, amount), dd_json_member (after, amount)))
    return;
  if (code != NULL && dd_currency_parse (code, &parsed, NULL) && money_of (before, amount, &old) &&
      money_of (after, amount, &new) && dd_checked_subtract (new, old, &micros, NULL))
    difference = dd_money_format (micros, parsed);

  dd_json_write_begin_object (writer);
  put_node (writer, "after", dd_json_member (after, amount));
  put_node (writer, "before", dd_json_member (before, amount));
  dd_json_put_string (writer, "currency", code);
  dd_json_put_string (writer, "difference", difference);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (dd_json_member (either, places[i]) != NULL)
      put_node (writer, places[i], dd_json_member (either, places[i]));
  if (type != NULL)
    dd_json_put_string (writer, "type", type);
  else
    put_node (writer, "type", dd_json_member (either, "type"));
  dd_json_write_end_object (writer);
}

static void
write_total_list (const char *name,
                  const char *amount,
                  const char *type,
                  const DdJsonNode *before,
                  const DdJsonNode *after,
                  DdJsonWriter *writer)
{
  static const char *const key[] = { "currency", "type", "period", "firstYear", NULL };
  const DdJsonNode *old = dd_json_member (before, name);
  const DdJsonNode *new = dd_json_member (after, name);

  for (const DdJsonNode *node = new != NULL ? dd_json_first (new) : NULL; node != NULL;
       node = dd_json_next (node))
    write_total (find (old, node, key), node, amount, type, writer);
  for (const DdJsonNode *node = old != NULL ? dd_json_first (old) : NULL; node != NULL;
       node = dd_json_next (node))
    if (find (new, node, key) == NULL)
      write_total (node, NULL, amount, type, writer);
}

void
dd_diff_write (const DdJsonNode *before, const DdJsonNode *after, DdJsonWriter *writer)
{
  static const char *const names[] = { "effective",  "commitment", "validUntil", "irrevocableUntil",
                                       "precedence", "currency",   "customer",   "provider",
                                       "billingDay", NULL };

  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "fields");
  dd_json_write_begin_array (writer);
  write_fields ("", names, before, after, writer);
  dd_json_write_end_array (writer);
  put_node (writer, "from", dd_json_member (before, "revision"));
  write_things ("lines", "id", write_line, before, after, writer);
  write_things ("orders", "id", write_order, before, after, writer);
  write_things ("terms", "clause", write_term, before, after, writer);
  put_node (writer, "to", dd_json_member (after, "revision"));
  dd_json_write_key (writer, "totals");
  dd_json_write_begin_array (writer);
  write_total_list ("totals", "net", NULL, before, after, writer);
  write_total_list ("contractValue", "value", "contractValue", before, after, writer);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
}
