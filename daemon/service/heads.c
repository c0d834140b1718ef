/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Heads in the journal (see heads.h). Main thread, but for reading.
 *
 * Not each batch's: ten thousand moves a second would drown the journal. Replies carry every deal's own head.
 */
#include "heads.h"

#include "completion.h"
#include "digest.h"
#include "door.h"
#include "message-ids.h"

#include <string.h>

#define INTERVAL_S 30

struct _DdHeads
{
  const DdService *service;
  guint timer;
  gboolean reading;
  DdStoreStatus status; /* while reading, the reader's */
  guint8 told[32];
};

static void
on_read (gpointer data)
{
  DdHeads *heads = data;

  heads->reading = FALSE;
  if (heads->status.events == 0 || memcmp (heads->told, heads->status.head, sizeof heads->told) == 0)
    return;
  memcpy (heads->told, heads->status.head, sizeof heads->told);
  g_autofree char *head = dd_digest_format (heads->told);
  dd_journal (G_LOG_LEVEL_MESSAGE, DD_MESSAGE_HEAD,
              "The chain's head after %" G_GINT64_FORMAT " events is %s", heads->status.events, head);
}

static gboolean
read_status (DdReader *reader, gpointer data, GError **error)
{
  return dd_reader_status (reader, &((DdHeads *)data)->status, error);
}

static void
read_done (gpointer data, const GError *error)
{
  DdHeads *heads = data;

  if (error != NULL)
    memcpy (heads->status.head, heads->told, sizeof heads->told);
  dd_completion_push (heads->service->completion, on_read, heads);
}

static gboolean
on_timer (gpointer data)
{
  DdHeads *heads = data;

  if (!heads->reading && !dd_door_is_closed (heads->service->door))
    {
      heads->reading = TRUE;
      dd_store_read (heads->service->store, read_status, read_done, heads);
    }
  return G_SOURCE_CONTINUE;
}

DdHeads *
dd_heads_new (const DdService *service)
{
  DdHeads *heads = g_new0 (DdHeads, 1);

  heads->service = service;
  heads->timer = g_timeout_add_seconds (INTERVAL_S, on_timer, heads);
  on_timer (heads);
  return heads;
}

void
dd_heads_free (DdHeads *heads)
{
  g_source_remove (heads->timer);
  g_free (heads);
}

gboolean
dd_heads_are_busy (const DdHeads *heads)
{
  return heads->reading;
}

void
dd_heads_forget (DdHeads *heads)
{
  memset (heads->told, 0, sizeof heads->told);
}
