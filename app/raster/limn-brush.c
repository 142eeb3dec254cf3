/* Strokes: exact distances to capsules; the greatest coverage counts, composited over what was there when the stroke began.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-brush.h"
#include "limn-raster-private.h"

#include <math.h>

/* Coverage, of 255, from which on a pixel takes the stroke's label: half of one that has another, and less of one that has none, since
 * where the soft edges of two strokes meet neither covers half, but both together do. */
enum { LABEL_COVERAGE = 128, FIRST_COVERAGE = 64 };

typedef struct {
  double x, y, radius, opacity;
} Dab;

struct _LimnStroke {
  LimnRaster *raster, *before, *coverage, *limit;
  LimnBrush brush;
  guint n_points;
  Dab last, middle;                         /* the newest point; the end of what is drawn */
  LimnRect dirty;                           /* everything so far */
  double far_radius, far_opacity, far[256]; /* for a dab of these: far[v], squared distance past which it covers no more than v */
};

void
limn_brush_init (LimnBrush *self)
{
  *self = (LimnBrush){ .size = 40, .hardness = 0.8, .opacity = 1, .pressure_size = 0.5, .rgba = { 0, 0, 0, 255 } };
}

LimnStroke *
limn_stroke_new (LimnRaster *raster, const LimnBrush *brush, LimnRaster *limit)
{
  g_return_val_if_fail (!limit || (limit->channels == 1 && limit->width == raster->width && limit->height == raster->height), NULL);
  LimnStroke *self = g_new0 (LimnStroke, 1);
  self->raster = g_object_ref (raster);
  self->before = limn_raster_copy (raster);
  self->coverage = limn_raster_new ((gsize) raster->width, (gsize) raster->height, 1);
  self->limit = limit ? limn_raster_copy (limit) : NULL;
  self->brush = *brush;
  return self;
}

void
limn_stroke_free (LimnStroke *self)
{
  g_clear_object (&self->raster);
  g_clear_object (&self->before);
  g_clear_object (&self->coverage);
  g_clear_object (&self->limit);
  g_free (self);
}

/* One pixel of the plane: what was there (b), the stroke's coverage c (0..255). */
static void
composite_pixel (const LimnStroke *self, const guint8 *b, int c, guint8 *out)
{
  if (self->brush.labels) {
    out[0] = c < (b[0] ? LABEL_COVERAGE : FIRST_COVERAGE) ? b[0] : self->brush.erase ? 0 : self->brush.label;
    return;
  }
  if (self->raster->channels == 1) {
    int to = self->brush.erase ? 0 : 255;
    out[0] = (guint8) ((b[0] * (255 - c) + to * c + 127) / 255);
    return;
  }
  if (self->brush.erase) {
    for (int k = 0; k < 3; k++)
      out[k] = b[k];
    out[3] = (guint8) ((b[3] * (255 - c) + 127) / 255);
  } else {
    /* Porter and Duff's over with straight alpha, in units of 255 * 255 */
    int a = c * self->brush.rgba[3] / 255, under = b[3] * (255 - a), sum = a * 255 + under;
    for (int k = 0; k < 3; k++)
      out[k] = sum ? (guint8) ((self->brush.rgba[k] * a * 255 + b[k] * under + sum / 2) / sum) : 0;
    out[3] = (guint8) ((sum + 127) / 255);
  }
  if (out[3] == 0)
    out[0] = out[1] = out[2] = 0;
}

/* Whether it only takes away. */
static gboolean
takes_away (const LimnBrush *brush)
{
  return brush->erase || (brush->labels && brush->label == 0);
}

/* Coverage at distance d from the middle of a dab of radius r: 1 inside hardness * r, 0 past the antialiased edge. */
static double
get_dab_coverage (double d, double r, double hardness)
{
  double edge = CLAMP (r + 0.5 - d, 0, 1) * MIN (1, 2 * r), core = r * hardness;
  if (d <= core || hardness >= 1)
    return edge;
  double t = CLAMP ((d - core) / MAX (r + 0.5 - core, 1e-6), 0, 1), soft = 1 - t * t * (3 - 2 * t);
  return MIN (edge, soft);
}

static int
value_at (const LimnStroke *self, double d, double radius, double opacity)
{
  return (int) lrint (255 * get_dab_coverage (d, radius, self->brush.hardness) * opacity);
}

/* A pixel that is covered already by v doesn't change if it is farther away than this: most of a large brush is skipped by one
 * comparison. */
static void
update_far (LimnStroke *self, double radius, double opacity)
{
  if (radius == self->far_radius && opacity == self->far_opacity)
    return;
  self->far_radius = radius;
  self->far_opacity = opacity;
  double far = radius + 1;
  for (int v = 0; v < 256; v++) {
    double near = 0;
    for (int i = 0; i < 14; i++) {
      double d = (near + far) / 2;
      if (value_at (self, d, radius, opacity) > v)
        near = d;
      else
        far = d;
    }
    self->far[v] = value_at (self, 0, radius, opacity) > v ? far * far : 0;
  }
}

/* Paints between two dabs: a capsule whose radius and opacity are interpolated. */
static LimnRect
paint_capsule (LimnStroke *self, const Dab *a, const Dab *b)
{
  double reach = MAX (a->radius, b->radius) + 1;
  double left = CLAMP (MIN (a->x, b->x) - reach, -1e6, 1e6), top = CLAMP (MIN (a->y, b->y) - reach, -1e6, 1e6);
  double right = CLAMP (MAX (a->x, b->x) + reach, -1e6, 1e6), bottom = CLAMP (MAX (a->y, b->y) + reach, -1e6, 1e6);
  LimnRect box = { (int) floor (left), (int) floor (top), 0, 0 }, extents = limn_raster_get_extents (self->raster);
  box.width = (int) ceil (right) - box.x + 1;
  box.height = (int) ceil (bottom) - box.y + 1;
  box = limn_rect_intersect (&box, &extents);
  if (limn_rect_is_empty (&box))
    return box;

  double dx = b->x - a->x, dy = b->y - a->y, length2 = dx * dx + dy * dy, per_length2 = length2 > 0 ? 1 / length2 : 0;
  int ch = self->raster->channels;
  gboolean large = reach > 24;
  if (large)
    update_far (self, MAX (a->radius, b->radius), MAX (a->opacity, b->opacity));
  guint8 zero[4] = { 0 };
  for (int ty = box.y / LIMN_TILE_SIZE; ty <= (box.y + box.height - 1) / LIMN_TILE_SIZE; ty++)
    for (int tx = box.x / LIMN_TILE_SIZE; tx <= (box.x + box.width - 1) / LIMN_TILE_SIZE; tx++) {
      guint index = (guint) ty * self->raster->columns + (guint) tx;
      LimnRect tile = limn_raster_get_tile_rect (self->raster, index), part = limn_rect_intersect (&tile, &box);
      LimnTile *under = self->before->tiles[index], *limit = self->limit ? self->limit->tiles[index] : NULL;
      const guint8 *covered = self->coverage->tiles[index] ? limn_tile_get_pixels (self->coverage->tiles[index]) : NULL;
      guint8 *cover = NULL, *to = NULL;
      if ((self->limit && !limit) || (!under && takes_away (&self->brush)))
        continue;
      for (int y = part.y; y < part.y + part.height; y++)
        for (int x = part.x; x < part.x + part.width; x++) {
          int at = (y - tile.y) * LIMN_TILE_SIZE + x - tile.x;
          if (large && covered && self->far[covered[at]] == 0) /* as much as it can be */
            continue;
          double px = x + 0.5 - a->x, py = y + 0.5 - a->y;
          double t = CLAMP ((px * dx + py * dy) * per_length2, 0, 1), qx = px - t * dx, qy = py - t * dy, d2 = qx * qx + qy * qy;
          if (d2 >= (large ? self->far[covered ? covered[at] : 0] : reach * reach))
            continue;
          int value = value_at (self, sqrt (d2), a->radius + t * (b->radius - a->radius), a->opacity + t * (b->opacity - a->opacity));
          if (limit)
            value = value * limn_tile_get_pixels (limit)[at] / 255;
          if (value <= 0)
            continue;
          if (!cover) { /* tiles are copied only where something covers them */
            covered = cover = limn_raster_own_tile (self->coverage, index);
            to = limn_raster_own_tile (self->raster, index);
          }
          if (value <= cover[at])
            continue;
          cover[at] = (guint8) value;
          composite_pixel (self, under ? limn_tile_get_pixels (under) + (gsize) at * ch : zero, value, to + (gsize) at * ch);
        }
    }
  self->dirty = limn_rect_union (&self->dirty, &box);
  return box;
}

static Dab
interpolate_dabs (const Dab *a, const Dab *b, double t)
{
  return (Dab){ a->x + t * (b->x - a->x), a->y + t * (b->y - a->y), a->radius + t * (b->radius - a->radius),
                a->opacity + t * (b->opacity - a->opacity) };
}

/* The quadratic curve from a over control to b, in pieces short enough that its bend stays within a quarter of a pixel. */
static LimnRect
paint_curve (LimnStroke *self, const Dab *a, const Dab *control, const Dab *b)
{
  double bend = hypot (a->x - 2 * control->x + b->x, a->y - 2 * control->y + b->y) / 4;
  int n = CLAMP ((int) ceil (sqrt (bend / 0.25)), 1, 64);
  LimnRect dirty = { 0 };
  Dab from = *a;
  for (int i = 1; i <= n; i++) {
    double t = (double) i / n;
    Dab first = interpolate_dabs (a, control, t), second = interpolate_dabs (control, b, t), to = interpolate_dabs (&first, &second, t);
    LimnRect r = paint_capsule (self, &from, &to);
    dirty = limn_rect_union (&dirty, &r);
    from = to;
  }
  return dirty;
}

LimnRect
limn_stroke_add (LimnStroke *self, double x, double y, double pressure)
{
  const LimnBrush *brush = &self->brush;
  pressure = CLAMP (pressure, 0, 1);
  Dab dab = { x, y, CLAMP (brush->size, 0.5, 5000) / 2 * (1 - brush->pressure_size * (1 - pressure)),
              CLAMP (brush->opacity, 0, 1) * (1 - brush->pressure_opacity * (1 - pressure)) };
  LimnRect dirty;
  if (self->n_points++ == 0) {
    dirty = paint_capsule (self, &dab, &dab);
    self->middle = dab;
  } else {
    Dab middle = interpolate_dabs (&self->last, &dab, 0.5);
    dirty = paint_curve (self, &self->middle, &self->last, &middle);
    self->middle = middle;
  }
  self->last = dab;
  return dirty;
}

LimnRect
limn_stroke_finish (LimnStroke *self)
{
  return self->n_points > 1 ? paint_capsule (self, &self->middle, &self->last) : (LimnRect){ 0 };
}

LimnRect
limn_stroke_revert (LimnStroke *self)
{
  for (guint i = 0; i < limn_raster_get_n_tiles (self->raster); i++)
    if (self->raster->tiles[i] != self->before->tiles[i])
      limn_raster_set_tile (self->raster, i, self->before->tiles[i] ? limn_tile_ref (self->before->tiles[i]) : NULL);
  return self->dirty;
}
