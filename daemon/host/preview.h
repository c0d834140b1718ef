/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a start would find wrong with plugins and what the configuration says of them, without loading any.
 * One thread.
 */
#pragma once

#include "host.h"

G_BEGIN_DECLS

/* @file: (nullable): the plugin's; NULL: the configuration's. @group, @key: (nullable): where in it. */
typedef void (*DdHostFinding) (
  const char *file, const char *group, const char *key, const char *message, gpointer data);

/* All findings, not only the first. */
void dd_host_check (const DdHostOptions *options, DdHostFinding finding, gpointer data);

/* The options of every plugin that is found and whose file is sound, with the values that a start would give
 * them. @configured: the value is the configuration's, not the default. */
typedef void (*DdHostOptionFunc) (
  const char *id, const char *name, const char *value, gboolean configured, gpointer data);
void dd_host_preview_options (const DdHostOptions *options, DdHostOptionFunc func, gpointer data);

G_END_DECLS
