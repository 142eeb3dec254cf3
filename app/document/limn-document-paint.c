/* Painting: strokes, the mask, the planes as a whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

/* -- Strokes -- */

void
limn_document_begin_stroke (LimnDocument *self, LimnStrokePlanes planes, const LimnBrush *brush, gboolean limit_to_mask, const char *name)
{
  g_return_if_fail (planes != 0 && planes < LIMN_STROKE_PLANE (LIMN_DOCUMENT_N_PLANES));
  limn_document_end_stroke (self);
  self->stroke_name = g_strdup (name);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    if (planes & LIMN_STROKE_PLANE (i)) {
      self->stroke_before[i] = limn_raster_copy (self->planes[i]);
      self->strokes[i] = limn_stroke_new (self->planes[i], brush, limit_to_mask ? self->planes[LIMN_DOCUMENT_MASK] : NULL);
    }
}

static void
tell_strokes (LimnDocument *self, const LimnRect rects[LIMN_DOCUMENT_N_PLANES])
{
  gboolean any = FALSE;
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    if (!limn_rect_is_empty (&rects[i])) {
      limn_document_touch (self, &rects[i], limn_document_plane_change (i));
      any = TRUE;
    }
  if (any)
    limn_document_tell (self);
}

void
limn_document_extend_stroke (LimnDocument *self, double x, double y, double pressure)
{
  g_return_if_fail (limn_document_is_stroking (self));
  LimnRect rects[LIMN_DOCUMENT_N_PLANES] = { 0 };
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    if (self->strokes[i])
      rects[i] = limn_stroke_add (self->strokes[i], x, y, pressure);
  tell_strokes (self, rects);
}

void
limn_document_end_stroke (LimnDocument *self)
{
  if (!limn_document_is_stroking (self))
    return;
  g_autofree char *name = g_steal_pointer (&self->stroke_name);
  LimnHistoryStep *step = limn_history_step_new (name);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    if (!self->strokes[i])
      continue;
    g_autoptr (LimnStroke) stroke = g_steal_pointer (&self->strokes[i]);
    g_autoptr (LimnRaster) before = g_steal_pointer (&self->stroke_before[i]);
    LimnRect rect = limn_stroke_finish (stroke);
    limn_document_touch (self, &rect, limn_document_plane_change (i));
    limn_history_step_add_tiles (step, i, before, self->planes[i]);
  }
  limn_document_push (self, step);
  limn_document_operations_go_on (self);
}

void
limn_document_cancel_stroke (LimnDocument *self)
{
  if (!limn_document_is_stroking (self))
    return;
  LimnRect rects[LIMN_DOCUMENT_N_PLANES] = { 0 };
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    if (!self->strokes[i])
      continue;
    g_autoptr (LimnStroke) stroke = g_steal_pointer (&self->strokes[i]);
    g_clear_object (&self->stroke_before[i]);
    rects[i] = limn_stroke_revert (stroke);
  }
  g_clear_pointer (&self->stroke_name, g_free);
  tell_strokes (self, rects);
  limn_document_operations_go_on (self);
}

gboolean
limn_document_is_stroking (LimnDocument *self)
{
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    if (self->strokes[i])
      return TRUE;
  return FALSE;
}

/* -- At once, on one plane -- */

typedef struct {
  LimnDocumentPlane plane;
  LimnRaster *before;
} Operation;

/* replaces: nothing of what the plane holds stays, so that nobody waits for what is under way on it. */
static LimnRaster *
begin (LimnDocument *self, LimnDocumentPlane plane, gboolean replaces, Operation *operation)
{
  limn_document_end_stroke (self);
  if (replaces)
    limn_document_cancel_operations_on (self, plane);
  *operation = (Operation){ plane, limn_raster_copy (self->planes[plane]) };
  return self->planes[plane];
}

static void
end (LimnDocument *self, Operation *operation, LimnRect rect, const char *name)
{
  LimnHistoryStep *step = limn_history_step_new (name);
  limn_history_step_add_tiles (step, (int) operation->plane, operation->before, self->planes[operation->plane]);
  g_clear_object (&operation->before);
  limn_document_touch (self, &rect, limn_document_plane_change (operation->plane));
  limn_document_push (self, step);
}

/* -- The mask -- */

const char *
limn_document_select_name (LimnMaskMode mode)
{
  switch (mode) {
  case LIMN_MASK_ADD: return _("Add to Selection");
  case LIMN_MASK_SUBTRACT: return _("Subtract from Selection");
  case LIMN_MASK_INTERSECT: return _("Intersect Selection");
  default: return _("Select");
  }
}

void
limn_document_select_polygon (LimnDocument *self, const LimnPoint *points, gsize n_points, LimnMaskMode mode)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, mode == LIMN_MASK_REPLACE, &operation);
  end (self, &operation, limn_mask_polygon (mask, points, n_points, mode), limn_document_select_name (mode));
}

void
limn_document_select_rectangle (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, mode == LIMN_MASK_REPLACE, &operation);
  end (self, &operation, limn_mask_rectangle (mask, x, y, width, height, mode), limn_document_select_name (mode));
}

void
limn_document_select_ellipse (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, mode == LIMN_MASK_REPLACE, &operation);
  end (self, &operation, limn_mask_ellipse (mask, x, y, width, height, mode), limn_document_select_name (mode));
}

void
limn_document_select_all (LimnDocument *self)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, TRUE, &operation);
  end (self, &operation, limn_mask_all (mask), _("Select All"));
}

void
limn_document_select_none (LimnDocument *self)
{
  limn_document_clear_planes (
    self, LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK) | LIMN_STROKE_PLANE (LIMN_DOCUMENT_GUIDE) | LIMN_STROKE_PLANE (LIMN_DOCUMENT_GUIDE_INK),
    _("Clear Selection"));
}

/* -- Other planes -- */

void
limn_document_clear_planes (LimnDocument *self, LimnStrokePlanes planes, const char *name)
{
  const guint8 none[4] = { 0 };
  g_return_if_fail (planes != 0 && planes < LIMN_STROKE_PLANE (LIMN_DOCUMENT_N_PLANES));
  limn_document_end_stroke (self);
  LimnHistoryStep *step = limn_history_step_new (name);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    if (!(planes & LIMN_STROKE_PLANE (i)))
      continue;
    LimnRaster *raster = self->planes[i];
    g_autoptr (LimnRaster) before = limn_raster_copy (raster);
    LimnRect bounds = limn_raster_get_bounds (raster), all = limn_raster_get_extents (raster);
    limn_document_cancel_operations_on (self, i);
    limn_raster_fill (raster, &all, none);
    limn_history_step_add_tiles (step, i, before, raster);
    limn_document_touch (self, &bounds, limn_document_plane_change (i));
  }
  limn_document_push (self, step);
}
