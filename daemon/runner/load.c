/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * From the daemon's first frame to an open plugin (see serve.h).
 *
 * The plugin's file is read here once more, and must be what the daemon read; it is checked for who may write
 * it, as its module is. The module must be the one that the plugin was opened with. From then on this process
 * is confined, and only then does the module's code run.
 */
#include "serve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "confine.h"
#include "error.h"
#include "remote/wire-layout.h"

/* What the first frame may take to come. */
#define HELLO_USEC (20 * G_USEC_PER_SEC)

static gboolean
read_manifest (DdRunner *runner, const char *path, const char *digest, GError **error)
{
  DdPlugin *plugin;
  DdManifest *manifest;
  char *module;

  if (!g_str_has_suffix (path, ".plugin"))
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s is no NAME.plugin", path);
  manifest = dd_manifest_read (path, error);
  if (manifest == NULL)
    return FALSE;
  plugin = runner->plugin = dd_plugin_new (path);
  plugin->manifest = manifest;
  plugin->kinds = (g_free (plugin->kinds), dd_kinds_format (manifest->kinds));
  runner->images = g_new0 (DdImage *, manifest->datasets->len + 1);
  if (strcmp (manifest->digest, digest) != 0)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "%s has changed since the daemon read it: restart the daemon", path);

  /* Links lead out of what may be read once we are confined. */
  module = realpath (manifest->module_path, NULL);
  if (module == NULL)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "%s: %s", manifest->module_path, g_strerror (errno));
  g_free (manifest->module_path);
  manifest->module_path = g_strdup (module);
  free (module);
  return TRUE;
}

static gboolean
read_options (DdRunner *runner, DdWireReader *reader, guint32 n_options, GError **error)
{
  DdPlugin *plugin = runner->plugin;
  const GPtrArray *specs = plugin->manifest->options;
  const DdWireOption *given = dd_wire_take (reader, n_options, sizeof *given);

  plugin->options = g_array_new (FALSE, TRUE, sizeof (DealdeskOption));
  plugin->option_texts = g_ptr_array_new_with_free_func (g_free);
  if (given == NULL || n_options != specs->len)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED, "the daemon gave %u options of %u", n_options,
                    specs->len);
  for (guint32 i = 0; i < n_options; i++)
    {
      char *text = g_strdup (dd_wire_needed_text (reader, given[i].text));
      DealdeskOption option = {
        .name = ((const DdOptionSpec *)specs->pdata[i])->name,
        .text = text,
        .number = given[i].number,
      };

      g_ptr_array_add (plugin->option_texts, text);
      g_array_append_val (plugin->options, option);
    }
  return TRUE;
}

static gboolean
confine (const DdRunner *runner, gboolean network, GError **error)
{
  const DdPlugin *plugin = runner->plugin;
  g_autofree char *place = g_path_get_dirname (plugin->manifest->module_path);
  g_autoptr (GPtrArray) writable = g_ptr_array_new ();
  DdConfinement confinement = { .plugin_dir = place, .network = network, .in_unit = runner->in_unit };

  for (guint i = 0; i < plugin->options->len; i++)
    {
      const DdOptionSpec *spec = plugin->manifest->options->pdata[i];
      const DealdeskOption *option = &g_array_index (plugin->options, DealdeskOption, i);

      if (spec->type == DD_OPTION_DIRECTORY && option->text[0] != '\0')
        g_ptr_array_add (writable, (gpointer)option->text);
    }
  g_ptr_array_add (writable, NULL);
  confinement.writable = (const char *const *)writable->pdata;
  return dd_confine (&confinement, error);
}

static gboolean
read_hello (DdRunner *runner, DdWireReader *reader, GError **error)
{
  const DdWireHello *hello = dd_wire_take (reader, 1, sizeof *hello);

  if (hello == NULL || hello->protocol != DD_WIRE_PROTOCOL || hello->abi != DEALDESK_ABI)
    return dd_fail (error, DD_ERROR_PLUGIN_REFUSED,
                    "the runner is of another release of dealdesk than the daemon: restart both");
  runner->idle_usec = hello->idle_usec;

  /* A constructor or open() may hang, and nobody else may end us. */
  dd_runner_set_alarm (MAX (hello->kill - g_get_monotonic_time (), 0) + DD_RUNNER_ALARM_USEC);
  return read_manifest (runner, dd_wire_needed_text (reader, hello->path),
                        dd_wire_needed_text (reader, hello->digest), error) &&
         read_options (runner, reader, hello->n_options, error) &&
         dd_runner_read_module (runner, &hello->module, error) &&
         confine (runner, hello->network != 0, error);
}

/* Its constructors run here. */
static gboolean
map (DdRunner *runner, GError **error)
{
  return dd_runner_check_module (runner, error) && dd_plugin_load (runner->plugin, error) &&
         dd_runner_check_module (runner, error) && dd_confine_loaded (error);
}

static gboolean
load (DdRunner *runner, GError **error)
{
  DdFrame *frame = &runner->question;
  DdWireReader reader;

  if (frame->type != DD_FRAME_HELLO)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the daemon began with a frame of type %u",
                    frame->type);
  return dd_wire_open (&reader, frame->body.data, frame->body.length, error) &&
         read_hello (runner, &reader, error) && map (runner, error) && dd_plugin_open (runner->plugin, error);
}

static void
say_refused (DdRunner *runner, const char *reason)
{
  DdWireWriter *writer = &runner->answer;

  dd_wire_begin (writer);

  guint32 number = dd_wire_add_text (writer, reason, G_MAXUINT32);
  DdWireRefused *refused = dd_wire_add (writer, sizeof *refused);

  refused->reason = number;
  dd_runner_send (runner, DD_FRAME_REFUSED, 0, writer, NULL);
}

static gboolean
say_ready (DdRunner *runner, GError **error)
{
  const DdPlugin *plugin = runner->plugin;
  DdWireWriter *writer = &runner->answer;

  dd_wire_begin (writer);

  guint32 version = dd_wire_add_text (writer, plugin->table.version, G_MAXUINT32);
  DdWireReady *ready = dd_wire_add (writer, sizeof *ready);

  *ready = (DdWireReady){
    .protocol = DD_WIRE_PROTOCOL,
    .kinds = plugin->manifest->kinds,
    .dedupe = plugin->handoff.dedupe,
    .version = version,
    .module = runner->module,
  };
  return dd_runner_send (runner, DD_FRAME_READY, 0, writer, error);
}

gboolean
dd_runner_load (DdRunner *runner, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (dd_frame_receive (runner->socket, &runner->question, FALSE, g_get_monotonic_time () + HELLO_USEC,
                        error) != DD_WIRE_DONE)
    return FALSE;

  gboolean loaded = load (runner, &reason);

  dd_runner_set_alarm (0);
  if (loaded)
    return say_ready (runner, error);
  say_refused (runner, reason->message);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
