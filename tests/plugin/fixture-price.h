/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the tests of pricing plugins ask of the fixture: answers, sheets, refusals and misses. Prices are
 * asked for on 2026-06-09.
 */
#pragma once

#include "fixture.h"
#include "price/sheet.h"

G_BEGIN_DECLS

/* As fixture_table(), of dealdesk's own that the host reads itself. After fixture_start(). */
void fixture_rates (Fixture *fixture, const char *csv);
void fixture_offerings (Fixture *fixture, const char *csv);
/* (transfer none): for dd_host_add_installed(). */
DdDataset *fixture_installed (Fixture *fixture, const char *csv);

/* Importing @csv must be refused, with each of the texts in the message. */
void fixture_refuses (Fixture *fixture, const char *dataset, const char *csv, ...) G_GNUC_NULL_TERMINATED;

/* Must succeed. (transfer full) */
DdAnswers *fixture_answers (Fixture *fixture, DdProposal *proposal);
/* The same, computed: all lines counted, nothing installed. (transfer full) */
DdSheet *fixture_sheet (Fixture *fixture, DdProposal *proposal);
/* Must fail with DD_ERROR_UNPRICED and each of the texts. */
void fixture_unpriced (Fixture *fixture, DdProposal *proposal, ...) G_GNUC_NULL_TERMINATED;

/* "LINE RULE: REASON\n" of each miss, while @rule (nullable: any) is asked about. (transfer full) */
char *fixture_misses (Fixture *fixture, DdProposal *proposal, const char *rule);

const DdCharge *fixture_charge (const DdAnswers *answers, guint index);
const DdAdjustment *fixture_adjustment (const DdAnswers *answers, guint index);

/* The net of charge @index of @offering at @quantity (such as "10.5"), as text. (transfer full) */
char *fixture_net (Fixture *fixture, const char *offering, const char *quantity, guint index);

#define assert_net(fixture, offering, quantity, expected)                                                    \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    g_autofree char *net_of_it = fixture_net (fixture, offering, quantity, 0);                               \
    g_assert_cmpstr (net_of_it, ==, expected);                                                               \
  }                                                                                                          \
  G_STMT_END

G_END_DECLS
