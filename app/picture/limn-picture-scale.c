/* Scaling pictures down.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-scale.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-parallel.h"

#include <glib/gi18n.h>
#include <math.h>

#define LOBES 3.0 /* Lanczos */

enum { BAND = 64 };

/* The source pixels of one pixel of the smaller line, and their weights (their sum is 1). */
typedef struct {
  int first, count;
  float *weights;
} Taps;

typedef struct {
  LimnPicture *from, *to;
  Taps *across, *down;
  GCancellable *cancellable;
  gint failed; /* atomic: out of memory */
} Scale;

static double
lanczos (double x)
{
  if (fabs (x) < 1e-9)
    return 1;
  return fabs (x) >= LOBES ? 0 : LOBES * sin (G_PI * x) * sin (G_PI * x / LOBES) / (G_PI * G_PI * x * x);
}

/* For a line of size pixels that becomes one of n. weights: room for all, count for each. Free with g_free (taps->weights; taps). */
static Taps *
make_taps (gsize size, gsize n)
{
  double factor = (double) size / (double) n, reach = LOBES * factor;
  int most = (int) ceil (2 * reach) + 3;
  Taps *taps = g_new (Taps, n);
  float *weights = g_new (float, n *(gsize) most);

  for (gsize i = 0; i < n; i++, weights += most) {
    double middle = ((double) i + 0.5) * factor, sum = 0;
    int first = MAX (0, (int) floor (middle - reach)), last = MIN ((int) size - 1, (int) ceil (middle + reach));

    taps[i] = (Taps){ first, MIN (last - first + 1, most), weights };
    for (int k = 0; k < taps[i].count; k++)
      sum += lanczos ((first + k + 0.5 - middle) / factor);
    for (int k = 0; k < taps[i].count; k++)
      weights[k] = (float) (lanczos ((first + k + 0.5 - middle) / factor) / sum);
  }
  return taps;
}

static void
free_taps (Taps *taps)
{
  g_free (taps->weights);
  g_free (taps);
}

/* A row as premultiplied colours and alpha from 0 to 1. */
static void
read_row (LimnPicture *picture, gsize y, float *out)
{
  const guint8 *row = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
  const guint16 *wide = (const guint16 *) (gconstpointer) row;
  gsize n = limn_picture_get_width (picture) * 4;
  gboolean deep = limn_picture_get_depth (picture) == 16;
  float unit = deep ? 1 / 65535.0f : 1 / 255.0f;

  for (gsize i = 0; i < n; i += 4) {
    float a = (deep ? (float) wide[i + 3] : (float) row[i + 3]) * unit;

    for (gsize k = 0; k < 3; k++)
      out[i + k] = (deep ? (float) wide[i + k] : (float) row[i + k]) * unit * a;
    out[i + 3] = a;
  }
}

static void
scale_row (const float *row, const Taps *taps, gsize n, float *out)
{
  for (gsize i = 0; i < n; i++, out += 4) {
    const float *in = row + 4 * (gsize) taps[i].first;
    float sum[4] = { 0 };

    for (int t = 0; t < taps[i].count; t++, in += 4)
      for (int k = 0; k < 4; k++)
        sum[k] += taps[i].weights[t] * in[k];
    for (int k = 0; k < 4; k++)
      out[k] = sum[k];
  }
}

static void
write_row (LimnPicture *picture, gsize y, const float *row)
{
  guint8 *out = limn_picture_get_data (picture) + y * limn_picture_get_stride (picture);
  guint16 *wide = (guint16 *) (gpointer) out;
  gsize n = limn_picture_get_width (picture) * 4;
  gboolean deep = limn_picture_get_depth (picture) == 16;
  float most = deep ? 65535 : 255;

  for (gsize i = 0; i < n; i++) {
    float a = CLAMP (row[i | 3], 0, 1), value = (i & 3) == 3 ? a : a > 0 ? row[i] / row[i | 3] : 0;
    float level = CLAMP (value, 0, 1) * most + 0.5f;

    if (deep)
      wide[i] = (guint16) level;
    else
      out[i] = (guint8) level;
  }
}

/* Some rows of the smaller picture: first horizontally, all rows that they need, then vertically. */
static void
scale_band (gsize band, gpointer data)
{
  Scale *self = data;
  gsize width = limn_picture_get_width (self->to), top = band * BAND, bottom = MIN (top + BAND, limn_picture_get_height (self->to));
  gsize first = (gsize) self->down[top].first, end = (gsize) (self->down[bottom - 1].first + self->down[bottom - 1].count);
  g_autofree float *whole = g_try_new (float, limn_picture_get_width (self->from) * 4), *sum = g_try_new (float, width * 4);
  g_autofree float *narrow = g_try_new (float, (end - first) * width * 4);

  if (!whole || !sum || !narrow) {
    g_atomic_int_set (&self->failed, TRUE);
    return;
  }
  for (gsize y = first; y < end; y++) {
    if (g_cancellable_is_cancelled (self->cancellable))
      return;
    read_row (self->from, y, whole);
    scale_row (whole, self->across, width, narrow + (y - first) * width * 4);
  }
  for (gsize y = top; y < bottom; y++) {
    const Taps *taps = &self->down[y];

    for (gsize i = 0; i < width * 4; i++)
      sum[i] = 0;
    for (int t = 0; t < taps->count; t++) {
      const float *row = narrow + ((gsize) (taps->first + t) - first) * width * 4;

      for (gsize i = 0; i < width * 4; i++)
        sum[i] += taps->weights[t] * row[i];
    }
    write_row (self->to, y, sum);
  }
}

LimnPicture *
limn_picture_scale_down (LimnPicture *self, gsize width, gsize height, GCancellable *cancellable, GError **error)
{
  Scale scale = { .from = self, .cancellable = cancellable };
  g_autoptr (LimnPicture) to = NULL;

  g_return_val_if_fail (width > 0 && width <= limn_picture_get_width (self), NULL);
  g_return_val_if_fail (height > 0 && height <= limn_picture_get_height (self), NULL);

  if (width == limn_picture_get_width (self) && height == limn_picture_get_height (self))
    return g_object_ref (self);
  scale.to = to = limn_picture_new (width, height, limn_picture_get_depth (self), error);
  if (!to)
    return NULL;
  limn_picture_copy_metadata (to, self);
  scale.across = make_taps (limn_picture_get_width (self), width);
  scale.down = make_taps (limn_picture_get_height (self), height);
  limn_parallel_for ((height + BAND - 1) / BAND, scale_band, &scale);
  free_taps (scale.across);
  free_taps (scale.down);
  if (limn_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (scale.failed) {
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                         _("There is not enough memory to write the picture. Close other programs and try again."));
    return NULL;
  }
  return g_steal_pointer (&to);
}
