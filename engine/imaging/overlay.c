/* Overlays: allocation, and compositing over a picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "image.h"

LimnStatus
limn_overlay_new (LimnOverlay *overlay, size_t x, size_t y, size_t width, size_t height, int depth, LimnError *error)
{
  size_t stride, bytes;
  void *data;

  *overlay = (LimnOverlay){ 0 };
  if (!limn_size_mul (width, 4, (size_t) depth / 8, &stride) || !limn_size_mul (stride, height, 1, &bytes))
    return limn_fail_memory (error, SIZE_MAX);
  if (bytes < LIMN_OVERLAY_MAPPED) {
    data = calloc (1, bytes);
  } else {
    data = mmap (NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED)
      data = NULL;
    else
      madvise (data, bytes, MADV_HUGEPAGE); /* if no huge pages are available, small ones serve */
  }
  if (data == NULL)
    return limn_fail_memory (error, bytes);
  *overlay = (LimnOverlay){ .x = x, .y = y, .pixels = { data, width, height, stride, depth } };
  return LIMN_OK;
}

void
limn_overlay_clear (LimnOverlay *overlay)
{
  const size_t bytes = overlay->pixels.stride * overlay->pixels.height;

  if (overlay->pixels.data != NULL && bytes >= LIMN_OVERLAY_MAPPED)
    munmap (overlay->pixels.data, bytes);
  else
    free (overlay->pixels.data);
  memset (overlay, 0, sizeof *overlay);
}

/* (below * (max - a) + above * a) / max, to nearest. */
static inline uint32_t
mix (uint32_t below, uint32_t above, uint32_t a, uint32_t max)
{
  return (uint32_t) (((uint64_t) below * (max - a) + (uint64_t) above * a + max / 2) / max);
}

static void
apply_row_8 (uint8_t *below, const uint8_t *above, size_t count, bool keep_alpha)
{
  for (size_t i = 0; i < 4 * count; i += 4) {
    const uint32_t a = above[i + 3];

    if (a == 0)
      continue;
    for (size_t c = 0; c < 3; c++)
      below[i + c] = (uint8_t) mix (below[i + c], above[i + c], a, UINT8_MAX);
    if (!keep_alpha)
      below[i + 3] = (uint8_t) mix (below[i + 3], UINT8_MAX, a, UINT8_MAX);
  }
}

static void
apply_row_16 (uint16_t *below, const uint16_t *above, size_t count, bool keep_alpha)
{
  for (size_t i = 0; i < 4 * count; i += 4) {
    const uint32_t a = above[i + 3];

    if (a == 0)
      continue;
    for (size_t c = 0; c < 3; c++)
      below[i + c] = (uint16_t) mix (below[i + c], above[i + c], a, UINT16_MAX);
    if (!keep_alpha)
      below[i + 3] = (uint16_t) mix (below[i + 3], UINT16_MAX, a, UINT16_MAX);
  }
}

void
limn_overlay_apply (const LimnOverlay *overlay, LimnPixels *picture)
{
  const LimnPixels *above = &overlay->pixels;
  const size_t pixel = picture->depth == 16 ? 8 : 4;
  size_t width, height;

  if (above->data == NULL || overlay->x >= picture->width || overlay->y >= picture->height)
    return;
  width = above->width < picture->width - overlay->x ? above->width : picture->width - overlay->x;
  height = above->height < picture->height - overlay->y ? above->height : picture->height - overlay->y;
  for (size_t y = 0; y < height; y++) {
    uint8_t *to = (uint8_t *) picture->data + (overlay->y + y) * picture->stride + overlay->x * pixel;
    const uint8_t *from = (const uint8_t *) above->data + y * above->stride;

    if (picture->depth == 16)
      apply_row_16 ((uint16_t *) (void *) to, (const uint16_t *) (const void *) from, width, overlay->keep_alpha);
    else
      apply_row_8 (to, from, width, overlay->keep_alpha);
  }
}
