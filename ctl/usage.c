/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Errors of the command line (see usage.h). Pure; any thread.
 */
#include "usage.h"

#include <stdarg.h>

GQuark
ctl_usage_error_quark (void)
{
  return g_quark_from_static_string ("ctl-usage-error-quark");
}

gboolean
ctl_usage (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL && *error == NULL)
    *error = g_error_new_valist (CTL_USAGE_ERROR, 0, format, arguments);
  va_end (arguments);
  return FALSE;
}
