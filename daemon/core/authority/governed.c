/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Governed dimensions as values, and when one still covers what is measured (see governed.h). Any thread.
 */
#include "authority/governed.h"

#include "deal/record.h"

DdGoverned *
dd_governed_new (const DdMeasure *measure, DdWorse worse)
{
  DdGoverned *governed = g_new0 (DdGoverned, 1);

  governed->measure = g_strdup (measure->name);
  governed->subject = g_strdup (measure->subject);
  governed->currency = measure->currency;
  governed->percent = measure->percent != FALSE;
  governed->worse = (guint8)worse;
  governed->value = measure->value;
  governed->text = g_strdup (measure->text);
  return governed;
}

/* As a measure, which borrows its texts. */
static DdMeasure
governed_measure (const DdGoverned *governed)
{
  return (DdMeasure){
    .name = governed->measure,
    .value = governed->value,
    .currency = governed->currency,
    .percent = governed->percent,
    .subject = governed->subject,
    .text = governed->text,
  };
}

DdGoverned *
dd_governed_copy (const DdGoverned *governed)
{
  DdMeasure measure = governed_measure (governed);

  return dd_governed_new (&measure, governed->worse);
}

char *
dd_governed_format (const DdGoverned *governed)
{
  DdMeasure measure = governed_measure (governed);

  return dd_measure_format (&measure);
}

void
dd_governed_free (DdGoverned *governed)
{
  if (governed == NULL)
    return;
  g_free (governed->measure);
  g_free (governed->subject);
  g_free (governed->text);
  g_free (governed);
}

gboolean
dd_governed_is (const DdGoverned *governed, const DdMeasure *measure)
{
  return g_str_equal (governed->measure, measure->name) &&
         g_strcmp0 (governed->subject, measure->subject) == 0 &&
         dd_currency_equal (governed->currency, measure->currency);
}

gboolean
dd_governed_covers (const DdGoverned *governed, const DdMeasure *measure)
{
  if (measure == NULL || (governed->text == NULL) != (measure->text == NULL) ||
      (governed->percent != 0) != (measure->percent != FALSE))
    return FALSE;
  if (governed->text != NULL)
    return g_str_equal (governed->text, measure->text);
  switch ((DdWorse)governed->worse)
    {
    case DD_WORSE_HIGHER:
      return measure->value <= governed->value;
    case DD_WORSE_LOWER:
      return measure->value >= governed->value;
    case DD_WORSE_CHANGED:
    case DD_N_WORSE:
    default:
      return measure->value == governed->value;
    }
}

void
dd_governed_write_all (const GPtrArray *governed, DdJsonWriter *writer)
{
  if (governed->len == 0)
    return;
  dd_json_write_key (writer, "governed");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < governed->len; i++)
    {
      const DdGoverned *each = g_ptr_array_index (governed, i);
      g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, each->value);

      dd_json_write_begin_object (writer);
      if (each->currency.code[0] != '\0')
        dd_json_put_string (writer, "currency", each->currency.code);
      dd_json_put_string (writer, "measure", each->measure);
      dd_record_put_flag (writer, "percent", each->percent);
      dd_json_put_string (writer, "subject", each->subject);
      dd_json_put_string (writer, "text", each->text);
      dd_json_put_string (writer, "value", value);
      dd_json_put_string (writer, "worse", dd_worse_name (each->worse));
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}

/* One whose direction isn't known covers only what didn't change. */
static DdGoverned *
read_governed (const DdJsonNode *node)
{
  DdGoverned *governed = g_new0 (DdGoverned, 1);
  g_autofree char *currency = dd_record_text (node, "currency");
  g_autofree char *value = dd_record_text (node, "value");
  g_autofree char *worse = dd_record_text (node, "worse");
  int known = dd_worse_from_name (worse);

  governed->measure = dd_record_text (node, "measure");
  governed->subject = dd_record_text (node, "subject");
  governed->text = dd_record_text (node, "text");
  governed->percent = dd_record_flag (node, "percent");
  governed->worse = known >= 0 ? (guint8)known : DD_WORSE_CHANGED;
  if (currency != NULL)
    g_strlcpy (governed->currency.code, currency, sizeof governed->currency.code);
  if (governed->measure != NULL && value != NULL &&
      g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &governed->value, NULL))
    return governed;
  dd_governed_free (governed);
  return NULL;
}

gboolean
dd_governed_read_all (const DdJsonNode *node, GPtrArray *all)
{
  for (const DdJsonNode *n = dd_record_elements (node, "governed"); n != NULL; n = dd_json_next (n))
    {
      DdGoverned *governed = read_governed (n);

      if (governed == NULL)
        return FALSE;
      g_ptr_array_add (all, governed);
    }
  return TRUE;
}
