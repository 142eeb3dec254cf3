/* Composing pictures row by row, and reducing what was composed for the screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-stack.h"

#include "app/base/limn-app-error.h"
#include "app/base/limn-parallel.h"
#include "app/picture/limn-picture-color.h"

#include <string.h>

LimnStack *
limn_stack_copy (const LimnStack *self)
{
  LimnStackLayer *layers = g_new (LimnStackLayer, self->n_layers);
  LimnStack *copy = g_new (LimnStack, 1);
  *copy = (LimnStack){ g_object_ref (self->photo), layers, self->n_layers };
  for (guint i = 0; i < self->n_layers; i++) {
    layers[i] = self->layers[i];
    g_object_ref (layers[i].picture);
  }
  return copy;
}

void
limn_stack_free (LimnStack *self)
{
  g_object_unref (self->photo);
  for (guint i = 0; i < self->n_layers; i++)
    g_object_unref (self->layers[i].picture);
  g_free ((gpointer) self->layers);
  g_free (self);
}

/* (below (max - a) + above a) / max to nearest; as the engine applies overlays. */
static inline guint32
interpolate (guint32 below, guint32 above, guint32 a, guint32 max)
{
  return (guint32) (((guint64) below * (max - a) + (guint64) above * a + max / 2) / max);
}

/* One pixel over another; a > 0: above's alpha with the opacity in it. */
#define OVER(type, max)                                                                              \
  if (a == (max)) { /* the same as what follows, at once */                                          \
    memcpy (below, above, 3 * sizeof (type));                                                        \
    if (!keep_alpha)                                                                                 \
      below[3] = (max);                                                                              \
  } else if (keep_alpha || below[3] == (max)) {                                                      \
    for (int k = 0; k < 3; k++)                                                                      \
      below[k] = (type) interpolate (below[k], above[k], a, (max));                                  \
  } else {                                                                                           \
    guint64 under = (guint64) below[3] * ((max) -a), over = (guint64) a * (max), sum = under + over; \
    for (int k = 0; k < 3; k++)                                                                      \
      below[k] = (type) ((below[k] * under + above[k] * over + sum / 2) / sum);                      \
    below[3] = (type) ((sum + (max) / 2) / (max));                                                   \
  }

static void
over_8 (guint8 *below, const guint8 *above, int count, guint32 opacity, gboolean keep_alpha)
{
  for (int i = 0; i < count; i++, below += 4, above += 4) {
    guint32 a = (above[3] * opacity + 127) / 255;
    if (a == 0)
      continue;
    OVER (guint8, 255u)
  }
}

static void
over_16 (guint16 *below, const guint16 *above, int count, guint32 opacity, gboolean keep_alpha)
{
  for (int i = 0; i < count; i++, below += 4, above += 4) {
    guint32 a = (guint32) (((guint64) above[3] * opacity + 32767) / 65535);
    if (a == 0)
      continue;
    OVER (guint16, 65535u)
  }
}

/* A row of 8 bits a channel to 16, or of 16 to 8. */
static void
convert_row (const guint8 *row, int count, int to, guint8 *out)
{
  guint16 *wide = (guint16 *) (gpointer) out;
  const guint16 *in = (const guint16 *) (gconstpointer) row;
  for (int i = 0; i < 4 * count; i++)
    if (to == 16)
      wide[i] = (guint16) (row[i] * 257u);
    else
      out[i] = (guint8) ((in[i] * 255u + 32767u) / 65535u);
}

static double
get_channel (const guint8 *pixel, int depth, int k)
{
  return depth == 8 ? pixel[k] / 255.0 : ((const guint16 *) (gconstpointer) pixel)[k] / 65535.0;
}

/* A row of a picture that is stretched over width x height, bilinear and premultiplied, edges continued. */
static void
stretch_row (LimnPicture *picture, gsize width, gsize height, int x, int y, int count, int depth, guint8 *out)
{
  gsize w = limn_picture_get_width (picture), h = limn_picture_get_height (picture), stride = limn_picture_get_stride (picture);
  const guint8 *data = limn_picture_get_data (picture);
  int from = limn_picture_get_depth (picture);
  gsize pixel = 4 * (gsize) from / 8;
  double sy = CLAMP ((y + 0.5) * (double) h / (double) height - 0.5, 0, (double) (h - 1));
  gsize y0 = (gsize) sy, y1 = MIN (y0 + 1, h - 1);
  double fy = sy - (double) y0;
  for (int i = 0; i < count; i++) {
    double sx = CLAMP ((x + i + 0.5) * (double) w / (double) width - 0.5, 0, (double) (w - 1));
    gsize x0 = (gsize) sx, x1 = MIN (x0 + 1, w - 1);
    double fx = sx - (double) x0, sum[4] = { 0 };
    const guint8 *taps[4] = { data + y0 * stride + x0 * pixel, data + y0 * stride + x1 * pixel, data + y1 * stride + x0 * pixel,
                              data + y1 * stride + x1 * pixel };
    const double weights[4] = { (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy };
    for (int t = 0; t < 4; t++) {
      double a = get_channel (taps[t], from, 3) * weights[t];
      for (int k = 0; k < 3; k++)
        sum[k] += get_channel (taps[t], from, k) * a;
      sum[3] += a;
    }
    for (int k = 0; k < 4; k++) {
      double value = k == 3 ? sum[3] : sum[3] > 0 ? MIN (1, sum[k] / sum[3]) : 0;
      if (depth == 8)
        out[4 * i + k] = (guint8) (value * 255 + 0.5);
      else
        ((guint16 *) (gpointer) out)[4 * i + k] = (guint16) (value * 65535 + 0.5);
    }
  }
}

static void
composite_row (const LimnStack *self, const LimnStackLayer *layer, int x, int y, int count, guint8 *out, guint8 *temp)
{
  int depth = limn_picture_get_depth (self->photo), from = limn_picture_get_depth (layer->picture);
  gsize width = limn_picture_get_width (self->photo), height = limn_picture_get_height (self->photo);
  gsize pixel = 4 * (gsize) depth / 8;
  const guint8 *above = temp;
  int first = 0;
  if (layer->stretch) {
    stretch_row (layer->picture, width, height, x, y, count, depth, temp);
  } else {
    int w = (int) limn_picture_get_width (layer->picture), h = (int) limn_picture_get_height (layer->picture);
    int end = MIN (x + count, layer->x + w);
    first = MAX (x, layer->x) - x;
    count = end - x - first;
    if (y < layer->y || y >= layer->y + h || count <= 0)
      return;
    above = limn_picture_get_data (layer->picture) + (gsize) (y - layer->y) * limn_picture_get_stride (layer->picture) +
            (gsize) (x + first - layer->x) * 4 * (gsize) from / 8;
    if (from != depth) {
      convert_row (above, count, depth, temp);
      above = temp;
    }
  }
  guint8 *below = out + (gsize) first * pixel;
  double opacity = CLAMP (layer->opacity, 0, 1);
  gboolean keep_alpha = layer->keep_alpha || layer->blend == LIMN_BLEND_ATOP;
  if (layer->blend != LIMN_BLEND_NORMAL && layer->blend != LIMN_BLEND_ATOP)
    limn_blend_row (layer->blend, depth, opacity, keep_alpha, below, above, count);
  else if (depth == 8)
    over_8 (below, above, count, (guint32) (opacity * 255 + 0.5), keep_alpha);
  else
    over_16 ((guint16 *) (gpointer) below, (const guint16 *) (gconstpointer) above, count, (guint32) (opacity * 65535 + 0.5), keep_alpha);
}

/* count pixels from (x, y) on, at the photo's depth. temp: room for a row, for layers of another depth or scale. */
static void
read_row (const LimnStack *self, int x, int y, int count, guint8 *out, guint8 *temp)
{
  gsize pixel = 4 * (gsize) limn_picture_get_depth (self->photo) / 8;
  memcpy (out, limn_picture_get_data (self->photo) + (gsize) y * limn_picture_get_stride (self->photo) + (gsize) x * pixel,
          (gsize) count * pixel);
  for (guint i = 0; i < self->n_layers; i++)
    composite_row (self, &self->layers[i], x, y, count, out, temp);
}

typedef struct {
  const LimnStack *stack;
  LimnPicture *flat;
  GCancellable *cancellable;
} Flatten;

#define BAND 64 /* rows */

static void
flatten_band (gsize index, gpointer data)
{
  const Flatten *self = data;
  gsize width = limn_picture_get_width (self->flat), end = MIN ((index + 1) * BAND, limn_picture_get_height (self->flat));
  gsize stride = limn_picture_get_stride (self->flat);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  g_autofree guint8 *temp = g_malloc (width * 8);
  for (gsize y = index * BAND; y < end; y++)
    read_row (self->stack, 0, (int) y, (int) width, limn_picture_get_data (self->flat) + y * stride, temp);
}

LimnPicture *
limn_stack_flatten (const LimnStack *self, GCancellable *cancellable, GError **error)
{
  if (self->n_layers == 0)
    return g_object_ref (self->photo);
  g_autoptr (LimnPicture) flat = limn_picture_dup (self->photo, FALSE, error);
  if (!flat)
    return NULL;
  Flatten all = { self, flat, cancellable };
  limn_parallel_for ((limn_picture_get_height (flat) + BAND - 1) / BAND, flatten_band, &all);
  return limn_set_error_if_cancelled (cancellable, error) ? NULL : g_steal_pointer (&flat);
}

LimnPicture *
limn_stack_stretch (LimnPicture *picture, LimnPicture *photo, GError **error)
{
  gsize width = limn_picture_get_width (photo), height = limn_picture_get_height (photo);
  int depth = limn_picture_get_depth (photo);
  g_autoptr (LimnPicture) big = limn_picture_new (width, height, depth, error);
  if (!big)
    return NULL;
  for (gsize y = 0; y < height; y++)
    stretch_row (picture, width, height, 0, (int) y, (int) width, depth, limn_picture_get_data (big) + y * limn_picture_get_stride (big));
  limn_picture_set_has_alpha (big, limn_picture_get_has_alpha (picture));
  limn_picture_set_profile (big, limn_picture_get_profile (picture));
  return g_steal_pointer (&big);
}

/* -- The screen -- */

/* Adds a row of count pixels, factor to one, to sums of four: premultiplied colour and alpha. */
static void
add_row_8 (const guint8 *row, int count, int factor, guint64 *sums)
{
  for (int x = 0; x < count; sums += 4) {
    guint32 s[4] = { 0 };
    for (int end = MIN (x + factor, count); x < end; x++, row += 4) {
      guint32 a = row[3];
      s[0] += row[0] * a;
      s[1] += row[1] * a;
      s[2] += row[2] * a;
      s[3] += a;
    }
    for (int k = 0; k < 4; k++)
      sums[k] += s[k];
  }
}

static void
add_row_16 (const guint16 *row, int count, int factor, guint64 *sums)
{
  for (int x = 0; x < count; sums += 4)
    for (int end = MIN (x + factor, count); x < end; x++, row += 4) {
      guint64 a = row[3];
      for (int k = 0; k < 3; k++)
        sums[k] += row[k] * a;
      sums[3] += a;
    }
}

/* Sums to pixels of the photo's depth. rows: how many were added; count: pixels of a row; n: pixels that come out. */
static void
average_sums (const guint64 *sums, int n, int count, int factor, int rows, int depth, guint8 *out)
{
  for (int i = 0; i < n; i++, sums += 4) {
    guint64 area = (guint64) MIN (factor, count - i * factor) * (guint64) rows;
    for (int k = 0; k < 4; k++) {
      guint64 value = k == 3 ? (sums[3] + area / 2) / area : sums[3] ? (sums[k] + sums[3] / 2) / sums[3] : 0;
      if (depth == 8)
        out[4 * i + k] = (guint8) value;
      else
        ((guint16 *) (gpointer) out)[4 * i + k] = (guint16) value;
    }
  }
}

static void
to_screen (const guint8 *row, int depth, int count, LimnScreenTransform *transform, guint8 *out)
{
  if (transform)
    limn_screen_transform_row (transform, row, (gsize) count, out);
  else if (depth == 16)
    convert_row (row, count, 8, out);
  else
    memcpy (out, row, (gsize) count * 4);
}

void
limn_stack_render (const LimnStack *self, int level, const LimnRect *rect, guint8 *out, gsize stride)
{
  g_return_if_fail (level >= 0 && level < 16);
  int width = (int) limn_picture_get_width (self->photo), height = (int) limn_picture_get_height (self->photo);
  int depth = limn_picture_get_depth (self->photo), factor = 1 << level;
  LimnRect all = { 0, 0, (width + factor - 1) / factor, (height + factor - 1) / factor }, part = limn_rect_intersect (rect, &all);
  for (int y = 0; y < rect->height; y++)
    memset (out + (gsize) y * stride, 0, (gsize) MAX (rect->width, 0) * 4);
  if (limn_rect_is_empty (&part))
    return;
  LimnScreenTransform *transform = limn_picture_get_screen_transform (self->photo);
  int x0 = part.x * factor, count = MIN (width, (part.x + part.width) * factor) - x0;
  gsize sums_size = (gsize) part.width * 4 * sizeof (guint64);
  g_autofree guint8 *row = g_malloc ((gsize) count * 8), *temp = g_malloc ((gsize) count * 8);
  g_autofree guint64 *sums = g_malloc (sums_size);
  for (int y = part.y; y < part.y + part.height; y++) {
    guint8 *to = out + (gsize) (y - rect->y) * stride + (gsize) (part.x - rect->x) * 4;
    if (level == 0) {
      read_row (self, x0, y, count, row, temp);
      to_screen (row, depth, count, transform, to);
      continue;
    }
    int first = y * factor, rows = MIN (height - first, factor);
    memset (sums, 0, sums_size);
    for (int j = 0; j < rows; j++) {
      read_row (self, x0, first + j, count, row, temp);
      if (depth == 8)
        add_row_8 (row, count, factor, sums);
      else
        add_row_16 ((const guint16 *) (gconstpointer) row, count, factor, sums);
    }
    average_sums (sums, part.width, count, factor, rows, depth, row);
    to_screen (row, depth, part.width, transform, to);
  }
}
