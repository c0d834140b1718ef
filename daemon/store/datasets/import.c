/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Storing dataset versions and reading them back through the cache. A version is never changed: importing
 * adds the next one, linked into the store's chain by its batch.
 */
#include "datasets/datasets.h"

#include <string.h>

/* A little less than SQLite's own limit on a value. */
#define MAX_BYTES (900 * 1000 * 1000)

gboolean
dd_reader_dataset_version (DdReader *reader, const char *name, gint64 *out_version, GError **error)
{
  static const char sql[] =
    "SELECT version FROM dataset_version WHERE name = ?1 ORDER BY version DESC LIMIT 1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (reader->connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  dd_bind_text (statement, 1, name);
  step = dd_step (reader->connection, statement, error);
  if (step < 0)
    return FALSE;
  *out_version = step > 0 ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

/* Versions are only ever added. */
gboolean
dd_reader_dataset_generation (DdReader *reader, gint64 *out_generation, GError **error)
{
  static const char sql[] = "SELECT max (id) FROM dataset_version";

  return dd_connection_query_number (reader->connection, sql, out_generation, error);
}

static gboolean
insert_version (DdTransaction *transaction,
                const DdEventHeader *header,
                gint64 rows,
                const guint8 digest[DD_DIGEST_SIZE],
                GError **error)
{
  static const char sql[] =
    "INSERT INTO dataset_version (name, version, row_count, time, occurred_at, actor, caller,"
    " digest, batch) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
  DdConnection *connection = transaction->reader.connection;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  dd_bind_text (statement, 1, header->type);
  sqlite3_bind_int64 (statement, 2, header->version);
  sqlite3_bind_int64 (statement, 3, rows);
  sqlite3_bind_int64 (statement, 4, header->time);
  sqlite3_bind_int64 (statement, 5, header->occurred_at);
  dd_bind_text (statement, 6, header->actor);
  dd_bind_text (statement, 7, header->caller);
  dd_bind_digest (statement, 8, digest);
  sqlite3_bind_int64 (statement, 9, transaction->batch);
  return dd_step_done (connection, statement, error);
}

static gboolean
insert_blob (DdConnection *connection, GBytes *bytes, GError **error)
{
  static const char sql[] = "INSERT INTO dataset_blob VALUES (last_insert_rowid (), ?1)";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_blob64 (statement, 1, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), SQLITE_STATIC);
  return dd_step_done (connection, statement, error);
}

gboolean
dd_transaction_import (DdTransaction *transaction,
                       const DdDataset *dataset,
                       const DdAppend *append,
                       gint64 *out_version,
                       GError **error)
{
  DdEventHeader header = { .type = dataset->name,
                           .time = append->time,
                           .occurred_at = append->occurred_at != 0 ? append->occurred_at : append->time,
                           .actor = append->actor,
                           .caller = append->caller };
  g_autoptr (GBytes) bytes = NULL;
  guint8 digest[DD_DIGEST_SIZE];

  if (!dd_reader_dataset_version (&transaction->reader, dataset->name, &header.version, error))
    return FALSE;
  header.version++;
  bytes = dd_dataset_pack (dataset);
  if (g_bytes_get_size (bytes) > MAX_BYTES)
    return dd_fail (error, DD_ERROR_TOO_LARGE,
                    "dataset %s: %" G_GSIZE_FORMAT " bytes; a version has at most %d: divide it",
                    dataset->name, g_bytes_get_size (bytes), MAX_BYTES);
  dd_chain_digest (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), digest);
  if (!insert_version (transaction, &header, dataset->n_rows, digest, error) ||
      !insert_blob (transaction->reader.connection, bytes, error))
    return FALSE;
  dd_chain_link_dataset (transaction->dataset_links, &header, dataset->n_rows, digest);
  transaction->mark.time = append->time;
  *out_version = header.version;
  return TRUE;
}

/* Name, digest and declaration: a version that was rolled back and made anew with other rows has another key.
 */
static char *
cache_key (const DdDatasetDeclaration *declaration, gint64 version, const guint8 digest[DD_DIGEST_SIZE])
{
  g_autofree char *hex = dd_digest_format (digest);
  GString *key = g_string_new (NULL);

  g_string_append_printf (key, "%s@%" G_GINT64_FORMAT " %s\n", declaration->name, version, hex);
  dd_columns_describe (declaration->columns, key);
  return g_string_free (key, FALSE);
}

static DdDataset *
load (DdReader *reader,
      const DdDatasetDeclaration *declaration,
      gint64 id,
      gint64 version,
      const guint8 digest[DD_DIGEST_SIZE],
      GError **error)
{
  static const char sql[] = "SELECT bytes FROM dataset_blob WHERE id = ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (reader->connection, sql, error);
  guint8 found[DD_DIGEST_SIZE];
  const char *bytes;
  gsize length;
  int step;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  step = dd_step (reader->connection, statement, error);
  if (step < 0)
    return NULL;
  bytes = sqlite3_column_blob (statement, 0);
  length = (gsize)sqlite3_column_bytes (statement, 0);
  if (bytes != NULL)
    dd_chain_digest (bytes, length, found);
  if (bytes == NULL || memcmp (found, digest, DD_DIGEST_SIZE) != 0)
    {
      dd_fail (error, DD_ERROR_STORE_DAMAGED,
               "dataset %s, version %" G_GINT64_FORMAT ": it hasn't its digest", declaration->name, version);
      return NULL;
    }
  return dd_dataset_unpack (declaration, bytes, length, version, error);
}

/* Which row it is: @version 0 is the newest. @out_id 0: nothing was ever imported. */
static gboolean
find_version (DdReader *reader,
              const char *name,
              gint64 *version,
              gint64 *out_id,
              guint8 out_digest[DD_DIGEST_SIZE],
              GError **error)
{
  static const char sql_newest[] = "SELECT id, version, digest FROM dataset_version WHERE name = ?1"
                                   " ORDER BY version DESC LIMIT 1";
  static const char sql_one[] =
    "SELECT id, version, digest FROM dataset_version WHERE name = ?1 AND version = ?2";
  g_autoptr (DdStatement) statement =
    dd_connection_prepare (reader->connection, *version == 0 ? sql_newest : sql_one, error);
  int step;

  if (statement == NULL)
    return FALSE;
  dd_bind_text (statement, 1, name);
  if (*version != 0)
    sqlite3_bind_int64 (statement, 2, *version);
  step = dd_step (reader->connection, statement, error);
  if (step < 0)
    return FALSE;
  *out_id = 0;
  if (step == 0)
    return *version == 0 ||
           dd_fail (error, DD_ERROR_NOT_FOUND, "dataset %s has no version %" G_GINT64_FORMAT, name, *version);
  *out_id = sqlite3_column_int64 (statement, 0);
  *version = sqlite3_column_int64 (statement, 1);
  return dd_column_digest (reader->connection, statement, 2, out_digest, error);
}

DdDataset *
dd_reader_dataset (DdReader *reader, const DdDatasetDeclaration *declaration, gint64 version, GError **error)
{
  guint8 digest[DD_DIGEST_SIZE];
  g_autofree char *key = NULL;
  DdDataset *dataset;
  gint64 id;

  g_return_val_if_fail (declaration->columns->len > 0, NULL);
  if (!find_version (reader, declaration->name, &version, &id, digest, error))
    return NULL;
  if (id == 0)
    return dd_dataset_compile (declaration, NULL, 0, NULL, 0, NULL, declaration->name, error);
  key = cache_key (declaration, version, digest);
  dataset = dd_dataset_cache_find (reader->store->cache, key);
  if (dataset != NULL)
    return dataset;
  dataset = load (reader, declaration, id, version, digest, error);
  if (dataset != NULL)
    dd_dataset_cache_add (reader->store->cache, key, dataset);
  return dataset;
}

gboolean
dd_reader_list_datasets (DdReader *reader, DdDatasetRowFunc func, gpointer data, GError **error)
{
  /* SQLite takes the other columns from the row that has the maximum. */
  static const char sql[] =
    "SELECT name, max (version), row_count, time, actor FROM dataset_version GROUP BY name ORDER BY name";
  DdConnection *connection = reader->connection;
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int step;

  if (statement == NULL)
    return FALSE;
  while ((step = dd_step (connection, statement, error)) > 0)
    {
      DdDatasetRow row = { .name = dd_column_text (statement, 0),
                           .version = sqlite3_column_int64 (statement, 1),
                           .rows = sqlite3_column_int64 (statement, 2),
                           .time = sqlite3_column_int64 (statement, 3),
                           .actor = dd_column_text (statement, 4) };

      if (!func (&row, data))
        return TRUE;
    }
  return step == 0;
}
