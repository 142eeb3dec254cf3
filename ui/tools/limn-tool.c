/* The tool as an object: which class is behind a kind, and what they share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-tool-private.h"

#include <math.h>

typedef struct {
  LimnToolKind kind;
  LimnSession *session;
} LimnToolPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LimnTool, limn_tool, G_TYPE_OBJECT)

static guint redraw_signal;

static LimnToolPrivate *
get_private (LimnTool *self)
{
  return limn_tool_get_instance_private (self);
}

static void
limn_tool_dispose (GObject *object)
{
  g_clear_object (&get_private (LIMN_TOOL (object))->session);
  G_OBJECT_CLASS (limn_tool_parent_class)->dispose (object);
}

static void
limn_tool_class_init (LimnToolClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = limn_tool_dispose;
  redraw_signal = g_signal_new ("redraw", LIMN_TYPE_TOOL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
limn_tool_init (LimnTool *self)
{
}

static GType
type_of (LimnToolKind kind)
{
  switch (kind) {
  case LIMN_TOOL_LASSO: return limn_lasso_tool_get_type ();
  case LIMN_TOOL_RECTANGLE:
  case LIMN_TOOL_SURFACE:
  case LIMN_TOOL_ELLIPSE: return limn_shape_tool_get_type ();
  case LIMN_TOOL_SIMILAR:
  case LIMN_TOOL_PICKER:
  case LIMN_TOOL_BUCKET: return limn_point_tool_get_type ();
  case LIMN_TOOL_CROP: return limn_crop_tool_get_type ();
  case LIMN_TOOL_DOT: return limn_dot_tool_get_type ();
  case LIMN_TOOL_SCENE: return limn_scene_tool_get_type ();
  case LIMN_TOOL_OBJECT: return limn_object_tool_get_type ();
  case LIMN_TOOL_LENS: return limn_lens_tool_get_type ();
  default: return limn_stroke_tool_get_type ();
  }
}

LimnTool *
limn_tool_new (LimnToolKind kind, LimnSession *session)
{
  g_return_val_if_fail (LIMN_IS_SESSION (session), NULL);
  LimnTool *self = g_object_new (type_of (kind), NULL);
  get_private (self)->kind = kind;
  get_private (self)->session = g_object_ref (session);
  return self;
}

LimnSession *
limn_tool_get_session (LimnTool *self)
{
  return get_private (self)->session;
}

LimnToolKind
limn_tool_get_kind (LimnTool *self)
{
  return get_private (self)->kind;
}

LimnDocument *
limn_tool_get_document (LimnTool *self)
{
  return limn_session_get_document (get_private (self)->session);
}

void
limn_tool_redraw (LimnTool *self)
{
  g_signal_emit (self, redraw_signal, 0);
}

void
limn_tool_add_point (GArray *line, const LimnToolPoint *at)
{
  LimnPoint point = { at->x, at->y };
  g_array_append_val (line, point);
}

void
limn_tool_extend_line (GArray *line, const LimnToolPoint *at)
{
  const LimnPoint *last = &g_array_index (line, LimnPoint, line->len - 1);
  if (hypot (last->x - at->x, last->y - at->y) * at->zoom >= 1)
    limn_tool_add_point (line, at);
}

LimnMaskMode
limn_tool_get_mask_mode (LimnTool *self, const LimnToolPoint *point)
{
  gboolean shift = (point->modifiers & GDK_SHIFT_MASK) != 0, control = (point->modifiers & GDK_CONTROL_MASK) != 0;
  int mode;
  if (point->eraser)
    return LIMN_MASK_SUBTRACT;
  if (shift || control)
    return shift && control ? LIMN_MASK_INTERSECT : shift ? LIMN_MASK_ADD : LIMN_MASK_SUBTRACT;
  g_object_get (get_private (self)->session, "mask-mode", &mode, NULL);
  return (LimnMaskMode) mode;
}

/* -- Handing on -- */

void
limn_tool_press (LimnTool *self, const LimnToolPoint *point, guint n_press)
{
  if (LIMN_TOOL_GET_CLASS (self)->press)
    LIMN_TOOL_GET_CLASS (self)->press (self, point, n_press);
}

void
limn_tool_drag (LimnTool *self, const LimnToolPoint *point)
{
  if (LIMN_TOOL_GET_CLASS (self)->drag)
    LIMN_TOOL_GET_CLASS (self)->drag (self, point);
}

void
limn_tool_release (LimnTool *self, const LimnToolPoint *point)
{
  if (LIMN_TOOL_GET_CLASS (self)->release)
    LIMN_TOOL_GET_CLASS (self)->release (self, point);
}

void
limn_tool_cancel (LimnTool *self)
{
  if (LIMN_TOOL_GET_CLASS (self)->cancel)
    LIMN_TOOL_GET_CLASS (self)->cancel (self);
}

void
limn_tool_hover (LimnTool *self, const LimnToolPoint *point)
{
  if (LIMN_TOOL_GET_CLASS (self)->hover)
    LIMN_TOOL_GET_CLASS (self)->hover (self, point);
}

gboolean
limn_tool_key (LimnTool *self, guint keyval, GdkModifierType modifiers)
{
  return LIMN_TOOL_GET_CLASS (self)->key && LIMN_TOOL_GET_CLASS (self)->key (self, keyval, modifiers);
}

void
limn_tool_snapshot (LimnTool *self, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y)
{
  if (LIMN_TOOL_GET_CLASS (self)->snapshot)
    LIMN_TOOL_GET_CLASS (self)->snapshot (self, snapshot, zoom, offset_x, offset_y);
}

const char *
limn_tool_get_cursor (LimnTool *self, const LimnToolPoint *point)
{
  return LIMN_TOOL_GET_CLASS (self)->cursor ? LIMN_TOOL_GET_CLASS (self)->cursor (self, point) : "crosshair";
}

/* -- Drawing -- */
