/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Options of verbs (see options.h). One thread.
 */
#include "options.h"
#include "i18n.h"

static void
append_all (GArray *all, const GOptionEntry *entries)
{
  for (; entries->long_name != NULL; entries++)
    g_array_append_val (all, *entries);
}

static void
append_common (CtlRun *run, GArray *all)
{
  const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_STRING, &run->as, N_ ("Act on behalf of this person"), "PERSON" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &run->json, N_ ("Print one JSON document"), NULL },
    { "color", 0, 0, G_OPTION_ARG_STRING, &run->colour,
      N_ ("Colour states and headings: auto, always or never"), "WHEN" },
    { "no-pager", 0, 0, G_OPTION_ARG_NONE, &run->no_pager, N_ ("Show long output as it is, not in a pager"),
      NULL },
    { "session", 0, 0, G_OPTION_ARG_NONE, &run->session, N_ ("Use the session bus"), NULL },
    { "system", 0, 0, G_OPTION_ARG_NONE, &run->system, N_ ("Use the system bus"), NULL },
    { "address", 0, 0, G_OPTION_ARG_STRING, &run->address, N_ ("Use the bus at this address"), "ADDRESS" },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &run->help, N_ ("Show this help"), NULL },
    G_OPTION_ENTRY_NULL
  };

  append_all (all, entries);
}

static void
append_change (CtlRun *run, GArray *all)
{
  const GOptionEntry change[] = { { "key", 0, 0, G_OPTION_ARG_STRING, &run->key,
                                    N_ ("Idempotency key, instead of a new one"), "KEY" },
                                  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &run->dry_run,
                                    N_ ("Check and decide everything, and store nothing"), NULL },
                                  G_OPTION_ENTRY_NULL };
  const GOptionEntry move[] = { { "expected-version", 0, 0, G_OPTION_ARG_INT64, &run->expected_version,
                                  N_ ("Refuse if the deal has another version by now"), "N" },
                                { "occurred-at", 0, 0, G_OPTION_ARG_STRING, &run->occurred_at,
                                  N_ ("When it happened elsewhere (RFC 3339)"), "TIME" },
                                G_OPTION_ENTRY_NULL };
  const GOptionEntry customer[] = { { "customer-person", 0, 0, G_OPTION_ARG_STRING, &run->customer_person,
                                      N_ ("It is the customer's move, by this person"), "NAME" },
                                    { "channel", 0, 0, G_OPTION_ARG_STRING, &run->channel,
                                      N_ ("How it came: portal, mail, letter or meeting"), "CHANNEL" },
                                    { "evidence", 0, 0, G_OPTION_ARG_STRING, &run->evidence,
                                      N_ ("What was attached"), "TEXT" },
                                    G_OPTION_ENTRY_NULL };

  if (run->verb->flags & CTL_VERB_CHANGES)
    append_all (all, change);
  if (run->verb->flags & CTL_VERB_MOVES)
    append_all (all, move);
  if (run->verb->flags & CTL_VERB_CUSTOMER)
    append_all (all, customer);
}

static void
append_edit (CtlRun *run, GArray *all)
{
  CtlEdit *edit = &run->edit;
  const GOptionEntry entries[] = {
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &run->file, N_ ("The proposal, instead of one the deal has"),
      "FILE" },
    { "map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &run->map, N_ ("The customer's offering A is our B"), "A=B" },
    { "discount", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->discounts,
      N_ ("Percent off, on all lines or on one"), "[LINE[:CHARGE]=]12%" },
    { "line", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->lines, N_ ("A line that the discount is about"),
      "LINE" },
    { "price", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->prices, N_ ("A price a unit"), "LINE[:CHARGE]=MONEY" },
    { "spread", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->spreads,
      N_ ("An amount or percentage off the deal (+: on it), over its monthly or the named charges"),
      "[CHARGES=][+]AMOUNT" },
    { "quantity", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->quantities, N_ ("Another quantity"), "LINE=N" },
    { "choose", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->chosen, N_ ("Take an optional line"), "LINE" },
    { "leave-out", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->left_out, N_ ("Leave an optional line out"),
      "LINE" },
    { "order", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->orders,
      N_ ("Lines to be ordered together: LINE, FIRST..LAST and rest, commas between"), "ID[@DATE]=LINES" },
    { "terms", 0, 0, G_OPTION_ARG_FILENAME, &run->terms, N_ ("Clauses to put in, {\"terms\":[…]}"), "FILE" },
    { "term", 0, 0, G_OPTION_ARG_INT, &edit->term, N_ ("Commitment of all lines"), "MONTHS" },
    { "valid-until", 0, 0, G_OPTION_ARG_STRING, &edit->valid_until, N_ ("When the offer lapses"), "TIME" },
    { "irrevocable-until", 0, 0, G_OPTION_ARG_STRING, &edit->irrevocable_until, N_ ("Until when it binds"),
      "TIME" },
    { "effective-from", 0, 0, G_OPTION_ARG_STRING, &edit->effective_from, N_ ("First day of the agreement"),
      "DATE" },
    { "effective-to", 0, 0, G_OPTION_ARG_STRING, &edit->effective_to, N_ ("Day after its last"), "DATE" },
    { "note", 0, 0, G_OPTION_ARG_STRING, &edit->note, N_ ("A note to the other side"), "TEXT" },
    G_OPTION_ENTRY_NULL
  };

  if (run->verb->flags & CTL_VERB_EDITS)
    append_all (all, entries);
}

GOptionEntry *
ctl_options_list (CtlRun *run)
{
  GArray *all = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));

  if (run->verb->options != NULL)
    append_all (all, run->verb->options);
  append_edit (run, all);
  append_change (run, all);
  append_common (run, all);
  return (GOptionEntry *)(void *)g_array_free (all, FALSE);
}

gboolean
ctl_option_takes_word (const char *argument)
{
  static const char *const names[] = { "--address",         "--as",       "--channel",          "--color",
                                       "--customer-person", "--evidence", "--expected-version", "--key",
                                       "--occurred-at",     NULL };

  return g_strv_contains (names, argument);
}
