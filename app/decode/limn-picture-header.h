/* A picture without its pixels as a variant: its size and its metadata, for files of the autosave and for the helper process that decodes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"

G_BEGIN_DECLS

/* Width, height, depth, resolution along x and y, whether there is alpha, profile (empty: none), gray profile, EXIF, texts, and what its file
 * was: gray, lossless, quality, chroma along x and y, cICP, pages. Part of the autosave's format. */
#define LIMN_PICTURE_HEADER "(tttddbaymaymaya(ayay)bbiiiui)"

/* Floating. */
GVariant *limn_picture_make_header (LimnPicture *picture);

typedef struct {
  gsize width, height;
  int depth;
  gsize bytes; /* of its pixels */
} LimnPictureSize;

/* FALSE when there is no picture of the size that header tells. header: of the type and in normal form, whoever it comes from. */
gboolean limn_picture_header_size (GVariant *header, LimnPictureSize *size);
/* Sets everything else of picture. */
void limn_picture_read_header (LimnPicture *picture, GVariant *header);

G_END_DECLS
