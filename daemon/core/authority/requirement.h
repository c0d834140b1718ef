/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What an approval rule asks of whom, and what those people said.
 *
 * Plugins return requirements; the core alone tracks who may decide, who did, and what still stands. A
 * candidate is "user:NAME" or "group:NAME". Pure; any thread.
 */
#pragma once

#include "authority/governed.h"
#include "json/json.h"
#include "json/writer.h"

G_BEGIN_DECLS

/* Everybody among the candidates must agree; they are users, then. */
#define DD_NEED_ALL G_MAXUINT32

typedef struct
{
  char *person;
  guint8 approved; /* FALSE: refused */
  char *reason;    /* (nullable) */
  gint64 time;     /* microseconds since 1970 UTC */
  guint standing;  /* the earlier revision that it was given for, and still holds; 0: this one */
} DdApprovalDecision;

typedef struct
{
  guint step; /* number within its request, from 1 */
  char *plugin;
  char *rule;    /* the authority rule's id */
  char *measure; /* "discount.discretionary", "contract.value" … */
  char *subject; /* (nullable): the line or clause that it is of */
  char *value;   /* what was measured: "18%", "EUR 70000.00" */
  char *limit;   /* what the requester may: "10%" */
  guint8 higher_is_worse;
  guint level;           /* equal levels decide in parallel, higher ones after lower ones */
  guint need;            /* decisions needed: 1 any, n, or DD_NEED_ALL */
  GPtrArray *candidates; /* (element-type utf8) */
  GPtrArray *informed;   /* (element-type utf8): are told, and decide nothing */
  GPtrArray *governed;   /* DdGoverned*; empty in requests of before there were any */
  GPtrArray *decisions;  /* DdApprovalDecision* */
  char *note;            /* (nullable): why an earlier approval covers it, or doesn't */
} DdRequirement;

/* What the last approval performs. */
typedef enum
{
  DD_REQUEST_TABLE,
  DD_REQUEST_ACCEPT,
  DD_N_REQUEST_KINDS
} DdRequestKind;

typedef struct
{
  guint8 kind; /* DdRequestKind */
  guint revision;
  char *requester;
  char *recorder; /* (nullable): who called for the requester */
  char *sheet;    /* SHA-256 of the internal sheet that a decision must name */
  gint64 time;
  guint8 variant;   /* of a tabling: it leaves other offers standing */
  GPtrArray *steps; /* DdRequirement*, by step */
} DdApprovalRequest;

const char *dd_request_kind_name (DdRequestKind kind); /* "table", "accept" */

DdRequirement *dd_requirement_new (void);
DdRequirement *dd_requirement_copy (const DdRequirement *requirement);
void dd_requirement_decide (DdRequirement *requirement, const DdApprovalDecision *decision); /* copies it */
void dd_requirement_free (DdRequirement *requirement);
DdApprovalRequest *dd_approval_request_new (void);
void dd_approval_request_free (DdApprovalRequest *request);

void dd_requirement_write (const DdRequirement *requirement, DdJsonWriter *writer);
DdRequirement *dd_requirement_read (const DdJsonNode *node, GError **error);
void dd_approval_request_write (const DdApprovalRequest *request, DdJsonWriter *writer);
DdApprovalRequest *dd_approval_request_read (const DdJsonNode *node, GError **error);

gboolean dd_requirement_met (const DdRequirement *requirement);

/* Whether it is met once @person (nullable) approved, too. */
gboolean dd_requirement_met_with (const DdRequirement *requirement, const char *person);

/* FALSE: no decisions of its candidates could ever meet it. */
gboolean dd_requirement_can_be_met (const DdRequirement *requirement);

/* Whether @requirement waits for a decision now: unmet, and every lower level is met. */
gboolean dd_requirement_open (const DdApprovalRequest *request, const DdRequirement *requirement);

/* Whether @person, a member of @groups (nullable, element-type utf8), is among the candidates. */
gboolean
dd_requirement_has_candidate (const DdRequirement *requirement, const char *person, const GPtrArray *groups);

G_END_DECLS
