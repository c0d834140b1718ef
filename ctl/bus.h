/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The connection to the daemon, and calls on it.
 *
 * A request is built argument by argument and may be sent again as it is: the idempotency key that is in it
 * makes that harmless. When a reply is lost, dd_bus_send() does so once, as soon as the daemon is back. One
 * thread.
 */
#pragma once

#include "json/json.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* The objects that are there once; a deal is an object below DD_PATH_MANAGER. */
#define DD_PATH_MANAGER   "/org/dealdesk1"
#define DD_PATH_APPROVALS DD_PATH_MANAGER "/approvals"
#define DD_PATH_CATALOG   DD_PATH_MANAGER "/catalog"
#define DD_PATH_PLUGINS   DD_PATH_MANAGER "/plugins"
#define DD_PATH_DEAL      DD_PATH_MANAGER "/deal/"

typedef struct _DdBus DdBus;
typedef struct _DdRequest DdRequest;
typedef struct _DdReply DdReply;

/* Where the daemon is: a bus's address, or one of the two well-known buses. */
typedef struct
{
  const char *address; /* (nullable) */
  gboolean session;    /* without an address: the session bus, else the system bus */
} DdBusPlace;

DdBus *dd_bus_open (const DdBusPlace *place, GError **error);
void dd_bus_free (DdBus *bus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdBus, dd_bus_free)
GDBusConnection *dd_bus_connection (DdBus *bus); /* borrowed */

/* @path: an object; @interface: its name's last part, such as "Deal". */
DdRequest *dd_request_new (const char *path, const char *interface, const char *method);
void dd_request_free (DdRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdRequest, dd_request_free)

void dd_request_add (DdRequest *request, GVariant *argument); /* consumes a floating reference */
gboolean dd_request_add_document (DdRequest *request, GBytes *document, GError **error);
void dd_request_option (DdRequest *request, const char *key, GVariant *value);
void dd_request_option_text (DdRequest *request, const char *key, const char *text); /* NULL adds nothing */

/* With a key a lost reply is an unknown outcome, without one it's only a failure. */
void dd_request_set_key (DdRequest *request, const char *key);

/* It changes something and has no key: it isn't sent again, and a lost reply is an unknown outcome. */
void dd_request_set_once (DdRequest *request);
void dd_request_set_timeout (DdRequest *request, int milliseconds);

/* Puts the options last and calls. Errors: DD_ERROR, translated (fault.h). (transfer full) */
DdReply *dd_bus_send (DdBus *bus, DdRequest *request, GError **error);
void dd_reply_free (DdReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdReply, dd_reply_free)

/* The out arguments; borrowed, of the types that the interface says. */
GVariant *dd_reply_value (const DdReply *reply);

/* The out argument @index as a document. */
GBytes *dd_reply_document (const DdReply *reply, guint index, GError **error);
DdJson *dd_reply_json (const DdReply *reply, guint index, GError **error);

G_END_DECLS
