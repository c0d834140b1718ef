/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Inside the price engine: the sheet before an edit, beside the one that is computed (see recompute.c), and
 * what makes two of their rules equal. Not for other parts. Pure; one thread at a time.
 */
#pragma once

#include "price/pricing.h"

#include <string.h>

G_BEGIN_DECLS

#define DD_REUSE_NONE G_MAXUINT32

struct DdReuse
{
  const DdSheet *before;
  const DdPriceLine *before_lines;
  guint n_labels;               /* of the answers now */
  guint n_before_labels;        /* and before */
  guint32 *labels;              /* of each label now: the same text's before, or DD_REUSE_NONE */
  guint32 *lines;               /* of each line now: the one before, or DD_REUSE_NONE */
  guint32 *first;               /* of each line before: its first charge; one more than lines */
  guint32 next;                 /* the charge before that is tried first */
  const DdContract **contracts; /* of each charge before, or NULL; NULL without any */
  GArray *changed;              /* DdRate: pairs of currencies whose rate isn't as it was, in order */
  guint8
    *touched; /* of each charge, where the rules have the shape that they had: one of its rules changed */
};

static inline gboolean
dd_reuse_same_label (const struct DdReuse *reuse, guint32 label, guint32 before)
{
  if (label >= reuse->n_labels)
    return label == DD_NO_LABEL && before == DD_NO_LABEL;
  return reuse->labels[label] == before && before < reuse->n_before_labels;
}

static inline gboolean
dd_reuse_same_currency (DdCurrency a, DdCurrency b)
{
  return memcmp (a.code, b.code, sizeof a.code) == 0;
}

/* Its years have done their work in the cut (years.c), and label and source are only said. */
static inline gboolean
dd_reuse_same_rule (const struct DdReuse *reuse, const DdAdjustment *rule, const DdAdjustment *before)
{
  return rule->value == before->value && rule->kind == before->kind && rule->stage == before->stage &&
         rule->mode == before->mode && rule->threshold == before->threshold &&
         rule->priority == before->priority && rule->group_priority == before->group_priority &&
         dd_reuse_same_currency (rule->currency, before->currency) &&
         dd_reuse_same_label (reuse, rule->id, before->id) &&
         dd_reuse_same_label (reuse, rule->group, before->group);
}

G_END_DECLS
