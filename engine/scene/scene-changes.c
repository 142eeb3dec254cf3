/* Compares scenes plane by plane. A pixel looks at the planes around it within REACH, at the colours of the areas that lie there, at what
 * stands there, and at what is the same for the whole scene.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene-changes.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "stands.h"

/* How far a pixel looks, units: a crown's shade reaches 16 down; planes are read between cells, and so far again for slopes. */
static const float REACH = 18;

/* Depth of clouds above which they are seen, and distances within which what borders on water, on what is plain may show some. */
static const float CLOUDS_SEEN = -40, WATER_SEEN = 32, PLAIN_SEEN = 24;

enum { MIRRORED = 4 }; /* tiles to the side from which a wave shows something */

typedef struct {
  const LimnScene *before, *now;
  LimnSceneChanges *changes;
  uint8_t old[LIMN_AREAS_MOST]; /* for each area of now the index of the same one before, or LIMN_AREAS_MOST */
  uint64_t *seen;               /* [tiles]: bit for each area of now that is seen there */
} Comparison;

/* ---------------------------------------------------------------- marking */

/* Marks tiles of a rectangle, units. */
static void
mark (LimnSceneChanges *c, float left, float top, float right, float bottom)
{
  const size_t x0 = (size_t) (limn_max (left, 0) / LIMN_TONE_CELL), y0 = (size_t) (limn_max (top, 0) / LIMN_TONE_CELL);

  for (size_t y = y0; y < c->height && (float) y * LIMN_TONE_CELL <= bottom; y++)
    for (size_t x = x0; x < c->width && (float) x * LIMN_TONE_CELL <= right; x++)
      c->changed[y * c->width + x] = 1;
}

static void
mark_cell (LimnSceneChanges *c, size_t x, size_t y, float size)
{
  mark (c, (float) x * size, (float) y * size, (float) (x + 1) * size, (float) (y + 1) * size);
}

/* Marks what lies within reach tiles of something marked: first along rows, then along columns. */
static LimnStatus
widen (LimnSceneChanges *c, size_t reach, LimnError *error)
{
  const size_t w = c->width, h = c->height;
  uint8_t *rows = calloc (w * h, 1);

  if (!rows)
    return limn_fail_memory (error, w * h);
  for (size_t y = 0; y < h; y++)
    for (size_t x = 0; x < w; x++)
      for (size_t u = x > reach ? x - reach : 0; c->changed[y * w + x] && u <= x + reach && u < w; u++)
        rows[y * w + u] = 1;
  for (size_t y = 0; y < h; y++)
    for (size_t x = 0; x < w; x++)
      for (size_t v = y > reach ? y - reach : 0; rows[y * w + x] && v <= y + reach && v < h; v++)
        c->changed[v * w + x] = 1;
  free (rows);
  return LIMN_OK;
}

/* ---------------------------------------------------------------- the whole */

static bool
same_lab (LimnLab a, LimnLab b)
{
  return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

static bool
same_sunlight (const LimnSunlight *a, const LimnSunlight *b)
{
  return a->x == b->x && a->y == b->y && a->radius == b->radius && a->towards[0] == b->towards[0] && a->towards[1] == b->towards[1] &&
         a->towards[2] == b->towards[2] && a->low == b->low && a->night == b->night && same_lab (a->glow, b->glow);
}

/* The sky that far things fade into. */
static bool
same_haze (const LimnScene *a, const LimnScene *b)
{
  const bool sky = a->sky < a->count;

  return sky == (b->sky < b->count) && (!sky || same_lab (a->areas[a->sky].mean, b->areas[b->sky].mean));
}

static bool
same_planes (const LimnImage *a, const LimnImage *b)
{
  return (a->data != NULL) == (b->data != NULL);
}

static bool
same_whole (const LimnScene *a, const LimnScene *b)
{
  return a->wide == b->wide && a->high == b->high && a->grid_width == b->grid_width && a->grid_height == b->grid_height &&
         a->horizon == b->horizon && same_sunlight (&a->sunlight, &b->sunlight) && same_haze (a, b) && a->mountains == b->mountains &&
         a->winter == b->winter && a->keep_lines == b->keep_lines && same_planes (&a->cloud_depth, &b->cloud_depth) &&
         same_planes (&a->eaves, &b->eaves) && same_planes (&a->shore, &b->shore) && same_planes (&a->line, &b->line);
}

/* Finds areas again by their labels; false where one is laid from another surface. */
static bool
match_areas (Comparison *m)
{
  for (size_t k = 0; k < m->now->count; k++) {
    const LimnArea *area = &m->now->areas[k];

    m->old[k] = LIMN_AREAS_MOST;
    for (size_t j = 0; j < m->before->count; j++) {
      const LimnArea *old = &m->before->areas[j];

      if (old->label != area->label)
        continue;
      if (old->look != area->look || old->fingerprint != area->fingerprint)
        return false;
      m->old[k] = (uint8_t) j;
    }
  }
  return true;
}

/* ---------------------------------------------------------------- planes */

static void
compare_cells (const Comparison *m)
{
  const LimnScene *a = m->before, *b = m->now;

  for (size_t y = 0; y < b->grid_height; y++)
    for (size_t x = 0; x < b->grid_width; x++) {
      const size_t i = y * b->grid_width + x;

      if (a->distance[i] != b->distance[i] || a->area[i] != m->old[b->area[i]] || a->behind[i] != m->old[b->behind[i]])
        mark_cell (m->changes, x, y, b->cell);
    }
}

/* Cells of a plane, whose cells are size units wide, that differ; where one of them is missing, those above least. */
static void
compare_plane (const Comparison *m, const LimnImage *a, const LimnImage *b, float size, float least)
{
  const LimnImage *there = b && b->data ? b : a;

  for (size_t y = 0; there && there->data && y < there->height; y++)
    for (size_t x = 0; x < there->width; x++) {
      const size_t i = y * there->width + x;
      const float before = a && a->data ? a->data[i] : least, now = b && b->data ? b->data[i] : least;

      if (before != now)
        mark_cell (m->changes, x, y, size);
    }
}

static void
compare_planes (const Comparison *m)
{
  const LimnScene *a = m->before, *b = m->now;
  const float half = 2 * b->cell;

  compare_plane (m, &a->cloud_depth, &b->cloud_depth, half, 0);
  compare_plane (m, &a->relief, &b->relief, half, 0);
  compare_plane (m, &a->shadow, &b->shadow, half, 0);
  compare_plane (m, &a->eaves, &b->eaves, half, 0);
  compare_plane (m, &a->shore, &b->shore, half, 0);
  compare_plane (m, &a->line, &b->line, b->cell, 0);
}

/* ---------------------------------------------------------------- what stands */

static void
mark_stand (LimnSceneChanges *c, const LimnStand *it)
{
  const float aside = limn_max (it->half, 1.2f * it->size);

  mark (c, it->x - aside, it->y - 1.2f * it->size, it->x + aside, it->y + 1.2f * it->size);
}

/* Lattices of one horizon have their things in the same order. */
static void
compare_stands (const Comparison *m, const LimnStands *a, const LimnStands *b)
{
  const LimnStands *there = b ? b : a;

  for (int32_t r = 0; r < there->count; r++)
    for (int32_t c = 0; c < there->rows[r].count; c++) {
      const LimnStand *before = a ? &a->rows[r].items[c] : NULL, *now = b ? &b->rows[r].items[c] : NULL;
      const bool was = before && before->stands, is = now && now->stands;

      if (was && (!is || before->size != now->size))
        mark_stand (m->changes, before);
      if (is && (!was || before->size != now->size))
        mark_stand (m->changes, now);
    }
}

static bool
has_lone (const LimnArea *area, const LimnLone *lone)
{
  for (size_t i = 0; area && i < area->lone_count; i++)
    if (memcmp (&area->lone[i], lone, sizeof *lone) == 0)
      return true;
  return false;
}

/* Marks the lone trees of area that other hasn't. */
static void
compare_lone (const Comparison *m, const LimnArea *area, const LimnArea *other)
{
  for (size_t i = 0; area && i < area->lone_count; i++) {
    const LimnLone *it = &area->lone[i];

    if (!has_lone (other, it))
      mark (m->changes, it->x - it->half, it->foot - it->high, it->x + it->half, it->foot);
  }
}

/* before or now is NULL where there was none or is none. */
static void
compare_standing (const Comparison *m, const LimnArea *before, const LimnArea *now)
{
  compare_plane (m, before ? &before->depth : NULL, now ? &now->depth : NULL, 2 * m->now->cell, LIMN_DEPTH_LEAST);
  compare_stands (m, before ? before->stands : NULL, now ? now->stands : NULL);
  compare_lone (m, before, now);
  compare_lone (m, now, before);
}

static void
compare_all_standing (const Comparison *m)
{
  bool found[LIMN_AREAS_MOST + 1] = { false };

  for (size_t k = 0; k < m->now->count; k++) {
    const bool known = m->old[k] < LIMN_AREAS_MOST;

    found[m->old[k]] = true;
    if (limn_stands_out (m->now->areas[k].look))
      compare_standing (m, known ? &m->before->areas[m->old[k]] : NULL, &m->now->areas[k]);
  }
  for (size_t k = 0; k < m->before->count; k++)
    if (!found[k] && limn_stands_out (m->before->areas[k].look))
      compare_standing (m, &m->before->areas[k], NULL);
}

/* ---------------------------------------------------------------- colours */

/* Notes the areas where a plane of depths is above least. */
static void
note_depth (const Comparison *m, const LimnImage *depth, float least, uint64_t bit)
{
  const float scale = 2 * m->now->cell / LIMN_TONE_CELL;

  for (size_t y = 0; y < depth->height; y++)
    for (size_t x = 0; x < depth->width; x++)
      if (depth->data[y * depth->width + x] > least) {
        const size_t i = limn_size_min ((size_t) (((float) x + 0.5f) * scale), m->changes->width - 1);
        const size_t j = limn_size_min ((size_t) (((float) y + 0.5f) * scale), m->changes->height - 1);

        m->seen[j * m->changes->width + i] |= bit;
      }
}

static void
note_areas (const Comparison *m)
{
  const LimnScene *scene = m->now;
  const float scale = scene->cell / LIMN_TONE_CELL;

  for (size_t y = 0; y < scene->grid_height; y++)
    for (size_t x = 0; x < scene->grid_width; x++) {
      const size_t i = limn_size_min ((size_t) (((float) x + 0.5f) * scale), m->changes->width - 1);
      const size_t j = limn_size_min ((size_t) (((float) y + 0.5f) * scale), m->changes->height - 1);
      const size_t cell = y * scene->grid_width + x;

      m->seen[j * m->changes->width + i] |= UINT64_C (1) << scene->area[cell] | UINT64_C (1) << scene->behind[cell];
    }
  for (size_t k = 0; k < scene->count; k++)
    if (limn_stands_out (scene->areas[k].look))
      note_depth (m, &scene->areas[k].depth, LIMN_DEPTH_LEAST, UINT64_C (1) << k);
    else if (limn_area_light (&scene->areas[k]) == LIMN_LIGHT_CLOUD && scene->cloud_depth.data)
      note_depth (m, &scene->cloud_depth, CLOUDS_SEEN, UINT64_C (1) << k);
}

/* The areas that are seen within reach tiles of a tile. */
static uint64_t
seen_around (const Comparison *m, size_t x, size_t y, size_t reach)
{
  uint64_t seen = 0;

  for (size_t v = y > reach ? y - reach : 0; v <= y + reach && v < m->changes->height; v++)
    for (size_t u = x > reach ? x - reach : 0; u <= x + reach && u < m->changes->width; u++)
      seen |= m->seen[v * m->changes->width + u];
  return seen;
}

/* Marks tiles where the colour of an area that is seen there is another one. */
static void
compare_tones (const Comparison *m, size_t reach)
{
  for (size_t y = 0; y < m->changes->height; y++)
    for (size_t x = 0; x < m->changes->width; x++) {
      const size_t i = y * m->changes->width + x;
      const uint64_t seen = seen_around (m, x, y, reach);

      for (size_t k = 0; k < m->now->count; k++) {
        const LimnArea *area = &m->now->areas[k];
        const LimnLab *tone = (const LimnLab *) area->tone.data + i;

        if (!(seen >> k & 1) || !area->look)
          continue;
        if (m->old[k] == LIMN_AREAS_MOST || !same_lab (*tone, ((const LimnLab *) m->before->areas[m->old[k]].tone.data)[i]))
          m->changes->changed[i] = 1;
      }
    }
}

/* ---------------------------------------------------------------- all */

static LimnStatus
compare (const Comparison *m, LimnError *error)
{
  const size_t cells = (size_t) ceilf (2 * m->now->cell / LIMN_TONE_CELL); /* tiles that a cell of half the grid covers */

  note_areas (m);
  compare_cells (m);
  compare_planes (m);
  compare_all_standing (m);
  compare_tones (m, cells + 1);
  return widen (m->changes, (size_t) ceilf (REACH / LIMN_TONE_CELL) + 2 * cells, error);
}

LimnStatus
limn_scene_changes_find (LimnSceneChanges *changes, const LimnScene *before, const LimnScene *now, bool *whole, LimnError *error)
{
  const LimnImage *tone = &now->areas[0].tone;
  Comparison m = { .before = before, .now = now, .changes = changes };
  LimnStatus status;

  *changes = (LimnSceneChanges){ .width = tone->width, .height = tone->height };
  *whole = !same_whole (before, now) || !match_areas (&m);
  if (*whole)
    return LIMN_OK;
  changes->changed = calloc (changes->width * changes->height, 1);
  m.seen = calloc (changes->width * changes->height, sizeof *m.seen);
  status = changes->changed && m.seen ? compare (&m, error) : limn_fail_memory (error, 9 * changes->width * changes->height);
  free (m.seen);
  return status;
}

void
limn_scene_changes_clear (LimnSceneChanges *changes)
{
  free (changes->changed);
  *changes = (LimnSceneChanges){ 0 };
}

/* Whether a cell is water, or borders on it so nearly that some may be seen there. */
static bool
is_water (const LimnScene *scene, size_t cell)
{
  return limn_area_light (&scene->areas[scene->area[cell]]) == LIMN_LIGHT_WATER ||
         (scene->distance[cell] < WATER_SEEN && limn_area_light (&scene->areas[scene->behind[cell]]) == LIMN_LIGHT_WATER);
}

/* Columns of tiles whose mirrored picture has changed. */
static void
find_mirrored (const LimnSceneChanges *changes, uint8_t *columns)
{
  for (size_t y = 0; y < changes->height; y++)
    for (size_t x = 0; x < changes->width; x++)
      for (size_t u = x > MIRRORED ? x - MIRRORED : 0; changes->changed[y * changes->width + x] && u <= x + MIRRORED && u < changes->width;
           u++)
        columns[u] = 1;
}

LimnStatus
limn_scene_changes_add_water (LimnSceneChanges *changes, const LimnScene *now, LimnError *error)
{
  uint8_t *columns = calloc (changes->width, 1);

  if (!columns)
    return limn_fail_memory (error, changes->width);
  find_mirrored (changes, columns);
  for (size_t y = 0; y < now->grid_height; y++)
    for (size_t x = 0; x < now->grid_width; x++)
      if (columns[limn_size_min ((size_t) ((float) x * now->cell / LIMN_TONE_CELL), changes->width - 1)] &&
          is_water (now, y * now->grid_width + x))
        mark_cell (changes, x, y, now->cell);
  free (columns);
  return LIMN_OK;
}

/* Whether a cell is plain, or borders on what is so nearly that some may be seen there. What stands out may leave all of its area to what
 * lies behind it. */
static bool
may_be_plain (const LimnScene *scene, size_t cell)
{
  const LimnLook *look = scene->areas[scene->area[cell]].look, *behind = scene->areas[scene->behind[cell]].look;

  return !look || (!behind && (scene->distance[cell] < PLAIN_SEEN || limn_stands_out (look)));
}

void
limn_scene_changes_add_plain (LimnSceneChanges *changes, const LimnScene *now)
{
  for (size_t y = 0; y < now->grid_height; y++)
    for (size_t x = 0; x < now->grid_width; x++)
      if (may_be_plain (now, y * now->grid_width + x))
        mark_cell (changes, x, y, now->cell);
}
