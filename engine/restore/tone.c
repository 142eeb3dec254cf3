/* Levels by percentiles, on a small copy. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tone.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/imaging/area-average.h"
#include "engine/imaging/luma.h"
#include "engine/texture/exact-math.h"

enum { SIDE = 384, BINS = 1024, CHANNELS = 4 /* red, green, blue, luma */ };

static const float LOW_SHARE = 0.005f, HIGH_SHARE = 0.995f; /* percentiles that are black and white */
static const float BLACK = 0.025f, WHITE = 0.975f;          /* what they become, unless they are beyond that already */
static const float STEEPEST = 2.6f;                         /* of a curve: more would only bring out grain */
static const float MOST_CAST = 0.12f;                       /* by which a coloured photo's channels may differ from luma */
static const float MONO = 0.035f;                           /* mean difference of channels from luma in a picture of one tint */
static const float EVEN = 0.035f, LEAST_BORDER = 0.012f;    /* deviation within the paper's border; its least width, of the side */

/* A small copy in [0, 1]: [height][width][4], and what of it counts. */
typedef struct {
  LimnImage rgb;
  bool *counts;
  size_t left, top, right, bottom; /* inside of the paper's border */
  bool has_paper;
  float paper[3];
} Sample;

/* A channel's way from black and white to those of the curve. */
typedef struct {
  float from[2], to[2], gamma;
} Curve;

/* -- The sample -- */

static bool
is_damaged (const uint8_t *damage, const LimnPixels *photo, const Sample *sample, size_t x, size_t y)
{
  const size_t w = sample->rgb.width, h = sample->rgb.height;

  for (size_t j = y * photo->height / h; damage && j < (y + 1) * photo->height / h; j++)
    for (size_t i = x * photo->width / w; i < (x + 1) * photo->width / w; i++)
      if (damage[j * photo->width + i])
        return true;
  return false;
}

static LimnStatus
take_sample (Sample *sample, const LimnPixels *photo, const uint8_t *damage, LimnPool *pool, LimnError *error)
{
  const size_t longer = photo->width > photo->height ? photo->width : photo->height, side = limn_size_min (longer, SIDE);
  const size_t w = (photo->width * side + longer - 1) / longer, h = (photo->height * side + longer - 1) / longer;

  LIMN_TRY (limn_area_average (&sample->rgb, photo, w, h, true, pool, error));
  sample->counts = calloc (w * h, sizeof *sample->counts);
  if (sample->counts == NULL)
    return limn_fail_memory (error, w * h);
  for (size_t i = 0; i < w * h; i++) {
    float *at = sample->rgb.data + 4 * i;
    sample->counts[i] = at[3] > 0.5f && !is_damaged (damage, photo, sample, i % w, i / w);
    for (int c = 0; c < 3; c++)
      at[c] = (at[c] + 1.0f) * 0.5f;
    at[3] = limn_luma (at);
  }
  sample->right = w;
  sample->bottom = h;
  return LIMN_OK;
}

/* -- The paper's border -- */

/* Mean and largest standard deviation of a row's or column's channels. */
static float
measure_line (const Sample *sample, size_t at, bool column, float mean[3])
{
  const size_t n = column ? sample->rgb.height : sample->rgb.width;
  float worst = 0.0f;

  for (size_t c = 0; c < 3; c++) {
    float sum = 0.0f, squares = 0.0f;
    for (size_t i = 0; i < n; i++) {
      const float v = sample->rgb.data[4 * (column ? i * sample->rgb.width + at : at * sample->rgb.width + i) + c];
      sum += v;
      squares += v * v;
    }
    mean[c] = sum / (float) n;
    worst = limn_max (worst, squares / (float) n - mean[c] * mean[c]);
  }
  return sqrtf (limn_max (worst, 0.0f));
}

/* How many even lines of about the first one's colour there are from an edge on; at most a fifth of the side. */
static size_t
border_width (const Sample *sample, bool column, bool far, float paper[3])
{
  const size_t n = column ? sample->rgb.width : sample->rgb.height;
  float mean[3];
  size_t width = 0;

  for (; width < n / 5; width++) {
    if (measure_line (sample, far ? n - 1 - width : width, column, mean) > EVEN)
      break;
    for (int c = 0; c < 3 && width == 0; c++)
      paper[c] = mean[c];
    if (fabsf (mean[0] - paper[0]) + fabsf (mean[1] - paper[1]) + fabsf (mean[2] - paper[2]) > 3.0f * EVEN)
      break;
  }
  return width;
}

/* Paper is seen where three sides at least have a light, even border of one colour. */
static void
find_paper (Sample *sample)
{
  size_t widths[4], sides = 0;
  float papers[4][3];

  for (int k = 0; k < 4; k++) {
    const size_t n = k < 2 ? sample->rgb.width : sample->rgb.height;
    widths[k] = border_width (sample, k < 2, k % 2, papers[k]);
    if ((float) widths[k] < LEAST_BORDER * (float) n + 1.0f || limn_luma (papers[k]) < 0.5f)
      widths[k] = 0;
    sides += widths[k] > 0;
  }
  if (sides < 3)
    return;
  sample->has_paper = true;
  for (int c = 0; c < 3; c++) {
    float sum = 0.0f;
    for (int k = 0; k < 4; k++)
      sum += widths[k] ? papers[k][c] : 0.0f;
    sample->paper[c] = sum / (float) sides;
  }
  sample->left = widths[0] + 1;
  sample->right -= widths[1] + 1;
  sample->top = widths[2] + 1;
  sample->bottom -= widths[3] + 1;
}

/* -- Curves -- */

/* Values below which a share of a channel's inner pixels lies. */
static bool
find_shares (const Sample *sample, int channel, const float *shares, float *values, size_t count)
{
  uint32_t bins[BINS] = { 0 }, sum = 0, before = 0;
  size_t k = 0;

  for (size_t y = sample->top; y < sample->bottom; y++)
    for (size_t x = sample->left; x < sample->right; x++) {
      const size_t at = y * sample->rgb.width + x;
      const float v = sample->rgb.data[4 * at + (size_t) channel];
      if (sample->counts[at]) {
        bins[(size_t) (limn_min (limn_max (v, 0.0f), 1.0f) * (BINS - 1) + 0.5f)]++;
        sum++;
      }
    }
  for (size_t i = 0; i < BINS && k < count; i++) {
    before += bins[i];
    while (k < count && (float) before > shares[k] * (float) sum)
      values[k++] = (float) i / (BINS - 1);
  }
  return sum > 0 && k == count;
}

static float
apply (const Curve *curve, float x)
{
  const float low = curve->from[0], high = curve->from[1];

  if (x < low)
    return x * curve->to[0] / low;
  if (x > high)
    return curve->to[1] + (1.0f - curve->to[1]) * (x - high) / (1.0f - high);
  return curve->to[0] + (curve->to[1] - curve->to[0]) * limn_power ((x - low) / (high - low), curve->gamma);
}

/* Widens a range that would be stretched too much. */
static void
limit_range (float range[2])
{
  const float least = (WHITE - BLACK) / STEEPEST, lacking = 0.5f * (least - (range[1] - range[0]));

  if (lacking <= 0.0f)
    return;
  range[0] = limn_max (range[0] - lacking, 0.0f);
  range[1] = limn_min (range[0] + least, 1.0f);
  range[0] = limn_min (range[0], range[1] - least);
}

static void
set_curve (Curve *curve, const float range[2])
{
  curve->from[0] = limn_max (range[0], 1e-3f);
  curve->from[1] = limn_min (range[1], 1.0f - 1e-3f);
  curve->to[0] = limn_min (curve->from[0], BLACK);
  curve->to[1] = limn_max (curve->from[1], WHITE);
  curve->gamma = 1.0f;
}

/* Whether the channels are alike once each has its own black and white. */
static bool
is_mono (const Sample *sample, const Curve curves[3])
{
  double sum = 0.0;
  size_t n = 0;

  for (size_t y = sample->top; y < sample->bottom; y++)
    for (size_t x = sample->left; x < sample->right; x++) {
      const size_t at = y * sample->rgb.width + x;
      float rgb[3];
      for (int c = 0; c < 3; c++)
        rgb[c] = apply (&curves[c], sample->rgb.data[4 * at + (size_t) c]);
      const float luma = limn_luma (rgb);
      if (sample->counts[at])
        n++, sum += (double) (fabsf (rgb[0] - luma) + fabsf (rgb[1] - luma) + fabsf (rgb[2] - luma)) / 3.0;
    }
  return n > 0 && sum / (double) n < (double) MONO;
}

/* Medians of all channels become that of luma. */
static void
align_medians (Curve curves[3], const float medians[CHANNELS], const Curve *luma)
{
  const float wanted = apply (luma, medians[3]);

  for (int c = 0; c < 3; c++) {
    Curve *curve = &curves[c];
    const float t = (medians[c] - curve->from[0]) / (curve->from[1] - curve->from[0]);
    const float u = (wanted - curve->to[0]) / (curve->to[1] - curve->to[0]);
    if (t > 0.02f && t < 0.98f && u > 0.02f && u < 0.98f)
      curve->gamma = limn_clamp (limn_log2 (u) / limn_log2 (t), 0.7f, 1.4f);
  }
}

static bool
find_curves (const Sample *sample, LimnTone *tone, Curve curves[3])
{
  const float shares[3] = { LOW_SHARE, 0.5f, HIGH_SHARE };
  float ranges[CHANNELS][2], medians[CHANNELS];
  Curve luma;

  for (int c = 0; c < CHANNELS; c++) {
    float values[3];
    if (!find_shares (sample, c, shares, values, 3))
      return false;
    ranges[c][0] = values[0], medians[c] = values[1], ranges[c][1] = values[2];
    if (c == 3)
      tone->black = values[0], tone->white = values[2];
    if (sample->has_paper)
      ranges[c][1] = limn_max (values[2], c < 3 ? sample->paper[c] : limn_luma (sample->paper));
    limit_range (ranges[c]);
  }
  set_curve (&luma, ranges[3]);
  for (int c = 0; c < 3; c++)
    set_curve (&curves[c], ranges[c]);
  if (is_mono (sample, curves)) {
    align_medians (curves, medians, &luma);
    return true;
  }
  for (int c = 0; c < 3; c++) {
    for (int k = 0; k < 2; k++)
      ranges[c][k] = limn_clamp (ranges[c][k], ranges[3][k] - MOST_CAST, ranges[3][k] + MOST_CAST);
    set_curve (&curves[c], ranges[c]);
  }
  return true;
}

static void
fill_table (LimnTone *tone, const Curve curves[3], float strength)
{
  const float last = (float) (tone->levels - 1);

  tone->plain = true;
  for (size_t c = 0; c < 3; c++)
    for (size_t i = 0; i < tone->levels; i++) {
      const float x = (float) i / last, y = x + strength * (apply (&curves[c], x) - x);
      const uint16_t level = (uint16_t) (limn_clamp (y, 0.0f, 1.0f) * last + 0.5f);
      tone->table[c * tone->levels + i] = level;
      tone->plain &= level == i;
    }
}

LimnStatus
limn_tone_new (LimnTone *tone, const LimnPixels *photo, const uint8_t *damage, float strength, LimnPool *pool, LimnError *error)
{
  Sample sample = { 0 };
  Curve curves[3];
  LimnStatus status = LIMN_OK;

  *tone = (LimnTone){ .levels = photo->depth == 16 ? 65536 : 256, .plain = true, .white = 1.0f };
  tone->table = limn_alloc (3, tone->levels, 1, sizeof *tone->table);
  if (tone->table == NULL)
    return limn_fail_memory (error, 3 * tone->levels * sizeof *tone->table);
  for (size_t i = 0; i < 3 * tone->levels; i++)
    tone->table[i] = (uint16_t) (i % tone->levels);
  if (strength > 0.0f)
    status = take_sample (&sample, photo, damage, pool, error);
  if (strength > 0.0f && status == LIMN_OK) {
    find_paper (&sample);
    if (find_curves (&sample, tone, curves))
      fill_table (tone, curves, strength);
  }
  limn_image_clear (&sample.rgb);
  free (sample.counts);
  if (status != LIMN_OK)
    limn_tone_clear (tone);
  return status;
}

void
limn_tone_clear (LimnTone *tone)
{
  free (tone->table);
  *tone = (LimnTone){ 0 };
}
