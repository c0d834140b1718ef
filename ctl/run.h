/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One run of one verb: its words and options, its connection, and what it prints.
 *
 * The options of a single verb are variables of its file: a program runs one verb and ends. One thread.
 */
#pragma once

#include "bus.h"
#include "edit.h"
#include "output.h"

G_BEGIN_DECLS

typedef struct _DdCommand DdRun;

typedef enum
{
  DD_VERB_PLAIN = 0,
  DD_VERB_CHANGES = 1 << 0,  /* has an idempotency key */
  DD_VERB_MOVES = 1 << 1,    /* changes a deal: a version may be expected, it may have happened earlier */
  DD_VERB_CUSTOMER = 1 << 2, /* may be the customer's move */
  DD_VERB_EDITS = 1 << 3     /* takes a proposal, or edits on one */
} DdVerbFlags;

typedef struct
{
  const char *name;
  const char *group;
  const char *help;  /* one line, a sentence without its end */
  const char *usage; /* the words after the verb */
  guint min_words;
  guint max_words;
  guint flags;                 /* DdVerbFlags */
  const GOptionEntry *options; /* (nullable): its own */
  gboolean (*run) (DdRun *run, GError **error);
} DdVerb;

struct _DdCommand
{
  const DdVerb *verb;
  char **words;
  guint n_words;

  gboolean json;
  gboolean session;
  gboolean system;
  char *address;

  char *as;
  char *key;
  char *occurred_at;
  gint64 expected_version; /* 0: any */
  char *customer_person;
  char *channel;
  char *evidence;

  char *file;
  char *terms;
  char **map;
  gint base; /* --revision of a verb that edits; 0: not given */
  DdEdit edit;

  DdBus *bus; /* (nullable) until dd_run_bus() */
};

DdRun *dd_run_new (const DdVerb *verb);
void dd_run_free (DdRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdRun, dd_run_free)

/* What the verb takes; parsing with it fills @run. (transfer full) */
GOptionContext *dd_run_context (DdRun *run);

/* @arguments: (transfer full): the program's name and what followed the verb. Errors: G_OPTION_ERROR,
 * DD_USAGE_ERROR. */
gboolean dd_run_parse (DdRun *run, char **arguments, GError **error);

/* (nullable), borrowed; opened when first asked for. */
DdBus *dd_run_bus (DdRun *run, GError **error);

/* "D-1042" from the first word, which may also be "1042". (transfer full) (nullable) */
char *dd_run_deal (DdRun *run, GError **error);

/* A call on the deal of the first word, without arguments yet. (transfer full) (nullable) */
DdRequest *dd_run_deal_request (DdRun *run, const char *method, GError **error);

/* The word @index as a revision, question … from 1. @what names it in the error. */
gboolean dd_run_number (DdRun *run, guint index, const char *what, guint *out_number, GError **error);

/* The options that every change takes; a key is made if none was given. */
void dd_run_add_change (DdRun *run, DdRequest *request);

/* "map" from --map, if there is any. */
gboolean dd_run_add_map (DdRun *run, DdRequest *request, GError **error);

DdReply *dd_run_send (DdRun *run, DdRequest *request, GError **error);

/* The deal of the first word, from Get. @revision: with its proposal, or 0. (transfer full) (nullable) */
DdJson *dd_run_get (DdRun *run, guint revision, GError **error);

gboolean dd_run_print (DdRun *run, const DdSection *sections, const DdJsonNode *root, GError **error);

/* Ends the document in @writer and prints that. */
gboolean dd_run_print_written (DdRun *run, const DdSection *sections, DdJsonWriter *writer, GError **error);
gboolean dd_run_print_text (const char *text, GError **error);

G_END_DECLS
