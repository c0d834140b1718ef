/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A proposal's content as values: making, finding, freeing (see proposal.h). Any thread.
 */
#include "deal/proposal.h"

#include "number/day.h"

#include <stdlib.h>

static const char *const action_names[] = { "add", "modify", "delete", "noChange" };
static const char *const side_names[] = { "provider", "customer" };

G_STATIC_ASSERT (G_N_ELEMENTS (action_names) == DD_N_ACTIONS);
G_STATIC_ASSERT (G_N_ELEMENTS (side_names) == DD_N_SIDES);

static int
index_of (const char *const *names, guint n_names, const char *text)
{
  for (guint i = 0; i < n_names; i++)
    if (g_str_equal (names[i], text))
      return (int)i;
  return -1;
}

const char *
dd_action_name (DdLineAction action)
{
  return action_names[action];
}

int
dd_action_from_name (const char *text)
{
  return index_of (action_names, DD_N_ACTIONS, text);
}

const char *
dd_side_name (DdSide side)
{
  return side_names[side];
}

int
dd_side_from_name (const char *text)
{
  return index_of (side_names, DD_N_SIDES, text);
}

static void
alteration_clear (gpointer data)
{
  DdAlteration *alteration = data;

  g_free (alteration->charge);
  g_free (alteration->label);
}

static void
installed_clear (gpointer data)
{
  g_free (((DdInstalled *)data)->charge);
}

static void
deal_alteration_clear (gpointer data)
{
  g_free (((DdDealAlteration *)data)->label);
}

static void
parameter_clear (gpointer data)
{
  DdParameter *parameter = data;

  g_free (parameter->name);
  g_free (parameter->value);
}

static GArray *
array_new (guint element_size, GDestroyNotify clear)
{
  GArray *array = g_array_new (FALSE, TRUE, element_size);

  g_array_set_clear_func (array, clear);
  return array;
}

DdLine *
dd_line_new (void)
{
  DdLine *line = g_new0 (DdLine, 1);

  line->alterations = array_new (sizeof (DdAlteration), alteration_clear);
  line->installed = array_new (sizeof (DdInstalled), installed_clear);
  return line;
}

void
dd_line_free (DdLine *line)
{
  g_free (line->id);
  g_free (line->offering);
  g_free (line->asked_offering);
  g_free (line->name);
  g_free (line->site);
  g_free (line->start);
  g_array_unref (line->alterations);
  g_array_unref (line->installed);
  g_free (line->kept);
  g_free (line);
}

DdTerm *
dd_term_new (void)
{
  DdTerm *term = g_new0 (DdTerm, 1);

  term->parameters = array_new (sizeof (DdParameter), parameter_clear);
  return term;
}

void
dd_term_free (DdTerm *term)
{
  g_free (term->clause);
  g_free (term->version);
  g_free (term->rung);
  g_free (term->title);
  g_free (term->text);
  g_array_unref (term->parameters);
  g_free (term);
}

DdOrderPart *
dd_order_part_new (void)
{
  DdOrderPart *part = g_new0 (DdOrderPart, 1);

  part->lines = g_ptr_array_new_with_free_func (g_free);
  return part;
}

void
dd_order_part_free (DdOrderPart *part)
{
  g_free (part->id);
  g_free (part->requested_date);
  g_ptr_array_unref (part->lines);
  g_free (part);
}

DdProposal *
dd_proposal_new (void)
{
  DdProposal *proposal = g_new0 (DdProposal, 1);

  proposal->ref_count = 1;
  proposal->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_line_free);
  proposal->spread = array_new (sizeof (DdDealAlteration), deal_alteration_clear);
  proposal->terms = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_term_free);
  proposal->orders = g_ptr_array_new_with_free_func ((GDestroyNotify)dd_order_part_free);
  proposal->precedence = g_ptr_array_new_with_free_func (g_free);
  return proposal;
}

DdProposal *
dd_proposal_ref (DdProposal *proposal)
{
  g_atomic_int_inc (&proposal->ref_count);
  return proposal;
}

void
dd_proposal_unref (DdProposal *proposal)
{
  if (!g_atomic_int_dec_and_test (&proposal->ref_count))
    return;

  g_ptr_array_unref (proposal->lines);
  g_array_unref (proposal->spread);
  g_ptr_array_unref (proposal->terms);
  g_ptr_array_unref (proposal->orders);
  g_ptr_array_unref (proposal->precedence);
  g_free (proposal->effective_from);
  g_free (proposal->effective_to);
  g_free (proposal->note);
  g_free (proposal);
}

DdLine *
dd_proposal_line (const DdProposal *proposal, const char *id)
{
  for (guint i = 0; i < proposal->lines->len; i++)
    {
      DdLine *line = g_ptr_array_index (proposal->lines, i);
      if (g_str_equal (line->id, id))
        return line;
    }
  return NULL;
}

DdTerm *
dd_proposal_term (const DdProposal *proposal, const char *clause)
{
  for (guint i = 0; i < proposal->terms->len; i++)
    {
      DdTerm *term = g_ptr_array_index (proposal->terms, i);
      if (g_str_equal (term->clause, clause))
        return term;
    }
  return NULL;
}

char *
dd_term_sha256 (const DdTerm *term)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  gsize length = 0;

  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "clause", term->clause);
  dd_json_write_key (writer, "parameters");
  dd_json_write_begin_array (writer);
  for (guint i = 0; i < term->parameters->len; i++)
    {
      dd_json_write_string (writer, g_array_index (term->parameters, DdParameter, i).name);
      dd_json_write_string (writer, g_array_index (term->parameters, DdParameter, i).value);
    }
  dd_json_write_end_array (writer);
  dd_json_put_string (writer, "text", term->text);
  dd_json_put_string (writer, "title", term->title);
  dd_json_put_string (writer, "version", term->version);
  dd_json_write_end_object (writer);
  g_autofree char *text = dd_json_writer_finish (writer, &length);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text, length);
}

guint
dd_line_commitment (const DdProposal *proposal, const DdLine *line)
{
  return line->commitment > 0 ? line->commitment : proposal->commitment;
}

gboolean
dd_line_counted (const DdLine *line)
{
  return !line->optional || line->chosen == DD_CHOICE_TAKEN;
}

/* Of a date that dd_date_is_valid took. */
static gint32
day_of_date (const char *date)
{
  return (gint32)dd_day_from_date (atoi (date), (guint)atoi (date + 5), (guint)atoi (date + 8));
}

gint32
dd_line_start (const DdProposal *proposal, const DdLine *line)
{
  if (line->start != NULL)
    return day_of_date (line->start);
  return proposal->effective_from != NULL ? day_of_date (proposal->effective_from) : DD_NO_DAY;
}

GArray *
dd_proposal_price_lines (const DdProposal *proposal)
{
  GArray *lines = g_array_sized_new (FALSE, FALSE, sizeof (DdPriceLine), proposal->lines->len);

  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const DdLine *line = g_ptr_array_index (proposal->lines, i);
      DdPriceLine price_line = {
        .id = line->id,
        .quantity = line->quantity,
        .commitment = (guint16)dd_line_commitment (proposal, line),
        .action = line->action,
        .counted = dd_line_counted (line),
        .billing_day = proposal->billing_day,
        .start = dd_line_start (proposal, line),
      };
      g_array_append_val (lines, price_line);
    }
  return lines;
}

void
dd_proposal_add_spreads (const DdProposal *proposal, DdAnswers *answers)
{
  for (guint i = 0; i < proposal->spread->len; i++)
    {
      const DdDealAlteration *alteration = &g_array_index (proposal->spread, DdDealAlteration, i);
      DdSpread spread = {
        .type = alteration->type,
        .period = alteration->period,
        .kind = alteration->kind,
        .label = dd_answers_label (answers, alteration->label),
        .currency = alteration->currency,
        .value = alteration->value,
      };
      g_array_append_val (answers->spreads, spread);
    }
}

static void
add_installed (guint32 index, const DdLine *line, DdAnswers *answers)
{
  for (guint i = 0; i < line->installed->len; i++)
    {
      const DdInstalled *installed = &g_array_index (line->installed, DdInstalled, i);
      DdInstalledNet net = {
        .line = index,
        .id = dd_answers_label (answers, installed->charge),
        .type = installed->type,
        .period = installed->period,
        .currency = installed->net.currency,
        .net = installed->net.micros,
      };
      g_array_append_val (answers->installed, net);
    }
}

void
dd_proposal_add_installed (const DdProposal *proposal, DdAnswers *answers)
{
  for (guint i = 0; i < proposal->lines->len; i++)
    {
      const DdLine *line = g_ptr_array_index (proposal->lines, i);
      if (line->action == DD_ACTION_MODIFY || line->action == DD_ACTION_DELETE)
        add_installed (i, line, answers);
    }
}
