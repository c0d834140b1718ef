/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What every mutating call has in common: who, for whom, when, and its idempotency key. Main thread.
 */
#include "commands/commands.h"

#include <string.h>

#define MAX_TEXT (64 * 1024)
#define MAX_NAME 256
#define MAX_KEY  128

static const char *const channels[] = { "portal", "mail", "letter", "meeting", NULL };

gboolean
dd_check_name (const char *text, const char *what, GError **error)
{
  if (text == NULL || strlen (text) <= MAX_NAME)
    return TRUE;
  return dd_fail (error, DD_ERROR_TOO_LARGE, "the %s has %zu bytes; at most %d are taken", what,
                  strlen (text), MAX_NAME);
}

gboolean
dd_check_text (const char *text, const char *what, GError **error)
{
  if (text == NULL || strlen (text) <= MAX_TEXT)
    return TRUE;
  return dd_fail (error, DD_ERROR_TOO_LARGE, "the %s has %zu bytes; at most %d are taken", what,
                  strlen (text), MAX_TEXT);
}

static gboolean
set_customer (DdCommand *command, const DdOptions *options, GError **error)
{
  const char *person = dd_options_text (options, "customer-person");
  const char *channel = dd_options_text (options, "channel");
  const char *evidence = dd_options_text (options, "evidence");

  if (person == NULL && (channel != NULL || evidence != NULL))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "channel and evidence go with customer-person, who moves");
  if (person == NULL)
    return TRUE;
  if (person[0] == '\0')
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "customer-person names nobody");
  if (channel == NULL || !g_strv_contains (channels, channel))
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
                    "a customer's move needs its channel: portal, mail, letter or meeting");
  if (!dd_check_name (person, "person's name", error) || !dd_check_text (evidence, "evidence", error))
    return FALSE;
  command->side = DD_SIDE_CUSTOMER;
  command->person = g_strdup (person);
  command->channel = g_strdup (channel);
  command->evidence = evidence != NULL && evidence[0] != '\0' ? g_strdup (evidence) : NULL;
  return TRUE;
}

static gboolean
set_times (DdCommand *command, const DdOptions *options, GError **error)
{
  const char *occurred = dd_options_text (options, "occurred-at");

  command->now = dd_service_now ();
  command->expected_version = dd_options_version (options, "expected-version");
  if (occurred != NULL && !dd_time_parse (occurred, &command->occurred_at, error))
    {
      g_prefix_error (error, "occurred-at: ");
      return FALSE;
    }
  return TRUE;
}

/* The type and the serialised form of @value, which is one for equal values. Arguments came out of a message,
 * so they are normal already. */
static void
update_variant (GChecksum *checksum, GVariant *value)
{
  const char *type = g_variant_get_type_string (value);
  guint64 size = g_variant_get_size (value);

  dd_checksum_add (checksum, type, strlen (type) + 1);
  dd_checksum_add (checksum, &size, sizeof size);
  dd_checksum_add (checksum, g_variant_get_data (value), size);
}

/* Over the object, the method, the person, and all arguments; of a document its bytes. The key itself is no
 * part of it, nor whether it is a dry run, which is answered as the call itself would be. */
static void
digest_call (DdBusCall *call, DdRequest *request)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *head =
    g_strdup_printf ("%" G_GINT64_FORMAT " %s %s", call->deal, call->method->name, call->actor);
  gsize length = 32;

  dd_checksum_add (checksum, head, strlen (head) + 1);
  for (gsize i = 0; i + 1 < g_variant_n_children (call->parameters); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (call->parameters, i);
      if (g_variant_is_of_type (child, G_VARIANT_TYPE_VARIANT))
        continue;
      update_variant (checksum, child);
    }
  for (gsize i = 0; i < g_variant_n_children (call->options->variant); i++)
    {
      g_autoptr (GVariant) option = g_variant_get_child_value (call->options->variant, i);
      const char *key;

      g_variant_get_child (option, 0, "&s", &key);
      if (!g_str_equal (key, "idempotency-key") && !g_str_equal (key, "dry-run"))
        update_variant (checksum, option);
    }
  if (request->document != NULL)
    request->digesting = g_steal_pointer (&checksum);
  else
    g_checksum_get_digest (checksum, request->digest, &length);
}

static gboolean
set_key (DdBusCall *call, DdRequest *request, GError **error)
{
  const char *key = dd_options_text (call->options, "idempotency-key");

  if (key == NULL)
    return TRUE;
  if (key[0] == '\0' || strlen (key) > MAX_KEY)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "an idempotency key has 1 to %d characters", MAX_KEY);
  request->key = g_strdup (key);
  digest_call (call, request);
  return TRUE;
}

/* The argument that is a document, if the method has one. */
static gboolean
set_document (DdBusCall *call, DdRequest *request, GError **error)
{
  for (gsize i = 0; i + 1 < g_variant_n_children (call->parameters); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (call->parameters, i);
      g_autoptr (GError) local = NULL;
      if (!g_variant_is_of_type (child, G_VARIANT_TYPE_VARIANT))
        continue;
      request->document = dd_bus_call_document (call, (guint)i, DD_MAX_DOCUMENT, FALSE, &local);
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  return TRUE;
}

DdRequest *
dd_request_from_call (DdBusCall *call, DdCommandType type, GError **error)
{
  DdCommand *command = dd_command_new (type);
  DdRequest *request = dd_request_new (call->service, command, call->deal);

  request->uid = call->uid;
  request->caller = g_strdup (call->caller);
  command->actor = g_strdup (call->actor);
  command->recorder = g_strdup (call->recorder);
  request->dry_run = dd_options_flag (call->options, "dry-run");
  if (set_customer (command, call->options, error) && set_times (command, call->options, error) &&
      set_document (call, request, error) && set_key (call, request, error))
    return request;
  dd_request_free (request);
  return NULL;
}
