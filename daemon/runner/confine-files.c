/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Landlock: which files the runner may read or write, no binding and connecting by TCP without network, no
 * signals and abstract sockets across its border.
 *
 * What an older kernel's ABI lacks, seccomp refuses as well (confine-calls.c): Landlock alone decides only
 * over paths. The kernel's headers may be older than the kernel, so what ABI 3 and later brought is defined
 * here. The runner's one thread.
 */
#include "confine-private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error.h"

#define ACCESS_TRUNCATE  (1ULL << 14) /* ABI 3 */
#define ACCESS_IOCTL_DEV (1ULL << 15) /* ABI 5 */
#define NET_BIND_TCP     (1ULL << 0)  /* ABI 4 */
#define NET_CONNECT_TCP  (1ULL << 1)
#define SCOPE_ABSTRACT   (1ULL << 0) /* ABI 6 */
#define SCOPE_SIGNAL     (1ULL << 1)

/* All of ABI 1: execute to make_sym. */
#define ACCESS_FIRST ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

#define ACCESS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ACCESS_WRITE                                                                                         \
  (ACCESS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |                            \
   LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |               \
   LANDLOCK_ACCESS_FS_REFER | ACCESS_TRUNCATE)
/* What a rule on a file, not a directory, may give. */
#define ACCESS_OF_FILE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE)

/* The newest struct that this file knows; an older kernel is told a shorter size. */
typedef struct
{
  guint64 files;
  guint64 net;    /* ABI 4 */
  guint64 scoped; /* ABI 6 */
} Ruleset;

typedef struct
{
  const char *path;
  gboolean network_only;
} Readable;

/* No home, no state, nothing of /etc but what the C library and TLS look into. */
static const Readable readable[] = {
  { "/usr", FALSE },
  { "/lib", FALSE },
  { "/lib32", FALSE },
  { "/lib64", FALSE },
  { "/etc/ld.so.cache", FALSE },
  { "/etc/localtime", FALSE },
  { "/dev/null", FALSE },
  { "/dev/zero", FALSE },
  { "/dev/urandom", FALSE },
  { "/etc/ssl/certs", TRUE },
  { "/etc/ssl/openssl.cnf", TRUE },
  { "/etc/ca-certificates", TRUE },
  { "/etc/pki", TRUE },
  { "/etc/resolv.conf", TRUE },
  { "/etc/nsswitch.conf", TRUE },
  { "/etc/hosts", TRUE },
  { "/etc/host.conf", TRUE },
  { "/etc/gai.conf", TRUE },
  { "/etc/services", TRUE },
};

static guint64
known_accesses (int abi)
{
  guint64 accesses = ACCESS_FIRST;

  if (abi >= 2)
    accesses |= LANDLOCK_ACCESS_FS_REFER;
  if (abi >= 3)
    accesses |= ACCESS_TRUNCATE;
  if (abi >= 5)
    accesses |= ACCESS_IOCTL_DEV;
  return accesses;
}

int
dd_confine_landlock_abi (void)
{
  long abi = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

  return abi > 0 ? (int)abi : 0;
}

static int
make_ruleset (gboolean network, int abi)
{
  const Ruleset ruleset = {
    .files = known_accesses (abi),
    .net = abi < 4   ? 0
           : network ? NET_BIND_TCP
                     : NET_BIND_TCP | NET_CONNECT_TCP,
    .scoped = abi < 6 ? 0 : SCOPE_ABSTRACT | SCOPE_SIGNAL,
  };
  gsize size = abi < 4   ? G_STRUCT_OFFSET (Ruleset, net)
               : abi < 6 ? G_STRUCT_OFFSET (Ruleset, scoped)
                         : sizeof ruleset;

  return (int)syscall (SYS_landlock_create_ruleset, &ruleset, size, 0);
}

/* Gives @accesses below @path; @must: it has to be there. */
static gboolean
allow (int ruleset, const char *path, guint64 accesses, gboolean must, GError **error)
{
  struct landlock_path_beneath_attr rule = { .parent_fd = open (path, O_PATH | O_CLOEXEC) };
  struct stat status;
  int failure;

  if (rule.parent_fd < 0 && !must)
    return TRUE;
  if (rule.parent_fd < 0 || fstat (rule.parent_fd, &status) != 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s can't be opened for the runner: %s", path,
                    g_strerror (errno));
  rule.allowed_access = S_ISDIR (status.st_mode) ? accesses : accesses & ACCESS_OF_FILE;
  failure = syscall (SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0 ? errno : 0;
  close (rule.parent_fd);
  return failure == 0 ||
         dd_fail (error, DD_ERROR_FAILED, "%s can't be made a Landlock rule: %s", path, g_strerror (failure));
}

static gboolean
add_rules (int ruleset, const DdConfinement *confinement, int abi, GError **error)
{
  guint64 known = known_accesses (abi);

  for (guint i = 0; i < G_N_ELEMENTS (readable); i++)
    if ((confinement->network || !readable[i].network_only) &&
        !allow (ruleset, readable[i].path, ACCESS_READ, FALSE, error))
      return FALSE;
  if (!allow (ruleset, confinement->plugin_dir, ACCESS_READ, TRUE, error))
    return FALSE;
  for (guint i = 0; confinement->writable != NULL && confinement->writable[i] != NULL; i++)
    if (!allow (ruleset, confinement->writable[i], ACCESS_WRITE & known, TRUE, error))
      return FALSE;
  return TRUE;
}

gboolean
dd_confine_files (const DdConfinement *confinement, int abi, GError **error)
{
  int ruleset = make_ruleset (confinement->network, abi);
  gboolean done;

  if (ruleset < 0)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "Landlock makes no ruleset of ABI %d: %s", abi,
                    g_strerror (errno));
  done = add_rules (ruleset, confinement, abi, error);
  if (done && syscall (SYS_landlock_restrict_self, ruleset, 0) != 0)
    done =
      dd_fail (error, DD_ERROR_UNAVAILABLE, "Landlock doesn't restrict the runner: %s", g_strerror (errno));
  close (ruleset);
  return done;
}
