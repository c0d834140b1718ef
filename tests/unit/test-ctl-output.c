/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealctl's output: the same sections as a table and as JSON.
 */
#include "output.h"
#include "table.h"
#include "text.h"

static const CtlField head_fields[] = {
  { "id", "Deal", CTL_CELL_TEXT, NULL },       { "head", "Chain head", CTL_CELL_DIGEST, NULL },
  { "opened", "Opened", CTL_CELL_TIME, NULL }, { "secret", NULL, CTL_CELL_DATA, NULL },
  { NULL, NULL, CTL_CELL_TEXT, NULL },
};

static const CtlField line_fields[] = {
  { "id", "Line", CTL_CELL_TEXT, NULL },
  { "head", "Head", CTL_CELL_DIGEST, NULL },
  { "done", "Done", CTL_CELL_YES, NULL },
  { NULL, NULL, CTL_CELL_TEXT, NULL },
};

static const CtlField charge_fields[] = {
  { "id", "Charge", CTL_CELL_TEXT, NULL },
  { "net", "Net", CTL_CELL_MONEY, NULL },
  { NULL, NULL, CTL_CELL_TEXT, NULL },
};

static const CtlField remark_fields[] = { { "remark", "Remark", CTL_CELL_TEXT, NULL },
                                          { NULL, NULL, CTL_CELL_TEXT, NULL } };

static const CtlSection charges = { "charges", NULL, CTL_SHAPE_ROWS, charge_fields, NULL, NULL };

static const CtlSection sections[] = {
  { NULL, NULL, CTL_SHAPE_RECORD, head_fields, NULL, NULL },
  { "lines", "Lines", CTL_SHAPE_ROWS, line_fields, &charges, "No lines." },
  { "remarks", NULL, CTL_SHAPE_ROWS, remark_fields, NULL, NULL },
  { NULL, NULL, CTL_SHAPE_RECORD, NULL, NULL, NULL },
};

static char *
as_text (const char *json_text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse (json_text, strlen (json_text), NULL, &error);
  GString *out = g_string_new (NULL);

  g_assert_no_error (error);
  ctl_output_text (sections, dd_json_root (json), 0, out);
  return g_string_free (out, FALSE);
}

static char *
as_json (const char *json_text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse (json_text, strlen (json_text), NULL, &error);
  GString *out = g_string_new (NULL);

  g_assert_no_error (error);
  ctl_output_json (sections, dd_json_root (json), out);
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
  g_autoptr (CtlTable) table = ctl_table_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_cmpuint (ctl_text_width ("東京"), ==, 4);
  g_assert_cmpuint (ctl_text_width ("e\xcc\x81"), ==, 1);
  ctl_table_add_column (table, "Name", FALSE);
  ctl_table_add_column (table, "N", TRUE);
  ctl_table_add_row (table);
  ctl_table_set (table, 0, "東京支店");
  ctl_table_set (table, 1, "1");
  ctl_table_add_row (table);
  ctl_table_set (table, 0, "Köln");
  ctl_table_set (table, 1, "20");
  ctl_table_print (table, 0, out);
  g_assert_cmpstr (out->str, ==,
                   "Name       N\n"
                   "東京支店   1\n"
                   "Köln      20\n");
}

static void
test_empty_column (void)
{
  g_autoptr (CtlTable) table = ctl_table_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  ctl_table_add_column (table, "A", FALSE);
  ctl_table_add_column (table, "Never", FALSE);
  ctl_table_add_column (table, "B", FALSE);
  ctl_table_add_row (table);
  ctl_table_set (table, 0, "x");
  ctl_table_set (table, 1, "");
  ctl_table_set (table, 2, "y");
  ctl_table_print (table, 80, out);
  g_assert_cmpstr (out->str, ==, "\033[1mA  B\033[0m\nx  y\n");
}

static void
fill_titles (CtlTable *table)
{
  ctl_table_add_column (table, "Deal", FALSE);
  ctl_table_add_column (table, "Title", FALSE);
  ctl_table_let_yield (table);
  ctl_table_add_column (table, "Version", TRUE);
  ctl_table_add_row (table);
  ctl_table_set (table, 0, "D-1");
  ctl_table_set (table, 1, "Forty branches");
  ctl_table_set (table, 2, "12");
  ctl_table_add_row (table);
  ctl_table_set (table, 0, "D-2");
  ctl_table_set (table, 1, "東京支店のための");
  ctl_table_set (table, 2, "3");
}

static void
assert_table (const CtlTable *table, guint columns, const char *wanted)
{
  g_autoptr (GString) out = g_string_new (NULL);

  ctl_table_print (table, columns, out);
  g_assert_cmpstr (out->str, ==, wanted);
}

static void
test_fit (void)
{
  static const char uncut[] = "Deal  Title             Version\n"
                              "D-1   Forty branches         12\n"
                              "D-2   東京支店のための        3\n";
  static const char fitting[] = "\033[1mDeal  Title             Version\033[0m\n"
                                "D-1   Forty branches         12\n"
                                "D-2   東京支店のための        3\n";
  static const char cut[] = "\033[1mDeal  Title         Version\033[0m\n"
                            "D-1   Forty branc…       12\n"
                            "D-2   東京支店の…         3\n";
  static const char least[] = "\033[1mDeal  Title       Version\033[0m\n"
                              "D-1   Forty bra…       12\n"
                              "D-2   東京支店…         3\n";
  g_autoptr (CtlTable) table = ctl_table_new ();

  fill_titles (table);
  assert_table (table, 0, uncut);
  assert_table (table, 31, fitting);
  assert_table (table, 27, cut);
  assert_table (table, 1, least);
}

static void
test_cells (void)
{
  static const struct
  {
    CtlCellKind kind;
    const char *json;
    const char *text;
  } cases[] = {
    { CTL_CELL_TEXT, "\"x\"", "x" },
    { CTL_CELL_TEXT, "null", "" },
    { CTL_CELL_NUMBER, "12", "12" },
    { CTL_CELL_NUMBER, "\"18.2606222%\"", "18.2606222%" },
    { CTL_CELL_PERCENT, "\"18.2606222%\"", "18.26%" },
    { CTL_CELL_PERCENT, "\"12.5%\"", "12.5%" },
    { CTL_CELL_PERCENT, "\"18.265%\"", "18.27%" },
    { CTL_CELL_PERCENT, "\"-18.265%\"", "-18.27%" },
    { CTL_CELL_PERCENT, "\"18.2649999%\"", "18.26%" },
    { CTL_CELL_PERCENT, "\"99.995%\"", "100%" },
    { CTL_CELL_PERCENT, "\"-0.0049%\"", "0%" },
    { CTL_CELL_PERCENT, "\"unknown%\"", "unknown%" },
    { CTL_CELL_MONEY, "\"18.2606222%\"", "18.26%" },
    { CTL_CELL_MONEY, "\"EUR 0.004375\"", "EUR 0.004375" },
    { CTL_CELL_YES, "true", "yes" },
    { CTL_CELL_YES, "\"true\"", "" },
    { CTL_CELL_TIME, "\"2026-12-31\"", "2026-12-31" },
    { CTL_CELL_TIME, "\"2026-12-31T23:00:00+01:00\"", "2026-12-31 23:00:00+01:00" },
    { CTL_CELL_LIST, "[\"a\",\"b\",3]", "a, b, 3" },
    { CTL_CELL_LIST, "[]", "" },
    { CTL_CELL_MEMBERS, "{\"a\":1,\"b\":{\"c\":2},\"d\":\"x\"}", "a=1 d=x" },
    { CTL_CELL_MEMBERS, "\"plain\"", "plain" },
    { CTL_CELL_DATA, "\"x\"", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DdJson) json = dd_json_parse (cases[i].json, strlen (cases[i].json), NULL, NULL);
      g_autofree char *text = ctl_cell_format (cases[i].kind, dd_json_root (json), FALSE);

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
  g_test_add_func ("/ctl/output/titles-are-cut-to-a-terminal-and-only-there", test_fit);
  g_test_add_func ("/ctl/output/values-read-as-people-write-them", test_cells);
  return g_test_run ();
}
