/* Materials painted into a photo: rendered in the photo's perspective and scale, in its broad light and with its grain, and laid over it
 * where they were painted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/generate/engine.h"
#include "engine/imaging/resample.h"
#include "engine/materials/render.h"
#include "engine/measure/noise-level.h"
#include "engine/texture/lattice-noise.h"

/* Sigma of the blur that leaves the photo's light, in cells of LIMN_TONE_CELL units; the luma at which materials stay as they are; how much
 * of the photo's is taken, as a power; how far it may go. Of what was painted over, things are left out so, and long shadows stay. */
static const float LIGHT_BLUR = 3, LIGHT_MIDDLE = 118, LIGHT_SHARE = 0.5f, LIGHT_LEAST = 0.55f, LIGHT_MOST = 1.35f;
/* Mean difference between a photo's strongest and weakest channel, of 255, from which on materials keep all of their colour. */
static const float COLOURFUL = 20;
/* Standard deviation of grain, in levels of 255, below which none is added. */
static const float LEAST_GRAIN = 0.4f;

enum { GRAIN = 77 }; /* seed */

typedef struct {
  size_t left, top, right, bottom; /* right, bottom: behind it */
} Box;

typedef struct {
  LimnPool *pool;
  const LimnPixels *photo;
  const LimnMask *mask;
  uint8_t *labels; /* [photo]: of materials; LIMN_LABEL_PLAIN elsewhere */
  Box box;         /* of what is written */
  LimnScene scene;
  LimnOverlay below;    /* what lay over the photo before */
  LimnPixels painted;   /* 8 bits, of the box */
  LimnImage light;      /* luma of the photo, smooth, a cell of LIMN_TONE_CELL units */
  float colour;         /* share of their colour that materials keep, 0 in a gray photo */
  float grain;          /* levels of 255 */
  LimnOverlay *overlay; /* receives it */
} IntoPhoto;

/* ---------------------------------------------------------------- where */

/* Labels in effect; false where nothing has a material. */
static bool
read_labels (IntoPhoto *p, const LimnMask *chosen, const LimnSurfaces *own)
{
  bool material[256] = { false }, any = false;
  const LimnMask *mask = p->mask;
  Box *b = &p->box;

  for (int l = 1; l < LIMN_LABEL_PLAIN; l++)
    material[l] = limn_look_of_label ((uint8_t) l) || limn_surfaces_find_own (own, (uint8_t) l);
  for (size_t y = 0; y < mask->height; y++)
    for (size_t x = 0; x < mask->width; x++) {
      const uint8_t label = chosen->data[y * chosen->stride + x];
      const bool is = mask->data[y * mask->stride + x] > 0 && material[label];

      p->labels[y * mask->width + x] = is ? label : LIMN_LABEL_PLAIN;
      if (!is)
        continue;
      *b = any ? (Box){ limn_size_min (b->left, x), b->top, b->right > x ? b->right : x + 1, y + 1 } : (Box){ x, y, x + 1, y + 1 };
      any = true;
    }
  return any;
}

static void
include_overlay (Box *box, const LimnOverlay *overlay)
{
  const size_t right = overlay->x + overlay->pixels.width, bottom = overlay->y + overlay->pixels.height;

  if (!overlay->pixels.data)
    return;
  *box = (Box){ limn_size_min (box->left, overlay->x), limn_size_min (box->top, overlay->y), box->right > right ? box->right : right,
                box->bottom > bottom ? box->bottom : bottom };
}

/* ---------------------------------------------------------------- the photo's light and grain */

static inline uint8_t
channel (const LimnPixels *pixels, size_t x, size_t y, size_t c)
{
  const uint8_t *row = (const uint8_t *) pixels->data + y * pixels->stride;

  return pixels->depth == 16 ? (uint8_t) (((const uint16_t *) (const void *) row)[4 * x + c] >> 8) : row[4 * x + c];
}

/* Means of the photo over a row of cells: luma, and how colourful it is. */
static void
average_row (void *user, size_t j, int worker)
{
  const IntoPhoto *p = user;
  const LimnPixels *photo = p->photo;
  const float scale = LIMN_TONE_CELL / p->scene.pixel; /* pixels a cell */
  const size_t top = limn_size_min ((size_t) ((float) j * scale), photo->height - 1);
  const size_t bottom = limn_size_min ((size_t) ((float) (j + 1) * scale) + 1, photo->height);

  for (size_t i = 0; i < p->light.width; i++) {
    const size_t left = limn_size_min ((size_t) ((float) i * scale), photo->width - 1);
    const size_t right = limn_size_min ((size_t) ((float) (i + 1) * scale) + 1, photo->width);
    float *cell = p->light.data + 2 * (j * p->light.width + i), luma = 0, spread = 0;

    for (size_t y = top; y < bottom; y++)
      for (size_t x = left; x < right; x++) {
        const float r = channel (photo, x, y, 0), g = channel (photo, x, y, 1), b = channel (photo, x, y, 2);
        luma += 0.299f * r + 0.587f * g + 0.114f * b;
        spread += limn_max (r, limn_max (g, b)) - limn_min (r, limn_min (g, b));
      }
    cell[0] = luma / (float) ((bottom - top) * (right - left));
    cell[1] = spread / (float) ((bottom - top) * (right - left));
  }
}

static LimnStatus
measure_light (IntoPhoto *p, LimnError *error)
{
  const size_t width = (size_t) ceilf (p->scene.wide / LIMN_TONE_CELL), height = (size_t) ceilf (p->scene.high / LIMN_TONE_CELL);
  double spread = 0;
  LimnImage smooth;
  LimnNoiseLevel noise;

  LIMN_TRY (limn_image_new (&p->light, width, height, 2, error));
  LIMN_TRY (limn_pool_try (p->pool, height, average_row, p, error));
  for (size_t i = 0; i < width * height; i++)
    spread += (double) p->light.data[2 * i + 1];
  p->colour = limn_clamp ((float) (spread / (double) (width * height)) / COLOURFUL, 0, 1);
  LIMN_TRY (limn_blur (&smooth, &p->light, LIGHT_BLUR, p->pool, error));
  for (size_t i = 0; i < width * height; i++)
    smooth.data[i] = smooth.data[2 * i];
  smooth.channels = 1;
  limn_image_clear (&p->light);
  p->light = smooth;
  LIMN_TRY (limn_measure_noise (&noise, p->photo, p->pool, error));
  p->grain = 127.5f * noise.noise;
  return LIMN_OK;
}

static float
light_at (const IntoPhoto *p, size_t x, size_t y)
{
  const float pixel = p->scene.pixel;
  const float here = limn_plane_at (&p->light, LIMN_TONE_CELL, ((float) x + 0.5f) * pixel, ((float) y + 0.5f) * pixel);

  return limn_clamp (limn_power ((here + 8) / (LIGHT_MIDDLE + 8), LIGHT_SHARE), LIGHT_LEAST, LIGHT_MOST);
}

/* About normal: the sum of four even numbers. */
static float
grain_at (const IntoPhoto *p, size_t x, size_t y)
{
  const uint32_t hash = limn_hash ((int32_t) x, (int32_t) y, GRAIN);
  float sum = -2;

  for (int k = 0; k < 4; k++)
    sum += limn_fraction (hash, k);
  return p->grain < LEAST_GRAIN ? 0 : 1.732f * p->grain * sum;
}

/* ---------------------------------------------------------------- writing */

/* A pixel of the material over what the overlay has. */
static void
write_pixel (const IntoPhoto *p, size_t x, size_t y)
{
  const size_t u = x - p->box.left, v = y - p->box.top;
  const LimnPixels *out = &p->overlay->pixels;
  const uint8_t label = p->labels[y * p->photo->width + x];
  const uint8_t *painted = (const uint8_t *) p->painted.data + v * p->painted.stride + 4 * u;
  uint8_t *row = (uint8_t *) out->data + v * out->stride;
  const float most = out->depth == 16 ? 65535 : 255, above = (float) p->mask->data[y * p->mask->stride + x] / 255;

  if (label == LIMN_LABEL_PLAIN || above <= 0)
    return;
  const float light = light_at (p, x, y), grain = grain_at (p, x, y);
  const float gray = 0.299f * painted[0] + 0.587f * painted[1] + 0.114f * painted[2];
  for (size_t c = 0; c < 4; c++) {
    uint16_t *deep = (uint16_t *) (void *) row + 4 * u + c;
    const float below = (out->depth == 16 ? *deep : row[4 * u + c]) / most;
    const float made = c == 3 ? 1 : limn_clamp ((light * limn_mix (gray, painted[c], p->colour) + grain) / 255, 0, 1);
    const float alpha_below = (out->depth == 16 ? *((uint16_t *) (void *) row + 4 * u + 3) : row[4 * u + 3]) / most;
    const float all = above + alpha_below * (1 - above), share = c == 3 ? above : above / all;
    const float value = limn_floor (most * (below + (made - below) * share) + 0.5f);

    if (out->depth == 16)
      *deep = (uint16_t) value;
    else
      row[4 * u + c] = (uint8_t) value;
  }
}

static void
write_row (void *user, size_t row, int worker)
{
  const IntoPhoto *p = user;

  for (size_t x = p->box.left; x < p->box.right; x++)
    write_pixel (p, x, p->box.top + row);
}

/* A copy of the box of the photo, and of what lies over it, in 8 bits: what is seen between blades of grass. */
static LimnStatus
copy_photo (IntoPhoto *p, LimnOverlay *copy, LimnError *error)
{
  const LimnPixels *photo = p->photo;
  const size_t size = 4 * (size_t) photo->depth / 8;
  LimnOverlay shifted = p->below;

  LIMN_TRY (limn_overlay_new (copy, p->box.left, p->box.top, p->box.right - p->box.left, p->box.bottom - p->box.top, photo->depth, error));
  for (size_t y = 0; y < copy->pixels.height; y++)
    memcpy ((uint8_t *) copy->pixels.data + y * copy->pixels.stride,
            (const uint8_t *) photo->data + (p->box.top + y) * photo->stride + p->box.left * size, copy->pixels.stride);
  shifted.x -= p->box.left;
  shifted.y -= p->box.top;
  if (shifted.pixels.data)
    limn_overlay_apply (&shifted, &copy->pixels);
  p->painted = (LimnPixels){ copy->pixels.data, copy->pixels.width, copy->pixels.height, 4 * copy->pixels.width, 8 };
  for (size_t i = 0; photo->depth == 16 && i < 4 * copy->pixels.width * copy->pixels.height; i++)
    ((uint8_t *) copy->pixels.data)[i] = (uint8_t) (((const uint16_t *) copy->pixels.data)[i] >> 8);
  return LIMN_OK;
}

/* The overlay of the box, with what lay over the photo before. */
static LimnStatus
new_overlay (IntoPhoto *p, LimnError *error)
{
  const LimnOverlay *below = &p->below;
  const size_t size = 4 * (size_t) p->photo->depth / 8;

  LIMN_TRY (
    limn_overlay_new (p->overlay, p->box.left, p->box.top, p->box.right - p->box.left, p->box.bottom - p->box.top, p->photo->depth, error));
  for (size_t y = 0; below->pixels.data && y < below->pixels.height; y++)
    memcpy ((uint8_t *) p->overlay->pixels.data + (below->y - p->box.top + y) * p->overlay->pixels.stride + (below->x - p->box.left) * size,
            (const uint8_t *) below->pixels.data + y * below->pixels.stride, below->pixels.width * size);
  return LIMN_OK;
}

static LimnStatus
paint (IntoPhoto *p, const LimnSceneInput *input, LimnError *error)
{
  LimnOverlay copy = { 0 };
  LimnStatus status;

  LIMN_TRY (limn_scene_new (&p->scene, input, error));
  LIMN_TRY (measure_light (p, error));
  status = copy_photo (p, &copy, error);
  if (status == LIMN_OK)
    status = limn_scene_render (&p->scene, NULL, p->box.left, p->box.top, &p->painted, error);
  if (status == LIMN_OK)
    status = new_overlay (p, error);
  if (status == LIMN_OK)
    status = limn_pool_try (p->pool, p->box.bottom - p->box.top, write_row, p, error);
  limn_overlay_clear (&copy);
  return status;
}

static LimnStatus
check (const LimnPixels *photo, const LimnMask *mask, const LimnPixels *painted, const LimnMask *ink, const LimnSketchMaterials *materials,
       LimnError *error)
{
  LIMN_TRY (limn_check_pixels (photo, error));
  LIMN_TRY (limn_check_size (photo, mask->width, mask->height, "The mask is", error));
  LIMN_TRY (limn_check_size (photo, materials->labels->width, materials->labels->height, "The picture of the materials is", error));
  if (painted)
    LIMN_TRY (limn_check_size (photo, painted->width, painted->height, "The paint is", error));
  return ink ? limn_check_size (photo, ink->width, ink->height, "The picture of the lines is", error) : LIMN_OK;
}

LimnStatus
limn_paint_materials (LimnEngine *engine, const LimnPixels *photo, const LimnMask *mask, const LimnPixels *painted, const LimnMask *ink,
                      const LimnSketchMaterials *materials, const LimnControl *control, LimnOverlay *overlay, LimnSketchFound *found,
                      LimnError *error)
{
  IntoPhoto p = { .pool = engine->pool, .photo = photo, .mask = mask, .below = *overlay, .overlay = overlay };
  LimnStatus status;

  LIMN_TRY (check (photo, mask, painted, ink, materials, error));
  p.labels = malloc (photo->width * photo->height);
  if (!p.labels)
    return limn_fail_memory (error, photo->width * photo->height);
  limn_engine_begin (engine, control);
  status = limn_pool_check (engine->pool, error);
  if (status == LIMN_OK && read_labels (&p, materials->labels, materials->own)) {
    const LimnMask labels = { p.labels, photo->width, photo->height, photo->width };
    const LimnSceneInput input = { .pool = engine->pool,
                                   .paint = painted,
                                   .labels = &labels,
                                   .ink = ink,
                                   .photo = photo,
                                   .options = materials,
                                   .width = photo->width,
                                   .height = photo->height };

    include_overlay (&p.box, &p.below);
    *overlay = (LimnOverlay){ 0 };
    status = paint (&p, &input, error);
    if (status == LIMN_OK && found)
      *found = (LimnSketchFound){ p.scene.horizon / p.scene.high, p.scene.sunlight.x / p.scene.wide, p.scene.sunlight.y / p.scene.high,
                                  found->labels };
    limn_overlay_clear (&p.below);
    if (status != LIMN_OK)
      limn_overlay_clear (overlay);
  }
  limn_engine_end (engine);
  if (status == LIMN_OK && found && found->labels)
    memcpy (found->labels, p.labels, photo->width * photo->height);
  limn_scene_clear (&p.scene);
  limn_image_clear (&p.light);
  free (p.labels);
  return status;
}
