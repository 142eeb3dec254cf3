/* From hints to a mask. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-select-outline.h"

#include "app/edit/limn-outline.h"
#include "app/raster/limn-mask-tile.h"

/* Lays a raster of one channel into the mask, tile by tile. */
static void
lay (LimnRaster *mask, LimnRaster *found, LimnMaskMode mode)
{
  guint8 pixels[LIMN_TILE_SIZE * LIMN_TILE_SIZE];
  for (guint i = 0; i < limn_raster_get_n_tiles (mask); i++) {
    LimnRect rect = limn_raster_get_tile_rect (mask, i);
    limn_raster_read (found, &rect, pixels, LIMN_TILE_SIZE);
    if (mode == LIMN_MASK_REPLACE)
      limn_mask_set_tile (mask, i, pixels, LIMN_TILE_SIZE);
    else
      limn_mask_combine_tile (mask, i, &rect, pixels, LIMN_TILE_SIZE, mode);
  }
}

LimnRect
limn_select_outline (LimnRaster *mask, const LimnStack *stack, LimnRaster *hints, gboolean loop, LimnMaskMode mode,
                     GCancellable *cancellable)
{
  LimnRect all = limn_raster_get_extents (mask), told = limn_raster_get_bounds (hints), part = limn_outline_get_area (&told, loop, &all);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnPicture) seen = limn_picture_new ((gsize) part.width, (gsize) part.height, 8, &error);
  g_autoptr (LimnRaster) found = limn_raster_new ((gsize) all.width, (gsize) all.height, 1);
  gsize width = (gsize) part.width, size = width * (gsize) part.height;
  g_autofree guint8 *bytes = g_malloc (size), *outline = g_malloc (size);
  if (seen) {
    limn_stack_render (stack, 0, &part, limn_picture_get_data (seen), limn_picture_get_stride (seen));
    limn_raster_read (hints, &part, bytes, width);
  }
  if (!seen || !limn_outline_find (seen, &(LimnRect){ 0, 0, part.width, part.height }, bytes, outline, cancellable, &error)) {
    if (!g_cancellable_is_cancelled (cancellable))
      g_warning ("A thing could not be selected: %s", error->message);
    return (LimnRect){ 0 };
  }
  limn_raster_write (found, &part, outline, width);
  lay (mask, found, mode);
  return all;
}
