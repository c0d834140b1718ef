/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Manager.Search, and what a caller is told that names what doesn't exist.
 */
#include "fixture.h"

#include <string.h>

/* (transfer full): the reply as text. */
static char *
search (DealFixture *f, const char *text, guint limit)
{
  g_autoptr (GVariant) reply =
    call_good (f->caller, f->server, MANAGER, "Search", g_variant_new ("(sua{sv})", text, limit, NULL));

  return g_variant_print (reply, FALSE);
}

static void
test_search (DealFixture *f, gconstpointer data)
{
  g_autoptr (GVariant) asked =
    call_good (f->caller, f->server, f->deal, DEAL, "Ask",
               g_variant_new_parsed ("('', 'Is the duct ours?', {'as': <'anna'>})"));
  g_autofree char *second = open_deal (f->caller, f->server);
  g_autofree char *by_offering = search (f, "dia", 10);
  g_autofree char *first_only = search (f, "dia", 1);
  g_autofree char *by_question = search (f, "duct", 10);
  g_autofree char *by_both = search (f, "duct c-1", 10);
  g_autofree char *nothing = search (f, "absent", 10);

  g_assert_cmpstr (by_offering, ==,
                   "([('D-2', 'preparing', 1, 'Request of c-1', 'c-1', 'anna', '‹dia›-1000'),"
                   " ('D-1', 'preparing', 2, 'Request of c-1', 'c-1', 'anna', '‹dia›-1000')],)");
  g_assert_nonnull (strstr (first_only, "'D-2'"));
  g_assert_null (strstr (first_only, "'D-1'"));
  g_assert_nonnull (strstr (by_question, "Is the ‹duct› ours?"));
  g_assert_nonnull (strstr (by_both, "'D-1'"));
  g_assert_null (strstr (by_both, "'D-2'"));
  g_assert_cmpstr (nothing, ==, "([],)");
}

static void
test_bad (DealFixture *f, gconstpointer data)
{
  static const struct
  {
    const char *text;
    guint limit;
  } cases[] = { { "", 10 }, { "\"", 10 }, { "*", 10 }, { "a", 0 }, { "a", 101 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message =
        call_bad (f->caller, f->server, MANAGER, "Search",
                  g_variant_new ("(sua{sv})", cases[i].text, cases[i].limit, NULL), "InvalidArgument");

      g_assert_null (strstr (message, "fts5"));
    }
}

static void
check_no_deal (DealFixture *f, guint number, const char *expected)
{
  g_autofree char *path = g_strdup_printf ("/org/dealdesk1/deal/D_%u", number);
  g_autofree char *message = call_bad (f->caller, f->server, path, DEAL, "Log",
                                       g_variant_new_parsed ("(@t 0, @u 1, @a{sv} {})"), "NotFound");

  if (!g_str_has_suffix (message, expected))
    g_error ("D-%u: “%s” should end in “%s”", number, message, expected);
}

/* 30 deals. */
static void
test_near_deals (DealFixture *f, gconstpointer data)
{
  for (guint i = 2; i <= 30; i++)
    {
      g_autofree char *deal = open_deal (f->caller, f->server);
    }
  check_no_deal (f, 92, "there is no deal D-92; did you mean D-29, D-2 or D-9?");
  check_no_deal (f, 301, "there is no deal D-301; did you mean D-30?");
  check_no_deal (f, 255, "there is no deal D-255; did you mean D-25?");
  check_no_deal (f, 777, "there is no deal D-777");
  check_no_deal (f, 4000, "there is no deal D-4000");
}

/* A move on it, too, and in a job. */
static void
test_near_deals_of_moves (DealFixture *f, gconstpointer data)
{
  g_autofree char *ask = call_bad (f->caller, f->server, "/org/dealdesk1/deal/D_11", DEAL, "Ask",
                                   g_variant_new_parsed ("('', 'Why?', {'as': <'anna'>})"), "NotFound");
  g_autofree char *price = call_bad (f->caller, f->server, "/org/dealdesk1/deal/D_11", DEAL, "Reprice",
                                     g_variant_new_parsed ("(@u 1, @a{sv} {})"), "NotFound");

  g_assert_nonnull (strstr (ask, "did you mean D-1?"));
  g_assert_nonnull (strstr (price, "did you mean D-1?"));
}

/* Of one line of @offering. (transfer floating) */
static GVariant *
proposal_of (const char *offering)
{
  g_autofree char *text =
    g_strdup_printf ("{\"lines\":[{\"id\":\"1\",\"offering\":\"%s\",\"quantity\":\"1\"}]}", offering);

  return document (text);
}

static void
test_near_offerings (DealFixture *f, gconstpointer data)
{
  static const char *const slips[] = { "dia-100",  "dia-10000", "dai-1000",
                                       "DIA-1000", "dia",       "internet access" };

  for (guint i = 0; i < G_N_ELEMENTS (slips); i++)
    {
      g_autoptr (GVariant) options = g_variant_ref_sink (g_variant_new_parsed ("{'as': <'anna'>}"));
      g_autofree char *message =
        call_bad (f->caller, f->server, f->deal, DEAL, "Propose",
                  g_variant_new ("(@v@a{sv})", proposal_of (slips[i]), options), "Unmapped");

      if (strstr (message, "did you mean dia-1000? If not, map it") == NULL)
        g_error ("%s: %s", slips[i], message);
    }
}

static void
test_far_offerings (DealFixture *f, gconstpointer data)
{
  g_autoptr (GVariant) options = g_variant_ref_sink (g_variant_new_parsed ("{'as': <'anna'>}"));
  g_autofree char *message =
    call_bad (f->caller, f->server, f->deal, DEAL, "Propose",
              g_variant_new ("(@v@a{sv})", proposal_of ("voice-trunk"), options), "Unmapped");

  g_assert_null (strstr (message, "did you mean"));
  g_assert_nonnull (strstr (message, "; map it with --map voice-trunk=OFFERING"));
}

static char *
open_reply (DealFixture *f, const char *offering, const char *map)
{
  g_autofree char *options = g_strdup_printf (
    "{'format': <'proposal'>, 'customer': <'c-1'>, 'as': <'anna'>, 'map': <@a{ss} {%s}>}", map);
  g_autoptr (GVariant) reply =
    call_good (f->caller, f->server, MANAGER, "Open",
               g_variant_new ("(@v@a{sv})", proposal_of (offering), g_variant_new_parsed (options)));

  return document_text (reply, NULL);
}

static void
test_remarks (DealFixture *f, gconstpointer data)
{
  g_autofree char *unknown = open_reply (f, "dia-100", "");
  g_autofree char *mapped = open_reply (f, "dia-100", "'dia-100': 'dia-1000'");
  g_autofree char *known = open_reply (f, "dia-1000", "");

  g_assert_nonnull (
    strstr (unknown, "line 1: the catalogue knows no offering “dia-100”; did you mean dia-1000?"));
  g_assert_nonnull (strstr (mapped, "\"remarks\":[]"));
  g_assert_nonnull (strstr (known, "\"remarks\":[]"));
}

/* Lines of @n offerings that the catalogue doesn't know, each a slip of the hand away from one. */
static char *
open_unknown (DealFixture *f, guint n)
{
  g_autoptr (GString) text = g_string_new ("{\"lines\":[");
  g_autoptr (GVariant) options = g_variant_ref_sink (
    g_variant_new_parsed ("{'format': <'proposal'>, 'customer': <'c-1'>, 'as': <'anna'>}"));
  g_autoptr (GVariant) reply = NULL;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s{\"id\":\"%u\",\"offering\":\"dia-1%03u\",\"quantity\":\"1\"}",
                            i > 0 ? "," : "", i + 1, i + 1);
  g_string_append (text, "]}");
  reply = call_good (f->caller, f->server, MANAGER, "Open",
                     g_variant_new ("(@v@a{sv})", document (text->str), options));
  return document_text (reply, NULL);
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, part)) != NULL; at++)
    n++;
  return n;
}

static void
test_few_suggestions (DealFixture *f, gconstpointer data)
{
  g_autofree char *reply = open_unknown (f, 9);

  g_assert_cmpuint (count (reply, "knows no offering"), ==, 9);
  g_assert_cmpuint (count (reply, "did you mean"), ==, 3);
}

/* As one that was imported when its columns had other types would be. */
static gboolean
import_misfit (DdTransaction *transaction, gpointer data, GError **error)
{
  static const char rows[] = "id,name,category,unit,valid_from,valid_to\ndia-1000,a,b,c,soon,\n";
  static const char *const columns[] = { "id key text", "name text",       "category text",
                                         "unit text",   "valid_from text", "valid_to text optional" };
  const DdAppend append = { 1, 0, "anna", "uid:1" };
  DdDatasetDeclaration *declaration = dd_dataset_declaration_new ("offerings");
  gint64 version;

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_assert_true (dd_dataset_declaration_add (declaration, columns[i], NULL));
  g_autoptr (DdDataset) dataset = dd_dataset_parse_csv (declaration, "misfit", rows, strlen (rows), error);
  dd_dataset_declaration_free (declaration);
  return dataset != NULL && dd_transaction_import (transaction, dataset, &append, &version, error);
}

static void
note_done (gpointer data, const GError *error)
{
  g_assert_no_error (error);
  g_atomic_int_set ((gint *)data, 1);
}

static void
test_unreadable_catalogue (DealFixture *f, gconstpointer data)
{
  gint done = 0;
  g_autofree char *reply = NULL;

  dd_store_write (f->server->service->store, import_misfit, note_done, &done);
  while (!g_atomic_int_get (&done))
    g_thread_yield ();
  reply = open_reply (f, "dia-1000", "");
  g_assert_nonnull (strstr (reply, "the offerings weren't looked up: "));
  g_assert_nonnull (strstr (reply, "soon"));
}

#define ADD(name, test) g_test_add ("/search/" name, DealFixture, NULL, deal_set_up, test, deal_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("deals-are-found-newest-first-with-what-matched", test_search);
  ADD ("bad-input-is-refused-in-our-words", test_bad);
  ADD ("a-deal-that-isnt-there-names-near-ones", test_near_deals);
  ADD ("so-does-a-move-and-a-job", test_near_deals_of_moves);
  ADD ("an-unknown-offering-names-the-nearest", test_near_offerings);
  ADD ("a-far-one-names-none", test_far_offerings);
  ADD ("opening-remarks-on-unknown-offerings", test_remarks);
  ADD ("of-many-unknown-offerings-the-first-three-are-compared", test_few_suggestions);
  ADD ("a-deal-is-opened-though-the-catalogue-can't-be-read", test_unreadable_catalogue);
  return g_test_run ();
}
