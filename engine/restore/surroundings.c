/* Sums over cells, and box means of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "surroundings.h"

#include <stdlib.h>

#include "engine/base/minmax.h"
#include "engine/imaging/resample.h"

enum { CELL = LIMN_SURROUNDINGS_CELL, REACH = 2 /* cells */ };

static const float MOST = 0.06f;    /* of a response: a single strong line tells nothing of what is usual */
static const float QUIETEST = 0.1f; /* part of the cells */

typedef struct {
  const float *luma, *responses[2];
  const uint8_t *marks[2];
  size_t width, height;
  LimnImage *out;
} Job;

static size_t
end_of (size_t cell, size_t size)
{
  return limn_size_min ((cell + 1) * CELL, size);
}

static void
texture_row (void *user, size_t row, int worker)
{
  const Job *job = user;

  for (size_t column = 0; column < job->out->width; column++) {
    const size_t right = end_of (column, job->width), bottom = end_of (row, job->height);
    float sum = 0.0f;
    for (size_t y = row * CELL; y < bottom; y++)
      for (size_t x = column * CELL; x < right; x++)
        sum += limn_min (job->responses[0][y * job->width + x] + job->responses[1][y * job->width + x], MOST);
    job->out->data[row * job->out->width + column] = sum / (float) ((right - column * CELL) * (bottom - row * CELL));
  }
}

static void
light_row (void *user, size_t row, int worker)
{
  const Job *job = user;

  for (size_t column = 0; column < job->out->width; column++) {
    const size_t right = end_of (column, job->width), bottom = end_of (row, job->height);
    const float n = (float) ((right - column * CELL) * (bottom - row * CELL));
    float sum = 0.0f, squares = 0.0f;
    for (size_t y = row * CELL; y < bottom; y++)
      for (size_t x = column * CELL; x < right; x++) {
        const float value = job->luma[y * job->width + x];
        sum += value;
        squares += value * value;
      }
    job->out->data[2 * (row * job->out->width + column)] = sum / n;
    job->out->data[2 * (row * job->out->width + column) + 1] = squares / n;
  }
}

static void
crowd_row (void *user, size_t row, int worker)
{
  const Job *job = user;

  for (size_t column = 0; column < job->out->width; column++) {
    const size_t right = end_of (column, job->width), bottom = end_of (row, job->height);
    size_t count[2] = { 0 };
    for (size_t y = row * CELL; y < bottom; y++)
      for (size_t x = column * CELL; x < right; x++)
        for (int k = 0; k < 2; k++)
          count[k] += job->marks[k][y * job->width + x] != 0;
    for (int k = 0; k < 2; k++)
      job->out->data[2 * (row * job->out->width + column) + k] = (float) count[k] /
                                                                 (float) ((right - column * CELL) * (bottom - row * CELL));
  }
}

/* One value of channels a cell, by a function for rows of cells, then the mean of the cells around. */
static LimnStatus
make (LimnImage *out, Job *job, size_t channels, LimnWork work, LimnPool *pool, LimnError *error)
{
  LIMN_SCOPED_IMAGE cells = { 0 };

  LIMN_TRY (limn_image_alloc (&cells, (job->width + CELL - 1) / CELL, (job->height + CELL - 1) / CELL, channels, error));
  job->out = &cells;
  LIMN_TRY (limn_pool_try (pool, cells.height, work, job, error));
  return limn_box_mean (out, &cells, REACH, pool, error);
}

static int
compare (const void *a, const void *b)
{
  const float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static LimnStatus
find_quiet (LimnSurroundings *self, LimnError *error)
{
  const size_t n = self->texture.width * self->texture.height;
  LIMN_SCOPED_IMAGE sorted = { 0 };

  LIMN_TRY (limn_image_copy (&sorted, &self->texture, error));
  qsort (sorted.data, n, sizeof *sorted.data, compare);
  self->quiet = sorted.data[(size_t) (QUIETEST * (float) n)];
  return LIMN_OK;
}

LimnStatus
limn_surroundings_new (LimnSurroundings *self, const LimnImage *luma, const LimnImage *light, const LimnImage *dark, LimnPool *pool,
                       LimnError *error)
{
  Job job = { .luma = luma->data, .responses = { light->data, dark->data }, .width = light->width, .height = light->height };

  *self = (LimnSurroundings){ 0 };
  LIMN_TRY (make (&self->texture, &job, 1, texture_row, pool, error));
  LIMN_TRY (make (&self->light, &job, 2, light_row, pool, error));
  return find_quiet (self, error);
}

LimnStatus
limn_surroundings_set_crowds (LimnSurroundings *self, const uint8_t *light, const uint8_t *dark, size_t width, size_t height,
                              LimnPool *pool, LimnError *error)
{
  Job job = { .marks = { light, dark }, .width = width, .height = height };
  double sum = 0.0;

  limn_image_clear (&self->crowds);
  LIMN_TRY (make (&self->crowds, &job, 2, crowd_row, pool, error));
  for (size_t i = 0; i < 2 * self->crowds.width * self->crowds.height; i++)
    sum += (double) self->crowds.data[i];
  self->covered = (float) (sum / (double) (self->crowds.width * self->crowds.height));
  return LIMN_OK;
}

void
limn_surroundings_clear (LimnSurroundings *self)
{
  limn_image_clear (&self->texture);
  limn_image_clear (&self->light);
  limn_image_clear (&self->crowds);
}
