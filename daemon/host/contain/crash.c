/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The handler of fatal signals, and what a thread tells it (see crash.h; crash-file.c has the file).
 *
 * The handler runs on a stack of its own, since a plugin may have used up the thread's; it touches one record
 * of the mapped file, and gives the signal back to whoever had it before: the default action, which dumps
 * core, or a sanitizer. A fault of the processor is given back by returning: the instruction runs again and
 * faults again, so that the core dump and the kernel's line show the fault itself, its address and registers,
 * and not a raise () in a handler. Every other signal is raised again, blocked until the handler has
 * returned, and so finds the thread where it was, too.
 */
#include "contain/crash-private.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define STACK_BYTES ((gsize)64 * 1024)

static const int fatal_signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

static struct sigaction previous[G_N_ELEMENTS (fatal_signals)];

/* Volatile: the handler reads it between any two instructions of its own thread. */
static __thread DdCrashNote *volatile inside;

static void free_stack (gpointer data);
static GPrivate alternate_stack = G_PRIVATE_INIT (free_stack);
static __thread gboolean prepared;

gboolean
dd_crash_is_fatal (int signal)
{
  for (guint i = 0; i < G_N_ELEMENTS (fatal_signals); i++)
    if (fatal_signals[i] == signal)
      return TRUE;
  return FALSE;
}

/* --- in the handler: only what is safe there --- */

/* Whether this process did it itself: the processor's fault, or its own raise () or abort (). */
static gboolean
is_own (const siginfo_t *info)
{
  return info->si_code > 0 || info->si_pid == getpid ();
}

/* Once for each start: of two threads that crash together, one may have been led there by the other. */
static void
note_crash (DdCrashNote *note, int signal)
{
  guint64 seen = __atomic_load_n (&note->crashes, __ATOMIC_SEQ_CST);
  guint64 next;
  struct timespec now;

  do
    {
      if (dd_crash_run (seen) == note->run)
        return;
      next = dd_crash_pack (note->run, dd_crash_count (seen) + 1);
    }
  while (
    !__atomic_compare_exchange_n (&note->crashes, &seen, next, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
  note->signal = signal;
  if (clock_gettime (CLOCK_REALTIME, &now) == 0)
    note->time = (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* A fault that comes again by itself when the handler returns. Broken memory that nobody was reading (si_code
 * 5, BUS_MCEERR_AO) doesn't. */
static gboolean
is_repeated (int signal, const siginfo_t *info)
{
  return info->si_code > 0 && signal != SIGABRT && !(signal == SIGBUS && info->si_code == BUS_MCEERR_AO);
}

static void
on_fatal (int signal, siginfo_t *info, void *context)
{
  DdCrashNote *note = inside;
  int kept = errno;

  /* Once: who takes over may end us by another of these signals. */
  inside = NULL;
  if (note != NULL && is_own (info))
    note_crash (note, signal);
  for (guint i = 0; i < G_N_ELEMENTS (fatal_signals); i++)
    if (fatal_signals[i] == signal)
      sigaction (signal, &previous[i], NULL);
  if (!is_repeated (signal, info))
    raise (signal);
  errno = kept;
}

/* --- outside --- */

void
dd_crash_watch (void)
{
  static gsize watched;
  struct sigaction action = { .sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK };

  if (!g_once_init_enter (&watched))
    return;
  sigemptyset (&action.sa_mask);
  for (guint i = 0; i < G_N_ELEMENTS (fatal_signals); i++)
    sigaction (fatal_signals[i], &action, &previous[i]);
  g_once_init_leave (&watched, 1);
}

static void
free_stack (gpointer data)
{
  const stack_t none = { .ss_flags = SS_DISABLE };

  sigaltstack (&none, NULL);
  munmap (data, STACK_BYTES);
}

/* Unless the thread has one already, as under a sanitizer, which takes its own away again at the end. */
static void
prepare_thread (void)
{
  stack_t stack = { 0 };

  prepared = TRUE;
  if (sigaltstack (NULL, &stack) != 0 || (stack.ss_flags & SS_DISABLE) == 0)
    return;

  void *memory = mmap (NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory == MAP_FAILED)
    return;
  stack = (stack_t){ .ss_sp = memory, .ss_size = STACK_BYTES };
  if (sigaltstack (&stack, NULL) == 0)
    g_private_set (&alternate_stack, memory);
  else
    munmap (memory, STACK_BYTES);
}

void
dd_crash_enter (DdCrashNote *note)
{
  if (note == NULL)
    return;
  if (!prepared)
    prepare_thread ();
  inside = note;
}

void
dd_crash_leave (void)
{
  inside = NULL;
}

guint
dd_crash_note_count (const DdCrashNote *note, int *out_signal, gint64 *out_time)
{
  guint count = dd_crash_count (__atomic_load_n (&note->crashes, __ATOMIC_SEQ_CST));

  if (count == 0)
    return 0;
  *out_signal = note->signal;
  *out_time = note->time;
  return count;
}
