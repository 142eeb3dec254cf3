/* Painting: strokes, and planes as a whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "limn-document-strokes.h"

#include <string.h>

void
limn_document_begin_stroke (LimnDocument *self, LimnStrokePlanes planes, const LimnBrush *brush, gboolean limit_to_mask, const char *name)
{
  g_return_if_fail (planes != 0 && planes < LIMN_STROKE_PLANE (LIMN_DOCUMENT_N_PLANES));
  limn_document_end_stroke (self);
  limn_stroke_set_begin (&self->strokes, &self->content, planes, brush, limit_to_mask, name);
  limn_operation_queue_set_paused (self->operations, TRUE);
}

void
limn_document_extend_stroke (LimnDocument *self, double x, double y, double pressure)
{
  g_return_if_fail (limn_document_is_stroking (self));
  limn_stroke_set_extend (&self->strokes, &self->content, x, y, pressure);
  if (limn_content_is_damaged (&self->content))
    limn_document_notify_changed (self);
}

void
limn_document_end_stroke (LimnDocument *self)
{
  if (!limn_document_is_stroking (self))
    return;
  LimnHistoryStep *step = limn_stroke_set_end (&self->strokes, &self->content);
  limn_operation_queue_set_paused (self->operations, FALSE);
  limn_document_push (self, step);
  limn_operation_queue_advance (self->operations);
}

void
limn_document_cancel_stroke (LimnDocument *self)
{
  if (!limn_document_is_stroking (self))
    return;
  limn_stroke_set_cancel (&self->strokes, &self->content);
  limn_operation_queue_set_paused (self->operations, FALSE);
  if (limn_content_is_damaged (&self->content))
    limn_document_notify_changed (self);
  limn_operation_queue_advance (self->operations);
}

gboolean
limn_document_is_stroking (LimnDocument *self)
{
  return limn_stroke_set_is_active (&self->strokes);
}

void
limn_document_clear_planes (LimnDocument *self, LimnStrokePlanes planes, const char *name)
{
  const guint8 none[4] = { 0 };
  g_return_if_fail (planes != 0 && planes < LIMN_STROKE_PLANE (LIMN_DOCUMENT_N_PLANES));
  limn_document_end_stroke (self);
  LimnHistoryStep *step = limn_history_step_new (name);
  planes = limn_stroke_planes_complete (planes);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    if (!(planes & LIMN_STROKE_PLANE (i)))
      continue;
    LimnRaster *raster = self->content.planes[i];
    g_autoptr (LimnRaster) before = limn_raster_copy (raster);
    LimnRect bounds = limn_raster_get_bounds (raster), all = limn_raster_get_extents (raster);
    limn_operation_queue_cancel_tagged (self->operations, i);
    limn_raster_fill (raster, &all, none);
    limn_history_step_add_tiles (step, i, before, raster);
    limn_content_damage_plane (&self->content, i, &bounds);
  }
  limn_document_push (self, step);
}

/* -- Scenery -- */

const LimnScenery *
limn_document_get_scenery (LimnDocument *self)
{
  return &self->content.scenery;
}

void
limn_document_set_scenery (LimnDocument *self, const LimnScenery *scenery, guint group, const char *name)
{
  gpointer target = &self->content.scenery;
  gboolean joins = limn_undo_can_join (&self->undo, group, target);
  if (memcmp (&self->content.scenery, scenery, sizeof *scenery) == 0)
    return;
  LimnHistoryStep *step = joins ? NULL : limn_document_begin_step (self, name, LIMN_CONTENT_SCENERY);
  limn_content_set_scenery (&self->content, scenery);
  limn_document_push_group (self, step, group, target);
}

/* -- Surfaces of one's own -- */

LimnSurfaceList *
limn_document_get_surfaces (LimnDocument *self)
{
  return self->content.surfaces;
}

void
limn_document_set_surfaces (LimnDocument *self, LimnSurfaceList *surfaces, const char *name)
{
  if (self->content.surfaces == surfaces)
    return;
  limn_document_end_stroke (self);
  LimnHistoryStep *step = limn_document_begin_step (self, name, LIMN_CONTENT_SURFACES);
  limn_content_set_surfaces (&self->content, surfaces);
  limn_document_push (self, step);
}
