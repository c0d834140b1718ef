/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Approvals that were given, and what they still hold for.
 *
 * An approval covers a later requirement if its approver is a candidate of that one today, wrote nothing
 * since, and the proposal is no worse in every dimension that the approval governs; it governs whatever the
 * later requirement does. What can't be compared is worse. DESIGN.md section 6. Pure.
 */
#pragma once

#include "authority/requirement.h"

G_BEGIN_DECLS

typedef struct
{
  guint revision; /* that was approved */
  char *person;
  char *plugin;
  char *measure;
  char *subject; /* (nullable) */
  gint64 time;
  GPtrArray *governed; /* DdGoverned*; none: it covers nothing */
} DdStanding;

/* @person's approval, at @time, of @requirement of @revision. (transfer full) */
DdStanding *
dd_standing_new (const DdRequirement *requirement, guint revision, const char *person, gint64 time);
void dd_standing_free (DdStanding *standing);

void dd_standing_write (const DdStanding *standing, DdJsonWriter *writer);
DdStanding *dd_standing_read (const DdJsonNode *node, GError **error);

/* Whether both are the same person's of the same thing, so that the later one replaces the earlier. */
gboolean dd_standing_replaces (const DdStanding *later, const DdStanding *earlier);

/* Whether it was of what @requirement asks for. */
gboolean dd_standing_concerns (const DdStanding *standing, const DdRequirement *requirement);

/* What became worse of what it governs, for people; NULL when nothing did. @measures: (element-type
 * DdMeasure): of the proposal that @requirement is about. (transfer full) (nullable) */
char *
dd_standing_worse (const DdStanding *standing, const DdRequirement *requirement, const GArray *measures);

G_END_DECLS
