/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One quote item, TMF648's or Sonata's, to one line of a proposal.
 *
 * An item's parts (a bundle) become lines of their own with ids "parent/part". A buyer's price is kept, not
 * made an alteration: which charge of which period it means only the catalogue knows, and it may include tax.
 * What a line has no place for is kept as it came, so that an export can give it back. Pure.
 */
#include "tmf/item-read.h"

#include <string.h>

#include "text-hash.h"
#include "tmf/item-start.h"

#define MAX_ITEMS    100000
#define MAX_QUANTITY G_GINT64_CONSTANT (1000000000)
#define MAX_MONTHS   1200

typedef struct
{
  DdProposal *proposal;
  DdKeeper *keeper;
  GHashTable *ids; /* of the lines so far; unowned */
} Reader;

static const DdContainer item_containers[] = {
  { "appointment", DD_JSON_ARRAY },
  { "attachment", DD_JSON_ARRAY },
  { "note", DD_JSON_ARRAY },
  { "product", DD_JSON_OBJECT },
  { "productOffering", DD_JSON_OBJECT },
  { "productOfferingQualificationItem", DD_JSON_OBJECT },
  { "quoteItem", DD_JSON_ARRAY },
  { "quoteItemAuthorization", DD_JSON_ARRAY },
  { "quoteItemPrice", DD_JSON_ARRAY },
  { "quoteItemRelationship", DD_JSON_ARRAY },
  { "quoteItemTerm", DD_JSON_OBJECT },
  { "relatedContactInformation", DD_JSON_ARRAY },
  { "relatedParty", DD_JSON_ARRAY },
  { "requestedQuoteItemTerm", DD_JSON_OBJECT },
  { NULL, DD_JSON_NULL },
};

static const DdContainer product_containers[] = {
  { "agreement", DD_JSON_ARRAY },
  { "billingAccount", DD_JSON_OBJECT },
  { "place", DD_JSON_ARRAY },
  { "product", DD_JSON_ARRAY },
  { "productCharacteristic", DD_JSON_ARRAY },
  { "productConfiguration", DD_JSON_OBJECT },
  { "productOffering", DD_JSON_OBJECT },
  { "productPrice", DD_JSON_ARRAY },
  { "productRelationship", DD_JSON_ARRAY },
  { "productSpecification", DD_JSON_OBJECT },
  { "productTerm", DD_JSON_ARRAY },
  { "relatedParty", DD_JSON_ARRAY },
  { NULL, DD_JSON_NULL },
};

static const DdContainer term_containers[] = {
  { "duration", DD_JSON_OBJECT },
  { NULL, DD_JSON_NULL },
};

static const DdContainer price_containers[] = {
  { "price", DD_JSON_OBJECT },
  { "priceAlteration", DD_JSON_ARRAY },
  { "productOfferingPrice", DD_JSON_OBJECT },
  { NULL, DD_JSON_NULL },
};

static gboolean
check_shape (const DdJsonNode *node, GError **error)
{
  const DdJsonNode *product = dd_json_member (node, "product");
  const DdJsonNode *term = dd_json_member (node, "requestedQuoteItemTerm");
  const DdJsonNode *prices = dd_json_member (node, "quoteItemPrice");

  if (!dd_tmf_check_containers (node, item_containers, error) ||
      (product != NULL && !dd_tmf_check_containers (product, product_containers, error)) ||
      (term != NULL && !dd_tmf_check_containers (term, term_containers, error)))
    return FALSE;
  for (const DdJsonNode *price = prices != NULL ? dd_json_first (prices) : NULL; price != NULL;
       price = dd_json_next (price))
    if (!dd_tmf_check_containers (price, price_containers, error))
      return FALSE;
  return dd_tmf_check_money (node, error);
}

/* The ids that items of one list give themselves. (transfer full), borrowed text */
static GHashTable *
collect_ids (const DdJsonNode *items)
{
  GHashTable *given = g_hash_table_new (dd_text_hash, g_str_equal);

  for (const DdJsonNode *item = dd_json_first (items); item != NULL; item = dd_json_next (item))
    {
      const DdJsonNode *member = dd_json_member (item, "id");

      if (member != NULL && dd_json_text (member) != NULL)
        g_hash_table_add (given, (gpointer)dd_json_text (member));
    }
  return given;
}

/* One list of items on its way to lines. */
typedef struct
{
  const char *parent; /* (nullable): the line that its ids stand below */
  GHashTable *given;
  guint position; /* of the item, from 1 */
  guint next;     /* smallest number that no item without id has tried */
} List;

static char *
join_id (const List *list, const char *own)
{
  return list->parent != NULL ? g_strconcat (list->parent, "/", own, NULL) : g_strdup (own);
}

/* TMF648 lets the id be absent: such an item gets its position, or the next free number. (transfer full) */
static char *
number_item (Reader *reader, List *list)
{
  for (list->next = MAX (list->next, list->position);; list->next++)
    {
      g_autofree char *number = g_strdup_printf ("%u", list->next);
      g_autofree char *id = join_id (list, number);

      if (!g_hash_table_contains (list->given, number) && !g_hash_table_contains (reader->ids, id))
        return g_steal_pointer (&id);
    }
}

/* (transfer full) (nullable) */
static char *
read_id (Reader *reader, List *list, const DdJsonNode *node, GError **error)
{
  const char *given = NULL;

  if (!dd_tmf_get_id (node, "id", &given, error))
    return NULL;

  g_autofree char *id = given != NULL ? join_id (list, given) : number_item (reader, list);

  if (strlen (id) > DD_TMF_MAX_ID)
    dd_json_complain (node, error, "its id and its parents' together must have at most %d bytes",
                      DD_TMF_MAX_ID);
  else if (g_hash_table_contains (reader->ids, id))
    dd_json_complain (dd_json_member (node, "id"), error,
                      "“%s” is the id of two items; each must have its own", id);
  else
    return g_steal_pointer (&id);
  return NULL;
}

static gboolean
read_action (const DdJsonNode *node, DdLine *line, GError **error)
{
  const char *text = "add";

  if (!dd_json_get_text (node, "action", FALSE, &text, error))
    return FALSE;

  int action = dd_action_from_name (text);

  if (action < 0)
    return dd_json_complain (dd_json_member (node, "action"), error,
                             "“%.40s” is no action; use add, modify, delete or noChange", text);
  line->action = (guint8)action;
  return TRUE;
}

/* TMF648's quantity is an integer; Sonata has none, which means one. */
static gboolean
read_quantity (const DdJsonNode *node, DdLine *line, GError **error)
{
  const DdJsonNode *member = dd_json_member (node, "quantity");
  gint64 quantity = DD_MICROS;
  g_autoptr (GError) cause = NULL;

  if (member != NULL && (dd_json_type (member) != DD_JSON_NUMBER ||
                         !dd_decimal_parse (dd_json_text (member), -1, DD_MICROS_SCALE, &quantity, &cause) ||
                         quantity <= 0 || quantity % DD_MICROS != 0 || quantity / DD_MICROS > MAX_QUANTITY))
    return dd_json_complain (member, error, "must be a whole number from 1 to %" G_GINT64_FORMAT "%s%.40s",
                             MAX_QUANTITY, dd_json_type (member) == DD_JSON_NUMBER ? ", not " : "",
                             dd_json_type (member) == DD_JSON_NUMBER ? dd_json_text (member) : "");
  line->quantity = quantity;
  return TRUE;
}

/* TMF648 names the offering on the item, Sonata in its product; both at once must agree. */
static gboolean
read_offering (const DdJsonNode *node, DdLine *line, GError **error)
{
  const DdJsonNode *product = dd_json_member (node, "product");
  const DdJsonNode *offering = dd_json_member (node, "productOffering");
  const DdJsonNode *inner = dd_json_member (product, "productOffering");
  const char *id = NULL;
  const char *inner_id = NULL;
  const char *name = NULL;

  if (inner != NULL && (!dd_tmf_get_id (inner, "id", &inner_id, error) ||
                        !dd_json_get_text (inner, "name", FALSE, &name, error)))
    return FALSE;
  if (offering != NULL && (!dd_tmf_get_id (offering, "id", &id, error) ||
                           !dd_json_get_text (offering, "name", FALSE, &name, error)))
    return FALSE;
  if (id != NULL && inner_id != NULL && strcmp (id, inner_id) != 0)
    return dd_json_complain (dd_json_member (inner, "id"), error,
                             "“%s” is another offering than the item's productOffering.id “%s”", inner_id,
                             id);
  line->asked_offering = g_strdup (id != NULL ? id : inner_id);
  line->name = g_strdup (name);
  return TRUE;
}

/* The place where it is installed, or else the first with an id. */
static gboolean
read_site (const DdJsonNode *node, DdLine *line, GError **error)
{
  const DdJsonNode *places = dd_json_member (dd_json_member (node, "product"), "place");
  const char *site = NULL;

  for (const DdJsonNode *place = places != NULL ? dd_json_first (places) : NULL; place != NULL;
       place = dd_json_next (place))
    {
      const char *id = NULL;
      const char *role = "";

      if (!dd_tmf_get_id (place, "id", &id, error) || !dd_json_get_text (place, "role", FALSE, &role, error))
        return FALSE;
      if (id != NULL && (site == NULL || g_ascii_strncasecmp (role, "install", strlen ("install")) == 0))
        site = id;
    }
  line->site = g_strdup (site);
  return TRUE;
}

/* Months of a unit, or 0 when it isn't made of whole months. */
static gint64
months_in (const char *unit)
{
  static const struct
  {
    const char *name;
    gint64 months;
  } units[] = {
    { "calendarMonths", 1 }, { "calendarMonth", 1 },    { "months", 1 },
    { "month", 1 },          { "calendarQuarters", 3 }, { "calendarYears", 12 },
    { "calendarYear", 12 },  { "years", 12 },           { "year", 12 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (unit, units[i].name) == 0)
      return units[i].months;
  return 0;
}

/* A term that isn't a whole number of months stays in what is kept. */
static gboolean
read_term (Reader *reader, const DdJsonNode *node, DdLine *line, GError **error)
{
  const DdJsonNode *term = dd_json_member (node, "requestedQuoteItemTerm");
  const DdJsonNode *duration = dd_json_member (term, "duration");
  const char *units = NULL;
  gint64 amount = 0;

  if (duration == NULL)
    return TRUE;
  if (!dd_json_get_text (duration, "units", TRUE, &units, error) ||
      !dd_json_get_decimal (duration, "amount", TRUE, DD_MICROS_SCALE, &amount, error))
    return FALSE;
  if (amount <= 0)
    return dd_json_complain (dd_json_member (duration, "amount"), error, "must be above 0");

  DdWide months = (DdWide)amount * months_in (units);

  if (months == 0 || months % DD_MICROS != 0)
    dd_keeper_note (reader->keeper, "The term", "isn't a whole number of months: kept, no commitment is set",
                    line->id);
  else if (months / DD_MICROS > MAX_MONTHS)
    return dd_json_complain (dd_json_member (duration, "amount"), error, "is more than %d months",
                             MAX_MONTHS);
  else
    line->commitment = (guint16)(months / DD_MICROS);
  return TRUE;
}

/* What nobody needs to be told: polymorphism marks and links. */
static gboolean
is_plumbing (const char *name)
{
  return name[0] == '@' || strcmp (name, "href") == 0;
}

static void
remark_product (Reader *reader, const DdJsonNode *product, const DdLine *line)
{
  const char *start = line->start != NULL ? dd_tmf_start_member (line) : NULL;
  const char *id = line->id;

  for (const DdJsonNode *member = dd_json_first (product); member != NULL; member = dd_json_next (member))
    {
      const char *name = dd_json_name (member);
      g_autofree char *what = g_strconcat ("product.", name, NULL);

      if (is_plumbing (name) || strcmp (name, "productOffering") == 0)
        continue;
      if (strcmp (name, "place") == 0)
        {
          if (dd_json_length (member) > 1)
            dd_keeper_note (reader->keeper, "product.place",
                            "names several places: one is the site, all are kept", id);
          continue;
        }
      dd_keeper_note (reader->keeper, what,
                      g_strcmp0 (name, start) == 0 ? "is the day from which the line counts"
                                                   : "is kept, and not mapped",
                      id);
    }
}

static void
remark_item (Reader *reader, const DdJsonNode *member, const DdLine *line)
{
  const char *name = dd_json_name (member);
  const char *id = line->id;

  if (strcmp (name, "product") == 0)
    remark_product (reader, member, line);
  else if (strcmp (name, "quoteItemPrice") == 0)
    dd_keeper_note (reader->keeper, "quoteItemPrice, a price of the buyer's,",
                    "is kept; to bargain about it, state it as an alteration of a charge", id);
  else if (strcmp (name, "requestedQuoteItemTerm") == 0)
    {
      if (line->commitment > 0) /* otherwise it was said why not */
        dd_keeper_note (reader->keeper, "requestedQuoteItemTerm, but for its duration,",
                        "is kept, and not mapped", id);
    }
  else if (!is_plumbing (name) && strcmp (name, "productOffering") != 0)
    dd_keeper_note (reader->keeper, name, "is kept, and not mapped", id);
}

/* Whether the line says all that @member does. */
static gboolean
is_mapped (const DdLine *line, const DdJsonNode *member)
{
  static const char *const mapped[] = { "id", "action", "quantity", "quoteItem", NULL };
  static const char *const offering[] = { "id", "name", NULL };
  static const char *const term[] = { "duration", NULL };
  const char *name = dd_json_name (member);

  if (g_strv_contains (mapped, name))
    return TRUE;
  if (strcmp (name, "product") == 0)
    return dd_json_length (member) == 0;
  if (strcmp (name, "productOffering") == 0)
    return dd_tmf_has_only (member, offering);
  return strcmp (name, "requestedQuoteItemTerm") == 0 && dd_tmf_has_only (member, term) &&
         line->commitment > 0;
}

static void
keep_rest (Reader *reader, const DdJsonNode *node, DdLine *line)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autofree char *text = NULL;
  guint n_kept = 0;

  dd_json_write_begin_object (writer);
  for (const DdJsonNode *member = dd_json_first (node); member != NULL; member = dd_json_next (member))
    {
      if (is_mapped (line, member))
        continue;
      dd_json_write_key (writer, dd_json_name (member));
      dd_json_write_node (writer, member);
      remark_item (reader, member, line);
      n_kept++;
    }
  dd_json_write_end_object (writer);
  text = dd_json_writer_finish (writer, NULL);
  if (n_kept > 0)
    line->kept = g_steal_pointer (&text);
}

static gboolean read_items (Reader *reader, const DdJsonNode *items, const char *parent, GError **error);

/* @line belongs to the proposal already, whatever comes of reading it. */
static gboolean
read_item (Reader *reader, const DdJsonNode *node, DdLine *line, GError **error)
{
  const DdJsonNode *parts = dd_json_member (node, "quoteItem");

  if (!read_action (node, line, error) || !read_quantity (node, line, error) ||
      !read_offering (node, line, error) || !read_site (node, line, error) ||
      !read_term (reader, node, line, error) ||
      !dd_tmf_read_start (dd_json_member (node, "product"), line, error))
    return FALSE;
  if (line->asked_offering == NULL)
    dd_keeper_note (reader->keeper, "The offering", "isn't named: choose one before pricing", line->id);
  keep_rest (reader, node, line);
  if (parts == NULL)
    return TRUE;
  if (dd_json_length (parts) > 0)
    dd_keeper_note (reader->keeper, "The parts", "are lines of their own, named ITEM/PART", line->id);
  return read_items (reader, parts, line->id, error);
}

static gboolean
read_items (Reader *reader, const DdJsonNode *items, const char *parent, GError **error)
{
  g_autoptr (GHashTable) given = collect_ids (items);
  List list = { .parent = parent, .given = given };

  for (const DdJsonNode *node = dd_json_first (items); node != NULL; node = dd_json_next (node))
    {
      if (reader->proposal->lines->len >= MAX_ITEMS)
        return dd_json_complain (node, error, "at most %d items are allowed", MAX_ITEMS);
      if (!check_shape (node, error))
        return FALSE;
      list.position++;

      char *id = read_id (reader, &list, node, error);

      if (id == NULL)
        return FALSE;

      DdLine *line = dd_line_new ();

      line->id = id;
      g_ptr_array_add (reader->proposal->lines, line);
      g_hash_table_add (reader->ids, id);
      if (!read_item (reader, node, line, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
dd_quote_items_read (const DdJsonNode *root, DdProposal *proposal, DdKeeper *keeper, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (dd_text_hash, g_str_equal);
  Reader reader = { proposal, keeper, ids };
  const DdJsonNode *items = NULL;

  if (!dd_json_get_array (root, "quoteItem", TRUE, &items, error))
    return FALSE;
  if (dd_json_length (items) == 0)
    return dd_json_complain (items, error, "must have at least one item");
  return read_items (&reader, items, NULL, error);
}
