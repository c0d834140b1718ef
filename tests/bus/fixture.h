/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A service within the test's process, on a private bus, and callers on connections of their own. One thread:
 * who waits runs the main loop, and the service answers from there.
 */
#pragma once

#include "daemon.h"

#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

#define MANAGER   "/org/dealdesk1", "org.dealdesk1.Manager"
#define APPROVALS "/org/dealdesk1/approvals", "org.dealdesk1.Approvals"
#define CATALOG   "/org/dealdesk1/catalog", "org.dealdesk1.Catalog"
#define PLUGINS   "/org/dealdesk1/plugins", "org.dealdesk1.Plugins"
#define DEAL      "org.dealdesk1.Deal"

typedef struct
{
  DdService *service;
  char *name; /* the service's unique name */
  char *folder;
} Server;

/* A service for @connection (transfer full), with an empty store and the shipped plugins. */
Server *server_start (GDBusConnection *connection, gboolean development);
void server_stop (Server *server);

/* A connection of its own to the bus of DBUS_SESSION_BUS_ADDRESS. (transfer full) */
GDBusConnection *bus_connect (void);
void bus_disconnect (GDBusConnection *connection);

/* A call on its way. */
typedef struct
{
  gboolean done;
  GVariant *reply;  /* (nullable) */
  GUnixFDList *fds; /* (nullable) */
  GError *error;    /* (nullable) */
} Pending;

Pending *call_start (GDBusConnection *caller,
                     const Server *server,
                     const char *path,
                     const char *interface,
                     const char *method,
                     GVariant *arguments,
                     GUnixFDList *fds,
                     GDBusMessageFlags flags);
void call_wait (const Pending *call);
void call_free (Pending *call);

/* Calls and waits. (transfer full) */
GVariant *call_good (GDBusConnection *caller,
                     const Server *server,
                     const char *path,
                     const char *interface,
                     const char *method,
                     GVariant *arguments);

/* The same where the call must fail as @error ("KeyReused"); returns the message. (transfer full) */
char *call_bad (GDBusConnection *caller,
                const Server *server,
                const char *path,
                const char *interface,
                const char *method,
                GVariant *arguments,
                const char *error);

/* @call must have failed as @error. (transfer none) */
const char *must_have_failed (const Pending *call, const char *error);

/* Runs the main loop until nothing is due, then until a call to the bus and back through @server is done:
 * what was sent before has arrived. */
void settle (GDBusConnection *caller);

/* An ay as a document; floating. */
GVariant *document (const char *text);

/* The text of a reply's last value, from ay or a memfd. (transfer full) */
char *document_text (GVariant *reply, GUnixFDList *fds);

/* Imports what a deal with one line needs; @manager may approve up to 25%, anna up to 10%. */
void import_samples (GDBusConnection *caller, const Server *server, const char *manager);

/* A deal of one line, "dia-1000"; its object path. (transfer full) */
char *open_deal (GDBusConnection *caller, const Server *server);

/* What most tests begin with: a bus, a service with the samples, a caller, and a deal. For g_test_add(). */
typedef struct
{
  GTestDBus *bus;
  Server *server;
  GDBusConnection *caller;
  char *deal;
} DealFixture;

void deal_set_up (DealFixture *fixture, gconstpointer data);
void deal_tear_down (DealFixture *fixture, gconstpointer data);

/* Imports @text as the next version of @dataset. */
void deal_import (const DealFixture *fixture, const char *dataset, const char *text);

/* A proposal for it, with a discount such as "18%"; floating. */
GVariant *proposal (const char *discount);

G_END_DECLS
