/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photo-planes.h"

#include <math.h>

#include "engine/base/minmax.h"
#include "engine/imaging/area-average.h"
#include "engine/imaging/luma.h"
#include "engine/imaging/resample.h"

void
limn_photo_size (const LimnPixels *photo, size_t shorter, size_t multiple, size_t *width, size_t *height)
{
  double ratio = (double) photo->width / (double) photo->height, longer = fmin (2, ratio >= 1 ? ratio : 1 / ratio);
  size_t across = shorter / multiple * multiple;
  size_t along = (size_t) round ((double) across * longer / (double) multiple) * multiple;

  *width = ratio >= 1 ? along : across;
  *height = ratio >= 1 ? across : along;
}

LimnStatus
limn_scale_photo (LimnEngine *engine, const LimnPixels *photo, size_t width, size_t height, LimnImage *out, LimnError *error)
{
  LIMN_SCOPED_IMAGE small = { 0 };

  LIMN_TRY (limn_area_average (&small, photo, limn_size_min (width, photo->width), limn_size_min (height, photo->height), false,
                               engine->pool, error));
  return limn_resample (out, &small, width, height, LIMN_FILTER_BICUBIC, engine->pool, error);
}

LimnStatus
limn_luma_planes (LimnEngine *engine, const LimnPixels *photo, size_t width, size_t height, LimnImage *planes, LimnError *error)
{
  LIMN_SCOPED_IMAGE scaled = { 0 };

  LIMN_TRY (limn_scale_photo (engine, photo, width, height, &scaled, error));
  LIMN_TRY (limn_image_new (planes, width, height, LIMN_BASE_PLANES, error));
  for (size_t i = 0; i < width * height; i++) {
    planes->data[i * LIMN_BASE_PLANES + LIMN_PLANE_LUMA] = limn_min (limn_max (limn_luma (scaled.data + 4 * i), -1), 1);
    planes->data[i * LIMN_BASE_PLANES + LIMN_PLANE_LUMA_KNOWN] = 1;
  }
  return LIMN_OK;
}
