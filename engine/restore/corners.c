/* Torn corners: the scanner's white or black that cuts a corner off the photo. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/imaging/resample.h"
#include "find-damage.h"

static const float EVEN = 0.05f;                          /* by how much the scanner's ground may differ from what it is at the corner */
static const float LIGHT = 0.85f, DARK = 0.1f;            /* what it is at least, or at most, of the picture's range */
static const float STEP = 0.15f;                          /* median step to the photo, of that range */
static const float LEAST_SIDE = 0.02f, MOST_SIDE = 0.4f;  /* of the picture's sides that it may take */
static const float LEAST_SHARE = 0.6f, MOST_SHARE = 1.4f; /* of the triangle of its two sides that it may cover */

enum {
  BEYOND = 4, /* pixels from its edge on that it is compared with the photo at */
  SMOOTH = 2  /* pixels around whose mean is looked at: grain is none of the ground's */
};

typedef struct {
  const LimnImage *luma; /* smooth */
  float least, most;     /* of light ground, of dark ground */
  float step;            /* the least median step */
  size_t corner;         /* its pixel */
  int right, down;       /* 1: from this corner to the right, -1: to the left; the same downwards */
  float ground;
  uint8_t *seen; /* [h * w]: 1 where the scanner's ground goes on from the corner */
  uint32_t *queue;
  size_t count, along_x, along_y;
} Corner;

static bool
is_ground (const Corner *c, size_t at)
{
  return fabsf (c->luma->data[at] - c->ground) < EVEN;
}

static void
visit (Corner *c, size_t at)
{
  if (c->seen[at] || !is_ground (c, at))
    return;
  c->seen[at] = 1;
  c->queue[c->count++] = (uint32_t) at;
}

/* Spreads over even ground; false once it is too large for a corner. */
static bool
spread (Corner *c)
{
  const size_t w = c->luma->width, h = c->luma->height;
  const size_t x0 = c->corner % w, y0 = c->corner / w;

  visit (c, c->corner);
  for (size_t k = 0; k < c->count; k++) {
    const size_t at = c->queue[k], x = at % w, y = at / w;
    const size_t dx = x > x0 ? x - x0 : x0 - x, dy = y > y0 ? y - y0 : y0 - y;
    if ((float) dx > MOST_SIDE * (float) w || (float) dy > MOST_SIDE * (float) h)
      return false;
    c->along_x = y == y0 && dx > c->along_x ? dx : c->along_x;
    c->along_y = x == x0 && dy > c->along_y ? dy : c->along_y;
    if (x > 0)
      visit (c, at - 1);
    if (x + 1 < w)
      visit (c, at + 1);
    if (y > 0)
      visit (c, at - w);
    if (y + 1 < h)
      visit (c, at + w);
  }
  return true;
}

static int
compare (const void *a, const void *b)
{
  const float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Median step to what lies a few pixels beyond its edge, away from the corner. */
static bool
has_step (const Corner *c)
{
  const size_t w = c->luma->width, h = c->luma->height;
  float *steps = malloc ((c->count + 1) * sizeof *steps);
  size_t n = 0;

  for (size_t k = 0; steps && k < c->count; k++) {
    const size_t at = c->queue[k], x = at % w + (size_t) (c->right * BEYOND), y = at / w + (size_t) (c->down * BEYOND);
    if (x < w && y < h && !c->seen[y * w + x])
      steps[n++] = fabsf (c->luma->data[y * w + x] - c->ground);
  }
  if (n > 0)
    qsort (steps, n, sizeof *steps, compare);
  const bool has = n > 0 && steps[n / 2] > c->step;
  free (steps);
  return has;
}

static bool
is_torn (Corner *c)
{
  const size_t w = c->luma->width, h = c->luma->height;

  c->ground = c->luma->data[c->corner];
  if ((c->ground < c->least && c->ground > c->most) || !spread (c))
    return false;
  const float triangle = 0.5f * (float) c->along_x * (float) c->along_y, share = (float) c->count / limn_max (triangle, 1.0f);
  return (float) c->along_x > LEAST_SIDE * (float) w && (float) c->along_y > LEAST_SIDE * (float) h && share > LEAST_SHARE &&
         share < MOST_SHARE && has_step (c);
}

LimnStatus
limn_find_torn_corners (uint8_t *found, const LimnImage *luma, float black, float white, LimnPool *pool, LimnError *error)
{
  const size_t w = luma->width, h = luma->height, n = w * h;
  LIMN_SCOPED_IMAGE smooth = { 0 };
  const float range = white - black;
  Corner c = { .luma = &smooth, .least = black + LIGHT * range, .most = black + DARK * range, .step = STEP * range };
  LimnStatus status = limn_box_mean (&smooth, luma, SMOOTH, pool, error);

  c.seen = calloc (n, 1);
  c.queue = limn_alloc (n, 1, 1, sizeof *c.queue);
  if (!c.seen || !c.queue)
    status = limn_fail_memory (error, n * 5);
  for (size_t k = 0; status == LIMN_OK && k < 4; k++) {
    c.right = k % 2 ? -1 : 1;
    c.down = k / 2 ? -1 : 1;
    c.corner = (k % 2 ? w - 1 : 0) + (k / 2 ? h - 1 : 0) * w;
    c.count = c.along_x = c.along_y = 0;
    const bool torn = is_torn (&c);
    for (size_t i = 0; i < c.count; i++) {
      found[c.queue[i]] |= torn;
      c.seen[c.queue[i]] = 0;
    }
    status = limn_pool_check (pool, error);
  }
  free (c.seen);
  free (c.queue);
  return status;
}
