/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealctl's output: the same sections as a table and as JSON.
 */
#include "output.h"
#include "table.h"
#include "text.h"

static const DdField head_fields[] = {
  { "id", "Deal", DD_CELL_TEXT, NULL },       { "head", "Chain head", DD_CELL_DIGEST, NULL },
  { "opened", "Opened", DD_CELL_TIME, NULL }, { "secret", NULL, DD_CELL_DATA, NULL },
  { NULL, NULL, DD_CELL_TEXT, NULL },
};

static const DdField line_fields[] = {
  { "id", "Line", DD_CELL_TEXT, NULL },
  { "head", "Head", DD_CELL_DIGEST, NULL },
  { "done", "Done", DD_CELL_YES, NULL },
  { NULL, NULL, DD_CELL_TEXT, NULL },
};

static const DdField charge_fields[] = {
  { "id", "Charge", DD_CELL_TEXT, NULL },
  { "net", "Net", DD_CELL_MONEY, NULL },
  { NULL, NULL, DD_CELL_TEXT, NULL },
};

static const DdField remark_fields[] = { { "remark", "Remark", DD_CELL_TEXT, NULL },
                                         { NULL, NULL, DD_CELL_TEXT, NULL } };

static const DdSection charges = { "charges", NULL, DD_SHAPE_ROWS, charge_fields, NULL, NULL };

static const DdSection sections[] = {
  { NULL, NULL, DD_SHAPE_RECORD, head_fields, NULL, NULL },
  { "lines", "Lines", DD_SHAPE_ROWS, line_fields, &charges, "No lines." },
  { "remarks", NULL, DD_SHAPE_ROWS, remark_fields, NULL, NULL },
  { NULL, NULL, DD_SHAPE_RECORD, NULL, NULL, NULL },
};

static char *
as_text (const char *json_text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse (json_text, strlen (json_text), NULL, &error);
  GString *out = g_string_new (NULL);

  g_assert_no_error (error);
  dd_output_text (sections, dd_json_root (json), FALSE, out);
  return g_string_free (out, FALSE);
}

static char *
as_json (const char *json_text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse (json_text, strlen (json_text), NULL, &error);
  GString *out = g_string_new (NULL);

  g_assert_no_error (error);
  dd_output_json (sections, dd_json_root (json), out);
  return g_string_free (out, FALSE);
}

#define DEAL                                                                                                 \
  "{\"id\":\"D-1\",\"opened\":\"2026-11-24T05:09:13.250000Z\",\"head\":\"0123456789abcdef0123\",\"secret\":" \
  "{\"a\":1},"                                                                                               \
  "\"unknown\":1,\"lines\":[{\"id\":\"1\",\"head\":\"0123456789abcdef0123\",\"done\":true,\"more\":2,"       \
  "\"charges\":["                                                                                            \
  "{\"id\":\"install\",\"net\":\"EUR 1234.50\"},{\"id\":\"rental\",\"net\":\"EUR 9.00\",\"cost\":\"EUR "     \
  "1.00\"}]},"                                                                                               \
  "{\"id\":\"10\",\"done\":false,\"charges\":[]}],\"remarks\":[\"kept\"]}"

static void
test_table (void)
{
  g_autofree char *text = as_text (DEAL);

  g_assert_cmpstr (text, ==,
                   "Deal:        D-1\n"
                   "Chain head:  0123456789abcdef0123\n"
                   "Opened:      2026-11-24 05:09:13Z\n"
                   "\n"
                   "Lines\n"
                   "Line  Head          Done  Charge           Net\n"
                   "1     0123456789ab  yes   install  EUR 1234.50\n"
                   "                          rental      EUR 9.00\n"
                   "10\n"
                   "\n"
                   "Remark\n"
                   "kept\n");
}

static void
test_json (void)
{
  g_autofree char *text = as_json (DEAL);

  g_assert_cmpstr (
    text, ==,
    "{\"head\":\"0123456789abcdef0123\",\"id\":\"D-1\",\"lines\":["
    "{\"charges\":[{\"id\":\"install\",\"net\":\"EUR 1234.50\"},{\"id\":\"rental\",\"net\":\"EUR 9.00\"}],"
    "\"done\":true,\"head\":\"0123456789abcdef0123\",\"id\":\"1\"},"
    "{\"charges\":[],\"done\":false,\"id\":\"10\"}],"
    "\"opened\":\"2026-11-24T05:09:13.250000Z\",\"remarks\":[\"kept\"],\"secret\":{\"a\":1}}\n");
}

static void
test_nothing (void)
{
  g_autofree char *text = as_text ("{\"id\":\"D-1\"}");
  g_autofree char *json = as_json ("{\"id\":\"D-1\"}");

  g_assert_cmpstr (text, ==, "Deal:        D-1\nNo lines.\n");
  g_assert_cmpstr (json, ==, "{\"id\":\"D-1\",\"lines\":[],\"remarks\":[]}\n");
}

/* A member of another type than the section expects is left out, whatever it is. */
static void
test_other_types (void)
{
  g_autofree char *text =
    as_text ("{\"id\":[1],\"opened\":5,\"head\":true,\"lines\":{\"id\":\"1\"},\"remarks\":[[1],null]}");
  g_autofree char *json = as_json ("{\"lines\":\"x\"}");

  g_assert_null (strstr (text, "Lines\n"));
  g_assert_cmpstr (json, ==, "{\"lines\":[],\"remarks\":[]}\n");
}

static void
test_terminal (void)
{
  g_autofree char *text = as_text ("{\"id\":\"a\\u001b[31mb\\u202ec\\nd\\u0007\"}");

  g_assert_true (g_str_has_prefix (text, "Deal:        a\357\277\275[31mb\357\277\275c d\357\277\275\n"));
}

static void
test_width (void)
{
  g_autoptr (DdTable) table = dd_table_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_cmpuint (dd_text_width ("東京"), ==, 4);
  g_assert_cmpuint (dd_text_width ("e\xcc\x81"), ==, 1);
  dd_table_add_column (table, "Name", FALSE);
  dd_table_add_column (table, "N", TRUE);
  dd_table_add_row (table);
  dd_table_set (table, 0, "東京支店");
  dd_table_set (table, 1, "1");
  dd_table_add_row (table);
  dd_table_set (table, 0, "Köln");
  dd_table_set (table, 1, "20");
  dd_table_print (table, FALSE, out);
  g_assert_cmpstr (out->str, ==,
                   "Name       N\n"
                   "東京支店   1\n"
                   "Köln      20\n");
}

static void
test_empty_column (void)
{
  g_autoptr (DdTable) table = dd_table_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  dd_table_add_column (table, "A", FALSE);
  dd_table_add_column (table, "Never", FALSE);
  dd_table_add_column (table, "B", FALSE);
  dd_table_add_row (table);
  dd_table_set (table, 0, "x");
  dd_table_set (table, 1, "");
  dd_table_set (table, 2, "y");
  dd_table_print (table, TRUE, out);
  g_assert_cmpstr (out->str, ==, "\033[1mA  B\033[0m\nx  y\n");
}

static void
test_cells (void)
{
  static const struct
  {
    DdCellKind kind;
    const char *json;
    const char *text;
  } cases[] = {
    { DD_CELL_TEXT, "\"x\"", "x" },
    { DD_CELL_TEXT, "null", "" },
    { DD_CELL_NUMBER, "12", "12" },
    { DD_CELL_YES, "true", "yes" },
    { DD_CELL_YES, "\"true\"", "" },
    { DD_CELL_TIME, "\"2026-12-31\"", "2026-12-31" },
    { DD_CELL_TIME, "\"2026-12-31T23:00:00+01:00\"", "2026-12-31 23:00:00+01:00" },
    { DD_CELL_LIST, "[\"a\",\"b\",3]", "a, b, 3" },
    { DD_CELL_LIST, "[]", "" },
    { DD_CELL_MEMBERS, "{\"a\":1,\"b\":{\"c\":2},\"d\":\"x\"}", "a=1 d=x" },
    { DD_CELL_MEMBERS, "\"plain\"", "plain" },
    { DD_CELL_DATA, "\"x\"", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DdJson) json = dd_json_parse (cases[i].json, strlen (cases[i].json), NULL, NULL);
      g_autofree char *text = dd_cell_format (cases[i].kind, dd_json_root (json), FALSE);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/output/a-table-aligns-and-shows-an-outer-row-once", test_table);
  g_test_add_func ("/ctl/output/json-has-the-fields-and-no-others", test_json);
  g_test_add_func ("/ctl/output/no-rows-are-said-to-people-and-empty-to-programs", test_nothing);
  g_test_add_func ("/ctl/output/members-of-other-types-are-left-out", test_other_types);
  g_test_add_func ("/ctl/output/text-cannot-steer-the-terminal", test_terminal);
  g_test_add_func ("/ctl/output/columns-count-wide-characters-and-marks", test_width);
  g_test_add_func ("/ctl/output/a-column-without-text-is-left-out", test_empty_column);
  g_test_add_func ("/ctl/output/values-read-as-people-write-them", test_cells);
  return g_test_run ();
}
