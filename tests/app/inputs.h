/* What an edit is made with: from pixels at hand, and in one piece as the engine reads it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"

static inline LimnSource *
inputs_take_picture (LimnPicture *picture)
{
  LimnSource *source = limn_source_new_picture (picture);

  g_object_unref (picture);
  return source;
}

static inline LimnSource *
inputs_take_plane (LimnPlane plane)
{
  LimnSource *source = limn_source_new_plane (&plane);

  g_bytes_unref (plane.bytes);
  return source;
}

/* NULL where there is none. */
static inline LimnPicture *
inputs_dup_picture (LimnSource *from)
{
  return from ? limn_source_dup_picture (from, NULL, NULL) : NULL;
}

/* bytes NULL where there is none. */
static inline LimnPlane
inputs_dup_plane (LimnSource *from)
{
  LimnPlane plane = { 0 };

  g_assert_true (!from || limn_source_dup_plane (from, &plane, NULL, NULL));
  return plane;
}

/* The photo's size, or that of the picture to make. */
static inline void
inputs_get_size (const LimnEdit *edit, gsize *width, gsize *height)
{
  g_autoptr (LimnPicture) photo = inputs_dup_picture (edit->from.photo);

  *width = photo ? limn_picture_get_width (photo) : (gsize) limn_edit_get (edit, "width");
  *height = photo ? limn_picture_get_height (photo) : (gsize) limn_edit_get (edit, "height");
}
