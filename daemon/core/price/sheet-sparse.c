/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What few charges, adjustments, installed nets and totals have beyond the others, as records that name whose
 * it is.
 *
 * A sheet without any of it has no such member, and is written as it was before there was any. Reading takes
 * records in any order; replay compares bytes, which finds those that weren't written here. Pure.
 */
#include "price/sheet-record.h"

#include <stddef.h>

typedef struct
{
  guint32 charge;
  guint32 aggregate;
  gint64 per;
  DdCurrency source_currency;
  guint16 free_months;
  guint8 first_year;
  guint8 last_year;
} Terms;

typedef struct
{
  guint32 owner; /* an adjustment or a total */
  guint8 first_year;
  guint8 last_year;
} Years;

typedef struct
{
  guint32 adjustment;
  gint64 amount;
} Threshold;

typedef struct
{
  guint32 installed;
  guint32 source;
} InstalledSource;

#define FIELD(Type, member, kind)                                                                            \
  {                                                                                                          \
    offsetof (Type, member), DD_FIELD_##kind                                                                 \
  }

/* clang-format off */
static const DdField terms_fields[] = {
  FIELD (Terms, charge, INDEX), FIELD (Terms, per, AMOUNT), FIELD (Terms, source_currency, CURRENCY),
  FIELD (Terms, aggregate, INDEX), FIELD (Terms, free_months, SHORT), FIELD (Terms, first_year, BYTE),
  FIELD (Terms, last_year, BYTE),
};
static const DdField years_fields[] = {
  FIELD (Years, owner, INDEX), FIELD (Years, first_year, BYTE), FIELD (Years, last_year, BYTE),
};
static const DdField threshold_fields[] = {
  FIELD (Threshold, adjustment, INDEX), FIELD (Threshold, amount, AMOUNT),
};
static const DdField installed_source_fields[] = {
  FIELD (InstalledSource, installed, INDEX), FIELD (InstalledSource, source, INDEX),
};
/* clang-format on */

static const DdRecordType threshold_type = { threshold_fields, G_N_ELEMENTS (threshold_fields),
                                             sizeof (Threshold) };
static const DdRecordType installed_source_type = { installed_source_fields,
                                                    G_N_ELEMENTS (installed_source_fields),
                                                    sizeof (InstalledSource) };
static const DdRecordType terms_type = { terms_fields, G_N_ELEMENTS (terms_fields), sizeof (Terms) };
static const DdRecordType years_type = { years_fields, G_N_ELEMENTS (years_fields), sizeof (Years) };

void
dd_sparse_write_terms (const DdAnswers *answers, DdJsonWriter *writer, GString *scratch)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Terms));

  for (guint32 i = 0; i < answers->charges->len; i++)
    {
      const DdCharge *charge = &g_array_index (answers->charges, DdCharge, i);
      Terms terms = {
        .charge = i,
        .aggregate = charge->aggregate,
        .per = charge->per,
        .source_currency = charge->source_currency,
        .free_months = charge->free_months,
        .first_year = charge->first_year,
        .last_year = charge->last_year,
      };

      if (terms.aggregate != 0 || terms.per != 0 || terms.source_currency.code[0] != '\0' ||
          terms.free_months != 0 || terms.first_year != 0 || terms.last_year != 0)
        g_array_append_val (all, terms);
    }
  dd_records_write_any (writer, "terms", &terms_type, all, scratch);
}

static void
append_years (GArray *all, guint32 owner, guint8 first_year, guint8 last_year)
{
  Years years = { .owner = owner, .first_year = first_year, .last_year = last_year };

  if (first_year != 0 || last_year != 0)
    g_array_append_val (all, years);
}

void
dd_sparse_write_total_years (const GArray *totals, DdJsonWriter *writer, GString *scratch)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Years));

  for (guint32 i = 0; i < totals->len; i++)
    {
      const DdTotal *total = &g_array_index (totals, DdTotal, i);

      append_years (all, i, total->first_year, total->last_year);
    }
  dd_records_write_any (writer, "totalYears", &years_type, all, scratch);
}

void
dd_sparse_write_years (const DdAnswers *answers, DdJsonWriter *writer, GString *scratch)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Years));

  for (guint32 i = 0; i < answers->adjustments->len; i++)
    {
      const DdAdjustment *rule = &g_array_index (answers->adjustments, DdAdjustment, i);

      append_years (all, i, rule->first_year, rule->last_year);
    }
  dd_records_write_any (writer, "years", &years_type, all, scratch);
}

void
dd_sparse_write_thresholds (const DdAnswers *answers, DdJsonWriter *writer, GString *scratch)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Threshold));

  for (guint32 i = 0; i < answers->adjustments->len; i++)
    {
      Threshold threshold = { i, g_array_index (answers->adjustments, DdAdjustment, i).threshold };

      if (threshold.amount != 0)
        g_array_append_val (all, threshold);
    }
  dd_records_write_any (writer, "thresholds", &threshold_type, all, scratch);
}

void
dd_sparse_write_installed_sources (const DdAnswers *answers, DdJsonWriter *writer, GString *scratch)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (InstalledSource));

  for (guint32 i = 0; i < answers->installed->len; i++)
    {
      InstalledSource source = { i, g_array_index (answers->installed, DdInstalledNet, i).source };

      if (source.source != 0)
        g_array_append_val (all, source);
    }
  dd_records_write_any (writer, "installedSources", &installed_source_type, all, scratch);
}

static gboolean
read_terms (const DdJsonNode *recorded, DdAnswers *answers, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Terms));

  if (!dd_records_read_any (recorded, "terms", &terms_type, all, error))
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    {
      const Terms *terms = &g_array_index (all, Terms, i);
      DdCharge *charge;

      if (terms->charge >= answers->charges->len)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "terms of charge %u; there are %u charges",
                        terms->charge, answers->charges->len);
      charge = &g_array_index (answers->charges, DdCharge, terms->charge);
      charge->aggregate = terms->aggregate;
      charge->per = terms->per;
      charge->source_currency = terms->source_currency;
      charge->free_months = terms->free_months;
      charge->first_year = terms->first_year;
      charge->last_year = terms->last_year;
    }
  return TRUE;
}

static gboolean
read_years (const DdJsonNode *recorded, DdAnswers *answers, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Years));

  if (!dd_records_read_any (recorded, "years", &years_type, all, error))
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    {
      const Years *years = &g_array_index (all, Years, i);

      if (years->owner >= answers->adjustments->len)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "years of adjustment %u; there are %u adjustments",
                        years->owner, answers->adjustments->len);
      g_array_index (answers->adjustments, DdAdjustment, years->owner).first_year = years->first_year;
      g_array_index (answers->adjustments, DdAdjustment, years->owner).last_year = years->last_year;
    }
  return TRUE;
}

static gboolean
read_thresholds (const DdJsonNode *recorded, DdAnswers *answers, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Threshold));

  if (!dd_records_read_any (recorded, "thresholds", &threshold_type, all, error))
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    {
      const Threshold *threshold = &g_array_index (all, Threshold, i);

      if (threshold->adjustment >= answers->adjustments->len)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "threshold of adjustment %u; there are %u adjustments", threshold->adjustment,
                        answers->adjustments->len);
      g_array_index (answers->adjustments, DdAdjustment, threshold->adjustment).threshold = threshold->amount;
    }
  return TRUE;
}

static gboolean
read_installed_sources (const DdJsonNode *recorded, DdAnswers *answers, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (InstalledSource));

  if (!dd_records_read_any (recorded, "installedSources", &installed_source_type, all, error))
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    {
      const InstalledSource *source = &g_array_index (all, InstalledSource, i);

      if (source->installed >= answers->installed->len)
        return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                        "source of installed net %u; there are %u installed nets", source->installed,
                        answers->installed->len);
      g_array_index (answers->installed, DdInstalledNet, source->installed).source = source->source;
    }
  return TRUE;
}

gboolean
dd_sparse_read (const DdJsonNode *recorded, DdAnswers *answers, GError **error)
{
  return read_terms (recorded, answers, error) && read_years (recorded, answers, error) &&
         read_thresholds (recorded, answers, error) && read_installed_sources (recorded, answers, error);
}
