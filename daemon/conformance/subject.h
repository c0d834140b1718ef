/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The plugin under test: its files, staged in a private directory, and what it is tested with.
 *
 * Staging lets an author's build folder have any rights, keeps other plugins out, and gives options of type
 * directory a directory to write to. The main thread makes it; children only read it.
 */
#pragma once

#include "manifest.h"
#include "trial.h"

G_BEGIN_DECLS

struct _DdSubject
{
  char *manifest_path; /* the author's */
  char *module_path;   /* (nullable): the author's; NULL when the manifest names none */
  char *scratch;       /* private, removed at the end */
  char *directory;     /* in it: what the host searches */
  char *copies;        /* in it: the same as copies, where a confined process can read them */
  const char *runner;  /* (transfer none): the program for isolated plugins */
  char *staged_manifest;
  char *id;             /* the manifest file's name without .plugin */
  DdManifest *manifest; /* (nullable): NULL when it can't be read; unread says why */
  char *unread;
  GKeyFile *options;    /* as the configuration would have them */
  gboolean network;     /* its file asks for the network */
  gboolean own_options; /* some were given on the command line */
  GHashTable *csv;      /* dataset name to file name: what was given on the command line */
  gint64 deadline_usec; /* of one call */
  guint runs;           /* of the same call */
  char **only;          /* (nullable) (transfer none): names of checks; NULL: all */
  char **arguments;     /* (transfer none): this program's own, for running it again */
};

/* Finds the plugin at @path: a .so, its .plugin or a directory with one. DD_ERROR_NOT_FOUND or
 * DD_ERROR_INVALID_ARGUMENT when there is nothing to test. A bad plugin is no error. */
DdSubject *dd_subject_new (const char *path, GError **error);
void dd_subject_free (DdSubject *subject);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DdSubject, dd_subject_free)

/* "NAME=VALUE" and "NAME=FILE.csv"; checked against the manifest, which must have been read. */
gboolean dd_subject_set_option (DdSubject *subject, const char *text, GError **error);
gboolean dd_subject_set_dataset (DdSubject *subject, const char *text, GError **error);

gboolean dd_subject_has (const DdSubject *subject, DdKind kind);

G_END_DECLS
