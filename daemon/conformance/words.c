/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See words.h.
 */
#include "words.h"

const char *const dd_words_keys[] = {
  "offering-1",
  "offering-2",
  "offering-3",
  "offering-4",
  "offering-5",
  "offering-6",
  "customer-1",
  "customer-2",
  "customer-3",
  "site-1",
  "site-2",
  "site-3",
  "retail",
  "enterprise",
  "DE",
  "US",
  "AT",
  "EUR",
  "discount.list",
  "discount.standing",
  "discount.discretionary",
  "margin",
  "contract.value",
  "commitment.months",
  "group:sales",
  "user:anna",
  "sales",
  "setup",
  "rental",
  "traffic",
  "month",
  "year",
  "*",
};
const guint dd_words_n_keys = G_N_ELEMENTS (dd_words_keys);
