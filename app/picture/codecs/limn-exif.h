/* The EXIF block of a picture file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"

G_BEGIN_DECLS

/* EXIF (TIFF structure, without the "Exif\0\0" prefix; CIPA DC-008). A copy that is upright and without thumbnail (an edited
 * picture must not carry a small view of what was removed), *orientation = what it said (1 where it says nothing). NULL when data
 * is no EXIF. */
GBytes *limn_exif_sanitise (const guint8 *data, gsize size, int *orientation);
/* A copy of exif whose pixel dimensions, where it has them, say width and height. */
GBytes *limn_exif_for_size (GBytes *exif, gsize width, gsize height);

/* A block of what a TIFF file says of its first picture: who, when, with what, where (the EXIF and GPS directories as they are, with tags that
 * libtiff doesn't know). Nothing of how its pixels lie. NULL where it says nothing, or is a BigTIFF. */
GBytes *limn_exif_from_tiff (const guint8 *data, gsize size);
/* A TIFF file with the same added, in this machine's byte order: file is one that libtiff has just written, of one picture. */
GBytes *limn_exif_into_tiff (GBytes *file, GBytes *exif);

/* By the block's XResolution, YResolution and ResolutionUnit; 0 = none. */
LimnResolution limn_exif_resolution (GBytes *exif);

G_END_DECLS
