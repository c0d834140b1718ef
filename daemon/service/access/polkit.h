/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One question to polkit, with a deadline of our own. Subjects are bus names, never processes.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* @error: (nullable): why there is no answer; then @allowed is FALSE. */
typedef void (*DdPolkitAnswer) (gboolean allowed, const GError *error, gpointer data);

/* Main thread; calls @answer once. After 5 s (120 s when @interactive) the question is cancelled and denied.
 */
void dd_polkit_check (GDBusConnection *connection,
                      const char *sender,
                      const char *action,
                      gboolean interactive,
                      DdPolkitAnswer answer,
                      gpointer data);

G_END_DECLS
