/* Whether a photo is without colours: what is left of its chroma once the best tint is taken away.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture.h"

#include <math.h>

/* The picture is looked at in cells, which average noise away: at most CELLS a side, and at most SAMPLES x SAMPLES pixels of each. */
#define CELLS 48
#define SAMPLES 8
/* A tint is a chroma for each of so many steps of lightness. */
#define STEPS 64
/* The part of the cells that may have any colour: a stamp, a stain. */
#define ODD_PART 0.02
/* Levels of 255. How far the others' chroma may be from the tint (a sepia JPEG of 352 x 352 has 3.8), and how strong a tint may be (a
 * sunset's is twice as strong as that of sepia), at most as strong as the picture has lightness to tell it by: one flat colour is a colour. */
#define MOST_CHROMA 4.5
#define MOST_TINT 90.0

typedef struct {
  double luma, u, v; /* 0 to 255; blue and red less luma */
} Cell;

static void
add_pixel (LimnPicture *self, gsize x, gsize y, double *sum)
{
  const guint8 *row = limn_picture_get_data (self) + y * limn_picture_get_stride (self);

  if (limn_picture_get_depth (self) == 8) {
    const guint8 *p = row + 4 * x;

    for (int k = 0; k < 3 && p[3] > 0; k++)
      sum[k] += p[k];
    sum[3] += p[3] > 0;
  } else {
    const guint16 *p = (const guint16 *) (gconstpointer) row + 4 * x;

    for (int k = 0; k < 3 && p[3] > 0; k++)
      sum[k] += p[k] / 257.0;
    sum[3] += p[3] > 0;
  }
}

/* FALSE where all of it is transparent. */
static gboolean
average (LimnPicture *self, gsize left, gsize top, gsize right, gsize bottom, Cell *cell)
{
  const gsize across = MAX (1, (right - left) / SAMPLES), down = MAX (1, (bottom - top) / SAMPLES);
  double sum[4] = { 0 };

  for (gsize y = top; y < bottom; y += down)
    for (gsize x = left; x < right; x += across)
      add_pixel (self, x, y, sum);
  if (sum[3] == 0)
    return FALSE;
  cell->luma = (0.299 * sum[0] + 0.587 * sum[1] + 0.114 * sum[2]) / sum[3];
  cell->u = sum[2] / sum[3] - cell->luma;
  cell->v = sum[0] / sum[3] - cell->luma;
  return TRUE;
}

static guint
find_cells (LimnPicture *self, Cell *cells)
{
  const gsize width = limn_picture_get_width (self), height = limn_picture_get_height (self), longest = MAX (width, height);
  const gsize columns = MAX (1, width * MIN (CELLS, longest) / longest), rows = MAX (1, height * MIN (CELLS, longest) / longest);
  guint n = 0;

  for (gsize y = 0; y < rows; y++)
    for (gsize x = 0; x < columns; x++)
      n += average (self, x * width / columns, y * height / rows, (x + 1) * width / columns, (y + 1) * height / rows, &cells[n]);
  return n;
}

static int
step_of (const Cell *cell)
{
  return MIN ((int) (cell->luma * STEPS / 256), STEPS - 1);
}

/* The mean chroma of each step of lightness and its neighbours, which count half. */
static void
fit_tint (const Cell *cells, guint n, Cell *tint)
{
  double sums[STEPS + 2][3] = { { 0 } };

  for (guint i = 0; i < n; i++) {
    double *sum = sums[step_of (&cells[i]) + 1];

    sum[0] += 1;
    sum[1] += cells[i].u;
    sum[2] += cells[i].v;
  }
  for (int i = 0; i < STEPS; i++) {
    const double *a = sums[i], *b = sums[i + 1], *c = sums[i + 2], weight = MAX (a[0] + 2 * b[0] + c[0], 1);

    tint[i] = (Cell){ 0, (a[1] + 2 * b[1] + c[1]) / weight, (a[2] + 2 * b[2] + c[2]) / weight };
  }
}

static double
find_range (const Cell *cells, guint n)
{
  double least = 255, most = 0;

  for (guint i = 0; i < n; i++) {
    least = MIN (least, cells[i].luma);
    most = MAX (most, cells[i].luma);
  }
  return most - least;
}

gboolean
limn_picture_is_gray (LimnPicture *self)
{
  g_autofree Cell *cells = g_new (Cell, CELLS * CELLS);
  const guint n = find_cells (self, cells);
  const double most_tint = MAX (MOST_CHROMA, MIN (MOST_TINT, find_range (cells, n)));
  Cell tint[STEPS];
  guint n_colored = 0;

  fit_tint (cells, n, tint);
  for (guint i = 0; i < n; i++) {
    const Cell *fit = &tint[step_of (&cells[i])];

    n_colored += hypot (cells[i].u - fit->u, cells[i].v - fit->v) > MOST_CHROMA || hypot (fit->u, fit->v) > most_tint;
  }
  return n > 0 && n_colored <= n * ODD_PART;
}
