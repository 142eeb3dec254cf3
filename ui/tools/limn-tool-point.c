/* Tools that need no more than a point: similar area, colour picker, bucket. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

#include "app/document/limn-document-mask.h"
#include "app/edit/limn-material.h"
#include <math.h>

/* How much like the colour at the point the bucket fills. */
#define BUCKET_TOLERANCE 24

typedef struct {
  LimnTool parent;
  gboolean hovering;
  LimnToolPoint at;
  GdkRGBA under; /* the picker: what would be taken */
  gboolean has_under;
} LimnPointTool;
typedef LimnToolClass LimnPointToolClass;

G_DEFINE_TYPE (LimnPointTool, limn_point_tool, limn_tool_get_type ())

static gboolean
inside (LimnTool *tool, const LimnToolPoint *point, int *x, int *y)
{
  LimnDocument *document = limn_tool_get_document (tool);
  *x = (int) floor (CLAMP (point->x, -1, G_MAXINT / 2));
  *y = (int) floor (CLAMP (point->y, -1, G_MAXINT / 2));
  return *x >= 0 && *y >= 0 && *x < limn_document_get_width (document) && *y < limn_document_get_height (document);
}

/* What is seen at a pixel: the sketch where there is some, else the picture. */
static gboolean
color_at (LimnTool *tool, const LimnToolPoint *point, GdkRGBA *color)
{
  LimnDocument *document = limn_tool_get_document (tool);
  int x, y;
  guint8 rgba[4] = { 0 };
  if (!inside (tool, point, &x, &y))
    return FALSE;
  LimnRect rect = { x, y, 1, 1 };
  if (limn_session_get_kind (limn_tool_get_session (tool))->takes & LIMN_TAKES_DRAWING)
    limn_raster_read (limn_document_get_plane (document, LIMN_DOCUMENT_PAINT), &rect, rgba, 4);
  if (rgba[3] < 128)
    limn_document_render (document, LIMN_SNAPSHOT_RESULT, 0, &rect, rgba, 4);
  if (rgba[3] == 0)
    return FALSE;
  *color = (GdkRGBA){ rgba[0] / 255.0f, rgba[1] / 255.0f, rgba[2] / 255.0f, 1 };
  return TRUE;
}

static void
pour (LimnTool *tool, int x, int y)
{
  LimnBrush brush;
  limn_session_get_brush (limn_tool_get_session (tool), &brush);
  limn_document_flood_paint (limn_tool_get_document (tool), x, y, BUCKET_TOLERANCE, brush.rgba, brush.label);
}

static void
select_similar (LimnTool *tool, const LimnToolPoint *point, int x, int y)
{
  int tolerance;
  gboolean contiguous;
  g_object_get (limn_tool_get_session (tool), "tolerance", &tolerance, "contiguous", &contiguous, NULL);
  limn_document_select_similar (limn_tool_get_document (tool), x, y, tolerance, contiguous, limn_tool_get_mask_mode (tool, point));
}

static void
pick (LimnTool *tool, const LimnToolPoint *point)
{
  LimnSession *session = limn_tool_get_session (tool);
  GdkRGBA color;
  guint8 label;
  gboolean guessed;
  if (!color_at (tool, point, &color))
    return;
  if (limn_session_get_material_at (session, point->x, point->y, &label, &guessed))
    limn_session_choose_material (session, guessed ? LIMN_MATERIAL_GUESS : label);
  limn_session_set_color (session, &color);
}

static void
hover (LimnTool *tool, const LimnToolPoint *point)
{
  LimnPointTool *self = (LimnPointTool *) tool;
  if (limn_tool_get_kind (tool) != LIMN_TOOL_PICKER || (!point && !self->hovering))
    return;
  self->hovering = point != NULL;
  if (point)
    self->at = *point;
  self->has_under = point && color_at (tool, point, &self->under);
  limn_tool_redraw (tool);
}

static void
press (LimnTool *tool, const LimnToolPoint *point, guint n_press)
{
  int x, y;
  if (limn_tool_get_kind (tool) == LIMN_TOOL_PICKER) {
    hover (tool, point);
    pick (tool, point);
    return;
  }
  if (!inside (tool, point, &x, &y))
    return;
  if (limn_tool_get_kind (tool) == LIMN_TOOL_BUCKET)
    pour (tool, x, y);
  else
    select_similar (tool, point, x, y);
}

static void
drag (LimnTool *tool, const LimnToolPoint *point)
{
  if (limn_tool_get_kind (tool) != LIMN_TOOL_PICKER)
    return;
  hover (tool, point);
  pick (tool, point);
}

/* What was picked for a fill is to be painted with. */
static void
release (LimnTool *tool, const LimnToolPoint *point)
{
  LimnSession *session = limn_tool_get_session (tool);
  g_autoptr (LimnTool) self = g_object_ref (tool); /* another tool takes its place */
  if (limn_tool_get_kind (self) == LIMN_TOOL_PICKER && limn_session_get_kind (session)->takes & LIMN_TAKES_GUIDE)
    limn_session_set_tool (session, LIMN_TOOL_GUIDE);
}

/* The picker's colour in a drop beside the pointer. */
static void
snapshot_tool (LimnTool *tool, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y)
{
  LimnPointTool *self = (LimnPointTool *) tool;
  if (!self->hovering || !self->has_under)
    return;
  float x = (float) (offset_x + self->at.x * zoom) + 16, y = (float) (offset_y + self->at.y * zoom) - 40;
  const GdkRGBA light = { 1, 1, 1, 1 }, dark = { 0, 0, 0, 0.4f };
  GskRoundedRect box;
  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT (x, y, 28, 28), 14);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, &self->under, &box.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &box, (float[4]){ 2, 2, 2, 2 }, (GdkRGBA[4]){ light, light, light, light });
  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT (x - 1, y - 1, 30, 30), 15);
  gtk_snapshot_append_border (snapshot, &box, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ dark, dark, dark, dark });
}

static void
limn_point_tool_class_init (LimnPointToolClass *klass)
{
  LimnToolClass *tool_class = (LimnToolClass *) klass;
  tool_class->press = press;
  tool_class->drag = drag;
  tool_class->release = release;
  tool_class->hover = hover;
  tool_class->snapshot = snapshot_tool;
}

static void
limn_point_tool_init (LimnPointTool *self)
{
}
