/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Which charges a share takes a percentage of: the names that plugins gave, resolved once every base plugin
 * has answered. A worker of the pool.
 *
 * A name says type and period, and any of line, offering, category and charge. Names that say the same are
 * one: each is a key, and every charge is looked up once for each set of fields that any name uses. So ten
 * thousand lines with a share each take as long as what they name, not as long as all pairs. Texts are
 * numbers from here on: only those that names use have one.
 */
#include "call.h"

#include "text-hash.h"

#define MAX_SHARES (1U << 22)
/* Charges that names find, those of the share's own line and those that were found before counted. Some tens
 * of nanoseconds each. */
#define MAX_FOUND (1U << 27)

#define NO_TEXT G_MAXUINT32

enum
{
  FIELD_LINE,
  FIELD_OFFERING,
  FIELD_CATEGORY,
  FIELD_ID,
  N_FIELDS
};

#define N_MASKS (1U << N_FIELDS)

/* A field that isn't in the mask is NO_TEXT. */
typedef struct
{
  guint32 mask;
  guint32 type;
  guint32 period;
  guint32 fields[N_FIELDS];
} Name;

typedef struct
{
  DealdeskCall *call;
  GHashTable *texts;   /* of those that names use: text to number + 1 */
  GHashTable *targets; /* Name to GArray of guint32, ascending */
  GArray **named;      /* of each of the call's shares, borrowed from targets */
  gboolean masks[N_MASKS];
  guint64 n_found;
} Resolver;

static guint
hash_name (gconstpointer data)
{
  const Name *name = data;
  guint64 hash = name->mask << 8 ^ name->type << 4 ^ name->period;

  for (guint i = 0; i < N_FIELDS; i++)
    {
      hash = (hash ^ name->fields[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 32;
    }
  return (guint)hash;
}

static gboolean
equal_names (gconstpointer a, gconstpointer b)
{
  const Name *first = a;
  const Name *second = b;
  gboolean equal =
    first->mask == second->mask && first->type == second->type && first->period == second->period;

  for (guint i = 0; i < N_FIELDS && equal; i++)
    equal = first->fields[i] == second->fields[i];
  return equal;
}

/* --- names --- */

static guint32
number_text (Resolver *resolver, const char *text)
{
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (resolver->texts, text));

  if (known == 0)
    {
      known = g_hash_table_size (resolver->texts) + 1;
      g_hash_table_insert (resolver->texts, (gpointer)text, GUINT_TO_POINTER (known));
    }
  return known - 1;
}

static guint32
find_text (const Resolver *resolver, const char *text)
{
  guint known = text != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (resolver->texts, text)) : 0;

  return known != 0 ? known - 1 : NO_TEXT;
}

static Name
name_of (Resolver *resolver, const DealdeskShare *share)
{
  const char *const texts[N_FIELDS] = { share->line, share->offering, share->category, share->id };
  Name name = { .type = share->type, .period = share->period };

  for (guint i = 0; i < N_FIELDS; i++)
    {
      name.mask |= (texts[i] != NULL) << i;
      name.fields[i] = texts[i] != NULL ? number_text (resolver, texts[i]) : NO_TEXT;
    }
  return name;
}

static void
free_targets (gpointer data)
{
  g_array_unref (data);
}

static void
collect_names (Resolver *resolver)
{
  const GArray *shares = resolver->call->shares;

  for (guint i = 0; i < shares->len; i++)
    {
      Name name = name_of (resolver, &g_array_index (shares, DealdeskShare, i));
      GArray *targets = g_hash_table_lookup (resolver->targets, &name);

      if (targets == NULL)
        {
          targets = g_array_new (FALSE, FALSE, sizeof (guint32));
          g_hash_table_insert (resolver->targets, g_memdup2 (&name, sizeof name), targets);
        }
      resolver->named[i] = targets;
      resolver->masks[name.mask] = TRUE;
    }
}

/* --- charges --- */

/* Gives @charge to every name that means it. @fields: its texts' numbers. */
static void
offer_charge (Resolver *resolver, guint32 index, const DdCharge *charge, const guint32 fields[N_FIELDS])
{
  for (guint32 mask = 0; mask < N_MASKS; mask++)
    {
      Name name = { .mask = mask, .type = charge->type, .period = charge->period };
      GArray *targets;

      if (!resolver->masks[mask])
        continue;
      for (guint i = 0; i < N_FIELDS; i++)
        name.fields[i] = (mask & 1U << i) != 0 ? fields[i] : NO_TEXT;
      targets = g_hash_table_lookup (resolver->targets, &name);
      if (targets != NULL)
        g_array_append_val (targets, index);
    }
}

static void
offer_charges (Resolver *resolver)
{
  const DealdeskCall *call = resolver->call;
  const GArray *charges = call->answers->charges;
  guint32 fields[N_FIELDS] = { NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT };
  guint32 line = G_MAXUINT32;

  for (guint32 i = 0; i < charges->len; i++)
    {
      const DdCharge *charge = &g_array_index (charges, DdCharge, i);

      if (charge->line != line)
        {
          line = charge->line;
          fields[FIELD_LINE] = find_text (resolver, call->lines[line].id);
          fields[FIELD_OFFERING] = find_text (resolver, call->lines[line].offering);
          fields[FIELD_CATEGORY] = find_text (resolver, call->lines[line].category);
        }
      fields[FIELD_ID] = find_text (resolver, dd_answers_text (call->answers, charge->id));
      offer_charge (resolver, i, charge, fields);
    }
}

/* --- shares --- */

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint32 first = *(const guint32 *)a;
  guint32 second = *(const guint32 *)b;

  return (first > second) - (first < second);
}

/* What the names of shares @first to @end, of one charge, find on other lines, ascending, each once, into
 * @found. */
static gboolean
find_all (Resolver *resolver, guint first, guint end, guint32 line, GArray *found, GError **error)
{
  const GArray *charges = resolver->call->answers->charges;
  guint n = 0;

  g_array_set_size (found, 0);
  for (guint i = first; i < end; i++)
    {
      resolver->n_found += resolver->named[i]->len;
      if (resolver->n_found > MAX_FOUND)
        return dd_fail (error, DD_ERROR_TOO_LARGE,
                        "%u names of shares over %u charges are too many for one sheet: name fewer charges",
                        resolver->call->shares->len, charges->len);
      g_array_append_vals (found, resolver->named[i]->data, resolver->named[i]->len);
    }
  if (end - first > 1)
    g_array_sort (found, compare_numbers);
  for (guint i = 0; i < found->len; i++)
    {
      guint32 target = g_array_index (found, guint32, i);

      if (g_array_index (charges, DdCharge, target).line != line &&
          (n == 0 || g_array_index (found, guint32, n - 1) != target))
        g_array_index (found, guint32, n++) = target;
    }
  g_array_set_size (found, n);
  return TRUE;
}

static gboolean
add_shares (Resolver *resolver, GArray *found, GError **error)
{
  const GArray *names = resolver->call->shares;
  DdAnswers *answers = resolver->call->answers;
  guint end;

  for (guint first = 0; first < names->len; first = end)
    {
      DdShare share = { .charge = g_array_index (names, DealdeskShare, first).charge };
      guint32 line = g_array_index (answers->charges, DdCharge, share.charge).line;

      for (end = first + 1; end < names->len; end++)
        if (g_array_index (names, DealdeskShare, end).charge != share.charge)
          break;
      if (!find_all (resolver, first, end, line, found, error))
        return FALSE;
      if (found->len > MAX_SHARES - answers->shares->len)
        return dd_fail (error, DD_ERROR_TOO_LARGE,
                        "the shares of this sheet name more than %u charges, one by one: name fewer",
                        MAX_SHARES);
      for (guint i = 0; i < found->len; i++)
        {
          share.target = g_array_index (found, guint32, i);
          g_array_append_val (answers->shares, share);
        }
    }
  return TRUE;
}

static int
compare_shares (gconstpointer a, gconstpointer b)
{
  guint32 first = ((const DealdeskShare *)a)->charge;
  guint32 second = ((const DealdeskShare *)b)->charge;

  return (first > second) - (first < second);
}

gboolean
dd_call_resolve_shares (DealdeskCall *call, GError **error)
{
  g_autoptr (GHashTable) texts = g_hash_table_new (dd_text_hash, g_str_equal);
  g_autoptr (GHashTable) targets = g_hash_table_new_full (hash_name, equal_names, g_free, free_targets);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree GArray **named = NULL;
  Resolver resolver = { .call = call, .texts = texts, .targets = targets };

  if (call->shares == NULL)
    return TRUE;
  g_array_sort (call->shares, compare_shares);
  resolver.named = named = g_new (GArray *, call->shares->len);
  collect_names (&resolver);
  offer_charges (&resolver);
  return add_shares (&resolver, found, error);
}
