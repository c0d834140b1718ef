/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The word diff: Myers' O(ND) algorithm (Algorithmica 1, 1986) over tokens.
 *
 * A token is a run of word bytes, a run of white space, or one other character. Equal ends are cut off first.
 * Work is bounded: texts that differ in more than MAX_EDITS tokens, or are longer than MAX_TOKENS between
 * their equal ends, come out as replaced whole, which is right if coarse. Pure; any thread.
 */
#include "view/words.h"

#include "text-hash.h"

#define MAX_TOKENS 4000
#define MAX_EDITS  1000

typedef struct
{
  const char *text;
  gsize length;
} Token;

typedef struct
{
  GArray *tokens; /* Token */
  GArray *ids;    /* guint: equal ids are equal text */
} Tokens;

typedef enum
{
  CLASS_WORD,
  CLASS_SPACE,
  CLASS_OTHER
} CharClass;

/* Bytes of multi-byte characters count as word bytes, so no character is ever split. */
static CharClass
class_of (char c)
{
  if (g_ascii_isalnum (c) || ((guchar)c & 0x80) != 0)
    return CLASS_WORD;
  return g_ascii_isspace (c) ? CLASS_SPACE : CLASS_OTHER;
}

static void
tokens_read (Tokens *tokens, const char *text, GHashTable *names)
{
  tokens->tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  tokens->ids = g_array_new (FALSE, FALSE, sizeof (guint));
  while (*text != '\0')
    {
      CharClass class = class_of (*text);
      const char *end = text + 1;

      while (class != CLASS_OTHER && *end != '\0' && class_of (*end) == class)
        end++;

      Token token = { text, (gsize)(end - text) };
      char *name = g_strndup (token.text, token.length);
      guint id = GPOINTER_TO_UINT (g_hash_table_lookup (names, name));

      if (id == 0)
        {
          id = g_hash_table_size (names) + 1;
          g_hash_table_insert (names, name, GUINT_TO_POINTER (id));
        }
      else
        g_free (name);
      g_array_append_val (tokens->tokens, token);
      g_array_append_val (tokens->ids, id);
      text = end;
    }
}

static void
tokens_clear (Tokens *tokens)
{
  g_array_unref (tokens->tokens);
  g_array_unref (tokens->ids);
}

static void
word_run_clear (gpointer data)
{
  g_free (((DdWordRun *)data)->text);
}

/* One step of the way from one text to the other; indices are into the whole token lists. */
typedef struct
{
  char kind;
  guint index; /* of before for '=' and '-', of after for '+' */
} Edit;

static void
add_edit (GArray *edits, char kind, guint index)
{
  Edit edit = { kind, index };

  g_array_append_val (edits, edit);
}

/* Walks the rounds' furthest points back to the start; the edits come out last first. */
static void
walk_back (GPtrArray *rounds, int x, int y, guint first, GArray *out_edits)
{
  for (int d = (int)rounds->len - 1; d >= 0; d--)
    {
      const int *v = (const int *)g_ptr_array_index (rounds, d) + d; /* v[k] for -d ≤ k ≤ d, before round d */
      int k = x - y;
      gboolean down = d > 0 && (k == -d || (k != d && v[k - 1] < v[k + 1]));
      int from_k = down ? k + 1 : k - 1;
      int from_x = d > 0 ? v[from_k] : 0;
      int from_y = d > 0 ? from_x - from_k : 0;

      while (x > from_x && y > from_y)
        {
          x--, y--;
          add_edit (out_edits, '=', first + (guint)x);
        }
      if (d > 0 && down)
        add_edit (out_edits, '+', first + (guint)--y);
      else if (d > 0)
        add_edit (out_edits, '-', first + (guint)--x);
    }
}

/* FALSE when the bound is reached. @a and @b start at token @first of their texts. */
static gboolean
find_edits (const guint *a, int n, const guint *b, int m, guint first, GArray *out_edits)
{
  int limit = MIN (n + m, MAX_EDITS);
  g_autofree int *furthest = g_new0 (int, 2 * limit + 3);
  int *v = furthest + limit + 1;
  g_autoptr (GPtrArray) rounds = g_ptr_array_new_with_free_func (g_free);

  for (int d = 0; d <= limit; d++)
    {
      g_ptr_array_add (rounds, g_memdup2 (v - d, sizeof (int) * (gsize)(2 * d + 1)));
      for (int k = -d; k <= d; k += 2)
        {
          gboolean down = k == -d || (k != d && v[k - 1] < v[k + 1]);
          int x = d == 0 ? 0 : down ? v[k + 1] : v[k - 1] + 1;
          int y = x - k;

          while (x < n && y < m && a[x] == b[y])
            x++, y++;
          v[k] = x;
          if (x >= n && y >= m)
            {
              walk_back (rounds, n, m, first, out_edits);
              return TRUE;
            }
        }
    }
  return FALSE;
}

/* Collects the changes since the last kept text, so that "-" is written before "+" and each once. */
typedef struct
{
  GArray *runs;
  GString *same;
  GString *removed;
  GString *added;
} Output;

static void
push_run (GArray *runs, char kind, GString *text)
{
  if (text->len == 0)
    return;

  DdWordRun run = { kind, g_strndup (text->str, text->len) };

  g_array_append_val (runs, run);
  g_string_truncate (text, 0);
}

static gboolean
only_space (const GString *text)
{
  for (gsize i = 0; i < text->len; i++)
    if (class_of (text->str[i]) != CLASS_SPACE)
      return FALSE;
  return TRUE;
}

/* A change begins: what was the same before it is settled, but for white space between two changes, which
 * joins them, because "old words" replaced by "new words" reads better in one piece. */
static void
settle_same (Output *output)
{
  gboolean between = output->removed->len + output->added->len > 0;

  if (output->same->len == 0)
    return;
  if (between && only_space (output->same))
    {
      g_string_append_len (output->removed, output->same->str, (gssize)output->same->len);
      g_string_append_len (output->added, output->same->str, (gssize)output->same->len);
      g_string_truncate (output->same, 0);
      return;
    }
  push_run (output->runs, '-', output->removed);
  push_run (output->runs, '+', output->added);
  push_run (output->runs, '=', output->same);
}

static void
put (Output *output, char kind, const Tokens *tokens, guint index)
{
  const Token *token = &g_array_index (tokens->tokens, Token, index);

  if (kind != '=')
    settle_same (output);
  g_string_append_len (kind == '='   ? output->same
                       : kind == '-' ? output->removed
                                     : output->added,
                       token->text, (gssize)token->length);
}

/* The tokens from @first up to the equal ends, which are @n and @m long. */
static void
compare_middle (Output *output, const Tokens *before, guint n, const Tokens *after, guint m, guint first)
{
  g_autoptr (GArray) edits = g_array_new (FALSE, FALSE, sizeof (Edit));
  const guint *a = (const guint *)(gpointer)before->ids->data + first;
  const guint *b = (const guint *)(gpointer)after->ids->data + first;

  if (n <= MAX_TOKENS && m <= MAX_TOKENS && find_edits (a, (int)n, b, (int)m, first, edits))
    {
      for (guint i = edits->len; i-- > 0;)
        {
          const Edit *edit = &g_array_index (edits, Edit, i);

          put (output, edit->kind, edit->kind == '+' ? after : before, edit->index);
        }
      return;
    }
  for (guint i = 0; i < n; i++)
    put (output, '-', before, first + i);
  for (guint i = 0; i < m; i++)
    put (output, '+', after, first + i);
}

static void
compare_tokens (Output *output, const Tokens *before, const Tokens *after)
{
  guint n = before->ids->len;
  guint m = after->ids->len;
  guint head = 0;
  guint tail = 0;

  while (head < MIN (n, m) &&
         g_array_index (before->ids, guint, head) == g_array_index (after->ids, guint, head))
    head++;
  while (tail < MIN (n, m) - head &&
         g_array_index (before->ids, guint, n - 1 - tail) == g_array_index (after->ids, guint, m - 1 - tail))
    tail++;

  for (guint i = 0; i < head; i++)
    put (output, '=', before, i);
  compare_middle (output, before, n - head - tail, after, m - head - tail, head);
  for (guint i = n - tail; i < n; i++)
    put (output, '=', before, i);
}

GArray *
dd_words_compare (const char *before, const char *after)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (dd_text_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) same = g_string_new (NULL);
  g_autoptr (GString) removed = g_string_new (NULL);
  g_autoptr (GString) added = g_string_new (NULL);
  Output output = { g_array_new (FALSE, FALSE, sizeof (DdWordRun)), same, removed, added };
  Tokens old;
  Tokens new;

  g_array_set_clear_func (output.runs, word_run_clear);
  tokens_read (&old, before, names);
  tokens_read (&new, after, names);
  compare_tokens (&output, &old, &new);
  push_run (output.runs, '-', removed);
  push_run (output.runs, '+', added);
  push_run (output.runs, '=', same);
  tokens_clear (&old);
  tokens_clear (&new);
  return output.runs;
}
