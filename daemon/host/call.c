/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Entering and leaving plugins (see call.h). A worker of the pool; when the call is stranded, that thread
 * keeps the call, and ends with it.
 */
#include "call.h"

#include <string.h>

#include "number/day.h"
#include "number/quoted.h"

#define MAX_TEXT 1024

/* What a text takes besides its bytes: many short ones are no less than a few long ones. */
#define TEXT_COST 32

gint32
dd_day_of (gint64 time)
{
  const gint64 day = (gint64)24 * 60 * 60 * G_USEC_PER_SEC;

  return (gint32)(time / day - (time % day < 0));
}

char *
dd_call_format_date (const DealdeskCall *call)
{
  return dd_day_format (call->date);
}

static void
abandon (gpointer data)
{
  dd_call_free (data);
}

DealdeskCall *
dd_call_new (DdHost *host, const DdCallContext *context)
{
  DealdeskCall *call = g_new0 (DealdeskCall, 1);

  g_assert (dd_pool_is_worker (host->pool));
  dd_arena_init (&call->arena, 4096);
  call->host = host;
  call->watch.abandon = abandon;
  call->watch.data = call;
  call->context = *context;
  call->context.customer = dd_call_text (call, context->customer);
  call->context.segment = dd_call_text (call, context->segment);
  call->context.country = dd_call_text (call, context->country);
  call->context.deal = dd_call_text (call, context->deal);
  call->watch.deal = call->context.deal;
  call->misses = context->misses != NULL ? g_ptr_array_ref (context->misses) : NULL;
  call->asked_rule = context->asked_rule != NULL ? dd_call_text (call, context->asked_rule) : NULL;
  call->date = dd_day_of (context->now);
  return call;
}

static void
forget_plugin (DealdeskCall *call)
{
  if (call->datasets != NULL)
    for (guint i = 0; i < call->plugin->manifest->datasets->len; i++)
      g_clear_pointer (&call->datasets[i], dd_dataset_unref);
  g_clear_pointer (&call->datasets, g_free);
  g_clear_pointer (&call->lie, g_free);
  g_clear_pointer (&call->fault, g_free);
  g_clear_pointer (&call->said, g_free);
}

void
dd_call_free (DealdeskCall *call)
{
  forget_plugin (call);
  g_clear_pointer (&call->plugins, g_ptr_array_unref);
  g_clear_pointer (&call->answers, dd_answers_free);
  g_clear_pointer (&call->lines, g_free);
  g_clear_pointer (&call->views, g_free);
  g_clear_pointer (&call->shares, g_array_unref);
  g_clear_pointer (&call->misses, g_ptr_array_unref);
  g_clear_pointer (&call->requirements, g_ptr_array_unref);
  g_clear_pointer (&call->document, g_bytes_unref);
  g_clear_pointer (&call->proposal, dd_proposal_unref);
  dd_arena_clear (&call->arena);
  g_free (call);
}

const char *
dd_call_text (DealdeskCall *call, const char *text)
{
  return text != NULL && text[0] != '\0' ? dd_arena_copy_text (&call->arena, text, strlen (text)) : "";
}

void
dd_call_lie (DealdeskCall *call, const char *format, ...)
{
  va_list arguments;

  if (call->lie != NULL)
    return;
  va_start (arguments, format);
  call->lie = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

gboolean
dd_call_check_text (DealdeskCall *call, const char *text, const char *what)
{
  gsize length = text != NULL ? strnlen (text, MAX_TEXT + 1) : 0;

  if (text == NULL)
    dd_call_lie (call, "it gave no %s", what);
  else if (length > MAX_TEXT)
    dd_call_lie (call, "it gave a %s of more than %d bytes", what, MAX_TEXT);
  else if (!g_utf8_validate (text, (gssize)length, NULL))
    dd_call_lie (call, "it gave a %s that is not UTF-8", what);
  else
    return TRUE;
  return FALSE;
}

gboolean
dd_call_count_text (DealdeskCall *call, const char *text, gsize most, const char *what)
{
  call->text_bytes += strlen (text) + TEXT_COST;
  if (call->text_bytes <= most)
    return TRUE;
  dd_call_lie (call, "it gave %s of more than %" G_GSIZE_FORMAT " MiB in one call", what, most >> 20);
  return FALSE;
}

/* Before the call, so that a stranded thread never comes back to the source. */
static gboolean
pin_datasets (DealdeskCall *call, GError **error)
{
  const DdPlugin *plugin = call->plugin;

  call->datasets = g_new0 (DdDataset *, plugin->manifest->datasets->len + 1);
  for (guint i = 0; i < plugin->manifest->datasets->len; i++)
    {
      const DdDatasetDeclaration *declaration = plugin->views[i].declaration;
      DdDataset *dataset = call->context.datasets (declaration, call->context.datasets_data, error);

      if (dataset == NULL)
        return FALSE;
      call->datasets[i] = dd_dataset_ref (dataset);
      if (dd_dataset_n_columns (dataset) != declaration->columns->len)
        return dd_fail (error, DD_ERROR_FAILED, "dataset %s has %u columns where its declaration has %u",
                        declaration->name, dd_dataset_n_columns (dataset), declaration->columns->len);
    }
  return TRUE;
}

static char *
find_fault (DealdeskCall *call, DealdeskResult result)
{
  if (call->watch.unasked)
    return NULL;

  /* What was delivered late was delivered all the same. */
  if (call->lie == NULL && call->kind != DD_KIND_HANDOFF && g_atomic_int_get (&call->watch.expired))
    return g_strdup ("it was late");
  if (call->lie != NULL)
    return g_strdup (call->lie);
  if (result != DEALDESK_OK && call->said == NULL)
    return g_strdup ("it failed and didn't say why");
  if (result == DEALDESK_OK && call->said != NULL)
    return g_strdup ("it said why it fails, and then that it didn't");
  return NULL;
}

static gboolean
report (const DealdeskCall *call, DdErrorCode stated, GError **error)
{
  const char *id = call->plugin->id;
  const char *message = call->fault != NULL ? call->fault : call->said;
  DdErrorCode code = call->watch.unasked   ? call->unasked
                     : call->fault != NULL ? DD_ERROR_PLUGIN_FAILED
                                           : stated;

  if (call->said != NULL && call->said_line < call->n_lines)
    return dd_fail (error, code, "plugin %s, line %s: %s", id, call->lines[call->said_line].id, message);
  return dd_fail (error, code, "plugin %s: %s", id, message);
}

gboolean
dd_call_run (
  DealdeskCall *call, DdPlugin *plugin, DdKind kind, DdCallBody body, DdErrorCode stated, GError **error)
{
  if (call->plugin != NULL)
    forget_plugin (call);
  call->plugin = plugin;
  call->kind = kind;
  call->watch.plugin = plugin;
  call->watch.kind = kind;
  call->watch.expired = FALSE;
  call->watch.unasked = FALSE;
  call->entered = FALSE;
  call->text_bytes = 0;
  call->run++;
  if (!pin_datasets (call, error) || !dd_pool_enter (call->host->pool, &call->watch, error))
    return FALSE;

  call->entered = TRUE;
  call->version = plugin->table.version;

  DealdeskResult result = body (call);
  gboolean failed;

  call->fault = find_fault (call, result);
  failed = call->watch.unasked || call->fault != NULL || result != DEALDESK_OK;

  dd_pool_leave (call->host->pool, &call->watch, call->fault, failed ? call->said : NULL);
  return !failed || report (call, stated, error);
}

static int
cancelled (DealdeskCall *call)
{
  return g_atomic_int_get (&call->watch.expired);
}

static void
fail (DealdeskCall *call, uint32_t line, const char *message)
{
  if (call->said != NULL || !dd_call_check_text (call, message, "message"))
    return;
  call->said = g_strdup (message);
  call->said_line = line;
}

void
dd_call_unasked (DealdeskCall *call, DdErrorCode code, const char *reason)
{
  g_free (call->said);
  call->said = g_strdup (reason);
  call->said_line = G_MAXUINT32;
  call->watch.unasked = TRUE;
  call->unasked = code;
  call->entered = FALSE;
}

const DealdeskHost dd_call_functions = {
  .size = sizeof (DealdeskHost),
  .lookup = dd_call_lookup,
  .add_charge = dd_call_add_charge,
  .add_tier = dd_call_add_tier,
  .add_adjustment = dd_call_add_adjustment,
  .add_requirement = dd_call_add_requirement,
  .cancelled = cancelled,
  .fail = fail,
  .add_contract = dd_call_add_contract,
  .add_share = dd_call_add_share,
  .add_expiry = dd_call_add_expiry,
  .explaining = dd_call_explaining,
  .add_miss = dd_call_add_miss,
  .count_rows = dd_call_count_rows,
};
