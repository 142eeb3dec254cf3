/* Composes the recogniser's picture as in base's training, and caches its features.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "sight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "engine/base/clock.h"
#include "engine/base/minmax.h"
#include "engine/imaging/luma.h"
#include "engine/imaging/resample.h"

enum {
  KEPT = 4,      /* cached pictures: a preview and its refinement, for two photos */
  OWN_SCALE = 2, /* of a picture without a photo: as in training, where photos had twice base's size */
};

typedef struct {
  LimnImage view;
  LimnFeatures features;
  uint64_t used; /* time of last use; 0: empty */
} Seen;

struct LimnSight {
  LimnRecogniser *recogniser;
  LimnRecogniserRun *run; /* for pictures of width x height; NULL: not yet planned */
  size_t width, height;
  Seen kept[KEPT];
  uint64_t clock;
};

/* ---------------------------------------------------------------- opening */

static LimnStatus
check_features (const LimnRecogniser *recogniser, const LimnModel *base, LimnError *error)
{
  const char *wanted = limn_model_meta (base)->see, *name = limn_recogniser_name (recogniser);

  if (strcmp (wanted, name) != 0)
    return limn_fail (error, LIMN_BAD_MODEL, "The base network was trained with the recogniser \"%s\"; see.safetensors is \"%s\".", wanted,
                      name);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    if (limn_model_features (base, i) != limn_recogniser_channels (recogniser, i))
      return limn_fail (error, LIMN_BAD_MODEL, "The base network is told %zu numbers a cell by map %d of the recogniser, which has %zu.",
                        limn_model_features (base, i), i, limn_recogniser_channels (recogniser, i));
  return LIMN_OK;
}

LimnStatus
limn_sight_new (LimnSight **sight, const char *path, const LimnModel *base, LimnPool *pool, LimnError *error)
{
  LimnSight *self = calloc (1, sizeof *self);
  LimnStatus status;

  *sight = NULL;
  if (!self)
    return limn_fail_memory (error, sizeof *self);
  if (path)
    status = limn_recogniser_open (&self->recogniser, path, pool, error);
  else
    status = limn_fail (error, LIMN_BAD_MODEL,
                        "This base network needs the image recogniser: choose a models folder that has see.safetensors.");
  if (status == LIMN_OK)
    status = check_features (self->recogniser, base, error);
  if (status == LIMN_OK)
    *sight = self;
  else
    limn_sight_free (self);
  return status;
}

static void
forget (Seen *seen)
{
  limn_image_clear (&seen->view);
  limn_features_clear (&seen->features);
  seen->used = 0;
}

void
limn_sight_free (LimnSight *sight)
{
  if (!sight)
    return;
  for (int i = 0; i < KEPT; i++)
    forget (&sight->kept[i]);
  limn_recogniser_run_free (sight->run);
  limn_recogniser_free (sight->recogniser);
  free (sight);
}

/* ---------------------------------------------------------------- the picture */

/* Composes the picture at the photo's own size, scale times base's. */
typedef struct {
  const LimnImage *planes, *sharp, *ink; /* sharp, ink: of out's size */
  LimnImage *out;                        /* starts as the anchor */
  size_t scale;
  bool luma; /* only luma is known, everywhere */
} Showing;

static void
show_row (void *user, size_t y, int worker)
{
  const Showing *s = user;
  const size_t width = s->out->width;

  for (size_t x = 0; x < width; x++) {
    const size_t at = y * width + x;
    const float *plane = s->planes->data + (y / s->scale * s->planes->width + x / s->scale) * LIMN_BASE_PLANES;
    const float *photo = s->sharp->data + at * s->sharp->channels, left = 1 - s->ink->data[at];
    float *to = s->out->data + 3 * at;
    const float luma = limn_luma (photo);

    for (size_t c = 0; c < 3; c++) {
      const float value = s->luma ? luma : plane[LIMN_PLANE_EXACT] > 0 ? photo[c] : to[c];
      to[c] = (limn_min (limn_max (value, -1), 1) + 1) * left - 1;
    }
  }
}

/* ink: lines, [h][w][1]; *luma: whether luma is known anywhere. */
static LimnStatus
read_planes (LimnImage *ink, bool *luma, const LimnImage *planes, LimnError *error)
{
  LIMN_TRY (limn_image_alloc (ink, planes->width, planes->height, 1, error));
  *luma = false;
  for (size_t i = 0; i < planes->width * planes->height; i++) {
    const float *plane = planes->data + i * LIMN_BASE_PLANES;
    ink->data[i] = plane[LIMN_PLANE_INK] * plane[LIMN_PLANE_INK_KNOWN];
    *luma = *luma || plane[LIMN_PLANE_LUMA_KNOWN] > 0;
  }
  return LIMN_OK;
}

/* Without a photo: base's own pixels, colours where they are exact, else luma. */
static LimnStatus
own_pixels (LimnImage *out, const LimnImage *planes, size_t width, size_t height, LimnPool *pool, LimnError *error)
{
  LIMN_SCOPED_IMAGE small = { 0 };

  LIMN_TRY (limn_image_alloc (&small, planes->width, planes->height, 3, error));
  for (size_t i = 0; i < planes->width * planes->height; i++) {
    const float *plane = planes->data + i * LIMN_BASE_PLANES;
    for (size_t c = 0; c < 3; c++)
      small.data[3 * i + c] = plane[LIMN_PLANE_EXACT] > 0 ? plane[c] : plane[LIMN_PLANE_LUMA];
  }
  return limn_resample (out, &small, width, height, LIMN_FILTER_BICUBIC, pool, error);
}

LimnStatus
limn_sight_view (LimnImage *view, const LimnImage *planes, const LimnImage *anchor, const LimnImage *sharp, LimnPool *pool,
                 LimnError *error)
{
  const size_t scale = sharp ? sharp->width / planes->width : OWN_SCALE, width = scale * planes->width, height = scale * planes->height;
  LIMN_SCOPED_IMAGE small_ink = { 0 };
  LIMN_SCOPED_IMAGE ink = { 0 };
  LIMN_SCOPED_IMAGE own = { 0 };
  LIMN_SCOPED_IMAGE shown = { 0 };
  Showing showing = { .planes = planes, .sharp = sharp ? sharp : &own, .ink = &ink, .out = &shown, .scale = scale };

  memset (view, 0, sizeof *view);
  LIMN_TRY (read_planes (&small_ink, &showing.luma, planes, error));
  LIMN_TRY (limn_resample (&ink, &small_ink, width, height, LIMN_FILTER_LINEAR, pool, error));
  if (!sharp)
    LIMN_TRY (own_pixels (&own, planes, width, height, pool, error));
  LIMN_TRY (limn_resample (&shown, anchor, width, height, LIMN_FILTER_BICUBIC, pool, error));
  LIMN_TRY (limn_pool_try (pool, height, show_row, &showing, error));
  LIMN_TRY (limn_resample (view, &shown, LIMN_SHARP * planes->width, LIMN_SHARP * planes->height, LIMN_FILTER_BICUBIC, pool, error));
  for (size_t i = 0; i < view->width * view->height * 3; i++) /* bicubic interpolation overshoots */
    view->data[i] = limn_min (limn_max (view->data[i], -1), 1);
  return LIMN_OK;
}

/* ---------------------------------------------------------------- features */

/* Mean of absolute differences; infinite between pictures of two sizes. */
static float
difference (const LimnImage *a, const LimnImage *b)
{
  const size_t row = a->width * a->channels;
  double sum = 0;

  if (a->width != b->width || a->height != b->height)
    return INFINITY;
  for (size_t y = 0; y < a->height; y++) {
    float of_row = 0;
    for (size_t x = y * row; x < (y + 1) * row; x++)
      of_row += fabsf (a->data[x] - b->data[x]);
    sum += (double) of_row;
  }
  return (float) (sum / (double) (row * a->height));
}

/* The cache entry that is nearest to view, if it is near, or else the least recently used one. */
static Seen *
find (LimnSight *sight, const LimnImage *view, float near)
{
  Seen *oldest = &sight->kept[0], *nearest = NULL;
  float least = near;

  for (int i = 0; i < KEPT; i++) {
    Seen *seen = &sight->kept[i];
    const float apart = seen->used > 0 ? difference (&seen->view, view) : INFINITY;
    if (apart <= least) {
      nearest = seen;
      least = apart;
    }
    if (seen->used < oldest->used)
      oldest = seen;
  }
  if (nearest)
    return nearest;
  forget (oldest);
  return oldest;
}

static LimnStatus
recognise (LimnSight *sight, LimnPool *pool, const LimnImage *view, LimnFeatures *features, const LimnControl *control, LimnError *error)
{
  float *maps[LIMN_FEATURE_MAPS];

  if (!sight->run || sight->width != view->width || sight->height != view->height) {
    limn_recogniser_run_free (sight->run);
    sight->run = NULL;
    LIMN_TRY (limn_recogniser_run_new (&sight->run, sight->recogniser, view->width, view->height, error));
    sight->width = view->width;
    sight->height = view->height;
  }
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    const size_t scale = (size_t) 8 << i;
    LIMN_TRY (limn_image_alloc (&features->maps[i], view->width / scale, view->height / scale,
                                limn_recogniser_channels (sight->recogniser, i), error));
    maps[i] = features->maps[i].data;
  }
  return limn_recogniser_forward (sight->run, pool, view->data, maps, control, error);
}

LimnStatus
limn_sight_look (LimnSight *sight, LimnPool *pool, const LimnImage *planes, const LimnImage *anchor, const LimnImage *sharp, float near,
                 const LimnFeatures **features, LimnStats *stats, const LimnControl *control, LimnError *error)
{
  const double start = limn_clock_ms ();
  LimnImage view;
  Seen *seen;
  LimnStatus status;

  LIMN_TRY (limn_sight_view (&view, planes, anchor, sharp, pool, error));
  seen = find (sight, &view, near);
  if (seen->used > 0) {
    limn_image_clear (&view);
  } else {
    status = recognise (sight, pool, &view, &seen->features, control, error);
    seen->view = view;
    if (status != LIMN_OK) {
      forget (seen);
      return status;
    }
  }
  seen->used = ++sight->clock;
  *features = &seen->features;
  if (stats)
    stats->network_ms += limn_clock_ms () - start;
  return LIMN_OK;
}

LimnStatus
limn_sight_likeness (const LimnSight *sight, const LimnFeatures *features, LimnImage *likeness, LimnPool *pool, LimnError *error)
{
  *likeness = (LimnImage){ 0 };
  if (!limn_recogniser_has_likeness (sight->recogniser))
    return LIMN_OK;
  return limn_recogniser_likeness (sight->recogniser, features, likeness, pool, error);
}
