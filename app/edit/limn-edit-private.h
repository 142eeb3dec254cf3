/* One run of an edit, as its kind sees it. For this room only. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-color-cache.h"
#include "limn-engine-call.h"

G_BEGIN_DECLS

struct _LimnEditRun {
  const LimnEdit *edit;
  LimnRunFlags flags;
  LimnEngineHandle *handle; /* of engine */
  LimnEngine *engine;

  /* What the edit is made with, in one piece; NULL, or bytes NULL, where there is nothing. */
  LimnPicture *photo, *paint;
  LimnPlane mask, materials, lines, sources, marks;

  /* The same part of all of it for the engine, pictures in sRGB or, if own, in the photo's colour space; NULL where there is nothing. */
  gboolean own;
  LimnRect part;
  const LimnPixels *photo_view, *paint_view;
  const LimnMask *mask_view, *materials_view, *lines_view, *sources_view, *marks_view;

  /* What the kind's run function fills in, by the engine. */
  LimnEngineCall call;
  LimnStatus status;
  gboolean whole; /* the result is a picture of its own; else it is laid over the photo, from part on */
  LimnFound found;
  GError *failure; /* why it didn't come to a call of the engine, or NULL */

  struct {
    LimnPicture *photo, *paint;
    LimnPixels photo_pixels, paint_pixels;
    LimnMask mask, materials, lines, sources, marks;
  } views; /* what the pointers above point to */
};

LimnSampling limn_edit_run_get_sampling (const LimnEditRun *self);

/* The part of the photo that a fill of the mask reads: around the hole as much as its context needs, and what is told to be copied from. reach: pixels that it is grown and
 * feathered by. */
LimnRect limn_edit_run_get_hole_area (const LimnEditRun *self, double reach);
/* rect with margin on every side, cut at the photo's borders. */
LimnRect limn_edit_run_widen (const LimnEditRun *self, LimnRect rect, int margin);

/* A mistake in what was asked; FALSE. */
gboolean limn_edit_usage (GError **error, const char *sentence);

/* The engine behind the handle; borrowed. */
LimnEngine *limn_engine_handle_borrow (LimnEngineHandle *self);
/* The surfaces that materials are laid from, read with the first call; borrowed. NULL and error when they can't be read. */
const LimnSurfaces *limn_engine_handle_get_surfaces (LimnEngineHandle *self, GError **error);
LimnSurfaces *limn_load_surfaces (GError **error);
/* The surfaces of one's own, made with the first call; borrowed. NULL and error when they can't be made. */
const LimnSurfaces *limn_surface_list_get_converted (LimnSurfaceList *self, GError **error);
/* What sketches rendered by this engine looked like; borrowed, or NULL. */
LimnSketchMemory *limn_engine_handle_get_sketch_memory (LimnEngineHandle *self);
/* The colours that colorize found by this engine; borrowed. */
LimnColorCache *limn_engine_handle_get_color_cache (LimnEngineHandle *self);

G_END_DECLS
