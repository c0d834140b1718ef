/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Message ids of what administrators must be able to find in the journal; data/dealdesk.catalog explains
 * each.
 */
#pragma once

#include <glib.h>

#define DD_MESSAGE_OUTCOME_UNKNOWN      "98010083887743e18c052702ed84e4ae"
#define DD_MESSAGE_STORE_REFUSED        "6705f1e4df5e43e89c8c125d01c86342"
#define DD_MESSAGE_PLUGIN_REFUSED       "393d0d86fca940c497675d91771d7900"
#define DD_MESSAGE_PLUGIN_STOPPED       "70ee952a012b4f619d84afdee9dfa23f"
#define DD_MESSAGE_PLUGIN_CRASHED       "fd39ef23437d46deb1a0c0042701c82c"
#define DD_MESSAGE_PLUGIN_QUARANTINED   "60c4ee43c80e45d0b1d5b700a320046e"
#define DD_MESSAGE_CRASH_NOTES_REPLACED "f224cc42add34cbab79345ed9ac28270"
#define DD_MESSAGE_ORDER_HELD           "908a9900daca48ae823fb10161d0a179"
#define DD_MESSAGE_HEAD                 "d7213f266ce847828c0324b6a41e4b93"
#define DD_MESSAGE_RESTORED             "b61101bbfe6f44c1908480db7319d11c"

/* To the journal, or to standard error without one. @level: a GLogLevelFlags; then a printf format and its
 * arguments. */
#define dd_journal(level, id, ...)                                                                           \
  g_log_structured ("dealdeskd", (level), "MESSAGE_ID", (id), "MESSAGE", __VA_ARGS__)
