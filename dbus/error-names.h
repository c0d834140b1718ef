/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Error code <-> bus name, in the order of DdErrorCode. The daemon and dealctl both use this one table; what
 * each means to a caller is the comment behind it, which the reference prints.
 */
#pragma once

#define DD_BUS_ERROR_PREFIX "org.dealdesk1.Error."

/* clang-format off */
static const char *const dd_bus_error_names[] = {
  "Failed",          /* None of the others: a fault of dealdesk's own. */
  "InvalidArgument", /* Input that can't be right; the message names its place and what would be right. */
  "TooLarge",        /* Beyond a limit on size, depth or count. */
  "Overflow",        /* A number left the exact range. */
  "NotFound",        /* No such deal, revision, offering, dataset or plugin. */
  "IllegalMove",     /* The state doesn't allow this move; nothing changed. */
  "Conflict",        /* The expected version, fingerprint or sheet isn't the current one: read again, then decide. */
  "NotAuthorized",   /* The caller may not do this at all. */
  "NoAuthority",     /* Nobody, or not this person, may agree to this value. */
  "Unmapped",        /* An offering of the customer's that the catalogue doesn't know: map it. */
  "Unpriced",        /* A price, rate, site or tax is missing. */
  "Incomplete",      /* Acknowledgements, answers or choices are missing. */
  "KeyReused",       /* An idempotency key came back with another method or other arguments. */
  "PluginFailed",    /* A plugin failed, crashed, was late or answered what can't be; nothing changed. */
  "PluginRefused",   /* A plugin can't be loaded as it is. */
  "StoreFull",       /* No space is left; nothing changed. Works again when there is space. */
  "StoreDamaged",    /* The database, or a copy of it, isn't sound. */
  "StoreNewer",      /* The database was written by a newer dealdesk. */
  "OutcomeUnknown",  /* It may have happened: the daemon ends and recovers; the same key tells. */
  "Unavailable",     /* Stopping, a quota is used up, or a service is missing: ask again. */
};
/* clang-format on */
