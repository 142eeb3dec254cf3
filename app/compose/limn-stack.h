/* A photo with pictures over it: the one place where layers are composed, for the screen and for files. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"
#include "app/raster/limn-raster.h"
#include "limn-blend.h"

G_BEGIN_DECLS

/* A picture over the photo (straight alpha; any depth): at (x, y), or stretched over the whole photo. opacity: 0 to 1. Borrowed. */
typedef struct {
  LimnPicture *picture;
  int x, y;
  double opacity;
  LimnBlend blend;
  gboolean stretch;
  gboolean keep_alpha; /* new colours only: what is below stays as transparent as it is */
} LimnStackLayer;

typedef struct {
  LimnPicture *photo;           /* borrowed */
  const LimnStackLayer *layers; /* lowest first */
  guint n_layers;
} LimnStack;

/* The same with references to its pictures, for another thread (pictures don't change); free with limn_stack_free. */
LimnStack *limn_stack_copy (const LimnStack *self);
void limn_stack_free (LimnStack *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnStack, limn_stack_free)

/* Layers are composited by Porter and Duff's over (keep_alpha: atop), their colours as the blend mode has them; where none covers, pixels
 * stay the photo's own bytes. */

/* As limn_snapshot_render: a rectangle of the stack reduced by 2^level, in sRGB of 8 bits. */
void limn_stack_render (const LimnStack *self, int level, const LimnRect *rect, guint8 *out, gsize stride);
/* The whole stack as a new picture with the photo's metadata; a reference to the photo where there are no layers. NULL and error when
 * memory ends or cancellable is set. */
LimnPicture *limn_stack_flatten (const LimnStack *self, GCancellable *cancellable, GError **error);
/* picture stretched to the size of photo (bilinear) and at its depth, in its own profile. */
LimnPicture *limn_stack_stretch (LimnPicture *picture, LimnPicture *photo, GError **error);

G_END_DECLS
