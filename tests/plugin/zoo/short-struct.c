/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Claims a struct that is shorter than any that ABI 1 ever had.
 */
#include "dealdesk-plugin.h"

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI, .size = 24, .id = "short-struct", .version = "1"
};
