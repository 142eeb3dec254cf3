/* An image recogniser without its last layer: a small convolutional network of inverted residuals (EfficientNet-Lite, Tan and Le 2019),
 * trained to classify photos. Its intermediate feature maps condition base.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_RECOGNISER_H
#define LIMN_RECOGNISER_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"
#include "weights.h"

typedef struct LimnRecogniser LimnRecogniser;       /* prepared weights, immutable */
typedef struct LimnRecogniserRun LimnRecogniserRun; /* the memory plan of one picture size; one run at a time */

/* Feature maps: at 1/8, 1/16 and 1/32 of the picture's size. */
enum { LIMN_FEATURE_MAPS = 3, LIMN_RECOGNISER_MULTIPLE = 32 };
typedef struct {
  LimnImage maps[LIMN_FEATURE_MAPS]; /* [height / 8][width / 8][channels] and so on; unbounded values */
} LimnFeatures;
void limn_features_clear (LimnFeatures *features); /* may be called twice */

/* Opens, checks and prepares a recogniser's file: a .safetensors with role "see". An error names the file and the fault. */
LimnStatus limn_recogniser_open (LimnRecogniser **recogniser, const char *path, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_recogniser_free (LimnRecogniser *recogniser);
/* The name of its architecture, by which base's metadata refers to it. */
const char *limn_recogniser_name (const LimnRecogniser *recogniser);
/* Its weight file, for the metadata. */
const LimnWeights *limn_recogniser_weights (const LimnRecogniser *recogniser);
/* Channels of a feature map. */
size_t limn_recogniser_channels (const LimnRecogniser *recogniser, int map);

/* Numbers a place that tell what colour it is likely to have: the smaller the distance of two places in them, the more likely these have
 * one colour (training/train-likeness). */
enum { LIMN_LIKENESS = 16 };
/* Whether its file has what makes them. */
bool limn_recogniser_has_likeness (const LimnRecogniser *recogniser);
/* likeness: allocated, of the size of the finest map, [LIMN_LIKENESS] a place. features: of this recogniser, which has likeness. */
LimnStatus limn_recogniser_likeness (const LimnRecogniser *recogniser, const LimnFeatures *features, LimnImage *likeness, LimnPool *pool,
                                     LimnError *error) LIMN_MUST_USE;

/* Plans a run for pictures of width x height (multiples of 32). Allocates all memory; limn_recogniser_forward allocates none. */
LimnStatus limn_recogniser_run_new (LimnRecogniserRun **run, const LimnRecogniser *recogniser, size_t width, size_t height,
                                    LimnError *error) LIMN_MUST_USE;
void limn_recogniser_run_free (LimnRecogniserRun *run);
size_t limn_recogniser_run_bytes (const LimnRecogniserRun *run);
double limn_recogniser_run_gflop (const LimnRecogniserRun *run);

/* picture: [height][width][3], RGB in [-1, 1]. maps: allocated by the caller, shapes as in LimnFeatures. cancel is polled between
 * layers.
 * pool: of at most as many threads as that of limn_recogniser_open. The result does not depend on the number of threads. */
LimnStatus limn_recogniser_forward (LimnRecogniserRun *run, LimnPool *pool, const float *picture, float *const maps[LIMN_FEATURE_MAPS],
                                    const LimnControl *control, LimnError *error) LIMN_MUST_USE;

#endif
