/* The frame of a crop, from the first drag until the canvas is what it says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

static LimnRect
get_canvas (LimnSession *self)
{
  return (LimnRect){ 0, 0, limn_document_get_width (self->document), limn_document_get_height (self->document) };
}

gboolean
limn_session_get_crop (LimnSession *self, LimnRect *area)
{
  gboolean any = !limn_rect_is_empty (&self->crop);
  if (area)
    *area = any ? self->crop : get_canvas (self);
  return any;
}

void
limn_session_set_crop (LimnSession *self, const LimnRect *area)
{
  LimnRect canvas = get_canvas (self), crop = memcmp (area, &canvas, sizeof canvas) == 0 ? (LimnRect){ 0 } : *area;
  g_return_if_fail (LIMN_IS_SESSION (self));
  if (memcmp (&crop, &self->crop, sizeof crop) == 0)
    return;
  self->crop = crop;
  self->cropping = FALSE;
  limn_session_crop_changed (self);
  limn_session_update (self);
}

void
limn_session_update_crop (LimnSession *self)
{
  if (limn_session_get_tool (self) != LIMN_TOOL_CROP)
    limn_session_set_crop (self, &(LimnRect){ 0 });
}

gboolean
limn_session_commit_crop (LimnSession *self)
{
  g_autoptr (GError) error = NULL;
  LimnRect area;
  if (!limn_session_get_crop (self, &area))
    return FALSE;
  if (!self->cropping) {
    self->cropping = TRUE;
    if (!limn_document_crop (self->document, &area, &error)) {
      self->cropping = FALSE;
      limn_session_message (self, error->message, FALSE);
    }
  }
  return TRUE;
}

void
limn_session_crop_done (LimnSession *self)
{
  if (!limn_document_is_working (self->document))
    self->cropping = FALSE;
}
