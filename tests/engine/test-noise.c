/* The noise: Philox's published answers, a plain Box-Muller beside ours, its moments, and what a seed promises.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/network/noise.h"

/* Philox4x32-10 written from the paper's definition, for any counter and key. */
static void
plain_philox (const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
  uint32_t k[2] = { key[0], key[1] };

  memcpy (out, counter, 4 * sizeof *out);
  for (int round = 0; round < 10; round++) {
    uint64_t left = UINT64_C (0xD2511F53) * out[0], right = UINT64_C (0xCD9E8D57) * out[2];
    uint32_t next[4] = { (uint32_t) (right >> 32) ^ out[1] ^ k[0], (uint32_t) right, (uint32_t) (left >> 32) ^ out[3] ^ k[1],
                         (uint32_t) left };
    memcpy (out, next, sizeof next);
    k[0] += 0x9E3779B9;
    k[1] += 0xBB67AE85;
  }
}

/* The known answers that Random123 publishes (kat_vectors, philox4x32 10). */
static void
known_answers (void)
{
  static const uint32_t vectors[3][10] = {
    { 0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 },
    { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd },
    { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 },
  };

  for (int i = 0; i < 3; i++) {
    uint32_t out[4];
    plain_philox (vectors[i], vectors[i] + 4, out);
    g_assert_cmpmem (out, sizeof out, vectors[i] + 6, sizeof out);
  }
}

/* Every value is that of the plain way, within the rounding of a float. */
static void
plain_values (void)
{
  static const struct {
    uint64_t seed, first;
    uint32_t stream;
  } cases[] = {
    { 0, 0, 0 },
    { 1, 0, 0 },
    { UINT64_C (0xfedcba9876543210), 4096, 7 },
    { 42, UINT64_C (0x1234567890), 0xffffffff },
  };

  for (size_t k = 0; k < G_N_ELEMENTS (cases); k++) {
    float noise[4096];
    limn_noise (noise, 4096, cases[k].seed, cases[k].stream, cases[k].first);
    for (size_t i = 0; i < 4096; i++) {
      uint64_t at = cases[k].first + i, block = at / 4;
      const uint32_t counter[4] = { (uint32_t) block, (uint32_t) (block >> 32), cases[k].stream, 0 };
      const uint32_t key[2] = { (uint32_t) cases[k].seed, (uint32_t) (cases[k].seed >> 32) };
      uint32_t word[4];
      double radius, angle;

      plain_philox (counter, key, word);
      radius = sqrt (-2 * log ((word[at % 4 / 2 * 2] + 1.0) / 4294967296.0));
      angle = 2 * G_PI * word[at % 4 / 2 * 2 + 1] / 4294967296.0;
      g_assert_cmpfloat_with_epsilon (noise[i], radius * (at % 2 ? sin (angle) : cos (angle)), 1e-6);
    }
  }
}

static void
by_index (void)
{
  float whole[1000], part[1000];

  limn_noise (whole, 1000, 5, 3, 0);
  for (size_t first = 0; first < 9; first++)
    for (size_t count = 1; count < 12; count++) {
      limn_noise (part, count, 5, 3, first);
      g_assert_cmpmem (part, count * sizeof *part, whole + first, count * sizeof *part);
    }
  limn_noise (part, 1000, 5, 4, 0);
  for (size_t i = 0; i < 1000; i++)
    g_assert_true (part[i] != whole[i]);
  limn_noise (part, 1000, 6, 3, 0);
  for (size_t i = 0; i < 1000; i++)
    g_assert_true (part[i] != whole[i]);
}

/* Mean, spread, skew and kurtosis of a million values within 5 standard errors, and no correlation of neighbours. */
static void
check_normal (const float *x, size_t count)
{
  double m[4] = { 0 }, neighbour = 0, n = (double) count;

  for (size_t i = 0; i < count; i++) {
    double v = (double) x[i];
    m[0] += v;
    m[1] += v * v;
    m[2] += v * v * v;
    m[3] += v * v * v * v;
    neighbour += i > 0 ? v * (double) x[i - 1] : 0;
  }
  g_assert_cmpfloat_with_epsilon (m[0] / n, 0, 5 * sqrt (1 / n));
  g_assert_cmpfloat_with_epsilon (m[1] / n, 1, 5 * sqrt (2 / n));
  g_assert_cmpfloat_with_epsilon (m[2] / n, 0, 5 * sqrt (15 / n));
  g_assert_cmpfloat_with_epsilon (m[3] / n, 3, 5 * sqrt (96 / n));
  g_assert_cmpfloat_with_epsilon (neighbour / n, 0, 5 * sqrt (1 / n));
}

static void
moments (void)
{
  const size_t count = 1 << 20;
  float *x = g_new (float, count);

  limn_noise (x, count, 2026, 0, 0);
  check_normal (x, count);
  limn_noise_mix (x, count, 1, 2, 0.3f, 0, 0);
  check_normal (x, count);
  g_free (x);
}

static void
mixing (void)
{
  float a[256], b[256], mixed[256];

  limn_noise (a, 256, 10, 1, 40);
  limn_noise (b, 256, 11, 1, 40);
  limn_noise_mix (mixed, 256, 10, 11, 0, 1, 40);
  g_assert_cmpmem (mixed, sizeof mixed, a, sizeof a);
  limn_noise_mix (mixed, 256, 10, 11, 1, 1, 40);
  for (int i = 0; i < 256; i++)
    g_assert_cmpfloat_with_epsilon (mixed[i], b[i], 1e-6);
  limn_noise_mix (mixed, 256, 10, 11, 0.25f, 1, 40);
  for (int i = 0; i < 256; i++)
    g_assert_cmpfloat_with_epsilon (mixed[i], cos (G_PI / 8) * (double) a[i] + sin (G_PI / 8) * (double) b[i], 1e-6);
}

/* The bits themselves: they must be these on every machine and with every compiler. */
static void
same_bits (void)
{
  uint32_t hash = 2166136261u, bits;
  float x[4096];

  limn_noise (x, 4096, 7, 0, 0);
  for (int i = 0; i < 4096; i++) {
    memcpy (&bits, &x[i], sizeof bits);
    hash = (hash ^ bits) * 16777619u;
  }
  g_assert_cmphex (hash, ==, 0x1b83e76b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/noise/philox-known-answers", known_answers);
  g_test_add_func ("/noise/plain-values", plain_values);
  g_test_add_func ("/noise/by-index", by_index);
  g_test_add_func ("/noise/moments", moments);
  g_test_add_func ("/noise/mixing", mixing);
  g_test_add_func ("/noise/same-bits", same_bits);
  return g_test_run ();
}
