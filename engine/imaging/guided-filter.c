/* The guided filter by box means.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "guided-filter.h"

#include <math.h>

#include "engine/base/minmax.h"
#include "luma.h"
#include "resample.h"

typedef struct {
  const LimnImage *guide, *input, *means, *coefficients;
  LimnImage *out;
  float epsilon;
} Filter;

/* guide, guide^2, then input and input * guide of each channel. */
static void
products_row (void *user, size_t y, int worker)
{
  const Filter *f = user;
  const size_t w = f->guide->width, c = f->input->channels, m = f->out->channels;

  for (size_t i = y * w; i < (y + 1) * w; i++) {
    float *p = f->out->data + i * m, g = f->guide->data[i];
    p[0] = g, p[1] = g * g;
    for (size_t k = 0; k < c; k++) {
      p[2 + 2 * k] = f->input->data[i * c + k];
      p[3 + 2 * k] = f->input->data[i * c + k] * g;
    }
  }
}

/* Coefficients of each single window. */
static void
solve_row (void *user, size_t y, int worker)
{
  const Filter *f = user;
  const size_t w = f->guide->width, c = f->input->channels, m = f->means->channels;

  for (size_t i = y * w; i < (y + 1) * w; i++) {
    const float *p = f->means->data + i * m;
    float variance = limn_max (p[1] - p[0] * p[0], 0);
    for (size_t k = 0; k < c; k++) {
      float a = (p[3 + 2 * k] - p[2 + 2 * k] * p[0]) / (variance + f->epsilon);
      f->out->data[(i * c + k) * 2] = a;
      f->out->data[(i * c + k) * 2 + 1] = p[2 + 2 * k] - a * p[0];
    }
  }
}

LimnStatus
limn_guided_coefficients (LimnImage *coefficients, const LimnImage *guide, const LimnImage *input, size_t radius, float epsilon,
                          LimnPool *pool, LimnError *error)
{
  const size_t w = guide->width, h = guide->height, c = input->channels;
  LimnImage products = { 0 }, means = { 0 }, local;
  Filter f = { .guide = guide, .input = input, .means = &means, .epsilon = epsilon };

  *coefficients = (LimnImage){ 0 };
  LimnStatus status = limn_image_alloc (&products, w, h, 2 + 2 * c, error);
  f.out = &products;
  if (status == LIMN_OK)
    status = limn_pool_try (pool, h, products_row, &f, error);
  if (status == LIMN_OK)
    status = limn_box_mean (&means, &products, radius, pool, error);
  local = (LimnImage){ .width = w, .height = h, .channels = 2 * c, .data = products.data }; /* reuses products' memory */
  f.out = &local;
  if (status == LIMN_OK)
    status = limn_pool_try (pool, h, solve_row, &f, error);
  if (status == LIMN_OK)
    status = limn_box_mean (coefficients, &local, radius, pool, error);
  limn_image_clear (&means);
  limn_image_clear (&products);
  return status;
}

static void
luma_row (void *user, size_t y, int worker)
{
  const Filter *f = user;
  const size_t w = f->out->width;

  for (size_t i = y * w; i < (y + 1) * w; i++) {
    const float *p = f->input->data + 3 * i;
    f->out->data[i] = limn_luma (p);
  }
}

static void
apply_row (void *user, size_t y, int worker)
{
  const Filter *f = user;
  const size_t w = f->out->width;

  for (size_t i = y * w; i < (y + 1) * w; i++)
    for (size_t k = 0; k < 3; k++)
      f->out->data[3 * i + k] = f->coefficients->data[6 * i + 2 * k] * f->guide->data[i] + f->coefficients->data[6 * i + 2 * k + 1];
}

LimnStatus
limn_guided_smooth (LimnImage *image, size_t radius, float epsilon, LimnPool *pool, LimnError *error)
{
  LIMN_SCOPED_IMAGE guide = { 0 }, coefficients = { 0 };
  Filter f = { .input = image, .guide = &guide, .coefficients = &coefficients, .out = &guide };

  LIMN_TRY (limn_image_alloc (&guide, image->width, image->height, 1, error));
  LIMN_TRY (limn_pool_try (pool, image->height, luma_row, &f, error));
  LIMN_TRY (limn_guided_coefficients (&coefficients, &guide, image, radius, epsilon, pool, error));
  f.out = image;
  return limn_pool_try (pool, image->height, apply_row, &f, error);
}
