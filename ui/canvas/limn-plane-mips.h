/* A plane that people paint on (mask, ink: one byte a pixel; paint, guide: BGRA words, premultiplied) at halved sizes, as LimnMips, but
 * made from the raster and always at once: planes are sparse. What was made is kept with the raster tile it was made from (tiles that
 * are held by two don't change), so nothing has to be told when the plane changes.
 *
 * With a baseline only what differs from it shows: the strokes that a preview doesn't know yet. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/limn-document.h"

G_BEGIN_DECLS

typedef struct _LimnPlaneMips LimnPlaneMips;

LimnPlaneMips *limn_plane_mips_new (void);
/* Of a plane of labels: 255 where it is label, else 0. */
LimnPlaneMips *limn_plane_mips_new_of_label (guint8 label);
void limn_plane_mips_free (LimnPlaneMips *self);

/* References are taken; NULL raster: nothing. baseline: NULL, or a raster like it. */
void limn_plane_mips_set (LimnPlaneMips *self, LimnRaster *raster, LimnRaster *baseline);
/* rect in pixels of level; what lies outside reads as 0. out: one byte or one word a pixel, rows of stride pixels. FALSE: all of it is 0,
 * and out was left alone. */
gboolean limn_plane_mips_read (LimnPlaneMips *self, int level, const LimnRect *rect, gpointer out, gsize stride);

G_END_DECLS
