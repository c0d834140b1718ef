/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The one error domain of dealdesk.
 *
 * Every layer reports with these codes; the bus edge turns a code into a name of
 * the form org.dealdesk1.Error.NAME by one table (dbus/error-names.h), which a static
 * assert holds to this enumeration. A message says what was wrong, where, and
 * what would be right.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DD_ERROR_FAILED,           /* none of the below; a fault of ours */
  DD_ERROR_INVALID_ARGUMENT, /* input that can't be right, with its place */
  DD_ERROR_TOO_LARGE,        /* beyond a limit on size, depth or count */
  DD_ERROR_OVERFLOW,         /* a number left the exact range */
  DD_ERROR_NOT_FOUND,        /* no such deal, revision, offering, dataset, plugin … */
  DD_ERROR_ILLEGAL_MOVE,     /* the state doesn't allow this move */
  DD_ERROR_CONFLICT,         /* the expected version or digest isn't the current one */
  DD_ERROR_NOT_AUTHORIZED,   /* the caller may not do this at all */
  DD_ERROR_NO_AUTHORITY,     /* nobody, or not this person, may agree to this value */
  DD_ERROR_UNMAPPED,         /* an offering of the customer's that the catalogue doesn't know */
  DD_ERROR_UNPRICED,         /* a price, rate, site or tax is missing */
  DD_ERROR_INCOMPLETE,       /* acknowledgements, answers or choices are missing */
  DD_ERROR_KEY_REUSED,       /* an idempotency key came back with other content */
  DD_ERROR_PLUGIN_FAILED,    /* a plugin failed, lied, crashed or was late */
  DD_ERROR_PLUGIN_REFUSED,   /* a plugin can't be loaded as it is */
  DD_ERROR_STORE_FULL,       /* no space; nothing was changed */
  DD_ERROR_STORE_DAMAGED,    /* the database isn't sound */
  DD_ERROR_STORE_NEWER,      /* the database was written by a newer dealdesk */
  DD_ERROR_OUTCOME_UNKNOWN,  /* a commit's outcome is unknown; the daemon exits */
  DD_ERROR_UNAVAILABLE,      /* shutting down, a quota is used up, a service is missing */
  DD_N_ERRORS
} DdErrorCode;

#define DD_ERROR (dd_error_quark ())
GQuark dd_error_quark (void);

/**
 * dd_fail:
 * @error: (out) (optional): where to put the error
 * @code: what kind
 * @format: what was wrong, where, and what would be right
 *
 * Sets @error. Returns FALSE always, so that a check reads `return dd_fail (…)`.
 */
gboolean dd_fail (GError **error, DdErrorCode code, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
