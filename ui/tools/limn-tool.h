/* A tool: what a press, a drag and a release on the canvas do to the document, and what is drawn over it meanwhile. The canvas owns one
 * for the session's present kind and feeds it; points are in document pixels (pixel centres at .5), pressure is 1 for a mouse.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/limn-session.h"

G_BEGIN_DECLS

typedef struct {
  double x, y, pressure;
  GdkModifierType modifiers;
  double zoom;     /* of the canvas: for grab distances and line widths */
  gboolean eraser; /* the pen's other end, or the right button with a brush */
} LimnToolPoint;

#define LIMN_TYPE_TOOL (limn_tool_get_type ())
G_DECLARE_DERIVABLE_TYPE (LimnTool, limn_tool, LIMN, TOOL, GObject)

/* Subclasses override what they need; the defaults do nothing. "redraw" is emitted when the overlay changed without the document. */
struct _LimnToolClass {
  GObjectClass parent_class;
  void (*press) (LimnTool *self, const LimnToolPoint *point, guint n_press);
  void (*drag) (LimnTool *self, const LimnToolPoint *point);
  void (*release) (LimnTool *self, const LimnToolPoint *point);
  void (*cancel) (LimnTool *self);                                           /* Esc, or the gesture was taken away */
  void (*hover) (LimnTool *self, const LimnToolPoint *point);                /* NULL: the pointer left */
  gboolean (*key) (LimnTool *self, guint keyval, GdkModifierType modifiers); /* TRUE: used */
  /* In the canvas's coordinates: document point p is at offset + p * zoom. */
  void (*snapshot) (LimnTool *self, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y);
  const char *(*cursor) (LimnTool *self, const LimnToolPoint *point); /* a CSS cursor name, "none" where the tool draws its own */
};

LimnTool *limn_tool_new (LimnToolKind kind, LimnSession *session);
LimnSession *limn_tool_get_session (LimnTool *self); /* borrowed */

void limn_tool_press (LimnTool *self, const LimnToolPoint *point, guint n_press);
void limn_tool_drag (LimnTool *self, const LimnToolPoint *point);
void limn_tool_release (LimnTool *self, const LimnToolPoint *point);
void limn_tool_cancel (LimnTool *self);
void limn_tool_hover (LimnTool *self, const LimnToolPoint *point);
gboolean limn_tool_key (LimnTool *self, guint keyval, GdkModifierType modifiers);
void limn_tool_snapshot (LimnTool *self, GtkSnapshot *snapshot, double zoom, double offset_x, double offset_y);
const char *limn_tool_get_cursor (LimnTool *self, const LimnToolPoint *point);

G_END_DECLS
