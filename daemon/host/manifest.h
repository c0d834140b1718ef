/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * NAME.plugin: what a plugin says about itself before any of its code is loaded.
 *
 * A key file with the groups [Plugin] (Id, Module, Abi, Kinds, Stage, After, Before, Conflicts, Version,
 * Isolation, Network), [Dataset NAME] (Columns, Validity, Unique, Priority, Tiers, Years, Agree) and [Option
 * NAME] (Type, Default, Description). What isn't known is refused, not skipped. Any thread; immutable once
 * read.
 */
#pragma once

#include "dataset.h"

G_BEGIN_DECLS

typedef enum
{
  DD_KIND_PRICING,
  DD_KIND_APPROVAL,
  DD_KIND_NEGOTIATION,
  DD_KIND_HANDOFF,
  DD_N_KINDS
} DdKind;

typedef enum
{
  DD_OPTION_TEXT,
  DD_OPTION_INTEGER,
  DD_OPTION_PERCENT, /* nanos */
  DD_OPTION_DECIMAL, /* nanos */
  DD_OPTION_BOOLEAN,
  DD_OPTION_DIRECTORY, /* "", or an absolute path of a directory that is there; its runner may write below it
                        */
  DD_N_OPTION_TYPES
} DdOptionType;

typedef struct
{
  char *name;
  guint8 type;       /* DdOptionType */
  guint8 required;   /* it must be set: the default is "" and does not do */
  char *value;       /* the default */
  char *description; /* (nullable) */
} DdOptionSpec;

typedef struct
{
  char *path;
  char *module_path; /* beside it */
  char *id;
  char *version; /* (nullable) */
  guint kinds;   /* bit set of 1 << DdKind */
  int stage;     /* DdStage, or -1 unless pricing */
  char **after;  /* ids; never NULL */
  char **before;
  char **conflicts;
  gboolean in_daemon;  /* it asks to run in the daemon */
  gboolean network;    /* it needs the network */
  char *digest;        /* SHA-256 of the file's text, hexadecimal */
  GPtrArray *datasets; /* DdDatasetDeclaration*, in the file's order */
  GPtrArray *options;  /* DdOptionSpec* */
} DdManifest;

/* Reads and checks the file: its rights (and its module's and directory's), then every group and key.
 * DD_ERROR_PLUGIN_REFUSED. (transfer full) */
DdManifest *dd_manifest_read (const char *path, GError **error);
void dd_manifest_free (DdManifest *manifest);

/* The kinds that the file of a plugin that is refused says; 0 when that can't be known, since others can
 * write it, or it isn't a key file with kinds that there are. */
guint dd_manifest_peek_kinds (const char *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdManifest, dd_manifest_free)

/* "pricing;approval" */
char *dd_kinds_format (guint kinds);

/* "pricing", "text", as the file has them. */
const char *dd_kind_name (DdKind kind);
const char *dd_option_type_name (DdOptionType type);

/* @text as a value of @type. @out_number: G_MININT64 for text. */
gboolean dd_option_parse (DdOptionType type, const char *text, gint64 *out_number, GError **error);

/* Refuses what others could change: @path and its directory, links followed, must belong to root or this user
 * and not be writable by group or others. DD_ERROR_PLUGIN_REFUSED. */
gboolean dd_rights_check (const char *path, GError **error);

G_END_DECLS
