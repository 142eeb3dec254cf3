/* A mask tile by tile, for limn-mask*.c and the document's operations. Calls for different tiles may run at once, on a raster that was
 * made or copied for them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-mask.h"
#include "limn-raster-private.h"

typedef enum { LIMN_MASK_TILE_EMPTY, LIMN_MASK_TILE_FULL, LIMN_MASK_TILE_MIXED } LimnMaskTile;

/* The tile of which every pixel is 255: one for the whole process, so that large selections take no memory and compare by their
 * pointers. Borrowed. */
LimnTile *limn_mask_peek_full_tile (void);
/* What a tile's pixels inside the plane are. */
LimnMaskTile limn_mask_judge_tile (LimnRaster *mask, guint index);
/* The tile's pixels become these; rows of stride bytes, as many as are inside the plane. Where they allow, it is the empty or full one. */
void limn_mask_set_tile (LimnRaster *mask, guint index, const guint8 *pixels, gsize stride);
/* Combines coverage (rows of stride bytes) with part of the tile. */
void limn_mask_combine_tile (LimnRaster *mask, guint index, const LimnRect *part, const guint8 *coverage, gsize stride, LimnMaskMode mode);
