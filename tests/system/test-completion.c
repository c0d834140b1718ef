/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Completion, as each shell asks for it: its own script is loaded into a real shell, which prints what it
 * would offer. What bash replaces is the last piece of a word, which it breaks at = and :.
 */
#include "moves.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  const char *name;
  const char *script; /* $1: the completion's file; $2…: the words, the last to be completed */
} Shell;

/* zsh's completion needs a terminal: here its functions are replaced by ones that print what they are given.
 */
static const Shell shells[] = {
  { "bash", "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); compopt () { :; }; _dealctl; "
            "printf '%s\\n' \"${COMPREPLY[@]}\"" },
  { "zsh",
    "file=$1; shift; words=(\"$@\"); CURRENT=$#; before=; compset () { before=${words[CURRENT]%%=*}= }; "
    "_files () { local p; for p in ${words[CURRENT]#$before}*(N); do print -r -- $before$p; done }; "
    "_describe () { print -l -- \"${(@P)3}\" | sed 's/\\([^\\\\]\\):.*/\\1/' }; source $file" },
  { "fish", "source $argv[1]; complete -C (string join -- ' ' $argv[2..-1]) | string replace -r '\\t.*' ''" },
};

static const char *const scripts[] = { "dealctl.bash", "_dealctl", "dealctl.fish" };

/* As bash breaks them: "--state=ne" is "--state", "=", "ne", and "--state=" is "--state", "=". (transfer
 * full) */
static char **
words_of (const char *shell, const char *line)
{
  g_autofree char *broken = NULL;
  g_auto (GStrv) around = NULL;

  if (!g_str_equal (shell, "bash"))
    return g_strsplit (line, " ", -1);
  around = g_strsplit (line, "=", -1);
  broken = g_strjoinv (" = ", around);
  if (g_str_has_suffix (line, "="))
    g_strchomp (broken);
  return g_strsplit (broken, " ", -1);
}

/* @offered with what stands before the last piece of @line's last word, which bash leaves there: so it is
 * what other shells offer. (transfer full) */
static char *
put_in_line (const char *line, const char *offered)
{
  const char *space = strrchr (line, ' ');
  const char *equals = strrchr (line, '=');
  g_auto (GStrv) lines = g_strsplit (offered, "\n", -1);
  GString *out = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      g_string_append_printf (out, "%.*s%s\n", equals > space ? (int)(equals - space) : 0, space + 1,
                              lines[i]);
  return g_string_free (out, FALSE);
}

/* What @shell offers for @line, a line a candidate, sorted. @bus: where the environment says that the daemon
 * is. (transfer full) */
static char *
offers_of (const Rig *rig, const char *bus, guint shell, const char *folder, const char *line)
{
  g_autofree char *file = g_build_filename (SOURCE_DIR, "data", "completions", scripts[shell], NULL);
  g_auto (GStrv) words = words_of (shells[shell].name, line);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *bin = g_path_get_dirname (DEALCTL);
  g_autofree char *path = g_strconcat (bin, ":", g_getenv ("PATH"), NULL);
  g_autofree char *out = NULL;

  g_ptr_array_add (arguments, (gpointer)shells[shell].name);
  g_ptr_array_add (arguments, (gpointer) "-c");
  g_ptr_array_add (arguments, (gpointer)shells[shell].script);
  if (!g_str_equal (shells[shell].name, "fish"))
    g_ptr_array_add (arguments, (gpointer) "completion");
  g_ptr_array_add (arguments, file);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (arguments, words[i]);
  g_ptr_array_add (arguments, NULL);
  g_subprocess_launcher_setenv (launcher, "DEALDESK_BUS", bus, TRUE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", rig->address, TRUE);
  g_subprocess_launcher_setenv (launcher, "PATH", path, TRUE);
  g_subprocess_launcher_setenv (launcher, "HOME", rig->folder, TRUE);
  g_subprocess_launcher_set_cwd (launcher, folder);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *)arguments->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  return g_str_equal (shells[shell].name, "bash") ? put_in_line (line, out) : g_steal_pointer (&out);
}

static gboolean
offers (const char *offered, const char *candidate)
{
  g_auto (GStrv) lines = g_strsplit (offered, "\n", -1);

  return g_strv_contains ((const char *const *)lines, candidate);
}

typedef struct
{
  const char *line;
  const char *offered; /* one of them */
  const char * not ;   /* and one that isn't */
} Case;

static void
check_offers (const Rig *rig, const char *bus, guint shell, const char *folder, const Case *each)
{
  g_autofree char *offered = offers_of (rig, bus, shell, folder, each->line);

  if (!offers (offered, each->offered) || offers (offered, each->not ))
    g_error ("%s offers for “%s”:\n%s\nit should have %s and not %s", shells[shell].name, each->line, offered,
             each->offered, each->not );
}

static void
each_shell_completes (void)
{
  static const Case cases[] = {
    { "dealctl sh", "show", "list" },
    { "dealctl -", "--session", "show" },
    { "dealctl --as --color ", "show", "always" },
    { "dealctl p", "propose", "open" },
    { "dealctl help fing", "fingerprints", "show" },
    { "dealctl show --js", "--json", "--as" },
    { "dealctl counter D-1 1 --disc", "--discount", "--json" },
    { "dealctl export D-1 --format tm", "tmf648", "view" },
    { "dealctl show D-", "D-2", "D-3" },
    { "dealctl show d-", "d-2", "D-2" },
    { "dealctl --json show D-", "D-1", "D-3" },
    { "dealctl accept D-1 ", "1", "D-1" },
    { "dealctl plugin en", "enable", "disable" },
    { "dealctl plugin disable pricing-", "pricing-catalogue", "handoff-spool" },
    { "dealctl plugin enable ", "pricing-negotiated", "pricing-catalogue" },
    { "dealctl advise D-1 --plugin ", "negotiation-timed", "pricing-catalogue" },
    { "dealctl advise D-1 --plugin=", "--plugin=negotiation-timed", "--plugin=handoff-spool" },
    { "dealctl import off", "offerings", "charges" },
    { "dealctl import offerings tab", "table.csv", "other.csv" },
    { "dealctl open --from ta", "table.csv", "other.csv" },
    { "dealctl open --from=ta", "--from=table.csv", "--from=other.csv" },
    { "dealctl config check ta", "table.csv", "other.csv" },
    { "dealctl config ch", "check", "show" },
    { "dealctl list --state ne", "negotiating", "preparing" },
    { "dealctl list --state=ne", "--state=negotiating", "--state=preparing" },
    { "dealctl list --state=", "--state=expired", "--limit" },
    { "dealctl list --color a", "always", "never" },
    { "dealctl --color=a", "--color=auto", "--color=never" },
    { "dealctl accept D-1 --channel po", "portal", "mail" },
    { "dealctl plugin new x --kind=pr", "--kind=pricing", "--kind=approval" },
    { "dealctl open --format=p", "--format=proposal", "--format=tmf648" },
    { "dealctl export D-1 --format=pro", "--format=proposal", "--format=view" },
    { "dealctl list --as an", "anna", "negotiating" },
    { "dealctl list --as=an", "--as=anna", "--as=" },
    { "dealctl help --sch", "--schema", "show" },
    { "dealctl help --schema sh", "show", "states" },
    { "dealctl help --schema plugin i", "info", "why" },
  };
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *folder = g_build_filename (rig->folder, "files", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (DdJson) tabled = NULL;
  g_autoptr (DdJson) disabled = NULL;

  rig_start (rig);
  rig_import_samples (rig);
  first = open_small (rig, 1, "completion-1");
  second = open_small (rig, 1, "completion-2");
  tabled = propose (rig, first, NULL, "anna");
  disabled = call_must (call_text (call_new ("plugins", "Disable"), "pricing-negotiated"), rig->connection);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = g_build_filename (folder, i == 0 ? "table.csv" : "other.csv", NULL);

      g_assert_true (g_file_set_contents (path, "", 0, NULL));
    }
  for (guint shell = 0; shell < G_N_ELEMENTS (shells); shell++)
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
      check_offers (rig, rig->address, shell, folder, &cases[i]);
}

static void
the_line_says_where_the_daemon_is (void)
{
  static const Case cases[] = {
    { "dealctl --session --as an", "anna", "list" },
    { "dealctl --session --as=an", "--as=anna", "--as=" },
    { "dealctl --session show D-", "D-1", "D-2" },
  };
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *nowhere = g_strdup_printf ("unix:path=%s/nowhere", rig->folder);
  g_autofree char *deal = NULL;

  rig_start (rig);
  rig_import_samples (rig);
  deal = open_small (rig, 1, "completion");
  for (guint shell = 0; shell < G_N_ELEMENTS (shells); shell++)
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
      check_offers (rig, nowhere, shell, rig->folder, &cases[i]);
}

/* Who can't be asked completes nothing, and says nothing. */
static void
without_a_daemon_only_the_grammar_completes (void)
{
  g_autoptr (Rig) rig = rig_new ();

  for (guint shell = 0; shell < G_N_ELEMENTS (shells); shell++)
    {
      g_autofree char *verbs = offers_of (rig, rig->address, shell, rig->folder, "dealctl sh");
      g_autofree char *deals = offers_of (rig, rig->address, shell, rig->folder, "dealctl show D-");

      g_assert_true (offers (verbs, "show"));
      g_assert_null (strstr (deals, "D-"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/completion/each-shell-completes", each_shell_completes);
  g_test_add_func ("/completion/the-line-says-where-the-daemon-is", the_line_says_where_the_daemon_is);
  g_test_add_func ("/completion/without-a-daemon-only-the-grammar-completes",
                   without_a_daemon_only_the_grammar_completes);
  return g_test_run ();
}
