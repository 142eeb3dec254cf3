/* Counter-based Gaussian noise; compiled without fused multiply-add, so that every machine rounds alike.
 * Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "noise.h"

#include <math.h>
#include <string.h>

#include "engine/base/vector.h"

enum { BLOCKS = 32 }; /* counter blocks computed together, of four values each */

static inline void
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

/* ln x for x in (0, 1], not denormal: x = m 2^e with m in [sqrt 1/2, sqrt 2), ln m = 2 artanh ((m - 1) / (m + 1)) as a series. */
static inline double
natural_log (double x)
{
  uint64_t bits;
  int32_t e;
  double m, s, q, sum;

  memcpy (&bits, &x, sizeof bits);
  e = (int32_t) (bits >> 52) - 1023;
  bits = (bits & UINT64_C (0x000fffffffffffff)) | UINT64_C (0x3ff0000000000000);
  memcpy (&m, &bits, sizeof m); /* in [1, 2) */
  s = m * 0.5;
  e += m >= 1.4142135623730951 ? 1 : 0;
  m = m >= 1.4142135623730951 ? s : m;
  s = (m - 1) / (m + 1);
  q = s * s;
  sum = 1.0 / 15;
  for (int k = 13; k >= 1; k -= 2)
    sum = sum * q + 1.0 / k;
  return 2 * s * sum + e * 0.69314718055994531;
}

/* Sine and cosine of turn full turns, turn in [0, 1]: reduced to the nearest quarter turn, then a Taylor series. */
static inline void
sine_cosine (double turn, double *sine, double *cosine)
{
  int32_t quarter = (int32_t) (turn * 4 + 0.5);
  double r = (turn * 4 - quarter) * 1.5707963267948966, q = r * r, s = 0, c = 0;

  for (int k = 13; k >= 1; k -= 2)
    s = 1 - q / ((double) (k + 1) * (k + 2)) * s;
  s *= r;
  for (int k = 12; k >= 0; k -= 2)
    c = 1 - q / ((double) (k + 1) * (k + 2)) * c;
  *sine = quarter & 1 ? c : s;
  *sine = quarter & 2 ? -*sine : *sine;
  *cosine = quarter & 1 ? s : c;
  *cosine = (quarter + 1) & 2 ? -*cosine : *cosine;
}

/* The values of BLOCKS counter blocks from block on; they are independent, so the vector width doesn't matter. */
LIMN_WIDE static void
make_blocks (float out[4 * BLOCKS], uint64_t seed, uint32_t stream, uint64_t block)
{
  double length[2 * BLOCKS], turn[2 * BLOCKS], radius[2 * BLOCKS], sine[2 * BLOCKS], cosine[2 * BLOCKS];

  for (size_t i = 0; i < BLOCKS; i++) {
    uint32_t c[4] = { (uint32_t) (block + i), (uint32_t) ((block + i) >> 32), stream, 0 };

    philox (c, seed);
    length[2 * i] = ((double) c[0] + 1) * 0x1p-32;
    turn[2 * i] = (double) c[1] * 0x1p-32;
    length[2 * i + 1] = ((double) c[2] + 1) * 0x1p-32;
    turn[2 * i + 1] = (double) c[3] * 0x1p-32;
  }
  for (size_t i = 0; i < 2 * BLOCKS; i++)
    radius[i] = sqrt (-2 * natural_log (length[i]));
  for (size_t i = 0; i < 2 * BLOCKS; i++)
    sine_cosine (turn[i], &sine[i], &cosine[i]);
  for (size_t i = 0; i < 2 * BLOCKS; i++) {
    out[2 * i] = (float) (radius[i] * cosine[i]);
    out[2 * i + 1] = (float) (radius[i] * sine[i]);
  }
}

void
limn_noise (float *out, size_t count, uint64_t seed, uint32_t stream, uint64_t first)
{
  float values[4 * BLOCKS];

  for (size_t done = 0, some; done < count; done += some) {
    const size_t from = (first + done) % 4;

    some = 4 * BLOCKS - from < count - done ? 4 * BLOCKS - from : count - done;
    make_blocks (values, seed, stream, (first + done) / 4);
    memcpy (out + done, values + from, some * sizeof *out);
  }
}

void
limn_noise_mix (float *out, size_t count, uint64_t seed_a, uint64_t seed_b, float mix, uint32_t stream, uint64_t first)
{
  double towards, keep;
  float other[4 * BLOCKS];

  limn_noise (out, count, seed_a, stream, first);
  if (!(mix > 0))
    return;
  sine_cosine ((mix < 1 ? mix : 1) / 4.0, &towards, &keep);
  for (size_t done = 0, some; done < count; done += some) {
    some = 4 * BLOCKS < count - done ? 4 * BLOCKS : count - done;
    limn_noise (other, some, seed_b, stream, first + done);
    for (size_t i = 0; i < some; i++)
      out[done + i] = (float) (keep * (double) out[done + i] + towards * (double) other[i]);
  }
}
