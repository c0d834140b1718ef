/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Deciding: from a deal's state, a command and what is known, to events or the next questions.
 *
 * dd_decide() is a function of its arguments: no I/O, no clock, no bus. What it needs beyond them it asks
 * for; the engine finds that out and calls again, until events or an error come. One file a move
 * (move-*.c); the legal transitions are one table (transitions.c).
 */
#pragma once

#include "deal/command.h"
#include "price/sheet.h"

G_BEGIN_DECLS

/* What dd_decide() may ask for; bit set. */
typedef enum
{
  DD_QUESTION_PRICE = 1 << 0,   /* map and price the command's proposal: facts proposal, sheet, parties */
  DD_QUESTION_CONTENT = 1 << 1, /* load a revision: facts proposal, sheet, parties */
  DD_QUESTION_REQUIREMENTS = 1 << 2, /* ask the approval plugins about facts' sheet for a requester */
  DD_QUESTION_GROUPS = 1 << 3        /* the actor's groups */
} DdQuestions;

/* Who signs for what; borrowed by no one, so that a job can hand it over. */
typedef struct
{
  char *provider;
  char *customer_name; /* (nullable): the legal name as the customers dataset has it today */
  gboolean development;
} DdPartyNames;

/* The answers so far. A zeroed one knows nothing. */
typedef struct
{
  guint revision;       /* whose content proposal and sheet are; 0: the command's own proposal */
  DdProposal *proposal; /* (nullable): mapped: every line has its offering */
  DdSheet *sheet;       /* (nullable) */
  GBytes *sheet_bytes;  /* (nullable): dd_sheet_write() of it */
  DdPartyNames parties;
  GPtrArray *requirements; /* (nullable) (element-type DdRequirement) of sheet for requester */
  char *requester;         /* (nullable): whom requirements were computed for */
  DdMeasures *measures;    /* (nullable): of sheet, as the approval plugins saw them */
  GHashTable *approvers;   /* (nullable): of everybody whose approval stands: person to groups (GPtrArray) */
  GPtrArray *groups;       /* (nullable) (element-type utf8): the actor's */
  gboolean has_content;    /* proposal, sheet and parties are known */
} DdFacts;

void dd_facts_clear (DdFacts *facts);

typedef struct
{
  GPtrArray *events;      /* (element-type DdEvent): empty while questions remain */
  guint questions;        /* DdQuestions */
  guint content_revision; /* of DD_QUESTION_CONTENT */
  char *requester;        /* (nullable): of DD_QUESTION_REQUIREMENTS */
  guint revision;         /* the revision that was made or moved, or 0 */
  guint question;         /* the number of a question that was asked, or 0 */
  guint unordered;        /* of a new revision: how many of its lines are in no order */
  GPtrArray *steps;       /* (nullable) (element-type DdRequirement): the requirements, with what stands */
  GArray *decided; /* (nullable) (element-type guint): of an approval or refusal: the steps it decided */
  const GPtrArray
    *remarks; /* (nullable) (element-type utf8): what the request said and nothing maps; the command's own */
} DdDecision;

DdDecision *dd_decision_new (void);
void dd_decision_free (DdDecision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdDecision, dd_decision_free)

/**
 * dd_decide:
 * @deal: the state; a new deal (version 0) for DD_COMMAND_OPEN. Not changed.
 * @command: what is asked
 * @facts: what is known beyond the state
 *
 * Returns: (transfer full) (nullable): events that do what was asked, or questions. No events and no
 * questions: there was nothing to do. Errors: DD_ERROR_ILLEGAL_MOVE, DD_ERROR_CONFLICT, DD_ERROR_NOT_FOUND,
 * DD_ERROR_INCOMPLETE, DD_ERROR_NO_AUTHORITY, DD_ERROR_INVALID_ARGUMENT.
 */
DdDecision *dd_decide (const DdDeal *deal, const DdCommand *command, const DdFacts *facts, GError **error);

G_END_DECLS
