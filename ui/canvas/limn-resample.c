/* Separable resampling with at most three taps. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-resample.h"

#include <math.h>
#include <string.h>

/* Where target x comes from, as a range of source positions. */
static void
span (int x, double factor, double *a, double *b)
{
  if (factor >= 2) {
    *a = *b = floor ((x + 0.5) / factor + 1e-9);
  } else if (factor > 1) {
    *a = (x + 0.5) / factor - 0.5; /* a source pixel's width around the middle */
    *b = *a + 1;
  } else {
    *a = x / factor;
    *b = (x + 1) / factor;
  }
}

void
limn_taps_range (int first, int count, double factor, int *from, int *to)
{
  double a, b, ignored;
  span (first, factor, &a, &ignored);
  span (first + count - 1, factor, &ignored, &b);
  *from = (int) floor (a + 1e-9);
  *to = (int) ceil (b - 1e-9) + 1;
}

void
limn_taps_init (LimnTap *taps, int first, int count, double factor, int origin, int size, gboolean *single)
{
  *single = TRUE;
  for (int i = 0; i < count; i++) {
    LimnTap *tap = &taps[i];
    double a, b;
    span (first + i, factor, &a, &b);
    int start = (int) floor (a + 1e-9), left = 256;
    for (int t = 0; t < LIMN_TAPS; t++) {
      double share = b > a ? MIN (b, start + t + 1.0) - MAX (a, start + t) : t == 0;
      int weight = t == LIMN_TAPS - 1 ? left : CLAMP ((int) lrint (256 * share / (b > a ? b - a : 1)), 0, left);
      if (t == 1 && b <= start + 2 + 1e-6)
        weight = left;
      tap->at[t] = CLAMP (start + t - origin, 0, size - 1);
      tap->weight[t] = (guint16) weight;
      left -= weight;
      if (t > 0 && weight > 0)
        *single = FALSE;
    }
  }
}

/* One line: the rows' weighted sum, 16 bits a value. */
static void
mix_rows (const guint8 *const rows[LIMN_TAPS], const guint16 *weights, int n, guint16 *out)
{
  const guint8 *a = rows[0], *b = rows[1], *c = rows[2];
  guint16 u = weights[0], v = weights[1], w = weights[2];
  if (v == 0 && w == 0)
    for (int i = 0; i < n; i++)
      out[i] = (guint16) (a[i] << 8);
  else if (w == 0)
    for (int i = 0; i < n; i++)
      out[i] = (guint16) (a[i] * u + b[i] * v);
  else
    for (int i = 0; i < n; i++)
      out[i] = (guint16) (a[i] * u + b[i] * v + c[i] * w);
}

void
limn_resample_words (const guint32 *from, gsize stride, int source_width, const LimnTap *columns, int width, const LimnTap *rows,
                     int height, gboolean single, guint32 *out, gsize out_stride)
{
  g_autofree guint16 *line = single ? NULL : g_new (guint16, (gsize) source_width * 4);
  for (int y = 0; y < height; y++) {
    guint32 *to = out + (gsize) y * out_stride;
    if (single) {
      const guint32 *row = from + (gsize) rows[y].at[0] * stride;
      if (y > 0 && rows[y].at[0] == rows[y - 1].at[0])
        memcpy (to, to - out_stride, (gsize) width * 4);
      else
        for (int x = 0; x < width; x++)
          to[x] = row[columns[x].at[0]];
      continue;
    }
    const guint8 *taken[LIMN_TAPS];
    for (int t = 0; t < LIMN_TAPS; t++)
      taken[t] = (const guint8 *) (from + (gsize) rows[y].at[t] * stride);
    mix_rows (taken, rows[y].weight, source_width * 4, line);
    for (int x = 0; x < width; x++) {
      const LimnTap *tap = &columns[x];
      const guint16 *a = line + 4 * tap->at[0], *b = line + 4 * tap->at[1], *c = line + 4 * tap->at[2];
      guint32 u = tap->weight[0], v = tap->weight[1], w = tap->weight[2], pixel = 0;
      for (int k = 0; k < 4; k++)
        pixel |= (a[k] * u + b[k] * v + c[k] * w + 32768) >> 16 << (8 * k);
      to[x] = pixel;
    }
  }
}

void
limn_resample_bytes (const guint8 *from, gsize stride, int source_width, const LimnTap *columns, int width, const LimnTap *rows, int height,
                     gboolean single, guint8 *out, gsize out_stride)
{
  g_autofree guint16 *line = single ? NULL : g_new (guint16, (gsize) source_width);
  for (int y = 0; y < height; y++) {
    guint8 *to = out + (gsize) y * out_stride;
    if (single) {
      const guint8 *row = from + (gsize) rows[y].at[0] * stride;
      if (y > 0 && rows[y].at[0] == rows[y - 1].at[0])
        memcpy (to, to - out_stride, (gsize) width);
      else
        for (int x = 0; x < width; x++)
          to[x] = row[columns[x].at[0]];
      continue;
    }
    const guint8 *taken[LIMN_TAPS];
    for (int t = 0; t < LIMN_TAPS; t++)
      taken[t] = from + (gsize) rows[y].at[t] * stride;
    mix_rows (taken, rows[y].weight, source_width, line);
    for (int x = 0; x < width; x++) {
      const LimnTap *tap = &columns[x];
      to[x] = (guint8) ((line[tap->at[0]] * (guint32) tap->weight[0] + line[tap->at[1]] * (guint32) tap->weight[1] +
                         line[tap->at[2]] * (guint32) tap->weight[2] + 32768) >>
                        16);
    }
  }
}
