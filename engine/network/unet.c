/* Reads the U-Net's weights by diffusers' names, checks them against the config, and packs them for this machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "unet-internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  LimnUnet *unet;
  const LimnWeights *weights;
  LimnPool *pool;
  LimnError *error;
  size_t side; /* expected side of the grid that the current layer works on; 0 = unknown */
} Reader;

enum { NAME = 160, WINOGRAD_SIDE = 5 }; /* below that side, a single Winograd tile is no less work than plain products */

/* ---------------------------------------------------------------- tensors */

/* A tensor's name; one that is too long is truncated, and then not found. */
static void LIMN_PRINTF (2, 3) put_name (char out[NAME], const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  vsnprintf (out, NAME, format, arguments);
  va_end (arguments);
}

/* Reads prefix.name into out. */
static LimnStatus
read_tensor (const Reader *r, const char *prefix, const char *name, int dims, const size_t shape[4], float *out)
{
  char full[NAME];
  LimnTensorView view;

  put_name (full, "%s%s%s", prefix, *prefix ? "." : "", name);
  LIMN_TRY (limn_weights_get (r->weights, full, dims, shape, &view, r->error));
  return limn_tensor_read (&view, out, r->error);
}

static LimnStatus
read_vector (const Reader *r, const char *prefix, const char *name, size_t count, float **out)
{
  *out = limn_alloc (count, 1, 1, sizeof (float));
  if (!*out)
    return limn_fail_memory (r->error, count * sizeof (float));
  return read_tensor (r, prefix, name, 1, (size_t[4]){ count }, *out);
}

static LimnStatus
read_norm (const Reader *r, const char *prefix, const char *name, size_t channels, UnetNorm *norm)
{
  char full[NAME];

  put_name (full, "%s%s%s", prefix, *prefix ? "." : "", name);
  if (channels % (size_t) r->unet->config.norm_groups != 0)
    return limn_fail (r->error, LIMN_BAD_MODEL, "norm_num_groups %d does not divide the %zu channels of %s.", r->unet->config.norm_groups,
                      channels, full);
  LIMN_TRY (read_vector (r, full, "weight", channels, &norm->weight));
  return read_vector (r, full, "bias", channels, &norm->bias);
}

/* One convolution or dense layer (a 1x1 of dims 2) concatenated from parts, e.g. queries, keys and values: part i is prefix.names[i] of
 * out / parts rows, times scales[i]. more: [out], added to the bias. */
static LimnStatus
read_layer (const Reader *r, const char *prefix, const char *const *names, size_t parts, const float *scales, LimnConvKind kind, int dims,
            size_t in, size_t out, const float *more, LimnConv **conv)
{
  const size_t side = kind == LIMN_CONV_1X1 ? 1 : 3, rows = out / parts, size = rows * in * side * side;
  float *weight = limn_alloc (out, in, side * side, sizeof (float)), *bias = limn_alloc (out, 1, 1, sizeof (float));
  LimnStatus status = weight && bias ? LIMN_OK : limn_fail_memory (r->error, out * in * side * side * sizeof (float));

  for (size_t i = 0; i < parts && status == LIMN_OK; i++) {
    char full[NAME];

    put_name (full, "%s%s%s", prefix, *prefix ? "." : "", names[i]);
    status = read_tensor (r, full, "weight", dims, (size_t[4]){ rows, in, side, side }, weight + i * size);
    if (status == LIMN_OK)
      status = read_tensor (r, full, "bias", 1, (size_t[4]){ rows }, bias + i * rows);
    for (size_t k = 0; k < size && status == LIMN_OK; k++)
      weight[i * size + k] *= scales[i];
    for (size_t k = 0; k < rows && status == LIMN_OK; k++)
      bias[i * rows + k] = scales[i] * (bias[i * rows + k] + (more ? more[i * rows + k] : 0.0f));
  }
  if (status == LIMN_OK)
    status = limn_conv_new (conv, r->unet->kernels, kind, in, out, weight, bias, 1.0f, r->pool, r->error);
  free (weight);
  free (bias);
  return status;
}

static LimnConvKind
kind_3x3 (const Reader *r)
{
  return r->side == 0 || r->side >= WINOGRAD_SIDE ? LIMN_CONV_WINOGRAD : LIMN_CONV_3X3;
}

static LimnStatus
read_conv (const Reader *r, const char *prefix, const char *name, LimnConvKind kind, size_t in, size_t out, float scale, LimnConv **conv)
{
  return read_layer (r, prefix, &name, 1, &scale, kind, 4, in, out, NULL, conv);
}

static LimnStatus
read_dense (const Reader *r, const char *prefix, const char *name, size_t in, size_t out, float scale, LimnConv **conv)
{
  return read_layer (r, prefix, &name, 1, &scale, LIMN_CONV_1X1, 2, in, out, NULL, conv);
}

/* ---------------------------------------------------------------- blocks */

static LimnStatus
read_resnet (const Reader *r, const char *prefix, size_t in, size_t out, float scale, UnetResnet *resnet)
{
  LimnUnet *unet = r->unet;
  const size_t time = 4 * (size_t) unet->config.block_channels[0], values = unet->config.scale_shift ? 2 * out : out;
  const char *const time_name = "time_emb_proj";
  float *more = NULL;
  LimnStatus status;

  LIMN_TRY (read_norm (r, prefix, "norm1", in, &resnet->norm1));
  LIMN_TRY (read_norm (r, prefix, "norm2", out, &resnet->norm2));
  LIMN_TRY (read_conv (r, prefix, "conv1", kind_3x3 (r), in, out, 1.0f, &resnet->conv1));
  LIMN_TRY (read_conv (r, prefix, "conv2", kind_3x3 (r), out, out, scale, &resnet->conv2));
  if (in != out)
    LIMN_TRY (read_conv (r, prefix, "conv_shortcut", LIMN_CONV_1X1, in, out, scale, &resnet->shortcut));
  resnet->time_at = unet->time_values;
  unet->time_values += values;
  if (!unet->config.scale_shift)
    LIMN_TRY (read_vector (r, prefix, "conv1.bias", out, &more));
  status = read_layer (r, prefix, &time_name, 1, (float[]){ 1.0f }, LIMN_CONV_1X1, 2, time, values, more, &resnet->time);
  free (more);
  return status;
}

/* The tensors' names since diffusers 0.12, and those before. */
static LimnStatus
read_attention (const Reader *r, const char *prefix, size_t channels, float scale, UnetAttention *attention)
{
  static const char *const names[2][4] = { { "to_q", "to_k", "to_v", "to_out.0" }, { "query", "key", "value", "proj_attn" } };
  const size_t size = r->unet->config.head_dim > 0 ? (size_t) r->unet->config.head_dim : channels;
  char full[NAME];
  int old;

  if (channels % size != 0)
    return limn_fail (r->error, LIMN_BAD_MODEL, "attention_head_dim %zu does not divide the %zu channels of %s.", size, channels, prefix);
  attention->channels = channels;
  attention->heads = channels / size;
  put_name (full, "%s.query.weight", prefix);
  old = limn_weights_has (r->weights, full);
  put_name (full, "%s.group_norm.weight", prefix);
  /* diffusers omits the middle block's norm if scale_shift is on and attn_norm_num_groups is null */
  if (strncmp (prefix, "mid_block", 9) != 0 || !r->unet->config.scale_shift || limn_weights_has (r->weights, full))
    LIMN_TRY (read_norm (r, prefix, "group_norm", channels, &attention->norm));
  LIMN_TRY (read_layer (r, prefix, names[old], 3, (float[]){ 1.0f / sqrtf ((float) size), 1.0f, 1.0f }, LIMN_CONV_1X1, 2, channels,
                        3 * channels, NULL, &attention->qkv));
  return read_dense (r, prefix, names[old][3], channels, channels, scale, &attention->out);
}

/* The layer that changes the size after a block: a resnet, or a 3x3 convolution (down: stride 2; up: of the enlarged grid). */
static LimnStatus
read_sampler (const Reader *r, const char *prefix, const char *name, bool resnet, bool down, size_t channels, UnetBlock *block)
{
  char full[NAME];

  put_name (full, "%s.%s.0", prefix, name);
  if (!resnet)
    return read_conv (r, full, "conv", down ? LIMN_CONV_3X3_HALF : kind_3x3 (r), channels, channels, 1.0f, &block->sampler);
  block->sampler_resnet = calloc (1, sizeof *block->sampler_resnet);
  if (!block->sampler_resnet)
    return limn_fail_memory (r->error, sizeof *block->sampler_resnet);
  return read_resnet (r, full, channels, channels, 1.0f, block->sampler_resnet);
}

static LimnStatus
read_layer_of_block (const Reader *r, const char *prefix, int i, size_t in, size_t out, float scale, bool attention, UnetBlock *block)
{
  char full[NAME];

  block->layers = i + 1;
  put_name (full, "%s.resnets.%d", prefix, i);
  LIMN_TRY (read_resnet (r, full, in, out, scale, &block->resnets[i]));
  if (!attention)
    return LIMN_OK;
  put_name (full, "%s.attentions.%d", prefix, i);
  return read_attention (r, full, out, scale, &block->attentions[i]);
}

static LimnStatus
read_blocks (Reader *r, size_t side)
{
  LimnUnet *unet = r->unet;
  const LimnUnetConfig *config = &unet->config;
  const int last = config->levels - 1, layers = config->layers_per_block;
  const float mid_scale = 1.0f / config->mid_scale;
  size_t skips[LIMN_MAX_LEVELS * UNET_MAX_LAYERS + 1], depth = 0, channels = (size_t) config->block_channels[0];
  char prefix[NAME];

  skips[depth++] = channels;
  for (int i = 0; i <= last; i++) {
    const size_t out = (size_t) config->block_channels[i];

    r->side = side >> i;
    put_name (prefix, "down_blocks.%d", i);
    for (int j = 0; j < layers; j++, channels = out) {
      LIMN_TRY (read_layer_of_block (r, prefix, j, channels, out, 1.0f, config->down_attention[i], &unet->down[i]));
      skips[depth++] = out;
    }
    if (i == last)
      break;
    r->side = side >> (i + 1);
    LIMN_TRY (read_sampler (r, prefix, "downsamplers", config->down_resnet[i], true, out, &unet->down[i]));
    skips[depth++] = out;
  }
  r->side = side >> last;
  LIMN_TRY (read_layer_of_block (r, "mid_block", 0, channels, channels, mid_scale, config->mid_attention, &unet->mid));
  LIMN_TRY (read_layer_of_block (r, "mid_block", 1, channels, channels, mid_scale, false, &unet->mid));
  for (int i = 0; i <= last; i++) {
    const size_t out = (size_t) config->block_channels[last - i];

    r->side = side >> (last - i);
    put_name (prefix, "up_blocks.%d", i);
    for (int j = 0; j <= layers; j++, channels = out)
      LIMN_TRY (read_layer_of_block (r, prefix, j, channels + skips[--depth], out, 1.0f, config->up_attention[i], &unet->up[i]));
    if (i == last)
      break;
    r->side = side >> (last - i - 1);
    LIMN_TRY (read_sampler (r, prefix, "upsamplers", config->up_resnet[i], false, out, &unet->up[i]));
  }
  return LIMN_OK;
}

/* The 1x1 convolutions of a recogniser's features, where the file says that there are some. */
static LimnStatus
read_see (const Reader *r)
{
  const LimnUnetConfig *config = &r->unet->config;

  if (!*limn_weights_meta (r->weights)->see)
    return LIMN_OK;
  if (config->levels < LIMN_FEATURE_MAPS)
    return limn_fail (r->error, LIMN_BAD_MODEL, "A network that is told what a recogniser sees needs %d levels; this one has %d.",
                      LIMN_FEATURE_MAPS, config->levels);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++) {
    char name[NAME];

    put_name (name, "see.%d.weight", i);
    const size_t channels = limn_weights_inputs (r->weights, name);
    put_name (name, "see.%d", i);
    LIMN_TRY (
      read_conv (r, "", name, LIMN_CONV_1X1, channels > 0 ? channels : 1, (size_t) config->block_channels[i], 1.0f, &r->unet->see[i]));
  }
  return LIMN_OK;
}

static LimnStatus
read_all (Reader *r)
{
  LimnUnet *unet = r->unet;
  const LimnUnetConfig *config = &unet->config;
  const LimnModelMeta *meta = limn_weights_meta (r->weights);
  const size_t first = (size_t) config->block_channels[0], in = (size_t) config->in_channels, time = 4 * first;
  const size_t side = meta->size / (size_t) meta->space_to_depth;

  r->side = side;
  LIMN_TRY (read_dense (r, "time_embedding", "linear_1", first, time, 1.0f, &unet->time_1));
  LIMN_TRY (read_dense (r, "time_embedding", "linear_2", time, time, 1.0f, &unet->time_2));
  if (config->num_classes > 0) {
    unet->classes = limn_alloc ((size_t) config->num_classes, time, 1, sizeof (float));
    if (!unet->classes)
      return limn_fail_memory (r->error, (size_t) config->num_classes * time * sizeof (float));
    LIMN_TRY (read_tensor (r, "class_embedding", "weight", 2, (size_t[4]){ (size_t) config->num_classes, time }, unet->classes));
  }
  if (config->center_input) {
    unet->center = limn_alloc (2, in, 1, sizeof (float));
    if (!unet->center)
      return limn_fail_memory (r->error, 2 * in * sizeof (float));
    for (size_t i = 0; i < in; i++) {
      unet->center[i] = 2.0f;
      unet->center[in + i] = -1.0f;
    }
  }
  LIMN_TRY (read_conv (r, "", "conv_in", kind_3x3 (r), in, first, 1.0f, &unet->conv_in));
  LIMN_TRY (read_see (r));
  LIMN_TRY (read_blocks (r, side));
  r->side = side;
  LIMN_TRY (read_norm (r, "", "conv_norm_out", first, &unet->norm_out));
  return read_conv (r, "", "conv_out", kind_3x3 (r), first, (size_t) config->out_channels, 1.0f, &unet->conv_out);
}

LimnStatus
limn_unet_new (LimnUnet **out, const LimnWeights *weights, LimnPool *pool, LimnError *error)
{
  LimnUnet *unet = calloc (1, sizeof *unet);
  Reader r = { unet, weights, pool, error, 0 };
  LimnStatus status;

  *out = NULL;
  if (!unet)
    return limn_fail_memory (error, sizeof *unet);
  unet->kernels = limn_kernels_best ();
  unet->config = *limn_weights_config (weights);
  unet->threads = limn_pool_threads (pool);
  status = read_all (&r);
  if (status == LIMN_OK)
    *out = unet;
  else
    limn_unet_free (unet);
  return status;
}

/* ---------------------------------------------------------------- freeing */

static void
norm_clear (UnetNorm *norm)
{
  free (norm->weight);
  free (norm->bias);
}

static void
resnet_clear (UnetResnet *resnet)
{
  norm_clear (&resnet->norm1);
  norm_clear (&resnet->norm2);
  limn_conv_free (resnet->conv1);
  limn_conv_free (resnet->conv2);
  limn_conv_free (resnet->shortcut);
  limn_conv_free (resnet->time);
}

static void
block_clear (UnetBlock *block)
{
  for (int i = 0; i < block->layers; i++) {
    resnet_clear (&block->resnets[i]);
    norm_clear (&block->attentions[i].norm);
    limn_conv_free (block->attentions[i].qkv);
    limn_conv_free (block->attentions[i].out);
  }
  limn_conv_free (block->sampler);
  if (block->sampler_resnet)
    resnet_clear (block->sampler_resnet);
  free (block->sampler_resnet);
}

void
limn_unet_free (LimnUnet *unet)
{
  if (!unet)
    return;
  for (int i = 0; i < LIMN_MAX_LEVELS; i++) {
    block_clear (&unet->down[i]);
    block_clear (&unet->up[i]);
  }
  block_clear (&unet->mid);
  limn_conv_free (unet->conv_in);
  limn_conv_free (unet->conv_out);
  for (int i = 0; i < LIMN_FEATURE_MAPS; i++)
    limn_conv_free (unet->see[i]);
  limn_conv_free (unet->time_1);
  limn_conv_free (unet->time_2);
  norm_clear (&unet->norm_out);
  free (unet->classes);
  free (unet->center);
  free (unet);
}

size_t
limn_unet_features (const LimnUnet *unet, int map)
{
  return unet->see[map] ? limn_conv_in (unet->see[map]) : 0;
}
