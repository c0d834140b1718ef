/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Calls to the daemon (see call.h).
 */
#include "call.h"

#include "json/writer.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BUS_NAME   "org.dealdesk1"
#define ROOT       "/org/dealdesk1"
#define ERRORS     "org.dealdesk1.Error."
#define MAX_INLINE (64 * 1024)
#define SEALS      (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

struct _Call
{
  char *path;
  char *interface;
  char *method;
  GPtrArray *arguments;
  GVariantDict options;
  GUnixFDList *fds;
  GVariant *message; /* once it is sent */
};

Call *
call_new (const char *where, const char *method)
{
  Call *call = g_new0 (Call, 1);

  if (g_str_has_prefix (where, "D-"))
    {
      call->path = g_strdup_printf (ROOT "/deal/D_%s", where + 2);
      call->interface = g_strdup (BUS_NAME ".Deal");
    }
  else
    {
      call->path = g_str_equal (where, "manager") ? g_strdup (ROOT) : g_strconcat (ROOT "/", where, NULL);
      call->interface = g_strconcat (BUS_NAME ".", where, NULL);
      call->interface[strlen (BUS_NAME ".")] = g_ascii_toupper (where[0]);
    }
  call->method = g_strdup (method);
  call->arguments = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  g_variant_dict_init (&call->options, NULL);
  call->fds = g_unix_fd_list_new ();
  return call;
}

void
call_free (Call *call)
{
  g_free (call->path);
  g_free (call->interface);
  g_free (call->method);
  g_ptr_array_unref (call->arguments);
  g_variant_dict_clear (&call->options);
  g_object_unref (call->fds);
  g_clear_pointer (&call->message, g_variant_unref);
  g_free (call);
}

Call *
call_value (Call *call, GVariant *value)
{
  g_ptr_array_add (call->arguments, g_variant_ref_sink (value));
  return call;
}

Call *
call_text (Call *call, const char *text)
{
  return call_value (call, g_variant_new_string (text));
}

Call *
call_number (Call *call, guint number)
{
  return call_value (call, g_variant_new_uint32 (number));
}

static GVariant *
append_descriptor (Call *call, int descriptor)
{
  g_autoptr (GError) error = NULL;
  int handle = g_unix_fd_list_append (call->fds, descriptor, &error);

  g_assert_no_error (error);
  return g_variant_new_handle (handle);
}

Call *
call_descriptor (Call *call, int descriptor)
{
  return call_value (call, g_variant_new_variant (append_descriptor (call, descriptor)));
}

Call *
call_handle (Call *call, int descriptor)
{
  return call_value (call, append_descriptor (call, descriptor));
}

Call *
call_document (Call *call, const char *text, gssize length)
{
  gsize size = length >= 0 ? (gsize)length : text != NULL ? strlen (text) : 0;
  int descriptor;

  if (size <= MAX_INLINE)
    return call_value (
      call, g_variant_new_variant (g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, size, 1)));
  descriptor = memfd_create ("document", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  g_assert_cmpint (descriptor, >=, 0);
  for (gsize done = 0; done < size;)
    {
      gssize n = write (descriptor, text + done, size - done);

      g_assert_cmpint (n, >, 0);
      done += (gsize)n;
    }
  g_assert_cmpint (fcntl (descriptor, F_ADD_SEALS, SEALS), ==, 0);
  call_descriptor (call, descriptor);
  close (descriptor);
  return call;
}

Call *
call_option (Call *call, const char *key, GVariant *value)
{
  g_variant_dict_insert_value (&call->options, key, value);
  return call;
}

Call *
call_as (Call *call, const char *person)
{
  return call_option (call, "as", g_variant_new_string (person));
}

Call *
call_key (Call *call, const char *key)
{
  return call_option (call, "idempotency-key", g_variant_new_string (key));
}

Call *
call_customer (Call *call, const char *person)
{
  call_option (call, "customer-person", g_variant_new_string (person));
  return call_option (call, "channel", g_variant_new_string ("mail"));
}

void
answer_free (Answer *answer)
{
  g_clear_pointer (&answer->value, g_variant_unref);
  g_clear_object (&answer->fds);
  g_free (answer);
}

Answer *
call_send (Call *call, GDBusConnection *connection, GError **error)
{
  g_autoptr (Answer) answer = g_new0 (Answer, 1);

  if (call->message == NULL)
    {
      call_value (call, g_variant_dict_end (&call->options));
      call->message =
        g_variant_ref_sink (g_variant_new_tuple ((GVariant **)call->arguments->pdata, call->arguments->len));
    }
  answer->value = g_dbus_connection_call_with_unix_fd_list_sync (
    connection, BUS_NAME, call->path, call->interface, call->method, call->message, NULL,
    G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT, call->fds, &answer->fds, NULL, error);
  return answer->value != NULL ? g_steal_pointer (&answer) : NULL;
}

static char *
read_descriptor (const Answer *answer, gint32 handle, gsize *out_length)
{
  g_autoptr (GError) error = NULL;
  int descriptor = g_unix_fd_list_get (answer->fds, handle, &error);
  g_autoptr (GMappedFile) mapped = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (fcntl (descriptor, F_GET_SEALS) & SEALS, ==, SEALS);
  mapped = g_mapped_file_new_from_fd (descriptor, FALSE, &error);
  g_assert_no_error (error);
  close (descriptor);
  *out_length = g_mapped_file_get_length (mapped);
  return g_strndup (g_mapped_file_get_contents (mapped), *out_length);
}

char *
answer_text (const Answer *answer, gsize *out_length)
{
  gsize ignored;
  gsize *length = out_length != NULL ? out_length : &ignored;

  for (gsize i = 0; i < g_variant_n_children (answer->value); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (answer->value, i);
      g_autoptr (GVariant) inner = NULL;

      if (!g_variant_is_of_type (child, G_VARIANT_TYPE_VARIANT))
        continue;
      inner = g_variant_get_variant (child);
      if (g_variant_is_of_type (inner, G_VARIANT_TYPE_HANDLE))
        return read_descriptor (answer, g_variant_get_handle (inner), length);
      *length = g_variant_get_size (inner);
      return g_strndup (g_variant_get_data (inner), *length);
    }
  return NULL;
}

DdJson *
answer_json (const Answer *answer)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  g_autofree char *text = answer_text (answer, &length);
  DdJson *json;

  if (text == NULL || length == 0)
    return NULL;
  json = dd_json_parse (text, length, NULL, &error);
  g_assert_no_error (error);
  return json;
}

DdJson *
call_must (Call *call, GDBusConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, connection, &error);

  if (error != NULL)
    g_test_message ("%s of %s: %s", call->method, call->path, error->message);
  g_assert_no_error (error);
  call_free (call);
  return answer_json (answer);
}

char *
call_must_fail (Call *call, GDBusConnection *connection, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = call_send (call, connection, &error);
  g_autofree char *said = NULL;

  if (answer != NULL)
    g_error ("%s of %s should have been refused with %s", call->method, call->path, name);
  said = error_name (error);
  if (!g_str_equal (said, name))
    g_error ("%s of %s should have been refused with %s: %s", call->method, call->path, name, error->message);
  call_free (call);
  g_dbus_error_strip_remote_error (error);
  return g_strdup (error->message);
}

char *
error_name (const GError *error)
{
  g_autofree char *remote = g_dbus_error_get_remote_error (error);

  return g_strdup (remote != NULL && g_str_has_prefix (remote, ERRORS) ? remote + strlen (ERRORS) : "");
}

const DdJsonNode *
at (const DdJsonNode *node, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (guint i = 0; parts[i] != NULL && node != NULL; i++)
    if (dd_json_type (node) == DD_JSON_ARRAY)
      {
        guint64 index = g_ascii_strtoull (parts[i], NULL, 10);

        node = dd_json_first (node);
        for (; index > 0 && node != NULL; index--)
          node = dd_json_next (node);
      }
    else
      node = dd_json_member (node, parts[i]);
  return node;
}

const char *
text_at (const DdJson *json, const char *path)
{
  const DdJsonNode *node = at (dd_json_root (json), path);

  return node != NULL ? dd_json_text (node) : NULL;
}

char *
node_text (const DdJsonNode *node)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_json_write_node (writer, node);
  return dd_json_writer_finish (writer, NULL);
}
