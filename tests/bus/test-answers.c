/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What calls answer about what they were given: maps, dates, tables, costs, the sink; and what they refuse.
 */
#include "fixture.h"

#include <string.h>

static GVariant *
anna (const char *more)
{
  g_autofree char *text = g_strdup_printf ("{'as': <'anna'>%s}", more);

  return g_variant_new_parsed (text);
}

/* One line that asks for "their-dia", and @members. */
static GVariant *
asking (const char *members)
{
  g_autofree char *text = g_strdup_printf (
    "{\"lines\":[{\"id\":\"1\",\"offering\":\"their-dia\",\"quantity\":\"1\",\"commitment\":36}],"
    "\"currency\":\"EUR\",\"commitment\":36,\"validUntil\":\"2099-01-01T00:00:00Z\"%s}",
    members);

  return document (text);
}

static void
refused (DealFixture *f, const char *method, GVariant *arguments, const char *error, const char *words)
{
  g_autofree char *message = call_bad (f->caller, f->server, f->deal, DEAL, method, arguments, error);

  if (strstr (message, words) == NULL)
    g_error ("“%s” isn't in “%s”", words, message);
}

/* --- maps --- */

static GVariant *
mapped (const char *map)
{
  g_autofree char *more = g_strdup_printf (", 'map': <{%s}>", map);

  return g_variant_new ("(@v@a{sv})", asking (""), anna (more));
}

static void
test_maps (DealFixture *f, gconstpointer data)
{
  refused (f, "Propose", mapped ("'theirdia': 'dia-1000'"), "InvalidArgument",
           "--map theirdia=dia-1000: no line asks for “theirdia”; did you mean their-dia?");
  refused (f, "Propose", mapped ("'another-one': 'dia-1000'"), "InvalidArgument", "write ASKED=OFFERING");
  refused (f, "Propose", mapped ("'dia-1000': 'their-dia'"), "InvalidArgument",
           "wrong way round: what a line asks for comes first: --map their-dia=dia-1000");
  refused (f, "Propose", mapped ("'their-dia': 'dia-100'"), "Unmapped",
           "mapped to “dia-100”, which the catalogue doesn't know; did you mean dia-1000?");
  g_variant_unref (
    call_good (f->caller, f->server, f->deal, DEAL, "Propose", mapped ("'their-dia': 'dia-1000'")));
}

static void
test_maps_of_prices (DealFixture *f, gconstpointer data)
{
  g_variant_unref (call_good (f->caller, f->server, f->deal, DEAL, "Propose",
                              g_variant_new ("(@v@a{sv})", proposal ("0%"), anna (""))));
  refused (
    f, "Price",
    g_variant_new ("(u@v@a{sv})", 0, asking (""), g_variant_new_parsed ("{'map': <{'x': 'dia-1000'}>}")),
    "InvalidArgument", "no line asks for “x”");
  refused (f, "Price",
           g_variant_new ("(u@v@a{sv})", 1, document (""),
                          g_variant_new_parsed ("{'map': <{'dia-1000': 'dia-1000'}>}")),
           "InvalidArgument", "map goes with a document or a request");
}

/* --- moves --- */

static void
test_past_dates (DealFixture *f, gconstpointer data)
{
  const char *map = ", 'map': <{'their-dia': 'dia-1000'}>";

  refused (
    f, "Propose",
    g_variant_new ("(@v@a{sv})",
                   asking (",\"orders\":[{\"id\":\"A\",\"lines\":[\"1\"],\"requestedDate\":\"2020-02-29\"}]"),
                   anna (map)),
    "InvalidArgument", "order “A” is wanted on 2020-02-29, which is over; the earliest is today, ");
  g_variant_unref (call_good (
    f->caller, f->server, f->deal, DEAL, "Propose",
    g_variant_new ("(@v@a{sv})",
                   asking (",\"orders\":[{\"id\":\"A\",\"lines\":[\"1\"],\"requestedDate\":\"2098-12-31\"}]"),
                   anna (map))));
}

static void
test_advice_after_the_end (DealFixture *f, gconstpointer data)
{
  g_variant_unref (call_good (f->caller, f->server, f->deal, DEAL, "Propose",
                              g_variant_new ("(@v@a{sv})", proposal ("0%"), anna (""))));
  g_variant_unref (
    call_good (f->caller, f->server, f->deal, DEAL, "Withdraw", g_variant_new ("(u@a{sv})", 0, anna (""))));
  refused (f, "Advise", g_variant_new_parsed ("(@a{sv} {},)"), "IllegalMove",
           "D-1 is withdrawn: there is nothing to negotiate any more");
}

/* --- tables --- */

static void
import_version (DealFixture *f, const char *options, guint64 version)
{
  g_autoptr (GVariant) reply =
    call_good (f->caller, f->server, CATALOG, "Import",
               g_variant_new ("(s@v@a{sv})", "members", document ("group,person\nsales,anna\n"),
                              g_variant_new_parsed (options)));
  guint64 came;

  g_variant_get_child (reply, 0, "t", &came);
  g_assert_cmpuint (came, ==, version);
}

static void
test_dry_import (DealFixture *f, gconstpointer data)
{
  import_version (f, "{'dry-run': <true>}", 2);
  import_version (f, "{'dry-run': <true>}", 2);
  import_version (f, "@a{sv} {}", 2);
  import_version (f, "{'dry-run': <true>}", 3);
}

/* What would stop every price isn't taken. */
static void
test_enumerations (DealFixture *f, gconstpointer data)
{
  static const struct
  {
    const char *type;
    const char *mode;
    const char *words;
  } cases[] = {
    { "rental", "flat",
      "charges.csv:2: column 4 \"type\": \"rental\" isn't one of oneTime, recurring, usage" },
    { "recurring", "even", "\"mode\": \"even\" isn't one of flat, volume, graduated, block, package" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rows = g_strdup_printf ("offering,charge,name,type,period,currency,price,mode\n"
                                               "dia-1000,rental,Rental,%s,month,EUR,549.00,%s\n",
                                               cases[i].type, cases[i].mode);
      g_autofree char *message =
        call_bad (f->caller, f->server, CATALOG, "Import",
                  g_variant_new ("(s@v@a{sv})", "charges", document (rows),
                                 g_variant_new_parsed ("{'file-name': <'charges.csv'>}")),
                  "InvalidArgument");

      if (strstr (message, cases[i].words) == NULL)
        g_error ("“%s” isn't in “%s”", cases[i].words, message);
    }
}

/* --- what is told --- */

static void
import_table (DealFixture *f, const char *name, const char *rows)
{
  g_variant_unref (
    call_good (f->caller, f->server, CATALOG, "Import",
               g_variant_new ("(s@v@a{sv})", name, document (rows), g_variant_new_parsed ("@a{sv} {}"))));
}

static void
test_costs (DealFixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reply = NULL;
  g_autofree char *text = NULL;

  import_table (f, "charges",
                "offering,charge,name,type,period,currency,price,mode\n"
                "dia-1000,rental,Rental,recurring,month,EUR,549.00,flat\n"
                "dia-1000,setup,Setup,oneTime,,EUR,100.00,flat\n");
  import_table (f, "costs", "offering,charge,currency,cost\ndia-1000,rental,EUR,400\n");
  reply = call_good (f->caller, f->server, f->deal, DEAL, "Price",
                     g_variant_new ("(u@v@a{sv})", 0, proposal ("0%"), g_variant_new_parsed ("@a{sv} {}")));
  text = document_text (reply, NULL);
  g_assert_nonnull (strstr (text, "\"charges\":2,\"chargesWithCost\":1,"));
  g_assert_nonnull (strstr (text, "\"margin\":"));
}

/* The fixture's has no directory: orders would wait for it. */
static void
test_sink (DealFixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reply =
    call_good (f->caller, f->server, MANAGER, "Status", g_variant_new_parsed ("(@a{sv} {},)"));
  g_autofree char *text = document_text (reply, NULL);
  g_autoptr (GVariant) info =
    call_good (f->caller, f->server, PLUGINS, "Info", g_variant_new_parsed ("('handoff-spool', @a{sv} {})"));
  g_autofree char *told = document_text (info, NULL);

  g_assert_nonnull (strstr (text, "\"sink\":\"handoff-spool\",\"sinkState\":\"refused\""));
  g_assert_nonnull (strstr (told,
                            "it needs its option directory: set directory= in the configuration's group "
                            "[plugin handoff-spool]"));
  /* What a plugin hasn't has no member. */
  g_assert_null (strstr (told, "\"stage\""));
}

static void
test_moments (DealFixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reply = NULL;
  g_autofree char *text = NULL;

  g_variant_unref (call_good (f->caller, f->server, f->deal, DEAL, "Propose",
                              g_variant_new ("(@v@a{sv})", proposal ("0%"), anna (""))));
  reply =
    call_good (f->caller, f->server, f->deal, DEAL, "Log", g_variant_new_parsed ("(@t 0, @u 10, @a{sv} {})"));
  text = document_text (reply, NULL);
  g_assert_nonnull (strstr (text, "\"validUntil\":\"2099-01-01T00:00:00Z\""));
}

#define ADD(name, test) g_test_add ("/answers/" name, DealFixture, NULL, deal_set_up, test, deal_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-map-that-maps-nothing-or-to-nothing-is-refused-with-what-was-meant", test_maps);
  ADD ("so-it-is-in-a-price", test_maps_of_prices);
  ADD ("an-order-isn't-wanted-on-a-day-that-is-over", test_past_dates);
  ADD ("a-deal-that-ended-gets-no-advice", test_advice_after_the_end);
  ADD ("a-dry-import-says-which-version-it-would-be", test_dry_import);
  ADD ("an-import-takes-only-values-that-prices-can-be-made-from", test_enumerations);
  ADD ("a-margin-says-of-how-many-charges-it-is", test_costs);
  ADD ("a-sink-that-can't-be-used-is-still-named", test_sink);
  ADD ("moments-in-the-log-are-told-as-text", test_moments);
  return g_test_run ();
}
