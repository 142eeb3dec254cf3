/* Dots of colour for colorize: a list, drawn as discs for the edit and found again in its picture.
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
  limn_document_touch (self, &(LimnRect){ (int) floor (dot->x) - r, (int) floor (dot->y) - r, 2 * r + 1, 2 * r + 1 },
                       LIMN_CHANGE_DOTS);
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

/* -- As a picture -- */

LimnPicture *
limn_document_draw_dots (LimnDocument *self, GError **error)
{
  if (self->dots->len == 0)
    return NULL;
  if (self->discs)
    return g_object_ref (self->discs);
  LimnRect all = limn_document_get_extents (self);
  g_autoptr (LimnPicture) picture = limn_picture_new ((gsize) all.width, (gsize) all.height, 8, error);
  if (!picture)
    return NULL;
  limn_picture_set_has_alpha (picture, TRUE);
  gsize stride = limn_picture_get_stride (picture);
  for (guint i = 0; i < self->dots->len; i++) {
    const LimnDot *dot = &g_array_index (self->dots, LimnDot, i);
    int r = (int) ceil (dot->radius) + 1;
    LimnRect box = { (int) floor (dot->x) - r, (int) floor (dot->y) - r, 2 * r + 1, 2 * r + 1 };
    box = limn_rect_intersect (&box, &all);
    for (int y = box.y; y < box.y + box.height; y++)
      for (int x = box.x; x < box.x + box.width; x++) {
        /* the pixel that the middle lies in belongs to the dot however small it is */
        if (hypot (x + 0.5 - dot->x, y + 0.5 - dot->y) > MAX (dot->radius, 0.75))
          continue;
        guint8 *p = limn_picture_get_data (picture) + (gsize) y * stride + 4 * (gsize) x;
        memcpy (p, dot->rgb, 3);
        p[3] = 255;
      }
  }
  self->discs = g_object_ref (picture);
  return g_steal_pointer (&picture);
}

typedef struct {
  int x, y;
} Pixel;

GArray *
limn_document_find_discs (LimnPicture *paint)
{
  GArray *dots = g_array_new (FALSE, FALSE, sizeof (LimnDot));
  int width = (int) limn_picture_get_width (paint), height = (int) limn_picture_get_height (paint);
  gsize stride = limn_picture_get_stride (paint);
  const guint8 *data = limn_picture_get_data (paint);
  g_autoptr (LimnRaster) seen = limn_raster_new ((gsize) width, (gsize) height, 1);
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (Pixel));
  const guint8 full = 255;
  g_return_val_if_fail (limn_picture_get_depth (paint) == 8, dots);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      const guint8 *p = data + (gsize) y * stride + 4 * (gsize) x;
      guint8 mark;
      if (p[3] == 0)
        continue;
      limn_raster_read (seen, &(LimnRect){ x, y, 1, 1 }, &mark, 1);
      if (mark)
        continue;
      /* everything of one colour that hangs together is a dot; its box gives middle and radius */
      int left = x, right = x, top = y, bottom = y;
      Pixel first = { x, y };
      g_array_append_val (stack, first);
      limn_raster_fill (seen, &(LimnRect){ x, y, 1, 1 }, &full);
      while (stack->len) {
        Pixel at = g_array_index (stack, Pixel, stack->len - 1);
        g_array_set_size (stack, stack->len - 1);
        left = MIN (left, at.x);
        right = MAX (right, at.x);
        bottom = MAX (bottom, at.y);
        top = MIN (top, at.y);
        const Pixel next[] = { { at.x - 1, at.y }, { at.x + 1, at.y }, { at.x, at.y - 1 }, { at.x, at.y + 1 } };
        for (guint i = 0; i < G_N_ELEMENTS (next); i++) {
          Pixel to = next[i];
          if (to.x < 0 || to.y < 0 || to.x >= width || to.y >= height ||
              memcmp (p, data + (gsize) to.y * stride + 4 * (gsize) to.x, 4) != 0)
            continue;
          limn_raster_read (seen, &(LimnRect){ to.x, to.y, 1, 1 }, &mark, 1);
          if (mark)
            continue;
          limn_raster_fill (seen, &(LimnRect){ to.x, to.y, 1, 1 }, &full);
          g_array_append_val (stack, to);
        }
      }
      int w = right - left + 1, h = bottom - top + 1;
      LimnDot dot = { left + w / 2.0, top + h / 2.0, MAX (w, h) / 2.0, { p[0], p[1], p[2] } };
      g_array_append_val (dots, dot);
    }
  return dots;
}
