/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A price stays what it was: its revision replays to the same bytes through imports, switched and upgraded
 * plugins and restarts; asked again, plugins say what differs and why; and a recorded document that was
 * changed in the store never passes for the same.
 */
#include "moves.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

static DdJson *
ask (Rig *rig, const char *deal, gboolean again)
{
  Call *call = call_number (call_new (deal, "Replay"), 1);

  if (again)
    call_option (call, "ask-again", g_variant_new_boolean (TRUE));
  return call_must (call, rig->connection);
}

static char *
replay (Rig *rig, const char *deal)
{
  g_autoptr (DdJson) json = ask (rig, deal, FALSE);

  g_assert_true (dd_json_boolean (at (dd_json_root (json), "same")));
  g_assert_cmpstr (text_at (json, "replayed"), ==, text_at (json, "sheet"));
  return node_text (dd_json_root (json));
}

/* The SHA-256 of the first revision's document as Export gives it. */
static char *
exported (Rig *rig, const char *deal, const char *format)
{
  g_autoptr (Call) call = call_number (call_text (call_new (deal, "Export"), format), 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
  gsize length = 0;

  g_assert_no_error (error);
  g_autofree char *text = answer_text (answer, &length);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text, length);
}

/* What was replayed @before is what is replayed now: bytes, figures, sources. */
static void
same_again (Rig *rig, const char *deal, const char *before)
{
  g_autofree char *text = replay (rig, deal);
  g_autofree char *sha256 = exported (rig, deal, "sheet");

  g_assert_cmpstr (text, ==, before);
  g_assert_nonnull (strstr (text, sha256));
}

static void
import (Rig *rig, const char *dataset, const char *csv)
{
  rig_import (rig, dataset, csv, -1);
}

static void
import_charges (Rig *rig, const char *rental)
{
  g_autofree char *csv =
    g_strdup_printf ("offering,charge,name,type,period,currency,price,mode,fee,free,package,minimum,maximum\n"
                     "epl-100,setup,Set-up,oneTime,,EUR,450.00,flat,,,,,\n"
                     "epl-100,rental,Rental,recurring,month,EUR,%s,flat,,,,,\n",
                     rental);

  import (rig, "charges", csv);
}

static void
import_promotion (Rig *rig, const char *percent)
{
  g_autofree char *csv = g_strdup_printf (
    "offering,id,charge,category,segment,country,customer,kind,percent,value,currency,group,mode,"
    "group_priority,priority,min_quantity,max_quantity,min_amount,min_months,first_year,last_year,"
    "valid_from,valid_to,label\n"
    "epl-100,spring,rental,,,,,percent-off,%s,,,,,,1,,,,,,,2026-01-01,,Spring\n",
    percent);

  import (rig, "promotions", csv);
}

static void
switch_plugin (Rig *rig, const char *id, gboolean on)
{
  g_autoptr (DdJson) none =
    call_must (call_text (call_new ("plugins", on ? "Enable" : "Disable"), id), rig->connection);
}

static void
restart (Rig *rig)
{
  g_assert_cmpint (rig_stop (rig), ==, 0);
  rig_start (rig);
}

/* The element of the array at @path whose member @key is @value; NULL without one. */
static const DdJsonNode *
find (const DdJsonNode *root, const char *path, const char *key, const char *value)
{
  const DdJsonNode *array = at (root, path);

  g_assert_nonnull (array);
  for (const DdJsonNode *each = dd_json_first (array); each != NULL; each = dd_json_next (each))
    {
      const DdJsonNode *member = dd_json_member (each, key);

      if (member != NULL && g_strcmp0 (dd_json_text (member), value) == 0)
        return each;
    }
  return NULL;
}

static void
is (const DdJsonNode *object, const char *key, const char *value)
{
  const DdJsonNode *member;

  g_assert_nonnull (object);
  member = dd_json_member (object, key);
  g_assert_cmpstr (member != NULL ? dd_json_text (member) : NULL, ==, value);
}

/* A deal whose first revision has a rental of EUR 420.00, 10% off by a promotion. */
static char *
tabled_deal (Rig *rig)
{
  char *deal;

  rig_start (rig);
  rig_import_samples (rig);
  import_promotion (rig, "10%");
  deal = open_small (rig, 2, NULL);
  g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");
  return deal;
}

/* --- the same bytes --- */

static void
test_same_bytes (void)
{
  static const char *const rentals[] = { "430.00", "440.00", "99.00" };
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *deal = tabled_deal (rig);
  g_autofree char *first = replay (rig, deal);

  g_assert_nonnull (strstr (first, "\"net\":\"EUR 378.00\""));
  g_assert_nonnull (strstr (first, "{\"name\":\"promotions\",\"version\":1}"));
  for (guint i = 0; i < G_N_ELEMENTS (rentals); i++)
    {
      import_charges (rig, rentals[i]);
      import_promotion (rig, i == 1 ? "30%" : "5%");
      import (rig, "rates", "from,to,valid_from,rate,per,valid_to\nUSD,EUR,2026-01-01,0.9,1,\n");
      same_again (rig, deal, first);
    }
  switch_plugin (rig, "pricing-promotion", FALSE);
  same_again (rig, deal, first);
  /* even of the one that opens all charges nothing is asked */
  switch_plugin (rig, "pricing-catalogue", FALSE);
  same_again (rig, deal, first);
  restart (rig);
  same_again (rig, deal, first);
  switch_plugin (rig, "pricing-catalogue", TRUE);
  switch_plugin (rig, "pricing-promotion", TRUE);
  restart (rig);
  same_again (rig, deal, first);
}

/* --- asked again --- */

static void
test_nothing_differs (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *deal = tabled_deal (rig);
  g_autoptr (DdJson) json = ask (rig, deal, TRUE);

  g_assert_cmpstr (text_at (json, "now/sheet"), ==, text_at (json, "sheet"));
  g_assert_null (dd_json_first (at (dd_json_root (json), "now/charges")));
  g_assert_null (dd_json_first (at (dd_json_root (json), "now/datasets")));
  g_assert_null (dd_json_first (at (dd_json_root (json), "now/sources")));
}

static void
test_why (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *deal = tabled_deal (rig);
  const DdJsonNode *dataset, *charge, *step;

  import_charges (rig, "430.00");
  import_promotion (rig, "20%");
  import_promotion (rig, "30%");
  g_autoptr (DdJson) json = ask (rig, deal, TRUE);
  const DdJsonNode *now = at (dd_json_root (json), "now");

  g_assert_true (dd_json_boolean (at (dd_json_root (json), "same")));
  dataset = find (now, "datasets", "name", "promotions");
  is (dataset, "then", "1");
  is (dataset, "now", "3");
  dataset = find (now, "datasets", "name", "charges");
  is (dataset, "then", "1");
  is (dataset, "now", "2");
  g_assert_null (find (now, "datasets", "name", "offerings"));

  /* two lines; the set-up is what it was */
  g_assert_cmpuint (dd_json_length (at (now, "charges")), ==, 2);
  g_assert_null (find (now, "charges", "charge", "setup"));
  charge = find (now, "charges", "charge", "rental");
  is (charge, "line", "1");
  is (charge, "then", "EUR 378.00");
  is (charge, "now", "EUR 301.00");
  is (charge, "difference", "EUR -77.00");
  step = find (charge, "why", "rule", "spring");
  is (step, "change", "changed");
  is (step, "sourceThen", "promotions@1");
  is (step, "sourceNow", "promotions@3");
  is (step, "effectThen", "EUR -42.00");
  is (step, "effectNow", "EUR -129.00");
  step = find (charge, "why", "kind", "open");
  is (step, "change", "changed");
  is (step, "sourceThen", "charges@1");
  is (step, "sourceNow", "charges@2");
  is (find (now, "totals", "period", "month"), "difference", "EUR -154.00");
}

static void
test_without_a_plugin (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *deal = tabled_deal (rig);
  const DdJsonNode *charge, *step;

  switch_plugin (rig, "pricing-promotion", FALSE);
  g_autoptr (DdJson) less = ask (rig, deal, TRUE);

  charge = find (dd_json_root (less), "now/charges", "charge", "rental");
  step = find (charge, "why", "rule", "spring");
  is (step, "change", "gone");
  is (step, "effectNow", NULL);
  step = find (dd_json_root (less), "now/sources", "plugin", "pricing-promotion");
  is (step, "now", NULL);

  switch_plugin (rig, "pricing-catalogue", FALSE);
  g_autoptr (DdJson) none = ask (rig, deal, TRUE);
  g_assert_nonnull (text_at (none, "now/refused"));
  g_assert_null (at (dd_json_root (none), "now/charges"));
  g_assert_true (dd_json_boolean (at (dd_json_root (none), "same")));
}

/* --- an upgrade --- */

/* Version @number of the rebate, 5% for each. */
static void
put_rebate (const Rig *rig, guint number)
{
  g_autofree char *name = g_strdup_printf ("rebate-%u.so", number);
  g_autofree char *source = g_build_filename (ZOO_DIR, name, NULL);
  g_autofree char *module = g_build_filename (rig->plugins, "rebate.so", NULL);
  g_autofree char *manifest = g_build_filename (rig->plugins, "rebate.plugin", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  g_file_get_contents (source, &bytes, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (module, bytes, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0755, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (manifest,
                            "[Plugin]\nId=rebate\nModule=rebate.so\nAbi=1\nKinds=pricing\nStage=promotion\n",
                            -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error);
  g_assert_no_error (error);
}

static void
test_upgrade (void)
{
  g_autoptr (Rig) rig = rig_new ();
  const DdJsonNode *plugin, *step;

  rig_copy_plugins (rig);
  put_rebate (rig, 1);
  rig_start (rig);
  rig_import_samples (rig);
  g_autofree char *deal = open_small (rig, 1, NULL);
  g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");
  g_autofree char *first = replay (rig, deal);

  g_assert_nonnull (strstr (first, "{\"plugin\":\"rebate\",\"version\":\"1\"}"));
  g_assert_cmpint (rig_stop (rig), ==, 0);
  put_rebate (rig, 2);
  rig_start (rig);
  same_again (rig, deal, first);

  g_autoptr (DdJson) json = ask (rig, deal, TRUE);
  plugin = find (dd_json_root (json), "now/sources", "plugin", "rebate");
  is (plugin, "then", "1");
  is (plugin, "now", "2");
  step = find (find (dd_json_root (json), "now/charges", "charge", "rental"), "why", "rule", "rebate");
  is (step, "change", "changed");
  is (step, "effectThen", "EUR -21.00");
  is (step, "effectNow", "EUR -42.00");
}

/* --- damage --- */

/* Puts @now for the first @then in @document of a stopped daemon's store. */
static void
alter (Rig *rig, const char *document, const char *then, const char *now)
{
  g_autofree char *sql = g_strdup_printf (
    "UPDATE document SET bytes = CAST(substr(CAST(bytes AS TEXT), 1, instr(CAST(bytes AS TEXT), '%s') - 1) "
    "|| '%s' || substr(CAST(bytes AS TEXT), instr(CAST(bytes AS TEXT), '%s') + length('%s')) AS BLOB) "
    "WHERE sha256 = x'%s' AND instr(CAST(bytes AS TEXT), '%s') > 0",
    then, now, then, then, document, then);
  char *fault = NULL;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (rig->database, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "DROP TRIGGER document_stays", NULL, NULL, &fault);
  g_assert_cmpstr (fault, ==, NULL);
  sqlite3_exec (db, sql, NULL, NULL, &fault);
  g_assert_cmpstr (fault, ==, NULL);
  g_assert_cmpint (sqlite3_changes (db), ==, 1);
  sqlite3_exec (db,
                "CREATE TRIGGER document_stays BEFORE UPDATE ON document BEGIN SELECT RAISE (ABORT, "
                "'documents are never changed'); END",
                NULL, NULL, &fault);
  g_assert_cmpstr (fault, ==, NULL);
  sqlite3_exec (db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
test_damage (void)
{
  /* a result; an input that no result shows; what was priced; and nothing, which is the control */
  static const struct
  {
    const char *document;
    const char *then;
    const char *now;
  } cases[] = {
    { "sheet", "\"378000000\"", "\"378000001\"" },
    { "sheet", "\"promotions\",\"version\":1", "\"promotions\",\"version\":2" },
    { "proposal", "\"quantity\":\"1\"", "\"quantity\":\"2\"" },
    { "sheet", "\"378000000\"", "\"378000000\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Rig) rig = rig_new ();
      g_autofree char *deal = tabled_deal (rig);
      g_autofree char *document = exported (rig, deal, cases[i].document);
      g_autofree char *first = replay (rig, deal);

      g_assert_cmpint (rig_stop (rig), ==, 0);
      alter (rig, document, cases[i].then, cases[i].now);
      rig_start (rig);
      if (g_str_equal (cases[i].then, cases[i].now))
        {
          same_again (rig, deal, first);
          continue;
        }
      g_autofree char *message =
        call_must_fail (call_number (call_new (deal, "Replay"), 1), rig->connection, "StoreDamaged");
      g_test_message ("%s", message);
      g_assert_nonnull (strstr (message, document));
      g_assert_nonnull (strstr (message, "revision 1"));
    }
}

static void
test_no_revision (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_start (rig);
  rig_import_samples (rig);
  g_autofree char *deal = open_small (rig, 1, NULL);
  g_autofree char *none =
    call_must_fail (call_number (call_new (deal, "Replay"), 3), rig->connection, "NotFound");
  g_autofree char *request =
    call_must_fail (call_number (call_new (deal, "Replay"), 0), rig->connection, "NotFound");

  g_assert_nonnull (strstr (none, "revision 3"));
  g_assert_nonnull (strstr (request, "tabled"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/replay/imports-switches-and-restarts-leave-the-same-bytes", test_same_bytes);
  g_test_add_func ("/replay/an-upgraded-plugin-leaves-the-same-bytes-and-is-named", test_upgrade);
  g_test_add_func ("/replay/asked-again-at-once-nothing-differs", test_nothing_differs);
  g_test_add_func ("/replay/asked-again-names-the-rules-and-the-versions", test_why);
  g_test_add_func ("/replay/asked-again-without-a-plugin-its-rules-are-gone-or-no-price-comes-out",
                   test_without_a_plugin);
  g_test_add_func ("/replay/a-changed-document-is-damage-that-names-it", test_damage);
  g_test_add_func ("/replay/of-no-revision-is-not-found", test_no_revision);
  return g_test_run ();
}
