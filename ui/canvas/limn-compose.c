/* One piece of the screen, from below: checks, picture, tint, hatches, paint, ink, grid. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-compose.h"

#include "limn-resample.h"

#include <math.h>
#include <string.h>

/* Breadth of a guide's stripes in view units, and how much of every other one is seen, of 256. */
#define STRIPE 5
#define STRIPE_PART 112

/* A hatch: distance between its lines and their breadth in view units; how strong lines, the shade beside them and the ground are, of 256.
 * The colours are those of Okabe and Ito's palette, which the colour-blind tell apart; so does the pattern. */
#define HATCH 9
#define HATCH_LINE 2
#define HATCH_STRENGTH 224
#define HATCH_SHADE 96
#define HATCH_GROUND 56
static const guint32 hatch_colors[] = { 0xff009e73u, 0xffd55e00u }; /* bluish green, vermilion */

/* Side of a check in view units, and from which zoom on pixels get lines between them. */
#define CHECK 8
#define GRID_ZOOM 8

/* How strongly the mask is tinted, of 256. */
#define TINT 112

LimnRect
limn_compose_source (double zoom, int level, const LimnRect *rect)
{
  double factor = zoom * (1 << level);
  int x0, x1, y0, y1;
  limn_taps_range (rect->x, rect->width, factor, &x0, &x1);
  limn_taps_range (rect->y, rect->height, factor, &y0, &y1);
  return (LimnRect){ x0, y0, x1 - x0, y1 - y0 };
}

/* above, premultiplied, over below. */
static inline guint32
over (guint32 below, guint32 above)
{
  guint32 keep = 256 - ((above >> 24) + (above >> 31));
  guint32 even = (below & 0x00ff00ff) * keep >> 8 & 0x00ff00ff, odd = (below >> 8 & 0x00ff00ff) * keep >> 8 & 0x00ff00ff;
  return above + (even | odd << 8);
}

/* below moved towards color by amount of 256. */
static inline guint32
towards (guint32 below, guint32 color, guint32 amount)
{
  guint32 keep = 256 - amount;
  guint32 even = ((below & 0x00ff00ff) * keep + (color & 0x00ff00ff) * amount) >> 8 & 0x00ff00ff;
  guint32 odd = ((below >> 8 & 0x00ff00ff) * keep + (color >> 8 & 0x00ff00ff) * amount) >> 8 & 0x00ff00ff;
  return even | odd << 8;
}

static void
draw_checks (const LimnCanvasScene *scene, int scale, const LimnRect *rect, guint32 *out, gsize stride)
{
  int side = CHECK * scale;
  for (int y = 0; y < rect->height; y++)
    for (int x = 0; x < rect->width; x++) {
      guint32 *p = out + (gsize) y * stride + x;
      if (*p >> 24 != 255)
        *p = over (scene->checks[((rect->x + x) / side + (rect->y + y) / side) & 1], *p);
    }
}

/* Pixels are told apart by lines on their upper and left sides, a little lighter or darker than what they lie on. */
static void
draw_grid (double zoom, const LimnRect *rect, guint32 *out, gsize stride)
{
  g_autofree guint8 *columns = g_malloc ((gsize) rect->width);
  for (int x = 0; x < rect->width; x++)
    columns[x] = floor ((rect->x + x + 0.5) / zoom) != floor ((rect->x + x - 0.5) / zoom);
  for (int y = 0; y < rect->height; y++) {
    gboolean row = floor ((rect->y + y + 0.5) / zoom) != floor ((rect->y + y - 0.5) / zoom);
    guint32 *p = out + (gsize) y * stride;
    for (int x = 0; x < rect->width; x++)
      if (row || columns[x]) {
        guint32 luma = ((p[x] >> 16 & 255) * 77 + (p[x] >> 8 & 255) * 151 + (p[x] & 255) * 28) >> 8;
        p[x] = towards (p[x], luma > 110 ? 0xff000000u : 0xffffffffu, 40);
      }
  }
}

typedef struct {
  const LimnRect *rect; /* device pixels */
  LimnRect source;      /* of level */
  int level;
  const LimnTap *columns, *rows;
  gboolean single;
  gpointer pixels, drawn; /* room for source, and for rect */
} Sampler;

/* A plane over rect into sampler->drawn; FALSE where there is nothing. */
static gboolean
sample (Sampler *self, LimnPlaneMips *plane, gboolean words)
{
  int w = self->source.width, width = self->rect->width, height = self->rect->height;
  if (!plane || !limn_plane_mips_read (plane, self->level, &self->source, self->pixels, (gsize) w))
    return FALSE;
  if (words)
    limn_resample_words (self->pixels, (gsize) w, w, self->columns, width, self->rows, height, self->single, self->drawn, (gsize) width);
  else
    limn_resample_bytes (self->pixels, (gsize) w, w, self->columns, width, self->rows, height, self->single, self->drawn, (gsize) width);
  return TRUE;
}

/* Colours over what is there, every other stripe (from lower left to upper right) thinner where they are striped. */
static void
draw_colors (const guint32 *words, const LimnRect *rect, int stripe, guint32 *out, gsize stride)
{
  for (int y = 0; y < rect->height; y++)
    for (int x = 0; x < rect->width; x++) {
      const guint32 word = words[y * rect->width + x];
      guint32 *p = out + (gsize) y * stride + x;
      const gboolean thin = stripe > 0 && ((rect->x + x + rect->y + y) / stripe & 1);
      if (word >> 24)
        *p = over (*p, thin ? towards (word, 0, 256 - STRIPE_PART) : word);
    }
}

/* Where a hatch has a line (2), the shade beside it (1) or its ground (0). across: lines both ways. */
static int
hatch_at (int x, int y, gboolean across, int scale)
{
  int period = HATCH * scale, line = HATCH_LINE * scale, a = (x + y) % period, b = across ? ((x - y) % period + period) % period : period;
  int nearest = MIN (a, b);
  return nearest < line ? 2 : nearest < line + scale ? 1 : 0;
}

/* Lines for what is to be copied, crossed ones for what isn't. */
static void
draw_hatch (const guint8 *bytes, const LimnRect *rect, int which, int scale, guint32 *out, gsize stride)
{
  const guint32 strength[] = { HATCH_GROUND, HATCH_SHADE, HATCH_STRENGTH };
  for (int y = 0; y < rect->height; y++)
    for (int x = 0; x < rect->width; x++) {
      guint32 cover = bytes[y * rect->width + x], *p = out + (gsize) y * stride + x;
      int part = cover ? hatch_at (rect->x + x, rect->y + y, which == 1, scale) : 0;
      if (cover)
        *p = towards (*p, part == 1 ? 0xff000000u : hatch_colors[which], strength[part] * cover >> 8);
    }
}

static void
draw_planes (const LimnCanvasScene *scene, int scale, Sampler *sampler, guint32 *out, gsize stride)
{
  int width = sampler->rect->width, height = sampler->rect->height;
  const guint8 *bytes = sampler->drawn;
  if (sample (sampler, scene->tint, FALSE))
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        if (bytes[y * width + x])
          out[(gsize) y * stride + x] = towards (out[(gsize) y * stride + x], scene->tint_color, bytes[y * width + x] * TINT >> 8);
  for (int i = 0; i < 2; i++)
    if (sample (sampler, scene->sources[i], FALSE))
      draw_hatch (bytes, sampler->rect, i, scale, out, stride);
  for (int i = 0; i < 2; i++) {
    if (sample (sampler, scene->paint[i], TRUE))
      draw_colors (sampler->drawn, sampler->rect, scene->guide && i == 0 ? STRIPE * scale : 0, out, stride);
    if (sample (sampler, scene->ink[i], FALSE))
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          if (bytes[y * width + x])
            out[(gsize) y * stride + x] = towards (out[(gsize) y * stride + x], 0xff000000u,
                                                   bytes[y * width + x] + (bytes[y * width + x] >> 7));
  }
}

/* Pixels of rect that are in the mask and have a neighbour that isn't: a line one pixel thin. Sampled with a border of one pixel. */
static gboolean
find_edges (LimnPlaneMips *plane, double zoom, int level, const LimnRect *rect, guint8 *edges, gsize stride)
{
  LimnRect grown = { rect->x - 1, rect->y - 1, rect->width + 2, rect->height + 2 };
  LimnRect source = limn_compose_source (zoom, level, &grown);
  double factor = zoom * (1 << level);
  gsize w = (gsize) grown.width;
  g_autofree guint8 *pixels = g_malloc ((gsize) source.width * (gsize) source.height), *drawn = NULL;
  gboolean single_x, single_y, any = FALSE;
  for (int y = 0; y < rect->height; y++)
    memset (edges + (gsize) y * stride, 0, (gsize) rect->width);
  if (!limn_plane_mips_read (plane, level, &source, pixels, (gsize) source.width))
    return FALSE;
  g_autofree LimnTap *columns = g_new (LimnTap, w), *rows = g_new (LimnTap, (gsize) grown.height);
  limn_taps_init (columns, grown.x, grown.width, factor, source.x, source.width, &single_x);
  limn_taps_init (rows, grown.y, grown.height, factor, source.y, source.height, &single_y);
  drawn = g_malloc (w * (gsize) grown.height);
  limn_resample_bytes (pixels, (gsize) source.width, source.width, columns, grown.width, rows, grown.height, single_x && single_y, drawn,
                       w);
  for (int y = 0; y < rect->height; y++) {
    const guint8 *p = drawn + (gsize) (y + 1) * w + 1;
    for (int x = 0; x < rect->width; x++, p++)
      if (p[0] >= 128 && (p[-1] < 128 || p[1] < 128 || *(p - w) < 128 || p[w] < 128)) {
        edges[(gsize) y * stride + (gsize) x] = 1;
        any = TRUE;
      }
  }
  return any;
}

gboolean
limn_compose (const LimnCanvasScene *scene, double zoom, int scale, const LimnRect *rect, guint32 *out, guint8 *edges, gsize stride,
              gboolean *has_edges)
{
  int level = limn_mips_level_for (zoom);
  double factor = zoom * (1 << level);
  LimnRect source = limn_compose_source (zoom, level, rect);
  gsize w = (gsize) source.width, area = w * (gsize) source.height;
  gboolean opaque, single_x, single_y;
  g_autofree LimnTap *columns = g_new (LimnTap, (gsize) rect->width), *rows = g_new (LimnTap, (gsize) rect->height);
  g_autofree guint32 *pixels = g_new (guint32, area), *drawn = g_new (guint32, (gsize) rect->width * (gsize) rect->height);
  limn_taps_init (columns, rect->x, rect->width, factor, source.x, source.width, &single_x);
  limn_taps_init (rows, rect->y, rect->height, factor, source.y, source.height, &single_y);
  gboolean complete = limn_mips_read (scene->image, level, &source, pixels, w, &opaque);
  limn_resample_words (pixels, w, source.width, columns, rect->width, rows, rect->height, single_x && single_y, out, stride);
  if (!opaque)
    draw_checks (scene, scale, rect, out, stride);
  Sampler sampler = { rect, source, level, columns, rows, single_x && single_y, pixels, drawn };
  draw_planes (scene, scale, &sampler, out, stride);
  if (scene->grid && zoom >= GRID_ZOOM * scale)
    draw_grid (zoom, rect, out, stride);
  *has_edges = scene->outline && edges && find_edges (scene->outline, zoom, level, rect, edges, stride);
  return complete;
}
