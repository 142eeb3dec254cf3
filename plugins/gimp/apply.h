/* An edit of a layer, from its pixels to the changed image.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "edits.h"

G_BEGIN_DECLS

/* Whether edit can be done to what is active, asked before anybody is asked for options. error: what to do about it. */
gboolean apply_check (const Edit *edit, gint32 image, gint32 layer, GError **error);

/* Does it, as one step of undo, within the selection, telling progress. On failure, and when the process is killed, image is as it was. */
gboolean apply_edit (const Edit *edit, const double *values, gint32 image, gint32 layer, GError **error);

G_END_DECLS
