/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asking the plugin under test, and its answer as text that can be compared.
 *
 * Through the host is how the daemon asks: what passes here passes there. Directly, still inside a call of
 * the host that checks every answer, the input can be laid out otherwise: in guarded pages, with fields
 * appended, cancelled. From a job of a session.
 */
#pragma once

#include "cases/cases.h"
#include "checks/pages.h"
#include "session.h"

G_BEGIN_DECLS

typedef struct
{
  char *text;       /* whole, or why it was refused */
  char *fault;      /* (nullable): what the host takes for misbehaviour */
  gboolean refused; /* it said why it can't */
  DdDelivery delivery;
  gint64 usec;   /* directly: in the plugin alone */
  guint n_looks; /* directly: how often it asked whether it is cancelled */
} DdAnswer;

void dd_answer_clear (DdAnswer *answer);

/* The first lines that differ, for people; NULL when none does. (transfer full) */
char *dd_answer_compare (const char *before, const char *after);

/* How a direct call is made. */
typedef struct
{
  guint extra;        /* bytes appended to every struct; a multiple of 8 */
  gboolean copy_rows; /* lookups, too, are in guarded pages */
  gint cancel_after;  /* looks at host->cancelled() until it says yes; -1: never */
  gint64 cancel_usec; /* after the plugin was entered, from when it says yes; 0: never */
} DdManner;

#define DD_MANNER_PLAIN ((DdManner){ .cancel_after = -1 })

/* @answer is cleared first. */
void dd_drive_host (DdSession *session, const DdCase *asked, DdAnswer *answer);
void dd_drive_direct (DdSession *session, const DdCase *asked, const DdManner *manner, DdAnswer *answer);

/* Pricing, through the host, while somebody asks why rules didn't apply. */
void dd_drive_explained (DdSession *session, const DdCase *asked, DdAnswer *answer);

/* Orders: with @key, and as after an unknown outcome when @again. */
void
dd_drive_order (DdSession *session, const DdCase *asked, const char *key, gboolean again, DdAnswer *answer);
/* A key that no delivery had before. (transfer full) */
char *dd_drive_new_key (void);

/* Texts of answers. (transfer full) */
char *dd_text_of_answers (const DdAnswers *answers);
char *dd_text_of_requirements (const GPtrArray *requirements);
char *dd_text_of_advice (guint action, gint64 total, const char *reason);
char *dd_text_of_delivery (guint delivery, const char *receipt);

G_END_DECLS
