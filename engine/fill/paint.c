/* Recolours copied texture to the user's paint; where the texture's hue differs too much, keeps the paint smooth.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/connected-components.h"
#include "engine/imaging/luma.h"
#include "engine/imaging/poisson.h"
#include "engine/imaging/resample.h"
#include "job.h"

enum {
  BROAD = 3,         /* radius, in cells, over which a surface's mean colour is taken ... */
  BROAD_PIXELS = 32, /* ... and at least so many pixels */
  EDGE_RADIUS = 1,   /* paint edges are blurred to a photo's softness by a box of this radius ... */
  ROWS = 64,         /* rows of the hole painted at a time */
  TONES = 8,         /* values per cell, at the offsets below: see Paint.tone */
  OWN = 0,
  MOVE = 3,
  FOREIGN = 6,
  VALID = 7,
};

static const float SAME = 0.02f;                        /* squared colour distance at which likeness falls to a quarter */
static const float CRISP = 0.3f;                        /* ... except for this share of the sharp paint */
static const float LEAST_GAIN = 0.5f, MOST_GAIN = 1.6f; /* limits of the contrast factor for darker or lighter paint */
static const float BLACK = 0.02f;                       /* added to colours in [0, 1] before dividing them */
static const float NEAR = 0.45f,
                   FAR = 0.8f;   /* colour distance below which copied texture fits the paint, and above which it is foreign to it */
static const float LIGHT = 0.5f; /* weight of lightness in that distance */
static const float OTHER_HUE = 0.1f,
                   NO_HUE = 0.4f; /* distance from which the texture's hues begin to fade, and at which only its luma is used */
static const float STEP = 0.16f,
                   EDGE = 0.4f; /* step at the hole's border up to which paint is shifted to meet the photo, and from which it isn't */
static const float LEAST_SCREENING = 0.01f; /* per squared cell: the shift decays over some ten cells */

typedef struct {
  LimnImage *rgb; /* [hole][3] */
  const LimnFillJob *job;
  const LimnFillGuide *guide;
  size_t x, y;      /* the hole's place in the context */
  LimnImage copied; /* [guide's size][4]: mean colours copied into painted cells, and 1 where there are any */
  LimnImage
    tone; /* [guide's size][TONES]: the copied surface's mean colours, the paint's shift towards the photo, how foreign the surface is (0 to 1), and 1 where these are known */
  LimnImage smooth; /* [hole][3]: the paint with the photo's grain; no data if no copied surface is foreign */
} Paint;

static size_t
radius_of (const LimnFillGuide *guide)
{
  const size_t least = (BROAD_PIXELS + guide->cell - 1) / guide->cell;

  return least > BROAD ? least : BROAD;
}

/* Colour distance with reduced weight for lightness: hue tells materials apart, lightness varies with the light. */
static float
colour_distance (const float *a, const float *b)
{
  const float d[3] = { a[0] - b[0], a[1] - b[1], a[2] - b[2] };
  const float light = limn_luma (d);
  float hue = 0.0f;

  for (int c = 0; c < 3; c++)
    hue += (d[c] - light) * (d[c] - light);
  return sqrtf (LIGHT * LIGHT * light * light + hue);
}

static float
smoothstep (float v, float from, float to)
{
  const float t = limn_min (limn_max ((v - from) / (to - from), 0.0f), 1.0f);

  return t * t * (3.0f - 2.0f * t);
}

/* Similarity of two paint colours: 1 if equal, near 0 for different ones. */
static float
likeness (const float *a, const float *b)
{
  float sum = 0.0f;

  for (int c = 0; c < 3; c++)
    sum += (a[c] - b[c]) * (a[c] - b[c]);
  const float w = SAME / (SAME + sum);
  return w * w;
}

/* Mean colours copied into a row of painted cells. */
static void
measure_row (void *user, size_t j, int worker)
{
  const Paint *p = user;
  const LimnFillGuide *guide = p->guide;
  const ptrdiff_t cell = (ptrdiff_t) guide->cell, w = (ptrdiff_t) p->rgb->width, h = (ptrdiff_t) p->rgb->height;
  const ptrdiff_t top = guide->y + (ptrdiff_t) j * cell - (ptrdiff_t) p->y;

  for (size_t i = 0; i < guide->rgb.width; i++) {
    const size_t at = j * guide->rgb.width + i;
    const ptrdiff_t left = guide->x + (ptrdiff_t) i * cell - (ptrdiff_t) p->x;
    float sum[3] = { 0 }, count = 0.0f;

    if (guide->painted.data[at] < 0.5f)
      continue;
    for (ptrdiff_t y = top < 0 ? 0 : top; y < top + cell && y < h; y++)
      for (ptrdiff_t x = left < 0 ? 0 : left; x < left + cell && x < w; x++)
        if (p->job->state[(p->y + (size_t) y) * p->job->rgb.width + p->x + (size_t) x] == LIMN_PIXEL_TARGET) {
          for (ptrdiff_t c = 0; c < 3; c++)
            sum[c] += p->rgb->data[3 * (y * w + x) + c];
          count += 1.0f;
        }
    for (size_t c = 0; c < 3 && count > 0.0f; c++)
      p->copied.data[4 * at + c] = sum[c] / count;
    p->copied.data[4 * at + 3] = count > 0.0f ? 1.0f : 0.0f;
  }
}

/* For a row of painted cells: mean of the colours copied nearby under the same paint, and how foreign they are. */
static void
broaden_row (void *user, size_t j, int worker)
{
  const Paint *p = user;
  const LimnFillGuide *guide = p->guide;
  const size_t w = guide->rgb.width, h = guide->rgb.height, r = radius_of (guide);
  const size_t y0 = j > r ? j - r : 0, y1 = j + r < h ? j + r : h - 1;

  for (size_t i = 0; i < w; i++) {
    const size_t at = j * w + i, x0 = i > r ? i - r : 0, x1 = i + r < w ? i + r : w - 1;
    const float *paint = guide->rgb.data + 3 * at;
    float *tone = p->tone.data + TONES * at, sum[3] = { 0 }, total = 0.0f;

    if (p->copied.data[4 * at + 3] <= 0.0f)
      continue;
    for (size_t y = y0; y <= y1; y++)
      for (size_t x = x0; x <= x1; x++) {
        const size_t q = y * w + x;
        if (p->copied.data[4 * q + 3] <= 0.0f)
          continue;
        const float weight = likeness (paint, guide->rgb.data + 3 * q);
        for (size_t c = 0; c < 3; c++)
          sum[c] += weight * p->copied.data[4 * q + c];
        total += weight;
      }
    for (int c = 0; c < 3; c++)
      tone[OWN + c] = sum[c] / total;
    tone[FOREIGN] = smoothstep (colour_distance (paint, tone + OWN), NEAR, FAR);
    tone[VALID] = 1.0f;
  }
}

/* The paint's shift towards the photo at the hole's border, so that paint of about the photo's colour shows no step; decays inwards
 * (screened Poisson). */
static LimnStatus
find_moves (Paint *p, LimnError *error)
{
  const LimnFillGuide *guide = p->guide;
  const size_t w = guide->rgb.width, h = guide->rgb.height;
  const float cell = (float) guide->cell, screening = limn_max (LIMN_SEAM_SCREENING * cell * cell, LEAST_SCREENING);
  LimnPoisson poisson;
  LimnStatus status = limn_poisson_new (&poisson, w, h, screening, error);

  for (size_t i = 0; status == LIMN_OK && i < w * h; i++) {
    const float *tone = p->tone.data + TONES * i;
    const bool valid = tone[VALID] > 0.0f;
    float *rhs = poisson.rhs + limn_poisson_index (&poisson, i % w, i / w);
    size_t near[4];

    limn_neighbours4 (near, i, w, w * h);
    limn_poisson_set_target (&poisson, i % w, i / w, valid);
    memset (rhs, 0, 3 * sizeof *rhs);
    for (int k = 0; valid && k < 4; k++) {
      float step[3], largest = 0.0f;
      if (p->tone.data[TONES * near[k] + VALID] > 0.0f)
        continue;
      for (int c = 0; c < 3; c++) {
        step[c] = tone[OWN + c] - guide->rgb.data[3 * i + (size_t) c];
        largest = limn_max (largest, fabsf (step[c]));
      }
      for (size_t c = 0; c < 3; c++)
        rhs[c] += (1.0f - smoothstep (largest, STEP, EDGE)) * step[c];
    }
  }
  if (status == LIMN_OK)
    status = limn_poisson_solve (&poisson, p->job->engine->pool, error);
  for (size_t i = 0; status == LIMN_OK && i < w * h; i++)
    memcpy (p->tone.data + TONES * i + MOVE, poisson.e + limn_poisson_index (&poisson, i % w, i / w), 3 * sizeof (float));
  limn_poisson_clear (&poisson);
  return status;
}

/* ---------------------------------------------------------------- at the photo's size */

/* A strip of the hole. */
typedef struct {
  const Paint *paint;
  size_t y, end;         /* rows [y, end) ... */
  size_t top;            /* ... and those around them that the filter needs, from top on */
  LimnImage layer, soft; /* [..][4]: premultiplied paint and its alpha; soft: blurred to a photo's softness */
  LimnImage *out;        /* [hole][3] */
} Strip;

static void
read_row (void *user, size_t j, int worker)
{
  const Strip *s = user;
  const LimnRegion *hole = &s->paint->job->hole;
  float *to = s->layer.data + 4 * j * s->layer.width;

  for (size_t x = 0; x < s->layer.width; x++, to += 4) {
    to[3] = limn_fill_pixel (s->paint->job->options->paint, hole->x + x, hole->y + s->top + j, to);
    for (int c = 0; c < 3; c++)
      to[c] *= to[3];
  }
}

static void
soften_row (void *user, size_t j, int worker)
{
  const Strip *s = user;
  const size_t count = 4 * s->soft.width;

  for (size_t i = j * count; i < (j + 1) * count; i++)
    s->soft.data[i] += CRISP * (s->layer.data[i] - s->soft.data[i]);
}

/* Prepares a strip's paint and calls row for each of its rows. */
static LimnStatus
run_strip (Strip *s, LimnWork row, LimnError *error)
{
  LimnPool *pool = s->paint->job->engine->pool;
  const size_t height = s->paint->rgb->height, bottom = s->end + EDGE_RADIUS < height ? s->end + EDGE_RADIUS : height;
  LimnStatus status;

  s->top = s->y > EDGE_RADIUS ? s->y - EDGE_RADIUS : 0;
  status = limn_image_alloc (&s->layer, s->paint->rgb->width, bottom - s->top, 4, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, s->layer.height, read_row, s, error);
  if (status == LIMN_OK)
    status = limn_box_mean (&s->soft, &s->layer, EDGE_RADIUS, pool, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, s->soft.height, soften_row, s, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, s->end - s->y, row, s, error);
  limn_image_clear (&s->layer);
  limn_image_clear (&s->soft);
  return status;
}

static LimnStatus
run_strips (const Paint *p, LimnImage *out, LimnWork row, LimnError *error)
{
  const size_t height = p->rgb->height;

  for (size_t y = 0; y < height; y += ROWS) {
    Strip s = { .paint = p, .y = y, .end = y + ROWS < height ? y + ROWS : height, .out = out };
    LIMN_TRY (run_strip (&s, row, error));
  }
  return LIMN_OK;
}

static bool
is_target (const Paint *p, size_t x, size_t y)
{
  return p->job->state[(p->y + y) * p->job->rgb.width + p->x + x] == LIMN_PIXEL_TARGET;
}

/* The paint alone, without texture. */
static void
smooth_row (void *user, size_t j, int worker)
{
  const Strip *s = user;
  const Paint *p = s->paint;
  const size_t w = p->rgb->width, y = s->y + j;

  for (size_t x = 0; x < w; x++) {
    const float *layer = s->soft.data + 4 * ((y - s->top) * w + x), *copied = p->rgb->data + 3 * (y * w + x);
    float *to = s->out->data + 3 * (y * w + x);
    for (int c = 0; c < 3; c++)
      to[c] = layer[3] > 0.0f ? layer[c] / layer[3] : copied[c];
  }
}

/* The tone at a pixel of the hole: bilinear between cells, weighted by their paint's likeness. False if none is known. */
static bool
tone_at (const Paint *p, size_t x, size_t y, const float *paint, float *tone)
{
  const LimnFillGuide *guide = p->guide;
  const size_t gw = guide->rgb.width, gh = guide->rgb.height;
  const float scale = 1.0f / (float) guide->cell;
  const float u = limn_max (((float) ((ptrdiff_t) (p->x + x) - guide->x) + 0.5f) * scale - 0.5f, 0.0f);
  const float v = limn_max (((float) ((ptrdiff_t) (p->y + y) - guide->y) + 0.5f) * scale - 0.5f, 0.0f);
  const size_t i = (size_t) u < gw - 1 ? (size_t) u : gw - 1, right = i + 1 < gw ? i + 1 : i;
  const size_t j = (size_t) v < gh - 1 ? (size_t) v : gh - 1, below = j + 1 < gh ? j + 1 : j;
  const float fx = limn_min (u - (float) i, 1.0f), fy = limn_min (v - (float) j, 1.0f);
  const size_t corner[4] = { j * gw + i, j * gw + right, below * gw + i, below * gw + right };
  const float weight[4] = { (1.0f - fx) * (1.0f - fy), fx * (1.0f - fy), (1.0f - fx) * fy, fx * fy };
  float total = 0.0f;

  memset (tone, 0, TONES * sizeof *tone);
  for (int k = 0; k < 4; k++) {
    const float *from = p->tone.data + TONES * corner[k];
    const float share = from[VALID] > 0.0f ? weight[k] * likeness (paint, guide->rgb.data + 3 * corner[k]) : 0.0f;
    for (int c = 0; c < VALID; c++)
      tone[c] += share * from[c];
    total += share;
  }
  for (int c = 0; c < VALID && total > 0.0f; c++)
    tone[c] /= total;
  return total > 0.0f;
}

static void
paint_row (void *user, size_t j, int worker)
{
  const Strip *s = user;
  const Paint *p = s->paint;
  const size_t w = p->rgb->width, y = s->y + j;

  for (size_t x = 0; x < w; x++) {
    const float *layer = s->soft.data + 4 * ((y - s->top) * w + x), alpha = layer[3];
    float *to = s->out->data + 3 * (y * w + x), tone[TONES], paint[3];

    if (alpha <= 0.0f || !is_target (p, x, y))
      continue;
    for (int c = 0; c < 3; c++)
      paint[c] = layer[c] / alpha;
    if (!tone_at (p, x, y, paint, tone))
      continue;
    for (int c = 0; c < 3; c++)
      paint[c] += tone[MOVE + c];
    const float hueless = smoothstep (colour_distance (paint, tone + OWN), OTHER_HUE, NO_HUE);
    const float own = limn_luma (tone + OWN), light = limn_luma (to) - own;
    for (size_t c = 0; c < 3; c++) {
      const float surface = tone[OWN + c] + hueless * (own - tone[OWN + c]);
      const float gain = limn_min (limn_max ((0.5f * paint[c] + 0.5f + BLACK) / (0.5f * surface + 0.5f + BLACK), LEAST_GAIN), MOST_GAIN);
      const float texture = to[c] - tone[OWN + c], copied = paint[c] + gain * (texture + hueless * (light - texture));
      const float smooth = p->smooth.data ? p->smooth.data[3 * (y * w + x) + c] + tone[MOVE + c] : paint[c];
      const float made = copied + tone[FOREIGN] * (smooth - copied);
      to[c] = limn_min (limn_max (to[c] + alpha * (made - to[c]), -1.0f), 1.0f);
    }
  }
}

/* The paint with the surrounding photo's grain, if any copied surface is foreign. */
static LimnStatus
make_smooth (Paint *p, LimnError *error)
{
  const LimnRegion where = { p->x, p->y, p->rgb->width, p->rgb->height };
  bool foreign = false;

  for (size_t i = 0; i < p->tone.width * p->tone.height; i++)
    foreign = foreign || p->tone.data[TONES * i + FOREIGN] > 0.0f;
  if (!foreign)
    return LIMN_OK;
  LIMN_TRY (limn_image_alloc (&p->smooth, p->rgb->width, p->rgb->height, 3, error));
  LIMN_TRY (run_strips (p, &p->smooth, smooth_row, error));
  return limn_fill_match (&p->smooth, p->job, &where, error);
}

static LimnStatus
recolour (Paint *p, LimnError *error)
{
  const LimnFillGuide *guide = p->guide;
  LimnPool *pool = p->job->engine->pool;

  LIMN_TRY (limn_image_new (&p->copied, guide->rgb.width, guide->rgb.height, 4, error));
  LIMN_TRY (limn_image_new (&p->tone, guide->rgb.width, guide->rgb.height, TONES, error));
  LIMN_TRY (limn_pool_try (pool, guide->rgb.height, measure_row, p, error));
  LIMN_TRY (limn_pool_try (pool, guide->rgb.height, broaden_row, p, error));
  LIMN_TRY (find_moves (p, error));
  LIMN_TRY (make_smooth (p, error));
  return run_strips (p, p->rgb, paint_row, error);
}

LimnStatus
limn_fill_paint (LimnImage *rgb, const LimnFillJob *job, const LimnFillGuide *guide, LimnError *error)
{
  Paint p = { .rgb = rgb, .job = job, .guide = guide, .x = job->inner.x, .y = job->inner.y };

  if (guide->painted.data == NULL)
    return LIMN_OK;
  const LimnStatus status = recolour (&p, error);
  limn_image_clear (&p.copied);
  limn_image_clear (&p.tone);
  limn_image_clear (&p.smooth);
  return status;
}
