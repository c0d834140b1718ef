/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Bars (see bars.h). Pure; one thread at a time.
 */
#include "bars.h"
#include "colour.h"
#include "i18n.h"
#include "layout.h"
#include "text.h"
#include "number/decimal.h"

#include <string.h>

#define NO_TERMINAL_COLUMNS 80
#define LEAST_BAR           10 /* columns; a shorter one shows nothing */
#define LABEL_SHARE         3  /* of the terminal, one in so many may be the labels' */
#define NANOS_PER_MICRO     1000

/* Nanos of the currency's unit, which amounts of 10^-6 and of 10^-9 both fit into. */
typedef __int128 Nanos;

typedef struct
{
  char *label;
  char *effect;
  char *after;
  Nanos from;
  Nanos to;
} Step;

struct _CtlBars
{
  GArray *steps; /* of Step */
  Nanos least;   /* of all that they reach, and zero */
  Nanos most;
};

static void
clear_step (gpointer data)
{
  Step *step = data;

  g_free (step->label);
  g_free (step->effect);
  g_free (step->after);
}

CtlBars *
ctl_bars_new (void)
{
  CtlBars *bars = g_new0 (CtlBars, 1);

  bars->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_array_set_clear_func (bars->steps, clear_step);
  return bars;
}

void
ctl_bars_free (CtlBars *bars)
{
  if (bars == NULL)
    return;
  g_array_unref (bars->steps);
  g_free (bars);
}

static gboolean
parse_amount (const char *text, Nanos *out_nanos, GError **error)
{
  const char *space = strchr (text, ' ');
  const char *digits = space == NULL ? text : space + 1;
  gint64 value;

  if (dd_decimal_parse (digits, -1, DD_MICROS_SCALE, &value, NULL))
    {
      *out_nanos = (Nanos)value * NANOS_PER_MICRO;
      return TRUE;
    }
  if (!dd_decimal_parse (digits, -1, DD_NANOS_SCALE, &value, error))
    return FALSE;
  *out_nanos = value;
  return TRUE;
}

static const Step *
step_at (const CtlBars *bars, guint index)
{
  return &g_array_index (bars->steps, Step, index);
}

gboolean
ctl_bars_add (CtlBars *bars, const char *label, const char *effect, const char *after, GError **error)
{
  Step step = { .from = bars->steps->len == 0 ? 0 : step_at (bars, bars->steps->len - 1)->to };

  if (!parse_amount (after, &step.to, error))
    return FALSE;
  bars->least = MIN (bars->least, step.to);
  bars->most = MAX (bars->most, step.to);
  step.label = g_strdup (label);
  step.effect = g_strdup (effect);
  step.after = g_strdup (after);
  g_array_append_val (bars->steps, step);
  return TRUE;
}

void
ctl_bars_place (const CtlBars *bars, guint index, guint width, guint *out_first, guint *out_length)
{
  const Step *step = step_at (bars, index);
  Nanos span = bars->most - bars->least;
  guint first = 0;
  guint length = 0;

  if (step->from != step->to && width > 0)
    {
      /* At most 2^64 * 1000 * 2^32: no overflow. */
      first = (guint)((MIN (step->from, step->to) - bars->least) * width / span);
      length = (guint)((MAX (step->from, step->to) - bars->least) * width / span) - first;
      first = MIN (first, width - 1);
      length = MAX (length, 1);
    }
  *out_first = first;
  *out_length = length;
}

/* --- on a terminal --- */

typedef struct
{
  const CtlStyle *style;
  guint columns;
  guint label;
  guint effect;
  guint after;
  guint bar; /* columns of the longest that there can be */
} Layout;

static void
measure (const CtlBars *bars, Layout *layout)
{
  guint widest = ctl_text_width (_ ("Step"));
  guint piece = widest;
  guint texts;

  layout->effect = ctl_text_width (_ ("Effect"));
  layout->after = ctl_text_width (_ ("After it"));
  for (guint i = 0; i < bars->steps->len; i++)
    {
      const Step *step = step_at (bars, i);

      widest = MAX (widest, ctl_text_width (step->label));
      piece = MAX (piece, ctl_text_widest_piece (step->label));
      layout->effect = MAX (layout->effect, ctl_text_width (step->effect));
      layout->after = MAX (layout->after, ctl_text_width (step->after));
    }
  layout->label = MIN (widest, MAX (piece, layout->columns / LABEL_SHARE));
  texts = layout->label + layout->effect + layout->after + 3 * CTL_LAYOUT_GAP;
  layout->bar = layout->columns > texts ? layout->columns - texts : 0;
}

static void
append_spaces (GString *out, guint count)
{
  g_string_append_printf (out, "%*s", (int)count, "");
}

static void
append_right (GString *out, const char *text, guint width)
{
  guint own = ctl_text_width (text);

  append_spaces (out, CTL_LAYOUT_GAP + (width > own ? width - own : 0));
  g_string_append (out, text);
}

/* What lies @indent and more columns into the line; nothing where nothing changed. */
static void
append_bar (const CtlBars *bars, guint index, const Layout *layout, guint indent, GString *out)
{
  const Step *step = step_at (bars, index);
  g_autoptr (GString) bar = g_string_new (NULL);
  guint first, length;

  ctl_bars_place (bars, index, layout->bar, &first, &length);
  if (length == 0)
    return;
  for (guint i = 0; i < length; i++)
    g_string_append (bar, layout->style->charset == NULL ? "█" : "#");
  append_spaces (out, indent + first);
  ctl_colour_append (out, bar->str, step->to < step->from ? CTL_TONE_BAD : CTL_TONE_GOOD,
                     layout->style->colour);
}

static void
append_beside (const CtlBars *bars, guint index, const Layout *layout, GString *out)
{
  const Step *step = step_at (bars, index);
  g_auto (GStrv) lines = ctl_text_wrap (step->label, layout->label);

  g_string_append (out, lines[0]);
  append_spaces (out, layout->label - ctl_text_width (lines[0]));
  append_right (out, step->effect, layout->effect);
  append_right (out, step->after, layout->after);
  append_bar (bars, index, layout, CTL_LAYOUT_GAP, out);
  g_string_append_c (out, '\n');
  for (guint i = 1; lines[i] != NULL; i++)
    g_string_append_printf (out, "%s\n", lines[i]);
}

static void
append_below (const CtlBars *bars, guint index, const Layout *layout, GString *out)
{
  const Step *step = step_at (bars, index);
  g_auto (GStrv) lines = ctl_text_wrap (step->label, layout->columns);
  gboolean is_one_line =
    ctl_text_width (step->effect) + ctl_text_width (step->after) + 2 * CTL_LAYOUT_GAP <= layout->columns;

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (out, "%s\n", lines[i]);
  g_string_append_printf (out, "  %s%s  %s\n", step->effect, is_one_line ? "" : "\n", step->after);
  append_bar (bars, index, layout, CTL_LAYOUT_GAP, out);
  g_string_append_c (out, '\n');
}

static void
append_heading (const Layout *layout, GString *out)
{
  const char *const headings[] = { _ ("Effect"), _ ("After it") };
  const guint widths[] = { layout->effect, layout->after };

  ctl_colour_append (out, _ ("Step"), CTL_TONE_HEADING, layout->style->colour);
  append_spaces (out, layout->label - ctl_text_width (_ ("Step")));
  for (guint i = 0; i < G_N_ELEMENTS (headings); i++)
    {
      append_spaces (out, CTL_LAYOUT_GAP + widths[i] - ctl_text_width (headings[i]));
      ctl_colour_append (out, headings[i], CTL_TONE_HEADING, layout->style->colour);
    }
  g_string_append_c (out, '\n');
}

void
ctl_bars_print (const CtlBars *bars, const CtlStyle *style, GString *out)
{
  Layout layout = { .style = style, .columns = style->columns == 0 ? NO_TERMINAL_COLUMNS : style->columns };
  gboolean is_beside;

  measure (bars, &layout);
  is_beside = layout.bar >= LEAST_BAR;
  if (is_beside)
    append_heading (&layout, out);
  else
    layout.bar = layout.columns - CTL_LAYOUT_GAP;
  for (guint i = 0; i < bars->steps->len; i++)
    if (is_beside)
      append_beside (bars, i, &layout, out);
    else
      append_below (bars, i, &layout, out);
}
