/* Everything that paints strokes: brush and eraser on the mask, paint and pencil of a sketch, the guides and sources of a fill.
 * Dragging with Shift changes the brush instead: sideways its size, up and down its hardness.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

#include "app/document/limn-document-strokes.h"
#include <math.h>

/* Samples nearer to each other than this part of the radius are one: a large brush takes long to lay, and nobody sees the difference. */
#define SPACING 0.12
/* ... unless the pressure changed by so much. */
#define PRESSURE_STEP 0.05

/* Brushes that are smaller on the screen get a cross. */
#define TINY 3.0

typedef enum { IDLE, PAINTING, SIZING } State;

typedef struct {
  LimnTool parent;
  State state;
  gboolean hovering;
  LimnToolPoint at;      /* last seen */
  LimnToolPoint drawn;   /* last given to the document */
  double spacing;        /* document pixels */
  LimnToolPoint from;    /* where sizing began */
  double size, hardness; /* when sizing began */
} LimnStrokeTool;
typedef LimnToolClass LimnStrokeToolClass;

G_DEFINE_TYPE (LimnStrokeTool, limn_stroke_tool, limn_tool_get_type ())

/* The planes that a stroke goes to (the eraser takes paint and lines, and all that belongs to a hole), how its step is called, and whether
 * it stays in the mask. */
static LimnStrokePlanes
planes_of (LimnStrokeTool *self, gboolean erase, const char **name, gboolean *limit)
{
  LimnToolKind kind = limn_tool_get_kind (LIMN_TOOL (self));
  LimnTakes takes = limn_session_get_kind (limn_tool_get_session (LIMN_TOOL (self)))->takes;
  *limit = FALSE;
  switch (kind) {
  case LIMN_TOOL_GUIDE:
  case LIMN_TOOL_GUIDE_PENCIL:
    *name = erase ? _("Erase Guide") : _("Draw Guide");
    *limit = TRUE;
    return kind == LIMN_TOOL_GUIDE ? LIMN_STROKE_PLANE (LIMN_DOCUMENT_GUIDE) : LIMN_STROKE_PLANE (LIMN_DOCUMENT_GUIDE_LINES);
  case LIMN_TOOL_TAKE_FROM:
  case LIMN_TOOL_NOT_FROM:
    *name = erase ? _("Erase Sources") : kind == LIMN_TOOL_TAKE_FROM ? _("Take From Here") : _("Not From Here");
    return LIMN_STROKE_PLANE (LIMN_DOCUMENT_SOURCES);
  case LIMN_TOOL_MEND:
  case LIMN_TOOL_SPARE:
    *name = erase ? _("Erase Marks") : kind == LIMN_TOOL_MEND ? _("Mark Damage") : _("Keep as It Is");
    return LIMN_STROKE_PLANE (LIMN_DOCUMENT_MARKS);
  case LIMN_TOOL_PAINT: *name = erase ? _("Erase") : _("Paint"); return LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT);
  case LIMN_TOOL_PENCIL: *name = erase ? _("Erase") : _("Draw"); return LIMN_STROKE_PLANE (LIMN_DOCUMENT_LINES);
  default:
    if (takes & LIMN_TAKES_DRAWING) {
      *name = _("Erase");
      return LIMN_STROKE_PLANE (LIMN_DOCUMENT_PAINT) | LIMN_STROKE_PLANE (LIMN_DOCUMENT_LINES);
    }
    *name = erase ? _("Erase Selection") : _("Paint Selection");
    return erase && takes & LIMN_TAKES_GUIDE ? LIMN_STROKE_PLANES_HOLE : LIMN_STROKE_PLANE (LIMN_DOCUMENT_MASK);
  }
}

static void
extend (LimnStrokeTool *self, const LimnToolPoint *point)
{
  limn_document_extend_stroke (limn_tool_get_document (LIMN_TOOL (self)), point->x, point->y, point->pressure);
  self->drawn = *point;
}

static gboolean
is_near (const LimnStrokeTool *self, const LimnToolPoint *point)
{
  return hypot (point->x - self->drawn.x, point->y - self->drawn.y) < self->spacing &&
         fabs (point->pressure - self->drawn.pressure) < PRESSURE_STEP;
}

static void
press (LimnTool *tool, const LimnToolPoint *point, guint n_press)
{
  LimnStrokeTool *self = (LimnStrokeTool *) tool;
  LimnSession *session = limn_tool_get_session (tool);
  self->at = *point;
  if (point->modifiers & GDK_SHIFT_MASK) {
    self->state = SIZING;
    self->from = *point;
    g_object_get (session, "brush-size", &self->size, "brush-hardness", &self->hardness, NULL);
    limn_tool_redraw (tool);
    return;
  }
  LimnBrush brush;
  const char *name;
  gboolean limit;
  limn_session_get_brush (session, &brush);
  brush.erase |= point->eraser;
  LimnStrokePlanes planes = planes_of (self, brush.erase, &name, &limit);
  self->state = PAINTING;
  limn_document_begin_stroke (limn_tool_get_document (tool), planes, &brush, limit, name);
  self->spacing = SPACING * brush.size / 2;
  extend (self, point);
}

static void
drag (LimnTool *tool, const LimnToolPoint *point)
{
  LimnStrokeTool *self = (LimnStrokeTool *) tool;
  LimnDocument *document = limn_tool_get_document (tool);
  self->at = *point;
  if (self->state == SIZING) {
    double dx = (point->x - self->from.x) * point->zoom, dy = (point->y - self->from.y) * point->zoom;
    double size = CLAMP (self->size + 2 * dx / point->zoom, 1, 5000), hardness = CLAMP (self->hardness - dy / 200, 0, 1);
    limn_session_set_brush_size (limn_tool_get_session (tool), size);
    g_object_set (limn_tool_get_session (tool), "brush-hardness", hardness, NULL);
  } else if (self->state == PAINTING && limn_document_is_stroking (document)) {
    if (!is_near (self, point))
      extend (self, point);
  }
  limn_tool_redraw (tool);
}

static void
release (LimnTool *tool, const LimnToolPoint *point)
{
  LimnStrokeTool *self = (LimnStrokeTool *) tool;
  State state = self->state;
  self->state = IDLE;
  if (state == PAINTING && limn_document_is_stroking (limn_tool_get_document (tool))) {
    if (self->at.x != self->drawn.x || self->at.y != self->drawn.y)
      extend (self, &self->at);
    limn_document_end_stroke (limn_tool_get_document (tool));
  }
  limn_tool_redraw (tool);
}

static void
cancel (LimnTool *tool)
{
  LimnStrokeTool *self = (LimnStrokeTool *) tool;
  State state = self->state;
  self->state = IDLE;
  if (state == PAINTING)
    limn_document_cancel_stroke (limn_tool_get_document (tool));
  else if (state == SIZING)
    g_object_set (limn_tool_get_session (tool), "brush-size", self->size, "brush-hardness", self->hardness, NULL);
  limn_tool_redraw (tool);
}

static void
hover (LimnTool *tool, const LimnToolPoint *point)
{
  LimnStrokeTool *self = (LimnStrokeTool *) tool;
  if (!point && !self->hovering)
    return;
  self->hovering = point != NULL;
  if (point)
    self->at = *point;
  limn_tool_redraw (tool);
}

/* While the brush is changed: what it would paint, in the middle of its outline. */
static void
draw_sample (GtkSnapshot *snapshot, double x, double y, double radius, double hardness)
{
  const GdkRGBA inner = { 0, 0, 0, 0.35f }, outer = { 0, 0, 0, 0 };
  GskRoundedRect circle;
  graphene_rect_t box = GRAPHENE_RECT_INIT ((float) (x - radius), (float) (y - radius), (float) (2 * radius), (float) (2 * radius));
  const GskColorStop stops[] = { { 0, inner }, { (float) MIN (hardness, 0.99), inner }, { 1, hardness >= 0.99 ? inner : outer } };
  gsk_rounded_rect_init_from_rect (&circle, &box, (float) radius);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_radial_gradient (snapshot, &box, &GRAPHENE_POINT_INIT ((float) x, (float) y), (float) radius, (float) radius, 0, 1,
                                       stops, G_N_ELEMENTS (stops));
  gtk_snapshot_pop (snapshot);
}

static void
snapshot_tool (LimnTool *tool, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y)
{
  LimnStrokeTool *self = (LimnStrokeTool *) tool;
  if (!self->hovering && self->state == IDLE)
    return;
  LimnBrush brush;
  limn_session_get_brush (limn_tool_get_session (tool), &brush);
  const LimnToolPoint *at = self->state == SIZING ? &self->from : &self->at;
  double x = offset_x + at->x * zoom, y = offset_y + at->y * zoom, radius = brush.size * zoom / 2;
  if (self->state == SIZING && radius >= 1)
    draw_sample (snapshot, x, y, radius, brush.hardness);
  if (radius >= TINY) {
    limn_tool_append_circle (snapshot, x, y, radius);
    return;
  }
  const GdkRGBA dark = { 0, 0, 0, 0.6f }, light = { 1, 1, 1, 1 };
  for (int side = 0; side < 4; side++) { /* a cross with an open middle */
    float dx = side == 0 ? -9 : side == 1 ? 4 : 0, dy = side == 2 ? -9 : side == 3 ? 4 : 0, w = side < 2 ? 6 : 1, h = side < 2 ? 1 : 6;
    float px = floorf ((float) x) + dx, py = floorf ((float) y) + dy;
    gtk_snapshot_append_color (snapshot, &dark, &GRAPHENE_RECT_INIT (px - 1, py - 1, w + 2, h + 2));
    gtk_snapshot_append_color (snapshot, &light, &GRAPHENE_RECT_INIT (px, py, w, h));
  }
}

static const char *
cursor (LimnTool *tool, const LimnToolPoint *point)
{
  return "none";
}

static void
limn_stroke_tool_class_init (LimnStrokeToolClass *klass)
{
  LimnToolClass *tool_class = (LimnToolClass *) klass;
  tool_class->press = press;
  tool_class->drag = drag;
  tool_class->release = release;
  tool_class->cancel = cancel;
  tool_class->hover = hover;
  tool_class->snapshot = snapshot_tool;
  tool_class->cursor = cursor;
}

static void
limn_stroke_tool_init (LimnStrokeTool *self)
{
}
