/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Uses what no library has, and exports more than it should.
 */
#include "dealdesk-plugin.h"

int nowhere_defined (void);

DEALDESK_EXPORT int helper (void);

int
helper (void)
{
  return nowhere_defined ();
}

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI, .size = sizeof dealdesk_plugin, .id = "unresolved", .version = "1"
};
