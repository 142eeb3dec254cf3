/* The raster's insides, for the files that paint on tiles directly (raster, brush).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-raster.h"

struct _LimnRaster {
  GObject parent_instance;
  int width, height, channels;
  guint columns, rows;
  LimnTile **tiles; /* columns * rows, NULL = all zero */
};

/* The tile's pixels to be written: made, or copied when it is shared. Valid until the tile is set, copied or filled. */
guint8 *limn_raster_own_tile (LimnRaster *self, guint index);
