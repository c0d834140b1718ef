/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Documents: large content beside the events, kept once, named by its SHA-256. A reader's or the writer's
 * thread.
 */
#include "internal.h"

#include <string.h>

/* The members of an event's body whose value names a document. */
static const char *const naming_members[] = { "proposal", "sheet", "view", "document", "request", "source" };

gboolean
dd_document_exists (DdConnection *connection,
                    const guint8 digest[DD_DIGEST_SIZE],
                    gboolean *out_exists,
                    GError **error)
{
  static const char sql[] = "SELECT 1 FROM document WHERE sha256 = ?1";
  g_autoptr (DdStatement) statement = dd_connection_prepare (connection, sql, error);
  int row;

  if (statement == NULL)
    return FALSE;
  dd_bind_digest (statement, 1, digest);
  row = dd_step (connection, statement, error);
  if (row < 0)
    return FALSE;
  *out_exists = row > 0;
  return TRUE;
}

gboolean
dd_document_store (DdConnection *connection, const DdDocument *document, GError **error)
{
  static const char sql[] =
    "INSERT INTO document (sha256, bytes) VALUES (?1, ?2) ON CONFLICT (sha256) DO NOTHING";
  guint8 digest[DD_DIGEST_SIZE];
  g_autoptr (DdStatement) statement = NULL;
  gconstpointer bytes;
  gsize length;

  if (!dd_digest_parse (document->sha256, digest))
    return dd_fail (error, DD_ERROR_FAILED, "a document's name isn't a SHA-256: %.70s", document->sha256);
  statement = dd_connection_prepare (connection, sql, error);
  if (statement == NULL)
    return FALSE;
  bytes = g_bytes_get_data (document->bytes, &length);
  dd_bind_digest (statement, 1, digest);
  /* A NULL address would bind NULL. */
  sqlite3_bind_blob64 (statement, 2, bytes != NULL ? bytes : "", length, SQLITE_STATIC);
  return dd_step_done (connection, statement, error);
}

static gboolean
names_document (const DdJsonNode *member, guint8 out_digest[DD_DIGEST_SIZE])
{
  const char *name = dd_json_name (member);

  if (name == NULL || dd_json_type (member) != DD_JSON_STRING)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (naming_members); i++)
    if (strcmp (name, naming_members[i]) == 0)
      return dd_digest_parse (dd_json_text (member), out_digest);
  return FALSE;
}

gboolean
dd_documents_check_named (DdConnection *connection, const DdJsonNode *body, DdErrorCode code, GError **error)
{
  guint8 digest[DD_DIGEST_SIZE];

  if (dd_json_type (body) != DD_JSON_OBJECT && dd_json_type (body) != DD_JSON_ARRAY)
    return TRUE;
  for (const DdJsonNode *member = dd_json_first (body); member != NULL; member = dd_json_next (member))
    {
      gboolean exists = TRUE;

      if (names_document (member, digest) && !dd_document_exists (connection, digest, &exists, error))
        return FALSE;
      if (!exists)
        return dd_fail (error, code, "document %s, named as %s, is missing", dd_json_text (member),
                        dd_json_name (member));
      if (!dd_documents_check_named (connection, member, code, error))
        return FALSE;
    }
  return TRUE;
}

GBytes *
dd_reader_document (DdReader *reader, const char *sha256, GError **error)
{
  static const char sql[] = "SELECT bytes FROM document WHERE sha256 = ?1";
  guint8 digest[DD_DIGEST_SIZE];
  g_autoptr (DdStatement) statement = NULL;
  int row;

  if (!dd_digest_parse (sha256, digest))
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
               "a document is named by its SHA-256, 64 lower-case hexadecimal digits");
      return NULL;
    }
  statement = dd_connection_prepare (reader->connection, sql, error);
  if (statement == NULL)
    return NULL;
  dd_bind_digest (statement, 1, digest);
  row = dd_step (reader->connection, statement, error);
  if (row == 0)
    dd_fail (error, DD_ERROR_NOT_FOUND, "there is no document %s", sha256);
  if (row <= 0)
    return NULL;
  return g_bytes_new (sqlite3_column_blob (statement, 0), (gsize)sqlite3_column_bytes (statement, 0));
}
