/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A host over a private directory of plugins, with datasets from CSV text. Jobs run on the host's own pool
 * while the test waits.
 */
#pragma once

#include "host.h"

G_BEGIN_DECLS

typedef struct
{
  char *directory; /* for .plugin files of the test; removed at the end */
  GKeyFile *options;
  GHashTable *tables;   /* dataset name to CSV text */
  GHashTable *compiled; /* dataset name to DdDataset */
  GPtrArray *disabled;  /* ids */
  GPtrArray *in_daemon; /* ids */
  GPtrArray *isolated;  /* ids */
  GPtrArray *network;   /* ids */
  gint64 idle_usec;
  const char *runner_path; /* (nullable): the built one */
  const char *runner_dir;  /* (nullable) */
  gint64 deadline_usec;
  gint64 grace_usec;
  gint64 start_usec;
  char *crash_file; /* (nullable): none */
  DdHost *host;     /* after fixture_start() */
  DdCallContext context;
} Fixture;

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

/* Puts NAME.plugin and a link to the zoo's NAME.so into the directory; it runs in the daemon. @text: what
 * follows Id, Module and Abi. */
void fixture_add (Fixture *fixture, const char *name, const char *text);
/* The same, and it runs in a runner. */
void fixture_add_isolated (Fixture *fixture, const char *name, const char *text);
/* The file as it is given, without a module. */
void fixture_write (Fixture *fixture, const char *file, const char *text);
void fixture_link (Fixture *fixture, const char *from, const char *to);
/* The dataset's rows from now on, as they were stored before it was declared as it is: nothing is checked but
 * types and keys. */
void fixture_table (Fixture *fixture, const char *dataset, const char *csv);
/* A DdDatasetSource of these tables; @data is the fixture, which owns the result. Any one thread at a time.
 */
DdDataset *fixture_compile (const DdDatasetDeclaration *declaration, gpointer data, GError **error);

/* @shipped: search the shipped plugins, too. */
void fixture_start (Fixture *fixture, gboolean shipped);

/* "STATE: REASON" of the plugin, "" when there is none. (transfer full) */
char *fixture_state (Fixture *fixture, const char *id);
/* Ids in the host's order, with ", " between. (transfer full) */
char *fixture_order (Fixture *fixture);

/* The calls, run in a job. A call that hung gives the job's failure. */
DdAnswers *fixture_price (Fixture *fixture, DdProposal *proposal, GError **error);
GPtrArray *fixture_require (Fixture *fixture,
                            const DdMeasure *measures,
                            guint n_measures,
                            const char *requester,
                            const char *const *groups,
                            GError **error);
DdAdvice *fixture_advise (Fixture *fixture,
                          const DdOffer *offers,
                          guint n_offers,
                          gint64 list_total,
                          gint64 opened,
                          gint64 deadline,
                          GError **error);
/* Of deal D-7. */
DdDelivery fixture_deliver (Fixture *fixture,
                            const char *order,
                            const char *key,
                            const char *document,
                            gboolean again,
                            char **out_receipt);

/* Lines of @offerings (NULL-terminated), with ids from "1", each of @quantity micros. */
DdProposal *fixture_proposal (gint64 quantity, ...) G_GNUC_NULL_TERMINATED;
DdProposal *fixture_line (const char *offering);
/* The same, of a product that stays as it is: plugins that open no charges answer it, too. */
DdProposal *fixture_kept_line (const char *offering);
void fixture_alter (DdProposal *proposal,
                    guint line,
                    const char *charge,
                    DdAdjustKind kind,
                    const char *currency,
                    gint64 value);

/* The error has @code, and its message contains each of the texts. Frees it. */
void assert_error (GError **error, DdErrorCode code, ...) G_GNUC_NULL_TERMINATED;

/* Runs @job on the pool and waits. TRUE when it returned, otherwise @error is why it was given up. */
gboolean fixture_run (Fixture *fixture, DdHostJob job, gpointer data, GError **error);

#define fixture_test(path, function)                                                                         \
  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

G_END_DECLS
