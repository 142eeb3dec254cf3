/* Renders scenes row by row: first a small picture for water to mirror, then all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "render.h"

#include <string.h>

#include "compose.h"
#include "engine/base/minmax.h"
#include "engine/texture/lattice-noise.h"

enum {
  MIRROR = 320,   /* longer side of the mirrored picture */
  ENCODED = 4096, /* steps of the table of sRGB, over the root of linear light */
  DITHER = 5,     /* seed */
};

typedef struct {
  LimnView view;
  const LimnEarlier *earlier; /* or NULL */
  size_t left, top;           /* of out in the picture */
  LimnPixels *out;
  LimnImage *mirror;
  float encode[ENCODED + 2];
} Rendering;

static void
start_row (const LimnView *view, float y, LimnGroundRow *ground)
{
  for (size_t k = 0; k < view->scene->count; k++) {
    const LimnArea *area = &view->scene->areas[k];

    if (area->look && area->look->recede > 0)
      ground[k] = limn_ground_row (view, area, y);
  }
}

static bool
is_as_before (const Rendering *r, const LimnSpot *spot)
{
  return r->earlier && !limn_scene_changes_at (r->earlier->changes, spot->x, spot->y);
}

/* ---------------------------------------------------------------- the mirror */

/* What is seen at a place that has no material: the photo, or a gray sky. */
static LimnLab
plain_at (const LimnScene *scene, float x, float y)
{
  const LimnPixels *photo = scene->photo;
  uint8_t rgb[3];

  if (!photo)
    return (LimnLab){ 80, 0, 0, 0 };
  const size_t u = limn_size_min ((size_t) (x / scene->pixel), photo->width - 1);
  const size_t v = limn_size_min ((size_t) (y / scene->pixel), photo->height - 1);
  const uint8_t *row = (const uint8_t *) photo->data + v * photo->stride;
  for (size_t c = 0; c < 3; c++)
    rgb[c] = photo->depth == 16 ? (uint8_t) (((const uint16_t *) (const void *) row)[4 * u + c] >> 8) : row[4 * u + c];
  return limn_lab_of_srgb (rgb);
}

static void
render_mirror_row (void *user, size_t y, int worker)
{
  const Rendering *r = user;
  LimnGroundRow ground[LIMN_AREAS_MOST];
  LimnSpot spot = { .view = &r->view, .ground = ground, .y = ((float) y + 0.5f) * r->view.pixel };

  start_row (&r->view, spot.y, ground);
  for (size_t x = 0; x < r->view.width; x++) {
    spot.x = ((float) x + 0.5f) * r->view.pixel;
    const size_t i = 4 * (y * r->view.width + x);
    if (is_as_before (r, &spot)) {
      memcpy (r->mirror->data + i, r->earlier->scene->mirror.data + i, sizeof (LimnLab));
      continue;
    }
    const LimnSeen seen = limn_see (&spot, plain_at (r->view.scene, spot.x, spot.y));
    memcpy (r->mirror->data + i, &seen.lab, sizeof seen.lab);
  }
}

static LimnStatus
render_mirror (LimnScene *scene, const LimnEarlier *earlier, LimnError *error)
{
  const float longer = limn_max (scene->wide, scene->high);
  Rendering r = { .view = { .scene = scene, .dry = true, .pixel = longer / MIRROR }, .earlier = earlier };
  LimnImage mirror = { 0 };
  LimnStatus status;

  r.view.width = (size_t) limn_max (2, ceilf (scene->wide / r.view.pixel));
  r.view.height = (size_t) limn_max (2, ceilf (scene->high / r.view.pixel));
  r.mirror = &mirror;
  LIMN_TRY (limn_image_new (&mirror, r.view.width, r.view.height, 4, error));
  status = limn_pool_try (scene->pool, r.view.height, render_mirror_row, &r, error);
  scene->mirror = mirror;
  return status;
}

/* ---------------------------------------------------------------- the picture */

/* A byte of linear light; noise of one step hides the steps of smooth skies. */
static uint8_t
encode (const Rendering *r, float linear, float noise)
{
  const float at = ENCODED * sqrtf (limn_clamp (linear, 0, 1)), whole = limn_floor (at);
  const float *step = r->encode + (size_t) whole;
  const float value = step[0] + (step[1] - step[0]) * (at - whole);

  return (uint8_t) limn_clamp (limn_floor (255 * value + noise), 0, 255);
}

static void
write_pixel (const Rendering *r, const LimnSpot *spot, uint8_t *pixel, uint32_t hash)
{
  const LimnView *view = spot->view;
  LimnLab plain = { 0, 0, 0, 0 };
  float rgb[3];

  if (limn_is_plain (spot))
    return;
  if (view->scene->plain)
    plain = limn_lab_of_srgb (pixel);
  const LimnSeen seen = limn_see (spot, plain);
  if (seen.plain >= 1)
    return;
  limn_lab_to_linear (seen.lab, rgb);
  limn_add_glare (spot, seen.sky, rgb);
  for (int c = 0; c < 3; c++)
    pixel[c] = encode (r, rgb[c], 0.25f + 0.5f * limn_fraction (hash, c));
  pixel[3] = 255;
}

static void
render_row (void *user, size_t y, int worker)
{
  const Rendering *r = user;
  LimnGroundRow ground[LIMN_AREAS_MOST];
  LimnSpot spot = { .view = &r->view, .ground = ground, .y = ((float) (r->top + y) + 0.5f) * r->view.pixel };
  uint8_t *row = (uint8_t *) r->out->data + y * r->out->stride;

  start_row (&r->view, spot.y, ground);
  for (size_t x = 0; x < r->view.width; x++) {
    spot.x = ((float) (r->left + x) + 0.5f) * r->view.pixel;
    if (is_as_before (r, &spot))
      memcpy (row + 4 * x, r->earlier->pixels + 4 * (y * r->view.width + x), 4);
    else
      write_pixel (r, &spot, row + 4 * x, limn_hash ((int32_t) (r->left + x), (int32_t) (r->top + y), DITHER));
  }
}

LimnStatus
limn_scene_render (LimnScene *scene, const LimnEarlier *earlier, size_t left, size_t top, LimnPixels *out, LimnError *error)
{
  Rendering r = { .view = { .scene = scene, .width = out->width, .height = out->height, .pixel = scene->pixel },
                  .earlier = earlier,
                  .left = left,
                  .top = top,
                  .out = out };

  for (size_t i = 0; i < ENCODED + 2; i++)
    r.encode[i] = limn_linear_to_srgb ((float) i / ENCODED * (float) i / ENCODED);
  if (scene->shore.data) {
    LIMN_TRY (render_mirror (scene, earlier, error));
    if (earlier)
      LIMN_TRY (limn_scene_changes_add_water (earlier->changes, scene, error));
  }
  if (earlier && scene->plain)
    limn_scene_changes_add_plain (earlier->changes, scene);
  return limn_pool_try (scene->pool, out->height, render_row, &r, error);
}
