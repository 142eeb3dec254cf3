/* A stroke in progress on one plane or several at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-stroke-set.h"

gboolean
limn_stroke_set_is_active (const LimnStrokeSet *self)
{
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    if (self->strokes[i])
      return TRUE;
  return FALSE;
}

void
limn_stroke_set_begin (LimnStrokeSet *self, LimnContent *content, LimnStrokePlanes planes, const LimnBrush *brush, gboolean limit_to_mask,
                       const char *name)
{
  self->name = g_strdup (name);
  planes = limn_stroke_planes_complete (planes);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    if (planes & LIMN_STROKE_PLANE (i)) {
      LimnBrush own = *brush;
      own.labels = limn_document_plane_has_labels (i);
      self->before[i] = limn_raster_copy (content->planes[i]);
      self->strokes[i] = limn_stroke_new (content->planes[i], &own, limit_to_mask ? content->planes[LIMN_DOCUMENT_MASK] : NULL);
    }
}

void
limn_stroke_set_extend (LimnStrokeSet *self, LimnContent *content, double x, double y, double pressure)
{
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    if (self->strokes[i]) {
      LimnRect rect = limn_stroke_add (self->strokes[i], x, y, pressure);
      limn_content_damage_plane (content, i, &rect);
    }
}

LimnHistoryStep *
limn_stroke_set_end (LimnStrokeSet *self, LimnContent *content)
{
  LimnHistoryStep *step = limn_history_step_new (self->name);
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    if (!self->strokes[i])
      continue;
    LimnRect rect = limn_stroke_finish (self->strokes[i]);
    limn_content_damage_plane (content, i, &rect);
    limn_history_step_add_tiles (step, i, self->before[i], content->planes[i]);
  }
  limn_stroke_set_clear (self);
  return step;
}

void
limn_stroke_set_cancel (LimnStrokeSet *self, LimnContent *content)
{
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++)
    if (self->strokes[i]) {
      LimnRect rect = limn_stroke_revert (self->strokes[i]);
      limn_content_damage_plane (content, i, &rect);
    }
  limn_stroke_set_clear (self);
}

void
limn_stroke_set_clear (LimnStrokeSet *self)
{
  for (int i = 0; i < LIMN_DOCUMENT_N_PLANES; i++) {
    g_clear_pointer (&self->strokes[i], limn_stroke_free);
    g_clear_object (&self->before[i]);
  }
  g_clear_pointer (&self->name, g_free);
}
