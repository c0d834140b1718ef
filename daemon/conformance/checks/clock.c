/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See clock.h. Functions of a program come before those of the libraries that it uses: so the plugin, too,
 * gets these, wherever it calls the C library's. What asks the kernel itself isn't seen. Any thread.
 */
#include "checks/clock.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static gint64 moved; /* seconds; set before there are threads */

void
dd_clock_move (gint64 seconds)
{
  moved = seconds;
}

static gboolean
tells_time_of_day (clockid_t clock)
{
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

int
clock_gettime (clockid_t clock, struct timespec *time)
{
  if (syscall (SYS_clock_gettime, clock, time) != 0)
    return -1;
  if (tells_time_of_day (clock))
    time->tv_sec += moved;
  return 0;
}

int
gettimeofday (struct timeval *restrict time, void *restrict zone)
{
  struct timespec now;

  if (zone != NULL)
    *(struct timezone *)zone = (struct timezone){ 0 };
  if (clock_gettime (CLOCK_REALTIME, &now) != 0)
    return -1;
  *time = (struct timeval){ now.tv_sec, now.tv_nsec / 1000 };
  return 0;
}

time_t
time (time_t *out_time)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_REALTIME, &now);
  if (out_time != NULL)
    *out_time = now.tv_sec;
  return now.tv_sec;
}

int
timespec_get (struct timespec *time, int base)
{
  return base == TIME_UTC && clock_gettime (CLOCK_REALTIME, time) == 0 ? base : 0;
}
