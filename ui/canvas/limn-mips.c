/* Tiles of the picture at halved sizes, rendered lazily. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-mips.h"

#include "app/document/limn-document-layers.h"
#include <string.h>

#define TILE LIMN_MIPS_TILE
/* Document pixels that are rendered at once, on the main thread; a few milliseconds. */
#define AT_ONCE (1 << 20)
/* A picture that is stretched over the document (a sketch's preview), and each layer that is blended, adds so many times as much. */
#define SLOW_COST 4
#define BUDGET ((gsize) 160 << 20)
/* Levels with at most so many pixels are never dropped: something coarse is always there to be shown. */
#define KEPT_PIXELS (4 << 20)

typedef struct {
  int level, column, row;
  int width, height;
  guint32 *pixels; /* NULL until rendered once */
  LimnRect dirty;  /* within the tile */
  gboolean opaque;
  gboolean in_flight;
  guint64 used;
} Tile;

/* One piece of work for the thread. */
typedef struct {
  int level;
  LimnRect rect; /* in pixels of level */
  guint8 *pixels;
} Piece;

typedef struct {
  LimnMips *mips; /* NULL once it was freed */
  guint generation;
  LimnStack *stack;
  GArray *pieces; /* of Piece */
} Job;

struct _LimnMips {
  LimnDocument *document;
  LimnSnapshotSource source;
  LimnMipsReady ready;
  gpointer user;
  GHashTable *tiles;
  gsize bytes;
  guint64 clock;
  guint generation;
  Job *job; /* on its way, or NULL */
};

static guint64
key_of (int level, int column, int row)
{
  return (guint64) level << 56 | (guint64) row << 28 | (guint64) column;
}

static void
tile_free (gpointer data)
{
  Tile *tile = data;
  g_free (tile->pixels);
  g_free (tile);
}

static void
piece_clear (gpointer data)
{
  g_free (((Piece *) data)->pixels);
}

static void
job_free (gpointer data)
{
  Job *job = data;
  g_clear_pointer (&job->stack, limn_stack_free);
  g_array_unref (job->pieces);
  g_free (job);
}

LimnMips *
limn_mips_new (LimnDocument *document, LimnSnapshotSource source, LimnMipsReady ready, gpointer user)
{
  LimnMips *self = g_new0 (LimnMips, 1);
  self->document = g_object_ref (document);
  self->source = source;
  self->ready = ready;
  self->user = user;
  self->tiles = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, tile_free);
  return self;
}

void
limn_mips_free (LimnMips *self)
{
  if (self->job)
    self->job->mips = NULL;
  g_hash_table_unref (self->tiles);
  g_object_unref (self->document);
  g_free (self);
}

static void
size_of (LimnMips *self, int level, int *width, int *height)
{
  int factor = 1 << level;
  *width = (limn_document_get_width (self->document) + factor - 1) / factor;
  *height = (limn_document_get_height (self->document) + factor - 1) / factor;
}

static Tile *
find (LimnMips *self, int level, int column, int row)
{
  guint64 key = key_of (level, column, row);
  return g_hash_table_lookup (self->tiles, &key);
}

static Tile *
ensure (LimnMips *self, int level, int column, int row)
{
  Tile *tile = find (self, level, column, row);
  if (!tile) {
    int width, height;
    size_of (self, level, &width, &height);
    tile = g_new0 (Tile, 1);
    *tile = (Tile){ level, column, row, MIN (TILE, width - column * TILE), MIN (TILE, height - row * TILE), NULL, { 0 }, FALSE, FALSE, 0 };
    tile->dirty = (LimnRect){ 0, 0, tile->width, tile->height };
    guint64 key = key_of (level, column, row);
    g_hash_table_insert (self->tiles, g_memdup2 (&key, sizeof key), tile);
  }
  tile->used = ++self->clock;
  return tile;
}

void
limn_mips_invalidate (LimnMips *self, const LimnRect *rect)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Tile *tile = value;
    int shift = tile->level, x0 = rect->x >> shift, y0 = rect->y >> shift;
    int x1 = (rect->x + rect->width - 1) >> shift, y1 = (rect->y + rect->height - 1) >> shift;
    LimnRect local = { x0 - tile->column * TILE, y0 - tile->row * TILE, x1 - x0 + 1, y1 - y0 + 1 };
    LimnRect all = { 0, 0, tile->width, tile->height };
    local = limn_rect_intersect (&local, &all);
    tile->dirty = limn_rect_union (&tile->dirty, &local);
  }
}

void
limn_mips_reset (LimnMips *self)
{
  g_hash_table_remove_all (self->tiles);
  self->bytes = 0;
  self->generation++;
}

int
limn_mips_level_for (double zoom)
{
  int level = 0;
  while (zoom <= 0.5 && level < LIMN_MIPS_LEVELS - 1) {
    zoom *= 2;
    level++;
  }
  return level;
}

/* -- Rendering -- */

/* Straight RGBA bytes to premultiplied words. Returns whether all are opaque. */
static gboolean
store (const guint8 *rgba, int width, int height, guint32 *out, gsize out_stride)
{
  guint8 alphas = 255;
  for (int y = 0; y < height; y++) {
    const guint8 *p = rgba + (gsize) y * (gsize) width * 4;
    guint32 *to = out + (gsize) y * out_stride;
    for (int x = 0; x < width; x++, p += 4) {
      guint32 a = p[3];
      alphas &= (guint8) a;
      if (a == 255)
        to[x] = 0xff000000u | (guint32) p[0] << 16 | (guint32) p[1] << 8 | p[2];
      else
        to[x] = a << 24 | (p[0] * a + 127) / 255 << 16 | (p[1] * a + 127) / 255 << 8 | (p[2] * a + 127) / 255;
    }
  }
  return alphas == 255;
}

/* dirty: what is replaced. Where everything was, opaque is known anew; else it can only end. */
static void
put (LimnMips *self, Tile *tile, const LimnRect *dirty, const guint8 *rgba)
{
  gboolean whole = dirty->width == tile->width && dirty->height == tile->height;
  if (!tile->pixels) {
    tile->pixels = g_new0 (guint32, (gsize) tile->width * (gsize) tile->height);
    self->bytes += (gsize) tile->width * (gsize) tile->height * 4;
  }
  gboolean opaque = store (rgba, dirty->width, dirty->height, tile->pixels + (gsize) dirty->y * (gsize) tile->width + dirty->x,
                           (gsize) tile->width);
  tile->opaque = whole ? opaque : tile->opaque && opaque;
}

static LimnRect
piece_rect (const Tile *tile)
{
  return (LimnRect){ tile->column * TILE + tile->dirty.x, tile->row * TILE + tile->dirty.y, tile->dirty.width, tile->dirty.height };
}

/* In pixels of the document. */
static LimnRect
enlarged (const LimnRect *rect, int level)
{
  return (LimnRect){ rect->x << level, rect->y << level, rect->width << level, rect->height << level };
}

static void
render_now (LimnMips *self, Tile *tile)
{
  LimnRect rect = piece_rect (tile);
  g_autofree guint8 *rgba = g_malloc ((gsize) rect.width * (gsize) rect.height * 4);
  limn_document_render (self->document, self->source, tile->level, &rect, rgba, (gsize) rect.width * 4);
  put (self, tile, &tile->dirty, rgba);
  tile->dirty = (LimnRect){ 0 };
}

static gboolean
is_clean (const Tile *tile)
{
  return tile && tile->pixels && limn_rect_is_empty (&tile->dirty);
}

/* A tile out of the four below it, where they are there and clean: what zooming out needs. */
static gboolean
reduce_from_below (LimnMips *self, Tile *tile)
{
  if (tile->level == 0)
    return FALSE;
  Tile *below[4] = { 0 };
  int width, height;
  size_of (self, tile->level - 1, &width, &height);
  for (int i = 0; i < 4; i++) {
    int column = 2 * tile->column + i % 2, row = 2 * tile->row + i / 2;
    if (column * TILE >= width || row * TILE >= height)
      continue;
    below[i] = find (self, tile->level - 1, column, row);
    if (!is_clean (below[i]))
      return FALSE;
  }
  if (!tile->pixels) {
    tile->pixels = g_new (guint32, (gsize) tile->width * (gsize) tile->height);
    self->bytes += (gsize) tile->width * (gsize) tile->height * 4;
  }
  tile->opaque = TRUE;
  for (int i = 0; i < 4; i++)
    if (below[i])
      tile->opaque = tile->opaque && below[i]->opaque;
  for (int y = 0; y < tile->height; y++)
    for (int x = 0; x < tile->width; x++) {
      const Tile *from = below[(2 * y >= TILE ? 2 : 0) + (2 * x >= TILE ? 1 : 0)];
      int sx = 2 * x % TILE, sy = 2 * y % TILE, right = MIN (sx + 1, from->width - 1), bottom = MIN (sy + 1, from->height - 1);
      guint32 taps[4] = { from->pixels[sy * from->width + sx], from->pixels[sy * from->width + right],
                          from->pixels[bottom * from->width + sx], from->pixels[bottom * from->width + right] };
      guint32 even = 0x00020002, odd = 0x00020002;
      for (int t = 0; t < 4; t++) {
        even += taps[t] & 0x00ff00ff;
        odd += taps[t] >> 8 & 0x00ff00ff;
      }
      tile->pixels[y * tile->width + x] = (even >> 2 & 0x00ff00ff) | (odd >> 2 & 0x00ff00ff) << 8;
    }
  tile->dirty = (LimnRect){ 0 };
  return TRUE;
}

/* -- The thread -- */

static void
run_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  for (guint i = 0; i < job->pieces->len; i++) {
    Piece *piece = &g_array_index (job->pieces, Piece, i);
    piece->pixels = g_malloc ((gsize) piece->rect.width * (gsize) piece->rect.height * 4);
    limn_stack_render (job->stack, piece->level, &piece->rect, piece->pixels, (gsize) piece->rect.width * 4);
  }
  g_task_return_boolean (task, TRUE);
}

/* All pieces at once, so that a picture never changes tile by tile. */
static void
job_done (GObject *source, GAsyncResult *result, gpointer user)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  LimnMips *self = job->mips;
  LimnRect changed = { 0 };
  if (!self)
    return;
  self->job = NULL;
  if (job->generation != self->generation)
    changed = (LimnRect){ 0, 0, limn_document_get_width (self->document), limn_document_get_height (self->document) };
  for (guint i = 0; i < job->pieces->len && job->generation == self->generation; i++) {
    const Piece *piece = &g_array_index (job->pieces, Piece, i);
    Tile *tile = ensure (self, piece->level, piece->rect.x / TILE, piece->rect.y / TILE);
    LimnRect local = { piece->rect.x % TILE, piece->rect.y % TILE, piece->rect.width, piece->rect.height };
    put (self, tile, &local, piece->pixels);
    tile->in_flight = FALSE;
    LimnRect rect = enlarged (&piece->rect, piece->level);
    changed = limn_rect_union (&changed, &rect);
  }
  self->ready (&changed, self->user);
}

static void
start_job (LimnMips *self, GPtrArray *tiles)
{
  Job *job = g_new0 (Job, 1);
  job->mips = self;
  job->generation = self->generation;
  job->stack = limn_document_dup_stack (self->document, self->source);
  job->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_array_set_clear_func (job->pieces, piece_clear);
  for (guint i = 0; i < tiles->len; i++) {
    Tile *tile = tiles->pdata[i];
    Piece piece = { tile->level, piece_rect (tile), NULL };
    g_array_append_val (job->pieces, piece);
    tile->in_flight = TRUE;
    tile->dirty = (LimnRect){ 0 };
  }
  self->job = job;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, job_done, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_set_priority (task, G_PRIORITY_DEFAULT);
  g_task_run_in_thread (task, run_job);
}

/* -- Memory -- */

static gboolean
is_kept (LimnMips *self, int level)
{
  int width, height;
  size_of (self, level, &width, &height);
  return (gint64) width * height <= KEPT_PIXELS;
}

static int
by_age (gconstpointer a, gconstpointer b)
{
  const Tile *s = *(Tile *const *) a, *t = *(Tile *const *) b;
  return s->used < t->used ? -1 : s->used > t->used;
}

static void
trim (LimnMips *self)
{
  if (self->bytes <= BUDGET)
    return;
  g_autoptr (GPtrArray) old = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Tile *tile = value;
    if (!tile->in_flight && tile->pixels && !is_kept (self, tile->level))
      g_ptr_array_add (old, tile);
  }
  g_ptr_array_sort (old, by_age);
  for (guint i = 0; i < old->len && self->bytes > BUDGET / 4 * 3; i++) {
    Tile *tile = old->pdata[i];
    guint64 key = key_of (tile->level, tile->column, tile->row);
    self->bytes -= (gsize) tile->width * (gsize) tile->height * 4;
    g_hash_table_remove (self->tiles, &key);
  }
}

/* -- Reading -- */

/* Columns and rows of the tiles that meet rect, [c0, c1] and [r0, r1]; FALSE if none. */
static gboolean
tiles_of (LimnMips *self, int level, const LimnRect *rect, int *c0, int *c1, int *r0, int *r1)
{
  int width, height;
  size_of (self, level, &width, &height);
  LimnRect all = { 0, 0, width, height }, inside = limn_rect_intersect (rect, &all);
  if (limn_rect_is_empty (&inside))
    return FALSE;
  *c0 = inside.x / TILE;
  *c1 = (inside.x + inside.width - 1) / TILE;
  *r0 = inside.y / TILE;
  *r1 = (inside.y + inside.height - 1) / TILE;
  return TRUE;
}

static guint
count_slow (LimnMips *self)
{
  if (self->source != LIMN_SNAPSHOT_RESULT)
    return 0;
  GListModel *layers = limn_document_get_layers (self->document);
  guint n = limn_document_get_has_preview (self->document);
  for (guint i = 0; i < g_list_model_get_n_items (layers); i++) {
    g_autoptr (LimnLayer) layer = g_list_model_get_item (layers, i);
    LimnLayerStyle look = limn_layer_get_style (layer);
    n += limn_layer_style_is_visible (&look) && look.blend != LIMN_BLEND_NORMAL && look.blend != LIMN_BLEND_ATOP;
  }
  return n;
}

gboolean
limn_mips_prepare (LimnMips *self, int level, const LimnRect *rect)
{
  int c0, c1, r0, r1;
  if (!tiles_of (self, level, rect, &c0, &c1, &r0, &r1))
    return TRUE;
  trim (self);
  g_autoptr (GPtrArray) todo = g_ptr_array_new ();
  gint64 cost = 0, factor = (gint64) 1 << (2 * level);
  gboolean waiting = FALSE;
  LimnRect changed = { 0 };
  for (int row = r0; row <= r1; row++)
    for (int column = c0; column <= c1; column++) {
      Tile *tile = ensure (self, level, column, row);
      if (is_clean (tile) && !tile->in_flight)
        continue;
      if (tile->in_flight) {
        waiting = TRUE;
        continue;
      }
      LimnRect piece = piece_rect (tile), in_document = enlarged (&piece, level);
      if (reduce_from_below (self, tile)) {
        changed = limn_rect_union (&changed, &in_document);
      } else {
        g_ptr_array_add (todo, tile);
        cost += (gint64) piece.width * piece.height * factor;
      }
    }
  cost *= 1 + SLOW_COST * count_slow (self);
  if (cost <= AT_ONCE) {
    for (guint i = 0; i < todo->len; i++) {
      LimnRect piece = piece_rect (todo->pdata[i]), in_document = enlarged (&piece, level);
      changed = limn_rect_union (&changed, &in_document);
      render_now (self, todo->pdata[i]);
    }
  } else {
    waiting = TRUE;
    if (!self->job)
      start_job (self, todo);
  }
  if (!limn_rect_is_empty (&changed))
    self->ready (&changed, self->user);
  return !waiting;
}

/* From the nearest coarser level that has it. */
static gboolean
read_coarser (LimnMips *self, int level, const LimnRect *rect, guint32 *out, gsize stride, gboolean *opaque)
{
  gboolean complete = TRUE;
  for (int y = rect->y; y < rect->y + rect->height; y++) {
    const Tile *tile = NULL;
    int shift = 0, until = -1;
    guint32 *to = out + (gsize) (y - rect->y) * stride;
    for (int x = rect->x; x < rect->x + rect->width; x++) {
      if (x >= until) {
        tile = NULL;
        for (int coarser = level + 1; coarser < LIMN_MIPS_LEVELS; coarser++) {
          shift = coarser - level;
          tile = find (self, coarser, (x >> shift) / TILE, (y >> shift) / TILE);
          if (tile && tile->pixels)
            break;
          tile = NULL;
        }
        until = tile ? (tile->column * TILE + tile->width) << shift : rect->x + rect->width;
        *opaque = *opaque && tile && tile->opaque;
      }
      if (tile) {
        *to++ = tile->pixels[((y >> shift) - tile->row * TILE) * tile->width + (x >> shift) - tile->column * TILE];
      } else {
        *to++ = 0xff808080u;
        complete = FALSE;
      }
    }
  }
  return complete;
}

gboolean
limn_mips_read (LimnMips *self, int level, const LimnRect *rect, guint32 *out, gsize stride, gboolean *opaque)
{
  int c0, c1, r0, r1, width, height;
  gboolean complete = TRUE;
  *opaque = TRUE;
  size_of (self, level, &width, &height);
  if (!tiles_of (self, level, rect, &c0, &c1, &r0, &r1)) {
    for (int y = 0; y < rect->height; y++)
      memset (out + (gsize) y * stride, 0, (gsize) rect->width * 4);
    *opaque = FALSE;
    return TRUE;
  }
  for (int row = r0; row <= r1; row++)
    for (int column = c0; column <= c1; column++) {
      LimnRect part = { column * TILE, row * TILE, MIN (TILE, width - column * TILE), MIN (TILE, height - row * TILE) };
      part = limn_rect_intersect (&part, rect);
      guint32 *to = out + (gsize) (part.y - rect->y) * stride + (part.x - rect->x);
      Tile *tile = find (self, level, column, row);
      if (tile && tile->pixels) {
        tile->used = ++self->clock;
        *opaque = *opaque && tile->opaque;
        for (int y = 0; y < part.height; y++)
          memcpy (to + (gsize) y * stride,
                  tile->pixels + (gsize) (part.y + y - row * TILE) * (gsize) tile->width + (part.x - column * TILE),
                  (gsize) part.width * 4);
      } else if (!read_coarser (self, level, &part, to, stride, opaque)) {
        complete = FALSE;
      }
    }
  /* the edges go on outside */
  LimnRect all = { 0, 0, width, height }, inside = limn_rect_intersect (rect, &all);
  int left = inside.x - rect->x, right = left + inside.width, top = inside.y - rect->y, bottom = top + inside.height;
  for (int y = top; y < bottom; y++) {
    guint32 *line = out + (gsize) y * stride;
    for (int x = 0; x < left; x++)
      line[x] = line[left];
    for (int x = right; x < rect->width; x++)
      line[x] = line[right - 1];
  }
  for (int y = 0; y < top; y++)
    memcpy (out + (gsize) y * stride, out + (gsize) top * stride, (gsize) rect->width * 4);
  for (int y = bottom; y < rect->height; y++)
    memcpy (out + (gsize) y * stride, out + (gsize) (bottom - 1) * stride, (gsize) rect->width * 4);
  return complete;
}
