/* The task at hand, its tool, brush and colour, and the frame of a crop. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include <math.h>

#include "limn-color-suggestions.h"

/* -- The frame -- */

gboolean
limn_session_get_crop (LimnSession *self, LimnRect *area)
{
  return limn_crop_get (self->crop, area);
}

void
limn_session_set_crop (LimnSession *self, const LimnRect *area)
{
  g_return_if_fail (LIMN_IS_SESSION (self));
  if (!limn_crop_set (self->crop, area))
    return;
  g_signal_emit_by_name (self, "crop-changed");
  limn_session_update (self);
}

/* Another tool has no frame. */
static void
drop_crop (LimnSession *self)
{
  if (limn_session_get_tool (self) != LIMN_TOOL_CROP)
    limn_session_set_crop (self, &(LimnRect){ 0 });
}

/* -- Task and tool -- */

static void
notify_tool (LimnSession *self)
{
  g_object_notify (G_OBJECT (self), "tool");
  g_object_notify (G_OBJECT (self), "brush-size");
}

LimnTask
limn_session_get_task (LimnSession *self)
{
  return self->task;
}

const LimnEditKind *
limn_session_get_kind (LimnSession *self)
{
  return limn_task_get_kind (self->task);
}

void
limn_session_set_task (LimnSession *self, LimnTask task)
{
  g_return_if_fail (LIMN_IS_SESSION (self) && task < LIMN_N_TASKS);
  if (task == self->task)
    return;
  limn_session_drop_preview (self);
  limn_session_set_revision (self, NULL, FALSE);
  self->task = task;
  limn_lens_set_active (self->lens, limn_session_get_kind (self)->enlarges);
  drop_crop (self);
  g_object_notify (G_OBJECT (self), "task");
  notify_tool (self);
  limn_session_invalidate_preview (self);
  g_signal_emit_by_name (self, "variations-changed");
}

LimnToolKind
limn_session_get_tool (LimnSession *self)
{
  return self->tools[self->task];
}

gboolean
limn_session_has_tool (LimnSession *self, LimnToolKind tool)
{
  const LimnToolKind *tools = limn_session_get_kind (self)->tools;
  for (guint i = 0; tools[i] != LIMN_N_TOOLS; i++)
    if (tools[i] == tool)
      return tool != LIMN_TOOL_SCENE || limn_session_has_materials (self);
  return FALSE;
}

void
limn_session_set_tool (LimnSession *self, LimnToolKind tool)
{
  g_return_if_fail (LIMN_IS_SESSION (self));
  if (!limn_session_has_tool (self, tool) || self->tools[self->task] == tool)
    return;
  self->tools[self->task] = tool;
  drop_crop (self);
  notify_tool (self);
  limn_session_update (self); /* how it is done is said by the tool */
}

/* -- Brush and colour -- */

/* What a tool says of a place; 0: it paints none of these labels. */
static guint8
get_tool_label (LimnToolKind tool)
{
  switch (tool) {
  case LIMN_TOOL_TAKE_FROM: return LIMN_LABEL_TAKE_FROM;
  case LIMN_TOOL_NOT_FROM: return LIMN_LABEL_NOT_FROM;
  case LIMN_TOOL_MEND: return LIMN_LABEL_MEND;
  case LIMN_TOOL_SPARE: return LIMN_LABEL_SPARE;
  default: return 0;
  }
}

void
limn_session_get_brush (LimnSession *self, LimnBrush *brush)
{
  LimnToolKind tool = limn_session_get_tool (self);
  guint8 label = get_tool_label (tool);
  gboolean hard = tool == LIMN_TOOL_PENCIL || tool == LIMN_TOOL_GUIDE_PENCIL || label;
  const GdkRGBA *color = &self->settings.color;
  limn_brush_init (brush);
  brush->size = self->settings.sizes[tool];
  brush->hardness = hard ? 1 : self->settings.brush_hardness;
  brush->pressure_size = g_settings_get_boolean (self->preferences, "brush-pressure") ? 0.5 : 0;
  brush->erase = tool == LIMN_TOOL_ERASER;
  brush->rgba[0] = (guint8) lrint (color->red * 255);
  brush->rgba[1] = (guint8) lrint (color->green * 255);
  brush->rgba[2] = (guint8) lrint (color->blue * 255);
  brush->rgba[3] = 255;
  brush->label = label ? label : limn_session_get_label (self, brush->rgba);
}

void
limn_session_set_brush_size (LimnSession *self, double size)
{
  LimnToolKind tool = limn_session_get_tool (self);
  size = CLAMP (size, 1, 5000);
  if (self->settings.sizes[tool] == size)
    return;
  self->settings.sizes[tool] = size;
  if (tool == LIMN_TOOL_BRUSH) {
    double side = MAX (limn_document_get_width (self->document), limn_document_get_height (self->document));
    g_settings_set_double (self->preferences, "brush-part", CLAMP (size / side, 0.0001, 2));
  }
  g_object_notify (G_OBJECT (self), "brush-size");
}

void
limn_session_get_color (LimnSession *self, GdkRGBA *color)
{
  *color = self->settings.color;
}

void
limn_session_set_color (LimnSession *self, const GdkRGBA *color)
{
  GdkRGBA opaque = { CLAMP (color->red, 0, 1), CLAMP (color->green, 0, 1), CLAMP (color->blue, 0, 1), 1 };
  g_autofree char *name = NULL;
  if (gdk_rgba_equal (&opaque, &self->settings.color))
    return;
  self->settings.color = opaque;
  name = g_strdup_printf ("#%02x%02x%02x", (int) (opaque.red * 255 + 0.5), (int) (opaque.green * 255 + 0.5),
                          (int) (opaque.blue * 255 + 0.5));
  g_settings_set_string (self->preferences, "sketch-color", name);
  g_object_notify (G_OBJECT (self), "color");
}

LimnSketchView
limn_session_get_sketch_view (LimnSession *self)
{
  const LimnSessionSettings *settings = &self->settings;
  g_return_val_if_fail (LIMN_IS_SESSION (self), LIMN_SKETCH_VIEW_OVER);
  if (settings->sketch_view != LIMN_SKETCH_VIEW_AUTOMATIC)
    return (LimnSketchView) settings->sketch_view;
  return settings->wide ? LIMN_SKETCH_VIEW_BESIDE : LIMN_SKETCH_VIEW_OVER;
}

guint
limn_session_suggest_colors (LimnSession *self, GdkRGBA *colors, guint n)
{
  g_return_val_if_fail (LIMN_IS_SESSION (self), 0);
  return limn_suggest_colors (self->document, limn_session_get_kind (self)->takes, colors, n);
}
