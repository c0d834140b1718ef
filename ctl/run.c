/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One run of one verb (see run.h). One thread.
 */
#include "run.h"
#include "fault.h"
#include "i18n.h"
#include "options.h"
#include "shapes.h"
#include "terminal.h"
#include "word.h"
#include "json/writer.h"

#include <string.h>

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
  g_free (run->colour);
  g_free (run->as);
  g_free (run->key);
  g_free (run->occurred_at);
  g_free (run->customer_person);
  g_free (run->channel);
  g_free (run->evidence);
  g_free (run->file);
  g_clear_pointer (&run->offer, g_bytes_unref);
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
  g_strfreev (run->edit.settings);
  ctl_bus_free (run->bus);
  g_free (run);
}

/* (transfer full) */
static GOptionContext *
make_context (CtlRun *run)
{
  g_autofree GOptionEntry *entries = ctl_options_list (run);
  GOptionContext *context = g_option_context_new (NULL);

  /* --help is one of ours: it is laid out for the terminal. */
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  return context;
}

gboolean
ctl_run_choice (const char *option, const char *value, const char *choices, GError **error)
{
  g_auto (GStrv) all = g_strsplit (choices, "|", -1);
  g_autofree char *listed = NULL;
  const char *nearest;

  if (value == NULL || g_strv_contains ((const char *const *)all, value))
    return TRUE;
  listed = g_strjoinv (", ", all);
  nearest = ctl_word_nearest (value, (const char *const *)all);
  if (nearest != NULL)
    return ctl_usage (error, _ ("%s “%s”: it should be one of %s; did you mean %s?"), option, value, listed,
                      nearest);
  return ctl_usage (error, _ ("%s “%s”: it should be one of %s"), option, value, listed);
}

gboolean
ctl_run_moment (const char *option, const char *value, GError **error)
{
  g_autoptr (GError) local = NULL;
  gint64 moment;

  if (value == NULL || dd_time_parse (value, &moment, &local))
    return TRUE;
  return ctl_usage (error, _ ("%s “%s”: %s"), option, value, local->message);
}

static gboolean
check_words (CtlRun *run, GError **error)
{
  const CtlVerb *verb = run->verb;

  if (run->n_words < verb->min_words || run->n_words > verb->max_words)
    return ctl_usage (error,
                      run->n_words < verb->min_words
                        ? _ ("a word is missing: it should be dealctl %s%s%s")
                        : _ ("there are too many words: it should be dealctl %s%s%s"),
                      verb->name, *verb->usage == '\0' ? "" : " ", verb->usage);
  if (run->session + run->system + (run->address != NULL) > 1)
    return ctl_usage (error, _ ("--session, --system and --address exclude each other"));
  if (run->expected_version < 0)
    return ctl_usage (error, _ ("--expected-version is a version, from 1"));
  if (run->customer_person == NULL && (run->channel != NULL || run->evidence != NULL))
    return ctl_usage (error,
                      _ ("--channel and --evidence belong to a customer's move: name --customer-person"));
  return ctl_run_choice ("--channel", run->channel, CTL_CHANNELS, error) &&
         ctl_run_moment ("--occurred-at", run->occurred_at, error);
}

gboolean
ctl_run_parse (CtlRun *run, char **arguments, GError **error)
{
  g_autoptr (GOptionContext) context = make_context (run);
  g_auto (GStrv) rest = arguments;
  g_auto (GStrv) given = g_strdupv (arguments);
  GError *wrong = NULL;
  CtlColourWhen when;
  guint first = 1;

  if (!g_option_context_parse_strv (context, &rest, &wrong))
    return ctl_options_fail (run, given, wrong, error);
  if (rest[first] != NULL && g_str_equal (rest[first], "--"))
    first++;
  run->words = g_strdupv (rest + first);
  run->n_words = g_strv_length (run->words);
  if (!ctl_colour_when_parse (run->colour, &when))
    return ctl_run_choice ("--color", run->colour, CTL_COLOURS, error);
  run->style = ctl_terminal_style (when);
  if (!(run->verb->flags & CTL_VERB_LIVE))
    ctl_terminal_hold (!run->no_pager);
  return run->help || check_words (run, error);
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

static const char *
deal_digits (const char *word)
{
  return g_ascii_strncasecmp (word, "D-", 2) == 0 ? word + 2 : word;
}

gboolean
ctl_run_is_deal (const char *word)
{
  const char *digits = deal_digits (word);
  gsize length = strlen (digits);

  return length > 0 && length <= 18 && digits[0] != '0' && strspn (digits, "0123456789") == length;
}

char *
ctl_run_deal_word (const char *word, GError **error)
{
  if (ctl_run_is_deal (word))
    return g_strconcat ("D-", deal_digits (word), NULL);
  ctl_usage (error, _ ("“%s” is no deal; it should look like D-1042"), word);
  return NULL;
}

char *
ctl_run_deal (CtlRun *run, GError **error)
{
  return ctl_run_deal_word (run->words[0], error);
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
    return ctl_usage (error, _ ("“%s” is no %s; it should be a number from 1"), word, _ (what));
  *out_number = (guint)number;
  return TRUE;
}

void
ctl_run_add_change (CtlRun *run, CtlRequest *request)
{
  if (run->key == NULL)
    run->key = g_uuid_string_random ();
  ctl_request_set_key (request, run->key);
  if (run->dry_run)
    ctl_request_option (request, "dry-run", g_variant_new_boolean (TRUE));
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
        return ctl_usage (error, _ ("--map “%s”: it should look like THEIRS=OURS"), run->map[i]);
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

/* (transfer full) (nullable) */
static char **
read_names (CtlRun *run, const CtlNames *from)
{
  g_autoptr (CtlRequest) request = ctl_request_new (from->path, from->interface, from->method);
  g_autoptr (CtlReply) reply = ctl_run_send (run, request, NULL);
  g_autoptr (GVariant) rows = reply == NULL ? NULL : g_variant_get_child_value (ctl_reply_value (reply), 0);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (gsize i = 0; rows != NULL && i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      const char *name;
      const char *kinds = NULL;

      g_variant_get_child (row, 0, "&s", &name);
      if (from->kind != NULL)
        g_variant_get_child (row, 2, "&s", &kinds);
      if (from->kind == NULL || strstr (kinds, from->kind) != NULL)
        g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

void
ctl_run_suggest (CtlRun *run, const CtlNames *from, const char *word, GError **error)
{
  g_auto (GStrv) names = NULL;

  if (error == NULL || !g_error_matches (*error, DD_ERROR, DD_ERROR_NOT_FOUND) ||
      strstr ((*error)->message, "did you mean") != NULL)
    return;
  names = read_names (run, from);
  if (names != NULL)
    ctl_word_suggest ((const char *const *)names, word, error);
}

/* "line 1, column 1: …", "$: …", "lines[0].id: …"; "--map A=B: …" is about an option. */
static gboolean
is_about_place (const char *message)
{
  gsize word = strcspn (message, " ");

  return g_str_has_prefix (message, "line ") ||
         (word > 1 && message[word - 1] == ':' && !g_str_has_prefix (message, "--"));
}

void
ctl_run_name_file (const char *file, GError **error)
{
  g_autofree char *name = NULL;

  if (file == NULL || error == NULL || *error == NULL || (*error)->domain != DD_ERROR ||
      !is_about_place ((*error)->message))
    return;
  name = g_str_equal (file, "-") ? g_strdup (_ ("standard input")) : g_filename_display_name (file);
  g_prefix_error (error, "%s: ", name);
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
  return ctl_terminal_print (text, error);
}

gboolean
ctl_run_print_document (const char *text, GError **error)
{
  return ctl_terminal_print_document (text, error);
}

gboolean
ctl_run_print (CtlRun *run, const CtlSection *sections, const DdJsonNode *root, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (run->json)
    {
      ctl_output_json (sections, root, out);
      return ctl_run_print_document (out->str, error);
    }
  ctl_output_text (sections, root, &run->style, out);
  return ctl_run_print_text (out->str, error);
}

gboolean
ctl_run_print_reply (CtlRun *run, CtlRequest *request, const CtlSection *sections, GError **error)
{
  g_autoptr (DdJson) json = ctl_run_fetch (run, request, error);

  return json != NULL && ctl_run_print (run, sections, dd_json_root (json), error);
}

gboolean
ctl_run_print_array (
  CtlRun *run, CtlRequest *request, const char *const *keys, const CtlSection *sections, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (CtlReply) reply = ctl_run_send (run, request, error);
  g_autoptr (GVariant) rows = reply == NULL ? NULL : g_variant_get_child_value (ctl_reply_value (reply), 0);

  if (rows == NULL)
    return FALSE;
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, sections[0].key);
  dd_json_write_begin_array (writer);
  ctl_shape_write_rows (writer, keys, rows);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  return ctl_run_print_written (run, sections, writer, error);
}

DdJson *
ctl_run_read_written (DdJsonWriter *writer, GError **error)
{
  gsize length;
  g_autofree char *text = dd_json_writer_finish (writer, &length);
  const DdJsonLimits limits = { .max_bytes = G_MAXSIZE, .max_depth = 128 };

  return dd_json_parse (text, length, &limits, error);
}

gboolean
ctl_run_print_written (CtlRun *run, const CtlSection *sections, DdJsonWriter *writer, GError **error)
{
  g_autoptr (DdJson) json = ctl_run_read_written (writer, error);

  return json != NULL && ctl_run_print (run, sections, dd_json_root (json), error);
}
