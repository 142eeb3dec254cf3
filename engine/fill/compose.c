/* Composites a hole from copied pixels, or from a picture, and corrects its seams by solving a Poisson equation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/poisson.h"
#include "job.h"

static const float SCREENING_PICTURE = 1e-5f; /* weak: the whole picture may shift to meet its surroundings */
static const float SCREENING_NEAR = 0.2f;     /* strong: corrections decay over some two pixels */
static const float LARGEST_NEAR = 0.5f;       /* steps up to this are softened so */

/* The hole and one pixel around it, as far as the context goes. */
typedef struct {
  const LimnFillJob *job;
  const LimnPlace *places; /* [hole]; NULL: picture is composited */
  LimnImage picture;       /* [region][3]: colours of the hole and the pixels around it */
  LimnRegion region;       /* in the context */
  LimnPoisson poisson;     /* of region */
  float corrected,
    largest; /* steps from corrected to largest are corrected: what of a step is below was before, what is above is an edge */
} Composition;

static float
clamp_to (float v, float largest)
{
  return limn_min (limn_max (v, -largest), largest);
}

/* What of a step is to be corrected. */
static float
share_of (const Composition *k, float step)
{
  return clamp_to (step, k->largest) - clamp_to (step, k->corrected);
}

/* Where a target pixel of the context is copied from. */
static inline LimnPlace
place_of (const Composition *k, size_t x, size_t y)
{
  const LimnFillJob *job = k->job;

  return k->places[(y - job->inner.y) * job->hole.width + x - job->inner.x];
}

/* Colours at place + (dx, dy). */
static inline const float *
colour_at (const Composition *k, LimnPlace place, int dx, int dy)
{
  return k->job->rgb.data + 3 * ((size_t) (place.y + dy) * k->job->rgb.width + (size_t) (place.x + dx));
}

/* Right-hand side of a row: for each link between neighbours, the gradient it should have minus the one it has. Between pixels copied
 * from different places that is the mean of both places' gradients. Of each step, share_of. */
static void
compose_row (void *user, size_t j, int worker)
{
  static const int DX[] = { -1, 1, 0, 0 }, DY[] = { 0, 0, -1, 1 };
  Composition *k = user;
  const LimnFillJob *job = k->job;
  const size_t w = job->rgb.width, h = job->rgb.height, y = k->region.y + j;

  for (size_t i = 0; i < k->region.width; i++) {
    const size_t x = k->region.x + i, at = y * w + x, here = j * k->region.width + i;
    float *rhs = k->poisson.rhs + limn_poisson_index (&k->poisson, i, j);

    limn_poisson_set_target (&k->poisson, i, j, job->state[at] == LIMN_PIXEL_TARGET);
    memset (rhs, 0, 3 * sizeof *rhs);
    if (job->state[at] != LIMN_PIXEL_TARGET)
      continue;
    for (int n = 0; n < 4; n++) {
      const size_t qx = x + (size_t) (ptrdiff_t) DX[n], qy = y + (size_t) (ptrdiff_t) DY[n], q = qy * w + qx;

      if (qx >= w || qy >= h || job->state[q] == LIMN_PIXEL_VOID)
        continue;
      if (job->state[q] == LIMN_PIXEL_KNOWN) {
        const float *beyond = k->places ? colour_at (k, place_of (k, x, y), DX[n], DY[n])
                                        : k->picture.data + 3 * (size_t) ((ptrdiff_t) here + DX[n] + DY[n] * (ptrdiff_t) k->region.width);
        for (int c = 0; c < 3; c++)
          rhs[c] += share_of (k, job->rgb.data[3 * q + (size_t) c] - beyond[c]);
      } else if (k->places) {
        const LimnPlace a = place_of (k, x, y), b = place_of (k, qx, qy);
        if (b.x - a.x == DX[n] && b.y - a.y == DY[n])
          continue;
        const float *a_here = colour_at (k, a, 0, 0), *a_there = colour_at (k, a, DX[n], DY[n]);
        const float *b_here = colour_at (k, b, -DX[n], -DY[n]), *b_there = colour_at (k, b, 0, 0);
        for (int c = 0; c < 3; c++)
          rhs[c] += share_of (k, 0.5f * (a_here[c] - a_there[c] + b_here[c] - b_there[c]) - (a_here[c] - b_there[c]));
      }
    }
  }
}

typedef struct {
  const Composition *k;
  LimnImage *out;
} Correcting;

/* A row of the hole: source colours plus correction. */
static void
correct_row (void *user, size_t y, int worker)
{
  const Correcting *r = user;
  const Composition *k = r->k;
  const LimnFillJob *job = k->job;
  const LimnRegion *hole = &job->hole, *region = &k->region;
  const size_t dx = job->inner.x - region->x, dy = job->inner.y - region->y;

  for (size_t x = 0; x < hole->width; x++) {
    const size_t here = (y + dy) * region->width + x + dx, at = (y + dy + region->y) * job->rgb.width + x + dx + region->x;
    const float *from = k->places ? colour_at (k, k->places[y * hole->width + x], 0, 0) : k->picture.data + 3 * here;
    const float *e = k->poisson.e + limn_poisson_index (&k->poisson, x + dx, y + dy);
    float *to = r->out->data + 3 * (y * hole->width + x);

    for (size_t c = 0; c < 3; c++)
      to[c] = job->state[at] == LIMN_PIXEL_TARGET ? clamp_to (from[c] + e[c], 1.0f) : job->rgb.data[3 * at + c];
  }
}

/* Adds another correction. */
static void
soften_row (void *user, size_t y, int worker)
{
  const Correcting *r = user;
  const Composition *k = r->k;
  const LimnRegion *hole = &k->job->hole;
  const size_t dx = k->job->inner.x - k->region.x, dy = k->job->inner.y - k->region.y;

  for (size_t x = 0; x < hole->width; x++) {
    const float *e = k->poisson.e + limn_poisson_index (&k->poisson, x + dx, y + dy);
    float *to = r->out->data + 3 * (y * hole->width + x);

    for (size_t c = 0; c < 3; c++)
      to[c] = e[c] != 0.0f ? clamp_to (to[c] + e[c], 1.0f) : to[c];
  }
}

static LimnStatus
find_correction (Composition *k, float screening, LimnError *error)
{
  LimnPool *pool = k->job->engine->pool;

  LIMN_TRY (limn_poisson_new (&k->poisson, k->region.width, k->region.height, screening, error));
  LIMN_TRY (limn_pool_try (pool, k->region.height, compose_row, k, error));
  LIMN_TRY (limn_poisson_solve (&k->poisson, pool, error));
  limn_poisson_keep_solution (&k->poisson);
  return LIMN_OK;
}

/* Larger steps than a seam's would glow far into the hole; they are softened within a few pixels. */
static LimnStatus
soften_edges (LimnImage *out, Composition *k, LimnError *error)
{
  Correcting correcting = { k, out };

  limn_poisson_clear (&k->poisson);
  k->corrected = k->largest;
  k->largest = LARGEST_NEAR;
  LIMN_TRY (find_correction (k, SCREENING_NEAR, error));
  return limn_pool_try (k->job->engine->pool, out->height, soften_row, &correcting, error);
}

static LimnStatus
compose (LimnImage *out, Composition *k, float screening, LimnError *error)
{
  const LimnFillJob *job = k->job;
  Correcting correcting = { k, out };
  LimnStatus status;

  LIMN_TRY (find_correction (k, screening, error));
  LIMN_TRY (limn_image_alloc (out, job->hole.width, job->hole.height, 3, error));
  status = limn_pool_try (job->engine->pool, out->height, correct_row, &correcting, error);
  if (status == LIMN_OK && k->places)
    status = soften_edges (out, k, error);
  if (status != LIMN_OK)
    limn_image_clear (out);
  return status;
}

static Composition
composition_of (const LimnFillJob *job)
{
  const size_t x = job->inner.x, y = job->inner.y;
  const size_t x0 = x > 0 ? x - 1 : 0, y0 = y > 0 ? y - 1 : 0;
  const size_t x1 = x + job->hole.width < job->context.width ? x + job->hole.width + 1 : job->context.width;
  const size_t y1 = y + job->hole.height < job->context.height ? y + job->hole.height + 1 : job->context.height;

  return (Composition){ .job = job, .region = { x0, y0, x1 - x0, y1 - y0 } };
}

static void
composition_clear (Composition *k)
{
  limn_image_clear (&k->picture);
  limn_poisson_clear (&k->poisson);
}

LimnStatus
limn_fill_copy (LimnImage *out, const LimnFillJob *job, const LimnPlace *places, LimnError *error)
{
  Composition k = composition_of (job);

  k.places = places;
  k.largest = LIMN_SEAM_LARGEST_STEP;
  *out = (LimnImage){ 0 };
  const LimnStatus status = compose (out, &k, LIMN_SEAM_SCREENING, error);
  composition_clear (&k);
  return status;
}

LimnRegion
limn_fill_composite_region (const LimnFillJob *job)
{
  return composition_of (job).region;
}

LimnStatus
limn_fill_composite (LimnImage *out, const LimnFillJob *job, LimnImage *picture, bool painted, LimnError *error)
{
  Composition k = composition_of (job);

  *out = (LimnImage){ 0 };
  k.largest = painted ? LIMN_SEAM_LARGEST_STEP : 2.0f;
  k.picture = *picture;
  *picture = (LimnImage){ 0 };
  LimnStatus status = compose (out, &k, painted ? LIMN_SEAM_SCREENING : SCREENING_PICTURE, error);
  composition_clear (&k);
  return status;
}
