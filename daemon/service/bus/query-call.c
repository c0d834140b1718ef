/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A reading call: its query on a reader, in a job or in the background, then its answer. The main thread, but
 * where a function says otherwise.
 */
#include "bus/call.h"

#include "background.h"
#include "completion.h"

#include <gio/gunixfdlist.h>

/* What the answer was made of: thousands of lines, which would hold up the main thread. Any thread. */
static void
query_release (DdQuery *query)
{
  g_clear_pointer (&query->pins, dd_pins_free);
  g_clear_pointer (&query->deal, dd_deal_free);
  g_clear_pointer (&query->proposal, dd_proposal_unref);
  g_clear_pointer (&query->sheet, dd_sheet_unref);
  g_clear_pointer (&query->recorded, dd_sheet_unref);
  g_clear_pointer (&query->misses, g_ptr_array_unref);
  g_clear_pointer (&query->goal, dd_price_goal_free);
}

static void
query_free (DdQuery *query)
{
  query_release (query);
  g_variant_builder_clear (&query->values);
  g_clear_pointer (&query->in, g_bytes_unref);
  g_clear_pointer (&query->document, g_bytes_unref);
  g_clear_object (&query->fds);
  g_clear_error (&query->error);
  g_free (query);
}

static void
finish_query (gpointer data)
{
  DdQuery *query = data;
  DdBusCall *call = query->call;

  if (query->error != NULL)
    dd_bus_call_fail (call, query->error);
  else
    {
      if (query->value != NULL)
        g_variant_builder_add_value (&query->values, query->value);
      g_dbus_method_invocation_return_value_with_unix_fd_list (
        g_steal_pointer (&call->invocation), g_variant_builder_end (&query->values), query->fds);
      dd_bus_call_free (call);
    }
  query_free (query);
}

/* On the thread that answered: a large document is copied into its memfd there. */
static void
query_done (DdQuery *query)
{
  if (query->error == NULL && query->document != NULL)
    query->value = dd_document_variant (query->document, &query->fds, &query->error);
  dd_completion_push (query->call->service->completion, finish_query, query);
}

static gboolean
read_query (DdReader *reader, gpointer data, GError **error)
{
  DdQuery *query = data;

  return query->call->method->read (query, reader, error);
}

static void
read_done (gpointer data, const GError *error)
{
  DdQuery *query = data;

  if (error != NULL)
    query->error = g_error_copy (error);
  query_done (query);
}

static void
query_job (gpointer data)
{
  DdQuery *query = data;
  const DdMethod *method = query->call->method;

  (method->job != NULL ? method->job : method->background) (query, NULL, &query->error);
  query_release (query);
  query_done (query);
}

static void
query_failed (gpointer data, const GError *error)
{
  DdQuery *query = data;

  query->error = g_error_copy (error);
  query_done (query);
}

/* The document of a reading method that takes one, as its argument before the options. */
static gboolean
take_document (DdBusCall *call, DdQuery *query, GError **error)
{
  gsize n = g_variant_n_children (call->parameters);

  for (gsize i = 0; i + 1 < n; i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (call->parameters, i);
      if (!g_variant_is_of_type (child, G_VARIANT_TYPE_VARIANT))
        continue;
      query->in = dd_bus_call_document (call, (guint)i, DD_MAX_DOCUMENT, FALSE, error);
      return query->in != NULL || *error == NULL;
    }
  return TRUE;
}

void
dd_bus_call_query (DdBusCall *call)
{
  DdQuery *query = g_new0 (DdQuery, 1);

  query->call = call;
  query->now = dd_service_now ();
  g_variant_builder_init (&query->values, G_VARIANT_TYPE_TUPLE);
  if (!take_document (call, query, &query->error))
    finish_query (query);
  else if (call->method->read != NULL)
    dd_store_read (call->service->store, read_query, read_done, query);
  else if (call->method->background != NULL)
    dd_background_run (call->service->background, query_job, query);
  else
    dd_host_run (call->service->host, query_job, query_failed, query);
}
