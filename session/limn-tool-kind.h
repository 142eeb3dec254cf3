/* The tools: which of them a task has, and what they are called. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/edit/limn-edit.h"

G_BEGIN_DECLS

typedef enum {
  LIMN_TOOL_BRUSH,  /* mask (fill, colorize's region, upscale: not) */
  LIMN_TOOL_ERASER, /* takes away from what the task paints on: mask, paint and ink */
  LIMN_TOOL_LASSO,
  LIMN_TOOL_RECTANGLE,
  LIMN_TOOL_ELLIPSE,
  LIMN_TOOL_SIMILAR,
  LIMN_TOOL_CROP,  /* drags the canvas's edges, in or out */
  LIMN_TOOL_GUIDE, /* colours inside the hole that guide a fill */
  LIMN_TOOL_GUIDE_PENCIL,
  LIMN_TOOL_DOT,    /* colorize */
  LIMN_TOOL_PICKER, /* takes a colour from what is seen */
  LIMN_TOOL_PAINT,  /* sketch */
  LIMN_TOOL_PENCIL,
  LIMN_TOOL_BUCKET,
  LIMN_TOOL_LENS, /* upscale */
  LIMN_N_TOOLS,
} LimnToolKind;

/* The tools of a task in the order they are shown; *n_tools out. */
const LimnToolKind *limn_task_get_tools (LimnTask task, guint *n_tools);
const char *limn_tool_kind_get_nick (LimnToolKind kind);  /* "brush": for actions and icon names ("limn-brush-symbolic") */
const char *limn_tool_kind_get_label (LimnToolKind kind); /* translated */
char limn_tool_kind_get_key (LimnToolKind kind);          /* the letter that chooses it among the task's, 0 = none */

G_END_DECLS
