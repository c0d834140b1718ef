/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An import is whole or it isn't there: a vendor list of 100,000 rows, with the daemon and dealctl killed at
 * any moment of it, stopped, on disks that fail, and beside another import of the same dataset.
 *
 * The checker reads all rows (imports.h). Its control is a version of which one row is of another attempt.
 */
#include "imports.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* --- kill -9 --- */

static void
test_killed_reading (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Store store = store_new (rig);

  for (guint round = 0; round < 4; round++)
    {
      guint mark;
      g_autofree char *csv = vendor_list (&mark);
      Import *import = start_import (rig, csv);

      wait_progress (import);
      g_usleep (round * 60000); /* another place each round: wherever it is, the store is whole */
      if (g_atomic_int_get (&import->ended))
        {
          g_autofree char *error = NULL;

          g_assert_cmpuint (end_import (import, &error), ==, store.marks->len + 1);
          g_assert_true (check_store (&store, mark));
          continue;
        }
      rig_kill (rig);
      g_test_message ("round %u: %s", round,
                      look_after (&store, import, mark) ? "the new one" : "the old one");
    }
  import_well (&store);
  store_clear (&store);
}

/* The write is held in its sync: nothing was answered. */
static void
test_killed_writing (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Faults *faults = rig_faults (rig);
  Store store = store_new (rig);
  guint mark;
  g_autofree char *csv = vendor_list (&mark);
  Import *import;
  guint32 syncs = faults->n_syncs;

  faults->hold = 1;
  import = start_import (rig, csv);
  while (*(volatile guint32 *)&faults->n_syncs == syncs)
    g_usleep (1000);
  g_assert_false (g_atomic_int_get (&import->ended));
  rig_kill (rig);
  faults->hold = 0;
  look_after (&store, import, mark);
  import_well (&store);
  store_clear (&store);
}

static void
test_killed_before_any_step (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Faults *faults = rig_faults (rig);
  Store store = store_new (rig);
  guint killed = 0;

  for (guint step = 1; killed == step - 1; step++)
    {
      guint mark;
      g_autofree char *csv = vendor_list (&mark);
      g_autofree char *error = NULL;
      Import *import;

      faults->n_steps = 0;
      faults->kill_at = step;
      faults->count_steps = 1;
      import = start_import (rig, csv);
      if (end_import (import, &error) == 0)
        {
          g_assert_cmpint (rig_wait_end (rig), ==, -SIGKILL);
          faults->count_steps = 0;
          rig_start (rig);
          killed++;
        }
      faults->count_steps = 0;
      check_store (&store, mark);
    }
  g_assert_cmpuint (killed, >, 0);
  g_test_message ("killed before each of %u steps", killed);
  import_well (&store);
  store_clear (&store);
}

/* --- dealctl ends, the daemon is told to --- */

static GSubprocess *
start_dealctl (const Rig *rig, const char *path)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  GSubprocess *dealctl;

  g_subprocess_launcher_setenv (launcher, "DEALDESK_BUS", rig->address, TRUE);
  dealctl = g_subprocess_launcher_spawn (launcher, &error, DEALCTL, "import", "vendor-costs", path, NULL);
  g_assert_no_error (error);
  return dealctl;
}

static void
test_dealctl_killed (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Faults *faults = rig_faults (rig);
  Store store = store_new (rig);
  g_autofree char *path = g_build_filename (rig->folder, "list.csv", NULL);

  for (guint round = 0; round < 3; round++)
    {
      guint mark;
      g_autofree char *csv = vendor_list (&mark);
      g_autoptr (GSubprocess) dealctl = NULL;
      guint32 syncs = faults->n_syncs;

      g_assert_true (g_file_set_contents (path, csv, -1, NULL));
      faults->hold = round > 0;
      dealctl = start_dealctl (rig, path);
      /* Its import is being written; in the first round it may be anywhere. */
      while (round > 0 && *(volatile guint32 *)&faults->n_syncs == syncs)
        g_usleep (1000);
      g_usleep (round == 0 ? 20000 : 0);
      g_subprocess_force_exit (dealctl);
      g_subprocess_wait (dealctl, NULL, NULL);
      faults->hold = 0;
      /* What the daemon has begun it ends, or not at all; stopping waits for it. */
      g_assert_cmpint (rig_stop (rig), ==, 0);
      rig_start (rig);
      check_store (&store, mark);
    }
  import_well (&store);
  store_clear (&store);
}

static void
test_stopped (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Store store = store_new (rig);

  for (guint round = 0; round < 3; round++)
    {
      guint mark;
      g_autofree char *csv = vendor_list (&mark);
      g_autofree char *error = NULL;
      Import *import = start_import (rig, csv);
      guint64 version;
      gboolean is_new;

      wait_progress (import);
      g_usleep (round * 100000);
      g_assert_cmpint (rig_stop (rig), ==, 0);
      version = end_import (import, &error);
      rig_start (rig);
      is_new = check_store (&store, mark);
      g_test_message ("round %u: %s, %s", round, error != NULL ? error : "answered", is_new ? "new" : "old");
      g_assert_true (version == 0 || is_new);
      /* That it is interrupted is said only of what isn't stored. */
      g_assert_false (g_strcmp0 (error, "Unavailable") == 0 && is_new);
    }
  import_well (&store);
  store_clear (&store);
}

/* --- disks that fail --- */

static void
test_full_disk (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Faults *faults = rig_faults (rig);
  Store store = store_new (rig);
  guint mark;
  g_autofree char *csv = vendor_list (&mark);
  g_autofree char *error = NULL;

  faults->limit = 600 * 1024;
  g_assert_cmpuint (end_import (start_import (rig, csv), &error), ==, 0);
  g_assert_cmpstr (error, ==, "StoreFull");
  g_assert_cmpuint (faults->n_refused, >, 0);
  g_assert_cmpuint (priced_mark (rig, store.deal), ==, g_array_index (store.marks, guint, 0));
  faults->limit = 0;
  g_assert_false (check_store (&store, 0));
  import_well (&store);
  store_clear (&store);
}

/* A write of the list's last page fails; then a sync, of which nobody knows what it did. */
static void
test_broken_disk (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Faults *faults = rig_faults (rig);
  Store store = store_new (rig);

  for (guint round = 0; round < 2; round++)
    {
      guint mark;
      g_autofree char *csv = vendor_list (&mark);
      g_autofree char *error = NULL;
      gboolean sync = round == 1;

      g_strlcpy (faults->poison, sync ? "" : "P-099999", sizeof faults->poison);
      faults->poison_error = EIO;
      faults->sync_error = sync;
      g_assert_cmpuint (end_import (start_import (rig, csv), &error), ==, 0);
      g_assert_cmpint (rig_wait_end (rig), !=, 0);
      faults->poison[0] = '\0';
      faults->sync_error = 0;
      rig_start (rig);
      g_test_message ("%s: %s", sync ? "sync" : "write",
                      check_store (&store, sync ? mark : 0) ? "new" : "old");
    }
  import_well (&store);
  store_clear (&store);
}

/* --- what isn't good, and two at once --- */

static void
test_bad_last_row (void)
{
  static const struct
  {
    const char *row;
    const char *says;
  } rows[] = {
    { "northline,P-100000,1,EUR,12.3.4\n", "list.csv:100002: column 5 \"cost\": \"12.3.4\" isn't a" },
    { "northline,P-100000,1,EUR,-0.01\n",
      "list.csv:100002: column 5 \"cost\": -0.01 is below 0, the least that it may be" },
    { "northline,P-100000,1,EURO,1\n",
      "list.csv:100002: column 4 \"currency\": \"EURO\" isn't a currency; use an active code of ISO 4217" },
    { "northline,P-100000,1,EUR\n", "list.csv:100002: column 5 \"cost\": it is missing" },
    { "northline,P-000007,1,EUR,1\n", "list.csv:100002: column 1 \"vendor\": the key \"northline\"" },
    { "northline,,1,EUR,1\n", "list.csv:100002: column 2 \"part\": it is empty; a text is required here" },
    { "northline,P-100000,1,EUR,\"1", "list.csv:100002: column 5 \"cost\": the quote that opens here" },
  };
  g_autoptr (Rig) rig = rig_new ();
  Store store = store_new (rig);
  guint mark;
  g_autofree char *csv = vendor_list (&mark);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *all = g_strconcat (csv, rows[i].row, NULL);
      g_autofree char *said = NULL;
      Call *call = call_document (call_text (call_new ("catalog", "Import"), "vendor-costs"), all, -1);

      call_option (call, "file-name", g_variant_new_string ("list.csv"));
      said = call_must_fail (call, rig->connection, "InvalidArgument");
      if (!g_str_has_prefix (said, rows[i].says))
        g_error ("“%s” isn't “%s”", said, rows[i].says);
    }
  g_assert_false (check_store (&store, 0));
  import_well (&store);
  store_clear (&store);
}

static void
test_two_at_once (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Store store = store_new (rig);

  for (guint round = 0; round < 2; round++)
    {
      guint marks[2];
      guint64 versions[2];
      Import *imports[2];
      g_autofree char *first = vendor_list (&marks[0]);
      g_autofree char *second = vendor_list (&marks[1]);

      imports[0] = start_import (rig, first);
      imports[1] = start_import (rig, second);
      for (guint i = 0; i < 2; i++)
        {
          g_autofree char *error = NULL;

          versions[i] = end_import (imports[i], &error);
          g_assert_cmpstr (error, ==, NULL);
        }
      g_assert_cmpuint (MIN (versions[0], versions[1]), ==, store.marks->len + 1);
      g_assert_cmpuint (MAX (versions[0], versions[1]), ==, store.marks->len + 2);
      for (guint i = 0; i < 2; i++)
        g_assert_cmpuint (mark_of (rig, versions[i]), ==, marks[i]);
      g_array_append_val (store.marks, marks[versions[0] > versions[1]]);
      g_array_append_val (store.marks, marks[versions[0] < versions[1]]);
      g_assert_false (check_store (&store, 0));
    }
  store_clear (&store);
}

/* --- a catalogue's tables --- */

#define CATALOGUE                                                                                            \
  "{\"productOffering\":[{\"id\":\"a\",\"name\":\"A\",\"productOfferingPrice\":[{\"id\":\"p\"}]}],"          \
  "\"productOfferingPrice\":[{\"id\":\"p\",\"name\":\"%s\",\"priceType\":\"oneTime\","                       \
  "\"price\":{\"unit\":\"EUR\",\"value\":%s}}]}"

/* The first table could be stored, the second one can't. */
static void
test_second_table (void)
{
  static const char *const tables[] = { "offerings", "charges", "tiers" };
  g_autoptr (Rig) rig = rig_new ();
  Faults *faults = rig_faults (rig);
  Store store = store_new (rig);
  g_autofree char *name = g_strnfill (70000, 'n');
  g_autofree char *too_long = g_strdup_printf (CATALOGUE, name, "5");
  g_autofree char *poisoned = g_strdup_printf (CATALOGUE, "poisoned", "5");
  g_autofree char *said = NULL;
  guint64 before[G_N_ELEMENTS (tables)];

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    before[i] = version_of (rig, tables[i]);
  said = call_must_fail (call_document (call_new ("catalog", "ImportCatalogue"), too_long, -1),
                         rig->connection, "InvalidArgument");
  if (!g_str_has_prefix (said, "catalogue:1: dataset charges, column \"name\": "))
    g_error ("%s", said);
  g_strlcpy (faults->poison, "poisoned", sizeof faults->poison);
  faults->poison_error = ENOSPC;
  g_free (call_must_fail (call_document (call_new ("catalog", "ImportCatalogue"), poisoned, -1),
                          rig->connection, "StoreFull"));
  g_assert_cmpuint (faults->n_refused, >, 0);
  faults->poison[0] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_assert_cmpuint (version_of (rig, tables[i]), ==, before[i]);
  g_assert_false (check_store (&store, 0));
  g_autoptr (Call) again = call_document (call_new ("catalog", "ImportCatalogue"), poisoned, -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (again, rig->connection, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_assert_cmpuint (version_of (rig, tables[i]), ==, before[i] + 1);
  store_clear (&store);
}

/* --- the control --- */

static void
test_checker (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Store store = store_new (rig);
  g_autoptr (GString) mixed = g_string_new (HEADER);
  g_autoptr (GString) shorter = g_string_new (HEADER);

  append_rows (mixed, 0, N_ROWS - 1, 7);
  append_rows (mixed, N_ROWS - 1, N_ROWS, 8);
  append_rows (shorter, 0, N_ROWS - 1, 7);
  rig_import (rig, "vendor-costs", mixed->str, -1);
  rig_import (rig, "vendor-costs", shorter->str, -1);
  g_assert_cmpuint (mark_of (rig, 1), ==, g_array_index (store.marks, guint, 0));
  g_assert_cmpuint (mark_of (rig, 2), ==, 0);
  g_assert_cmpuint (mark_of (rig, 3), ==, 0);
  store_clear (&store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import/the-checker-finds-one-row-of-another-version-and-one-that-is-missing",
                   test_checker);
  g_test_add_func ("/import/kill-9-while-it-is-read-leaves-a-whole-version", test_killed_reading);
  g_test_add_func ("/import/kill-9-while-it-is-written-leaves-a-whole-version", test_killed_writing);
  g_test_add_func ("/import/kill-9-before-any-step-leaves-a-whole-version", test_killed_before_any_step);
  g_test_add_func ("/import/killing-dealctl-leaves-a-whole-version", test_dealctl_killed);
  g_test_add_func ("/import/stopping-the-daemon-leaves-a-whole-version-and-what-was-answered", test_stopped);
  g_test_add_func ("/import/a-full-disk-is-an-ordinary-error", test_full_disk);
  g_test_add_func ("/import/a-broken-disk-leaves-a-whole-version", test_broken_disk);
  g_test_add_func ("/import/a-bad-last-row-is-named-and-nothing-is-stored", test_bad_last_row);
  g_test_add_func ("/import/two-at-once-are-two-versions", test_two_at_once);
  g_test_add_func ("/import/a-catalogue-is-stored-in-all-tables-or-none", test_second_table);
  return g_test_run ();
}
