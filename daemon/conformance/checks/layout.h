/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A case's input as the plugin sees it, laid out in guarded pages, every struct with bytes appended: as a
 * later version of the interface would have it. Any thread.
 */
#pragma once

#include "cases/cases.h"
#include "dealdesk-plugin.h"
#include "checks/pages.h"

G_BEGIN_DECLS

/* What fields that aren't there yet hold: nothing that reads them by mistake comes through unharmed. */
#define DD_LATER 0xA5

/* @lines, @views: the host's own of this call. */
const DealdeskPricingInput *dd_layout_pricing (DdPages *pages,
                                               guint extra,
                                               const DdCase *asked,
                                               const DealdeskLine *lines,
                                               const DealdeskChargeView *views,
                                               guint n_views,
                                               gint32 date);
const DealdeskApprovalInput *
dd_layout_approval (DdPages *pages, guint extra, const DdCase *asked, gint32 date);
const DealdeskNegotiationInput *dd_layout_negotiation (DdPages *pages, guint extra, const DdCase *asked);
const DealdeskOrder *dd_layout_order (DdPages *pages, guint extra, const DdCase *asked, const char *key);

/* Where the plugin puts its advice: writable. */
DealdeskAdvice *dd_layout_advice (DdPages *pages, guint extra);

/* A copy of @host that says that it is larger. */
const DealdeskHost *dd_layout_host (DdPages *pages, guint extra, const DealdeskHost *host);

G_END_DECLS
