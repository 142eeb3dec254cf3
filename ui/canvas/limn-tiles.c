/* Tiles of the screen as render nodes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tiles.h"

#include <math.h>
#include <string.h>

#define TILE 256
#define DASH 4
/* Tiles kept beyond what is seen, so that moving back and forth is free. */
#define SPARE 48

typedef struct {
  int column, row, width, height;
  guint32 *pixels;          /* without the outline */
  guint8 *edges;            /* NULL: no outline in here */
  LimnRect dirty;           /* within the tile */
  GskRenderNode *node;      /* at the tile's place, the document's origin at 0, 0 */
  cairo_surface_t *surface; /* what node shows, with the software renderer */
  guint phase;              /* of the outline in node */
  gboolean stale;           /* node isn't of pixels */
  guint64 used;
} Tile;

struct _LimnTiles {
  gboolean software;
  LimnCanvasScene scene;
  double zoom;
  int scale, width, height; /* width, height: of the document in device pixels */
  int document_width, document_height;
  GHashTable *tiles, *old;
  double old_zoom;
  int old_scale;
  guint64 clock, uploads;
};

static void
drop_node (Tile *tile)
{
  g_clear_pointer (&tile->node, gsk_render_node_unref);
  g_clear_pointer (&tile->surface, cairo_surface_destroy);
}

static void
tile_free (gpointer data)
{
  Tile *tile = data;
  g_free (tile->pixels);
  g_free (tile->edges);
  drop_node (tile);
  g_free (tile);
}

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, tile_free);
}

LimnTiles *
limn_tiles_new (gboolean software)
{
  LimnTiles *self = g_new0 (LimnTiles, 1);
  self->software = software;
  self->tiles = new_table ();
  self->scale = 1;
  return self;
}

void
limn_tiles_free (LimnTiles *self)
{
  g_hash_table_unref (self->tiles);
  g_clear_pointer (&self->old, g_hash_table_unref);
  g_free (self);
}

static Tile *
find (GHashTable *tiles, int column, int row)
{
  guint64 key = (guint64) row << 32 | (guint32) column;
  return g_hash_table_lookup (tiles, &key);
}

static Tile *
ensure (LimnTiles *self, int column, int row)
{
  Tile *tile = find (self->tiles, column, row);
  if (!tile) {
    guint64 key = (guint64) row << 32 | (guint32) column;
    tile = g_new0 (Tile, 1);
    tile->column = column;
    tile->row = row;
    tile->width = MIN (TILE, self->width - column * TILE);
    tile->height = MIN (TILE, self->height - row * TILE);
    tile->dirty = (LimnRect){ 0, 0, tile->width, tile->height };
    g_hash_table_insert (self->tiles, g_memdup2 (&key, sizeof key), tile);
  }
  tile->used = ++self->clock;
  return tile;
}

void
limn_tiles_invalidate (LimnTiles *self, const LimnRect *rect)
{
  GHashTableIter iter;
  gpointer value;
  int left = 0, top = 0, right = self->width, bottom = self->height;
  if (rect) {
    /* a coarser level's pixels, and the outline, reach a little further */
    double margin = 1 + 2 / MIN (self->zoom, 1), reach = MAX (self->zoom, 1) + 1;
    left = (int) floor ((rect->x - margin) * self->zoom - reach);
    top = (int) floor ((rect->y - margin) * self->zoom - reach);
    right = (int) ceil ((rect->x + rect->width + margin) * self->zoom + reach);
    bottom = (int) ceil ((rect->y + rect->height + margin) * self->zoom + reach);
  }
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Tile *tile = value;
    LimnRect all = { 0, 0, tile->width, tile->height };
    LimnRect local = { left - tile->column * TILE, top - tile->row * TILE, right - left, bottom - top };
    local = limn_rect_intersect (&local, &all);
    tile->dirty = limn_rect_union (&tile->dirty, &local);
  }
}

void
limn_tiles_set_scene (LimnTiles *self, const LimnCanvasScene *scene)
{
  if (memcmp (&self->scene, scene, sizeof *scene) == 0)
    return;
  self->scene = *scene;
  limn_tiles_invalidate (self, NULL);
}

void
limn_tiles_set_scale (LimnTiles *self, double zoom, int scale, int width, int height)
{
  if (zoom == self->zoom && scale == self->scale && width == self->document_width && height == self->document_height)
    return;
  if (width == self->document_width && height == self->document_height && self->zoom > 0) {
    /* keep what is complete; an older one stays when there was no time for anything newer */
    if (!self->old || g_hash_table_size (self->tiles) > 0) {
      g_clear_pointer (&self->old, g_hash_table_unref);
      self->old = g_steal_pointer (&self->tiles);
      self->old_zoom = self->zoom;
      self->old_scale = self->scale;
    }
  } else {
    g_clear_pointer (&self->old, g_hash_table_unref);
  }
  g_clear_pointer (&self->tiles, g_hash_table_unref);
  self->tiles = new_table ();
  self->zoom = zoom;
  self->scale = scale;
  self->document_width = width;
  self->document_height = height;
  self->width = MAX (1, (int) ceil (width * zoom - 1e-6));
  self->height = MAX (1, (int) ceil (height * zoom - 1e-6));
}

/* -- Composing -- */

static void
compose (LimnTiles *self, Tile *tile)
{
  gsize width = (gsize) tile->width, height = (gsize) tile->height;
  LimnRect rect = tile->dirty;
  rect.x += tile->column * TILE;
  rect.y += tile->row * TILE;
  gboolean has_edges;
  g_autofree guint8 *edges = NULL;
  if (!tile->pixels)
    tile->pixels = g_new (guint32, width * height);
  gsize at = (gsize) tile->dirty.y * width + (gsize) tile->dirty.x;
  if (!tile->edges && self->scene.outline)
    edges = g_malloc0 (width * height);
  limn_compose (&self->scene, self->zoom, self->scale, &rect, tile->pixels + at,
                tile->edges ? tile->edges + at
                : edges     ? edges + at
                            : NULL,
                width, &has_edges);
  if (!self->scene.outline)
    g_clear_pointer (&tile->edges, g_free);
  else if (!tile->edges && has_edges)
    tile->edges = g_steal_pointer (&edges);
  else if (tile->edges && !has_edges && !memchr (tile->edges, 1, width * height))
    g_clear_pointer (&tile->edges, g_free);
  tile->dirty = (LimnRect){ 0 };
  tile->stale = TRUE;
}

/* Black and white dashes that move along diagonals: seen on any ground, and every edge moves. */
static void
draw_outline (LimnTiles *self, const Tile *tile, guint phase, guint32 *out)
{
  int dash = DASH * self->scale;
  for (int y = 0; y < tile->height; y++) {
    const guint8 *edges = tile->edges + (gsize) y * (gsize) tile->width, *edge = edges;
    gsize left = (gsize) tile->width;
    while ((edge = memchr (edge, 1, left))) {
      int x = (int) (edge - edges);
      guint along = (guint) (tile->column * TILE + x + tile->row * TILE + y) + 2 * (guint) dash -
                    phase * (guint) self->scale % (2 * (guint) dash);
      out[(gsize) y * (gsize) tile->width + (gsize) x] = along / (guint) dash & 1 ? 0xffffffffu : 0xff101010u;
      edge++;
      left = (gsize) (tile->width - x - 1);
    }
  }
}

static void
make_texture (LimnTiles *self, Tile *tile, const graphene_rect_t *bounds)
{
  gsize size = (gsize) tile->width * (gsize) tile->height * 4;
  guint32 *pixels = g_memdup2 (tile->pixels, size);
  if (tile->edges)
    draw_outline (self, tile, tile->phase, pixels);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, size);
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (
    tile->width, tile->height, G_BYTE_ORDER == G_LITTLE_ENDIAN ? GDK_MEMORY_B8G8R8A8_PREMULTIPLIED : GDK_MEMORY_A8R8G8B8_PREMULTIPLIED,
    bytes, (gsize) tile->width * 4);
  tile->node = gsk_texture_node_new (texture, bounds);
}

/* The surface stays with the node: cairo would have to copy it if it went. */
static void
make_surface (LimnTiles *self, Tile *tile, const graphene_rect_t *bounds)
{
  tile->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, tile->width, tile->height);
  guint8 *data = cairo_image_surface_get_data (tile->surface);
  g_return_if_fail (data && cairo_image_surface_get_stride (tile->surface) == tile->width * 4);
  memcpy (data, tile->pixels, (gsize) tile->width * (gsize) tile->height * 4);
  if (tile->edges)
    draw_outline (self, tile, tile->phase, (guint32 *) (gpointer) data);
  cairo_surface_mark_dirty (tile->surface);
  cairo_surface_set_device_scale (tile->surface, self->scale, self->scale);
  tile->node = gsk_cairo_node_new (bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (tile->node);
  cairo_set_source_surface (cr, tile->surface, bounds->origin.x, bounds->origin.y);
  cairo_paint (cr);
  cairo_destroy (cr);
}

static void
upload (LimnTiles *self, Tile *tile, guint phase)
{
  float unit = 1.0f / (float) self->scale;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) (tile->column * TILE) * unit, (float) (tile->row * TILE) * unit,
                                               (float) tile->width * unit, (float) tile->height * unit);
  drop_node (tile);
  tile->phase = phase;
  if (self->software)
    make_surface (self, tile, &bounds);
  else
    make_texture (self, tile, &bounds);
  tile->stale = FALSE;
  self->uploads++;
}

static gboolean
tiles_of (LimnTiles *self, const LimnRect *visible, int *c0, int *c1, int *r0, int *r1)
{
  LimnRect all = { 0, 0, self->width, self->height }, inside = limn_rect_intersect (visible, &all);
  if (limn_rect_is_empty (&inside))
    return FALSE;
  *c0 = inside.x / TILE;
  *c1 = (inside.x + inside.width - 1) / TILE;
  *r0 = inside.y / TILE;
  *r1 = (inside.y + inside.height - 1) / TILE;
  return TRUE;
}

static void
trim (LimnTiles *self, guint seen)
{
  guint n = g_hash_table_size (self->tiles);
  GHashTableIter iter;
  gpointer value;
  if (n <= seen + SPARE)
    return;
  guint64 oldest = self->clock - seen - SPARE / 2;
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((Tile *) value)->used < oldest)
      g_hash_table_iter_remove (&iter);
}

gboolean
limn_tiles_prepare (LimnTiles *self, const LimnRect *visible, gint64 deadline, guint phase)
{
  int c0, c1, r0, r1;
  gboolean worked = FALSE;
  if (!tiles_of (self, visible, &c0, &c1, &r0, &r1))
    return TRUE;
  trim (self, (guint) ((c1 - c0 + 1) * (r1 - r0 + 1)));
  for (int row = r0; row <= r1; row++)
    for (int column = c0; column <= c1; column++) {
      Tile *tile = ensure (self, column, row);
      gboolean dirty = !limn_rect_is_empty (&tile->dirty);
      if (!dirty && tile->node && !tile->stale && (!tile->edges || tile->phase == phase))
        continue;
      if (worked && g_get_monotonic_time () > deadline)
        return FALSE;
      if (dirty)
        compose (self, tile);
      upload (self, tile, phase);
      worked = TRUE;
    }
  g_clear_pointer (&self->old, g_hash_table_unref);
  return TRUE;
}

void
limn_tiles_snapshot (LimnTiles *self, GtkSnapshot *snapshot, const LimnRect *visible, double x, double y)
{
  int c0, c1, r0, r1;
  if (!tiles_of (self, visible, &c0, &c1, &r0, &r1))
    return;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  if (self->old) {
    GHashTableIter iter;
    gpointer value;
    float stretch = (float) (self->zoom / self->scale / (self->old_zoom / self->old_scale));
    gtk_snapshot_save (snapshot);
    gtk_snapshot_scale (snapshot, stretch, stretch);
    g_hash_table_iter_init (&iter, self->old);
    while (g_hash_table_iter_next (&iter, NULL, &value))
      if (((Tile *) value)->node)
        gtk_snapshot_append_node (snapshot, ((Tile *) value)->node);
    gtk_snapshot_restore (snapshot);
  }
  for (int row = r0; row <= r1; row++)
    for (int column = c0; column <= c1; column++) {
      Tile *tile = find (self->tiles, column, row);
      if (tile && tile->node)
        gtk_snapshot_append_node (snapshot, tile->node);
    }
  gtk_snapshot_restore (snapshot);
}

gboolean
limn_tiles_has_outline (LimnTiles *self, const LimnRect *visible)
{
  int c0, c1, r0, r1;
  if (!tiles_of (self, visible, &c0, &c1, &r0, &r1))
    return FALSE;
  for (int row = r0; row <= r1; row++)
    for (int column = c0; column <= c1; column++) {
      Tile *tile = find (self->tiles, column, row);
      if (tile && tile->edges)
        return TRUE;
    }
  return FALSE;
}

guint64
limn_tiles_get_uploads (LimnTiles *self)
{
  return self->uploads;
}
