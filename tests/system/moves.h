/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Moves that most tests make, in one line each. They must succeed.
 */
#pragma once

#include "fixture.h"

G_BEGIN_DECLS

/* "2026-12-24T18:00:01Z", @seconds from now, rounded up to a whole second. */
char *time_ahead (guint seconds);

/* {"lines":[…]} of @n lines of one offering; all in order 1. @head: (nullable): members more, with commas
 * after. */
char *small_offer (guint n, const char *head);

/* Opens a deal from a request of @n lines; its id. */
char *open_small (const Rig *rig, guint n, const char *key);

/* @document: (nullable): the request. Its reply. */
DdJson *propose (const Rig *rig, const char *deal, const char *document, const char *as);
char *fingerprint_of (const Rig *rig, const char *deal, guint revision);
/* An acceptance by the customer, or with @customer FALSE by anna. */
DdJson *accept (const Rig *rig, const char *deal, guint revision, gboolean customer);
/* Acknowledges what asks for it, then both sign. */
void sign_both (const Rig *rig, const char *deal, guint revision);

/* A deal that needs its last signature only, and that signature; with a key. */
char *agreed_deal (Rig *rig, char **out_fingerprint);
Call *last_signature (const char *deal, const char *fingerprint);

/* All events of a deal, in pages. (element-type DdJson): one a page. */
GPtrArray *read_log (GDBusConnection *connection, const char *deal);

/* Names of the spool's files, sorted. */
GPtrArray *list_spool (const Rig *rig);

/* @document with the members of the sample terms, and its lines in two orders, as a new document. */
char *with_terms_and_orders (const char *document);

/* The exit status of tests/tools/validate-tmf.py over @document; what it said is logged. */
int validate_tmf (const char *swagger, const char *definition, const char *document);

G_END_DECLS
