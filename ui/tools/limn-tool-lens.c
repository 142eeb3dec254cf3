/* Lens: a press puts the loupe there, a drag moves it, Escape or Delete takes it away. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

typedef struct {
  LimnTool parent;
  gboolean active;
  double offset_x, offset_y; /* from the pointer to the lens's middle */
} LimnLensTool;
typedef LimnToolClass LimnLensToolClass;

G_DEFINE_TYPE (LimnLensTool, limn_lens_tool, limn_tool_get_type ())

/* The loupe is LIMN_LENS_RADIUS large on the screen whatever the zoom, and shows the enlargement's pixels one to one. */
static double
radius_for (LimnTool *tool)
{
  return LIMN_LENS_RADIUS / limn_session_get_scale (limn_tool_get_session (tool));
}

static void
move (LimnTool *tool, const LimnToolPoint *point)
{
  LimnLensTool *self = (LimnLensTool *) tool;
  limn_session_set_lens (limn_tool_get_session (tool), point->x + self->offset_x, point->y + self->offset_y, radius_for (tool));
}

static gboolean
is_over (LimnTool *tool, const LimnToolPoint *point, double *dx, double *dy)
{
  double x, y, radius;
  GdkTexture *texture;
  LimnRect region;
  if (!limn_session_get_lens (limn_tool_get_session (tool), &x, &y, &radius, &texture, &region))
    return FALSE;
  *dx = x - point->x;
  *dy = y - point->y;
  return (*dx * *dx + *dy * *dy) * point->zoom * point->zoom <= LIMN_LENS_RADIUS * LIMN_LENS_RADIUS;
}

static void
press (LimnTool *tool, const LimnToolPoint *point, guint n_press)
{
  LimnLensTool *self = (LimnLensTool *) tool;
  if (point->eraser || n_press == 2) {
    limn_session_set_lens (limn_tool_get_session (tool), 0, 0, 0);
    return;
  }
  self->active = TRUE;
  if (!is_over (tool, point, &self->offset_x, &self->offset_y))
    self->offset_x = self->offset_y = 0;
  move (tool, point);
}

static void
drag (LimnTool *tool, const LimnToolPoint *point)
{
  if (((LimnLensTool *) tool)->active)
    move (tool, point);
}

static void
release (LimnTool *tool, const LimnToolPoint *point)
{
  ((LimnLensTool *) tool)->active = FALSE;
}

static gboolean
key (LimnTool *tool, guint keyval, GdkModifierType modifiers)
{
  double x, y, radius;
  GdkTexture *texture;
  LimnRect region;
  if ((keyval != GDK_KEY_Delete && keyval != GDK_KEY_BackSpace && keyval != GDK_KEY_Escape) ||
      !limn_session_get_lens (limn_tool_get_session (tool), &x, &y, &radius, &texture, &region))
    return FALSE;
  limn_session_set_lens (limn_tool_get_session (tool), 0, 0, 0);
  return TRUE;
}

static const char *
cursor (LimnTool *tool, const LimnToolPoint *point)
{
  double dx, dy;
  return is_over (tool, point, &dx, &dy) ? "move" : "crosshair";
}

static void
limn_lens_tool_class_init (LimnLensToolClass *klass)
{
  LimnToolClass *tool_class = (LimnToolClass *) klass;
  tool_class->press = press;
  tool_class->drag = drag;
  tool_class->release = release;
  tool_class->cursor = cursor;
  tool_class->key = key;
}

static void
limn_lens_tool_init (LimnLensTool *self)
{
}
