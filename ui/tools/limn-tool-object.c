/* Selects a thing: a loop drawn around it, or strokes on it. Strokes that follow put right what was found, the eraser's (or with Control) what
 * is no part of it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

#include "app/document/limn-document-mask.h"
#include "app/edit/limn-outline.h"
#include "app/raster/limn-brush.h"
#include <math.h>

/* View units: a stroke's breadth; a line that is shorter than LOOP, or whose ends are farther apart than that part of its length, is a
 * stroke. */
#define BREADTH 6.0
#define LOOP 60.0
#define ENDS 0.25

/* A stroke's least breadth, in document pixels. */
#define LEAST_BREADTH 3.0

typedef struct {
  GArray *points; /* of LimnPoint, document pixels */
  double breadth;
  gboolean loop;
  gboolean outside;
} Gesture;

/* How many gestures a step of the history is made of. */
typedef struct {
  LimnHistoryStep *step;
  guint n;
} Made;

typedef struct {
  LimnTool parent;
  GPtrArray *gestures; /* of Gesture: what is said of the present thing */
  GArray *made;        /* of Made */
  LimnRaster *base;    /* the mask before it */
  LimnMaskMode mode;   /* of its first gesture */
  gboolean pending;    /* the last gesture has no step yet */
  GArray *line;        /* of LimnPoint: what is being drawn */
  LimnToolPoint first;
} LimnObjectTool;
typedef LimnToolClass LimnObjectToolClass;

G_DEFINE_TYPE (LimnObjectTool, limn_object_tool, limn_tool_get_type ())

static void
gesture_free (gpointer data)
{
  Gesture *gesture = data;
  g_array_unref (gesture->points);
  g_free (gesture);
}

static void
made_clear (gpointer data)
{
  g_clear_object (&((Made *) data)->step);
}

static void
forget (LimnObjectTool *self)
{
  g_ptr_array_set_size (self->gestures, 0);
  g_array_set_size (self->made, 0);
  g_clear_object (&self->base);
  self->pending = FALSE;
}

/* Gestures are those of the step that would be undone next; where that is of something else, what comes is another thing. */
static void
catch_up (LimnObjectTool *self)
{
  LimnDocument *document = limn_tool_get_document (LIMN_TOOL (self));
  LimnHistoryStep *step = limn_history_peek_undo (limn_document_get_history (document));
  if (self->gestures->len == 0 || limn_document_is_working (document))
    return;
  for (guint i = 0; step && i < self->made->len; i++) {
    const Made *made = &g_array_index (self->made, Made, i);
    if (made->step == step) {
      g_ptr_array_set_size (self->gestures, (gint) made->n);
      g_array_set_size (self->made, i + 1);
      return;
    }
  }
  if (self->pending && step && g_str_equal (limn_history_step_get_name (step), _("Select Object"))) {
    Made made = { g_object_ref (step), self->gestures->len };
    g_array_append_val (self->made, made);
    self->pending = FALSE;
  } else {
    forget (self);
  }
}

/* -- Hints -- */

static void
add_stroke (LimnRaster *hints, const Gesture *gesture)
{
  LimnBrush brush;
  limn_brush_init (&brush);
  brush.size = gesture->breadth;
  brush.hardness = 1;
  brush.pressure_size = 0;
  brush.labels = TRUE;
  brush.label = gesture->outside ? LIMN_OUTLINE_OUTSIDE : LIMN_OUTLINE_INSIDE;
  g_autoptr (LimnStroke) stroke = limn_stroke_new (hints, &brush, NULL);
  for (guint i = 0; i < gesture->points->len; i++) {
    const LimnPoint *point = &g_array_index (gesture->points, LimnPoint, i);
    limn_stroke_add (stroke, point->x, point->y, 1);
  }
  limn_stroke_finish (stroke);
}

static void
add_loop (LimnRaster *hints, const Gesture *gesture)
{
  g_autoptr (LimnRaster) area = limn_raster_new ((gsize) limn_raster_get_width (hints), (gsize) limn_raster_get_height (hints), 1);
  guint8 inside[LIMN_TILE_SIZE * LIMN_TILE_SIZE], told[LIMN_TILE_SIZE * LIMN_TILE_SIZE];
  limn_mask_polygon (area, (const LimnPoint *) (gpointer) gesture->points->data, gesture->points->len, LIMN_MASK_REPLACE);
  for (guint i = 0; i < limn_raster_get_n_tiles (area); i++) {
    LimnRect rect = limn_raster_get_tile_rect (area, i);
    if (!limn_raster_peek_tile (area, i))
      continue;
    limn_raster_read (area, &rect, inside, LIMN_TILE_SIZE);
    limn_raster_read (hints, &rect, told, LIMN_TILE_SIZE);
    for (guint k = 0; k < G_N_ELEMENTS (told); k++)
      if (inside[k] >= 128)
        told[k] = gesture->outside ? LIMN_OUTLINE_OUTSIDE : LIMN_OUTLINE_MAYBE;
    limn_raster_write (hints, &rect, told, LIMN_TILE_SIZE);
  }
}

static void
find_object (LimnObjectTool *self)
{
  LimnDocument *document = limn_tool_get_document (LIMN_TOOL (self));
  gsize width = (gsize) limn_document_get_width (document), height = (gsize) limn_document_get_height (document);
  g_autoptr (LimnRaster) hints = limn_raster_new (width, height, 1);
  gboolean loop = FALSE;
  for (guint i = 0; i < self->gestures->len; i++) {
    const Gesture *gesture = self->gestures->pdata[i];
    loop |= gesture->loop && !gesture->outside;
    (gesture->loop ? add_loop : add_stroke) (hints, gesture);
  }
  if (!limn_raster_is_empty (hints)) {
    limn_document_select_object (document, hints, loop, self->base, self->mode, _("Select Object"));
    self->pending = TRUE;
  }
}

/* -- Drawing -- */

static double
get_length (const GArray *line)
{
  double length = 0;
  for (guint i = 1; i < line->len; i++) {
    const LimnPoint *a = &g_array_index (line, LimnPoint, i - 1), *b = a + 1;
    length += hypot (b->x - a->x, b->y - a->y);
  }
  return length;
}

static gboolean
is_loop (const GArray *line, double zoom)
{
  const LimnPoint *first = &g_array_index (line, LimnPoint, 0), *last = first + line->len - 1;
  double length = get_length (line);
  return length * zoom >= LOOP && hypot (last->x - first->x, last->y - first->y) <= ENDS * length;
}

static void
press (LimnTool *tool, const LimnToolPoint *point, guint n_press)
{
  LimnObjectTool *self = (LimnObjectTool *) tool;
  catch_up (self);
  g_array_set_size (self->line, 0);
  self->first = *point;
  limn_tool_add_point (self->line, point);
  limn_tool_redraw (tool);
}

static void
drag (LimnTool *tool, const LimnToolPoint *point)
{
  LimnObjectTool *self = (LimnObjectTool *) tool;
  if (self->line->len == 0)
    return;
  limn_tool_extend_line (self->line, point);
  limn_tool_redraw (tool);
}

/* A loop, and what is drawn with Shift, is about another thing; so is whatever comes first. What is to go from the selection needs a loop
 * to be another thing. */
static void
release (LimnTool *tool, const LimnToolPoint *point)
{
  LimnObjectTool *self = (LimnObjectTool *) tool;
  if (self->line->len == 0)
    return;
  Gesture *gesture = g_new0 (Gesture, 1);
  gboolean erases = self->first.eraser || self->first.modifiers & GDK_CONTROL_MASK;
  gesture->points = g_steal_pointer (&self->line);
  self->line = g_array_new (FALSE, FALSE, sizeof (LimnPoint));
  gesture->breadth = MAX (BREADTH / point->zoom, LEAST_BREADTH);
  gesture->loop = is_loop (gesture->points, point->zoom);
  if (self->gestures->len == 0 || (gesture->loop && !erases) || self->first.modifiers & GDK_SHIFT_MASK) {
    forget (self);
    self->mode = limn_tool_get_mask_mode (tool, &self->first);
    self->base = limn_raster_copy (limn_document_get_plane (limn_tool_get_document (tool), LIMN_DOCUMENT_MASK));
  } else {
    gesture->outside = erases;
  }
  g_ptr_array_add (self->gestures, gesture);
  find_object (self);
  limn_tool_redraw (tool);
}

static void
cancel (LimnTool *tool)
{
  g_array_set_size (((LimnObjectTool *) tool)->line, 0);
  limn_tool_redraw (tool);
}

static void
snapshot_tool (LimnTool *tool, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y)
{
  LimnObjectTool *self = (LimnObjectTool *) tool;
  guint n = self->line->len;
  if (n == 0)
    return;
  g_autofree LimnPoint *points = g_new (LimnPoint, n);
  for (guint i = 0; i < n; i++) {
    const LimnPoint *p = &g_array_index (self->line, LimnPoint, i);
    points[i] = (LimnPoint){ offset_x + p->x * zoom, offset_y + p->y * zoom };
  }
  limn_tool_append_path (snapshot, points, n, is_loop (self->line, zoom));
}

static void
finalize (GObject *object)
{
  LimnObjectTool *self = (LimnObjectTool *) object;
  g_ptr_array_unref (self->gestures);
  g_array_unref (self->made);
  g_array_unref (self->line);
  g_clear_object (&self->base);
  G_OBJECT_CLASS (limn_object_tool_parent_class)->finalize (object);
}

static void
limn_object_tool_class_init (LimnObjectToolClass *klass)
{
  LimnToolClass *tool_class = (LimnToolClass *) klass;
  G_OBJECT_CLASS (klass)->finalize = finalize;
  tool_class->press = press;
  tool_class->drag = drag;
  tool_class->release = release;
  tool_class->cancel = cancel;
  tool_class->snapshot = snapshot_tool;
}

static void
limn_object_tool_init (LimnObjectTool *self)
{
  self->gestures = g_ptr_array_new_with_free_func (gesture_free);
  self->made = g_array_new (FALSE, FALSE, sizeof (Made));
  g_array_set_clear_func (self->made, made_clear);
  self->line = g_array_new (FALSE, FALSE, sizeof (LimnPoint));
}
