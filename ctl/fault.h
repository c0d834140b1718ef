/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Errors of a call as one line and an exit status. Pure.
 */
#pragma once

#include "error.h"
#include "usage.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The man page lists them. */
enum
{
  CTL_EXIT_DONE = 0,
  CTL_EXIT_FAILED = 1,   /* refused by a rule or by the state, bad input, or a fault */
  CTL_EXIT_USAGE = 2,    /* the command line */
  CTL_EXIT_CONFLICT = 3, /* version, digest or key */
  CTL_EXIT_NOT_FOUND = 4,
  CTL_EXIT_NOT_ALLOWED = 5, /* the caller may not do it, or agree to it */
  CTL_EXIT_UNAVAILABLE = 6, /* no daemon, or it has no room now */
  CTL_EXIT_UNKNOWN = 7,     /* it may have happened */
  CTL_EXIT_DAMAGED = 8      /* the store isn't sound */
};

/* Makes GDBus turn org.dealdesk1.Error.NAME into DD_ERROR. Once, before the first call. */
void ctl_fault_register (void);

/* Turns what a call failed with into DD_ERROR with a message of one line. (transfer full) of @error */
GError *ctl_fault_translate (GError *error);

int ctl_fault_exit_status (const GError *error);

/* The call may have arrived, but no reply did. */
gboolean ctl_fault_is_lost_reply (const GError *error);

/* Nobody was there to take the call. */
gboolean ctl_fault_is_away (const GError *error);

G_END_DECLS
