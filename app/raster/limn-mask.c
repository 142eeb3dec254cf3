/* Shapes in a mask: coverage is made in bands of a tile's height and combined tile by tile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-parallel.h"
#include "limn-mask-tile.h"

#include <math.h>
#include <string.h>

static guint8
combine_values (int mask, int shape, LimnMaskMode mode)
{
  switch (mode) {
  case LIMN_MASK_SUBTRACT: return (guint8) MIN (mask, 255 - shape);
  case LIMN_MASK_INTERSECT: return (guint8) MIN (mask, shape);
  default: /* REPLACE begins with an empty mask */ return (guint8) MAX (mask, shape);
  }
}

LimnTile *
limn_mask_peek_full_tile (void)
{
  static gsize tile;
  if (g_once_init_enter (&tile)) {
    guint8 pixels[LIMN_TILE_SIZE * LIMN_TILE_SIZE];
    memset (pixels, 255, sizeof pixels);
    g_once_init_leave (&tile, (gsize) limn_tile_new (pixels, sizeof pixels));
  }
  return (LimnTile *) tile;
}

static gboolean
is_whole (const LimnRect *tile)
{
  return tile->width == LIMN_TILE_SIZE && tile->height == LIMN_TILE_SIZE;
}

LimnMaskTile
limn_mask_judge_tile (LimnRaster *mask, guint index)
{
  LimnTile *tile = limn_raster_peek_tile (mask, index);
  if (!tile)
    return LIMN_MASK_TILE_EMPTY;
  if (tile == limn_mask_peek_full_tile ())
    return LIMN_MASK_TILE_FULL;
  const guint8 *pixels = limn_tile_get_pixels (tile);
  LimnRect rect = limn_raster_get_tile_rect (mask, index);
  guint8 any = 0, all = 255;
  for (int y = 0; y < rect.height; y++)
    for (int x = 0; x < rect.width; x++) {
      any |= pixels[y * LIMN_TILE_SIZE + x];
      all &= pixels[y * LIMN_TILE_SIZE + x];
    }
  return any == 0 ? LIMN_MASK_TILE_EMPTY : all == 255 ? LIMN_MASK_TILE_FULL : LIMN_MASK_TILE_MIXED;
}

void
limn_mask_set_tile (LimnRaster *mask, guint index, const guint8 *pixels, gsize stride)
{
  LimnRect rect = limn_raster_get_tile_rect (mask, index);
  guint8 whole[LIMN_TILE_SIZE * LIMN_TILE_SIZE] = { 0 }, any = 0, all = 255;
  for (int y = 0; y < rect.height; y++) {
    memcpy (whole + y * LIMN_TILE_SIZE, pixels + (gsize) y * stride, (gsize) rect.width);
    for (int x = 0; x < rect.width; x++) {
      any |= whole[y * LIMN_TILE_SIZE + x];
      all &= whole[y * LIMN_TILE_SIZE + x];
    }
  }
  if (any == 0)
    limn_raster_set_tile (mask, index, NULL);
  else if (all == 255 && is_whole (&rect))
    limn_raster_set_tile (mask, index, limn_tile_ref (limn_mask_peek_full_tile ()));
  else
    limn_raster_set_tile (mask, index, limn_tile_new (whole, sizeof whole));
}

void
limn_mask_combine_tile (LimnRaster *mask, guint index, const LimnRect *part, const guint8 *coverage, gsize stride, LimnMaskMode mode)
{
  LimnRect tile = limn_raster_get_tile_rect (mask, index);
  guint8 pixels[LIMN_TILE_SIZE * LIMN_TILE_SIZE];
  gboolean differs = FALSE;
  limn_raster_read (mask, &tile, pixels, LIMN_TILE_SIZE);
  for (int y = 0; y < part->height; y++) {
    const guint8 *from = coverage + (gsize) y * stride;
    guint8 *to = pixels + (part->y - tile.y + y) * LIMN_TILE_SIZE + part->x - tile.x;
    for (int x = 0; x < part->width; x++) {
      guint8 value = combine_values (to[x], from[x], mode);
      differs |= value != to[x];
      to[x] = value;
    }
  }
  if (differs)
    limn_mask_set_tile (mask, index, pixels, LIMN_TILE_SIZE);
}

/* Combines coverage with the mask's tiles in box, which is at most a tile high and lies inside the plane: rows of stride bytes, where by the
 * column of tiles (counted from the plane's) varied says that it holds any; elsewhere every pixel is even's of the column. */
static void
combine_band (LimnRaster *mask, const LimnRect *box, const guint8 *coverage, gsize stride, const guint8 *varied, const guint8 *even,
              LimnMaskMode mode)
{
  static const guint8 none[LIMN_TILE_SIZE];
  guint8 full[LIMN_TILE_SIZE];
  memset (full, 255, sizeof full);
  for (int tx = box->x / LIMN_TILE_SIZE; tx <= (box->x + box->width - 1) / LIMN_TILE_SIZE; tx++) {
    guint index = (guint) (box->y / LIMN_TILE_SIZE) * limn_raster_get_columns (mask) + (guint) tx;
    LimnRect tile = limn_raster_get_tile_rect (mask, index), part = limn_rect_intersect (&tile, box);
    gboolean adds = mode == LIMN_MASK_REPLACE || mode == LIMN_MASK_ADD;
    if (varied[tx]) {
      limn_mask_combine_tile (mask, index, &part, coverage + (gsize) (part.x - box->x), stride, mode);
    } else if (even[tx] ? mode == LIMN_MASK_INTERSECT : mode != LIMN_MASK_INTERSECT) {
      continue; /* stays what it is */
    } else if (part.width == tile.width && part.height == tile.height && (!adds || is_whole (&tile))) {
      limn_raster_set_tile (mask, index, adds ? limn_tile_ref (limn_mask_peek_full_tile ()) : NULL);
    } else {
      limn_mask_combine_tile (mask, index, &part, even[tx] ? full : none, 0, mode);
    }
  }
}

/* What a mode does outside the shape's box; returns what can change because of it. */
static LimnRect
clear_outside (LimnRaster *mask, const LimnRect *box, LimnMaskMode mode)
{
  const guint8 none = 0;
  if (mode == LIMN_MASK_REPLACE)
    return limn_mask_clear (mask);
  if (mode != LIMN_MASK_INTERSECT)
    return (LimnRect){ 0 };
  LimnRect bounds = limn_raster_get_bounds (mask), inside = limn_rect_intersect (&bounds, box);
  if (limn_rect_is_empty (&inside))
    return limn_mask_clear (mask);
  int right = inside.x + inside.width, bottom = inside.y + inside.height;
  limn_raster_fill (mask, &(LimnRect){ bounds.x, bounds.y, bounds.width, inside.y - bounds.y }, &none);
  limn_raster_fill (mask, &(LimnRect){ bounds.x, bottom, bounds.width, bounds.y + bounds.height - bottom }, &none);
  limn_raster_fill (mask, &(LimnRect){ bounds.x, inside.y, inside.x - bounds.x, inside.height }, &none);
  limn_raster_fill (mask, &(LimnRect){ right, inside.y, bounds.x + bounds.width - right, inside.height }, &none);
  return bounds;
}

/* -- Polygons: 16 lines a pixel row, exact along x -- */

#define SUBLINES 16

typedef struct {
  double x0, y0, x1, y1; /* y0 <= y1 */
  int winding;
} Edge;

typedef struct {
  double x;
  int winding;
} Crossing;

static int
compare_edges (const void *a, const void *b)
{
  double d = ((const Edge *) a)->y0 - ((const Edge *) b)->y0;
  return d < 0 ? -1 : d > 0;
}

static int
compare_crossings (const void *a, const void *b)
{
  double d = ((const Crossing *) a)->x - ((const Crossing *) b)->x;
  return d < 0 ? -1 : d > 0;
}

/* Adds the span [a, b) (in pixels from the row's start, inside [0, width]) to row, which holds differences between neighbours: what
 * a pixel is covered by is the sum of all up to it. */
static void
add_span (float *row, double a, double b)
{
  int first = (int) a, last = (int) b;
  float fa = (float) (a - first), fb = (float) (b - last);
  row[first] += 1 - fa;
  row[first + 1] += fa;
  row[last] -= 1 - fb;
  row[last + 1] -= fb;
}

static void
scan_line (const Edge *edges, const GArray *active, GArray *crossings, double y, int width, float *row)
{
  g_array_set_size (crossings, 0);
  for (guint i = 0; i < active->len; i++) {
    const Edge *e = &edges[g_array_index (active, guint, i)];
    if (y < e->y0 || y >= e->y1)
      continue;
    Crossing c = { e->x0 + (y - e->y0) * (e->x1 - e->x0) / (e->y1 - e->y0), e->winding };
    g_array_append_val (crossings, c);
  }
  if (crossings->len < 2)
    return;
  qsort (crossings->data, crossings->len, sizeof (Crossing), compare_crossings);
  int winding = 0;
  for (guint i = 0; i + 1 < crossings->len; i++) {
    const Crossing *c = &g_array_index (crossings, Crossing, i);
    winding += c[0].winding;
    double a = CLAMP (c[0].x, 0, width), b = CLAMP (c[1].x, 0, width);
    if (winding != 0 && b > a)
      add_span (row, a, b);
  }
}

static GArray *
make_edges (const LimnPoint *points, gsize n_points, const LimnRect *box)
{
  GArray *edges = g_array_sized_new (FALSE, FALSE, sizeof (Edge), (guint) n_points);
  for (gsize i = 0; i < n_points; i++) {
    LimnPoint a = points[i], b = points[(i + 1) % n_points];
    Edge e = a.y < b.y ? (Edge){ a.x - box->x, a.y, b.x - box->x, b.y, 1 } : (Edge){ b.x - box->x, b.y, a.x - box->x, a.y, -1 };
    g_array_append_val (edges, e);
  }
  qsort (edges->data, edges->len, sizeof (Edge), compare_edges);
  return edges;
}

/* The columns of tiles in which an active edge lies somewhere in rows [y0, y1). A pixel's width on each side is counted in. */
static void
find_varied (const Edge *edges, const GArray *active, const LimnRect *box, int y0, int y1, guint8 *varied, gsize columns)
{
  memset (varied, 0, columns);
  for (guint i = 0; i < active->len; i++) {
    const Edge *e = &edges[g_array_index (active, guint, i)];
    double slope = e->y1 > e->y0 ? (e->x1 - e->x0) / (e->y1 - e->y0) : 0;
    double a = e->x0 + (CLAMP (y0, e->y0, e->y1) - e->y0) * slope, b = e->x0 + (CLAMP (y1, e->y0, e->y1) - e->y0) * slope;
    if (e->y0 == e->y1)
      b = e->x1;
    int from = box->x + (int) CLAMP (MIN (a, b) - 2, 0, box->width - 1), to = box->x + (int) CLAMP (MAX (a, b) + 2, 0, box->width - 1);
    for (int column = from / LIMN_TILE_SIZE; column <= to / LIMN_TILE_SIZE; column++)
      varied[column] = TRUE;
  }
}

LimnRect
limn_mask_polygon (LimnRaster *mask, const LimnPoint *points, gsize n_points, LimnMaskMode mode)
{
  double left = G_MAXDOUBLE, top = G_MAXDOUBLE, right = -G_MAXDOUBLE, bottom = -G_MAXDOUBLE;
  for (gsize i = 0; i < n_points; i++) {
    left = MIN (left, points[i].x);
    right = MAX (right, points[i].x);
    top = MIN (top, points[i].y);
    bottom = MAX (bottom, points[i].y);
  }
  LimnRect extents = limn_raster_get_extents (mask), box = { 0 };
  if (n_points >= 3 && right > left && bottom > top) {
    box.x = (int) CLAMP (floor (left), -1, mask->width);
    box.y = (int) CLAMP (floor (top), -1, mask->height);
    box.width = (int) CLAMP (ceil (right), -1, mask->width + 1) - box.x;
    box.height = (int) CLAMP (ceil (bottom), -1, mask->height + 1) - box.y;
    box = limn_rect_intersect (&box, &extents);
  }
  LimnRect dirty = clear_outside (mask, &box, mode);
  if (limn_rect_is_empty (&box))
    return dirty;

  g_autoptr (GArray) edges = make_edges (points, n_points, &box), active = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) crossings = g_array_new (FALSE, FALSE, sizeof (Crossing));
  const Edge *edge = (const Edge *) (gpointer) edges->data;
  gsize width = (gsize) box.width, columns = limn_raster_get_columns (mask);
  g_autofree float *row = g_new (float, width + 2);
  g_autofree guint8 *band = g_new (guint8, width * LIMN_TILE_SIZE), *varied = g_new (guint8, columns), *even = g_new (guint8, columns);
  guint next = 0;
  for (int y0 = box.y; y0 < box.y + box.height;) {
    int y1 = MIN ((y0 / LIMN_TILE_SIZE + 1) * LIMN_TILE_SIZE, box.y + box.height);
    while (next < edges->len && edge[next].y0 < y1)
      g_array_append_val (active, next), next++;
    for (guint i = 0; i < active->len;)
      if (edge[g_array_index (active, guint, i)].y1 <= y0)
        g_array_remove_index_fast (active, i);
      else
        i++;
    find_varied (edge, active, &box, y0, y1, varied, columns);
    for (int y = y0; y < y1; y++) {
      memset (row, 0, (width + 2) * sizeof (float));
      for (int s = 0; s < SUBLINES; s++)
        scan_line (edge, active, crossings, y + (s + 0.5) / SUBLINES, box.width, row);
      guint8 *out = band + (gsize) (y - y0) * width;
      float sum = 0;
      for (int x = 0; x < box.width;) {
        int column = (box.x + x) / LIMN_TILE_SIZE, end = MIN ((column + 1) * LIMN_TILE_SIZE - box.x, box.width);
        for (; x < end && varied[column]; x++) {
          sum += row[x];
          out[x] = (guint8) (CLAMP (sum / SUBLINES, 0, 1) * 255 + 0.5f);
        }
        even[column] = sum > SUBLINES / 2;
        x = end;
      }
    }
    combine_band (mask, &(LimnRect){ box.x, y0, box.width, y1 - y0 }, band, width, varied, even, mode);
    y0 = y1;
  }
  return limn_rect_union (&dirty, &box);
}

LimnRect
limn_mask_rectangle (LimnRaster *mask, double x, double y, double width, double height, LimnMaskMode mode)
{
  const LimnPoint points[] = { { x, y }, { x + width, y }, { x + width, y + height }, { x, y + height } };
  return limn_mask_polygon (mask, points, G_N_ELEMENTS (points), mode);
}

LimnRect
limn_mask_ellipse (LimnRaster *mask, double x, double y, double width, double height, LimnMaskMode mode)
{
  /* a polygon of n sides is inside its circle by r (1 - cos (pi / n)) < 0.01 pixels */
  double rx = fabs (width) / 2, ry = fabs (height) / 2;
  gsize n = (gsize) CLAMP (ceil (G_PI * sqrt (MAX (rx, ry) / 0.02)), 16, 20000);
  g_autofree LimnPoint *points = g_new (LimnPoint, n);
  for (gsize i = 0; i < n; i++) {
    double t = 2 * G_PI * (double) i / (double) n;
    points[i] = (LimnPoint){ x + width / 2 + rx * cos (t), y + height / 2 + ry * sin (t) };
  }
  return limn_mask_polygon (mask, points, n, mode);
}

/* -- The whole plane -- */

LimnRect
limn_mask_all (LimnRaster *mask)
{
  const guint8 full = 255;
  LimnRect all = limn_raster_get_extents (mask);
  for (guint i = 0; i < limn_raster_get_n_tiles (mask); i++) {
    LimnRect tile = limn_raster_get_tile_rect (mask, i);
    if (is_whole (&tile))
      limn_raster_set_tile (mask, i, limn_tile_ref (limn_mask_peek_full_tile ()));
    else
      limn_raster_fill (mask, &tile, &full);
  }
  return all;
}

LimnRect
limn_mask_clear (LimnRaster *mask)
{
  const guint8 none = 0;
  LimnRect bounds = limn_raster_get_bounds (mask), all = limn_raster_get_extents (mask);
  limn_raster_fill (mask, &all, &none);
  return bounds;
}

typedef struct {
  LimnRaster *mask;
  GCancellable *cancellable;
} Invert;

static void
invert_row (gsize row, gpointer user)
{
  Invert *self = user;
  guint columns = limn_raster_get_columns (self->mask);
  for (guint i = (guint) row * columns; i < ((guint) row + 1) * columns && !g_cancellable_is_cancelled (self->cancellable); i++) {
    LimnRect tile = limn_raster_get_tile_rect (self->mask, i);
    guint8 pixels[LIMN_TILE_SIZE * LIMN_TILE_SIZE];
    if (limn_raster_peek_tile (self->mask, i) == limn_mask_peek_full_tile ()) {
      limn_raster_set_tile (self->mask, i, NULL);
      continue;
    }
    limn_raster_read (self->mask, &tile, pixels, LIMN_TILE_SIZE);
    for (gsize k = 0; k < sizeof pixels; k++)
      pixels[k] ^= 255;
    limn_mask_set_tile (self->mask, i, pixels, LIMN_TILE_SIZE);
  }
}

LimnRect
limn_mask_invert (LimnRaster *mask, GCancellable *cancellable)
{
  Invert self = { mask, cancellable };
  guint columns = limn_raster_get_columns (mask);
  limn_parallel_for (limn_raster_get_n_tiles (mask) / columns, invert_row, &self);
  return limn_raster_get_extents (mask);
}
