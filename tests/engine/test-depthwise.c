/* Expansion and depthwise convolution, and the 3x3 with TensorFlow's padding, against their definitions, for every instruction set that
 * this processor has. SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "engine/kernels/conv.h"
#include "engine/kernels/depthwise.h"
#include "told.h"

static uint32_t state = 7;

static float *
noise (size_t count)
{
  float *out = g_new (float, count + 1);

  told_numbers (&state, out, count);
  return out;
}

static double
relu6 (double x)
{
  return fmin (fmax (x, 0.0), 6.0);
}

static void
assert_near (const float *got, const float *wanted, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (!(fabs ((double) got[i] - wanted[i]) < 1e-5 * 6.0))
      g_error ("number %zu is %g and should be %g", i, (double) got[i], (double) wanted[i]);
}

/* A convolution of channel c of [height][width][channels], by TensorFlow's "same": all zeros that the steps need, the odd one at the end.
 * weight: [size][size], each depth floats apart, for depth channels from c on. */
static double
convolved (const float *in, size_t width, size_t height, size_t channels, size_t c, size_t depth, size_t y, size_t x, size_t size,
           size_t stride, const float *weight)
{
  const size_t needed_x = ((width + stride - 1) / stride - 1) * stride + size,
               needed_y = ((height + stride - 1) / stride - 1) * stride + size;
  const ptrdiff_t before_x = (ptrdiff_t) (needed_x - width) / 2, before_y = (ptrdiff_t) (needed_y - height) / 2;
  double sum = 0.0;

  for (size_t ky = 0; ky < size; ky++)
    for (size_t kx = 0; kx < size; kx++) {
      const ptrdiff_t v = (ptrdiff_t) (y * stride + ky) - before_y, u = (ptrdiff_t) (x * stride + kx) - before_x;

      if (v < 0 || u < 0 || v >= (ptrdiff_t) height || u >= (ptrdiff_t) width)
        continue;
      for (size_t d = 0; d < depth; d++)
        sum += (double) in[((size_t) v * width + (size_t) u) * channels + c + d] * (double) weight[(d * size + ky) * size + kx];
    }
  return sum;
}

typedef struct {
  size_t width, height, in, channels, size, stride;
  bool expand;
} Case;

static const Case cases[] = {
  { 32, 32, 16, 96, 3, 1, true },   { 32, 24, 8, 48, 3, 2, true },   { 16, 16, 24, 144, 5, 1, true }, { 32, 32, 10, 60, 5, 2, true },
  { 8, 8, 192, 1152, 5, 1, true },  { 9, 7, 5, 30, 3, 2, true },     { 7, 9, 3, 18, 5, 2, true },     { 1, 1, 4, 8, 5, 1, true },
  { 1, 3, 2, 7, 3, 2, true },       { 40, 30, 32, 32, 3, 1, false }, { 17, 5, 19, 19, 5, 1, false },  { 260, 70, 3, 33, 3, 1, true },
  { 300, 40, 17, 17, 5, 2, false },
};

static void
plain (const Case *test, const float *in, const LimnDepthwiseWeights *w, float *out)
{
  const size_t pixels = test->width * test->height, area = test->size * test->size;
  g_autofree float *middle = g_new (float, pixels * test->channels);

  for (size_t i = 0; i < pixels; i++)
    for (size_t c = 0; c < test->channels; c++) {
      double sum = test->expand ? w->expand_bias[c] : in[i * test->in + c];

      for (size_t k = 0; test->expand && k < test->in; k++)
        sum += (double) in[i * test->in + k] * w->expand[c * test->in + k];
      middle[i * test->channels + c] = (float) (test->expand ? relu6 (sum) : sum);
    }
  for (size_t y = 0; y * test->stride < test->height; y++)
    for (size_t x = 0; x * test->stride < test->width; x++)
      for (size_t c = 0; c < test->channels; c++)
        *out++ = (float) relu6 (w->bias[c] + convolved (middle, test->width, test->height, test->channels, c, 1, y, x, test->size,
                                                        test->stride, w->weight + c * area));
}

static void
depthwise (gconstpointer data)
{
  const LimnKernels *kernels = data;

  for (size_t t = 0; t < G_N_ELEMENTS (cases); t++) {
    const Case *test = &cases[t];
    const size_t area = test->size * test->size;
    g_autofree float *in = noise (test->width * test->height * test->in), *bias = noise (test->channels);
    g_autofree float *weight = noise (test->channels * area), *expand = noise (test->channels * test->in), *more = noise (test->channels);
    const LimnDepthwiseWeights weights = { test->in, test->channels, test->size, test->stride, test->expand ? expand : NULL,
                                           more,     weight,         bias };
    LimnDepthwise *made;

    g_assert_cmpint (limn_depthwise_new (&made, kernels, &weights, NULL), ==, LIMN_OK);
    const size_t results = limn_depthwise_made (made, test->width) * limn_depthwise_made (made, test->height) * test->channels;
    g_autofree float *wanted = g_new (float, results), *got = g_new (float, results), *again = g_new (float, results);
    const size_t stride = limn_depthwise_scratch (made, test->width, test->height);
    g_autofree float *scratch = g_new (float, 2 * stride);
    LimnPool *pool;

    memset (scratch, 255, 2 * stride * sizeof *scratch); /* what is there before is not read: as floats these are no numbers */
    plain (test, in, &weights, wanted);
    limn_depthwise_run (made, test->width, test->height, in, got, NULL, scratch, stride);
    assert_near (got, wanted, results);
    g_assert_cmpint (limn_pool_new (&pool, 2, NULL), ==, LIMN_OK);
    limn_depthwise_run (made, test->width, test->height, in, again, pool, scratch, stride);
    limn_pool_wait_stragglers (pool);
    g_assert_cmpmem (again, results * sizeof *again, got, results * sizeof *got);
    limn_pool_free (pool);
    limn_depthwise_free (made);
  }
}

/* The 3x3 convolution of stride 2 that pads at the end, with ReLU6. */
static void
half_end (gconstpointer data)
{
  static const size_t sizes[][4] = { { 32, 32, 3, 32 }, { 64, 96, 3, 8 }, { 7, 10, 5, 17 }, { 10, 7, 4, 3 } }; /* width, height, in, out */
  const LimnKernels *kernels = data;

  for (size_t t = 0; t < G_N_ELEMENTS (sizes); t++) {
    const size_t width = sizes[t][0], height = sizes[t][1], in = sizes[t][2], out = sizes[t][3];
    const size_t across = (width + 1) / 2, results = across * ((height + 1) / 2) * out;
    g_autofree float *grid = noise (width * height * in), *weight = noise (out * in * 9), *bias = noise (out);
    g_autofree float *wanted = g_new (float, results), *got = g_new (float, results);
    LimnConv *conv;

    for (size_t i = 0; i < results; i++)
      wanted[i] = (float) relu6 (
        bias[i % out] + convolved (grid, width, height, in, 0, in, i / out / across, i / out % across, 3, 2, weight + i % out * in * 9));
    g_assert_cmpint (limn_conv_new (&conv, kernels, LIMN_CONV_3X3_HALF_END, in, out, weight, bias, 1.0f, NULL, NULL), ==, LIMN_OK);
    const size_t stride = limn_conv_scratch (conv, width, height);
    g_autofree float *scratch = g_new (float, stride);
    limn_conv_run (conv,
                   &(LimnConvArguments){ .width = width, .height = height, .in = { grid }, .channels = { in }, .relu6 = true, .out = got },
                   NULL, scratch, stride);
    assert_near (got, wanted, results);
    limn_conv_free (conv);
  }
}

int
main (int argc, char **argv)
{
  const LimnKernels *kernels[3];

  g_test_init (&argc, &argv, NULL);
  const size_t count = limn_kernels_all (kernels);
  for (size_t i = 0; i < count; i++) {
    g_autofree char *first = g_strdup_printf ("/depthwise/%s", kernels[i]->name),
                    *second = g_strdup_printf ("/half-end/%s", kernels[i]->name);

    g_test_add_data_func (first, kernels[i], depthwise);
    g_test_add_data_func (second, kernels[i], half_end);
  }
  return g_test_run ();
}
