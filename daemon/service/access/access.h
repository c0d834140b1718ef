/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Who calls, and whether they may.
 *
 * On the session bus (development) there is no polkit: the caller's uid must be the daemon's, and it may act
 * as anyone. On the system bus polkit decides by action; without it the answer is no. Main thread.
 */
#pragma once

#include "service.h"

G_BEGIN_DECLS

DdAccess *dd_access_new (const DdService *service);
void dd_access_free (DdAccess *access);

/* Calls under way, of all users (see quota.h). */
guint dd_access_in_flight (const DdAccess *access);

typedef struct
{
  const char *sender;   /* unique name */
  const char *action;   /* "negotiate": org.dealdesk1.negotiate */
  const char *as;       /* (nullable) */
  gboolean personal;    /* a decision or signature: nobody does it for another */
  gboolean customer;    /* records a customer's move */
  gboolean interactive; /* the message allows polkit to ask */
} DdAccessQuestion;

/* @error: (nullable): why not. @actor: the person who acts, borrowed. @self: (nullable), borrowed: the
 * caller's own name; NULL in development, where one user plays everybody. */
typedef void (*DdAccessAnswer) (
  guint32 uid, const char *actor, const char *self, const GError *error, gpointer data);

/* Calls @answer once, maybe before it returns. @question is copied as far as needed. */
void
dd_access_check (DdAccess *access, const DdAccessQuestion *question, DdAccessAnswer answer, gpointer data);

G_END_DECLS
