/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The few colours there are. They repeat what a word says already, for who can see them. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  CTL_TONE_PLAIN,
  CTL_TONE_HEADING,
  CTL_TONE_GOOD,
  CTL_TONE_WAITING,
  CTL_TONE_BAD
} CtlTone;

/* Of a state's word, of a deal, revision, order or plugin; a word that isn't known is plain. */
CtlTone ctl_colour_of_state (const char *word);

/* @text in @tone, if @colour. */
void ctl_colour_append (GString *out, const char *text, CtlTone tone, gboolean colour);

typedef enum
{
  CTL_COLOUR_AUTO,
  CTL_COLOUR_ALWAYS,
  CTL_COLOUR_NEVER
} CtlColourWhen;

/* "auto", "always" or "never", or NULL, which is auto. FALSE: it is none of them. */
gboolean ctl_colour_when_parse (const char *text, CtlColourWhen *out_when);

/* Whether to colour what a terminal (@is_terminal) or something else gets. @no_colour and @term: (nullable):
 * the environment's NO_COLOR (https://no-color.org: set and not empty) and TERM. */
gboolean
ctl_colour_decide (CtlColourWhen when, gboolean is_terminal, const char *no_colour, const char *term);

G_END_DECLS
