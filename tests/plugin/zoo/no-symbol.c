/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A shared object that is no plugin.
 */
#include "dealdesk-plugin.h"

DEALDESK_EXPORT int zoo_nothing;
