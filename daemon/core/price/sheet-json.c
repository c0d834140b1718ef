/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A sheet as its canonical JSON document, and its replay.
 *
 * The document holds what went in and what came out. Replay reads only what went in, computes, writes, and
 * compares bytes, so that nothing that the document says can escape the comparison. Pure.
 */
#include "price/pricing.h"
#include "price/sheet-record.h"

#include <string.h>

#define SCRATCH_BYTES 4096

static void
write_labels (const DdAnswers *answers, DdJsonWriter *writer)
{
  dd_json_write_key (writer, "labels");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < answers->labels->len; i++)
    dd_json_write_string (writer, g_ptr_array_index (answers->labels, i));
  dd_json_write_end_array (writer);
}

static void
write_sources (const DdAnswers *answers, DdJsonWriter *writer)
{
  dd_json_write_key (writer, "sources");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < answers->sources->len; i++)
    {
      const DdSource *source = &g_array_index (answers->sources, DdSource, i);

      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "name", source->name);
      dd_json_put_string (writer, "pluginVersion", source->plugin_version);
      dd_json_put_int64 (writer, "version", source->version);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

/* Keys are written in their canonical order: then ending the object costs nothing. What a sheet doesn't use
 * is no part of it. */
void
dd_sheet_write (const DdSheet *sheet, DdJsonWriter *writer)
{
  const DdAnswers *answers = sheet->answers;
  GString *scratch = g_string_sized_new (SCRATCH_BYTES);

  g_string_set_size (scratch, SCRATCH_BYTES);
  dd_json_write_begin_object (writer);
  dd_records_write (writer, "adjustments", &dd_record_adjustment, answers->adjustments, scratch);
  dd_json_put_int64 (writer, "arithmetic", sheet->arithmetic);
  dd_records_write (writer, "charges", &dd_record_charge, answers->charges, scratch);
  dd_records_write_any (writer, "contracts", &dd_record_contract, answers->contracts, scratch);
  dd_records_write_any (writer, "expiries", &dd_record_expiry, answers->expiries, scratch);
  dd_records_write (writer, "figures", &dd_record_figures, sheet->figures, scratch);
  dd_records_write (writer, "installed", &dd_record_installed, answers->installed, scratch);
  dd_sparse_write_installed_sources (answers, writer, scratch);
  if (answers->interest != 0)
    dd_json_put_int64 (writer, "interest", answers->interest);
  write_labels (answers, writer);
  dd_json_put_int64 (writer, "lines", sheet->n_lines);
  if (answers->offer_end != DD_NO_DAY)
    dd_json_put_int64 (writer, "offerEnd", answers->offer_end);
  if (answers->interest != 0)
    dd_records_write (writer, "presentValues", &dd_record_present_value, sheet->figures, scratch);
  dd_records_write_any (writer, "rates", &dd_record_rate, answers->rates, scratch);
  dd_records_write (writer, "results", &dd_record_result, sheet->results, scratch);
  dd_records_write_any (writer, "shares", &dd_record_share, answers->shares, scratch);
  write_sources (answers, writer);
  dd_records_write (writer, "spreads", &dd_record_spread, answers->spreads, scratch);
  dd_records_write (writer, "steps", &dd_record_step, sheet->steps, scratch);
  dd_sparse_write_terms (answers, writer, scratch);
  dd_sparse_write_thresholds (answers, writer, scratch);
  dd_records_write (writer, "tiers", &dd_record_tier, answers->tiers, scratch);
  dd_sparse_write_total_years (sheet->totals, writer, scratch);
  dd_records_write (writer, "totals", &dd_record_total, sheet->totals, scratch);
  dd_sparse_write_years (answers, writer, scratch);
  dd_json_write_end_object (writer);
  g_string_free (scratch, TRUE);
}

static gboolean
read_labels (const DdJsonNode *recorded, DdAnswers *answers, GError **error)
{
  const DdJsonNode *labels = NULL;

  if (!dd_json_get_array (recorded, "labels", TRUE, &labels, error))
    return FALSE;
  for (const DdJsonNode *node = dd_json_first (labels); node != NULL; node = dd_json_next (node))
    {
      guint32 n_labels = answers->labels->len;

      if (dd_json_type (node) != DD_JSON_STRING)
        return dd_json_complain (node, error, "should be a string");
      if (dd_answers_label (answers, dd_json_text (node)) != n_labels)
        return dd_json_complain (node, error, "is a label that came before");
    }
  return TRUE;
}

static gboolean
read_sources (const DdJsonNode *recorded, DdAnswers *answers, GError **error)
{
  const DdJsonNode *sources = NULL;

  if (!dd_json_get_array (recorded, "sources", TRUE, &sources, error))
    return FALSE;
  for (const DdJsonNode *node = dd_json_first (sources); node != NULL; node = dd_json_next (node))
    {
      const char *name = NULL;
      const char *plugin_version = NULL;
      gint64 version = 0;

      if (!dd_json_get_text (node, "name", TRUE, &name, error) ||
          !dd_json_get_text (node, "pluginVersion", FALSE, &plugin_version, error) ||
          !dd_json_get_int64 (node, "version", TRUE, 0, G_MAXINT64, &version, error))
        return FALSE;
      dd_answers_add_source (answers, name, version, plugin_version);
    }
  return TRUE;
}

static gboolean
read_figures_basis (const DdJsonNode *recorded, DdAnswers *answers, GError **error)
{
  gint64 offer_end = DD_NO_DAY;

  if (!dd_json_get_int64 (recorded, "interest", FALSE, 0, DD_MAX_INTEREST, &answers->interest, error) ||
      !dd_json_get_int64 (recorded, "offerEnd", FALSE, G_MININT32, G_MAXINT32, &offer_end, error))
    return FALSE;
  answers->offer_end = (gint32)offer_end;
  return TRUE;
}

static DdAnswers *
read_answers (const DdJsonNode *recorded, GError **error)
{
  g_autoptr (DdAnswers) answers = dd_answers_new ();

  if (!read_labels (recorded, answers, error) || !read_sources (recorded, answers, error) ||
      !dd_records_read (recorded, "charges", &dd_record_charge, answers->charges, error) ||
      !dd_records_read (recorded, "tiers", &dd_record_tier, answers->tiers, error) ||
      !dd_records_read (recorded, "adjustments", &dd_record_adjustment, answers->adjustments, error) ||
      !dd_records_read (recorded, "spreads", &dd_record_spread, answers->spreads, error) ||
      !dd_records_read (recorded, "installed", &dd_record_installed, answers->installed, error) ||
      !dd_records_read_any (recorded, "contracts", &dd_record_contract, answers->contracts, error) ||
      !dd_records_read_any (recorded, "expiries", &dd_record_expiry, answers->expiries, error) ||
      !dd_records_read_any (recorded, "rates", &dd_record_rate, answers->rates, error) ||
      !dd_records_read_any (recorded, "shares", &dd_record_share, answers->shares, error) ||
      !read_figures_basis (recorded, answers, error) || !dd_sparse_read (recorded, answers, error))
    return NULL;
  return g_steal_pointer (&answers);
}

static gboolean
same_bytes (const DdSheet *sheet, const DdJsonNode *recorded)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *computed_text = NULL;
  g_autofree char *recorded_text = NULL;
  gsize computed_length;
  gsize recorded_length;

  dd_sheet_write (sheet, writer);
  computed_text = dd_json_writer_finish (writer, &computed_length);
  dd_json_write_node (writer, recorded);
  recorded_text = dd_json_writer_finish (writer, &recorded_length);
  return computed_length == recorded_length && memcmp (computed_text, recorded_text, computed_length) == 0;
}

DdSheet *
dd_sheet_compute_recorded (const DdPriceLine *lines,
                           guint n_lines,
                           const DdJsonNode *recorded,
                           GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (DdSheet) sheet = NULL;
  gint64 arithmetic = 0;
  DdAnswers *answers = NULL;

  if (dd_json_get_int64 (recorded, "arithmetic", TRUE, 1, G_MAXUINT32, &arithmetic, &reason) &&
      arithmetic > DD_ARITHMETIC_VERSION)
    {
      dd_fail (error, DD_ERROR_STORE_NEWER,
               "the sheet was computed by arithmetic %" G_GINT64_FORMAT "; this dealdesk knows up to %d",
               arithmetic, DD_ARITHMETIC_VERSION);
      return NULL;
    }
  if (reason == NULL)
    answers = read_answers (recorded, &reason);
  if (answers != NULL)
    sheet = dd_pricing_compute (lines, n_lines, answers, (guint)arithmetic, NULL, NULL, &reason);
  if (sheet == NULL)
    dd_fail (error, DD_ERROR_STORE_DAMAGED, "the recorded sheet can't be computed again: %s",
             reason->message);
  return g_steal_pointer (&sheet);
}

DdSheet *
dd_sheet_replay (const DdPriceLine *lines, guint n_lines, const DdJsonNode *recorded, GError **error)
{
  g_autoptr (DdSheet) sheet = dd_sheet_compute_recorded (lines, n_lines, recorded, error);

  if (sheet == NULL || same_bytes (sheet, recorded))
    return g_steal_pointer (&sheet);
  dd_fail (error, DD_ERROR_STORE_DAMAGED,
           "computing the recorded sheet again gives other results than are recorded");
  return NULL;
}
