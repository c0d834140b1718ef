/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A TMF648 quote request, or a Sonata one, as a deal's beginning: who asks, under which number, for what.
 *
 * Referenced ids are taken as they are: nobody here can know whether they exist. Pure; any thread.
 */
#include "tmf/quote.h"

#include <string.h>

#include "tmf/item-read.h"
#include "tmf/kept.h"

/* A longer description is kept, and its beginning becomes the title. */
#define MAX_TITLE_CHARACTERS 200

static const DdContainer quote_containers[] = {
  { "agreement", DD_JSON_ARRAY },
  { "authorization", DD_JSON_ARRAY },
  { "billingAccount", DD_JSON_ARRAY },
  { "contactMedium", DD_JSON_ARRAY },
  { "note", DD_JSON_ARRAY },
  { "productOfferingQualification", DD_JSON_ARRAY },
  { "quoteItem", DD_JSON_ARRAY },
  { "quoteTotalPrice", DD_JSON_ARRAY },
  { "relatedContactInformation", DD_JSON_ARRAY },
  { "relatedParty", DD_JSON_ARRAY },
  { "validFor", DD_JSON_OBJECT },
  { NULL, DD_JSON_NULL },
};

/* A document of another kind is named as what it is, before anything else is said about it. */
static gboolean
check_kind (const DdJsonNode *root, GError **error)
{
  const DdJsonNode *order =
    dd_json_type (root) == DD_JSON_OBJECT ? dd_json_member (root, "productOrderItem") : NULL;

  if (dd_json_type (root) != DD_JSON_OBJECT)
    return dd_json_complain (root, error, "must be an object: a TMF648 quote, or a MEF 115 quote request");
  if (order != NULL)
    return dd_json_complain (
      order, error,
      "this is a product order (TMF622, MEF 123), which comes after an agreement; a quote "
      "request (TMF648, MEF 115) has quoteItem instead");
  if (dd_json_member (root, "quoteItem") == NULL)
    return dd_json_complain (root, error,
                             "quoteItem is missing: a quote request lists what is asked for there");
  return dd_tmf_check_containers (root, quote_containers, error);
}

static gboolean
check_date (const DdJsonNode *object, const char *name, GError **error)
{
  const char *text = NULL;

  if (!dd_json_get_text (object, name, FALSE, &text, error))
    return FALSE;
  return text == NULL || dd_time_is_valid (text) ||
         dd_json_complain (dd_json_member (object, name), error,
                           "“%.40s” is no moment; it should look like 2026-12-31T12:00:00Z or 2026-12-31",
                           text);
}

static gboolean
check_dates (const DdJsonNode *root, GError **error)
{
  static const char *const names[] = { "effectiveQuoteCompletionDate", "expectedFulfillmentStartDate",
                                       "expectedQuoteCompletionDate", "quoteDate",
                                       "requestedQuoteCompletionDate" };
  const DdJsonNode *period = dd_json_member (root, "validFor");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (!check_date (root, names[i], error))
      return FALSE;
  return period == NULL ||
         (check_date (period, "startDateTime", error) && check_date (period, "endDateTime", error));
}

static gboolean
is_buying_role (const char *role)
{
  static const char *const roles[] = { "buyer", "client", "consumer", "customer", "purchaser", "requester" };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_ascii_strcasecmp (role, roles[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_party (const DdJsonNode *root, DdQuoteRequest *request, GError **error)
{
  const DdJsonNode *parties = dd_json_member (root, "relatedParty");

  for (const DdJsonNode *party = parties != NULL ? dd_json_first (parties) : NULL; party != NULL;
       party = dd_json_next (party))
    {
      const char *id = NULL;
      const char *name = NULL;
      const char *role = "";

      if (!dd_tmf_get_id (party, "id", &id, error) ||
          !dd_json_get_text (party, "name", FALSE, &name, error) ||
          !dd_json_get_text (party, "role", FALSE, &role, error))
        return FALSE;
      if (!is_buying_role (role) || request->customer != NULL || request->customer_name != NULL)
        continue;
      request->customer = g_strdup (id);
      request->customer_name = g_strdup (name);
    }
  return TRUE;
}

/* Sonata names no party: the buyer is the API's client, and its contacts tell the organisation. */
static gboolean
read_contact (const DdJsonNode *root, DdQuoteRequest *request, GError **error)
{
  const DdJsonNode *contacts = dd_json_member (root, "relatedContactInformation");

  for (const DdJsonNode *contact = contacts != NULL ? dd_json_first (contacts) : NULL; contact != NULL;
       contact = dd_json_next (contact))
    {
      const char *role = "";
      const char *organization = NULL;

      if (!dd_json_get_text (contact, "role", FALSE, &role, error) ||
          !dd_json_get_text (contact, "organization", FALSE, &organization, error))
        return FALSE;
      if (request->customer == NULL && request->customer_name == NULL &&
          g_ascii_strncasecmp (role, "buyer", strlen ("buyer")) == 0)
        request->customer_name = g_strdup (organization);
    }
  return TRUE;
}

/* Whether @description is the title whole. */
static gboolean
is_title (const char *description)
{
  return description[0] != '\0' && strchr (description, '\n') == NULL &&
         g_utf8_strlen (description, -1) <= MAX_TITLE_CHARACTERS;
}

static gboolean
read_title (const DdJsonNode *root, DdQuoteRequest *request, GError **error)
{
  const char *description = NULL;
  const char *external = NULL;

  if (!dd_json_get_text (root, "description", FALSE, &description, error) ||
      !dd_tmf_get_id (root, "externalId", &external, error))
    return FALSE;
  request->external_id = g_strdup (external);
  if (description != NULL && is_title (description))
    request->title = g_strdup (description);
  else if (description != NULL && description[0] != '\0' && description[0] != '\n')
    {
      g_autofree char *first = g_strndup (description, strcspn (description, "\n"));

      request->title = g_utf8_substring (first, 0, MIN (g_utf8_strlen (first, -1), MAX_TITLE_CHARACTERS));
    }
  else
    request->title = external != NULL ? g_strconcat ("Request ", external, NULL) : g_strdup ("Quote request");
  return TRUE;
}

/* Whether the request says all that @member does. */
static gboolean
is_mapped (const DdJsonNode *member)
{
  static const char *const party[] = { "id", "name", "role", "@referredType", NULL };
  const char *name = dd_json_name (member);

  if (strcmp (name, "quoteItem") == 0 || strcmp (name, "externalId") == 0)
    return TRUE;
  if (strcmp (name, "description") == 0)
    return is_title (dd_json_text (member));
  if (strcmp (name, "relatedParty") != 0 || dd_json_length (member) != 1)
    return FALSE;

  const DdJsonNode *role = dd_json_member (dd_json_first (member), "role");

  return role != NULL && is_buying_role (dd_json_text (role)) &&
         dd_tmf_has_only (dd_json_first (member), party);
}

static void
keep_rest (const DdJsonNode *root, DdQuoteRequest *request)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  g_autoptr (GString) names = g_string_new (NULL);

  dd_json_write_begin_object (writer);
  for (const DdJsonNode *member = dd_json_first (root); member != NULL; member = dd_json_next (member))
    {
      if (is_mapped (member))
        continue;
      dd_json_write_key (writer, dd_json_name (member));
      dd_json_write_node (writer, member);
      if (dd_json_name (member)[0] != '@' && names->len < 1000)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", dd_json_name (member));
    }
  dd_json_write_end_object (writer);
  request->kept = dd_json_writer_finish (writer, NULL);
  if (names->len > 0)
    g_ptr_array_add (request->remarks,
                     g_strdup_printf ("Of the quote, kept and not mapped: %s.", names->str));
  if (request->customer == NULL && request->customer_name == NULL)
    g_ptr_array_add (request->remarks, g_strdup ("No customer is named: no relatedParty has a buying role."));
}

static gboolean
read_request (const DdJsonNode *root, DdQuoteRequest *request, DdKeeper *keeper, GError **error)
{
  const DdJsonNode *totals;

  if (!check_kind (root, error) || !check_dates (root, error) || !read_title (root, request, error) ||
      !read_party (root, request, error) || !read_contact (root, request, error))
    return FALSE;
  totals = dd_json_member (root, "quoteTotalPrice");
  if ((totals != NULL && !dd_tmf_check_money (totals, error)) ||
      !dd_quote_items_read (root, request->proposal, keeper, error))
    return FALSE;
  keep_rest (root, request);
  dd_keeper_tell (keeper, request->remarks);
  return TRUE;
}

DdQuoteRequest *
dd_quote_request_read (const DdJsonNode *root, GError **error)
{
  g_autoptr (DdQuoteRequest) request = g_new0 (DdQuoteRequest, 1);
  DdKeeper keeper;
  gboolean good;

  request->proposal = dd_proposal_new ();
  request->remarks = g_ptr_array_new_with_free_func (g_free);
  dd_keeper_init (&keeper);
  good = read_request (root, request, &keeper, error);
  dd_keeper_clear (&keeper);
  return good ? g_steal_pointer (&request) : NULL;
}

void
dd_quote_request_free (DdQuoteRequest *request)
{
  g_clear_pointer (&request->proposal, dd_proposal_unref);
  g_free (request->title);
  g_free (request->external_id);
  g_free (request->customer);
  g_free (request->customer_name);
  g_free (request->kept);
  g_clear_pointer (&request->remarks, g_ptr_array_unref);
  g_free (request);
}
