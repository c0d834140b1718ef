/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Edits on what concerns the deal as a whole: its own data, spreads and orders (see edit.h). Any thread.
 */
#include "edit-private.h"
#include "i18n.h"

#include <string.h>

#define REST "rest"

gboolean
ctl_edit_moment (const CtlEditSaid *said, const char *value, gint64 *out_time, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (value == NULL || dd_time_parse (value, out_time, &local))
    return TRUE;
  return ctl_usage (error, _ ("%s “%s”: %s"), said->option, said->text, local->message);
}

void
ctl_edit_replace (char **text, const char *with)
{
  if (with == NULL)
    return;
  g_free (*text);
  *text = g_strdup (with);
}

gboolean
ctl_edit_date (const CtlEditSaid *said, const char *value, char **date, GError **error)
{
  if (value != NULL && !dd_date_is_valid (value))
    return ctl_usage (error, _ ("%s “%s”: it should be a date, such as 2026-12-31"), said->option,
                      said->text);
  ctl_edit_replace (date, value);
  return TRUE;
}

gboolean
ctl_edit_months (const CtlEditSaid *said, gint64 months, guint16 *out_months, GError **error)
{
  if (months <= 0 || months > G_MAXUINT16)
    return ctl_usage (error, _ ("%s “%s”: it should be a number of months, from 1"), said->option,
                      said->text);
  *out_months = (guint16)months;
  return TRUE;
}

gboolean
ctl_edit_term (DdProposal *proposal, const CtlEditSaid *said, gint64 months, GError **error)
{
  if (!ctl_edit_months (said, months, &proposal->commitment, error))
    return FALSE;
  for (guint i = 0; i < proposal->lines->len; i++)
    ((DdLine *)proposal->lines->pdata[i])->commitment = 0;
  return TRUE;
}

/* The proposal's own data. */
gboolean
ctl_edit_apply_head (const CtlEdit *edit, DdProposal *proposal, GError **error)
{
  g_autofree char *months = g_strdup_printf ("%d", edit->term);
  const CtlEditSaid term = { "--term", months };
  const CtlEditSaid from = { "--effective-from", edit->effective_from };
  const CtlEditSaid to = { "--effective-to", edit->effective_to };
  const CtlEditSaid valid = { "--valid-until", edit->valid_until };
  const CtlEditSaid irrevocable = { "--irrevocable-until", edit->irrevocable_until };

  if (edit->term != CTL_NO_TERM && !ctl_edit_term (proposal, &term, edit->term, error))
    return FALSE;
  ctl_edit_replace (&proposal->note, edit->note);
  return ctl_edit_date (&from, from.text, &proposal->effective_from, error) &&
         ctl_edit_date (&to, to.text, &proposal->effective_to, error) &&
         ctl_edit_moment (&valid, valid.text, &proposal->valid_until, error) &&
         ctl_edit_moment (&irrevocable, irrevocable.text, &proposal->irrevocable_until, error);
}

/* "oneTime", "usage", or a period of recurring charges. */
static gboolean
read_charges (const CtlEditSaid *said, const char *text, DdDealAlteration *alteration, GError **error)
{
  int type = dd_charge_type_from_name (text);
  int period = dd_period_from_name (text);

  if (type == DD_CHARGE_ONE_TIME || type == DD_CHARGE_USAGE)
    alteration->type = (guint8)type;
  else if (period > DD_PERIOD_NONE)
    alteration->period = (guint8)period;
  else
    return ctl_usage (error, _ ("%s “%s”: “%s” should be oneTime, usage, day, week, month, quarter or year"),
                      said->option, said->text, text);
  if (alteration->type != DD_CHARGE_RECURRING)
    alteration->period = DD_PERIOD_NONE;
  return TRUE;
}

/* "EUR 1000", "5%" of the proposal's currency, or "EUR 5%". */
static gboolean
read_amount (
  const CtlEditSaid *said, const char *text, gboolean surcharge, DdDealAlteration *alteration, GError **error)
{
  g_autoptr (GError) local = NULL;
  DdMoney money = { 0, alteration->currency };
  gboolean good = TRUE;

  if (g_str_has_suffix (text, "%"))
    {
      const char *space = strchr (text, ' ');

      if (space != NULL)
        {
          g_autofree char *code = g_strndup (text, (gsize)(space - text));

          good = dd_currency_parse (code, &money.currency, &local);
        }
      good = good && dd_percent_parse (space == NULL ? text : space + 1, &money.micros, &local);
      if (good && money.currency.code[0] == '\0')
        return ctl_usage (error, _ ("%s “%s”: the proposal names no currency, so say of which: “EUR %s”"),
                          said->option, said->text, text);
      alteration->kind = surcharge ? DD_ADJUST_PERCENT_ON : DD_ADJUST_PERCENT_OFF;
    }
  else
    {
      good = dd_money_parse (text, &money, &local);
      alteration->kind = surcharge ? DD_ADJUST_LINE_ON : DD_ADJUST_LINE_OFF;
    }
  if (!good)
    return ctl_usage (error, _ ("%s “%s”: %s"), said->option, said->text, local->message);
  if (money.micros < 0)
    return ctl_usage (error, _ ("%s “%s”: a discount has no sign, and a surcharge begins with +"),
                      said->option, said->text);
  alteration->value = money.micros;
  alteration->currency = money.currency;
  return TRUE;
}

static gboolean
is_same_spread (const DdDealAlteration *a, const DdDealAlteration *b)
{
  return a->type == b->type && a->period == b->period && dd_currency_equal (a->currency, b->currency);
}

gboolean
ctl_edit_spread (DdProposal *proposal,
                 const CtlEditSaid *said,
                 const char *charges,
                 const char *value,
                 guint *n_old,
                 GError **error)
{
  DdDealAlteration alteration = { .type = DD_CHARGE_RECURRING,
                                  .period = DD_PERIOD_MONTH,
                                  .currency = proposal->currency };
  gboolean surcharge = *value == '+';

  if (charges != NULL && !read_charges (said, charges, &alteration, error))
    return FALSE;
  if (!read_amount (said, value + surcharge, surcharge, &alteration, error))
    return FALSE;
  for (guint i = *n_old; i > 0; i--)
    if (is_same_spread (&g_array_index (proposal->spread, DdDealAlteration, i - 1), &alteration))
      {
        g_array_remove_index (proposal->spread, i - 1);
        (*n_old)--;
      }
  if (alteration.value > 0)
    g_array_append_val (proposal->spread, alteration);
  return TRUE;
}

/* A spread takes the place of one over the same charges that stood in the base; two of one command line stand
 * beside each other. */
gboolean
ctl_edit_apply_spreads (const CtlEdit *edit, DdProposal *proposal, GError **error)
{
  guint n_old = proposal->spread->len;

  for (guint i = 0; edit->spreads != NULL && edit->spreads[i] != NULL; i++)
    {
      const CtlEditSaid said = { "--spread", edit->spreads[i] };
      const char *equals = strchr (said.text, '=');
      g_autofree char *charges = equals == NULL ? NULL : g_strndup (said.text, (gsize)(equals - said.text));

      if (!ctl_edit_spread (proposal, &said, charges, equals == NULL ? said.text : equals + 1, &n_old, error))
        return FALSE;
    }
  return TRUE;
}

/* What is being put together. */
typedef struct
{
  DdProposal *proposal;
  GHashTable *owners; /* line id -> order id, both borrowed */
  DdOrderPart *rest;  /* (nullable), borrowed: the order that takes what is left */
} Orders;

static gboolean
take_line (Orders *orders, DdOrderPart *part, const char *id, GError **error)
{
  const char *owner = g_hash_table_lookup (orders->owners, id);

  if (owner != NULL)
    return ctl_usage (error, _ ("--order: line “%s” is in order “%s” and again in “%s”"), id, owner,
                      part->id);
  g_hash_table_insert (orders->owners, (gpointer)id, part->id);
  g_ptr_array_add (part->lines, g_strdup (id));
  return TRUE;
}

/* "FIRST..LAST": the lines from one to the other, as the proposal lists them. */
static gboolean
take_range (Orders *orders, DdOrderPart *part, const char *first_id, const char *last_id, GError **error)
{
  const DdLine *first = ctl_edit_find_line (orders->proposal, "--order", first_id, error);
  const DdLine *last =
    first == NULL ? NULL : ctl_edit_find_line (orders->proposal, "--order", last_id, error);
  const GPtrArray *lines = orders->proposal->lines;
  gboolean inside = FALSE;

  if (last == NULL)
    return FALSE;
  for (guint i = 0; i < lines->len; i++)
    {
      const DdLine *line = lines->pdata[i];

      inside = inside || line == first;
      if (inside && !take_line (orders, part, line->id, error))
        return FALSE;
      if (inside && line == last)
        return TRUE;
    }
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, _ ("--order: line “%s” doesn't come after line “%s”"),
                  last_id, first_id);
}

static gboolean
take_lines (Orders *orders, DdOrderPart *part, const char *text, GError **error)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);

  for (guint i = 0; items[i] != NULL; i++)
    {
      char *item = g_strstrip (items[i]);
      DdLine *line = dd_proposal_line (orders->proposal, item);
      char *dots = strstr (item, "..");
      gboolean taken;

      if (line == NULL && g_str_equal (item, REST))
        {
          if (orders->rest != NULL)
            return ctl_usage (error, _ ("--order: only one order can take the rest"));
          orders->rest = part;
          continue;
        }
      if (line == NULL && dots != NULL)
        {
          *dots = '\0';
          taken = take_range (orders, part, item, dots + 2, error);
        }
      else
        {
          line = ctl_edit_find_line (orders->proposal, "--order", item, error);
          taken = line != NULL && take_line (orders, part, line->id, error);
        }
      if (!taken)
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_order (Orders *orders, const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  DdOrderPart *part;
  char *at;

  if (equals == NULL || equals == text || *text == '@' || equals[1] == '\0')
    return ctl_usage (error, _ ("--order “%s”: it should look like ID=LINE,LINE or ID=rest"), text);
  part = dd_order_part_new ();
  part->id = g_strndup (text, (gsize)(equals - text));
  g_ptr_array_add (orders->proposal->orders, part);
  at = strrchr (part->id, '@');
  if (at != NULL)
    {
      part->requested_date = g_strdup (at + 1);
      *at = '\0';
      if (!dd_date_is_valid (part->requested_date))
        return ctl_usage (error, _ ("--order “%s”: “%s” is no date; it should look like 2026-12-31"), text,
                          part->requested_date);
    }
  return take_lines (orders, part, equals + 1, error);
}

/* A line that changes nothing has nothing to order. */
static gboolean
take_rest (Orders *orders, GError **error)
{
  const GPtrArray *lines = orders->proposal->lines;

  for (guint i = 0; i < lines->len; i++)
    {
      const DdLine *line = lines->pdata[i];

      if (line->action != DD_ACTION_NO_CHANGE && !g_hash_table_contains (orders->owners, line->id) &&
          !take_line (orders, orders->rest, line->id, error))
        return FALSE;
    }
  if (orders->rest->lines->len == 0)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, _ ("--order “%s=rest”: no line is left"),
                    orders->rest->id);
  return TRUE;
}

gboolean
ctl_edit_apply_orders (const CtlEdit *edit, DdProposal *proposal, GError **error)
{
  g_autoptr (GHashTable) owners = g_hash_table_new (g_str_hash, g_str_equal);
  Orders orders = { .proposal = proposal, .owners = owners };

  if (edit->orders == NULL)
    return TRUE;
  g_ptr_array_set_size (proposal->orders, 0);
  for (guint i = 0; edit->orders[i] != NULL; i++)
    if (!add_order (&orders, edit->orders[i], error))
      return FALSE;
  return orders.rest == NULL || take_rest (&orders, error);
}
