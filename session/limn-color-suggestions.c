/* Colours that the picture suggests: what stands out in it, filled up with what people place most.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-color-suggestions.h"

#include <math.h>

/* A colour below this chroma (of 255) suggests nothing, but as a guide. */
#define GRAY 48
enum { BINS = 16 * 16 * 16 };

typedef struct {
  double rgb[3], weight;
} Candidate;

/* Skin, sky, leaves, earth, brick, straw, sea, blossom. */
static const guint32 usual[] = { 0xe0ac86, 0x8fb8de, 0x5f8a3c, 0x7a5534, 0xa8412f, 0xd9bd6a, 0x2f6f80, 0xd98aa8 };
/* A box of paints for a sketch: black, white, gray, brown, skin, red, yellow, green, sky, blue; then orange and pine. */
static const guint32 paints[] = { 0x1d1d1f, 0xf6f5f2, 0x8a8a8e, 0x7a5534, 0xe3b28f, 0xa63a2e,
                                  0xd9b45b, 0x5f8f3e, 0x8fc1ea, 0x2f6fb0, 0xc9762f, 0x2f5b35 };

static double
chroma (const double *rgb)
{
  return MAX (rgb[0], MAX (rgb[1], rgb[2])) - MIN (rgb[0], MIN (rgb[1], rgb[2]));
}

static double
distance (const double *a, const double *b)
{
  double red = (a[0] + b[0]) / 2, dr = a[0] - b[0], dg = a[1] - b[1], db = a[2] - b[2];
  return sqrt ((2 + red / 256) * dr * dr + 4 * dg * dg + (2 + (255 - red) / 256) * db * db); /* weighted by how eyes see */
}

static void
add_pixels (Candidate *bins, const guint8 *rgba, gsize n, guint step)
{
  for (gsize i = 0; i < n; i += step) {
    const guint8 *p = rgba + 4 * i;
    if (p[3] < 128)
      continue;
    Candidate *bin = &bins[(p[0] >> 4) << 8 | (p[1] >> 4) << 4 | p[2] >> 4];
    for (int k = 0; k < 3; k++)
      bin->rgb[k] += p[k];
    bin->weight++;
  }
}

/* What is seen of the picture, small; for a drawing the paint itself, sampled. */
static void
gather (LimnDocument *document, LimnTakes takes, Candidate *bins)
{
  int width = limn_document_get_width (document), height = limn_document_get_height (document), level = 0;
  if (takes & LIMN_TAKES_DRAWING) {
    LimnRaster *paint = limn_document_get_plane (document, LIMN_DOCUMENT_PAINT);
    g_autofree guint8 *row = g_malloc ((gsize) width * 4);
    for (int y = 0; y < height; y += MAX (1, height / 64)) {
      limn_raster_read (paint, &(LimnRect){ 0, y, width, 1 }, row, (gsize) width * 4);
      add_pixels (bins, row, (gsize) width, (guint) MAX (1, width / 64));
    }
    return;
  }
  while (MAX (width, height) >> level > 128)
    level++;
  LimnRect rect = { 0, 0, MAX (1, width >> level), MAX (1, height >> level) };
  gsize n = (gsize) rect.width * (gsize) rect.height;
  g_autofree guint8 *pixels = g_malloc (n * 4);
  limn_document_render (document, LIMN_SNAPSHOT_RESULT, level, &rect, pixels, (gsize) rect.width * 4);
  add_pixels (bins, pixels, n, 1);
}

static void
add_color (GdkRGBA *colors, guint *n, const double *rgb)
{
  colors[(*n)++] = (GdkRGBA){ (float) (rgb[0] / 255), (float) (rgb[1] / 255), (float) (rgb[2] / 255), 1 };
}

static double
nearest (const GdkRGBA *colors, guint n, const double *rgb)
{
  double best = 300;
  for (guint i = 0; i < n; i++) {
    const double other[3] = { colors[i].red * 255, colors[i].green * 255, colors[i].blue * 255 };
    best = MIN (best, distance (rgb, other));
  }
  return best;
}

/* How much a colour of the picture is worth beside those that were found; 0 = nothing. least: the weight that it must have. */
static double
score (const Candidate *candidate, double least, gboolean guide, const GdkRGBA *colors, guint found)
{
  double far = nearest (colors, found, candidate->rgb), c = chroma (candidate->rgb);
  if (candidate->weight < least || far < 60 || (!guide && c < GRAY))
    return 0;
  return guide ? pow (candidate->weight, 0.25) * far * (GRAY + c) : sqrt (candidate->weight) * far * c;
}

/* Up to n colours of the picture. */
static guint
find_own (Candidate *bins, gboolean guide, GdkRGBA *colors, guint n)
{
  double total = 0;
  guint found = 0;
  for (guint i = 0; i < BINS; i++) {
    total += bins[i].weight;
    for (int k = 0; k < 3 && bins[i].weight > 0; k++)
      bins[i].rgb[k] /= bins[i].weight;
  }
  while (found < n) {
    const Candidate *best = NULL;
    double most = 0;
    for (guint i = 0; i < BINS; i++) {
      double s = score (&bins[i], MAX (1, total / (guide ? 2000 : 500)), guide, colors, found);
      if (s > most) {
        most = s;
        best = &bins[i];
      }
    }
    if (!best)
      break;
    add_color (colors, &found, best->rgb);
  }
  return found;
}

guint
limn_suggest_colors (LimnDocument *document, LimnTakes takes, GdkRGBA *colors, guint n)
{
  g_autofree Candidate *bins = g_new0 (Candidate, BINS);
  gboolean sketch = (takes & LIMN_TAKES_DRAWING) != 0, guide = (takes & LIMN_TAKES_GUIDE) != 0;
  const guint32 *more = sketch ? paints : usual;
  guint n_more = guide ? 0 : sketch ? G_N_ELEMENTS (paints) : G_N_ELEMENTS (usual);
  gather (document, takes, bins);
  guint found = find_own (bins, guide, colors, guide ? n : (n + 1) / 2); /* the other half is for what isn't there yet */
  for (guint i = 0; i < n_more && found < n; i++) {
    const double rgb[3] = { more[i] >> 16 & 255, more[i] >> 8 & 255, more[i] & 255 };
    if (nearest (colors, found, rgb) >= 40)
      add_color (colors, &found, rgb);
  }
  return found;
}
