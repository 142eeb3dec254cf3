/* The networks' fast kernels against the plain ones, for every instruction set that this processor has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/kernels/attention.h"
#include "engine/kernels/conv.h"
#include "engine/kernels/norm.h"
#include "reference.h"

static uint32_t state = 1;

/* Uniform in [-1, 1). */
static float
draw (void)
{
  state = state * 1664525u + 1013904223u;
  return (float) (state >> 8) / 8388608.0f - 1.0f;
}

static float *
noise (size_t count)
{
  float *out = g_new (float, count + 1);

  for (size_t i = 0; i < count; i++)
    out[i] = draw ();
  return out;
}

/* Largest difference as a share of the largest value. */
static double
assert_near (const float *got, const float *wanted, size_t count, double limit)
{
  double most = 0.0, range = 1e-30;

  for (size_t i = 0; i < count; i++) {
    g_assert_true (isfinite (got[i]));
    most = fmax (most, fabs ((double) got[i] - wanted[i]));
    range = fmax (range, fabs ((double) wanted[i]));
  }
  if (most / range > limit)
    g_error ("differs by %g of the range, allowed: %g", most / range, limit);
  return most / range;
}

typedef struct {
  size_t width, height, in[2], out;
  LimnConvKind kind;
  bool bias, norm, enlarge, residual, half;
} Case;

static const Case cases[] = {
  { 8, 8, { 16, 0 }, 32, LIMN_CONV_3X3, true, false, false, false, false },
  { 7, 5, { 3, 0 }, 5, LIMN_CONV_3X3, false, false, false, false, false },
  { 1, 1, { 5, 0 }, 17, LIMN_CONV_3X3, true, true, false, true, false },
  { 13, 21, { 33, 7 }, 49, LIMN_CONV_3X3, true, true, false, true, false },
  { 6, 10, { 20, 0 }, 20, LIMN_CONV_3X3, true, false, true, false, false },
  { 8, 8, { 16, 0 }, 32, LIMN_CONV_3X3_HALF, true, false, false, false, false },
  { 9, 7, { 11, 0 }, 6, LIMN_CONV_3X3_HALF, false, false, false, false, false },
  { 40, 38, { 48, 0 }, 96, LIMN_CONV_3X3_HALF, true, false, false, false, false },
  { 16, 16, { 64, 0 }, 64, LIMN_CONV_1X1, true, true, false, false, false },
  { 7, 13, { 9, 30 }, 21, LIMN_CONV_1X1, false, false, false, true, false },
  { 12, 10, { 18, 5 }, 100, LIMN_CONV_1X1, true, true, true, true, false },
  { 64, 64, { 64, 0 }, 64, LIMN_CONV_WINOGRAD, true, false, false, false, false },
  { 16, 16, { 256, 128 }, 128, LIMN_CONV_WINOGRAD, true, true, false, true, false },
  { 13, 9, { 5, 0 }, 3, LIMN_CONV_WINOGRAD, false, false, false, false, false },
  { 1, 1, { 2, 0 }, 1, LIMN_CONV_WINOGRAD, true, false, false, false, false },
  { 33, 30, { 50, 14 }, 45, LIMN_CONV_WINOGRAD, true, true, false, true, false },
  { 20, 18, { 48, 0 }, 48, LIMN_CONV_WINOGRAD, true, false, true, false, false },
  { 8, 8, { 96, 0 }, 240, LIMN_CONV_WINOGRAD, true, false, false, true, false },
  { 11, 6, { 70, 0 }, 50, LIMN_CONV_WINOGRAD, true, true, false, false, true },
  { 50, 70, { 33, 40 }, 17, LIMN_CONV_WINOGRAD, false, false, true, true, true },
  { 8, 8, { 150, 0 }, 40, LIMN_CONV_WINOGRAD, true, true, false, true, true },
  { 6, 8, { 40, 35 }, 33, LIMN_CONV_WINOGRAD, true, false, true, false, false },
  { 10, 6, { 70, 0 }, 36, LIMN_CONV_WINOGRAD, true, true, true, true, true },
  { 15, 19, { 300, 250 }, 20, LIMN_CONV_WINOGRAD, true, false, false, true, true },
  { 270, 9, { 12, 0 }, 18, LIMN_CONV_WINOGRAD, true, false, false, true, true },  /* more tiles across than a block has */
  { 14, 16, { 40, 0 }, 96, LIMN_CONV_WINOGRAD, true, false, false, false, true }, /* three panels, by 2 * 16 columns */
  { 16, 16, { 20, 0 }, 48, LIMN_CONV_WINOGRAD, true, true, false, true, false },  /* by 2 * 8 */
  { 16, 12, { 20, 0 }, 24, LIMN_CONV_WINOGRAD, false, false, true, false, true }, /* by 2 * 4 */
};

/* The input as the convolution defines it, made plainly: enlarged, joined, scaled and shifted, SiLU. */
static float *
plain_input (const Case *test, const LimnConvArguments *a, size_t channels)
{
  float *out = g_new (float, test->width * test->height * channels);

  for (size_t y = 0; y < test->height; y++)
    for (size_t x = 0; x < test->width; x++)
      for (size_t c = 0; c < channels; c++) {
        const size_t i = c < test->in[0] ? 0 : 1, from = i == 0 ? c : c - test->in[0];
        const size_t at = test->enlarge ? y / 2 * (test->width / 2) + x / 2 : y * test->width + x;
        float v = a->in[i][at * test->in[i] + from];

        if (test->norm) {
          v = v * a->scale[c] + a->shift[c];
          v = v / (1.0f + expf (-v));
        }
        out[(y * test->width + x) * channels + c] = v;
      }
  return out;
}

/* moments[2][channels] of in[pixels][channels]: the mean, and the mean of the squared distance to it. */
static void
plain_moments (const float *in, size_t pixels, size_t channels, float *moments)
{
  for (size_t c = 0; c < channels; c++) {
    double mean = 0.0, square = 0.0;

    for (size_t i = 0; i < pixels; i++)
      mean += in[i * channels + c] / (double) pixels;
    for (size_t i = 0; i < pixels; i++)
      square += (in[i * channels + c] - mean) * (in[i * channels + c] - mean) / (double) pixels;
    moments[c] = (float) mean;
    moments[channels + c] = (float) square;
  }
}

/* Moments of part of a grid whose mean is far from zero, which must not eat the variance. */
static void
moments (gconstpointer data)
{
  static const size_t sizes[][3] = { { 1, 1, 3 }, { 4, 64, 32 }, { 3, 21, 45 }, { 1, 48, 16 }, { 2, 7, 130 } }; /* rows, pixels, channels */
  const LimnKernels *kernels = data;

  for (size_t t = 0; t < G_N_ELEMENTS (sizes); t++) {
    const size_t rows = sizes[t][0], pixels = sizes[t][1], channels = sizes[t][2], pitch = channels + 5, row = (pixels + 3) * pitch;
    g_autofree float *in = noise (rows * row), *area = g_new (float, rows *pixels *channels);
    g_autofree float *wanted = g_new (float, 2 * channels), *got = g_new (float, 2 * channels);

    for (size_t i = 0; i < rows * row; i++)
      in[i] += 20.0f;
    for (size_t i = 0; i < rows * pixels; i++)
      memcpy (area + i * channels, in + i / pixels * row + i % pixels * pitch, channels * sizeof *in);
    plain_moments (area, rows * pixels, channels, wanted);
    kernels->moments (in, rows, row, pixels, pitch, channels, got, got + channels);
    for (size_t c = 0; c < channels; c++)
      got[channels + c] /= (float) (rows * pixels);
    assert_near (got, wanted, channels, 1e-6);
    if (rows * pixels > 1)
      assert_near (got + channels, wanted + channels, channels, 1e-5);
  }
}

static double
one_conv (const LimnKernels *kernels, const Case *test)
{
  const size_t channels = test->in[0] + test->in[1], pixels = test->width * test->height;
  const size_t size = test->kind == LIMN_CONV_1X1 ? 1 : 3, stride = test->kind == LIMN_CONV_3X3_HALF ? 2 : 1;
  const size_t results = (test->width + stride - 1) / stride * ((test->height + stride - 1) / stride) * test->out;
  g_autofree float *first = noise (pixels * test->in[0]), *second = noise (pixels * test->in[1]);
  g_autofree float *weight = noise (test->out * channels * size * size), *bias = noise (test->out);
  g_autofree float *scale = noise (channels), *shift = noise (channels), *residual = noise (results);
  g_autofree float *wanted = g_new (float, results), *got[2] = { g_new (float, results), g_new (float, results) };
  g_autofree float *moments = g_new (float, 2 * test->out), *measured[2] = { g_new (float, 2 * test->out), g_new (float, 2 * test->out) };
  LimnConvArguments a = { .width = test->width,
                          .height = test->height,
                          .in = { first, second },
                          .channels = { test->in[0], test->in[1] },
                          .enlarge = test->enlarge,
                          .silu = test->norm,
                          .scale = test->norm ? scale : NULL,
                          .shift = test->norm ? shift : NULL,
                          .residual = test->residual ? residual : NULL,
                          .residual_scale = 0.5f };
  g_autofree float *input = plain_input (test, &a, channels);
  LimnConv *conv;

  for (size_t i = 0; test->half && i < test->out * channels * 9; i++) /* what binary16 holds, some of it as subnormal numbers */
    weight[i] = roundf (weight[i] * 256.0f) / (i % 5 == 0 ? 0x1p24f : 0x1p8f);
  limn_ref_conv (input, test->width, test->height, channels, test->out, size, stride, weight, test->bias ? bias : NULL, wanted);
  for (size_t i = 0; i < results; i++)
    wanted[i] = 2.0f * wanted[i] + (test->residual ? 0.5f * residual[i] : 0.0f);
  for (int threads = 1; threads <= 2; threads++) {
    LimnPool *pool;

    g_assert_cmpint (limn_pool_new (&pool, threads, NULL), ==, LIMN_OK);
    g_assert_cmpint (limn_conv_new (&conv, kernels, test->kind, channels, test->out, weight, test->bias ? bias : NULL, 2.0f, pool, NULL),
                     ==, LIMN_OK);
    const size_t floats = limn_conv_scratch (conv, test->width, test->height);
    float *scratch = limn_alloc ((size_t) threads, floats, 1, sizeof (float));
    a.out = got[threads - 1];
    a.moments = measured[threads - 1];
    a.parts = g_new (float, limn_conv_parts (conv, test->width, test->height));
    limn_conv_run (conv, &a, pool, scratch, floats);
    limn_pool_wait_stragglers (pool);
    g_free (a.parts);
    free (scratch);
    limn_conv_free (conv);
    limn_pool_free (pool);
  }
  /* f32 sums of up to 3,456 products; Winograd's transforms lose about a digit more. */
  const double differs = assert_near (got[0], wanted, results, test->kind == LIMN_CONV_WINOGRAD ? 3e-5 : 3e-6);
  g_assert_cmpmem (got[1], results * sizeof (float), got[0], results * sizeof (float));
  plain_moments (got[0], results / test->out, test->out, moments);
  assert_near (measured[0], moments, test->out, 1e-6);
  assert_near (measured[0] + test->out, moments + test->out, test->out, 2e-6);
  g_assert_cmpmem (measured[1], 2 * test->out * sizeof (float), measured[0], 2 * test->out * sizeof (float));
  g_free (got[1]);
  g_free (measured[1]);
  return differs;
}

static void
convolutions (gconstpointer data)
{
  double worst[2] = { 0.0, 0.0 };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    const double differs = one_conv (data, &cases[i]);
    double *most = &worst[cases[i].kind == LIMN_CONV_WINOGRAD];
    *most = fmax (*most, differs);
  }
  g_test_message ("largest difference: Winograd %.1e of the range, others %.1e", worst[1], worst[0]);
}

static void
norms (gconstpointer data)
{
  static const struct {
    size_t pixels, channels[2], groups;
    bool time, silu;
  } tests[] = {
    { 4096, { 64, 0 }, 32, true, true },
    { 77, { 128, 96 }, 16, false, true },
    { 1, { 32, 0 }, 8, true, false },
    { 130, { 6, 3 }, 3, true, true },
  };

  for (size_t t = 0; t < G_N_ELEMENTS (tests); t++) {
    const LimnKernels *kernels = data;
    const size_t pixels = tests[t].pixels, channels = tests[t].channels[0] + tests[t].channels[1];
    g_autofree float *parts[2] = { noise (pixels * tests[t].channels[0]), NULL }, *second = noise (pixels * tests[t].channels[1]);
    g_autofree float *weight = noise (channels), *bias = noise (channels), *time = noise (2 * channels);
    g_autofree float *joined = g_new (float, pixels *channels), *wanted = g_new (float, pixels *channels);
    g_autofree float *got = g_new (float, pixels *channels), *scale = g_new (float, channels), *shift = g_new (float, channels);
    g_autofree float *moments = g_new (float, 2 * channels);

    parts[1] = second;
    for (size_t i = 0; i < pixels * tests[t].channels[0]; i++)
      parts[0][i] += 20.0f; /* a mean far from zero must not eat the variance */
    for (size_t i = 0; i < pixels; i++)
      for (size_t c = 0; c < channels; c++)
        joined[i * channels + c] = c < tests[t].channels[0] ? parts[0][i * tests[t].channels[0] + c]
                                                            : second[i * tests[t].channels[1] + c - tests[t].channels[0]];
    plain_moments (parts[0], pixels, tests[t].channels[0], moments);
    plain_moments (second, pixels, tests[t].channels[1], moments + 2 * tests[t].channels[0]);
    limn_norm_affine ((const float *[]){ moments, moments + 2 * tests[t].channels[0] }, tests[t].channels, tests[t].groups, 1e-5f, weight,
                      bias, tests[t].time ? time : NULL, scale, shift);
    kernels->affine (joined, channels, pixels, channels, scale, shift, tests[t].silu, got, channels);
    limn_ref_norm (joined, pixels, channels, tests[t].groups, 1e-5f, weight, bias, tests[t].time ? time : NULL, tests[t].silu, wanted);
    assert_near (got, wanted, pixels * channels, 2e-5);
  }
}

/* SiLU over all that a float of the networks may be, at counts that fill no whole vector. */
static void
silus (gconstpointer data)
{
  enum { COUNT = 301 };
  const LimnKernels *kernels = data;
  float in[COUNT], ones[COUNT], zeros[COUNT] = { 0 }, got[COUNT + 1];

  for (size_t i = 0; i < COUNT; i++) {
    ones[i] = 1.0f;
    in[i] = ((float) i - 150.0f) * (i % 3 == 0 ? 1.0f : i % 3 == 1 ? 0.03f : 20.0f);
  }
  for (size_t count = 1; count <= COUNT; count += count < 40 ? 1 : 87) {
    got[count] = -77.0f;
    kernels->affine (in + COUNT - count, count, 1, count, ones, zeros, true, got, count);
    g_assert_cmpfloat (got[count], ==, -77.0f);
    for (size_t i = 0; i < count; i++) {
      const double x = in[COUNT - count + i], wanted = x / (1.0 + exp (-x));
      g_assert_cmpfloat_with_epsilon (got[i], wanted, 1e-6 * fmax (fabs (wanted), 0.1));
    }
  }
}

static void
attentions (gconstpointer data)
{
  static const size_t tests[][3] = { { 256, 64, 1 }, { 49, 24, 3 }, { 100, 128, 2 }, { 1, 8, 1 }, { 33, 30, 2 } };

  for (size_t t = 0; t < G_N_ELEMENTS (tests); t++) {
    const size_t pixels = tests[t][0], channels = tests[t][1], heads = tests[t][2];
    g_autofree float *qkv = noise (pixels * 3 * channels), *wanted = g_new (float, pixels *channels);
    g_autofree float *got = g_new (float, pixels *channels), *scratch = g_new (float, limn_attention_scratch (pixels));
    g_autofree float *packed = g_new (float, limn_attention_packed (data, pixels, channels, heads));

    for (size_t i = 0; i < pixels * 3 * channels; i++)
      qkv[i] *= 3.0f;
    limn_ref_attention (qkv, pixels, channels, heads, wanted);
    for (size_t i = 0; i < pixels; i++)
      for (size_t c = 0; c < channels; c++)
        qkv[i * 3 * channels + c] /= sqrtf ((float) (channels / heads));
    limn_attention (data, qkv, pixels, channels, heads, packed, scratch, limn_attention_scratch (pixels), got, NULL);
    assert_near (got, wanted, pixels * channels, 1e-5);
  }
}

int
main (int argc, char **argv)
{
  const LimnKernels *all[3];
  size_t count = limn_kernels_all (all);

  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < count; i++) {
    g_autofree char *conv = g_strconcat ("/kernels/", all[i]->name, "/conv", NULL);
    g_autofree char *norm = g_strconcat ("/kernels/", all[i]->name, "/norm", NULL);
    g_autofree char *area = g_strconcat ("/kernels/", all[i]->name, "/moments", NULL);
    g_autofree char *silu = g_strconcat ("/kernels/", all[i]->name, "/silu", NULL);
    g_autofree char *attention = g_strconcat ("/kernels/", all[i]->name, "/attention", NULL);

    g_test_add_data_func (conv, all[i], convolutions);
    g_test_add_data_func (norm, all[i], norms);
    g_test_add_data_func (area, all[i], moments);
    g_test_add_data_func (silu, all[i], silus);
    g_test_add_data_func (attention, all[i], attentions);
  }
  return g_test_run ();
}
