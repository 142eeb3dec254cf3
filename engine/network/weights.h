/* A weight file, mapped read-only and checked: every offset, size and shape, and the U-Net's architecture from its config.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_WEIGHTS_H
#define LIMN_WEIGHTS_H

#include "engine/base/error.h"

typedef enum { LIMN_F32, LIMN_F16, LIMN_BF16 } LimnDtype;

/* One tensor: a view into the mapping, little-endian, row-major, not necessarily aligned. */
typedef struct {
  char name[160];
  LimnDtype dtype;
  int dims;
  size_t shape[4]; /* unused dimensions are 1 */
  size_t count;
  const void *data;
} LimnTensorView;

/* A diffusers UNet2DModel config. */
enum { LIMN_MAX_LEVELS = 8 };
typedef struct {
  int in_channels, out_channels, levels, layers_per_block, norm_groups, head_dim, num_classes; /* 0 classes = none; head_dim 0 = one head */
  int block_channels[LIMN_MAX_LEVELS];
  bool down_attention[LIMN_MAX_LEVELS], down_resnet[LIMN_MAX_LEVELS]; /* AttnDownBlock2D; resampling by a resnet */
  bool up_attention[LIMN_MAX_LEVELS], up_resnet[LIMN_MAX_LEVELS];     /* in the order of up_block_types */
  bool mid_attention, scale_shift, flip_sin_to_cos, center_input;
  float norm_eps, freq_shift, mid_scale;
  int sample_size; /* 0 = not given */
} LimnUnetConfig;

/* Limn's own metadata (docs/networks.md, "Files"); for a plain checkpoint parametrisation is LIMN_CONSISTENCY. */
typedef enum { LIMN_ANCHOR, LIMN_CONSISTENCY } LimnParametrisation;
typedef struct {
  char role[16], version[32];
  char see[32]; /* the recogniser whose features the network is told; "" = none */
  LimnParametrisation parametrisation;
  float sigma_min, sigma_max, sigma_data;
  int space_to_depth;
  size_t size;
  uint64_t pictures_seen;
} LimnModelMeta;

typedef struct LimnWeights LimnWeights;

/* Opens a .safetensors file with __metadata__.config (and .limn), or a diffusers folder. An error names the key or tensor. NaN and
 * infinite weights are only refused when a tensor is read. */
LimnStatus limn_weights_open (LimnWeights **weights, const char *path, LimnError *error) LIMN_MUST_USE;
/* The same for a network that is no U-Net: one file, and parse reads its metadata's "config" and "limn" (NULL: not there). Config and
 * meta of such weights are zeros. */
typedef LimnStatus (*LimnConfigParse) (void *user, const char *config, const char *limn, const char *where, LimnError *error);
LimnStatus
limn_weights_open_as (LimnWeights **weights, const char *path, LimnConfigParse parse, void *user, LimnError *error) LIMN_MUST_USE;
/* Whether Limn's metadata in path name that role, e.g. "see"; of a file that can't be read, the error is whoever opens it to tell.
 * LIMN_NO_MEMORY alone is one. */
LimnStatus limn_weights_have_role (const char *path, const char *role, bool *found, LimnError *error) LIMN_MUST_USE;
void limn_weights_free (LimnWeights *weights);
const LimnUnetConfig *limn_weights_config (const LimnWeights *weights);
const LimnModelMeta *limn_weights_meta (const LimnWeights *weights);
size_t limn_weights_tensors (const LimnWeights *weights);
size_t limn_weights_parameters (const LimnWeights *weights);
size_t limn_weights_file_bytes (const LimnWeights *weights);
LimnDtype limn_weights_dtype (const LimnWeights *weights); /* of the largest tensor */
uint64_t limn_weights_hash (const LimnWeights *weights);   /* as LimnModelInfo.hash */

/* Finds a tensor of that name and exactly that shape (dims 1..4); else the error names it, its shape and the one wanted. */
LimnStatus limn_weights_get (const LimnWeights *weights, const char *name, int dims, const size_t *shape, LimnTensorView *view,
                             LimnError *error) LIMN_MUST_USE;
/* Whether a tensor of that name exists. */
bool limn_weights_has (const LimnWeights *weights, const char *name);
/* The second number of its shape, a convolution's input channels; 0 when there is no such tensor or number. */
size_t limn_weights_inputs (const LimnWeights *weights, const char *name);
/* Reads the tensor as f32 into out [count]; a NaN or infinite value is an error that names it. */
LimnStatus limn_tensor_read (const LimnTensorView *view, float *out, LimnError *error) LIMN_MUST_USE;

#endif
