/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What may come next on a command line: `dealctl complete WORD…`, which the shells' completions call.
 *
 * The verb table says it: its usage names what stands where, its options are GOption's. What only the daemon
 * knows (deals, revisions, plugins, datasets) is asked for, briefly. Completion never fails loudly and never
 * asks for a password: who can't be asked completes nothing. One thread.
 */
#pragma once

#include "run.h"

G_BEGIN_DECLS

/* A candidate a line: the word, and after a tab what it is, where there is something to say. A line ":files"
 * asks the shell for file names; after "--NAME=" of what follows it. */

/* @words: what followed dealctl, the last being the word to complete, which may be empty. */
gboolean ctl_complete (char **words, GError **error);

typedef struct
{
  CtlRun *run;        /* for its connection */
  const char *prefix; /* the word's beginning */
  const char *joined; /* (nullable): "--NAME=", which stands before it in the same word */
  GString *out;
} CtlCompletion;

void ctl_completion_add (CtlCompletion *completion, const char *word, const char *help);

/* Adds what the daemon knows under @placeholder, a word of a usage such as "DEAL". @first: (nullable): the
 * verb's first word. */
void ctl_complete_facts (CtlCompletion *completion, const char *placeholder, const char *first);

G_END_DECLS
