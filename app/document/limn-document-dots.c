/* Dots of colour for colorize: a list.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-document-private.h"

#include <math.h>

guint
limn_document_get_n_dots (LimnDocument *self)
{
  return self->dots->len;
}

const LimnDot *
limn_document_get_dot (LimnDocument *self, guint index)
{
  g_return_val_if_fail (index < self->dots->len, NULL);
  return &g_array_index (self->dots, LimnDot, index);
}

int
limn_document_find_dot (LimnDocument *self, double x, double y, double distance)
{
  for (guint i = self->dots->len; i-- > 0;) {
    const LimnDot *dot = &g_array_index (self->dots, LimnDot, i);
    if (hypot (dot->x - x, dot->y - y) <= distance)
      return (int) i;
  }
  return -1;
}

static void
touch (LimnDocument *self, const LimnDot *dot)
{
  int r = (int) ceil (dot->radius) + 2;
  limn_document_touch (self, &(LimnRect){ (int) floor (dot->x) - r, (int) floor (dot->y) - r, 2 * r + 1, 2 * r + 1 }, LIMN_CHANGE_DOTS);
}

static LimnHistoryStep *
step_for (LimnDocument *self, const char *name)
{
  limn_document_end_stroke (self);
  LimnHistoryStep *step = limn_history_step_new (name);
  limn_document_remember (self, step, LIMN_DOCUMENT_HAS_DOTS);
  return step;
}

guint
limn_document_add_dot (LimnDocument *self, const LimnDot *dot)
{
  LimnHistoryStep *step = step_for (self, _("Place Color"));
  g_array_append_vals (self->dots, dot, 1);
  touch (self, dot);
  limn_document_push (self, step);
  return self->dots->len - 1;
}

void
limn_document_set_dot (LimnDocument *self, guint index, const LimnDot *dot, guint group)
{
  g_return_if_fail (index < self->dots->len);
  gpointer target = GUINT_TO_POINTER (index + 1);
  LimnDot *old = &g_array_index (self->dots, LimnDot, index);
  gboolean joins = limn_document_joins (self, group, target);
  LimnHistoryStep *step = joins ? NULL : step_for (self, _("Change Color"));
  touch (self, old);
  *old = *dot;
  touch (self, dot);
  if (joins)
    limn_document_tell (self);
  else
    limn_document_push_group (self, step, group, target);
}

void
limn_document_remove_dot (LimnDocument *self, guint index)
{
  g_return_if_fail (index < self->dots->len);
  LimnHistoryStep *step = step_for (self, _("Remove Color"));
  touch (self, &g_array_index (self->dots, LimnDot, index));
  g_array_remove_index (self->dots, index);
  limn_document_push (self, step);
}

void
limn_document_clear_dots (LimnDocument *self)
{
  if (self->dots->len == 0)
    return;
  LimnHistoryStep *step = step_for (self, _("Remove All Colors"));
  for (guint i = 0; i < self->dots->len; i++)
    touch (self, &g_array_index (self->dots, LimnDot, i));
  g_array_set_size (self->dots, 0);
  limn_document_push (self, step);
}
