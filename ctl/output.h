/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The one output model of dealctl.
 *
 * What a verb prints is a JSON document and the sections that describe it. A section names a member, and its
 * fields; the same fields give the columns of a table, or the keys of the document that --json
 * prints. A member that no field names is printed in neither form, so what --json prints doesn't change when
 * the daemon says more. Pure; one thread at a time.
 */
#pragma once

#include "cell.h"
#include "style.h"

G_BEGIN_DECLS

typedef struct
{
  const char *key;     /* the member's name; NULL ends a list of fields */
  const char *heading; /* NULL: for programs only */
  guint kind;          /* CtlCellKind, and perhaps CTL_GIVES_WAY () */
  char *(*format) (
    const DdJsonNode *row); /* (nullable): the cell's text from the whole row (transfer full) */
} CtlField;

typedef enum
{
  CTL_SHAPE_RECORD, /* an object: a line a field */
  CTL_SHAPE_ROWS,   /* an array: a row an object */
  CTL_SHAPE_VALUES  /* an array: a row a plain value; the section has one field */
} CtlShape;

typedef struct _CtlSection CtlSection;
struct _CtlSection
{
  const char *key;   /* the member; NULL: the document itself, a record */
  const char *title; /* (nullable): printed above it */
  CtlShape shape;
  const CtlField *fields;
  const CtlSection
    *nested;        /* (nullable): rows within each row; a table repeats the outer row's cells as blanks */
  const char *none; /* (nullable): what people read when there are no rows; NULL: nothing */
};

#define CTL_FIELD_END                                                                                        \
  {                                                                                                          \
    NULL, NULL, CTL_CELL_TEXT, NULL                                                                          \
  }
#define CTL_SECTION_END                                                                                      \
  {                                                                                                          \
    NULL, NULL, CTL_SHAPE_RECORD, NULL, NULL, NULL                                                           \
  }

/* @sections end with one whose fields are NULL. Headings, titles and what is said of no rows are translated.
 */
void
ctl_output_text (const CtlSection *sections, const DdJsonNode *root, const CtlStyle *style, GString *out);

/* Canonical JSON and a line end. */
void ctl_output_json (const CtlSection *sections, const DdJsonNode *root, GString *out);

G_END_DECLS
