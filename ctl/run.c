/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One run of one verb (see run.h). One thread.
 */
#include "run.h"
#include "fault.h"
#include "json/writer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS 80 /* of a terminal that doesn't say */

CtlRun *
ctl_run_new (const CtlVerb *verb)
{
  CtlRun *run = g_new0 (CtlRun, 1);

  run->verb = verb;
  run->edit.term = CTL_NO_TERM;
  return run;
}

void
ctl_run_free (CtlRun *run)
{
  if (run == NULL)
    return;
  g_strfreev (run->words);
  g_free (run->address);
  g_free (run->as);
  g_free (run->key);
  g_free (run->occurred_at);
  g_free (run->customer_person);
  g_free (run->channel);
  g_free (run->evidence);
  g_free (run->file);
  g_free (run->terms);
  g_strfreev (run->map);
  g_strfreev (run->edit.discounts);
  g_strfreev (run->edit.lines);
  g_strfreev (run->edit.prices);
  g_strfreev (run->edit.quantities);
  g_strfreev (run->edit.chosen);
  g_strfreev (run->edit.left_out);
  g_strfreev (run->edit.spreads);
  g_strfreev (run->edit.orders);
  g_free (run->edit.valid_until);
  g_free (run->edit.irrevocable_until);
  g_free (run->edit.effective_from);
  g_free (run->edit.effective_to);
  g_free (run->edit.note);
  ctl_bus_free (run->bus);
  g_free (run);
}

static void
add_common_options (CtlRun *run, GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_STRING, &run->as, "Act on behalf of this person", "PERSON" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &run->json, "Print one JSON document", NULL },
    { "session", 0, 0, G_OPTION_ARG_NONE, &run->session, "Use the session bus", NULL },
    { "system", 0, 0, G_OPTION_ARG_NONE, &run->system, "Use the system bus", NULL },
    { "address", 0, 0, G_OPTION_ARG_STRING, &run->address, "Use the bus at this address", "ADDRESS" },
    G_OPTION_ENTRY_NULL
  };
  g_option_context_add_main_entries (context, entries, NULL);
}

static void
add_change_options (CtlRun *run, GOptionContext *context)
{
  const GOptionEntry change[] = { { "key", 0, 0, G_OPTION_ARG_STRING, &run->key,
                                    "Idempotency key, instead of a new one", "KEY" },
                                  G_OPTION_ENTRY_NULL };
  const GOptionEntry move[] = { { "expected-version", 0, 0, G_OPTION_ARG_INT64, &run->expected_version,
                                  "Refuse if the deal has another version by now", "N" },
                                { "occurred-at", 0, 0, G_OPTION_ARG_STRING, &run->occurred_at,
                                  "When it happened elsewhere (RFC 3339)", "TIME" },
                                G_OPTION_ENTRY_NULL };
  const GOptionEntry customer[] = { { "customer-person", 0, 0, G_OPTION_ARG_STRING, &run->customer_person,
                                      "It is the customer's move, by this person", "NAME" },
                                    { "channel", 0, 0, G_OPTION_ARG_STRING, &run->channel,
                                      "How it came: portal, mail, letter or meeting", "CHANNEL" },
                                    { "evidence", 0, 0, G_OPTION_ARG_STRING, &run->evidence,
                                      "What was attached", "TEXT" },
                                    G_OPTION_ENTRY_NULL };

  if (run->verb->flags & CTL_VERB_CHANGES)
    g_option_context_add_main_entries (context, change, NULL);
  if (run->verb->flags & CTL_VERB_MOVES)
    g_option_context_add_main_entries (context, move, NULL);
  if (run->verb->flags & CTL_VERB_CUSTOMER)
    g_option_context_add_main_entries (context, customer, NULL);
}

static void
add_edit_options (CtlRun *run, GOptionContext *context)
{
  CtlEdit *edit = &run->edit;
  const GOptionEntry entries[] = {
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &run->file, "The proposal, instead of one the deal has", "FILE" },
    { "map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &run->map, "The customer's offering A is our B", "A=B" },
    { "discount", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->discounts, "Percent off, on all lines or on one",
      "[LINE[:CHARGE]=]12%" },
    { "line", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->lines, "A line that the discount is about", "LINE" },
    { "price", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->prices, "A price a unit", "LINE[:CHARGE]=MONEY" },
    { "spread", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->spreads,
      "An amount or percentage off the deal (+: on it), over its monthly or the named charges",
      "[CHARGES=][+]AMOUNT" },
    { "quantity", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->quantities, "Another quantity", "LINE=N" },
    { "choose", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->chosen, "Take an optional line", "LINE" },
    { "leave-out", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->left_out, "Leave an optional line out", "LINE" },
    { "order", 0, 0, G_OPTION_ARG_STRING_ARRAY, &edit->orders,
      "Lines to be ordered together: LINE, FIRST..LAST and rest, commas between", "ID[@DATE]=LINES" },
    { "terms", 0, 0, G_OPTION_ARG_FILENAME, &run->terms, "Clauses to put in, {\"terms\":[…]}", "FILE" },
    { "term", 0, 0, G_OPTION_ARG_INT, &edit->term, "Commitment of all lines", "MONTHS" },
    { "valid-until", 0, 0, G_OPTION_ARG_STRING, &edit->valid_until, "When the offer lapses", "TIME" },
    { "irrevocable-until", 0, 0, G_OPTION_ARG_STRING, &edit->irrevocable_until, "Until when it binds",
      "TIME" },
    { "effective-from", 0, 0, G_OPTION_ARG_STRING, &edit->effective_from, "First day of the agreement",
      "DATE" },
    { "effective-to", 0, 0, G_OPTION_ARG_STRING, &edit->effective_to, "Day after its last", "DATE" },
    { "note", 0, 0, G_OPTION_ARG_STRING, &edit->note, "A note to the other side", "TEXT" },
    G_OPTION_ENTRY_NULL
  };

  if (run->verb->flags & CTL_VERB_EDITS)
    g_option_context_add_main_entries (context, entries, NULL);
}

GOptionContext *
ctl_run_context (CtlRun *run)
{
  const CtlVerb *verb = run->verb;
  g_autofree char *parameters = g_strconcat (verb->name, *verb->usage == '\0' ? "" : " ", verb->usage, NULL);
  g_autofree char *summary = g_strconcat (verb->help, ".", NULL);
  GOptionContext *context = g_option_context_new (parameters);

  g_option_context_set_summary (context, summary);
  if (verb->options != NULL)
    g_option_context_add_main_entries (context, verb->options, NULL);
  add_edit_options (run, context);
  add_change_options (run, context);
  add_common_options (run, context);
  return context;
}

gboolean
ctl_run_parse (CtlRun *run, char **arguments, GError **error)
{
  g_autoptr (GOptionContext) context = ctl_run_context (run);
  g_auto (GStrv) rest = arguments;
  const CtlVerb *verb = run->verb;
  guint first = 1;

  if (!g_option_context_parse_strv (context, &rest, error))
    return FALSE;
  if (rest[first] != NULL && g_str_equal (rest[first], "--"))
    first++;
  run->words = g_strdupv (rest + first);
  run->n_words = g_strv_length (run->words);
  if (run->n_words < verb->min_words || run->n_words > verb->max_words)
    return ctl_usage (error, "%s takes other words: dealctl %s %s", verb->name, verb->name, verb->usage);
  if (run->session + run->system + (run->address != NULL) > 1)
    return ctl_usage (error, "--session, --system and --address exclude each other");
  if (run->expected_version < 0)
    return ctl_usage (error, "--expected-version is a version, from 1");
  if (run->customer_person == NULL && (run->channel != NULL || run->evidence != NULL))
    return ctl_usage (error, "--channel and --evidence belong to a customer's move: name --customer-person");
  return TRUE;
}

CtlBus *
ctl_run_bus (CtlRun *run, GError **error)
{
  const char *set = g_getenv ("DEALDESK_BUS");
  CtlBusPlace place = { .address = run->address, .session = run->session };

  if (run->bus != NULL)
    return run->bus;
  if (run->address == NULL && !run->session && !run->system && set != NULL && *set != '\0')
    {
      place.session = g_str_equal (set, "session");
      if (!place.session && !g_str_equal (set, "system"))
        place.address = set;
    }
  run->bus = ctl_bus_open (&place, error);
  return run->bus;
}

char *
ctl_run_deal (CtlRun *run, GError **error)
{
  const char *word = run->words[0];
  const char *digits = g_ascii_strncasecmp (word, "D-", 2) == 0 ? word + 2 : word;
  gsize length = strlen (digits);

  if (length > 0 && length <= 18 && digits[0] != '0' && strspn (digits, "0123456789") == length)
    return g_strconcat ("D-", digits, NULL);
  ctl_usage (error, "“%s” is no deal; it should look like D-1042", word);
  return NULL;
}

CtlRequest *
ctl_run_deal_request (CtlRun *run, const char *method, GError **error)
{
  g_autofree char *deal = ctl_run_deal (run, error);
  g_autofree char *path = NULL;

  if (deal == NULL)
    return NULL;
  deal[1] = '_';
  path = g_strconcat (CTL_PATH_DEAL, deal, NULL);
  return ctl_request_new (path, "Deal", method);
}

gboolean
ctl_run_number (const char *word, const char *what, guint *out_number, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (word, 10, 1, G_MAXUINT32, &number, NULL))
    return ctl_usage (error, "“%s” is no %s; it should be a number from 1", word, what);
  *out_number = (guint)number;
  return TRUE;
}

void
ctl_run_add_change (CtlRun *run, CtlRequest *request)
{
  if (run->key == NULL)
    run->key = g_uuid_string_random ();
  ctl_request_set_key (request, run->key);
  ctl_request_option_text (request, "occurred-at", run->occurred_at);
  ctl_request_option_text (request, "customer-person", run->customer_person);
  ctl_request_option_text (request, "channel", run->channel);
  ctl_request_option_text (request, "evidence", run->evidence);
  if (run->expected_version > 0)
    ctl_request_option (request, "expected-version", g_variant_new_uint64 ((guint64)run->expected_version));
}

gboolean
ctl_run_add_map (CtlRun *run, CtlRequest *request, GError **error)
{
  g_autoptr (GVariantBuilder) map = g_variant_builder_new (G_VARIANT_TYPE ("a{ss}"));

  if (run->map == NULL)
    return TRUE;
  for (guint i = 0; run->map[i] != NULL; i++)
    {
      const char *equals = strchr (run->map[i], '=');
      g_autofree char *theirs = NULL;

      if (equals == NULL || equals == run->map[i] || equals[1] == '\0')
        return ctl_usage (error, "--map “%s”: it should look like THEIRS=OURS", run->map[i]);
      theirs = g_strndup (run->map[i], (gsize)(equals - run->map[i]));
      g_variant_builder_add (map, "{ss}", theirs, equals + 1);
    }
  ctl_request_option (request, "map", g_variant_builder_end (map));
  return TRUE;
}

CtlReply *
ctl_run_send (CtlRun *run, CtlRequest *request, GError **error)
{
  CtlBus *bus = ctl_run_bus (run, error);

  if (bus == NULL)
    return NULL;
  ctl_request_option_text (request, "as", run->as);
  return ctl_bus_send (bus, request, error);
}

DdJson *
ctl_run_fetch (CtlRun *run, CtlRequest *request, GError **error)
{
  g_autoptr (CtlReply) reply = ctl_run_send (run, request, error);

  return reply == NULL ? NULL : ctl_reply_json (reply, 0, error);
}

DdJson *
ctl_run_get (CtlRun *run, guint revision, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Get", error);

  if (request == NULL)
    return NULL;
  if (revision > 0)
    ctl_request_option (request, "revision", g_variant_new_uint32 (revision));
  return ctl_run_fetch (run, request, error);
}

gboolean
ctl_run_print_text (const char *text, GError **error)
{
  fputs (text, stdout);
  if (fflush (stdout) != 0 || ferror (stdout))
    return dd_fail (error, DD_ERROR_FAILED, "can't write to standard output: %s", g_strerror (errno));
  return TRUE;
}

/* Of standard output; 0 when it is no terminal. */
static guint
terminal_columns (void)
{
  struct winsize size;

  if (!isatty (STDOUT_FILENO))
    return 0;
  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return DEFAULT_COLUMNS;
}

gboolean
ctl_run_print (CtlRun *run, const CtlSection *sections, const DdJsonNode *root, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (run->json)
    ctl_output_json (sections, root, out);
  else
    ctl_output_text (sections, root, terminal_columns (), out);
  return ctl_run_print_text (out->str, error);
}

gboolean
ctl_run_print_reply (CtlRun *run, CtlRequest *request, const CtlSection *sections, GError **error)
{
  g_autoptr (DdJson) json = ctl_run_fetch (run, request, error);

  return json != NULL && ctl_run_print (run, sections, dd_json_root (json), error);
}

gboolean
ctl_run_print_written (CtlRun *run, const CtlSection *sections, DdJsonWriter *writer, GError **error)
{
  gsize length;
  g_autofree char *text = dd_json_writer_finish (writer, &length);
  const DdJsonLimits limits = { .max_bytes = G_MAXSIZE, .max_depth = 128 };
  g_autoptr (DdJson) json = dd_json_parse (text, length, &limits, error);

  return json != NULL && ctl_run_print (run, sections, dd_json_root (json), error);
}
