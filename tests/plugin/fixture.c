/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The fixture of the plugin tests (see fixture.h). The test's thread, but for the jobs.
 */
#include "fixture.h"
#include "tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  /* A warning that a plugin is stopped is what some of the tests want. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  fixture->directory = g_dir_make_tmp ("dealdesk-plugin-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  g_chmod (fixture->directory, 0755);
  fixture->options = g_key_file_new ();
  fixture->tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  fixture->compiled =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)dd_dataset_unref);
  fixture->disabled = g_ptr_array_new ();
  fixture->in_daemon = g_ptr_array_new ();
  fixture->isolated = g_ptr_array_new ();
  fixture->network = g_ptr_array_new ();
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->host != NULL)
    dd_host_free (fixture->host);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_key_file_unref (fixture->options);
  g_hash_table_unref (fixture->tables);
  g_hash_table_unref (fixture->compiled);
  g_ptr_array_unref (fixture->disabled);
  g_ptr_array_unref (fixture->in_daemon);
  g_ptr_array_unref (fixture->isolated);
  g_ptr_array_unref (fixture->network);
}

void
fixture_write (Fixture *fixture, const char *file, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->directory, file, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
}

void
fixture_link (Fixture *fixture, const char *from, const char *to)
{
  g_autofree char *path = g_build_filename (fixture->directory, from, NULL);

  g_assert_cmpint (symlink (to, path), ==, 0);
}

void
fixture_add_isolated (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *file = g_strconcat (name, ".plugin", NULL);
  g_autofree char *module = g_strconcat (name, ".so", NULL);
  g_autofree char *target = g_build_filename (ZOO_DIR, module, NULL);
  g_autofree char *all = g_strdup_printf ("[Plugin]\nId=%s\nModule=%s\nAbi=1\n%s", name, module, text);

  fixture_write (fixture, file, all);
  fixture_link (fixture, module, target);
}

void
fixture_add (Fixture *fixture, const char *name, const char *text)
{
  fixture_add_isolated (fixture, name, text);
  g_ptr_array_add (fixture->in_daemon, (gpointer)g_intern_string (name));
}

static const char *const *
end_list (GPtrArray *ids)
{
  g_ptr_array_add (ids, NULL);
  return (const char *const *)ids->pdata;
}

static char *
header_of (const DdDatasetDeclaration *declaration)
{
  g_autoptr (GString) header = g_string_new (NULL);

  for (guint i = 0; i < declaration->columns->len; i++)
    g_string_append_printf (header, "%s%s", i > 0 ? "," : "",
                            g_array_index (declaration->columns, DdColumn, i).name);
  g_string_append_c (header, '\n');
  return g_string_free (g_steal_pointer (&header), FALSE);
}

/* What a version holds was imported under other rules, perhaps: a plugin sees what they would refuse. */
static DdDatasetDeclaration *
without_rules (const DdDatasetDeclaration *declaration)
{
  DdDatasetDeclaration *free_one = dd_dataset_declaration_new (declaration->name);

  for (guint i = 0; i < declaration->columns->len; i++)
    {
      DdColumn column = g_array_index (declaration->columns, DdColumn, i);

      column.values = NULL;
      column.has_min = column.has_max = FALSE;
      column.max_bytes = 0;
      dd_dataset_declaration_copy_column (free_one, &column);
    }
  return free_one;
}

DdDataset *
fixture_compile (const DdDatasetDeclaration *declaration, gpointer data, GError **error)
{
  Fixture *fixture = data;
  DdDataset *dataset = g_hash_table_lookup (fixture->compiled, declaration->name);
  g_autofree char *header = header_of (declaration);
  const char *text = g_hash_table_lookup (fixture->tables, declaration->name);
  DdDatasetDeclaration *free_one;

  if (dataset != NULL)
    return dataset;
  text = text != NULL ? text : header;
  free_one = without_rules (declaration);
  dataset = dd_dataset_parse_csv (free_one, declaration->name, text, strlen (text), error);
  dd_dataset_declaration_free (free_one);
  if (dataset != NULL)
    g_hash_table_insert (fixture->compiled, g_strdup (declaration->name), dataset);
  return dataset;
}

/* Once plugins have declared it, a table that can't be read is the test's own mistake. */
static void
check_table (Fixture *fixture, const char *dataset)
{
  const DdDatasetDeclaration *declared = dd_host_dataset (fixture->host, dataset);
  const GPtrArray *own = dd_core_datasets ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; declared == NULL && i < own->len; i++)
    if (strcmp (((const DdDatasetDeclaration *)own->pdata[i])->name, dataset) == 0)
      declared = own->pdata[i];
  g_assert_nonnull (declared);
  fixture_compile (declared, fixture, &error);
  g_assert_no_error (error);
}

void
fixture_table (Fixture *fixture, const char *dataset, const char *csv)
{
  g_hash_table_insert (fixture->tables, g_strdup (dataset), g_strdup (csv));
  g_hash_table_remove (fixture->compiled, dataset);
  if (fixture->host != NULL)
    check_table (fixture, dataset);
}

void
fixture_start (Fixture *fixture, gboolean shipped)
{
  const char *directories[] = { fixture->directory, shipped ? PLUGIN_DIR : NULL, NULL };
  g_autoptr (GError) error = NULL;

  DdHostOptions options = {
    .directories = directories,
    .shipped_dir = PLUGIN_DIR,
    .disabled = end_list (fixture->disabled),
    .in_daemon = end_list (fixture->in_daemon),
    .isolated = end_list (fixture->isolated),
    .network = end_list (fixture->network),
    .runner_path = fixture->runner_path != NULL ? fixture->runner_path : RUNNER_PATH,
    .runner_dir = fixture->runner_dir,
    .idle_usec = fixture->idle_usec,
    .options = fixture->options,
    .deadline_usec = fixture->deadline_usec,
    .grace_usec = fixture->grace_usec,
    .start_usec = fixture->start_usec,
    .crash_file = fixture->crash_file,
  };

  fixture->host = dd_host_new (&options, &error);
  g_assert_no_error (error);
  fixture->context = (DdCallContext){
    .datasets = fixture_compile,
    .datasets_data = fixture,
    .customer = "linden",
    .segment = "retail",
    .country = "DE",
    .now = G_GINT64_CONSTANT (1781000000) * G_USEC_PER_SEC, /* in June 2026 */
  };
}

/* --- states --- */

typedef struct
{
  const char *id;
  GString *text;
} Listing;

static void
take_state (const DdPluginInfo *info, gpointer data)
{
  Listing *listing = data;

  if (strcmp (info->id, listing->id) == 0 && listing->text->len == 0)
    g_string_append_printf (listing->text, "%s: %s", info->state, info->reason);
}

static void
take_id (const DdPluginInfo *info, gpointer data)
{
  Listing *listing = data;

  if (strcmp (info->state, "refused") != 0)
    g_string_append_printf (listing->text, "%s%s", listing->text->len > 0 ? ", " : "", info->id);
}

char *
fixture_state (Fixture *fixture, const char *id)
{
  Listing listing = { id, g_string_new (NULL) };

  dd_host_list (fixture->host, take_state, &listing);
  return g_string_free (listing.text, FALSE);
}

char *
fixture_order (Fixture *fixture)
{
  Listing listing = { NULL, g_string_new (NULL) };

  dd_host_list (fixture->host, take_id, &listing);
  return g_string_free (listing.text, FALSE);
}

/* --- calls --- */

/* Shared by the test and the pool: a job that is given up may be looked at later, so it is never freed early.
 */
typedef struct
{
  GMutex lock;
  GCond changed;
  gboolean over;
  GError *failure;
  DdHostJob job;
  gpointer data;
} Run;

static void
run_job (gpointer data)
{
  Run *run = data;

  run->job (run->data);
  g_mutex_lock (&run->lock);
  run->over = TRUE;
  g_cond_signal (&run->changed);
  g_mutex_unlock (&run->lock);
}

static void
fail_job (gpointer data, const GError *error)
{
  Run *run = data;

  g_mutex_lock (&run->lock);
  run->over = TRUE;
  run->failure = g_error_copy (error);
  g_cond_signal (&run->changed);
  g_mutex_unlock (&run->lock);
}

gboolean
fixture_run (Fixture *fixture, DdHostJob job, gpointer data, GError **error)
{
  Run run = { .job = job, .data = data };

  g_mutex_init (&run.lock);
  g_cond_init (&run.changed);
  dd_host_run (fixture->host, run_job, fail_job, &run);
  g_mutex_lock (&run.lock);
  while (!run.over)
    g_cond_wait (&run.changed, &run.lock);
  g_mutex_unlock (&run.lock);
  g_mutex_clear (&run.lock);
  g_cond_clear (&run.changed);
  if (run.failure == NULL)
    return TRUE;
  g_propagate_error (error, run.failure);
  return FALSE;
}

typedef struct
{
  Fixture *fixture;
  DdProposal *proposal;
  const DdMeasure *measures;
  guint n_measures;
  const char *requester;
  GPtrArray *groups;
  const DdOffer *offers;
  guint n_offers;
  gint64 list_total;
  gint64 opened;
  gint64 deadline;
  const char *order;
  const char *key;
  GBytes *document;
  gboolean again;

  gpointer result;
  DdDelivery delivery;
  char *receipt;
  GError *error;
} Job;

static gpointer
finish (Job *job, DdHostJob function, GError **error)
{
  if (!fixture_run (job->fixture, function, job, error))
    return NULL;
  if (job->error != NULL)
    g_propagate_error (error, job->error);
  return job->result;
}

static void
price_job (gpointer data)
{
  Job *job = data;

  job->result = dd_host_price (job->fixture->host, &job->fixture->context, job->proposal, &job->error);
}

DdAnswers *
fixture_price (Fixture *fixture, DdProposal *proposal, GError **error)
{
  Job job = { .fixture = fixture, .proposal = proposal };

  return finish (&job, price_job, error);
}

static void
require_job (gpointer data)
{
  Job *job = data;

  job->result = dd_host_require (job->fixture->host, &job->fixture->context, job->measures, job->n_measures,
                                 job->requester, job->groups, &job->error);
}

GPtrArray *
fixture_require (Fixture *fixture,
                 const DdMeasure *measures,
                 guint n_measures,
                 const char *requester,
                 const char *const *groups,
                 GError **error)
{
  g_autoptr (GPtrArray) array = g_ptr_array_new ();
  Job job = { .fixture = fixture,
              .measures = measures,
              .n_measures = n_measures,
              .requester = requester,
              .groups = array };

  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    g_ptr_array_add (array, (gpointer)groups[i]);
  return finish (&job, require_job, error);
}

static void
advise_job (gpointer data)
{
  Job *job = data;
  DdCurrency currency = { "EUR" };

  job->result = dd_host_advise (job->fixture->host, &job->fixture->context, NULL, job->offers, job->n_offers,
                                job->list_total, currency, job->opened, job->deadline, &job->error);
}

DdAdvice *
fixture_advise (Fixture *fixture,
                const DdOffer *offers,
                guint n_offers,
                gint64 list_total,
                gint64 opened,
                gint64 deadline,
                GError **error)
{
  Job job = { .fixture = fixture,
              .offers = offers,
              .n_offers = n_offers,
              .list_total = list_total,
              .opened = opened,
              .deadline = deadline };

  return finish (&job, advise_job, error);
}

static void
deliver_job (gpointer data)
{
  Job *job = data;

  job->delivery = dd_host_deliver (job->fixture->host, &job->fixture->context, job->key, "D-7", job->order,
                                   job->document, job->again, FALSE, &job->receipt);
}

DdDelivery
fixture_deliver (Fixture *fixture,
                 const char *order,
                 const char *key,
                 const char *document,
                 gboolean again,
                 char **out_receipt)
{
  g_autoptr (GBytes) bytes = g_bytes_new (document, strlen (document));
  Job job = { .fixture = fixture, .order = order, .key = key, .document = bytes, .again = again };

  finish (&job, deliver_job, NULL);
  if (out_receipt != NULL)
    *out_receipt = job.receipt;
  else
    g_free (job.receipt);
  return job.delivery;
}

/* --- proposals and errors --- */

static void
add_line (DdProposal *proposal, const char *offering, gint64 quantity)
{
  DdLine *line = dd_line_new ();

  line->id = g_strdup_printf ("%u", proposal->lines->len + 1);
  line->offering = g_strdup (offering);
  line->quantity = quantity;
  g_ptr_array_add (proposal->lines, line);
}

DdProposal *
fixture_proposal (gint64 quantity, ...)
{
  DdProposal *proposal = dd_proposal_new ();
  const char *offering;
  va_list offerings;

  va_start (offerings, quantity);
  while ((offering = va_arg (offerings, const char *)) != NULL)
    add_line (proposal, offering, quantity);
  va_end (offerings);
  return proposal;
}

DdProposal *
fixture_line (const char *offering)
{
  return fixture_proposal (DD_MICROS, offering, NULL);
}

DdProposal *
fixture_kept_line (const char *offering)
{
  DdProposal *proposal = fixture_line (offering);

  ((DdLine *)proposal->lines->pdata[0])->action = DD_ACTION_NO_CHANGE;
  return proposal;
}

void
fixture_alter (
  DdProposal *proposal, guint line, const char *charge, DdAdjustKind kind, const char *currency, gint64 value)
{
  DdLine *altered = proposal->lines->pdata[line];
  DdAlteration alteration = { .charge = g_strdup (charge), .kind = (guint8)kind, .value = value };

  g_strlcpy (alteration.currency.code, currency, sizeof alteration.currency.code);
  g_array_append_val (altered->alterations, alteration);
}

void
assert_error (GError **error, DdErrorCode code, ...)
{
  const char *text;
  va_list texts;

  g_assert_error (*error, DD_ERROR, (int)code);
  va_start (texts, code);
  while ((text = va_arg (texts, const char *)) != NULL)
    if (strstr ((*error)->message, text) == NULL)
      g_error ("\"%s\" does not say \"%s\"", (*error)->message, text);
  va_end (texts);
  g_clear_error (error);
}
