/* Turning pictures upright.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-orientation.h"

#include "app/base/limn-parallel.h"

#include <string.h>

LimnOrientation
limn_orientation_get (int orientation)
{
  static const LimnOrientation turns[9] = {
    { 0, 0, 0 }, { 0, 0, 0 }, { 0, 1, 0 }, { 0, 1, 1 }, { 0, 0, 1 }, { 1, 0, 0 }, { 1, 0, 1 }, { 1, 1, 1 }, { 1, 1, 0 },
  };

  return turns[orientation >= 1 && orientation <= 8 ? orientation : 1];
}

/* Both sides of a turned tile stay in the cache. */
#define TILE 32

typedef struct {
  const guint8 *from;    /* of the upright picture's first pixel */
  gssize step_x, step_y; /* in the stored picture, for one pixel right and down in the upright one */
  gsize pixel;
  LimnPicture *upright;
} TurnJob;

static void
turn_rows (gsize index, gpointer data)
{
  const TurnJob *self = data;
  gsize width = limn_picture_get_width (self->upright), stride = limn_picture_get_stride (self->upright), top = index * TILE;
  gsize bottom = MIN (top + TILE, limn_picture_get_height (self->upright));

  for (gsize left = 0; left < width; left += TILE)
    for (gsize y = top; y < bottom; y++) {
      const guint8 *in = self->from + (gssize) y * self->step_y + (gssize) left * self->step_x;
      guint8 *out = limn_picture_get_data (self->upright) + y * stride + left * self->pixel;
      gsize count = MIN (TILE, width - left);

      if (self->pixel == 4)
        for (gsize x = 0; x < count; x++, in += self->step_x, out += 4)
          memcpy (out, in, 4);
      else
        for (gsize x = 0; x < count; x++, in += self->step_x, out += 8)
          memcpy (out, in, 8);
    }
}

static LimnPictureLoss
turn_loss (LimnPicture *stored, const LimnOrientation *turn)
{
  LimnPictureLoss loss = *limn_picture_get_loss (stored);

  if (turn->flip_x)
    loss.x = limn_picture_get_width (stored) - loss.x - loss.width;
  if (turn->flip_y)
    loss.y = limn_picture_get_height (stored) - loss.y - loss.height;
  return turn->swap ? (LimnPictureLoss){ loss.y, loss.x, loss.height, loss.width, loss.coarse } : loss;
}

LimnPicture *
limn_picture_orient (LimnPicture *self, int orientation, GError **error)
{
  const LimnOrientation turn = limn_orientation_get (orientation);
  gsize width = limn_picture_get_width (self), height = limn_picture_get_height (self);
  gsize pixel = 4 * (gsize) limn_picture_get_depth (self) / 8, stride = limn_picture_get_stride (self);
  gssize right = turn.flip_x ? -(gssize) pixel : (gssize) pixel, down = turn.flip_y ? -(gssize) stride : (gssize) stride;
  TurnJob job;

  if (orientation <= 1 || orientation > 8)
    return g_object_ref (self);
  job = (TurnJob){
    .from = limn_picture_get_data (self), .step_x = turn.swap ? down : right, .step_y = turn.swap ? right : down, .pixel = pixel
  };
  job.upright = limn_picture_new (turn.swap ? height : width, turn.swap ? width : height, limn_picture_get_depth (self), error);
  if (!job.upright)
    return NULL;
  limn_picture_copy_metadata (job.upright, self);
  *limn_picture_get_loss (job.upright) = turn_loss (self, &turn);
  if (turn.swap) {
    LimnResolution stored = limn_picture_get_resolution (self);

    limn_picture_set_resolution (job.upright, (LimnResolution){ stored.y, stored.x });
  }
  if (turn.flip_x)
    job.from += (width - 1) * pixel;
  if (turn.flip_y)
    job.from += (height - 1) * stride;
  limn_parallel_for ((limn_picture_get_height (job.upright) + TILE - 1) / TILE, turn_rows, &job);
  return job.upright;
}
