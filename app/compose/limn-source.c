/* Sources of an edit's pixels: shared on one thread, composed on another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-source.h"

#include "app/picture/codecs/limn-codec.h"
#include "app/picture/limn-picture-color.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

struct _LimnSource {
  gatomicrefcount refs;
  LimnStack *stack;
  GArray *dots; /* of LimnDot, on width x height */
  gsize width, height;
  LimnRaster *paint, *ink; /* drawn */
  LimnPlane plane;

  pthread_mutex_t mutex; /* over what follows; pthread's, as in the worker */
  LimnRaster *raster;    /* its own; of all but a stack: once it is asked for */
  LimnPicture *picture;  /* its own; of dots and of stacks: once it is asked for */
};

static LimnSource *
source_new (void)
{
  LimnSource *self = g_new0 (LimnSource, 1);
  g_atomic_ref_count_init (&self->refs);
  pthread_mutex_init (&self->mutex, NULL);
  return self;
}

LimnSource *
limn_source_new_picture (LimnPicture *picture)
{
  LimnSource *self = source_new ();
  self->picture = g_object_ref (picture);
  return self;
}

LimnSource *
limn_source_new_plane (const LimnPlane *plane)
{
  LimnSource *self = source_new ();
  self->plane = *plane;
  g_bytes_ref (plane->bytes);
  return self;
}

LimnSource *
limn_source_new_raster (LimnRaster *raster)
{
  LimnSource *self = source_new ();
  self->raster = limn_raster_copy (raster);
  return self;
}

LimnSource *
limn_source_new_drawn (LimnRaster *paint, LimnRaster *ink)
{
  LimnSource *self = source_new ();
  self->paint = limn_raster_copy (paint);
  self->ink = limn_raster_copy (ink);
  return self;
}

LimnSource *
limn_source_new_dots (const GArray *dots, gsize width, gsize height)
{
  LimnSource *self = source_new ();
  self->dots = g_array_new (FALSE, FALSE, sizeof (LimnDot));
  g_array_append_vals (self->dots, dots->data, dots->len);
  self->width = width;
  self->height = height;
  return self;
}

LimnSource *
limn_source_new_stack (const LimnStack *stack)
{
  LimnSource *self = source_new ();
  self->stack = limn_stack_copy (stack);
  return self;
}

LimnSource *
limn_source_ref (LimnSource *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
limn_source_unref (LimnSource *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->stack, limn_stack_free);
  g_clear_pointer (&self->dots, g_array_unref);
  g_clear_object (&self->paint);
  g_clear_object (&self->ink);
  g_clear_object (&self->raster);
  g_clear_object (&self->picture);
  g_clear_pointer (&self->plane.bytes, g_bytes_unref);
  pthread_mutex_destroy (&self->mutex);
  g_free (self);
}

const GArray *
limn_source_get_dots (LimnSource *self)
{
  return self->dots;
}

const LimnStack *
limn_source_get_stack (LimnSource *self)
{
  return self->stack;
}

/* -- What is drawn -- */

static LimnRaster *
draw_mask (LimnRaster *paint, LimnRaster *ink)
{
  LimnRaster *drawn = limn_raster_copy (ink);
  guint8 colours[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4], mask[LIMN_TILE_SIZE * LIMN_TILE_SIZE];
  for (guint i = 0; i < limn_raster_get_n_tiles (paint); i++) {
    if (!limn_raster_peek_tile (paint, i))
      continue;
    LimnRect rect = limn_raster_get_tile_rect (paint, i);
    limn_raster_read (paint, &rect, colours, LIMN_TILE_SIZE * 4);
    limn_raster_read (drawn, &rect, mask, LIMN_TILE_SIZE);
    for (int y = 0; y < rect.height; y++)
      for (int x = 0; x < rect.width; x++) {
        int j = y * LIMN_TILE_SIZE + x;
        mask[j] = MAX (mask[j], colours[4 * j + 3]);
      }
    limn_raster_write (drawn, &rect, mask, LIMN_TILE_SIZE);
  }
  return drawn;
}

/* -- Dots -- */

static void
draw_dot (LimnRaster *raster, const LimnDot *dot)
{
  int r = (int) ceil (dot->radius) + 1;
  LimnRect all = limn_raster_get_extents (raster), box = { (int) floor (dot->x) - r, (int) floor (dot->y) - r, 2 * r + 1, 2 * r + 1 };
  guint8 pixels[LIMN_TILE_SIZE * LIMN_TILE_SIZE * 4];
  box = limn_rect_intersect (&box, &all);
  int columns = (box.width + LIMN_TILE_SIZE - 1) / LIMN_TILE_SIZE, rows = (box.height + LIMN_TILE_SIZE - 1) / LIMN_TILE_SIZE;
  for (int i = 0; i < columns * rows; i++) {
    LimnRect rect = { box.x + i % columns * LIMN_TILE_SIZE, box.y + i / columns * LIMN_TILE_SIZE, LIMN_TILE_SIZE, LIMN_TILE_SIZE };
    rect = limn_rect_intersect (&rect, &box);
    limn_raster_read (raster, &rect, pixels, LIMN_TILE_SIZE * 4);
    for (int y = 0; y < rect.height; y++)
      for (int x = 0; x < rect.width; x++) {
        /* the pixel that the middle lies in belongs to the dot however small it is */
        if (hypot (rect.x + x + 0.5 - dot->x, rect.y + y + 0.5 - dot->y) > MAX (dot->radius, 0.75))
          continue;
        guint8 *p = pixels + 4 * (y * LIMN_TILE_SIZE + x);
        memcpy (p, dot->rgb, 3);
        p[3] = 255;
      }
    limn_raster_write (raster, &rect, pixels, LIMN_TILE_SIZE * 4);
  }
}

static LimnRaster *
draw_dots (const GArray *dots, gsize width, gsize height)
{
  LimnRaster *raster = limn_raster_new (width, height, 4);
  for (guint i = 0; i < dots->len; i++)
    draw_dot (raster, &g_array_index (dots, LimnDot, i));
  return raster;
}

typedef struct {
  int x, y;
} Pixel;

typedef struct {
  LimnRaster *discs, *seen;
  GArray *stack; /* of Pixel */
} Search;

static guint32
colour_at (Search *self, int x, int y)
{
  guint32 colour = 0;
  LimnTile *tile = limn_raster_peek_tile (self->discs, (guint) (y / LIMN_TILE_SIZE) * limn_raster_get_columns (self->discs) +
                                                         (guint) (x / LIMN_TILE_SIZE));
  if (tile)
    memcpy (&colour, limn_tile_get_pixels (tile) + 4 * ((y % LIMN_TILE_SIZE) * LIMN_TILE_SIZE + x % LIMN_TILE_SIZE), 4);
  return colour;
}

/* Marks the pixel; FALSE when it was marked before. */
static gboolean
mark_pixel (Search *self, int x, int y)
{
  static const guint8 full = 255;
  LimnRect one = { x, y, 1, 1 };
  guint8 mark;
  limn_raster_read (self->seen, &one, &mark, 1);
  if (!mark)
    limn_raster_fill (self->seen, &one, &full);
  return !mark;
}

/* The connected area of one colour around (x, y) is a dot; its box gives middle and radius. */
static LimnDot
find_dot (Search *self, int x, int y)
{
  int width = limn_raster_get_width (self->discs), height = limn_raster_get_height (self->discs);
  int left = x, right = x, top = y, bottom = y;
  guint32 colour = colour_at (self, x, y);
  g_array_append_vals (self->stack, &(Pixel){ x, y }, 1);
  while (self->stack->len) {
    Pixel at = g_array_index (self->stack, Pixel, self->stack->len - 1);
    g_array_set_size (self->stack, self->stack->len - 1);
    left = MIN (left, at.x);
    right = MAX (right, at.x);
    bottom = MAX (bottom, at.y);
    top = MIN (top, at.y);
    const Pixel next[] = { { at.x - 1, at.y }, { at.x + 1, at.y }, { at.x, at.y - 1 }, { at.x, at.y + 1 } };
    for (guint i = 0; i < G_N_ELEMENTS (next); i++) {
      Pixel to = next[i];
      if (to.x >= 0 && to.y >= 0 && to.x < width && to.y < height && colour_at (self, to.x, to.y) == colour &&
          mark_pixel (self, to.x, to.y))
        g_array_append_val (self->stack, to);
    }
  }
  int w = right - left + 1, h = bottom - top + 1;
  LimnDot dot = { left + w / 2.0, top + h / 2.0, MAX (w, h) / 2.0, { 0 } };
  memcpy (dot.rgb, &colour, 3);
  return dot;
}

static GArray *
find_dots (LimnRaster *discs)
{
  GArray *dots = g_array_new (FALSE, FALSE, sizeof (LimnDot));
  int width = limn_raster_get_width (discs), height = limn_raster_get_height (discs);
  g_autoptr (LimnRaster) seen = limn_raster_new ((gsize) width, (gsize) height, 1);
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (Pixel));
  g_autofree guint8 *row = g_malloc (4 * (gsize) width);
  LimnRect bounds = limn_raster_get_bounds (discs);
  Search search = { discs, seen, stack };
  for (int y = bounds.y; y < bounds.y + bounds.height; y++) {
    limn_raster_read (discs, &(LimnRect){ 0, y, width, 1 }, row, 4 * (gsize) width);
    for (int x = bounds.x; x < bounds.x + bounds.width; x++)
      if (row[4 * x + 3] && mark_pixel (&search, x, y)) {
        LimnDot dot = find_dot (&search, x, y);
        g_array_append_val (dots, dot);
      }
  }
  return dots;
}

LimnSource *
limn_source_new_discs (LimnRaster *discs)
{
  LimnSource *self = source_new ();
  self->raster = limn_raster_copy (discs);
  self->dots = find_dots (self->raster);
  self->width = (gsize) limn_raster_get_width (discs);
  self->height = (gsize) limn_raster_get_height (discs);
  return self;
}

/* -- Composing -- */

static LimnRaster *
raster_of_plane (const LimnPlane *plane)
{
  LimnRaster *raster = limn_raster_new (plane->width, plane->height, 1);
  LimnRect all = limn_raster_get_extents (raster);
  limn_raster_write (raster, &all, g_bytes_get_data (plane->bytes, NULL), plane->width);
  return raster;
}

/* In sRGB, of 8 bits. */
static LimnRaster *
raster_of_picture (LimnPicture *picture)
{
  gsize width = limn_picture_get_width (picture), height = limn_picture_get_height (picture);
  g_autoptr (LimnPicture) srgb = limn_picture_to_srgb (picture, NULL);
  g_autofree guint8 *row = g_malloc (4 * width);
  LimnRaster *raster = limn_raster_new (width, height, 4);
  for (gsize y = 0; y < height; y++) {
    limn_codec_row_8 (srgb ? srgb : picture, y, row);
    limn_raster_write (raster, &(LimnRect){ 0, (int) y, (int) width, 1 }, row, 4 * width);
  }
  return raster;
}

/* Call locked. Borrowed. */
static LimnRaster *
get_raster (LimnSource *self)
{
  if (!self->raster)
    self->raster = self->dots          ? draw_dots (self->dots, self->width, self->height)
                   : self->plane.bytes ? raster_of_plane (&self->plane)
                   : self->picture     ? raster_of_picture (self->picture)
                                       : draw_mask (self->paint, self->ink);
  return self->raster;
}

LimnRaster *
limn_source_dup_raster (LimnSource *self)
{
  g_return_val_if_fail (!self->stack, NULL);
  pthread_mutex_lock (&self->mutex);
  LimnRaster *raster = g_object_ref (get_raster (self));
  pthread_mutex_unlock (&self->mutex);
  return raster;
}

gboolean
limn_source_dup_plane (LimnSource *self, LimnPlane *plane, GCancellable *cancellable, GError **error)
{
  if (self->plane.bytes) {
    *plane = self->plane;
    g_bytes_ref (plane->bytes);
    return TRUE;
  }
  g_autoptr (LimnRaster) raster = limn_source_dup_raster (self);
  return limn_raster_dup_plane (raster, plane, cancellable, error);
}

static LimnPicture *
make_picture (LimnSource *self, GCancellable *cancellable, GError **error)
{
  return self->stack ? limn_stack_flatten (self->stack, cancellable, error)
                     : limn_raster_dup_picture (get_raster (self), cancellable, error);
}

LimnPicture *
limn_source_dup_picture (LimnSource *self, GCancellable *cancellable, GError **error)
{
  LimnPicture *picture;
  pthread_mutex_lock (&self->mutex);
  if (self->picture) {
    picture = g_object_ref (self->picture);
  } else {
    picture = make_picture (self, cancellable, error);
    if (picture && (self->stack || self->dots))
      self->picture = g_object_ref (picture);
  }
  pthread_mutex_unlock (&self->mutex);
  return picture;
}

LimnSource *
limn_source_map (LimnSource *self, LimnRaster *(*map) (LimnRaster *raster, gpointer user), gboolean (*move) (LimnDot *dot, gpointer user),
                 gpointer user)
{
  g_return_val_if_fail (!self->stack, NULL);
  LimnSource *other = source_new ();
  g_autoptr (LimnRaster) raster = limn_source_dup_raster (self);
  other->raster = map (raster, user);
  if (!self->dots)
    return other;
  other->width = (gsize) limn_raster_get_width (other->raster);
  other->height = (gsize) limn_raster_get_height (other->raster);
  other->dots = g_array_copy (self->dots);
  for (guint i = other->dots->len; i-- > 0;)
    if (!move (&g_array_index (other->dots, LimnDot, i), user))
      g_array_remove_index (other->dots, i);
  return other;
}
