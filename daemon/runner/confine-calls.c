/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * seccomp: the system calls that the runner may make. Everything else is EPERM, or ENOSYS where the C library
 * has another way; a foreign architecture's calls end the process.
 *
 * Rules that look at arguments mask them to what the kernel reads. The runner's one thread.
 */
#include "confine-private.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

#define INT_MASK 0xffffffffU

/* O_TMPFILE without what it shares with O_DIRECTORY. */
#define MAKES_FILES (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))

#define NAMESPACES                                                                                           \
  (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* What fcntl() and prctl() are asked for; the headers may be older. */
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

/* Numbers from here on are the same on every architecture, and newer than this list: the C library must find
 * them missing, not forbidden. */
#define FIRST_UNKNOWN 440
#define LAST_UNKNOWN  511

typedef struct
{
  scmp_filter_ctx filter;
  int failure; /* the first, as a negative errno */
} Filter;

static const int always[] = {
  /* its descriptors */
  SCMP_SYS (read),
  SCMP_SYS (readv),
  SCMP_SYS (pread64),
  SCMP_SYS (preadv),
  SCMP_SYS (write),
  SCMP_SYS (writev),
  SCMP_SYS (pwrite64),
  SCMP_SYS (close),
  SCMP_SYS (close_range),
  SCMP_SYS (lseek),
  SCMP_SYS (dup),
  SCMP_SYS (dup2),
  SCMP_SYS (dup3),
  SCMP_SYS (pipe),
  SCMP_SYS (pipe2),
  SCMP_SYS (eventfd2),
  SCMP_SYS (poll),
  SCMP_SYS (ppoll),
  SCMP_SYS (select),
  SCMP_SYS (pselect6),
  SCMP_SYS (epoll_create1),
  SCMP_SYS (epoll_ctl),
  SCMP_SYS (epoll_wait),
  SCMP_SYS (epoll_pwait),
  SCMP_SYS (timerfd_create),
  SCMP_SYS (timerfd_settime),
  SCMP_SYS (timerfd_gettime),
  SCMP_SYS (fadvise64),
  /* sockets that it has; socket() is another matter */
  SCMP_SYS (recvmsg),
  SCMP_SYS (recvfrom),
  SCMP_SYS (sendmsg),
  SCMP_SYS (sendto),
  SCMP_SYS (getsockopt),
  SCMP_SYS (getsockname),
  SCMP_SYS (getpeername),
  /* what files are; Landlock decides which can be opened */
  SCMP_SYS (fstat),
  SCMP_SYS (stat),
  SCMP_SYS (lstat),
  SCMP_SYS (newfstatat),
  SCMP_SYS (statx),
  SCMP_SYS (fstatfs),
  SCMP_SYS (statfs),
  SCMP_SYS (access),
  SCMP_SYS (faccessat),
  SCMP_SYS (faccessat2),
  SCMP_SYS (readlink),
  SCMP_SYS (readlinkat),
  SCMP_SYS (getdents64),
  SCMP_SYS (getcwd),
  /* memory and threads */
  SCMP_SYS (munmap),
  SCMP_SYS (mremap),
  SCMP_SYS (madvise),
  SCMP_SYS (brk),
  SCMP_SYS (mincore),
  SCMP_SYS (futex),
  SCMP_SYS (set_robust_list),
  SCMP_SYS (rseq),
  SCMP_SYS (sched_yield),
  SCMP_SYS (sched_getaffinity),
  SCMP_SYS (getcpu),
  SCMP_SYS (membarrier),
  SCMP_SYS (exit),
  SCMP_SYS (exit_group),
  SCMP_SYS (set_tid_address),
  /* signals: its own handling */
  SCMP_SYS (rt_sigaction),
  SCMP_SYS (rt_sigprocmask),
  SCMP_SYS (rt_sigreturn),
  SCMP_SYS (rt_sigpending),
  SCMP_SYS (rt_sigsuspend),
  SCMP_SYS (rt_sigtimedwait),
  SCMP_SYS (sigaltstack),
  SCMP_SYS (restart_syscall),
  SCMP_SYS (pause),
  /* time, chance, itself */
  SCMP_SYS (clock_gettime),
  SCMP_SYS (clock_getres),
  SCMP_SYS (clock_nanosleep),
  SCMP_SYS (nanosleep),
  SCMP_SYS (gettimeofday),
  SCMP_SYS (time),
  SCMP_SYS (times),
  SCMP_SYS (timer_settime), /* the runner's own alarm, for a call that the daemon doesn't end */
  SCMP_SYS (getrandom),
  SCMP_SYS (getpid),
  SCMP_SYS (getppid),
  SCMP_SYS (gettid),
  SCMP_SYS (getuid),
  SCMP_SYS (geteuid),
  SCMP_SYS (getgid),
  SCMP_SYS (getegid),
  SCMP_SYS (getgroups),
  SCMP_SYS (getresuid),
  SCMP_SYS (getresgid),
  SCMP_SYS (getrusage),
  SCMP_SYS (getrlimit),
  SCMP_SYS (sysinfo),
  SCMP_SYS (uname),
  SCMP_SYS (umask),
};

/* Making, changing and removing files; Landlock says where. Rights, owners, times and attributes aren't its
 * business, so they aren't the plugin's: of these only the mode of a file that it has open (allow_modes()).
 */
static const int with_writable[] = {
  SCMP_SYS (fsync),     SCMP_SYS (fdatasync), SCMP_SYS (sync_file_range), SCMP_SYS (ftruncate),
  SCMP_SYS (fallocate), SCMP_SYS (pwritev),   SCMP_SYS (flock),           SCMP_SYS (rmdir),
  SCMP_SYS (unlink),    SCMP_SYS (unlinkat),  SCMP_SYS (rename),          SCMP_SYS (renameat),
  SCMP_SYS (renameat2), SCMP_SYS (link),      SCMP_SYS (linkat),          SCMP_SYS (msync),
};

static const int with_network[] = { SCMP_SYS (connect), SCMP_SYS (setsockopt), SCMP_SYS (sendmmsg),
                                    SCMP_SYS (recvmmsg), SCMP_SYS (shutdown) };

static const int fcntls[] = { F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC, F_GET_SEALS };
static const int locks[] = { F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW };
static const int prctls[] = { PR_SET_NAME, PR_GET_NAME, PR_SET_VMA, PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS };
static const int ioctls[] = { TCGETS, FIONREAD, FIONBIO };

static void
add (Filter *filter, guint32 action, int call, guint n, const struct scmp_arg_cmp *comparisons)
{
  int result = seccomp_rule_add_array (filter->filter, action, call, n, comparisons);

  /* -EEXIST: another name of a call that is there already. */
  if (result < 0 && result != -EEXIST && filter->failure == 0)
    filter->failure = result;
}

static void
allow_all (Filter *filter, const int *calls, guint n)
{
  for (guint i = 0; i < n; i++)
    add (filter, SCMP_ACT_ALLOW, calls[i], 0, NULL);
}

static void
allow_masked (Filter *filter, int call, guint argument, guint64 mask, guint64 value)
{
  const struct scmp_arg_cmp comparison = { argument, SCMP_CMP_MASKED_EQ, mask, value };

  add (filter, SCMP_ACT_ALLOW, call, 1, &comparison);
}

static void
allow_values (Filter *filter, int call, guint argument, const int *values, guint n)
{
  for (guint i = 0; i < n; i++)
    allow_masked (filter, call, argument, INT_MASK, (guint)values[i]);
}

static void
allow_memory (Filter *filter)
{
  /* Never written and run at once, and nothing that was written becomes code; libraries map their code. */
  allow_masked (filter, SCMP_SYS (mmap), 2, PROT_EXEC, 0);
  allow_masked (filter, SCMP_SYS (mmap), 2, PROT_WRITE | PROT_EXEC, PROT_EXEC);
  allow_masked (filter, SCMP_SYS (mprotect), 2, PROT_EXEC, 0);
}

static void
allow_threads (Filter *filter)
{
  guint64 self = (guint64)getpid ();

  allow_masked (filter, SCMP_SYS (clone), 0, CLONE_THREAD | NAMESPACES, CLONE_THREAD);
  allow_masked (filter, SCMP_SYS (tgkill), 0, INT_MASK, self);
  allow_masked (filter, SCMP_SYS (kill), 0, INT_MASK, self);
}

/* Reading limits; a new one is a pointer in the third argument. */
static void
allow_reading_limits (Filter *filter)
{
  const struct scmp_arg_cmp comparisons[] = { { 0, SCMP_CMP_MASKED_EQ, INT_MASK, 0 },
                                              { 2, SCMP_CMP_EQ, 0, 0 } };

  add (filter, SCMP_ACT_ALLOW, SCMP_SYS (prlimit64), G_N_ELEMENTS (comparisons), comparisons);
}

static void
allow_opening (Filter *filter, gboolean writes)
{
  guint64 mask = writes ? MAKES_FILES : MAKES_FILES | O_ACCMODE | O_TRUNC;

  allow_masked (filter, SCMP_SYS (open), 1, mask, 0);
  allow_masked (filter, SCMP_SYS (openat), 2, mask, 0);
}

/* No file runs as its owner, or its group, whoever calls it. */
static void
allow_modes (Filter *filter)
{
  allow_masked (filter, SCMP_SYS (open), 2, S_ISUID | S_ISGID, 0);
  allow_masked (filter, SCMP_SYS (openat), 3, S_ISUID | S_ISGID, 0);
  allow_masked (filter, SCMP_SYS (mkdir), 1, S_ISUID | S_ISGID, 0);
  allow_masked (filter, SCMP_SYS (mkdirat), 2, S_ISUID | S_ISGID, 0);
  allow_masked (filter, SCMP_SYS (fchmod), 1, S_ISUID | S_ISGID, 0);
}

static void
allow_tcp (Filter *filter, int family)
{
  static const int protocols[] = { 0, IPPROTO_TCP };

  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    {
      const struct scmp_arg_cmp comparisons[] = {
        { 0, SCMP_CMP_MASKED_EQ, INT_MASK, (guint)family },
        { 1, SCMP_CMP_MASKED_EQ, INT_MASK & ~(guint)(SOCK_CLOEXEC | SOCK_NONBLOCK), SOCK_STREAM },
        { 2, SCMP_CMP_MASKED_EQ, INT_MASK, (guint)protocols[i] },
      };

      add (filter, SCMP_ACT_ALLOW, SCMP_SYS (socket), G_N_ELEMENTS (comparisons), comparisons);
    }
}

static void
add_rules (Filter *filter, const DdConfinement *confinement)
{
  gboolean writes = confinement->writable != NULL && confinement->writable[0] != NULL;

  allow_all (filter, always, G_N_ELEMENTS (always));
  allow_values (filter, SCMP_SYS (fcntl), 1, fcntls, G_N_ELEMENTS (fcntls));
  allow_values (filter, SCMP_SYS (prctl), 0, prctls, G_N_ELEMENTS (prctls));
  allow_values (filter, SCMP_SYS (ioctl), 1, ioctls, G_N_ELEMENTS (ioctls));
  allow_memory (filter);
  allow_threads (filter);
  allow_reading_limits (filter);
  allow_opening (filter, writes);
  if (writes)
    {
      allow_all (filter, with_writable, G_N_ELEMENTS (with_writable));
      allow_modes (filter);
      allow_values (filter, SCMP_SYS (fcntl), 1, locks, G_N_ELEMENTS (locks));
    }
  if (confinement->network)
    {
      allow_all (filter, with_network, G_N_ELEMENTS (with_network));
      allow_tcp (filter, AF_INET);
      allow_tcp (filter, AF_INET6);
    }
  add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0, NULL);
  add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (openat2), 0, NULL);
  for (int call = FIRST_UNKNOWN; call <= LAST_UNKNOWN; call++)
    add (filter, SCMP_ACT_ERRNO (ENOSYS), call, 0, NULL);
}

static gboolean
load (Filter *filter, GError **error)
{
  int result = filter->failure;

  if (result == 0)
    result = seccomp_attr_set (filter->filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  /* It is set long ago, and a later filter couldn't set it. */
  if (result == 0)
    result = seccomp_attr_set (filter->filter, SCMP_FLTATR_CTL_NNP, 0);
  if (result == 0)
    result = seccomp_load (filter->filter);
  seccomp_release (filter->filter);
  return result == 0 || dd_fail (error, DD_ERROR_UNAVAILABLE,
                                 "the runner's system calls can't be filtered: %s", g_strerror (-result));
}

gboolean
dd_confine_calls (const DdConfinement *confinement, gboolean more_later, GError **error)
{
  Filter filter = { .filter = seccomp_init (SCMP_ACT_ERRNO (EPERM)) };

  if (filter.filter == NULL)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "seccomp can't be used here");
  add_rules (&filter, confinement);
  if (more_later)
    add (&filter, SCMP_ACT_ALLOW, SCMP_SYS (seccomp), 0, NULL);
  return load (&filter, error);
}

gboolean
dd_confine_no_opening (GError **error)
{
  Filter filter = { .filter = seccomp_init (SCMP_ACT_ALLOW) };

  if (filter.filter == NULL)
    return dd_fail (error, DD_ERROR_UNAVAILABLE, "seccomp can't be used here");
  add (&filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (open), 0, NULL);
  add (&filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (openat), 0, NULL);
  add (&filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (seccomp), 0, NULL);
  return load (&filter, error);
}
