/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Filters of system calls (see lesser-kernel.h). Any thread, for itself.
 */
#include "lesser-kernel.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>

gboolean
lesser_kernel_without_landlock (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  gboolean done =
    seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (landlock_create_ruleset), 0) == 0 &&
    seccomp_load (filter) == 0;

  seccomp_release (filter);
  return done;
}

gboolean
lesser_kernel_without_threads (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  const struct scmp_arg_cmp is_thread = { 0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD };
  gboolean done =
    seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (EAGAIN), SCMP_SYS (clone), 1, &is_thread) == 0 &&
    seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0) == 0 &&
    seccomp_load (filter) == 0;

  seccomp_release (filter);
  return done;
}
