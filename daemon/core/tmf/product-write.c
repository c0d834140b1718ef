/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An item's product: site, term, first day and characteristics from the line, and around them what the
 * request said: the configuration, the installed product's id, its relationships. Pure; one thread at a time.
 */
#include "tmf/product-write.h"

#include <string.h>

#include "tmf/given-back.h"
#include "tmf/item-start.h"

/* Names that ProductRefOrValue gives a meaning, and ours. */
static const char *const product_names[] = { "@baseType",
                                             "@referredType",
                                             "@schemaLocation",
                                             "@type",
                                             "agreement",
                                             "billingAccount",
                                             "description",
                                             "href",
                                             "id",
                                             "isBundle",
                                             "isCustomerVisible",
                                             "name",
                                             "orderDate",
                                             "place",
                                             "product",
                                             "productCharacteristic",
                                             "productOffering",
                                             "productOrderItem",
                                             "productPrice",
                                             "productRelationship",
                                             "productSerialNumber",
                                             "productSpecification",
                                             "productTerm",
                                             "realizingResource",
                                             "realizingService",
                                             "relatedParty",
                                             "requested",
                                             "startDate",
                                             "status",
                                             "terminationDate",
                                             NULL };

static const DdGivenBack product_rows[] = {
  { "@baseType", DD_JSON_STRING, { NULL } },
  { "@referredType", DD_JSON_STRING, { NULL } },
  { "@schemaLocation", DD_JSON_STRING, { NULL } },
  { "@type", DD_JSON_STRING, { NULL } },
  { "description", DD_JSON_STRING, { NULL } },
  { "href", DD_JSON_STRING, { NULL } },
  { "id", DD_JSON_STRING, { NULL } },
  { "name", DD_JSON_STRING, { NULL } },
  { "productSerialNumber", DD_JSON_STRING, { NULL } },
  { "productSpecification", DD_JSON_OBJECT, { "id", NULL } },
  { "relatedParty", DD_JSON_ARRAY, { "id", "@referredType", NULL } },
  { NULL, DD_JSON_NULL, { NULL } },
};

/* What this file has written of the kept product, so that it isn't given back twice. */
typedef struct
{
  const char *names[6]; /* NULL-terminated */
  guint n_names;
} Written;

static gboolean
all_fit (const DdJsonNode *array, const char *const required[3])
{
  if (array == NULL || dd_json_type (array) != DD_JSON_ARRAY)
    return FALSE;
  for (const DdJsonNode *node = dd_json_first (array); node != NULL; node = dd_json_next (node))
    if (!dd_tmf_object_fits (node, required))
      return FALSE;
  return TRUE;
}

static gboolean
has_id (const DdJsonNode *array, const char *id)
{
  for (const DdJsonNode *node = dd_json_first (array); node != NULL; node = dd_json_next (node))
    {
      const DdJsonNode *member = dd_json_member (node, "id");

      if (member != NULL && g_strcmp0 (dd_json_text (member), id) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The request's own places as long as they name the line's site; otherwise the site alone. */
static void
write_place (const DdLine *line, const DdJsonNode *kept, Written *written, DdJsonWriter *writer)
{
  static const char *const required[3] = { "role", NULL };
  const DdJsonNode *places = dd_json_member (kept, "place");

  if (all_fit (places, required) && (line->site == NULL || has_id (places, line->site)))
    {
      dd_json_write_key (writer, "place");
      dd_json_write_node (writer, places);
      written->names[written->n_names++] = "place";
      return;
    }
  if (line->site == NULL)
    return;
  dd_json_write_key (writer, "place");
  dd_json_write_begin_array (writer);
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "id", line->site);
  dd_json_put_string (writer, "role", "installation");
  dd_json_write_end_object (writer);
  dd_json_write_end_array (writer);
}

static void
write_characteristic (const char *name, const char *type, const char *value, DdJsonWriter *writer)
{
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "name", name);
  dd_json_write_key (writer, "value");
  dd_json_write_string (writer, value);
  dd_json_put_string (writer, "valueType", type);
  dd_json_write_end_object (writer);
}

static void
write_own_characteristics (const DdLine *line, DdTmfKind kind, DdJsonWriter *writer)
{
  static const char *const choices[] = { "open", "chosen", "left-out" };

  if (line->quantity % DD_MICROS != 0)
    {
      g_autofree char *quantity = dd_quantity_format (line->quantity);

      write_characteristic ("quantity", "decimal", quantity, writer);
    }
  if (line->offering != NULL && line->asked_offering != NULL &&
      strcmp (line->offering, line->asked_offering) != 0)
    write_characteristic (kind == DD_TMF_QUOTE ? "catalogueOffering" : "customerOffering", "string",
                          kind == DD_TMF_QUOTE ? line->offering : line->asked_offering, writer);
  if (line->optional && line->chosen < G_N_ELEMENTS (choices))
    write_characteristic ("optional", "string", choices[line->chosen], writer);
}

static void
write_characteristics (
  const DdLine *line, const DdJsonNode *kept, DdTmfKind kind, Written *written, DdJsonWriter *writer)
{
  static const char *const required[3] = { "name", "value", NULL };
  const DdJsonNode *asked = dd_json_member (kept, "productCharacteristic");

  dd_json_write_key (writer, "productCharacteristic");
  dd_json_write_begin_array (writer);
  if (all_fit (asked, required))
    {
      for (const DdJsonNode *node = dd_json_first (asked); node != NULL; node = dd_json_next (node))
        dd_json_write_node (writer, node);
      written->names[written->n_names++] = "productCharacteristic";
    }
  write_own_characteristics (line, kind, writer);
  dd_json_write_end_array (writer);
}

/* Sonata's relationship names the other product by id; TMF wants a product there. */
static void
write_relationships (const DdJsonNode *kept, Written *written, DdJsonWriter *writer)
{
  static const char *const required[3] = { "relationshipType", "id", NULL };
  const DdJsonNode *relationships = dd_json_member (kept, "productRelationship");

  if (!all_fit (relationships, required))
    return;
  dd_json_write_key (writer, "productRelationship");
  dd_json_write_begin_array (writer);
  for (const DdJsonNode *node = dd_json_first (relationships); node != NULL; node = dd_json_next (node))
    {
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "id", dd_json_text (dd_json_member (node, "id")));
      dd_json_write_key (writer, "product");
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "id", dd_json_text (dd_json_member (node, "id")));
      dd_json_write_end_object (writer);
      dd_json_put_string (writer, "relationshipType",
                          dd_json_text (dd_json_member (node, "relationshipType")));
      dd_json_write_end_object (writer);
    }
  dd_json_write_end_array (writer);
  written->names[written->n_names++] = "productRelationship";
}

/* Sonata reads the offering here. */
static void
write_offering (
  const DdLine *line, const DdJsonNode *kept, DdTmfKind kind, Written *written, DdJsonWriter *writer)
{
  written->names[written->n_names++] = "productOffering";
  if (kind != DD_TMF_QUOTE || line->asked_offering == NULL ||
      dd_json_member (kept, "productOffering") == NULL)
    return;
  dd_json_write_key (writer, "productOffering");
  dd_json_write_begin_object (writer);
  dd_json_put_string (writer, "id", line->asked_offering);
  dd_json_write_end_object (writer);
}

static void
write_term (guint months, DdJsonWriter *writer)
{
  if (months == 0)
    return;
  dd_json_write_key (writer, "productTerm");
  dd_json_write_begin_array (writer);
  dd_json_write_begin_object (writer);
  dd_json_write_key (writer, "duration");
  dd_json_write_begin_object (writer);
  dd_json_put_int64 (writer, "amount", months);
  dd_json_put_string (writer, "units", "month");
  dd_json_write_end_object (writer);
  dd_json_put_string (writer, "name", "commitment");
  dd_json_write_end_object (writer);
  dd_json_write_end_array (writer);
}

static void
write_start (
  const DdProposal *proposal, const DdLine *line, DdTmfKind kind, Written *written, DdJsonWriter *writer)
{
  const char *name = dd_tmf_write_start (proposal, line, kind, writer);

  if (name != NULL)
    written->names[written->n_names++] = name;
}

void
dd_tmf_write_product (const DdProposal *proposal,
                      const DdLine *line,
                      const DdJsonNode *kept,
                      DdTmfKind kind,
                      DdJsonWriter *writer)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();
  Written written = { .n_names = 0 };

  if (kept != NULL && dd_json_type (kept) != DD_JSON_OBJECT)
    kept = NULL;
  dd_json_write_begin_object (writer);
  write_place (line, kept, &written, writer);
  write_characteristics (line, kept, kind, &written, writer);
  write_relationships (kept, &written, writer);
  write_offering (line, kept, kind, &written, writer);
  write_term (dd_line_commitment (proposal, line), writer);
  write_start (proposal, line, kind, &written, writer);
  dd_tmf_give_back (kept, product_rows, product_names, written.names, rest, writer);
  if (kind == DD_TMF_QUOTE)
    dd_tmf_write_requested (rest, writer);
  dd_json_write_end_object (writer);
}
