/* The guided filter by box means.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "guided-filter.h"

#include <math.h>

#include "kernels/resample.h"

LimnStatus
limn_guided_coefficients (LimnImage *coefficients, const LimnImage *guide, const LimnImage *input, size_t radius, float epsilon,
                          LimnPool *pool, LimnError *error)
{
  size_t n = guide->width * guide->height, c = input->channels, m = 2 + 2 * c;
  LimnImage products = { 0 }, means = { 0 };

  *coefficients = (LimnImage) { 0 };
  LIMN_TRY (limn_image_new (&products, guide->width, guide->height, m, error));
  for (size_t i = 0; i < n; i++) { /* guide, guide^2, then input and input * guide of each channel */
    float *p = products.data + i * m, g = guide->data[i];
    p[0] = g, p[1] = g * g;
    for (size_t k = 0; k < c; k++) {
      p[2 + 2 * k] = input->data[i * c + k];
      p[3 + 2 * k] = input->data[i * c + k] * g;
    }
  }
  LimnStatus status = limn_box_mean (&means, &products, radius, pool, error);
  limn_image_clear (&products);
  LimnImage local = { 0 };
  if (status == LIMN_OK)
    status = limn_image_new (&local, guide->width, guide->height, 2 * c, error);
  if (status == LIMN_OK) {
    for (size_t i = 0; i < n; i++) {
      const float *p = means.data + i * m;
      float variance = fmaxf (p[1] - p[0] * p[0], 0);
      for (size_t k = 0; k < c; k++) {
        float a = (p[3 + 2 * k] - p[2 + 2 * k] * p[0]) / (variance + epsilon);
        local.data[(i * c + k) * 2] = a;
        local.data[(i * c + k) * 2 + 1] = p[2 + 2 * k] - a * p[0];
      }
    }
    status = limn_box_mean (coefficients, &local, radius, pool, error);
  }
  limn_image_clear (&means);
  limn_image_clear (&local);
  return status;
}

LimnStatus
limn_guided_smooth (LimnImage *image, size_t radius, float epsilon, LimnPool *pool, LimnError *error)
{
  size_t n = image->width * image->height;
  LimnImage guide = { 0 }, coefficients = { 0 };

  LIMN_TRY (limn_image_new (&guide, image->width, image->height, 1, error));
  for (size_t i = 0; i < n; i++) {
    const float *p = image->data + 3 * i;
    guide.data[i] = 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2];
  }
  LimnStatus status = limn_guided_coefficients (&coefficients, &guide, image, radius, epsilon, pool, error);
  if (status == LIMN_OK)
    for (size_t i = 0; i < n; i++)
      for (size_t k = 0; k < 3; k++)
        image->data[3 * i + k] = coefficients.data[6 * i + 2 * k] * guide.data[i] + coefficients.data[6 * i + 2 * k + 1];
  limn_image_clear (&guide);
  limn_image_clear (&coefficients);
  return status;
}
