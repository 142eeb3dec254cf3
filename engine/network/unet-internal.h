/* The prepared weights, organised as the blocks of diffusers' UNet2DModel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_UNET_INTERNAL_H
#define LIMN_UNET_INTERNAL_H

#include "engine/kernels/conv.h"
#include "unet.h"

typedef struct {
  float *weight, *bias; /* [channels]; weight NULL: no norm */
} UnetNorm;

/* ResnetBlock2D. With a plain time shift conv1's bias is part of time's. */
typedef struct {
  UnetNorm norm1, norm2;
  LimnConv *conv1, *conv2, *shortcut, *time; /* shortcut may be NULL */
  size_t time_at;                            /* offset of its time values in the run's */
} UnetResnet;

/* Attention with its norm; queries, keys and values in one matrix. */
typedef struct {
  UnetNorm norm;
  LimnConv *qkv, *out;
  size_t channels, heads;
} UnetAttention;

enum { UNET_MAX_LAYERS = 33 };

/* A down, up or middle block. After its layers comes a convolution or a resnet that changes the size, or nothing. */
typedef struct {
  int layers; /* number of resnets */
  UnetResnet resnets[UNET_MAX_LAYERS];
  UnetAttention attentions[UNET_MAX_LAYERS]; /* those with channels > 0 exist; the middle block's follows its first resnet */
  LimnConv *sampler;
  UnetResnet *sampler_resnet;
} UnetBlock;

struct LimnUnet {
  const LimnKernels *kernels;
  LimnUnetConfig config;
  int threads; /* number of threads that a run has scratch for */
  LimnConv *conv_in, *conv_out, *time_1, *time_2;
  UnetNorm norm_out;
  LimnConv *see[LIMN_FEATURE_MAPS]; /* of the recogniser's features, added after conv_in and the first resnets of the next levels */
  float *classes;                   /* [num_classes][4 * block_channels[0]], NULL: none */
  UnetBlock down[LIMN_MAX_LEVELS], up[LIMN_MAX_LEVELS], mid;
  size_t time_values; /* of all resnets */
  float *center;      /* [2][in_channels]: factors 2, offsets -1 of center_input; NULL: none */
};

#endif
