/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The records that frames are made of (see wire.h). Texts are numbers. Every record is a multiple of eight
 * bytes.
 */
#pragma once

#include "dealdesk-plugin.h"
#include "remote/wire.h"

G_BEGIN_DECLS

/* A body's head: then the records, the texts' places (guint32, rounded up to eight bytes), the texts. */
typedef struct
{
  guint32 records_size;
  guint32 n_texts;
  guint32 texts_size;
  guint32 reserved;
} DdWireBody;

/* What a frame begins with. */
typedef struct
{
  guint32 magic;
  guint32 type;
  guint32 serial;
  guint32 length; /* of the body */
} DdWireHeader;

#define DD_WIRE_MAGIC 0x3152u /* "R1" */

static inline guint64
dd_wire_round (guint64 size)
{
  return (size + 7) & ~(guint64)7;
}

/* --- HELLO, READY, REFUSED --- */

/* SHA-256 of a plugin's module; all zero: of none. */
typedef struct
{
  guint8 bytes[32];
} DdWireDigest;

typedef struct
{
  guint32 protocol; /* DD_WIRE_PROTOCOL */
  guint32 abi;      /* DEALDESK_ABI */
  guint32 path;     /* text: of NAME.plugin */
  guint32 digest;   /* text: SHA-256 of that file, as the daemon read it */
  guint32 network;  /* whether it may use the network */
  guint32 n_options;
  gint64 idle_usec; /* without a call it ends after so long */
  gint64 kill;      /* when the daemon gives the start up; monotonic, microseconds */

  /* What the plugin was opened with: nothing else is loaded. All zero: it is opened now. */
  DdWireDigest module;
} DdWireHello; /* then n_options DdWireOption, in the file's order */

typedef struct
{
  guint32 text;
  guint32 reserved;
  gint64 number;
} DdWireOption;

typedef struct
{
  guint32 protocol;
  guint32 kinds;   /* bit set of 1 << DdKind */
  guint32 dedupe;  /* DealdeskDedupe */
  guint32 version; /* text */
  DdWireDigest module;
} DdWireReady;

typedef struct
{
  guint32 reason; /* text */
  guint32 reserved;
} DdWireRefused;

typedef struct
{
  guint32 dataset; /* index in NAME.plugin's order */
  guint32 reserved;
} DdWireImage; /* with the image's descriptor */

/* --- CALL --- */

typedef struct
{
  guint32 kind;    /* DdKind */
  guint32 query;   /* handoff: whether it is query() */
  gint64 deadline; /* monotonic, microseconds */
  gint64 kill;     /* when the daemon gives it up */
} DdWireCall;      /* then the kind's own record */

typedef struct
{
  guint32 n_lines;
  guint32 n_charges;
  guint32 n_alterations; /* of all lines */
  gint32 date;
  guint32 customer;
  guint32 segment;
  guint32 country;
  char currency[4];
  guint32 first_charge; /* the index of the first that it opens */
  gint32 offer_end;
  guint32 explaining; /* whether somebody asks why a rule didn't apply */
  guint32 asked_rule; /* text: which one; none: any */
} DdWirePricing;      /* then the lines, the alterations in order of line, the charges */

typedef struct
{
  guint32 id;
  guint32 offering;
  guint32 site;
  guint32 action;
  guint32 commitment;
  guint32 n_alterations;
  guint32 first_charge;
  guint32 n_charges;
  gint64 quantity;
  guint32 category;
  guint32 unit;
  gint32 start;
  guint32 reserved;
} DdWireLine;

typedef struct
{
  guint32 charge;
  guint32 label;
  guint32 kind;
  char currency[4];
  gint64 value;
} DdWireAlteration;

typedef struct
{
  guint32 line;
  guint32 type;
  guint32 period;
  char currency[4];
  guint32 id;
  guint32 reserved;
} DdWireChargeView;

typedef struct
{
  guint32 n_measures;
  guint32 n_groups;
  guint32 requester;
  guint32 customer;
  guint32 segment;
  guint32 country;
  gint32 date;
  guint32 owner;
} DdWireApproval; /* then the measures, then the groups (DdWireName) */

typedef struct
{
  guint32 name;
  char currency[4];
  guint32 percent;
  guint32 worse;
  gint64 value;
  guint32 subject;
  guint32 category;
  guint32 text;
  guint32 reserved;
} DdWireMeasure;

typedef struct
{
  guint32 text;
  guint32 reserved;
} DdWireName;

typedef struct
{
  guint32 n_offers;
  char currency[4];
  gint64 list_total;
  gint64 opened;
  gint64 now;
  gint64 deadline;
} DdWireNegotiation; /* then the offers, as DealdeskOffer */

typedef struct
{
  guint32 key;
  guint32 deal;
  guint32 order;
  guint32 length; /* of the document: then so many bytes, rounded up to eight, with at least one NUL behind */
} DdWireOrder;

/* --- ANSWER --- */

/* Longer than what a text may have: it is refused for that, as long as it arrives so long. */
#define DD_WIRE_TEXT_LIMIT 1025

typedef struct
{
  guint32 result;   /* DealdeskResult, or DealdeskDelivery */
  guint32 overflow; /* it gave more than a frame may hold, and this isn't all of it */
  guint32 action;   /* DealdeskAdviceAction */
  guint32 reserved;
  gint64 total;
  char text[1024]; /* the advice's reason, or the receipt */
} DdWireAnswer;    /* then the operations: what the plugin called, in its order */

typedef enum
{
  DD_WIRE_CHARGE = 1,
  DD_WIRE_TIER,
  DD_WIRE_ADJUSTMENT,
  DD_WIRE_REQUIREMENT,
  DD_WIRE_FAIL,
  DD_WIRE_LOOKUP, /* one that can't be answered */
  DD_WIRE_CONTRACT,
  DD_WIRE_SHARE,
  DD_WIRE_EXPIRY,
  DD_WIRE_MISS
} DdWireOperation;

/* Every operation begins so. size: of the plugin's own struct; short of the first, its other fields are zero,
 * and its texts none. */
typedef struct
{
  guint32 operation;
  guint32 size;
} DdWireOperationHead;

typedef struct
{
  DdWireOperationHead head;
  guint32 line;
  guint32 id;
  guint32 name;
  guint32 source;
  char currency[4];
  guint32 type;
  guint32 period;
  guint32 mode;
  gint64 price;
  gint64 fee;
  gint64 free_units;
  gint64 package_size;
  gint64 minimum;
  gint64 maximum;
  gint64 per;
  guint32 aggregate;
  guint32 free_months;
  guint32 first_year;
  guint32 last_year;
  guint32 charge; /* of a contract: whose price it is; it has neither id nor name */
  guint32 reserved;
} DdWireChargeOperation; /* of contracts, too */

typedef struct
{
  DdWireOperationHead head;
  gint64 from;
  gint64 bound;
  gint64 price;
  gint64 fee;
} DdWireTierOperation;

typedef struct
{
  DdWireOperationHead head;
  guint32 charge;
  guint32 kind;
  guint32 mode;
  guint32 rule;
  guint32 label;
  guint32 source;
  guint32 group;
  gint32 group_priority;
  gint32 priority;
  char currency[4];
  gint64 value;
  guint32 first_year;
  guint32 last_year;
  gint64 threshold;
} DdWireAdjustmentOperation;

typedef struct
{
  DdWireOperationHead head;
  guint32 charge;
  guint32 type;
  guint32 period;
  guint32 line;
  guint32 offering;
  guint32 category;
  guint32 id;
  guint32 reserved;
} DdWireShareOperation;

typedef struct
{
  DdWireOperationHead head;
  guint32 charge;
  gint32 last;
  guint32 label;
  guint32 reserved;
} DdWireExpiryOperation;

/* More misses than these aren't sent: the host keeps no more of a call. */
#define DD_WIRE_MAX_MISSES 4096

typedef struct
{
  DdWireOperationHead head;
  guint32 line;
  guint32 rule;
  guint32 reason;
  guint32 reserved;
} DdWireMissOperation;

/* More candidates or governed measures than these aren't sent: so many are refused for their number. */
#define DD_WIRE_MAX_CANDIDATES 4096
#define DD_WIRE_MAX_GOVERNED   32768

typedef struct
{
  guint32 measure;
  guint32 worse;
} DdWireGoverned;

typedef struct
{
  DdWireOperationHead head;
  guint32 level;
  guint32 need;
  guint32 higher_is_worse;
  guint32 n_candidates;
  guint32 rule;
  guint32 measure;
  guint32 value;
  guint32 limit;
  guint32 subject;
  guint32 n_governed;
  guint32 n_informed;
  guint32 reserved;
} DdWireRequirementOperation; /* then, each unless they are too many, the candidates and the informed
                               * (DdWireName), and the DdWireGoverned */

typedef struct
{
  DdWireOperationHead head;
  guint32 line;
  guint32 message;
} DdWireFailOperation;

typedef struct
{
  DdWireOperationHead head;
  guint32 dataset;
  guint32 null_key; /* whether a key was NULL */
} DdWireLookupOperation;

/* --- shared by wire.c and frame.c --- */

/* Makes room for @length bytes. FALSE: more than a frame may hold. */
gboolean dd_wire_reserve (DdWireBuffer *buffer, gsize length);
void dd_wire_release (DdWireBuffer *buffer);
/* Gives back what isn't kept for the next frame. */
void dd_wire_empty (DdWireBuffer *buffer);

G_STATIC_ASSERT (sizeof (DdWireBody) % 8 == 0);
G_STATIC_ASSERT (sizeof (DdWireHello) % 8 == 0 && sizeof (DdWireOption) % 8 == 0);
G_STATIC_ASSERT (sizeof (DdWireCall) % 8 == 0 && sizeof (DdWirePricing) % 8 == 0);
G_STATIC_ASSERT (sizeof (DdWireLine) % 8 == 0 && sizeof (DdWireAlteration) % 8 == 0);
G_STATIC_ASSERT (sizeof (DdWireChargeView) % 8 == 0 && sizeof (DdWireApproval) % 8 == 0);
G_STATIC_ASSERT (sizeof (DdWireMeasure) % 8 == 0 && sizeof (DdWireNegotiation) % 8 == 0);
G_STATIC_ASSERT (sizeof (DealdeskOffer) % 8 == 0 && sizeof (DdWireOrder) % 8 == 0);
G_STATIC_ASSERT (sizeof (DdWireAnswer) % 8 == 0 && sizeof (DdWireChargeOperation) % 8 == 0);
G_STATIC_ASSERT (sizeof (DdWireTierOperation) % 8 == 0 && sizeof (DdWireAdjustmentOperation) % 8 == 0);
G_STATIC_ASSERT (sizeof (DdWireRequirementOperation) % 8 == 0 && sizeof (DdWireFailOperation) % 8 == 0);
G_STATIC_ASSERT (sizeof (DdWireShareOperation) % 8 == 0 && sizeof (DdWireExpiryOperation) % 8 == 0);
G_STATIC_ASSERT (sizeof (DdWireMissOperation) % 8 == 0);

G_END_DECLS
