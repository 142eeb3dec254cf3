/* From pixels of one scale to those of another, separably: area average when reduced, linear between one and two times, nearest from
 * twice on, where people want to see pixels. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The source pixels that make one target pixel: weights of 256 in all; unused ones are 0 at the same place. */
#define LIMN_TAPS 3
typedef struct {
  int at[LIMN_TAPS];
  guint16 weight[LIMN_TAPS];
} LimnTap;

/* count targets from first on; factor: target pixels a source pixel, > 0.5. Source positions are relative to origin and clamped to
 * [0, size). single: every target has one source. */
void limn_taps_init (LimnTap *taps, int first, int count, double factor, int origin, int size, gboolean *single);
/* The source pixels that targets first to first + count - 1 touch: [*from, *to). */
void limn_taps_range (int first, int count, double factor, int *from, int *to);

/* Words of four bytes, and bytes; from: rows of stride pixels. */
void limn_resample_words (const guint32 *from, gsize stride, int source_width, const LimnTap *columns, int width, const LimnTap *rows,
                          int height, gboolean single, guint32 *out, gsize out_stride);
void limn_resample_bytes (const guint8 *from, gsize stride, int source_width, const LimnTap *columns, int width, const LimnTap *rows,
                          int height, gboolean single, guint8 *out, gsize out_stride);

G_END_DECLS
