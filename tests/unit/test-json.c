/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * JSON: what is read, what is refused and where, and the canonical form.
 */
#include "json/writer.h"

#include <string.h>

static DdJson *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  DdJson *json = dd_json_parse (text, strlen (text), NULL, &error);

  g_assert_no_error (error);
  return json;
}

static char *
canonical (const DdJsonNode *node)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();

  dd_json_write_node (writer, node);
  return dd_json_writer_finish (writer, NULL);
}

static void
assert_canonical (const char *text, const char *expected)
{
  g_autoptr (DdJson) json = parse (text);
  g_autofree char *written = canonical (dd_json_root (json));

  g_assert_cmpstr (written, ==, expected);
}

static void
assert_refused (const char *text,
                gsize length,
                const DdJsonLimits *limits,
                DdErrorCode code,
                const char *begins,
                const char *says)
{
  g_autoptr (GError) error = NULL;
  DdJson *json = dd_json_parse (text, length, limits, &error);

  g_assert_null (json);
  g_assert_error (error, DD_ERROR, (int)code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (!g_str_has_prefix (error->message, begins) || strstr (error->message, says) == NULL)
    g_error ("the message \"%s\" should begin with \"%s\" and say \"%s\"", error->message, begins, says);
}

typedef struct
{
  const char *text;
  const char *begins;
  const char *says;
} BadText;

static void
assert_all_refused (const BadText *rows, guint n_rows)
{
  for (guint i = 0; i < n_rows; i++)
    assert_refused (rows[i].text, strlen (rows[i].text), NULL, DD_ERROR_INVALID_ARGUMENT, rows[i].begins,
                    rows[i].says);
}

static void
test_what_the_grammar_refuses_is_refused_with_its_place (void)
{
  static const BadText rows[] = {
    { "", "line 1, column 1, at $: ", "empty" },
    { " \t\n ", "line 2, column 2, at $: ", "empty" },
    { "[1,2", "line 1, column 5, at $[2]: ", "ends too early" },
    { "{\"a\":{\"b\":", "line 1, column 11, at a.b: ", "ends too early" },
    { "\"abc", "line 1, column 5, at $: ", "ends too early" },
    { "{\"a", "line 1, column 4, at $: ", "ends too early" },
    { "[1 2]", "line 1, column 4, at $[1]: ", "comma" },
    { "[1}", "line 1, column 3, at $[1]: ", "comma" },
    { "{\"a\":1]", "line 1, column 7, at $: ", "comma" },
    { "{\"a\":1 \"b\":2}", "line 1, column 10, at $: ", "comma" },
    { "[\"a\" \"b\\\"c\"]", "line 1, column 11, at $[1]: ", "comma" },
    { "{}\"a", "line 1, column 3, at $: ", "follows the document" },
    { "12\"5", "line 1, column 3, at $: ", "follows the document" },
    { "\"a\" \"b", "line 1, column 5, at $: ", "follows the document" },
    { "[1] \"abc\"", "line 1, column 9, at $: ", "follows the document" },
    { "{\"a\" 1}", "line 1, column 6, at a: ", "colon" },
    { "{\"a\":}", "line 1, column 6, at a: ", "a value must be" },
    { "{a:1}", "line 1, column 2, at $: ", "double quotes" },
    { "{'a':1}", "line 1, column 2, at $: ", "double quotes" },
    { "{1:2}", "line 1, column 2, at $: ", "a member must begin with its name" },
    { "{\"a\":1,}", "line 1, column 8, at $: ", "a member must begin with its name" },
    { "[1,]", "line 1, column 4, at $[1]: ", "a value must be" },
    { "[,1]", "line 1, column 2, at $[0]: ", "a value must be" },
    { "}", "line 1, column 1, at $: ", "a value must be" },
    { "[1]x", "line 1, column 4, at $: ", "follows the document" },
    { "[1] [2]", "line 1, column 5, at $: ", "follows the document" },
    { "1 2", "line 1, column 4, at $: ", "follows the document" },
    { "{}\n{}", "line 2, column 1, at $: ", "follows the document" },
    { "tru", "line 1, column 4, at $: ", "true, false and null" },
    { "[True]", "line 1, column 2, at $[0]: ", "no JSON value" },
    { "[nan]", "line 1, column ", "true, false and null" },
    { "// no\n1", "line 1, column 1, at $: ", "comments" },
    { "/* no */ 1", "line 1, column 1, at $: ", "comments" },
    { "\xef\xbb\xbf{}", "line 1, column 1, at $: ", "byte order mark" },
    { "[1,\n 2,\n  \"\xc3\xa9\", x]", "line 3, column 8, at $[3]: ", "no JSON value" },
    { "{\"two words\":{\"c\":[[x", "line 1, column 21, at $[\"two words\"].c[0][0]: ", "no JSON value" },
  };

  assert_all_refused (rows, G_N_ELEMENTS (rows));
}

static void
test_what_is_no_number_is_refused (void)
{
  static const BadText rows[] = {
    { "01", "line 1, column 3, at $: ", "follows the document" },
    { "[-01]", "line 1, column 4, at $[1]: ", "comma" },
    { "[1.]", "line 1, column ", "point must be followed by a digit" },
    { "1.", "line 1, column 3, at $: ", "point must be followed by a digit" },
    { "[.5]", "line 1, column 2, at $[0]: ", "no JSON value" },
    { "[+1]", "line 1, column 2, at $[0]: ", "no JSON value" },
    { "[-]", "line 1, column ", "minus must be followed by a digit" },
    { "-", "line 1, column 2, at $: ", "minus must be followed by a digit" },
    { "[1e]", "line 1, column ", "exponent must have a digit" },
    { "[1e+]", "line 1, column ", "exponent must have a digit" },
    { "[0x10]", "line 1, column 3, at $[1]: ", "no JSON value" },
    { "[1,5.]", "line 1, column ", "point must be followed" },
  };

  assert_all_refused (rows, G_N_ELEMENTS (rows));
}

static void
test_bad_strings_are_refused (void)
{
  static const BadText rows[] = {
    { "\"a\nb\"", "line 1, column ", "control character" },
    { "\"a\tb\"", "line 1, column ", "control character" },
    { "\"\\x\"", "line 1, column ", "an escape that JSON doesn't have" },
    { "\"\\u12g4\"", "line 1, column ", "four hexadecimal digits" },
    { "\"\\u12\"", "line 1, column ", "four hexadecimal digits" },
    { "[\"a\\u0000b\"]", "line 1, column 2, at $[0]: ", "\\u0000" },
    { "{\"a\\u0000\":1}", "line 1, column 2, at $: ", "\\u0000" },
    { "\"\\ud800\"", "line 1, column 2, at $: ", "half of a surrogate pair" },
    { "\"\\udc00\"", "line 1, column 2, at $: ", "half of a surrogate pair" },
    { "\"\\uDBFF x\"", "line 1, column 2, at $: ", "half of a surrogate pair" },
    { "\"\\ud800\\u0041\"", "line 1, column 2, at $: ", "half of a surrogate pair" },
    { "\"\\ud800\\ud800\\udc00\"", "line 1, column 2, at $: ", "half of a surrogate pair" },
    { "\"\\udc00\\ud800\"", "line 1, column 2, at $: ", "half of a surrogate pair" },
    { "\"\\ud83d\\ude00\\ude00\"", "line 1, column 14, at $: ", "half of a surrogate pair" },
    { "\"\\ud800\\\\udc00\"", "line 1, column 2, at $: ", "half of a surrogate pair" },
    { "{\"a\":[1,\n{\"x\\\"\":\"\\\"\\\\\\ud800\"}]}",
      "line 2, column 13, at a[1][\"x\"\"]: ", "half of a surrogate" },
    { "{\"\\ud800\":1}", "line 1, column 3, at $: ", "half of a surrogate pair" },
  };

  assert_all_refused (rows, G_N_ELEMENTS (rows));
}

static void
test_invalid_utf8_is_refused_with_its_place (void)
{
  static const BadText rows[] = {
    { "{\"name\":\"it\x92s\"}", "line 1, column 12, at name: ", "0x92" },
    { "{\"quoteItem\":[{},\n{\"n\":\"caf\xc3\xa9 \xe9\"}]}",
      "line 2, column 12, at quoteItem[1].n: ", "0xe9" },
    { "\"\xc0\x80\"", "line 1, column 2, at $: ", "0xc0" },
    { "\"\xc1\xbf\"", "line 1, column 2, at $: ", "0xc1" },
    { "\"\xe0\x80\x80\"", "line 1, column 2, at $: ", "0xe0" },
    { "\"\xf0\x80\x80\x80\"", "line 1, column 2, at $: ", "0xf0" },
    { "\"\xed\xa0\x80\"", "line 1, column 2, at $: ", "0xed" },
    { "\"\xed\xbf\xbf\"", "line 1, column 2, at $: ", "0xed" },
    { "\"\xf4\x90\x80\x80\"", "line 1, column 2, at $: ", "0xf4" },
    { "\"\xf5\x80\x80\x80\"", "line 1, column 2, at $: ", "0xf5" },
    { "\"\xff\"", "line 1, column 2, at $: ", "0xff" },
    { "\"\xc3", "line 1, column 2, at $: ", "0xc3" },
    { "\"\xc3\"", "line 1, column 2, at $: ", "0xc3" },
    { "[1,\x80]", "line 1, column 4, at $[1]: ", "0x80" },
    { "[1] \x80", "line 1, column 5, at $: ", "0x80" },
    { "{\"a\x92\":1}", "line 1, column 4, at $: ", "0x92" },
    { "[x, \"\x92\"]", "line 1, column 2, at $[0]: ", "no JSON value" },
  };

  assert_all_refused (rows, G_N_ELEMENTS (rows));
  assert_refused ("\"a\0b\"", 5, NULL, DD_ERROR_INVALID_ARGUMENT, "line 1, column 3, at $: ", "NUL");
  assert_refused ("[1]\0", 4, NULL, DD_ERROR_INVALID_ARGUMENT, "line 1, column 4, at $: ", "NUL");
}

static void
test_a_name_is_refused_the_second_time (void)
{
  static const BadText rows[] = {
    { "{\"a\":1,\"a\":1}", "line 1, column 8, at $: ", "\"a\" is there twice" },
    { "{\"a\":{\"b\":[1,{\"c\":2,\n\"d\":0,\"c\":3}]}}",
      "line 2, column 7, at a.b[1]: ", "\"c\" is there twice" },
    { "{\"\":1,\"\":1}", "line 1, column 7, at $: ", "\"\" is there twice" },
    { "{\"a\":1,\"\\u0061\":1}", "line 1, column 8, at $: ", "\"a\" is there twice" },
    { "{\"\xc3\xa9\":1,\"\\u00e9\":1}", "line 1, column 8, at $: ", "is there twice" },
  };

  assert_all_refused (rows, G_N_ELEMENTS (rows));
  assert_canonical ("{\"a\":{\"a\":{\"a\":1}},\"A\":1,\"aa\":2,\"\":3}",
                    "{\"\":3,\"A\":1,\"a\":{\"a\":{\"a\":1}},\"aa\":2}");
}

/* An object of @n_members, names m0, m1 … */
static GString *
large_object (guint n_members)
{
  GString *text = g_string_new ("{");

  for (guint i = 0; i < n_members; i++)
    g_string_append_printf (text, "%s\"m%u\":%u", i == 0 ? "" : ",", i, i);
  return text;
}

static void
test_large_objects_find_their_members_and_duplicates (void)
{
  static const guint sizes[] = { 1, 2, 8, 15, 16, 17, 18, 31, 32, 33, 34, 63, 64, 65, 128, 129, 1000, 20000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GString) text = large_object (sizes[i]);
      g_autofree char *whole = g_strdup_printf ("{\"o\":%s},\"after\":1}", text->str);
      g_autoptr (DdJson) json = parse (whole);
      const DdJsonNode *object = dd_json_member (dd_json_root (json), "o");
      const DdJsonNode *in_order = dd_json_first (object);

      g_assert_cmpuint (dd_json_length (object), ==, sizes[i]);
      for (guint m = 0; m < sizes[i]; m++, in_order = dd_json_next (in_order))
        {
          g_autofree char *name = g_strdup_printf ("m%u", m);
          g_autofree char *value = g_strdup_printf ("%u", m);
          g_autofree char *twice = NULL;

          g_assert_true (dd_json_member (object, name) == in_order);
          g_assert_cmpstr (dd_json_text (in_order), ==, value);
          if (m != 0 && m != sizes[i] / 2 && m != sizes[i] - 1)
            continue;
          twice = g_strdup_printf ("%s,\"%s\":1}", text->str, name);
          assert_refused (twice, strlen (twice), NULL, DD_ERROR_INVALID_ARGUMENT, "line 1, column ",
                          "is there twice");
        }
      g_assert_null (in_order);
      g_assert_null (dd_json_member (object, "m"));
      g_assert_null (dd_json_member (object, "m99999999"));
      g_assert_nonnull (dd_json_member (dd_json_root (json), "after"));
    }
}

static char *
nested (guint depth)
{
  g_autofree char *open = g_strnfill (depth, '[');
  g_autofree char *close = g_strnfill (depth, ']');

  return g_strconcat (open, close, NULL);
}

static void
test_nesting_beyond_the_limit_is_refused (void)
{
  const DdJsonLimits two = { 100, 2 };
  g_autofree char *just = nested (64);
  g_autofree char *beyond = nested (65);
  g_autofree char *hundred = nested (100);
  g_autofree char *million = nested (1000000);
  g_autoptr (DdJson) json = parse (just);

  g_assert_nonnull (json);
  assert_refused (beyond, strlen (beyond), NULL, DD_ERROR_TOO_LARGE, "line 1, column 65, at $[0][0]",
                  "64 levels");
  assert_refused (hundred, strlen (hundred), NULL, DD_ERROR_TOO_LARGE, "line 1, column 65, ", "64 levels");
  assert_refused (million, strlen (million), NULL, DD_ERROR_TOO_LARGE, "line 1, column 65, ", "64 levels");
  assert_refused ("{\"a\":[{}]}", 10, &two, DD_ERROR_TOO_LARGE, "line 1, column 7, at a[0]: ", "2 levels");

  /* Width isn't depth. */
  g_autoptr (DdJson) wide = parse ("[[[]],[[]],[[]],{\"a\":{}},{\"a\":{}}]");

  g_assert_cmpuint (dd_json_length (dd_json_root (wide)), ==, 5);
}

static void
test_size_beyond_the_limit_is_refused (void)
{
  const DdJsonLimits ten = { 10, 64 };
  g_autofree char *large = g_strnfill (dd_json_limits_default.max_bytes + 1, ' ');
  g_autoptr (DdJson) json = dd_json_parse ("[123456,8]", 10, &ten, NULL);

  g_assert_nonnull (json);
  assert_refused ("[123456,89]", 11, &ten, DD_ERROR_TOO_LARGE, "the document has 11 bytes", "at most 10");
  assert_refused (large, strlen (large), NULL, DD_ERROR_TOO_LARGE, "the document has 33554433 bytes",
                  "33554432");
}

static void
test_too_many_values_are_refused (void)
{
  const guint n_values = 5 * 1000 * 1000;
  g_autoptr (GString) text = g_string_sized_new (n_values * 2 + 2);

  g_string_append (text, "[0");
  for (guint i = 1; i < n_values; i++)
    g_string_append (text, ",0");
  g_string_append_c (text, ']');
  assert_refused (text->str, text->len, NULL, DD_ERROR_TOO_LARGE, "line 1, column ",
                  "more than 4194304 values");
}

static void
test_absurdly_long_numbers_are_refused (void)
{
  g_autofree char *digits = g_strnfill (64, '7');
  g_autofree char *just = g_strdup_printf ("{\"a\":[%s]}", digits);
  g_autofree char *beyond = g_strdup_printf ("{\"a\":[%s7]}", digits);
  g_autofree char *at_root = g_strdup_printf ("%s7", digits);
  g_autoptr (DdJson) json = parse (just);

  g_assert_cmpstr (dd_json_text (dd_json_first (dd_json_first (dd_json_root (json)))), ==, digits);
  assert_refused (beyond, strlen (beyond), NULL, DD_ERROR_TOO_LARGE,
                  "line 1, column 7, at a[0]: ", "65 characters");
  assert_refused (at_root, strlen (at_root), NULL, DD_ERROR_TOO_LARGE,
                  "line 1, column 1, at $: ", "65 characters");
}

static void
test_a_document_is_read_as_it_is (void)
{
  g_autoptr (DdJson) json =
    parse (" {\"n\":null,\"t\":true,\"f\":false,\"i\":-0.10e+2,\"s\":\"a\\u00e9\\ud83d\\ude00\\/\","
           "\"a\":[1,\"x\"],\"o\":{},\"e\":\"\"} \n");
  static const struct
  {
    const char *name;
    DdJsonType type;
    const char *text;
    guint length;
  } rows[] = {
    { "n", DD_JSON_NULL, NULL, 0 },
    { "t", DD_JSON_BOOLEAN, NULL, 0 },
    { "f", DD_JSON_BOOLEAN, NULL, 0 },
    { "i", DD_JSON_NUMBER, "-0.10e+2", 0 },
    { "s", DD_JSON_STRING, "a\xc3\xa9\xf0\x9f\x98\x80/", 0 },
    { "a", DD_JSON_ARRAY, NULL, 2 },
    { "o", DD_JSON_OBJECT, NULL, 0 },
    { "e", DD_JSON_STRING, "", 0 },
  };
  const DdJsonNode *node = dd_json_first (dd_json_root (json));

  g_assert_null (dd_json_name (dd_json_root (json)));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++, node = dd_json_next (node))
    {
      g_assert_cmpstr (dd_json_name (node), ==, rows[i].name);
      g_assert_cmpint (dd_json_type (node), ==, rows[i].type);
      g_assert_cmpstr (dd_json_text (node), ==, rows[i].text);
      g_assert_cmpuint (dd_json_length (node), ==, rows[i].length);
      g_assert_true (dd_json_member (dd_json_root (json), rows[i].name) == node);
    }
  g_assert_null (node);
  g_assert_true (dd_json_boolean (dd_json_member (dd_json_root (json), "t")));
  g_assert_false (dd_json_boolean (dd_json_member (dd_json_root (json), "f")));
  g_assert_null (dd_json_first (dd_json_member (dd_json_root (json), "s")));
  g_assert_null (dd_json_first (dd_json_member (dd_json_root (json), "o")));
  g_assert_null (dd_json_member (dd_json_root (json), "none"));
  g_assert_null (dd_json_member (NULL, "n"));
  g_assert_null (dd_json_member (dd_json_member (dd_json_root (json), "a"), "n"));
}

static void
test_single_values_are_documents (void)
{
  static const char *const texts[] = { "null", "true", "0", "-12.50", "1e5", "\"\"", "[]", "{}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_canonical (texts[i], texts[i]);
}

static void
test_a_document_lives_until_its_last_reference (void)
{
  DdJson *json = parse ("{\"a\":\"b\"}");
  DdJson *second = dd_json_ref (json);

  dd_json_unref (json);
  g_assert_cmpstr (dd_json_text (dd_json_first (dd_json_root (second))), ==, "b");
  dd_json_unref (second);
}

static void
test_empty_bytes_without_data_are_refused (void)
{
  assert_refused (NULL, 0, NULL, DD_ERROR_INVALID_ARGUMENT, "line 1, column 1, at $: ", "empty");
}

static void
test_paths_name_places (void)
{
  static const struct
  {
    const char *text;
    const char *path; /* of what the first children lead to */
  } rows[] = {
    { "1", "$" },
    { "{\"quoteItem\":[{\"quantity\":1}]}", "quoteItem[0].quantity" },
    { "[[1]]", "$[0][0]" },
    { "[{\"a\":1}]", "$[0].a" },
    { "{\"@type\":{\"b-c\":1}}", "@type.b-c" },
    { "{\"two words\":{\"\":1}}", "$[\"two words\"][\"\"]" },
    { "{\"a\":{\"b.c\":1}}", "a[\"b.c\"]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (DdJson) json = parse (rows[i].text);
      const DdJsonNode *node = dd_json_root (json);

      while (dd_json_first (node) != NULL)
        node = dd_json_first (node);

      g_autofree char *path = dd_json_path (node);

      g_assert_cmpstr (path, ==, rows[i].path);
    }

  g_autoptr (DdJson) json = parse ("{\"a\":[0,1,{\"x\":1,\"y\":2}]}");
  const DdJsonNode *third = dd_json_next (dd_json_next (dd_json_first (dd_json_first (dd_json_root (json)))));
  g_autofree char *path = dd_json_path (dd_json_member (third, "y"));
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (path, ==, "a[2].y");
  g_assert_false (dd_json_complain (third, &error, "is %d%%", 5));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, "a[2]: is 5%");
}

static void
test_typed_members_are_read (void)
{
  g_autoptr (DdJson) json =
    parse ("{\"s\":\"x\",\"b\":true,\"i\":-5,\"e\":1e3,\"d\":12.5,\"ds\":\"12.5\",\"a\":[],\"o\":{}}");
  const DdJsonNode *root = dd_json_root (json);
  const char *text = NULL;
  gboolean boolean = FALSE;
  gint64 number = 0;
  const DdJsonNode *node = NULL;

  g_assert_true (dd_json_get_text (root, "s", TRUE, &text, NULL));
  g_assert_cmpstr (text, ==, "x");
  g_assert_true (dd_json_get_boolean (root, "b", TRUE, &boolean, NULL));
  g_assert_true (boolean);
  g_assert_true (dd_json_get_int64 (root, "i", TRUE, -5, 5, &number, NULL));
  g_assert_cmpint (number, ==, -5);
  g_assert_true (dd_json_get_int64 (root, "e", TRUE, 0, 1000, &number, NULL));
  g_assert_cmpint (number, ==, 1000);
  g_assert_true (dd_json_get_decimal (root, "d", TRUE, 6, &number, NULL));
  g_assert_cmpint (number, ==, 12500000);
  number = 0;
  g_assert_true (dd_json_get_decimal (root, "ds", TRUE, 6, &number, NULL));
  g_assert_cmpint (number, ==, 12500000);
  g_assert_true (dd_json_get_array (root, "a", TRUE, &node, NULL));
  g_assert_true (node == dd_json_member (root, "a"));
  g_assert_true (dd_json_get_object (root, "o", TRUE, &node, NULL));
  g_assert_true (node == dd_json_member (root, "o"));
}

/* Calls every typed getter for @name; each must give back @succeeds and touch nothing. */
static void
assert_all_getters (
  const DdJsonNode *object, const char *name, gboolean required, gboolean succeeds, const char *message)
{
  const char *text = "untouched";
  gboolean boolean = 42;
  gint64 number = 42;
  const DdJsonNode *node = object;
  GError *errors[6] = { NULL };

  g_assert_cmpint (dd_json_get_text (object, name, required, &text, &errors[0]), ==, succeeds);
  g_assert_cmpint (dd_json_get_boolean (object, name, required, &boolean, &errors[1]), ==, succeeds);
  g_assert_cmpint (dd_json_get_int64 (object, name, required, 0, 9, &number, &errors[2]), ==, succeeds);
  g_assert_cmpint (dd_json_get_decimal (object, name, required, 6, &number, &errors[3]), ==, succeeds);
  g_assert_cmpint (dd_json_get_array (object, name, required, &node, &errors[4]), ==, succeeds);
  g_assert_cmpint (dd_json_get_object (object, name, required, &node, &errors[5]), ==, succeeds);
  g_assert_cmpstr (text, ==, "untouched");
  g_assert_cmpint (boolean, ==, 42);
  g_assert_cmpint (number, ==, 42);
  g_assert_true (node == object);
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      if (succeeds)
        {
          g_assert_no_error (errors[i]);
          continue;
        }
      g_assert_error (errors[i], DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_str_has_prefix (errors[i]->message, message));
      g_error_free (errors[i]);
    }
}

static void
test_absent_members_touch_nothing (void)
{
  g_autoptr (DdJson) json = parse ("{\"a\":{\"null\":null}}");
  const DdJsonNode *object = dd_json_first (dd_json_root (json));

  assert_all_getters (object, "x", FALSE, TRUE, NULL);
  assert_all_getters (NULL, "x", FALSE, TRUE, NULL);
  assert_all_getters (object, "x", TRUE, FALSE, "a: lacks the member \"x\", which must be a");
  assert_all_getters (object, "null", FALSE, FALSE, "a.null: is null; it must be a");
  assert_all_getters (dd_json_first (object), "x", FALSE, FALSE, "a.null: is null; it must be an object");
}

static void
test_members_of_another_type_or_range_are_refused (void)
{
  static const struct
  {
    const char *text;
    gboolean decimal; /* else an integer from 1 to 10 */
    DdErrorCode code;
    const char *message;
  } rows[] = {
    { "{\"q\":0}", FALSE, DD_ERROR_INVALID_ARGUMENT, "q: is 0; it must be a whole number from 1 to 10" },
    { "{\"q\":11}", FALSE, DD_ERROR_INVALID_ARGUMENT, "q: is 11; it must be a whole number from 1 to 10" },
    { "{\"q\":1.5}", FALSE, DD_ERROR_INVALID_ARGUMENT, "q: is 1.5; it must be a whole number from 1 to 10" },
    { "{\"q\":1e30}", FALSE, DD_ERROR_INVALID_ARGUMENT,
      "q: is 1e30; it must be a whole number from 1 to 10" },
    { "{\"q\":\"5\"}", FALSE, DD_ERROR_INVALID_ARGUMENT, "q: is a string; it must be a number" },
    { "{\"q\":[]}", TRUE, DD_ERROR_INVALID_ARGUMENT,
      "q: is an array; it must be a decimal, as a number or a string" },
    { "{\"q\":\"\"}", TRUE, DD_ERROR_INVALID_ARGUMENT, "q: \"\" isn't a decimal" },
    { "{\"q\":0.0000001}", TRUE, DD_ERROR_INVALID_ARGUMENT, "q: \"0.0000001\" needs more digits" },
    { "{\"q\":1e30}", TRUE, DD_ERROR_OVERFLOW, "q: \"1e30\" is too large" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (DdJson) json = parse (rows[i].text);
      const DdJsonNode *root = dd_json_root (json);
      g_autoptr (GError) error = NULL;
      gint64 out = 42;

      if (rows[i].decimal)
        g_assert_false (dd_json_get_decimal (root, "q", FALSE, 6, &out, &error));
      else
        g_assert_false (dd_json_get_int64 (root, "q", FALSE, 1, 10, &out, &error));
      g_assert_error (error, DD_ERROR, (int)rows[i].code);
      g_assert_true (g_str_has_prefix (error->message, rows[i].message));
      g_assert_cmpint (out, ==, 42);
    }
}

static void
test_unknown_members_are_named (void)
{
  static const char *const known[] = { "id", "name", NULL };
  g_autoptr (DdJson) good = parse ("{\"o\":{\"name\":1}}");
  g_autoptr (DdJson) bad = parse ("{\"o\":{\"name\":1,\"nmae\":2}}");
  g_autoptr (GError) error = NULL;

  g_assert_true (dd_json_only_members (dd_json_first (dd_json_root (good)), known, NULL));
  g_assert_false (dd_json_only_members (dd_json_first (dd_json_root (bad)), known, &error));
  g_assert_error (error, DD_ERROR, DD_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, "o.nmae: isn't a known member; known here are: id, name");
}

/* RFC 8785, 3.2.3: the sorting example. */
static void
test_names_sort_by_utf16_code_units (void)
{
  assert_canonical (
    "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\","
    "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
    "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
    "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
    "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
    "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

/* RFC 8785, 3.2.2: its example, but for the numbers, whose text stays. */
static void
test_strings_are_escaped_as_the_rfc_says (void)
{
  assert_canonical (
    "{\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\"literals\": [null, true, "
    "false]}",
    "{\"literals\":[null,true,false],\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  assert_canonical ("\"\\u0008\\u0009\\u000a\\u000b\\u000c\\u000d\\u0001\\u001F\\u007f\\u2028\"",
                    "\"\\b\\t\\n\\u000b\\f\\r\\u0001\\u001f\x7f\xe2\x80\xa8\"");
}

static void
test_objects_are_ordered_at_every_depth (void)
{
  assert_canonical (
    "{\"b\":[{\"z\":1,\"y\":{\"d\":[],\"c\":{}}},{}],\"a\":{\"2\":1,\"10\":2,\"1\":3},\"B\":0,\"\":1}",
    "{\"\":1,\"B\":0,\"a\":{\"1\":3,\"10\":2,\"2\":1},\"b\":[{\"y\":{\"c\":{},\"d\":[]},\"z\":1},{}]}");
}

static void
test_the_writer_writes_what_it_is_told (void)
{
  g_autoptr (DdJsonWriter) writer = dd_json_writer_new ();
  gsize length = 0;

  for (guint i = 0; i < 2; i++)
    {
      dd_json_write_begin_object (writer);
      dd_json_put_string (writer, "s", "a\"b");
      dd_json_put_string (writer, "absent", NULL);
      dd_json_put_int64 (writer, "max", G_GINT64_CONSTANT (9007199254740991));
      dd_json_put_int64 (writer, "min", G_GINT64_CONSTANT (-9007199254740991));
      dd_json_put_boolean (writer, "b", TRUE);
      dd_json_write_key (writer, "a");
      dd_json_write_begin_array (writer);
      dd_json_write_null (writer);
      dd_json_write_int64 (writer, 0);
      dd_json_write_number_text (writer, "1234.50");
      dd_json_write_canonical (writer, "{\"x\":1}", 7);
      dd_json_write_begin_object (writer);
      dd_json_write_end_object (writer);
      dd_json_write_end_array (writer);
      dd_json_write_end_object (writer);

      g_autofree char *text = dd_json_writer_finish (writer, &length);

      g_assert_cmpstr (text, ==,
                       "{\"a\":[null,0,1234.50,{\"x\":1},{}],\"b\":true,\"max\":9007199254740991,"
                       "\"min\":-9007199254740991,\"s\":\"a\\\"b\"}");
      g_assert_cmpuint (length, ==, strlen (text));
    }
}

static void
append_random_string (GString *out)
{
  static const char *const pieces[] = {
    "a",    "B",    "\\n", "\\u0001",          "\xc3\xa9", "\\ud83d\\ude00", "\xef\xac\xb3",
    "\\\"", "\\\\", "/",   "\xf0\x9f\x98\x80", "z"
  };

  for (gint n = g_test_rand_int_range (0, 6); n > 0; n--)
    g_string_append (out, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
}

static void
append_random_value (GString *out, guint depth)
{
  gint kind = g_test_rand_int_range (0, depth < 5 ? 6 : 4);
  gint n_children = g_test_rand_int_range (0, depth == 0 ? 30 : 6);

  if (kind == 0)
    g_string_append (out, g_test_rand_bit () ? "true" : "null");
  else if (kind == 1)
    g_string_append_printf (out, "%d.%u", g_test_rand_int (), (guint)g_test_rand_int_range (0, 1000));
  else if (kind < 4)
    {
      g_string_append_c (out, '"');
      append_random_string (out);
      g_string_append_c (out, '"');
    }
  else
    {
      g_string_append_c (out, kind == 4 ? '[' : '{');
      for (gint i = 0; i < n_children; i++)
        {
          g_string_append (out, i == 0 ? "" : " , ");
          if (kind == 5)
            {
              g_string_append_c (out, '"');
              append_random_string (out);
              g_string_append_printf (out, "#%d\" : ", i);
            }
          append_random_value (out, depth + 1);
        }
      g_string_append_c (out, kind == 4 ? ']' : '}');
    }
}

static void
assert_same (const DdJsonNode *a, const DdJsonNode *b)
{
  g_assert_cmpint (dd_json_type (a), ==, dd_json_type (b));
  g_assert_cmpstr (dd_json_text (a), ==, dd_json_text (b));
  g_assert_cmpint (dd_json_boolean (a), ==, dd_json_boolean (b));
  g_assert_cmpuint (dd_json_length (a), ==, dd_json_length (b));

  const DdJsonNode *other = dd_json_first (b);

  for (const DdJsonNode *child = dd_json_first (a); child != NULL; child = dd_json_next (child))
    {
      if (dd_json_name (child) != NULL)
        assert_same (child, dd_json_member (b, dd_json_name (child)));
      else
        {
          assert_same (child, other);
          other = dd_json_next (other);
        }
    }
}

/* Members' names must ascend: what the canonical form is, checked without the writer's own comparison. */
static void
assert_ordered (const DdJsonNode *node)
{
  g_autofree gunichar2 *before = NULL;

  for (const DdJsonNode *child = dd_json_first (node); child != NULL; child = dd_json_next (child))
    {
      assert_ordered (child);
      if (dd_json_name (child) == NULL)
        continue;

      gunichar2 *name = g_utf8_to_utf16 (dd_json_name (child), -1, NULL, NULL, NULL);
      guint i = 0;

      g_assert_nonnull (name);
      if (before != NULL)
        {
          while (before[i] == name[i] && name[i] != 0)
            i++;
          g_assert_cmpuint (before[i], <, name[i]);
        }
      g_free (before);
      before = name;
    }
}

static void
test_what_is_written_reads_back_the_same (void)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      append_random_value (text, 0);

      g_autoptr (DdJson) first = parse (text->str);
      g_autofree char *written = canonical (dd_json_root (first));
      g_autoptr (DdJson) second = parse (written);
      g_autofree char *again = canonical (dd_json_root (second));

      assert_same (dd_json_root (first), dd_json_root (second));
      assert_ordered (dd_json_root (second));
      g_assert_cmpstr (written, ==, again);
    }
}

static void
misuse_writer (gconstpointer data)
{
  const char *kind = data;
  DdJsonWriter *writer = dd_json_writer_new ();

  if (g_str_equal (kind, "key-twice"))
    {
      dd_json_write_begin_object (writer);
      dd_json_put_int64 (writer, "b", 1);
      dd_json_put_int64 (writer, "a", 1);
      dd_json_put_int64 (writer, "b", 1);
      dd_json_write_end_object (writer);
    }
  else if (g_str_equal (kind, "no-key"))
    {
      dd_json_write_begin_object (writer);
      dd_json_write_null (writer);
    }
  else if (g_str_equal (kind, "open"))
    {
      dd_json_write_begin_array (writer);
      dd_json_writer_finish (writer, NULL);
    }
  else if (g_str_equal (kind, "empty"))
    dd_json_writer_finish (writer, NULL);
  else if (g_str_equal (kind, "two-values"))
    {
      dd_json_write_null (writer);
      dd_json_write_null (writer);
    }
  else if (g_str_equal (kind, "inexact"))
    dd_json_write_int64 (writer, G_GINT64_CONSTANT (9007199254740992));
  dd_json_writer_free (writer);
}

static void
test_misuse_of_the_writer_aborts (gconstpointer data)
{
  if (g_test_subprocess ())
    {
      misuse_writer (data);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*JSON writer*");
}

static void
add_reading_tests (void)
{
  g_test_add_func ("/json/what-the-grammar-refuses-is-refused-with-its-place",
                   test_what_the_grammar_refuses_is_refused_with_its_place);
  g_test_add_func ("/json/what-is-no-number-is-refused", test_what_is_no_number_is_refused);
  g_test_add_func ("/json/bad-strings-are-refused", test_bad_strings_are_refused);
  g_test_add_func ("/json/invalid-utf8-is-refused-with-its-place",
                   test_invalid_utf8_is_refused_with_its_place);
  g_test_add_func ("/json/a-name-is-refused-the-second-time", test_a_name_is_refused_the_second_time);
  g_test_add_func ("/json/large-objects-find-their-members-and-duplicates",
                   test_large_objects_find_their_members_and_duplicates);
  g_test_add_func ("/json/nesting-beyond-the-limit-is-refused", test_nesting_beyond_the_limit_is_refused);
  g_test_add_func ("/json/size-beyond-the-limit-is-refused", test_size_beyond_the_limit_is_refused);
  g_test_add_func ("/json/too-many-values-are-refused", test_too_many_values_are_refused);
  g_test_add_func ("/json/absurdly-long-numbers-are-refused", test_absurdly_long_numbers_are_refused);
  g_test_add_func ("/json/a-document-is-read-as-it-is", test_a_document_is_read_as_it_is);
  g_test_add_func ("/json/single-values-are-documents", test_single_values_are_documents);
  g_test_add_func ("/json/a-document-lives-until-its-last-reference",
                   test_a_document_lives_until_its_last_reference);
  g_test_add_func ("/json/empty-bytes-without-data-are-refused", test_empty_bytes_without_data_are_refused);
  g_test_add_func ("/json/paths-name-places", test_paths_name_places);
  g_test_add_func ("/json/typed-members-are-read", test_typed_members_are_read);
  g_test_add_func ("/json/absent-members-touch-nothing", test_absent_members_touch_nothing);
  g_test_add_func ("/json/members-of-another-type-or-range-are-refused",
                   test_members_of_another_type_or_range_are_refused);
  g_test_add_func ("/json/unknown-members-are-named", test_unknown_members_are_named);
}

int
main (int argc, char **argv)
{
  static const char *const misuses[] = { "key-twice", "no-key", "open", "empty", "two-values", "inexact" };

  g_test_init (&argc, &argv, NULL);
  add_reading_tests ();
  g_test_add_func ("/writer/names-sort-by-utf16-code-units", test_names_sort_by_utf16_code_units);
  g_test_add_func ("/writer/strings-are-escaped-as-the-rfc-says", test_strings_are_escaped_as_the_rfc_says);
  g_test_add_func ("/writer/objects-are-ordered-at-every-depth", test_objects_are_ordered_at_every_depth);
  g_test_add_func ("/writer/the-writer-writes-what-it-is-told", test_the_writer_writes_what_it_is_told);
  g_test_add_func ("/writer/what-is-written-reads-back-the-same", test_what_is_written_reads_back_the_same);
  for (guint i = 0; i < G_N_ELEMENTS (misuses); i++)
    {
      g_autofree char *path = g_strdup_printf ("/writer/misuse-aborts/%s", misuses[i]);

      g_test_add_data_func (path, misuses[i], test_misuse_of_the_writer_aborts);
    }
  return g_test_run ();
}
