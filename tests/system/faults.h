/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a test and the library in the daemon (faults.c) share, in a mapped file; zeros: a good disk.
 */
#pragma once

#include <stdint.h>

typedef struct
{
  uint32_t hold;        /* a sync waits as long as this is set */
  uint32_t sync_error;  /* syncs fail with EIO */
  uint64_t limit;       /* no file grows beyond this: ENOSPC; 0: none */
  char poison[32];      /* a write that holds this text fails */
  int32_t poison_error; /* with this errno */
  uint32_t n_syncs;     /* begun */
  uint32_t n_refused;   /* writes */
  uint32_t count_steps; /* counts syncs, renames, links and removals in the store's folder */
  uint32_t n_steps;
  uint32_t kill_at; /* kill -9 before the step with this number; 0: none */
} Faults;
