/* How different two results look. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-result-difference.h"

#include <math.h>
#include <string.h>

/* Cells a side, and pixels of a cell that are looked at on each side. */
enum { CELLS = 12, SAMPLES = 8 };

/* A value in levels of 255. */
static double
get_value (LimnPicture *picture, gsize x, gsize y, guint k)
{
  const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
  return limn_picture_get_depth (picture) == 8 ? row[4 * x + k] : ((const guint16 *) (gconstpointer) row)[4 * x + k] / 257.0;
}

/* Red, green, blue, premultiplied, and alpha. */
static void
average (LimnPicture *picture, gsize column, gsize line, double *mean)
{
  const gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  memset (mean, 0, 4 * sizeof *mean);
  for (gsize j = 0; j < SAMPLES; j++)
    for (gsize i = 0; i < SAMPLES; i++) {
      const gsize x = (column * SAMPLES + i) * width / (CELLS * SAMPLES), y = (line * SAMPLES + j) * height / (CELLS * SAMPLES);
      const double alpha = get_value (picture, x, y, 3) / 255;
      for (guint k = 0; k < 3; k++)
        mean[k] += get_value (picture, x, y, k) * alpha / (SAMPLES * SAMPLES);
      mean[3] += alpha / (SAMPLES * SAMPLES);
    }
}

double
limn_result_get_difference (const LimnResult *a, const LimnResult *b)
{
  double sum = 0, weight = 0, first[4], second[4];
  if (limn_picture_get_width (a->picture) != limn_picture_get_width (b->picture) ||
      limn_picture_get_height (a->picture) != limn_picture_get_height (b->picture))
    return G_MAXDOUBLE;
  for (gsize line = 0; line < CELLS; line++)
    for (gsize column = 0; column < CELLS; column++) {
      average (a->picture, column, line, first);
      average (b->picture, column, line, second);
      for (guint k = 0; k < 3; k++)
        sum += (first[k] - second[k]) * (first[k] - second[k]);
      weight += MAX (first[3] * first[3], second[3] * second[3]);
    }
  return weight > 0 ? sqrt (sum / (3 * weight)) : 0;
}
