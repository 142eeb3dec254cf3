/* Variations of the newest result: the same edit with other seeds, computed while nobody asks for anything else. First all of them
 * quickly, which is enough for thumbnails, then in full, so that keeping one takes no time. Of a fill, more are made than there are places,
 * and those that differ most get one; in full only: a quick one is a soft spot.
 *
 * It changes nothing itself: its owner shows results and puts the one that is kept into the document. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "app/document/limn-document.h"
#include "app/worker/limn-worker.h"

G_BEGIN_DECLS

typedef struct {
  void (*changed) (gpointer user);                        /* how many there are, which is current, a thumbnail */
  void (*show) (gpointer user, const LimnResult *result); /* in place of the varied layer; NULL: nothing any more */
} LimnVariationFuncs;

#define LIMN_TYPE_VARIATION_SET (limn_variation_set_get_type ())
G_DECLARE_FINAL_TYPE (LimnVariationSet, limn_variation_set, LIMN, VARIATION_SET, GObject)

/* slot: the first of two of the owner's own. funcs: static. user is the owner and must outlive the set, which nobody else may keep. */
LimnVariationSet *
limn_variation_set_new (LimnDocument *document, LimnWorker *worker, guint slot, const LimnVariationFuncs *funcs, gpointer user);

/* -- Filling it -- */

/* layer has come from edit with result: variation 0. */
void limn_variation_set_begin (LimnVariationSet *self, LimnLayer *layer, const LimnEdit *edit, const LimnResult *result);
void limn_variation_set_clear (LimnVariationSet *self);
/* layer is the variation index now. */
void limn_variation_set_note_layer (LimnVariationSet *self, LimnLayer *layer, guint index);
/* The document has other layers: finds out which variation is current, and clears itself if none is. */
void limn_variation_set_update (LimnVariationSet *self);

/* -- Looking at it -- */

guint limn_variation_set_get_n (LimnVariationSet *self); /* 0 = empty */
/* How many seeds, from the first one's on, were tried for it. */
guint limn_variation_set_get_n_seeds (LimnVariationSet *self);
LimnTask limn_variation_set_get_task (LimnVariationSet *self);                         /* while it isn't empty */
guint limn_variation_set_get_current (LimnVariationSet *self);                         /* the one in the document */
LimnLayer *limn_variation_set_get_layer (LimnVariationSet *self);                      /* the same, borrowed; NULL = it is gone */
GdkTexture *limn_variation_set_get_texture (LimnVariationSet *self, guint index);      /* borrowed, NULL while it is being made */
const LimnEdit *limn_variation_set_get_edit (LimnVariationSet *self, guint index);     /* borrowed, NULL while it isn't chosen */
const LimnResult *limn_variation_set_get_result (LimnVariationSet *self, guint index); /* the full one, NULL while it is being made */

/* -- Pointing at it -- */

/* Shows one; G_MAXUINT = none. */
void limn_variation_set_peek (LimnVariationSet *self, guint index);
gboolean limn_variation_set_is_peeking (LimnVariationSet *self);
/* Shows what lies between two that are chosen: mix 0 to 1; the latest wins. */
void limn_variation_set_mix (LimnVariationSet *self, guint a, guint b, double mix);
/* Ends showing it. The edit of that mix (transfer full); *result: its full result if it is there (transfer full), else NULL. */
LimnEdit *limn_variation_set_take_mix (LimnVariationSet *self, guint a, guint b, double mix, LimnResult **result);

G_END_DECLS
