/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Edits on a proposal (see edit.h): its lines; its own data, spreads and orders are in edit-deal.c,
 * settings in edit-set.c. Any thread.
 */
#include "edit-private.h"
#include "i18n.h"

#include <stdlib.h>
#include <string.h>

#define PERCENT_KINDS ((1u << DD_ADJUST_PERCENT_OFF) | (1u << DD_ADJUST_PERCENT_ON))
#define ALL_KINDS     G_MAXUINT32

/* What "LINE[:CHARGE]=VALUE" says; the value is borrowed from the option's text. */
typedef struct
{
  DdLine *line; /* borrowed from the proposal */
  char *charge; /* (nullable) */
  const char *value;
} Target;

static void
target_clear (Target *target)
{
  g_free (target->charge);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

DdLine *
ctl_edit_find_line (DdProposal *proposal, const char *option, const char *id, GError **error)
{
  DdLine *line = dd_proposal_line (proposal, id);

  if (line == NULL)
    dd_fail (error, DD_ERROR_NOT_FOUND, _ ("%s: the proposal has no line “%s”"), option, id);
  return line;
}

DdLine *
ctl_edit_find_target (
  DdProposal *proposal, const CtlEditSaid *said, const char *name, char **out_charge, GError **error)
{
  DdLine *line = dd_proposal_line (proposal, name);
  const char *colon = line == NULL ? strrchr (name, ':') : NULL;
  g_autofree char *id = colon == NULL ? g_strdup (name) : g_strndup (name, (gsize)(colon - name));

  if (colon != NULL)
    line = dd_proposal_line (proposal, id);
  if (line == NULL)
    dd_fail (error, DD_ERROR_NOT_FOUND, _ ("%s “%s”: the proposal has no line “%s”"), said->option,
             said->text, id);
  else
    *out_charge = colon == NULL || colon[1] == '\0' ? NULL : g_strdup (colon + 1);
  return line;
}

static gboolean
read_target (DdProposal *proposal, const CtlEditSaid *said, Target *out_target, GError **error)
{
  const char *equals = strrchr (said->text, '=');
  g_autofree char *name = NULL;

  if (equals == NULL || equals == said->text || equals[1] == '\0')
    return ctl_usage (error, _ ("%s “%s”: it should look like LINE[:CHARGE]=VALUE"), said->option,
                      said->text);
  name = g_strndup (said->text, (gsize)(equals - said->text));
  out_target->line = ctl_edit_find_target (proposal, said, name, &out_target->charge, error);
  out_target->value = equals + 1;
  return out_target->line != NULL;
}

static void
add_alteration (DdLine *line, const char *charge, const DdAlteration *model)
{
  DdAlteration *alteration;

  g_array_set_size (line->alterations, line->alterations->len + 1);
  alteration = &g_array_index (line->alterations, DdAlteration, line->alterations->len - 1);
  *alteration = *model;
  alteration->charge = g_strdup (charge);
  alteration->label = g_strdup (model->label);
}

/* Takes away the alterations of @kinds (a bit set) that work on @charge (nullable: on any). One that works on
 * every charge is kept for the others, each by itself. */
static gboolean
clear_alterations (
  const CtlEditContext *context, DdLine *line, const char *charge, guint kinds, GError **error)
{
  for (guint i = line->alterations->len; i > 0; i--)
    {
      const DdAlteration *alteration = &g_array_index (line->alterations, DdAlteration, i - 1);
      g_auto (GStrv) charges = NULL;
      DdAlteration model;

      if ((kinds & (1u << alteration->kind)) == 0 ||
          (charge != NULL && alteration->charge != NULL && !g_str_equal (alteration->charge, charge)))
        continue;
      if (charge == NULL || alteration->charge != NULL)
        {
          g_array_remove_index (line->alterations, i - 1);
          continue;
        }
      charges = context->charges (line->id, context->data, error);
      if (charges == NULL)
        return FALSE;
      model = *alteration;
      model.label = g_strdup (alteration->label);
      g_array_remove_index (line->alterations, i - 1);
      for (guint k = 0; charges[k] != NULL; k++)
        if (!g_str_equal (charges[k], charge))
          add_alteration (line, charges[k], &model);
      g_free (model.label);
    }
  return TRUE;
}

static gboolean
is_bare_number (const char *text)
{
  return g_ascii_isdigit (text[0]) && text[strspn (text, "0123456789.")] == '\0';
}

static gboolean
read_discount (const CtlEditSaid *said, const char *text, DdAlteration *out_alteration, GError **error)
{
  g_autoptr (GError) local = NULL;
  gint64 nanos;

  if (is_bare_number (text))
    return ctl_usage (error, _ ("%s “%s”: a percentage has its sign: “%s%%”"), said->option, said->text,
                      text);
  if (!dd_percent_parse (text, &nanos, &local))
    return ctl_usage (error, _ ("%s “%s”: %s"), said->option, said->text, local->message);
  if (nanos < 0 || nanos > DD_NANOS)
    return ctl_usage (error, _ ("%s “%s”: it should be between 0%% and 100%%"), said->option, said->text);
  *out_alteration = (DdAlteration){ .kind = DD_ADJUST_PERCENT_OFF, .value = nanos };
  return TRUE;
}

/* A discount takes the place of the percentages that the line had. */
static gboolean
discount_line (const CtlEditContext *context,
               DdLine *line,
               const char *charge,
               const DdAlteration *discount,
               GError **error)
{
  if (!clear_alterations (context, line, charge, PERCENT_KINDS, error))
    return FALSE;
  if (discount->value > 0)
    add_alteration (line, charge, discount);
  return TRUE;
}

static gboolean
discount_lines (const CtlEditContext *context,
                DdProposal *proposal,
                char **lines,
                const DdAlteration *discount,
                GError **error)
{
  if (lines == NULL)
    {
      for (guint i = 0; i < proposal->lines->len; i++)
        {
          DdLine *line = proposal->lines->pdata[i];

          if (line->action != DD_ACTION_ADD && line->action != DD_ACTION_MODIFY)
            continue;
          if (!discount_line (context, line, NULL, discount, error))
            return FALSE;
        }
      return TRUE;
    }
  for (guint i = 0; lines[i] != NULL; i++)
    {
      DdLine *line = ctl_edit_find_line (proposal, "--line", lines[i], error);

      if (line == NULL || !discount_line (context, line, NULL, discount, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
ctl_edit_discount (const CtlEditContext *context,
                   DdProposal *proposal,
                   const CtlEditSaid *said,
                   DdLine *line,
                   const char *charge,
                   const char *value,
                   GError **error)
{
  DdAlteration discount;

  if (!read_discount (said, value, &discount, error))
    return FALSE;
  return line == NULL ? discount_lines (context, proposal, NULL, &discount, error)
                      : discount_line (context, line, charge, &discount, error);
}

static gboolean
apply_discounts (const CtlEdit *edit, const CtlEditContext *context, DdProposal *proposal, GError **error)
{
  if (edit->lines != NULL && edit->discounts == NULL)
    return ctl_usage (error, _ ("--line says which lines a --discount is about; there is none"));
  for (guint i = 0; edit->discounts != NULL && edit->discounts[i] != NULL; i++)
    {
      const CtlEditSaid said = { "--discount", edit->discounts[i] };
      g_auto (Target) target = { NULL, NULL, NULL };
      DdAlteration discount;

      if (strchr (said.text, '=') == NULL)
        {
          if (!read_discount (&said, said.text, &discount, error) ||
              !discount_lines (context, proposal, edit->lines, &discount, error))
            return FALSE;
          continue;
        }
      if (!read_target (proposal, &said, &target, error) ||
          !ctl_edit_discount (context, proposal, &said, target.line, target.charge, target.value, error))
        return FALSE;
    }
  return TRUE;
}

/* The one charge of @line, when none was named. (transfer full) */
static char *
only_charge (const CtlEditContext *context, const DdLine *line, const CtlEditSaid *said, GError **error)
{
  g_auto (GStrv) charges = context->charges (line->id, context->data, error);
  g_autofree char *list = NULL;

  if (charges == NULL)
    return NULL;
  if (g_strv_length (charges) == 1)
    return g_strdup (charges[0]);
  list = g_strjoinv (", ", charges);
  ctl_usage (error, _ ("%s “%s”: line “%s” has more charges than one (%s); say which, as in %s:%s"),
             said->option, said->text, line->id, list, line->id, charges[0] == NULL ? "CHARGE" : charges[0]);
  return NULL;
}

/* A price takes the place of whatever was negotiated on its charge. */
gboolean
ctl_edit_price (const CtlEditContext *context,
                const CtlEditSaid *said,
                DdLine *line,
                const char *charge,
                const char *value,
                GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *only = NULL;
  DdAlteration alteration = { .kind = DD_ADJUST_UNIT_OVERRIDE };
  DdMoney money;

  if (!dd_money_parse (value, &money, &local))
    return ctl_usage (error, _ ("%s “%s”: %s"), said->option, said->text, local->message);
  if (money.micros < 0)
    return ctl_usage (error, _ ("%s “%s”: a price can't be negative"), said->option, said->text);
  if (charge == NULL)
    charge = only = only_charge (context, line, said, error);
  if (charge == NULL || !clear_alterations (context, line, charge, ALL_KINDS, error))
    return FALSE;
  alteration.value = money.micros;
  alteration.currency = money.currency;
  add_alteration (line, charge, &alteration);
  return TRUE;
}

static gboolean
apply_price (const CtlEditContext *context, DdProposal *proposal, const char *text, GError **error)
{
  const CtlEditSaid said = { "--price", text };
  g_auto (Target) target = { NULL, NULL, NULL };

  return read_target (proposal, &said, &target, error) &&
         ctl_edit_price (context, &said, target.line, target.charge, target.value, error);
}

gboolean
ctl_edit_quantity (const CtlEditSaid *said, DdLine *line, const char *value, GError **error)
{
  g_autoptr (GError) local = NULL;
  gint64 quantity;

  if (!dd_quantity_parse (value, &quantity, &local))
    return ctl_usage (error, _ ("%s “%s”: %s"), said->option, said->text, local->message);
  if (quantity <= 0)
    return ctl_usage (error, _ ("%s “%s”: a quantity is above 0"), said->option, said->text);
  line->quantity = quantity;
  return TRUE;
}

static gboolean
apply_quantity (DdProposal *proposal, const char *text, GError **error)
{
  const CtlEditSaid said = { "--quantity", text };
  g_auto (Target) target = { NULL, NULL, NULL };

  if (!read_target (proposal, &said, &target, error))
    return FALSE;
  if (target.charge != NULL)
    return ctl_usage (error, _ ("%s “%s”: a quantity is of a whole line: LINE=20"), said.option, said.text);
  return ctl_edit_quantity (&said, target.line, target.value, error);
}

gboolean
ctl_edit_choose (const char *option, DdLine *line, guint8 choice, GError **error)
{
  if (!line->optional)
    return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, _ ("%s: line “%s” isn't optional"), option, line->id);
  line->chosen = choice;
  return TRUE;
}

static gboolean
apply_choices (DdProposal *proposal, const char *option, char **lines, guint8 choice, GError **error)
{
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      DdLine *line = ctl_edit_find_line (proposal, option, lines[i], error);

      if (line == NULL || !ctl_edit_choose (option, line, choice, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
apply_lines (const CtlEdit *edit, const CtlEditContext *context, DdProposal *proposal, GError **error)
{
  if (!apply_discounts (edit, context, proposal, error))
    return FALSE;
  for (guint i = 0; edit->prices != NULL && edit->prices[i] != NULL; i++)
    if (!apply_price (context, proposal, edit->prices[i], error))
      return FALSE;
  for (guint i = 0; edit->quantities != NULL && edit->quantities[i] != NULL; i++)
    if (!apply_quantity (proposal, edit->quantities[i], error))
      return FALSE;
  return apply_choices (proposal, "--choose", edit->chosen, DD_CHOICE_TAKEN, error) &&
         apply_choices (proposal, "--leave-out", edit->left_out, DD_CHOICE_LEFT_OUT, error);
}

gboolean
ctl_edit_is_empty (const CtlEdit *edit)
{
  return edit->discounts == NULL && edit->lines == NULL && edit->prices == NULL && edit->quantities == NULL &&
         edit->chosen == NULL && edit->left_out == NULL && edit->spreads == NULL && edit->orders == NULL &&
         edit->term == CTL_NO_TERM && edit->valid_until == NULL && edit->irrevocable_until == NULL &&
         edit->effective_from == NULL && edit->effective_to == NULL && edit->note == NULL &&
         edit->settings == NULL;
}

gboolean
ctl_edit_apply (
  const CtlEdit *edit, DdProposal *proposal, CtlEditCharges charges, gpointer data, GError **error)
{
  const CtlEditContext context = { .charges = charges, .data = data };

  return ctl_edit_apply_head (edit, proposal, error) && apply_lines (edit, &context, proposal, error) &&
         ctl_edit_apply_spreads (edit, proposal, error) && ctl_edit_apply_orders (edit, proposal, error) &&
         ctl_edit_apply_settings (edit, &context, proposal, error);
}

gboolean
ctl_edit_merge_terms (const DdJsonNode *root, DdProposal *proposal, GError **error)
{
  const DdJsonNode *terms = NULL;
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (DdJson) json = NULL;
  g_autoptr (DdProposal) read = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!dd_json_get_array (root, "terms", TRUE, &terms, error))
    return FALSE;
  /* A proposal has to have a line; what is read of this one is its terms. */
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "lines");
  dd_json_write_begin_array (writer);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "id", "1");
  dd_json_write_end_object (writer);
  dd_json_write_end_array (writer);
  dd_json_write_key (writer, "terms");
  dd_json_write_node (writer, terms);
  dd_json_write_end_object (writer);
  text = dd_json_writer_finish (writer, &length);
  json = dd_json_parse (text, length, NULL, error);
  read = json == NULL ? NULL : dd_proposal_read (dd_json_root (json), error);
  if (read == NULL)
    return FALSE;
  while (read->terms->len > 0)
    {
      DdTerm *term = g_ptr_array_steal_index (read->terms, 0);
      guint index = 0;

      while (index < proposal->terms->len &&
             !g_str_equal (((DdTerm *)proposal->terms->pdata[index])->clause, term->clause))
        index++;
      if (index < proposal->terms->len)
        g_ptr_array_remove_index (proposal->terms, index);
      g_ptr_array_insert (proposal->terms, (gint)index, term);
    }
  return TRUE;
}
