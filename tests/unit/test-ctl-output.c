/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dealctl's output: the same sections as a table and as JSON.
 */
#include "colour.h"
#include "output.h"
#include "pager.h"
#include "progress.h"
#include "schema.h"
#include "table.h"
#include "text.h"
#include "word.h"

static const CtlStyle piped = { 0, FALSE, NULL };

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
  { "remarks", NULL, CTL_SHAPE_VALUES, remark_fields, NULL, NULL },
  { NULL, NULL, CTL_SHAPE_RECORD, NULL, NULL, NULL },
};

static char *
as_text (const char *json_text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = dd_json_parse (json_text, strlen (json_text), NULL, &error);
  GString *out = g_string_new (NULL);

  g_assert_no_error (error);
  ctl_output_text (sections, dd_json_root (json), &piped, out);
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

  g_assert_cmpstr (text, ==, "Deal:  D-1\nNo lines.\n");
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

  g_assert_true (g_str_has_prefix (text, "Deal:  a\357\277\275[31mb\357\277\275c d\357\277\275\n"));
}

static void
test_width (void)
{
  g_autoptr (CtlTable) table = ctl_table_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_cmpuint (ctl_text_width ("東京"), ==, 4);
  g_assert_cmpuint (ctl_text_width ("e\xcc\x81"), ==, 1);
  ctl_table_add_column (table, "Name", CTL_COLUMN_PLAIN, 0);
  ctl_table_add_column (table, "N", CTL_COLUMN_RIGHT, 0);
  ctl_table_add_row (table);
  ctl_table_set (table, 0, "東京支店");
  ctl_table_set (table, 1, "1");
  ctl_table_add_row (table);
  ctl_table_set (table, 0, "Köln");
  ctl_table_set (table, 1, "20");
  ctl_table_print (table, &piped, out);
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

  ctl_table_add_column (table, "A", CTL_COLUMN_PLAIN, 0);
  ctl_table_add_column (table, "Never", CTL_COLUMN_PLAIN, 0);
  ctl_table_add_column (table, "B", CTL_COLUMN_PLAIN, 0);
  ctl_table_add_row (table);
  ctl_table_set (table, 0, "x");
  ctl_table_set (table, 1, "");
  ctl_table_set (table, 2, "y");
  ctl_table_print (table, &(CtlStyle){ 80, TRUE, NULL }, out);
  g_assert_cmpstr (out->str, ==, "\033[1mA\033[0m  \033[1mB\033[0m\nx  y\n");
}

static void
fill_titles (CtlTable *table)
{
  ctl_table_add_column (table, "Deal", CTL_COLUMN_PLAIN, 0);
  ctl_table_add_column (table, "Title", CTL_COLUMN_WRAPS, 0);
  ctl_table_add_column (table, "Version", CTL_COLUMN_RIGHT, 1);
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
  const CtlStyle style = { columns, FALSE, NULL };
  g_autoptr (GString) out = g_string_new (NULL);

  ctl_table_print (table, &style, out);
  g_assert_cmpstr (out->str, ==, wanted);
}

/* The last column goes first, then the second. */
static void
test_gives_way (void)
{
  g_autoptr (CtlTable) table = ctl_table_new ();

  ctl_table_add_column (table, "Deal", CTL_COLUMN_PLAIN, 0);
  ctl_table_add_column (table, "Owner", CTL_COLUMN_PLAIN | CTL_COLUMN_GIVES_WAY (1), 0);
  ctl_table_add_column (table, "Title", CTL_COLUMN_WRAPS, 0);
  ctl_table_add_column (table, "Version", CTL_COLUMN_RIGHT | CTL_COLUMN_GIVES_WAY (2), 0);
  ctl_table_add_row (table);
  ctl_table_set (table, 0, "D-1");
  ctl_table_set (table, 1, "somebody-with-a-long-id");
  ctl_table_set (table, 2, "Forty branches in three countries");
  ctl_table_set (table, 3, "12");
  assert_table (table, 77,
                "Deal  Owner                    Title                              Version\n"
                "D-1   somebody-with-a-long-id  Forty branches in three countries       12\n");
  assert_table (table, 64,
                "Deal  Owner                    Title\n"
                "D-1   somebody-with-a-long-id  Forty branches in three countries\n");
  assert_table (table, 60,
                "Deal  Owner                    Title\n"
                "D-1   somebody-with-a-long-id  Forty branches in three\n"
                "                               countries\n");
  ctl_table_set (table, 1, "somebody-with-an-id-that-leaves-no-room");
  assert_table (table, 60,
                "Deal  Title\n"
                "D-1   Forty branches in three countries\n");
  assert_table (table, CTL_TABLE_LEAST - 1,
                "Deal:     D-1\n"
                "Owner:    somebody-with-an-id-that-leaves-no-room\n"
                "Title:    Forty branches in three countries\n"
                "Version:  12\n");
}

static void
test_fit (void)
{
  static const char whole[] = "Deal  Title             Version\n"
                              "D-1   Forty branches         12\n"
                              "D-2   東京支店のための        3\n";
  static const char wrapped[] = "Deal  Title       Version\n"
                                "D-1   Forty            12\n"
                                "      branches\n"
                                "D-2   東京支店の        3\n"
                                "      ための\n";
  static const char records[] = "Deal:     D-1\n"
                                "Title:    Forty\n"
                                "          branches\n"
                                "  Version:  12\n"
                                "\n"
                                "Deal:     D-2\n"
                                "Title:    東京支店\n"
                                "          のための\n"
                                "  Version:  3\n";
  g_autoptr (CtlTable) table = ctl_table_new ();

  fill_titles (table);
  assert_table (table, 0, whole);
  assert_table (table, 31, whole);
  assert_table (table, 25, wrapped);
  assert_table (table, 19, records);
}

static void
assert_lines (const char *text, guint width, const char *const *wanted)
{
  g_auto (GStrv) lines = ctl_text_wrap (text, width);

  g_assert_true (g_strv_equal ((const char *const *)lines, wanted));
}

static void
test_wrap (void)
{
  assert_lines ("EUR 1200.00 once", 8, (const char *const[]){ "EUR 1200.00", "once", NULL });
  assert_lines ("2026-01-01 00:00:00Z", 12, (const char *const[]){ "2026-01-01", "00:00:00Z", NULL });
  assert_lines ("/usr/lib/dealdesk/x.so", 10,
                (const char *const[]){ "/usr/lib/", "dealdesk/", "x.so", NULL });
  assert_lines ("name,kind,1,5", 5, (const char *const[]){ "name,", "kind,1,5", NULL });
  assert_lines ("  a  b ", 4, (const char *const[]){ "a  b", NULL });
  assert_lines ("e\xcc\x81 e\xcc\x81 e\xcc\x81", 3,
                (const char *const[]){ "e\xcc\x81 e\xcc\x81", "e\xcc\x81", NULL });
  assert_lines ("", 4, (const char *const[]){ "", NULL });
  g_assert_cmpuint (ctl_text_widest_piece ("a EUR 12.00 bc"), ==, 9);
}

static void
test_fill (void)
{
  g_autofree char *text = ctl_text_fill ("One two\nthree.\n\n  a    x y z\n  bb\nEnd.\n", 9);

  g_assert_cmpstr (text, ==, "One two\nthree.\n\n  a    x\n       y\n       z\n  bb\nEnd.\n");
}

static void
test_charset (void)
{
  static const char text[] = "“a” … 5 µs — 漢";
  g_autofree char *unicode = ctl_text_for_charset (text, NULL);
  g_autofree char *ascii = ctl_text_for_charset (text, "ANSI_X3.4-1968");
  g_autofree char *latin = ctl_text_for_charset ("Köln", "ISO-8859-1");
  g_autofree char *dot = ctl_text_for_charset ("a · b", "ANSI_X3.4-1968");
  g_autofree char *latin_dot = ctl_text_for_charset ("a · b", "ISO-8859-1");

  g_assert_cmpstr (unicode, ==, text);
  g_assert_cmpstr (ascii, ==, "\"a\" ... 5 us -- ?");
  g_assert_cmpstr (latin, ==, "Köln");
  g_assert_cmpstr (dot, ==, "a - b");
  g_assert_cmpstr (latin_dot, ==, "a · b");
}

static void
test_colour (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  CtlColourWhen when;

  ctl_colour_append (out, "held", ctl_colour_of_state ("held"), TRUE);
  g_assert_cmpstr (out->str, ==, "\033[31mheld\033[0m");
  g_string_truncate (out, 0);
  ctl_colour_append (out, "held", ctl_colour_of_state ("held"), FALSE);
  g_assert_cmpstr (out->str, ==, "held");
  g_assert_cmpint (ctl_colour_of_state ("of some later version"), ==, CTL_TONE_PLAIN);
  g_assert_true (ctl_colour_when_parse (NULL, &when));
  g_assert_cmpint (when, ==, CTL_COLOUR_AUTO);
  g_assert_false (ctl_colour_when_parse ("red", &when));
  g_assert_true (ctl_colour_decide (CTL_COLOUR_AUTO, TRUE, "", "xterm"));
  g_assert_false (ctl_colour_decide (CTL_COLOUR_AUTO, TRUE, "1", "xterm"));
  g_assert_false (ctl_colour_decide (CTL_COLOUR_AUTO, TRUE, NULL, "dumb"));
  g_assert_false (ctl_colour_decide (CTL_COLOUR_AUTO, FALSE, NULL, "xterm"));
  g_assert_true (ctl_colour_decide (CTL_COLOUR_ALWAYS, FALSE, "1", NULL));
}

static void
test_pager (void)
{
  g_assert_cmpstr (ctl_pager_command (NULL, NULL), ==, "less");
  g_assert_cmpstr (ctl_pager_command (NULL, "more"), ==, "more");
  g_assert_cmpstr (ctl_pager_command ("most -s", "more"), ==, "most -s");
  g_assert_null (ctl_pager_command ("", "more"));
  g_assert_null (ctl_pager_command (NULL, "cat"));
}

static void
assert_progress (guint64 done, guint64 total, gint64 seconds, guint columns, const char *wanted)
{
  g_autofree char *line =
    ctl_progress_line ("Verifying", "events", done, total, seconds * G_USEC_PER_SEC, columns);

  g_assert_cmpstr (line, ==, wanted);
}

static void
test_progress (void)
{
  g_autofree char *bytes = ctl_progress_line ("Saving", "bytes", 1500000, 3000000, 0, 80);

  assert_progress (1200, 4800, 2, 80, "Verifying: 1200 of 4800 events, 25%, 600 events/s, 7 s left");
  assert_progress (1200, 4800, 2, 50, "Verifying: 1200 of 4800 events, 25%, 600 events/s");
  assert_progress (1200, 4800, 2, 20, "");
  assert_progress (1200, 0, 2, 80, "Verifying: 1200 events, 600 events/s");
  assert_progress (4800, 4800, 2, 80, "Verifying: 4800 of 4800 events, 100%, 2400 events/s");
  assert_progress (9, 4, 0, 80, "Verifying: 9 of 4 events, 100%");
  assert_progress (1, G_MAXUINT64, 1, 80, "Verifying: 1 of 18446744073709551615 events, 0%, 1 events/s");
  g_assert_true (g_str_has_prefix (bytes, "Saving: 1.5"));
}

static void
test_nearest (void)
{
  static const char *const words[] = { "approve", "list", "price", NULL };

  g_assert_cmpstr (ctl_word_nearest ("lst", words), ==, "list");
  g_assert_cmpstr (ctl_word_nearest ("appr", words), ==, "approve");
  g_assert_cmpstr (ctl_word_nearest ("prise", words), ==, "price");
  g_assert_null (ctl_word_nearest ("handoff", words));
}

static void
test_schema (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DdJson) json = NULL;
  const DdJsonNode *properties;
  const DdJsonNode *lines;

  ctl_schema_append ("x", "Say \"x\"", sections, out);
  json = dd_json_parse (out->str, out->len, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dd_json_text (dd_json_member (dd_json_root (json), "title")), ==, "dealctl x --json");
  g_assert_cmpstr (dd_json_text (dd_json_member (dd_json_root (json), "description")), ==, "Say \"x\"");
  g_assert_cmpuint (dd_json_length (dd_json_member (dd_json_root (json), "required")), ==, 2);
  properties = dd_json_member (dd_json_root (json), "properties");
  g_assert_cmpuint (dd_json_length (properties), ==, 6);
  lines = dd_json_member (dd_json_member (dd_json_member (properties, "lines"), "items"), "properties");
  g_assert_cmpstr (dd_json_text (dd_json_member (dd_json_member (lines, "done"), "type")), ==, "boolean");
  g_assert_cmpstr (dd_json_text (dd_json_member (dd_json_member (lines, "charges"), "type")), ==, "array");
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
    { CTL_CELL_TIME, "\"2026-12-31T23:00:00+01:00\"", "2026-12-31 22:00:00Z" },
    { CTL_CELL_TIME, "\"2026-12-31Tnonsense, rather\"", "2026-12-31Tnonsense, rather" },
    { CTL_CELL_LIST, "[\"a\",\"b\",3]", "a, b, 3" },
    { CTL_CELL_LIST, "[]", "" },
    { CTL_CELL_MEMBERS, "{\"a\":1,\"b\":{\"c\":2},\"d\":\"x\"}", "a=1 d=x" },
    { CTL_CELL_MEMBERS, "{\"a\":\"x y\",\"b\":\"z\"}", "a=\"x y\" b=z" },
    { CTL_CELL_MEMBERS, "\"plain\"", "plain" },
    { CTL_CELL_MEMBERS, "{\"validUntil\":\"2027-12-31T23:59:59.999999Z\"}",
      "validUntil=\"2027-12-31 23:59:59Z\"" },
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
  g_setenv ("TZ", "UTC", TRUE);
  g_test_add_func ("/ctl/output/a-table-aligns-and-shows-an-outer-row-once", test_table);
  g_test_add_func ("/ctl/output/json-has-the-fields-and-no-others", test_json);
  g_test_add_func ("/ctl/output/no-rows-are-said-to-people-and-empty-to-programs", test_nothing);
  g_test_add_func ("/ctl/output/members-of-other-types-are-left-out", test_other_types);
  g_test_add_func ("/ctl/output/text-cannot-steer-the-terminal", test_terminal);
  g_test_add_func ("/ctl/output/columns-count-wide-characters-and-marks", test_width);
  g_test_add_func ("/ctl/output/a-column-without-text-is-left-out", test_empty_column);
  g_test_add_func ("/ctl/output/columns-that-matter-less-give-way", test_gives_way);
  g_test_add_func ("/ctl/output/words-are-wrapped-to-a-terminal-and-only-there", test_fit);
  g_test_add_func ("/ctl/output/an-amount-is-never-broken", test_wrap);
  g_test_add_func ("/ctl/output/paragraphs-are-filled-and-indented-lines-are-kept", test_fill);
  g_test_add_func ("/ctl/output/what-a-character-set-lacks-is-written-otherwise", test_charset);
  g_test_add_func ("/ctl/output/colours-repeat-words-where-they-are-wanted", test_colour);
  g_test_add_func ("/ctl/output/the-pager-is-dealctls-then-everybodys-then-less", test_pager);
  g_test_add_func ("/ctl/output/progress-says-what-has-room", test_progress);
  g_test_add_func ("/ctl/output/a-slip-finds-the-word-that-was-meant", test_nearest);
  g_test_add_func ("/ctl/output/a-schema-has-the-same-members-as-the-document", test_schema);
  g_test_add_func ("/ctl/output/values-read-as-people-write-them", test_cells);
  return g_test_run ();
}
