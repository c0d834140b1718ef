/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A plugin inside the daemon that crashes it: a restart each time, then a daemon without the plugin, which
 * says so.
 */
#include "moves.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

static void
copy (Rig *rig, const char *from, const char *name, int mode)
{
  g_autofree char *source = g_build_filename (from, name, NULL);
  g_autofree char *path = g_build_filename (rig->plugins, name, NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (source, &bytes, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (path, bytes, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, mode, &error);
  g_assert_no_error (error);
}

/* The shipped plugins and one more of stage adjust that dies in each call, in the daemon. */
static Rig *
rig_with_mortal (const char *how)
{
  static const char *const shipped[] = { "approval-authority", "handoff-spool", "negotiation-timed",
                                         "pricing-catalogue", "pricing-negotiated" };
  Rig *rig = rig_new ();
  g_autofree char *config = NULL;
  g_autofree char *more = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  g_free (rig->plugins);
  rig->plugins = g_build_filename (rig->folder, "plugins", NULL);
  g_assert_cmpint (g_mkdir (rig->plugins, 0755), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (shipped); i++)
    {
      g_autofree char *module = g_strconcat (shipped[i], ".so", NULL);
      g_autofree char *manifest = g_strconcat (shipped[i], ".plugin", NULL);

      copy (rig, PLUGIN_DIR, module, 0755);
      copy (rig, PLUGIN_DIR, manifest, 0644);
    }
  copy (rig, ZOO_DIR, "mortal.so", 0755);
  path = g_build_filename (rig->plugins, "mortal.plugin", NULL);
  g_file_set_contents_full (
    path,
    "[Plugin]\nId=mortal\nModule=mortal.so\nAbi=1\nKinds=pricing;approval\nStage=promotion\n"
    "[Option how]\nType=text\nDefault=\n[Option where]\nType=text\nDefault=call\n",
    -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error);
  g_assert_no_error (error);
  g_file_get_contents (rig->config, &config, NULL, &error);
  g_assert_no_error (error);
  more = g_strdup_printf ("%s\n[Plugins]\nInDaemon=mortal\n\n[plugin mortal]\nhow=%s\n", config, how);
  g_file_set_contents (rig->config, more, -1, &error);
  g_assert_no_error (error);
  return rig;
}

static char *
state_of_mortal (Rig *rig)
{
  g_autoptr (DdJson) json = call_must (call_text (call_new ("plugins", "Info"), "mortal"), rig->connection);

  const char *reason = text_at (json, "reason");

  return g_strdup_printf ("%s: %s", text_at (json, "state"), reason != NULL ? reason : "");
}

/* Proposes; the daemon dies of it. */
static void
propose_and_die (Rig *rig, const char *deal)
{
  g_autoptr (Call) call = call_as (call_document (call_new (deal, "Propose"), NULL, 0), "anna");
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
  int status = rig_wait_end (rig);

  g_assert_null (answer);
  if (SANITIZED)
    g_assert_cmpint (status, !=, 0);
  else
    g_assert_cmpint (status, ==, -SIGSEGV);
}

static void
test_quarantine (void)
{
  g_autoptr (Rig) rig = rig_with_mortal ("segv");
  g_autofree char *deal = NULL;
  g_autofree char *said = NULL;
  g_autofree char *state = NULL;
  g_autofree char *refusal = NULL;
  g_autofree char *after = NULL;

  /* the first start ends orderly: what happened before it doesn't count */
  rig_start (rig);
  rig_import_samples (rig);
  deal = open_small (rig, 2, NULL);
  for (guint i = 0; i < 2; i++)
    {
      propose_and_die (rig, deal);
      rig_start (rig);
    }

  said = rig_said (rig);
  g_assert_nonnull (strstr (said, "Plugin mortal ended the daemon: signal 11"));
  g_assert_nonnull (strstr (said, "is quarantined: it ended the daemon 2 times in a row"));
  state = state_of_mortal (rig);
  g_assert_true (g_str_has_prefix (state, "quarantined: it ended the daemon"));

  /* the daemon serves, and gives no price without it; the deal is as it was */
  refusal = call_must_fail (call_as (call_document (call_new (deal, "Propose"), NULL, 0), "anna"),
                            rig->connection, "Unavailable");
  g_assert_nonnull (strstr (refusal, "mortal is quarantined"));
  g_autoptr (DdJson) shown = call_must (call_new (deal, "Get"), rig->connection);
  g_assert_cmpstr (text_at (shown, "state"), ==, "preparing");
  g_autoptr (DdJson) verified = rig_verify (rig);

  /* an administrator goes on without it */
  g_autoptr (DdJson) disabled =
    call_must (call_text (call_new ("plugins", "Disable"), "mortal"), rig->connection);
  g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");
  g_assert_cmpstr (text_at (tabled, "proposalState"), ==, "tabled");

  /* and after a restart it is still out */
  g_assert_cmpint (rig_stop (rig), ==, 0);
  rig_start (rig);
  after = state_of_mortal (rig);
  g_assert_true (g_str_has_prefix (after, "quarantined: "));
}

/* The control: what isn't a crash of the plugin's leaves it enabled, however often. */
static void
test_killed (void)
{
  g_autoptr (Rig) rig = rig_with_mortal ("");
  g_autofree char *deal = NULL;
  g_autofree char *state = NULL;

  rig_start (rig);
  rig_import_samples (rig);
  deal = open_small (rig, 2, NULL);
  for (guint i = 0; i < 3; i++)
    {
      rig_kill (rig);
      rig_start (rig);
    }
  state = state_of_mortal (rig);
  g_assert_cmpstr (state, ==, "enabled: ");
  g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");
  g_assert_cmpstr (text_at (tabled, "proposalState"), ==, "tabled");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crash/a-plugin-that-crashes-the-daemon-twice-is-quarantined", test_quarantine);
  g_test_add_func ("/crash/a-daemon-that-is-killed-quarantines-nothing", test_killed);
  return g_test_run ();
}
