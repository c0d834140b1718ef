/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Approvals that were given, and what they still hold for.
 *
 * An approval covers a later requirement if its approver is a candidate of that one today, wrote nothing
 * since, whoever approved what they wrote, and the proposal is no worse in every dimension that the approval
 * governs; it governs whatever the later requirement does. What can't be compared is worse. DESIGN.md
 * section 6. Pure.
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

/* Whether both are the same person's of the same measure, and @later governs all that @earlier does. */
gboolean dd_standing_replaces (const DdStanding *later, const DdStanding *earlier);

/* Whether what the same person @refused is, in any dimension, what they approved @earlier. */
gboolean dd_standing_ends (const DdStanding *refused, const DdStanding *earlier);

/* Whether it was of what @requirement asks for, in any dimension. */
gboolean dd_standing_concerns (const DdStanding *standing, const DdRequirement *requirement);

/* @measures (element-type DdMeasure) of a proposal by dimension, for dd_standing_worse(); it borrows them.
 * (transfer full) */
GHashTable *dd_standing_index (const GArray *measures);

/* What became worse of what it governs, for people; NULL when nothing did. @index: of the proposal that
 * @requirement is about. (transfer full) (nullable) */
char *dd_standing_worse (const DdStanding *standing, const DdRequirement *requirement, GHashTable *index);

G_END_DECLS
