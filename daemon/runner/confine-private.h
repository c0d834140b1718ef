/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The parts of confinement, in the order in which they are applied (confine.c). The runner's one thread.
 */
#pragma once

#include "confine.h"

G_BEGIN_DECLS

/* Under AddressSanitizer the address space can't be limited: its shadow alone is 16 TiB. */
#if defined(__SANITIZE_ADDRESS__)
#define DD_CONFINE_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DD_CONFINE_ADDRESS_SANITIZER 1
#endif
#endif

/* confine-tasks.c: RLIMIT_NPROC: what others of our user have, and DD_CONFINE_TASKS. */
guint64 dd_confine_tasks (const DdConfinement *confinement);

gboolean dd_confine_limits (const DdConfinement *confinement, GError **error);

/* The kernel's Landlock ABI; 0: it has none. */
int dd_confine_landlock_abi (void);
/* @abi: 1 or more; what later ones brought isn't asked for. */
gboolean dd_confine_files (const DdConfinement *confinement, int abi, GError **error);

/* @more_later: another filter may be added (dd_confine_no_opening()). */
gboolean dd_confine_calls (const DdConfinement *confinement, gboolean more_later, GError **error);
gboolean dd_confine_no_opening (GError **error);

G_END_DECLS
