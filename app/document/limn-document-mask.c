/* The mask, and other operations on a whole plane: at once, or on another thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "app/content/limn-plane-operation.h"
#include "limn-document-mask.h"
#include "limn-document-strokes.h"

static const char *
get_select_name (LimnMaskMode mode)
{
  switch (mode) {
  case LIMN_MASK_ADD: return _("Add to Selection");
  case LIMN_MASK_SUBTRACT: return _("Subtract from Selection");
  case LIMN_MASK_INTERSECT: return _("Intersect Selection");
  default: return _("Select");
  }
}

/* The mask as it is, for end_selection. replaces: nothing of the mask stays, so operations on it are cancelled. */
static LimnRaster *
begin_selection (LimnDocument *self, gboolean replaces)
{
  limn_document_end_stroke (self);
  if (replaces)
    limn_operation_queue_cancel_tagged (self->operations, LIMN_DOCUMENT_MASK);
  return limn_raster_copy (self->content.planes[LIMN_DOCUMENT_MASK]);
}

/* Takes before. rect: what changed. */
static void
end_selection (LimnDocument *self, LimnRaster *before, LimnRect rect, const char *name)
{
  LimnHistoryStep *step = limn_history_step_new (name);
  limn_history_step_add_tiles (step, LIMN_DOCUMENT_MASK, before, self->content.planes[LIMN_DOCUMENT_MASK]);
  g_object_unref (before);
  limn_content_damage_plane (&self->content, LIMN_DOCUMENT_MASK, &rect);
  limn_document_push (self, step);
}

void
limn_document_select_polygon (LimnDocument *self, const LimnPoint *points, gsize n_points, LimnMaskMode mode)
{
  LimnRaster *before = begin_selection (self, mode == LIMN_MASK_REPLACE), *mask = self->content.planes[LIMN_DOCUMENT_MASK];
  end_selection (self, before, limn_mask_polygon (mask, points, n_points, mode), get_select_name (mode));
}

void
limn_document_select_rectangle (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode)
{
  LimnRaster *before = begin_selection (self, mode == LIMN_MASK_REPLACE), *mask = self->content.planes[LIMN_DOCUMENT_MASK];
  end_selection (self, before, limn_mask_rectangle (mask, x, y, width, height, mode), get_select_name (mode));
}

void
limn_document_select_ellipse (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode)
{
  LimnRaster *before = begin_selection (self, mode == LIMN_MASK_REPLACE), *mask = self->content.planes[LIMN_DOCUMENT_MASK];
  end_selection (self, before, limn_mask_ellipse (mask, x, y, width, height, mode), get_select_name (mode));
}

void
limn_document_select_raster (LimnDocument *self, LimnRaster *mask)
{
  limn_document_end_stroke (self);
  limn_operation_queue_cancel_tagged (self->operations, LIMN_DOCUMENT_MASK);
  LimnHistoryStep *step = limn_history_step_new (_("Mask from Picture"));
  limn_content_set_plane (&self->content, LIMN_DOCUMENT_MASK, mask, step);
  limn_document_push (self, step);
}

void
limn_document_select_all (LimnDocument *self)
{
  LimnRaster *before = begin_selection (self, TRUE);
  end_selection (self, before, limn_mask_all (self->content.planes[LIMN_DOCUMENT_MASK]), _("Select All"));
}

void
limn_document_select_none (LimnDocument *self)
{
  limn_document_clear_planes (self, LIMN_STROKE_PLANES_HOLE, _("Clear Selection"));
}

/* -- On another thread -- */

static gboolean
capture_operation (gpointer operation, gpointer document)
{
  return limn_plane_operation_capture (operation, &((LimnDocument *) document)->content);
}

static void
run_operation (gpointer operation, const char *name, GCancellable *cancellable, GError **error)
{
  limn_plane_operation_run (operation, name, cancellable);
}

static void
apply_operation (gpointer operation, gpointer document, const char *name)
{
  LimnDocument *self = document;
  limn_document_push (self, limn_plane_operation_apply (operation, &self->content, name));
}

static void
free_operation (gpointer operation)
{
  limn_plane_operation_free (operation);
}

static const LimnOperationClass plane_operations = { capture_operation, run_operation, apply_operation, free_operation };

/* at_place: it is about a place of the canvas that is seen, so it comes before another canvas that isn't there yet. */
static void
add_operation (LimnDocument *self, LimnPlaneOperation *operation, LimnDocumentPlane plane, const char *name, gboolean at_place)
{
  limn_document_end_stroke (self);
  limn_operation_queue_add (self->operations, operation, &plane_operations, name, (int) plane, at_place ? &limn_canvas_operations : NULL);
}

void
limn_document_select_similar (LimnDocument *self, int x, int y, int tolerance, gboolean contiguous, LimnMaskMode mode)
{
  LimnStack *stack = limn_document_dup_stack (self, LIMN_SNAPSHOT_RESULT);
  if (mode == LIMN_MASK_REPLACE)
    limn_operation_queue_cancel_tagged (self->operations, LIMN_DOCUMENT_MASK);
  add_operation (self, limn_plane_operation_new_select_similar (stack, x, y, tolerance, contiguous, mode), LIMN_DOCUMENT_MASK,
                 get_select_name (mode), TRUE);
}

void
limn_document_select_object (LimnDocument *self, LimnRaster *hints, gboolean loop, LimnRaster *base, LimnMaskMode mode, const char *name)
{
  LimnStack stack = limn_content_make_stack (&self->content, G_MAXUINT, FALSE), *copy = limn_stack_copy (&stack);
  g_free ((gpointer) stack.layers);
  limn_operation_queue_cancel_tagged (self->operations, LIMN_DOCUMENT_MASK);
  add_operation (self, limn_plane_operation_new_select_object (copy, hints, loop, base, mode), LIMN_DOCUMENT_MASK, name, TRUE);
}

void
limn_document_invert_mask (LimnDocument *self)
{
  const LimnPlaneOperation *waiting = limn_operation_queue_peek_waiting (self->operations, &plane_operations);
  if (waiting && limn_plane_operation_get_kind (waiting) == LIMN_PLANE_INVERT)
    limn_operation_queue_cancel_last (self->operations);
  else
    add_operation (self, limn_plane_operation_new_mask (LIMN_PLANE_INVERT, 0), LIMN_DOCUMENT_MASK, _("Invert Selection"), FALSE);
}

/* Joins an operation of the same kind that waits. */
static void
add_or_join (LimnDocument *self, LimnPlaneOperationKind kind, double pixels, const char *name)
{
  LimnPlaneOperation *waiting = limn_operation_queue_peek_waiting (self->operations, &plane_operations);
  if (!waiting || !limn_plane_operation_join (waiting, kind, pixels))
    add_operation (self, limn_plane_operation_new_mask (kind, pixels), LIMN_DOCUMENT_MASK, name, FALSE);
}

void
limn_document_grow_mask (LimnDocument *self, double pixels)
{
  add_or_join (self, LIMN_PLANE_GROW, pixels, pixels >= 0 ? _("Grow Selection") : _("Shrink Selection"));
}

void
limn_document_feather_mask (LimnDocument *self, double sigma)
{
  add_or_join (self, LIMN_PLANE_FEATHER, sigma, _("Feather Selection"));
}

void
limn_document_flood_paint (LimnDocument *self, int x, int y, int tolerance, const guint8 *rgba, guint8 material)
{
  add_operation (self, limn_plane_operation_new_flood_fill (x, y, tolerance, rgba, material), LIMN_DOCUMENT_PAINT, _("Fill with Color"),
                 TRUE);
}

void
limn_document_set_material (LimnDocument *self, int x, int y, int tolerance, guint8 material)
{
  guint8 rgba[4];
  limn_raster_read (self->content.planes[LIMN_DOCUMENT_PAINT], &(LimnRect){ x, y, 1, 1 }, rgba, 4);
  if (rgba[3] > 0)
    add_operation (self, limn_plane_operation_new_set_material (x, y, tolerance, material), LIMN_DOCUMENT_PAINT, _("Change Material"),
                   TRUE);
}
