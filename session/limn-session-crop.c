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
  LimnRect area, canvas = get_canvas (self), kept;
  if (!limn_session_get_crop (self, &area))
    return FALSE;
  if (!self->cropping) {
    self->cropping = TRUE;
    kept = limn_rect_intersect (&area, &canvas);
    /* a colour for what is selected, or a larger picture with a hole, is not what is wanted next */
    self->crop_fills = (self->task == LIMN_TASK_COLORIZE || self->task == LIMN_TASK_UPSCALE) && memcmp (&kept, &area, sizeof kept) != 0 &&
                       !limn_document_is_sketch (self->document);
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
  if (limn_document_is_working (self->document))
    return;
  if (self->crop_fills && !limn_session_get_crop (self, NULL))
    limn_session_set_task (self, LIMN_TASK_FILL);
  self->cropping = self->crop_fills = FALSE;
}
