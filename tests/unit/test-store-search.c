/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Finding deals by words: what is found, in which form it is asked for, and that the index always says the
 * same as its texts, whatever was written, rolled back or made anew.
 */
#include "store-fixture.h"

#include "search.h"

/* The numbers of the deals that @text finds, newest first: "3 1". */
typedef struct
{
  const char *text;
  guint limit;
  GString *numbers;
  char *where; /* of the first */
} Search;

static gboolean
add_found (const DdFoundRow *row, gpointer data)
{
  Search *search = data;

  g_string_append_printf (search->numbers, "%s%" G_GINT64_FORMAT, search->numbers->len > 0 ? " " : "",
                          row->number);
  if (search->where == NULL)
    search->where = g_strdup (row->where);
  g_assert_cmpint (row->version, >, 0);
  g_assert_cmpstr (row->owner, ==, "anna");
  return TRUE;
}

static gboolean
search_read (DdReader *reader, gpointer data, GError **error)
{
  Search *search = data;

  return dd_reader_search (reader, search->text, search->limit, add_found, search, error);
}

static void
check_found (DdStore *store, const char *text, const char *numbers, const char *where)
{
  Search search = { .text = text, .limit = 10, .numbers = g_string_new (NULL) };
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", text);
  read_now (store, search_read, &search, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (search.numbers->str, ==, numbers);
  if (where != NULL)
    g_assert_cmpstr (search.where, ==, where);
  g_string_free (search.numbers, TRUE);
  g_free (search.where);
}

static void
check_refused (DdStore *store, const char *text, DdErrorCode code)
{
  Search search = { .text = text, .limit = 10, .numbers = g_string_new (NULL) };
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", text);
  g_assert_false (read_now (store, search_read, &search, &error));
  g_assert_error (error, DD_ERROR, (int)code);
  g_string_free (search.numbers, TRUE);
}

/* FTS5's own check, which knows more than ours: the lists of prefixes too. */
static void
check_index (Fixture *f)
{
  DdVerifyReport report;
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  g_assert_true (dd_store_verify (f->store, NULL, NULL, NULL, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  raw_run (db, "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)");
  sqlite3_close (db);
}

/* A proposal document, named by an event of @type, and the event's other members. */
static void
append_proposal (DdStore *store, gint64 number, DdEventType type, const char *members, const char *proposal)
{
  g_autoptr (GPtrArray) events = events_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (proposal, strlen (proposal));
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *body =
    g_strdup_printf ("{%s,\"%s\":\"%s\"}", members, type == DD_EVENT_OPENED ? "request" : "proposal", digest);
  Append append = { .number = number, .events = events };

  dd_event_add_document (add_event (events, type, body), bytes);
  append_now (store, &append);
}

static void
build (Fixture *f)
{
  fixture_init (f);
  append_proposal (
    f->store, 0, DD_EVENT_OPENED,
    "\"customer\":\"linden-market\",\"customerName\":\"Linden Märkte GmbH\",\"externalId\":\"RFQ-"
    "000073\",\"owner\":\"anna\",\"title\":\"Forty branches\"",
    "{\"lines\":[{\"id\":\"1\",\"askedOffering\":\"MEF-EPL\",\"name\":\"Ethernet private "
    "line\",\"quantity\":\"1\",\"site\":\"muc-7\"}],\"note\":\"Please, before winter\"}");
  append_proposal (f->store, 0, DD_EVENT_OPENED,
                   "\"customer\":\"nordbank\",\"owner\":\"anna\",\"title\":\"Linden avenue, second site\"",
                   "{\"lines\":[]}");
  append_proposal (f->store, 1, DD_EVENT_DRAFTED, "\"author\":\"anna\",\"revision\":1,\"side\":\"provider\"",
                   "{\"lines\":[{\"id\":\"1\",\"offering\":\"epl-100\",\"quantity\":\"1\"}]}");
  append_one (f->store, 1, DD_EVENT_ASKED,
              "{\"number\":1,\"side\":\"customer\",\"text\":\"Is liability capped?\\nAnd for whom?\"}");
  append_one (f->store, 1, DD_EVENT_ANSWERED, "{\"number\":1,\"text\":\"At one year's charges\"}");
}

static void
test_found (void)
{
  g_auto (Fixture) f = { 0 };

  build (&f);
  check_found (f.store, "D-1", "1",
               "‹D-1› · Forty branches · linden-market · Linden Märkte GmbH · anna · RFQ-000073");
  check_found (f.store, "1", "1", NULL);
  check_found (f.store, "forty", "1", NULL);
  check_found (f.store, "nordbank", "2", NULL);
  check_found (f.store, "Märkte", "1", NULL);
  check_found (f.store, "markte", "1", NULL);
  check_found (f.store, "anna", "2 1", NULL);
  check_found (f.store, "RFQ-000073", "1", NULL);
  check_found (f.store, "mef-epl", "1", NULL);
  check_found (f.store, "private", "1", NULL);
  check_found (f.store, "muc-7", "1", NULL);
  check_found (f.store, "winter", "1", NULL);
  check_found (f.store, "epl-100", "1", NULL);
  check_found (f.store, "liability", "1",
               "Please, before winter · Is ‹liability› capped? And for whom? · At one year…");
  check_found (f.store, "charges", "1", NULL);
  check_found (f.store, "absent", "", NULL);
  check_index (&f);
}

static void
test_forms (void)
{
  g_auto (Fixture) f = { 0 };

  build (&f);
  check_found (f.store, "lin", "2 1", NULL);
  check_found (f.store, "L", "2 1", NULL);
  check_found (f.store, "linden", "2 1", NULL);
  check_found (f.store, "inden", "", NULL);
  check_found (f.store, "lin nord", "2", NULL);
  check_found (f.store, "  nord\tlin  - ", "2", NULL);
  check_found (f.store, "forty liab epl", "1", NULL);
  check_found (f.store, "\"linden avenue\"", "2", NULL);
  check_found (f.store, "\"avenue linden\"", "", NULL);
  check_found (f.store, "\"linden aven\"", "", NULL);
  check_found (f.store, "\"linden avenue\" sec", "2", NULL);
  check_found (f.store, "nord\"linden avenue\"", "2", NULL);
}

/* None of these is FTS5's syntax, and none is an error. */
static void
test_syntax (void)
{
  g_auto (Fixture) f = { 0 };

  build (&f);
  check_found (f.store, "linden NOT nordbank", "", NULL);
  check_found (f.store, "linden OR absent", "", NULL);
  check_found (f.store, "NEAR(linden avenue)", "", NULL);
  check_found (f.store, "facts : linden", "", NULL);
  check_found (f.store, "^linden", "2 1", NULL);
  check_found (f.store, "lin*", "2 1", NULL);
  check_found (f.store, "(linden", "2 1", NULL);
  check_found (f.store, "linden + avenue", "2", NULL);
  check_found (f.store, "linden'; DROP TABLE deal; --", "", NULL);
  check_found (f.store, "{linden} - {nordbank}", "2", NULL);
}

static void
test_refused (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *long_text = g_strnfill (600, 'x');

  build (&f);
  check_refused (f.store, "", DD_ERROR_INVALID_ARGUMENT);
  check_refused (f.store, " \t ", DD_ERROR_INVALID_ARGUMENT);
  check_refused (f.store, "-- ! *", DD_ERROR_INVALID_ARGUMENT);
  check_refused (f.store, "\"\"", DD_ERROR_INVALID_ARGUMENT);
  check_refused (f.store, "linden \"avenue", DD_ERROR_INVALID_ARGUMENT);
  check_refused (f.store, "a b c d e f g h i j k l m n o p q", DD_ERROR_INVALID_ARGUMENT);
  check_refused (f.store, long_text, DD_ERROR_TOO_LARGE);
}

static void
test_limit (void)
{
  g_auto (Fixture) f = { 0 };
  Search search = { .text = "linden", .limit = 1, .numbers = g_string_new (NULL) };
  g_autoptr (GError) error = NULL;

  build (&f);
  read_now (f.store, search_read, &search, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (search.numbers->str, ==, "2");
  g_string_free (search.numbers, TRUE);
  g_free (search.where);
}

static int
count_writes (const char *path)
{
  sqlite3_stmt *statement;
  sqlite3 *db;
  int n;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT count (*) FROM search_idx", -1, &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return n;
}

/* Each write of the index is a part of its own until parts are merged. */
static void
test_nothing_new (void)
{
  g_auto (Fixture) f = { 0 };
  int before;

  build (&f);
  before = count_writes (f.path);
  append_one (f.store, 1, DD_EVENT_TABLED, "{\"revision\":1}");
  append_proposal (f.store, 1, DD_EVENT_DRAFTED, "\"author\":\"anna\",\"revision\":2,\"side\":\"provider\"",
                   "{\"lines\":[{\"id\":\"1\",\"offering\":\"epl-100\",\"quantity\":\"7\"}]}");
  append_one (f.store, 1, DD_EVENT_ACKNOWLEDGED, "{\"clause\":\"c\",\"revision\":1,\"sha256\":\"\"}");
  append_one (f.store, 1, DD_EVENT_ANSWERED, "{\"number\":1,\"text\":\"At one year's charges\"}");
  g_assert_cmpint (count_writes (f.path), ==, before);
  /* The control: a text that is new is a write. */
  append_one (f.store, 1, DD_EVENT_ANSWERED, "{\"number\":1,\"text\":\"Or at two\"}");
  g_assert_cmpint (count_writes (f.path), !=, before);
  check_index (&f);
}

static gboolean
append_and_fail (DdTransaction *transaction, gpointer data, GError **error)
{
  return append_work (transaction, data, error) && dd_fail (error, DD_ERROR_FAILED, "on purpose");
}

static gboolean
append_and_discard (DdTransaction *transaction, gpointer data, GError **error)
{
  if (!append_work (transaction, data, error))
    return FALSE;
  dd_transaction_discard (transaction);
  return TRUE;
}

static void
test_rolled_back (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GPtrArray) events = events_new ();
  Append append = { .number = 1, .events = events, .time = START };
  g_autoptr (GError) error = NULL;

  build (&f);
  add_event (events, DD_EVENT_ANSWERED, "{\"number\":1,\"text\":\"unheard of\"}");
  g_assert_false (write_now (f.store, append_and_fail, &append, &error));
  g_clear_error (&error);
  g_assert_true (write_now (f.store, append_and_discard, &append, &error));
  check_found (f.store, "unheard", "", NULL);
  check_index (&f);
  append_now (f.store, &append);
  check_found (f.store, "unheard", "1", NULL);
  check_index (&f);
}

static gboolean
rebuild (DdTransaction *transaction, gpointer data, GError **error)
{
  return dd_transaction_rebuild (transaction, error);
}

static void
test_rebuilt (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;

  build (&f);
  fixture_close (&f);
  tamper (f.path, "DELETE FROM search_text; INSERT INTO search (search) VALUES ('delete-all')");
  fixture_open (&f);
  check_found (f.store, "linden", "", NULL);
  write_now (f.store, rebuild, NULL, &error);
  g_assert_no_error (error);
  check_found (f.store, "linden", "2 1", NULL);
  check_found (f.store, "liability epl-100", "1", NULL);
  check_index (&f);
}

/* Questions of 3 KiB each: the sixth is beyond what a deal is found by; its lines have room of their own. */
static void
test_bounded (void)
{
  g_auto (Fixture) f = { 0 };

  build (&f);
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *filling = g_strnfill (3 * 1024, (char)('a' + i));
      g_autofree char *body = g_strdup_printf (
        "{\"number\":%u,\"side\":\"customer\",\"text\":\"question%u %s\"}", i + 2, i, filling);

      append_one (f.store, 1, DD_EVENT_ASKED, body);
    }
  check_found (f.store, "question0", "1", NULL);
  check_found (f.store, "question4", "1", NULL);
  check_found (f.store, "question5", "", NULL);
  append_proposal (f.store, 1, DD_EVENT_DRAFTED, "\"author\":\"anna\",\"revision\":2,\"side\":\"provider\"",
                   "{\"lines\":[{\"id\":\"1\",\"offering\":\"late-line\",\"quantity\":\"1\"}]}");
  check_found (f.store, "late-line", "1", NULL);
  check_index (&f);
}

/* Every deal has the same title: a slice that is over at once ends within it, and the sums agree all the
 * same. */
static void
test_slices (void)
{
  enum
  {
    N_DEALS = 40,
    N_WORDS_OF_ALL = 4
  };
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  DdVerify verify = { .slice_end = 0 };
  gboolean end = FALSE;
  guint n_slices = 0;

  fixture_init (&f);
  for (guint i = 0; i < N_DEALS; i++)
    append_one (f.store, 0, DD_EVENT_OPENED,
                "{\"customer\":\"nordbank\",\"owner\":\"anna\",\"title\":\"Märkte same\"}");
  fixture_close (&f);
  g_autoptr (DdConnection) connection = dd_connection_open (f.path, DD_CONNECTION_CHECKER, &error);
  g_assert_no_error (error);
  g_autoptr (DdSearchCheck) check = dd_search_check_new (connection, &error);
  g_assert_no_error (error);
  for (gint64 deal = 1; deal <= N_DEALS; deal++)
    g_assert_true (dd_search_check_add (check, deal, &error));
  for (; !end; n_slices++)
    {
      g_assert_true (dd_search_check_scan (check, &verify, &end, &error));
      g_assert_no_error (error);
    }
  g_assert_true (dd_search_check_compare (check, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_slices, >=, N_WORDS_OF_ALL * N_DEALS);

  /* The control: a deal that the index lacks. */
  g_clear_pointer (&check, dd_search_check_free);
  g_assert_true (dd_connection_execute (connection, "DROP TABLE temp.search_place", &error));
  check = dd_search_check_new (connection, &error);
  g_assert_no_error (error);
  for (gint64 deal = 2; deal <= N_DEALS; deal++)
    g_assert_true (dd_search_check_add (check, deal, &error));
  for (end = FALSE; !end;)
    g_assert_true (dd_search_check_scan (check, &verify, &end, &error));
  g_assert_false (dd_search_check_compare (check, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_STORE_DAMAGED);
}

/* With a microsecond any search is too long, and the reader serves on. */
static void
test_too_broad (void)
{
  g_auto (Fixture) f = { 0 };
  const DdStoreOptions hasty = { .readers = 1, .search_microseconds = 1 };
  Search search = { .text = "linden", .limit = 10, .numbers = g_string_new (NULL) };
  g_autoptr (GError) error = NULL;

  build (&f);
  fixture_close (&f);
  f.store = dd_store_open (f.path, &hasty, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_false (read_now (f.store, search_read, &search, &error));
      g_assert_error (error, DD_ERROR, DD_ERROR_TOO_LARGE);
      g_assert_nonnull (strstr (error->message, "too broad"));
      g_clear_error (&error);
    }
  g_assert_cmpstr (search.numbers->str, ==, "");
  g_string_free (search.numbers, TRUE);
  fixture_close (&f);
  fixture_open (&f);
  check_found (f.store, "linden", "2 1", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-search/a-deal-is-found-by-each-of-its-texts", test_found);
  g_test_add_func ("/store-search/words-are-beginnings-and-all-must-be-there-and-quotes-make-phrases",
                   test_forms);
  g_test_add_func ("/store-search/no-text-is-syntax", test_syntax);
  g_test_add_func ("/store-search/a-text-without-words-is-refused", test_refused);
  g_test_add_func ("/store-search/the-newest-come-first-up-to-the-limit", test_limit);
  g_test_add_func ("/store-search/what-says-nothing-new-writes-nothing", test_nothing_new);
  g_test_add_func ("/store-search/what-was-rolled-back-is-not-found", test_rolled_back);
  g_test_add_func ("/store-search/rebuilding-makes-texts-and-index-anew", test_rebuilt);
  g_test_add_func ("/store-search/a-deal-is-found-by-a-bounded-part-of-its-texts", test_bounded);
  g_test_add_func ("/store-search/a-search-that-takes-too-long-is-refused-as-too-broad", test_too_broad);
  g_test_add_func ("/store-search/checking-the-index-ends-a-slice-within-a-word", test_slices);
  return g_test_run ();
}
