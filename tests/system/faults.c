/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Loaded into the daemon by LD_PRELOAD: a disk that fails when the test says so, for files whose name has
 * ".db" in it; and kill -9 at a chosen step of what is done with their names. The test and this library share
 * the mapped file that $DEALDESK_FAULTS names (faults.h). Any thread.
 */
/* Both names of a call are interposed, so neither may stand for the other. */
#undef _FILE_OFFSET_BITS

#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int fdatasync (int fd);
int fsync (int fd);
int rename (const char *from, const char *to);
int link (const char *from, const char *to);
int unlink (const char *path);
ssize_t pwrite (int fd, const void *bytes, size_t size, off_t offset);
ssize_t pwrite64 (int fd, const void *bytes, size_t size, off64_t offset);

static Faults *
shared (void)
{
  static Faults *faults;
  Faults *mapped = __atomic_load_n (&faults, __ATOMIC_ACQUIRE);
  const char *path = getenv ("DEALDESK_FAULTS");
  int fd;

  if (mapped != NULL || path == NULL)
    return mapped;
  fd = open (path, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return NULL;
  mapped = mmap (NULL, sizeof *mapped, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close (fd);
  if (mapped == MAP_FAILED)
    return NULL;
  __atomic_store_n (&faults, mapped, __ATOMIC_RELEASE);
  return mapped;
}

static int
has_name (int fd, const char *part)
{
  char place[64], path[4096];
  ssize_t length;

  snprintf (place, sizeof place, "/proc/self/fd/%d", fd);
  length = readlink (place, path, sizeof path - 1);
  if (length < 0)
    return 0;
  path[length] = '\0';
  return strstr (path, part) != NULL;
}

static int
is_store (int fd)
{
  return has_name (fd, ".db");
}

static void
step (void)
{
  Faults *faults = shared ();

  if (faults == NULL || !__atomic_load_n (&faults->count_steps, __ATOMIC_SEQ_CST))
    return;
  if (__atomic_add_fetch (&faults->n_steps, 1, __ATOMIC_SEQ_CST) ==
      __atomic_load_n (&faults->kill_at, __ATOMIC_SEQ_CST))
    kill (getpid (), SIGKILL);
}

static int
sync_fails (int fd)
{
  Faults *faults = shared ();

  if (has_name (fd, "/state"))
    step ();
  if (faults == NULL || !is_store (fd))
    return 0;
  __atomic_add_fetch (&faults->n_syncs, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n (&faults->hold, __ATOMIC_SEQ_CST))
    usleep (1000);
  if (!__atomic_load_n (&faults->sync_error, __ATOMIC_SEQ_CST))
    return 0;
  errno = EIO;
  return 1;
}

static int
write_fails (int fd, const void *bytes, size_t size, off64_t offset)
{
  Faults *faults = shared ();
  int error = 0;

  if (faults == NULL || !is_store (fd))
    return 0;
  if (faults->limit != 0 && (uint64_t)offset + size > faults->limit)
    error = ENOSPC;
  else if (faults->poison[0] != '\0' && memmem (bytes, size, faults->poison, strlen (faults->poison)) != NULL)
    error = faults->poison_error;
  if (error == 0)
    return 0;
  __atomic_add_fetch (&faults->n_refused, 1, __ATOMIC_SEQ_CST);
  errno = error;
  return 1;
}

int
fdatasync (int fd)
{
  int (*next) (int) = (int (*) (int))dlsym (RTLD_NEXT, "fdatasync");

  return sync_fails (fd) ? -1 : next (fd);
}

int
fsync (int fd)
{
  int (*next) (int) = (int (*) (int))dlsym (RTLD_NEXT, "fsync");

  return sync_fails (fd) ? -1 : next (fd);
}

ssize_t
pwrite (int fd, const void *bytes, size_t size, off_t offset)
{
  ssize_t (*next) (int, const void *, size_t, off_t) =
    (ssize_t (*) (int, const void *, size_t, off_t))dlsym (RTLD_NEXT, "pwrite");

  return write_fails (fd, bytes, size, offset) ? -1 : next (fd, bytes, size, offset);
}

ssize_t
pwrite64 (int fd, const void *bytes, size_t size, off64_t offset)
{
  ssize_t (*next) (int, const void *, size_t, off64_t) =
    (ssize_t (*) (int, const void *, size_t, off64_t))dlsym (RTLD_NEXT, "pwrite64");

  return write_fails (fd, bytes, size, offset) ? -1 : next (fd, bytes, size, offset);
}

int
rename (const char *from, const char *to)
{
  int (*next) (const char *, const char *) =
    (int (*) (const char *, const char *))dlsym (RTLD_NEXT, "rename");

  if (strstr (to, ".db") != NULL)
    step ();
  return next (from, to);
}

int
link (const char *from, const char *to)
{
  int (*next) (const char *, const char *) = (int (*) (const char *, const char *))dlsym (RTLD_NEXT, "link");

  if (strstr (to, ".db") != NULL)
    step ();
  return next (from, to);
}

int
unlink (const char *path)
{
  int (*next) (const char *) = (int (*) (const char *))dlsym (RTLD_NEXT, "unlink");

  if (strstr (path, ".db") != NULL)
    step ();
  return next (path);
}
