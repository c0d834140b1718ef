/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Replay: a revision's recorded sheet computed again from its recorded answers and, if that is asked for,
 * today's answers beside it. In a job; what is in the making hangs on the query.
 *
 * Nothing of today has a part in the replay: not the datasets, not the plugins, and not what the daemon keeps
 * compiled. A document is taken from the store, and only if its bytes have the digest that the deal's history
 * names.
 */
#include "queries/queries.h"

#include "contents.h"
#include "pricing.h"
#include "queries/price-json.h"
#include "queries/replay-json.h"

/* What is read in one snapshot. */
typedef struct
{
  DdQuery *query;
  const DdRevision *revision; /* of the query's deal */
  GBytes *proposal;
  GBytes *sheet;
} Replay;

static void
replay_clear (Replay *replay)
{
  g_clear_pointer (&replay->proposal, g_bytes_unref);
  g_clear_pointer (&replay->sheet, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Replay, replay_clear)

/* @what: "proposal" */
static gboolean
check_intact (GBytes *bytes, const char *sha256, const char *what, guint revision, GError **error)
{
  g_autofree char *found = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  return g_str_equal (found, sha256) ||
         dd_fail (
           error, DD_ERROR_STORE_DAMAGED,
           "the %s of revision %u was changed in the store: document %s now has the digest %s; restore "
           "it from a backup",
           what, revision, sha256, found);
}

/* In a snapshot, which ends before anything is made of what was read. */
static gboolean
load (DdReader *reader, gpointer data, GError **error)
{
  Replay *replay = data;
  DdQuery *query = replay->query;
  const DdRevision *revision;

  query->deal = dd_reader_deal (reader, query->call->deal, error);
  revision = query->deal != NULL ? dd_query_revision (query->deal, dd_query_number (query, 0), error) : NULL;
  if (revision == NULL)
    return FALSE;
  if (revision->sheet == NULL || revision->sheet[0] == '\0')
    return dd_fail (error, DD_ERROR_NOT_FOUND,
                    "revision %u of D-%" G_GINT64_FORMAT " has no price sheet; name one that was priced",
                    revision->revision, query->deal->number);
  replay->revision = revision;
  replay->proposal = dd_reader_document (reader, revision->proposal, error);
  if (replay->proposal == NULL)
    return FALSE;
  replay->sheet = dd_reader_document (reader, revision->sheet, error);
  if (replay->sheet == NULL || !dd_options_flag (query->call->options, "ask-again"))
    return replay->sheet != NULL;
  query->pins = dd_pins_new (query->call->service, reader, error);
  return query->pins != NULL;
}

static DdJson *
parse (GBytes *bytes, GError **error)
{
  gsize size = 0;
  const char *text = g_bytes_get_data (bytes, &size);

  return dd_json_parse (text, size, &dd_json_limits_own, error);
}

static gboolean
compute (const Replay *replay, GError **error)
{
  DdQuery *query = replay->query;
  const DdRevision *revision = replay->revision;

  if (!check_intact (replay->proposal, revision->proposal, "proposal", revision->revision, error) ||
      !check_intact (replay->sheet, revision->sheet, "price sheet", revision->revision, error))
    return FALSE;

  g_autoptr (DdJson) proposal = parse (replay->proposal, error);
  g_autoptr (DdJson) sheet = proposal != NULL ? parse (replay->sheet, error) : NULL;

  if (sheet == NULL)
    return FALSE;
  query->proposal = dd_proposal_read (dd_json_root (proposal), error);
  if (query->proposal == NULL)
    return FALSE;

  g_autoptr (GArray) lines = dd_proposal_price_lines (query->proposal);
  query->recorded = dd_sheet_compute_recorded ((const DdPriceLine *)(void *)lines->data, lines->len,
                                               dd_json_root (sheet), error);
  if (query->recorded == NULL)
    g_prefix_error (error, "revision %u, document %s: ", revision->revision, revision->sheet);
  return query->recorded != NULL;
}

/* (nullable), of the query's deal */
static const DdRevision *
replay (DdQuery *query, GError **error)
{
  g_auto (Replay) making = { .query = query };

  if (!dd_store_read_here (query->call->service->store, load, &making, error) || !compute (&making, error))
    return NULL;
  return making.revision;
}

/* That no price comes out today is an answer, too: @out_refusal. */
static void
ask_again (DdQuery *query, GError **out_refusal)
{
  DdPricingRequest request = { .customer = query->deal->customer,
                               .now = query->now,
                               .deal = query->deal->number };

  query->sheet =
    dd_pricing_run (query->call->service, query->pins, &request, query->proposal, TRUE, out_refusal);
}

gboolean
dd_query_replay (DdQuery *query, DdReader *reader, GError **error)
{
  const DdRevision *revision = replay (query, error);
  g_autoptr (GError) refusal = NULL;
  g_autoptr (DdJsonWriter) writer = NULL;

  if (revision == NULL)
    return FALSE;
  if (query->pins != NULL)
    ask_again (query, &refusal);

  g_autofree char *replayed = dd_price_sha256 (query->recorded);
  writer = dd_json_writer_new ();
  dd_json_write_begin_object (writer);
  dd_json_put_int64 (writer, "arithmetic", query->recorded->arithmetic);
  dd_put_sources (writer, query->recorded, FALSE);
  dd_price_write_figures (writer, query->recorded);
  dd_price_write_lines (writer, query->proposal, query->recorded);
  if (query->sheet != NULL)
    dd_replay_write_now (writer, query->proposal, query->recorded, query->sheet);
  else if (refusal != NULL)
    dd_replay_write_refused (writer, refusal);
  dd_json_put_string (writer, "replayed", replayed);
  dd_json_put_int64 (writer, "revision", revision->revision);
  dd_json_put_boolean (writer, "same", g_str_equal (replayed, revision->sheet));
  dd_json_put_string (writer, "sheet", revision->sheet);
  dd_put_sources (writer, query->recorded, TRUE);
  dd_price_write_totals (writer, query->recorded);
  dd_json_write_end_object (writer);
  dd_query_finish (query, writer);
  return TRUE;
}
