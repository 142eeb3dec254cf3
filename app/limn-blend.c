/* Blending, a pixel at a time. The formulas are those of W3C's "Compositing and Blending Level 1"; b is what is below, s what is above.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-blend.h"

#include <math.h>

static const char *const ops[] = {
  [LIMN_BLEND_NORMAL] = "svg:src-over",
  [LIMN_BLEND_DARKEN] = "svg:darken",
  [LIMN_BLEND_MULTIPLY] = "svg:multiply",
  [LIMN_BLEND_COLOR_BURN] = "svg:color-burn",
  [LIMN_BLEND_LIGHTEN] = "svg:lighten",
  [LIMN_BLEND_SCREEN] = "svg:screen",
  [LIMN_BLEND_COLOR_DODGE] = "svg:color-dodge",
  [LIMN_BLEND_ADD] = "svg:plus",
  [LIMN_BLEND_OVERLAY] = "svg:overlay",
  [LIMN_BLEND_SOFT_LIGHT] = "svg:soft-light",
  [LIMN_BLEND_HARD_LIGHT] = "svg:hard-light",
  [LIMN_BLEND_DIFFERENCE] = "svg:difference",
  [LIMN_BLEND_HUE] = "svg:hue",
  [LIMN_BLEND_SATURATION] = "svg:saturation",
  [LIMN_BLEND_COLOR] = "svg:color",
  [LIMN_BLEND_LUMINOSITY] = "svg:luminosity",
  [LIMN_BLEND_ATOP] = "svg:src-atop",
};
G_STATIC_ASSERT (G_N_ELEMENTS (ops) == LIMN_N_BLENDS);

const char *
limn_blend_get_op (LimnBlend self)
{
  g_return_val_if_fail (self < LIMN_N_BLENDS, ops[LIMN_BLEND_NORMAL]);
  return ops[self];
}

gboolean
limn_blend_from_op (const char *op, LimnBlend *blend)
{
  for (guint i = 0; i < LIMN_N_BLENDS; i++)
    if (g_str_equal (op, ops[i])) {
      *blend = (LimnBlend) i;
      return TRUE;
    }
  *blend = LIMN_BLEND_NORMAL;
  return FALSE;
}

/* -- Modes that look at one channel -- */

static float
hard_light (float b, float s)
{
  return s <= 0.5f ? b * 2 * s : b + (2 * s - 1) - b * (2 * s - 1);
}

static float
soft_light (float b, float s)
{
  const float d = b <= 0.25f ? ((16 * b - 12) * b + 4) * b : sqrtf (b);

  return s <= 0.5f ? b - (1 - 2 * s) * b * (1 - b) : b + (2 * s - 1) * (d - b);
}

static float
blend_channel (LimnBlend self, float b, float s)
{
  switch (self) {
  case LIMN_BLEND_DARKEN:
    return MIN (b, s);
  case LIMN_BLEND_MULTIPLY:
    return b * s;
  case LIMN_BLEND_COLOR_BURN:
    return b >= 1 ? 1 : s <= 0 ? 0 : 1 - MIN (1, (1 - b) / s);
  case LIMN_BLEND_LIGHTEN:
    return MAX (b, s);
  case LIMN_BLEND_SCREEN:
    return b + s - b * s;
  case LIMN_BLEND_COLOR_DODGE:
    return b <= 0 ? 0 : s >= 1 ? 1 : MIN (1, b / (1 - s));
  case LIMN_BLEND_OVERLAY:
    return hard_light (s, b);
  case LIMN_BLEND_SOFT_LIGHT:
    return soft_light (b, s);
  case LIMN_BLEND_HARD_LIGHT:
    return hard_light (b, s);
  case LIMN_BLEND_DIFFERENCE:
    return fabsf (b - s);
  default:
    return s;
  }
}

/* -- Modes that look at the colour as a whole -- */

static float
luminosity (const float c[3])
{
  return 0.3f * c[0] + 0.59f * c[1] + 0.11f * c[2];
}

static float
saturation (const float c[3])
{
  return MAX (MAX (c[0], c[1]), c[2]) - MIN (MIN (c[0], c[1]), c[2]);
}

/* c with another luminosity, brought back to what can be shown. */
static void
set_luminosity (float c[3], float value)
{
  const float shift = value - luminosity (c);
  float low, high;

  for (int k = 0; k < 3; k++)
    c[k] += shift;
  low = MIN (MIN (c[0], c[1]), c[2]);
  high = MAX (MAX (c[0], c[1]), c[2]);
  for (int k = 0; k < 3 && low < 0; k++)
    c[k] = value + (c[k] - value) * value / (value - low);
  for (int k = 0; k < 3 && high > 1; k++)
    c[k] = value + (c[k] - value) * (1 - value) / (high - value);
}

/* c with another saturation; its least channel becomes 0. */
static void
set_saturation (float c[3], float value)
{
  const float low = MIN (MIN (c[0], c[1]), c[2]), range = saturation (c);

  for (int k = 0; k < 3; k++)
    c[k] = range > 0 ? (c[k] - low) * value / range : 0;
}

static void
blend_color (LimnBlend self, const float b[3], const float s[3], float out[3])
{
  const float *color = self == LIMN_BLEND_SATURATION || self == LIMN_BLEND_LUMINOSITY ? b : s;

  for (int k = 0; k < 3; k++)
    out[k] = color[k];
  if (self == LIMN_BLEND_HUE || self == LIMN_BLEND_SATURATION)
    set_saturation (out, saturation (self == LIMN_BLEND_HUE ? b : s));
  set_luminosity (out, luminosity (self == LIMN_BLEND_LUMINOSITY ? s : b));
}

/* -- A pixel -- */

/* below and above: R, G, B and alpha, 0 to 1; above's alpha has the opacity in it. */
static void
blend_pixel (LimnBlend self, gboolean keep_alpha, float below[4], const float above[4])
{
  const float a = above[3], under = below[3], sum = self == LIMN_BLEND_ADD ? MIN (1, a + under) : a + under - a * under;
  float mixed[3];

  if (self >= LIMN_BLEND_HUE && self <= LIMN_BLEND_LUMINOSITY)
    blend_color (self, below, above, mixed);
  else
    for (int k = 0; k < 3; k++)
      mixed[k] = blend_channel (self, below[k], above[k]);
  for (int k = 0; k < 3; k++) {
    const float color = (1 - under) * above[k] + under * mixed[k];

    if (self == LIMN_BLEND_ADD) /* Porter and Duff's plus */
      below[k] = keep_alpha ? MIN (1, below[k] + a * above[k]) : MIN (1, (a * above[k] + under * below[k]) / sum);
    else if (keep_alpha)
      below[k] += a * (color - below[k]);
    else
      below[k] = (a * color + (1 - a) * under * below[k]) / sum;
  }
  if (!keep_alpha)
    below[3] = sum;
}

#define BLEND_ROW(type, max)                                                                                                           \
  type *to = below;                                                                                                                    \
  const type *from = above;                                                                                                            \
  for (int i = 0; i < count; i++, to += 4, from += 4) {                                                                                \
    float b[4], s[4];                                                                                                                  \
    if (from[3] == 0)                                                                                                                  \
      continue;                                                                                                                        \
    for (int k = 0; k < 4; k++) {                                                                                                      \
      b[k] = (float) to[k] / (max);                                                                                                    \
      s[k] = (float) from[k] / (max);                                                                                                  \
    }                                                                                                                                  \
    s[3] *= (float) opacity;                                                                                                           \
    if (s[3] <= 0)                                                                                                                     \
      continue;                                                                                                                        \
    blend_pixel (self, keep_alpha, b, s);                                                                                              \
    for (int k = 0; k < 4; k++)                                                                                                        \
      to[k] = (type) (CLAMP (b[k], 0, 1) * (max) + 0.5f);                                                                              \
  }

static void
blend_row_8 (LimnBlend self, double opacity, gboolean keep_alpha, guint8 *below, const guint8 *above, int count)
{
  BLEND_ROW (guint8, 255.0f)
}

static void
blend_row_16 (LimnBlend self, double opacity, gboolean keep_alpha, guint16 *below, const guint16 *above, int count)
{
  BLEND_ROW (guint16, 65535.0f)
}

void
limn_blend_row (LimnBlend self, int depth, double opacity, gboolean keep_alpha, gpointer below, gconstpointer above, int count)
{
  g_return_if_fail (self < LIMN_N_BLENDS && self != LIMN_BLEND_NORMAL && self != LIMN_BLEND_ATOP);
  if (depth == 8)
    blend_row_8 (self, opacity, keep_alpha, below, above, count);
  else
    blend_row_16 (self, opacity, keep_alpha, below, above, count);
}
