/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Plugins over the bus: all about one, and which had a part in a deal.
 */
#include "fixture.h"

#include "background.h"
#include "json/json.h"

#include <string.h>

typedef struct
{
  GTestDBus *bus;
  Server *server;
  GDBusConnection *caller;
  char *deal; /* its path */
} Fixture;

static void
setup (Fixture *f, gconstpointer data)
{
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);
  f->server = server_start (bus_connect (), TRUE);
  f->caller = bus_connect ();
  import_samples (f->caller, f->server, "carla");
  f->deal = open_deal (f->caller, f->server);
}

static void
teardown (Fixture *f, gconstpointer data)
{
  bus_disconnect (f->caller);
  server_stop (f->server);
  g_test_dbus_down (f->bus);
  g_object_unref (f->bus);
  g_free (f->deal);
}

static DdJson *
ask (Fixture *f, const char *method, GVariant *arguments)
{
  g_autoptr (GVariant) reply = call_good (f->caller, f->server, PLUGINS, method, arguments);
  g_autofree char *text = document_text (reply, NULL);
  g_autoptr (GError) error = NULL;
  DdJson *json = dd_json_parse (text, strlen (text), NULL, &error);

  g_assert_no_error (error);
  g_test_message ("%s", text);
  return json;
}

static const char *
text_of (const DdJsonNode *object, const char *key)
{
  const DdJsonNode *member = dd_json_member (object, key);

  g_assert_nonnull (member);
  return dd_json_text (member);
}

/* The element of the array @key whose member @name is @value; NULL without one. */
static const DdJsonNode *
find (const DdJson *json, const char *key, const char *name, const char *value)
{
  const DdJsonNode *array = dd_json_member (dd_json_root (json), key);

  g_assert_nonnull (array);
  for (const DdJsonNode *each = dd_json_first (array); each != NULL; each = dd_json_next (each))
    if (strcmp (text_of (each, name), value) == 0)
      return each;
  return NULL;
}

static char *
deal_id (const Fixture *f)
{
  return g_strconcat ("D-", strrchr (f->deal, '_') + 1, NULL);
}

static GVariant *
why (Fixture *f, const char *options)
{
  g_autofree char *id = deal_id (f);

  return g_variant_new ("(s@a{sv})", id, g_variant_new_parsed (options));
}

static void
info_has_all_of_one (Fixture *f, gconstpointer data)
{
  g_autoptr (DdJson) json = ask (f, "Info", g_variant_new_parsed ("('pricing-catalogue', @a{sv} {})"));
  const DdJsonNode *root = dd_json_root (json);
  const DdJsonNode *charges = find (json, "datasets", "name", "charges");
  const DdJsonNode *tiers = find (json, "datasets", "name", "tiers");

  g_assert_cmpstr (text_of (root, "id"), ==, "pricing-catalogue");
  g_assert_cmpstr (text_of (root, "kinds"), ==, "pricing");
  g_assert_cmpstr (text_of (root, "stage"), ==, "base");
  g_assert_cmpstr (text_of (root, "state"), ==, "enabled");
  g_assert_cmpstr (text_of (root, "isolation"), ==, "daemon");
  g_assert_false (dd_json_boolean (dd_json_member (root, "network")));
  g_assert_null (dd_json_member (root, "pid"));
  g_assert_true (g_str_has_suffix (text_of (root, "module"), "pricing-catalogue.so"));
  g_assert_true (g_str_has_suffix (text_of (root, "path"), "pricing-catalogue.plugin"));

  /* the version that is imported, and none */
  g_assert_nonnull (charges);
  g_assert_cmpstr (text_of (charges, "version"), ==, "1");
  g_assert_nonnull (strstr (text_of (charges, "columns"), "offering key"));
  g_assert_nonnull (tiers);
  g_assert_cmpstr (text_of (tiers, "version"), ==, "0");
}

static void
info_has_options (Fixture *f, gconstpointer data)
{
  g_autoptr (DdJson) json = ask (f, "Info", g_variant_new_parsed ("('negotiation-timed', @a{sv} {})"));
  const DdJsonNode *options = dd_json_member (dd_json_root (json), "options");
  const DdJsonNode *first = dd_json_first (options);

  g_assert_nonnull (first);
  g_assert_cmpstr (text_of (first, "name"), !=, "");
  g_assert_cmpstr (text_of (first, "type"), !=, "");
  g_assert_cmpstr (text_of (first, "value"), ==, text_of (first, "default"));
  g_assert_cmpstr (text_of (first, "description"), !=, "");
}

static void
info_of_none (Fixture *f, gconstpointer data)
{
  g_autofree char *message = call_bad (f->caller, f->server, PLUGINS, "Info",
                                       g_variant_new_parsed ("('ghost', @a{sv} {})"), "NotFound");

  g_assert_nonnull (strstr (message, "ghost"));
}

typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean over;
} Hold;

static void
hold (gpointer data)
{
  Hold *held = data;

  g_mutex_lock (&held->mutex);
  while (!held->over)
    g_cond_wait (&held->cond, &held->mutex);
  g_mutex_unlock (&held->mutex);
}

/* What stands for a backup doesn't end before both calls are answered. */
static void
switching_overtakes (Fixture *f, gconstpointer data)
{
  Hold held = { 0 };

  dd_background_run (f->server->service->background, hold, &held);
  g_variant_unref (call_good (f->caller, f->server, PLUGINS, "Disable",
                              g_variant_new_parsed ("('negotiation-timed', @a{sv} {})")));
  g_variant_unref (call_good (f->caller, f->server, PLUGINS, "Enable",
                              g_variant_new_parsed ("('negotiation-timed', @a{sv} {})")));
  g_assert_true (dd_background_is_busy (f->server->service->background));
  g_mutex_lock (&held.mutex);
  held.over = TRUE;
  g_cond_signal (&held.cond);
  g_mutex_unlock (&held.mutex);
  /* what it waits on is this function's */
  while (dd_background_is_busy (f->server->service->background))
    g_thread_yield ();
}

static void
why_before_and_after (Fixture *f, gconstpointer data)
{
  g_autoptr (DdJson) before = ask (f, "Why", why (f, "@a{sv} {}"));
  g_autofree char *id = deal_id (f);
  g_autoptr (GVariant) proposed = NULL;
  g_autoptr (DdJson) after = NULL;
  const DdJsonNode *call;

  g_assert_cmpstr (text_of (dd_json_root (before), "deal"), ==, id);
  g_assert_null (dd_json_member (dd_json_root (before), "revision"));
  g_assert_null (dd_json_first (dd_json_member (dd_json_root (before), "sources")));
  g_assert_null (dd_json_first (dd_json_member (dd_json_root (before), "calls")));

  proposed =
    call_good (f->caller, f->server, f->deal, DEAL, "Propose",
               g_variant_new ("(@v@a{sv})", proposal ("5%"), g_variant_new_parsed ("{'as': <'anna'>}")));
  after = ask (f, "Why", why (f, "@a{sv} {}"));
  g_assert_cmpstr (text_of (dd_json_root (after), "revision"), ==, "1");
  g_assert_nonnull (find (after, "sources", "plugin", "pricing-catalogue"));
  g_assert_nonnull (find (after, "sources", "plugin", "pricing-negotiated"));
  g_assert_null (find (after, "sources", "plugin", "charges"));
  g_assert_cmpstr (text_of (find (after, "datasets", "name", "charges"), "version"), ==, "1");
  call = find (after, "calls", "plugin", "approval-authority");
  g_assert_nonnull (call);
  g_assert_cmpstr (text_of (call, "kind"), ==, "approval");
  g_assert_cmpstr (text_of (call, "failures"), ==, "0");
  g_assert_cmpstr (text_of (call, "lastAt"), !=, "");
  g_assert_null (dd_json_member (call, "lastFault"));
  g_assert_nonnull (find (after, "calls", "plugin", "pricing-catalogue"));
}

static void
why_says_what_failed (Fixture *f, gconstpointer data)
{
  /* an offering whose tiers are missing */
  g_autoptr (GVariant) charged =
    call_good (f->caller, f->server, CATALOG, "Import",
               g_variant_new ("(s@va{sv})", "charges",
                              document ("offering,charge,name,type,period,currency,mode\n"
                                        "free,rental,Rental,recurring,month,EUR,volume\n"),
                              NULL));
  g_autoptr (GVariant) imported = call_good (
    f->caller, f->server, CATALOG, "Import",
    g_variant_new (
      "(s@va{sv})", "offerings",
      document ("id,name,category,unit,valid_from,valid_to\nfree,Free,access,line,2026-01-01,\n"), NULL));
  g_autofree char *message =
    call_bad (f->caller, f->server, f->deal, DEAL, "Price",
              g_variant_new ("(u@v@a{sv})", 0,
                             document ("{\"lines\":[{\"id\":\"1\",\"offering\":\"free\",\"quantity\":\"1\"}],"
                                       "\"currency\":\"EUR\"}"),
                             g_variant_new_parsed ("@a{sv} {}")),
              "Unpriced");
  g_autoptr (DdJson) json = ask (f, "Why", why (f, "@a{sv} {}"));
  const DdJsonNode *call = find (json, "calls", "plugin", "pricing-catalogue");

  g_assert_nonnull (call);
  g_assert_cmpstr (text_of (call, "failures"), ==, "1");
  g_assert_nonnull (strstr (message, text_of (call, "lastFault")));
}

static void
why_of_a_revision (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) arguments = g_variant_ref_sink (why (f, "{'revision': <@u 3>}"));
  g_autoptr (GVariant) no_deal = g_variant_ref_sink (g_variant_new_parsed ("('D-999', @a{sv} {})"));
  g_autoptr (GVariant) no_id = g_variant_ref_sink (g_variant_new_parsed ("('deal', @a{sv} {})"));
  g_autofree char *revision = call_bad (f->caller, f->server, PLUGINS, "Why", arguments, "NotFound");
  g_autofree char *deal = call_bad (f->caller, f->server, PLUGINS, "Why", no_deal, "NotFound");
  g_autofree char *id = call_bad (f->caller, f->server, PLUGINS, "Why", no_id, "InvalidArgument");

  g_assert_nonnull (strstr (revision, "revision 3"));
}

static void
disabling_and_enabling (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) off = call_good (f->caller, f->server, PLUGINS, "Disable",
                                        g_variant_new_parsed ("('pricing-negotiated', @a{sv} {})"));
  g_autoptr (DdJson) disabled = ask (f, "Info", g_variant_new_parsed ("('pricing-negotiated', @a{sv} {})"));
  g_autoptr (GVariant) on = NULL;
  g_autoptr (DdJson) enabled = NULL;

  g_assert_cmpstr (text_of (dd_json_root (disabled), "state"), ==, "disabled");
  on = call_good (f->caller, f->server, PLUGINS, "Enable",
                  g_variant_new_parsed ("('pricing-negotiated', @a{sv} {})"));
  enabled = ask (f, "Info", g_variant_new_parsed ("('pricing-negotiated', @a{sv} {})"));
  g_assert_cmpstr (text_of (dd_json_root (enabled), "state"), ==, "enabled");
}

#define ADD(name, test) g_test_add ("/plugins/" name, Fixture, NULL, setup, test, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("info-has-state-place-and-datasets-with-their-versions", info_has_all_of_one);
  ADD ("info-has-options-with-value-default-and-description", info_has_options);
  ADD ("info-of-no-plugin-is-not-found", info_of_none);
  ADD ("why-has-the-sheet's-sources-and-the-calls", why_before_and_after);
  ADD ("why-says-which-call-failed-and-why", why_says_what_failed);
  ADD ("why-of-no-revision-or-deal-is-not-found", why_of_a_revision);
  ADD ("disabling-and-enabling-show-in-info", disabling_and_enabling);
  ADD ("disabling-and-enabling-don't-wait-for-a-backup", switching_overtakes);
  return g_test_run ();
}
