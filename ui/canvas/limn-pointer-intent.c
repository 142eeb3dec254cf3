/* A pen always uses the tool, its other end erases, and it never pans. The mouse uses the tool with its first button and erases with its
 * second; its middle button, or the first while the space bar is held, pans. One finger moves the picture unless people asked that it
 * draws; two move and zoom it always (the canvas's pinch). SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-press.h"

static LimnDrag
get_mouse_drag (const LimnPress *self)
{
  if (self->button == GDK_BUTTON_MIDDLE || (self->button == GDK_BUTTON_PRIMARY && self->space))
    return LIMN_DRAG_PAN;
  if (self->divider && self->button != GDK_BUTTON_SECONDARY)
    return LIMN_DRAG_DIVIDER;
  return self->button == GDK_BUTTON_PRIMARY || self->button == GDK_BUTTON_SECONDARY ? LIMN_DRAG_TOOL : LIMN_DRAG_NONE;
}

LimnDrag
limn_press_get_drag (const LimnPress *self, gboolean *erase)
{
  *erase = self->kind == LIMN_PRESS_PEN_ERASER || (self->kind == LIMN_PRESS_MOUSE && self->button == GDK_BUTTON_SECONDARY);
  if (self->kind == LIMN_PRESS_MOUSE)
    return get_mouse_drag (self);
  if (self->divider)
    return LIMN_DRAG_DIVIDER;
  return self->kind == LIMN_PRESS_FINGER && !self->finger_draws ? LIMN_DRAG_PAN : LIMN_DRAG_TOOL;
}
