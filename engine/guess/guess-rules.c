/* What a region is likely to be. Each rule says a material, and how sure it is; the surest one counts. Rules that look at neighbours come
 * after those that look at a region alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/minmax.h"
#include "guess.h"

/* A region as rules see it. */
typedef struct {
  LimnPaintRegion *is;
  float light, chroma, hue; /* hue: degrees, 0 = red, 90 = yellow, 180 = green, 270 = blue */
  float wide, high;
  bool top, bottom; /* touches that border */
  float sky;        /* where the sky ends, fraction of the height; 0 without */
  bool blue_sky;    /* which is a day's */
  float aspect;     /* the picture's width over its height */
} Seen;

static void
say (Seen *s, const char *id, float sure)
{
  if (sure <= s->is->sure)
    return;
  s->is->sure = sure;
  s->is->label = limn_material_of_id (id)->label;
}

static bool
is_blue (const Seen *s)
{
  return s->hue > 215 && s->hue < 310 && s->chroma > 7;
}

static bool
is_green (const Seen *s)
{
  return s->hue > 98 && s->hue < 190 && s->chroma > 8;
}

static bool
is_gray (const Seen *s)
{
  return s->chroma < 13;
}

/* Red, orange, brown and yellow. */
static bool
is_warm (const Seen *s)
{
  return (s->hue < 98 || s->hue > 325) && s->chroma >= 10;
}

static float
hue_of (LimnLab lab)
{
  const float degrees = atan2f (lab[2], lab[1]) * 57.29578f;

  return degrees < 0 ? degrees + 360 : degrees;
}

/* ---------------------------------------------------------------- one region alone */

static void
see_sky (Seen *s)
{
  const bool broad = s->wide > 0.6f && s->is->share > 0.06f;

  if (s->top && broad && s->is->y < 0.5f) {
    if (s->light < 32)
      say (s, "sky", 0.85f);
    else if (is_blue (s) || (is_gray (s) && s->light > 50))
      say (s, "sky", 0.95f);
    else if (is_warm (s) || s->hue > 300)
      say (s, "sunset", 0.9f);
  }
  if (!s->top && s->wide > 0.75f && s->is->bottom < 0.62f && s->is->y < 0.45f && s->sky > 0 && s->is->top < s->sky + 0.05f) {
    if (is_warm (s) && s->light > 45 && !s->blue_sky)
      say (s, "sunset", 0.7f);
    else if (is_blue (s) && s->light > 60)
      say (s, "sky", 0.6f);
  }
  if (s->is->share < 0.03f && s->is->round > 0.62f && s->is->filled > 0.6f && fabsf (s->aspect * s->wide - s->high) < 0.5f * s->high &&
      s->is->bottom < limn_max (s->sky, 0.3f) + 0.06f && s->light > 72 && s->hue > 35 && s->hue < 118 && s->chroma > 12)
    say (s, "sun", 0.85f);
  if (s->light > 78 && s->chroma < 11 && s->is->y < limn_max (s->sky, 0.3f) - 0.03f && s->is->bottom < s->sky + 0.04f && s->sky > 0)
    say (s, "clouds", s->is->filled < 0.86f ? 0.8f : 0.55f);
}

static void
see_water (Seen *s)
{
  if (s->chroma < 12 || s->hue < 185 || s->hue > 310)
    return;
  if (s->is->y < 0.38f || s->top)
    return;
  if (s->wide > 0.85f && s->is->share > 0.08f && s->is->filled > 0.72f && s->is->top < s->sky + 0.1f)
    say (s, "sea", 0.85f);
  else if (s->is->share > 0.012f && s->is->y > s->sky)
    say (s, "water", s->wide > 1.3f * s->high * 0.7f ? 0.8f : 0.6f);
}

static void
see_green (Seen *s)
{
  if (!is_green (s))
    return;
  if (s->wide > (s->bottom ? 0.15f : 0.3f) && (s->bottom || s->is->y > s->sky + 0.12f) && s->light > 40)
    say (s, "meadow", s->bottom ? 0.9f : 0.7f);
  if (s->wide > 0.45f && s->bottom && s->light <= 40)
    say (s, "meadow", 0.65f);
  if (s->wide > 0.4f && !s->bottom && s->is->y < limn_max (s->sky + 0.14f, 0.62f) && s->light < 56)
    say (s, "woods", 0.75f);
  if ((!s->bottom || s->is->top < s->sky) && s->is->share > 0.006f && s->wide < 0.55f && s->is->round > 0.3f && s->high > 0.5f * s->wide &&
      s->light < 66)
    say (s, "leaves", s->is->top < s->sky ? 0.8f : 0.66f);
  if (s->is->share > 0.004f && s->wide > 1.6f * s->high && s->wide < 0.6f && s->light < 62 && !s->bottom)
    say (s, "hedge", 0.68f);
  if (s->high > 1.15f * s->wide && s->is->filled < 0.66f && s->is->filled > 0.35f && s->light < 55 && s->is->share > 0.003f &&
      s->is->y > (s->is->top + s->is->bottom) / 2 + 0.06f * s->high)
    say (s, "firs", 0.75f);
}

static void
see_ground (Seen *s)
{
  const bool low = s->is->y > limn_max (s->sky, 0.3f);

  if (is_warm (s) && low && s->hue > 35) {
    if (s->wide > 0.55f && s->light > 56)
      say (s, "sand", s->bottom ? 0.85f : 0.65f);
    else if (s->wide > 0.45f && s->bottom)
      say (s, "path", 0.7f);
    else if (s->light > 42 && s->bottom && s->is->share > 0.01f)
      say (s, "path", 0.75f);
    else if (s->light > 48 && s->is->y > 0.55f && s->is->share > 0.008f && s->is->filled < 0.7f)
      say (s, "path", 0.6f);
  }
  if (is_gray (s) && low && s->bottom && s->light < 78 && s->is->share > 0.02f)
    say (s, "road", 0.65f);
  if (s->light > 85 && s->chroma < 9 && low && s->wide > 0.45f && s->is->share > 0.06f)
    say (s, "snow", 0.85f);
}

static void
see_heights (Seen *s)
{
  if (s->is->share > 0.03f && s->sky > 0 && s->is->top < s->sky && s->wide > 0.35f && s->is->filled < 0.8f && !s->bottom && s->light < 75 &&
      (s->chroma < 20 || is_blue (s)) && s->is->y < 0.6f)
    say (s, "mountain", s->is->filled < 0.66f || s->wide > 0.7f ? 0.78f : 0.45f);
}

static void
see_things (Seen *s)
{
  if (is_warm (s) && s->light < 48 && s->chroma < 42 && s->high > 1.5f * s->wide && s->wide < 0.14f)
    say (s, "bark", 0.55f);
  if (is_warm (s) && s->is->filled > 0.78f && s->hue < 58 && s->chroma > 22 && s->light > 28 && s->light < 68 && s->is->share > 0.02f &&
      !s->bottom)
    say (s, "brick", 0.62f);
  if (is_gray (s) && s->light > 40 && s->light < 80 && s->is->share > 0.03f && s->is->top < s->sky && s->is->bottom > s->sky - 0.02f &&
      !s->bottom && s->is->filled > 0.64f && s->wide < 0.65f)
    say (s, "stone", 0.66f);
  if (is_gray (s) && s->light < 70 && s->is->y > limn_max (s->sky, 0.35f) && s->is->share < 0.06f && s->is->share > 0.002f &&
      s->is->filled > 0.55f && s->is->filled < 0.88f)
    say (s, "rock", 0.6f);
}

/* ---------------------------------------------------------------- neighbours */

/* touch[a * count + b]: how many cells of a lie beside ones of b; above[...]: how many lie over them. */
typedef struct {
  uint32_t *touch, *above;
  size_t count;
} Neighbours;

static void
count_neighbours (const LimnRegions *r, Neighbours *n)
{
  const size_t w = r->width;

  for (size_t i = 0; i < w * r->height; i++) {
    const uint32_t a = r->region[i];

    for (size_t reach = 1; reach <= 3 && a != LIMN_NO_REGION; reach++) { /* over soft edges, which are no region's */
      if (i % w + reach < w && r->region[i + reach] != LIMN_NO_REGION && r->region[i + reach] != a) {
        n->touch[a * n->count + r->region[i + reach]]++;
        n->touch[r->region[i + reach] * n->count + a]++;
        break;
      }
    }
    for (size_t reach = 1; reach <= 3 && a != LIMN_NO_REGION; reach++) {
      const size_t below = i + reach * w;
      if (below < w * r->height && r->region[below] != LIMN_NO_REGION && r->region[below] != a) {
        n->touch[a * n->count + r->region[below]]++;
        n->touch[r->region[below] * n->count + a]++;
        n->above[a * n->count + r->region[below]]++;
        break;
      }
    }
  }
}

static bool
is_labelled (const LimnPaintRegion *region, const char *id)
{
  return region->label != LIMN_LABEL_PLAIN && strcmp (limn_material_of_label (region->label)->id, id) == 0;
}

static bool
is_wall (const LimnPaintRegion *region)
{
  return is_labelled (region, "brick") || is_labelled (region, "plaster") || is_labelled (region, "wood") || is_labelled (region, "stone");
}

/* What material a wall of that colour is of. */
static const char *
wall_of (const Seen *s)
{
  if (s->chroma < 14)
    return s->light > 72 ? "plaster" : "stone";
  if (s->light > 70 || !is_warm (s))
    return "plaster";
  return s->hue < 50 && s->chroma > 28 ? "brick" : s->light < 56 ? "wood" : "plaster";
}

/* A roof: on top of something about as wide and more upright, narrower above than below, before the sky. */
static void
see_roofs (Seen *s, const LimnRegions *r, const Neighbours *n, size_t k)
{
  for (size_t j = 0; j < r->count; j++) {
    LimnPaintRegion *under = &r->regions[j];
    const float wide = under->right - under->left;

    /* Neither a face under hair nor a mountain over woods. */
    const bool ball = under->filled > 0.66f && under->filled < 0.87f && under->round > 0.8f;
    if (ball || fabsf (under->top - s->is->bottom) > 0.15f || wide > 0.62f || s->is->y < s->is->top + 0.46f * s->high ||
        is_labelled (s->is, "mountain"))
      continue;
    if (j == k || n->above[k * n->count + j] * 2 < (uint32_t) (s->wide * (float) r->width) || s->wide > 0.7f || s->wide < 0.7f * wide ||
        s->wide > 2.2f * wide || under->filled < 0.55f || s->high > 0.5f || (is_green (s) && s->chroma > 20) || s->light > 85 ||
        under->label == limn_material_of_id ("meadow")->label || under->bottom > 0.97f || s->is->filled < 0.42f ||
        (s->is->filled > 0.93f && s->light > 60))
      continue;
    say (s, "roof", 0.85f);
    Seen wall = { .is = under,
                  .light = under->colour[0],
                  .chroma = sqrtf (under->colour[1] * under->colour[1] + under->colour[2] * under->colour[2]),
                  .hue = hue_of (under->colour) };
    say (&wall, wall_of (&wall), 0.84f);
  }
}

/* What lies within a wall is a window, its frame or a door. */
static void
see_openings (Seen *s, const LimnRegions *r, const Neighbours *n, size_t k)
{
  uint32_t wall = 0, all = 0;
  bool in_frame = false;

  for (size_t j = 0; j < r->count; j++) {
    const uint32_t touch = n->touch[k * n->count + j];
    all += touch;
    if (is_wall (&r->regions[j]) && r->regions[j].share > s->is->share)
      wall += touch;
    in_frame |= touch > 0 && is_labelled (&r->regions[j], "plaster") && r->regions[j].share < 0.05f;
  }
  if (2 * wall < all || s->is->share > 0.06f || all == 0)
    return;
  if (is_blue (s) || (s->hue > 60 && s->hue < 100 && s->light > 65 && s->chroma > 20) || (s->light < 28 && s->chroma < 12))
    say (s, "glass", 0.87f);
  else if (s->light > 80 && s->chroma < 14)
    say (s, "plaster", in_frame ? 0.5f : 0.87f);
  else if (s->is->filled > 0.7f && s->high > 0.9f * s->wide)
    say (s, "wood", 0.86f);
}

/* A stroke of another shade within ground is of that ground. */
static void
see_shades (Seen *s, const LimnRegions *r, const Neighbours *n, size_t k)
{
  uint32_t all = 0;

  for (size_t j = 0; j < r->count; j++)
    all += n->touch[k * n->count + j];
  for (size_t j = 0; j < r->count; j++) {
    const LimnPaintRegion *around = &r->regions[j];
    const LimnLab d = around->colour - s->is->colour;
    const bool ground = around->label != LIMN_LABEL_PLAIN && limn_material_of_label (around->label)->group == LIMN_GROUP_GROUND;

    if (ground && around->sure > 0.6f && around->share > 4 * s->is->share && 10 * n->touch[k * n->count + j] > 8 * all &&
        d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < 18 * 18)
      say (s, limn_material_of_label (around->label)->id, 0.62f);
  }
}

static void
see_beside (Seen *s, const LimnRegions *r, const Neighbours *n, size_t k)
{
  for (size_t j = 0; j < r->count; j++) {
    const uint32_t over = n->above[j * n->count + k], touch = n->touch[k * n->count + j];

    if (touch == 0)
      continue;
    if (over > 0 && (is_labelled (&r->regions[j], "leaves") || is_labelled (&r->regions[j], "firs")) && is_warm (s) && s->light < 55 &&
        s->wide < 0.2f && s->high > 0.7f * s->wide)
      say (s, "bark", 0.9f);
    if (over > 0 && is_labelled (&r->regions[k], "bark") == false &&
        is_green (&(Seen){ .hue = hue_of (r->regions[j].colour), .chroma = 20 }) && is_warm (s) && s->light < 48 &&
        s->high > 1.2f * s->wide && s->wide < 0.15f && r->regions[j].share > 0.5f * s->is->share) {
      say (s, "bark", 0.8f);
      Seen crown = { .is = &r->regions[j] };
      say (&crown, "leaves", 0.86f);
    }
    if (is_labelled (&r->regions[j], "mountain") && s->light > 84 && s->chroma < 9 && touch * 3 > (uint32_t) (s->wide * (float) r->width))
      say (s, "snow", 0.9f);
    if (is_labelled (&r->regions[j], "glass") && s->light > 80 && s->chroma < 14 && s->is->share < 0.03f && touch > 8)
      say (s, "plaster", 0.88f);
  }
}

/* ---------------------------------------------------------------- all */

static bool
has_blue_sky (const LimnRegions *r)
{
  for (size_t k = 0; k < r->count; k++)
    if (is_labelled (&r->regions[k], "sky") && r->regions[k].colour[2] < -7)
      return true;
  return false;
}

static Seen
see (const LimnRegions *r, size_t k, float sky)
{
  LimnPaintRegion *region = &r->regions[k];

  return (Seen){ .is = region,
                 .light = region->colour[0],
                 .chroma = sqrtf (region->colour[1] * region->colour[1] + region->colour[2] * region->colour[2]),
                 .hue = hue_of (region->colour),
                 .wide = region->right - region->left,
                 .high = region->bottom - region->top,
                 .top = region->top <= 0.012f,
                 .bottom = region->bottom >= 0.988f,
                 .sky = sky,
                 .blue_sky = has_blue_sky (r),
                 .aspect = (float) r->width / (float) r->height };
}

/* Where the sky ends: the lowest of what is one for sure; of a chosen one too. */
static float
sky_end (const LimnRegions *r)
{
  float end = 0;

  for (size_t k = 0; k < r->count; k++)
    if (is_labelled (&r->regions[k], "sky") || is_labelled (&r->regions[k], "sunset"))
      end = limn_max (end, limn_min (r->regions[k].bottom, 2 * r->regions[k].y));
  for (size_t i = 0; i < r->width * r->height; i++) {
    const LimnMaterial *chosen = limn_material_of_label (r->chosen[i]);
    if (chosen && (strcmp (chosen->id, "sky") == 0 || strcmp (chosen->id, "sunset") == 0))
      end = limn_max (end, limn_min ((float) (i / r->width) / (float) r->height, 0.6f));
  }
  return limn_min (end, 0.75f);
}

LimnStatus
limn_regions_classify (LimnRegions *r, LimnError *error)
{
  Neighbours n = { .count = r->count };

  n.touch = calloc (r->count * r->count + 1, sizeof *n.touch);
  n.above = calloc (r->count * r->count + 1, sizeof *n.above);
  if (!n.touch || !n.above) {
    free (n.touch);
    free (n.above);
    return limn_fail_memory (error, r->count * r->count * 8);
  }
  count_neighbours (r, &n);
  float sky = 0;
  for (int pass = 0; pass < 3; pass++) { /* below one part of the sky may be another one */
    for (size_t k = 0; k < r->count; k++) {
      Seen s = see (r, k, sky);
      see_sky (&s);
    }
    sky = sky_end (r);
  }
  for (size_t k = 0; k < r->count; k++) {
    Seen s = see (r, k, sky);
    see_sky (&s);
    see_water (&s);
    see_green (&s);
    see_ground (&s);
    see_heights (&s);
    see_things (&s);
  }
  for (int pass = 0; pass < 2; pass++) /* what is found beside one region tells of the next */
    for (size_t k = 0; k < r->count; k++) {
      Seen s = see (r, k, sky);
      see_roofs (&s, r, &n, k);
      see_openings (&s, r, &n, k);
      see_beside (&s, r, &n, k);
      see_shades (&s, r, &n, k);
    }
  free (n.touch);
  free (n.above);
  return LIMN_OK;
}
