/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Commands as values (see command.h). Any thread.
 */
#include "deal/command.h"

static const char *const names[] = {
  "open",   "propose",     "counter", "accept", "decline", "withdraw",       "extend",        "ask",
  "answer", "acknowledge", "approve", "refuse", "sign",    "record handoff", "resolve order", "timer",
};
G_STATIC_ASSERT (G_N_ELEMENTS (names) == DD_N_COMMANDS);

const char *
dd_command_name (DdCommandType type)
{
  return names[type];
}

DdCommand *
dd_command_new (DdCommandType type)
{
  DdCommand *command = g_new0 (DdCommand, 1);

  command->type = type;
  command->expected_version = -1;
  return command;
}

static void
opening_free (DdOpening *opening)
{
  g_free (opening->title);
  g_free (opening->customer);
  g_free (opening->customer_name);
  g_free (opening->external_id);
  g_clear_pointer (&opening->request, dd_proposal_unref);
  g_clear_pointer (&opening->source, g_bytes_unref);
  g_free (opening->kept);
  g_clear_pointer (&opening->remarks, g_ptr_array_unref);
  g_free (opening);
}

void
dd_command_free (DdCommand *command)
{
  g_free (command->actor);
  g_free (command->recorder);
  g_free (command->person);
  g_free (command->channel);
  g_free (command->evidence);
  g_clear_pointer (&command->proposal, dd_proposal_unref);
  g_free (command->fingerprint);
  g_free (command->sheet);
  g_free (command->text);
  g_free (command->subject);
  g_free (command->order);
  g_clear_pointer (&command->opening, opening_free);
  g_free (command);
}
