/* The frame of a crop. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-crop.h"

#include "app/document/limn-document-canvas.h"
struct _LimnCrop {
  LimnDocument *document;
  LimnRect area;    /* the future canvas; empty = there is no frame */
  gboolean asked;   /* the document works on it */
  gboolean extends; /* ... and the new part is to be filled then */
};

LimnCrop *
limn_crop_new (LimnDocument *document)
{
  LimnCrop *self = g_new0 (LimnCrop, 1);
  self->document = g_object_ref (document);
  return self;
}

void
limn_crop_free (LimnCrop *self)
{
  g_object_unref (self->document);
  g_free (self);
}

static LimnRect
get_canvas (const LimnCrop *self)
{
  return (LimnRect){ 0, 0, limn_document_get_width (self->document), limn_document_get_height (self->document) };
}

static gboolean
is_same (const LimnRect *a, const LimnRect *b)
{
  return memcmp (a, b, sizeof *a) == 0;
}

gboolean
limn_crop_get (const LimnCrop *self, LimnRect *area)
{
  gboolean any = !limn_rect_is_empty (&self->area);
  if (area)
    *area = any ? self->area : get_canvas (self);
  return any;
}

gboolean
limn_crop_set (LimnCrop *self, const LimnRect *area)
{
  LimnRect canvas = get_canvas (self), frame = is_same (area, &canvas) ? (LimnRect){ 0 } : *area;
  if (is_same (&frame, &self->area))
    return FALSE;
  self->area = frame;
  self->asked = FALSE;
  return TRUE;
}

gboolean
limn_crop_begin (LimnCrop *self, gboolean fill, GError **error)
{
  LimnRect canvas = get_canvas (self), kept = limn_rect_intersect (&self->area, &canvas);
  if (self->asked)
    return TRUE;
  self->asked = TRUE;
  self->extends = fill && !is_same (&kept, &self->area);
  if (!limn_document_crop (self->document, &self->area, error))
    self->asked = FALSE;
  return self->asked;
}

gboolean
limn_crop_end (LimnCrop *self)
{
  gboolean fill = self->extends && !limn_crop_get (self, NULL);
  self->asked = self->extends = FALSE;
  return fill;
}
