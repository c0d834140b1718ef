/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What becomes of a plugin's process costs no more than a call.
 */
#include "fixture-runner.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "remote/child.h"

/* --- datasets --- */

#define CHARGES "offering,charge,name,type,period,currency,price,mode,fee,free,package,minimum,maximum\n"

static gint64
price_of_setup (Fixture *fixture)
{
  g_autoptr (DdProposal) proposal = fixture_line ("epl");
  g_autoptr (GError) error = NULL;
  g_autoptr (DdAnswers) answers = fixture_price (fixture, proposal, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answers->charges->len, ==, 1);
  return g_array_index (answers->charges, DdCharge, 0).price;
}

static void
start_catalogue (Fixture *fixture)
{
  g_ptr_array_add (fixture->isolated, (gpointer) "pricing-catalogue");
  fixture_table (fixture, "charges", CHARGES "epl,setup,Set-up,oneTime,,EUR,450,flat,,,,,\n");
  fixture_start (fixture, TRUE);
}

static void
a_new_version_is_read_by_the_next_call (Fixture *fixture, gconstpointer data)
{
  start_catalogue (fixture);
  g_assert_cmpint (price_of_setup (fixture), ==, 450 * DD_MICROS);
  for (gint64 price = 1; price < 20; price++)
    {
      g_autofree char *rows =
        g_strdup_printf (CHARGES "epl,setup,Set-up,oneTime,,EUR,%" G_GINT64_FORMAT ",flat,,,,,\n", price);

      fixture_table (fixture, "charges", rows);
      g_assert_cmpint (price_of_setup (fixture), ==, price * DD_MICROS);
    }
}

/* --- processes --- */

static void
a_process_that_is_killed_between_calls_is_replaced (Fixture *fixture, gconstpointer data)
{
  start_catalogue (fixture);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_cmpint (price_of_setup (fixture), ==, 450 * DD_MICROS);
      fixture_kill (fixture, "pricing-catalogue");
    }
  g_assert_cmpint (price_of_setup (fixture), ==, 450 * DD_MICROS);
  g_assert_cmpuint (fixture_describe (fixture, "pricing-catalogue").restarts, <=, 5);
}

typedef struct
{
  Fixture *fixture;
  GError *error;
  gint done; /* atomic */
} Pricing;

static gpointer
price_in_thread (gpointer data)
{
  Pricing *pricing = data;
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  DdAnswers *answers = fixture_price (pricing->fixture, proposal, &pricing->error);

  g_assert_null (answers);
  g_atomic_int_set (&pricing->done, TRUE);
  return NULL;
}

static void
a_process_that_is_killed_in_a_call_costs_the_call (Fixture *fixture, gconstpointer data)
{
  Pricing pricing = { .fixture = fixture };

  fixture->deadline_usec = 600 * G_USEC_PER_SEC;
  fixture_add_isolated (fixture, "hang", "Kinds=pricing;handoff\nStage=base\n");
  fixture_start (fixture, FALSE);

  GThread *thread = g_thread_new ("price", price_in_thread, &pricing);

  /* one that dies before it has the question is replaced without a word */
  while (!g_atomic_int_get (&pricing.done))
    {
      gint64 pid = fixture_describe (fixture, "hang").pid;

      if (pid > 0)
        kill ((pid_t)pid, SIGKILL);
      g_usleep (20000);
    }
  g_thread_join (thread);
  assert_error (&pricing.error, DD_ERROR_PLUGIN_FAILED, "plugin hang", "ended by signal 9 (Killed)", NULL);

  g_autofree char *state = fixture_state (fixture, "hang");

  g_assert_cmpstr (state, ==, "enabled: ");
}

static void
a_process_that_hangs_is_ended_and_strands_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GError) error = NULL;
  gint64 pid;

  fixture->deadline_usec = 50 * 1000;
  fixture->grace_usec = 4 * G_USEC_PER_SEC;
  fixture_add_isolated (fixture, "hang", "Kinds=pricing;handoff\nStage=base\n");
  fixture_start (fixture, FALSE);
  pid = fixture_describe (fixture, "hang").pid;
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "plugin hang", "didn't answer in time", NULL);

  /* in contrast to one inside it can be opened again at once */
  g_assert_true (dd_host_disable (fixture->host, "hang", &error));
  g_assert_true (dd_host_enable (fixture->host, "hang", &error));
  g_assert_no_error (error);
  g_assert_cmpint (fixture_describe (fixture, "hang").pid, !=, pid);
  while (!process_is_gone (pid))
    g_usleep (1000);
}

static void
an_idle_process_ends_and_starts_again (Fixture *fixture, gconstpointer data)
{
  /* idle at once: every call meets a process that ends, or has ended */
  fixture->idle_usec = 1;
  start_catalogue (fixture);
  for (guint i = 0; i < 30; i++)
    g_assert_cmpint (price_of_setup (fixture), ==, 450 * DD_MICROS);

  g_autofree char *state = fixture_state (fixture, "pricing-catalogue");

  g_assert_cmpstr (state, ==, "enabled: ");
  g_assert_cmpuint (fixture_describe (fixture, "pricing-catalogue").restarts, ==, 0);
}

static void
the_host_takes_its_processes_along (Fixture *fixture, gconstpointer data)
{
  gint64 pid;

  start_catalogue (fixture);
  g_assert_cmpint (price_of_setup (fixture), ==, 450 * DD_MICROS);
  pid = fixture_describe (fixture, "pricing-catalogue").pid;
  g_assert_false (process_is_gone (pid));
  dd_host_free (g_steal_pointer (&fixture->host));
  g_assert_true (process_is_gone (pid));
}

static void
no_descriptor_is_left_behind (Fixture *fixture, gconstpointer data)
{
  guint counts[2];

  start_catalogue (fixture);
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (GDir) directory = NULL;

      for (guint i = 0; i < 10; i++)
        {
          g_assert_cmpint (price_of_setup (fixture), ==, 450 * DD_MICROS);
          fixture_kill (fixture, "pricing-catalogue");
          g_assert_cmpint (price_of_setup (fixture), ==, 450 * DD_MICROS);
        }
      directory = g_dir_open ("/proc/self/fd", 0, NULL);
      for (counts[round] = 0; g_dir_read_name (directory) != NULL; counts[round]++)
        ;
    }
  g_assert_cmpuint (counts[1], ==, counts[0]);
}

static void
a_file_that_changed_is_not_loaded_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_kept_line ("line");
  g_autoptr (GError) error = NULL;
  g_autoptr (DdAnswers) answers = NULL;

  fixture_add_isolated (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);
  answers = fixture_price (fixture, proposal, &error);
  g_assert_no_error (error);
  fixture_write (fixture, "alpha.plugin",
                 "[Plugin]\nId=alpha\nModule=alpha.so\nAbi=1\nKinds=pricing\nStage=base\n\n# newer\n");
  fixture_kill (fixture, "alpha");
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "has changed since the daemon read it", NULL);
}

static void
what_refuses_a_module_refuses_it_outside (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *id;
    const char *text;
    const char *says;
  } rows[] = {
    { "wrong-abi", "Kinds=pricing\nStage=base\n", "built for ABI 2" },
    { "short-struct", "Kinds=pricing\nStage=base\n", "24 bytes" },
    { "no-symbol", "Kinds=pricing\nStage=base\n", "dealdesk_plugin" },
    { "beta", "Kinds=pricing;approval\nStage=base\n", "offers \"pricing\"" },
    { "gamma", "Kinds=pricing\nStage=base\nVersion=2\n", "is version \"1\"" },
    { "liar",
      "Kinds=pricing;approval;negotiation;handoff\nStage=base\n[Option lie]\nType=text\nDefault=open\n",
      "no licence" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    fixture_add_isolated (fixture, rows[i].id, rows[i].text);
  fixture_start (fixture, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *state = fixture_state (fixture, rows[i].id);

      g_assert_true (g_str_has_prefix (state, "refused: "));
      if (strstr (state, rows[i].says) == NULL)
        g_error ("\"%s\" does not say \"%s\"", state, rows[i].says);
      g_assert_cmpint (fixture_describe (fixture, rows[i].id).pid, ==, 0);
    }
}

/* --- sockets, as systemd has them --- */

static void
a_socket_is_used_where_there_is_one (Fixture *fixture, gconstpointer data)
{
  int listener = fixture_listen (fixture, "pricing-catalogue");
  DdChild *child = dd_child_spawn (RUNNER_PATH, listener, NULL, NULL);

  g_assert_nonnull (child);
  start_catalogue (fixture);
  g_assert_cmpint (price_of_setup (fixture), ==, 450 * DD_MICROS);
  g_assert_cmpint (fixture_describe (fixture, "pricing-catalogue").pid, ==, 0);

  /* the connection's end is its end */
  g_assert_true (dd_host_disable (fixture->host, "pricing-catalogue", NULL));
  g_assert_true (dd_child_wait (child, G_MAXINT64));
  g_assert_true (dd_child_ended_well (child));
  dd_child_unref (child);
  close (listener);
}

static void
a_hung_one_behind_a_socket_ends_itself (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DdProposal) proposal = fixture_line ("line");
  g_autoptr (GError) error = NULL;
  int listener = fixture_listen (fixture, "hang");
  DdChild *child = dd_child_spawn (RUNNER_PATH, listener, NULL, NULL);
  g_autofree char *end = NULL;

  fixture->deadline_usec = 50 * 1000;
  fixture->grace_usec = 2 * G_USEC_PER_SEC;
  fixture_add_isolated (fixture, "hang", "Kinds=pricing;handoff\nStage=base\n");
  fixture_start (fixture, FALSE);
  g_assert_null (fixture_price (fixture, proposal, &error));
  assert_error (&error, DD_ERROR_PLUGIN_FAILED, "didn't answer in time", NULL);
  g_assert_true (dd_child_wait (child, G_MAXINT64));
  end = dd_child_describe_end (child);
  g_assert_cmpstr (end, ==, "ended by signal 9 (Killed)");
  dd_child_unref (child);
  close (listener);
}

static void
a_socket_in_a_place_of_others_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *place = g_build_filename (fixture->directory, "place", NULL);
  g_autofree char *file = g_build_filename (place, "alpha.sock", NULL);
  g_autofree char *other = g_build_filename (place, "beta.sock", NULL);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (g_mkdir (place, 0777), ==, 0);
  g_strlcpy (address.sun_path, file, sizeof address.sun_path);
  g_assert_cmpint (bind (listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (listener, 8), ==, 0);
  g_assert_true (g_file_set_contents (other, "", 0, NULL));
  g_assert_cmpint (g_chmod (place, 0777), ==, 0);
  fixture->runner_dir = place;
  fixture_add_isolated (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_add_isolated (fixture, "beta", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);

  g_autofree char *alpha = fixture_state (fixture, "alpha");
  g_autofree char *beta = fixture_state (fixture, "beta");

  g_assert_nonnull (strstr (alpha, "can be written by others"));
  g_assert_nonnull (strstr (beta, "is not a socket"));
  close (listener);
}

/* A program that can't be run refuses the plugin, and nothing else. */
static void
without_the_program_nothing_is_isolated (Fixture *fixture, gconstpointer data)
{
  fixture->runner_path = "/nowhere/dealdesk-runner";
  fixture_add_isolated (fixture, "alpha", "Kinds=pricing\nStage=base\n");
  fixture_add (fixture, "beta", "Kinds=pricing\nStage=base\n");
  fixture_start (fixture, FALSE);

  g_autofree char *alpha = fixture_state (fixture, "alpha");
  g_autofree char *beta = fixture_state (fixture, "beta");

  g_assert_nonnull (strstr (alpha, "can't be run"));
  g_assert_cmpstr (beta, ==, "enabled: ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (skip_without_landlock ())
    return 0;
  fixture_test ("/runner/a-new-version-is-read-by-the-next-call", a_new_version_is_read_by_the_next_call);
  fixture_test ("/runner/a-process-that-is-killed-between-calls-is-replaced",
                a_process_that_is_killed_between_calls_is_replaced);
  fixture_test ("/runner/a-process-that-is-killed-in-a-call-costs-the-call",
                a_process_that_is_killed_in_a_call_costs_the_call);
  fixture_test ("/runner/a-process-that-hangs-is-ended-and-strands-nothing",
                a_process_that_hangs_is_ended_and_strands_nothing);
  fixture_test ("/runner/an-idle-process-ends-and-starts-again", an_idle_process_ends_and_starts_again);
  fixture_test ("/runner/the-host-takes-its-processes-along", the_host_takes_its_processes_along);
  fixture_test ("/runner/no-descriptor-is-left-behind", no_descriptor_is_left_behind);
  fixture_test ("/runner/a-file-that-changed-is-not-loaded-again", a_file_that_changed_is_not_loaded_again);
  fixture_test ("/runner/what-refuses-a-module-refuses-it-outside", what_refuses_a_module_refuses_it_outside);
  fixture_test ("/runner/without-the-program-nothing-is-isolated", without_the_program_nothing_is_isolated);
  fixture_test ("/runner/a-socket-is-used-where-there-is-one", a_socket_is_used_where_there_is_one);
  fixture_test ("/runner/a-hung-one-behind-a-socket-ends-itself", a_hung_one_behind_a_socket_ends_itself);
  fixture_test ("/runner/a-socket-in-a-place-of-others-is-refused", a_socket_in_a_place_of_others_is_refused);
  return g_test_run ();
}
