/* Rectangle, ellipse and the part that becomes a surface: dragged from corner to corner; with Alt a square or circle. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

#include "app/document/limn-document-mask.h"
#include <math.h>

typedef struct {
  LimnTool parent;
  gboolean active;
  LimnToolPoint from, to;
} LimnShapeTool;
typedef LimnToolClass LimnShapeToolClass;

G_DEFINE_TYPE (LimnShapeTool, limn_shape_tool, limn_tool_get_type ())

/* On whole pixels, so that a rectangle has no half-selected border. */
static void
box_of (const LimnShapeTool *self, double *x, double *y, double *width, double *height)
{
  double x0 = floor (self->from.x + 0.5), y0 = floor (self->from.y + 0.5), x1 = floor (self->to.x + 0.5), y1 = floor (self->to.y + 0.5);
  if (self->to.modifiers & GDK_ALT_MASK) {
    double side = MAX (fabs (x1 - x0), fabs (y1 - y0));
    x1 = x0 + copysign (side, x1 - x0);
    y1 = y0 + copysign (side, y1 - y0);
  }
  *x = MIN (x0, x1);
  *y = MIN (y0, y1);
  *width = fabs (x1 - x0);
  *height = fabs (y1 - y0);
}

static void
press (LimnTool *tool, const LimnToolPoint *point, guint n_press)
{
  LimnShapeTool *self = (LimnShapeTool *) tool;
  self->active = TRUE;
  self->from = self->to = *point;
}

static void
drag (LimnTool *tool, const LimnToolPoint *point)
{
  LimnShapeTool *self = (LimnShapeTool *) tool;
  self->to = *point;
  limn_tool_redraw (tool);
}

static void
release (LimnTool *tool, const LimnToolPoint *point)
{
  LimnShapeTool *self = (LimnShapeTool *) tool;
  double x, y, width, height;
  if (!self->active)
    return;
  self->active = FALSE;
  self->to = *point;
  box_of (self, &x, &y, &width, &height);
  limn_tool_redraw (tool);
  if (limn_tool_get_kind (tool) == LIMN_TOOL_SURFACE) {
    limn_session_ask_surface (limn_tool_get_session (tool), &(LimnRect){ (int) x, (int) y, (int) width, (int) height });
    return;
  }
  LimnMaskMode mode = limn_tool_get_mask_mode (tool, &self->from);
  LimnDocument *document = limn_tool_get_document (tool);
  if (width < 1 || height < 1) { /* a click beside everything takes the selection away */
    if (mode == LIMN_MASK_REPLACE && limn_document_get_has_mask (document))
      limn_document_select_none (document);
  } else if (limn_tool_get_kind (tool) == LIMN_TOOL_ELLIPSE) {
    limn_document_select_ellipse (document, x, y, width, height, mode);
  } else {
    limn_document_select_rectangle (document, x, y, width, height, mode);
  }
}

static void
cancel (LimnTool *tool)
{
  ((LimnShapeTool *) tool)->active = FALSE;
  limn_tool_redraw (tool);
}

static void
snapshot_tool (LimnTool *tool, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y)
{
  LimnShapeTool *self = (LimnShapeTool *) tool;
  double x, y, width, height;
  if (!self->active)
    return;
  box_of (self, &x, &y, &width, &height);
  x = offset_x + x * zoom;
  y = offset_y + y * zoom;
  width *= zoom;
  height *= zoom;
  if (limn_tool_get_kind (tool) != LIMN_TOOL_ELLIPSE) {
    const LimnPoint corners[] = { { x, y }, { x + width, y }, { x + width, y + height }, { x, y + height } };
    limn_tool_append_path (snapshot, corners, 4, TRUE);
    return;
  }
  LimnPoint points[72];
  for (guint i = 0; i < G_N_ELEMENTS (points); i++) {
    double angle = 2 * G_PI * i / G_N_ELEMENTS (points);
    points[i] = (LimnPoint){ x + width / 2 * (1 + cos (angle)), y + height / 2 * (1 + sin (angle)) };
  }
  limn_tool_append_path (snapshot, points, G_N_ELEMENTS (points), TRUE);
}

static void
limn_shape_tool_class_init (LimnShapeToolClass *klass)
{
  LimnToolClass *tool_class = (LimnToolClass *) klass;
  tool_class->press = press;
  tool_class->drag = drag;
  tool_class->release = release;
  tool_class->cancel = cancel;
  tool_class->snapshot = snapshot_tool;
}

static void
limn_shape_tool_init (LimnShapeTool *self)
{
}
