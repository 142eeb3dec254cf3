/* The pull-push pyramid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "pull-push.h"

#include <string.h>

#include "engine/base/minmax.h"
#include "resample.h"

enum { MAX_PYRAMID = 32 };

/* Pull: averages 2 x 2 pixels (dropping a last odd row or column) and raises the weights: x k, m k with k = min (1, 4 m) / m. */
static LimnStatus
halve (LimnImage *x, LimnImage *m, const LimnImage *x0, const LimnImage *m0, LimnError *error)
{
  size_t width = x0->width / 2, height = x0->height / 2, channels = x0->channels;

  LIMN_TRY (limn_image_new (x, width, height, channels, error));
  LIMN_TRY (limn_image_new (m, width, height, 1, error));
  for (size_t y = 0; y < height; y++)
    for (size_t i = 0; i < width; i++) {
      const size_t at[4] = { 2 * y * x0->width + 2 * i, 2 * y * x0->width + 2 * i + 1, (2 * y + 1) * x0->width + 2 * i,
                             (2 * y + 1) * x0->width + 2 * i + 1 };
      float known = 0.25f * (m0->data[at[0]] + m0->data[at[1]] + m0->data[at[2]] + m0->data[at[3]]);
      float k = limn_min (4 * known, 1) / limn_max (known, 1e-6f);

      m->data[y * width + i] = known * k;
      for (size_t c = 0; c < channels; c++) {
        float sum = 0;
        for (int j = 0; j < 4; j++)
          sum += x0->data[at[j] * channels + c];
        x->data[(y * width + i) * channels + c] = 0.25f * sum * k;
      }
    }
  return LIMN_OK;
}

/* Push: y = a + (1 - m) times the coarser y, upsampled; the coarsest is a / m. */
static LimnStatus
push_down (LimnImage *out, LimnImage *xs, LimnImage *ms, size_t levels, LimnError *error)
{
  LimnImage y = xs[levels - 1];

  memset (&xs[levels - 1], 0, sizeof *xs);
  for (size_t i = 0; i < y.width * y.height * y.channels; i++)
    y.data[i] /= limn_max (ms[levels - 1].data[i / y.channels], 1e-6f);
  for (size_t level = levels - 1; level-- > 0;) {
    LimnImage up = { 0 };
    LimnStatus status = limn_resample (&up, &y, xs[level].width, xs[level].height, LIMN_FILTER_LINEAR, NULL, error);

    limn_image_clear (&y);
    if (status != LIMN_OK)
      return status;
    y = up;
    for (size_t i = 0; i < y.width * y.height * y.channels; i++)
      y.data[i] = xs[level].data[i] + (1 - ms[level].data[i / y.channels]) * y.data[i];
  }
  *out = y;
  return LIMN_OK;
}

LimnStatus
limn_pull_push (LimnImage *out, const LimnImage *x, const LimnImage *m, LimnError *error)
{
  LimnImage xs[MAX_PYRAMID] = { 0 }, ms[MAX_PYRAMID] = { 0 };
  size_t levels = 1;
  LimnStatus status = limn_image_copy (&xs[0], x, error);

  memset (out, 0, sizeof *out);
  if (status == LIMN_OK)
    status = limn_image_copy (&ms[0], m, error);
  for (size_t i = 0; status == LIMN_OK && i < x->width * x->height * x->channels; i++)
    xs[0].data[i] *= m->data[i / x->channels];
  for (; status == LIMN_OK && levels < MAX_PYRAMID && xs[levels - 1].width > 1 && xs[levels - 1].height > 1; levels++)
    status = halve (&xs[levels], &ms[levels], &xs[levels - 1], &ms[levels - 1], error);
  if (status == LIMN_OK)
    status = push_down (out, xs, ms, levels, error);
  for (size_t i = 0; i < MAX_PYRAMID; i++) {
    limn_image_clear (&xs[i]);
    limn_image_clear (&ms[i]);
  }
  return status;
}
