/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What Price answers: contract years, what ends early, breakdowns, present values, steps, rules that didn't
 * apply.
 */
#include "fixture.h"

#include "number/decimal.h"

#include <string.h>

/* (transfer full) */
static char *
price (DealFixture *f, const char *options)
{
  g_autoptr (GVariant) reply =
    call_good (f->caller, f->server, f->deal, DEAL, "Price",
               g_variant_new ("(u@v@a{sv})", 0, proposal ("10%"), g_variant_new_parsed (options)));

  return document_text (reply, NULL);
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

#define NOTHING "@a{sv} {}"

static void
test_years (DealFixture *f, gconstpointer data)
{
  deal_import (f, "charges",
               "offering,charge,first_year,name,type,period,currency,price,mode,last_year,free_months,per\n"
               "dia-1000,rental,1,Rental,recurring,month,EUR,500.00,flat,1,2,\n"
               "dia-1000,rental,2,Rental,recurring,month,EUR,400.00,flat,,,2\n");
  g_autofree char *text = price (f, NOTHING);

  has (text, "\"net\":\"EUR 450.00\"");
  has (text, "\"firstYear\":1");
  has (text, "\"lastYear\":1");
  has (text, "\"firstYear\":2");
  has (text, "\"freeMonths\":2");
  has (text, "\"per\":\"2\"");
}

static void
test_no_extras (DealFixture *f, gconstpointer data)
{
  static const char *const extras[] = { "firstYear",      "lastYear",  "freeMonths",   "\"per\"",
                                        "sourceCurrency", "endsEarly", "presentValue", "payback",
                                        "breakdown",      "misses" };
  g_autofree char *text = price (f, NOTHING);

  for (guint i = 0; i < G_N_ELEMENTS (extras); i++)
    hasnt (text, extras[i]);
}

static void
test_ends_early (DealFixture *f, gconstpointer data)
{
  deal_import (f, "contracted",
               "customer,offering,charge,valid_from,agreement,currency,mode,price,valid_to\n"
               "c-1,dia-1000,rental,,A-7,EUR,flat,300.00,2098-06-30\n");
  g_autofree char *text = price (f, NOTHING);

  has (text, "\"endsEarly\":[{\"last\":\"2098-06-30\",\"what\":\"");
  has (text, "A-7");
  has (text, "\"effect\":\"EUR -249.00\",\"kind\":\"contract\"");
  has (text, "\"source\":\"contracted@1\"");
}

static void
test_steps (DealFixture *f, gconstpointer data)
{
  g_autofree char *text = price (f, NOTHING);

  has (text, "{\"after\":\"EUR 549.00\",\"effect\":\"EUR 549.00\",\"kind\":\"open\",\"source\":\"charges@1\","
             "\"stage\":\"base\"}");
  has (text, "{\"after\":\"EUR 494.10\",\"effect\":\"EUR -54.90\",\"kind\":\"percent-off\"");
}

/* c-1 pays 500.00 for it today, as the dataset says, or 510.00, as the line does. */
static void
test_installed (DealFixture *f, gconstpointer data)
{
  static const char *const stated[] = { "",
                                        ",\"installed\":[{\"charge\":\"rental\",\"net\":\"EUR 510.00\"}]" };
  static const char *const steps[] = {
    "{\"after\":\"EUR 49.00\",\"effect\":\"EUR -500.00\",\"kind\":\"installed\",\"source\":\"installed@1\"",
    "{\"after\":\"EUR 39.00\",\"effect\":\"EUR -510.00\",\"kind\":\"installed\",\"stage\""
  };

  deal_import (f, "installed",
               "customer,offering,charge,type,period,net,currency\n"
               "c-1,dia-1000,rental,recurring,month,500.00,EUR\nc-2,dia-1000,rental,recurring,month,1,EUR\n");
  for (guint i = 0; i < G_N_ELEMENTS (stated); i++)
    {
      g_autofree char *offer = g_strdup_printf (
        "{\"lines\":[{\"id\":\"1\",\"offering\":\"dia-1000\",\"quantity\":\"1\",\"action\":\"modify\"%s}]}",
        stated[i]);
      g_autoptr (GVariant) reply =
        call_good (f->caller, f->server, f->deal, DEAL, "Price",
                   g_variant_new ("(u@v@a{sv})", 0, document (offer), g_variant_new_parsed (NOTHING)));
      g_autofree char *text = document_text (reply, NULL);

      has (text, steps[i]);
    }
}

static void
test_breakdown (DealFixture *f, gconstpointer data)
{
  static const struct
  {
    const char *by;
    const char *key;
  } cases[] = { { "line", "\"key\":\"1\"," }, { "category", "\"key\":\"access\"," }, { "site", "" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *options = g_strdup_printf ("{'by': <'%s'>}", cases[i].by);
      g_autofree char *text = price (f, options);
      g_autofree char *wanted =
        g_strdup_printf ("\"breakdown\":[{\"contractList\":\"EUR 19764.00\",\"contractValue\":\"EUR "
                         "17787.60\",\"cost\":\"EUR 0.00\","
                         "\"currency\":\"EUR\",%s\"monthly\":\"EUR 494.10\",\"once\":\"EUR 0.00\"}]",
                         cases[i].key);

      has (text, wanted);
    }
  g_autofree char *message =
    call_bad (f->caller, f->server, f->deal, DEAL, "Price",
              g_variant_new ("(u@v@a{sv})", 0, proposal ("10%"), g_variant_new_parsed ("{'by': <'moon'>}")),
              "InvalidArgument");
  has (message, "should be line, site or category");
}

static void
test_present_value (DealFixture *f, gconstpointer data)
{
  deal_import (f, "costs", "offering,charge,currency,cost\ndia-1000,rental,EUR,300.00\n");
  f->server->service->interest = 12 * DD_NANOS / 100;
  g_autofree char *text = price (f, NOTHING);

  /* 194.10 at the end of each of 36 months, at 1% a month; cost never leads, so it is paid back from the
   * start. */
  has (text, "\"payback\":0");
  has (text, "\"presentValue\":\"EUR 5843.87\"");
}

static void
test_why_not (DealFixture *f, gconstpointer data)
{
  deal_import (f, "promotions",
               "offering,id,charge,kind,percent,min_months,label\n"
               "dia-1000,long-term,rental,percent-off,5%,48,Long term\n"
               "dia-1000,any-term,rental,percent-off,5%,12,Any term\n");
  g_autofree char *missed = price (f, "{'why-not': <'long-term'>}");
  g_autofree char *applied = price (f, "{'why-not': <'any-term'>}");
  g_autofree char *unknown = price (f, "{'why-not': <'nobodys'>}");
  g_autofree char *all = price (f, "{'why-not': <''>}");

  has (missed, "\"misses\":[{\"line\":\"1\",\"plugin\":\"pricing-promotion\",\"reason\":\"");
  has (missed, "\"rule\":\"long-term\"}]");
  has (applied, "\"applied\":[{\"charge\":\"rental\",\"line\":\"1\"}]");
  has (missed, "\"applied\":[]");
  has (applied, "\"misses\":[]");
  has (unknown, "\"applied\":[]");
  has (unknown, "\"misses\":[]");
  has (all, "\"rule\":\"long-term\"");
  has (all, "\"misses\":[{");
}

#define ADD(name, test) g_test_add ("/price/" name, DealFixture, NULL, deal_set_up, test, deal_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-charge-says-in-which-contract-years-it-holds-and-what-it-is-for", test_years);
  ADD ("a-plain-charge-says-none-of-it", test_no_extras);
  ADD ("what-ends-before-the-offer-is-said-with-its-day", test_ends_early);
  ADD ("a-step-says-what-it-changed-and-from-which-version-of-a-dataset", test_steps);
  ADD ("what-is-installed-comes-off-and-says-where-it-was-found", test_installed);
  ADD ("a-breakdown-adds-up-to-the-deal", test_breakdown);
  ADD ("interest-gives-a-present-value", test_present_value);
  ADD ("a-rule-that-didn't-apply-is-said-with-its-reason", test_why_not);
  return g_test_run ();
}
