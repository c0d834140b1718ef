/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writes into what it was given to read.
 */
#include "animal.h"

static void
spoil (const char *text)
{
  if (text != NULL && text[0] != '\0')
    *(char *)(uintptr_t)text = '?';
}

static void
spoil_lines (const DealdeskPricingInput *input)
{
  for (uint32_t i = 0; i < input->n_lines; i++)
    {
      DealdeskLine *line = (DealdeskLine *)(uintptr_t)dealdesk_line (input, i);

      spoil (line->id);
      spoil (line->offering);
      line->quantity = 1;
      line->n_alterations = 0;
    }
}

static const char *
misdeed (const AnimalCall *animal)
{
  const DealdeskPricingInput *pricing_input = animal->pricing;

  if (pricing_input == NULL)
    return NULL;
  spoil (pricing_input->customer);
  spoil_lines (pricing_input);
  ((DealdeskPricingInput *)(uintptr_t)pricing_input)->date = 0;
  return NULL;
}
