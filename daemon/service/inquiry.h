/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Answering what dd_decide() asks: from documents, datasets and plugins.
 */
#pragma once

#include "engine.h"

G_BEGIN_DECLS

/* Reads and decides until events or an error come; the decision and the version that it rests on are left in
 * @request. From a job: whatever is in the making hangs on @request. */
gboolean dd_inquiry_run (DdRequest *request, GError **error);

G_END_DECLS
