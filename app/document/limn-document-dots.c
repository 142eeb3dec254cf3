/* Dots of colour for colorize: a list.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include "limn-document-strokes.h"

#include <math.h>

guint
limn_document_get_n_dots (LimnDocument *self)
{
  return self->content.dots->len;
}

const LimnDot *
limn_document_get_dot (LimnDocument *self, guint index)
{
  g_return_val_if_fail (index < self->content.dots->len, NULL);
  return &g_array_index (self->content.dots, LimnDot, index);
}

int
limn_document_find_dot (LimnDocument *self, double x, double y, double distance)
{
  for (guint i = self->content.dots->len; i-- > 0;) {
    const LimnDot *dot = &g_array_index (self->content.dots, LimnDot, i);
    if (hypot (dot->x - x, dot->y - y) <= distance)
      return (int) i;
  }
  return -1;
}

guint
limn_document_add_dot (LimnDocument *self, const LimnDot *dot)
{
  LimnHistoryStep *step = limn_document_begin_step (self, _("Place Color"), LIMN_CONTENT_DOTS);
  g_array_append_vals (self->content.dots, dot, 1);
  limn_content_damage_dot (&self->content, dot);
  limn_document_push (self, step);
  return self->content.dots->len - 1;
}

void
limn_document_set_dot (LimnDocument *self, guint index, const LimnDot *dot, guint group)
{
  g_return_if_fail (index < self->content.dots->len);
  gpointer target = GUINT_TO_POINTER (index + 1);
  LimnDot *old = &g_array_index (self->content.dots, LimnDot, index);
  gboolean joins = limn_undo_can_join (&self->undo, group, target);
  LimnHistoryStep *step = joins ? NULL : limn_document_begin_step (self, _("Change Color"), LIMN_CONTENT_DOTS);
  limn_content_damage_dot (&self->content, old);
  *old = *dot;
  limn_content_damage_dot (&self->content, dot);
  limn_document_push_group (self, step, group, target);
}

void
limn_document_remove_dot (LimnDocument *self, guint index)
{
  g_return_if_fail (index < self->content.dots->len);
  LimnHistoryStep *step = limn_document_begin_step (self, _("Remove Color"), LIMN_CONTENT_DOTS);
  limn_content_damage_dot (&self->content, &g_array_index (self->content.dots, LimnDot, index));
  g_array_remove_index (self->content.dots, index);
  limn_document_push (self, step);
}

void
limn_document_clear_dots (LimnDocument *self)
{
  if (self->content.dots->len == 0)
    return;
  LimnHistoryStep *step = limn_document_begin_step (self, _("Remove All Colors"), LIMN_CONTENT_DOTS);
  for (guint i = 0; i < self->content.dots->len; i++)
    limn_content_damage_dot (&self->content, &g_array_index (self->content.dots, LimnDot, i));
  g_array_set_size (self->content.dots, 0);
  limn_document_push (self, step);
}
