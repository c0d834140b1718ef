/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Orders to be delivered (see cases.h).
 */
#include "cases/cases.h"
#include "words.h"

#include <string.h>

static DdCase *
add_case (GPtrArray *cases, const char *name, DdCaseGroup group, const char *document)
{
  DdCase *self = dd_case_add (cases, name, DD_KIND_HANDOFF, group);

  self->document = g_bytes_new (document, strlen (document));
  return self;
}

/* A JSON document of @size bytes. */
static GBytes *
make_document (gsize size)
{
  static const char begin[] = "{\"description\":\"";
  static const char end[] = "\"}";
  char *text = g_malloc (size + 1);

  memset (text, 'x', size);
  memcpy (text, begin, strlen (begin));
  memcpy (text + size - strlen (end), end, sizeof end);
  return g_bytes_new_take (text, size);
}

void
dd_cases_add_handoff (GPtrArray *cases)
{
  static const char order[] = "{\"externalId\":\"D-1042/order-1\",\"productOrderItem\":[{\"id\":\"1\","
                              "\"action\":\"add\",\"quantity\":1}]}";
  DdCase *self;

  add_case (cases, "an order of no bytes", DD_GROUP_EMPTY, "");
  add_case (cases, "a small order", DD_GROUP_SMALL, order);
  self = add_case (cases, "an order of 4 MiB", DD_GROUP_HUGE, order);
  g_bytes_unref (self->document);
  self->document = make_document (DD_HUGE_DOCUMENT);
  self = add_case (cases, "odd UTF-8", DD_GROUP_HOSTILE, "{\"note\":\"" DD_WORD_ODD_UTF8 "\"}");
  self->order = DD_WORD_ODD_UTF8;
  self = add_case (cases, "a path as the order's id", DD_GROUP_HOSTILE, order);
  self->order = "../../../../tmp/dealdesk";
  self = add_case (cases, "the longest order's id", DD_GROUP_HOSTILE, order);
  self->order = DD_WORD_64 DD_WORD_64;
  self = add_case (cases, "formats", DD_GROUP_HOSTILE, "%s%n%s%n%2147483647d$(id)';--");
  self->order = "%s%n%s%n$(id)`id`';--";
  self = add_case (cases, "an empty order's id", DD_GROUP_HOSTILE, order);
  self->order = "";
  self = add_case (cases, "what is no JSON", DD_GROUP_HOSTILE, DD_WORD_LONG);
  self = add_case (cases, "the greatest deal number", DD_GROUP_HOSTILE, order);
  self->deal = "D-9223372036854775807";
  self = add_case (cases, "empty datasets", DD_GROUP_DATA, order);
  self->world = DD_WORLD_EMPTY;
  for (guint world = DD_WORLD_ODD; world < DD_N_WORLDS; world++)
    {
      self = add_case (cases, "a dataset with an extreme value", DD_GROUP_DATA, order);
      self->world = world;
    }
  self = add_case (cases, "on 9999-12-31", DD_GROUP_DATES, order);
  dd_case_at (self, 9999, 12, 31);
}
