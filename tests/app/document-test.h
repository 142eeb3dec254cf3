/* What the tests of the document share: pictures, documents, strokes, and what was told of a change.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/limn-document-canvas.h"
#include "app/document/limn-document-edits.h"
#include "app/document/limn-document-layers.h"
#include "app/document/limn-document-mask.h"
#include "app/document/limn-document-strokes.h"
#include "app/edit/limn-material.h"
#include "app/picture/limn-picture-color.h"
#include "inputs.h"
#include "rect-test.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  LimnRect rects[6]; /* by the change's bit */
  guint n;
} Changes;

static inline void
on_changed (LimnDocument *document, int x, int y, int width, int height, LimnChange what, Changes *changes)
{
  changes->n++;
  for (int i = 0; i < 6; i++)
    if (what == 1u << i)
      changes->rects[i] = limn_rect_union (&changes->rects[i], &(LimnRect){ x, y, width, height });
}

static inline LimnRect
told (Changes *changes, LimnChange what)
{
  LimnRect rect = { 0 };
  for (int i = 0; i < 6; i++)
    if (what == 1u << i)
      rect = changes->rects[i];
  *changes = (Changes){ .n = 0 };
  return rect;
}

static inline LimnPicture *
make_picture (int width, int height, int depth, guint8 red, guint8 alpha)
{
  LimnPicture *picture = limn_picture_new ((gsize) width, (gsize) height, depth, NULL);
  guint8 *data = limn_picture_get_data (picture);
  for (int i = 0; i < width * height; i++) {
    guint8 pixel[4] = { red, (guint8) (i % width), (guint8) (i / width), alpha };
    for (int k = 0; k < 4; k++)
      if (depth == 8)
        data[4 * i + k] = pixel[k];
      else
        ((guint16 *) (gpointer) data)[4 * i + k] = (guint16) (pixel[k] * 257 + (k < 3 && pixel[k] ? 1 : 0));
  }
  limn_picture_set_has_alpha (picture, alpha != 255);
  return picture;
}

static inline LimnDocument *
make_document (int width, int height)
{
  g_autoptr (LimnPicture) photo = make_picture (width, height, 8, 100, 255);
  return limn_document_new (photo, "/home/somebody/Pictures/cat.png");
}

static inline LimnResult
make_result (int x, int y, int width, int height, guint8 red, guint8 alpha)
{
  return (LimnResult){ .picture = make_picture (width, height, 8, red, alpha), .x = (gsize) x, .y = (gsize) y };
}

/* What is seen at (x, y): red. */
static inline int
seen (LimnDocument *document, int x, int y)
{
  guint8 pixel[4];
  limn_document_render (document, LIMN_SNAPSHOT_RESULT, 0, &(LimnRect){ x, y, 1, 1 }, pixel, 4);
  return pixel[0];
}

static inline int
at (LimnDocument *document, LimnDocumentPlane plane, int x, int y)
{
  guint8 pixel[4] = { 0 };
  LimnRaster *raster = limn_document_get_plane (document, plane);
  limn_raster_read (raster, &(LimnRect){ x, y, 1, 1 }, pixel, 4);
  return pixel[limn_raster_get_channels (raster) - 1];
}

static inline void
paint (LimnDocument *document, LimnDocumentPlane plane, double x0, double y0, double x1, double y1)
{
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = 10;
  brush.hardness = 1;
  limn_document_begin_stroke (document, LIMN_STROKE_PLANE (plane), &brush, FALSE, "Brush");
  limn_document_extend_stroke (document, x0, y0, 1);
  limn_document_extend_stroke (document, (x0 + x1) / 2, (y0 + y1) / 2, 1);
  limn_document_extend_stroke (document, x1, y1, 1);
  limn_document_end_stroke (document);
}

static inline void
assert_mask (const LimnEdit *edit, gsize pixel, guint8 expected)
{
  LimnPlane mask = inputs_dup_plane (edit->from.mask);
  g_assert_cmpint (((const guint8 *) g_bytes_get_data (mask.bytes, NULL))[pixel], ==, expected);
  g_bytes_unref (mask.bytes);
}

static inline void
finish (LimnDocument *document)
{
  while (limn_document_is_working (document))
    g_main_context_iteration (NULL, TRUE);
}
