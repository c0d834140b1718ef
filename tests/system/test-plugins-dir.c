/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Bad files in the directory of plugins: each is refused by name and with its reason, and the rest runs.
 */
#include "moves.h"

#include <glib/gstdio.h>
#include <string.h>

static void
put (Rig *rig, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (rig->plugins, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error);
  g_assert_no_error (error);
}

static void
copy (Rig *rig, const char *from, const char *name, int mode)
{
  g_autofree char *source = g_build_filename (from, name, NULL);
  g_autofree char *path = g_build_filename (rig->plugins, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  g_file_get_contents (source, &bytes, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (path, bytes, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error);
  g_assert_no_error (error);
  g_chmod (path, (mode_t)mode);
}

/* @id's module of the zoo, with a manifest of the right form and @more. Advice is what nobody waits for. */
static void
put_zoo (Rig *rig, const char *id, const char *more)
{
  g_autofree char *module = g_strconcat (id, ".so", NULL);
  g_autofree char *name = g_strconcat (id, ".plugin", NULL);
  g_autofree char *text =
    g_strdup_printf ("[Plugin]\nId=%s\nModule=%s.so\nAbi=1\nKinds=negotiation\n%s", id, id, more);

  copy (rig, ZOO_DIR, module, 0755);
  put (rig, name, text);
}

/* "refused: reason" of the plugin whose file is @name. */
static char *
state_of (Rig *rig, const char *name)
{
  g_autoptr (Call) call = call_new ("plugins", "List");
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
  g_autoptr (GVariantIter) rows = NULL;
  const char *state, *reason, *path;
  char *found = NULL;

  g_assert_no_error (error);
  g_variant_get (answer->value, "(a(sssssssttt))", &rows);
  while (g_variant_iter_next (rows, "(&s&s&s&s&s&s&sttt)", NULL, NULL, NULL, NULL, &state, &reason, &path,
                              NULL, NULL, NULL))
    if (g_str_has_suffix (path, name))
      found = g_strconcat (state, ": ", reason, NULL);
  return found;
}

static void
expect (Rig *rig, const char *name, const char *state, const char *words)
{
  g_autofree char *found = state_of (rig, name);

  if (found == NULL || !g_str_has_prefix (found, state) || strstr (found, words) == NULL)
    g_error ("%s is “%s”; it should be %s and say “%s”", name, found, state, words);
}

static Rig *
rig_with_copies (void)
{
  static const char *const shipped[] = { "approval-authority", "handoff-spool", "negotiation-timed",
                                         "pricing-catalogue", "pricing-negotiated" };
  Rig *rig = rig_new ();

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
  return rig;
}

/* What those would do whose file can't be read, nobody knows: without a word nothing is priced. Of the others
 * that are refused, the file says that they give advice. */
static void
turn_off_unread (Rig *rig, const char *deal)
{
  static const char *const unread[] = { "gamma", "noise" };

  for (guint i = 0; i < G_N_ELEMENTS (unread); i++)
    {
      g_autofree char *message =
        call_must_fail (call_as (call_document (call_new (deal, "Propose"), NULL, 0), "anna"),
                        rig->connection, "Unavailable");
      g_autofree char *named = g_strdup_printf ("plugin %s is refused", unread[i]);

      if (strstr (message, named) == NULL)
        g_error ("“%s” does not say “%s”", message, named);

      g_autoptr (DdJson) disabled =
        call_must (call_text (call_new ("plugins", "Disable"), unread[i]), rig->connection);
    }
}

static void
test_bad_files (void)
{
  g_autoptr (Rig) rig = rig_with_copies ();
  g_autofree char *open_manifest = g_build_filename (rig->plugins, "gamma.plugin", NULL);

  put_zoo (rig, "alpha", "After=beta\n");
  put_zoo (rig, "beta", "After=alpha\n");
  put_zoo (rig, "gamma", "");
  g_chmod (open_manifest, 0666);
  put_zoo (rig, "wrong-abi", "");
  put_zoo (rig, "fail", "Colour=red\n");
  put_zoo (rig, "late", "[Dataset sites]\nColumns=id key text;colour text\n");
  put (rig, "ghost.plugin", "[Plugin]\nId=ghost\nModule=ghost.so\nAbi=1\nKinds=negotiation\n");
  put (rig, "noise.plugin", "\x92 this is no key file");
  rig_start (rig);

  expect (rig, "alpha.plugin", "refused", "cycle");
  expect (rig, "beta.plugin", "refused", "cycle");
  expect (rig, "gamma.plugin", "refused", "can be written by others");
  expect (rig, "wrong-abi.plugin", "refused", "ABI 2");
  expect (rig, "fail.plugin", "refused", "Colour");
  expect (rig, "late.plugin", "refused", "dataset sites is dealdesk's own, and has no column colour");
  expect (rig, "ghost.plugin", "refused", "ghost.so");
  expect (rig, "noise.plugin", "refused", "");
  expect (rig, "pricing-catalogue.plugin", "enabled", "");
  expect (rig, "handoff-spool.plugin", "enabled", "");

  rig_import_samples (rig);
  g_autofree char *deal = open_small (rig, 2, NULL);
  turn_off_unread (rig, deal);
  g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");
  g_assert_cmpstr (text_at (tabled, "proposalState"), ==, "tabled");
}

/* Fail closed: without the plugin that says who must approve, and without prices, nothing is offered. */
static void
test_missing_plugins_refuse (void)
{
  g_autoptr (Rig) rig = rig_with_copies ();
  g_autofree char *approval = g_build_filename (rig->plugins, "approval-authority.plugin", NULL);

  rig_start (rig);
  rig_import_samples (rig);
  g_autofree char *deal = open_small (rig, 2, NULL);
  g_assert_cmpint (rig_stop (rig), ==, 0);

  g_chmod (approval, 0666);
  rig_start (rig);
  g_autofree char *message = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Call) call = call_as (call_document (call_new (deal, "Propose"), NULL, 0), "anna");
  g_autoptr (Answer) answer = call_send (call, rig->connection, &error);
  g_assert_null (answer);
  message = error_name (error);
  g_test_message ("%s", error->message);
  g_assert_cmpstr (message, !=, "");
  g_autoptr (DdJson) state = call_must (call_new (deal, "Get"), rig->connection);
  g_assert_cmpstr (text_at (state, "state"), ==, "preparing");
}

/* Nobody else knows what it would have charged. */
static void
test_refused_pricing (void)
{
  g_autoptr (Rig) rig = rig_with_copies ();
  g_autofree char *deal = NULL;
  g_autofree char *message = NULL;

  copy (rig, ZOO_DIR, "wrong-abi.so", 0755);
  put (rig, "wrong-abi.plugin",
       "[Plugin]\nId=wrong-abi\nModule=wrong-abi.so\nAbi=1\nKinds=pricing\nStage=guard\n");
  rig_start (rig);
  rig_import_samples (rig);
  deal = open_small (rig, 2, NULL);
  message = call_must_fail (call_as (call_document (call_new (deal, "Propose"), NULL, 0), "anna"),
                            rig->connection, "Unavailable");
  g_assert_nonnull (strstr (message, "pricing plugin wrong-abi is refused"));

  /* unless an administrator says so */
  g_autoptr (DdJson) disabled =
    call_must (call_text (call_new ("plugins", "Disable"), "wrong-abi"), rig->connection);
  g_autoptr (DdJson) tabled = propose (rig, deal, NULL, "anna");
  g_assert_cmpstr (text_at (tabled, "proposalState"), ==, "tabled");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plugins-dir/bad-files-are-refused-by-name-and-the-rest-runs", test_bad_files);
  g_test_add_func ("/plugins-dir/without-a-pricing-plugin-that-is-refused-nothing-is-priced",
                   test_refused_pricing);
  g_test_add_func ("/plugins-dir/without-the-approval-plugin-nothing-is-tabled", test_missing_plugins_refuse);
  return g_test_run ();
}
