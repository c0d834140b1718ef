/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The sizes that the structs of ABI 1 began with: they never change, whatever is appended. What is shorter is
 * refused, and read no further than its size.
 */
#pragma once

#include "dealdesk-plugin.h"

#define DD_FIRST_PLUGIN_SIZE      (offsetof (DealdeskPlugin, handoff) + sizeof (void *))
#define DD_FIRST_PRICING_SIZE     (offsetof (DealdeskPricing, price) + sizeof (void *))
#define DD_FIRST_APPROVAL_SIZE    (offsetof (DealdeskApproval, require) + sizeof (void *))
#define DD_FIRST_NEGOTIATION_SIZE (offsetof (DealdeskNegotiation, advise) + sizeof (void *))
#define DD_FIRST_HANDOFF_SIZE     (offsetof (DealdeskHandoff, query) + sizeof (void *))

#define DD_FIRST_CHARGE_SIZE      (offsetof (DealdeskCharge, maximum) + sizeof (int64_t))
#define DD_FIRST_TIER_SIZE        (offsetof (DealdeskTier, fee) + sizeof (int64_t))
#define DD_FIRST_ADJUSTMENT_SIZE  (offsetof (DealdeskAdjustment, value) + sizeof (int64_t))
#define DD_FIRST_REQUIREMENT_SIZE (offsetof (DealdeskRequirement, reserved) + sizeof (uint32_t))
#define DD_FIRST_SHARE_SIZE       (offsetof (DealdeskShare, id) + sizeof (const char *))
#define DD_FIRST_EXPIRY_SIZE      (offsetof (DealdeskExpiry, label) + sizeof (const char *))
#define DD_FIRST_MISS_SIZE        (offsetof (DealdeskMiss, reason) + sizeof (const char *))
