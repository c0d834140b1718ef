/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Dry runs: they say what the call itself would, and leave no trace.
 */
#include "fixture.h"

#include <sqlite3.h>
#include <string.h>

/* --- the store as it is --- */

static void
dump_table (sqlite3 *db, const char *table, GString *out)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM \"%s\"", table);
  sqlite3_stmt *rows;

  g_string_append_printf (out, "%s\n", table);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &rows, NULL), ==, SQLITE_OK);
  while (sqlite3_step (rows) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count (rows); i++)
      {
        g_autofree char *value =
          sqlite3_column_bytes (rows, i) > 0
            ? g_base64_encode (sqlite3_column_blob (rows, i), (gsize)sqlite3_column_bytes (rows, i))
            : g_strdup ("");
        g_string_append_printf (out, "%s%c", value, i + 1 < sqlite3_column_count (rows) ? ' ' : '\n');
      }
  sqlite3_finalize (rows);
}

/* Every row of every table, those that FTS5 keeps its index in included. (transfer full) */
static char *
dump (DealFixture *f)
{
  g_autofree char *path = g_build_filename (f->server->folder, "dealdesk.db", NULL);
  GString *out = g_string_new (NULL);
  sqlite3_stmt *tables;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (
    sqlite3_prepare_v2 (db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'search'", -1,
                        &tables, NULL),
    ==, SQLITE_OK);
  while (sqlite3_step (tables) == SQLITE_ROW)
    dump_table (db, (const char *)sqlite3_column_text (tables, 0), out);
  sqlite3_finalize (tables);
  sqlite3_close (db);
  return g_string_free (out, FALSE);
}

/* --- calls --- */

/* The options' text, such as "'as': <'anna'>", as options of a dry run or of the call itself. */
static GVariant *
options_of (const char *text, gboolean dry)
{
  g_autofree char *all = g_strdup_printf ("@a{sv} {%s%s%s}", text, dry && text[0] != '\0' ? ", " : "",
                                          dry ? "'dry-run': <true>" : "");

  return g_variant_new_parsed (all);
}

typedef struct
{
  const char *method;
  const char *arguments; /* those before the options, such as "@u 1, "; NULL: a proposal of @discount */
  const char *discount;
  const char *options;
} Move;

static GVariant *
arguments_of (const Move *move, gboolean dry)
{
  g_autofree char *format = NULL;

  if (move->arguments == NULL)
    return g_variant_new ("(@v@a{sv})", proposal (move->discount), options_of (move->options, dry));
  format = g_strdup_printf ("(%s %%@a{sv})", move->arguments);
  return g_variant_new_parsed (format, options_of (move->options, dry));
}

static void
check_replies (GVariant *dry, GVariant *real, guint first)
{
  g_autofree char *said = document_text (dry, NULL);
  g_autofree char *came = document_text (real, NULL);
  guint64 said_version, came_version;
  const char *head;

  g_variant_get_child (dry, first, "t", &said_version);
  g_variant_get_child (real, first, "t", &came_version);
  g_assert_cmpuint (said_version, ==, came_version);
  g_assert_cmpstr (said, ==, came);
  g_variant_get_child (dry, first + 1, "&s", &head);
  g_assert_cmpstr (head, ==, "");
  g_variant_get_child (real, first + 1, "&s", &head);
  g_assert_cmpuint (strlen (head), ==, 64);
}

static void
check_move (DealFixture *f, const Move *move)
{
  g_autofree char *before = dump (f);
  g_autoptr (GVariant) dry =
    call_good (f->caller, f->server, f->deal, DEAL, move->method, arguments_of (move, TRUE));
  g_autofree char *after = dump (f);
  g_autoptr (GVariant) real = NULL;
  g_autofree char *changed = NULL;

  g_test_message ("%s", move->method);
  g_assert_cmpstr (before, ==, after);
  real = call_good (f->caller, f->server, f->deal, DEAL, move->method, arguments_of (move, FALSE));
  check_replies (dry, real, 0);
  /* The control: the dump sees what a move does. */
  changed = dump (f);
  g_assert_cmpstr (after, !=, changed);
}

static void
test_moves (DealFixture *f, gconstpointer data)
{
  static const Move moves[] = {
    { "Ask", "'', 'Why so dear, and is it carbon neutral?',", NULL, "'as': <'anna'>" },
    { "Propose", NULL, "5%", "'as': <'anna'>" },
    { "Extend", "@u 1, '2100-01-01T00:00:00Z',", NULL, "'as': <'anna'>" },
    { "Answer", "@u 1, 'Because of the mountains',", NULL,
      "'as': <'anna'>, 'customer-person': <'J. Linden'>, 'channel': <'mail'>" },
    { "Propose", NULL, "18%", "'as': <'anna'>" },
    { "Withdraw", "@u 2,", NULL, "'as': <'anna'>, 'reason': <'unaffordable'>" },
    { "Decline", "@u 1,", NULL, "'as': <'anna'>, 'customer-person': <'J. Linden'>, 'channel': <'mail'>" },
    { "Withdraw", "@u 0,", NULL, "'as': <'anna'>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    check_move (f, &moves[i]);
}

static void
test_open (DealFixture *f, gconstpointer data)
{
  static const char *const options = "'format': <'proposal'>, 'customer': <'c-2'>, 'as': <'anna'>";
  g_autofree char *before = dump (f);
  g_autoptr (GVariant) dry =
    call_good (f->caller, f->server, MANAGER, "Open",
               g_variant_new ("(@v@a{sv})", proposal ("0%"), options_of (options, TRUE)));
  g_autofree char *after = dump (f);
  g_autoptr (GVariant) real = NULL;
  const char *said, *came;

  g_assert_cmpstr (before, ==, after);
  real = call_good (f->caller, f->server, MANAGER, "Open",
                    g_variant_new ("(@v@a{sv})", proposal ("0%"), options_of (options, FALSE)));
  g_variant_get_child (dry, 0, "&s", &said);
  g_variant_get_child (real, 0, "&s", &came);
  g_assert_cmpstr (said, ==, came);
  check_replies (dry, real, 1);
}

static void
test_refusals (DealFixture *f, gconstpointer data)
{
  static const struct
  {
    Move move;
    const char *error;
  } cases[] = {
    { { "Accept", "@u 1, 'x',", NULL, "'as': <'anna'>" }, "IllegalMove" },
    { { "Answer", "@u 9, 'x',", NULL, "'as': <'anna'>" }, "NotFound" },
    { { "Sign", "'x',", NULL, "'as': <'anna'>" }, "IllegalMove" },
    { { "Propose", NULL, "90%", "'as': <'anna'>" }, "NoAuthority" },
    { { "Propose", NULL, "1%", "'as': <'anna'>, 'expected-version': <@t 77>" }, "Conflict" },
    { { "Ask", "'clause:none', '',", NULL, "'as': <'anna'>" }, "InvalidArgument" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *dry = call_bad (f->caller, f->server, f->deal, DEAL, cases[i].move.method,
                                       arguments_of (&cases[i].move, TRUE), cases[i].error);
      g_autofree char *real = call_bad (f->caller, f->server, f->deal, DEAL, cases[i].move.method,
                                        arguments_of (&cases[i].move, FALSE), cases[i].error);

      g_assert_cmpstr (dry, ==, real);
    }
}

static void
test_keys (DealFixture *f, gconstpointer data)
{
  static const Move move = { "Ask", "'', 'Why?',", NULL, "'as': <'anna'>, 'idempotency-key': <'key-1'>" };
  g_autofree char *before = dump (f);
  g_autoptr (GVariant) dry =
    call_good (f->caller, f->server, f->deal, DEAL, move.method, arguments_of (&move, TRUE));
  g_autofree char *after = dump (f);
  g_autoptr (GVariant) real = NULL;
  g_autoptr (GVariant) again = NULL;

  g_assert_cmpstr (before, ==, after);
  real = call_good (f->caller, f->server, f->deal, DEAL, move.method, arguments_of (&move, FALSE));
  check_replies (dry, real, 0);
  /* As the call itself would be answered by now: with the first reply. */
  again = call_good (f->caller, f->server, f->deal, DEAL, move.method, arguments_of (&move, TRUE));
  g_assert_true (g_variant_equal (again, real));
}

static void
on_moved (GDBusConnection *connection,
          const char *sender,
          const char *path,
          const char *interface,
          const char *signal,
          GVariant *parameters,
          gpointer data)
{
  (*(guint *)data)++;
}

static void
test_silent (DealFixture *f, gconstpointer data)
{
  static const Move move = { "Ask", "'', 'Why?',", NULL, "'as': <'anna'>" };
  guint heard = 0;
  guint subscription =
    g_dbus_connection_signal_subscribe (f->caller, NULL, "org.dealdesk1.Manager", "Moved", NULL, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, on_moved, &heard, NULL);
  g_autoptr (GVariant) watch =
    call_good (f->caller, f->server, MANAGER, "Watch", g_variant_new ("(sa{sv})", "", NULL));
  g_autoptr (GVariant) dry =
    call_good (f->caller, f->server, f->deal, DEAL, move.method, arguments_of (&move, TRUE));
  g_autoptr (GVariant) real = NULL;

  settle (f->server->service->connection);
  settle (f->caller);
  g_assert_cmpuint (heard, ==, 0);
  real = call_good (f->caller, f->server, f->deal, DEAL, move.method, arguments_of (&move, FALSE));
  settle (f->server->service->connection);
  settle (f->caller);
  g_assert_cmpuint (heard, ==, 1);
  g_dbus_connection_signal_unsubscribe (f->caller, subscription);
}

/* Dry runs and calls at once: they share batches of the writer. */
static void
test_mixed (DealFixture *f, gconstpointer data)
{
  Move move = { "Ask", "'', 'Why?',", NULL, "'as': <'anna'>" };
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func ((GDestroyNotify)call_free);
  g_autoptr (GVariant) verified = NULL;
  g_autoptr (GVariant) last = NULL;
  guint64 version = 0;

  for (guint i = 0; i < 60; i++)
    g_ptr_array_add (calls, call_start (f->caller, f->server, f->deal, DEAL, move.method,
                                        arguments_of (&move, i % 3 != 0), NULL, 0));
  for (guint i = 0; i < calls->len; i++)
    {
      call_wait (calls->pdata[i]);
      g_assert_no_error (((Pending *)calls->pdata[i])->error);
    }
  last = call_good (f->caller, f->server, f->deal, DEAL, move.method, arguments_of (&move, FALSE));
  g_variant_get_child (last, 0, "t", &version);
  g_assert_cmpuint (version, ==, 1 + 20 + 1);
  verified = call_good (f->caller, f->server, MANAGER, "Verify", g_variant_new ("(a{sv})", NULL));
}

#define ADD(name, test) g_test_add ("/dry-run/" name, DealFixture, NULL, deal_set_up, test, deal_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-move-says-what-it-would-and-changes-no-byte", test_moves);
  ADD ("opening-says-which-deal-it-would-be", test_open);
  ADD ("refusals-are-those-of-the-call", test_refusals);
  ADD ("no-key-is-remembered-and-a-used-one-is-recalled", test_keys);
  ADD ("watchers-hear-nothing", test_silent);
  ADD ("dry-runs-among-moves-leave-only-the-moves", test_mixed);
  return g_test_run ();
}
