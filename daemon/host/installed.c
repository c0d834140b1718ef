/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What customers pay today, where the lines of a proposal don't state it: dataset installed, on the day that
 * prices are asked for.
 *
 * A row belongs to the lines of its customer, offering and site alone: a line at a site takes no row without
 * one, since that is another product. What a line states of a charge counts, and the charge's row doesn't.
 * Pure; any thread.
 */
#include "call.h"

#include <string.h>

#include "number/day.h"
#include "number/quoted.h"

enum
{
  INSTALLED_CUSTOMER,
  INSTALLED_OFFERING,
  INSTALLED_SITE,
  INSTALLED_CHARGE,
  INSTALLED_VALID_FROM,
  INSTALLED_TYPE,
  INSTALLED_PERIOD,
  INSTALLED_NET,
  INSTALLED_CURRENCY,
  INSTALLED_VALID_TO
};

typedef struct
{
  const DdDataset *dataset; /* (nullable) */
  gint32 date;
  guint first; /* the customer's rows */
  guint n_rows;
  guint32 *taken; /* (nullable): of each of them, the line that took it + 1 */
  const DdProposal *proposal;
  DdAnswers *answers;
  gboolean *known; /* of each line: something installed is known */
} Installed;

static const DdCell *
row_at (const Installed *installed, guint row)
{
  return dd_dataset_row (installed->dataset, installed->first + row);
}

static const char *
site_of (const DdLine *line)
{
  return line->site != NULL ? line->site : "";
}

static int
compare_row (const DdCell *row, const DdLine *line)
{
  int order = strcmp (row[INSTALLED_OFFERING].text, line->offering);

  return order != 0 ? order : strcmp (row[INSTALLED_SITE].text, site_of (line));
}

/* The first of the customer's rows that isn't before @line's: they lie in order of the key. */
static guint
find_rows (const Installed *installed, const DdLine *line)
{
  guint low = 0;
  guint high = installed->n_rows;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_row (row_at (installed, middle), line) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
holds (const Installed *installed, const DdCell *row)
{
  return (row[INSTALLED_VALID_FROM].number == G_MININT64 ||
          row[INSTALLED_VALID_FROM].number <= installed->date) &&
         (row[INSTALLED_VALID_TO].number == G_MININT64 || installed->date <= row[INSTALLED_VALID_TO].number);
}

static gboolean
states (const DdLine *line, const char *charge)
{
  for (guint i = 0; i < line->installed->len; i++)
    if (strcmp (g_array_index (line->installed, DdInstalled, i).charge, charge) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
fail_row (const DdLine *line, const DdCell *row, GError **error, const char *reason)
{
  g_autofree char *charge = dd_quote (row[INSTALLED_CHARGE].text, -1);

  return dd_fail (error, DD_ERROR_UNPRICED,
                  "line \"%s\", charge %s: its row of dataset installed, offering %s%s%s: %s", line->id,
                  charge, line->offering, line->site != NULL ? ", site " : "", site_of (line), reason);
}

static gboolean
read_row (const DdLine *line, const DdCell *row, DdInstalledNet *out_net, GError **error)
{
  const gint64 nanos_per_micro = DD_NANOS / DD_MICROS;
  int type = dd_charge_type_from_name (row[INSTALLED_TYPE].text);
  int period =
    row[INSTALLED_PERIOD].text[0] != '\0' ? dd_period_from_name (row[INSTALLED_PERIOD].text) : DD_PERIOD_NONE;
  DdInstalledNet net = { .type = (guint8)type, .period = (guint8)period };

  if ((type != DD_CHARGE_ONE_TIME && type != DD_CHARGE_RECURRING) || period < 0 ||
      (type == DD_CHARGE_RECURRING) != (period != DD_PERIOD_NONE))
    return fail_row (line, row, error, "a recurring charge has a period, and a oneTime charge has none");
  if (!dd_currency_parse (row[INSTALLED_CURRENCY].text, &net.currency, error))
    return FALSE;
  if (row[INSTALLED_NET].number < 0 ||
      row[INSTALLED_NET].number % (dd_currency_minor_micros (net.currency) * nanos_per_micro) != 0)
    return fail_row (line, row, error,
                     "its net isn't a whole number of the currency's minor units, zero or more");
  net.net = row[INSTALLED_NET].number / nanos_per_micro;
  *out_net = net;
  return TRUE;
}

/* One net can't come off twice: which line changes how much of it only a person knows. */
static gboolean
take_row (Installed *installed, guint32 index, guint row, GError **error)
{
  const DdLine *line = g_ptr_array_index (installed->proposal->lines, index);
  guint32 earlier = installed->taken[row];

  if (earlier == 0)
    {
      installed->taken[row] = index + 1;
      return TRUE;
    }

  const DdLine *other = g_ptr_array_index (installed->proposal->lines, earlier - 1);
  g_autofree char *charge = dd_quote (row_at (installed, row)[INSTALLED_CHARGE].text, -1);

  return dd_fail (
    error, DD_ERROR_UNPRICED,
    "lines \"%s\" and \"%s\" both change offering %s%s%s, and dataset installed has one net for "
    "charge %s of it: state on each of them what is installed",
    other->id, line->id, line->offering, line->site != NULL ? " at site " : "", site_of (line), charge);
}

static gboolean
add_rows (Installed *installed, guint32 index, GError **error)
{
  const DdLine *line = g_ptr_array_index (installed->proposal->lines, index);

  for (guint row = find_rows (installed, line);
       row < installed->n_rows && compare_row (row_at (installed, row), line) == 0; row++)
    {
      const DdCell *cells = row_at (installed, row);
      DdInstalledNet net = { 0 };

      if (!holds (installed, cells) || states (line, cells[INSTALLED_CHARGE].text))
        continue;
      if (!take_row (installed, index, row, error) || !read_row (line, cells, &net, error))
        return FALSE;
      net.line = index;
      net.id = dd_answers_label (installed->answers, cells[INSTALLED_CHARGE].text);
      net.source = dd_answers_label (installed->answers, "installed") + 1;
      g_array_append_val (installed->answers->installed, net);
    }
  return TRUE;
}

static gboolean
add_all (Installed *installed, GError **error)
{
  guint n_stated = installed->answers->installed->len;

  if (installed->n_rows == 0)
    return TRUE;
  for (guint32 i = 0; i < installed->proposal->lines->len; i++)
    {
      const DdLine *line = g_ptr_array_index (installed->proposal->lines, i);

      if ((line->action == DD_ACTION_MODIFY || line->action == DD_ACTION_DELETE) &&
          !add_rows (installed, i, error))
        return FALSE;
    }
  if (installed->answers->installed->len > n_stated)
    dd_answers_add_source (installed->answers, "installed", dd_dataset_version (installed->dataset), NULL);
  return TRUE;
}

/* An offering that isn't sold any more has no charges: then a line that ends it says nothing but what it
 * takes off. */
static gboolean
check_deleted (const Installed *installed, GError **error)
{
  const DdAnswers *answers = installed->answers;

  for (guint i = 0; i < answers->charges->len; i++)
    installed->known[g_array_index (answers->charges, DdCharge, i).line] = TRUE;
  for (guint i = 0; i < answers->installed->len; i++)
    installed->known[g_array_index (answers->installed, DdInstalledNet, i).line] = TRUE;
  for (guint i = 0; i < installed->proposal->lines->len; i++)
    {
      const DdLine *line = g_ptr_array_index (installed->proposal->lines, i);
      g_autofree char *date = NULL;

      if (line->action != DD_ACTION_DELETE || installed->known[i])
        continue;
      date = dd_day_format (installed->date);
      return dd_fail (error, DD_ERROR_UNPRICED,
                      "line \"%s\": offering %s has no charges on %s, and nothing says what is installed of "
                      "it: state it on the line, or import a row for each of its charges into dataset "
                      "installed",
                      line->id, line->offering, date);
    }
  return TRUE;
}

gboolean
dd_host_add_installed (const DdDataset *dataset,
                       const char *customer,
                       gint64 now,
                       const DdProposal *proposal,
                       DdAnswers *answers,
                       GError **error)
{
  Installed installed = {
    .dataset = dataset, .date = dd_day_of (now), .proposal = proposal, .answers = answers
  };

  if (dataset != NULL && customer != NULL)
    installed.n_rows = dd_dataset_find (dataset, customer, &installed.first);
  installed.taken = g_new0 (guint32, installed.n_rows + 1);
  installed.known = g_new0 (gboolean, proposal->lines->len + 1);

  gboolean added = add_all (&installed, error) && check_deleted (&installed, error);

  g_free (installed.taken);
  g_free (installed.known);
  return added;
}
