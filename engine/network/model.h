/* A consistency model: weights, U-Net and the function f(x, t) built on them (docs/networks.md).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_MODEL_H
#define LIMN_MODEL_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"
#include "unet.h"

typedef struct LimnModel LimnModel;

/* role: "base", "detail", or NULL for any. */
LimnStatus limn_model_open (LimnModel **model, const char *path, const char *role, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_model_free (LimnModel *model);
const LimnModelMeta *limn_model_meta (const LimnModel *model);
const LimnUnetConfig *limn_model_config (const LimnModel *model);
/* Channels of the recogniser's feature maps that the model takes (meta's see); 0 if it takes none. */
size_t limn_model_features (const LimnModel *model, int map);

/* y = f(x, t). x, anchor: [height][width][3] f32 in about [-1, 1] (+ noise); anchor NULL for LIMN_CONSISTENCY.
 * condition: [height / p][width / p][in_channels - 3 p^2] in the network's channel order (pixel-unshuffled), NULL = none.
 * features: the recogniser's maps of a picture of 8 width / p x 8 height / p; NULL for a model that takes none.
 * y: allocated by the caller like x, may alias x. Plans for the most recent sizes are cached. */
LimnStatus limn_model_evaluate (LimnModel *model, LimnPool *pool, const LimnImage *x, float t, const LimnImage *anchor,
                                const LimnImage *condition, int class_label, const LimnFeatures *features, LimnImage *y, LimnStats *stats,
                                const LimnControl *control, LimnError *error) LIMN_MUST_USE;

/* One or two steps from noise (docs/networks.md): y = f(start + sigma z, sigma), start = the anchor by itself; with two: y = f(keep(y) + sigma_2 z', sigma_2).
 * sigma <= 0 means sigma_max. known ([h][w][1] in [0, 1], may be NULL) and exact: pixels put back before the second step's noise.
 * Noise is indexed by (origin_x + x, origin_y + y) in one unbounded plane, so that overlapping tiles get the same noise. */
typedef struct {
  const LimnImage *anchor, *start, *condition, *exact, *known; /* start: NULL, or [h][w][3] */
  const LimnFeatures *features;                                /* as limn_model_evaluate's */
  float sigma;
  const LimnSampling *sampling;
  ptrdiff_t origin_x, origin_y; /* in [-2^23, 2^23) */
} LimnSampleInput;
LimnStatus limn_model_sample (LimnModel *model, LimnPool *pool, const LimnSampleInput *input, LimnImage *y, LimnStats *stats,
                              const LimnControl *control, LimnError *error) LIMN_MUST_USE;

/* [h][w][c] -> [h/p][w/p][c p^2] with torch's pixel_unshuffle channel order (c * p^2 + dy * p + dx). */
LimnStatus limn_pixel_unshuffle (LimnImage *out, const LimnImage *in, size_t p, LimnError *error) LIMN_MUST_USE;

#endif
