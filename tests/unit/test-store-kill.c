/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * kill -9 in the middle of writing: what was answered is there once, keys keep their one effect, chains
 * verify.
 *
 * A child appends with keys as fast as it can and answers through a pipe; it is killed after so many answers,
 * wherever it then is. The next child goes on in the same store and first asks for the last key again.
 */
#include "store-fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 25

typedef struct
{
  gint64 key;  /* what was asked */
  gint64 deal; /* what it made */
} Answer;

typedef struct
{
  int pipe;
  Answer answer;
} Move;

static gboolean
move (DdTransaction *transaction, gpointer data, GError **error)
{
  Move *self = data;
  g_autofree char *key = g_strdup_printf ("k-%" G_GINT64_FORMAT, self->answer.key);
  const guint8 digest[DD_DIGEST_SIZE] = { 1 };
  g_autoptr (GPtrArray) events = events_new ();
  g_autoptr (GBytes) reply = NULL;
  Append append = { .events = events, .time = START };

  if (!dd_reader_recall (dd_transaction_reader (transaction), 1000, key, digest, &reply, error))
    return FALSE;
  if (reply != NULL)
    {
      memcpy (&self->answer.deal, g_bytes_get_data (reply, NULL), sizeof self->answer.deal);
      return TRUE;
    }
  add_event (events, DD_EVENT_OPENED, "{\"customer\":\"c\",\"owner\":\"o\",\"title\":\"t\"}");
  if (!append_work (transaction, &append, error))
    return FALSE;
  self->answer.deal = append.number;
  reply = g_bytes_new (&append.number, sizeof append.number);
  return dd_transaction_remember (transaction, 1000, key, digest, reply, START, error);
}

static void
tell (gpointer data, const GError *error)
{
  Move *self = data;

  if (error != NULL || write (self->pipe, &self->answer, sizeof self->answer) != (gssize)sizeof self->answer)
    _exit (3);
  g_free (self);
}

static void
run_child (const char *path, int pipe, gint64 first_key)
{
  const DdStoreOptions options = { .readers = 1 };
  DdStore *store = dd_store_open (path, &options, NULL);

  if (store == NULL)
    _exit (4);
  for (gint64 key = first_key;; key++)
    {
      Move *self = g_new0 (Move, 1);

      self->pipe = pipe;
      self->answer.key = key;
      dd_store_write (store, move, tell, self);
      /* Bounds what waits; batches of all sizes form. */
      if (key % 16 == 0)
        g_usleep (500);
    }
}

/* Kills after @n answers; those still in the pipe count too: they were given. */
static void
run_round (const char *path, gint64 first_key, guint n, GArray *answers)
{
  Answer answer;
  guint seen = 0;
  int ends[2];
  pid_t child;

  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  if (child == 0)
    {
      close (ends[0]);
      run_child (path, ends[1], first_key);
    }
  close (ends[1]);
  while (read (ends[0], &answer, sizeof answer) == (gssize)sizeof answer)
    {
      g_array_append_val (answers, answer);
      if (++seen == n)
        kill (child, SIGKILL);
    }
  close (ends[0]);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  g_assert_cmpuint (seen, >=, n);
}

static void
test_kills (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (GArray) answers = g_array_new (FALSE, FALSE, sizeof (Answer));
  g_autoptr (GError) error = NULL;
  DdVerifyReport report;
  gint64 last_key = 1;

  fixture_init (&f);
  fixture_close (&f);
  for (guint round = 0; round < ROUNDS; round++)
    {
      run_round (f.path, last_key, 1 + (guint)g_test_rand_int_range (0, 200), answers);
      last_key = g_array_index (answers, Answer, answers->len - 1).key;
      fixture_open (&f);
      g_assert_true (dd_store_verify (f.store, NULL, NULL, NULL, &report, &error));
      g_assert_no_error (error);
      fixture_close (&f);
    }
  /* Keys are asked in order, so a key with two effects would shift the numbers of all after it. */
  for (guint i = 0; i < answers->len; i++)
    {
      const Answer *answer = &g_array_index (answers, Answer, i);

      g_assert_cmpint (answer->deal, ==, answer->key);
      g_assert_cmpint (answer->deal, <=, report.deals);
    }
  g_assert_cmpint (report.events, ==, report.deals);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-kill/answers-survive-kill-9-once-each", test_kills);
  return g_test_run ();
}
