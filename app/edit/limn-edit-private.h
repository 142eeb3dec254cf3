/* What the edit, its result and the engine's handle share with each other; not for other parts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/limn-engine.h"
#include "limn-edit.h"

G_BEGIN_DECLS

/* Whether everything that sources give is in place. */
gboolean limn_edit_is_prepared (const LimnEdit *self);

/* Whether the edit makes sense: nothing missing, values in range, sizes that fit together. */
gboolean limn_edit_check (const LimnEdit *self, GError **error);

/* The engine behind the handle; borrowed. */
LimnEngine *limn_engine_handle_borrow (LimnEngineHandle *self);

/* The app's error for an engine's status other than LIMN_OK, with the engine's sentence. */
void limn_set_engine_error (GError **error, LimnStatus status, const LimnError *engine_error);

/* Views of a part of a picture or plane, for the engine. */
LimnPixels limn_pixels_of (LimnPicture *picture, gsize x, gsize y, gsize width, gsize height);
LimnMask limn_mask_of (const LimnPlane *plane, gsize x, gsize y, gsize width, gsize height);

/* The picture in an overlay of sRGB pixels, in the colour space of like (NULL = sRGB) and with like's metadata. Takes the overlay's
 * pixels over, also on failure. */
LimnPicture *limn_picture_take_overlay (LimnOverlay *overlay, LimnPicture *like, GCancellable *cancellable, GError **error);

/* What the last colorize of edit's photo found, if it was by the same engine from the same paint and settings but for saturation and
 * mask; else NULL and dropped. Taken over by the caller, who gives it back to be kept as long as the photo. Any thread. */
LimnColors *limn_kept_colors_take (const LimnEdit *edit, LimnEngineHandle *engine);
void limn_kept_colors_give (const LimnEdit *edit, LimnEngineHandle *engine, LimnColors *colors);

G_END_DECLS
