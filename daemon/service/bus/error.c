/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Where an error becomes a bus error, and the only place. Main thread.
 */
#include "bus/call.h"

#include "error-names.h"

#define MAX_MESSAGE 2048

G_STATIC_ASSERT (G_N_ELEMENTS (dd_bus_error_names) == DD_N_ERRORS);

void
dd_return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  guint code = error->domain == DD_ERROR && error->code >= 0 && error->code < DD_N_ERRORS ? (guint)error->code
                                                                                          : DD_ERROR_FAILED;
  g_autofree char *name = g_strconcat (DD_BUS_ERROR_PREFIX, dd_bus_error_names[code], NULL);
  /* A message quotes what was wrong with the input, which may be long. */
  g_autofree char *start = g_strndup (error->message, MAX_MESSAGE);
  g_autofree char *message = g_utf8_make_valid (start, -1);

  g_dbus_method_invocation_return_dbus_error (invocation, name, message);
}
