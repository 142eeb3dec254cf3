/* Blend modes: how a layer's colours are combined with those below it. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The modes of OpenRaster's baseline that a layer may have here, in the order they are offered. */
typedef enum {
  LIMN_BLEND_NORMAL,
  LIMN_BLEND_DARKEN,
  LIMN_BLEND_MULTIPLY,
  LIMN_BLEND_COLOR_BURN,
  LIMN_BLEND_LIGHTEN,
  LIMN_BLEND_SCREEN,
  LIMN_BLEND_COLOR_DODGE,
  LIMN_BLEND_ADD,
  LIMN_BLEND_OVERLAY,
  LIMN_BLEND_SOFT_LIGHT,
  LIMN_BLEND_HARD_LIGHT,
  LIMN_BLEND_DIFFERENCE,
  LIMN_BLEND_HUE,
  LIMN_BLEND_SATURATION,
  LIMN_BLEND_COLOR,
  LIMN_BLEND_LUMINOSITY,
  LIMN_BLEND_ATOP, /* normal, but no more opaque than what is below */
  LIMN_N_BLENDS,
} LimnBlend;

/* OpenRaster's composite-op, "svg:multiply": part of the formats. */
const char *limn_blend_get_op (LimnBlend self);
/* FALSE, and LIMN_BLEND_NORMAL, when op is none of them. */
gboolean limn_blend_from_op (const char *op, LimnBlend *blend);

/* Composites count pixels of above over below (RGBA, straight alpha, depth bits a channel: 8 or 16), which they replace. opacity: 0 to 1, a
 * factor of above's alpha. keep_alpha: below stays as transparent as it is. For every mode but LIMN_BLEND_NORMAL and LIMN_BLEND_ATOP,
 * which blend nothing. Where above is transparent, below keeps its bytes.
 *
 * W3C, "Compositing and Blending Level 1", sections 9 to 11; values as they are stored, neither linear nor in another space, as other
 * editors do it. */
void limn_blend_row (LimnBlend self, int depth, double opacity, gboolean keep_alpha, gpointer below, gconstpointer above, int count);

G_END_DECLS
