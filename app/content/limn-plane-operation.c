/* Operations on a whole plane that may take longer than a frame.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-plane-operation.h"

#include "app/base/limn-parallel.h"
#include "app/raster/limn-mask-tile.h"
#include "limn-select-outline.h"

#include <math.h>
#include <string.h>

/* The bucket doesn't leak through gaps of such a part of the plane's longer side. */
#define GAP_PART 100.0

/* A plane that is changed: as it was when it was captured, and what becomes of it. */
typedef struct {
  LimnDocumentPlane plane;
  LimnRaster *before, *after;
} Target;

struct _LimnPlaneOperation {
  LimnPlaneOperationKind kind;
  Target targets[2]; /* a bucket's second are the materials of the paint */
  guint n_targets;

  int x, y, tolerance;
  gboolean contiguous;
  LimnMaskMode mode;
  double pixels; /* grow (negative: shrink), feather */
  guint8 rgba[4];
  guint8 material;
  LimnStack *stack; /* what is seen */
  LimnRaster *hints, *base;
  gboolean loop;

  GCancellable *cancellable;      /* borrowed while it runs */
  LimnRaster *paint, *ink, *area; /* where the bucket looks, and what it found */
  guint8 material_before;         /* at the point */
  LimnTile *color_tile;           /* a whole tile of rgba */
  LimnRect rect;                  /* what changed */
  LimnHistoryStep *step;
};

LimnPlaneOperation *
limn_plane_operation_new_select_similar (LimnStack *stack, int x, int y, int tolerance, gboolean contiguous, LimnMaskMode mode)
{
  LimnPlaneOperation *self = g_new0 (LimnPlaneOperation, 1);
  *self = (LimnPlaneOperation){ .kind = LIMN_PLANE_SELECT_SIMILAR,
                                .targets = { { .plane = LIMN_DOCUMENT_MASK } },
                                .n_targets = 1,
                                .stack = stack,
                                .x = x,
                                .y = y,
                                .tolerance = tolerance,
                                .contiguous = contiguous,
                                .mode = mode };
  return self;
}

LimnPlaneOperation *
limn_plane_operation_new_select_object (LimnStack *stack, LimnRaster *hints, gboolean loop, LimnRaster *base, LimnMaskMode mode)
{
  LimnPlaneOperation *self = g_new0 (LimnPlaneOperation, 1);
  *self = (LimnPlaneOperation){ .kind = LIMN_PLANE_SELECT_OBJECT,
                                .targets = { { .plane = LIMN_DOCUMENT_MASK } },
                                .n_targets = 1,
                                .stack = stack,
                                .hints = g_object_ref (hints),
                                .base = g_object_ref (base),
                                .loop = loop,
                                .mode = mode };
  return self;
}

LimnPlaneOperation *
limn_plane_operation_new_mask (LimnPlaneOperationKind kind, double pixels)
{
  LimnPlaneOperation *self = g_new0 (LimnPlaneOperation, 1);
  *self = (LimnPlaneOperation){ .kind = kind, .targets = { { .plane = LIMN_DOCUMENT_MASK } }, .n_targets = 1, .pixels = pixels };
  return self;
}

LimnPlaneOperation *
limn_plane_operation_new_flood_fill (int x, int y, int tolerance, const guint8 *rgba, guint8 material)
{
  LimnPlaneOperation *self = g_new0 (LimnPlaneOperation, 1);
  *self = (LimnPlaneOperation){ .kind = LIMN_PLANE_FLOOD_FILL,
                                .targets = { { .plane = LIMN_DOCUMENT_PAINT }, { .plane = LIMN_DOCUMENT_MATERIALS } },
                                .n_targets = 2,
                                .x = x,
                                .y = y,
                                .tolerance = tolerance,
                                .material = material };
  memcpy (self->rgba, rgba, sizeof self->rgba);
  return self;
}

LimnPlaneOperation *
limn_plane_operation_new_set_material (int x, int y, int tolerance, guint8 material)
{
  LimnPlaneOperation *self = g_new0 (LimnPlaneOperation, 1);
  *self = (LimnPlaneOperation){ .kind = LIMN_PLANE_SET_MATERIAL,
                                .targets = { { .plane = LIMN_DOCUMENT_MATERIALS } },
                                .n_targets = 1,
                                .x = x,
                                .y = y,
                                .tolerance = tolerance,
                                .material = material };
  return self;
}

void
limn_plane_operation_free (LimnPlaneOperation *self)
{
  g_clear_pointer (&self->stack, limn_stack_free);
  for (guint i = 0; i < self->n_targets; i++) {
    g_clear_object (&self->targets[i].before);
    g_clear_object (&self->targets[i].after);
  }
  g_clear_object (&self->hints);
  g_clear_object (&self->base);
  g_clear_object (&self->paint);
  g_clear_object (&self->ink);
  g_clear_object (&self->area);
  g_clear_pointer (&self->color_tile, limn_tile_unref);
  g_clear_object (&self->step);
  g_free (self);
}

gboolean
limn_plane_operation_join (LimnPlaneOperation *self, LimnPlaneOperationKind kind, double pixels)
{
  if (self->kind != kind)
    return FALSE;
  if (kind == LIMN_PLANE_FEATHER) {
    self->pixels = hypot (self->pixels, pixels); /* as two Gaussians after each other */
    return TRUE;
  }
  if (kind != LIMN_PLANE_GROW || (self->pixels < 0) != (pixels < 0))
    return FALSE;
  self->pixels += pixels;
  return TRUE;
}

LimnPlaneOperationKind
limn_plane_operation_get_kind (const LimnPlaneOperation *self)
{
  return self->kind;
}

gboolean
limn_plane_operation_capture (LimnPlaneOperation *self, LimnContent *content)
{
  if (self->targets[0].before)
    return TRUE;
  for (guint i = 0; i < self->n_targets; i++) {
    Target *target = &self->targets[i];
    target->before = limn_raster_copy (content->planes[target->plane]);
    target->after = limn_raster_copy (self->base ? self->base : target->before);
  }
  if (self->kind == LIMN_PLANE_FLOOD_FILL || self->kind == LIMN_PLANE_SET_MATERIAL) {
    self->paint = limn_raster_copy (content->planes[LIMN_DOCUMENT_PAINT]);
    self->ink = limn_raster_copy (content->planes[LIMN_DOCUMENT_LINES]);
  }
  return FALSE;
}

/* -- On the other thread -- */

static void
read_stack (int y, int height, guint8 *out, gpointer user)
{
  const LimnStack *stack = ((LimnPlaneOperation *) user)->stack;
  gsize width = limn_picture_get_width (stack->photo);
  limn_stack_render (stack, 0, &(LimnRect){ 0, y, (int) width, height }, out, width * 4);
}

/* Composites ink as black over paint, so that the flood fill stops at lines. */
static void
composite_ink (const guint8 *ink, gsize count, guint8 *pixels)
{
  for (gsize i = 0; i < count; i++, pixels += 4) {
    guint32 a = ink[i], under = pixels[3] * (255 - a), sum = a * 255 + under;
    if (!a)
      continue;
    for (int k = 0; k < 3; k++)
      pixels[k] = (guint8) (pixels[k] * under / sum);
    pixels[3] = (guint8) ((sum + 127) / 255);
  }
}

static void
read_sketch (int y, int height, guint8 *out, gpointer user)
{
  LimnPlaneOperation *self = user;
  gsize width = (gsize) limn_raster_get_width (self->paint), count = width * (gsize) height;
  LimnRect rect = { 0, y, (int) width, height };
  g_autofree guint8 *ink = g_malloc (count);
  limn_raster_read (self->paint, &rect, out, width * 4);
  limn_raster_read (self->ink, &rect, ink, width);
  composite_ink (ink, count, out);
}

/* Composites rgba over a row of tiles, with the area as its coverage. */
static void
fill_row (gsize row, gpointer user)
{
  LimnPlaneOperation *self = user;
  LimnRaster *after = self->targets[0].after;
  const guint8 *rgba = self->rgba;
  guint columns = limn_raster_get_columns (self->area);
  guint8 below[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4];
  for (guint i = (guint) row * columns; i < ((guint) row + 1) * columns && !g_cancellable_is_cancelled (self->cancellable); i++) {
    LimnTile *tile = limn_raster_peek_tile (self->area, i);
    if (!tile)
      continue;
    if (tile == limn_mask_peek_full_tile () && rgba[3] == 255) {
      limn_raster_set_tile (after, i, limn_tile_ref (self->color_tile));
      continue;
    }
    LimnRect rect = limn_raster_get_tile_rect (self->area, i), all = { rect.x, rect.y, LIMN_TILE_SIZE, LIMN_TILE_SIZE };
    limn_raster_read (after, &all, below, LIMN_TILE_SIZE * 4);
    for (int y = 0; y < rect.height; y++)
      for (int x = 0; x < rect.width; x++) {
        guint8 *p = below + 4 * (y * LIMN_TILE_SIZE + x);
        guint32 a = limn_tile_get_pixels (tile)[y * LIMN_TILE_SIZE + x] * rgba[3] / 255u, under = p[3] * (255 - a);
        guint32 sum = a * 255 + under;
        for (int k = 0; k < 3 && a; k++)
          p[k] = (guint8) ((rgba[k] * a * 255 + p[k] * under + sum / 2) / sum);
        p[3] = (guint8) ((sum + 127) / 255);
      }
    limn_raster_set_tile (after, i, limn_tile_new (below, sizeof below));
  }
}

/* The same for materials, the last target: where at least half is covered. A change of material keeps to what was of the same one. */
static void
label_row (gsize row, gpointer user)
{
  LimnPlaneOperation *self = user;
  LimnRaster *after = self->targets[self->n_targets - 1].after;
  guint columns = limn_raster_get_columns (self->area);
  guint8 labels[LIMN_TILE_SIZE * LIMN_TILE_SIZE];
  for (guint i = (guint) row * columns; i < ((guint) row + 1) * columns && !g_cancellable_is_cancelled (self->cancellable); i++) {
    LimnTile *tile = limn_raster_peek_tile (self->area, i);
    LimnRect rect = limn_raster_get_tile_rect (self->area, i);
    if (!tile)
      continue;
    limn_raster_read (after, &rect, labels, LIMN_TILE_SIZE);
    for (int y = 0; y < rect.height; y++)
      for (int x = 0; x < rect.width; x++) {
        guint8 *label = &labels[y * LIMN_TILE_SIZE + x];
        if (limn_tile_get_pixels (tile)[y * LIMN_TILE_SIZE + x] >= 128 &&
            (self->kind == LIMN_PLANE_FLOOD_FILL || *label == self->material_before))
          *label = self->material;
      }
    limn_raster_write (after, &rect, labels, LIMN_TILE_SIZE);
  }
}

/* The widest gap in lines that the bucket doesn't leak through, in a plane of that longer side: a little more than a new pencil is broad. */
static double
find_gap (LimnRaster *plane)
{
  return CLAMP (MAX (limn_raster_get_width (plane), limn_raster_get_height (plane)) / GAP_PART, 3, 40);
}

/* What looks like the sketch at the point, and margin pixels around it: under the soft edge of lines and strokes. gap: as
 * limn_mask_close_gaps, 0 = none. */
static LimnRect
find_area (LimnPlaneOperation *self, double gap, double margin)
{
  self->area = limn_raster_new ((gsize) limn_raster_get_width (self->paint), (gsize) limn_raster_get_height (self->paint), 1);
  limn_mask_similar (self->area, read_sketch, self, self->x, self->y, self->tolerance, TRUE, LIMN_MASK_REPLACE, self->cancellable);
  if (gap > 0)
    limn_mask_close_gaps (self->area, self->x, self->y, gap, self->cancellable);
  return limn_mask_grow (self->area, margin, self->cancellable);
}

static void
for_rows (LimnPlaneOperation *self, void (*row) (gsize row, gpointer user))
{
  limn_parallel_for (limn_raster_get_n_tiles (self->area) / limn_raster_get_columns (self->area), row, self);
}

static LimnRect
flood_fill (LimnPlaneOperation *self)
{
  LimnRect rect = find_area (self, find_gap (self->paint), 1);
  guint8 pixels[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4];
  for (gsize i = 0; i < sizeof pixels; i++)
    pixels[i] = self->rgba[i % 4];
  self->color_tile = limn_tile_new (pixels, sizeof pixels);
  for_rows (self, fill_row);
  for_rows (self, label_row);
  return rect;
}

static LimnRect
set_material (LimnPlaneOperation *self)
{
  LimnRect rect = find_area (self, 0, 2);
  limn_raster_read (self->targets[0].before, &(LimnRect){ self->x, self->y, 1, 1 }, &self->material_before, 1);
  for_rows (self, label_row);
  return rect;
}

static void
add_tiles (LimnPlaneOperation *self)
{
  for (guint i = 0; i < self->n_targets; i++)
    limn_history_step_add_tiles (self->step, (int) self->targets[i].plane, self->targets[i].before, self->targets[i].after);
}

void
limn_plane_operation_run (LimnPlaneOperation *self, const char *name, GCancellable *cancellable)
{
  LimnRaster *after = self->targets[0].after;
  self->cancellable = cancellable;
  switch (self->kind) {
  case LIMN_PLANE_SELECT_SIMILAR:
    self->rect = limn_mask_similar (after, read_stack, self, self->x, self->y, self->tolerance, self->contiguous, self->mode, cancellable);
    break;
  case LIMN_PLANE_SELECT_OBJECT:
    self->rect = limn_select_outline (after, self->stack, self->hints, self->loop, self->mode, cancellable);
    break;
  case LIMN_PLANE_INVERT: self->rect = limn_mask_invert (after, cancellable); break;
  case LIMN_PLANE_GROW:
    self->rect = self->pixels >= 0 ? limn_mask_grow (after, self->pixels, cancellable)
                                   : limn_mask_shrink (after, -self->pixels, cancellable);
    break;
  case LIMN_PLANE_FEATHER: self->rect = limn_mask_feather (after, self->pixels, cancellable); break;
  case LIMN_PLANE_FLOOD_FILL: self->rect = flood_fill (self); break;
  case LIMN_PLANE_SET_MATERIAL: self->rect = set_material (self); break;
  }
  self->cancellable = NULL;
  if (g_cancellable_is_cancelled (cancellable))
    return;
  self->step = limn_history_step_new (name);
  add_tiles (self);
}

/* -- Its result -- */

static LimnTile *
ref_tile (LimnTile *tile)
{
  return tile ? limn_tile_ref (tile) : NULL;
}

static const guint8 *
get_pixels (LimnTile *tile)
{
  static const guint8 none[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4];
  return tile ? limn_tile_get_pixels (tile) : none;
}

/* What was painted on a tile of plane meanwhile, composited over the operation's result. */
static LimnTile *
merge_tile (LimnDocumentPlane plane, const guint8 *was, const guint8 *made, const guint8 *is, gsize size)
{
  g_autofree guint8 *out = g_memdup2 (made, size);
  int channels = limn_document_plane_channels (plane);
  for (gsize i = 0; i < size; i += (gsize) channels) {
    guint8 *p = out + i;
    if (plane == LIMN_DOCUMENT_MATERIALS) {
      if (is[i] != was[i])
        p[0] = is[i];
    } else if (channels == 1) {
      if (is[i] != was[i])
        p[0] = is[i] > was[i] ? MAX (p[0], is[i]) : MIN (p[0], is[i]);
    } else if (memcmp (is + i, was + i, 4) != 0) {
      if (is[i + 3] < was[i + 3]) { /* the eraser */
        memcpy (p, is + i, 4);
        continue;
      }
      guint32 a = is[i + 3], under = p[3] * (255 - a), sum = a * 255 + under;
      for (int k = 0; k < 3 && sum; k++)
        p[k] = (guint8) ((is[i + k] * a * 255 + p[k] * under + sum / 2) / sum);
      p[3] = (guint8) ((sum + 127) / 255);
    }
  }
  return limn_tile_new (out, size);
}

/* Composites what was painted meanwhile over the result. FALSE if nothing was. */
static gboolean
merge_painted (const Target *self, LimnRaster *present)
{
  gsize size = limn_raster_get_tile_size (present);
  gboolean any = FALSE;
  for (guint i = 0; i < limn_raster_get_n_tiles (present); i++) {
    LimnTile *was = limn_raster_peek_tile (self->before, i), *is = limn_raster_peek_tile (present, i);
    if (is == was)
      continue;
    LimnTile *made = limn_raster_peek_tile (self->after, i);
    any = TRUE;
    if (made == was)
      limn_raster_set_tile (self->after, i, ref_tile (is));
    else
      limn_raster_set_tile (self->after, i, merge_tile (self->plane, get_pixels (was), get_pixels (made), get_pixels (is), size));
  }
  return any;
}

static gboolean
merge_all (LimnPlaneOperation *self, LimnContent *content)
{
  gboolean any = FALSE;
  for (guint i = 0; i < self->n_targets; i++)
    any |= merge_painted (&self->targets[i], content->planes[self->targets[i].plane]);
  return any;
}

LimnHistoryStep *
limn_plane_operation_apply (LimnPlaneOperation *self, LimnContent *content, const char *name)
{
  if (merge_all (self, content)) {
    g_object_unref (self->step);
    self->step = limn_history_step_new (name);
    for (guint i = 0; i < self->n_targets; i++)
      limn_history_step_add_tiles (self->step, (int) self->targets[i].plane, content->planes[self->targets[i].plane],
                                   self->targets[i].after);
  }
  for (guint k = 0; k < self->n_targets; k++) {
    LimnRaster *plane = content->planes[self->targets[k].plane], *after = self->targets[k].after;
    for (guint i = 0; i < limn_raster_get_n_tiles (plane); i++)
      if (limn_raster_peek_tile (plane, i) != limn_raster_peek_tile (after, i))
        limn_raster_set_tile (plane, i, ref_tile (limn_raster_peek_tile (after, i)));
    limn_content_damage_plane (content, self->targets[k].plane, &self->rect);
  }
  return g_steal_pointer (&self->step);
}
