/* Levels read from pixels, and halved. SPDX-License-Identifier: GPL-3.0-or-later */
#include "select-level.h"

#include <stdlib.h>

#include "engine/base/error.h"

typedef struct {
  LimnSelectLevel *level;
  const LimnSelectLevel *fine;
  const LimnPixels *photo;
  const LimnMask *hints;
  bool open;
} Making;

static LimnStatus
level_alloc (LimnSelectLevel *level, size_t width, size_t height, LimnError *error)
{
  *level = (LimnSelectLevel){ .width = width, .height = height };
  level->rgb = limn_alloc (width, height, 3, 1);
  level->hint = limn_alloc (width, height, 1, 1);
  level->label = limn_alloc (width, height, 1, 1);
  return level->rgb && level->hint && level->label ? LIMN_OK : limn_fail_memory (error, width * height * 5);
}

void
limn_select_level_clear (LimnSelectLevel *level)
{
  free (level->rgb);
  free (level->hint);
  free (level->label);
  *level = (LimnSelectLevel){ 0 };
}

/* A pixel as bytes; its alpha is returned. */
static inline uint8_t
read_pixel (const LimnPixels *photo, const uint8_t *row, size_t x, uint8_t rgb[3])
{
  const uint16_t *deep = (const uint16_t *) (const void *) row + 4 * x;
  const uint8_t *bytes = row + 4 * x;

  for (int c = 0; c < 3; c++)
    rgb[c] = photo->depth == 16 ? (uint8_t) (deep[c] >> 8) : bytes[c];
  return photo->depth == 16 ? (uint8_t) (deep[3] >> 8) : bytes[3];
}

/* Makes a row of hints: where nothing is told, a pixel may be either if the level is open. */
static void
read_hints (const Making *m, size_t y, const uint8_t *told)
{
  const LimnSelectLevel *level = m->level;

  for (size_t x = 0; x < level->width; x++)
    level->hint[y * level->width + x] = told[x] == LIMN_HINT_NONE && m->open ? LIMN_HINT_MAYBE : told[x];
}

static void
read_row (void *user, size_t y, int worker)
{
  const Making *m = user;
  const LimnSelectLevel *level = m->level;
  const uint8_t *row = (const uint8_t *) m->photo->data + y * m->photo->stride, *told = m->hints->data + y * m->hints->stride;

  read_hints (m, y, told);
  for (size_t x = 0; x < level->width; x++) {
    uint8_t *hint = level->hint + y * level->width + x;
    if (read_pixel (m->photo, row, x, level->rgb + 3 * (y * level->width + x)) == 0 && *hint != LIMN_HINT_INSIDE)
      *hint = LIMN_HINT_OUTSIDE;
  }
}

LimnStatus
limn_select_level_new (LimnSelectLevel *level, const LimnPixels *photo, const LimnMask *hints, bool open, LimnPool *pool, LimnError *error)
{
  Making m = { .level = level, .photo = photo, .hints = hints, .open = open };

  LIMN_TRY (level_alloc (level, photo->width, photo->height, error));
  return limn_pool_try (pool, level->height, read_row, &m, error);
}

/* A hint's rank: what is told for sure counts more than what may be. */
static int
strength (uint8_t hint)
{
  return hint == LIMN_HINT_INSIDE ? 3 : hint == LIMN_HINT_OUTSIDE ? 2 : hint == LIMN_HINT_MAYBE ? 1 : 0;
}

/* The strongest of four hints. */
static inline uint8_t
strongest (uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
  if (a == b && a == c && a == d)
    return a;
  const uint8_t first = strength (a) > strength (b) ? a : b, second = strength (c) > strength (d) ? c : d;
  return strength (first) > strength (second) ? first : second;
}

static void
shrink_row (void *user, size_t y, int worker)
{
  const Making *m = user;
  const LimnSelectLevel *to = m->level, *from = m->fine;

  for (size_t x = 0; x < to->width; x++) {
    const size_t x0 = 2 * x, x1 = limn_size_min (x0 + 1, from->width - 1), y0 = 2 * y, y1 = limn_size_min (y0 + 1, from->height - 1);
    const size_t four[] = { y0 * from->width + x0, y0 * from->width + x1, y1 * from->width + x0, y1 * from->width + x1 };

    for (int c = 0; c < 3; c++)
      to->rgb[3 * (y * to->width + x) + (size_t) c] =
        (uint8_t) ((from->rgb[3 * four[0] + (size_t) c] + from->rgb[3 * four[1] + (size_t) c] + from->rgb[3 * four[2] + (size_t) c] +
                    from->rgb[3 * four[3] + (size_t) c] + 2) /
                   4);
    to->hint[y * to->width + x] = strongest (from->hint[four[0]], from->hint[four[1]], from->hint[four[2]], from->hint[four[3]]);
  }
}

LimnStatus
limn_select_level_shrink (LimnSelectLevel *coarse, const LimnSelectLevel *fine, LimnPool *pool, LimnError *error)
{
  Making m = { .level = coarse, .fine = fine };

  LIMN_TRY (level_alloc (coarse, (fine->width + 1) / 2, (fine->height + 1) / 2, error));
  return limn_pool_try (pool, coarse->height, shrink_row, &m, error);
}
