/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Errors of a call (see fault.h). Pure; any thread.
 */
#include "fault.h"
#include "i18n.h"
#include "text.h"
#include "error-names.h"

G_STATIC_ASSERT (G_N_ELEMENTS (dd_bus_error_names) == DD_N_ERRORS);

static const int exit_statuses[DD_N_ERRORS] = {
  [DD_ERROR_FAILED] = CTL_EXIT_FAILED,
  [DD_ERROR_INVALID_ARGUMENT] = CTL_EXIT_FAILED,
  [DD_ERROR_TOO_LARGE] = CTL_EXIT_FAILED,
  [DD_ERROR_OVERFLOW] = CTL_EXIT_FAILED,
  [DD_ERROR_NOT_FOUND] = CTL_EXIT_NOT_FOUND,
  [DD_ERROR_ILLEGAL_MOVE] = CTL_EXIT_FAILED,
  [DD_ERROR_CONFLICT] = CTL_EXIT_CONFLICT,
  [DD_ERROR_NOT_AUTHORIZED] = CTL_EXIT_NOT_ALLOWED,
  [DD_ERROR_NO_AUTHORITY] = CTL_EXIT_NOT_ALLOWED,
  [DD_ERROR_UNMAPPED] = CTL_EXIT_FAILED,
  [DD_ERROR_UNPRICED] = CTL_EXIT_FAILED,
  [DD_ERROR_INCOMPLETE] = CTL_EXIT_FAILED,
  [DD_ERROR_KEY_REUSED] = CTL_EXIT_CONFLICT,
  [DD_ERROR_PLUGIN_FAILED] = CTL_EXIT_FAILED,
  [DD_ERROR_PLUGIN_REFUSED] = CTL_EXIT_FAILED,
  [DD_ERROR_STORE_FULL] = CTL_EXIT_UNAVAILABLE,
  [DD_ERROR_STORE_DAMAGED] = CTL_EXIT_DAMAGED,
  [DD_ERROR_STORE_NEWER] = CTL_EXIT_DAMAGED,
  [DD_ERROR_OUTCOME_UNKNOWN] = CTL_EXIT_UNKNOWN,
  [DD_ERROR_UNAVAILABLE] = CTL_EXIT_UNAVAILABLE,
};

void
ctl_fault_register (void)
{
  for (guint i = 0; i < DD_N_ERRORS; i++)
    {
      g_autofree char *name = g_strconcat (DD_BUS_ERROR_PREFIX, dd_bus_error_names[i], NULL);

      g_dbus_error_register_error (DD_ERROR, (gint)i, name);
    }
}

gboolean
ctl_fault_is_lost_reply (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
         g_error_matches (error, DD_ERROR, DD_ERROR_OUTCOME_UNKNOWN);
}

gboolean
ctl_fault_is_away (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER);
}

static DdErrorCode
code_of (const GError *error)
{
  if (error->domain == DD_ERROR)
    return (DdErrorCode)error->code;
  if (ctl_fault_is_away (error))
    return DD_ERROR_UNAVAILABLE;
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_AUTH_FAILED))
    return DD_ERROR_NOT_AUTHORIZED;
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED))
    return DD_ERROR_UNAVAILABLE;
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS))
    return DD_ERROR_INVALID_ARGUMENT;
  return DD_ERROR_FAILED;
}

GError *
ctl_fault_translate (GError *error)
{
  DdErrorCode code = code_of (error);
  g_autofree char *message = NULL;
  GError *translated;

  g_dbus_error_strip_remote_error (error);
  message = ctl_text_clean (error->message);
  if (ctl_fault_is_away (error))
    translated = g_error_new (DD_ERROR, code,
                              _ ("nobody owns org.dealdesk1 on this bus: is the daemon running, and is it "
                                 "on the session or the system bus?"));
  else
    translated = g_error_new_literal (DD_ERROR, code, message);
  g_error_free (error);
  return translated;
}

int
ctl_fault_exit_status (const GError *error)
{
  if (error->domain == CTL_USAGE_ERROR || error->domain == G_OPTION_ERROR)
    return CTL_EXIT_USAGE;
  if (error->domain == DD_ERROR && error->code >= 0 && error->code < DD_N_ERRORS)
    return exit_statuses[error->code];
  return CTL_EXIT_FAILED;
}
