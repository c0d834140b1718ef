/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Where the catalogues are (see i18n.h). One thread, at the start.
 */
#include "i18n.h"

/* (transfer full) (nullable): @below the directory above the one that this program lies in, if it is there */
static char *
beside_program (const char *program, const char *below)
{
  g_autofree char *directory = g_path_get_dirname (program);
  g_autofree char *above = g_path_get_dirname (directory);
  char *found = g_build_filename (above, below, NULL);

  if (g_file_test (found, G_FILE_TEST_IS_DIR))
    return found;
  g_free (found);
  return NULL;
}

void
ctl_i18n_start (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *directory = NULL;

  if (program != NULL)
    {
      /* PREFIX/bin and PREFIX/share/locale, wherever it was installed to; BUILD/ctl and BUILD/po. */
      directory = beside_program (program, "share/locale");
      if (directory == NULL)
        directory = beside_program (program, "po");
    }
  bindtextdomain (CTL_TEXT_DOMAIN, directory == NULL ? DEALDESK_LOCALE_DIR : directory);
  bind_textdomain_codeset (CTL_TEXT_DOMAIN, "UTF-8");
  textdomain (CTL_TEXT_DOMAIN);
}
