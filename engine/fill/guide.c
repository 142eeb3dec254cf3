/* Makes the guide: the photo averaged to base's resolution, the user's paint, and base's picture of the hole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "engine/generate/base.h"
#include "engine/imaging/pull-push.h"
#include "engine/imaging/resample.h"
#include "job.h"

enum {
  SMALLEST_FOR_BASE = 24, /* smaller holes are filled from their border pixels; base is not evaluated */
  SMOOTHING = 3,          /* radius, in cells, of the low-pass filter for known cells */
};

static const float BASE_WEIGHT = 0.004f; /* weight of base's picture for the patches */
static const float SMOOTHED_SHARE =
  0.5f; /* share of the low-pass filtered colour; not all, since strong variation means an object rather than a surface */
static const float LINE_GAIN = 3.0f; /* a line that covers a third of a cell counts as a full line */

/* The context averaged over cells. */
typedef struct {
  const LimnFillJob *job;
  LimnFillGuide *guide;
  LimnImage weight; /* [height][width][1]: share of a cell's pixels that are known */
  LimnImage ink;    /* [height][width][1]: share covered by lines; no data without ink */
} Cells;

/* Averages a row of cells; cells of the hole take the mean of their paint, if any. */
static void
average_row (void *user, size_t j, int worker)
{
  const Cells *cells = user;
  const LimnFillJob *job = cells->job;
  const LimnFillGuide *guide = cells->guide;
  const size_t cell = guide->cell, width = job->context.width, height = job->context.height;
  const ptrdiff_t top = guide->y + (ptrdiff_t) (j * cell);
  const size_t y0 = top > 0 ? (size_t) top : 0,
               y1 = (size_t) (top + (ptrdiff_t) cell) < height ? (size_t) (top + (ptrdiff_t) cell) : height;

  for (size_t i = 0; i < guide->rgb.width; i++) {
    const ptrdiff_t left = guide->x + (ptrdiff_t) (i * cell);
    const size_t x0 = left > 0 ? (size_t) left : 0;
    const size_t x1 = (size_t) (left + (ptrdiff_t) cell) < width ? (size_t) (left + (ptrdiff_t) cell) : width;
    const size_t at = j * guide->rgb.width + i;
    float known[3] = { 0 }, paint[3] = { 0 }, known_sum = 0.0f, paint_sum = 0.0f, ink_sum = 0.0f;

    for (size_t y = y0; y < y1; y++)
      for (size_t x = x0; x < x1; x++) {
        const uint8_t state = job->state[y * width + x];
        if (state == LIMN_PIXEL_KNOWN) {
          for (size_t c = 0; c < 3; c++)
            known[c] += job->rgb.data[3 * (y * width + x) + c];
          known_sum += 1.0f;
        } else if (state == LIMN_PIXEL_TARGET) {
          const size_t px = job->context.x + x, py = job->context.y + y;
          if (guide->painted.data) {
            float rgb[3];
            const float alpha = limn_fill_pixel (job->options->paint, px, py, rgb);
            for (int c = 0; c < 3; c++)
              paint[c] += alpha * rgb[c];
            paint_sum += alpha;
          }
          if (cells->ink.data)
            ink_sum += (float) job->options->ink->data[py * job->options->ink->stride + px] / 255.0f;
        }
      }
    const float count = (float) ((x1 - x0) * (y1 - y0));
    const bool is_known = 2.0f * known_sum >= count;
    cells->weight.data[at] = known_sum / count;
    if (guide->painted.data)
      guide->painted.data[at] = is_known ? 0.0f : paint_sum / limn_max (count - known_sum, 1.0f);
    if (cells->ink.data)
      cells->ink.data[at] = limn_min (1.0f, LINE_GAIN * ink_sum / count);
    for (size_t c = 0; c < 3; c++)
      guide->rgb.data[3 * at + c] = is_known ? known[c] / known_sum : paint_sum > 0.0f ? paint[c] / paint_sum : 0.0f;
  }
}

/* Along one axis: the guide's pixel offset of a position of the photo, mirrored at the photo's borders. */
static ptrdiff_t
place_in_guide (ptrdiff_t photo_at, size_t whole, size_t context_start, ptrdiff_t guide_start)
{
  const ptrdiff_t last = (ptrdiff_t) whole - 1;

  while (photo_at < 0 || photo_at > last)
    photo_at = photo_at < 0 ? -1 - photo_at : 2 * last + 1 - photo_at;
  return photo_at - (ptrdiff_t) context_start - guide_start;
}

/* The cell of the context that shows base's pixel. */
static size_t
cell_of (ptrdiff_t photo_at, size_t whole, size_t context_start, ptrdiff_t guide_start, size_t cell, size_t cells)
{
  const ptrdiff_t in_guide = place_in_guide (photo_at, whole, context_start, guide_start);
  const size_t i = in_guide > 0 ? (size_t) in_guide / cell : 0;
  return i < cells ? i : cells - 1;
}

/* The guide's cell under pixel (i, j) of base's picture. */
static size_t
cell_below (const Cells *cells, size_t i, size_t j)
{
  const LimnFillJob *job = cells->job;
  const LimnFillGuide *guide = cells->guide;
  const ptrdiff_t x = job->square_x + (ptrdiff_t) (i * guide->cell + guide->cell / 2);
  const ptrdiff_t y = job->square_y + (ptrdiff_t) (j * guide->cell + guide->cell / 2);

  return cell_of (y, job->photo->height, job->context.y, guide->y, guide->cell, guide->rgb.height) * guide->rgb.width +
         cell_of (x, job->photo->width, job->context.x, guide->x, guide->cell, guide->rgb.width);
}

static bool
is_painted (const LimnFillGuide *guide, size_t at)
{
  return guide->painted.data && guide->painted.data[at] >= 0.5f;
}

/* The photo averaged over parts of cells, parts x parts per cell. */
typedef struct {
  const Cells *cells;
  size_t parts;
  LimnImage *out; /* [parts * side][parts * side][3] */
} Sharp;

/* Along one axis: the cell of part number at, and the part's pixels [*from, *end) in the context. */
static size_t
part_of (const Sharp *s, size_t at, ptrdiff_t square_start, size_t whole, size_t context_start, size_t context_size, ptrdiff_t guide_start,
         size_t cells, size_t *from, size_t *end)
{
  const size_t cell = s->cells->guide->cell, parts = s->parts;
  const ptrdiff_t centre = square_start + (ptrdiff_t) ((2 * at + 1) * cell / (2 * parts));
  const ptrdiff_t in_guide = place_in_guide (centre, whole, context_start, guide_start);
  const size_t place = limn_size_min (in_guide > 0 ? (size_t) in_guide : 0, cells * cell - 1), i = place / cell;
  const size_t part = place % cell * parts / cell;
  const ptrdiff_t first = guide_start + (ptrdiff_t) (i * cell + part * cell / parts);
  const ptrdiff_t past = guide_start + (ptrdiff_t) (i * cell + (part + 1) * cell / parts);

  *from = first > 0 ? (size_t) first : 0;
  *end = past > 0 ? limn_size_min ((size_t) past, context_size) : 0;
  return i;
}

/* Means of a row of parts over their known pixels; a part without any takes its cell's colour. */
static void
average_parts_row (void *user, size_t j, int worker)
{
  const Sharp *s = user;
  const LimnFillJob *job = s->cells->job;
  const LimnFillGuide *guide = s->cells->guide;
  const LimnRegion *context = &job->context;
  float *to = s->out->data + 3 * j * s->out->width;
  size_t y0, y1;
  const size_t row = part_of (s, j, job->square_y, job->photo->height, context->y, context->height, guide->y, guide->rgb.height, &y0, &y1);

  for (size_t i = 0; i < s->out->width; i++, to += 3) {
    size_t x0, x1, count = 0;
    const size_t column = part_of (s, i, job->square_x, job->photo->width, context->x, context->width, guide->x, guide->rgb.width, &x0,
                                   &x1);
    float sum[3] = { 0 };

    for (size_t y = y0; y < y1; y++)
      for (size_t x = x0; x < x1; x++)
        if (job->state[y * context->width + x] == LIMN_PIXEL_KNOWN) {
          for (size_t c = 0; c < 3; c++)
            sum[c] += job->rgb.data[3 * (y * context->width + x) + c];
          count++;
        }
    for (size_t c = 0; c < 3; c++)
      to[c] = count > 0 ? sum[c] / (float) count : guide->rgb.data[3 * (row * guide->rgb.width + column) + c];
  }
}

/* The photo at the sharper resolution that limn_base_run takes for exact pixels, as far as its own pixels allow: of few pixels some parts
 * would have one a side and others two, which looks jagged. */
static LimnStatus
average_parts (const Cells *cells, size_t side, LimnImage *out, LimnError *error)
{
  const size_t cell = cells->guide->cell, parts = cell >= 2 * LIMN_SHARP ? LIMN_SHARP : cell >= 2 ? 2 : 1;
  Sharp sharp = { cells, parts, out };

  LIMN_TRY (limn_image_alloc (out, parts * side, parts * side, 3, error));
  return limn_pool_try (cells->job->engine->pool, out->height, average_parts_row, &sharp, error);
}

/* base's planes for the square of cells that it sees. planes: allocated, side x side. */
static LimnStatus
fill_planes (const Cells *cells, const LimnImage *known, size_t side, LimnImage *planes, LimnError *error)
{
  const LimnFillGuide *guide = cells->guide;

  LIMN_TRY (limn_image_new (planes, side, side, LIMN_BASE_PLANES, error));
  for (size_t j = 0; j < side; j++)
    for (size_t i = 0; i < side; i++) {
      const size_t at = cell_below (cells, i, j);
      const bool exact = known->data[at] > 0.0f, rough = !exact && is_painted (guide, at);
      float *to = planes->data + LIMN_BASE_PLANES * (j * side + i);

      for (size_t c = 0; c < 3; c++)
        to[c] = exact || rough ? guide->rgb.data[3 * at + c] : 0.0f;
      to[LIMN_PLANE_EXACT] = exact ? 1.0f : 0.0f;
      to[LIMN_PLANE_ROUGH] = rough ? 1.0f : 0.0f;
      to[LIMN_PLANE_INK] = cells->ink.data ? cells->ink.data[at] : 0.0f;
      to[LIMN_PLANE_INK_KNOWN] = cells->ink.data ? 1.0f : 0.0f;
    }
  return LIMN_OK;
}

/* Evaluates base and writes its picture into cells that are neither known nor painted; sets known to 1 there. */
static LimnStatus
run_base (const Cells *cells, LimnImage *known, LimnStats *stats, LimnError *error)
{
  const LimnFillJob *job = cells->job;
  LimnFillGuide *guide = cells->guide;
  const size_t side = limn_engine_base_size (job->engine), half = guide->cell / 2;
  LIMN_SCOPED_IMAGE planes = { 0 }, sharp = { 0 }, rgb = { 0 };
  const LimnBaseInput input = { .planes = &planes, .sharp = &sharp, .strength = 1.0f, .sampling = &job->options->sampling };

  LIMN_TRY (fill_planes (cells, known, side, &planes, error));
  if (limn_base_sees (job->engine))
    LIMN_TRY (average_parts (cells, side, &sharp, error));
  LIMN_TRY (limn_base_run (job->engine, &input, &rgb, stats, job->control, error));
  for (size_t j = 0; j < side; j++)
    for (size_t i = 0; i < side; i++) {
      const ptrdiff_t x = job->square_x + (ptrdiff_t) (i * guide->cell + half), y = job->square_y + (ptrdiff_t) (j * guide->cell + half);
      const size_t at = cell_below (cells, i, j);

      if (x < 0 || y < 0 || x >= (ptrdiff_t) job->photo->width || y >= (ptrdiff_t) job->photo->height || known->data[at] > 0.0f ||
          is_painted (guide, at))
        continue;
      known->data[at] = 1.0f;
      guide->weight.data[at] = BASE_WEIGHT;
      for (size_t c = 0; c < 3; c++)
        guide->rgb.data[3 * at + c] = limn_min (limn_max (rgb.data[3 * (j * side + i) + c], -1.0f), 1.0f);
    }
  return LIMN_OK;
}

static LimnStatus
allocate_cells (Cells *cells, size_t width, size_t height, LimnError *error)
{
  LimnFillGuide *guide = cells->guide;

  LIMN_TRY (limn_image_new (&guide->rgb, width, height, 3, error));
  LIMN_TRY (limn_image_new (&guide->weight, width, height, 1, error));
  if (cells->job->options->paint)
    LIMN_TRY (limn_image_new (&guide->painted, width, height, 1, error));
  if (cells->job->options->ink)
    LIMN_TRY (limn_image_new (&cells->ink, width, height, 1, error));
  return limn_image_new (&cells->weight, width, height, 1, error);
}

static LimnStatus
fill_guide (Cells *cells, LimnStats *stats, LimnError *error)
{
  const LimnFillJob *job = cells->job;
  LimnFillGuide *guide = cells->guide;
  const ptrdiff_t cell = (ptrdiff_t) job->cell;
  const ptrdiff_t x = job->square_x - (ptrdiff_t) job->context.x, y = job->square_y - (ptrdiff_t) job->context.y;
  const size_t hole = job->hole.width > job->hole.height ? job->hole.width : job->hole.height;
  LimnImage known = { 0 }, whole = { 0 };
  LimnStatus status;

  /* extend base's square of cells to a grid over the whole context */
  guide->cell = job->cell;
  guide->x = x > 0 ? -((cell - x % cell) % cell) : -(-x % cell);
  guide->y = y > 0 ? -((cell - y % cell) % cell) : -(-y % cell);
  LIMN_TRY (allocate_cells (cells, ((size_t) ((ptrdiff_t) job->context.width - guide->x) + guide->cell - 1) / guide->cell,
                            ((size_t) ((ptrdiff_t) job->context.height - guide->y) + guide->cell - 1) / guide->cell, error));
  LIMN_TRY (limn_pool_try (job->engine->pool, guide->rgb.height, average_row, cells, error));
  for (size_t i = 0; cells->ink.data && i < guide->rgb.width * guide->rgb.height; i++)
    guide->drawn = guide->drawn || cells->ink.data[i] > 0.0f;

  LIMN_TRY (limn_image_new (&known, guide->rgb.width, guide->rgb.height, 1, error));
  for (size_t i = 0; i < known.width * known.height; i++)
    known.data[i] = cells->weight.data[i] >= 0.5f ? 1.0f : 0.0f;
  status = LIMN_OK;
  if (job->engine->base && (hole > SMALLEST_FOR_BASE || guide->painted.data || cells->ink.data || job->options->sampling.quick))
    status = run_base (cells, &known, stats, error);
  for (size_t i = 0; i < known.width * known.height; i++)
    if (is_painted (guide, i))
      known.data[i] = guide->weight.data[i] = 1.0f;
  if (status == LIMN_OK)
    status = limn_pull_push (&whole, &guide->rgb, &known, error);
  limn_image_clear (&known);
  if (status == LIMN_OK) {
    limn_image_clear (&guide->rgb);
    guide->rgb = whole;
  }
  return status;
}

LimnStatus
limn_fill_guide_new (LimnFillGuide *guide, const LimnFillJob *job, LimnStats *stats, LimnError *error)
{
  Cells cells = { .job = job, .guide = guide };

  *guide = (LimnFillGuide){ 0 };
  LimnStatus status = fill_guide (&cells, stats, error);
  limn_image_clear (&cells.weight);
  limn_image_clear (&cells.ink);
  if (status != LIMN_OK)
    limn_fill_guide_clear (guide);
  return status;
}

LimnStatus
limn_fill_guide_smoothed (LimnImage *out, const LimnFillGuide *guide, LimnPool *pool, LimnError *error)
{
  const size_t count = guide->rgb.width * guide->rgb.height;
  LIMN_SCOPED_IMAGE seen = { 0 }, mean = { 0 };

  LIMN_TRY (limn_image_new (&seen, guide->rgb.width, guide->rgb.height, 4, error));
  for (size_t i = 0; i < count; i++)
    if (guide->weight.data[i] <= 0.0f) {
      memcpy (seen.data + 4 * i, guide->rgb.data + 3 * i, 3 * sizeof (float));
      seen.data[4 * i + 3] = 1.0f;
    }
  LIMN_TRY (limn_box_mean (&mean, &seen, SMOOTHING, pool, error));
  LIMN_TRY (limn_image_copy (out, &guide->rgb, error));
  for (size_t i = 0; i < 3 * count; i++)
    if (seen.data[i / 3 * 4 + 3] > 0.0f)
      out->data[i] += SMOOTHED_SHARE * (mean.data[i / 3 * 4 + i % 3] / mean.data[i / 3 * 4 + 3] - out->data[i]);
  return LIMN_OK;
}

void
limn_fill_guide_clear (LimnFillGuide *guide)
{
  limn_image_clear (&guide->rgb);
  limn_image_clear (&guide->weight);
  limn_image_clear (&guide->painted);
}
