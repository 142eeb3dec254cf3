/* Divides paint into regions of one colour, in a small copy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "guess.h"

enum {
  LONGER = 256,        /* cells of the copy's longer side */
  BINS = 32 * 32 * 32, /* of colours */
  COLOURS_MOST = 48,
};

/* Colours nearer than this are one (Lab); a colour must cover this share of the picture; and a region this one. */
static const float ONE_COLOUR = 9, LEAST_COLOUR = 0.0012f, LEAST_REGION = 0.0008f;

enum { UNPAINTED = 255, CHOSEN = 254 };

static uint8_t
channel (const LimnPixels *paint, size_t x, size_t y, size_t c)
{
  const uint8_t *row = (const uint8_t *) paint->data + y * paint->stride;

  return paint->depth == 16 ? (uint8_t) (((const uint16_t *) (const void *) row)[4 * x + c] >> 8) : row[4 * x + c];
}

/* class: UNPAINTED or CHOSEN where a cell is no region's. */
static void
read_cells (LimnRegions *r, const LimnPixels *paint, const LimnMask *chosen, uint8_t *class)
{
  for (size_t y = 0; y < r->height; y++)
    for (size_t x = 0; x < r->width; x++) {
      const size_t i = y * r->width + x, px = (2 * x + 1) * paint->width / (2 * r->width),
                   py = (2 * y + 1) * paint->height / (2 * r->height);

      for (size_t c = 0; c < 3; c++)
        r->colours[3 * i + c] = channel (paint, px, py, c);
      r->chosen[i] = chosen ? chosen->data[py * chosen->stride + px] : LIMN_LABEL_NONE;
      class[i] = r->chosen[i] != LIMN_LABEL_NONE ? CHOSEN : channel (paint, px, py, 3) < 128 ? UNPAINTED : 0;
    }
}

/* ---------------------------------------------------------------- colours */

typedef struct {
  uint32_t bin, cells;
} Bin;

static int
compare_bins (const void *a, const void *b)
{
  const Bin *p = a, *q = b;

  return p->cells != q->cells ? (p->cells < q->cells ? 1 : -1) : (p->bin > q->bin) - (p->bin < q->bin);
}

static uint32_t
bin_of (const uint8_t *rgb)
{
  return (uint32_t) (rgb[0] >> 3) << 10 | (uint32_t) (rgb[1] >> 3) << 5 | (uint32_t) (rgb[2] >> 3);
}

static float
difference (LimnLab a, LimnLab b)
{
  const LimnLab d = a - b;

  return sqrtf (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
}

/* Gathers similar colours, the most frequent first. meaning: [BINS] the class of a bin; colours: of the classes; returns their number. */
static size_t
gather_colours (const Bin *bins, size_t count, size_t cells, uint8_t *meaning, LimnLab *colours)
{
  size_t classes = 0;

  for (size_t i = 0; i < count; i++) {
    const uint32_t bin = bins[i].bin;
    const uint8_t rgb[3] = { (uint8_t) (bin >> 10 << 3 | 4), (uint8_t) ((bin >> 5 & 31) << 3 | 4), (uint8_t) ((bin & 31) << 3 | 4) };
    const LimnLab lab = limn_lab_of_srgb (rgb);
    float least = 1e9f;
    size_t at = 0;

    for (size_t k = 0; k < classes; k++)
      if (difference (lab, colours[k]) < least) {
        least = difference (lab, colours[k]);
        at = k;
      }
    if (classes == 0 || (least > ONE_COLOUR && classes < COLOURS_MOST && (float) bins[i].cells > LEAST_COLOUR * (float) cells)) {
      at = classes++;
      colours[at] = lab;
    }
    meaning[bin] = (uint8_t) at;
  }
  return classes;
}

static LimnStatus
classify_cells (const LimnRegions *r, uint8_t *class, LimnLab *colours, LimnError *error)
{
  const size_t cells = r->width * r->height;
  Bin *bins = calloc (BINS, sizeof *bins);
  uint8_t *meaning = calloc (BINS, 1);
  size_t count = 0;

  if (!bins || !meaning) {
    free (bins);
    free (meaning);
    return limn_fail_memory (error, BINS * (1 + sizeof *bins));
  }
  for (size_t i = 0; i < BINS; i++)
    bins[i].bin = (uint32_t) i;
  for (size_t i = 0; i < cells; i++)
    if (class[i] == 0)
      bins[bin_of (r->colours + 3 * i)].cells++;
  qsort (bins, BINS, sizeof *bins, compare_bins);
  while (count < BINS && bins[count].cells > 0)
    count++;
  gather_colours (bins, count, cells, meaning, colours);
  for (size_t i = 0; i < cells; i++)
    if (class[i] == 0)
      class[i] = meaning[bin_of (r->colours + 3 * i)];
  free (bins);
  free (meaning);
  return LIMN_OK;
}

/* ---------------------------------------------------------------- regions */

/* Floods the region of cell first; stack keeps its cells. Returns how many they are, and their outline's length in cells' sides. */
static size_t
flood (LimnRegions *r, const uint8_t *class, size_t first, uint32_t *stack, size_t *outline)
{
  const size_t w = r->width, h = r->height;
  size_t count = 0;

  *outline = 0;
  stack[count++] = (uint32_t) first;
  r->region[first] = (uint32_t) r->count;
  for (size_t done = 0; done < count; done++) {
    const size_t i = stack[done], x = i % w, y = i / w;
    const size_t near[4] = { x > 0 ? i - 1 : i, x + 1 < w ? i + 1 : i, y > 0 ? i - w : i, y + 1 < h ? i + w : i };

    for (int k = 0; k < 4; k++)
      if (near[k] == i || class[near[k]] != class[first]) {
        ++*outline;
      } else if (r->region[near[k]] == LIMN_NO_REGION) {
        r->region[near[k]] = (uint32_t) r->count;
        stack[count++] = (uint32_t) near[k];
      }
  }
  return count;
}

static LimnPaintRegion
describe (const LimnRegions *r, LimnLab colour, const uint32_t *cells, size_t count, size_t outline)
{
  const float w = (float) r->width, h = (float) r->height;
  LimnPaintRegion region = { .colour = colour, .left = 1, .top = 1, .share = (float) count / (w * h), .label = LIMN_LABEL_PLAIN };
  double x = 0, y = 0;

  for (size_t k = 0; k < count; k++) {
    const float cx = (float) (cells[k] % r->width), cy = (float) (cells[k] / r->width);

    region.left = limn_min (region.left, cx / w);
    region.right = limn_max (region.right, (cx + 1) / w);
    region.top = limn_min (region.top, cy / h);
    region.bottom = limn_max (region.bottom, (cy + 1) / h);
    x += (double) cx + 0.5;
    y += (double) cy + 0.5;
  }
  region.x = (float) (x / (double) count) / w;
  region.y = (float) (y / (double) count) / h;
  region.filled = region.share / ((region.right - region.left) * (region.bottom - region.top));
  /* The sides of cells along a slanting outline are 4 / pi as long as it. */
  const float length = 0.785f * (float) outline;
  region.round = limn_min (12.566f * (float) count / (length * length), 1);
  return region;
}

static LimnStatus
find_regions (LimnRegions *r, const uint8_t *class, const LimnLab *colours, LimnError *error)
{
  const size_t cells = r->width * r->height;
  uint32_t *stack = limn_alloc (cells, 1, 1, sizeof *stack);

  r->regions = calloc ((size_t) (1 / LEAST_REGION) + 2, sizeof *r->regions);
  if (!stack || !r->regions) {
    free (stack);
    return limn_fail_memory (error, cells * sizeof *stack);
  }
  for (size_t i = 0; i < cells; i++)
    r->region[i] = LIMN_NO_REGION;
  for (size_t i = 0; i < cells; i++) {
    size_t outline;

    if (class[i] >= CHOSEN || r->region[i] != LIMN_NO_REGION)
      continue;
    const size_t count = flood (r, class, i, stack, &outline);
    if ((float) count >= LEAST_REGION * (float) cells) {
      r->regions[r->count] = describe (r, colours[class[i]], stack, count, outline);
      r->count++;
    } else {
      for (size_t k = 0; k < count; k++) /* its index belongs to the next one */
        r->region[stack[k]] = LIMN_NO_REGION - 1;
    }
  }
  for (size_t i = 0; i < cells; i++)
    if (r->region[i] == LIMN_NO_REGION - 1)
      r->region[i] = LIMN_NO_REGION;
  free (stack);
  return LIMN_OK;
}

LimnStatus
limn_regions_find (LimnRegions *r, const LimnPixels *paint, const LimnMask *chosen, LimnError *error)
{
  const size_t longer = paint->width > paint->height ? paint->width : paint->height, side = limn_size_min (longer, LONGER);
  LimnLab colours[COLOURS_MOST];
  uint8_t *class;
  LimnStatus status;

  *r = (LimnRegions){ .width = paint->width * side / longer, .height = paint->height * side / longer };
  r->width += r->width == 0;
  r->height += r->height == 0;
  r->colours = limn_alloc (r->width, r->height, 3, 1);
  r->chosen = limn_alloc (r->width, r->height, 1, 1);
  r->region = limn_alloc (r->width, r->height, 1, sizeof *r->region);
  class = malloc (r->width * r->height);
  if (!r->colours || !r->chosen || !r->region || !class) {
    status = limn_fail_memory (error, 9 * r->width * r->height);
  } else {
    read_cells (r, paint, chosen, class);
    status = classify_cells (r, class, colours, error);
    if (status == LIMN_OK)
      status = find_regions (r, class, colours, error);
  }
  free (class);
  return status;
}

void
limn_regions_clear (LimnRegions *r)
{
  free (r->colours);
  free (r->chosen);
  free (r->region);
  free (r->regions);
  memset (r, 0, sizeof *r);
}
