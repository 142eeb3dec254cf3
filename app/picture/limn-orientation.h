/* EXIF orientation (EXIF 2.32, tag 274): how a stored picture is turned to be upright.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-picture.h"

G_BEGIN_DECLS

/* Where the pixel of the upright picture at (x, y) lies in the stored one: x and y change places first, then the stored picture's
 * coordinates are counted from the other side. */
typedef struct {
  gboolean swap, flip_x, flip_y;
} LimnOrientation;

/* orientation: 1..8; others are taken for 1. */
LimnOrientation limn_orientation_get (int orientation);

/* The picture turned upright by orientation 1..8: a new picture (metadata kept), or a new reference for 1. */
LimnPicture *limn_picture_orient (LimnPicture *self, int orientation, GError **error);

G_END_DECLS
