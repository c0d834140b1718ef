/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Approvals that were given (see standing.h). Any thread.
 */
#include "authority/standing.h"

#include "deal/record.h"

static DdStanding *
standing_alloc (void)
{
  DdStanding *standing = g_new0 (DdStanding, 1);

  standing->governed = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_governed_free);
  return standing;
}

DdStanding *
dd_standing_new (const DdRequirement *requirement, guint revision, const char *person, gint64 time)
{
  DdStanding *standing = standing_alloc ();

  standing->revision = revision;
  standing->person = g_strdup (person);
  standing->plugin = g_strdup (requirement->plugin);
  standing->measure = g_strdup (requirement->measure);
  standing->subject = g_strdup (requirement->subject);
  standing->time = time;
  for (guint i = 0; i < requirement->governed->len; i++)
    g_ptr_array_add (standing->governed, dd_governed_copy (g_ptr_array_index (requirement->governed, i)));
  return standing;
}

void
dd_standing_free (DdStanding *standing)
{
  if (standing == NULL)
    return;
  g_free (standing->person);
  g_free (standing->plugin);
  g_free (standing->measure);
  g_free (standing->subject);
  g_ptr_array_unref (standing->governed);
  g_free (standing);
}

void
dd_standing_write (const DdStanding *standing, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_governed_write_all (standing->governed, writer);
  dd_json_put_string (writer, "measure", standing->measure);
  dd_json_put_string (writer, "person", standing->person);
  dd_json_put_string (writer, "plugin", standing->plugin);
  dd_json_put_int64 (writer, "revision", standing->revision);
  dd_json_put_string (writer, "subject", standing->subject);
  dd_record_put_number (writer, "time", standing->time);
  dd_json_write_end_object (writer);
}

DdStanding *
dd_standing_read (const DdJsonNode *node, GError **error)
{
  DdStanding *standing = standing_alloc ();

  standing->revision = (guint)dd_record_number (node, "revision");
  standing->person = dd_record_text (node, "person");
  standing->plugin = dd_record_text (node, "plugin");
  standing->measure = dd_record_text (node, "measure");
  standing->subject = dd_record_text (node, "subject");
  standing->time = dd_record_number (node, "time");
  if (standing->revision > 0 && standing->person != NULL && standing->measure != NULL &&
      dd_governed_read_all (node, standing->governed))
    return standing;
  dd_standing_free (standing);
  dd_fail (error, DD_ERROR_STORE_DAMAGED,
           "a recorded approval lacks its revision, person, measure or what it governs");
  return NULL;
}

gboolean
dd_standing_replaces (const DdStanding *later, const DdStanding *earlier)
{
  return g_str_equal (later->person, earlier->person) && g_strcmp0 (later->plugin, earlier->plugin) == 0 &&
         g_str_equal (later->measure, earlier->measure) && g_strcmp0 (later->subject, earlier->subject) == 0;
}

gboolean
dd_standing_concerns (const DdStanding *standing, const DdRequirement *requirement)
{
  return g_strcmp0 (standing->plugin, requirement->plugin) == 0 &&
         g_strcmp0 (standing->measure, requirement->measure) == 0;
}

static const DdMeasure *
find_measure (const GArray *measures, const DdGoverned *governed)
{
  for (guint i = 0; i < measures->len; i++)
    if (dd_governed_is (governed, &g_array_index (measures, DdMeasure, i)))
      return &g_array_index (measures, DdMeasure, i);
  return NULL;
}

static char *
name_of (const DdGoverned *governed)
{
  return governed->subject != NULL ? g_strconcat (governed->measure, " of ", governed->subject, NULL)
                                   : g_strdup (governed->measure);
}

static char *
describe (const DdGoverned *governed, const DdMeasure *now)
{
  g_autofree char *name = name_of (governed);
  g_autofree char *then = dd_governed_format (governed);
  g_autofree char *value = now != NULL ? dd_measure_format (now) : NULL;

  if (governed->text != NULL && now != NULL && now->text != NULL)
    return g_strdup_printf ("%s changed", name);
  if (now == NULL)
    return g_strdup_printf ("%s was %s, and isn't there any more", name, then);
  return g_strdup_printf ("%s was %s, and is %s now", name, then, value);
}

static gboolean
is_governed_by (const DdStanding *standing, const DdGoverned *wanted)
{
  for (guint i = 0; i < standing->governed->len; i++)
    if (dd_governed_same (g_ptr_array_index (standing->governed, i), wanted))
      return TRUE;
  return FALSE;
}

char *
dd_standing_worse (const DdStanding *standing, const DdRequirement *requirement, const GArray *measures)
{
  if (standing->governed->len == 0 || requirement->governed->len == 0)
    return g_strdup ("what it was for isn't recorded");
  for (guint i = 0; i < standing->governed->len; i++)
    {
      const DdGoverned *governed = g_ptr_array_index (standing->governed, i);
      const DdMeasure *now = find_measure (measures, governed);

      if (!dd_governed_covers (governed, now))
        return describe (governed, now);
    }
  for (guint i = 0; i < requirement->governed->len; i++)
    {
      const DdGoverned *wanted = g_ptr_array_index (requirement->governed, i);
      g_autofree char *name = name_of (wanted);

      if (!is_governed_by (standing, wanted))
        return g_strdup_printf ("%s was no part of it", name);
    }
  return NULL;
}
