/* Expand: the picture's edges and corners are dragged outwards; what is new is to be filled. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

#include <math.h>

/* View units from an edge at which it is taken. */
#define GRAB 14.0

typedef struct {
  LimnTool parent;
  int sides[2]; /* taken: -1 left or top, 1 right or bottom, 0 none */
  gboolean active;
  LimnToolPoint from;
  int left, top, right, bottom;
} LimnExpandTool;
typedef LimnToolClass LimnExpandToolClass;

G_DEFINE_TYPE (LimnExpandTool, limn_expand_tool, limn_tool_get_type ())

static int
side_of (double at, double size, double reach)
{
  return fabs (at - size) <= reach ? 1 : fabs (at) <= reach ? -1 : 0;
}

static gboolean
find_sides (LimnTool *tool, const LimnToolPoint *point, int sides[2])
{
  LimnDocument *document = limn_tool_get_document (tool);
  double reach = GRAB / point->zoom, width = limn_document_get_width (document), height = limn_document_get_height (document);
  sides[0] = sides[1] = 0;
  if (point->x < -reach || point->y < -reach || point->x > width + reach || point->y > height + reach)
    return FALSE;
  sides[0] = side_of (point->x, width, reach);
  sides[1] = side_of (point->y, height, reach);
  return sides[0] || sides[1];
}

static void
reset (LimnExpandTool *self)
{
  self->active = FALSE;
  self->left = self->top = self->right = self->bottom = 0;
  limn_tool_redraw (LIMN_TOOL (self));
}

static void
press (LimnTool *tool, const LimnToolPoint *point, guint n_press)
{
  LimnExpandTool *self = (LimnExpandTool *) tool;
  reset (self);
  self->active = find_sides (tool, point, self->sides);
  self->from = *point;
}

static void
drag (LimnTool *tool, const LimnToolPoint *point)
{
  LimnExpandTool *self = (LimnExpandTool *) tool;
  if (!self->active)
    return;
  int dx = (int) lrint (point->x - self->from.x), dy = (int) lrint (point->y - self->from.y);
  gboolean all = (point->modifiers & GDK_CONTROL_MASK) != 0; /* the opposite edge as well */
  self->left = self->sides[0] < 0 ? MAX (0, -dx) : 0;
  self->right = self->sides[0] > 0 ? MAX (0, dx) : 0;
  self->top = self->sides[1] < 0 ? MAX (0, -dy) : 0;
  self->bottom = self->sides[1] > 0 ? MAX (0, dy) : 0;
  if (all) {
    self->left = self->right = MAX (self->left, self->right);
    self->top = self->bottom = MAX (self->top, self->bottom);
  }
  limn_tool_redraw (tool);
}

static void
release (LimnTool *tool, const LimnToolPoint *point)
{
  LimnExpandTool *self = (LimnExpandTool *) tool;
  int left = self->left, top = self->top, right = self->right, bottom = self->bottom;
  g_autoptr (GError) error = NULL;
  reset (self);
  LimnDocument *document = limn_tool_get_document (tool);
  const LimnRect area = { -left, -top, limn_document_get_width (document) + left + right, limn_document_get_height (document) + top + bottom };
  if (!limn_document_crop (document, &area, &error))
    g_signal_emit_by_name (limn_tool_get_session (tool), "message", error->message, FALSE);
}

static void
cancel (LimnTool *tool)
{
  reset ((LimnExpandTool *) tool);
}

static void
snapshot_tool (LimnTool *tool, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y)
{
  LimnExpandTool *self = (LimnExpandTool *) tool;
  LimnDocument *document = limn_tool_get_document (tool);
  double width = limn_document_get_width (document), height = limn_document_get_height (document);
  double x0 = offset_x - self->left * zoom, y0 = offset_y - self->top * zoom;
  double x1 = offset_x + (width + self->right) * zoom, y1 = offset_y + (height + self->bottom) * zoom;
  const LimnPoint corners[] = { { x0, y0 }, { x1, y0 }, { x1, y1 }, { x0, y1 } };
  if (self->left + self->right + self->top + self->bottom > 0) {
    GdkRGBA fill = { 0.208f, 0.518f, 0.894f, 0.35f };
    double px0 = offset_x, py0 = offset_y, px1 = offset_x + width * zoom, py1 = offset_y + height * zoom;
    gtk_snapshot_append_color (snapshot, &fill, &GRAPHENE_RECT_INIT ((float) x0, (float) y0, (float) (x1 - x0), (float) (py0 - y0)));
    gtk_snapshot_append_color (snapshot, &fill, &GRAPHENE_RECT_INIT ((float) x0, (float) py1, (float) (x1 - x0), (float) (y1 - py1)));
    gtk_snapshot_append_color (snapshot, &fill, &GRAPHENE_RECT_INIT ((float) x0, (float) py0, (float) (px0 - x0), (float) (py1 - py0)));
    gtk_snapshot_append_color (snapshot, &fill, &GRAPHENE_RECT_INIT ((float) px1, (float) py0, (float) (x1 - px1), (float) (py1 - py0)));
  }
  limn_tool_append_path (snapshot, corners, 4, TRUE);
  for (int i = 0; i < 9; i++) {
    if (i == 4)
      continue;
    limn_tool_append_handle (snapshot, x0 + (x1 - x0) * (i % 3) / 2, y0 + (y1 - y0) * (i / 3) / 2); /* all but the middle */
  }
}

static const char *
cursor (LimnTool *tool, const LimnToolPoint *point)
{
  static const char *const names[3][3] = { { "nw-resize", "n-resize", "ne-resize" },
                                           { "w-resize", "default", "e-resize" },
                                           { "sw-resize", "s-resize", "se-resize" } };
  LimnExpandTool *self = (LimnExpandTool *) tool;
  int sides[2];
  if (self->active)
    return names[self->sides[1] + 1][self->sides[0] + 1];
  find_sides (tool, point, sides);
  return names[sides[1] + 1][sides[0] + 1];
}

static void
limn_expand_tool_class_init (LimnExpandToolClass *klass)
{
  LimnToolClass *tool_class = (LimnToolClass *) klass;
  tool_class->press = press;
  tool_class->drag = drag;
  tool_class->release = release;
  tool_class->cancel = cancel;
  tool_class->snapshot = snapshot_tool;
  tool_class->cursor = cursor;
}

static void
limn_expand_tool_init (LimnExpandTool *self)
{
}
