/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Printing what is found (see inspect.h). Main thread.
 */
#include "inspect.h"

#include "preview.h"
#include "configuration.h"
#include "findings.h"
#include "json/writer.h"

#include <stdlib.h>

static const char *
file_of (const DdInspection *inspection)
{
  return inspection->config_file != NULL ? inspection->config_file : DD_CONFIG_FILE;
}

static void
print_document (DdJsonWriter *writer)
{
  g_autofree char *text = dd_json_writer_finish (writer, NULL);

  g_print ("%s\n", text);
}

/* --- check --- */

static void
write_finding (DdJsonWriter *writer, const DdFinding *finding)
{
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "file", finding->file);
  dd_json_put_string (writer, "group", finding->group);
  dd_json_put_string (writer, "key", finding->key);
  dd_json_put_string (writer, "message", finding->message);
  dd_json_write_end_object (writer);
}

static void
print_findings_json (const DdInspection *inspection, const GPtrArray *findings)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "file", file_of (inspection));
  dd_json_write_key (writer, "findings");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < findings->len; i++)
    write_finding (writer, findings->pdata[i]);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  print_document (writer);
}

/* "dealdesk.conf: [Plugins] Disabled: there is no plugin …" */
static void
print_finding (const DdFinding *finding)
{
  g_print ("%s: ", finding->file);
  if (finding->group != NULL)
    g_print ("[%s]%s", finding->group, finding->key != NULL ? " " : ": ");
  if (finding->key != NULL)
    g_print ("%s: ", finding->key);
  g_print ("%s\n", finding->message);
}

int
dd_inspect_check (const DdInspection *inspection)
{
  g_autoptr (GPtrArray) findings = dd_findings_collect (inspection);

  if (inspection->json)
    print_findings_json (inspection, findings);
  else if (findings->len == 0)
    g_print ("%s: no findings\n", file_of (inspection));
  else
    for (guint i = 0; i < findings->len; i++)
      print_finding (findings->pdata[i]);
  return findings->len == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* --- show --- */

typedef struct
{
  const char *group;
  const char *key;
  const char *value;
  gboolean configured;
} Value;

static void
print_value (const Value *value, DdJsonWriter *writer)
{
  const char *source = value->configured ? "file" : "default";

  if (writer == NULL)
    {
      g_print ("[%s] %s=%s (%s)\n", value->group, value->key, value->value, source);
      return;
    }
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "group", value->group);
  dd_json_put_string (writer, "key", value->key);
  dd_json_put_string (writer, "source", source);
  dd_json_put_string (writer, "value", value->value);
  dd_json_write_end_object (writer);
}

static void
print_option (const char *id, const char *name, const char *value, gboolean configured, gpointer writer)
{
  g_autofree char *group = g_strconcat (DD_HOST_OPTIONS_GROUP, id, NULL);
  const Value option = { group, name, value, configured };

  print_value (&option, writer);
}

/* @writer: (nullable): lines otherwise. */
static void
print_values (const DdInspection *inspection, GKeyFile *config, DdJsonWriter *writer)
{
  g_auto (DdConfigHost) host = { 0 };

  dd_config_host_init (&host, config, inspection->plugin_dirs);
  for (const DdConfigKey *known = dd_config_keys; known->group != NULL; known++)
    {
      g_autofree char *text = g_key_file_get_string (config, known->group, known->key, NULL);
      const char *preset = known->preset != NULL ? known->preset : "";
      const Value value = { known->group, known->key, text != NULL ? text : preset, text != NULL };

      print_value (&value, writer);
    }
  dd_host_preview_options (&host.options, print_option, writer);
}

int
dd_inspect_show (const DdInspection *inspection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) config = dd_config_load (inspection->config_file, &error);
  g_autoptr (DdJsonWriter) writer = inspection->json ? dd_json_writer_new () : NULL;

  if (config == NULL)
    {
      g_printerr ("dealdeskd: %s\n", error->message);
      return EXIT_FAILURE;
    }
  if (writer == NULL)
    {
      print_values (inspection, config, NULL);
      return EXIT_SUCCESS;
    }
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "file", file_of (inspection));
  dd_json_write_key (writer, "values");
  dd_json_write_begin_array (writer);
  print_values (inspection, config, writer);
  dd_json_write_end_array (writer);
  dd_json_write_end_object (writer);
  print_document (writer);
  return EXIT_SUCCESS;
}
