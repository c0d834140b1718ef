/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Documents of deals in files (see saved.h). One thread.
 */
#include "saved.h"
#include "document.h"
#include "i18n.h"
#include "json/writer.h"

#include <string.h>

static const CtlField saved_fields[] = {
  { "deal", N_ ("Deal"), CTL_CELL_TEXT, NULL },       { "format", N_ ("Format"), CTL_CELL_TEXT, NULL },
  { "bytes", N_ ("Bytes"), CTL_CELL_NUMBER, NULL },   { "sha256", N_ ("SHA-256"), CTL_CELL_DIGEST, NULL },
  { "file", N_ ("Written to"), CTL_CELL_TEXT, NULL }, CTL_FIELD_END,
};

const CtlSection ctl_saved_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, saved_fields, NULL, NULL },
  CTL_SECTION_END,
};

static gboolean
print_saved (CtlRun *run, const char *format, const char *file, GBytes *document, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, document);
  g_autofree char *deal = ctl_run_is_deal (run->words[0]) ? ctl_run_deal (run, NULL) : NULL;
  g_autofree char *name = g_filename_display_name (file);

  dd_json_write_begin_object (writer);
  if (deal != NULL)
    dd_json_put_string (writer, "deal", deal);
  dd_json_put_string (writer, "format", format);
  dd_json_put_int64 (writer, "bytes", (gint64)g_bytes_get_size (document));
  dd_json_put_string (writer, "sha256", sha256);
  dd_json_put_string (writer, "file", name);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, ctl_saved_sections, writer, error);
}

gboolean
ctl_save (CtlRun *run, const char *format, const char *file, GBytes *document, GError **error)
{
  if (file == NULL || strcmp (file, "-") == 0)
    return ctl_document_save ("-", document, error);
  return ctl_document_save (file, document, error) && print_saved (run, format, file, document, error);
}
