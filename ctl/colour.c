/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The few colours there are (see colour.h). Pure; any thread.
 */
#include "colour.h"

#define PLAIN "\033[0m"

/* The eight colours that every terminal has, never a background: both dark and light ones show them. */
static const char *const codes[] = {
  [CTL_TONE_PLAIN] = "",           [CTL_TONE_HEADING] = "\033[1m", [CTL_TONE_GOOD] = "\033[32m",
  [CTL_TONE_WAITING] = "\033[33m", [CTL_TONE_BAD] = "\033[31m",
};

CtlTone
ctl_colour_of_state (const char *word)
{
  static const char *const good[] = {
    "accepted", "agreed", "signed", "closed", "delivered", "enabled", NULL
  };
  static const char *const waiting[] = { "awaiting-approval", "pending", "disabled", NULL };
  static const char *const bad[] = { "held",    "refused", "declined",    "withdrawn", "lapsed",
                                     "expired", "failing", "quarantined", NULL };

  if (g_strv_contains (good, word))
    return CTL_TONE_GOOD;
  if (g_strv_contains (waiting, word))
    return CTL_TONE_WAITING;
  return g_strv_contains (bad, word) ? CTL_TONE_BAD : CTL_TONE_PLAIN;
}

void
ctl_colour_append (GString *out, const char *text, CtlTone tone, gboolean colour)
{
  if (colour && tone != CTL_TONE_PLAIN && *text != '\0')
    g_string_append_printf (out, "%s%s" PLAIN, codes[tone], text);
  else
    g_string_append (out, text);
}

gboolean
ctl_colour_when_parse (const char *text, CtlColourWhen *out_when)
{
  static const char *const names[] = {
    [CTL_COLOUR_AUTO] = "auto",
    [CTL_COLOUR_ALWAYS] = "always",
    [CTL_COLOUR_NEVER] = "never",
  };

  if (text == NULL)
    text = names[CTL_COLOUR_AUTO];
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (text, names[i]))
      {
        *out_when = (CtlColourWhen)i;
        return TRUE;
      }
  return FALSE;
}

gboolean
ctl_colour_decide (CtlColourWhen when, gboolean is_terminal, const char *no_colour, const char *term)
{
  if (when != CTL_COLOUR_AUTO)
    return when == CTL_COLOUR_ALWAYS;
  if (!is_terminal || (no_colour != NULL && *no_colour != '\0'))
    return FALSE;
  return term != NULL && *term != '\0' && !g_str_equal (term, "dumb");
}
