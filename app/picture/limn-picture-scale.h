/* Scaling pictures down.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-picture.h"

G_BEGIN_DECLS

/* Scales the picture down (width and height at most its own): Lanczos with three lobes, in the picture's own colour space, alpha
 * premultiplied; with its depth and metadata. A reference to self where nothing changes. Any thread; runs on all processors. NULL
 * and error when memory ends or it is cancelled. */
LimnPicture *limn_picture_scale_down (LimnPicture *self, gsize width, gsize height, GCancellable *cancellable, GError **error);

G_END_DECLS
