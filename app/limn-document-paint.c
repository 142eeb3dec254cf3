/* Painting: strokes, the mask, the planes as a whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

/* -- Strokes -- */

void
limn_document_begin_stroke_on (LimnDocument *self, LimnStrokePlanes planes, const LimnBrush *brush, gboolean limit_to_mask,
                               const char *name)
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

void
limn_document_begin_stroke (LimnDocument *self, LimnDocumentPlane plane, const LimnBrush *brush, gboolean limit_to_mask,
                            const char *name)
{
  limn_document_begin_stroke_on (self, LIMN_STROKE_PLANE (plane), brush, limit_to_mask, name);
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
}

gboolean
limn_document_is_stroking (LimnDocument *self)
{
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    if (self->strokes[i])
      return TRUE;
  return FALSE;
}

/* -- One operation on one plane -- */

typedef struct {
  LimnDocumentPlane plane;
  LimnRaster *before;
} Operation;

static LimnRaster *
begin (LimnDocument *self, LimnDocumentPlane plane, Operation *operation)
{
  limn_document_end_stroke (self);
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

static const char *
select_name (LimnMaskMode mode)
{
  switch (mode) {
  case LIMN_MASK_ADD:
    return _("Add to Selection");
  case LIMN_MASK_SUBTRACT:
    return _("Subtract from Selection");
  case LIMN_MASK_INTERSECT:
    return _("Intersect Selection");
  default:
    return _("Select");
  }
}

void
limn_document_select_polygon (LimnDocument *self, const LimnPoint *points, gsize n_points, LimnMaskMode mode)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, &operation);
  end (self, &operation, limn_mask_polygon (mask, points, n_points, mode), select_name (mode));
}

void
limn_document_select_rectangle (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, &operation);
  end (self, &operation, limn_mask_rectangle (mask, x, y, width, height, mode), select_name (mode));
}

void
limn_document_select_ellipse (LimnDocument *self, double x, double y, double width, double height, LimnMaskMode mode)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, &operation);
  end (self, &operation, limn_mask_ellipse (mask, x, y, width, height, mode), select_name (mode));
}

void
limn_document_select_similar (LimnDocument *self, int x, int y, int tolerance, gboolean contiguous, LimnMaskMode mode)
{
  LimnRect all = limn_document_get_extents (self);
  gsize stride = (gsize) all.width * 4;
  g_autofree guint8 *pixels = g_try_malloc (stride * (gsize) all.height); /* sides are at most LIMN_PICTURE_MAX_SIDE */
  if (!pixels)
    return;
  limn_document_render (self, LIMN_SNAPSHOT_RESULT, 0, &all, pixels, stride);
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, &operation);
  end (self, &operation, limn_mask_similar (mask, pixels, stride, x, y, tolerance, contiguous, mode), select_name (mode));
}

void
limn_document_select_all (LimnDocument *self)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, &operation);
  end (self, &operation, limn_mask_all (mask), _("Select All"));
}

void
limn_document_select_none (LimnDocument *self)
{
  static const LimnDocumentPlane planes[] = { LIMN_DOCUMENT_MASK, LIMN_DOCUMENT_GUIDE, LIMN_DOCUMENT_GUIDE_INK };
  const guint8 none[4] = { 0 };
  limn_document_end_stroke (self);
  LimnHistoryStep *step = limn_history_step_new (_("Clear Selection"));
  for (guint i = 0; i < G_N_ELEMENTS (planes); i++) {
    LimnRaster *raster = self->planes[planes[i]];
    g_autoptr (LimnRaster) before = limn_raster_copy (raster);
    LimnRect bounds = limn_raster_get_bounds (raster), all = limn_raster_get_extents (raster);
    limn_raster_fill (raster, &all, none);
    limn_history_step_add_tiles (step, (int) planes[i], before, raster);
    limn_document_touch (self, &bounds, limn_document_plane_change (planes[i]));
  }
  limn_document_push (self, step);
}

void
limn_document_invert_mask (LimnDocument *self)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, &operation);
  end (self, &operation, limn_mask_invert (mask), _("Invert Selection"));
}

void
limn_document_grow_mask (LimnDocument *self, double pixels)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, &operation);
  if (pixels >= 0)
    end (self, &operation, limn_mask_grow (mask, pixels), _("Grow Selection"));
  else
    end (self, &operation, limn_mask_shrink (mask, -pixels), _("Shrink Selection"));
}

void
limn_document_feather_mask (LimnDocument *self, double sigma)
{
  Operation operation;
  LimnRaster *mask = begin (self, LIMN_DOCUMENT_MASK, &operation);
  end (self, &operation, limn_mask_feather (mask, sigma), _("Feather Selection"));
}

/* -- Other planes -- */

void
limn_document_clear_plane (LimnDocument *self, LimnDocumentPlane plane, const char *name)
{
  g_return_if_fail (plane < LIMN_DOCUMENT_N_PLANES);
  const guint8 none[4] = { 0 };
  Operation operation;
  LimnRaster *raster = begin (self, plane, &operation);
  LimnRect bounds = limn_raster_get_bounds (raster), all = limn_raster_get_extents (raster);
  limn_raster_fill (raster, &all, none);
  end (self, &operation, bounds, name);
}

/* What a line of the sketch covers is another colour to the bucket: black as far as the line is. */
static void
draw_ink (const guint8 *ink, gsize count, guint8 *pixels)
{
  for (gsize i = 0; i < count; i++, pixels += 4) {
    guint32 a = ink[i], under = pixels[3] * (255 - a), sum = a * 255 + under;
    for (int k = 0; k < 3 && a; k++)
      pixels[k] = (guint8) (pixels[k] * under / sum);
    pixels[3] = (guint8) ((sum + 127) / 255);
  }
}

/* rgba over the pixels of rect, as far as the area covers them. */
static void
pour (LimnRaster *raster, LimnRaster *area, const guint8 *rgba)
{
  guint8 below[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4];
  for (guint i = 0; i < limn_raster_get_n_tiles (area); i++) {
    LimnTile *tile = limn_raster_peek_tile (area, i);
    if (!tile)
      continue;
    LimnRect rect = limn_raster_get_tile_rect (area, i);
    limn_raster_read (raster, &rect, below, LIMN_TILE_SIZE * 4);
    for (int y = 0; y < rect.height; y++)
      for (int x = 0; x < rect.width; x++) {
        guint8 *p = below + 4 * (y * LIMN_TILE_SIZE + x);
        guint32 a = limn_tile_get_pixels (tile)[y * LIMN_TILE_SIZE + x] * rgba[3] / 255u, under = p[3] * (255 - a);
        guint32 sum = a * 255 + under;
        for (int k = 0; k < 3 && a; k++)
          p[k] = (guint8) ((rgba[k] * a * 255 + p[k] * under + sum / 2) / sum);
        p[3] = (guint8) ((sum + 127) / 255);
      }
    limn_raster_write (raster, &rect, below, LIMN_TILE_SIZE * 4);
  }
}

void
limn_document_flood_paint (LimnDocument *self, int x, int y, int tolerance, const guint8 *rgba)
{
  LimnRect all = limn_document_get_extents (self);
  gsize width = (gsize) all.width, height = (gsize) all.height;
  g_autofree guint8 *pixels = g_try_malloc (width * height * 4), *ink = g_try_malloc (width * height);
  if (!pixels || !ink)
    return;
  Operation operation;
  LimnRaster *paint = begin (self, LIMN_DOCUMENT_PAINT, &operation);
  limn_raster_read (paint, &all, pixels, width * 4);
  limn_raster_read (self->planes[LIMN_DOCUMENT_INK], &all, ink, width);
  draw_ink (ink, width * height, pixels);
  g_autoptr (LimnRaster) area = limn_raster_new (width, height, 1);
  limn_mask_similar (area, pixels, width * 4, x, y, tolerance, TRUE, LIMN_MASK_REPLACE);
  limn_mask_grow (area, 1); /* under the soft edge of the lines around it */
  LimnRect bounds = limn_raster_get_bounds (area);
  pour (paint, area, rgba);
  end (self, &operation, bounds, _("Fill with Color"));
}
