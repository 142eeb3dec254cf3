/* A loop whose iterations run on all processors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Calls func (i, data) for i in 0..count-1, on as many threads as there are processors; returns when all are done. Each call must
 * write to places of its own. */
void limn_parallel_for (gsize count, void (*func) (gsize index, gpointer data), gpointer data);

G_END_DECLS
