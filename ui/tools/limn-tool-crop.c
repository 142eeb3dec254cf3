/* Crop and expand: a frame around the picture. Its edges and corners are dragged inwards, and what they leave out goes; or outwards, and
 * what is new is to be filled. Dragged inside it moves, and elsewhere a new one is drawn. Nothing happens to the picture before it is
 * asked for (Return, a double click, the button), so that all sides can be set.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

#include <math.h>

/* View units: from an edge at which it is taken; to the picture's own edge at which it snaps; of a drag that draws a new frame. */
#define GRAB 16.0
#define SNAP 7.0
#define LEAST 6.0
/* Of the marks that are taken hold of. */
#define ARM 18.0f
#define THICK 3.0f

typedef enum { NOTHING, EDGES, MOVE, DRAW } Drag;

typedef struct {
  LimnTool parent;
  Drag drag;
  int sides[2]; /* taken: -1 left or top, 1 right or bottom, 0 none */
  LimnToolPoint from;
  LimnRect before; /* the frame when the drag began */
} LimnCropTool;
typedef LimnToolClass LimnCropToolClass;

G_DEFINE_TYPE (LimnCropTool, limn_crop_tool, limn_tool_get_type ())

static void
get_size (LimnTool *tool, int *width, int *height)
{
  LimnDocument *document = limn_tool_get_document (tool);
  *width = limn_document_get_width (document);
  *height = limn_document_get_height (document);
}

/* Inside a small frame the middle stays to be taken, too. */
static int
side_of (double at, double size, double reach)
{
  double inside = MIN (reach, size / 4);
  if (at < -reach || at > size + reach)
    return 0;
  return at >= size - inside ? 1 : at <= inside ? -1 : 0;
}

/* What a press there would do. */
static Drag
judge (LimnTool *tool, const LimnToolPoint *point, int sides[2])
{
  LimnRect frame;
  gboolean any = limn_session_get_crop (limn_tool_get_session (tool), &frame);
  double reach = GRAB / point->zoom, x = point->x - frame.x, y = point->y - frame.y;
  gboolean near = x >= -reach && y >= -reach && x <= frame.width + reach && y <= frame.height + reach;
  sides[0] = near ? side_of (x, frame.width, reach) : 0;
  sides[1] = near ? side_of (y, frame.height, reach) : 0;
  if (sides[0] || sides[1])
    return EDGES;
  return any && near ? MOVE : DRAW;
}

static void
press (LimnTool *tool, const LimnToolPoint *point, guint n_press)
{
  LimnCropTool *self = (LimnCropTool *) tool;
  LimnSession *session = limn_tool_get_session (tool);
  gboolean any = limn_session_get_crop (session, &self->before);
  self->drag = judge (tool, point, self->sides);
  self->from = *point;
  if (n_press == 2 && any && self->drag == MOVE) {
    self->drag = NOTHING;
    limn_session_commit (session);
  }
  limn_tool_redraw (tool);
}

/* Edges as they are dragged: left, top, right, bottom. */
typedef struct {
  double at[4];
} Edges;

static double
snapped (double value, double size, double reach)
{
  return fabs (value) <= reach ? 0 : fabs (value - size) <= reach ? size : value;
}

/* The frame keeps before's proportions; the side opposite to the one that is dragged, or the middle, stays. */
static void
keep_ratio (Edges *edges, const LimnRect *before, const int sides[2])
{
  double width = edges->at[2] - edges->at[0], height = edges->at[3] - edges->at[1];
  double across = width / before->width, down = height / before->height;
  double scale = !sides[1] ? across : !sides[0] ? down : MAX (across, down);
  double sizes[] = { before->width * scale, before->height * scale };
  for (int axis = 0; axis < 2; axis++) {
    double *low = &edges->at[axis], *high = &edges->at[axis + 2], middle = (*low + *high) / 2;
    if (sides[axis] > 0)
      *high = *low + sizes[axis];
    else if (sides[axis] < 0)
      *low = *high - sizes[axis];
    else {
      *low = middle - sizes[axis] / 2;
      *high = middle + sizes[axis] / 2;
    }
  }
}

/* Whole pixels, at least one of them, and at least one of the picture's. */
static LimnRect
frame_of (const Edges *edges, int width, int height)
{
  int left = MIN ((int) lrint (edges->at[0]), width - 1), top = MIN ((int) lrint (edges->at[1]), height - 1);
  int right = MAX (MAX ((int) lrint (edges->at[2]), left + 1), 1), bottom = MAX (MAX ((int) lrint (edges->at[3]), top + 1), 1);
  return (LimnRect){ left, top, right - left, bottom - top };
}

static LimnRect
drag_edges (LimnCropTool *self, const LimnToolPoint *point, int width, int height)
{
  const LimnRect *before = &self->before;
  double by[2] = { point->x - self->from.x, point->y - self->from.y }, sizes[2] = { width, height }, reach = SNAP / point->zoom;
  Edges edges = { { before->x, before->y, before->x + before->width, before->y + before->height } };
  gboolean both = (point->modifiers & GDK_CONTROL_MASK) != 0; /* the opposite edge as well */
  for (int axis = 0; axis < 2; axis++) {
    double *low = &edges.at[axis], *high = &edges.at[axis + 2];
    int side = self->sides[axis];
    if (side < 0 || (side && both))
      *low = snapped (*low + (side < 0 ? by[axis] : -by[axis]), sizes[axis], reach);
    if (side > 0 || (side && both))
      *high = snapped (*high + (side > 0 ? by[axis] : -by[axis]), sizes[axis], reach);
    if (side < 0)
      *low = MIN (*low, *high - 1);
    else
      *high = MAX (*high, *low + 1);
  }
  if (point->modifiers & GDK_SHIFT_MASK)
    keep_ratio (&edges, before, self->sides);
  return frame_of (&edges, width, height);
}

/* Inside the picture, where it fits there. */
static int
moved (int at, int size, double by, double whole, double reach)
{
  double low = snapped (at + by, whole, reach), high = snapped (low + size, whole, reach);
  int to = (int) lrint (high - size);
  return size <= whole && at >= 0 && at + size <= whole ? CLAMP (to, 0, (int) whole - size) : CLAMP (to, 1 - size, (int) whole - 1);
}

static LimnRect
drag_frame (LimnCropTool *self, const LimnToolPoint *point, int width, int height)
{
  LimnRect frame = self->before;
  double reach = SNAP / point->zoom;
  frame.x = moved (frame.x, frame.width, point->x - self->from.x, width, reach);
  frame.y = moved (frame.y, frame.height, point->y - self->from.y, height, reach);
  return frame;
}

/* From where it was pressed; with Shift of the picture's own proportions. */
static LimnRect
draw_frame (LimnCropTool *self, const LimnToolPoint *point, int width, int height)
{
  const LimnRect picture = { 0, 0, width, height };
  double x = CLAMP (self->from.x, 0, width), y = CLAMP (self->from.y, 0, height), to_x = CLAMP (point->x, 0, width),
         to_y = CLAMP (point->y, 0, height);
  const int sides[2] = { to_x < x ? -1 : 1, to_y < y ? -1 : 1 };
  Edges edges = { { MIN (x, to_x), MIN (y, to_y), MAX (x, to_x), MAX (y, to_y) } };
  if (point->modifiers & GDK_SHIFT_MASK)
    keep_ratio (&edges, &picture, sides);
  return frame_of (&edges, width, height);
}

static void
drag (LimnTool *tool, const LimnToolPoint *point)
{
  LimnCropTool *self = (LimnCropTool *) tool;
  LimnRect frame = self->before;
  int width, height;
  get_size (tool, &width, &height);
  if (self->drag == EDGES)
    frame = drag_edges (self, point, width, height);
  else if (self->drag == MOVE)
    frame = drag_frame (self, point, width, height);
  else if (self->drag == DRAW && hypot (point->x - self->from.x, point->y - self->from.y) * point->zoom >= LEAST)
    frame = draw_frame (self, point, width, height);
  if (self->drag != NOTHING)
    limn_session_set_crop (limn_tool_get_session (tool), &frame);
}

static void
release (LimnTool *tool, const LimnToolPoint *point)
{
  ((LimnCropTool *) tool)->drag = NOTHING;
  limn_tool_redraw (tool);
}

/* Another canvas ends a drag as well; its frame is another one. */
static void
cancel (LimnTool *tool)
{
  LimnCropTool *self = (LimnCropTool *) tool;
  if (self->drag != NOTHING && limn_session_get_crop (limn_tool_get_session (tool), NULL))
    limn_session_set_crop (limn_tool_get_session (tool), &self->before);
  self->drag = NOTHING;
  limn_tool_redraw (tool);
}

/* -- How it looks -- */

static void
append (GtkSnapshot *snapshot, const GdkRGBA *color, double x0, double y0, double x1, double y1)
{
  if (x1 > x0 && y1 > y0)
    gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT ((float) x0, (float) y0, (float) (x1 - x0), (float) (y1 - y0)));
}

/* outer without inner, which may reach out of it. */
static void
append_around (GtkSnapshot *snapshot, const GdkRGBA *color, const graphene_rect_t *outer, const graphene_rect_t *inner)
{
  graphene_rect_t hole;
  if (!graphene_rect_intersection (outer, inner, &hole))
    hole = GRAPHENE_RECT_INIT (outer->origin.x, outer->origin.y, 0, 0);
  double x0 = outer->origin.x, y0 = outer->origin.y, x1 = x0 + outer->size.width, y1 = y0 + outer->size.height;
  double hx0 = hole.origin.x, hy0 = hole.origin.y, hx1 = hx0 + hole.size.width, hy1 = hy0 + hole.size.height;
  append (snapshot, color, x0, y0, x1, hy0);
  append (snapshot, color, x0, hy1, x1, y1);
  append (snapshot, color, x0, hy0, hx0, hy1);
  append (snapshot, color, hx1, hy0, x1, hy1);
}

static const GdkRGBA light = { 1, 1, 1, 1 }, dark = { 0, 0, 0, 0.45f };

/* A bar with a thin dark rim, to be seen on any ground. */
static void
append_bar (GtkSnapshot *snapshot, float x, float y, float width, float height, gboolean rim)
{
  if (rim)
    gtk_snapshot_append_color (snapshot, &dark, &GRAPHENE_RECT_INIT (x - 1, y - 1, width + 2, height + 2));
  else
    gtk_snapshot_append_color (snapshot, &light, &GRAPHENE_RECT_INIT (x, y, width, height));
}

/* Corners and the middles of the sides, inside the frame. */
static void
append_marks (GtkSnapshot *snapshot, const graphene_rect_t *frame)
{
  float x0 = frame->origin.x, y0 = frame->origin.y, x1 = x0 + frame->size.width, y1 = y0 + frame->size.height;
  float across = MIN (ARM, frame->size.width / 3), down = MIN (ARM, frame->size.height / 3), x = (x0 + x1 - across) / 2,
        y = (y0 + y1 - down) / 2;
  for (int pass = 0; pass < 2; pass++) { /* rims below everything */
    gboolean rim = pass == 0;
    append_bar (snapshot, x0, y0, across, THICK, rim);
    append_bar (snapshot, x0, y0, THICK, down, rim);
    append_bar (snapshot, x1 - across, y0, across, THICK, rim);
    append_bar (snapshot, x1 - THICK, y0, THICK, down, rim);
    append_bar (snapshot, x0, y1 - THICK, across, THICK, rim);
    append_bar (snapshot, x0, y1 - down, THICK, down, rim);
    append_bar (snapshot, x1 - across, y1 - THICK, across, THICK, rim);
    append_bar (snapshot, x1 - THICK, y1 - down, THICK, down, rim);
    append_bar (snapshot, x, y0, across, THICK, rim);
    append_bar (snapshot, x, y1 - THICK, across, THICK, rim);
    append_bar (snapshot, x0, y, THICK, down, rim);
    append_bar (snapshot, x1 - THICK, y, THICK, down, rim);
  }
}

static void
append_lines (GtkSnapshot *snapshot, const graphene_rect_t *frame, gboolean thirds)
{
  float x = frame->origin.x, y = frame->origin.y, width = frame->size.width, height = frame->size.height;
  const GdkRGBA faint = { 1, 1, 1, 0.6f }, shade = { 0, 0, 0, 0.25f };
  GskRoundedRect box;
  for (int i = 1; i <= 2 && thirds; i++) {
    float u = floorf (x + width * (float) i / 3), v = floorf (y + height * (float) i / 3);
    gtk_snapshot_append_color (snapshot, &shade, &GRAPHENE_RECT_INIT (u + 1, y, 1, height));
    gtk_snapshot_append_color (snapshot, &shade, &GRAPHENE_RECT_INIT (x, v + 1, width, 1));
    gtk_snapshot_append_color (snapshot, &faint, &GRAPHENE_RECT_INIT (u, y, 1, height));
    gtk_snapshot_append_color (snapshot, &faint, &GRAPHENE_RECT_INIT (x, v, width, 1));
  }
  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT (x - 1, y - 1, width + 2, height + 2), 0);
  gtk_snapshot_append_border (snapshot, &box, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ dark, dark, dark, dark });
  gsk_rounded_rect_init_from_rect (&box, frame, 0);
  gtk_snapshot_append_border (snapshot, &box, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ light, light, light, light });
}

static void
snapshot_tool (LimnTool *tool, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y)
{
  LimnCropTool *self = (LimnCropTool *) tool;
  LimnRect area;
  gboolean any = limn_session_get_crop (limn_tool_get_session (tool), &area);
  int width, height;
  get_size (tool, &width, &height);
  double x0 = round (offset_x + area.x * zoom), y0 = round (offset_y + area.y * zoom);
  double x1 = round (offset_x + (area.x + area.width) * zoom), y1 = round (offset_y + (area.y + area.height) * zoom);
  graphene_rect_t frame = GRAPHENE_RECT_INIT ((float) x0, (float) y0, (float) (x1 - x0), (float) (y1 - y0));
  graphene_rect_t picture = GRAPHENE_RECT_INIT ((float) offset_x, (float) offset_y, (float) (width * zoom), (float) (height * zoom));
  if (any) {
    gboolean paper = limn_document_is_sketch (limn_tool_get_document (tool));
    GdkRGBA gone = { 0, 0, 0, 0.6f }, room = paper ? light : (GdkRGBA){ 0.208f, 0.518f, 0.894f, 0.35f };
    append_around (snapshot, &gone, &picture, &frame);
    append_around (snapshot, &room, &frame, &picture);
  }
  append_lines (snapshot, &frame, self->drag != NOTHING && any);
  append_marks (snapshot, &frame);
  if (any) {
    g_autofree char *text = g_strdup_printf ("\u2066%d × %d\u2069", area.width, area.height);
    limn_tool_append_label (snapshot, text, (x0 + x1) / 2, y0 + (y1 - y0 > 90 ? 26 : -18));
  }
}

static const char *
cursor (LimnTool *tool, const LimnToolPoint *point)
{
  static const char *const names[3][3] = { { "nw-resize", "n-resize", "ne-resize" },
                                           { "w-resize", "crosshair", "e-resize" },
                                           { "sw-resize", "s-resize", "se-resize" } };
  LimnCropTool *self = (LimnCropTool *) tool;
  int sides[2] = { self->sides[0], self->sides[1] };
  Drag what = self->drag != NOTHING ? self->drag : judge (tool, point, sides);
  if (what == MOVE)
    return self->drag == MOVE ? "grabbing" : "move";
  return what == EDGES ? names[sides[1] + 1][sides[0] + 1] : "crosshair";
}

static void
limn_crop_tool_class_init (LimnCropToolClass *klass)
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
limn_crop_tool_init (LimnCropTool *self)
{
}
