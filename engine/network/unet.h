/* The U-Net: prepared weights (immutable, shared) and runs (mutable), with memory planned once per size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_UNET_H
#define LIMN_UNET_H

#include "engine/base/pool.h"
#include "recogniser.h"
#include "weights.h"

typedef struct LimnUnet LimnUnet;       /* prepared weights */
typedef struct LimnUnetRun LimnUnetRun; /* the memory plan of one grid size; one run at a time */

/* Prepares the weights for this machine's kernels. weights must outlive the network. */
LimnStatus limn_unet_new (LimnUnet **unet, const LimnWeights *weights, LimnPool *pool, LimnError *error) LIMN_MUST_USE;
void limn_unet_free (LimnUnet *unet);

/* Plans a run for grids of width x height (each a multiple of 2^(levels-1)). Allocates all memory; limn_unet_forward allocates none. */
LimnStatus limn_unet_run_new (LimnUnetRun **run, const LimnUnet *unet, size_t width, size_t height, LimnError *error) LIMN_MUST_USE;
void limn_unet_run_free (LimnUnetRun *run);
size_t limn_unet_run_bytes (const LimnUnetRun *run);
double limn_unet_run_gflop (const LimnUnetRun *run);

/* Channels of the recogniser's feature maps that the network takes (weights "see.0" to "see.2"); 0 if it takes none. */
size_t limn_unet_features (const LimnUnet *unet, int map);

/* out = F(in, time, class, features). in: [height][width][in_channels], out: [height][width][out_channels], f32, channels last, may not
 * alias. time: input of the positional embedding. class_label: -1 = none. features: the recogniser's maps of a picture of 8 width x 8
 * height; NULL for a network that takes none. cancel is polled between layers.
 * pool: of at most as many threads as that of limn_unet_new. The result does not depend on the number of threads. */
LimnStatus limn_unet_forward (LimnUnetRun *run, LimnPool *pool, const float *in, float time, int class_label, const LimnFeatures *features,
                              float *out, const LimnControl *control, LimnError *error) LIMN_MUST_USE;

#endif
