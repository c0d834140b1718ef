/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Lists of the size that customers have, written by the bench itself: the same bytes each time. Nothing in
 * them is real.
 */
#pragma once

#include <glib.h>

#define LISTS_VENDORS   20
#define LISTS_PARTS     1000 /* which offerings have; costs are of many more */
#define LISTS_COSTS     100000
#define LISTS_LOCATIONS 30000

/* For each of 25,000 parts the costs of two breaks in two years. (transfer full) */
static inline GString *
lists_vendor_costs (void)
{
  static const guint breaks[] = { 1, 50 };
  GString *text = g_string_new ("vendor,part,from,valid_from,currency,cost,lead_days,valid_to\n");

  for (guint row = 0; row < LISTS_COSTS; row++)
    {
      guint part = row / 4;
      guint year = row % 4 / 2;

      g_string_append_printf (text, "vendor-%02u,PN-%06u-%c,%u,%s,%s,%u.%02u,%u,%s\n", part % LISTS_VENDORS,
                              part * 7919 % 1000003, 'A' + (char)(part % 26), breaks[row % 2],
                              year == 0 ? "2025-01-01" : "2026-01-01", part % 3 == 0 ? "USD" : "EUR",
                              10 + part % 4999, row % 100, 5 + part % 60,
                              year == 0 ? "2025-12-31" : "2026-12-31");
    }
  return text;
}

/* Which offerings are which of these parts. (transfer full) */
static inline GString *
lists_vendor_parts (void)
{
  GString *text = g_string_new ("offering,charge,vendor,part,type,period,name\n");

  for (guint part = 0; part < LISTS_PARTS; part++)
    g_string_append_printf (text, "part-%u,device,vendor-%02u,PN-%06u-%c,oneTime,,\"Part %u, third party\"\n",
                            part, part % LISTS_VENDORS, part * 7919 % 1000003, 'A' + (char)(part % 26), part);
  return text;
}

/* (transfer full) */
static inline GString *
lists_locations (void)
{
  static const char *const zones[] = { "metro", "city", "rural", "island" };
  GString *text = g_string_new ("site,zone,region,access_cost,access_currency\n");

  for (guint site = 0; site < LISTS_LOCATIONS; site++)
    g_string_append_printf (text, "site-%05u,%s,%s,%u.00,EUR\n", site, zones[site % G_N_ELEMENTS (zones)],
                            site % 3 == 0 ? "DE" : "AT", 500 + site % 7000);
  return text;
}
