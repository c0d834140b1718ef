/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Fuzzing JSON: whatever parses must survive its canonical form unchanged, and whatever doesn't must give one
 * error in valid UTF-8.
 */
#include "json/writer.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
require (gboolean condition, const char *what)
{
  if (!condition)
    g_error ("%s", what);
}

static char *
canonical (const DdJson *json, gsize *out_length)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_json_write_node (writer, dd_json_root (json));
  return dd_json_writer_finish (writer, out_length);
}

static void
require_sound (const DdJsonNode *node)
{
  g_autofree char *path = dd_json_path (node);
  const char *text = dd_json_text (node);
  guint n_children = 0;

  require (g_utf8_validate (path, -1, NULL), "a path that isn't UTF-8");
  require (text == NULL || g_utf8_validate (text, -1, NULL), "a text that isn't UTF-8");
  for (const DdJsonNode *child = dd_json_first (node); child != NULL; child = dd_json_next (child))
    {
      n_children++;
      if (dd_json_type (node) == DD_JSON_OBJECT)
        require (dd_json_member (node, dd_json_name (child)) == child, "a member that isn't found");
      require_sound (child);
    }
  require (n_children == dd_json_length (node), "a wrong number of children");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse ((const char *)data, size, NULL, &error);

  if (json == NULL)
    {
      require (error != NULL && g_utf8_validate (error->message, -1, NULL), "an error that isn't UTF-8");
      return 0;
    }
  require (error == NULL && g_utf8_validate ((const char *)data, (gssize)size, NULL), "bad text was read");
  require_sound (dd_json_root (json));

  gsize length;
  gsize length_again;
  g_autofree char *text = canonical (json, &length);
  g_autoptr (DdJson) second = dd_json_parse (text, length, NULL, NULL);

  require (second != NULL, "the canonical form was refused");

  g_autofree char *again = canonical (second, &length_again);

  require (length == length_again && memcmp (text, again, length) == 0, "the canonical form isn't stable");
  return 0;
}
