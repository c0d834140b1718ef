/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * NAME.plugin: what a plugin says about itself before any of its code is loaded.
 *
 * A key file with the groups [Plugin] (Id, Module, Abi, Kinds, Stage, After, Before, Conflicts, Version),
 * [Dataset NAME] (Columns) and [Option NAME] (Type, Default, Description). What isn't known is refused, not
 * skipped. Any thread; immutable once read.
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
  DD_N_OPTION_TYPES
} DdOptionType;

typedef struct
{
  char *name;
  guint8 type; /* DdOptionType */
  char *value; /* the default */
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
  GPtrArray *datasets; /* DdDatasetDeclaration*, in the file's order */
  GPtrArray *options;  /* DdOptionSpec* */
} DdManifest;

/* Reads and checks the file: its rights (and its module's and directory's), then every group and key.
 * DD_ERROR_PLUGIN_REFUSED. (transfer full) */
DdManifest *dd_manifest_read (const char *path, GError **error);
void dd_manifest_free (DdManifest *manifest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdManifest, dd_manifest_free)

/* "pricing;approval" */
char *dd_kinds_format (guint kinds);

/* @text as a value of @type. @out_number: G_MININT64 for text. */
gboolean dd_option_parse (DdOptionType type, const char *text, gint64 *out_number, GError **error);

/* Refuses what others could change: @path and its directory, links followed, must belong to root or this user
 * and not be writable by group or others. DD_ERROR_PLUGIN_REFUSED. */
gboolean dd_rights_check (const char *path, GError **error);

G_END_DECLS
