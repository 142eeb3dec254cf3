/* Small pictures of results, for the strip of variations. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/edit/limn-edit.h"

G_BEGIN_DECLS

/* Renders rect of stack into a texture of at most about twice size pixels a side; NULL when memory ends. Any thread. */
GdkTexture *limn_stack_render_texture (const LimnStack *stack, LimnRect rect, int size);

/* What result makes of the photo of edit: the changed part with a little around it, a whole picture as it is. Made on another thread;
 * ready (ends the GTask) runs once on the main thread. */
void limn_result_thumbnail_async (const LimnEdit *edit, const LimnResult *result, GAsyncReadyCallback ready, gpointer user);
/* picture (out, borrowed until ready returns): the result's. Transfer full, NULL when memory has ended. */
GdkTexture *limn_result_thumbnail_finish (GAsyncResult *async, LimnPicture **picture);

G_END_DECLS
