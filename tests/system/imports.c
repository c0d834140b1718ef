/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Imports of a vendor list of 100,000 rows, and what is stored of them (see imports.h).
 */
#include "imports.h"

#include <string.h>

#define PAGE        10000
#define PRICED_PART "P-000001"

static guint n_marks;

/* Rows @first to @end of attempt @mark. */
void
append_rows (GString *csv, guint first, guint end, guint mark)
{
  for (guint i = first; i < end; i++)
    g_string_append_printf (csv, "northline,P-%06u,1,EUR,%u.%02u\n", i, mark, i % 100);
}

char *
vendor_list (guint *out_mark)
{
  GString *csv = g_string_new (HEADER);

  *out_mark = ++n_marks;
  append_rows (csv, 0, N_ROWS, *out_mark);
  return g_string_free (csv, FALSE);
}

/* --- what is stored --- */

guint64
version_of (const Rig *rig, const char *dataset)
{
  g_autoptr (Call) call = call_new ("catalog", "Datasets");
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
  g_autoptr (GVariantIter) rows = NULL;
  const char *name;
  guint64 version, found = 0;

  g_assert_no_error (error);
  g_variant_get (answer->value, "(a(sttxss))", &rows);
  while (g_variant_iter_next (rows, "(&sttxss)", &name, &version, NULL, NULL, NULL, NULL))
    if (g_str_equal (name, dataset))
      found = version;
  return found;
}

static DdJson *
page_of (const Rig *rig, guint64 version, guint first, guint64 *out_rows)
{
  g_autoptr (Call) call = call_text (call_new ("catalog", "Rows"), "vendor-costs");
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = NULL;

  call_value (call, g_variant_new_uint64 (version));
  call_value (call, g_variant_new_uint64 (first));
  answer = call_send (call_number (call, PAGE), rig->connection, &error);
  g_assert_no_error (error);
  g_variant_get_child (answer->value, 1, "t", out_rows);
  return answer_json (answer);
}

/* The mark of @version, which all its rows have; 0: it isn't whole. */
guint
mark_of (const Rig *rig, guint64 version)
{
  guint64 n_rows = 0;
  guint mark = 0;

  for (guint first = 0; first < N_ROWS; first += PAGE)
    {
      g_autoptr (DdJson) page = page_of (rig, version, first, &n_rows);
      const DdJsonNode *rows = at (dd_json_root (page), "rows");
      guint i = 0;

      if (n_rows != N_ROWS || dd_json_length (rows) != PAGE)
        return 0;
      for (const DdJsonNode *row = dd_json_first (rows); row != NULL; row = dd_json_next (row), i++)
        {
          g_autofree char *part = g_strdup_printf ("P-%06u", first + i);
          guint of_row = (guint)g_ascii_strtoull (dd_json_text (at (row, "5")), NULL, 10);

          if (strcmp (dd_json_text (at (row, "1")), part) != 0 || (mark != 0 && of_row != mark))
            return 0;
          mark = of_row;
        }
    }
  return mark;
}

/* What the vendor's part is sold at, on a deal, in whole units: the mark of the version that prices read. */
guint
priced_mark (const Rig *rig, const char *deal)
{
  Call *call = call_document (call_number (call_new (deal, "Price"), 0), NULL, 0);
  g_autoptr (DdJson) price = call_must (call, rig->connection);
  const DdJsonNode *charges = at (dd_json_root (price), "lines/0/charges");

  for (const DdJsonNode *charge = dd_json_first (charges); charge != NULL; charge = dd_json_next (charge))
    if (g_str_equal (dd_json_text (at (charge, "id")), "router"))
      return (guint)g_ascii_strtoull (strchr (dd_json_text (at (charge, "net")), ' ') + 1, NULL, 10);
  g_assert_not_reached ();
}

/* That the current version is a whole one, that prices read it, and that the store is sound. When it is one
 * more than was known it is attempt @mark; without one (0) it mustn't be. */
gboolean
check_store (Store *store, guint mark)
{
  guint64 version = version_of (store->rig, "vendor-costs");
  g_autoptr (DdJson) verified = rig_verify (store->rig);
  guint found = mark_of (store->rig, version);
  gboolean is_new = version == store->marks->len + 1;

  if (is_new && mark != 0 && found == mark)
    g_array_append_val (store->marks, mark);
  g_assert_cmpuint (version, ==, store->marks->len);
  g_assert_cmpuint (found, ==, g_array_index (store->marks, guint, version - 1));
  g_assert_cmpuint (priced_mark (store->rig, store->deal), ==, found);
  return is_new;
}

/* --- imports --- */

static void
on_progress (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *name,
             GVariant *parameters,
             gpointer data)
{
  g_atomic_int_inc (&((Import *)data)->progressed);
}

static gpointer
run_import (gpointer data)
{
  Import *import = data;

  import->answer = call_send (import->call, import->connection, &import->error);
  g_atomic_int_set (&import->ended, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

Import *
start_import (const Rig *rig, const char *csv)
{
  Import *import = g_new0 (Import, 1);

  import->connection = rig_connect (rig);
  import->call = call_document (call_text (call_new ("catalog", "Import"), "vendor-costs"), csv, -1);
  call_option (import->call, "file-name", g_variant_new_string ("list.csv"));
  call_option (import->call, "progress", g_variant_new_uint32 (1));
  import->heard =
    g_dbus_connection_signal_subscribe (import->connection, NULL, "org.dealdesk1.Manager", "Progress", NULL,
                                        NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_progress, import, NULL);
  import->thread = g_thread_new ("import", run_import, import);
  return import;
}

/* Until rows are being read; it may have ended. */
void
wait_progress (Import *import)
{
  while (!g_atomic_int_get (&import->progressed) && !g_atomic_int_get (&import->ended))
    rig_iterate ();
}

/* Waits for the answer: the version, or 0 and the error's name. */
guint64
end_import (Import *import, char **out_error)
{
  guint64 version = 0;

  g_thread_join (import->thread);
  if (import->answer != NULL)
    g_variant_get_child (import->answer->value, 0, "t", &version);
  *out_error = import->error != NULL ? error_name (import->error) : NULL;
  g_dbus_connection_signal_unsubscribe (import->connection, import->heard);
  g_clear_pointer (&import->answer, answer_free);
  g_clear_error (&import->error);
  call_free (import->call);
  g_dbus_connection_close_sync (import->connection, NULL, NULL);
  g_object_unref (import->connection);
  g_free (import);
  return version;
}

/* An import that nothing disturbs: it makes one version. */
void
import_well (Store *store)
{
  guint mark;
  g_autofree char *csv = vendor_list (&mark);
  g_autofree char *error = NULL;
  guint64 version = end_import (start_import (store->rig, csv), &error);

  g_assert_cmpstr (error, ==, NULL);
  g_assert_cmpuint (version, ==, store->marks->len + 1);
  g_assert_true (check_store (store, mark));
}

Store
store_new (Rig *rig)
{
  static const char parts[] =
    "offering,charge,vendor,part,type,name\nepl-100,router,northline," PRICED_PART ",oneTime,Router\n";
  static const char markups[] = "vendor,part,percent\n*,,0%\n";
  Store store = { rig, NULL, g_array_new (FALSE, FALSE, sizeof (guint)) };

  rig_start (rig);
  rig_import_samples (rig);
  rig_import (rig, "vendor-parts", parts, -1);
  rig_import (rig, "markups", markups, -1);
  store.deal = open_small (rig, 1, NULL);
  import_well (&store);
  return store;
}

void
store_clear (Store *store)
{
  g_free (store->deal);
  g_array_unref (store->marks);
}

/* After an import that the daemon didn't outlive. */
gboolean
look_after (Store *store, Import *import, guint mark)
{
  g_autofree char *error = NULL;

  g_assert_cmpuint (end_import (import, &error), ==, 0);
  rig_start (store->rig);
  return check_store (store, mark);
}
