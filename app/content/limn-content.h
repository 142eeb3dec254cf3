/* What a document holds and shows: the photo, the planes that people paint on, dots of colour, result layers, and the live preview. It is
 * read freely and changed through the functions here or of the part in question; every change adds its damage. Knows no undo step but
 * what it puts into one, and no signals. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/compose/limn-stack.h"
#include "app/history/limn-history.h"
#include "limn-damage.h"
#include "limn-snapshot.h"

G_BEGIN_DECLS

typedef struct {
  LimnPicture *photo;
  gboolean sketch; /* begun as an empty canvas */
  LimnRaster *planes[LIMN_DOCUMENT_N_PLANES];
  GArray *dots;       /* of LimnDot */
  GListStore *layers; /* of LimnLayer, lowest first */
  LimnScenery scenery;
  LimnSurfaceList *surfaces; /* surfaces of one's own; NULL: none */

  LimnStackLayer preview; /* picture NULL = none */
  LimnLayer *preview_for; /* in whose place it is shown, or NULL: over everything */

  LimnDamage damage;
  gboolean resized; /* the canvas is another one since damage was cleared */
} LimnContent;

void limn_content_init (LimnContent *self);
void limn_content_clear (LimnContent *self);

LimnRect limn_content_get_extents (const LimnContent *self);
/* Whether damage has to be notified. */
gboolean limn_content_is_damaged (const LimnContent *self);
LimnChange limn_plane_get_change (LimnDocumentPlane plane);
void limn_content_damage_plane (LimnContent *self, LimnDocumentPlane plane, const LimnRect *rect);
void limn_content_damage_layer (LimnContent *self, LimnLayer *layer); /* where it lies now */
void limn_content_damage_dot (LimnContent *self, const LimnDot *dot);

/* Another photo with planes of its size (references are taken; NULL: empty planes). The live preview goes; layers and dots are the
 * caller's. */
void limn_content_set_canvas (LimnContent *self, LimnPicture *photo, LimnRaster *const *planes);
void limn_content_set_scenery (LimnContent *self, const LimnScenery *scenery);
void limn_content_set_surfaces (LimnContent *self, LimnSurfaceList *surfaces); /* a new reference is taken */
/* Replaces a plane's pixels by those of raster (same size) and adds the difference to step. */
void limn_content_set_plane (LimnContent *self, LimnDocumentPlane plane, LimnRaster *raster, LimnHistoryStep *step);
/* TRUE for the layer's position from below. */
gboolean limn_content_find_layer (LimnContent *self, LimnLayer *layer, guint *position);
/* name, or where a layer is called so already, the same with the next free number: "Fill 2". Free with g_free. */
char *limn_content_make_layer_name (LimnContent *self, const char *name);

/* result: as limn_document_set_preview has it; NULL removes the preview. */
void limn_content_set_preview (LimnContent *self, const LimnResult *result, LimnLayer *replaces);

/* The visible ones of the lowest n layers, and the preview where with_preview. Free layers with g_free. */
LimnStack limn_content_make_stack (LimnContent *self, guint n, gboolean with_preview);

/* -- For undo (limn-content-state.c) -- */

typedef enum {
  LIMN_CONTENT_CANVAS = 1 << 0, /* photo, sketch, all planes, scenery */
  LIMN_CONTENT_DOTS = 1 << 1,
  LIMN_CONTENT_LAYERS = 1 << 2,
  LIMN_CONTENT_SCENERY = 1 << 3,
  LIMN_CONTENT_SURFACES = 1 << 4,
} LimnContentParts;

/* Adds the present state of parts to step: what an undo restores. The history's user pointer must be self. Shares, copies nothing. */
void limn_content_capture (LimnContent *self, LimnHistoryStep *step, LimnContentParts parts);

G_END_DECLS
