/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Error code <-> bus name, in the order of DdErrorCode. The daemon and dealctl both use this one table.
 */
#pragma once

#define DD_BUS_ERROR_PREFIX "org.dealdesk1.Error."

static const char *const dd_bus_error_names[] = {
  "Failed",      "InvalidArgument", "TooLarge",      "Overflow",       "NotFound",
  "IllegalMove", "Conflict",        "NotAuthorized", "NoAuthority",    "Unmapped",
  "Unpriced",    "Incomplete",      "KeyReused",     "PluginFailed",   "PluginRefused",
  "StoreFull",   "StoreDamaged",    "StoreNewer",    "OutcomeUnknown", "Unavailable",
};
