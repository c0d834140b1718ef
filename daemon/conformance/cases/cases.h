/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What plugins are asked: inputs of every kind, from nothing at all to what is barely possible.
 *
 * A case holds values; drive.h gives them to a plugin, through the host or directly. Always the same for the
 * same keys. Immutable once made; any thread.
 */
#pragma once

#include "host.h"
#include "manifest.h"
#include "checks/tables.h"

G_BEGIN_DECLS

typedef enum
{
  DD_GROUP_EMPTY,
  DD_GROUP_SMALL,
  DD_GROUP_HUGE,
  DD_GROUP_HOSTILE,
  DD_GROUP_DATES,
  DD_GROUP_DATA,
  DD_N_GROUPS
} DdCaseGroup;

typedef struct
{
  const char *name; /* "hostile texts" */
  DdKind kind;
  DdCaseGroup group;
  DdWorld world;
  const char *key;       /* (nullable): whose rows are asked for in a world of extreme values */
  DdCallContext context; /* without datasets */
  GStringChunk *texts;

  DdProposal *proposal; /* pricing */

  GArray *measures; /* approval: DdMeasure */
  const char *requester;
  GPtrArray *groups;

  GArray *offers; /* negotiation: DdOffer */
  gint64 list_total;
  DdCurrency currency;
  gint64 opened;
  gint64 deadline;

  const char *deal; /* handoff; each delivery has a key of its own */
  const char *order;
  GBytes *document;
} DdCase;

#define DD_HUGE_LINES    10000
#define DD_HUGE_MEASURES 1000
#define DD_HUGE_OFFERS   10000
#define DD_HUGE_DOCUMENT (4 * 1024 * 1024)

/* (transfer full) (element-type DdCase*). @keys: what datasets have. */
GPtrArray *dd_cases_new (DdKind kind, const GPtrArray *keys);
const DdCase *dd_cases_find (const GPtrArray *cases, DdCaseGroup group); /* the first of @group; (nullable) */

/* For the files of each kind. Adds it to @cases. (transfer none) */
DdCase *dd_case_add (GPtrArray *cases, const char *name, DdKind kind, DdCaseGroup group);
void dd_case_at (DdCase *self, gint year, guint month, guint day);
const char *dd_case_key (const GPtrArray *keys, guint index);

void dd_cases_add_pricing (GPtrArray *cases, const GPtrArray *keys);
void dd_cases_add_approval (GPtrArray *cases, const GPtrArray *keys);
void dd_cases_add_negotiation (GPtrArray *cases);
void dd_cases_add_handoff (GPtrArray *cases);

G_END_DECLS
