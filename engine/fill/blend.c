/* Gradient-domain blending of two versions of a hole (Perez, Gangnet, Blake 2003).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/poisson.h"
#include "job.h"

typedef struct {
  const LimnFillJob *job;
  const LimnFillGuide *guide;
  const LimnImage *a, *b, *share;
  LimnImage *out;
  LimnPoisson poisson; /* of the hole */
} Blend;

static float
painted_at (const Blend *k, size_t x, size_t y)
{
  const LimnFillGuide *guide = k->guide;
  const size_t cx = k->job->inner.x + x, cy = k->job->inner.y + y;

  if (guide->painted.data == NULL)
    return 0.0f;
  const size_t i = (size_t) ((ptrdiff_t) cx - guide->x) / guide->cell, j = (size_t) ((ptrdiff_t) cy - guide->y) / guide->cell;
  return limn_min (guide->painted.data[j * guide->painted.width + i], 1.0f);
}

static bool
is_target (const Blend *k, size_t x, size_t y)
{
  const LimnFillJob *job = k->job;

  return job->state[(job->inner.y + y) * job->rgb.width + job->inner.x + x] == LIMN_PIXEL_TARGET;
}

static void
mix_row (void *user, size_t y, int worker)
{
  Blend *k = user;
  const size_t w = k->a->width;

  for (size_t x = 0; x < w; x++) {
    const size_t at = y * w + x;
    const bool target = is_target (k, x, y);

    limn_poisson_set_target (&k->poisson, x, y, target);
    for (size_t c = 0; c < 3; c++) {
      const float a = k->a->data[3 * at + c];
      k->out->data[3 * at + c] = target ? a + k->share->data[at] * (k->b->data[3 * at + c] - a) : a;
    }
  }
}

/* Right-hand side of a row: for each link between neighbours, the mean gradient of the two versions by their weights at its middle,
 * minus the gradient of the plain mix. */
static void
link_row (void *user, size_t y, int worker)
{
  static const int DX[] = { -1, 1, 0, 0 }, DY[] = { 0, 0, -1, 1 };
  const Blend *k = user;
  const size_t w = k->a->width, h = k->a->height;

  for (size_t x = 0; x < w; x++) {
    const size_t at = y * w + x;
    float *rhs = k->poisson.rhs + limn_poisson_index (&k->poisson, x, y);

    memset (rhs, 0, 3 * sizeof *rhs);
    if (!limn_poisson_is_target (&k->poisson, x, y))
      continue;
    for (int n = 0; n < 4; n++) {
      const size_t qx = x + (size_t) (ptrdiff_t) DX[n], qy = y + (size_t) (ptrdiff_t) DY[n], q = qy * w + qx;

      if (qx >= w || qy >= h || !limn_poisson_is_target (&k->poisson, qx, qy) || k->share->data[at] == k->share->data[q])
        continue;
      const float middle = 0.5f * (k->share->data[at] + k->share->data[q]);
      const float kept = 1.0f - limn_max (painted_at (k, x, y), painted_at (k, qx, qy));
      for (size_t c = 0; c < 3; c++) {
        const float a = k->a->data[3 * at + c] - k->a->data[3 * q + c], b = k->b->data[3 * at + c] - k->b->data[3 * q + c];
        const float lacks = a + middle * (b - a) - (k->out->data[3 * at + c] - k->out->data[3 * q + c]);
        rhs[c] += kept * limn_min (limn_max (lacks, -LIMN_SEAM_LARGEST_STEP), LIMN_SEAM_LARGEST_STEP);
      }
    }
  }
}

static void
correct_row (void *user, size_t y, int worker)
{
  const Blend *k = user;

  for (size_t x = 0; x < k->a->width; x++) {
    const float *e = k->poisson.e + limn_poisson_index (&k->poisson, x, y);
    float *to = k->out->data + 3 * (y * k->a->width + x);

    for (size_t c = 0; c < 3; c++)
      to[c] = limn_min (limn_max (to[c] + e[c], -1.0f), 1.0f);
  }
}

LimnStatus
limn_fill_blend (LimnImage *out, const LimnFillJob *job, const LimnFillGuide *guide, const LimnImage *a, const LimnImage *b,
                 const LimnImage *share, LimnError *error)
{
  LimnPool *pool = job->engine->pool;
  Blend k = { .job = job, .guide = guide, .a = a, .b = b, .share = share, .out = out };
  LimnStatus status;

  *out = (LimnImage){ 0 };
  status = limn_image_alloc (out, a->width, a->height, 3, error);
  if (status == LIMN_OK)
    status = limn_poisson_new (&k.poisson, a->width, a->height, LIMN_SEAM_SCREENING, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, a->height, mix_row, &k, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, a->height, link_row, &k, error);
  if (status == LIMN_OK)
    status = limn_poisson_solve (&k.poisson, pool, error);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, a->height, correct_row, &k, error);
  limn_poisson_clear (&k.poisson);
  return status;
}
