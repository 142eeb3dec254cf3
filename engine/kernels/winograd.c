/* 3x3 convolution by Winograd F(4x4,3x3) (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks"): a block
 * of tiles is transformed, multiplied by the transformed weights, 36 products a panel of columns, and transformed back while
 * the panel's products are still in the cache.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "conv-internal.h"

enum {
  BLOCK_BYTES = 640 << 10, /* of a block's transformed input: it stays in a core's own cache */
  MOST_TILES = 48,
  LINE = 16, /* floats of a cache line: keeps the 36 components out of each other's cache sets */
};

/* ---------------------------------------------------------------- weights */

/* G g for one column of three. */
static inline void
spread (const float g[3], float u[6])
{
  const float sum = g[0] + g[2], far = g[0] + 4.0f * g[2];

  u[0] = g[0] / 4.0f;
  u[1] = -(sum + g[1]) / 6.0f;
  u[2] = -(sum - g[1]) / 6.0f;
  u[3] = (far + 2.0f * g[1]) / 24.0f;
  u[4] = (far - 2.0f * g[1]) / 24.0f;
  u[5] = g[2];
}

void
limn_winograd_pack (void *user, size_t panel, int worker)
{
  const LimnConvPack *pack = user;
  const LimnConv *conv = pack->conv;
  const size_t first = panel * 2 * conv->kernels->lanes, width = limn_panel_width (conv->kernels, conv->out, first);
  float *to = conv->packed + first * 36 * conv->in;

  for (size_t c = 0; c < conv->in; c++)
    for (size_t j = 0; j < width; j++) {
      float half[3][6], u[6];

      if (first + j >= conv->out) {
        for (size_t e = 0; e < 36; e++)
          to[(e * conv->in + c) * width + j] = 0.0f;
        continue;
      }
      const float *g = pack->weight + ((first + j) * conv->in + c) * 9;
      for (size_t x = 0; x < 3; x++)
        spread ((float[]) { pack->scale * g[x], pack->scale * g[3 + x], pack->scale * g[6 + x] }, half[x]);
      for (size_t i = 0; i < 6; i++) {
        spread ((float[]) { half[0][i], half[1][i], half[2][i] }, u);
        for (size_t k = 0; k < 6; k++)
          to[((i * 6 + k) * conv->in + c) * width + j] = u[k];
      }
    }
}

/* ---------------------------------------------------------------- running */

static size_t
padded_in (const LimnConv *conv)
{
  return (conv->in + conv->kernels->lanes - 1) / conv->kernels->lanes * conv->kernels->lanes;
}

void
limn_winograd_plan (LimnConvJob *job, const LimnConv *conv, size_t width, size_t height)
{
  const size_t across = (width + 3) / 4, down = (height + 3) / 4;
  size_t most = BLOCK_BYTES / (36 * sizeof (float) * padded_in (conv));

  most = most > MOST_TILES ? MOST_TILES : most < 4 ? 4 : most;
  job->blocks_across = (across + most - 1) / most;
  job->block_columns = (across + job->blocks_across - 1) / job->blocks_across;
  job->blocks_across = (across + job->block_columns - 1) / job->block_columns;
  job->block_rows = most / job->block_columns;
  job->blocks = (down + job->block_rows - 1) / job->block_rows;
  job->block_rows = (down + job->blocks - 1) / job->blocks;
  job->blocks = (down + job->block_rows - 1) / job->block_rows * job->blocks_across;
}

static size_t
strip_floats (const LimnConvJob *job)
{
  return (4 * job->block_rows + 2) * (4 * job->block_columns + 2) * padded_in (job->conv);
}

static size_t
input_component (const LimnConvJob *job)
{
  return job->block_rows * job->block_columns * padded_in (job->conv) + LINE;
}

static size_t
output_component (const LimnConvJob *job)
{
  return job->block_rows * job->block_columns * 2 * job->conv->kernels->lanes + LINE;
}

size_t
limn_winograd_scratch (const LimnConvJob *job)
{
  return strip_floats (job) + 36 * (input_component (job) + output_component (job));
}

void
limn_winograd_piece (void *user, size_t piece, int worker)
{
  const LimnConvJob *job = user;
  const LimnConv *conv = job->conv;
  const LimnKernels *kernels = conv->kernels;
  const LimnConvArguments *a = job->arguments;
  const size_t across = (a->width + 3) / 4, down = (a->height + 3) / 4, channels = padded_in (conv), lanes = kernels->lanes;
  const size_t block = piece / job->groups, group = piece % job->groups;
  const size_t top = block / job->blocks_across * job->block_rows, left = block % job->blocks_across * job->block_columns;
  const size_t rows = down - top < job->block_rows ? down - top : job->block_rows;
  const size_t columns = across - left < job->block_columns ? across - left : job->block_columns;
  const size_t begin = group * job->panels_a_group * 2 * lanes, end = begin + job->panels_a_group * 2 * lanes;
  const size_t strip_width = 4 * columns + 2, tiles = rows * columns;
  const size_t in_component = input_component (job), out_component = output_component (job);
  float *strip = job->scratch + (size_t) worker * job->scratch_stride;
  float *in = strip + strip_floats (job), *out = in + 36 * in_component;

  limn_conv_strip (job, (ptrdiff_t) (4 * top) - 1, (ptrdiff_t) (4 * left) - 1, 4 * rows + 2, strip_width, channels, strip);
  for (size_t t = 0; t < tiles; t++)
    kernels->winograd_in (strip + (t / columns * 4 * strip_width + t % columns * 4) * channels, strip_width * channels, channels,
                          channels, in + t * channels, in_component);
  for (size_t first = begin; first < end && first < conv->out; first += 2 * lanes) {
    const size_t width = limn_panel_width (kernels, conv->out, first), rest = conv->out - first;
    const float *packed = conv->packed + first * 36 * conv->in;

    for (size_t e = 0; e < 36; e++)
      kernels->gemm (tiles, width, conv->in, in + e * in_component, channels, packed + e * conv->in * width,
                     out + e * out_component, width, false);
    for (size_t t = 0; t < tiles; t++) {
      const size_t y = 4 * (top + t / columns), x = 4 * (left + t % columns), at = (y * a->width + x) * conv->out + first;

      kernels->winograd_out (out + t * width, out_component, rest < width ? rest : width, a->height - y < 4 ? a->height - y : 4,
                             a->width - x < 4 ? a->width - x : 4, job->bias + first, a->residual ? a->residual + at : NULL,
                             a->residual_scale, a->out + at, a->width * conv->out, conv->out);
    }
  }
}
