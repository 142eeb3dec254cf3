/* Selecting a thing by hints: what is seen around them is rendered, and the outline that is found there laid into a mask.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/compose/limn-stack.h"
#include "app/raster/limn-mask.h"

G_BEGIN_DECLS

/* hints: of the mask's size, values of LimnOutlineHint; loop: there is a loop among them. Returns what changed. Any thread; cancellable: NULL,
 * or what ends it early (the mask is then as it was). */
LimnRect limn_select_outline (LimnRaster *mask, const LimnStack *stack, LimnRaster *hints, gboolean loop, LimnMaskMode mode,
                              GCancellable *cancellable);

G_END_DECLS
