/* Gaussian noise by counter; compiled without contraction of products and sums, so that every machine rounds alike.
 * Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "noise.h"

#include <math.h>

static void
philox (uint32_t c[4], uint64_t seed)
{
  uint32_t k0 = (uint32_t) seed, k1 = (uint32_t) (seed >> 32);

  for (int round = 0; round < 10; round++) {
    uint64_t a = (uint64_t) 0xD2511F53u * c[0], b = (uint64_t) 0xCD9E8D57u * c[2];

    c[0] = (uint32_t) (b >> 32) ^ c[1] ^ k0;
    c[1] = (uint32_t) b;
    c[2] = (uint32_t) (a >> 32) ^ c[3] ^ k1;
    c[3] = (uint32_t) a;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

/* ln x for x in (0, 1]: x = m 2^e with m in [sqrt 1/2, sqrt 2), ln m = 2 artanh ((m - 1) / (m + 1)) as a series. */
static double
natural_log (double x)
{
  int e = 0;
  double s, q, sum;

  while (x < 0.70710678118654752) {
    x *= 2;
    e--;
  }
  s = (x - 1) / (x + 1);
  q = s * s;
  sum = 1.0 / 15;
  for (int k = 13; k >= 1; k -= 2)
    sum = sum * q + 1.0 / k;
  return 2 * s * sum + e * 0.69314718055994531;
}

/* Sine and cosine of turn full turns, turn in [0, 1]: reduced to the nearest quarter, then Taylor's series. */
static void
sine_cosine (double turn, double *sine, double *cosine)
{
  int quarter = (int) (turn * 4 + 0.5);
  double r = (turn * 4 - quarter) * 1.5707963267948966, q = r * r, s = 0, c = 0;

  for (int k = 13; k >= 1; k -= 2)
    s = 1 - q / ((double) (k + 1) * (k + 2)) * s;
  s *= r;
  for (int k = 12; k >= 0; k -= 2)
    c = 1 - q / ((double) (k + 1) * (k + 2)) * c;
  switch (quarter & 3) {
  case 0: *sine = s, *cosine = c; break;
  case 1: *sine = c, *cosine = -s; break;
  case 2: *sine = -s, *cosine = -c; break;
  default: *sine = -c, *cosine = s; break;
  }
}

/* The four values of one counter block. */
static void
four (float out[4], uint64_t seed, uint32_t stream, uint64_t block)
{
  uint32_t c[4] = { (uint32_t) block, (uint32_t) (block >> 32), stream, 0 };

  philox (c, seed);
  for (int i = 0; i < 4; i += 2) {
    double radius = sqrt (-2 * natural_log (((double) c[i] + 1) * 0x1p-32)), sine, cosine;
    sine_cosine ((double) c[i + 1] * 0x1p-32, &sine, &cosine);
    out[i] = (float) (radius * cosine);
    out[i + 1] = (float) (radius * sine);
  }
}

void
limn_noise (float *out, size_t count, uint64_t seed, uint32_t stream, uint64_t first)
{
  float values[4];

  for (size_t i = 0; i < count; i++) {
    uint64_t at = first + i;
    if (i == 0 || at % 4 == 0)
      four (values, seed, stream, at / 4);
    out[i] = values[at % 4];
  }
}

void
limn_noise_mix (float *out, size_t count, uint64_t seed_a, uint64_t seed_b, float mix, uint32_t stream, uint64_t first)
{
  double towards, keep;
  float a[4], b[4];

  if (!(mix > 0)) {
    limn_noise (out, count, seed_a, stream, first);
    return;
  }
  sine_cosine ((mix < 1 ? mix : 1) / 4.0, &towards, &keep);
  for (size_t i = 0; i < count; i++) {
    uint64_t at = first + i;
    if (i == 0 || at % 4 == 0) {
      four (a, seed_a, stream, at / 4);
      four (b, seed_b, stream, at / 4);
    }
    out[i] = (float) (keep * (double) a[at % 4] + towards * (double) b[at % 4]);
  }
}
