/* Makes the finest level from the picture: its pixels, or means of squares of them, and for known pixels a texture channel, the mean
 * luma gradient around them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/base/vector.h"
#include "engine/imaging/luma.h"
#include "patch-level.h"

enum {
  RADIUS = 2, /* of the window over which gradients are averaged, in pixels of the picture */
  WINDOW = 2 * RADIUS + 1,
  WEIGHT = 4,  /* factor on texture; its square is the channel's weight in a patch's difference */
  MOST = 4000, /* keeps the sum of 64 squared differences within 32 bits */
  ROWS = 64,   /* rows per piece */
};

/* A thread's scratch: rows of [width]; sums and counts have RADIUS more on both sides. */
typedef struct {
  uint16_t *sums, *counts; /* by column: sum of gradients in the window's rows and their number; 0 in the margins */
  uint16_t *texture;
  int16_t *luma, *luma_below; /* of this row and the next */
  uint8_t *state, *state_below;
  uint16_t *slope[WINDOW], *number[WINDOW]; /* per row of the window */
  int16_t *texel;                           /* a row that belongs to another piece */
} Scratch;

enum { SCRATCH_ROWS = 7 + 2 * WINDOW + LIMN_PATCH_CHANNELS };

typedef struct {
  LimnPatchLevel *level;
  const LimnPatchMatch *input;
  size_t scale;     /* pixels of input along the side of one of level's */
  uint16_t *memory; /* [workers][SCRATCH_ROWS][width + 2 RADIUS] */
} FinestLevel;

static Scratch
scratch_of (const FinestLevel *f, int worker)
{
  const size_t length = f->level->width + 2 * RADIUS;
  uint16_t *memory = f->memory + (size_t) worker * SCRATCH_ROWS * length;
  Scratch s = { .sums = memory + RADIUS,
                .counts = memory + length + RADIUS,
                .texture = memory + 2 * length,
                .luma = (int16_t *) memory + 3 * length,
                .luma_below = (int16_t *) memory + 4 * length,
                .state = (uint8_t *) (memory + 5 * length),
                .state_below = (uint8_t *) (memory + 6 * length),
                .texel = (int16_t *) memory + (7 + 2 * WINDOW) * length };

  for (size_t k = 0; k < WINDOW; k++) {
    s.slope[k] = memory + (7 + 2 * k) * length;
    s.number[k] = memory + (8 + 2 * k) * length;
  }
  memset (memory, 0, SCRATCH_ROWS * length * sizeof *memory);
  return s;
}

static uint8_t
state_of (const LimnPatchMatch *input, size_t at)
{
  const uint8_t state = input->state[at];

  return state == LIMN_PIXEL_KNOWN && input->kept && input->kept[at] ? LIMN_PIXEL_KEPT : state;
}

/* Reads a row at the input's size. */
LIMN_WIDE static void
read_row (const FinestLevel *f, size_t y, int16_t *restrict texel, uint8_t *restrict state)
{
  const size_t w = f->level->width;
  const float *from = f->input->rgb->data + y * w * 3;

  for (size_t x = 0; x < w; x++) {
    float t[LIMN_PATCH_CHANNELS] = { 0 };
    memcpy (t, from + 3 * x, 3 * sizeof *t);
    for (size_t c = 0; c < LIMN_PATCH_CHANNELS; c++)
      texel[LIMN_PATCH_CHANNELS * x + c] = limn_texel_of (t[c]);
    texel[LIMN_PATCH_CHANNELS * x + 3] = 0;
  }
  memcpy (state, f->input->state + y * w, w);
  for (size_t x = 0; f->input->kept && x < w; x++)
    state[x] = state_of (f->input, y * w + x);
}

/* Reads a row of square means. A square is known only if all of it is, since all of it may be copied. */
static void
read_squares (const FinestLevel *f, size_t y, int16_t *texel, uint8_t *to_state)
{
  const LimnImage *rgb = f->input->rgb;
  const size_t w = f->level->width, n = f->scale, y1 = limn_size_min ((y + 1) * n, rgb->height);

  for (size_t x = 0; x < w; x++) {
    const size_t x1 = limn_size_min ((x + 1) * n, rgb->width);
    float sum[3] = { 0 };
    size_t known = 0, seen = 0, targets = 0;

    for (size_t j = y * n; j < y1; j++)
      for (size_t i = x * n; i < x1; i++) {
        const uint8_t state = state_of (f->input, j * rgb->width + i);
        known += state == LIMN_PIXEL_KNOWN;
        seen += limn_pixel_is_seen (state);
        targets += state == LIMN_PIXEL_TARGET;
        for (size_t c = 0; c < 3; c++)
          sum[c] += rgb->data[3 * (j * rgb->width + i) + c];
      }
    for (size_t c = 0; c < 3; c++)
      texel[LIMN_PATCH_CHANNELS * x + c] = limn_texel_of (sum[c] / (float) ((y1 - y * n) * (x1 - x * n)));
    texel[LIMN_PATCH_CHANNELS * x + 3] = 0;
    to_state[x] = targets ? LIMN_PIXEL_TARGET : known == n * n ? LIMN_PIXEL_KNOWN : seen == n * n ? LIMN_PIXEL_KEPT : LIMN_PIXEL_VOID;
  }
}

LIMN_WIDE static void
take_luma (int16_t *restrict to, const int16_t *restrict texel, size_t width)
{
  for (size_t x = 0; x < width; x++)
    to[x] = (int16_t) ((77 * texel[LIMN_PATCH_CHANNELS * x] + 150 * texel[LIMN_PATCH_CHANNELS * x + 1] +
                        29 * texel[LIMN_PATCH_CHANNELS * x + 2]) >>
                       8);
}

/* Slides the window down to a new row: subtracts the row that leaves it, and adds the absolute luma differences of the new row's known
 * pixels to their known neighbours on the right and below. */
LIMN_WIDE static void
enter_row (const Scratch *s, size_t slot, bool last, size_t width)
{
  const uint8_t *restrict state = s->state, *restrict below = s->state_below;
  uint16_t *restrict sums = s->sums, *restrict counts = s->counts, *restrict slope = s->slope[slot], *restrict number = s->number[slot];
  const int16_t *restrict luma = s->luma, *restrict luma_below = s->luma_below;

  for (size_t x = 0; x < width; x++) {
    sums[x] = (uint16_t) (sums[x] - slope[x]);
    counts[x] = (uint16_t) (counts[x] - number[x]);
    slope[x] = number[x] = 0;
  }
  for (size_t x = 0; x + 1 < width; x++) {
    const bool here = limn_pixel_is_seen (state[x]), right = limn_pixel_is_seen (state[x + 1]), both = here && right;
    slope[x] = (uint16_t) (both ? abs (luma[x + 1] - luma[x]) : 0);
    number[x] = both;
  }
  for (size_t x = 0; !last && x < width; x++) {
    const bool here = limn_pixel_is_seen (state[x]), under = limn_pixel_is_seen (below[x]), both = here && under;
    slope[x] = (uint16_t) (slope[x] + (both ? abs (luma_below[x] - luma[x]) : 0));
    number[x] = (uint16_t) (number[x] + both);
  }
  for (size_t x = 0; x < width; x++) {
    sums[x] = (uint16_t) (sums[x] + slope[x]);
    counts[x] = (uint16_t) (counts[x] + number[x]);
  }
}

/* Slides the window down past the last row: only subtracts. */
static void
leave_row (const Scratch *s, size_t slot, size_t width)
{
  for (size_t x = 0; x < width; x++) {
    s->sums[x] = (uint16_t) (s->sums[x] - s->slope[slot][x]);
    s->counts[x] = (uint16_t) (s->counts[x] - s->number[slot][x]);
    s->slope[slot][x] = s->number[slot][x] = 0;
  }
}

/* Window means of a row. The float quotient is exact enough: quotients of integers below 2^24 never round up to the next integer. */
LIMN_WIDE static void
find_means (const Scratch *s, size_t scale, size_t width)
{
  const uint16_t *sums = s->sums - RADIUS, *counts = s->counts - RADIUS;
  uint16_t *restrict texture = s->texture;

  for (size_t x = 0; x < width; x++) {
    int sum = 0, count = 0;
    for (size_t k = 0; k < WINDOW; k++) {
      sum += sums[x + k];
      count += counts[x + k];
    }
    const int mean = (int) ((float) (2 * WEIGHT * sum) / (float) ((count ? count : 1) * (int) scale));
    texture[x] = (uint16_t) (mean < MOST ? mean : MOST);
  }
}

/* Reads row y, the one below the window; into the level if it belongs to this piece, [y0, y1). */
static void
take_row (const FinestLevel *f, Scratch *s, size_t y, size_t y0, size_t y1)
{
  LimnPatchLevel *level = f->level;
  const size_t w = level->width;
  int16_t *texel = y >= y0 && y < y1 ? level->texel + LIMN_PATCH_CHANNELS * y * w : s->texel;

  if (f->scale > 1)
    read_squares (f, y, texel, s->state_below);
  else
    read_row (f, y, texel, s->state_below);
  if (y >= y0 && y < y1)
    memcpy (level->state + y * w, s->state_below, w);
  take_luma (s->luma_below, texel, w);
}

static void
fill_rows (void *user, size_t piece, int worker)
{
  const FinestLevel *f = user;
  LimnPatchLevel *level = f->level;
  const size_t w = level->width, h = level->height, y0 = piece * ROWS, y1 = limn_size_min (y0 + ROWS, h);
  Scratch s = scratch_of (f, worker);
  size_t y = y0 > RADIUS ? y0 - RADIUS : 0;

  take_row (f, &s, y, y0, y1);
  for (; y < y1 + RADIUS; y++) { /* y enters the window, whose centre is y - RADIUS */
    if (y < h) {
      int16_t *luma = s.luma;
      uint8_t *state = s.state;

      s.luma = s.luma_below;
      s.state = s.state_below;
      s.luma_below = luma;
      s.state_below = state;
      if (y + 1 < h)
        take_row (f, &s, y + 1, y0, y1);
      enter_row (&s, y % WINDOW, y + 1 == h, w);
    } else
      leave_row (&s, y % WINDOW, w);
    if (y < y0 + RADIUS)
      continue;
    const size_t row = (y - RADIUS) * w;
    find_means (&s, f->scale, w);
    for (size_t x = 0; x < w; x++)
      level->texel[LIMN_PATCH_CHANNELS * (row + x) + 3] = limn_pixel_is_seen (level->state[row + x]) ? (int16_t) s.texture[x] : 0;
  }
}

LimnStatus
limn_patch_level_finest (LimnPatchLevel *level, const LimnPatchMatch *input, size_t scale, LimnError *error)
{
  LimnPool *pool = input->pool;
  const size_t width = (input->rgb->width + scale - 1) / scale, height = (input->rgb->height + scale - 1) / scale;
  const size_t length = width + 2 * RADIUS, workers = pool ? (size_t) limn_pool_threads (pool) : 1;
  FinestLevel f = { .level = level, .input = input, .scale = scale };
  LimnStatus status;

  LIMN_TRY (limn_patch_level_new (level, width, height, error));
  f.memory = limn_alloc (length, SCRATCH_ROWS, workers, sizeof *f.memory);
  if (f.memory == NULL)
    return limn_fail_memory (error, length * SCRATCH_ROWS * workers * sizeof *f.memory);
  status = limn_pool_try (pool, (height + ROWS - 1) / ROWS, fill_rows, &f, error);
  free (f.memory);
  return status == LIMN_OK ? limn_patch_level_measure (level, pool, error) : status;
}
