/* Operations that may take longer than a frame: on a whole plane similar areas, a selection's edge, the bucket; and another canvas for
 * everything (limn-document-geometry.c). Each runs on another thread, on a copy of the plane, and becomes one undo step when it is done.
 * They run one after the other, in the order in which they were asked for; what waits and is of one kind is joined. What is asked for
 * at a place comes before another canvas that isn't there yet: the place is one of what is seen.
 *
 * Meanwhile everything else goes on. What was painted while an operation ran lies over what came of it, as if it had been painted
 * after; during a stroke the result waits. An undo takes back what was asked for last and isn't there yet.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "app/base/limn-parallel.h"
#include "app/raster/limn-mask-tile.h"

#include <math.h>

typedef enum { SIMILAR, INVERT, GROW, FEATHER, POUR, RESHAPE } Kind;

struct _LimnOperation {
  LimnDocument *document;  /* NULL: nobody waits any more */
  LimnDocumentPlane plane; /* LIMN_DOCUMENT_N_PLANES: all of them */
  Kind kind;
  const char *name; /* translated */

  int x, y, tolerance;
  gboolean contiguous;
  LimnMaskMode mode;
  double pixels; /* grow (negative: shrink), feather */
  guint8 rgba[4];
  LimnStack *stack; /* what is seen */
  LimnReshape *reshape;

  gboolean running, ready;
  GCancellable *cancellable;
  LimnRaster *before, *after, *ink, *area;
  LimnTile *poured; /* a whole tile of rgba */
  LimnRect rect;
  LimnHistoryStep *step;
  GError *error;
};

static void
operation_free (LimnOperation *self)
{
  g_clear_pointer (&self->stack, limn_stack_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->before);
  g_clear_object (&self->after);
  g_clear_object (&self->ink);
  g_clear_object (&self->area);
  g_clear_pointer (&self->poured, limn_tile_unref);
  g_clear_object (&self->step);
  limn_reshape_free (self->reshape);
  g_clear_error (&self->error);
  g_free (self);
}

/* Nobody waits for it any more; where it runs it ends by itself. */
static void
abandon (gpointer data)
{
  LimnOperation *self = data;
  self->document = NULL;
  if (self->running)
    g_cancellable_cancel (self->cancellable);
  else
    operation_free (self);
}

/* -- On the other thread -- */

static void
read_stack (int y, int height, guint8 *out, gpointer user)
{
  const LimnStack *stack = ((LimnOperation *) user)->stack;
  gsize width = limn_picture_get_width (stack->photo);
  limn_stack_render (stack, 0, &(LimnRect){ 0, y, (int) width, height }, out, width * 4);
}

/* What a line of the sketch covers is another colour to the bucket: black as far as the line is. */
static void
draw_ink (const guint8 *ink, gsize count, guint8 *pixels)
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
  LimnOperation *self = user;
  gsize width = (gsize) limn_raster_get_width (self->before), count = width * (gsize) height;
  LimnRect rect = { 0, y, (int) width, height };
  g_autofree guint8 *ink = g_malloc (count);
  limn_raster_read (self->before, &rect, out, width * 4);
  limn_raster_read (self->ink, &rect, ink, width);
  draw_ink (ink, count, out);
}

/* rgba over the tiles of a row, as far as the area covers them. */
static void
pour_row (gsize row, gpointer user)
{
  LimnOperation *self = user;
  const guint8 *rgba = self->rgba;
  guint columns = limn_raster_get_columns (self->area);
  guint8 below[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4];
  for (guint i = (guint) row * columns; i < ((guint) row + 1) * columns && !g_cancellable_is_cancelled (self->cancellable); i++) {
    LimnTile *tile = limn_raster_peek_tile (self->area, i);
    if (!tile)
      continue;
    if (tile == limn_mask_peek_full_tile () && rgba[3] == 255) {
      limn_raster_set_tile (self->after, i, limn_tile_ref (self->poured));
      continue;
    }
    LimnRect rect = limn_raster_get_tile_rect (self->area, i), all = { rect.x, rect.y, LIMN_TILE_SIZE, LIMN_TILE_SIZE };
    limn_raster_read (self->after, &all, below, LIMN_TILE_SIZE * 4);
    for (int y = 0; y < rect.height; y++)
      for (int x = 0; x < rect.width; x++) {
        guint8 *p = below + 4 * (y * LIMN_TILE_SIZE + x);
        guint32 a = limn_tile_get_pixels (tile)[y * LIMN_TILE_SIZE + x] * rgba[3] / 255u, under = p[3] * (255 - a);
        guint32 sum = a * 255 + under;
        for (int k = 0; k < 3 && a; k++)
          p[k] = (guint8) ((rgba[k] * a * 255 + p[k] * under + sum / 2) / sum);
        p[3] = (guint8) ((sum + 127) / 255);
      }
    limn_raster_set_tile (self->after, i, limn_tile_new (below, sizeof below));
  }
}

static LimnRect
pour (LimnOperation *self)
{
  LimnRect rect;
  self->area = limn_raster_new ((gsize) limn_raster_get_width (self->before), (gsize) limn_raster_get_height (self->before), 1);
  limn_mask_similar (self->area, read_sketch, self, self->x, self->y, self->tolerance, TRUE, LIMN_MASK_REPLACE, self->cancellable);
  rect = limn_mask_grow (self->area, 1, self->cancellable); /* under the soft edge of the lines around it */
  guint8 pixels[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4];
  for (gsize i = 0; i < sizeof pixels; i++)
    pixels[i] = self->rgba[i % 4];
  self->poured = limn_tile_new (pixels, sizeof pixels);
  limn_parallel_for (limn_raster_get_n_tiles (self->area) / limn_raster_get_columns (self->area), pour_row, self);
  return rect;
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LimnOperation *self = data;
  if (self->kind == RESHAPE) {
    limn_reshape_run (self->reshape, cancellable, &self->error);
    g_task_return_boolean (task, TRUE);
    return;
  }
  switch (self->kind) {
  case SIMILAR:
    self->rect = limn_mask_similar (self->after, read_stack, self, self->x, self->y, self->tolerance, self->contiguous, self->mode,
                                    cancellable);
    break;
  case INVERT: self->rect = limn_mask_invert (self->after, cancellable); break;
  case GROW:
    self->rect = self->pixels >= 0 ? limn_mask_grow (self->after, self->pixels, cancellable)
                                   : limn_mask_shrink (self->after, -self->pixels, cancellable);
    break;
  case FEATHER: self->rect = limn_mask_feather (self->after, self->pixels, cancellable); break;
  default: self->rect = pour (self); break;
  }
  if (!g_cancellable_is_cancelled (cancellable)) {
    self->step = limn_history_step_new (self->name);
    limn_history_step_add_tiles (self->step, (int) self->plane, self->before, self->after);
  }
  g_task_return_boolean (task, TRUE);
}

/* -- Its result -- */

static LimnTile *
share (LimnTile *tile)
{
  return tile ? limn_tile_ref (tile) : NULL;
}

static const guint8 *
get_pixels (LimnTile *tile)
{
  static const guint8 none[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4];
  return tile ? limn_tile_get_pixels (tile) : none;
}

/* What was painted on a tile since, now over what came of the operation. */
static LimnTile *
merge_tile (const guint8 *was, const guint8 *made, const guint8 *is, gsize size, int channels)
{
  g_autofree guint8 *out = g_memdup2 (made, size);
  for (gsize i = 0; i < size; i += (gsize) channels) {
    guint8 *p = out + i;
    if (channels == 1) {
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

/* TRUE when anything was painted since. */
static gboolean
merge (LimnOperation *self, LimnRaster *present)
{
  gsize size = limn_raster_get_tile_size (present);
  int channels = limn_raster_get_channels (present);
  gboolean any = FALSE;
  for (guint i = 0; i < limn_raster_get_n_tiles (present); i++) {
    LimnTile *was = limn_raster_peek_tile (self->before, i), *is = limn_raster_peek_tile (present, i);
    if (is == was)
      continue;
    LimnTile *made = limn_raster_peek_tile (self->after, i);
    any = TRUE;
    if (made == was)
      limn_raster_set_tile (self->after, i, share (is));
    else
      limn_raster_set_tile (self->after, i, merge_tile (get_pixels (was), get_pixels (made), get_pixels (is), size, channels));
  }
  return any;
}

static void
lay_down (LimnDocument *document, LimnOperation *self)
{
  LimnRaster *plane = document->planes[self->plane];
  if (merge (self, plane)) {
    g_object_unref (self->step);
    self->step = limn_history_step_new (self->name);
    limn_history_step_add_tiles (self->step, (int) self->plane, plane, self->after);
  }
  for (guint i = 0; i < limn_raster_get_n_tiles (plane); i++)
    if (limn_raster_peek_tile (plane, i) != limn_raster_peek_tile (self->after, i))
      limn_raster_set_tile (plane, i, share (limn_raster_peek_tile (self->after, i)));
  limn_document_touch (document, &self->rect, limn_document_plane_change (self->plane));
  limn_document_push (document, g_steal_pointer (&self->step));
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user)
{
  LimnOperation *self = user;
  LimnDocument *document = self->document;
  self->running = FALSE;
  if (!document) {
    operation_free (self);
    return;
  }
  self->ready = TRUE;
  limn_document_operations_go_on (document);
}

static void
start (LimnDocument *document, LimnOperation *self)
{
  self->running = TRUE;
  self->ready = FALSE;
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (self->kind == RESHAPE) {
    limn_reshape_take (self->reshape, document);
  } else {
    self->before = limn_raster_copy (document->planes[self->plane]);
    self->after = limn_raster_copy (self->before);
  }
  if (self->kind == POUR)
    self->ink = limn_raster_copy (document->planes[LIMN_DOCUMENT_INK]);
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, on_done, self);
  g_task_set_task_data (task, self, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, run);
}

void
limn_document_operations_go_on (LimnDocument *document)
{
  LimnOperation *first = g_queue_peek_head (&document->operations);
  if (!first || first->running || limn_document_is_stroking (document))
    return;
  if (!first->ready || (first->kind == RESHAPE && !first->error && !limn_reshape_take (first->reshape, document))) {
    start (document, first);
    return;
  }
  g_object_ref (document);
  g_queue_pop_head (&document->operations);
  if (first->error)
    limn_document_tell_failure (document, first->error);
  else if (first->kind == RESHAPE)
    limn_reshape_lay_down (first->reshape, document, first->name);
  else
    lay_down (document, first);
  operation_free (first);
  if (g_queue_is_empty (&document->operations))
    limn_document_tell_operations (document);
  limn_document_operations_go_on (document);
  g_object_unref (document);
}

/* -- What is under way -- */

gboolean
limn_document_is_working (LimnDocument *self)
{
  return !g_queue_is_empty (&self->operations);
}

guint
limn_document_get_cancel_count (LimnDocument *self)
{
  return self->withdrawn;
}

const char *
limn_document_peek_operation_name (LimnDocument *self)
{
  LimnOperation *last = g_queue_peek_tail (&self->operations);
  return last ? last->name : NULL;
}

void
limn_document_clear_operations (LimnDocument *self)
{
  g_queue_clear_full (&self->operations, abandon);
}

gboolean
limn_document_cancel_operations (LimnDocument *self)
{
  if (!limn_document_is_working (self))
    return FALSE;
  limn_document_clear_operations (self);
  self->withdrawn++;
  limn_document_tell_operations (self);
  return TRUE;
}

gboolean
limn_document_cancel_last_operation (LimnDocument *self)
{
  LimnOperation *last = g_queue_pop_tail (&self->operations);
  if (!last)
    return FALSE;
  abandon (last);
  self->withdrawn++;
  limn_document_tell_operations (self);
  return TRUE;
}

void
limn_document_cancel_operations_on (LimnDocument *self, LimnDocumentPlane plane)
{
  gboolean any = FALSE;
  for (GList *l = self->operations.head, *next; l; l = next) {
    LimnOperation *one = l->data;
    next = l->next;
    if (one->plane != plane)
      continue;
    g_queue_delete_link (&self->operations, l);
    abandon (one);
    any = TRUE;
  }
  if (any)
    limn_document_tell_operations (self);
  limn_document_operations_go_on (self);
}

static int
is_reshape (gconstpointer operation, gconstpointer unused)
{
  return ((const LimnOperation *) operation)->kind != RESHAPE;
}

/* Takes operation. */
static void
ask (LimnDocument *self, LimnOperation operation)
{
  gboolean placed = operation.kind == SIMILAR || operation.kind == POUR;
  limn_document_end_stroke (self);
  operation.document = self;
  GList *reshape = placed ? g_queue_find_custom (&self->operations, NULL, is_reshape) : NULL;
  g_queue_insert_before (&self->operations, reshape, g_memdup2 (&operation, sizeof operation)); /* NULL: as the last one */
  limn_document_tell_operations (self);
  limn_document_operations_go_on (self);
}

/* The last one asked for, if it waits and is of this kind. */
static LimnOperation *
peek_waiting (LimnDocument *self, Kind kind)
{
  LimnOperation *last = g_queue_peek_tail (&self->operations);
  return last && last->kind == kind && !last->running && !last->ready ? last : NULL;
}

void
limn_document_select_similar (LimnDocument *self, int x, int y, int tolerance, gboolean contiguous, LimnMaskMode mode)
{
  if (mode == LIMN_MASK_REPLACE)
    limn_document_cancel_operations_on (self, LIMN_DOCUMENT_MASK);
  ask (self, (LimnOperation){ .plane = LIMN_DOCUMENT_MASK,
                              .kind = SIMILAR,
                              .name = limn_document_select_name (mode),
                              .x = x,
                              .y = y,
                              .tolerance = tolerance,
                              .contiguous = contiguous,
                              .mode = mode,
                              .stack = limn_document_dup_stack (self, LIMN_SNAPSHOT_RESULT) });
}

void
limn_document_invert_mask (LimnDocument *self)
{
  if (peek_waiting (self, INVERT))
    limn_document_cancel_last_operation (self);
  else
    ask (self, (LimnOperation){ .plane = LIMN_DOCUMENT_MASK, .kind = INVERT, .name = _("Invert Selection") });
}

void
limn_document_grow_mask (LimnDocument *self, double pixels)
{
  LimnOperation *waiting = peek_waiting (self, GROW);
  if (waiting && (waiting->pixels < 0) == (pixels < 0))
    waiting->pixels += pixels;
  else
    ask (self, (LimnOperation){ .plane = LIMN_DOCUMENT_MASK,
                                .kind = GROW,
                                .pixels = pixels,
                                .name = pixels >= 0 ? _("Grow Selection") : _("Shrink Selection") });
}

void
limn_document_feather_mask (LimnDocument *self, double sigma)
{
  LimnOperation *waiting = peek_waiting (self, FEATHER);
  if (waiting)
    waiting->pixels = hypot (waiting->pixels, sigma); /* as two Gaussians after each other */
  else
    ask (self, (LimnOperation){ .plane = LIMN_DOCUMENT_MASK, .kind = FEATHER, .pixels = sigma, .name = _("Feather Selection") });
}

void
limn_document_flood_paint (LimnDocument *self, int x, int y, int tolerance, const guint8 *rgba)
{
  ask (self, (LimnOperation){ .plane = LIMN_DOCUMENT_PAINT,
                              .kind = POUR,
                              .name = _("Fill with Color"),
                              .x = x,
                              .y = y,
                              .tolerance = tolerance,
                              .rgba = { rgba[0], rgba[1], rgba[2], rgba[3] } });
}

void
limn_document_ask_reshape (LimnDocument *self, LimnReshape *reshape, const char *name)
{
  ask (self, (LimnOperation){ .plane = LIMN_DOCUMENT_N_PLANES, .kind = RESHAPE, .name = name, .reshape = reshape });
}

LimnRect
limn_document_map_pending (LimnDocument *self, LimnRect *area)
{
  LimnRect canvas = limn_document_get_extents (self);
  for (GList *l = self->operations.head; l; l = l->next) {
    LimnOperation *one = l->data;
    if (one->kind == RESHAPE)
      *area = limn_reshape_map_rect (one->reshape, area, &canvas);
  }
  return canvas;
}
