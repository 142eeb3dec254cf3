/* A pen always uses the tool, its other end erases, and it never pans. The mouse uses the tool with its first button and erases with its
 * second; its middle button, or the first while the space bar is held, pans. One finger moves the picture unless people asked that it
 * draws; two move and zoom it always (the canvas's pinch). SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-pointer-intent.h"

static LimnPointerIntent
get_mouse_drag (const LimnPointerPress *self)
{
  if (self->button == GDK_BUTTON_MIDDLE || (self->button == GDK_BUTTON_PRIMARY && self->space))
    return LIMN_INTENT_PAN;
  if (self->divider && self->button != GDK_BUTTON_SECONDARY)
    return LIMN_INTENT_DIVIDER;
  return self->button == GDK_BUTTON_PRIMARY || self->button == GDK_BUTTON_SECONDARY ? LIMN_INTENT_TOOL : LIMN_INTENT_NONE;
}

LimnPointerIntent
limn_pointer_press_get_intent (const LimnPointerPress *self, gboolean *erase)
{
  *erase = self->kind == LIMN_PRESS_PEN_ERASER || (self->kind == LIMN_PRESS_MOUSE && self->button == GDK_BUTTON_SECONDARY);
  if (self->kind == LIMN_PRESS_MOUSE)
    return get_mouse_drag (self);
  if (self->divider)
    return LIMN_INTENT_DIVIDER;
  return self->kind == LIMN_PRESS_FINGER && !self->finger_draws ? LIMN_INTENT_PAN : LIMN_INTENT_TOOL;
}
