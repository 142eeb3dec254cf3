/* The scene: what areas of a sketch are of, told where the pointer is and asked for by a click; handles for the horizon and the sun. A double
 * click on a handle leaves it to the paint again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

#include "app/document/limn-document-strokes.h"
#include <math.h>

/* Of handles, in view units: how large they are, and how near one must be. */
#define HANDLE 11.0
#define GRAB 18.0
/* Where the horizon's handle lies, as a part of the picture's width, and how far the sun's stays inside. */
#define HORIZON_AT 0.04
#define SUN_INSIDE 0.03

typedef enum { NOTHING, HORIZON, SUN } Part;

typedef struct {
  LimnTool parent;
  gboolean hovering;
  LimnToolPoint at;
  Part dragged, near;
  gboolean asking; /* pressed on an area; asked when the button is let go, which the popover would take away */
  guint group;     /* of a drag */
} LimnSceneTool;
typedef LimnToolClass LimnSceneToolClass;

G_DEFINE_TYPE (LimnSceneTool, limn_scene_tool, limn_tool_get_type ())

/* -- Handles -- */

/* Where part's handle is, in document pixels; FALSE while it isn't known. The sun's is shown at the border where it stands outside. */
static gboolean
get_handle (LimnTool *tool, Part part, double *x, double *y)
{
  LimnDocument *document = limn_tool_get_document (tool);
  LimnScenery scenery = limn_session_get_scenery (limn_tool_get_session (tool));
  double width = limn_document_get_width (document), height = limn_document_get_height (document);
  if (part == HORIZON) {
    *x = HORIZON_AT * width;
    *y = scenery.horizon * height;
    return scenery.horizon != LIMN_SCENERY_AUTOMATIC;
  }
  *x = CLAMP (scenery.sun_x, SUN_INSIDE, 1 - SUN_INSIDE) * width;
  *y = CLAMP (scenery.sun_y, SUN_INSIDE, 1 - SUN_INSIDE) * height;
  return scenery.sun_x != LIMN_SCENERY_AUTOMATIC;
}

static Part
find_handle (LimnTool *tool, const LimnToolPoint *point)
{
  for (Part part = SUN; part > NOTHING; part--) {
    double x, y;
    if (get_handle (tool, part, &x, &y) && hypot (x - point->x, y - point->y) * point->zoom <= GRAB)
      return part;
  }
  return NOTHING;
}

static void
set_scenery (LimnTool *tool, const LimnScenery *scenery, Part part)
{
  limn_document_set_scenery (limn_tool_get_document (tool), scenery, ((LimnSceneTool *) tool)->group,
                             part == HORIZON ? _("Move Horizon") : _("Move Sun"));
}

static void
move_handle (LimnTool *tool, const LimnToolPoint *point)
{
  LimnSceneTool *self = (LimnSceneTool *) tool;
  LimnDocument *document = limn_tool_get_document (tool);
  LimnScenery scenery = *limn_document_get_scenery (document);
  double x = point->x / limn_document_get_width (document), y = point->y / limn_document_get_height (document);
  if (self->dragged == HORIZON) {
    scenery.horizon = CLAMP (y, 0, 1);
  } else {
    scenery.sun_x = CLAMP (x, -0.99, 2);
    scenery.sun_y = CLAMP (y, -1, 1);
  }
  set_scenery (tool, &scenery, self->dragged);
}

/* As the paint says. */
static void
release_handle (LimnTool *tool, Part part)
{
  LimnScenery scenery = *limn_document_get_scenery (limn_tool_get_document (tool));
  if (part == HORIZON)
    scenery.horizon = LIMN_SCENERY_AUTOMATIC;
  else
    scenery.sun_x = scenery.sun_y = LIMN_SCENERY_AUTOMATIC;
  set_scenery (tool, &scenery, part);
}

/* -- The pointer -- */

static void
press (LimnTool *tool, const LimnToolPoint *point, guint n_press)
{
  LimnSceneTool *self = (LimnSceneTool *) tool;
  Part part = find_handle (tool, point);
  guint8 label;
  gboolean guessed;
  self->at = *point;
  self->group++;
  if (part && n_press == 2)
    release_handle (tool, part);
  else if (part)
    self->dragged = part;
  else
    self->asking = limn_session_get_material_at (limn_tool_get_session (tool), point->x, point->y, &label, &guessed);
}

static void
drag (LimnTool *tool, const LimnToolPoint *point)
{
  LimnSceneTool *self = (LimnSceneTool *) tool;
  self->at = *point;
  if (self->dragged)
    move_handle (tool, point);
  limn_tool_redraw (tool);
}

static void
release (LimnTool *tool, const LimnToolPoint *point)
{
  LimnSceneTool *self = (LimnSceneTool *) tool;
  gboolean asking = self->asking;
  self->dragged = NOTHING;
  self->asking = FALSE;
  limn_tool_redraw (tool);
  if (asking)
    limn_session_ask_material (limn_tool_get_session (tool), point->x, point->y);
}

static void
cancel (LimnTool *tool)
{
  LimnSceneTool *self = (LimnSceneTool *) tool;
  self->dragged = NOTHING;
  self->asking = FALSE;
  limn_tool_redraw (tool);
}

static void
hover (LimnTool *tool, const LimnToolPoint *point)
{
  LimnSceneTool *self = (LimnSceneTool *) tool;
  if (!point && !self->hovering)
    return;
  self->hovering = point != NULL;
  if (point)
    self->at = *point;
  self->near = point ? find_handle (tool, point) : NOTHING;
  limn_tool_redraw (tool);
}

static const char *
cursor (LimnTool *tool, const LimnToolPoint *point)
{
  Part part = ((LimnSceneTool *) tool)->dragged;
  part = part ? part : find_handle (tool, point);
  return part == HORIZON ? "ns-resize" : part == SUN ? "move" : "pointer";
}

/* -- What is seen -- */

static void
draw_horizon (GtkSnapshot *snapshot, double left, double right, double x, double y)
{
  const LimnPoint line[] = { { left, y }, { right, y } };
  limn_tool_append_path (snapshot, line, 2, FALSE);
  limn_tool_append_handle (snapshot, x, y);
}

static void
draw_sun (GtkSnapshot *snapshot, double x, double y)
{
  limn_tool_append_circle (snapshot, x, y, HANDLE);
  for (int i = 0; i < 8; i++) {
    double angle = i * G_PI / 4, from = HANDLE + 4, to = HANDLE + 9;
    const LimnPoint ray[] = { { x + from * cos (angle), y + from * sin (angle) }, { x + to * cos (angle), y + to * sin (angle) } };
    limn_tool_append_path (snapshot, ray, 2, FALSE);
  }
}

static char *
get_words (LimnTool *tool)
{
  LimnSceneTool *self = (LimnSceneTool *) tool;
  Part part = self->dragged ? self->dragged : self->near;
  if (part)
    return g_strdup (part == HORIZON ? _("Horizon") : _("Sun"));
  return limn_session_name_material_at (limn_tool_get_session (tool), self->at.x, self->at.y);
}

static void
snapshot_tool (LimnTool *tool, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y)
{
  LimnSceneTool *self = (LimnSceneTool *) tool;
  double x, y, width = limn_document_get_width (limn_tool_get_document (tool));
  if (!self->hovering && !self->dragged)
    return;
  if (get_handle (tool, HORIZON, &x, &y))
    draw_horizon (snapshot, offset_x, offset_x + width * zoom, offset_x + x * zoom, offset_y + y * zoom);
  if (get_handle (tool, SUN, &x, &y))
    draw_sun (snapshot, offset_x + x * zoom, offset_y + y * zoom);
  g_autofree char *words = get_words (tool);
  if (words)
    limn_tool_append_label (snapshot, words, offset_x + self->at.x * zoom, offset_y + self->at.y * zoom + LIMN_WORDS_BELOW);
}

static void
limn_scene_tool_class_init (LimnSceneToolClass *klass)
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
limn_scene_tool_init (LimnSceneTool *self)
{
  static guint group;
  self->group = ++group << 16; /* another tool's drag is another step */
}
