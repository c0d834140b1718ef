/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Days as numbers: those since 1970-01-01, of the proleptic Gregorian calendar.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @month from 1. And back. */
gint64 dd_day_from_date (gint64 year, guint month, guint day);
void dd_day_to_date (gint64 day, gint64 *out_year, guint *out_month, guint *out_day);

/* "2026-12-31". (transfer full) */
char *dd_day_format (gint64 day);

G_END_DECLS
