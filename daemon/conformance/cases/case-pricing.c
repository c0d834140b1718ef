/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Proposals to be priced (see cases.h).
 */
#include "cases/cases.h"
#include "words.h"

/* How long offers hold. */
#define VALID_USEC (30 * 86400 * (gint64)G_USEC_PER_SEC)

static DdLine *
add_line (DdProposal *proposal, const char *offering, gint64 quantity)
{
  DdLine *line = dd_line_new ();

  line->id = g_strdup_printf ("%u", proposal->lines->len + 1);
  line->offering = g_strdup (offering);
  line->quantity = quantity;
  g_ptr_array_add (proposal->lines, line);
  return line;
}

/* @label, @charge: (nullable) */
static void
alter (DdLine *line, DdAdjustKind kind, const char *charge, gint64 value, const char *label)
{
  DdAlteration alteration = {
    .kind = (guint8)kind, .charge = g_strdup (charge), .value = value, .label = g_strdup (label)
  };
  gboolean amount = kind != DD_ADJUST_PERCENT_OFF && kind != DD_ADJUST_PERCENT_ON && kind != DD_ADJUST_FACTOR;

  if (amount)
    alteration.currency = (DdCurrency){ "EUR" };
  g_array_append_val (line->alterations, alteration);
}

static DdCase *
add_case (GPtrArray *cases, const char *name, DdCaseGroup group)
{
  DdCase *self = dd_case_add (cases, name, DD_KIND_PRICING, group);

  self->proposal = dd_proposal_new ();
  self->proposal->currency = (DdCurrency){ "EUR" };
  self->proposal->commitment = 36;
  return self;
}

/* Every action, terms of several lengths, starts, sites; alterations that a line of two charges takes. */
static void
fill (DdCase *self, const GPtrArray *keys, guint n_lines)
{
  self->proposal->valid_until = self->context.now + VALID_USEC;
  for (guint i = 0; i < n_lines; i++)
    {
      DdLine *line = add_line (self->proposal, dd_case_key (keys, i), (gint64)(i % 7 + 1) * DD_MICROS);

      line->action = (guint8)(i % DD_N_ACTIONS);
      line->commitment = (guint16)(i % 4 * 12);
      if (i % 4 == 1)
        line->start = g_strdup ("2026-09-15");
      if (i % 2 == 0)
        line->site = g_strdup_printf ("site-%u", i % 3 + 1);
      if (i % 3 == 0)
        alter (line, DD_ADJUST_PERCENT_OFF, NULL, DD_NANOS / 10, "Negotiated");
      if (i % 5 == 0)
        alter (line, DD_ADJUST_UNIT_OFF, "rental", DD_MICROS, NULL);
    }
}

/* Each key alone: one that can't be priced refuses a whole sheet, and nothing else would be seen. */
static void
add_single_lines (GPtrArray *cases, const GPtrArray *keys)
{
  for (guint i = 0; i < MIN (keys->len, 16); i++)
    {
      DdCase *self = add_case (cases, NULL, DD_GROUP_SMALL);
      g_autofree char *name = g_strdup_printf ("one line of %.40s", dd_case_key (keys, i));

      self->name = g_string_chunk_insert (self->texts, name);
      add_line (self->proposal, dd_case_key (keys, i), (gint64)(i + 1) * DD_MICROS);
    }
}

static void
add_hostile_texts (GPtrArray *cases, const char *name, const char *text)
{
  DdCase *self = add_case (cases, name, DD_GROUP_HOSTILE);
  DdLine *line;

  self->context.customer = text;
  self->context.segment = text;
  self->context.country = text;
  line = add_line (self->proposal, text, DD_MICROS);
  line->site = g_strdup (text);
  alter (line, DD_ADJUST_PERCENT_OFF, NULL, 0, text);
  line = add_line (self->proposal, text, DD_MICROS);
  alter (line, DD_ADJUST_PERCENT_OFF, text, 0, NULL);
}

/* An offering that datasets have, with labels that an answer has no room for. */
static void
add_hostile_label (GPtrArray *cases, const GPtrArray *keys)
{
  DdCase *self = add_case (cases, "a label of 256 KiB", DD_GROUP_HOSTILE);
  g_autofree char *label = g_strnfill (256 * 1024, 'x');

  alter (add_line (self->proposal, dd_case_key (keys, 0), DD_MICROS), DD_ADJUST_PERCENT_OFF, NULL, 1, label);
}

static void
add_hostile_numbers (GPtrArray *cases, const GPtrArray *keys)
{
  static const gint64 numbers[] = { 0, 1, DD_MICROS - 1, G_MAXINT64 - 1, G_MAXINT64 };
  DdCase *self = add_case (cases, "extreme numbers", DD_GROUP_HOSTILE);

  self->proposal->commitment = G_MAXUINT16;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      DdLine *line = add_line (self->proposal, dd_case_key (keys, i), numbers[i]);

      line->commitment = i % 2 != 0 ? G_MAXUINT16 : 0;
      for (guint kind = DD_ADJUST_PERCENT_OFF; kind <= DD_ADJUST_FACTOR; kind++)
        alter (line, kind, "rental", kind == DD_ADJUST_PERCENT_OFF ? MIN (numbers[i], DD_NANOS) : numbers[i],
               NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      static const char *const names[] = { "a zero quantity", "the least quantity", "less than one",
                                           "a huge quantity", "the greatest quantity" };

      self = add_case (cases, names[i], DD_GROUP_HOSTILE);
      add_line (self->proposal, dd_case_key (keys, i), numbers[i]);
    }
}

static void
add_hostile (GPtrArray *cases, const GPtrArray *keys)
{
  DdCase *self;

  add_hostile_texts (cases, "odd UTF-8", DD_WORD_ODD_UTF8);
  add_hostile_texts (cases, "control characters", DD_WORD_CONTROLS);
  add_hostile_texts (cases, "the longest texts", DD_WORD_64 DD_WORD_64);
  add_hostile_texts (cases, "formats", "%s%n%s%n%2147483647d$(id)';--");
  add_hostile_texts (cases, "empty texts", "");
  add_hostile_label (cases, keys);
  add_hostile_numbers (cases, keys);

  self = add_case (cases, "an unknown customer and offering", DD_GROUP_HOSTILE);
  self->context.customer = "nobody";
  self->context.segment = "";
  self->context.country = "ZZ";
  add_line (self->proposal, "no-such-offering", DD_MICROS);

  self = add_case (cases, "no currency, no term", DD_GROUP_HOSTILE);
  self->proposal->currency = (DdCurrency){ "" };
  self->proposal->commitment = 0;
  fill (self, keys, 4);
}

static void
add_datasets (GPtrArray *cases, const GPtrArray *keys)
{
  DdCase *self = add_case (cases, "empty datasets", DD_GROUP_DATA);

  self->world = DD_WORLD_EMPTY;
  fill (self, keys, 4);
  for (guint world = DD_WORLD_ODD; world < DD_N_WORLDS; world++)
    for (guint i = 0; i < MIN (dd_words_n_keys, 6); i++)
      {
        self = add_case (cases, "a dataset with an extreme value", DD_GROUP_DATA);
        self->world = world;
        self->key = dd_words_keys[i];
        add_line (self->proposal, dd_words_keys[i], DD_MICROS);
      }
}

void
dd_cases_add_pricing (GPtrArray *cases, const GPtrArray *keys)
{
  static const struct
  {
    const char *name;
    gint year;
    guint month;
    guint day;
  } dates[] = { { "on 0001-01-01", 1, 1, 1 },
                { "on 9999-12-31", 9999, 12, 31 },
                { "on 1969-12-31", 1969, 12, 31 },
                { "on 2028-02-29", 2028, 2, 29 } };
  DdCase *self;

  add_case (cases, "no lines", DD_GROUP_EMPTY);
  fill (add_case (cases, "12 lines", DD_GROUP_SMALL), keys, 12);
  add_single_lines (cases, keys);
  fill (add_case (cases, "10,000 lines", DD_GROUP_HUGE), keys, DD_HUGE_LINES);
  self = add_case (cases, "10,000 lines of one offering", DD_GROUP_HUGE);
  for (guint i = 0; i < DD_HUGE_LINES; i++)
    add_line (self->proposal, dd_case_key (keys, 0), DD_MICROS);
  add_hostile (cases, keys);
  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      self = add_case (cases, dates[i].name, DD_GROUP_DATES);
      dd_case_at (self, dates[i].year, dates[i].month, dates[i].day);
      fill (self, keys, 4);
    }
  add_datasets (cases, keys);
}
