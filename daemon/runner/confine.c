/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The order of confinement (see confine.h): each step needs what the next one takes away. The runner's one
 * thread.
 */
#include "confine-private.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error.h"

#define LAST_DESCRIPTOR 3

static gboolean landlocked;

/* Landlock holds for one thread and those that it starts, so there must be no other yet. */
static gboolean
check_alone (GError **error)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, error))
    return FALSE;
  line = strstr (status, "\nThreads:");
  if (line == NULL || g_ascii_strtoll (line + strlen ("\nThreads:"), NULL, 10) != 1)
    return dd_fail (error, DD_ERROR_FAILED, "the runner has threads before it is confined");
  return TRUE;
}

static gboolean
drop_capabilities (GError **error)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
  struct __user_cap_data_struct now[_LINUX_CAPABILITY_U32S_3];

  /* The unit's system calls don't even include dropping them. */
  if (syscall (SYS_capget, &header, now) == 0 && memcmp (now, none, sizeof now) == 0)
    return TRUE;
  if (syscall (SYS_capset, &header, none) != 0)
    return dd_fail (error, DD_ERROR_FAILED, "the runner's capabilities can't be dropped: %s",
                    g_strerror (errno));
  return TRUE;
}

static gboolean
give_up_rights (GError **error)
{
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "this kernel has no no_new_privs: %s", g_strerror (errno));
  if (prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return dd_fail (error, DD_ERROR_FAILED, "the runner can't be made undumpable: %s", g_strerror (errno));
  return drop_capabilities (error);
}

/* Asking for names over UDP is refused, so the resolver must use TCP. */
static void
resolve_by_tcp (void)
{
  g_setenv ("RES_OPTIONS", "use-vc", TRUE);
}

static gboolean
refuse_without_landlock (gboolean reaches_out, GError **error)
{
  return dd_fail (error, DD_ERROR_UNAVAILABLE,
                  "this kernel has no Landlock, so %s can't be confined, and isn't run; Linux 5.13 or later "
                  "with landlock among its security modules (lsm=) would do%s",
                  reaches_out ? "a plugin that writes to directories or uses the network"
                              : "a plugin that the daemon starts",
                  reaches_out ? "" : ", or its dealdesk-runner@ID.socket, so that systemd starts it");
}

gboolean
dd_confine (const DdConfinement *confinement, GError **error)
{
  gboolean writes = confinement->writable != NULL && confinement->writable[0] != NULL;
  int abi = dd_confine_landlock_abi ();

  if (abi == 0 && (writes || confinement->network || !confinement->in_unit))
    return refuse_without_landlock (writes || confinement->network, error);
  if (!check_alone (error))
    return FALSE;
  if (confinement->network)
    resolve_by_tcp ();
  closefrom (LAST_DESCRIPTOR + 1);
  if (!give_up_rights (error) || !dd_confine_limits (confinement, error))
    return FALSE;
  landlocked = abi > 0;
  if (landlocked && !dd_confine_files (confinement, abi, error))
    return FALSE;
  return dd_confine_calls (confinement, !landlocked, error);
}

gboolean
dd_confine_loaded (GError **error)
{
  return landlocked || dd_confine_no_opening (error);
}

#ifdef DD_CONFINE_ADDRESS_SANITIZER
/* The leak checker stops the world from a process of its own, which is refused. */
int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return 1;
}
#endif
