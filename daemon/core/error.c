/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The error domain (see error.h). Any thread.
 */
#include "error.h"

#include <stdarg.h>

G_DEFINE_QUARK (dd - error - quark, dd_error)

gboolean
dd_fail (GError **error, DdErrorCode code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL && *error == NULL)
    *error = g_error_new_valist (DD_ERROR, code, format, arguments);
  va_end (arguments);
  return FALSE;
}
