/* Where an edit's pixels come from: what a document shares with an edit at the cost of a few pointers, and what it becomes on the thread
 * that needs it. A source is made on the main thread, where nothing is composed; the planes and pictures in one piece that the
 * engine reads are made by whoever asks first, and the flattened photo and the dots as discs are kept as long as the source, so that
 * the next preview of the same photo finds the very same picture.
 *
 * Immutable and refcounted; any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/raster/limn-raster.h"
#include "limn-stack.h"

G_BEGIN_DECLS

/* A dot of colour for colorize. Position in pixels of the document, colour in sRGB. */
typedef struct {
  double x, y, radius;
  guint8 rgb[3];
} LimnDot;

typedef struct _LimnSource LimnSource;

/* Pixels that exist already and don't change any more. */
LimnSource *limn_source_new_picture (LimnPicture *picture);
LimnSource *limn_source_new_plane (const LimnPlane *plane);
/* Pixels of raster as they are now (its tiles are shared). */
LimnSource *limn_source_new_raster (LimnRaster *raster);
/* Everything that is painted (4 channels) or drawn (1), as a mask. */
LimnSource *limn_source_new_drawn (LimnRaster *paint, LimnRaster *ink);
/* dots (of LimnDot, at least one, copied) as discs on a transparent picture. */
LimnSource *limn_source_new_dots (const GArray *dots, gsize width, gsize height);
/* The same from discs that were drawn before: the dots are found in them, in the order of their rows. Slow. */
LimnSource *limn_source_new_discs (LimnRaster *discs);
/* The stack's pictures in one. */
LimnSource *limn_source_new_stack (const LimnStack *stack);
LimnSource *limn_source_ref (LimnSource *self);
void limn_source_unref (LimnSource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnSource, limn_source_unref)

/* Borrowed, at once: the dots of a source of dots, and the stack of a source of one; NULL from others. */
const GArray *limn_source_get_dots (LimnSource *self);
const LimnStack *limn_source_get_stack (LimnSource *self);
/* Of all but stacks; not to be changed; transfer full. At once from a raster. */
LimnRaster *limn_source_dup_raster (LimnSource *self);

/* In one piece: one channel; four channels, a picture or a stack. NULL and error when memory ends or cancellable is set (LIMN_APP_ERROR_CANCELLED:
 * what was begun is dropped). plane's bytes are the caller's. */
gboolean limn_source_dup_plane (LimnSource *self, LimnPlane *plane, GCancellable *cancellable, GError **error);
LimnPicture *limn_source_dup_picture (LimnSource *self, GCancellable *cancellable, GError **error);

/* The same on another canvas: map gives a raster for it (transfer full), move takes a dot there (FALSE: it is gone). Not of stacks; takes
 * its time. Transfer full. */
LimnSource *limn_source_map (LimnSource *self, LimnRaster *(*map) (LimnRaster *raster, gpointer user),
                             gboolean (*move) (LimnDot *dot, gpointer user), gpointer user);

G_END_DECLS
