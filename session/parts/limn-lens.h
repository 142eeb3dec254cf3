/* The lens of Upscale: a spot of the photo that is shown enlarged before the whole is. It has a live preview of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/document/limn-document.h"
#include "limn-preview.h"

G_BEGIN_DECLS

typedef struct {
  LimnEdit *(*make_edit) (gpointer user, GError **error); /* of the whole picture; transfer full */
  void (*moved) (gpointer user);                          /* where it is, or what it shows */
  void (*pending_changed) (gpointer user);                /* limn_lens_is_pending may be another */
  void (*failed) (gpointer user, const char *message);
} LimnLensFuncs;

typedef struct _LimnLens LimnLens;

/* slot: one of the owner's own. funcs: static. user is the owner and must outlive it. */
LimnLens *limn_lens_new (LimnDocument *document, LimnWorker *worker, guint slot, const LimnLensFuncs *funcs, gpointer user);
void limn_lens_free (LimnLens *self);

/* FALSE: it stays where it is and isn't seen. */
void limn_lens_set_active (LimnLens *self, gboolean active);
/* refined: whether the full result follows the quick one. Asks anew for what it shows. */
void limn_lens_invalidate (LimnLens *self, gboolean refined);
void limn_lens_drop (LimnLens *self); /* what it shows, and what is on its way */
gboolean limn_lens_is_pending (LimnLens *self);

/* Centre and radius in document pixels; radius 0 takes it away. TRUE when it is elsewhere now; then it is to be invalidated. */
gboolean limn_lens_set (LimnLens *self, double x, double y, double radius);
/* FALSE when there is none. texture: the enlarged spot (borrowed), NULL while it is being made; region: what of the photo it shows. */
gboolean limn_lens_get (LimnLens *self, double *x, double *y, double *radius, GdkTexture **texture, LimnRect *region);

G_END_DECLS
