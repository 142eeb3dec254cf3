/* What tools share, for limn-tool*.c. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include <glib/gi18n.h>

#include "limn-tool-draw.h"
#include "limn-tool.h"

G_BEGIN_DECLS

/* The classes behind the kinds; several kinds share one. */
GType limn_stroke_tool_get_type (void); /* brush, eraser, guides, paint, pencil */
GType limn_shape_tool_get_type (void);  /* rectangle, ellipse */
GType limn_lasso_tool_get_type (void);
GType limn_point_tool_get_type (void); /* similar area, picker, bucket */
GType limn_crop_tool_get_type (void);
GType limn_dot_tool_get_type (void);
GType limn_lens_tool_get_type (void);
GType limn_scene_tool_get_type (void);
GType limn_object_tool_get_type (void);

LimnToolKind limn_tool_get_kind (LimnTool *self);
LimnDocument *limn_tool_get_document (LimnTool *self); /* borrowed */
/* The overlay is to be drawn again. */
void limn_tool_redraw (LimnTool *self);

/* Lines that are drawn (of LimnPoint): adds where the pointer is; while it is dragged, only once it has come a view unit farther. */
void limn_tool_add_point (GArray *line, const LimnToolPoint *at);
void limn_tool_extend_line (GArray *line, const LimnToolPoint *at);

/* What a selection does to the mask: the session's mode, unless Shift (add), Control (take away) or both (intersect) are held, or the
 * eraser is used. */
LimnMaskMode limn_tool_get_mask_mode (LimnTool *self, const LimnToolPoint *point);

G_END_DECLS
