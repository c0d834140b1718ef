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

typedef struct _CtlRun CtlRun;

typedef enum
{
  CTL_VERB_PLAIN = 0,
  CTL_VERB_CHANGES = 1 << 0,  /* has an idempotency key */
  CTL_VERB_MOVES = 1 << 1,    /* changes a deal: a version may be expected, it may have happened earlier */
  CTL_VERB_CUSTOMER = 1 << 2, /* may be the customer's move */
  CTL_VERB_EDITS = 1 << 3     /* takes a proposal, or edits on one */
} CtlVerbFlags;

typedef struct
{
  const char *name;
  const char *group;
  const char *help;  /* one line, a sentence without its end */
  const char *usage; /* the words after the verb */
  guint min_words;
  guint max_words;
  guint flags;                 /* CtlVerbFlags */
  const GOptionEntry *options; /* (nullable): its own */
  gboolean (*run) (CtlRun *run, GError **error);
} CtlVerb;

struct _CtlRun
{
  const CtlVerb *verb;
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
  CtlEdit edit;

  CtlBus *bus; /* (nullable) until ctl_run_bus() */
};

CtlRun *ctl_run_new (const CtlVerb *verb);
void ctl_run_free (CtlRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlRun, ctl_run_free)

/* What the verb takes; parsing with it fills @run. (transfer full) */
GOptionContext *ctl_run_context (CtlRun *run);

/* @arguments: (transfer full): the program's name and what followed the verb. Errors: G_OPTION_ERROR,
 * CTL_USAGE_ERROR. */
gboolean ctl_run_parse (CtlRun *run, char **arguments, GError **error);

/* (nullable), borrowed; opened when first asked for. */
CtlBus *ctl_run_bus (CtlRun *run, GError **error);

/* "D-1042" from the first word, which may also be "1042". (transfer full) (nullable) */
char *ctl_run_deal (CtlRun *run, GError **error);

/* A call on the deal of the first word, without arguments yet. (transfer full) (nullable) */
CtlRequest *ctl_run_deal_request (CtlRun *run, const char *method, GError **error);

/* @word as a revision, question … from 1. @what names it in the error. */
gboolean ctl_run_number (const char *word, const char *what, guint *out_number, GError **error);

/* The options that every change takes; a key is made if none was given. */
void ctl_run_add_change (CtlRun *run, CtlRequest *request);

/* "map" from --map, if there is any. */
gboolean ctl_run_add_map (CtlRun *run, CtlRequest *request, GError **error);

CtlReply *ctl_run_send (CtlRun *run, CtlRequest *request, GError **error);

/* Sends, and reads the first out argument as JSON. (transfer full) (nullable) */
DdJson *ctl_run_fetch (CtlRun *run, CtlRequest *request, GError **error);

/* The deal of the first word, from Get. @revision: with its proposal, or 0. (transfer full) (nullable) */
DdJson *ctl_run_get (CtlRun *run, guint revision, GError **error);

gboolean ctl_run_print (CtlRun *run, const CtlSection *sections, const DdJsonNode *root, GError **error);

/* Sends, and prints the first out argument. */
gboolean ctl_run_print_reply (CtlRun *run, CtlRequest *request, const CtlSection *sections, GError **error);

/* Ends the document in @writer and prints that. */
gboolean
ctl_run_print_written (CtlRun *run, const CtlSection *sections, DdJsonWriter *writer, GError **error);
gboolean ctl_run_print_text (const char *text, GError **error);

G_END_DECLS
