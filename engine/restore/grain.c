/* Wavelet bands, each shrunk by its local energy. SPDX-License-Identifier: GPL-3.0-or-later */
#include "grain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/base/vector.h"
#include "engine/imaging/luma.h"

enum {
  BANDS = LIMN_GRAIN_BANDS,
  BLOCK = 96, /* side of a block that is measured ... */
  INNER = 32, /* ... in its middle; the rest is margin */
  MOST = 24,  /* blocks along a side of the picture */
  REACH = 2,  /* of the window in which a band's energy is measured */
};

static const float DECIDING_SHARE = 1.0f / 7.0f; /* of the blocks, the quietest */
static const float QUIET_BIAS = 1.06f;           /* by which the quietest blocks of pure noise underestimate it */
static const float CLIPPED = 0.97f;              /* of [-1, 1]: beyond it grain is cut off */
static const float LEAST = 0.004f;               /* half an 8-bit level: less is rounding */

struct LimnGrainWork {
  size_t pixels;
  float *planes; /* [6][pixels] */
};

/* Pointers into a work's planes. */
typedef struct {
  size_t width, height;
  float *smooth, *next, *across, *band, *energy, *out;
} Planes;

static Planes
planes_of (const LimnGrainWork *work, size_t width, size_t height)
{
  const size_t n = work->pixels;

  return (Planes){
    width, height, work->planes, work->planes + n, work->planes + 2 * n, work->planes + 3 * n, work->planes + 4 * n, work->planes + 5 * n
  };
}

/* -- Loops -- */

static size_t
mirror (ptrdiff_t at, size_t size)
{
  const ptrdiff_t last = (ptrdiff_t) size - 1;

  at = at < 0 ? -at : at;
  at = at > last ? 2 * last - at : at;
  return (size_t) (at < 0 ? 0 : at);
}

/* (1 4 6 4 1) / 16 of five rows. */
LIMN_WIDE static void
spline_rows (float *restrict out, const float *a, const float *b, const float *c, const float *d, const float *e, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] = (a[i] + e[i]) * (1.0f / 16.0f) + (b[i] + d[i]) * 0.25f + c[i] * 0.375f;
}

/* The same along a row, taps apart from each other. */
static void
spline_across (float *restrict out, const float *row, size_t width, size_t apart)
{
  const size_t edge = limn_size_min (2 * apart, width);

  for (size_t x = 0; x < width; x++) {
    if (x == edge && width > 2 * edge) {
      spline_rows (out + edge, row, row + apart, row + edge, row + edge + apart, row + 2 * edge, width - 2 * edge);
      x = width - edge;
    }
    const ptrdiff_t at = (ptrdiff_t) x, step = (ptrdiff_t) apart;
    out[x] = (row[mirror (at - 2 * step, width)] + row[mirror (at + 2 * step, width)]) * (1.0f / 16.0f) +
             (row[mirror (at - step, width)] + row[mirror (at + step, width)]) * 0.25f + row[x] * 0.375f;
  }
}

LIMN_WIDE static void
take_difference (float *restrict out, const float *a, const float *b, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] = a[i] - b[i];
}

LIMN_WIDE static void
add_squares (float *restrict sum, const float *row, float sign, size_t n)
{
  for (size_t i = 0; i < n; i++)
    sum[i] += sign * row[i] * row[i];
}

/* out += band * (share of its energy that isn't noise's). */
LIMN_WIDE static void
add_shrunk (float *restrict out, const float *band, const float *energy, float noise, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] += band[i] * limn_max (energy[i] - noise, 0.0f) / limn_max (energy[i], 1e-12f);
}

/* -- Bands -- */

/* smooth becomes the next broader average of itself, band what that takes away. */
static void
split_band (Planes *p, int k)
{
  const size_t w = p->width, h = p->height, apart = (size_t) 1 << k;
  const ptrdiff_t step = (ptrdiff_t) apart;

  for (size_t y = 0; y < h; y++)
    spline_across (p->across + y * w, p->smooth + y * w, w, apart);
  for (size_t y = 0; y < h; y++) {
    const ptrdiff_t at = (ptrdiff_t) y;
    const float *rows[5];
    for (int t = 0; t < 5; t++)
      rows[t] = p->across + mirror (at + (t - 2) * step, h) * w;
    spline_rows (p->next + y * w, rows[0], rows[1], rows[2], rows[3], rows[4], w);
  }
  take_difference (p->band, p->smooth, p->next, w * h);
  float *swap = p->smooth;
  p->smooth = p->next;
  p->next = swap;
}

/* energy: mean square of band in windows of (2 REACH + 1)^2, mirrored at the edges. */
static void
measure_energy (Planes *p)
{
  const size_t w = p->width, h = p->height;
  const float scale = 1.0f / ((2 * REACH + 1) * (2 * REACH + 1));

  for (size_t y = 0; y < h; y++) {
    float *sum = p->across + y * w;
    memset (sum, 0, w * sizeof *sum);
    for (int t = -REACH; t <= REACH; t++)
      add_squares (sum, p->band + mirror ((ptrdiff_t) y + t, h) * w, 1.0f, w);
  }
  for (size_t y = 0; y < h; y++) {
    const float *sum = p->across + y * w;
    float *out = p->energy + y * w;
    for (size_t x = 0; x < w; x++) {
      float total = 0.0f;
      for (int t = -REACH; t <= REACH; t++)
        total += sum[mirror ((ptrdiff_t) x + t, w)];
      out[x] = total * scale;
    }
  }
}

/* -- Planes -- */

static void
read_plane (float *out, const LimnImage *rgb, int plane)
{
  for (size_t i = 0; i < rgb->width * rgb->height; i++) {
    const float *at = rgb->data + 3 * i, luma = limn_luma (at);
    out[i] = plane == 0 ? luma : plane == 1 ? at[2] - luma : at[0] - luma;
  }
}

/* Adds to rgb what a plane has changed by: luma to all channels; the other two so that luma stays. */
static void
write_plane (LimnImage *rgb, const float *change, int plane)
{
  static const float shares[LIMN_GRAIN_PLANES][3] = { { 1, 1, 1 },
                                                      { 0, -LIMN_LUMA_BLUE / LIMN_LUMA_GREEN, 1 },
                                                      { 1, -LIMN_LUMA_RED / LIMN_LUMA_GREEN, 0 } };

  for (size_t i = 0; i < rgb->width * rgb->height; i++)
    for (size_t c = 0; c < 3; c++)
      rgb->data[3 * i + c] += shares[plane][c] * change[i];
}

/* -- Measuring -- */

typedef struct {
  const LimnPixels *photo;
  size_t columns, rows;
  LimnGrainWork **works;
  float *sigma; /* [planes][bands][rows * columns]; negative: not measured */
} Measuring;

static bool
is_clipped (const LimnImage *rgb, const LimnImage *alpha)
{
  for (size_t i = 0; i < rgb->width * rgb->height; i++)
    if (fabsf (limn_luma (rgb->data + 3 * i)) > CLIPPED || alpha->data[i] < 1.0f)
      return true;
  return false;
}

static float
deviation_inside (const Planes *p)
{
  const size_t edge = (BLOCK - INNER) / 2;
  float sum = 0.0f;

  for (size_t y = edge; y < edge + INNER; y++)
    for (size_t x = edge; x < edge + INNER; x++)
      sum += p->band[y * p->width + x] * p->band[y * p->width + x];
  return sqrtf (sum / (INNER * INNER));
}

static void
measure_block (void *user, size_t block, int worker)
{
  const Measuring *m = user;
  const size_t n = m->rows * m->columns, column = block % m->columns, row = block / m->columns;
  const ptrdiff_t x = (ptrdiff_t) ((2 * column + 1) * m->photo->width / (2 * m->columns)) - BLOCK / 2;
  const ptrdiff_t y = (ptrdiff_t) ((2 * row + 1) * m->photo->height / (2 * m->rows)) - BLOCK / 2;
  LIMN_SCOPED_IMAGE rgb = { 0 }, alpha = { 0 };

  for (size_t k = 0; k < LIMN_GRAIN_PLANES * BANDS; k++)
    m->sigma[k * n + block] = -1.0f;
  if (limn_image_from_pixels (&rgb, &alpha, m->photo, x, y, BLOCK, BLOCK, NULL) != LIMN_OK || is_clipped (&rgb, &alpha))
    return;
  for (int plane = 0; plane < LIMN_GRAIN_PLANES; plane++) {
    Planes p = planes_of (m->works[worker], BLOCK, BLOCK);
    read_plane (p.smooth, &rgb, plane);
    for (int k = 0; k < BANDS; k++) {
      split_band (&p, k);
      m->sigma[((size_t) plane * BANDS + (size_t) k) * n + block] = deviation_inside (&p);
    }
  }
}

static int
compare (const void *a, const void *b)
{
  const float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Sorts sigma. */
static float
quiet_of (float *sigma, size_t n)
{
  size_t skipped = 0;

  qsort (sigma, n, sizeof *sigma, compare);
  while (skipped < n && sigma[skipped] < 0.0f)
    skipped++;
  if (skipped == n)
    return 0.0f;
  const float quiet = QUIET_BIAS * sigma[skipped + (size_t) (DECIDING_SHARE * (float) (n - skipped))];
  return quiet < LEAST ? 0.0f : quiet;
}

static void
works_free (LimnGrainWork **works, size_t count)
{
  for (size_t k = 0; works && k < count; k++)
    limn_grain_work_free (works[k]);
  free (works);
}

static LimnStatus
works_new (LimnGrainWork ***works, size_t count, LimnError *error)
{
  *works = calloc (count, sizeof **works);
  if (*works == NULL)
    return limn_fail_memory (error, count * sizeof **works);
  for (size_t k = 0; k < count; k++)
    LIMN_TRY (limn_grain_work_new (&(*works)[k], BLOCK * BLOCK, error));
  return LIMN_OK;
}

LimnStatus
limn_grain_measure (LimnGrain *grain, const LimnPixels *photo, LimnPool *pool, LimnError *error)
{
  const size_t threads = (size_t) limn_pool_threads (pool);
  Measuring m = { .photo = photo };
  LimnStatus status;

  m.columns = limn_size_min (photo->width / BLOCK + 1, MOST);
  m.rows = limn_size_min (photo->height / BLOCK + 1, MOST);
  const size_t n = m.columns * m.rows;
  *grain = (LimnGrain){ 0 };
  status = works_new (&m.works, threads, error);
  m.sigma = limn_alloc (LIMN_GRAIN_PLANES * BANDS, n, 1, sizeof *m.sigma);
  if (status == LIMN_OK && m.sigma == NULL)
    status = limn_fail_memory (error, n * sizeof *m.sigma);
  if (status == LIMN_OK)
    status = limn_pool_try (pool, n, measure_block, &m, error);
  for (size_t k = 0; status == LIMN_OK && k < LIMN_GRAIN_PLANES * BANDS; k++)
    grain->sigma[k / BANDS][k % BANDS] = quiet_of (m.sigma + k * n, n);
  free (m.sigma);
  works_free (m.works, threads);
  return status;
}

float
limn_grain_level (const LimnGrain *grain)
{
  float sum = 0.0f;

  for (int k = 0; k < BANDS; k++)
    sum += grain->sigma[0][k] * grain->sigma[0][k];
  return 0.5f * sqrtf (sum);
}

/* -- Calming -- */

LimnStatus
limn_grain_work_new (LimnGrainWork **work, size_t pixels, LimnError *error)
{
  *work = calloc (1, sizeof **work);
  if (*work == NULL)
    return limn_fail_memory (error, sizeof **work);
  (*work)->pixels = pixels;
  (*work)->planes = limn_alloc (6, pixels, 1, sizeof *(*work)->planes);
  if ((*work)->planes)
    return LIMN_OK;
  free (*work);
  *work = NULL;
  return limn_fail_memory (error, 6 * pixels * sizeof (float));
}

void
limn_grain_work_free (LimnGrainWork *work)
{
  if (work)
    free (work->planes);
  free (work);
}

static bool
has_any (const float sigma[BANDS])
{
  for (int k = 0; k < BANDS; k++)
    if (sigma[k] > 0.0f)
      return true;
  return false;
}

void
limn_grain_calm (LimnGrainWork *work, LimnImage *rgb, const LimnGrain *grain, float strength)
{
  const size_t n = rgb->width * rgb->height;

  for (int plane = 0; plane < LIMN_GRAIN_PLANES; plane++) {
    Planes p = planes_of (work, rgb->width, rgb->height);
    if (!has_any (grain->sigma[plane]))
      continue;
    read_plane (p.smooth, rgb, plane);
    memset (p.out, 0, n * sizeof *p.out);
    for (int k = 0; k < BANDS; k++) {
      const float sigma = strength * grain->sigma[plane][k];
      split_band (&p, k);
      measure_energy (&p);
      add_shrunk (p.out, p.band, p.energy, sigma * sigma, n);
    }
    read_plane (p.band, rgb, plane);
    for (size_t i = 0; i < n; i++) /* the calmed plane, less what was there */
      p.out[i] += p.smooth[i] - p.band[i];
    write_plane (rgb, p.out, plane);
  }
}
