/* Completes the thin parts of an area: lines, text, specks. Each piece of a few pixels is told by the waves that make up its surroundings,
 * and pieces that lie side by side fade into each other. Pieces don't see each other's results, so that they can be found in any order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "engine/completion/frequency-model.h"
#include "job.h"

enum {
  SIDE = LIMN_FREQUENCY_SIDE,
  SQUARE = 8, /* side of the squares that the area is worked on in; one that is thin over more than ... */
  MOST = 5,   /* ... as many pixels is quartered */
  OVERLAP = 3 /* pixels beyond a piece over which it fades; less than half a square */
};

/* A thread's view of a piece's surroundings. */
typedef struct {
  LimnFrequencyModel *model;
  float rgb[SIDE][SIDE][3];
  uint8_t known[SIDE][SIDE];
} Window;

/* Weighted colours of a square's pixels, with the sum of their weights. */
typedef struct {
  float sum[SQUARE][SQUARE][4];
} Square;

typedef struct {
  LimnFillArea *area;
  const LimnPixels *photo;
  LimnOverlay *overlay;
  Window *windows;      /* [workers] */
  size_t columns, rows; /* of squares */
  Square **squares;     /* [rows][columns]: NULL where nothing is thin */
  size_t odd_x, odd_y;  /* of the pass: it works on every other square, whose pieces don't meet */
} Thinness;

/* Shrinks a rectangle of the area, which may go beyond it, to its thin pixels; false if there are none. */
static bool
find_thin (const LimnFillArea *area, LimnRegion *part)
{
  const LimnRegion *region = &area->region;
  size_t x0 = SIZE_MAX, x1 = 0, y0 = SIZE_MAX, y1 = 0;

  for (size_t y = part->y; y < part->y + part->height && y < region->height; y++)
    for (size_t x = part->x; x < part->x + part->width && x < region->width; x++)
      if (area->thin[y * region->width + x]) {
        x0 = limn_size_min (x0, x);
        y0 = limn_size_min (y0, y);
        x1 = x + 1 > x1 ? x + 1 : x1;
        y1 = y + 1;
      }
  *part = (LimnRegion){ x0, y0, x1 - x0, y1 - y0 };
  return y1 > 0;
}

/* Reads the window whose upper left corner is (x0, y0) of the photo. */
static void
read_window (const Thinness *t, Window *window, ptrdiff_t x0, ptrdiff_t y0)
{
  memset (window->known, 0, sizeof window->known);
  for (ptrdiff_t j = 0; j < SIDE; j++)
    for (ptrdiff_t i = 0; i < SIDE; i++) {
      const size_t x = (size_t) (x0 + i), y = (size_t) (y0 + j); /* negative ones wrap to large values */
      if (x < t->photo->width && y < t->photo->height && limn_fill_area_at (t->area, x, y) == 0)
        window->known[j][i] = limn_fill_pixel (t->photo, x, y, window->rgb[j][i]) > 0.0f;
    }
}

/* Along one axis: 1 within [start, start + size), falling to 0 over OVERLAP pixels. */
static float
weight_at (ptrdiff_t at, ptrdiff_t start, ptrdiff_t size)
{
  const ptrdiff_t beyond = at < start ? start - at : at - (start + size - 1);

  return beyond <= 0 ? 1.0f : 1.0f - (float) beyond / (OVERLAP + 1);
}

/* Adds a piece's colours to the thin pixels in and around it. */
static void
complete_piece (const Thinness *t, Window *window, const LimnRegion *piece)
{
  const LimnRegion *region = &t->area->region;
  const ptrdiff_t x0 = (ptrdiff_t) piece->x, y0 = (ptrdiff_t) piece->y, width = (ptrdiff_t) piece->width,
                  height = (ptrdiff_t) piece->height;
  const ptrdiff_t left = x0 + width / 2 - SIDE / 2, top = y0 + height / 2 - SIDE / 2;

  read_window (t, window, (ptrdiff_t) region->x + left, (ptrdiff_t) region->y + top);
  if (!limn_frequency_model_fit (window->model, (const float *) window->rgb, (const uint8_t *) window->known))
    return;
  for (ptrdiff_t y = y0 - OVERLAP; y < y0 + height + OVERLAP; y++)
    for (ptrdiff_t x = x0 - OVERLAP; x < x0 + width + OVERLAP; x++) {
      const size_t i = (size_t) x, j = (size_t) y;
      if (i >= region->width || j >= region->height || !t->area->thin[j * region->width + i])
        continue;
      const float weight = weight_at (x, x0, width) * weight_at (y, y0, height);
      float rgb[3], *sum = t->squares[j / SQUARE * t->columns + i / SQUARE]->sum[j % SQUARE][i % SQUARE];
      limn_frequency_model_evaluate (window->model, (size_t) (x - left), (size_t) (y - top), rgb);
      for (int c = 0; c < 3; c++)
        sum[c] += weight * rgb[c];
      sum[3] += weight;
    }
}

static void
complete_square (const Thinness *t, Window *window, size_t x, size_t y)
{
  LimnRegion piece = { x, y, SQUARE, SQUARE };

  if (find_thin (t->area, &piece) && piece.width <= MOST && piece.height <= MOST) {
    complete_piece (t, window, &piece);
    return;
  }
  for (size_t k = 0; k < 4; k++) {
    piece = (LimnRegion){ x + k % 2 * (SQUARE / 2), y + k / 2 * (SQUARE / 2), SQUARE / 2, SQUARE / 2 };
    if (find_thin (t->area, &piece))
      complete_piece (t, window, &piece);
  }
}

/* Every other square of a row. */
static void
complete_row (void *user, size_t k, int worker)
{
  const Thinness *t = user;
  const size_t row = 2 * k + t->odd_y;

  for (size_t column = t->odd_x; row < t->rows && column < t->columns; column += 2)
    if (t->squares[row * t->columns + column])
      complete_square (t, &t->windows[worker], column * SQUARE, row * SQUARE);
}

/* Writes a square's pixels; what nothing was found for isn't thin. */
static void
write_square (const Thinness *t, size_t x0, size_t y0, const Square *square)
{
  const LimnRegion *region = &t->area->region;

  for (size_t y = y0; y < y0 + SQUARE && y < region->height; y++)
    for (size_t x = x0; x < x0 + SQUARE && x < region->width; x++) {
      const size_t at = y * region->width + x;
      const float *sum = square->sum[y - y0][x - x0];
      if (!t->area->thin[at])
        continue;
      t->area->thin[at] = sum[3] > 0.0f;
      if (sum[3] > 0.0f)
        limn_fill_write (t->overlay, x, y, (const float[]){ sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3] }, t->area->alpha[at]);
    }
}

static void
write_row (void *user, size_t row, int worker)
{
  const Thinness *t = user;

  for (size_t column = 0; column < t->columns; column++)
    if (t->squares[row * t->columns + column])
      write_square (t, column * SQUARE, row * SQUARE, t->squares[row * t->columns + column]);
}

static LimnStatus
new_squares (Thinness *t, LimnError *error)
{
  t->squares = calloc (t->columns * t->rows, sizeof *t->squares);
  if (t->squares == NULL)
    return limn_fail_memory (error, t->columns * t->rows * sizeof *t->squares);
  for (size_t k = 0; k < t->columns * t->rows; k++) {
    LimnRegion part = { k % t->columns * SQUARE, k / t->columns * SQUARE, SQUARE, SQUARE };
    if (find_thin (t->area, &part) && (t->squares[k] = calloc (1, sizeof **t->squares)) == NULL)
      return limn_fail_memory (error, sizeof **t->squares);
  }
  return LIMN_OK;
}

static LimnStatus
new_windows (Thinness *t, size_t threads, LimnError *error)
{
  t->windows = calloc (threads, sizeof *t->windows);
  if (t->windows == NULL)
    return limn_fail_memory (error, threads * sizeof *t->windows);
  for (size_t k = 0; k < threads; k++)
    LIMN_TRY (limn_frequency_model_new (&t->windows[k].model, error));
  return LIMN_OK;
}

static void
thinness_clear (Thinness *t, size_t threads)
{
  for (size_t k = 0; t->squares && k < t->columns * t->rows; k++)
    free (t->squares[k]);
  for (size_t k = 0; t->windows && k < threads; k++)
    limn_frequency_model_free (t->windows[k].model);
  free (t->squares);
  free (t->windows);
}

LimnStatus
limn_fill_thin (LimnFillArea *area, const LimnPixels *photo, LimnOverlay *overlay, LimnPool *pool, LimnError *error)
{
  const size_t threads = (size_t) limn_pool_threads (pool);
  Thinness t = { .area = area,
                 .photo = photo,
                 .overlay = overlay,
                 .columns = (area->region.width + SQUARE - 1) / SQUARE,
                 .rows = (area->region.height + SQUARE - 1) / SQUARE };
  LimnStatus status = new_squares (&t, error);

  if (status == LIMN_OK)
    status = new_windows (&t, threads, error);
  for (size_t pass = 0; status == LIMN_OK && pass < 4; pass++) {
    t.odd_x = pass % 2;
    t.odd_y = pass / 2;
    status = limn_pool_try (pool, (t.rows + 1) / 2, complete_row, &t, error);
  }
  if (status == LIMN_OK)
    status = limn_pool_try (pool, t.rows, write_row, &t, error);
  thinness_clear (&t, threads);
  return status;
}
