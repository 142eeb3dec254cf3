/* Iterated back-projection (Irani, Peleg 1991): the low-resolution difference is upsampled and added, first smoothly, then block by
 * block.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "back-project.h"

#include <stdint.h>
#include <string.h>

#include "engine/base/vector.h"
#include "engine/imaging/resample.h"

enum { SMOOTH_ROUNDS = 3, CLAMP_ROUNDS = 64, LARGEST = 8 }; /* LARGEST: largest side of a block */

typedef struct {
  LimnImage *large;
  const LimnImage *small, *smooth;
  LimnImage *difference;
  size_t s;
  float top;
} BackProjection;

static void
measure_row (void *user, size_t y, int worker)
{
  BackProjection *p = user;
  size_t w = p->small->width, s = p->s, stride = p->large->width * 3;

  for (size_t x = 0; x < w; x++)
    for (size_t k = 0; k < 3; k++) {
      float sum = 0;
      for (size_t v = 0; v < s; v++)
        for (size_t u = 0; u < s; u++)
          sum += p->large->data[(y * s + v) * stride + (x * s + u) * 3 + k];
      p->difference->data[(y * w + x) * 3 + k] = p->small->data[(y * w + x) * 3 + k] - sum / (float) (s * s);
    }
}

static void
add_row (void *user, size_t y, int worker)
{
  BackProjection *p = user;
  size_t n = p->large->width * 3;
  for (size_t i = y * n; i < (y + 1) * n; i++)
    p->large->data[i] += p->smooth->data[i];
}

/* ---------------------------------------------------------------- block by block, three channels at a time */

typedef int32_t Whole __attribute__ ((vector_size (16)));

static inline LimnFour
select_masked (Whole mask, LimnFour v)
{
  return (LimnFour) ((Whole) v & mask);
}

static inline LimnFour
clamp_levels (LimnFour v, LimnFour top)
{
  const Whole low = v < top;

  v = (LimnFour) (((Whole) v & low) | ((Whole) top & ~low));
  return select_masked (v > 0, v);
}

/* Which values can still move in the missing direction. */
static inline Whole
movable (LimnFour v, Whole more, LimnFour top)
{
  return (more & (v < top)) | (~more & (v > 0));
}

/* Adjusts a block's count pixels, in levels: shifts them to the wanted mean within [0, top] (what clamped pixels can't take is
 * distributed among the others, which converges in a round or two except in nearly black or white blocks), then rounds them with error
 * diffusion. */
static void
fit_block (LimnFour *block, size_t count, LimnFour want, LimnFour top)
{
  LimnFour carried = { 0 };

  for (int round = 0; round < CLAMP_ROUNDS; round++) {
    LimnFour sum = { 0 }, free_ones = { 0 };
    for (size_t i = 0; i < count; i++)
      sum += block[i];
    const LimnFour missing = want * (float) count - sum;
    const Whole more = missing > 0;
    for (size_t i = 0; i < count; i++)
      free_ones += select_masked (movable (block[i], more, top), (LimnFour){ 1, 1, 1, 1 });
    const Whole on = (free_ones >= 1) & ((missing >= 0.02f) | (missing <= -0.02f));
    if (!(on[0] | on[1] | on[2]))
      break;
    const LimnFour step = select_masked (on, missing / free_ones);
    for (size_t i = 0; i < count; i++)
      block[i] = clamp_levels (block[i] + select_masked (movable (block[i], more, top), step), top);
  }
  for (size_t i = 0; i < count; i++) {
    const LimnFour wanted = block[i] + carried;
    const Whole rounded = __builtin_convertvector(select_masked (wanted > -0.5f, wanted + 0.5f), Whole);
    const LimnFour level = clamp_levels (__builtin_convertvector(rounded, LimnFour), top);
    carried = wanted - level;
    block[i] = level;
  }
}

static void
fit_blocks_row (void *user, size_t y, int worker)
{
  BackProjection *p = user;
  const size_t w = p->small->width, s = p->s, stride = p->large->width * 3;
  const float half = p->top / 2;
  const LimnFour top = { p->top, p->top, p->top, p->top };
  LimnFour block[LARGEST * LARGEST], want = { 0, 0, 0, -1 };

  for (size_t x = 0; x < w; x++) {
    float *corner = p->large->data + y * s * stride + x * s * 3;

    for (size_t v = 0; v < s; v++)
      for (size_t u = 0; u < s; u++) {
        const float *from = corner + v * stride + 3 * u;
        block[v * s + u] = clamp_levels (((LimnFour){ from[0], from[1], from[2], -1 } + 1) * half, top);
      }
    memcpy (&want, p->small->data + (y * w + x) * 3, 3 * sizeof (float));
    fit_block (block, s * s, (want + 1) * half, top);
    for (size_t v = 0; v < s; v++)
      for (size_t u = 0; u < s; u++) {
        const LimnFour value = block[v * s + u] / half - 1;
        memcpy (corner + v * stride + 3 * u, &value, 3 * sizeof (float));
      }
  }
}

LimnStatus
limn_back_project (LimnImage *large, const LimnImage *small, size_t s, int depth, LimnPool *pool, LimnError *error)
{
  LIMN_SCOPED_IMAGE difference = { 0 }, smooth = { 0 };
  BackProjection p = {
    .large = large, .small = small, .smooth = &smooth, .difference = &difference, .s = s, .top = depth == 16 ? 65535.f : 255.f
  };

  LIMN_TRY (limn_image_alloc (&difference, small->width, small->height, 3, error));
  for (int round = 0; round < SMOOTH_ROUNDS; round++) {
    LIMN_TRY (limn_pool_try (pool, small->height, measure_row, &p, error));
    LIMN_TRY (limn_resample (&smooth, &difference, large->width, large->height, LIMN_FILTER_BICUBIC, pool, error));
    LIMN_TRY (limn_pool_try (pool, large->height, add_row, &p, error));
    limn_image_clear (&smooth);
  }
  return limn_pool_try (pool, small->height, fit_blocks_row, &p, error);
}
