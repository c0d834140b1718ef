/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The probes of confinement and their table (see confine-probes.h). A child of the test, its one thread.
 */
#include "confine-private.h"
#include "confine-probes.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MIB ((size_t)1024 * 1024)

ConfinePlaces confine_places;

/* The errno of a call that answers -1. */
static int
outcome (long result)
{
  return result < 0 ? errno : 0;
}

static char *
place (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static int
open_file (const char *path, int flags)
{
  return outcome (open (path, flags, 0600));
}

static int
open_in (const char *folder, const char *name, int flags)
{
  g_autofree char *path = place (folder, name);

  return open_file (path, flags);
}

/* --- files --- */

static int
read_plugin (void)
{
  return open_in (confine_places.plugins, "file", O_RDONLY);
}

static int
read_system (void)
{
  return open_file ("/usr/bin/env", O_RDONLY);
}

static int
read_null (void)
{
  return open_file ("/dev/null", O_RDONLY);
}

static int
read_passwd (void)
{
  return open_file ("/etc/passwd", O_RDONLY);
}

static int
read_self (void)
{
  return open_file ("/proc/self/status", O_RDONLY);
}

static int
read_other (void)
{
  return open_in (confine_places.other, "secret", O_RDONLY);
}

static int
see_other (void)
{
  struct stat status;

  return outcome (stat (confine_places.other, &status));
}

static int
read_hosts (void)
{
  return open_file ("/etc/hosts", O_RDONLY);
}

static int
read_spool (void)
{
  return open_in (confine_places.spool, "old", O_RDONLY);
}

static int
write_other (void)
{
  return open_in (confine_places.other, "new", O_WRONLY | O_CREAT);
}

static int
write_plugin (void)
{
  return open_in (confine_places.plugins, "file", O_WRONLY);
}

static int
write_spool (void)
{
  return open_in (confine_places.spool, "new", O_WRONLY | O_CREAT);
}

static int
truncate_other (void)
{
  g_autofree char *path = place (confine_places.other, "secret");

  return outcome (truncate (path, 0));
}

static int
unlink_other (void)
{
  g_autofree char *path = place (confine_places.other, "secret");

  return outcome (unlink (path));
}

static int
unlink_spool (void)
{
  g_autofree char *path = place (confine_places.spool, "old");

  return outcome (unlink (path));
}

static int
rename_out (void)
{
  g_autofree char *from = place (confine_places.spool, "old");
  g_autofree char *to = place (confine_places.other, "moved");

  return outcome (rename (from, to));
}

static int
mkdir_spool (void)
{
  g_autofree char *path = place (confine_places.spool, "folder");

  return outcome (mkdir (path, 0700));
}

static int
symlink_spool (void)
{
  g_autofree char *path = place (confine_places.spool, "link");

  return outcome (symlink ("/etc/passwd", path));
}

/* As handoff-spool does it: a file without a name gets one. */
static int
link_nameless (void)
{
  int file = open (confine_places.spool, O_TMPFILE | O_WRONLY, 0600);
  g_autofree char *from = g_strdup_printf ("/proc/self/fd/%d", file);
  g_autofree char *to = place (confine_places.spool, "named");

  return file < 0 ? errno : outcome (linkat (AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW));
}

static int
chmod_other (void)
{
  return outcome (chmod (confine_places.other, 0700));
}

/* A file or folder of the spool that would run as its owner, or with its group. */
static int
make_in_spool (const char *name, int flags, mode_t mode)
{
  g_autofree char *path = place (confine_places.spool, name);

  return outcome (open (path, flags, mode));
}

static int
make_set_user (void)
{
  return make_in_spool ("program", O_WRONLY | O_CREAT, 04700);
}

static int
make_set_group (void)
{
  return make_in_spool ("program", O_WRONLY | O_CREAT, 02710);
}

static int
make_nameless_set_user (void)
{
  return make_in_spool (".", O_WRONLY | O_TMPFILE, 04700);
}

static int
mkdir_set_group (void)
{
  g_autofree char *path = place (confine_places.spool, "folder");

  return outcome (mkdir (path, 02700));
}

static int
change_own_mode (mode_t mode)
{
  g_autofree char *path = place (confine_places.spool, "program");
  int file = open (path, O_WRONLY | O_CREAT, 0600);

  return file < 0 ? errno : outcome (fchmod (file, mode));
}

static int
fchmod_plain (void)
{
  return change_own_mode (0640);
}

static int
fchmod_set_user (void)
{
  return change_own_mode (04755);
}

static int
fchmod_set_group (void)
{
  return change_own_mode (02755);
}

static int
chown_spool (void)
{
  return outcome (chown (confine_places.spool, (uid_t)-1, (gid_t)-1));
}

static int
change_folder (void)
{
  return outcome (chdir ("/usr"));
}

/* One byte past 16 GiB, of a file that is all hole. */
static int
write_far (void)
{
  g_autofree char *path = place (confine_places.spool, "far");
  int file = open (path, O_WRONLY | O_CREAT, 0600);

  return file < 0 ? errno : outcome (pwrite (file, "x", 1, (off_t)(16 * 1024 * MIB)));
}

/* --- descriptors --- */

static int
use_descriptor (void)
{
  return outcome (fcntl (9, F_GETFD));
}

static int
use_descriptor_3 (void)
{
  return outcome (fcntl (3, F_GETFD));
}

static int
take_descriptors (void)
{
  int result = 0;

  for (int i = 0; i < 70 && result >= 0; i++)
    result = dup (0);
  return outcome (result);
}

static int
own_descriptor (void)
{
  return outcome (fcntl (0, F_SETOWN, getppid ()));
}

static int
shut_down (void)
{
  return outcome (shutdown (3, SHUT_WR));
}

/* --- processes and signals --- */

static int
make_process (void)
{
  pid_t child = fork ();

  if (child == 0)
    _exit (0);
  if (child > 0)
    waitpid (child, NULL, 0);
  return outcome (child);
}

static int
spawn_program (void)
{
  char *arguments[] = { (char *)"/bin/true", NULL };
  pid_t child;
  int failure = posix_spawn (&child, "/bin/true", NULL, NULL, arguments, NULL);

  if (failure == 0)
    waitpid (child, NULL, 0);
  return failure;
}

static int
become_program (void)
{
  char *arguments[] = { (char *)"/bin/true", NULL };

  return outcome (execve ("/bin/true", arguments, NULL));
}

static void *
be_thread (void *data)
{
  return data;
}

static int
make_thread (void)
{
  pthread_t thread;
  int failure = pthread_create (&thread, NULL, be_thread, NULL);

  if (failure == 0)
    pthread_join (thread, NULL);
  return failure;
}

static int
signal_parent (void)
{
  return outcome (kill (getppid (), 0));
}

static int
signal_group (void)
{
  return outcome (kill (0, 0));
}

static int
signal_parent_thread (void)
{
  return outcome (syscall (SYS_tgkill, getppid (), getppid (), 0));
}

static int
signal_self (void)
{
  signal (SIGUSR1, SIG_IGN);
  return raise (SIGUSR1) != 0 ? errno : outcome (kill (getpid (), SIGUSR1));
}

static int
trace (void)
{
  return outcome (ptrace (PTRACE_TRACEME, 0, NULL, NULL));
}

static int
read_memory (void)
{
  char from[8] = "", to[8];
  struct iovec remote = { from, sizeof from }, local = { to, sizeof to };

  return outcome (process_vm_readv (getpid (), &local, 1, &remote, 1, 0));
}

static int
open_process (void)
{
  return outcome (syscall (SYS_pidfd_open, getppid (), 0));
}

/* --- the network --- */

static int
make_tcp (void)
{
  return outcome (socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int
connect_tcp (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (confine_places.port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int descriptor = socket (AF_INET, SOCK_STREAM, 0);

  return descriptor < 0 ? errno : outcome (connect (descriptor, (struct sockaddr *)&address, sizeof address));
}

static int
serve_tcp (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int descriptor = socket (AF_INET, SOCK_STREAM, 0);

  return descriptor < 0 ? errno : outcome (bind (descriptor, (struct sockaddr *)&address, sizeof address));
}

/* Binds by itself. */
static int
listen_tcp (void)
{
  int descriptor = socket (AF_INET, SOCK_STREAM, 0);

  return descriptor < 0 ? errno : outcome (listen (descriptor, 1));
}

static int
make_udp (void)
{
  return outcome (socket (AF_INET, SOCK_DGRAM, 0));
}

/* A kernel may not have it at all. */
static int
make_multipath (void)
{
  int failure = outcome (socket (AF_INET, SOCK_STREAM, 262));

  return failure == EPROTONOSUPPORT || failure == ENOPROTOOPT ? 0 : failure;
}

static int
make_unix (void)
{
  return outcome (socket (AF_UNIX, SOCK_STREAM, 0));
}

static int
make_pair (void)
{
  int pair[2];

  return outcome (socketpair (AF_UNIX, SOCK_STREAM, 0, pair));
}

static int
make_netlink (void)
{
  return outcome (socket (AF_NETLINK, SOCK_RAW, 0));
}

/* --- memory and the kernel --- */

static int
map_code (void)
{
  void *memory = mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return memory == MAP_FAILED ? errno : 0;
}

static int
make_code (void)
{
  void *memory = mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return memory == MAP_FAILED ? errno : outcome (mprotect (memory, 4096, PROT_READ | PROT_EXEC));
}

static int
make_memory_file (void)
{
  return outcome (memfd_create ("code", 0));
}

static int
load_module (void)
{
  g_autofree char *path = place (confine_places.plugins, "module.so");

  return dlopen (path, RTLD_NOW) != NULL ? 0 : ENOEXEC;
}

static int
take_little (void)
{
  void *memory = mmap (NULL, 64 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return memory == MAP_FAILED ? errno : 0;
}

static int
take_much (void)
{
  void *memory = mmap (NULL, 1024 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return memory == MAP_FAILED ? errno : 0;
}

static int
set_limit (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  return outcome (setrlimit (RLIMIT_NOFILE, &limit));
}

static int
read_limit (void)
{
  struct rlimit limit;

  return outcome (getrlimit (RLIMIT_NOFILE, &limit));
}

static int
set_user (void)
{
  return outcome (setresuid (getuid (), getuid (), getuid ()));
}

static int
set_dumpable (void)
{
  return outcome (prctl (PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int
set_parent_signal (void)
{
  return outcome (prctl (PR_SET_PDEATHSIG, 0, 0, 0, 0));
}

static int
open_newly (void)
{
  struct open_how how = { .flags = O_RDONLY };

  return outcome (syscall (SYS_openat2, AT_FDCWD, "/usr", &how, sizeof how));
}

static int
tell_time (void)
{
  struct timespec now, little = { 0, 1000 };

  return clock_gettime (CLOCK_MONOTONIC, &now) != 0 ? errno : outcome (nanosleep (&little, NULL));
}

#ifdef DD_CONFINE_ADDRESS_SANITIZER
#define TOO_MUCH 0 /* the address space can't be limited there */
#else
#define TOO_MUCH ENOMEM
#endif

const ConfineProbe confine_probes[] = {
  { "reads-the-plugins-directory", read_plugin, 0, 0, 0 },
  { "reads-the-system", read_system, 0, 0, 0 },
  { "reads-dev-null", read_null, 0, 0, 0 },
  { "reads-etc-passwd", read_passwd, EACCES, EACCES, EACCES },
  { "reads-proc-self", read_self, EACCES, EACCES, EACCES },
  { "reads-a-file-elsewhere", read_other, EACCES, EACCES, EACCES },
  { "sees-that-a-file-is-there", see_other, 0, 0, 0 },
  { "reads-etc-hosts", read_hosts, EACCES, EACCES, 0 },
  { "reads-the-spool", read_spool, EACCES, 0, EACCES },
  { "writes-elsewhere", write_other, EPERM, EACCES, EPERM },
  { "writes-into-the-plugins-directory", write_plugin, EPERM, EACCES, EPERM },
  { "writes-into-the-spool", write_spool, EPERM, 0, EPERM },
  { "truncates-elsewhere", truncate_other, EPERM, EPERM, EPERM },
  { "unlinks-elsewhere", unlink_other, EPERM, EACCES, EPERM },
  { "unlinks-in-the-spool", unlink_spool, EPERM, 0, EPERM },
  { "moves-a-file-out-of-the-spool", rename_out, EPERM, EACCES, EPERM },
  { "makes-a-directory-in-the-spool", mkdir_spool, EPERM, 0, EPERM },
  { "makes-a-symlink-in-the-spool", symlink_spool, EPERM, EPERM, EPERM },
  { "names-a-nameless-file", link_nameless, EPERM, 0, EPERM },
  { "changes-a-mode", chmod_other, EPERM, EPERM, EPERM },
  { "changes-the-mode-of-its-file", fchmod_plain, EPERM, 0, EPERM },
  { "makes-its-file-set-user", fchmod_set_user, EPERM, EPERM, EPERM },
  { "makes-its-file-set-group", fchmod_set_group, EPERM, EPERM, EPERM },
  { "makes-a-set-user-file", make_set_user, EPERM, EPERM, EPERM },
  { "makes-a-set-group-file", make_set_group, EPERM, EPERM, EPERM },
  { "makes-a-nameless-set-user-file", make_nameless_set_user, EPERM, EPERM, EPERM },
  { "makes-a-set-group-directory", mkdir_set_group, EPERM, EPERM, EPERM },
  { "changes-an-owner", chown_spool, EPERM, EPERM, EPERM },
  { "changes-its-directory", change_folder, EPERM, EPERM, EPERM },
  { "writes-past-64-mib", write_far, EPERM, EFBIG, EPERM },
  { "uses-an-inherited-descriptor", use_descriptor, EBADF, EBADF, EBADF },
  { "uses-descriptor-3", use_descriptor_3, 0, 0, 0 },
  { "shuts-its-socket-down", shut_down, EPERM, EPERM, 0 },
  { "takes-70-descriptors", take_descriptors, EMFILE, EMFILE, EMFILE },
  { "has-a-descriptor-signal-its-parent", own_descriptor, EPERM, EPERM, EPERM },
  { "forks", make_process, EPERM, EPERM, EPERM },
  { "spawns-a-program", spawn_program, EPERM, EPERM, EPERM },
  { "becomes-a-program", become_program, EPERM, EPERM, EPERM },
  { "starts-a-thread", make_thread, 0, 0, 0 },
  { "signals-its-parent", signal_parent, EPERM, EPERM, EPERM },
  { "signals-its-group", signal_group, EPERM, EPERM, EPERM },
  { "signals-a-thread-of-its-parent", signal_parent_thread, EPERM, EPERM, EPERM },
  { "signals-itself", signal_self, 0, 0, 0 },
  { "is-traced", trace, EPERM, EPERM, EPERM },
  { "reads-a-process-memory", read_memory, EPERM, EPERM, EPERM },
  { "opens-a-process", open_process, EPERM, EPERM, EPERM },
  { "makes-a-tcp-socket", make_tcp, EPERM, EPERM, 0 },
  { "connects-by-tcp", connect_tcp, EPERM, EPERM, 0 },
  { "binds-by-tcp", serve_tcp, EPERM, EPERM, EPERM },
  { "listens-by-tcp", listen_tcp, EPERM, EPERM, EPERM },
  { "makes-a-udp-socket", make_udp, EPERM, EPERM, EPERM },
  { "makes-a-multipath-tcp-socket", make_multipath, EPERM, EPERM, EPERM },
  { "makes-a-unix-socket", make_unix, EPERM, EPERM, EPERM },
  { "makes-a-pair-of-sockets", make_pair, EPERM, EPERM, EPERM },
  { "makes-a-netlink-socket", make_netlink, EPERM, EPERM, EPERM },
  { "maps-writable-code", map_code, EPERM, EPERM, EPERM },
  { "makes-written-memory-code", make_code, EPERM, EPERM, EPERM },
  { "makes-a-file-in-memory", make_memory_file, EPERM, EPERM, EPERM },
  { "loads-a-module", load_module, 0, 0, 0 },
  { "takes-64-mib", take_little, 0, 0, 0 },
  { "takes-1-gib", take_much, TOO_MUCH, TOO_MUCH, TOO_MUCH },
  { "sets-a-limit", set_limit, EPERM, EPERM, EPERM },
  { "reads-a-limit", read_limit, 0, 0, 0 },
  { "sets-its-user", set_user, EPERM, EPERM, EPERM },
  { "makes-itself-dumpable", set_dumpable, EPERM, EPERM, EPERM },
  { "outlives-its-parent", set_parent_signal, EPERM, EPERM, EPERM },
  { "opens-in-a-newer-way", open_newly, ENOSYS, ENOSYS, ENOSYS },
  { "tells-the-time", tell_time, 0, 0, 0 },
};
const guint confine_n_probes = G_N_ELEMENTS (confine_probes);
