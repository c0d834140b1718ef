/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What queries share (see queries.h). Any thread.
 */
#include "queries/queries.h"

void
dd_query_finish (DdQuery *query, DdJsonWriter *writer)
{
  query->document = dd_json_writer_finish_bytes (writer);
}

guint
dd_query_number (DdQuery *query, guint index)
{
  guint number = 0;

  g_variant_get_child (query->call->parameters, index, "u", &number);
  return number;
}

gboolean
dd_query_check_limit (guint limit, guint max, GError **error)
{
  if (limit >= 1 && limit <= max)
    return TRUE;
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "limit is %u; it should be from 1 to %u", limit, max);
}

const DdRevision *
dd_query_revision (const DdDeal *deal, guint number, GError **error)
{
  guint wanted = number != 0 ? number : deal->accepted != 0 ? deal->accepted : deal->last_tabled;
  const DdRevision *revision = dd_deal_revision (deal, wanted);

  if (revision == NULL && number == 0)
    dd_fail (error, DD_ERROR_NOT_FOUND,
             "nothing of D-%" G_GINT64_FORMAT " was tabled yet; name a revision to see a draft",
             deal->number);
  else if (revision == NULL)
    dd_fail (error, DD_ERROR_NOT_FOUND, "D-%" G_GINT64_FORMAT " has no revision %u; it has %u", deal->number,
             number, deal->revisions->len);
  return revision;
}

gboolean
dd_query_has_tabled (const DdDeal *deal)
{
  return deal->accepted != 0 || deal->last_tabled != 0;
}

gboolean
dd_query_check_shown (const DdRevision *revision, const DdOptions *options, GError **error)
{
  if (revision->side == DD_SIDE_CUSTOMER || revision->tabled_at != 0 || dd_options_flag (options, "draft"))
    return TRUE;
  return dd_fail (
    error, DD_ERROR_ILLEGAL_MOVE,
    "revision %u was never tabled, so it isn't for the customer; with the option draft it is shown",
    revision->revision);
}

void
dd_put_time (DdJsonWriter *writer, const char *key, gint64 time)
{
  if (time == 0)
    return;
  g_autofree char *text = dd_time_format (time);
  dd_json_put_string (writer, key, text);
}

void
dd_put_text (DdJsonWriter *writer, const char *key, const char *text)
{
  if (text != NULL && text[0] != '\0')
    dd_json_put_string (writer, key, text);
}

void
dd_put_money (DdJsonWriter *writer, const char *key, gint64 micros, DdCurrency currency)
{
  g_autofree char *text = dd_money_format (micros, currency);

  dd_json_put_string (writer, key, text);
}

void
dd_put_percent (DdJsonWriter *writer, const char *key, gint64 nanos)
{
  g_autofree char *text = dd_percent_format (nanos);

  dd_json_put_string (writer, key, text);
}

void
dd_put_years (DdJsonWriter *writer, guint first_year, guint last_year)
{
  if (first_year != 0)
    dd_json_put_int64 (writer, "firstYear", first_year);
  if (last_year != 0)
    dd_json_put_int64 (writer, "lastYear", last_year);
}

gboolean
dd_put_document (DdJsonWriter *writer, const char *key, DdReader *reader, const char *sha256, GError **error)
{
  g_autoptr (GBytes) bytes = dd_reader_document (reader, sha256, error);

  if (bytes == NULL)
    return FALSE;
  dd_json_write_key (writer, key);
  dd_json_write_canonical (writer, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return TRUE;
}

void
dd_put_sources (DdJsonWriter *writer, const DdSheet *sheet, gboolean plugins)
{
  dd_json_write_key (writer, plugins ? "sources" : "datasets");
  dd_json_write_begin_array (writer);
  for (guint i = 0; sheet != NULL && i < sheet->answers->sources->len; i++)
    {
      const DdSource *source = &g_array_index (sheet->answers->sources, DdSource, i);

      if ((source->plugin_version != NULL) != plugins)
        continue;
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, plugins ? "plugin" : "name", source->name);
      if (plugins)
        dd_json_put_string (writer, "version", source->plugin_version);
      else
        dd_json_put_int64 (writer, "version", (gint64)source->version);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
}
