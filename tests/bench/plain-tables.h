/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A small catalogue, of two charges an offering: what a price costs without the stages that most deals don't
 * use.
 */
#pragma once

#include "fixture.h"

#define N_OFFERINGS 40

/* "offering-0" to the last: a rental in three tiers and a set-up, each with its cost. */
static inline void
import_plain (Fixture *fixture)
{
  g_autoptr (GString) charges =
    g_string_new ("offering,charge,name,type,period,currency,price,mode,fee,free,package,minimum,maximum\n");
  g_autoptr (GString) tiers = g_string_new ("offering,charge,from,price,fee\n");
  g_autoptr (GString) costs = g_string_new ("offering,charge,currency,cost\n");

  for (guint i = 0; i < N_OFFERINGS; i++)
    {
      g_string_append_printf (charges, "offering-%u,rental,Rental,recurring,month,EUR,,graduated,,,,,\n", i);
      g_string_append_printf (charges, "offering-%u,setup,Set-up,oneTime,,EUR,450,flat,,,,,\n", i);
      g_string_append_printf (
        tiers, "offering-%u,rental,1,19,\noffering-%u,rental,11,17,\noffering-%u,rental,51,14,\n", i, i, i);
      g_string_append_printf (costs, "offering-%u,rental,EUR,9\noffering-%u,setup,EUR,200\n", i, i);
    }
  fixture_table (fixture, "charges", charges->str);
  fixture_table (fixture, "tiers", tiers->str);
  fixture_table (fixture, "costs", costs->str);
}
