/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Records of fixed size as flat JSON arrays: one table of fields writes and reads them. Inside the price
 * engine.
 *
 * A record is a run of values in the order of its fields; records follow each other without brackets. Small
 * integers and labels are numbers; amounts, rates and quantities are strings of an integer in their own
 * scale, since they may be beyond what a JSON number holds exactly. Pure.
 */
#pragma once

#include "price/sheet.h"

G_BEGIN_DECLS

typedef enum
{
  DD_FIELD_BYTE,
  DD_FIELD_SHORT,     /* guint16 */
  DD_FIELD_INDEX,     /* guint32 */
  DD_FIELD_SIGNED,    /* gint32 */
  DD_FIELD_REFERENCE, /* guint32; G_MAXUINT32 (DD_NO_LABEL, DD_NO_ADJUSTMENT) is null */
  DD_FIELD_AMOUNT,    /* gint64 as a string */
  DD_FIELD_LIMIT,     /* the same; G_MININT64 is null */
  DD_FIELD_BOUND,     /* the same; G_MAXINT64 is null */
  DD_FIELD_CURRENCY   /* a string, empty for none */
} DdFieldKind;

typedef struct
{
  guint16 offset;
  guint16 kind;
} DdField;

typedef struct
{
  const DdField *fields;
  guint n_fields;
  guint size;
} DdRecordType;

extern const DdRecordType dd_record_charge;
extern const DdRecordType dd_record_tier;
extern const DdRecordType dd_record_adjustment;
extern const DdRecordType dd_record_spread;
extern const DdRecordType dd_record_installed;
extern const DdRecordType dd_record_step;
extern const DdRecordType dd_record_result;
extern const DdRecordType dd_record_total;
extern const DdRecordType dd_record_figures;
extern const DdRecordType dd_record_present_value;
extern const DdRecordType dd_record_contract;
extern const DdRecordType dd_record_share;
extern const DdRecordType dd_record_rate;
extern const DdRecordType dd_record_expiry;

/* Key and array. @scratch is overwritten. */
void dd_records_write (
  DdJsonWriter *writer, const char *key, const DdRecordType *type, const GArray *records, GString *scratch);

/* The same, but nothing when there are none: what most sheets don't use is no part of them. */
void dd_records_write_any (
  DdJsonWriter *writer, const char *key, const DdRecordType *type, const GArray *records, GString *scratch);

/* Appends the records of member @key of @object to @records: DD_ERROR_INVALID_ARGUMENT with the place. */
gboolean dd_records_read (
  const DdJsonNode *object, const char *key, const DdRecordType *type, GArray *records, GError **error);

/* The same, but the member may be missing. */
gboolean dd_records_read_any (
  const DdJsonNode *object, const char *key, const DdRecordType *type, GArray *records, GError **error);

/* sheet-sparse.c: members of charges, adjustments, installed nets and totals that most of them leave zero, as
 * records of their own that name whose they are. Read after those. */
void dd_sparse_write_terms (const DdAnswers *answers, DdJsonWriter *writer, GString *scratch);
void dd_sparse_write_thresholds (const DdAnswers *answers, DdJsonWriter *writer, GString *scratch);
void dd_sparse_write_total_years (const GArray *totals, DdJsonWriter *writer, GString *scratch);
void dd_sparse_write_years (const DdAnswers *answers, DdJsonWriter *writer, GString *scratch);
void dd_sparse_write_installed_sources (const DdAnswers *answers, DdJsonWriter *writer, GString *scratch);
gboolean dd_sparse_read (const DdJsonNode *recorded, DdAnswers *answers, GError **error);

G_END_DECLS
