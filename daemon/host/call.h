/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One call into plugins: what they see, what they answer, and how it went.
 *
 * A call owns, or holds references to, all that a plugin may look at, so that a plugin that hangs can be left
 * behind with it. It may go through several plugins one after the other (a pricing run does); answers add up.
 * Every answer is checked as it comes: the first that can't be right fails the call, and nothing of it is
 * used.
 */
#pragma once

#include "host-private.h"
#include "json/arena.h"

G_BEGIN_DECLS

#define DD_LABEL_SLOTS  1024
#define DD_LOOKUP_SLOTS 512

/* What was found for a key, or that nothing was: for the run that it names only. */
typedef struct
{
  const char *key; /* the rows' own leading key; of what isn't there the call's copy */
  const DealdeskCell *cells;
  guint32 n_rows;
  guint32 dataset;
  guint32 run;
} DdFound;

struct DealdeskCall
{
  DdWatch watch;
  DdHost *host;
  DdCallContext context; /* its text is in the arena */
  gint32 date;
  DdArena arena;

  GPtrArray *plugins; /* (nullable) (element-type DdPlugin): those that it goes through */

  /* of the plugin in progress */
  DdPlugin *plugin;
  const char *version; /* of what was called; its module stays mapped */
  DdKind kind;
  DdDataset **datasets; /* one a view */
  guint32 run;          /* counts plugins' turns, from 1: findings of others don't count */
  DdFound found[DD_LOOKUP_SLOTS];
  char *lie;           /* the first answer that can't be */
  char *fault;         /* what it did wrong, once it has returned */
  char *said;          /* why the plugin says that it fails */
  DdErrorCode unasked; /* why it wasn't asked */
  guint32 said_line;
  gboolean entered; /* the plugin was called */
  gsize text_bytes; /* what it gave in labels and candidates that the call keeps */

  /* pricing */
  DdProposal *proposal;
  DdAnswers *answers;
  DealdeskLine *lines;
  guint32 n_lines;
  DealdeskChargeView *views; /* what plugins before opened */
  guint32 n_views;
  guint32 first_charge;     /* of this plugin */
  guint32 first_contract;   /* the same */
  guint32 next_contract;    /* no charge from this one on is contracted */
  DdCharge *tiered;         /* (nullable): the charge or contracted price that tiers now belong to */
  GArray *shares;           /* (nullable) DealdeskShare, until they are resolved; texts in the arena */
  GPtrArray *misses;        /* (nullable) (element-type DdMiss): somebody asks why rules didn't apply */
  const char *asked_rule;   /* (nullable): the one that is asked about */
  DdCurrency last_currency; /* checked last */
  guint32 labels[DD_LABEL_SLOTS];

  /* approval */
  DealdeskApprovalInput approval;
  GPtrArray *requirements; /* DdRequirement* */
  guint n_governed;        /* measures that all of them govern */
  gsize governed_bytes;    /* and their texts, each time that one is governed */

  /* negotiation */
  DealdeskNegotiationInput negotiation;
  DealdeskAdvice advice;

  /* handoff */
  DealdeskOrder order;
  GBytes *document;
  gboolean query;
  DealdeskDelivery delivery;
  char receipt[1024];
};

/* Must run on one of the pool's threads. */
DealdeskCall *dd_call_new (DdHost *host, const DdCallContext *context);
void dd_call_free (DealdeskCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DealdeskCall, dd_call_free)

/* Calls @plugin through @body, which calls the plugin's function and checks what it returned. @stated: the
 * error code when the plugin itself said why it fails; faults are DD_ERROR_PLUGIN_FAILED. Doesn't return when
 * the call hangs past its grace. */
typedef DealdeskResult (*DdCallBody) (DealdeskCall *call);
gboolean dd_call_run (
  DealdeskCall *call, DdPlugin *plugin, DdKind kind, DdCallBody body, DdErrorCode stated, GError **error);

/* Notes that the plugin answered what can't be; the first note counts. */
void dd_call_lie (DealdeskCall *call, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The day of @time, microseconds since 1970: days begin at midnight UTC, before 1970 too. */
gint32 dd_day_of (gint64 time);

/* The last day of the offer; DD_NO_DAY when it has no end. */
gint32 dd_call_offer_end (const DdProposal *proposal);

/* The day that prices are asked for, such as 2026-06-30. (transfer full) */
char *dd_call_format_date (const DealdeskCall *call);

/* Notes that the plugin can't be asked, which isn't its fault: the call fails with @reason and @code, and
 * counts for nothing. */
void dd_call_unasked (DealdeskCall *call, DdErrorCode code, const char *reason);

/* Counts a text that is kept, with its place; notes a lie, and gives FALSE, above @most bytes. @what: the
 * texts' kind, for people. */
gboolean dd_call_count_text (DealdeskCall *call, const char *text, gsize most, const char *what);

/* @text in the call's arena; NULL gives "". */
const char *dd_call_text (DealdeskCall *call, const char *text);

/* What a plugin may use: the host's functions. */
extern const DealdeskHost dd_call_functions;

/* The functions, by what they take (answer-price.c, answer-contract.c, answer-require.c, lookup.c). */
uint32_t dd_call_count_rows (DealdeskCall *call, uint32_t dataset);
void dd_call_lookup (
  DealdeskCall *call, uint32_t dataset, const char *const *keys, uint32_t n, DealdeskRows *rows);
uint32_t dd_call_add_charge (DealdeskCall *call, const DealdeskCharge *charge);
void dd_call_add_tier (DealdeskCall *call, const DealdeskTier *tier);
void dd_call_add_adjustment (DealdeskCall *call, const DealdeskAdjustment *adjustment);
void dd_call_add_requirement (DealdeskCall *call, const DealdeskRequirement *requirement);
void dd_call_add_contract (DealdeskCall *call, uint32_t charge, const DealdeskCharge *contract);
void dd_call_add_share (DealdeskCall *call, const DealdeskShare *share);
void dd_call_add_expiry (DealdeskCall *call, const DealdeskExpiry *expiry);
int dd_call_explaining (DealdeskCall *call, const char **rule);
void dd_call_add_miss (DealdeskCall *call, const DealdeskMiss *miss);

/* The numbers of @charge, checked, as an answer; of a contracted price @replaced is what it replaces, else
 * NULL. FALSE: it is a lie, and noted. */
gboolean dd_call_read_charge (DealdeskCall *call,
                              const DealdeskCharge *charge,
                              const DdCharge *replaced,
                              DdCharge *out_answer);

/* shares.c: once every base plugin has answered, and charges keep their places. DD_ERROR_TOO_LARGE. */
gboolean dd_call_resolve_shares (DealdeskCall *call, GError **error);

/* rates.c: once every plugin has answered. DD_ERROR_UNPRICED names line, charge, currencies and day. */
gboolean dd_call_settle_currencies (DealdeskCall *call, GError **error);

/* Whether @text can go into answers; otherwise notes a lie that calls it @what. */
gboolean dd_call_check_text (DealdeskCall *call, const char *text, const char *what);

/* answer-price.c: @text as a label of the answers, checked and counted; 0, and a lie that calls it @what,
 * when it can't be one. */
guint32 dd_call_label (DealdeskCall *call, const char *text, const char *what);

/* A slot among 2^@bits for a pointer whose text is likely to come again at the same place. */
static inline guint
dd_call_slot (gconstpointer pointer, guint bits)
{
  return (guint)(((guint64)GPOINTER_TO_SIZE (pointer) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >>
                 (64 - bits));
}

G_END_DECLS
