/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Every row of the zoo's table: one animal, inside and in a runner, beside an honest plugin that must go on.
 *
 * The host lives in a process of its own, the grandchild of the test, since some animals end it, and some
 * kill its parent, which is a nurse that has nothing else to do. How it went is told through memory that they
 * share.
 */
#include "fixture-runner.h"

#if defined(__SANITIZE_ADDRESS__)
#define ZOO_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ZOO_SANITIZED
#endif
#endif
#include "zoo-table.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define HANG_USEC    (500 * 1000)
#define PATIENT_USEC (60 * G_USEC_PER_SEC)

#define OPTIONS "[Option first]\nType=text\nDefault=none\n[Option second]\nType=text\nDefault=none\n"
#define LIAR                                                                                                 \
  "Kinds=pricing;approval;negotiation;handoff\nStage=base\n[Dataset d]\nColumns=k key text\n"                \
  "[Option lie]\nType=text\nDefault=truth\n"

/* What the host's process tells; zero before. */
typedef struct
{
  gboolean asked;    /* the host had started */
  gboolean answered; /* the last call had an answer, good or bad */
  ZooFate fate;
  char words[512];
  gboolean spoiled; /* the deal isn't what it was */
  gboolean rest;    /* the honest one still answers */
  gboolean over;
  int status; /* of its process, as waitpid() tells; unless the nurse is gone */
} Report;

typedef struct
{
  const ZooRow *row;
  gboolean inside;
} Case;

typedef struct
{
  int tcp;
  int local;
  guint16 port;
  char *path;
} Listeners;

/* --- in the host's process --- */

static gboolean
prices_are_right (const DdAnswers *answers)
{
  gboolean right = answers->charges->len == 2;

  for (guint i = 0; i < answers->charges->len; i++)
    {
      const DdCharge *charge = &g_array_index (answers->charges, DdCharge, i);

      right = right && charge->line == i && charge->price == DD_MICROS && charge->period == DD_PERIOD_MONTH;
    }
  return right;
}

static void
note_fate (Report *report, const DdAnswers *answers, const GError *error)
{
  report->answered = TRUE;
  if (answers != NULL)
    {
      report->fate = ZOO_PRICED;
      if (!prices_are_right (answers))
        g_strlcpy (report->words, "the price is wrong", sizeof report->words);
      return;
    }
  report->fate = g_error_matches (error, DD_ERROR, DD_ERROR_UNPRICED) ? ZOO_MANAGED : ZOO_FAULT;
  g_strlcpy (report->words, error->message, sizeof report->words);
}

/* Whether the deal that was priced is still the one that was made. */
static gboolean
is_spoiled (const Fixture *fixture, const DdProposal *proposal)
{
  const DdLine *first = proposal->lines->pdata[0];
  const DdLine *second = proposal->lines->pdata[1];

  return strcmp (first->id, "1") != 0 || strcmp (first->offering, "line-a") != 0 ||
         first->quantity != 3 * DD_MICROS || strcmp (second->id, "2") != 0 ||
         strcmp (second->offering, "line-b") != 0 || strcmp (fixture->context.customer, "linden") != 0;
}

static void
ask (Fixture *fixture, const ZooRow *row, Report *report)
{
  g_autoptr (DdProposal) proposal = fixture_proposal (3 * DD_MICROS, "line-a", "line-b", NULL);

  /* in memory that can be written to, as a deal's is */
  fixture->context.customer = g_strdup ("linden");
  report->asked = TRUE;
  for (guint i = 0; i < row->calls; i++)
    {
      g_autoptr (GError) error = NULL;
      DdAnswers *answers = fixture_price (fixture, proposal, &error);

      report->words[0] = '\0';
      note_fate (report, answers, error);
      g_clear_pointer (&answers, dd_answers_free);
      if (i > 0 && report->fate != row->inside && report->fate != row->runner)
        break;
    }
  report->spoiled = is_spoiled (fixture, proposal);
}

static gboolean
rest_goes_on (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  DdAdvice *advice = fixture_advise (fixture, NULL, 0, 100 * DD_MICROS, 0, 100, &error);
  gboolean right = advice != NULL && advice->total == 42 * DD_MICROS;

  if (error != NULL)
    g_printerr ("the rest: %s\n", error->message);
  g_clear_pointer (&advice, dd_advice_free);
  return right;
}

static void
run_host (Fixture *fixture, const ZooRow *row, Report *report)
{
  g_autofree char *state = NULL;

  fixture_start (fixture, FALSE);
  state = fixture_state (fixture, row->animal);
  if (g_str_has_prefix (state, "refused: "))
    {
      report->asked = TRUE;
      report->answered = TRUE;
      report->fate = ZOO_REFUSED;
      g_strlcpy (report->words, state, sizeof report->words);
    }
  else
    ask (fixture, row, report);
  report->rest = rest_goes_on (fixture);
  report->over = TRUE;
}

/* --- the processes --- */

static void
be_nurse (Fixture *fixture, const ZooRow *row, Report *report)
{
  pid_t host = fork ();

  if (host == 0)
    {
      run_host (fixture, row, report);
      _exit (EXIT_SUCCESS);
    }
  if (host < 0 || waitpid (host, &report->status, 0) != host)
    _exit (EXIT_FAILURE);
  _exit (EXIT_SUCCESS);
}

/* Whether the nurse lived; returns when host and nurse have ended. */
static gboolean
run_processes (Fixture *fixture, const ZooRow *row, Report *report)
{
  int ends[2], status;
  pid_t nurse;
  char byte;

  g_assert_cmpint (pipe (ends), ==, 0);
  nurse = fork ();
  g_assert_cmpint (nurse, >=, 0);
  if (nurse == 0)
    {
      close (ends[0]);
      be_nurse (fixture, row, report);
    }
  close (ends[1]);
  g_assert_cmpint (waitpid (nurse, &status, 0), ==, nurse);
  /* the host may outlive it */
  g_assert_cmpint (read (ends[0], &byte, 1), ==, 0);
  close (ends[0]);
  return WIFEXITED (status) && WEXITSTATUS (status) == EXIT_SUCCESS;
}

/* --- what the animals look for --- */

static void
start_listening (Listeners *listeners, const char *folder)
{
  struct sockaddr_in tcp = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct sockaddr_un local = { .sun_family = AF_UNIX };
  socklen_t length = sizeof tcp;

  listeners->tcp = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (listeners->tcp, (struct sockaddr *)&tcp, sizeof tcp), ==, 0);
  g_assert_cmpint (listen (listeners->tcp, 8), ==, 0);
  g_assert_cmpint (getsockname (listeners->tcp, (struct sockaddr *)&tcp, &length), ==, 0);
  listeners->port = ntohs (tcp.sin_port);
  listeners->path = g_build_filename (folder, "bus", NULL);
  g_strlcpy (local.sun_path, listeners->path, sizeof local.sun_path);
  listeners->local = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (listeners->local, (struct sockaddr *)&local, sizeof local), ==, 0);
  g_assert_cmpint (listen (listeners->local, 8), ==, 0);
}

static void
stop_listening (Listeners *listeners)
{
  close (listeners->tcp);
  close (listeners->local);
  g_free (listeners->path);
}

static void
set_option (Fixture *fixture, const char *animal, const char *name, const char *value)
{
  g_autofree char *group = g_strconcat ("plugin ", animal, NULL);

  g_key_file_set_string (fixture->options, group, name, value);
}

static const char *
kinds_of (const char *animal)
{
  if (strcmp (animal, "liar") == 0)
    return LIAR;
  if (strcmp (animal, "hang") == 0)
    return "Kinds=pricing;handoff\nStage=base\n";
  return "Kinds=pricing\nStage=base\n" OPTIONS;
}

static void
prepare (Fixture *fixture, const Case *one, const Listeners *listeners)
{
  void (*add) (Fixture *, const char *, const char *) = one->inside ? fixture_add : fixture_add_isolated;
  const char *animal = one->row->animal;
  g_autofree char *port = g_strdup_printf ("%u", listeners->port);

  add (fixture, animal, kinds_of (animal));
  add (fixture, "advises-honest", "Kinds=negotiation\n" OPTIONS);
  if (one->row->option != NULL)
    set_option (fixture, animal, strcmp (animal, "liar") == 0 ? "lie" : "first", one->row->option);
  if (strcmp (animal, "files") == 0)
    set_option (fixture, animal, "first", fixture->directory);
  if (strcmp (animal, "connect") == 0)
    {
      set_option (fixture, animal, "first", port);
      set_option (fixture, animal, "second", listeners->path);
    }
  fixture->deadline_usec = fixture->grace_usec = one->row->hangs ? HANG_USEC : PATIENT_USEC;
}

/* --- the rows --- */

static void
check_end (const Report *report, const char *words)
{
  int signal = atoi (words);

  g_assert_true (report->asked || report->status != 0);
  g_assert_false (report->over);
#ifdef ZOO_SANITIZED
  /* the sanitizer ends it in its own way */
  g_assert_true ((report->status == 0) == (signal == 0));
#else
  g_assert_cmpint (signal == 0 ? report->status : WTERMSIG (report->status), ==, signal);
#endif
}

static void
check_answer (const Report *report, ZooFate fate, const char *words)
{
  if (!report->over)
    g_error ("the host's process ended: status %d", report->status);
  g_assert_true (report->answered);
  if (report->fate != fate || (words[0] == '\0') != (report->words[0] == '\0') ||
      strstr (report->words, words) == NULL)
    g_error ("fate %d, “%s”; it should be %d, “%s”", report->fate, report->words, fate, words);
  g_assert_false (report->spoiled);
  g_assert_true (report->rest);
}

static void
check_row (Fixture *fixture, gconstpointer data)
{
  const Case *one = data;
  const ZooRow *row = one->row;
  ZooFate fate = one->inside ? row->inside : row->runner;
  const char *words = one->inside ? row->inside_words : row->runner_words;
  Report *report = mmap (NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Listeners listeners;
  gboolean nursed;

  start_listening (&listeners, fixture->directory);
  prepare (fixture, one, &listeners);
  nursed = run_processes (fixture, row, report);
  if (report->words[0] != '\0')
    g_test_message ("%s", report->words);
  if (fate == ZOO_ENDS)
    check_end (report, words);
  else
    check_answer (report, fate, fate == ZOO_PRICED ? "" : words);
  g_assert_true (nursed == !(fate == ZOO_MANAGED && strcmp (row->animal, "kill") == 0));
  stop_listening (&listeners);
  munmap (report, sizeof *report);
}

/* In a runner nothing is managed, and nothing ends the daemon. */
static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (zoo_rows); i++)
    {
      ZooFate fate = zoo_rows[i].runner;

#ifdef ZOO_SANITIZED
      if (strcmp (zoo_rows[i].animal, "memory") == 0)
        continue;
#endif
      g_assert_true (fate == ZOO_PRICED || fate == ZOO_FAULT || fate == ZOO_REFUSED);
    }
}

int
main (int argc, char **argv)
{
  static Case cases[2][G_N_ELEMENTS (zoo_rows)];

  g_test_init (&argc, &argv, NULL);
  if (skip_without_landlock ())
    return 0;
  for (guint i = 0; i < 2 * G_N_ELEMENTS (zoo_rows); i++)
    {
      guint n = i % G_N_ELEMENTS (zoo_rows);
      gboolean inside = i == n;
      const ZooRow *row = &zoo_rows[n];
      Case *one = &cases[inside][n];
      g_autofree char *path =
        g_strdup_printf ("/zoo/%s/%s%s%s", inside ? "inside" : "runner", row->animal,
                         row->option != NULL ? "-" : "", row->option != NULL ? row->option : "");

      *one = (Case){ row, inside };
      if ((inside ? row->inside : row->runner) != ZOO_UNTRIED)
        g_test_add (path, Fixture, one, fixture_set_up, check_row, fixture_tear_down);
    }
  g_test_add_func ("/zoo/in-a-runner-no-misdeed-is-done", test_table);
  return g_test_run ();
}
