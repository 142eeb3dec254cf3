/* What is seen of a document, in tiles at halved sizes: level n is the document reduced by 2^n. Pixels are rendered when they are asked
 * for and again where the document changed; small pieces at once, large ones on another thread, and what is stale is shown meanwhile.
 *
 * Pixels: BGRA in memory (a word of ARGB on little endian), 8 bits, premultiplied: what cairo and GDK take without conversion. Main
 * thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/limn-document.h"

G_BEGIN_DECLS

#define LIMN_MIPS_TILE 256
#define LIMN_MIPS_LEVELS 7 /* 1 : 64 */

typedef struct _LimnMips LimnMips;

/* ready: called when the pixels in rect (of the document) have been rendered anew: when they come from the thread, and within limn_mips_prepare. */
typedef void (*LimnMipsReady) (const LimnRect *rect, gpointer user);

/* document: a reference is taken. Free with limn_mips_free, which does not wait for the thread. */
LimnMips *limn_mips_new (LimnDocument *document, LimnSnapshotSource source, LimnMipsReady ready, gpointer user);
void limn_mips_free (LimnMips *self);

/* Pixels of rect (of the document) are stale. */
void limn_mips_invalidate (LimnMips *self, const LimnRect *rect);
/* The document has another size: everything is. */
void limn_mips_reset (LimnMips *self);

/* The level to sample for a zoom (device pixels a document pixel): the smallest that has at least a pixel for each of the screen's. */
int limn_mips_level_for (double zoom);

/* Makes rect (in pixels of level) ready to be read; small amounts are rendered at once. FALSE: something is still being rendered and
 * ready will be called. */
gboolean limn_mips_prepare (LimnMips *self, int level, const LimnRect *rect);
/* Copies rect, which may reach outside (edge pixels are continued). What isn't there at this level is taken from a coarser one.
 * opaque: every pixel is. FALSE: parts were never rendered at any level (they are gray). */
gboolean limn_mips_read (LimnMips *self, int level, const LimnRect *rect, guint32 *out, gsize stride_pixels, gboolean *opaque);

G_END_DECLS
