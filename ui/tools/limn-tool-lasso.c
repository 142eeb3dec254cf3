/* Lasso: drawn in one go, or corner by corner with clicks; a double click, or one on the first corner, closes it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

#include "app/document/limn-document-mask.h"
#include <math.h>

/* View units: a drag that is shorter is a click, and a corner that is nearer to the first closes the polygon. */
#define CLICK 4.0
#define CLOSE 10.0

typedef struct {
  LimnTool parent;
  GArray *points; /* of LimnPoint */
  gboolean pressed, corners;
  guint line;          /* points before this press */
  LimnToolPoint first; /* of the shape: its modifiers say what it does */
  LimnToolPoint press_at, at;
} LimnLassoTool;
typedef LimnToolClass LimnLassoToolClass;

G_DEFINE_TYPE (LimnLassoTool, limn_lasso_tool, limn_tool_get_type ())

static void
reset (LimnLassoTool *self)
{
  g_array_set_size (self->points, 0);
  self->pressed = self->corners = FALSE;
  limn_tool_redraw (LIMN_TOOL (self));
}

static void
finish (LimnLassoTool *self)
{
  LimnTool *tool = LIMN_TOOL (self);
  g_autoptr (GArray) points = self->points;
  self->points = g_array_new (FALSE, FALSE, sizeof (LimnPoint));
  reset (self);
  if (points->len >= 3)
    limn_document_select_polygon (limn_tool_get_document (tool), (const LimnPoint *) (gpointer) points->data, points->len,
                                  limn_tool_get_mask_mode (tool, &self->first));
}

static gboolean
near_first (LimnLassoTool *self, const LimnToolPoint *at)
{
  if (self->points->len < 3)
    return FALSE;
  const LimnPoint *first = &g_array_index (self->points, LimnPoint, 0);
  return hypot (first->x - at->x, first->y - at->y) * at->zoom <= CLOSE;
}

static void
press (LimnTool *tool, const LimnToolPoint *point, guint n_press)
{
  LimnLassoTool *self = (LimnLassoTool *) tool;
  if (self->corners && (n_press == 2 || near_first (self, point))) {
    finish (self);
    return;
  }
  if (!self->corners) {
    g_array_set_size (self->points, 0);
    self->first = *point;
  }
  self->pressed = TRUE;
  self->line = self->points->len;
  self->press_at = self->at = *point;
  limn_tool_add_point (self->points, point);
  limn_tool_redraw (tool);
}

static void
drag (LimnTool *tool, const LimnToolPoint *point)
{
  LimnLassoTool *self = (LimnLassoTool *) tool;
  self->at = *point;
  if (!self->pressed)
    return;
  limn_tool_extend_line (self->points, point);
  limn_tool_redraw (tool);
}

static void
release (LimnTool *tool, const LimnToolPoint *point)
{
  LimnLassoTool *self = (LimnLassoTool *) tool;
  if (!self->pressed)
    return;
  self->pressed = FALSE;
  double moved = 0;
  for (guint i = self->line; i < self->points->len; i++) {
    const LimnPoint *p = &g_array_index (self->points, LimnPoint, i);
    moved = MAX (moved, hypot (p->x - self->press_at.x, p->y - self->press_at.y) * point->zoom);
  }
  if (moved <= CLICK) { /* a corner */
    g_array_set_size (self->points, self->line + 1);
    self->corners = TRUE;
  } else if (!self->corners || near_first (self, point)) {
    finish (self);
    return;
  }
  limn_tool_redraw (tool);
}

static void
cancel (LimnTool *tool)
{
  reset ((LimnLassoTool *) tool);
}

static void
hover (LimnTool *tool, const LimnToolPoint *point)
{
  LimnLassoTool *self = (LimnLassoTool *) tool;
  if (!point || !self->corners)
    return;
  self->at = *point;
  limn_tool_redraw (tool);
}

static gboolean
key (LimnTool *tool, guint keyval, GdkModifierType modifiers)
{
  LimnLassoTool *self = (LimnLassoTool *) tool;
  if (!self->corners || modifiers)
    return FALSE;
  if (keyval == GDK_KEY_Escape)
    reset (self);
  else if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter)
    finish (self);
  else if (keyval == GDK_KEY_BackSpace && self->points->len > 1)
    g_array_set_size (self->points, self->points->len - 1);
  else
    return FALSE;
  limn_tool_redraw (tool);
  return TRUE;
}

static void
snapshot_tool (LimnTool *tool, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y)
{
  LimnLassoTool *self = (LimnLassoTool *) tool;
  guint n = self->points->len;
  if (n == 0)
    return;
  g_autofree LimnPoint *points = g_new (LimnPoint, n + 1);
  for (guint i = 0; i < n; i++) {
    const LimnPoint *p = &g_array_index (self->points, LimnPoint, i);
    points[i] = (LimnPoint){ offset_x + p->x * zoom, offset_y + p->y * zoom };
  }
  points[n] = (LimnPoint){ offset_x + self->at.x * zoom, offset_y + self->at.y * zoom };
  limn_tool_append_path (snapshot, points, n + (self->corners ? 1 : 0), FALSE);
  if (self->corners)
    limn_tool_append_handle (snapshot, points[0].x, points[0].y);
}

static void
finalize (GObject *object)
{
  g_array_unref (((LimnLassoTool *) object)->points);
  G_OBJECT_CLASS (limn_lasso_tool_parent_class)->finalize (object);
}

static void
limn_lasso_tool_class_init (LimnLassoToolClass *klass)
{
  LimnToolClass *tool_class = (LimnToolClass *) klass;
  G_OBJECT_CLASS (klass)->finalize = finalize;
  tool_class->press = press;
  tool_class->drag = drag;
  tool_class->release = release;
  tool_class->cancel = cancel;
  tool_class->hover = hover;
  tool_class->key = key;
  tool_class->snapshot = snapshot_tool;
}

static void
limn_lasso_tool_init (LimnLassoTool *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (LimnPoint));
}
