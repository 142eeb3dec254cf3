/* Transparency of enlarged pictures.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "transparency.h"

#include "back-project.h"
#include "engine/imaging/pull-push.h"
#include "engine/imaging/resample.h"

LimnStatus
limn_extend_colours (LimnImage *rgb, const LimnImage *alpha, LimnError *error)
{
  const size_t count = alpha->width * alpha->height;
  size_t shown = 0;
  LIMN_SCOPED_IMAGE known = { 0 }, extended = { 0 };

  for (size_t i = 0; i < count; i++)
    shown += alpha->data[i] > 0;
  if (shown == 0 || shown == count)
    return LIMN_OK;
  LIMN_TRY (limn_image_alloc (&known, alpha->width, alpha->height, 1, error));
  for (size_t i = 0; i < count; i++)
    known.data[i] = alpha->data[i] > 0;
  LIMN_TRY (limn_pull_push (&extended, rgb, &known, error));
  for (size_t i = 0; i < count; i++)
    for (size_t c = 0; alpha->data[i] == 0 && c < 3; c++)
      rgb->data[3 * i + c] = extended.data[3 * i + c];
  return LIMN_OK;
}

static bool
is_one_value (const LimnImage *alpha)
{
  for (size_t i = 1; i < alpha->width * alpha->height; i++)
    if (alpha->data[i] != alpha->data[0])
      return false;
  return true;
}

LimnStatus
limn_enlarge_alpha (LimnImage *out, const LimnImage *alpha, size_t s, int depth, LimnPool *pool, LimnError *error)
{
  const size_t count = alpha->width * alpha->height, many = count * s * s;
  LIMN_SCOPED_IMAGE small = { 0 }, large = { 0 };

  if (is_one_value (alpha)) {
    LIMN_TRY (limn_image_alloc (out, alpha->width * s, alpha->height * s, 1, error));
    for (size_t i = 0; i < many; i++)
      out->data[i] = alpha->data[0];
    return LIMN_OK;
  }
  /* back-projection works on colours: here three times the same */
  LIMN_TRY (limn_image_alloc (&small, alpha->width, alpha->height, 3, error));
  for (size_t i = 0; i < 3 * count; i++)
    small.data[i] = 2 * alpha->data[i / 3] - 1;
  LIMN_TRY (limn_resample (&large, &small, alpha->width * s, alpha->height * s, LIMN_FILTER_LINEAR, pool, error));
  LIMN_TRY (limn_back_project (&large, &small, s, depth, pool, error));
  LIMN_TRY (limn_image_alloc (out, large.width, large.height, 1, error));
  for (size_t i = 0; i < many; i++)
    out->data[i] = (large.data[3 * i] + 1) / 2;
  return LIMN_OK;
}
