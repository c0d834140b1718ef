/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Documents on the bus and in files (see document.h). One thread at a time.
 */
#include "document.h"
#include "i18n.h"
#include "terminal.h"
#include "write.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SEALS     (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)
#define MAX_FILE  ((gsize)256 * 1024 * 1024)
#define READ_STEP ((gsize)1024 * 1024)

GVariant *
ctl_document_send (GBytes *document, GUnixFDList *fds, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (document, &length);
  int handle;
  int fd;

  if (length <= CTL_DOCUMENT_INLINE_MAX)
    return g_variant_new_variant (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, document, TRUE));
  fd = memfd_create ("dealdesk-document", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0 || !ctl_write_all (fd, data, length) || fcntl (fd, F_ADD_SEALS, SEALS) < 0)
    {
      dd_fail (error, DD_ERROR_FAILED, _ ("can't pass %zu bytes to the daemon: %s"), length,
               g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  /* The list duplicates the descriptor. */
  handle = g_unix_fd_list_append (fds, fd, error);
  close (fd);
  return handle < 0 ? NULL : g_variant_new_variant (g_variant_new_handle (handle));
}

static GBytes *
receive_memfd (int fd, GError **error)
{
  g_autoptr (GMappedFile) mapped = NULL;
  int seals = fcntl (fd, F_GET_SEALS);

  /* Without seals its bytes could change under us. */
  if (seals < 0 || (seals & SEALS) != SEALS)
    {
      dd_fail (error, DD_ERROR_FAILED, _ ("the daemon answered with a document that isn't sealed"));
      return NULL;
    }
  mapped = g_mapped_file_new_from_fd (fd, FALSE, error);
  return mapped == NULL ? NULL : g_mapped_file_get_bytes (mapped);
}

GBytes *
ctl_document_receive (GVariant *value, GUnixFDList *fds, GError **error)
{
  g_autoptr (GVariant) inner = g_variant_get_variant (value);

  if (g_variant_is_of_type (inner, G_VARIANT_TYPE_BYTESTRING))
    return g_variant_get_data_as_bytes (inner);
  if (g_variant_is_of_type (inner, G_VARIANT_TYPE_HANDLE) && fds != NULL)
    {
      int fd = g_unix_fd_list_get (fds, g_variant_get_handle (inner), error);
      GBytes *bytes;

      if (fd < 0)
        return NULL;
      bytes = receive_memfd (fd, error);
      close (fd);
      return bytes;
    }
  dd_fail (error, DD_ERROR_FAILED, _ ("the daemon answered with “%s” where a document belongs (ay or h)"),
           g_variant_get_type_string (inner));
  return NULL;
}

static GBytes *
read_all (int fd, const char *name, GError **error)
{
  GByteArray *all = g_byte_array_new ();
  gsize length = 0;

  while (TRUE)
    {
      gssize got;

      g_byte_array_set_size (all, (guint)(length + READ_STEP));
      got = read (fd, all->data + length, READ_STEP);
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        dd_fail (error, DD_ERROR_INVALID_ARGUMENT, _ ("can't read %s: %s"), name, g_strerror (errno));
      else if (length + (gsize)got > MAX_FILE)
        dd_fail (error, DD_ERROR_TOO_LARGE, _ ("%s is larger than 256 MiB"), name);
      if (got < 0 || length + (gsize)got > MAX_FILE)
        {
          g_byte_array_unref (all);
          return NULL;
        }
      length += (gsize)got;
      if (got == 0)
        break;
    }
  g_byte_array_set_size (all, (guint)length);
  return g_byte_array_free_to_bytes (all);
}

GBytes *
ctl_document_load (const char *name, GError **error)
{
  GBytes *bytes;
  int fd;

  if (strcmp (name, "-") == 0)
    return read_all (STDIN_FILENO, "standard input", error);
  fd = g_open (name, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT, _ ("can't open %s: %s"), name, g_strerror (errno));
      return NULL;
    }
  bytes = read_all (fd, name, error);
  close (fd);
  return bytes;
}

gboolean
ctl_document_save (const char *name, GBytes *document, GError **error)
{
  g_autoptr (GError) local = NULL;
  gsize length;
  const guint8 *data = g_bytes_get_data (document, &length);

  if (strcmp (name, "-") == 0)
    return ctl_write_all (STDOUT_FILENO, data, length) || ctl_terminal_fail (error);
  /* Consistent: a temporary file beside it, synced, then renamed. */
  if (g_file_set_contents_full (name, (const char *)data, (gssize)length,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &local))
    return TRUE;
  return dd_fail (error, DD_ERROR_FAILED, _ ("can't write %s, which is as it was: %s"), name, local->message);
}
