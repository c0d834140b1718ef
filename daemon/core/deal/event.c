/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Events and their documents as values (see event.h). Any thread.
 */
#include "deal/event.h"

static const char *const type_names[] = {
  "opened",           "drafted",          "approval-requested",
  "approval-decided", "approval-closed",  "tabled",
  "proposal-ended",   "extended",         "asked",
  "answered",         "acknowledged",     "agreed",
  "reopened",         "signed",           "concluded",
  "order-confirmed",  "handoff-recorded", "deal-ended",
};
G_STATIC_ASSERT (G_N_ELEMENTS (type_names) == DD_N_EVENT_TYPES);

const char *
dd_event_type_name (DdEventType type)
{
  return type_names[type];
}

int
dd_event_type_from_name (const char *text)
{
  for (int i = 0; i < DD_N_EVENT_TYPES; i++)
    if (g_str_equal (type_names[i], text))
      return i;
  return -1;
}

DdDocument *
dd_document_new (GBytes *bytes)
{
  DdDocument *document = g_new0 (DdDocument, 1);
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  g_strlcpy (document->sha256, sha256, sizeof document->sha256);
  document->bytes = g_bytes_ref (bytes);
  return document;
}

void
dd_document_free (DdDocument *document)
{
  g_bytes_unref (document->bytes);
  g_free (document);
}

DdEvent *
dd_event_new (DdEventType type, char *body, gsize body_length)
{
  DdEvent *event = g_new0 (DdEvent, 1);

  event->type = type;
  event->body = body;
  event->body_length = body_length;
  return event;
}

void
dd_event_free (DdEvent *event)
{
  g_free (event->body);
  g_clear_pointer (&event->documents, g_ptr_array_unref);
  g_free (event);
}

const char *
dd_event_add_document (DdEvent *event, GBytes *bytes)
{
  DdDocument *document = dd_document_new (bytes);

  if (event->documents == NULL)
    event->documents = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_document_free);
  g_ptr_array_add (event->documents, document);
  return document->sha256;
}
