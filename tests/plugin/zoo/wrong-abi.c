/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Was built for an interface that isn't there yet.
 */
#include "dealdesk-plugin.h"

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI + 1, .size = sizeof dealdesk_plugin, .id = "wrong-abi", .version = "1"
};
