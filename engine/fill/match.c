/* Matches sharpness and grain of a generated hole to the surrounding photo, by the energy of two frequency bands in small blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/imaging/resample.h"
#include "engine/network/noise.h"
#include "job.h"

enum {
  RING = 32, /* width of the ring around the hole that is measured */
  BLOCK = 8,
  APART = 2,        /* least distance of a block from the hole's border */
  ROWS = 256,       /* rows measured or changed at a time: whole blocks */
  LEAST_BLOCKS = 6, /* with fewer blocks nothing is changed */
  CHANNELS = 3,     /* luma and two colour differences */
  BANDS = 2,        /* details finer than 3 x 3 pixels, and those finer than 7 x 7 */
  FINE_RADIUS = 1,
  COARSE_RADIUS = 3,
  NOISE_STREAM = 0x67726e, /* distinct from those of the networks */
};

static const float FLATTEST = 0.15f;     /* quantile of the blocks' energies that is taken to be grain alone */
static const float MOST_GRAIN = 0.0004f; /* largest variance taken to be grain */
static const float LEAST_GAIN = 0.7f, MOST_GAIN = 2.0f;
static const float STRUCTURE = 4.0f; /* a block has structure if its coarse band exceeds this many times the grain's variance */
static const float FAINT = 2e-5f;    /* invisible variance */
/* When white noise of variance 1 is split into the two bands, and a band is split again: its variance in the fine band of the fine one,
 * in the other band of either, and in the coarse band of the coarse one. */
static const float FINE_FINE = 1.0084f, ACROSS = 0.0343f, COARSE_COARSE = 0.0311f;

/* Mean squares of a block. */
typedef struct {
  float energy[BANDS][CHANNELS];
} Block;

enum { NEITHER, AROUND, INSIDE, SETS };

typedef struct {
  Block *block;
  size_t count;
} Blocks;

/* Some rows of region, and the rows around them that the filters need. */
typedef struct {
  size_t top, y, end; /* rows [y, end); picture begins at top */
  LimnImage picture;  /* [CHANNELS], from row top on */
  LimnImage band[BANDS];
  LimnImage noise[BANDS]; /* rows of the hole, from noise_top on */
  size_t noise_top;
} Rows;

typedef struct {
  const LimnFillJob *job;
  const LimnRegion *where;
  LimnImage *rgb;    /* [hole][3] */
  LimnRegion region; /* in the context */
  size_t x, y;       /* the hole's place in region */
  Rows rows;
  size_t columns; /* blocks in a row */
  Block *block;   /* [..][columns] */
  uint8_t *kind;  /* [..][columns]: which set a block belongs to */
  Blocks set[SETS];
  Block grain[SETS];
  float *values; /* scratch of find_grain: for each set, band and channel */
  float gain, amount[BANDS][CHANNELS];
  bool grainy;
} Match;

static void
to_channels (float *to, const float *rgb)
{
  to[0] = 0.25f * (rgb[0] + 2.0f * rgb[1] + rgb[2]);
  to[1] = rgb[0] - rgb[1];
  to[2] = rgb[2] - rgb[1];
}

static void
add_channels (float *rgb, const float *add)
{
  const float green = add[0] - 0.25f * (add[1] + add[2]);

  rgb[0] = limn_min (limn_max (rgb[0] + green + add[1], -1.0f), 1.0f);
  rgb[1] = limn_min (limn_max (rgb[1] + green, -1.0f), 1.0f);
  rgb[2] = limn_min (limn_max (rgb[2] + green + add[2], -1.0f), 1.0f);
}

typedef struct {
  const LimnImage *in, *soft;
  LimnImage *band; /* [BANDS] */
} Splitting;

static void
subtract_row (void *user, size_t y, int worker)
{
  const Splitting *s = user;
  const size_t count = s->in->width * s->in->channels;

  for (size_t i = y * count; i < (y + 1) * count; i++) {
    s->band[0].data[i] = s->in->data[i] - s->soft->data[i];
    s->band[1].data[i] = s->soft->data[i] - s->band[1].data[i];
  }
}

/* Splits in into band[0] = in - soft and band[1] = soft - softer. */
static LimnStatus
split_bands (LimnImage band[BANDS], const LimnImage *in, LimnPool *pool, LimnError *error)
{
  LIMN_SCOPED_IMAGE soft = { 0 };
  Splitting s = { in, &soft, band };

  LIMN_TRY (limn_box_mean (&soft, in, FINE_RADIUS, pool, error));
  LIMN_TRY (limn_box_mean (&band[1], in, COARSE_RADIUS, pool, error));
  LIMN_TRY (limn_image_alloc (&band[0], in->width, in->height, in->channels, error));
  return limn_pool_try (pool, in->height, subtract_row, &s, error);
}

static void
rows_clear (Rows *rows)
{
  limn_image_clear (&rows->picture);
  for (size_t b = 0; b < BANDS; b++) {
    limn_image_clear (&rows->band[b]);
    limn_image_clear (&rows->noise[b]);
  }
  *rows = (Rows){ 0 };
}

typedef struct {
  const Match *m;
  Rows *rows;
} Gathering;

static void
gather_row (void *user, size_t j, int worker)
{
  const Gathering *g = user;
  const Match *m = g->m;
  const LimnFillJob *job = m->job;
  const size_t y = g->rows->top + j;

  for (size_t x = 0; x < m->region.width; x++) {
    const size_t at = (m->region.y + y) * job->rgb.width + m->region.x + x;
    const float *from = job->state[at] == LIMN_PIXEL_TARGET ? m->rgb->data + 3 * ((y - m->y) * m->rgb->width + x - m->x)
                                                            : job->rgb.data + 3 * at;
    to_channels (g->rows->picture.data + CHANNELS * (j * m->region.width + x), from);
  }
}

/* Gathers rows [y, end) and those around them. */
static LimnStatus
gather_rows (const Match *m, Rows *rows, size_t y, size_t end, LimnError *error)
{
  const size_t top = y > COARSE_RADIUS ? y - COARSE_RADIUS : 0;
  const size_t bottom = end + COARSE_RADIUS < m->region.height ? end + COARSE_RADIUS : m->region.height;
  Gathering g = { m, rows };

  rows_clear (rows);
  rows->top = top;
  rows->y = y;
  rows->end = end;
  LIMN_TRY (limn_image_alloc (&rows->picture, m->region.width, bottom - top, CHANNELS, error));
  return limn_pool_try (m->job->engine->pool, bottom - top, gather_row, &g, error);
}

static void
place_region (Match *m)
{
  const LimnFillJob *job = m->job;
  const size_t hx = job->inner.x, hy = job->inner.y;
  const size_t x0 = hx > RING ? hx - RING : 0, y0 = hy > RING ? hy - RING : 0;
  const size_t x1 = hx + job->hole.width + RING < job->rgb.width ? hx + job->hole.width + RING : job->rgb.width;
  const size_t y1 = hy + job->hole.height + RING < job->rgb.height ? hy + job->hole.height + RING : job->rgb.height;

  m->region = (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
  m->x = hx - x0;
  m->y = hy - y0;
}

/* True if all pixels of the block at (x, y) of region, and within APART of it, are in one state. */
static bool
is_all (const Match *m, size_t x, size_t y, uint8_t state)
{
  const size_t w = m->job->rgb.width;

  for (size_t j = y - APART; j < y + BLOCK + APART; j++)
    for (size_t i = x - APART; i < x + BLOCK + APART; i++)
      if (m->job->state[(m->region.y + j) * w + m->region.x + i] != state)
        return false;
  return true;
}

static bool
is_where (const Match *m, size_t x, size_t y)
{
  return m->region.x + x - m->where->x < m->where->width && m->region.y + y - m->where->y < m->where->height;
}

static void
measure_block (Block *block, const Match *m, size_t x, size_t y)
{
  *block = (Block){ 0 };
  for (size_t b = 0; b < BANDS; b++)
    for (size_t j = y - m->rows.top; j < y - m->rows.top + BLOCK; j++)
      for (size_t i = x; i < x + BLOCK; i++)
        for (size_t c = 0; c < CHANNELS; c++) {
          const float v = m->rows.band[b].data[CHANNELS * (j * m->region.width + i) + c];
          block->energy[b][c] += v * v / (BLOCK * BLOCK);
        }
}

static void
measure_row (void *user, size_t j, int worker)
{
  const Match *m = user;
  const size_t y = m->rows.y + j * BLOCK, first = (y - APART) / BLOCK * m->columns;

  for (size_t k = 0; k < m->columns; k++) {
    const size_t x = APART + k * BLOCK;

    if (is_all (m, x, y, LIMN_PIXEL_KNOWN))
      m->kind[first + k] = AROUND;
    else if (is_where (m, x, y) && is_where (m, x + BLOCK - 1, y + BLOCK - 1) && is_all (m, x, y, LIMN_PIXEL_TARGET))
      m->kind[first + k] = INSIDE;
    if (m->kind[first + k] != NEITHER)
      measure_block (&m->block[first + k], m, x, y);
  }
}

/* Number of blocks along a side of size pixels. */
static size_t
blocks_along (size_t size)
{
  return size >= 2 * APART + BLOCK ? (size - 2 * APART) / BLOCK : 0;
}

static LimnStatus
find_blocks (Match *m, LimnError *error)
{
  LimnPool *pool = m->job->engine->pool;
  const size_t rows = blocks_along (m->region.height), end = APART + rows * BLOCK;

  m->columns = blocks_along (m->region.width);
  const size_t most = m->columns * rows;
  if (most == 0)
    return LIMN_OK;
  m->block = malloc (most * sizeof (Block));
  m->kind = calloc (most, 1);
  m->set[AROUND].block = malloc (most * sizeof (Block));
  m->set[INSIDE].block = malloc (most * sizeof (Block));
  if (m->block == NULL || m->kind == NULL || m->set[AROUND].block == NULL || m->set[INSIDE].block == NULL)
    return limn_fail_memory (error, 3 * most * sizeof (Block));
  for (size_t y = APART; y < end; y += ROWS) {
    const size_t bottom = y + ROWS < end ? y + ROWS : end;
    LIMN_TRY (gather_rows (m, &m->rows, y, bottom, error));
    LIMN_TRY (split_bands (m->rows.band, &m->rows.picture, pool, error));
    LIMN_TRY (limn_pool_try (pool, (bottom - y) / BLOCK, measure_row, m, error));
  }
  rows_clear (&m->rows);
  for (size_t i = 0; i < most; i++)
    if (m->kind[i] != NEITHER) {
      Blocks *set = &m->set[m->kind[i]];
      set->block[set->count++] = m->block[i];
    }
  free (m->block);
  m->block = NULL;
  return LIMN_OK;
}

static int
by_value (const void *a, const void *b)
{
  const float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* One of the grain's variances: a low quantile of a set's energies in one band and channel. */
static void
find_grain (void *user, size_t piece, int worker)
{
  Match *m = user;
  const size_t c = piece % CHANNELS, b = piece / CHANNELS % BANDS, k = AROUND + piece / (CHANNELS * BANDS);
  const Blocks *blocks = &m->set[k];
  const size_t others = k == INSIDE ? CHANNELS * BANDS * m->set[AROUND].count : 0;
  float *values = m->values + others + piece % (CHANNELS * BANDS) * blocks->count;

  for (size_t i = 0; i < blocks->count; i++)
    values[i] = blocks->block[i].energy[b][c];
  qsort (values, blocks->count, sizeof *values, by_value);
  m->grain[k].energy[b][c] = limn_min (values[(size_t) (FLATTEST * (float) (blocks->count - 1))], MOST_GRAIN);
}

/* Sharpness: fine-band luma energy relative to the coarse band's, over blocks with structure, without the grain's part; 0 if there are
 * none. */
static float
sharpness_of (const Blocks *blocks, const Block *grain)
{
  double fine = 0.0, coarse = 0.0;

  for (size_t i = 0; i < blocks->count; i++) {
    const Block *block = &blocks->block[i];
    if (block->energy[1][0] < STRUCTURE * grain->energy[1][0] + FAINT)
      continue;
    fine += (double) limn_max (block->energy[0][0] - grain->energy[0][0], 0.0f);
    coarse += (double) (block->energy[1][0] - grain->energy[1][0]);
  }
  return coarse > 0.0 ? (float) (fine / coarse) : 0.0f;
}

typedef struct {
  const Match *m;
  LimnImage white;
  size_t top; /* first row of white, in the hole */
} Grain;

static void
noise_row (void *user, size_t j, int worker)
{
  const Grain *g = user;
  const LimnRegion *hole = &g->m->job->hole;
  const LimnSampling *sampling = &g->m->job->options->sampling;
  const size_t count = hole->width * CHANNELS;

  limn_noise_mix (g->white.data + j * count, count, sampling->seed, sampling->seed_b, sampling->mix, NOISE_STREAM,
                  ((uint64_t) hole->y << 32) + hole->x + (g->top + j) * count);
}

/* White noise for the rows, split into bands. */
static LimnStatus
make_noise (const Match *m, Rows *rows, LimnError *error)
{
  const LimnRegion *hole = &m->job->hole;
  LimnPool *pool = m->job->engine->pool;
  const size_t y = rows->y - m->y, end = rows->end - m->y;
  Grain g = { .m = m, .top = y > COARSE_RADIUS ? y - COARSE_RADIUS : 0 };
  const size_t bottom = end + COARSE_RADIUS < hole->height ? end + COARSE_RADIUS : hole->height;
  LimnStatus status = limn_image_alloc (&g.white, hole->width, bottom - g.top, CHANNELS, error);

  if (status == LIMN_OK)
    status = limn_pool_try (pool, g.white.height, noise_row, &g, error);
  if (status == LIMN_OK)
    status = split_bands (rows->noise, &g.white, pool, error);
  limn_image_clear (&g.white);
  rows->noise_top = g.top;
  return status;
}

/* Adds sharpening and grain to a row of the hole. */
static void
apply_row (void *user, size_t j, int worker)
{
  const Match *m = user;
  const Rows *rows = &m->rows;
  const size_t in_region = rows->y + j, y = in_region - m->y;

  for (size_t x = 0; x < m->rgb->width; x++) {
    const size_t at = (in_region - rows->top) * m->region.width + x + m->x;
    float add[CHANNELS];

    if (m->job->state[(m->region.y + in_region) * m->job->rgb.width + m->region.x + m->x + x] != LIMN_PIXEL_TARGET ||
        !is_where (m, x + m->x, in_region))
      continue;
    for (size_t c = 0; c < CHANNELS; c++) {
      add[c] = (m->gain - 1.0f) * rows->band[0].data[CHANNELS * at + c];
      for (size_t b = 0; m->grainy && b < BANDS; b++)
        add[c] += m->amount[b][c] * rows->noise[b].data[CHANNELS * ((y - rows->noise_top) * m->rgb->width + x) + c];
    }
    add_channels (m->rgb->data + 3 * (y * m->rgb->width + x), add);
  }
}

/* Processes some rows at a time; the next are gathered before the present ones change. */
static LimnStatus
apply_rows (Match *m, LimnError *error)
{
  LimnPool *pool = m->job->engine->pool;
  const size_t bottom = m->y + m->rgb->height;
  Rows next = { 0 };
  LimnStatus status = gather_rows (m, &m->rows, m->y, m->y + ROWS < bottom ? m->y + ROWS : bottom, error);

  while (status == LIMN_OK) {
    const size_t end = m->rows.end;
    if (end < bottom)
      status = gather_rows (m, &next, end, end + ROWS < bottom ? end + ROWS : bottom, error);
    if (status == LIMN_OK)
      status = split_bands (m->rows.band, &m->rows.picture, pool, error);
    if (status == LIMN_OK && m->grainy)
      status = make_noise (m, &m->rows, error);
    if (status == LIMN_OK)
      status = limn_pool_try (pool, end - m->rows.y, apply_row, m, error);
    rows_clear (&m->rows);
    if (end == bottom)
      break;
    m->rows = next;
    next = (Rows){ 0 };
  }
  rows_clear (&next);
  return status;
}

/* Measures grain and sharpness of both sets, derives gain and amounts, and applies them. */
static LimnStatus
match_statistics (Match *m, LimnError *error)
{
  const size_t most = CHANNELS * BANDS * (m->set[AROUND].count + m->set[INSIDE].count);

  m->values = malloc (most * sizeof *m->values);
  if (m->values == NULL)
    return limn_fail_memory (error, most * sizeof *m->values);
  LIMN_TRY (limn_pool_try (m->job->engine->pool, 2 * CHANNELS * BANDS, find_grain, m, error));
  const Block *around = &m->grain[AROUND], *inside = &m->grain[INSIDE];
  const float wanted = sharpness_of (&m->set[AROUND], around), found = sharpness_of (&m->set[INSIDE], inside);
  m->gain = 1.0f;
  if (wanted > 0.0f && found > 0.0f)
    m->gain = limn_min (limn_max (sqrtf (wanted / found), LEAST_GAIN), MOST_GAIN);
  for (size_t c = 0; c < CHANNELS; c++) {
    const float fine = limn_max (around->energy[0][c] - m->gain * m->gain * inside->energy[0][c], 0.0f);
    const float coarse = limn_max (around->energy[1][c] - inside->energy[1][c], 0.0f);
    /* solve for both bands' amounts; the coarse one is limited by what it leaks into the fine band */
    const float both = (FINE_FINE * coarse - ACROSS * fine) / (FINE_FINE * COARSE_COARSE - ACROSS * ACROSS);
    const float much = limn_min (limn_max (both, 0.0f), fine / ACROSS);
    m->amount[0][c] = sqrtf (limn_max (fine - ACROSS * much, 0.0f) / FINE_FINE);
    m->amount[1][c] = sqrtf (much);
    m->grainy = m->grainy || m->amount[0][c] > 0.0f || m->amount[1][c] > 0.0f;
  }
  return apply_rows (m, error);
}

LimnStatus
limn_fill_match (LimnImage *rgb, const LimnFillJob *job, const LimnRegion *where, LimnError *error)
{
  Match m = { .job = job, .where = where, .rgb = rgb };

  place_region (&m);
  LimnStatus status = find_blocks (&m, error);
  if (status == LIMN_OK && m.set[AROUND].count >= LEAST_BLOCKS && m.set[INSIDE].count > 0)
    status = match_statistics (&m, error);
  rows_clear (&m.rows);
  free (m.block);
  free (m.kind);
  free (m.set[AROUND].block);
  free (m.set[INSIDE].block);
  free (m.values);
  return status;
}
