/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See exports.h. The file is an author's: every offset is checked before it is followed.
 */
#include "checks/exports.h"

#include <elf.h>
#include <link.h>
#include <string.h>

typedef struct
{
  const guint8 *bytes;
  gsize length;
} File;

static gconstpointer
at (const File *file, guint64 offset, guint64 size)
{
  return offset <= file->length && size <= file->length - offset ? file->bytes + offset : NULL;
}

static const ElfW (Shdr) * section (const File *file, const ElfW (Ehdr) * header, guint index)
{
  return at (file, header->e_shoff + (guint64)index * sizeof (ElfW (Shdr)), sizeof (ElfW (Shdr)));
}

static void
collect (const File *file, const ElfW (Shdr) * symbols, const ElfW (Shdr) * strings, GPtrArray *names)
{
  for (guint64 i = 0; i < symbols->sh_size / sizeof (ElfW (Sym)); i++)
    {
      const ElfW (Sym) *symbol = at (file, symbols->sh_offset + i * sizeof (ElfW (Sym)), sizeof (ElfW (Sym)));
      const char *name;
      gsize left;

      if (symbol == NULL)
        return;
      /* the fields have the same places in both classes' macros */
      if (symbol->st_shndx == SHN_UNDEF || ELF64_ST_BIND (symbol->st_info) == STB_LOCAL ||
          symbol->st_name >= strings->sh_size)
        continue;
      left = strings->sh_size - symbol->st_name;
      name = at (file, strings->sh_offset + symbol->st_name, left);
      if (name != NULL && memchr (name, '\0', left) != NULL)
        g_ptr_array_add (names, g_strdup (name));
    }
}

GPtrArray *
dd_exports_read (const char *path, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize length;
  GPtrArray *names;

  if (!g_file_get_contents (path, &bytes, &length, error))
    return NULL;

  const File file = { (const guint8 *)bytes, length };
  const ElfW (Ehdr) *header = at (&file, 0, sizeof *header);

  if (header == NULL || memcmp (header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_type != ET_DYN ||
      header->e_ident[EI_CLASS] != (sizeof (gpointer) == 8 ? ELFCLASS64 : ELFCLASS32) ||
      header->e_shentsize != sizeof (ElfW (Shdr)))
    {
      dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "%s is no shared object of this machine", path);
      return NULL;
    }
  names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < header->e_shnum; i++)
    {
      const ElfW (Shdr) *symbols = section (&file, header, i);
      const ElfW (Shdr) *strings =
        symbols != NULL && symbols->sh_type == SHT_DYNSYM ? section (&file, header, symbols->sh_link) : NULL;

      if (strings != NULL)
        collect (&file, symbols, strings, names);
    }
  return names;
}
