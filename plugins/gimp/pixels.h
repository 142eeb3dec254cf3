/* A layer's pixels and the selection as PNG files, and a PNG file's pixels as a layer's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gegl.h>

G_BEGIN_DECLS

/* How a layer's pixels are handed over: 8 bits where it has 8 of a photo's usual kind, else 16; gray or RGB as it is, with its alpha. What
 * is linear is handed over with sRGB's curve, as photos have it. */
typedef struct {
  int width, height;
  int depth;      /* 8 or 16 */
  gboolean gray;  /* one channel */
  gboolean alpha; /* and this */
  gboolean linear;
} Pixels;

/* Of the layer as it is now. */
void pixels_of_layer (gint32 layer, Pixels *out);

/* The layer as a PNG with the image's colour profile, in a new file in memory; -1 and error on failure. */
int pixels_write_layer (gint32 image, gint32 layer, const Pixels *pixels, GError **error);
/* What of the layer is selected, however little: white, the rest black; a PNG of the layer's size. */
int pixels_write_selection (gint32 image, gint32 layer, const Pixels *pixels, GError **error);

/* Reads the PNG in the file fd, of exactly this size, into a new buffer of these pixels; NULL and error on failure. own_space: its numbers are
 * in the colour space of layer; else in that of the PNG's profile, or sRGB. */
GeglBuffer *pixels_read (int fd, gint32 layer, const Pixels *pixels, gboolean own_space, GError **error);

G_END_DECLS
