/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Finds programs (see program.h). Any thread.
 */
#include "program.h"

char *
ctl_program_find (const char *beside, const char *installed)
{
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = own != NULL ? g_path_get_dirname (own) : NULL;
  g_autofree char *path = folder != NULL ? g_build_filename (folder, beside, NULL) : NULL;

  if (path != NULL && g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&path);
  return g_strdup (installed);
}
