/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the runner takes from itself before any of the plugin's code runs.
 *
 * What stays: memory and threads of its own, descriptors 0 to 3, reading the plugin's directory and the
 * system's libraries and data, writing below the directories that it was given, and, with network, TCP
 * connections to others. What goes: every other file, every other socket, programs and processes, signals to
 * others, capabilities, memory that is both written and run. Names, sizes and times of files elsewhere can
 * still be asked for (stat), not their content.
 *
 * On a kernel without Landlock a plugin is refused, unless a unit of systemd's hides files from it, and it
 * neither writes nor connects; then its constructors can still open the other files to read, and nothing
 * after them can.
 *
 * Fails closed: what the kernel can't enforce is an error, never a weaker confinement. The runner's one
 * thread, once.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *plugin_dir; /* where the module is, links followed */
  const char *const
    *writable;      /* (nullable) NULL-terminated: existing directories that the plugin writes to */
  gboolean network; /* it may connect to others by TCP */
  gboolean in_unit; /* systemd's unit confines the process, too */
} DdConfinement;

/* Before the module is mapped, so that its constructors are confined too: closes descriptors above 3, then
 * no_new_privs, rlimits, Landlock, seccomp. What happens for good isn't undone by a later failure: on FALSE
 * the process ends. DD_ERROR_PLUGIN_REFUSED, DD_ERROR_UNAVAILABLE (what the kernel lacks). */
gboolean dd_confine (const DdConfinement *confinement, GError **error);

/* After the module is mapped, before its open(): on a kernel without Landlock nothing is opened from here on;
 * with Landlock it has nothing to do. */
gboolean dd_confine_loaded (GError **error);

/* Threads that all runners of one daemon may have together. */
#define DD_CONFINE_TASKS 128

/* Processor time that the runner may use in its life, in seconds; past half of it it should end between two
 * calls. The kernel ends it past the whole. */
#define DD_CONFINE_CPU_SECONDS 3600

G_END_DECLS
