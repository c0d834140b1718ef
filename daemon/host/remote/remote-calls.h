/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Calls of an isolated plugin: the same functions as a module's, which ask its runner.
 */
#pragma once

#include "call.h"
#include "remote/remote.h"

G_BEGIN_DECLS

/* Gives @plugin the tables of a plugin whose instance is its remote. @facts: what the runner loaded. */
void dd_remote_fill_tables (DdPlugin *plugin, const DdRemoteFacts *facts);

/* --- remote-question.c: what the plugin is asked, behind the call's head --- */

/* @first_charge: the index of the first that it opens. @explaining, @asked_rule (nullable): as
 * DealdeskHost.explaining says. */
void dd_question_price (DdWireWriter *writer,
                        const DealdeskPricingInput *input,
                        guint32 first_charge,
                        gboolean explaining,
                        const char *asked_rule);
void dd_question_require (DdWireWriter *writer, const DealdeskApprovalInput *input);
void dd_question_advise (DdWireWriter *writer, const DealdeskNegotiationInput *input);
void dd_question_deliver (DdWireWriter *writer, const DealdeskOrder *order);

/* --- remote-answer.c --- */

/* Calls the host's functions as the plugin did, in its order, so that what it answered is checked as if it
 * were called here; past @until (monotonic, microseconds) it stops, which is the plugin's fault. FALSE:
 * @reader holds what a runner never writes. */
gboolean dd_answer_replay (DdWireReader *reader, const DealdeskHost *host, DealdeskCall *call, gint64 until);

G_END_DECLS
