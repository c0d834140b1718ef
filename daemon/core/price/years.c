/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Contract years: charges are cut into copies, one for each class of years that are all alike.
 *
 * The years of all charges and rules cut the contract into classes. A charge that holds in several becomes a
 * copy in each, lying together in order of years, with the rules, contracts, shares and expiries that hold
 * there; what lies beyond its line's commitment falls away. Each class then is a waterfall of its own. A copy
 * names its class, the last of which has no end, and cutting again changes nothing: a recorded sheet replays
 * as it was. A one-time charge belongs to the year in which it is charged and isn't cut. Without years
 * nothing is copied. Pure.
 */
#include "price/pricing.h"

#define MAX_YEAR G_MAXUINT8

/* A few times what a deal of the largest size needs; beyond it memory would be in danger. */
#define MAX_COPIES          (1u << 21)
#define MAX_COPIES_OF_RULES (1u << 24)

/* Of one line; each is compared with each. */
#define MAX_CHARGES_OF_LINE 4096

/* Inclusive; first is at least 1. Without any year last is below first. */
typedef struct
{
  guint first;
  guint last;
} Years;

typedef struct
{
  DdPricing *pricing;
  DdAnswers *answers;
  const DdCharge *charges; /* uncut */
  guint n_charges;
  guint32 *first_copy;           /* of each charge, in the new ones; n_charges + 1 of them */
  guint rule_copies;             /* at most so many */
  GArray *copies;                /* DdCharge; NULL until they're counted */
  gboolean begins[MAX_YEAR + 2]; /* whether a class begins with that year */
} Cut;

static Years
meet (Years a, Years b)
{
  return (Years){ MAX (a.first, b.first), MIN (a.last, b.last) };
}

static gboolean
includes (Years years, guint year)
{
  return years.first <= year && year <= years.last;
}

static Years
stated_years (guint8 first, guint8 last)
{
  return (Years){ MAX (first, 1), last == 0 ? MAX_YEAR : last };
}

static Years
years_of_line (const DdPriceLine *line)
{
  guint years = line->commitment == 0 ? MAX_YEAR : (line->commitment + 11u) / 12;

  return (Years){ 1, MIN (years, MAX_YEAR) };
}

/* What @charge holds for within its line's commitment. */
static Years
years_of_charge (const Cut *cut, const DdCharge *charge)
{
  Years years = stated_years (charge->first_year, charge->last_year);

  if (charge->type == DD_CHARGE_ONE_TIME)
    years.last = years.first;
  return meet (years, years_of_line (&cut->pricing->lines[charge->line]));
}

static gboolean
has_years (const DdAnswers *answers)
{
  guint any = 0;

  for (guint i = 0; i < answers->charges->len; i++)
    {
      const DdCharge *charge = &g_array_index (answers->charges, DdCharge, i);

      any |= (guint)charge->first_year | charge->last_year;
    }
  for (guint i = 0; i < answers->adjustments->len; i++)
    {
      const DdAdjustment *rule = &g_array_index (answers->adjustments, DdAdjustment, i);

      any |= (guint)rule->first_year | rule->last_year;
    }
  return any != 0;
}

gboolean
dd_charge_same_family (const DdCharge *a, const DdCharge *b)
{
  return a->id == b->id && a->type == b->type && a->period == b->period &&
         dd_currency_equal (a->currency, b->currency);
}

static gboolean
check_charge_years (const Cut *cut, guint32 index, GError **error)
{
  const DdCharge *charge = &cut->charges[index];
  Years years = stated_years (charge->first_year, charge->last_year);

  if (charge->type == DD_CHARGE_ONE_TIME)
    years.last = charge->last_year == 0 ? years.first : years.last;
  if (years.last < years.first)
    return dd_pricing_fail (cut->pricing, index, DD_ERROR_INVALID_ARGUMENT, error,
                            "its contract years end with %u, before they begin with %u", years.last,
                            years.first);
  for (guint32 i = index; i > 0 && cut->charges[i - 1].line == charge->line; i--)
    {
      const DdCharge *other = &cut->charges[i - 1];
      Years both = meet (years_of_charge (cut, charge), years_of_charge (cut, other));

      if (both.first <= both.last && dd_charge_same_family (charge, other))
        return dd_pricing_fail (cut->pricing, index, DD_ERROR_INVALID_ARGUMENT, error,
                                "it is there twice in contract year %u; charges of one id need years apart",
                                both.first);
    }
  return TRUE;
}

static gboolean
check_rule_years (const Cut *cut, const DdAdjustment *rule, GError **error)
{
  Years years = stated_years (rule->first_year, rule->last_year);

  if (years.last < years.first)
    return dd_pricing_fail (cut->pricing, rule->charge, DD_ERROR_INVALID_ARGUMENT, error,
                            "an adjustment's contract years end with %u, before they begin with %u",
                            years.last, years.first);
  return TRUE;
}

/* Where @years begin and end inside of @whole, a class begins. */
static void
mark_classes (Cut *cut, Years years, Years whole)
{
  if (years.first > years.last)
    return;
  cut->begins[years.first] = TRUE;
  if (years.last < whole.last)
    cut->begins[years.last + 1] = TRUE;
}

static gboolean
find_classes (Cut *cut, GError **error)
{
  DdPricing *pricing = cut->pricing;

  for (guint32 i = 0; i < cut->n_charges; i++)
    {
      const DdCharge *charge = &cut->charges[i];

      if (!check_charge_years (cut, i, error))
        return FALSE;
      if (charge->type != DD_CHARGE_ONE_TIME)
        mark_classes (cut, years_of_charge (cut, charge), years_of_line (&cut->pricing->lines[charge->line]));
    }
  for (guint i = 0; i < cut->answers->adjustments->len; i++)
    {
      const DdAdjustment *rule = &g_array_index (cut->answers->adjustments, DdAdjustment, i);
      const DdCharge *charge;

      if (rule->charge >= cut->n_charges)
        continue; /* order.c refuses it */
      if (!check_rule_years (cut, rule, error))
        return FALSE;
      charge = &cut->charges[rule->charge];
      if (charge->type != DD_CHARGE_ONE_TIME)
        mark_classes (cut,
                      meet (stated_years (rule->first_year, rule->last_year), years_of_charge (cut, charge)),
                      years_of_charge (cut, charge));
    }
  cut->begins[1] = TRUE;
  pricing->n_classes = 0;
  for (guint year = 1; year <= MAX_YEAR; year++)
    if (cut->begins[year])
      pricing->classes[pricing->n_classes++] = (guint8)year;
  return TRUE;
}

/* Of the classes, those in which @charge holds. */
static guint
count_copies (const Cut *cut, const DdCharge *charge)
{
  Years years = years_of_charge (cut, charge);
  guint n = 0;

  if (charge->type == DD_CHARGE_ONE_TIME)
    return includes (years, years.first);
  for (guint k = 0; k < cut->pricing->n_classes; k++)
    n += (guint)includes (years, cut->pricing->classes[k]);
  return n;
}

/* Counts before anything is copied: first_copy, which stays. */
static gboolean
place_copies (Cut *cut, GError **error)
{
  guint32 n_copies = 0;
  guint32 line_first = 0;

  for (guint32 i = 0; i < cut->n_charges; i++)
    {
      const DdPriceLine *line = &cut->pricing->lines[cut->charges[i].line];

      if (i > 0 && cut->charges[i].line != cut->charges[i - 1].line)
        line_first = n_copies;
      cut->first_copy[i] = n_copies;
      n_copies += count_copies (cut, &cut->charges[i]);
      if (n_copies > MAX_COPIES || n_copies - line_first > MAX_CHARGES_OF_LINE)
        return dd_fail (error, DD_ERROR_TOO_LARGE,
                        "%u charges in %u classes of contract years are too many for one sheet",
                        cut->n_charges, cut->pricing->n_classes);
      if ((i + 1 == cut->n_charges || cut->charges[i + 1].line != cut->charges[i].line) &&
          n_copies == line_first && line->action != DD_ACTION_NO_CHANGE)
        return dd_fail (error, DD_ERROR_UNPRICED,
                        "line \"%s\": its charges all belong to contract years after its commitment of %u "
                        "months",
                        line->id, line->commitment);
    }
  cut->first_copy[cut->n_charges] = n_copies;
  return TRUE;
}

/* The same for what rules could come to, if each held in all years of its charge. */
static gboolean
check_copies_of_rules (Cut *cut, GError **error)
{
  const GArray *rules = cut->answers->adjustments;
  guint64 n_copies = 0;

  for (guint i = 0; i < rules->len; i++)
    {
      guint32 charge = g_array_index (rules, DdAdjustment, i).charge;

      if (charge < cut->n_charges)
        n_copies += cut->first_copy[charge + 1] - cut->first_copy[charge];
    }
  if (n_copies > MAX_COPIES_OF_RULES)
    return dd_fail (error, DD_ERROR_TOO_LARGE,
                    "%u adjustments in %u classes of contract years are too many for one sheet", rules->len,
                    cut->pricing->n_classes);
  cut->rule_copies = (guint)n_copies;
  return TRUE;
}

static void
copy_charge (Cut *cut, const DdCharge *charge)
{
  Years years = years_of_charge (cut, charge);

  if (charge->type == DD_CHARGE_ONE_TIME)
    {
      g_array_append_vals (cut->copies, charge, count_copies (cut, charge));
      return;
    }
  for (guint k = 0; k < cut->pricing->n_classes; k++)
    {
      DdCharge copy = *charge;

      if (!includes (years, cut->pricing->classes[k]))
        continue;
      copy.first_year = cut->pricing->n_classes > 1 ? cut->pricing->classes[k] : 0;
      copy.last_year = dd_pricing_class_end (cut->pricing, k);
      g_array_append_val (cut->copies, copy);
    }
}

static const DdCharge *
copy_at (const Cut *cut, guint32 copy)
{
  return &g_array_index (cut->copies, DdCharge, copy);
}

/* A year of the copy, which stands for all of its class. */
static guint
year_of (const DdCharge *copy)
{
  return MAX (copy->first_year, 1);
}

/* Rules of a charge that follow each other stay together in each copy, which keeps the whole in few sequences
 * (order.c). */
static void
copy_rules (Cut *cut)
{
  GArray *old = cut->answers->adjustments;
  const DdAdjustment *rules = (const DdAdjustment *)(gconstpointer)old->data;
  g_autoptr (GArray) copies =
    g_array_sized_new (FALSE, FALSE, sizeof (DdAdjustment), MIN (cut->rule_copies, 4 * old->len) + 1);
  guint next = 0;

  for (guint i = 0; i < old->len; i = next)
    {
      guint32 charge = rules[i].charge;

      for (next = i; next < old->len && rules[next].charge == charge;)
        next++;
      if (charge >= cut->n_charges)
        {
          /* order.c refuses it; it must not come to mean a copy. */
          DdAdjustment unknown = rules[i];

          unknown.charge = G_MAXUINT32;
          g_array_append_val (copies, unknown);
          continue;
        }
      for (guint32 to = cut->first_copy[charge]; to < cut->first_copy[charge + 1]; to++)
        for (guint j = i; j < next; j++)
          if (includes (stated_years (rules[j].first_year, rules[j].last_year), year_of (copy_at (cut, to))))
            {
              g_array_append_val (copies, rules[j]);
              g_array_index (copies, DdAdjustment, copies->len - 1).charge = to;
            }
    }
  g_array_unref (old);
  cut->answers->adjustments = g_steal_pointer (&copies);
}

/* Records that begin with their charge, each for every copy. */
static void
copy_records (const Cut *cut, GArray **records)
{
  GArray *old = *records;
  guint size = g_array_get_element_size (old);
  GArray *copies;

  if (old->len == 0)
    return;
  copies = g_array_sized_new (FALSE, TRUE, size, old->len);
  for (guint i = 0; i < old->len; i++)
    {
      const char *record = old->data + (gsize)i * size;
      guint32 charge = *(const guint32 *)(gconstpointer)record;
      gboolean known = charge < cut->n_charges;
      guint32 begin = known ? cut->first_copy[charge] : G_MAXUINT32;
      guint32 n = known ? cut->first_copy[charge + 1] - begin : 1;

      for (guint32 to = 0; to < n; to++)
        {
          g_array_append_vals (copies, record, 1);
          *(guint32 *)(gpointer)(copies->data + (gsize)(copies->len - 1) * size) = begin + to;
        }
    }
  g_array_unref (old);
  *records = copies;
}

/* A recurring target counts in its own class only, a one-time target in every class. */
static gboolean
shares_in (const DdCharge *charge, const DdCharge *target)
{
  if (target->type == DD_CHARGE_ONE_TIME)
    return TRUE;
  if (charge->type == DD_CHARGE_ONE_TIME)
    return includes (stated_years (target->first_year, target->last_year), year_of (charge));
  return year_of (charge) == year_of (target);
}

static void
copy_shares (const Cut *cut)
{
  GArray *old = cut->answers->shares;
  GArray *copies = g_array_sized_new (FALSE, TRUE, sizeof (DdShare), old->len);

  for (guint i = 0; i < old->len; i++)
    {
      const DdShare *share = &g_array_index (old, DdShare, i);
      DdShare copy = { .charge = G_MAXUINT32, .target = G_MAXUINT32 };

      if (share->charge >= cut->n_charges || share->target >= cut->n_charges)
        {
          g_array_append_val (copies, copy); /* for its error */
          continue;
        }
      for (copy.charge = cut->first_copy[share->charge]; copy.charge < cut->first_copy[share->charge + 1];
           copy.charge++)
        for (copy.target = cut->first_copy[share->target]; copy.target < cut->first_copy[share->target + 1];
             copy.target++)
          if (shares_in (copy_at (cut, copy.charge), copy_at (cut, copy.target)))
            g_array_append_val (copies, copy);
    }
  g_array_unref (old);
  cut->answers->shares = copies;
}

static gboolean
run_cut (Cut *cut, GError **error)
{
  if (!find_classes (cut, error) || !place_copies (cut, error) || !check_copies_of_rules (cut, error))
    return FALSE;
  cut->copies = g_array_sized_new (FALSE, FALSE, sizeof (DdCharge), cut->first_copy[cut->n_charges] + 1);
  for (guint32 i = 0; i < cut->n_charges; i++)
    copy_charge (cut, &cut->charges[i]);
  copy_rules (cut);
  copy_records (cut, &cut->answers->contracts);
  copy_records (cut, &cut->answers->expiries);
  copy_shares (cut);
  g_array_unref (cut->answers->charges);
  cut->answers->charges = g_array_ref (cut->copies);
  return TRUE;
}

gboolean
dd_pricing_expand_years (DdPricing *pricing, GError **error)
{
  DdAnswers *answers = pricing->answers;
  Cut cut = { .pricing = pricing, .answers = answers, .n_charges = answers->charges->len };

  pricing->n_classes = 1;
  pricing->classes[0] = 1;
  if (!has_years (answers))
    return TRUE;
  pricing->charges = (const DdCharge *)(gconstpointer)answers->charges->data;
  cut.charges = pricing->charges;
  cut.first_copy = g_new (guint32, (gsize)cut.n_charges + 1);

  gboolean done = run_cut (&cut, error);

  g_free (cut.first_copy);
  g_clear_pointer (&cut.copies, g_array_unref);
  return done;
}
