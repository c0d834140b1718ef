/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Options of verbs (see options.h). One thread.
 */
#include "options.h"
#include "i18n.h"
#include "usage.h"
#include "word.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->settings,
      N_ ("Change one thing, such as line.2.discount=15% or term=48; after the other edits"), "PATH=VALUE" },
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

const GOptionEntry *
ctl_option_find (const GOptionEntry *entries, const char *argument)
{
  gsize length = strcspn (argument, "=");

  for (; entries->long_name != NULL; entries++)
    if (strlen (entries->long_name) + 2 == length && g_str_has_prefix (argument, "--") &&
        strncmp (entries->long_name, argument + 2, length - 2) == 0)
      return entries;
  return NULL;
}

/* --- what GLib refused, in our words --- */

/* (transfer container) */
static char **
option_names (const GOptionEntry *entries)
{
  GPtrArray *names = g_ptr_array_new ();

  for (; entries->long_name != NULL; entries++)
    g_ptr_array_add (names, (char *)entries->long_name);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (names, FALSE);
}

static gboolean
has_letter (const GOptionEntry *entries, char letter)
{
  for (; entries->long_name != NULL; entries++)
    if (entries->short_name == letter)
      return TRUE;
  return FALSE;
}

/* The first of @arguments that looks like an option and isn't one of @entries: "--NAME" or "-x". (transfer
 * full) (nullable) */
static char *
find_unknown (char **arguments, const GOptionEntry *entries)
{
  for (guint i = 1; arguments[i] != NULL && !g_str_equal (arguments[i], "--"); i++)
    {
      const char *argument = arguments[i];
      const GOptionEntry *entry = ctl_option_find (entries, argument);

      if (entry != NULL)
        i += entry->arg != G_OPTION_ARG_NONE && strchr (argument, '=') == NULL && arguments[i + 1] != NULL;
      else if (g_str_has_prefix (argument, "--"))
        return g_strndup (argument, strcspn (argument, "="));
      else if (*argument == '-' && argument[1] != '\0' && !has_letter (entries, argument[1]))
        return g_strndup (argument, (gsize)(g_utf8_next_char (argument + 1) - argument));
    }
  return NULL;
}

static gboolean
fail_unknown (const CtlRun *run, char **arguments, const char *unknown, char **names, GError **error)
{
  const char *verb = run->verb->name;
  const char *nearest = NULL;

  /* What is meant for dealdesk-plugin-check has to stand behind --, or it is read as dealctl's own. */
  if (g_str_equal (verb, "plugin") && g_strv_contains ((const char *const *)arguments, "test"))
    return ctl_usage (error, _ ("plugin has no option %s: put -- before those of dealdesk-plugin-check"),
                      unknown);
  if (g_str_has_prefix (unknown, "--"))
    nearest = ctl_word_nearest (unknown + 2, (const char *const *)names);
  if (nearest != NULL)
    return ctl_usage (error, _ ("%s has no option %s; did you mean --%s?"), verb, unknown, nearest);
  return ctl_usage (error, _ ("%s has no option %s; dealctl help %s lists them"), verb, unknown, verb);
}

/* As GLib reads it, so that both refuse the same. */
static gboolean
check_number (const GOptionEntry *entry, const char *value, GError **error)
{
  gint64 least = entry->arg == G_OPTION_ARG_INT ? G_MININT : G_MININT64;
  gint64 most = entry->arg == G_OPTION_ARG_INT ? G_MAXINT : G_MAXINT64;
  gint64 number;
  char *end;

  errno = 0;
  number = g_ascii_strtoll (value, &end, 0);
  if (*value == '\0' || *end != '\0')
    return ctl_usage (error, _ ("--%s “%s”: it should be a whole number"), entry->long_name, value);
  if (errno == ERANGE || number < least || number > most)
    return ctl_usage (error, _ ("--%s “%s”: the number is too large"), entry->long_name, value);
  return TRUE;
}

/* FALSE at the first option whose value is missing or no number, where it should be one. */
static gboolean
check_values (char **arguments, const GOptionEntry *entries, GError **error)
{
  for (guint i = 1; arguments[i] != NULL && !g_str_equal (arguments[i], "--"); i++)
    {
      const GOptionEntry *entry = ctl_option_find (entries, arguments[i]);
      const char *equals = strchr (arguments[i], '=');
      const char *value;

      if (entry == NULL || entry->arg == G_OPTION_ARG_NONE)
        continue;
      value = equals != NULL ? equals + 1 : arguments[++i];
      if (value == NULL)
        return ctl_usage (error, _ ("--%s needs a value: --%s=%s"), entry->long_name, entry->long_name,
                          entry->arg_description);
      if ((entry->arg == G_OPTION_ARG_INT || entry->arg == G_OPTION_ARG_INT64) &&
          !check_number (entry, value, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
ctl_options_fail (CtlRun *run, char **arguments, GError *wrong, GError **error)
{
  g_autoptr (GError) held = wrong;
  g_autofree GOptionEntry *entries = ctl_options_list (run);
  g_autofree char **names = option_names (entries);
  g_autofree char *unknown = NULL;

  if (g_error_matches (held, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
    unknown = find_unknown (arguments, entries);
  if (unknown != NULL)
    return fail_unknown (run, arguments, unknown, names, error);
  if (!check_values (arguments, entries, error))
    return FALSE;
  g_propagate_error (error, g_steal_pointer (&held));
  return FALSE;
}
