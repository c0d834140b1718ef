/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The fates of bad plugins: what becomes of each, and of the daemon, when it runs inside and when it runs in
 * a runner. test-zoo.c makes every row true.
 *
 * Inside, a plugin shares the daemon's memory, descriptors, user and fate: it is trusted with files, sockets,
 * processes and memory, and only what it answers is checked. So MANAGED and ENDS inside are no surprise, they
 * are why plugins that aren't dealdesk's own run in runners. There no row is MANAGED or ENDS.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ZOO_PRICED,  /* the misdeed was refused or did no harm: the right price */
  ZOO_MANAGED, /* the misdeed was done: the plugin says so, with these words */
  ZOO_FAULT,   /* the call fails, with these words, and counts against the plugin; all else goes on */
  ZOO_REFUSED, /* it isn't used from the start, with these words; all else is */
  ZOO_ENDS,    /* the whole daemon ends: by this signal, or "0" as if all were well */
  ZOO_UNTRIED  /* for the reason in these words */
} ZooFate;

typedef struct
{
  const char *animal;
  const char *option; /* (nullable): the value of its first option */
  gboolean hangs;     /* the call is given up */
  guint calls;        /* that fare alike */
  ZooFate inside;
  const char *inside_words;
  ZooFate runner;
  const char *runner_words;
} ZooRow;

#ifdef ZOO_SANITIZED
#define ZOO_MEMORY ZOO_MANAGED /* AddressSanitizer's shadow leaves no limit for the address space */
#define ZOO_DIED   "its process ended"
#else
#define ZOO_MEMORY ZOO_PRICED
#define ZOO_DIED   "its process ended by signal"
#endif

static const ZooRow zoo_rows[] = {
  { "honest", NULL, FALSE, 5, ZOO_PRICED, "", ZOO_PRICED, "" },

  /* what it says of itself */
  { "wrong-abi", NULL, FALSE, 1, ZOO_REFUSED, "ABI 2", ZOO_REFUSED, "ABI 2" },
  { "no-symbol", NULL, FALSE, 1, ZOO_REFUSED, "dealdesk_plugin", ZOO_REFUSED, "dealdesk_plugin" },
  { "short-struct", NULL, FALSE, 1, ZOO_REFUSED, "24 bytes", ZOO_REFUSED, "24 bytes" },
  { "long-struct", NULL, FALSE, 2, ZOO_PRICED, "", ZOO_PRICED, "" },

  /* what it answers */
  { "fail", NULL, FALSE, 1, ZOO_FAULT, "didn't say why", ZOO_FAULT, "didn't say why" },
  { "liar", "charge-line", FALSE, 1, ZOO_FAULT, "on line 7 of 2", ZOO_FAULT, "on line 7 of 2" },
  { "liar", "charge-size", FALSE, 1, ZOO_FAULT, "8 bytes", ZOO_FAULT, "8 bytes" },
  { "liar", "charge-price", FALSE, 1, ZOO_FAULT, "negative", ZOO_FAULT, "negative" },
  { "liar", "charge-currency-end", FALSE, 1, ZOO_FAULT, "ISO 4217", ZOO_FAULT, "ISO 4217" },
  { "liar", "charge-null", FALSE, 1, ZOO_FAULT, "no charge name", ZOO_FAULT, "no charge name" },
  { "liar", "charge-utf8", FALSE, 1, ZOO_FAULT, "UTF-8", ZOO_FAULT, "UTF-8" },
  { "liar", "adjust-charge", FALSE, 1, ZOO_FAULT, "charge 7 of 1", ZOO_FAULT, "charge 7 of 1" },
  { "liar", "adjust-value", FALSE, 1, ZOO_FAULT, "negative value", ZOO_FAULT, "negative value" },
  { "liar", "contract-charge", FALSE, 1, ZOO_FAULT, "price of charge 7 of 1", ZOO_FAULT,
    "price of charge 7 of 1" },
  { "liar", "contract-size", FALSE, 1, ZOO_FAULT, "a charge of 8 bytes", ZOO_FAULT, "a charge of 8 bytes" },
  { "liar", "share-mode", FALSE, 1, ZOO_FAULT, "mode isn't share", ZOO_FAULT, "mode isn't share" },
  { "liar", "share-number", FALSE, 1, ZOO_FAULT, "than 64 times", ZOO_FAULT, "than 64 times" },
  { "liar", "share-size", FALSE, 1, ZOO_FAULT, "a share of 8 bytes", ZOO_FAULT, "a share of 8 bytes" },
  { "liar", "expiry-charge", FALSE, 1, ZOO_FAULT, "expiry of charge 7", ZOO_FAULT, "expiry of charge 7" },
  { "liar", "expiry-label", FALSE, 1, ZOO_FAULT, "no label", ZOO_FAULT, "no label" },
  /* nobody asks */
  { "liar", "miss-line", FALSE, 1, ZOO_PRICED, "", ZOO_PRICED, "" },
  { "liar", "lookup-dataset", FALSE, 1, ZOO_FAULT, "dataset 3 of the 1", ZOO_FAULT, "dataset 3 of the 1" },
  { "liar", "price-requirement", FALSE, 1, ZOO_FAULT, "approves nothing", ZOO_FAULT, "approves nothing" },

  /* when it answers: inside a thread is lost with it, in a runner a process */
  { "late", NULL, TRUE, 1, ZOO_FAULT, "was late", ZOO_FAULT, "was late" },
  { "hang", NULL, TRUE, 1, ZOO_FAULT, "did not return", ZOO_FAULT, "didn't answer" },
  { "spin", NULL, TRUE, 1, ZOO_FAULT, "did not return", ZOO_FAULT, "didn't answer" },
  { "spin", "open", TRUE, 1, ZOO_UNTRIED, "the daemon's start waits for open()", ZOO_REFUSED,
    "didn't answer" },
  { "leave", NULL, TRUE, 1, ZOO_FAULT, "did not return", ZOO_FAULT, "its process ended with status 0" },

  /* how it ends */
  { "wild", NULL, FALSE, 1, ZOO_ENDS, "11", ZOO_FAULT, ZOO_DIED },
  { "wild", "open", FALSE, 1, ZOO_ENDS, "11", ZOO_REFUSED, ZOO_DIED },
  { "deep", NULL, FALSE, 1, ZOO_ENDS, "11", ZOO_FAULT, ZOO_DIED },
  { "abort", NULL, FALSE, 1, ZOO_ENDS, "6", ZOO_FAULT, ZOO_DIED },
  { "quit", NULL, FALSE, 1, ZOO_ENDS, "0", ZOO_FAULT, "its process ended with status 0" },

  /* what it takes and touches */
  { "fork", NULL, FALSE, 1, ZOO_MANAGED, "made 64 processes and 1 programs", ZOO_PRICED, "" },
  { "memory", NULL, FALSE, 1, ZOO_MANAGED, "took 1 GiB", ZOO_MEMORY, "took 1 GiB" },
  { "leak", NULL, FALSE, 200, ZOO_PRICED, "", ZOO_PRICED, "" },
  { "files", NULL, FALSE, 1, ZOO_MANAGED, "opened /etc/passwd, opened /proc/self/maps", ZOO_PRICED, "" },
  { "connect", NULL, FALSE, 1, ZOO_MANAGED, "connected: TCP socket", ZOO_PRICED, "" },
  { "kill", NULL, FALSE, 1, ZOO_MANAGED, "killed its parent", ZOO_PRICED, "" },
  { "early", NULL, FALSE, 1, ZOO_MANAGED, "before it was asked: a file a socket a process", ZOO_PRICED, "" },
  /* it sees the call's own copy of the lines; of datasets it sees the daemon's, and is trusted not to write
   */
  { "scribble", NULL, FALSE, 2, ZOO_PRICED, "", ZOO_PRICED, "" },
  { "noise", NULL, FALSE, 1, ZOO_UNTRIED, "descriptor 3 may be anything of the daemon's", ZOO_FAULT,
    "said what can't be right" },
  { "close", NULL, FALSE, 1, ZOO_UNTRIED, "it closes the daemon's bus and store", ZOO_FAULT, "its process" },
};

G_END_DECLS
