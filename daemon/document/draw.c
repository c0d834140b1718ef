/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Draws with cairo (see draw.h). One thread.
 */
#include "draw.h"

#include <cairo-svg.h>

#include <string.h>

/* In pixels. */
#define WIDTH        960
#define MARGIN       24
#define ROW          22
#define BASELINE     15 /* below a row's upper edge */
#define BAR_HEIGHT   14
#define LABEL_WIDTH  250
#define AMOUNT_WIDTH 130
#define GAP          14
#define BARS_LEFT    (MARGIN + LABEL_WIDTH + 2 * AMOUNT_WIDTH + GAP)
#define BARS_WIDTH   (WIDTH - MARGIN - BARS_LEFT)

#define TEXT_SIZE  12
#define TITLE_SIZE 16
#define ELLIPSIS   "…"

typedef struct
{
  double red, green, blue;
} Colour;

/* Told apart by those who don't see red or green, and in grey. */
static const Colour text_colour = { 0.13, 0.13, 0.13 };
static const Colour rise_colour = { 0.0, 0.35, 0.6 };
static const Colour fall_colour = { 0.9, 0.55, 0.1 };

typedef enum
{
  ALIGN_LEFT,
  ALIGN_RIGHT
} Align;

static void
set_colour (cairo_t *cairo, const Colour *colour)
{
  cairo_set_source_rgb (cairo, colour->red, colour->green, colour->blue);
}

static double
text_width (cairo_t *cairo, const char *text)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cairo, text, &extents);
  return extents.x_advance;
}

/* What XML 1.0 has no way to write, or cairo refuses, becomes U+FFFD, and so do other controls. (transfer
 * full) */
static char *
make_writable (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean is_control = (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0);
      gboolean is_no_character = (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);

      g_string_append_unichar (out, is_control || is_no_character ? 0xfffd : c);
    }
  return g_string_free (out, FALSE);
}

/* (transfer full) */
static char *
cut (const char *text, glong length)
{
  g_autofree char *kept = g_utf8_substring (text, 0, length);

  return g_strconcat (kept, ELLIPSIS, NULL);
}

/* (transfer full): as much of @text as fits. */
static char *
shorten (cairo_t *cairo, const char *text, double room)
{
  /* No more characters than pixels, so that a long text costs no more than a short one. */
  g_autofree char *most = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), (glong)room));
  g_autofree char *writable = make_writable (most);
  glong fits = 0;
  glong beyond = g_utf8_strlen (writable, -1);

  if (text_width (cairo, writable) <= room)
    return g_steal_pointer (&writable);
  while (beyond - fits > 1)
    {
      glong middle = fits + (beyond - fits) / 2;
      g_autofree char *tried = cut (writable, middle);

      if (text_width (cairo, tried) <= room)
        fits = middle;
      else
        beyond = middle;
    }
  return cut (writable, fits);
}

/* From @x to the right, or up to it. */
static void
draw_text (cairo_t *cairo, const char *text, double x, double top, double room, Align align)
{
  g_autofree char *shown = shorten (cairo, text, room);

  cairo_move_to (cairo, align == ALIGN_RIGHT ? x - text_width (cairo, shown) : x, top + BASELINE);
  cairo_show_text (cairo, shown);
}

static void
set_font (cairo_t *cairo, double size, gboolean bold)
{
  set_colour (cairo, &text_colour);
  cairo_select_font_face (cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                          bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cairo, size);
}

static void
draw_texts (cairo_t *cairo, const char *const *texts, double top)
{
  double right = MARGIN + LABEL_WIDTH;

  draw_text (cairo, texts[DD_WATERFALL_LABEL], MARGIN, top, LABEL_WIDTH - GAP, ALIGN_LEFT);
  draw_text (cairo, texts[DD_WATERFALL_EFFECT], right + AMOUNT_WIDTH, top, AMOUNT_WIDTH, ALIGN_RIGHT);
  draw_text (cairo, texts[DD_WATERFALL_AFTER], right + 2 * AMOUNT_WIDTH, top, AMOUNT_WIDTH, ALIGN_RIGHT);
}

static void
draw_bar (cairo_t *cairo, const DdWaterfallStep *step, gint64 width, double top)
{
  double unit = (double)BARS_WIDTH / (double)width;

  set_colour (cairo, step->falls ? &fall_colour : &rise_colour);
  cairo_rectangle (cairo, BARS_LEFT + (double)step->first * unit, top + (ROW - BAR_HEIGHT) / 2.0,
                   (double)step->length * unit, BAR_HEIGHT);
  cairo_fill (cairo);
}

/* Returns where the next begins. */
static double
draw_charge (cairo_t *cairo, const DdWaterfall *waterfall, const DdWaterfallCharge *charge, double top)
{
  set_font (cairo, TEXT_SIZE, TRUE);
  draw_text (cairo, charge->title, MARGIN, top, WIDTH - 2 * MARGIN, ALIGN_LEFT);
  top += ROW;
  for (guint i = 0; i < charge->steps->len; i++)
    {
      const DdWaterfallStep *step = &g_array_index (charge->steps, DdWaterfallStep, i);

      set_font (cairo, TEXT_SIZE, FALSE);
      draw_texts (cairo, step->texts, top);
      draw_bar (cairo, step, waterfall->width, top);
      top += ROW;
    }
  set_font (cairo, TEXT_SIZE, FALSE);
  draw_text (cairo, charge->summary, MARGIN, top, WIDTH - 2 * MARGIN, ALIGN_LEFT);
  return top + ROW;
}

/* A row between charges too. */
static guint
picture_height (const DdWaterfall *waterfall)
{
  return 2 * MARGIN + ROW * (2 + waterfall->n_rows + waterfall->charges->len);
}

static void
draw_all (cairo_t *cairo, const DdWaterfall *waterfall)
{
  double top = MARGIN;

  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  set_font (cairo, TITLE_SIZE, TRUE);
  draw_text (cairo, waterfall->title, MARGIN, top, WIDTH - 2 * MARGIN, ALIGN_LEFT);
  top += ROW;
  set_font (cairo, TEXT_SIZE, FALSE);
  draw_texts (cairo, waterfall->headings, top);
  top += ROW;
  for (guint i = 0; i < waterfall->charges->len; i++)
    top =
      ROW + draw_charge (cairo, waterfall, &g_array_index (waterfall->charges, DdWaterfallCharge, i), top);
}

/* --- the document around it --- */

static cairo_status_t
append_bytes (void *data, const unsigned char *bytes, unsigned int length)
{
  g_string_append_len (data, (const char *)bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
append_text (GString *out, const char *text)
{
  g_autofree char *writable = make_writable (text);
  g_autofree char *escaped = g_markup_escape_text (writable, -1);

  g_string_append (out, escaped);
}

static void
append_description (const DdWaterfall *waterfall, GString *out)
{
  for (guint i = 0; i < waterfall->charges->len; i++)
    {
      const DdWaterfallCharge *charge = &g_array_index (waterfall->charges, DdWaterfallCharge, i);

      append_text (out, charge->title);
      g_string_append (out, "\n");
      for (guint s = 0; s < charge->steps->len; s++)
        {
          const char *const *texts = g_array_index (charge->steps, DdWaterfallStep, s).texts;

          append_text (out, texts[DD_WATERFALL_LABEL]);
          g_string_append (out, ": ");
          append_text (out, texts[DD_WATERFALL_EFFECT]);
          g_string_append (out, ", ");
          append_text (out, texts[DD_WATERFALL_AFTER]);
          g_string_append (out, "\n");
        }
      append_text (out, charge->summary);
      g_string_append (out, "\n");
    }
}

static void
append_document (const DdWaterfall *waterfall, const GString *drawn, GString *out)
{
  const char *declared = strstr (drawn->str, "?>");
  guint height = picture_height (waterfall);

  g_string_append_printf (out,
                          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%upx\" height=\"%upx\" "
                          "viewBox=\"0 0 %u %u\" role=\"img\" aria-labelledby=\"title\" "
                          "aria-describedby=\"description\">\n<title id=\"title\">",
                          WIDTH, height, WIDTH, height);
  append_text (out, waterfall->title);
  g_string_append (out, "</title>\n<desc id=\"description\">\n");
  append_description (waterfall, out);
  g_string_append (out, "</desc>\n<g aria-hidden=\"true\">");
  /* A declaration stands at the beginning of a document only. */
  g_string_append (out, declared == NULL ? drawn->str : declared + 2);
  g_string_append (out, "</g>\n</svg>\n");
}

GString *
dd_waterfall_draw (const DdWaterfall *waterfall, GError **error)
{
  g_autoptr (GString) drawn = g_string_new (NULL);
  GString *document;
  cairo_surface_t *surface =
    cairo_svg_surface_create_for_stream (append_bytes, drawn, WIDTH, picture_height (waterfall));
  cairo_t *cairo;
  cairo_status_t status;

  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  cairo = cairo_create (surface);
  draw_all (cairo, waterfall);
  status = cairo_status (cairo);
  cairo_destroy (cairo);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      dd_fail (error, DD_ERROR_FAILED, "cairo can't draw it: %s", cairo_status_to_string (status));
      return NULL;
    }
  document = g_string_new (NULL);
  append_document (waterfall, drawn, document);
  return document;
}
