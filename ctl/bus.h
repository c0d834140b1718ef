/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The connection to the daemon, and calls on it.
 *
 * A request is built argument by argument and may be sent again as it is: the idempotency key that is in it
 * makes that harmless. When a reply is lost, ctl_bus_send() does so once, as soon as the daemon is back. One
 * thread.
 */
#pragma once

#include "json/json.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* The objects that are there once; a deal is an object below CTL_PATH_MANAGER. */
#define CTL_PATH_MANAGER   "/org/dealdesk1"
#define CTL_PATH_APPROVALS CTL_PATH_MANAGER "/approvals"
#define CTL_PATH_CATALOG   CTL_PATH_MANAGER "/catalog"
#define CTL_PATH_PLUGINS   CTL_PATH_MANAGER "/plugins"
#define CTL_PATH_DEAL      CTL_PATH_MANAGER "/deal/"

typedef struct _CtlBus CtlBus;
typedef struct _CtlRequest CtlRequest;
typedef struct _CtlReply CtlReply;

/* Where the daemon is: a bus's address, or one of the two well-known buses. */
typedef struct
{
  const char *address; /* (nullable) */
  gboolean session;    /* without an address: the session bus, else the system bus */
} CtlBusPlace;

CtlBus *ctl_bus_open (const CtlBusPlace *place, GError **error);
void ctl_bus_free (CtlBus *bus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlBus, ctl_bus_free)
GDBusConnection *ctl_bus_connection (CtlBus *bus); /* borrowed */

/* @path: an object; @interface: its name's last part, such as "Deal". */
CtlRequest *ctl_request_new (const char *path, const char *interface, const char *method);
void ctl_request_free (CtlRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlRequest, ctl_request_free)

void ctl_request_add (CtlRequest *request, GVariant *argument); /* consumes a floating reference */
gboolean ctl_request_add_descriptor (CtlRequest *request, int descriptor, GError **error); /* borrowed */
gboolean ctl_request_add_document (CtlRequest *request, GBytes *document, GError **error);
void ctl_request_option (CtlRequest *request, const char *key, GVariant *value);
void ctl_request_option_text (CtlRequest *request, const char *key, const char *text); /* NULL adds nothing */

/* With a key a lost reply is an unknown outcome, without one it's only a failure. */
void ctl_request_set_key (CtlRequest *request, const char *key);

/* It changes something and has no key: it isn't sent again, and a lost reply is an unknown outcome. */
void ctl_request_set_once (CtlRequest *request);
void ctl_request_set_timeout (CtlRequest *request, int milliseconds);

/* While it is under way, how far it is is shown, where standard error is a terminal: see progress.h. The
 * method must know the option "progress". */
void ctl_request_set_progress (CtlRequest *request, const char *what, const char *unit);

/* Puts the options last and calls. Errors: DD_ERROR, translated (fault.h). (transfer full) */
CtlReply *ctl_bus_send (CtlBus *bus, CtlRequest *request, GError **error);
void ctl_reply_free (CtlReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlReply, ctl_reply_free)

/* The out arguments; borrowed, of the types that the interface says. */
GVariant *ctl_reply_value (const CtlReply *reply);

/* The out argument @index, h. (transfer full): -1 at an error. */
int ctl_reply_descriptor (const CtlReply *reply, guint index, GError **error);

/* The out argument @index as a document. */
GBytes *ctl_reply_document (const CtlReply *reply, guint index, GError **error);
DdJson *ctl_reply_json (const CtlReply *reply, guint index, GError **error);

G_END_DECLS
