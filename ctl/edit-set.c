/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Edits as --set says them, "PATH=VALUE": the last of the edits, one after the other, so that a later one
 * counts where two are about the same.
 *
 *   KEY=VALUE                          of the offer, or of all its lines
 *   spread[.CHARGES]=VALUE             CHARGES as --spread has them
 *   line.LINE[:CHARGE].KEY=VALUE       of a line, or one of its charges
 *
 * No key has a dot, and no value of a line's key has an equals sign: so a line's key is what follows the last
 * dot before the last equals sign, whatever characters ids have. LINE:CHARGE is read as every option reads
 * it: a line of that whole name goes first. Any thread.
 */
#include "edit-private.h"
#include "edit-set.h"
#include "i18n.h"
#include "word.h"

#include <string.h>

#define OPTION      "--set"
#define LINE_PREFIX "line."

#define MIN_BILLING_DAY 1
#define MAX_BILLING_DAY 28

/* One of them, taken apart. */
typedef struct
{
  const CtlEditContext *context;
  DdProposal *proposal;
  CtlEditSaid said;
  DdLine *line;     /* (nullable), borrowed */
  char *charge;     /* (nullable) */
  const char *rest; /* (nullable): what follows "spread." */
  const char *value;
} Setting;

typedef struct
{
  const char *name; /* NULL ends a table */
  gboolean (*set) (const Setting *setting, GError **error);
  gboolean takes_charge;
} Key;

static void
setting_clear (Setting *setting)
{
  g_free (setting->charge);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Setting, setting_clear)

/* --- values --- */

/* A whole number; FALSE with what @should says otherwise, translated there. */
static gboolean
read_number (
  const Setting *setting, gint64 least, gint64 most, const char *should, gint64 *out, GError **error)
{
  if (g_ascii_string_to_signed (setting->value, 10, least, most, out, NULL))
    return TRUE;
  return ctl_usage (error, _ ("%s “%s”: %s"), OPTION, setting->said.text, should);
}

static gboolean
read_months (const Setting *setting, gint64 *out_months, GError **error)
{
  return read_number (setting, 1, G_MAXUINT16, _ ("it should be a number of months, from 1"), out_months,
                      error);
}

static gboolean
set_discount (const Setting *s, GError **error)
{
  return ctl_edit_discount (s->context, s->proposal, &s->said, s->line, s->charge, s->value, error);
}

static gboolean
set_price (const Setting *s, GError **error)
{
  return ctl_edit_price (s->context, &s->said, s->line, s->charge, s->value, error);
}

static gboolean
set_quantity (const Setting *s, GError **error)
{
  return ctl_edit_quantity (&s->said, s->line, s->value, error);
}

static gboolean
set_chosen (const Setting *s, GError **error)
{
  gboolean yes = g_str_equal (s->value, "yes");

  if (!yes && !g_str_equal (s->value, "no"))
    return ctl_usage (error, _ ("%s “%s”: it should be yes or no"), OPTION, s->said.text);
  return ctl_edit_choose (OPTION, s->line, yes ? DD_CHOICE_TAKEN : DD_CHOICE_LEFT_OUT, error);
}

static gboolean
set_commitment (const Setting *s, GError **error)
{
  gint64 months;

  return read_months (s, &months, error) && ctl_edit_months (&s->said, months, &s->line->commitment, error);
}

static gboolean
set_start (const Setting *s, GError **error)
{
  return ctl_edit_date (&s->said, s->value, &s->line->start, error);
}

static gboolean
set_term (const Setting *s, GError **error)
{
  gint64 months;

  return read_months (s, &months, error) && ctl_edit_term (s->proposal, &s->said, months, error);
}

static gboolean
set_spread (const Setting *s, GError **error)
{
  guint n_old = s->proposal->spread->len;

  return ctl_edit_spread (s->proposal, &s->said, s->rest, s->value, &n_old, error);
}

static gboolean
set_currency (const Setting *s, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (dd_currency_parse (s->value, &s->proposal->currency, &local))
    return TRUE;
  return ctl_usage (error, _ ("%s “%s”: %s"), OPTION, s->said.text, local->message);
}

static gboolean
set_billing_day (const Setting *s, GError **error)
{
  gint64 day;

  if (!read_number (s, MIN_BILLING_DAY, MAX_BILLING_DAY, _ ("it should be a day of the month, from 1 to 28"),
                    &day, error))
    return FALSE;
  s->proposal->billing_day = (guint8)day;
  return TRUE;
}

static gboolean
set_effective_from (const Setting *s, GError **error)
{
  return ctl_edit_date (&s->said, s->value, &s->proposal->effective_from, error);
}

static gboolean
set_effective_to (const Setting *s, GError **error)
{
  return ctl_edit_date (&s->said, s->value, &s->proposal->effective_to, error);
}

static gboolean
set_valid_until (const Setting *s, GError **error)
{
  return ctl_edit_moment (&s->said, s->value, &s->proposal->valid_until, error);
}

static gboolean
set_irrevocable_until (const Setting *s, GError **error)
{
  return ctl_edit_moment (&s->said, s->value, &s->proposal->irrevocable_until, error);
}

static gboolean
set_note (const Setting *s, GError **error)
{
  ctl_edit_replace (&s->proposal->note, s->value);
  return TRUE;
}

static const Key offer_keys[] = {
  { "billingDay", set_billing_day, FALSE },
  { "currency", set_currency, FALSE },
  { "discount", set_discount, FALSE },
  { "effectiveFrom", set_effective_from, FALSE },
  { "effectiveTo", set_effective_to, FALSE },
  { "irrevocableUntil", set_irrevocable_until, FALSE },
  { "note", set_note, FALSE },
  { "spread", set_spread, FALSE },
  { "term", set_term, FALSE },
  { "validUntil", set_valid_until, FALSE },
  { NULL, NULL, FALSE },
};

static const Key line_keys[] = {
  { "chosen", set_chosen, FALSE },
  { "commitment", set_commitment, FALSE },
  { "discount", set_discount, TRUE },
  { "price", set_price, TRUE },
  { "quantity", set_quantity, FALSE },
  { "start", set_start, FALSE },
  { NULL, NULL, FALSE },
};

/* --- paths --- */

/* @form: what the last of the list looks like where it is no plain name; (nullable) */
static gboolean
fail_key (const Key *keys, const char *form, const char *text, const char *name, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *list = NULL;
  const char *nearest;

  for (; keys->name != NULL; keys++)
    g_ptr_array_add (names, (char *)keys->name);
  if (form != NULL)
    g_ptr_array_add (names, (char *)form);
  g_ptr_array_add (names, NULL);
  nearest = ctl_word_nearest (name, (const char *const *)names->pdata);
  if (nearest != NULL)
    return ctl_usage (error, _ ("%s “%s”: “%s” can't be set; did you mean %s?"), OPTION, text, name, nearest);
  list = g_strjoinv (", ", (char **)names->pdata);
  return ctl_usage (error, _ ("%s “%s”: “%s” can't be set; what can is %s"), OPTION, text, name, list);
}

static const Key *
find_key (const Key *keys, const char *name)
{
  for (; keys->name != NULL; keys++)
    if (g_str_equal (keys->name, name))
      return keys;
  return NULL;
}

/* "line.2.rental.discount" is a slip that the charge's own sign puts right. */
static gboolean
hint_at_charge (const Setting *setting, const char *target, const char *key, GError **error)
{
  const char *dot = strrchr (target, '.');
  g_autofree char *line = dot == NULL ? NULL : g_strndup (target, (gsize)(dot - target));

  if (line == NULL || dd_proposal_line (setting->proposal, target) != NULL ||
      dd_proposal_line (setting->proposal, line) == NULL)
    return TRUE;
  return ctl_usage (error, _ ("%s “%s”: a charge follows its line after a colon: line.%s:%s.%s"), OPTION,
                    setting->said.text, line, dot + 1, key);
}

/* @path: "LINE[:CHARGE].KEY", which this cuts up. */
static gboolean
apply_to_line (Setting *setting, char *path, GError **error)
{
  char *dot = strrchr (path, '.');
  const Key *key;

  if (dot == NULL || dot == path)
    return ctl_usage (error, _ ("%s “%s”: it should look like line.LINE.KEY=VALUE"), OPTION,
                      setting->said.text);
  *dot = '\0';
  key = find_key (line_keys, dot + 1);
  if (key == NULL)
    return fail_key (line_keys, NULL, setting->said.text, dot + 1, error);
  if (!hint_at_charge (setting, path, key->name, error))
    return FALSE;
  setting->line = ctl_edit_find_target (setting->proposal, &setting->said, path, &setting->charge, error);
  if (setting->line == NULL)
    return FALSE;
  if (setting->charge != NULL && !key->takes_charge)
    return ctl_usage (error, _ ("%s “%s”: “%s” is of a whole line: line.%s.%s"), OPTION, setting->said.text,
                      key->name, setting->line->id, key->name);
  return key->set (setting, error);
}

/* @path: "KEY", or "spread.CHARGES", which this cuts up. */
static gboolean
apply_to_offer (Setting *setting, char *path, GError **error)
{
  char *dot = strchr (path, '.');
  const Key *key;

  if (dot != NULL && g_str_has_prefix (path, "spread."))
    {
      *dot = '\0';
      setting->rest = dot + 1;
    }
  key = find_key (offer_keys, path);
  return key == NULL ? fail_key (offer_keys, LINE_PREFIX "LINE.KEY", setting->said.text, path, error)
                     : key->set (setting, error);
}

static gboolean
apply (const CtlEditContext *context, DdProposal *proposal, const char *text, GError **error)
{
  gboolean of_line = g_str_has_prefix (text, LINE_PREFIX);
  const char *equals = of_line ? strrchr (text, '=') : strchr (text, '=');
  g_auto (Setting) setting = { .context = context, .proposal = proposal, .said = { OPTION, text } };
  g_autofree char *path = NULL;

  if (equals == NULL || equals == text || equals[1] == '\0')
    return ctl_usage (error,
                      _ ("%s “%s”: it should look like PATH=VALUE, such as line.2.discount=15%% or term=48"),
                      OPTION, text);
  path = g_strndup (text, (gsize)(equals - text));
  setting.value = equals + 1;
  return of_line ? apply_to_line (&setting, path + strlen (LINE_PREFIX), error)
                 : apply_to_offer (&setting, path, error);
}

gboolean
ctl_edit_apply_settings (const CtlEdit *edit,
                         const CtlEditContext *context,
                         DdProposal *proposal,
                         GError **error)
{
  for (guint i = 0; edit->settings != NULL && edit->settings[i] != NULL; i++)
    if (!apply (context, proposal, edit->settings[i], error))
      return FALSE;
  return TRUE;
}

char **
ctl_edit_set_paths (void)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (const Key *key = offer_keys; key->name != NULL; key++)
    {
      g_autofree char *path = g_strconcat (key->name, "=", NULL);

      g_strv_builder_add (paths, path);
    }
  g_strv_builder_add (paths, LINE_PREFIX);
  return g_strv_builder_end (paths);
}
