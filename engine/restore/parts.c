/* Candidates by a hysteresis over the responses of ridge filters, joined where their directions agree.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "lines.h"
#include "part-features.h"
#include "surroundings.h"

static const float LEAST = 0.018f, LEAST_STRONG = 0.032f;          /* responses that count at all, and that a part begins with ... */
static const float USUAL[LIMN_PARTS_LINES] = { 1.8f, 3.2f, 5.5f }; /* ... and how many times what is usual around they must be ... */
static const float STRONGER = 1.35f;                               /* ... and that many times again to begin a part with */

enum { NOTHING, WEAK, STRONG };
enum { FEWEST_PIXELS = 3, FIRST_LINE_SCALE = 1 /* that long lines are looked for at: most are broader than a pixel */ };

typedef struct {
  const LimnPartsInput *input;
  LimnRidge ridges[2]; /* light, dark */
  LimnLines lines[2];  /* the same; empty at the finest scale */
  LimnSurroundings around;
  uint8_t *states[2]; /* [h * w] */
  int strictness;
} Search;

/* One kind: what is lighter, or what is darker. */
typedef struct {
  const LimnPartsInput *input;
  const Search *search;
  const LimnRidge *ridge;
  const uint8_t *state;
  LimnParts *out;
} Kind;

static uint8_t
state_of (const Search *search, int k, size_t x, size_t y)
{
  const size_t at = y * search->input->luma->width + x;
  const float response = search->ridges[k].response.data[at];

  if (search->input->known && !search->input->known[at])
    return NOTHING;
  if (search->strictness == LIMN_PARTS_LINES)
    return search->lines[k].on[at] ? STRONG : NOTHING;
  const float usual = USUAL[search->strictness] * limn_surroundings_texture (&search->around, x, y);
  return response > limn_max (LEAST_STRONG, STRONGER * usual) ? STRONG : response > limn_max (LEAST, usual) ? WEAK : NOTHING;
}

static void
mark_row (void *user, size_t y, int worker)
{
  const Search *search = user;
  const size_t width = search->input->luma->width;

  for (int k = 0; k < 2; k++)
    for (size_t x = 0; x < width; x++)
      search->states[k][y * width + x] = state_of (search, k, x, y);
}

/* -- Joining -- */

static uint32_t
find_root (uint32_t *parent, uint32_t i)
{
  while (parent[i] != i)
    i = parent[i] = parent[parent[i]];
  return i;
}

/* Neighbouring directions, or a spot, which has none. */
static bool
agree (uint8_t a, uint8_t b)
{
  const int apart = abs (a - b);

  return a == LIMN_RIDGE_SPOT || b == LIMN_RIDGE_SPOT || apart <= 1 || apart == LIMN_RIDGE_ANGLES - 1;
}

static void
join (const Kind *kind, size_t a, size_t b)
{
  uint32_t *parent = kind->out->label;

  if (!kind->state[b] || !agree (kind->ridge->direction[a], kind->ridge->direction[b]))
    return;
  const uint32_t p = find_root (parent, (uint32_t) a), q = find_root (parent, (uint32_t) b);
  parent[p > q ? p : q] = p > q ? q : p;
}

static void
join_all (const Kind *kind)
{
  const size_t width = kind->input->luma->width, height = kind->input->luma->height;

  for (size_t i = 0; i < width * height; i++)
    kind->out->label[i] = (uint32_t) i;
  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++) {
      const size_t at = y * width + x;
      if (!kind->state[at])
        continue;
      if (x > 0)
        join (kind, at, at - 1);
      for (size_t k = x > 0 ? x - 1 : x; y > 0 && k <= x + 1 && k < width; k++)
        join (kind, at, at - width - x + k);
    }
}

/* -- Numbering -- */

typedef struct {
  uint32_t number, pixels;
  bool strong;
} Group;

static uint32_t
count_roots (const Kind *kind, size_t n)
{
  uint32_t count = 0;

  for (size_t i = 0; i < n; i++) {
    kind->out->label[i] = find_root (kind->out->label, (uint32_t) i);
    count += kind->state[i] && kind->out->label[i] == i;
  }
  return count;
}

/* Turns roots into numbers, from 1 on, of groups that have something strong and some pixels; 0 elsewhere. */
static LimnStatus
number_groups (const Kind *kind, LimnError *error)
{
  const size_t n = kind->input->luma->width * kind->input->luma->height;
  uint32_t *label = kind->out->label, count = count_roots (kind, n), kept = 0;
  Group *groups = calloc ((size_t) count + 1, sizeof *groups);

  if (groups == NULL)
    return limn_fail_memory (error, count * sizeof *groups);
  count = 0;
  for (size_t i = 0; i < n; i++) { /* a root comes before all that it is the root of */
    label[i] = !kind->state[i] ? 0 : label[i] == i ? ++count : label[label[i]];
    groups[label[i]].pixels++;
    groups[label[i]].strong |= kind->state[i] == STRONG;
  }
  for (uint32_t k = 1; k <= count; k++)
    groups[k].number = groups[k].strong && groups[k].pixels >= FEWEST_PIXELS ? ++kept : 0;
  for (size_t i = 0; i < n; i++)
    label[i] = label[i] ? groups[label[i]].number : 0;
  free (groups);
  kind->out->count = kept;
  return LIMN_OK;
}

/* -- Sets -- */

static LimnStatus
find_set (Kind *kind, LimnPool *pool, LimnError *error)
{
  join_all (kind);
  LIMN_TRY (limn_pool_check (pool, error));
  LIMN_TRY (number_groups (kind, error));
  LIMN_TRY (limn_pool_check (pool, error));
  return limn_parts_describe (kind->out, kind->input, kind->ridge, &kind->search->lines[kind->out->dark].course, &kind->search->around,
                              error);
}

static LimnStatus
take_set (const Search *search, int k, const LimnRidge *ridge, LimnTakeParts take, void *user, LimnPool *pool, LimnError *error)
{
  const LimnImage *luma = search->input->luma;
  LimnParts parts = { .width = luma->width, .height = luma->height, .dark = k, .strictness = search->strictness };
  Kind kind = { search->input, search, ridge, search->states[k], &parts };
  LimnStatus status;

  parts.label = limn_alloc (luma->width, luma->height, 1, sizeof *parts.label);
  status = parts.label ? find_set (&kind, pool, error) : limn_fail_memory (error, luma->width * luma->height * sizeof *parts.label);
  if (status == LIMN_OK)
    status = take (user, &parts, error);
  free (parts.label);
  free (parts.parts);
  return status;
}

/* Lines have directions of their own: in a gap there is another one. */
static LimnStatus
take_lines (Search *search, LimnTakeParts take, void *user, LimnPool *pool, LimnError *error)
{
  LIMN_TRY (limn_pool_try (pool, search->input->luma->height, mark_row, search, error));
  for (int k = 0; k < 2; k++) {
    const LimnRidge ridge = { search->ridges[k].response, search->lines[k].direction };
    LIMN_TRY (take_set (search, k, &ridge, take, user, pool, error));
  }
  return LIMN_OK;
}

static LimnStatus
take_all (Search *search, LimnTakeParts take, void *user, LimnPool *pool, LimnError *error)
{
  const LimnImage *luma = search->input->luma;

  LIMN_TRY (limn_ridge_new (&search->ridges[0], luma, 1.0f, pool, error));
  LIMN_TRY (limn_ridge_new (&search->ridges[1], luma, -1.0f, pool, error));
  LIMN_TRY (limn_surroundings_new (&search->around, luma, &search->ridges[0].response, &search->ridges[1].response, pool, error));
  for (int k = 0; k < 2 && search->input->scale >= FIRST_LINE_SCALE; k++)
    LIMN_TRY (limn_lines_new (&search->lines[k], luma, &search->around, k ? -1.0f : 1.0f, pool, error));
  for (int k = 0; k < 2; k++)
    if ((search->states[k] = limn_alloc (luma->width, luma->height, 1, 1)) == NULL)
      return limn_fail_memory (error, luma->width * luma->height);
  for (search->strictness = 0; search->strictness < LIMN_PARTS_LINES; search->strictness++) {
    LIMN_TRY (limn_pool_try (pool, luma->height, mark_row, search, error));
    LIMN_TRY (limn_surroundings_set_crowds (&search->around, search->states[0], search->states[1], luma->width, luma->height, pool, error));
    for (int k = 0; k < 2; k++)
      LIMN_TRY (take_set (search, k, &search->ridges[k], take, user, pool, error));
  }
  return search->input->scale < FIRST_LINE_SCALE ? LIMN_OK : take_lines (search, take, user, pool, error);
}

LimnStatus
limn_parts_each (const LimnPartsInput *input, LimnTakeParts take, void *user, LimnPool *pool, LimnError *error)
{
  Search search = { .input = input };
  const LimnStatus status = take_all (&search, take, user, pool, error);

  for (int k = 0; k < 2; k++) {
    limn_ridge_clear (&search.ridges[k]);
    limn_lines_clear (&search.lines[k]);
    free (search.states[k]);
  }
  limn_surroundings_clear (&search.around);
  return status;
}
