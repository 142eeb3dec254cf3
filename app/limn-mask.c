/* Shapes in a mask: coverage is made in bands of a tile's height and combined tile by tile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-mask.h"
#include "limn-raster-private.h"

#include <math.h>
#include <string.h>

static guint8
combine (int mask, int shape, LimnMaskMode mode)
{
  switch (mode) {
  case LIMN_MASK_SUBTRACT:
    return (guint8) MIN (mask, 255 - shape);
  case LIMN_MASK_INTERSECT:
    return (guint8) MIN (mask, shape);
  default: /* REPLACE begins with an empty mask */
    return (guint8) MAX (mask, shape);
  }
}

/* Lays coverage (rows of stride bytes, box large) over the mask. box lies inside the plane. */
static void
lay_band (LimnRaster *mask, const LimnRect *box, const guint8 *coverage, gsize stride, LimnMaskMode mode)
{
  for (int ty = box->y / LIMN_TILE_SIZE; ty <= (box->y + box->height - 1) / LIMN_TILE_SIZE; ty++)
    for (int tx = box->x / LIMN_TILE_SIZE; tx <= (box->x + box->width - 1) / LIMN_TILE_SIZE; tx++) {
      guint index = (guint) ty * mask->columns + (guint) tx;
      LimnRect tile = limn_raster_get_tile_rect (mask, index), part = limn_rect_intersect (&tile, box);
      guint8 pixels[LIMN_TILE_SIZE * LIMN_TILE_SIZE];
      gboolean differs = FALSE;
      limn_raster_read (mask, &part, pixels, LIMN_TILE_SIZE);
      for (int y = 0; y < part.height; y++) {
        const guint8 *from = coverage + (gsize) (part.y - box->y + y) * stride + (gsize) (part.x - box->x);
        guint8 *to = pixels + (gsize) y * LIMN_TILE_SIZE;
        for (int x = 0; x < part.width; x++) {
          guint8 value = combine (to[x], from[x], mode);
          differs |= value != to[x];
          to[x] = value;
        }
      }
      if (differs)
        limn_raster_write (mask, &part, pixels, LIMN_TILE_SIZE);
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
  double x0, y0, x1, y1; /* y0 < y1 */
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
    if (a.y == b.y)
      continue;
    Edge e = a.y < b.y ? (Edge){ a.x - box->x, a.y, b.x - box->x, b.y, 1 } : (Edge){ b.x - box->x, b.y, a.x - box->x, a.y, -1 };
    g_array_append_val (edges, e);
  }
  qsort (edges->data, edges->len, sizeof (Edge), compare_edges);
  return edges;
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
  gsize width = (gsize) box.width;
  g_autofree float *row = g_new (float, width + 2);
  g_autofree guint8 *band = g_new (guint8, width * LIMN_TILE_SIZE);
  guint next = 0;
  for (int y0 = box.y; y0 < box.y + box.height;) {
    int y1 = MIN ((y0 / LIMN_TILE_SIZE + 1) * LIMN_TILE_SIZE, box.y + box.height);
    for (int y = y0; y < y1; y++) {
      while (next < edges->len && edge[next].y0 < y + 1) {
        if (edge[next].y1 > y)
          g_array_append_val (active, next);
        next++;
      }
      for (guint i = 0; i < active->len;)
        if (edge[g_array_index (active, guint, i)].y1 <= y)
          g_array_remove_index_fast (active, i);
        else
          i++;
      memset (row, 0, (width + 2) * sizeof (float));
      for (int s = 0; s < SUBLINES; s++)
        scan_line (edge, active, crossings, y + (s + 0.5) / SUBLINES, box.width, row);
      guint8 *out = band + (gsize) (y - y0) * width;
      float sum = 0;
      for (gsize x = 0; x < width; x++) {
        sum += row[x];
        out[x] = (guint8) (CLAMP (sum / SUBLINES, 0, 1) * 255 + 0.5f);
      }
    }
    LimnRect part = { box.x, y0, box.width, y1 - y0 };
    lay_band (mask, &part, band, width, mode);
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

/* -- Similar areas -- */

typedef struct {
  const guint8 *pixels;
  gsize stride;
  guint8 like[4];
  int tolerance;
} Similar;

static inline gboolean
is_similar (const Similar *self, int x, int y)
{
  const guint8 *p = self->pixels + (gsize) y * self->stride + 4 * (gsize) x;
  if (p[3] == 0 || self->like[3] == 0) /* no colour to compare */
    return ABS (p[3] - self->like[3]) <= self->tolerance;
  return ABS (p[0] - self->like[0]) <= self->tolerance && ABS (p[1] - self->like[1]) <= self->tolerance &&
         ABS (p[2] - self->like[2]) <= self->tolerance && ABS (p[3] - self->like[3]) <= self->tolerance;
}

typedef struct {
  int x, y;
} Seed;

/* Fills runs of a row at a time; found: a byte a pixel. */
static void
flood (const Similar *self, int width, int height, int x, int y, guint8 *found)
{
  g_autoptr (GArray) seeds = g_array_new (FALSE, FALSE, sizeof (Seed));
  Seed seed = { x, y };
  g_array_append_val (seeds, seed);
  while (seeds->len) {
    seed = g_array_index (seeds, Seed, seeds->len - 1);
    g_array_set_size (seeds, seeds->len - 1);
    guint8 *row = found + (gsize) seed.y * (gsize) width;
    if (row[seed.x])
      continue;
    int a = seed.x, b = seed.x;
    while (a > 0 && !row[a - 1] && is_similar (self, a - 1, seed.y))
      a--;
    while (b + 1 < width && !row[b + 1] && is_similar (self, b + 1, seed.y))
      b++;
    memset (row + a, 255, (gsize) (b - a + 1));
    for (int d = -1; d <= 1; d += 2) {
      int ny = seed.y + d;
      if (ny < 0 || ny >= height)
        continue;
      const guint8 *other = found + (gsize) ny * (gsize) width;
      gboolean inside = FALSE;
      for (int i = a; i <= b; i++) {
        gboolean now = !other[i] && is_similar (self, i, ny);
        if (now && !inside) {
          Seed more = { i, ny };
          g_array_append_val (seeds, more);
        }
        inside = now;
      }
    }
  }
}

LimnRect
limn_mask_similar (LimnRaster *mask, const guint8 *pixels, gsize stride, int x, int y, int tolerance, gboolean contiguous,
                   LimnMaskMode mode)
{
  LimnRect box = limn_raster_get_extents (mask);
  if (x < 0 || y < 0 || x >= box.width || y >= box.height)
    return (LimnRect){ 0 };
  Similar similar = { .pixels = pixels, .stride = stride, .tolerance = tolerance };
  memcpy (similar.like, pixels + (gsize) y * stride + 4 * (gsize) x, 4);
  gsize width = (gsize) box.width;
  g_autofree guint8 *found = g_malloc0 (width * (gsize) box.height); /* sides are at most LIMN_PICTURE_MAX_SIDE */
  if (contiguous)
    flood (&similar, box.width, box.height, x, y, found);
  else
    for (int j = 0; j < box.height; j++)
      for (int i = 0; i < box.width; i++)
        found[(gsize) j * width + (gsize) i] = is_similar (&similar, i, j) ? 255 : 0;
  if (mode == LIMN_MASK_REPLACE)
    limn_mask_clear (mask);
  lay_band (mask, &box, found, width, mode);
  return box;
}

/* -- The whole plane -- */

LimnRect
limn_mask_all (LimnRaster *mask)
{
  const guint8 full = 255;
  LimnRect all = limn_raster_get_extents (mask);
  limn_raster_fill (mask, &all, &full);
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

LimnRect
limn_mask_invert (LimnRaster *mask)
{
  const guint8 full = 255;
  for (guint i = 0; i < limn_raster_get_n_tiles (mask); i++) {
    LimnRect tile = limn_raster_get_tile_rect (mask, i);
    if (!limn_raster_peek_tile (mask, i)) {
      limn_raster_fill (mask, &tile, &full);
      continue;
    }
    guint8 pixels[LIMN_TILE_SIZE * LIMN_TILE_SIZE];
    limn_raster_read (mask, &tile, pixels, LIMN_TILE_SIZE);
    for (int y = 0; y < tile.height; y++)
      for (int x = 0; x < tile.width; x++)
        pixels[y * LIMN_TILE_SIZE + x] ^= 255;
    limn_raster_write (mask, &tile, pixels, LIMN_TILE_SIZE);
  }
  return limn_raster_get_extents (mask);
}
