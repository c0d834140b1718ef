/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One question to polkit (see polkit.h). Main thread.
 */
#include "access/polkit.h"

#define TIMEOUT_MS             5000
#define INTERACTIVE_TIMEOUT_MS 120000
#define ALLOW_USER_INTERACTION 1u

typedef struct
{
  char *cancellation;
  DdPolkitAnswer answer;
  gpointer data;
} Question;

static void
cancel (GDBusConnection *connection, const char *cancellation)
{
  g_dbus_connection_call (connection, "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority",
                          "org.freedesktop.PolicyKit1.Authority", "CancelCheckAuthorization",
                          g_variant_new ("(s)", cancellation), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          TIMEOUT_MS, NULL, NULL, NULL);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *question = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  gboolean allowed = FALSE;

  if (reply != NULL)
    g_variant_get (reply, "((bb@a{ss}))", &allowed, NULL, NULL);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    cancel (G_DBUS_CONNECTION (source), question->cancellation);
  question->answer (allowed, error, question->data);
  g_free (question->cancellation);
  g_free (question);
}

void
dd_polkit_check (GDBusConnection *connection,
                 const char *sender,
                 const char *action,
                 gboolean interactive,
                 DdPolkitAnswer answer,
                 gpointer data)
{
  Question *question = g_new0 (Question, 1);
  GVariantBuilder subject, details;

  question->cancellation = g_uuid_string_random ();
  question->answer = answer;
  question->data = data;
  g_variant_builder_init (&subject, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&subject, "{sv}", "name", g_variant_new_string (sender));
  g_variant_builder_init (&details, G_VARIANT_TYPE ("a{ss}"));
  g_dbus_connection_call (connection, "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority",
                          "org.freedesktop.PolicyKit1.Authority", "CheckAuthorization",
                          g_variant_new ("((sa{sv})sa{ss}us)", "system-bus-name", &subject, action, &details,
                                         interactive ? ALLOW_USER_INTERACTION : 0u, question->cancellation),
                          G_VARIANT_TYPE ("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE,
                          interactive ? INTERACTIVE_TIMEOUT_MS : TIMEOUT_MS, NULL, on_answer, question);
}
