/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading requests, finding the source tree, and validating against TM Forum's definitions.
 *
 * The definitions and real payloads aren't part of the source: they are looked for in ../shared beside it, or
 * in $DEALDESK_SHARED, and tests that need them are skipped without.
 */
#pragma once

#include "tmf/quote.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

/* The file @path below the source tree's top. */
static inline char *
source_file (const char *path)
{
  g_autofree char *unit = g_path_get_dirname (__FILE__);

  return g_build_filename (unit, "..", "..", path, NULL);
}

/* (nullable): the shared file or folder @path; without it the test is marked as skipped. */
static inline char *
shared_file (const char *path)
{
  const char *set = g_getenv ("DEALDESK_SHARED");
  g_autofree char *folder = set != NULL ? g_strdup (set) : source_file ("../shared");
  g_autofree char *full = g_build_filename (folder, path, NULL);

  if (g_file_test (full, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&full);
  g_test_skip ("shared schemas not present");
  return NULL;
}

static inline DdJson *
parse_json (const char *text)
{
  GError *error = NULL;
  DdJson *json = dd_json_parse (text, strlen (text), NULL, &error);

  g_assert_no_error (error);
  return json;
}

static inline DdQuoteRequest *
read_quote (const char *text, GError **error)
{
  g_autoptr (DdJson) json = parse_json (text);

  return dd_quote_request_read (dd_json_root (json), error);
}

static inline DdQuoteRequest *
read_good_quote (const char *text)
{
  GError *error = NULL;
  DdQuoteRequest *request = read_quote (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (request);
  return request;
}

static inline DdLine *
line_of (const DdQuoteRequest *request, guint index)
{
  g_assert_cmpuint (index, <, request->proposal->lines->len);
  return g_ptr_array_index (request->proposal->lines, index);
}

static inline gboolean
has_remark (const DdQuoteRequest *request, const char *part)
{
  for (guint i = 0; i < request->remarks->len; i++)
    if (strstr (g_ptr_array_index (request->remarks, i), part) != NULL)
      return TRUE;
  return FALSE;
}

/* The request as a quote, unpriced. (transfer full) */
static inline char *
export_request (const DdQuoteRequest *request)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (DdDeal) deal = dd_deal_new (7);
  DdQuoteExport export = { .deal = deal, .proposal = request->proposal };

  g_free (deal->title);
  g_free (deal->customer);
  deal->title = g_strdup (request->title);
  deal->customer = g_strdup (request->customer);
  deal->external_id = g_strdup (request->external_id);
  dd_quote_write (&export, writer);
  return dd_json_writer_finish (writer, NULL);
}

/* The exit status of validating @text as @definition of the swagger file @schema: 0 valid, 1 not, 77 there is
 * nothing to validate with. @out_problems: (transfer full) */
static inline int
validate (const char *schema, const char *definition, const char *text, char **out_problems)
{
  g_autofree char *script = source_file ("tests/tools/validate-tmf.py");
  g_autofree char *input = NULL;
  g_autofree char *command = NULL;
  g_autofree char *output = NULL;
  GError *error = NULL;
  int status = 0;
  int fd = g_file_open_tmp ("dealdesk-tmf-XXXXXX", &input, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (input, text, -1, NULL));
  command =
    g_strdup_printf ("sh -c 'exec /usr/bin/python3 \"$0\" \"$1\" \"$2\" < \"$3\"' '%s' '%s' '%s' '%s'",
                     script, schema, definition, input);
  g_assert_true (g_spawn_command_line_sync (command, &output, out_problems, &status, &error));
  g_assert_no_error (error);
  g_remove (input);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static inline void
assert_valid (const char *schema, const char *definition, const char *text)
{
  g_autofree char *problems = NULL;
  int status = validate (schema, definition, text, &problems);

  if (status == 77)
    g_error ("python3-jsonschema is missing; ./dev packages installs it");
  else if (status != 0)
    g_error ("not a valid %s:\n%s\n%s", definition, problems, text);
}

/* What was read is a proposal like any other. */
static inline void
assert_reads_back (const DdProposal *proposal)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  dd_proposal_write (proposal, writer);
  text = dd_json_writer_finish (writer, NULL);

  g_autoptr (DdJson) json = parse_json (text);
  g_autoptr (DdProposal) copy = dd_proposal_read (dd_json_root (json), &error);

  g_assert_no_error (error);
  dd_proposal_write (copy, writer);
  again = dd_json_writer_finish (writer, NULL);
  g_assert_cmpstr (text, ==, again);
}
