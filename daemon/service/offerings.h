/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * From what a customer calls an offering to what the catalogue calls it.
 */
#pragma once

#include "pins.h"

G_BEGIN_DECLS

/**
 * dd_offerings_map:
 * @map: (nullable) (element-type utf8 utf8): the caller's own mapping, which wins
 * @date: days since 1970
 *
 * Gives every line of @proposal its offering, in place: by @map, else because the catalogue knows the id,
 * else by the dataset aliases; and its name where it has none. Errors: DD_ERROR_UNMAPPED, which says how to
 * map, and DD_ERROR_UNPRICED when nothing was imported or the offering isn't valid on that day.
 */
gboolean
dd_offerings_map (const DdPins *pins, GHashTable *map, gint32 date, DdProposal *proposal, GError **error);

/* Adds to @remarks (element-type utf8) what dd_offerings_map() would not find, each once, a sentence each,
 * the first few with what may have been meant; nothing while there is no catalogue. */
void
dd_offerings_remark (const DdPins *pins, GHashTable *map, const DdProposal *proposal, GPtrArray *remarks);

G_END_DECLS
