/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Explanations (see explain.h). One thread.
 */
#include "explain.h"
#include "bars.h"
#include "colour.h"
#include "error.h"
#include "i18n.h"
#include "shapes.h"
#include "text.h"
#include "word.h"

#include <string.h>

/* Of a picture's bars: more than a screen has pixels. */
#define PICTURE_UNITS 100000

/* "EUR +12.00": what a step adds has its sign too. */
static char *
format_effect (const DdJsonNode *row)
{
  const char *effect = ctl_shape_text (row, "effect");
  const char *amount = strchr (effect, ' ');

  if (amount == NULL || amount[1] == '-' || strspn (amount + 1, "0.") == strlen (amount + 1))
    return g_strdup (effect);
  return g_strdup_printf ("%.*s+%s", (int)(amount + 1 - effect), effect, amount + 1);
}

/* The rule's own label, or what the core did by itself. */
static char *
format_label (const DdJsonNode *row)
{
  static const struct
  {
    const char *kind;
    const char *text;
  } own[] = {
    { "minimum", N_ ("Raised to the minimum") },
    { "maximum", N_ ("Cut to the maximum") },
    { "round", N_ ("Rounded") },
    { "installed", N_ ("Less what is installed") },
    { "contract", N_ ("Contracted price") },
  };
  const char *label = ctl_shape_text (row, "label");

  for (guint i = 0; *label == '\0' && i < G_N_ELEMENTS (own); i++)
    if (g_str_equal (ctl_shape_text (row, "kind"), own[i].kind))
      return g_strdup (_ (own[i].text));
  return g_strdup (label);
}

static const CtlField step_fields[] = {
  { "stage", N_ ("Stage"), CTL_CELL_TEXT, NULL },
  { "kind", NULL, CTL_CELL_TEXT, NULL },
  { "label", N_ ("Step"), CTL_CELL_PROSE, format_label },
  { "rule", N_ ("Rule"), CTL_CELL_TEXT | CTL_GIVES_WAY (2), NULL },
  { "source", N_ ("Source"), CTL_CELL_TEXT | CTL_GIVES_WAY (1), NULL },
  { "effect", N_ ("Effect"), CTL_CELL_MONEY, format_effect },
  { "after", N_ ("After it"), CTL_CELL_MONEY, NULL },
  CTL_FIELD_END,
};

static const CtlField sheet_fields[] = { { "sheet", NULL, CTL_CELL_DIGEST, NULL }, CTL_FIELD_END };

static const CtlSection step_rows = { "steps", NULL, CTL_SHAPE_ROWS, step_fields, NULL, NULL };
static const CtlSection charge_rows = {
  "charges", NULL, CTL_SHAPE_ROWS, ctl_charge_fields, &step_rows, NULL
};

const CtlSection ctl_explain_sections[] = {
  { "lines", NULL, CTL_SHAPE_ROWS, ctl_line_fields, &charge_rows, N_ ("No lines.") },
  { NULL, NULL, CTL_SHAPE_RECORD, sheet_fields, NULL, NULL },
  CTL_SECTION_END,
};

/* Of one charge, for people: its name stands above. */
static const CtlSection step_sections[] = {
  { "steps", NULL, CTL_SHAPE_ROWS, step_fields, NULL, N_ ("No steps.") },
  CTL_SECTION_END,
};
static const CtlSection figure_sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, ctl_charge_fields + CTL_CHARGE_N_NAMES, NULL, NULL },
  CTL_SECTION_END,
};

/* The first of @object's array @key; NULL without one. */
static const DdJsonNode *
first_of (const DdJsonNode *object, const char *key)
{
  const DdJsonNode *array = dd_json_member (object, key);

  return array == NULL || dd_json_type (array) != DD_JSON_ARRAY ? NULL : dd_json_first (array);
}

/* --- a part of it --- */

static gboolean
is_named (const DdJsonNode *row, const char *name)
{
  return name == NULL || g_str_equal (ctl_shape_text (row, "id"), name);
}

static void
add_name (GPtrArray *names, const char *name)
{
  if (*name != '\0' && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

void
ctl_explain_add_rules (const DdJsonNode *sheet, GPtrArray *rules)
{
  for (const DdJsonNode *line = first_of (sheet, "lines"); line != NULL; line = dd_json_next (line))
    for (const DdJsonNode *charge = first_of (line, "charges"); charge != NULL;
         charge = dd_json_next (charge))
      for (const DdJsonNode *step = first_of (charge, "steps"); step != NULL; step = dd_json_next (step))
        add_name (rules, ctl_shape_text (step, "rule"));
}

gboolean
ctl_explain_check_line (const DdJsonNode *sheet, const char *line, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (const DdJsonNode *each = first_of (sheet, "lines"); each != NULL; each = dd_json_next (each))
    {
      if (is_named (each, line))
        return TRUE;
      g_ptr_array_add (names, (gpointer)ctl_shape_text (each, "id"));
    }
  if (line == NULL)
    return TRUE;
  g_ptr_array_add (names, NULL);
  dd_fail (error, DD_ERROR_NOT_FOUND, _ ("there is no line “%s”"), line);
  ctl_word_suggest ((const char *const *)names->pdata, line, error);
  return FALSE;
}

static gboolean
fail_charge (const DdJsonNode *sheet, const char *line, const char *charge, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (const DdJsonNode *each = first_of (sheet, "lines"); each != NULL; each = dd_json_next (each))
    for (const DdJsonNode *own = is_named (each, line) ? first_of (each, "charges") : NULL; own != NULL;
         own = dd_json_next (own))
      add_name (names, ctl_shape_text (own, "id"));
  g_ptr_array_add (names, NULL);
  dd_fail (error, DD_ERROR_NOT_FOUND, _ ("--charge: there is no charge “%s”"), charge);
  ctl_word_suggest ((const char *const *)names->pdata, charge, error);
  return FALSE;
}

/* Whether there were any. */
static gboolean
write_charges (const DdJsonNode *line, const char *charge, DdJsonWriter *writer)
{
  gboolean is_found = FALSE;

  dd_json_write_key (writer, "charges");
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *each = first_of (line, "charges"); each != NULL; each = dd_json_next (each))
    if (is_named (each, charge))
      {
        dd_json_write_node (writer, each);
        is_found = TRUE;
      }
  dd_json_write_end_array (writer);
  return is_found;
}

static gboolean
has_charge (const DdJsonNode *line, const char *charge)
{
  const DdJsonNode *each = first_of (line, "charges");

  while (each != NULL && !is_named (each, charge))
    each = dd_json_next (each);
  return charge == NULL || each != NULL;
}

gboolean
ctl_explain_select (
  const DdJsonNode *sheet, const char *line, const char *charge, DdJsonWriter *writer, GError **error)
{
  static const char *const apart[] = { "charges", NULL };
  gboolean charge_found = charge == NULL;

  if (!ctl_explain_check_line (sheet, line, error))
    return FALSE;
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "lines");
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *each = first_of (sheet, "lines"); each != NULL; each = dd_json_next (each))
    {
      if (!is_named (each, line) || !has_charge (each, charge))
        continue;
      dd_json_write_begin_object (writer);
      ctl_shape_copy_members (writer, each, apart);
      charge_found |= write_charges (each, charge, writer);
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
  dd_json_put_string (writer, "sheet", ctl_shape_text (sheet, "sheet"));
  dd_json_write_end_object (writer);
  return charge_found || fail_charge (sheet, line, charge, error);
}

/* --- for people --- */

/* @parts but the empty ones, commas between. (transfer full): fit to be printed */
static char *
join (const char *const *parts, guint n_parts)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_parts; i++)
    if (*parts[i] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", parts[i]);
  return ctl_text_clean (text->str);
}

/* (transfer full) */
static char *
line_title (const DdJsonNode *line)
{
  const char *const parts[] = { ctl_shape_text (line, "offering"), ctl_shape_text (line, "name"),
                                ctl_shape_text (line, "site") };
  g_autofree char *what = join (parts, G_N_ELEMENTS (parts));
  g_autofree char *id = ctl_text_clean (ctl_shape_text (line, "id"));

  /* Translators: the line's id, its quantity, then its offering, name and site. */
  return g_strdup_printf (_ ("Line %s: %s × %s"), id, ctl_shape_text (line, "quantity"), what);
}

/* (transfer full) */
static char *
charge_title (const DdJsonNode *charge)
{
  const char *id = ctl_shape_text (charge, "id");
  const char *name = ctl_shape_text (charge, "name");
  g_autofree char *kind = ctl_shape_charge_kind (charge);
  /* Many a charge is named as its id is. */
  const char *const parts[] = { id, g_ascii_strcasecmp (id, name) == 0 ? "" : name, kind };

  return join (parts, G_N_ELEMENTS (parts));
}

static void
append_title (const char *title, const CtlStyle *style, GString *out)
{
  g_autofree char *shown = ctl_text_for_charset (title, style->charset);
  g_auto (GStrv) lines = style->columns == 0 ? NULL : ctl_text_wrap (shown, style->columns);
  char *const whole[] = { shown, NULL };

  if (out->len > 0)
    g_string_append_c (out, '\n');
  for (char *const *line = lines == NULL ? whole : lines; *line != NULL; line++)
    {
      ctl_colour_append (out, *line, CTL_TONE_HEADING, style->colour);
      g_string_append_c (out, '\n');
    }
}

/* "promotion: Summer". (transfer full): fit to be printed */
static char *
step_title (const DdJsonNode *step)
{
  g_autofree char *label = format_label (step);
  const char *stage = ctl_shape_text (step, "stage");
  g_autofree char *title = g_strdup_printf ("%s%s%s", stage, *label == '\0' ? "" : ": ", label);

  return ctl_text_clean (title);
}

/* (transfer full) (nullable) */
static CtlBars *
make_bars (const DdJsonNode *charge, const char *charset, GError **error)
{
  g_autoptr (CtlBars) bars = ctl_bars_new ();

  for (const DdJsonNode *step = first_of (charge, "steps"); step != NULL; step = dd_json_next (step))
    {
      g_autofree char *title = step_title (step);
      g_autofree char *shown = ctl_text_for_charset (title, charset);
      g_autofree char *effect = format_effect (step);

      if (!ctl_bars_add (bars, shown, effect, ctl_shape_text (step, "after"), error))
        return NULL;
    }
  return g_steal_pointer (&bars);
}

static gboolean
append_charge (
  const DdJsonNode *charge, gboolean as_bars, const CtlStyle *style, GString *out, GError **error)
{
  g_autofree char *title = charge_title (charge);
  g_autoptr (GString) own = g_string_new (NULL);
  g_autoptr (CtlBars) bars = as_bars ? make_bars (charge, style->charset, error) : NULL;

  if (as_bars && bars == NULL)
    return FALSE;
  if (as_bars)
    ctl_bars_print (bars, style, own);
  else
    ctl_output_text (step_sections, charge, style, own);
  ctl_output_text (figure_sections, charge, style, own);
  append_title (title, style, out);
  g_string_append (out, own->str);
  return TRUE;
}

gboolean
ctl_explain_text (
  const DdJsonNode *sheet, gboolean as_bars, const CtlStyle *style, GString *out, GError **error)
{
  const DdJsonNode *line = first_of (sheet, "lines");

  if (line == NULL)
    ctl_output_text (ctl_explain_sections, sheet, style, out);
  for (; line != NULL; line = dd_json_next (line))
    {
      g_autofree char *title = line_title (line);

      append_title (title, style, out);
      for (const DdJsonNode *each = first_of (line, "charges"); each != NULL; each = dd_json_next (each))
        if (!append_charge (each, as_bars, style, out, error))
          return FALSE;
    }
  return TRUE;
}

/* --- for a picture --- */

/* "Net: EUR 12.00, Tax: …". (transfer full) */
static char *
figures_text (const DdJsonNode *charge)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const CtlField *field = ctl_charge_fields + CTL_CHARGE_N_NAMES; field->key != NULL; field++)
    {
      g_autofree char *value =
        field->format != NULL
          ? field->format (charge)
          : ctl_cell_format (CTL_CELL_KIND (field->kind), dd_json_member (charge, field->key), TRUE);

      if (field->heading != NULL && *value != '\0')
        g_string_append_printf (text, "%s%s: %s", text->len > 0 ? ", " : "", _ (field->heading), value);
    }
  return ctl_text_clean (text->str);
}

static void
describe_step (const DdJsonNode *step, const CtlBars *bars, guint index, DdJsonWriter *writer)
{
  g_autofree char *title = step_title (step);
  g_autofree char *effect = format_effect (step);
  const char *amount = strchr (effect, ' ');
  guint first, length;

  ctl_bars_place (bars, index, PICTURE_UNITS, &first, &length);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "after", ctl_shape_text (step, "after"));
  dd_json_put_string (writer, "effect", effect);
  dd_json_put_boolean (writer, "falls", amount != NULL && amount[1] == '-');
  dd_json_put_int64 (writer, "first", first);
  dd_json_put_string (writer, "label", title);
  dd_json_put_int64 (writer, "length", length);
  dd_json_write_end_object (writer);
}

static gboolean
describe_charge (const DdJsonNode *line, const DdJsonNode *charge, DdJsonWriter *writer, GError **error)
{
  g_autoptr (CtlBars) bars = make_bars (charge, NULL, error);
  g_autofree char *of_line = line_title (line);
  g_autofree char *of_charge = charge_title (charge);
  g_autofree char *title = g_strdup_printf ("%s: %s", of_line, of_charge);
  g_autofree char *summary = figures_text (charge);
  guint index = 0;

  if (bars == NULL)
    return FALSE;
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "steps");
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *step = first_of (charge, "steps"); step != NULL; step = dd_json_next (step))
    describe_step (step, bars, index++, writer);
  dd_json_write_end_array (writer);
  dd_json_put_string (writer, "summary", summary);
  dd_json_put_string (writer, "title", title);
  dd_json_write_end_object (writer);
  return TRUE;
}

char *
ctl_explain_describe (const DdJsonNode *sheet, const char *title, GError **error)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  const char *const headings[] = { _ ("Step"), _ ("Effect"), _ ("After it") };

  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "charges");
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *line = first_of (sheet, "lines"); line != NULL; line = dd_json_next (line))
    for (const DdJsonNode *each = first_of (line, "charges"); each != NULL; each = dd_json_next (each))
      if (!describe_charge (line, each, writer, error))
        return NULL;
  dd_json_write_end_array (writer);
  dd_json_write_key (writer, "headings");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < G_N_ELEMENTS (headings); i++)
    dd_json_write_string (writer, headings[i]);
  dd_json_write_end_array (writer);
  dd_json_put_string (writer, "title", title);
  dd_json_put_int64 (writer, "width", PICTURE_UNITS);
  dd_json_write_end_object (writer);
  return dd_json_writer_finish (writer, NULL);
}
