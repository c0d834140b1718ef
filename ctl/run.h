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
  CTL_VERB_EDITS = 1 << 3,    /* takes a proposal, or edits on one */
  CTL_VERB_LIVE = 1 << 4      /* prints as things happen: nothing is held back for a pager */
} CtlVerbFlags;

/* One shape of the document that a verb prints with --json; help --schema and the installed schemas are made
 * of it. */
typedef struct
{
  const char *name; /* "", or what tells it from the verb's other forms, such as "lines"; NULL ends a list */
  const CtlSection *sections;
} CtlForm;

#define CTL_FORM_END                                                                                         \
  {                                                                                                          \
    NULL, NULL                                                                                               \
  }

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
  const CtlForm *forms; /* all that ctl_run_print() may be given */
} CtlVerb;

struct _CtlRun
{
  const CtlVerb *verb;
  char **words;
  guint n_words;

  gboolean json;
  gboolean help;
  gboolean no_pager;
  char *colour;   /* (nullable): --color */
  CtlStyle style; /* of standard output, after parsing */
  gboolean session;
  gboolean system;
  char *address;

  char *as;
  char *key;
  gboolean dry_run;
  char *occurred_at;
  gint64 expected_version; /* 0: any */
  char *customer_person;
  char *channel;
  char *evidence;

  char *file;
  GBytes *offer; /* (nullable) until read: what is in @file */
  char *terms;
  char **map;
  gint base; /* --revision of a verb that edits; 0: not given */
  CtlEdit edit;

  CtlBus *bus; /* (nullable) until ctl_run_bus() */
};

CtlRun *ctl_run_new (const CtlVerb *verb);
void ctl_run_free (CtlRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlRun, ctl_run_free)

/* @arguments: (transfer full): the program's name and what followed the verb. Errors: G_OPTION_ERROR,
 * CTL_USAGE_ERROR. */
gboolean ctl_run_parse (CtlRun *run, char **arguments, GError **error);

/* (nullable), borrowed; opened when first asked for. */
CtlBus *ctl_run_bus (CtlRun *run, GError **error);

/* Whether @word looks like a deal's id: "D-1042" or "1042". */
gboolean ctl_run_is_deal (const char *word);

/* "D-1042" from @word, which may also be "1042". (transfer full) (nullable) */
char *ctl_run_deal_word (const char *word, GError **error);

/* The same from the first word. (transfer full) (nullable) */
char *ctl_run_deal (CtlRun *run, GError **error);

/* A call on the deal of the first word, without arguments yet. (transfer full) (nullable) */
CtlRequest *ctl_run_deal_request (CtlRun *run, const char *method, GError **error);

/* @word as a revision, question … from 1. @what names it in the error, and is translated
 * there. */
gboolean ctl_run_number (const char *word, const char *what, guint *out_number, GError **error);

/* Values of options: (nullable) means that it wasn't given. @choices: "one|two". */
gboolean ctl_run_choice (const char *option, const char *value, const char *choices, GError **error);
gboolean ctl_run_moment (const char *option, const char *value, GError **error);

/* As above, and what completion offers. */
#define CTL_CHANNELS        "portal|mail|letter|meeting"
#define CTL_COLOURS         "auto|always|never"
#define CTL_STATES          "preparing|negotiating|agreed|signed|closed|declined|withdrawn|expired"
#define CTL_PRICE_BY        "line|site|category"
#define CTL_GOALS           "total=|margin="
#define CTL_KINDS           "pricing|approval|negotiation|handoff"
#define CTL_REQUEST_FORMATS "tmf648|proposal"

/* The options that every change takes; a key is made if none was given. */
void ctl_run_add_change (CtlRun *run, CtlRequest *request);

/* "map" from --map, if there is any. */
gboolean ctl_run_add_map (CtlRun *run, CtlRequest *request, GError **error);

CtlReply *ctl_run_send (CtlRun *run, CtlRequest *request, GError **error);

/* Names that the daemon knows: the first column of what @method of @interface lists. */
typedef struct
{
  const char *path;
  const char *interface;
  const char *method;
  const char *kind; /* (nullable): of plugins, only those of this kind */
} CtlNames;

/* @word is a name that the daemon didn't find, as @error says: adds the one of @from that was probably meant,
 * or all when they are few. Of another error it adds nothing. */
void ctl_run_suggest (CtlRun *run, const CtlNames *from, const char *word, GError **error);

/* Puts @file before @error, when that is about a place in a document: the daemon has only its bytes. @file:
 * (nullable): the document wasn't one that the user named. */
void ctl_run_name_file (const char *file, GError **error);

/* Sends, and reads the first out argument as JSON. (transfer full) (nullable) */
DdJson *ctl_run_fetch (CtlRun *run, CtlRequest *request, GError **error);

/* The deal of the first word, from Get. @revision: with its proposal, or 0. (transfer full) (nullable) */
DdJson *ctl_run_get (CtlRun *run, guint revision, GError **error);

gboolean ctl_run_print (CtlRun *run, const CtlSection *sections, const DdJsonNode *root, GError **error);

/* Sends, and prints the first out argument. */
gboolean ctl_run_print_reply (CtlRun *run, CtlRequest *request, const CtlSection *sections, GError **error);

/* Sends, and prints the one out argument, an array, as the first of @sections with @keys: see
 * ctl_shape_write_rows(). */
gboolean ctl_run_print_array (
  CtlRun *run, CtlRequest *request, const char *const *keys, const CtlSection *sections, GError **error);

/* Ends the document in @writer and reads it. (transfer full) (nullable) */
DdJson *ctl_run_read_written (DdJsonWriter *writer, GError **error);

/* Ends the document in @writer and prints that. */
gboolean
ctl_run_print_written (CtlRun *run, const CtlSection *sections, DdJsonWriter *writer, GError **error);

/* @text is for people: it is written in the locale's character set, and in a pager when all is long. */
gboolean ctl_run_print_text (const char *text, GError **error);

/* @text is JSON, which is UTF-8 in every locale. */
gboolean ctl_run_print_document (const char *text, GError **error);

G_END_DECLS
