/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the animals with a misdeed share: each does it in every call, says by the call's failure what it
 * managed, and answers as an honest plugin would when it was refused. So its fate can be told from its
 * answer.
 *
 * NAME is its id. It prices every line with a rental of EUR 1.00 a month; with ADVISES it is a negotiation
 * plugin instead, which advises EUR 42.00. Included once, by the animal.
 */
#include "dealdesk-plugin.h"

#include <string.h>

typedef struct
{
  const DealdeskPricingInput *pricing; /* NULL when it advises */
  const DealdeskNegotiationInput *negotiation;
} AnimalCall;

/* The values of its options, in the order of its file; "" for those that it doesn't have. */
static const char *animal_options[4] = { "", "", "", "" };

/* The misdeed. NULL: it was refused, or did no harm; otherwise what it managed. */
static const char *misdeed (const AnimalCall *animal);

static inline int
animal_does (const char *what)
{
  return strcmp (animal_options[0], what) == 0;
}

/* With the first option "open" the misdeed is done in open() as well. */
static DealdeskResult
open_animal (const DealdeskOption *options, uint32_t n_options, void **instance, char *message)
{
  const char *managed = NULL;

  (void)instance;
  for (uint32_t i = 0; i < n_options && i < 4; i++)
    animal_options[i] = options[i].text;
  if (animal_does ("open"))
    managed = misdeed (&(AnimalCall){ 0 });
  if (managed == NULL)
    return DEALDESK_OK;
  strncpy (message, managed, 255);
  return DEALDESK_FAILED;
}

#ifdef ADVISES
static DealdeskResult
advise (void *instance,
        const DealdeskHost *host,
        DealdeskCall *call,
        const DealdeskNegotiationInput *input,
        DealdeskAdvice *advice)
{
  const char *managed = misdeed (&(AnimalCall){ .negotiation = input });

  (void)instance;
  if (managed != NULL)
    return dealdesk_fail (host, call, UINT32_MAX, managed);
  advice->action = DEALDESK_ADVISE_OFFER;
  advice->total = 42 * DEALDESK_MICROS;
  strcpy (advice->reason, "because");
  return DEALDESK_OK;
}

static const DealdeskNegotiation negotiation = { .size = sizeof negotiation, .advise = advise };
#else
static DealdeskResult
price (void *instance, const DealdeskHost *host, DealdeskCall *call, const DealdeskPricingInput *input)
{
  const char *managed = misdeed (&(AnimalCall){ .pricing = input });

  (void)instance;
  if (managed != NULL)
    return dealdesk_fail (host, call, UINT32_MAX, managed);
  for (uint32_t i = 0; i < input->n_lines; i++)
    {
      DealdeskCharge charge = { .size = sizeof charge,
                                .line = i,
                                .id = "rental",
                                .name = "Rental",
                                .source = "zoo",
                                .currency = "EUR",
                                .type = DEALDESK_CHARGE_RECURRING,
                                .period = DEALDESK_PERIOD_MONTH,
                                .price = DEALDESK_MICROS,
                                .minimum = DEALDESK_NONE,
                                .maximum = DEALDESK_NONE };

      host->add_charge (call, &charge);
    }
  return DEALDESK_OK;
}

static const DealdeskPricing pricing = { .size = sizeof pricing, .price = price };
#endif

#ifndef ANIMAL_SIZE
#define ANIMAL_SIZE sizeof dealdesk_plugin
#endif

DEALDESK_EXPORT const DealdeskPlugin dealdesk_plugin = { .abi = DEALDESK_ABI,
                                                         .size = ANIMAL_SIZE,
                                                         .id = NAME,
                                                         .version = "1",
                                                         .open = open_animal,
#ifdef ADVISES
                                                         .negotiation = &negotiation
#else
                                                         .pricing = &pricing
#endif
};
