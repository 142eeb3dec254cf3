/* CIE Lab (D65), in which surfaces and colours of materials are mixed: lightness 0 to 100, a and b about -100 to 100.
 * Formulas: CIE 15:2004; sRGB: IEC 61966-2-1.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_LAB_H
#define LIMN_LAB_H

#include "engine/base/vector.h"
#include "exact-math.h"

/* Lightness, a, b and a spare value. */
typedef LimnFour LimnLab;

static inline float
limn_srgb_to_linear (float v)
{
  return v <= 0.04045f ? v / 12.92f : limn_power ((v + 0.055f) / 1.055f, 2.4f);
}

static inline float
limn_linear_to_srgb (float v)
{
  return v <= 0.0031308f ? 12.92f * (v > 0 ? v : 0) : 1.055f * limn_power (v, 1 / 2.4f) - 0.055f;
}

static inline float
limn_lab_curve (float t)
{
  return t > 0.008856f ? limn_power (t, 1 / 3.0f) : 7.787f * t + 16 / 116.0f;
}

/* CIE XYZ of linear light, as shares of white. */
static inline void
limn_linear_to_white (float r, float g, float b, float *xyz)
{
  xyz[0] = (0.4124564f * r + 0.3575761f * g + 0.1804375f * b) / 0.95047f;
  xyz[1] = 0.2126729f * r + 0.7151522f * g + 0.0721750f * b;
  xyz[2] = (0.0193339f * r + 0.1191920f * g + 0.9503041f * b) / 1.08883f;
}

static inline LimnLab
limn_lab_of_linear (float r, float g, float b)
{
  float xyz[3];

  limn_linear_to_white (r, g, b, xyz);
  const float x = limn_lab_curve (xyz[0]), y = limn_lab_curve (xyz[1]), z = limn_lab_curve (xyz[2]);
  return (LimnLab){ 116 * y - 16, 500 * (x - y), 200 * (y - z), 0 };
}

static inline LimnLab
limn_lab_of_srgb (const uint8_t *rgb)
{
  float linear[3];

  for (int c = 0; c < 3; c++)
    linear[c] = limn_srgb_to_linear ((float) rgb[c] / 255);
  return limn_lab_of_linear (linear[0], linear[1], linear[2]);
}

static inline float
limn_lab_cube (float f)
{
  return f > 6 / 29.0f ? f * f * f : 3 * (6 / 29.0f) * (6 / 29.0f) * (f - 4 / 29.0f);
}

/* Linear light, which may lie outside [0, 1]. */
static inline void
limn_lab_to_linear (LimnLab lab, float *rgb)
{
  const float fy = (lab[0] + 16) / 116;
  const float x = 0.95047f * limn_lab_cube (fy + lab[1] / 500), y = limn_lab_cube (fy), z = 1.08883f * limn_lab_cube (fy - lab[2] / 200);

  rgb[0] = 3.2404542f * x - 1.5371385f * y - 0.4985314f * z;
  rgb[1] = -0.9692660f * x + 1.8760108f * y + 0.0415560f * z;
  rgb[2] = 0.0556434f * x - 0.2040259f * y + 1.0572252f * z;
}

static inline LimnLab
limn_lab_mix (LimnLab a, LimnLab b, float t)
{
  return a + (b - a) * (LimnLab){ t, t, t, t };
}

#endif
