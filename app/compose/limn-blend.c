/* Blending, some pixels at a time. The formulas are those of W3C's "Compositing and Blending Level 1"; b is what is below, s what is above.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-blend.h"

#include <math.h>
#include <string.h>

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

/* Pixels at a time, one channel after the other: loops that the compiler vectorises. */
enum { CHUNK = 64 };

typedef struct {
  float c[3][CHUNK], a[CHUNK]; /* 0 to 1 */
} Pixels;

/* -- Separable modes: one channel at a time -- */

static inline float
hard_light (float b, float s)
{
  return s <= 0.5f ? b * 2 * s : b + (2 * s - 1) - b * (2 * s - 1);
}

static inline float
soft_light (float b, float s)
{
  const float d = b <= 0.25f ? ((16 * b - 12) * b + 4) * b : sqrtf (b);

  return s <= 0.5f ? b - (1 - 2 * s) * b * (1 - b) : b + (2 * s - 1) * (d - b);
}

static inline float
color_burn (float b, float s)
{
  const float burnt = 1 - MIN (1, (1 - b) / MAX (s, 1e-6f));

  return b >= 1 ? 1 : s <= 0 ? 0 : burnt;
}

static inline float
color_dodge (float b, float s)
{
  const float dodged = MIN (1, b / MAX (1 - s, 1e-6f));

  return b <= 0 ? 0 : s >= 1 ? 1 : dodged;
}

#define EACH(expression)                    \
  for (int i = 0; i < CHUNK; i++) {         \
    const float b = below[i], s = above[i]; \
    out[i] = (expression);                  \
  }                                         \
  break;

static void
blend_channel (LimnBlend self, const float *restrict below, const float *restrict above, float *restrict out)
{
  switch (self) {
  case LIMN_BLEND_DARKEN: EACH (MIN (b, s))
  case LIMN_BLEND_MULTIPLY: EACH (b * s)
  case LIMN_BLEND_COLOR_BURN: EACH (color_burn (b, s))
  case LIMN_BLEND_LIGHTEN: EACH (MAX (b, s))
  case LIMN_BLEND_SCREEN: EACH (b + s - b * s)
  case LIMN_BLEND_COLOR_DODGE: EACH (color_dodge (b, s))
  case LIMN_BLEND_OVERLAY: EACH (hard_light (s, b))
  case LIMN_BLEND_SOFT_LIGHT: EACH (soft_light (b, s))
  case LIMN_BLEND_HARD_LIGHT: EACH (hard_light (b, s))
  case LIMN_BLEND_DIFFERENCE: EACH (fabsf (b - s))
  default: g_assert_not_reached ();
  }
}

/* -- Non-separable modes: the colour as a whole -- */

static inline float
get_luminosity (float r, float g, float b)
{
  return 0.3f * r + 0.59f * g + 0.11f * b;
}

static inline float
get_range (float r, float g, float b)
{
  return MAX (MAX (r, g), b) - MIN (MIN (r, g), b);
}

/* A channel of a colour of this luminosity, whose least and greatest channels are low and high, brought back to what can be shown. */
static inline float
clip_channel (float value, float lum, float low, float high)
{
  const float raised = lum + (value - lum) * lum / MAX (lum - low, 1e-6f), c = low < 0 ? raised : value;
  const float lowered = lum + (c - lum) * (1 - lum) / MAX (high - lum, 1e-6f);

  return high > 1 ? lowered : c;
}

/* Sets the saturation in place: color's channels less their minimum, scaled to the range of another colour. */
static void
set_saturation (float color[3][CHUNK], const Pixels *other)
{
  for (int i = 0; i < CHUNK; i++) {
    const float r = color[0][i], g = color[1][i], b = color[2][i], low = MIN (MIN (r, g), b), own = get_range (r, g, b);
    const float factor = get_range (other->c[0][i], other->c[1][i], other->c[2][i]) / MAX (own, 1e-6f);

    color[0][i] = (r - low) * factor;
    color[1][i] = (g - low) * factor;
    color[2][i] = (b - low) * factor;
  }
}

/* Sets the luminosity, in place, to another colour's. */
static void
set_luminosity (float color[3][CHUNK], const Pixels *other)
{
  for (int i = 0; i < CHUNK; i++) {
    const float lum = get_luminosity (other->c[0][i], other->c[1][i], other->c[2][i]);
    const float shift = lum - get_luminosity (color[0][i], color[1][i], color[2][i]);
    const float r = color[0][i] + shift, g = color[1][i] + shift, b = color[2][i] + shift;
    const float low = MIN (MIN (r, g), b), high = MAX (MAX (r, g), b);

    color[0][i] = clip_channel (r, lum, low, high);
    color[1][i] = clip_channel (g, lum, low, high);
    color[2][i] = clip_channel (b, lum, low, high);
  }
}

static void
blend_color (LimnBlend self, const Pixels *below, const Pixels *above, float out[3][CHUNK])
{
  const Pixels *color = self == LIMN_BLEND_SATURATION || self == LIMN_BLEND_LUMINOSITY ? below : above;

  memcpy (out, color->c, sizeof color->c);
  if (self == LIMN_BLEND_HUE || self == LIMN_BLEND_SATURATION)
    set_saturation (out, self == LIMN_BLEND_HUE ? below : above);
  set_luminosity (out, self == LIMN_BLEND_LUMINOSITY ? above : below);
}

/* -- Pixels -- */

/* Porter and Duff's over, or atop, of what is blended. */
static void
composite (const float *restrict mixed, const float *restrict above, const float *restrict a, const float *restrict under,
           gboolean keep_alpha, float *restrict below)
{
  for (int i = 0; i < CHUNK; i++) {
    const float color = (1 - under[i]) * above[i] + under[i] * mixed[i], sum = a[i] + under[i] - a[i] * under[i];
    const float over = (a[i] * color + (1 - a[i]) * under[i] * below[i]) / MAX (sum, 1e-6f), atop = below[i] + a[i] * (color - below[i]);

    below[i] = keep_alpha ? atop : over;
  }
}

/* Porter and Duff's plus. */
static void
composite_plus (const float *restrict above, const float *restrict a, const float *restrict under, gboolean keep_alpha,
                float *restrict below)
{
  for (int i = 0; i < CHUNK; i++) {
    const float plus = (a[i] * above[i] + under[i] * below[i]) / MAX (MIN (1, a[i] + under[i]), 1e-6f), atop = below[i] + a[i] * above[i];

    below[i] = MIN (1, keep_alpha ? atop : plus);
  }
}

static void
blend_pixels (LimnBlend self, gboolean keep_alpha, Pixels *below, const Pixels *above)
{
  float mixed[3][CHUNK];

  if (self >= LIMN_BLEND_HUE && self <= LIMN_BLEND_LUMINOSITY)
    blend_color (self, below, above, mixed);
  for (int k = 0; k < 3; k++)
    if (self == LIMN_BLEND_ADD) {
      composite_plus (above->c[k], above->a, below->a, keep_alpha, below->c[k]);
    } else {
      if (self < LIMN_BLEND_HUE)
        blend_channel (self, below->c[k], above->c[k], mixed[k]);
      composite (mixed[k], above->c[k], above->a, below->a, keep_alpha, below->c[k]);
    }
  if (keep_alpha)
    return;
  for (int i = 0; i < CHUNK; i++) {
    const float a = above->a[i], under = below->a[i];

    below->a[i] = self == LIMN_BLEND_ADD ? MIN (1, a + under) : a + under - a * under;
  }
}

#define DEFINE_BLEND(type, bits, max)                                                                                      \
  static void gather_##bits (const type *from, int count, float opacity, Pixels *to)                                       \
  {                                                                                                                        \
    for (int i = 0; i < count; i++) {                                                                                      \
      for (int k = 0; k < 3; k++)                                                                                          \
        to->c[k][i] = (float) from[4 * i + k] * (1 / (max));                                                               \
      to->a[i] = (float) from[4 * i + 3] * (opacity / (max));                                                              \
    }                                                                                                                      \
  }                                                                                                                        \
                                                                                                                           \
  static gboolean shows_##bits (const type *from, int count)                                                               \
  {                                                                                                                        \
    type any = 0;                                                                                                          \
    for (int i = 0; i < count; i++)                                                                                        \
      any |= from[4 * i + 3];                                                                                              \
    return any != 0;                                                                                                       \
  }                                                                                                                        \
                                                                                                                           \
  static void blend_##bits (LimnBlend self, float opacity, gboolean keep_alpha, type *below, const type *above, int count) \
  {                                                                                                                        \
    Pixels b = { 0 }, s = { 0 };                                                                                           \
    for (int n; count > 0; below += 4 * n, above += 4 * n, count -= n) {                                                   \
      n = MIN (count, CHUNK);                                                                                              \
      if (!shows_##bits (above, n))                                                                                        \
        continue;                                                                                                          \
      gather_##bits (below, n, 1, &b);                                                                                     \
      gather_##bits (above, n, opacity, &s);                                                                               \
      blend_pixels (self, keep_alpha, &b, &s);                                                                             \
      for (int i = 0; i < n; i++) {                                                                                        \
        if (above[4 * i + 3] == 0)                                                                                         \
          continue;                                                                                                        \
        for (int k = 0; k < 3; k++)                                                                                        \
          below[4 * i + k] = (type) (b.c[k][i] * (max) + 0.5f);                                                            \
        below[4 * i + 3] = (type) (b.a[i] * (max) + 0.5f);                                                                 \
      }                                                                                                                    \
    }                                                                                                                      \
  }

DEFINE_BLEND (guint8, 8, 255.0f)
DEFINE_BLEND (guint16, 16, 65535.0f)

void
limn_blend_row (LimnBlend self, int depth, double opacity, gboolean keep_alpha, gpointer below, gconstpointer above, int count)
{
  g_return_if_fail (self < LIMN_N_BLENDS && self != LIMN_BLEND_NORMAL && self != LIMN_BLEND_ATOP);
  if (opacity <= 0)
    return;
  if (depth == 8)
    blend_8 (self, (float) opacity, keep_alpha, below, above, count);
  else
    blend_16 (self, (float) opacity, keep_alpha, below, above, count);
}
