/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A proposal, what edits make of it, and how they are refused: for the tests of dealctl's edits.
 */
#pragma once

#include "edit.h"
#include "usage.h"

#include <string.h>

/* What the command line gives for an option: a list of texts. */
#define TEXTS(...) ((char **)(const char *[]){ __VA_ARGS__, NULL })

#define BASE                                                                                                 \
  "{\"commitment\":36,\"currency\":\"EUR\",\"lines\":["                                                      \
  "{\"id\":\"1\",\"offering\":\"dia\",\"commitment\":12,\"alterations\":[{\"kind\":\"percent-off\","         \
  "\"value\":\"5%\"}]},"                                                                                     \
  "{\"id\":\"2\",\"offering\":\"edge\"},"                                                                    \
  "{\"id\":\"a:3\",\"offering\":\"old\",\"action\":\"delete\"},"                                             \
  "{\"id\":\"4\",\"offering\":\"kept\",\"action\":\"noChange\"},"                                            \
  "{\"id\":\"5\",\"offering\":\"lte\",\"optional\":true}]}"

static inline DdProposal *
read_proposal (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse (text, strlen (text), NULL, &error);
  DdProposal *proposal;

  g_assert_no_error (error);
  proposal = dd_proposal_read (dd_json_root (json), &error);
  g_assert_no_error (error);
  return proposal;
}

/* Every line has these two, but line 2 has one. */
static inline char **
two_charges (const char *line, gpointer data, GError **error)
{
  return g_strsplit (g_str_equal (line, "2") ? "rental" : "install rental", " ", -1);
}

static inline CtlEdit
no_edit (void)
{
  return (CtlEdit){ .term = CTL_NO_TERM };
}

/* What @edit makes of @base, read again, so that it is a proposal for certain. */
static inline DdProposal *
edited_from (const char *base, const CtlEdit *edit)
{
  g_autoptr (DdProposal) proposal = read_proposal (base);
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  ctl_edit_apply (edit, proposal, two_charges, NULL, &error);
  g_assert_no_error (error);
  dd_proposal_write (proposal, writer);
  text = dd_json_writer_finish (writer, NULL);
  return read_proposal (text);
}

static inline DdProposal *
edited (const CtlEdit *edit)
{
  return edited_from (BASE, edit);
}

/* @code: a DdErrorCode, or BAD_VALUE. */
#define BAD_VALUE (-1)

static inline void
refused_from (const char *base, const CtlEdit *edit, gint code, const char *part)
{
  g_autoptr (DdProposal) proposal = read_proposal (base);
  g_autoptr (GError) error = NULL;

  g_assert_false (ctl_edit_apply (edit, proposal, two_charges, NULL, &error));
  if (code == BAD_VALUE)
    g_assert_error (error, CTL_USAGE_ERROR, 0);
  else
    g_assert_error (error, DD_ERROR, code);
  if (strstr (error->message, part) == NULL)
    g_error ("\"%s\" isn't in \"%s\"", part, error->message);
}

static inline void
refused (const CtlEdit *edit, gint code, const char *part)
{
  refused_from (BASE, edit, code, part);
}

static inline const DdAlteration *
alteration (const DdProposal *proposal, const char *line, guint index)
{
  const GArray *alterations = dd_proposal_line (proposal, line)->alterations;

  g_assert_cmpuint (index, <, alterations->len);
  return &g_array_index (alterations, DdAlteration, index);
}

static inline guint
n_alterations (const DdProposal *proposal, const char *line)
{
  return dd_proposal_line (proposal, line)->alterations->len;
}
