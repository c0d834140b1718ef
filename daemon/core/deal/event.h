/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Events: the durable facts of a deal.
 *
 * An event's body is a small canonical JSON object; what is large (a proposal, its sheet, its customer
 * view) is a document beside it, named in the body by its SHA-256. dd_deal_apply() alone says what an
 * event does to a deal, so a deal can always be rebuilt from its events. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of a closed request: approvals of earlier revisions held for all of it. */
#define DD_OUTCOME_STANDING "standing"

typedef enum
{
  DD_EVENT_OPENED,
  DD_EVENT_DRAFTED,
  DD_EVENT_APPROVAL_REQUESTED,
  DD_EVENT_APPROVAL_DECIDED,
  DD_EVENT_APPROVAL_CLOSED,
  DD_EVENT_TABLED,
  DD_EVENT_PROPOSAL_ENDED,
  DD_EVENT_EXTENDED,
  DD_EVENT_ASKED,
  DD_EVENT_ANSWERED,
  DD_EVENT_ACKNOWLEDGED,
  DD_EVENT_AGREED,
  DD_EVENT_REOPENED,
  DD_EVENT_SIGNED,
  DD_EVENT_CONCLUDED,
  DD_EVENT_ORDER_CONFIRMED,
  DD_EVENT_HANDOFF_RECORDED,
  DD_EVENT_DEAL_ENDED,
  DD_N_EVENT_TYPES
} DdEventType;

/* "opened", "drafted" …; -1 for other text */
const char *dd_event_type_name (DdEventType type);
int dd_event_type_from_name (const char *text);

typedef struct
{
  char sha256[65]; /* lower-case hex */
  GBytes *bytes;
} DdDocument;

typedef struct
{
  DdEventType type;
  char *body; /* canonical JSON */
  gsize body_length;
  GPtrArray *documents; /* (nullable): DdDocument* that the body names */
} DdEvent;

/* @body: (transfer full) */
DdEvent *dd_event_new (DdEventType type, char *body, gsize body_length);
void dd_event_free (DdEvent *event);

/* Adds @bytes as a document of @event; returns its digest, borrowed. */
const char *dd_event_add_document (DdEvent *event, GBytes *bytes);

DdDocument *dd_document_new (GBytes *bytes);
void dd_document_free (DdDocument *document);

G_END_DECLS
