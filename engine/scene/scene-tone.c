/* Reads the colours of a scene: the paint's, smooth within each area and continued beyond it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/pull-push.h"
#include "engine/imaging/resample.h"
#include "scene.h"

/* Sigma of the blur within an area, cells of tone; steps of tones, so that what is far away changes none by a last bit. */
static const float BLUR = 1.2f, STEP = 1 / 64.0f;

typedef struct {
  LimnScene *scene;
  const LimnSceneInput *input;
  float linear[256]; /* light of an sRGB byte */
  size_t width, height;
  LimnImage *sums; /* of each area: [height][width][4]: sums of linear light, and how many pixels */
  uint8_t index[256];
} Reading;

static inline uint8_t
channel (const LimnPixels *paint, size_t x, size_t y, size_t c)
{
  const uint8_t *row = (const uint8_t *) paint->data + y * paint->stride;

  return paint->depth == 16 ? (uint8_t) (((const uint16_t *) (const void *) row)[4 * x + c] >> 8) : row[4 * x + c];
}

/* The first pixel whose middle is in cell i or behind it. */
static size_t
first_pixel (size_t i, float scale)
{
  return (size_t) limn_max (ceilf ((float) i / scale - 0.5f), 0);
}

/* Adds up the paint of a row of cells. Every pixel counts for the area that its label names. */
static void
sum_cells (void *user, size_t j, int worker)
{
  const Reading *r = user;
  const LimnPixels *paint = r->input->paint;
  const LimnMask *labels = r->input->labels;
  const float scale = r->scene->wide / (LIMN_TONE_CELL * (float) paint->width); /* cells of a pixel, across and down */
  const float down = r->scene->high / (LIMN_TONE_CELL * (float) paint->height);
  const size_t first = first_pixel (j, down), end = limn_size_min (first_pixel (j + 1, down), paint->height);

  for (size_t y = first; y < end; y++)
    for (size_t x = 0; x < paint->width; x++) {
      const uint8_t area = r->index[labels->data[y * labels->stride + x]];
      const size_t cell = j * r->width + limn_size_min ((size_t) (((float) x + 0.5f) * scale), r->width - 1);
      float *sum;

      if (area >= r->scene->count || channel (paint, x, y, 3) < 128)
        continue;
      sum = r->sums[area].data + 4 * cell;
      for (size_t c = 0; c < 3; c++)
        sum[c] += r->linear[channel (paint, x, y, c)];
      sum[3] += 1;
    }
}

/* Sums become a mean Lab and its weight. */
static void
to_lab (LimnImage *tone, LimnImage *weight, const LimnImage *sums, float whole)
{
  for (size_t i = 0; i < sums->width * sums->height; i++) {
    const float *sum = sums->data + 4 * i;
    const float share = limn_min (sum[3] / whole, 1), k = sum[3] > 0 ? 1 / sum[3] : 0;
    const LimnLab lab = limn_lab_of_linear (k * sum[0], k * sum[1], k * sum[2]);

    weight->data[i] = share;
    for (size_t c = 0; c < 3; c++)
      tone->data[4 * i + c] = share * lab[c];
    tone->data[4 * i + 3] = share;
  }
}

/* Weighted blur; then far from all paint, ever wider averages. The paint's colour is that of the label where nothing is known. */
static LimnStatus
spread (LimnArea *area, const LimnImage *sums, float whole, LimnError *error)
{
  LIMN_SCOPED_IMAGE tone = { 0 }, weight = { 0 }, smooth = { 0 };
  LimnLab total = { 0, 0, 0, 0 };

  LIMN_TRY (limn_image_new (&tone, sums->width, sums->height, 4, error));
  LIMN_TRY (limn_image_new (&weight, sums->width, sums->height, 1, error));
  to_lab (&tone, &weight, sums, whole);
  for (size_t i = 0; i < sums->width * sums->height; i++)
    total += ((const LimnLab *) tone.data)[i];
  area->mean = limn_lab_of_srgb (area->look ? area->look->is.colour : (const uint8_t[]){ 255, 255, 255 });
  if (total[3] > 0)
    for (int c = 0; c < 3; c++) /* rounded, so that what takes the sky's haze doesn't change with each stroke of sky */
      area->mean[c] = 3 * floorf (total[c] / total[3] / 3 + 0.5f);
  LIMN_TRY (limn_blur (&smooth, &tone, BLUR, NULL, error));
  for (size_t i = 0; i < sums->width * sums->height; i++) {
    const float known = smooth.data[4 * i + 3], k = 1 / limn_max (known, 1e-4f), m = limn_min (known * 4, 1);

    weight.data[i] = known > 1e-4f ? m : 0;
    for (size_t c = 0; c < 4; c++)
      smooth.data[4 * i + c] *= known > 1e-4f ? k : 0;
  }
  LIMN_TRY (limn_pull_push (&area->tone, &smooth, &weight, error));
  for (size_t i = 0; i < 4 * sums->width * sums->height; i++)
    area->tone.data[i] = STEP * limn_floor (area->tone.data[i] / STEP + 0.5f);
  for (size_t i = 0; total[3] <= 0 && i < sums->width * sums->height; i++)
    ((LimnLab *) area->tone.data)[i] = area->mean;
  return LIMN_OK;
}

static void
prepare (Reading *r)
{
  for (int v = 0; v < 256; v++)
    r->linear[v] = limn_srgb_to_linear ((float) v / 255);
  memset (r->index, 255, sizeof r->index);
  for (int l = 0; l < 256; l++)
    for (size_t k = 0; k < r->scene->count; k++)
      if (r->scene->areas[k].label == l)
        r->index[l] = (uint8_t) k;
  for (size_t k = 0; k < r->scene->count; k++)
    if (r->scene->areas[k].label == LIMN_LABEL_PLAIN && r->index[LIMN_LABEL_NONE] == 255)
      r->index[LIMN_LABEL_NONE] = (uint8_t) k;
}

LimnStatus
limn_scene_read_tones (LimnScene *scene, const LimnSceneInput *input, LimnError *error)
{
  Reading r = { .scene = scene,
                .input = input,
                .width = (size_t) limn_max (2, ceilf (scene->wide / LIMN_TONE_CELL)),
                .height = (size_t) limn_max (2, ceilf (scene->high / LIMN_TONE_CELL)) };
  LimnImage sums[LIMN_AREAS_MOST] = { { 0 } };
  const float whole = limn_max ((float) (input->labels->width * input->labels->height) / (float) (r.width * r.height), 0.25f);
  LimnStatus status = LIMN_OK;

  r.sums = sums;
  prepare (&r);
  for (size_t k = 0; status == LIMN_OK && k < scene->count; k++)
    status = limn_image_new (&sums[k], r.width, r.height, 4, error);
  if (status == LIMN_OK && input->paint)
    status = limn_pool_try (scene->pool, r.height, sum_cells, &r, error);
  for (size_t k = 0; status == LIMN_OK && k < scene->count; k++) {
    status = limn_pool_check (scene->pool, error);
    if (status == LIMN_OK)
      status = spread (&scene->areas[k], &sums[k], whole, error);
  }
  for (size_t k = 0; k < scene->count; k++)
    limn_image_clear (&sums[k]);
  return status;
}
