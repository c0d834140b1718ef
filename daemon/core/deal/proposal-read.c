/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A proposal from its JSON document, strictly: every complaint names its path, and an unknown member is one.
 * Any thread.
 */
#include "deal/proposal.h"

#include "text-hash.h"

#define MAX_LINES    100000
#define MAX_TERMS    10000
#define MAX_TEXT     (256 * 1024)
#define MAX_ID       128
#define MAX_QUANTITY (G_GINT64_CONSTANT (1000000000) * DD_MICROS)
#define MAX_MONTHS   1200

/* Every month has that day. */
#define MAX_BILLING_DAY 28

/* An identifier: not empty, no control characters, at most MAX_ID bytes. */
static gboolean
read_id (const DdJsonNode *object, const char *name, gboolean required, char **out_id, GError **error)
{
  const char *text = NULL;

  if (!dd_json_get_text (object, name, required, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  if (text[0] == '\0' || strlen (text) > MAX_ID)
    return dd_json_complain (dd_json_member (object, name), error, "must have 1 to %d bytes", MAX_ID);
  for (const char *c = text; *c != '\0'; c++)
    if ((guchar)*c < 0x20 || *c == 0x7f)
      return dd_json_complain (dd_json_member (object, name), error, "must not hold control characters");
  *out_id = g_strdup (text);
  return TRUE;
}

static gboolean
read_text (const DdJsonNode *object, const char *name, gboolean required, char **out_text, GError **error)
{
  const char *text = NULL;

  if (!dd_json_get_text (object, name, required, &text, error))
    return FALSE;
  if (text != NULL && strlen (text) > MAX_TEXT)
    return dd_json_complain (dd_json_member (object, name), error, "must have at most %d bytes", MAX_TEXT);
  if (text != NULL)
    *out_text = g_strdup (text);
  return TRUE;
}

/* A word of a fixed set; absent gives @fallback, or an error when that is negative. */
static gboolean
read_word (const DdJsonNode *object,
           const char *name,
           int (*from_name) (const char *),
           const char *words,
           int fallback,
           guint8 *out_word,
           GError **error)
{
  const char *text = NULL;
  int word = fallback;

  if (!dd_json_get_text (object, name, fallback < 0, &text, error))
    return FALSE;
  if (text != NULL)
    word = from_name (text);
  if (word < 0)
    return dd_json_complain (dd_json_member (object, name), error, "“%.40s” should be one of %s", text,
                             words);
  *out_word = (guint8)word;
  return TRUE;
}

static gboolean
read_date (const DdJsonNode *object, const char *name, char **out_date, GError **error)
{
  const char *text = NULL;
  if (!dd_json_get_text (object, name, FALSE, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  if (!dd_date_is_valid (text))
    return dd_json_complain (dd_json_member (object, name), error,
                             "“%.40s” is no date; it should look like 2026-12-31", text);
  *out_date = g_strdup (text);
  return TRUE;
}

static gboolean
read_moment (const DdJsonNode *object, const char *name, gint64 *out_time, GError **error)
{
  const char *text = NULL;
  g_autoptr (GError) local = NULL;

  if (!dd_json_get_text (object, name, FALSE, &text, error))
    return FALSE;
  if (text != NULL && !dd_time_parse (text, out_time, &local))
    return dd_json_complain (dd_json_member (object, name), error, "%s", local->message);
  return TRUE;
}

static gboolean
read_months (const DdJsonNode *object, const char *name, guint16 *out_months, GError **error)
{
  gint64 months = 0;

  if (!dd_json_get_int64 (object, name, FALSE, 0, MAX_MONTHS, &months, error))
    return FALSE;
  *out_months = (guint16)months;
  return TRUE;
}

#define PERCENT_KINDS "percent-off, percent-on, unit-off, unit-on, line-off, line-on, unit-override, factor"
#define SPREAD_KINDS  "percent-off, percent-on, line-off, line-on"
#define CHARGE_TYPES  "oneTime, recurring, usage"
#define PERIODS       "day, week, month, quarter, year"

/* "10%", "1.2" or "EUR 380.00", as @kind asks; never negative: the sign is the kind's. */
static gboolean
read_value (
  const DdJsonNode *object, guint8 kind, gint64 *out_value, DdCurrency *out_currency, GError **error)
{
  const DdJsonNode *node = dd_json_member (object, "value");
  const char *text = NULL;
  g_autoptr (GError) local = NULL;
  DdMoney money = { 0 };
  gboolean good;

  if (!dd_json_get_text (object, "value", TRUE, &text, error))
    return FALSE;
  if (kind == DD_ADJUST_PERCENT_OFF || kind == DD_ADJUST_PERCENT_ON)
    good = dd_percent_parse (text, &money.micros, &local);
  else if (kind == DD_ADJUST_FACTOR)
    good = dd_decimal_parse (text, -1, DD_NANOS_SCALE, &money.micros, &local);
  else
    good = dd_money_parse (text, &money, &local);
  if (!good)
    return dd_json_complain (node, error, "%s", local->message);
  if (money.micros < 0)
    return dd_json_complain (node, error, "must not be negative: the kind “%s” has the sign",
                             dd_adjust_kind_name (kind));
  if (kind == DD_ADJUST_PERCENT_OFF && money.micros > DD_NANOS)
    return dd_json_complain (node, error, "must be at most 100%%");
  *out_value = money.micros;
  *out_currency = money.currency;
  return TRUE;
}

static gboolean
read_alteration (const DdJsonNode *node, DdAlteration *alteration, GError **error)
{
  static const char *const known[] = { "charge", "kind", "value", "label", NULL };

  if (!dd_json_only_members (node, known, error) ||
      !read_id (node, "charge", FALSE, &alteration->charge, error) ||
      !read_word (node, "kind", dd_adjust_kind_from_name, PERCENT_KINDS, -1, &alteration->kind, error) ||
      !read_text (node, "label", FALSE, &alteration->label, error))
    return FALSE;
  if (alteration->kind > DD_ADJUST_FACTOR)
    return dd_json_complain (dd_json_member (node, "kind"), error, "should be one of " PERCENT_KINDS);
  return read_value (node, alteration->kind, &alteration->value, &alteration->currency, error);
}

/* A recurring charge has a period, a month unless it says another; no other charge has one. */
static gboolean
read_type_and_period (
  const DdJsonNode *node, int fallback, guint8 *out_type, guint8 *out_period, GError **error)
{
  if (!read_word (node, "type", dd_charge_type_from_name, CHARGE_TYPES, fallback, out_type, error) ||
      !read_word (node, "period", dd_period_from_name, PERIODS,
                  *out_type == DD_CHARGE_RECURRING ? DD_PERIOD_MONTH : DD_PERIOD_NONE, out_period, error))
    return FALSE;
  return (*out_type == DD_CHARGE_RECURRING) == (*out_period != DD_PERIOD_NONE) ||
         dd_json_complain (dd_json_member (node, "period"), error,
                           "should be one of " PERIODS " of a recurring charge, and absent of others");
}

static gboolean
read_installed (const DdJsonNode *node, DdInstalled *installed, GError **error)
{
  static const char *const known[] = { "charge", "type", "period", "net", NULL };
  const char *net = NULL;
  g_autoptr (GError) local = NULL;

  if (!dd_json_only_members (node, known, error) ||
      !read_id (node, "charge", TRUE, &installed->charge, error) ||
      !read_type_and_period (node, DD_CHARGE_RECURRING, &installed->type, &installed->period, error) ||
      !dd_json_get_text (node, "net", TRUE, &net, error))
    return FALSE;
  if (!dd_money_parse (net, &installed->net, &local))
    return dd_json_complain (dd_json_member (node, "net"), error, "%s", local->message);
  return installed->net.micros >= 0 || dd_json_complain (dd_json_member (node, "net"), error,
                                                         "must not be negative: it is what is paid today");
}

static gboolean
read_alterations (const DdJsonNode *node, DdLine *line, GError **error)
{
  const DdJsonNode *alterations = NULL, *installed = NULL;

  if (!dd_json_get_array (node, "alterations", FALSE, &alterations, error) ||
      !dd_json_get_array (node, "installed", FALSE, &installed, error))
    return FALSE;
  for (const DdJsonNode *n = alterations != NULL ? dd_json_first (alterations) : NULL; n != NULL;
       n = dd_json_next (n))
    {
      g_array_set_size (line->alterations, line->alterations->len + 1);
      if (!read_alteration (n, &g_array_index (line->alterations, DdAlteration, line->alterations->len - 1),
                            error))
        return FALSE;
    }
  for (const DdJsonNode *n = installed != NULL ? dd_json_first (installed) : NULL; n != NULL;
       n = dd_json_next (n))
    {
      g_array_set_size (line->installed, line->installed->len + 1);
      if (!read_installed (n, &g_array_index (line->installed, DdInstalled, line->installed->len - 1), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_choice (const DdJsonNode *node, DdLine *line, GError **error)
{
  gboolean optional = FALSE, chosen = FALSE;

  if (!dd_json_get_boolean (node, "optional", FALSE, &optional, error) ||
      !dd_json_get_boolean (node, "chosen", FALSE, &chosen, error))
    return FALSE;
  if (!optional && dd_json_member (node, "chosen") != NULL)
    return dd_json_complain (dd_json_member (node, "chosen"), error, "only an optional line can be chosen");
  line->optional = optional != FALSE;
  if (dd_json_member (node, "chosen") != NULL)
    line->chosen = chosen ? DD_CHOICE_TAKEN : DD_CHOICE_LEFT_OUT;
  return TRUE;
}

static gboolean
read_kept (const DdJsonNode *node, DdLine *line, GError **error)
{
  const DdJsonNode *kept = NULL;

  if (!dd_json_get_object (node, "kept", FALSE, &kept, error))
    return FALSE;
  if (kept != NULL)
    {
      g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
      dd_json_write_node (writer, kept);
      line->kept = dd_json_writer_finish (writer, NULL);
    }
  return TRUE;
}

static DdLine *
read_line (const DdJsonNode *node, GError **error)
{
  static const char *const known[] = { "id",          "offering",  "askedOffering", "name",   "quantity",
                                       "site",        "action",    "optional",      "chosen", "commitment",
                                       "alterations", "installed", "kept",          "start",  NULL };
  DdLine *line = dd_line_new ();

  line->quantity = DD_MICROS;
  if (dd_json_only_members (node, known, error) && read_id (node, "id", TRUE, &line->id, error) &&
      read_id (node, "offering", FALSE, &line->offering, error) &&
      read_id (node, "askedOffering", FALSE, &line->asked_offering, error) &&
      read_text (node, "name", FALSE, &line->name, error) &&
      read_id (node, "site", FALSE, &line->site, error) &&
      dd_json_get_decimal (node, "quantity", FALSE, DD_MICROS_SCALE, &line->quantity, error) &&
      read_word (node, "action", dd_action_from_name, "add, modify, delete, noChange", DD_ACTION_ADD,
                 &line->action, error) &&
      read_choice (node, line, error) && read_months (node, "commitment", &line->commitment, error) &&
      read_date (node, "start", &line->start, error) && read_alterations (node, line, error) &&
      read_kept (node, line, error))
    {
      if (line->quantity > 0 && line->quantity <= MAX_QUANTITY)
        return line;
      dd_json_complain (dd_json_member (node, "quantity"), error, "must be above 0 and at most 1000000000");
    }
  dd_line_free (line);
  return NULL;
}

static gboolean
read_deal_alteration (const DdJsonNode *node, DdDealAlteration *alteration, GError **error)
{
  static const char *const known[] = { "type", "period", "kind", "currency", "value", "label", NULL };
  const char *currency = NULL;
  g_autoptr (GError) local = NULL;

  if (!dd_json_only_members (node, known, error) ||
      !read_type_and_period (node, -1, &alteration->type, &alteration->period, error) ||
      !read_word (node, "kind", dd_adjust_kind_from_name, SPREAD_KINDS, -1, &alteration->kind, error) ||
      !read_text (node, "label", FALSE, &alteration->label, error) ||
      !dd_json_get_text (node, "currency", FALSE, &currency, error))
    return FALSE;
  if (alteration->kind != DD_ADJUST_PERCENT_OFF && alteration->kind != DD_ADJUST_PERCENT_ON &&
      alteration->kind != DD_ADJUST_LINE_OFF && alteration->kind != DD_ADJUST_LINE_ON)
    return dd_json_complain (dd_json_member (node, "kind"), error, "should be one of " SPREAD_KINDS);
  if (!read_value (node, alteration->kind, &alteration->value, &alteration->currency, error))
    return FALSE;
  if (alteration->currency.code[0] != '\0')
    return currency == NULL || g_str_equal (currency, alteration->currency.code) ||
           dd_json_complain (dd_json_member (node, "currency"), error, "is “%.8s”, but the value is in %s",
                             currency, alteration->currency.code);
  if (currency == NULL)
    return dd_json_complain (node, error, "a percentage needs its currency: \"currency\":\"EUR\"");
  if (!dd_currency_parse (currency, &alteration->currency, &local))
    return dd_json_complain (dd_json_member (node, "currency"), error, "%s", local->message);
  return TRUE;
}

static gboolean
read_parameters (const DdJsonNode *node, DdTerm *term, GError **error)
{
  static const char *const known[] = { "name", "value", NULL };
  const DdJsonNode *parameters = NULL;

  if (!dd_json_get_array (node, "parameters", FALSE, &parameters, error))
    return FALSE;
  for (const DdJsonNode *n = parameters != NULL ? dd_json_first (parameters) : NULL; n != NULL;
       n = dd_json_next (n))
    {
      g_array_set_size (term->parameters, term->parameters->len + 1);
      DdParameter *parameter = &g_array_index (term->parameters, DdParameter, term->parameters->len - 1);
      if (!dd_json_only_members (n, known, error) || !read_id (n, "name", TRUE, &parameter->name, error) ||
          !read_text (n, "value", TRUE, &parameter->value, error))
        return FALSE;
    }
  return TRUE;
}

static DdTerm *
read_term (const DdJsonNode *node, GError **error)
{
  static const char *const known[] = { "clause", "version",     "rung",       "title", "text",
                                       "origin", "acknowledge", "parameters", NULL };
  DdTerm *term = dd_term_new ();
  gboolean acknowledge = FALSE;

  if (dd_json_only_members (node, known, error) && read_id (node, "clause", TRUE, &term->clause, error) &&
      read_text (node, "version", FALSE, &term->version, error) &&
      read_text (node, "rung", FALSE, &term->rung, error) &&
      read_text (node, "title", TRUE, &term->title, error) &&
      read_text (node, "text", TRUE, &term->text, error) &&
      read_word (node, "origin", dd_side_from_name, "provider, customer", DD_SIDE_PROVIDER, &term->origin,
                 error) &&
      dd_json_get_boolean (node, "acknowledge", FALSE, &acknowledge, error) &&
      read_parameters (node, term, error))
    {
      term->acknowledge = acknowledge != FALSE;
      if (term->version == NULL)
        term->version = g_strdup ("");
      if (term->rung == NULL)
        term->rung = g_strdup ("own");
      if (term->text[0] != '\0')
        return term;
      dd_json_complain (dd_json_member (node, "text"), error, "must not be empty");
    }
  dd_term_free (term);
  return NULL;
}

static DdOrderPart *
read_order (const DdJsonNode *node, GError **error)
{
  static const char *const known[] = { "id", "lines", "requestedDate", NULL };
  DdOrderPart *part = dd_order_part_new ();
  const DdJsonNode *lines = NULL;

  if (dd_json_only_members (node, known, error) && read_id (node, "id", TRUE, &part->id, error) &&
      read_date (node, "requestedDate", &part->requested_date, error) &&
      dd_json_get_array (node, "lines", TRUE, &lines, error))
    {
      const DdJsonNode *n;
      for (n = dd_json_first (lines); n != NULL && dd_json_type (n) == DD_JSON_STRING; n = dd_json_next (n))
        g_ptr_array_add (part->lines, g_strdup (dd_json_text (n)));
      if (n == NULL && part->lines->len > 0)
        return part;
      dd_json_complain (n != NULL ? n : lines, error,
                        n != NULL ? "must be a line's id" : "must name at least one line");
    }
  dd_order_part_free (part);
  return NULL;
}

/* Every element of @object's member @name through @read into @list; ids must be unique by @id_of. */
static gboolean
read_list (const DdJsonNode *object,
           const char *name,
           guint max,
           gpointer (*read) (const DdJsonNode *, GError **),
           const char *(*id_of) (gconstpointer),
           GPtrArray *list,
           GError **error)
{
  const DdJsonNode *array = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (dd_text_hash, g_str_equal);

  if (!dd_json_get_array (object, name, FALSE, &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  if (dd_json_length (array) > max)
    return dd_json_complain (array, error, "has %u elements; at most %u are allowed", dd_json_length (array),
                             max);
  for (const DdJsonNode *n = dd_json_first (array); n != NULL; n = dd_json_next (n))
    {
      gpointer element = read (n, error);
      if (element == NULL)
        return FALSE;
      g_ptr_array_add (list, element);
      if (!g_hash_table_add (seen, (gpointer)id_of (element)))
        return dd_json_complain (n, error, "“%s” is there twice; each must be unique", id_of (element));
    }
  return TRUE;
}

static const char *
line_id (gconstpointer line)
{
  return ((const DdLine *)line)->id;
}

static const char *
term_clause (gconstpointer term)
{
  return ((const DdTerm *)term)->clause;
}

static const char *
order_id (gconstpointer part)
{
  return ((const DdOrderPart *)part)->id;
}

/* Every line that an order names exists, and no line is in two orders. */
static gboolean
check_orders (const DdJsonNode *root, const DdProposal *proposal, GError **error)
{
  g_autoptr (GHashTable) lines = g_hash_table_new (dd_text_hash, g_str_equal);
  const DdJsonNode *node = dd_json_member (root, "orders");

  for (guint i = 0; i < proposal->lines->len; i++)
    g_hash_table_insert (lines, ((DdLine *)g_ptr_array_index (proposal->lines, i))->id, NULL);
  for (guint i = 0; i < proposal->orders->len; i++)
    {
      const DdOrderPart *part = g_ptr_array_index (proposal->orders, i);
      for (guint k = 0; k < part->lines->len; k++)
        {
          const char *id = g_ptr_array_index (part->lines, k);
          gpointer owner = NULL;
          if (!g_hash_table_lookup_extended (lines, id, NULL, &owner))
            return dd_json_complain (node, error, "order “%s” names line “%s”, which isn't there", part->id,
                                     id);
          if (owner != NULL)
            return dd_json_complain (node, error,
                                     "line “%s” is in order “%s” and in order “%s”; a line is in at most one",
                                     id, (const char *)owner, part->id);
          g_hash_table_insert (lines, (gpointer)id, part->id);
        }
    }
  return TRUE;
}

static gboolean
read_spread_and_precedence (const DdJsonNode *node, DdProposal *proposal, GError **error)
{
  const DdJsonNode *spread = NULL, *precedence = NULL;

  if (!dd_json_get_array (node, "spread", FALSE, &spread, error) ||
      !dd_json_get_array (node, "precedence", FALSE, &precedence, error))
    return FALSE;
  for (const DdJsonNode *n = spread != NULL ? dd_json_first (spread) : NULL; n != NULL; n = dd_json_next (n))
    {
      g_array_set_size (proposal->spread, proposal->spread->len + 1);
      if (!read_deal_alteration (
            n, &g_array_index (proposal->spread, DdDealAlteration, proposal->spread->len - 1), error))
        return FALSE;
    }
  for (const DdJsonNode *n = precedence != NULL ? dd_json_first (precedence) : NULL; n != NULL;
       n = dd_json_next (n))
    {
      if (dd_json_type (n) != DD_JSON_STRING)
        return dd_json_complain (n, error, "must be a part's name, such as \"terms\"");
      g_ptr_array_add (proposal->precedence, g_strdup (dd_json_text (n)));
    }
  return TRUE;
}

static gboolean
read_head (const DdJsonNode *node, DdProposal *proposal, GError **error)
{
  const char *currency = NULL;
  gint64 billing_day = 0;
  g_autoptr (GError) local = NULL;

  if (!read_months (node, "commitment", &proposal->commitment, error) ||
      !dd_json_get_int64 (node, "billingDay", FALSE, 1, MAX_BILLING_DAY, &billing_day, error) ||
      !dd_json_get_text (node, "currency", FALSE, &currency, error) ||
      !read_date (node, "effectiveFrom", &proposal->effective_from, error) ||
      !read_date (node, "effectiveTo", &proposal->effective_to, error) ||
      !read_moment (node, "validUntil", &proposal->valid_until, error) ||
      !read_moment (node, "irrevocableUntil", &proposal->irrevocable_until, error) ||
      !read_text (node, "note", FALSE, &proposal->note, error))
    return FALSE;
  proposal->billing_day = (guint8)billing_day;
  if (currency != NULL && !dd_currency_parse (currency, &proposal->currency, &local))
    return dd_json_complain (dd_json_member (node, "currency"), error, "%s", local->message);
  if (proposal->effective_from != NULL && proposal->effective_to != NULL &&
      strcmp (proposal->effective_from, proposal->effective_to) >= 0)
    return dd_json_complain (dd_json_member (node, "effectiveTo"), error, "must be after effectiveFrom");
  if (proposal->irrevocable_until != 0 && proposal->valid_until != 0 &&
      proposal->irrevocable_until > proposal->valid_until)
    return dd_json_complain (dd_json_member (node, "irrevocableUntil"), error,
                             "must not be after validUntil");
  return TRUE;
}

DdProposal *
dd_proposal_read (const DdJsonNode *node, GError **error)
{
  static const char *const known[] = {
    "lines",         "spread",      "terms",      "orders",           "precedence", "commitment", "currency",
    "effectiveFrom", "effectiveTo", "validUntil", "irrevocableUntil", "note",       "billingDay", NULL
  };
  g_autoptr (DdProposal) proposal = dd_proposal_new ();

  if (!dd_json_only_members (node, known, error) || !read_head (node, proposal, error) ||
      !read_list (node, "lines", MAX_LINES, (gpointer)read_line, line_id, proposal->lines, error) ||
      !read_list (node, "terms", MAX_TERMS, (gpointer)read_term, term_clause, proposal->terms, error) ||
      !read_list (node, "orders", MAX_LINES, (gpointer)read_order, order_id, proposal->orders, error) ||
      !read_spread_and_precedence (node, proposal, error) || !check_orders (node, proposal, error))
    return NULL;
  if (proposal->lines->len == 0)
    {
      dd_json_complain (node, error, "must have at least one line in \"lines\"");
      return NULL;
    }
  return g_steal_pointer (&proposal);
}
