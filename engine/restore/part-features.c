/* The numbers that tell a scratch from a twig: sums over the pixels of each part.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "part-features.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/texture/exact-math.h"

static const float TINY = 1e-4f, FARTHEST = 64.0f;
static const float COSINE[LIMN_RIDGE_ANGLES] = {
  1, 0.70710678f, 0, -0.70710678f, -1, -0.70710678f, 0, 0.70710678f
}; /* of twice an angle */

/* Sums over a part's pixels. */
typedef struct {
  double x, y, xx, xy, yy;        /* places, from the first pixel on */
  double response, highest, tilt; /* tilt: differences of both sides */
  double light, light2, ground, ground2;
  double cosine, sine; /* of twice the direction */
  double texture, crowd, other, around, around2, steep, course;
  uint32_t pixels, crest, spots, border, x0, y0;
} Sums;

typedef struct {
  LimnParts *parts;
  const LimnPartsInput *input;
  const LimnRidge *ridge;
  const LimnImage *course;
  const LimnSurroundings *around;
} Job;

/* -- Reading -- */

static size_t
clamp (ptrdiff_t at, size_t size)
{
  return at < 0 ? 0 : (size_t) at < size ? (size_t) at : size - 1;
}

static float
at_offset (const LimnImage *image, size_t x, size_t y, int dx, int dy)
{
  return image->data[clamp ((ptrdiff_t) y + dy, image->height) * image->width + clamp ((ptrdiff_t) x + dx, image->width)];
}

/* Mean lightness along direction k, beside the pixel. */
static float
line_at (const LimnImage *luma, size_t x, size_t y, int k, int dx, int dy)
{
  float sum = 0.0f;

  for (int step = -LIMN_RIDGE_ALONG; step <= LIMN_RIDGE_ALONG; step++) {
    const LimnRidgeOffset along = limn_ridge_along (k, step);
    sum += at_offset (luma, x, y, dx + along.x, dy + along.y);
  }
  return sum / (2 * LIMN_RIDGE_ALONG + 1);
}

/* The lightness of both sides; of a spot the least and the most around it. */
static void
read_sides (const LimnImage *luma, size_t x, size_t y, int k, float *a, float *b)
{
  if (k < LIMN_RIDGE_ANGLES) {
    const LimnRidgeOffset side = limn_ridge_aside (k);
    *a = line_at (luma, x, y, k, side.x, side.y);
    *b = line_at (luma, x, y, k, -side.x, -side.y);
    return;
  }
  *a = 1.0f, *b = 0.0f;
  for (int place = 0; place < LIMN_RIDGE_RING; place++) {
    const LimnRidgeOffset at = limn_ridge_ring (place);
    const float value = at_offset (luma, x, y, at.x, at.y);
    *a = limn_min (*a, value);
    *b = limn_max (*b, value);
  }
}

/* The response to sides that lie a pixel closer. */
static float
read_steepness (const LimnImage *luma, size_t x, size_t y, int k, bool dark)
{
  const float sign = dark ? -1.0f : 1.0f;
  float most = -2.0f;

  if (k < LIMN_RIDGE_ANGLES) {
    const LimnRidgeOffset side = limn_ridge_aside (k);
    const int dx = side.x * 2 / 3, dy = side.y * 2 / 3;
    return sign * line_at (luma, x, y, k, 0, 0) -
           limn_max (sign * line_at (luma, x, y, k, dx, dy), sign * line_at (luma, x, y, k, -dx, -dy));
  }
  for (int place = 0; place < LIMN_RIDGE_RING; place++) {
    const LimnRidgeOffset at = limn_ridge_ring (place);
    most = limn_max (most, sign * at_offset (luma, x, y, at.x * 2 / 3, at.y * 2 / 3));
  }
  return sign * at_offset (luma, x, y, 0, 0) - most;
}

/* Whether no pixel one step aside responds more: the middle of a line. */
static bool
is_crest (const LimnImage *response, size_t x, size_t y, int k)
{
  const LimnRidgeOffset side = limn_ridge_aside (k % LIMN_RIDGE_ANGLES);
  const int dx = (side.x > 1) - (side.x < -1), dy = (side.y > 1) - (side.y < -1);
  const float at = response->data[y * response->width + x];

  return at > at_offset (response, x, y, dx, dy) && at >= at_offset (response, x, y, -dx, -dy);
}

static void
add_pixel (const Job *job, Sums *sums, size_t x, size_t y)
{
  const LimnImage *luma = job->input->luma;
  const size_t at = y * luma->width + x, cell = limn_surroundings_cell (job->around, x, y);
  const int k = job->ridge->direction[at];
  const double response = (double) job->ridge->response.data[at], light = (double) luma->data[at];
  float a, b;

  if (sums->pixels == 0)
    sums->x0 = (uint32_t) x, sums->y0 = (uint32_t) y;
  const double dx = (double) x - sums->x0, dy = (double) y - sums->y0;
  sums->x += dx, sums->y += dy;
  sums->xx += dx * dx, sums->xy += dx * dy, sums->yy += dy * dy;
  read_sides (luma, x, y, k, &a, &b);
  const double ground = 0.5 * (double) (a + b);
  sums->response += response;
  sums->highest = response > sums->highest ? response : sums->highest;
  sums->tilt += (double) fabsf (a - b);
  sums->light += light, sums->light2 += light * light;
  sums->ground += ground, sums->ground2 += ground * ground;
  if (k < LIMN_RIDGE_ANGLES) {
    sums->cosine += (double) COSINE[k];
    sums->sine += (double) COSINE[(k + LIMN_RIDGE_ANGLES - LIMN_RIDGE_ANGLES / 4) % LIMN_RIDGE_ANGLES];
  }
  sums->texture += (double) job->around->texture.data[cell];
  sums->crowd += (double) job->around->crowds.data[2 * cell + job->parts->dark];
  sums->other += (double) job->around->crowds.data[2 * cell + !job->parts->dark];
  sums->around += (double) job->around->light.data[2 * cell];
  sums->around2 += (double) job->around->light.data[2 * cell + 1];
  sums->steep += (double) read_steepness (luma, x, y, k, job->parts->dark);
  if (job->course->data)
    sums->course += (double) limn_log2 (1.0f + job->course->data[at]);
  sums->pixels++;
  sums->crest += is_crest (&job->ridge->response, x, y, k);
  sums->spots += k == LIMN_RIDGE_SPOT;
  sums->border += x < LIMN_RIDGE_ASIDE || y < LIMN_RIDGE_ASIDE || x + LIMN_RIDGE_ASIDE >= luma->width ||
                  y + LIMN_RIDGE_ASIDE >= luma->height;
}

/* -- Features -- */

/* Lengths of straight lines with the variances along a part's two main axes. */
static void
find_axes (const Sums *s, float *longer, float *shorter)
{
  const double n = s->pixels, mx = s->x / n, my = s->y / n;
  const double xx = s->xx / n - mx * mx + 1.0 / 12, yy = s->yy / n - my * my + 1.0 / 12, xy = s->xy / n - mx * my;
  const double middle = 0.5 * (xx + yy), half = sqrt (0.25 * (xx - yy) * (xx - yy) + xy * xy);

  *longer = (float) sqrt (12.0 * (middle + half));
  *shorter = (float) sqrt (12.0 * fmax (middle - half, 1.0 / 12));
}

/* Part of the straight continuation on both ends, each as long as the part, that other parts lie on. */
static float
find_support (const LimnParts *parts, const Sums *s, float longer, uint32_t label)
{
  const double n = s->pixels, mx = s->x / n, my = s->y / n;
  const double xx = s->xx / n - mx * mx, yy = s->yy / n - my * my, xy = s->xy / n - mx * my;
  const double half = sqrt (0.25 * (xx - yy) * (xx - yy) + xy * xy), vx = xy, vy = 0.5 * (yy - xx) + half; /* the longer axis */
  const double size = sqrt (vx * vx + vy * vy), ux = size > 0.0 ? vx / size : xx >= yy, uy = size > 0.0 ? vy / size : xx < yy;
  const int end = (int) (0.5f * longer) + 2, reach = (int) limn_min (longer, FARTHEST);
  int hits = 0;

  for (int step = -end - reach; step <= end + reach; step++) {
    if (step > -end && step < end)
      continue;
    bool hit = false;
    for (int aside = -1; aside <= 1 && !hit; aside++) {
      const size_t x = (size_t) (ptrdiff_t) floor (s->x0 + mx + step * ux - aside * uy + 0.5);
      const size_t y = (size_t) (ptrdiff_t) floor (s->y0 + my + step * uy + aside * ux + 0.5); /* negative ones wrap to large values */
      const uint32_t at = x < parts->width && y < parts->height ? parts->label[y * parts->width + x] : 0;
      hit = at != 0 && at != label;
    }
    hits += hit;
  }
  return (float) hits / (float) (2 * reach + 2);
}

static float
deviation (double sum, double squares, double n)
{
  return (float) sqrt (fmax (squares / n - sum / n * sum / n, 0.0));
}

static void
describe (const Job *job, const Sums *s, LimnPart *part, uint32_t label)
{
  const LimnPartsInput *input = job->input;
  const double n = s->pixels;
  const float range = limn_max (input->white - input->black, 0.05f), contrast = limn_max ((float) (s->response / n), TINY);
  const float light = (float) (s->light / n), ground = (float) (s->ground / n), texture = (float) (s->texture / n);
  const float length = (float) (s->crest > 0 ? s->crest : 1), width = (float) n / length;
  /* cells are told of 25 cells: what this part itself covers of them is taken away */
  const float own = limn_min ((float) n, 40.0f * width) / (25.0f * LIMN_SURROUNDINGS_CELL * LIMN_SURROUNDINGS_CELL);
  float longer, shorter, *f = part->features;

  find_axes (s, &longer, &shorter);
  part->pixels = s->pixels;
  part->contrast = contrast;
  f[LIMN_PART_PIXELS] = limn_log2 ((float) n);
  f[LIMN_PART_LENGTH] = limn_log2 (length);
  f[LIMN_PART_WIDTH] = width;
  f[LIMN_PART_EXTENT] = limn_log2 (longer);
  f[LIMN_PART_SPAN] = longer / limn_max ((float) job->parts->width, (float) job->parts->height);
  f[LIMN_PART_CURL] = limn_min (longer / length, 3.0f);
  f[LIMN_PART_THICKNESS] = limn_log2 (shorter / width);
  f[LIMN_PART_CONTRAST] = contrast;
  f[LIMN_PART_HIGHEST] = (float) s->highest;
  f[LIMN_PART_RELIEF] = limn_log2 (contrast / limn_max (texture, TINY));
  f[LIMN_PART_TILT] = limn_min ((float) (s->tilt / n) / contrast, 4.0f);
  f[LIMN_PART_EXTREME] = (job->parts->dark ? light - input->black : input->white - light) / range;
  f[LIMN_PART_UNEVEN] = limn_min (deviation (s->light, s->light2, n) / contrast, 4.0f);
  f[LIMN_PART_GROUND] = limn_min (deviation (s->ground, s->ground2, n) / contrast, 4.0f);
  f[LIMN_PART_CROWD] = limn_max ((float) (s->crowd / n) - own, 0.0f);
  f[LIMN_PART_OTHER_CROWD] = (float) (s->other / n);
  f[LIMN_PART_AIM] = (float) (sqrt (s->cosine * s->cosine + s->sine * s->sine) / n);
  f[LIMN_PART_TEXTURE] = texture;
  f[LIMN_PART_DARK] = job->parts->dark ? 1.0f : 0.0f;
  f[LIMN_PART_SCALE] = (float) input->scale;
  f[LIMN_PART_SPOTS] = (float) (s->spots / n);
  f[LIMN_PART_PICTURE_CROWD] = job->around->covered;
  f[LIMN_PART_NOISE] = job->around->quiet;
  f[LIMN_PART_BORDER] = (float) (s->border / n);
  f[LIMN_PART_LIGHTNESS] = (ground - input->black) / range;
  const float around = (float) (s->around / n), variety = sqrtf (limn_max ((float) (s->around2 / n) - around * around, 0.0f));
  f[LIMN_PART_STEEPNESS] = (float) (s->steep / n) / contrast;
  f[LIMN_PART_RISE] = limn_min ((job->parts->dark ? around - light : light - around) / (variety + 0.02f), 8.0f);
  f[LIMN_PART_VARIETY] = variety / range;
  f[LIMN_PART_SUPPORT] = find_support (job->parts, s, longer, label);
  f[LIMN_PART_COURSE] = (float) (s->course / n);
  f[LIMN_PART_STRICTNESS] = (float) job->parts->strictness;
}

LimnStatus
limn_parts_describe (LimnParts *parts, const LimnPartsInput *input, const LimnRidge *ridge, const LimnImage *course,
                     const LimnSurroundings *around, LimnError *error)
{
  const Job job = { parts, input, ridge, course, around };
  Sums *sums = calloc (parts->count + 1, sizeof *sums);

  parts->parts = calloc (parts->count + 1, sizeof *parts->parts);
  if (sums == NULL || parts->parts == NULL) {
    free (sums);
    return limn_fail_memory (error, parts->count * (sizeof *sums + sizeof *parts->parts));
  }
  for (size_t y = 0; y < parts->height; y++)
    for (size_t x = 0; x < parts->width; x++) {
      const uint32_t label = parts->label[y * parts->width + x];
      if (label)
        add_pixel (&job, &sums[label - 1], x, y);
    }
  for (size_t k = 0; k < parts->count; k++)
    describe (&job, &sums[k], &parts->parts[k], (uint32_t) k + 1);
  free (sums);
  return LIMN_OK;
}
