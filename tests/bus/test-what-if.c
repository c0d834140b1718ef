/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What-if: a document priced without a deal, and the discount that reaches a goal.
 */
#include "fixture.h"

#include <string.h>

/* No deal: only some need one. */
static void
setup (DealFixture *f, gconstpointer data)
{
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);
  f->server = server_start (bus_connect (), TRUE);
  f->caller = bus_connect ();
  import_samples (f->caller, f->server, "carla");
}

/* @offer: consumed. (transfer full) */
static char *
price_document (DealFixture *f, GVariant *offer, const char *options)
{
  g_autoptr (GVariant) reply =
    call_good (f->caller, f->server, MANAGER, "Price",
               g_variant_new ("(@v@a{sv})", offer, g_variant_new_parsed (options)));

  return document_text (reply, NULL);
}

static char *
price (DealFixture *f, const char *options)
{
  return price_document (f, proposal ("10%"), options);
}

/* (transfer full): the message */
static char *
refused_document (DealFixture *f, GVariant *offer, const char *options, const char *error)
{
  return call_bad (f->caller, f->server, MANAGER, "Price",
                   g_variant_new ("(@v@a{sv})", offer, g_variant_new_parsed (options)), error);
}

static char *
refused (DealFixture *f, const char *options, const char *error)
{
  return refused_document (f, proposal ("10%"), options, error);
}

static void
has (const char *text, const char *words)
{
  if (strstr (text, words) == NULL)
    g_error ("“%s” isn't in “%s”", words, text);
}

static void
hasnt (const char *text, const char *words)
{
  if (strstr (text, words) != NULL)
    g_error ("“%s” is in “%s”", words, text);
}

#define NOTHING    "@a{sv} {}"
#define GOAL(text) "{'goal': <'" text "'>}"

/* Two lines, 549.00 a month each for 36 months; "b" has 10% off. */
#define TWO_LINES                                                                                            \
  "{\"lines\":[{\"id\":\"a\",\"offering\":\"dia-1000\",\"quantity\":\"1\",\"commitment\":36},"               \
  "{\"id\":\"b\",\"offering\":\"dia-1000\",\"quantity\":\"1\",\"commitment\":36,"                            \
  "\"alterations\":[{\"kind\":\"percent-off\",\"value\":\"10%\"}]}]}"

static void
test_without_deal (DealFixture *f, gconstpointer data)
{
  f->deal = open_deal (f->caller, f->server);
  g_autoptr (GVariant) reply =
    call_good (f->caller, f->server, f->deal, DEAL, "Price",
               g_variant_new ("(u@v@a{sv})", 0, proposal ("10%"), g_variant_new_parsed (NOTHING)));
  g_autofree char *of_deal = document_text (reply, NULL);
  g_autofree char *alone = price (f, NOTHING);
  g_autofree char *by = price (f, "{'by': <'line'>}");

  has (alone, "\"net\":\"EUR 494.10\"");
  g_assert_cmpstr (alone, ==, of_deal);
  has (by, "\"breakdown\":[{");
}

static void
test_unmoved (DealFixture *f, gconstpointer data)
{
  g_autofree char *text = price (f, GOAL ("total=EUR 17000"));
  g_autoptr (GVariant) reply =
    call_good (f->caller, f->server, MANAGER, "List",
               g_variant_new ("(su@a{sv})", "", 10, g_variant_new_parsed (NOTHING)));
  g_autoptr (GVariant) deals = g_variant_get_child_value (reply, 0);

  g_assert_cmpuint (g_variant_n_children (deals), ==, 0);
}

static void
test_customer (DealFixture *f, gconstpointer data)
{
  deal_import (f, "contracted",
               "customer,offering,charge,valid_from,agreement,currency,mode,price,valid_to\n"
               "c-1,dia-1000,rental,,A-7,EUR,flat,300.00,\n");
  deal_import (f, "customers", "id,name,segment,country\nc-1,Sample One,,\n");
  g_autofree char *nobodys = price (f, NOTHING);
  g_autofree char *theirs = price (f, "{'customer': <'c-1'>}");
  g_autofree char *unknown = refused (f, "{'customer': <'c-l'>}", "NotFound");

  has (nobodys, "\"net\":\"EUR 494.10\"");
  has (theirs, "\"net\":\"EUR 270.00\"");
  has (unknown, "customers");
  has (unknown, "c-l");
}

static void
test_map (DealFixture *f, gconstpointer data)
{
  static const char asked[] = "{\"lines\":[{\"id\":\"1\",\"askedOffering\":\"theirs\"}],\"commitment\":36}";
  g_autofree char *mapped = price_document (f, document (asked), "{'map': <{'theirs': 'dia-1000'}>}");
  g_autofree char *unmapped = refused_document (f, document (asked), NOTHING, "Unmapped");

  has (mapped, "\"offering\":\"dia-1000\"");
  has (unmapped, "theirs");
}

static void
test_bad_document (DealFixture *f, gconstpointer data)
{
  g_autofree char *empty = refused_document (f, document (""), NOTHING, "InvalidArgument");
  g_autofree char *broken = refused_document (f, document ("{\"lines\":[{}]}"), NOTHING, "InvalidArgument");
  g_autofree char *unknown = refused (f, "{'revision': <uint32 1>}", "InvalidArgument");

  has (empty, "it should be a proposal");
  has (broken, "lines[0]");
  has (unknown, "customer");
}

/* 494.10 becomes 472.22, the most of which 36 are at or below 17000: from 4.4273% on, and not at 4.4272%. */
static void
test_total (DealFixture *f, gconstpointer data)
{
  g_autofree char *text = price (f, GOAL ("total=EUR 17000"));

  has (text,
       "\"goal\":{\"currency\":\"EUR\",\"discount\":\"4.4273%\",\"kind\":\"total\",\"outcome\":\"reached\","
       "\"reached\":\"EUR 16999.92\",\"stops\":[],\"wanted\":\"EUR 17000.00\"}");
  has (text, "\"contractValue\":\"EUR 16999.92\"");
  has (text, "\"net\":\"EUR 472.22\"");
  has (text, "\"label\":\"Discount to reach the goal\"");
}

static void
test_of_deal (DealFixture *f, gconstpointer data)
{
  f->deal = open_deal (f->caller, f->server);
  /* The request's own line: nothing off yet, so 549.00 a month. */
  g_autoptr (GVariant) reply = call_good (
    f->caller, f->server, f->deal, DEAL, "Price",
    g_variant_new ("(u@v@a{sv})", 0, document (""), g_variant_new_parsed (GOAL ("total=EUR 18000"))));
  g_autofree char *text = document_text (reply, NULL);

  has (text, "\"outcome\":\"reached\",\"reached\":\"EUR 18000.00\"");
  has (text, "\"net\":\"EUR 500.00\"");
}

static void
test_met (DealFixture *f, gconstpointer data)
{
  g_autofree char *text = price (f, GOAL ("total=EUR 17787.60"));

  has (text,
       "\"discount\":\"0%\",\"kind\":\"total\",\"outcome\":\"met-without\",\"reached\":\"EUR 17787.60\"");
}

static void
test_margin (DealFixture *f, gconstpointer data)
{
  deal_import (f, "costs", "offering,charge,currency,cost\ndia-1000,rental,EUR,300.00\n");
  g_autofree char *reached = price (f, GOAL ("margin=22%"));
  g_autofree char *named = price (f, GOAL ("margin=EUR 22%"));
  g_autofree char *below = price (f, GOAL ("margin=60%"));

  /* 384.62 - 300 is 22.0009% of it; of 384.61 it would be 21.9989%. */
  has (reached, "\"kind\":\"margin\",\"outcome\":\"reached\",\"reached\":\"22.0009");
  has (reached, "\"net\":\"EUR 384.62\"");
  g_assert_cmpstr (named, ==, reached);
  has (below, "\"discount\":\"0%\",\"kind\":\"margin\",\"outcome\":\"below-margin\",\"reached\":\"39.28");
}

static void
test_margin_currency (DealFixture *f, gconstpointer data)
{
  deal_import (f, "costs", "offering,charge,currency,cost\ndia-1000,rental,EUR,300.00\nchf,fee,CHF,1.00\n");
  deal_import (f, "offerings",
               "id,name,category,unit,valid_from,valid_to\ndia-1000,Internet access,access,line,2026-01-01,\n"
               "chf,Another,access,line,2026-01-01,\n");
  deal_import (f, "charges",
               "offering,charge,name,type,period,currency,price,mode,fee,free,package,minimum,maximum\n"
               "dia-1000,rental,Rental,recurring,month,EUR,549.00,flat,,,,,\n"
               "chf,fee,Fee,recurring,month,CHF,9.00,flat,,,,,\n");
  static const char two[] =
    "{\"lines\":[{\"id\":\"1\",\"offering\":\"dia-1000\"},{\"id\":\"2\",\"offering\":\"chf\"}],"
    "\"commitment\":36}";
  static const char one[] = "{\"lines\":[{\"id\":\"1\",\"offering\":\"dia-1000\"}],\"commitment\":36}";
  g_autofree char *said = refused_document (f, document (two), GOAL ("margin=22%"), "InvalidArgument");
  g_autofree char *named = price_document (f, document (two), GOAL ("margin=CHF 22%"));
  g_autofree char *only = price_document (f, document (one), GOAL ("margin=22%"));

  has (said, "margin=EUR 22%");
  has (named, "\"goal\":{\"currency\":\"CHF\"");
  has (named, "\"net\":\"EUR 549.00\"");
  has (only, "\"goal\":{\"currency\":\"EUR\"");
}

static void
test_floors (DealFixture *f, gconstpointer data)
{
  deal_import (f, "floors", "offering,charge,currency,floor\ndia-1000,rental,EUR,450.00\n");
  g_autofree char *text = price_document (f, document (TWO_LINES), GOAL ("total=EUR 30000"));

  /* Both end at 450.00: 18.0327…% and 8.9252…% off what they were. */
  has (text, "\"outcome\":\"at-floors\",\"reached\":\"EUR 32400.00\",\"stops\":[{\"charge\":\"rental\","
             "\"discount\":\"18.03");
  has (text, "\"floor\":\"EUR 450.00\",\"line\":\"a\",\"reason\":\"floor\"},{\"charge\":\"rental\","
             "\"discount\":\"8.92");
  has (text, "\"floor\":\"EUR 450.00\",\"line\":\"b\",\"reason\":\"floor\"}],\"wanted\":\"EUR 30000.00\"}");
  hasnt (text, "belowFloor");
}

/* The line that is at its floor has its part, and the other gives the rest. */
static void
test_one_floor (DealFixture *f, gconstpointer data)
{
  deal_import (f, "floors", "offering,charge,currency,floor\ndia-1000,rental,EUR,450.00\n");
  g_autofree char *text = price_document (f, document (TWO_LINES), GOAL ("total=EUR 33000"));

  has (text, "\"outcome\":\"reached\"");
  has (text, "\"line\":\"b\",\"reason\":\"floor\"}],");
  hasnt (text, "\"line\":\"a\",\"reason\"");
}

static void
test_nothing_to_measure (DealFixture *f, gconstpointer data)
{
  g_autofree char *currency = price (f, GOAL ("total=CHF 100"));
  g_autofree char *cost = price (f, GOAL ("margin=22%"));

  has (currency, "\"outcome\":\"no-currency\",\"stops\":[],");
  has (cost, "\"outcome\":\"no-cost\",\"stops\":[],");
}

static void
test_bad_goals (DealFixture *f, gconstpointer data)
{
  static const struct
  {
    const char *options;
    const char *said;
  } cases[] = {
    { GOAL (""), "total=EUR 250000" },
    { GOAL ("250000"), "total=EUR 250000" },
    { GOAL ("value=EUR 1"), "margin=22%" },
    { GOAL ("total=250000"), "total=250000" },
    { GOAL ("total=EUR"), "total=EUR" },
    { GOAL ("total=EUR 1,000"), "total=EUR 1,000" },
    { GOAL ("margin=22"), "with its sign" },
    { GOAL ("margin=E 22%"), "margin=E 22%" },
    { GOAL ("margin=%"), "margin=%" },
    { GOAL ("margin=100.1%"), "beyond 100%" },
    { "{'goal': <'margin=22%'>, 'why-not': <'x'>}", "exclude each other" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message = refused (f, cases[i].options, "InvalidArgument");

      has (message, cases[i].said);
    }
}

#define ADD(name, test) g_test_add ("/what-if/" name, DealFixture, NULL, setup, test, deal_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-document-has-the-price-that-it-would-have-in-a-deal", test_without_deal);
  ADD ("pricing-a-document-makes-no-deal", test_unmoved);
  ADD ("a-named-customer-s-prices-apply-and-an-unknown-one-is-refused", test_customer);
  ADD ("a-document-s-own-names-of-offerings-are-mapped", test_map);
  ADD ("what-is-no-document-is-refused-with-its-place", test_bad_document);
  ADD ("a-total-is-reached-by-the-smallest-discount-that-does", test_total);
  ADD ("a-deal-s-offer-can-have-a-goal", test_of_deal);
  ADD ("a-total-that-holds-needs-no-discount", test_met);
  ADD ("a-margin-is-reached-or-was-below-from-the-start", test_margin);
  ADD ("a-margin-is-of-the-offer-s-currency-or-of-a-named-one", test_margin_currency);
  ADD ("floors-end-what-a-total-can-be-and-are-named", test_floors);
  ADD ("one-line-at-its-floor-leaves-the-rest-to-the-others", test_one_floor);
  ADD ("what-can-t-be-measured-is-said", test_nothing_to_measure);
  ADD ("a-goal-that-can-t-be-is-refused", test_bad_goals);
  return g_test_run ();
}
