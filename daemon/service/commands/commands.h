/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * From a bus call's arguments to a command: one function a method. Main thread.
 */
#pragma once

#include "bus/call.h"

G_BEGIN_DECLS

DdRequest *dd_build_open (DdBusCall *call, GError **error);
DdRequest *dd_build_propose (DdBusCall *call, GError **error);
DdRequest *dd_build_counter (DdBusCall *call, GError **error);
DdRequest *dd_build_accept (DdBusCall *call, GError **error);
DdRequest *dd_build_decline (DdBusCall *call, GError **error);
DdRequest *dd_build_withdraw (DdBusCall *call, GError **error);
DdRequest *dd_build_extend (DdBusCall *call, GError **error);
DdRequest *dd_build_ask (DdBusCall *call, GError **error);
DdRequest *dd_build_answer (DdBusCall *call, GError **error);
DdRequest *dd_build_acknowledge (DdBusCall *call, GError **error);
DdRequest *dd_build_approve (DdBusCall *call, GError **error);
DdRequest *dd_build_refuse (DdBusCall *call, GError **error);
DdRequest *dd_build_sign (DdBusCall *call, GError **error);
DdRequest *dd_build_resolve_order (DdBusCall *call, GError **error);

/* --- shared (request.c) --- */

/* A request with what the common options say. */
DdRequest *dd_request_from_call (DdBusCall *call, DdCommandType type, GError **error);

/* A name, id or subject from a caller: short. */
gboolean dd_check_name (const char *text, const char *what, GError **error);

/* Text from a caller: not longer than a question may be. */
gboolean dd_check_text (const char *text, const char *what, GError **error);

G_END_DECLS
