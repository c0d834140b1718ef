/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Verb diff: what changed between two revisions. One thread.
 */
#include "verbs.h"
#include "i18n.h"
#include "shapes.h"

/* @text as it is or, when it is long, only what is next to a change. */
static void
append_unchanged (GString *out, const char *text, gboolean is_first, gboolean is_last)
{
  const glong shown = 30; /* characters on either side */
  glong length = g_utf8_strlen (text, -1);
  g_autofree char *start = NULL;
  g_autofree char *end = NULL;

  if (length <= 2 * shown)
    {
      g_string_append (out, text);
      return;
    }
  start = g_utf8_substring (text, 0, shown);
  end = g_utf8_substring (text, length - shown, length);
  g_string_append_printf (out, "%s…%s", is_first ? "" : start, is_last ? "" : end);
}

/* Words as wdiff marks them: "within [-30-]{+60+} days". */
static char *
format_words (const DdJsonNode *row)
{
  const DdJsonNode *words = dd_json_member (row, "words");
  GString *out = g_string_new (NULL);

  if (words == NULL || dd_json_type (words) != DD_JSON_ARRAY)
    return g_string_free (out, FALSE);
  for (const DdJsonNode *each = dd_json_first (words); each != NULL; each = dd_json_next (each))
    {
      const DdJsonNode *mark = dd_json_type (each) == DD_JSON_ARRAY ? dd_json_first (each) : NULL;
      const DdJsonNode *part = mark == NULL ? NULL : dd_json_next (mark);
      const char *sign = mark == NULL ? NULL : dd_json_text (mark);
      const char *text = part == NULL ? NULL : dd_json_text (part);

      if (sign == NULL || text == NULL)
        continue;
      if (g_str_equal (sign, "-"))
        g_string_append_printf (out, "[-%s-]", text);
      else if (g_str_equal (sign, "+"))
        g_string_append_printf (out, "{+%s+}", text);
      else
        append_unchanged (out, text, each == dd_json_first (words), dd_json_next (each) == NULL);
    }
  return g_string_free (out, FALSE);
}

static const CtlField changed_fields[] = {
  { "name", N_ ("What"), CTL_CELL_PROSE, NULL },
  { "before", N_ ("Before"), CTL_CELL_MEMBERS, NULL },
  { "after", N_ ("After"), CTL_CELL_MEMBERS, NULL },
  CTL_FIELD_END,
};

static const CtlField changed_line_fields[] = {
  { "id", N_ ("Line"), CTL_CELL_TEXT, NULL },
  { "change", N_ ("Change"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField changed_total_fields[] = {
  { "type", N_ ("Charges"), CTL_CELL_TEXT, ctl_shape_charge_kind },
  { "period", NULL, CTL_CELL_TEXT, NULL },
  { "currency", NULL, CTL_CELL_TEXT, NULL },
  { "before", N_ ("Before"), CTL_CELL_MONEY, NULL },
  { "after", N_ ("After"), CTL_CELL_MONEY, NULL },
  { "difference", N_ ("Difference"), CTL_CELL_MONEY, NULL },
  CTL_FIELD_END,
};

static const CtlField changed_term_fields[] = {
  { "clause", N_ ("Clause"), CTL_CELL_TEXT, NULL },
  { "change", N_ ("Change"), CTL_CELL_TEXT, NULL },
  { "words", N_ ("Words"), CTL_CELL_PROSE, format_words },
  CTL_FIELD_END,
};

static const CtlField changed_order_fields[] = {
  { "id", N_ ("Order"), CTL_CELL_TEXT, NULL },
  { "change", N_ ("Change"), CTL_CELL_TEXT, NULL },
  CTL_FIELD_END,
};

static const CtlField diff_fields[] = {
  { "from", N_ ("From revision"), CTL_CELL_NUMBER, NULL },
  { "to", N_ ("To revision"), CTL_CELL_NUMBER, NULL },
  CTL_FIELD_END,
};

static const CtlSection changed_line_rows = { "fields", NULL, CTL_SHAPE_ROWS, changed_fields, NULL, NULL };

static const CtlSection diff_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, diff_fields, NULL, NULL },
  { "fields", N_ ("The offer"), CTL_SHAPE_ROWS, changed_fields, NULL, NULL },
  { "lines", N_ ("Lines"), CTL_SHAPE_ROWS, changed_line_fields, &changed_line_rows, NULL },
  { "totals", N_ ("Totals"), CTL_SHAPE_ROWS, changed_total_fields, NULL, NULL },
  { "terms", N_ ("Terms"), CTL_SHAPE_ROWS, changed_term_fields, NULL, NULL },
  { "orders", N_ ("Orders"), CTL_SHAPE_ROWS, changed_order_fields, NULL, NULL },
  CTL_SECTION_END,
};

const CtlForm ctl_diff_forms[] = { { "", diff_sections }, CTL_FORM_END };

gboolean
ctl_verb_diff (CtlRun *run, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_run_deal_request (run, "Diff", error);
  guint from;
  guint to;

  if (request == NULL || !ctl_run_number (run->words[1], N_ ("revision"), &from, error) ||
      !ctl_run_number (run->words[2], N_ ("revision"), &to, error))
    return FALSE;
  ctl_request_add (request, g_variant_new_uint32 (from));
  ctl_request_add (request, g_variant_new_uint32 (to));
  return ctl_run_print_reply (run, request, diff_sections, error);
}
