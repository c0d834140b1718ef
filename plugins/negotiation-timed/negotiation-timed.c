/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Advice that concedes with time: the time-dependent tactics of P. Faratin, C. Sierra, N. R. Jennings,
 * "Negotiation decision functions for autonomous agents", Robotics and Autonomous Systems 24 (1998),
 * section 4.1, polynomial form:
 *
 *   offer (t) = reserve + (1 - F (t)) (opening - reserve),  F (t) = kappa + (1 - kappa) (t / T) ^ (1 / beta)
 *
 * All in integers: the same history gives the same advice everywhere. One instance, immutable; any thread.
 */
#include "dealdesk-plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef __int128 Wide;
typedef unsigned __int128 UnsignedWide;

#define FRACTION_BITS   62
#define ONE             (UINT64_C (1) << FRACTION_BITS)
#define LOGARITHM_BITS  40
#define MICROS_PER_DAY  (INT64_C (86400) * 1000000)
#define MICROS_PER_CENT 10000
#define MAX_PATIENCE    36500

enum
{
  OPTION_OPENING,
  OPTION_RESERVE,
  OPTION_BETA,
  OPTION_KAPPA,
  OPTION_PATIENCE,
  N_OPTIONS
};

typedef struct
{
  int64_t opening; /* nanos off the list total */
  int64_t reserve;
  int64_t beta; /* nanos */
  int64_t kappa;
  int64_t patience; /* microseconds */
} Tactic;

static uint64_t
square_root (UnsignedWide value)
{
  UnsignedWide root = 0;

  for (UnsignedWide bit = (UnsignedWide)1 << 126; bit != 0; bit >>= 2)
    {
      if (value >= root + bit)
        {
          value -= root + bit;
          root = (root >> 1) + bit;
        }
      else
        root >>= 1;
    }
  return (uint64_t)root;
}

/* -log2 (x) with LOGARITHM_BITS fraction bits, for 0 < x <= ONE: one squaring a bit. */
static uint64_t
negative_logarithm (uint64_t x)
{
  uint64_t whole = 0;
  uint64_t fraction = 0;

  while (x < ONE)
    {
      x <<= 1;
      whole++;
    }

  /* now 1 <= x < 2, and log2 (x) is what whole is too much */
  for (int bit = 0; bit < LOGARITHM_BITS; bit++)
    {
      UnsignedWide square = ((UnsignedWide)x * x) >> FRACTION_BITS;

      fraction <<= 1;
      if (square >= (UnsignedWide)ONE << 1)
        {
          fraction |= 1;
          square >>= 1;
        }
      x = (uint64_t)square;
    }
  return (whole << LOGARITHM_BITS) - fraction;
}

/* 2 ^ -y, y with LOGARITHM_BITS fraction bits: one square root a bit. */
static uint64_t
negative_power_of_two (UnsignedWide y)
{
  UnsignedWide whole = y >> LOGARITHM_BITS;
  uint64_t fraction = (uint64_t)(y & ((UINT64_C (1) << LOGARITHM_BITS) - 1));
  uint64_t power = ONE;

  for (int bit = 0; bit < LOGARITHM_BITS; bit++)
    {
      UnsignedWide value = (UnsignedWide)power << FRACTION_BITS;

      power = square_root ((fraction >> bit) & 1 ? value >> 1 : value);
    }
  return whole >= FRACTION_BITS ? 0 : power >> (unsigned)whole;
}

/* F (t) as a fraction of ONE; 0 <= elapsed <= term, term > 0. */
static uint64_t
conceded (const Tactic *tactic, int64_t elapsed, int64_t term)
{
  uint64_t share = (uint64_t)(((UnsignedWide)(uint64_t)elapsed << FRACTION_BITS) / (uint64_t)term);
  uint64_t curve = 0;
  uint64_t start = (uint64_t)(((UnsignedWide)(uint64_t)tactic->kappa << FRACTION_BITS) / DEALDESK_NANOS);

  if (share >= ONE)
    curve = ONE;
  else if (share > 0)
    curve = negative_power_of_two ((UnsignedWide)negative_logarithm (share) * DEALDESK_NANOS /
                                   (uint64_t)tactic->beta);
  return start + (uint64_t)(((UnsignedWide)(ONE - start) * curve) >> FRACTION_BITS);
}

static int64_t
discounted (int64_t total, int64_t discount)
{
  return (int64_t)((Wide)total * (DEALDESK_NANOS - discount) / DEALDESK_NANOS);
}

/* Rounded up to a hundredth, so that rounding never goes below the reserve; the host rounds to the currency's
 * own minor unit. */
static int64_t
offer_now (const Tactic *tactic, const DealdeskNegotiationInput *input)
{
  int64_t opening = discounted (input->list_total, tactic->opening);
  int64_t reserve = discounted (input->list_total, tactic->reserve);
  int64_t term = input->deadline != DEALDESK_NONE ? input->deadline - input->opened : tactic->patience;
  int64_t elapsed = input->now - input->opened;
  uint64_t done = ONE;
  Wide offer;

  if (term > 0 && elapsed < term)
    done = conceded (tactic, elapsed > 0 ? elapsed : 0, term);
  offer = reserve + (((Wide)(ONE - done) * (opening - reserve)) >> FRACTION_BITS);
  offer = (offer + MICROS_PER_CENT - 1) / MICROS_PER_CENT * MICROS_PER_CENT;
  return (int64_t)offer;
}

static const DealdeskOffer *
find_last (const DealdeskNegotiationInput *input, int by_customer)
{
  for (uint32_t i = input->n_offers; i-- > 0;)
    {
      const DealdeskOffer *offer = dealdesk_offer (input, i);

      if (!offer->by_customer == !by_customer)
        return offer;
    }
  return NULL;
}

static void
give_amount (char *text, size_t size, const char *currency, int64_t micros)
{
  snprintf (text, size, "%.3s %lld.%02lld", currency, (long long)(micros / DEALDESK_MICROS),
            (long long)(micros % DEALDESK_MICROS / MICROS_PER_CENT));
}

static DealdeskResult
advise (void *instance,
        const DealdeskHost *host,
        DealdeskCall *call,
        const DealdeskNegotiationInput *input,
        DealdeskAdvice *advice)
{
  const Tactic *tactic = instance;
  const DealdeskOffer *theirs = find_last (input, 1);
  const DealdeskOffer *ours = find_last (input, 0);
  char now[64];
  char last[64];

  /* a quarter of the range leaves room for every sum below, whatever the clock says */
  if (input->list_total < 0 || input->list_total > INT64_MAX / 4 || input->now < 0 || input->opened < 0 ||
      (input->deadline != DEALDESK_NONE && input->deadline < 0))
    return dealdesk_fail (host, call, UINT32_MAX, "the list total or a time is out of range");
  advice->total = offer_now (tactic, input);
  give_amount (now, sizeof now, input->currency, advice->total);
  if (theirs != NULL && theirs->total >= advice->total)
    {
      give_amount (last, sizeof last, input->currency, theirs->total);
      advice->action = DEALDESK_ADVISE_ACCEPT;
      advice->total = theirs->total;
      snprintf (advice->reason, sizeof advice->reason,
                "revision %u of the customer offers %s, no less than the %s that would be offered now",
                theirs->revision, last, now);
    }
  else if (ours != NULL && dealdesk_offer (input, input->n_offers - 1) == ours &&
           ours->total <= advice->total)
    {
      give_amount (last, sizeof last, input->currency, ours->total);
      advice->action = DEALDESK_ADVISE_HOLD;
      advice->total = ours->total;
      snprintf (advice->reason, sizeof advice->reason,
                "revision %u at %s waits for the customer's answer, and time has not come to offer less",
                ours->revision, last);
    }
  else
    {
      advice->action = DEALDESK_ADVISE_OFFER;
      snprintf (advice->reason, sizeof advice->reason,
                "%s is what the time that has passed concedes between opening and reserve", now);
    }
  return DEALDESK_OK;
}

static DealdeskResult
open_tactic (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  Tactic *tactic;

  if (n_options < N_OPTIONS || options[OPTION_OPENING].number < 0 ||
      options[OPTION_RESERVE].number > DEALDESK_NANOS ||
      options[OPTION_OPENING].number > options[OPTION_RESERVE].number)
    snprintf (message, 256,
              "opening-discount and reserve-discount must be 0%% to 100%%, the reserve's not the smaller");
  else if (options[OPTION_BETA].number < DEALDESK_NANOS / 100 ||
           options[OPTION_BETA].number > DEALDESK_NANOS * 100)
    snprintf (message, 256, "beta must be 0.01 to 100");
  else if (options[OPTION_KAPPA].number < 0 || options[OPTION_KAPPA].number > DEALDESK_NANOS)
    snprintf (message, 256, "kappa must be 0%% to 100%%");
  else if (options[OPTION_PATIENCE].number < 1 || options[OPTION_PATIENCE].number > MAX_PATIENCE)
    snprintf (message, 256, "patience must be 1 to %d days", MAX_PATIENCE);
  else if ((tactic = malloc (sizeof *tactic)) == NULL)
    snprintf (message, 256, "out of memory");
  else
    {
      *tactic = (Tactic){
        .opening = options[OPTION_OPENING].number,
        .reserve = options[OPTION_RESERVE].number,
        .beta = options[OPTION_BETA].number,
        .kappa = options[OPTION_KAPPA].number,
        .patience = options[OPTION_PATIENCE].number * MICROS_PER_DAY,
      };
      *instance = tactic;
      return DEALDESK_OK;
    }
  return DEALDESK_FAILED;
}

static void
close_tactic (void *instance)
{
  free (instance);
}

static const DealdeskNegotiation negotiation = {
  .size = sizeof negotiation,
  .advise = advise,
};

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = {
  .abi = DEALDESK_ABI,
  .size = sizeof dealdesk_plugin,
  .id = "negotiation-timed",
  .version = "1",
  .open = open_tactic,
  .close = close_tactic,
  .negotiation = &negotiation,
};
