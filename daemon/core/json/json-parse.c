/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Parsing JSON: yajl's events become a tree in an arena (see json.h).
 *
 * yajl checks the grammar. What it lets pass is checked here: UTF-8 (it takes overlong forms, surrogates and
 * code points past U+10FFFF), lone surrogates in escapes (it makes them "?"), NUL in strings, duplicate
 * names, and limits. Text is handed to yajl in one piece, up to its first invalid byte, so events
 * point into it and an invalid byte gets a path like any other fault.
 *
 * The open container and its last child are all the state there is: a container that closes is its parent's
 * last child. A member's node is made with its name and waits as DD_JSON_PENDING for its value.
 * Pure; one thread a call.
 */
#include "json/json-fault.h"
#include "json/json-index.h"
#include "json/json-text.h"
#include "number/quoted.h"

#include <string.h>
#include <yajl/yajl_parse.h>

const DdJsonLimits dd_json_limits_default = { .max_bytes = 32 * 1024 * 1024, .max_depth = 64 };
const DdJsonLimits dd_json_limits_own = { .max_bytes = G_MAXINT32, .max_depth = 256 };

/* No exact decimal is as long. */
#define MAX_NUMBER_LENGTH 64

/* Bounds the tree's memory (40 bytes a value) for text like [0,0,0,…; usual documents of 32 MiB have less
 * than half as many. */
#define MAX_VALUES (4u * 1024 * 1024)

#define NAME_CACHE_SIZE 128

typedef struct
{
  const char *name; /* NULL for a free place */
  gsize length;
} CachedName;

typedef struct
{
  DdJson *json;
  const char *text;
  gsize length;     /* of the valid part */
  guint first_line; /* where the text begins in its document */
  guint first_column;
  yajl_handle parser;
  gboolean at_end; /* all text was handed over: offsets are no longer the library's */
  gsize root_end;  /* behind the document's one value; 0 before it */
  guint max_depth;
  guint depth;
  guint n_values;
  DdJsonNode *container; /* the innermost open one */
  DdJsonNode *last;      /* its last child */
  GError *error;
  CachedName names[NAME_CACHE_SIZE]; /* by name_hash: documents repeat few names */
} Builder;

/* The place that is being read: a member without value, an array's next element, or an object. */
static void
append_current_path (GString *out, const Builder *builder)
{
  const DdJsonNode *container = builder->container;

  if (container == NULL)
    g_string_append_c (out, '$');
  else if (container->type == DD_JSON_ARRAY)
    {
      dd_json_append_path (out, container);
      g_string_append_printf (out, "[%u]", container->length);
    }
  else if (builder->last != NULL && builder->last->type == DD_JSON_PENDING)
    dd_json_append_path (out, builder->last);
  else
    dd_json_append_path (out, container);
}

/* Always 0, which stops the library. @offset: the fault's place, in bytes. */
static int
fail_at (Builder *builder, DdErrorCode code, gsize offset, const char *message)
{
  g_autoptr (GString) path = g_string_new (NULL);
  guint line;
  guint column;

  append_current_path (path, builder);
  dd_json_text_place (builder->text, offset, &line, &column);
  column += line == 1 ? builder->first_column - 1 : 0;
  line += builder->first_line - 1;
  dd_fail (&builder->error, code, "line %u, column %u, at %s: %s", line, column, path->str, message);
  return 0;
}

/* Behind the token that is being reported. */
static gsize
offset_behind_token (const Builder *builder)
{
  return builder->at_end ? builder->length : yajl_get_bytes_consumed (builder->parser);
}

static gboolean
is_in_text (const Builder *builder, const char *piece)
{
  return piece >= builder->text && piece < builder->text + builder->length;
}

/* NULL when there are too many values. */
static DdJsonNode *
add_node (Builder *builder)
{
  DdJsonNode *parent = builder->container;

  if (G_UNLIKELY (builder->n_values >= MAX_VALUES))
    {
      g_autofree char *message = g_strdup_printf ("the document has more than %u values", MAX_VALUES);

      fail_at (builder, DD_ERROR_TOO_LARGE, offset_behind_token (builder) - 1, message);
      return NULL;
    }

  DdJsonNode *node = dd_arena_take (&builder->json->arena, sizeof *node);

  *node = (DdJsonNode){ .parent = parent, .type = DD_JSON_PENDING };
  builder->n_values++;
  if (parent == NULL)
    builder->json->root = node;
  else
    {
      if (builder->last == NULL)
        parent->value.first = node;
      else
        builder->last->next = node;
      parent->length++;
    }
  builder->last = node;
  return node;
}

/* The node that the next value belongs to. */
static inline DdJsonNode *
next_node (Builder *builder)
{
  if (builder->container != NULL && builder->container->type == DD_JSON_OBJECT)
    return builder->last;
  return add_node (builder);
}

/* Always 1, which goes on. A value has ended. */
static int
finish_value (Builder *builder)
{
  if (builder->container == NULL)
    builder->root_end = offset_behind_token (builder);
  return 1;
}

static int
on_null (void *user_data)
{
  DdJsonNode *node = next_node (user_data);

  if (node == NULL)
    return 0;
  node->type = DD_JSON_NULL;
  return finish_value (user_data);
}

static int
on_boolean (void *user_data, int value)
{
  DdJsonNode *node = next_node (user_data);

  if (node == NULL)
    return 0;
  node->type = DD_JSON_BOOLEAN;
  node->value.boolean = value != 0;
  return finish_value (user_data);
}

static int
on_number (void *user_data, const char *text, size_t length)
{
  Builder *builder = user_data;

  if (length > MAX_NUMBER_LENGTH)
    {
      g_autofree char *message = g_strdup_printf (
        "a number of %" G_GSIZE_FORMAT " characters; at most %d are read", length, MAX_NUMBER_LENGTH);

      return fail_at (builder, DD_ERROR_TOO_LARGE, offset_behind_token (builder) - length, message);
    }

  DdJsonNode *node = next_node (builder);

  if (node == NULL)
    return 0;
  node->type = DD_JSON_NUMBER;
  node->value.text = dd_arena_copy_text (&builder->json->arena, text, length);
  node->length = (guint32)length;
  return finish_value (builder);
}

/* Checks what the library made of a string with escapes. */
static int
check_unescaped (Builder *builder, const char *string, gsize length)
{
  gsize closing = offset_behind_token (builder) - 1;
  gsize begin = dd_json_text_string_begin (builder->text, closing);
  const char *lone = dd_json_text_lone_surrogate (builder->text + begin + 1, builder->text + closing);

  if (lone != NULL)
    return fail_at (builder, DD_ERROR_INVALID_ARGUMENT, (gsize)(lone - builder->text),
                    "half of a surrogate pair; \\ud800 to \\udbff must be followed by \\udc00 to \\udfff");
  if (memchr (string, '\0', length) != NULL)
    return fail_at (builder, DD_ERROR_INVALID_ARGUMENT, begin,
                    "a string with \\u0000 in it; no text here has NUL");
  return 1;
}

static int
on_string (void *user_data, const unsigned char *bytes, size_t length)
{
  Builder *builder = user_data;
  const char *string = (const char *)bytes;

  if (!is_in_text (builder, string) && !check_unescaped (builder, string, length))
    return 0;

  DdJsonNode *node = next_node (builder);

  if (node == NULL)
    return 0;
  node->type = DD_JSON_STRING;
  node->value.text = dd_arena_copy_text (&builder->json->arena, string, length);
  node->length = (guint32)length;
  return finish_value (builder);
}

/* Only speed hangs on this hash, and only a little: it picks a place in the cache and spares comparisons. */
static guint16
hash_name (const char *name, gsize length)
{
  guint64 head = 0;
  guint64 tail = 0;

  memcpy (&head, name, MIN (length, 8));
  if (length > 8)
    memcpy (&tail, name + length - 8, 8);
  return (guint16)(((head * 0x9e3779b97f4a7c15ull ^ tail) + length) * 0xff51afd7ed558ccdull >> 48);
}

static const char *
keep_name (Builder *builder, const char *name, gsize length, guint16 hash)
{
  CachedName *cached = &builder->names[hash % NAME_CACHE_SIZE];

  if (cached->name == NULL || cached->length != length || memcmp (cached->name, name, length) != 0)
    *cached = (CachedName){ dd_arena_copy_text (&builder->json->arena, name, length), length };
  return cached->name;
}

static gboolean
has_member (const DdJsonNode *object, const char *name, gsize length, guint16 hash)
{
  if (object->indexed)
    return dd_json_index_find (object->value.index, name, length) != NULL;
  for (const DdJsonNode *member = object->value.first; member != NULL; member = member->next)
    if (member->name_hash == hash && strncmp (member->name, name, length) == 0 &&
        member->name[length] == '\0')
      return TRUE;
  return FALSE;
}

static int
on_name (void *user_data, const unsigned char *bytes, size_t length)
{
  Builder *builder = user_data;
  const char *name = (const char *)bytes;

  if (!is_in_text (builder, name) && !check_unescaped (builder, name, length))
    return 0;

  guint16 hash = hash_name (name, length);

  if (has_member (builder->container, name, length, hash))
    {
      g_autofree char *quoted = dd_quote (name, (gssize)length);
      g_autofree char *message =
        g_strdup_printf ("the member %s is there twice; each name may be used once", quoted);
      gsize closing = offset_behind_token (builder) - 1;

      return fail_at (builder, DD_ERROR_INVALID_ARGUMENT, dd_json_text_string_begin (builder->text, closing),
                      message);
    }

  DdJsonNode *node = add_node (builder);

  if (node == NULL)
    return 0;
  node->name = keep_name (builder, name, length, hash);
  node->name_hash = hash;
  dd_json_index_add (&builder->json->arena, builder->container, node);
  return 1;
}

static int
open_container (Builder *builder, DdJsonType type)
{
  if (builder->depth >= builder->max_depth)
    {
      g_autofree char *message =
        g_strdup_printf ("nested too deeply; at most %u levels are read", builder->max_depth);

      return fail_at (builder, DD_ERROR_TOO_LARGE, offset_behind_token (builder) - 1, message);
    }

  DdJsonNode *node = next_node (builder);

  if (node == NULL)
    return 0;
  node->type = (guint8)type;
  builder->depth++;
  builder->container = node;
  builder->last = NULL;
  return 1;
}

static int
on_object (void *user_data)
{
  return open_container (user_data, DD_JSON_OBJECT);
}

static int
on_array (void *user_data)
{
  return open_container (user_data, DD_JSON_ARRAY);
}

static int
on_end (void *user_data)
{
  Builder *builder = user_data;

  builder->depth--;
  builder->last = builder->container;
  builder->container = builder->container->parent;
  return finish_value (builder);
}

static const yajl_callbacks callbacks = {
  .yajl_null = on_null,
  .yajl_boolean = on_boolean,
  .yajl_number = on_number,
  .yajl_string = on_string,
  .yajl_start_map = on_object,
  .yajl_map_key = on_name,
  .yajl_end_map = on_end,
  .yajl_start_array = on_array,
  .yajl_end_array = on_end,
};

static void *
parser_alloc (void *unused, size_t size)
{
  return g_malloc (size);
}

static void *
parser_realloc (void *unused, void *piece, size_t size)
{
  return g_realloc (piece, size);
}

static void
parser_free (void *unused, void *piece)
{
  g_free (piece);
}

/* The faulty token, mostly its last byte. */
static gsize
fault_offset (const Builder *builder, const char *library_message)
{
  gsize behind = offset_behind_token (builder);

  /* After a member's value the library steps back before it tells. */
  if (builder->at_end || behind == 0 || strstr (library_message, "inside map") != NULL)
    return behind;
  return behind - 1;
}

static void
report_fault (Builder *builder)
{
  unsigned char *library_message = yajl_get_error (builder->parser, 0, NULL, 0);
  gsize offset = fault_offset (builder, (const char *)library_message);
  g_autofree char *message =
    dd_json_explain_fault ((const char *)library_message, builder->text, builder->length, offset);

  yajl_free_error (builder->parser, library_message);
  fail_at (builder, DD_ERROR_INVALID_ARGUMENT, offset, message);
}

/* The library lets a string that is cut off follow the value. */
static gboolean
check_rest (Builder *builder)
{
  gsize at = builder->root_end;

  while (at < builder->length && strchr (" \t\r\n", builder->text[at]) != NULL)
    at++;
  return at >= builder->length ||
         fail_at (builder, DD_ERROR_INVALID_ARGUMENT, at,
                  "something follows the document; there must be one value and nothing else");
}

/* Parses the valid part of the text; then complains about what follows it, if anything does. */
static gboolean
build (Builder *builder, gsize whole_length)
{
  yajl_status status = yajl_parse (builder->parser, (const unsigned char *)builder->text, builder->length);

  if (status == yajl_status_ok)
    {
      builder->at_end = TRUE;
      if (builder->length < whole_length)
        {
          g_autofree char *message = dd_json_explain_bad_byte (builder->text, builder->length);

          return fail_at (builder, DD_ERROR_INVALID_ARGUMENT, builder->length, message);
        }
      status = yajl_complete_parse (builder->parser);
    }
  if (status == yajl_status_error)
    report_fault (builder);
  return status == yajl_status_ok && check_rest (builder);
}

DdJson *
dd_json_parse (const char *text, gsize length, const DdJsonLimits *limits, GError **error)
{
  return dd_json_parse_from (text, length, 1, 1, limits, error);
}

DdJson *
dd_json_parse_from (
  const char *text, gsize length, guint line, guint column, const DdJsonLimits *limits, GError **error)
{
  yajl_alloc_funcs allocator = { .malloc = parser_alloc, .realloc = parser_realloc, .free = parser_free };
  const DdJsonLimits *bounds = limits == NULL ? &dd_json_limits_default : limits;
  const char *valid_end;

  /* An empty GBytes has no data. */
  if (text == NULL)
    text = "";
  if (length > MIN (bounds->max_bytes, G_MAXINT32))
    {
      dd_fail (error, DD_ERROR_TOO_LARGE,
               "the document has %" G_GSIZE_FORMAT " bytes; at most %" G_GSIZE_FORMAT " are read", length,
               MIN (bounds->max_bytes, (gsize)G_MAXINT32));
      return NULL;
    }
  g_utf8_validate_len (text, length, &valid_end);

  g_autoptr (DdJson) json = g_new0 (DdJson, 1);
  Builder builder = { .json = json,
                      .text = text,
                      .length = (gsize)(valid_end - text),
                      .max_depth = bounds->max_depth,
                      .first_line = line,
                      .first_column = column };

  g_atomic_ref_count_init (&json->references);
  dd_arena_init (&json->arena, length * 2);
  builder.parser = yajl_alloc (&callbacks, &allocator, &builder);
  /* All of it is valid UTF-8 already. */
  yajl_config (builder.parser, yajl_dont_validate_strings, 1);

  gboolean built = build (&builder, length);

  yajl_free (builder.parser);
  if (!built)
    {
      g_propagate_error (error, builder.error);
      return NULL;
    }
  return g_steal_pointer (&json);
}

DdJson *
dd_json_ref (DdJson *json)
{
  g_atomic_ref_count_inc (&json->references);
  return json;
}

void
dd_json_unref (DdJson *json)
{
  if (g_atomic_ref_count_dec (&json->references))
    {
      dd_arena_clear (&json->arena);
      g_free (json);
    }
}

const DdJsonNode *
dd_json_root (const DdJson *json)
{
  return json->root;
}
