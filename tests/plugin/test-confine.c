/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Confinement: each probe in a process of its own, unconfined as the control, then confined.
 *
 * A process can't be let out again, so each probe's process is confined anew, as root where the test is root,
 * and as an ordinary user. It is the child of a nurse of the same user: what it may do to its parent can be
 * told.
 */
#include "confine-private.h"
#include "confine-probes.h"
#include "lesser-kernel.h"
#include "tree.h"

#include "error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whom the test becomes when it is root. */
#define NOBODY 65534

/* Exit statuses that are no errno. */
#define NOT_CONFINED 250
#define NOT_STARTED  251

typedef enum
{
  UNCONFINED,
  ALONE,
  WRITABLE,
  NETWORK,
  N_WAYS
} Way;

static const char *const way_names[] = { "unconfined", "confined", "with a directory", "with the network" };

typedef struct
{
  char *folder;
  int listener;
} Places;

/* --- places --- */

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_chmod (path, 0666);
}

static char *
make_folder (const char *parent, const char *name)
{
  char *path = g_build_filename (parent, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0777), ==, 0);
  return path;
}

static void
copy_module (void)
{
  g_autofree char *path = g_build_filename (confine_places.plugins, "module.so", NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (ZOO_DIR "/alpha.so", &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length, NULL));
  g_chmod (path, 0755);
}

static int
listen_on_loopback (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (listener, >=, 0);
  g_assert_cmpint (bind (listener, (struct sockaddr *)&address, length), ==, 0);
  g_assert_cmpint (listen (listener, 256), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *)&address, &length), ==, 0);
  confine_places.port = ntohs (address.sin_port);
  return listener;
}

/* Of nobody in particular, for each probe anew: probes remove things. */
static void
make_places (Places *places)
{
  mode_t mask = umask (0);

  places->folder = g_dir_make_tmp ("dealdesk-confine-XXXXXX", NULL);
  g_assert_nonnull (places->folder);
  g_chmod (places->folder, 0777);
  confine_places.plugins = make_folder (places->folder, "plugins");
  confine_places.spool = make_folder (places->folder, "spool");
  confine_places.other = make_folder (places->folder, "other");
  put (confine_places.plugins, "file", "text");
  put (confine_places.spool, "old", "text");
  put (confine_places.other, "secret", "text");
  copy_module ();
  places->listener = listen_on_loopback ();
  umask (mask);
}

static void
remove_places (Places *places)
{
  close (places->listener);
  remove_tree (places->folder);
  g_free (places->folder);
  g_free (confine_places.plugins);
  g_free (confine_places.spool);
  g_free (confine_places.other);
}

/* --- processes --- */

static int
wait_for (pid_t child)
{
  int status;

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -WTERMSIG (status);
}

typedef int (*Body) (gconstpointer data);

static uid_t
ordinary_user (void)
{
  return getuid () == 0 ? NOBODY : getuid ();
}

/* In a child of a child of the user @user. Its exit status, or the negative signal that ended it. */
static int
run_apart (uid_t user, Body body, gconstpointer data)
{
  pid_t nurse = fork (), child;

  if (nurse != 0)
    return wait_for (nurse);
  if (getuid () != user &&
      (chown (confine_places.other, user, user) != 0 || chown (confine_places.spool, user, user) != 0 ||
       setresgid (user, user, user) != 0 || setresuid (user, user, user) != 0))
    _exit (NOT_STARTED);
  child = fork ();
  if (child == 0)
    _exit (body (data));
  _exit (wait_for (child) & 0xff);
}

static gboolean
confine (Way way, GError **error)
{
  const char *const writable[] = { confine_places.spool, NULL };
  const DdConfinement confinement = {
    .plugin_dir = confine_places.plugins,
    .writable = way == WRITABLE ? writable : NULL,
    .network = way == NETWORK,
  };

  return dd_confine (&confinement, error) && dd_confine_loaded (error);
}

typedef struct
{
  const ConfineProbe *probe;
  Way way;
} Trial;

static int
try_probe (gconstpointer data)
{
  const Trial *trial = data;
  g_autoptr (GError) error = NULL;
  int pair[2];

  /* what the runner talks through, and what it must not inherit */
  if (socketpair (AF_UNIX, SOCK_STREAM, 0, pair) != 0)
    return NOT_STARTED;
  dup2 (pair[0], 3);
  dup2 (0, 9);
  if (trial->way == UNCONFINED || confine (trial->way, &error))
    return trial->probe->run ();
  g_printerr ("%s\n", error->message);
  return NOT_CONFINED;
}

/* --- tests --- */

static int
expected (const ConfineProbe *probe, Way way)
{
  const int results[N_WAYS] = { 0, probe->alone, probe->writable, probe->network };

  return results[way];
}

static void
check (const ConfineProbe *probe, Way way, uid_t user)
{
  const Trial trial = { probe, way };
  Places places;
  int found;

  make_places (&places);
  found = run_apart (user, try_probe, &trial);
  remove_places (&places);
  if (found != expected (probe, way))
    g_error ("%s, %s, as user %u: %d (%s), not %d (%s)", probe->name, way_names[way], (guint)user, found,
             g_strerror (found), expected (probe, way), g_strerror (expected (probe, way)));
}

static void
check_probe (gconstpointer data)
{
  const ConfineProbe *probe = data;

  if (dd_confine_landlock_abi () == 0)
    {
      g_test_skip ("this kernel has no Landlock");
      return;
    }
  for (Way way = UNCONFINED; way < N_WAYS; way++)
    {
      check (probe, way, getuid ());
      if (getuid () == 0)
        check (probe, way, NOBODY);
    }
}

static int
open_usr (void)
{
  return open ("/usr/bin/env", O_RDONLY) < 0 ? errno : 0;
}

/* A pure plugin that systemd starts is loaded, and then opens nothing. */
static int
confine_without_landlock (gconstpointer data)
{
  const DdConfinement confinement = { .plugin_dir = confine_places.plugins, .in_unit = TRUE };

  if (!lesser_kernel_without_landlock () || dd_confine_landlock_abi () != 0 ||
      !dd_confine (&confinement, NULL) || open_usr () != 0 || !dd_confine_loaded (NULL))
    return NOT_CONFINED;
  return open_usr ();
}

static int
refuse_without_landlock (gconstpointer data)
{
  const DdConfinement *confinement = data;
  g_autoptr (GError) error = NULL;

  if (!lesser_kernel_without_landlock () || dd_confine (confinement, &error))
    return NOT_CONFINED;
  return g_error_matches (error, DD_ERROR, DD_ERROR_UNAVAILABLE) &&
             strstr (error->message, "Landlock") != NULL
           ? 0
           : 1;
}

static void
test_without_landlock (void)
{
  Places places;

  make_places (&places);

  const char *const writable[] = { confine_places.spool, NULL };
  const DdConfinement refused[] = {
    { .plugin_dir = confine_places.plugins },
    { .plugin_dir = confine_places.plugins, .writable = writable, .in_unit = TRUE },
    { .plugin_dir = confine_places.plugins, .network = TRUE, .in_unit = TRUE },
  };

  g_assert_cmpint (run_apart (ordinary_user (), confine_without_landlock, NULL), ==, EPERM);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_cmpint (run_apart (ordinary_user (), refuse_without_landlock, &refused[i]), ==, 0);
  remove_places (&places);
}

/* Each ABI up to the kernel's, by Landlock alone. */
static int
confine_by_abi (gconstpointer data)
{
  const char *const writable[] = { confine_places.spool, NULL };
  const DdConfinement confinement = { .plugin_dir = confine_places.plugins, .writable = writable };
  const int *abi = data;
  g_autofree char *secret = g_build_filename (confine_places.other, "secret", NULL);
  g_autofree char *written = g_build_filename (confine_places.spool, "new", NULL);
  g_autofree char *module = g_build_filename (confine_places.plugins, "module.so", NULL);

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !dd_confine_files (&confinement, *abi, NULL))
    return NOT_CONFINED;
  if (open (secret, O_RDONLY) >= 0 || errno != EACCES)
    return 1;
  if (open (written, O_WRONLY | O_CREAT | O_TRUNC, 0600) < 0 || open (module, O_RDONLY) < 0)
    return 2;
  return open (module, O_WRONLY) < 0 && errno == EACCES ? 0 : 3;
}

static void
test_abis (void)
{
  int newest = dd_confine_landlock_abi ();
  Places places;

  if (newest == 0)
    {
      g_test_skip ("this kernel has no Landlock");
      return;
    }
  for (int abi = 1; abi <= newest; abi++)
    {
      make_places (&places);
      g_assert_cmpint (run_apart (ordinary_user (), confine_by_abi, &abi), ==, 0);
      remove_places (&places);
    }
}

static int
confine_a_missing_directory (gconstpointer data)
{
  const char *const writable[] = { "/nowhere/at/all", NULL };
  const DdConfinement confinement = { .plugin_dir = confine_places.plugins, .writable = writable };
  g_autoptr (GError) error = NULL;

  if (dd_confine (&confinement, &error))
    return NOT_CONFINED;
  return g_error_matches (error, DD_ERROR, DD_ERROR_PLUGIN_REFUSED) &&
             strstr (error->message, "/nowhere/at/all") != NULL
           ? 0
           : 1;
}

static gpointer
wait_for_ever (gpointer data)
{
  pause ();
  return NULL;
}

static int
confine_with_a_thread (gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_thread_unref (g_thread_new ("other", wait_for_ever, NULL));
  if (confine (ALONE, &error))
    return NOT_CONFINED;
  return strstr (error->message, "threads") != NULL ? 0 : 1;
}

/* --- threads --- */

#define N_TAKERS 3

/* That each of them would like. */
#define MANY_THREADS (2 * DD_CONFINE_TASKS)

/* Threads that it could start; they live as long as the process. */
static int
start_threads (void)
{
  pthread_attr_t attributes;
  pthread_t thread;
  int n = 0;

  pthread_attr_init (&attributes);
  pthread_attr_setstacksize (&attributes, 64 * 1024);
  while (n < MANY_THREADS && pthread_create (&thread, &attributes, wait_for_ever, NULL) == 0)
    n++;
  pthread_attr_destroy (&attributes);
  return n;
}

/* Takes all that it gets, tells @counts how many, and stays until @go_on ends. */
static int
take_threads (Way way, int counts, int go_on)
{
  char byte;
  int n;

  dup2 (counts, 1);
  dup2 (go_on, 0);
  if (way != UNCONFINED && !confine (way, NULL))
    return NOT_CONFINED;
  n = start_threads ();
  return write (1, &n, sizeof n) == sizeof n && read (0, &byte, 1) == 0 ? 0 : NOT_STARTED;
}

/* 0: all of them, at the same time, have no more than one would like; 1: more. */
static int
run_out_of_threads (gconstpointer data)
{
  int counts[2], go_on[2], sum = 0, n;

  if (pipe (counts) != 0 || pipe (go_on) != 0)
    return NOT_STARTED;
  for (guint i = 0; i < N_TAKERS; i++)
    if (fork () == 0)
      {
        close (go_on[1]);
        _exit (take_threads (*(const Way *)data, counts[1], go_on[0]));
      }
  close (counts[1]);
  for (guint i = 0; i < N_TAKERS; i++)
    {
      if (read (counts[0], &n, sizeof n) != sizeof n)
        return NOT_STARTED;
      sum += n;
    }
  close (go_on[1]);
  for (guint i = 0; i < N_TAKERS; i++)
    wait (NULL);
  return sum > MANY_THREADS;
}

/* As an ordinary user, since the kernel lets root have any. The bound is DD_CONFINE_TASKS; what else the user
 * runs may end meanwhile. */
static void
test_threads (void)
{
  const Way unconfined = UNCONFINED, confined = ALONE;
  Places places;

  make_places (&places);
  g_assert_cmpint (run_apart (ordinary_user (), run_out_of_threads, &unconfined), ==, 1);
  g_assert_cmpint (run_apart (ordinary_user (), run_out_of_threads, &confined), ==, 0);
  remove_places (&places);
}

static void
test_fails_closed (void)
{
  Places places;

  make_places (&places);
  g_assert_cmpint (run_apart (ordinary_user (), confine_a_missing_directory, NULL), ==, 0);
  g_assert_cmpint (run_apart (ordinary_user (), confine_with_a_thread, NULL), ==, 0);
  remove_places (&places);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < confine_n_probes; i++)
    {
      g_autofree char *path = g_strconcat ("/confine/", confine_probes[i].name, NULL);

      g_test_add_data_func (path, &confine_probes[i], check_probe);
    }
  g_test_add_func ("/confine/without-landlock-only-a-pure-plugin-of-a-unit-is-loaded-and-opens-nothing",
                   test_without_landlock);
  g_test_add_func ("/confine/each-abi-of-landlock-guards-files", test_abis);
  g_test_add_func ("/confine/processes-of-one-parent-do-not-exhaust-its-threads", test_threads);
  g_test_add_func ("/confine/what-cannot-be-enforced-is-an-error", test_fails_closed);
  return g_test_run ();
}
