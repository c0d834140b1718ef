/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Documents on the bus: bytes up to 64 KiB, above that a memfd that nobody can change any more. Main thread.
 */
#include "bus/call.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_INLINE (64 * 1024)
#define SEALS      (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

static gboolean
check_size (gsize size, gsize max_bytes, GError **error)
{
  if (size <= max_bytes)
    return TRUE;
  return dd_fail (error, DD_ERROR_TOO_LARGE,
                  "the document has %" G_GSIZE_FORMAT " bytes; at most %" G_GSIZE_FORMAT " are taken", size,
                  max_bytes);
}

static GBytes *
read_memfd (DdBusCall *call, gint32 handle, gsize max_bytes, GError **error)
{
  GUnixFDList *fds =
    g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (call->invocation));
  const int *all = fds != NULL ? g_unix_fd_list_peek_fds (fds, NULL) : NULL;
  struct stat status;
  int fd, seals;

  if (all == NULL || handle < 0 || handle >= g_unix_fd_list_get_length (fds))
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the document's handle has no file descriptor with it");
      return NULL;
    }
  fd = all[handle];
  seals = fcntl (fd, F_GET_SEALS);
  if (seals == -1 || (seals & SEALS) != SEALS)
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT,
               "a document's file descriptor must be a memfd sealed against write, grow, shrink and seal");
      return NULL;
    }
  if (fstat (fd, &status) != 0 || status.st_size <= 0)
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the document's memfd is empty");
      return NULL;
    }
  if (!check_size ((gsize)status.st_size, max_bytes, error))
    return NULL;

  g_autoptr (GMappedFile) file = g_mapped_file_new_from_fd (fd, FALSE, error);
  return file != NULL ? g_mapped_file_get_bytes (file) : NULL;
}

GBytes *
dd_bus_call_document (DdBusCall *call, guint index, gsize max_bytes, gboolean required, GError **error)
{
  g_autoptr (GVariant) box = g_variant_get_child_value (call->parameters, index);
  g_autoptr (GVariant) value = g_variant_get_variant (box);

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE))
    return read_memfd (call, g_variant_get_handle (value), max_bytes, error);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "a document must be ay or h, not %s",
               g_variant_get_type_string (value));
      return NULL;
    }
  if (g_variant_get_size (value) == 0)
    {
      if (required)
        dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the document is empty");
      return NULL;
    }
  if (g_variant_get_size (value) > MAX_INLINE)
    {
      dd_fail (error, DD_ERROR_TOO_LARGE,
               "the document has %" G_GSIZE_FORMAT " bytes in the message; above %d send a sealed memfd",
               g_variant_get_size (value), MAX_INLINE);
      return NULL;
    }
  return g_variant_get_data_as_bytes (value);
}

/* A sealed memfd with @data; -1 with an error. */
static int
make_memfd (const char *data, gsize size, GError **error)
{
  int fd = memfd_create ("dealdesk-document", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  gsize written = 0;

  while (fd >= 0 && written < size)
    {
      ssize_t n = write (fd, data + written, size - written);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      written += (gsize)n;
    }
  if (fd >= 0 && written == size && fcntl (fd, F_ADD_SEALS, SEALS) == 0)
    return fd;
  dd_fail (error, DD_ERROR_UNAVAILABLE, "no memory for a document of %" G_GSIZE_FORMAT " bytes: %s", size,
           g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

GVariant *
dd_document_variant (GBytes *bytes, GUnixFDList **fds, GError **error)
{
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  int fd;

  if (size <= MAX_INLINE)
    return g_variant_new_variant (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
  fd = make_memfd (data, size, error);
  if (fd < 0)
    return NULL;
  *fds = g_unix_fd_list_new_from_array (&fd, 1);
  return g_variant_new_variant (g_variant_new_handle (0));
}
