/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * ask, answer and acknowledge: how both sides come to understand the terms. Any thread.
 */
#include "deal/move.h"

#include "deal/record.h"

static gboolean
check_text (const char *text, const char *what, GError **error)
{
  if (text != NULL && text[0] != '\0')
    return TRUE;
  return dd_fail (error, DD_ERROR_INVALID_ARGUMENT, "the %s has no text", what);
}

gboolean
dd_move_ask (DdMove *move, GError **error)
{
  const DdCommand *command = move->command;
  DdJsonWriter *body;

  if (!check_text (command->text, "question", error))
    return FALSE;
  move->decision->question = move->deal->questions->len + 1;
  body = dd_emit_begin (move);
  dd_json_put_int64 (body, "number", move->decision->question);
  dd_record_put_flag (body, "onLine", command->on_line);
  dd_record_put_number (body, "revision", move->deal->last_tabled);
  dd_json_put_string (body, "side", dd_side_name (command->side));
  dd_json_put_string (body, "subject", command->subject);
  dd_json_put_string (body, "text", command->text);
  dd_emit (move, DD_EVENT_ASKED, body);
  return TRUE;
}

gboolean
dd_move_answer (DdMove *move, GError **error)
{
  const DdCommand *command = move->command;
  const DdQuestionState *question;
  DdJsonWriter *body;

  if (command->question < 1 || command->question > move->deal->questions->len)
    return dd_fail (error, DD_ERROR_NOT_FOUND, "D-%" G_GINT64_FORMAT " has no question %u; it has %u",
                    move->deal->number, command->question, move->deal->questions->len);
  question = g_ptr_array_index (move->deal->questions, command->question - 1);
  if (question->side == command->side)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE,
                    "question %u was asked by the %s; the other side answers it", question->number,
                    dd_side_name (question->side));
  if (question->answered)
    return dd_fail (error, DD_ERROR_ILLEGAL_MOVE, "question %u is answered already; ask a new one",
                    question->number);
  if (!check_text (command->text, "answer", error))
    return FALSE;
  move->decision->question = question->number;
  body = dd_emit_begin (move);
  dd_json_put_int64 (body, "number", question->number);
  dd_json_put_string (body, "text", command->text);
  dd_emit (move, DD_EVENT_ANSWERED, body);
  return TRUE;
}

static const DdAsk *
find_ask (const DdRevision *revision, const char *clause)
{
  for (guint i = 0; i < revision->asks->len; i++)
    {
      const DdAsk *ask = g_ptr_array_index (revision->asks, i);
      if (g_str_equal (ask->clause, clause))
        return ask;
    }
  return NULL;
}

gboolean
dd_move_acknowledge (DdMove *move, GError **error)
{
  const DdRevision *revision = dd_transition_revision (move, error);
  const char *clause = move->command->subject != NULL ? move->command->subject : "";
  const DdAsk *ask = revision != NULL ? find_ask (revision, clause) : NULL;
  DdJsonWriter *body;

  if (revision == NULL)
    return FALSE;
  if (ask == NULL)
    return dd_fail (error, DD_ERROR_NOT_FOUND, "revision %u has no clause “%s” that asks to be acknowledged",
                    revision->revision, clause);
  for (guint i = 0; i < move->deal->questions->len; i++)
    {
      const DdQuestionState *question = g_ptr_array_index (move->deal->questions, i);
      if (!question->answered && !question->on_line && g_strcmp0 (question->subject, clause) == 0)
        return dd_fail (error, DD_ERROR_INCOMPLETE,
                        "question %u on clause “%s” is open; it must be answered first", question->number,
                        clause);
    }
  move->decision->revision = revision->revision;
  body = dd_emit_begin (move);
  dd_json_put_string (body, "clause", clause);
  dd_json_put_int64 (body, "revision", revision->revision);
  dd_json_put_string (body, "sha256", ask->sha256);
  dd_emit (move, DD_EVENT_ACKNOWLEDGED, body);
  return TRUE;
}
