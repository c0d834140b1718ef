/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What lists give: pages by key of deals, events and approvals, and what is due of orders and timers.
 */
#include "store-fixture.h"

typedef struct
{
  int state;
  const char *customer;
  gint64 before;
  guint limit;
  GString *seen;
} List;

static gboolean
see_deal (const DdDealRow *row, gpointer data)
{
  List *list = data;

  g_string_append_printf (list->seen, "%" G_GINT64_FORMAT "%s ", row->number, row->customer);
  return TRUE;
}

static gboolean
list_deals (DdReader *reader, gpointer data, GError **error)
{
  List *list = data;

  return dd_reader_list_deals (reader, list->state, list->customer, list->before, list->limit, see_deal, list,
                               error);
}

static void
check_list (DdStore *store, int state, const char *customer, gint64 before, guint limit, const char *expected)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  List list = { .state = state, .customer = customer, .before = before, .limit = limit, .seen = seen };

  read_now (store, list_deals, &list, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->str, ==, expected);
}

static void
test_pages (void)
{
  g_auto (Fixture) f = { 0 };

  fixture_init (&f);
  for (guint i = 0; i < 6; i++)
    open_deal (f.store, i % 2 == 0 ? "a" : "b");
  append_one (f.store, 5, DD_EVENT_DEAL_ENDED, "{\"state\":\"declined\"}");
  check_list (f.store, -1, NULL, 0, 4, "6b 5a 4b 3a ");
  check_list (f.store, -1, NULL, 3, 4, "2b 1a ");
  check_list (f.store, -1, NULL, 1, 4, "");
  check_list (f.store, -1, "a", 0, 10, "5a 3a 1a ");
  check_list (f.store, DD_DEAL_DECLINED, NULL, 0, 10, "5a ");
  check_list (f.store, DD_DEAL_PREPARING, "a", 0, 10, "3a 1a ");
  check_list (f.store, DD_DEAL_PREPARING, "a", 3, 10, "1a ");
  check_list (f.store, DD_DEAL_PREPARING, NULL, 6, 2, "4b 3a ");
}

static gboolean
see_event (const DdLogRow *row, gpointer data)
{
  g_string_append_printf (data, "%" G_GINT64_FORMAT ":%s by %s; ", row->version,
                          dd_event_type_name (row->type), row->actor);
  g_assert_nonnull (row->body);
  return TRUE;
}

static gboolean
list_log (DdReader *reader, gpointer data, GError **error)
{
  return dd_reader_log (reader, 1, 1, 2, see_event, data, error);
}

static void
test_log (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) seen = g_string_new (NULL);

  fixture_init (&f);
  open_deal (f.store, "a");
  open_deal (f.store, "b");
  fill_deal (f.store, 1);
  read_now (f.store, list_log, seen, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->str, ==, "2:drafted by anna; 3:approval-requested by anna; ");
}

typedef struct
{
  const char *const *candidates;
  gint64 deal; /* after */
  guint revision;
  guint step;
  guint limit;
} Approvals;

typedef struct
{
  const Approvals *asked;
  GString *seen;
} Listing;

static gboolean
see_approval (const DdApprovalRow *row, gpointer data)
{
  g_string_append_printf (data, "%" G_GINT64_FORMAT "/%u/%u %s; ", row->deal, row->revision, row->step,
                          row->value);
  g_assert_cmpstr (row->title, ==, "Branches");
  g_assert_cmpstr (row->requester, ==, "anna");
  return TRUE;
}

static gboolean
list_approvals (DdReader *reader, gpointer data, GError **error)
{
  const Listing *listing = data;
  const Approvals *asked = listing->asked;

  return dd_reader_list_approvals (reader, asked->candidates, asked->deal, asked->revision, asked->step,
                                   asked->limit, see_approval, listing->seen, error);
}

static void
check_approvals (DdStore *store, Approvals asked, const char *expected)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Listing listing = { &asked, seen };

  read_now (store, list_approvals, &listing, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->str, ==, expected);
}

static const char *const directors[] = { "group:directors", "user:otto", NULL };
static const char *const carla[] = { "user:carla", "group:directors", "user:carla", NULL };
static const char *const nobody[] = { NULL };

static void
test_approvals (void)
{
  g_auto (Fixture) f = { 0 };

  fixture_init (&f);
  for (gint64 i = 1; i <= 3; i++)
    {
      open_deal (f.store, "a");
      fill_deal (f.store, i);
    }
  check_approvals (f.store, (Approvals){ directors, 0, 0, 0, 9 }, "1/1/1 18%; 2/1/1 18%; 3/1/1 18%; ");
  check_approvals (f.store, (Approvals){ directors, 1, 1, 1, 1 }, "2/1/1 18%; ");
  check_approvals (f.store, (Approvals){ nobody, 0, 0, 0, 9 }, "");
  append_one (f.store, 1, DD_EVENT_APPROVAL_DECIDED,
              "{\"approved\":true,\"person\":\"carla\",\"revision\":1,\"step\":1}");
  append_one (f.store, 2, DD_EVENT_APPROVAL_CLOSED, "{\"revision\":1,\"state\":\"draft\"}");
  check_approvals (f.store, (Approvals){ NULL, 0, 0, 0, 9 }, "1/1/2 2; 3/1/1 18%; 3/1/2 2; ");
}

/* Carla may decide the first step by name and as a director. */
static void
test_approval_pages (void)
{
  g_auto (Fixture) f = { 0 };

  fixture_init (&f);
  for (gint64 i = 1; i <= 2; i++)
    {
      open_deal (f.store, "a");
      fill_deal (f.store, i);
    }
  check_approvals (f.store, (Approvals){ carla, 0, 0, 0, 9 }, "1/1/1 18%; 1/1/2 2; 2/1/1 18%; 2/1/2 2; ");
  check_approvals (f.store, (Approvals){ carla, 0, 0, 0, 1 }, "1/1/1 18%; ");
  check_approvals (f.store, (Approvals){ carla, 1, 1, 1, 2 }, "1/1/2 2; 2/1/1 18%; ");
  check_approvals (f.store, (Approvals){ carla, 2, 1, 1, 2 }, "2/1/2 2; ");
  check_approvals (f.store, (Approvals){ carla, 2, 1, 2, 2 }, "");
  check_approvals (f.store, (Approvals){ NULL, 0, 0, 0, 1 }, "1/1/1 18%; ");
  check_approvals (f.store, (Approvals){ NULL, 1, 1, 1, 2 }, "1/1/2 2; 2/1/1 18%; ");
  check_approvals (f.store, (Approvals){ NULL, 0, 0, 0, 0 }, "");
}

static void
test_two_revisions_wait (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GPtrArray) events = events_new ();
  g_autofree char *sheet = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "{\"sheet\":1}", -1);
  g_autofree char *drafted = NULL;
  g_autofree char *requested = NULL;
  Append append = { .number = 1, .events = events };

  fixture_init (&f);
  open_deal (f.store, "a");
  fill_deal (f.store, 1);
  drafted = g_strdup_printf ("{\"author\":\"anna\",\"proposal\":\"%s\",\"revision\":2,\"sheet\":\"%s\","
                             "\"side\":\"provider\"}",
                             sheet, sheet);
  requested = g_strdup_printf (
    "{\"kind\":\"table\",\"requester\":\"anna\",\"revision\":2,\"sheet\":\"%s\",\"steps\":[{\"candidates\":"
    "[\"user:carla\",\"group:directors\"],\"higherIsWorse\":true,\"level\":1,\"limit\":\"10%%\","
    "\"measure\":\"discount.discretionary\",\"need\":1,\"plugin\":\"p\",\"rule\":\"r1\",\"step\":1,"
    "\"value\":\"20%%\"}]}",
    sheet);
  add_event (events, DD_EVENT_DRAFTED, drafted);
  add_event (events, DD_EVENT_APPROVAL_REQUESTED, requested);
  append_now (f.store, &append);
  check_approvals (f.store, (Approvals){ NULL, 0, 0, 0, 9 }, "1/1/1 18%; 1/1/2 2; 1/2/1 20%; ");
  check_approvals (f.store, (Approvals){ carla, 0, 0, 0, 9 }, "1/1/1 18%; 1/1/2 2; 1/2/1 20%; ");
  check_approvals (f.store, (Approvals){ directors, 1, 1, 1, 9 }, "1/2/1 20%; ");
  check_approvals (f.store, (Approvals){ carla, 1, 1, 2, 1 }, "1/2/1 20%; ");
}

typedef struct
{
  gint64 now;
  gint64 next;
  GString *seen;
} Due;

static gboolean
see_order (const DdOrderRow *row, gpointer data)
{
  g_string_append_printf (data, "%" G_GINT64_FORMAT "/%s %s %u%s%s ", row->deal, row->order, row->key,
                          row->attempts, row->trying ? " trying" : "", row->released ? " released" : "");
  g_assert_cmpuint (strlen (row->document), ==, 64);
  return TRUE;
}

static gboolean
list_orders (DdReader *reader, gpointer data, GError **error)
{
  Due *due = data;

  return dd_reader_due_orders (reader, due->now, 10, see_order, due->seen, error) &&
         dd_reader_next_order (reader, &due->next, error);
}

static void
test_orders (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) seen = g_string_new (NULL);
  Due due = { .now = START - 1, .seen = seen };

  fixture_init (&f);
  open_deal (f.store, "a");
  open_deal (f.store, "b");
  fill_deal (f.store, 1);
  fill_deal (f.store, 2);
  read_now (f.store, list_orders, &due, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->str, ==, "");
  g_assert_cmpint (due.next, ==, START);
  append_one (f.store, 1, DD_EVENT_HANDOFF_RECORDED,
              "{\"attempts\":1,\"nextAttempt\":1700000009000000,\"order\":\"1\",\"state\":\"pending\"}");
  due.now = START;
  read_now (f.store, list_orders, &due, &error);
  g_assert_cmpstr (seen->str, ==, "2/1 key-1 0 ");
  /* An attempt begins and no outcome comes, is held, and then released. */
  append_one (f.store, 2, DD_EVENT_HANDOFF_RECORDED,
              "{\"attempts\":1,\"order\":\"1\",\"state\":\"pending\",\"trying\":true}");
  g_string_truncate (seen, 0);
  read_now (f.store, list_orders, &due, &error);
  g_assert_cmpstr (seen->str, ==, "2/1 key-1 1 trying ");
  append_one (f.store, 2, DD_EVENT_HANDOFF_RECORDED,
              "{\"attempts\":1,\"order\":\"1\",\"state\":\"held\",\"trying\":true}");
  append_one (f.store, 2, DD_EVENT_HANDOFF_RECORDED,
              "{\"attempts\":1,\"order\":\"1\",\"state\":\"pending\",\"trying\":true}");
  g_string_truncate (seen, 0);
  read_now (f.store, list_orders, &due, &error);
  g_assert_cmpstr (seen->str, ==, "2/1 key-1 1 trying released ");
  append_one (f.store, 2, DD_EVENT_HANDOFF_RECORDED,
              "{\"attempts\":1,\"order\":\"1\",\"state\":\"delivered\"}");
  g_string_truncate (seen, 0);
  read_now (f.store, list_orders, &due, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->str, ==, "");
  g_assert_cmpint (due.next, ==, G_GINT64_CONSTANT (1700000009000000));
}

typedef struct
{
  gint64 now;
  GArray *deals;
  gint64 next;
} Timers;

static gboolean
list_timers (DdReader *reader, gpointer data, GError **error)
{
  Timers *timers = data;

  return dd_reader_due_timers (reader, timers->now, 10, timers->deals, &timers->next, error);
}

static void
test_timers (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) deals = g_array_new (FALSE, FALSE, sizeof (gint64));
  Timers timers = { .now = 150, .deals = deals };
  static const char *const bodies[] = {
    "{\"customer\":\"a\",\"expires\":200,\"owner\":\"o\",\"title\":\"t\"}",
    "{\"customer\":\"a\",\"expires\":100,\"owner\":\"o\",\"title\":\"t\"}",
    "{\"customer\":\"a\",\"owner\":\"o\",\"title\":\"t\"}"
  };

  fixture_init (&f);
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GPtrArray) events = events_new ();
      Append append = { .events = events };

      add_event (events, DD_EVENT_OPENED, bodies[i]);
      append_now (f.store, &append);
    }
  read_now (f.store, list_timers, &timers, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (deals->len, ==, 1);
  g_assert_cmpint (g_array_index (deals, gint64, 0), ==, 2);
  g_assert_cmpint (timers.next, ==, 200);
  append_one (f.store, 1, DD_EVENT_DEAL_ENDED, "{\"state\":\"declined\"}");
  g_array_set_size (deals, 0);
  read_now (f.store, list_timers, &timers, &error);
  g_assert_no_error (error);
  g_assert_cmpint (timers.next, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-lists/deals-are-paged-by-key", test_pages);
  g_test_add_func ("/store-lists/the-log-is-given-in-order-after-a-version", test_log);
  g_test_add_func ("/store-lists/open-steps-are-given-to-their-candidates", test_approvals);
  g_test_add_func ("/store-lists/a-step-is-given-once-and-a-page-ends-at-its-limit", test_approval_pages);
  g_test_add_func ("/store-lists/two-waiting-revisions-of-a-deal-are-both-given", test_two_revisions_wait);
  g_test_add_func ("/store-lists/only-pending-orders-that-are-due-are-given", test_orders);
  g_test_add_func ("/store-lists/timers-are-due-until-the-deal-ends", test_timers);
  return g_test_run ();
}
