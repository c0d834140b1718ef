/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Records as flat JSON arrays (see sheet-record.h).
 *
 * The order of fields is part of the stored form: fields are appended, never moved. Writing makes canonical
 * text itself, since a sheet is mostly small integers. Pure.
 */
#include "price/sheet-record.h"

#include <stddef.h>
#include <string.h>

/* A comma, quotes, a sign and 19 digits. */
#define MAX_VALUE_BYTES 23

#define FIELD(Type, member, kind)                                                                            \
  {                                                                                                          \
    offsetof (Type, member), DD_FIELD_##kind                                                                 \
  }
#define RECORD(Type, name)                                                                                   \
  const DdRecordType dd_record_##name = { name##_fields, G_N_ELEMENTS (name##_fields), sizeof (Type) }

/* clang-format off */
static const DdField charge_fields[] = {
  FIELD (DdCharge, line, INDEX), FIELD (DdCharge, id, REFERENCE), FIELD (DdCharge, name, REFERENCE),
  FIELD (DdCharge, source, REFERENCE), FIELD (DdCharge, type, BYTE), FIELD (DdCharge, period, BYTE),
  FIELD (DdCharge, mode, BYTE), FIELD (DdCharge, currency, CURRENCY), FIELD (DdCharge, price, AMOUNT),
  FIELD (DdCharge, fee, AMOUNT), FIELD (DdCharge, free_units, AMOUNT), FIELD (DdCharge, package_size, AMOUNT),
  FIELD (DdCharge, minimum, LIMIT), FIELD (DdCharge, maximum, LIMIT), FIELD (DdCharge, first_tier, INDEX),
  FIELD (DdCharge, n_tiers, INDEX),
};
static const DdField tier_fields[] = {
  FIELD (DdTier, from, AMOUNT), FIELD (DdTier, bound, BOUND), FIELD (DdTier, price, AMOUNT),
  FIELD (DdTier, fee, AMOUNT),
};
static const DdField adjustment_fields[] = {
  FIELD (DdAdjustment, charge, INDEX), FIELD (DdAdjustment, id, REFERENCE),
  FIELD (DdAdjustment, label, REFERENCE), FIELD (DdAdjustment, source, REFERENCE),
  FIELD (DdAdjustment, group, REFERENCE), FIELD (DdAdjustment, group_priority, SIGNED),
  FIELD (DdAdjustment, priority, SIGNED), FIELD (DdAdjustment, stage, BYTE), FIELD (DdAdjustment, kind, BYTE),
  FIELD (DdAdjustment, mode, BYTE), FIELD (DdAdjustment, currency, CURRENCY),
  FIELD (DdAdjustment, value, AMOUNT),
};
static const DdField spread_fields[] = {
  FIELD (DdSpread, type, BYTE), FIELD (DdSpread, period, BYTE), FIELD (DdSpread, kind, BYTE),
  FIELD (DdSpread, label, REFERENCE), FIELD (DdSpread, currency, CURRENCY), FIELD (DdSpread, value, AMOUNT),
};
static const DdField installed_fields[] = {
  FIELD (DdInstalledNet, line, INDEX), FIELD (DdInstalledNet, id, REFERENCE),
  FIELD (DdInstalledNet, type, BYTE), FIELD (DdInstalledNet, period, BYTE),
  FIELD (DdInstalledNet, currency, CURRENCY), FIELD (DdInstalledNet, net, AMOUNT),
};
static const DdField step_fields[] = {
  FIELD (DdStep, charge, INDEX), FIELD (DdStep, adjustment, REFERENCE), FIELD (DdStep, stage, BYTE),
  FIELD (DdStep, kind, BYTE), FIELD (DdStep, after, AMOUNT),
};
static const DdField result_fields[] = {
  FIELD (DdChargeResult, first_step, INDEX), FIELD (DdChargeResult, n_steps, INDEX),
  FIELD (DdChargeResult, list, AMOUNT), FIELD (DdChargeResult, standing, AMOUNT),
  FIELD (DdChargeResult, negotiated, AMOUNT), FIELD (DdChargeResult, installed, AMOUNT),
  FIELD (DdChargeResult, net, AMOUNT), FIELD (DdChargeResult, tax, AMOUNT),
  FIELD (DdChargeResult, cost, AMOUNT), FIELD (DdChargeResult, floor, AMOUNT),
  FIELD (DdChargeResult, surcharge, AMOUNT), FIELD (DdChargeResult, surcharge_discretionary, AMOUNT),
  FIELD (DdChargeResult, has_cost, BYTE), FIELD (DdChargeResult, rate, BYTE),
  FIELD (DdChargeResult, counted, BYTE), FIELD (DdChargeResult, marks, BYTE),
};
static const DdField total_fields[] = {
  FIELD (DdTotal, currency, CURRENCY), FIELD (DdTotal, type, BYTE), FIELD (DdTotal, period, BYTE),
  FIELD (DdTotal, list, AMOUNT), FIELD (DdTotal, standing, AMOUNT), FIELD (DdTotal, net, AMOUNT),
  FIELD (DdTotal, tax, AMOUNT), FIELD (DdTotal, cost, AMOUNT), FIELD (DdTotal, unspread, AMOUNT),
};
static const DdField figures_fields[] = {
  FIELD (DdDealFigures, currency, CURRENCY), FIELD (DdDealFigures, contract_value, AMOUNT),
  FIELD (DdDealFigures, contract_list, AMOUNT),
  FIELD (DdDealFigures, monthly, AMOUNT), FIELD (DdDealFigures, cost, AMOUNT),
  FIELD (DdDealFigures, margin, LIMIT), FIELD (DdDealFigures, discount_list, AMOUNT),
  FIELD (DdDealFigures, discount_standing, AMOUNT), FIELD (DdDealFigures, discount_discretionary, AMOUNT),
};
static const DdField present_value_fields[] = {
  FIELD (DdDealFigures, currency, CURRENCY), FIELD (DdDealFigures, present_value, AMOUNT),
  FIELD (DdDealFigures, payback, AMOUNT),
};
static const DdField contract_fields[] = {
  FIELD (DdContract, charge, INDEX), FIELD (DdContract, price.source, REFERENCE),
  FIELD (DdContract, price.mode, BYTE), FIELD (DdContract, price.price, AMOUNT),
  FIELD (DdContract, price.fee, AMOUNT), FIELD (DdContract, price.free_units, AMOUNT),
  FIELD (DdContract, price.package_size, AMOUNT), FIELD (DdContract, price.minimum, LIMIT),
  FIELD (DdContract, price.maximum, LIMIT), FIELD (DdContract, price.first_tier, INDEX),
  FIELD (DdContract, price.n_tiers, INDEX), FIELD (DdContract, price.per, AMOUNT),
  FIELD (DdContract, price.source_currency, CURRENCY),
};
static const DdField share_fields[] = {
  FIELD (DdShare, charge, INDEX), FIELD (DdShare, target, INDEX),
};
static const DdField rate_fields[] = {
  FIELD (DdRate, from, CURRENCY), FIELD (DdRate, to, CURRENCY), FIELD (DdRate, rate, AMOUNT),
  FIELD (DdRate, per, AMOUNT), FIELD (DdRate, source, REFERENCE),
};
static const DdField expiry_fields[] = {
  FIELD (DdExpiry, charge, INDEX), FIELD (DdExpiry, label, REFERENCE), FIELD (DdExpiry, last, SIGNED),
};
/* clang-format on */

RECORD (DdCharge, charge);
RECORD (DdTier, tier);
RECORD (DdAdjustment, adjustment);
RECORD (DdSpread, spread);
RECORD (DdInstalledNet, installed);
RECORD (DdStep, step);
RECORD (DdChargeResult, result);
RECORD (DdTotal, total);
RECORD (DdDealFigures, figures);
RECORD (DdDealFigures, present_value);
RECORD (DdContract, contract);
RECORD (DdShare, share);
RECORD (DdRate, rate);
RECORD (DdExpiry, expiry);

static char *
put_unsigned (char *at, guint64 value)
{
  char digits[20];
  guint n = 0;

  do
    digits[n++] = (char)('0' + value % 10);
  while ((value /= 10) != 0);
  while (n > 0)
    *at++ = digits[--n];
  return at;
}

static char *
put_signed (char *at, gint64 value)
{
  if (value >= 0)
    return put_unsigned (at, (guint64)value);
  *at++ = '-';
  return put_unsigned (at, -(guint64)value);
}

static char *
put_amount (char *at, gint64 value)
{
  *at++ = '"';
  at = put_signed (at, value);
  *at++ = '"';
  return at;
}

static char *
put_null (char *at)
{
  return (char *)memcpy (at, "null", 4) + 4;
}

static gboolean
is_code (const char *text)
{
  return g_ascii_isupper (text[0]) && g_ascii_isupper (text[1]) && g_ascii_isupper (text[2]);
}

/* A currency that no check looked at (that of a percentage) may be anything: then it is none. */
static char *
put_currency (char *at, const char code[4])
{
  *at++ = '"';
  if (is_code (code))
    at = (char *)memcpy (at, code, 3) + 3;
  *at++ = '"';
  return at;
}

static char *
put_value (char *at, const DdField *field, gconstpointer value)
{
  switch ((DdFieldKind)field->kind)
    {
    case DD_FIELD_BYTE:
      return put_unsigned (at, *(const guint8 *)value);
    case DD_FIELD_SHORT:
      return put_unsigned (at, *(const guint16 *)value);
    case DD_FIELD_INDEX:
      return put_unsigned (at, *(const guint32 *)value);
    case DD_FIELD_SIGNED:
      return put_signed (at, *(const gint32 *)value);
    case DD_FIELD_REFERENCE:
      return *(const guint32 *)value == G_MAXUINT32 ? put_null (at)
                                                    : put_unsigned (at, *(const guint32 *)value);
    case DD_FIELD_LIMIT:
      return *(const gint64 *)value == G_MININT64 ? put_null (at) : put_amount (at, *(const gint64 *)value);
    case DD_FIELD_BOUND:
      return *(const gint64 *)value == G_MAXINT64 ? put_null (at) : put_amount (at, *(const gint64 *)value);
    case DD_FIELD_AMOUNT:
      return put_amount (at, *(const gint64 *)value);
    default: /* DD_FIELD_CURRENCY */
      return put_currency (at, value);
    }
}

void
dd_records_write (
  DdJsonWriter *writer, const char *key, const DdRecordType *type, const GArray *records, GString *scratch)
{
  /* Grown as records are written: the most that one could take is far more than they do take. */
  gsize record_bytes = (gsize)type->n_fields * MAX_VALUE_BYTES;
  gsize used = 0;

  for (guint i = 0; i < records->len; i++)
    {
      const char *record = records->data + (gsize)i * type->size;

      if (used + record_bytes + 2 > scratch->len)
        g_string_set_size (scratch, MAX (2 * scratch->len, used + record_bytes + 2));

      char *at = scratch->str + used;

      for (guint f = 0; f < type->n_fields; f++)
        {
          *at++ = i == 0 && f == 0 ? '[' : ',';
          at = put_value (at, &type->fields[f], record + type->fields[f].offset);
        }
      used = (gsize)(at - scratch->str);
    }
  dd_json_write_key (writer, key);
  if (used == 0)
    {
      dd_json_write_canonical (writer, "[]", 2);
      return;
    }
  scratch->str[used++] = ']';
  dd_json_write_canonical (writer, scratch->str, used);
}

void
dd_records_write_any (
  DdJsonWriter *writer, const char *key, const DdRecordType *type, const GArray *records, GString *scratch)
{
  if (records->len > 0)
    dd_records_write (writer, key, type, records, scratch);
}

static gboolean
take_integer (const DdJsonNode *node, DdJsonType type, gint64 min, gint64 max, gint64 *out, GError **error)
{
  gint64 value = 0;

  if (dd_json_type (node) != type)
    return dd_json_complain (node, error, "should be a %s", dd_json_type_name (type));
  if (!dd_decimal_parse (dd_json_text (node), -1, 0, &value, NULL) || value < min || value > max)
    return dd_json_complain (node, error,
                             "should be an integer from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, min, max);
  *out = value;
  return TRUE;
}

/* Whether the code is a currency is asked where it counts: when the sheet is computed. */
static gboolean
take_currency (const DdJsonNode *node, DdCurrency *out, GError **error)
{
  const char *text = dd_json_type (node) == DD_JSON_STRING ? dd_json_text (node) : NULL;

  if (text == NULL || (*text != '\0' && (strlen (text) != 3 || !is_code (text))))
    return dd_json_complain (node, error, "should be a currency or an empty string");
  *out = (DdCurrency){ "" };
  memcpy (out->code, text, strlen (text));
  return TRUE;
}

static gboolean
take_value (const DdJsonNode *node, const DdField *field, gpointer out, GError **error)
{
  gboolean is_null = dd_json_type (node) == DD_JSON_NULL;
  gint64 value = 0;

  switch ((DdFieldKind)field->kind)
    {
    case DD_FIELD_BYTE:
      if (!take_integer (node, DD_JSON_NUMBER, 0, G_MAXUINT8, &value, error))
        return FALSE;
      *(guint8 *)out = (guint8)value;
      return TRUE;
    case DD_FIELD_SHORT:
      if (!take_integer (node, DD_JSON_NUMBER, 0, G_MAXUINT16, &value, error))
        return FALSE;
      *(guint16 *)out = (guint16)value;
      return TRUE;
    case DD_FIELD_REFERENCE:
    case DD_FIELD_INDEX:
      value = G_MAXUINT32;
      if (!(is_null && field->kind == DD_FIELD_REFERENCE) &&
          !take_integer (node, DD_JSON_NUMBER, 0, G_MAXUINT32, &value, error))
        return FALSE;
      *(guint32 *)out = (guint32)value;
      return TRUE;
    case DD_FIELD_SIGNED:
      if (!take_integer (node, DD_JSON_NUMBER, G_MININT32, G_MAXINT32, &value, error))
        return FALSE;
      *(gint32 *)out = (gint32)value;
      return TRUE;
    case DD_FIELD_CURRENCY:
      return take_currency (node, out, error);
    default:
      value = field->kind == DD_FIELD_LIMIT ? G_MININT64 : G_MAXINT64;
      if (!(is_null && field->kind != DD_FIELD_AMOUNT) &&
          !take_integer (node, DD_JSON_STRING, G_MININT64, G_MAXINT64, &value, error))
        return FALSE;
      *(gint64 *)out = value;
      return TRUE;
    }
}

gboolean
dd_records_read (
  const DdJsonNode *object, const char *key, const DdRecordType *type, GArray *records, GError **error)
{
  const DdJsonNode *array = NULL;

  if (!dd_json_get_array (object, key, TRUE, &array, error))
    return FALSE;
  if (dd_json_length (array) % type->n_fields != 0)
    return dd_json_complain (array, error, "should hold records of %u values", type->n_fields);

  guint first = records->len;
  const DdJsonNode *node = dd_json_first (array);

  g_array_set_size (records, first + dd_json_length (array) / type->n_fields);
  for (guint i = first; i < records->len; i++)
    {
      char *record = records->data + (gsize)i * type->size;

      for (guint f = 0; f < type->n_fields; f++, node = dd_json_next (node))
        if (!take_value (node, &type->fields[f], record + type->fields[f].offset, error))
          return FALSE;
    }
  return TRUE;
}

gboolean
dd_records_read_any (
  const DdJsonNode *object, const char *key, const DdRecordType *type, GArray *records, GError **error)
{
  return dd_json_member (object, key) == NULL || dd_records_read (object, key, type, records, error);
}
