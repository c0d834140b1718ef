/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A plugin that can't be used is refused by name with the reason, and the rest runs.
 */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  const char *name; /* of the case */
  const char *text; /* of bad.plugin */
  const char *says;
} Row;

#define HEAD "[Plugin]\nId=bad\nModule=bad.so\nAbi=1\nKinds=pricing\nStage=base\n"

static const Row rows[] = {
  { "not-a-key-file", "what is this", "not a key file" },
  { "not-utf8", "[Plugin]\nId=\x92\n", "UTF-8" },
  { "empty", "", "[Plugin]" },
  { "no-id", "[Plugin]\nModule=bad.so\nAbi=1\nKinds=pricing\nStage=base\n", "Id=" },
  { "other-id", "[Plugin]\nId=good\nModule=bad.so\nAbi=1\nKinds=pricing\nStage=base\n", "the file's name" },
  { "no-module", "[Plugin]\nId=bad\nAbi=1\nKinds=pricing\nStage=base\n", "Module=" },
  { "module-elsewhere", "[Plugin]\nId=bad\nModule=../bad.so\nAbi=1\nKinds=pricing\nStage=base\n",
    "without /" },
  { "module-missing", "[Plugin]\nId=bad\nModule=none.so\nAbi=1\nKinds=pricing\nStage=base\n",
    "none.so: No such file" },
  { "no-abi", "[Plugin]\nId=bad\nModule=bad.so\nKinds=pricing\nStage=base\n", "Abi=" },
  { "abi-2", "[Plugin]\nId=bad\nModule=bad.so\nAbi=2\nKinds=pricing\nStage=base\n", "ABI 2" },
  { "abi-text", "[Plugin]\nId=bad\nModule=bad.so\nAbi=one\nKinds=pricing\nStage=base\n", "ABI one" },
  { "no-kinds", "[Plugin]\nId=bad\nModule=bad.so\nAbi=1\n", "Kinds=" },
  { "unknown-kind", "[Plugin]\nId=bad\nModule=bad.so\nAbi=1\nKinds=magic\n", "\"magic\"" },
  { "no-stage", "[Plugin]\nId=bad\nModule=bad.so\nAbi=1\nKinds=pricing\n", "Stage=" },
  { "unknown-stage", "[Plugin]\nId=bad\nModule=bad.so\nAbi=1\nKinds=pricing\nStage=final\n", "Stage=" },
  { "stage-of-the-core", "[Plugin]\nId=bad\nModule=bad.so\nAbi=1\nKinds=pricing\nStage=spread\n", "Stage=" },
  { "stage-without-pricing", "[Plugin]\nId=bad\nModule=bad.so\nAbi=1\nKinds=handoff\nStage=base\n",
    "only for" },
  { "unknown-isolation", HEAD "Isolation=moon\n", "Isolation= must be process or daemon" },
  { "unknown-network", HEAD "Network=maybe\n", "Network= must be no or yes" },
  { "network-for-prices", HEAD "Network=yes\n", "only for plugins of kind handoff" },
  { "network-in-the-daemon",
    "[Plugin]\nId=bad\nModule=bad.so\nAbi=1\nKinds=handoff\nNetwork=yes\nIsolation=daemon\n",
    "exclude each other" },
  { "directory-that-is-none", HEAD "[Option o]\nType=directory\nDefault=here\n", "Default=: a directory is" },
  { "unknown-key", HEAD "Colour=red\n", "\"Colour\"" },
  { "unknown-group", HEAD "[Extras]\nA=1\n", "\"Extras\"" },
  { "unknown-dataset-key", HEAD "[Dataset d]\nColumns=a key text\nRows=7\n", "\"Rows\"" },
  { "dataset-without-columns", HEAD "[Dataset d]\n", "Columns=" },
  { "dataset-with-unknown-type", HEAD "[Dataset d]\nColumns=a key colour\n", "column 1" },
  { "dataset-without-key", HEAD "[Dataset d]\nColumns=a text\n", "key" },
  { "dataset-with-bounds-of-text", HEAD "[Dataset d]\nColumns=a key text min 0\n", "have bounds" },
  { "dataset-with-half-a-validity", HEAD "[Dataset d]\nColumns=a key text;b date\nValidity=b\n",
    "Validity=" },
  { "dataset-with-validity-of-text", HEAD "[Dataset d]\nColumns=a key text;b date\nValidity=b;a\n",
    "two columns of type date" },
  { "dataset-unique-in-no-column", HEAD "[Dataset d]\nColumns=a key text\nUnique=c\n",
    "Unique= names column \"c\"" },
  { "dataset-with-priority-alone", HEAD "[Dataset d]\nColumns=a key text\nPriority=a\n",
    "Priority= needs Unique=" },
  { "dataset-name", HEAD "[Dataset ../d]\nColumns=a key text\n", "unknown group" },
  { "unknown-option-key", HEAD "[Option o]\nType=text\nDefault=\nMin=1\n", "\"Min\"" },
  { "option-without-type", HEAD "[Option o]\nDefault=1\n", "Type=" },
  { "option-without-default", HEAD "[Option o]\nType=text\n", "Default=" },
  { "option-with-bad-default", HEAD "[Option o]\nType=percent\nDefault=lots\n", "Default=" },
};

static void
refuses_with_the_reason (gconstpointer data)
{
  const Row *row = data;
  Fixture fixture = { 0 };

  fixture_set_up (&fixture, NULL);
  fixture_add (&fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_write (&fixture, "bad.plugin", row->text);
  fixture_link (&fixture, "bad.so", ZOO_DIR "/alpha.so");
  fixture_start (&fixture, FALSE);

  g_autofree char *state = fixture_state (&fixture, "bad");
  g_autofree char *other = fixture_state (&fixture, "alpha");

  g_assert_true (g_str_has_prefix (state, "refused: "));
  if (strstr (state, row->says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", state, row->says);
  g_assert_cmpstr (other, ==, "enabled: ");
  fixture_tear_down (&fixture, NULL);
}

static void
expect_refused (Fixture *fixture, const char *id, const char *says)
{
  g_autofree char *state = fixture_state (fixture, id);

  g_assert_true (g_str_has_prefix (state, "refused: "));
  if (strstr (state, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", state, says);
}

static void
refuses_a_module_of_another_abi (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "wrong-abi", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "short-struct", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "no-symbol", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  expect_refused (fixture, "wrong-abi", "built for ABI 2");
  expect_refused (fixture, "short-struct", "24 bytes");
  expect_refused (fixture, "no-symbol", "dealdesk_plugin");
}

static void
refuses_a_module_that_contradicts_its_file (Fixture *fixture, gconstpointer data)
{
  fixture_write (fixture, "delta.plugin",
                 "[Plugin]\nId=delta\nModule=delta.so\nAbi=1\nKinds=pricing\nStage=base\n");
  fixture_link (fixture, "delta.so", ZOO_DIR "/alpha.so");
  fixture_add (fixture, "beta", "Kinds=pricing;approval\nStage=base\n");
  fixture_add (fixture, "gamma", "Kinds=pricing\nStage=base\nVersion=2\n");
  fixture_start (fixture, FALSE);
  expect_refused (fixture, "delta", "\"alpha\"");
  expect_refused (fixture, "beta", "offers \"pricing\"");
  expect_refused (fixture, "gamma", "is version \"1\"");
}

static void
refuses_what_others_can_write (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *id;
    const char *file;
    guint mode;
  } files[] = { { "alpha", "alpha.plugin", 0666 },
                { "beta", "beta.plugin", 0664 },
                { "fail", "fail.so", 0777 } };
  g_autofree char *copy = NULL;
  gsize length;

  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "gamma", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "fail", "Kinds=pricing\nStage=base\n");

  /* a module of its own, so that its rights can be changed */
  g_autofree char *module = g_build_filename (fixture->directory, "fail.so", NULL);

  g_assert_true (g_file_get_contents (ZOO_DIR "/fail.so", &copy, &length, NULL));
  g_assert_cmpint (g_unlink (module), ==, 0);
  g_assert_true (g_file_set_contents (module, copy, (gssize)length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, files[i].file, NULL);

      g_assert_cmpint (g_chmod (path, (int)files[i].mode), ==, 0);
    }
  fixture_start (fixture, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    expect_refused (fixture, files[i].id, "can be written by others");

  g_autofree char *state = fixture_state (fixture, "gamma");

  g_assert_cmpstr (state, ==, "enabled: ");
}

static void
refuses_a_directory_that_others_can_write (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  g_assert_cmpint (g_chmod (fixture->directory, 0777), ==, 0);
  fixture_start (fixture, FALSE);
  expect_refused (fixture, "alpha", "can be written by others");
}

static void
refuses_a_link_to_what_others_can_write (Fixture *fixture, gconstpointer data)
{
  g_autofree char *open = g_build_filename (fixture->directory, "open", NULL);
  g_autofree char *module = g_build_filename (open, "alpha.so", NULL);
  g_autofree char *copy = NULL;
  gsize length;

  g_assert_cmpint (g_mkdir (open, 0777), ==, 0);
  g_assert_cmpint (g_chmod (open, 0777), ==, 0);
  g_assert_true (g_file_get_contents (ZOO_DIR "/alpha.so", &copy, &length, NULL));
  g_assert_true (g_file_set_contents (module, copy, (gssize)length, NULL));
  g_assert_cmpint (g_chmod (module, 0755), ==, 0);
  fixture_write (fixture, "alpha.plugin",
                 "[Plugin]\nId=alpha\nModule=alpha.so\nAbi=1\nKinds=pricing\nStage=base\n");
  fixture_link (fixture, "alpha.so", module);
  fixture_start (fixture, FALSE);
  expect_refused (fixture, "alpha", "can be written by others");
}

static void
refuses_what_another_user_owns (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "alpha.plugin", NULL);

  if (geteuid () != 0)
    {
      g_test_skip ("only root can give files away");
      return;
    }
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  g_assert_cmpint (chown (path, 65534, (gid_t)-1), ==, 0);
  fixture_start (fixture, FALSE);
  expect_refused (fixture, "alpha", "belongs to user 65534");
}

static void
refuses_an_unknown_configured_option (Fixture *fixture, gconstpointer data)
{
  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n[Option limit]\nType=integer\nDefault=1\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=base\n[Option limit]\nType=integer\nDefault=1\n");
  g_key_file_set_string (fixture->options, "plugin alpha", "limti", "2");
  g_key_file_set_string (fixture->options, "plugin beta", "limit", "two");
  fixture_start (fixture, FALSE);
  expect_refused (fixture, "alpha", "\"limti\"");
  expect_refused (fixture, "beta", "limit=");
}

static void
says_why_a_plugin_could_not_open (Fixture *fixture, gconstpointer data)
{
  fixture_add (
    fixture, "liar",
    "Kinds=pricing;approval;negotiation;handoff\nStage=base\n[Option lie]\nType=text\nDefault=open\n");
  fixture_start (fixture, FALSE);
  expect_refused (fixture, "liar", "no licence");
}

/* Nobody else knows what it would have charged. Only who is responsible may do without it. */
static void
no_price_without_a_refused_plugin (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (DdAnswers) answers = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "wrong-abi", "Kinds=pricing\nStage=promotion\n");
  fixture_start (fixture, FALSE);
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_UNAVAILABLE, "pricing plugin wrong-abi is refused", "ABI 2", NULL);

  g_assert_true (dd_host_disable (fixture->host, "wrong-abi", &error));
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);
  g_assert_nonnull (answers);
}

/* What it would have offered, nobody knows: so it is missed everywhere. */
static void
nothing_without_a_plugin_that_cannot_be_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  const DdMeasure measure = { .name = "commitment.months", .value = 12 };
  g_autoptr (GPtrArray) requirements = NULL;
  g_autoptr (DdAnswers) answers = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add (fixture, "liar",
               "Kinds=pricing;approval;negotiation;handoff\nStage=base\n"
               "[Option lie]\nType=text\nDefault=none\n");
  fixture_write (fixture, "bad.plugin", "what is this");
  fixture_start (fixture, FALSE);
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_UNAVAILABLE, "plugin bad is refused", "not a key file", NULL);
  g_assert_null (fixture_require (fixture, &measure, 1, "anna", NULL, &error));
  assert_error (&error, DD_ERROR_UNAVAILABLE, "plugin bad is refused", NULL);
  g_assert_cmpstr (dd_host_sink (fixture->host), ==, "");

  g_assert_true (dd_host_disable (fixture->host, "bad", &error));
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);
  requirements = fixture_require (fixture, &measure, 1, "anna", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dd_host_sink (fixture->host), ==, "liar");
}

static void
one_that_cannot_be_read_can_be_turned_off (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (DdAnswers) answers = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_write (fixture, "bad.plugin", "what is this");
  g_ptr_array_add (fixture->disabled, (gpointer) "bad");
  fixture_start (fixture, FALSE);
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);
}

static void
take_reasons (const DdPluginInfo *info, gpointer data)
{
  if (strcmp (info->id, "pricing-catalogue") == 0)
    g_string_append_printf (data, "%s: %s\n", info->state, info->reason);
}

static void
one_whose_file_says_its_kind_is_missed_in_that_alone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (DdAnswers) answers = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add (fixture, "liar",
               "Kinds=pricing;approval;negotiation;handoff\nStage=base\n"
               "[Option lie]\nType=text\nDefault=none\n");
  fixture_write (fixture, "nomod.plugin", "[Plugin]\nId=nomod\nModule=nomod.so\nAbi=1\nKinds=handoff\n");
  fixture_start (fixture, FALSE);
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);
  g_assert_nonnull (answers);
  g_assert_cmpstr (dd_host_sink (fixture->host), ==, "");
}

/* The first file of an id counts: the second, readable or not, is told, and isn't missed. */
static void
a_second_file_of_an_id_is_not_missed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GString) states = g_string_new (NULL);
  g_autofree char *manifest = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (PLUGIN_DIR "/pricing-catalogue.plugin", &manifest, NULL, NULL));
  fixture_write (fixture, "pricing-catalogue.plugin", manifest);
  fixture_link (fixture, "pricing-catalogue.so", PLUGIN_DIR "/pricing-catalogue.so");
  g_ptr_array_add (fixture->disabled, (gpointer) "handoff-spool");
  fixture_start (fixture, TRUE);
  dd_host_list (fixture->host, take_reasons, states);
  g_assert_nonnull (strstr (states->str, "enabled: \n"));
  g_assert_nonnull (strstr (states->str, "refused: "));
  g_assert_nonnull (strstr (states->str, "has the same id and comes first"));

  /* it was asked, and has no row for the line */
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_UNPRICED, "line", NULL);
}

static void
a_refused_plugin_that_is_turned_off_is_not_missed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (DdAnswers) answers = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=promotion\nConflicts=alpha\n");
  g_ptr_array_add (fixture->disabled, (gpointer) "beta");
  fixture_start (fixture, FALSE);
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);
  g_assert_nonnull (answers);
}

static void
no_order_goes_elsewhere (Fixture *fixture, gconstpointer data)
{
  g_autofree char *receipt = NULL;

  fixture_add (fixture, "hang", "Kinds=pricing;handoff\nStage=base\n");
  fixture_add (fixture, "wrong-abi", "Kinds=handoff\n");
  fixture_start (fixture, FALSE);
  g_assert_cmpstr (dd_host_sink (fixture->host), ==, "");
  g_assert_cmpint (fixture_deliver (fixture, "1", "key", "{}", FALSE, &receipt), ==, DD_DELIVERY_RETRY);

  g_assert_true (dd_host_disable (fixture->host, "wrong-abi", NULL));
  g_assert_cmpstr (dd_host_sink (fixture->host), ==, "hang");
}

static void
loads_the_shipped_plugins (Fixture *fixture, gconstpointer data)
{
  const char *const ids[] = { "approval-authority", "handoff-spool",      "negotiation-timed",
                              "pricing-catalogue",  "pricing-commitment", "pricing-contracted",
                              "pricing-guard",      "pricing-location",   "pricing-negotiated",
                              "pricing-promotion",  "pricing-tax",        "pricing-vendor" };

  g_key_file_set_string (fixture->options, "plugin handoff-spool", "directory", fixture->directory);
  fixture_start (fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *state = fixture_state (fixture, ids[i]);

      g_assert_cmpstr (state, ==, "enabled: ");
    }
  g_assert_cmpstr (dd_host_sink (fixture->host), ==, "handoff-spool");
  g_assert_nonnull (dd_host_dataset (fixture->host, "charges"));
  g_assert_nonnull (dd_host_dataset (fixture->host, "authority"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/refusal/file/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], refuses_with_the_reason);
    }
  fixture_test ("/refusal/a-module-of-another-abi", refuses_a_module_of_another_abi);
  fixture_test ("/refusal/a-module-that-contradicts-its-file", refuses_a_module_that_contradicts_its_file);
  fixture_test ("/refusal/what-others-can-write", refuses_what_others_can_write);
  fixture_test ("/refusal/a-directory-that-others-can-write", refuses_a_directory_that_others_can_write);
  fixture_test ("/refusal/a-link-to-what-others-can-write", refuses_a_link_to_what_others_can_write);
  fixture_test ("/refusal/what-another-user-owns", refuses_what_another_user_owns);
  fixture_test ("/refusal/an-unknown-configured-option", refuses_an_unknown_configured_option);
  fixture_test ("/refusal/says-why-a-plugin-could-not-open", says_why_a_plugin_could_not_open);
  fixture_test ("/refusal/no-price-without-a-refused-plugin", no_price_without_a_refused_plugin);
  fixture_test ("/refusal/nothing-without-a-plugin-that-cannot-be-read",
                nothing_without_a_plugin_that_cannot_be_read);
  fixture_test ("/refusal/one-whose-file-says-its-kind-is-missed-in-that-alone",
                one_whose_file_says_its_kind_is_missed_in_that_alone);
  fixture_test ("/refusal/one-that-cannot-be-read-can-be-turned-off",
                one_that_cannot_be_read_can_be_turned_off);
  fixture_test ("/refusal/a-second-file-of-an-id-is-not-missed", a_second_file_of_an_id_is_not_missed);
  fixture_test ("/refusal/a-refused-plugin-that-is-turned-off-is-not-missed",
                a_refused_plugin_that_is_turned_off_is_not_missed);
  fixture_test ("/refusal/no-order-goes-elsewhere-than-to-a-refused-sink", no_order_goes_elsewhere);
  fixture_test ("/refusal/the-shipped-plugins-load", loads_the_shipped_plugins);
  return g_test_run ();
}
