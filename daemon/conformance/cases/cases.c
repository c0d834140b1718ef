/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Cases: what all kinds share (see cases.h).
 */
#include "cases/cases.h"

#include "words.h"

static void
case_free (gpointer data)
{
  DdCase *self = data;

  g_clear_pointer (&self->proposal, dd_proposal_unref);
  g_array_unref (self->measures);
  g_ptr_array_unref (self->groups);
  g_array_unref (self->offers);
  g_clear_pointer (&self->document, g_bytes_unref);
  g_string_chunk_free (self->texts);
  g_free (self);
}

void
dd_case_at (DdCase *self, gint year, guint month, guint day)
{
  /* g_date_time_new_utc() knows the years 1 to 9999, as dates of the trade do */
  g_autoptr (GDateTime) date = g_date_time_new_utc (year, (gint)month, (gint)day, 0, 0, 0);

  self->context.now = g_date_time_to_unix (date) * G_USEC_PER_SEC;
}

DdCase *
dd_case_add (GPtrArray *cases, const char *name, DdKind kind, DdCaseGroup group)
{
  DdCase *self = g_new0 (DdCase, 1);

  self->name = name;
  self->kind = kind;
  self->group = group;
  self->texts = g_string_chunk_new (1024);
  self->context.customer = "customer-1";
  self->context.segment = "retail";
  self->context.country = "DE";
  self->measures = g_array_new (FALSE, TRUE, sizeof (DdMeasure));
  self->groups = g_ptr_array_new ();
  self->offers = g_array_new (FALSE, TRUE, sizeof (DdOffer));
  self->requester = "anna";
  self->currency = (DdCurrency){ "EUR" };
  self->deadline = DD_NO_LIMIT;
  self->deal = "D-1042";
  self->order = "order-1";
  dd_case_at (self, 2026, 6, 15);
  g_ptr_array_add (cases, self);
  return self;
}

const char *
dd_case_key (const GPtrArray *keys, guint index)
{
  return keys->pdata[index % keys->len];
}

GPtrArray *
dd_cases_new (DdKind kind, const GPtrArray *keys)
{
  GPtrArray *cases = g_ptr_array_new_with_free_func (case_free);

  switch (kind)
    {
    case DD_KIND_PRICING:
      dd_cases_add_pricing (cases, keys);
      break;
    case DD_KIND_APPROVAL:
      dd_cases_add_approval (cases, keys);
      break;
    case DD_KIND_NEGOTIATION:
      dd_cases_add_negotiation (cases);
      break;
    case DD_KIND_HANDOFF:
    case DD_N_KINDS:
    default:
      dd_cases_add_handoff (cases);
    }
  return cases;
}

const DdCase *
dd_cases_find (const GPtrArray *cases, DdCaseGroup group)
{
  for (guint i = 0; i < cases->len; i++)
    if (((const DdCase *)cases->pdata[i])->group == group)
      return cases->pdata[i];
  return NULL;
}
