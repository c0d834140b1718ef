/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What changed between two proposals: lines, prices, terms (words marked), orders. From customer views, so
 * it shows nothing that a customer may not read. Pure.
 */
#pragma once

#include "json/json.h"
#include "json/writer.h"

G_BEGIN_DECLS

/* @before and @after are customer views. Writes one object:
 * {"from":1,"to":2,
 *  "lines":[{"id","change":"added|removed|changed","fields":[{"name","before","after"}]}],
 *  "totals":[{"currency","type","period","firstYear","lastYear","before","after","difference"}],
 *  "terms":[{"clause","change","words":[["=","same text "],["-","old"],["+","new"]]}],
 *  "orders":[{"id","change"}],
 *  "fields":[{"name","before","after"}]}  — dates, commitment, precedence */
void dd_diff_write (const DdJsonNode *before, const DdJsonNode *after, DdJsonWriter *writer);

G_END_DECLS
