/* Dots of colour: a click places one in the session's colour, a drag moves one, a double click, the second button or Delete takes it
 * away. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

#include "app/document/limn-document-strokes.h"
#include <math.h>

/* View units: how near a dot must be to be taken (it is drawn as a circle of 9), and what makes a press a drag. */
#define GRAB 14.0
#define MOVED 3.0

typedef struct {
  LimnTool parent;
  int taken;                     /* index, -1 = none */
  int selected;                  /* for Delete */
  gboolean fresh, moving, twice; /* just placed; dragged; pressed for the second time */
  LimnToolPoint from;
  LimnDot original; /* of the one that is taken */
  guint group;
} LimnDotTool;
typedef LimnToolClass LimnDotToolClass;

G_DEFINE_TYPE (LimnDotTool, limn_dot_tool, limn_tool_get_type ())

/* The engine sees a dot as a disc: a spot of the picture, not of the screen. */
static double
radius_for (LimnDocument *document)
{
  return MAX (2, MAX (limn_document_get_width (document), limn_document_get_height (document)) / 96.0);
}

static gboolean
is_there (LimnDotTool *self, int index)
{
  return index >= 0 && index < (int) limn_document_get_n_dots (limn_tool_get_document (LIMN_TOOL (self)));
}

static void
remove_dot (LimnDotTool *self, int index)
{
  self->taken = self->selected = -1;
  if (is_there (self, index))
    limn_document_remove_dot (limn_tool_get_document (LIMN_TOOL (self)), (guint) index);
}

static void
press (LimnTool *tool, const LimnToolPoint *point, guint n_press)
{
  LimnDotTool *self = (LimnDotTool *) tool;
  LimnDocument *document = limn_tool_get_document (tool);
  int found = limn_document_find_dot (document, point->x, point->y, GRAB / point->zoom);
  self->from = *point;
  self->moving = self->fresh = FALSE;
  self->twice = n_press == 2 && found >= 0;
  self->group++;
  if (point->eraser) {
    remove_dot (self, found);
    return;
  }
  if (found < 0) {
    double width = limn_document_get_width (document), height = limn_document_get_height (document);
    if (point->x < 0 || point->y < 0 || point->x >= width || point->y >= height)
      return;
    GdkRGBA color;
    limn_session_get_color (limn_tool_get_session (tool), &color);
    LimnDot dot = { point->x,
                    point->y,
                    radius_for (document),
                    { (guint8) lroundf (color.red * 255), (guint8) lroundf (color.green * 255), (guint8) lroundf (color.blue * 255) } };
    found = (int) limn_document_add_dot (document, &dot);
    self->fresh = TRUE;
  }
  self->taken = self->selected = found;
  self->original = *limn_document_get_dot (document, (guint) found);
  limn_tool_redraw (tool);
}

static void
drag (LimnTool *tool, const LimnToolPoint *point)
{
  LimnDotTool *self = (LimnDotTool *) tool;
  LimnDocument *document = limn_tool_get_document (tool);
  if (!is_there (self, self->taken))
    return;
  double dx = point->x - self->from.x, dy = point->y - self->from.y;
  if (!self->moving && hypot (dx, dy) * point->zoom < MOVED)
    return;
  self->moving = TRUE;
  LimnDot dot = self->original;
  dot.x = CLAMP (dot.x + dx, 0, limn_document_get_width (document) - 1);
  dot.y = CLAMP (dot.y + dy, 0, limn_document_get_height (document) - 1);
  limn_document_set_dot (document, (guint) self->taken, &dot, self->group);
}

static void
release (LimnTool *tool, const LimnToolPoint *point)
{
  LimnDotTool *self = (LimnDotTool *) tool;
  if (self->twice && !self->moving)
    remove_dot (self, self->taken);
  self->taken = -1;
}

static void
cancel (LimnTool *tool)
{
  LimnDotTool *self = (LimnDotTool *) tool;
  if (!is_there (self, self->taken))
    return;
  if (self->fresh)
    remove_dot (self, self->taken);
  else if (self->moving)
    limn_document_set_dot (limn_tool_get_document (tool), (guint) self->taken, &self->original, self->group);
  self->taken = -1;
}

static gboolean
key (LimnTool *tool, guint keyval, GdkModifierType modifiers)
{
  LimnDotTool *self = (LimnDotTool *) tool;
  if ((keyval != GDK_KEY_Delete && keyval != GDK_KEY_BackSpace) || !is_there (self, self->selected))
    return FALSE;
  remove_dot (self, self->selected);
  return TRUE;
}

static void
snapshot_tool (LimnTool *tool, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y)
{
  LimnDotTool *self = (LimnDotTool *) tool;
  if (!is_there (self, self->selected))
    return;
  const LimnDot *dot = limn_document_get_dot (limn_tool_get_document (tool), (guint) self->selected);
  limn_tool_append_circle (snapshot, offset_x + dot->x * zoom, offset_y + dot->y * zoom, GRAB);
}

static const char *
cursor (LimnTool *tool, const LimnToolPoint *point)
{
  return limn_document_find_dot (limn_tool_get_document (tool), point->x, point->y, GRAB / point->zoom) >= 0 ? "move" : "crosshair";
}

static void
limn_dot_tool_class_init (LimnDotToolClass *klass)
{
  LimnToolClass *tool_class = (LimnToolClass *) klass;
  tool_class->press = press;
  tool_class->drag = drag;
  tool_class->release = release;
  tool_class->cancel = cancel;
  tool_class->key = key;
  tool_class->snapshot = snapshot_tool;
  tool_class->cursor = cursor;
}

static void
limn_dot_tool_init (LimnDotTool *self)
{
  self->taken = self->selected = -1;
}
