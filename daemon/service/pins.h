/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pinned datasets: the versions that one job reads, so that all its questions are answered from the same
 * tables, and so that the append can be refused when one of them moved meanwhile.
 */
#pragma once

#include "service.h"

G_BEGIN_DECLS

typedef struct _DdPins DdPins;

/* The pins of the last job, which the next one shares unless a dataset moved. Any thread. */
DdPinCache *dd_pin_cache_new (void);
void dd_pin_cache_free (DdPinCache *cache);
/* The store isn't the same any more: equal versions may hold other rows. Any thread. */
void dd_pin_cache_forget (DdPinCache *cache);

/* Pins the current version of every dataset of the core and of the plugins. @reader: not the writer's, whose
 * datasets may be rolled back. */
DdPins *dd_pins_new (const DdService *service, DdReader *reader, GError **error);
void dd_pins_free (DdPins *pins);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdPins, dd_pins_free)

/* (transfer none) (nullable) */
DdDataset *dd_pins_get (const DdPins *pins, const char *name);

/* For DdCallContext; data is the DdPins. */
DdDataset *dd_pins_source (const DdDatasetDeclaration *declaration, gpointer data, GError **error);

/* Whether every pinned version is still the current one. */
gboolean dd_pins_current (const DdPins *pins, DdReader *reader, gboolean *out_current, GError **error);

/* The text of @column in the first row under @key; NULL when there is none. */
const char *dd_pins_text (const DdPins *pins, const char *dataset, const char *key, guint column);

/* (transfer full) (element-type utf8): the groups of @person. */
GPtrArray *dd_pins_groups (const DdPins *pins, const char *person);

G_END_DECLS
