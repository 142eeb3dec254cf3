/* Attention in blocks of queries that fit the core's cache: scores against all keys, softmax, weighted sum of values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "attention.h"

#include <string.h>

enum { QUERIES = 48, MOST_WIDE = 32 /* floats of a panel's row, by the widest instruction set */ };

typedef struct {
  const LimnKernels *kernels;
  const float *qkv;
  size_t pixels, channels, heads, size; /* size: channels of a head */
  size_t key_floats, value_floats;      /* floats of a head's packed keys and values */
  float *packed;                        /* per head: keys [size][pixels], values [pixels][size] */
  float *scratch;
  size_t stride;
  float *out;
} Job;

static void
pack_head (void *user, size_t head, int worker)
{
  const Job *job = user;
  const float *keys = job->qkv + job->channels + head * job->size, *values = keys + job->channels;
  float *packed = job->packed + head * (job->key_floats + job->value_floats);

  limn_pack (job->kernels, keys, job->size, job->pixels, 1, 3 * job->channels, packed);
  limn_pack (job->kernels, values, job->pixels, job->size, 3 * job->channels, 1, packed + job->key_floats);
}

static size_t
value_panels (const Job *job)
{
  return (job->size + 2 * job->kernels->lanes - 1) / (2 * job->kernels->lanes);
}

static bool
any_open (const LimnClaims *claims, size_t first, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (limn_claims_open (claims, first + i))
      return true;
  return false;
}

static void
attend (void *user, size_t piece, int worker, LimnClaims *claims)
{
  const Job *job = user;
  const size_t blocks = (job->pixels + QUERIES - 1) / QUERIES, head = piece / blocks, at = piece % blocks * QUERIES;
  const size_t count = job->pixels - at < QUERIES ? job->pixels - at : QUERIES, wide = 2 * job->kernels->lanes;
  const float *queries = job->qkv + at * 3 * job->channels + head * job->size;
  const float *keys = job->packed + head * (job->key_floats + job->value_floats), *values = keys + job->key_floats;
  float *scores = job->scratch + (size_t) worker * job->stride, *out = job->out + at * job->channels + head * job->size;
  const size_t panels = value_panels (job);
  float sum[QUERIES * MOST_WIDE];

  if (!any_open (claims, piece * panels, panels))
    return;
  for (size_t first = 0; first < job->pixels; first += wide)
    job->kernels->gemm (count, job->pixels - first < wide ? job->pixels - first : wide, job->size, queries, 3 * job->channels,
                        keys + first * job->size, scores + first, job->pixels, false);
  job->kernels->softmax (scores, count, job->pixels, job->pixels);
  for (size_t panel = 0; panel < panels; panel++) {
    const size_t first = panel * wide, width = limn_panel_width (job->kernels, job->size, first), rest = job->size - first;

    if (!limn_claims_open (claims, piece * panels + panel))
      continue;
    job->kernels->gemm (count, width, job->pixels, scores, job->pixels, values + first * job->pixels, sum, width, false);
    if (!limn_claims_take (claims, piece * panels + panel))
      continue;
    for (size_t i = 0; i < count; i++)
      memcpy (out + i * job->channels + first, sum + i * width, (rest < width ? rest : width) * sizeof *out);
    limn_claims_done (claims);
  }
}

size_t
limn_attention_packed (const LimnKernels *kernels, size_t pixels, size_t channels, size_t heads)
{
  const size_t size = channels / heads;

  return heads * (limn_packed_size (kernels, size, pixels) + limn_packed_size (kernels, pixels, size));
}

size_t
limn_attention_scratch (size_t pixels)
{
  return QUERIES * pixels;
}

void
limn_attention (const LimnKernels *kernels, const float *qkv, size_t pixels, size_t channels, size_t heads, float *packed, float *scratch,
                size_t stride, float *out, LimnPool *pool)
{
  const size_t size = channels / heads;
  Job job = {
    kernels, qkv,     pixels, channels, heads, size, limn_packed_size (kernels, size, pixels), limn_packed_size (kernels, pixels, size),
    packed,  scratch, stride, out
  };
  const size_t pieces = heads * ((pixels + QUERIES - 1) / QUERIES);

  limn_pool_run (pool, heads, pack_head, &job);
  limn_pool_run_claimed (pool, pieces, pieces * value_panels (&job), attend, &job, sizeof job);
}
