/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Histories of offers to be advised on (see cases.h).
 */
#include "cases/cases.h"

#define DAY ((gint64)24 * 60 * 60 * G_USEC_PER_SEC)

static DdCase *
add_case (GPtrArray *cases, const char *name, DdCaseGroup group)
{
  DdCase *self = dd_case_add (cases, name, DD_KIND_NEGOTIATION, group);

  self->list_total = 100000 * DD_MICROS;
  self->opened = self->context.now - 10 * DAY;
  self->deadline = self->context.now + 20 * DAY;
  return self;
}

static void
offer (DdCase *self, gboolean by_customer, guint revision, gint64 time, gint64 total)
{
  DdOffer made = { .by_customer = by_customer, .revision = revision, .time = time, .total = total };

  g_array_append_val (self->offers, made);
}

/* Both sides move towards each other. */
static void
fill (DdCase *self, guint n_offers)
{
  for (guint i = 0; i < n_offers; i++)
    {
      gint64 step = 20000 * DD_MICROS / (i / 2 + 2);
      gint64 total = i % 2 != 0 ? self->list_total - 25000 * DD_MICROS - step
                                : self->list_total - 25000 * DD_MICROS + step;

      offer (self, i % 2 != 0, i + 1,
             self->opened + (self->context.now - self->opened) / (n_offers + 1) * (i + 1), total);
    }
}

/* One number as every total and every time. */
static void
add_numbers (GPtrArray *cases)
{
  static const gint64 numbers[] = { G_MININT64 + 1, -1, 0, 1, G_MAXINT64 };
  static const char *const totals[] = { "the least totals", "totals below zero", "totals of zero",
                                        "totals of a millionth", "the greatest totals" };
  static const char *const times[] = { "the least times", "times before 1970", "times of zero",
                                       "the same time", "the greatest times" };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      DdCase *self = add_case (cases, totals[i], DD_GROUP_HOSTILE);

      fill (self, 4);
      self->list_total = numbers[i];
      for (guint j = 0; j < self->offers->len; j++)
        g_array_index (self->offers, DdOffer, j).total = numbers[i];
    }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      DdCase *self = add_case (cases, times[i], DD_GROUP_DATES);

      fill (self, 4);
      self->opened = self->deadline = numbers[i];
      /* the host makes a day of it: within the years that there are */
      if (numbers[i] >= -1 && numbers[i] <= 1)
        self->context.now = numbers[i];
      for (guint j = 0; j < self->offers->len; j++)
        g_array_index (self->offers, DdOffer, j).time = numbers[i];
    }
}

static void
add_dates (GPtrArray *cases)
{
  DdCase *self = add_case (cases, "after the deadline", DD_GROUP_DATES);

  fill (self, 4);
  self->deadline = self->context.now - DAY;
  self = add_case (cases, "without a deadline", DD_GROUP_DATES);
  fill (self, 4);
  self->deadline = DD_NO_LIMIT;
  self = add_case (cases, "a deadline before the opening", DD_GROUP_DATES);
  fill (self, 4);
  self->deadline = self->opened - DAY;
  self = add_case (cases, "opened in the future", DD_GROUP_DATES);
  fill (self, 4);
  self->opened = self->context.now + DAY;
  self = add_case (cases, "on 9999-12-31", DD_GROUP_DATES);
  fill (self, 4);
  dd_case_at (self, 9999, 12, 31);
  self = add_case (cases, "on 0001-01-01", DD_GROUP_DATES);
  fill (self, 4);
  dd_case_at (self, 1, 1, 1);
}

void
dd_cases_add_negotiation (GPtrArray *cases)
{
  static const char *const small[] = { "one offer", "the customer's turn", "our turn", "a long history" };
  static const guint sizes[] = { 1, 5, 6, 40 };
  DdCase *self;

  add_case (cases, "no offers", DD_GROUP_EMPTY);
  for (guint i = 0; i < G_N_ELEMENTS (small); i++)
    fill (add_case (cases, small[i], DD_GROUP_SMALL), sizes[i]);
  fill (add_case (cases, "10,000 offers", DD_GROUP_HUGE), DD_HUGE_OFFERS);
  add_numbers (cases);
  self = add_case (cases, "revisions at their limit, no currency of two digits", DD_GROUP_HOSTILE);
  self->currency = (DdCurrency){ "BHD" };
  for (guint i = 0; i < 4; i++)
    offer (self, i % 2 != 0, G_MAXUINT32, self->context.now, self->list_total);
  self = add_case (cases, "offers out of order", DD_GROUP_HOSTILE);
  for (guint i = 0; i < 6; i++)
    offer (self, TRUE, 6 - i, self->context.now - i * DAY, self->list_total * (i % 2));
  add_dates (cases);
  self = add_case (cases, "empty datasets", DD_GROUP_DATA);
  self->world = DD_WORLD_EMPTY;
  fill (self, 4);
  for (guint world = DD_WORLD_ODD; world < DD_N_WORLDS; world++)
    {
      self = add_case (cases, "a dataset with an extreme value", DD_GROUP_DATA);
      self->world = world;
      fill (self, 4);
    }
}
